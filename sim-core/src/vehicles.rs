//! What the step rarely touches of each vehicle: how far along its route it is, and the course of those that hold a grant.

use crate::{ids::VehicleId, junction::Course};
use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};

/// The side table, by [`VehicleId`].
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vehicles {
    pub(crate) side: Vec<Side>,
    /// What those who yield see of each vehicle on a course. Derived after each step.
    #[serde(skip)]
    pub(crate) seen: Vec<Seen>,
    /// Everybody who had a course after the last step, once, in a fixed order. Derived after each step.
    #[serde(skip)]
    pub(crate) on_course: Vec<VehicleId>,
}

/// A vehicle on its course, as others see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Seen {
    /// Way of its front along its course, metres; infinite if it has none.
    pub(crate) front: f64,
    /// Speed, m/s.
    pub(crate) v: f32,
    /// Its speed after the next step if it goes on as in the last, m/s.
    pub(crate) soon: f32,
}

impl Seen {
    const GONE: Self = Self { front: f64::INFINITY, v: 0.0, soon: 0.0 };

    /// What is seen of a course.
    pub(crate) fn of(course: &Course, dt: f32) -> Self {
        Self { front: course.front, v: course.v, soon: course.soon(dt) }
    }
}

/// What is rarely touched of one vehicle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Side {
    /// Position in its route of the link its front is on, or was on last.
    pub(crate) leg: u32,
    /// How long it has stood waiting for its next grant, seconds.
    pub(crate) waited: f32,
    /// Where its next course begins, metres: beyond the end of the last, so that no way along it is ever met twice.
    pub(crate) begins: f64,
    /// Its way through junctions, while it holds a grant or its body is in more than one place.
    pub(crate) course: Option<Box<Course>>,
}

impl Vehicles {
    pub(crate) fn new(count: usize) -> Self {
        Self { side: vec![Side::default(); count], seen: vec![Seen::GONE; count], on_course: Vec::new() }
    }

    /// Makes room for trips that were added.
    pub(crate) fn grow(&mut self, count: usize) {
        self.side.resize(count, Side::default());
        self.seen.resize(count, Seen::GONE);
    }

    #[inline]
    pub(crate) fn course(&self, id: VehicleId) -> Option<&Course> {
        self.side[id.index()].course.as_deref()
    }

    #[inline]
    pub(crate) fn course_mut(&mut self, id: VehicleId) -> Option<&mut Course> {
        self.side[id.index()].course.as_deref_mut()
    }

    /// Ends the course of `id`.
    pub(crate) fn end_course(&mut self, id: VehicleId) -> Option<Box<Course>> {
        let side = &mut self.side[id.index()];
        let course = side.course.take()?;
        side.begins = course.last().end();
        self.seen[id.index()] = Seen::GONE;
        Some(course)
    }

    /// Makes room to show everybody, after the table was read back.
    pub(crate) fn show_nobody(&mut self) {
        self.seen = vec![Seen::GONE; self.side.len()];
    }
}
