//! Journey trackers: what their reports show of speeding and of lanes that are closed to a vehicle, beside what is true.
//!
//! A tracker reports speed and place now and then, both with an error. A case is one stretch of time in which one vehicle breaks a rule; it is
//! detected if a report (of lanes: enough of them one after the other) falls into it and shows it. A report that shows what is not so is a false
//! alarm. Errors are independent from report to report (assumed); real errors of satellite positions last for minutes, so real false alarms
//! come in rows.

use crate::{
    class::{CLASS_COUNT, ClassSet, VehicleClass},
    draw::{self, Draw},
    ids::{LinkId, VehicleId},
    plan::Plan,
    segment::Row,
    strips::STRIP_M,
};
use serde::{Deserialize, Serialize};

/// Trackers of a share of some classes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trackers {
    /// Classes with trackers.
    pub classes: ClassSet,
    /// Which share of them has one, 0 to 1.
    pub share: f32,
    /// Time between two reports, seconds, 1 to 600 (10 assumed).
    pub every_s: f32,
    /// Standard deviation of the reported speed, m/s, 0 to 10 (0.5 assumed).
    pub speed_error_mps: f32,
    /// Standard deviation of the reported place across the road, metres, 0 to 50 (2.5 assumed: satellites without correction).
    pub place_error_m: f32,
    /// Faster than the limit by no more than this is no case, m/s, 0 to 10 (5 km/h: below it nobody is fined).
    pub tolerance_mps: f32,
    /// So many reports one after the other must show a wrong lane, 1 to 20 (3 assumed).
    pub lane_reports: u8,
}

impl Trackers {
    /// Trackers with the shipped accuracy.
    pub fn new(classes: ClassSet, share: f32) -> Self {
        Self { classes, share, every_s: 10.0, speed_error_mps: 0.5, place_error_m: 2.5, tolerance_mps: 5.0 / 3.6, lane_reports: 3 }
    }

    /// The first number out of range.
    pub(super) fn problem(&self) -> Option<String> {
        [
            ("share", self.share, 0.0, 1.0),
            ("time between reports", self.every_s, 1.0, 600.0),
            ("error of speeds", self.speed_error_mps, 0.0, 10.0),
            ("error of places", self.place_error_m, 0.0, 50.0),
            ("tolerance", self.tolerance_mps, 0.0, 10.0),
            ("number of reports for a wrong lane", f32::from(self.lane_reports), 1.0, 20.0),
        ]
        .into_iter()
        .find(|(_, value, least, most)| !(*least..=*most).contains(value))
        .map(|(what, value, least, most)| format!("the {what} is {value}, expected {least} to {most}"))
    }
}

/// One rule, in one class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleCount {
    /// Cases of all vehicles.
    pub cases: u64,
    /// Those of vehicles with a tracker.
    pub tracked_cases: u64,
    /// Those that were detected.
    pub detected: u64,
    /// Alarms about what was not so.
    pub false_alarms: u64,
}

/// What trackers of one class saw.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrackerCount {
    /// The class.
    pub class: VehicleClass,
    /// Way driven by all its vehicles, metres.
    pub vehicle_m: f64,
    /// Way driven by those with a tracker, metres.
    pub tracked_m: f64,
    /// Reports.
    pub reports: u64,
    /// Faster than the limit and the tolerance.
    pub speeding: RuleCount,
    /// On a lane that is closed to the class.
    pub lane: RuleCount,
}

impl TrackerCount {
    /// Detected cases of both rules for each 1 000 km driven with a tracker; `None` if nobody drove with one.
    pub fn detected_per_1000_km(&self) -> Option<f64> {
        (self.tracked_m > 0.0).then(|| (self.speeding.detected + self.lane.detected) as f64 * 1e6 / self.tracked_m)
    }

    /// The share of cases of vehicles with a tracker that was detected; `None` if there was none.
    pub fn detected_share(&self) -> Option<f64> {
        let all = self.speeding.tracked_cases + self.lane.tracked_cases;
        (all > 0).then(|| (self.speeding.detected + self.lane.detected) as f64 / all as f64)
    }
}

