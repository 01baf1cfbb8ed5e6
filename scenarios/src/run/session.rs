//! A scenario made ready once and run for one seed or several.

mod open;

use super::{
    RunError,
    arterial::Arterial,
    assign::{self, AssignPlan, Assigned, assign},
    assumption,
    calibrate::FittedRun,
    conditions::{Conditions, car_parks::send, equip_signals, equippable},
    emergency::Emergency,
    happened::Happened,
    load::Found,
    observe::Observed,
    prepare::{Ground, Prepared},
    progress::{Progress, Quiet},
    simulate::{Setup, Simulated, simulate_seen},
    workers::each,
};
use crate::{
    demand::{
        Drawn, Router, RouterSettings,
        assign::{Closed, Costs, LinkTimes, Search},
        counts::Counts,
    },
    intervention::{
        Runner,
        travel::{along, redraw},
    },
    kpi::{self, Bilingual, KpiInput, KpiRow, SafetyFacts, Slots, TrafficSummary},
    register::Equipment,
    results::{
        machine::Timing,
        record::{InputRecord, MapRecord, RUN_SCHEMA_VERSION, RunRecord, TripTotals},
    },
    scenario::{
        interventions::{InterventionKind, Response},
        quantity::Quantity,
        signals::{ControllerName, JunctionTable},
    },
};
use sim_core::{check::CheckSummary, class::ClassTable, demand::Trip, detector::Detector, network::RoadNetwork, simulation::Simulation};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Instant,
};

/// How to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunSettings {
    /// Threads of one simulation, or simulations at a time for several seeds.
    pub threads: usize,
    /// Verify what a run promises at every step.
    pub check: bool,
    /// Look for conflicts (near misses) and write them down.
    pub conflicts: bool,
    /// How often trips may change their ways between two simulations ([`super::assign`]); 0 for the ways chosen without traffic.
    pub assign: u32,
}

/// A scenario with everything it needs in memory: network, detectors, demand, register.
pub struct Session {
    /// The scenario and where its files are.
    pub found: Found,
    /// The network, with the scenario's signal plans.
    pub network: Arc<RoadNetwork>,
    /// The network as travellers knew it when they chose their ways: before plans were made from their flows.
    known: Arc<RoadNetwork>,
    /// The network as the map has it, for the record.
    map: MapRecord,
    detectors: Vec<Detector>,
    /// So many of the detectors are the scenario's own; those behind them are of controllers.
    counting: usize,
    conditions: Arc<Conditions>,
    /// What travellers do about the interventions.
    response: Response,
    /// Links that they know to be closed.
    closed: Vec<Closed>,
    demand: Arc<Prepared>,
    counts: Option<Arc<Counts>>,
    fit: Option<(serde_json::Value, Vec<Bilingual>)>,
    fitted_run: Mutex<Option<FittedRun>>,
    equipment: Option<Equipment>,
    emergency: Option<Arc<Emergency>>,
    arterial: Option<Arc<Arterial>>,
    inputs: Vec<InputRecord>,
    assumptions: Vec<Bilingual>,
    /// How long getting here took.
    pub timing: Timing,
}

/// The run of one seed.
pub struct SeedRun {
    /// The seed.
    pub seed: u64,
    /// The simulation after its last step.
    pub simulation: Simulation,
    /// What was verified.
    pub check: Option<CheckSummary>,
    /// What made it.
    pub record: RunRecord,
    /// The indicators.
    pub rows: Vec<KpiRow>,
    /// What was seen on the way.
    pub observed: Observed,
    /// What it says of safety.
    pub safety: SafetyFacts,
    /// Travel times by origin, destination and departure.
    pub slots: Slots,
    /// How long it took.
    pub timing: Timing,
}

impl Session {
    /// How well the demand fits the counts, in lines; for demand from counts.
    pub fn fit_text(&self) -> &[Bilingual] {
        self.fit.as_ref().map_or(&[], |(_, text)| text)
    }

    /// Whether it draws its trips from the very demand of `base`.
    pub fn has_demand_of(&self, base: &Self) -> bool {
        Arc::ptr_eq(&self.demand, &base.demand)
    }

