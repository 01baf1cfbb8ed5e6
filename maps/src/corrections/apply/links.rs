//! Changes to links: lanes, width, class, speed, access, names.

use super::{Applied, Log, draft::Draft};
use crate::corrections::{
    model::{Entry, Lanes, LinkChange},
    report::Outcome,
};
use sim_core::{
    class::ClassSet,
    ids::LinkId,
    network::{JunctionKind, Lane, LaneKind, Link, TurnSet},
};

pub(super) fn change(draft: &mut Draft, entry: &Entry<LinkChange>, log: &mut Log) -> Applied {
    let what = &entry.what;
    let Some(link) = log.link(draft, entry.line, "link", &what.ref_) else { return false };
    let mut links = vec![link];
    if what.both_directions {
        match draft.link(link).opposite {
            Some(opposite) => links.push(opposite),
            None => log.note(entry.line, "link", &what.ref_, "has no opposite direction: only this one was changed"),
        }
    }
    if what.remove {
        links.iter().for_each(|l| remove(draft, *l));
        return true;
    }
    let mut changed = false;
    for id in links {
        let new = match changed_link(draft.link(id), what) {
            Ok(new) => new,
            Err(problem) => return log.left_out(entry.line, "link", &what.ref_, Outcome::Refused, problem),
        };
        changed |= new != *draft.link(id);
        put(draft, id, new);
    }
    changed || log.left_out(entry.line, "link", &what.ref_, Outcome::WithoutEffect, "the map says so already")
}

fn remove(draft: &mut Draft, link: LinkId) {
    let ends = [draft.link(link).from, draft.link(link).to];
    draft.remove_link(link);
    for end in ends {
        draft.new_ranks.insert(end);
        if matches!(draft.junction(end).kind, JunctionKind::Signal(_)) && draft.movements[end.index()].is_empty() {
            draft.set_signal(end, false);
        }
    }
}

/// The link with the change made.
fn changed_link(old: &Link, what: &LinkChange) -> Result<Link, String> {
    let mut link = old.clone();
    if let Some(access) = what.access {
        link.access = access;
        for lane in &mut link.lanes {
            let kept = lane.access.intersection(access);
            // A general lane is open to whoever may drive here; lanes set aside stay set aside.
            let is_general = matches!(lane.kind, LaneKind::General | LaneKind::Mixed);
            lane.access = if kept.is_empty() || is_general { access } else { kept };
        }
    }
    let width_m = what.width_m.unwrap_or(link.width_m);
    match &what.lanes {
        None => {
            let scale = width_m / link.width_m;
            if scale != 1.0 {
                link.lanes.iter_mut().for_each(|l| l.width_m *= scale);
            }
            link.width_m = width_m;
        }
        Some(Lanes::Count(n)) if usize::from(*n) == link.lanes.len() && what.width_m.is_none() => {}
        Some(Lanes::Count(n)) => {
            let each = width_m / f32::from(*n);
            let general = Lane { width_m: each, kind: LaneKind::General, access: link.access, turns: TurnSet::UNMARKED };
            let mut lanes = vec![general; usize::from(*n)];
            // Lanes set aside stay so; markings speak of the old number of lanes.
            let same_number = lanes.len() == link.lanes.len();
            for (new, old) in lanes.iter_mut().zip(&link.lanes) {
                (new.kind, new.access) = (old.kind, old.access);
                new.turns = if same_number { old.turns } else { TurnSet::UNMARKED };
            }
            (link.lanes, link.width_m) = (lanes, width_m);
        }
        Some(Lanes::Each(lanes)) => {
            link.lanes = lanes.iter().map(|l| Lane { access: l.access.intersection(link.access), ..l.clone() }).collect();
            if let Some(n) = link.lanes.iter().position(|l| l.access.is_empty()) {
                return Err(format!("lane {} from the kerb would be open to nobody: the link is not open to its classes", n + 1));
            }
            link.width_m = lanes.iter().map(|l| l.width_m).sum();
        }
    }
    let open = link.lanes.iter().fold(ClassSet::NONE, |all, l| all.union(l.access));
    if (what.lanes.is_some() || what.access.is_some()) && !link.access.without(open).is_empty() {
        let names: Vec<_> = link.access.without(open).iter().map(|c| c.name()).collect();
        return Err(format!("no lane is open to {}, who may drive here", names.join(", ")));
    }
    link.class = what.class.unwrap_or(link.class);
    link.limits = what.speed.map_or(link.limits, |s| s.on(link.limits));
    link.name = what.name.clone().or(link.name);
    link.road_number = what.road_number.clone().or(link.road_number);
    link.is_urban = what.is_urban.unwrap_or(link.is_urban);
    link.is_bridge = what.is_bridge.unwrap_or(link.is_bridge);
    link.is_toll = what.is_toll.unwrap_or(link.is_toll);
    Ok(link)
}

/// Replaces a link and does what follows from it at its ends.
fn put(draft: &mut Draft, id: LinkId, new: Link) {
    let old = std::mem::replace(draft.link_mut(id), new.clone());
    let ends = [new.from, new.to];
    if old.lanes != new.lanes {
        draft.new_lanes.extend(ends);
    }
    if old.class != new.class {
        draft.new_ranks.extend(ends);
    }
    if old.access == new.access {
        return;
    }
    for end in ends {
        draft.new_lanes.insert(end);
        let mut movements = std::mem::take(&mut draft.movements[end.index()]);
        for m in movements.iter_mut().filter(|m| m.from == id || m.to == id) {
            let other = draft.link(if m.from == id { m.to } else { m.from }).access;
            // Whom the turn itself was forbidden to: that was not the road's doing and stays.
            let banned = old.access.intersection(other).without(m.access);
            m.access = new.access.intersection(other).without(banned);
        }
        movements.retain(|m| !m.access.is_empty());
        draft.movements[end.index()] = movements;
    }
}
