//! One step of a link's rows, front to back.

use super::{
    ahead::{Beyond, look},
    give_way::{aside, blues},
    lateral::{Place, may_shift, wish},
    merge::Merging,
    rows::{ASKS, BLUE, HOLDER, LAST, LETS_IN, NO_LANE, OVER, Road, Row, TAIL, sort},
};
use crate::{
    class::VehicleClass,
    driving::Platoons,
    ids::LinkId,
    incident::Zone,
    joint::{is_frozen, is_kept},
    kinematics::{Driver, free_accel},
    overtake::{Overtake, is_held_up, path_over},
    plan::Plan,
    strips::STRIP_M,
    vehicles::Vehicles,
};

/// Braking before a slow zone is not stronger than this, m/s² (assumed: comfortable).
const BEFORE_ZONE_MPS2: f32 = 2.0;

/// The acceleration that a slow zone ahead or underfoot allows.
fn slow_zone(zone: &Zone, me: &Row, driver: &Driver) -> f32 {
    let way = zone.from - me.s;
    if me.rear() > zone.to || !zone.classes.contains(VehicleClass::ALL[usize::from(me.class)]) {
        f32::INFINITY
    } else if way <= 0.0 {
        free_accel(&Driver { v0: zone.speed.min(me.v0), ..*driver }, me.v).max(-BEFORE_ZONE_MPS2)
    } else if me.v > zone.speed && me.v * me.v - zone.speed * zone.speed > way * BEFORE_ZONE_MPS2 {
        ((zone.speed * zone.speed - me.v * me.v) / (2.0 * way.max(1.0))).max(-BEFORE_ZONE_MPS2)
    } else {
        f32::INFINITY
    }
}

/// Moves all rows of `link` by one step. Reads nothing that another segment writes in this phase.
pub(crate) fn move_road(road: &mut Road, link: LinkId, plan: &Plan, vehicles: &Vehicles, lent: &[Overtake], step: u64) {
    let dt = plan.dt;
    let length = plan.network.link(link).length_m;
    let strips = plan.strips[link.index()];
    // Where the road goes on in a further piece, those who left are seen as whole bodies.
    let shadows = if plan.joints.after(link).is_some() { &[] } else { &road.shadows[..] };
    let beyond = Beyond { shadows, ahead: &road.ahead, blocks: &road.hindrances.blocks };
    let place = Place { plan, vehicles, link, road: strips, length, beyond, incoming: &road.incoming, behind: &road.behind };
    let rows = &mut road.rows[..];
    let blues = if plan.has_blue { blues(rows, strips, plan.inner_lane(link)) } else { Vec::new() };
    let near = length - rows.first().map_or(0.0, |r| r.s);
    debug_assert!(near > -1.0, "a row beyond the end of its link");
    let merging = Merging::among(rows, beyond.ahead);
    let mut platoons = Platoons::default();
    let every = ((1.0 / dt) as u64).max(1);
    for i in 0..rows.len() {
        let me = rows[i];
        let mut c = &plan.bodies[usize::from(me.kind)];
        let linked;
        if let Some(machine) = c.machine.as_ref().filter(|m| m.connects) {
            linked = platoons.join(rows, i, c, machine, &plan.bodies);
            c = &linked;
        }
        let frozen = is_frozen(plan, vehicles, me.flags, me.id) || (me.is(HOLDER | TAIL) && me.is(OVER));
        let over = if me.is(OVER) { lent.iter().find(|o| o.id == me.id) } else { None };
        let strips = strips + over.map_or(0, |o| o.strips);
        let own = strips - over.map_or(0, |o| o.strips);
        let beside = over.map(|o| path_over(rows, i, c, own, o));
        let line = if let (Some(o), Some(left)) = (over, beside)
            && me.right.max(left + c.strips) > own
        {
            o.until
        } else if me.halt.is_finite() {
            me.halt
        } else if me.is(HOLDER) {
            if frozen { f32::INFINITY } else { me.s + vehicles.course(me.id).map_or(f32::INFINITY, |c| c.stop) }
        } else if me.is(LAST) {
            f32::INFINITY
        } else {
            length
        };
        // Shadows matter only to those who may reach them.
        let keep = look(rows, &beyond, i, me.left, strips, line, c, dt);
        let (mut want, mut asks, mut onto) = (me.want, me.is(ASKS), me.onto);
        if frozen {
            (want, asks, onto) = (me.left, false, NO_LANE);
        } else if let Some(left) = beside {
            (want, asks, onto) = (left, false, NO_LANE);
        } else if let Some(aside) = aside(&me, c, strips, &blues).filter(|_| !me.is(BLUE)) {
            (want, onto) = (aside, NO_LANE);
        } else if ((plan.keys[me.id.index()] >> 32) + step).is_multiple_of(every) {
            (want, onto) = wish(rows, i, &keep, line, c, &place);
            asks = plan.undivided[link.index()] && keep.accel < 0.5 * c.driver.accel && is_held_up(rows, i);
        }
        let reach = me.rest + c.lateral.min(0.3 + 0.3 * me.v) * dt;
        let room = (reach / STRIP_M) as i16;
        let mut to = me.left + (want - me.left).clamp(-room, room);
        let rest = if want == me.left { 0.0 } else { reach - f32::from(room) * STRIP_M };
        let mut now = keep;
        if to != me.left {
            let a = look(rows, &beyond, i, to, strips, line, c, dt);
            let slow = (me.v + a.accel.max(-2.5) * dt).min(a.bound).max(0.0);
            if a.blocked || a.bound < me.v - 2.5f32.min(c.brake) * dt || !may_shift(rows, i, to, slow, c, &place) {
                to = me.left;
            } else {
                now = a;
            }
        }
        if me.is(HOLDER)
            && let Some(course) = vehicles.course(me.id)
        {
            now.accel = now.accel.min(course.accel);
            now.bound = now.bound.min(course.bound);
        }
        let courtesy = merging.courtesy(rows, beyond.ahead, i, c, || is_kept(plan, vehicles, me.flags, me.id), dt);
        now.accel = now.accel.min(courtesy.accel);
        for zone in &road.hindrances.zones {
            now.accel = now.accel.min(slow_zone(zone, &me, &c.driver));
        }
        let accel = now.accel.min(free_accel(&c.driver, 0.0)).max(-c.brake);
        let v = (me.v + accel * dt).min(now.bound).max(0.0);
        let row = &mut rows[i];
        row.before = me.s;
        row.accel = (v - me.v) / dt;
        row.v = v;
        row.s = me.s + v * dt;
        row.left = to;
        row.right = to + c.strips;
        row.want = want;
        row.set(ASKS, asks);
        row.onto = if to == onto { NO_LANE } else { onto };
        row.set(LETS_IN, courtesy.lets_in);
        row.rest = rest;
    }
    sort(rows);
}
