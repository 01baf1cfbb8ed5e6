//! What the controller learns of each group's traffic from its detectors: saturation flow, share of turns, usual arrivals, who is on the way.

use super::*;

/// Vehicles a second that a lane of 3.5 m lets pass before anything was measured (assumed: 1 800 an hour).
const FIRST_RATE: f64 = 0.5;
/// Saturation is measured from here to there in a green, seconds, while somebody is on the detector all the time.
const MEASURED_S: (f64, f64) = (3.0, 9.0);
/// Of what is measured anew so much is taken over each time (assumed).
const LEARNT: f64 = 0.2;
/// A group that is green, with somebody at its line, and lets nobody pass for so long is blocked, seconds (assumed): somebody waits there for
/// another group's green.
const BLOCKED_S: f64 = 6.0;
/// Counts lose their weight in so many seconds (assumed): a quarter of an hour.
const MEMORY_S: f64 = 900.0;
/// Where nothing was counted yet the assumed share of a turn counts as so many vehicles (assumed).
const PRIOR_VEHICLES: f64 = 10.0;
/// Entries are remembered for so many seconds.
const LONGEST_S: usize = 180;

/// What is known of one group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Stream {
    /// Vehicles a second that it lets pass in saturation; 0 before any was measured.
    rate: f64,
    /// The count when the present measurement began, and whether there is one.
    from: u64,
    measures: bool,
    /// The count up to now.
    seen: u64,
    /// For how long it has been green with somebody at the line and nobody passing, seconds.
    stuck_s: f64,
    /// Whether it was so for too long, and nobody has passed since.
    pub(super) is_blocked: bool,
    /// Vehicles that passed, and that entered, with old ones fading.
    passed: f64,
    came: f64,
    counted: u64,
    /// Total of entries at each of the last seconds, the latest last.
    entered: VecDeque<u64>,
}

/// All groups of a junction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Streams {
    of: Vec<Stream>,
    /// Seconds of counting, with old ones fading.
    counted_s: f64,
    second_s: Option<f64>,
}

impl Streams {
    /// Takes over what is seen in this step.
    pub(super) fn observe(&mut self, view: &View) {
        if self.of.len() != view.groups.len() {
            let first = |l: &GroupLook| Stream { counted: l.counted, entered: VecDeque::from([l.entered]), ..Stream::default() };
            *self = Self { of: view.groups.iter().map(first).collect(), counted_s: 0.0, second_s: Some(view.time_s) };
        }
        for (stream, look) in self.of.iter_mut().zip(view.groups) {
            stream.measure(look, view.step_s);
        }
        if self.second_s.is_none_or(|s| view.time_s - s + 1e-3 >= 1.0) {
            self.second_s = Some(view.time_s);
            let fading = 1.0 - 1.0 / MEMORY_S;
            self.counted_s = self.counted_s * fading + 1.0;
            for (stream, look) in self.of.iter_mut().zip(view.groups) {
                stream.count(look, fading);
            }
        }
    }

    /// Vehicles a second that group `g` lets pass in saturation.
    pub(super) fn rate(&self, g: usize, look: &GroupLook) -> f32 {
        let own = self.of[g].rate;
        if own > 0.0 {
            return own as f32;
        }
        // That of the others by lane, else the assumed one.
        let known = self.of.iter().filter(|s| s.rate > 0.0).count();
        let usual = if known > 0 { self.of.iter().map(|s| s.rate).sum::<f64>() / known as f64 } else { FIRST_RATE };
        (usual * f64::from(look.lanes.max(0.5))) as f32
    }

    /// Whether group `g` is blocked by somebody who waits for another's green.
    pub(super) fn is_blocked(&self, g: usize) -> bool {
        self.of[g].is_blocked
    }

    /// Share of those who enter the approaches that comes to be in group `g`.
    fn share(&self, g: usize) -> f64 {
        let s = &self.of[g];
        let prior = 1.0 / 3.0;
        ((s.passed + prior * PRIOR_VEHICLES) / (s.came + PRIOR_VEHICLES)).min(1.0)
    }

    /// Vehicles that reach the stop line of `g` in each of the coming seconds.
    pub(super) fn arrivals(&self, g: usize, look: &GroupLook, seconds: usize) -> Vec<f32> {
        let s = &self.of[g];
        let share = self.share(g);
        let usual = if self.counted_s > 60.0 { s.passed / self.counted_s } else { 0.0 };
        // Whom the camera sees moving comes within the time that its range takes; whoever entered before comes after that.
        let travel = libm::ceilf(look.travel_s) as usize;
        let seen = if look.travel_s > 0.0 { (RANGE_S.min(look.travel_s)).max(1.0) } else { RANGE_S };
        let seen_n = libm::ceilf(seen) as usize;
        let n = s.entered.len();
        (0..seconds)
            .map(|k| {
                if k < seen_n {
                    return look.moving / seen_n as f32;
                }
                let known = (travel > seen_n && k < travel).then(|| {
                    let back = travel - k;
                    let (a, b) = (n.checked_sub(back + 1)?, n.checked_sub(back)?);
                    Some((s.entered.get(b)? - s.entered.get(a)?) as f64 * share)
                });
                known.flatten().unwrap_or(usual) as f32
            })
            .collect()
    }
}

/// Time over the range of a camera at 40 km/h, seconds.
const RANGE_S: f32 = RANGE_M / 11.11;

impl Stream {
    fn measure(&mut self, look: &GroupLook, step_s: f64) {
        if look.counted != self.seen || look.failed {
            (self.seen, self.stuck_s, self.is_blocked) = (look.counted, 0.0, false);
        } else if look.light == Light::Green && look.present {
            self.stuck_s += step_s;
            self.is_blocked |= self.stuck_s >= BLOCKED_S;
        } else {
            self.stuck_s = 0.0;
        }
        let is_green = look.light == Light::Green;
        if !is_green || !look.present || look.failed {
            self.measures = false;
        } else if !self.measures && look.lit_s >= MEASURED_S.0 && look.lit_s < MEASURED_S.0 + step_s {
            (self.measures, self.from) = (true, look.counted);
        } else if self.measures && look.lit_s >= MEASURED_S.1 {
            let rate = (look.counted - self.from) as f64 / (look.lit_s - MEASURED_S.0);
            // Whoever stands in a lane of others and blocks it is no saturation flow.
            if rate > 0.5 * self.rate {
                self.rate = if self.rate > 0.0 { self.rate + LEARNT * (rate - self.rate) } else { rate };
            }
            self.measures = false;
        }
    }

    fn count(&mut self, look: &GroupLook, fading: f64) {
        let last = self.entered.back().copied().unwrap_or(look.entered);
        self.passed = self.passed * fading + (look.counted - self.counted) as f64;
        self.came = self.came * fading + (look.entered - last) as f64;
        self.counted = look.counted;
        self.entered.push_back(look.entered);
        if self.entered.len() > LONGEST_S {
            self.entered.pop_front();
        }
    }
}
