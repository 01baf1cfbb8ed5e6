//! Drops what cannot be reached from the rest and left again.

use super::{
    build::{Sources, list_links},
    draft::Draft,
    parts::Parts,
    report::{ImportReport, ReportGroup},
};
use petgraph::{
    algo::kosaraju_scc,
    graph::{DiGraph, NodeIndex},
};
use sim_core::{
    class::{ClassSet, VehicleClass},
    geometry::Point,
    ids::{JunctionId, LinkId},
    network::{JunctionKind, LinkKind, RoadClass, RoadNetwork},
};
use std::collections::BTreeSet;

/// The classes that reachability is judged by: what one of them can reach stays.
const JUDGES: ClassSet = ClassSet::of(&[VehicleClass::Car, VehicleClass::Motorcycle]);
/// A dead end this near to the outline of all roads is where the extract was cut, metres.
const OUTLINE_M: f64 = 75.0;
/// A detached part with at least this much street is entered over roads that the file lacks, metres (assumed: a shorter one is a slip of
/// the mapper's).
const LEAST_STREET_M: f64 = 250.0;

/// Keeps the largest set of links that all reach each other, where leaving the map and coming back elsewhere counts as a way.
pub(crate) fn drop_unreached(draft: &Draft, network: &mut RoadNetwork, sources: &mut Sources, report: &mut ImportReport) {
    let n = network.links.len();
    let at_edge = edges_of_map(draft, network, sources);
    let inside = largest_component(network, &[]);
    let with_outside = largest_component(network, &at_edge);
    let keep = with_outside;
    note_detached(draft, network, sources, &keep, report);
    for i in 0..n {
        if keep[i] && !inside[i] {
            report.add_length(
                ReportGroup::Noted,
                "joined to the main part only beyond the edge of the map: kept, a source or a sink",
                &network.links[i].ref_,
                f64::from(network.links[i].length_m),
            );
        }
    }
    for (i, kept) in keep.iter().enumerate() {
        if !kept {
            let (edge, _) = sources.of_link[i];
            let cause = match network.links[i].kind {
                LinkKind::Ferry(_) => "ferry without a road at both ends",
                LinkKind::Road => "not reached from the largest connected part, or no way back to it",
            };
            report.add_length(ReportGroup::Dropped, cause, &network.links[i].ref_, draft.edges[edge as usize].length_m);
        }
    }
    retain_links(network, sources, &keep);
    report.kept_km = kept_km(draft, network, sources);
    set_terminals(network);
}

/// Which links belong to the largest set, by length, whose members all reach each other. Whoever leaves over a junction in `at_edge` may
/// come back over any other: the roads beyond the map are taken to be connected.
fn largest_component(network: &RoadNetwork, at_edge: &[bool]) -> Vec<bool> {
    let n = network.links.len();
    let mut graph: DiGraph<(), ()> = DiGraph::with_capacity(n + 1, network.movements.len());
    for _ in 0..=n {
        graph.add_node(());
    }
    let outside = NodeIndex::new(n);
    for m in network.movements.iter().filter(|m| !m.access.intersection(JUDGES).is_empty()) {
        graph.add_edge(NodeIndex::new(m.from.index()), NodeIndex::new(m.to.index()), ());
    }
    for (i, link) in network.links.iter().enumerate() {
        let is_at_edge = |j: JunctionId| at_edge.get(j.index()).copied().unwrap_or(false);
        if is_at_edge(link.to) {
            graph.add_edge(NodeIndex::new(i), outside, ());
        }
        if is_at_edge(link.from) {
            graph.add_edge(outside, NodeIndex::new(i), ());
        }
    }
    let length = |c: &[NodeIndex]| c.iter().filter(|l| **l != outside).map(|l| f64::from(network.links[l.index()].length_m)).sum::<f64>();
    let components = kosaraju_scc(&graph).into_iter().map(|c| (length(&c), c.iter().min().copied(), c));
    // Of equally long ones the one with the smallest link.
    let largest = components.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
    let mut is_in = vec![false; n];
    for link in largest.into_iter().flat_map(|(_, _, links)| links).filter(|l| *l != outside) {
        is_in[link.index()] = true;
    }
    is_in
}

