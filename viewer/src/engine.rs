//! The simulation as the bridge drives it: a timeline with its edits and branches, what the links measured on the way, and a second one
//! beside it where two are compared.

use crate::{
    bridge::Engine,
    detail::{Detail, DetectorDetail, Focus, LampBook, LinkDetail, StationDetail, junction, vehicle},
    edits::{describe, table_of, undid},
    live::{LiveLinks, SAMPLE_S},
    load::{Wanted, make, short_name},
    order::Order,
    second::{Against, Second},
    snapshot::{Body, EditMark, Hindrance, Line, Snapshot},
    station::{self, Mark, Minutes, StationNow, marks, observed},
    watch::{Watch, watch},
};
use scenarios::{
    kpi::KpiRow,
    run::{
        RunError,
        progress::{Progress, Quiet},
        session::Session,
    },
    scenario::interventions::InterventionKind,
    timeline::{Settings, Timeline},
};
use sim_core::{
    class::ClassSet,
    geometry::Point,
    ids::{ControllerId, LinkId},
    incident::Incident,
    network::{JunctionKind, SignalPlan, world_point},
    simulation::Simulation,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// The indicators are computed again after so many simulated seconds.
const INDICATORS_S: f64 = 60.0;
/// What is emitted is told of a way of this length at least, metres: who has just set off has a rate that says nothing.
const LEAST_WAY_M: f64 = 100.0;
/// What a controller is called that runs its plan by the clock.
const FIXED: &str = "fixed";

/// A timeline that is driven, and what is told of it.
pub struct RunningSimulation {
    timeline: Timeline,
    seed: u64,
    threads: usize,
    origin: Point,
    focus: Option<Focus>,
    lamps: LampBook,
    live: LiveLinks,
    wants_indicators: bool,
    indicators: Option<(f64, Arc<Vec<KpiRow>>)>,
    trend: Arc<BTreeMap<&'static str, Vec<[f64; 2]>>>,
    detail: Option<(f64, Arc<Detail>)>,
    plans: Arc<Vec<Option<SignalPlan>>>,
    edits: Arc<Vec<EditMark>>,
    watch: Option<(f64, Arc<Watch>)>,
    marks: Vec<Arc<Mark>>,
    stations: Option<(f64, Arc<Vec<StationNow>>)>,
    minutes: Minutes,
    conflicts: bool,
    /// What a refused order was refused for.
    refused: Option<String>,
    /// What a saved scenario is called.
    saved: Option<String>,
    /// What it is compared with.
    second: Option<Second>,
}

impl RunningSimulation {
    /// Drives a run of `session`; bodies are drawn in metres from `origin`.
    ///
    /// # Errors
    /// The simulation cannot begin.
    pub fn new(session: Arc<Session>, seed: u64, threads: usize, origin: Point, progress: &dyn Progress) -> Result<Self, RunError> {
        Self::looking(session, (seed, threads, false), origin, progress)
    }

    /// The same with seed and threads, and whether conflicts are looked for.
    ///
    /// # Errors
    /// As [`RunningSimulation::new`].
    pub fn looking(
        session: Arc<Session>,
        (seed, threads, conflicts): (u64, usize, bool),
        origin: Point,
        progress: &dyn Progress,
    ) -> Result<Self, RunError> {
        let settings = Settings { every_s: 120.0, conflicts, ..Settings::default() };
        let timeline = Timeline::new(session, seed, threads, settings, progress)?;
        let live = LiveLinks::new(timeline.simulation().network().links.len(), timeline.time_s());
        let mut running = Self {
            timeline,
            seed,
            threads,
            origin,
            focus: None,
            lamps: LampBook::default(),
            live,
            wants_indicators: false,
            indicators: None,
            trend: Arc::default(),
            detail: None,
            plans: Arc::default(),
            edits: Arc::default(),
            watch: None,
            marks: Vec::new(),
            stations: None,
            minutes: Minutes::default(),
            conflicts,
            refused: None,
            saved: None,
            second: None,
        };
        running.has_jumped();
        Ok(running)
    }

    fn simulation(&self) -> &Simulation {
        self.timeline.simulation()
    }

    fn bodies(&self, frame: &sim_core::frame::Frame) -> Vec<Body> {
        let (trips, records) = (self.simulation().trips(), &self.simulation().measurements().trips);
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
            co2_g_per_km: {
                let record = &records[v.id.index()];
                (record.co2_g / record.distance_m.max(LEAST_WAY_M) * 1000.0) as f32
            },
        };
        frame.vehicles.iter().map(body).collect()
    }

    /// What is watched, told anew at most once a simulated second: charts need no more.
    fn tell_detail(&mut self) -> Option<Arc<Detail>> {
        let focus = self.focus?;
        let now = self.timeline.time_s();
        if let Some((at_s, detail)) = &self.detail
            && (*at_s..*at_s + 0.99).contains(&now)
        {
            return Some(detail.clone());
        }
        let detail = match focus {
            Focus::Vehicle(id) => vehicle(self.simulation(), id)?,
            Focus::Link(link) => Detail::Link(LinkDetail { link, history: self.live.history(link) }),
            Focus::Junction(index) => junction(self.simulation(), index, &self.lamps, |link| self.live.history(link))?,
            Focus::Station(station) => Detail::Station(StationDetail { station, history: self.minutes.station(station as usize) }),
            Focus::Detector(detector) => self.detector(detector)?,
        };
        let detail = Arc::new(detail);
        self.detail = Some((now, detail.clone()));
        Some(detail)
    }

    fn detector(&self, detector: u32) -> Option<Detail> {
        let index = detector as usize;
        let look = *self.simulation().looks().get(index)?;
        let name = self.simulation().detectors().get(index)?.ref_.as_str();
        let observed = self.session().counts().map_or_else(Vec::new, |counts| observed(counts, name));
        Some(Detail::Detector(DetectorDetail { detector, look, counted: self.minutes.counted(index), observed }))
    }

    /// The stations as they stand, told anew at most once a simulated second.
    fn tell_stations(&mut self) -> Arc<Vec<StationNow>> {
        let now_s = self.time_s();
        if let Some((at_s, told)) = &self.stations
            && (*at_s..*at_s + 0.99).contains(&now_s)
        {
            return told.clone();
        }
        let stations = self.simulation().stations();
        if stations.len() != self.marks.len() {
            self.marks = marks(&stations, self.simulation().network(), self.origin);
        }
        let told = Arc::new(station::now(stations, &self.marks));
        self.stations = Some((now_s, told.clone()));
        told
    }

    fn tell_indicators(&mut self) -> Option<Arc<Vec<KpiRow>>> {
        if !self.wants_indicators {
            return None;
        }
        let now = self.timeline.time_s();
        if let Some((at_s, rows)) = &self.indicators
            && (*at_s..*at_s + INDICATORS_S).contains(&now)
        {
            return Some(rows.clone());
        }
        let rows = Arc::new(self.timeline.session().indicators(self.simulation()));
        self.indicators = Some((now, rows.clone()));
        let trend = Arc::make_mut(&mut self.trend);
        for row in rows.iter() {
            let Some(value) = row.value.number() else { continue };
            let known = trend.entry(row.spec.id).or_default();
            // After going back what was told of later times is of another course, or comes again.
            known.retain(|p| p[0] < now);
            known.push([now, value]);
        }
        Some(rows)
    }

    /// What detectors and surrogates tell, told anew once a simulated minute and after a change.
    fn tell_watch(&mut self) -> Arc<Watch> {
        let now = self.timeline.time_s();
        if let Some((at_s, watch)) = &self.watch
            && (*at_s..*at_s + SAMPLE_S).contains(&now)
        {
            return watch.clone();
        }
        let (simulation, origin) = (self.timeline.simulation(), self.origin);
        let place = |d: &sim_core::detector::Detector| {
            let side = f64::from(simulation.network().link(d.link).width_m) / 2.0;
            let (p, _) = world_point(simulation.network(), d.link, f64::from(d.pos_m), side);
            [(p.x - origin.x) as f32, (p.y - origin.y) as f32]
        };
        let told = Arc::new(watch(simulation, self.timeline.session().counts(), place));
        self.watch = Some((now, told.clone()));
        told
    }

    /// What hinders traffic now: the middle of each incident's stretch and of each link that an edit closed.
    fn hindrances(&self) -> Vec<Hindrance> {
        let now = self.timeline.time_s();
        let network = self.simulation().network();
        let mark = |link: LinkId, pos_m: f64| {
            let (p, _) = world_point(network, link, pos_m, f64::from(network.link(link).width_m) / 2.0);
            Hindrance { at: [(p.x - self.origin.x) as f32, (p.y - self.origin.y) as f32], link: link.0 }
        };
        let lasts = |i: &&Incident| (i.start_s..i.end_s).contains(&now);
        let incidents = self.simulation().incidents().iter().filter(lasts).map(|i| mark(i.link, f64::from(i.from_m + i.to_m) / 2.0));
        let edits = self.timeline.branches()[self.timeline.branch()].edits();
        let closed: BTreeSet<u32> = edits
            .filter(|(_, t)| t.kind == InterventionKind::Closure)
            .filter_map(|(_, t)| network.links.iter().position(|l| Some(l.ref_.as_str()) == t.link.as_deref()))
            .map(|l| l as u32)
            .filter(|l| self.simulation().closed_lanes(LinkId(*l)).iter().any(|c| *c != ClassSet::NONE))
            .collect();
        incidents.chain(closed.iter().map(|l| mark(LinkId(*l), f64::from(network.links[*l as usize].length_m) / 2.0))).collect()
    }

    /// The plans of the controllers that run by the clock.
    fn read_plans(&mut self) {
        let all = 0..self.simulation().network().controllers.len();
        let plan = |c: usize| {
            let controller = ControllerId::from_index(c);
            let is_fixed = self.simulation().control_of(controller) == Some(FIXED);
            self.simulation().plan_of(controller).filter(|_| is_fixed).cloned()
        };
        self.plans = Arc::new(all.map(plan).collect());
    }

    fn read_edits(&mut self) {
        let session = self.timeline.session();
        let (window, network) = (session.found.scenario.window, &session.network);
        let edits = self.timeline.branches()[self.timeline.branch()].edits();
        let standing = self.timeline.standing();
        let mut marks: Vec<EditMark> = Vec::new();
        for (step, table) in edits {
            let name = table.name.clone().unwrap_or_default();
            let undone = marks.iter().find(|m| table.kind == InterventionKind::Undo && Some(&m.name) == table.of.as_ref());
            marks.push(EditMark {
                time_s: window.from_s + step as f64 * f64::from(window.step_s),
                what: undone.map_or_else(|| describe(table, network), |m| undid(&m.what)),
                is_undo: table.kind == InterventionKind::Undo,
                stands: standing.contains(&name.as_str()),
                name,
            });
        }
        self.edits = Arc::new(marks);
    }

    fn undo(&mut self, name: &str) {
        let done = self.timeline.undo(name);
        if self.keep(done).is_some() {
            self.has_changed();
        }
    }

    /// Forgets what was told of another time or branch.
    fn has_jumped(&mut self) {
        self.live.jumped(self.timeline.time_s(), self.timeline.simulation().measurements());
        self.lamps.clear();
        (self.detail, self.indicators, self.watch, self.stations) = (None, None, None, None);
        self.marks.clear();
        self.minutes.look(self.timeline.simulation());
        self.read_plans();
        self.read_edits();
    }

    fn line(&self) -> Line {
        let window = self.timeline.session().found.scenario.window;
        let known_until_s = window.from_s + self.timeline.reached() as f64 * f64::from(window.step_s);
        Line {
            from_s: window.from_s,
            // Behind the hours of the scenario it goes on until every trip has ended.
            to_s: known_until_s.max(window.to_s),
            known_until_s,
            edits: self.edits.clone(),
            branches: self.timeline.branches().iter().map(|b| b.name.clone()).collect(),
            branch: self.timeline.branch(),
            refused: self.refused.clone(),
            saved: self.saved.clone(),
        }
    }

    /// A change of what holds from now on: what was known of later times is of another branch.
    fn has_changed(&mut self) {
        self.live.forget_after(self.timeline.time_s());
        self.minutes.forget_after(self.timeline.time_s());
        self.has_jumped();
    }

    /// Begins to get ready what it is compared with: the same draws, on the same map.
    fn beside(&self, against: &Against) -> Second {
        let (origin, how) = (self.origin, (self.seed, self.threads, self.conflicts));
        match against {
            Against::Unedited => {
                let session = self.timeline.session().clone();
                Second::start(None, move |_| Self::looking(session, how, origin, &Quiet).map_err(|e| e.to_string()))
            }
            Against::Scenario(wanted) => {
                let wanted = Wanted { seed: Some(self.seed), conflicts: self.conflicts, ..(**wanted).clone() };
                let name = short_name(&wanted.scenario);
                Second::start(Some(name), move |word| make(&wanted, origin, word))
            }
        }
    }

    /// Whether it has still to go to be at `time_s`.
    fn is_behind(&self, time_s: f64) -> bool {
        self.time_s() < time_s - 1e-6 && !self.is_finished()
    }

    /// The scenario it runs.
    pub fn session(&self) -> &Session {
        self.timeline.session()
    }

    fn keep<T, E: std::fmt::Display>(&mut self, done: Result<T, E>) -> Option<T> {
        match done {
            Ok(value) => {
                self.refused = None;
                Some(value)
            }
            Err(why) => {
                self.refused = Some(why.to_string());
                None
            }
        }
    }

    /// The state's hash: two runs that agree in it are the same.
    pub fn state_hash(&self) -> u64 {
        self.simulation().state_hash()
    }
}

