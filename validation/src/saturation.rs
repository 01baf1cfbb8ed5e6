//! Discharge of queues through a signal: flow per hour of green while the queue lasts, and its course over the green.

use crate::{
    check::{Check, Measure, Trouble},
    promises::{CARS, MOTORCYCLES},
    town::{Dice, Mix, approach, class_of, simulation_with, trip},
};
use sim_core::{class::ClassTable, frame::Light, ids::LinkId, network::RoadNetwork};
use std::sync::Arc;

/// Length of the approach, metres.
const LENGTH_M: f64 = 500.0;
/// Green, seconds, as [`approach`] has it.
const GREEN_S: f64 = 45.0;
/// Time before anything is counted, seconds.
const WARM_S: f64 = 320.0;
/// Length of a count in a green, seconds: the counts of Nguyen & Montgomery (2007) are as long.
pub const COUNT_S: f64 = 4.0;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![Check::new("theory-step-length", "saturation and free travel at steps of 0.25, 0.5 and 1 s", |_| step_length())]
}

/// The crossings of the stop line of a saturated approach, each as seconds since its green began.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Discharge {
    /// The crossings of each green, in order: time, and whether it was a two-wheeler.
    pub greens: Vec<Vec<(f64, bool)>>,
}

impl Discharge {
    /// Flow in each [`COUNT_S`] of green, vehicles per hour.
    pub fn curve_per_h(&self) -> Vec<f64> {
        let bins = (GREEN_S / COUNT_S) as usize;
        let count = |bin: usize| self.all().filter(|(t, _)| (t / COUNT_S) as usize == bin).count() as f64;
        (0..bins).map(|bin| count(bin) / (self.greens.len() as f64 * COUNT_S) * 3_600.0).collect()
    }

    fn all(&self) -> impl Iterator<Item = &(f64, bool)> {
        self.greens.iter().flatten()
    }

    /// Saturation flow: vehicles after the first of those that cross from the eighth second of green on, over the time they take.
    pub fn saturation_per_h(&self) -> f64 {
        let (mut vehicles, mut time_s) = (0.0, 0.0);
        for green in &self.greens {
            let late: Vec<f64> = green.iter().map(|(t, _)| *t).filter(|t| (2.0 * COUNT_S..=GREEN_S).contains(t)).collect();
            if let (Some(first), Some(last)) = (late.first(), late.last()) {
                vehicles += late.len() as f64 - 1.0;
                time_s += last - first;
            }
        }
        vehicles / time_s * 3_600.0
    }

    /// The share of two-wheelers among those that crossed.
    pub fn share_two_wheelers(&self) -> f64 {
        self.all().filter(|(_, two)| *two).count() as f64 / self.all().count() as f64
    }

    /// Start-up lost time: what the first eight seconds discharge less than saturation would, seconds.
    pub fn lost_s(&self) -> f64 {
        let saturation = self.saturation_per_h();
        self.curve_per_h()[..2].iter().map(|q| COUNT_S * (1.0 - q / saturation)).sum()
    }
}

/// The discharge of an approach of `lanes` lanes of `lane_m`, cut into pieces of `piece_m`, that is kept saturated for `greens` greens.
///
/// # Errors
/// What the engine has against it.
pub fn discharge(classes: &ClassTable, mix: Mix, road: (u8, f32), piece_m: f64, step_s: f32, greens: usize) -> Result<Discharge, Trouble> {
    let (lanes, lane_m) = road;
    let (network, route) = approach(lanes, lane_m, LENGTH_M, piece_m, true)?;
    discharge_of(
        &Approach { network, route, width_m: f64::from(lanes) * f64::from(lane_m), line_m: LENGTH_M - 5.0 },
        classes,
        mix,
        step_s,
        greens,
    )
}

/// A way from the west to a stop line with a signal, and past it.
#[derive(Clone, Debug)]
pub struct Approach {
    /// The roads.
    pub network: Arc<RoadNetwork>,
    /// The way; its last two links are those before and behind the signal.
    pub route: Arc<[LinkId]>,
    /// Width of the carriageway before the line, metres.
    pub width_m: f64,
    /// Where the line is, metres east of where the way begins.
    pub line_m: f64,
}

