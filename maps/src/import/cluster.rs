//! Merges the several nodes of one real junction into one.
//!
//! Merging contracts short pieces of road, shortest first, as long as the junction stays small. The pieces become its inside: movements
//! lead over them, so one-way rules and turn restrictions in there hold on.

use super::{
    draft::Draft,
    join::drop_unused_nodes,
    report::{ImportReport, ReportGroup},
    restrictions::{Restrictions, Via},
    setback::wanted,
};
use sim_core::{
    geometry::{Point, turn_between},
    network::{DrivingSide, RoadClass},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    f64::consts::PI,
};

/// Pieces shorter than this between two junctions are inside one junction.
const ALWAYS_M: f64 = 12.0;
/// A median is at most this wide; with signals at it this wide.
const MEDIAN_M: f64 = 30.0;
const SIGNAL_MEDIAN_M: f64 = 45.0;
/// Two signalised nodes nearer than this are one junction.
const SIGNALS_APART_M: f64 = 30.0;
/// The longest way between that a turn restriction makes part of a junction.
const VIA_M: f64 = 60.0;
/// A junction is at most this wide, metres across its nodes.
const WIDEST_M: f64 = 60.0;
const WIDEST_SIGNAL_M: f64 = 75.0;
/// A loop road that leaves a junction and comes back is inside it up to this length.
const INSIDE_M: f64 = 40.0;
/// A link shorter than this after cutting back is inside a junction.
const SHORTEST_LINK_M: f64 = 5.0;
/// Dead ends shorter than this are left out.
const STUB_M: f64 = 10.0;

/// Drops dead ends too short to be driven into.
pub(crate) fn drop_stubs(draft: &mut Draft, report: &mut ImportReport) {
    let at = draft.incidence();
    let is_dead_end = |n: u32| at[n as usize].len() == 1 && !draft.nodes[n as usize].is_edge;
    let keep: Vec<bool> = draft
        .edges
        .iter()
        .map(|e| e.length_m >= STUB_M || e.road.ferry.is_some() || is_dead_end(e.ends[0]) == is_dead_end(e.ends[1]))
        .collect();
    for (edge, _) in draft.edges.iter().zip(&keep).filter(|(_, keep)| !**keep) {
        report.add_length(ReportGroup::Dropped, "dead end shorter than 10 m", format_args!("w{}", edge.way), edge.directed_length_m());
    }
    let mut kept = keep.iter();
    draft.edges.retain(|_| *kept.next().unwrap_or(&true));
    drop_unused_nodes(draft);
}

/// Junctions as sets of nodes that grow by union.
struct Groups {
    parent: Vec<u32>,
    low: Vec<Point>,
    high: Vec<Point>,
    /// Nodes that stay alone.
    apart: Vec<bool>,
}

impl Groups {
    fn new(draft: &Draft, never_merge: &BTreeSet<i64>) -> Self {
        let at: Vec<Point> = draft.nodes.iter().map(|n| n.at).collect();
        let apart = draft.nodes.iter().map(|n| never_merge.contains(&n.id)).collect();
        let mut groups = Self { parent: (0..draft.nodes.len() as u32).collect(), low: at.clone(), high: at, apart };
        for (i, node) in draft.nodes.iter().enumerate() {
            groups.union(i as u32, node.junction, f64::INFINITY);
        }
        groups
    }

    fn root(&mut self, mut n: u32) -> u32 {
        while self.parent[n as usize] != n {
            let up = self.parent[self.parent[n as usize] as usize];
            self.parent[n as usize] = up;
            n = up;
        }
        n
    }

    /// Merges the groups of two nodes unless the result would be wider than `widest_m`. The smaller index stays the root.
    fn union(&mut self, a: u32, b: u32, widest_m: f64) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return true;
        }
        if self.apart[a as usize] || self.apart[b as usize] {
            return false;
        }
        let (keep, gone) = (a.min(b) as usize, a.max(b) as usize);
        let low = Point::new(self.low[keep].x.min(self.low[gone].x), self.low[keep].y.min(self.low[gone].y));
        let high = Point::new(self.high[keep].x.max(self.high[gone].x), self.high[keep].y.max(self.high[gone].y));
        if low.distance_m(high) > widest_m {
            return false;
        }
        self.parent[gone] = keep as u32;
        (self.low[keep], self.high[keep]) = (low, high);
        true
    }
}

