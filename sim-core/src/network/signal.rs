//! Signal controllers: groups of movements that get green together, phases that are sets of groups, and a plan that gives them times.

use crate::{
    ids::{JunctionId, MovementId},
    reference::Ref,
};
use serde::{Deserialize, Serialize};

/// Movements that get green together: within a group no two conflict, except where one yields (a permissive left turn).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignalGroup {
    /// A short name for people, e.g. `Nguyễn Trãi ↑`.
    pub name: String,
    /// Its movements, in id order.
    pub movements: Vec<MovementId>,
}

/// A set of groups that are green together, and for how long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    /// Indices of the groups that are green.
    pub groups: Vec<u16>,
    /// Green time, seconds, more than 0.
    pub green_s: f32,
    /// Yellow after it, seconds, at least 3 (QCVN 41:2024/BGTVT asks for 3 to 5).
    pub yellow_s: f32,
    /// All-red after that, seconds.
    pub all_red_s: f32,
}

impl Phase {
    /// Green, yellow and all-red together, seconds.
    pub fn length_s(&self) -> f32 {
        self.green_s + self.yellow_s + self.all_red_s
    }
}

/// Why a plan was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SignalPlanError {
    /// No phase at all.
    #[error("a signal plan needs at least one phase")]
    NoPhases,
    /// A phase with an impossible time.
    #[error("phase {phase}: {what} is {value_s} s, expected {expected}")]
    BadTime {
        /// Its position in the plan, from 0.
        phase: usize,
        /// Which time.
        what: &'static str,
        /// What was found.
        value_s: f32,
        /// What is allowed.
        expected: &'static str,
    },
    /// A phase without a green group.
    #[error("phase {phase}: no group is green")]
    NoGroups {
        /// Its position in the plan, from 0.
        phase: usize,
    },
}

/// A cyclic plan: its phases in order, begun `offset_s` after midnight modulo the cycle. Always valid: made by [`SignalPlan::new`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "UncheckedPlan", into = "UncheckedPlan")]
pub struct SignalPlan {
    offset_s: f32,
    phases: Vec<Phase>,
}

#[derive(Clone, Serialize, Deserialize)]
struct UncheckedPlan {
    offset_s: f32,
    phases: Vec<Phase>,
}

impl TryFrom<UncheckedPlan> for SignalPlan {
    type Error = SignalPlanError;
    fn try_from(plan: UncheckedPlan) -> Result<Self, SignalPlanError> {
        Self::new(plan.offset_s, plan.phases)
    }
}

impl From<SignalPlan> for UncheckedPlan {
    fn from(plan: SignalPlan) -> Self {
        Self { offset_s: plan.offset_s, phases: plan.phases }
    }
}

impl SignalPlan {
    /// A plan from its phases.
    ///
    /// # Errors
    /// No phases, a phase without groups, a green of 0 s, a yellow below 3 s, a negative all-red or a time that is no number.
    pub fn new(offset_s: f32, phases: Vec<Phase>) -> Result<Self, SignalPlanError> {
        if phases.is_empty() {
            return Err(SignalPlanError::NoPhases);
        }
        for (i, p) in phases.iter().enumerate() {
            let bad = |what, value_s, expected| Err(SignalPlanError::BadTime { phase: i, what, value_s, expected });
            if p.groups.is_empty() {
                return Err(SignalPlanError::NoGroups { phase: i });
            }
            if !(p.green_s > 0.0 && p.green_s <= 600.0) {
                return bad("green", p.green_s, "more than 0 and at most 600 s");
            }
            if !(3.0..=10.0).contains(&p.yellow_s) {
                return bad("yellow", p.yellow_s, "3 to 10 s");
            }
            if !(0.0..=30.0).contains(&p.all_red_s) {
                return bad("all-red", p.all_red_s, "0 to 30 s");
            }
        }
        if !offset_s.is_finite() {
            return Err(SignalPlanError::BadTime { phase: 0, what: "offset", value_s: offset_s, expected: "a number" });
        }
        Ok(Self { offset_s, phases })
    }

    /// Its phases, in order.
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    /// The delay of its first phase after midnight, seconds.
    pub fn offset_s(&self) -> f32 {
        self.offset_s
    }

    /// Cycle time, seconds.
    pub fn cycle_s(&self) -> f32 {
        self.phases.iter().map(Phase::length_s).sum()
    }

    /// The phase at `time_s` (seconds after midnight) and how long it has lasted.
    ///
    /// ```
    /// # use sim_core::network::{Phase, SignalPlan};
    /// let phase = |green_s| Phase { groups: vec![0], green_s, yellow_s: 3.0, all_red_s: 2.0 };
    /// let plan = SignalPlan::new(10.0, vec![phase(30.0), phase(20.0)])?;
    /// assert_eq!(plan.phase_at(10.0), (0, 0.0)); // an offset is a delay
    /// assert_eq!(plan.phase_at(47.0), (1, 2.0));
    /// assert_eq!(plan.phase_at(70.0), (0, 0.0)); // next cycle
    /// # Ok::<(), sim_core::network::SignalPlanError>(())
    /// ```
    pub fn phase_at(&self, time_s: f64) -> (usize, f32) {
        let mut left = (time_s - f64::from(self.offset_s)).rem_euclid(f64::from(self.cycle_s()));
        for (i, phase) in self.phases.iter().enumerate() {
            let length = f64::from(phase.length_s());
            if left < length {
                return (i, left as f32);
            }
            left -= length;
        }
        (0, 0.0) // rounding at the very end of the cycle
    }
}

/// The signals of one junction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignalController {
    /// Stable name.
    pub ref_: Ref,
    /// Its junction.
    pub junction: JunctionId,
    /// Its groups.
    pub groups: Vec<SignalGroup>,
    /// The plan it runs by default.
    pub plan: SignalPlan,
    /// Whether the plan was made up by the importer rather than given by a map or register.
    pub plan_is_assumed: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phase(green_s: f32, yellow_s: f32) -> Phase {
        Phase { groups: vec![0], green_s, yellow_s, all_red_s: 1.0 }
    }

    #[test]
    fn a_plan_that_could_hurt_somebody_is_refused() {
        assert_eq!(SignalPlan::new(0.0, vec![]), Err(SignalPlanError::NoPhases));
        assert!(matches!(SignalPlan::new(0.0, vec![phase(0.0, 3.0)]), Err(SignalPlanError::BadTime { what: "green", .. })));
        assert!(matches!(SignalPlan::new(0.0, vec![phase(30.0, 2.0)]), Err(SignalPlanError::BadTime { what: "yellow", .. })));
        assert!(matches!(SignalPlan::new(f32::NAN, vec![phase(30.0, 3.0)]), Err(SignalPlanError::BadTime { what: "offset", .. })));
    }

    #[test]
    fn reading_a_plan_from_a_file_checks_it_too() {
        let bytes = postcard::to_stdvec(&(0.0f32, vec![phase(30.0, 1.0)])).unwrap();
        assert!(postcard::from_bytes::<SignalPlan>(&bytes).is_err());
    }
}
