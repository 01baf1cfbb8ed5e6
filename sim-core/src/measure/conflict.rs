//! Conflicts: near misses as surrogates of crashes. What they are, which count, and how they are summed up.
//!
//! | measure | meaning | where |
//! |---|---|---|
//! | TTC | time to collision if nobody changes speed: gap ÷ closing speed | on links |
//! | DRAC | braking that avoids it: closing speed² ÷ (2 · gap) | on links |
//! | PET | time between one leaving the place where two paths touch and the next one reaching it | in junctions |
//!
//! The usual thresholds (TTC 1.5 s, PET 5 s: SSAM, FHWA 2008) tell of nothing among motorcycles, whose accepted gap is 1.25 s (roundabouts of Ho
//! Chi Minh City, J. Traffic Transp. Eng. 2021). Here a rear-end or lateral conflict needs a short TTC *and* a hard DRAC. They rank places;
//! they are no crash counts (rank correlation with crashes 0.46 over 83 junctions, SSAM validation).

use crate::{
    class::VehicleClass,
    ids::{JunctionId, LinkId, VehicleId},
};
use serde::{Deserialize, Serialize};

/// TTC below this is a conflict, seconds, where a four-wheeler is involved; among two-wheelers [`TTC_TWO_WHEELERS_S`] (assumed, both below
/// the accepted gap).
pub const TTC_S: f32 = 1.0;
/// The same among two-wheelers.
pub const TTC_TWO_WHEELERS_S: f32 = 0.7;
/// Braking that must be needed at least, m/s² (3.35 m/s² is in common use; assumed to fit here).
pub const DRAC_MPS2: f32 = 3.35;
/// Needing more than this is serious whatever the time, m/s²: the hardest any class can brake.
pub const DRAC_SERIOUS_MPS2: f32 = crate::class::BRAKE_HARDEST_MPS2;
/// PET below this is a conflict, seconds, where a four-wheeler is involved; among two-wheelers [`PET_TWO_WHEELERS_S`] (assumed).
pub const PET_S: f32 = 1.5;
/// The same among two-wheelers (assumed: below their accepted gap).
pub const PET_TWO_WHEELERS_S: f32 = 1.0;
/// A time below this share of its threshold is serious (assumed).
pub const SERIOUS_SHARE: f32 = 0.5;
/// So many of the worst are kept one by one.
pub const WORST_KEPT: usize = 200;

/// How two came near each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConflictType {
    /// The second closed in on the first from behind.
    RearEnd,
    /// One of them had just moved sideways into the other's way.
    Lateral,
    /// Their paths through a junction cross.
    Crossing,
    /// They come from different links into the same one.
    Merging,
}

impl ConflictType {
    /// How files spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::RearEnd => "rear_end",
            Self::Lateral => "lateral",
            Self::Crossing => "crossing",
            Self::Merging => "merging",
        }
    }
}

/// How near it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Below the threshold.
    Slight,
    /// Below half of it, or more braking needed than anybody can do.
    Serious,
}

impl Severity {
    /// How files spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Slight => "slight",
            Self::Serious => "serious",
        }
    }
}

/// Where a conflict was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ConflictPlace {
    /// On a link.
    Link(LinkId),
    /// In a junction.
    Junction(JunctionId),
}

/// One conflict, at its worst moment.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// When, seconds after midnight.
    pub time_s: f64,
    /// Where.
    pub place: ConflictPlace,
    /// Metres along the link; 0 in a junction.
    pub at_m: f32,
    /// How.
    pub kind: ConflictType,
    /// Who was ahead, or cleared the place first.
    pub first: VehicleId,
    /// Who closed in, or came next.
    pub second: VehicleId,
    /// Class of the first.
    pub first_class: VehicleClass,
    /// Class of the second.
    pub second_class: VehicleClass,
    /// TTC on a link, PET in a junction, seconds.
    pub time_to_s: f32,
    /// DRAC on a link, m/s².
    pub drac_mps2: Option<f32>,
    /// How near.
    pub severity: Severity,
}

/// Conflicts of one kind at one place during one interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConflictCell {
    /// Number of the interval, from 0.
    pub interval: u32,
    /// Where.
    pub place: ConflictPlace,
    /// How.
    pub kind: ConflictType,
    /// Class of who was ahead or cleared first.
    pub first: VehicleClass,
    /// Class of who closed in or came next.
    pub second: VehicleClass,
    /// How near.
    pub severity: Severity,
    /// How many.
    pub count: u32,
}

impl ConflictCell {
    fn key(&self) -> (u32, ConflictPlace, ConflictType, VehicleClass, VehicleClass, Severity) {
        (self.interval, self.place, self.kind, self.first, self.second, self.severity)
    }
}

/// All conflicts of a run. Those of its last two seconds may still be going on and are not in here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conflicts {
    /// By interval, place, kind, classes, severity; sorted.
    pub cells: Vec<ConflictCell>,
    /// The worst, worst first: serious before slight, then by time.
    pub worst: Vec<Conflict>,
}

