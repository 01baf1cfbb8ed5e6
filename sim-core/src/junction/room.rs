//! Room at the exit: a junction is entered only by who can leave it again.

use super::Place;
use crate::{
    ground::Ground,
    ids::{LinkId, VehicleId},
    plan::{LONGEST_M, Plan},
    segment::{HOLDER, Road},
    sense::GOING_MPS,
    strips::overlap,
};

/// Slower than this counts as standing, m/s.
const STANDING_MPS: f32 = 1.0;

/// Room that one body takes in a queue.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Room {
    /// Of the body, metres.
    pub(crate) length: f32,
    /// To the one before it, metres; to a line there need not be any.
    pub(crate) gap: f32,
}

impl Room {
    pub(crate) fn of(plan: &Plan, class: u8) -> Self {
        let body = &plan.bodies[usize::from(class)];
        Self { length: body.length, gap: body.driver.gap0 }
    }

    /// Behind somebody, metres.
    pub(crate) fn whole_m(self) -> f32 {
        self.length + self.gap
    }
}

/// Whether `id`, on `link` or on its way there, will not stand on it: it moves, holds a grant for the junction behind it that no signal takes back, and waits
/// for nobody in it.
fn passes_through(g: &Ground, id: VehicleId, link: LinkId) -> bool {
    let Some(c) = g.vehicles.course(id).filter(|c| c.v >= GOING_MPS) else { return false };
    let Some(at) = c.legs.iter().rposition(|leg| leg.link() == Some(link)) else { return false };
    let Some(Place::Junction { movement, yields, .. }) = c.legs.get(at + 1).map(|leg| &leg.place) else { return false };
    g.plan.network.movement(*movement).group.is_none()
        && yields.iter().all(|y| {
            let other = g.vehicles.course(y.to);
            other.is_none_or(|o| (y.follows && o.v >= GOING_MPS) || y.touch.limit_at((o.rear() - y.leg) as f32).is_none())
        })
}

/// Nobody asks how the traffic farther ahead would stand, metres (assumed: as if the first there stood).
const LOOK_M: f32 = 100.0;

/// How those on a link would stand if all who move there closed up behind the first who stands, strip by strip: bodies that overlap sideways by a hand's breadth
/// stand one behind the other. Who passes through takes up nothing.
#[derive(Debug)]
pub(super) struct Queue {
    /// By strip, where the last rear would be, metres from the start of the link; infinite where nobody would stand.
    rear: Vec<f32>,
    /// Whoever has nobody before it stands here at the latest, metres from the start of the link.
    end: f32,
}

impl Queue {
    /// That of everybody on `link`, as a vehicle of a class finds it.
    pub(super) fn of(g: &Ground, link: LinkId, class: u8) -> Self {
        let (plan, road) = (g.plan, &g.roads[link.index()]);
        let length = plan.network.link(link).length_m;
        let mut queue = Self { rear: vec![f32::INFINITY; plan.strips[link.index()].max(1) as usize], end: length.min(LOOK_M) };
        for block in road.hindrances.blocks.iter().filter(|b| b.is_for(class)) {
            queue.end_at((block.left, block.right), block.from);
        }
        for tail in road.shadows.iter().filter(|s| s.v < STANDING_MPS) {
            queue.end_at((tail.left, tail.right), tail.rear);
        }
        for row in &road.rows[road.rows.partition_point(|r| r.s > LOOK_M + LONGEST_M)..] {
            let band = (row.left, row.right);
            if row.v < STANDING_MPS {
                queue.end_at(band, row.rear());
            } else if !(row.is(HOLDER) && passes_through(g, row.id, link)) {
                let body = &plan.bodies[usize::from(row.class)];
                queue.end_at(band, row.rear().max(queue.front(band, body.driver.gap0) - body.length));
            }
        }
        queue
    }

    /// Where the front of one would stand that keeps so far behind others, metres from the start of the link.
    fn front(&self, (left, right): (i16, i16), gap: f32) -> f32 {
        self.rear[self.strips(left, right)].iter().fold(self.end, |front, rear| front.min(*rear - gap))
    }

    fn end_at(&mut self, (left, right): (i16, i16), at: f32) {
        let strips = self.strips(left, right);
        self.rear[strips].iter_mut().for_each(|rear| *rear = rear.min(at));
    }

    /// Whether there is room for a body.
    pub(super) fn has(&self, band: (i16, i16), room: Room) -> bool {
        self.front(band, room.gap) >= room.length
    }

    /// Adds one, and tells whether there was room for it.
    pub(super) fn add(&mut self, band: (i16, i16), room: Room) -> bool {
        let has = self.has(band, room);
        self.end_at(band, self.front(band, room.gap) - room.length);
        has
    }

    fn strips(&self, left: i16, right: i16) -> std::ops::Range<usize> {
        let at = |strip: i16| (strip.max(0) as usize).min(self.rear.len());
        at(left)..at(right)
    }

    /// Adds those of `holders` who come onto `link` and will stand on it if they must, and tells whether all have the room that they were promised.
    pub(super) fn add_promised(&mut self, g: &Ground, link: LinkId, holders: &[VehicleId]) -> bool {
        let promised = &g.roads[link.index()].promised;
        let mut all = true;
        for id in holders {
            let from = promised.partition_point(|p| p.id < *id);
            for p in promised[from..].iter().take_while(|p| p.id == *id).filter(|p| !passes_through(g, p.id, link)) {
                all &= self.add((p.left, p.right), p.room);
            }
        }
        all
    }
}

/// Whether the band is closed to a class from the start of the link on: nobody is let in, and whoever holds a grant already drives in.
pub(super) fn is_shut(road: &Road, band: (i16, i16), class: u8) -> bool {
    road.hindrances.blocks.iter().any(|b| b.from <= 0.0 && b.is_for(class) && overlap(band.0, band.1, b.left, b.right))
}

/// Whether nobody at all is in the band, or on the way to it.
pub(super) fn is_unclaimed(road: &Road, band: (i16, i16), class: u8) -> bool {
    road.promised.iter().all(|p| !overlap(band.0, band.1, p.left, p.right))
        && road.rows.iter().all(|r| !overlap(band.0, band.1, r.left, r.right))
        && road.shadows.iter().all(|s| !overlap(band.0, band.1, s.left, s.right))
        && road.hindrances.blocks.iter().all(|b| !b.is_for(class) || !overlap(band.0, band.1, b.left, b.right))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A motorcycle: 1.9 m, and half a metre behind others.
    const MOTORCYCLE: Room = Room { length: 1.9, gap: 0.5 };

    fn empty(end: f32) -> Queue {
        Queue { rear: vec![f32::INFINITY; 26], end }
    }

    #[test]
    fn bodies_that_overlap_sideways_by_little_stand_one_behind_the_other() {
        // On average over its strips only a third of the way is taken from the second and the third.
        let mut queue = empty(6.0);
        assert!(queue.add((9, 15), MOTORCYCLE) && queue.add((13, 19), MOTORCYCLE));
        assert!(!queue.has((17, 23), MOTORCYCLE), "6 m are not enough for three of 2.4 m");
        assert!(queue.has((19, 25), MOTORCYCLE) && queue.has((0, 6), MOTORCYCLE), "beside them there is room");
    }

    #[test]
    fn before_a_line_no_gap_is_kept() {
        let truck = Room { length: 16.5, gap: 2.0 };
        assert!(empty(16.5).has((3, 23), truck) && !empty(16.4).has((3, 23), truck));
        let mut queue = empty(19.0);
        assert!(queue.add((0, 6), MOTORCYCLE) && !queue.has((3, 23), truck), "but behind somebody");
    }
}
