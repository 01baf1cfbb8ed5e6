//! Orders to a running simulation: what each does, that it breaks no promise, that it can be undone, and that a saved state carries it.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassSet, ClassTable, VehicleClass},
    control::{Controller, Method},
    detector::{Detector, DetectorKind},
    driving::{Automation, Equipped, MAY_HAVE, System},
    guide::Guidance,
    ids::{ControllerId, LinkId, VehicleId},
    incident::{Effect, Incident},
    measure::TripStatus,
    network::{Phase, RoadNetwork, SignalPlan, SpeedLimits},
    order::{Order, OrderError},
    simulation::{SimConfig, SimState, Simulation},
};
use std::{collections::BTreeSet, sync::Arc};

/// A 3×3 grid of signals with mixed traffic for five minutes.
fn town(per_hour: f64, threads: usize) -> Simulation {
    town_of(TRUCKS, per_hour, threads)
}

/// The same with another mix.
fn town_of(mix: &[(VehicleClass, f64)], per_hour: f64, threads: usize) -> Simulation {
    let (network, ins, outs) = grid(3, 2, Kind::Signal(20.0));
    let trips = demand(&network, &strs(&ins), &strs(&outs), mix, per_hour, 300.0, 23);
    let config = SimConfig { threads, interval_s: 60.0, conflicts: true, ..config(0.5) };
    Simulation::new(network, ClassTable::default(), trips, vec![], config).unwrap()
}

/// A road of two links, two lanes each, with cars and motorcycles for ten minutes.
fn road(per_hour: f64) -> (Arc<RoadNetwork>, Simulation) {
    let (network, names) = approach(2, 600.0, 300.0, false);
    let trips = demand(&network, &[&names[0]], &[names.last().unwrap()], CITY, per_hour, 600.0, 17);
    let simulation = simulation(&network, trips, 0.5);
    (network, simulation)
}

fn arrived(s: &Simulation) -> u64 {
    s.population().arrived
}

#[test]
fn a_closed_link_lets_nobody_in_until_it_opens_and_nobody_stands_in_the_junction() {
    let (network, mut s) = road(900.0);
    let next = LinkId(1);
    run_checked(&mut s, 120.0);
    let lanes = network.link(next).lanes.len() as u8;
    let all = |classes| (0..lanes).map(|n| (n, classes)).collect::<Vec<_>>();
    let closed = s.order(Order::Lanes { link: next, closed: all(ClassSet::ALL) }).unwrap();
    assert_eq!(closed.step, s.step_index());
    // Who holds a grant drives in and away; then nobody follows.
    run_checked(&mut s, 240.0);
    let then = arrived(&s);
    run_checked(&mut s, 120.0);
    assert_eq!(arrived(&s), then);
    let first_m = f64::from(network.link(LinkId(0)).length_m);
    let begin = network.link(LinkId(0)).geometry[0].x;
    assert!(s.frame().vehicles.iter().all(|v| v.centre.x - begin < first_m), "{:?}", s.population());
    s.order(closed.inverse.unwrap()).unwrap();
    run_checked(&mut s, 900.0);
    assert_eq!(arrived(&s), s.population().total());
}

#[test]
fn a_link_closed_to_some_lets_the_others_through() {
    let (network, mut s) = road(60.0);
    let lanes = network.link(LinkId(1)).lanes.len() as u8;
    let cars = ClassSet::of(&[VehicleClass::Car]);
    s.order(Order::Lanes { link: LinkId(1), closed: (0..lanes).map(|n| (n, cars)).collect() }).unwrap();
    run_checked(&mut s, 1200.0);
    let ends = |class| {
        let of = s.trips().iter().zip(&s.measurements().trips).filter(move |(t, _)| t.class == class);
        of.map(|(_, r)| r.status == TripStatus::Arrived).collect::<Vec<_>>()
    };
    assert!(ends(VehicleClass::Car).iter().all(|a| !a), "{:?}", ends(VehicleClass::Car));
    let others = ends(VehicleClass::Motorcycle);
    assert!(others.iter().any(|a| *a) && ends(VehicleClass::Car).len() > 1, "{others:?}");
}

