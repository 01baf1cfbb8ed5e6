//! Waiting inside a junction: who must give way at a green light drives in as far as it is in nobody's way, stands there, and goes when a gap
//! comes or when nobody comes any more because the light has changed.
//!
//! Who waits inside holds a grant behind everybody it gives way to. Who comes later and has the right of way is put before it in the order, as
//! long as it can wait in comfort and would not be gone in time. When its own light is no longer green nobody is put before it, so it always gets out.

use super::{
    Path, Place, Touch,
    draft::Found,
    holder::Holder,
    rank::{can_yield, own_time_to},
    requests::Request,
};
use crate::{
    frame::Light,
    ground::Ground,
    ids::{LinkId, MovementId},
    kinematics::{ROUNDING_M, time_over, way_speed},
    network::JunctionKind,
    segment::BLUE,
    sense::{GOING_MPS, SPARE_S},
};

/// So far into the junction one must get to wait there, metres: the front stands beyond the line (assumed).
const LEAST_IN_M: f32 = 0.5;
/// Blue light is heard from so far, metres (assumed, as on a link).
const HEARD_M: f32 = 100.0;

fn is_signal(g: &Ground, r: &Request) -> bool {
    matches!(g.plan.network.junction(r.junction).kind, JunctionKind::Signal(_))
}

fn is_green(g: &Ground, movement: MovementId) -> bool {
    g.lights.of[movement.index()] == Some(Light::Green)
}

/// Whether blue light comes toward the junction: then nobody drives in to wait in its way.
fn hears_blue_light(g: &Ground, r: &Request) -> bool {
    let near = |l: &LinkId| {
        let length = g.plan.network.link(*l).length_m;
        g.roads[l.index()].rows.iter().take_while(|row| length - row.s < HEARD_M).any(|row| row.is(BLUE))
    };
    g.plan.has_blue && g.plan.network.junction(r.junction).incoming.iter().any(near)
}

/// Whether who asks, and finds no gap, may drive in and wait inside, behind everybody: at a green light that others share, if it has to wait only beyond the line.
pub(super) fn may_wait_inside(g: &Ground, r: &Request, all: &[Holder], path: &Path, found: &mut Found) -> bool {
    if r.blue || r.against_red || !r.on_link || !is_signal(g, r) || !is_green(g, r.movement) || hears_blue_light(g, r) {
        return false;
    }
    all.iter().all(|h| {
        let Some(owed) = found.owed_by(h, path) else { return true };
        // Those of its own link are followed; they are in the way only where they stand.
        let standing = h.course.at == h.leg && h.course.v < GOING_MPS;
        let limit = if !h.same_link {
            Some(owed.begin().0)
        } else if standing {
            owed.limit_at(h.rear())
        } else {
            None
        };
        limit.is_none_or(|limit| limit >= LEAST_IN_M)
    })
}

/// Whether `h` will have left the way of who asks when that comes, who would owe it `touch`, if nobody but those before it in the order to whom it gives way
/// hinders it. (Those it follows are given the benefit of the doubt: a column that has found its gap goes through it.)
fn is_gone_in_time(g: &Ground, r: &Request, path: &Path, h: &Holder, touch: &Touch) -> bool {
    let Place::Junction { path: theirs, yields, .. } = &h.leg().place else { return false };
    let c = h.course;
    let accel = g.plan.bodies[usize::from(c.class)].driver.accel;
    let top = theirs.turn_speed.min(g.plan.desired[h.id.index()]);
    let front = (c.front - h.leg().start) as f32;
    let mut waits = 0.0f32;
    for before in yields.iter().filter(|y| !y.follows) {
        let Some(third) = g.vehicles.course(before.to) else { continue };
        let rear = (third.rear() - before.leg) as f32;
        let Some(limit) = before.touch.limit_at(rear) else { continue };
        if third.v < GOING_MPS {
            return false;
        }
        waits = waits.max((before.touch.clear - rear) / third.v - time_over(limit - front, c.v, accel, top));
    }
    let (reach, lead) = touch.begin();
    let clear = if h.follows { reach - lead } else { touch.clear };
    let way = clear + c.length - front;
    time_over(way, c.v, accel, top) + waits + SPARE_S <= own_time_to(g, r, path, reach)
}

/// What the holder `h` owes who asks, if that goes before it: at a signal, where `h` has the lower rank, would not be gone in time, and can wait. `touch` is what
/// who asks would owe it.
pub(super) fn lets_pass(g: &Ground, r: &Request, path: &Path, h: &Holder, touch: &Touch, found: &mut Found) -> Option<Touch> {
    let theirs = g.plan.network.movement(h.movement).priority.0;
    if h.same_link
        || r.against_red
        || (r.priority >= theirs && !r.blue)
        || h.course.at > h.leg
        || !is_signal(g, r)
        || !is_green(g, h.movement)
    {
        return None;
    }
    if is_gone_in_time(g, r, path, h, touch) {
        return None;
    }
    let back = found.owes(h, path)?;
    (can_yield(g, r, path, h, &back) || stands_before(g, h, &back)).then_some(back)
}

/// Whether `h`, in the junction already, can go on waiting there, or stop in comfort, before the way of somebody to whom it would owe `back`.
fn stands_before(g: &Ground, h: &Holder, back: &Touch) -> bool {
    let (c, dt) = (h.course, g.plan.dt);
    let free = (h.leg().start - c.front) as f32 + back.limit_at(0.0).unwrap_or(0.0);
    let comfort = g.plan.bodies[usize::from(c.class)].comfort;
    let can_stop = free >= 0.0 && way_speed((free - ROUNDING_M).max(0.0), comfort, dt) >= c.v - comfort * dt;
    c.at == h.leg && c.legs.len() == h.leg + 2 && can_stop
}
