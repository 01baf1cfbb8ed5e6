//! The files of a report: `report.json` read and written, and what is made from it.

use super::{
    csv,
    error::ReportError,
    geojson, html,
    model::{KIND, REPORT_SCHEMA_VERSION, Report},
    office,
};
use crate::{
    lang::Lang,
    results::{
        ResultError,
        batch::{Batch, COMPARE_FILE},
        folder::{RUN_FILE, SEEDS_FILE, Writing, write_file},
    },
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// What a report is made from.
pub const REPORT_FILE: &str = "report.json";

/// The page.
const PAGE_FILE: &str = "report.html";

/// Every layer for QGIS.
const PACKAGE_FILE: &str = "links.gpkg";

/// The tables for a spreadsheet.
const SHEETS_FILE: &str = "report.xlsx";

/// The text for a word processor.
const TEXT_FILE: &str = "report.docx";

/// The indicators for a spreadsheet.
const CSV_FILE: &str = "kpi.csv";

/// The links with their results.
const GEOJSON_FILE: &str = "links.geojson";

/// Writes the report among other results.
///
/// # Errors
/// What the system says, e.g. a full disk.
///
/// # Panics
/// On a report that JSON cannot hold; ours are plain.
pub fn write_into(writing: &Writing, report: &Report, lang: Lang) -> Result<(), ResultError> {
    for (name, bytes) in whole(report, lang) {
        writing.bytes(name, &bytes)?;
    }
    Ok(())
}

/// Writes the report into a folder of many runs.
///
/// # Errors
/// What the system says, e.g. a full disk.
pub fn write_batch(batch: &Batch, report: &Report, lang: Lang) -> Result<(), ResultError> {
    whole(report, lang).into_iter().try_for_each(|(name, bytes)| batch.bytes(name, &bytes))
}

/// Every file of a report. All are made from `report.json` as it will be read again, so that a page made later is the same one.
fn whole(report: &Report, lang: Lang) -> Vec<(&'static str, Vec<u8>)> {
    let text = serde_json::to_string(report).expect("plain data");
    let report: Report = serde_json::from_str(&text).expect("what was just written");
    vec![
        (GEOJSON_FILE, geojson::links(&report).into_bytes()),
        (PACKAGE_FILE, office::layers(&report)),
        (CSV_FILE, csv::indicators(&report, lang).into_bytes()),
        (SHEETS_FILE, office::tables(&report, lang)),
        (TEXT_FILE, office::text(&report, lang)),
        (PAGE_FILE, html::page(&report, lang).into_bytes()),
        (REPORT_FILE, format!("{text}\n").into_bytes()),
    ]
}

/// Makes page, table and layer of a result folder anew in `lang`; gives the page's place.
///
/// # Errors
/// What the system says, e.g. a full disk.
pub fn write_over(folder: &Path, report: &Report, lang: Lang) -> Result<PathBuf, ResultError> {
    for (name, bytes) in whole(report, lang).into_iter().filter(|(name, _)| *name != REPORT_FILE) {
        write_file(&folder.join(name), &bytes)?;
    }
    Ok(folder.join(PAGE_FILE))
}

/// Reads the report of a result folder.
///
/// # Errors
/// There is no such folder, it is empty or holds something else, or its report is damaged or of another version.
pub fn read(folder: &Path) -> Result<Report, ReportError> {
    let path = folder.join(REPORT_FILE);
    let io = |error: io::Error| ReportError::Io { path: path.clone(), error };
    if !path.is_file() {
        let place = folder.to_owned();
        return Err(match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => ReportError::Missing(place),
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => ReportError::Foreign(place),
            Err(error) => ReportError::Io { path: place, error },
            Ok(entries) => match entries.count() {
                0 => ReportError::Empty(place),
                _ if folder.join(RUN_FILE).is_file() || folder.join(SEEDS_FILE).is_file() || folder.join(COMPARE_FILE).is_file() => {
                    ReportError::Earlier(place)
                }
                _ => ReportError::Foreign(place),
            },
        });
    }
    let text = fs::read_to_string(&path).map_err(io)?;
    let damaged = |error: String| ReportError::Damaged { path: path.clone(), error };
    let value: serde_json::Value = serde_json::from_str(&text).map_err(|e| damaged(e.to_string()))?;
    if value["kind"] != KIND {
        return Err(damaged(format!("its `kind` is {}, expected \"{KIND}\"", value["kind"])));
    }
    match value["schema_version"].as_u64() {
        Some(version) if version == u64::from(REPORT_SCHEMA_VERSION) => {}
        Some(found) => return Err(ReportError::Version { path, found, expected: REPORT_SCHEMA_VERSION }),
        None => return Err(damaged("it has no `schema_version`".to_owned())),
    }
    let report: Report = serde_json::from_str(&text).map_err(|e| damaged(e.to_string()))?;
    if report.sides.is_empty() {
        return Err(damaged("it has no `sides`, expected at least one scenario".to_owned()));
    }
    let beyond = report.sides.iter().flat_map(|s| &s.totals).find(|t| t.link >= report.links.len());
    if let Some(total) = beyond {
        return Err(damaged(format!("it speaks of link {}, but has {}", total.link, report.links.len())));
    }
    if let Some(id) = report.sides.iter().flat_map(|s| &s.rows).find(|r| r.known().is_none()).map(|r| &r.id) {
        return Err(damaged(format!("this version knows no indicator `{id}`")));
    }
    Ok(report)
}
