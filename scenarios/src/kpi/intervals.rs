//! Intervals of a mean from few values: Student's, Welch's for two samples, and a bootstrap that assumes no normal distribution.
//!
//! The bootstrap draws the values anew with replacement and takes percentiles of the means. Plain percentiles are too narrow for few values;
//! the expanded ones put the same tail probability outside as Student's interval does: α′ = Φ(−√(n ÷ (n − 1)) · t₀.₉₇₅,ₙ₋₁) on each side
//! (Hesterberg, What Teachers Should Know About the Bootstrap, The American Statistician 69(4), 2015, section 5.3). Every draw is a hash of
//! what it is for, so the same values give the same interval on every machine.

use super::seeds::t_95;
use rand::RngExt;
use std::cmp::Ordering;

/// Draws of a bootstrap: enough for the tails of five values.
pub const RESAMPLES: usize = 10_000;

/// The two ends of the 95 % bootstrap interval of a mean, from `resamples` draws keyed by `key`. One value is its own interval.
pub fn bootstrap_95(values: &[f64], key: &str, resamples: usize) -> [f64; 2] {
    let n = values.len();
    if n < 2 || values.iter().all(|v| *v == values[0]) {
        return [values.first().copied().unwrap_or(f64::NAN); 2];
    }
    let mut means: Vec<f64> = Vec::with_capacity(resamples);
    let mut rng = crate::demand::draw_stream(0, "bootstrap", key, n as u64);
    for _ in 0..resamples {
        let sum: f64 = (0..n).map(|_| values[rng.random_range(0..n)]).sum();
        means.push(sum / n as f64);
    }
    means.sort_by(f64::total_cmp);
    let widened = libm::sqrt(n as f64 / (n as f64 - 1.0)) * t_95(n - 1);
    let tail = 0.5 * libm::erfc(widened / core::f64::consts::SQRT_2);
    let last = resamples - 1;
    let low = libm::floor(tail * resamples as f64) as usize;
    [means[low.min(last)], means[last - low.min(last)]]
}

/// Half of the 95 % interval of the difference of two means whose values are not paired (Welch 1947): what pairing saves is seen beside it.
pub fn unpaired_half_width(a: &[f64], b: &[f64]) -> f64 {
    let part = |values: &[f64]| {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0);
        (variance / n, n - 1.0)
    };
    if a.len() < 2 || b.len() < 2 {
        return f64::NAN;
    }
    let ((va, fa), (vb, fb)) = (part(a), part(b));
    let sum = va + vb;
    match sum.partial_cmp(&0.0) {
        Some(Ordering::Greater) => {
            let freedom = sum * sum / (va * va / fa + vb * vb / fb);
            t_95(libm::floor(freedom).max(1.0) as usize) * sum.sqrt()
        }
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{demand::draw_stream, kpi::seeds::mean_and_half_width};

    /// How often intervals of `n` values hold the true mean, of so many samples: Student's and the bootstrap's.
    fn coverage(n: usize, samples: u64, resamples: usize, draw: impl Fn(f64) -> f64, truth: f64) -> (f64, f64) {
        let (mut student, mut bootstrap) = (0u64, 0u64);
        for sample in 0..samples {
            let mut rng = draw_stream(7, "coverage", "", sample);
            let values: Vec<f64> = (0..n)
                .map(|_| {
                    let (u, v): (f64, f64) = (rng.random(), rng.random());
                    draw(libm::sqrt(-2.0 * libm::log(1.0 - u)) * libm::cos(2.0 * core::f64::consts::PI * v))
                })
                .collect();
            let (mean, half) = mean_and_half_width(&values);
            student += u64::from((mean - truth).abs() <= half.unwrap_or(0.0));
            let [low, high] = bootstrap_95(&values, &sample.to_string(), resamples);
            bootstrap += u64::from(low <= truth && truth <= high);
        }
        (student as f64 / samples as f64, bootstrap as f64 / samples as f64)
    }

    /// Differences of pairs are normal here with the mean 3: of 1000 intervals about 950 hold it (σ = 0.7 %).
    #[test]
    fn of_a_hundred_intervals_ninety_five_hold_the_true_difference() {
        let (student, bootstrap) = coverage(10, 1000, 400, |z| 3.0 + 2.0 * z, 3.0);
        assert!((0.93..=0.97).contains(&student), "Student: {student}");
        assert!((0.92..=0.975).contains(&bootstrap), "bootstrap: {bootstrap}");
    }

    /// Squares of normal draws, skew 2.8 and mean 1: no interval is exact, both stay near.
    #[test]
    fn skewed_differences_cost_some_coverage_and_no_more() {
        let (student, bootstrap) = coverage(30, 600, 400, |z| z * z, 1.0);
        assert!((0.87..=0.97).contains(&student), "Student: {student}");
        assert!((0.87..=0.97).contains(&bootstrap), "bootstrap: {bootstrap}");
    }

    #[test]
    fn the_same_values_have_the_same_bootstrap_and_equal_values_no_width() {
        let values = [1.0, 4.0, 2.0, 8.0, 5.0];
        assert_eq!(bootstrap_95(&values, "K19", RESAMPLES), bootstrap_95(&values, "K19", RESAMPLES));
        assert_ne!(bootstrap_95(&values, "K19", 50), bootstrap_95(&values, "B01", 50), "each has draws of its own");
        let [low, high] = bootstrap_95(&values, "K19", RESAMPLES);
        assert!((1.0..4.0).contains(&low) && (4.1..=8.0).contains(&high), "{low} {high}");
        assert_eq!(bootstrap_95(&[0.0, 0.0, 0.0], "K19", RESAMPLES), [0.0, 0.0]);
    }

    /// By hand: variances 1 and 1 of three values each: √(2 ÷ 3) · t₀.₉₇₅,₄ = 0.8165 · 2.776.
    #[test]
    fn welch_without_pairs() {
        let half = unpaired_half_width(&[1.0, 2.0, 3.0], &[4.0, 5.0, 6.0]);
        assert!((half - (2.0_f64 / 3.0).sqrt() * 2.776).abs() < 1e-9, "{half}");
        assert_eq!(unpaired_half_width(&[1.0, 1.0], &[2.0, 2.0]), 0.0);
    }
}
