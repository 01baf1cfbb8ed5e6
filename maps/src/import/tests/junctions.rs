//! Merging the nodes of one real junction, roundabouts, stubs.

use super::{Map, junction, link, movement};
use crate::import::ReportGroup;
use sim_core::network::{JunctionKind, Turn, path_length_m};

/// Two dual carriageways with medians of 14 m, traffic on the right: four nodes in a square, way 10 eastbound, 11 westbound, 20
/// northbound, 21 southbound; each way runs through two of the nodes.
///
/// ```text
///        21   20
///         |   |
///   11 ←--4---3--- ←
///         |   |
///   10 ---1---2--→ →
///         |   |
/// ```
pub(super) fn dual_cross(tag: &str) -> Map {
    let node = |m: Map, id, x, y| m.node(id, x, y, tag);
    let mut map = Map::default();
    for (id, x, y) in [(1, 0.0, 0.0), (2, 14.0, 0.0), (3, 14.0, 14.0), (4, 0.0, 14.0)] {
        map = node(map, id, x, y);
    }
    let arms = [
        (11, -200.0, 0.0),
        (12, 214.0, 0.0),
        (13, 214.0, 14.0),
        (14, -200.0, 14.0),
        (15, 14.0, -200.0),
        (16, 14.0, 214.0),
        (17, 0.0, 214.0),
        (18, 0.0, -200.0),
    ];
    let mut map = map.nodes(&arms);
    for (id, nodes) in [(10, [11, 1, 2, 12]), (11, [13, 3, 4, 14]), (20, [15, 2, 3, 16]), (21, [17, 4, 1, 18])] {
        map = map.way(id, &nodes, "highway=primary oneway=yes lanes=2");
    }
    map
}

#[test]
fn two_dual_carriageways_cross_in_one_junction() {
    let imported = dual_cross("").import();
    let network = &imported.network;
    assert_eq!(network.junctions.len(), 9, "one in the middle and eight ends");
    let middle = junction(network, "osm:n1");
    assert_eq!((network.junction(middle).incoming.len(), network.junction(middle).outgoing.len()), (4, 4));
    let turn = |a: &str, b: &str| movement(network, a, b).map(|m| m.turn);
    let from_west = "osm:w10:n11>n1";
    assert_eq!(turn(from_west, "osm:w10:n2>n12"), Some(Turn::Through));
    assert_eq!(turn(from_west, "osm:w20:n3>n16"), Some(Turn::Left));
    assert_eq!(turn(from_west, "osm:w21:n1>n18"), Some(Turn::Right));
    assert_eq!(turn(from_west, "osm:w11:n4>n14"), Some(Turn::UTurn), "round the end of the median");
    for m in network.movements_of(middle) {
        assert!(path_length_m(network, m) < 60.0);
    }
}

#[test]
fn restrictions_hold_on_inside_a_merged_junction() {
    // Who comes from the west on 10 must not turn into 20 at node 2: no left, and no way back round the median.
    let network = dual_cross("").restrict(1, "no_left_turn", 10, 2, 20, "").import().network;
    let from_west = "osm:w10:n11>n1";
    assert!(movement(&network, from_west, "osm:w20:n3>n16").is_none());
    assert!(movement(&network, from_west, "osm:w11:n4>n14").is_none());
    assert!(movement(&network, from_west, "osm:w10:n2>n12").is_some());
    assert!(movement(&network, "osm:w20:n15>n2", "osm:w20:n3>n16").is_some());
}

#[test]
fn an_opening_in_a_median_is_one_junction_with_u_turns() {
    let network = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 0.0, 15.0), (11, -200.0, 0.0), (12, 200.0, 0.0), (13, 200.0, 15.0), (14, -200.0, 15.0)])
        .way(10, &[11, 1, 12], "highway=trunk oneway=yes name=QL91")
        .way(11, &[13, 2, 14], "highway=trunk oneway=yes name=QL91")
        .way(30, &[1, 2], "highway=trunk_link")
        .import()
        .network;
    assert_eq!(network.junctions.len(), 5);
    assert_eq!(movement(&network, "osm:w10:n11>n1", "osm:w11:n2>n14").map(|m| m.turn), Some(Turn::UTurn));
}

#[test]
fn one_way_streets_of_a_grid_are_not_a_dual_carriageway() {
    // Two one-way streets 25 m apart whose traffic keeps left of each other: a narrow block, not a median.
    let network = Map::default()
        .nodes(&[
            (1, 0.0, 0.0),
            (2, 0.0, 25.0),
            (11, -200.0, 0.0),
            (12, 200.0, 0.0),
            (13, 200.0, 25.0),
            (14, -200.0, 25.0),
            (15, 0.0, -100.0),
            (16, 0.0, 125.0),
        ])
        .way(10, &[12, 1, 11], "highway=residential oneway=yes")
        .way(11, &[14, 2, 13], "highway=residential oneway=yes")
        .way(30, &[15, 1, 2, 16], "highway=residential")
        .import()
        .network;
    assert_ne!(junction(&network, "osm:n1"), junction(&network, "osm:n2"));
}

