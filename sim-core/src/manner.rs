//! How a traveller departs from the rules: with blue light, or as a declared violator. Nobody else does.
//!
//! Violators exist because the plan's safety indicators need them. Their share is a parameter of the class, 0 by default, and who is one is a
//! keyed draw of the trip; whatever they do, the grants keep them out of others as they keep everybody.

use crate::{
    class::ClassTable,
    demand::{Purpose, Trip},
    draw::{self, Draw},
};

/// So much faster than the limit blue light drives where it can, m/s (assumed: 20 km/h).
pub(crate) const BLUE_FASTER_MPS: f32 = 20.0 / 3.6;
/// Who drives on against red does so at this speed at most, m/s (assumed: 20 km/h).
pub(crate) const AGAINST_RED_MPS: f32 = 20.0 / 3.6;

/// What a traveller takes leave to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manner(u8);

impl Manner {
    /// Blue light: others make way, red may be passed with care.
    pub(crate) const BLUE: u8 = 1;
    /// Passes red when there is a gap.
    pub(crate) const RUNS_RED: u8 = 2;
    /// Takes the limit for too low.
    pub(crate) const SPEEDS: u8 = 4;
    /// Uses lanes that are closed to the class.
    pub(crate) const ANY_LANE: u8 = 8;

    pub(crate) fn of(trip: &Trip, classes: &ClassTable, seed: u64, key: u64) -> Self {
        if trip.purpose == Purpose::Emergency {
            return Self(Self::BLUE);
        }
        let p = classes.get(trip.class);
        let mut manner = 0;
        let declared = [
            (p.runs_red_share, Self::RUNS_RED, Draw::RunsRed),
            (p.speeds_share, Self::SPEEDS, Draw::Speeds),
            (p.any_lane_share, Self::ANY_LANE, Draw::AnyLane),
        ];
        for (share, flag, draw) in declared {
            if share > 0.0 && draw::uniform(seed, draw, key, 0) < f64::from(share) {
                manner |= flag;
            }
        }
        Self(manner)
    }

    /// The same without these.
    pub(crate) fn without(self, flags: u8) -> Self {
        Self(self.0 & !flags)
    }

    #[inline]
    pub(crate) fn is(self, flag: u8) -> bool {
        self.0 & flag != 0
    }

    /// Whether red does not stop it.
    #[inline]
    pub(crate) fn passes_red(self) -> bool {
        self.is(Self::BLUE | Self::RUNS_RED)
    }
}
