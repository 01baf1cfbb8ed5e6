//! Turning at the door: who would have to drive far round for the direction of the street at home or at the goal sets out, or arrives, in the
//! other direction.

use sim_core::{demand::LinkPosition, network::RoadNetwork};

/// Who would drive so many times as long as from the other side of the street turns at the door (assumed), …
const DETOUR_TIMES: f64 = 1.5;
/// … if that saves this much, seconds (assumed).
const DETOUR_S: f64 = 180.0;

/// A way from the other side is taken that is quicker than this, where one's own takes `own_s`; both in seconds.
pub(super) fn worth_turning_s(own_s: f64) -> f64 {
    (own_s / DETOUR_TIMES).min(own_s - DETOUR_S)
}

/// The same place in the other direction of its street; `None` on a street with one direction.
pub(crate) fn turned(network: &RoadNetwork, at: LinkPosition) -> Option<LinkPosition> {
    let link = network.link(at.link).opposite?;
    let share = at.pos_m / network.link(at.link).length_m;
    Some(LinkPosition { link, pos_m: (1.0 - share).clamp(0.0, 1.0) * network.link(link).length_m })
}

/// Whether two places are the same door: one place, or the two sides of a street.
pub(crate) fn is_same_door(network: &RoadNetwork, a: LinkPosition, b: LinkPosition) -> bool {
    // Lengths of both directions differ a little, and so does a place turned twice.
    a == b || turned(network, a).is_some_and(|t| t.link == b.link && (t.pos_m - b.pos_m).abs() < 1.0)
}
