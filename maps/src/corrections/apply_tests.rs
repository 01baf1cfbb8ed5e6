use super::{Corrections, CorrectionsReport, Outcome, apply};
use crate::{
    compiled::content_hash,
    diff::diff,
    testing::{Builder, crossroads},
};
use sim_core::{
    class::{ClassSet, VehicleClass},
    ids::{JunctionId, LinkId},
    network::{JunctionKind, Priority, RoadClass, RoadNetwork, Turn},
};

fn corrected(network: RoadNetwork, text: &str) -> (RoadNetwork, CorrectionsReport) {
    apply(network, &Corrections::parse("c.toml", text).unwrap()).unwrap()
}

/// Applies corrections that must all take effect.
fn all_applied(network: RoadNetwork, text: &str) -> RoadNetwork {
    let (network, report) = corrected(network, text);
    assert!(report.remarks.is_empty(), "{report}");
    network
}

fn link(network: &RoadNetwork, ref_: &str) -> LinkId {
    LinkId::from_index(network.links.iter().position(|l| l.ref_.as_str() == ref_).unwrap_or_else(|| panic!("no link {ref_}")))
}

fn junction(network: &RoadNetwork, ref_: &str) -> JunctionId {
    JunctionId::from_index(network.junctions.iter().position(|j| j.ref_.as_str() == ref_).unwrap_or_else(|| panic!("no junction {ref_}")))
}

#[test]
fn no_corrections_change_nothing() {
    let (network, _) = corrected(crossroads(), "");
    assert_eq!(network, crossroads());
    // Nor does taking the network apart and putting it together.
    let (network, report) = corrected(crossroads(), "[[link]]\nref = \"osm:w10:osm:n6>osm:n5\"\nclass = \"primary\"");
    assert_eq!(content_hash(&network), content_hash(&crossroads()));
    assert_eq!(report.remarks[0].outcome, Outcome::WithoutEffect);
}

#[test]
fn lanes_and_width_change_the_movements_at_both_ends() {
    let into = "osm:w11:osm:n3>osm:n1";
    let network = all_applied(crossroads(), &format!("[[link]]\nref = \"{into}\"\nlanes = 3\nwidth = \"9.6 m\"\nspeed = \"40 km/h\""));
    let id = link(&network, into);
    let l = network.link(id);
    assert_eq!((l.lanes.len(), l.width_m), (3, 9.6));
    assert_eq!(l.limits.light_mps, 40.0 / 3.6);
    let lanes = |turn| {
        let m = network.movements_from(id).map(|m| network.movement(m)).find(|m| m.turn == turn).unwrap();
        (m.from_lanes.clone(), m.to_lanes.clone())
    };
    assert_eq!(lanes(Turn::Right), (0..1, 0..1));
    assert_eq!(lanes(Turn::Through), (0..3, 0..2));
    assert_eq!(lanes(Turn::Left), (2..3, 0..1));
    // Only this link, and movements at its ends, differ.
    let found = diff(&crossroads(), &network);
    assert_eq!(found.links.changed.len(), 1);
    assert!(found.signals.is_empty() && found.junctions.is_empty());
}

#[test]
fn each_lane_by_itself() {
    let network = all_applied(
        crossroads(),
        r#"
        [[link]]
        ref = "osm:w11:osm:n3>osm:n1"
        both_directions = true
        lanes = [
            { width = "2 m", kind = "motorcycle", turns = ["through", "right"] },
            { width = "3.5 m", turns = ["through", "right"] },
            { width = "3 m", turns = ["left"] },
        ]
        "#,
    );
    let id = link(&network, "osm:w11:osm:n3>osm:n1");
    for m in network.movements_from(id).map(|m| network.movement(m)) {
        let expected = if m.turn == Turn::Left { 2..3 } else { 0..2 };
        assert_eq!(m.from_lanes, expected, "{m:?}");
    }
    assert_eq!(network.link(link(&network, "osm:w11:osm:n1>osm:n3")).width_m, 8.5);
    let motorcycles = ClassSet::of(&[VehicleClass::Motorcycle, VehicleClass::Bicycle]);
    assert_eq!(network.link(id).lanes[0].access, motorcycles);
}

