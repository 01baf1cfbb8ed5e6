//! From what a `.net.xml` says to a road network: an edge becomes a link, the connections between two edges a movement, a signal's
//! connections that always show the same a group.

use super::{
    net::{Connection, Edge, Net},
    program::{Show, plan, shown},
    projection::{self, Projection},
    rank::ranks,
    xml::SumoError,
};
use crate::import::{ImportError, ImportReport, Imported, ReportGroup};
use sim_core::{
    class::{ClassSet, VehicleClass},
    geometry::{Frame, LatLon, Point, polyline_length_m},
    ids::{ControllerId, JunctionId, LinkId, MovementId},
    network::{
        DrivingSide, Junction, JunctionKind, Lane, LaneKind, Link, LinkKind, Movement, NetworkMeta, Priority, RoadClass, RoadNetwork,
        SignalController, SignalGroup, SpeedLimits, Turn, TurnSet,
    },
    reference::Ref,
};
use std::collections::{BTreeMap, BTreeSet};

const CARS: ClassSet = ClassSet::of(&[VehicleClass::Car, VehicleClass::Taxi, VehicleClass::LightTruck, VehicleClass::HeavyTruck]);
const BICYCLE: ClassSet = ClassSet::of(&[VehicleClass::Bicycle]);
/// The widest and the narrowest carriageway of one direction the engine takes, metres, and its narrowest lane.
const WIDEST_M: f64 = 31.8;
const NARROWEST_M: f64 = 2.0;
/// A lane may be this much longer or shorter than its line before the line's length counts instead.
const LENGTH_SLACK: f64 = 0.05;

/// An edge that became a link: the link, and the new index of each of its lanes.
struct Placed {
    link: LinkId,
    lanes: Vec<Option<u8>>,
}

/// The network that a file describes.
pub(super) fn build(net: Net, source: &str, name: Option<&str>, side: DrivingSide) -> Result<Imported, ImportError> {
    let mut report = ImportReport::new(source);
    count(&net, &mut report);
    let ground = Ground::new(&net, &mut report);
    let mut network = RoadNetwork {
        meta: NetworkMeta {
            name: name.unwrap_or(source).to_owned(),
            source: source.to_owned(),
            attribution: format!("whoever made {source}; see the licence it came with"),
            is_sketch: false,
            driving_side: side,
            frame: ground.frame,
        },
        junctions: junctions(&net, &ground)?,
        links: vec![],
        movements: vec![],
        controllers: vec![],
        places: vec![],
    };
    let placed = links(&net, &ground, &mut network, &mut report)?;
    if network.links.is_empty() {
        return Err(ImportError::NoRoads { source_name: source.to_owned(), ways: net.edges.len() });
    }
    let made = movements(&net, &placed, &mut network, &mut report)?;
    signals(&net, &made, &mut network, &mut report)?;
    set_kinds(&net, &mut network);
    crate::import::settle_greens(&mut network, &mut report);
    report.drivable_km = network.total_length_m() / 1000.0;
    report.kept_km = report.drivable_km;
    report.signal_nodes = net.programs.len() as u64;
    report.signalised_junctions = network.controllers.len() as u64;
    Ok(Imported { network, report })
}

fn count(net: &Net, report: &mut ImportReport) {
    report.add_count(ReportGroup::Read, "edges", net.edges.len() as u64);
    report.add_count(ReportGroup::Read, "lanes", net.edges.iter().map(|e| e.lanes.len() as u64).sum());
    report.add_count(ReportGroup::Read, "lanes inside junctions", net.inner.len() as u64);
    report.add_count(ReportGroup::Read, "junctions", net.junctions.len() as u64);
    report.add_count(ReportGroup::Read, "connections", net.connections.len() as u64);
    report.add_count(ReportGroup::Read, "signal programs", net.programs.len() as u64);
    for (what, id) in &net.left_out {
        report.add(ReportGroup::Dropped, what, id);
    }
    for id in &net.other_programs {
        report.add(ReportGroup::Dropped, "signal program of which there is a later one", id);
    }
    for (what, n) in &net.unread {
        report.add_count(ReportGroup::Noted, &format!("{what}: not read"), *n);
    }
    for (id, program) in net.programs.iter().filter(|(_, p)| p.kind != "static") {
        report.add(
            ReportGroup::Assumed,
            "signal program that answers to traffic: runs at its written durations",
            format_args!("{id} ({})", program.kind),
        );
    }
}

