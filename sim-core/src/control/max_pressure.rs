//! Max-pressure, acyclic: after each interval green goes to the phase with the most pressure.

use super::{
    ControlError, Controller, Needs, View, Wish,
    pressure::{Choice, by_phase, interval_problem, most, plain},
};
use serde::{Deserialize, Serialize};

/// Varaiya's max-pressure (Transportation Research C 36, 2013) with queues in vehicles and phases in any order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaxPressure {
    /// Time between two choices, yellow and all-red included, seconds (benchmarks use 15 and 30 s).
    pub interval_s: f64,
    choice: Choice,
}

impl Default for MaxPressure {
    fn default() -> Self {
        Self { interval_s: 15.0, choice: Choice::default() }
    }
}

impl Controller for MaxPressure {
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        Ok(self.choice.wish(view, self.interval_s, |present| most(&by_phase(view, plain), present)))
    }

    fn needs(&self) -> Needs {
        Needs::Exits
    }

    fn is_central(&self) -> bool {
        true
    }

    fn observes(&self) -> &'static str {
        "cameras on its approaches and, through the centre, at the ends of the links it leads into: queued vehicles"
    }

    fn problem(&self) -> Option<String> {
        interval_problem(self.interval_s)
    }
}
