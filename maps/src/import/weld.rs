//! Mends roads that end a step before another road, for want of a shared node.

use super::{
    draft::{Draft, Edge},
    line::stretch,
    parts::Parts,
    reach::distance_to_segment,
    report::{ImportReport, ReportGroup},
};
use rayon::prelude::*;
use rstar::{AABB, RTree, primitives::GeomWithData};
use sim_core::geometry::{Point, polyline_length_m};
use std::collections::BTreeMap;

/// A dead end this near to another road is joined to it, metres.
const GAP_M: f64 = 1.5;
/// The same for the dead ends of a part that nothing ties to the rest: a street drawn to the kerb of the road it begins at, not to the
/// middle, stops half a carriageway short (assumed: a carriageway of up to 12 m).
const DETACHED_GAP_M: f64 = 6.0;

/// A dead end beside another road.
struct Gap {
    node: u32,
    edge: u32,
    /// Metres along the edge, in the plane.
    along_m: f64,
    gap_m: f64,
    /// The nearest point of the edge.
    at: Point,
}

/// Joins dead ends to the road they all but touch, on the same level.
pub(crate) fn weld_ends(draft: &mut Draft, report: &mut ImportReport) {
    let at = draft.incidence();
    let is_loose = |n: &u32| at[*n as usize].len() == 1 && draft.edges[at[*n as usize][0].0 as usize].road.ferry.is_none();
    let loose: Vec<GeomWithData<[f64; 2], u32>> = (0..draft.nodes.len() as u32)
        .filter(is_loose)
        .map(|n| GeomWithData::new([draft.nodes[n as usize].at.x, draft.nodes[n as usize].at.y], n))
        .collect();
    let tree = RTree::bulk_load(loose);
    let parts = Parts::of(draft);
    let gaps: Vec<Gap> =
        (0..draft.edges.len() as u32).into_par_iter().with_min_len(512).flat_map_iter(|e| gaps_of(draft, &at, &parts, &tree, e)).collect();
    let mut best: BTreeMap<u32, Gap> = BTreeMap::new();
    for gap in gaps {
        let known = best.get(&gap.node);
        if known.is_none_or(|k| (gap.gap_m, gap.edge) < (k.gap_m, k.edge)) {
            best.insert(gap.node, gap);
        }
    }
    let mut cuts: BTreeMap<u32, Vec<(f64, u32)>> = BTreeMap::new();
    let mut instead: Vec<u32> = (0..draft.nodes.len() as u32).collect();
    for gap in best.into_values() {
        let edge = &draft.edges[gap.edge as usize];
        let length_m = polyline_length_m(&edge.points);
        let cause = if gap.gap_m <= GAP_M {
            "dead end within 1.5 m of another road: joined"
        } else {
            "dead end of a detached part within 6 m of another road: joined"
        };
        report.add_length(ReportGroup::Repaired, cause, &draft.nodes[gap.node as usize].ref_, gap.gap_m);
        let end = if gap.along_m < GAP_M {
            Some(edge.ends[0])
        } else if gap.along_m > length_m - GAP_M {
            Some(edge.ends[1])
        } else {
            None
        };
        match end.map(|n| resolve(&instead, n)) {
            Some(target) if target != gap.node => instead[gap.node as usize] = target,
            Some(_) => {} // the other dead end was joined to this one
            None => {
                if gap.gap_m > GAP_M {
                    draft.nodes[gap.node as usize].at = gap.at; // the dead end is led on, the road stays where it is
                }
                cuts.entry(gap.edge).or_default().push((gap.along_m, gap.node));
            }
        }
    }
    for (e, mut places) in cuts {
        places.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        cut(draft, e as usize, &places);
    }
    for edge in &mut draft.edges {
        for end in 0..2 {
            edge.ends[end] = resolve(&instead, edge.ends[end]);
            lead_to(edge, end, draft.nodes[edge.ends[end] as usize].at);
        }
    }
    super::join::drop_unused_nodes(draft);
}

