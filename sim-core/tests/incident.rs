//! Incidents: what drivers do about them, and that they break no promise.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassSet, VehicleClass},
    ids::LinkId,
    incident::{Effect, Incident},
    network::RoadNetwork,
    simulation::Simulation,
};
use std::{ops::Range, sync::Arc};

const ROAD_M: f64 = 500.0;

/// A road of two lanes toward the east, 500 m long, and what drives on it in ten minutes.
fn road(mix: &Mix, per_hour: f64) -> (Arc<RoadNetwork>, Simulation) {
    let (network, names) = approach(2, ROAD_M, ROAD_M, false);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], mix, per_hour, 600.0, 17);
    let simulation = simulation(&network, trips, 0.5);
    (network, simulation)
}

fn incident(network: &RoadNetwork, (from_m, to_m): (f32, f32), (start_s, end_s): (f64, f64), effect: Effect) -> Incident {
    incident_at(link(network, "main1"), (from_m, to_m), (start_s, end_s), effect)
}

fn incident_at(link: LinkId, (from_m, to_m): (f32, f32), (start_s, end_s): (f64, f64), effect: Effect) -> Incident {
    Incident { ref_: "works".into(), link, from_m, to_m, start_s, end_s, classes: ClassSet::ALL, effect }
}

fn closed(lanes: Range<u8>) -> Effect {
    Effect::Closed { lanes }
}

fn arrived_all(simulation: &Simulation) -> bool {
    simulation.population().arrived == simulation.population().total()
}

#[test]
fn traffic_changes_lanes_before_a_closed_one_and_nobody_is_in_it() {
    for mix in [CARS, CITY] {
        let (network, mut simulation) = road(mix, 1200.0);
        simulation.add_incident(incident(&network, (250.0, 300.0), (60.0, 2000.0), closed(0..1))).unwrap();
        watch_checked(&mut simulation, 1200.0, |s| {
            if s.time_s() < 75.0 {
                return; // who was near when it began drives on through it
            }
            // The kerb is at y = -3.5 m, the middle of the road at 0.
            let inside = s
                .frame()
                .vehicles
                .into_iter()
                .find(|v| (252.0..298.0).contains(&v.centre.x) && v.centre.y - f64::from(v.width_m) / 2.0 < -0.15);
            assert!(inside.is_none(), "at {} s: {inside:?}", s.time_s());
        });
        assert!(arrived_all(&simulation), "{:?}", simulation.population());
    }
}

#[test]
fn a_closed_road_holds_everybody_until_it_opens() {
    // Five metres before the end: whoever holds the grant for the junction there must lose it.
    let (network, mut simulation) = road(TRUCKS, 900.0);
    simulation.add_incident(incident(&network, (490.0, 495.0), (100.0, 400.0), closed(0..2))).unwrap();
    let mut arrived = Vec::new();
    watch_checked(&mut simulation, 1200.0, |s| arrived.push((s.time_s(), s.population().arrived)));
    let at = |t: f64| arrived.iter().find(|(time, _)| *time >= t).unwrap().1;
    assert!(at(100.0) > 5 && at(160.0) == at(399.0), "{} {} {}", at(100.0), at(160.0), at(399.0));
    assert!(arrived_all(&simulation), "{:?}", simulation.population());
}

#[test]
fn who_is_held_before_a_junction_does_not_keep_others_out_of_it() {
    let network = cross(Kind::Priority, 1);
    let across = demand(&network, &["side-n>"], &["side-s<"], CARS, 300.0, 900.0, 3);
    let mut trips = demand(&network, &["main-e>"], &["main-w<"], CARS, 600.0, 900.0, 4);
    let (main, side) = (trips.len(), across.len());
    trips.iter_mut().for_each(|t| t.ref_ = format!("main {}", t.ref_).as_str().into());
    trips.extend(across);
    let mut simulation = simulation(&network, trips, 0.5);
    let held = link(&network, "main-e>");
    let end_m = network.link(held).length_m;
    let (start_s, end_s) = (100.0, 1e6);
    let place = incident_at(held, (end_m - 8.0, end_m - 6.0), (start_s, end_s), closed(0..1));
    simulation.add_incident(place).unwrap();
    watch_checked(&mut simulation, 1200.0, |_| {});
    let arrived = |from: usize, n: usize| simulation.measurements().trips[from..from + n].iter().filter(|t| t.arrived_s.is_some()).count();
    assert!(arrived(0, main) < main / 3, "{} of {main} on the closed road", arrived(0, main));
    assert_eq!(arrived(main, side), side, "nobody on the road across has to wait for those who are held");
}

