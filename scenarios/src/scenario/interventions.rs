//! What a scenario file says about interventions, as types: each is one change to the base, a value that is saved, compared and undone.

use super::{
    area::Area,
    automation::SystemName,
    conditions::{BusLineTable, CarParkTable, Lanes},
    file::{ClassName, PhaseTable},
    quantity::{ClockTime, Duration, Length, QuantityError, Share, Speed},
    signals::ControllerName,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::{borrow::Cow, fmt, str::FromStr};

/// One change to the base. Which keys belong to which `kind` stands beside each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterventionTable {
    /// What is changed.
    pub kind: InterventionKind,
    /// A name of its own, by which `undo` and reports call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// From when on; without it from the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Moment>,
    /// Until when; then it is undone. Without it to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Moment>,
    /// Made while the simulation ran, as the window saves it: nobody knew of it before, and later edits may change the same place.
    #[serde(default, skip_serializing_if = "is_false")]
    pub edit: bool,
    /// `undo`: the name of the intervention that is undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,

    /// Where: ref of a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// With `link`: also the other direction of the road.
    #[serde(default, skip_serializing_if = "is_false")]
    pub both_ways: bool,
    /// Where: a road by its number or name; both directions. With `near` only the link next to that place, with `area` only its links in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub road: Option<String>,
    /// With `road`: a place, latitude north and longitude east, degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near: Option<[f64; 2]>,
    /// Where: ref of a junction or of its controller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub junction: Option<String>,
    /// `signal`: where: several junctions by their refs or their controllers'.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub junctions: Vec<String>,
    /// Where: everything in an area: a town or ward by its name, several, or a shape. `demand`, `departures`: trips that begin or end there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<Area>,
    /// `demand`, `departures`: trips that begin there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Area>,
    /// `demand`, `departures`: trips that end there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub destination: Option<Area>,
    /// `signal`: the so many junctions that most vehicles of the demand come to, of those in `area` or on `road` if one is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub busiest: Option<u32>,

    /// `closure`, `opening`, `lane_use`, `incident`: the lanes, `"all"` or their numbers from the kerb, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lanes: Option<Lanes>,
    /// Whom it concerns; without it everybody. `lane_use`: who may use the lanes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassName>,
    /// `speed_limit`: the limit; slow vehicles keep to 40 km/h at most. `incident`: nobody drives faster than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed: Option<Speed>,

    /// `signal`: what controls the junctions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub controller: Option<ControllerName>,
    /// `signal`: the phases of the plan, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<PhaseTable>,
    /// `signal` with `phases`: delay of the first phase after midnight, modulo the cycle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<Duration>,

    /// `demand`: so many times as many trips, 0 % to 500 %.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<Share>,
    /// `electric`: share of the classes that drives on a battery. `guidance`: share of the travellers who are told of travel times on the way.
    /// `departures`: share of the trips that leaves at another time. `automation`: share of the classes that the system drives. `trackers`: share of
    /// the classes that has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Share>,
    /// `automation`: what drives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<SystemName>,
    /// `departures`: so much earlier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earlier: Option<Duration>,
    /// `departures`: so much later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<Duration>,

    /// `incident`, `detector`: where on the link, from its start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Length>,
    /// `incident`: how far it reaches; `detector`: the stretch it watches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<Length>,
    /// `detector`: how it senses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sensor: Option<SensorName>,
    /// `remove_vehicle`: ref of the trip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trip: Option<String>,

    /// `new_link`: ref of the junction where it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// `new_link`: ref of the junction where it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// `new_link`: places on the way, latitude north and longitude east, degrees; without them it is straight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<[f64; 2]>,
    /// `new_link`: its class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub road_class: Option<RoadClassName>,
    /// `new_link`: lanes of each direction, 1 to 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane_count: Option<u8>,
    /// `new_link`: width of the carriageway of each direction; without it 3.5 m a lane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<Length>,

    /// `bus_line`: name of one of the scenario's lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    /// `bus_line`: time between two vehicles of the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headway: Option<Duration>,
    /// `bus_line`: a line that is added, as in `[[bus_lines]]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_line: Option<BusLineTable>,
    /// `car_park`: name of one of the scenario's car parks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub park: Option<String>,
    /// `car_park`: vehicles it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spaces: Option<u32>,
    /// `car_park`: a car park that is added, as in `[[car_parks]]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_park: Option<CarParkTable>,
    /// `bus_line`, `car_park`: there is no such line or car park any more.
    #[serde(default, skip_serializing_if = "is_false")]
    pub removed: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

impl InterventionTable {
    /// One of this kind that says nothing else yet.
    pub fn new(kind: InterventionKind) -> Self {
        Self {
            kind,
            name: None,
            at: None,
            until: None,
            edit: false,
            of: None,
            link: None,
            both_ways: false,
            road: None,
            near: None,
            junction: None,
            junctions: Vec::new(),
            area: None,
            origin: None,
            destination: None,
            busiest: None,
            lanes: None,
            classes: Vec::new(),
            speed: None,
            controller: None,
            phases: Vec::new(),
            offset: None,
            factor: None,
            share: None,
            system: None,
            earlier: None,
            later: None,
            position: None,
            length: None,
            sensor: None,
            trip: None,
            from: None,
            to: None,
            via: Vec::new(),
            road_class: None,
            lane_count: None,
            width: None,
            line: None,
            headway: None,
            add_line: None,
            park: None,
            spaces: None,
            add_park: None,
            removed: false,
        }
    }
}

/// What an intervention changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InterventionKind {
    /// Closes lanes or whole links, to everybody or to some classes.
    Closure,
    /// Opens lanes or links that were closed.
    Opening,
    /// Says which classes may use lanes.
    LaneUse,
    /// A speed limit.
    SpeedLimit,
    /// What controls signals, or by which plan.
    Signal,
    /// How many trips set out.
    Demand,
    /// When trips set out.
    Departures,
    /// How many drive on a battery.
    Electric,
    /// How many a system drives: cruise control, or a machine.
    Automation,
    /// How many have a journey tracker.
    Trackers,
    /// How many are told of travel times on the way.
    Guidance,
    /// Something that closes lanes at a place or slows traffic down there.
    Incident,
    /// A detector.
    Detector,
    /// A vehicle is taken off the road.
    RemoveVehicle,
    /// Another intervention is undone.
    Undo,
    /// A road that does not exist yet.
    NewLink,
    /// A bus line is added, taken away, or runs at another headway.
    BusLine,
    /// A car park is added, taken away, or holds another number of vehicles.
    CarPark,
}

