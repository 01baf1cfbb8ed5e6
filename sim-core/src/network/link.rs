//! Links: one direction of a road between two junctions.

use crate::{
    class::{ClassSet, VehicleClass},
    geometry::Point,
    ids::{JunctionId, LinkId},
    reference::Ref,
};
use serde::{Deserialize, Serialize};

/// The class of a road, from the most to the least important. Names follow OpenStreetMap; in An Giang a motorway is the CT34, a trunk
/// a national road (QL), a primary or secondary a provincial road (ĐT) or a main street.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoadClass {
    /// Expressway.
    Motorway,
    /// National road.
    Trunk,
    /// Primary road.
    Primary,
    /// Secondary road.
    Secondary,
    /// Tertiary road.
    Tertiary,
    /// Minor public road.
    Unclassified,
    /// Street in a residential area.
    Residential,
    /// Alley, access road, car-park aisle.
    Service,
    /// A ferry crossing.
    Ferry,
}

/// What the link is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// A carriageway.
    Road,
    /// Vehicles queue at the landing, cross together, go ashore.
    Ferry(FerryService),
}

/// How a ferry runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FerryService {
    /// Cars (or car equivalents by deck area) a boat takes.
    pub car_capacity: u16,
    /// Motorcycles a boat takes beside them.
    pub motorcycle_capacity: u16,
    /// Time between departures, seconds.
    pub interval_s: f32,
    /// Time from departure to the other bank, unloading included, seconds.
    pub crossing_s: f32,
}

/// What a lane is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LaneKind {
    /// General traffic.
    #[default]
    General,
    /// The mixed lane next to the kerb: two-wheelers first, others to turn or stop (làn hỗn hợp).
    Mixed,
    /// Two-wheelers only.
    Motorcycle,
    /// Buses (and taxis where signed).
    Bus,
}

/// The turns a lane is marked for; empty means unmarked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TurnSet(pub u8);

impl TurnSet {
    /// Unmarked.
    pub const UNMARKED: Self = Self(0);
    /// Left.
    pub const LEFT: Self = Self(1);
    /// Straight on.
    pub const THROUGH: Self = Self(2);
    /// Right.
    pub const RIGHT: Self = Self(4);
    /// U-turn.
    pub const U_TURN: Self = Self(8);

    /// Whether any of `other` is in the set.
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets together.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the lane is unmarked.
    pub const fn is_unmarked(self) -> bool {
        self.0 == 0
    }
}

/// A lane. For two-wheelers a lane is little more than paint; for wide vehicles it is where they drive.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// Width, metres.
    pub width_m: f32,
    /// What it is for.
    pub kind: LaneKind,
    /// Who may use it.
    pub access: ClassSet,
    /// The turns it is marked for.
    pub turns: TurnSet,
}

/// Speed limits by the groups that Vietnamese law tells apart (Circular 38/2024/TT-BGTVT), m/s.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpeedLimits {
    /// Cars up to 30 seats, trucks up to 3.5 t.
    pub light_mps: f32,
    /// Over 30 seats or 3.5 t.
    pub heavy_mps: f32,
    /// Buses and motorcycles outside built-up areas have a lower one of their own.
    pub motorcycle_mps: f32,
    /// Trailers, mixers, tankers.
    pub articulated_mps: f32,
    /// Bicycles, e-bikes and mopeds.
    pub slow_mps: f32,
}

impl SpeedLimits {
    /// The same limit for everybody but the slow, who keep to at most 40 km/h.
    pub fn uniform(limit_mps: f32) -> Self {
        Self {
            light_mps: limit_mps,
            heavy_mps: limit_mps,
            motorcycle_mps: limit_mps,
            articulated_mps: limit_mps,
            slow_mps: limit_mps.min(40.0 / 3.6),
        }
    }

    /// The limit for `class`, m/s.
    pub fn of(&self, class: VehicleClass) -> f32 {
        match class {
            VehicleClass::Motorcycle => self.motorcycle_mps,
            VehicleClass::Bicycle => self.slow_mps,
            VehicleClass::Car
            | VehicleClass::Taxi
            | VehicleClass::Minibus
            | VehicleClass::LightTruck
            | VehicleClass::Emergency
            | VehicleClass::Shuttle => self.light_mps,
            VehicleClass::Bus | VehicleClass::HeavyTruck => self.heavy_mps,
            VehicleClass::ArticulatedTruck => self.articulated_mps,
        }
    }
}

/// One direction of a road between two junctions, from stop line to stop line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Stable name, e.g. `osm:w123:n4>n9`.
    pub ref_: Ref,
    /// Street name.
    pub name: Option<String>,
    /// Road number, e.g. `QL91`.
    pub road_number: Option<String>,
    /// Where it begins.
    pub from: JunctionId,
    /// Where it ends.
    pub to: JunctionId,
    /// Class of the road.
    pub class: RoadClass,
    /// Carriageway or ferry.
    pub kind: LinkKind,
    /// Centre line of this direction's own carriageway, first to last, at least two points. It begins and ends at the stop lines, so
    /// it does not reach into the junctions.
    pub geometry: Vec<Point>,
    /// Length, metres, at least 1.
    pub length_m: f32,
    /// Usable width, metres: the sum of the lanes' widths, 2 to 31.9.
    pub width_m: f32,
    /// Lanes from the kerb side to the middle of the road, at least one.
    pub lanes: Vec<Lane>,
    /// Speed limits.
    pub limits: SpeedLimits,
    /// Who may drive here.
    pub access: ClassSet,
    /// The other direction of an undivided road.
    pub opposite: Option<LinkId>,
    /// Part of a roundabout's ring.
    pub is_roundabout: bool,
    /// On a bridge.
    pub is_bridge: bool,
    /// In a built-up area.
    pub is_urban: bool,
    /// Tolled.
    pub is_toll: bool,
}

impl Link {
    /// Free-flow travel time for `class` at its limit, seconds.
    pub fn free_flow_s(&self, class: VehicleClass) -> f32 {
        match self.kind {
            LinkKind::Road => self.length_m / self.limits.of(class),
            LinkKind::Ferry(f) => f.crossing_s + f.interval_s / 2.0,
        }
    }
}