/// Merges the nodes of every real junction.
pub(crate) fn merge_junctions(draft: &mut Draft, restrictions: &Restrictions, never_merge: &BTreeSet<i64>, report: &mut ImportReport) {
    let at = draft.incidence();
    let mut groups = Groups::new(draft, never_merge);
    let via = short_via_ways(draft, restrictions);
    let mut candidates: Vec<(f64, u32, f64)> = Vec::new();
    for (i, edge) in draft.edges.iter().enumerate() {
        let [a, b] = edge.ends;
        if a == b
            || edge.road.class == RoadClass::Ferry
            || [a, b].iter().any(|n| draft.nodes[*n as usize].is_edge || at[*n as usize].len() < 2)
        {
            continue;
        }
        let signals = [a, b].map(|n| draft.nodes[n as usize].has_signal);
        let widest = if signals[0] || signals[1] { WIDEST_SIGNAL_M } else { WIDEST_M };
        let is_pair = at[a as usize].len() == 2 && at[b as usize].len() == 2; // a short piece in the middle of a road
        let inside = if edge.road.is_ring {
            edge.length_m < 8.0
        } else {
            via.contains(&edge.way)
                || (edge.length_m < ALWAYS_M && !is_pair)
                || (signals[0] && signals[1] && edge.length_m <= SIGNALS_APART_M)
                || (edge.length_m <= if signals[0] || signals[1] { SIGNAL_MEDIAN_M } else { MEDIAN_M } && crosses_median(draft, &at, i))
        };
        if inside {
            candidates.push((edge.length_m, i as u32, widest));
        }
    }
    contract(draft, &mut groups, candidates, report);
    pair_crossings(draft, &mut groups, &at);
    collapse_tiny_rings(draft, &mut groups, &at, report);
    settle(draft, &mut groups);
    // Cutting links back may leave next to nothing between two junctions: those are one as well.
    for _ in 0..2 {
        let wanted = wanted(draft);
        let short: Vec<(f64, u32, f64)> = draft
            .edges
            .iter()
            .enumerate()
            .filter(|(i, e)| {
                let [a, b] = e.ends;
                let is_inner = [a, b].iter().all(|n| at[*n as usize].len() >= 2 && !draft.nodes[*n as usize].is_edge);
                let left_over = e.length_m - wanted[*i][0] - wanted[*i][1];
                !e.is_interior
                    && a != b
                    && is_inner
                    && !e.road.is_ring
                    && e.road.class != RoadClass::Ferry
                    && left_over < SHORTEST_LINK_M
                    && e.length_m < 40.0
            })
            .map(|(i, e)| (e.length_m, i as u32, WIDEST_M))
            .collect();
        let before = draft.edges.iter().filter(|e| e.is_interior).count();
        contract(draft, &mut groups, short, report);
        settle(draft, &mut groups);
        if draft.edges.iter().filter(|e| e.is_interior).count() == before {
            break;
        }
    }
}

/// Unites the signals of one pedestrian crossing over two carriageways, which no road joins.
fn pair_crossings(draft: &Draft, groups: &mut Groups, at: &[Vec<(u32, u8)>]) {
    let mut crossings: Vec<(Point, u32)> = (0..draft.nodes.len() as u32)
        .filter(|n| draft.nodes[*n as usize].has_signal && at[*n as usize].len() == 2)
        .map(|n| (draft.nodes[n as usize].at, n))
        .collect();
    crossings.sort_by(|a, b| a.0.x.total_cmp(&b.0.x).then(a.1.cmp(&b.1)));
    for (i, (here, n)) in crossings.iter().enumerate() {
        for (there, m) in crossings[i + 1..].iter().take_while(|(p, _)| p.x - here.x <= SIGNALS_APART_M) {
            if here.distance_m(*there) <= SIGNALS_APART_M {
                groups.union(*n, *m, WIDEST_M);
            }
        }
    }
}

/// Unites the ends of the candidates (length, edge, widest junction), shortest first.
fn contract(draft: &Draft, groups: &mut Groups, mut candidates: Vec<(f64, u32, f64)>, report: &mut ImportReport) {
    candidates.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    for (length_m, i, widest_m) in candidates {
        let edge = &draft.edges[i as usize];
        if groups.root(edge.ends[0]) != groups.root(edge.ends[1]) && groups.union(edge.ends[0], edge.ends[1], widest_m) {
            report.add_length(ReportGroup::Repaired, "nodes of one junction merged", format_args!("w{}", edge.way), length_m);
        }
    }
}

