//! The course of a vehicle that holds a grant or whose body is in more than one place: the legs from its rear to where its grants end.

use super::{Path, Touch};
use crate::ids::{JunctionId, LinkId, MovementId, VehicleId};
use serde::{Deserialize, Serialize};

/// A course. `front`, `v` are those after the last step: what others see.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Course {
    /// Link, junction, link, …: the first holds the rear, the last is a link.
    pub(crate) legs: Vec<Leg>,
    /// The leg that holds the front.
    pub(crate) at: usize,
    /// Way of the front along the course, metres. It never falls in the life of a vehicle, from one course to the next.
    pub(crate) front: f64,
    /// Speed, m/s.
    pub(crate) v: f32,
    /// Acceleration in the last step, m/s².
    pub(crate) last_accel: f32,
    /// Way of the front in the last step, metres.
    pub(crate) moved: f32,
    /// Body length, metres.
    pub(crate) length: f32,
    /// Index of the class.
    pub(crate) class: u8,
    /// What the way ahead allows in this step: acceleration, m/s². Written by `sense`.
    pub(crate) accel: f32,
    /// Highest safe speed after this step, m/s. Written by `sense`.
    pub(crate) bound: f32,
    /// Way of the front to where it must stop on its last link, metres; infinite if nowhere. Written by `sense`.
    #[serde(skip)]
    pub(crate) stop: f32,
}

/// One place of a course.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Leg {
    /// Way along the course where it begins, metres.
    pub(crate) start: f64,
    /// Length, metres.
    pub(crate) length: f32,
    /// First strip covered (links only).
    pub(crate) left: i16,
    /// One past the last strip covered (links only).
    pub(crate) right: i16,
    /// Where.
    pub(crate) place: Place,
}

/// Where a leg is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Place {
    /// On a link.
    Link(LinkId),
    /// In a junction.
    Junction {
        /// Which one.
        junction: JunctionId,
        /// By which movement.
        movement: MovementId,
        /// On which path.
        path: Path,
        /// To whom it yields.
        yields: Vec<Yield>,
    },
}

/// A holder before this one in the order of a junction, whose corridor touches this one's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Yield {
    pub(crate) to: VehicleId,
    /// Where on its course the leg begins that is yielded to, metres.
    pub(crate) leg: f64,
    /// Its length, metres.
    pub(crate) length: f32,
    /// Its width, metres.
    pub(crate) width: f32,
    /// Whether it comes from the same link or goes to the same one: then it is followed, not waited for.
    pub(crate) follows: bool,
    pub(crate) touch: Touch,
}

impl Leg {
    pub(crate) fn end(&self) -> f64 {
        self.start + f64::from(self.length)
    }

    pub(crate) fn link(&self) -> Option<LinkId> {
        if let Place::Link(link) = self.place { Some(link) } else { None }
    }
}

impl Course {
    /// Way of the rear along the course, metres.
    pub(crate) fn rear(&self) -> f64 {
        self.front - f64::from(self.length)
    }

    /// Its speed after this step if it goes on as in the last, m/s.
    pub(crate) fn soon(&self, dt: f32) -> f32 {
        (self.v + self.last_accel * dt).max(0.0)
    }

    /// The legs in `junction`, as indices: more than one where the course comes back before the tail has left.
    pub(crate) fn legs_in(&self, junction: JunctionId) -> impl Iterator<Item = usize> {
        (0..self.legs.len()).filter(move |i| matches!(self.legs[*i].place, Place::Junction { junction: j, .. } if j == junction))
    }

    /// Whether the course goes through `junction`.
    pub(crate) fn goes_through(&self, junction: JunctionId) -> bool {
        self.legs_in(junction).next().is_some()
    }

    /// The first junction of the course.
    pub(crate) fn first_junction(&self) -> Option<JunctionId> {
        self.legs.iter().find_map(|l| if let Place::Junction { junction, .. } = l.place { Some(junction) } else { None })
    }

    /// The last leg, always a link.
    pub(crate) fn last(&self) -> &Leg {
        &self.legs[self.legs.len() - 1]
    }
}
