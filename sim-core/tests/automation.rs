//! Vehicles that people do not drive alone: a share of 0 changes nothing, platoons with ACC pass disturbances on larger and those with CACC do
//! not, and whatever the mixture nobody collides.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassSet, ClassTable, VehicleClass},
    control::{Control, Controller, JunctionControl, Method, Rules, equip},
    demand::Trip,
    driving::{AssistanceKind, Automation, Equipped, MAY_HAVE, SpeedAdvice, SpeedAssistance, System, Trackers},
    ids::{ControllerId, LinkId, VehicleId},
    incident::{Effect, Incident},
    network::RoadNetwork,
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;

fn all(system: System, share: f32) -> Automation {
    Automation { equipped: vec![Equipped::new(system, MAY_HAVE, share)], ..Automation::default() }
}

/// ACC, CACC and autonomous vehicles, a quarter each.
fn mixed() -> Automation {
    Automation { equipped: System::ALL.map(|s| Equipped::new(s, MAY_HAVE, 0.25)).into(), ..Automation::default() }
}

#[test]
fn a_share_of_nothing_changes_no_bit() {
    let (network, ins, outs) = grid(3, 2, Kind::Signal(20.0));
    let trips = demand(&network, &strs(&ins), &strs(&outs), TRUCKS, 4000.0, 200.0, 23);
    let mut plain = simulation(&network, trips.clone(), 0.5);
    let mut none = simulation(&network, trips.clone(), 0.5).with_automation(&all(System::Autonomous, 0.0)).unwrap();
    let mut some = simulation(&network, trips, 0.5).with_automation(&all(System::Autonomous, 0.3)).unwrap();
    for simulation in [&mut plain, &mut none, &mut some] {
        (0..400).for_each(|_| simulation.step());
    }
    assert_eq!(plain.state_hash(), none.state_hash());
    assert_ne!(plain.state_hash(), some.state_hash());
}

#[test]
fn a_larger_share_only_adds_vehicles_and_the_draws_are_near_it() {
    let (network, names) = approach(1, 300.0, 300.0, false);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], CARS, 9000.0, 2000.0, 3);
    let with = |share: f32| {
        let s = simulation(&network, trips.clone(), 0.5).with_automation(&all(System::Acc, share)).unwrap();
        (0..trips.len()).map(|i| s.system_of(VehicleId::from_index(i)).is_some()).collect::<Vec<_>>()
    };
    let (few, many) = (with(0.3), with(0.6));
    assert!(few.iter().zip(&many).all(|(a, b)| *b || !*a));
    let share = few.iter().filter(|x| **x).count() as f64 / few.len() as f64;
    assert!((share - 0.3).abs() < 0.02, "{share}");
    assert!(with(1.0).iter().all(|x| *x));
}

#[test]
fn whatever_drives_nobody_collides() {
    for step_s in [0.1, 0.5, 1.0] {
        for (name, network, froms, tos) in [
            (
                "signals",
                cross(Kind::Signal(25.0), 2),
                ["side-n>", "main-e>", "side-s>", "main-w>"],
                ["side-n<", "main-e<", "side-s<", "main-w<"],
            ),
            (
                "priority",
                cross(Kind::Priority, 1),
                ["side-n>", "main-e>", "side-s>", "main-w>"],
                ["side-n<", "main-e<", "side-s<", "main-w<"],
            ),
        ] {
            let mix: &Mix = &[
                (VehicleClass::Motorcycle, 0.4),
                (VehicleClass::Car, 0.4),
                (VehicleClass::Bus, 0.05),
                (VehicleClass::HeavyTruck, 0.05),
                (VehicleClass::Shuttle, 0.1),
            ];
            let trips = demand(&network, &froms, &tos, mix, 2000.0, 300.0, 9);
            let mut simulation = simulation(&network, trips, step_s).with_automation(&mixed()).unwrap();
            let seen = run_checked(&mut simulation, 700.0);
            println!("{name} {step_s} {seen:?} {:?}", simulation.population());
            assert!(simulation.population().arrived > 120, "{:?}", simulation.population());
        }
    }
}

