//! Webster's method: cycle and greens from flow ratios, and a controller that re-times its junction from what its detectors counted.

use super::{ControlError, Controller, Fixed, Needs, View, Wish, critical::phase_ratios};
use crate::{
    frame::Light,
    network::{Phase, SignalPlan},
};
use serde::{Deserialize, Serialize};

/// Bounds of a cycle, seconds (manuals give 30 to 40 s as the least and 120 s as the most that is worth while).
pub(super) const CYCLE_S: (f64, f64) = (40.0, 120.0);
/// The greatest sum of flow ratios that the formula is used with.
const MOST_RATIO: f64 = 0.9;
/// Vehicles a second that a lane of 3.5 m lets pass before anything was measured (assumed: 1 800 an hour).
pub(super) const FIRST_RATE: f64 = 0.5;
/// What is measured counts as saturation only if it is more than this share of what is known so far (assumed): fewer pass where somebody stands in
/// the way of others.
pub(super) const LEAST_SHARE: f64 = 0.5;
/// Saturation is measured from here to there in a green, seconds, while somebody is on the detector all the time.
const MEASURED_S: (f64, f64) = (3.0, 13.0);

/// Cycle `(1.5 L + 5) / (1 - Y)` and greens in proportion to the flow ratio of each phase (Webster, Road Research Technical Paper 39, 1958),
/// seconds. `cycle_s` overrules the formula; no green is below `least_s`. A green longer than its phase needs takes its share of the cycle as it is.
pub fn webster_greens(ratios: &[f64], lost_s: f64, cycle_s: Option<f64>, least_s: f64) -> Vec<f64> {
    let least_cycle_s = lost_s + least_s * ratios.len() as f64;
    let cycle_s = cycle_s.unwrap_or_else(|| best_cycle_s(ratios, lost_s, least_s).clamp(CYCLE_S.0, CYCLE_S.1)).max(least_cycle_s);
    let mut greens: Vec<f64> = vec![least_s; ratios.len()];
    // What a phase needs beyond the least is shared by ratio among those that have more than the least.
    let mut open: Vec<usize> = (0..ratios.len()).collect();
    loop {
        let fixed_s = (ratios.len() - open.len()) as f64 * least_s;
        let sum: f64 = open.iter().map(|p| ratios[*p]).sum();
        let share = |p: usize| if sum > 0.0 { ratios[p] / sum } else { 1.0 / open.len() as f64 };
        let room_s = cycle_s - lost_s - fixed_s;
        let (keep, drop): (Vec<usize>, Vec<usize>) = open.iter().partition(|p| room_s * share(**p) >= least_s);
        if drop.is_empty() || keep.is_empty() {
            keep.iter().for_each(|p| greens[*p] = room_s * share(*p));
            return greens;
        }
        open = keep;
    }
}

/// The cycle `C = 1.5 L + 5 + sum of max(y C, least)`, seconds: Webster's where every phase needs more than the least green; otherwise that green is
/// counted once, as time in which the phase is served, not as more lost time.
fn best_cycle_s(ratios: &[f64], lost_s: f64, least_s: f64) -> f64 {
    let all: f64 = ratios.iter().sum();
    let scale = if all > MOST_RATIO { MOST_RATIO / all } else { 1.0 };
    let mut order: Vec<f64> = ratios.iter().map(|y| y * scale).collect();
    order.sort_by(f64::total_cmp);
    // The phases that need least are the first to have the least green.
    let of = |n: usize| (1.5 * lost_s + 5.0 + n as f64 * least_s) / (1.0 - order[n..].iter().sum::<f64>());
    let first = (0..order.len()).find(|n| order[*n] * of(*n) >= least_s);
    of(first.unwrap_or(order.len()))
}

/// The plan with other greens, in half seconds, begun at `offset_s`.
pub(super) fn with_greens(plan: &SignalPlan, greens: &[f64], offset_s: f32) -> Option<SignalPlan> {
    let half = |s: f64| (libm::round(s * 2.0) / 2.0).max(0.5) as f32;
    let phases = plan.phases().iter().zip(greens).map(|(p, g)| Phase { green_s: half(*g), ..p.clone() });
    SignalPlan::new(offset_s, phases.collect()).ok()
}