#[test]
fn a_class_decides_who_goes_first() {
    // At osm:n5 the primary road meets a residential one; now all are equal.
    let major = |network: &RoadNetwork| {
        let lane = link(network, "osm:w13:osm:n7>osm:n5");
        network.movements_from(lane).all(|m| network.movement(m).priority.0 < 2)
    };
    let worse = all_applied(crossroads(), "[[link]]\nref = \"osm:w13:osm:n7>osm:n5\"\nclass = \"service\"");
    assert!(!major(&worse));
    let equal = all_applied(crossroads(), "[[link]]\nref = \"osm:w13:osm:n7>osm:n5\"\nclass = \"primary\"");
    assert!(major(&equal));
}

#[test]
fn a_sign_outlives_a_change_of_class() {
    // By class both arms of the main road go first, but one has a sign to give way.
    let mut network = crossroads();
    let yields = link(&network, "osm:w10:osm:n6>osm:n5");
    for id in network.movements_from(yields).collect::<Vec<_>>() {
        network.movements[id.index()].priority = Priority::MINOR;
    }
    let network = all_applied(network, "[[link]]\nref = \"osm:w13:osm:n7>osm:n5\"\nclass = \"service\"");
    assert!(network.movements_from(yields).all(|m| network.movement(m).priority >= Priority::MINOR));
    let other = link(&network, "osm:w10:osm:n1>osm:n5");
    assert!(network.movements_from(other).all(|m| network.movement(m).priority < Priority::MINOR));
}

#[test]
fn access_reaches_the_movements_but_old_bans_stay() {
    let into = "osm:w11:osm:n3>osm:n1";
    let text = format!(
        "[[turn]]\nfrom = \"{into}\"\nto = \"osm:w12:osm:n1>osm:n4\"\nban = [\"car\"]\n[[link]]\nref = \"{into}\"\naccess = [\"car\", \"bus\"]"
    );
    let narrow = all_applied(crossroads(), &text);
    let id = link(&narrow, into);
    let accesses = |n: &RoadNetwork, id| -> Vec<ClassSet> { n.movements_from(id).map(|m| n.movement(m).access).collect() };
    let (car, bus) = (ClassSet::of(&[VehicleClass::Car]), ClassSet::of(&[VehicleClass::Bus]));
    assert_eq!(accesses(&narrow, id), [car.union(bus), car.union(bus), bus]);
    let wide = all_applied(narrow, &format!("[[link]]\nref = \"{into}\"\naccess = \"all\""));
    assert_eq!(accesses(&wide, link(&wide, into)), [ClassSet::ALL, ClassSet::ALL, ClassSet::ALL.without(car)]);
}

#[test]
fn a_banned_turn_is_gone_and_its_group_knows() {
    let (from, to) = ("osm:w12:osm:n2>osm:n1", "osm:w11:osm:n1>osm:n3");
    let network = all_applied(crossroads(), &format!("[[turn]]\nfrom = \"{from}\"\nto = \"{to}\"\nban = true"));
    assert_eq!(network.movement_between(link(&network, from), link(&network, to)), None);
    assert_eq!(network.movements.len(), crossroads().movements.len() - 1);
    // All three turns of an approach banned: its group and its phase go too.
    let bans: String = ["osm:w11:osm:n1>osm:n3", "osm:w12:osm:n1>osm:n4", "osm:w10:osm:n1>osm:n5"]
        .iter()
        .map(|to| format!("[[turn]]\nfrom = \"{from}\"\nto = \"{to}\"\nban = true\n"))
        .collect();
    let network = all_applied(crossroads(), &bans);
    assert_eq!(network.controllers[0].groups.len(), 3);
    assert_eq!(network.controllers[0].plan.phases().len(), 3);
}

#[test]
fn a_turn_can_be_allowed_for_some() {
    let (from, to) = ("osm:w12:osm:n2>osm:n1", "osm:w12:osm:n1>osm:n2");
    let network = all_applied(crossroads(), &format!("[[turn]]\nfrom = \"{from}\"\nto = \"{to}\"\nallow = [\"motorcycle\"]"));
    let id = network.movement_between(link(&network, from), link(&network, to)).unwrap();
    assert_eq!(network.movement(id).turn, Turn::UTurn);
    assert_eq!(network.movement(id).access, ClassSet::of(&[VehicleClass::Motorcycle]));
    assert!(network.movement(id).group.is_some(), "a signal holds it");
}

