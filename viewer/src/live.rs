//! What every link measured in the last minute: differences of the engine's own totals, taken on the simulation's thread.
//!
//! The engine measures by intervals of a quarter of an hour. A map and a chart want a finer grain, so every simulated minute the totals
//! of each link are compared with those of a minute ago. Nothing is estimated: what is shown is what was measured.

use sim_core::measure::Measurements;
use std::{collections::VecDeque, sync::Arc};

/// Length of a sample, simulated seconds.
pub const SAMPLE_S: f64 = 60.0;
/// The most link records that are kept for charts; the oldest samples go first. About 100 MB.
const MOST_RECORDS: usize = 3_000_000;

/// What one link measured in a sample, or up to a time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LinkLive {
    /// Way driven on it, metres.
    pub vehicle_m: f32,
    /// Time spent on it, seconds.
    pub vehicle_s: f32,
    /// Time lost on it, seconds.
    pub delay_s: f32,
    /// CO2 out of tailpipes, grams.
    pub co2_g: f32,
    /// Vehicles that left it.
    pub exited: u32,
    /// The farthest that slow vehicles have reached back from its end since the measuring interval began, metres.
    pub queue_m: f32,
}

/// What the links measured between two times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// When it begins, seconds after midnight.
    pub from_s: f64,
    /// When it ends.
    pub until_s: f64,
    /// Links on which something drove, by index.
    pub links: Vec<(u32, LinkLive)>,
}

impl Sample {
    /// How long it is, hours.
    pub fn hours(&self) -> f64 {
        (self.until_s - self.from_s) / 3600.0
    }

