//! Which ways become links, with which lanes, limits and names.

use super::{Map, link, movement, tags};
use crate::import::{
    ImportOptions, ReportGroup,
    report::ImportReport,
    road::{NotDrivable, drivable},
};
use crate::osm::Way;
use sim_core::{
    class::VehicleClass,
    network::{DrivingSide, LaneKind, RoadClass, TurnSet},
};

fn read(text: &str) -> Result<crate::import::road::DrivableWay, NotDrivable> {
    let way = Way { id: 1, nodes: vec![1, 2], tags: tags(text) };
    drivable(&way, DrivingSide::Right, true, &mut ImportReport::default())
}

#[test]
fn tags_make_lanes_widths_and_directions() {
    // tags → lanes forward, backward (0: closed), width of a lane in cm
    let cases = [
        ("highway=residential", 1, 1, 275),
        ("highway=primary", 1, 1, 350),
        ("highway=primary oneway=yes", 2, 0, 350),
        ("highway=primary oneway=true", 2, 0, 350),
        ("highway=primary oneway=1", 2, 0, 350),
        ("highway=primary oneway=-1", 0, 2, 350),
        ("highway=primary oneway=reverse", 0, 2, 350),
        ("highway=primary oneway=no", 1, 1, 350),
        ("highway=primary oneway=0", 1, 1, 350),
        ("highway=motorway", 2, 0, 375),
        ("highway=motorway oneway=no", 2, 2, 375),
        ("highway=motorway_link", 1, 0, 375),
        ("highway=tertiary junction=roundabout", 1, 0, 325),
        ("highway=tertiary junction=circular", 1, 0, 325),
        ("highway=primary lanes=4", 2, 2, 350),
        ("highway=primary lanes=3", 2, 1, 350),
        ("highway=primary lanes=1", 1, 1, 200),
        ("highway=primary lanes=3 oneway=yes", 3, 0, 350),
        ("highway=primary lanes=3 lanes:both_ways=1", 1, 1, 350),
        ("highway=primary lanes:forward=3 lanes:backward=2", 3, 2, 350),
        ("highway=primary lanes=5 lanes:forward=2", 2, 3, 350),
        ("highway=primary lanes=5 lanes:backward=2", 3, 2, 350),
        ("highway=primary oneway=yes turn:lanes=left|through|through;right", 3, 0, 350),
        ("highway=residential width=5", 1, 1, 250),
        ("highway=primary width=12 lanes=4", 2, 2, 300),
        ("highway=primary width=3", 1, 1, 200),
        ("highway=primary lanes=banana", 1, 1, 350),
        ("highway=residential oneway=yes oneway:motorcycle=no", 1, 1, 275),
        ("highway=residential oneway=yes oneway:bicycle=no", 1, 0, 275),
        ("highway=residential oneway:motor_vehicle=yes", 1, 0, 275),
        ("highway=residential oneway:motor_vehicle=-1", 0, 1, 275),
        ("highway=residential oneway:vehicle=yes", 1, 0, 275),
        ("highway=residential oneway=yes oneway:motor_vehicle=no", 1, 1, 275),
        ("highway=residential oneway=no oneway:motorcar=yes oneway:motorcycle=yes", 1, 0, 275),
    ];
    for (text, forward, backward, cm) in cases {
        let way = read(text).unwrap();
        let lanes = |i: usize| way.sides[i].as_ref().map_or(0, |s| s.lanes.len());
        assert_eq!((lanes(0), lanes(1)), (forward, backward), "{text}");
        let first = way.sides.iter().flatten().next().unwrap();
        assert_eq!((first.lanes[0].width_m * 100.0).round() as i32, cm, "{text}");
    }
}

