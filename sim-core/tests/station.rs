//! Stations: gates, stops, car parks and landings tell who is served, who waits and how many they have served.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassSet, VehicleClass},
    halt::{Gate, Halt, Spread},
    network::FerryService,
    parking::CarPark,
    station::{Station, StationKind},
};
use std::sync::Arc;

#[test]
fn a_gate_tells_whom_it_serves_and_who_queues_for_it() {
    let (network, names) = approach(1, 500.0, 500.0, false);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], CARS, 900.0, 600.0, 21);
    let total = trips.len() as u64;
    let (link, classes) = (link(&network, "main1"), ClassSet::ALL);
    let gate = Gate { ref_: "toll".into(), link, pos_m: 300.0, classes, service_s: 8.0, spread: Spread::Fixed };
    let mut simulation = simulation(&network, trips, 0.5).with_gates(vec![gate]).unwrap();
    run_checked(&mut simulation, 400.0);
    let all = simulation.stations();
    let [Station { kind: StationKind::Gate { name }, pos_m, inside, waiting, served, .. }] = &all[..] else { panic!("{all:?}") };
    assert_eq!((name.as_str(), *pos_m, *served), ("toll", 300.0, simulation.served()[0].1));
    assert!(*inside <= 1 && *waiting >= 8, "{all:?}");
    let mut seen = [false; 2];
    for _ in 0..40 {
        run_checked(&mut simulation, 0.5);
        let (gate, all) = (&simulation.stations()[0], simulation.on_links());
        let behind = all.iter().filter(|v| v.link == link && v.front_m <= 301.0 && v.speed_mps < 1.39).count() as u32;
        // Who was served a moment ago is hardly moving yet.
        let told = gate.inside + gate.waiting;
        assert!(gate.inside <= 1 && (told == behind || told + 1 == behind), "{gate:?}, {behind} stand");
        seen[gate.inside as usize] = true;
    }
    assert_eq!(seen, [true; 2], "its guest goes, and the next comes");
    while simulation.population().arrived < total {
        run_checked(&mut simulation, 60.0);
    }
    let over = &simulation.stations()[0];
    assert_eq!((over.inside, over.waiting, over.served), (0, 0, total));
}

#[test]
fn a_stop_tells_who_stands_there_and_how_many_have_called() {
    for in_bay in [false, true] {
        let (network, names) = approach(2, 500.0, 500.0, false);
        let route = route(&network, link(&network, "main1"), link(&network, names.last().unwrap())).unwrap();
        let mut first = trip("bus", VehicleClass::Bus, 0.0, 0.0, 250.0, route.clone());
        first.halts =
            Arc::from([Halt { leg: 0, pos_m: 200.0, dwell_s: 40.0, in_bay }, Halt { leg: 1, pos_m: 100.0, dwell_s: 15.0, in_bay }]);
        let mut second = first.clone();
        (second.ref_, second.depart_s) = ("bus2".into(), 400.0);
        let mut simulation = simulation(&network, vec![first, second], 0.5);
        let (mut stood_s, mut told) = (0.0, Vec::new());
        while simulation.time_s() < 300.0 {
            run_checked(&mut simulation, 0.5);
            let all = simulation.stations();
            assert!(all.len() == 2 && all.iter().all(|s| s.kind == StationKind::Stop), "{all:?}");
            assert!(all.iter().all(|s| s.inside == 0 || s.served == 0), "who stands there is not served yet: {all:?}");
            stood_s += f64::from(all[0].inside) * 0.5;
            let served = [all[0].served, all[1].served];
            if told.last() != Some(&served) {
                told.push(served);
            }
        }
        assert!((39.0..42.0).contains(&stood_s), "{stood_s} s");
        assert_eq!(told, [[0, 0], [1, 0], [1, 1]], "one after the other, and never back");
        run_checked(&mut simulation, 400.0);
        assert!(simulation.stations().iter().all(|s| s.served == 2 && s.inside == 0));
    }
}

#[test]
fn a_car_park_and_a_landing_tell_who_is_in_and_who_waits() {
    let service = FerryService { car_capacity: 3, motorcycle_capacity: 20, interval_s: 300.0, crossing_s: 100.0 };
    let mut town = Town::default();
    let [a, b, c, d] = [0.0, 300.0, 900.0, 1200.0].map(|x| town.node(x, 0.0, Kind::Priority, 2.0));
    town.one_way("main-in", a, b, 2, 3.5);
    town.ferry("ferry", b, c, service);
    town.one_way("main-out", c, d, 2, 3.5);
    let network = town.build();
    let out = link(&network, "main-out");
    let way = route(&network, link(&network, "main-in"), out).unwrap();
    let trips = (0..8).map(|n| trip(&format!("car{n}"), VehicleClass::Car, 4.0 * n as f64, 10.0, 150.0, way.clone())).collect();
    let classes = ClassSet::of(&[VehicleClass::Car]);
    let park =
        CarPark { ref_: "park".into(), link: out, pos_m: 150.0, spaces: 2, classes, entry_s: 4.0, stay_s: 36_000.0, spread: Spread::Fixed };
    let mut simulation = simulation(&network, trips, 0.5).with_car_parks(vec![park]).unwrap();
    let of = |s: &Station| (s.inside, s.waiting, s.served);
    run_checked(&mut simulation, 200.0);
    let all = simulation.stations();
    assert!(matches!(all[0].kind, StationKind::CarPark { spaces: 2, .. }), "{all:?}");
    assert_eq!((all[1].kind.clone(), of(&all[1])), (StationKind::Landing { leaves_s: 300.0 }, (3, 5, 0)), "the deck holds three");
    run_checked(&mut simulation, 310.0);
    let all = simulation.stations();
    assert_eq!(
        (of(&all[0]), of(&all[1])),
        ((2, 1, 2), (3, 2, 3)),
        "two parked, the third finds it full; the next boat lies there: {all:?}"
    );
    run_checked(&mut simulation, 600.0);
    assert_eq!(simulation.stations()[1].served, 8, "in whatever quarter of an hour they landed");
}
