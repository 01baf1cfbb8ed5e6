//! What the controller learns of each group's traffic from its detectors: saturation flow, share of turns, usual arrivals, who is on the way.

use super::super::webster::{FIRST_RATE, LEAST_SHARE};
use super::*;

/// Saturation is measured from here to there in a green, seconds, while somebody is on the detector all the time.
const MEASURED_S: (f64, f64) = (3.0, 9.0);
/// Of what is measured anew so much is taken over each time (assumed).
const LEARNT: f64 = 0.2;
/// Of the first [`MEASURED_S`] of a green so much of the saturation flow passes until it was measured: 2 s are lost in starting (Highway
/// Capacity Manual 2000, chapter 16).
const FIRST_START: f64 = 1.0 / 3.0;
/// For so long traffic goes on passing after the end of a green until it was measured, seconds (the same manual: 2 s).
const FIRST_END_S: f64 = 2.0;
/// Longer than this nobody passes after the end of a green, seconds: who does turns on red.
const LONGEST_END_S: f64 = 5.0;
/// So long after yellow all who used it have been counted, seconds.
const AFTER_YELLOW_S: f64 = 1.5;
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
    /// Share of the saturation flow that passes in the first [`MEASURED_S`] of a green, and for how long it goes on after the end, seconds;
    /// `None` before they were measured.
    start: Option<f64>,
    end_s: Option<f64>,
    /// The count when a green began with somebody at the line ever since, and when one ended so.
    from_start: Option<u64>,
    from_end: Option<u64>,
    was_green: bool,
    /// The count up to now.
    seen: u64,
    /// For how long it has been green with somebody at the line and nobody passing, seconds.
    stuck_s: f64,
    /// Whether it was so for too long, and nobody has passed since.
    pub(super) is_blocked: bool,
    /// Vehicles that passed, and that entered, with old ones fading.
    passed: f64,
    came: f64,
    /// Those of them that entered in the lanes of the group.
    came_own: f64,
    counted: u64,
    /// Totals of entries, and of those in the lanes of the group, at each of the last seconds, the latest last.
    entered: VecDeque<[u64; 2]>,
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
            let first =
                |l: &GroupLook| Stream { counted: l.counted, entered: VecDeque::from([[l.entered, l.entered_own]]), ..Stream::default() };
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

    /// Share of that which passes in each of the first seconds of green, and how many these are.
    pub(super) fn start(&self, g: usize) -> (f32, f32) {
        (self.usual_of(g, |s| s.start, FIRST_START), MEASURED_S.0 as f32)
    }

    /// For how long traffic goes on passing at saturation after the end of the green, seconds.
    pub(super) fn end_s(&self, g: usize) -> f32 {
        self.usual_of(g, |s| s.end_s, FIRST_END_S)
    }

    /// What was measured of a group, else the mean of the others, else `first`.
    fn usual_of(&self, g: usize, of: impl Fn(&Stream) -> Option<f64>, first: f64) -> f32 {
        let others = || {
            let known: Vec<f64> = self.of.iter().filter_map(&of).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        };
        of(&self.of[g]).or_else(others).unwrap_or(first) as f32
    }

    /// Vehicles a second that usually pass group `g`; 0 while too little was counted.
    pub(super) fn usual(&self, g: usize) -> f64 {
        if self.counted_s > 60.0 { self.of[g].passed / self.counted_s } else { 0.0 }
    }

    /// Whether group `g` is blocked by somebody who waits for another's green.
    pub(super) fn is_blocked(&self, g: usize) -> bool {
        self.of[g].is_blocked
    }

    /// Shares of those who enter the approaches in the lanes of group `g`, and in others, that come to be in it.
    fn shares(&self, g: usize) -> [f64; 2] {
        let s = &self.of[g];
        let others = s.came - s.came_own;
        // Until counts tell otherwise who enters in lanes of its own uses them.
        let prior = if others > 0.5 { 1.0 } else { 1.0 / 3.0 };
        let own = ((s.passed + prior * PRIOR_VEHICLES) / (s.came_own + PRIOR_VEHICLES)).min(1.0);
        // Whom more pass than entered in its lanes come from beside them.
        [own, ((s.passed - s.came_own) / (others + PRIOR_VEHICLES)).clamp(0.0, 1.0)]
    }

    /// Vehicles that will have come onto the approaches of `g` for it in each of the coming seconds: by what signals upstream mean to let pass,
    /// with the usual number of those who come from elsewhere; beyond that, or where nobody tells, the usual number.
    pub(super) fn later<'a>(&'a self, g: usize, inflow: Option<&'a Inflow>) -> impl Fn(usize) -> f64 + use<'a> {
        let s = &self.of[g];
        let share = ((s.passed + PRIOR_VEHICLES / 3.0) / (s.came + PRIOR_VEHICLES)).min(1.0);
        let elsewhere = inflow.map_or(0.0, |i| (s.came / self.counted_s.max(60.0) - f64::from(i.usual)).max(0.0));
        let usual = self.usual(g);
        move |second| {
            let told = inflow.and_then(|i| i.by_second.get(second));
            told.map_or(usual, |enter| share * (f64::from(*enter) + elsewhere))
        }
    }

    /// Vehicles that reach the stop line of `g` in each of the coming seconds; `later` is who will have come onto its approaches.
    pub(super) fn arrivals(&self, g: usize, look: &GroupLook, later: impl Fn(usize) -> f64, seconds: usize) -> Vec<f32> {
        let s = &self.of[g];
        let [own, others] = self.shares(g);
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
                    let ([all_b, own_b], [all_a, own_a]) = (s.entered.get(b)?, s.entered.get(a)?);
                    let in_own = (own_b - own_a) as f64;
                    Some(in_own * own + ((all_b - all_a) as f64 - in_own).max(0.0) * others)
                });
                known.flatten().unwrap_or_else(|| k.checked_sub(travel).map_or_else(|| self.usual(g), &later)) as f32
            })
            .collect()
    }
}