#[test]
fn reserved_lanes_are_counted_from_the_kerb() {
    use LaneKind::{Bus, General, Mixed, Motorcycle};
    for (text, expected) in [
        ("highway=primary oneway=yes lanes=3 lanes:psv=1", vec![Bus, General, General]),
        ("highway=primary oneway=yes lanes=3 busway=lane", vec![Bus, General, General]),
        ("highway=primary oneway=yes lanes=3 bus:lanes=designated|yes|yes", vec![General, General, Bus]),
        ("highway=primary oneway=yes lanes=3 lanes:motorcycle=1", vec![Motorcycle, General, General]),
        ("highway=primary oneway=yes lanes=3 lanes:motorcycle=1 lanes:mixed=1", vec![Motorcycle, Mixed, General]),
        ("highway=primary oneway=yes lanes=2 motorcycle:lanes=yes|designated", vec![Mixed, General]),
        ("highway=primary oneway=yes lanes=2 motorcycle:lanes=yes|designated motorcar:lanes=yes|no", vec![Motorcycle, General]),
        ("highway=primary oneway=yes lanes=1 lanes:motorcycle=1", vec![General]),
    ] {
        let kinds: Vec<LaneKind> = read(text).unwrap().sides[0].as_ref().unwrap().lanes.iter().map(|l| l.kind).collect();
        assert_eq!(kinds, expected, "{text}");
    }
    let way = read("highway=primary oneway=yes lanes=3 lanes:motorcycle=1").unwrap();
    let kerb = &way.sides[0].as_ref().unwrap().lanes[0];
    assert!(kerb.access.contains(VehicleClass::Motorcycle) && !kerb.access.contains(VehicleClass::Car));
}

#[test]
fn turn_lanes_are_read_from_left_to_right() {
    let way = read("highway=primary oneway=yes lanes=3 turn:lanes=left;reverse|through|slight_right").unwrap();
    let turns: Vec<TurnSet> = way.sides[0].as_ref().unwrap().lanes.iter().map(|l| l.turns).collect();
    assert_eq!(turns, [TurnSet::RIGHT, TurnSet::THROUGH, TurnSet::LEFT.union(TurnSet::U_TURN)]);
    let mut report = ImportReport::default();
    let way = Way { id: 1, nodes: vec![1, 2], tags: tags("highway=primary oneway=yes lanes=2 turn:lanes=left|through|right") };
    drivable(&way, DrivingSide::Right, true, &mut report).unwrap();
    assert_eq!(report.count(ReportGroup::Dropped, "turn:lanes that does not fit the number of lanes"), 1);
}

#[test]
fn class_and_access_decide_what_is_drivable() {
    for text in ["highway=footway", "highway=cycleway", "building=yes", "highway=steps", "waterway=river", "highway=path motorcycle=no"] {
        assert_eq!(read(text).unwrap_err(), NotDrivable::NotARoad, "{text}");
    }
    for text in [
        "highway=residential access=private",
        "highway=residential motor_vehicle=no",
        "highway=service service=driveway",
        "highway=service service=parking_aisle",
        "highway=construction",
        "highway=residential area=yes",
        "route=ferry foot=yes",
        "route=ferry motor_vehicle=no",
    ] {
        assert!(matches!(read(text), Err(NotDrivable::Because(_))), "{text}");
    }
    let open = |text: &str, class| read(text).unwrap().sides[0].as_ref().unwrap().access.contains(class);
    use VehicleClass::{Bicycle, Bus, Car, HeavyTruck, Motorcycle};
    assert!(open("highway=footway motorcycle=yes", Motorcycle) && !open("highway=footway motorcycle=yes", Car));
    assert!(!open("highway=motorway", Motorcycle) && !open("highway=motorway", Bicycle) && open("highway=motorway", Car));
    assert!(!open("highway=trunk motorroad=yes", Motorcycle) && open("highway=trunk", Motorcycle));
    assert!(!open("highway=primary hgv=no", HeavyTruck) && open("highway=primary hgv=no", Car));
    assert!(open("highway=busway", Bus) && !open("highway=busway", Car));
    assert!(open("highway=service service=alley", Car));
    let way = Way { id: 1, nodes: vec![1, 2], tags: tags("highway=service") };
    assert!(drivable(&way, DrivingSide::Right, false, &mut ImportReport::default()).is_err());
}

