//! The import: a list of named passes from OpenStreetMap data to a road network.
//!
//! [`Pass`] names them, in order; [`import_file`] runs them all. Whatever the data leaves open is assumed by a rule that the report
//! names ([`ImportReport`]); whatever cannot be right is left out or mended, and counted.

mod access;
mod build;
mod cluster;
mod draft;
mod enclosed;
mod ferry;
mod greens;
mod join;
mod lane_choice;
mod lanes;
mod line;
mod names;
mod numbers;
mod parts;
mod pass;
mod place_signals;
mod places;
mod priority;
mod reach;
mod report;
mod restrictions;
mod road;
mod setback;
mod signals;
mod speeds;
mod split;
mod turns;
mod urban;
mod weld;

#[cfg(test)]
mod tests;

pub use pass::Pass;
pub use report::{ImportReport, ReportEntry, ReportGroup, ReportRow};
// What corrections make fit again by the same rules.
pub(crate) use lane_choice::assign_lanes;
// What other readers use.
pub(crate) use greens::settle_greens;
pub(crate) use line::{moved_right, stretch};
pub(crate) use signals::default_controller;

use crate::cityflow::{self, CityflowError};
use crate::osm::{self, OsmData, ReadError, Region};
use crate::sketch::SketchError;
use crate::sumo::{self, SumoError};
use pass::Workshop;
use sim_core::network::{DrivingSide, RoadNetwork};
use std::{collections::BTreeSet, path::Path};

/// What to import and how.
#[derive(Clone, Debug)]
pub struct ImportOptions {
    /// What the network is called; the file's name if `None`.
    pub name: Option<String>,
    /// The side traffic keeps to.
    pub driving_side: DrivingSide,
    /// The part to keep; everything if `None`.
    pub region: Option<Region>,
    /// Keeps public service roads and alleys (`highway=service` that is no driveway or car-park aisle).
    pub keep_service_roads: bool,
    /// OSM nodes that stay junctions of their own: see [`crate::corrections::Corrections::split_nodes`].
    pub never_merge: BTreeSet<i64>,
}

impl Default for ImportOptions {
    /// Everything in the file, right-hand traffic, alleys included.
    fn default() -> Self {
        Self { name: None, driving_side: DrivingSide::Right, region: None, keep_service_roads: true, never_merge: BTreeSet::new() }
    }
}

/// A network and how it came about.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The network, checked.
    pub network: RoadNetwork,
    /// What was read, dropped, repaired and assumed.
    pub report: ImportReport,
}

/// Why an import failed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file was refused.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The source of the embedded map was refused.
    #[error(transparent)]
    Sketch(#[from] SketchError),
    /// The region holds nothing.
    #[error(
        "{source_name}: the region holds none of the file's {ways} ways and {nodes} nodes; expected them to overlap, so check the order SOUTH,WEST,NORTH,EAST and that the file covers the region"
    )]
    EmptyRegion {
        /// The file.
        source_name: String,
        /// Ways in the file.
        ways: usize,
        /// Nodes in the file.
        nodes: usize,
    },
    /// A SUMO network was refused.
    #[error(transparent)]
    Sumo(#[from] SumoError),
    /// A CityFlow network was refused.
    #[error(transparent)]
    Cityflow(#[from] CityflowError),
    /// A region of a SUMO network.
    #[error("{source_name}: is a SUMO network, which is imported whole; leave out the region, or cut it with SUMO's netconvert first")]
    RegionOfNet {
        /// The file.
        source_name: String,
    },
    /// Nothing to drive on.
    #[error(
        "{source_name}: none of {ways} ways is a drivable road; expected at least one `highway=*` way open to motor vehicles with its nodes, so check that the extract holds roads and covers the place"
    )]
    NoRoads {
        /// The file.
        source_name: String,
        /// Ways that were looked at.
        ways: usize,
    },
    /// A pass left a graph that breaks an invariant: a fault of this program, not of the file.
    #[error("after the pass {pass:?}: {problem}; this is a fault of the importer: please report it with the file")]
    Broken {
        /// The pass.
        pass: Pass,
        /// The invariant.
        problem: String,
    },
}

/// Reads an OpenStreetMap file, a SUMO network or a CityFlow network, told apart by content, and imports it.
///
/// # Errors
/// When the file is refused, or holds no drivable road in the region.
pub fn import_file(path: &Path, options: &ImportOptions) -> Result<Imported, ImportError> {
    let source = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    if let Some(bytes) = sumo::bytes_of_net(path) {
        return sumo::import(&bytes, &source, options);
    }
    if let Some(bytes) = cityflow::bytes_of_roadnet(path) {
        return cityflow::import(&bytes, &source, options);
    }
    let data = osm::read(path)?;
    import(data, &source, options)
}

/// Imports data already read; `source` is what the network and the report call it.
///
/// # Errors
/// When the region is empty or holds no drivable road.
pub fn import(data: OsmData, source: &str, options: &ImportOptions) -> Result<Imported, ImportError> {
    let (ways, nodes) = (data.ways.len(), data.nodes.len());
    let data = match &options.region {
        Some(region) => {
            let cut = osm::cut(data, region);
            if cut.ways.is_empty() {
                return Err(ImportError::EmptyRegion { source_name: source.to_owned(), ways, nodes });
            }
            cut
        }
        None => data,
    };
    let mut workshop = Workshop::new(&data, source, options);
    workshop.apply(&Pass::ALL)?;
    match workshop.built {
        Some((network, _)) => Ok(Imported { network, report: workshop.report }),
        None => Err(ImportError::NoRoads { source_name: source.to_owned(), ways }),
    }
}
