//! A simulation: a network, trips and detectors, moved on step by step.

use crate::{
    class::ClassTable,
    control::{Control, ControlPlan, Degraded, Lights, Office, Signal},
    demand::Trip,
    detector::{Detector, Look},
    driving::{Automation, System, SystemTotals, TrackerBook, TrackerCount, totals},
    ferry::Ferry,
    frame::{Frame, Light},
    guide::{Guidance, Guide},
    halt::{Gate, Halts, Services},
    ids::{ControllerId, LinkId, VehicleId},
    incident::{Incident, Incidents},
    junction::{Crossing, Drafts},
    measure::{Measurements, Meter},
    network::{LinkKind, RoadNetwork, SignalPlan},
    overtake::Overtakes,
    parking::{CarPark, ParkingTotals, Parks},
    plan::Plan,
    reference::Ref,
    segment::Road,
    station::Station,
    step::Clock,
    vehicles::Vehicles,
    walk::{WalkTotals, Walks, Walkway},
};
use bevy_ecs::prelude::{Component, Schedule, World};
use serde::{Deserialize, Serialize};
use std::{fmt, sync::Arc};

pub use crate::error::SimError;
pub use crate::state::SimState;

/// Rules that simulators of whole lanes, such as CityFlow, hold every vehicle to and this one does not: for runs that are compared with theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discipline {
    /// Who keeps to lanes enters a link only in a lane that its next movement is made from, if it can reach one, and never leaves those; if there is
    /// no room in them it waits where it is, at its origin or before the junction.
    pub own_lanes: bool,
    /// Who enters at its origin does so at speed 0, as soon as there is room, and not with the traffic.
    pub enters_standing: bool,
}

/// How a simulation runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SimConfig {
    /// Keys every random draw.
    pub seed: u64,
    /// Length of a step, seconds, 0.1 to 1.
    pub step_s: f32,
    /// When it begins, seconds after midnight.
    pub start_s: f64,
    /// Threads it may use; 0 counts as 1. The result does not depend on it.
    pub threads: usize,
    /// Length of a measurement interval, seconds.
    pub interval_s: f64,
    /// Whether to look for conflicts (near misses); costs time, changes nothing else.
    #[serde(default)]
    pub conflicts: bool,
    /// Rules of other simulators; none as a rule.
    #[serde(default)]
    pub discipline: Discipline,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self { seed: 1, step_s: 0.5, start_s: 0.0, threads: 1, interval_s: 900.0, conflicts: false, discipline: Discipline::default() }
    }
}

/// Where the trips of a simulation stand. Every trip is in exactly one of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// Their time has not come, or an order took the wish away.
    pub not_yet: u64,
    /// They wait at their origin for room.
    pub waiting: u64,
    /// On the road.
    pub on_road: u64,
    /// Arrived.
    pub arrived: u64,
    /// Taken out by an order.
    pub removed: u64,
}

impl Population {
    /// All trips.
    pub fn total(&self) -> u64 {
        self.not_yet + self.waiting + self.on_road + self.arrived + self.removed
    }
}

/// A running simulation.
pub struct Simulation {
    pub(crate) world: World,
    schedule: Schedule,
}

impl fmt::Debug for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulation").field("time_s", &self.time_s()).field("population", &self.population()).finish_non_exhaustive()
    }
}

