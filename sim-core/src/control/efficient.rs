//! Efficient max-pressure: pressure by lane, so that a wide approach does not outweigh a narrow one with a longer queue.

use super::{
    ControlError, Controller, Needs, View, Wish,
    pressure::{Choice, by_phase, efficient, interval_problem, most},
};
use serde::{Deserialize, Serialize};

/// Efficient-MP (Wu et al., Efficient Pressure, 2021).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EfficientMaxPressure {
    /// Time between two choices, yellow and all-red included, seconds (benchmarks use 15 and 30 s).
    pub interval_s: f64,
    choice: Choice,
}

impl Default for EfficientMaxPressure {
    fn default() -> Self {
        Self { interval_s: 15.0, choice: Choice::default() }
    }
}

impl Controller for EfficientMaxPressure {
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        Ok(self.choice.wish(view, self.interval_s, |present| most(&by_phase(view, efficient), present)))
    }

    fn needs(&self) -> Needs {
        Needs::Exits
    }

    fn is_central(&self) -> bool {
        true
    }

    fn observes(&self) -> &'static str {
        "cameras on its approaches and, through the centre, at the ends of the links it leads into: queued vehicles by lane"
    }

    fn problem(&self) -> Option<String> {
        interval_problem(self.interval_s)
    }
}
