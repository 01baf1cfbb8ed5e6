//! What detectors see, miss and mistake: counts by interval, and a look for controllers after every step.

use super::meter::standing_queue;
use crate::{
    class::{CLASS_COUNT, VehicleClass},
    detector::{Detector, DetectorKind, Look, QueueLook, Reading},
    draw::{self, Draw},
    ids::{DetectorId, LinkId, VehicleId},
    plan::Plan,
    segment::{Road, Row, Shadow},
};
use serde::{Deserialize, Serialize};

/// All of a step.
const ALL: (f32, f32) = (0.0, 1.0);
/// Whoever is so far behind a stretch, metres, is not on it however places are rounded.
const BEHIND_M: f32 = 0.01;

/// Where a detector looks, and the key of its draws.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watched {
    key: u64,
    /// Strips.
    left: i16,
    right: i16,
    /// The stretch, metres.
    from_m: f32,
    to_m: f32,
    /// Whether it was taken away.
    is_away: bool,
}

impl Watched {
    /// `edges`: those of the lanes of its link, in strips.
    pub(crate) fn of(detector: &Detector, edges: &[i16]) -> Self {
        let (left, right) = match detector.lanes {
            // The outermost lanes reach to the edges of the carriageway.
            Some((first, last)) => (
                if first == 0 { i16::MIN } else { edges[usize::from(first)] },
                if usize::from(last) + 2 == edges.len() { i16::MAX } else { edges[usize::from(last) + 1] },
            ),
            None => (i16::MIN, i16::MAX),
        };
        let to_m = detector.pos_m;
        Self { key: draw::key_of(&detector.ref_), left, right, from_m: (to_m - detector.length_m).max(0.0), to_m, is_away: false }
    }

    pub(crate) fn is_away(&self) -> bool {
        self.is_away
    }

    pub(crate) fn put_up(&mut self) {
        self.is_away = false;
    }

    pub(crate) fn take_away(&mut self) {
        self.is_away = true;
    }

    /// Whether a body over these strips is in its lanes.
    fn covers(&self, left: i16, right: i16) -> bool {
        let middle = i16::midpoint(left, right);
        self.left <= middle && middle < self.right
    }
}

/// A body on a link during a step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight {
    pub(crate) id: VehicleId,
    /// Front before the step, metres.
    pub(crate) before: f32,
    /// Front after it, metres; it may lie beyond the link's end.
    pub(crate) after: f32,
    pub(crate) length: f32,
    pub(crate) left: i16,
    pub(crate) right: i16,
    pub(crate) v: f32,
    /// Index of its class.
    pub(crate) class: u8,
}

impl Sight {
    pub(crate) fn of(row: &Row) -> Self {
        let Row { id, before, length, left, right, v, class, .. } = *row;
        Self { id, before, after: row.s, length, left, right, v, class }
    }

    /// A body whose front has left the link.
    pub(crate) fn of_tail(tail: &Shadow) -> Self {
        let Shadow { id, length, left, right, v, class, .. } = *tail;
        let front = tail.rear + length;
        Self { id, before: front, after: front, length, left, right, v, class }
    }
}

/// Counts of one detector in the current interval, by the class it took them for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Tally {
    count: [u32; CLASS_COUNT],
    /// Of those, how many with a speed.
    timed: [u32; CLASS_COUNT],
    speeds: [f64; CLASS_COUNT],
}

/// What all detectors saw.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Watch {
    tallies: Vec<Tally>,
    pub(crate) looks: Vec<Look>,
    /// Of this step: detector and the part of the step in which somebody was on its stretch who has left the link. Empty between steps.
    #[serde(skip)]
    left: Vec<(u32, f32, f32)>,
    /// The parts of the step in which somebody was on the stretch that is looked at, but not all the time. Empty between looks.
    #[serde(skip)]
    spans: Vec<(f32, f32)>,
    /// Front, rear and speed of those on it, foremost first. Empty between looks.
    #[serde(skip)]
    on_it: Vec<(f32, f32, f32)>,
}

impl Watch {
    pub(crate) fn new(detectors: usize) -> Self {
        Self { tallies: vec![Tally::default(); detectors], looks: vec![Look::default(); detectors], ..Self::default() }
    }

    /// Makes room for detectors that were added.
    pub(crate) fn grow(&mut self, detectors: usize) {
        self.tallies.resize(detectors, Tally::default());
        self.looks.resize(detectors, Look::default());
    }

