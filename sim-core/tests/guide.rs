//! Route choice under way: who is told of a closure or a queue ahead takes another way, and nobody else does.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::ClassSet,
    guide::Guidance,
    ids::VehicleId,
    incident::{Effect, Incident},
    network::RoadNetwork,
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;

/// Two ways from west to east: straight on, or a detour half as long again.
fn two_ways() -> Arc<RoadNetwork> {
    let mut town = Town::default();
    let west = town.node(0.0, 0.0, Kind::End, 0.0);
    let fork = town.node(500.0, 0.0, Kind::Priority, 6.0);
    let join = town.node(1500.0, 0.0, Kind::Priority, 6.0);
    let east = town.node(2000.0, 0.0, Kind::End, 0.0);
    let north = town.node(1000.0, 550.0, Kind::Priority, 6.0);
    town.one_way("main-in", west, fork, 2, 3.5);
    town.one_way("main-straight", fork, join, 2, 3.5);
    town.one_way("side-out", fork, north, 2, 3.5);
    town.one_way("side-back", north, join, 2, 3.5);
    town.one_way("main-on", join, east, 2, 3.5);
    town.build()
}

fn closure(network: &RoadNetwork) -> Incident {
    let link = link(network, "main-straight");
    let effect = Effect::Closed { lanes: 0..2 };
    Incident { ref_: "works".into(), link, from_m: 400.0, to_m: 420.0, start_s: 120.0, end_s: 1e6, classes: ClassSet::ALL, effect }
}

/// An hour of traffic with the straight way closed after two minutes.
fn closed(guidance: Option<Guidance>, threads: usize) -> Simulation {
    let network = two_ways();
    let trips = demand(&network, &["main-in"], &["main-on"], CITY, 900.0, 1500.0, 13);
    let config = SimConfig { threads, ..config(0.5) };
    let simulation = Simulation::new(network.clone(), Default::default(), trips, vec![], config).unwrap();
    let mut simulation = match guidance {
        Some(guidance) => simulation.with_guidance(guidance).unwrap(),
        None => simulation,
    };
    simulation.add_incident(closure(&network)).unwrap();
    simulation
}

/// How many have the detour in their route.
fn on_detour(simulation: &Simulation) -> usize {
    let detour = link(simulation.network(), "side-back");
    (0..simulation.trips().len()).filter(|n| simulation.route(VehicleId::from_index(*n)).contains(&detour)).count()
}

#[test]
fn those_who_are_told_of_a_closure_drive_around_it() {
    let mut none = closed(None, 1);
    run_checked(&mut none, 2400.0);
    assert_eq!((on_detour(&none), none.measurements().rerouted), (0, 0));
    let mut all = closed(Some(Guidance { share: 1.0, ..Guidance::default() }), 1);
    run_checked(&mut all, 2400.0);
    let half = Guidance { share: 0.5, ..Guidance::default() };
    let mut some = closed(Some(half), 1);
    run_checked(&mut some, 2400.0);
    println!("{:?} {:?} {:?}", none.population(), some.population(), all.population());
    assert!(all.population().arrived > 3 * none.population().arrived, "{:?} {:?}", all.population(), none.population());
    assert!(on_detour(&some) < on_detour(&all) && on_detour(&some) > 20, "{} {}", on_detour(&some), on_detour(&all));
    assert_eq!(all.measurements().rerouted as usize, on_detour(&all), "each changed once");
}

/// What is closed is no part of a saved state; those who are told ask for it at the very beginning of the step in which they look.
#[test]
fn restored_when_they_look_they_know_of_the_closure() {
    let all = Guidance { share: 1.0, ..Guidance::default() };
    let (mut through, mut saved) = (closed(Some(all), 1), closed(Some(all), 1));
    // They look every minute; the closure begins after two.
    let looks = 360;
    (0..looks).for_each(|_| saved.step());
    let mut restored = closed(Some(all), 1);
    restored.restore(saved.state()).unwrap();
    (0..looks + 1).for_each(|_| through.step());
    restored.step();
    assert!(through.measurements().rerouted > 0);
    assert_eq!(restored.measurements().rerouted, through.measurements().rerouted);
    assert_eq!(restored.state_hash(), through.state_hash());
}

#[test]
fn nobody_changes_where_nothing_is_gained() {
    let network = two_ways();
    let trips = demand(&network, &["main-in"], &["main-on"], CITY, 900.0, 1200.0, 13);
    let all = Guidance { share: 1.0, ..Guidance::default() };
    let mut simulation = simulation(&network, trips, 0.5).with_guidance(all).unwrap();
    run_checked(&mut simulation, 2100.0);
    assert_eq!((on_detour(&simulation), simulation.population().arrived), (0, simulation.population().total()));
}

#[test]
fn new_routes_are_part_of_the_state_and_the_same_for_any_number_of_threads() {
    let told = Some(Guidance { share: 0.7, ..Guidance::default() });
    let (mut one, mut three, mut restored) = (closed(told, 1), closed(told, 3), closed(told, 2));
    run_checked(&mut one, 700.0);
    run_checked(&mut three, 700.0);
    assert_eq!(one.state_hash(), three.state_hash());
    assert!(one.measurements().rerouted > 0);
    restored.restore(one.state()).unwrap();
    run_checked(&mut one, 500.0);
    run_checked(&mut restored, 500.0);
    assert_eq!(one.state_hash(), restored.state_hash());
}

#[test]
fn a_share_that_is_none_is_refused() {
    let network = two_ways();
    let error = simulation(&network, vec![], 0.5).with_guidance(Guidance { share: 1.2, ..Guidance::default() }).unwrap_err();
    assert!(error.to_string().starts_with("guidance: share is 1.2, expected"), "{error}");
}
