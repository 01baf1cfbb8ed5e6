//! Movements: geometry, restrictions, lanes, U-turns, priority.

use super::{Map, cross, link, movement};
use crate::import::{ImportOptions, ReportGroup};
use sim_core::{
    class::VehicleClass,
    network::{DrivingSide, Priority, Turn, path_length_m},
};

const WEST: &str = "osm:w10:n4>n1";
const EAST: &str = "osm:w11:n2>n1";
const SOUTH: &str = "osm:w20:n5>n1";
const TO_EAST: &str = "osm:w11:n1>n2";
const TO_NORTH: &str = "osm:w21:n1>n3";
const TO_SOUTH: &str = "osm:w20:n1>n5";

#[test]
fn a_crossing_has_twelve_movements_that_turn_as_drawn() {
    let network = cross("highway=primary", "highway=primary").import().network;
    let turn = |a: &str, b: &str| movement(&network, a, b).map(|m| m.turn);
    assert_eq!(turn(WEST, TO_EAST), Some(Turn::Through));
    assert_eq!(turn(WEST, TO_NORTH), Some(Turn::Left));
    assert_eq!(turn(WEST, TO_SOUTH), Some(Turn::Right));
    assert_eq!(turn(WEST, "osm:w10:n1>n4"), None, "nobody turns back where there are other ways on");
    let middle = super::junction(&network, "osm:n1");
    assert_eq!(network.movements_of(middle).count(), 12);
    for m in network.movements_of(middle) {
        let length = path_length_m(&network, m);
        assert!((3.0..40.0).contains(&length), "{length} m");
    }
}

#[test]
fn dead_ends_turn_back() {
    let network = cross("highway=primary", "highway=primary").import().network;
    assert_eq!(movement(&network, TO_EAST, EAST).map(|m| m.turn), Some(Turn::UTurn));
}

#[test]
fn a_ban_forbids_one_turn_and_a_command_all_others() {
    let base = cross("highway=primary", "highway=primary");
    let has = |map: &Map, a: &str, b: &str| movement(&map.import().network, a, b).is_some();
    let ban = base.clone().restrict(1, "no_left_turn", 10, 1, 21, "");
    assert!(!has(&ban, WEST, TO_NORTH) && has(&ban, WEST, TO_EAST) && has(&ban, EAST, TO_SOUTH));
    assert_eq!(ban.import().report.count(ReportGroup::Read, "turn restriction that forbids a movement"), 1);
    let command = base.clone().restrict(1, "only_straight_on", 10, 1, 11, "");
    assert!(
        has(&command, WEST, TO_EAST) && !has(&command, WEST, TO_NORTH) && !has(&command, WEST, TO_SOUTH) && has(&command, SOUTH, TO_NORTH)
    );
    let two = command.restrict(2, "only_right_turn", 10, 1, 20, "");
    assert!(has(&two, WEST, TO_EAST) && has(&two, WEST, TO_SOUTH) && !has(&two, WEST, TO_NORTH));
}

#[test]
fn exceptions_and_conditions() {
    let base = cross("highway=primary", "highway=primary");
    let except = base.clone().restrict(1, "no_left_turn", 10, 1, 21, "except=psv;bicycle").import().network;
    let left = movement(&except, WEST, TO_NORTH).unwrap();
    assert!(left.access.contains(VehicleClass::Bus) && !left.access.contains(VehicleClass::Car));
    let mut conditional = base.clone().restrict(1, "no_left_turn", 10, 1, 21, "");
    conditional.relations[0].tags = super::tags("type=restriction restriction:conditional=no_left_turn@(06:00-08:00)");
    let imported = conditional.import();
    assert!(movement(&imported.network, WEST, TO_NORTH).is_some());
    assert_eq!(imported.report.count(ReportGroup::Dropped, "conditional turn restriction (times are not modelled)"), 1);
    let trucks = base.restrict(1, "no_left_turn", 10, 1, 21, "").relations[0].clone();
    assert_eq!(trucks.id, 1);
}

