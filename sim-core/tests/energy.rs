//! CO₂, fuel and battery energy: by link and by trip they are the same sums, and who drives electrically is a draw of each trip.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{CLASS_COUNT, ClassParams, ClassTable, VehicleClass},
    demand::Trip,
    measure::Measurements,
    network::RoadNetwork,
    simulation::Simulation,
};
use std::sync::Arc;

/// The shipped classes with another electric share and start for all.
fn classes(change: impl Fn(&mut ClassParams)) -> ClassTable {
    let entries: [ClassParams; CLASS_COUNT] = VehicleClass::ALL.map(|class| {
        let mut params = ClassTable::default().get(class).clone();
        change(&mut params);
        params
    });
    ClassTable::new(entries).unwrap()
}

fn measured(network: &Arc<RoadNetwork>, trips: &[Trip], classes: ClassTable, seconds: f64) -> Measurements {
    let mut simulation = Simulation::new(network.clone(), classes, trips.to_vec(), vec![], config(0.5)).unwrap();
    while simulation.time_s() < seconds {
        simulation.step();
    }
    simulation.measurements().clone()
}

fn town() -> (Arc<RoadNetwork>, Vec<Trip>) {
    let (network, ins, outs) = grid(3, 2, Kind::Signal(20.0));
    let trips = demand(&network, &strs(&ins), &strs(&outs), TRUCKS, 3000.0, 300.0, 23);
    (network, trips)
}

#[test]
fn links_and_trips_add_up_to_the_same() {
    let (network, trips) = town();
    let m = measured(&network, &trips, classes(|p| p.electric_share = 0.4), 500.0);
    let both = |cell: f64, trip: f64| assert!(cell > 0.0 && (cell / trip - 1.0).abs() < 1e-9, "{cell} by link, {trip} by trip");
    both(m.links.iter().map(|c| c.co2_g).sum(), m.trips.iter().map(|t| t.co2_g).sum());
    both(m.links.iter().map(|c| c.electric_kwh).sum(), m.trips.iter().map(|t| t.electric_kwh).sum());
    both(m.links.iter().map(|c| c.vehicle_m).sum(), m.trips.iter().map(|t| t.distance_m).sum());
    both(m.links.iter().map(|c| c.fuel_ml()).sum(), m.trips.iter().zip(&trips).map(|(r, t)| r.fuel_ml(t.class)).sum());
}

#[test]
fn a_cold_start_is_counted_once_where_the_trip_begins() {
    let (network, names) = approach(1, 400.0, 100.0, false);
    let route = route(&network, link(&network, "main1"), link(&network, names.last().unwrap())).unwrap();
    let trips: Vec<_> = [VehicleClass::Motorcycle, VehicleClass::Car]
        .into_iter()
        .enumerate()
        .map(|(i, class)| trip(&format!("t{i}"), class, 60.0 * i as f64, 0.0, 100.0, route.clone()))
        .collect();
    let with = measured(&network, &trips, ClassTable::default(), 200.0);
    let without = measured(&network, &trips, classes(|p| p.start_co2_g = 0.0), 200.0);
    let by_trip: Vec<f64> = with.trips.iter().zip(&without.trips).map(|(a, b)| a.co2_g - b.co2_g).collect();
    assert!((by_trip[0] - 6.96).abs() < 1e-5 && by_trip[1] == 0.0, "{by_trip:?}");
    for (a, b) in with.links.iter().zip(&without.links) {
        let expected = if a.link == route[0] && a.class == VehicleClass::Motorcycle { 6.96 } else { 0.0 };
        assert!((a.co2_g - b.co2_g - expected).abs() < 1e-5, "{a:?} against {b:?}");
    }
}

#[test]
fn a_battery_burns_nothing_and_needs_no_start() {
    let (network, trips) = town();
    let m = measured(&network, &trips, classes(|p| p.electric_share = 1.0), 300.0);
    assert!(m.trips.iter().all(|t| t.electric && t.co2_g == 0.0));
    assert!(m.links.iter().all(|c| c.co2_g == 0.0 && c.fuel_ml() == 0.0));
    let drove: Vec<_> = m.trips.iter().zip(&trips).filter(|(r, t)| r.distance_m > 300.0 && t.class == VehicleClass::Motorcycle).collect();
    assert!(drove.len() > 50);
    for (record, _) in drove {
        let per_100_km = record.electric_kwh / record.distance_m * 1e5;
        assert!((1.0..=8.0).contains(&per_100_km), "{per_100_km} kWh/100 km");
    }
}

#[test]
fn who_is_electric_is_a_draw_of_its_own() {
    let (network, mut trips) = town();
    let share = |p: &mut ClassParams| p.electric_share = 0.3;
    let base = measured(&network, &trips, classes(share), 1.0);
    let electric = base.trips.iter().filter(|t| t.electric).count() as f64 / trips.len() as f64;
    assert!((0.2..=0.4).contains(&electric), "{electric} of {} are electric", trips.len());
    let mut first = trips[0].clone();
    first.ref_ = "one more".into();
    trips.insert(0, first);
    let more = measured(&network, &trips, classes(share), 1.0);
    assert!(base.trips.iter().zip(&more.trips[1..]).all(|(a, b)| a.electric == b.electric));
    // A larger share only ever adds to those who are.
    let half = measured(&network, &trips, classes(|p| p.electric_share = 0.5), 1.0);
    assert!(more.trips.iter().zip(&half.trips).all(|(a, b)| b.electric || !a.electric));
}
