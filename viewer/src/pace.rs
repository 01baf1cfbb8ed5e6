//! How fast to go: what the passing of time owes in simulated seconds, and how fast it went.

use std::time::Instant;

/// How far the simulation may fall behind the wished speed before it forgets the arrears, in seconds of the wall's clock.
const ARREARS_S: f64 = 0.25;

/// How fast to go, and how fast it went.
#[derive(Debug)]
pub(crate) struct Pace {
    is_playing: bool,
    speed: f64,
    /// Simulated seconds owed.
    owed_s: f64,
    last: Instant,
    measured_from: (Instant, f64),
    measured: f64,
}

impl Pace {
    pub(crate) fn new(speed: f64, is_playing: bool, time_s: f64) -> Self {
        let now = Instant::now();
        Self { is_playing, speed, owed_s: 0.0, last: now, measured_from: (now, time_s), measured: 0.0 }
    }

    pub(crate) fn play(&mut self, is_playing: bool) {
        self.is_playing = is_playing;
    }

    pub(crate) fn is_playing(&self) -> bool {
        self.is_playing
    }

    pub(crate) fn set_speed(&mut self, speed: f64) {
        if speed > 0.0 {
            self.speed = speed.max(0.01);
        }
    }

    /// From now on and from `time_s`, nothing is owed.
    pub(crate) fn forget_arrears(&mut self, time_s: f64) {
        self.owed_s = 0.0;
        self.last = Instant::now();
        self.measured_from = (Instant::now(), time_s);
    }

    /// Adds what the passing of time owes.
    pub(crate) fn tick(&mut self) {
        let now = Instant::now();
        if self.is_playing {
            let passed_s = (now - self.last).as_secs_f64();
            self.owed_s = if self.speed.is_finite() {
                (self.owed_s + passed_s * self.speed).min(self.speed * ARREARS_S + 1.0)
            } else {
                f64::INFINITY
            };
        } else {
            self.owed_s = 0.0;
        }
        self.last = now;
    }

    pub(crate) fn owes(&self) -> bool {
        self.owed_s > 0.0
    }

    pub(crate) fn pay(&mut self, simulated_s: f64) {
        self.owed_s -= simulated_s;
    }

    /// Simulated seconds per second, measured over a second at least.
    pub(crate) fn measure(&mut self, time_s: f64) -> f64 {
        let wall_s = self.measured_from.0.elapsed().as_secs_f64();
        if wall_s >= 1.0 {
            self.measured = (time_s - self.measured_from.1) / wall_s;
            self.measured_from = (Instant::now(), time_s);
        }
        if self.is_playing { self.measured } else { 0.0 }
    }
}
