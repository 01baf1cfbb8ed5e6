//! The same inputs give the same bits: on any run, with any number of threads, and from any saved state onwards.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::ClassTable,
    detector::{Detector, DetectorKind},
    ids::LinkId,
    simulation::{SimConfig, SimState, Simulation},
};

/// A 3×3 grid with mixed traffic and two detectors.
fn scenario(threads: usize) -> Simulation {
    let (network, ins, outs) = grid(3, 2, Kind::Signal(20.0));
    let trips = demand(&network, &strs(&ins), &strs(&outs), TRUCKS, 5000.0, 300.0, 23);
    let detector = |n: u32| Detector::new(&format!("d{n}"), DetectorKind::Loop, LinkId(n), 40.0, 2.0);
    let config = SimConfig { threads, interval_s: 60.0, ..config(0.5) };
    Simulation::new(network, ClassTable::default(), trips, vec![detector(0), detector(5)], config).unwrap()
}

fn steps(simulation: &mut Simulation, n: usize) {
    for _ in 0..n {
        simulation.step();
    }
}

#[test]
fn twice_and_with_any_number_of_threads() {
    let mut one = scenario(1);
    let hashes: Vec<u64> = (0..6)
        .map(|_| {
            steps(&mut one, 60);
            one.state_hash()
        })
        .collect();
    assert!(one.population().on_road > 100, "{:?}", one.population());
    for threads in [1, 2, 4] {
        let mut other = scenario(threads);
        for (i, expected) in hashes.iter().enumerate() {
            steps(&mut other, 60);
            assert_eq!(other.state_hash(), *expected, "{threads} threads differ by step {}", (i + 1) * 60);
        }
    }
}

#[test]
fn saved_and_restored_at_a_middle_step_is_as_if_never_stopped() {
    let mut through = scenario(1);
    steps(&mut through, 333);
    let bytes = postcard::to_stdvec(&through.state()).unwrap();
    let hash_then = through.state_hash();
    steps(&mut through, 200);

    let mut restored = scenario(2);
    steps(&mut restored, 50); // whatever it did before must not matter
    restored.restore(postcard::from_bytes::<SimState>(&bytes).unwrap()).unwrap();
    assert_eq!(restored.state_hash(), hash_then);
    steps(&mut restored, 200);
    assert_eq!(restored.state_hash(), through.state_hash());
    assert_eq!(restored.measurements(), through.measurements());
    assert_eq!(restored.frame(), through.frame());
}

#[test]
fn a_state_of_another_simulation_is_refused() {
    let (network, names) = approach(1, 100.0, 100.0, false);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], CARS, 100.0, 100.0, 1);
    let mut other = simulation(&network, trips, 0.5);
    let error = other.restore(scenario(1).state()).unwrap_err();
    assert!(error.to_string().starts_with("the state is of another simulation"), "{error}");
}

#[test]
fn one_trip_more_changes_nobody_elses_draws() {
    // Two roads that never meet; the trip more drives on the other one.
    let mut town = Town::default();
    for (name, y) in [("main-a", 0.0), ("main-b", 500.0)] {
        let (from, to) = (town.node(0.0, y, Kind::End, 0.0), town.node(800.0, y, Kind::End, 0.0));
        town.one_way(name, from, to, 2, 3.5);
    }
    let network = town.build();
    let (a, b) = (link(&network, "main-a"), link(&network, "main-b"));
    let mut dice = Dice::new(4);
    let trips: Vec<_> =
        (0..80).map(|i| trip(&format!("t{i}"), class_of(CITY, &mut dice), f64::from(i), 0.0, 780.0, [a].as_slice().into())).collect();
    let mut more = trips.clone();
    more.insert(0, trip("one more", sim_core::class::VehicleClass::Car, 3.0, 0.0, 780.0, [b].as_slice().into()));
    let (mut base, mut variant) = (simulation(&network, trips, 0.5), simulation(&network, more, 0.5));
    steps(&mut base, 400);
    steps(&mut variant, 400);
    assert!(base.population().arrived > 60);
    assert_eq!(base.measurements().trips, variant.measurements().trips[1..]);
}

#[test]
fn the_golden_hash_of_a_small_scenario() {
    let mut simulation = scenario(1);
    steps(&mut simulation, 300);
    assert_eq!(
        format!("{:016x}", simulation.state_hash()),
        "cee140962f947108",
        "the model changed: if that was meant, say why in CHANGELOG.md and write the new hash here"
    );
}
