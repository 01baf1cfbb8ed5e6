//! What is known for certain of when a group will be green: what a signal may tell to vehicles.
//!
//! A signal that runs its plan by the clock knows its whole future. One that answers to traffic knows only how early a red can end: greens
//! that conflict last their shortest time, then come yellow and all-red.

use super::super::{ConflictMatrix, Controller, Needs};
use super::{Level, Signal};
use crate::frame::Light;

/// So many greens ahead are told.
const TOLD: usize = 3;

/// When a group may be green.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Forecast {
    /// From when until when, seconds after midnight, in order; the last may be without end.
    pub(crate) greens: Vec<(f64, f64)>,
}

impl Signal {
    /// What can be told of group `g` at `now`.
    pub(crate) fn forecast(&self, g: usize, matrix: &ConflictMatrix, now: f64) -> Forecast {
        let by_clock = self.level == Level::Fixed || self.level == Level::Own && self.own.needs() == Needs::Clock && !self.own_failed;
        if by_clock && self.preempted.is_none() && self.helped.is_none() { self.by_plan(g, now) } else { self.at_least(g, matrix, now) }
    }

    /// The next greens of the plan.
    fn by_plan(&self, g: usize, now: f64) -> Forecast {
        let phases = self.plan.phases();
        let has = |p: usize| phases[p % phases.len()].groups.iter().any(|x| usize::from(*x) == g);
        let (first, elapsed_s) = self.plan.phase_at(now);
        let mut at = now - f64::from(elapsed_s);
        let mut greens: Vec<(f64, f64)> = Vec::new();
        for p in first..first + (TOLD + 1) * phases.len() {
            let phase = &phases[p % phases.len()];
            let end = at + f64::from(phase.length_s());
            if has(p) {
                // The only phase of a plan ends before it begins anew.
                let until = if has(p + 1) && phases.len() > 1 { end } else { at + f64::from(phase.green_s) };
                let is_full = greens.len() == TOLD;
                match greens.last_mut() {
                    Some(last) if last.1 >= at => last.1 = until,
                    _ if is_full => break,
                    _ => greens.push((at, until)),
                }
            }
            at = end;
        }
        greens.retain(|(_, until)| *until > now);
        Forecast { greens }
    }

    /// From when on it may be green, at the earliest.
    fn at_least(&self, g: usize, matrix: &ConflictMatrix, now: f64) -> Forecast {
        let guard = &self.guard;
        if guard.lit(g, now).0 == Light::Green {
            return Forecast { greens: vec![(now, f64::INFINITY)] };
        }
        Forecast { greens: vec![(guard.earliest_green_s(g, matrix, now), f64::INFINITY)] }
    }
}