#[test]
fn on_a_wet_road_with_trucks_platoons_keep_what_their_brakes_need() {
    let (network, last) = motorway(3000.0, 2);
    let mix: &Mix = &[(VehicleClass::Car, 0.7), (VehicleClass::HeavyTruck, 0.3)];
    let trips = demand(&network, &["main1"], &[&last], mix, 4000.0, 200.0, 5);
    let mut simulation = Simulation::new(network, fast().wet(), trips, vec![], config(0.5)).unwrap();
    simulation = simulation.with_automation(&all(System::Cacc, 1.0)).unwrap();
    run_checked(&mut simulation, 500.0);
    assert!(simulation.population().arrived > 150, "{:?}", simulation.population());
}

/// Everybody would drive 25 m/s, minibuses 22.
fn fast() -> ClassTable {
    let shipped = ClassTable::default();
    ClassTable::new(VehicleClass::ALL.map(|c| {
        let mut p = shipped.get(c).clone();
        p.desired_speed_mps = if c == VehicleClass::Minibus { 22.0 } else { 25.0 };
        p.desired_speed_spread = 0.0;
        p
    }))
    .unwrap()
}

/// A straight road without a limit below 25 m/s; the name of the link beyond its end.
fn motorway(length_m: f64, lanes: u8) -> (Arc<RoadNetwork>, String) {
    let (network, names) = approach(lanes, length_m, length_m, false);
    let mut network = Arc::unwrap_or_clone(network);
    for link in &mut network.links {
        link.limits = sim_core::network::SpeedLimits::uniform(25.0);
    }
    (Arc::new(network), names.last().unwrap().clone())
}

/// Twelve cars behind a minibus that drives 22 m/s and slows down to 19 for 100 m: how far the speed of each falls, m/s.
fn dips(automation: &Automation, step_s: f32) -> Vec<f32> {
    let (network, last) = motorway(6000.0, 1);
    let way = route(&network, link(&network, "main1"), link(&network, &last)).unwrap();
    let class = |i: usize| if i == 0 { VehicleClass::Minibus } else { VehicleClass::Car };
    let trips: Vec<Trip> = (0..13).map(|i| trip(&format!("t{i}"), class(i), i as f64 * 1.5, 0.0, 200.0, way.clone())).collect();
    let config = SimConfig { step_s, ..config(step_s) };
    let mut simulation = Simulation::new(network, fast(), trips, vec![], config).unwrap().with_automation(automation).unwrap();
    let slow = Incident {
        ref_: "slow".into(),
        link: LinkId(0),
        from_m: 4000.0,
        to_m: 4100.0,
        start_s: 0.0,
        end_s: 1e9,
        classes: ClassSet::of(&[VehicleClass::Minibus]),
        effect: Effect::Slow { speed_mps: 19.0 },
    };
    simulation.add_incident(slow).unwrap();
    let mut least = [f32::INFINITY; 13];
    watch_checked(&mut simulation, 300.0, |s| {
        let frame = s.frame();
        for v in &frame.vehicles {
            let x = v.centre.x;
            if (3500.0..5900.0).contains(&x) {
                least[v.id.index()] = least[v.id.index()].min(v.speed_mps);
            }
        }
    });
    least.iter().map(|v| 22.0 - v).collect()
}

