//! How a grant ends: the tail has left the junction, or the signal took it back in time.

use super::{Leg, Place};
use crate::{
    frame::Light,
    ground::Ground,
    ids::{JunctionId, LinkId, VehicleId},
    kinematics::{ROUNDING_M, stop_m, way_speed},
    network::JunctionKind,
    segment::HOLDER,
    strips::overlap,
};

/// Takes `id` out of a junction's order, unless its course comes through again. What others owe it there has an end of its own.
pub(crate) fn leave(g: &mut Ground, junction: JunctionId, id: VehicleId) {
    if g.vehicles.course(id).is_some_and(|c| c.goes_through(junction)) {
        return;
    }
    g.crossings[junction.index()].holders.retain(|h| *h != id);
}

/// Takes back what others owe `id` for the leg of its course that begins at `start`: it will not drive it.
fn owe_nothing(g: &mut Ground, junction: JunctionId, id: VehicleId, start: f64) {
    for other in &g.crossings[junction.index()].holders {
        let Some(course) = g.vehicles.course_mut(*other) else { continue };
        for leg in &mut course.legs {
            if let Place::Junction { junction: j, yields, .. } = &mut leg.place
                && *j == junction
            {
                yields.retain(|y| y.to != id || y.leg != start);
            }
        }
    }
}

/// Takes back the grant of `id` for the junction on its leg `leg`, and all beyond.
pub(crate) fn revoke(g: &mut Ground, id: VehicleId, leg: usize) {
    let Some(course) = g.vehicles.course_mut(id) else { return };
    let dropped: Vec<_> = course.legs.drain(leg..).collect();
    let (on_link, single) = (course.at + 1 == leg, course.legs.len() == 1);
    let last = course.last().link();
    // The way of what was dropped is not used again.
    let begins = dropped.last().map_or(0.0, Leg::end);
    for leg in dropped {
        match leg.place {
            Place::Junction { junction, .. } => {
                g.meter.surrogates.forget(id, leg.start);
                leave(g, junction, id);
                owe_nothing(g, junction, id, leg.start);
            }
            Place::Link(link) => g.roads[link.index()].keep_promise(id),
        }
    }
    if single {
        g.vehicles.end_course(id);
        g.vehicles.side[id.index()].begins = begins;
    }
    if on_link
        && let Some(link) = last
        && let Some(i) = g.roads[link.index()].find(id)
    {
        g.roads[link.index()].rows[i].flags &= !HOLDER;
    }
}

/// At signals that are not green: who has not crossed the line and can stop for it loses the grant, and so do those behind it.
///
/// On yellow a holder goes on only if it can no longer stop, or if it will have crossed before red even when it is made to brake as hard as
/// it can at the worst moment: `d/v + v/2b` and a step (braking at `τ` crosses at the latest when it could just not stop any more, at
/// `τ + v/b` with `d − v·τ = v²/2b`). So nobody is ever caught before the line by red.
pub(crate) fn drop_grants_at_signals(g: &mut Ground) {
    for c in 0..g.plan.network.controllers.len() {
        let junction = g.plan.network.controllers[c].junction;
        if g.crossings[junction.index()].holders.is_empty() {
            continue;
        }
        debug_assert!(matches!(g.plan.network.junction(junction).kind, JunctionKind::Signal(_)));
        let mut stopped: Vec<(u32, i16, i16)> = Vec::new();
        for id in g.crossings[junction.index()].holders.clone() {
            let Some(course) = g.vehicles.course(id) else { continue };
            // None if it is in the junction or beyond.
            let Some(leg) = course.legs_in(junction).find(|leg| course.at < *leg) else { continue };
            let Place::Junction { movement, .. } = course.legs[leg].place else { continue };
            let before = &course.legs[leg - 1];
            let Some(link) = before.link() else { continue };
            let (left, right) = (before.left, before.right);
            let behind_stopped = stopped.iter().any(|(l, lo, hi)| *l == link.0 && left < *hi && *lo < right);
            let light = g.lights.of[movement.index()].unwrap_or(Light::Green);
            if (light == Light::Green || g.plan.manner[id.index()].passes_red()) && !behind_stopped {
                continue;
            }
            let way = (course.legs[leg].start - course.front) as f32;
            let (v, brake, dt) = (course.v, g.plan.bodies[usize::from(course.class)].brake, g.plan.dt);
            let can_stop = way_speed((way - ROUNDING_M).max(0.0), brake, dt) >= v - brake * dt;
            let in_time = light == Light::Yellow
                && f64::from(way / v.max(0.1) + v / (2.0 * brake) + dt) <= g.lights.red_at[movement.index()] - g.now
                && way > 0.0
                && comfort_is_not_enough(v, way, g.plan.bodies[usize::from(course.class)].comfort, dt);
            if behind_stopped || (can_stop && !in_time) {
                stopped.push((link.0, left, right));
                revoke(g, id, leg);
            }
        }
    }
}

/// On those of the `places` that are closed somewhere: who holds a grant for the junction at the end but must stop before a closed stretch, and those behind it in
/// its way, lose the grant; the junction would wait for them.
pub(crate) fn drop_grants_before_blocks(g: &mut Ground, places: impl Iterator<Item = LinkId>) {
    for link in places {
        let l = link.index();
        if g.roads[l].hindrances.blocks.is_empty() {
            continue;
        }
        let (mut stopped, mut lost): (Vec<(i16, i16)>, Vec<VehicleId>) = (Vec::new(), Vec::new());
        for row in &g.roads[l].rows {
            let body = &g.plan.bodies[usize::from(row.class)];
            let stops = |way: f32| way_speed((way - ROUNDING_M).max(0.0), body.brake, g.plan.dt) >= row.v - body.brake * g.plan.dt;
            let in_way = |left: i16, right: i16| overlap(left, right, row.left, row.right);
            let closed = g.roads[l]
                .hindrances
                .blocks
                .iter()
                .any(|b| b.is_for(row.class) && row.s <= b.from && in_way(b.left, b.right) && stops(b.from - row.s));
            if closed || stopped.iter().any(|(left, right)| in_way(*left, *right)) {
                stopped.push((row.left, row.right));
                if row.is(HOLDER) {
                    lost.push(row.id);
                }
            }
        }
        for id in lost {
            let Some(at) = g.vehicles.course(id).map(|c| c.at) else { continue };
            revoke(g, id, at + 1);
        }
    }
}

/// Whether stopping within `way` would take more than comfortable braking.
fn comfort_is_not_enough(v: f32, way: f32, comfort: f32, dt: f32) -> bool {
    stop_m(v, comfort, dt) + v * dt > way
}