impl Simulation {
    /// A simulation of `trips` on `network`; `VehicleId(i)` is `trips[i]`.
    ///
    /// # Errors
    /// A setting out of range, a trip whose route cannot be driven, a detector off the network.
    pub fn new(
        network: Arc<RoadNetwork>,
        classes: ClassTable,
        trips: Vec<Trip>,
        detectors: Vec<Detector>,
        config: SimConfig,
    ) -> Result<Self, SimError> {
        crate::input::check(&network, &trips, &detectors, &config)?;
        let threads = config.threads.max(1);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|i| format!("simulation-{i}"))
            .build()
            .map_err(|error| SimError::Threads { threads, reason: error.to_string() })?;
        let mut plan = Plan::new(network, classes, trips, detectors, config, pool);
        plan.control = ControlPlan::fixed(&plan.network, &plan.pool)?;
        let network = plan.network.clone();
        let mut world = World::new();
        world.spawn_batch(network.links.iter().map(|_| Road::default()));
        world.spawn_batch(network.junctions.iter().map(|_| Crossing::default()));
        world.spawn_batch(signals(&plan));
        let ferries: Vec<_> = network
            .links
            .iter()
            .enumerate()
            .filter_map(|(i, l)| match &l.kind {
                LinkKind::Ferry(service) => Some(Ferry::new(LinkId::from_index(i), service, config.start_s)),
                LinkKind::Road => None,
            })
            .collect();
        world.spawn_batch(ferries);
        world.insert_resource(Clock::default());
        world.insert_resource(Incidents::default());
        world.insert_resource(Services::default());
        world.insert_resource(Walks::default());
        world.insert_resource(Parks::default());
        world.insert_resource(Overtakes::default());
        world.insert_resource(Lights::new(&network));
        world.insert_resource(Office::default());
        world.insert_resource(Vehicles::new(plan.trips.len()));
        world.insert_resource(Drafts::default());
        world.insert_resource(Meter::new(&plan));
        world.insert_resource(plan);
        Ok(Self { world, schedule: crate::step::schedule() })
    }

    /// The same with gates; before the first step.
    ///
    /// # Errors
    /// A gate that is not on the network, or two with one name or place.
    pub fn with_gates(mut self, gates: Vec<Gate>) -> Result<Self, SimError> {
        crate::halt::check_gates(self.network(), &gates)?;
        let mut plan = self.world.resource_mut::<Plan>();
        plan.halts = Halts::new(gates, &plan.trips);
        let entrances: Vec<_> = plan.car_parks.iter().map(|p| p.link).collect();
        plan.halts.add_links(entrances.into_iter());
        Ok(self)
    }

    /// The same with car parks; before the first step. Trips of their classes that end at an entrance park there, or search on.
    ///
    /// # Errors
    /// A car park that is not on the network, or two with one name or place.
    pub fn with_car_parks(mut self, parks: Vec<CarPark>) -> Result<Self, SimError> {
        crate::parking::check(self.network(), &parks)?;
        self.world.insert_resource(Parks::new(parks.len()));
        self.world.resource_mut::<Plan>().set_car_parks(parks);
        Ok(self)
    }

    /// What became of those who wished to park, up to now.
    pub fn parking(&self) -> ParkingTotals {
        let passed_s = self.time_s() - self.config().start_s;
        self.world.resource::<Parks>().totals(&self.plan().car_parks, passed_s)
    }

    /// The same with controllers at some junctions, faults, and requests for green; before the first step.
    ///
    /// # Errors
    /// A junction or detector that is not there, a parameter out of range.
    pub fn with_control(mut self, control: &Control) -> Result<Self, SimError> {
        let mut plan = self.world.resource_mut::<Plan>();
        ControlPlan::configure(&mut plan, control)?;
        let office = Office::new(&plan);
        let rules: Vec<_> = plan.control.junctions.iter().map(|j| j.rules).collect();
        self.world.insert_resource(office);
        let mut signals = self.world.query::<&mut Signal>();
        for (c, mut signal) in signals.iter_mut(&mut self.world).enumerate() {
            let own = control.junctions.iter().find(|j| j.controller.index() == c);
            let method = own.map_or_else(|| signal.method().clone(), |j| j.method.clone());
            signal.install(method, &rules[c]);
        }
        Ok(self)
    }

    /// The name of what controls a junction when nothing is broken.
    pub fn control_of(&self, controller: ControllerId) -> Option<&'static str> {
        self.all::<Signal>().get(controller.index()).map(|s| s.method().name())
    }

    /// The same with some vehicles driven otherwise than by a person; before the first step. Delays stay measured against what a person of
    /// the trip would have needed on a free road.
    ///
    /// # Errors
    /// A share, a class, a time gap or a link that cannot be.
    pub fn with_automation(mut self, automation: &Automation) -> Result<Self, SimError> {
        crate::driving::check(automation, self.network().links.len())?;
        self.world.resource_mut::<Plan>().automate(automation);
        if automation.trackers.is_some() {
            let book = TrackerBook::new(self.trips().len());
            self.world.resource_mut::<Meter>().trackers = book;
        }
        Ok(self)
    }

    /// What became of the trips of each class, by what drives them, up to now.
    pub fn system_totals(&self) -> Vec<SystemTotals> {
        totals(self.plan(), self.world.resource::<Vehicles>(), self.measurements())
    }

    /// What journey trackers saw up to now, by class; none without trackers.
    pub fn tracker_counts(&self) -> &[TrackerCount] {
        &self.world.resource::<Meter>().trackers.counts
    }

    /// What drives a vehicle where it does; `None` for a person everywhere.
    pub fn system_of(&self, id: VehicleId) -> Option<System> {
        self.plan().fleet.system(id)
    }

    /// The plan that a controller has now: the map's, or the last one it was given.
    pub fn plan_of(&self, controller: ControllerId) -> Option<&SignalPlan> {
        self.all::<Signal>().get(controller.index()).map(|s| s.plan())
    }

    /// What each movement's signal shows now, by `MovementId`; `None` where no signal holds it.
    pub fn lights(&self) -> &[Option<Light>] {
        &self.world.resource::<Lights>().of
    }

    /// How long junctions were not controlled by their own controller up to now; those that never were are left out.
    pub fn degraded(&self) -> Vec<Degraded> {
        let signals = self.all::<Signal>();
        let of = |(c, s): (usize, &&Signal)| {
            let [actuated_s, fixed_s] = s.degraded_s()?;
            Some(Degraded { controller: self.network().controllers[c].ref_.clone(), actuated_s, fixed_s })
        };
        signals.iter().enumerate().filter_map(of).collect()
    }

    /// The same with some travellers told of travel times on the way; before the first step.
    ///
    /// # Errors
    /// A share that is none.
    pub fn with_guidance(mut self, guidance: Guidance) -> Result<Self, SimError> {
        guidance.check()?;
        let mut plan = self.world.resource_mut::<Plan>();
        plan.guidance = Some(guidance);
        let guide = Guide::new(&plan);
        self.world.resource_mut::<Meter>().guide = Some(guide);
        Ok(self)
    }

    /// The links a vehicle drives, first to last, as it intends now.
    pub fn route(&self, id: VehicleId) -> &[LinkId] {
        self.plan().route(id)
    }

    /// The same with pedestrians; before the first step. [`Walkway::defaults`] makes those of the network's own crossings.
    ///
    /// # Errors
    /// A crossing that is not on the network, or two with one name.
    pub fn with_walkways(mut self, walkways: Vec<Walkway>) -> Result<Self, SimError> {
        crate::walk::check(self.network(), &walkways)?;
        let mut plan = self.world.resource_mut::<Plan>();
        plan.walkways = walkways;
        ControlPlan::note_crossings(&mut plan);
        let walks = Walks::new(&plan);
        self.world.insert_resource(walks);
        Ok(self)
    }

    /// How many each gate has served up to now, along the links.
    pub fn served(&self) -> Vec<(Ref, u64)> {
        self.world.resource::<Services>().served(&self.plan().halts)
    }

    /// Every gate, stop, car park and ferry landing as it stands.
    pub fn stations(&self) -> Vec<Station> {
        crate::station::stations(self)
    }

    /// What happened at each crossing up to now, in the order in which they were given.
    pub fn walks(&self) -> Vec<WalkTotals> {
        self.world.resource::<Walks>().totals().collect()
    }

    pub(crate) fn plan(&self) -> &Plan {
        self.world.resource::<Plan>()
    }

    /// Moves on by one step.
    pub fn step(&mut self) {
        self.schedule.run(&mut self.world);
    }

    /// The present time, seconds after midnight.
    pub fn time_s(&self) -> f64 {
        self.world.resource::<Clock>().now_s(self.plan())
    }

    /// How many trips were due up to now.
    pub(crate) fn released(&self) -> u64 {
        self.world.resource::<Clock>().released
    }

    /// How many steps were made.
    pub fn step_index(&self) -> u64 {
        self.world.resource::<Clock>().step
    }

    /// The network it runs on.
    pub fn network(&self) -> &Arc<RoadNetwork> {
        &self.plan().network
    }

    /// Its trips, by `VehicleId`.
    pub fn trips(&self) -> &[Trip] {
        &self.plan().trips
    }

    /// Its detectors, by `DetectorId`, those that orders placed included.
    pub fn detectors(&self) -> &[Detector] {
        &self.plan().detectors
    }

    /// Whether a detector stands: an order may have taken it away.
    pub fn is_standing(&self, detector: crate::ids::DetectorId) -> bool {
        self.plan().watched.get(detector.index()).is_some_and(|w| !w.is_away())
    }

    /// The class parameters it runs with.
    pub fn classes(&self) -> &ClassTable {
        &self.plan().classes
    }

    /// How it runs.
    pub fn config(&self) -> &SimConfig {
        &self.plan().config
    }

    /// Where its trips stand.
    pub fn population(&self) -> Population {
        self.world.resource::<Meter>().population
    }

    /// A picture of the present instant.
    pub fn frame(&self) -> Frame {
        crate::picture::frame(self)
    }

    /// Everybody on a link at present, by link and then from the front of its traffic to its rear.
    pub fn on_links(&self) -> Vec<crate::frame::OnLink> {
        crate::picture::on_links(self)
    }

    /// What each detector tells now, by `DetectorId`: what a controller gets to see.
    pub fn looks(&self) -> &[Look] {
        &self.world.resource::<Meter>().watch.looks
    }

    /// What was measured up to now.
    pub fn measurements(&self) -> &Measurements {
        &self.world.resource::<Meter>().data
    }

    /// The whole state, as a value.
    pub fn state(&self) -> SimState {
        SimState::take(self)
    }

    /// Puts a state back; the simulation goes on exactly as the one it was taken from.
    ///
    /// # Errors
    /// A state of a simulation with other trips or another network.
    pub fn restore(&mut self, state: SimState) -> Result<(), SimError> {
        state.put(self)
    }

    /// A hash of the whole state.
    pub fn state_hash(&self) -> u64 {
        self.state().hash()
    }

    /// Gives a controller another plan, from the next step on; whoever is green still gets yellow and all-red.
    ///
    /// # Errors
    /// A controller that is not there, a plan that names a group it does not have, leaves one out, or gives green to two that conflict.
    pub fn set_plan(&mut self, controller: ControllerId, plan: SignalPlan) -> Result<(), SimError> {
        crate::control::check_plan(self.network(), controller, &plan)?;
        let rules = self.plan().control.junctions[controller.index()].rules;
        let mut signals = self.world.query::<&mut Signal>();
        if let Some(mut signal) = signals.iter_mut(&mut self.world).nth(controller.index()) {
            signal.set_plan(plan, &rules);
        }
        Ok(())
    }

    /// An incident, from its start on; whatever of its time is over has no effect.
    ///
    /// # Errors
    /// A place that is not there, a name that is taken, a quantity out of range.
    pub fn add_incident(&mut self, incident: Incident) -> Result<(), SimError> {
        let network = self.network().clone();
        let mut incidents = self.world.resource_mut::<Incidents>();
        crate::incident::check(&network, &incidents.all, &incident)?;
        incidents.all.push(incident);
        Ok(())
    }

    /// Ends an incident now; whether there was one of this name that was not over.
    pub fn end_incident(&mut self, ref_: &Ref) -> bool {
        let now = self.time_s();
        let mut incidents = self.world.resource_mut::<Incidents>();
        let Some(incident) = incidents.all.iter_mut().find(|i| i.ref_ == *ref_ && i.end_s > now) else { return false };
        incident.end_s = now;
        true
    }

    /// All incidents, over, present and to come.
    pub fn incidents(&self) -> &[Incident] {
        &self.world.resource::<Incidents>().all
    }

    /// The components of one kind, by id.
    pub(crate) fn all<C: Component>(&self) -> Vec<&C> {
        match self.world.try_query::<&C>() {
            Some(mut query) => query.iter(&self.world).collect(),
            None => Vec::new(),
        }
    }
}

/// The signals at the beginning, each with the plan of the map.
fn signals(plan: &Plan) -> Vec<Signal> {
    let both = plan.network.controllers.iter().zip(&plan.control.junctions);
    both.map(|(c, junction)| Signal::new(c.plan.clone(), c.groups.len(), &junction.rules)).collect()
}