#[test]
fn one_closed_lane_narrows_the_road_and_a_lane_of_others_is_kept_free() {
    for order in [
        Order::Lanes { link: LinkId(1), closed: vec![(0, ClassSet::ALL)] },
        Order::LaneUse { link: LinkId(1), access: vec![(0, ClassSet::of(&[VehicleClass::Bus]))] },
    ] {
        let (network, mut s) = road(300.0);
        let middle = network.link(LinkId(1)).geometry[0].x + 215.0;
        s.order(order.clone()).unwrap();
        let mut in_lane = 0;
        watch_checked(&mut s, 1200.0, |s| {
            // The kerb is at y = -3.5 m, the border of the lanes at 0.
            let near = s.frame().vehicles.into_iter().filter(|v| (v.centre.x - middle).abs() < 60.0 && v.class == VehicleClass::Car);
            in_lane += near.filter(|v| v.centre.y < -0.6).count();
        });
        assert_eq!((in_lane, arrived(&s)), (0, s.population().total()), "{order:?}");
    }
}

#[test]
fn a_lower_limit_slows_those_who_come_onto_the_link_in_comfort() {
    let (network, mut s) = road(300.0);
    run_checked(&mut s, 60.0);
    let limits = SpeedLimits::uniform(5.0);
    let applied = s.order(Order::Limits { link: LinkId(1), limits }).unwrap();
    let from = network.link(LinkId(1)).geometry[0].x;
    let (mut fastest, mut hardest, mut before) = (0.0f32, 0.0f32, std::collections::BTreeMap::new());
    watch_checked(&mut s, 240.0, |s| {
        for v in s.frame().vehicles {
            if s.time_s() > 120.0 && (from + 30.0..from + 250.0).contains(&v.centre.x) {
                fastest = fastest.max(v.speed_mps);
            }
            let last = before.insert(v.id, v.speed_mps).unwrap_or(0.0);
            hardest = hardest.max((last - v.speed_mps) / 0.5);
        }
    });
    assert!(fastest < 5.5 && fastest > 4.0, "{fastest} m/s");
    assert!(hardest < 3.6, "{hardest} m/s²");
    assert_eq!(applied.inverse, Some(Order::Limits { link: LinkId(1), limits: network.link(LinkId(1)).limits }));
    assert_eq!(s.network().link(LinkId(1)).limits, limits);
}

#[test]
fn an_unsafe_plan_is_refused_with_the_reason_and_nothing_is_changed() {
    let mut s = town(2000.0, 1);
    run_checked(&mut s, 30.0);
    let (hash, controller) = (s.state_hash(), ControllerId(4));
    let groups: Vec<u16> = (0..s.network().controller(controller).groups.len() as u16).collect();
    let all_green = SignalPlan::new(0.0, vec![Phase { groups, green_s: 30.0, yellow_s: 3.0, all_red_s: 2.0 }]).unwrap();
    let refused = s.order(Order::Plan { controller, plan: all_green }).unwrap_err();
    assert!(matches!(refused, OrderError::Refused(_)) && refused.to_string().contains("traffic crosses"), "{refused}");
    assert_eq!((s.state_hash(), s.orders().len()), (hash, 0));
}

#[test]
fn what_is_not_there_or_out_of_range_is_refused() {
    let mut s = town(600.0, 1);
    let far = LinkId(9999);
    let refused = |s: &mut Simulation, order: Order| s.order(order).unwrap_err().to_string();
    assert!(refused(&mut s, Order::Lanes { link: far, closed: vec![(0, ClassSet::ALL)] }).contains("no link 9999"));
    assert!(refused(&mut s, Order::Lanes { link: LinkId(0), closed: vec![(7, ClassSet::ALL)] }).contains("no lane 7; it has 2"));
    assert!(refused(&mut s, Order::Lanes { link: LinkId(0), closed: vec![] }).contains("names no lane"));
    assert!(refused(&mut s, Order::Limits { link: LinkId(0), limits: SpeedLimits::uniform(90.0) }).contains("expected 1 to 45 m/s"));
    assert!(refused(&mut s, Order::Demand { factors: vec![(VehicleClass::Car, -1.0)] }).contains("0 to 5 times"));
    assert!(refused(&mut s, Order::Electric { shares: vec![(VehicleClass::Car, 1.5)] }).contains("expected 0 to 1"));
    assert!(refused(&mut s, Order::EndIncident("x".into())).contains("`x`"));
    assert!(refused(&mut s, Order::RemoveDetector("x".into())).contains("`x`"));
    assert!(refused(&mut s, Order::RemoveVehicle(VehicleId(0))).contains("not set out"));
    assert!(refused(&mut s, Order::RemoveVehicle(VehicleId(99_999))).contains("no vehicle 99999"));
    assert!(refused(&mut s, Order::Method { controller: ControllerId(99), method: fixed(), with_errors: false }).contains("controller 99"));
    assert!(s.orders().is_empty());
}

