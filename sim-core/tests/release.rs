//! How trips come onto the road.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{class::VehicleClass, simulation::Population};
use std::sync::Arc;

#[test]
fn a_trip_enters_in_a_lane_of_its_first_movement() {
    let mut network = (*cross(Kind::Signal(25.0), 2)).clone();
    let from = link(&network, "main-w>");
    // Left from the inner lane, straight on and right from the other.
    let mut kinds = [0, 0];
    for m in network.movements.iter_mut().filter(|m| m.from == from) {
        let is_left = m.turn == sim_core::network::Turn::Left;
        m.from_lanes = if is_left { 1..2 } else { 0..1 };
        kinds[usize::from(is_left)] += 1;
    }
    assert!(kinds[0] > 0 && kinds[1] > 0);
    let network = Arc::new(network);
    for m in network.movements.iter().filter(|m| m.from == from) {
        let trips = vec![trip("car", VehicleClass::Car, 0.0, 0.0, 100.0, Arc::from([from, m.to]))];
        let mut simulation = simulation(&network, trips, 0.5);
        run_checked(&mut simulation, 1.0);
        let car = simulation.frame().vehicles[0].centre;
        // Eastward, the kerb is in the south: the inner lane has the larger y.
        let line = &network.link(from).geometry[0];
        assert_eq!(car.y > line.y, m.from_lanes.start == 1, "at {car:?} for {:?}", m.turn);
    }
}

#[test]
fn a_lane_of_a_motorway_is_fed_with_what_it_carries() {
    // A motorway's lane carries some 2 000 vehicles an hour (HCM 2000, chapter 23: 2 300 passenger cars at 100 km/h at the very most). With long
    // steps who enters finds room only at whole steps, so some of it is lost.
    for (step_s, least) in [(0.1, 1_950.0), (0.5, 1_950.0), (1.0, 1_700.0)] {
        let (network, names) = approach(1, 2_000.0, 2_000.0, false);
        let mut network = (*network).clone();
        for link in &mut network.links {
            (link.limits.light_mps, link.limits.heavy_mps) = (27.8, 27.8);
        }
        let network = Arc::new(network);
        let trips = demand(&network, &["main1"], &[names.last().unwrap()], CARS, 3_600.0, 900.0, 5);
        let mut simulation = simulation(&network, trips, step_s);
        run_checked(&mut simulation, 300.0);
        let entered = |p: Population| p.on_road + p.arrived;
        let before = entered(simulation.population());
        run_checked(&mut simulation, 600.0);
        let per_hour = (entered(simulation.population()) - before) as f64 * 6.0;
        assert!(per_hour >= least, "step {step_s} s: {per_hour} vehicles/h");
    }
}
