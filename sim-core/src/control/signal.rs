//! One junction's signal: its own controller, what replaces it when it fails, requests from vehicles, and the guard over all of them.

#[path = "forecast.rs"]
mod forecast;
pub(crate) use forecast::Forecast;

use super::{
    Actuated, Controller, Fixed, GroupLook, GroupTruth, Inflow, Method, Needs, Outlook, Rules, View, Wish,
    calls::Call,
    guard::{Guard, Lamp},
    plan::JunctionPlan,
};
use crate::{
    measure::{Event, EventKind},
    network::SignalPlan,
    plan::Plan,
    reference::Ref,
};
use bevy_ecs::prelude::Component;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Who controls a junction at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Its own controller.
    Own,
    /// An actuated one in its place.
    Actuated,
    /// Its plan by the clock.
    Fixed,
}

/// How a junction fared whose controller failed, was cut off or lost its detectors.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Degraded {
    /// The controller's ref.
    pub controller: Ref,
    /// For how long it was actuated instead, seconds.
    pub actuated_s: f64,
    /// For how long it ran its plan instead, seconds.
    pub fixed_s: f64,
}

/// What a signal gets for a step.
pub(crate) struct Surroundings<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) junction: &'a JunctionPlan,
    pub(crate) now: f64,
    pub(crate) is_cut: bool,
    pub(crate) calls: &'a [Call],
    pub(crate) ref_: &'a Ref,
}

/// A request that is being served.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Served {
    vehicle: u32,
    since_s: f64,
}

/// The signals of one junction.
#[derive(Component, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Signal {
    plan: SignalPlan,
    guard: Guard,
    own: Method,
    actuated: Actuated,
    own_failed: bool,
    actuated_failed: bool,
    level: Level,
    since_s: f64,
    degraded_s: [f64; 2],
    preempted: Option<Served>,
    helped: Option<Served>,
    /// When the last bus was helped.
    last_help_s: f64,
}

impl Signal {
    pub(crate) fn new(plan: SignalPlan, groups: usize, rules: &Rules) -> Self {
        Self {
            guard: Guard::new(&plan, rules, groups),
            plan,
            own: Method::Fixed(Fixed {}),
            actuated: Actuated::default(),
            own_failed: false,
            actuated_failed: false,
            level: Level::Own,
            since_s: 0.0,
            degraded_s: [0.0; 2],
            preempted: None,
            helped: None,
            last_help_s: f64::NEG_INFINITY,
        }
    }

    /// Gives it a controller, before the first step. One without phases to choose from keeps its plan.
    pub(crate) fn install(&mut self, method: Method, rules: &Rules) {
        if self.plan.phases().len() > 1 {
            if let Method::Actuated(actuated) = &method {
                self.actuated = actuated.clone();
            }
            self.own = method;
        }
        self.guard.follow(&self.plan, rules);
    }

    /// Gives it another controller in the middle of a run, which begins anew.
    pub(crate) fn replace(&mut self, method: Method, rules: &Rules) {
        (self.own_failed, self.actuated_failed) = (false, false);
        if self.plan.phases().len() == 1 {
            self.own = Method::Fixed(Fixed {});
        }
        self.install(method, rules);
    }

    /// Its plan.
    pub(crate) fn plan(&self) -> &SignalPlan {
        &self.plan
    }

    /// Gives it another plan; whoever is green still gets yellow and all-red.
    pub(crate) fn set_plan(&mut self, plan: SignalPlan, rules: &Rules) {
        self.guard.follow(&plan, rules);
        self.plan = plan;
    }

    pub(crate) fn lamps(&self) -> impl Iterator<Item = (&Lamp, bool)> {
        self.guard.lamps()
    }

    /// What its own controller is.
    pub(crate) fn method(&self) -> &Method {
        &self.own
    }

    /// How long it was not controlled by its own, if ever, seconds.
    pub(crate) fn degraded_s(&self) -> Option<[f64; 2]> {
        self.degraded_s.iter().any(|s| *s > 0.0).then_some(self.degraded_s)
    }

