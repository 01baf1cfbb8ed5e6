//! What controllers hear of their detectors: late by the latency, wrong while a detector is broken, and which detectors seem to have failed.

use crate::{
    detector::Look,
    ids::{ControllerId, DetectorId},
    reference::Ref,
};
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// A detector is not suspected before it has been the same for so long, seconds (assumed) …
const LEAST_SILENCE_S: f64 = 300.0;
/// … in which so many changes were to be expected of it, by its share of all detectors' changes up to then (assumed: by chance that happens
/// once in three million times) …
const EXPECTED: f64 = 15.0;
/// … or for so long whatever the others tell, seconds, if it mostly changes fifteen times in that time …
const LONG_SILENCE_S: f64 = 900.0;
/// … of which it has told so many at least.
const KNOWN: u32 = 10;
/// A camera that hangs shows a queue over its whole stretch, a vehicle for every so many metres (assumed).
const STUCK_SPACING_M: f32 = 5.0;

/// Something of the control that is broken for some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// Stable name.
    pub ref_: Ref,
    /// What is broken.
    pub kind: FaultKind,
    /// From when, seconds after midnight.
    pub start_s: f64,
    /// Until when, seconds after midnight.
    pub end_s: f64,
}

/// What is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// These detectors see nothing any more.
    Dead(Vec<DetectorId>),
    /// These detectors tell that somebody is there all the time, and count nobody.
    Stuck(Vec<DetectorId>),
    /// These junctions hear nothing from the traffic centre.
    Cut(Vec<ControllerId>),
}

impl Fault {
    /// Whether it lasts at `now`.
    pub(crate) fn lasts(&self, now: f64) -> bool {
        self.start_s <= now + 1e-3 && now + 1e-3 < self.end_s
    }
}

/// One detector as it is heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Ear {
    /// What it told last, faults included.
    told: Look,
    /// What the engine's detector had then.
    raw: Look,
    /// When what it tells last changed, seconds after midnight, and how often it has.
    changed_s: f64,
    changes: u32,
    /// Changes of all detectors when its own last changed.
    of_all: u64,
    failed: bool,
}

/// Everything that controllers hear of detectors.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ears {
    ears: Vec<Ear>,
    /// What was told in the last steps, oldest first: as many as the latency has steps.
    late: VecDeque<Vec<Look>>,
    began_s: f64,
    /// Changes of all detectors up to now.
    changes: u64,
}

impl Ears {
    pub(crate) fn new(count: usize, now: f64) -> Self {
        Self { ears: vec![Ear { changed_s: now, ..Ear::default() }; count], late: VecDeque::new(), began_s: now, changes: 0 }
    }

    pub(crate) fn count(&self) -> usize {
        self.ears.len()
    }

    /// Makes room for detectors that are heard from `now` on.
    pub(crate) fn grow(&mut self, count: usize, now: f64) {
        self.ears.resize(count, Ear { changed_s: now, ..Ear::default() });
        self.late.iter_mut().for_each(|told| told.resize(count, Look::default()));
    }

    /// Takes over what the `used` detectors tell now. `length_m` are the stretches they watch.
    pub(crate) fn hear(&mut self, used: &[DetectorId], length_m: &[f32], looks: &[Look], faults: &[Fault], latency: usize, now: f64) {
        let broken = |id: DetectorId, stuck: bool| {
            faults.iter().filter(|f| f.lasts(now)).any(|f| match &f.kind {
                FaultKind::Dead(ids) => !stuck && ids.contains(&id),
                FaultKind::Stuck(ids) => stuck && ids.contains(&id),
                FaultKind::Cut(_) => false,
            })
        };
        for ((ear, id), length_m) in self.ears.iter_mut().zip(used).zip(length_m) {
            let raw = looks[id.index()];
            let before = ear.told;
            let any = !faults.is_empty();
            if any && broken(*id, false) {
                ear.told = Look {
                    counted: before.counted,
                    occupied_s: before.occupied_s,
                    queue: raw.queue.map(|_| Default::default()),
                    ..Look::default()
                };
            } else if any && broken(*id, true) {
                let vehicles = (*length_m / STUCK_SPACING_M) as u32;
                let queue = raw.queue.map(|_| crate::detector::QueueLook { vehicles, length_m: *length_m, seen: vehicles });
                ear.told = Look { counted: before.counted, occupied_s: before.occupied_s, occupancy: 1.0, present: true, queue };
            } else {
                ear.told = Look {
                    counted: before.counted + (raw.counted - ear.raw.counted),
                    occupied_s: before.occupied_s + (raw.occupied_s - ear.raw.occupied_s),
                    ..raw
                };
            }
            ear.raw = raw;
            let same =
                |a: &Look, b: &Look| (a.counted, a.present, a.queue.map(|q| q.seen)) == (b.counted, b.present, b.queue.map(|q| q.seen));
            if !same(&before, &ear.told) {
                self.changes += 1;
                (ear.changed_s, ear.changes, ear.of_all) = (now, ear.changes.saturating_add(1), self.changes);
                ear.failed = false;
            } else if ear.changes >= KNOWN && now - ear.changed_s > LEAST_SILENCE_S {
                let (own, silent_s) = (f64::from(ear.changes), now - ear.changed_s);
                let expected = own / ear.of_all as f64 * (self.changes - ear.of_all) as f64;
                let usual_s = (ear.changed_s - self.began_s) / own;
                ear.failed |= expected > EXPECTED || silent_s > LONG_SILENCE_S.max(EXPECTED * usual_s);
            }
        }
        if latency > 0 {
            self.late.push_back(self.ears.iter().map(|e| e.told).collect());
            while self.late.len() > latency + 1 {
                self.late.pop_front();
            }
        }
    }

