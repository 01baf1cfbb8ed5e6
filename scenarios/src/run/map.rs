//! A map as an argument: `embedded`, a compiled map, or an OpenStreetMap file that is imported on the fly.

use super::RunError;
use crate::scenario::source::{SourceError, near_file};
use maps::compiled::{self, CompiledError};
use sim_core::network::RoadNetwork;
use std::path::Path;

/// The word for the map that travels with the program.
pub const EMBEDDED: &str = "embedded";
