//! The equipment register: what the province has installed where, as a folder of tables that an office fills in with a spreadsheet.
//!
//! [`Register::read`] reads the folder and checks each cell; [`Register::on`] looks its roads, junctions and places up on a map and
//! gives an [`Equipment`], which is what the indicators are computed from. The columns are described in [`schema`], and for people
//! in the template folder's README.

mod equipment;
mod problem;
mod road_number;
mod rows;
pub mod schema;
mod table;
mod zone;

pub use equipment::{Coverage, Equipment, Placed};
pub use problem::{Problem, RegisterError};
pub(crate) use road_number::normal as normal_number;
pub use road_number::{numbers_of, same_road};
pub use rows::{
    AdaptiveSignal, External, FacilityKind, Fleet, FreightItem, FreightPrice, Header, ManagedRoute, MonitoredRoute, Monitoring,
    RoadCategory, RoadCategoryRow, RoadCoverage, Sensor, SensorKind, SensorSite, StationOrPark, Technology, WeighStation,
};
pub use zone::Zone;

use problem::Problems;
use schema::TableKind;
use std::{collections::BTreeMap, fs, path::Path};
use table::Table;

/// The file that says what the register is.
pub const HEADER_FILE: &str = "register.toml";
/// The file of the areas with 5G or fibre.
pub const COVERAGE_FILE: &str = "coverage.geojson";

/// A register as it was filled in, every cell checked, not yet looked up on a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Register {
    /// Name, date, whether it is illustrative, which tables are complete.
    pub header: Header,
    /// Cameras, radars, loops and scales.
    pub sensors: Vec<Sensor>,
    /// Junctions with adaptive signals.
    pub adaptive_signals: Vec<AdaptiveSignal>,
    /// Roads under 5G or fibre.
    pub coverage_roads: Vec<RoadCoverage>,
    /// Areas under 5G or fibre.
    pub zones: Vec<Zone>,
    /// Commercial fleets and how many of their vehicles carry a tracker.
    pub trackers: Vec<Fleet>,
    /// Stations and car parks.
    pub stations_parks: Vec<StationOrPark>,
    /// Roads watched by cameras, or with sensors for maintenance.
    pub monitored_routes: Vec<MonitoredRoute>,
    /// Roads managed by IoT, AI and big data.
    pub managed_routes: Vec<ManagedRoute>,
    /// Roads the plan speaks of by what they are for.
    pub road_categories: Vec<RoadCategoryRow>,
    /// Scales and what they weighed.
    pub weigh_stations: Vec<WeighStation>,
    /// Prices and loads of road haulage.
    pub freight_prices: Vec<FreightPrice>,
    /// Indicators that only the province can know.
    pub external: Vec<External>,
}

impl Register {
    /// Reads a register's folder. Tables that are not there are empty; files that are no tables (`README.md`, spreadsheets) are passed
    /// over.
    ///
    /// # Errors
    /// A folder or file that cannot be read, and every cell that is wrong, with file and line.
    pub fn read(dir: &Path) -> Result<Self, RegisterError> {
        let unreadable = |path: &Path, source| RegisterError::Unreadable { path: path.display().to_string(), source };
        let mut files = BTreeMap::new();
        for entry in fs::read_dir(dir).map_err(|e| unreadable(dir, e))? {
            let path = entry.map_err(|e| unreadable(dir, e))?.path();
            let Some(name) = path.file_name().and_then(|n| n.to_str()) else { continue };
            if name == HEADER_FILE || name.ends_with(".csv") || name.ends_with(".geojson") {
                let bytes = fs::read(&path).map_err(|e| unreadable(&path, e))?;
                files.insert(name.to_owned(), bytes);
            }
        }
        Self::from_files(&files)
    }

    /// A register from the contents of its files, by file name.
    ///
    /// # Errors
    /// As [`Register::read`].
    pub fn from_files(files: &BTreeMap<String, Vec<u8>>) -> Result<Self, RegisterError> {
        let mut problems = Problems::default();
        for name in files.keys() {
            schema::check_file_name(name, &mut problems);
        }
        let header = rows::header(files.get(HEADER_FILE).map(Vec::as_slice), &mut problems);
        let mut read = |kind: TableKind| match files.get(kind.file()) {
            Some(bytes) => Table::parse(kind, bytes, &mut problems),
            None => Table::empty(kind),
        };
        let tables: BTreeMap<TableKind, Table> = TableKind::ALL.into_iter().map(|k| (k, read(k))).collect();
        let register = Self {
            header,
            sensors: rows::sensors(&tables[&TableKind::Sensors], &mut problems),
            adaptive_signals: rows::adaptive_signals(&tables[&TableKind::AdaptiveSignals], &mut problems),
            coverage_roads: rows::coverage_roads(&tables[&TableKind::CoverageRoads], &mut problems),
            zones: files.get(COVERAGE_FILE).map_or_else(Vec::new, |bytes| zone::parse(bytes, &mut problems)),
            trackers: rows::trackers(&tables[&TableKind::Trackers], &mut problems),
            stations_parks: rows::stations_parks(&tables[&TableKind::StationsParks], &mut problems),
            monitored_routes: rows::monitored_routes(&tables[&TableKind::MonitoredRoutes], &mut problems),
            managed_routes: rows::managed_routes(&tables[&TableKind::ManagedRoutes], &mut problems),
            road_categories: rows::road_categories(&tables[&TableKind::RoadCategories], &mut problems),
            weigh_stations: rows::weigh_stations(&tables[&TableKind::WeighStations], &mut problems),
            freight_prices: rows::freight_prices(&tables[&TableKind::FreightPrices], &mut problems),
            external: rows::external(&tables[&TableKind::External], &mut problems),
        };
        problems.into_result(register)
    }

    /// Whether the office declared this table complete, so that what it does not list is not there.
    pub fn is_complete(&self, kind: TableKind) -> bool {
        self.header.complete.contains(&kind)
    }
}

macro_rules! shipped {
    ($folder:literal: $($name:literal),+) => {
        [$(($name, &include_bytes!(concat!("../../data/", $folder, "/", $name))[..])),+]
    };
}

/// The empty template: file names and contents, for a new register's folder.
pub fn template() -> [(&'static str, &'static [u8]); 14] {
    shipped!("register-template": "README.md", "register.toml", "sensors.csv", "adaptive-signals.csv", "coverage-roads.csv",
        "coverage.geojson", "trackers.csv", "stations-parks.csv", "monitored-routes.csv", "managed-routes.csv", "road-categories.csv",
        "weigh-stations.csv", "freight-prices.csv", "external.csv")
}

/// The files of the illustrative register of the embedded map's default scenario: made up to show what a filled-in register gives.
pub fn illustrative_files() -> [(&'static str, &'static [u8]); 13] {
    shipped!("long-xuyen-morning/register": "register.toml", "sensors.csv", "adaptive-signals.csv", "coverage-roads.csv",
        "coverage.geojson", "trackers.csv", "stations-parks.csv", "monitored-routes.csv", "managed-routes.csv", "road-categories.csv",
        "weigh-stations.csv", "freight-prices.csv", "external.csv")
}

/// The illustrative register, read.
///
/// # Errors
/// None as shipped: a test holds that.
pub fn illustrative_long_xuyen() -> Result<Register, RegisterError> {
    Register::from_files(&illustrative_files().into_iter().map(|(name, bytes)| (name.to_owned(), bytes.to_vec())).collect())
}

#[cfg(test)]
mod tests;