#[test]
fn a_turn_between_links_that_do_not_meet_is_refused() {
    let (network, report) =
        corrected(crossroads(), "[[turn]]\nfrom = \"osm:w12:osm:n2>osm:n1\"\nto = \"osm:w10:osm:n5>osm:n6\"\nban = true");
    assert_eq!(network, crossroads());
    assert_eq!((report.applied, report.remarks[0].outcome), (0, Outcome::Refused));
    assert_eq!(report.remarks[0].candidates[0].as_str(), "osm:w10:osm:n1>osm:n5");
}

#[test]
fn a_plan_makes_its_groups() {
    let plan = r#"
        [[signal]]
        junction = "osm:n1"
        offset = "7 s"
        [[signal.phase]]
        approaches = ["osm:w10:osm:n5>osm:n1", "osm:w11:osm:n3>osm:n1"]
        green = "40 s"
        [[signal.phase]]
        approaches = ["osm:w12:osm:n2>osm:n1", "osm:w12:osm:n4>osm:n1"]
        movements = [["osm:w11:osm:n3>osm:n1", "osm:w12:osm:n1>osm:n2"]]
        green = "25 s"
        yellow = "4 s"
        all_red = "1 s"
    "#;
    let network = all_applied(crossroads(), plan);
    let c = &network.controllers[0];
    assert!(!c.plan_is_assumed);
    assert_eq!((c.plan.cycle_s(), c.plan.offset_s(), c.groups.len()), (75.0, 7.0, 5));
    let east = link(&network, "osm:w11:osm:n3>osm:n1");
    let right = network.movements_from(east).find(|m| network.movement(*m).turn == Turn::Right).unwrap();
    let group = network.movement(right).group.unwrap();
    assert!(c.plan.phases().iter().all(|p| p.groups.contains(&group)), "the right turn is green twice");
    assert_eq!(c.groups[usize::from(group)].name, "Đường Thử →");
}

#[test]
fn a_plan_that_lets_streams_cross_or_forgets_one_is_refused() {
    let phase = |links: &[&str]| format!("[[signal.phase]]\ngreen = \"30 s\"\napproaches = {links:?}\n");
    let (w, e) = ("osm:w10:osm:n5>osm:n1", "osm:w11:osm:n3>osm:n1");
    let (n, s) = ("osm:w12:osm:n2>osm:n1", "osm:w12:osm:n4>osm:n1");
    for (phases, problem) in [
        (phase(&[w, e, n, s]), "at once, which cross"),
        (phase(&[w, e]) + &phase(&[n]), "never gets green"),
        (phase(&[w, e]) + &phase(&[n, s, "osm:w12:osm:n9>osm:n1"]), "no link osm:w12:osm:n9>osm:n1 ends at osm:n1"),
    ] {
        let (network, report) = corrected(crossroads(), &format!("[[signal]]\njunction = \"osm:n1\"\n{phases}"));
        assert!(report.to_string().contains(problem), "{report}");
        assert_eq!((report.applied, report.remarks[0].outcome), (0, Outcome::Refused));
        assert_eq!(network.controllers, crossroads().controllers);
    }
}

#[test]
fn signals_come_and_go() {
    let (with, report) = corrected(crossroads(), "[[signal]]\njunction = \"osm:n5\"");
    assert_eq!((report.applied, report.remarks[0].outcome), (1, Outcome::Assumed));
    let JunctionKind::Signal(c) = with.junction(junction(&with, "osm:n5")).kind else { panic!("no signal") };
    assert!(with.controller(c).plan_is_assumed);
    assert_eq!(with.controller(c).plan.phases().len(), 2, "opposite approaches together");
    let without = all_applied(with, "[[signal]]\njunction = \"osm:n5\"\nremove = true");
    assert_eq!(without.controllers, crossroads().controllers);
    let none = all_applied(crossroads(), "[[signal]]\njunction = \"osm:n1\"\nremove = true");
    assert!(none.controllers.is_empty() && none.movements.iter().all(|m| m.group.is_none()));
}

