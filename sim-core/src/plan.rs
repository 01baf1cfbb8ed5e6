//! What the steps of a simulation never change: network, trips, class tables made ready for the step, where lanes lie in strips. Routes are the
//! exception, and change only between two steps.

use crate::{
    class::{BRAKE_HARDEST_MPS2, CLASS_COUNT, ClassParams, ClassSet, ClassTable, VehicleClass},
    control::ControlPlan,
    demand::Trip,
    detector::Detector,
    draw::{self, Draw},
    driving::{Automation, Fleet, Machine, System},
    guide::Guidance,
    halt::Halts,
    ids::{LinkId, MovementId, VehicleId},
    joint::Joints,
    kinematics::Driver,
    manner::{BLUE_FASTER_MPS, Manner},
    measure::Watched,
    network::{ConflictKind, LinkKind, PathEnds, RoadNetwork, Turn, conflict_path, path_length_m, paths_conflict},
    order::Orders,
    overtake::is_undivided,
    parking::CarPark,
    simulation::SimConfig,
    strips,
    walk::Walkway,
};
use bevy_ecs::prelude::Resource;
use std::sync::{Arc, OnceLock};

/// The longest body of any class, metres.
pub(crate) const LONGEST_M: f32 = 18.0;

/// A way straight on that is shorter than this has no room to move sideways, metres.
pub(crate) const SEAM_M: f32 = 6.0;

/// A class as the step needs it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    pub(crate) length: f32,
    pub(crate) width: f32,
    pub(crate) strips: i16,
    pub(crate) driver: Driver,
    pub(crate) comfort: f32,
    pub(crate) brake: f32,
    pub(crate) clear0: f32,
    pub(crate) clear_s: f32,
    pub(crate) lateral: f32,
    pub(crate) keeps_lane: bool,
    pub(crate) critical_gap: f32,
    /// Hardest braking to let somebody in, m/s²; 0 if it lets nobody in.
    pub(crate) courtesy: f32,
    pub(crate) pcu: f32,
    /// Cruise control, if it has any.
    pub(crate) machine: Option<Machine>,
}

impl Body {
    /// A body with these parameters, driven by a person.
    pub(crate) fn of(p: &ClassParams) -> Self {
        Self {
            length: p.length_m,
            width: p.width_m,
            strips: strips::of_width(p.width_m),
            driver: Driver {
                v0: p.desired_speed_mps,
                accel: p.accel_mps2,
                half_inv_sqrt_ab: 0.5 / (p.accel_mps2 * p.brake_comfort_mps2).sqrt(),
                headway: p.headway_s,
                gap0: p.gap0_m,
            },
            comfort: p.brake_comfort_mps2,
            brake: p.brake_max_mps2.min(BRAKE_HARDEST_MPS2),
            clear0: p.clear0_m,
            clear_s: p.clear_s,
            lateral: p.lateral_mps,
            keeps_lane: p.keeps_lane,
            critical_gap: p.critical_gap_s,
            courtesy: p.lets_in_share * p.brake_comfort_mps2,
            pcu: p.pcu,
            machine: None,
        }
    }
}