/// Where the network lies.
struct Ground {
    frame: Frame,
    projection: Projection,
    offset: [f64; 2],
    /// What becomes the origin where the network lies nowhere.
    middle: [f64; 2],
}

impl Ground {
    fn new(net: &Net, report: &mut ImportReport) -> Self {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for [x, y] in net.junctions.iter().map(|j| j.at) {
            (low, high) = ([low[0].min(x), low[1].min(y)], [high[0].max(x), high[1].max(y)]);
        }
        let middle = if net.junctions.is_empty() { [0.0; 2] } else { [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0] };
        let mut ground = Self {
            frame: Frame { origin: LatLon { lat: 0.0, lon: 0.0 } },
            projection: projection::parse(&net.projection),
            offset: net.offset,
            middle,
        };
        match ground.place(middle).filter(|p| p.lat.abs() <= 85.0 && p.lon.abs() <= 180.0) {
            // Whole hundredths of a degree, so that a small edit does not move the frame.
            Some(place) => {
                let round = |v: f64| libm::round(v * 100.0) / 100.0;
                ground.frame.origin = LatLon { lat: round(place.lat), lon: round(place.lon) };
            }
            None => {
                ground.projection = Projection::Nowhere;
                report.add(ReportGroup::Noted, "no projection that is known here: drawn around 0° N 0° E", &net.projection);
            }
        }
        ground
    }

    fn place(&self, [x, y]: [f64; 2]) -> Option<LatLon> {
        self.projection.unproject([x - self.offset[0], y - self.offset[1]])
    }

    fn point(&self, at: [f64; 2]) -> Point {
        match self.place(at) {
            Some(place) => self.frame.project(place),
            None => Point::new(at[0] - self.middle[0], at[1] - self.middle[1]),
        }
    }
}

fn junctions(net: &Net, ground: &Ground) -> Result<Vec<Junction>, SumoError> {
    let mut seen = BTreeSet::new();
    net.junctions
        .iter()
        .map(|j| {
            if !seen.insert(&j.id) {
                return Err(SumoError::new(
                    &net.file,
                    0,
                    &format!("junction id=\"{}\"", j.id),
                    "stands in the file twice; expected it once",
                ));
            }
            Ok(Junction {
                ref_: Ref::from(j.id.as_str()),
                name: None,
                centre: ground.point(j.at),
                kind: JunctionKind::Priority,
                incoming: vec![],
                outgoing: vec![],
                movements: 0..0,
            })
        })
        .collect()
}

fn links<'a>(
    net: &'a Net,
    ground: &Ground,
    network: &mut RoadNetwork,
    report: &mut ImportReport,
) -> Result<BTreeMap<&'a str, Placed>, SumoError> {
    let at: BTreeMap<&str, JunctionId> =
        net.junctions.iter().enumerate().map(|(i, j)| (j.id.as_str(), JunctionId::from_index(i))).collect();
    let mut placed = BTreeMap::new();
    for edge in &net.edges {
        let element = format!("edge id=\"{}\"", edge.id);
        let junction = |key: &str, id: &str| {
            let problem = || format!("`{key}` is `{id}`, which is no junction of the file");
            at.get(id).copied().ok_or_else(|| SumoError::new(&net.file, edge.line, &element, problem()))
        };
        let (from, to) = (junction("from", &edge.from)?, junction("to", &edge.to)?);
        let Some((mut link, lanes)) = link(edge, ground, network.meta.driving_side, report) else { continue };
        (link.from, link.to) = (from, to);
        link.is_roundabout = net.rings.0.contains(&edge.id);
        let id = LinkId::from_index(network.links.len());
        network.junctions[from.index()].outgoing.push(id);
        network.junctions[to.index()].incoming.push(id);
        network.links.push(link);
        if placed.insert(edge.id.as_str(), Placed { link: id, lanes }).is_some() {
            return Err(SumoError::new(&net.file, edge.line, &element, "stands in the file twice; expected it once"));
        }
    }
    pair_directions(network);
    Ok(placed)
}

