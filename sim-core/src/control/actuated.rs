//! Actuated control: a green lasts as long as somebody comes, within bounds; phases that nobody waits for are skipped.

use super::{ControlError, Controller, GroupLook, Needs, View, Wish};
use serde::{Deserialize, Serialize};

/// Vehicle-actuated control on stop-line detectors, phases in the order of the plan (FHWA Traffic Signal Timing Manual, 2nd ed., chapter 5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Actuated {
    /// The shortest green, seconds (assumed 7; the manual has 4 to 15 s).
    pub min_green_s: f64,
    /// The longest green while others wait, seconds; `None` for one and a half times the plan's.
    pub max_green_s: Option<f64>,
    /// The green ends when nobody has been on the stop-line detector for so long, seconds (the manual has 2 to 4 s).
    pub gap_s: f64,
    /// The phase that has or gets green.
    phase: usize,
    /// When somebody was last seen on its detectors, seconds after midnight.
    seen_s: f64,
}

impl Default for Actuated {
    fn default() -> Self {
        Self { min_green_s: 7.0, max_green_s: None, gap_s: 2.5, phase: 0, seen_s: 0.0 }
    }
}

/// Whether a group asks for green; one whose detectors failed always does.
fn calls(look: &GroupLook) -> bool {
    look.present || look.failed
}

impl Actuated {
    /// The next phase in order with somebody waiting who has no green now.
    fn next(&self, view: &View) -> Option<usize> {
        let phases = view.plan.phases();
        let now = &phases[self.phase].groups;
        let waits = |p: &usize| phases[*p].groups.iter().any(|g| !now.contains(g) && calls(&view.groups[usize::from(*g)]));
        (1..phases.len()).map(|n| (self.phase + n) % phases.len()).find(waits)
    }
}

impl Controller for Actuated {
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        let phases = view.plan.phases();
        self.phase = self.phase.min(phases.len() - 1); // the plan may have been changed for one with fewer
        let current = &phases[self.phase];
        let leaves = self.phase;
        if current.groups.iter().any(|g| view.groups[usize::from(*g)].present) {
            self.seen_s = view.time_s;
        }
        let Some(green_s) = view.green_s(self.phase) else {
            self.seen_s = view.time_s;
            return Ok(Wish::phase(view.plan, self.phase, leaves));
        };
        let failed = current.groups.iter().any(|g| view.groups[usize::from(*g)].failed);
        let plan_s = f64::from(current.green_s);
        // Without eyes the green lasts as long as planned.
        let max_s = if failed { plan_s } else { self.max_green_s.unwrap_or(1.5 * plan_s) }.max(self.min_green_s);
        let has_gap = !failed && view.time_s - self.seen_s >= self.gap_s;
        if green_s >= self.min_green_s
            && (has_gap || green_s >= max_s)
            && let Some(next) = self.next(view)
        {
            self.phase = next;
            self.seen_s = view.time_s;
        }
        Ok(Wish::phase(view.plan, self.phase, leaves))
    }

    fn needs(&self) -> Needs {
        Needs::StopLine
    }

    fn observes(&self) -> &'static str {
        "stop-line detectors of its own approaches: whether somebody is there"
    }

    fn problem(&self) -> Option<String> {
        if !(1.0..=60.0).contains(&self.min_green_s) {
            return Some(format!("the shortest green is {} s, expected 1 to 60 s", self.min_green_s));
        }
        if self.max_green_s.is_some_and(|m| !(self.min_green_s..=300.0).contains(&m)) {
            return Some(format!("the longest green is {:?} s, expected the shortest to 300 s", self.max_green_s.unwrap_or(0.0)));
        }
        (!(0.5..=20.0).contains(&self.gap_s)).then(|| format!("the gap is {} s, expected 0.5 to 20 s", self.gap_s))
    }
}
