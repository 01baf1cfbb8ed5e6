//! Detectors and zones: where files put them on the network.

use super::grid::{link, town};
use crate::demand::{
    DetectorsProblem, FileError, Region, ZoneKind, ZoneSettings, detectors,
    zone_file::{ZonesProblem, parse_csv, parse_geojson},
    zones::from_network,
};
use maps::index::NetworkIndex;
use sim_core::{detector::DetectorErrors, geometry::Point, reference::Ref};

#[test]
fn a_detector_stands_where_its_link_says() {
    let net = town(3, 300.0);
    let index = NetworkIndex::new(&net);
    let text = "detector,kind,ref,pos_m,length_m\nA,radar,\"j0,0>j1,0\",100,\nB,,\"j1,0>j0,0\",,5\n";
    let placed = detectors::parse("d.csv", text.as_bytes(), &net, &index).unwrap();
    assert_eq!((placed[0].link, placed[0].pos_m, placed[0].length_m), (link(&net, "j0,0>j1,0"), 100.0, 2.0));
    assert_eq!((placed[1].link, placed[1].length_m), (link(&net, "j1,0>j0,0"), 5.0));
    assert!((placed[1].pos_m - (276.0 - 40.0)).abs() < 0.01);
}

#[test]
fn a_detector_has_lanes_and_errors_where_its_row_says_so() {
    let net = town(3, 300.0);
    let index = NetworkIndex::new(&net);
    let lanes = net.link(link(&net, "j0,0>j1,0")).lanes.len();
    let parse = |row: &str| {
        let columns = "detector,kind,ref,lanes,miss_percent,false_per_hour,confusion_percent,speed_error_percent";
        detectors::parse("d.csv", format!("{columns}\n{row}\n").as_bytes(), &net, &index)
    };
    let read = |row: &str| parse(row).unwrap().remove(0);
    let plain = read("A,camera,\"j0,0>j1,0\",,,,,");
    assert_eq!((plain.lanes, plain.errors), (None, DetectorErrors::NONE));
    let all = format!("1-{lanes}");
    let full = read(&format!("A,camera,\"j0,0>j1,0\",{all},5,4,2.5,8"));
    assert_eq!(full.lanes, Some((0, lanes as u8 - 1)), "counted from 1 in files, from 0 in memory");
    assert_eq!(full.errors, DetectorErrors { miss: 0.05, false_per_hour: 4.0, class_confusion: 0.025, speed_error: 0.08 });
    assert_eq!(read("A,loop,\"j0,0>j1,0\",1,,,,").lanes, Some((0, 0)));
    for (row, column) in [
        ("A,loop,\"j0,0>j1,0\",0,,,,", "`lanes` is `0`, expected a lane or lanes like `1-2`, counted from the kerb"),
        (&format!("A,loop,\"j0,0>j1,0\",1-{},,,,", lanes + 1), "`lanes` is `1-"),
        ("A,loop,\"j0,0>j1,0\",2-1,,,,", "`lanes` is `2-1`"),
        ("A,loop,\"j0,0>j1,0\",,101,,,", "`miss_percent` is `101`, expected 0 to 100 for a loop"),
        ("A,loop,\"j0,0>j1,0\",,,-1,,", "`false_per_hour` is `-1`, expected 0 to 3600 for a loop"),
        ("A,radar,\"j0,0>j1,0\",,,,3,", "`confusion_percent` is `3`, expected 0 to 0 for a radar"),
        ("A,loop,\"j0,0>j1,0\",,,,,5", "`speed_error_percent` is `5`, expected 0 to 0 for a loop"),
        ("A,radar,\"j0,0>j1,0\",,,,,31", "`speed_error_percent` is `31`, expected 0 to 30 for a radar"),
    ] {
        let message = parse(row).unwrap_err().to_string();
        assert!(message.contains("d.csv:2: detector `A`: ") && message.contains(column), "{row}: {message}");
    }
}

#[test]
fn heading_tells_the_directions_of_a_road_apart() {
    let net = town(3, 300.0);
    let index = NetworkIndex::new(&net);
    let place = net.meta.frame.unproject(Point::new(150.0, 0.0));
    let text = format!("detector;kind;lat;lon;heading\nE;loop;{0};{1};90\nW;loop;{0};{1};270\n", place.lat, place.lon).replace('.', ",");
    let placed = detectors::parse("d.csv", text.as_bytes(), &net, &index).unwrap();
    assert_eq!((placed[0].link, placed[1].link), (link(&net, "j0,0>j1,0"), link(&net, "j1,0>j0,0")));
    assert!((placed[0].pos_m - 138.0).abs() < 1.0 && (placed[1].pos_m - 138.0).abs() < 1.0, "{placed:?}");
}

