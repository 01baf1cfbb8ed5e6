//! Iterated assignment: brings route choice toward user equilibrium, where nobody could be quicker on another way (Wardrop 1952).
//!
//! Simulation and choice take turns. After each run every trip's own way and its quickest way are timed at the travel times the run showed,
//! by link, class and time of day ([`times::LinkTimes`]); the *relative gap* is what all could have saved, over the time of all quickest
//! ways: `Σ (cᵢ − cᵢ*) / Σ cᵢ*`, 0 at equilibrium. Then some trips change to their quickest way.
//!
//! A step that makes the gap [`Rule::noise`] times as large or more is taken back and tried again with other draws and a step [`Rule::worse`] times as
//! short; any other is kept and lets the next be longer again by [`Rule::better`]. What a handful of trips changes sways a simulation with signals by more
//! than they gain, so a slightly larger gap says nothing, and who asks every step for a smaller one stops where luck was best. The method of successive averages shortens its steps whatever they do, its self-regulated form
//! (Liu, He & He, *Networks and Spatial Economics* 9, 2009) more where the gap grew; both keep a bad step, and in a simulation with signals and queues
//! one bad step can block a junction. A trip changes by a keyed draw with the chance
//! `step · gain / full gain`, that of the first step at most, `gain` being what it would save as a share of its time (a swap in proportion to the gain: Lu,
//! Mahmassani & Zhou, *Transportation Research B* 43, 2009): who hardly gains hardly moves, so the choices come to rest. The draw's key is
//! trip and round; one trip more changes no other's draws, only, as in life, the traffic.
//!
//! Whom a closure or a queue would send far round because of the direction of the street at the door turns there: such a way counts as the
//! quickest where it beats the others by half as much again and three minutes.

mod search;
#[cfg(test)]
mod tests;
mod times;

pub use search::{Costs, Search};
pub use times::{Closed, LinkTimes};

use super::{
    door::{turned, worth_turning_s},
    draw_keys::uniform,
};
use rayon::prelude::*;
use serde::Serialize;
use sim_core::{
    demand::{LinkPosition, Purpose, Trip},
    ids::LinkId,
};

/// How long the steps are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// `β` of the first step, which is `1 / β`: one half of those who would gain may change.
    pub first: f64,
    /// A gap so many times that of the ways before is a bad step, one below it may be luck (assumed).
    pub noise: f64,
    /// What `β` is multiplied by after a bad step (assumed).
    pub worse: f64,
    /// What `β` is multiplied by after any other, down to the first at least (assumed).
    pub better: f64,
    /// `β` at most, so that somebody still moves (assumed).
    pub most: f64,
    /// Who would save this share of the time changes with the whole chance of the step, who would save more with more, up to that of the first step
    /// (assumed): those who lose most shall not wait for a long time to move.
    pub full_gain: f64,
}

impl Default for Rule {
    fn default() -> Self {
        Self { first: 2.0, noise: 1.1, worse: 1.6, better: 0.7, most: 16.0, full_gain: 0.1 }
    }
}

/// The length of steps as it has come about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Steps {
    rule: Rule,
    divisor: f64,
}

impl Steps {
    /// Before the first step.
    pub fn new(rule: Rule) -> Self {
        Self { rule, divisor: rule.first }
    }

    /// Learns from a step that brought the gap from `from` to `to`; whether it is kept.
    pub fn keeps(&mut self, from: f64, to: f64) -> bool {
        let is_kept = to < self.rule.noise * from;
        let factor = if is_kept { self.rule.better } else { self.rule.worse };
        self.divisor = (self.divisor * factor).clamp(self.rule.first, self.rule.most);
        is_kept
    }

    /// The chance that somebody changes whose way takes `own_s` and whose quickest takes `best_s`.
    pub fn chance(&self, own_s: f64, best_s: f64) -> f64 {
        let gain = ((own_s - best_s) / own_s.max(1e-9)).max(0.0);
        (gain / self.rule.full_gain / self.divisor).min(1.0 / self.rule.first)
    }
}

/// A way from door to door.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// Where it begins: at the trip's origin, or on the other side of its street.
    pub origin: LinkPosition,
    /// Where it ends, likewise.
    pub destination: LinkPosition,
    /// Its links.
    pub links: Vec<LinkId>,
}

