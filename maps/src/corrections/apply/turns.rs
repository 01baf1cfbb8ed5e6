//! Turns: banned, allowed, made from other lanes.

use super::{Applied, CANDIDATES, Log, draft::Draft, ways};
use crate::corrections::{
    model::{Entry, TurnChange},
    report::Outcome,
};
use crate::index::near_refs;
use sim_core::{
    class::ClassSet,
    ids::LinkId,
    network::{Movement, Priority, RoadNetwork},
};

pub(super) fn change(draft: &mut Draft, entry: &Entry<TurnChange>, log: &mut Log) -> Applied {
    let what = &entry.what;
    let (from, to) = (log.link(draft, entry.line, "turn", what.from.as_str()), log.link(draft, entry.line, "turn", what.to.as_str()));
    let (Some(from), Some(to)) = (from, to) else { return false };
    let name = format!("{} > {}", what.from, what.to);
    let junction = draft.link(from).to;
    if draft.link(to).from != junction {
        let at_end = draft.junction(junction).outgoing.iter().map(|l| &draft.link(*l).ref_);
        let message = format!("the first link ends at {}, the second does not begin there", draft.junction(junction).ref_);
        let candidates = near_refs(what.to.as_str(), at_end, CANDIDATES);
        log.left_out(entry.line, "turn", name, Outcome::Refused, message);
        if let Some(remark) = log.report.remarks.last_mut() {
            remark.candidates = candidates;
        }
        return false;
    }
    let own = draft.movements[junction.index()].iter().position(|m| m.from == from && m.to == to);
    let before = own.map_or(ClassSet::NONE, |i| draft.movements[junction.index()][i].access);
    let open = draft.link(from).access.intersection(draft.link(to).access);
    let after = before.without(what.ban).union(what.allow.intersection(open));
    if after == before && what.from_lanes.is_none() && what.to_lanes.is_none() {
        return log.left_out(entry.line, "turn", name, Outcome::WithoutEffect, "the map says so already");
    }
    match own {
        Some(i) if after.is_empty() => {
            draft.movements[junction.index()].remove(i);
        }
        Some(i) => draft.movements[junction.index()][i].access = after,
        None if after.is_empty() => {
            return log.left_out(entry.line, "turn", name, Outcome::Refused, "there is no such turn to give lanes to: `allow` it first");
        }
        None => add(draft, from, to, after),
    }
    // A turn that comes or goes leaves its lanes to the others; one that is only for fewer classes keeps them.
    if own.is_none() || after.is_empty() {
        draft.new_lanes.insert(junction);
        draft.new_ranks.insert(junction);
    }
    true
}

/// A movement from one link to another through the junction between them, whose lanes and rank are found later.
pub(super) fn movement(draft: &Draft, from: LinkId, to: LinkId, access: ClassSet) -> Movement {
    Movement {
        junction: draft.link(from).to,
        from,
        to,
        turn: ways::turn(draft.network(), from, to),
        access,
        from_lanes: 0..1,
        to_lanes: 0..1,
        priority: Priority::MAJOR,
        group: None,
    }
}

/// Adds the movement from one link to another.
pub(super) fn add(draft: &mut Draft, from: LinkId, to: LinkId, access: ClassSet) {
    let movement = movement(draft, from, to, access);
    let junction = movement.junction;
    draft.movements[junction.index()].push(movement);
    draft.renew(junction);
}

/// Gives a turn the lanes that the entry names, once all lanes are known.
pub(super) fn set_lanes(network: &mut RoadNetwork, entry: &Entry<TurnChange>, log: &mut Log) {
    let what = &entry.what;
    let find = |ref_: &sim_core::reference::Ref| network.links.iter().position(|l| l.ref_ == *ref_).map(LinkId::from_index);
    let (Some(from), Some(to)) = (find(&what.from), find(&what.to)) else { return };
    let Some(movement) = network.movement_between(from, to) else { return };
    for (lanes, link, at_end) in [(&what.from_lanes, from, true), (&what.to_lanes, to, false)] {
        let Some(lanes) = lanes else { continue };
        let there = network.link(link).lanes.len();
        if usize::from(lanes.end) > there {
            let message = format!("names lane {} of {}, which has {there}", lanes.end, network.link(link).ref_);
            log.left_out(entry.line, "turn", format!("{} > {}", what.from, what.to), Outcome::Refused, message);
            continue;
        }
        let m = &mut network.movements[movement.index()];
        if at_end {
            m.from_lanes = lanes.clone();
        } else {
            m.to_lanes = lanes.clone();
        }
    }
}
