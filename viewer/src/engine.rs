//! The simulation as the bridge drives it.

use crate::{
    bridge::Engine,
    detail::{Detail, Focus, LampBook, LinkDetail, junction, vehicle},
    live::LiveLinks,
    order::Order,
    snapshot::{Body, Hindrance, Line, Snapshot},
};
use scenarios::{kpi::KpiRow, run::session::Session};
use sim_core::{
    geometry::Point,
    ids::ControllerId,
    incident::Incident,
    network::{JunctionKind, SignalPlan, world_point},
    simulation::{SimState, Simulation},
};
use std::sync::Arc;

/// Simulated seconds between two checkpoints at first; doubled whenever there are [`MOST_CHECKPOINTS`].
const CHECKPOINT_S: f64 = 120.0;
/// The most states that are kept to go back to.
const MOST_CHECKPOINTS: usize = 32;
/// The indicators are computed again after so many simulated seconds.
const INDICATORS_S: f64 = 60.0;
/// What a controller is called that runs its plan by the clock.
const FIXED: &str = "fixed";

/// A simulation with moments to go back to and an end.
pub struct RunningSimulation {
    simulation: Simulation,
    session: Option<Arc<Session>>,
    checkpoints: Vec<(f64, SimState)>,
    spacing_s: f64,
    from_s: f64,
    end_s: f64,
    known_until_s: f64,
    origin: Point,
    focus: Option<Focus>,
    lamps: LampBook,
    live: LiveLinks,
    wants_indicators: bool,
    indicators: Option<(f64, Arc<Vec<KpiRow>>)>,
    detail: Option<(f64, Arc<Detail>)>,
    plans: Arc<Vec<Option<SignalPlan>>>,
}

impl RunningSimulation {
    /// Drives `simulation` until `end_s` (seconds after midnight); bodies are drawn in metres from `origin`.
    pub fn new(simulation: Simulation, end_s: f64, origin: Point) -> Self {
        let from_s = simulation.time_s();
        let live = LiveLinks::new(simulation.network().links.len(), from_s);
        let mut running = Self {
            checkpoints: vec![(from_s, simulation.state())],
            simulation,
            session: None,
            spacing_s: CHECKPOINT_S,
            from_s,
            end_s,
            known_until_s: from_s,
            origin,
            focus: None,
            lamps: LampBook::default(),
            live,
            wants_indicators: false,
            indicators: None,
            detail: None,
            plans: Arc::default(),
        };
        running.read_plans();
        running
    }

    /// The same as a run of `session`, which knows its indicators.
    pub fn of(mut self, session: Arc<Session>) -> Self {
        self.session = Some(session);
        self
    }

    fn bodies(&self, frame: &sim_core::frame::Frame) -> Vec<Body> {
        let (trips, records) = (self.simulation.trips(), &self.simulation.measurements().trips);
        let body = |v: &sim_core::frame::FrameVehicle| Body {
            id: v.id.0,
            class: v.class,
            purpose: trips[v.id.index()].purpose,
            at: [(v.centre.x - self.origin.x) as f32, (v.centre.y - self.origin.y) as f32],
            heading: v.heading_rad,
            length_m: v.length_m,
            width_m: v.width_m,
            speed_mps: v.speed_mps,
            lost_s: records[v.id.index()].time_loss_s as f32,
        };
        frame.vehicles.iter().map(body).collect()
    }

    /// What is watched, told anew at most once a simulated second: charts need no more.
    fn tell_detail(&mut self) -> Option<Arc<Detail>> {
        let focus = self.focus?;
        let now = self.simulation.time_s();
        if let Some((at_s, detail)) = &self.detail
            && (*at_s..*at_s + 0.99).contains(&now)
        {
            return Some(detail.clone());
        }
        let detail = match focus {
            Focus::Vehicle(id) => vehicle(&self.simulation, id)?,
            Focus::Link(link) => Detail::Link(LinkDetail { link, history: self.live.history(link) }),
            Focus::Junction(index) => junction(&self.simulation, index, &self.lamps, |link| self.live.history(link))?,
        };
        let detail = Arc::new(detail);
        self.detail = Some((now, detail.clone()));
        Some(detail)
    }

