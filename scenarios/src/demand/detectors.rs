//! The detector file: where the detectors of a counts file stand. `detector,kind,ref,pos_m[,length_m]` names a link,
//! `detector,kind,lat,lon,heading[,length_m]` a place on the Earth and the direction of travel; the header decides which. More columns say
//! which lanes it watches and what it gets wrong.

use super::table::{FileError, Row, RowErrors, Table, number, suggestion};
use maps::index::NetworkIndex;
use sim_core::{
    detector::{DetectorErrors, DetectorKind},
    geometry::LatLon,
    ids::LinkId,
    network::RoadNetwork,
    reference::Ref,
};
use std::{collections::BTreeMap, path::Path};

pub use sim_core::detector::Detector;

const COLUMNS: &str = "detector,kind,ref[,pos_m,length_m]` or `detector,kind,lat,lon,heading[,length_m]";
/// A detector farther from every road than this is an error, metres.
const NEAREST_MOST_M: f64 = 60.0;
/// Where a detector stands on a link when the file does not say, metres before its end (assumed: upstream of most queues' last metres,
/// downstream of side entries).
const DEFAULT_BEFORE_END_M: f32 = 40.0;
/// How much of the road a detector sees when the file does not say, metres (an ordinary loop).
const DEFAULT_LENGTH_M: f32 = 2.0;

/// What is wrong with a row of a detector file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum DetectorsProblem {
    /// No name.
    #[error("has no name; expected one in column `detector`")]
    NoName,
    /// Two detectors with one name.
    #[error("detector `{detector}` stands already on line {other}; give each its own name")]
    Duplicate {
        /// The name.
        detector: Ref,
        /// The earlier line.
        other: u64,
    },
    /// A kind nobody knows.
    #[error("detector `{detector}`: kind is `{found}`, expected loop, camera or radar")]
    BadKind {
        /// The detector.
        detector: Ref,
        /// What stood there.
        found: String,
    },
    /// A number out of range.
    #[error("detector `{detector}`: `{column}` is `{found}`, expected {expected}")]
    BadNumber {
        /// The detector.
        detector: Ref,
        /// The column.
        column: &'static str,
        /// What stood there.
        found: String,
        /// What is allowed.
        expected: String,
    },
    /// A link that is not in the map.
    #[error("detector `{detector}`: no link is called `{found}`{}", .near.as_ref().map_or(String::new(), |n| format!("; did you mean `{n}`?")))]
    UnknownLink {
        /// The detector.
        detector: Ref,
        /// What stood there.
        found: String,
        /// The nearest ref.
        near: Option<Ref>,
    },
    /// No road near the place in that direction.
    #[error(
        "detector `{detector}`: no road in direction {heading_deg}° within {NEAREST_MOST_M} m of {lat}, {lon}; check the place and the heading (degrees clockwise from north, in the direction of travel)"
    )]
    NoRoad {
        /// The detector.
        detector: Ref,
        /// Degrees north.
        lat: f64,
        /// Degrees east.
        lon: f64,
        /// Degrees clockwise from north.
        heading_deg: f64,
    },
}

/// Why a detector file was refused.
pub type DetectorsError = FileError<DetectorsProblem>;

/// Reads a detector file and puts each detector on its link.
///
/// # Errors
/// The file cannot be read, lacks a column, or has bad rows: all of them are listed.
pub fn read(path: &Path, network: &RoadNetwork, index: &NetworkIndex) -> Result<Vec<Detector>, DetectorsError> {
    place(Table::read(path)?, network, index)
}

/// Reads detectors from the bytes of a file that messages call `file`.
///
/// # Errors
/// As [`read`].
pub fn parse(file: &str, bytes: &[u8], network: &RoadNetwork, index: &NetworkIndex) -> Result<Vec<Detector>, DetectorsError> {
    place(Table::parse(file.to_owned(), bytes)?, network, index)
}

