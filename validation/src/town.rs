//! Small networks made in code: nodes, roads between them, and trips on them. The places where theory has answers are built of these.

use crate::check::Trouble;
use sim_core::{
    class::{ClassSet, ClassTable, VehicleClass},
    demand::{LinkPosition, Purpose, Trip},
    geometry::{Frame, LatLon, Point, polyline_length_m, turn_between},
    ids::{ControllerId, JunctionId, LinkId, MovementId},
    network::{
        DrivingSide, Junction, JunctionKind, Lane, LaneKind, Link, LinkKind, Movement, NetworkMeta, Phase, Priority, RoadClass,
        RoadNetwork, SignalController, SignalGroup, SignalPlan, SpeedLimits, Turn, TurnSet,
    },
    reference::Ref,
    simulation::{SimConfig, Simulation},
};
use std::{ops::Range, sync::Arc};

/// From this angle on a way is a turn, radians.
const TURN_RAD: f64 = 0.7;

/// How a node is controlled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Control {
    /// An end of the network.
    End,
    /// Main roads first, then others; left turns give way to those they cross.
    Priority,
    /// Two phases, one per axis, each with this green, 3 s of yellow and 2 s of red for all.
    Signal(f32),
}

struct Node {
    at: Point,
    control: Control,
    /// How far from the node the stop lines are, metres.
    radius_m: f64,
}

/// A one-way road between two nodes.
#[derive(Clone, Debug)]
pub struct Road {
    /// Its name.
    pub name: String,
    /// Node it begins at.
    pub from: usize,
    /// Node it ends at.
    pub to: usize,
    /// Lanes.
    pub lanes: u8,
    /// Width of each, metres.
    pub lane_m: f32,
    /// Whether it has the right of way.
    pub is_main: bool,
    /// Limit for all classes, m/s.
    pub limit_mps: f32,
    /// Its line between the nodes; straight if empty.
    pub line: Vec<Point>,
}

/// A network in the making.
#[derive(Default)]
pub struct Town {
    nodes: Vec<Node>,
    roads: Vec<Road>,
}

/// 50 km/h.
pub const LIMIT_MPS: f32 = 50.0 / 3.6;

impl Town {
    /// A node; its number.
    pub fn node(&mut self, x: f64, y: f64, control: Control, radius_m: f64) -> usize {
        self.nodes.push(Node { at: Point::new(x, y), control, radius_m });
        self.nodes.len() - 1
    }

    /// A one-way road at 50 km/h.
    pub fn one_way(&mut self, name: impl Into<String>, from: usize, to: usize, lanes: u8, lane_m: f32, is_main: bool) {
        self.road(Road { name: name.into(), from, to, lanes, lane_m, is_main, limit_mps: LIMIT_MPS, line: vec![] });
    }

    /// A road.
    pub fn road(&mut self, road: Road) {
        self.roads.push(road);
    }

    /// Both directions, named `name>` from `a` to `b` and `name<` back.
    pub fn two_way(&mut self, name: &str, a: usize, b: usize, lanes: u8, lane_m: f32, is_main: bool) {
        self.one_way(format!("{name}>"), a, b, lanes, lane_m, is_main);
        self.one_way(format!("{name}<"), b, a, lanes, lane_m, is_main);
    }

