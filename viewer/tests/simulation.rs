//! A real simulation behind the bridge: what is drawn is what the engine says, time goes back exactly, edits hold and are undone.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

use scenarios::{
    run::{
        progress::Quiet,
        session::{RunSettings, Session},
    },
    scenario::{automation::SystemName, interventions::SensorName, signals::ControllerName},
};
use sim_core::{
    class::VehicleClass,
    geometry::Point,
    network::{Phase, PlaceKind, SignalPlan},
};
use std::{
    path::Path,
    sync::{Arc, OnceLock},
};
use viewer::{
    bridge::Engine,
    colour::Theme,
    detail::{Detail, Focus},
    engine::RunningSimulation,
    load::Wanted,
    order::{Edit, Order},
    ribbon::network_ribbons,
    second::Against,
    station::StationMinute,
};

const ORIGIN: Point = Point::new(0.0, 0.0);

/// A morning in a small circle of Long Xuyên, made ready once for all tests.
fn session() -> Arc<Session> {
    static SESSION: OnceLock<Arc<Session>> = OnceLock::new();
    let make = || {
        let settings: Vec<_> = ["time.to=06:50"].map(|s| s.parse().unwrap()).into();
        let run = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
        Arc::new(Session::open(Path::new("long-xuyen-bridge"), &settings, run, &Quiet).unwrap())
    };
    SESSION.get_or_init(make).clone()
}

fn running() -> RunningSimulation {
    RunningSimulation::new(session(), 1, 1, ORIGIN, &Quiet).unwrap()
}

fn go_to(running: &mut RunningSimulation, time_s: f64) {
    running.go_near(time_s);
    while running.time_s() < time_s - 1e-6 {
        running.step();
    }
}

const BEGIN_S: f64 = 6.5 * 3600.0;

/// The rest of the run is that of the saved scenario without a window.
fn comes_to_the_same_headless(mut running: RunningSimulation, file: &Path) {
    while !running.is_finished() {
        running.step();
    }
    let run = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
    let session = Session::open(file, &[], run, &Quiet).unwrap();
    let headless = session.run_seed(1, run, &Quiet).unwrap();
    assert_eq!(headless.record.state_hash, format!("{:016x}", running.state_hash()));
}

#[test]
fn bodies_are_the_engines_vehicles_shifted_to_the_drawings_origin() {
    let mut here = running();
    let mut there = RunningSimulation::new(session(), 1, 1, Point::new(300.0, 200.0), &Quiet).unwrap();
    go_to(&mut here, BEGIN_S + 60.0);
    go_to(&mut there, BEGIN_S + 60.0);
    let (a, b) = (here.snapshot(), there.snapshot());
    assert!(a.bodies.len() > 10 && a.bodies.is_sorted_by_key(|b| b.id), "{} bodies", a.bodies.len());
    for (x, y) in a.bodies.iter().zip(&b.bodies) {
        assert_eq!(x.id, y.id);
        let off = (x.at[0] - y.at[0], x.at[1] - y.at[1]);
        assert!((off.0 - 300.0).abs() < 0.01 && (off.1 - 200.0).abs() < 0.01, "{off:?}");
    }
    let of = |class: VehicleClass| a.bodies.iter().filter(|b| b.class == class).map(|b| b.co2_g_per_km).fold(0.0, f32::max);
    let (motorcycles, cars) = (of(VehicleClass::Motorcycle), of(VehicleClass::Car));
    assert!(motorcycles > 10.0 && cars > motorcycles && cars < 2_000.0, "{motorcycles} and {cars} g/km");
}

#[test]
fn after_a_jump_back_the_same_steps_lead_to_the_same_state() {
    let mut running = running();
    go_to(&mut running, BEGIN_S + 200.0);
    let (hash, then) = (running.state_hash(), running.snapshot());
    go_to(&mut running, BEGIN_S + 420.0);
    go_to(&mut running, BEGIN_S + 200.0);
    let again = running.snapshot();
    assert_eq!(running.state_hash(), hash);
    assert_eq!((again.bodies, again.lights), (then.bodies, then.lights));
    assert_eq!(again.sample, then.sample, "the layers are those of the time, too");
    assert_eq!(again.line.known_until_s, BEGIN_S + 420.0, "what was simulated stays known");
}