    /// What a link measured; `None` where nothing drove.
    pub fn link(&self, link: u32) -> Option<&LinkLive> {
        self.links.binary_search_by_key(&link, |(l, _)| *l).ok().map(|i| &self.links[i].1)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Total {
    vehicle_m: f64,
    vehicle_s: f64,
    delay_s: f64,
    co2_g: f64,
    exited: u64,
}

/// Takes a sample of all links every simulated minute.
#[derive(Debug)]
pub struct LiveLinks {
    start_s: f64,
    /// Totals of the intervals that are over, and how many cells they are.
    over: Vec<Total>,
    over_cells: usize,
    before: Vec<Total>,
    before_s: f64,
    samples: VecDeque<Arc<Sample>>,
    records: usize,
}

impl LiveLinks {
    /// For a network of so many links.
    pub fn new(links: usize, now_s: f64) -> Self {
        let nothing = vec![Total::default(); links];
        Self {
            start_s: now_s,
            over: nothing.clone(),
            over_cells: 0,
            before: nothing,
            before_s: now_s,
            samples: VecDeque::new(),
            records: 0,
        }
    }

    /// Takes a sample when a whole minute since the beginning has passed.
    pub fn look(&mut self, now_s: f64, measured: &Measurements) {
        let minute = |time_s: f64| ((time_s - self.start_s) / SAMPLE_S + 1e-6).floor();
        if minute(now_s) > minute(self.before_s) {
            self.take(now_s, measured);
        }
    }

    fn take(&mut self, now_s: f64, measured: &Measurements) {
        let totals = self.totals(measured);
        if self.samples.back().is_some_and(|s| s.until_s > now_s - 1e-6) {
            // This minute is known: the simulation passes it again.
            (self.before, self.before_s) = (totals, now_s);
            return;
        }
        let mut queues: Vec<(u32, f32)> = Vec::new();
        let interval = measured.link_states.last().map(|s| s.interval);
        queues.extend(measured.link_states.iter().rev().take_while(|s| Some(s.interval) == interval).map(|s| (s.link.0, s.queue_max_m)));
        queues.sort_unstable_by_key(|(link, _)| *link);
        let mut links = Vec::new();
        for (l, (now, before)) in totals.iter().zip(&self.before).enumerate() {
            if now.vehicle_s > before.vehicle_s || now.exited > before.exited {
                let queue_m = queues.binary_search_by_key(&(l as u32), |(link, _)| *link).map_or(0.0, |i| queues[i].1);
                links.push((
                    l as u32,
                    LinkLive {
                        vehicle_m: (now.vehicle_m - before.vehicle_m) as f32,
                        vehicle_s: (now.vehicle_s - before.vehicle_s) as f32,
                        delay_s: (now.delay_s - before.delay_s) as f32,
                        co2_g: (now.co2_g - before.co2_g) as f32,
                        exited: (now.exited - before.exited) as u32,
                        queue_m,
                    },
                ));
            }
        }
        self.records += links.len();
        self.samples.push_back(Arc::new(Sample { from_s: self.before_s, until_s: now_s, links }));
        while self.records > MOST_RECORDS
            && let Some(oldest) = self.samples.pop_front()
        {
            self.records -= oldest.links.len();
        }
        self.before = totals;
        self.before_s = now_s;
    }

    fn totals(&mut self, measured: &Measurements) -> Vec<Total> {
        let add = |totals: &mut Vec<Total>, cell: &sim_core::measure::LinkCell| {
            let total = &mut totals[cell.link.index()];
            total.vehicle_m += cell.vehicle_m;
            total.vehicle_s += cell.vehicle_s;
            total.delay_s += cell.delay_s;
            total.co2_g += cell.co2_g;
            total.exited += u64::from(cell.exited);
        };
        let interval = measured.links.last().map(|c| c.interval);
        while let Some(cell) = measured.links.get(self.over_cells).filter(|c| Some(c.interval) < interval) {
            add(&mut self.over, cell);
            self.over_cells += 1;
        }
        let mut totals = self.over.clone();
        for cell in &measured.links[self.over_cells.min(measured.links.len())..] {
            add(&mut totals, cell);
        }
        totals
    }

    /// The simulation has gone to another time, with what it had measured by then. What was sampled stays: it would come again.
    pub fn jumped(&mut self, now_s: f64, measured: &Measurements) {
        self.over.fill(Total::default());
        self.over_cells = 0;
        self.before = self.totals(measured);
        self.before_s = now_s;
    }

    /// Forgets what was sampled after a time, because things go on otherwise from there.
    pub fn forget_after(&mut self, now_s: f64) {
        while self.samples.back().is_some_and(|s| s.until_s > now_s + 1e-6) {
            if let Some(late) = self.samples.pop_back() {
                self.records -= late.links.len();
            }
        }
    }

    /// The latest sample at a time.
    pub fn at(&self, now_s: f64) -> Arc<Sample> {
        let count = self.samples.partition_point(|s| s.until_s <= now_s + 1e-6);
        count.checked_sub(1).map(|i| self.samples[i].clone()).unwrap_or_default()
    }

    /// One link through all samples that are kept: the middle of each, in seconds after midnight, its length in hours, and what was
    /// measured, nothing where nothing drove.
    pub fn history(&self, link: u32) -> Vec<(f64, f64, LinkLive)> {
        self.samples.iter().map(|s| ((s.from_s + s.until_s) / 2.0, s.hours(), s.link(link).copied().unwrap_or_default())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::{class::VehicleClass, ids::LinkId, measure::LinkCell};

    fn cell(interval: u32, link: u32, exited: u32, vehicle_m: f64) -> LinkCell {
        LinkCell {
            interval,
            link: LinkId(link),
            class: VehicleClass::Car,
            entered: exited,
            exited,
            vehicle_m,
            vehicle_s: vehicle_m / 10.0,
            co2_g: 0.0,
            electric_kwh: 0.0,
            delay_s: 1.0,
        }
    }

    #[test]
    fn a_sample_is_what_came_since_the_last_one_across_intervals() {
        let mut live = LiveLinks::new(3, 0.0);
        let mut measured = Measurements { links: vec![cell(0, 1, 5, 500.0)], ..Measurements::default() };
        live.look(30.0, &measured);
        assert!(live.at(1e9).links.is_empty(), "no minute has passed");
        live.look(60.0, &measured);
        assert_eq!(live.at(1e9).link(1).map(|l| (l.exited, l.vehicle_m)), Some((5, 500.0)));
        // The same cell grows, then an interval ends and a new cell begins.
        measured.links[0] = cell(0, 1, 8, 700.0);
        measured.links.push(cell(1, 1, 2, 100.0));
        live.look(120.0, &measured);
        assert_eq!(live.at(1e9).link(1).map(|l| (l.exited, l.vehicle_m)), Some((5, 300.0)));
        assert_eq!(live.at(1e9).link(0), None);
        assert_eq!(live.history(1).iter().map(|(at, _, l)| (*at, l.exited)).collect::<Vec<_>>(), [(30.0, 5), (90.0, 5)]);
    }

    #[test]
    fn going_back_keeps_what_is_known_and_a_change_forgets_what_came_later() {
        let mut live = LiveLinks::new(3, 0.0);
        let early = Measurements { links: vec![cell(0, 1, 5, 500.0)], ..Measurements::default() };
        let late = Measurements { links: vec![cell(0, 1, 9, 900.0)], ..Measurements::default() };
        live.look(60.0, &early);
        live.look(120.0, &late);
        live.jumped(60.0, &early);
        assert_eq!(live.at(60.0).link(1).map(|l| l.exited), Some(5), "the layer is that of the time");
        live.look(120.0, &late);
        assert_eq!(live.history(1).len(), 2, "a minute that is passed again is not counted twice");
        live.jumped(60.0, &early);
        live.forget_after(60.0);
        let other = Measurements { links: vec![cell(0, 1, 6, 600.0)], ..Measurements::default() };
        live.look(120.0, &other);
        assert_eq!(live.at(120.0).link(1).map(|l| l.exited), Some(1));
    }
}
