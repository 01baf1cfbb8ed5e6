//! Signal control: a program wishes for green groups, the lamps grant it safely.
//!
//! A program sees the time and what detectors reported, never the truth. The lamps hold what no program may break: after green comes
//! yellow for its full time, and nobody gets green before every group that lost it has been red for the all-red time.

use crate::{
    detector::Look,
    frame::Light,
    ids::{ControllerId, DetectorId, MovementId},
    network::{RoadNetwork, SignalPlan},
};
use bevy_ecs::prelude::{Component, Resource};
use serde::{Deserialize, Serialize};

/// What a program may look at.
#[derive(Clone, Copy, Debug)]
pub struct ControlView<'a> {
    /// Seconds after midnight.
    pub time_s: f64,
    /// What each detector told after the last step, by [`DetectorId`]: counts, occupancy, presence, and queues from cameras, with whatever
    /// they miss and mistake.
    pub detectors: &'a [Look],
}

impl ControlView<'_> {
    /// What one detector told.
    pub fn detector(&self, id: DetectorId) -> &Look {
        &self.detectors[id.index()]
    }
}

/// What a program wishes.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Groups that should be green.
    pub groups: Vec<u16>,
    /// Yellow for groups that lose green now, seconds.
    pub yellow_s: f32,
    /// All-red after it, seconds.
    pub all_red_s: f32,
}

/// A way to control a junction.
pub trait Controller {
    /// The wish for this instant.
    fn wish(&self, view: &ControlView) -> Wish;
}

impl Controller for SignalPlan {
    /// The groups of the phase; between phases those that stay green in the next one.
    fn wish(&self, view: &ControlView) -> Wish {
        // A step may begin a hair before the plan's second.
        let (p, elapsed_s) = self.phase_at(view.time_s + 1e-3);
        let phase = &self.phases()[p];
        let next = &self.phases()[(p + 1) % self.phases().len()];
        let mut groups = phase.groups.clone();
        if elapsed_s >= phase.green_s {
            groups.retain(|g| self.phases().len() > 1 && next.groups.contains(g));
        }
        Wish { groups, yellow_s: phase.yellow_s, all_red_s: phase.all_red_s }
    }
}

/// One group's lamp.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Lamp {
    light: Light,
    /// When yellow ends, seconds after midnight.
    until_s: f64,
}

/// The signals of one junction.
#[derive(Component, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Signal {
    pub(crate) plan: SignalPlan,
    lamps: Vec<Lamp>,
    /// When the all-red after the last yellow is over.
    clear_s: f64,
}

impl Signal {
    pub(crate) fn new(plan: SignalPlan, groups: usize) -> Self {
        Self { plan, lamps: vec![Lamp::default(); groups], clear_s: f64::NEG_INFINITY }
    }

    /// Sets the lamps for the step that begins now.
    pub(crate) fn step(&mut self, view: &ControlView) {
        let (now, wish) = (view.time_s, self.plan.wish(view));
        let wanted = |g: usize| wish.groups.iter().any(|w| usize::from(*w) == g);
        let now = now + 1e-3; // times are sums of steps
        let mut busy = false;
        for (g, lamp) in self.lamps.iter_mut().enumerate() {
            match lamp.light {
                Light::Green if !wanted(g) => {
                    *lamp = Lamp { light: Light::Yellow, until_s: now + f64::from(wish.yellow_s) - 1e-3 };
                    self.clear_s = self.clear_s.max(lamp.until_s + f64::from(wish.all_red_s));
                    busy = true;
                }
                Light::Yellow if now >= lamp.until_s => lamp.light = Light::Red,
                Light::Yellow => busy = true,
                Light::Green | Light::Red => {}
            }
        }
        if !busy && now >= self.clear_s {
            for (g, lamp) in self.lamps.iter_mut().enumerate() {
                if wanted(g) {
                    lamp.light = Light::Green;
                }
            }
        }
    }
}

/// What each movement's signal shows in this step; derived from the signals.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct Lights {
    /// By movement; `None` where no signal holds it.
    pub(crate) of: Vec<Option<Light>>,
    /// When yellow turns red, by movement, seconds after midnight.
    pub(crate) red_at: Vec<f64>,
}

impl Lights {
    pub(crate) fn new(network: &RoadNetwork) -> Self {
        Self {
            of: network.movements.iter().map(|m| m.group.map(|_| Light::Red)).collect(),
            red_at: vec![f64::INFINITY; network.movements.len()],
        }
    }

    /// Takes over what a controller's lamps show.
    pub(crate) fn show(&mut self, network: &RoadNetwork, controller: ControllerId, signal: &Signal) {
        for (group, lamp) in network.controller(controller).groups.iter().zip(&signal.lamps) {
            for MovementId(m) in &group.movements {
                self.of[*m as usize] = Some(lamp.light);
                self.red_at[*m as usize] = if lamp.light == Light::Yellow { lamp.until_s } else { f64::INFINITY };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Phase;

    fn plan(groups: [u16; 2], green_s: f32) -> SignalPlan {
        let phase = |g| Phase { groups: vec![g], green_s, yellow_s: 3.0, all_red_s: 2.0 };
        SignalPlan::new(0.0, groups.map(phase).into()).unwrap()
    }

    fn at(time_s: f64) -> ControlView<'static> {
        ControlView { time_s, detectors: &[] }
    }

    #[test]
    fn the_lamps_follow_a_fixed_plan_to_the_step() {
        let mut signal = Signal::new(plan([0, 1], 10.0), 2);
        let mut shown = String::new();
        for k in 0..60 {
            signal.step(&at(f64::from(k) * 0.5));
            if k % 2 == 0 {
                shown.push(match (signal.lamps[0].light, signal.lamps[1].light) {
                    (Light::Green, Light::Red) => 'A',
                    (Light::Yellow, Light::Red) => 'a',
                    (Light::Red, Light::Green) => 'B',
                    (Light::Red, Light::Yellow) => 'b',
                    (Light::Red, Light::Red) => '-',
                    other => panic!("{other:?} at once"),
                });
            }
        }
        assert_eq!(shown, "AAAAAAAAAAaaa--BBBBBBBBBBbbb--");
    }

    #[test]
    fn a_new_plan_in_the_middle_of_green_still_gives_yellow_and_all_red() {
        let mut signal = Signal::new(plan([0, 1], 10.0), 2);
        signal.step(&at(4.0));
        signal.plan = plan([1, 0], 10.0);
        let mut seen = Vec::new();
        for k in 9..30 {
            signal.step(&at(f64::from(k) * 0.5));
            let both = (signal.lamps[0].light, signal.lamps[1].light);
            if seen.last() != Some(&both) {
                seen.push(both);
            }
        }
        assert_eq!(seen[..3], [(Light::Yellow, Light::Red), (Light::Red, Light::Red), (Light::Red, Light::Green)]);
    }
}
