//! The same inputs give the same bits: on any run, with any number of threads, and from any saved state onwards.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassSet, ClassTable},
    compare::{difference, first_difference},
    detector::{Detector, DetectorKind},
    ids::LinkId,
    incident::{Effect, Incident},
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
    for threads in [1, 2, 4, 7] {
        let mut other = scenario(threads);
        for (i, expected) in hashes.iter().enumerate() {
            steps(&mut other, 60);
            if other.state_hash() != *expected {
                let first = first_difference(&mut scenario(1), &mut scenario(threads), 360);
                panic!("{threads} threads differ by step {}: {}", (i + 1) * 60, first.map_or_else(String::new, |d| d.to_string()));
            }
        }
    }
}

#[test]
fn a_failed_comparison_names_the_first_step_and_vehicle_that_differ() {
    let (mut one, mut other) = (scenario(1), scenario(2));
    assert_eq!(first_difference(&mut one, &mut other, 100), None);
    // From 60 s on one of the two has a slow stretch on the third road: the first who comes near differs.
    let slow = Incident {
        ref_: "slow".into(),
        link: LinkId(2),
        from_m: 60.0,
        to_m: 70.0,
        start_s: 60.0,
        end_s: 1e9,
        classes: ClassSet::ALL,
        effect: Effect::Slow { speed_mps: 2.0 },
    };
    let harmless = Incident { effect: Effect::Slow { speed_mps: 40.0 }, ..slow.clone() };
    other.add_incident(slow).unwrap();
    // The incident itself is a difference in no vehicle, and is told at once.
    let at_once = difference(&one, &other).unwrap();
    assert_eq!((at_once.step, at_once.vehicle.as_ref(), at_once.detail.as_str()), (100, None, "the states differ in the incidents"));
    one.add_incident(harmless).unwrap();
    let mut first = None;
    for _ in 0..300 {
        one.step();
        other.step();
        first = difference(&one, &other).filter(|d| d.vehicle.is_some());
        if first.is_some() {
            break;
        }
    }
    let first = first.unwrap();
    assert!(first.time_s > 60.0 && first.detail.contains("on link 2: Row"), "{first}");
    assert!(first.to_string().starts_with(&format!("first differ after step {} (at {} s) in t", first.step, first.time_s)), "{first}");
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

/// With this variable set a test program is the other process: it reads a state from the file, goes on, and writes what it came to.
const STATE_FILE: &str = "AGTWIN_TEST_STATE";

#[test]
fn saved_at_any_step_and_restored_in_another_process_is_as_if_never_stopped() {
    const MORE: usize = 60;
    if let Ok(path) = std::env::var(STATE_FILE) {
        let state: SimState = postcard::from_bytes(&std::fs::read(&path).unwrap()).unwrap();
        let mut restored = scenario(2);
        restored.restore(state).unwrap();
        steps(&mut restored, MORE);
        std::fs::write(&path, postcard::to_stdvec(&restored.state()).unwrap()).unwrap();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let mut through = scenario(1);
    let mut step = 0;
    for at in [1, 37, 100, 161, 222, 333] {
        steps(&mut through, at - step);
        step = at;
        let path = folder.path().join(format!("state-{at}"));
        std::fs::write(&path, postcard::to_stdvec(&through.state()).unwrap()).unwrap();
        let name = "saved_at_any_step_and_restored_in_another_process_is_as_if_never_stopped";
        let run = std::process::Command::new(std::env::current_exe().unwrap())
            .args([name, "--exact", "--test-threads=1"])
            .env(STATE_FILE, &path)
            .output()
            .unwrap();
        assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
        let mut other = scenario(1);
        other.restore(postcard::from_bytes(&std::fs::read(&path).unwrap()).unwrap()).unwrap();
        assert_eq!(other.step_index(), (at + MORE) as u64, "the other process has gone on");
        let mut never = scenario(1);
        steps(&mut never, at + MORE);
        if let Some(d) = difference(&never, &other) {
            panic!("saved at step {at}: {d}");
        }
    }
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
        "8554f601bba3ab97",
        "the model changed: if that was meant, say why in CHANGELOG.md and write the new hash here"
    );
}
