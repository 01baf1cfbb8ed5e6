//! How trips come onto the road.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassTable, VehicleClass},
    simulation::{Population, Simulation},
};
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

/// Cars that wish to drive faster than 100 km/h and all alike, so that the limit is what they drive.
fn cars_of_a_motorway() -> ClassTable {
    let table = ClassTable::default();
    let entry = |class: VehicleClass| {
        let mut p = table.get(class).clone();
        if class == VehicleClass::Car {
            (p.desired_speed_mps, p.desired_speed_spread) = (40.0, 0.0);
        }
        p
    };
    ClassTable::new(VehicleClass::ALL.map(entry)).unwrap()
}

#[test]
fn a_lane_of_a_motorway_is_fed_with_what_it_carries() {
    const LIMIT_MPS: f32 = 27.8;
    let classes = cars_of_a_motorway();
    let car = classes.get(VehicleClass::Car);
    // The closed form of the car-following law: speed over the way that a car takes at that speed. Who enters does so at whole
    // steps, so its headway is the next longer number of these.
    let headway_s = (car.length_m + car.gap0_m) / LIMIT_MPS + car.headway_s;
    for step_s in [0.1, 0.5, 1.0] {
        let capacity = 3_600.0 / f64::from((headway_s / step_s).ceil() * step_s);
        let (network, names) = approach(1, 3_000.0, 3_000.0, false);
        let mut network = (*network).clone();
        for link in &mut network.links {
            (link.limits.light_mps, link.limits.heavy_mps) = (LIMIT_MPS, LIMIT_MPS);
        }
        let network = Arc::new(network);
        let trips = demand(&network, &["main1"], &[names.last().unwrap()], CARS, 3_600.0, 900.0, 5);
        let mut simulation = Simulation::new(network, classes.clone(), trips, vec![], config(step_s)).unwrap();
        let entered = |p: Population| p.on_road + p.arrived;
        run_checked(&mut simulation, 300.0);
        let before = entered(simulation.population());
        run_checked(&mut simulation, 300.0);
        let per_hour = (entered(simulation.population()) - before) as f64 * 12.0;
        println!("step {step_s} s: {per_hour} of {capacity:.0} vehicles/h");
        assert!(per_hour >= 0.95 * capacity, "step {step_s} s: {per_hour} of {capacity:.0} vehicles/h");
    }
}
