//! Joins two pieces of road at a node where nothing else meets.

use super::{
    draft::{Draft, Edge},
    report::{ImportReport, ReportGroup},
};
use std::collections::BTreeSet;

/// Pieces shorter than this lose their own lanes, speed or structure to the longer neighbour, metres.
const ABSORBED_M: f64 = 12.0;
/// Pieces shorter than this lose their own speed limit.
const SPEED_ABSORBED_M: f64 = 30.0;

/// Joins where exactly two pieces meet that are alike, or of which one is too short to count. Nodes in `keep` (turn restrictions lead
/// through them) stay.
pub(crate) fn join(draft: &mut Draft, keep: &BTreeSet<i64>, report: &mut ImportReport) {
    let mut at = draft.incidence();
    let mut alive = vec![true; draft.edges.len()];
    for node in 0..draft.nodes.len() {
        let [(a, a_end), (b, b_end)] = at[node][..] else { continue };
        if a == b || keep.contains(&draft.nodes[node].id) || draft.nodes[node].is_edge {
            continue;
        }
        let (a, b) = (a as usize, b as usize);
        let shorter = draft.edges[a].length_m.min(draft.edges[b].length_m);
        if !can_join(&draft.edges[a], a_end, &draft.edges[b], b_end, shorter) {
            continue;
        }
        // Bring both into one direction: a ends at the node, b begins there.
        let swap = |at: &mut Vec<Vec<(u32, u8)>>, edge: usize, ends: [u32; 2]| {
            for n in BTreeSet::from(ends) {
                at[n as usize].iter_mut().filter(|(e, _)| *e as usize == edge).for_each(|(_, end)| *end = 1 - *end);
            }
        };
        if a_end == 0 {
            draft.edges[a].flip();
            let ends = draft.edges[a].ends;
            swap(&mut at, a, ends);
        }
        if b_end == 1 {
            draft.edges[b].flip();
            let ends = draft.edges[b].ends;
            swap(&mut at, b, ends);
        }
        let tail = draft.edges[b].clone();
        alive[b] = false;
        let far = tail.ends[1] as usize;
        for (edge, end) in &mut at[far] {
            if *edge as usize == b && *end == 1 {
                *edge = a as u32;
            }
        }
        at[node].clear();
        if shorter < ABSORBED_M && !alike(&draft.edges[a], &tail) {
            let short = if tail.length_m < draft.edges[a].length_m { &tail } else { &draft.edges[a] };
            report.add_length(
                ReportGroup::Repaired,
                "short change of lanes or structure smoothed away",
                format_args!("w{}", short.way),
                short.length_m,
            );
        }
        append(&mut draft.edges[a], tail);
    }
    let mut keep_edge = alive.iter();
    draft.edges.retain(|_| *keep_edge.next().unwrap_or(&true));
    drop_unused_nodes(draft);
}

/// Whether two pieces look the same to somebody driving over the node between them.
fn alike(a: &Edge, b: &Edge) -> bool {
    let (r, s) = (&a.road, &b.road);
    (r.class, r.is_ramp, r.is_ring, r.is_bridge, r.is_toll, r.is_dual) == (s.class, s.is_ramp, s.is_ring, s.is_bridge, s.is_toll, s.is_dual)
        && (0..2).all(|i| match (&a.sides[i], &b.sides[i]) {
            (None, None) => true,
            (Some(x), Some(y)) => {
                x.access == y.access
                    && x.lanes.len() == y.lanes.len()
                    && x.lanes
                        .iter()
                        .zip(&y.lanes)
                        .all(|(p, q)| p.kind == q.kind && p.access == q.access && (p.width_m - q.width_m).abs() < 0.3)
            }
            _ => false,
        })
}