fn fixed() -> Method {
    Method::named("fixed").unwrap()
}

#[test]
fn a_junction_changes_its_controller_and_gets_the_detectors_it_needs() {
    let mut s = town(5000.0, 1);
    run_checked(&mut s, 60.0);
    for name in Method::NAMES {
        let method = Method::named(name).unwrap();
        if method.problem().is_some() {
            continue; // a network, and inference is not compiled in
        }
        let applied = s.order(Order::Method { controller: ControllerId(4), method, with_errors: true }).unwrap();
        assert_eq!(s.control_of(ControllerId(4)), Some(*name));
        run_checked(&mut s, 30.0);
        s.order(applied.inverse.unwrap()).unwrap();
        assert_eq!(s.control_of(ControllerId(4)), Some("fixed"));
        run_checked(&mut s, 10.0);
    }
}

/// Who set out, by ref, and when each entered.
fn set_out(s: &Simulation) -> BTreeSet<String> {
    let all = s.trips().iter().zip(&s.measurements().trips);
    all.filter(|(_, r)| r.status != TripStatus::NotYet).map(|(t, _)| t.ref_.to_string()).collect()
}

#[test]
fn demand_grows_and_shrinks_and_each_trip_keeps_its_draws() {
    let after = |factor: f32| {
        let mut s = town(2000.0, 1);
        run_checked(&mut s, 100.0);
        let factors = VehicleClass::ALL.map(|c| (c, factor)).to_vec();
        let applied = s.order(Order::Demand { factors }).unwrap();
        run_checked(&mut s, 700.0);
        (set_out(&s), s, applied)
    };
    let (none, half, one, more, double) = (after(0.0).0, after(0.5).0, after(1.0).0, after(1.5).0, after(2.0).0);
    for (fewer, many) in [(&none, &half), (&half, &one), (&one, &more), (&more, &double)] {
        assert!(fewer.is_subset(many) && fewer.len() < many.len(), "{} {}", fewer.len(), many.len());
    }
    let due = one.len() - none.len();
    let share = (half.len() - none.len()) as f64 / due as f64;
    assert!((0.35..0.65).contains(&share), "{share} of {due}");
    assert_eq!(double.len() - one.len(), due, "everybody who was still to come sets out twice");
    let (_, s, applied) = after(2.0);
    assert_eq!(s.population().total(), s.trips().len() as u64);
    assert_eq!(applied.inverse, Some(Order::Demand { factors: VehicleClass::ALL.map(|c| (c, 1.0)).to_vec() }));
    // A copy is the trip again, a little later.
    for copy in &s.trips()[s.first_trips()..] {
        let of = s.trips().iter().find(|t| copy.ref_.as_str() == format!("{}+1", t.ref_)).unwrap();
        assert!(copy.route == of.route && (0.0..300.0).contains(&(copy.depart_s - of.depart_s)), "{copy:?} {of:?}");
    }
}

#[test]
fn a_share_goes_electric_of_those_who_have_not_set_out() {
    let mut s = town(2000.0, 1);
    run_checked(&mut s, 100.0);
    let before: Vec<bool> = s.measurements().trips.iter().map(|t| t.electric).collect();
    s.order(Order::Electric { shares: VehicleClass::ALL.map(|c| (c, 1.0)).to_vec() }).unwrap();
    let changed = s.measurements().trips.iter().zip(&before).filter(|(t, b)| t.electric != **b);
    assert!(changed.clone().count() > 20 && changed.into_iter().all(|(t, _)| t.status == TripStatus::NotYet && t.electric));
    assert!(s.measurements().trips.iter().all(|t| t.electric || t.status != TripStatus::NotYet));
}

/// What drives each trip.
fn systems(s: &Simulation) -> Vec<Option<System>> {
    (0..s.trips().len()).map(|i| s.system_of(VehicleId::from_index(i))).collect()
}