    fn link(&self, road: &Road) -> Link {
        let (a, b) = (&self.nodes[road.from], &self.nodes[road.to]);
        let width_m = f32::from(road.lanes) * road.lane_m;
        let geometry = if road.line.is_empty() {
            let heading = a.at.heading_to(b.at);
            let has_other_way = self.roads.iter().any(|r| r.from == road.to && r.to == road.from);
            let aside_m = if has_other_way { f64::from(width_m) / 2.0 } else { 0.0 };
            let shift = |p: Point| p.ahead(heading - core::f64::consts::FRAC_PI_2, aside_m);
            vec![shift(a.at.ahead(heading, a.radius_m)), shift(b.at.ahead(heading, -b.radius_m))]
        } else {
            road.line.clone()
        };
        let lane = Lane { width_m: road.lane_m, kind: LaneKind::General, access: ClassSet::ALL, turns: TurnSet::UNMARKED };
        Link {
            ref_: Ref::from(road.name.clone()),
            name: None,
            road_number: None,
            from: JunctionId::from_index(road.from),
            to: JunctionId::from_index(road.to),
            class: if road.is_main { RoadClass::Primary } else { RoadClass::Residential },
            kind: LinkKind::Road,
            length_m: polyline_length_m(&geometry).max(1.0) as f32,
            geometry,
            width_m,
            lanes: vec![lane; usize::from(road.lanes)],
            limits: SpeedLimits::uniform(road.limit_mps),
            access: ClassSet::ALL,
            opposite: None,
            is_roundabout: false,
            is_bridge: false,
            is_urban: true,
            is_toll: false,
        }
    }

    /// The network.
    ///
    /// # Errors
    /// What is not right with it.
    pub fn build(self) -> Result<Arc<RoadNetwork>, Trouble> {
        let links: Vec<Link> = self.roads.iter().map(|r| self.link(r)).collect();
        let (mut junctions, mut movements, mut controllers) = (Vec::new(), Vec::new(), Vec::new());
        for (j, node) in self.nodes.iter().enumerate() {
            let listed = |end: fn(&Link) -> JunctionId| -> Vec<LinkId> {
                (0..links.len()).filter(|i| end(&links[*i]).index() == j).map(LinkId::from_index).collect()
            };
            let (incoming, outgoing) = (listed(|l| l.to), listed(|l| l.from));
            let start = movements.len();
            for from in &incoming {
                self.movements_from(*from, &outgoing, &links, node.control, &mut movements);
            }
            let range = start as u32..movements.len() as u32;
            let kind = match node.control {
                Control::End => JunctionKind::Terminal,
                Control::Priority => JunctionKind::Priority,
                Control::Signal(green_s) => {
                    let id = ControllerId::from_index(controllers.len());
                    controllers.push(controller(j, green_s, start, &mut movements, &links)?);
                    JunctionKind::Signal(id)
                }
            };
            junctions.push(Junction {
                ref_: Ref::from(format!("j{j}")),
                name: None,
                centre: node.at,
                kind,
                incoming,
                outgoing,
                movements: range,
            });
        }
        let meta = NetworkMeta {
            name: "made in code".into(),
            source: "made in code".into(),
            attribution: String::new(),
            is_sketch: true,
            driving_side: DrivingSide::Right,
            frame: Frame { origin: LatLon { lat: 10.386, lon: 105.435 } },
        };
        let network = RoadNetwork { meta, junctions, links, movements, controllers, places: vec![] };
        network.check().map_err(Trouble::broken)?;
        Ok(Arc::new(network))
    }