/// A dual carriageway crossed by a street: two junctions on the ground are one.
fn dual_carriageway() -> RoadNetwork {
    let mut b = Builder::new();
    let (n, s) = (b.junction("osm:n10", 0.0, 20.0), b.junction("osm:n11", 0.0, -20.0));
    let (north, south) = (b.junction("osm:n1", 0.0, 200.0), b.junction("osm:n2", 0.0, -200.0));
    let (nw, ne) = (b.junction("osm:n3", -200.0, 20.0), b.junction("osm:n4", 200.0, 20.0));
    let (sw, se) = (b.junction("osm:n5", -200.0, -20.0), b.junction("osm:n6", 200.0, -20.0));
    b.one_way("osm:w1:n4>n10", ne, n, RoadClass::Primary, 2);
    b.one_way("osm:w1:n10>n3", n, nw, RoadClass::Primary, 2);
    b.one_way("osm:w2:n5>n11", sw, s, RoadClass::Primary, 2);
    b.one_way("osm:w2:n11>n6", s, se, RoadClass::Primary, 2);
    b.two_way("osm:w3", north, n, RoadClass::Tertiary, 1);
    b.two_way("osm:w3", n, s, RoadClass::Tertiary, 1);
    b.two_way("osm:w3", s, south, RoadClass::Tertiary, 1);
    b.finish(&[n, s])
}

#[test]
fn merged_junctions_are_one_and_every_way_through_stays() {
    let merge = "[[merge]]\njunctions = [\"osm:n10\", \"osm:n11\"]\nname = \"Ngã tư\"";
    let network = all_applied(dual_carriageway(), merge);
    let j = network.junction(junction(&network, "osm:n10"));
    assert_eq!((network.junctions.len(), network.links.len(), network.controllers.len()), (7, 8, 1));
    assert_eq!(j.name.as_deref(), Some("Ngã tư"));
    assert_eq!((j.centre.x, j.centre.y), (0.0, 0.0));
    // Four ways in; each onto the three others, and the carriageways also back (left twice).
    let ways: Vec<(&str, &str, Turn)> = network
        .movements_of(junction(&network, "osm:n10"))
        .map(|m| network.movement(m))
        .map(|m| (network.link(m.from).ref_.as_str(), network.link(m.to).ref_.as_str(), m.turn))
        .collect();
    assert_eq!(ways.len(), 14, "{ways:?}");
    assert!(ways.contains(&("osm:w1:n4>n10", "osm:w3:osm:n11>osm:n2", Turn::Left)));
    assert!(ways.contains(&("osm:w1:n4>n10", "osm:w2:n11>n6", Turn::UTurn)));
    assert!(ways.contains(&("osm:w3:osm:n1>osm:n10", "osm:w3:osm:n11>osm:n2", Turn::Through)));
    let c = &network.controllers[0];
    assert!(c.groups.iter().all(|g| !g.movements.is_empty()));
    assert_eq!(c.plan.phases().len(), 2);
}

#[test]
fn a_turn_banned_before_a_merge_stays_banned() {
    let ban = "[[turn]]\nfrom = \"osm:w1:n4>n10\"\nto = \"osm:w3:osm:n10>osm:n11\"\nban = true";
    let network = all_applied(dual_carriageway(), ban);
    let network = all_applied(network, "[[merge]]\njunctions = [\"osm:n10\", \"osm:n11\"]");
    let from = link(&network, "osm:w1:n4>n10");
    assert_eq!(network.movement_between(from, link(&network, "osm:w3:osm:n11>osm:n2")), None);
    assert!(network.movement_between(from, link(&network, "osm:w1:n10>n3")).is_some());
}

#[test]
fn junctions_far_apart_or_not_connected_are_not_merged() {
    for (refs, problem) in
        [(["osm:n1", "osm:n10"], "not connected"), (["osm:n10", "osm:n3"], "can vanish"), (["osm:n3", "osm:n6"], "not connected")]
    {
        let mut network = dual_carriageway();
        if problem == "can vanish" {
            network.links.iter_mut().for_each(|l| l.length_m = 300.0);
        } else if refs[0] == "osm:n1" {
            // The road between them is gone first.
            network = all_applied(network, "[[link]]\nref = \"osm:w3:osm:n1>osm:n10\"\nremove = true\nboth_directions = true");
            // ... and with it the junction at its end.
            let (_, report) = corrected(network, &format!("[[merge]]\njunctions = {refs:?}"));
            assert_eq!(report.remarks[0].outcome, Outcome::Stale);
            continue;
        }
        let (_, report) = corrected(network, &format!("[[merge]]\njunctions = {refs:?}"));
        assert!(report.applied == 0 && report.to_string().contains(problem), "{report}");
    }
}