fn can_join(a: &Edge, a_end: u8, b: &Edge, b_end: u8, shorter_m: f64) -> bool {
    let mut x = a.clone();
    let mut y = b.clone();
    (x.points, y.points) = (Vec::new(), Vec::new());
    if a_end == 0 {
        x.flip();
    }
    if b_end == 1 {
        y.flip();
    }
    let same_directions = (0..2).all(|i| x.sides[i].is_some() == y.sides[i].is_some());
    let same_kind = (x.road.ferry.is_some(), x.road.is_ring) == (y.road.ferry.is_some(), y.road.is_ring);
    if !same_directions || !same_kind {
        return false;
    }
    let shared_access = (0..2).all(|i| match (&x.sides[i], &y.sides[i]) {
        (Some(p), Some(q)) => !p.access.intersection(q.access).is_empty(),
        _ => true,
    });
    if shorter_m < ABSORBED_M {
        return shared_access;
    }
    let same_sign = |p: Option<f32>, q: Option<f32>| match (p, q) {
        (Some(p), Some(q)) => (p - q).abs() < 0.3,
        (None, None) => true,
        _ => false,
    };
    alike(&x, &y) && (shorter_m < SPEED_ABSORBED_M || (0..2).all(|i| same_sign(x.signs[i], y.signs[i])))
}

/// Lengthens `a` by `b`, which begins where `a` ends.
fn append(a: &mut Edge, b: Edge) {
    if b.way < a.way {
        (a.way, a.way_ref) = (b.way, b.way_ref.clone());
    }
    let turns_from = |downstream: &Edge, upstream: &Edge, i: usize| {
        // The markings nearer the junction ahead hold, unless only the others were mapped.
        let marked = |e: &Edge| e.sides[i].as_ref().is_some_and(|s| s.lanes.iter().any(|l| !l.turns.is_unmarked()));
        let source = if marked(downstream) || !marked(upstream) { downstream } else { upstream };
        source.sides[i].as_ref().map(|s| s.lanes.iter().map(|l| l.turns).collect::<Vec<_>>())
    };
    let turns = [turns_from(&b, a, 0), turns_from(a, &b, 1)];
    let shared = [0, 1].map(|i| match (&a.sides[i], &b.sides[i]) {
        (Some(p), Some(q)) => Some(p.access.intersection(q.access)),
        _ => None,
    });
    if b.length_m > a.length_m {
        (a.road, a.sides, a.signs) = (b.road, b.sides, b.signs);
    }
    for i in 0..2 {
        let Some(side) = &mut a.sides[i] else { continue };
        if let Some(turns) = turns[i].as_ref().filter(|t| t.len() == side.lanes.len()) {
            side.lanes.iter_mut().zip(turns).for_each(|(lane, turns)| lane.turns = *turns);
        }
        if let Some(shared) = shared[i].filter(|s| *s != side.access) {
            side.access = shared;
            for lane in &mut side.lanes {
                lane.access = Some(lane.access.intersection(shared)).filter(|open| !open.is_empty()).unwrap_or(shared);
            }
        }
    }
    a.marks.extend(b.marks.into_iter().map(|mut m| {
        m.at_m += a.length_m;
        m
    }));
    a.length_m += b.length_m;
    a.ends[1] = b.ends[1];
    a.end_ways[1] = b.end_ways[1];
    a.points.extend(b.points.into_iter().skip(1));
}

/// Forgets nodes that no edge ends at.
pub(crate) fn drop_unused_nodes(draft: &mut Draft) {
    let mut new_index = vec![u32::MAX; draft.nodes.len()];
    let mut used = vec![false; draft.nodes.len()];
    for edge in &draft.edges {
        for end in edge.ends {
            used[end as usize] = true;
            used[draft.nodes[end as usize].junction as usize] = true;
        }
    }
    let mut kept = Vec::new();
    for (i, node) in draft.nodes.drain(..).enumerate() {
        if used[i] {
            new_index[i] = kept.len() as u32;
            kept.push(node);
        }
    }
    draft.nodes = kept;
    for node in &mut draft.nodes {
        node.junction = new_index[node.junction as usize];
    }
    for edge in &mut draft.edges {
        edge.ends = edge.ends.map(|n| new_index[n as usize]);
    }
}