enum Where {
    OnLink { ref_: Option<usize>, pos_m: Option<usize> },
    OnEarth { lat: Option<usize>, lon: Option<usize>, heading: Option<usize> },
}

fn place(table: Table, network: &RoadNetwork, index: &NetworkIndex) -> Result<Vec<Detector>, DetectorsError> {
    let name = table.need("detector", COLUMNS)?;
    let kind = table.column("kind");
    let length = table.column("length_m");
    let lanes = table.column("lanes");
    let errors = ["miss_percent", "false_per_hour", "confusion_percent", "speed_error_percent"].map(|name| (name, table.column(name)));
    let places = if table.column("ref").is_some() {
        Where::OnLink { ref_: table.column("ref"), pos_m: table.column("pos_m") }
    } else if table.column("lat").is_some() {
        Where::OnEarth { lat: table.need("lat", COLUMNS)?, lon: table.need("lon", COLUMNS)?, heading: table.need("heading", COLUMNS)? }
    } else {
        return Err(table.layout(format!("says not where the detectors stand; expected `{COLUMNS}`")));
    };
    let link_of: BTreeMap<&str, LinkId> = network.links.iter().enumerate().map(|(i, l)| (l.ref_.as_str(), LinkId::from_index(i))).collect();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    let (mut detectors, mut problems) = (Vec::new(), Vec::new());
    for row in &table.rows {
        let text = row.text(name);
        if text.is_empty() {
            problems.push((row.line, DetectorsProblem::NoName));
            continue;
        }
        let detector = Ref::from(text);
        if let Some(other) = seen.insert(text.to_owned(), row.line) {
            problems.push((row.line, DetectorsProblem::Duplicate { detector, other }));
            continue;
        }
        let at = match &places {
            Where::OnLink { ref_, pos_m } => on_link(row, &detector, *ref_, *pos_m, network, &link_of),
            Where::OnEarth { lat, lon, heading } => on_earth(row, &detector, [*lat, *lon, *heading], network, index),
        };
        let whole = at.and_then(|(link, pos_m)| {
            let kind = kind_of(row.text(kind), &detector)?;
            let length_m = length_of(row.text(length), &detector)?;
            let lanes = lanes_of(row.text(lanes), network.link(link).lanes.len(), &detector)?;
            let errors = errors_of(row, &errors, kind, &detector)?;
            Ok(Detector { ref_: detector, kind, link, pos_m, length_m, lanes, errors })
        });
        match whole {
            Ok(detector) => detectors.push(detector),
            Err(problem) => problems.push((row.line, problem)),
        }
    }
    if problems.is_empty() { Ok(detectors) } else { Err(RowErrors { file: table.file, problems }.into()) }
}

fn kind_of(text: &str, detector: &Ref) -> Result<DetectorKind, DetectorsProblem> {
    match text.to_lowercase().as_str() {
        "" | "loop" => Ok(DetectorKind::Loop),
        "camera" => Ok(DetectorKind::Camera),
        "radar" => Ok(DetectorKind::Radar),
        _ => Err(DetectorsProblem::BadKind { detector: detector.clone(), found: text.to_owned() }),
    }
}

fn length_of(text: &str, detector: &Ref) -> Result<f32, DetectorsProblem> {
    if text.is_empty() {
        return Ok(DEFAULT_LENGTH_M);
    }
    in_range(text, "length_m", 0.1, 200.0, "0.1 to 200 m", detector).map(|v| v as f32)
}