impl Engine for RunningSimulation {
    fn step(&mut self) {
        if let Err(why) = self.timeline.advance() {
            // The timeline says what is wrong; the bridge shows it as a breakdown, from which one can go back.
            std::panic::panic_any(why.to_string());
        }
        self.live.look(self.timeline.time_s(), self.timeline.simulation().measurements());
        self.minutes.look(self.timeline.simulation());
        if let Some(Focus::Junction(index)) = self.focus
            && let Some(junction) = self.timeline.simulation().network().junctions.get(index as usize)
            && let JunctionKind::Signal(controller) = junction.kind
        {
            self.lamps.note(self.timeline.simulation(), controller);
        }
        let now_s = self.time_s();
        if let Some(second) = self.second.as_mut().and_then(Second::there) {
            while second.is_behind(now_s) {
                second.step();
            }
        }
    }

    fn time_s(&self) -> f64 {
        self.timeline.time_s()
    }

    fn is_finished(&self) -> bool {
        self.timeline.is_finished()
    }

    fn lags_behind(&mut self) -> bool {
        let now_s = self.time_s();
        let Some(second) = self.second.as_mut().and_then(Second::there) else { return false };
        if second.is_behind(now_s) {
            second.step();
        }
        second.is_behind(now_s)
    }

    fn has_news(&mut self) -> bool {
        let Some(mut second) = self.second.take() else { return false };
        let is_new = second.look(self);
        if is_new && let Some(there) = second.there() {
            there.wants_indicators = self.wants_indicators;
        }
        self.second = Some(second);
        is_new
    }

