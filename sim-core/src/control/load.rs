//! How loaded the approaches of a junction are in each phase of its plan, from flows that are known by movement.

use super::critical::phase_ratios;
use crate::{
    geometry::turn_between,
    ids::{ControllerId, LinkId, MovementId},
    network::{DrivingSide, RoadNetwork, Turn},
};
use core::{f64::consts::PI, ops::Range};

/// Passenger-car units an hour of green for each metre of an approach (Webster and Cobbe, Road Research Technical Paper 56, 1966: 525 w).
pub(super) const SATURATION_PCU_H_M: f64 = 525.0;
/// A turn across oncoming traffic that has green at the same time counts so many times (the same).
const OPPOSED_TURN: f64 = 1.75;
/// Two approaches oppose each other if their headings differ by half a turn, give or take this, radians.
const OPPOSITE: f64 = 0.75;
/// An approach is never taken to be narrower, metres.
const NARROWEST_M: f32 = 2.5;

/// The flow ratio of each phase of a controller from the flow of each movement, passenger-car units an hour.
pub(super) fn ratios(network: &RoadNetwork, controller: ControllerId, flows: &[f64]) -> Vec<f64> {
    let c = network.controller(controller);
    let by_phase: Vec<Vec<f64>> = (0..c.plan.phases().len()).map(|p| loads(network, controller, p, flows)).collect();
    if by_phase.iter().flatten().all(|y| *y < 0.01) {
        // Nobody was counted: the greens as they are.
        return c.plan.phases().iter().map(|p| f64::from(p.green_s / c.plan.cycle_s()) * 0.5).collect();
    }
    phase_ratios(&c.plan, |g, p| by_phase[p][usize::from(g)])
}

/// Flow over saturation flow of each group of a controller if phase `p` alone had to serve it: the greatest among the links it comes from.
fn loads(network: &RoadNetwork, controller: ControllerId, p: usize, flows: &[f64]) -> Vec<f64> {
    let c = network.controller(controller);
    let mut loads = vec![0.0; c.groups.len()];
    let green: Vec<(u16, MovementId)> =
        c.plan.phases()[p].groups.iter().flat_map(|g| c.groups[usize::from(*g)].movements.iter().map(|m| (*g, *m))).collect();
    let mut from: Vec<LinkId> = green.iter().map(|(_, m)| network.movement(*m).from).collect();
    from.sort_unstable();
    from.dedup();
    for link in from {
        let mut streams: Vec<(u16, Range<u8>, f64)> = Vec::new();
        for (g, id) in green.iter().filter(|(_, m)| network.movement(*m).from == link) {
            let m = network.movement(*id);
            let is_opposed = green.iter().any(|(_, other)| gives_way(network, *id, *other));
            let flow = flows[id.index()] * if is_opposed { OPPOSED_TURN } else { 1.0 };
            match streams.iter_mut().find(|(group, ..)| group == g) {
                Some((_, lanes, sum)) => {
                    *lanes = lanes.start.min(m.from_lanes.start)..lanes.end.max(m.from_lanes.end);
                    *sum += flow;
                }
                None => streams.push((*g, m.from_lanes.clone(), flow)),
            }
        }
        let widths: Vec<f32> = network.link(link).lanes.iter().map(|l| l.width_m).collect();
        for (group, load) in shared(&widths, streams) {
            let load = load / SATURATION_PCU_H_M;
            loads[usize::from(group)] = f64::max(loads[usize::from(group)], load);
        }
    }
    loads
}

/// Whether the first turns across the second, which comes the other way.
fn gives_way(network: &RoadNetwork, turns: MovementId, comes: MovementId) -> bool {
    let far = match network.meta.driving_side {
        DrivingSide::Right => Turn::Left,
        DrivingSide::Left => Turn::Right,
    };
    let heading = |m: MovementId| {
        let g = &network.link(network.movement(m).from).geometry;
        g[g.len() - 2].heading_to(g[g.len() - 1])
    };
    let (a, b) = (network.movement(turns), network.movement(comes));
    let oppose = || (turn_between(heading(turns), heading(comes)).abs() - PI).abs() < OPPOSITE;
    a.turn == far && b.turn != far && b.turn != Turn::UTurn && a.from != b.from && oppose()
}