#[test]
fn a_platoon_with_acc_passes_a_disturbance_on_larger_and_one_with_cacc_does_not() {
    let cars = ClassSet::of(&[VehicleClass::Car]);
    for step_s in [0.1, 0.5] {
        let of = |system| {
            let one = Equipped {
                headway_s: Some(if system == System::Cacc { 0.6 } else { 1.1 }),
                platoon: 20,
                ..Equipped::new(system, cars, 1.0)
            };
            dips(&Automation { equipped: vec![one], ..Automation::default() }, step_s)
        };
        let (acc, cacc, by_hand) = (of(System::Acc), of(System::Cacc), dips(&Automation::default(), step_s));
        println!("{step_s} s\nACC  {acc:.2?}\nCACC {cacc:.2?}\nhand {by_hand:.2?}");
        assert!(acc[12] > 1.5 * acc[1], "ACC: the first slows down by {} m/s, the twelfth by {}", acc[1], acc[12]);
        assert!(cacc[12] < 1.05 * cacc[1], "CACC: the first slows down by {} m/s, the twelfth by {}", cacc[1], cacc[12]);
        assert!(acc[12] > 1.5 * cacc[12]);
    }
}

/// A share of 1 of every class that may have it.
fn glosa(share: f32) -> Automation {
    Automation { advice: Some(SpeedAdvice::new(ClassSet::ALL, share)), ..Automation::default() }
}

/// Stops and grams of CO₂ of cars on a road with a signal of 20 s green in a cycle of 50 s or so.
fn stops_and_co2(automation: &Automation) -> (u64, f64, u64) {
    let (network, names) = approach(2, 900.0, 900.0, true);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], CARS, 700.0, 1200.0, 3);
    let mut simulation = simulation(&network, trips, 0.5).with_automation(automation).unwrap();
    run_checked(&mut simulation, 1500.0);
    let totals = simulation.system_totals();
    assert_eq!(totals.len(), 1);
    (totals[0].stops, totals[0].co2_g, totals[0].arrived)
}

#[test]
fn speed_advice_from_a_signal_by_the_clock_saves_stops_and_co2() {
    let ((stops, co2_g, arrived), (fewer, less_g, also)) = (stops_and_co2(&glosa(0.0)), stops_and_co2(&glosa(1.0)));
    println!("{stops} stops {co2_g} g {arrived}; with advice {fewer} stops {less_g} g {also}");
    assert_eq!(arrived, also, "everybody arrives");
    assert!(fewer * 10 < stops * 7 && less_g < co2_g * 0.995, "{stops} stops {co2_g} g, with advice {fewer} stops {less_g} g");
}

#[test]
fn speed_advice_keeps_every_promise_where_signals_answer_to_traffic() {
    let network = cross(Kind::Signal(25.0), 2);
    let (froms, tos) = (["side-n>", "main-e>", "side-s>", "main-w>"], ["side-n<", "main-e<", "side-s<", "main-w<"]);
    let trips = demand(&network, &froms, &tos, CITY, 2500.0, 400.0, 5);
    let (controller, method, mut detectors) = (ControllerId(0), Method::named("actuated").unwrap(), Vec::new());
    let sensors = equip(&network, controller, method.needs(), false, &mut detectors);
    let control =
        Control { junctions: vec![JunctionControl { controller, method, sensors, rules: Rules::default() }], ..Control::default() };
    let mut simulation = Simulation::new(network, ClassTable::default(), trips, detectors, config(0.5)).unwrap();
    simulation = simulation.with_control(&control).unwrap().with_automation(&glosa(1.0)).unwrap();
    run_checked(&mut simulation, 900.0);
    let population = simulation.population();
    assert_eq!(population.arrived, population.total(), "{population:?}");
}

/// The shipped classes, fast ones, of which half exceed the limit by three tenths.
fn speeders() -> ClassTable {
    let shipped = ClassTable::default();
    ClassTable::new(VehicleClass::ALL.map(|c| {
        let mut p = shipped.get(c).clone();
        (p.speeds_share, p.speeds_factor, p.desired_speed_mps) = (0.5, 1.3, 30.0);
        p
    }))
    .unwrap()
}

fn speeding(automation: &Automation) -> Simulation {
    speeding_in_steps(automation, 0.5)
}

