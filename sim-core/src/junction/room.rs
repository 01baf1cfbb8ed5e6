//! Room at the exit: a junction is entered only by who can leave it again.

use crate::{plan::Plan, segment::Road, strips::share};

/// Slower than this counts as standing, m/s.
const STANDING_MPS: f32 = 1.0;

/// Room that one body takes in a queue, metres.
pub(crate) fn room_of(plan: &Plan, class: u8) -> f32 {
    let body = &plan.bodies[usize::from(class)];
    body.length + body.driver.gap0
}

/// Room that those on their way to the link were promised in the band, metres.
pub(super) fn promised(road: &Road, band: (i16, i16)) -> f32 {
    road.promised.iter().map(|p| share(band.0, band.1, p.left, p.right) * p.room).sum()
}

/// Whether `room_m` are free at the start of the band, counting as if all who move there closed up behind the first who stands.
pub(super) fn is_free(plan: &Plan, road: &Road, length_m: f32, band: (i16, i16), room_m: f32, class: u8) -> bool {
    let mut used = 0.0;
    let bodies = road
        .rows
        .iter()
        .rev()
        .map(|r| (r.rear(), r.v, r.left, r.right, room_of(plan, r.class)))
        .chain(road.shadows.iter().map(|s| (s.rear, s.v, s.left, s.right, 0.0)))
        .chain(road.hindrances.blocks.iter().filter(|b| b.is_for(class)).map(|b| (b.from, 0.0, b.left, b.right, 0.0)));
    for (rear, v, left, right, need) in bodies {
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
        used += need * part;
    }
    length_m - used >= room_m
}

/// Whether the band is closed to a class from the start of the link on: nobody is let in, and whoever holds a grant already drives in.
pub(super) fn is_shut(road: &Road, band: (i16, i16), class: u8) -> bool {
    road.hindrances.blocks.iter().any(|b| b.from <= 0.0 && b.is_for(class) && share(band.0, band.1, b.left, b.right) > 0.0)
}

/// Whether nobody at all is in the band.
pub(super) fn is_empty(road: &Road, band: (i16, i16), class: u8) -> bool {
    road.rows.iter().all(|r| share(band.0, band.1, r.left, r.right) == 0.0)
        && road.shadows.iter().all(|s| share(band.0, band.1, s.left, s.right) == 0.0)
        && road.hindrances.blocks.iter().all(|b| !b.is_for(class) || share(band.0, band.1, b.left, b.right) == 0.0)
}
