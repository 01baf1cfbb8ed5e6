//! Why a folder has no report.

use std::{io, path::PathBuf};

/// Why a folder has no report.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// There is no such folder.
    #[error("there is no folder `{}`; `agtwin report` takes a result folder, which `agtwin run` and `agtwin compare` write", .0.display())]
    Missing(PathBuf),
    /// There is nothing in it.
    #[error("`{}` is empty; `agtwin report` takes a result folder, which `agtwin run` and `agtwin compare` write", .0.display())]
    Empty(PathBuf),
    /// None of the folders holds a result of the year.
    #[error("no folder in `{}` holds a result of {year}; `agtwin report --year` takes the folders that `agtwin run` and `agtwin compare` wrote", .place.display())]
    NoResults {
        /// Where was looked.
        place: PathBuf,
        /// The year.
        year: i32,
    },
    /// It holds other things.
    #[error("`{}` is no result folder: it has no `report.json`, which `agtwin run` and `agtwin compare` write", .0.display())]
    Foreign(PathBuf),
    /// Results from before there were reports.
    #[error("the results in `{}` have no `report.json`: an earlier version wrote them; run the scenario again", .0.display())]
    Earlier(PathBuf),
    /// The file cannot be read.
    #[error("`{}` cannot be read: {error}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The file is damaged, or something else under that name.
    #[error("`{}` is damaged or no report of this program: {error}; run the scenario again", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong and where.
        error: String,
    },
    /// Another layout.
    #[error("`{}` has schema version {found}, expected {expected}; use the version of agtwin that wrote it, or run the scenario again", .path.display())]
    Version {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u64,
        /// The version that this program reads.
        expected: u32,
    },
}
