//! Roads that are cut into pieces: the joints are not to be noticed.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassTable, VehicleClass},
    demand::Trip,
    ids::LinkId,
    network::RoadNetwork,
    simulation::{Population, SimConfig, Simulation},
};
use std::sync::Arc;

fn all_arrived(p: Population) -> bool {
    p.arrived == p.total()
}

/// A road of some lanes, the first 150 m in one piece and then up to `end_m` in pieces of `piece_m`, with a signal at the end if wished, and the way along it.
fn road(lanes: u8, piece_m: f64, end_m: f64, is_signal: bool) -> (Arc<RoadNetwork>, Arc<[LinkId]>) {
    let mut town = Town::default();
    let mut last = town.node(0.0, 0.0, Kind::End, 0.0);
    let pieces = ((end_m - 150.0) / piece_m) as usize;
    for i in 0..=pieces {
        let is_end = i == pieces;
        let kind = if is_end && is_signal { Kind::Signal(45.0) } else { Kind::Priority };
        let node = town.node(150.0 + i as f64 * piece_m, 0.0, kind, if is_end { 5.0 } else { 0.05 });
        town.one_way(&format!("main{i}"), last, node, lanes, 3.5);
        last = node;
    }
    let exit = town.node(end_m + 300.0, 0.0, Kind::End, 0.0);
    town.one_way("main-exit", last, exit, lanes, 3.5);
    let network = town.build();
    let way = route(&network, link(&network, "main0"), link(&network, "main-exit")).unwrap();
    (network, way)
}

/// When each trip's front first was beyond `x_m`, seconds; infinite if never.
fn times_past(x_m: f64, simulation: &mut Simulation, until_s: f64) -> Vec<f64> {
    let mut times = vec![f64::INFINITY; simulation.trips().len()];
    while simulation.time_s() < until_s {
        simulation.step();
        for v in &simulation.frame().vehicles {
            if v.centre.x + f64::from(v.length_m) * 0.5 > x_m && times[v.id.index()].is_infinite() {
                times[v.id.index()] = simulation.time_s();
            }
        }
    }
    times
}

#[test]
fn nothing_collides_on_pieces_shorter_than_a_truck() {
    for (piece_m, step_s) in [(8.0, 0.5), (12.0, 0.25), (12.0, 1.0), (20.0, 0.5), (20.0, 0.1)] {
        let (network, names) = approach(3, 240.0, piece_m, true);
        let trips = demand(&network, &["main1"], &[names.last().unwrap()], TRUCKS, 5000.0, 400.0, 3);
        let mut simulation = simulation(&network, trips, step_s);
        let seen = run_checked(&mut simulation, 900.0);
        println!("{piece_m} {step_s} {seen:?} {:?}", simulation.population());
        assert!(all_arrived(simulation.population()), "pieces of {piece_m} m: {:?}", simulation.population());
    }
}

/// A truck stands at the red light with its tail over the pieces behind, and motorcycles come past it to the line.
#[test]
fn one_filters_past_a_tail_over_a_joint_as_past_a_body() {
    let come = |piece_m: f64| {
        let (network, way) = road(2, piece_m, 300.0, true);
        let mut trips: Vec<Trip> = vec![trip("a", VehicleClass::ArticulatedTruck, 30.0, 0.0, 280.0, way.clone())];
        trips.push(trip("b", VehicleClass::ArticulatedTruck, 33.0, 0.0, 280.0, way.clone()));
        trips.extend((0..6).map(|i| trip(&format!("m{i}"), VehicleClass::Motorcycle, 38.0 + f64::from(i), 0.0, 280.0, way.clone())));
        times_past(275.0, &mut simulation(&network, trips, 0.5), 78.0)
    };
    let (whole, cut) = (come(150.0), come(10.0));
    println!("{whole:?}\n{cut:?}");
    for (a, b) in whole.iter().zip(&cut) {
        assert!(a == b || (a - b).abs() <= 0.5, "{whole:?} on one stretch, {cut:?} on pieces");
    }
}