/// What is measured of one group between two re-timings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Flow {
    /// The count when the present interval began.
    counted: u64,
    /// Vehicles a second that it lets pass in saturation; 0 before any was measured.
    rate: f64,
    /// The count when the present measurement of saturation began, and whether there is one.
    from: u64,
    measures: bool,
}

/// Re-times its junction alone, by Webster's method, from the counts of the last interval and the saturation it measured itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Webster {
    /// Time between two re-timings, seconds (assumed 600).
    pub interval_s: f64,
    /// The shortest green of a phase, seconds (assumed 7).
    pub min_green_s: f64,
    flows: Vec<Flow>,
    plan: Option<SignalPlan>,
    began_s: Option<f64>,
}

impl Default for Webster {
    fn default() -> Self {
        Self { interval_s: 600.0, min_green_s: 7.0, flows: Vec::new(), plan: None, began_s: None }
    }
}

impl Webster {
    fn measure(&mut self, view: &View) {
        for (flow, look) in self.flows.iter_mut().zip(view.groups) {
            let is_green = look.light == Light::Green;
            if !is_green || !look.present || look.failed {
                flow.measures = false;
            } else if !flow.measures && look.lit_s >= MEASURED_S.0 && look.lit_s < MEASURED_S.0 + view.step_s {
                (flow.measures, flow.from) = (true, look.counted);
            } else if flow.measures && look.lit_s >= MEASURED_S.1 {
                let rate = (look.counted - flow.from) as f64 / (MEASURED_S.1 - MEASURED_S.0);
                let known = if flow.rate > 0.0 { flow.rate } else { FIRST_RATE * f64::from(look.lanes.max(0.5)) };
                if rate > LEAST_SHARE * known {
                    flow.rate = rate.max(flow.rate + 0.1 * (rate - flow.rate));
                }
                flow.measures = false;
            }
        }
    }

    fn retime(&mut self, view: &View, elapsed_s: f64) {
        let known = self.flows.iter().zip(view.groups).filter(|(f, l)| f.rate > 0.0 && l.lanes > 0.0);
        let by_lane = known.map(|(f, l)| f.rate / f64::from(l.lanes)).fold(0.0, f64::max);
        let usual = if by_lane > 0.0 { by_lane } else { FIRST_RATE };
        let ratio = |g: u16| {
            let (flow, look) = (self.flows[usize::from(g)], view.groups[usize::from(g)]);
            let rate = if flow.rate > 0.0 { flow.rate } else { usual * f64::from(look.lanes.max(0.5)) };
            (look.counted - flow.counted) as f64 / elapsed_s / rate
        };
        let lost_s: f64 = view.plan.phases().iter().map(|p| f64::from(p.yellow_s + p.all_red_s)).sum();
        // Detectors do not tell in which of its phases a group yields: all its greens count alike.
        let ratios = phase_ratios(view.plan, |g, _| ratio(g));
        let greens = webster_greens(&ratios, lost_s, None, self.min_green_s);
        self.plan = with_greens(view.plan, &greens, view.time_s as f32);
    }
}

