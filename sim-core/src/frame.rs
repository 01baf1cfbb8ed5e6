//! A frame is what a window draws: an immutable picture of one instant. Nothing flows back from it.

use crate::{
    class::VehicleClass,
    geometry::Point,
    ids::{LinkId, VehicleId},
};
use serde::{Deserialize, Serialize};

/// What a signal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Go.
    Green,
    /// Stop if that is possible with comfort or in time.
    Yellow,
    /// Stop.
    #[default]
    Red,
}

/// A vehicle in a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameVehicle {
    /// Which one.
    pub id: VehicleId,
    /// Its class.
    pub class: VehicleClass,
    /// The centre of its body.
    pub centre: Point,
    /// Its heading, radians counter-clockwise from east.
    pub heading_rad: f32,
    /// Its speed, m/s.
    pub speed_mps: f32,
    /// Body length, metres.
    pub length_m: f32,
    /// Body width, metres.
    pub width_m: f32,
}

/// A vehicle on a link, for who looks at speeds and ways rather than draws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnLink {
    /// Which one.
    pub id: VehicleId,
    /// Its class.
    pub class: VehicleClass,
    /// The link.
    pub link: LinkId,
    /// Its front, metres from the link's start.
    pub front_m: f32,
    /// Its speed, m/s.
    pub speed_mps: f32,
    /// Way to the next body on this link that is in its way, metres; infinite if there is none.
    pub free_m: f32,
}

/// A picture of one instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// The instant, seconds after midnight.
    pub time_s: f64,
    /// Every vehicle on the road, by id.
    pub vehicles: Vec<FrameVehicle>,
    /// What each movement's signal shows, by `MovementId`; `None` where no signal holds it.
    pub lights: Vec<Option<Light>>,
}
