#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

use super::*;
use crate::network::town::{Control, Town};

/// A main road through two signals with a side street between them, 200 m from the first and 300 m from the second.
fn street() -> std::sync::Arc<RoadNetwork> {
    let mut town = Town::default();
    let mut node = |x: f64, y: f64, control| town.node(x, y, control, 10.0);
    let west = node(-300.0, 0.0, Control::End);
    let first = node(0.0, 0.0, Control::Signal(20.0));
    let side = node(200.0, 0.0, Control::Priority);
    let second = node(500.0, 0.0, Control::Signal(20.0));
    let ends = [(0.0, 300.0, first), (200.0, 300.0, side), (500.0, 300.0, second), (800.0, 0.0, second)];
    let ends = ends.map(|(x, y, to)| (node(x, y, Control::End), to));
    town.two_way("west", west, first, 1, 3.5, true);
    town.two_way("near", first, side, 1, 3.5, true);
    town.two_way("far", side, second, 1, 3.5, true);
    for (name, (end, to)) in ["north", "side", "south", "east"].into_iter().zip(ends) {
        town.two_way(name, end, to, 1, 3.5, name == "east");
    }
    town.build().unwrap()
}

#[test]
fn those_upstream_are_found_beyond_a_junction_without_a_signal() {
    let network = street();
    let controller = |x: f64| {
        let at = |c: usize| network.controllers[c].groups[0].movements[0];
        let is_there = |c: &usize| (network.junction(network.movement(at(*c)).junction).centre.x - x).abs() < 1.0;
        ControllerId::from_index((0..network.controllers.len()).find(is_there).unwrap())
    };
    let (first, second) = (controller(0.0), controller(500.0));
    let group = |c: ControllerId, from: &str| {
        let uses = |m: &MovementId| network.link(network.movement(*m).from).ref_.as_str() == from;
        network.controller(c).groups.iter().position(|g| g.movements.iter().any(uses)).unwrap()
    };
    assert!(sources(&network, second)[group(second, "south>")].is_empty(), "nobody comes from a signal there");
    let found = &sources(&network, second)[group(second, "far>")];
    // Of those from the west and the east 0.7 of 1.7 go straight on to the east, of those from the north half turn there; then 0.7 of 0.85 go on past the side
    // street. It is 180 m between the two stop lines at 13.9 m/s; those who turn back at the end of a street do not count.
    let wanted = [(group(first, "west>"), 0.7 / 1.7 * 0.7 / 0.85), (group(first, "north>"), 0.5 * 0.7 / 0.85)];
    assert_eq!(found.len(), 2, "{found:?}");
    for (group, share) in wanted {
        let source = found.iter().find(|s| usize::from(s.group) == group).unwrap();
        assert_eq!(source.controller, first);
        assert!((source.share - share).abs() < 1e-4 && (source.delay_s - 180.0 / 13.9).abs() < 0.1, "{source:?}");
    }
}

#[test]
fn those_who_are_told_of_enter_when_they_have_come_so_far_and_others_as_usual() {
    let outlook = |from_s: f64, seconds: usize| Outlook {
        from_s,
        passes: vec![vec![9.0; seconds], (0..seconds).map(|k| k as f32).collect()],
        usual: vec![7.0, 0.5],
    };
    let told = [outlook(100.0, 30), outlook(90.0, 60)];
    let source = |c: usize, share: f32, delay_s: f32| Source { controller: ControllerId::from_index(c), group: 1, share, delay_s };
    let all = |c: ControllerId| told.get(c.index());
    // At 100 s those of the second 0 to 29 of the first one pass, and enter 4 s later; before that those who had passed come as usual.
    let near = inflow(&[source(0, 0.5, 4.0)], all, 100.0).unwrap();
    assert_eq!((near.by_second.len(), near.usual), (34, 0.25));
    assert_eq!(near.by_second[..6], [0.25, 0.25, 0.25, 0.25, 0.0, 0.5]);
    // Ten seconds of the other one are over. Both together are known as far as both are.
    let both = inflow(&[source(0, 0.5, 4.0), source(1, 1.0, 0.0)], all, 100.0).unwrap();
    assert_eq!((both.by_second.len(), both.usual), (34, 0.75));
    assert_eq!(both.by_second[..6], [10.25, 11.25, 12.25, 13.25, 14.0, 15.5]);
    // One that has no outlook tells nothing, one that is long over neither.
    assert_eq!(inflow(&[source(0, 0.5, 4.0), source(7, 1.0, 0.0)], all, 100.0), Some(near));
    assert_eq!(inflow(&[source(7, 1.0, 0.0)], all, 100.0), None);
    assert!(inflow(&[source(0, 1.0, 0.0)], all, 140.0).unwrap().by_second.is_empty());
}