    /// What the `n`-th used detector tells at this moment, however late the line and whatever is broken.
    pub(crate) fn now(&self, n: u32) -> (Look, bool) {
        (self.ears[n as usize].raw, false)
    }

    /// What the `n`-th used detector has told as far as it is known by now, and whether it seems to have failed.
    pub(crate) fn heard(&self, n: u32) -> (Look, bool) {
        let ear = &self.ears[n as usize];
        (self.late.front().map_or(ear.told, |told| told[n as usize]), ear.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(counted: u64, present: bool) -> Look {
        Look { counted, present, ..Look::default() }
    }

    fn fault(kind: FaultKind, start_s: f64, end_s: f64) -> Fault {
        Fault { ref_: "f".into(), kind, start_s, end_s }
    }

    #[test]
    fn what_is_told_comes_late_by_the_latency() {
        let mut ears = Ears::new(1, 0.0);
        for step in 0..10u64 {
            ears.hear(&[DetectorId(0)], &[2.0], &[told(step, false)], &[], 3, step as f64);
            assert_eq!(ears.heard(0).0.counted, step.saturating_sub(3));
        }
    }

    #[test]
    fn a_dead_detector_is_silent_and_a_stuck_one_always_sees_somebody() {
        let id = DetectorId(0);
        for (kind, present) in [(FaultKind::Dead(vec![id]), false), (FaultKind::Stuck(vec![id]), true)] {
            let faults = [fault(kind, 10.0, 20.0)];
            let mut ears = Ears::new(1, 0.0);
            let mut seen = Vec::new();
            for step in 0..30u64 {
                ears.hear(&[id], &[2.0], &[told(step, step % 2 == 0)], &faults, 0, step as f64);
                seen.push(ears.heard(0).0);
            }
            assert!(seen[10..20].iter().all(|l| l.present == present && l.counted == 9), "{seen:?}");
            assert_eq!(seen[29].counted, 19, "what passed meanwhile was not counted: ten of thirty");
        }
    }

    #[test]
    fn a_detector_that_falls_silent_while_others_go_on_is_suspected_after_five_minutes() {
        let faults = [fault(FaultKind::Dead(vec![DetectorId(0)]), 1000.0, 1500.0)];
        let mut ears = Ears::new(2, 0.0);
        let mut since = None;
        for step in 0..2000u64 {
            let looks = [told(step / 10, false), told(step / 12, false)];
            ears.hear(&[DetectorId(0), DetectorId(1)], &[2.0; 2], &looks, &faults, 0, step as f64);
            since = since.or_else(|| ears.heard(0).1.then_some(step));
        }
        assert!((1290..1340).contains(&since.unwrap()), "{since:?}");
        assert!(!ears.heard(0).1, "it has told of somebody since");
    }

    #[test]
    fn a_detector_that_falls_silent_is_suspected_and_one_on_a_quiet_road_is_not() {
        let faults = [fault(FaultKind::Dead(vec![DetectorId(0)]), 1000.0, 2500.0)];
        let mut ears = Ears::new(2, 0.0);
        let mut since = None;
        for step in 0..2200u64 {
            // One vehicle in ten seconds, and one in a minute and a half.
            let looks = [told(step / 10, false), told(step / 90, false)];
            ears.hear(&[DetectorId(0), DetectorId(1)], &[2.0; 2], &looks, &faults, 0, step as f64);
            assert!(!ears.heard(1).1, "at {step} s");
            since = since.or_else(|| ears.heard(0).1.then_some(step));
        }
        // The other one alone tells too little to suspect it by: after a quarter of an hour.
        assert!((1890..1910).contains(&since.unwrap()), "{since:?}");
    }
}