/// Brings the end of an edge to where its node is now: the last point moves a step, or the line goes on from it.
fn lead_to(edge: &mut Edge, end: usize, to: Point) {
    let last = if end == 0 { 0 } else { edge.points.len() - 1 };
    let way_m = edge.points[last].distance_m(to);
    if way_m <= GAP_M {
        edge.points[last] = to;
        return;
    }
    edge.points.insert(if end == 0 { 0 } else { last + 1 }, to);
    edge.length_m += way_m;
    if end == 0 {
        edge.marks.iter_mut().for_each(|m| m.at_m += way_m);
    }
}

fn resolve(instead: &[u32], mut n: u32) -> u32 {
    while instead[n as usize] != n {
        n = instead[n as usize];
    }
    n
}

/// The dead ends near one edge.
fn gaps_of(draft: &Draft, at: &[Vec<(u32, u8)>], parts: &Parts, tree: &RTree<GeomWithData<[f64; 2], u32>>, e: u32) -> Vec<Gap> {
    let edge = &draft.edges[e as usize];
    let mut gaps = Vec::new();
    if edge.road.ferry.is_some() {
        return gaps;
    }
    let mut before = 0.0;
    for pair in edge.points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let length = a.distance_m(b);
        let reach_m = DETACHED_GAP_M;
        let around = AABB::from_corners([a.x.min(b.x) - reach_m, a.y.min(b.y) - reach_m], [a.x.max(b.x) + reach_m, a.y.max(b.y) + reach_m]);
        for found in tree.locate_in_envelope(around) {
            let node = found.data;
            let own = at[node as usize][0].0;
            let p = draft.nodes[node as usize].at;
            let gap_m = distance_to_segment(p, a, b);
            let is_detached = parts.detached(node).is_some() && !parts.are_one(node, edge.ends[0]);
            let most_m = if is_detached { DETACHED_GAP_M } else { GAP_M };
            if own == e || draft.edges[own as usize].road.layer != edge.road.layer || gap_m > most_m || length <= 0.0 {
                continue;
            }
            let share = (((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / (length * length)).clamp(0.0, 1.0);
            let at = Point::new(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share);
            gaps.push(Gap { node, edge: e, along_m: before + share * length, gap_m, at });
        }
        before += length;
    }
    gaps
}

/// Cuts an edge at these places (metres along its line in the plane, node), in order; the first piece stays where the edge was.
pub(crate) fn cut(draft: &mut Draft, e: usize, places: &[(f64, u32)]) {
    let whole = draft.edges[e].clone();
    let plane_m = polyline_length_m(&whole.points);
    let scale = whole.length_m / plane_m;
    let mut pieces: Vec<Edge> = Vec::new();
    let mut from = (0.0, whole.ends[0]);
    for to in places.iter().copied().chain([(plane_m, whole.ends[1])]) {
        if to.0 - from.0 < 0.1 && to.1 != whole.ends[1] {
            continue; // a second dead end at the same place: it stays one
        }
        let mut points: Vec<Point> = stretch(&whole.points, from.0, to.0);
        let last = points.len() - 1;
        points[0] = draft.nodes[from.1 as usize].at;
        points[last] = draft.nodes[to.1 as usize].at;
        let (start_m, end_m) = (from.0 * scale, to.0 * scale);
        let marks = whole
            .marks
            .iter()
            .filter(|m| m.at_m >= start_m && m.at_m < end_m + 1e-6)
            .map(|m| super::draft::Mark { at_m: m.at_m - start_m, ..*m });
        pieces.push(Edge {
            ends: [from.1, to.1],
            end_ways: [
                if pieces.is_empty() { whole.end_ways[0] } else { whole.way },
                if to.1 == whole.ends[1] { whole.end_ways[1] } else { whole.way },
            ],
            points,
            length_m: (end_m - start_m).max(0.1),
            marks: marks.collect(),
            ..whole.clone()
        });
        from = to;
    }
    let mut pieces = pieces.into_iter();
    if let Some(first) = pieces.next() {
        draft.edges[e] = first;
    }
    draft.edges.extend(pieces);
}
