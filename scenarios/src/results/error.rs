//! Why results could not be written.

use std::{io, path::PathBuf};

/// Why results could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ResultError {
    /// The folder is taken.
    #[error("`{}` already exists; give another folder, or --force to replace the results in it", .0.display())]
    Taken(PathBuf),
    /// The folder holds something that is not a result of a run, so that `--force` leaves it alone.
    #[error("`{}` holds no results of a run, so --force does not replace it; give another folder", .0.display())]
    NotResults(PathBuf),
    /// Unfinished runs of something else.
    #[error("`{}` holds unfinished runs of another comparison or ranking, or something else; give another folder, or delete it", .0.display())]
    OtherPlan(PathBuf),
    /// The system says no, e.g. a full disk.
    #[error("`{}` cannot be written: {error}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The table writer says no, e.g. a full disk.
    #[error("`{}` cannot be written: {error}", .path.display())]
    Table {
        /// The file.
        path: PathBuf,
        /// What it says.
        error: parquet::errors::ParquetError,
    },
}