#[test]
fn bad_detectors_are_all_listed() {
    let net = town(3, 300.0);
    let index = NetworkIndex::new(&net);
    let text = "detector,kind,ref,pos_m\nA,loop,\"j0,0>j1,1\",\nB,sonar,\"j0,0>j1,0\",\nA,loop,\"j0,0>j1,0\",\nC,loop,\"j0,0>j1,0\",900\n";
    let Err(FileError::Rows(rows)) = detectors::parse("d.csv", text.as_bytes(), &net, &index) else { panic!("expected bad rows") };
    let lines: Vec<u64> = rows.problems.iter().map(|p| p.0).collect();
    assert_eq!(lines, [2, 3, 4, 5]);
    assert!(matches!(&rows.problems[0].1, DetectorsProblem::UnknownLink { near: Some(_), .. }));
    assert!(matches!(&rows.problems[1].1, DetectorsProblem::BadKind { .. }));
    assert!(matches!(&rows.problems[2].1, DetectorsProblem::Duplicate { other: 2, .. }));
    assert!(matches!(&rows.problems[3].1, DetectorsProblem::BadNumber { column: "pos_m", .. }));
    let far = detectors::parse("d.csv", b"detector,lat,lon,heading\nA,10.5,105.9,90\n", &net, &index).unwrap_err().to_string();
    assert!(far.contains("d.csv:2: detector `A`: no road in direction 90° within 60 m of 10.5, 105.9"), "{far}");
}

#[test]
fn settlements_and_edges_become_zones_with_spread_connectors() {
    let net = town(7, 300.0);
    let zones = from_network(&net, &ZoneSettings::default());
    let names: Vec<&str> = zones.iter().map(|z| z.ref_.as_str()).collect();
    assert_eq!(names, ["ward1", "ward2", "ward3", "ward4", "ward5", "edge:west", "edge:east", "edge:south", "edge:north"]);
    for zone in &zones {
        match zone.kind {
            ZoneKind::Inside => assert!(zone.origins.len() >= 6, "{zone:?}"),
            ZoneKind::Boundary => {
                assert_eq!((zone.origins.len(), zone.destinations.len()), (1, 1));
                assert_eq!(net.link(zone.origins[0].at.link).opposite, Some(zone.destinations[0].at.link));
            }
        }
        for c in &zone.origins {
            let length_m = net.link(c.at.link).length_m;
            assert!(c.at.pos_m > 0.0 && c.at.pos_m < length_m && c.weight > 0.0, "{c:?}");
        }
    }
}

#[test]
fn large_settlements_are_divided_and_a_region_has_an_edge_of_its_own() {
    let net = town(7, 300.0);
    let split = ZoneSettings { split_population: 5_000.0, ..Default::default() };
    let zones = from_network(&net, &split);
    let parts: Vec<_> = zones.iter().filter(|z| z.ref_.as_str().starts_with("ward5/")).collect();
    assert_eq!(parts.len(), 3);
    assert!((parts.iter().map(|z| z.population).sum::<f64>() - 14_000.0).abs() < 1e-6);
    let region = Some(Region { centre: Point::new(900.0, 900.0), radius_m: 700.0 });
    let inner = from_network(&net, &ZoneSettings { region, boundary_least: sim_core::network::RoadClass::Secondary, ..Default::default() });
    assert_eq!(inner.iter().filter(|z| z.kind == ZoneKind::Inside).map(|z| z.ref_.as_str()).collect::<Vec<_>>(), ["ward5"]);
    let edges: Vec<_> = inner.iter().filter(|z| z.kind == ZoneKind::Boundary).collect();
    assert_eq!(edges.len(), 4);
    // Trips begin and end where the road crosses the circle, however far away the next junction is.
    for connector in edges.iter().flat_map(|z| z.origins.iter().chain(&z.destinations)) {
        let road = net.link(connector.at.link);
        let (start, end) = (road.geometry[0], road.geometry[1]);
        let share = f64::from(connector.at.pos_m / road.length_m);
        let at = Point::new(start.x + share * (end.x - start.x), start.y + share * (end.y - start.y));
        assert!((at.distance_m(Point::new(900.0, 900.0)) - 700.0).abs() < 2.0, "{connector:?} lies at {at:?}");
    }
}

#[test]
fn zone_points_come_as_csv_or_geojson() {
    let net = town(3, 300.0);
    let csv = parse_csv("z.csv", b"zone,lat,lon,population,name\nz1,10.381,105.431,1200,Market\n", &net).unwrap();
    let json = br#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"zone":"z1","population":1200,"name":"Market"},
        "geometry":{"type":"Point","coordinates":[105.431,10.381]}}]}"#;
    assert_eq!(csv, parse_geojson("z.geojson", json, &net).unwrap());
    assert_eq!(csv[0].ref_, Ref::from("z1"));
    let Err(FileError::Rows(rows)) = parse_csv("z.csv", b"zone,lat,lon,population\na>b,10,105,1\nz,10,105,-4\n", &net) else { panic!() };
    assert!(matches!(&rows.problems[..], [(2, ZonesProblem::BadName { .. }), (3, ZonesProblem::BadNumber { column: "population", .. })]));
}
