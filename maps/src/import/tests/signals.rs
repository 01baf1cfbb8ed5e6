//! Where signals are, and what plan they get.

use super::{Map, cross, junctions::dual_cross};
use crate::import::{Imported, ReportGroup};
use sim_core::network::{ConflictKind, JunctionKind, RoadNetwork, Turn, movements_conflict};

fn signals(imported: &Imported) -> usize {
    let count = imported.network.junctions.iter().filter(|j| matches!(j.kind, JunctionKind::Signal(_))).count();
    assert_eq!(count as u64, imported.report.signalised_junctions);
    count
}

/// The cross with these nodes in its west, east, south and north arms, `away` metres before the middle.
fn with_approach_nodes(text: &str, away: f64, arms: usize) -> Map {
    let mut map = cross("highway=primary", "highway=secondary");
    let places = [
        (30, -away, 0.0, 10, [4, 30, 1]),
        (31, away, 0.0, 11, [1, 31, 2]),
        (32, 0.0, -away, 20, [5, 32, 1]),
        (33, 0.0, away, 21, [1, 33, 3]),
    ];
    for (id, x, y, way, nodes) in places.into_iter().take(arms) {
        map = map.node(id, x, y, text);
        map.ways.iter_mut().find(|w| w.id == way).unwrap().nodes = nodes.to_vec();
    }
    map
}

#[test]
fn a_signal_on_the_crossing_node_itself() {
    let mut map = cross("highway=primary", "highway=secondary");
    map.nodes[0].tags = super::tags("highway=traffic_signals");
    assert_eq!(signals(&map.import()), 1);
}

#[test]
fn four_signals_on_the_approaches_are_one_signalised_junction() {
    assert_eq!(signals(&with_approach_nodes("highway=traffic_signals", 25.0, 4).import()), 1);
}

#[test]
fn signals_far_from_any_junction_are_pedestrian_crossings() {
    let far = with_approach_nodes("highway=traffic_signals", 90.0, 4).import();
    assert_eq!(signals(&far), 4);
    assert_eq!(far.report.count(ReportGroup::Assumed, CROSSING), 4);
    for controller in &far.network.controllers {
        let [phase] = controller.plan.phases() else { panic!("{controller:?}") };
        assert_eq!((controller.groups.len(), phase.groups.len(), phase.green_s), (2, 2, 45.0));
        // 6 s to step off, then 7 m at 1.2 m/s.
        assert_eq!(phase.all_red_s, 12.0);
    }
    assert_eq!(far.network.junctions.iter().filter(|j| j.ref_.as_str() == "osm:n30").count(), 1);
}

const CROSSING: &str = "signal plan of a pedestrian crossing (45 s of green, then people cross)";

#[test]
fn a_crossing_over_two_carriageways_is_one() {
    let imported = Map::default()
        .nodes(&[(1, -300.0, 0.0), (3, 300.0, 0.0), (4, 300.0, 14.0), (6, -300.0, 14.0)])
        .node(2, 0.0, 0.0, "highway=traffic_signals")
        .node(5, 3.0, 14.0, "highway=traffic_signals")
        .way(10, &[1, 2, 3], "highway=primary oneway=yes")
        .way(11, &[4, 5, 6], "highway=primary oneway=yes")
        .import();
    assert_eq!(signals(&imported), 1);
    assert_eq!(imported.network.controllers[0].groups.len(), 2);
    assert_eq!(imported.network.movements.iter().filter(|m| m.group.is_some()).count(), 2);
}

#[test]
fn a_signal_where_the_file_ends_waits_for_nothing() {
    // Its junction is 20 m on, where the road was cut; the same on the way in.
    for (at, cut) in [(180.0, true), (20.0, true), (100.0, false)] {
        let imported = Map::default()
            .nodes(&[(1, 0.0, 0.0), (3, 200.0, 0.0), (4, 200.0, 300.0)])
            .node(2, at, 0.0, "highway=traffic_signals")
            .way(10, &[1, 2, 3], "highway=primary oneway=yes")
            .way(11, &[1, 4], "highway=primary oneway=yes") // another street, so that node 1 is no end
            .import();
        let cut = cut && at > 100.0;
        assert_eq!((signals(&imported), imported.report.count(ReportGroup::Noted, AT_EDGE)), (usize::from(!cut), u64::from(cut)), "{at}");
    }
}

const AT_EDGE: &str = "signal where the file ends: its junction is not there";

#[test]
fn a_second_head_before_a_junction_with_signals_is_no_crossing() {
    let map = |middle: &str| {
        let mut map = with_approach_nodes("highway=traffic_signals", 70.0, 1);
        map.nodes.iter_mut().find(|n| n.id == 1).unwrap().tags = super::tags(middle);
        map.import()
    };
    assert_eq!(signals(&map("highway=traffic_signals")), 1);
    let alone = map("");
    assert_eq!((signals(&alone), alone.report.count(ReportGroup::Assumed, CROSSING)), (1, 1));
}

