//! What the window writes into `corrections.toml` is read with the map again and changes it as it was said.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

use sim_core::network::RoadNetwork;
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
fn lanes_width_and_limit_are_as_written() {
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
