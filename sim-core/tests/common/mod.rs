//! Small networks built in code, and demand on them.
#![allow(dead_code, unreachable_pub, reason = "shared by test programs, each of which uses its own part")]
#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]
#![allow(clippy::needless_range_loop, reason = "nodes of a grid are named by their two indices")]

use sim_core::{
    check::{CheckSummary, Checker},
    class::{ClassSet, ClassTable, VehicleClass},
    demand::{LinkPosition, Purpose, Trip},
    geometry::{Frame, LatLon, Point, polyline_length_m, turn_between},
    ids::{ControllerId, JunctionId, LinkId, MovementId},
    network::*,
    simulation::{SimConfig, Simulation},
};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// How a junction of a [`Town`] is controlled.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    /// Right of way by road class: the links whose name begins with `main` go first.
    Priority,
    /// Two phases (north–south, east–west) or one per approach, with this green.
    Signal(f32),
    /// A node of a ring: links whose name begins with `ring` go first.
    Ring,
    /// An end of the network.
    End,
}

/// A network in the making: nodes, and roads between them.
#[derive(Default)]
pub struct Town {
    nodes: Vec<(Point, Kind, f64)>,
    roads: Vec<(String, usize, usize, u8, f32, LinkKind)>,
    uturns: bool,
}

impl Town {
    /// A node; `radius_m` is how far from it the stop lines are.
    pub fn node(&mut self, x: f64, y: f64, kind: Kind, radius_m: f64) -> usize {
        self.nodes.push((Point::new(x, y), kind, radius_m));
        self.nodes.len() - 1
    }

    /// A one-way road.
    pub fn one_way(&mut self, name: &str, from: usize, to: usize, lanes: u8, lane_m: f32) {
        self.roads.push((name.into(), from, to, lanes, lane_m, LinkKind::Road));
    }

    /// Both directions.
    pub fn two_way(&mut self, name: &str, a: usize, b: usize, lanes: u8, lane_m: f32) {
        self.one_way(&format!("{name}>"), a, b, lanes, lane_m);
        self.one_way(&format!("{name}<"), b, a, lanes, lane_m);
    }

    /// A one-way ferry.
    pub fn ferry(&mut self, name: &str, from: usize, to: usize, service: FerryService) {
        self.roads.push((name.into(), from, to, 1, 3.5, LinkKind::Ferry(service)));
    }

    /// Turning back is allowed.
    pub fn with_uturns(mut self) -> Self {
        self.uturns = true;
        self
    }

