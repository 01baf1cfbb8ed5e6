//! Right of way: signs, the class of the road, the ring of a roundabout, else the right-hand rule among equals.

use super::{
    build::Sources,
    draft::{Draft, MarkKind},
};
use sim_core::{
    ids::LinkId,
    network::{JunctionKind, LinkKind, Priority, RoadClass, RoadNetwork, Turn},
};

/// A sign to give way or stop is at most this far before its junction, metres.
const SIGN_BEFORE_M: f64 = 40.0;

/// Sets the priority of every movement.
///
/// Approaches rank by a sign to give way or stop, then by `priority_road`, then by class of road (ramps below the road they join, alleys
/// below all, residential and unclassified streets alike). The best rank at a junction is its main road; where all rank alike nobody's
/// road is the main one, all get the same priority, and whoever comes from the right goes first.
pub(crate) fn set_priorities(draft: &Draft, sources: &Sources, network: &mut RoadNetwork) {
    for j in 0..network.junctions.len() {
        let kind = network.junctions[j].kind;
        let ranks: Vec<(LinkId, u8)> = network.junctions[j].incoming.iter().map(|l| (*l, rank(draft, sources, network, *l))).collect();
        let best = ranks.iter().map(|(_, r)| *r).min().unwrap_or(0);
        for i in network.junctions[j].movements.clone() {
            let m = &network.movements[i as usize];
            let is_far_turn = matches!(m.turn, Turn::UTurn) || m.turn == far_turn(network);
            let is_main = match kind {
                JunctionKind::Roundabout => network.link(m.from).is_roundabout,
                JunctionKind::Signal(_) | JunctionKind::Terminal => true,
                JunctionKind::Priority => ranks.iter().any(|(l, r)| *l == m.from && *r == best),
            };
            let priority = match (is_main, is_far_turn) {
                (_, true) if m.turn == Turn::UTurn => Priority::MINOR_LEFT,
                (true, _) if kind == JunctionKind::Roundabout => Priority::MAJOR,
                (false, _) if kind == JunctionKind::Roundabout => Priority::MINOR,
                (true, false) => Priority::MAJOR,
                (true, true) => Priority::MAJOR_LEFT,
                (false, false) => Priority::MINOR,
                (false, true) => Priority::MINOR_LEFT,
            };
            network.movements[i as usize].priority = priority;
        }
    }
}

/// The turn across oncoming traffic.
pub(crate) fn far_turn(network: &RoadNetwork) -> Turn {
    match network.meta.driving_side {
        sim_core::network::DrivingSide::Right => Turn::Left,
        sim_core::network::DrivingSide::Left => Turn::Right,
    }
}

/// How an approach ranks: less is more important.
fn rank(draft: &Draft, sources: &Sources, network: &RoadNetwork, link: LinkId) -> u8 {
    let (edge, side) = sources.of_link[link.index()];
    let edge = &draft.edges[edge as usize];
    let ahead = |at_m: f64| if side == 0 { edge.length_m - at_m } else { at_m };
    let yields = edge
        .marks
        .iter()
        .any(|m| matches!(m.kind, MarkKind::Stop | MarkKind::GiveWay) && m.speaks_to[side as usize] && ahead(m.at_m) <= SIGN_BEFORE_M);
    let class = match network.link(link).class {
        RoadClass::Motorway => 10,
        RoadClass::Trunk => 20,
        RoadClass::Primary => 30,
        RoadClass::Secondary => 40,
        RoadClass::Tertiary => 50,
        RoadClass::Unclassified | RoadClass::Residential => 60,
        RoadClass::Service => 70,
        RoadClass::Ferry => 80,
    };
    let ramp = if edge.road.is_ramp && network.link(link).kind == LinkKind::Road { 5 } else { 0 };
    match (yields, edge.road.has_priority) {
        (true, _) => 100 + class,
        (false, true) => 0,
        (false, false) => class + ramp,
    }
}