#[test]
fn ways_are_split_where_they_meet_and_joined_where_nothing_else_does() {
    // 1 —— 2 —— 3 —— 4 with a side road 3 — 5; ways 30 (1,2) and 20 (2,3,4) are one road in two pieces.
    let map = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 100.0, 0.0), (3, 200.0, 0.0), (4, 300.0, 0.0), (5, 200.0, 100.0)])
        .way(30, &[1, 2], "highway=primary")
        .way(20, &[2, 3, 4], "highway=primary")
        .way(40, &[3, 5], "highway=residential");
    let network = map.import().network;
    let mut refs: Vec<&str> = network.links.iter().map(|l| l.ref_.as_str()).collect();
    refs.sort_unstable();
    assert_eq!(refs, ["osm:w20:n1>n3", "osm:w20:n3>n1", "osm:w20:n3>n4", "osm:w20:n4>n3", "osm:w40:n3>n5", "osm:w40:n5>n3"]);
    assert_eq!(network.junctions.len(), 4);
    assert_eq!(network.link(link(&network, "osm:w20:n1>n3")).opposite, Some(link(&network, "osm:w20:n3>n1")));
}

#[test]
fn a_change_of_lanes_stays_unless_it_is_short() {
    let with_middle = |length: f64| {
        Map::default()
            .nodes(&[(1, 0.0, 0.0), (2, 200.0, 0.0), (3, 200.0 + length, 0.0), (4, 400.0, 0.0)])
            .way(10, &[1, 2], "highway=primary lanes=2")
            .way(11, &[2, 3], "highway=primary lanes=4")
            .way(12, &[3, 4], "highway=primary lanes=2")
            .import()
    };
    assert_eq!(with_middle(100.0).network.links.len(), 6);
    let short = with_middle(8.0);
    assert_eq!(short.network.links.len(), 2);
    assert_eq!(short.report.count(ReportGroup::Repaired, "short change of lanes or structure smoothed away"), 1);
}

#[test]
fn each_direction_of_an_undivided_road_has_its_own_half() {
    let map = Map::default().nodes(&[(1, 0.0, 0.0), (2, 200.0, 0.0)]).way(10, &[1, 2], "highway=primary");
    let network = map.import().network;
    let (there, back) = (network.link(link(&network, "osm:w10:n1>n2")), network.link(link(&network, "osm:w10:n2>n1")));
    // Keeping right while driving east is south, a quarter of the 7 m road from its middle.
    assert!((there.geometry[0].y - back.geometry[0].y + 3.5).abs() < 0.02, "{:?} {:?}", there.geometry, back.geometry);
    let left = map.import_with(&ImportOptions { driving_side: DrivingSide::Left, ..ImportOptions::default() }).network;
    let there = left.link(link(&left, "osm:w10:n1>n2"));
    let back = left.link(link(&left, "osm:w10:n2>n1"));
    assert!((there.geometry[0].y - back.geometry[0].y - 3.5).abs() < 0.02);
    assert!((there.length_m - 200.0).abs() < 0.5, "dead ends are not cut back: {}", there.length_m);
}

#[test]
fn links_end_clear_of_the_road_that_crosses() {
    let network = super::cross("highway=primary lanes=4", "highway=residential").import().network;
    // The primary road is 14 m wide: the residential street's stop line stands at least 7 m from the middle.
    let street = network.link(link(&network, "osm:w20:n5>n1"));
    let end = street.geometry[street.geometry.len() - 1];
    let middle = network.junction(street.to).centre;
    assert!((7.0..=11.0).contains(&(middle.y - end.y)), "{} m", middle.y - end.y);
    let main = network.link(link(&network, "osm:w10:n4>n1"));
    let end = main.geometry[main.geometry.len() - 1];
    assert!((2.7..=7.0).contains(&(middle.x - end.x)), "{} m", middle.x - end.x);
}

#[test]
fn limits_follow_the_sign_or_the_law() {
    let map = |text: &str| Map::default().nodes(&[(1, 0.0, 0.0), (2, 900.0, 0.0)]).way(10, &[1, 2], text).import().network;
    let kmh = |text: &str| {
        let network = map(text);
        let limits = network.links[0].limits;
        [limits.light_mps, limits.heavy_mps, limits.motorcycle_mps].map(|v| (v * 3.6).round() as i32)
    };
    assert_eq!(kmh("highway=trunk"), [80, 70, 60], "a lone road is outside built-up areas");
    assert_eq!(kmh("highway=trunk oneway=yes lanes=2"), [90, 80, 70]);
    assert_eq!(kmh("highway=trunk maxspeed=VN:urban"), [50, 50, 50]);
    assert_eq!(kmh("highway=trunk maxspeed=60"), [60, 60, 60]);
    assert_eq!(kmh("highway=trunk maxspeed=90"), [90, 70, 60]);
}