/// The link of an edge, and where its lanes went; `None` where no vehicle may drive on it.
fn link(edge: &Edge, ground: &Ground, side: DrivingSide, report: &mut ImportReport) -> Option<(Link, Vec<Option<u8>>)> {
    let open = edge.lanes.iter().map(|l| l.access).fold(ClassSet::NONE, ClassSet::union);
    let km = |edge: &Edge| edge.lanes[0].length_m;
    if open.without(BICYCLE).is_empty() {
        report.add_length(ReportGroup::Dropped, "edge closed to motor vehicles", &edge.id, km(edge));
        return None;
    }
    let kept: Vec<usize> = (0..edge.lanes.len()).filter(|i| !edge.lanes[*i].access.is_empty()).take(20).collect();
    if kept.len() < edge.lanes.len() {
        report.add(ReportGroup::Dropped, "lane closed to vehicles (a pavement, a track)", &edge.id);
    }
    let mut index = vec![None; edge.lanes.len()];
    kept.iter().enumerate().for_each(|(new, old)| index[*old] = Some(new as u8));
    let wished_m: f64 = kept.iter().map(|i| edge.lanes[*i].width_m).sum();
    let width_m = wished_m.clamp(NARROWEST_M, WIDEST_M);
    if (width_m - wished_m).abs() > 1e-6 {
        report.add(ReportGroup::Repaired, "carriageway outside 2 to 31.8 m: its lanes are scaled", &edge.id);
    }
    let lanes: Vec<Lane> = kept
        .iter()
        .map(|i| {
            let lane = &edge.lanes[*i];
            let kind = match lane.access {
                a if !a.intersection(CARS).is_empty() => LaneKind::General,
                a if a.contains(VehicleClass::Bus) => LaneKind::Bus,
                a if a.iter().all(VehicleClass::is_two_wheeler) => LaneKind::Motorcycle,
                _ => LaneKind::General,
            };
            Lane { width_m: (lane.width_m * width_m / wished_m) as f32, kind, access: lane.access, turns: TurnSet::UNMARKED }
        })
        .collect();
    let geometry = middle(edge, &kept, ground, side);
    let drawn_m = polyline_length_m(&geometry);
    let said_m = edge.lanes[kept[0]].length_m;
    let length_m = if (said_m - drawn_m).abs() <= (drawn_m * LENGTH_SLACK).max(1.0) {
        said_m
    } else {
        report.add(ReportGroup::Repaired, "edge whose length is not that of its line: the line's counts", &edge.id);
        drawn_m
    };
    let fastest = kept.iter().map(|i| edge.lanes[*i].speed_mps).fold(0.0, f64::max);
    if kept.iter().any(|i| (edge.lanes[*i].speed_mps - fastest).abs() > 0.1) {
        report.add(ReportGroup::Assumed, "lanes with different limits: the highest holds for all", &edge.id);
    }
    let class = road_class(edge, fastest, report);
    let link = Link {
        ref_: Ref::from(edge.id.as_str()),
        name: edge.name.clone(),
        road_number: None,
        from: JunctionId(0),
        to: JunctionId(0),
        class,
        kind: LinkKind::Road,
        geometry,
        length_m: length_m.max(1.0) as f32,
        width_m: lanes.iter().map(|l| l.width_m).sum(),
        access: lanes.iter().map(|l| l.access).fold(ClassSet::NONE, ClassSet::union),
        lanes,
        limits: SpeedLimits::uniform((fastest as f32).clamp(0.5, 50.0)),
        opposite: None,
        is_roundabout: false,
        is_bridge: false,
        is_urban: fastest < 16.0,
        is_toll: false,
    };
    Some((link, index))
}