/// Network, trips and everything derived from them.
#[derive(Resource, Debug)]
pub(crate) struct Plan {
    pub(crate) network: Arc<RoadNetwork>,
    pub(crate) classes: ClassTable,
    pub(crate) trips: Arc<[Trip]>,
    /// The class of each trip once more, side by side: trips are wide and lie in no order of space.
    class_of: Vec<VehicleClass>,
    /// Each trip's present route: the one thing in here that changes, and only between two steps ([`crate::guide`]).
    pub(crate) routes: Vec<Arc<[LinkId]>>,
    /// Who is told of travel times on the way; `None` if nobody.
    pub(crate) guidance: Option<Guidance>,
    pub(crate) detectors: Arc<[Detector]>,
    pub(crate) config: SimConfig,
    pub(crate) dt: f32,
    /// Those of the classes in their order, then those of vehicles that are driven otherwise ([`Plan::kind_on`]).
    pub(crate) bodies: Vec<Body>,
    /// What drives vehicles besides people.
    pub(crate) fleet: Fleet,
    /// Whether the opposing half of each link may be borrowed.
    pub(crate) undivided: Vec<bool>,
    /// Strips of each link.
    pub(crate) strips: Vec<i16>,
    lanes: LaneStrips,
    /// Where a road is cut into pieces that are one road.
    pub(crate) joints: Joints,
    /// Gates and stops.
    pub(crate) halts: Halts,
    /// Where vehicles park.
    pub(crate) car_parks: Vec<CarPark>,
    /// The car park each trip drives to; `u32::MAX` for none, empty without any. Changes only between two steps ([`crate::parking`]).
    pub(crate) park_of: Vec<u32>,
    /// How signals are controlled.
    pub(crate) control: ControlPlan,
    /// Orders given while it runs, and what stands by them.
    pub(crate) orders: Orders,
    /// Where pedestrians cross.
    pub(crate) walkways: Vec<Walkway>,
    /// Detectors of each link that has any, by link.
    pub(crate) detectors_of: Vec<(LinkId, u32)>,
    /// Where each detector looks, by detector.
    pub(crate) watched: Vec<Watched>,
    /// Each trip's own desired speed, m/s.
    pub(crate) desired: Vec<f32>,
    /// What each traveller takes leave to do.
    pub(crate) manner: Vec<Manner>,
    /// Whether anybody has blue light.
    pub(crate) has_blue: bool,
    /// Key of each trip's draws.
    pub(crate) keys: Vec<u64>,
    /// Trips in the order in which they wish to leave.
    pub(crate) by_departure: Vec<VehicleId>,
    /// Which movements of a junction meet, computed when first asked; by junction.
    meets: Vec<OnceLock<Box<[bool]>>>,
    /// Where the paths of each movement begin and end.
    pub(crate) ends: Vec<PathEnds>,
    /// The length of each movement's middle path, computed when first asked.
    path_length: Vec<OnceLock<f32>>,
    pub(crate) pool: rayon::ThreadPool,
}

/// Where the lanes of all links lie, in strips.
#[derive(Debug, Default)]
struct LaneStrips {
    /// The edges of a link's lanes, from the kerb on, one more than it has lanes; link after link.
    edges: Vec<i16>,
    /// Where each link's edges begin.
    first_edge: Vec<u32>,
    /// From the first to the last lane open to a class, by link and class; the whole road if none is.
    open: Vec<(i16, i16)>,
}

impl LaneStrips {
    fn of(network: &RoadNetwork) -> Self {
        let mut all = Self::default();
        for link in &network.links {
            let road = strips::of_road(link.width_m);
            let first = all.edges.len();
            all.first_edge.push(first as u32);
            let mut across_m = 0.0f32;
            all.edges.push(0);
            for lane in &link.lanes {
                across_m += lane.width_m;
                all.edges.push(((across_m / strips::STRIP_M).round() as i16).clamp(0, road));
            }
            for class in VehicleClass::ALL {
                let is_open = |l: &crate::network::Lane| l.access.contains(class);
                all.open.push(match (link.lanes.iter().position(is_open), link.lanes.iter().rposition(is_open)) {
                    (Some(a), Some(b)) => (all.edges[first + a], all.edges[first + b + 1]),
                    _ => (0, road),
                });
            }
        }
        all
    }

    /// The edges of a link's lanes, from the kerb on.
    fn edges(&self, link: LinkId) -> &[i16] {
        let first = self.first_edge[link.index()] as usize;
        let end = self.first_edge.get(link.index() + 1).map_or(self.edges.len(), |e| *e as usize);
        &self.edges[first..end]
    }
}

/// The order in which trips wish to leave.
fn departure(trips: &[Trip], a: VehicleId, b: VehicleId) -> std::cmp::Ordering {
    let (a, b) = (&trips[a.index()], &trips[b.index()]);
    a.depart_s.total_cmp(&b.depart_s).then_with(|| a.ref_.cmp(&b.ref_))
}

/// A traveller's own desired speed, m/s.
fn desired_speed(classes: &ClassTable, config: &SimConfig, trip: &Trip, key: u64) -> f32 {
    let p = classes.get(trip.class);
    let bell = draw::bell(config.seed, Draw::DesiredSpeed, key) as f32;
    p.desired_speed_mps * (1.0 + p.desired_speed_spread * bell).clamp(0.5, 1.6)
}

impl Plan {
    /// Takes the lanes of the network over after one changed.
    pub(crate) fn measure_lanes(&mut self) {
        self.lanes = LaneStrips::of(&self.network);
        self.joints = Joints::of(self);
    }

