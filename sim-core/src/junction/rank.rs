//! Who goes first: gaps in better streams, and the patience of those who wait for one.

use super::{Course, Place, requests::Request};
use crate::{ground::Ground, ids::MovementId, kinematics::stop_m, network::JunctionKind};

/// Who must give way decides only this near to the line, metres beyond its own braking distance (assumed).
const DECIDE_M: f32 = 8.0;
/// After this waiting time drivers begin to accept smaller gaps, seconds (assumed) …
const PATIENT_S: f32 = 10.0;
/// … down to this share of them (assumed) …
const LEAST_GAP: f32 = 0.5;
/// … reached after this much longer, seconds (assumed).
const IMPATIENT_AFTER_S: f32 = 60.0;

/// A driver who comes from the right goes first before one who would be at the line so much earlier at most, seconds (assumed).
const FROM_RIGHT_S: f32 = 1.5;

/// How long until it reaches its line, seconds.
fn time_to(way: f32, v: f32) -> f32 {
    way.max(0.0) / v.max(3.0)
}

/// The gap this traveller accepts now, seconds.
fn accepted_gap(g: &Ground, r: &Request) -> f32 {
    let waited = g.vehicles.side[r.id.index()].waited;
    let patience = (1.0 - (waited - PATIENT_S) / IMPATIENT_AFTER_S).clamp(LEAST_GAP, 1.0);
    g.plan.bodies[usize::from(r.class)].critical_gap * patience
}

/// Whether the holder `c`, before the line of its movement of better rank, is too near for `r` to go first.
pub(super) fn is_too_near(g: &Ground, r: &Request, c: &Course, leg: usize) -> bool {
    let way = (c.legs[leg].start - c.front) as f32;
    time_to(way, c.v) - time_to(r.way, r.v) < accepted_gap(g, r)
}

/// Whether `r` goes before the holder `c`, who is still before its line, because it comes from the right: at junctions without signals, among
/// movements of one rank ([`crate::network::Priority`]).
pub(super) fn has_right_of_way_from_the_right(g: &Ground, r: &Request, c: &Course, leg: usize, movement: MovementId) -> bool {
    let network = &g.plan.network;
    let way = (c.legs[leg].start - c.front) as f32;
    matches!(network.junction(r.junction).kind, JunctionKind::Priority)
        && network.movement(movement).priority.0 == r.priority
        && g.plan.ends[r.movement.index()].comes_from_the_right_of(&g.plan.ends[movement.index()])
        && time_to(r.way, r.v) < time_to(way, c.v) + FROM_RIGHT_S
}

/// Whether a movement of better rank that meets this one has a holder too near, seen in the middle of their lanes; or the line is still too far to tell.
pub(super) fn gives_way_at_once(g: &Ground, r: &Request) -> bool {
    if r.blue {
        return false;
    }
    let brake = g.plan.bodies[usize::from(r.class)].comfort;
    for id in &g.crossings[r.junction.index()].holders {
        let Some(c) = g.vehicles.course(*id) else { continue };
        let Some(leg) = c.legs_in(r.junction).find(|leg| c.at < *leg) else { continue };
        let Place::Junction { movement, .. } = c.legs[leg].place else { continue };
        if *id == r.id || g.plan.network.movement(movement).from == r.link || !g.plan.meet(movement, r.movement) {
            continue;
        }
        let better = g.plan.network.movement(movement).priority.0 < r.priority;
        if better && (r.way > DECIDE_M + stop_m(r.v, brake, g.plan.dt) + r.v || is_too_near(g, r, c, leg)) {
            return true;
        }
    }
    false
}
