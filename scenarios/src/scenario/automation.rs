//! What a scenario file says about vehicles that people do not drive alone, as types: systems and where they drive, speed advice from
//! signals, speed assistance, trackers.

use super::{
    file::{CircleTable, ClassName},
    quantity::{Duration, Length, Share, Speed},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sim_core::driving::{AssistanceKind, System};

/// Vehicles that people do not drive alone; without it people drive all, and nobody is advised, assisted or tracked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AutomationTable {
    /// What drives a share of some classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vehicles: Vec<DrivenTable>,
    /// Speed advice from signals (GLOSA); without it none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_advice: Option<AdviceTable>,
    /// Speed assistance for those who are declared to drive faster than the limit.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub speed_assistance: Vec<AssistanceTable>,
    /// Journey trackers that report speeding and wrong lanes; without it none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trackers: Option<TrackersTable>,
}

impl AutomationTable {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SystemName {
    /// Adaptive cruise control as it is sold.
    Acc,
    /// Cooperative adaptive cruise control, in platoons behind connected vehicles.
    Cacc,
    /// Fully autonomous.
    Autonomous,
}

impl SystemName {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Acc, Self::Cacc, Self::Autonomous];

    /// The engine's value.
    pub fn system(self) -> System {
        match self {
            Self::Acc => System::Acc,
            Self::Cacc => System::Cacc,
            Self::Autonomous => System::Autonomous,
        }
    }
}

/// A share of some classes that is driven by a system. Which vehicles, a keyed draw of each trip decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DrivenTable {
    /// What drives.
    pub system: SystemName,
    /// Which share of each class; the shares of all tables for a class add up to 100 % at most.
    pub share: Share,
    /// Of which classes; without it all but motorcycles and bicycles, which have no such system.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassName>,
    /// Time gap instead of the shipped ones, 0.3 s to 5 s; of `cacc` the one behind a connected leader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_gap: Option<Duration>,
    /// `cacc`: so many vehicles drive linked at most, 1 to 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 50))]
    pub platoon: Option<u8>,
    /// Where it drives; outside a person does. Without it everywhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<AreaTable>,
}

/// Links on which a system drives: those that lie inside with their whole length, those that are named, and those of a bus line. At least one key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaTable {
    /// Inside a circle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub circle: Option<CircleTable>,
    /// Inside a box: `SOUTH,WEST,NORTH,EAST` in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<String>,
    /// Inside a polygon: its corners, each latitude north and longitude east in degrees, three at least.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub polygon: Vec<[f64; 2]>,
    /// Refs of links.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Name of one of the scenario's `bus_lines`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bus_line: Option<String>,
}

/// Speed advice from signals: who is equipped slows down early rather than stop.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AdviceTable {
    /// Share of each class that is equipped and follows advice.
    pub share: Share,
    /// Of which classes; without it all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassName>,
    /// How far from its stop line a signal is heard, 20 m to 2 km.
    #[serde(default = "default_range")]
    pub range: Length,
    /// No lower speed is advised.
    #[serde(default = "default_slowest")]
    pub slowest: Speed,
}

fn default_range() -> Length {
    Length::from_base(300.0)
}

fn default_slowest() -> Speed {
    "20 km/h".parse().expect("a speed")
}

/// What a vehicle does when its driver would exceed the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AssistanceName {
    /// Warns: some drivers heed it.
    Advisory,
    /// Gives no more power.
    Limiting,
}

impl AssistanceName {
    /// The engine's value.
    pub fn kind(self) -> AssistanceKind {
        match self {
            Self::Advisory => AssistanceKind::Advisory,
            Self::Limiting => AssistanceKind::Limiting,
        }
    }
}

/// Speed assistance for a share of some classes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssistanceTable {
    /// What it does.
    pub kind: AssistanceName,
    /// Share of each class that is equipped.
    pub share: Share,
    /// Of which classes; without it all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassName>,
    /// Share of the equipped drivers who keep to the limit for it; without it 40 % of those who are warned and all who are limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heeded: Option<Share>,
}

/// Journey trackers of a share of some classes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackersTable {
    /// Share of each class that has one.
    pub share: Share,
    /// Of which classes; without it those that must have one: minibuses, buses and trucks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassName>,
    /// Time between two reports, 1 s to 10 min.
    #[serde(default = "default_report")]
    pub every: Duration,
    /// Standard deviation of reported speeds.
    #[serde(default = "default_speed_error")]
    pub speed_error: Speed,
    /// Standard deviation of the reported place across the road.
    #[serde(default = "default_place_error")]
    pub place_error: Length,
    /// Faster than the limit by no more than this is no case.
    #[serde(default = "default_tolerance")]
    pub tolerance: Speed,
    /// So many reports one after the other must show a wrong lane, 1 to 20.
    #[serde(default = "default_lane_reports")]
    #[schemars(range(min = 1, max = 20))]
    pub lane_reports: u8,
}

fn default_report() -> Duration {
    Duration::from_base(10.0)
}

fn default_speed_error() -> Speed {
    Speed::from_base(0.5)
}

fn default_place_error() -> Length {
    Length::from_base(2.5)
}

fn default_tolerance() -> Speed {
    "5 km/h".parse().expect("a speed")
}

const fn default_lane_reports() -> u8 {
    3
}
