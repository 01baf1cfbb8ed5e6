//! The tables of a register and their columns: one list that the reader, the template and its README are held to.

use super::problem::{Problems, did_you_mean};
use serde::{Deserialize, Serialize};

/// A table of the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableKind {
    /// Cameras, radars, loops, scales.
    Sensors,
    /// Junctions with adaptive signals.
    AdaptiveSignals,
    /// Areas with 5G or fibre (GeoJSON).
    Coverage,
    /// Roads with 5G or fibre.
    CoverageRoads,
    /// Commercial fleets and their trackers.
    Trackers,
    /// Stations and car parks.
    StationsParks,
    /// Roads with surveillance or maintenance sensors.
    MonitoredRoutes,
    /// Roads managed by IoT, AI and big data.
    ManagedRoutes,
    /// What roads are for.
    RoadCategories,
    /// Scales and what they weighed.
    WeighStations,
    /// Prices and loads of road haulage.
    FreightPrices,
    /// Indicators only the province knows.
    External,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name in the header line.
    pub name: &'static str,
    /// Whether each row must fill it in.
    pub is_required: bool,
}

const fn must(name: &'static str) -> Column {
    Column { name, is_required: true }
}

const fn may(name: &'static str) -> Column {
    Column { name, is_required: false }
}

impl TableKind {
    /// The tables that are CSV files.
    pub const ALL: [Self; 11] = [
        Self::Sensors,
        Self::AdaptiveSignals,
        Self::CoverageRoads,
        Self::Trackers,
        Self::StationsParks,
        Self::MonitoredRoutes,
        Self::ManagedRoutes,
        Self::RoadCategories,
        Self::WeighStations,
        Self::FreightPrices,
        Self::External,
    ];

    /// Its file in the register's folder.
    pub const fn file(self) -> &'static str {
        match self {
            Self::Sensors => "sensors.csv",
            Self::AdaptiveSignals => "adaptive-signals.csv",
            Self::Coverage => super::COVERAGE_FILE,
            Self::CoverageRoads => "coverage-roads.csv",
            Self::Trackers => "trackers.csv",
            Self::StationsParks => "stations-parks.csv",
            Self::MonitoredRoutes => "monitored-routes.csv",
            Self::ManagedRoutes => "managed-routes.csv",
            Self::RoadCategories => "road-categories.csv",
            Self::WeighStations => "weigh-stations.csv",
            Self::FreightPrices => "freight-prices.csv",
            Self::External => "external.csv",
        }
    }

    /// Its columns, in the order of the template; none for GeoJSON.
    pub const fn columns(self) -> &'static [Column] {
        match self {
            Self::Sensors => {
                const {
                    &[
                        must("id"),
                        must("kind"),
                        may("ref"),
                        may("lat"),
                        may("lon"),
                        must("reach_m"),
                        must("connected"),
                        may("since"),
                        may("note"),
                    ]
                }
            }
            Self::AdaptiveSignals => const { &[must("junction"), may("since"), may("note")] },
            Self::Coverage => const { &[] },
            Self::CoverageRoads => const { &[must("road"), must("technology"), may("since"), may("note")] },
            Self::Trackers => const { &[must("fleet"), must("vehicles"), must("equipped"), must("as_of"), may("note")] },
            Self::StationsParks => {
                const {
                    &[
                        must("id"),
                        must("kind"),
                        must("name"),
                        may("place"),
                        must("public"),
                        must("automated"),
                        must("iot"),
                        must("digital_payment"),
                        may("free_space_forecast"),
                        may("note"),
                    ]
                }
            }
            Self::MonitoredRoutes => const { &[must("road"), must("purpose"), must("connected"), may("since"), may("note")] },
            Self::ManagedRoutes => const { &[must("road"), must("sensor"), must("control"), must("forecast"), may("since"), may("note")] },
            Self::RoadCategories => const { &[must("road"), must("category"), may("note")] },
            Self::WeighStations => const { &[must("site"), may("place"), must("weighed"), must("overloaded"), must("as_of"), may("note")] },
            Self::FreightPrices => const { &[must("item"), must("class"), must("value"), must("unit"), must("source"), may("note")] },
            Self::External => const { &[must("indicator"), must("value"), must("as_of"), must("source"), may("note")] },
        }
    }
}

/// Notes a table whose file name is near one of ours but not it: a typing error must not make a table vanish.
pub(super) fn check_file_name(name: &str, problems: &mut Problems) {
    let known: Vec<&str> = TableKind::ALL.into_iter().map(TableKind::file).chain([super::COVERAGE_FILE, super::HEADER_FILE]).collect();
    if !known.contains(&name) {
        problems.add(
            name,
            0,
            format!("no table of the register has this name{}; expected one of {}", did_you_mean(name, known.clone()), known.join(", ")),
        );
    }
}