#[test]
fn streets_within_a_residential_area_are_built_up() {
    let area = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 900.0, 0.0), (11, -50.0, -50.0), (12, 950.0, -50.0), (13, 950.0, 50.0), (14, -50.0, 50.0)])
        .way(10, &[1, 2], "highway=trunk");
    assert!(!area.import().network.links[0].is_urban);
    let built = area.way(90, &[11, 12, 13, 14, 11], "landuse=residential").import().network;
    assert!(built.links[0].is_urban);
    assert_eq!((built.links[0].limits.light_mps * 3.6).round(), 50.0);
}

#[test]
fn a_missing_node_cuts_the_way_and_is_counted() {
    let imported = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 100.0, 0.0), (4, 300.0, 0.0), (5, 100.0, 90.0)])
        .way(10, &[1, 2, 99, 4], "highway=primary")
        .way(11, &[2, 5], "highway=residential")
        .import();
    assert_eq!(imported.report.count(ReportGroup::Repaired, "way that names missing nodes: cut there"), 1);
    assert_eq!(imported.network.links.len(), 4);
}

/// A grid of 9 × 9 streets, so that what lies in its middle is far from any edge of the map.
fn grid() -> Map {
    let mut map = Map::default();
    for i in 0..9i64 {
        for k in 0..9i64 {
            map = map.node(100 + 10 * i + k, (i - 4) as f64 * 250.0, (k - 4) as f64 * 250.0, "");
        }
    }
    for i in 0..9 {
        let row: Vec<i64> = (0..9).map(|k| 100 + 10 * i + k).collect();
        let column: Vec<i64> = (0..9).map(|k| 100 + 10 * k + i).collect();
        map = map.way(100 + i, &row, "highway=residential").way(120 + i, &column, "highway=residential");
    }
    map
}

#[test]
fn what_the_main_part_does_not_reach_is_dropped_and_measured() {
    let map = grid();
    let grid_km = map.import().report.kept_km;
    let map = map
        .nodes(&[(61, 50.0, 40.0), (62, 80.0, 40.0), (63, 30.0, 60.0)])
        .way(30, &[61, 62], "highway=residential") // an island of 30 m
        .way(31, &[144, 63], "highway=residential oneway=yes"); // in, and never out
    let imported = map.import();
    let dropped = imported.report.entry(ReportGroup::Dropped, "not reached from the largest connected part, or no way back to it").unwrap();
    assert_eq!(dropped.count, 3);
    assert!((dropped.length_km - 0.127).abs() < 0.002, "{}", dropped.length_km);
    assert!((imported.report.survival() - grid_km / (grid_km + 0.127)).abs() < 1e-4, "{}", imported.report.survival());
}

#[test]
fn streets_that_the_file_ties_to_nothing_are_entered_from_outside() {
    // Three streets in a U, far from the edge of a grid and from its streets: the way to them is missing in the file.
    let mut map = grid().nodes(&[(60, -1400.0, -1000.0)]).way(29, &[60, 100], "highway=residential"); // a way out of the map
    let alone = |map: &Map, text: &str| {
        map.clone()
            .nodes(&[(61, 40.0, 60.0), (62, 190.0, 60.0), (63, 190.0, 160.0), (64, 40.0, 160.0)])
            .way(30, &[61, 62], text)
            .way(31, &[62, 63], text)
            .way(32, &[63, 64], text)
            .import()
    };
    let kept = alone(&map, "highway=residential");
    assert!(kept.report.survival() > 0.999, "{}", kept.report.survival());
    let cause = "in a part that no road of the file ties to the rest: its dead ends are taken for edges of the map";
    let noted = kept.report.entry(ReportGroup::Noted, cause).unwrap();
    assert!((noted.length_km - 0.8).abs() < 0.01, "{noted:?}");
    // A yard's lanes are not streets.
    let yard = alone(&map, "highway=service");
    assert!(yard.report.entry(ReportGroup::Noted, cause).is_none());
    // A street that can be entered and not left is no part of its own, whatever its length.
    map = map.nodes(&[(61, 40.0, 60.0), (62, 190.0, 160.0)]).way(30, &[144, 61, 62], "highway=residential oneway=yes");
    assert!(map.import().report.survival() < 0.999);
}

