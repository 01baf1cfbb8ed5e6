//! How near simulated counts come to recorded ones: GEH on hourly totals, normalised root mean square error, bias.
//!
//! GEH of a simulated flow m and a recorded flow c, both vehicles an hour: √(2 (m − c)² / (m + c)). Practice asks for GEH < 5 at 85 % of
//! the places (FHWA Traffic Analysis Toolbox III, 2004; UK TAG unit M3.1).

use super::{observe::Observation, time::Window};
use sim_core::{
    class::CLASS_COUNT,
    detector::{Detector, Reading},
    reference::Ref,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

const HOUR_S: f64 = 3600.0;
/// An hour with less recorded time than this is not judged, seconds.
pub(crate) const COVERED_LEAST_S: f64 = 1800.0;

/// GEH statistic of two flows, vehicles an hour.
pub fn geh(simulated: f64, recorded: f64) -> f64 {
    let sum = simulated + recorded;
    if sum <= 0.0 { 0.0 } else { libm::sqrt(2.0 * (simulated - recorded) * (simulated - recorded) / sum) }
}

/// One hour at one detector, all classes together.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct HourRow {
    /// The detector.
    pub detector: Ref,
    /// The hour (or what of it was recorded).
    pub window: Window,
    /// Recorded vehicles an hour.
    pub recorded_per_h: f64,
    /// Simulated vehicles an hour.
    pub simulated_per_h: f64,
    /// Their GEH.
    pub geh: f64,
}

/// How near simulated counts come to recorded ones, over a set of detectors.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Quality {
    /// Detectors judged.
    pub detectors: usize,
    /// Mean GEH over hours and detectors.
    pub geh_mean: f64,
    /// Share of hours and detectors with GEH < 5, 0 to 1.
    pub geh_below_5: f64,
    /// Root mean square error over the mean recorded flow.
    pub rmsn: f64,
    /// (Simulated − recorded) / recorded, all together.
    pub bias: f64,
    /// Every hour of every detector.
    pub rows: Vec<HourRow>,
}

impl Quality {
    /// Sums rows up; `None` where there are none.
    pub fn of(rows: Vec<HourRow>) -> Option<Self> {
        if rows.is_empty() {
            return None;
        }
        let n = rows.len() as f64;
        let sum = |f: fn(&HourRow) -> f64| rows.iter().map(f).sum::<f64>();
        let recorded = sum(|r| r.recorded_per_h).max(1e-9);
        let squares = sum(|r| (r.simulated_per_h - r.recorded_per_h) * (r.simulated_per_h - r.recorded_per_h));
        Some(Self {
            detectors: rows.iter().map(|r| &r.detector).collect::<BTreeSet<_>>().len(),
            geh_mean: sum(|r| r.geh) / n,
            geh_below_5: rows.iter().filter(|r| r.geh < 5.0).count() as f64 / n,
            rmsn: libm::sqrt(n * squares) / recorded,
            bias: (sum(|r| r.simulated_per_h) - recorded) / recorded,
            rows,
        })
    }
}

impl fmt::Display for Quality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} detectors, mean GEH {:.2}, GEH < 5 at {:.0} %, RMSN {:.2}, bias {:+.1} %",
            self.detectors,
            self.geh_mean,
            100.0 * self.geh_below_5,
            self.rmsn,
            100.0 * self.bias
        )
    }
}

/// What simulated detectors counted, by detector and class.
pub(crate) struct Simulated {
    by_place: BTreeMap<(usize, usize), Vec<(Window, f64)>>,
}

impl Simulated {
    pub(crate) fn new(readings: &[Reading]) -> Self {
        let mut by_place: BTreeMap<(usize, usize), Vec<(Window, f64)>> = BTreeMap::new();
        for r in readings {
            by_place.entry((r.detector.index(), r.class.index())).or_default().push((Window::new(r.from_s, r.to_s), f64::from(r.count)));
        }
        Self { by_place }
    }

    /// Vehicles in `window`; readings that straddle its ends count in proportion.
    pub(crate) fn count(&self, detector: usize, class: usize, window: Window) -> f64 {
        let rows = self.by_place.get(&(detector, class)).map_or(&[][..], Vec::as_slice);
        rows.iter().map(|(w, n)| n * w.overlap_s(window) / w.length_s()).sum()
    }
}

/// Hourly rows of the detectors that `chosen` takes. Hours are counted from `start_s`; only recorded time is compared.
pub(crate) fn hours(
    observations: &[Observation],
    simulated: &Simulated,
    detectors: &[Detector],
    start_s: f64,
    chosen: &dyn Fn(usize) -> bool,
) -> Vec<HourRow> {
    struct Sum {
        recorded: f64,
        simulated: f64,
        covered_s: [f64; CLASS_COUNT],
    }
    let mut sums: BTreeMap<(usize, u32), Sum> = BTreeMap::new();
    for o in observations.iter().filter(|o| chosen(o.detector)) {
        // An interval belongs to the hour its middle lies in.
        let hour = (((o.window.from_s + o.window.to_s) / 2.0 - start_s) / HOUR_S).max(0.0) as u32;
        let sum = sums.entry((o.detector, hour)).or_insert(Sum { recorded: 0.0, simulated: 0.0, covered_s: [0.0; CLASS_COUNT] });
        sum.recorded += o.count;
        sum.simulated += simulated.count(o.detector, o.class.index(), o.window);
        sum.covered_s[o.class.index()] += o.window.length_s();
    }
    let mut rows = Vec::with_capacity(sums.len());
    for ((detector, hour), sum) in sums {
        let covered_s = sum.covered_s.iter().copied().fold(0.0, f64::max);
        if covered_s < COVERED_LEAST_S {
            continue;
        }
        let from_s = start_s + f64::from(hour) * HOUR_S;
        let (recorded_per_h, simulated_per_h) = (sum.recorded * HOUR_S / covered_s, sum.simulated * HOUR_S / covered_s);
        rows.push(HourRow {
            detector: detectors[detector].ref_.clone(),
            window: Window::new(from_s, from_s + HOUR_S.min(covered_s)),
            recorded_per_h,
            simulated_per_h,
            geh: geh(simulated_per_h, recorded_per_h),
        });
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geh_is_the_published_one() {
        assert!((geh(1100.0, 1000.0) - 3.086).abs() < 1e-3);
        assert_eq!(geh(0.0, 0.0), 0.0);
    }

    #[test]
    fn sums_are_of_all_hours() {
        let row = |recorded_per_h, simulated_per_h| HourRow {
            detector: Ref::from("A"),
            window: Window::new(0.0, 3600.0),
            recorded_per_h,
            simulated_per_h,
            geh: geh(simulated_per_h, recorded_per_h),
        };
        let q = Quality::of(vec![row(100.0, 100.0), row(300.0, 420.0)]).unwrap();
        assert!((q.bias - 0.3).abs() < 1e-12 && (q.geh_below_5 - 0.5).abs() < 1e-12, "{q}");
        assert!((q.rmsn - (14_400.0f64 / 2.0).sqrt() / 200.0).abs() < 1e-12, "{q}");
    }
}
