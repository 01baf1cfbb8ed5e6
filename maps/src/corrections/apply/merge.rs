//! Several junctions that are one: the links between them vanish, and every way over them becomes one movement.

use super::{Applied, Log, draft::Draft, turns};
use crate::corrections::{
    model::{Entry, Merge, Split},
    report::Outcome,
};
use sim_core::{
    class::ClassSet,
    geometry::Point,
    ids::{JunctionId, LinkId},
    network::{JunctionKind, Movement},
};
use std::collections::{BTreeMap, BTreeSet};

/// The longest link that a junction may swallow, metres (assumed: the widest real ones are some 100 m across).
const MAX_INNER_LINK_M: f32 = 200.0;

/// Splits are the importer's work; here it shows whether they came to anything.
pub(super) fn check_split(draft: &Draft, entry: &Entry<Split>, log: &mut Log) -> Applied {
    let mut found = false;
    for node in &entry.what.nodes {
        found |= log.junction(draft, entry.line, "split", &format!("osm:n{node}")).is_some();
    }
    found
}

pub(super) fn merge(draft: &mut Draft, entry: &Entry<Merge>, log: &mut Log) -> Applied {
    let refs = &entry.what.junctions;
    let mut parts: Vec<JunctionId> = refs.iter().filter_map(|r| log.junction(draft, entry.line, "merge", r.as_str())).collect();
    let mut seen = BTreeSet::new();
    parts.retain(|j| seen.insert(*j));
    let [kept, others @ ..] = &parts[..] else { return false };
    if others.is_empty() {
        let message = "no second one to merge it with: the import may have merged them itself";
        return log.left_out(entry.line, "merge", &refs[0], Outcome::WithoutEffect, message);
    }
    let inner: BTreeSet<LinkId> =
        draft.live_links().filter(|l| seen.contains(&draft.link(*l).from) && seen.contains(&draft.link(*l).to)).collect();
    if let Some(long) = inner.iter().find(|l| draft.link(**l).length_m > MAX_INNER_LINK_M) {
        let link = draft.link(*long);
        let message =
            format!("{} between them is {:.0} m long, at most {MAX_INNER_LINK_M} m can vanish in a junction", link.ref_, link.length_m);
        return log.left_out(entry.line, "merge", &refs[0], Outcome::Refused, message);
    }
    if !are_connected(draft, &parts, &inner) {
        return log.left_out(entry.line, "merge", &refs[0], Outcome::Refused, "they are not connected by links among themselves");
    }
    let ways_through = ways_through(draft, &parts, &inner);
    let is_signal = parts.iter().any(|j| matches!(draft.junction(*j).kind, JunctionKind::Signal(_)));
    let centre = middle(parts.iter().map(|j| draft.junction(*j).centre));
    for link in inner {
        draft.remove_link(link);
    }
    for other in others {
        let junction = draft.junction(*other).clone();
        for link in &junction.incoming {
            draft.link_mut(*link).to = *kept;
        }
        for link in &junction.outgoing {
            draft.link_mut(*link).from = *kept;
        }
        draft.junction_mut(*kept).incoming.extend(junction.incoming);
        draft.junction_mut(*kept).outgoing.extend(junction.outgoing);
        draft.movements[other.index()].clear();
        draft.remove_junction(*other, *kept);
    }
    let movements: Vec<_> = ways_through.into_iter().map(|((from, to), access)| turns::movement(draft, from, to, access)).collect();
    draft.movements[kept.index()] = movements;
    let junction = draft.junction_mut(*kept);
    junction.centre = centre;
    if let Some(name) = &entry.what.name {
        junction.name = Some(name.clone());
    }
    if matches!(junction.kind, JunctionKind::Roundabout | JunctionKind::Terminal) {
        junction.kind = JunctionKind::Priority;
    }
    if is_signal {
        draft.set_signal(*kept, true);
    }
    draft.renew(*kept);
    true
}

fn middle(points: impl ExactSizeIterator<Item = Point>) -> Point {
    let n = points.len() as f64;
    points.fold(Point::default(), |sum, p| Point::new(sum.x + p.x / n, sum.y + p.y / n))
}

/// Whether one can get from each part to each other over the inner links, in whatever direction.
fn are_connected(draft: &Draft, parts: &[JunctionId], inner: &BTreeSet<LinkId>) -> bool {
    let mut reached = BTreeSet::from([parts[0]]);
    loop {
        let before = reached.len();
        for link in inner {
            let (from, to) = (draft.link(*link).from, draft.link(*link).to);
            if reached.contains(&from) || reached.contains(&to) {
                reached.extend([from, to]);
            }
        }
        if reached.len() == before {
            return reached.len() == parts.len();
        }
    }
}

/// Every way from an outer link over inner ones to an outer link, and for whom: what was forbidden on the way stays forbidden.
fn ways_through(draft: &Draft, parts: &[JunctionId], inner: &BTreeSet<LinkId>) -> BTreeMap<(LinkId, LinkId), ClassSet> {
    let movements: Vec<&Movement> = parts.iter().flat_map(|j| &draft.movements[j.index()]).collect();
    let mut all = BTreeMap::new();
    let entries: BTreeSet<LinkId> = movements.iter().map(|m| m.from).filter(|l| !inner.contains(l)).collect();
    for entry in entries {
        // Who gets onto each link when coming from `entry`.
        let mut reach = BTreeMap::from([(entry, ClassSet::ALL)]);
        loop {
            let mut grew = false;
            for m in &movements {
                let Some(come) = reach.get(&m.from) else { continue };
                let go_on = come.intersection(m.access);
                let known = reach.get(&m.to).copied().unwrap_or_default();
                if known.union(go_on) != known {
                    reach.insert(m.to, known.union(go_on));
                    grew = true;
                }
            }
            if !grew {
                break;
            }
        }
        all.extend(reach.into_iter().filter(|(to, _)| *to != entry && !inner.contains(to)).map(|(to, access)| ((entry, to), access)));
    }
    all
}
