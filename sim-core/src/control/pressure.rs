//! What the max-pressure controllers share: the pressure of a phase, and choosing a phase at the end of each interval.

use super::{GroupLook, View, Wish};
use serde::{Deserialize, Serialize};

/// The sum of `of` over the groups of each phase.
pub(super) fn by_phase(view: &View, of: impl Fn(&GroupLook) -> f32) -> Vec<f32> {
    view.plan.phases().iter().map(|p| p.groups.iter().map(|g| of(&view.groups[usize::from(*g)])).sum()).collect()
}

/// Pressure of a group: who queues for it less who queues where it leads (Varaiya, Transportation Research C 36, 2013).
pub(super) fn plain(look: &GroupLook) -> f32 {
    look.queue - look.exit_queue
}

/// The same by lane: mean queue of the lanes it comes from less that of the lanes it leads into (Wu et al. 2021).
pub(super) fn efficient(look: &GroupLook) -> f32 {
    look.queue / look.lanes.max(0.5) - look.exit_queue_per_lane
}

/// A choice among phases that is made anew after each interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Choice {
    phase: usize,
    /// When the next choice is due, seconds after midnight; `None` before the first.
    next_s: Option<f64>,
}

impl Choice {
    /// The wish of this step. At the end of each interval `choose` gets the present phase and says the next one.
    pub(super) fn wish(&mut self, view: &View, interval_s: f64, choose: impl FnOnce(usize) -> usize) -> Wish {
        let count = view.plan.phases().len();
        self.phase = self.phase.min(count - 1);
        let leaves = self.phase;
        let due = self.next_s.is_none_or(|next_s| view.time_s + view.step_s / 2.0 >= next_s);
        if due {
            self.phase = choose(self.phase).min(count - 1);
            self.next_s = Some(view.time_s + interval_s);
        }
        Wish::phase(view.plan, self.phase, leaves)
    }
}

/// The phase with the most pressure; the present one if none has more, else the first.
pub(super) fn most(pressures: &[f32], present: usize) -> usize {
    let mut best = present;
    for (p, pressure) in pressures.iter().enumerate() {
        if *pressure > pressures[best] {
            best = p;
        }
    }
    best
}

/// Whether an interval between decisions makes sense.
pub(super) fn interval_problem(interval_s: f64) -> Option<String> {
    (!(5.0..=120.0).contains(&interval_s)).then(|| format!("the interval between decisions is {interval_s} s, expected 5 to 120 s"))
}