    /// The network.
    pub fn build(self) -> Arc<RoadNetwork> {
        let mut links = Vec::new();
        for (name, a, b, lanes, lane_m, kind) in &self.roads {
            let (pa, pb) = (self.nodes[*a], self.nodes[*b]);
            let heading = pa.0.heading_to(pb.0);
            let width_m = f32::from(*lanes) * lane_m;
            let two_way = self.roads.iter().any(|r| r.1 == *b && r.2 == *a);
            let aside = if two_way { f64::from(width_m) / 2.0 } else { 0.0 };
            let shift = |p: Point| p.ahead(heading - core::f64::consts::FRAC_PI_2, aside);
            let from = shift(pa.0.ahead(heading, pa.2));
            let to = shift(pb.0.ahead(heading, -pb.2));
            let geometry = vec![from, to];
            links.push(Link {
                ref_: name.as_str().into(),
                name: None,
                road_number: None,
                from: JunctionId::from_index(*a),
                to: JunctionId::from_index(*b),
                class: if name.starts_with("main") || name.starts_with("ring") { RoadClass::Primary } else { RoadClass::Residential },
                kind: kind.clone(),
                length_m: polyline_length_m(&geometry).max(1.0) as f32,
                geometry,
                width_m,
                lanes: (0..*lanes)
                    .map(|_| Lane { width_m: *lane_m, kind: LaneKind::General, access: ClassSet::ALL, turns: TurnSet::UNMARKED })
                    .collect(),
                limits: SpeedLimits::uniform(50.0 / 3.6),
                access: ClassSet::ALL,
                opposite: None,
                is_roundabout: name.starts_with("ring"),
                is_bridge: false,
                is_urban: true,
                is_toll: false,
            });
        }
        let (mut junctions, mut movements, mut controllers) = (Vec::new(), Vec::new(), Vec::new());
        for (j, (centre, kind, _)) in self.nodes.iter().enumerate() {
            let ids = |f: fn(&Link) -> JunctionId| -> Vec<LinkId> {
                (0..links.len()).filter(|i| f(&links[*i]).index() == j).map(LinkId::from_index).collect()
            };
            let (incoming, outgoing) = (ids(|l| l.to), ids(|l| l.from));
            let start = movements.len() as u32;
            let heading = |l: LinkId| links[l.index()].geometry[0].heading_to(links[l.index()].geometry[1]);
            for from in &incoming {
                let mut options: Vec<(LinkId, Turn, f64)> = Vec::new();
                for to in &outgoing {
                    let back = links[to.index()].to == links[from.index()].from && links[to.index()].from == links[from.index()].to;
                    if back && !self.uturns && outgoing.len() > 1 {
                        continue;
                    }
                    let angle = turn_between(heading(*from), heading(*to));
                    let turn = if back {
                        Turn::UTurn
                    } else if angle > 0.7 {
                        Turn::Left
                    } else if angle < -0.7 {
                        Turn::Right
                    } else {
                        Turn::Through
                    };
                    options.push((*to, turn, angle));
                }
                for (to, turn, _) in &options {
                    let (n_from, n_to) = (links[from.index()].lanes.len() as u8, links[to.index()].lanes.len() as u8);
                    let has = |t: Turn| options.iter().any(|o| o.1 == t);
                    let from_lanes = match turn {
                        Turn::Left | Turn::UTurn if n_from > 1 && (has(Turn::Through) || has(Turn::Right)) => n_from - 1..n_from,
                        Turn::Right if n_from > 1 && (has(Turn::Through) || has(Turn::Left)) => 0..1,
                        _ => 0..n_from,
                    };
                    let to_lanes = match turn {
                        Turn::Right if n_to > 1 => 0..1,
                        Turn::Left | Turn::UTurn if n_to > 1 => n_to - 1..n_to,
                        _ => 0..n_to.min(n_from.max(1)).max(1),
                    };
                    let name = links[from.index()].ref_.as_str();
                    let major = name.starts_with("main") || name.starts_with("ring");
                    let left = matches!(turn, Turn::Left | Turn::UTurn);
                    let priority = match (kind, major, left) {
                        (Kind::Signal(_), _, false) | (Kind::Ring, true, _) | (Kind::Priority, true, false) => Priority::MAJOR,
                        (Kind::Signal(_), _, true) | (Kind::Priority, true, true) => Priority::MAJOR_LEFT,
                        (_, _, false) => Priority::MINOR,
                        (_, _, true) => Priority::MINOR_LEFT,
                    };
                    movements.push(Movement {
                        junction: JunctionId::from_index(j),
                        from: *from,
                        to: *to,
                        turn: *turn,
                        access: ClassSet::ALL,
                        from_lanes,
                        to_lanes,
                        priority,
                        group: None,
                    });
                }
            }
            let end = movements.len() as u32;
            let kind = match kind {
                Kind::Priority => JunctionKind::Priority,
                Kind::Ring => JunctionKind::Roundabout,
                Kind::End => JunctionKind::Terminal,
                Kind::Signal(green_s) => {
                    // Approaches that are roughly in line share a group.
                    let axis = |m: &Movement| u16::from(libm_sin(heading(m.from)).abs() > 0.7);
                    let mut by_group: BTreeMap<u16, Vec<MovementId>> = BTreeMap::new();
                    for m in start..end {
                        by_group.entry(axis(&movements[m as usize])).or_default().push(MovementId(m));
                    }
                    let mut groups = Vec::new();
                    for (n, (_, ids)) in by_group.into_iter().enumerate() {
                        for m in &ids {
                            movements[m.index()].group = Some(n as u16);
                        }
                        groups.push(SignalGroup { name: n.to_string(), movements: ids });
                    }
                    let mut phases: Vec<Phase> = (0..groups.len())
                        .map(|g| Phase { groups: vec![g as u16], green_s: *green_s, yellow_s: 3.0, all_red_s: 2.0 })
                        .collect();
                    if phases.len() == 1 {
                        // Red time on a road without cross traffic.
                        phases[0].all_red_s = 30.0;
                    }
                    controllers.push(SignalController {
                        ref_: format!("c{j}").into(),
                        junction: JunctionId::from_index(j),
                        groups,
                        plan: SignalPlan::new(0.0, phases).unwrap(),
                        plan_is_assumed: false,
                    });
                    JunctionKind::Signal(ControllerId::from_index(controllers.len() - 1))
                }
            };
            junctions.push(Junction {
                ref_: format!("j{j}").into(),
                name: None,
                centre: *centre,
                kind,
                incoming,
                outgoing,
                movements: start..end,
            });
        }
        let meta = NetworkMeta {
            name: "test".into(),
            source: "test".into(),
            attribution: String::new(),
            is_sketch: true,
            driving_side: DrivingSide::Right,
            frame: Frame { origin: LatLon { lat: 10.0, lon: 105.0 } },
        };
        let network = RoadNetwork { meta, junctions, links, movements, controllers, places: vec![] };
        network.check().unwrap();
        Arc::new(network)
    }
}

