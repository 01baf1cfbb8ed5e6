//! Corrections of the map, each made by pressing the window's buttons, written, read with the map again, and seen in the new map.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

use bevy_egui::egui;
use egui_kittest::{Harness, kittest::Queryable};
use scenarios::lang::Lang;
use sim_core::{
    class::ClassSet,
    network::{Junction, JunctionKind, Link, RoadClass, RoadNetwork},
};
use std::{fs, path::Path, sync::Arc};
use viewer::{
    bridge::Stage,
    correct::{self, Correction, new_ref},
    detail::{Focus, SignalDetail},
    load::{self, Opened, Wanted},
    text::{self, Text},
    ui::{
        self, Desk, View, Wish,
        correct::{neighbours, turns},
    },
};

/// A scenario on a map in a folder of its own, opened.
fn open(folder: &Path, map: &str) -> Arc<Opened> {
    let file = folder.join("scenario.toml");
    let text = format!(
        "name = \"town\"\nmap = \"{map}\"\n[time]\nfrom = \"07:00\"\nto = \"08:00\"\n[demand]\nkind = \"synthetic\"\nflow = \"100 veh/h\"\n"
    );
    fs::write(&file, text).unwrap();
    Arc::new(load::open(Wanted::at_once(file)).unwrap())
}

/// Writes a correction and opens the map again as the window does.
fn correct(opened: &Opened, correction: &Correction) -> Arc<Opened> {
    correct::add(&opened.corrections, correction, &opened.network).unwrap();
    let again = load::open(correct::reopened(opened).unwrap()).unwrap();
    assert!(again.left_out.is_empty(), "{:?}", again.left_out);
    Arc::new(again)
}

fn panel(ui: &mut egui::Ui, view: &View, desk: &mut Desk) -> Option<Wish> {
    let network = view.opened.clone().unwrap().network.clone();
    match view.selection {
        Some(Focus::Link(link)) => ui::correct::link(ui, view, desk, &network, link),
        Some(Focus::Junction(junction)) => ui::correct::junction(ui, view, desk, &network, junction),
        _ => None,
    }
}

/// What the panel asks for when its button `press` is pressed, after `prepare` has filled in its fields. Of several buttons the first.
fn ask(opened: &Arc<Opened>, focus: Focus, press: &str, prepare: impl Fn(&mut Desk)) -> Correction {
    let view = View { lang: Lang::En, opened: Some(opened.clone()), selection: Some(focus), stage: Stage::Running, ..View::default() };
    let state = (view, Desk::default(), Vec::new());
    let mut harness = Harness::builder()
        .with_size(egui::vec2(340.0, 1_200.0))
        .build_ui_state(|ui, (view, desk, wishes): &mut (View, Desk, Vec<Wish>)| wishes.extend(panel(ui, view, desk)), state);
    harness.run_steps(3);
    harness.get_by_label(Text::CorrectMap.in_lang(Lang::En)).click();
    harness.run_steps(20);
    prepare(&mut harness.state_mut().1);
    harness.run_steps(3);
    harness.get_all_by_label(press).next().unwrap_or_else(|| panic!("no button `{press}`")).click();
    harness.run_steps(3);
    match &harness.state().2[..] {
        [Wish::Correct(correction)] => correction.clone(),
        other => panic!("`{press}` asked for {other:?}"),
    }
}

fn english(text: Text) -> &'static str {
    text.in_lang(Lang::En)
}

fn link_index(network: &RoadNetwork, ref_: &str) -> u32 {
    network.links.iter().position(|l| l.ref_.as_str() == ref_).unwrap() as u32
}

fn link<'a>(network: &'a RoadNetwork, ref_: &str) -> Option<&'a Link> {
    network.links.iter().find(|l| l.ref_.as_str() == ref_)
}

fn junction<'a>(network: &'a RoadNetwork, ref_: &str) -> Option<&'a Junction> {
    network.junctions.iter().find(|j| j.ref_.as_str() == ref_)
}

fn junction_index(network: &RoadNetwork, ref_: &str) -> u32 {
    network.junctions.iter().position(|j| j.ref_.as_str() == ref_).unwrap() as u32
}