    /// Adds trips of whom the first `released` in the order of departure have set out; each is a copy of an earlier one.
    pub(crate) fn add_trips(&mut self, trips: Vec<Trip>, copies: &[(VehicleId, u32)], released: usize) {
        if trips.is_empty() {
            return;
        }
        for (trip, (of, _)) in trips.iter().zip(copies) {
            let id = VehicleId::from_index(self.keys.len());
            let key = draw::key_of(&trip.ref_);
            self.keys.push(key);
            self.class_of.push(trip.class);
            self.desired.push(desired_speed(&self.classes, &self.config, trip, key));
            self.fleet.repeat(*of);
            let manner = Manner::of(trip, &self.classes, self.config.seed, key);
            self.manner.push(self.fleet.manner(id, trip, self.config.seed, key, manner));
            self.routes.push(trip.route.clone());
            if !self.park_of.is_empty() {
                self.park_of.push(self.park_of[of.index()]);
            }
            if let Some((_, is_emergency)) = self.control.callers.iter().find(|(caller, _)| caller == of).copied() {
                self.control.callers.push((id, is_emergency));
            }
            self.by_departure.push(id);
        }
        self.trips = self.trips.iter().cloned().chain(trips).collect();
        let trips = &self.trips;
        self.by_departure[released..].sort_by(|a, b| departure(trips, *a, *b));
    }

    /// Leaves only the first `count` trips.
    pub(crate) fn drop_trips_behind(&mut self, count: usize) {
        if self.trips.len() == count {
            return;
        }
        self.trips = self.trips[..count].into();
        self.keys.truncate(count);
        self.class_of.truncate(count);
        self.desired.truncate(count);
        self.manner.truncate(count);
        self.fleet.truncate(count);
        self.routes.truncate(count);
        self.park_of.truncate(count);
        self.by_departure.retain(|id| id.index() < count);
    }

    /// Adds detectors behind those there are.
    pub(crate) fn add_detectors(&mut self, new: Vec<Detector>) {
        for (i, detector) in (self.detectors.len() as u32..).zip(&new) {
            self.watched.push(Watched::of(detector, self.lanes.edges(detector.link)));
            self.detectors_of.push((detector.link, i));
        }
        self.detectors_of.sort_unstable();
        self.detectors = self.detectors.iter().cloned().chain(new).collect();
    }

    pub(crate) fn new(
        network: Arc<RoadNetwork>,
        classes: ClassTable,
        trips: Vec<Trip>,
        detectors: Vec<Detector>,
        config: SimConfig,
        pool: rayon::ThreadPool,
    ) -> Self {
        let bodies = VehicleClass::ALL.iter().map(|class| Body::of(classes.get(*class))).collect();
        let keys: Vec<u64> = trips.iter().map(|t| draw::key_of(&t.ref_)).collect();
        let desired = trips.iter().zip(&keys).map(|(t, key)| desired_speed(&classes, &config, t, *key)).collect();
        let manner: Vec<Manner> = trips.iter().zip(&keys).map(|(t, key)| Manner::of(t, &classes, config.seed, *key)).collect();
        let mut by_departure: Vec<_> = (0..trips.len()).map(VehicleId::from_index).collect();
        by_departure.sort_by(|a, b| departure(&trips, *a, *b));
        let mut detectors_of: Vec<_> = detectors.iter().enumerate().map(|(i, d)| (d.link, i as u32)).collect();
        detectors_of.sort_unstable();
        let lanes = LaneStrips::of(&network);
        let watched = detectors.iter().map(|d| Watched::of(d, lanes.edges(d.link))).collect();
        let mut plan = Self {
            joints: Joints::default(),
            halts: Halts::new(Vec::new(), &trips),
            car_parks: Vec::new(),
            park_of: Vec::new(),
            control: ControlPlan::default(),
            orders: Orders::default(),
            walkways: Vec::new(),
            lanes,
            undivided: (0..network.links.len()).map(|l| is_undivided(&network, LinkId::from_index(l))).collect(),
            strips: network.links.iter().map(|l| strips::of_road(l.width_m)).collect(),
            meets: network.junctions.iter().map(|_| OnceLock::new()).collect(),
            path_length: network.movements.iter().map(|_| OnceLock::new()).collect(),
            ends: (0..network.movements.len()).map(|m| PathEnds::of(&network, MovementId::from_index(m))).collect(),
            dt: config.step_s,
            routes: trips.iter().map(|t| t.route.clone()).collect(),
            guidance: None,
            class_of: trips.iter().map(|t| t.class).collect(),
            trips: trips.into(),
            detectors: detectors.into(),
            network,
            classes,
            config,
            bodies,
            fleet: Fleet::default(),
            detectors_of,
            watched,
            desired,
            has_blue: manner.iter().any(|m| m.is(Manner::BLUE)),
            manner,
            keys,
            by_departure,
            pool,
        };
        plan.joints = Joints::of(&plan);
        plan
    }

