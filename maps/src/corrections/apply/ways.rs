//! The movements of one junction after a correction: which way each turns, over which lanes it leads, who goes first.

use core::f64::consts::PI;
use sim_core::{
    geometry::turn_between,
    ids::{JunctionId, LinkId, MovementId},
    network::{DrivingSide, JunctionKind, Link, Priority, RoadClass, RoadNetwork, Turn, TurnSet},
};
use std::{collections::BTreeSet, ops::Range};

/// Up to here a way on is straight, radians (assumed).
const THROUGH_RAD: f64 = 40.0 * PI / 180.0;
/// From here on it leads back, radians (assumed).
const U_TURN_RAD: f64 = 165.0 * PI / 180.0;

/// The turn from the end of `from` to the start of `to`, radians, positive to the left.
fn angle(network: &RoadNetwork, from: LinkId, to: LinkId) -> f64 {
    let (a, b) = (&network.link(from).geometry, &network.link(to).geometry);
    turn_between(a[a.len() - 2].heading_to(a[a.len() - 1]), b[0].heading_to(b[1]))
}

/// Which way one turns from `from` into `to`.
pub(super) fn turn(network: &RoadNetwork, from: LinkId, to: LinkId) -> Turn {
    let angle = angle(network, from, to);
    if network.link(from).opposite == Some(to) || angle.abs() > U_TURN_RAD {
        Turn::UTurn
    } else if angle.abs() <= THROUGH_RAD {
        Turn::Through
    } else if angle > 0.0 {
        Turn::Left
    } else {
        Turn::Right
    }
}

/// The marking that belongs to a turn.
fn marking(turn: Turn) -> TurnSet {
    match turn {
        Turn::Left => TurnSet::LEFT,
        Turn::Through => TurnSet::THROUGH,
        Turn::Right => TurnSet::RIGHT,
        Turn::UTurn => TurnSet::U_TURN,
    }
}

/// How far from the kerb-side a turn leads: 0 turns at the kerb, 1 goes straight, 2 turns across, 3 back.
fn side(turn: Turn, driving: DrivingSide) -> u8 {
    match (turn, driving) {
        (Turn::Right, DrivingSide::Right) | (Turn::Left, DrivingSide::Left) => 0,
        (Turn::Through, _) => 1,
        (Turn::Left, DrivingSide::Right) | (Turn::Right, DrivingSide::Left) => 2,
        (Turn::UTurn, _) => 3,
    }
}

/// Gives every movement of a junction its lanes: the marked ones where lanes are marked; else those who turn at the kerb take the kerb
/// lane, those who turn across the one in the middle of the road, and straight on takes all.
pub(super) fn assign_lanes(network: &mut RoadNetwork, junction: JunctionId) {
    for from in network.junction(junction).incoming.clone() {
        let own: Vec<MovementId> = network.movements_from(from).collect();
        let sides: BTreeSet<u8> = own.iter().map(|m| side(network.movement(*m).turn, network.meta.driving_side)).collect();
        for id in own {
            let m = network.movement(id);
            let side = side(m.turn, network.meta.driving_side);
            let link = network.link(from);
            let from_lanes = marked(link, m.turn).unwrap_or_else(|| unmarked(link.lanes.len() as u8, side, &sides));
            let from_lanes = widened(link, from_lanes, side, |l| !l.access.intersection(m.access).is_empty());
            let to = network.link(m.to);
            let (n, wanted) = (to.lanes.len() as u8, (from_lanes.end - from_lanes.start).min(to.lanes.len() as u8));
            let to_lanes = match side {
                0 => 0..wanted,
                1 => 0..n,
                _ => n - wanted..n,
            };
            let to_lanes = widened(to, to_lanes, side, |l| !l.access.intersection(m.access).is_empty());
            let m = &mut network.movements[id.index()];
            (m.from_lanes, m.to_lanes) = (from_lanes, to_lanes);
        }
    }
}

