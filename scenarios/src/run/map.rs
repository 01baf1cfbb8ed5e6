//! A map as an argument: `embedded`, a compiled map, or an OpenStreetMap file that is imported on the fly.

use super::RunError;
use crate::scenario::source::{SourceError, near_file};
use maps::compiled::{self, CompiledError};
use sim_core::network::RoadNetwork;
use std::path::Path;

/// The word for the map that travels with the program.
pub const EMBEDDED: &str = "embedded";

/// Opens a map.
///
/// # Errors
/// It is not there, or is no map.
pub fn open(map: &Path) -> Result<RoadNetwork, RunError> {
    if !map.exists() {
        return Err(SourceError::Missing { path: map.to_owned(), near: near_file(map) }.into());
    }
    match compiled::open(map) {
        Ok(network) => Ok(network),
        Err(CompiledError::NotAMap { .. }) => Err(RunError::Input("not yet".into())),
        Err(e) => Err(RunError::input(e)),
    }
}