    pub(crate) fn body(&self, id: VehicleId) -> &Body {
        &self.bodies[self.class_of(id).index()]
    }

    /// The class of a trip.
    #[inline]
    pub(crate) fn class_of(&self, id: VehicleId) -> VehicleClass {
        self.class_of[id.index()]
    }

    /// The links this vehicle drives, first to last.
    #[inline]
    pub(crate) fn route(&self, id: VehicleId) -> &[LinkId] {
        &self.routes[id.index()]
    }

    /// The index in `bodies` of a vehicle of the class with index `class` on `link`.
    #[inline]
    pub(crate) fn kind_on(&self, id: VehicleId, class: u8, link: LinkId) -> u8 {
        self.fleet.kind_on(id, class, link)
    }

    /// Gives some vehicles another driver, before the first step.
    pub(crate) fn automate(&mut self, automation: &Automation) {
        self.fleet = Fleet::new(automation, &self.trips, &self.keys, self.config.seed, &self.classes, &mut self.bodies);
        for (i, manner) in self.manner.iter_mut().enumerate() {
            *manner = self.fleet.manner(VehicleId::from_index(i), &self.trips[i], self.config.seed, self.keys[i], *manner);
        }
    }

    /// Draws anew what drives those of `classes` of whom the first `released` in the order of departure have set out and keep what they have.
    pub(crate) fn equip_again(&mut self, classes: ClassSet, released: usize) {
        let trips = Arc::clone(&self.trips);
        self.fleet.open_to_orders(&trips);
        let due = self.by_departure[released..].iter().copied().filter(|id| classes.contains(trips[id.index()].class));
        let mut due: Vec<VehicleId> = due.collect();
        // The order of bodies shall not depend on departures.
        due.sort_unstable();
        for id in due {
            let (i, trip, seed) = (id.index(), &trips[id.index()], self.config.seed);
            let key = self.keys[i];
            self.fleet.equip(i, trip, key, seed, (&self.classes, &mut self.bodies), &self.orders.automation);
            self.manner[i] = self.fleet.manner(id, trip, seed, key, Manner::of(trip, &self.classes, seed, key));
        }
    }

    pub(crate) fn is_ferry(&self, link: LinkId) -> bool {
        matches!(self.network.link(link).kind, LinkKind::Ferry(_))
    }

    /// The speed this traveller wishes to drive on `link`, m/s.
    pub(crate) fn wish(&self, id: VehicleId, link: LinkId) -> f32 {
        let class = self.class_of(id);
        let limit = self.network.link(link).limits.of(class);
        if !self.fleet.is_empty() && self.fleet.system_on(id, link) == Some(System::Autonomous) {
            return self.classes.get(class).desired_speed_mps.min(limit);
        }
        let manner = self.manner[id.index()];
        let taken = if manner.is(Manner::BLUE) {
            limit + BLUE_FASTER_MPS
        } else if manner.is(Manner::SPEEDS) {
            limit * self.classes.get(class).speeds_factor
        } else {
            limit
        };
        self.desired[id.index()].min(taken)
    }

    /// The movement a trip takes at the end of the `leg`-th link of its route.
    pub(crate) fn movement_after(&self, id: VehicleId, leg: usize) -> Option<MovementId> {
        let route = self.route(id);
        self.network.movement_between(*route.get(leg)?, *route.get(leg + 1)?)
    }

    /// The lanes `range` of a link in strips, clipped to the road.
    pub(crate) fn lane_strips(&self, link: LinkId, range: &std::ops::Range<u8>) -> (i16, i16) {
        let edges = self.lanes.edges(link);
        (edges[usize::from(range.start)], edges[usize::from(range.end)])
    }

