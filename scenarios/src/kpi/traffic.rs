//! What the traffic indicators are computed from: the few facts of a run they need, and [`TrafficSummary::of`], which takes them out of
//! what the engine measured.

use super::{
    emergency::Response,
    freight::{FREIGHT, Haulage},
    safety::ConflictCount,
};
use crate::run::observe::MidBlock;
use sim_core::{
    class::CLASS_COUNT,
    halt::Gate,
    ids::LinkId,
    measure::{Measurements, Severity, TripStatus},
    network::{Link, PlaceKind, RoadNetwork},
};
use std::collections::BTreeMap;

/// A span of the simulated day, seconds after midnight: warm-up lies before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Its begin, included.
    pub from_s: f64,
    /// Its end, not included.
    pub until_s: f64,
}

impl Window {
    /// Whether what begins at a time is measured: all that is driven from its begin to the end of the run, so that a trip that
    /// wished to leave within it counts whole.
    pub fn covers(&self, time_s: f64) -> bool {
        time_s >= self.from_s
    }

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

/// Way, time and emissions of one class on all links from the window's begin to the end of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ClassFlow {
    /// Metres driven.
    pub vehicle_m: f64,
    /// Seconds spent on the road.
    pub vehicle_s: f64,
    /// Grams of CO₂.
    pub co2_g: f64,
}

/// The worst of the queues from the window's begin to the end of the run.
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
    /// What the truck classes did, in the order of [`super::FREIGHT`].
    pub haulage: Option<[Haulage; 3]>,
    /// Conflicts; `None` where nobody looked for them.
    pub conflicts: Option<ConflictCount>,
    /// Speeds of unimpeded vehicles.
    pub mid_block: Option<Vec<MidBlock>>,
    /// Calls for help; `None` where the scenario has none.
    pub responses: Option<Vec<Response>>,
}

impl TrafficSummary {
    /// The facts of a run. An interval of the engine counts where it begins in the window or behind it.
    pub fn of(measured: &Measurements, network: &RoadNetwork, gates: &[Gate], window: Window) -> Self {
        let is_inside = |interval: u32| window.covers(measured.start_s + f64::from(interval) * measured.interval_s);
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
        Self {
            window,
            trips: Some(trips.collect()),
            flows: Some(flows),
            queues: Some(queues),
            haulage: Some(haulage(measured, network, gates, &is_inside)),
            conflicts: None,
            mid_block: None,
            responses: None,
        }
    }

    /// Counts the conflicts that were looked for.
    pub fn count_conflicts(&mut self, measured: &Measurements) {
        let window = self.window;
        let is_inside = |interval: u32| window.covers(measured.start_s + f64::from(interval) * measured.interval_s);
        let mut count = ConflictCount::default();
        for cell in measured.conflicts.cells.iter().filter(|c| is_inside(c.interval)) {
            count.all += u64::from(cell.count);
            count.serious += if cell.severity == Severity::Serious { u64::from(cell.count) } else { 0 };
        }
        self.conflicts = Some(count);
    }
}

/// What the truck classes did. A vehicle pays where it leaves the link of a toll gate that serves its class.
fn haulage(measured: &Measurements, network: &RoadNetwork, gates: &[Gate], is_inside: &dyn Fn(u32) -> bool) -> [Haulage; 3] {
    let kind_of = |gate: &Gate| {
        let place = gate.ref_.as_str().trim_end_matches(" (opposite)");
        network.places.iter().find(|p| p.ref_.as_str() == place).map(|p| p.kind)
    };
    let mut at: BTreeMap<LinkId, Vec<(&Gate, PlaceKind)>> = BTreeMap::new();
    for gate in gates {
        if let Some(kind) = kind_of(gate) {
            at.entry(gate.link).or_default().push((gate, kind));
        }
    }
    let mut all = [Haulage::default(); 3];
    for cell in measured.links.iter().filter(|c| is_inside(c.interval)) {
        let Some(place) = FREIGHT.iter().position(|c| *c == cell.class) else { continue };
        let done = &mut all[place];
        done.vehicle_km += cell.vehicle_m / 1000.0;
        done.vehicle_h += cell.vehicle_s / 3600.0;
        done.fuel_l += cell.fuel_ml() / 1000.0;
        done.electric_kwh += cell.electric_kwh;
        for (_, kind) in at.get(&cell.link).into_iter().flatten().filter(|(g, _)| g.classes.contains(cell.class)) {
            match kind {
                PlaceKind::TollGate => done.tolls += f64::from(cell.exited),
                _ => done.gate_wait_h += cell.delay_s / 3600.0,
            }
        }
    }
    all
}

/// A link as people call it: street, number, and its ref to be found by.
fn spoken_name(link: &Link) -> String {
    let name = [link.name.as_deref(), link.road_number.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    if name.is_empty() { link.ref_.to_string() } else { format!("{name} ({})", link.ref_) }
}