/// A trip's way held against its quickest.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// Time of its own way, seconds.
    pub own_s: f64,
    /// Time of the quickest, seconds.
    pub best_s: f64,
    /// The quickest way, where it is another.
    pub better: Option<Way>,
}

/// All choices together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Gap {
    /// Trips that choose among ways.
    pub trips: u64,
    /// Mean time of their ways, seconds.
    pub mean_s: f64,
    /// Mean time of their quickest ways, seconds.
    pub mean_best_s: f64,
    /// `Σ (cᵢ − cᵢ*) / Σ cᵢ*`.
    pub relative_gap: f64,
}

impl Gap {
    /// The gap of all who choose.
    pub fn of(choices: &[Option<Choice>]) -> Self {
        let (mut trips, mut own_s, mut best_s) = (0u64, 0.0, 0.0);
        for choice in choices.iter().flatten() {
            trips += 1;
            own_s += choice.own_s;
            best_s += choice.best_s;
        }
        let count = (trips as f64).max(1.0);
        let relative_gap = if best_s > 0.0 { (own_s - best_s) / best_s } else { 0.0 };
        Self { trips, mean_s: own_s / count, mean_best_s: best_s / count, relative_gap }
    }
}

/// Whether a trip chooses its way: public transport keeps its line, blue light its order, and who halts on the way its stops.
pub fn chooses(trip: &Trip) -> bool {
    !matches!(trip.purpose, Purpose::PublicTransport | Purpose::Emergency) && trip.halts.is_empty() && trip.route.len() > 1
}

/// Holds every trip's way against its quickest, by trip; `None` for those who do not choose. Runs on the threads of the current pool.
pub fn choices(trips: &[Trip], costs: Costs<'_>) -> Vec<Option<Choice>> {
    let choice = |search: &mut Search<'_>, trip: &Trip| {
        let own_s = costs.time_s(trip, &trip.route)?;
        // Where times do not quite keep the order of those who enter a link, the way found may be the slower one.
        let found = quickest(search, trip, f64::INFINITY).filter(|(time_s, way)| *time_s < own_s && *way.links != *trip.route);
        let beside_s = found.as_ref().map_or(own_s, |(time_s, _)| *time_s);
        Some(match from_other_sides(search, trip, worth_turning_s(beside_s)).or(found) {
            Some((best_s, way)) => Choice { own_s, best_s, better: Some(way) },
            None => Choice { own_s, best_s: own_s, better: None },
        })
    };
    trips.par_iter().map_init(|| Search::new(costs), |search, trip| if chooses(trip) { choice(search, trip) } else { None }).collect()
}

/// The quickest way between a trip's ends and its time, seconds, if there is one of `most_s` at most.
fn quickest(search: &mut Search<'_>, trip: &Trip, most_s: f64) -> Option<(f64, Way)> {
    let links = search.best_within(trip, most_s)?;
    Some((search.costs().time_s(trip, &links)?, Way { origin: trip.origin, destination: trip.destination, links }))
}

/// The quickest way that begins or ends on the other side of the street, and its time, if that is less than `most_s` seconds.
fn from_other_sides(search: &mut Search<'_>, trip: &Trip, mut most_s: f64) -> Option<(f64, Way)> {
    let Costs { network, router, .. } = search.costs();
    let sides = |at| [Some(at), turned(network, at).filter(|t| router.may_drive(trip.class, t.link))];
    let mut best = None;
    for origin in sides(trip.origin).into_iter().flatten() {
        for destination in sides(trip.destination).into_iter().flatten() {
            if (origin, destination) == (trip.origin, trip.destination) {
                continue;
            }
            let found = quickest(search, &Trip { origin, destination, ..trip.clone() }, most_s).filter(|(time_s, _)| *time_s < most_s);
            if let Some((time_s, _)) = &found {
                most_s = *time_s;
                best = found;
            }
        }
    }
    best
}

/// Lets some trips take their quickest way; how many did.
pub fn change(trips: &mut [Trip], choices: Vec<Option<Choice>>, steps: &Steps, seed: u64, round: u64) -> u64 {
    let mut changed = 0;
    for (trip, choice) in trips.iter_mut().zip(choices) {
        let Some(Choice { own_s, best_s, better: Some(way) }) = choice else { continue };
        if uniform(seed, "assign", trip.ref_.as_str(), round) < steps.chance(own_s, best_s) {
            (trip.origin, trip.destination, trip.route) = (way.origin, way.destination, way.links.into());
            changed += 1;
        }
    }
    changed
}
