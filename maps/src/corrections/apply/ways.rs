//! The movements of one junction after a correction: which way each turns, over which lanes it leads, who goes first.

use core::f64::consts::PI;
use sim_core::{
    geometry::turn_between,
    ids::{JunctionId, LinkId, MovementId},
    network::{DrivingSide, JunctionKind, Movement, Priority, RoadClass, RoadNetwork, Turn},
};

/// Up to here a way on is straight, radians (assumed).
const THROUGH_RAD: f64 = 40.0 * PI / 180.0;
/// From here on it leads back, if it leads into the same street, radians (assumed).
const U_TURN_RAD: f64 = 150.0 * PI / 180.0;

/// The turn from the end of `from` to the start of `to`, radians, positive to the left.
fn angle(network: &RoadNetwork, from: LinkId, to: LinkId) -> f64 {
    let (a, b) = (&network.link(from).geometry, &network.link(to).geometry);
    turn_between(a[a.len() - 2].heading_to(a[a.len() - 1]), b[0].heading_to(b[1]))
}

/// Which way one turns from `from` into `to`.
pub(super) fn turn(network: &RoadNetwork, from: LinkId, to: LinkId) -> Turn {
    let angle = angle(network, from, to);
    let (a, b) = (network.link(from), network.link(to));
    let same_street = a.class == b.class && (a.name == b.name || (a.road_number.is_some() && a.road_number == b.road_number));
    if a.opposite == Some(to) || (angle.abs() > U_TURN_RAD && same_street) {
        Turn::UTurn
    } else if angle.abs() <= THROUGH_RAD {
        Turn::Through
    } else if angle > 0.0 {
        Turn::Left
    } else {
        Turn::Right
    }
}

/// Gives every movement of a junction its lanes, by the rules of the import.
pub(super) fn assign_lanes(network: &mut RoadNetwork, junction: JunctionId) {
    let range = network.junction(junction).movements.clone();
    let range = range.start as usize..range.end as usize;
    let mut movements = network.movements[range.clone()].to_vec();
    crate::import::assign_lanes(network, &mut movements);
    network.movements.splice(range, movements);
}

/// What a sign says to those who come over a link, as far as it can be told from who goes first at its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nothing beyond the class of the road.
    #[default]
    None,
    /// It yields although its class would not have to.
    Yield,
    /// It goes first although its class would not.
    Priority,
}

/// The importance of a road by its class: less is more important. Streets of a housing area are alike.
fn importance(class: RoadClass) -> RoadClass {
    if class == RoadClass::Residential { RoadClass::Unclassified } else { class }
}

/// The signs of a network whose ranks are right.
pub(super) fn signs(network: &RoadNetwork) -> Vec<Sign> {
    let mut signs = vec![Sign::None; network.links.len()];
    for (j, junction) in network.junctions.iter().enumerate().filter(|(_, j)| j.kind == JunctionKind::Priority) {
        let best = junction.incoming.iter().map(|l| importance(network.link(*l).class)).min();
        for id in network.movements_of(JunctionId::from_index(j)) {
            let m = network.movement(id);
            if m.turn == Turn::UTurn {
                continue; // ranks last, whatever the road
            }
            let (by_class, goes_first) = (Some(importance(network.link(m.from).class)) == best, m.priority < Priority::MINOR);
            signs[m.from.index()] = match (by_class, goes_first) {
                (true, false) => Sign::Yield,
                (false, true) => Sign::Priority,
                _ => Sign::None,
            };
        }
    }
    signs
}

/// Gives every movement of a junction its rank: the ring of a roundabout first; else what signs say, then the more important road;
/// among equals and at signals only turns across yield.
pub(super) fn rank(network: &mut RoadNetwork, junction: JunctionId, signs: &[Sign]) {
    let j = network.junction(junction);
    let weight = |l: LinkId| (signs[l.index()] == Sign::Yield, signs[l.index()] != Sign::Priority, importance(network.link(l).class));
    let best = j.incoming.iter().map(|l| weight(*l)).min();
    let across = turn_across(network.meta.driving_side);
    let rank = |m: &Movement| {
        let goes_first = match j.kind {
            JunctionKind::Roundabout => network.link(m.from).is_roundabout,
            JunctionKind::Signal(_) | JunctionKind::Terminal => true,
            JunctionKind::Priority => Some(weight(m.from)) == best,
        };
        let crosses = m.turn == across && j.kind != JunctionKind::Roundabout;
        match (goes_first, crosses) {
            _ if m.turn == Turn::UTurn => Priority::MINOR_LEFT,
            (true, false) => Priority::MAJOR,
            (true, true) => Priority::MAJOR_LEFT,
            (false, false) => Priority::MINOR,
            (false, true) => Priority::MINOR_LEFT,
        }
    };
    let ranks: Vec<(MovementId, Priority)> = network.movements_of(junction).map(|id| (id, rank(network.movement(id)))).collect();
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
