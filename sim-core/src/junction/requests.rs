//! Who asks for a grant in this step.

use super::{Place, room::Room};
use crate::{
    frame::Light,
    ground::Ground,
    ids::{JunctionId, LinkId, MovementId, VehicleId},
    kinematics::Driver,
    manner::Manner,
    segment::{BLUE, HOLDER, LAST, OVER, Road},
    strips::overlap,
};

/// A wish to cross a junction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    pub(super) junction: JunctionId,
    pub(super) movement: MovementId,
    pub(super) id: VehicleId,
    /// The link at whose end it is made.
    pub(super) link: LinkId,
    /// From its front to the line, metres.
    pub(super) way: f32,
    pub(super) v: f32,
    /// The strips it covers at the line.
    pub(super) left: i16,
    pub(super) right: i16,
    pub(super) class: u8,
    /// Whether its front is on `link` already, as a row.
    pub(super) on_link: bool,
    /// Rank of its movement; behind all others against red.
    pub(super) priority: u8,
    /// Whether it would pass the line against red.
    pub(super) against_red: bool,
    /// Whether it has blue light: others let it go first if they can.
    pub(super) blue: bool,
}

/// More requests from one link are not looked at in one step.
const MOST_PER_LINK: usize = 64;

/// From how far a grant is asked for: where a line without one would begin to make the driver brake.
fn asking_distance(d: &Driver, v: f32, dt: f32) -> f32 {
    5.0 + v * (d.headway + 2.0 * dt) + v * v * d.half_inv_sqrt_ab * 1.05
}

/// All requests, in the order in which they are decided: by junction, rank, time to the line, id.
pub(super) fn requests(g: &Ground) -> Vec<Request> {
    let mut all = Vec::new();
    for (l, road) in g.roads.iter().enumerate() {
        if road.rows.is_empty() {
            continue;
        }
        from_link(g, LinkId::from_index(l), road, &mut all);
    }
    for &id in &g.vehicles.on_course {
        all.extend(beyond_course(g, id));
    }
    all.sort_by_key(|r| (r.junction, !r.blue, r.priority, (r.way.max(0.0) / r.v.max(1.0)).to_bits(), r.id));
    all
}

/// Nobody asks for a grant from farther away, metres (assumed).
pub(crate) const FARTHEST_GRANT_M: f32 = 200.0;
/// Rank of those who pass red without blue light.
const LAST_RANK: u8 = 9;

fn is_green(g: &Ground, movement: MovementId) -> bool {
    matches!(g.lights.of[movement.index()], None | Some(Light::Green))
}

/// Whether a grant may be asked for under the present light.
fn open(g: &Ground, movement: MovementId, id: VehicleId) -> bool {
    is_green(g, movement) || g.plan.manner[id.index()].passes_red()
}

fn rank(g: &Ground, movement: MovementId, blue: bool) -> u8 {
    if blue || is_green(g, movement) { g.plan.network.movement(movement).priority.0 } else { LAST_RANK }
}

fn from_link(g: &Ground, link: LinkId, road: &Road, all: &mut Vec<Request>) {
    let length = g.plan.network.link(link).length_m;
    let before = all.len();
    for row in &road.rows {
        let way = length - row.s;
        if way > FARTHEST_GRANT_M || all.len() - before >= MOST_PER_LINK {
            break;
        }
        if row.is(HOLDER | LAST | OVER) || row.next == u32::MAX || row.halt.is_finite() {
            continue;
        }
        if road.hindrances.blocks.iter().any(|b| b.is_for(row.class) && row.s < b.from && overlap(b.left, b.right, row.left, row.right)) {
            continue;
        }
        let movement = MovementId(row.next);
        let body = &g.plan.bodies[usize::from(row.class)];
        if way > asking_distance(&body.driver, row.v, g.plan.dt) || !open(g, movement, row.id) {
            continue;
        }
        let m = g.plan.network.movement(movement);
        let blue = row.is(BLUE);
        all.push(Request {
            junction: m.junction,
            movement,
            id: row.id,
            link,
            way,
            v: row.v,
            left: row.left,
            right: row.right,
            class: row.class,
            on_link: true,
            priority: rank(g, movement, blue),
            against_red: !is_green(g, movement),
            blue,
        });
    }
}

/// The request of a holder for the junction after the last it was granted, while it is not yet on the link between.
pub(super) fn beyond_course(g: &Ground, id: VehicleId) -> Option<Request> {
    let course = g.vehicles.course(id)?;
    let last = course.last();
    if course.at + 1 >= course.legs.len() {
        return None;
    }
    let way = (last.end() - course.front) as f32;
    let body = &g.plan.bodies[usize::from(course.class)];
    if way > asking_distance(&body.driver, course.v, g.plan.dt) {
        return None;
    }
    request_at_end(g, id)
}

