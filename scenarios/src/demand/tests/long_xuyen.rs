//! The detector sites that travel with the embedded map.

use crate::demand::detectors;
use maps::{index::NetworkIndex, sketch};
use sim_core::ids::LinkId;
use std::collections::{BTreeMap, BTreeSet};

const SITES: &[u8] = include_bytes!("../../../data/long-xuyen-morning/detectors.csv");

#[test]
fn every_site_stands_on_the_street_it_names_once_in_each_direction() {
    let network = sketch::embedded().unwrap().network;
    let placed = detectors::parse("detectors.csv", SITES, &network, &NetworkIndex::new(&network)).unwrap();
    let mut sites: BTreeMap<&str, Vec<LinkId>> = BTreeMap::new();
    for detector in &placed {
        let (site, _) = detector.ref_.as_str().rsplit_once('.').unwrap();
        let (street, _) = site.split_once('/').unwrap();
        let link = network.link(detector.link).ref_.as_str();
        assert!(link.starts_with(&format!("{street}:")), "{} stands on {link}", detector.ref_);
        sites.entry(site).or_default().push(detector.link);
    }
    assert!((25..=45).contains(&sites.len()), "{} sites", sites.len());
    for (site, links) in &sites {
        assert!(matches!(links[..], [a, b] if a != b && network.link(a).opposite == Some(b)), "{site}: {links:?}");
    }
    // All of them together see the main roads into the city.
    let numbers: BTreeSet<&str> = placed.iter().filter_map(|d| network.link(d.link).road_number.as_deref()).collect();
    for number in ["QL91", "QL80", "ĐT.943", "ĐT.944"] {
        assert!(numbers.contains(number), "{number} not among {numbers:?}");
    }
}
