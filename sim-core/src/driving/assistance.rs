//! Intelligent speed assistance: what becomes of declared speeders whose vehicles warn them or hold them to the limit.

use crate::{
    class::ClassSet,
    demand::Trip,
    draw::{self, Draw},
};
use serde::{Deserialize, Serialize};

/// What the vehicle does when its driver would exceed the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssistanceKind {
    /// Warns: some drivers heed it.
    Advisory,
    /// Gives no more power: nobody exceeds the limit.
    Limiting,
}

/// Share of drivers who heed a warning (assumed; field trials report anything from a fifth to two thirds).
pub const HEED_SHARE: f32 = 0.4;

/// Speed assistance for a share of some classes. It changes only those who are declared to drive faster than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpeedAssistance {
    /// Classes with it.
    pub classes: ClassSet,
    /// Which share of them is equipped, 0 to 1.
    pub share: f32,
    /// What it does.
    pub kind: AssistanceKind,
    /// Share of the equipped drivers who keep to the limit for it, 0 to 1.
    pub heed_share: f32,
}

impl SpeedAssistance {
    /// Assistance of a kind with the shipped compliance.
    pub fn new(kind: AssistanceKind, classes: ClassSet, share: f32) -> Self {
        let heed_share = if kind == AssistanceKind::Limiting { 1.0 } else { HEED_SHARE };
        Self { classes, share, kind, heed_share }
    }

    /// The first number out of range.
    pub(super) fn problem(&self) -> Option<String> {
        [("share", self.share), ("share who heed it", self.heed_share)]
            .into_iter()
            .find(|(_, value)| !(0.0..=1.0).contains(value))
            .map(|(what, value)| format!("the {what} is {value}, expected 0 to 1"))
    }

    /// Whether it keeps this traveller to the limit.
    pub(crate) fn holds(&self, trip: &Trip, seed: u64, key: u64) -> bool {
        self.classes.contains(trip.class)
            && draw::uniform(seed, Draw::Assisted, key, 0) < f64::from(self.share)
            && draw::uniform(seed, Draw::Heeds, key, 0) < f64::from(self.heed_share)
    }
}