/// Names the parts that no road of the file ties to the rest and that are kept all the same.
fn note_detached(draft: &Draft, network: &RoadNetwork, sources: &Sources, keep: &[bool], report: &mut ImportReport) {
    let parts = Parts::of(draft);
    for (i, (edge, _)) in sources.of_link.iter().enumerate().filter(|(i, _)| keep[*i]) {
        let edge = &draft.edges[*edge as usize];
        if parts.detached(edge.ends[0]).is_some() {
            let cause = "in a part that no road of the file ties to the rest: its dead ends are taken for edges of the map";
            report.add_length(ReportGroup::Noted, cause, &network.links[i].ref_, edge.length_m);
        }
    }
}

/// Which junctions lie where the map ends: dead ends at cut ways, outside the region, near the outline of everything, of main roads
/// (which end nowhere else), with nothing ahead of them for 1.5 km, or of streets that hang together with nothing else. The last are
/// islands, and extracts from which the roads between them were cut out: no street is built without a way to it, so the way is missing
/// in the file, and it is missed at the dead ends.
fn edges_of_map(draft: &Draft, network: &RoadNetwork, sources: &Sources) -> Vec<bool> {
    let parts = Parts::of(draft);
    let is_cut_off =
        |n: u32, class: RoadClass| class < RoadClass::Service && parts.detached(n).is_some_and(|part| part.street_m >= LEAST_STREET_M);
    const CELL_M: f64 = 250.0;
    let cell = |p: Point| (libm::floor(p.x / CELL_M) as i64, libm::floor(p.y / CELL_M) as i64);
    let outline = convex_hull(draft.nodes.iter().map(|n| n.at).collect());
    let occupied: BTreeSet<(i64, i64)> = draft.nodes.iter().map(|n| cell(n.at)).collect();
    let nothing_ahead = |at: Point, heading: f64| {
        [-0.5, 0.0, 0.5].iter().all(|aside| (2..=6).all(|k| !occupied.contains(&cell(at.ahead(heading + aside, f64::from(k) * CELL_M)))))
    };
    (0..network.junctions.len())
        .map(|j| {
            let junction = &network.junctions[j];
            let (arriving, leaving) = (&junction.incoming, &junction.outgoing);
            let is_dead_end = arriving.is_empty()
                || leaving.is_empty()
                || (arriving.len() == 1 && network.link(arriving[0]).opposite == Some(leaving[0]) && leaving.len() == 1);
            let Some(link) = arriving.first().or(leaving.first()).filter(|_| is_dead_end) else { return false };
            let (edge, _) = sources.of_link[link.index()];
            let edge = &draft.edges[edge as usize];
            sources.nodes_of[j].iter().any(|n| {
                let node = &draft.nodes[*n as usize];
                let end = usize::from(edge.ends[0] != *n);
                node.is_edge
                    || network.link(*link).class <= RoadClass::Secondary
                    || is_cut_off(*n, network.link(*link).class)
                    || distance_to_ring(&outline, node.at) < OUTLINE_M
                    || nothing_ahead(node.at, edge.heading_from(end) + core::f64::consts::PI)
            })
        })
        .collect()
}

fn convex_hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    let cross = |o: Point, a: Point, b: Point| (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
    let half = |points: &mut dyn Iterator<Item = Point>| {
        let mut hull: Vec<Point> = Vec::new();
        for p in points {
            while hull.len() >= 2 && cross(hull[hull.len() - 2], hull[hull.len() - 1], p) <= 0.0 {
                hull.pop();
            }
            hull.push(p);
        }
        hull.pop();
        hull
    };
    let mut hull = half(&mut points.iter().copied());
    hull.extend(half(&mut points.iter().rev().copied()));
    hull
}

fn distance_to_ring(ring: &[Point], p: Point) -> f64 {
    (0..ring.len()).map(|i| distance_to_segment(p, ring[i], ring[(i + 1) % ring.len()])).fold(f64::INFINITY, f64::min)
}

