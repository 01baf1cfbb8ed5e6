//! Signal control: a controller wishes for green groups, and a guard that is ours alone turns wishes into a safe signal.
//!
//! A controller sees the time and what detectors told, with their errors and their latency, never the truth. Whatever it wishes, the guard
//! keeps the yellow, the all-red, the shortest green, the longest red, people on the crossing, and never shows two greens that conflict
//! ([`guard`](crate::control::ConflictMatrix)). A controller that fails is replaced by a simpler one: adaptive, actuated, fixed.
//!
//! Adding a controller is one file beside this one and one line in [`Method`].

mod actuated;
mod advanced;
mod calls;
mod coordination;
mod critical;
mod cyclic;
mod ears;
mod efficient;
mod equip;
mod fixed;
mod groups;
mod guard;
mod load;
mod matrix;
mod max_pressure;
mod office;
mod onnx;
mod oracle;
mod outlook;
mod plan;
mod predictive;
mod pressure;
mod signal;
mod trial;
mod truth;
mod webster;

pub use actuated::Actuated;
pub use advanced::AdvancedMaxPressure;
pub use calls::{Preemption, Priority};
pub use coordination::{CoordinationSettings, coordinated_plans};
pub use cyclic::CyclicMaxPressure;
pub use ears::{Fault, FaultKind};
pub use efficient::EfficientMaxPressure;
pub use equip::{GroupSensors, RANGE_M, equip};
pub use fixed::Fixed;
pub use groups::GroupSet;
pub use guard::Rules;
pub use matrix::{ConflictMatrix, check_plan, crossing_greens};
pub use max_pressure::MaxPressure;
pub(crate) use office::Office;
pub use onnx::{FEATURES, Onnx, Policy, rows};
pub use oracle::PredictiveOracle;
pub use outlook::{Inflow, Outlook};
pub(crate) use plan::ControlPlan;
pub use plan::{Control, JunctionControl};
pub use predictive::Predictive;
pub use signal::{Degraded, Level};
pub(crate) use signal::{Forecast, Signal};
pub use trial::Trial;
pub use truth::GroupTruth;
pub use webster::{Webster, webster_greens};

use crate::{
    frame::Light,
    ids::{ControllerId, MovementId},
    network::{RoadNetwork, SignalPlan},
};
use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};

/// What a controller sees of one group.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GroupLook {
    /// What its lamp shows.
    pub light: Light,
    /// For how long it has, seconds.
    pub lit_s: f64,
    /// Whether the stop-line detector sees somebody.
    pub present: bool,
    /// Vehicles that the stop-line detectors have counted since the start.
    pub counted: u64,
    /// Vehicles that the camera sees queue on its lanes.
    pub queue: f32,
    /// Vehicles that the camera sees on its lanes and that do not queue.
    pub moving: f32,
    /// Width of its lanes in lanes of 3.5 m.
    pub lanes: f32,
    /// Vehicles that queue at the ends of the links it leads into, by the assumed share of each turn.
    pub exit_queue: f32,
    /// The same for each lane of 3.5 m.
    pub exit_queue_per_lane: f32,
    /// Vehicles counted since the start where the links it comes from begin.
    pub entered: u64,
    /// Those of them that were counted in the lanes of this group.
    pub entered_own: u64,
    /// Time from there to the stop line at the limit, seconds; 0 where nobody counts there.
    pub travel_s: f32,
    /// Whether one of its detectors was found to have failed: what it tells means nothing.
    pub failed: bool,
}

/// What a controller may look at.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// Seconds after midnight.
    pub time_s: f64,
    /// Length of a step, seconds.
    pub step_s: f64,
    /// The plan of the junction: its phases are what a controller chooses from.
    pub plan: &'a SignalPlan,
    /// What is seen of each group; groups that nothing watches tell only their lamp.
    pub groups: &'a [GroupLook],
    /// Keys draws of a controller that needs any.
    pub key: u64,
    /// The truth about each group, told only to upper bounds that ask for it ([`Controller::wants_truth`]); else empty.
    pub truth: &'a [GroupTruth],
    /// What signals upstream of each group are expected to send, told to controllers that ask for it ([`Controller::wants_inflow`]), `None` where
    /// nobody knows; else empty.
    pub inflow: &'a [Option<Inflow>],
}

