//! Room at the exit: a junction is entered only by who can leave it again.

use super::{Course, Crossing};
use crate::{
    ids::{JunctionId, LinkId},
    plan::Plan,
    segment::Road,
    strips::share,
    vehicles::Vehicles,
};

/// Slower than this counts as standing, m/s.
const STANDING_MPS: f32 = 1.0;

/// Room that one body takes in a queue, metres.
pub(crate) fn room_of(plan: &Plan, class: u8) -> f32 {
    let body = &plan.bodies[usize::from(class)];
    body.length + body.driver.gap0
}

/// Room that the holders of `junction` who are not yet on `link` were promised in the band, metres.
pub(super) fn promised(plan: &Plan, vehicles: &Vehicles, crossing: &Crossing, junction: JunctionId, link: LinkId, band: (i16, i16)) -> f32 {
    let of = |c: &Course, leg: usize| {
        let exit = &c.legs[leg];
        (c.at < leg && exit.link() == Some(link)).then(|| share(band.0, band.1, exit.left, exit.right) * room_of(plan, c.class))
    };
    let courses = crossing.holders.iter().filter_map(|id| vehicles.course(*id));
    courses.flat_map(|c| c.legs_in(junction).filter_map(move |leg| of(c, leg + 1))).sum()
}

/// Whether `room_m` are free at the start of the band, counting as if all who move there closed up behind the first who stands.
pub(super) fn is_free(plan: &Plan, road: &Road, length_m: f32, band: (i16, i16), room_m: f32) -> bool {
    let mut used = 0.0;
    let bodies = road
        .rows
        .iter()
        .rev()
        .map(|r| (r.rear(), r.v, r.left, r.right, room_of(plan, r.class)))
        .chain(road.shadows.iter().map(|s| (s.rear, s.v, s.left, s.right, 0.0)));
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

/// Whether nobody at all is in the band.
pub(super) fn is_empty(road: &Road, band: (i16, i16)) -> bool {
    road.rows.iter().all(|r| share(band.0, band.1, r.left, r.right) == 0.0)
        && road.shadows.iter().all(|s| share(band.0, band.1, s.left, s.right) == 0.0)
}
