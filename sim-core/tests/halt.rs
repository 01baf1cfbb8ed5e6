//! Gates and stops: vehicles halt there, are served and go on.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassSet, VehicleClass},
    halt::{Gate, Halt, Spread},
    network::RoadNetwork,
    simulation::Simulation,
};
use std::sync::Arc;

fn gate(network: &RoadNetwork, service_s: f32, spread: Spread) -> Gate {
    Gate { ref_: "toll".into(), link: link(network, "main1"), pos_m: 300.0, classes: ClassSet::ALL, service_s, spread }
}

/// A road with a gate 300 m along, and more traffic than it serves.
fn toll(lanes: u8, mix: &Mix, service_s: f32, spread: Spread) -> Simulation {
    let (network, names) = approach(lanes, 500.0, 500.0, false);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], mix, 1800.0, 900.0, 21);
    let gate = gate(&network, service_s, spread);
    simulation(&network, trips, 0.5).with_gates(vec![gate]).unwrap()
}

/// Vehicles that arrive a second, from the fifth minute to the fifteenth.
fn rate(simulation: &mut Simulation) -> f64 {
    run_checked(simulation, 300.0);
    let before = simulation.population().arrived;
    run_checked(simulation, 600.0);
    (simulation.population().arrived - before) as f64 / 600.0
}

#[test]
fn a_gate_serves_one_after_the_other_in_each_lane() {
    // Between two services the next one moves up its own length: five to seven seconds for a car.
    let one = rate(&mut toll(1, CARS, 8.0, Spread::Fixed));
    assert!((1.0 / 15.0..1.0 / 12.0).contains(&one), "one lane serves every {:.1} s", 1.0 / one);
    let two = rate(&mut toll(2, CARS, 8.0, Spread::Fixed));
    assert!((1.9..2.1).contains(&(two / one)), "two lanes serve {:.2} times as many", two / one);
    let random = rate(&mut toll(1, CARS, 8.0, Spread::Exponential));
    assert!((0.8..1.2).contains(&(random / one)), "{:.2}", random / one);
}

#[test]
fn motorcycles_side_by_side_are_served_one_by_one() {
    let rate = rate(&mut toll(1, MOTORCYCLES, 5.0, Spread::Fixed));
    // One more than the mean may fall into the time that is looked at.
    assert!(rate <= 1.01 / 5.0 && rate > 1.0 / 8.0, "every {:.1} s", 1.0 / rate);
}

#[test]
fn whom_a_gate_does_not_concern_drives_through() {
    let (network, names) = approach(2, 500.0, 500.0, false);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], TRUCKS, 200.0, 600.0, 21);
    let weigh = Gate { classes: ClassSet::of(&[VehicleClass::ArticulatedTruck]), ..gate(&network, 60.0, Spread::Fixed) };
    let mut simulation = simulation(&network, trips, 0.5).with_gates(vec![weigh]).unwrap();
    run_checked(&mut simulation, 1800.0);
    assert_eq!(simulation.population().arrived, simulation.population().total());
    for (trip, record) in simulation.trips().iter().zip(&simulation.measurements().trips) {
        let is_weighed = trip.class == VehicleClass::ArticulatedTruck;
        assert!(!is_weighed || record.time_loss_s > 55.0, "{} was not weighed: {record:?}", trip.ref_);
        assert!(is_weighed || record.stops <= 1, "{} of class {} stopped {} times", trip.ref_, trip.class, record.stops);
    }
}

#[test]
fn a_bus_stands_at_its_stops_at_the_kerb_and_others_pass_it() {
    let (network, names) = approach(2, 500.0, 500.0, false);
    let to = link(&network, names.last().unwrap());
    let route = route(&network, link(&network, "main1"), to).unwrap();
    let mut bus = trip("bus", VehicleClass::Bus, 0.0, 0.0, 250.0, route.clone());
    bus.halts = Arc::from([
        Halt { leg: 0, pos_m: 200.0, dwell_s: 30.0, in_bay: false },
        Halt { leg: 1, pos_m: 100.0, dwell_s: 15.0, in_bay: false },
    ]);
    // A car before it in the kerb-side lane: the bus begins in the other one.
    let mut trips = vec![bus, trip("a car", VehicleClass::Car, 0.0, 0.0, 250.0, route.clone())];
    trips.extend((0..10).map(|n| trip(&format!("car{n}"), VehicleClass::Car, 5.0 + 4.0 * n as f64, 0.0, 250.0, route.clone())));
    let mut simulation = simulation(&network, trips, 0.5);
    let mut stood = [0.0f64; 2];
    while simulation.time_s() < 200.0 {
        run_checked(&mut simulation, 0.5);
        if let Some(bus) = simulation.frame().vehicles.iter().find(|v| v.class == VehicleClass::Bus && v.speed_mps < 0.1) {
            stood[usize::from(bus.centre.x > 400.0)] += 0.5;
            assert!(bus.centre.y < -1.0, "it halts in the kerb-side lane: {bus:?}");
        }
    }
    assert!((29.0..36.0).contains(&stood[0]) && (14.0..21.0).contains(&stood[1]), "{stood:?}");
    let records = &simulation.measurements().trips;
    assert!(records[0].time_loss_s < 60.0, "its dwell time is no loss: {:?}", records[0]);
    let passed = records[2..].iter().filter(|r| r.arrived_s.unwrap() < records[0].arrived_s.unwrap()).count();
    assert!(passed >= 6, "{passed} of 10 cars passed it");
}

