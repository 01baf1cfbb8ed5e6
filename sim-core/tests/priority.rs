//! Right of way without signals, and what is told when nobody can have it.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassParams, ClassTable, VehicleClass},
    measure::EventKind,
    network::RoadNetwork,
    simulation::Simulation,
};
use std::sync::Arc;

/// Four equal roads without signs: the town's names give none of them the right of way.
fn equal_roads() -> Arc<RoadNetwork> {
    let mut town = Town::default();
    let centre = town.node(0.0, 0.0, Kind::Priority, 9.5);
    for (name, x, y) in [("n", 0.0, 150.0), ("e", 150.0, 0.0), ("s", 0.0, -150.0), ("w", -150.0, 0.0)] {
        let end = town.node(x, y, Kind::End, 0.0);
        town.two_way(name, end, centre, 1, 3.5);
    }
    town.build()
}

/// When each of two cars that go straight on arrives: the first comes from `a`, the second from `b` so much later.
fn arrivals(a: &str, b: &str, later_s: f64) -> (f64, f64) {
    let network = equal_roads();
    let across = |from: &str| match from {
        "n" => "s<",
        "s" => "n<",
        "e" => "w<",
        _ => "e<",
    };
    let car = |from: &str, depart_s: f64| {
        let route = route(&network, link(&network, &format!("{from}>")), link(&network, across(from))).unwrap();
        trip(from, VehicleClass::Car, depart_s, 60.0, 130.0, route)
    };
    let table = ClassTable::default();
    let alike = VehicleClass::ALL.map(|class| ClassParams { desired_speed_spread: 0.0, ..table.get(class).clone() });
    let trips = vec![car(a, 0.0), car(b, later_s)];
    let mut simulation = Simulation::new(network.clone(), ClassTable::new(alike).unwrap(), trips, vec![], config(0.25)).unwrap();
    run_checked(&mut simulation, 60.0);
    let trips = simulation.measurements().trips.clone();
    (trips[0].arrived_s.unwrap(), trips[1].arrived_s.unwrap())
}

#[test]
fn among_equals_the_one_from_the_right_goes_first() {
    // Who comes from the north drives south: the west is to the right, the east to the left.
    for (from, right, left) in [("n", "w", "e"), ("w", "s", "n"), ("s", "e", "w"), ("e", "n", "s")] {
        let (first, second) = arrivals(from, right, 0.75);
        assert!(second < first, "from {from}: the one from the right ({right}) arrived at {second}, this one at {first}");
        let (first, second) = arrivals(from, left, 0.75);
        assert!(first < second, "from {from}: the one from the left ({left}) arrived at {second}, this one at {first}");
    }
}

#[test]
fn who_comes_much_later_from_the_right_waits_for_nobody_to_stop() {
    let (first, second) = arrivals("n", "w", 4.0);
    assert!(first + 3.0 < second, "{first} {second}");
}

/// Four one-way streets around a block, fed from its corners by more cars than it holds, all of which go on around it.
fn full_block() -> Simulation {
    let mut town = Town::default();
    let corners = [(0.0, 0.0), (50.0, 0.0), (50.0, 50.0), (0.0, 50.0)];
    let nodes = corners.map(|(x, y)| town.node(x, y, Kind::Priority, 5.0));
    for (k, (x, y)) in corners.into_iter().enumerate() {
        town.one_way(&format!("side{k}"), nodes[k], nodes[(k + 1) % 4], 1, 3.5);
        let outside = town.node(3.0 * x - 50.0, 3.0 * y - 50.0, Kind::End, 0.0);
        town.one_way(&format!("feeder{k}"), outside, nodes[k], 1, 3.5);
    }
    let network = town.build();
    let trips = (0..80)
        .map(|n| {
            let first = link(&network, &format!("feeder{}", n % 4));
            let around = (0..40).map(|i| link(&network, &format!("side{}", (n + i) % 4)));
            trip(&format!("t{n}"), VehicleClass::Car, n as f64, 0.0, 20.0, std::iter::once(first).chain(around).collect())
        })
        .collect();
    simulation(&network, trips, 0.5)
}

#[test]
fn a_ring_of_full_streets_is_told_as_a_gridlock_and_nobody_is_taken_out() {
    let mut simulation = full_block();
    run_checked(&mut simulation, 900.0);
    let measured = simulation.measurements();
    let of = |kind: EventKind| measured.events.iter().filter(|e| e.kind == kind).collect::<Vec<_>>();
    let gridlock = of(EventKind::Gridlock);
    let mut places: Vec<_> = gridlock.iter().map(|e| e.ref_.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["j0", "j1", "j2", "j3"], "the corners: {:?}", simulation.population());
    assert!(gridlock.iter().all(|e| e.since_s.is_some_and(|since| since + 120.0 <= e.time_s && since < 300.0)), "{gridlock:?}");
    assert!(of(EventKind::GridlockOver).is_empty());
    assert!(of(EventKind::LongStand).len() >= 4, "each first one has stood for five minutes");
    let population = simulation.population();
    assert_eq!((population.total(), population.removed), (80, 0), "{population:?}");
    assert!(population.on_road >= 12, "{population:?}");
}
