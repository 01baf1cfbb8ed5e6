//! Whatever is edited, undone, gone back over and branched: a saved branch run headless comes to the same state.

use super::*;
use crate::{
    run::{
        progress::Quiet,
        session::{RunSettings, Session},
    },
    scenario::{automation::SystemName, conditions::Lanes, interventions::SensorName, signals::ControllerName},
};
use proptest::prelude::*;
use std::{fs, path::Path};

const RUN: RunSettings = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };

/// Nine minutes in a small town; a closure that ends by itself and a wave of demand are planned.
const SCENARIO: &str = r#"
name = "town"
map = "town.osm"
[time]
from = "07:00"
to = "07:09"
warm_up = "1 min"
interval = "3 min"
[demand]
kind = "synthetic"
flow = "1800 veh/h"
[[interventions]]
kind = "closure"
name = "works"
road = "QL.91"
near = [10.3827, 105.434]
at = "07:02"
until = "07:05:30"
[[interventions]]
kind = "demand"
factor = "150 %"
classes = ["motorcycle"]
at = "07:03"
"#;

/// The town's folder with the scenario above, but with these words replaced.
fn town(response: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/town");
    fs::copy(data.join("town.osm"), folder.path().join("town.osm")).unwrap();
    fs::write(folder.path().join("scenario.toml"), format!("response = \"{response}\"\n{SCENARIO}")).unwrap();
    folder
}

fn begin(folder: &Path) -> Timeline {
    let session = Arc::new(Session::open(&folder.join("scenario.toml"), &[], RUN, &Quiet).unwrap());
    Timeline::new(session, 3, 1, Settings { every_s: 60.0, most: 6, conflicts: false }, &Quiet).unwrap()
}

/// The state hash of a headless run of a scenario file.
fn headless(path: &Path, seed: u64) -> String {
    let session = Session::open(path, &[], RUN, &Quiet).unwrap();
    session.run_seed(seed, RUN, &Quiet).unwrap().record.state_hash
}

fn hash(timeline: &Timeline) -> String {
    format!("{:016x}", timeline.simulation().state_hash())
}

fn table(kind: InterventionKind) -> InterventionTable {
    InterventionTable::new(kind)
}

/// Some edit of the town; `n` chooses.
fn some_edit(timeline: &Timeline, what: u8, n: usize) -> InterventionTable {
    use InterventionKind as K;
    let network = timeline.simulation().network();
    let link = Some(network.links[n % network.links.len()].ref_.to_string());
    match what % 12 {
        0 => InterventionTable { link, both_ways: n.is_multiple_of(2), ..table(K::Closure) },
        1 => InterventionTable { link, lanes: Some(Lanes::These(vec![0])), ..table(K::Closure) },
        2 => InterventionTable { link, ..table(K::Opening) },
        3 => InterventionTable { link, speed: Some("23 km/h".parse().unwrap()), ..table(K::SpeedLimit) },
        4 => {
            use ControllerName as C;
            let controller = [C::Actuated, C::MaxPressure, C::Fixed, C::Webster, C::Predictive][n % 5];
            InterventionTable {
                junction: Some(network.controllers[n % network.controllers.len()].ref_.to_string()),
                controller: Some(controller),
                ..table(K::Signal)
            }
        }
        5 => InterventionTable { factor: Some(["40 %", "100 %", "220 %"][n % 3].parse().unwrap()), ..table(K::Demand) },
        6 => InterventionTable { share: Some(["0 %", "70 %"][n % 2].parse().unwrap()), ..table(K::Guidance) },
        7 => InterventionTable { link, sensor: Some(SensorName::Radar), ..table(K::Detector) },
        8 => InterventionTable { share: Some(["10 %", "90 %"][n % 2].parse().unwrap()), ..table(K::Electric) },
        9 => InterventionTable { share: Some("80 %".parse().unwrap()), ..table(K::Trackers) },
        10 => {
            let system = Some([SystemName::Acc, SystemName::Autonomous][n % 2]);
            InterventionTable { system, share: Some(["20 %", "50 %"][n % 2].parse().unwrap()), ..table(K::Automation) }
        }
        _ => {
            let driving: Vec<_> = timeline.simulation().frame().vehicles.iter().map(|v| v.id).collect();
            let trip = driving.get(n % driving.len().max(1)).map(|id| timeline.simulation().trips()[id.index()].ref_.to_string());
            InterventionTable { trip: Some(trip.unwrap_or_else(|| "nobody".into())), ..table(K::RemoveVehicle) }
        }
    }
}

