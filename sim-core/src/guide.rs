//! Route choice under way: some travellers are told of travel times and closures ahead and take another way when it is clearly better.
//!
//! Travel times are measured, every minute, smoothed over the last few: how many times as long as it would take them with nobody else about the
//! vehicles on a link spent there.
//! Whoever is told compares the rest of the route with the best one at these times and changes if that saves enough ([`Guidance`]); inertia keeps
//! travellers from following every ripple. Who is told is a keyed draw, so base and variant tell the same people.

use crate::{
    class::VehicleClass,
    draw::{self, Draw},
    error::SimError,
    ids::{LinkId, VehicleId},
    measure::Meter,
    network::{LinkKind, RoadNetwork},
    plan::Plan,
    segment::{FERRY, HOLDER, LAST, Road, Row, TAIL},
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BinaryHeap},
    sync::Arc,
};

/// How often travel times are measured and routes compared, seconds.
const EVERY_S: f64 = 60.0;
/// Nothing is taken to be slower than so many times free (a queue that stands still would be for ever).
const SLOWEST: f64 = 50.0;
/// Weight of the last measurement (assumed).
const NEW: f32 = 0.4;
/// A link closed to a class is not worth driving for anybody: so many seconds more.
const CLOSED_S: f32 = 7200.0;
/// No faster than this in the estimate of what is left, m/s.
const FASTEST_MPS: f32 = 33.4;
/// Who is nearer to the end of the link than this stays on the route, metres (assumed).
const TOO_LATE_M: f32 = 30.0;

/// Who is told of travel times on the way, and how much it takes to make them change.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guidance {
    /// Share of the travellers who are told, 0 to 1. Public transport and emergency trips keep to their routes.
    pub share: f32,
    /// A new route must be better by this share of the rest of the old one at least, 0 to 1 (0.15 assumed).
    pub inertia: f32,
    /// And by so many seconds (60 assumed).
    pub least_gain_s: f32,
}

impl Guidance {
    /// Whether its parameters make sense.
    pub(crate) fn check(&self) -> Result<(), SimError> {
        for (what, value) in [("share", self.share), ("inertia", self.inertia)] {
            if !(0.0..=1.0).contains(&value) {
                return Err(SimError::BadGuidance { what, value });
            }
        }
        if !(0.0..=7200.0).contains(&self.least_gain_s) {
            return Err(SimError::BadGuidance { what: "least gain", value: self.least_gain_s });
        }
        Ok(())
    }
}

impl Default for Guidance {
    fn default() -> Self {
        Self { share: 0.3, inertia: 0.15, least_gain_s: 60.0 }
    }
}

/// Travel times measured so far.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Guide {
    next_s: f64,
    /// By link: how many times as long as with nobody else about it takes at present.
    slowness: Vec<f32>,
    /// By link, since the last measurement: steps that vehicles spent on it …
    spent: Vec<u32>,
    /// … and would have spent on the same way at the speed each wishes.
    free: Vec<f64>,
}

impl Guide {
    pub(crate) fn new(plan: &Plan) -> Self {
        let count = plan.network.links.len();
        Self { next_s: plan.config.start_s + EVERY_S, slowness: vec![1.0; count], spent: vec![0; count], free: vec![0.0; count] }
    }

    /// The same, beginning at `now`.
    pub(crate) fn beginning(self, now: f64) -> Self {
        Self { next_s: now + EVERY_S, ..self }
    }

    /// Counts a step of those on `link`.
    pub(crate) fn count(&mut self, link: LinkId, rows: &[Row]) {
        self.spent[link.index()] += rows.len() as u32;
        self.free[link.index()] += rows.iter().map(|r| f64::from(r.v / r.v0)).sum::<f64>();
    }

    /// Takes the measurements of the last minute over, and forgets them.
    fn measure(&mut self) {
        for ((slowness, spent), free) in self.slowness.iter_mut().zip(&mut self.spent).zip(&mut self.free) {
            let now = if *spent == 0 { 1.0 } else { (f64::from(*spent) / free.max(1e-3)).clamp(1.0, SLOWEST) as f32 };
            *slowness += NEW * (now - *slowness);
            (*spent, *free) = (0, 0.0);
        }
    }
}

