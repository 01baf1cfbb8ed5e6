//! A map as an argument: `embedded`, a compiled map, or an OpenStreetMap file that is imported on the fly.

use super::RunError;
use crate::scenario::source::{SourceError, near_file};
use maps::{
    compiled::{self, CompiledError},
    corrections,
    import::{ImportOptions, Imported, import_file},
    sketch,
};
use sim_core::network::RoadNetwork;
use std::path::{Path, PathBuf};

/// The word for the map that travels with the program.
pub const EMBEDDED: &str = "embedded";

/// How an OpenStreetMap file is imported.
#[derive(Clone, Debug, Default)]
pub struct ImportWishes {
    /// What the importer is told.
    pub options: ImportOptions,
    /// Corrections applied after it.
    pub corrections: Option<PathBuf>,
}

/// Imports an OpenStreetMap file and applies corrections.
///
/// # Errors
/// It is not there, is no OpenStreetMap file, holds no road, or the corrections are wrong.
pub fn import(file: &Path, wishes: &ImportWishes) -> Result<Imported, RunError> {
    if !file.exists() {
        return Err(missing(file));
    }
    let corrections = match &wishes.corrections {
        Some(path) if !path.exists() => return Err(missing(path)),
        Some(path) => Some(corrections::read(path).map_err(RunError::input)?),
        None => None,
    };
    let mut imported = import_file(file, &wishes.options).map_err(RunError::input)?;
    if let Some(corrections) = &corrections {
        corrections::apply(&mut imported.network, corrections, &mut imported.report).map_err(RunError::input)?;
    }
    Ok(imported)
}

/// Opens a map. Wishes count for OpenStreetMap files only: a compiled map was imported before.
///
/// # Errors
/// It is not there, or is no map.
pub fn open(map: &Path, wishes: &ImportWishes) -> Result<RoadNetwork, RunError> {
    if map.as_os_str() == EMBEDDED && !map.exists() {
        return Ok(sketch::embedded().map_err(RunError::input)?.network);
    }
    if !map.exists() {
        return Err(missing(map));
    }
    match compiled::open(map) {
        Ok(network) => Ok(network),
        Err(CompiledError::NotAMap { .. }) => Ok(import(map, wishes)?.network),
        Err(e) => Err(RunError::input(e)),
    }
}

fn missing(path: &Path) -> RunError {
    SourceError::Missing { path: path.to_owned(), near: near_file(path) }.into()
}
