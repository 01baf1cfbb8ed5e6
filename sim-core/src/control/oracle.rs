//! Model-predictive control that is fed with the truth: an upper bound for what better detectors could bring, not a controller to build.

use super::{ControlError, Controller, Needs, Outlook, Predictive, View, Wish};
use serde::{Deserialize, Serialize};

/// [`Predictive`] with true queues, true arrivals and true turns from the engine in the place of cameras and counts at the beginnings of approaches.
/// Saturation flows it measures at stop lines, as the other does, by detectors without errors and latency.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PredictiveOracle {
    /// The controller that is fed, with its parameters.
    pub of: Predictive,
}

impl Controller for PredictiveOracle {
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        self.of.wish(view)
    }

    fn needs(&self) -> Needs {
        Needs::Truth
    }

    fn is_central(&self) -> bool {
        true
    }

    fn wants_truth(&self, time_s: f64, step_s: f64) -> bool {
        self.of.is_due(time_s, step_s)
    }

    fn wants_inflow(&self, time_s: f64, step_s: f64) -> bool {
        self.of.wants_inflow(time_s, step_s)
    }

    fn outlook(&self) -> Option<&Outlook> {
        self.of.outlook()
    }

    fn observes(&self) -> &'static str {
        "the truth (upper bound, not to be built): where everybody stands and drives and which way each will take, without errors or latency"
    }

    fn problem(&self) -> Option<String> {
        self.of.problem()
    }
}
