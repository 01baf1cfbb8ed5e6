//! The guard: turns what a controller wishes into lamps that are safe whatever it wishes.
//!
//! After green comes yellow for its full time; nobody gets green before every group that lost it has been red for the all-red time; groups
//! that conflict never have green together; a green lasts its shortest time; no group stays red longer than the longest red; and nobody gets
//! green across people who are still on the crossing.

use super::{ConflictMatrix, GroupSet, Wish};
use crate::{frame::Light, network::SignalPlan};
use serde::{Deserialize, Serialize};

/// Times are sums of steps: so much early is in time, seconds.
const EARLY_S: f64 = 1e-3;
/// The yellow must last so long (QCVN 41:2024/BGTVT asks for 3 to 5 s), and may last so long, seconds.
const YELLOW_S: (f32, f32) = (3.0, 10.0);
/// The most all-red, seconds.
const ALL_RED_S: f32 = 30.0;
/// A cycle may be so much longer than the plan says before the longest red is enforced, seconds (assumed).
const RED_SLACK_S: f32 = 30.0;

/// What every controller of a junction is held to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rules {
    /// The shortest green, seconds; a plan with a shorter one keeps its own. 7 s (assumed; manuals for actuated signals have 4 to 15 s).
    pub min_green_s: f32,
    /// The longest red, seconds; not below the plan's cycle and half a minute. 180 s (assumed).
    pub max_red_s: f32,
}

impl Default for Rules {
    fn default() -> Self {
        Self { min_green_s: 7.0, max_red_s: 180.0 }
    }
}

impl Rules {
    /// The first that is out of range.
    pub(crate) fn problem(&self) -> Option<String> {
        [("shortest green", self.min_green_s, 1.0, 60.0), ("longest red", self.max_red_s, 30.0, 900.0)]
            .into_iter()
            .find(|(_, value, least, most)| !(*least..=*most).contains(value))
            .map(|(name, value, least, most)| format!("the {name} is {value} s, expected {least} to {most} s"))
    }
}

/// One group's lamp.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lamp {
    pub(crate) light: Light,
    /// When yellow ends, seconds after midnight.
    pub(crate) until_s: f64,
    /// Since when it shows what it shows, seconds after midnight.
    since_s: f64,
}

/// What a group is never denied, from the junction's plan.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Floor {
    green_s: f32,
    yellow_s: f32,
    all_red_s: f32,
}

/// The lamps of one junction and what keeps them safe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Guard {
    lamps: Vec<Lamp>,
    floors: Vec<Floor>,
    max_red_s: f32,
    /// When the all-red after the last yellow is over.
    clear_s: f64,
    /// A group that has been red for too long gets green with its phase, whatever is wished.
    forced: Option<(u16, u16)>,
    /// Groups that are about to get green.
    soon: GroupSet,
    began: bool,
}

impl Guard {
    pub(crate) fn new(plan: &SignalPlan, rules: &Rules, groups: usize) -> Self {
        let dark = Lamp { light: Light::Red, until_s: 0.0, since_s: 0.0 };
        let mut guard = Self {
            lamps: vec![dark; groups],
            floors: Vec::new(),
            max_red_s: 0.0,
            clear_s: f64::NEG_INFINITY,
            forced: None,
            soon: GroupSet::default(),
            began: false,
        };
        guard.follow(plan, rules);
        guard
    }

    /// Takes the floors from another plan.
    pub(crate) fn follow(&mut self, plan: &SignalPlan, rules: &Rules) {
        let of = |g: usize| plan.phases().iter().filter(move |p| p.groups.iter().any(|x| usize::from(*x) == g));
        let least = |g: usize, value: fn(&crate::network::Phase) -> f32| of(g).map(value).fold(f32::INFINITY, f32::min);
        let or = |value: f32, none: f32| if value.is_finite() { value } else { none };
        self.floors = (0..self.lamps.len())
            .map(|g| Floor {
                // A second less than the plan: a green that begins a step late must not push the plan.
                green_s: rules.min_green_s.min(least(g, |p| p.green_s) - 1.0).max(0.0),
                yellow_s: or(least(g, |p| p.yellow_s), YELLOW_S.0).clamp(YELLOW_S.0, YELLOW_S.1),
                all_red_s: or(least(g, |p| p.all_red_s), 2.0).clamp(0.0, ALL_RED_S),
            })
            .collect();
        self.max_red_s = rules.max_red_s.max(plan.cycle_s() + RED_SLACK_S);
        self.forced = None;
    }

    /// Each group's lamp, and whether it is about to be green.
    pub(crate) fn lamps(&self) -> impl Iterator<Item = (&Lamp, bool)> {
        self.lamps.iter().enumerate().map(|(g, lamp)| (lamp, self.soon.contains(g)))
    }

    /// What group `g` shows and for how long it has, seconds.
    pub(crate) fn lit(&self, g: usize, now: f64) -> (Light, f64) {
        (self.lamps[g].light, now - self.lamps[g].since_s)
    }

