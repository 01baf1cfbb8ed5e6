//! Arbitration: who gets which grant in this step, and at which place in the order of right of way.

use super::{
    Course, Leg, Path, Place, Touch, Yield, owed,
    requests::{Request, is_behind_others, request_at_end, requests, room_needed},
    revoke::revoke,
    room::{is_empty, is_free, promised, room_of},
};
use crate::{
    ground::Ground,
    ids::{LinkId, VehicleId},
    kinematics::stop_m,
    network::Turn,
    segment::{HOLDER, Promise},
    strips::{STRIP_M, overlap},
};

/// Free space kept between corridors of different movements, metres.
const MARGIN_M: f32 = 0.25;
/// The same within one movement, where vehicles go side by side as on the link: none, less rounding.
const MARGIN_SAME_M: f32 = -0.005;
/// So much too short the way behind somebody who is followed may be told, metres.
const COARSE_M: f32 = 2.0;
/// A way straight on that is shorter than this has no room to move sideways, metres.
const SEAM_M: f32 = 6.0;
/// Who must give way decides only this near to the line, metres beyond its own braking distance (assumed).
const DECIDE_M: f32 = 8.0;
/// After this waiting time drivers begin to accept smaller gaps, seconds (assumed) …
const PATIENT_S: f32 = 10.0;
/// … down to this share of them (assumed) …
const LEAST_GAP: f32 = 0.5;
/// … reached after this much longer, seconds (assumed).
const IMPATIENT_AFTER_S: f32 = 60.0;

/// Decides all requests of this step.
pub(crate) fn arbitrate(g: &mut Ground) {
    for request in requests(g) {
        let granted = attempt(g, &request, false);
        let side = &mut g.vehicles.side[request.id.index()];
        if granted {
            side.waited = 0.0;
        } else if request.v < 1.0 {
            side.waited += g.plan.dt;
        }
    }
}

/// A holder that the newcomer's corridor touches.
struct Dispute {
    position: usize,
    id: VehicleId,
    /// Index of its leg.
    leg: usize,
    follows: bool,
    newcomer_first: bool,
    /// What the newcomer owes the holder; or the holder the newcomer, if that goes first.
    owed: Touch,
}

/// Gives the grant if it can be given. `strict`: only if nobody else disputes any of it.
fn attempt(g: &mut Ground, r: &Request, strict: bool) -> bool {
    if is_behind_others(g, r) {
        return false;
    }
    let movement = g.plan.network.movement(r.movement);
    let exit = movement.to;
    let length = g.plan.network.link(exit).length_m;
    let trip = &g.plan.trips[r.id.index()];
    let route_leg = exit_leg(g, r);
    let goal = (route_leg + 1 == trip.route.len()).then_some(trip.destination.pos_m);
    let need = room_needed(g, r, goal);
    let is_short = length < need && goal.is_none();
    let Some(left) = landing(g, r, exit, route_leg, need, length, is_short) else { return false };
    let width = r.right - r.left;
    let middle = |left: i16| (f32::from(left) + f32::from(width) * 0.5) * STRIP_M;
    // A quick look by movements first: who must wait anyhow need not compute a path.
    if gives_way_at_once(g, r) {
        return false;
    }
    // Who is in the order already (its tail has yet to leave, and its way leads back) keeps its place there: nobody is asked to make room.
    let strict = strict || g.vehicles.course(r.id).is_some_and(|c| c.goes_through(r.junction));
    let centre = g.plan.network.junction(r.junction).centre;
    let path = Path::new(&g.plan.ends[r.movement.index()], centre, middle(r.left), middle(left));
    let Some(disputes) = disputes(g, r, exit, (left, left + width), &path) else { return false };
    if (strict && !disputes.is_empty()) || (is_short && disputes.iter().any(|d| d.newcomer_first)) {
        return false;
    }
    let holders = &g.crossings[r.junction.index()].holders;
    let position = disputes.iter().filter(|d| d.newcomer_first).map(|d| d.position).min().unwrap_or(holders.len());
    if disputes.iter().any(|d| !d.newcomer_first && d.position > position) {
        return false;
    }
    let start = commit(g, r, exit, left, path, position, disputes);
    if is_short && trip.route.get(route_leg + 1).is_some_and(|next| !g.plan.is_ferry(*next)) {
        let beyond = request_at_end(g, r.id);
        if !beyond.is_some_and(|next| attempt(g, &next, true)) {
            let leg = g.vehicles.course(r.id).and_then(|c| c.legs_in(r.junction).find(|leg| c.legs[*leg].start == start));
            if let Some(leg) = leg {
                revoke(g, r.id, leg);
            }
            return false;
        }
    }
    true
}

