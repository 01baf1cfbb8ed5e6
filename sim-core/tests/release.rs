//! How trips come onto the road.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::class::VehicleClass;
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
