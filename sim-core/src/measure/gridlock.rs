//! Finds gridlocks: rings of links in which the first vehicle of each waits for room on the next, which is full to its start.
//!
//! Nothing in the model dissolves such a ring (nobody is teleported or taken out), so it is told, with its junctions and since when, and told
//! again when it is over (somebody in it turned out to have another way, or help came).

use super::{Event, EventKind, Measurements};
use crate::{
    ids::{JunctionId, LinkId, MovementId},
    plan::Plan,
    segment::{HOLDER, Road},
    vehicles::Vehicles,
};
use serde::{Deserialize, Serialize};

/// How often it is looked for, seconds.
const EVERY_S: f64 = 10.0;
/// A vehicle that was refused for so long, while it could have been granted, may be in a ring, seconds (assumed).
const REFUSED_S: f32 = 60.0;
/// A ring that has stood for so long is a gridlock, seconds (assumed).
const STOOD_S: f64 = 120.0;
/// Slower than this stands, m/s.
const STANDING_MPS: f32 = 0.3;

/// The rings seen so far that still stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Gridlocks {
    rings: Vec<Ring>,
    next_look_s: f64,
}

/// A ring of links, from its least id on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Ring {
    links: Vec<LinkId>,
    since_s: f64,
    told: bool,
}

impl Gridlocks {
    /// Whether it is time to look again.
    pub(crate) fn is_due(&self, now: f64) -> bool {
        now >= self.next_look_s
    }
}

/// Looks for rings, and tells of those that have stood for long.
pub(crate) fn look_for_gridlock(
    plan: &Plan,
    roads: &[&Road],
    vehicles: &Vehicles,
    found: &mut Gridlocks,
    data: &mut Measurements,
    now: f64,
) {
    found.next_look_s = now + EVERY_S;
    let rings = rings(&|link| waits_for(plan, roads, vehicles, link), plan.network.links.len());
    let mut tell = |ring: &Ring, kind: EventKind| {
        for junction in junctions(plan, &ring.links) {
            let ref_ = plan.network.junction(junction).ref_.clone();
            data.events.push(Event { time_s: now, kind, ref_, since_s: Some(ring.since_s) });
        }
    };
    found.rings.retain(|ring| {
        let stands = rings.contains(&ring.links);
        if !stands && ring.told {
            tell(ring, EventKind::GridlockOver);
        }
        stands
    });
    for links in rings {
        if !found.rings.iter().any(|r| r.links == links) {
            found.rings.push(Ring { links, since_s: now, told: false });
        }
    }
    for ring in found.rings.iter_mut().filter(|r| !r.told && now - r.since_s >= STOOD_S) {
        ring.told = true;
        tell(ring, EventKind::Gridlock);
    }
}

/// The junctions at the ends of these links, each once.
fn junctions(plan: &Plan, links: &[LinkId]) -> Vec<JunctionId> {
    let mut all: Vec<_> = links.iter().map(|l| plan.network.link(*l).to).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The full link that the first vehicle of `link` has long waited to enter.
fn waits_for(plan: &Plan, roads: &[&Road], vehicles: &Vehicles, link: LinkId) -> Option<LinkId> {
    let first = roads[link.index()].rows.first()?;
    if first.is(HOLDER) || first.next == u32::MAX || first.v > STANDING_MPS || vehicles.side[first.id.index()].waited < REFUSED_S {
        return None;
    }
    let to = plan.network.movement(MovementId(first.next)).to;
    let room = plan.bodies[usize::from(first.class)].length;
    let is_full = roads[to.index()].rows.iter().rev().take(8).any(|r| r.rear() < room && r.v < STANDING_MPS);
    is_full.then_some(to)
}

/// All rings of a map in which each link leads to one other at most, each from its least link on.
fn rings(next: &dyn Fn(LinkId) -> Option<LinkId>, count: usize) -> Vec<Vec<LinkId>> {
    // 0: not seen; otherwise the walk that came here first.
    let mut seen = vec![0u32; count];
    let mut all = Vec::new();
    for start in 0..count {
        let (walk, mut at) = (start as u32 + 1, LinkId::from_index(start));
        while seen[at.index()] == 0 {
            seen[at.index()] = walk;
            match next(at) {
                Some(to) => at = to,
                None => break,
            }
        }
        if seen[at.index()] != walk || next(at).is_none() {
            continue;
        }
        // It came back to a link of its own walk: the ring begins there.
        let mut ring = vec![at];
        while let Some(to) = next(ring[ring.len() - 1]).filter(|to| *to != at) {
            ring.push(to);
        }
        let least = ring.iter().enumerate().min_by_key(|(_, l)| **l).map_or(0, |(i, _)| i);
        ring.rotate_left(least);
        all.push(ring);
    }
    all.sort_unstable();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(next: &[usize]) -> Vec<Vec<u32>> {
        let next = |l: LinkId| next.get(l.index()).filter(|n| **n != usize::MAX).map(|n| LinkId::from_index(*n));
        rings(&next, 8).into_iter().map(|r| r.into_iter().map(|l| l.0).collect()).collect()
    }

    #[test]
    fn a_ring_is_found_once_from_wherever_one_walks_into_it() {
        let none = usize::MAX;
        assert_eq!(of(&[1, 2, 3, 1, 3, none, 5, none]), [[1, 2, 3]]);
        assert_eq!(of(&[3, none, 7, 0, 2, 4, 6, 4]), [vec![0, 3], vec![2, 7, 4], vec![6]]);
    }

    #[test]
    fn a_queue_without_an_end_in_itself_is_no_ring() {
        assert!(of(&[1, 2, 3, 4, 5, 6, 7, usize::MAX]).is_empty());
    }
}