/// The middle of the carriageway of these lanes: the line of the lane nearest to it, moved over.
fn middle(edge: &Edge, kept: &[usize], ground: &Ground, side: DrivingSide) -> Vec<Point> {
    let width_m: f64 = kept.iter().map(|i| edge.lanes[*i].width_m).sum();
    let mut from_kerb_m = 0.0;
    let mut nearest = (f64::INFINITY, 0.0, kept[0]);
    for i in kept {
        let centre_m = from_kerb_m + edge.lanes[*i].width_m / 2.0;
        from_kerb_m += edge.lanes[*i].width_m;
        let off_m = centre_m - width_m / 2.0; // positive: the lane lies beyond the middle, seen from the kerb
        if off_m.abs() < nearest.0 {
            nearest = (off_m.abs(), off_m, *i);
        }
    }
    let line: Vec<Point> = edge.lanes[nearest.2].shape.iter().map(|p| ground.point(*p)).collect();
    let to_right_m = if side == DrivingSide::Right { nearest.1 } else { -nearest.1 };
    let moved = crate::import::moved_right(&line, to_right_m);
    if polyline_length_m(&moved) >= 0.1 {
        return moved;
    }
    // A point of an edge: a line of a decimetre, so that it has a heading.
    let a = moved[0];
    vec![a, Point::new(a.x + 0.1, a.y)]
}

/// The class by the edge's type where that is a name of OpenStreetMap, else by its limit (assumed).
fn road_class(edge: &Edge, speed_mps: f64, report: &mut ImportReport) -> RoadClass {
    let name = edge.kind.as_deref().unwrap_or_default();
    let name = name.strip_prefix("highway.").unwrap_or(name);
    let name = name.split('|').next().unwrap_or(name);
    match name.strip_suffix("_link").unwrap_or(name) {
        "motorway" => RoadClass::Motorway,
        "trunk" => RoadClass::Trunk,
        "primary" => RoadClass::Primary,
        "secondary" => RoadClass::Secondary,
        "tertiary" => RoadClass::Tertiary,
        "unclassified" => RoadClass::Unclassified,
        "residential" | "living_street" => RoadClass::Residential,
        "service" => RoadClass::Service,
        _ => {
            report.add(ReportGroup::Assumed, "class of road by its speed limit", &edge.id);
            match speed_mps {
                v if v > 30.0 => RoadClass::Motorway,
                v if v > 20.0 => RoadClass::Primary,
                v if v > 10.0 => RoadClass::Tertiary,
                _ => RoadClass::Residential,
            }
        }
    }
}

/// Ties the two directions of an undivided road: between the same junctions, side by side.
fn pair_directions(network: &mut RoadNetwork) {
    const APART_M: f64 = 0.7;
    let mut between: BTreeMap<(JunctionId, JunctionId), Vec<usize>> = BTreeMap::new();
    for (i, link) in network.links.iter().enumerate() {
        between.entry((link.from, link.to)).or_default().push(i);
    }
    for i in 0..network.links.len() {
        let a = &network.links[i];
        if a.opposite.is_some() || a.from == a.to {
            continue;
        }
        let is_beside = |k: &&usize| {
            let b = &network.links[**k];
            let wanted_m = f64::from(a.width_m + b.width_m) / 2.0;
            let ends = [(a.geometry[0], b.geometry[b.geometry.len() - 1]), (a.geometry[a.geometry.len() - 1], b.geometry[0])];
            b.opposite.is_none() && ends.iter().all(|(p, q)| (p.distance_m(*q) - wanted_m).abs() <= APART_M)
        };
        let Some(k) = between.get(&(a.to, a.from)).and_then(|list| list.iter().find(is_beside)).copied() else { continue };
        network.links[i].opposite = Some(LinkId::from_index(k));
        network.links[k].opposite = Some(LinkId::from_index(i));
    }
}

/// Connections that became one movement.
struct Bundle<'a> {
    connections: Vec<&'a Connection>,
    from_lanes: BTreeSet<u8>,
    to_lanes: BTreeSet<u8>,
    access: ClassSet,
    rank: u8,
}

