//! From the draft to links and junctions: every direction of a piece of road becomes a link from stop line to stop line.

use super::{
    draft::{Draft, Edge},
    line::{moved_right, stretch},
    report::{ImportReport, ReportGroup},
    road::FerryTags,
    setback::setbacks,
    speeds::{SpeedSite, limits},
};
use rayon::prelude::*;
use sim_core::{
    geometry::{Point, polyline_length_m},
    ids::{JunctionId, LinkId},
    network::{DrivingSide, FerryService, Junction, JunctionKind, Link, LinkKind, NetworkMeta, RoadNetwork},
    reference::Ref,
};
use std::collections::BTreeMap;

/// Where a link and a junction came from in the draft.
pub(crate) struct Sources {
    /// Edge and side (0 forward, 1 backward) of every link.
    pub(crate) of_link: Vec<(u32, u8)>,
    /// The link of every edge and side.
    pub(crate) link_of: Vec<[Option<LinkId>; 2]>,
    /// The node that stands for every junction.
    pub(crate) of_junction: Vec<u32>,
    /// The nodes of every junction.
    pub(crate) nodes_of: Vec<Vec<u32>>,
}

/// Links and junctions without movements.
pub(crate) fn build(draft: &Draft, meta: NetworkMeta, report: &mut ImportReport) -> (RoadNetwork, Sources) {
    let cuts = setbacks(draft);
    let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for edge in &draft.edges {
        for end in edge.ends {
            members.entry(draft.nodes[end as usize].junction).or_default().push(end);
        }
    }
    // A cluster of interior pieces alone is no junction.
    let mut has_link = vec![false; draft.nodes.len()];
    for edge in draft.edges.iter().filter(|e| !e.is_interior) {
        edge.ends.iter().for_each(|n| has_link[draft.nodes[*n as usize].junction as usize] = true);
    }
    members.retain(|junction, _| has_link[*junction as usize]);
    let mut junctions = Vec::new();
    let mut junction_ids = vec![JunctionId(0); draft.nodes.len()];
    let mut sources =
        Sources { of_link: Vec::new(), link_of: vec![[None; 2]; draft.edges.len()], of_junction: Vec::new(), nodes_of: Vec::new() };
    for (root, mut nodes) in members {
        nodes.sort_unstable();
        nodes.dedup();
        let id = JunctionId::from_index(junctions.len());
        nodes.iter().for_each(|n| junction_ids[*n as usize] = id);
        junctions.push(junction(draft, &nodes));
        sources.of_junction.push(root);
        sources.nodes_of.push(nodes);
    }
    let mut links: Vec<Link> = Vec::new();
    const CHUNK: usize = 1024;
    let made: Vec<(Vec<[Option<Link>; 2]>, ImportReport)> = draft
        .edges
        .par_chunks(CHUNK)
        .zip(cuts.par_chunks(CHUNK))
        .map(|(edges, cuts)| {
            let mut notes = ImportReport::default();
            let mut make = |edge: &Edge, side: u8, cut| {
                let is_link = !edge.is_interior && edge.sides[side as usize].is_some();
                is_link.then(|| link(draft, edge, side, cut, &junction_ids, &mut notes))
            };
            let pairs = edges.iter().zip(cuts).map(|(edge, cut)| [make(edge, 0, *cut), make(edge, 1, *cut)]).collect();
            (pairs, notes)
        })
        .collect();
    let mut i = 0;
    for (pairs, notes) in made {
        report.absorb(notes);
        for pair in pairs {
            for (side, link) in pair.into_iter().enumerate() {
                if let Some(link) = link {
                    sources.link_of[i][side] = Some(LinkId::from_index(links.len()));
                    sources.of_link.push((i as u32, side as u8));
                    links.push(link);
                }
            }
            if let [Some(a), Some(b)] = sources.link_of[i] {
                links[a.index()].opposite = Some(b);
                links[b.index()].opposite = Some(a);
            }
            i += 1;
        }
    }
    name_apart(&mut links, report);
    let mut network = RoadNetwork { meta, junctions, links, movements: Vec::new(), controllers: Vec::new(), places: Vec::new() };
    list_links(&mut network);
    (network, sources)
}

/// Fills every junction's lists of links.
pub(crate) fn list_links(network: &mut RoadNetwork) {
    for junction in &mut network.junctions {
        junction.incoming.clear();
        junction.outgoing.clear();
    }
    for (i, link) in network.links.iter().enumerate() {
        network.junctions[link.from.index()].outgoing.push(LinkId::from_index(i));
        network.junctions[link.to.index()].incoming.push(LinkId::from_index(i));
    }
}

fn junction(draft: &Draft, nodes: &[u32]) -> Junction {
    let count = nodes.len() as f64;
    let sum = nodes.iter().map(|n| draft.nodes[*n as usize].at).fold(Point::default(), |s, p| Point::new(s.x + p.x, s.y + p.y));
    // The smallest id is the oldest node: the name least likely to change. A name given in a sketch wins.
    let eldest =
        nodes.iter().map(|n| &draft.nodes[*n as usize]).min_by_key(|n| (n.ref_.starts_with('n') && *n.ref_ == *format!("n{}", n.id), n.id));
    let ref_ = eldest.map_or_else(|| Ref::from("osm:none"), |n| node_ref(&n.ref_, n.id));
    Junction {
        ref_,
        name: None,
        centre: Point::new(sum.x / count, sum.y / count),
        kind: JunctionKind::Priority,
        incoming: Vec::new(),
        outgoing: Vec::new(),
        movements: 0..0,
    }
}