#[test]
fn a_short_offset_is_one_junction() {
    let imported = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 8.0, 0.0), (3, -200.0, 0.0), (4, 208.0, 0.0), (5, 0.0, -200.0), (6, 8.0, 200.0)])
        .way(10, &[3, 1, 2, 4], "highway=primary")
        .way(20, &[5, 1], "highway=residential")
        .way(21, &[2, 6], "highway=residential")
        .import();
    let network = &imported.network;
    assert_eq!(network.junctions.len(), 5);
    assert_eq!(movement(network, "osm:w20:n5>n1", "osm:w21:n2>n6").map(|m| m.turn), Some(Turn::Through));
    assert_eq!(imported.report.count(ReportGroup::Repaired, "nodes of one junction merged"), 1);
    assert!(imported.report.survival() > 0.999, "what is inside a junction is not lost");
}

#[test]
fn junctions_apart_stay_apart() {
    let network = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 60.0, 0.0), (3, -200.0, 0.0), (4, 260.0, 0.0), (5, 0.0, -200.0), (6, 60.0, 200.0)])
        .way(10, &[3, 1, 2, 4], "highway=primary")
        .way(20, &[5, 1], "highway=residential")
        .way(21, &[2, 6], "highway=residential")
        .import()
        .network;
    assert_eq!(network.junctions.len(), 6);
    let between = network.link(link(&network, "osm:w10:n1>n2"));
    assert!((40.0..60.0).contains(&between.length_m), "{}", between.length_m);
}

/// A roundabout of this radius with four two-way arms.
fn roundabout(radius: f64) -> Map {
    let mut map = Map::default();
    let point = |r: f64, eighth: i64| {
        let angle = eighth as f64 * std::f64::consts::FRAC_PI_4;
        (r * angle.cos(), r * angle.sin())
    };
    for i in 0..8 {
        let (x, y) = point(radius, i);
        map = map.node(1 + i, x, y, "");
    }
    for i in 0..4 {
        let (x, y) = point(radius + 200.0, 2 * i);
        map = map.node(20 + i, x, y, "");
    }
    map = map.way(10, &[1, 2, 3, 4, 5, 6, 7, 8, 1], "highway=tertiary junction=roundabout");
    for i in 0..4 {
        map = map.way(20 + i, &[20 + i, 1 + 2 * i], "highway=tertiary");
    }
    map
}

#[test]
fn a_roundabout_stays_one_and_its_ring_goes_first() {
    let network = roundabout(20.0).import().network;
    let ring: Vec<_> = network.junctions.iter().filter(|j| j.kind == JunctionKind::Roundabout).collect();
    assert_eq!(ring.len(), 4);
    assert_eq!(network.links.iter().filter(|l| l.is_roundabout).count(), 4);
    for m in &network.movements {
        let (from, to) = (network.link(m.from), network.link(m.to));
        if from.is_roundabout {
            assert_eq!(m.priority.0, 0);
        } else if to.is_roundabout {
            assert_eq!(m.priority.0, 2, "who enters yields");
        }
    }
    // Entering, one drives with the ring, never against it.
    assert!(movement(&network, "osm:w20:n20>n1", "osm:w10:n1>n3").is_some());
}

#[test]
fn a_ring_too_small_for_vehicles_is_one_junction() {
    let imported = roundabout(6.0).import();
    assert_eq!(imported.network.junctions.len(), 5);
    assert_eq!(imported.report.count(ReportGroup::Repaired, "roundabout of less than 50 m round taken as one junction"), 1);
}

#[test]
fn dead_ends_of_a_few_metres_are_left_out() {
    let imported = super::cross("highway=primary", "highway=primary").nodes(&[(60, 100.0, 0.0), (61, 100.0, 6.0)]).way(
        60,
        &[60, 61],
        "highway=service",
    );
    let mut imported = imported;
    imported.ways.iter_mut().find(|w| w.id == 11).unwrap().nodes = vec![1, 60, 2];
    let imported = imported.import();
    assert_eq!(imported.report.count(ReportGroup::Dropped, "dead end shorter than 10 m"), 1);
    assert!(!imported.network.links.iter().any(|l| l.ref_.as_str().starts_with("osm:w60")));
}

#[test]
fn junctions_are_named_after_their_streets() {
    let network = super::cross("highway=primary name=Trần_Hưng_Đạo", "highway=residential name=Lý_Thái_Tổ").import().network;
    assert_eq!(network.junction(junction(&network, "osm:n1")).name.as_deref(), Some("Trần_Hưng_Đạo / Lý_Thái_Tổ"));
}
