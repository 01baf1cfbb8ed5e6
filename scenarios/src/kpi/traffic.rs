//! What the traffic indicators are computed from: the few facts of a run they need, apart from how the engine keeps them.

use sim_core::class::{CLASS_COUNT, VehicleClass};

/// A span of the simulated day, seconds after midnight: warm-up lies before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Its begin, included.
    pub from_s: f64,
    /// Its end, not included.
    pub until_s: f64,
}

impl Window {
    /// Whether a time lies in it.
    pub fn contains(&self, time_s: f64) -> bool {
        (self.from_s..self.until_s).contains(&time_s)
    }

    /// Its length, hours.
    pub fn hours(&self) -> f64 {
        (self.until_s - self.from_s) / 3600.0
    }
}

/// What became of one trip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TripSummary {
    /// Its vehicle's class.
    pub class: VehicleClass,
    /// When it wished to leave, seconds after midnight.
    pub depart_s: f64,
    /// When it entered the road; `None` while it waits.
    pub entered_s: Option<f64>,
    /// When it arrived; `None` while it is on the way.
    pub arrived_s: Option<f64>,
    /// Its whole route at the limits without stopping, seconds.
    pub free_flow_s: f64,
    /// What it has lost on the road so far against the limits, waiting at the origin not included, seconds.
    pub time_loss_s: f64,
    /// How often it stopped.
    pub stops: u32,
}

impl TripSummary {
    /// Delay until `end_s`: for a trip that arrived, wish to arrival beyond the free-flow time; for one that did not, the wait at the
    /// origin and what it has lost so far. Never negative.
    pub fn delay_s(&self, end_s: f64) -> f64 {
        match self.arrived_s {
            Some(arrived_s) => (arrived_s - self.depart_s - self.free_flow_s).max(0.0),
            None => self.wait_s(end_s) + self.time_loss_s.max(0.0),
        }
    }

    /// Wait at the origin until `end_s`, seconds.
    pub fn wait_s(&self, end_s: f64) -> f64 {
        (self.entered_s.unwrap_or(end_s) - self.depart_s).max(0.0)
    }
}

/// Way, time and emissions of one class on all links within the window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClassFlow {
    /// Metres driven.
    pub vehicle_m: f64,
    /// Seconds spent on the road.
    pub vehicle_s: f64,
    /// Grams of CO₂.
    pub co2_g: f64,
}

/// The worst of the queues within the window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queues {
    /// The longest, metres.
    pub longest_m: f64,
    /// The link it stood on, in words for people.
    pub longest_at: Option<String>,
    /// How often a queue reached back through the junction behind it.
    pub spill_backs: u64,
}

/// One run, as the indicators see it. A part that was not measured is `None`, and its indicators have no value.
#[derive(Clone, Debug, PartialEq)]
pub struct TrafficSummary {
    /// What was measured.
    pub window: Window,
    /// Until when trips were watched, seconds after midnight.
    pub end_s: f64,
    /// Trips that wished to leave within the window, or before it and were not there yet at its begin; in any order.
    pub trips: Option<Vec<TripSummary>>,
    /// Flows by class index.
    pub flows: Option<[ClassFlow; CLASS_COUNT]>,
    /// Queues.
    pub queues: Option<Queues>,
}