    fn snapshot(&mut self) -> Snapshot {
        let frame = self.simulation().frame();
        let population = self.simulation().population();
        Snapshot {
            number: 0,
            time_s: frame.time_s,
            bodies: self.bodies(&frame),
            waiting: population.waiting,
            arrived: population.arrived,
            lights: frame.lights,
            plans: self.plans.clone(),
            hindrances: self.hindrances(),
            lacks: Arc::default(),
            finished: self.is_finished(),
            sample: self.live.at(self.timeline.time_s()),
            watch: self.tell_watch(),
            stations: self.tell_stations(),
            detail: self.tell_detail(),
            indicators: self.tell_indicators(),
            trend: self.trend.clone(),
            line: Arc::new(self.line()),
            compared: self.second.as_ref().map(|second| Arc::new(second.told())),
            other: self.second.as_mut().and_then(Second::snapshot).map(Box::new),
        }
    }

    fn go_near(&mut self, time_s: f64) {
        let window = self.timeline.session().found.scenario.window;
        let step = ((time_s - window.from_s) / f64::from(window.step_s)).round().max(0.0) as u64;
        let branch = &self.timeline.branches()[self.timeline.branch()];
        let nearest = branch.checkpoints().filter(|s| *s <= step).max().unwrap_or(0);
        let now = self.timeline.step();
        if step < now || nearest > now {
            let done = self.timeline.go_to(nearest);
            self.keep(done);
            self.has_jumped();
        }
        let now_s = self.time_s();
        if let Some(second) = self.second.as_mut().and_then(Second::there) {
            // Its checkpoints may lie elsewhere: it catches up before both go on.
            second.go_near(now_s.min(time_s));
        }
    }

