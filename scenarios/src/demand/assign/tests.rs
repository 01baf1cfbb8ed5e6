//! The search against the obvious one, the steps against an equilibrium known in closed form, and whose draws depend on what.

use super::*;
use crate::demand::{Router, RouterSettings, draw_keys::uniform as draw, tests::grid::town};
use sim_core::{
    class::{ClassTable, VehicleClass},
    demand::LinkPosition,
    measure::{LinkCell, Measurements},
    network::{FerryService, LinkKind, RoadNetwork},
    reference::Ref,
};

const CLASS: VehicleClass = VehicleClass::Car;

fn router(net: &RoadNetwork) -> Router {
    Router::new(net, &ClassTable::default(), RouterSettings::default())
}

fn cell(interval: u32, link: LinkId, class: VehicleClass, vehicle_m: f64, vehicle_s: f64) -> LinkCell {
    LinkCell { interval, link, class, entered: 1, exited: 1, vehicle_m, vehicle_s, co2_g: 0.0, electric_kwh: 0.0, delay_s: 0.0 }
}

/// Measurements in which every link of every interval was driven at another pace.
fn measured(net: &RoadNetwork, intervals: u32) -> Measurements {
    let mut measured = Measurements { start_s: 1_000.0, interval_s: 300.0, ..Measurements::default() };
    for interval in 0..intervals {
        for l in 0..net.links.len() {
            let pace_s = 0.05 + draw(1, "pace", "", u64::from(interval) << 32 | l as u64);
            measured.links.push(cell(interval, LinkId::from_index(l), CLASS, 100.0, 100.0 * pace_s));
        }
    }
    measured
}

fn trip(name: &str, route: &[LinkId], depart_s: f64, from_m: f32, to_m: f32) -> Trip {
    Trip {
        ref_: Ref::from(name),
        class: CLASS,
        purpose: Purpose::Personal,
        depart_s,
        origin: LinkPosition { link: route[0], pos_m: from_m },
        destination: LinkPosition { link: route[route.len() - 1], pos_m: to_m },
        route: route.into(),
        halts: Default::default(),
    }
}

/// The quickest arrival by relaxing every movement until nothing changes, seconds after departure.
fn slow_best_s(costs: Costs<'_>, trip: &Trip) -> f64 {
    let group = costs.router.group_of(CLASS);
    let mut end_s = vec![f64::INFINITY; costs.network.links.len()];
    let whole_m = |l: LinkId| costs.router.length_m(l);
    let first = trip.origin.link;
    let start_s = trip.depart_s
        + costs.times.link_s(group, first, trip.depart_s).0 * (whole_m(first) - f64::from(trip.origin.pos_m)) / whole_m(first);
    let mut arrived_s = f64::INFINITY;
    end_s[first.index()] = start_s;
    loop {
        let mut is_better = false;
        for m in &costs.network.movements {
            if m.to != first
                && end_s[m.from.index()] + costs.times.link_s(group, m.to, end_s[m.from.index()]).0 < end_s[m.to.index()] - 1e-9
            {
                end_s[m.to.index()] = end_s[m.from.index()] + costs.times.link_s(group, m.to, end_s[m.from.index()]).0;
                is_better = true;
            }
            if m.to == trip.destination.link && end_s[m.from.index()].is_finite() {
                let share = f64::from(trip.destination.pos_m) / whole_m(m.to);
                arrived_s = arrived_s.min(end_s[m.from.index()] + costs.times.link_s(group, m.to, end_s[m.from.index()]).0 * share);
            }
        }
        if !is_better {
            return arrived_s - trip.depart_s;
        }
    }
}

#[test]
fn the_quickest_way_at_changing_times_is_the_one_the_obvious_search_finds() {
    let net = town(5, 300.0);
    let router = router(&net);
    let times = LinkTimes::of(&measured(&net, 6), &net, &router);
    let costs = Costs { network: &net, router: &router, times: &times };
    let mut search = Search::new(costs);
    let mut compared = 0;
    for n in 0..200 {
        let link = |what| LinkId((draw(n, what, "", 0) * net.links.len() as f64) as u32);
        let (from, to) = (link("from"), link("to"));
        if from == to {
            continue;
        }
        let wish = trip("t", &[from, to], 900.0 + 2_400.0 * draw(n, "depart", "", 0), 30.0, 40.0);
        let slow_s = slow_best_s(costs, &wish);
        // Streets that only lead out of the town have no way back.
        let Some(way) = search.best(&wish) else {
            assert!(slow_s.is_infinite(), "{n}: there is a way of {slow_s} s");
            continue;
        };
        let found_s = costs.time_s(&wish, &way).unwrap();
        assert!((found_s - slow_s).abs() < 1e-6, "{n}: {found_s} against {slow_s}");
        let within = |most_s: f64| Search::new(costs).best_within(&wish, most_s);
        assert!(within(found_s + 0.1) == Some(way) && within(found_s - 0.1).is_none(), "{n}: given up where it takes longer, not before");
        compared += 1;
    }
    assert!(compared > 150);
}

