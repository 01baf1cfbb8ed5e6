//! A real simulation behind the bridge: what is drawn is what the engine says.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

mod grid;

use sim_core::{
    class::ClassTable,
    geometry::Point,
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;
use viewer::{bridge::Engine, colour::Theme, engine::RunningSimulation, ribbon::network_ribbons};

fn town() -> (Simulation, usize) {
    let n = 5;
    let network = grid::grid(n);
    network.check().unwrap();
    let trips = grid::crossing_trips(&network, n, 30);
    let simulation = Simulation::new(Arc::new(network), ClassTable::default(), trips, vec![], SimConfig::default()).unwrap();
    (simulation, n)
}

#[test]
fn bodies_are_the_engines_vehicles_shifted_to_the_drawings_origin() {
    let (simulation, _) = town();
    let origin = Point::new(300.0, 200.0);
    let mut running = RunningSimulation::new(simulation, 600.0, origin);
    while running.time_s() < 60.0 {
        running.step();
    }
    let snapshot = running.snapshot();
    assert!(snapshot.bodies.len() >= 3, "{} bodies after a minute", snapshot.bodies.len());
    assert!(snapshot.bodies.is_sorted_by_key(|b| b.id));
    for body in &snapshot.bodies {
        // The grid spans 0 to 600 m in both directions.
        assert!((-300.0..=300.0).contains(&body.at[0]) && (-200.0..=400.0).contains(&body.at[1]), "{body:?}");
        assert!((1.0..2.5).contains(&body.length_m) && (0.4..1.0).contains(&body.width_m), "{body:?}");
    }
    let before = snapshot.bodies[0];
    running.step();
    let after = running.snapshot().bodies[0];
    assert!(after.id == before.id && after.at[0] > before.at[0], "it rides east: {before:?}, {after:?}");
}

#[test]
fn restarting_goes_back_to_the_very_beginning() {
    let (simulation, _) = town();
    let mut running = RunningSimulation::new(simulation, 600.0, Point::default());
    let first = running.snapshot();
    for _ in 0..200 {
        running.step();
    }
    assert_ne!(running.snapshot().bodies, first.bodies);
    running.go_back(f64::NEG_INFINITY);
    let again = running.snapshot();
    assert_eq!((again.time_s, again.bodies, again.waiting, again.arrived), (first.time_s, first.bodies, first.waiting, first.arrived));
}

#[test]
fn after_a_jump_back_the_same_steps_lead_to_the_same_moment() {
    let (simulation, _) = town();
    let mut running = RunningSimulation::new(simulation, 3_600.0, Point::default());
    while running.time_s() < 400.0 {
        running.step();
    }
    let then = running.snapshot();
    while running.time_s() < 500.0 {
        running.step();
    }
    running.go_back(400.0);
    assert!(running.time_s() <= 400.0 && running.time_s() >= 400.0 - 130.0, "a checkpoint is near: {}", running.time_s());
    while running.time_s() < 400.0 {
        running.step();
    }
    let again = running.snapshot();
    assert_eq!((again.bodies, again.lights, again.arrived), (then.bodies, then.lights, then.arrived));
    assert_eq!(again.sample, then.sample, "the layers are those of the first time, too");
    assert_eq!(again.line.known_until_s, 500.0);
}

#[test]
fn it_ends_when_its_time_is_up() {
    let (simulation, _) = town();
    let mut running = RunningSimulation::new(simulation, 2.0, Point::default());
    for _ in 0..4 {
        assert!(!running.is_finished());
        running.step();
    }
    assert!(running.is_finished() && running.snapshot().finished);
}

#[test]
fn every_road_and_junction_is_drawn() {
    let (simulation, _) = town();
    let network = simulation.network();
    let ribbons = network_ribbons(network, Point::default(), Theme::Light);
    let corners: usize = ribbons.iter().map(|r| r.points.len()).sum();
    let of_links: usize = network.links.iter().map(|l| l.geometry.len() * 2).sum();
    assert!(corners >= of_links + 3 * network.junctions.len(), "{corners} corners, {of_links} of links, and the junctions between them");
}
