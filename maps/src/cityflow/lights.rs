//! From the light phases of CityFlow (a time, and the ways that are open) to groups and a plan with yellow, which CityFlow does not have.

use super::net::Intersection;
use sim_core::network::{Phase, SignalPlan};

/// Yellow where the file leaves none, seconds: the least that a plan may have.
const YELLOW_S: f64 = 3.0;
/// The most a plan may have.
const MOST_YELLOW_S: f64 = 10.0;
const MOST_RED_S: f64 = 30.0;
const MOST_GREEN_S: f64 = 600.0;

/// What becomes of each way through an intersection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Always open: no signal holds it, it yields as its rank says.
    Free,
    /// By this group.
    By(u16),
    /// Never open.
    Never,
}

/// The signal of an intersection.
#[derive(Debug, PartialEq)]
pub(super) struct Lights {
    /// By way.
    pub(super) held: Vec<Held>,
    /// How many groups there are.
    pub(super) groups: usize,
    pub(super) plan: SignalPlan,
    /// What had to be assumed or bent, once each.
    pub(super) assumed: Vec<&'static str>,
    pub(super) bent: Vec<&'static str>,
}

/// Groups are ways that are always open together. A phase in which no held way is open is the yellow of the phase before it. `None` where no
/// signal holds anything.
pub(super) fn lights(of: &Intersection) -> Option<Lights> {
    let open = |w: usize| of.phases.iter().map(|(_, ways)| ways.contains(&w)).collect::<Vec<bool>>();
    let mut patterns: Vec<Vec<bool>> = Vec::new();
    let mut held = Vec::new();
    for w in 0..of.ways.len() {
        let pattern = open(w);
        held.push(if !pattern.contains(&false) {
            Held::Free
        } else if !pattern.contains(&true) {
            Held::Never
        } else {
            let known = patterns.iter().position(|p| *p == pattern);
            Held::By(known.unwrap_or_else(|| {
                patterns.push(pattern);
                patterns.len() - 1
            }) as u16)
        });
    }
    if patterns.is_empty() {
        return None;
    }
    let green = |p: usize| (0..patterns.len()).filter(|g| patterns[*g][p]).map(|g| g as u16).collect::<Vec<u16>>();
    let (mut assumed, mut bent) = (Vec::new(), Vec::new());
    let n = of.phases.len();
    let first = (0..n).find(|p| !green(*p).is_empty() && of.phases[*p].0 > 0.0)?;
    // Green groups, green and what follows it without any, seconds.
    let mut stages: Vec<(Vec<u16>, f64, f64)> = Vec::new();
    for p in (0..n).map(|i| (first + i) % n) {
        let (time_s, groups) = (of.phases[p].0, green(p));
        match stages.last_mut() {
            Some((_, _, after_s)) if groups.is_empty() => *after_s += time_s,
            Some((last, green_s, after_s)) if *last == groups && *after_s == 0.0 => *green_s += time_s,
            _ if time_s > 0.0 => stages.push((groups, time_s, 0.0)),
            _ => {}
        }
    }
    let phases = stages.into_iter().map(|(groups, mut green_s, after_s)| {
        if after_s < YELLOW_S {
            assumed.push("signal phase without yellow, which CityFlow does not need: 3 s at its end");
            green_s -= YELLOW_S - after_s;
        }
        if !(1.0..=MOST_GREEN_S).contains(&green_s) {
            bent.push("signal phase with less than 1 s or more than 600 s of green: that much");
            green_s = green_s.clamp(1.0, MOST_GREEN_S);
        }
        let yellow_s = after_s.clamp(YELLOW_S, MOST_YELLOW_S);
        let all_red_s = (after_s - yellow_s).clamp(0.0, MOST_RED_S);
        Phase { groups, green_s: green_s as f32, yellow_s: yellow_s as f32, all_red_s: all_red_s as f32 }
    });
    let phases = phases.collect();
    let start_s: f64 = of.phases[..first].iter().map(|(s, _)| s).sum();
    let plan = SignalPlan::new(start_s as f32, phases).ok()?;
    for list in [&mut assumed, &mut bent] {
        list.sort_unstable();
        list.dedup();
    }
    // A way that only phases of no length open is never open.
    let served = |g: u16| plan.phases().iter().any(|p| p.groups.contains(&g));
    held.iter_mut().for_each(|h| {
        if matches!(h, Held::By(g) if !served(*g)) {
            *h = Held::Never
        }
    });
    let mut numbers: Vec<u16> = held.iter().filter_map(|h| if let Held::By(g) = h { Some(*g) } else { None }).collect();
    numbers.sort_unstable();
    numbers.dedup();
    debug_assert!(numbers.len() <= patterns.len());
    renumber(&numbers, held, &plan, assumed, bent)
}

/// Groups numbered from 0 without holes.
fn renumber(
    numbers: &[u16],
    mut held: Vec<Held>,
    plan: &SignalPlan,
    assumed: Vec<&'static str>,
    bent: Vec<&'static str>,
) -> Option<Lights> {
    let new = |g: u16| numbers.iter().position(|n| *n == g).map(|n| n as u16);
    held.iter_mut().for_each(|h| {
        if let Held::By(g) = h {
            *h = new(*g).map_or(Held::Never, Held::By);
        }
    });
    let phases = plan.phases().iter().map(|p| Phase { groups: p.groups.iter().filter_map(|g| new(*g)).collect(), ..p.clone() });
    let plan = SignalPlan::new(plan.offset_s(), phases.collect()).ok()?;
    Some(Lights { held, groups: numbers.len(), plan, assumed, bent })
}
