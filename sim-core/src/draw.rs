//! Keyed random draws: a draw is a hash of (seed, purpose, key, step), so it is the same on any thread, in any order, in the base run
//! and in its variant; a new purpose or one more trip shifts no other draw.

use crate::reference::Ref;
use xxhash_rust::xxh3::xxh3_64;

/// What a draw decides. The numbers are part of the result of a run: never reuse or renumber one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Draw {
    /// A driver's own desired speed, in standard deviations around that of the class.
    DesiredSpeed = 1,
    /// Where across the carriageway a trip begins.
    EntryPosition = 2,
    /// A driver's liking for the kerb side (two-wheelers).
    KerbLiking = 3,
    /// How long a gate serves a vehicle.
    GateService = 4,
    /// Whether a traveller is one of those who run red lights.
    RunsRed = 5,
    /// Whether a traveller is one of those who drive faster than the limit.
    Speeds = 6,
    /// Whether a traveller is one of those who use lanes closed to the class.
    AnyLane = 7,
    /// When the next pedestrian comes to a crossing.
    Pedestrian = 8,
    /// Whether a traveller is told of travel times on the way.
    Informed = 9,
    /// How long somebody stays in a car park.
    ParkingStay = 10,
    /// Which car park a driver tries after a full one.
    ParkingNext = 11,
    /// Whether a trip's vehicle drives on a battery.
    Electric = 20,
    /// Whether a detector misses a vehicle.
    DetectorMiss = 21,
    /// Whether a detector counts somebody who is not there.
    DetectorFalse = 22,
    /// Whether a camera takes a vehicle for one of another class, and which.
    DetectorClass = 23,
    /// By how much a detector measures a speed wrongly.
    DetectorSpeed = 24,
    /// What a controller on trial wishes for.
    TrialWish = 30,
    /// Where the search for offsets begins.
    Offset = 31,
    /// What drives a trip's vehicle, if not a person alone.
    Automation = 40,
    /// Which of the time gaps of cruise control its driver chooses.
    GapSetting = 41,
    /// Whether a vehicle follows speed advice from signals.
    Advised = 42,
    /// Whether a vehicle has speed assistance.
    Assisted = 43,
    /// Whether its driver heeds it.
    Heeds = 44,
    /// Whether a vehicle has a tracker.
    Tracked = 45,
    /// By how much a tracker reports a wrong speed.
    TrackerSpeed = 46,
    /// By how much it reports a wrong place.
    TrackerPlace = 47,
    /// Whether a trip stays away, or is made more than once, when the demand is changed.
    DemandFactor = 50,
    /// How much later than the trip it repeats a copy leaves.
    CopyDeparture = 51,
}

/// One round of SplitMix64 (Steele, Lea & Flood 2014): a bijection of 64 bits that mixes well.
#[inline]
const fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// The 64 random bits of this key.
#[inline]
pub const fn bits(seed: u64, draw: Draw, key: u64, step: u64) -> u64 {
    mix(mix(mix(mix(seed) ^ draw as u64) ^ key) ^ step)
}

/// A uniform draw in [0, 1), fixed by its key alone.
#[inline]
pub const fn uniform(seed: u64, draw: Draw, key: u64, step: u64) -> f64 {
    (bits(seed, draw, key, step) >> 11) as f64 / (1u64 << 53) as f64
}

/// A draw with mean 0 and variance 1, bounded by ±3.46: the sum of twelve uniform draws less six would need twelve hashes; four
/// scaled ones are near enough for a spread of desired speeds.
#[inline]
pub const fn bell(seed: u64, draw: Draw, key: u64) -> f64 {
    let mut sum = 0.0;
    let mut i = 0;
    while i < 4 {
        sum += uniform(seed, draw, key, u64::MAX - i) - 0.5;
        i += 1;
    }
    sum * 1.732_050_807_568_877_2 // the variance of the sum is 4/12
}

/// A key of two: neither of them alone decides a draw.
#[inline]
pub const fn key_of_both(a: u64, b: u64) -> u64 {
    mix(mix(a) ^ b)
}

/// The key of whatever bears this stable name.
pub fn key_of(ref_: &Ref) -> u64 {
    xxh3_64(ref_.as_str().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_uniform_and_depend_on_every_part_of_their_key() {
        let n = 100_000u64;
        let mean = (0..n).map(|k| uniform(7, Draw::EntryPosition, k, 0)).sum::<f64>() / n as f64;
        assert!((mean - 0.5).abs() < 0.004, "{mean}");
        let one = bits(7, Draw::EntryPosition, 1, 1);
        for other in [
            bits(8, Draw::EntryPosition, 1, 1),
            bits(7, Draw::DesiredSpeed, 1, 1),
            bits(7, Draw::EntryPosition, 2, 1),
            bits(7, Draw::EntryPosition, 1, 2),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn the_bell_has_mean_0_and_variance_1() {
        let n = 100_000u64;
        let (mut sum, mut squares) = (0.0, 0.0);
        for k in 0..n {
            let x = bell(3, Draw::DesiredSpeed, k);
            sum += x;
            squares += x * x;
        }
        assert!((sum / n as f64).abs() < 0.02 && (squares / n as f64 - 1.0).abs() < 0.03, "{sum} {squares}");
    }
}
