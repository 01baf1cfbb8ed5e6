//! Who goes first: gaps in better streams, and the patience of those who wait for one.

use super::{Course, Path, Place, Touch, draft::Found, holder::Holder, requests::Request};
use crate::{
    ground::Ground,
    ids::{MovementId, VehicleId},
    kinematics::{arrive_accel, stop_m, time_over},
    network::JunctionKind,
    sense::{GOING_MPS, SPARE_S, SPARED},
};

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

/// How long this vehicle takes over `way` metres if nobody hinders it, seconds.
fn time_to(g: &Ground, id: VehicleId, class: u8, way: f32, v: f32) -> f32 {
    time_over(way, v, g.plan.bodies[usize::from(class)].driver.accel, g.plan.desired[id.index()])
}

/// How long until who asks is so far along its path, seconds; not faster than the turn allows.
pub(super) fn own_time_to(g: &Ground, r: &Request, path: &Path, along: f32) -> f32 {
    let top = g.plan.desired[r.id.index()].min(path.turn_speed);
    time_over(r.way.max(0.0) + along, r.v, g.plan.bodies[usize::from(r.class)].driver.accel, top)
}

/// The gap this traveller accepts now, seconds.
fn accepted_gap(g: &Ground, r: &Request) -> f32 {
    let waited = g.vehicles.side[r.id.index()].waited;
    let patience = (1.0 - (waited - PATIENT_S) / IMPATIENT_AFTER_S).clamp(LEAST_GAP, 1.0);
    g.plan.bodies[usize::from(g.plan.kind_on(r.id, r.class, r.link))].critical_gap * patience
}

/// The critical gap is that of a driver who sets off from the line. Who asks gets to the place `along` its path when somebody would who sets off so long from
/// now, seconds: at once if it stands at the line, later if it is not there yet, earlier than at the line if it comes rolling.
fn sets_off(g: &Ground, r: &Request, path: &Path, along: f32) -> f32 {
    let accel = g.plan.bodies[usize::from(r.class)].driver.accel;
    let from_line = time_over(along, 0.0, accel, g.plan.desired[r.id.index()].min(path.turn_speed));
    (own_time_to(g, r, path, along) - from_line).max(0.0)
}

/// The gap that who asks finds in the streams it gives way to: between the last it goes behind, or its own setting off, and the first it goes before.
pub(super) struct Gap {
    begins_s: f32,
    ends_s: f32,
    /// From its own setting off, seconds.
    lag_s: f32,
}

impl Gap {
    pub(super) const NONE_COMES: Self = Self { begins_s: 0.0, ends_s: f32::INFINITY, lag_s: f32::INFINITY };

    /// `h`, before its line, goes first.
    pub(super) fn begins_behind(&mut self, g: &Ground, h: &Holder) {
        self.begins_s = self.begins_s.max(time_of(g, h));
    }

    /// `h`, before its line, is to wait if it comes to that; `touch` is what the newcomer would owe it.
    pub(super) fn ends_before(&mut self, g: &Ground, r: &Request, path: &Path, h: &Holder, touch: &Touch) {
        let comes = time_of(g, h);
        self.ends_s = self.ends_s.min(comes);
        self.lag_s = self.lag_s.min(comes - sets_off(g, r, path, touch.begin().0));
    }

    /// Whether it is as long as this traveller wants it.
    pub(super) fn is_enough(&self, g: &Ground, r: &Request) -> bool {
        self.lag_s.min(self.ends_s - self.begins_s) >= accepted_gap(g, r)
    }
}

/// When a holder comes to its line, seconds from now. One that was made to yield before is not made to for ever: it counts as if it came as fast as it likes.
fn time_of(g: &Ground, h: &Holder) -> f32 {
    let way = (h.leg().start - h.course.front) as f32;
    match h.course.legs[h.leg - 1].link() {
        Some(link) if yields_to_lower_rank(g, h) => way.max(0.0) / g.plan.wish(h.id, link).max(h.course.v),
        _ => time_to(g, h.id, h.course.class, way, h.course.v),
    }
}

/// Whether `h` was put behind somebody to whom it need not give way.
fn yields_to_lower_rank(g: &Ground, h: &Holder) -> bool {
    let Place::Junction { yields, .. } = &h.leg().place else { return false };
    let network = &g.plan.network;
    let rank = network.movement(h.movement).priority.0;
    yields.iter().any(|y| {
        let leg = g.vehicles.course(y.to).and_then(|c| c.legs.iter().find(|leg| leg.start == y.leg));
        leg.is_some_and(|leg| matches!(leg.place, Place::Junction { movement, .. } if network.movement(movement).priority.0 > rank))
    })
}

