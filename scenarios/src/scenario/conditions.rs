//! What a scenario file says about the road besides its traffic, as types: incidents, gates, bus lines, car parks, pedestrians,
//! guidance under way.

use super::{
    file::ClassName,
    quantity::{ClockTime, Duration, Length, PersonFlow, Share, Speed},
    signals::FaultName,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt};

/// Something that closes lanes of a road or slows it down, for some time. It stands on a link (`link`), or on both directions of a road
/// (`road` and `near`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncidentTable {
    /// A name of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Ref of the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// With `link`: where it begins, from the link's start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Length>,
    /// Number or name of the road.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub road: Option<String>,
    /// With `road`: the middle of it, latitude north and longitude east, degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<[f64; 2]>,
    /// How far it reaches along the road.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    /// The closed lanes: `"all"`, or their numbers from the kerb, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lanes: Option<Lanes>,
    /// Instead of closing lanes: nobody drives faster than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slow: Option<Speed>,
    /// Instead of a place on a road: something of the signals that breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultName>,
    /// With `fault`: ref of the junction or of its controller; without it all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub junction: Option<String>,
    /// With `fault` of detectors: ref of the link whose end they watch; without it all of the junction's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approach: Option<String>,
    /// When it begins.
    pub from: ClockTime,
    /// When it is over.
    pub to: ClockTime,
    /// Whom it hinders; without it everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassName>,
}

/// Lanes of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lanes {
    /// Every one.
    All,
    /// These, from the kerb, from 0.
    These(Vec<u8>),
}

struct LanesVisitor;

impl<'de> de::Visitor<'de> for LanesVisitor {
    type Value = Lanes;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"all\" or a list of lane numbers from the kerb, from 0, e.g. [0]")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Lanes, E> {
        if text == "all" { Ok(Lanes::All) } else { Err(E::custom(format!("`{text}` names no lanes; expected \"all\" or e.g. [0]"))) }
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Lanes, A::Error> {
        let mut lanes = Vec::new();
        while let Some(lane) = seq.next_element()? {
            lanes.push(lane);
        }
        Ok(Lanes::These(lanes))
    }
}

impl<'de> Deserialize<'de> for Lanes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LanesVisitor)
    }
}

impl Serialize for Lanes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::These(lanes) => lanes.serialize(serializer),
        }
    }
}

impl JsonSchema for Lanes {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Lanes")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "\"all\", or the numbers of the lanes from the kerb, from 0",
            "oneOf": [
                { "type": "string", "const": "all" },
                { "type": "array", "items": { "type": "integer", "minimum": 0, "maximum": 255 }, "minItems": 1 },
            ],
        })
    }
}

/// Where vehicles are served one after the other in each lane: one place (`link`, `position`), or the map's own (`from_map`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GateTable {
    /// A name of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The map's toll gates, border gates and weigh stations, in both directions.
    #[serde(default)]
    pub from_map: bool,
    /// With `from_map`: only places of this kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<GateKind>,
    /// Ref of the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// With `link`: where vehicles stop, from the link's start, at least 20 m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Length>,
    /// Mean time a vehicle is served; required with `link`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Duration>,
    /// How service times differ between vehicles.
    #[serde(default)]
    pub spread: ServiceSpread,
    /// Who is served; without it everybody, at places of the map those whom the kind concerns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassName>,
}

/// A kind of gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GateKind {
    /// Toll gate.
    Toll,
    /// Border control.
    Border,
    /// Weigh station.
    WeighStation,
}

/// How service times differ between vehicles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceSpread {
    /// Not at all.
    #[default]
    Fixed,
    /// Exponentially.
    Exponential,
}

/// A bus line: its vehicles stop at the kerb on their way. Passengers are in it only as the time a vehicle stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BusLineTable {
    /// Its name or number.
    pub name: String,
    /// When the first vehicle leaves.
    pub from: ClockTime,
    /// No vehicle leaves from then on.
    pub to: ClockTime,
    /// Time between two vehicles.
    pub headway: Duration,
    /// What drives it.
    #[serde(default = "default_bus")]
    pub class: ClassName,
    /// How long a vehicle stands at a stop that says nothing else.
    #[serde(default = "default_dwell")]
    pub dwell: Duration,
    /// Refs of links it drives over, in order, the first and the last among them; gaps are driven the quickest way. Without it the quickest
    /// way from stop to stop.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub route: Vec<String>,
    /// Where it stops, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stops: Vec<StopTable>,
}

fn default_bus() -> ClassName {
    ClassName(sim_core::class::VehicleClass::Bus)
}

fn default_dwell() -> Duration {
    Duration::from_base(20.0)
}

/// A stop of a line: one of the map's (`place`), or a place on a link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StopTable {
    /// Ref of one of the map's bus stops or bus stations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Ref of the link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// With `link`: where the front stands, from the link's start, at least 20 m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Length>,
    /// How long a vehicle stands here, instead of the line's `dwell`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dwell: Option<Duration>,
    /// Whether it stands in a bay beside the carriageway instead of in the kerb-side lane.
    #[serde(default)]
    pub bay: bool,
}

/// A car park with spaces, where trips end that are bound for its surroundings: one place (`link`, `position`, `spaces`), or the map's own
/// (`from_map`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CarParkTable {
    /// A name of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The map's car parks.
    #[serde(default)]
    pub from_map: bool,
    /// Ref of the link with the entrance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// With `link`: where the entrance is, from the link's start, at least 20 m.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Length>,
    /// Vehicles it holds; with `from_map` those of car parks whose size the map does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spaces: Option<u32>,
    /// Time the entrance takes for a vehicle.
    #[serde(default = "default_entry")]
    pub entry: Duration,
    /// Mean length of a stay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stay: Option<Duration>,
    /// How stays differ.
    #[serde(default = "default_stay_spread")]
    pub spread: ServiceSpread,
    /// Trips that end this near to the entrance end in the car park.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serves: Option<Length>,
    /// Who parks; without it cars.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassName>,
}

fn default_entry() -> Duration {
    Duration::from_base(6.0)
}

fn default_stay_spread() -> ServiceSpread {
    ServiceSpread::Exponential
}

/// People who cross the road.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PedestrianTable {
    /// At the map's own crossings.
    #[serde(default)]
    pub from_map: bool,
    /// With `from_map`: so many at each of them, both ways together, instead of the assumed ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<PersonFlow>,
    /// Single crossings: a flow of its own for one of the map's, or one the map lacks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub crossings: Vec<CrossingTable>,
}

/// A crossing of one carriageway.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrossingTable {
    /// Ref of one of the map's crossings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Ref of the link that is crossed, where the map has no crossing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// With `link`: where, from the link's start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Length>,
    /// Pedestrians, both ways together.
    pub flow: PersonFlow,
}

/// Travellers who are told of travel times and closures on the way, and change their route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuidanceTable {
    /// Share of the travellers who are told.
    #[serde(default = "default_share")]
    pub share: Share,
    /// By what share of the rest of the old route a new one must be better.
    #[serde(default = "default_inertia")]
    pub inertia: Share,
    /// And by how much time.
    #[serde(default = "default_least_gain")]
    pub least_gain: Duration,
}

fn default_share() -> Share {
    "30 %".parse().expect("a share")
}

fn default_inertia() -> Share {
    "15 %".parse().expect("a share")
}

fn default_least_gain() -> Duration {
    Duration::from_base(60.0)
}
