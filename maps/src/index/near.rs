//! Refs that look alike: what to propose when a file names a place that the map no longer has.

use sim_core::reference::Ref;

/// The refs among `candidates` that `wanted` may have meant, best first, at most `limit`.
///
/// An OSM ref that changed most often shares its way or a node with the old one (`osm:w123:n4>n9` became `osm:w123:n4>n7` when the way
/// was cut), so shared parts count first; then how alike the spelling is (Jaro–Winkler, at least 0.8). Equally good ones come in
/// alphabetical order.
///
/// ```
/// use maps::index::near_refs;
/// let refs = ["osm:w123:n4>n7", "osm:w123:n7>n9", "osm:w77:n4>n5", "osm:w8:n1>n2"].map(sim_core::reference::Ref::from);
/// let near = near_refs("osm:w123:n4>n9", refs.iter(), 2);
/// assert_eq!(near, [refs[0].clone(), refs[1].clone()]);
/// ```
pub fn near_refs<'a>(wanted: &str, candidates: impl Iterator<Item = &'a Ref>, limit: usize) -> Vec<Ref> {
    let parts: Vec<&str> = meaningful_parts(wanted).collect();
    let mut scored: Vec<(usize, u32, &Ref)> = candidates
        .filter_map(|candidate| {
            let shared = meaningful_parts(candidate.as_str()).filter(|p| parts.contains(p)).count();
            // In ten-thousandths, so that the order is total.
            let alike = (strsim::jaro_winkler(wanted, candidate.as_str()) * 10_000.0) as u32;
            (shared > 0 || alike >= 8_000).then_some((shared, alike, candidate))
        })
        .collect();
    scored.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then_with(|| a.2.cmp(b.2)));
    // Where some share a part, those that only look alike are noise: all OSM refs look alike.
    let best = scored.first().map_or(0, |s| s.0);
    scored.into_iter().filter(|s| s.0 > 0 || best == 0).take(limit).map(|s| s.2.clone()).collect()
}

/// The parts of a ref that name something: all but the name of the source.
fn meaningful_parts(ref_: &str) -> impl Iterator<Item = &str> {
    ref_.split([':', '>', '+']).filter(|p| !p.is_empty() && *p != "osm")
}