impl View<'_> {
    /// How long all groups of phase `p` have been green together, seconds; `None` if one is not.
    pub fn green_s(&self, p: usize) -> Option<f64> {
        let groups = self.plan.phases()[p].groups.iter().map(|g| &self.groups[usize::from(*g)]);
        groups.map(|g| (g.light == Light::Green).then_some(g.lit_s)).try_fold(f64::INFINITY, |least, lit_s| Some(least.min(lit_s?)))
    }
}

/// What a controller wishes.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    /// Groups that should be green.
    pub groups: Vec<u16>,
    /// Groups that will be within the time people need to cross: nobody sets out on foot before them any more.
    pub soon: Vec<u16>,
    /// Yellow for groups that lose green now, seconds.
    pub yellow_s: f32,
    /// All-red after it, seconds.
    pub all_red_s: f32,
}

impl Wish {
    /// The groups of phase `p` with the yellow and all-red of the phase that is left.
    pub fn phase(plan: &SignalPlan, p: usize, leaves: usize) -> Self {
        let (to, from) = (&plan.phases()[p], &plan.phases()[leaves]);
        Self { groups: to.groups.clone(), soon: Vec::new(), yellow_s: from.yellow_s, all_red_s: from.all_red_s }
    }
}

/// Why a controller has no wish.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ControlError(pub String);

/// What a controller needs to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Needs {
    /// Nothing but the clock.
    Clock,
    /// Who stands at the stop line and how many passed it.
    StopLine,
    /// Also how many queue and drive on each approach.
    Approach,
    /// Also how many queue at the ends of the links it leads into.
    Exits,
    /// Also who enters its approaches at their far ends.
    Entries,
    /// Also the truth, which no detector tells: only for upper bounds. Its detectors make no errors and are heard at once.
    Truth,
}

/// A way to control a junction. Its parameters and its state are its fields: part of the saved state and of its hash.
pub trait Controller {
    /// The wish for the step that begins now.
    ///
    /// # Errors
    /// It cannot say: a simpler controller takes over for the rest of the run.
    fn wish(&mut self, view: &View) -> Result<Wish, ControlError>;

    /// What it needs to see.
    fn needs(&self) -> Needs;

    /// Whether it runs in the traffic centre, so that a cut line silences it.
    fn is_central(&self) -> bool {
        false
    }

    /// Whether it asks for the truth in the step that begins at `time_s`: only upper bounds do.
    fn wants_truth(&self, _time_s: f64, _step_s: f64) -> bool {
        false
    }

    /// Whether it asks what the signals upstream expect to let pass in the step that begins at `time_s`.
    fn wants_inflow(&self, _time_s: f64, _step_s: f64) -> bool {
        false
    }

    /// What it expects to let pass, for the controllers downstream; `None` if it looks no further than its next choice.
    fn outlook(&self) -> Option<&Outlook> {
        None
    }

    /// What it observes, in a sentence for tables.
    fn observes(&self) -> &'static str;

