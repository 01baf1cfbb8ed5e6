//! Model-predictive control: a model of the queues is rolled forward under many sequences of phases, and the first step of the best is taken.

use super::{ControlError, Controller, GroupLook, Inflow, Needs, Outlook, RANGE_M, View, Wish};
use crate::frame::Light;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

mod model;
mod streams;
#[cfg(test)]
mod tests;

use model::Model;
use streams::Streams;

/// Model-predictive control of one junction with a rolling horizon, in the manner of OPAC (Gartner 1983) and COP (Sen and Head 1997).
///
/// What it knows it estimates from its detectors: queues and who drives up to them from cameras, who follows from counts by lane where the
/// approaches begin, shares of turns and saturation flows from counts at the stop lines; controllers like it upstream tell what they mean to let pass.
/// It knows nobody's route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Predictive {
    /// Time between two choices, yellow and all-red included, seconds (assumed 5; benchmarks use 15 and 30 s).
    pub interval_s: f64,
    /// How far it looks ahead, seconds (assumed 60; OPAC and COP look 50 to 100 s ahead).
    pub horizon_s: f64,
    /// How much less a vehicle's wait counts that would only join a queue at the next signal, 0 to 1 (assumed 0.9; of 0 to 0.9 the least
    /// travel time on two of the benchmarks, by little).
    pub heed: f32,
    phase: usize,
    /// When the next choice is due, seconds after midnight; `None` before the first.
    next_s: Option<f64>,
    /// When green is due for the phase that was chosen last, seconds after midnight.
    green_due_s: f64,
    streams: Streams,
    /// What it meant to do when it last chose.
    outlook: Option<Outlook>,
}

impl Default for Predictive {
    fn default() -> Self {
        Self {
            interval_s: 5.0,
            horizon_s: 60.0,
            heed: 0.9,
            phase: 0,
            next_s: None,
            green_due_s: 0.0,
            streams: Streams::default(),
            outlook: None,
        }
    }
}

impl Predictive {
    /// Whether it chooses in the step that begins at `time_s`.
    pub(super) fn is_due(&self, time_s: f64, step_s: f64) -> bool {
        self.next_s.is_none_or(|next_s| time_s + step_s / 2.0 >= next_s)
    }

    /// How long the chosen phase will still have no green, as a negative number of seconds: a second more when it is late.
    fn still_lost_s(&self, view: &View) -> f32 {
        (view.time_s - self.green_due_s).min(-1.0) as f32
    }
}

impl Controller for Predictive {
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        self.phase = self.phase.min(view.plan.phases().len() - 1);
        self.streams.observe(view);
        let leaves = self.phase;
        if self.is_due(view.time_s, view.step_s) {
            let model = Model::new(self, view);
            let best = model.best(self.phase);
            let usual = (0..view.groups.len()).map(|g| self.streams.usual(g) as f32).collect();
            self.outlook = Some(Outlook { from_s: view.time_s, passes: model.passes(self.phase, &best), usual });
            self.phase = best.first().copied().unwrap_or(self.phase);
            if self.phase != leaves {
                let left = &view.plan.phases()[leaves];
                self.green_due_s = view.time_s + f64::from(left.yellow_s + left.all_red_s);
            }
            self.next_s = Some(view.time_s + self.interval_s);
        }
        Ok(Wish::phase(view.plan, self.phase, leaves))
    }

    fn needs(&self) -> Needs {
        Needs::Entries
    }

    fn is_central(&self) -> bool {
        true
    }

    fn wants_inflow(&self, time_s: f64, step_s: f64) -> bool {
        self.is_due(time_s, step_s)
    }

    fn outlook(&self) -> Option<&Outlook> {
        self.outlook.as_ref()
    }

    fn observes(&self) -> &'static str {
        "cameras on its approaches and, through the centre, at the ends of the links it leads into; counts at stop lines and, by lane, where approaches begin; what controllers like it upstream mean to do"
    }

    fn problem(&self) -> Option<String> {
        if !(1.0..=120.0).contains(&self.interval_s) {
            return Some(format!("the interval between decisions is {} s, expected 1 to 120 s", self.interval_s));
        }
        if !(10.0..=300.0).contains(&self.horizon_s) {
            return Some(format!("the horizon is {} s, expected 10 to 300 s", self.horizon_s));
        }
        (!(0.0..=1.0).contains(&self.heed)).then(|| format!("the heed of queues ahead is {}, expected 0 to 1", self.heed))
    }
}