#[test]
fn lanes_width_and_limit_are_as_written() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path(), "embedded");
    assert_eq!((first.corrected, first.corrections.parent()), (0, Some(folder.path())));
    let at = first.network.links.iter().position(|l| l.name.is_some() && l.lanes.len() == 1 && l.width_m < 8.0).unwrap() as u32;
    let ref_ = first.network.links[at as usize].ref_.to_string();
    let change = ask(&first, Focus::Link(at), english(Text::WriteCorrection), |desk| {
        let draft = &mut desk.correct;
        (draft.lanes, draft.width_dm, draft.speed_kmh) = (3, 105, 37);
    });
    let wide = correct(&first, &change);
    let now = link(&wide.network, &ref_).unwrap();
    assert_eq!((now.lanes.len(), now.width_m), (3, 10.5));
    assert!((now.limits.light_mps * 3.6 - 37.0).abs() < 0.01);
    assert_eq!(wide.corrected, 1);
}

#[test]
fn a_turn_is_banned_and_allowed_again() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path(), "embedded");
    let at = (0..first.network.links.len() as u32).find(|l| turns(&first.network, *l).first().is_some_and(|t| t.1)).unwrap();
    let from = first.network.links[at as usize].ref_.to_string();
    let to = first.network.links[turns(&first.network, at)[0].0 as usize].ref_.to_string();
    let may = |o: &Opened| {
        let ends = [&from, &to].map(|r| link_index(&o.network, r));
        o.network.movements.iter().any(|m| [m.from.0, m.to.0] == ends && m.access != ClassSet::NONE)
    };
    let banned = correct(&first, &ask(&first, Focus::Link(at), english(Text::BanTurn), |_| ()));
    assert!(may(&first) && !may(&banned));
    let at = link_index(&banned.network, &from);
    let allowed = correct(&banned, &ask(&banned, Focus::Link(at), english(Text::AllowTurn), |_| ()));
    assert!(may(&allowed), "the last word holds");
}

#[test]
fn signals_are_put_up_with_a_plan_and_taken_down() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path(), "embedded");
    let plain = first.network.junctions.iter().position(|j| matches!(j.kind, JunctionKind::Priority) && j.incoming.len() > 3).unwrap();
    let ref_ = first.network.junctions[plain].ref_.to_string();
    let controller = |o: &Opened| match junction(&o.network, &ref_).unwrap().kind {
        JunctionKind::Signal(c) => Some(o.network.controller(c).clone()),
        _ => None,
    };
    let lit = correct(&first, &ask(&first, Focus::Junction(plain as u32), english(Text::SignalHere), |_| ()));
    assert!(controller(&first).is_none() && controller(&lit).is_some_and(|c| c.plan_is_assumed));

    // Its real plan, through the editor of plans.
    let at = lit.network.controllers.iter().position(|c| lit.network.junction(c.junction).ref_.as_str() == ref_).unwrap() as u32;
    let old = lit.network.controllers[at as usize].plan.clone();
    let signal = SignalDetail { controller: at, method: "fixed", plan: old.clone(), lamps: Vec::new() };
    let view = View { lang: Lang::En, opened: Some(lit.clone()), stage: Stage::Running, ..View::default() };
    let mut desk = Desk::default();
    let mut times = ui::plan::times_of(&old);
    (times[0], times[1]) = (7.0, 41.5);
    (desk.edit.plan, desk.edit.times) = (Some((at, old.clone())), times.clone());
    let mut harness = Harness::builder().with_size(egui::vec2(340.0, 600.0)).build_ui_state(
        |ui, (view, desk, wishes): &mut (View, Desk, Vec<Wish>)| {
            let network = view.opened.clone().unwrap().network.clone();
            wishes.extend(ui::plan::editor(ui, view, desk, &network, &signal));
        },
        (view, desk, Vec::new()),
    );
    harness.run_steps(3);
    harness.get_by_label(english(Text::WritePlan)).click();
    harness.run_steps(3);
    let [Wish::Correct(change)] = &harness.state().2[..] else { panic!("{:?}", harness.state().2) };
    let timed = correct(&lit, change);
    let made = controller(&timed).unwrap();
    assert_eq!(ui::plan::times_of(&made.plan), times, "as it was entered");
    assert!(!made.plan_is_assumed);
    let green = |o: &Opened, c: &sim_core::network::SignalController, p: usize| -> Vec<[String; 2]> {
        let movements = c.plan.phases()[p].groups.iter().flat_map(|g| c.groups[usize::from(*g)].movements.clone());
        let mut all: Vec<_> =
            movements.map(|m| o.network.movement(m)).map(|m| [m.from, m.to].map(|l| o.network.link(l).ref_.to_string())).collect();
        all.sort();
        all
    };
    for p in 0..old.phases().len() {
        assert_eq!(green(&timed, &made, p), green(&lit, &lit.network.controllers[at as usize], p), "the same turns are green in phase {p}");
    }

    let here = junction_index(&timed.network, &ref_);
    let dark = correct(&timed, &ask(&timed, Focus::Junction(here), english(Text::NoSignalHere), |_| ()));
    assert!(controller(&dark).is_none());
    assert_eq!(dark.corrected, 3);
}