/// Lanes as `2` or `1-2`, counted from the kerb, from 1; empty for all.
fn lanes_of(text: &str, lanes: usize, detector: &Ref) -> Result<Option<(u8, u8)>, DetectorsProblem> {
    if text.is_empty() {
        return Ok(None);
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let lane = |text: &str| text.trim().parse::<u8>().ok().filter(|n| (1..=lanes).contains(&usize::from(*n)));
    match (lane(first), lane(last)) {
        (Some(first), Some(last)) if first <= last => Ok(Some((first - 1, last - 1))),
        _ => Err(DetectorsProblem::BadNumber {
            detector: detector.clone(),
            column: "lanes",
            found: text.to_owned(),
            expected: format!("a lane or lanes like `1-2`, counted from the kerb, of the {lanes} there"),
        }),
    }
}

/// What it gets wrong; an empty field is no error.
fn errors_of(
    row: &Row,
    columns: &[(&'static str, Option<usize>); 4],
    kind: DetectorKind,
    detector: &Ref,
) -> Result<DetectorErrors, DetectorsProblem> {
    let confusion = if kind == DetectorKind::Camera { 100.0 } else { 0.0 };
    let speed = if kind == DetectorKind::Loop { 0.0 } else { 30.0 };
    let mut found = [0.0f64; 4];
    for ((to, (column, at)), most) in found.iter_mut().zip(columns).zip([100.0, 3600.0, confusion, speed]) {
        let text = row.text(*at);
        if !text.is_empty() {
            *to = in_range(text, column, 0.0, most, &format!("0 to {most} for a {kind}"), detector)?;
        }
    }
    let [miss, false_per_hour, confusion, speed] = found;
    Ok(DetectorErrors {
        miss: (miss / 100.0) as f32,
        false_per_hour: false_per_hour as f32,
        class_confusion: (confusion / 100.0) as f32,
        speed_error: (speed / 100.0) as f32,
    })
}

fn in_range(text: &str, column: &'static str, least: f64, most: f64, expected: &str, detector: &Ref) -> Result<f64, DetectorsProblem> {
    number(text).filter(|v| (least..=most).contains(v)).ok_or_else(|| DetectorsProblem::BadNumber {
        detector: detector.clone(),
        column,
        found: text.to_owned(),
        expected: expected.to_owned(),
    })
}

fn on_link(
    row: &Row,
    detector: &Ref,
    ref_: Option<usize>,
    pos_m: Option<usize>,
    network: &RoadNetwork,
    link_of: &BTreeMap<&str, LinkId>,
) -> Result<(LinkId, f32), DetectorsProblem> {
    let found = row.text(ref_);
    let Some(link) = link_of.get(found) else {
        let near = suggestion(found, link_of.keys().copied()).map(Ref::from);
        return Err(DetectorsProblem::UnknownLink { detector: detector.clone(), found: found.to_owned(), near });
    };
    let length_m = network.link(*link).length_m;
    let text = row.text(pos_m);
    if text.is_empty() {
        return Ok((*link, default_pos_m(length_m)));
    }
    let expected = format!("0 to {length_m} m, the length of link {found}");
    in_range(text, "pos_m", 0.0, f64::from(length_m), &expected, detector).map(|v| (*link, v as f32))
}

fn default_pos_m(length_m: f32) -> f32 {
    (length_m - DEFAULT_BEFORE_END_M).max(length_m / 2.0)
}

fn on_earth(
    row: &Row,
    detector: &Ref,
    [lat, lon, heading]: [Option<usize>; 3],
    network: &RoadNetwork,
    index: &NetworkIndex,
) -> Result<(LinkId, f32), DetectorsProblem> {
    let lat = in_range(row.text(lat), "lat", -90.0, 90.0, "−90 to 90 degrees north", detector)?;
    let lon = in_range(row.text(lon), "lon", -180.0, 180.0, "−180 to 180 degrees east", detector)?;
    let heading_deg = in_range(row.text(heading), "heading", -360.0, 360.0, "0 to 360 degrees clockwise from north", detector)?;
    let hit = index.nearest_link(LatLon { lat, lon }, Some(heading_deg), None, NEAREST_MOST_M);
    let hit = hit.ok_or_else(|| DetectorsProblem::NoRoad { detector: detector.clone(), lat, lon, heading_deg })?;
    Ok((hit.link, hit.pos_m.clamp(0.0, network.link(hit.link).length_m)))
}