#[test]
fn times_are_those_measured_for_the_class_or_its_like_and_else_those_without_traffic() {
    let net = town(3, 300.0);
    let router = router(&net);
    let (a, b) = (LinkId(0), LinkId(1));
    let mut measured = Measurements { start_s: 0.0, interval_s: 300.0, ..Measurements::default() };
    // Cars on `a` need half a second a metre in the first interval and a quarter in the second; on `b` only a motorcycle was seen.
    measured.links = vec![
        cell(0, a, CLASS, 600.0, 300.0),
        cell(0, b, VehicleClass::Motorcycle, 200.0, 40.0),
        cell(1, a, CLASS, 600.0, 150.0),
        cell(1, b, VehicleClass::Motorcycle, 200.0, 40.0),
    ];
    let times = LinkTimes::of(&measured, &net, &router);
    let of = |class, link, at_s| times.link_s(router.group_of(class), link, at_s);
    let length_m = router.length_m(a);
    let (early_s, seen) = of(CLASS, a, 0.0);
    assert!(seen && early_s > 0.5 * length_m && early_s < 0.5 * (length_m + 40.0), "{early_s} for {length_m} m and the junction");
    let (late_s, between_s) = (of(CLASS, a, 9_000.0).0, of(CLASS, a, 300.0).0);
    assert!((late_s / early_s - 0.5).abs() < 1e-6 && (between_s / early_s - 0.75).abs() < 1e-6, "{early_s} {between_s} {late_s}");
    assert!(of(VehicleClass::HeavyTruck, a, 0.0).1, "a car stands for a truck");
    assert!(!of(VehicleClass::Motorcycle, a, 0.0).1 && of(VehicleClass::Bicycle, b, 0.0).1 && !of(CLASS, b, 0.0).1);
    assert!(of(CLASS, b, 0.0).0 < 60.0, "nobody of its like was seen: the time without traffic");
}

#[test]
fn who_waits_for_a_boat_through_several_intervals_has_waited_for_one_boat() {
    let service = FerryService { car_capacity: 4, motorcycle_capacity: 20, interval_s: 900.0, crossing_s: 300.0 };
    let mut net = town(3, 300.0);
    let boat = LinkId(0);
    net.links[0].kind = LinkKind::Ferry(service);
    let router = router(&net);
    let mut measured = Measurements { start_s: 0.0, interval_s: 300.0, ..Measurements::default() };
    // One came in the first interval, waited through the second and was set down at the end of the third.
    measured.links = (0..3).map(|interval| cell(interval, boat, CLASS, 0.0, 300.0)).collect();
    (measured.links[1].entered, measured.links[2].entered) = (0, 0);
    let times = LinkTimes::of(&measured, &net, &router);
    for at_s in [0.0, 450.0, 800.0] {
        let (time_s, seen) = times.link_s(router.group_of(CLASS), boat, at_s);
        assert!(seen && (time_s - 900.0).abs() < 1.0, "{time_s} s for who comes at {at_s} s");
    }
}

#[test]
fn choices_come_to_rest_where_both_ways_take_equally_long() {
    // 1 000 trips, ways of 10 + x/50 and 15 + x/100 seconds: at equilibrium 500 on each, 20 s on both.
    let names: Vec<String> = (0..1_000).map(|n| format!("t{n}")).collect();
    let mut on_first = vec![true; names.len()];
    let mut steps = Steps::new(Rule::default());
    let mut best = (f64::INFINITY, on_first.clone());
    let mut kept = best.clone();
    for round in 0..40 {
        let times = |on_first: &[bool]| {
            let first = on_first.iter().filter(|f| **f).count() as f64;
            (first, 10.0 + first / 50.0, 15.0 + (1_000.0 - first) / 100.0)
        };
        let (first, a_s, b_s) = times(&on_first);
        let gap = (first * a_s + (1_000.0 - first) * b_s) / (1_000.0 * a_s.min(b_s)) - 1.0;
        if round == 0 || steps.keeps(kept.0, gap) {
            kept = (gap, on_first.clone());
        }
        if gap < best.0 {
            best = kept.clone();
        }
        on_first.clone_from(&kept.1);
        let (_, a_s, b_s) = times(&on_first);
        for (name, is_first) in names.iter().zip(&mut on_first) {
            let (own_s, best_s) = (if *is_first { a_s } else { b_s }, a_s.min(b_s));
            if own_s > best_s && uniform(1, "assign", name, round) < steps.chance(own_s, best_s) {
                *is_first = !*is_first;
            }
        }
    }
    let (gap, on_first) = best;
    let first = on_first.iter().filter(|f| **f).count();
    assert!((490..=510).contains(&first) && gap < 0.002, "{first} on the first way, gap {gap}");
}

