//! What the traffic indicators are computed from: the few facts of a run they need, and [`TrafficSummary::of`], which takes them out of
//! what the engine measured.

use sim_core::{
    class::CLASS_COUNT,
    measure::{Measurements, TripStatus},
    network::{Link, RoadNetwork},
};

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

    /// The window as the two numbers that files carry.
    pub(super) const fn bounds(&self) -> [f64; 2] {
        [self.from_s, self.until_s]
    }
}

/// What became of one trip until the end of the run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TripSummary {
    /// When it wished to leave, seconds after midnight.
    pub depart_s: f64,
    /// Whether it got onto the road.
    pub has_entered: bool,
    /// When it arrived; `None` while it is on the way.
    pub arrived_s: Option<f64>,
    /// Its whole route at its own free speed without stopping, seconds.
    pub free_flow_s: f64,
    /// What it has lost so far against its own free speed, waiting at the origin included, seconds.
    pub time_loss_s: f64,
    /// How long it waited at the origin, a part of `time_loss_s`, seconds.
    pub wait_s: f64,
    /// How often it stopped.
    pub stops: u32,
}

impl TripSummary {
    /// Delay, seconds: for a trip that arrived, the time from its wish to its arrival beyond the free-flow time; for one that did not,
    /// what it has lost so far, which is the least it can become. Never negative.
    pub fn delay_s(&self) -> f64 {
        let delay_s = match self.arrived_s {
            Some(arrived_s) => arrived_s - self.depart_s - self.free_flow_s,
            None => self.time_loss_s,
        };
        delay_s.max(0.0)
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
    /// On how many links and intervals a queue reached back to the link's start.
    pub spill_backs: u64,
}

/// One run, as the indicators see it. A part that was not measured is `None`, and its indicators have no value.
#[derive(Clone, Debug, PartialEq)]
pub struct TrafficSummary {
    /// What was measured.
    pub window: Window,
    /// Every trip whose wish to leave had come by the end of the run, those before the window included; in any order.
    pub trips: Option<Vec<TripSummary>>,
    /// Flows by class index.
    pub flows: Option<[ClassFlow; CLASS_COUNT]>,
    /// Queues.
    pub queues: Option<Queues>,
}

impl TrafficSummary {
    /// The facts of a run. An interval of the engine belongs to the window in which it begins.
    pub fn of(measured: &Measurements, network: &RoadNetwork, window: Window) -> Self {
        let is_inside = |interval: u32| window.contains(measured.start_s + f64::from(interval) * measured.interval_s);
        let mut flows = [ClassFlow::default(); CLASS_COUNT];
        for cell in measured.links.iter().filter(|c| is_inside(c.interval)) {
            let flow = &mut flows[cell.class.index()];
            flow.vehicle_m += cell.vehicle_m;
            flow.vehicle_s += cell.vehicle_s;
            flow.co2_g += cell.co2_g;
        }
        let mut queues = Queues::default();
        for state in measured.link_states.iter().filter(|s| is_inside(s.interval)) {
            queues.spill_backs += u64::from(state.spilled_back);
            if f64::from(state.queue_max_m) > queues.longest_m {
                queues.longest_m = f64::from(state.queue_max_m);
                queues.longest_at = Some(spoken_name(network.link(state.link)));
            }
        }
        let trips = measured.trips.iter().filter(|t| t.status != TripStatus::NotYet).map(|t| TripSummary {
            depart_s: t.depart_s,
            has_entered: t.entered_s.is_some(),
            arrived_s: t.arrived_s,
            free_flow_s: t.free_flow_s,
            time_loss_s: t.time_loss_s,
            wait_s: t.origin_wait_s,
            stops: t.stops,
        });
        Self { window, trips: Some(trips.collect()), flows: Some(flows), queues: Some(queues) }
    }
}

/// A link as people call it: street, number, and its ref to be found by.
fn spoken_name(link: &Link) -> String {
    let name = [link.name.as_deref(), link.road_number.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    if name.is_empty() { link.ref_.to_string() } else { format!("{name} ({})", link.ref_) }
}
