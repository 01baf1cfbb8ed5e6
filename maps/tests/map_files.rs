//! The whole path of a map: OpenStreetMap file, network, compiled map, network again, GeoJSON.

#![allow(clippy::unwrap_used, reason = "a test's panic is its report")]

mod town;

use geojson::{GeoJson, GeometryValue};
use maps::{
    compiled::{self, CompiledError},
    diff::diff,
    export,
    import::{ImportOptions, import_file},
    index::NetworkIndex,
};
use sim_core::{geometry::LatLon, network::RoadNetwork};
use std::{collections::BTreeSet, fs};

fn imported(xml: &str) -> RoadNetwork {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.osm");
    fs::write(&path, xml).unwrap();
    import_file(&path, &ImportOptions::default()).unwrap().network
}

#[test]
fn an_extract_becomes_a_compiled_map_that_opens_as_it_was() {
    let network = imported(&town::first_extract());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.agmap");
    compiled::save(&network, &path).unwrap();
    let opened = compiled::open(&path).unwrap();
    assert_eq!(opened, network);
    let info = compiled::info(&path).unwrap();
    assert_eq!(info.content_hash, compiled::content_hash(&imported(&town::first_extract())), "the same extract, the same hash");
    assert_ne!(info.content_hash, compiled::content_hash(&imported(&town::next_extract())));
    assert_eq!((info.source.as_str(), info.links as usize), ("town.osm", network.links.len()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
}

#[test]
fn the_extract_itself_is_no_compiled_map() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.osm");
    fs::write(&path, town::first_extract()).unwrap();
    let error = compiled::open(&path).unwrap_err();
    assert!(matches!(&error, CompiledError::NotAMap { .. }), "{error}");
    assert!(error.to_string().contains("agtwin map import"), "{error}");
}

#[test]
fn geojson_of_an_import_is_valid_and_complete() {
    let network = imported(&town::first_extract());
    let mut text = vec![];
    export::geojson(&network, &mut text).unwrap();
    let GeoJson::FeatureCollection(features) = String::from_utf8(text).unwrap().parse::<GeoJson>().unwrap() else {
        panic!("not a feature collection")
    };
    let mut links = BTreeSet::new();
    for feature in &features.features {
        let properties = feature.properties.as_ref().unwrap();
        let positions = match &feature.geometry.as_ref().unwrap().value {
            GeometryValue::Point { coordinates } => vec![coordinates.clone()],
            GeometryValue::LineString { coordinates } => {
                assert!(coordinates.len() >= 2, "RFC 7946 section 3.1.4");
                coordinates.clone()
            }
            other => panic!("{other:?}"),
        };
        for p in positions {
            assert!((105.43..105.45).contains(&p[0]) && (10.37..10.39).contains(&p[1]), "{p:?}");
        }
        if properties["layer"] == "link" {
            assert!(links.insert(properties["ref"].as_str().unwrap().to_owned()));
        }
    }
    assert_eq!(links, network.links.iter().map(|l| l.ref_.to_string()).collect());
    let others = network.junctions.len() + network.movements.len() + network.controllers.len() + network.places.len();
    assert_eq!(features.features.len(), links.len() + others);
}

#[test]
fn a_detector_finds_its_link() {
    let network = imported(&town::first_extract());
    let hit = NetworkIndex::new(&network).nearest_link(LatLon { lat: 10.3800, lon: 105.4415 }, Some(270.0), None, 30.0).unwrap();
    assert_eq!(network.link(hit.link).ref_.as_str(), "osm:w11:n3>n1");
    let half = network.link(hit.link).length_m / 2.0;
    assert!((hit.pos_m - half).abs() < 15.0, "{hit:?}");
}

#[test]
fn the_next_extract_differs_where_it_was_edited() {
    let found = diff(&imported(&town::first_extract()), &imported(&town::next_extract()));
    assert!(
        found.links.added.contains(&"osm:w10:n6>n20".to_owned()) && found.links.removed.contains(&"osm:w10:n6>n5".to_owned()),
        "{found}"
    );
    let sped = found.links.changed.iter().find(|c| c.ref_ == "osm:w11:n1>n3").expect("the speed limit was mapped");
    assert!(sped.fields.iter().any(|f| f.field == "limits" && f.after.contains("light 50 km/h")), "{found}");
    assert!(!found.links.added.iter().chain(&found.links.removed).any(|r| r.starts_with("osm:w12")), "way 12 keeps its refs: {found}");
}
