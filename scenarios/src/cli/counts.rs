//! `agtwin counts check`: what a counts file holds and what is wrong with it.

use super::{
    args::Format,
    exit::{Failure, print},
};
use crate::{
    demand::{
        Counts, CountsReport,
        detectors::{self, DetectorsError},
        time::clock,
    },
    results::record::json,
    run::map::{self, ImportWishes},
};
use maps::index::NetworkIndex;
use serde_json::{Value, json};
use sim_core::class::VehicleClass;
use std::path::Path;

/// Checks a counts file against its detectors on a map.
///
/// # Errors
/// Anything that would keep the counts from being used.
pub(super) fn check(counts: &Path, detectors: &Path, map: &Path, format: Format) -> Result<(), Failure> {
    let network = map::open(map, &ImportWishes::default())?.network;
    let index = NetworkIndex::new(&network);
    // Both files are read before either is complained of: whoever mends one wants to know of the other.
    let on_which_map = |e: DetectorsError| format!("{e}\n(detectors are looked for on the map `{}`; --map names another)", map.display());
    let found = (Counts::read(counts).map_err(|e| e.to_string()), detectors::read(detectors, &network, &index).map_err(on_which_map));
    let (counts, detectors) = match found {
        (Ok(counts), Ok(detectors)) => (counts, detectors),
        (Err(why), Ok(_)) | (Ok(_), Err(why)) => return Err(Failure::Input(why)),
        (Err(counts), Err(detectors)) => return Err(Failure::Input(format!("{counts}\n{detectors}"))),
    };
    let report = counts.check(&detectors);
    if report.rows == 0 {
        return Err(Failure::Input(format!("{}: holds no counts; expected a row for each detector, interval and class", report.file)));
    }
    match format {
        Format::Text => print(&format!("{}\n", report.to_string().trim_end()))?,
        Format::Json => print(&json(&as_json(&report)))?,
    }
    if report.is_ok() { Ok(()) } else { Err(Failure::Input(format!("{}: {} unknown detectors", report.file, report.unknown.len()))) }
}

fn as_json(report: &CountsReport) -> Value {
    let classes: serde_json::Map<_, _> = VehicleClass::ALL
        .into_iter()
        .filter(|c| report.vehicles[c.index()] > 0.0)
        .map(|c| (c.name().to_owned(), json!(report.vehicles[c.index()])))
        .collect();
    let window = |w: crate::demand::Window| json!({ "from": clock(w.from_s), "to": clock(w.to_s) });
    json!({
        "schema_version": 1,
        "ok": report.is_ok(),
        "rows": report.rows,
        "days": report.days.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "utc_offset_s": report.zone_offset_s,
        "window": report.window.map(window),
        "vehicles": classes,
        "unknown_detectors": report.unknown.iter().map(|u| json!({
            "detector": u.detector, "line": u.line, "rows": u.rows, "near": u.near,
        })).collect::<Vec<_>>(),
        "silent_detectors": report.silent,
        "gaps": report.gaps.iter().map(|g| json!({
            "detector": g.detector, "day": g.day.to_string(), "from": clock(g.window.from_s), "to": clock(g.window.to_s),
        })).collect::<Vec<_>>(),
    })
}
