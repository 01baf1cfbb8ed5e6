//! Conflicts: found where they are, timed as they happen, the same bits whatever runs them, and nothing else changes.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{CLASS_COUNT, ClassTable, VehicleClass},
    demand::Trip,
    measure::{Conflict, ConflictPlace, ConflictType},
    network::RoadNetwork,
    simulation::{SimConfig, SimState, Simulation},
};
use std::sync::Arc;

fn looking(network: &Arc<RoadNetwork>, trips: Vec<Trip>, threads: usize, conflicts: bool) -> Simulation {
    let config = SimConfig { threads, conflicts, interval_s: 60.0, ..config(0.25) };
    Simulation::new(network.clone(), ClassTable::default(), trips, vec![], config).unwrap()
}

fn until(simulation: &mut Simulation, seconds: f64) {
    while simulation.time_s() < seconds {
        simulation.step();
    }
}

fn busy(threads: usize, conflicts: bool) -> Simulation {
    let (network, ins, outs) = grid(3, 2, Kind::Priority);
    let trips = demand(&network, &strs(&ins), &strs(&outs), TRUCKS, 4000.0, 200.0, 23);
    looking(&network, trips, threads, conflicts)
}

#[test]
fn looking_changes_nothing_else() {
    let (mut with, mut without) = (busy(1, true), busy(1, false));
    until(&mut with, 240.0);
    until(&mut without, 240.0);
    let (with, without) = (with.measurements(), without.measurements());
    println!("{:?}", with.conflicts.cells);
    assert_eq!((&with.trips, &with.links, &with.events), (&without.trips, &without.links, &without.events));
    let counted: u32 = with.conflicts.cells.iter().map(|c| c.count).sum();
    assert!(counted > 20 && without.conflicts.cells.is_empty(), "{counted}");
    let kinds = |kind| with.conflicts.cells.iter().filter(|c| c.kind == kind).map(|c| c.count).sum::<u32>();
    assert!(kinds(ConflictType::Crossing) > 0 && kinds(ConflictType::Merging) > 0);
}

#[test]
fn the_same_with_threads_and_from_a_saved_state_onwards() {
    let mut through = busy(1, true);
    until(&mut through, 120.0);
    let bytes = postcard::to_stdvec(&through.state()).unwrap();
    until(&mut through, 200.0);
    let mut threads = busy(3, true);
    until(&mut threads, 200.0);
    assert_eq!(threads.state_hash(), through.state_hash());
    let mut restored = busy(2, true);
    restored.restore(postcard::from_bytes::<SimState>(&bytes).unwrap()).unwrap();
    until(&mut restored, 200.0);
    assert_eq!(restored.measurements().conflicts, through.measurements().conflicts);
    assert_eq!(restored.state_hash(), through.state_hash());
}

/// Time, way along and place across.
type Place = (f64, f64, f64);

/// One car through on the main road, another across from the side road `later` seconds after the first one's departure: what is told, and
/// the time between them from pictures alone.
fn across(later: f64) -> (Option<Conflict>, f64) {
    let network = cross(Kind::Priority, 1);
    let route = |names: [&str; 2]| -> Arc<[_]> { names.iter().map(|n| link(&network, n)).collect() };
    let trips = vec![
        trip("first", VehicleClass::Car, 0.0, 0.0, 150.0, route(["main-w>", "main-e<"])),
        trip("second", VehicleClass::Car, later, 0.0, 150.0, route(["side-s>", "side-n<"])),
    ];
    let mut simulation = looking(&network, trips, 1, true);
    // Where each one is: along its way and across it. The first drives east, the second north.
    let (mut east, mut north): (Vec<Place>, Vec<Place>) = (Vec::new(), Vec::new());
    while simulation.time_s() < 90.0 {
        simulation.step();
        let now = simulation.time_s();
        for v in &simulation.frame().vehicles {
            match v.id.index() {
                0 => east.push((now, v.centre.x - f64::from(v.length_m) * 0.5, v.centre.y)),
                _ => north.push((now, v.centre.y + f64::from(v.length_m) * 0.5, v.centre.x)),
            }
        }
    }
    assert_eq!(simulation.population().arrived, 2);
    // Bodies 1.85 m wide with 0.25 m between them: their middles come as near as 2.1 m.
    let at = |way: &[Place], place: f64| {
        let pair = way.windows(2).find(|w| w[0].1 < place && w[1].1 >= place).unwrap();
        pair[0].0 + (place - pair[0].1) / (pair[1].1 - pair[0].1) * (pair[1].0 - pair[0].0)
    };
    let (row, column) = (east[east.len() / 2].2, north[north.len() / 2].2);
    let time = at(&north, row - 2.1) - at(&east, column + 2.1);
    let worst = &simulation.measurements().conflicts.worst;
    assert!(worst.len() <= 1, "{worst:?}");
    (worst.first().copied(), time)
}

#[test]
fn the_time_between_two_who_cross_is_that_between_their_bodies() {
    let mut found = 0;
    for i in 0..16 {
        let later = f64::from(i) * 0.25;
        let (conflict, time) = across(later);
        println!("{later}: {time} {:?}", conflict.map(|c| c.time_to_s));
        if let Some(c) = conflict {
            assert_eq!((c.kind, c.drac_mps2), (ConflictType::Crossing, None));
            assert!(matches!(c.place, ConflictPlace::Junction(_)) && c.time_to_s < 1.5, "{c:?}");
            // A piece of a path is 0.8 m: about a tenth of a second.
            assert!((f64::from(c.time_to_s) - time.abs()).abs() < 0.25, "{later}: {time} s between their bodies, {c:?}");
            found += 1;
        }
        assert!(conflict.is_some() || time.abs() > 1.25, "{later}: {time} s between their bodies, and nothing is told");
    }
    assert!(found >= 3, "{found}");
    assert!(across(30.0).0.is_none(), "long after");
}

#[test]
fn who_brakes_late_closes_in_on_the_queue() {
    let (network, names) = approach(2, 400.0, 400.0, true);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], CARS, 1200.0, 300.0, 3);
    let count = |late: bool| {
        let entries: [_; CLASS_COUNT] = VehicleClass::ALL.map(|class| {
            let mut params = ClassTable::default().get(class).clone();
            if late {
                (params.headway_s, params.gap0_m, params.brake_comfort_mps2) = (0.1, 0.3, params.brake_max_mps2);
            }
            params
        });
        let config = SimConfig { conflicts: true, ..config(0.25) };
        let classes = ClassTable::new(entries).unwrap();
        let mut simulation = Simulation::new(network.clone(), classes, trips.clone(), vec![], config).unwrap();
        until(&mut simulation, 400.0);
        let conflicts = &simulation.measurements().conflicts;
        for c in &conflicts.worst {
            assert!(c.time_to_s < 1.0 && c.drac_mps2.unwrap() > 3.35 && matches!(c.place, ConflictPlace::Link(_)), "{c:?}");
        }
        conflicts.cells.iter().map(|c| c.count).sum::<u32>()
    };
    let (careful, late) = (count(false), count(true));
    assert!(careful * 5 < late && late > 10, "{careful} with ordinary drivers, {late} with late ones");
}
