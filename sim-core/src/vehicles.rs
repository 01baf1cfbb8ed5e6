//! What the step rarely touches of each vehicle: how far along its route it is, and the course of those that hold a grant.

use crate::{ids::VehicleId, junction::Course};
use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};

/// The side table, by [`VehicleId`].
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Vehicles {
    pub(crate) side: Vec<Side>,
}

/// What is rarely touched of one vehicle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Side {
    /// Position in its route of the link its front is on, or was on last.
    pub(crate) leg: u32,
    /// How long it has stood waiting for its next grant, seconds.
    pub(crate) waited: f32,
    /// Whether it stands (for counting stops).
    pub(crate) stands: bool,
    /// Its way through junctions, while it holds a grant or its body is in more than one place.
    pub(crate) course: Option<Box<Course>>,
}

impl Vehicles {
    #[inline]
    pub(crate) fn course(&self, id: VehicleId) -> Option<&Course> {
        self.side[id.index()].course.as_deref()
    }

    #[inline]
    pub(crate) fn course_mut(&mut self, id: VehicleId) -> Option<&mut Course> {
        self.side[id.index()].course.as_deref_mut()
    }
}
