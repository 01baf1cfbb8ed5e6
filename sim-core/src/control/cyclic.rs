//! Max-pressure, cyclic: phases keep their order and each gets some green; pressure decides how much.

use super::{
    ControlError, Controller, Needs, View, Wish,
    pressure::{by_phase, plain},
};
use serde::{Deserialize, Serialize};

/// Cyclic max-pressure in the manner of Le et al. (Decentralized signal control for urban road networks, Transportation Research C 58, 2015): at the beginning of each cycle its green time is
/// shared out by pressure, above a shortest green for every phase. Shares are proportional to what pressure is above 0, where the paper has
/// an exponential; as there, a group with green in several phases counts in each of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CyclicMaxPressure {
    /// The cycle, seconds; `None` for the plan's.
    pub cycle_s: Option<f64>,
    /// The shortest green of a phase, seconds (assumed 7).
    pub min_green_s: f64,
    /// Greens of the present cycle, seconds.
    greens_s: Vec<f64>,
    /// When the present cycle began, seconds after midnight.
    began_s: f64,
}

impl Default for CyclicMaxPressure {
    fn default() -> Self {
        Self { cycle_s: None, min_green_s: 7.0, greens_s: Vec::new(), began_s: 0.0 }
    }
}

impl CyclicMaxPressure {
    fn begin_cycle(&mut self, view: &View) {
        let phases = view.plan.phases();
        let cycle_s = self.cycle_s.unwrap_or_else(|| f64::from(view.plan.cycle_s()));
        let lost_s: f64 = phases.iter().map(|p| f64::from(p.yellow_s + p.all_red_s)).sum();
        let spare_s = (cycle_s - lost_s - self.min_green_s * phases.len() as f64).max(0.0);
        let pressures: Vec<f64> = by_phase(view, plain).into_iter().map(|p| f64::from(p.max(0.0)) + 0.1).collect();
        let all: f64 = pressures.iter().sum();
        // To the half second, as the step mostly is.
        self.greens_s = pressures.iter().map(|p| self.min_green_s + libm::round(2.0 * spare_s * p / all) / 2.0).collect();
        self.began_s = view.time_s;
    }
}

impl Controller for CyclicMaxPressure {
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
        let phases = view.plan.phases();
        let length_s = |greens: &[f64]| greens.iter().zip(phases).map(|(g, p)| g + f64::from(p.yellow_s + p.all_red_s)).sum::<f64>();
        if self.greens_s.len() != phases.len() || view.time_s + 1e-3 >= self.began_s + length_s(&self.greens_s) {
            self.begin_cycle(view);
        }
        let mut left_s = view.time_s - self.began_s + 1e-3;
        for (p, (green_s, phase)) in self.greens_s.iter().zip(phases).enumerate() {
            let next = (p + 1) % phases.len();
            if left_s < *green_s {
                return Ok(Wish::phase(view.plan, p, p));
            }
            left_s -= green_s + f64::from(phase.yellow_s + phase.all_red_s);
            if left_s < 0.0 {
                // Between two phases: those that are in both stay green.
                let mut wish = Wish::phase(view.plan, next, p);
                wish.groups.retain(|g| phases.len() > 1 && phase.groups.contains(g));
                wish.soon.clone_from(&phases[next].groups);
                return Ok(wish);
            }
        }
        Err(ControlError("the cycle is shorter than its phases".into()))
    }

    fn needs(&self) -> Needs {
        Needs::Exits
    }

    fn is_central(&self) -> bool {
        true
    }

    fn observes(&self) -> &'static str {
        "cameras on its approaches and, through the centre, at the ends of the links it leads into: queued vehicles"
    }

    fn problem(&self) -> Option<String> {
        if self.cycle_s.is_some_and(|c| !(20.0..=300.0).contains(&c)) {
            return Some(format!("the cycle is {} s, expected 20 to 300 s", self.cycle_s.unwrap_or(0.0)));
        }
        (!(1.0..=60.0).contains(&self.min_green_s)).then(|| format!("the shortest green is {} s, expected 1 to 60 s", self.min_green_s))
    }
}