#[test]
fn machines_drive_a_share_of_those_who_have_not_set_out_and_go_again() {
    let mut s = town_of(CARS, 3000.0, 1);
    run_checked(&mut s, 60.0);
    let people = systems(&s);
    let due: Vec<bool> = s.measurements().trips.iter().map(|t| t.status == TripStatus::NotYet).collect();
    let some = |share| Order::Automation { system: System::Autonomous, shares: MAY_HAVE.iter().map(|c| (c, share)).collect() };
    let undo = s.order(some(0.4)).unwrap().inverse.unwrap();
    let few = systems(&s);
    s.order(some(0.9)).unwrap();
    let many = systems(&s);
    let could: Vec<bool> = s.trips().iter().zip(&due).map(|(t, due)| *due && MAY_HAVE.contains(t.class)).collect();
    let count = |of: &[Option<System>]| of.iter().flatten().count() as f64;
    let all = could.iter().filter(|c| **c).count() as f64;
    assert!(all > 100.0 && (count(&few) / all - 0.4).abs() < 0.12 && (count(&many) / all - 0.9).abs() < 0.08, "{} of {all}", count(&few));
    for i in 0..could.len() {
        assert!(could[i] || many[i] == people[i], "who has set out keeps the driver");
        assert!(many[i].is_some() || few[i].is_none(), "a larger share only adds");
    }
    run_checked(&mut s, 100.0);
    let totals = s.system_totals();
    assert!(totals.iter().any(|t| t.system == Some(System::Autonomous) && t.distance_m > 100.0), "{totals:?}");
    let then = systems(&s);
    let due: Vec<bool> = s.measurements().trips.iter().map(|t| t.status == TripStatus::NotYet).collect();
    assert!(due.iter().filter(|d| **d).count() > 50);
    s.order(undo).unwrap();
    for (i, now) in systems(&s).into_iter().enumerate() {
        assert_eq!(now, if due[i] { None } else { then[i] });
    }
}

#[test]
fn an_ordered_share_keeps_to_the_places_of_the_simulation_s_own_and_leaves_other_systems_alone() {
    let car = ClassSet::of(&[VehicleClass::Car]);
    let here = Equipped { within: Some(vec![LinkId(0)]), ..Equipped::new(System::Autonomous, car, 0.2) };
    let own = Automation { equipped: vec![Equipped::new(System::Acc, car, 0.3), here], ..Automation::default() };
    let mut s = town(3000.0, 1).with_automation(&own).unwrap();
    let before = systems(&s);
    s.order(Order::Automation { system: System::Autonomous, shares: vec![(VehicleClass::Car, 0.6)] }).unwrap();
    let after = systems(&s);
    let of = |all: &[Option<System>], system| all.iter().filter(|x| **x == Some(system)).count() as f64;
    assert_eq!(of(&before, System::Acc).to_bits(), of(&after, System::Acc).to_bits());
    let grown = of(&after, System::Autonomous) / of(&before, System::Autonomous);
    assert!((grown - 3.0).abs() < 0.8, "{grown}");
    run_checked(&mut s, 200.0);
    let totals = s.system_totals();
    let machine = totals.iter().find(|t| t.system == Some(System::Autonomous)).unwrap();
    assert!(machine.by_system_m < 0.5 * machine.distance_m, "it drives only where it did before: {machine:?}");
    let refused = |s: &mut Simulation, order| s.order(order).unwrap_err().to_string();
    let more = Order::Automation { system: System::Cacc, shares: vec![(VehicleClass::Car, 0.2)] };
    assert!(refused(&mut s, more).contains("all together is 1.1"), "30 % and 60 % are taken");
    let motorcycle = Order::Automation { system: System::Acc, shares: vec![(VehicleClass::Motorcycle, 0.2)] };
    assert!(refused(&mut s, motorcycle).contains("two wheels"));
}

#[test]
fn trackers_report_from_the_moment_they_are_ordered() {
    let mut s = town(3000.0, 1);
    run_checked(&mut s, 60.0);
    assert!(s.tracker_counts().is_empty());
    let undo = s.order(Order::Trackers { classes: MAY_HAVE, share: 0.5 }).unwrap().inverse.unwrap();
    run_checked(&mut s, 120.0);
    let tracked = |s: &Simulation| s.tracker_counts().iter().map(|c| c.tracked_m).sum::<f64>();
    let all = s.tracker_counts().iter().map(|c| c.vehicle_m).sum::<f64>();
    let seen = tracked(&s);
    assert!(seen > 0.3 * all && seen < 0.7 * all, "{seen:.0} of {all:.0} m");
    s.order(undo).unwrap();
    run_checked(&mut s, 60.0);
    assert_eq!(tracked(&s).to_bits(), seen.to_bits());
}

