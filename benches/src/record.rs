//! Criterion samples kept, so that a ratio can be told from the very runs that criterion saw.

use criterion::Criterion;
use std::{
    collections::BTreeMap,
    hint::black_box,
    time::{Duration, Instant},
};

/// Every duration of every benchmark, seconds.
#[derive(Clone, Debug, Default)]
pub struct Record(BTreeMap<String, Vec<f64>>);

impl Record {
    /// Runs `work` as criterion's benchmark `name`; `set_up` is not timed.
    pub fn bench<S, T>(&mut self, criterion: &mut Criterion, name: &str, mut set_up: impl FnMut() -> S, mut work: impl FnMut(S) -> T) {
        let times = self.0.entry(name.to_owned()).or_default();
        criterion.bench_function(name, |bencher| {
            bencher.iter_custom(|times_to_run| {
                let mut together = Duration::ZERO;
                for _ in 0..times_to_run {
                    let input = set_up();
                    let begin = Instant::now();
                    let output = black_box(work(black_box(input)));
                    let took = begin.elapsed();
                    drop(output);
                    times.push(took.as_secs_f64());
                    together += took;
                }
                together
            });
        });
    }

    /// The median of `name`, seconds; `None` when it did not run.
    pub fn median_s(&self, name: &str) -> Option<f64> {
        median(self.0.get(name)?.clone())
    }
}

fn median(mut times: Vec<f64>) -> Option<f64> {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(vec![5.0, 1.0, 3.0]), Some(3.0));
        assert_eq!(median(vec![]), None);
        assert_eq!(Record::default().median_s("nothing"), None);
    }
}