impl Controller for Webster {
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        if self.flows.len() != view.groups.len() {
            self.flows = view.groups.iter().map(|l| Flow { counted: l.counted, ..Flow::default() }).collect();
        }
        let began_s = *self.began_s.get_or_insert(view.time_s);
        self.measure(view);
        if view.time_s - began_s + 1e-3 >= self.interval_s {
            self.retime(view, view.time_s - began_s);
            self.began_s = Some(view.time_s);
            self.flows.iter_mut().zip(view.groups).for_each(|(f, l)| f.counted = l.counted);
        }
        Fixed {}.wish(&View { plan: self.plan.as_ref().unwrap_or(view.plan), ..*view })
    }

    fn needs(&self) -> Needs {
        Needs::StopLine
    }

    fn is_central(&self) -> bool {
        true
    }

    fn observes(&self) -> &'static str {
        "stop-line detectors of its own approaches: counts, and how many pass while somebody is there all the time"
    }

    fn problem(&self) -> Option<String> {
        if !(120.0..=7200.0).contains(&self.interval_s) {
            return Some(format!("the interval between re-timings is {} s, expected 120 to 7200 s", self.interval_s));
        }
        (!(1.0..=60.0).contains(&self.min_green_s)).then(|| format!("the shortest green is {} s, expected 1 to 60 s", self.min_green_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::GroupLook;

    #[test]
    fn the_cycle_and_the_greens_are_those_of_the_formula() {
        // L = 10 s, y = 0.3 and 0.2: C = 20 / 0.5 = 40 s, greens 18 and 12 s.
        let greens = webster_greens(&[0.3, 0.2], 10.0, None, 7.0);
        assert!((greens[0] - 18.0).abs() < 1e-9 && (greens[1] - 12.0).abs() < 1e-9, "{greens:?}");
        // A given cycle of 90 s shares out 80 s.
        let greens = webster_greens(&[0.3, 0.2], 10.0, Some(90.0), 7.0);
        assert!((greens[0] - 48.0).abs() < 1e-9 && (greens[1] - 32.0).abs() < 1e-9, "{greens:?}");
    }

    #[test]
    fn a_least_green_counts_once_in_the_cycle() {
        // L = 16 s, 0.35 and 0.3 and two phases that need next to nothing: C = (1.5 · 16 + 5 + 2 · 7) / (1 - 0.65) = 122.9 s, more than the
        // (24 + 5) / (1 - 0.67) = 87.9 s in which the two that need it would not have it, less than (1.5 · 30 + 5) / 0.35 = 142.9 s.
        let cycle_s = best_cycle_s(&[0.35, 0.01, 0.3, 0.01], 16.0, 7.0);
        assert!((cycle_s - 43.0 / 0.35).abs() < 1e-9, "{cycle_s}");
        // In it each has at least what it needs.
        let greens = webster_greens(&[0.35, 0.01, 0.3, 0.01], 16.0, Some(cycle_s), 7.0);
        assert!(greens[0] >= 0.35 * cycle_s && greens[2] >= 0.3 * cycle_s, "{greens:?}");
        // Where all need more than the least it is Webster's.
        assert!((best_cycle_s(&[0.3, 0.2], 10.0, 7.0) - 40.0).abs() < 1e-9);
    }

    #[test]
    fn nobody_gets_less_than_the_least_and_the_rest_is_shared() {
        let greens = webster_greens(&[0.45, 0.01, 0.15], 15.0, Some(75.0), 7.0);
        assert_eq!(greens[1], 7.0);
        assert!((greens.iter().sum::<f64>() - 60.0).abs() < 1e-9, "{greens:?}");
        assert!((greens[0] / greens[2] - 3.0).abs() < 1e-9, "{greens:?}");
        let greens = webster_greens(&[0.0, 0.0], 10.0, Some(20.0), 7.0);
        assert_eq!(greens, [7.0, 7.0], "too short a cycle is lengthened");
    }

    #[test]
    fn a_green_in_which_somebody_stands_in_the_way_is_no_saturation_flow() {
        let phase = Phase { groups: vec![0], green_s: 30.0, yellow_s: 3.0, all_red_s: 1.0 };
        let plan = SignalPlan::new(0.0, vec![phase]).unwrap();
        let mut webster = Webster { flows: vec![Flow::default()], ..Webster::default() };
        // Ten seconds of a green with somebody on the detector all the time, in which `passed` go; what is known of the flow then, veh/s.
        let mut counted = 0;
        let mut measured = |passed: u64| {
            for lit_s in [3.0, 13.0] {
                let look = GroupLook { light: Light::Green, lit_s, present: true, counted, lanes: 1.0, ..GroupLook::default() };
                webster.measure(&View { time_s: 0.0, step_s: 1.0, plan: &plan, groups: &[look], key: 1, truth: &[], inflow: &[] });
                counted += if lit_s < 13.0 { passed } else { 0 };
            }
            webster.flows[0].rate
        };
        assert_eq!(measured(1), 0.0, "a tenth of a vehicle a second is not what a lane lets pass");
        assert_eq!(measured(6), 0.6);
        assert_eq!(measured(2), 0.6);
        assert!((measured(4) - 0.58).abs() < 1e-9, "less than before counts by a tenth");
    }
}
