//! Runs with every step checked: nothing overlaps, nobody brakes beyond its limit, jumps, gets lost or runs a red light.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::simulation::Population;

const STEPS: [f32; 4] = [0.1, 0.25, 0.5, 1.0];

#[test]
fn a_signalised_approach_with_motorcycles_and_trucks() {
    for step_s in STEPS {
        let (network, names) = approach(3, 300.0, 300.0, true);
        let trips = demand(&network, &["main1"], &[names.last().unwrap()], TRUCKS, 6000.0, 600.0, 3);
        let mut simulation = simulation(&network, trips, step_s);
        let seen = run_checked(&mut simulation, 900.0);
        println!("{step_s} {seen:?} {:?}", simulation.population());
        assert!(seen.vehicle_steps > 10_000 && seen.line_crossings > 200);
        assert!(simulation.population().arrived > 500, "{:?}", simulation.population());
    }
}

#[test]
fn four_legs_with_signals_in_saturation() {
    for step_s in STEPS {
        let network = cross(Kind::Signal(25.0), 2);
        let trips = demand(
            &network,
            &["side-n>", "main-e>", "side-s>", "main-w>"],
            &["side-n<", "main-e<", "side-s<", "main-w<"],
            TRUCKS,
            6000.0,
            400.0,
            5,
        );
        let mut simulation = simulation(&network, trips, step_s);
        let seen = run_checked(&mut simulation, 600.0);
        println!("{step_s} {seen:?} {:?}", simulation.population());
        assert!(simulation.population().arrived > 200, "{:?}", simulation.population());
    }
}

#[test]
fn four_legs_by_priority() {
    for step_s in STEPS {
        let network = cross(Kind::Priority, 1);
        let trips = demand(
            &network,
            &["side-n>", "main-e>", "side-s>", "main-w>"],
            &["side-n<", "main-e<", "side-s<", "main-w<"],
            CITY,
            2400.0,
            400.0,
            7,
        );
        let mut simulation = simulation(&network, trips, step_s);
        let seen = run_checked(&mut simulation, 900.0);
        println!("{step_s} {seen:?} {:?}", simulation.population());
        assert!(all_arrived(simulation.population()), "{:?}", simulation.population());
    }
}

#[test]
fn a_roundabout() {
    for step_s in STEPS {
        let network = roundabout(1);
        let arms = ["arm0", "arm1", "arm2", "arm3"];
        let (froms, tos): (Vec<_>, Vec<_>) = arms.iter().map(|a| (format!("{a}>"), format!("{a}<"))).unzip();
        let trips = demand(&network, &strs(&froms), &strs(&tos), CITY, 1800.0, 400.0, 11);
        let mut simulation = simulation(&network, trips, step_s);
        let seen = run_checked(&mut simulation, 900.0);
        println!("{step_s} {seen:?} {:?}", simulation.population());
        assert!(all_arrived(simulation.population()), "{:?}", simulation.population());
    }
}

#[test]
fn a_road_cut_into_pieces() {
    for piece_m in [30.0, 100.0, 500.0] {
        for step_s in STEPS {
            let (network, names) = approach(2, 500.0, piece_m, true);
            let trips = demand(&network, &["main1"], &[names.last().unwrap()], TRUCKS, 4000.0, 400.0, 13);
            let mut simulation = simulation(&network, trips, step_s);
            let seen = run_checked(&mut simulation, 600.0);
            println!("{piece_m} {step_s} {seen:?} {:?}", simulation.population());
            assert!(simulation.population().arrived > 150, "{:?}", simulation.population());
        }
    }
}

#[test]
fn a_grid_with_motorcycles_and_articulated_trucks() {
    let (network, ins, outs) = grid(5, 2, Kind::Signal(25.0));
    let trips = demand(&network, &strs(&ins), &strs(&outs), TRUCKS, 7000.0, 300.0, 17);
    let mut simulation = simulation(&network, trips, 0.5);
    let seen = run_checked(&mut simulation, 1500.0);
    println!("{seen:?} {:?}", simulation.population());
    assert!(all_arrived(simulation.population()), "{:?}", simulation.population());
}

#[test]
fn out_and_back_through_the_same_junction_before_the_tail_has_left_it() {
    for stub_m in [7.5, 9.0, 12.0, 20.0] {
        for step_s in STEPS {
            let mut town = Town::default();
            let at = [(-200.0, 0.0), (200.0, 0.0), (0.0, -stub_m)];
            let [west, east, end] = at.map(|(x, y)| town.node(x, y, Kind::End, 0.0));
            let centre = town.node(0.0, 0.0, Kind::Priority, 6.0);
            town.two_way("main-w", west, centre, 1, 3.5);
            town.two_way("main-e", centre, east, 1, 3.5);
            town.two_way("stub", centre, end, 1, 3.5);
            let network = town.build();
            let links = |names: &[&str]| -> std::sync::Arc<[_]> { names.iter().map(|n| link(&network, n)).collect() };
            let (back, through) = (links(&["main-w>", "stub>", "stub<", "main-e>"]), links(&["main-e<", "main-w<"]));
            let mut dice = Dice::new(29);
            let trips = (0..150)
                .map(|i| {
                    let route = if i % 3 == 0 { &through } else { &back };
                    trip(&format!("t{i}"), class_of(TRUCKS, &mut dice), f64::from(i) * 4.0, 0.0, 150.0, route.clone())
                })
                .collect();
            let mut simulation = simulation(&network, trips, step_s);
            let seen = run_checked(&mut simulation, 1800.0);
            println!("{stub_m} {step_s} {seen:?} {:?}", simulation.population());
            assert!(all_arrived(simulation.population()), "{stub_m} {:?}", simulation.population());
        }
    }
}

#[test]
fn swarms_on_wide_roads_meet_where_the_middles_of_their_lanes_do_not() {
    for (lanes, seed) in [(3, 31), (4, 37)] {
        for kind in [Kind::Signal(25.0), Kind::Priority] {
            let network = cross(kind, lanes);
            let (ins, outs) = (["side-n>", "main-e>", "side-s>", "main-w>"], ["side-n<", "main-e<", "side-s<", "main-w<"]);
            let trips = demand(&network, &ins, &outs, CITY, 9000.0, 300.0, seed);
            let mut simulation = simulation(&network, trips, 0.5);
            let seen = run_checked(&mut simulation, 400.0);
            println!("{lanes} {seen:?} {:?}", simulation.population());
        }
    }
}

fn all_arrived(p: Population) -> bool {
    p.arrived == p.total()
}