#[test]
fn an_edit_holds_is_listed_and_undone_and_after_going_back_begins_a_branch() {
    let mut running = running();
    go_to(&mut running, BEGIN_S + 120.0);
    let link = running.snapshot().sample.links.iter().max_by_key(|(_, l)| l.exited).unwrap().0;
    running.obey(&Order::Edit(Edit::Close { link, lanes: None }));
    let shown = running.snapshot();
    assert!(shown.line.refused.is_none(), "{:?}", shown.line.refused);
    assert_eq!((shown.line.edits.len(), shown.hindrances.len()), (1, 1), "{:?}", shown.line.edits);
    assert_eq!(shown.hindrances[0].link, link);
    go_to(&mut running, BEGIN_S + 150.0);
    running.obey(&Order::Undo);
    let undone = running.snapshot();
    assert!(undone.hindrances.is_empty() && undone.line.edits.len() == 2 && undone.line.edits[1].is_undo);
    go_to(&mut running, BEGIN_S + 60.0);
    assert_eq!(running.snapshot().line.edits.len(), 2, "going back changes nothing");
    running.obey(&Order::Edit(Edit::SpeedLimit { link, limit_mps: 5.0 }));
    let line = running.snapshot().line.clone();
    assert_eq!((line.branches.len(), line.branch, line.edits.len()), (2, 1, 1));
    running.obey(&Order::Branch(0));
    assert_eq!(running.snapshot().line.edits.len(), 2, "the old branch is as it was");
}

#[test]
fn any_edit_is_undone_and_those_made_after_it_stand() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("edited.toml");
    let mut running = running();
    go_to(&mut running, BEGIN_S + 60.0);
    let link = running.snapshot().sample.links.iter().max_by_key(|(_, l)| l.exited).unwrap().0;
    running.obey(&Order::Edit(Edit::Close { link, lanes: None }));
    go_to(&mut running, BEGIN_S + 90.0);
    running.obey(&Order::Edit(Edit::SpeedLimit { link, limit_mps: 5.0 }));
    go_to(&mut running, BEGIN_S + 120.0);
    let first = running.snapshot().line.edits[0].clone();
    running.obey(&Order::UndoEdit(first.name.clone()));
    let shown = running.snapshot();
    assert!(shown.line.refused.is_none() && shown.hindrances.is_empty(), "the road is open: {:?}", shown.line.refused);
    let stands: Vec<bool> = shown.line.edits.iter().map(|e| e.stands).collect();
    assert_eq!(stands, [false, true, false], "the limit stands");
    assert_eq!(shown.line.edits[2].what.en, format!("Undid: {}", first.what.en));
    running.obey(&Order::UndoEdit("edit-77".into()));
    assert!(running.snapshot().line.refused.as_ref().is_some_and(|why| why.contains("edit-77")));
    running.obey(&Order::Save(file.clone()));
    comes_to_the_same_headless(running, &file);
}

#[test]
fn an_edit_that_a_later_one_stands_on_is_undone_after_that_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("edited.toml");
    let mut running = running();
    go_to(&mut running, BEGIN_S + 60.0);
    let link = running.snapshot().sample.links[0].0;
    running.obey(&Order::Edit(Edit::SpeedLimit { link, limit_mps: 6.0 }));
    running.obey(&Order::Edit(Edit::SpeedLimit { link, limit_mps: 4.0 }));
    go_to(&mut running, BEGIN_S + 90.0);
    let (hash, line) = (running.state_hash(), running.snapshot().line.clone());
    let names: Vec<String> = line.edits.iter().map(|e| e.name.clone()).collect();
    running.obey(&Order::UndoEdit(names[0].clone()));
    let refused = running.snapshot().line.refused.clone().unwrap();
    assert!(refused.contains(&names[1]), "it says which edit is in the way: {refused}");
    assert_eq!((running.state_hash(), running.snapshot().line.edits.len()), (hash, 2), "and nothing is changed");
    running.obey(&Order::UndoEdit(names[1].clone()));
    running.obey(&Order::UndoEdit(names[0].clone()));
    let shown = running.snapshot();
    assert!(shown.line.refused.is_none() && shown.line.edits.iter().all(|e| !e.stands), "{:?}", shown.line);
    running.obey(&Order::Save(file.clone()));
    comes_to_the_same_headless(running, &file);
}