#[test]
fn a_restriction_over_a_way_binds_only_those_who_came_that_way() {
    // Two T-junctions 25 m apart on a main road: from the south arm (20) over the piece between (12) into the north arm (21) is forbidden.
    let base = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 25.0, 0.0), (3, -200.0, 0.0), (4, 225.0, 0.0), (5, 0.0, -200.0), (6, 25.0, 200.0)])
        .way(10, &[3, 1], "highway=primary")
        .way(12, &[1, 2], "highway=primary")
        .way(11, &[2, 4], "highway=primary")
        .way(20, &[5, 1], "highway=residential")
        .way(21, &[2, 6], "highway=residential");
    let banned = base.clone().restrict_over(1, "no_straight_on", 20, 12, 21).import();
    let (from_south, from_west) = ("osm:w20:n5>n1", "osm:w10:n3>n1");
    assert!(movement(&banned.network, from_south, "osm:w21:n2>n6").is_none());
    assert!(movement(&banned.network, from_west, "osm:w21:n2>n6").is_some());
    assert!(movement(&banned.network, from_south, "osm:w11:n2>n4").is_some());
    let only = base.restrict_over(1, "only_straight_on", 20, 12, 21).import().network;
    assert!(movement(&only, from_south, "osm:w21:n2>n6").is_some());
    assert!(movement(&only, from_south, "osm:w11:n2>n4").is_none());
    assert!(movement(&only, from_west, "osm:w11:n2>n4").is_some());
}

#[test]
fn a_restriction_over_a_long_way_is_reported() {
    let imported = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 300.0, 0.0), (3, -200.0, 0.0), (4, 525.0, 0.0), (5, 0.0, -200.0), (6, 300.0, 200.0)])
        .way(10, &[3, 1], "highway=primary")
        .way(12, &[1, 2], "highway=primary")
        .way(11, &[2, 4], "highway=primary")
        .way(20, &[5, 1], "highway=residential")
        .way(21, &[2, 6], "highway=residential")
        .restrict_over(1, "no_left_turn", 20, 12, 21)
        .import();
    let cause = "turn restriction over a way that is not inside one junction, or not drivable";
    assert_eq!(imported.report.count(ReportGroup::Dropped, cause), 1);
}

#[test]
fn when_nothing_is_permitted_turning_back_is() {
    let imported = cross("highway=primary", "highway=primary")
        .restrict(1, "no_left_turn", 10, 1, 21, "")
        .restrict(2, "no_right_turn", 10, 1, 20, "")
        .restrict(3, "no_straight_on", 10, 1, 11, "")
        .import();
    assert_eq!(movement(&imported.network, WEST, "osm:w10:n1>n4").map(|m| m.turn), Some(Turn::UTurn));
    assert_eq!(imported.report.count(ReportGroup::Repaired, "no permitted way on: turning back permitted"), 1);
}

#[test]
fn lanes_of_a_movement_follow_the_markings() {
    let network =
        cross("highway=primary lanes=6 turn:lanes:forward=left|through|through;right", "highway=primary lanes=4").import().network;
    let lanes = |to: &str| movement(&network, WEST, to).map(|m| (m.from_lanes.clone(), m.to_lanes.clone()));
    assert_eq!(lanes(TO_NORTH), Some((2..3, 1..2)), "left: the lane in the middle of the road into the like");
    assert_eq!(lanes(TO_EAST), Some((0..2, 0..2)));
    assert_eq!(lanes(TO_SOUTH), Some((0..1, 0..1)));
}

#[test]
fn lanes_of_a_movement_without_markings_follow_custom() {
    let map = cross("highway=primary lanes=6", "highway=primary lanes=4");
    let network = map.import().network;
    let lanes = |to: &str| movement(&network, WEST, to).map(|m| m.from_lanes.clone());
    assert_eq!((lanes(TO_NORTH), lanes(TO_EAST), lanes(TO_SOUTH)), (Some(2..3), Some(0..3), Some(0..1)));
    let left = map.import_with(&ImportOptions { driving_side: DrivingSide::Left, ..ImportOptions::default() }).network;
    let lanes = |to: &str| movement(&left, WEST, to).map(|m| m.from_lanes.clone());
    assert_eq!((lanes(TO_NORTH), lanes(TO_SOUTH)), (Some(0..1), Some(2..3)), "where traffic keeps left the kerb is on the left");
}