fn libm_sin(x: f64) -> f64 {
    x.sin()
}

/// The link with this name.
pub fn link(network: &RoadNetwork, name: &str) -> LinkId {
    LinkId::from_index(network.links.iter().position(|l| l.ref_.as_str() == name).unwrap_or_else(|| panic!("no link {name}")))
}

/// A shortest route by links.
pub fn route(network: &RoadNetwork, from: LinkId, to: LinkId) -> Option<Arc<[LinkId]>> {
    let mut before: BTreeMap<LinkId, LinkId> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(l) = queue.pop_front() {
        if l == to {
            let mut path = vec![l];
            while let Some(p) = before.get(path.last().unwrap()).filter(|_| *path.last().unwrap() != from) {
                path.push(*p);
            }
            path.reverse();
            return Some(path.into());
        }
        for m in network.movements_from(l) {
            let next = network.movement(m).to;
            if next != from && !before.contains_key(&next) {
                before.insert(next, l);
                queue.push_back(next);
            }
        }
    }
    None
}

/// A generator for test demand.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }
    pub fn roll(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[((self.roll() * of.len() as f64) as usize).min(of.len() - 1)]
    }
}

/// Classes with their shares.
pub type Mix = [(VehicleClass, f64)];
/// 80 % motorcycles, 10 % articulated trucks, cars.
pub const TRUCKS: &Mix = &[(VehicleClass::Motorcycle, 0.8), (VehicleClass::ArticulatedTruck, 0.1), (VehicleClass::Car, 0.1)];
/// 80 % motorcycles, cars, a bus and a bicycle here and there.
pub const CITY: &Mix =
    &[(VehicleClass::Motorcycle, 0.8), (VehicleClass::Car, 0.14), (VehicleClass::Bus, 0.02), (VehicleClass::Bicycle, 0.04)];
/// Cars only.
pub const CARS: &Mix = &[(VehicleClass::Car, 1.0)];
/// Motorcycles only.
pub const MOTORCYCLES: &Mix = &[(VehicleClass::Motorcycle, 1.0)];

pub fn class_of(mix: &Mix, dice: &mut Dice) -> VehicleClass {
    let mut left = dice.roll();
    for (class, share) in mix {
        if left < *share {
            return *class;
        }
        left -= share;
    }
    mix[0].0
}

/// A trip along a route.
pub fn trip(name: &str, class: VehicleClass, depart_s: f64, from_m: f32, to_m: f32, route: Arc<[LinkId]>) -> Trip {
    Trip {
        ref_: name.into(),
        class,
        purpose: Purpose::Personal,
        depart_s,
        origin: LinkPosition { link: route[0], pos_m: from_m },
        destination: LinkPosition { link: *route.last().unwrap(), pos_m: to_m },
        route,
        halts: Arc::default(),
    }
}