/// Whether a traveller is one of those who are told.
fn is_told(plan: &Plan, guidance: &Guidance, id: VehicleId) -> bool {
    use crate::demand::Purpose;
    let trip = &plan.trips[id.index()];
    !matches!(trip.purpose, Purpose::PublicTransport | Purpose::Emergency)
        && trip.halts.is_empty()
        && draw::uniform(plan.config.seed, Draw::Informed, plan.keys[id.index()], 0) < f64::from(guidance.share)
}

/// Between two steps: measures travel times and lets those who are told take better routes, if it is time to.
pub(crate) fn guide(plan: &mut Plan, roads: &mut [&mut Road], side: &[crate::vehicles::Side], meter: &mut Meter, now: f64) {
    let (Some(guidance), Some(guide)) = (plan.guidance, meter.guide.as_mut()) else { return };
    if now < guide.next_s {
        return;
    }
    guide.next_s += EVERY_S;
    guide.measure();
    let closed = closed_links(plan, roads);
    let wanted: Vec<(VehicleId, usize)> = roads
        .iter()
        .enumerate()
        .flat_map(|(l, road)| road.rows.iter().map(move |r| (LinkId::from_index(l), r)))
        .filter(|(link, r)| may_change(plan, *link, r) && is_told(plan, &guidance, r.id))
        .map(|(_, r)| (r.id, side[r.id.index()].leg as usize))
        .collect();
    let search = Search { plan, slowness: &guide.slowness, closed: &closed };
    let found: Vec<(VehicleId, usize, Vec<LinkId>)> = plan.pool.install(|| {
        wanted.par_iter().with_min_len(4).filter_map(|(id, leg)| Some((*id, *leg, search.better(&guidance, *id, *leg)?))).collect()
    });
    for (id, leg, tail) in found {
        plan.routes[id.index()] = plan.routes[id.index()][..leg].iter().copied().chain(tail).collect::<Arc<[LinkId]>>();
        meter.data.rerouted += 1;
        let link = plan.routes[id.index()][leg];
        let next = plan.movement_after(id, leg);
        let is_ferry = plan.route(id).get(leg + 1).is_some_and(|l| plan.is_ferry(*l));
        let band = crate::release::band_on(plan, id, leg, f32::INFINITY);
        let road = &mut roads[link.index()];
        if let Some(i) = road.find(id) {
            let row = &mut road.rows[i];
            row.flags = if is_ferry { row.flags | FERRY } else { row.flags & !FERRY };
            row.next = if is_ferry { u32::MAX } else { next.map_or(u32::MAX, |m| m.0) };
            row.band = band;
        }
    }
}

/// Whether a vehicle can still change its way at the end of its link.
fn may_change(plan: &Plan, link: LinkId, r: &Row) -> bool {
    !r.is(HOLDER | LAST | TAIL) && !r.halt.is_finite() && plan.network.link(link).length_m - r.s > TOO_LATE_M
}

/// Links whose whole width is closed to some classes somewhere.
fn closed_links(plan: &Plan, roads: &[&mut Road]) -> BTreeMap<LinkId, crate::class::ClassSet> {
    let mut closed = BTreeMap::new();
    for (l, road) in roads.iter().enumerate() {
        for block in &road.hindrances.blocks {
            let is_a_crossing = plan.walkways.iter().any(|w| w.link.index() == l && w.pos_m == block.from);
            if block.left == 0 && block.right >= plan.strips[l] && !is_a_crossing {
                let link = LinkId::from_index(l);
                let of = closed.entry(link).or_insert(crate::class::ClassSet::default());
                *of = of.union(block.classes);
            }
        }
    }
    closed
}

/// A search for routes at present travel times.
pub(crate) struct Search<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) slowness: &'a [f32],
    pub(crate) closed: &'a BTreeMap<LinkId, crate::class::ClassSet>,
}

