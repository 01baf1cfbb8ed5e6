//! Motorcycles, against what was measured in Hanoi: capacity between junctions, discharge at a signal, and how many one car stands for.

use crate::{
    check::{Check, Measure, Trouble},
    promises::{CARS, MOTORCYCLES},
    saturation::discharge,
    town::{Dice, Mix, class_of, classes_with, simulation_with, straight, trip},
};
use sim_core::{
    class::{ClassSet, ClassTable, VehicleClass},
    ids::LinkId,
    incident::{Effect, Incident},
};
use std::sync::Arc;

/// Width of a lane, metres: the sources give lanes, not widths (assumed).
const LANE_M: f32 = 3.5;
/// The road, metres.
const ROAD_M: f64 = 1_500.0;
/// Where flow is counted, metres: upstream of the bottleneck.
const COUNT_AT_M: f64 = 900.0;
/// Where the bottleneck begins, metres.
const BOTTLENECK_M: f32 = 1_200.0;
/// Nobody drives faster in it, m/s: it then carries about what the road does, so that a queue forms only when the road is full.
const BOTTLENECK_MPS: f32 = 5.0;
/// Demand grows to this much per lane, motorcycles an hour: well beyond what any road carries.
const DEMAND_PER_LANE_H: f64 = 13_000.0;
/// Length of a count, seconds.
const COUNT_S: f64 = 300.0;
/// Capacity per direction in motorcycles an hour for 2, 3 and 4 lanes (Cao & Sano, Journal of Transportation Engineering 138(6), 2012).
pub const HANOI_PER_H: [(u8, f64); 3] = [(2, 13_358.0), (3, 21_725.0), (4, 24_335.0)];
/// Motorcycles that one car stands for (the same source).
const CAR_IN_MOTORCYCLES: f64 = 3.4;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check::new("hanoi-link-capacity", "largest 5-minute flow of motorcycles upstream of a bottleneck, 2 to 4 lanes", |_| {
            link_capacity()
        }),
        Check::new("hanoi-car-equivalent", "how many motorcycles one car stands for between junctions, by substitution", |_| equivalents()),
        Check::new("hanoi-calibration", "the headway that fits best, and what the fit to two road widths predicts for the third", |_| {
            calibration()
        }),
        Check::new("hanoi-discharge", "discharge of a swarm per 4 s of green, start-up lost time, what cars take from it", |_| {
            discharge_of_swarm()
        }),
    ]
}

/// The largest flow in five minutes, vehicles per hour, while demand grows beyond what the road carries.
///
/// # Errors
/// What the engine has against it.
pub fn capacity_per_h(classes: &ClassTable, mix: Mix, lanes: u8) -> Result<f64, Trouble> {
    let network = straight(lanes, LANE_M, ROAD_M)?;
    let route: Arc<[LinkId]> = Arc::from([LinkId(0)]);
    let end_s = 1_800.0;
    let most_per_s = f64::from(lanes) * DEMAND_PER_LANE_H / 3_600.0;
    // Demand grows evenly from nothing to its most: the n-th comes at √(2·n·end/most).
    let count = (most_per_s * end_s / 2.0) as usize;
    let mut dice = Dice::new(11);
    let trips: Vec<_> = (0..count)
        .map(|n| {
            let at = (2.0 * n as f64 * end_s / most_per_s).sqrt();
            // They come from side streets along the first stretch.
            let from_m = 40.0 * (n % 8) as f32;
            trip(format!("{n:06}"), class_of(mix, &mut dice), at, from_m, (ROAD_M - 5.0) as f32, &route)
        })
        .collect();
    let mut simulation = simulation_with(&network, classes.clone(), trips, 0.5)?;
    let incident = Incident {
        ref_: "bottleneck".into(),
        link: LinkId(0),
        from_m: BOTTLENECK_M,
        to_m: BOTTLENECK_M + 60.0,
        start_s: 0.0,
        end_s: 1e9,
        classes: ClassSet::ALL,
        effect: Effect::Slow { speed_mps: BOTTLENECK_MPS },
    };
    simulation.add_incident(incident).map_err(Trouble::broken)?;
    let mut has_passed = vec![false; count];
    let mut counts = vec![0u64; (end_s / COUNT_S) as usize + 1];
    while simulation.time_s() < end_s {
        simulation.step();
        let frame = simulation.frame();
        for v in frame.vehicles.iter().filter(|v| v.centre.x > COUNT_AT_M) {
            if !std::mem::replace(&mut has_passed[v.id.index()], true) {
                counts[(frame.time_s / COUNT_S) as usize] += 1;
            }
        }
    }
    Ok(counts.into_iter().max().unwrap_or(0) as f64 * 3_600.0 / COUNT_S)
}

fn link_capacity() -> Result<Vec<Measure>, Trouble> {
    let classes = ClassTable::default();
    let mut measures = Vec::new();
    for (lanes, expected) in HANOI_PER_H {
        let measured = capacity_per_h(&classes, MOTORCYCLES, lanes)?;
        let because = format!("Cao & Sano 2012: {expected:.0} in Hanoi; lanes of 3.5 m assumed; 10 %");
        measures.push(Measure::near(format!("{lanes} lanes, motorcycles/h"), measured, expected, 0.10, because).decimals(0));
    }
    Ok(measures)
}

