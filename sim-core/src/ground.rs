//! Everything that the phases which look across segments may touch, as slices by id.

use crate::{
    control::Lights,
    ids::{JunctionId, VehicleId},
    junction::{Course, Crossing, room_of},
    measure::Meter,
    plan::Plan,
    segment::{Incoming, Promise, Road, Shadow},
    strips::share,
    vehicles::Vehicles,
};

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
            let room = room_of(self.plan, course.class);
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
        let ids = on_course(self.crossings.iter().map(|c| &**c), self.vehicles);
        for &id in &ids {
            self.vehicles.show(id);
            let Some(course) = self.vehicles.course(id) else { continue };
            for (i, leg) in course.legs.iter().enumerate() {
                let Some(link) = leg.link() else { continue };
                if i < course.at {
                    let rear = (course.rear() - leg.start) as f32;
                    self.roads[link.index()].shadows.push(Shadow {
                        id,
                        length: course.length,
                        class: course.class,
                        rear,
                        v: course.v,
                        soon: course.soon(self.plan.dt),
                        left: leg.left,
                        right: leg.right,
                    });
                }
            }
        }
        self.vehicles.on_course = ids;
        // In the order of right of way, so that the room promised to each includes that of all before it.
        for (j, crossing) in self.crossings.iter().enumerate() {
            for id in &crossing.holders {
                let Some(course) = self.vehicles.course(*id) else { continue };
                for leg in course.legs_in(JunctionId::from_index(j)).map(|l| l + 1).filter(|l| course.at < *l) {
                    let exit = &course.legs[leg];
                    let Some(link) = exit.link() else { continue };
                    let incoming = &mut self.roads[link.index()].incoming;
                    let before: f32 =
                        incoming.iter().map(|o| share(exit.left, exit.right, o.left, o.right) * room_of(self.plan, o.class)).sum();
                    incoming.push(Incoming {
                        distance: (exit.start - course.front) as f32,
                        v: course.v,
                        left: exit.left,
                        right: exit.right,
                        class: course.class,
                        need: before + room_of(self.plan, course.class),
                        beyond: course.legs.len() > leg + 1,
                    });
                }
            }
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
