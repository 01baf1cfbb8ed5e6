//! Why a timeline did not do what was asked.

use crate::{intervention::Problem, run::RunError};
use std::path::PathBuf;

/// Why a timeline did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum TimelineError {
    /// An edit that makes no sense.
    #[error(transparent)]
    Edit(#[from] Problem),
    /// An edit that the engine refuses.
    #[error("{0}")]
    Refused(String),
    /// An edit at the end.
    #[error("the run is over: go back to change something")]
    Over,
    /// An edit that says until when.
    #[error("an edit holds until it is undone; only an incident says until when")]
    Until,
    /// No such edit.
    #[error("there is no edit called `{0}` on this branch up to now")]
    NoEdit(String),
    /// An edit that was undone already.
    #[error("`{0}` is undone already, by `{1}`; undo that to have it again")]
    Undone(String, String),
    /// An edit on which a later one stands.
    #[error("`{later}`, made after `{edit}`, sets {what}, too: undo `{later}` first")]
    Stands {
        /// What should be undone.
        edit: String,
        /// The later one.
        later: String,
        /// What both set.
        what: String,
    },
    /// No such branch.
    #[error("there is no branch {0}; they are numbered from 0, there are {1}")]
    NoBranch(usize, usize),
    /// A name that another branch has.
    #[error("`{0}` is no name for this branch: it is empty or another branch has it")]
    TakenName(String),
    /// The first checkpoint is gone; a fault of the program.
    #[error("the beginning of this branch was lost: please report this")]
    NoBeginning,
    /// A checkpoint that cannot be read; a fault of the program.
    #[error("a checkpoint is damaged ({0}): please report this")]
    Damaged(String),
    /// An intervention of the scenario cannot be carried out.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A scenario could not be written.
    #[error("`{}` cannot be written: {error}", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A file of the example is in the way.
    #[error("`{}` is there already with other contents; save to another folder", .0.display())]
    InTheWay(PathBuf),
}
