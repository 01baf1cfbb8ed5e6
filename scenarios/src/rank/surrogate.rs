//! What equipping a junction promises to save: `saved = a · delay + b · vehicles` of its own approaches in the base, by least squares over what
//! was simulated so far, pulled towards what is taken for granted before (`a` = [`SHARE`], `b` = 0). What a simulation of the junction showed is
//! weighed against that by how far the runs of its pairs scatter ([`Belief`]): a few noisy runs alone neither choose a junction nor rule it out.
//! Equipped neighbours are not in it.

use super::search::{mean, variance};
use std::collections::BTreeMap;

/// The share of a junction's delay that is taken to be saved before anything was simulated (assumed).
pub const SHARE: f64 = 0.25;
/// How strongly the prior pulls, as so many junctions of mean size (assumed).
const PULL: f64 = 1.0;
/// No junction promises less than this share of its delay: a regression on noisy runs may end below zero, and would then prefer junctions
/// without traffic (assumed).
const LEAST: f64 = 0.05;

/// What is known of a junction in the base.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features {
    /// Delay on its approaches, vehicle-hours.
    pub delay_h: f64,
    /// Thousands of vehicles that came to it.
    pub thousands: f64,
}

/// The two factors after what was seen: features and what was saved, vehicle-hours.
pub fn fitted(seen: &[(Features, f64)], all: &[Features]) -> [f64; 2] {
    let count = all.len().max(1) as f64;
    let mean_square = |of: fn(&Features) -> f64| all.iter().map(|f| of(f) * of(f)).sum::<f64>() / count;
    let pull = [PULL * mean_square(|f| f.delay_h).max(1e-9), PULL * mean_square(|f| f.thousands).max(1e-9)];
    let sum = |of: &dyn Fn(&(Features, f64)) -> f64| seen.iter().map(of).sum::<f64>();
    let (aa, ab, bb) = (
        sum(&|(f, _)| f.delay_h * f.delay_h) + pull[0],
        sum(&|(f, _)| f.delay_h * f.thousands),
        sum(&|(f, _)| f.thousands * f.thousands) + pull[1],
    );
    let (ya, yb) = (sum(&|(f, y)| f.delay_h * y) + pull[0] * SHARE, sum(&|(f, y)| f.thousands * y));
    let determinant = aa * bb - ab * ab;
    [(ya * bb - yb * ab) / determinant, (yb * aa - ya * ab) / determinant]
}

/// What a junction promises.
pub fn promise(factors: [f64; 2], f: Features) -> f64 {
    (factors[0] * f.delay_h + factors[1] * f.thousands).max(LEAST * f.delay_h)
}

/// What is believed of every junction: the surrogate, and what was seen of those that were simulated.
#[derive(Clone, Debug)]
pub struct Belief {
    features: Vec<Features>,
    seen: Vec<(Features, f64)>,
    /// What a junction saved the last time: mean and squared standard error; `None` of a single pair.
    known: BTreeMap<usize, (f64, Option<f64>)>,
    factors: [f64; 2],
}

impl Belief {
    /// Before anything was simulated.
    pub fn new(features: Vec<Features>) -> Self {
        let factors = fitted(&[], &features);
        Self { features, seen: Vec::new(), known: BTreeMap::new(), factors }
    }

    /// How many junctions there are.
    pub fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Takes in what a junction saved in each pair of runs, vehicle-hours.
    pub fn see(&mut self, junction: usize, gains: &[f64]) {
        let error = (gains.len() > 1).then(|| variance(gains) / gains.len() as f64);
        self.known.insert(junction, (mean(gains), error));
        self.seen.push((self.features[junction], mean(gains)));
        self.factors = fitted(&self.seen, &self.features);
    }

    /// What a junction is believed to save: surrogate and simulation, each by its certainty. The surrogate is taken to be wrong by as much as
    /// the share of the delay that was taken for granted; a single pair of runs by as much too (both assumed).
    pub fn promise(&self, junction: usize) -> f64 {
        let f = self.features[junction];
        let prior = promise(self.factors, f);
        let Some((saved, error)) = self.known.get(&junction) else { return prior };
        let spread = SHARE * f.delay_h * SHARE * f.delay_h;
        let error = error.unwrap_or(spread);
        if error + spread > 0.0 { (saved * spread + prior * error) / (error + spread) } else { *saved }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(delay_h: f64, thousands: f64) -> Features {
        Features { delay_h, thousands }
    }

    #[test]
    fn before_anything_was_seen_a_share_of_the_delay_is_promised() {
        let all = [at(10.0, 2.0), at(4.0, 6.0)];
        let factors = fitted(&[], &all);
        assert!((factors[0] - SHARE).abs() < 1e-12 && factors[1].abs() < 1e-12, "{factors:?}");
        assert!((promise(factors, all[0]) - 2.5).abs() < 1e-12);
    }

    /// Savings of 0.6 h per hour of delay, less 0.2 h per thousand vehicles: after many junctions that is what it says.
    #[test]
    fn it_learns_what_it_is_shown() {
        let all: Vec<Features> = (1..40).map(|i| at(f64::from(i % 7) + 1.0, f64::from(i % 5))).collect();
        let seen: Vec<_> = all.iter().map(|f| (*f, 0.6 * f.delay_h - 0.2 * f.thousands)).collect();
        let factors = fitted(&seen, &all);
        assert!((factors[0] - 0.6).abs() < 0.03 && (factors[1] + 0.2).abs() < 0.05, "{factors:?}");
    }

    #[test]
    fn noisy_losses_never_make_an_empty_junction_promise_more_than_a_busy_one() {
        let all = [at(30.0, 1.7), at(8.0, 1.5), at(0.0, 0.0)];
        let factors = fitted(&[(all[0], -40.0), (all[1], -20.0)], &all);
        assert!(factors[0] < 0.0, "{factors:?}");
        assert!(promise(factors, all[0]) > promise(factors, all[1]) && promise(factors, all[1]) > promise(factors, all[2]));
    }

    /// 3 ± much of a junction that promised 2.5 moves it little; 3 ± little moves it there.
    #[test]
    fn what_was_seen_counts_by_its_certainty() {
        let of = |gains: &[f64]| {
            let mut belief = Belief::new(vec![at(10.0, 2.0), at(4.0, 1.0)]);
            belief.see(0, gains);
            (belief.promise(0), promise(belief.factors, at(10.0, 2.0)))
        };
        let (noisy, prior) = of(&[-37.0, 43.0]);
        assert!((noisy - prior).abs() < 0.05, "{noisy} {prior}");
        let (sure, _) = of(&[8.0, 8.0]);
        assert!((sure - 8.0).abs() < 1e-9, "{sure}");
    }
}
