use super::*;
use crate::ids::MovementId;

/// A way on: where to, the turn, from which lanes to which, and the rank.
type Way = (String, Turn, Range<u8>, Range<u8>, Priority);

/// The ways on from the link of this name.
fn ways(network: &RoadNetwork, name: &str) -> Vec<Way> {
    let at = network.links.iter().position(|l| l.ref_.as_str() == name).expect(name);
    let way = |id: MovementId| {
        let m = network.movement(id);
        (network.link(m.to).ref_.to_string(), m.turn, m.from_lanes.clone(), m.to_lanes.clone(), m.priority)
    };
    network.movements_from(LinkId::from_index(at)).map(way).collect()
}

/// Four two-way roads of 200 m with two lanes each way; those to the east and the west go first.
fn cross(control: Control) -> Town {
    let mut town = Town::default();
    let centre = town.node(0.0, 0.0, control, 13.0);
    for (name, x, y) in [("n", 0.0, 200.0), ("e", 200.0, 0.0), ("s", 0.0, -200.0), ("w", -200.0, 0.0)] {
        let end = town.node(x, y, Control::End, 0.0);
        town.two_way(name, end, centre, 2, 3.5, x != 0.0);
    }
    town
}

#[test]
fn turns_leave_from_the_lane_of_their_side_and_left_turns_give_way() {
    let network = cross(Control::Priority).build().unwrap();
    let way = |to: &str, turn, from, to_lanes, priority| (to.to_owned(), turn, from, to_lanes, priority);
    assert_eq!(
        ways(&network, "s>"),
        [
            way("n<", Turn::Through, 0..2, 0..2, Priority::MINOR),
            way("e<", Turn::Right, 0..1, 0..1, Priority::MINOR),
            way("w<", Turn::Left, 1..2, 1..2, Priority::MINOR_LEFT),
        ]
    );
    assert_eq!(
        ways(&network, "w>"),
        [
            way("n<", Turn::Left, 1..2, 1..2, Priority::MAJOR_LEFT),
            way("e<", Turn::Through, 0..2, 0..2, Priority::MAJOR),
            way("s<", Turn::Right, 0..1, 0..1, Priority::MAJOR),
        ]
    );
    // At the end of the network one turns back, into the lane in the middle of the road.
    assert_eq!(ways(&network, "e<"), [way("e>", Turn::UTurn, 0..2, 1..2, Priority::MAJOR_LEFT)]);
}

#[test]
fn a_road_lies_right_of_its_middle_and_ends_at_the_stop_line() {
    let network = cross(Control::Priority).build().unwrap();
    let west = network.links.iter().find(|l| l.ref_.as_str() == "w>").unwrap();
    let [from, to] = [west.geometry[0], west.geometry[1]];
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    assert!(near(from.x, -200.0) && near(from.y, -3.5) && near(to.x, -13.0) && near(to.y, -3.5), "{from:?} {to:?}");
    assert!((west.length_m - 187.0).abs() < 1e-4 && west.width_m == 7.0, "{}", west.length_m);
}

#[test]
fn a_signal_has_a_group_for_each_axis_and_a_long_red_where_there_is_one() {
    let network = cross(Control::Signal(20.0)).build().unwrap();
    let signal = &network.controllers[0];
    let names: Vec<_> = signal.groups.iter().map(|g| (g.name.as_str(), g.movements.len())).collect();
    assert_eq!(names, [("east-west", 6), ("north-south", 6)]);
    for (g, group) in signal.groups.iter().enumerate() {
        assert!(group.movements.iter().all(|m| network.movement(*m).group == Some(g as u16)));
    }
    assert_eq!(signal.plan.cycle_s(), 2.0 * (20.0 + 3.0 + 2.0));
    let road = approach(2, 3.5, 300.0, 30.0, true).unwrap();
    assert_eq!((road.links.len(), road.movements.len(), road.controllers[0].plan.cycle_s()), (11, 10, 45.0 + 3.0 + 30.0));
}

