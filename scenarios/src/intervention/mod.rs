//! Interventions: from what a scenario file (or a window) says to orders that the engine carries out, each at its step.
//!
//! [`built`] is what a run is built with: new roads, lines and car parks; [`travel`] is who travels and when. [`place`] and [`ground`] find what is named
//! on the map, [`meaning`] says what each kind changes, [`Script`] puts them into the order of time and [`Runner`] carries them out while a simulation runs. Headless runs, comparisons and the [`crate::timeline`] of the window all do it here, so a
//! scenario that was saved from a window gives the same bits.

pub mod built;
pub mod clash;
pub mod ground;
pub mod meaning;
pub mod place;
mod runner;
mod script;
pub mod travel;

pub use meaning::What;
pub use place::Site;
pub use runner::{Memory, Runner};
pub use script::{Item, Script};

/// What is wrong with an intervention, and at which of its keys.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// The key, as the file spells it; empty for the whole.
    pub key: &'static str,
    /// What was found, what was expected, what to do.
    pub message: String,
}

impl Problem {
    /// A problem with a key.
    pub fn new(key: &'static str, message: impl Into<String>) -> Self {
        Self { key, message: message.into() }
    }
}
