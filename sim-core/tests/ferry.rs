//! Ferries: nobody is lost, no boat is overfull, everybody lands.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{class::VehicleClass, measure::TripStatus, network::FerryService};

#[test]
fn a_ferry_takes_what_its_deck_holds_and_loses_nobody() {
    let service = FerryService { car_capacity: 6, motorcycle_capacity: 20, interval_s: 120.0, crossing_s: 200.0 };
    let mut town = Town::default();
    let [a, b, c, d] = [0.0, 300.0, 900.0, 1200.0].map(|x| town.node(x, 0.0, Kind::Priority, 2.0));
    town.one_way("main-in", a, b, 2, 3.5);
    town.ferry("ferry", b, c, service);
    town.one_way("main-out", c, d, 2, 3.5);
    let network = town.build();
    let mix = &[(VehicleClass::Motorcycle, 0.6), (VehicleClass::Car, 0.3), (VehicleClass::HeavyTruck, 0.1)];
    let trips = demand(&network, &["main-in"], &["main-out"], mix, 900.0, 600.0, 31);
    let total = trips.len() as u64;
    let is_car: Vec<bool> = trips.iter().map(|t| !t.class.is_two_wheeler()).collect();
    let mut simulation = simulation(&network, trips, 0.5);
    let mut landed_before = (0, 0);
    let mut boats = 0;
    for _ in 0..60 {
        run_checked(&mut simulation, 120.0);
        // Between two landings at most one boat's load comes ashore.
        let out = link(&network, "main-out");
        let landed = |car: bool| {
            let cells = simulation.measurements().links.iter().filter(|cell| cell.link == out);
            cells.filter(|cell| cell.class.is_two_wheeler() != car).map(|cell| cell.entered).sum::<u32>()
        };
        let now = (landed(true), landed(false));
        assert!(now.0 - landed_before.0 <= 6 && now.1 - landed_before.1 <= 20, "{landed_before:?} then {now:?}");
        boats += u32::from(now != landed_before);
        landed_before = now;
        if simulation.population().arrived == total {
            break;
        }
    }
    assert_eq!(simulation.population().arrived, total, "{:?}", simulation.population());
    assert!(boats >= 8, "{boats} boats");
    for (record, car) in simulation.measurements().trips.iter().zip(is_car) {
        assert_eq!(record.status, TripStatus::Arrived);
        let crossed_s = record.arrived_s.unwrap() - record.entered_s.unwrap();
        assert!(crossed_s > 200.0, "a crossing takes 200 s at least: {crossed_s} (car: {car})");
    }
}

#[test]
fn a_trip_may_begin_and_end_aboard() {
    let service = FerryService { car_capacity: 6, motorcycle_capacity: 20, interval_s: 60.0, crossing_s: 100.0 };
    let mut town = Town::default();
    let [a, b] = [0.0, 600.0].map(|x| town.node(x, 0.0, Kind::End, 2.0));
    town.ferry("ferry", a, b, service);
    let network = town.build();
    let ferry = link(&network, "ferry");
    let trips = (0..50).map(|i| trip(&format!("t{i}"), VehicleClass::Motorcycle, 0.0, 0.0, 100.0, [ferry].as_slice().into())).collect();
    let mut simulation = simulation(&network, trips, 1.0);
    run_checked(&mut simulation, 165.0);
    assert_eq!(simulation.population().arrived, 20);
    run_checked(&mut simulation, 300.0);
    assert_eq!(simulation.population().arrived, 50);
}
