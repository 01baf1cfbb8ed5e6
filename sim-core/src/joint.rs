//! Joints: where one piece of a road ends and the next begins, and nothing else. They are not to be noticed.
//!
//! A joint has one way in, one way out and the same cross-section and limits on both sides; it is shorter than any body. What a driver sees and does on one stretch
//! it sees and does across joints: whoever is on a piece has those on the pieces ahead before it ([`Ahead`](crate::segment) looks at them after its own link's
//! rows), whoever moves sideways looks at those on the pieces behind, and a grant is given for the asking and does not keep anybody in its strips.
//!
//! # Why nothing collides
//! All pieces move at the same time, so those on another piece are seen in the old state. Ahead they are taken to brake as hard as any class can in this very step,
//! like a tail that reaches into the link ([`safe_speed_old`](crate::kinematics::safe_speed_old)). Behind they are taken to accelerate as they like and, if they are
//! beside or come from behind on strips that are not shared yet, to move sideways as far as they can: of two who would take the same strips from both sides the one
//! ahead refrains.

use crate::{
    class::VehicleClass,
    ids::{LinkId, MovementId, VehicleId},
    junction::{Course, FARTHEST_GRANT_M, Path, Place},
    network::LinkKind,
    plan::{LONGEST_M, Plan},
    segment::{Follower, HOLDER, Road, SEEN_M, Shadow, TAIL},
    strips::STRIP_M,
    vehicles::Vehicles,
};

/// Whatever joins two pieces is shorter, metres: than any body, so that no two are between the pieces one behind the other.
const JOINT_M: f32 = 0.5;
/// From farther behind nobody has to brake hard for somebody who moves sideways, and nobody holds a grant, metres (as on one link).
const BEHIND_M: f32 = FARTHEST_GRANT_M + LONGEST_M;

/// Where a piece goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Joint {
    /// The next piece.
    pub(crate) to: LinkId,
    /// Metres between the two.
    pub(crate) way: f32,
}

/// All joints of a network.
#[derive(Clone, Debug, Default)]
pub(crate) struct Joints {
    /// By link that ends at one.
    at_end: Vec<Option<Joint>>,
    /// The piece before, by link that begins at one.
    before: Vec<Option<LinkId>>,
    /// From the end of each link to the end of the last piece of its road, metres.
    rest_m: Vec<f32>,
    /// By movement.
    is_joint: Vec<bool>,
    /// The links that end or begin at one.
    links: Vec<LinkId>,
}

impl Joints {
    /// Those of the network of `plan`.
    pub(crate) fn of(plan: &Plan) -> Self {
        let count = plan.network.links.len();
        let mut all = Self {
            at_end: vec![None; count],
            before: vec![None; count],
            rest_m: vec![0.0; count],
            is_joint: vec![false; plan.network.movements.len()],
            links: Vec::new(),
        };
        let mut into = vec![0u32; count];
        for movement in &plan.network.movements {
            into[movement.to.index()] += 1;
        }
        for l in 0..count {
            let from = LinkId::from_index(l);
            let mut out = plan.network.movements_from(from);
            let (Some(m), None) = (out.next(), out.next()) else { continue };
            let to = plan.network.movement(m).to;
            if into[to.index()] == 1 && from != to && is_joint(plan, m) {
                all.at_end[l] = Some(Joint { to, way: plan.path_length(m) });
                all.before[to.index()] = Some(from);
                all.is_joint[m.index()] = true;
            }
        }
        for l in 0..count {
            let mut at = l;
            // A ring of nothing but pieces has no last one.
            for _ in 0..count {
                let Some(joint) = all.at_end[at] else { break };
                at = joint.to.index();
                all.rest_m[l] += joint.way + plan.network.links[at].length_m;
            }
        }
        all.links = (0..count).filter(|l| all.at_end[*l].is_some() || all.before[*l].is_some()).map(LinkId::from_index).collect();
        all
    }

    /// The joint at the end of a link.
    #[inline]
    pub(crate) fn after(&self, link: LinkId) -> Option<Joint> {
        self.at_end[link.index()]
    }

    /// The piece before a link.
    #[inline]
    pub(crate) fn before(&self, link: LinkId) -> Option<LinkId> {
        self.before[link.index()]
    }

    /// From the end of a link to the end of the last piece of its road, metres.
    #[inline]
    pub(crate) fn rest_m(&self, link: LinkId) -> f32 {
        self.rest_m[link.index()]
    }

    /// Where in a route the road ends that its `leg`-th link is a piece of: at a junction, or where the route does.
    pub(crate) fn last_piece(&self, route: &[LinkId], leg: usize) -> usize {
        let ends = |i: &usize| i + 1 == route.len() || self.after(route[*i]).is_none();
        (leg..route.len()).find(ends).unwrap_or(leg)
    }

