//! Room at the exit: a junction is entered only by who can leave it again.

use super::Place;
use crate::{
    ground::Ground,
    ids::{LinkId, VehicleId},
    plan::Plan,
    segment::{HOLDER, Road},
    sense::GOING_MPS,
    strips::share,
};

/// Slower than this counts as standing, m/s.
const STANDING_MPS: f32 = 1.0;

/// Room that one body takes in a queue, metres.
pub(crate) fn room_of(plan: &Plan, class: u8) -> f32 {
    let body = &plan.bodies[usize::from(class)];
    body.length + body.driver.gap0
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

/// Room that those on their way to the link, who will stand on it if they must, were promised in the band, metres.
pub(super) fn promised(g: &Ground, link: LinkId, band: (i16, i16)) -> f32 {
    let of_band = g.roads[link.index()].promised.iter().map(|p| (p, share(band.0, band.1, p.left, p.right)));
    of_band.filter(|(p, part)| *part > 0.0 && !passes_through(g, p.id, link)).map(|(p, part)| part * p.room).sum()
}

/// Whether `room_m` are free for a class at the start of the band, counting as if all who move there closed up behind the first who stands. Who passes
/// through takes up nothing.
pub(super) fn is_free(g: &Ground, link: LinkId, length_m: f32, band: (i16, i16), room_m: f32, class: u8) -> bool {
    let (plan, road) = (g.plan, &g.roads[link.index()]);
    let mut used = 0.0;
    let bodies = road
        .rows
        .iter()
        .rev()
        .map(|r| (r.rear(), r.v, r.left, r.right, room_of(plan, r.class), Some(r.id).filter(|_| r.is(HOLDER))))
        .chain(road.shadows.iter().map(|s| (s.rear, s.v, s.left, s.right, 0.0, None)))
        .chain(road.hindrances.blocks.iter().filter(|b| b.is_for(class)).map(|b| (b.from, 0.0, b.left, b.right, 0.0, None)));
    for (rear, v, left, right, need, holder) in bodies {
        let part = share(band.0, band.1, left, right);
        if part == 0.0 {
            continue;
        }
        if rear - used >= room_m {
            return true;
        }
        if v < STANDING_MPS {
            return false;
        }
        if !holder.is_some_and(|id| passes_through(g, id, link)) {
            used += need * part;
        }
    }
    length_m - used >= room_m
}

/// Whether the band is closed to a class from the start of the link on: nobody is let in, and whoever holds a grant already drives in.
pub(super) fn is_shut(road: &Road, band: (i16, i16), class: u8) -> bool {
    road.hindrances.blocks.iter().any(|b| b.from <= 0.0 && b.is_for(class) && share(band.0, band.1, b.left, b.right) > 0.0)
}

/// Whether nobody at all is in the band, or on the way to it.
pub(super) fn is_unclaimed(road: &Road, band: (i16, i16), class: u8) -> bool {
    road.promised.iter().all(|p| share(band.0, band.1, p.left, p.right) == 0.0)
        && road.rows.iter().all(|r| share(band.0, band.1, r.left, r.right) == 0.0)
        && road.shadows.iter().all(|s| share(band.0, band.1, s.left, s.right) == 0.0)
        && road.hindrances.blocks.iter().all(|b| !b.is_for(class) || share(band.0, band.1, b.left, b.right) == 0.0)
}
