//! Which checks to run, and what their outcomes amount to.

use crate::check::{Check, Context, Outcome, Trouble};

/// A name on the command line that no check has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// What was asked for.
    pub name: String,
    /// What there is.
    pub known: Vec<String>,
}

impl std::fmt::Display for UnknownName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no check is called `{}`; there are: {}", self.name, self.known.join(", "))
    }
}

impl std::error::Error for UnknownName {}

/// The checks to run, each with whether it was asked for by name: a name stands for the check of that name, or, with a `*` at its end,
/// for all that begin so. No name stands for all checks.
///
/// # Errors
/// A name that fits no check.
pub fn chosen(checks: Vec<Check>, names: &[String]) -> Result<Vec<(Check, bool)>, UnknownName> {
    let fits = |check: &Check, name: &String| match name.strip_suffix('*') {
        Some(start) => check.name.starts_with(start),
        None => check.name == *name,
    };
    if let Some(name) = names.iter().find(|n| !checks.iter().any(|c| fits(c, n))) {
        return Err(UnknownName { name: name.clone(), known: checks.iter().map(|c| c.name.clone()).collect() });
    }
    let is_named = |check: &Check| names.iter().any(|n| fits(check, n));
    Ok(checks
        .into_iter()
        .filter(|c| names.is_empty() || is_named(c))
        .map(|c| {
            let named = is_named(&c);
            (c, named)
        })
        .collect())
}

/// Runs one check. What is missing is a failure where the check was asked for by name.
pub fn run(check: &Check, is_named: bool, context: &Context) -> Outcome {
    match (check.run)(context) {
        Ok(measures) => Outcome::Ran(measures),
        Err(Trouble::Missing(why)) if is_named => Outcome::Absent(format!("asked for, but did not run: {why}")),
        Err(Trouble::Missing(why)) => Outcome::Skipped(why),
        Err(Trouble::Broken(why)) => Outcome::Failed(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Measure;

    fn some() -> Vec<Check> {
        vec![
            Check::new("theory-good", "", |_| Ok(vec![Measure::near("speed, m/s", 10.1, 10.0, 0.02, "limit")])),
            Check::new("theory-bad", "", |_| Ok(vec![Measure::near("speed, m/s", 12.0, 10.0, 0.02, "limit")])),
            Check::new("osm-porto", "", |context| context.file("osm/porto.osm.pbf").map(|_| vec![Measure::shown("ways", 1.0)])),
            Check::new("broken", "", |_| Err(Trouble::Broken("the file ends early".into()))),
            Check::new("silent", "", |_| Ok(vec![])),
        ]
    }

    fn outcome_of(name: &str, by_name: bool) -> Outcome {
        let checks = some();
        let check = checks.iter().find(|c| c.name == name).unwrap();
        run(check, by_name, &Context::default())
    }

    #[test]
    fn without_names_all_run_and_what_is_missing_is_skipped() {
        let chosen = chosen(some(), &[]).unwrap();
        assert_eq!(chosen.len(), 5);
        assert!(chosen.iter().all(|(_, named)| !named));
        assert!(matches!(outcome_of("osm-porto", false), Outcome::Skipped(why) if why.contains("AGTWIN_DATA")));
    }

    #[test]
    fn a_check_asked_for_by_name_must_run() {
        let chosen = chosen(some(), &["osm-*".into()]).unwrap();
        assert_eq!(chosen.iter().map(|(c, named)| (c.name.as_str(), *named)).collect::<Vec<_>>(), [("osm-porto", true)]);
        let outcome = outcome_of("osm-porto", true);
        assert!(outcome.is_failure() && matches!(&outcome, Outcome::Absent(why) if why.contains("did not run")), "{outcome:?}");
    }

    #[test]
    fn a_misspelt_name_is_an_error_that_lists_the_names() {
        let error = chosen(some(), &["theory-god".into()]).err().unwrap();
        assert!(error.to_string().contains("theory-good"), "{error}");
        assert!(chosen(some(), &["sumo*".into()]).is_err());
    }

    #[test]
    fn a_number_out_of_bounds_an_error_or_no_number_at_all_fail() {
        assert!(!outcome_of("theory-good", false).is_failure());
        assert!(outcome_of("theory-bad", false).is_failure());
        assert!(outcome_of("broken", false).is_failure());
        assert!(outcome_of("silent", false).is_failure());
        assert!(!Measure::near("speed", f64::NAN, 1.0, 0.5, "").holds());
    }

    #[test]
    fn a_file_is_missing_when_the_folder_lacks_it() {
        let context = Context { data: Some(std::env::temp_dir().join("agtwin-no-such-folder")) };
        assert_eq!(context.file("osm/a.osm.pbf"), Err(Trouble::Missing("AGTWIN_DATA has no osm/a.osm.pbf".into())));
    }
}