/// What a node is called alone: `osm:n5`, or the sketch's name as it is.
pub(crate) fn node_ref(name: &str, id: i64) -> Ref {
    if *name == *format!("n{id}") { Ref::new(format!("osm:n{id}")) } else { Ref::from(name) }
}

fn link(draft: &Draft, edge: &Edge, side: u8, cut: [f64; 2], junction_ids: &[JunctionId], report: &mut ImportReport) -> Link {
    let own = edge.sides[side as usize].as_ref().expect("only open sides become links");
    let other_m = edge.sides[1 - side as usize].as_ref().map_or(0.0, |s| f64::from(s.width_m()));
    let plane_m = polyline_length_m(&edge.points);
    let scale = if edge.length_m > 0.0 { plane_m / edge.length_m } else { 1.0 };
    let mut middle = stretch(&edge.points, cut[0] * scale, (edge.length_m - cut[1]) * scale);
    let mut ends = edge.ends;
    if side == 1 {
        middle.reverse();
        ends.reverse();
    }
    let to_right = match draft.side {
        DrivingSide::Right => other_m / 2.0,
        DrivingSide::Left => -other_m / 2.0,
    };
    let geometry = moved_right(&middle, to_right);
    let length_m = (polyline_length_m(&geometry) / scale).max(1.0) as f32;
    let road = &edge.road;
    let width_m = own.width_m();
    let is_divided = road.is_dual || (road.is_one_way && own.lanes.len() >= 2);
    let is_urban = road.speed.is_urban.unwrap_or(edge.is_urban);
    let site = SpeedSite { class: road.class, is_urban, is_divided, is_ramp: road.is_ramp };
    let sign = edge.signs[side as usize];
    let [from, to] = ends.map(|n| &draft.nodes[n as usize]);
    let ref_ = Ref::new(format!("{}:{}>{}", edge.way_ref, from.ref_, to.ref_));
    if sign.is_none() && road.class != sim_core::network::RoadClass::Ferry {
        report.add_length(ReportGroup::Assumed, "speed limit by law", &ref_, edge.length_m);
    }
    let kind = match &road.ferry {
        Some(tags) => LinkKind::Ferry(ferry_service(tags, edge.length_m, &ref_, report)),
        None => LinkKind::Road,
    };
    Link {
        ref_,
        name: road.name.as_deref().map(str::to_owned),
        road_number: road.number.as_deref().map(str::to_owned),
        from: junction_ids[ends[0] as usize],
        to: junction_ids[ends[1] as usize],
        class: road.class,
        kind,
        geometry,
        length_m,
        width_m,
        lanes: own.lanes.clone(),
        limits: limits(site, sign, &road.speed),
        access: own.access,
        opposite: None,
        is_roundabout: road.is_ring,
        is_bridge: road.is_bridge,
        is_urban,
        is_toll: road.is_toll,
    }
}

/// How a ferry runs: from its tags, else assumed from its length. Crossing: 10 km/h and two minutes to unload. Departures: every 10
/// minutes up to 2 km, every 30 up to 10 km, every two hours beyond. Boats: 15 cars and 60 motorcycles (a 60-tonne river ferry) up to
/// 2 km, 30 and 100 beyond. All assumed.
fn ferry_service(tags: &FerryTags, length_m: f64, ref_: &Ref, report: &mut ImportReport) -> FerryService {
    if tags.duration_s.is_none() || tags.interval_s.is_none() || tags.cars.is_none() {
        report.add_length(ReportGroup::Assumed, "ferry: crossing, interval or capacity by length", ref_, length_m);
    }
    let (interval_s, cars, motorcycles) = match length_m {
        m if m <= 2000.0 => (600.0, 15, 60),
        m if m <= 10_000.0 => (1800.0, 30, 100),
        _ => (7200.0, 30, 100),
    };
    let narrow = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
    FerryService {
        car_capacity: narrow(tags.cars.unwrap_or(cars)),
        motorcycle_capacity: narrow(tags.motorcycles.unwrap_or(motorcycles)),
        interval_s: tags.interval_s.filter(|s| *s > 0.0).unwrap_or(interval_s) as f32,
        crossing_s: tags.duration_s.filter(|s| *s > 0.0).unwrap_or(length_m / (10.0 / 3.6) + 120.0) as f32,
    }
}

/// Gives links that would share a ref (two pieces of one way between the same nodes) different ones, in the order of the file.
fn name_apart(links: &mut [Link], report: &mut ImportReport) {
    let mut seen: BTreeMap<Ref, u32> = BTreeMap::new();
    for link in links.iter_mut() {
        let times = seen.entry(link.ref_.clone()).or_default();
        *times += 1;
        if *times > 1 {
            let apart = Ref::new(format!("{}~{times}", link.ref_));
            report.add(ReportGroup::Repaired, "two pieces of a way between the same nodes: numbered", &apart);
            link.ref_ = apart;
        }
    }
}
