//! What a scenario file says about signals, as types: controllers, their parameters, plans, requests for green.

use super::{
    file::PhaseTable,
    quantity::{Duration, Length},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How signals are controlled; without it every junction runs the map's plan by the clock.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignalsTable {
    /// The controller of every junction that has none of its own. Pedestrian crossings of one phase keep their plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controller: Option<ControllerName>,
    /// Says that the scenario is an upper bound and nothing to build: needed for controllers that are fed with the truth.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub upper_bound: bool,
    /// Which plans junctions without phases of their own have: phases to choose from, and what they fall back to.
    #[serde(default)]
    pub plans: Plans,
    /// How late controllers hear of what detectors see, 0 s to 30 s.
    #[serde(default = "default_latency")]
    pub latency: Duration,
    /// What the detectors of controllers get wrong.
    #[serde(default)]
    pub detector_errors: DetectorErrorsName,
    /// The longest red, whatever a controller wishes; not below the plan's cycle and half a minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_red: Option<Duration>,
    /// The shortest green, whatever a controller wishes; a plan with a shorter one keeps its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_green: Option<Duration>,
    /// `webster`: time between two re-timings. `max_pressure`, `efficient_max_pressure`, `advanced_max_pressure`,
    /// `predictive`, `predictive_oracle`, `onnx`: time between two choices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Duration>,
    /// `actuated`: the green ends when nobody was on the stop-line detector for so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Duration>,
    /// `actuated`: the longest green while others wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_green: Option<Duration>,
    /// `cyclic_max_pressure`, `coordinated`: the cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Duration>,
    /// `advanced_max_pressure`: weight of those who drive up to the present green.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
    /// `onnx`: the file of the network, beside the scenario; without it the small one that comes with the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// `trial`: after so long it fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fails_after: Option<Duration>,
    /// Green for ambulances and fire engines along their route; without it none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preemption: Option<PreemptionTable>,
    /// Green a little longer or earlier for buses; without it none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<PriorityTable>,
    /// Single junctions: a plan, a controller, or both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub junctions: Vec<JunctionTable>,
}

impl SignalsTable {
    /// Whether plans are made from the flows of the demand, for any junction.
    pub fn makes_plans(&self) -> bool {
        let coordinated = |name: Option<ControllerName>| name == Some(ControllerName::Coordinated);
        self.plans == Plans::Coordinated || coordinated(self.controller) || self.junctions.iter().any(|j| coordinated(j.controller))
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for SignalsTable {
    fn default() -> Self {
        Self {
            controller: None,
            upper_bound: false,
            plans: Plans::Map,
            latency: default_latency(),
            detector_errors: DetectorErrorsName::Typical,
            max_red: None,
            min_green: None,
            interval: None,
            gap: None,
            max_green: None,
            cycle: None,
            weight: None,
            network: None,
            fails_after: None,
            preemption: None,
            priority: None,
            junctions: Vec::new(),
        }
    }
}

fn default_latency() -> Duration {
    Duration::from_base(1.0)
}

/// One junction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JunctionTable {
    /// Ref of the junction or of its controller.
    pub junction: String,
    /// Its controller; without it that of all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controller: Option<ControllerName>,
    /// With `phases`: delay of the first phase after midnight, modulo the cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<Duration>,
    /// The phases of its plan, in order; without them those of the map.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<PhaseTable>,
}

/// A controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ControllerName {
    /// The plan by the clock.
    Fixed,
    /// The plan by the clock, with cycle, greens and offsets made from the flows of the demand.
    Coordinated,
    /// Cycle and greens made anew from counts now and then.
    Webster,
    /// Greens that last as long as somebody comes; phases that nobody waits for are skipped.
    Actuated,
    /// The phase with the most pressure.
    MaxPressure,
    /// Phases in order, greens by pressure.
    CyclicMaxPressure,
    /// The phase with the most pressure by lane.
    EfficientMaxPressure,
    /// The same, staying while more come than wait elsewhere.
    AdvancedMaxPressure,
    /// The sequence of phases that a model of the queues, rolled forward from what detectors tell, finds best.
    Predictive,
    /// The same fed with the truth that no detector tells: an upper bound. Needs `upper_bound = true`.
    PredictiveOracle,
    /// The phase that a network (ONNX) scores highest; only in programs built with the feature `onnx`.
    Onnx,
    /// Wishes at random and fails: to try the guard and the fall-back.
    Trial,
}

impl ControllerName {
    /// Whether it is fed with what no detector tells: an upper bound for others, and nothing to build or to recommend.
    pub fn is_upper_bound(self) -> bool {
        self == Self::PredictiveOracle
    }
}

/// What is said to who asks for an upper bound without saying that it is one.
pub(crate) const UNLABELLED: &str = "this controller is fed with the truth that no detector tells: an upper bound, which nobody can build; \
     write `upper_bound = true` in [signals] so that the results say so";

/// Where plans come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Plans {
    /// The map.
    #[default]
    Map,
    /// Made from the flows of the demand: Webster's greens, common cycles, optimised offsets.
    Coordinated,
}

/// What the detectors of controllers get wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DetectorErrorsName {
    /// What usual equipment does.
    #[default]
    Typical,
    /// Nothing.
    None,
}

/// Green for ambulances and fire engines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreemptionTable {
    /// From so far before the stop line on, along the route.
    #[serde(default = "preemption_range")]
    pub range: Length,
    /// One vehicle holds a junction so long at most.
    #[serde(default = "preemption_longest")]
    pub longest: Duration,
}

fn preemption_range() -> Length {
    Length::from_base(300.0)
}

fn preemption_longest() -> Duration {
    Duration::from_base(90.0)
}

/// Help for buses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityTable {
    /// From so far before the stop line on.
    #[serde(default = "priority_range")]
    pub range: Length,
    /// The green is held, or the red cut, by so much at most.
    #[serde(default = "priority_extension")]
    pub extension: Duration,
    /// A junction helps the next bus so long after the last one.
    #[serde(default = "priority_rest")]
    pub rest: Duration,
}

fn priority_range() -> Length {
    Length::from_base(150.0)
}

fn priority_extension() -> Duration {
    Duration::from_base(10.0)
}

fn priority_rest() -> Duration {
    Duration::from_base(60.0)
}

/// Something of the signals that breaks; a key of an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FaultName {
    /// The junction's detectors see nothing any more.
    DeadDetectors,
    /// The junction's detectors tell that somebody is there all the time.
    StuckDetectors,
    /// The junction hears nothing from the traffic centre.
    CutLine,
}
