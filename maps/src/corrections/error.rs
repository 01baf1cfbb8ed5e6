//! Why corrections could not be read or applied.

use sim_core::network::NetworkError;
use std::{io, path::PathBuf};

/// Why corrections could not be read or applied.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionsError {
    /// The file could not be read.
    #[error("cannot read the corrections {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Something in the file is wrong.
    #[error("{file}:{line}:{column}: {message}")]
    At {
        /// The file, as it was named.
        file: String,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
        /// What was found and what was expected.
        message: String,
    },
    /// The corrected network breaks an invariant.
    #[error("the corrections make a network that is not valid: {0}; take out the entry that names it")]
    Invalid(#[from] NetworkError),
}