    fn tell_indicators(&mut self) -> Option<Arc<Vec<KpiRow>>> {
        let session = self.session.as_ref().filter(|_| self.wants_indicators)?;
        let now = self.simulation.time_s();
        if let Some((at_s, rows)) = &self.indicators
            && (*at_s..*at_s + INDICATORS_S).contains(&now)
        {
            return Some(rows.clone());
        }
        let rows = Arc::new(session.indicators(&self.simulation));
        self.indicators = Some((now, rows.clone()));
        Some(rows)
    }

    /// What hinders traffic now: the middle of each incident's stretch.
    fn hindrances(&self) -> Vec<Hindrance> {
        let now = self.simulation.time_s();
        let network = self.simulation.network();
        let lasting = self.simulation.incidents().iter().filter(|i| (i.start_s..i.end_s).contains(&now));
        let place = |i: &Incident| {
            let width_m = f64::from(network.link(i.link).width_m);
            let (p, _) = world_point(network, i.link, f64::from(i.from_m + i.to_m) / 2.0, width_m / 2.0);
            Hindrance { at: [(p.x - self.origin.x) as f32, (p.y - self.origin.y) as f32], link: i.link.0 }
        };
        lasting.map(place).collect()
    }

    /// The plans of the controllers that run by the clock.
    fn read_plans(&mut self) {
        let all = 0..self.simulation.network().controllers.len();
        let plan = |c: usize| {
            let controller = ControllerId::from_index(c);
            let is_fixed = self.simulation.control_of(controller) == Some(FIXED);
            self.simulation.plan_of(controller).filter(|_| is_fixed).cloned()
        };
        self.plans = Arc::new(all.map(plan).collect());
    }

    fn keep_checkpoint(&mut self) {
        let now = self.simulation.time_s();
        if self.checkpoints.last().is_some_and(|(at_s, _)| now < at_s + self.spacing_s - 1e-6) {
            return;
        }
        self.checkpoints.push((now, self.simulation.state()));
        if self.checkpoints.len() > MOST_CHECKPOINTS {
            let mut position = 0;
            self.checkpoints.retain(|_| {
                position += 1;
                position % 2 == 1
            });
            self.spacing_s *= 2.0;
        }
    }

    /// Forgets what was told of another time.
    fn has_jumped(&mut self) {
        self.live.jumped(self.simulation.time_s(), self.simulation.measurements());
        self.lamps.clear();
        (self.detail, self.indicators) = (None, None);
        self.read_plans();
    }
}

impl Engine for RunningSimulation {
    fn step(&mut self) {
        self.simulation.step();
        let now = self.simulation.time_s();
        self.known_until_s = self.known_until_s.max(now);
        self.live.look(now, self.simulation.measurements());
        self.keep_checkpoint();
        if let Some(Focus::Junction(index)) = self.focus
            && let Some(junction) = self.simulation.network().junctions.get(index as usize)
            && let JunctionKind::Signal(controller) = junction.kind
        {
            self.lamps.note(&self.simulation, controller);
        }
    }

    fn time_s(&self) -> f64 {
        self.simulation.time_s()
    }

    fn is_finished(&self) -> bool {
        self.simulation.time_s() >= self.end_s
    }

    fn snapshot(&mut self) -> Snapshot {
        let frame = self.simulation.frame();
        let population = self.simulation.population();
        Snapshot {
            number: 0,
            time_s: frame.time_s,
            bodies: self.bodies(&frame),
            waiting: population.waiting,
            arrived: population.arrived,
            lights: frame.lights,
            plans: self.plans.clone(),
            hindrances: self.hindrances(),
            finished: self.is_finished(),
            sample: self.live.latest(),
            detail: self.tell_detail(),
            indicators: self.tell_indicators(),
            line: Arc::new(Line { from_s: self.from_s, to_s: self.end_s, known_until_s: self.known_until_s, ..Line::default() }),
            other: None,
        }
    }

    fn go_back(&mut self, time_s: f64) {
        let at = self.checkpoints.partition_point(|(at_s, _)| *at_s <= time_s + 1e-6).max(1) - 1;
        self.simulation.restore(self.checkpoints[at].1.clone()).expect("a simulation takes back its own state");
        self.has_jumped();
    }

    fn watch(&mut self, focus: Option<Focus>) {
        self.focus = focus;
        self.detail = None;
    }

    fn obey(&mut self, order: &Order) {
        if let Order::Indicators(wanted) = order {
            self.wants_indicators = *wanted;
        }
    }
}
