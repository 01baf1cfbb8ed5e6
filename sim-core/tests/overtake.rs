//! On undivided roads the slow are overtaken through the opposing half, and the two directions never share a place.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    check::Checker,
    class::{ClassSet, ClassTable, VehicleClass},
    demand::Trip,
    incident::{Effect, Incident},
    network::RoadNetwork,
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;

const LENGTH_M: f64 = 3_000.0;

/// A country road of one lane each way between two ends; `undivided` or with a barrier.
fn country_road(undivided: bool) -> Arc<RoadNetwork> {
    road_of(1, undivided)
}

fn road_of(lanes: u8, undivided: bool) -> Arc<RoadNetwork> {
    let mut town = Town::default();
    let (west, east) = (town.node(0.0, 0.0, Kind::End, 0.0), town.node(LENGTH_M, 0.0, Kind::End, 0.0));
    town.two_way("road", west, east, lanes, 3.5);
    let mut network = (*town.build()).clone();
    if undivided {
        let (a, b) = (link(&network, "road>"), link(&network, "road<"));
        network.links[a.index()].opposite = Some(b);
        network.links[b.index()].opposite = Some(a);
    }
    Arc::new(network)
}

/// The shipped classes, but heavy trucks crawl.
fn slow_trucks() -> ClassTable {
    let shipped = ClassTable::default();
    let mut entries = VehicleClass::ALL.map(|c| shipped.get(c).clone());
    let truck = &mut entries[VehicleClass::HeavyTruck.index()];
    (truck.desired_speed_mps, truck.desired_speed_spread) = (5.0, 0.0);
    ClassTable::new(entries).unwrap()
}

fn on(network: &Arc<RoadNetwork>, trips: Vec<Trip>, threads: usize) -> Simulation {
    let config = SimConfig { threads, ..config(0.5) };
    Simulation::new(network.clone(), slow_trucks(), trips, vec![], config).unwrap()
}

fn one(network: &RoadNetwork, name: &str, class: VehicleClass, depart_s: f64, road: &str) -> Trip {
    let at = link(network, road);
    trip(name, class, depart_s, 0.0, (LENGTH_M - 20.0) as f32, Arc::from([at]))
}

/// A truck and a car behind it, and cars from the other side every so many seconds.
fn behind_a_truck(network: &Arc<RoadNetwork>, others_every_s: f64) -> Vec<Trip> {
    let mut trips =
        vec![one(network, "truck", VehicleClass::HeavyTruck, 300.0, "road>"), one(network, "car", VehicleClass::Car, 330.0, "road>")];
    let mut at = 0.0;
    while others_every_s > 0.0 && at < 1_000.0 {
        trips.push(one(network, &format!("other {at}"), VehicleClass::Car, at, "road<"));
        at += others_every_s;
    }
    trips
}

fn took(simulation: &Simulation, name: &str) -> f64 {
    let i = simulation.trips().iter().position(|t| t.ref_.as_str() == name).unwrap();
    let record = &simulation.measurements().trips[i];
    record.arrived_s.unwrap_or_else(|| panic!("{name} never arrived")) - record.depart_s
}

#[test]
fn a_car_overtakes_a_slow_truck_when_nobody_comes() {
    let network = country_road(true);
    let mut simulation = on(&network, behind_a_truck(&network, 0.0), 1);
    let seen = run_checked(&mut simulation, 1_000.0);
    assert!(seen.beyond_middle > 5, "it was never seen on the other half");
    let (car, truck) = (took(&simulation, "car"), took(&simulation, "truck"));
    assert!(car < 300.0 && truck > 550.0, "the car took {car:.0} s, the truck {truck:.0} s");
}

#[test]
fn a_barrier_keeps_it_behind() {
    let network = country_road(false);
    let mut simulation = on(&network, behind_a_truck(&network, 0.0), 1);
    let seen = run_checked(&mut simulation, 1_000.0);
    assert_eq!(seen.beyond_middle, 0);
    assert!(took(&simulation, "car") > 500.0, "{}", took(&simulation, "car"));
}

#[test]
fn with_two_lanes_each_way_nobody_leaves_ones_own_half() {
    let network = road_of(2, true);
    let mut trips = behind_a_truck(&network, 0.0);
    let mut simulation = on(&network, trips.clone(), 1);
    assert_eq!(run_checked(&mut simulation, 1_000.0).beyond_middle, 0);
    assert!(took(&simulation, "car") < 300.0, "one truck is passed in the other lane");
    trips.push(one(&network, "another truck", VehicleClass::HeavyTruck, 300.0, "road>"));
    let mut simulation = on(&network, trips, 1);
    assert_eq!(run_checked(&mut simulation, 1_000.0).beyond_middle, 0);
    assert!(took(&simulation, "car") > 500.0, "two abreast are not");
}

