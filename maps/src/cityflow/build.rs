//! From what a `roadnet.json` says to a road network: a road becomes a link, a `roadLink` a movement, ways that are open together a group.

use super::{
    item::CityflowError,
    lights::{Held, Lights, lights},
    net::{Intersection, Net, Road, Way},
};
use crate::import::{ImportError, ImportReport, Imported, ReportGroup, moved_right, settle_greens, stretch};
use sim_core::{
    class::ClassSet,
    geometry::{Frame, LatLon, Point, polyline_length_m},
    ids::{ControllerId, JunctionId, LinkId, MovementId},
    network::{
        DrivingSide, Junction, JunctionKind, Lane, LaneKind, Link, LinkKind, Movement, NetworkMeta, Priority, RoadClass, RoadNetwork,
        SignalController, SignalGroup, SpeedLimits, Turn, TurnSet,
    },
    reference::Ref,
};
use std::collections::BTreeMap;

/// The widest carriageway of one direction the engine takes, metres.
const WIDEST_M: f64 = 31.8;
/// The narrowest.
const NARROWEST_M: f64 = 2.0;
/// Of a road at least this share is left between the intersections at its ends.
const LEFT_SHARE: f64 = 0.2;

/// The network that a file describes.
pub(super) fn build(net: &Net, name: Option<&str>) -> Result<Imported, ImportError> {
    let source = net.file.as_str();
    let mut report = ImportReport::new(source);
    report.add_count(ReportGroup::Read, "intersections", net.intersections.len() as u64);
    report.add_count(ReportGroup::Read, "roads", net.roads.len() as u64);
    report.add_count(ReportGroup::Read, "ways through intersections", net.intersections.iter().map(|i| i.ways.len() as u64).sum());
    if net.roads.is_empty() {
        return Err(ImportError::NoRoads { source_name: source.to_owned(), ways: 0 });
    }
    report.add(ReportGroup::Noted, "CityFlow networks lie nowhere: drawn around 0° N 0° E", source);
    report.add(ReportGroup::Assumed, "class of road by its speed limit", format_args!("{} roads", net.roads.len()));
    let middle = middle_of(net);
    let mut network = RoadNetwork {
        meta: NetworkMeta {
            name: name.unwrap_or(source).to_owned(),
            source: source.to_owned(),
            attribution: format!("whoever made {source}; see the licence it came with"),
            is_sketch: false,
            driving_side: DrivingSide::Right,
            frame: Frame { origin: LatLon { lat: 0.0, lon: 0.0 } },
        },
        junctions: net.intersections.iter().map(|i| junction(i, middle)).collect(),
        links: vec![],
        movements: vec![],
        controllers: vec![],
        places: vec![],
    };
    links(net, middle, &mut network, &mut report)?;
    let at: BTreeMap<&str, LinkId> = net.roads.iter().enumerate().map(|(i, r)| (r.id.as_str(), LinkId::from_index(i))).collect();
    for j in 0..net.intersections.len() {
        ways(net, j, &at, &mut network, &mut report)?;
    }
    settle_greens(&mut network, &mut report);
    report.drivable_km = network.total_length_m() / 1000.0;
    report.kept_km = report.drivable_km;
    report.signal_nodes = net.intersections.iter().filter(|i| i.phases.len() > 1).count() as u64;
    report.signalised_junctions = network.controllers.len() as u64;
    Ok(Imported { network, report })
}

fn middle_of(net: &Net) -> [f64; 2] {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for [x, y] in net.intersections.iter().map(|i| i.at) {
        (low, high) = ([low[0].min(x), low[1].min(y)], [high[0].max(x), high[1].max(y)]);
    }
    if net.intersections.is_empty() { [0.0; 2] } else { [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0] }
}

fn junction(i: &Intersection, middle: [f64; 2]) -> Junction {
    Junction {
        ref_: Ref::from(i.id.as_str()),
        name: None,
        centre: Point::new(i.at[0] - middle[0], i.at[1] - middle[1]),
        kind: if i.is_virtual || i.ways.is_empty() { JunctionKind::Terminal } else { JunctionKind::Priority },
        incoming: vec![],
        outgoing: vec![],
        movements: 0..0,
    }
}