/// Trips from each of `froms` to one of `tos`, `per_hour` in all, over `seconds`.
pub fn demand(network: &RoadNetwork, froms: &[&str], tos: &[&str], mix: &Mix, per_hour: f64, seconds: f64, seed: u64) -> Vec<Trip> {
    let mut dice = Dice::new(seed);
    let count = (per_hour * seconds / 3600.0) as usize;
    let mut trips = Vec::new();
    while trips.len() < count {
        let (from, to) = (link(network, dice.pick(froms)), link(network, dice.pick(tos)));
        let (class, at) = (class_of(mix, &mut dice), dice.roll() * seconds);
        let Some(route) = route(network, from, to) else { continue };
        if route.len() < 2 {
            continue;
        }
        let to_m = network.link(*route.last().unwrap()).length_m * 0.95;
        trips.push(trip(&format!("t{}", trips.len()), class, at, 0.0, to_m, route));
    }
    trips
}

pub fn config(step_s: f32) -> SimConfig {
    SimConfig { seed: 1, step_s, start_s: 0.0, threads: 1, interval_s: 300.0, conflicts: false }
}

pub fn simulation(network: &Arc<RoadNetwork>, trips: Vec<Trip>, step_s: f32) -> Simulation {
    Simulation::new(network.clone(), ClassTable::default(), trips, vec![], config(step_s)).unwrap()
}

/// Runs for `seconds`, checking every step; panics with the violation.
pub fn run_checked(simulation: &mut Simulation, seconds: f64) -> CheckSummary {
    let until_s = simulation.time_s() + seconds;
    watch_checked(simulation, until_s, |_| {})
}

/// Runs to `until_s`, checking every step, and calls `look` after each; panics with the violation.
pub fn watch_checked(simulation: &mut Simulation, until_s: f64, mut look: impl FnMut(&Simulation)) -> CheckSummary {
    let mut checker = Checker::new(simulation);
    while simulation.time_s() < until_s - 1e-6 {
        simulation.step();
        if let Err(violation) = checker.after_step(simulation) {
            panic!("{violation}\n{:?}", simulation.population());
        }
        look(simulation);
    }
    checker.summary()
}

/// A straight road of `length_m` cut into links of `piece_m`, with a signal at its end and 200 m beyond.
pub fn approach(lanes: u8, length_m: f64, piece_m: f64, signal: bool) -> (Arc<RoadNetwork>, Vec<String>) {
    let mut town = Town::default();
    let pieces = (length_m / piece_m).round().max(1.0) as usize;
    let start = town.node(0.0, 0.0, Kind::End, 0.0);
    let mut last = start;
    let mut names = Vec::new();
    for i in 1..=pieces {
        let end = i == pieces;
        let kind = if end && signal { Kind::Signal(45.0) } else { Kind::Priority };
        let radius = if end { 5.0 } else { 0.05 };
        let node = town.node(i as f64 * length_m / pieces as f64, 0.0, kind, radius);
        names.push(format!("main{i}"));
        town.one_way(&format!("main{i}"), last, node, lanes, 3.5);
        last = node;
    }
    let exit = town.node(length_m + 300.0, 0.0, Kind::End, 0.0);
    names.push("main-exit".into());
    town.one_way("main-exit", last, exit, lanes, 3.5);
    (town.build(), names)
}

/// A junction of four two-way roads of 200 m.
pub fn cross(kind: Kind, lanes: u8) -> Arc<RoadNetwork> {
    let mut town = Town::default();
    let centre = town.node(0.0, 0.0, kind, 6.0 + 3.5 * f64::from(lanes));
    for (name, x, y) in [("side-n", 0.0, 200.0), ("main-e", 200.0, 0.0), ("side-s", 0.0, -200.0), ("main-w", -200.0, 0.0)] {
        let end = town.node(x, y, Kind::End, 0.0);
        town.two_way(name, end, centre, lanes, 3.5);
    }
    town.build()
}