#[test]
fn a_detector_counts_while_it_stands() {
    let mut s = town(4000.0, 1);
    let detector = Detector::new("new", DetectorKind::Radar, LinkId(0), 50.0, 10.0);
    let counted = |s: &Simulation| s.looks().last().map_or(0, |l| l.counted);
    run_checked(&mut s, 60.0);
    let placed = s.order(Order::PlaceDetector(detector.clone())).unwrap();
    assert!(s.order(Order::PlaceDetector(detector)).unwrap_err().to_string().contains("one of this name"));
    run_checked(&mut s, 120.0);
    let first = counted(&s);
    let removed = s.order(placed.inverse.unwrap()).unwrap();
    run_checked(&mut s, 60.0);
    assert!(first > 0 && counted(&s) == first, "{first} {}", counted(&s));
    s.order(removed.inverse.unwrap()).unwrap();
    run_checked(&mut s, 60.0);
    assert!(counted(&s) > first);
    assert!(s.measurements().readings.iter().any(|r| r.detector.index() == 0));
}

#[test]
fn vehicles_are_taken_off_wherever_they_are_and_the_others_go_on() {
    let mut s = town(12_000.0, 1);
    let mut dice = Dice::new(5);
    let mut removed = 0;
    for _ in 0..300 {
        run_checked(&mut s, 2.0);
        let record = |i: usize| s.measurements().trips[i].status;
        let here: Vec<usize> = (0..s.trips().len()).filter(|i| record(*i) == TripStatus::OnRoad).collect();
        if here.is_empty() {
            continue;
        }
        let id = dice.pick(&here);
        assert_eq!(s.order(Order::RemoveVehicle(VehicleId::from_index(id))).unwrap().inverse, None);
        removed += 1;
        assert_eq!(s.population().removed, removed);
    }
    assert!(removed > 150, "{removed}");
    run_checked(&mut s, 1500.0);
    assert_eq!(arrived(&s) + removed, s.population().total(), "{:?}", s.population());
}

#[test]
fn who_waits_at_the_origin_is_taken_out_of_the_queue() {
    let (_, mut s) = road(12_000.0);
    run_checked(&mut s, 300.0);
    let is_waiting = |s: &Simulation, i: usize| s.measurements().trips[i].status == TripStatus::Waiting;
    let waiting: Vec<usize> = (0..s.trips().len()).filter(|i| is_waiting(&s, *i)).collect();
    assert!(waiting.len() > 10, "{}", waiting.len());
    for i in waiting.iter().step_by(2) {
        s.order(Order::RemoveVehicle(VehicleId::from_index(*i))).unwrap();
    }
    run_checked(&mut s, 900.0);
    assert_eq!(arrived(&s) + waiting.len().div_ceil(2) as u64, s.population().total(), "{:?}", s.population());
}

#[test]
fn an_incident_is_ended_and_put_back() {
    let (network, mut s) = road(300.0);
    let lanes = 0..network.link(LinkId(1)).lanes.len() as u8;
    let incident = Incident {
        ref_: "works".into(),
        link: LinkId(1),
        from_m: 100.0,
        to_m: 120.0,
        start_s: 0.0,
        end_s: 1e6,
        classes: ClassSet::ALL,
        effect: Effect::Closed { lanes },
    };
    let added = s.order(Order::AddIncident(incident.clone())).unwrap();
    run_checked(&mut s, 200.0);
    assert_eq!(arrived(&s), 0);
    let ended = s.order(added.inverse.unwrap()).unwrap();
    run_checked(&mut s, 100.0);
    let then = arrived(&s);
    assert!(then > 0);
    s.order(ended.inverse.unwrap()).unwrap();
    assert_eq!(s.incidents(), [incident]);
    run_checked(&mut s, 200.0);
    let later = arrived(&s);
    run_checked(&mut s, 100.0);
    assert_eq!(arrived(&s), later);
}

