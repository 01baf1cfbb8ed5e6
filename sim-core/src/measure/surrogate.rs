//! Finds conflicts while the simulation runs: who closes in on whom on links, who comes next where paths touch in junctions.

use super::conflict::{Conflict, ConflictPlace, ConflictType, Conflicts, TTC_S, in_junction, on_link};
use crate::{
    class::VehicleClass,
    ids::{JunctionId, LinkId, VehicleId},
    plan::Plan,
    segment::Road,
    strips::overlap,
    vehicles::Vehicles,
};
use serde::{Deserialize, Serialize};

/// A conflict is over, and counted, when it has not been one for so long, seconds.
const OVER_S: f64 = 2.0;
/// Slower than this nobody closes in on anybody, m/s.
const SLOW_MPS: f32 = 2.0;
/// Who has not come so long after the place was cleared is no conflict, seconds.
const LATE_S: f64 = 10.0;
/// The strips of a vehicle are not known.
const UNKNOWN: i16 = i16::MIN;

/// Two in a junction whose paths touch: the first to clear the place where they do, the second to reach it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Expected {
    pub(crate) junction: JunctionId,
    pub(crate) kind: ConflictType,
    pub(crate) first: VehicleId,
    /// Way along the first's course at which its rear has cleared the place, metres.
    pub(crate) clear: f64,
    pub(crate) second: VehicleId,
    /// Way along the second's course at which its front reaches the place, metres.
    pub(crate) reach: f64,
    /// Rear and speed of the first when last seen.
    pub(crate) rear: f64,
    pub(crate) v: f32,
    /// When the place was cleared, seconds after midnight.
    pub(crate) cleared_s: Option<f64>,
}

/// A conflict that is going on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    conflict: Conflict,
    last_s: f64,
}

/// What is known of conflicts that may come, and of those that are going on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Surrogates {
    expected: Vec<Expected>,
    open: Vec<Open>,
    /// The first strip of each vehicle after the last step; by id.
    lefts: Vec<i16>,
}

impl Surrogates {
    pub(crate) fn new(plan: &Plan) -> Self {
        let trips = if plan.config.conflicts { plan.trips.len() } else { 0 };
        Self { lefts: vec![UNKNOWN; trips], ..Default::default() }
    }

    /// Makes room for trips that were added.
    pub(crate) fn grow(&mut self, trips: usize) {
        if !self.lefts.is_empty() {
            self.lefts.resize(trips, UNKNOWN);
        }
    }

    /// Two were put in order at a junction.
    pub(crate) fn expect(&mut self, expected: Expected) {
        self.expected.push(expected);
    }

    /// `id` lost its grant: it will not drive the way from `start` on.
    pub(crate) fn forget(&mut self, id: VehicleId, start: f64) {
        self.expected.retain(|e| !(e.first == id && e.cleared_s.is_none() && e.clear >= start || e.second == id && e.reach >= start));
    }

    /// Looks at everybody on a link.
    pub(crate) fn along(&mut self, link: LinkId, road: &Road, now: f64) {
        let rows = &road.rows;
        let mut longest = 0.0f32;
        for (i, me) in rows.iter().enumerate() {
            longest = longest.max(me.length);
            if me.v < SLOW_MPS {
                continue;
            }
            let sight = me.v * TTC_S;
            let ahead = rows[..i].iter().rev().take_while(|o| o.s - longest - me.s < sight);
            let ahead = ahead.map(|o| (o.id, o.rear(), o.v, o.left, o.right, o.class));
            let tails = road.shadows.iter().map(|o| (o.id, o.rear, o.v, o.left, o.right, o.class));
            // The nearest body in its way.
            let mut nearest: Option<(VehicleId, f32, f32, i16, u8)> = None; // with its width in strips
            for (id, rear, v, left, right, class) in ahead.chain(tails) {
                if overlap(left, right, me.left, me.right) && nearest.is_none_or(|n| rear < n.1) {
                    nearest = Some((id, rear, v, right - left, class));
                }
            }
            let Some((first, rear, v, width, class)) = nearest else { continue };
            let (first_class, second_class) = (VehicleClass::ALL[usize::from(class)], VehicleClass::ALL[usize::from(me.class)]);
            let Some((ttc, drac, severity)) = on_link(first_class, second_class, rear - me.s, me.v - v) else { continue };
            let (before, mine) = (self.lefts[first.index()], self.lefts[me.id.index()]);
            let apart = before != UNKNOWN && mine != UNKNOWN && !overlap(before, before + width, mine, mine + me.right - me.left);
            let kind = if apart { ConflictType::Lateral } else { ConflictType::RearEnd };
            let conflict = Conflict {
                time_s: now,
                place: ConflictPlace::Link(link),
                at_m: me.s,
                kind,
                first,
                second: me.id,
                first_class,
                second_class,
                time_to_s: ttc,
                drac_mps2: Some(drac),
                severity,
            };
            self.note(conflict, now);
        }
        for row in rows {
            self.lefts[row.id.index()] = row.left;
        }
    }