/// Position in the route of the link that the request leads to.
fn exit_leg(g: &Ground, r: &Request) -> usize {
    let side = &g.vehicles.side[r.id.index()];
    let ahead =
        if r.on_link { 0 } else { side.course.as_ref().map_or(0, |c| c.legs[c.at + 1..].iter().filter(|l| l.link().is_some()).count()) };
    side.leg as usize + ahead + 1
}

/// The first strip it will cover at the start of the exit, where there is room; `None` if there is none.
fn landing(g: &Ground, r: &Request, exit: LinkId, route_leg: usize, need: f32, length: f32, is_short: bool) -> Option<i16> {
    let plan = g.plan;
    let movement = plan.network.movement(r.movement);
    let width = r.right - r.left;
    let (from_lo, from_hi) = plan.lane_strips(r.link, &movement.from_lanes);
    let (to_lo, to_hi) = plan.lane_strips(exit, &movement.to_lanes);
    let highest = (plan.strips[exit.index()] - width).max(0);
    let mut options = [0i16; 6];
    let mut count = 0;
    let mut add = |left: i16| {
        if count < options.len() && !options[..count].contains(&left) {
            options[count] = left;
            count += 1;
        }
    };
    let body = &plan.bodies[usize::from(r.class)];
    let share = f32::from(r.left - from_lo) / f32::from((from_hi - from_lo - width).max(1));
    if movement.turn == Turn::Through && plan.path_length(r.movement) < SEAM_M {
        // A seam of a road rather than a junction: everybody goes straight on.
        add((r.left + to_lo - from_lo).clamp(0, highest));
    } else if body.keeps_lane {
        let next = plan.movement_after(r.id, route_leg).map(|m| plan.network.movement(m).from_lanes.clone());
        let lanes = movement.to_lanes.clone();
        let count_lanes = f32::from(lanes.end - lanes.start);
        let mut order: Vec<u8> = lanes.clone().collect();
        let here = f32::from(lanes.start) + (share.clamp(0.0, 1.0) * (count_lanes - 1.0)).round();
        let class = plan.trips[r.id.index()].class;
        let closed = |n: u8| !plan.network.link(exit).lanes[usize::from(n)].access.contains(class);
        let fits = |n: u8| next.as_ref().is_none_or(|next| next.contains(&n));
        order.sort_by_key(|n| (closed(*n), !fits(*n), (f32::from(*n) - here).abs().to_bits()));
        for n in order {
            let (lo, hi) = plan.lane_strips(exit, &(n..n + 1));
            add((lo + (hi - lo - width) / 2).clamp(0, highest));
        }
    } else {
        let at = to_lo + (share.clamp(0.0, 1.0) * f32::from((to_hi - to_lo - width).max(0))).round() as i16;
        let clip = |left: i16| left.clamp(to_lo, (to_hi - width).max(to_lo)).clamp(0, highest);
        for aside in [0, -8, 8, -16, 16] {
            add(clip(at + aside));
        }
    }
    let road = &g.roads[exit.index()];
    options[..count].iter().copied().find(|left| {
        let band = (*left, *left + width);
        let promised = promised(road, band);
        if is_short { promised == 0.0 && is_empty(road, band) } else { is_free(plan, road, length, band, need + promised) }
    })
}

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
fn is_too_near(g: &Ground, r: &Request, c: &Course, leg: usize) -> bool {
    let way = (c.legs[leg].start - c.front) as f32;
    time_to(way, c.v) - time_to(r.way, r.v) < accepted_gap(g, r)
}

