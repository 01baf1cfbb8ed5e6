//! Advanced max-pressure: stays with its phase while more come that will make it than wait elsewhere.

use super::{
    ControlError, Controller, Needs, View, Wish,
    pressure::{Choice, by_phase, efficient, interval_problem, most},
};
use serde::{Deserialize, Serialize};

/// Advanced-MP (Zhang et al., Expression might be enough, ICML 2022): efficient pressure, unless those who drive up to the present green
/// within the range of the cameras, times a weight, outnumber the most pressure of any phase.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdvancedMaxPressure {
    /// Time between two choices, yellow and all-red included, seconds (the paper uses 15 s).
    pub interval_s: f64,
    /// Weight of those who come (the paper's code has 1).
    pub weight: f32,
    choice: Choice,
}

impl Default for AdvancedMaxPressure {
    fn default() -> Self {
        Self { interval_s: 15.0, weight: 1.0, choice: Choice::default() }
    }
}

impl Controller for AdvancedMaxPressure {
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        let weight = self.weight;
        Ok(self.choice.wish(view, self.interval_s, |present| {
            let pressures = by_phase(view, efficient);
            let best = most(&pressures, present);
            let coming = by_phase(view, |g| g.moving / g.lanes.max(0.5))[present];
            if weight * coming >= pressures[best] { present } else { best }
        }))
    }

    fn needs(&self) -> Needs {
        Needs::Exits
    }

    fn is_central(&self) -> bool {
        true
    }

    fn observes(&self) -> &'static str {
        "cameras on its approaches and, through the centre, at the ends of the links it leads into: queued and moving vehicles by lane"
    }

    fn problem(&self) -> Option<String> {
        if !(0.0..=10.0).contains(&self.weight) {
            return Some(format!("the weight is {}, expected 0 to 10", self.weight));
        }
        interval_problem(self.interval_s)
    }
}