    /// Looks at those who were put in order at junctions.
    pub(crate) fn meet(&mut self, plan: &Plan, vehicles: &Vehicles, now: f64) {
        let dt = f64::from(plan.dt);
        // When something that is `beyond` metres past a place, at `v` m/s, was there: within the step that ended now.
        let when = |beyond: f64, v: f32| now - (beyond / f64::from(v).max(0.1)).clamp(0.0, dt);
        let mut met = Vec::new();
        self.expected.retain_mut(|e| {
            if e.cleared_s.is_none() {
                e.cleared_s = match vehicles.course(e.first) {
                    Some(c) if c.rear() >= e.clear => Some(when(c.rear() - e.clear, c.v)),
                    Some(c) => {
                        (e.rear, e.v) = (c.rear(), c.v);
                        None
                    }
                    // Its tail has left the junction in this step.
                    None => Some(now - dt + ((e.clear - e.rear) / f64::from(e.v).max(0.1)).clamp(0.0, dt)),
                };
            }
            let Some(c) = vehicles.course(e.second) else { return false };
            if c.front < e.reach {
                return e.cleared_s.is_none_or(|t| now - t < LATE_S);
            }
            if let Some(cleared_s) = e.cleared_s {
                met.push((e.clone(), (when(c.front - e.reach, c.v) - cleared_s).max(0.0) as f32));
            }
            false
        });
        for (e, pet) in met {
            let class = |id: VehicleId| plan.trips[id.index()].class;
            let (first_class, second_class) = (class(e.first), class(e.second));
            let Some(severity) = in_junction(first_class, second_class, pet) else { continue };
            let conflict = Conflict {
                time_s: now,
                place: ConflictPlace::Junction(e.junction),
                at_m: 0.0,
                kind: e.kind,
                first: e.first,
                second: e.second,
                first_class,
                second_class,
                time_to_s: pet,
                drac_mps2: None,
                severity,
            };
            self.note(conflict, now);
        }
    }

    /// A conflict at this instant: one that goes on is remembered at its worst moment.
    fn note(&mut self, conflict: Conflict, now: f64) {
        let same = |o: &&mut Open| o.conflict.second == conflict.second && o.conflict.place == conflict.place;
        match self.open.iter_mut().find(same) {
            Some(open) => {
                open.last_s = now;
                // Somebody who moved in is what it began with.
                let kind = if open.conflict.kind == ConflictType::Lateral { ConflictType::Lateral } else { conflict.kind };
                let severity = open.conflict.severity.max(conflict.severity);
                if conflict.time_to_s < open.conflict.time_to_s {
                    open.conflict = conflict;
                }
                (open.conflict.kind, open.conflict.severity) = (kind, severity);
            }
            None => self.open.push(Open { conflict, last_s: now }),
        }
    }

    /// Counts the conflicts that are over.
    pub(crate) fn close(&mut self, found: &mut Conflicts, now: f64, interval_of: impl Fn(f64) -> u32) {
        self.open.retain(|o| {
            let goes_on = now - o.last_s < OVER_S;
            if !goes_on {
                found.add(o.conflict, interval_of(o.conflict.time_s));
            }
            goes_on
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{measure::Severity, segment::Row};

    fn row(id: u32, s: f32, v: f32, left: i16) -> Row {
        Row { id: VehicleId(id), s, v, left, right: left + 15, want: left, before: s, band: (0, 56), ..Row::sample() }
    }

    fn search() -> Surrogates {
        Surrogates { lefts: vec![UNKNOWN; 4], ..Default::default() }
    }

    fn looked(search: &mut Surrogates, rows: &[Row], now: f64) {
        search.along(LinkId(3), &Road { rows: rows.to_vec(), ..Default::default() }, now);
    }

    fn found(mut search: Surrogates) -> Conflicts {
        let mut found = Conflicts::default();
        search.close(&mut found, 1e6, |_| 0);
        found
    }

    #[test]
    fn who_closes_in_is_told_once_at_its_worst_moment() {
        let mut all = search();
        // A queue, one that rolls up to it too fast, and one beside it that does not meet anybody.
        looked(&mut all, &[row(0, 100.0, 0.0, 0), row(1, 90.0, 9.0, 2), row(2, 88.0, 12.0, 30)], 10.0);
        looked(&mut all, &[row(0, 100.0, 0.0, 0), row(1, 92.4, 6.0, 2), row(2, 95.0, 12.0, 30)], 10.5);
        looked(&mut all, &[row(0, 100.0, 0.0, 0), row(1, 94.4, 3.0, 2), row(2, 101.0, 12.0, 30)], 11.0);
        let found = found(all);
        assert_eq!(found.worst.len(), 1);
        let worst = found.worst[0];
        assert_eq!((worst.first, worst.second, worst.kind, worst.time_s), (VehicleId(0), VehicleId(1), ConflictType::RearEnd, 11.0));
        // 95.4 − 94.4 = 1 m at 3 m/s; the 7.5 m/s² of the first moment were more than anybody can brake.
        assert!((worst.time_to_s - 1.0 / 3.0).abs() < 1e-4 && worst.severity == Severity::Serious, "{worst:?}");
        assert_eq!((found.cells.len(), found.cells[0].count, found.cells[0].place), (1, 1, ConflictPlace::Link(LinkId(3))));
    }

    #[test]
    fn who_moves_in_before_another_is_a_lateral_conflict() {
        let mut all = search();
        looked(&mut all, &[row(0, 100.0, 4.0, 16), row(1, 90.0, 10.0, 0)], 10.0);
        looked(&mut all, &[row(0, 100.0, 4.0, 14), row(1, 91.5, 10.0, 0)], 10.5);
        let found = found(all);
        assert_eq!((found.worst.len(), found.worst[0].kind), (1, ConflictType::Lateral));
    }

    #[test]
    fn the_nearest_body_counts_not_the_nearest_front() {
        let mut all = search();
        let mut long = row(0, 104.0, 9.0, 0);
        long.length = 16.0; // its rear is at 88 m, before that of the car with the nearer front
        looked(&mut all, &[long, row(1, 100.0, 0.0, 10), row(2, 86.0, 9.5, 4)], 10.0);
        assert!(found(all).worst.is_empty(), "it follows the truck, which is as fast");
    }
}