    /// Whether its controller asks for the truth in the step that begins at `now`.
    pub(crate) fn wants_truth(&self, now: f64, step_s: f64) -> bool {
        self.own.wants_truth(now, step_s)
    }

    /// Whether its controller asks what signals upstream expect to let pass, in the step that begins at `now`.
    pub(crate) fn wants_inflow(&self, now: f64, step_s: f64) -> bool {
        self.own.wants_inflow(now, step_s)
    }

    /// What its controller expects to let pass, unless another or somebody with blue light has the junction.
    pub(crate) fn outlook(&self) -> Option<&Outlook> {
        let has_its_way = self.level == Level::Own && !self.own_failed && self.preempted.is_none();
        if has_its_way { self.own.outlook() } else { None }
    }

    /// Sets the lamps for the step that begins now.
    pub(crate) fn step(
        &mut self,
        around: &Surroundings,
        looks: &mut [GroupLook],
        truth: &[GroupTruth],
        inflow: &[Option<Inflow>],
        on_foot_until: &impl Fn(usize) -> f64,
        events: &mut Vec<Event>,
    ) {
        let now = around.now;
        for (g, look) in looks.iter_mut().enumerate() {
            (look.light, look.lit_s) = self.guard.lit(g, now);
        }
        let tell = |events: &mut Vec<Event>, kind, since_s| events.push(Event { time_s: now, kind, ref_: around.ref_.clone(), since_s });
        let (step_s, key) = (f64::from(around.plan.dt), around.junction.key);
        let view = View { time_s: now, step_s, plan: &self.plan, groups: looks, key, truth, inflow };
        let mut level = self.least_level(around.is_cut, looks);
        let mut wish = None;
        if level == Level::Own {
            wish = ask(&mut self.own, &view);
            if wish.is_none() {
                self.own_failed = true;
                tell(events, EventKind::ControllerFailed, None);
                level = self.least_level(around.is_cut, looks);
            }
        }
        if level == Level::Actuated {
            wish = ask(&mut self.actuated, &view);
            if wish.is_none() {
                self.actuated_failed = true;
                tell(events, EventKind::ControllerFailed, None);
                level = Level::Fixed;
            }
        }
        let wish = wish.or_else(|| ask(&mut Fixed {}, &view));
        let mut wish = wish.unwrap_or_else(|| Wish { groups: Vec::new(), soon: Vec::new(), yellow_s: 0.0, all_red_s: 0.0 });
        if level != self.level {
            let kind = match level {
                Level::Own => EventKind::ControllerBack,
                Level::Actuated => EventKind::ActuatedInstead,
                Level::Fixed => EventKind::FixedInstead,
            };
            tell(events, kind, (level == Level::Own).then_some(self.since_s));
            (self.level, self.since_s) = (level, now);
        }
        match level {
            Level::Own => {}
            Level::Actuated => self.degraded_s[0] += f64::from(around.plan.dt),
            Level::Fixed => self.degraded_s[1] += f64::from(around.plan.dt),
        }
        if !around.calls.is_empty() || self.preempted.is_some() || self.helped.is_some() {
            self.help_bus(around, &mut wish);
            self.preempt(around, &mut wish, events);
        }
        let is_safe = self.guard.step(&self.plan, &around.junction.matrix, &wish, now, on_foot_until);
        if !is_safe && level == Level::Own {
            self.own_failed = true;
            tell(events, EventKind::UnsafeWish, None);
        }
    }

    /// The best level that can be had: cut off from the centre or with a broken detector its own controller cannot work, with no group seen
    /// the actuated one cannot either.
    fn least_level(&self, is_cut: bool, looks: &[GroupLook]) -> Level {
        let can_work = !(self.own_failed || is_cut && self.own.is_central());
        if self.own.needs() == Needs::Clock && can_work {
            return Level::Own;
        }
        let failed = looks.iter().filter(|l| l.failed).count();
        let is_watched = looks.iter().all(|l| l.lanes > 0.0);
        let is_actuated = matches!(self.own, Method::Actuated(_));
        // An actuated controller serves a group whose detector failed as if somebody were always there.
        let own_sees = if is_actuated { failed < looks.len() } else { failed == 0 };
        if can_work && own_sees {
            Level::Own
        } else if !self.actuated_failed && !is_actuated && is_watched && failed < looks.len() {
            Level::Actuated
        } else {
            Level::Fixed
        }
    }