/// What is going on with one vehicle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Present {
    speeding: bool,
    speeding_detected: bool,
    lane: bool,
    lane_detected: bool,
    /// Reports of a wrong lane one after the other.
    in_a_row: u8,
}

/// The trackers' counts and what is going on with each vehicle. Empty without trackers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct TrackerBook {
    pub(crate) counts: Vec<TrackerCount>,
    present: Vec<Present>,
}

impl TrackerBook {
    pub(crate) fn new(trips: usize) -> Self {
        let empty = |class| TrackerCount {
            class,
            vehicle_m: 0.0,
            tracked_m: 0.0,
            reports: 0,
            speeding: RuleCount::default(),
            lane: RuleCount::default(),
        };
        Self { counts: VehicleClass::ALL.map(empty).into(), present: vec![Present::default(); trips] }
    }

    /// The step of those on `link`, the `step`-th.
    pub(crate) fn look(&mut self, plan: &Plan, trackers: &Trackers, link: LinkId, rows: &[Row], step: u64) {
        if self.present.len() < plan.trips.len() {
            self.present.resize(plan.trips.len(), Present::default()); // trips may come in a run
        }
        let every = ((trackers.every_s / plan.dt).round() as u64).max(1);
        for row in rows {
            let class = VehicleClass::ALL[usize::from(row.class)];
            if !trackers.classes.contains(class) {
                continue;
            }
            debug_assert!(self.counts.len() == CLASS_COUNT);
            let count = &mut self.counts[class.index()];
            let now = &mut self.present[row.id.index()];
            let key = plan.keys[row.id.index()];
            let is_tracked = is_tracked(plan, trackers, row.id);
            let way_m = f64::from(row.v * plan.dt);
            count.vehicle_m += way_m;
            let limit = plan.network.link(link).limits.of(class) + trackers.tolerance_mps;
            let centre_m = f32::from(row.left + row.right) * 0.5 * STRIP_M;
            let is_closed = |at_m: f32| {
                let lane = plan.lane_at(link, (at_m / STRIP_M) as i16);
                !plan.network.link(link).lanes[usize::from(lane)].access.contains(class)
            };
            begin_or_end(row.v > limit, &mut now.speeding, &mut now.speeding_detected, &mut count.speeding, is_tracked);
            begin_or_end(is_closed(centre_m), &mut now.lane, &mut now.lane_detected, &mut count.lane, is_tracked);
            if !is_tracked {
                continue;
            }
            count.tracked_m += way_m;
            if !((key >> 20) + step).is_multiple_of(every) {
                continue;
            }
            count.reports += 1;
            let error = |what: Draw| draw::bell(plan.config.seed, what, draw::key_of_both(key, step)) as f32;
            if row.v + trackers.speed_error_mps * error(Draw::TrackerSpeed) > limit {
                alarm(now.speeding, &mut now.speeding_detected, &mut count.speeding);
            }
            let told_m = centre_m + trackers.place_error_m * error(Draw::TrackerPlace);
            if told_m >= 0.0 && is_closed(told_m) {
                now.in_a_row = now.in_a_row.saturating_add(1);
                if now.in_a_row == trackers.lane_reports || now.in_a_row > trackers.lane_reports && now.lane && !now.lane_detected {
                    alarm(now.lane, &mut now.lane_detected, &mut count.lane);
                }
            } else {
                now.in_a_row = 0;
            }
        }
    }
}

/// Whether this vehicle has a tracker.
fn is_tracked(plan: &Plan, trackers: &Trackers, id: VehicleId) -> bool {
    draw::uniform(plan.config.seed, Draw::Tracked, plan.keys[id.index()], 0) < f64::from(trackers.share)
}

fn begin_or_end(is: bool, was: &mut bool, detected: &mut bool, count: &mut RuleCount, is_tracked: bool) {
    if is && !*was {
        count.cases += 1;
        count.tracked_cases += u64::from(is_tracked);
        *detected = false;
    }
    *was = is;
}

fn alarm(is_so: bool, detected: &mut bool, count: &mut RuleCount) {
    if !is_so {
        count.false_alarms += 1;
    } else if !*detected {
        *detected = true;
        count.detected += 1;
    }
}