#[test]
fn a_missing_road_is_drawn_between_two_junctions_and_all_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path(), "embedded");
    let network = &first.network;
    let plain: Vec<u32> =
        (0..network.junctions.len() as u32).filter(|j| matches!(network.junctions[*j as usize].kind, JunctionKind::Priority)).collect();
    let (from, to) = (plain[0], plain[1]);
    let [from_ref, to_ref] = [from, to].map(|j| network.junctions[j as usize].ref_.to_string());
    let centre = |j: u32| network.junctions[j as usize].centre;
    let bend = [(centre(to).x - first.origin.x) as f32 + 300.0, (centre(to).y - first.origin.y) as f32 + 200.0];
    let road = ask(&first, Focus::Junction(to), english(Text::NewRoadTo), |desk| {
        let draft = &mut desk.correct;
        (draft.new_from, draft.class, draft.new_lanes, draft.speed_kmh, draft.two_way) = (Some(from), RoadClass::Secondary, 2, 60, true);
        draft.via = vec![bend, bend];
        draft.via[0][0] += 500.0;
    });
    let more = correct(&first, &road);
    assert_eq!(more.network.links.len(), network.links.len() + 2);
    let name = new_ref(network, &from_ref, &to_ref);
    let new = link(&more.network, &name).unwrap();
    let ends = [new.from, new.to].map(|j| more.network.junction(j).ref_.to_string());
    assert_eq!((new.class, new.lanes.len(), ends), (RoadClass::Secondary, 2, [from_ref.clone(), to_ref.clone()]));
    assert!((new.limits.light_mps * 3.6 - 60.0).abs() < 0.01);
    // Each direction lies half its width beside the middle of the road, farther at a sharp bend.
    let bends_at = |p: [f32; 2]| {
        let place = sim_core::geometry::Point::new(f64::from(p[0]) + first.origin.x, f64::from(p[1]) + first.origin.y);
        new.geometry.iter().position(|q| (q.x - place.x).hypot(q.y - place.y) < 8.0)
    };
    let (first_bend, second) = (bends_at([bend[0] + 500.0, bend[1]]).unwrap(), bends_at(bend).unwrap());
    assert!(0 < first_bend && first_bend < second && second + 1 < new.geometry.len(), "as it was drawn, in this order");
    let goes_on = more.network.movements.iter().any(|m| m.from.0 == link_index(&more.network, &name));
    assert!(goes_on, "one can drive on from it");
    assert_eq!(new_ref(&more.network, &from_ref, &to_ref), format!("{name}-2"), "the next one has a name of its own");

    correct::undo(&first.corrections).unwrap();
    assert_eq!(correct::count(&first.corrections), 0);
    let back = load::open(correct::reopened(&first).unwrap()).unwrap();
    assert!(*back.network == *first.network, "all taken back: the map is what it was");
    assert!(correct::undo(&first.corrections).is_err());
}