/// The load of each group's lanes, PCU an hour and metre: whoever may choose takes the lanes with least, so the most loaded stretch of lanes is
/// that whose groups have no other, and what is left is shared among the rest.
fn shared(widths: &[f32], mut streams: Vec<(u16, Range<u8>, f64)>) -> Vec<(u16, f64)> {
    let mut is_taken = vec![false; widths.len()];
    let mut found = Vec::with_capacity(streams.len());
    while !streams.is_empty() {
        let mut most: Option<(f64, Range<u8>)> = None;
        for (_, a, _) in &streams {
            for (_, b, _) in &streams {
                let lanes = a.start.min(b.start)..a.end.max(b.end);
                let inside = streams.iter().filter(|(_, l, _)| lanes.start <= l.start && l.end <= lanes.end);
                let flow: f64 = inside.map(|(.., f)| f).sum();
                let free = (lanes.start..lanes.end).map(usize::from).filter(|l| is_taken.get(*l) == Some(&false));
                let width_m: f32 = free.map(|l| widths[l]).sum();
                let load = flow / f64::from(width_m.max(NARROWEST_M));
                if most.as_ref().is_none_or(|(m, _)| load > m + 1e-9) {
                    most = Some((load, lanes));
                }
            }
        }
        let Some((load, lanes)) = most else { return found };
        let (inside, rest): (Vec<_>, Vec<_>) = streams.into_iter().partition(|(_, l, _)| lanes.start <= l.start && l.end <= lanes.end);
        streams = rest;
        found.extend(inside.into_iter().map(|(g, ..)| (g, load)));
        is_taken.iter_mut().take(usize::from(lanes.end)).skip(usize::from(lanes.start)).for_each(|t| *t = true);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{
        Phase, SignalGroup, SignalPlan,
        town::{Control, Town},
    };
    use std::sync::Arc;

    #[test]
    fn lanes_that_two_groups_share_carry_both() {
        // Straight on from both lanes of 3 m, left from the second: 900 and 300 in an hour load both lanes alike.
        assert_eq!(shared(&[3.0, 3.0], vec![(0, 0..2, 900.0), (1, 1..2, 300.0)]), [(0, 200.0), (1, 200.0)]);
        // More left turns than half: their lane is theirs, the others keep to the first.
        assert_eq!(shared(&[3.0, 3.0], vec![(0, 0..2, 300.0), (1, 1..2, 900.0)]), [(1, 300.0), (0, 100.0)]);
        // Lanes of their own: each group loads its own.
        assert_eq!(shared(&[3.0, 3.0, 3.0], vec![(0, 0..2, 600.0), (1, 2..3, 600.0)]), [(1, 200.0), (0, 100.0)]);
    }

    #[test]
    fn a_left_turn_counts_more_where_somebody_comes_the_other_way_with_it() {
        let mut town = Town::default();
        let centre = town.node(0.0, 0.0, Control::Signal(20.0), 10.0);
        for (name, x, y) in [("n", 0.0, 200.0), ("e", 200.0, 0.0), ("s", 0.0, -200.0), ("w", -200.0, 0.0)] {
            let end = town.node(x, y, Control::End, 0.0);
            town.two_way(name, end, centre, 1, 3.5, true);
        }
        let mut network = Arc::unwrap_or_clone(town.build().unwrap());
        let flows: Vec<f64> = network.movements.iter().map(|m| if m.turn == Turn::Left { 200.0 } else { 100.0 }).collect();
        let of = |network: &RoadNetwork| ratios(network, ControllerId::from_index(0), &flows);
        let expected = |flow: f64| flow / (525.0 * 3.5);
        assert!(of(&network).iter().all(|y| (y - expected(100.0 + 100.0 + 1.75 * 200.0)).abs() < 1e-9), "{:?}", of(&network));
        // Each approach by itself: nobody to yield to.
        let all: Vec<MovementId> = network.controllers[0].groups.iter().flat_map(|g| g.movements.clone()).collect();
        let phase = network.controllers[0].plan.phases()[0].clone();
        let mut from: Vec<LinkId> = all.iter().map(|m| network.movement(*m).from).collect();
        from.sort_unstable();
        from.dedup();
        let own = |link: &LinkId| all.iter().copied().filter(|m| network.movement(*m).from == *link).collect();
        let groups = from.iter().map(|l| SignalGroup { name: String::new(), movements: own(l) }).collect();
        let phases = (0..from.len() as u16).map(|g| Phase { groups: vec![g], ..phase.clone() }).collect();
        network.controllers[0].groups = groups;
        network.controllers[0].plan = SignalPlan::new(0.0, phases).unwrap();
        assert!(of(&network).iter().all(|y| (y - expected(400.0)).abs() < 1e-9), "{:?}", of(&network));
    }
}
