//! Why a compiled map could not be opened or written, and what to do about it.

use sim_core::network::NetworkError;
use std::{io, path::PathBuf};

/// Why a compiled map could not be opened or written.
#[derive(Debug, thiserror::Error)]
pub enum CompiledError {
    /// The file could not be read.
    #[error("cannot read the compiled map {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is something else.
    #[error("{} is not a compiled map: it {found}. {}", path.display(), advice(.made_from.as_deref(), path))]
    NotAMap {
        /// The file.
        path: PathBuf,
        /// How it begins.
        found: String,
        /// The file itself, where it can be compiled into a map.
        made_from: Option<String>,
    },
    /// Another version of the program wrote it.
    #[error(
        "the compiled map {} has format {found}, this program reads format {expected}. {}",
        path.display(), advice(.made_from.as_deref(), path)
    )]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// Its format version.
        found: u32,
        /// Ours.
        expected: u32,
        /// What the map was made from, where the file still says so.
        made_from: Option<String>,
    },
    /// It was cut short or altered.
    #[error("the compiled map {} is damaged: {problem}. {}", path.display(), advice(.made_from.as_deref(), path))]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        problem: String,
        /// What the map was made from, where the file still says so.
        made_from: Option<String>,
    },
    /// What it holds, or what was to be saved, breaks an invariant of networks.
    #[error("the map {} is not a valid network: {source}. {}", path.display(), advice(.made_from.as_deref(), path))]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The invariant.
        source: NetworkError,
        /// What the map was made from.
        made_from: Option<String>,
    },
    /// The file could not be written. Nothing was left behind, an earlier file of that name is untouched.
    #[error("cannot write the compiled map {}: {source}; {}", path.display(), write_advice(source))]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// The command that makes the map anew.
fn advice(made_from: Option<&str>, path: &std::path::Path) -> String {
    let command = |from: &str, to: &str| format!("`agtwin map import {from} -o {to}`");
    let quoted = |name: &str| if name.contains(' ') { format!("'{name}'") } else { name.to_owned() };
    let to = quoted(&path.display().to_string());
    match made_from {
        Some(from) if from == path.display().to_string() => format!("Compile it first: {}", command(&to, "MAP")),
        Some(from) if !from.is_empty() => format!("Build it again: {}", command(&quoted(from), &to)),
        _ => format!("Build it again: {}", command("FILE", &to)),
    }
}

fn write_advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "the disk is full: free some room or choose a folder elsewhere. Nothing was left behind"
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "choose a folder you may write to. Nothing was left behind",
        io::ErrorKind::NotFound => "the folder does not exist: create it first",
        _ => "nothing was left behind",
    }
}
