//! Controllers at work: each of them safe, repeatable and worth something; what happens when they or their detectors fail; who gets green from
//! afar.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassTable, VehicleClass},
    control::*,
    demand::{Purpose, Trip},
    ids::{ControllerId, DetectorId},
    measure::EventKind,
    network::{Phase, RoadNetwork, SignalPlan},
    simulation::{SimConfig, SimState, Simulation},
};
use std::sync::Arc;

/// All junctions by one method, each with the detectors it needs, which make no errors.
fn controlled(network: &Arc<RoadNetwork>, trips: Vec<Trip>, method: &Method, with: impl FnOnce(&mut Control)) -> Simulation {
    let mut detectors = Vec::new();
    let junctions = (0..network.controllers.len())
        .map(|c| {
            let controller = ControllerId::from_index(c);
            let sensors = equip(network, controller, method.needs().max(Needs::StopLine), false, &mut detectors);
            JunctionControl { controller, method: method.clone(), sensors, rules: Rules::default() }
        })
        .collect();
    let mut control = Control { junctions, latency_s: 1.0, ..Control::default() };
    with(&mut control);
    Simulation::new(network.clone(), ClassTable::default(), trips, detectors, config(0.5)).unwrap().with_control(&control).unwrap()
}

/// Much traffic on the main road of a crossing, little on the side road.
fn uneven(seconds: f64, seed: u64) -> (Arc<RoadNetwork>, Vec<Trip>) {
    uneven_of(1500.0, seconds, seed)
}

fn uneven_of(per_hour: f64, seconds: f64, seed: u64) -> (Arc<RoadNetwork>, Vec<Trip>) {
    let network = cross(Kind::Signal(25.0), 2);
    let mut trips = demand(&network, &["main-w>", "main-e>"], &["main-e<", "main-w<"], CITY, per_hour, seconds, seed);
    for (i, mut trip) in demand(&network, &["side-n>"], &["side-s<"], CITY, 150.0, seconds, seed + 1).into_iter().enumerate() {
        trip.ref_ = format!("side-{i}").as_str().into();
        trips.push(trip);
    }
    (network, trips)
}

fn mean_loss_s(simulation: &Simulation) -> f64 {
    let trips = &simulation.measurements().trips;
    trips.iter().map(|t| t.time_loss_s).sum::<f64>() / trips.len() as f64
}

fn events(simulation: &Simulation, kind: EventKind) -> Vec<f64> {
    simulation.measurements().events.iter().filter(|e| e.kind == kind).map(|e| e.time_s).collect()
}

fn methods() -> impl Iterator<Item = Method> {
    // Networks only where inference is compiled in.
    Method::NAMES.iter().map(|n| Method::named(n).unwrap()).filter(|m| m.problem().is_none())
}

#[test]
fn every_controller_keeps_every_promise_and_serves_everybody() {
    let (network, ins, outs) = grid(2, 2, Kind::Signal(20.0));
    for method in methods() {
        let trips = demand(&network, &strs(&ins), &strs(&outs), CITY, 2400.0, 300.0, 5);
        let all = trips.len() as u64;
        let mut simulation = controlled(&network, trips, &method, |_| {});
        run_checked(&mut simulation, 1100.0);
        assert_eq!(simulation.population().arrived, all, "{}: {:?}", method.name(), simulation.population());
        assert_eq!(simulation.control_of(ControllerId(0)), Some(method.name()));
    }
}

#[test]
fn every_controller_is_the_same_with_threads_and_from_a_saved_state_onwards() {
    let (network, ins, outs) = grid(2, 2, Kind::Signal(20.0));
    for method in methods() {
        let make = |threads: usize| {
            let trips = demand(&network, &strs(&ins), &strs(&outs), CITY, 3000.0, 300.0, 5);
            let mut detectors = Vec::new();
            let junctions = (0..network.controllers.len())
                .map(|c| {
                    let controller = ControllerId::from_index(c);
                    let sensors = equip(&network, controller, method.needs().max(Needs::StopLine), true, &mut detectors);
                    JunctionControl { controller, method: method.clone(), sensors, rules: Rules::default() }
                })
                .collect();
            let control = Control { junctions, latency_s: 1.5, ..Control::default() };
            let config = SimConfig { threads, ..config(0.5) };
            Simulation::new(network.clone(), ClassTable::default(), trips, detectors, config).unwrap().with_control(&control).unwrap()
        };
        let steps = |simulation: &mut Simulation, n: usize| (0..n).for_each(|_| simulation.step());
        let mut through = make(1);
        steps(&mut through, 321);
        let saved = postcard::to_stdvec(&through.state()).unwrap();
        steps(&mut through, 200);
        let mut restored = make(3);
        restored.restore(postcard::from_bytes::<SimState>(&saved).unwrap()).unwrap();
        steps(&mut restored, 200);
        assert_eq!(restored.state_hash(), through.state_hash(), "{}", method.name());
    }
}

