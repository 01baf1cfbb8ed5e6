//! Cuts ways into pieces at the nodes they share, and mends ways that name nodes the file does not hold.

use super::{
    draft::{Draft, DraftNode, Edge, Mark, MarkKind},
    report::{ImportReport, ReportGroup},
    road::DrivableWay,
};
use crate::osm::{Node, OsmData, Region};
use rayon::prelude::*;
use sim_core::{
    geometry::{Frame, LatLon},
    network::DrivingSide,
};
use std::sync::Arc;

const NO_NODE: u32 = u32::MAX;

/// A stretch of a way whose nodes are all there, as indices into the data's nodes.
struct Run<'a> {
    way: &'a DrivableWay,
    nodes: Vec<u32>,
    /// Whether the way goes on beyond its first, last node, over nodes that are missing.
    goes_on: [bool; 2],
}

/// The pieces of all drivable ways between shared nodes.
pub(crate) fn split(data: &OsmData, ways: &[DrivableWay], region: Option<&Region>, side: DrivingSide, report: &mut ImportReport) -> Draft {
    let looked_up: Vec<Vec<Option<u32>>> = ways
        .par_iter()
        .map(|w| w.nodes.iter().map(|id| data.nodes.binary_search_by_key(id, |n| n.id).ok().map(|i| i as u32)).collect())
        .collect();
    let mut runs = Vec::with_capacity(ways.len());
    for (way, nodes) in ways.iter().zip(&looked_up) {
        runs_of(way, nodes, &mut runs, report);
    }
    let frame = frame_of(data, &runs);

    let mut uses = vec![0u8; data.nodes.len()];
    for run in &runs {
        for (i, n) in run.nodes.iter().enumerate() {
            let more = if i == 0 || i + 1 == run.nodes.len() { 2 } else { 1 }; // ends are always cut
            uses[*n as usize] = uses[*n as usize].saturating_add(more);
        }
    }
    let mut draft_index = vec![NO_NODE; data.nodes.len()];
    let mut nodes = Vec::new();
    for (i, node) in data.nodes.iter().enumerate() {
        if uses[i] >= 2 {
            draft_index[i] = nodes.len() as u32;
            nodes.push(draft_node(node, nodes.len() as u32, &frame, region));
        }
    }
    for run in &runs {
        for (end, n) in [(0, run.nodes.first()), (1, run.nodes.last())] {
            if let (true, Some(n)) = (run.goes_on[end], n) {
                nodes[draft_index[*n as usize] as usize].is_edge = true;
            }
        }
    }
    let edges: Vec<Vec<Edge>> = runs.par_iter().map(|run| pieces_of(data, run, &uses, &draft_index, &frame)).collect();
    Draft { side, frame, nodes, edges: edges.into_iter().flatten().collect() }
}

fn runs_of<'a>(way: &'a DrivableWay, nodes: &[Option<u32>], runs: &mut Vec<Run<'a>>, report: &mut ImportReport) {
    let missing = nodes.iter().filter(|n| n.is_none()).count();
    if missing > 0 {
        report.add(
            ReportGroup::Repaired,
            "way that names missing nodes: cut there",
            format_args!("w{} ({missing} of {})", way.id, nodes.len()),
        );
    }
    let mut start = 0;
    while start < nodes.len() {
        let end = nodes[start..].iter().position(Option::is_none).map_or(nodes.len(), |n| start + n);
        let mut run: Vec<u32> = nodes[start..end].iter().flatten().copied().collect();
        run.dedup();
        if run.len() >= 2 {
            runs.push(Run { way, nodes: run, goes_on: [start > 0, end < nodes.len()] });
        }
        start = end + 1;
    }
}