#[test]
fn a_new_link_is_reached_from_everywhere_at_its_ends() {
    let text = r#"
        [[new_link]]
        ref = "local:bypass"
        from = "osm:n7"
        to = "osm:n4"
        via = [[10.3846, 105.4340]]
        class = "secondary"
        lanes = 1
        speed = "60 km/h"
        two_way = true
    "#;
    let network = all_applied(crossroads(), text);
    let (there, back) = (link(&network, "local:bypass"), link(&network, "local:bypass:back"));
    assert_eq!(network.link(there).opposite, Some(back));
    assert_eq!(network.link(there).lanes[0].width_m, 3.5);
    assert!(network.link(there).length_m > 200.0 && network.link(there).length_m < 260.0, "{}", network.link(there).length_m);
    let (lane, south) = (link(&network, "osm:w13:osm:n5>osm:n7"), link(&network, "osm:w12:osm:n4>osm:n1"));
    assert!(network.movement_between(lane, there).is_some() && network.movement_between(there, south).is_some());
    assert!(network.movement_between(there, back).is_none());
    assert_eq!(network.junction(junction(&network, "osm:n7")).kind, JunctionKind::Priority, "no longer a dead end");
    // Traffic keeps right: the way there runs south of the way back.
    let y = |l: LinkId| network.link(l).geometry.iter().map(|p| p.y).fold(0.0, f64::min);
    assert!(y(there) < y(back) - 2.0);
}

#[test]
fn a_new_link_at_signals_is_held_by_them() {
    let text = "[[new_link]]\nref = \"local:a\"\nfrom = \"osm:n7\"\nto = \"osm:n1\"\nclass = \"service\"\nlanes = 1\nspeed = \"20 km/h\"";
    let network = all_applied(crossroads(), text);
    let new = link(&network, "local:a");
    assert_eq!(network.movements_from(new).count(), 4);
    assert!(network.movements_from(new).all(|m| network.movement(m).group.is_some()));
    let (_, report) = corrected(network, text);
    assert_eq!(report.remarks[0].outcome, Outcome::Refused);
}

#[test]
fn what_is_not_there_is_named_with_what_may_be_meant() {
    let text = r#"
        [[link]]
        ref = "osm:w12:osm:n2>osm:n8"
        lanes = 2
        [[signal]]
        junction = "osm:n55"
        [[merge]]
        junctions = ["osm:n5", "osm:n99"]
    "#;
    let (network, report) = corrected(crossroads(), text);
    assert_eq!(network, crossroads());
    assert_eq!(report.applied, 0);
    let stale: Vec<_> = report.with(Outcome::Stale).collect();
    assert_eq!(
        stale.iter().map(|r| (r.line, r.ref_.as_str())).collect::<Vec<_>>(),
        [(2, "osm:w12:osm:n2>osm:n8"), (5, "osm:n55"), (7, "osm:n99")]
    );
    assert_eq!(stale[0].candidates[0].as_str(), "osm:w12:osm:n2>osm:n1");
    assert!(stale[1].candidates.contains(&"osm:n5".into()));
    let message = report.to_string();
    assert!(message.starts_with("c.toml: 0 applied, 3 stale, 0 refused, 1 without effect\nc.toml:2: [[link]] osm:w12:"), "{message}");
}

#[test]
fn a_removed_link_takes_its_movements_along_and_places_move_on() {
    let network = all_applied(crossroads(), "[[link]]\nref = \"osm:w12:osm:n2>osm:n1\"\nremove = true");
    assert_eq!(network.links.len(), crossroads().links.len() - 1);
    assert_eq!(network.controllers[0].groups.len(), 3);
    let (access, _) = network.places[0].access.unwrap();
    assert_eq!(network.link(access).ref_.as_str(), "osm:w12:osm:n1>osm:n2", "the hospital is reached from the other direction now");
    assert_eq!(network.link(access).opposite, None);
}
