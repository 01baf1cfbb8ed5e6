//! The records of a run: plain values for reports, complete up to the last step.

use super::Conflicts;
use crate::{class::VehicleClass, detector::Reading, emission::fuel_ml, ids::LinkId, reference::Ref};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};

/// Where a trip stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TripStatus {
    /// Its time has not come, or an order took the wish away.
    #[default]
    NotYet,
    /// It wishes to leave but there is no room on its first link.
    Waiting,
    /// On the road (also queueing for or aboard a ferry).
    OnRoad,
    /// It has reached its destination.
    Arrived,
    /// Taken out by an order.
    Removed,
}

/// One trip, told so far. What every step adds to stands first, together in memory.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[repr(C)]
pub struct TripRecord {
    /// Way driven, metres.
    pub distance_m: f64,
    /// CO2 out of the tailpipe, grams, a cold start included.
    pub co2_g: f64,
    /// Time lost so far against driving as in `free_flow_s`, seconds, waiting at the origin included.
    pub time_loss_s: f64,
    /// Energy out of the battery, less what braking put back, kWh; 0 for engines.
    pub electric_kwh: f64,
    /// How often it came to a stand.
    pub stops: u32,
    /// Whether it stands at present: it came to a stand and has not moved off.
    pub stands: bool,
    /// Whether it drives on a battery.
    pub electric: bool,
    /// Where it stands.
    pub status: TripStatus,
    /// When it wished to leave, seconds after midnight.
    pub depart_s: f64,
    /// When it entered the road.
    pub entered_s: Option<f64>,
    /// When it arrived.
    pub arrived_s: Option<f64>,
    /// Time its whole route takes with nobody else about, at the lower of the driver's desired speed and the limit of the class, seconds.
    pub free_flow_s: f64,
    /// Time waited at the origin for room, seconds (part of `time_loss_s`).
    pub origin_wait_s: f64,
}

impl TripRecord {
    /// Fuel burnt, millilitres, by the carbon in `co2_g`; `class` is the trip's.
    pub fn fuel_ml(&self, class: VehicleClass) -> f64 {
        fuel_ml(class, self.co2_g)
    }
}

/// One class on one link during one interval. A junction's crossing counts toward the link it leads into.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkCell {
    /// Number of the interval, from 0 at the start of the simulation.
    pub interval: u32,
    /// The link.
    pub link: LinkId,
    /// The class.
    pub class: VehicleClass,
    /// Vehicles that came onto the link (from a junction, a ferry or their origin).
    pub entered: u32,
    /// Vehicles that left it (into a junction, onto a ferry or to their destination).
    pub exited: u32,
    /// Way driven on it, metres.
    pub vehicle_m: f64,
    /// Time spent on it, seconds.
    pub vehicle_s: f64,
    /// CO2 out of tailpipes, grams; the cold starts of the trips that begin here included.
    pub co2_g: f64,
    /// Energy out of batteries, less what braking put back, kWh.
    pub electric_kwh: f64,
    /// Time lost on it against driving at the travellers' own free speed, seconds.
    pub delay_s: f64,
}

impl LinkCell {
    pub(crate) fn new(interval: u32, link: LinkId, class: VehicleClass) -> Self {
        Self { interval, link, class, entered: 0, exited: 0, vehicle_m: 0.0, vehicle_s: 0.0, co2_g: 0.0, electric_kwh: 0.0, delay_s: 0.0 }
    }

    /// Fuel burnt, millilitres, by the carbon in `co2_g`.
    pub fn fuel_ml(&self) -> f64 {
        fuel_ml(self.class, self.co2_g)
    }
}

/// One link during one interval, all classes together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LinkState {
    /// Number of the interval, from 0.
    pub interval: u32,
    /// The link.
    pub link: LinkId,
    /// The farthest that slow vehicles (below 5 km/h) reached back from the link's end, metres.
    pub queue_max_m: f32,
    /// Whether that queue reached the link's start.
    pub spilled_back: bool,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// A queue reached the start of its link (once per link and interval).
    SpillBack,
    /// A trip has waited five minutes for room at its origin.
    LongOriginWait,
    /// A vehicle has stood at the end of a link for five minutes in which it was allowed to ask for its way, and never got it.
    LongStand,
    /// The vehicles at this junction wait for each other in a ring: nobody in it will ever move again without help.
    Gridlock,
    /// The ring of a gridlock at this junction has dissolved.
    GridlockOver,
    /// A signal's controller returned an error or panicked; a simpler one takes over for the rest of the run.
    ControllerFailed,
    /// A signal's controller wished for something unsafe, which the guard did not show; a simpler one takes over for the rest of the run.
    UnsafeWish,
    /// From now on an actuated controller stands in for the junction's own.
    ActuatedInstead,
    /// From now on the junction runs its plan by the clock.
    FixedInstead,
    /// The junction's own controller is back.
    ControllerBack,
    /// Detectors break, as the scenario has it.
    DetectorBroken,
    /// They work again.
    DetectorMended,
    /// The line between junctions and the traffic centre is cut, as the scenario has it.
    LineCut,
    /// It is mended.
    LineBack,
    /// A signal begins to serve an ambulance or a fire engine.
    Preemption,
    /// That one has passed, or has had its time.
    PreemptionOver,
}

/// Something worth telling, with the place or trip it concerns.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Event {
    /// When, seconds after midnight.
    pub time_s: f64,
    /// What.
    pub kind: EventKind,
    /// The link, trip or junction.
    pub ref_: Ref,
    /// Since when it has been so, seconds after midnight, where that is known.
    #[serde(default)]
    pub since_s: Option<f64>,
}

impl Serialize for Event {
    /// A text leaves out what is not known; a form that does not name its fields cannot.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let tells_since = self.since_s.is_some() || !serializer.is_human_readable();
        let mut event = serializer.serialize_struct("Event", 3 + usize::from(tells_since))?;
        event.serialize_field("time_s", &self.time_s)?;
        event.serialize_field("kind", &self.kind)?;
        event.serialize_field("ref_", &self.ref_)?;
        if tells_since {
            event.serialize_field("since_s", &self.since_s)?;
        }
        event.end()
    }
}

/// Waiting at the origin, over all trips.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WaitingTotals {
    /// Time waited, seconds.
    pub waited_s: f64,
    /// Trips that had to wait more than one step.
    pub trips: u64,
    /// The most that waited at one time.
    pub most_at_once: u64,
}

/// All that a run measured, up to the last step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Measurements {
    /// When the simulation began, seconds after midnight.
    pub start_s: f64,
    /// Length of an interval, seconds: interval `i` begins at `start_s + i · interval_s`.
    pub interval_s: f64,
    /// One per trip, by `VehicleId`.
    pub trips: Vec<TripRecord>,
    /// Interval × link × class; only where something drove. Ordered by interval.
    pub links: Vec<LinkCell>,
    /// Interval × link; only where something drove. Ordered by interval.
    pub link_states: Vec<LinkState>,
    /// What detectors reported, by interval, detector, class.
    pub readings: Vec<Reading>,
    /// What happened, in order.
    pub events: Vec<Event>,
    /// Waiting at the origin.
    pub waiting: WaitingTotals,
    /// Conflicts, if the simulation looks for them ([`crate::simulation::SimConfig::conflicts`]).
    #[serde(default)]
    pub conflicts: Conflicts,
    /// How often somebody took another route on the way.
    #[serde(default)]
    pub rerouted: u64,
}