    /// The first strip of a link's innermost lane.
    pub(crate) fn inner_lane(&self, link: LinkId) -> i16 {
        let last = self.network.link(link).lanes.len() as u8;
        self.lane_strips(link, &(last.saturating_sub(1)..last)).0
    }

    /// The lane over which this strip of a link lies; the innermost beyond it.
    pub(crate) fn lane_at(&self, link: LinkId, strip: i16) -> u8 {
        let count = self.network.link(link).lanes.len() as u8;
        (0..count).find(|n| strip < self.lane_strips(link, &(*n..n + 1)).1).unwrap_or(count - 1)
    }

    /// The strips of a link that this traveller uses.
    pub(crate) fn used_strips(&self, link: LinkId, id: VehicleId) -> (i16, i16) {
        if self.manner[id.index()].is(Manner::ANY_LANE | Manner::BLUE) {
            return (0, self.strips[link.index()]);
        }
        self.open_strips(link, self.class_of(id))
    }

    /// The strips of a link that are open to a class: from the first to the last lane that is.
    pub(crate) fn open_strips(&self, link: LinkId, class: VehicleClass) -> (i16, i16) {
        self.lanes.open[link.index() * CLASS_COUNT + class.index()]
    }

    /// Whether two movements of one junction meet when driven in the middle of their lanes: a first look only. Bodies off that middle, as in a
    /// swarm on a wide road, may touch where the movements do not meet.
    pub(crate) fn meet(&self, a: MovementId, b: MovementId) -> bool {
        let junction = self.network.movement(a).junction;
        let range = &self.network.junction(junction).movements;
        let n = (range.end - range.start) as usize;
        let table = self.meets[junction.index()].get_or_init(|| {
            let mut table = vec![true; n * n];
            let id = |k: usize| MovementId(range.start + k as u32);
            let paths: Vec<_> = (0..n).map(|k| conflict_path(&self.network, id(k))).collect();
            for i in 0..n {
                for j in 0..i {
                    let meet = paths_conflict(&self.network, (id(i), &paths[i]), (id(j), &paths[j])) != ConflictKind::None;
                    (table[i * n + j], table[j * n + i]) = (meet, meet);
                }
            }
            table.into()
        });
        table[(a.0 - range.start) as usize * n + (b.0 - range.start) as usize]
    }

    /// Whether a movement only joins two pieces of a road: straight on without a signal over so short a way that there is no room to move sideways, and nobody
    /// else's way is touched. It may be stood on, since that holds up nobody but those behind.
    pub(crate) fn is_seam(&self, movement: MovementId) -> bool {
        let m = self.network.movement(movement);
        m.turn == Turn::Through
            && m.group.is_none()
            && self.path_length(movement) < SEAM_M
            && self
                .network
                .junction(m.junction)
                .movements
                .clone()
                .map(MovementId)
                .all(|other| other == movement || !self.meet(movement, other))
    }

    /// Length of a movement's middle path, metres.
    pub(crate) fn path_length(&self, movement: MovementId) -> f32 {
        *self.path_length[movement.index()].get_or_init(|| path_length_m(&self.network, movement) as f32)
    }

    /// Time a trip takes with nobody else about, at the speeds its traveller wishes to drive, seconds. Signals and turns cost nothing in
    /// it, so what they cost is delay.
    pub(crate) fn free_flow_s(&self, id: VehicleId) -> f64 {
        let trip = &self.trips[id.index()];
        let last = trip.route.len() - 1;
        let mut time: f64 = trip.halts.iter().map(|h| f64::from(h.dwell_s)).sum();
        for (i, on) in trip.route.iter().enumerate() {
            let link = self.network.link(*on);
            let from = if i == 0 { trip.origin.pos_m } else { 0.0 };
            let to = if i == last { trip.destination.pos_m } else { link.length_m };
            let share = f64::from((to - from).max(0.0)) / f64::from(link.length_m);
            let whole_s = if self.is_ferry(*on) { link.free_flow_s(trip.class) } else { link.length_m / self.wish(id, *on) };
            time += share * f64::from(whole_s);
            if i < last
                && let Some(m) = self.network.movement_between(*on, trip.route[i + 1])
                && !self.is_ferry(*on)
                && !self.is_ferry(trip.route[i + 1])
            {
                time += f64::from(self.path_length(m) / self.wish(id, trip.route[i + 1]));
            }
        }
        time
    }
}