#[test]
fn one_way_roads_over_the_edge_of_the_map_stay_as_sources_and_sinks() {
    // A dual carriageway through the map: both carriageways end at its edge; a street joins them in the middle.
    let map = Map::default()
        .nodes(&[
            (1, -300.0, 0.0),
            (2, 0.0, 0.0),
            (3, 300.0, 0.0),
            (4, 300.0, 20.0),
            (5, 0.0, 20.0),
            (6, -300.0, 20.0),
            (7, 0.0, -150.0),
            (8, 0.0, 150.0),
        ])
        .way(10, &[1, 2, 3], "highway=trunk oneway=yes name=QL91")
        .way(11, &[4, 5, 6], "highway=trunk oneway=yes name=QL91")
        .way(20, &[7, 2, 5, 8], "highway=residential");
    let imported = map.import();
    assert!(imported.report.survival() > 0.99, "{:?}", imported.report.rows());
    assert_eq!(
        imported.report.count(ReportGroup::Noted, "joined to the main part only beyond the edge of the map: kept, a source or a sink"),
        4
    );
}

#[test]
fn refs_survive_an_edited_extract() {
    let before = super::cross("highway=primary name=Lê_Lợi", "highway=residential");
    let old = before.import().network;
    // Way 11 is split (a bus lane begins: 12 is new), a node moves, a street appears at the far end, tags change.
    let mut after = before.clone().nodes(&[(90, 120.0, 0.0), (91, 200.0, 90.0)]).way(12, &[90, 2], "highway=primary name=Lê_Lợi").way(
        92,
        &[2, 91],
        "highway=residential",
    );
    after.ways.iter_mut().find(|w| w.id == 11).unwrap().nodes = vec![1, 90];
    after.nodes.iter_mut().find(|n| n.id == 3).unwrap().place.lat += 0.0001;
    after.ways.iter_mut().find(|w| w.id == 10).unwrap().tags.set("surface", "asphalt");
    let new = after.import().network;
    let refs = |n: &sim_core::network::RoadNetwork| n.links.iter().map(|l| l.ref_.clone()).collect::<std::collections::BTreeSet<_>>();
    let gone: Vec<_> = refs(&old).difference(&refs(&new)).cloned().collect();
    assert!(gone.is_empty(), "{gone:?}");
    let places = |n: &sim_core::network::RoadNetwork| n.junctions.iter().map(|j| j.ref_.clone()).collect::<std::collections::BTreeSet<_>>();
    assert!(places(&old).is_subset(&places(&new)));
}

#[test]
fn names_of_a_sketch_replace_the_ids() {
    let network = Map::default()
        .node(1, 0.0, 0.0, "twin:ref=vàm-cống")
        .node(2, 300.0, 0.0, "")
        .way(10, &[1, 2], "highway=trunk twin:ref=ag:ql91")
        .import()
        .network;
    assert_eq!(network.links[0].ref_.as_str(), "ag:ql91:vàm-cống>n2");
    assert_eq!(network.junctions[0].ref_.as_str(), "vàm-cống");
    assert_eq!(network.junctions[1].ref_.as_str(), "osm:n2");
}

#[test]
fn a_loop_road_has_two_names() {
    let network = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 100.0, 0.0), (3, 150.0, 50.0), (4, 150.0, -50.0)])
        .way(10, &[1, 2], "highway=residential")
        .way(11, &[2, 3, 4, 2], "highway=residential")
        .import()
        .network;
    assert!(movement(&network, "osm:w10:n1>n2", "osm:w11:n2>n2").is_some());
    assert!(network.links.iter().any(|l| l.ref_.as_str() == "osm:w11:n2>n2~2"));
}

#[test]
fn bridges_tolls_and_classes_are_kept() {
    let network = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 200.0, 0.0), (3, 400.0, 0.0)])
        .way(10, &[1, 2], "highway=trunk")
        .way(11, &[2, 3], "highway=trunk bridge=yes toll=yes ref=QL91")
        .import()
        .network;
    let bridge = network.link(link(&network, "osm:w11:n2>n3"));
    assert!(bridge.is_bridge && bridge.is_toll && bridge.class == RoadClass::Trunk);
    assert_eq!(bridge.road_number.as_deref(), Some("QL91"));
}