/// Arrivals in each of the coming seconds where they are known for certain: whoever is on the approach, and of the others those whose way is free.
/// The rest of those who are expected `later`, who wait for other signals or have not been seen, come after the first in proportion to what is expected.
pub(super) fn completed(look: &GroupLook, known: &[f32], later: impl Fn(usize) -> f64, seconds: usize) -> Vec<f32> {
    let mut all: Vec<f32> = (0..seconds).map(|k| known.get(k).copied().unwrap_or(0.0)).collect();
    let from = (libm::ceilf(look.travel_s) as usize).min(seconds);
    let expected: f32 = (0..seconds - from).map(|k| later(k) as f32).sum();
    let missing = (expected - all[from..].iter().sum::<f32>()).max(0.0);
    if expected > 0.0 {
        all[from..].iter_mut().enumerate().for_each(|(k, a)| *a += missing * later(k) as f32 / expected);
    }
    all
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
        self.measure_ends(look, step_s);
        let is_green = look.light == Light::Green;
        if !is_green || !look.present || look.failed {
            self.measures = false;
        } else if !self.measures && look.lit_s >= MEASURED_S.0 && look.lit_s < MEASURED_S.0 + step_s {
            (self.measures, self.from) = (true, look.counted);
        } else if self.measures && look.lit_s >= MEASURED_S.1 {
            let rate = (look.counted - self.from) as f64 / (look.lit_s - MEASURED_S.0);
            if rate > LEAST_SHARE * self.rate {
                self.rate = if self.rate > 0.0 { self.rate + LEARNT * (rate - self.rate) } else { rate };
            }
            self.measures = false;
        }
    }

    /// What is lost when a green begins and won when it ends, both from queues only.
    fn measure_ends(&mut self, look: &GroupLook, step_s: f64) {
        let is_green = look.light == Light::Green;
        let learn = |known: Option<f64>, new: f64| Some(known.map_or(new, |k| k + LEARNT * (new - k)));
        let begins = is_green && !self.was_green;
        let ends = !is_green && self.was_green;
        self.was_green = is_green;
        if !look.present || look.failed || !is_green {
            self.from_start = None;
        } else if begins && look.lit_s < step_s {
            self.from_start = Some(look.counted);
        } else if let Some(from) = self.from_start
            && look.lit_s >= MEASURED_S.0
        {
            self.from_start = None;
            if self.rate > 0.0 {
                self.start = learn(self.start, ((look.counted - from) as f64 / (self.rate * MEASURED_S.0)).min(1.0));
            }
        }
        if is_green || look.failed {
            self.from_end = None;
        } else if ends && look.present && self.rate > 0.0 {
            self.from_end = Some(look.counted);
        } else if let Some(from) = self.from_end
            && look.light == Light::Red
            && look.lit_s >= AFTER_YELLOW_S
        {
            self.from_end = None;
            self.end_s = learn(self.end_s, ((look.counted - from) as f64 / self.rate).min(LONGEST_END_S));
        }
    }

    fn count(&mut self, look: &GroupLook, fading: f64) {
        let now = [look.entered, look.entered_own];
        let last = self.entered.back().copied().unwrap_or(now);
        self.passed = self.passed * fading + (look.counted - self.counted) as f64;
        self.came = self.came * fading + (now[0] - last[0]) as f64;
        self.came_own = self.came_own * fading + (now[1] - last[1]) as f64;
        self.counted = look.counted;
        self.entered.push_back(now);
        if self.entered.len() > LONGEST_S {
            self.entered.pop_front();
        }
    }
}
