//! Corrections to a map, by ref, applied last on every import: the first day's work on a real extract survives the next one.
//!
//! A `corrections.toml` says what is wrong in the map: lanes, widths, classes, speeds, turn bans, signals and their plans, junctions
//! to merge or to keep apart, links that are missing. The user guide's chapter on corrections is its reference.

mod apply;
mod document;
mod error;
mod model;
mod parse;
mod quantity;
mod report;

pub use apply::apply;
pub use error::CorrectionsError;
pub use model::Corrections;
pub use parse::ROAD_CLASSES;
pub use report::{CorrectionsReport, Outcome, Remark};

use std::path::Path;

/// Reads a `corrections.toml`.
///
/// # Errors
/// The file cannot be read, or the first thing in it that is wrong, with line and column.
pub fn read(path: &Path) -> Result<Corrections, CorrectionsError> {
    let text = std::fs::read_to_string(path).map_err(|source| CorrectionsError::Read { path: path.to_owned(), source })?;
    Corrections::parse(&path.display().to_string(), text.strip_prefix('\u{feff}').unwrap_or(&text))
}

#[cfg(test)]
mod apply_tests;
#[cfg(test)]
mod parse_tests;
