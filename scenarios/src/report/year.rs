//! The annual report that the plan asks for by 15 December (K22), filled from a year's result folders: which results there are, what each
//! indicator of the plan came to in them against its targets, and what is missing.

use super::{error::ReportError, files::read, indicators::chip, model::Report, svg::escaped, words::Word};
use crate::{
    kpi::{self, KpiRow, KpiValue, Phase, catalogue, with_interval},
    lang::{Lang, Text, clock, phrase},
    results::{batch::RANK_FILE, folder::RUN_FILE},
};
use chrono::{Datelike, NaiveDate};
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// The day in December by which the year is reported.
const DUE_DAY: u32 = 15;
/// So many values of an indicator are told, the newest folder first by name.
const VALUES: usize = 4;

/// A result folder of the year.
#[derive(Debug)]
pub struct Found {
    /// Its name below the folder that was asked for.
    pub name: String,
    /// Its report, or why it has none.
    pub report: Result<Report, ReportError>,
    /// The year that its `machine.json` tells, where it has one.
    pub made_in: Option<i32>,
}

/// A year's results.
#[derive(Debug)]
pub struct Year {
    /// The year.
    pub year: i32,
    /// The day of the report.
    pub day: NaiveDate,
    /// The results, by name.
    pub found: Vec<Found>,
    /// Folders that hold results of another year.
    pub other_years: Vec<String>,
}

impl Year {
    /// Looks through folders and the folders in them.
    ///
    /// # Errors
    /// A folder that is not there, or none that holds a result.
    pub fn of(year: i32, day: NaiveDate, folders: &[PathBuf]) -> Result<Self, ReportError> {
        let mut all = Self { year, day, found: Vec::new(), other_years: Vec::new() };
        for folder in folders {
            let entries = fs::read_dir(folder).map_err(|e| match e.kind() {
                std::io::ErrorKind::NotFound => ReportError::Missing(folder.clone()),
                _ => ReportError::Io { path: folder.clone(), error: e },
            })?;
            let mut places: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
            places.push(folder.clone());
            places.sort();
            places.iter().for_each(|place| all.add(folder, place));
        }
        if all.found.is_empty() {
            let place = folders.first().cloned().unwrap_or_default();
            let is_empty = fs::read_dir(&place).is_ok_and(|mut e| e.next().is_none());
            return Err(if is_empty { ReportError::Empty(place) } else { ReportError::NoResults { place, year } });
        }
        Ok(all)
    }

    fn add(&mut self, folder: &Path, place: &Path) {
        let is_result = ["report.json", RUN_FILE, "seeds.json", "compare.json"].iter().any(|f| place.join(f).is_file());
        let is_hidden = place.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
        if !is_result || is_hidden || place.join(RANK_FILE).is_file() {
            return;
        }
        let name = match place.strip_prefix(folder) {
            Ok(rest) if rest.as_os_str().is_empty() => folder.file_name().map_or_else(|| ".".into(), |n| n.to_string_lossy().into_owned()),
            Ok(rest) => rest.display().to_string(),
            Err(_) => place.display().to_string(),
        };
        let made_in = made_in(place);
        if made_in.is_some_and(|y| y != self.year) {
            self.other_years.push(name);
            return;
        }
        self.found.push(Found { name, report: read(place), made_in });
    }

    /// Whether it is made in time.
    pub fn is_in_time(&self) -> bool {
        NaiveDate::from_ymd_opt(self.year, 12, DUE_DAY).is_some_and(|due| self.day <= due)
    }

    /// K11 and K22 of the year.
    pub fn rows(&self) -> [KpiRow; 2] {
        let is_complete = |f: &&Found| {
            f.report
                .as_ref()
                .is_ok_and(|r| !r.seeds.is_empty() && !r.version.is_empty() && r.sides.iter().all(|s| !s.state_hashes.is_empty()))
        };
        kpi::of_year(self.found.iter().filter(is_complete).count(), self.found.len(), self.is_in_time())
    }

    /// The values of an indicator: folder, scenario, row; those with a number first.
    fn values(&self, id: &str) -> Vec<(&str, &str, KpiRow)> {
        let mut all = Vec::new();
        for found in &self.found {
            let Ok(report) = &found.report else { continue };
            for side in &report.sides {
                if let Some(row) = side.known_rows().into_iter().find(|r| r.id() == id) {
                    all.push((found.name.as_str(), side.name.as_str(), row));
                }
                if let Some(estimate) = side.accidents.as_ref().filter(|_| id == "K08") {
                    all.push((found.name.as_str(), side.name.as_str(), estimate.row()));
                }
            }
        }
        all.sort_by_key(|(_, _, row)| row.value.number().is_none());
        all
    }
}