/// What a person may do.
#[derive(Clone, Debug)]
enum Act {
    Play(u64),
    Edit(u8, usize),
    UndoLast,
    UndoAny(usize),
    Back(u64),
    Open(usize),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        3 => (1u64..200).prop_map(Act::Play),
        4 => (any::<u8>(), 0usize..1000).prop_map(|(what, n)| Act::Edit(what, n)),
        1 => Just(Act::UndoLast),
        1 => (0usize..10).prop_map(Act::UndoAny),
        1 => (0u64..1000).prop_map(Act::Back),
        1 => (0usize..4).prop_map(Act::Open),
    ];
    prop::collection::vec(act, 8..24)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, max_shrink_iters: 40, ..ProptestConfig::default() })]

    #[test]
    fn a_saved_branch_run_headless_comes_to_the_same_state(acts in acts()) {
        let folder = town("none");
        let mut timeline = begin(folder.path());
        for act in acts {
            match act {
                Act::Play(steps) => timeline.go_to(timeline.step() + steps).unwrap(),
                Act::Edit(what, n) => {
                    let before = (timeline.simulation().state_hash(), timeline.branches().len());
                    let refused = timeline.edit(some_edit(&timeline, what, n)).is_err();
                    prop_assert!(!refused || before == (timeline.simulation().state_hash(), timeline.branches().len()));
                }
                Act::UndoLast => if let Some(name) = timeline.standing().first().map(|n| (*n).to_owned()) {
                    let _ = timeline.undo(&name);
                },
                Act::UndoAny(n) => { let _ = timeline.undo(&format!("edit-{n}")); }
                Act::Back(step) => timeline.go_to(step).unwrap(),
                Act::Open(branch) => { let _ = timeline.open(branch); }
            }
        }
        // Every branch, not only the one on screen.
        for branch in 0..timeline.branches().len() {
            timeline.open(branch).unwrap();
            timeline.go_to(u64::MAX).unwrap();
            let path = folder.path().join(format!("saved-{branch}.toml"));
            timeline.save(&path).unwrap();
            prop_assert_eq!(headless(&path, 3), hash(&timeline), "branch {}: {}", branch, fs::read_to_string(&path).unwrap());
        }
    }
}

#[test]
fn going_back_and_forth_comes_by_the_same_bits() {
    let folder = town("none");
    let mut timeline = begin(folder.path());
    let mut hashes = Vec::new();
    for step in 0..=timeline.steps() {
        timeline.go_to(step).unwrap();
        hashes.push(timeline.simulation().state_hash());
        if step == 400 {
            timeline.edit(some_edit(&timeline, 0, 4)).unwrap();
            hashes[400] = timeline.simulation().state_hash();
        }
    }
    assert_eq!((timeline.branches().len(), timeline.branches()[0].checkpoints().count()), (1, 6));
    for step in [1000, 3, 401, 400, 399, 777, 240, 660, 0] {
        timeline.go_to(step).unwrap();
        assert_eq!((timeline.step(), timeline.simulation().state_hash()), (step, hashes[step as usize]), "step {step}");
    }
}

#[test]
fn an_edit_in_the_past_begins_a_branch_and_the_old_one_stays() {
    let folder = town("none");
    let mut timeline = begin(folder.path());
    timeline.go_to(300).unwrap();
    let first = timeline.edit(some_edit(&timeline, 0, 4)).unwrap();
    assert_eq!((first.name.as_str(), first.step, first.branch), ("edit-1", 300, 0));
    timeline.go_to(500).unwrap();
    let old = hash(&timeline);
    timeline.go_to(200).unwrap();
    assert!(timeline.standing().is_empty());
    let second = timeline.edit(some_edit(&timeline, 5, 2)).unwrap();
    assert_eq!((second.branch, timeline.branch(), timeline.branches()[1].from), (1, 1, Some((0, 200))));
    timeline.go_to(500).unwrap();
    assert_ne!(hash(&timeline), old);
    assert_eq!(timeline.branches()[1].edits().count(), 1, "the first edit lies in the future that was left");
    timeline.open(0).unwrap();
    assert_eq!((timeline.step(), hash(&timeline)), (500, old));
    timeline.rename(1, "Nhiều xe hơn").unwrap();
    assert!(timeline.rename(0, "Nhiều xe hơn").unwrap_err().to_string().contains("another branch"));
    assert!(timeline.open(9).unwrap_err().to_string().contains("no branch 9"));
    timeline.open(1).unwrap();
    assert_eq!(timeline.scenario().name, "town-Nhiều xe hơn");
}

