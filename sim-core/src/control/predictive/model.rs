//! The model that is rolled forward: a standing queue for each group, fed by expected arrivals, emptied at saturation flow during green; and
//! the search among sequences of phases.

use super::{streams::completed, *};

/// Lost in starting when what still waits at the end of the horizon is cleared, seconds (Webster and Cobbe 1966 have about 2 s).
const START_LOST_S: f32 = 2.0;
/// A blocked group lets so many pass a second (assumed: next to none). Its queue then takes so long to clear that whoever can be served is
/// served before it.
const BLOCKED_RATE: f32 = 0.02;
/// So many that nobody sees may wait in each other queue while one is blocked (assumed).
const HIDDEN: f32 = 1.0;
/// A queue ahead counts against the own one and so many vehicles a lane more (assumed): a few ahead do not matter.
const FEW: f32 = 5.0;
/// Nobody changes before a green has lasted so long, seconds (assumed; the guard has the same).
const MIN_GREEN_S: f32 = 7.0;
/// So many sequences are kept at each stage (assumed).
const KEPT: usize = 64;
/// It looks ahead over so many stages at least (assumed).
const LEAST_STAGES: usize = 5;
/// A stage is at least so long, seconds (assumed).
const LEAST_STAGE_S: f64 = 5.0;

/// The junction as it is rolled forward.
pub(super) struct Model {
    /// By phase: which groups are green.
    green: Vec<Vec<bool>>,
    /// By phase: yellow and all-red when it is left, seconds.
    lost_s: Vec<f32>,
    /// Saturation flow, vehicles a second, by group.
    rate: Vec<f32>,
    /// Share of it that passes in each of the first seconds of a green, and how many these are, by group.
    start: Vec<(f32, f32)>,
    /// For how long it goes on passing after the end of a green, seconds, by group.
    end_s: Vec<f32>,
    /// What a second of a vehicle's wait costs, by group.
    weight: Vec<f32>,
    /// By group and second.
    arrivals: Vec<Vec<f32>>,
    queue: Vec<f32>,
    /// For how long the present phase has been green, seconds; negative while it is not yet.
    green_s: f32,
    stages: usize,
    stage_s: usize,
}

/// A beginning of a sequence.
#[derive(Clone)]
struct Branch {
    /// The phases chosen so far.
    phases: Vec<usize>,
    phase: usize,
    green_s: f32,
    queue: Vec<f32>,
    cost: f32,
}

impl Model {
    pub(super) fn new(of: &Predictive, view: &View) -> Self {
        let phases = view.plan.phases();
        let groups = view.groups.len();
        let stage_s = libm::round(of.interval_s.max(LEAST_STAGE_S)) as usize;
        let stages = (libm::round(of.horizon_s) as usize / stage_s).max(LEAST_STAGES);
        let green = phases.iter().map(|p| (0..groups).map(|g| p.groups.contains(&(g as u16))).collect()).collect();
        let weight = view.groups.iter().map(|l| {
            let ahead = l.exit_queue_per_lane / (l.exit_queue_per_lane + l.queue / l.lanes.max(0.5) + FEW);
            1.0 - of.heed * ahead
        });
        let blocked = |g: usize| of.streams.is_blocked(g);
        let any_blocked = view.truth.is_empty() && (0..groups).any(blocked);
        Self {
            green,
            lost_s: phases.iter().map(|p| p.yellow_s + p.all_red_s).collect(),
            rate: (0..groups).map(|g| if blocked(g) { BLOCKED_RATE } else { of.streams.rate(g, &view.groups[g]) }).collect(),
            start: (0..groups).map(|g| of.streams.start(g)).collect(),
            end_s: (0..groups).map(|g| of.streams.end_s(g)).collect(),
            weight: weight.collect(),
            arrivals: (0..groups)
                .map(|g| {
                    // Without counts where the approaches begin it is not known when who enters them is at the line.
                    let inflow = view.inflow.get(g).and_then(Option::as_ref).filter(|_| view.groups[g].travel_s > 0.0);
                    let later = of.streams.later(g, inflow);
                    match view.truth.get(g) {
                        None => of.streams.arrivals(g, &view.groups[g], later, stages * stage_s),
                        Some(truth) => completed(&view.groups[g], &truth.arrivals, later, stages * stage_s),
                    }
                })
                .collect(),
            // Whoever blocks one group waits for another: any that is red may have one more in its queue than is seen in its lanes.
            queue: view.groups.iter().map(|l| l.queue + if any_blocked && l.light != Light::Green { HIDDEN } else { 0.0 }).collect(),
            green_s: view.green_s(of.phase).map_or_else(|| of.still_lost_s(view), |s| s.min(1e6) as f32),
            stages,
            stage_s,
        }
    }