/// A frame about the middle of the roads, on whole hundredths of a degree so that a small edit of the map does not move it.
fn frame_of(data: &OsmData, runs: &[Run<'_>]) -> Frame {
    let (mut low, mut high) = (LatLon { lat: 90.0, lon: 180.0 }, LatLon { lat: -90.0, lon: -180.0 });
    for place in runs.iter().flat_map(|r| &r.nodes).map(|n| data.nodes[*n as usize].place) {
        low = LatLon { lat: low.lat.min(place.lat), lon: low.lon.min(place.lon) };
        high = LatLon { lat: high.lat.max(place.lat), lon: high.lon.max(place.lon) };
    }
    let round = |v: f64| libm::round(v * 100.0) / 100.0;
    if runs.is_empty() {
        return Frame { origin: LatLon { lat: 0.0, lon: 0.0 } };
    }
    Frame { origin: LatLon { lat: round((low.lat + high.lat) / 2.0), lon: round((low.lon + high.lon) / 2.0) } }
}

fn draft_node(node: &Node, index: u32, frame: &Frame, region: Option<&Region>) -> DraftNode {
    DraftNode {
        id: node.id,
        ref_: node.tags.get("twin:ref").map_or_else(|| format!("n{}", node.id).into(), Arc::from),
        at: frame.project(node.place),
        is_edge: region.is_some_and(|r| !r.contains(node.place)),
        has_signal: node.tags.is("highway", "traffic_signals"),
        junction: index,
    }
}

fn mark_kind(node: &Node) -> Option<MarkKind> {
    match node.tags.get("highway")? {
        "traffic_signals" => Some(MarkKind::Signal),
        "crossing" if node.tags.is("crossing", "traffic_signals") || node.tags.is("crossing:signals", "yes") => {
            Some(MarkKind::CrossingSignal)
        }
        "stop" => Some(MarkKind::Stop),
        "give_way" => Some(MarkKind::GiveWay),
        _ => None,
    }
}

/// Whom a sign in the line of a way speaks to: `direction` or `traffic_signals:direction`, else both.
fn speaks_to(node: &Node) -> [bool; 2] {
    let value = ["traffic_signals:direction", "direction", "stop:direction", "give_way:direction"].iter().find_map(|k| node.tags.get(k));
    match value {
        Some("forward") => [true, false],
        Some("backward") => [false, true],
        _ => [true, true],
    }
}

fn pieces_of(data: &OsmData, run: &Run<'_>, uses: &[u8], draft_index: &[u32], frame: &Frame) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut start = 0;
    for i in 1..run.nodes.len() {
        if uses[run.nodes[i] as usize] < 2 {
            continue;
        }
        let slice = &run.nodes[start..=i];
        start = i;
        let place = |n: u32| data.nodes[n as usize].place;
        let mut length_m = 0.0;
        let mut marks = Vec::new();
        for (k, pair) in slice.windows(2).enumerate() {
            length_m += place(pair[0]).distance_m(place(pair[1]));
            let node = &data.nodes[pair[1] as usize];
            if k + 2 < slice.len()
                && let Some(kind) = mark_kind(node)
            {
                marks.push(Mark { kind, node: node.id, at_m: length_m, speaks_to: speaks_to(node) });
            }
        }
        if length_m <= 0.0 {
            continue; // all its nodes at one place
        }
        // A sign on the very first or last node of a way that others end at too, too: it speaks to those who come over this way.
        for (node, at_m, is_last) in [(slice[0], 0.0, false), (slice[slice.len() - 1], length_m, true)] {
            let node = &data.nodes[node as usize];
            if let Some(kind @ (MarkKind::Stop | MarkKind::GiveWay)) = mark_kind(node) {
                let toward = if is_last { [true, false] } else { [false, true] };
                let said = speaks_to(node);
                marks.push(Mark { kind, node: node.id, at_m, speaks_to: [toward[0] && said[0], toward[1] && said[1]] });
            }
        }
        marks.sort_by(|a, b| a.at_m.total_cmp(&b.at_m));
        edges.push(Edge {
            road: run.way.road.clone(),
            way: run.way.id,
            way_ref: run.way.ref_.clone(),
            ends: [draft_index[slice[0] as usize], draft_index[slice[slice.len() - 1] as usize]],
            end_ways: [run.way.id; 2],
            points: slice.iter().map(|n| frame.project(place(*n))).collect(),
            length_m,
            sides: run.way.sides.clone(),
            signs: run.way.signs,
            marks,
            is_interior: false,
            is_urban: false,
        });
    }
    edges
}
