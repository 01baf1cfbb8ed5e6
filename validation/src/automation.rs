//! Cruise control and autonomous vehicles from none to all: what a lane carries, and what motorcycles around them change.
//!
//! Capacity is the flow that leaves a standing queue of 200 vehicles, seen 3 km on, where they drive nearly as fast as they may. People keep the
//! time gap that was measured beside the drivers of the literature's cruise controls (1.64 s), not the shipped one of a town, so that the curve
//! can be laid beside the published one: Shladover, Su & Lu, Transportation Research Record 2324, 2012.

use crate::{
    check::{Check, Measure, Trouble},
    town::{Dice, approach, class_of, trip},
};
use sim_core::{
    class::{ClassSet, ClassTable, VehicleClass},
    driving::{Automation, Equipped, System},
    ids::LinkId,
    incident::{Effect, Incident},
    network::{RoadNetwork, SpeedLimits},
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;

/// Speed on the motorway, m/s (65 mph, as in the paper).
const MOTORWAY_MPS: f32 = 29.0;
/// Time gap of people in the paper, seconds.
const BY_HAND_S: f32 = 1.64;
/// Vehicles in the queue.
const QUEUE: usize = 200;
/// Those at its head that are not counted.
const HEAD: usize = 20;
/// The line of the queue and the place where flow is counted, metres.
const LINE_M: f32 = 2600.0;
const COUNTED_M: f64 = 5600.0;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check::new("automation-capacity", "What a motorway lane carries with ACC and CACC from none to all", |_| capacity()),
        Check::new("automation-motorcycles", "Autonomous cars from none to all on a town street, with and without motorcycles", |_| {
            street()
        }),
    ]
}

/// A straight road of one link with this limit for everybody.
fn road(lanes: u8, limit_mps: f32) -> Result<(Arc<RoadNetwork>, Arc<[LinkId]>), Trouble> {
    let (network, route) = approach(lanes, 3.5, 9000.0, 9000.0, false)?;
    let mut network = Arc::unwrap_or_clone(network);
    for link in &mut network.links {
        link.limits = SpeedLimits::uniform(limit_mps);
    }
    Ok((Arc::new(network), route))
}

/// The shipped classes, each wishing for `speed_mps`, with this time gap of cars by hand if there is one.
fn classes(speed_mps: f32, gap_s: Option<f32>) -> Result<ClassTable, Trouble> {
    let shipped = ClassTable::default();
    let table = ClassTable::new(VehicleClass::ALL.map(|c| {
        let mut p = shipped.get(c).clone();
        (p.desired_speed_mps, p.desired_speed_spread) = (speed_mps, 0.0);
        if c == VehicleClass::Car {
            p.headway_s = gap_s.unwrap_or(p.headway_s);
        }
        p
    }));
    table.map_err(Trouble::broken)
}

/// Vehicles an hour that leave a queue, and the simulation at the end.
fn discharge(
    lanes: u8,
    limit_mps: f32,
    table: ClassTable,
    motorcycles: f64,
    automation: &Automation,
    seed: u64,
) -> Result<(f64, Simulation), Trouble> {
    let (network, route) = road(lanes, limit_mps)?;
    let mut dice = Dice::new(seed);
    let mix = [(VehicleClass::Car, 1.0 - motorcycles), (VehicleClass::Motorcycle, motorcycles)];
    let spacing = (LINE_M - 100.0) / QUEUE as f32;
    let trips: Vec<_> = (0..QUEUE)
        .map(|i| {
            let at_m = LINE_M - 20.0 - spacing * i as f32;
            trip(format!("{i:03}"), class_of(&mix, &mut dice), i as f64 * 0.25, at_m, 250.0, &route)
        })
        .collect();
    let config = SimConfig { seed, step_s: 0.5, ..SimConfig::default() };
    let mut simulation = Simulation::new(network, table, trips, Vec::new(), config).map_err(Trouble::broken)?;
    simulation = simulation.with_automation(automation).map_err(Trouble::broken)?;
    let closed = Incident {
        ref_: "line".into(),
        link: route[0],
        from_m: LINE_M,
        to_m: LINE_M + 1.0,
        start_s: 0.0,
        end_s: 240.0,
        classes: ClassSet::ALL,
        effect: Effect::Closed { lanes: 0..lanes },
    };
    simulation.add_incident(closed).map_err(Trouble::broken)?;
    let mut passed = vec![None; QUEUE];
    while simulation.time_s() < 1800.0 {
        simulation.step();
        let now = simulation.time_s();
        for v in &simulation.frame().vehicles {
            if v.centre.x >= COUNTED_M && passed[v.id.index()].is_none() {
                passed[v.id.index()] = Some(now);
            }
        }
        if passed.iter().all(Option::is_some) {
            break;
        }
    }
    let mut times: Vec<f64> = passed.into_iter().flatten().collect();
    if times.len() < QUEUE {
        return Err(Trouble::Broken(format!("{} of {QUEUE} vehicles came by", times.len())));
    }
    times.sort_by(f64::total_cmp);
    Ok(((QUEUE - HEAD - 1) as f64 * 3600.0 / (times[QUEUE - 1] - times[HEAD]), simulation))
}

