//! Zones from the user's own points: a CSV file `zone,lat,lon,population[,name]` or GeoJSON points with those properties.

use super::{
    table::{FileError, RowErrors, Table, number},
    zones::ZonePoint,
};
use sim_core::{geometry::LatLon, network::RoadNetwork, reference::Ref};
use std::{collections::BTreeMap, path::Path};

const COLUMNS: &str = "zone,lat,lon,population[,name]";

/// What is wrong with a zone.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ZonesProblem {
    /// No name.
    #[error("has no name; expected one in `zone`")]
    NoName,
    /// Two zones with one name.
    #[error("zone `{zone}` stands already on line {other}; give each its own name")]
    Duplicate {
        /// The name.
        zone: Ref,
        /// The earlier line (or feature).
        other: u64,
    },
    /// A number out of range.
    #[error("zone `{zone}`: `{column}` is `{found}`, expected {expected}")]
    BadNumber {
        /// The zone.
        zone: Ref,
        /// The column.
        column: &'static str,
        /// What stood there.
        found: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// A name that trip refs could not carry.
    #[error("zone `{zone}`: a name must not hold `>`, which parts zones in trip refs; rename it")]
    BadName {
        /// The name.
        zone: Ref,
    },
}

/// Why a zone file was refused.
pub type ZonesError = FileError<ZonesProblem>;

/// Reads zone points from a `.csv`, `.json` or `.geojson` file.
///
/// # Errors
/// The file cannot be read, lacks a column, or has bad rows: all of them are listed.
pub fn read_points(path: &Path, network: &RoadNetwork) -> Result<Vec<ZonePoint>, ZonesError> {
    let is_json = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json") || e.eq_ignore_ascii_case("geojson"));
    if is_json {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|source| FileError::Io { file: file.clone(), source })?;
        parse_geojson(&file, &bytes, network)
    } else {
        points_of(Table::read(path)?, network)
    }
}

/// Reads zone points from the bytes of a CSV file that messages call `file`.
///
/// # Errors
/// As [`read_points`].
pub fn parse_csv(file: &str, bytes: &[u8], network: &RoadNetwork) -> Result<Vec<ZonePoint>, ZonesError> {
    points_of(Table::parse(file.to_owned(), bytes)?, network)
}

fn points_of(table: Table, network: &RoadNetwork) -> Result<Vec<ZonePoint>, ZonesError> {
    let column = |name| table.need::<ZonesProblem>(name, COLUMNS);
    let (zone, lat, lon, population) = (column("zone")?, column("lat")?, column("lon")?, column("population")?);
    let name = table.column("name");
    let mut points = Points::new(network);
    for row in &table.rows {
        points.add(row.line, row.text(zone), row.text(name), [row.text(lat), row.text(lon), row.text(population)]);
    }
    points.finish(table.file)
}

/// Reads zone points from GeoJSON that messages call `file`; a problem's line is the number of the feature.
///
/// # Errors
/// As [`read_points`].
pub fn parse_geojson(file: &str, bytes: &[u8], network: &RoadNetwork) -> Result<Vec<ZonePoint>, ZonesError> {
    let layout = |line: u64, problem: String| FileError::Layout { file: file.to_owned(), line, problem };
    let json: serde_json::Value = serde_json::from_slice(bytes)
        .map_err(|e| layout(e.line() as u64, format!("is no JSON: {e}; expected a GeoJSON FeatureCollection of points")))?;
    let Some(features) = json.get("features").and_then(|f| f.as_array()) else {
        return Err(layout(1, "has no `features`; expected a GeoJSON FeatureCollection of points".into()));
    };
    let mut points = Points::new(network);
    for (i, feature) in features.iter().enumerate() {
        let text = |key: &str| match feature.get("properties").and_then(|p| p.get(key)) {
            Some(serde_json::Value::String(s)) => s.clone(),
            Some(serde_json::Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        };
        let coordinate = |n: usize| {
            let value =
                feature.get("geometry").filter(|g| g.get("type").is_some_and(|t| t == "Point")).and_then(|g| g.get("coordinates")?.get(n));
            value.map_or(String::new(), ToString::to_string)
        };
        points.add(i as u64 + 1, &text("zone"), &text("name"), [&coordinate(1), &coordinate(0), &text("population")]);
    }
    points.finish(file.to_owned())
}

struct Points<'a> {
    network: &'a RoadNetwork,
    seen: BTreeMap<String, u64>,
    points: Vec<ZonePoint>,
    problems: Vec<(u64, ZonesProblem)>,
}

impl<'a> Points<'a> {
    fn new(network: &'a RoadNetwork) -> Self {
        Self { network, seen: BTreeMap::new(), points: Vec::new(), problems: Vec::new() }
    }

    fn add(&mut self, line: u64, zone: &str, name: &str, [lat, lon, population]: [&str; 3]) {
        if zone.is_empty() {
            return self.problems.push((line, ZonesProblem::NoName));
        }
        let ref_ = Ref::from(zone);
        if zone.contains('>') {
            return self.problems.push((line, ZonesProblem::BadName { zone: ref_ }));
        }
        if let Some(other) = self.seen.insert(zone.to_owned(), line) {
            return self.problems.push((line, ZonesProblem::Duplicate { zone: ref_, other }));
        }
        let mut get = |column, found: &str, range: std::ops::RangeInclusive<f64>, expected| {
            let value = number(found).filter(|v| range.contains(v));
            if value.is_none() {
                let problem = ZonesProblem::BadNumber { zone: ref_.clone(), column, found: found.to_owned(), expected };
                self.problems.push((line, problem));
            }
            value
        };
        let lat = get("lat", lat, -90.0..=90.0, "−90 to 90 degrees north");
        let lon = get("lon", lon, -180.0..=180.0, "−180 to 180 degrees east");
        let population = get("population", population, 0.0..=1e8, "0 or more inhabitants");
        if let (Some(lat), Some(lon), Some(population)) = (lat, lon, population) {
            let point = self.network.meta.frame.project(LatLon { lat, lon });
            let name = if name.is_empty() { zone } else { name }.to_owned();
            self.points.push(ZonePoint { ref_, name, population, point });
        }
    }

    fn finish(self, file: String) -> Result<Vec<ZonePoint>, ZonesError> {
        if self.problems.is_empty() { Ok(self.points) } else { Err(RowErrors { file, problems: self.problems }.into()) }
    }
}