#[test]
fn a_signal_speaks_to_the_direction_it_faces() {
    // Facing those who drive away from the middle, the signal belongs to nothing ahead of them.
    let away = with_approach_nodes("highway=traffic_signals traffic_signals:direction=backward", 25.0, 1).import();
    assert_eq!(signals(&away), 0);
    let toward = with_approach_nodes("highway=traffic_signals traffic_signals:direction=forward", 25.0, 1).import();
    assert_eq!(signals(&toward), 1);
}

#[test]
fn signalised_crossings_on_two_approaches_make_a_signalised_junction() {
    assert_eq!(signals(&with_approach_nodes("highway=crossing crossing=traffic_signals", 12.0, 4).import()), 1);
    assert_eq!(
        signals(&with_approach_nodes("highway=crossing crossing=traffic_signals", 12.0, 1).import()),
        0,
        "one alone is a pedestrian crossing"
    );
}

#[test]
fn the_four_signal_nodes_of_two_dual_carriageways_are_one_junction() {
    let imported = dual_cross("highway=traffic_signals").import();
    assert_eq!((signals(&imported), imported.report.signal_nodes), (1, 4));
}

/// Checks that nothing green together conflicts unless it yields, and that everybody gets green.
fn check_plan(network: &RoadNetwork) {
    for controller in &network.controllers {
        assert!(controller.plan_is_assumed);
        assert!(network.movements_of(controller.junction).all(|m| network.movement(m).group.is_some()));
        for phase in controller.plan.phases() {
            assert!(phase.green_s >= 10.0 && (3.0..=5.0).contains(&phase.yellow_s) && (1.0..=5.0).contains(&phase.all_red_s), "{phase:?}");
            let green: Vec<_> = phase.groups.iter().flat_map(|g| &controller.groups[usize::from(*g)].movements).collect();
            for a in &green {
                for b in &green {
                    let meets = !matches!(movements_conflict(network, **a, **b), ConflictKind::None | ConflictKind::Diverge);
                    let (a, b) = (network.movement(**a), network.movement(**b));
                    let yields = |m: &sim_core::network::Movement| matches!(m.turn, Turn::Left | Turn::UTurn);
                    assert!(!meets || yields(a) || yields(b), "{a:?} and {b:?}");
                }
            }
        }
    }
}

#[test]
fn opposing_approaches_share_a_phase_and_the_main_road_gets_more() {
    let imported = with_approach_nodes("highway=traffic_signals", 20.0, 4).import();
    let network = &imported.network;
    check_plan(network);
    let controller = &network.controllers[0];
    let phases = controller.plan.phases();
    assert_eq!((controller.groups.len(), phases.len()), (4, 2));
    assert_eq!(phases[0].groups.len(), 2);
    // Webster with flow ratios 0.30 and 0.25: greens in that ratio.
    let ratio = phases[0].green_s / phases[1].green_s;
    assert!((1.05..=1.35).contains(&ratio), "{phases:?}");
    assert!((40.0..=120.0).contains(&controller.plan.cycle_s()));
    let names: Vec<&str> = controller.groups.iter().map(|g| g.name.as_str()).collect();
    assert!(names.iter().any(|n| n.ends_with('→')) && names.iter().any(|n| n.ends_with('↑')), "{names:?}");
}

#[test]
fn a_left_lane_of_its_own_gets_a_phase_of_its_own() {
    let mut map =
        cross("highway=primary lanes=4 turn:lanes:forward=left|through;right turn:lanes:backward=left|through;right", "highway=secondary");
    map.nodes[0].tags = super::tags("highway=traffic_signals");
    let network = map.import().network;
    check_plan(&network);
    let controller = &network.controllers[0];
    assert_eq!((controller.groups.len(), controller.plan.phases().len()), (6, 3));
    assert_eq!(controller.groups.iter().filter(|g| g.name.ends_with('↰')).count(), 2);
}

#[test]
fn dual_carriageways_get_a_plan_without_conflicts() {
    check_plan(&dual_cross("highway=traffic_signals").import().network);
}

#[test]
fn yellow_grows_with_speed() {
    let yellow = |speed: &str| {
        let mut map = cross(&format!("highway=primary maxspeed={speed}"), &format!("highway=primary maxspeed={speed}"));
        map.nodes[0].tags = super::tags("highway=traffic_signals");
        map.import().network.controllers[0].plan.phases()[0].yellow_s
    };
    assert_eq!((yellow("30"), yellow("50"), yellow("70"), yellow("100")), (3.0, 3.5, 4.0, 5.0));
}

#[test]
fn a_signal_where_nothing_conflicts_is_no_signal() {
    let imported = Map::default()
        .nodes(&[(1, 0.0, 0.0), (3, 400.0, 0.0), (4, 200.0, 100.0)])
        .node(2, 200.0, 0.0, "highway=traffic_signals")
        .way(10, &[1, 2], "highway=primary oneway=yes")
        .way(11, &[2, 3], "highway=primary oneway=yes")
        .way(12, &[2, 4], "highway=primary oneway=yes")
        .way(13, &[3, 4, 1], "highway=primary")
        .import();
    assert_eq!(signals(&imported), 0);
    assert_eq!(
        imported.report.count(ReportGroup::Noted, "signal at a junction without conflicting movements, or a roundabout: not modelled"),
        1
    );
}
