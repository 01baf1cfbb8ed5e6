//! The checker: verifies after each step, with geometry of its own, that a run keeps its promises.

mod violation;

pub use violation::{CheckSummary, Violation};

use crate::simulation::Simulation;

/// Verifies a simulation step by step.
#[derive(Debug)]
pub struct Checker {
    summary: CheckSummary,
    total: u64,
}

impl Checker {
    /// A checker that begins with the present state of `simulation`.
    pub fn new(simulation: &Simulation) -> Self {
        Self { summary: CheckSummary::default(), total: simulation.population().total() }
    }

    /// Verifies the step that was just made.
    ///
    /// # Errors
    /// The first promise that was broken.
    pub fn after_step(&mut self, simulation: &Simulation) -> Result<(), Violation> {
        let population = simulation.population();
        if population.total() != self.total {
            return Err(Violation::Lost { time_s: simulation.time_s(), expected: self.total, population });
        }
        self.summary.steps += 1;
        self.summary.vehicle_steps += population.on_road;
        Ok(())
    }

    /// What was seen so far.
    pub fn summary(&self) -> CheckSummary {
        self.summary
    }
}
