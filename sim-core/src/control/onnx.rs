//! A controller trained elsewhere: a network in the ONNX format scores the phases of a junction, and the best gets green.
//!
//! The network has one input, a row of [`FEATURES`] numbers for each phase, and one output, a score for each row. So one network serves
//! junctions with any number of phases. What the numbers mean stands at [`rows`]. Inference is compiled in by the feature `onnx`.

use super::{ControlError, Controller, GroupLook, Needs, View, Wish};
use crate::{frame::Light, network::Phase};
use serde::{Deserialize, Serialize};

#[cfg(feature = "onnx")]
mod inference;
mod policy;
#[cfg(test)]
#[cfg(feature = "onnx")]
mod tests;

pub use policy::Policy;

/// Numbers that are told of each phase.
pub const FEATURES: usize = 12;
/// Vehicles a lane are told in units of so many, so that most numbers are between 0 and 1.
const TENS: f32 = 10.0;
/// Times are told in minutes.
const MINUTE_S: f32 = 60.0;

/// Green for the phase that a network scores highest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Onnx {
    /// Time between two choices, yellow and all-red included, seconds (assumed 10).
    pub interval_s: f64,
    /// The network.
    pub policy: Policy,
    phase: usize,
    /// When the next choice is due, seconds after midnight; `None` before the first.
    next_s: Option<f64>,
}

impl Default for Onnx {
    fn default() -> Self {
        Self::with(Policy::default())
    }
}

impl Onnx {
    /// The controller with this network.
    pub fn with(policy: Policy) -> Self {
        Self { interval_s: 10.0, policy, phase: 0, next_s: None }
    }
}

/// What the network is told, a row for each phase:
///
/// 0. whether it is the present one, 0 or 1
/// 1. for how long it has been green, minutes; 0 if it is not
/// 2. for how long the group of it that waits longest has not been green, minutes
/// 3. queued vehicles a lane, summed over its groups, in tens
/// 4. the same of its group with the most
/// 5. vehicles a lane that drive up to it, summed over its groups, in tens
/// 6. queued vehicles a lane where its groups lead, in tens
/// 7. number 3 less number 6
/// 8. its groups with somebody at the stop line, in fours
/// 9. number 7 of the other phase that has the most of it
/// 10. number 3 of the other phase that has the most of it
/// 11. time between two choices, minutes
pub fn rows(view: &View, present: usize, interval_s: f64) -> Vec<[f32; FEATURES]> {
    let phases = view.plan.phases();
    let mut rows: Vec<[f32; FEATURES]> =
        phases.iter().enumerate().map(|(p, phase)| row(view, p, phase, p == present, interval_s)).collect();
    let of = |n: usize| rows.iter().map(|r| r[n]).collect::<Vec<f32>>();
    let (pressure, queue) = (of(7), of(3));
    let most = |of: &[f32], but: usize| {
        let others = of.iter().enumerate().filter(|(p, _)| *p != but);
        others.map(|(_, x)| *x).reduce(f32::max).unwrap_or(0.0)
    };
    for (p, row) in rows.iter_mut().enumerate() {
        (row[9], row[10]) = (most(&pressure, p), most(&queue, p));
    }
    rows
}

fn row(view: &View, p: usize, phase: &Phase, is_present: bool, interval_s: f64) -> [f32; FEATURES] {
    let groups = || phase.groups.iter().map(|g| &view.groups[usize::from(*g)]);
    let sum = |f: &dyn Fn(&GroupLook) -> f32| groups().map(f).sum::<f32>() / TENS;
    let per_lane = |x: f32, l: &GroupLook| x / l.lanes.max(0.5);
    let minutes = |s: f64| (s.min(3600.0) as f32) / MINUTE_S;
    let queue = sum(&|l| per_lane(l.queue, l));
    let ahead = sum(&|l| l.exit_queue_per_lane);
    [
        f32::from(u8::from(is_present)),
        view.green_s(p).filter(|_| is_present).map_or(0.0, minutes),
        groups().filter(|l| l.light != Light::Green).map(|l| minutes(l.lit_s)).fold(0.0, f32::max),
        queue,
        groups().map(|l| per_lane(l.queue, l)).fold(0.0, f32::max) / TENS,
        sum(&|l| per_lane(l.moving, l)),
        ahead,
        queue - ahead,
        groups().filter(|l| l.present).count() as f32 / 4.0,
        0.0,
        0.0,
        minutes(interval_s),
    ]
}

impl Controller for Onnx {
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        self.phase = self.phase.min(view.plan.phases().len() - 1);
        let leaves = self.phase;
        if self.next_s.is_none_or(|next_s| view.time_s + view.step_s / 2.0 >= next_s) {
            let scores = self.policy.scores(&rows(view, self.phase, self.interval_s)).map_err(ControlError)?;
            // Of equal ones the present phase stays, else the first.
            let mut best = self.phase;
            for (p, score) in scores.iter().enumerate() {
                if *score > scores[best] {
                    best = p;
                }
            }
            self.phase = best;
            self.next_s = Some(view.time_s + self.interval_s);
        }
        Ok(Wish::phase(view.plan, self.phase, leaves))
    }

    fn needs(&self) -> Needs {
        Needs::Exits
    }

    fn is_central(&self) -> bool {
        true
    }

    fn observes(&self) -> &'static str {
        "cameras on its approaches and, through the centre, at the ends of the links it leads into; presence at stop lines"
    }

    fn problem(&self) -> Option<String> {
        if !(5.0..=120.0).contains(&self.interval_s) {
            return Some(format!("the interval between decisions is {} s, expected 5 to 120 s", self.interval_s));
        }
        self.policy.problem()
    }
}