/// What became of the connections: for every movement the signal that holds it and its places in the states.
type Held = Vec<Option<(String, Vec<usize>)>>;

fn movements(net: &Net, placed: &BTreeMap<&str, Placed>, network: &mut RoadNetwork, report: &mut ImportReport) -> Result<Held, SumoError> {
    let lanes_of: BTreeMap<&str, usize> = net.edges.iter().map(|e| (e.id.as_str(), e.lanes.len())).collect();
    let mut from_lane: BTreeMap<(&str, usize), Vec<&Connection>> = BTreeMap::new();
    for c in &net.connections {
        let bad = |problem: String| SumoError::new(&net.file, c.line, &format!("connection from=\"{}\" to=\"{}\"", c.from, c.to), problem);
        for (key, edge, lane) in [("fromLane", &c.from, c.from_lane), ("toLane", &c.to, c.to_lane)] {
            match lanes_of.get(edge.as_str()) {
                Some(n) if lane < *n => {}
                Some(n) => return Err(bad(format!("`{key}` is {lane}, expected less than {n}, the lanes of `{edge}`"))),
                None if net.left_out.iter().any(|(_, id)| id == edge) => {}
                None => return Err(bad(format!("`{edge}` is no edge of the file"))),
            }
        }
        from_lane.entry((c.from.as_str(), c.from_lane)).or_default().push(c);
    }
    let ranks = ranks_of(net, &from_lane);
    let mut held = Held::new();
    for j in 0..network.junctions.len() {
        let id = JunctionId::from_index(j);
        let mut bundles: BTreeMap<(LinkId, LinkId), Bundle<'_>> = BTreeMap::new();
        for lane in &net.junctions[j].lanes {
            for c in lane_key(lane).and_then(|key| from_lane.get(&key)).into_iter().flatten() {
                let (Some(from), Some(to)) = (placed.get(c.from.as_str()), placed.get(c.to.as_str())) else { continue };
                let (Some(a), Some(b)) = (from.lanes[c.from_lane], to.lanes[c.to_lane]) else { continue };
                let via = c.via.as_ref().and_then(|v| net.inner.get(v)).copied().unwrap_or(ClassSet::ALL);
                let access =
                    network.link(from.link).lanes[usize::from(a)].access.intersection(network.link(to.link).lanes[usize::from(b)].access);
                let access = access.intersection(via);
                if access.is_empty() || network.link(to.link).from != id {
                    continue;
                }
                let bundle = bundles.entry((from.link, to.link)).or_insert_with(|| Bundle {
                    connections: vec![],
                    from_lanes: BTreeSet::new(),
                    to_lanes: BTreeSet::new(),
                    access: ClassSet::NONE,
                    rank: 0,
                });
                bundle.rank = bundle.rank.max(ranks.get(&c.line_key()).copied().unwrap_or(0));
                bundle.access = bundle.access.union(access);
                bundle.from_lanes.insert(a);
                bundle.to_lanes.insert(b);
                bundle.connections.push(c);
            }
        }
        let start = network.movements.len() as u32;
        for ((from, to), bundle) in bundles {
            let turn = turn_of(&bundle.connections[0].dir);
            for lane in &bundle.from_lanes {
                let marked = &mut network.links[from.index()].lanes[usize::from(*lane)].turns;
                *marked = marked.union(turn_set(turn));
            }
            network.movements.push(Movement {
                junction: id,
                from,
                to,
                turn,
                access: bundle.access,
                from_lanes: range(&bundle.from_lanes),
                to_lanes: range(&bundle.to_lanes),
                priority: Priority(bundle.rank),
                group: None,
            });
            held.push(signal_of(&bundle.connections, report));
        }
        network.junctions[j].movements = start..network.movements.len() as u32;
    }
    Ok(held)
}

impl Connection {
    /// What names a connection among all: from lane and to lane.
    fn line_key(&self) -> (&str, usize, &str, usize) {
        (&self.from, self.from_lane, &self.to, self.to_lane)
    }
}