/// Slow bicycles and faster ones who must get past them.
#[test]
fn one_gets_past_the_slow_on_short_pieces_as_on_one_stretch() {
    let mean_s = |piece_m: f64| {
        let (network, _) = road(1, piece_m, 600.0, false);
        let mix: &Mix = &[(VehicleClass::Motorcycle, 0.8), (VehicleClass::Bicycle, 0.2)];
        let trips = demand(&network, &["main0"], &["main-exit"], mix, 1500.0, 600.0, 3);
        let fast: Vec<usize> = (0..trips.len()).filter(|i| trips[*i].class == VehicleClass::Motorcycle).collect();
        let mut simulation = simulation(&network, trips, 0.5);
        while simulation.time_s() < 1500.0 {
            simulation.step();
        }
        assert!(all_arrived(simulation.population()), "{:?}", simulation.population());
        let all = &simulation.measurements().trips;
        fast.iter().map(|i| all[*i].arrived_s.unwrap() - all[*i].depart_s).sum::<f64>() / fast.len() as f64
    };
    let (whole, cut) = (mean_s(450.0), mean_s(15.0));
    println!("{whole} {cut}");
    assert!((cut - whole).abs() < 0.02 * whole, "{cut:.1} s on pieces, {whole:.1} s on one stretch");
}

/// Who turns left at the end of a road in pieces is in the lane for it long before the last piece.
#[test]
fn the_lane_of_the_next_turn_is_taken_pieces_ahead() {
    let mut town = Town::default();
    let mut last = town.node(0.0, 0.0, Kind::End, 0.0);
    for i in 0..=10 {
        let is_end = i == 10;
        let node = town.node(150.0 + f64::from(i) * 20.0, 0.0, Kind::Priority, if is_end { 8.0 } else { 0.05 });
        town.one_way(&format!("main{i}"), last, node, 2, 3.5);
        last = node;
    }
    let (on, north) = (town.node(600.0, 0.0, Kind::End, 0.0), town.node(350.0, 300.0, Kind::End, 0.0));
    town.one_way("main-exit", last, on, 2, 3.5);
    town.one_way("side-exit", last, north, 1, 3.5);
    let mut network = (*town.build()).clone();
    let (end, left) = (link(&network, "main10"), link(&network, "side-exit"));
    for m in network.movements.iter_mut().filter(|m| m.from == end) {
        m.from_lanes = if m.to == left { 1..2 } else { 0..1 };
    }
    let network = Arc::new(network);
    let way = |to: &str| route(&network, link(&network, "main0"), link(&network, to)).unwrap();
    let goals = ["side-exit", "main-exit"];
    let trips =
        (0..20).map(|i| trip(&format!("car{i}"), VehicleClass::Car, 4.0 * f64::from(i), 0.0, 100.0, way(goals[i as usize % 2]))).collect();
    let mut simulation = simulation(&network, trips, 0.5);
    let mut seen = 0;
    while simulation.time_s() < 200.0 {
        run_checked(&mut simulation, 0.5);
        for v in simulation.frame().vehicles.iter().filter(|v| (290.0..310.0).contains(&v.centre.x)) {
            // Eastward, the kerb is in the south: the inner lane has the larger y.
            assert_eq!(v.centre.y > 0.0, v.id.index() % 2 == 0, "{v:?} is in the lane of the other turn 40 m before the end");
            seen += 1;
        }
    }
    assert!(seen > 20 && all_arrived(simulation.population()), "{seen} seen, {:?}", simulation.population());
}

#[test]
fn pieces_keep_their_bits_over_threads_and_restoring() {
    let start = |threads: usize| {
        let (network, names) = approach(2, 300.0, 20.0, true);
        let trips = demand(&network, &["main1"], &[names.last().unwrap()], TRUCKS, 5000.0, 200.0, 9);
        Simulation::new(network, ClassTable::default(), trips, vec![], SimConfig { threads, ..config(0.5) }).unwrap()
    };
    let (mut through, mut other) = (start(1), start(3));
    for _ in 0..300 {
        through.step();
        other.step();
    }
    assert_eq!(through.state_hash(), other.state_hash());
    let mut restored = start(2);
    restored.restore(through.state()).unwrap();
    for _ in 0..150 {
        through.step();
        restored.step();
    }
    assert_eq!(restored.state_hash(), through.state_hash());
}
