//! Rules of other simulators that a run can be held to: everybody in the lanes of the next movement, everybody enters from standstill.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::ClassTable,
    demand::Trip,
    network::{RoadNetwork, Turn},
    simulation::{Discipline, SimConfig, Simulation},
};
use std::sync::Arc;

/// Two signals so far apart on a road of two lanes; three cars of four turn left at the second, where their lane is full now and then: to its end
/// and back into the first junction, if it is short.
fn avenue(apart_m: f64) -> (Arc<RoadNetwork>, Vec<Trip>) {
    let mut town = Town::default();
    let nodes =
        [(-400.0, 0.0, Kind::End), (0.0, 0.0, Kind::Signal(25.0)), (apart_m, 0.0, Kind::Signal(25.0)), (apart_m + 400.0, 0.0, Kind::End)];
    let on_avenue = nodes.map(|(x, y, kind)| town.node(x, y, kind, if kind == Kind::End { 0.0 } else { 13.0 }));
    for (name, ends) in ["main-w", "main-m", "main-e"].iter().zip(on_avenue.windows(2)) {
        town.two_way(name, ends[0], ends[1], 2, 3.5);
    }
    let sides = [("s", 0.0, -300.0, on_avenue[1]), ("n", apart_m, 300.0, on_avenue[2])];
    for (name, x, y, at) in sides {
        let end = town.node(x, y, Kind::End, 0.0);
        town.two_way(name, end, at, 2, 3.5);
    }
    let network = town.build();
    let trips = demand(&network, &["main-w>"], &["main-e>", "n<", "n<", "n<"], CARS, 1300.0, 900.0, 4);
    (network, trips)
}

/// How often a car that will turn left was seen before the second signal in a lane for others, and at what speeds cars were first seen, m/s.
fn seen(discipline: Discipline, apart_m: f64) -> (usize, Vec<f32>) {
    let (network, trips) = avenue(apart_m);
    let config = SimConfig { discipline, ..config(0.5) };
    let mut simulation = Simulation::new(network.clone(), ClassTable::default(), trips, vec![], config).unwrap();
    let middle = network.link(link(&network, "main-m>"));
    let left = network.movements.iter().find(|m| m.from == link(&network, "main-m>") && m.turn == Turn::Left).unwrap();
    assert_eq!((left.from_lanes.clone(), middle.lanes.len()), (1..2, 2));
    let (a, b) = (middle.geometry[0], middle.geometry[1]);
    let (mut strayed, mut speeds) = (0, vec![f32::NAN; simulation.trips().len()]);
    watch_checked(&mut simulation, 4200.0, |s| {
        for v in &s.frame().vehicles {
            let first = &mut speeds[v.id.index()];
            if first.is_nan() {
                *first = v.speed_mps;
            }
            let is_on_middle = v.centre.x > a.x + 5.0 && v.centre.x < b.x - 5.0 && (v.centre.y - a.y).abs() < 3.5;
            let turns = *s.trips()[v.id.index()].route.last().unwrap() == link(&network, "n<");
            // The lane for left turns is the one at the middle of the road: above the middle of this direction, which leads east.
            strayed += usize::from(is_on_middle && turns && v.centre.y < a.y);
        }
    });
    let population = simulation.population();
    assert_eq!(population.arrived, population.total());
    (strayed, speeds)
}

#[test]
fn nobody_leaves_the_lanes_of_the_next_movement_where_that_is_the_rule() {
    for apart_m in [150.0, 70.0] {
        let (strayed, speeds) = seen(Discipline::default(), apart_m);
        assert!(strayed > 100 && speeds.iter().any(|v| *v > 8.0), "{strayed} looks with {apart_m} m");
        let (strayed, _) = seen(Discipline { own_lanes: true, ..Discipline::default() }, apart_m);
        assert_eq!(strayed, 0, "with {apart_m} m");
    }
}

#[test]
fn everybody_sets_off_from_standstill_where_that_is_the_rule() {
    let (_, speeds) = seen(Discipline { enters_standing: true, ..Discipline::default() }, 150.0);
    // One step of half a second after it entered.
    let accel = ClassTable::default().get(sim_core::class::VehicleClass::Car).accel_mps2;
    assert!(speeds.iter().all(|v| *v <= 0.5 * accel + 1e-3), "{:?}", speeds.iter().copied().fold(0.0, f32::max));
}
