//! Leaves out service roads that hang on nothing but closed roads: yards, car parks and compounds that the public enters over a
//! driveway or a private road, if at all.

use super::{
    draft::Draft,
    join::drop_unused_nodes,
    parts::Parts,
    report::{ImportReport, ReportGroup},
};

/// Drops every part of the graph, the longest excepted, that is made of service roads only and touches no other road.
pub(crate) fn drop_enclosed(draft: &mut Draft, report: &mut ImportReport) {
    let parts = Parts::of(draft);
    let keep: Vec<bool> = draft.edges.iter().map(|edge| parts.detached(edge.ends[0]).is_none_or(|part| part.is_open())).collect();
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