    /// The phase with `group` that keeps most of what is green.
    fn phase_with(&self, group: u16) -> Option<usize> {
        let green = self.guard.green();
        let kept = |p: usize| self.plan.phases()[p].groups.iter().filter(|g| green.contains(usize::from(**g))).count();
        let with = (0..self.plan.phases().len()).filter(|p| self.plan.phases()[*p].groups.contains(&group));
        with.max_by(|a, b| kept(*a).cmp(&kept(*b)).then(b.cmp(a)))
    }

    /// An ambulance or a fire engine gets green from afar, the nearest first, for as long as it needs but not for ever.
    fn preempt(&mut self, around: &Surroundings, wish: &mut Wish, events: &mut Vec<Event>) {
        let longest_s = around.plan.control.preemption.map_or(0.0, |p| f64::from(p.longest_s));
        let mut wanted = around.calls.iter().filter(|c| c.is_emergency);
        let is_over = |s: &Served| around.now - s.since_s >= longest_s;
        // Whoever has had the longest time waits until others have passed.
        let call = wanted.find(|c| !self.preempted.as_ref().is_some_and(|s| s.vehicle == c.id.0 && is_over(s)));
        let tell = |events: &mut Vec<Event>, kind, since_s| {
            events.push(Event { time_s: around.now, kind, ref_: around.ref_.clone(), since_s });
        };
        let is_there = |vehicle: u32| around.calls.iter().any(|c| c.id.0 == vehicle);
        if let Some(served) = self.preempted
            && call.is_none_or(|c| c.id.0 != served.vehicle)
            && !(is_there(served.vehicle) && is_over(&served))
        {
            tell(events, EventKind::PreemptionOver, Some(served.since_s));
            self.preempted = None;
        }
        let Some(call) = call else { return };
        if self.preempted.is_none_or(|s| s.vehicle != call.id.0) {
            self.preempted = Some(Served { vehicle: call.id.0, since_s: around.now });
            tell(events, EventKind::Preemption, None);
        }
        if let Some(p) = self.phase_with(call.group) {
            *wish = Wish::phase(&self.plan, p, p);
        }
    }

    /// A bus gets its green held, or gets it earlier, by a little: held if it will be there in time, early when it would otherwise stand.
    fn help_bus(&mut self, around: &Surroundings, wish: &mut Wish) {
        let Some(priority) = around.plan.control.priority else { return };
        let call = around.calls.iter().find(|c| !c.is_emergency && self.helped.is_none_or(|h| h.vehicle == c.id.0));
        let Some(call) = call else {
            self.helped = None;
            return;
        };
        if wish.groups.contains(&call.group) {
            return;
        }
        let now = around.now;
        let is_green = self.guard.green().contains(usize::from(call.group));
        let longest_s = f64::from(priority.extension_s);
        let clearance_s = if is_green { 0.0 } else { f64::from(wish.yellow_s + wish.all_red_s) };
        let helped = match self.helped {
            Some(helped) => helped,
            None if now - self.last_help_s < f64::from(priority.rest_s) => return,
            // Too far to be there while the green is held, or to need the green as soon as it can be had.
            None if f64::from(call.eta_s) > if is_green { longest_s } else { clearance_s + 2.0 } => return,
            None => {
                let new = Served { vehicle: call.id.0, since_s: now };
                (self.helped, self.last_help_s) = (Some(new), now);
                new
            }
        };
        if now - helped.since_s < longest_s + clearance_s
            && let Some(p) = self.phase_with(call.group)
        {
            *wish = Wish::phase(&self.plan, p, p);
        }
    }
}

/// What a controller wishes; `None` if it says that it cannot, or panics.
fn ask(controller: &mut impl Controller, view: &View) -> Option<Wish> {
    catch_unwind(AssertUnwindSafe(|| controller.wish(view))).ok()?.ok()
}

#[cfg(test)]
#[path = "signal_tests.rs"]
mod tests;