    /// Before when group `g`, not green now, cannot be, seconds after midnight: greens that conflict have their shortest time, yellow and all-red before it.
    pub(crate) fn earliest_green_s(&self, g: usize, matrix: &ConflictMatrix, now: f64) -> f64 {
        let lamp = self.lamps[g];
        let own = if lamp.light == Light::Yellow { lamp.until_s } else { now };
        let others = (0..self.lamps.len()).filter(|o| *o != g && matrix.with(g).contains(*o)).map(|o| {
            let (lamp, floor) = (self.lamps[o], self.floors[o]);
            let clears_s = f64::from(floor.yellow_s + floor.all_red_s);
            match lamp.light {
                Light::Green => (lamp.since_s + f64::from(floor.green_s)).max(now) + clears_s,
                Light::Yellow => lamp.until_s + f64::from(floor.all_red_s),
                Light::Red => now,
            }
        });
        others.fold(own.max(self.clear_s), f64::max)
    }

    /// The groups that are green.
    pub(crate) fn green(&self) -> GroupSet {
        let mut set = GroupSet::default();
        self.lamps.iter().enumerate().filter(|(_, l)| l.light == Light::Green).for_each(|(g, _)| set.insert(g));
        set
    }

    /// Sets the lamps for the step that begins at `now`; whether the wish was safe as it stood. `on_foot_until` says until when people are on
    /// the way of a group.
    pub(crate) fn step(
        &mut self,
        plan: &SignalPlan,
        matrix: &ConflictMatrix,
        wish: &Wish,
        now: f64,
        on_foot_until: &impl Fn(usize) -> f64,
    ) -> bool {
        if !self.began {
            self.lamps.iter_mut().for_each(|l| l.since_s = now);
            self.began = true;
        }
        let (mut wanted, mut is_safe) = self.safe_part(matrix, wish);
        is_safe &= wish.yellow_s.is_finite() && wish.all_red_s.is_finite();
        if let Some(phase) = self.force(plan, now) {
            wanted = GroupSet::of(&plan.phases()[phase].groups);
        }
        // A green that is too young stays, and what conflicts with it waits.
        for g in 0..self.lamps.len() {
            let lamp = self.lamps[g];
            if lamp.light == Light::Green && !wanted.contains(g) && now - lamp.since_s + EARLY_S < f64::from(self.floors[g].green_s) {
                wanted = wanted.without(matrix.with(g));
                wanted.insert(g);
            }
        }
        self.light(wanted, wish, now, on_foot_until);
        self.soon = wanted.union(GroupSet::of(&wish.soon));
        is_safe
    }

    /// The groups of a wish that are there and do not conflict, earlier ones first; whether those are all.
    fn safe_part(&self, matrix: &ConflictMatrix, wish: &Wish) -> (GroupSet, bool) {
        let (mut wanted, mut is_safe) = (GroupSet::default(), true);
        for g in wish.groups.iter().map(|g| usize::from(*g)) {
            if g < self.lamps.len() && !matrix.with(g).meets(wanted) {
                wanted.insert(g);
            } else {
                is_safe = false;
            }
        }
        (wanted, is_safe)
    }

    /// The phase that a group which has been red for too long must get.
    fn force(&mut self, plan: &SignalPlan, now: f64) -> Option<usize> {
        if let Some((g, p)) = self.forced {
            let lamp = self.lamps[usize::from(g)];
            // Whoever was forgotten gets what the plan would have given.
            let phase = plan.phases().get(usize::from(p))?;
            if lamp.light != Light::Green || now - lamp.since_s + EARLY_S < f64::from(phase.green_s) {
                return Some(usize::from(p));
            }
            self.forced = None;
        }
        let phase_of = |g: usize| plan.phases().iter().position(|p| p.groups.iter().any(|x| usize::from(*x) == g));
        let long = |l: &Lamp| l.light == Light::Red && now - l.since_s > f64::from(self.max_red_s);
        let late = (0..self.lamps.len()).filter(|g| long(&self.lamps[*g])).filter_map(|g| Some((g, phase_of(g)?)));
        let (first, phase) = late.min_by(|(a, _), (b, _)| self.lamps[*a].since_s.total_cmp(&self.lamps[*b].since_s))?;
        self.forced = Some((first as u16, phase as u16));
        Some(phase)
    }

    fn light(&mut self, wanted: GroupSet, wish: &Wish, now: f64, on_foot_until: &impl Fn(usize) -> f64) {
        let at_least = |wished: f32, floor: f32, most: f32| if wished > floor { wished.min(most) } else { floor };
        let mut is_busy = false;
        for (g, lamp) in self.lamps.iter_mut().enumerate() {
            let floor = self.floors[g];
            match lamp.light {
                Light::Green if !wanted.contains(g) => {
                    let yellow_s = at_least(wish.yellow_s, floor.yellow_s, YELLOW_S.1);
                    let all_red_s = at_least(wish.all_red_s, floor.all_red_s, ALL_RED_S);
                    *lamp = Lamp { light: Light::Yellow, until_s: now + f64::from(yellow_s), since_s: now };
                    self.clear_s = self.clear_s.max(lamp.until_s + f64::from(all_red_s));
                    is_busy = true;
                }
                Light::Yellow if now + EARLY_S >= lamp.until_s => (lamp.light, lamp.since_s) = (Light::Red, now),
                Light::Yellow => is_busy = true,
                Light::Green | Light::Red => {}
            }
        }
        if is_busy || now + EARLY_S < self.clear_s {
            return;
        }
        for (g, lamp) in self.lamps.iter_mut().enumerate() {
            if lamp.light != Light::Green && wanted.contains(g) && now >= on_foot_until(g) {
                (lamp.light, lamp.since_s) = (Light::Green, now);
            }
        }
    }
}

#[cfg(test)]
#[path = "guard_tests.rs"]
mod tests;