/// A grid of `n` × `n` signalised junctions, 120 m apart, with entries all around.
pub fn grid(n: usize, lanes: u8, kind: Kind) -> (Arc<RoadNetwork>, Vec<String>, Vec<String>) {
    grid_of(n, 120.0, lanes, kind)
}

/// A grid of `n` × `n` junctions, `block_m` apart, with entries all around.
pub fn grid_of(n: usize, block_m: f64, lanes: u8, kind: Kind) -> (Arc<RoadNetwork>, Vec<String>, Vec<String>) {
    let mut town = Town::default();
    let radius = 6.0 + 3.5 * f64::from(lanes);
    let at = |i: usize| i as f64 * block_m;
    let node: Vec<Vec<usize>> = (0..n).map(|x| (0..n).map(|y| town.node(at(x), at(y), kind, radius)).collect()).collect();
    let (mut ins, mut outs) = (Vec::new(), Vec::new());
    for x in 0..n {
        for y in 0..n {
            if x + 1 < n {
                town.two_way(&format!("main-{x}-{y}-e"), node[x][y], node[x + 1][y], lanes, 3.5);
            }
            if y + 1 < n {
                town.two_way(&format!("side-{x}-{y}-n"), node[x][y], node[x][y + 1], lanes, 3.5);
            }
        }
    }
    for i in 0..n {
        let far = at(n - 1) + block_m;
        for (k, (x, y, inner)) in
            [(at(i), -block_m, node[i][0]), (at(i), far, node[i][n - 1]), (-block_m, at(i), node[0][i]), (far, at(i), node[n - 1][i])]
                .into_iter()
                .enumerate()
        {
            let end = town.node(x, y, Kind::End, 0.0);
            let name = format!("edge{k}-{i}");
            town.two_way(&name, end, inner, lanes, 3.5);
            ins.push(format!("{name}>"));
            outs.push(format!("{name}<"));
        }
    }
    (town.build(), ins, outs)
}

/// A roundabout of one ring lane with four two-way arms.
pub fn roundabout(ring_lanes: u8) -> Arc<RoadNetwork> {
    let mut town = Town::default();
    let r = 22.0;
    let mut nodes = Vec::new();
    for k in 0..4 {
        let a = f64::from(k) * core::f64::consts::FRAC_PI_2;
        nodes.push(town.node(r * a.cos(), r * a.sin(), Kind::Ring, 5.0));
    }
    for k in 0..4 {
        town.one_way(&format!("ring{k}"), nodes[k], nodes[(k + 1) % 4], ring_lanes, 4.0);
        let a = k as f64 * core::f64::consts::FRAC_PI_2;
        let end = town.node(200.0 * a.cos(), 200.0 * a.sin(), Kind::End, 0.0);
        town.two_way(&format!("arm{k}"), end, nodes[k], 1, 3.5);
    }
    town.build()
}

/// `count` trips that begin anywhere on the network within the first 10 s and wander `blocks` links on, never straight back.
pub fn prefilled(network: &RoadNetwork, count: usize, mix: &Mix, blocks: usize, seed: u64) -> Vec<Trip> {
    let mut dice = Dice::new(seed);
    let mut trips = Vec::new();
    while trips.len() < count {
        let mut route = vec![LinkId::from_index((dice.roll() * network.links.len() as f64) as usize)];
        while route.len() < blocks {
            let ways: Vec<LinkId> = network.movements_from(route[route.len() - 1]).map(|m| network.movement(m).to).collect();
            if ways.is_empty() {
                break;
            }
            route.push(dice.pick(&ways));
        }
        if route.len() < blocks {
            continue;
        }
        let from_m = network.link(route[0]).length_m * dice.roll() as f32;
        let to_m = network.link(route[blocks - 1]).length_m * 0.95;
        trips.push(trip(&format!("t{}", trips.len()), class_of(mix, &mut dice), dice.roll() * 10.0, from_m, to_m, route.into()));
    }
    trips
}

/// The names as `&str`s.
pub fn strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}
