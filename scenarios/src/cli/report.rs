//! `agtwin report`: page, table and layer of a result folder, made again.

use super::{
    args::ReportArgs,
    exit::{Failure, print},
};
use crate::{
    lang::{Lang, Text},
    report::{read, write_over, year},
    results::folder::write_file,
};
use std::path::Path;

/// Makes `report.html`, `kpi.csv` and `links.geojson` of a result folder again.
///
/// # Errors
/// No result folder, or files that could not be written.
pub(super) fn run(args: &ReportArgs, lang: Lang) -> Result<(), Failure> {
    if let Some(year) = args.year {
        return annual(args, year, lang);
    }
    let [folder] = args.folders.as_slice() else {
        return Err(Failure::Usage("several folders make an annual report only: say --year, or give one folder".into()));
    };
    let report = read(folder).map_err(Failure::input)?;
    let page = write_over(folder, &report, lang)?;
    print(&format!("{}: {}\n", Text::ReportIn.get(lang), page.display()))
}

/// Fills the annual report from a year's result folders.
fn annual(args: &ReportArgs, number: i32, lang: Lang) -> Result<(), Failure> {
    if !year::is_year(number) {
        return Err(Failure::Usage(format!("{number} is no year of the plan, expected 2020 to 2100")));
    }
    let day = args.date.unwrap_or_else(|| chrono::Local::now().date_naive());
    let found = year::Year::of(number, day, &args.folders).map_err(Failure::input)?;
    let page = args.folders[0].join(format!("annual-{number}.html"));
    write_file(&page, year::page(&found, lang).as_bytes())?;
    print(&format!("{}: {}\n", Text::ReportIn.get(lang), page.display()))
}

/// How a report names a scenario of the command line: the file or the example, without the folders of this machine.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// A word of a command, quoted where a shell would take it apart.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:=,%+@".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_a_shell_would_take_apart_are_quoted() {
        assert_eq!(quoted("demand.fit.iterations=0"), "demand.fit.iterations=0");
        assert_eq!(quoted("signals.0.offset=\"10 s\""), "'signals.0.offset=\"10 s\"'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
    }
}