#[test]
fn a_flood_stops_whom_it_concerns_and_no_others() {
    // So few motorcycles that those who wait leave a way past them.
    let (network, mut simulation) = road(&[(VehicleClass::Motorcycle, 0.06), (VehicleClass::LightTruck, 0.94)], 300.0);
    let mut flood = incident(&network, (200.0, 260.0), (0.0, 1e6), closed(0..2));
    flood.classes = ClassSet::of(&[VehicleClass::Motorcycle]);
    simulation.add_incident(flood).unwrap();
    watch_checked(&mut simulation, 1500.0, |_| {});
    for (trip, record) in simulation.trips().iter().zip(&simulation.measurements().trips) {
        if trip.class == VehicleClass::Motorcycle {
            assert!(record.arrived_s.is_none(), "{} went through", trip.ref_);
        }
    }
    assert!(simulation.population().arrived >= 5, "{:?}", simulation.population());
}

#[test]
fn a_slow_zone_slows_and_only_there() {
    let (network, mut simulation) = road(CITY, 400.0);
    simulation.add_incident(incident(&network, (200.0, 300.0), (0.0, 1e6), Effect::Slow { speed_mps: 4.0 })).unwrap();
    let (mut inside, mut after) = (Vec::new(), 0.0f32);
    watch_checked(&mut simulation, 900.0, |s| {
        for v in s.frame().vehicles {
            if (230.0..295.0).contains(&v.centre.x) {
                inside.push(v.speed_mps);
            } else if v.centre.x > 400.0 {
                after = after.max(v.speed_mps);
            }
        }
    });
    let fastest = inside.iter().copied().fold(0.0, f32::max);
    assert!(inside.len() > 100 && fastest < 4.6, "{fastest} m/s");
    assert!(after > 9.0, "{after} m/s behind the zone");
}

#[test]
fn one_that_appears_before_a_fast_truck_is_driven_through_not_braked_for_beyond_the_limit() {
    for step_s in [0.1, 0.5, 1.0] {
        let (network, names) = approach(1, ROAD_M, ROAD_M, false);
        let exit = link(&network, names.last().unwrap());
        let route = route(&network, link(&network, "main1"), exit).unwrap();
        let trips = vec![trip("truck", VehicleClass::HeavyTruck, 0.0, 0.0, 100.0, route)];
        let mut simulation = simulation(&network, trips, step_s);
        // At 20 s it is some 200 m along: the closure begins 5 m before its bumper.
        watch_checked(&mut simulation, 20.0, |_| {});
        let front = simulation.frame().vehicles[0].centre.x as f32 + simulation.frame().vehicles[0].length_m / 2.0;
        simulation.add_incident(incident(&network, (front + 5.0, front + 25.0), (0.0, 1e6), closed(0..1))).unwrap();
        watch_checked(&mut simulation, 120.0, |_| {});
        assert_eq!(simulation.population().arrived, 1);
    }
}

#[test]
fn ending_one_early_opens_the_road_and_a_saved_state_knows_of_it() {
    let (network, mut simulation) = road(CITY, 900.0);
    simulation.add_incident(incident(&network, (300.0, 320.0), (50.0, 1e6), closed(0..2))).unwrap();
    watch_checked(&mut simulation, 300.0, |_| {});
    let (_, mut restored) = road(CITY, 900.0);
    restored.restore(simulation.state()).unwrap();
    watch_checked(&mut simulation, 400.0, |_| {});
    watch_checked(&mut restored, 400.0, |_| {});
    assert_eq!(simulation.state_hash(), restored.state_hash());
    let held = simulation.population().arrived;
    assert!(simulation.end_incident(&"works".into()) && !simulation.end_incident(&"works".into()));
    watch_checked(&mut simulation, 900.0, |_| {});
    assert!(simulation.population().arrived > held + 50, "{:?}", simulation.population());
}

#[test]
fn one_that_cannot_be_is_refused_with_its_reason() {
    let (network, mut simulation) = road(CARS, 60.0);
    let mut refused = |change: fn(&mut Incident), expected: &str| {
        let mut new = incident(&network, (10.0, 20.0), (0.0, 10.0), closed(0..1));
        change(&mut new);
        let error = simulation.add_incident(new).unwrap_err().to_string();
        assert!(error.starts_with("incident works: ") && error.contains(expected), "{error}");
    };
    refused(|i| i.to_m = 900.0, "which is 495 m long");
    refused(|i| i.end_s = -1.0, "expected an end after the start");
    refused(|i| i.effect = Effect::Closed { lanes: 1..3 }, "which has 2");
    refused(|i| i.effect = Effect::Slow { speed_mps: 0.0 }, "expected 0.5 to 60");
    refused(|i| i.link = LinkId(77), "the network has");
    simulation.add_incident(incident(&network, (10.0, 20.0), (0.0, 10.0), closed(0..1))).unwrap();
    let twice = simulation.add_incident(incident(&network, (10.0, 20.0), (0.0, 10.0), closed(0..1))).unwrap_err();
    assert!(twice.to_string().contains("give it another"), "{twice}");
}