/// Some order that fits the town.
fn any_order(s: &Simulation, dice: &mut Dice) -> Order {
    let link = LinkId((dice.roll() * s.network().links.len() as f64) as u32);
    let controller = ControllerId((dice.roll() * s.network().controllers.len() as f64) as u32);
    let some = dice.pick(&[ClassSet::ALL, ClassSet::of(&[VehicleClass::Motorcycle]), ClassSet::NONE]);
    match (dice.roll() * 12.0) as u32 {
        0 => Order::Lanes { link, closed: vec![(dice.pick(&[0, 1]), some)] },
        1 => Order::LaneUse { link, access: vec![(dice.pick(&[0, 1]), ClassSet::ALL.without(some))] },
        2 => Order::Limits { link, limits: SpeedLimits::uniform(dice.pick(&[6.0, 9.0, 20.0])) },
        3 => {
            let plan = &s.network().controller(controller).plan;
            let green = |p: &Phase| Phase { green_s: p.green_s + 5.0, ..p.clone() };
            Order::Plan { controller, plan: SignalPlan::new(3.0, plan.phases().iter().map(green).collect()).unwrap() }
        }
        4 => Order::Method { controller, method: Method::named(dice.pick(Method::NAMES)).unwrap(), with_errors: true },
        5 => Order::Demand { factors: vec![(VehicleClass::Motorcycle, dice.pick(&[0.0, 0.6, 1.0, 1.8, 2.5]))] },
        6 => Order::Electric { shares: vec![(VehicleClass::Car, dice.pick(&[0.0, 0.5, 1.0]))] },
        7 => Order::Guidance(dice.pick(&[None, Some(Guidance { share: 0.8, ..Guidance::default() })])),
        9 => Order::Automation { system: dice.pick(&System::ALL), shares: vec![(VehicleClass::Car, dice.pick(&[0.0, 0.3, 0.9]))] },
        10 => Order::Trackers { classes: MAY_HAVE, share: dice.pick(&[0.0, 0.5, 1.0]) },
        8 => Order::PlaceDetector(Detector::new(&format!("d{}", dice.roll()), DetectorKind::Camera, link, 40.0, 30.0)),
        _ => {
            let on_road = |(i, r): (usize, &sim_core::measure::TripRecord)| (r.status == TripStatus::OnRoad).then_some(i);
            let here: Vec<usize> = s.measurements().trips.iter().enumerate().filter_map(on_road).collect();
            Order::RemoveVehicle(VehicleId::from_index(if here.is_empty() { 0 } else { dice.pick(&here) }))
        }
    }
}

#[test]
fn with_any_orders_all_promises_hold_and_a_saved_state_goes_on_with_the_same_bits() {
    for seed in 0..6 {
        let mut s = town(5000.0, 1);
        let mut dice = Dice::new(seed);
        let mut inverses = Vec::new();
        let mut saved = None;
        for turn in 0..30 {
            run_checked(&mut s, 10.0);
            let order = match inverses.pop().filter(|_| dice.roll() < 0.3) {
                Some(inverse) => inverse,
                None => any_order(&s, &mut dice),
            };
            if let Ok(applied) = s.order(order) {
                inverses.extend(applied.inverse);
            }
            if turn == 15 {
                saved = Some((postcard::to_stdvec(&s.state()).unwrap(), s.state_hash()));
                run_checked(&mut s, 60.0);
                let hash = s.state_hash();
                let mut other = town(5000.0, 2);
                let (bytes, then) = saved.clone().unwrap();
                // It has had other orders before, which must not matter.
                for _ in 0..3 {
                    let _ = other.order(any_order(&other, &mut Dice::new(seed + 50)));
                    other.step();
                }
                other.restore(postcard::from_bytes::<SimState>(&bytes).unwrap()).unwrap();
                assert_eq!(other.state_hash(), then, "seed {seed}");
                run_checked(&mut other, 60.0);
                assert_eq!(other.state_hash(), hash, "seed {seed}: {:?}", other.orders());
                s.restore(postcard::from_bytes::<SimState>(&bytes).unwrap()).unwrap();
                assert_eq!(s.state_hash(), then, "seed {seed}: back in time");
            }
        }
        assert!(s.orders().len() > 12 && saved.is_some(), "{}", s.orders().len());
    }
}

#[test]
fn the_same_orders_at_the_same_steps_give_the_same_bits() {
    let mut s = town(4000.0, 1);
    let mut dice = Dice::new(77);
    for _ in 0..20 {
        run_checked(&mut s, 8.0);
        let _ = s.order(any_order(&s, &mut dice));
    }
    let mut again = town(4000.0, 2);
    for logged in s.orders().to_vec() {
        while again.step_index() < logged.step {
            again.step();
        }
        assert_eq!(again.order(logged.order).unwrap().step, logged.step);
    }
    while again.step_index() < s.step_index() {
        again.step();
    }
    assert_eq!(again.state_hash(), s.state_hash());
}