/// Fits the headway to all three widths, and to each two of them to predict the third.
fn calibration() -> Result<Vec<Measure>, Trouble> {
    let mut tried = Vec::new();
    let mut measures = Vec::new();
    for n in 0..9u8 {
        let headway_s = 0.45 + 0.05 * f32::from(n);
        let classes = classes_with(VehicleClass::Motorcycle, |p| p.headway_s = headway_s)?;
        let mut ratios = [0.0; 3];
        for (ratio, (lanes, expected)) in ratios.iter_mut().zip(HANOI_PER_H) {
            *ratio = capacity_per_h(&classes, MOTORCYCLES, lanes)? / expected;
        }
        let what = format!("headway {headway_s:.2} s: root mean square error of all three, %");
        measures.push(Measure::shown(what, (square_error(&ratios, 3) / 3.0).sqrt() * 100.0).decimals(1));
        tried.push((headway_s, ratios));
    }
    let best = |without: usize| tried.iter().min_by(|a, b| square_error(&a.1, without).total_cmp(&square_error(&b.1, without)));
    let shipped = f64::from(ClassTable::default().get(VehicleClass::Motorcycle).headway_s);
    let Some((fitted, _)) = best(3) else { return Ok(measures) };
    let because = "the shipped headway is the fitted one, within one step of the search";
    measures.push(Measure::within("headway that fits all three best, s", f64::from(*fitted), shipped - 0.051, shipped + 0.051, because));
    for (without, (lanes, expected)) in HANOI_PER_H.into_iter().enumerate() {
        let Some((headway_s, ratios)) = best(without) else { continue };
        let what = format!("{lanes} lanes, predicted by the fit to the others ({headway_s:.2} s), motorcycles/h");
        let because = format!("Cao & Sano 2012: {expected:.0}, not used in this fit; 10 %");
        measures.push(Measure::near(what, ratios[without] * expected, expected, 0.10, because).decimals(0));
    }
    Ok(measures)
}

/// Sum of the squared errors of all ratios but the one at `without`.
fn square_error(ratios: &[f64; 3], without: usize) -> f64 {
    ratios.iter().enumerate().filter(|(i, _)| *i != without).map(|(_, ratio)| (ratio - 1.0).powi(2)).sum()
}

/// Motorcycles that one car stands for, when cars make up `share` of a flow of `mixed` vehicles an hour that would be `alone` without them.
fn equivalent(alone: f64, mixed: f64, share: f64) -> f64 {
    (alone - mixed * (1.0 - share)) / (mixed * share)
}

fn equivalents() -> Result<Vec<Measure>, Trouble> {
    let classes = ClassTable::default();
    let mut measures = Vec::new();
    for lanes in [2, 3] {
        let alone = capacity_per_h(&classes, MOTORCYCLES, lanes)?;
        for share in [0.05, 0.1, 0.2] {
            let mixed = capacity_per_h(&classes, &[(VehicleClass::Motorcycle, 1.0 - share), (VehicleClass::Car, share)], lanes)?;
            measures.push(Measure::near(
                format!("{lanes} lanes, {:.0} % cars: motorcycles that one car stands for", share * 100.0),
                equivalent(alone, mixed, share),
                CAR_IN_MOTORCYCLES,
                0.15,
                "Cao & Sano 2012: 3.4, 15 %, by substitution",
            ));
        }
    }
    Ok(measures)
}

fn discharge_of_swarm() -> Result<Vec<Measure>, Trouble> {
    let classes = ClassTable::default();
    let road = (2, LANE_M);
    let run = |mix: Mix| discharge(&classes, mix, road, 500.0, 0.5, 60);
    let (swarm, cars) = (run(MOTORCYCLES)?, run(CARS)?);
    let mut measures = Vec::new();
    for (i, flow) in swarm.curve_per_h().into_iter().enumerate() {
        let what = format!("motorcycles/h on 7 m from second {} to {} of green", i * 4, i * 4 + 4);
        measures.push(Measure::shown(what, flow).decimals(0));
    }
    measures.push(Measure::shown("start-up lost time of motorcycles, s", swarm.lost_s()));
    measures.push(Measure::shown("start-up lost time of cars, s", cars.lost_s()));
    let alone = swarm.saturation_per_h();
    measures.push(Measure::shown("saturation of motorcycles on 7 m, vehicles/h", alone).decimals(0));
    measures.push(Measure::shown("saturation of cars on 7 m, vehicles/h", cars.saturation_per_h()).decimals(0));
    for share in [0.05, 0.1, 0.2] {
        let mixed = run(&[(VehicleClass::Motorcycle, 1.0 - share), (VehicleClass::Car, share)])?;
        let flow = mixed.saturation_per_h();
        let two = mixed.share_two_wheelers();
        measures.push(Measure::shown(
            format!("{:.0} % cars in the queue: motorcycles that one car stands for", (1.0 - two) * 100.0),
            equivalent(alone, flow, 1.0 - two),
        ));
    }
    Ok(measures)
}
