//! The page of the book: a section for every check, each as it last ran, so that the page can be refreshed check by check.

use crate::check::{Check, Outcome};
use std::{collections::BTreeMap, fmt::Write, fs, io, path::Path};

/// What every section begins with, before the name of its check.
const HEAD: &str = "## `";

/// Rewrites the page `path`: sections of checks that ran now, today's; of all others, what the page says already.
///
/// # Errors
/// When the page can be neither read nor found missing, or not be written.
pub fn refresh(path: &Path, all: &[Check], outcomes: &[(Check, Outcome)]) -> io::Result<()> {
    let old = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let today = chrono::Local::now().format("%Y-%m-%d").to_string();
    fs::write(path, page(&old, &today, all, outcomes))
}

/// The page that says of every check in `all`, in that order, what came out today, else what `old` says, else that it has not run.
pub fn page(old: &str, today: &str, all: &[Check], outcomes: &[(Check, Outcome)]) -> String {
    let recorded = sections(old);
    let mut text = String::from(
        "# Validation\n\n\
         This page is written by `AGTWIN_DATA=FOLDER cargo run --release -p validation -- --write docs/src/validation.md`. Each check states \
         what it measured, what was expected and why, and when it last ran; with names of checks on the command line only those are run \
         and rewritten. The outside files (OpenStreetMap extracts, © OpenStreetMap contributors, ODbL) do not travel with the project; \
         without them their checks are skipped.\n",
    );
    let mut said = String::new();
    let (mut passed, mut failed, mut not_run) = (0, 0, 0);
    for check in all {
        let outcome = outcomes.iter().find(|(c, _)| c.name == check.name).map(|(_, outcome)| outcome);
        let section = match outcome {
            Some(outcome @ (Outcome::Ran(_) | Outcome::Failed(_))) => section(check, outcome, today),
            Some(Outcome::Skipped(_) | Outcome::Absent(_)) | None => match recorded.get(check.name.as_str()) {
                Some(text) => (*text).to_owned(),
                None => format!("{HEAD}{}`\n\n{} (**not run** yet)\n", check.name, check.about),
            },
        };
        match section.lines().nth(2).map(verdict_in) {
            Some(Some(true)) => passed += 1,
            Some(Some(false)) => failed += 1,
            _ => not_run += 1,
        }
        let _ = write!(said, "\n{section}");
    }
    let _ = writeln!(text, "\n{} checks: {passed} passed, {failed} failed, {not_run} not run.", all.len());
    text + &said
}

/// The sections of a page by the name of their check, each from its heading to its last line.
fn sections(page: &str) -> BTreeMap<&str, String> {
    let starts: Vec<usize> = page.match_indices(HEAD).map(|(at, _)| at).filter(|at| *at == 0 || page[..*at].ends_with('\n')).collect();
    let ends = starts.iter().skip(1).copied().chain([page.len()]);
    let one = |(start, end): (usize, usize)| {
        let (name, _) = page[start + HEAD.len()..end].split_once('`')?;
        Some((name, format!("{}\n", page[start..end].trim_end())))
    };
    starts.iter().copied().zip(ends).filter_map(one).collect()
}

/// What the line below a heading says: passed, failed, or neither.
fn verdict_in(line: &str) -> Option<bool> {
    if line.contains("(passed, ") {
        Some(true)
    } else if line.contains("(**failed**, ") {
        Some(false)
    } else {
        None
    }
}