#[test]
fn a_grid_has_all_turns_at_its_junctions_and_the_way_back_at_its_ends() {
    let grid = grid(3, 120.0, 2, Control::Signal(25.0)).unwrap();
    assert_eq!((grid.controllers.len(), grid.links.len(), grid.movements.len()), (9, 2 * (12 + 12), 9 * 12 + 12));
}

#[test]
fn a_ring_goes_first_and_two_half_rings_lead_round_and_not_back() {
    let mut town = Town::default();
    let nodes = [(20.0, 0.0), (0.0, 20.0), (-20.0, 0.0), (0.0, -20.0)].map(|(x, y)| town.node(x, y, Control::Ring, 5.0));
    for k in 0..4 {
        town.one_way(format!("ring{k}"), nodes[k], nodes[(k + 1) % 4], 1, 4.0, true);
    }
    let end = town.node(200.0, 0.0, Control::End, 0.0);
    town.two_way("arm", end, nodes[0], 1, 3.5, false);
    let network = town.build().unwrap();
    let is_ring: Vec<_> = network.links.iter().map(|l| l.is_roundabout).collect();
    assert_eq!(is_ring, [true, true, true, true, false, false]);
    assert!(ways(&network, "ring3").iter().all(|w| w.4 == Priority::MAJOR), "{:?}", ways(&network, "ring3"));
    assert!(ways(&network, "ring3").iter().any(|w| w.1 == Turn::Left), "the ring itself bends to the left");
    assert_eq!(ways(&network, "arm>").iter().map(|w| w.4).collect::<Vec<_>>(), [Priority::MINOR]);

    let mut town = Town::default();
    let (west, east) = (town.node(-50.0, 0.0, Control::Priority, 0.0), town.node(50.0, 0.0, Control::Priority, 0.0));
    let half =
        |name: &str, from, to, line| Road { name: name.into(), from, to, lanes: 1, lane_m: 3.0, is_main: true, limit_mps: LIMIT_MPS, line };
    let p = Point::new;
    town.road(half("north", east, west, vec![p(50.0, 1.0), p(49.0, 40.0), p(-49.0, 40.0), p(-50.0, 1.0)]));
    town.road(half("south", west, east, vec![p(-50.0, -1.0), p(-49.0, -40.0), p(49.0, -40.0), p(50.0, -1.0)]));
    assert_eq!(ways(&town.build().unwrap(), "north")[0].1, Turn::Through);
}

#[test]
fn a_ferry_is_one_and_takes_no_other_limit() {
    let service = FerryService { car_capacity: 40, motorcycle_capacity: 200, interval_s: 600.0, crossing_s: 300.0 };
    let mut town = Town::default();
    let (a, b) = (town.node(0.0, 0.0, Control::End, 2.0), town.node(600.0, 0.0, Control::End, 2.0));
    town.ferry("ferry", a, b, service);
    assert_eq!(town.build().unwrap().links[0].kind, LinkKind::Ferry(service));
}

#[test]
fn what_is_no_network_is_refused() {
    let refused = |town: Town| town.build().unwrap_err().to_string();
    let mut town = Town::default();
    let a = town.node(0.0, 0.0, Control::End, 0.0);
    town.one_way("lost", a, 7, 1, 3.5, true);
    assert_eq!(refused(town), "road lost joins nodes 0 and 7, expected numbers below 1");
    assert!(refused(cross(Control::Signal(0.0))).starts_with("the signal at node 0: phase 0: green is 0 s"));
    let mut town = cross(Control::Priority);
    town.one_way("w>", 1, 0, 1, 3.5, false);
    assert_eq!(refused(town), "two links are called w>");
    let mut town = Town::default();
    let (a, b) = (town.node(0.0, 0.0, Control::End, 0.0), town.node(100.0, 0.0, Control::End, 0.0));
    town.one_way("none", a, b, 0, 3.5, true);
    assert!(refused(town).contains("none"));
}