    /// A body that left `link` in this step went along it: counts it where its front crossed a line, at most at `until`.
    pub(crate) fn sees(&mut self, plan: &Plan, link: LinkId, sight: &Sight, until: f32) {
        let first = plan.detectors_of.partition_point(|(l, _)| *l < link);
        for (_, d) in plan.detectors_of[first..].iter().take_while(|(l, _)| *l == link) {
            let (detector, watched) = (&plan.detectors[*d as usize], &plan.watched[*d as usize]);
            let span = span(watched, sight, plan.dt);
            let crosses = sight.before < detector.pos_m && detector.pos_m <= sight.after.min(until);
            let is_there = (span.is_some() || crosses) && watched.covers(sight.left, sight.right);
            if !is_there || is_missed(plan, detector, watched, sight.id) {
                continue;
            }
            self.left.extend(span.map(|(from, to)| (*d, from, to)));
            if crosses {
                self.counts(plan, *d as usize, sight);
            }
        }
    }

    fn counts(&mut self, plan: &Plan, d: usize, sight: &Sight) {
        let key = draw::key_of_both(plan.watched[d].key, plan.keys[sight.id.index()]);
        let errors = &plan.detectors[d].errors;
        let mut class = VehicleClass::ALL[usize::from(sight.class)];
        if errors.class_confusion > 0.0 {
            let drawn = draw::uniform(plan.config.seed, Draw::DetectorClass, key, 0) / f64::from(errors.class_confusion);
            if drawn < 1.0 {
                let alike = look_alikes(class);
                class = alike[((drawn * alike.len() as f64) as usize).min(alike.len() - 1)];
            }
        }
        let mut v = f64::from(sight.v);
        if errors.speed_error > 0.0 {
            v *= (1.0 + f64::from(errors.speed_error) * draw::bell(plan.config.seed, Draw::DetectorSpeed, key)).max(0.0);
        }
        let tally = &mut self.tallies[d];
        tally.count[class.index()] += 1;
        tally.timed[class.index()] += 1;
        tally.speeds[class.index()] += v;
        self.looks[d].counted += 1;
    }

    /// What each detector tells at the end of a step, the `step`-th.
    pub(crate) fn look(&mut self, plan: &Plan, roads: &[&Road], step: u64) {
        self.left.sort_unstable_by_key(|(d, ..)| *d);
        for (link, d) in &plan.detectors_of {
            self.look_along(plan, *d as usize, roads[link.index()], step);
        }
        self.left.clear();
    }

    /// What detector `d` on this road tells. Whether it misses somebody is drawn last: most are not where it looks.
    fn look_along(&mut self, plan: &Plan, d: usize, road: &Road, step: u64) {
        let (detector, watched) = (&plan.detectors[d], &plan.watched[d]);
        let is_camera = detector.kind == DetectorKind::Camera;
        // Whether somebody is on the stretch during all of the step: then nobody else matters to its occupancy.
        let mut is_full = false;
        for row in &road.rows {
            if row.s < watched.from_m - BEHIND_M {
                break;
            }
            if !watched.covers(row.left, row.right) {
                continue;
            }
            let sight = Sight::of(row);
            let span = span(watched, &sight, plan.dt);
            let crosses = row.before < detector.pos_m && detector.pos_m <= row.s;
            let is_on_it = is_camera && row.rear() < watched.to_m && row.s > watched.from_m;
            if !(span.is_some() || crosses || is_on_it) || is_missed(plan, detector, watched, row.id) {
                continue;
            }
            is_full |= span == Some(ALL);
            if !is_full {
                self.spans.extend(span);
            }
            if crosses {
                self.counts(plan, d, &sight);
            }
            if is_on_it {
                self.on_it.push((row.s, row.rear(), row.v));
            }
        }
        for tail in &road.shadows {
            // Its front was counted when it crossed the line: only its tail is seen here.
            let sight = Sight::of_tail(tail);
            if let Some(span) = span(watched, &sight, plan.dt)
                && watched.covers(tail.left, tail.right)
                && !is_missed(plan, detector, watched, tail.id)
            {
                is_full |= span == ALL;
                self.spans.push(span);
            }
        }
        let first = self.left.partition_point(|(n, ..)| (*n as usize) < d);
        let left = self.left[first..].iter().take_while(|(n, ..)| *n as usize == d);
        self.spans.extend(left.map(|(_, from, to)| (*from, *to)));
        let (mut occupied, mut until) = if is_full { (1.0, 1.0) } else { union(&mut self.spans) };
        self.spans.clear();
        let look = &mut self.looks[d];
        let false_share = f64::from(detector.errors.false_per_hour) * f64::from(plan.dt) / 3600.0;
        if false_share > 0.0 && draw::uniform(plan.config.seed, Draw::DetectorFalse, watched.key, step) < false_share {
            self.tallies[d].count[VehicleClass::Motorcycle.index()] += 1;
            look.counted += 1;
            (occupied, until) = (1.0, 1.0);
        }
        // Somebody is there at the end of the step.
        look.present = until >= 1.0;
        look.occupancy = occupied;
        look.occupied_s += f64::from(occupied) * f64::from(plan.dt);
        look.queue = is_camera.then(|| {
            let (vehicles, tail) = standing_queue(self.on_it.iter().copied(), watched.to_m);
            QueueLook { vehicles: vehicles as u32, length_m: watched.to_m - tail.max(watched.from_m), seen: self.on_it.len() as u32 }
        });
        self.on_it.clear();
    }

