//! Speed advice from signals (GLOSA): equipped vehicles within range of a signal slow down early rather than stop.
//!
//! They hear when the signal may be green ([`crate::control`] tells what is known for certain: all of a plan by the clock; of a signal that answers
//! to traffic only before when a red cannot end) and choose the highest speed, below their own, at which they arrive in a green. Advice changes
//! the desired speed alone; nobody brakes for it harder than [`EASY_MPS2`], and who would have to crawl drives on.

use crate::{
    class::ClassSet,
    control::{Forecast, Signal},
    draw::{self, Draw},
    ids::LinkId,
    network::JunctionKind,
    plan::Plan,
    segment::{HOLDER, LAST, Road, TAIL},
};
use serde::{Deserialize, Serialize};

/// How often advice is given, seconds.
const EVERY_S: f64 = 1.0;
/// Braking for advice is not stronger than this, m/s² (assumed: letting the engine brake).
const EASY_MPS2: f32 = 0.8;
/// Who arrives plans to do so this long after the green begins, seconds (assumed: those who stood there have set off).
const AFTER_S: f64 = 2.0;
/// And this long before it ends, seconds.
const BEFORE_S: f64 = 1.0;

/// Speed advice from signals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpeedAdvice {
    /// Classes with it.
    pub classes: ClassSet,
    /// Which share of them is equipped and follows it, 0 to 1.
    pub share: f32,
    /// How far from the stop line a signal is heard, metres, 20 to 2000 (300 assumed: direct radio in a town).
    pub range_m: f32,
    /// No lower speed is advised, m/s, 1 to 20 (20 km/h assumed).
    pub slowest_mps: f32,
}

impl SpeedAdvice {
    /// Advice for a share of some classes.
    pub fn new(classes: ClassSet, share: f32) -> Self {
        Self { classes, share, range_m: 300.0, slowest_mps: 20.0 / 3.6 }
    }

    /// The first number out of range.
    pub(super) fn problem(&self) -> Option<String> {
        [
            ("share", self.share, 0.0, 1.0),
            ("range in metres", self.range_m, 20.0, 2000.0),
            ("slowest advice in m/s", self.slowest_mps, 1.0, 20.0),
        ]
        .into_iter()
        .find(|(_, value, least, most)| !(*least..=*most).contains(value))
        .map(|(what, value, least, most)| format!("the {what} is {value}, expected {least} to {most}"))
    }
}

/// The speed to drive so as to cross a line `way` metres ahead in one of these greens, m/s; `wish` if no advice helps.
pub(crate) fn advised(forecast: &Forecast, way: f32, wish: f32, slowest: f32, now: f64) -> f32 {
    let soonest = now + f64::from(way / wish);
    let Some((from, _)) = forecast.greens.iter().find(|(_, until)| soonest <= until - BEFORE_S) else { return wish };
    if soonest >= *from {
        return wish;
    }
    let speed = f64::from(way) / (from + AFTER_S - now);
    if speed < f64::from(slowest) { wish } else { (speed as f32).min(wish) }
}

/// Sets the desired speeds of equipped vehicles on roads that lead to signals.
pub(crate) fn advise(plan: &Plan, roads: &mut [&mut Road], signals: &[&mut Signal], step: u64, now: f64) {
    let Some(advice) = &plan.fleet.advice else { return };
    if !step.is_multiple_of(((EVERY_S / f64::from(plan.dt)) as u64).max(1)) {
        return;
    }
    for (l, road) in roads.iter_mut().enumerate() {
        let link = LinkId::from_index(l);
        if road.rows.is_empty() {
            continue;
        }
        let network = &plan.network;
        let JunctionKind::Signal(controller) = network.junction(network.link(link).to).kind else { continue };
        let length = network.link(link).length_m;
        let mut known: Vec<(u16, Forecast)> = Vec::new();
        for row in &mut road.rows {
            let way = length - row.s;
            if way > advice.range_m {
                break;
            }
            if row.is(LAST | TAIL) || row.next == u32::MAX || !is_advised(plan, advice, row.id) {
                continue;
            }
            let wish = plan.wish(row.id, link);
            row.v0 = wish;
            let Some(group) = network.movements[row.next as usize].group.filter(|_| !row.is(HOLDER) && !row.halt.is_finite()) else {
                continue;
            };
            let at = known.iter().position(|(g, _)| *g == group).unwrap_or_else(|| {
                let matrix = &plan.control.junctions[controller.index()].matrix;
                known.push((group, signals[controller.index()].forecast(usize::from(group), matrix, now)));
                known.len() - 1
            });
            let speed = advised(&known[at].1, way, wish, advice.slowest_mps, now);
            // The free term of the law brakes by `EASY_MPS2` at this speed.
            let accel = plan.bodies[usize::from(row.kind)].driver.accel;
            let gently = row.v / (1.0 + EASY_MPS2 / accel).sqrt().sqrt();
            row.v0 = speed.max(gently).min(wish);
        }
    }
}

fn is_advised(plan: &Plan, advice: &SpeedAdvice, id: crate::ids::VehicleId) -> bool {
    advice.classes.contains(plan.trips[id.index()].class)
        && draw::uniform(plan.config.seed, Draw::Advised, plan.keys[id.index()], 0) < f64::from(advice.share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slows_down_to_arrive_in_the_next_green_and_not_for_less_than_is_worth_it() {
        let forecast = |greens: &[(f64, f64)]| Forecast { greens: greens.to_vec() };
        // Green from 30 to 50 s: 200 m away at 12 m/s one would be there after 17 s.
        let speed = advised(&forecast(&[(30.0, 50.0)]), 200.0, 12.0, 5.5, 0.0);
        assert!((speed - 200.0 / 32.0).abs() < 1e-5, "{speed}");
        // In the green: no advice. Too late for it: the next one counts.
        assert_eq!(advised(&forecast(&[(10.0, 50.0)]), 200.0, 12.0, 5.5, 0.0), 12.0);
        let speed = advised(&forecast(&[(0.0, 15.0), (28.0, 50.0)]), 200.0, 12.0, 5.5, 0.0);
        assert!((speed - 200.0 / 30.0).abs() < 1e-5, "{speed}");
        // One would have to crawl: it stops like everybody.
        assert_eq!(advised(&forecast(&[(60.0, 80.0)]), 200.0, 12.0, 5.5, 0.0), 12.0);
        assert_eq!(advised(&forecast(&[]), 200.0, 12.0, 5.5, 0.0), 12.0);
    }
}
