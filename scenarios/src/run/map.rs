//! A map as an argument: `embedded`, a compiled map, or an OpenStreetMap file that is imported on the fly.

use super::RunError;
use crate::scenario::source::{SourceError, near_file};
use maps::{
    compiled::{self, CompiledError},
    corrections::{self, Corrections, CorrectionsReport, Outcome},
    import::{ImportOptions, ImportReport, Imported, import_file},
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

/// A network and how it came about.
#[derive(Clone, Debug)]
pub struct OpenedMap {
    /// The network.
    pub network: RoadNetwork,
    /// What the import read, dropped, repaired and assumed; none for a compiled map.
    pub report: Option<ImportReport>,
    /// What became of the corrections, where there were any.
    pub corrections: Option<CorrectionsReport>,
}

impl OpenedMap {
    /// How many corrections were left out, because they name what is not there or do not fit.
    pub fn corrections_left_out(&self) -> usize {
        let left_out = |r: &CorrectionsReport| r.with(Outcome::Stale).count() + r.with(Outcome::Refused).count();
        self.corrections.as_ref().map_or(0, left_out)
    }
}

/// Imports an OpenStreetMap file and applies corrections.
///
/// # Errors
/// It is not there, is no OpenStreetMap file, holds no road, or the corrections are wrong.
pub fn import(file: &Path, wishes: &ImportWishes) -> Result<OpenedMap, RunError> {
    if !file.exists() {
        return Err(missing(file));
    }
    let wanted = wanted_corrections(wishes)?;
    let mut options = wishes.options.clone();
    options.never_merge.extend(wanted.iter().flat_map(Corrections::split_nodes));
    let Imported { network, report, .. } = import_file(file, &options).map_err(RunError::input)?;
    corrected(network, Some(report), wanted.as_ref())
}

/// The corrections that the wishes name.
fn wanted_corrections(wishes: &ImportWishes) -> Result<Option<Corrections>, RunError> {
    match &wishes.corrections {
        Some(path) if !path.exists() => Err(missing(path)),
        Some(path) => Ok(Some(corrections::read(path).map_err(RunError::input)?)),
        None => Ok(None),
    }
}

/// A network with corrections applied, the last pass of an import.
fn corrected(network: RoadNetwork, report: Option<ImportReport>, wanted: Option<&Corrections>) -> Result<OpenedMap, RunError> {
    let (network, corrections) = match wanted {
        Some(wanted) => corrections::apply(network, wanted).map(|(network, made)| (network, Some(made))).map_err(RunError::input)?,
        None => (network, None),
    };
    Ok(OpenedMap { network, report, corrections })
}

/// Opens a map. A compiled map was imported before: only corrections are still applied to it.
///
/// # Errors
/// It is not there, or is no map.
pub fn open(map: &Path, wishes: &ImportWishes) -> Result<OpenedMap, RunError> {
    if map.as_os_str() == EMBEDDED && !map.exists() {
        let embedded = sketch::embedded().map_err(RunError::input)?;
        return corrected(embedded.network, Some(embedded.report), wanted_corrections(wishes)?.as_ref());
    }
    if !map.exists() {
        return Err(missing(map));
    }
    match compiled::open(map) {
        Ok(network) => corrected(network, None, wanted_corrections(wishes)?.as_ref()),
        Err(CompiledError::NotAMap { .. }) => import(map, wishes),
        Err(e) => Err(RunError::input(e)),
    }
}

fn missing(path: &Path) -> RunError {
    SourceError::Missing { path: path.to_owned(), near: near_file(path) }.into()
}
