//! Two full lanes that become one: drivers let each other in.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassSet, ClassTable, VehicleClass},
    driving::{Automation, Equipped, System},
    incident::{Effect, Incident},
    network::SpeedLimits,
    simulation::{SimConfig, SimState, Simulation},
};
use std::sync::Arc;

/// Where the kerb-side lane is closed, metres.
const CLOSED_M: f32 = 900.0;
/// From here on they are watched, and from there on lanes count: who is on which tells who must change.
const BEFORE_M: f64 = 650.0;
const LANES_COUNT_M: f64 = 705.0;

/// A road of two lanes, one of them closed for 100 m, with more cars than it can carry.
fn works(lets_in: f32, limit_mps: f32, cruise_control: f32, threads: usize) -> Simulation {
    let (network, names) = approach(2, 2000.0, 2000.0, false);
    let mut network = Arc::unwrap_or_clone(network);
    network.links.iter_mut().for_each(|l| l.limits = SpeedLimits::uniform(limit_mps));
    let network = Arc::new(network);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], CARS, 3600.0, 1500.0, 5);
    let shipped = ClassTable::default();
    let classes = ClassTable::new(VehicleClass::ALL.map(|c| {
        let mut p = shipped.get(c).clone();
        if c == VehicleClass::Car {
            (p.lets_in_share, p.desired_speed_mps) = (lets_in, p.desired_speed_mps.max(limit_mps));
        }
        p
    }));
    let config = SimConfig { threads, ..config(0.5) };
    let mut simulation = Simulation::new(network.clone(), classes.unwrap(), trips, vec![], config).unwrap();
    if cruise_control > 0.0 {
        let equipped = vec![Equipped::new(System::Acc, ClassSet::of(&[VehicleClass::Car]), cruise_control)];
        simulation = simulation.with_automation(&Automation { equipped, ..Automation::default() }).unwrap();
    }
    let closed = Incident {
        ref_: "works".into(),
        link: link(&network, "main1"),
        from_m: CLOSED_M,
        to_m: CLOSED_M + 100.0,
        start_s: 0.0,
        end_s: 1e9,
        classes: ClassSet::ALL,
        effect: Effect::Closed { lanes: 0..1 },
    };
    simulation.add_incident(closed).unwrap();
    simulation
}

/// What happened at the works from the fifth minute to the twenty-fifth.
#[derive(Debug)]
struct Seen {
    /// Cars an hour.
    flow: f64,
    /// Share of those that came from the other lane than the one before them.
    turns: f64,
    /// Mean time from before the works until past them of those who had to change lanes and of the others, seconds.
    must_s: f64,
    others_s: f64,
}

fn watch(mut simulation: Simulation) -> Seen {
    let mut came: Vec<Option<(f64, bool)>> = vec![None; simulation.population().total() as usize];
    let mut passed: Vec<(f64, f64, bool)> = Vec::new();
    watch_checked(&mut simulation, 1500.0, |s| {
        for v in &s.frame().vehicles {
            let at = &mut came[v.id.index()];
            if v.centre.x >= f64::from(CLOSED_M) + 150.0 {
                if let Some((since, must)) = at.replace((f64::NAN, false)).filter(|(since, _)| !since.is_nan()) {
                    passed.push((s.time_s(), s.time_s() - since, must));
                }
            } else if v.centre.x >= BEFORE_M {
                let (_, must) = at.get_or_insert((s.time_s(), false));
                if v.centre.x < LANES_COUNT_M {
                    *must = v.centre.y < 0.0;
                }
            }
        }
    });
    passed.retain(|p| p.0 > 300.0);
    assert!(passed.len() > 100, "{} came past", passed.len());
    let mean = |must: bool| {
        let times: Vec<f64> = passed.iter().filter(|p| p.2 == must).map(|p| p.1).collect();
        times.iter().sum::<f64>() / times.len() as f64
    };
    let pairs = passed.len() as f64 - 1.0;
    Seen {
        flow: pairs * 3600.0 / (passed[passed.len() - 1].0 - passed[0].0),
        turns: passed.windows(2).filter(|w| w[0].2 != w[1].2).count() as f64 / pairs,
        must_s: mean(true),
        others_s: mean(false),
    }
}

#[test]
fn two_full_lanes_become_one_in_turns_and_the_road_carries_more() {
    let [with, without] = [1.0, 0.0].map(|lets_in| watch(works(lets_in, 13.9, 0.0, 1)));
    println!("{with:?}\n{without:?}");
    assert!(with.turns > 0.7, "{with:?}");
    assert!(with.flow > 1.4 * without.flow, "{with:?}, {without:?}");
    assert!(with.must_s < 0.5 * without.must_s && with.others_s < 0.5 * without.others_s, "{with:?}, {without:?}");
    assert!(with.must_s < 1.2 * with.others_s, "those who must change wait hardly longer: {with:?}");
}

#[test]
fn on_a_motorway_works_carry_more_with_cruise_control_too() {
    for cruise_control in [0.0, 0.5] {
        let [with, without] = [1.0, 0.0].map(|lets_in| watch(works(lets_in, 29.0, cruise_control, 1)));
        println!("{cruise_control}: {with:?}\n{without:?}");
        assert!(with.flow > 1.4 * without.flow, "{cruise_control}: {with:?}, {without:?}");
    }
}

#[test]
fn the_bits_are_the_same_for_any_number_of_threads_and_from_any_saved_step() {
    let mut one = works(1.0, 13.9, 0.0, 1);
    let run = |s: &mut Simulation, n: usize| (0..n).for_each(|_| s.step());
    run(&mut one, 400);
    let saved: Vec<Vec<u8>> = (0..3)
        .map(|_| {
            run(&mut one, 7);
            postcard::to_stdvec(&one.state()).unwrap()
        })
        .collect();
    run(&mut one, 100);
    for threads in [2, 4, 7] {
        let mut other = works(1.0, 13.9, 0.0, threads);
        run(&mut other, 521);
        assert_eq!(other.state_hash(), one.state_hash(), "{threads} threads");
    }
    for (k, state) in saved.iter().enumerate() {
        let mut restored = works(1.0, 13.9, 0.0, 1);
        restored.restore(postcard::from_bytes::<SimState>(state).unwrap()).unwrap();
        run(&mut restored, 521 - 400 - 7 * (k + 1));
        assert_eq!(restored.state_hash(), one.state_hash(), "saved at step {}", 400 + 7 * (k + 1));
    }
}
