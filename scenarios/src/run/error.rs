//! Why a run ended without a result.

use crate::{
    results::ResultError,
    scenario::{error::ScenarioError, source::SourceError},
};
use sim_core::{check::Violation, simulation::SimError};

/// Why a run ended without a result.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Something in the scenario file.
    #[error(transparent)]
    Scenario(Box<ScenarioError>),
    /// A file it names.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// Anything else about the inputs; says which file and what.
    #[error("{0}")]
    Input(String),
    /// The engine refused the trips, the detectors or the settings.
    #[error("the simulation cannot begin: {0}")]
    Engine(#[from] SimError),
    /// A promise of the run was broken; a fault of the program.
    #[error("a promise of the run was broken: {0}\nThis is a fault of the program: please report it with the scenario and the seed.")]
    Promise(Box<Violation>),
    /// The results could not be written.
    #[error(transparent)]
    Output(#[from] ResultError),
}

impl From<ScenarioError> for RunError {
    fn from(error: ScenarioError) -> Self {
        Self::Scenario(Box::new(error))
    }
}

impl From<Violation> for RunError {
    fn from(violation: Violation) -> Self {
        Self::Promise(Box::new(violation))
    }
}

impl RunError {
    /// An error about an input that speaks for itself.
    pub fn input(error: impl std::fmt::Display) -> Self {
        Self::Input(error.to_string())
    }
}
