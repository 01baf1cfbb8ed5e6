//! What a run tells while it is going: the part it is in, the simulated clock, the vehicles on the road.

use crate::scenario::quantity::ClockTime;
use indicatif::{ProgressBar, ProgressStyle};
use std::time::Instant;

/// Hears how far a run has come. Its answers change nothing.
pub trait Progress: Sync {
    /// A new part of the run begins; it simulates from one time to another (seconds after midnight), or takes its time where both are
    /// the same.
    fn begin(&self, part: &str, from_s: f64, to_s: f64);
    /// The simulation has come to `time_s` with so many vehicles on the road.
    fn tick(&self, time_s: f64, on_road: u64);
    /// The run is over or has failed.
    fn end(&self);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: &str, _: f64, _: f64) {}
    fn tick(&self, _: f64, _: u64) {}
    fn end(&self) {}
}

/// A bar on standard error; says nothing where that is no terminal.
#[derive(Debug)]
pub struct Bar {
    bar: ProgressBar,
    began: std::sync::Mutex<(f64, Instant)>,
}

impl Default for Bar {
    fn default() -> Self {
        // Draws on standard error, and not at all where that is not a terminal.
        Self { bar: ProgressBar::new(0), began: std::sync::Mutex::new((0.0, Instant::now())) }
    }
}

impl Progress for Bar {
    fn begin(&self, part: &str, from_s: f64, to_s: f64) {
        let template = if to_s > from_s { "{prefix} [{bar:30}] {msg}" } else { "{prefix} {spinner} {elapsed}" };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        self.bar.reset();
        self.bar.set_style(style.progress_chars("=> "));
        self.bar.set_prefix(part.to_owned());
        self.bar.set_length((to_s - from_s).max(1.0) as u64);
        self.bar.set_message("");
        if let Ok(mut began) = self.began.lock() {
            *began = (from_s, Instant::now());
        }
        self.bar.tick();
    }

    fn tick(&self, time_s: f64, on_road: u64) {
        let Ok((from_s, since)) = self.began.lock().map(|b| *b) else { return };
        let factor = (time_s - from_s) / since.elapsed().as_secs_f64().max(1e-3);
        self.bar.set_message(format!("{}  {on_road} vehicles on the road  {factor:.0}x real time", ClockTime::from_seconds(time_s)));
        self.bar.set_position((time_s - from_s).max(0.0) as u64);
    }

    fn end(&self) {
        self.bar.finish_and_clear();
    }
}
