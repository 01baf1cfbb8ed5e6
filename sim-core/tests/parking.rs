//! Car parks: spaces are taken and given back, drivers who find none go on searching, and nobody is ever taken out.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassSet, VehicleClass},
    demand::Trip,
    halt::Spread,
    network::RoadNetwork,
    parking::CarPark,
    simulation::Simulation,
};
use std::sync::Arc;

const ENTRANCE_M: f32 = 50.0;

fn park(network: &RoadNetwork, name: &str, on: &str, spaces: u32, stay_s: f32) -> CarPark {
    CarPark {
        ref_: name.into(),
        link: link(network, on),
        pos_m: ENTRANCE_M,
        spaces,
        classes: ClassSet::of(&[VehicleClass::Car]),
        entry_s: 4.0,
        stay_s,
        spread: Spread::Fixed,
    }
}

/// `count` cars, one every 8 s, that wish to park on a link.
fn cars(network: &RoadNetwork, from: &str, to: &str, count: usize) -> Vec<Trip> {
    let route = route(network, link(network, from), link(network, to)).unwrap();
    (0..count).map(|n| trip(&format!("car{n}"), VehicleClass::Car, 8.0 * n as f64, 10.0, ENTRANCE_M, route.clone())).collect()
}

/// Two car parks in a town of nine crossings, and cars for the first one.
fn town(spaces: [u32; 2], stay_s: f32, count: usize) -> Simulation {
    let (network, ins, _) = grid(3, 2, Kind::Priority);
    let parks = vec![park(&network, "first", "main-1-1-e>", spaces[0], stay_s), park(&network, "second", "side-0-1-n<", spaces[1], stay_s)];
    let mut trips = cars(&network, &ins[0], "main-1-1-e>", count);
    // A motorcycle with the same destination is no matter of the car park.
    let mut motorcycle = trips[0].clone();
    (motorcycle.ref_, motorcycle.class) = ("motorcycle".into(), VehicleClass::Motorcycle);
    trips.push(motorcycle);
    simulation(&network, trips, 0.5).with_car_parks(parks).unwrap()
}

#[test]
fn who_finds_a_park_full_goes_to_the_next_one() {
    let mut simulation = town([4, 20], 36_000.0, 12);
    run_checked(&mut simulation, 900.0);
    let parking = simulation.parking();
    let of = |p: usize| (parking.parks[p].entered, parking.parks[p].taken, parking.parks[p].most);
    assert_eq!((of(0), of(1)), ((4, 4, 4), (8, 8, 8)), "{parking:?}");
    assert_eq!((parking.parks[0].turned_away, parking.found, parking.seeking), (8, 8, 0), "{parking:?}");
    assert!(parking.searched_s > 8.0 * 10.0 && parking.searched_s < 8.0 * 300.0, "{parking:?}");
    assert_eq!(simulation.population().arrived, 13, "all cars parked, and the motorcycle is where it wished to be");
}

#[test]
fn where_all_is_taken_drivers_search_on_and_are_never_lost() {
    let mut simulation = town([2, 3], 36_000.0, 9);
    run_checked(&mut simulation, 1_500.0);
    let parking = simulation.parking();
    assert_eq!(parking.parks.iter().map(|p| p.taken).collect::<Vec<_>>(), [2, 3]);
    assert_eq!((parking.seeking, simulation.population().on_road, simulation.population().removed), (4, 4, 0), "{parking:?}");
    assert!(parking.parks.iter().all(|p| p.turned_away >= 4), "they go from one to the other: {parking:?}");
    let way_m: f64 = simulation.measurements().trips.iter().filter(|t| t.arrived_s.is_none()).map(|t| t.distance_m).sum();
    assert!(way_m > 4.0 * 1_500.0, "searching is driving: {way_m} m");
}

#[test]
fn a_space_that_is_given_back_is_taken_again() {
    let mut simulation = town([2, 0], 120.0, 6);
    run_checked(&mut simulation, 1_500.0);
    let parking = simulation.parking();
    assert_eq!((parking.parks[0].entered, parking.parks[0].most, parking.parks[0].taken), (6, 2, 0), "{parking:?}");
    assert!(parking.parks[0].turned_away >= 2 && parking.found >= 1 && parking.seeking == 0, "{parking:?}");
    let mean = 6.0 * (120.0 + 4.0) / 1_500.0;
    assert!((parking.parks[0].mean_taken / mean - 1.0).abs() < 0.05, "{} spaces in the mean, expected {mean}", parking.parks[0].mean_taken);
}

#[test]
fn where_no_way_leads_on_the_driver_waits_at_the_entrance() {
    let (network, names) = approach(1, 300.0, 300.0, false);
    let park = park(&network, "dead end", names.last().unwrap(), 1, 200.0);
    let trips = cars(&network, "main1", names.last().unwrap(), 2);
    let mut simulation = simulation(&network, trips, 0.5).with_car_parks(vec![park]).unwrap();
    run_checked(&mut simulation, 150.0);
    assert_eq!((simulation.population().arrived, simulation.population().on_road, simulation.parking().seeking), (1, 1, 1));
    run_checked(&mut simulation, 150.0);
    assert_eq!((simulation.population().arrived, simulation.parking().parks[0].entered), (2, 2));
}

#[test]
fn an_entrance_lets_in_one_after_the_other() {
    let (network, names) = approach(1, 500.0, 500.0, false);
    let park = CarPark { entry_s: 20.0, ..park(&network, "slow", names.last().unwrap(), 100, 36_000.0) };
    let trips = cars(&network, "main1", names.last().unwrap(), 10);
    let mut simulation = simulation(&network, trips, 0.5).with_car_parks(vec![park]).unwrap();
    run_checked(&mut simulation, 600.0);
    let mut arrived: Vec<f64> = simulation.measurements().trips.iter().filter_map(|t| t.arrived_s).collect();
    arrived.sort_by(f64::total_cmp);
    assert_eq!(arrived.len(), 10);
    assert!(arrived.windows(2).all(|w| (20.0..30.0).contains(&(w[1] - w[0]))), "{arrived:?}");
}

#[test]
fn a_state_saved_while_drivers_search_goes_on_the_same() {
    let (mut through, mut restored) = (town([2, 3], 150.0, 12), town([2, 3], 150.0, 12));
    run_checked(&mut through, 110.0);
    assert!(through.parking().seeking > 0, "{:?}", through.parking());
    restored.restore(through.state()).unwrap();
    run_checked(&mut through, 400.0);
    run_checked(&mut restored, 400.0);
    assert_eq!((through.state_hash(), through.parking()), (restored.state_hash(), restored.parking()));
}

#[test]
fn car_parks_that_cannot_be_are_refused() {
    let (network, ..) = grid(3, 2, Kind::Priority);
    let good = || park(&network, "p", "main-1-1-e>", 5, 60.0);
    let refused = |parks: Vec<CarPark>, expected: &str| {
        let error = simulation(&Arc::clone(&network), vec![], 0.5).with_car_parks(parks).unwrap_err().to_string();
        assert!(error.starts_with("car park p: ") && error.contains(expected), "{error}");
    };
    refused(vec![CarPark { pos_m: 5.0, ..good() }], "expected 20 to");
    refused(vec![CarPark { stay_s: -1.0, ..good() }], "expected 0 to 604800");
    refused(vec![good(), good()], "already");
}
