//! Small networks built in code, and demand on them.
#![allow(dead_code, unreachable_pub, reason = "shared by test programs, each of which uses its own part")]
#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

use sim_core::{
    check::{CheckSummary, Checker},
    class::{ClassTable, VehicleClass},
    demand::{LinkPosition, Purpose, Trip},
    ids::LinkId,
    network::{FerryService, RoadNetwork, town},
    simulation::{SimConfig, Simulation},
};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

pub use town::Control as Kind;

/// A network in the making in which roads whose name begins with `main` or `ring` have the right of way.
#[derive(Default)]
pub struct Town(town::Town);

impl Town {
    /// A node; `radius_m` is how far from it the stop lines are.
    pub fn node(&mut self, x: f64, y: f64, kind: Kind, radius_m: f64) -> usize {
        self.0.node(x, y, kind, radius_m)
    }

    /// A one-way road.
    pub fn one_way(&mut self, name: &str, from: usize, to: usize, lanes: u8, lane_m: f32) {
        let is_main = name.starts_with("main") || name.starts_with("ring");
        self.0.one_way(name, from, to, lanes, lane_m, is_main);
    }

    /// Both directions.
    pub fn two_way(&mut self, name: &str, a: usize, b: usize, lanes: u8, lane_m: f32) {
        self.one_way(&format!("{name}>"), a, b, lanes, lane_m);
        self.one_way(&format!("{name}<"), b, a, lanes, lane_m);
    }

    /// A one-way ferry.
    pub fn ferry(&mut self, name: &str, from: usize, to: usize, service: FerryService) {
        self.0.ferry(name, from, to, service);
    }

    /// The network.
    pub fn build(self) -> Arc<RoadNetwork> {
        self.0.build().unwrap()
    }
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
    SimConfig { seed: 1, step_s, start_s: 0.0, threads: 1, interval_s: 300.0, conflicts: false, ..SimConfig::default() }
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

/// A straight road of `length_m` cut into links of `piece_m`, with a signal at its end and 300 m beyond; the names of its links.
pub fn approach(lanes: u8, length_m: f64, piece_m: f64, signal: bool) -> (Arc<RoadNetwork>, Vec<String>) {
    let network = town::approach(lanes, 3.5, length_m, piece_m, signal).unwrap();
    let names = network.links.iter().map(|l| l.ref_.to_string()).collect();
    (network, names)
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

/// A grid of `n` × `n` junctions, `block_m` apart, with entries all around; the names of the ways in and of those out.
pub fn grid_of(n: usize, block_m: f64, lanes: u8, kind: Kind) -> (Arc<RoadNetwork>, Vec<String>, Vec<String>) {
    let network = town::grid(n, block_m, lanes, kind).unwrap();
    let edges = |end: char| (0..n).flat_map(move |i| (0..4).map(move |k| format!("edge{k}-{i}{end}"))).collect();
    (network, edges('>'), edges('<'))
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