#[test]
fn an_unsafe_edit_is_refused_in_words_and_changes_nothing() {
    let mut running = running();
    go_to(&mut running, BEGIN_S + 10.0);
    let hash = running.state_hash();
    running.obey(&Order::Edit(Edit::SpeedLimit { link: 0, limit_mps: 500.0 }));
    let line = running.snapshot().line.clone();
    assert!(line.refused.is_some() && line.edits.is_empty(), "{line:?}");
    assert_eq!(running.state_hash(), hash);
}

#[test]
fn what_is_saved_runs_headless_to_the_same_state() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("edited.toml");
    let mut running = running();
    go_to(&mut running, BEGIN_S + 60.0);
    let link = running.snapshot().sample.links[0].0;
    running.obey(&Order::Edit(Edit::Close { link, lanes: None }));
    go_to(&mut running, BEGIN_S + 90.0);
    running.obey(&Order::Undo);
    running.obey(&Order::Save(file.clone()));
    assert_eq!(running.snapshot().line.refused, None);
    comes_to_the_same_headless(running, &file);
}

/// Compares, and waits for the second to be there and to have caught up.
fn beside(running: &mut RunningSimulation, against: Against) {
    running.obey(&Order::Compare(Some(against)));
    assert!(running.snapshot().other.is_none() && running.snapshot().compared.is_some(), "the first goes on meanwhile");
    while running.snapshot().compared.is_some_and(|c| c.preparing.is_some()) {
        running.has_news();
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    while running.lags_behind() {}
}

fn another(name: &str, setting: &str) -> Against {
    let settings = vec![setting.parse().unwrap()];
    Against::Scenario(Box::new(Wanted { settings, ..Wanted::at_once(name) }))
}

#[test]
fn another_scenario_goes_beside_it_in_lock_step_with_the_same_draws() {
    // Not the seed that both scenarios have.
    let mut running = RunningSimulation::new(session(), 3, 1, ORIGIN, &Quiet).unwrap();
    go_to(&mut running, BEGIN_S + 60.0);
    beside(&mut running, another("long-xuyen-bridge/open.toml", "time.to=06:50"));
    for _ in 0..240 {
        running.step();
    }
    let both = running.snapshot();
    let other = both.other.as_deref().unwrap();
    assert_eq!((other.time_s, both.compared.as_ref().unwrap().scenario.as_deref()), (both.time_s, Some("open")));
    let mut alone = {
        let run = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
        let settings = ["time.to=06:50".parse().unwrap()];
        let session = Session::open(Path::new("long-xuyen-bridge/open.toml"), &settings, run, &Quiet).unwrap();
        RunningSimulation::new(Arc::new(session), 3, 1, ORIGIN, &Quiet).unwrap()
    };
    go_to(&mut alone, both.time_s);
    assert_eq!(alone.snapshot().bodies, other.bodies, "it is that scenario, with the seed of the first");
    go_to(&mut running, BEGIN_S + 30.0);
    while running.lags_behind() {}
    let back = running.snapshot();
    assert_eq!((back.time_s, back.other.as_ref().unwrap().time_s), (BEGIN_S + 30.0, BEGIN_S + 30.0), "both go back");
    running.obey(&Order::Compare(None));
    assert!(running.snapshot().other.is_none() && running.snapshot().compared.is_none());
}

#[test]
fn what_cannot_stand_beside_it_is_refused_in_words_and_the_first_goes_on() {
    let mut running = running();
    for (against, word) in [
        (another("long-xuyen-bridge/open.toml", "time.from=06:35"), "06:35"),
        (another("no-such-scenario", "time.to=06:50"), "no-such-scenario"),
    ] {
        beside(&mut running, against);
        let shown = running.snapshot();
        let why = shown.compared.as_ref().and_then(|c| c.refused.clone()).unwrap();
        assert!(shown.other.is_none() && why.en.contains(word) && why.vi.contains(word), "{why:?}");
        running.step();
    }
}

#[test]
fn the_second_of_two_that_are_compared_catches_up_and_goes_without_edits() {
    let mut running = running();
    go_to(&mut running, BEGIN_S + 60.0);
    beside(&mut running, Against::Unedited);
    let both = running.snapshot();
    let base = both.other.as_deref().unwrap();
    assert_eq!((base.time_s, base.bodies.len()), (both.time_s, both.bodies.len()), "without edits they are the same");
    let link = both.sample.links.iter().max_by_key(|(_, l)| l.exited).unwrap().0;
    running.obey(&Order::Edit(Edit::Close { link, lanes: None }));
    for _ in 0..240 {
        running.step();
    }
    let both = running.snapshot();
    let base = both.other.as_deref().unwrap();
    assert_eq!(base.time_s, both.time_s, "in lock-step");
    assert!(both.bodies != base.bodies && base.line.edits.is_empty());
}

/// The first minutes of an example.
fn example(name: &str, to: &str) -> RunningSimulation {
    let run = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
    let session = Session::open_unfitted(Path::new(name), &[format!("time.to={to}").parse().unwrap()], run, &Quiet).unwrap();
    RunningSimulation::new(Arc::new(session), 1, 1, ORIGIN, &Quiet).unwrap()
}

fn station_history(running: &mut RunningSimulation, station: usize) -> Vec<StationMinute> {
    running.watch(Some(Focus::Station(station as u32)));
    match running.snapshot().detail.as_deref() {
        Some(Detail::Station(detail)) => detail.history.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn stops_car_parks_and_landings_have_their_places_names_and_minutes() {
    let mut running = example("long-xuyen-market", "07:00");
    go_to(&mut running, BEGIN_S + 600.0);
    let shown = running.snapshot();
    let of = |kind: PlaceKind| shown.stations.iter().filter(|s| s.mark.kind == Some(kind)).collect::<Vec<_>>();
    let stops = [of(PlaceKind::BusStop), of(PlaceKind::BusStation)].concat();
    assert!(stops.len() >= 5 && stops.iter().all(|s| s.mark.name.is_some()), "{stops:?}");
    assert!(stops.iter().any(|s| s.served > 0) && !of(PlaceKind::FerryLanding).is_empty());
    let parks = of(PlaceKind::CarPark);
    assert!(parks.len() == 2 && parks.iter().all(|p| p.mark.spaces.is_some() && p.mark.name.is_some()), "{parks:?}");
    let busy = (0..shown.stations.len()).max_by_key(|s| shown.stations[*s].served).unwrap();
    let history = station_history(&mut running, busy);
    assert_eq!(history.len(), 10, "a minute each: {history:?}");
    let served: f64 = history.iter().map(|m| m.per_hour / 60.0).sum();
    assert_eq!(served.round() as u64, shown.stations[busy].served, "the minutes add up to what was served");
    go_to(&mut running, BEGIN_S + 300.0);
    assert_eq!(station_history(&mut running, busy), history, "what is known stays known");
    running.obey(&Order::Edit(Edit::Guidance { percent: 40 }));
    assert_eq!(station_history(&mut running, busy)[..], history[..5], "and what is of another branch is not");
}

#[test]
fn a_detector_tells_what_it_counts_beside_what_was_observed_there() {
    let mut running = example("long-xuyen-morning", "07:15");
    go_to(&mut running, BEGIN_S + 300.0);
    let shown = running.snapshot();
    let counted = |d: u32, running: &mut RunningSimulation| {
        running.watch(Some(Focus::Detector(d)));
        match running.snapshot().detail.as_deref() {
            Some(Detail::Detector(detail)) => detail.clone(),
            other => panic!("{other:?}"),
        }
    };
    let all: Vec<_> = shown.watch.sensors.iter().map(|s| counted(s.detector, &mut running)).collect();
    let busy = all.iter().max_by_key(|d| d.look.counted).unwrap();
    let passed: f64 = busy.counted.iter().map(|[_, per_hour]| per_hour / 60.0).sum();
    assert_eq!((passed.round() as u64, busy.counted.len()), (busy.look.counted, 5));
    assert!(busy.look.counted > 10 && !busy.observed.is_empty(), "{busy:?}");
}

#[test]
fn every_road_and_junction_is_drawn() {
    let session = session();
    let network = &session.network;
    let [ribbons, own] = network_ribbons(network, Point::default(), Theme::Light, &[]);
    assert!(own.is_empty(), "nobody lacks any");
    let corners: usize = ribbons.iter().map(|r| r.points.len()).sum();
    let of_links: usize = network.links.iter().map(|l| l.geometry.len() * 2).sum();
    assert!(corners >= of_links + network.junctions.len(), "{corners} corners, {of_links} of links, and the junctions between them");
}

#[test]
fn every_kind_of_edit_is_saved_and_runs_headless_to_the_same_state() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("edited.toml");
    let mut running = running();
    let network = session().network.clone();
    let road = network.links.iter().position(|l| l.length_m > 60.0 && l.lanes.len() > 1).unwrap() as u32;
    let (classes, percent) = (vec![VehicleClass::Motorcycle], 180);
    let plan = network.controllers[0].plan.clone();
    let longer = plan.phases().iter().map(|p| Phase { green_s: p.green_s + 5.0, ..p.clone() }).collect();
    let edits = [
        Edit::Demand { classes, percent },
        Edit::Electric { classes: vec![], percent: 60 },
        Edit::Automation { system: SystemName::Autonomous, classes: vec![VehicleClass::Car], percent: 50 },
        Edit::Trackers { classes: vec![], percent: 90 },
        Edit::Guidance { percent: 40 },
        Edit::Method { controller: 0, method: ControllerName::Actuated },
        Edit::Method { controller: 1, method: ControllerName::MaxPressure },
        Edit::Detector { link: road, pos_m: 30.0, sensor: SensorName::Camera },
        Edit::Plan { controller: 0, plan: SignalPlan::new(plan.offset_s(), longer).unwrap() },
        Edit::Accident { link: road, until_s: BEGIN_S + 400.0 },
        Edit::Close { link: road, lanes: Some(0..1) },
        Edit::Method { controller: 1, method: ControllerName::Predictive },
        Edit::Demand { classes: vec![], percent: 60 },
    ];
    let count = edits.len();
    for (n, edit) in edits.into_iter().enumerate() {
        go_to(&mut running, BEGIN_S + 20.0 * (n + 1) as f64);
        let before = running.state_hash();
        running.obey(&Order::Edit(edit.clone()));
        let line = running.snapshot().line.clone();
        assert_eq!((line.refused.clone(), line.edits.len()), (None, n + 1), "{edit:?}");
        let told = &line.edits[n].what;
        assert!(told.vi != told.en && !told.vi.contains('_') && !told.en.contains("nameless"), "{told:?}");
        assert_ne!(running.state_hash(), before, "{edit:?} changed nothing");
        if n % 4 == 1 {
            go_to(&mut running, BEGIN_S + 20.0 * (n + 1) as f64 + 7.0);
        }
    }
    // Undone are the last two; the rest stands.
    running.obey(&Order::Undo);
    running.obey(&Order::Undo);
    let line = running.snapshot().line.clone();
    assert_eq!((line.refused.clone(), line.edits.len()), (None, count + 2));
    running.obey(&Order::Save(file.clone()));
    comes_to_the_same_headless(running, &file);
}