impl Conflicts {
    pub(super) fn add(&mut self, conflict: Conflict, interval: u32) {
        let Conflict { place, kind, first_class, second_class, severity, .. } = conflict;
        let cell = ConflictCell { interval, place, kind, first: first_class, second: second_class, severity, count: 1 };
        match self.cells.binary_search_by_key(&cell.key(), ConflictCell::key) {
            Ok(at) => self.cells[at].count += 1,
            Err(at) => self.cells.insert(at, cell),
        }
        let rank = |c: &Conflict| (std::cmp::Reverse(c.severity), c.time_to_s.to_bits(), c.time_s.to_bits(), c.second, c.first);
        let at = self.worst.partition_point(|c| rank(c) <= rank(&conflict));
        if at < WORST_KEPT {
            self.worst.insert(at, conflict);
            self.worst.truncate(WORST_KEPT);
        }
    }
}

/// Whether both ride on two wheels.
const fn two_wheelers(a: VehicleClass, b: VehicleClass) -> bool {
    a.is_two_wheeler() && b.is_two_wheeler()
}

/// TTC, DRAC and severity of `second` closing in on `first` with `closing` m/s at `gap` metres, if that is a conflict.
pub(super) fn on_link(first: VehicleClass, second: VehicleClass, gap: f32, closing: f32) -> Option<(f32, f32, Severity)> {
    if closing <= 0.0 {
        return None;
    }
    let gap = gap.max(0.01);
    let (ttc, drac) = (gap / closing, closing * closing / (2.0 * gap));
    let limit = if two_wheelers(first, second) { TTC_TWO_WHEELERS_S } else { TTC_S };
    let serious = ttc < limit * SERIOUS_SHARE || drac > DRAC_SERIOUS_MPS2;
    (ttc < limit && drac > DRAC_MPS2).then_some((ttc, drac, if serious { Severity::Serious } else { Severity::Slight }))
}

/// Severity of a PET, if that is a conflict.
pub(super) fn in_junction(first: VehicleClass, second: VehicleClass, pet: f32) -> Option<Severity> {
    let limit = if two_wheelers(first, second) { PET_TWO_WHEELERS_S } else { PET_S };
    (pet < limit).then_some(if pet < limit * SERIOUS_SHARE { Severity::Serious } else { Severity::Slight })
}

#[cfg(test)]
mod tests {
    use super::*;
    use VehicleClass::{Car, Motorcycle};

    #[test]
    fn time_and_braking_must_both_be_short_and_hard() {
        // 5 m/s closing at 3 m: TTC 0.6 s, DRAC 4.17 m/s².
        let (ttc, drac, severity) = on_link(Car, Car, 3.0, 5.0).unwrap();
        assert!((ttc - 0.6).abs() < 1e-6 && (drac - 25.0 / 6.0).abs() < 1e-5 && severity == Severity::Slight);
        assert!(on_link(Car, Car, 0.6, 1.0).is_none(), "walking pace: 0.83 m/s² are enough");
        assert!(on_link(Car, Car, 12.0, 10.0).is_none(), "hard braking, but 1.2 s away");
        assert_eq!(on_link(Car, Car, 7.0, 10.0).unwrap().2, Severity::Serious, "7.1 m/s² needed");
        assert!(on_link(Motorcycle, Motorcycle, 6.4, 8.0).is_none() && on_link(Motorcycle, Car, 6.4, 8.0).is_some(), "0.8 s");
        assert!(on_link(Car, Car, 3.0, -1.0).is_none());
    }

    #[test]
    fn motorcycles_may_follow_each_other_across_more_closely() {
        assert_eq!(in_junction(Motorcycle, Motorcycle, 1.1), None);
        assert_eq!(in_junction(Motorcycle, Car, 1.1), Some(Severity::Slight));
        assert_eq!(in_junction(Motorcycle, Motorcycle, 0.4), Some(Severity::Serious));
    }

    #[test]
    fn cells_count_and_the_worst_are_kept_in_order() {
        let mut all = Conflicts::default();
        for i in 0..500u32 {
            let severity = if i % 5 == 0 { Severity::Serious } else { Severity::Slight };
            let conflict = Conflict {
                time_s: f64::from(i),
                place: ConflictPlace::Link(LinkId(i % 2)),
                at_m: 0.0,
                kind: ConflictType::RearEnd,
                first: VehicleId(0),
                second: VehicleId(i),
                first_class: Car,
                second_class: Car,
                time_to_s: 1.0 - i as f32 / 1000.0,
                drac_mps2: None,
                severity,
            };
            all.add(conflict, i / 250);
        }
        assert_eq!(all.cells.iter().map(|c| c.count).sum::<u32>(), 500);
        assert_eq!(all.cells.len(), 8);
        assert!(all.cells.is_sorted_by_key(ConflictCell::key));
        assert_eq!(all.worst.len(), WORST_KEPT);
        assert!(all.worst[..100].iter().all(|c| c.severity == Severity::Serious));
        assert!(all.worst[100..].iter().all(|c| c.severity == Severity::Slight));
        assert_eq!((all.worst[0].second, all.worst[100].second), (VehicleId(495), VehicleId(499)));
    }
}