/// Two signalised nodes 25 m apart on a street of OpenStreetMap, which the import takes for one junction.
const TWIN_SIGNALS: &str = "<osm version='0.6'>
  <node id='1' lat='10.38000' lon='105.44000'><tag k='highway' v='traffic_signals'/></node>
  <node id='2' lat='10.38000' lon='105.44023'><tag k='highway' v='traffic_signals'/></node>
  <node id='3' lat='10.38000' lon='105.43700'/>
  <node id='4' lat='10.38000' lon='105.44300'/>
  <node id='5' lat='10.38300' lon='105.44000'/>
  <node id='6' lat='10.37700' lon='105.44023'/>
  <way id='10'><nd ref='3'/><nd ref='1'/><nd ref='2'/><nd ref='4'/><tag k='highway' v='primary'/><tag k='lanes' v='4'/></way>
  <way id='11'><nd ref='5'/><nd ref='1'/><tag k='highway' v='tertiary'/></way>
  <way id='12'><nd ref='2'/><nd ref='6'/><tag k='highway' v='tertiary'/></way>
</osm>
";

#[test]
fn a_junction_is_split_and_merged_again() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("town.osm"), TWIN_SIGNALS).unwrap();
    let first = open(folder.path(), "town.osm");
    let refs = |o: &Opened| ["osm:n1", "osm:n2"].map(|r| junction(&o.network, r).is_some());
    assert_eq!(refs(&first), [true, false], "the import takes them for one junction");
    let here = junction_index(&first.network, "osm:n1");
    let split = ask(&first, Focus::Junction(here), &text::split_junction(Lang::En, 2), |_| ());
    let apart = correct(&first, &split);
    assert_eq!(refs(&apart), [true, true]);
    assert!(apart.network.junctions.len() > first.network.junctions.len());

    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path(), "embedded");
    let network = &first.network;
    let (one, near) = (0..network.junctions.len() as u32).find_map(|j| Some((j, *neighbours(network, j).first()?))).unwrap();
    let refs = [one, near].map(|j| network.junctions[j as usize].ref_.to_string());
    let name = network.junctions[near as usize].name.clone().unwrap_or_else(|| refs[1].clone());
    let merged = correct(&first, &ask(&first, Focus::Junction(one), &text::merge_with(Lang::En, name), |_| ()));
    assert_eq!(merged.network.junctions.len(), network.junctions.len() - 1);
    assert!(junction(&merged.network, &refs[0]).is_some() && junction(&merged.network, &refs[1]).is_none());
}

#[test]
fn a_road_that_is_not_there_goes_and_what_does_not_fit_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path(), "embedded");
    let at = first.network.links.iter().position(|l| l.lanes.len() == 1 && l.name.is_some()).unwrap() as u32;
    let gone = first.network.links[at as usize].ref_.to_string();
    let without = correct(&first, &ask(&first, Focus::Link(at), english(Text::RemoveRoad), |_| ()));
    assert!(link(&first.network, &gone).is_some() && link(&without.network, &gone).is_none());

    let text = fs::read_to_string(&first.corrections).unwrap();
    let nowhere = Correction::Link { link: "osm:w1:n2>n3".into(), both: false, lanes: Some(2), width_dm: None, speed_kmh: None };
    let why = correct::add(&first.corrections, &nowhere, &first.network).unwrap_err();
    assert!(why.contains("not in this map") || why.contains("not in the map"), "{why}");
    assert_eq!(fs::read_to_string(&first.corrections).unwrap(), text, "nothing was written");
    // A hand-written entry stays, is not cut off with the window's last one, and is told where it does not fit.
    fs::write(&first.corrections, format!("{text}\n[[link]]\nref = \"osm:w1:n2>n3\"\nlanes = 2\n")).unwrap();
    assert!(correct::undo(&first.corrections).unwrap_err().contains("by hand"));
    let again = load::open(correct::reopened(&first).unwrap()).unwrap();
    assert!(matches!(&again.left_out[..], [why] if why.contains("osm:w1:n2>n3")), "{:?}", again.left_out);
}