/// A link on the way: what it took to get to its end, and at least to the destination.
struct Open {
    least_s: f32,
    end_s: f32,
    link: LinkId,
}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        // The heap gives the largest first.
        other.least_s.total_cmp(&self.least_s).then_with(|| other.link.cmp(&self.link))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Open {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Open {}

impl Search<'_> {
    fn cost_s(&self, link: LinkId, class: VehicleClass) -> f32 {
        let l = self.plan.network.link(link);
        let is_closed = self.closed.get(&link).is_some_and(|c| c.contains(class));
        let wait_s = if let LinkKind::Ferry(f) = l.kind { f.interval_s * 0.5 } else { 0.0 };
        l.free_flow_s(class) * self.slowness[link.index()] + wait_s + if is_closed { CLOSED_S } else { 0.0 }
    }

    /// The rest of the route from the `leg`-th link on, if there is one so much better that the traveller changes.
    fn better(&self, guidance: &Guidance, id: VehicleId, leg: usize) -> Option<Vec<LinkId>> {
        let class = self.plan.trips[id.index()].class;
        let rest = &self.plan.route(id)[leg..];
        let old_s: f32 = rest[1..].iter().map(|l| self.cost_s(*l, class)).sum();
        let free_s: f32 = rest[1..].iter().map(|l| self.plan.network.link(*l).free_flow_s(class)).sum();
        let gain_s = (guidance.inertia * old_s).max(guidance.least_gain_s);
        if old_s - free_s < gain_s {
            return None; // not even an empty road would be worth it
        }
        let tail = self.best(rest[0], rest[rest.len() - 1], class, old_s - gain_s)?;
        (tail != rest).then_some(tail)
    }

    /// The quickest way that leaves a link and comes back to it.
    pub(crate) fn round_the_block(&self, link: LinkId, class: VehicleClass) -> Option<Vec<LinkId>> {
        let network = &self.plan.network;
        let mut best: Option<(f32, Vec<LinkId>)> = None;
        for m in network.movements_from(link).map(|m| network.movement(m)) {
            if m.to == link || !m.access.contains(class) || !network.link(m.to).access.contains(class) {
                continue;
            }
            let Some(way) = self.best(m.to, link, class, f32::INFINITY) else { continue };
            let time_s = way.iter().map(|l| self.cost_s(*l, class)).sum();
            if best.as_ref().is_none_or(|(known_s, _)| time_s < *known_s) {
                best = Some((time_s, std::iter::once(link).chain(way).collect()));
            }
        }
        best.map(|(_, way)| way)
    }

    /// The quickest way from one link to another, both included, if it takes less than `below_s` after the first.
    pub(crate) fn best(&self, from: LinkId, to: LinkId, class: VehicleClass, below_s: f32) -> Option<Vec<LinkId>> {
        let network: &RoadNetwork = &self.plan.network;
        let goal = network.junction(network.link(to).from).centre;
        let left_s = |l: LinkId| network.junction(network.link(l).to).centre.distance_m(goal) as f32 / FASTEST_MPS;
        let mut before: BTreeMap<LinkId, (f32, LinkId)> = BTreeMap::from([(from, (0.0, from))]);
        let mut heap = BinaryHeap::from([Open { least_s: 0.0, end_s: 0.0, link: from }]);
        while let Some(open) = heap.pop() {
            if open.link == to {
                let mut way = vec![to];
                while way[way.len() - 1] != from {
                    way.push(before[&way[way.len() - 1]].1);
                }
                way.reverse();
                return Some(way);
            }
            if before[&open.link].0 < open.end_s {
                continue;
            }
            for m in network.movements_from(open.link) {
                let movement = network.movement(m);
                let next = movement.to;
                if next == from || !movement.access.contains(class) || !network.link(next).access.contains(class) {
                    continue;
                }
                let end_s = open.end_s + self.cost_s(next, class);
                let least_s = if next == to { end_s } else { end_s + left_s(next) };
                if least_s < below_s && before.get(&next).is_none_or(|(known, _)| end_s < *known) {
                    before.insert(next, (end_s, open.link));
                    heap.push(Open { least_s, end_s, link: next });
                }
            }
        }
        None
    }
}
