//! Mends roads that end a step before another road, for want of a shared node.

use super::{
    draft::{Draft, Edge},
    line::stretch,
    reach::distance_to_segment,
    report::{ImportReport, ReportGroup},
};
use rayon::prelude::*;
use rstar::{AABB, RTree, primitives::GeomWithData};
use sim_core::geometry::{Point, polyline_length_m};
use std::collections::BTreeMap;

/// A dead end this near to another road is joined to it, metres.
const GAP_M: f64 = 1.5;

/// A dead end beside another road.
struct Gap {
    node: u32,
    edge: u32,
    /// Metres along the edge, in the plane.
    along_m: f64,
    gap_m: f64,
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
    let gaps: Vec<Gap> =
        (0..draft.edges.len() as u32).into_par_iter().with_min_len(512).flat_map_iter(|e| gaps_of(draft, &at, &tree, e)).collect();
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
        report.add_length(
            ReportGroup::Repaired,
            "dead end within 1.5 m of another road: joined",
            &draft.nodes[gap.node as usize].ref_,
            gap.gap_m,
        );
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
            None => cuts.entry(gap.edge).or_default().push((gap.along_m, gap.node)),
        }
    }
    for (e, mut places) in cuts {
        places.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        cut(draft, e as usize, &places);
    }
    for i in 0..draft.edges.len() {
        for end in 0..2 {
            let target = resolve(&instead, draft.edges[i].ends[end]);
            if target != draft.edges[i].ends[end] {
                let to = draft.nodes[target as usize].at;
                let edge = &mut draft.edges[i];
                edge.ends[end] = target;
                let last = edge.points.len() - 1;
                edge.points[if end == 0 { 0 } else { last }] = to;
            }
        }
    }
    super::join::drop_unused_nodes(draft);
}

fn resolve(instead: &[u32], mut n: u32) -> u32 {
    while instead[n as usize] != n {
        n = instead[n as usize];
    }
    n
}

/// The dead ends near one edge.
fn gaps_of(draft: &Draft, at: &[Vec<(u32, u8)>], tree: &RTree<GeomWithData<[f64; 2], u32>>, e: u32) -> Vec<Gap> {
    let edge = &draft.edges[e as usize];
    let mut gaps = Vec::new();
    if edge.road.ferry.is_some() {
        return gaps;
    }
    let mut before = 0.0;
    for pair in edge.points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let length = a.distance_m(b);
        let around = AABB::from_corners([a.x.min(b.x) - GAP_M, a.y.min(b.y) - GAP_M], [a.x.max(b.x) + GAP_M, a.y.max(b.y) + GAP_M]);
        for found in tree.locate_in_envelope(around) {
            let node = found.data;
            let own = at[node as usize][0].0;
            let p = draft.nodes[node as usize].at;
            let gap_m = distance_to_segment(p, a, b);
            if own == e || draft.edges[own as usize].road.layer != edge.road.layer || gap_m > GAP_M || length <= 0.0 {
                continue;
            }
            let share = (((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / (length * length)).clamp(0.0, 1.0);
            gaps.push(Gap { node, edge: e, along_m: before + share * length, gap_m });
        }
        before += length;
    }
    gaps
}

/// Cuts an edge at these places (metres along, node), in order; the first piece stays where the edge was.
fn cut(draft: &mut Draft, e: usize, places: &[(f64, u32)]) {
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
