//! Ferries and places.

use super::{Map, cross, link};
use crate::import::ReportGroup;
use sim_core::network::{LinkKind, PlaceKind};

/// Two banks 800 m apart with a road each, and a ferry whose ends lie on the roads' ends.
fn banks(ferry: &str) -> Map {
    Map::default()
        .nodes(&[(1, -300.0, 0.0), (2, 0.0, 0.0), (3, 800.0, 0.0), (4, 1100.0, 0.0), (5, -300.0, 100.0)])
        .way(10, &[1, 2], "highway=secondary")
        .way(11, &[3, 4], "highway=secondary")
        .way(12, &[1, 5], "highway=residential")
        .way(20, &[2, 3], ferry)
}

#[test]
fn a_ferry_ties_two_banks_together() {
    let imported = banks("route=ferry name=Phà_Vàm_Cống duration=00:08 interval=00:15 capacity:motorcar=24").import();
    let network = &imported.network;
    let ferry = network.link(link(network, "osm:w20:n2>n3"));
    let LinkKind::Ferry(service) = ferry.kind else { panic!("{:?}", ferry.kind) };
    assert_eq!((service.car_capacity, service.interval_s, service.crossing_s), (24, 900.0, 480.0));
    assert!(service.motorcycle_capacity > 0);
    assert!(imported.report.survival() > 0.99);
    assert!(network.places.iter().filter(|p| p.kind == PlaceKind::FerryLanding).count() == 2);
}

#[test]
fn a_ferry_without_times_gets_them_by_length() {
    let imported = banks("route=ferry").import();
    let ferry = imported.network.link(link(&imported.network, "osm:w20:n2>n3"));
    let LinkKind::Ferry(service) = ferry.kind else { panic!("{:?}", ferry.kind) };
    assert_eq!(service.interval_s, 600.0);
    assert!((service.crossing_s - (800.0 / (10.0 / 3.6) + 120.0)).abs() < 2.0);
    assert_eq!(imported.report.count(ReportGroup::Assumed, "ferry: crossing, interval or capacity by length"), 2);
}

#[test]
fn a_ferry_that_ends_at_a_pier_is_tied_to_the_road_beside_it() {
    let mut map = banks("route=ferry").nodes(&[(30, 40.0, 10.0), (31, 760.0, 0.0)]);
    map.ways.iter_mut().find(|w| w.id == 20).unwrap().nodes = vec![30, 31];
    let imported = map.import();
    assert_eq!(imported.report.count(ReportGroup::Repaired, "ferry tied to the nearest road by a ramp"), 2);
    // The ramps are drivable like any other road: never more is kept than there was.
    assert!((0.99..=1.0 + 1e-9).contains(&imported.report.survival()), "{}", imported.report.survival());
}

#[test]
fn a_ferry_to_nowhere_is_dropped() {
    let imported =
        cross("highway=primary", "highway=primary").nodes(&[(30, 9000.0, 0.0)]).way(20, &[2, 30], "route=ferry").nodes(&[]).import();
    assert_eq!(imported.report.count(ReportGroup::Noted, "ferry that lands where no road is"), 1);
}

#[test]
fn places_know_the_link_they_are_reached_from() {
    let imported = cross("highway=primary", "highway=residential")
        .node(50, 100.0, -20.0, "amenity=hospital name=Bình_Dân beds=120")
        .node(51, -100.0, 3.0, "highway=bus_stop")
        .node(52, 5000.0, 5000.0, "highway=bus_stop")
        .node(53, 10.0, 150.0, "place=town name=Long_Xuyên population=278658")
        .nodes(&[(60, 20.0, 60.0), (61, 40.0, 60.0), (62, 40.0, 80.0)])
        .way(70, &[60, 61, 62, 60], "amenity=parking capacity=35")
        .import();
    let network = &imported.network;
    let place = |kind| network.places.iter().filter(|p| p.kind == kind).collect::<Vec<_>>();
    let hospital = place(PlaceKind::Hospital)[0];
    assert_eq!((hospital.name.as_deref(), hospital.size, hospital.ref_.as_str()), (Some("Bình_Dân"), Some(120), "osm:n50"));
    // South of the road lies its eastbound side.
    let (access, at) = hospital.access.unwrap();
    assert_eq!(network.link(access).ref_.as_str(), "osm:w11:n1>n2");
    assert!((90.0..100.0).contains(&at), "{at}");
    assert_eq!(place(PlaceKind::BusStop).len(), 1, "a stop without a road is none");
    assert_eq!(place(PlaceKind::Settlement)[0].size, Some(278_658));
    assert_eq!(place(PlaceKind::CarPark)[0].ref_.as_str(), "osm:w70");
}