/// The request of a holder at the end of its course, however far away.
pub(super) fn request_at_end(g: &Ground, id: VehicleId) -> Option<Request> {
    let side = &g.vehicles.side[id.index()];
    let course = side.course.as_deref()?;
    let last = course.last();
    let link = last.link()?;
    let legs_ahead = course.legs[course.at + 1..].iter().filter(|l| l.link().is_some()).count();
    let route_leg = side.leg as usize + legs_ahead;
    let route = g.plan.route(id);
    if g.plan.is_ferry(*route.get(route_leg + 1)?) {
        return None;
    }
    let movement = g.plan.movement_after(id, route_leg)?;
    if g.plan.next_halt(id, route_leg, 0.0, false).is_finite() {
        return None;
    }
    if !open(g, movement, id) {
        return None;
    }
    let m = g.plan.network.movement(movement);
    let blue = g.plan.manner[id.index()].is(Manner::BLUE);
    Some(Request {
        junction: m.junction,
        movement,
        id,
        link,
        way: (last.end() - course.front) as f32,
        v: course.v,
        left: last.left,
        right: last.right,
        class: course.class,
        on_link: false,
        priority: rank(g, movement, blue),
        against_red: !is_green(g, movement),
        blue,
    })
}

/// Whether somebody without a grant is, or will be, between the one who asks and the line.
pub(super) fn is_behind_others(g: &Ground, r: &Request) -> bool {
    let road = &g.roads[r.link.index()];
    for row in &road.rows {
        if row.id == r.id {
            break;
        }
        if overlap(row.left, row.right, r.left, r.right) && !row.is(HOLDER | LAST) {
            return true;
        }
    }
    if r.on_link {
        return false;
    }
    if g.plan.joints.before(r.link).is_some() {
        return is_behind_on_pieces(g, r);
    }
    // Not on the link yet: those who come onto it before it must hold the next grant too.
    let Some(course) = g.vehicles.course(r.id) else { return true };
    let leg = course.legs.len() - 2;
    let Place::Junction { junction, .. } = course.legs[leg].place else { return true };
    for other in g.crossings[junction.index()].holders.iter().take_while(|h| **h != r.id) {
        let Some(c) = g.vehicles.course(*other) else { continue };
        // Only the last leg in a junction can be the last of all.
        let Some(exit) = c.legs_in(junction).last().map(|i| i + 1) else { continue };
        let leg = &c.legs[exit];
        if c.at < exit && leg.link() == Some(r.link) && overlap(leg.left, leg.right, r.left, r.right) && c.legs.len() == exit + 1 {
            return true;
        }
    }
    false
}

/// Whether somebody without the grant is between the one who asks, from a piece behind, and the link.
fn is_behind_on_pieces(g: &Ground, r: &Request) -> bool {
    let holds = |id: VehicleId| g.vehicles.course(id).is_some_and(|c| c.goes_through(r.junction));
    let (mut link, Some(me)) = (r.link, g.vehicles.course(r.id)) else { return true };
    let here = me.legs[me.at].link();
    while let Some(before) = g.plan.joints.before(link) {
        for row in &g.roads[before.index()].rows {
            if row.id == r.id {
                return false;
            }
            if overlap(row.left, row.right, r.left, r.right) && !row.is(LAST) && !holds(row.id) {
                return true;
            }
        }
        link = before;
        if Some(link) == here {
            return false;
        }
    }
    // Not on the first of the pieces yet: it asks when it is.
    true
}

/// Whether so many without a grant are before it that it is not worth preparing for it to get one in this step.
pub(super) fn is_far_behind_others(g: &Ground, r: &Request) -> bool {
    let rows = g.roads[r.link.index()].rows.iter().take_while(|row| row.id != r.id);
    rows.filter(|row| overlap(row.left, row.right, r.left, r.right) && !row.is(HOLDER | LAST)).nth(1).is_some()
}

/// Room one vehicle needs at its exit: less if its journey ends before.
pub(super) fn room_needed(g: &Ground, r: &Request, goal: Option<f32>) -> Room {
    let full = Room::of(g.plan, r.class);
    let Some(goal) = goal else { return full };
    let whole = full.whole_m().min(goal + 0.5);
    let length = full.length.min(whole);
    Room { length, gap: whole - length }
}
