//! Phase 1: trips whose time has come enter where there is room; the rest wait in a queue that is counted as delay.

use crate::{
    class::BRAKE_HARDEST_MPS2,
    draw::{self, Draw},
    ground::Ground,
    ids::VehicleId,
    kinematics::{safe_speed, stop_m, way_speed},
    manner::Manner,
    plan::Plan,
    segment::{BLUE, FERRY, HOLDER, LANE_CHOICE_M, LAST, NO_LANE, Road, Row},
    strips::overlap,
};

/// So many waiting trips of one link are tried in a step.
const TRIED: usize = 8;

/// Queues the trips whose time has come and lets in whom there is room for.
pub(crate) fn release(g: &mut Ground, next_departure: &mut usize, ferry_queue: &mut Vec<VehicleId>) {
    while let Some(id) = g.plan.by_departure.get(*next_departure).copied() {
        let trip = &g.plan.trips[id.index()];
        if trip.depart_s > g.now {
            break;
        }
        *next_departure += 1;
        if !g.plan.orders.sets_out(g.plan, id) {
            continue;
        }
        g.meter.waits(id);
        if g.plan.is_ferry(trip.origin.link) {
            g.meter.enters(g.plan, id, trip.origin.link, g.now);
            ferry_queue.push(id);
        } else {
            g.roads[trip.origin.link.index()].waiting.push_back(id);
        }
    }
    for l in 0..g.roads.len() {
        let mut i = 0;
        let mut tried = 0;
        while tried < TRIED && i < g.roads[l].waiting.len() {
            tried += 1;
            let id = g.roads[l].waiting[i];
            let pos_m = g.plan.trips[id.index()].origin.pos_m;
            if enter(g.plan, g.roads[l], id, 0, pos_m) {
                g.roads[l].waiting.remove(i);
                g.meter.enters(g.plan, id, g.plan.trips[id.index()].origin.link, g.now);
            } else {
                i += 1;
            }
        }
    }
}

/// The strips a vehicle should be on: those its next halt is made from, or else its next movement.
pub(crate) fn band_on(plan: &Plan, id: VehicleId, leg: usize, halt: f32) -> (i16, i16) {
    let link = plan.route(id)[leg];
    // A road that is cut into pieces has the same lanes all along.
    let last = plan.joints.last_piece(plan.route(id), leg);
    let of_movement =
        || plan.movement_after(id, last).map(|m| plan.lane_strips(plan.route(id)[last], &plan.network.movement(m).from_lanes));
    let of_halt = if halt.is_finite() { plan.halt_band(id, leg, halt) } else { None };
    of_halt.or_else(of_movement).unwrap_or((0, plan.strips[link.index()]))
}

/// The row of a vehicle on the `leg`-th link of its route.
pub(crate) fn row_on(plan: &Plan, id: VehicleId, leg: usize, s: f32, v: f32, left: i16) -> Row {
    let trip = &plan.trips[id.index()];
    let link = plan.route(id)[leg];
    let body = plan.body(id);
    let next = plan.route(id).get(leg + 1);
    let movement = plan.movement_after(id, leg);
    let halt = plan.next_halt(id, leg, s, false);
    let (mut flags, mut goal, mut next_id) = (0, f32::INFINITY, u32::MAX);
    match (next, movement) {
        (None, _) => {
            flags = LAST;
            // A car park is a place to halt at, and the trip ends when it is let in.
            goal = if plan.park_on(id, leg).is_some() { f32::INFINITY } else { trip.destination.pos_m };
        }
        (Some(next), _) if plan.is_ferry(*next) => flags = FERRY,
        (Some(_), Some(m)) => {
            next_id = m.0;
        }
        (Some(_), None) => unreachable!("a route was checked to be joined by movements"),
    }
    if plan.manner[id.index()].is(Manner::BLUE) {
        flags |= BLUE;
    }
    Row {
        s,
        v,
        length: body.length,
        left,
        right: left + body.strips,
        want: left,
        onto: NO_LANE,
        class: trip.class.index() as u8,
        kind: plan.kind_on(id, trip.class.index() as u8, link),
        flags,
        next: next_id,
        band: band_on(plan, id, leg, halt),
        rest: 0.0,
        v0: plan.wish(id, link),
        halt,
        goal,
        before: s,
        accel: 0.0,
        id,
    }
}