    /// Every file that was read.
    pub fn inputs(&self) -> &[InputRecord] {
        &self.inputs
    }

    /// The network as the map has it.
    pub fn map_record(&self) -> &MapRecord {
        &self.map
    }

    /// The part of the run that indicators are computed over.
    pub fn measured(&self) -> kpi::Window {
        let window = self.found.scenario.window;
        kpi::Window { from_s: window.measured_from_s, until_s: window.to_s }
    }

    /// The detectors.
    pub fn detectors(&self) -> &[Detector] {
        &self.detectors
    }

    /// What was observed at its detectors on the day that its demand is made from, where it is made from counts.
    pub fn counts(&self) -> Option<&Counts> {
        self.counts.as_deref()
    }

    /// What every run of it takes for granted.
    pub fn assumptions(&self) -> &[Bilingual] {
        &self.assumptions
    }

    /// The simulation of one seed at its beginning, for who wants to step it; interventions of the beginning are done, those with a later time
    /// are up to the [`Runner`] that [`Session::begin`] gives with it.
    ///
    /// # Errors
    /// A trip list with bad rows.
    pub fn simulation(&self, seed: u64, threads: usize) -> Result<Simulation, RunError> {
        Ok(self.begin(seed, threads, &Quiet)?.0)
    }

    /// The simulation of one seed at its beginning with what carries its interventions out. Where travellers choose their ways anew
    /// ([`Response::Reassigned`]) that takes several simulations.
    ///
    /// # Errors
    /// A trip list with bad rows, an intervention that the engine refuses.
    pub fn begin(&self, seed: u64, threads: usize, progress: &dyn Progress) -> Result<(Simulation, Runner), RunError> {
        self.begin_looking(seed, threads, false, progress)
    }

    /// The same, looking for conflicts if wished.
    ///
    /// # Errors
    /// As [`Session::begin`].
    pub fn begin_looking(
        &self,
        seed: u64,
        threads: usize,
        conflicts: bool,
        progress: &dyn Progress,
    ) -> Result<(Simulation, Runner), RunError> {
        let run = RunSettings { threads, check: false, conflicts, assign: 0 };
        let (mut trips, _) = redraw(self.draw(seed)?.trips, &self.conditions.script, &self.network, seed);
        let plan = self.assign_plan(run.assign);
        if plan.rounds > 0 {
            let conditions = Arc::new(self.conditions.without_edits());
            let setup = Setup { conditions, ..self.setup(trips, seed, run) };
            let router = Router::new(&self.network, &self.found.scenario.classes, RouterSettings::default());
            let assigned = assign(&setup, &router, &plan, None, run, progress)?;
            trips = self.demanded(&assigned.simulation).to_vec();
        }
        self.setup(trips, seed, run).begin_with_script()
    }

    /// Brings it toward equilibrium, too, as one that it is compared with.
    pub(super) fn choose_anew(&mut self) {
        self.response = Response::Reassigned;
    }

    /// What travellers do about the interventions.
    pub fn response(&self) -> Response {
        self.response
    }

    /// How often ways are chosen anew: so often as the command line says, or where travellers have known of the interventions for long, until
    /// hardly anybody gains.
    fn assign_plan(&self, asked: u32) -> AssignPlan {
        let reassigns = self.response == Response::Reassigned;
        AssignPlan {
            rounds: if asked == 0 && reassigns { REASSIGN_ROUNDS } else { asked },
            until_gap: reassigns.then_some(assign::ENOUGH_GAP),
            closed: if reassigns { self.closed.clone() } else { Vec::new() },
        }
    }

    fn draw(&self, seed: u64) -> Result<Drawn, RunError> {
        let scenario = &self.found.scenario;
        let ground = Ground::new(&self.known, &scenario.classes);
        let mut drawn = self.demand.draw(&ground, &scenario.window, seed)?;
        if !self.conditions.car_parks.is_empty() {
            // A car park may stand on a road that the map does not have yet.
            let is_longer = self.network.links.len() > self.known.links.len();
            let network = if is_longer { &self.network } else { &self.known };
            let router = Router::new(network, &scenario.classes, RouterSettings::default());
            let times = LinkTimes::free(network, &router);
            let mut search = Search::new(Costs { network, router: &router, times: &times });
            send(&mut drawn.trips, &self.conditions.car_parks, network, |trip| search.best(trip));
        }
        Ok(drawn)
    }

