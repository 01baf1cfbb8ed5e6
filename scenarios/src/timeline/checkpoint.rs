//! A checkpoint: a whole state, compressed in memory, with what its interventions need to be undone.

use super::TimelineError;
use crate::intervention::{Memory, Runner};
use sim_core::simulation::{SimState, Simulation};
use std::sync::Arc;

/// A state to go on from.
#[derive(Clone, Debug, Default)]
pub(super) struct Checkpoint {
    state: Arc<[u8]>,
    memory: Memory,
}

impl Checkpoint {
    /// Of the present moment.
    pub(super) fn take(simulation: &Simulation, runner: &Runner) -> Self {
        // A state is plain data: writing it to memory cannot fail.
        let bytes = postcard::to_stdvec(&simulation.state()).expect("a state is plain data");
        Self { state: lz4_flex::compress_prepend_size(&bytes).into(), memory: runner.memory() }
    }

    /// Makes it the present moment.
    pub(super) fn put(&self, simulation: &mut Simulation, runner: &mut Runner) -> Result<(), TimelineError> {
        let damaged = |why: String| TimelineError::Damaged(why);
        let bytes = lz4_flex::decompress_size_prepended(&self.state).map_err(|e| damaged(e.to_string()))?;
        let state: SimState = postcard::from_bytes(&bytes).map_err(|e| damaged(e.to_string()))?;
        simulation.restore(state).map_err(|e| damaged(e.to_string()))?;
        runner.recall(self.memory.clone());
        Ok(())
    }

    /// What it takes in memory.
    pub(super) fn bytes(&self) -> usize {
        self.state.len()
    }
}
