//! Cuts a region out of the data.

use super::{MemberKind, OsmData, Region};
use sim_core::geometry::LatLon;
use std::collections::HashSet;

/// The part of `data` in `region`. A way that crosses the edge is kept up to its first node outside (a way that leaves and comes back
/// keeps the stretch between). Nodes inside and nodes of kept ways stay; relations with a kept member stay whole.
pub fn cut(mut data: OsmData, region: &Region) -> OsmData {
    let inside: Vec<bool> = data.nodes.iter().map(|n| region.contains(n.place)).collect();
    let look = |id: i64| data.nodes.binary_search_by_key(&id, |n| n.id).ok();
    let mut used: HashSet<i64> = HashSet::new();
    for way in &mut data.ways {
        let places: Vec<Option<(LatLon, bool)>> = way.nodes.iter().map(|id| look(*id).map(|i| (data.nodes[i].place, inside[i]))).collect();
        let touches = |i: usize| match (places[i], places[i + 1]) {
            (Some((a, a_in)), Some((b, b_in))) => a_in || b_in || region.is_crossed_by(a, b),
            (Some((_, is_in)), None) | (None, Some((_, is_in))) => is_in, // a missing node inside stays known as missing
            (None, None) => false,
        };
        let pieces = way.nodes.len().saturating_sub(1);
        let first = (0..pieces).find(|i| touches(*i));
        let last = (0..pieces).rfind(|i| touches(*i));
        match (first, last) {
            (Some(first), Some(last)) => {
                way.nodes.truncate(last + 2);
                way.nodes.drain(..first);
                used.extend(way.nodes.iter().copied());
            }
            _ => way.nodes.clear(),
        }
    }
    data.ways.retain(|w| w.nodes.len() >= 2);
    let mut keep = inside.iter();
    data.nodes.retain(|n| *keep.next().unwrap_or(&false) || used.contains(&n.id));
    let nodes = &data.nodes;
    let ways = &data.ways;
    data.relations.retain(|r| {
        r.members.iter().any(|m| match m.kind {
            MemberKind::Node => nodes.binary_search_by_key(&m.id, |n| n.id).is_ok(),
            MemberKind::Way => ways.binary_search_by_key(&m.id, |w| w.id).is_ok(),
            MemberKind::Relation => false,
        })
    });
    data
}