/// Writes the groups into the draft: roots, signals, interior pieces.
fn settle(draft: &mut Draft, groups: &mut Groups) {
    for n in 0..draft.nodes.len() as u32 {
        let root = groups.root(n);
        draft.nodes[n as usize].junction = root;
        if draft.nodes[n as usize].has_signal {
            draft.nodes[root as usize].has_signal = true;
        }
    }
    for edge in &mut draft.edges {
        let [a, b] = edge.ends;
        let most = if edge.road.is_ring {
            25.0
        } else {
            INSIDE_M.max(if draft.nodes[draft.nodes[a as usize].junction as usize].has_signal { VIA_M } else { 0.0 })
        };
        edge.is_interior = a != b
            && draft.nodes[a as usize].junction == draft.nodes[b as usize].junction
            && edge.length_m <= most
            && edge.road.class != RoadClass::Ferry;
    }
}

/// The via ways of turn restrictions that are short enough to be the inside of a junction.
fn short_via_ways(draft: &Draft, restrictions: &Restrictions) -> BTreeSet<i64> {
    let mut length_of: BTreeMap<i64, f64> = BTreeMap::new();
    let wanted: BTreeSet<i64> = restrictions
        .over_way
        .values()
        .flatten()
        .filter_map(|r| match &r.via {
            Via::Ways(w) => Some(w),
            Via::Node(_) => None,
        })
        .flatten()
        .copied()
        .collect();
    for edge in draft.edges.iter().filter(|e| wanted.contains(&e.way)) {
        *length_of.entry(edge.way).or_default() += edge.length_m;
    }
    length_of.into_iter().filter(|(_, m)| *m <= VIA_M).map(|(way, _)| way).collect()
}

/// Whether an edge joins the two carriageways of one road: at its ends one-way roads pass square to it, in opposite directions, each
/// with the other on the side where oncoming traffic is.
fn crosses_median(draft: &Draft, at: &[Vec<(u32, u8)>], i: usize) -> bool {
    let edge = &draft.edges[i];
    let passing = |node: u32| {
        at[node as usize].iter().filter(|(e, _)| *e as usize != i).filter_map(|(e, end)| {
            let other = &draft.edges[*e as usize];
            if !other.road.is_one_way || other.road.is_ring {
                return None;
            }
            let away = other.heading_from(*end as usize);
            Some((if other.leads_away(*end as usize) { away } else { away + PI }, other))
        })
    };
    let across = edge.heading_from(0);
    let oncoming_side = if draft.side == DrivingSide::Right { 1.0 } else { -1.0 };
    passing(edge.ends[0]).any(|(heading_a, a)| {
        let side = turn_between(heading_a, across);
        side * oncoming_side > 0.8
            && side.abs() < 2.35
            && passing(edge.ends[1]).any(|(heading_b, b)| {
                turn_between(heading_a, heading_b).abs() > 2.6 && (a.road.name == b.road.name || a.road.class == b.road.class)
            })
    })
}

/// A ring too small to hold vehicles between its roads is one junction.
fn collapse_tiny_rings(draft: &Draft, groups: &mut Groups, at: &[Vec<(u32, u8)>], report: &mut ImportReport) {
    let mut seen = vec![false; draft.edges.len()];
    for start in 0..draft.edges.len() {
        if seen[start] || !draft.edges[start].road.is_ring {
            continue;
        }
        let mut ring = vec![start];
        seen[start] = true;
        let mut next = 0;
        while next < ring.len() {
            for node in draft.edges[ring[next]].ends {
                for (e, _) in &at[node as usize] {
                    let e = *e as usize;
                    if !seen[e] && draft.edges[e].road.is_ring {
                        seen[e] = true;
                        ring.push(e);
                    }
                }
            }
            next += 1;
        }
        let around: f64 = ring.iter().map(|e| draft.edges[*e].length_m).sum();
        if around < 50.0 && ring.len() > 1 {
            for e in &ring {
                let [a, b] = draft.edges[*e].ends;
                groups.union(a, b, WIDEST_M);
            }
            report.add_length(
                ReportGroup::Repaired,
                "roundabout of less than 50 m round taken as one junction",
                format_args!("w{}", draft.edges[start].way),
                around,
            );
        }
    }
}
