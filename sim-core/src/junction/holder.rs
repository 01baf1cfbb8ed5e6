//! Those who hold a grant for the junction already, as a newcomer meets them.

use super::{Course, Leg, Path, Place, Touch, owed, requests::Request};
use crate::{
    ground::Ground,
    ids::{LinkId, MovementId, VehicleId},
};

/// Free space kept between corridors of different movements, metres.
const MARGIN_M: f32 = 0.25;
/// The same within one movement, where vehicles go side by side as on the link: none, less rounding.
const MARGIN_SAME_M: f32 = -0.005;
/// So much too short the way behind somebody who is followed may be told, metres.
const COARSE_M: f32 = 2.0;

/// A holder of the junction that the newcomer could meet: at one of the legs of its course.
pub(super) struct Holder<'a> {
    pub(super) position: usize,
    pub(super) id: VehicleId,
    pub(super) course: &'a Course,
    /// Index of the leg.
    pub(super) leg: usize,
    pub(super) movement: MovementId,
    pub(super) path: &'a Path,
    pub(super) same_link: bool,
    /// Whether it comes from the same link or goes to the same one.
    pub(super) follows: bool,
    /// How near the middles of the two may come, metres.
    pub(super) reach: f32,
}

impl Holder<'_> {
    pub(super) fn leg(&self) -> &Leg {
        &self.course.legs[self.leg]
    }

    /// Where its rear is, metres from the start of its path.
    pub(super) fn rear(&self) -> f32 {
        (self.course.rear() - self.leg().start) as f32
    }

    /// What the newcomer on `path` owes this holder.
    pub(super) fn owed_by(&self, path: &Path) -> Option<Touch> {
        owed(self.path, path, self.reach, self.rear())
    }

    /// What is left of a touch that was found before.
    pub(super) fn rest_of(&self, touch: &Touch) -> Option<Touch> {
        touch.rest(self.path, self.rear(), if self.follows { COARSE_M } else { 0.0 })
    }

    /// What this holder, all of it before its line, would owe the newcomer.
    pub(super) fn owes(&self, path: &Path) -> Option<Touch> {
        owed(path, self.path, self.reach, 0.0)
    }
}

/// Every holder that the newcomer could meet, in the order of right of way.
pub(super) fn holders<'a>(g: &'a Ground, r: &Request, exit: LinkId, landing: (i16, i16), path: &Path) -> Vec<Holder<'a>> {
    let plan = g.plan;
    let is_straight = path.is_straight();
    let all = g.crossings[r.junction.index()].holders.iter().enumerate().filter(|(_, id)| **id != r.id);
    let courses = all.filter_map(|(position, id)| Some((position, *id, g.vehicles.course(*id)?)));
    let legs = courses.flat_map(|(position, id, c)| c.legs_in(r.junction).map(move |leg| (position, id, c, leg)));
    let mut met = Vec::with_capacity(g.crossings[r.junction.index()].holders.len());
    met.extend(legs.filter_map(|(position, id, course, leg)| {
        let Place::Junction { movement, path: other, .. } = &course.legs[leg].place else { return None };
        let same_link = plan.network.movement(*movement).from == r.link;
        let same_movement = *movement == r.movement;
        // Whether the movements meet between the middles of their lanes says nothing here: a swarm fills the whole carriageway, so every
        // pair is judged by its own two paths.
        if same_movement && is_straight && other.is_straight() && side_by_side(r, course, leg, landing) {
            return None;
        }
        let (mine, theirs) = (&plan.bodies[usize::from(r.class)], &plan.bodies[usize::from(course.class)]);
        let margin = if same_movement { MARGIN_SAME_M } else { MARGIN_M };
        let follows = same_link || course.legs.get(leg + 1).and_then(Leg::link) == Some(exit);
        let reach = (mine.width + theirs.width) * 0.5 + margin;
        Some(Holder { position, id, course, leg, movement: *movement, path: other, same_link, follows, reach })
    }));
    met
}

/// Whether two on one movement with straight paths go beside each other all the way: apart by two strips and in the same order at both ends.
fn side_by_side(r: &Request, c: &Course, leg: usize, landing: (i16, i16)) -> bool {
    let (Some(before), Some(after)) = (leg.checked_sub(1).and_then(|i| c.legs.get(i)), c.legs.get(leg + 1)) else { return false };
    let kerbside = before.right + 2 <= r.left && after.right + 2 <= landing.0;
    let inside = r.right + 2 <= before.left && landing.1 + 2 <= after.left;
    kerbside || inside
}