fn links(net: &Net, middle: [f64; 2], network: &mut RoadNetwork, report: &mut ImportReport) -> Result<(), CityflowError> {
    let at: BTreeMap<&str, usize> = net.intersections.iter().enumerate().map(|(i, n)| (n.id.as_str(), i)).collect();
    for (i, road) in net.roads.iter().enumerate() {
        let end = |key: &str, id: &str| {
            let problem = || format!("`{key}` is `{id}`, which is no intersection of the file");
            at.get(id).copied().ok_or_else(|| CityflowError::new(&net.file, format!("road `{}`", road.id), problem()))
        };
        let (from, to) = (end("startIntersection", &road.from)?, end("endIntersection", &road.to)?);
        let trims = [net.intersections[from].width_m, net.intersections[to].width_m];
        let mut link = link(road, trims, middle, report);
        (link.from, link.to) = (JunctionId::from_index(from), JunctionId::from_index(to));
        network.junctions[from].outgoing.push(LinkId::from_index(i));
        network.junctions[to].incoming.push(LinkId::from_index(i));
        network.links.push(link);
    }
    Ok(())
}

/// The link of a road. CityFlow draws the middle of both directions from intersection to intersection, and its lanes to the right of it.
fn link(road: &Road, trims: [f64; 2], middle: [f64; 2], report: &mut ImportReport) -> Link {
    let wished_m: f64 = road.lanes.iter().map(|(width, _)| width).sum();
    let width_m = wished_m.clamp(NARROWEST_M, WIDEST_M);
    if (width_m - wished_m).abs() > 1e-6 {
        report.add(ReportGroup::Repaired, "carriageway outside 2 to 31.8 m: its lanes are scaled", &road.id);
    }
    let fastest = road.lanes.iter().map(|(_, v)| *v).fold(0.0, f64::max);
    if road.lanes.iter().any(|(_, v)| (v - fastest).abs() > 0.1) {
        report.add(ReportGroup::Assumed, "lanes with different limits: the highest holds for all", &road.id);
    }
    let line: Vec<Point> = road.points.iter().map(|[x, y]| Point::new(x - middle[0], y - middle[1])).collect();
    let whole_m = polyline_length_m(&line);
    let mut cut_m = trims;
    let most_m = whole_m * (1.0 - LEFT_SHARE);
    if cut_m[0] + cut_m[1] > most_m {
        report.add(ReportGroup::Repaired, "road shorter than the intersections at its ends: a fifth of it is left", &road.id);
        let scale = most_m / (cut_m[0] + cut_m[1]);
        cut_m = [cut_m[0] * scale, cut_m[1] * scale];
    }
    let geometry = moved_right(&stretch(&line, cut_m[0], whole_m - cut_m[1]), width_m / 2.0);
    let mut length_m = polyline_length_m(&geometry);
    if length_m < 1.0 {
        report.add(ReportGroup::Repaired, "road shorter than a metre: a metre", &road.id);
        length_m = 1.0;
    }
    let lane = |width: &f64| Lane {
        width_m: (width * width_m / wished_m) as f32,
        kind: LaneKind::General,
        access: ClassSet::ALL,
        turns: TurnSet::UNMARKED,
    };
    // CityFlow counts lanes from the middle of the road, we from the kerb.
    let lanes: Vec<Lane> = road.lanes.iter().rev().map(|(width, _)| lane(width)).collect();
    Link {
        ref_: Ref::from(road.id.as_str()),
        name: None,
        road_number: None,
        from: JunctionId(0),
        to: JunctionId(0),
        class: match fastest {
            v if v > 30.0 => RoadClass::Motorway,
            v if v > 20.0 => RoadClass::Primary,
            v if v > 10.0 => RoadClass::Tertiary,
            _ => RoadClass::Residential,
        },
        kind: LinkKind::Road,
        geometry,
        length_m: length_m as f32,
        width_m: lanes.iter().map(|l| l.width_m).sum(),
        lanes,
        limits: SpeedLimits::uniform((fastest as f32).clamp(0.5, 50.0)),
        access: ClassSet::ALL,
        // Nobody drives beyond the middle of the road in CityFlow.
        opposite: None,
        is_roundabout: false,
        is_bridge: false,
        is_urban: fastest < 16.0,
        is_toll: false,
    }
}