/// Whether a movement of better rank that meets this one has a holder too near, seen in the middle of their lanes; or the line is still too far to tell.
fn gives_way_at_once(g: &Ground, r: &Request) -> bool {
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

/// Whether two on one movement with straight paths go beside each other all the way: apart by two strips and in the same order at both ends.
fn side_by_side(r: &Request, c: &Course, leg: usize, landing: (i16, i16)) -> bool {
    let (Some(before), Some(after)) = (leg.checked_sub(1).and_then(|i| c.legs.get(i)), c.legs.get(leg + 1)) else { return false };
    let kerbside = before.right + 2 <= r.left && after.right + 2 <= landing.0;
    let inside = r.right + 2 <= before.left && landing.1 + 2 <= after.left;
    kerbside || inside
}

/// Every holder whose corridor the newcomer's touches, with who goes first; `None` if the newcomer has to wait at its line.
fn disputes(g: &Ground, r: &Request, exit: LinkId, landing: (i16, i16), path: &Path) -> Option<Vec<Dispute>> {
    let plan = g.plan;
    let mut found = Vec::new();
    let holders = g.crossings[r.junction.index()].holders.iter().enumerate().filter(|(_, id)| **id != r.id);
    let legs = holders.filter_map(|(position, id)| Some((position, id, g.vehicles.course(*id)?)));
    for (position, id, c, leg) in legs.flat_map(|(position, id, c)| c.legs_in(r.junction).map(move |leg| (position, id, c, leg))) {
        let Place::Junction { movement, path: other, .. } = &c.legs[leg].place else { continue };
        let same_link = plan.network.movement(*movement).from == r.link;
        let same_movement = *movement == r.movement;
        // Whether the movements meet between the middles of their lanes says nothing here: a swarm fills the whole carriageway, so every
        // pair is judged by its own two paths.
        if same_movement && path.is_straight() && other.is_straight() && side_by_side(r, c, leg, landing) {
            continue;
        }
        let (mine, theirs) = (&plan.bodies[usize::from(r.class)], &plan.bodies[usize::from(c.class)]);
        let margin = if same_movement { MARGIN_SAME_M } else { MARGIN_M };
        let reach = (mine.width + theirs.width) * 0.5 + margin;
        let rear = (c.rear() - c.legs[leg].start) as f32;
        let follows = same_link || c.legs.get(leg + 1).and_then(Leg::link) == Some(exit);
        let Some(mut touch) = owed(other, path, reach, rear, if follows { COARSE_M } else { 0.0 }) else { continue };
        let mut newcomer_first = false;
        let better = plan.network.movement(*movement).priority.0 < r.priority;
        if better && c.at < leg && !same_link {
            // It may go first only if the other can yield in comfort, and has made no plans beyond.
            let Some(back) = owed(path, other, reach, 0.0, 0.0) else { continue };
            let limit = back.limit_at(0.0).unwrap_or(0.0);
            let free = (c.legs[leg].start - c.front) as f32 + limit;
            let comes_once = c.legs_in(r.junction).nth(1).is_none();
            let can_yield = comes_once && stop_m(c.v, theirs.comfort, plan.dt) + 2.0 * c.v * plan.dt <= free && c.legs.len() == leg + 2;
            if is_too_near(g, r, c, leg) || !can_yield {
                return None;
            }
            newcomer_first = true;
            touch = back;
        }
        found.push(Dispute { position, id: *id, leg, follows, newcomer_first, owed: touch });
    }
    Some(found)
}

/// Writes the grant down. Returns where on the course its leg in the junction begins.
fn commit(g: &mut Ground, r: &Request, exit: LinkId, left: i16, path: Path, position: usize, disputes: Vec<Dispute>) -> f64 {
    let width = r.right - r.left;
    if r.on_link
        && let Some(i) = g.roads[r.link.index()].find(r.id)
    {
        let row = &mut g.roads[r.link.index()].rows[i];
        row.flags |= HOLDER;
        row.want = row.left;
        let row = *row;
        let link_length = g.plan.network.link(r.link).length_m;
        let side = &mut g.vehicles.side[r.id.index()];
        let start = side.begins;
        side.course.get_or_insert_with(|| {
            Box::new(Course {
                legs: vec![Leg { start, length: link_length, left: row.left, right: row.right, place: Place::Link(r.link) }],
                at: 0,
                front: start + f64::from(row.s),
                v: row.v,
                last_accel: row.accel,
                moved: row.s - row.before,
                length: row.length,
                class: row.class,
                accel: f32::INFINITY,
                bound: f32::INFINITY,
            })
        });
    }
    let start = g.vehicles.course(r.id).map_or(0.0, |c| c.last().end());
    let mut yields = Vec::new();
    for d in disputes {
        if d.newcomer_first {
            let Some(course) = g.vehicles.course_mut(d.id) else { continue };
            if let Place::Junction { yields, .. } = &mut course.legs[d.leg].place {
                let body = &g.plan.bodies[usize::from(r.class)];
                let (length, width) = (body.length, body.width);
                yields.push(Yield { to: r.id, leg: start, length, width, follows: d.follows, touch: d.owed });
            }
        } else {
            let Some(course) = g.vehicles.course(d.id) else { continue };
            let (leg, length, width) = (course.legs[d.leg].start, course.length, g.plan.bodies[usize::from(course.class)].width);
            yields.push(Yield { to: d.id, leg, length, width, follows: d.follows, touch: d.owed });
        }
    }
    let Some(course) = g.vehicles.course_mut(r.id) else { return start };
    let in_junction = Leg {
        start,
        length: path.length(),
        left: 0,
        right: 0,
        place: Place::Junction { junction: r.junction, movement: r.movement, path, yields },
    };
    let end = in_junction.end();
    course.legs.push(in_junction);
    let length = g.plan.network.link(exit).length_m;
    course.legs.push(Leg { start: end, length, left, right: left + width, place: Place::Link(exit) });
    let room = room_of(g.plan, r.class);
    g.roads[exit.index()].promise(Promise { id: r.id, left, right: left + width, room });
    debug_assert!(overlap(left, left + width, 0, g.plan.strips[exit.index()]));
    let holders = &mut g.crossings[r.junction.index()].holders;
    if !holders.contains(&r.id) {
        holders.insert(position, r.id);
    }
    start
}