/// The edge and index that a lane's id is made of.
fn lane_key(lane: &str) -> Option<(&str, usize)> {
    let (edge, index) = lane.rsplit_once('_')?;
    Some((edge, index.parse().ok()?))
}

type Ranks<'a> = BTreeMap<(&'a str, usize, &'a str, usize), u8>;

/// The rank of every connection. A junction numbers them lane by lane in the order of its `incLanes`, within a lane in file order.
fn ranks_of<'a>(net: &'a Net, from_lane: &BTreeMap<(&str, usize), Vec<&'a Connection>>) -> Ranks<'a> {
    let mut all = Ranks::new();
    for junction in &net.junctions {
        let connections: Vec<&Connection> = junction.lanes.iter().filter_map(|l| from_lane.get(&lane_key(l)?)).flatten().copied().collect();
        let mut yields = junction.yields.clone();
        for (who, whom) in &mut yields {
            whom.retain(|other| match (connections.get(*who), connections.get(*other)) {
                (Some(who), Some(other)) => yields_at_signal(net, who, other),
                _ => true,
            });
        }
        for (connection, rank) in connections.iter().zip(ranks(connections.len(), &yields)) {
            all.insert(connection.line_key(), rank);
        }
    }
    all
}

/// Whether what a junction says of two connections, that `who` yields to `other`, counts under its signal: only where both are green at once, and `who` shows
/// the green that yields (`g`). It counts where no signal holds both.
fn yields_at_signal(net: &Net, who: &Connection, other: &Connection) -> bool {
    let (Some((id, who)), Some((same, other))) = (&who.signal, &other.signal) else { return true };
    let Some(program) = net.programs.get(id).filter(|_| id == same) else { return true };
    program.phases.iter().any(|(_, state)| state.get(*who) == Some(&b'g') && matches!(state.get(*other), Some(b'g' | b'G')))
}

/// The signal that holds these connections, and their places in its states.
fn signal_of(connections: &[&Connection], report: &mut ImportReport) -> Option<(String, Vec<usize>)> {
    let (first, _) = connections.iter().find_map(|c| c.signal.as_ref())?;
    let places = connections.iter().filter_map(|c| c.signal.as_ref()).filter(|(id, _)| id == first).map(|(_, place)| *place).collect();
    if connections.iter().any(|c| c.signal.as_ref().is_none_or(|(id, _)| id != first)) {
        report.add(ReportGroup::Repaired, "lanes of one movement under different signals: the first holds", &connections[0].from);
    }
    Some((first.clone(), places))
}

fn turn_of(dir: &str) -> Turn {
    match dir {
        "l" | "L" => Turn::Left,
        "r" | "R" => Turn::Right,
        "t" | "T" => Turn::UTurn,
        _ => Turn::Through,
    }
}

fn turn_set(turn: Turn) -> TurnSet {
    match turn {
        Turn::Left => TurnSet::LEFT,
        Turn::Through => TurnSet::THROUGH,
        Turn::Right => TurnSet::RIGHT,
        Turn::UTurn => TurnSet::U_TURN,
    }
}

fn range(lanes: &BTreeSet<u8>) -> std::ops::Range<u8> {
    let (first, last) = (lanes.first().copied().unwrap_or(0), lanes.last().copied().unwrap_or(0));
    first..last + 1
}

