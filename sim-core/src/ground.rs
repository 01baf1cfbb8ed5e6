//! Everything that the phases which look across segments may touch, as slices by id.

use crate::{
    control::Lights,
    ids::{JunctionId, LinkId, VehicleId},
    junction::{Course, Crossing, Room},
    measure::Meter,
    plan::Plan,
    segment::{Incoming, NO_LANE, Promise, Road, Shadow},
    strips::overlap,
    vehicles::{Seen, Vehicles},
};
use rayon::prelude::*;

/// Roads by link, crossings by junction, vehicles by id.
pub(crate) struct Ground<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) roads: Vec<&'a mut Road>,
    pub(crate) crossings: Vec<&'a mut Crossing>,
    pub(crate) vehicles: &'a mut Vehicles,
    pub(crate) lights: &'a Lights,
    pub(crate) meter: &'a mut Meter,
    /// The instant at which the step began, seconds after midnight.
    pub(crate) now: f64,
}

impl Ground<'_> {
    /// Writes down again what is derived from courses, after they were read back.
    pub(crate) fn derive(&mut self) {
        self.vehicles.show_nobody();
        for id in on_course(self.crossings.iter().map(|c| &**c), self.vehicles) {
            let Some(course) = self.vehicles.course(id) else { continue };
            let room = Room::of(self.plan, course.class);
            for leg in &course.legs[course.at + 1..] {
                if let Some(link) = leg.link() {
                    self.roads[link.index()].promise(Promise { id, left: leg.left, right: leg.right, room });
                }
            }
        }
        self.publish();
    }

    /// Writes what each link shows of bodies that only reach into it, and of those on their way to it.
    pub(crate) fn publish(&mut self) {
        for road in &mut self.roads {
            if !road.shadows.is_empty() || !road.incoming.is_empty() {
                road.shadows.clear();
                road.incoming.clear();
            }
        }
        let crossings: Vec<&Crossing> = self.crossings.iter().map(|c| &**c).collect();
        let (plan, vehicles) = (self.plan, &*self.vehicles);
        let of_chunk = |(n, chunk): (usize, &[&Crossing])| Shown::of(plan, vehicles, chunk, n * CHUNK);
        let shown: Vec<Shown> = if plan.pool.current_num_threads() == 1 {
            crossings.chunks(CHUNK).enumerate().map(of_chunk).collect()
        } else {
            plan.pool.install(|| crossings.par_chunks(CHUNK).enumerate().map(of_chunk).collect())
        };
        self.vehicles.on_course.clear();
        for shown in shown {
            for (id, seen) in shown.courses {
                self.vehicles.seen[id.index()] = seen;
                self.vehicles.on_course.push(id);
            }
            for (link, shadow) in shown.shadows {
                self.roads[link.index()].shadows.push(shadow);
            }
            for (link, incoming) in shown.incoming {
                self.roads[link.index()].incoming.push(incoming);
            }
        }
    }
}

/// So many junctions are looked at by one thread at a time.
const CHUNK: usize = 64;

/// Adds to the room that each of those on their way needs that of those after it in the order of right of way who will stand behind it: if somebody stands
/// before it, it pushes them back.
fn stack(incoming: &mut [(LinkId, Incoming)]) {
    for i in (0..incoming.len()).rev() {
        let (link, me) = incoming[i];
        let behind = incoming[i + 1..].iter().filter(|(l, o)| *l == link && overlap(me.left, me.right, o.left, o.right));
        incoming[i].1.need += behind.map(|(_, o)| o.need).fold(0.0, f32::max);
    }
}

/// What the holders of some junctions show.
#[derive(Default)]
struct Shown {
    /// Those whose course begins with one of the junctions.
    courses: Vec<(VehicleId, Seen)>,
    shadows: Vec<(LinkId, Shadow)>,
    /// In the order of right of way: one junction leads to each link.
    incoming: Vec<(LinkId, Incoming)>,
}

impl Shown {
    /// That of the holders of `crossings`, the first of which is the junction `first`.
    fn of(plan: &Plan, vehicles: &Vehicles, crossings: &[&Crossing], first: usize) -> Self {
        let mut shown = Self::default();
        for (n, crossing) in crossings.iter().enumerate() {
            let junction = JunctionId::from_index(first + n);
            let before = shown.incoming.len();
            for id in &crossing.holders {
                let Some(course) = vehicles.course(*id) else { continue };
                if course.first_junction() == Some(junction) {
                    shown.show(*id, course, plan.dt);
                }
                for leg in course.legs_in(junction).map(|l| l + 1).filter(|l| course.at < *l) {
                    let exit = &course.legs[leg];
                    let Some(link) = exit.link() else { continue };
                    let joined = plan.joints.before(link).is_some();
                    let incoming = Incoming {
                        distance: (exit.start - course.front) as f32,
                        v: course.v,
                        left: exit.left,
                        right: exit.right,
                        class: course.class,
                        need: if joined { f32::NEG_INFINITY } else { Room::of(plan, course.class).whole_m() },
                        beyond: course.legs.len() > leg + 1,
                        joined,
                    };
                    shown.incoming.push((link, incoming));
                }
            }
            stack(&mut shown.incoming[before..]);
        }
        shown
    }

    fn show(&mut self, id: VehicleId, course: &Course, dt: f32) {
        self.courses.push((id, Seen::of(course, dt)));
        for leg in &course.legs[..course.at] {
            let Some(link) = leg.link() else { continue };
            let shadow = Shadow {
                id,
                length: course.length,
                class: course.class,
                rear: (course.rear() - leg.start) as f32,
                v: course.v,
                soon: course.soon(dt),
                left: leg.left,
                right: leg.right,
                onto: NO_LANE,
            };
            self.shadows.push((link, shadow));
        }
    }
}

/// Everybody who has a course, once: with the first junction of the course.
pub(crate) fn on_course<'a>(crossings: impl Iterator<Item = &'a Crossing>, vehicles: &Vehicles) -> Vec<VehicleId> {
    let mut ids = Vec::new();
    for (j, crossing) in crossings.enumerate() {
        for id in &crossing.holders {
            if vehicles.course(*id).and_then(Course::first_junction).is_some_and(|first| first.index() == j) {
                ids.push(*id);
            }
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_needs_the_room_of_those_too_who_will_stand_behind_it() {
        let on_its_way = |link: u32, left: i16| {
            let incoming = Incoming { distance: 10.0, v: 5.0, left, right: left + 6, class: 0, need: 2.4, beyond: false, joined: false };
            (LinkId(link), incoming)
        };
        // The second stands behind the first, the third behind the second only, the fourth beside them and the fifth elsewhere.
        let mut all = [on_its_way(1, 0), on_its_way(1, 4), on_its_way(1, 8), on_its_way(1, 14), on_its_way(2, 0)];
        stack(&mut all);
        assert_eq!(all.map(|(_, o)| (o.need * 10.0).round() as i32), [72, 48, 24, 24, 24]);
    }
}