    /// Writes the readings of an interval and begins the next one.
    pub(crate) fn end_interval(&mut self, readings: &mut Vec<Reading>, from_s: f64, to_s: f64) {
        for (d, tally) in self.tallies.iter_mut().enumerate() {
            for class in VehicleClass::ALL {
                let (count, timed) = (tally.count[class.index()], tally.timed[class.index()]);
                if count > 0 {
                    let mean_speed_mps = (timed > 0).then(|| (tally.speeds[class.index()] / f64::from(timed)) as f32);
                    readings.push(Reading { detector: DetectorId::from_index(d), from_s, to_s, class, count, mean_speed_mps });
                }
            }
            *tally = Tally::default();
        }
    }
}

fn is_missed(plan: &Plan, detector: &Detector, watched: &Watched, id: VehicleId) -> bool {
    let miss = detector.errors.miss;
    miss > 0.0 && {
        let key = draw::key_of_both(watched.key, plan.keys[id.index()]);
        draw::uniform(plan.config.seed, Draw::DetectorMiss, key, 0) < f64::from(miss)
    }
}

/// How much of the step they cover together, from 0 to 1, and where the last ends.
fn union(spans: &mut [(f32, f32)]) -> (f32, f32) {
    spans.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (mut covered, mut until) = (0.0, 0.0f32);
    for (from, to) in spans {
        covered += (*to - from.max(until)).max(0.0);
        until = until.max(*to);
    }
    (covered, until)
}

/// The part of the step in which the body is on the stretch, from 0 to 1.
fn span(watched: &Watched, sight: &Sight, dt: f32) -> Option<(f32, f32)> {
    let way = sight.v * dt;
    let before = sight.after - way;
    // How far the front goes from its place before the step until it enters, and until the rear leaves.
    let (enters, leaves) = (watched.from_m - before, watched.to_m + sight.length - before);
    let part = |x: f32| if way > 0.0 { (x / way).clamp(0.0, 1.0) } else { f32::from(x > 0.0) };
    let (from, to) = (part(enters), part(leaves));
    (to > from).then_some((from, to))
}

/// The classes that a camera takes each class for when it is wrong (assumed: those of like size and shape).
const fn look_alikes(class: VehicleClass) -> &'static [VehicleClass] {
    use VehicleClass as C;
    match class {
        C::Motorcycle => &[C::Bicycle],
        C::Bicycle => &[C::Motorcycle],
        C::Car => &[C::Taxi, C::LightTruck],
        C::Taxi => &[C::Car],
        C::Minibus => &[C::Car, C::LightTruck, C::Bus],
        C::Bus => &[C::HeavyTruck, C::Minibus],
        C::LightTruck => &[C::Minibus, C::HeavyTruck, C::Car],
        C::HeavyTruck => &[C::LightTruck, C::Bus],
        C::ArticulatedTruck => &[C::HeavyTruck],
        C::Emergency => &[C::Minibus, C::LightTruck],
        C::Shuttle => &[C::Minibus, C::Car],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(after: f32, v: f32) -> Sight {
        Sight { id: VehicleId(0), before: after - v, after, length: 2.0, left: 0, right: 6, v, class: 0 }
    }

    #[test]
    fn a_body_is_on_the_stretch_from_its_front_entering_to_its_rear_leaving() {
        let loop_ = Watched { key: 0, left: i16::MIN, right: i16::MAX, from_m: 38.0, to_m: 40.0, is_away: false };
        // From 36 to 46 m in a second: in at 0.2 s, its rear past the line at 42 m after 0.6 s.
        assert_eq!(span(&loop_, &sight(46.0, 10.0), 1.0), Some((0.2, 0.6)));
        assert_eq!(span(&loop_, &sight(39.0, 0.0), 1.0), Some((0.0, 1.0)));
        assert_eq!(span(&loop_, &sight(42.5, 0.0), 1.0), None);
        assert_eq!(span(&loop_, &sight(37.0, 5.0), 1.0), None);
    }

    #[test]
    fn a_stretch_is_occupied_as_long_as_anybody_is_on_it_in_whatever_order_they_are_seen() {
        let (a, b, c) = ((0.0, 0.25), (0.125, 0.5), (0.75, 1.0));
        for mut spans in [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
            assert_eq!(union(&mut spans), (0.75, 1.0));
        }
        assert_eq!(union(&mut [a, b]), (0.5, 0.5));
        assert_eq!(union(&mut []), (0.0, 0.0));
    }

    #[test]
    fn nobody_looks_like_itself() {
        for class in VehicleClass::ALL {
            assert!(!look_alikes(class).is_empty() && !look_alikes(class).contains(&class), "{class}");
        }
    }
}
