//! What a scenario file says, as types: the reader, the JSON Schema and the reference in the guide all follow from these.

use super::automation::AutomationTable;
use super::conditions::{BusLineTable, CarParkTable, GateTable, GuidanceTable, IncidentTable, PedestrianTable};
use super::emergency::EmergencyTable;
use super::interventions::{InterventionTable, Response};
use super::quantity::{Acceleration, ClockTime, Duration, Flow, Length, Mass, Pcu, Persons, Share, Speed};
use super::sentence::Sentence;
use super::signals::SignalsTable;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sim_core::class::{ClassSet, VehicleClass};
use std::{borrow::Cow, collections::BTreeMap};

/// A scenario of An Giang Twin: which map, which hours, whose demand. Paths are relative to the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// A short name; the result folder is named after it.
    pub name: String,
    /// What the scenario shows, in a sentence or two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `embedded` for the An Giang map that travels with the program, or the path of a compiled map or an OpenStreetMap file
    /// (.osm.pbf, .osm, .osm.gz).
    pub map: String,
    /// How an OpenStreetMap file is imported; has no meaning for a compiled map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportTable>,
    /// The hours that are simulated.
    pub time: TimeTable,
    /// Who travels.
    pub demand: DemandTable,
    /// Parameters of vehicle classes that differ from the shipped ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub classes: BTreeMap<ClassName, ClassOverride>,
    /// Whether the road is dry or wet; on a wet one nobody brakes as hard.
    #[serde(default)]
    pub road_surface: RoadSurface,
    /// How signals are controlled; without it every junction runs the map's plan by the clock.
    #[serde(default, skip_serializing_if = "SignalsTable::is_empty")]
    pub signals: SignalsTable,
    /// What closes lanes or slows traffic down, where and when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incidents: Vec<IncidentTable>,
    /// Where vehicles are served one after the other: toll gates, border gates, weigh stations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateTable>,
    /// Lines whose vehicles stop on their way: buses and the like.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bus_lines: Vec<BusLineTable>,
    /// Places with spaces, where trips end that are bound for their surroundings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub car_parks: Vec<CarParkTable>,
    /// People who cross the road; without it none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pedestrians: Option<PedestrianTable>,
    /// Who is told of travel times on the way; without it nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guidance: Option<GuidanceTable>,
    /// Calls for an ambulance or a fire engine; without it none, and the response time is not evaluated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emergency: Option<EmergencyTable>,
    /// What is changed against the base, and when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub interventions: Vec<InterventionTable>,
    /// What travellers do about the interventions that hold from the beginning. Without it ways are chosen anew for closures, new links and
    /// demand, else nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<Response>,
    /// Vehicles that people do not drive alone, speed advice and assistance, trackers; without it none.
    #[serde(default, skip_serializing_if = "AutomationTable::is_empty")]
    pub automation: AutomationTable,
    /// Folder of the equipment register (sensors, adaptive signals, trackers, coverage); without it the indicators that need one say
    /// "not supplied".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub register: Option<String>,
    /// Seed of every random draw.
    #[serde(default = "default_seed")]
    #[schemars(range(min = 0, max = 9_223_372_036_854_775_807_u64))]
    pub seed: u64,
    /// Length of a simulation step, 0.1 to 1.0 s.
    #[serde(default = "default_step")]
    pub step: Duration,
    /// What was assumed, in words, best in both languages; the results repeat it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumptions: Vec<Sentence>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

fn default_seed() -> u64 {
    1
}

fn default_step() -> Duration {
    Duration::from_base(0.5)
}

/// What the road is like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoadSurface {
    /// Dry.
    #[default]
    Dry,
    /// Wet.
    Wet,
}

/// How an OpenStreetMap file becomes a network.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportTable {
    /// Only this box: `SOUTH,WEST,NORTH,EAST` in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<String>,
    /// Only inside the polygon of this GeoJSON file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Corrections to the map, applied after the import.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrections: Option<String>,
    /// Traffic keeps to the left.
    #[serde(default)]
    pub left_hand: bool,
}

/// The hours that are simulated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeTable {
    /// First moment of the simulation, local time.
    pub from: ClockTime,
    /// Last moment of the simulation.
    pub to: ClockTime,
    /// From the beginning until the roads have filled; indicators leave it out.
    #[serde(default = "default_warm_up")]
    pub warm_up: Duration,
    /// At most so long after `to` the simulation goes on, without new departures, until every trip has ended. 0 ends it at `to`.
    #[serde(default = "default_cool_down")]
    pub cool_down: Duration,
    /// Length of the intervals that measurements per road are kept for.
    #[serde(default = "default_interval")]
    pub interval: Duration,
}

fn default_warm_up() -> Duration {
    "15 min".parse().expect("a duration")
}

/// Enough to cross the province (assumed).
fn default_cool_down() -> Duration {
    "2 h".parse().expect("a duration")
}

fn default_interval() -> Duration {
    "15 min".parse().expect("a duration")
}

/// Where demand comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DemandKind {
    /// Recorded counts: an origin-destination table is fitted to them.
    Counts,
    /// An origin-destination table.
    Od,
    /// A list of trips.
    Trips,
    /// Made up: so many vehicles an hour between anywhere and anywhere.
    Synthetic,
}