#[test]
fn adaptive_controllers_lose_less_time_than_a_plan_that_does_not_fit() {
    let (network, trips) = uneven(900.0, 11);
    let loss = |name: &str| {
        let mut simulation = controlled(&network, trips.clone(), &Method::named(name).unwrap(), |_| {});
        run_checked(&mut simulation, 1200.0);
        mean_loss_s(&simulation)
    };
    let fixed = loss("fixed");
    for name in ["actuated", "max_pressure", "efficient_max_pressure", "advanced_max_pressure", "predictive"] {
        let own = loss(name);
        assert!(own < 0.95 * fixed, "{name}: {own:.1} s, fixed {fixed:.1} s");
    }
}

#[test]
fn a_controller_that_fails_in_any_way_is_replaced_and_the_run_says_so() {
    let (network, trips) = uneven(300.0, 3);
    let mut erring = Trial::default();
    erring.fails_after_s = Some(100.0);
    let panicking = {
        let mut panicking = erring.clone();
        panicking.panics = true;
        panicking
    };
    for (trial, kind, when) in [
        (erring, EventKind::ControllerFailed, 100.0),
        (panicking, EventKind::ControllerFailed, 100.0),
        (Trial::wild(7.0), EventKind::UnsafeWish, 0.0),
    ] {
        let mut simulation = controlled(&network, trips.clone(), &Method::Trial(trial), |_| {});
        run_checked(&mut simulation, 700.0);
        let failed = events(&simulation, kind);
        assert!(failed.len() == 1 && (when..when + 60.0).contains(&failed[0]), "{failed:?}");
        assert_eq!(events(&simulation, EventKind::ActuatedInstead).len(), 1);
        let degraded = simulation.degraded();
        assert!(degraded.len() == 1 && degraded[0].actuated_s > 500.0 && degraded[0].fixed_s == 0.0, "{degraded:?}");
        assert_eq!(simulation.population().arrived, trips.len() as u64);
    }
}

