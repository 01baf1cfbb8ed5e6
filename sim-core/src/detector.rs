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
    /// Length of the stretch it watches, metres: it ends at the line; 0 for the line alone.
    pub length_m: f32,
    /// The first and the last lane it watches, from the kerb on, from 0; `None` for the whole carriageway. A vehicle is in the lane of its
    /// middle.
    pub lanes: Option<(u8, u8)>,
    /// What it gets wrong.
    pub errors: DetectorErrors,
}

impl Detector {
    /// A detector over the whole carriageway that makes no errors.
    pub fn new(name: &str, kind: DetectorKind, link: LinkId, pos_m: f32, length_m: f32) -> Self {
        Self { ref_: name.into(), kind, link, pos_m, length_m, lanes: None, errors: DetectorErrors::NONE }
    }
}

/// What a detector gets wrong. Every error is a keyed draw of the detector and the trip (false counts: of the detector and the step), so
/// that one trip more changes no other's: a detector misses a vehicle always or never, and always takes it for the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DetectorErrors {
    /// Share of the vehicles that it does not see at all, 0 to 1.
    pub miss: f32,
    /// Counts an hour with nobody there, 0 to 3600; told as motorcycles (assumed), without a speed.
    pub false_per_hour: f32,
    /// Share of the vehicles that a camera takes for one of another class that looks alike, 0 to 1.
    pub class_confusion: f32,
    /// Standard deviation of a measured speed as a share of it, 0 to 0.3: radar and camera.
    pub speed_error: f32,
}

impl DetectorErrors {
    /// No errors.
    pub const NONE: Self = Self { miss: 0.0, false_per_hour: 0.0, class_confusion: 0.0, speed_error: 0.0 };

    /// Errors of ordinary equipment in mixed traffic. All assumed: no measurement on Vietnamese roads was found. Loops miss motorcycles that
    /// ride beside them, cameras those that others hide, radar those in a swarm that moves as one.
    pub const fn typical(kind: DetectorKind) -> Self {
        match kind {
            DetectorKind::Loop => Self { miss: 0.08, false_per_hour: 2.0, ..Self::NONE },
            DetectorKind::Camera => Self { miss: 0.05, false_per_hour: 4.0, class_confusion: 0.04, speed_error: 0.08 },
            DetectorKind::Radar => Self { miss: 0.10, false_per_hour: 1.0, speed_error: 0.03, ..Self::NONE },
        }
    }

    /// The first that is out of range or that this kind cannot make: what it is and what is allowed.
    pub fn problem(&self, kind: DetectorKind) -> Option<String> {
        let confusion = if kind == DetectorKind::Camera { 1.0 } else { 0.0 };
        let speed = if kind == DetectorKind::Loop { 0.0 } else { 0.3 };
        [
            ("miss", self.miss, 1.0),
            ("false_per_hour", self.false_per_hour, 3600.0),
            ("class_confusion", self.class_confusion, confusion),
            ("speed_error", self.speed_error, speed),
        ]
        .into_iter()
        .find(|(_, value, most)| !(0.0..=*most).contains(value))
        .map(|(name, value, most)| format!("its {name} is {value}, expected 0 to {most} for a {kind}"))
    }
}

/// What a detector tells a controller at once, after every step. Totals only grow: what happened since an earlier look is the difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Look {
    /// Vehicles it counted since the start.
    pub counted: u64,
    /// How long somebody it saw was on its stretch, since the start, seconds.
    pub occupied_s: f64,
    /// Share of the last step in which somebody it saw was on its stretch, 0 to 1.
    pub occupancy: f32,
    /// Whether somebody it sees is on its stretch now.
    pub present: bool,
    /// The queue it sees at its line, if it is a camera.
    pub queue: Option<QueueLook>,
}

impl Look {
    /// Vehicles counted since an earlier look.
    pub fn counted_since(&self, earlier: &Self) -> u64 {
        self.counted - earlier.counted
    }

    /// Share of the `elapsed_s` seconds since an earlier look in which somebody was on its stretch.
    pub fn occupancy_since(&self, earlier: &Self, elapsed_s: f64) -> f64 {
        (self.occupied_s - earlier.occupied_s) / elapsed_s
    }
}

/// Slow vehicles (below 5 km/h) before a camera's line, as far as it sees and without holes of more than 15 m.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QueueLook {
    /// How many it sees.
    pub vehicles: u32,
    /// How far back from the line the last of them reaches, metres; at most the length it watches.
    pub length_m: f32,
    /// How many vehicles it sees on its stretch altogether, those that move included.
    pub seen: u32,
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
