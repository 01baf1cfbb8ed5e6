//! The junction's plan by the clock: what every other controller falls back to.

use super::{ControlError, Controller, Needs, View, Wish};
use serde::{Deserialize, Serialize};

/// A step may begin a hair before the plan's second.
const HAIR_S: f64 = 1e-3;
/// Nobody sets out on foot so long before green, seconds: 13 m at the 1.2 m/s of the Highway Capacity Manual and a second to set out.
const ON_FOOT_S: f64 = 12.0;

/// Fixed times. With plans made by [`super::coordinated_plans`] it is the well-timed baseline and the green wave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fixed {}

impl Controller for Fixed {
    /// The groups of the phase; between phases those that stay green in the next one.
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        let plan = view.plan;
        let (p, elapsed_s) = plan.phase_at(view.time_s + HAIR_S);
        let phase = &plan.phases()[p];
        let next = &plan.phases()[(p + 1) % plan.phases().len()];
        let mut groups = phase.groups.clone();
        let mut soon = Vec::new();
        let left_s = f64::from(phase.length_s() - elapsed_s);
        if plan.phases().len() > 1 && left_s < ON_FOOT_S {
            soon.clone_from(&next.groups);
        }
        if elapsed_s >= phase.green_s {
            groups.retain(|g| plan.phases().len() > 1 && next.groups.contains(g));
        }
        Ok(Wish { groups, soon, yellow_s: phase.yellow_s, all_red_s: phase.all_red_s })
    }

    fn needs(&self) -> Needs {
        Needs::Clock
    }

    fn observes(&self) -> &'static str {
        "the clock"
    }
}