/// Straight on goes before left turns, these before right turns, as CityFlow ranks them; turns back last (assumed).
fn rank(turn: Turn) -> Priority {
    match turn {
        Turn::Through => Priority::MAJOR,
        Turn::Left => Priority::MAJOR_LEFT,
        Turn::Right => Priority::MINOR,
        Turn::UTurn => Priority::MINOR_LEFT,
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

/// The movements and the signal of one intersection.
fn ways(
    net: &Net,
    j: usize,
    at: &BTreeMap<&str, LinkId>,
    network: &mut RoadNetwork,
    report: &mut ImportReport,
) -> Result<(), CityflowError> {
    let (here, start) = (&net.intersections[j], network.movements.len() as u32);
    let signal = lights(here);
    let held_by = |w: usize| signal.as_ref().map_or(Held::Free, |s| s.held[w]);
    let junction = JunctionId::from_index(j);
    for (w, way) in here.ways.iter().enumerate() {
        let movement = movement(net, here, w, way, at, network)?;
        if held_by(w) == Held::Never {
            report.add(ReportGroup::Dropped, "way that no light phase opens", format_args!("{} > {}", way.from, way.to));
            continue;
        }
        let is_known = network.movements[start as usize..].iter().any(|m| (m.from, m.to) == (movement.from, movement.to));
        if is_known {
            report.add(ReportGroup::Dropped, "second way between two roads", format_args!("{} > {}", way.from, way.to));
            continue;
        }
        for lane in movement.from_lanes.clone() {
            let marked = &mut network.links[movement.from.index()].lanes[usize::from(lane)].turns;
            *marked = marked.union(turn_set(way.turn));
        }
        let group = if let Held::By(g) = held_by(w) { Some(g) } else { None };
        network.movements.push(Movement { junction, group, ..movement });
    }
    network.junctions[j].movements = start..network.movements.len() as u32;
    if let Some(signal) = signal {
        controller(here, junction, signal, network, report);
    }
    Ok(())
}

fn movement(
    net: &Net,
    here: &Intersection,
    w: usize,
    way: &Way,
    at: &BTreeMap<&str, LinkId>,
    network: &RoadNetwork,
) -> Result<Movement, CityflowError> {
    let bad = |problem: String| CityflowError::new(&net.file, format!("intersection `{}`, `roadLinks`[{w}]", here.id), problem);
    let road = |key: &str, id: &str| at.get(id).copied().ok_or_else(|| bad(format!("`{key}` is `{id}`, which is no road of the file")));
    let (from, to) = (road("startRoad", &way.from)?, road("endRoad", &way.to)?);
    let junction = JunctionId::from_index(net.intersections.iter().position(|i| i.id == here.id).unwrap_or(0));
    if network.link(from).to != junction || network.link(to).from != junction {
        return Err(bad(format!("leads from `{}` to `{}`, expected a road that ends here and one that begins here", way.from, way.to)));
    }
    let range = |link: LinkId, key: &str, lanes: &mut dyn Iterator<Item = usize>| {
        let count = network.link(link).lanes.len();
        let (mut first, mut last) = (count, 0);
        for lane in lanes {
            if lane >= count {
                return Err(bad(format!("`{key}` is {lane}, expected less than {count}, the lanes of `{}`", network.link(link).ref_)));
            }
            (first, last) = (first.min(count - 1 - lane), last.max(count - lane));
        }
        // Without lane links any lane will do.
        Ok(if first < last { first as u8..last as u8 } else { 0..count as u8 })
    };
    let from_lanes = range(from, "startLaneIndex", &mut way.lanes.iter().map(|(a, _)| *a))?;
    let to_lanes = range(to, "endLaneIndex", &mut way.lanes.iter().map(|(_, b)| *b))?;
    let (turn, priority) = (way.turn, rank(way.turn));
    Ok(Movement { junction, from, to, turn, access: ClassSet::ALL, from_lanes, to_lanes, priority, group: None })
}

fn controller(here: &Intersection, junction: JunctionId, signal: Lights, network: &mut RoadNetwork, report: &mut ImportReport) {
    for what in signal.assumed {
        report.add(ReportGroup::Assumed, what, &here.id);
    }
    for what in signal.bent {
        report.add(ReportGroup::Repaired, what, &here.id);
    }
    let ids = network.junctions[junction.index()].movements.clone();
    let groups = (0..signal.groups).map(|g| {
        let movements: Vec<MovementId> =
            ids.clone().map(MovementId).filter(|m| network.movement(*m).group.map(usize::from) == Some(g)).collect();
        let name = |m: &MovementId| {
            let m = network.movement(*m);
            let turn = match m.turn {
                Turn::Left => "left",
                Turn::Through => "straight on",
                Turn::Right => "right",
                Turn::UTurn => "back",
            };
            format!("{} {turn}", network.link(m.from).ref_)
        };
        SignalGroup { name: movements.iter().map(name).collect::<Vec<_>>().join(" + "), movements }
    });
    let groups = groups.collect();
    let id = ControllerId::from_index(network.controllers.len());
    network.junctions[junction.index()].kind = JunctionKind::Signal(id);
    let ref_ = Ref::new(format!("signal:{}", here.id));
    network.controllers.push(SignalController { ref_, junction, groups, plan: signal.plan, plan_is_assumed: false });
}