/// The lanes marked for a turn, from the first to the last of them. A U-turn is made from a lane marked for turning across.
fn marked(link: &Link, turn: Turn) -> Option<Range<u8>> {
    let wanted = if turn == Turn::UTurn { TurnSet::U_TURN.union(TurnSet::LEFT) } else { marking(turn) };
    let mut lanes = (0..link.lanes.len()).filter(|i| link.lanes[*i].turns.intersects(wanted));
    let first = lanes.next()?;
    Some(first as u8..lanes.next_back().unwrap_or(first) as u8 + 1)
}

/// The lanes out of `n` for those who turn to `side`, where others turn to `sides`.
fn unmarked(n: u8, side: u8, sides: &BTreeSet<u8>) -> Range<u8> {
    let goes_straight = sides.contains(&1);
    let both_turn = sides.contains(&0) && sides.iter().any(|s| *s >= 2);
    match side {
        1 => 0..n,
        0 if goes_straight => 0..1,
        0 if both_turn => 0..n.div_ceil(2),
        2 if goes_straight => n - 1..n,
        2 if both_turn => n / 2..n,
        3 => n - 1..n,
        _ => 0..n,
    }
}

/// Makes room where every lane of the range is set aside for others: all lanes up to the nearest one that is open.
fn widened(link: &Link, lanes: Range<u8>, side: u8, is_open: impl Fn(&sim_core::network::Lane) -> bool) -> Range<u8> {
    let open = |i: u8| is_open(&link.lanes[usize::from(i)]);
    if lanes.clone().any(open) {
        return lanes;
    }
    let n = link.lanes.len() as u8;
    let (down, up) = ((0..lanes.start).rev().find(|i| open(*i)), (lanes.end..n).find(|i| open(*i)));
    match if side == 0 { up.or(down) } else { down.or(up) } {
        Some(i) => lanes.start.min(i)..lanes.end.max(i + 1),
        None => lanes,
    }
}

/// Gives every movement of a junction its rank: the ring of a roundabout first; where a more important road meets lesser ones, that one;
/// among equals and at signals only turns across yield.
pub(super) fn rank(network: &mut RoadNetwork, junction: JunctionId) {
    let j = network.junction(junction);
    let weight = |l: &LinkId| network.link(*l).class;
    let best = j.incoming.iter().map(weight).min().unwrap_or(RoadClass::Service);
    let by_class = j.kind == JunctionKind::Priority && j.incoming.iter().filter(|l| weight(l) == best).count() < j.incoming.len();
    let ranks: Vec<(MovementId, Priority)> = network
        .movements_of(junction)
        .map(|id| {
            let m = network.movement(id);
            let from = network.link(m.from);
            let is_major = match j.kind {
                JunctionKind::Roundabout => from.is_roundabout,
                _ if by_class => from.class == best,
                _ => true,
            };
            let crosses = side(m.turn, network.meta.driving_side) >= 2;
            let is_ring = j.kind == JunctionKind::Roundabout;
            let rank = match (is_major, crosses && !is_ring, m.turn) {
                (_, true, Turn::UTurn) => Priority::MINOR_LEFT,
                (true, false, _) => Priority::MAJOR,
                (true, true, _) => Priority::MAJOR_LEFT,
                (false, false, _) => Priority::MINOR,
                (false, true, _) => Priority::MINOR_LEFT,
            };
            (id, rank)
        })
        .collect();
    for (id, rank) in ranks {
        network.movements[id.index()].priority = rank;
    }
}

/// The turn that crosses the opposing stream.
pub(super) fn turn_across(driving: DrivingSide) -> Turn {
    match driving {
        DrivingSide::Right => Turn::Left,
        DrivingSide::Left => Turn::Right,
    }
}

/// Whether those who come over two links meet head on.
pub(super) fn are_opposite(network: &RoadNetwork, a: LinkId, b: LinkId) -> bool {
    let heading = |l: LinkId| {
        let line = &network.link(l).geometry;
        line[line.len() - 2].heading_to(line[line.len() - 1])
    };
    turn_between(heading(a), heading(b)).abs() > PI - THROUGH_RAD
}
