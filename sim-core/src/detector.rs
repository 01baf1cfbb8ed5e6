//! Detectors: places that count. What they report is all that a controller or a feed ever sees.

use crate::{
    class::VehicleClass,
    ids::{DetectorId, LinkId},
    reference::Ref,
};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// How a detector senses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DetectorKind {
    /// An inductive loop: counts.
    Loop,
    /// A camera: counts by class over an area.
    Camera,
    /// A radar: counts and speeds.
    Radar,
}

/// A detector kind that is none of loop, camera, radar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown detector kind `{0}`; expected loop, camera or radar")]
pub struct UnknownDetectorKind(pub String);

impl FromStr for DetectorKind {
    type Err = UnknownDetectorKind;

    fn from_str(name: &str) -> Result<Self, UnknownDetectorKind> {
        match name {
            "loop" => Ok(Self::Loop),
            "camera" => Ok(Self::Camera),
            "radar" => Ok(Self::Radar),
            _ => Err(UnknownDetectorKind(name.to_owned())),
        }
    }
}

impl fmt::Display for DetectorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loop => "loop",
            Self::Camera => "camera",
            Self::Radar => "radar",
        })
    }
}

/// A place that counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detector {
    /// Stable name.
    pub ref_: Ref,
    /// How it senses.
    pub kind: DetectorKind,
    /// The link it stands on.
    pub link: LinkId,
    /// Metres from the link's start to the line it counts at.
    pub pos_m: f32,
    /// Length of what it watches, metres; 0 for a line.
    pub length_m: f32,
}

/// What a detector reported for one class and interval. A class that did not pass has no reading; an interval that was not over when
/// the simulation ended has none either.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Which detector.
    pub detector: DetectorId,
    /// Start of the interval, seconds after midnight.
    pub from_s: f64,
    /// End of the interval, seconds after midnight.
    pub to_s: f64,
    /// Vehicle class.
    pub class: VehicleClass,
    /// Vehicles whose front crossed the line.
    pub count: u32,
    /// Their mean speed, m/s.
    pub mean_speed_mps: Option<f32>,
}