fn speeding_in_steps(automation: &Automation, step_s: f32) -> Simulation {
    let (network, last) = motorway(4000.0, 2);
    let mix: &Mix = &[(VehicleClass::HeavyTruck, 0.5), (VehicleClass::Bus, 0.5)];
    let trips = demand(&network, &["main1"], &[&last], mix, 600.0, 600.0, 5);
    let mut network = Arc::unwrap_or_clone(network);
    for link in &mut network.links {
        link.limits = sim_core::network::SpeedLimits::uniform(16.0);
    }
    let mut simulation = Simulation::new(Arc::new(network), speeders(), trips, vec![], config(step_s)).unwrap();
    simulation = simulation.with_automation(automation).unwrap();
    run_checked(&mut simulation, 1000.0);
    simulation
}

fn trackers() -> Trackers {
    Trackers::new(ClassSet::of(&[VehicleClass::HeavyTruck, VehicleClass::Bus]), 1.0)
}

fn counted(simulation: &Simulation) -> (u64, u64, u64, u64) {
    let sum = |of: fn(&sim_core::driving::TrackerCount) -> u64| simulation.tracker_counts().iter().map(of).sum::<u64>();
    (sum(|c| c.reports), sum(|c| c.speeding.tracked_cases), sum(|c| c.speeding.detected), sum(|c| c.speeding.false_alarms))
}

#[test]
fn trackers_without_error_find_every_speeder_and_nobody_else() {
    // A report in every step: a case may be over between two reports that are further apart.
    let exact = Trackers { every_s: 1.0, speed_error_mps: 0.0, place_error_m: 0.0, ..trackers() };
    let simulation = speeding_in_steps(&Automation { trackers: Some(exact), ..Automation::default() }, 1.0);
    let (reports, cases, detected, wrong) = counted(&simulation);
    assert!(reports > 5000 && cases > 20, "{reports} reports, {cases} cases");
    assert!(detected == cases && wrong == 0, "{detected} of {cases}, {wrong} false alarms");
    let lanes = simulation.tracker_counts().iter().map(|c| c.lane.cases + c.lane.false_alarms).sum::<u64>();
    assert_eq!(lanes, 0, "no lane is closed here");
    let trucks = simulation.tracker_counts()[VehicleClass::HeavyTruck.index()];
    assert!(trucks.detected_per_1000_km().unwrap() > 10.0 && trucks.detected_share().unwrap() > 0.9);
}

#[test]
fn rare_reports_with_errors_miss_some_and_raise_false_alarms() {
    let coarse = Trackers { every_s: 120.0, speed_error_mps: 2.0, tolerance_mps: 0.5, ..trackers() };
    let (_, cases, detected, wrong) = counted(&speeding(&Automation { trackers: Some(coarse), ..Automation::default() }));
    assert!(detected < cases && wrong > 0, "{detected} of {cases}, {wrong} false alarms");
    let half = Trackers { share: 0.5, ..trackers() };
    let simulation = speeding(&Automation { trackers: Some(half), ..Automation::default() });
    let bus = simulation.tracker_counts()[VehicleClass::Bus.index()];
    assert!(bus.tracked_m < 0.8 * bus.vehicle_m && bus.tracked_m > 0.2 * bus.vehicle_m, "{bus:?}");
}

#[test]
fn speed_assistance_holds_those_who_have_it_and_heed_it() {
    let with = |kind, share| {
        let assistance = vec![SpeedAssistance::new(kind, ClassSet::ALL, share)];
        counted(&speeding(&Automation { trackers: Some(trackers()), assistance, ..Automation::default() })).1
    };
    let (none, advised, limited) =
        (with(AssistanceKind::Advisory, 0.0), with(AssistanceKind::Advisory, 1.0), with(AssistanceKind::Limiting, 1.0));
    assert!(limited == 0 && advised < none && advised > none / 3, "cases: {none}, warned {advised}, limited {limited}");
}

