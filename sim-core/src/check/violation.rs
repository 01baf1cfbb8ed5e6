//! What the checker reports: a broken promise with its time, vehicles, place and numbers, or the sum of what it saw.

use crate::{reference::Ref, simulation::Population};
use serde::{Deserialize, Serialize};

/// A broken promise of the engine.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Violation {
    /// A trip got lost or appeared from nowhere.
    #[error("at {time_s} s: {expected} trips expected, {seen} bodies seen, counted as {population:?}")]
    Lost {
        /// When, seconds after midnight.
        time_s: f64,
        /// How many trips there are.
        expected: u64,
        /// How many bodies were found on the road.
        seen: u64,
        /// What was counted.
        population: Population,
    },
    /// Two bodies overlap.
    #[error("at {time_s} s at {place}: {first} and {second} overlap by {depth_m:.3} m ({detail})")]
    Overlap {
        /// When, seconds after midnight.
        time_s: f64,
        /// Link or junction.
        place: Ref,
        /// One vehicle's trip.
        first: Ref,
        /// The other's.
        second: Ref,
        /// By how much.
        depth_m: f64,
        /// Where both are.
        detail: String,
    },
    /// A vehicle braked harder than its class can.
    #[error("at {time_s} s at {place}: {vehicle} braked with {brake_mps2:.2} m/s², its class can do {limit_mps2:.2}")]
    Braking {
        /// When, seconds after midnight.
        time_s: f64,
        /// Link or junction.
        place: Ref,
        /// The vehicle's trip.
        vehicle: Ref,
        /// What it did.
        brake_mps2: f64,
        /// What its class can do.
        limit_mps2: f64,
    },
    /// A vehicle moved by another way than its speed, lengthwise or sideways.
    #[error("at {time_s} s at {place}: {vehicle} moved {moved_m:.3} m {direction}, expected at most {limit_m:.3} m")]
    Displaced {
        /// When, seconds after midnight.
        time_s: f64,
        /// Link or junction.
        place: Ref,
        /// The vehicle's trip.
        vehicle: Ref,
        /// `lengthwise` or `sideways`.
        direction: &'static str,
        /// How far it moved.
        moved_m: f64,
        /// How far it may.
        limit_m: f64,
    },
    /// A vehicle crossed a stop line on red.
    #[error("at {time_s} s at {place}: {vehicle} crossed the line on red")]
    CrossedOnRed {
        /// When, seconds after midnight.
        time_s: f64,
        /// The link whose end it crossed.
        place: Ref,
        /// The vehicle's trip.
        vehicle: Ref,
    },
}

/// What a checker saw; every promise held for all of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckSummary {
    /// Steps checked.
    pub steps: u64,
    /// Vehicles on the road, summed over the steps.
    pub vehicle_steps: u64,
    /// The smallest distance seen between one body's rear and the front of the next that shares its band, metres (infinite if there
    /// was none).
    pub min_clearance_m: f64,
    /// The hardest braking, m/s².
    pub hardest_brake_mps2: f64,
    /// The largest difference between the way a vehicle made in a step and its speed times the step, metres.
    pub max_displacement_error_m: f64,
    /// Stop lines of signals crossed.
    pub line_crossings: u64,
    /// Of these, on red: always 0, since one is an error.
    pub crossings_on_red: u64,
    /// On red with blue light, or by a declared violator.
    pub declared_on_red: u64,
    /// How often somebody was seen beyond the middle of an undivided road.
    pub beyond_middle: u64,
    /// How often somebody without a grant was seen between the holder of one and its junction.
    pub before_holders: u64,
}

impl Default for CheckSummary {
    fn default() -> Self {
        Self {
            steps: 0,
            vehicle_steps: 0,
            min_clearance_m: f64::INFINITY,
            hardest_brake_mps2: 0.0,
            max_displacement_error_m: 0.0,
            line_crossings: 0,
            crossings_on_red: 0,
            declared_on_red: 0,
            beyond_middle: 0,
            before_holders: 0,
        }
    }
}
