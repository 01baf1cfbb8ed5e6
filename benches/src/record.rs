//! Criterion samples kept, so that a ratio can be told from the very runs that criterion saw.

use crate::machine::core_s;
use criterion::Criterion;
use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

/// Every duration of every benchmark, seconds: by the clock, and on a core.
#[derive(Clone, Debug, Default)]
pub struct Record(BTreeMap<String, [Vec<f64>; 2]>);

impl Record {
    /// Runs `work` as criterion's benchmark `name`; `set_up` is not timed.
    pub fn bench<S, T>(&mut self, criterion: &mut Criterion, name: &str, mut set_up: impl FnMut() -> S, mut work: impl FnMut(S) -> T) {
        let [times, core_times] = self.0.entry(name.to_owned()).or_default();
        criterion.bench_function(name, |bencher| {
            bencher.iter_custom(|times_to_run| {
                let mut together = Duration::ZERO;
                for _ in 0..times_to_run {
                    let input = set_up();
                    let (core_begin, begin) = (core_s(), Instant::now());
                    let output = black_box(work(black_box(input)));
                    let took = begin.elapsed();
                    core_times.extend(core_begin.and_then(|c| Some(core_s()? - c)));
                    drop(output);
                    times.push(took.as_secs_f64());
                    together += took;
                }
                together
            });
        });
    }

    /// The times of `name`; `None` when it did not run.
    pub fn times(&self, name: &str) -> Option<Times> {
        Times::of(self.0.get(name)?[0].clone())
    }

    /// The time that one sample of `name` spent on a core, all threads together, seconds: the mean over all of them, because the system
    /// counts in ticks of some milliseconds, so that of a short sample alone it says little. By the clock where it does not say at all.
    pub fn core_s(&self, name: &str) -> Option<f64> {
        let [times, core_times] = self.0.get(name)?;
        mean(core_times).or_else(|| mean(times))
    }
}

fn mean(samples: &[f64]) -> Option<f64> {
    (!samples.is_empty()).then(|| samples.iter().sum::<f64>() / samples.len() as f64)
}

/// What the samples of one benchmark amount to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Times {
    /// The fastest, seconds: the one that was disturbed least by whatever else the machine did.
    pub fastest_s: f64,
    /// The median, seconds.
    pub median_s: f64,
}

impl Times {
    /// `None` without a sample.
    pub fn of(mut samples_s: Vec<f64>) -> Option<Self> {
        samples_s.sort_by(f64::total_cmp);
        Some(Self { fastest_s: *samples_s.first()?, median_s: samples_s[samples_s.len() / 2] })
    }

    /// What `of_s` makes of both: (of the fastest, of the median).
    #[must_use]
    pub fn map(self, of_s: impl Fn(f64) -> f64) -> (f64, f64) {
        (of_s(self.fastest_s), of_s(self.median_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fastest_is_the_least_and_the_median_the_middle() {
        assert_eq!(Times::of(vec![5.0, 1.0, 3.0]), Some(Times { fastest_s: 1.0, median_s: 3.0 }));
        assert_eq!(Times::of(vec![]), None);
        assert_eq!((mean(&[5.0, 1.0, 3.0]), mean(&[])), (Some(3.0), None));
        assert_eq!(Record::default().times("nothing"), None);
    }
}