#[test]
fn a_machine_drives_where_it_may_and_a_person_elsewhere() {
    let (network, names) = approach(1, 900.0, 300.0, false);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], CARS, 400.0, 400.0, 3);
    let second = LinkId(1);
    let fenced = Equipped { within: Some(vec![second]), ..Equipped::new(System::Autonomous, MAY_HAVE, 1.0) };
    let automation = Automation { equipped: vec![fenced], ..Automation::default() };
    let mut simulation = simulation(&network, trips.clone(), 0.5).with_automation(&automation).unwrap();
    run_checked(&mut simulation, 900.0);
    let [all] = simulation.system_totals()[..] else { panic!("{:?}", simulation.system_totals()) };
    assert_eq!((all.arrived, all.hand_overs), (trips.len() as u64, 2 * trips.len() as u64), "taken over once and given back once");
    let expected_m = trips.len() as f64 * f64::from(network.link(second).length_m);
    assert!((all.by_system_m - expected_m).abs() < 1e-3 * expected_m, "{} and {expected_m}", all.by_system_m);
}

#[test]
fn saved_and_restored_a_fleet_goes_on_as_if_never_stopped() {
    let (network, ins, outs) = grid(3, 2, Kind::Signal(20.0));
    let trips = demand(&network, &strs(&ins), &strs(&outs), TRUCKS, 3000.0, 200.0, 23);
    let automation = Automation { advice: Some(SpeedAdvice::new(ClassSet::ALL, 0.5)), trackers: Some(trackers()), ..mixed() };
    let make = |threads| {
        let config = SimConfig { threads, ..config(0.5) };
        Simulation::new(network.clone(), ClassTable::default(), trips.clone(), vec![], config)
            .unwrap()
            .with_automation(&automation)
            .unwrap()
    };
    let (mut through, mut other) = (make(1), make(3));
    (0..200).for_each(|_| through.step());
    let bytes = postcard::to_stdvec(&through.state()).unwrap();
    other.restore(postcard::from_bytes(&bytes).unwrap()).unwrap();
    for simulation in [&mut through, &mut other] {
        (0..200).for_each(|_| simulation.step());
    }
    assert_eq!(through.state_hash(), other.state_hash());
}

#[test]
fn who_drives_on_a_lane_that_is_closed_to_its_class_is_found_by_exact_trackers_and_lost_in_coarse_ones() {
    let (network, last) = motorway(3000.0, 2);
    let trips = demand(&network, &["main1"], &[&last], &[(VehicleClass::HeavyTruck, 1.0)], 1500.0, 600.0, 5);
    let mut network = Arc::unwrap_or_clone(network);
    for link in &mut network.links {
        link.lanes[1].access = link.lanes[1].access.without(ClassSet::of(&[VehicleClass::HeavyTruck]));
    }
    let network = Arc::new(network);
    let shipped = ClassTable::default();
    let violators = ClassTable::new(VehicleClass::ALL.map(|c| {
        let mut p = shipped.get(c).clone();
        p.any_lane_share = 0.5;
        p
    }));
    let lanes = |trackers: Trackers| {
        let automation = Automation { trackers: Some(trackers), ..Automation::default() };
        let mut simulation = Simulation::new(network.clone(), violators.clone().unwrap(), trips.clone(), vec![], config(0.5)).unwrap();
        simulation = simulation.with_automation(&automation).unwrap();
        run_checked(&mut simulation, 1200.0);
        simulation.tracker_counts()[VehicleClass::HeavyTruck.index()].lane
    };
    let exact = lanes(Trackers { every_s: 1.0, place_error_m: 0.0, ..trackers() });
    println!("{exact:?}");
    assert!(exact.cases > 10 && exact.false_alarms == 0 && exact.detected * 10 >= exact.cases * 9, "{exact:?}");
    let coarse = lanes(Trackers { every_s: 5.0, place_error_m: 4.0, lane_reports: 2, ..trackers() });
    println!("{coarse:?}");
    assert!(coarse.cases == exact.cases && coarse.false_alarms > 0 && coarse.detected <= exact.detected, "{coarse:?}");
}