    /// Whether a movement is one.
    #[inline]
    pub(crate) fn is(&self, movement: MovementId) -> bool {
        self.is_joint[movement.index()]
    }

    /// Whether a course goes through nothing but joints: then it keeps nobody from moving sideways.
    pub(crate) fn leave_free(&self, course: &Course) -> bool {
        course.legs.iter().all(|leg| if let Place::Junction { movement, .. } = leg.place { self.is(movement) } else { true })
    }
}

/// Whether a movement, the only one between its links, joins two equal pieces.
fn is_joint(plan: &Plan, movement: MovementId) -> bool {
    let m = plan.network.movement(movement);
    let (a, b) = (plan.network.link(m.from), plan.network.link(m.to));
    let whole = |lanes: &std::ops::Range<u8>, count: usize| usize::from(lanes.start) == 0 && usize::from(lanes.end) == count;
    let roads = [a, b].iter().all(|l| matches!(l.kind, LinkKind::Road));
    roads
        && a.lanes.len() == b.lanes.len()
        && a.lanes.iter().zip(&b.lanes).all(|(a, b)| a.width_m == b.width_m && a.access == b.access)
        && a.width_m == b.width_m
        && VehicleClass::ALL.iter().all(|c| a.limits.of(*c) == b.limits.of(*c))
        && whole(&m.from_lanes, a.lanes.len())
        && whole(&m.to_lanes, b.lanes.len())
        && plan.path_length(movement) < JOINT_M
        && plan.is_seam(movement)
}

/// Writes down, for each piece, who is on the pieces ahead and behind, as they are now.
pub(crate) fn show(plan: &Plan, roads: &mut [&mut Road], vehicles: &Vehicles) {
    for &link in &plan.joints.links {
        let l = link.index();
        let (mut ahead, mut behind) = (std::mem::take(&mut roads[l].ahead), std::mem::take(&mut roads[l].behind));
        ahead.clear();
        behind.clear();
        if !roads[l].rows.is_empty() {
            look_ahead(plan, roads, link, &mut ahead);
            look_behind(plan, roads, vehicles, link, &mut behind);
        }
        (roads[l].ahead, roads[l].behind) = (ahead, behind);
    }
}

/// So far ahead a driver looks at a speed, metres.
#[inline]
pub(crate) fn horizon_m(v: f32) -> f32 {
    10.0 + 2.5 * v + v * v * 0.25
}

fn look_ahead(plan: &Plan, roads: &[&mut Road], link: LinkId, out: &mut Vec<Shadow>) {
    let length = plan.network.link(link).length_m;
    let reach = roads[link.index()].rows.iter().map(|r| r.s + horizon_m(r.v).max(SEEN_M)).fold(0.0, f32::max) + LONGEST_M;
    let (mut at, mut from) = (link, length);
    while let Some(joint) = plan.joints.after(at) {
        from += joint.way;
        at = joint.to;
        if from > reach || at == link {
            return;
        }
        let road = &roads[at.index()];
        for row in road.rows.iter().rev() {
            if from + row.s > reach {
                return;
            }
            // Who has entered here reaches back beside the road, not onto the piece before.
            let rear = from + if row.is(TAIL) { row.rear() } else { row.rear().max(0.0) };
            let soon = (row.v + row.accel * plan.dt).max(0.0);
            let (left, right, onto) = (row.left, row.right, row.onto);
            out.push(Shadow { id: row.id, length: row.length, class: row.class, rear, v: row.v, soon, left, right, onto });
        }
        if plan.joints.after(at).is_none() {
            // Tails of those who have left the last piece, wherever they reach.
            out.extend(road.shadows.iter().map(|s| Shadow { rear: from + s.rear, ..*s }));
        }
        from += plan.network.link(at).length_m;
    }
}

fn look_behind(plan: &Plan, roads: &[&mut Road], vehicles: &Vehicles, link: LinkId, out: &mut Vec<Follower>) {
    let (mut at, mut way) = (link, 0.0);
    while let Some(before) = plan.joints.before(at) {
        let length = plan.network.link(before).length_m;
        way += plan.joints.after(before).map_or(0.0, |j| j.way) + length;
        at = before;
        if at == link {
            return;
        }
        for row in &roads[at.index()].rows {
            let distance = way - row.s;
            if distance > BEHIND_M {
                return;
            }
            let body = &plan.bodies[usize::from(row.class)];
            let reach = (body.lateral.min(0.3 + 0.3 * row.v) * plan.dt / STRIP_M) as i16 + 1;
            out.push(Follower {
                distance,
                v: row.v,
                left: row.left,
                right: row.right,
                reach,
                class: row.class,
                holds: is_kept(plan, vehicles, row.flags, row.id),
            });
        }
    }
}

