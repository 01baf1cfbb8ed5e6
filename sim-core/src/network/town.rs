//! Small networks made in code: nodes, roads between them, and the turns, rights of way and signals that follow. Tests, examples and the
//! validation build the places of these where theory has answers.

use super::{
    DrivingSide, FerryService, Junction, JunctionKind, Lane, LaneKind, Link, LinkKind, Movement, NetworkError, NetworkMeta, Phase,
    Priority, RoadClass, RoadNetwork, SignalController, SignalGroup, SignalPlan, SignalPlanError, SpeedLimits, Turn, TurnSet,
};
use crate::{
    class::ClassSet,
    geometry::{Frame, LatLon, Point, polyline_length_m, turn_between},
    ids::{ControllerId, JunctionId, LinkId, MovementId},
    reference::Ref,
};
use core::f64::consts::{FRAC_1_SQRT_2, FRAC_PI_2};
use std::{ops::Range, sync::Arc};

/// From this angle on a way is a turn, radians (40°, assumed).
const TURN_RAD: f64 = 0.7;
/// From this angle on a way to where one comes from is a turn back, radians (150°, assumed); two roads that make a ring do not lead back.
const BACK_RAD: f64 = 2.6;
/// Yellow of a signal, seconds.
const YELLOW_S: f32 = 3.0;
/// Red for all after a phase, seconds.
const ALL_RED_S: f32 = 2.0;
/// The same on a road without cross traffic: its red, seconds.
const LONE_RED_S: f32 = 30.0;

/// 50 km/h, the limit of a road of which nothing else is said, m/s.
pub const LIMIT_MPS: f32 = 50.0 / 3.6;

/// How a node is controlled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Control {
    /// An end of the network.
    End,
    /// Main roads first, then others; left turns give way to those they cross.
    Priority,
    /// Two phases, one per axis, each with this green (seconds), 3 s of yellow and 2 s of red for all.
    Signal(f32),
    /// A node of a ring: roads from one such node to another are the ring, which goes first if they are main roads.
    Ring,
}

/// A one-way road between two nodes.
#[derive(Clone, Debug)]
pub struct Road {
    /// Its name, which no other road has.
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
    /// Its line from stop line to stop line; if empty, straight between the nodes less their radii, beside the way back if there is one.
    pub line: Vec<Point>,
}

/// Why a town is no network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TownError {
    /// A road to or from a node that was never made.
    #[error("road {road} joins nodes {from} and {to}, expected numbers below {nodes}")]
    NoNode {
        /// The road.
        road: String,
        /// Node it begins at.
        from: usize,
        /// Node it ends at.
        to: usize,
        /// How many nodes there are.
        nodes: usize,
    },
    /// A signal whose plan cannot be.
    #[error("the signal at node {node}: {source}")]
    Signal {
        /// The node.
        node: usize,
        /// What is wrong.
        source: SignalPlanError,
    },
    /// An invariant that does not hold.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

#[derive(Debug)]
struct Node {
    at: Point,
    control: Control,
    /// How far from the node the stop lines are, metres.
    radius_m: f64,
}

/// A network in the making. Junctions get the numbers of the nodes, links those of the roads, each in the order they were made.
#[derive(Debug, Default)]
pub struct Town {
    nodes: Vec<Node>,
    roads: Vec<(Road, LinkKind)>,
}