/// The section of a check that ran.
fn section(check: &Check, outcome: &Outcome, today: &str) -> String {
    let verdict = if outcome.is_failure() { "**failed**" } else { "passed" };
    let mut text = format!("{HEAD}{}`\n\n{} ({verdict}, {today})\n\n", check.name, check.about);
    match outcome {
        Outcome::Skipped(why) | Outcome::Absent(why) | Outcome::Failed(why) => {
            let _ = writeln!(text, "{why}");
        }
        Outcome::Ran(measures) => {
            text.push_str("| what | measured | expected | why | verdict |\n|---|---:|---:|---|---|\n");
            for m in measures {
                let verdict = if m.holds() { "✓" } else { "✗" };
                let _ = writeln!(text, "| {} | {:.*} | {} | {} | {verdict} |", m.what, m.decimals, m.measured, m.expected(), m.because);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check::Measure, write::lines};

    fn check(name: &str) -> Check {
        Check::new(name, "about it", |_| Ok(vec![]))
    }

    fn ran(name: &str, share: f64) -> (Check, Outcome) {
        (check(name), Outcome::Ran(vec![Measure::within("share of length", share, 0.95, f64::INFINITY, "issue")]))
    }

    fn all() -> Vec<Check> {
        ["one", "two", "three"].map(check).into()
    }

    #[test]
    fn the_page_shows_every_number_with_its_verdict_and_its_day() {
        let outcomes = [ran("one", 0.97), ran("two", 0.90), (check("three"), Outcome::Skipped("AGTWIN_DATA is not set".into()))];
        let page = page("", "2026-01-02", &all(), &outcomes);
        assert!(page.contains("## `one`\n\nabout it (passed, 2026-01-02)\n"), "{page}");
        assert!(page.contains("| share of length | 0.97 | ≥ 0.95 | issue | ✓ |"), "{page}");
        assert!(page.contains("| share of length | 0.90 | ≥ 0.95 | issue | ✗ |"), "{page}");
        assert!(page.contains("3 checks: 1 passed, 1 failed, 1 not run."), "{page}");
        assert!(lines(&outcomes[1].0, &outcomes[1].1).starts_with("FAILED   two"));
    }

    #[test]
    fn a_partial_run_keeps_what_the_page_says_of_the_others() {
        let first = page("", "2026-01-02", &all(), &[ran("one", 0.97), ran("two", 0.90)]);
        // Only `two` again, better; `three` was asked for and its file is missing.
        let outcomes = [ran("two", 0.96), (check("three"), Outcome::Absent("asked for, but did not run".into()))];
        let second = page(&first, "2026-02-03", &all(), &outcomes);
        assert!(second.contains("about it (passed, 2026-01-02)\n\n| what"), "{second}");
        assert!(second.contains("| share of length | 0.97 |") && second.contains("| share of length | 0.96 |"), "{second}");
        assert!(!second.contains("0.90"), "{second}");
        assert!(second.contains("3 checks: 2 passed, 0 failed, 1 not run."), "{second}");
        // A skipped check keeps its row too, an error replaces it, and writing the same twice changes nothing.
        let third = page(&second, "2026-03-04", &all(), &[(check("one"), Outcome::Skipped("no file".into()))]);
        assert_eq!(third, second);
        let fourth = page(&second, "2026-03-04", &all(), &[(check("one"), Outcome::Failed("the file ends early".into()))]);
        assert!(fourth.contains("about it (**failed**, 2026-03-04)\n\nthe file ends early\n"), "{fourth}");
        assert!(fourth.contains("3 checks: 1 passed, 1 failed, 1 not run."), "{fourth}");
    }

    #[test]
    fn a_section_of_a_check_that_is_gone_goes_too() {
        let old = page("", "2026-01-02", &all(), &[ran("one", 0.97), ran("two", 0.98)]);
        let new = page(&old, "2026-01-03", &[check("two")], &[]);
        assert!(!new.contains("`one`") && new.contains("## `two`\n\nabout it (passed, 2026-01-02)"), "{new}");
    }

    #[test]
    fn the_file_is_read_before_it_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("validation.md");
        refresh(&path, &all(), &[ran("one", 0.97)]).unwrap();
        refresh(&path, &all(), &[ran("two", 0.98)]).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("| 0.97 |") && text.contains("| 0.98 |"), "{text}");
    }
}