/// Puts a vehicle on the road with its front near `pos_m` if nobody is harmed; whether it did.
pub(crate) fn enter(plan: &Plan, road: &mut Road, id: VehicleId, leg: usize, pos_m: f32) -> bool {
    let trip = &plan.trips[id.index()];
    let link = plan.route(id)[leg];
    let length = plan.network.link(link).length_m;
    let body = plan.body(id);
    let mut s = pos_m.max(body.length + 0.1).min(length - 0.05).max(0.0);
    if leg + 1 == plan.route(id).len() && s > plan.end_m(id) {
        s = pos_m.min(plan.end_m(id));
    }
    let (open_lo, open_hi) = plan.used_strips(link, id);
    let highest = (open_hi - body.strips).max(open_lo).min((plan.strips[link.index()] - body.strips).max(0));
    let mut places = [0i16; 6];
    let mut count = 0;
    let mut fitting = 0;
    if body.keeps_lane {
        // Lanes of the next movement first.
        let next = plan.movement_after(id, leg).map(|m| plan.network.movement(m).from_lanes.clone());
        let fits = |n: u8| next.as_ref().is_none_or(|next| next.contains(&n));
        for wanted in [true, false] {
            for (n, lane) in (0u8..).zip(&plan.network.link(link).lanes) {
                if lane.access.contains(trip.class) && fits(n) == wanted && count < places.len() {
                    let (lo, hi) = plan.lane_strips(link, &(n..n + 1));
                    places[count] = (lo + (hi - lo - body.strips) / 2).clamp(0, (plan.strips[link.index()] - body.strips).max(0));
                    count += 1;
                    fitting += usize::from(wanted);
                }
            }
        }
        // Where there is no way left to change lanes it waits for one of those.
        if fitting > 0 && (length - s < LANE_CHOICE_M || plan.config.discipline.own_lanes) {
            count = fitting;
        }
    }
    if count == 0 {
        let first = draw::uniform(plan.config.seed, Draw::EntryPosition, plan.keys[id.index()], 0) as f32;
        for (k, place) in places.iter_mut().enumerate() {
            let share = (first + k as f32 / 6.0).fract();
            *place = open_lo + (share * f32::from(highest - open_lo)) as i16;
        }
        count = places.len();
    }
    let at = |left: &i16| Some((*left, room(plan, road, s, *left, *left + body.strips, body.length, length, plan.wish(id, link), id)?));
    let freest = places[..fitting].iter().filter_map(at).reduce(|a, b| if b.1 > a.1 { b } else { a });
    let place = freest.or_else(|| places[fitting..count].iter().find_map(at));
    if let Some((left, v)) = place {
        road.insert(row_on(plan, id, leg, s, v, left));
    }
    place.is_some()
}

/// The speed at which a body may appear there, if there is room.
#[expect(clippy::too_many_arguments, reason = "a place and a body, each a few plain numbers")]
fn room(plan: &Plan, road: &Road, s: f32, left: i16, right: i16, body_length: f32, length: f32, wish: f32, id: VehicleId) -> Option<f32> {
    let (dt, body) = (plan.dt, plan.body(id));
    let mut v = (0.9 * wish).min(way_speed((length - s - 0.1).max(0.0), body.comfort, dt));
    let mut fit = v;
    let (lo, hi) = (left - 1, right + 1);
    let ahead = road.rows.iter().filter(|r| r.s >= s).map(|r| (r.rear(), r.v, r.left, r.right));
    let tails = road.shadows.iter().map(|o| (o.rear, o.v, o.left, o.right));
    let blocks = road.hindrances.blocks.iter().filter(|b| b.classes.contains(plan.trips[id.index()].class) && s - body_length < b.to);
    let blocks = blocks.map(|b| (b.from, 0.0, b.left, b.right));
    for (their_rear, their_v, l, r) in ahead.chain(tails).chain(blocks) {
        if !overlap(l, r, lo, hi) {
            continue;
        }
        let gap = their_rear - s - body.driver.gap0;
        if gap < 0.0 {
            return None;
        }
        // As whoever follows: sure to stop by braking as hard as it can, and at the headway it likes.
        let safe = safe_speed(gap, stop_m(their_v, BRAKE_HARDEST_MPS2, dt), body.brake, dt);
        v = v.min(safe).min(gap / body.driver.headway);
        fit = fit.min(their_v);
    }
    if plan.config.discipline.enters_standing {
        v = 0.0;
    } else if v < 0.95 * fit {
        // Nobody enters slower than those it would follow: gaps that open in speeding up hardly close again.
        return None;
    }
    can_stop_behind(plan, road, s, s - body_length, v, lo, hi).then_some(v)
}

/// Whether everybody who comes from behind can stop for a body that appears from `rear` to `s` on the strips from `lo` to `hi` at speed `v`.
pub(crate) fn can_stop_behind(plan: &Plan, road: &Road, s: f32, rear: f32, v: f32, lo: i16, hi: i16) -> bool {
    let dt = plan.dt;
    let way = stop_m(v, BRAKE_HARDEST_MPS2, dt);
    for row in road.rows.iter().filter(|r| r.s < s && overlap(r.left, r.right, lo, hi)) {
        let other = &plan.bodies[usize::from(row.class)];
        let gap = rear - row.s;
        if row.is(HOLDER) || gap < 0.5 || safe_speed(gap, way, other.brake, dt) < row.v - 0.7 * other.comfort * dt {
            return false;
        }
    }
    for o in road.incoming.iter().filter(|o| overlap(o.left, o.right, lo, hi)) {
        let other = &plan.bodies[usize::from(o.class)];
        let fastest = o.v + other.driver.accel * dt;
        let gap = o.distance + rear - fastest * dt;
        if o.beyond || rear < o.need || gap < 0.5 || stop_m(fastest, other.comfort, dt) > gap + way {
            return false;
        }
    }
    true
}
