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
fn a_long_vehicle_comes_ashore_behind_the_tail_of_one_that_leaves_a_short_landing() {
    // The landing is hardly longer than one of them: when the front of the first leaves it, its rear stands where the second comes ashore.
    let service = FerryService { car_capacity: 60, motorcycle_capacity: 20, interval_s: 60.0, crossing_s: 60.0 };
    for (n, landing_m) in [18.0, 20.0, 22.0, 24.0, 26.0, 30.0].into_iter().enumerate() {
        let mut town = Town::default();
        let [a, b, c, d, e] = [0.0, 300.0, 900.0, 900.0 + landing_m, 1_300.0].map(|x| town.node(x, 0.0, Kind::Priority, 2.0));
        town.one_way("main-in", a, b, 1, 3.5);
        town.ferry("ferry", b, c, service);
        town.one_way("landing", c, d, 1, 3.5);
        town.one_way("main-out", d, e, 1, 3.5);
        let network = town.build();
        let mix = &[(VehicleClass::Bus, 0.4), (VehicleClass::ArticulatedTruck, 0.3), (VehicleClass::Car, 0.3)];
        let trips = demand(&network, &["main-in"], &["main-out"], mix, 400.0, 600.0, 40 + n as u64);
        let total = trips.len() as u64;
        let mut simulation = simulation(&network, trips, 0.5);
        run_checked(&mut simulation, 2_400.0);
        assert_eq!(simulation.population().arrived, total, "{landing_m} m: {:?}", simulation.population());
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