    fn watch(&mut self, focus: Option<Focus>) {
        self.focus = focus;
        self.detail = None;
    }

    fn obey(&mut self, order: &Order) {
        self.saved = None;
        match order {
            Order::Indicators(wanted) => {
                self.wants_indicators = *wanted;
                if let Some(second) = self.second.as_mut().and_then(Second::there) {
                    second.wants_indicators = *wanted;
                }
            }
            Order::Edit(edit) => {
                let table = table_of(edit, &self.timeline.session().network);
                let done = self.timeline.edit(table);
                if self.keep(done).is_some() {
                    self.has_changed();
                }
            }
            Order::Undo => {
                let Some(name) = self.timeline.standing().first().map(|name| (*name).to_owned()) else { return };
                self.undo(&name);
            }
            Order::UndoEdit(name) => self.undo(name),
            Order::Branch(branch) => {
                let done = self.timeline.open(*branch);
                if self.keep(done).is_some() {
                    self.live.forget_after(f64::NEG_INFINITY);
                    self.minutes.forget_after(f64::NEG_INFINITY);
                    self.has_jumped();
                }
            }
            Order::Save(path) => {
                let done = self.timeline.save(path);
                if self.keep(done).is_some() {
                    self.saved = Some(path.display().to_string());
                }
            }
            Order::Compare(against) => self.second = against.as_ref().map(|against| self.beside(against)),
            _ => {}
        }
    }
}