/// The year in which a result was made, from what stands apart from the results.
fn made_in(place: &Path) -> Option<i32> {
    let text = fs::read_to_string(place.join("machine.json")).ok()?;
    let value: serde_json::Value = serde_json::from_str(&text).ok()?;
    value["started"].as_str()?.get(..4)?.parse().ok()
}

/// The page.
pub fn page(year: &Year, lang: Lang) -> String {
    let title = format!("{} {}", Word::AnnualReport.get(lang), year.year);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n<style>\n{}</style>\n</head>\n<body>\n<header><p class=\"province\">{}</p><h1>{}</h1>\n<dl><div><dt>{}</dt><dd>{}</dd></div><div><dt>{}</dt><dd>{}</dd></div></dl></header>\n<main>\n",
        lang.code(),
        escaped(&title),
        super::html::STYLE,
        Word::Province.get(lang),
        escaped(&title),
        Word::MadeOn.get(lang),
        year.day.format(lang.pick("%d/%m/%Y", "%Y-%m-%d")),
        Word::Due.get(lang),
        lang.pick(format!("15/12/{}", year.year).as_str(), format!("{}-12-15", year.year).as_str()),
    );
    out.push_str(&results(year, lang));
    out.push_str(&indicators(year, lang));
    out.push_str(&missing(year, lang));
    let _ = write!(out, "<p class=\"small\">{} {}</p>", Word::LicencePlan.get(lang), Word::WhereExplained.get(lang));
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn table_head(out: &mut String, class: &str, heads: &[&str]) {
    let cells: String = heads.iter().map(|h| format!("<th scope=\"col\">{}</th>", escaped(h))).collect();
    let _ = writeln!(out, "<table{class}><thead><tr>{cells}</tr></thead><tbody>");
}

fn results(year: &Year, lang: Lang) -> String {
    let mut out = format!("<section><h2>{}</h2>\n", Word::YearResults.get(lang));
    let heads = [Word::Folder.get(lang), Word::Scenario.get(lang), Word::Measured.get(lang), Word::Runs.get(lang), Word::Version.get(lang)];
    table_head(&mut out, "", &heads);
    for found in &year.found {
        match &found.report {
            Ok(r) => {
                let names: Vec<&str> = r.sides.iter().map(|s| s.name.as_str()).collect();
                let period = phrase::from_until(lang, clock(r.measured_from_s), clock(r.until_s));
                let cells = [found.name.clone(), names.join(" · "), period, r.seeds.len().to_string(), format!("agtwin {}", r.version)];
                let cells: String = cells.iter().map(|c| format!("<td>{}</td>", escaped(c))).collect();
                let _ = writeln!(out, "<tr>{cells}</tr>");
            }
            Err(error) => {
                let _ = writeln!(
                    out,
                    "<tr><td>{}</td><td colspan=\"4\">{}: {}</td></tr>",
                    escaped(&found.name),
                    Word::NoReport.get(lang),
                    escaped(&error.to_string())
                );
            }
        }
    }
    out.push_str("</tbody></table>\n");
    if !year.other_years.is_empty() {
        let _ = writeln!(out, "<p class=\"small\">{}: {}.</p>", Word::OtherYears.get(lang), escaped(&year.other_years.join(", ")));
    }
    out.push_str("</section>\n");
    out
}

