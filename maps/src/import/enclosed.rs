//! Leaves out service roads that hang on nothing but closed roads: yards, car parks and compounds that the public enters over a
//! driveway or a private road, if at all.

use super::{
    draft::Draft,
    join::drop_unused_nodes,
    report::{ImportReport, ReportGroup},
};
use petgraph::unionfind::UnionFind;
use sim_core::network::RoadClass;
use std::collections::BTreeMap;

/// Drops every part of the graph, the longest excepted, that is made of service roads only and touches no other road.
pub(crate) fn drop_enclosed(draft: &mut Draft, report: &mut ImportReport) {
    let mut parts: UnionFind<u32> = UnionFind::new(draft.nodes.len());
    for edge in &draft.edges {
        parts.union(edge.ends[0], edge.ends[1]);
    }
    let part_of = |ends: [u32; 2]| parts.find(ends[0]);
    // Length of every part, and whether it is service roads only.
    let mut sums: BTreeMap<u32, (f64, bool)> = BTreeMap::new();
    for edge in &draft.edges {
        let sum = sums.entry(part_of(edge.ends)).or_insert((0.0, true));
        sum.0 += edge.length_m;
        sum.1 &= edge.road.class == RoadClass::Service;
    }
    let longest = sums.iter().max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(b.0.cmp(a.0))).map(|(part, _)| *part);
    let keep: Vec<bool> = draft
        .edges
        .iter()
        .map(|edge| {
            let part = part_of(edge.ends);
            Some(part) == longest || sums.get(&part).is_none_or(|(_, service_only)| !service_only)
        })
        .collect();
    for (edge, _) in draft.edges.iter().zip(&keep).filter(|(_, kept)| !**kept) {
        let length_m = edge.directed_length_m();
        report.add_length(
            ReportGroup::Dropped,
            "service road that no open road leads to (not counted as drivable)",
            format_args!("w{}", edge.way),
            length_m,
        );
    }
    let mut kept = keep.iter();
    draft.edges.retain(|_| *kept.next().unwrap_or(&true));
    drop_unused_nodes(draft);
    let roads = draft.edges.iter().filter(|e| e.road.ferry.is_none());
    report.drivable_km = roads.map(|e| e.directed_length_m() / 1000.0).sum();
}