#[test]
fn a_bus_in_a_bay_leaves_a_single_lane_free_and_comes_back() {
    let (network, names) = approach(1, 500.0, 500.0, false);
    let to = link(&network, names.last().unwrap());
    let route = route(&network, link(&network, "main1"), to).unwrap();
    let run = |in_bay: bool| {
        let mut bus = trip("bus", VehicleClass::Bus, 0.0, 0.0, 250.0, route.clone());
        bus.halts = Arc::from([Halt { leg: 0, pos_m: 200.0, dwell_s: 60.0, in_bay }]);
        let mut trips = vec![bus];
        trips.extend((0..12).map(|n| trip(&format!("car{n}"), VehicleClass::Car, 5.0 + 5.0 * n as f64, 0.0, 250.0, route.clone())));
        let mut simulation = simulation(&network, trips, 0.5);
        let mut beside_s = 0.0;
        while simulation.time_s() < 300.0 {
            run_checked(&mut simulation, 0.5);
            let on_the_road = simulation.population().on_road as usize;
            let frame = simulation.frame();
            assert_eq!(frame.vehicles.len(), on_the_road, "who stands in a bay is shown and counted");
            // The link's kerb-side edge is at y = −1.75.
            let bus = frame.vehicles.iter().find(|v| v.class == VehicleClass::Bus);
            beside_s += bus.filter(|b| b.centre.y < -1.75).map_or(0.0, |_| 0.5);
        }
        assert_eq!(simulation.population().arrived, 13);
        let records = &simulation.measurements().trips;
        let bus_s = records[0].arrived_s.unwrap();
        let passed = records[1..].iter().filter(|r| r.arrived_s.unwrap() < bus_s).count();
        (beside_s, passed, records[0].time_loss_s)
    };
    let (beside_s, passed, _) = run(false);
    assert_eq!((beside_s, passed), (0.0, 0), "in its only lane everybody waits behind it");
    let (beside_s, passed, loss_s) = run(true);
    assert!((60.0..80.0).contains(&beside_s) && passed >= 8, "{beside_s} s beside the road, {passed} passed");
    assert!(loss_s < 40.0, "its dwell time is no loss: {loss_s}");
}

#[test]
fn a_state_saved_while_a_bus_stands_in_its_bay_goes_on_the_same() {
    let make = || {
        let (network, names) = approach(1, 500.0, 500.0, false);
        let route = route(&network, link(&network, "main1"), link(&network, names.last().unwrap())).unwrap();
        let mut bus = trip("bus", VehicleClass::Bus, 0.0, 0.0, 250.0, route);
        bus.halts = Arc::from([Halt { leg: 0, pos_m: 200.0, dwell_s: 60.0, in_bay: true }]);
        simulation(&network, vec![bus], 0.5)
    };
    let (mut through, mut restored) = (make(), make());
    run_checked(&mut through, 50.0);
    restored.restore(through.state()).unwrap();
    run_checked(&mut through, 130.0);
    run_checked(&mut restored, 130.0);
    assert_eq!((through.state_hash(), through.population().arrived), (restored.state_hash(), 1));
}

#[test]
fn a_state_saved_at_a_gate_goes_on_the_same() {
    let make = || toll(2, CITY, 6.0, Spread::Exponential);
    let (mut through, mut restored) = (make(), make());
    run_checked(&mut through, 200.0);
    restored.restore(through.state()).unwrap();
    run_checked(&mut through, 100.0);
    run_checked(&mut restored, 100.0);
    assert_eq!(through.state_hash(), restored.state_hash());
}

#[test]
fn gates_and_halts_that_cannot_be_are_refused() {
    let (network, names) = approach(1, 500.0, 500.0, false);
    let refused = |gates: Vec<Gate>, expected: &str| {
        let error = simulation(&network, vec![], 0.5).with_gates(gates).unwrap_err().to_string();
        assert!(error.starts_with("gate toll: ") && error.contains(expected), "{error}");
    };
    let good = || gate(&network, 5.0, Spread::Fixed);
    refused(vec![Gate { pos_m: 3.0, ..good() }], "expected 20 to");
    refused(vec![Gate { service_s: -1.0, ..good() }], "expected 0 to 7200");
    refused(vec![good(), good()], "already");
    let route = route(&network, link(&network, "main1"), link(&network, names.last().unwrap())).unwrap();
    let mut bus = trip("bus", VehicleClass::Bus, 0.0, 0.0, 250.0, route);
    bus.halts =
        Arc::from([Halt { leg: 0, pos_m: 200.0, dwell_s: 9.0, in_bay: false }, Halt { leg: 0, pos_m: 100.0, dwell_s: 9.0, in_bay: false }]);
    let error = Simulation::new(network.clone(), Default::default(), vec![bus], vec![], config(0.5)).unwrap_err().to_string();
    assert!(error.starts_with("trip bus: its halts at 200 m and 100 m"), "{error}");
}