#[test]
fn one_trip_more_changes_no_other_trips_draws() {
    let net = town(3, 300.0);
    let ways: Vec<[LinkId; 2]> = net.movements.iter().map(|m| [m.from, m.to]).collect();
    let trips: Vec<Trip> = (0..400).map(|n| trip(&format!("t{n}"), &ways[n % ways.len()], 0.0, 10.0, 10.0)).collect();
    let at = LinkPosition { link: LinkId(0), pos_m: 10.0 };
    let way = Way { origin: at, destination: at, links: vec![LinkId(0)] };
    let choice = || Some(Choice { own_s: 100.0, best_s: 97.0, better: Some(way.clone()) });
    let steps = Steps::new(Rule::default());
    let changed_of = |trips: &[Trip]| -> Vec<Ref> {
        let mut trips = trips.to_vec();
        let choices = trips.iter().map(|_| choice()).collect();
        let count = change(&mut trips, choices, &steps, 7, 3);
        let changed: Vec<Ref> = trips.iter().filter(|t| *t.route == [LinkId(0)]).map(|t| t.ref_.clone()).collect();
        assert_eq!(count, changed.len() as u64);
        changed
    };
    let before = changed_of(&trips);
    // A gain of 3 % is 0.3 of a full one, and the first step one half.
    assert!((30..=90).contains(&before.len()), "{}", before.len());
    let mut more = trips.clone();
    more.insert(0, trip("another", &ways[0], 0.0, 10.0, 10.0));
    let after: Vec<Ref> = changed_of(&more).into_iter().filter(|r| r.as_str() != "another").collect();
    assert_eq!(before, after);
}

#[test]
fn who_would_drive_far_round_turns_at_the_door_and_nobody_for_a_little() {
    let mut net = town(5, 300.0);
    let find = |net: &RoadNetwork, from, to| net.links.iter().position(|l| (l.from, l.to) == (from, to));
    for i in 0..net.links.len() {
        let (from, to) = (net.links[i].from, net.links[i].to);
        net.links[i].opposite = find(&net, to, from).map(LinkId::from_index);
    }
    let router = router(&net);
    let free = || LinkTimes::of(&Measurements { start_s: 0.0, interval_s: 300.0, ..Measurements::default() }, &net, &router);
    let inner = |l: &LinkId| net.link(*l).opposite.is_some() && router.has_exit(CLASS, *l);
    let (from, to) = {
        let links: Vec<LinkId> = (0..net.links.len()).map(LinkId::from_index).filter(inner).collect();
        (links[0], links[links.len() / 2])
    };
    let mut wish = trip("t", &[from, to], 0.0, 100.0, 100.0);
    let open = free();
    let costs = Costs { network: &net, router: &router, times: &open };
    wish.route = Search::new(costs).best(&wish).unwrap().into();
    let kept = choices(std::slice::from_ref(&wish), costs)[0].clone().unwrap();
    assert_eq!(kept.better, None, "in a town nobody gains three minutes by turning");

    // Everything that the first street leads to is closed: at the door the other direction is open.
    let other = net.link(from).opposite.unwrap();
    let closed_until = |until_s: f64| {
        let close = |link| Closed { link, classes: sim_core::class::ClassSet::ALL, from_s: 0.0, until_s };
        let mut closed: Vec<Closed> = router.exits(CLASS, from).iter().map(|(link, _)| close(*link)).collect();
        closed.sort_by_key(|c| c.link);
        let shut = free().with_closed(closed);
        choices(std::slice::from_ref(&wish), Costs { network: &net, router: &router, times: &shut })[0].clone().unwrap()
    };
    let waits = closed_until(220.0);
    assert!(waits.better.is_none_or(|w| w.origin == wish.origin) && waits.own_s > 220.0, "who loses two minutes waits: {}", waits.own_s);
    let found = closed_until(f64::INFINITY);
    let way = found.better.clone().unwrap();
    assert_eq!((way.origin.link, way.links[0], way.destination), (other, other, wish.destination));
    assert!((way.origin.pos_m - (net.link(other).length_m - 100.0)).abs() < 1e-3, "the same door: {}", way.origin.pos_m);
    assert!(found.own_s > 7_200.0 && found.best_s < 600.0, "{} s and {} s", found.own_s, found.best_s);

    // The trip that changes sets out there, and whoever takes over its way does.
    let mut trips: Vec<Trip> = (0..20).map(|n| Trip { ref_: Ref::from(format!("t{n}")), ..wish.clone() }).collect();
    let changed = change(&mut trips, vec![Some(found); 20], &Steps::new(Rule::default()), 7, 0);
    let turned = trips.iter().filter(|t| t.origin == way.origin && t.route[0] == other).count() as u64;
    assert!(changed > 0 && turned == changed, "{turned} of {changed}");
    assert!(trips.iter().all(|t| t.origin.link == t.route[0]));
}

#[test]
fn buses_and_blue_light_keep_their_ways() {
    let net = town(3, 300.0);
    let movement = &net.movements[0];
    let mut bus = trip("b", &[movement.from, movement.to], 0.0, 10.0, 10.0);
    assert!(chooses(&bus));
    bus.purpose = Purpose::PublicTransport;
    assert!(!chooses(&bus));
    bus.purpose = Purpose::Emergency;
    assert!(!chooses(&bus));
}