#[test]
fn cut_off_from_the_centre_the_edge_takes_over_until_the_line_is_back() {
    let (network, trips) = uneven(300.0, 3);
    let cut = Fault { ref_: "digger".into(), kind: FaultKind::Cut(vec![ControllerId(0)]), start_s: 100.0, end_s: 220.0 };
    for (name, is_central) in [("max_pressure", true), ("webster", true), ("actuated", false), ("fixed", false)] {
        let mut simulation = controlled(&network, trips.clone(), &Method::named(name).unwrap(), |c| c.faults.push(cut.clone()));
        run_checked(&mut simulation, 300.0);
        assert_eq!((events(&simulation, EventKind::LineCut), events(&simulation, EventKind::LineBack)), (vec![100.0], vec![220.0]));
        let expected = if is_central { (vec![100.0], vec![220.0]) } else { (vec![], vec![]) };
        let found = (events(&simulation, EventKind::ActuatedInstead), events(&simulation, EventKind::ControllerBack));
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn broken_detectors_are_found_out_and_the_junction_goes_on() {
    let (network, trips) = uneven(1500.0, 3);
    for stuck in [false, true] {
        for (name, some, expected) in [
            ("max_pressure", 1, EventKind::ActuatedInstead),
            ("max_pressure", 99, EventKind::FixedInstead),
            ("actuated", 99, EventKind::FixedInstead),
        ] {
            let method = Method::named(name).unwrap();
            let mut simulation = controlled(&network, trips.clone(), &method, |c| {
                let own = |s: &GroupSensors| s.stop_line.iter().chain(&s.approach).copied().collect::<Vec<DetectorId>>();
                let ids: Vec<_> = c.junctions[0].sensors.iter().take(some).flat_map(own).collect();
                let kind = if stuck { FaultKind::Stuck(ids) } else { FaultKind::Dead(ids) };
                c.faults.push(Fault { ref_: "lightning".into(), kind, start_s: 200.0, end_s: 1200.0 });
            });
            run_checked(&mut simulation, 1500.0);
            let (found, back) = (events(&simulation, expected), events(&simulation, EventKind::ControllerBack));
            assert!(!found.is_empty() && (440.0..1190.0).contains(&found[0]), "{name}, {some} groups, stuck {stuck}: {found:?}");
            assert!(back.iter().any(|t| (1200.0..1320.0).contains(t)), "{name}: its own controller is back: {back:?}");
            assert!(simulation.population().arrived + 200 > trips.len() as u64, "{name}: {:?}", simulation.population());
        }
    }
}

#[test]
fn a_plan_that_lets_traffic_cross_is_refused() {
    let (network, _) = uneven(10.0, 1);
    let phase = |groups: Vec<u16>| Phase { groups, green_s: 20.0, yellow_s: 3.0, all_red_s: 2.0 };
    let unsafe_plan = SignalPlan::new(0.0, vec![phase(vec![0, 1])]).unwrap();
    let mut simulation = simulation(&network, vec![], 0.5);
    let error = simulation.set_plan(ControllerId(0), unsafe_plan).unwrap_err().to_string();
    assert!(
        error.contains("phase 0 gives green to the groups 0 (east-west) and 1 (north-south) together, whose traffic crosses"),
        "{error}"
    );
    assert!(simulation.set_plan(ControllerId(0), SignalPlan::new(0.0, vec![phase(vec![0]), phase(vec![1])]).unwrap()).is_ok());
    let forgotten = SignalPlan::new(0.0, vec![phase(vec![0])]).unwrap();
    assert!(simulation.set_plan(ControllerId(0), forgotten).unwrap_err().to_string().contains("never gets green"));
}

#[test]
fn a_control_that_makes_no_sense_is_refused() {
    let (network, trips) = uneven(10.0, 1);
    let refused = |control: Control| simulation(&network, trips.clone(), 0.5).with_control(&control).unwrap_err().to_string();
    assert!(refused(Control { latency_s: 99.0, ..Control::default() }).contains("expected 0 to 30 s"));
    let junction = |method: Method| JunctionControl { controller: ControllerId(0), method, sensors: vec![], rules: Rules::default() };
    let one = |method| Control { junctions: vec![junction(method)], ..Control::default() };
    assert!(refused(one(Method::named("actuated").unwrap())).contains("control of c0: has detectors for 0 groups"));
    let mut hasty = MaxPressure::default();
    hasty.interval_s = 1.0;
    assert!(refused(one(Method::MaxPressure(hasty))).contains("is 1 s, expected 5 to 120 s"));
    let nowhere = Fault { ref_: "f".into(), kind: FaultKind::Cut(vec![ControllerId(9)]), start_s: 0.0, end_s: 1.0 };
    assert!(refused(Control { faults: vec![nowhere], ..Control::default() }).contains("not there"));
}

/// A town with an ambulance every 100 s from the side road, which waits at red most of the time.
fn with_caller(class: VehicleClass, purpose: Purpose) -> (Arc<RoadNetwork>, Vec<Trip>, usize) {
    let (network, mut trips) = uneven_of(700.0, 1200.0, 7);
    let (from, to) = (link(&network, "side-n>"), link(&network, "side-s<"));
    let normal = trips.len();
    for i in 0..10 {
        let mut caller = trip(&format!("caller-{i}"), class, 40.0 + 107.0 * f64::from(i), 0.0, 150.0, route(&network, from, to).unwrap());
        caller.purpose = purpose;
        trips.push(caller);
    }
    (network, trips, normal)
}

fn took_s(simulation: &Simulation, from: usize) -> f64 {
    let trips = &simulation.measurements().trips[from..];
    trips.iter().map(|t| t.arrived_s.unwrap() - t.depart_s).sum::<f64>() / trips.len() as f64
}

#[test]
fn an_ambulance_finds_green_and_the_others_get_theirs_back() {
    let (network, trips, from) = with_caller(VehicleClass::Emergency, Purpose::Emergency);
    let run = |preemption: Option<Preemption>| {
        let fixed = Method::named("fixed").unwrap();
        let mut simulation = controlled(&network, trips.clone(), &fixed, |c| c.preemption = preemption);
        run_checked(&mut simulation, 1500.0);
        simulation
    };
    let (without, with) = (run(None), run(Some(Preemption::default())));
    let (before, after) = (took_s(&without, from), took_s(&with, from));
    assert!(after < before - 0.5, "{before:.1} s without, {after:.1} s with pre-emption");
    let (began, over) = (events(&with, EventKind::Preemption), events(&with, EventKind::PreemptionOver));
    assert!(began.len() == 10 && over.len() == 10 && began.iter().zip(&over).all(|(b, o)| b < o && o - b < 60.0), "{began:?} {over:?}");
    assert!(events(&without, EventKind::Preemption).is_empty());
    assert_eq!((without.population().arrived, with.population().arrived), (trips.len() as u64, trips.len() as u64));
}

#[test]
fn a_bus_is_helped_a_little() {
    let (network, trips, from) = with_caller(VehicleClass::Bus, Purpose::PublicTransport);
    let run = |priority: Option<Priority>| {
        let fixed = Method::named("fixed").unwrap();
        let mut simulation = controlled(&network, trips.clone(), &fixed, |c| c.priority = priority);
        run_checked(&mut simulation, 1500.0);
        took_s(&simulation, from)
    };
    let (without, with) = (run(None), run(Some(Priority::default())));
    assert!(with < without - 1.0, "{without:.1} s without, {with:.1} s with priority");
}

#[test]
fn nobody_waits_for_ever_behind_a_detector_that_sees_nobody() {
    // The side road's detectors are dead from the beginning: nothing can find that out, and the longest red helps all the same.
    let (network, trips) = uneven(600.0, 9);
    let mut simulation = controlled(&network, trips.clone(), &Method::named("actuated").unwrap(), |c| {
        let sensors = &c.junctions[0].sensors;
        let side = link(&network, "side-n>");
        let group = network.movements_from(side).find_map(|m| network.movement(m).group).unwrap();
        let kind = FaultKind::Dead(sensors[usize::from(group)].stop_line.clone());
        c.faults.push(Fault { ref_: "never connected".into(), kind, start_s: -1.0, end_s: 1e9 });
    });
    run_checked(&mut simulation, 2400.0);
    assert_eq!(simulation.population().arrived, trips.len() as u64);
}

#[test]
fn who_enters_an_approach_is_counted_in_the_lanes_of_each_group_too() {
    let mut network = (*cross(Kind::Signal(25.0), 2)).clone();
    let from = link(&network, "main-w>");
    network.movements.iter_mut().filter(|m| m.from == from).for_each(|m| m.from_lanes = 1..2);
    let mut detectors = Vec::new();
    let sensors = equip(&network, ControllerId(0), Needs::Entries, false, &mut detectors);
    let places = |ids: &[DetectorId]| {
        let mut places: Vec<_> = ids.iter().map(|d| &detectors[d.index()]).map(|d| (network.link(d.link).ref_.as_str(), d.lanes)).collect();
        places.sort_unstable();
        places
    };
    let main = sensors.iter().find(|s| places(&s.entries).contains(&("main-w>", None))).unwrap();
    assert_eq!(places(&main.own_entries), [("main-e>", None), ("main-w>", Some((1, 1)))]);
    assert!(main.own_entries.iter().all(|d| detectors[d.index()].pos_m == 10.0));
    let side = sensors.iter().find(|s| places(&s.entries).contains(&("side-n>", None))).unwrap();
    assert_eq!(side.own_entries, side.entries, "a group that uses all lanes needs no more");
}

#[test]
fn an_upper_bound_is_told_the_truth_whatever_becomes_of_its_detectors() {
    let (network, trips) = uneven_of(1200.0, 900.0, 3);
    let run = |name: &str, is_broken: bool| {
        let mut simulation = controlled(&network, trips.clone(), &Method::named(name).unwrap(), |c| {
            let all = |s: &GroupSensors| s.stop_line.iter().chain(&s.approach).chain(&s.entries).copied().collect::<Vec<DetectorId>>();
            let ids: Vec<_> = c.junctions[0].sensors.iter().flat_map(all).collect();
            if is_broken {
                c.latency_s = 30.0;
                c.faults.push(Fault { ref_: "lightning".into(), kind: FaultKind::Dead(ids), start_s: 0.0, end_s: 1e6 });
            }
        });
        run_checked(&mut simulation, 1100.0);
        let arrived: Vec<_> = simulation.measurements().trips.iter().map(|t| t.arrived_s.map(f64::to_bits)).collect();
        (arrived, mean_loss_s(&simulation))
    };
    let (oracle, blind_oracle) = (run("predictive_oracle", false), run("predictive_oracle", true));
    assert_eq!(oracle, blind_oracle, "no detector tells it anything");
    let (seeing, blind) = (run("predictive", false), run("predictive", true));
    assert_ne!(seeing, blind);
    assert!(oracle.1 < 1.1 * seeing.1, "{} s, by detectors {} s", oracle.1, seeing.1);
}