    /// The trips of a simulation that its demand asked for, without the runs of bus lines.
    pub fn demanded<'a>(&self, simulation: &'a Simulation) -> &'a [Trip] {
        let behind = self.conditions.lines.len() + self.calls().len();
        &simulation.trips()[..simulation.first_trips() - behind]
    }

    /// The drives to calls for help.
    fn calls(&self) -> &[Trip] {
        self.emergency.as_ref().map_or(&[], |e| &e.trips)
    }

    /// The main road that time-space diagrams show, a variant's the same as its base's.
    pub fn arterial(&self) -> Option<&Arterial> {
        self.arterial.as_deref()
    }

    /// Refs of the junctions that can be equipped: signals of several phases that run by the clock.
    pub fn equippable(&self) -> Vec<String> {
        equippable(&self.found.scenario.parsed, &self.network)
    }

    /// The same scenario with another controller at these junctions, its plans and its demand unchanged.
    ///
    /// # Errors
    /// A junction that has no signals.
    pub fn equipped(&self, junctions: &[&str], controller: ControllerName) -> Result<Self, RunError> {
        let scenario = &self.found.scenario;
        let mut equipped = self.altered(&scenario.classes, scenario.window.step_s);
        let tables = &mut equipped.found.scenario.parsed.file.signals.junctions;
        for junction in junctions {
            match tables.iter_mut().find(|t| t.junction == **junction) {
                Some(table) => table.controller = Some(controller),
                None => tables.push(JunctionTable {
                    junction: (*junction).to_owned(),
                    controller: Some(controller),
                    offset: None,
                    phases: Vec::new(),
                }),
            }
        }
        equipped.detectors.truncate(self.counting);
        let control = equip_signals(&equipped.found, &self.network, &mut equipped.detectors)?;
        equipped.conditions = Arc::new(Conditions { control, ..(*self.conditions).clone() });
        Ok(equipped)
    }

    /// What happened on each link in a run.
    pub fn link_totals(&self, run: &SeedRun) -> Vec<crate::report::LinkTotals> {
        crate::report::Layers::of(run.simulation.measurements(), &self.network, self.measured()).totals
    }

    /// The same scenario under other assumptions of the model.
    #[must_use]
    pub fn altered(&self, classes: &ClassTable, step_s: f32) -> Self {
        let mut found = self.found.clone();
        found.scenario.classes = classes.clone();
        found.scenario.window.step_s = step_s;
        Self {
            found,
            network: self.network.clone(),
            known: self.known.clone(),
            map: self.map.clone(),
            detectors: self.detectors.clone(),
            counting: self.counting,
            conditions: self.conditions.clone(),
            response: self.response,
            closed: self.closed.clone(),
            demand: self.demand.clone(),
            counts: self.counts.clone(),
            fit: self.fit.clone(),
            fitted_run: Mutex::new(None),
            equipment: self.equipment.clone(),
            emergency: self.emergency.clone(),
            arterial: self.arterial.clone(),
            inputs: self.inputs.clone(),
            assumptions: self.assumptions.clone(),
            timing: self.timing,
        }
    }

    fn setup(&self, mut trips: Vec<Trip>, seed: u64, run: RunSettings) -> Setup {
        trips.extend_from_slice(self.calls());
        Setup {
            network: self.network.clone(),
            classes: self.found.scenario.classes.clone(),
            trips,
            detectors: self.detectors.clone(),
            conditions: self.conditions.clone(),
            window: self.found.scenario.window,
            seed,
            threads: run.threads,
            conflicts: run.conflicts,
        }
    }

    /// Draws the trips of one seed, runs them and computes the indicators.
    ///
    /// # Errors
    /// A trip list with bad rows, or a promise that is broken.
    pub fn run_seed(&self, seed: u64, run: RunSettings, progress: &dyn Progress) -> Result<SeedRun, RunError> {
        self.run_seed_on(seed, None, run, progress)
    }

    /// The same with the ways that the same trips took elsewhere ([`along`]), so that there is nothing to assign.
    pub(super) fn run_seed_on(
        &self,
        seed: u64,
        ways: Option<&[Trip]>,
        run: RunSettings,
        progress: &dyn Progress,
    ) -> Result<SeedRun, RunError> {
        let plan = self.assign_plan(run.assign);
        // On the ways of others there is nothing to choose, unless something has become known since.
        let plan = if ways.is_some() && self.response != Response::Reassigned { AssignPlan::default() } else { plan };
        let began = Instant::now();
        let scenario = &self.found.scenario;
        progress.begin("trips", 0.0, 0.0);
        let mut drawn = self.draw(seed)?;
        let demand = self.timing.demand + began.elapsed();

        let began = Instant::now();
        let unreachable = drawn.unreachable_trips();
        let (mut trips, redrawn) = redraw(std::mem::take(&mut drawn.trips), &self.conditions.script, &self.network, seed);
        if let Some(ways) = ways {
            trips = along(trips, ways, &self.network);
        }
        let demanded = (trips.len() + self.calls().len() + self.conditions.lines.len()) as u64;
        let made = self.made_already(seed, &trips, plan.rounds == 0 && (run.check || run.conflicts));
        let mut assignment = Vec::new();
        let (Simulated { simulation, check, observed }, took) = match made {
            _ if plan.rounds > 0 => {
                let setup = self.setup(trips, seed, run);
                let router = Router::new(&self.network, &scenario.classes, RouterSettings::default());
                let assigned = assign(&setup, &router, &plan, made.map(|m| m.simulation), run, progress)?;
                let Assigned { simulation, observed, check, runs } = assigned;
                assignment = runs;
                (Simulated { simulation, check, observed }, began.elapsed())
            }
            Some(FittedRun { simulation, observed, took }) => (Simulated { simulation, check: None, observed }, took),
            None => (simulate_seen(self.setup(trips, seed, run), run.check, "simulation", progress)?, began.elapsed()),
        };
        let timing = Timing { demand, simulate: took, ..self.timing };

        let measured = simulation.measurements();
        let mut traffic = TrafficSummary::of(measured, &self.network, &self.conditions.gates, self.measured());
        traffic.mid_block = Some(observed.mid_block.clone());
        if simulation.config().conflicts {
            traffic.count_conflicts(measured);
        }
        let first_call = self.demanded(&simulation).len();
        traffic.responses = self.emergency.as_ref().map(|e| e.responses(&measured.trips[first_call..first_call + e.trips.len()]));
        let safety = SafetyFacts { conflicts: traffic.conflicts, mid_block: observed.mid_block.clone() };
        let slots = Slots::of(self.demanded(&simulation), &measured.trips, self.measured(), simulation.time_s());
        let mut rows = kpi::evaluate(&KpiInput {
            network: &self.network,
            traffic: Some(&traffic),
            classes: &scenario.classes,
            equipment: self.equipment.as_ref(),
            has_illustrative_counts: scenario.parsed.file.demand.illustrative,
            informed: self.informed(),
        });
        kpi::note_detected(&mut rows, simulation.tracker_counts());
        let population = simulation.population();
        let mut assumptions = self.assumptions.clone();
        assumptions.extend(assumption::unreachable(unreachable));
        assumptions.extend(assumption::unused(&drawn.unused));
        let record = RunRecord {
            schema_version: RUN_SCHEMA_VERSION,
            program: "agtwin".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            scenario: scenario.parsed.file.clone(),
            seed,
            map: self.map.clone(),
            inputs: self.inputs.clone(),
            trips: TripTotals {
                demanded: demanded + (simulation.trips().len() - simulation.first_trips()) as u64,
                unreachable,
                not_yet: population.not_yet,
                waiting: population.waiting,
                on_road: population.on_road,
                arrived: population.arrived,
                removed: population.removed,
            },
            unreachable: drawn.unreachable.iter().take(UNREACHABLE_NAMED).map(ToString::to_string).collect(),
            fit: self.fit.as_ref().map(|(report, _)| report.clone()),
            assignment,
            check,
            happened: Happened { demand: redrawn, ..Happened::of(&simulation, &self.conditions) },
            assumptions,
            steps: simulation.step_index(),
            state_hash: format!("{:016x}", simulation.state_hash()),
        };
        Ok(SeedRun { seed, simulation, check, record, rows, observed, safety, slots, timing })
    }

    /// The indicators of what a simulation of it has measured up to now. Those that need an observer of every step say so.
    pub fn indicators(&self, simulation: &Simulation) -> Vec<KpiRow> {
        let measured = simulation.measurements();
        let mut traffic = TrafficSummary::of(measured, &self.network, &self.conditions.gates, self.measured());
        let first_call = self.demanded(simulation).len();
        traffic.responses = self.emergency.as_ref().map(|e| e.responses(&measured.trips[first_call..first_call + e.trips.len()]));
        kpi::evaluate(&KpiInput {
            network: &self.network,
            traffic: Some(&traffic),
            classes: &self.found.scenario.classes,
            equipment: self.equipment.as_ref(),
            has_illustrative_counts: self.found.scenario.parsed.file.demand.illustrative,
            informed: self.informed(),
        })
    }

    /// The share of travellers who are told of travel times, where it is one for the whole run.
    fn informed(&self) -> Option<f64> {
        let changes: Vec<_> =
            self.found.scenario.parsed.file.interventions.iter().filter(|t| t.kind == InterventionKind::Guidance).collect();
        match changes[..] {
            // The engine's number is a short one.
            [] => self.conditions.guidance.map(|g| (f64::from(g.share) * 1e6).round() / 1e6),
            [whole] if whole.at.is_none() && whole.until.is_none() => whole.share.map(Quantity::base),
            _ => None,
        }
    }

    /// The run that the fit ended with, where it is the very run that is asked for: same trips, same seed, nothing to look for on the way.
    fn made_already(&self, seed: u64, trips: &[Trip], look: bool) -> Option<FittedRun> {
        let mut kept = self.fitted_run.lock().ok()?;
        let is_it = |r: &FittedRun| !look && r.simulation.config().seed == seed && self.demanded(&r.simulation) == trips;
        if kept.as_ref().is_some_and(is_it) { kept.take() } else { None }
    }

    /// Runs several seeds, as many at a time as there are threads, one thread each, and hands each run to `keep` as soon as it is done.
    ///
    /// # Errors
    /// The first seed that fails, or `keep`.
    pub fn run_seeds<T: Send>(
        &self,
        seeds: &[u64],
        run: RunSettings,
        progress: &dyn Progress,
        keep: impl Fn(SeedRun) -> Result<T, RunError> + Sync,
    ) -> Result<Vec<T>, RunError> {
        self.run_seeds_on(seeds, &BTreeMap::new(), run, progress, keep)
    }

    /// The same; the trips of a seed that stands in `ways` take those.
    ///
    /// # Errors
    /// The first seed that fails, or `keep`.
    pub fn run_seeds_on<T: Send>(
        &self,
        seeds: &[u64],
        ways: &BTreeMap<u64, Vec<Trip>>,
        run: RunSettings,
        progress: &dyn Progress,
        keep: impl Fn(SeedRun) -> Result<T, RunError> + Sync,
    ) -> Result<Vec<T>, RunError> {
        let one = RunSettings { threads: 1, ..run };
        progress.begin(&format!("{} seeds", seeds.len()), 0.0, 0.0);
        each(seeds.len(), run.threads, |n| {
            let seed = seeds[n];
            self.run_seed_on(seed, ways.get(&seed).map(Vec::as_slice), one, &Quiet).and_then(&keep)
        })
    }
}

/// Ways are chosen anew so often at most where travellers know of the interventions; most come to rest in 1 to 30.
pub(super) const REASSIGN_ROUNDS: u32 = 60;

/// So many unreachable pairs or trips are named in `run.json`; all are counted.
const UNREACHABLE_NAMED: usize = 50;