    /// A parameter that makes no sense: what it is and what is allowed.
    fn problem(&self) -> Option<String> {
        None
    }
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident($type:ty) = $key:literal),+ $(,)?) => {
        /// Every controller. Each is one file; this list is the only other place that names it.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum Method {
            $($(#[$doc])* $name($type)),+
        }

        impl Method {
            /// The names of all controllers, as scenarios use them.
            pub const NAMES: &[&str] = &[$($key),+];

            /// Its name, as scenarios use it.
            pub fn name(&self) -> &'static str {
                match self { $(Self::$name(_) => $key),+ }
            }

            /// The controller of this name with its default parameters.
            pub fn named(name: &str) -> Option<Self> {
                match name { $($key => Some(Self::$name(<$type>::default())),)+ _ => None }
            }
        }

        impl Controller for Method {
            fn wish(&mut self, view: &View) -> Result<Wish, ControlError> {
                match self { $(Self::$name(c) => c.wish(view)),+ }
            }
            fn needs(&self) -> Needs {
                match self { $(Self::$name(c) => c.needs()),+ }
            }
            fn is_central(&self) -> bool {
                match self { $(Self::$name(c) => c.is_central()),+ }
            }
            fn wants_truth(&self, time_s: f64, step_s: f64) -> bool {
                match self { $(Self::$name(c) => c.wants_truth(time_s, step_s)),+ }
            }
            fn wants_inflow(&self, time_s: f64, step_s: f64) -> bool {
                match self { $(Self::$name(c) => c.wants_inflow(time_s, step_s)),+ }
            }
            fn outlook(&self) -> Option<&Outlook> {
                match self { $(Self::$name(c) => c.outlook()),+ }
            }
            fn observes(&self) -> &'static str {
                match self { $(Self::$name(c) => c.observes()),+ }
            }
            fn problem(&self) -> Option<String> {
                match self { $(Self::$name(c) => c.problem()),+ }
            }
        }
    };
}

methods! {
    /// The junction's plan by the clock.
    Fixed(Fixed) = "fixed",
    /// The junction's plan with cycle and greens made anew from counts.
    Webster(Webster) = "webster",
    /// Greens that last as long as somebody comes.
    Actuated(Actuated) = "actuated",
    /// The phase with the most pressure.
    MaxPressure(MaxPressure) = "max_pressure",
    /// Phases in their order, greens by pressure.
    CyclicMaxPressure(CyclicMaxPressure) = "cyclic_max_pressure",
    /// The phase with the most pressure by lane.
    EfficientMaxPressure(EfficientMaxPressure) = "efficient_max_pressure",
    /// The same, staying while more come than wait elsewhere.
    AdvancedMaxPressure(AdvancedMaxPressure) = "advanced_max_pressure",
    /// The sequence of phases that a model of the queues finds best.
    Predictive(Predictive) = "predictive",
    /// The same fed with the truth: an upper bound.
    PredictiveOracle(PredictiveOracle) = "predictive_oracle",
    /// The phase that a network trained elsewhere scores highest.
    Onnx(Onnx) = "onnx",
    /// Wishes at random and fails when told to.
    Trial(Trial) = "trial",
}

/// What each movement's signal shows in this step; derived from the signals.
#[derive(Resource, Clone, Debug, Default)]
pub(crate) struct Lights {
    /// By movement; `None` where no signal holds it.
    pub(crate) of: Vec<Option<Light>>,
    /// When yellow turns red, by movement, seconds after midnight.
    pub(crate) red_at: Vec<f64>,
    /// Whether it is about to get green, by movement: nobody sets out across its way on foot.
    pub(crate) soon: Vec<bool>,
}

impl Lights {
    pub(crate) fn new(network: &RoadNetwork) -> Self {
        let count = network.movements.len();
        Self {
            of: network.movements.iter().map(|m| m.group.map(|_| Light::Red)).collect(),
            red_at: vec![f64::INFINITY; count],
            soon: vec![false; count],
        }
    }

    /// Takes over what a controller's lamps show.
    pub(crate) fn show(&mut self, network: &RoadNetwork, controller: ControllerId, signal: &Signal) {
        for (group, (lamp, soon)) in network.controller(controller).groups.iter().zip(signal.lamps()) {
            for MovementId(m) in &group.movements {
                self.of[*m as usize] = Some(lamp.light);
                self.red_at[*m as usize] = if lamp.light == Light::Yellow { lamp.until_s } else { f64::INFINITY };
                self.soon[*m as usize] = soon;
            }
        }
    }
}