/// The discharge of this approach, kept saturated for `greens` greens.
///
/// # Errors
/// What the engine has against it.
pub fn discharge_of(place: &Approach, classes: &ClassTable, mix: Mix, step_s: f32, greens: usize) -> Result<Discharge, Trouble> {
    let Approach { network, route, width_m, line_m } = place;
    let mut dice = Dice::new(29);
    let two_wheelers: f64 = mix.iter().filter(|(c, _)| c.is_two_wheeler()).map(|(_, share)| share).sum();
    let per_s = width_m * (300.0 + two_wheelers * 1_400.0) / 3_600.0;
    let last = route[route.len() - 2];
    let movement = network.movement_between(last, route[route.len() - 1]).ok_or_else(|| Trouble::Broken("no way over the line".into()))?;
    let cycle_s = f64::from(network.controllers.first().map_or(0.0, |c| c.plan.cycle_s()));
    let end_s = WARM_S + greens as f64 * cycle_s;
    let count = (per_s * end_s) as usize;
    let trips: Vec<_> =
        (0..count).map(|i| trip(format!("t{i:06}"), class_of(mix, &mut dice), i as f64 / per_s, 0.0, 280.0, route)).collect();
    let mut simulation = simulation_with(network, classes.clone(), trips, step_s)?;
    let mut has_crossed = vec![false; count];
    let (mut out, mut began_s, mut is_counting, mut was_green) = (Discharge::default(), 0.0, false, false);
    while simulation.time_s() < end_s {
        simulation.step();
        let frame = simulation.frame();
        let is_green = frame.lights[movement.index()] == Some(Light::Green);
        if is_green && !was_green && frame.time_s > WARM_S {
            out.greens.push(Vec::new());
            (began_s, is_counting) = (frame.time_s - f64::from(step_s), true);
        }
        was_green = is_green;
        let mut crossed = Vec::new();
        for v in &frame.vehicles {
            let past_m = v.centre.x + f64::from(v.length_m) * 0.5 - line_m;
            if past_m > 0.0 && !std::mem::replace(&mut has_crossed[v.id.index()], true) {
                let at_s = frame.time_s - past_m / f64::from(v.speed_mps).max(0.1);
                crossed.push((at_s - began_s, v.class.is_two_wheeler()));
            }
        }
        crossed.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some(green) = out.greens.last_mut().filter(|_| is_counting) {
            green.extend(crossed);
        }
    }
    // The last green may not be whole.
    out.greens.pop();
    Ok(out)
}

/// Saturation flow of two lanes of 3.5 m with the shipped classes, vehicles per hour of green.
///
/// # Errors
/// What the engine has against it.
pub fn saturation_per_h(mix: Mix, piece_m: f64, step_s: f32, greens: usize) -> Result<f64, Trouble> {
    Ok(discharge(&ClassTable::default(), mix, (2, 3.5), piece_m, step_s, greens)?.saturation_per_h())
}

/// Mean time of lone vehicles over 800 m, seconds.
fn free_time_s(mix: Mix, step_s: f32) -> Result<f64, Trouble> {
    let (network, route) = approach(2, 3.5, LENGTH_M, LENGTH_M, false)?;
    let mut dice = Dice::new(3);
    let trips = (0..40).map(|i| trip(format!("t{i}"), class_of(mix, &mut dice), f64::from(i) * 60.0, 0.0, 280.0, &route)).collect();
    let mut simulation = simulation_with(&network, ClassTable::default(), trips, step_s)?;
    while simulation.time_s() < 2_600.0 {
        simulation.step();
    }
    let times: Vec<f64> = simulation.measurements().trips.iter().filter_map(|t| Some(t.arrived_s? - t.depart_s)).collect();
    Ok(times.iter().sum::<f64>() / times.len() as f64)
}

fn step_length() -> Result<Vec<Measure>, Trouble> {
    let mut measures = Vec::new();
    for (mix, what) in [(CARS, "cars"), (MOTORCYCLES, "motorcycles")] {
        let reference = (saturation_per_h(mix, LENGTH_M, 0.5, 30)?, free_time_s(mix, 0.5)?);
        measures.push(Measure::shown(format!("{what}: saturation at steps of 0.5 s, vehicles/h on 7 m"), reference.0).decimals(0));
        measures.push(Measure::shown(format!("{what}: free travel at steps of 0.5 s, s"), reference.1));
        for step_s in [0.25, 1.0] {
            let because = "less than 3 % from steps of 0.5 s";
            let flow = saturation_per_h(mix, LENGTH_M, step_s, 30)?;
            let title = format!("{what}: saturation at steps of {step_s} s");
            // A step of 1 s is longer than a rider's headway: what stands behind the line is then seen too late to follow it as closely.
            let is_judged = f64::from(step_s) < 1.0 || what == "cars";
            let measure = if is_judged { Measure::near(title, flow, reference.0, 0.03, because) } else { Measure::shown(title, flow) };
            measures.push(measure.decimals(0));
            let time = free_time_s(mix, step_s)?;
            measures.push(Measure::near(format!("{what}: free travel at steps of {step_s} s, s"), time, reference.1, 0.03, because));
        }
    }
    Ok(measures)
}