#[test]
fn a_fork_shares_the_lanes_out_and_a_merge_brings_them_together() {
    let network = Map::default()
        .nodes(&[(1, 0.0, 0.0), (2, 300.0, 0.0), (3, 600.0, 60.0), (4, 600.0, -60.0), (5, 900.0, 0.0), (6, 1200.0, 0.0)])
        .way(10, &[1, 2], "highway=motorway lanes=3")
        .way(11, &[2, 3, 5], "highway=motorway lanes=2")
        .way(12, &[2, 4, 5], "highway=motorway lanes=1")
        .way(13, &[5, 6], "highway=motorway lanes=3")
        .way(14, &[6, 1], "highway=motorway lanes=3") // back, so that all is connected: 13, 14 and 10 become one road
        .import()
        .network;
    let lanes = |a: &str, b: &str| movement(&network, a, b).map(|m| (m.from_lanes.clone(), m.to_lanes.clone()));
    assert_eq!(lanes("osm:w10:n5>n2", "osm:w11:n2>n5"), Some((1..3, 0..2)));
    assert_eq!(lanes("osm:w10:n5>n2", "osm:w12:n2>n5"), Some((0..1, 0..1)));
    assert_eq!(lanes("osm:w11:n2>n5", "osm:w10:n5>n2"), Some((0..2, 1..3)));
    assert_eq!(lanes("osm:w12:n2>n5", "osm:w10:n5>n2"), Some((0..1, 0..1)));
}

#[test]
fn the_higher_class_has_priority_and_left_turns_yield() {
    let network = cross("highway=primary", "highway=residential").import().network;
    let priority = |a: &str, b: &str| movement(&network, a, b).map(|m| m.priority);
    assert_eq!(priority(WEST, TO_EAST), Some(Priority::MAJOR));
    assert_eq!(priority(WEST, TO_NORTH), Some(Priority::MAJOR_LEFT));
    assert_eq!(priority(SOUTH, TO_NORTH), Some(Priority::MINOR));
    assert_eq!(priority(SOUTH, "osm:w10:n1>n4"), Some(Priority::MINOR_LEFT));
}

#[test]
fn among_equals_nobody_has_priority_until_a_sign_says_so() {
    let equal = cross("highway=residential", "highway=unclassified").import().network;
    let of = |n: &sim_core::network::RoadNetwork, a: &str, b: &str| movement(n, a, b).map(|m| m.priority);
    assert_eq!(of(&equal, WEST, TO_EAST), of(&equal, SOUTH, TO_NORTH));
    let mut signed = cross("highway=residential", "highway=unclassified").node(30, 0.0, -8.0, "highway=give_way");
    signed.ways.iter_mut().find(|w| w.id == 20).unwrap().nodes = vec![5, 30, 1];
    let signed = signed.import().network;
    assert_eq!((of(&signed, WEST, TO_EAST), of(&signed, SOUTH, TO_NORTH)), (Some(Priority::MAJOR), Some(Priority::MINOR)));
    let road = cross("highway=residential", "highway=unclassified priority_road=designated").import().network;
    assert_eq!((of(&road, WEST, TO_EAST), of(&road, SOUTH, TO_NORTH)), (Some(Priority::MINOR), Some(Priority::MAJOR)));
}

#[test]
fn access_of_a_movement_is_that_of_the_whole_way() {
    let network = cross("highway=primary", "highway=residential hgv=no").import().network;
    let turn = movement(&network, WEST, TO_NORTH).unwrap();
    assert!(turn.access.contains(VehicleClass::Car) && !turn.access.contains(VehicleClass::HeavyTruck));
    assert!(network.link(link(&network, WEST)).access.contains(VehicleClass::HeavyTruck));
}