fn share_of(system: System, share: f32) -> Automation {
    let cars = ClassSet::of(&[VehicleClass::Car]);
    Automation { equipped: vec![Equipped::new(system, cars, share)], ..Automation::default() }
}

/// The mean of five seeds.
fn mean_flow(lanes: u8, limit_mps: f32, gap_s: Option<f32>, motorcycles: f64, automation: &Automation) -> Result<f64, Trouble> {
    let mut sum = 0.0;
    for seed in 1..=5 {
        sum += discharge(lanes, limit_mps, classes(limit_mps, gap_s)?, motorcycles, automation, seed)?.0;
    }
    Ok(sum / 5.0)
}

fn capacity() -> Result<Vec<Measure>, Trouble> {
    let flow = |system, share| mean_flow(1, MOTORWAY_MPS, Some(BY_HAND_S), 0.0, &share_of(system, share));
    let by_hand = flow(System::Acc, 0.0)?;
    let source = "Shladover, Su & Lu 2012";
    let mut measures = vec![Measure::near("by hand, veh/h", by_hand, 2018.0, 0.1, source).decimals(0)];
    for percent in [20u8, 40, 60, 80, 100] {
        let share = f32::from(percent) / 100.0;
        let acc = flow(System::Acc, share)?;
        let what = format!("{percent} % ACC, as a share of by hand");
        measures.push(Measure::within(what, acc / by_hand, 0.85, 1.15, format!("{source}: nearly flat at any share")));
    }
    // What the paper found: 2 018 by hand, little at first, twice as much with all.
    for (percent, published) in [(20u8, 2090.0), (40, 2265.0), (60, 2458.0), (80, 2963.0), (100, 3970.0)] {
        let cacc = flow(System::Cacc, f32::from(percent) / 100.0)?;
        let what = format!("{percent} % CACC, veh/h");
        let because = format!("{source}: {published:.0}, platoons without a limit; here ten at most, each behind an ACC gap");
        measures.push(Measure::near(what, cacc, published, 0.2, because).decimals(0));
    }
    let cars = ClassSet::of(&[VehicleClass::Car]);
    let long = Equipped { platoon: 50, ..Equipped::new(System::Cacc, cars, 1.0) };
    let long = Automation { equipped: vec![long], ..Automation::default() };
    let flow_of_long = mean_flow(1, MOTORWAY_MPS, Some(BY_HAND_S), 0.0, &long)?;
    measures.push(Measure::shown("100 % CACC in platoons of up to 50, veh/h", flow_of_long).decimals(0));
    let autonomous = flow(System::Autonomous, 1.0)?;
    measures.push(Measure::shown("100 % autonomous, veh/h", autonomous).decimals(0));
    Ok(measures)
}

fn street() -> Result<Vec<Measure>, Trouble> {
    const STREET_MPS: f32 = 50.0 / 3.6;
    let mut measures = Vec::new();
    for motorcycles in [0.0, 0.4, 0.8] {
        let flow = |percent: u8| mean_flow(2, STREET_MPS, None, motorcycles, &share_of(System::Autonomous, f32::from(percent) / 100.0));
        let by_hand = flow(0)?;
        let who = format!("{:.0} % motorcycles", motorcycles * 100.0);
        measures.push(Measure::shown(format!("{who}, cars by hand: vehicles an hour on two lanes"), by_hand).decimals(0));
        for percent in [50u8, 100] {
            let what = format!("{who}, {percent} % of cars autonomous: as a share of that");
            let because = "cautious gaps can only cost: no claim of the literature that autonomous cars of today carry more";
            measures.push(Measure::within(what, flow(percent)? / by_hand, 0.5, 1.02, because));
        }
    }
    for motorcycles in [0.0, 0.8] {
        let mut lost = [(0.0, 0.0); 2];
        for seed in 1..=5 {
            let (_, simulation) =
                discharge(2, STREET_MPS, classes(STREET_MPS, None)?, motorcycles, &share_of(System::Autonomous, 0.5), seed)?;
            for t in simulation.system_totals().iter().filter(|t| t.class == VehicleClass::Car) {
                let slot = &mut lost[usize::from(t.system.is_some())];
                *slot = (slot.0 + t.time_loss_s, slot.1 + t.distance_m / 1000.0);
            }
        }
        let [by_hand, machine] = lost.map(|(s, km)| s / f64::max(km, 1e-3));
        let who = format!("{:.0} % motorcycles, half of the cars autonomous", motorcycles * 100.0);
        measures.push(Measure::shown(format!("{who}: time lost by cars driven by hand, s/km"), by_hand).decimals(1));
        measures.push(Measure::shown(format!("{who}: time lost by autonomous cars, s/km"), machine).decimals(1));
    }
    Ok(measures)
}
