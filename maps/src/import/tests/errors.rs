//! Imports that must fail, and how they say so.

use super::{Map, cross};
use crate::import::{ImportError, ImportOptions, import, import_file};
use crate::osm::{OsmData, Region};
use std::path::Path;

#[test]
fn an_empty_region_names_the_file_and_what_to_check() {
    let options = ImportOptions { region: Some(Region::parse_box("20,100,21,101").unwrap()), ..ImportOptions::default() };
    let error = import(cross("highway=primary", "highway=primary").data(), "delta.osm.pbf", &options).unwrap_err();
    assert!(matches!(error, ImportError::EmptyRegion { ways: 4, nodes: 5, .. }));
    let message = error.to_string();
    assert!(
        message.starts_with("delta.osm.pbf: the region holds none of the file's 4 ways") && message.contains("SOUTH,WEST,NORTH,EAST"),
        "{message}"
    );
}

#[test]
fn a_region_without_a_drivable_road_says_so() {
    let map = Map::default().nodes(&[(1, 0.0, 0.0), (2, 100.0, 0.0)]).way(10, &[1, 2], "highway=footway");
    let error = import(map.data(), "park.osm", &ImportOptions::default()).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("park.osm: none of 1 ways is a drivable road; expected"), "{message}");
    assert!(matches!(import(OsmData::default(), "empty", &ImportOptions::default()), Err(ImportError::NoRoads { ways: 0, .. })));
    let nodeless = Map::default().way(10, &[1, 2], "highway=primary");
    assert!(matches!(import(nodeless.data(), "x", &ImportOptions::default()), Err(ImportError::NoRoads { .. })));
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = import_file(Path::new("no/such/map.osm.pbf"), &ImportOptions::default()).unwrap_err();
    assert!(error.to_string().starts_with("no/such/map.osm.pbf: "), "{error}");
}

#[test]
fn a_region_cuts_roads_at_its_edge_and_they_stay_connected() {
    // The region ends 100 m east of the middle: the arm goes on to its first node outside and ends there.
    let options = ImportOptions { region: Some(Region::parse_box("10.37,105.42,10.39,105.4309").unwrap()), ..ImportOptions::default() };
    let imported = cross("highway=primary", "highway=primary").import_with(&options);
    assert_eq!(imported.network.links.len(), 8);
    assert!(imported.report.survival() > 0.99);
}