impl InterventionKind {
    /// How files spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Closure => "closure",
            Self::Opening => "opening",
            Self::LaneUse => "lane_use",
            Self::SpeedLimit => "speed_limit",
            Self::Signal => "signal",
            Self::Demand => "demand",
            Self::Departures => "departures",
            Self::Electric => "electric",
            Self::Automation => "automation",
            Self::Trackers => "trackers",
            Self::Guidance => "guidance",
            Self::Incident => "incident",
            Self::Detector => "detector",
            Self::RemoveVehicle => "remove_vehicle",
            Self::Undo => "undo",
            Self::NewLink => "new_link",
            Self::BusLine => "bus_line",
            Self::CarPark => "car_park",
        }
    }

    /// Whether it belongs to what a run is built from, so that it holds from the beginning to the end and not while a simulation runs.
    pub fn is_built(self) -> bool {
        matches!(self, Self::NewLink | Self::BusLine | Self::CarPark)
    }
}

/// Class of a new road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoadClassName {
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
    /// Access road.
    Service,
}

/// How a detector senses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SensorName {
    /// An inductive loop.
    Loop,
    /// A camera.
    Camera,
    /// A radar.
    Radar,
}

/// What travellers do about the interventions that hold from the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    /// Nothing: they keep to the ways they would have taken.
    None,
    /// Those who are told of travel times on the way (`[guidance]`) go round where that is clearly better.
    Informed,
    /// They have known for long: ways are chosen anew until hardly anybody gains by another one.
    Reassigned,
}

/// A time of day with parts of a second: `07:30`, `07:30:15`, `07:30:15.5`.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Moment(f64);

impl Moment {
    /// The time `seconds` after local midnight, to the millisecond.
    pub fn from_seconds(seconds: f64) -> Self {
        Self((seconds.max(0.0) * 1000.0).round() / 1000.0)
    }

    /// Seconds after local midnight.
    pub fn seconds(self) -> f64 {
        self.0
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0.floor();
        let clock = ClockTime::from_seconds(whole);
        let milli = ((self.0 - whole) * 1000.0).round() as u32;
        if milli == 0 {
            return write!(f, "{clock}");
        }
        let second = whole as u64 % 60;
        let minutes = ClockTime::from_seconds(whole - second as f64);
        let part = format!("{milli:03}");
        write!(f, "{minutes}:{second:02}.{}", part.trim_end_matches('0'))
    }
}

impl FromStr for Moment {
    type Err = QuantityError;

    /// ```
    /// use scenarios::scenario::interventions::Moment;
    /// let moment: Moment = "07:30:15.5".parse()?;
    /// assert_eq!((moment.seconds(), moment.to_string()), (27_015.5, "07:30:15.5".to_owned()));
    /// # Ok::<(), scenarios::scenario::quantity::QuantityError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let (clock, part) = match text.split_once('.') {
            Some((clock, part)) if clock.matches(':').count() == 2 && !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) => {
                (clock, format!("0.{part}").parse().unwrap_or(0.0))
            }
            _ => (text, 0.0),
        };
        Ok(Self::from_seconds(clock.parse::<ClockTime>()?.seconds() + part))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Moment {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Moment")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "a time of day, HH:MM, HH:MM:SS or with parts of a second, up to 30:00",
            "pattern": "^[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,3})?)?$",
        })
    }
}