    /// What everything begins with.
    fn start(&self, present: usize) -> Branch {
        Branch { phases: Vec::new(), phase: present, green_s: self.green_s, queue: self.queue.clone(), cost: 0.0 }
    }

    /// Who passes in each second, by group, under a sequence of phases.
    pub(super) fn passes(&self, present: usize, phases: &[usize]) -> Vec<Vec<f32>> {
        let mut passes = vec![Vec::with_capacity(phases.len() * self.stage_s); self.queue.len()];
        let mut branch = self.start(present);
        for (stage, phase) in phases.iter().enumerate() {
            self.roll(&mut branch, *phase, stage, |g, pass| passes[g].push(pass));
        }
        passes
    }

    /// The best sequence of phases.
    pub(super) fn best(&self, present: usize) -> Vec<usize> {
        let mut kept = vec![self.start(present)];
        for stage in 0..self.stages {
            let mut next = Vec::with_capacity(kept.len() * self.green.len());
            for branch in &kept {
                for phase in 0..self.green.len() {
                    // A green that is too young, or has not begun, goes on.
                    if phase != branch.phase && branch.green_s < MIN_GREEN_S {
                        continue;
                    }
                    let mut longer = branch.clone();
                    longer.phases.push(phase);
                    self.roll(&mut longer, phase, stage, |_, _| ());
                    next.push(longer);
                }
            }
            // Of equal ones the earlier stays, and the one that stays with its phase comes first.
            let value = |b: &Branch| b.cost + self.rest(b);
            let mut order: Vec<(f32, usize)> = next.iter().map(value).zip(0..).collect();
            order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            order.truncate(KEPT);
            kept = order.into_iter().map(|(_, i)| next[i].clone()).collect();
        }
        let least = kept.first().map_or(0.0, |b| b.cost + self.rest(b));
        // It changes only for something that is better.
        let staying = kept.iter().find(|b| b.phases.first() == Some(&present)).filter(|b| b.cost + self.rest(b) <= least);
        staying.or(kept.first()).map_or_else(Vec::new, |b| b.phases.clone())
    }

    /// Rolls on by a stage, in which `phase` has or gets green, and tells how many of each group pass in each second.
    fn roll(&self, branch: &mut Branch, phase: usize, stage: usize, mut tell: impl FnMut(usize, f32)) {
        let before = branch.phase;
        if phase != before {
            branch.green_s = -self.lost_s[before];
            branch.phase = phase;
        }
        for k in stage * self.stage_s..(stage + 1) * self.stage_s {
            for g in 0..branch.queue.len() {
                let q = &mut branch.queue[g];
                *q += self.arrivals[g][k];
                let (had, has) = (phase != before && self.green[before][g], self.green[phase][g]);
                let share = match (had, has) {
                    (true, true) => 1.0,
                    // After its green some still pass.
                    (true, false) => (self.end_s[g] - branch.green_s - self.lost_s[before]).clamp(0.0, 1.0),
                    (false, true) if branch.green_s < 0.0 => 0.0,
                    (false, true) if branch.green_s < self.start[g].1 => self.start[g].0,
                    (false, true) => 1.0,
                    (false, false) => 0.0,
                };
                let pass = (share * self.rate[g]).min(*q);
                *q -= pass;
                tell(g, pass);
                branch.cost += self.weight[g] * *q;
            }
            branch.green_s += 1.0;
        }
    }

    /// What it costs to serve those who still wait at the end: each waits for half the time that all phases together need.
    fn rest(&self, branch: &Branch) -> f32 {
        let mut clear_s = 0.0;
        for (p, green) in self.green.iter().enumerate() {
            let need = green.iter().enumerate().filter(|(_, on)| **on).map(|(g, _)| branch.queue[g] / self.rate[g]).fold(0.0, f32::max);
            if need > 0.5 && p != branch.phase {
                clear_s += self.lost_s[p] + START_LOST_S;
            }
            clear_s += need;
        }
        let waiting: f32 = branch.queue.iter().zip(&self.weight).map(|(q, w)| q * w).sum();
        0.5 * clear_s * waiting
    }
}