/// Smoke on the road while somebody is on the other half: he is there much longer than was planned.
#[test]
fn whoever_comes_waits_for_one_who_is_not_back_in_time() {
    let network = country_road(true);
    let mut simulation = on(&network, behind_a_truck(&network, 35.0), 1);
    let mut checker = Checker::new(&simulation);
    let mut step = |simulation: &mut Simulation| {
        simulation.step();
        checker.after_step(simulation).unwrap_or_else(|violation| panic!("{violation}"));
        checker.summary().beyond_middle
    };
    while step(&mut simulation) < 4 {}
    let now = simulation.time_s();
    simulation
        .add_incident(Incident {
            ref_: "smoke".into(),
            link: link(&network, "road>"),
            from_m: 0.0,
            to_m: LENGTH_M as f32,
            start_s: now,
            end_s: now + 60.0,
            classes: ClassSet::ALL,
            effect: Effect::Slow { speed_mps: 0.5 },
        })
        .unwrap();
    while simulation.time_s() < 1_300.0 {
        step(&mut simulation);
    }
    let held_up = simulation.measurements().trips.iter().skip(2).filter(|t| t.stops > 0).count();
    assert!(held_up > 0, "nobody met it: the test shows nothing");
    assert_eq!(simulation.population().arrived, simulation.population().total());
}

#[test]
fn nobody_who_comes_is_held_up_and_the_denser_they_come_the_longer_one_waits() {
    let network = country_road(true);
    let car = [0.0, 40.0, 4.0].map(|every_s| {
        let mut simulation = on(&network, behind_a_truck(&network, every_s), 1);
        let seen = run_checked(&mut simulation, 1_300.0);
        assert!(seen.beyond_middle > 5 || every_s == 4.0, "every {every_s} s");
        // As if nobody had been on the other half.
        let trips: Vec<_> = behind_a_truck(&network, every_s).into_iter().skip(2).collect();
        let mut alone = on(&network, trips, 1);
        run_checked(&mut alone, 1_300.0);
        for trip in alone.trips() {
            let (with, without) = (took(&simulation, trip.ref_.as_str()), took(&alone, trip.ref_.as_str()));
            assert!((with - without).abs() < 2.0, "{} took {with} s instead of {without} s", trip.ref_);
        }
        took(&simulation, "car")
    });
    assert!(car[0] <= car[1] && car[1] + 30.0 < car[2], "{car:?}");
}

/// Everybody in both directions.
fn busy(network: &RoadNetwork, per_hour: [u32; 2]) -> Vec<Trip> {
    let mix: &Mix =
        &[(VehicleClass::Motorcycle, 0.6), (VehicleClass::Car, 0.2), (VehicleClass::HeavyTruck, 0.1), (VehicleClass::Bicycle, 0.1)];
    let mut dice = Dice::new(5);
    let mut trips = Vec::new();
    for (road, per_hour) in ["road>", "road<"].into_iter().zip(per_hour) {
        for n in 0..per_hour / 3 {
            trips.push(one(network, &format!("{road} {n}"), class_of(mix, &mut dice), dice.roll() * 1_200.0, road));
        }
    }
    trips
}

#[test]
fn in_mixed_traffic_both_ways_nothing_touches_and_all_arrive() {
    let network = country_road(true);
    for (per_hour, least) in [([300, 200], 200), ([900, 120], 50), ([120, 1_200], 20)] {
        let mut simulation = on(&network, busy(&network, per_hour), 1);
        let seen = run_checked(&mut simulation, 3_000.0);
        assert!(seen.beyond_middle > least, "{per_hour:?}: {seen:?}");
        assert_eq!(simulation.population().arrived, simulation.population().total(), "{:?}", simulation.population());
    }
}

#[test]
fn an_overtaking_is_part_of_the_state() {
    let network = country_road(true);
    let mut all = on(&network, busy(&network, [300, 200]), 1);
    let mut checker = Checker::new(&all);
    while checker.summary().beyond_middle == 0 {
        all.step();
        checker.after_step(&all).unwrap();
    }
    let mut again = on(&network, busy(&network, [300, 200]), 2);
    again.restore(all.state()).unwrap();
    for _ in 0..400 {
        all.step();
        again.step();
        assert_eq!(all.state_hash(), again.state_hash(), "at {} s", all.time_s());
    }
}

/// What all trips lose, hours.
fn lost_h(undivided: bool, per_hour: [u32; 2]) -> f64 {
    let network = country_road(undivided);
    let mut simulation = on(&network, busy(&network, per_hour), 1);
    run_checked(&mut simulation, 3_000.0);
    simulation.measurements().trips.iter().map(|t| t.time_loss_s).sum::<f64>() / 3_600.0
}

#[test]
fn whatever_is_lent_is_given_back_so_that_all_together_gain() {
    for per_hour in [[150, 100], [300, 200], [500, 400]] {
        let (with, without) = (lost_h(true, per_hour), lost_h(false, per_hour));
        assert!(with < 0.95 * without, "{per_hour:?}: {with:.2} h instead of {without:.2} h");
    }
}
