//! The link a request leads to: how much room it takes there, and where across it there is some.

use super::{
    requests::{Request, room_needed},
    room::{Queue, Room, is_shut, is_unclaimed},
};
use crate::{ground::Ground, ids::LinkId, network::Turn, plan::SEAM_M};

/// The way out of the junction that a request asks for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exit {
    pub(super) link: LinkId,
    /// Position of the link in the route.
    pub(super) route_leg: usize,
    /// Room it takes there.
    room: Room,
    /// Too short for it: the next junction must be granted with it.
    pub(super) is_short: bool,
    /// Whether it is the next piece of the same road: no room is asked for there, one stands over the boundary as well as anywhere else.
    is_seam: bool,
}

impl Exit {
    pub(super) fn of(g: &Ground, r: &Request) -> Self {
        let link = g.plan.network.movement(r.movement).to;
        let length = g.plan.network.link(link).length_m;
        let trip = &g.plan.trips[r.id.index()];
        let route_leg = route_leg(g, r);
        let goal = (route_leg + 1 == g.plan.route(r.id).len()).then_some(trip.destination.pos_m);
        let room = room_needed(g, r, goal);
        let is_seam = g.plan.is_seam(r.movement);
        Self { link, route_leg, room, is_short: !is_seam && length < room.length && goal.is_none(), is_seam }
    }

    /// The first strip it will cover at the start of the exit, where there is room; `None` if there is none.
    pub(super) fn landing(&self, g: &Ground, r: &Request) -> Option<i16> {
        let plan = g.plan;
        let movement = plan.network.movement(r.movement);
        let width = r.right - r.left;
        let (from_lo, from_hi) = plan.lane_strips(r.link, &movement.from_lanes);
        let (to_lo, to_hi) = plan.lane_strips(self.link, &movement.to_lanes);
        let highest = (plan.strips[self.link.index()] - width).max(0);
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
            let next = plan.movement_after(r.id, self.route_leg).map(|m| plan.network.movement(m).from_lanes.clone());
            let lanes = movement.to_lanes.clone();
            let count_lanes = f32::from(lanes.end - lanes.start);
            let mut order: Vec<u8> = lanes.clone().collect();
            let here = f32::from(lanes.start) + (share.clamp(0.0, 1.0) * (count_lanes - 1.0)).round();
            let class = plan.class_of(r.id);
            let closed = |n: u8| !plan.network.link(self.link).lanes[usize::from(n)].access.contains(class);
            let fits = |n: u8| next.as_ref().is_none_or(|next| next.contains(&n));
            order.sort_by_key(|n| (closed(*n), !fits(*n), (f32::from(*n) - here).abs().to_bits()));
            // Where everybody keeps to the lanes of the next movement there is no other to land in.
            let own = |n: &u8| fits(*n) && !closed(*n);
            if plan.config.discipline.own_lanes && order.iter().any(own) {
                order.retain(own);
            }
            for n in order {
                let (lo, hi) = plan.lane_strips(self.link, &(n..n + 1));
                add((lo + (hi - lo - width) / 2).clamp(0, highest));
            }
        } else {
            let at = to_lo + (share.clamp(0.0, 1.0) * f32::from((to_hi - to_lo - width).max(0))).round() as i16;
            let clip = |left: i16| left.clamp(to_lo, (to_hi - width).max(to_lo)).clamp(0, highest);
            for aside in [0, -8, 8, -16, 16] {
                add(clip(at + aside));
            }
        }
        let road = &g.roads[self.link.index()];
        let mut queue = None;
        options[..count].iter().copied().find(|left| {
            let band = (*left, *left + width);
            if is_shut(road, band, r.class) {
                false
            } else if self.is_seam {
                true
            } else if self.is_short {
                is_unclaimed(road, band, r.class)
            } else {
                queue.get_or_insert_with(|| self.queue(g, r, usize::MAX)).has(band, self.room)
            }
        })
    }

    /// How those on the link and those who come onto it would stand who are before `position` in the order of right of way.
    fn queue(&self, g: &Ground, r: &Request, position: usize) -> Queue {
        let holders = &g.crossings[r.junction.index()].holders;
        let mut queue = Queue::of(g, self.link, r.class);
        queue.add_promised(g, self.link, &holders[..position.min(holders.len())]);
        queue
    }

    /// Whether those from `position` on in the order of right of way keep the room that they were promised if who asks comes before them, on the strips from
    /// `left` on.
    pub(super) fn leaves_room(&self, g: &Ground, r: &Request, left: i16, position: usize) -> bool {
        let holders = &g.crossings[r.junction.index()].holders;
        if self.is_seam || position >= holders.len() {
            return true;
        }
        let mut queue = self.queue(g, r, position);
        queue.add((left, left + r.right - r.left), self.room) && queue.add_promised(g, self.link, &holders[position..])
    }
}

/// Position in the route of the link that the request leads to.
fn route_leg(g: &Ground, r: &Request) -> usize {
    let side = &g.vehicles.side[r.id.index()];
    let ahead =
        if r.on_link { 0 } else { side.course.as_ref().map_or(0, |c| c.legs[c.at + 1..].iter().filter(|l| l.link().is_some()).count()) };
    side.leg as usize + ahead + 1
}