/// Who travels. Which keys belong to which `kind` stands beside each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DemandTable {
    /// Where demand comes from.
    pub kind: DemandKind,
    /// `counts`: path of the counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<String>,
    /// `counts`: path of the detectors the counts name. With other kinds: detectors to measure at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detectors: Option<String>,
    /// `counts`, `od`: path of the zones; without it zones are made from the map's places and edge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zones: Option<String>,
    /// `counts`, `od`: only settlements in this circle become zones, and roads that cross its edge boundary points; without it the
    /// whole map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<CircleTable>,
    /// `counts`: the day to rebuild, `YYYY-MM-DD`; without it the one of the counted days with the median number of vehicles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<String>,
    /// `od`: path of the origin-destination table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub od: Option<String>,
    /// `trips`: path of the trip list, or of a route file of SUMO (`.rou.xml`, `.trips.xml`, also packed with gzip).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trips: Option<String>,
    /// `synthetic`: vehicles an hour in the whole network; without it a moderate load for the size of the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<Flow>,
    /// `synthetic`: share of each class; the shares add up to 100 %.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mix: BTreeMap<ClassName, Share>,
    /// `counts`: the counts were made up for illustration; every table of results says so.
    #[serde(default, skip_serializing_if = "is_false")]
    pub illustrative: bool,
    /// `counts`: how the table is fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<FitTable>,
}

/// A circle on the Earth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CircleTable {
    /// Its centre: latitude north and longitude east, degrees.
    pub centre: [f64; 2],
    /// Its radius.
    pub radius: Length,
}

/// How an origin-destination table is fitted to counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FitTable {
    /// How often fit and simulation take turns, 1 to 20.
    #[serde(default = "default_iterations")]
    #[schemars(range(min = 1, max = 20))]
    pub iterations: u32,
    /// Share of the detectors that are kept out of the fit, 0 to 50 %, to see how well it does where it did not look.
    #[serde(default = "default_hold_out")]
    pub hold_out: Share,
    /// A whole road that is kept out of the fit: its number or name, `auto` for one with enough detectors, `none`.
    #[serde(default = "default_corridor")]
    pub corridor: String,
    /// After the honest fits, fit once more to every detector and run that.
    #[serde(default)]
    pub refit_with_all: bool,
}

fn default_iterations() -> u32 {
    2
}

fn default_hold_out() -> Share {
    "15 %".parse().expect("a share")
}

fn default_corridor() -> String {
    "auto".to_owned()
}

impl Default for FitTable {
    fn default() -> Self {
        Self { iterations: default_iterations(), hold_out: default_hold_out(), corridor: default_corridor(), refit_with_all: false }
    }
}

/// Parameters of one vehicle class that differ from the shipped ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassOverride {
    /// Body length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    /// Body width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<Length>,
    /// Desired speed on a free urban road, before any limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired_speed: Option<Speed>,
    /// Spread of the drivers' own desired speeds (standard deviation as a share).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desired_speed_spread: Option<Share>,
    /// Desired time headway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headway: Option<Duration>,
    /// Gap to a standing leader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<Length>,
    /// Acceleration from standstill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceleration: Option<Acceleration>,
    /// Comfortable braking, as a positive number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub braking: Option<Acceleration>,
    /// Hardest braking, as a positive number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardest_braking: Option<Acceleration>,
    /// Hardest braking on a wet road, as a positive number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hardest_braking_wet: Option<Acceleration>,
    /// Clearance to others beside it at walking pace, each side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clearance: Option<Length>,
    /// What that clearance grows by: metres for each m/s of its speed, which are seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clearance_growth: Option<Duration>,
    /// Fastest movement sideways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sideways_speed: Option<Speed>,
    /// Whether it keeps to the middle of lanes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeps_lane: Option<bool>,
    /// Passenger-car units it counts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pcu: Option<Pcu>,
    /// Gap accepted in a crossing stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub critical_gap: Option<Duration>,
    /// How hard it brakes to let in somebody who must change lanes, as a share of its comfortable braking; 0 % lets nobody in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lets_in: Option<Share>,
    /// Persons aboard, the driver included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupancy: Option<Persons>,
    /// Share of the class that drives on a battery; which vehicles, a keyed draw of each trip decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub electric: Option<Share>,
    /// CO₂ that starting a cold engine costs, once a trip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cold_start_co2: Option<Mass>,
    /// Declared violators: share that passes red lights when there is a gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runs_red_share: Option<Share>,
    /// Declared violators: share that drives faster than the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speeds_share: Option<Share>,
    /// How fast those drive, as a share of the limit, 100 % to 300 %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speeds_factor: Option<Share>,
    /// Declared violators: share that uses lanes closed to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub any_lane_share: Option<Share>,
}

/// A phase of a signal plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhaseTable {
    /// Numbers of the groups that are green, from 0, as `agtwin map info MAP --signals` lists them.
    #[schemars(length(min = 1))]
    pub groups: Vec<u16>,
    /// Green time.
    pub green: Duration,
    /// Yellow after it, at least 3 s.
    #[serde(default = "default_yellow")]
    pub yellow: Duration,
    /// All-red after that.
    #[serde(default = "default_all_red")]
    pub all_red: Duration,
}

fn default_yellow() -> Duration {
    Duration::from_base(3.0)
}

fn default_all_red() -> Duration {
    Duration::from_base(2.0)
}

/// A vehicle class by its name in every file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClassName(pub VehicleClass);

/// The set of these classes; of none named, `all`.
pub fn classes_or(names: &[ClassName], all: ClassSet) -> ClassSet {
    if names.is_empty() { all } else { ClassSet::of(&names.iter().map(|n| n.0).collect::<Vec<_>>()) }
}

impl<'de> Deserialize<'de> for ClassName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let names = VehicleClass::ALL.map(VehicleClass::name);
        name.parse().map(Self).map_err(|_| {
            let hint = super::error::nearest(&name, names).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            de::Error::custom(format!("unknown vehicle class `{name}`{hint} (known: {})", names.join(", ")))
        })
    }
}

impl Serialize for ClassName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl JsonSchema for ClassName {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("ClassName")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "enum": VehicleClass::ALL.map(VehicleClass::name) })
    }
}
