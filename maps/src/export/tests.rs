use super::*;
use crate::testing::crossroads;
use geojson::{FeatureCollection, GeoJson, GeometryValue, JsonObject};
use sim_core::{
    class::{ClassSet, VehicleClass},
    network::TurnSet,
};
use std::collections::{BTreeMap, BTreeSet};

fn exported(network: &RoadNetwork) -> FeatureCollection {
    let mut bytes = vec![];
    geojson(network, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    match text.parse::<GeoJson>().unwrap() {
        GeoJson::FeatureCollection(features) => features,
        other => panic!("not a feature collection: {other:?}"),
    }
}

fn text<'a>(properties: &'a JsonObject, key: &str) -> &'a str {
    properties[key].as_str().unwrap_or_else(|| panic!("{key} is {:?}", properties[key]))
}

#[test]
fn every_object_becomes_one_feature_with_its_ref() {
    let network = crossroads();
    let mut layers = BTreeMap::<String, usize>::new();
    let mut ids = BTreeSet::new();
    for feature in exported(&network) {
        let properties = feature.properties.unwrap();
        *layers.entry(text(&properties, "layer").into()).or_default() += 1;
        assert!(ids.insert(format!("{:?}", feature.id.unwrap())), "an id twice");
    }
    let expected = [
        ("junction", network.junctions.len()),
        ("link", network.links.len()),
        ("movement", network.movements.len()),
        ("place", network.places.len()),
        ("signal", network.controllers.len()),
    ];
    assert_eq!(layers.into_iter().collect::<Vec<_>>(), expected.map(|(layer, n)| (layer.to_owned(), n)));
}

#[test]
fn longitude_comes_first_and_a_centimetre_survives() {
    let network = crossroads();
    let features = exported(&network);
    for (feature, link) in features.into_iter().zip(&network.links) {
        let GeometryValue::LineString { coordinates } = feature.geometry.unwrap().value else { panic!("a link is a line") };
        assert_eq!(coordinates.len(), link.geometry.len());
        for (position, point) in coordinates.iter().zip(&link.geometry) {
            let back = network.meta.frame.project(LatLon { lon: position[0], lat: position[1] });
            assert!(back.distance_m(*point) < 0.012, "{position:?}");
            assert!((105.0..106.0).contains(&position[0]) && (10.0..11.0).contains(&position[1]));
        }
    }
}

#[test]
fn a_link_says_all_it_knows() {
    let mut network = crossroads();
    network.links[0].lanes[0].turns = TurnSet::LEFT.union(TurnSet::THROUGH);
    network.links[0].lanes[0].access = ClassSet::of(&[VehicleClass::Motorcycle, VehicleClass::Bicycle]);
    network.links[0].name = Some("Đường \"Trần Hưng Đạo\"\n".into());
    let feature = exported(&network).into_iter().next().unwrap();
    let properties = feature.properties.unwrap();
    assert_eq!(text(&properties, "ref"), network.links[0].ref_.as_str());
    assert_eq!(text(&properties, "name"), "Đường \"Trần Hưng Đạo\"\n");
    assert_eq!(text(&properties, "lane_turns"), "left;through|");
    assert_eq!(text(&properties, "lane_access"), "motorcycle bicycle|all");
    assert_eq!(text(&properties, "lane_widths_m"), "3.5|3.5");
    assert_eq!(properties["limit_light_kmh"].as_f64(), Some(50.0));
    assert_eq!(properties["limit_slow_kmh"].as_f64(), Some(40.0));
    assert_eq!(text(&properties, "class"), "primary");
}

#[test]
fn a_signal_shows_its_plan_by_group_names() {
    let network = crossroads();
    let signal = exported(&network).into_iter().find(|f| f.properties.as_ref().unwrap()["layer"] == "signal").unwrap();
    let properties = signal.properties.unwrap();
    assert_eq!(properties["cycle_s"].as_f64(), Some(100.0));
    assert_eq!(properties["plan"].as_array().unwrap().len(), 4);
    assert_eq!(properties["plan"][0]["groups"][0], properties["groups"][0]);
}

#[test]
fn east_of_the_date_line_is_west() {
    let mut network = crossroads();
    network.meta.frame.origin.lon = 179.9999;
    for feature in exported(&network) {
        if let GeometryValue::Point { coordinates } = feature.geometry.unwrap().value {
            assert!((-180.0..=180.0).contains(&coordinates[0]), "{coordinates:?}");
        }
    }
}

#[test]
fn a_writer_that_fails_is_reported_as_it_is() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    assert_eq!(geojson(&crossroads(), Closed).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
}