/// Distance from a point to a straight piece, metres.
pub(crate) fn distance_to_segment(p: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let square = dx * dx + dy * dy;
    let share = if square > 0.0 { (((p.x - a.x) * dx + (p.y - a.y) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
    p.distance_m(Point::new(a.x + dx * share, a.y + dy * share))
}

/// Removes links, the junctions they leave empty, and the movements over them.
fn retain_links(network: &mut RoadNetwork, sources: &mut Sources, keep: &[bool]) {
    let mut new_link: Vec<Option<LinkId>> = vec![None; keep.len()];
    let mut next = 0;
    for (i, kept) in keep.iter().enumerate() {
        if *kept {
            new_link[i] = Some(LinkId::from_index(next));
            next += 1;
        }
    }
    let mut has_link = vec![false; network.junctions.len()];
    for (link, _) in network.links.iter().zip(keep).filter(|(_, k)| **k) {
        has_link[link.from.index()] = true;
        has_link[link.to.index()] = true;
    }
    let mut new_junction: Vec<Option<JunctionId>> = vec![None; has_link.len()];
    let mut next = 0;
    for (i, kept) in has_link.iter().enumerate() {
        if *kept {
            new_junction[i] = Some(JunctionId::from_index(next));
            next += 1;
        }
    }
    let old_movements = std::mem::take(&mut network.movements);
    let old_junctions = std::mem::take(&mut network.junctions);
    for (j, mut junction) in old_junctions.into_iter().enumerate() {
        let Some(id) = new_junction[j] else { continue };
        let start = network.movements.len() as u32;
        for m in &old_movements[junction.movements.start as usize..junction.movements.end as usize] {
            if let (Some(from), Some(to)) = (new_link[m.from.index()], new_link[m.to.index()]) {
                let mut m = m.clone();
                (m.junction, m.from, m.to) = (id, from, to);
                network.movements.push(m);
            }
        }
        junction.movements = start..network.movements.len() as u32;
        network.junctions.push(junction);
    }
    let old_links = std::mem::take(&mut network.links);
    for (i, mut link) in old_links.into_iter().enumerate() {
        if !keep[i] {
            continue;
        }
        link.opposite = link.opposite.and_then(|o| new_link[o.index()]);
        if let (Some(from), Some(to)) = (new_junction[link.from.index()], new_junction[link.to.index()]) {
            (link.from, link.to) = (from, to);
            network.links.push(link);
        }
    }
    let mut kept = keep.iter();
    sources.of_link.retain(|_| *kept.next().unwrap_or(&false));
    for pair in &mut sources.link_of {
        *pair = pair.map(|l| l.and_then(|l| new_link[l.index()]));
    }
    let mut kept = has_link.iter();
    sources.of_junction.retain(|_| *kept.next().unwrap_or(&false));
    let mut kept = has_link.iter();
    sources.nodes_of.retain(|_| *kept.next().unwrap_or(&false));
    list_links(network);
}

/// Length of road in the network: links, what was cut off them at junctions, and pieces inside junctions. Ferries apart.
fn kept_km(draft: &Draft, network: &RoadNetwork, sources: &Sources) -> f64 {
    let mut is_kept = vec![false; draft.nodes.len()];
    sources.of_junction.iter().for_each(|root| is_kept[*root as usize] = true);
    let links: f64 = sources
        .of_link
        .iter()
        .zip(&network.links)
        .filter(|(_, link)| link.kind == LinkKind::Road)
        .map(|((edge, _), _)| draft.edges[*edge as usize].length_m)
        .sum();
    let inside: f64 = draft
        .edges
        .iter()
        .filter(|e| e.is_interior && is_kept[draft.nodes[e.ends[0] as usize].junction as usize])
        .map(super::draft::Edge::directed_length_m)
        .sum();
    (links + inside) / 1000.0
}

/// A junction where one can only turn back, or that only begins or ends roads, is a terminal.
fn set_terminals(network: &mut RoadNetwork) {
    for j in 0..network.junctions.len() {
        let junction = &network.junctions[j];
        let movements = &network.movements[junction.movements.start as usize..junction.movements.end as usize];
        let only_back = movements.iter().all(|m| network.links[m.from.index()].opposite == Some(m.to));
        if only_back && junction.incoming.len() <= 1 && junction.outgoing.len() <= 1 || movements.is_empty() {
            network.junctions[j].kind = JunctionKind::Terminal;
        } else if junction.incoming.iter().any(|l| network.links[l.index()].is_roundabout) {
            network.junctions[j].kind = JunctionKind::Roundabout;
        }
    }
}