/// Gives every junction with signals its controller.
fn signals(net: &Net, held: &Held, network: &mut RoadNetwork, report: &mut ImportReport) -> Result<(), SumoError> {
    for j in 0..network.junctions.len() {
        let here = network.junctions[j].movements.clone();
        let ids: BTreeSet<&String> = here.clone().filter_map(|m| held[m as usize].as_ref()).map(|(id, _)| id).collect();
        let Some(id) = ids.first() else { continue };
        if ids.len() > 1 {
            report.add(ReportGroup::Repaired, "junction under several signals: the first holds", &network.junctions[j].ref_);
        }
        let Some(program) = net.programs.get(*id) else {
            let problem = format!("has connections under the signal `{id}`, of which the file has no <tlLogic>");
            return Err(SumoError::new(&net.file, 0, &format!("junction id=\"{}\"", network.junctions[j].ref_), problem));
        };
        let mut groups: Vec<(Vec<Show>, Vec<MovementId>)> = Vec::new();
        for m in here {
            let Some((_, places)) = held[m as usize].as_ref().filter(|(of, _)| of == *id) else { continue };
            if let Some((duration, state)) = program.phases.iter().find(|(_, s)| places.iter().any(|p| *p >= s.len())) {
                let problem = format!(
                    "the phase of {duration} s has a state of {} signs, expected one for each connection, at least {}",
                    state.len(),
                    places.iter().max().map_or(0, |p| p + 1)
                );
                return Err(SumoError::new(&net.file, program.line, &format!("tlLogic id=\"{id}\""), problem));
            }
            let mut shows = shown(program, places);
            if !shows.contains(&Show::Green) {
                // Lanes that are never green together: whichever is.
                let each: Vec<Vec<Show>> = places.iter().map(|p| shown(program, &[*p])).collect();
                shows = (0..program.phases.len()).map(|p| each.iter().map(|e| e[p]).max().unwrap_or(Show::Red)).collect();
            }
            if !shows.contains(&Show::Green) {
                report.add(
                    ReportGroup::Repaired,
                    "movement that never gets green: not held by the signal",
                    &network.links[network.movements[m as usize].from.index()].ref_,
                );
                continue;
            }
            match groups.iter_mut().find(|(s, _)| *s == shows) {
                Some((_, list)) => list.push(MovementId(m)),
                None => groups.push((shows, vec![MovementId(m)])),
            }
        }
        let shows: Vec<Vec<Show>> = groups.iter().map(|(s, _)| s.clone()).collect();
        let Some(made) = plan(program, &shows) else {
            report.add(ReportGroup::Dropped, "signal without a phase in which nothing is yellow", id);
            continue;
        };
        for what in made.bent {
            report.add(ReportGroup::Repaired, what, id);
        }
        let controller = ControllerId::from_index(network.controllers.len());
        network.junctions[j].kind = JunctionKind::Signal(controller);
        for (g, (_, list)) in groups.iter().enumerate() {
            list.iter().for_each(|m| network.movements[m.index()].group = Some(g as u16));
        }
        let groups = groups.into_iter().map(|(_, movements)| SignalGroup { name: group_name(network, &movements), movements }).collect();
        // One signal may serve several junctions: then each has a controller, named after both.
        let alone = !network.controllers.iter().any(|c| c.ref_.as_str() == id.as_str());
        let ref_ = if alone { Ref::from(id.as_str()) } else { Ref::new(format!("{id}@{}", network.junctions[j].ref_)) };
        network.controllers.push(SignalController {
            ref_,
            junction: JunctionId::from_index(j),
            groups,
            plan: made.plan,
            plan_is_assumed: false,
        });
    }
    Ok(())
}

/// The edges a group comes from.
fn group_name(network: &RoadNetwork, movements: &[MovementId]) -> String {
    let mut names: Vec<&str> =
        movements.iter().map(|m| network.link(network.movement(*m).from)).map(|l| l.name.as_deref().unwrap_or(l.ref_.as_str())).collect();
    names.dedup();
    names.join(" + ")
}

/// Terminals and roundabouts.
fn set_kinds(net: &Net, network: &mut RoadNetwork) {
    for j in 0..network.junctions.len() {
        let junction = &network.junctions[j];
        if junction.kind != JunctionKind::Priority {
            continue;
        }
        let only_back = junction.movements.clone().all(|m| network.movements[m as usize].turn == Turn::UTurn);
        let is_end = junction.movements.is_empty() || (only_back && junction.incoming.len() <= 1 && junction.outgoing.len() <= 1);
        network.junctions[j].kind = if is_end {
            JunctionKind::Terminal
        } else if net.rings.1.contains(&net.junctions[j].id) {
            JunctionKind::Roundabout
        } else {
            JunctionKind::Priority
        };
    }
}