impl Town {
    /// A node at `x`, `y` (metres) whose stop lines are `radius_m` from it; its number.
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
        self.roads.push((road, LinkKind::Road));
    }

    /// Both directions, named `name>` from `a` to `b` and `name<` back.
    pub fn two_way(&mut self, name: &str, a: usize, b: usize, lanes: u8, lane_m: f32, is_main: bool) {
        self.one_way(format!("{name}>"), a, b, lanes, lane_m, is_main);
        self.one_way(format!("{name}<"), b, a, lanes, lane_m, is_main);
    }

    /// A one-way ferry of one lane of 3.5 m.
    pub fn ferry(&mut self, name: impl Into<String>, from: usize, to: usize, service: FerryService) {
        let road = Road { name: name.into(), from, to, lanes: 1, lane_m: 3.5, is_main: false, limit_mps: LIMIT_MPS, line: vec![] };
        self.roads.push((road, LinkKind::Ferry(service)));
    }

    /// The network: all turns but those back, which only ends of the network have.
    ///
    /// # Errors
    /// What is not right with it.
    pub fn build(self) -> Result<Arc<RoadNetwork>, TownError> {
        let nodes = self.nodes.len();
        if let Some((road, _)) = self.roads.iter().find(|(r, _)| r.from >= nodes || r.to >= nodes) {
            return Err(TownError::NoNode { road: road.name.clone(), from: road.from, to: road.to, nodes });
        }
        let links: Vec<Link> = self.roads.iter().map(|(road, kind)| self.link(road, kind)).collect();
        let (mut junctions, mut movements, mut controllers) = (Vec::new(), Vec::new(), Vec::new());
        for (j, node) in self.nodes.iter().enumerate() {
            let listed = |end: fn(&Link) -> JunctionId| -> Vec<LinkId> {
                (0..links.len()).filter(|i| end(&links[*i]).index() == j).map(LinkId::from_index).collect()
            };
            let (incoming, outgoing) = (listed(|l| l.to), listed(|l| l.from));
            let start = movements.len();
            for from in &incoming {
                add_movements(*from, &outgoing, &links, node.control, &mut movements);
            }
            let kind = match node.control {
                Control::End => JunctionKind::Terminal,
                Control::Priority => JunctionKind::Priority,
                Control::Ring => JunctionKind::Roundabout,
                Control::Signal(green_s) => {
                    let id = ControllerId::from_index(controllers.len());
                    let made = controller(j, green_s, start, &mut movements, &links);
                    controllers.push(made.map_err(|source| TownError::Signal { node: j, source })?);
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
                movements: start as u32..movements.len() as u32,
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
        network.check()?;
        Ok(Arc::new(network))
    }

    fn link(&self, road: &Road, kind: &LinkKind) -> Link {
        let (a, b) = (&self.nodes[road.from], &self.nodes[road.to]);
        let width_m = f32::from(road.lanes) * road.lane_m;
        let geometry = if road.line.is_empty() {
            let heading = a.at.heading_to(b.at);
            let has_other_way = self.roads.iter().any(|(r, _)| r.from == road.to && r.to == road.from);
            let aside_m = if has_other_way { f64::from(width_m) / 2.0 } else { 0.0 };
            let shift = |p: Point| p.ahead(heading - FRAC_PI_2, aside_m);
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
            kind: kind.clone(),
            length_m: polyline_length_m(&geometry).max(1.0) as f32,
            geometry,
            width_m,
            lanes: vec![lane; usize::from(road.lanes)],
            limits: SpeedLimits::uniform(road.limit_mps),
            access: ClassSet::ALL,
            opposite: None,
            is_roundabout: a.control == Control::Ring && b.control == Control::Ring,
            is_bridge: false,
            is_urban: true,
            is_toll: false,
        }
    }
}

/// The ways on from a link: turns from and to the lane of their side, where there is a choice, and all other ways from all lanes.
fn add_movements(from: LinkId, outgoing: &[LinkId], links: &[Link], control: Control, movements: &mut Vec<Movement>) {
    let comes = &links[from.index()];
    let goes_back = |to: &LinkId| links[to.index()].to == comes.from && links[to.index()].from == comes.to;
    let turn_of = |to: &LinkId| {
        let angle = turn_between(heading_at_end(comes), heading_at_start(&links[to.index()]));
        if goes_back(to) && angle.abs() > BACK_RAD {
            Turn::UTurn
        } else if angle > TURN_RAD {
            Turn::Left
        } else if angle < -TURN_RAD {
            Turn::Right
        } else {
            Turn::Through
        }
    };
    let ways: Vec<(LinkId, Turn)> =
        outgoing.iter().filter(|to| outgoing.len() == 1 || !goes_back(to)).map(|to| (*to, turn_of(to))).collect();
    let is_choice = ways.len() > 1;
    for (to, turn) in ways {
        let (n_from, n_to) = (comes.lanes.len() as u8, links[to.index()].lanes.len() as u8);
        let from_lanes = match turn {
            Turn::Left if is_choice => n_from.saturating_sub(1)..n_from,
            Turn::Right if is_choice => 0..1,
            _ => 0..n_from,
        };
        let to_lanes: Range<u8> = match turn {
            Turn::UTurn => n_to.saturating_sub(1)..n_to,
            Turn::Left if is_choice => n_to.saturating_sub(1)..n_to,
            Turn::Right if is_choice => 0..1,
            _ => 0..n_to.min(n_from),
        };
        let is_first = comes.class == RoadClass::Primary || matches!(control, Control::Signal(_));
        let is_left = matches!(turn, Turn::Left | Turn::UTurn);
        let priority = match (is_first, is_left) {
            // Nothing crosses a ring on its left.
            (true, true) if control != Control::Ring => Priority::MAJOR_LEFT,
            (true, _) => Priority::MAJOR,
            (false, false) => Priority::MINOR,
            (false, true) => Priority::MINOR_LEFT,
        };
        movements.push(Movement { junction: comes.to, from, to, turn, access: ClassSet::ALL, from_lanes, to_lanes, priority, group: None });
    }
}

fn heading_at_end(link: &Link) -> f64 {
    let n = link.geometry.len();
    link.geometry[n - 2].heading_to(link.geometry[n - 1])
}

fn heading_at_start(link: &Link) -> f64 {
    link.geometry[0].heading_to(link.geometry[1])
}

/// A controller with one group per axis, east–west first.
fn controller(
    j: usize,
    green_s: f32,
    start: usize,
    movements: &mut [Movement],
    links: &[Link],
) -> Result<SignalController, SignalPlanError> {
    let axis_of = |m: &Movement| is_steep(heading_at_end(&links[m.from.index()]));
    let mut axes: Vec<bool> = movements[start..].iter().map(axis_of).collect();
    axes.sort_unstable();
    axes.dedup();
    let name = |is_north_south: &bool| if *is_north_south { "north-south" } else { "east-west" }.to_owned();
    let mut groups: Vec<SignalGroup> = axes.iter().map(|a| SignalGroup { name: name(a), movements: vec![] }).collect();
    for (i, movement) in movements.iter_mut().enumerate().skip(start) {
        let axis = axis_of(movement);
        let group = axes.iter().position(|a| *a == axis).unwrap_or(0);
        movement.group = Some(group as u16);
        groups[group].movements.push(MovementId::from_index(i));
    }
    let all_red_s = if groups.len() == 1 { LONE_RED_S } else { ALL_RED_S };
    let phases = (0..groups.len()).map(|g| Phase { groups: vec![g as u16], green_s, yellow_s: YELLOW_S, all_red_s }).collect();
    Ok(SignalController {
        ref_: Ref::from(format!("c{j}")),
        junction: JunctionId::from_index(j),
        groups,
        plan: SignalPlan::new(0.0, phases)?,
        plan_is_assumed: false,
    })
}

/// Whether a heading leads more north or south than east or west.
fn is_steep(heading: f64) -> bool {
    Point::new(0.0, 0.0).ahead(heading, 1.0).y.abs() > FRAC_1_SQRT_2 + 1e-6
}

/// A straight main road of `length_m` from west to east, in pieces `main1`, `main2`… of about `piece_m`, with a signal (45 s of green, 33 s
/// of yellow and red) at its end if wished, and `main-exit`, 300 m beyond. The links follow each other in this order.
///
/// # Errors
/// What is not right with it.
pub fn approach(lanes: u8, lane_m: f32, length_m: f64, piece_m: f64, is_signal: bool) -> Result<Arc<RoadNetwork>, TownError> {
    let mut town = Town::default();
    let pieces = (length_m / piece_m).round().max(1.0) as usize;
    let mut last = town.node(0.0, 0.0, Control::End, 0.0);
    for i in 1..=pieces {
        let is_end = i == pieces;
        let control = if is_end && is_signal { Control::Signal(45.0) } else { Control::Priority };
        let node = town.node(i as f64 * length_m / pieces as f64, 0.0, control, if is_end { 5.0 } else { 0.05 });
        town.one_way(format!("main{i}"), last, node, lanes, lane_m, true);
        last = node;
    }
    let exit = town.node(length_m + 300.0, 0.0, Control::End, 0.0);
    town.one_way("main-exit", last, exit, lanes, lane_m, true);
    town.build()
}

/// A grid of `n` × `n` junctions `block_m` apart, all roads two-way with `lanes` lanes of 3.5 m: `main-X-Y-e` to the east and `side-X-Y-n`
/// to the north of the junction in column X and row Y. `edge0-I` to `edge3-I` lead into it from the south, north, west and east.
///
/// # Errors
/// What is not right with it.
pub fn grid(n: usize, block_m: f64, lanes: u8, control: Control) -> Result<Arc<RoadNetwork>, TownError> {
    let mut town = Town::default();
    let radius_m = 6.0 + 3.5 * f64::from(lanes);
    let at = |i: usize| i as f64 * block_m;
    for i in 0..n * n {
        town.node(at(i / n), at(i % n), control, radius_m);
    }
    for x in 0..n {
        for y in 0..n {
            if x + 1 < n {
                town.two_way(&format!("main-{x}-{y}-e"), x * n + y, (x + 1) * n + y, lanes, 3.5, true);
            }
            if y + 1 < n {
                town.two_way(&format!("side-{x}-{y}-n"), x * n + y, x * n + y + 1, lanes, 3.5, false);
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

#[cfg(test)]
mod tests;