/// Whether who asks gets to where it touches the way of `h`, who goes first, only when that is gone: so it sets off while `h` still comes.
pub(super) fn goes_behind(g: &Ground, r: &Request, path: &Path, h: &Holder, touch: &Touch) -> bool {
    let (reach, lead) = touch.begin();
    // Of two that merge, the first has cleared the place when it would no longer be in the way of the second there.
    let clear = if h.follows { reach - lead } else { touch.clear };
    let way = (h.leg().start - h.course.rear()) as f32 + clear;
    h.course.v >= GOING_MPS && time_to(g, h.id, h.course.class, way, h.course.v) + SPARE_S <= own_time_to(g, r, path, reach)
}

/// Whether the holder `h`, before its line, can let who asks go first without braking harder than is comfortable: by standing before its way, or by coming
/// when it is gone. It must have made no plans beyond, and come through only once. `back` is what it would owe.
pub(super) fn can_yield(g: &Ground, r: &Request, path: &Path, h: &Holder, back: &Touch) -> bool {
    let (c, dt) = (h.course, g.plan.dt);
    if c.legs_in(r.junction).nth(1).is_some() || c.legs.len() != h.leg + 2 {
        return false;
    }
    let body = &g.plan.bodies[usize::from(c.class)];
    let free = (h.leg().start - c.front) as f32 + back.limit_at(0.0).unwrap_or(0.0);
    let stands_within = |brake: f32| stop_m(c.v, brake, dt) + 2.0 * c.v * dt <= free;
    if stands_within(body.comfort) {
        return true;
    }
    if h.follows || !stands_within(body.brake * SPARED) {
        return false;
    }
    let gone_s = own_time_to(g, r, path, back.clear + g.plan.bodies[usize::from(r.class)].length) + dt + SPARE_S;
    arrive_accel(free - c.v * dt, c.v, gone_s, body.brake * SPARED, dt).is_some_and(|a| a >= -body.comfort)
}

/// Whether `r` goes before the holder `c`, who is still before its line, because it comes from the right: at junctions without signals, among
/// movements of one rank ([`crate::network::Priority`]).
pub(super) fn has_right_of_way_from_the_right(g: &Ground, r: &Request, c: &Course, leg: usize, movement: MovementId) -> bool {
    let network = &g.plan.network;
    let way = (c.legs[leg].start - c.front) as f32;
    let time_to = |way: f32, v: f32| way.max(0.0) / v.max(3.0);
    matches!(network.junction(r.junction).kind, JunctionKind::Priority)
        && network.movement(movement).priority.0 == r.priority
        && g.plan.ends[r.movement.index()].comes_from_the_right_of(&g.plan.ends[movement.index()])
        && time_to(r.way, r.v) < time_to(way, c.v) + FROM_RIGHT_S
}

/// Whether the line is still too far to tell whether there is a gap among those of better rank who are before theirs.
pub(super) fn is_too_far_to_tell(g: &Ground, r: &Request) -> bool {
    let brake = g.plan.bodies[usize::from(r.class)].comfort;
    if r.blue || r.way <= DECIDE_M + stop_m(r.v, brake, g.plan.dt) + r.v {
        return false;
    }
    g.crossings[r.junction.index()].holders.iter().any(|id| {
        let Some(c) = g.vehicles.course(*id) else { return false };
        let Some(leg) = c.legs_in(r.junction).find(|leg| c.at < *leg) else { return false };
        let Place::Junction { movement, .. } = c.legs[leg].place else { return false };
        let other = g.plan.network.movement(movement);
        *id != r.id && other.from != r.link && other.priority.0 < r.priority && g.plan.meet(movement, r.movement)
    })
}

/// Whether somebody of better rank comes whose way the path touches, too late to go behind and too soon to go before. Who else holds a grant does not
/// change that.
pub(super) fn gives_way_at_once(g: &Ground, r: &Request, all: &[Holder], path: &Path, found: &mut Found) -> bool {
    if r.blue {
        return false;
    }
    let through = own_time_to(g, r, path, path.length());
    let soon = sets_off(g, r, path, path.length()) + accepted_gap(g, r);
    all.iter().any(|h| {
        let is_better = h.course.at < h.leg && !h.same_link && g.plan.network.movement(h.movement).priority.0 < r.priority;
        is_better && (through..soon).contains(&time_of(g, h)) && found.owes_anything(h, path)
    })
}