#[test]
fn undoing_is_an_edit_of_its_own_and_can_be_undone() {
    let folder = town("none");
    let mut timeline = begin(folder.path());
    timeline.go_to(100).unwrap();
    let close = timeline.edit(some_edit(&timeline, 0, 4)).unwrap().name;
    let link = sim_core::ids::LinkId(4);
    let is_closed = |t: &Timeline| t.simulation().closed_lanes(link).iter().any(|c| !c.is_empty());
    assert!(is_closed(&timeline));
    timeline.go_to(150).unwrap();
    assert_eq!(timeline.standing(), ["edit-1"]);
    let undo = timeline.undo(&close).unwrap().name;
    assert!(!is_closed(&timeline) && timeline.standing().is_empty());
    timeline.undo(&undo).unwrap();
    assert!(is_closed(&timeline) && timeline.standing() == ["edit-1"]);
    assert!(timeline.undo("edit-9").unwrap_err().to_string().contains("no edit called `edit-9`"));
    let done = timeline.record_lines();
    assert!(done.lines().count() >= 3 && done.contains("\"kind\":\"undo\""), "{done}");
    timeline.go_to(100).unwrap();
    assert!(is_closed(&timeline), "back at the moment of the first edit");
    timeline.go_to(99).unwrap();
    assert!(!is_closed(&timeline));
}

#[test]
fn any_edit_is_undone_unless_a_later_one_stands_on_it() {
    let folder = town("none");
    let mut timeline = begin(folder.path());
    let network = timeline.simulation().network();
    let limit = |speed: &str| InterventionTable {
        link: Some(network.links[4].ref_.to_string()),
        speed: Some(speed.parse().unwrap()),
        ..table(InterventionKind::SpeedLimit)
    };
    let (slow, slower, close) = (limit("23 km/h"), limit("13 km/h"), some_edit(&timeline, 1, 6));
    let kmh = |t: &Timeline| (t.simulation().network().links[4].limits.light_mps * 3.6).round();
    let before = kmh(&timeline);
    timeline.go_to(50).unwrap();
    timeline.edit(slow).unwrap();
    timeline.edit(close).unwrap();
    timeline.edit(slower).unwrap();
    timeline.go_to(60).unwrap();
    let then = hash(&timeline);
    let why = timeline.undo("edit-1").unwrap_err().to_string();
    assert!(why.contains("`edit-3`") && why.contains("speed limit of the same link"), "{why}");
    assert_eq!((hash(&timeline), kmh(&timeline)), (then, 13.0), "what is refused changes nothing");
    timeline.undo("edit-2").unwrap();
    assert!(timeline.simulation().closed_lanes(sim_core::ids::LinkId(6)).iter().all(|c| c.is_empty()) && kmh(&timeline) == 13.0);
    let why = timeline.undo("edit-2").unwrap_err().to_string();
    assert!(why.contains("undone already, by `edit-4`"), "{why}");
    timeline.undo("edit-3").unwrap();
    timeline.undo("edit-1").unwrap();
    assert!(kmh(&timeline) == before && timeline.standing().is_empty());
    // What was undone is put back, the later limit last, so that the earlier one is below it again.
    timeline.undo("edit-6").unwrap();
    timeline.undo("edit-5").unwrap();
    assert_eq!((kmh(&timeline), timeline.standing()), (13.0, vec!["edit-3", "edit-1"]));
    assert!(timeline.undo("edit-1").unwrap_err().to_string().contains("`edit-3`"));
    timeline.undo("edit-3").unwrap();
    assert_eq!(kmh(&timeline), 23.0, "below the limit that was put back last is the one that was put back before");
}

#[test]
fn ways_are_chosen_anew_for_what_was_announced_and_not_for_what_was_done_by_hand() {
    let folder = town("reassigned");
    let mut timeline = begin(folder.path());
    timeline.go_to(350).unwrap();
    timeline.edit(some_edit(&timeline, 0, 7)).unwrap();
    timeline.go_to(u64::MAX).unwrap();
    let path = folder.path().join("saved.toml");
    timeline.save(&path).unwrap();
    assert_eq!(headless(&path, 3), hash(&timeline));
}

#[test]
fn a_branch_is_saved_to_another_folder_with_its_files_by_their_full_paths() {
    let (folder, other) = (town("none"), tempfile::tempdir().unwrap());
    let mut timeline = begin(folder.path());
    timeline.go_to(50).unwrap();
    timeline.edit(some_edit(&timeline, 3, 1)).unwrap();
    timeline.go_to(u64::MAX).unwrap();
    let path = other.path().join("saved.toml");
    timeline.save(&path).unwrap();
    assert_eq!(headless(&path, 3), hash(&timeline));
    assert!(timeline.edit(some_edit(&timeline, 3, 1)).unwrap_err().to_string().contains("the run is over"));
}