#[test]
fn the_same_file_gives_the_same_network() {
    let map = super::cross("highway=primary lanes=4", "highway=residential");
    assert_eq!(map.import().network, map.import().network);
}

#[test]
fn a_road_that_ends_a_step_before_another_is_joined_to_it() {
    // Way 20 ends 0.8 m south of the middle of way 10, and way 21 0.5 m from its western end.
    let map = |gap: f64, layer: &str| {
        Map::default()
            .nodes(&[(1, -200.0, 0.0), (2, 200.0, 0.0), (3, 0.0, -gap), (4, 0.0, -200.0), (5, -200.5, 0.0), (6, -400.0, 0.0)])
            .way(10, &[1, 2], &format!("highway=primary {layer}"))
            .way(20, &[4, 3], "highway=residential")
            .way(21, &[6, 5], "highway=primary")
            .import()
    };
    let cause = "dead end within 1.5 m of another road: joined";
    let joined = map(0.8, "");
    assert_eq!(joined.report.count(ReportGroup::Repaired, cause), 3, "{:?}", joined.report.rows());
    assert!(movement(&joined.network, "osm:w20:n4>n3", "osm:w10:n3>n2").is_some());
    assert!(joined.report.survival() > 0.99);
    assert!(joined.network.links.iter().any(|l| l.ref_.as_str() == "osm:w10:n6>n3"), "10 and 21 are one road now");
    assert_eq!(map(3.0, "").report.count(ReportGroup::Repaired, cause), 2);
    assert_eq!(map(0.8, "bridge=yes layer=1").report.count(ReportGroup::Repaired, cause), 0, "a bridge above is not joined");
}

#[test]
fn a_detached_street_drawn_to_the_kerb_is_joined() {
    // Way 20 ends 5 m short of the middle of way 10; way 21 goes on from it. Nothing else leads there.
    let map = |gap: f64, way_21: &[i64]| {
        Map::default()
            .nodes(&[(1, -200.0, 0.0), (2, 200.0, 0.0), (3, 0.0, -gap), (4, 0.0, -100.0), (5, 0.0, -180.0)])
            .way(10, &[1, 2], "highway=primary")
            .way(20, &[4, 3], "highway=residential")
            .way(21, way_21, "highway=residential")
            .import()
    };
    let cause = "dead end of a detached part within 6 m of another road: joined";
    let joined = map(5.0, &[5, 4]);
    assert_eq!(joined.report.count(ReportGroup::Repaired, cause), 1, "{:?}", joined.report.rows());
    assert!(movement(&joined.network, "osm:w20:n5>n3", "osm:w10:n3>n2").is_some());
    let main = joined.network.link(link(&joined.network, "osm:w10:n1>n3"));
    let middle = main.geometry[0].y;
    assert!(main.geometry.iter().all(|p| (p.y - middle).abs() < 0.01), "the main road stays straight: {:?}", main.geometry);
    assert_eq!(map(8.0, &[5, 4]).report.count(ReportGroup::Repaired, cause), 0);
    // A street that is reached anyhow may end before another: a dead end for vehicles.
    assert_eq!(map(5.0, &[4, 1]).report.count(ReportGroup::Repaired, cause), 0);
}

#[test]
fn a_yard_behind_a_driveway_is_not_drivable() {
    let imported = super::cross("highway=primary", "highway=primary")
        .nodes(&[(60, 100.0, 30.0), (61, 100.0, 60.0), (62, 140.0, 60.0)])
        .way(60, &[60, 61], "highway=service service=driveway")
        .way(61, &[61, 62], "highway=service")
        .import();
    let yard = imported.report.entry(ReportGroup::Dropped, "service road that no open road leads to (not counted as drivable)").unwrap();
    assert_eq!((yard.count, (yard.length_km * 1000.0).round()), (1, 80.0));
    assert!(imported.report.survival() > 0.999);
    // The same yard on a public alley stays.
    let open = super::cross("highway=primary", "highway=primary").nodes(&[(61, 40.0, 60.0)]).way(61, &[1, 61], "highway=service").import();
    assert!(open.network.links.iter().any(|l| l.ref_.as_str() == "osm:w61:n1>n61"));
}
