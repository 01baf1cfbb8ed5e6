//! Whether two movements through a junction dispute room, seen at full width: what signal groups and right of way are made from.
//! (The engine decides vehicle by vehicle, with each body's own lateral band.)

use super::{RoadNetwork, middle_path};
use crate::{geometry::Point, ids::MovementId};

/// How two movements of one junction meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConflictKind {
    /// They never meet.
    None,
    /// They come from the same link and part.
    Diverge,
    /// They go into the same link.
    Merge,
    /// They cross.
    Cross,
}

/// How the movements `a` and `b` of one junction meet, by the paths between the middles of their lanes, each as wide as a narrow lane.
pub fn movements_conflict(network: &RoadNetwork, a: MovementId, b: MovementId) -> ConflictKind {
    let (ma, mb) = (network.movement(a), network.movement(b));
    if ma.from == mb.from {
        return ConflictKind::Diverge;
    }
    if ma.to == mb.to {
        let disjoint = ma.to_lanes.end <= mb.to_lanes.start || mb.to_lanes.end <= ma.to_lanes.start;
        if !disjoint {
            return ConflictKind::Merge;
        }
    }
    const HALF_WIDTHS_M: f64 = 2.4; // two bodies of 1.85 m with 0.3 m of clearance each
    let (pa, pb) = (middle_path(network, a, 1.0), middle_path(network, b, 1.0));
    let near = |p: &Point, q: &Point| p.distance_m(*q) < HALF_WIDTHS_M;
    if pa.iter().any(|p| pb.iter().any(|q| near(p, q))) { ConflictKind::Cross } else { ConflictKind::None }
}