    fn movements_from(&self, from: LinkId, outgoing: &[LinkId], links: &[Link], control: Control, movements: &mut Vec<Movement>) {
        let comes = &links[from.index()];
        let goes_back = |to: &LinkId| links[to.index()].to == comes.from && links[to.index()].from == comes.to;
        let turn_of = |to: LinkId| {
            let angle = turn_between(heading_at_end(comes), heading_at_start(&links[to.index()]));
            if angle > TURN_RAD {
                Turn::Left
            } else if angle < -TURN_RAD {
                Turn::Right
            } else {
                Turn::Through
            }
        };
        // Nobody turns back, but two roads that join the same two nodes in a ring do not lead back.
        let ways: Vec<(LinkId, Turn)> =
            outgoing.iter().filter(|to| outgoing.len() == 1 || !goes_back(to)).map(|to| (*to, turn_of(*to))).collect();
        for (to, turn) in &ways {
            let (n_from, n_to) = (comes.lanes.len() as u8, links[to.index()].lanes.len() as u8);
            let is_only_way = ways.len() == 1;
            let from_lanes = match turn {
                Turn::Left if !is_only_way => n_from - 1..n_from,
                Turn::Right if !is_only_way => 0..1,
                _ => 0..n_from,
            };
            let to_lanes: Range<u8> = match turn {
                Turn::Left if !is_only_way => n_to - 1..n_to,
                Turn::Right if !is_only_way => 0..1,
                _ => 0..n_to.min(n_from),
            };
            let is_first = comes.class == RoadClass::Primary || matches!(control, Control::Signal(_));
            let priority = match (is_first, *turn == Turn::Left) {
                (true, false) => Priority::MAJOR,
                (true, true) => Priority::MAJOR_LEFT,
                (false, false) => Priority::MINOR,
                (false, true) => Priority::MINOR_LEFT,
            };
            movements.push(Movement {
                junction: comes.to,
                from,
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
}

fn heading_at_end(link: &Link) -> f64 {
    let n = link.geometry.len();
    link.geometry[n - 2].heading_to(link.geometry[n - 1])
}

fn heading_at_start(link: &Link) -> f64 {
    link.geometry[0].heading_to(link.geometry[1])
}

/// A controller with one group per axis; on a road without cross traffic the red lasts 30 s.
fn controller(j: usize, green_s: f32, start: usize, movements: &mut [Movement], links: &[Link]) -> Result<SignalController, Trouble> {
    let is_north_south = |m: &Movement| libm_is_steep(heading_at_end(&links[m.from.index()]));
    let mut axes: Vec<bool> = movements[start..].iter().map(is_north_south).collect();
    axes.sort_unstable();
    axes.dedup();
    let mut groups: Vec<SignalGroup> = axes.iter().map(|a| SignalGroup { name: format!("axis {a}"), movements: vec![] }).collect();
    for (i, movement) in movements.iter_mut().enumerate().skip(start) {
        let axis = libm_is_steep(heading_at_end(&links[movement.from.index()]));
        let group = axes.iter().position(|a| *a == axis).unwrap_or(0);
        movement.group = Some(group as u16);
        groups[group].movements.push(MovementId::from_index(i));
    }
    let all_red_s = if groups.len() == 1 { 30.0 } else { 2.0 };
    let phases = (0..groups.len()).map(|g| Phase { groups: vec![g as u16], green_s, yellow_s: 3.0, all_red_s }).collect();
    Ok(SignalController {
        ref_: Ref::from(format!("c{j}")),
        junction: JunctionId::from_index(j),
        groups,
        plan: SignalPlan::new(0.0, phases).map_err(Trouble::broken)?,
        plan_is_assumed: false,
    })
}

/// Whether a heading leads more north or south than east or west.
fn libm_is_steep(heading: f64) -> bool {
    Point::new(0.0, 0.0).ahead(heading, 1.0).y.abs() > core::f64::consts::FRAC_1_SQRT_2 + 1e-6
}

/// The link of this name.
///
/// # Errors
/// There is none.
pub fn link(network: &RoadNetwork, name: &str) -> Result<LinkId, Trouble> {
    let at = network.links.iter().position(|l| l.ref_.as_str() == name);
    at.map(LinkId::from_index).ok_or_else(|| Trouble::Broken(format!("the network has no road {name}")))
}

/// A straight road of `length_m`, in pieces of about `piece_m`, with a signal (45 s of green, 33 s of yellow and red) at its end if
/// wished, and 300 m beyond; and the names of its links.
///
/// # Errors
/// What is not right with it.
pub fn approach(
    lanes: u8,
    lane_m: f32,
    length_m: f64,
    piece_m: f64,
    is_signal: bool,
) -> Result<(Arc<RoadNetwork>, Arc<[LinkId]>), Trouble> {
    let mut town = Town::default();
    let pieces = (length_m / piece_m).round().max(1.0) as usize;
    let mut last = town.node(0.0, 0.0, Control::End, 0.0);
    for i in 1..=pieces {
        let is_end = i == pieces;
        let control = if is_end && is_signal { Control::Signal(45.0) } else { Control::Priority };
        let node = town.node(i as f64 * length_m / pieces as f64, 0.0, control, if is_end { 5.0 } else { 0.05 });
        town.one_way(format!("piece{i}"), last, node, lanes, lane_m, true);
        last = node;
    }
    let exit = town.node(length_m + 300.0, 0.0, Control::End, 0.0);
    town.one_way("exit", last, exit, lanes, lane_m, true);
    Ok((town.build()?, (0..=pieces).map(LinkId::from_index).collect()))
}

/// One straight link of `length_m` from west to east.
///
/// # Errors
/// What is not right with it.
pub fn straight(lanes: u8, lane_m: f32, length_m: f64) -> Result<Arc<RoadNetwork>, Trouble> {
    let mut town = Town::default();
    let (from, to) = (town.node(0.0, 0.0, Control::End, 0.0), town.node(length_m, 0.0, Control::End, 0.0));
    town.one_way("road", from, to, lanes, lane_m, true);
    town.build()
}

/// `n` × `n` signalised junctions `block_m` apart, all roads two-way, with entries all around.
///
/// # Errors
/// What is not right with it.
pub fn grid(n: usize, block_m: f64, lanes: u8) -> Result<Arc<RoadNetwork>, Trouble> {
    let mut town = Town::default();
    let (radius_m, green_s) = (6.0 + 3.5 * f64::from(lanes), 25.0);
    let at = |i: usize| i as f64 * block_m;
    for i in 0..n * n {
        town.node(at(i / n), at(i % n), Control::Signal(green_s), radius_m);
    }
    for x in 0..n {
        for y in 0..n {
            if x + 1 < n {
                town.two_way(&format!("main-{x}-{y}"), x * n + y, (x + 1) * n + y, lanes, 3.5, true);
            }
            if y + 1 < n {
                town.two_way(&format!("side-{x}-{y}"), x * n + y, x * n + y + 1, lanes, 3.5, false);
            }
        }
    }
    for i in 0..n {
        let far = at(n - 1) + block_m;
        let ends = [(at(i), -block_m, i * n), (at(i), far, i * n + n - 1), (-block_m, at(i), i), (far, at(i), (n - 1) * n + i)];
        for (k, (x, y, inner)) in ends.into_iter().enumerate() {
            let end = town.node(x, y, Control::End, 0.0);
            town.two_way(&format!("edge{k}-{i}"), end, inner, lanes, 3.5, false);
        }
    }
    town.build()
}

/// Random numbers for made-up demand (xorshift64*).
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice with a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// From 0 to 1.
    pub fn roll(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One of some.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[((self.roll() * of.len() as f64) as usize).min(of.len() - 1)]
    }

    /// The times of a Poisson process of `per_s` a second up to `end_s`.
    pub fn poisson(&mut self, per_s: f64, end_s: f64) -> Vec<f64> {
        let mut times = Vec::new();
        let mut now = 0.0;
        loop {
            now -= (1.0 - self.roll()).ln() / per_s;
            if now >= end_s {
                return times;
            }
            times.push(now);
        }
    }
}

/// Classes with their shares.
pub type Mix<'a> = &'a [(VehicleClass, f64)];

/// A class drawn from a mix.
pub fn class_of(mix: Mix, dice: &mut Dice) -> VehicleClass {
    let mut left = dice.roll();
    for (class, share) in mix {
        if left < *share {
            return *class;
        }
        left -= share;
    }
    mix[0].0
}

/// A trip along a route, from `from_m` of its first link to `to_m` of its last.
pub fn trip(name: impl Into<String>, class: VehicleClass, depart_s: f64, from_m: f32, to_m: f32, route: &Arc<[LinkId]>) -> Trip {
    Trip {
        ref_: Ref::from(name.into()),
        class,
        purpose: Purpose::Personal,
        depart_s,
        origin: LinkPosition { link: route[0], pos_m: from_m },
        destination: LinkPosition { link: route[route.len() - 1], pos_m: to_m },
        route: route.clone(),
        halts: Arc::default(),
    }
}

/// `count` trips that begin anywhere in the first 10 s and wander over `links` links, never straight back.
///
/// # Errors
/// A network on which nobody can wander so far.
pub fn wanderers(network: &RoadNetwork, count: usize, mix: Mix, links: usize, seed: u64) -> Result<Vec<Trip>, Trouble> {
    let mut dice = Dice::new(seed);
    let mut trips = Vec::with_capacity(count);
    for _ in 0..count * 200 {
        if trips.len() == count {
            return Ok(trips);
        }
        let mut route = vec![LinkId::from_index((dice.roll() * network.links.len() as f64) as usize)];
        while route.len() < links {
            let ways: Vec<LinkId> = network.movements_from(route[route.len() - 1]).map(|m| network.movement(m).to).collect();
            // Roads that lead out of the network end the journey: turn elsewhere while there is a choice.
            let inner: Vec<LinkId> = ways.iter().copied().filter(|l| network.movements_from(*l).next().is_some()).collect();
            match (inner.is_empty(), ways.is_empty()) {
                (false, _) => route.push(dice.pick(&inner)),
                (true, false) => route.push(dice.pick(&ways)),
                (true, true) => break,
            }
        }
        if route.len() == links {
            let from_m = network.link(route[0]).length_m * dice.roll() as f32;
            let to_m = network.link(route[links - 1]).length_m * 0.95;
            let (class, at) = (class_of(mix, &mut dice), dice.roll() * 10.0);
            trips.push(trip(format!("t{}", trips.len()), class, at, from_m, to_m, &route.into()));
        }
    }
    Err(Trouble::Broken(format!("only {} of {count} trips over {links} links found", trips.len())))
}

/// A simulation with the shipped classes, one thread.
///
/// # Errors
/// What the engine has against it.
pub fn simulation(network: &Arc<RoadNetwork>, trips: Vec<Trip>, step_s: f32) -> Result<Simulation, Trouble> {
    simulation_with(network, ClassTable::default(), trips, step_s)
}

/// The same with these classes.
///
/// # Errors
/// What the engine has against it.
pub fn simulation_with(network: &Arc<RoadNetwork>, classes: ClassTable, trips: Vec<Trip>, step_s: f32) -> Result<Simulation, Trouble> {
    let config = SimConfig { step_s, interval_s: 300.0, ..SimConfig::default() };
    Simulation::new(network.clone(), classes, trips, vec![], config).map_err(Trouble::broken)
}

/// The shipped classes after `change` to one of them.
///
/// # Errors
/// A parameter out of its range.
pub fn classes_with(class: VehicleClass, change: impl Fn(&mut sim_core::class::ClassParams)) -> Result<ClassTable, Trouble> {
    let shipped = ClassTable::default();
    let mut entries = VehicleClass::ALL.map(|c| shipped.get(c).clone());
    change(&mut entries[class.index()]);
    ClassTable::new(entries).map_err(Trouble::broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn towns_are_valid_networks_with_the_turns_they_should_have() {
        let grid = grid(3, 120.0, 2).unwrap();
        assert_eq!((grid.controllers.len(), grid.links.len()), (9, 2 * (12 + 12)));
        // Four approaches with three ways each at every junction, and the way back at the twelve ends.
        assert_eq!(grid.movements.len(), 9 * 12 + 12);
        let (road, route) = approach(2, 3.5, 300.0, 30.0, true).unwrap();
        assert_eq!((route.len(), road.movements.len()), (11, 10));
        assert!(wanderers(&grid, 50, &[(VehicleClass::Car, 1.0)], 20, 1).unwrap().iter().all(|t| t.route.len() == 20));
    }

    #[test]
    fn a_poisson_process_has_its_rate() {
        let n = Dice::new(3).poisson(0.5, 100_000.0).len();
        assert!((49_300..50_700).contains(&n), "{n}");
    }
}
