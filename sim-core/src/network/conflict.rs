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
    paths_conflict(network, (a, &conflict_path(network, a)), (b, &conflict_path(network, b)))
}

/// The path of a movement as [`paths_conflict`] asks for it.
pub fn conflict_path(network: &RoadNetwork, movement: MovementId) -> Vec<Point> {
    middle_path(network, movement, 1.0)
}

/// The same as [`movements_conflict`] for who compares many: each movement with its [`conflict_path`].
pub fn paths_conflict(network: &RoadNetwork, (a, pa): (MovementId, &[Point]), (b, pb): (MovementId, &[Point])) -> ConflictKind {
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
    let bounds = |path: &[Point]| {
        let wide =
            |(lo, hi): (Point, Point), p: &Point| (Point::new(lo.x.min(p.x), lo.y.min(p.y)), Point::new(hi.x.max(p.x), hi.y.max(p.y)));
        path.iter().fold((path[0], path[0]), wide)
    };
    // Only what comes near the other path at all is compared point by point.
    let (lo, hi) = bounds(pb);
    let beside =
        |p: &&Point| p.x > lo.x - HALF_WIDTHS_M && p.x < hi.x + HALF_WIDTHS_M && p.y > lo.y - HALF_WIDTHS_M && p.y < hi.y + HALF_WIDTHS_M;
    let near = |p: &Point, q: &Point| (p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y) < HALF_WIDTHS_M * HALF_WIDTHS_M;
    if pa.iter().filter(beside).any(|p| pb.iter().any(|q| near(p, q))) { ConflictKind::Cross } else { ConflictKind::None }
}