fn indicators(year: &Year, lang: Lang) -> String {
    let mut out = format!("<section><h2>{}</h2>\n", Word::Indicators.get(lang));
    let heads = [Text::Id, Text::Indicator, Text::Value, Text::Unit, Text::Target2028, Text::Target2035].map(|t| t.get(lang));
    table_head(&mut out, " class=\"indicators\"", &heads);
    let of_year = year.rows();
    for spec in catalogue().iter().filter(|s| s.id.starts_with('K')) {
        let own = of_year.iter().find(|r| r.id() == spec.id);
        let values = own.map_or_else(|| year.values(spec.id), |r| vec![("", "", r.clone())]);
        let numbers: Vec<&(&str, &str, KpiRow)> = values.iter().filter(|v| v.2.value.number().is_some()).take(VALUES).collect();
        let _ = write!(out, "<tr><td>{}</td><td>{}", spec.id, escaped(spec.name(lang)));
        if let Some(note) = own.and_then(|r| r.notes.first()) {
            let _ = write!(out, "<div class=\"remark\">{}</div>", escaped(note.get(lang)));
        }
        for (folder, side, _) in numbers.iter().filter(|n| !n.0.is_empty()) {
            let _ = write!(out, "<div class=\"remark\">{}</div>", escaped(&format!("{folder}: {side}")));
        }
        let shown: Vec<String> = numbers
            .iter()
            .map(|(_, _, r)| {
                let marks: String = r.caveats.iter().map(|c| c.mark()).collect();
                let value = r.value.number().map(|v| with_interval(lang, v, r.value.half_width())).unwrap_or_default();
                let value = if spec.id == "K22" { Word::yes_or_no(r.value.number() == Some(1.0)).get(lang).to_owned() } else { value };
                format!("{}<sup>{marks}</sup>", escaped(&value))
            })
            .collect();
        let shown = if shown.is_empty() { "–".to_owned() } else { shown.join("<br>") };
        let unit = if numbers.is_empty() || spec.id == "K22" { "" } else { spec.unit.label(lang) };
        let _ = write!(out, "</td><td class=\"number\">{shown}</td><td>{}</td>", escaped(unit));
        let first = numbers.first().map(|n| &n.2).or_else(|| values.first().map(|v| &v.2));
        for phase in Phase::ALL {
            let target = spec.target(phase).map_or("", |t| t.label(lang));
            let status = first.map_or(kpi::Status::NotYetEvaluated, |r| r.status(phase));
            let _ = write!(out, "<td>{}{}{}</td>", escaped(target), if target.is_empty() { "" } else { "<br>" }, chip(status, lang));
        }
        out.push_str("</tr>\n");
    }
    let mut caveats: Vec<_> =
        year.found.iter().filter_map(|f| f.report.as_ref().ok()).flat_map(|r| &r.sides).flat_map(super::Side::caveats).collect();
    caveats.sort_unstable();
    caveats.dedup();
    out.push_str("</tbody></table>\n");
    for caveat in caveats {
        let _ = writeln!(out, "<p class=\"small\"><sup>{}</sup> {}</p>", caveat.mark(), escaped(caveat.label(lang)));
    }
    out.push_str("</section>\n");
    out
}

/// What no result of the year has a value for, and what that takes.
fn missing(year: &Year, lang: Lang) -> String {
    let mut out = format!("<section><h2>{}</h2>\n<ul>\n", Word::MissingOfYear.get(lang));
    for spec in catalogue().iter().filter(|s| s.id.starts_with('K') && !matches!(s.id, "K11" | "K22")) {
        let values = year.values(spec.id);
        if values.iter().any(|v| v.2.value.number().is_some()) {
            continue;
        }
        let why = values.first().map(|v| match &v.2.value {
            KpiValue::NotSupplied { what } => format!("{}: {}", Text::Missing.get(lang), what.get(lang)),
            KpiValue::NotYetEvaluated { needs } => phrase::needs(lang, needs.get(lang)),
            KpiValue::NotApplicable { why } => why.get(lang).to_owned(),
            KpiValue::Number { .. } | KpiValue::ByClass { .. } => String::new(),
        });
        let why = why.unwrap_or_else(|| Word::NoResult.get(lang).to_owned());
        let _ = writeln!(out, "<li><strong>{}</strong> {}: {}</li>", spec.id, escaped(spec.name(lang)), escaped(&why));
    }
    out.push_str("</ul></section>\n");
    out
}

/// Whether a year can be reported.
pub fn is_year(year: i32) -> bool {
    NaiveDate::from_ymd_opt(year, 1, 1).is_some_and(|d| (2020..=2100).contains(&d.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_is_in_time_to_the_end_of_the_fifteenth_of_december() {
        let year = |day: u32| Year { year: 2026, day: NaiveDate::from_ymd_opt(2026, 12, day).unwrap(), found: vec![], other_years: vec![] };
        assert!(year(15).is_in_time() && !year(16).is_in_time());
        assert!(year(15).rows().iter().all(|r| r.value.number().is_none()), "nothing to report is no report");
    }
}
