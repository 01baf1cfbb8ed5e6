//! What the window writes into `corrections.toml` is read with the map again and changes it as it was said.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

use sim_core::{
    class::ClassSet,
    network::{JunctionKind, RoadClass, RoadNetwork},
};
use std::{fs, path::Path};
use viewer::{
    correct::{self, Correction},
    load::{self, Opened, Wanted},
    ui::correct::{neighbours, turns},
};

/// The embedded map as a scenario in a folder of its own.
fn open(folder: &Path) -> Opened {
    let file = folder.join("scenario.toml");
    if !file.exists() {
        let text = "name = \"town\"\nmap = \"embedded\"\n[time]\nfrom = \"07:00\"\nto = \"08:00\"\n[demand]\nkind = \"synthetic\"\nflow = \"100 veh/h\"\n";
        fs::write(&file, text).unwrap();
    }
    load::open(Wanted::at_once(file)).unwrap()
}

/// Writes a correction and opens the map again as the window does.
fn correct(opened: &Opened, correction: &Correction) -> Opened {
    correct::add(&opened.corrections, correction, &opened.network).unwrap();
    load::open(correct::reopened(opened).unwrap()).unwrap()
}

fn link<'a>(network: &'a RoadNetwork, ref_: &str) -> Option<&'a sim_core::network::Link> {
    network.links.iter().find(|l| l.ref_.as_str() == ref_)
}

#[test]
fn lanes_width_limit_turns_signals_and_new_roads_are_as_written_and_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    assert_eq!((first.corrected, first.corrections.parent()), (0, Some(folder.path())));
    let network = &first.network;
    let at = (0..network.links.len() as u32)
        .find(|l| turns(network, *l).iter().filter(|t| t.1).count() > 2 && network.links[*l as usize].lanes.len() == 1)
        .unwrap();
    let ref_ = network.links[at as usize].ref_.to_string();
    let change = Correction::Link { link: ref_.clone(), both: false, lanes: Some(3), width_dm: Some(105), speed_kmh: Some(37) };
    let wide = correct(&first, &change);
    let now = link(&wide.network, &ref_).unwrap();
    assert_eq!((now.lanes.len(), now.width_m), (3, 10.5));
    assert!((now.limits.light_mps * 3.6 - 37.0).abs() < 0.01);
    assert_eq!(wide.corrected, 1);

    let (to, _) = turns(network, at).into_iter().find(|t| t.1).unwrap();
    let to = network.links[to as usize].ref_.to_string();
    let banned = correct(&wide, &Correction::Turn { from: ref_.clone(), to: to.clone(), allow: false });
    let may = |n: &RoadNetwork| {
        let of = |r: &str| n.links.iter().position(|l| l.ref_.as_str() == r).unwrap() as u32;
        n.movements.iter().any(|m| m.from.0 == of(&ref_) && m.to.0 == of(&to) && m.access != ClassSet::NONE)
    };
    assert!(may(&wide.network) && !may(&banned.network));

    let plain = network.junctions.iter().find(|j| matches!(j.kind, JunctionKind::Priority) && j.incoming.len() > 3).unwrap();
    let lit = correct(&banned, &Correction::Signal { junction: plain.ref_.to_string(), has: true });
    let kind = |o: &Opened| o.network.junctions.iter().find(|j| j.ref_ == plain.ref_).unwrap().kind;
    assert!(matches!(kind(&lit), JunctionKind::Signal(_)) && !matches!(kind(&banned), JunctionKind::Signal(_)));

    let ends = [network.links[at as usize].from, plain.incoming.iter().map(|l| network.link(*l).from).last().unwrap()];
    let [from, to_] = ends.map(|j| network.junction(j).ref_.to_string());
    let road = Correction::NewLink { from, to: to_, class: RoadClass::Secondary, lanes: 2, speed_kmh: 60, two_way: true };
    let more = correct(&lit, &road);
    assert_eq!(more.network.links.len(), lit.network.links.len() + 2);
    let new = more.network.links.iter().find(|l| l.ref_.as_str().starts_with("local:")).unwrap();
    assert_eq!((new.class, new.lanes.len()), (RoadClass::Secondary, 2));
    assert_eq!(more.corrected, 4);

    for left in (0..4).rev() {
        correct::undo(&first.corrections).unwrap();
        assert_eq!(correct::count(&first.corrections), left);
    }
    let back = load::open(correct::reopened(&first).unwrap()).unwrap();
    assert!(*back.network == *first.network, "all taken back: the map is what it was");
    assert!(correct::undo(&first.corrections).is_err());
}

#[test]
fn junctions_are_merged_roads_removed_and_what_does_not_fit_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let first = open(folder.path());
    let network = &first.network;
    let (one, near) = (0..network.junctions.len() as u32).find_map(|j| Some((j, *neighbours(network, j).first()?))).unwrap();
    let refs = [one, near].map(|j| network.junctions[j as usize].ref_.to_string());
    let merged = correct(&first, &Correction::Merge { junctions: refs.to_vec() });
    assert_eq!(merged.network.junctions.len(), network.junctions.len() - 1);
    assert!(!merged.network.junctions.iter().any(|j| j.ref_.as_str() == refs[1]));

    let gone = merged.network.links.iter().find(|l| l.lanes.len() == 1).unwrap().ref_.to_string();
    let without = correct(&merged, &Correction::Remove { link: gone.clone(), both: false });
    assert!(link(&merged.network, &gone).is_some() && link(&without.network, &gone).is_none());

    // A hand-written note stays, and what is written behind the window's last entry is not cut off with it.
    let text = fs::read_to_string(&first.corrections).unwrap();
    let nowhere = Correction::Link { link: "osm:w1:n2>n3".into(), both: false, lanes: Some(2), width_dm: None, speed_kmh: None };
    let why = correct::add(&first.corrections, &nowhere, network).unwrap_err();
    assert!(why.contains("not in this map") || why.contains("not in the map"), "{why}");
    assert_eq!(fs::read_to_string(&first.corrections).unwrap(), text, "nothing was written");
    fs::write(&first.corrections, format!("{text}\n[[link]]\nref = \"osm:w1:n2>n3\"\nlanes = 2\n")).unwrap();
    assert!(correct::undo(&first.corrections).unwrap_err().contains("by hand"));
}