/// Whether a vehicle on a link holds a grant that keeps it in its strips, so that nobody may come between it and its junction.
#[inline]
pub(crate) fn is_kept(plan: &Plan, vehicles: &Vehicles, flags: u8, id: VehicleId) -> bool {
    flags & HOLDER != 0 && !vehicles.course(id).is_some_and(|c| plan.joints.leave_free(c))
}

/// Whether a vehicle on a link may not move sideways.
#[inline]
pub(crate) fn is_frozen(plan: &Plan, vehicles: &Vehicles, flags: u8, id: VehicleId) -> bool {
    flags & (HOLDER | TAIL) != 0 && !vehicles.course(id).is_some_and(|c| plan.joints.leave_free(c))
}

/// Moves a course that leaves free sideways, after its front moved to the strips from `left` on: its tail and its way ahead with it.
pub(crate) fn shift(plan: &Plan, roads: &mut [&mut Road], id: VehicleId, course: &mut Course, left: i16) {
    let by = left - course.legs[course.at].left;
    if by == 0 {
        return;
    }
    let at = course.at;
    let width = course.legs[at].right - course.legs[at].left;
    for (i, leg) in course.legs.iter_mut().enumerate() {
        match &mut leg.place {
            Place::Link(link) => {
                leg.left += by;
                leg.right += by;
                if i > at {
                    roads[link.index()].promise_elsewhere(id, leg.left, leg.right);
                }
            }
            Place::Junction { junction, movement, path, .. } => {
                let middle = (f32::from(left) + f32::from(width) * 0.5) * STRIP_M;
                *path = Path::new(&plan.ends[movement.index()], plan.network.junction(*junction).centre, middle, middle);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

    use super::*;
    use crate::{
        class::ClassTable,
        demand::{LinkPosition, Purpose, Trip},
        network::town::{Control, Town},
        segment::NO_LANE,
        simulation::{SimConfig, Simulation},
    };
    use std::collections::BTreeMap;

    /// Cars on both lanes of a road in pieces of 20 m that all turn left at its end, which one of the lanes does.
    fn to_the_left() -> Simulation {
        let mut town = Town::default();
        let mut last = town.node(0.0, 0.0, Control::End, 0.0);
        for piece in 0..16 {
            let radius_m = if piece == 15 { 5.0 } else { 0.05 };
            let node = town.node(400.0 + 20.0 * f64::from(piece), 0.0, Control::Priority, radius_m);
            town.one_way(format!("main{piece}"), last, node, 2, 3.5, true);
            last = node;
        }
        for (name, x, y, lanes) in [("straight", 1_100.0, 0.0, 2), ("left", 700.0, 400.0, 1)] {
            let end = town.node(x, y, Control::End, 0.0);
            town.one_way(name, last, end, lanes, 3.5, true);
        }
        let network = town.build().unwrap();
        let ways = network.links.iter().enumerate().filter(|(_, l)| l.ref_.as_str() != "straight");
        let route: std::sync::Arc<[LinkId]> = ways.map(|(l, _)| LinkId::from_index(l)).collect();
        let trip = |n: u32| Trip {
            ref_: format!("t{n:03}").as_str().into(),
            class: VehicleClass::Car,
            purpose: Purpose::Personal,
            depart_s: f64::from(n),
            origin: LinkPosition { link: route[0], pos_m: 0.0 },
            destination: LinkPosition { link: route[route.len() - 1], pos_m: 200.0 },
            route: route.clone(),
            halts: std::sync::Arc::default(),
        };
        Simulation::new(network, ClassTable::default(), (0..300).map(trip).collect(), vec![], SimConfig::default()).unwrap()
    }

    #[test]
    fn the_lane_that_one_must_come_onto_is_shown_to_those_behind_and_goes_with_it_over_joints() {
        let mut simulation = to_the_left();
        let now = |s: &Simulation| -> BTreeMap<VehicleId, (usize, i16)> {
            s.all::<Road>().iter().enumerate().flat_map(|(l, road)| road.rows.iter().map(move |r| (r.id, (l, r.onto)))).collect()
        };
        let (mut shown, mut carried) = (0, 0);
        for _ in 0..600 {
            let before = now(&simulation);
            simulation.step();
            for o in simulation.all::<Road>().iter().flat_map(|road| &road.ahead) {
                // Tails of those who have left the last piece have nothing to come onto.
                if o.onto != NO_LANE {
                    assert_eq!(before[&o.id].1, o.onto);
                    shown += 1;
                }
            }
            let is_carried = |(id, (link, onto)): (&VehicleId, &(usize, i16))| {
                *onto != NO_LANE && before.get(id).is_some_and(|(was, wished)| was != link && wished == onto)
            };
            carried += now(&simulation).iter().filter(|row| is_carried(*row)).count();
        }
        assert!(shown > 100 && carried > 10, "shown {shown} times, carried over {carried} joints");
    }
}
