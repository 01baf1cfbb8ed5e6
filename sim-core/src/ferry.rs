//! Ferries: vehicles queue at the landing, board while there is room on the deck, cross together and go ashore one by one.
//!
//! A boat lies at the landing between departures, which come every `interval_s` since midnight; motorcycles have a deck of their own, all
//! others share the car deck by their passenger-car units. Aboard they count as on the road.

use crate::{
    ground::Ground,
    ids::{LinkId, VehicleId},
    network::{FerryService, LinkKind},
    release::enter,
    segment::FERRY,
    strips::overlap,
};
use bevy_ecs::prelude::Component;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// So near to the end of the approach a vehicle can drive aboard, metres.
const LANDING_M: f32 = 3.0;

/// A ferry link's boats.
#[derive(Component, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Ferry {
    pub(crate) link: LinkId,
    /// Trips that begin here, or came from another ferry.
    pub(crate) queue: VecDeque<VehicleId>,
    /// Aboard the boat that lies at the landing.
    pub(crate) deck: Vec<VehicleId>,
    /// Under way, with the time of landing.
    pub(crate) sailing: VecDeque<(f64, Vec<VehicleId>)>,
    /// Landed, waiting to drive off.
    pub(crate) ashore: VecDeque<VehicleId>,
    /// When the boat at the landing leaves, seconds after midnight.
    pub(crate) leaves_s: f64,
}

impl Ferry {
    pub(crate) fn new(link: LinkId, service: &FerryService, now: f64) -> Self {
        let interval = f64::from(service.interval_s.max(1.0));
        let leaves_s = ((now / interval).floor() + 1.0) * interval;
        Self { link, queue: VecDeque::new(), deck: Vec::new(), sailing: VecDeque::new(), ashore: VecDeque::new(), leaves_s }
    }

    /// Everybody aboard, queueing for the boat without a road, or waiting to drive off.
    pub(crate) fn passengers(&self) -> impl Iterator<Item = VehicleId> + '_ {
        let sailing = self.sailing.iter().flat_map(|(_, ids)| ids.iter());
        self.queue.iter().chain(&self.deck).chain(sailing).chain(&self.ashore).copied()
    }

    fn has_room(&self, g: &Ground, service: &FerryService, id: VehicleId) -> bool {
        let class = |id: VehicleId| g.plan.trips[id.index()].class;
        if g.plan.orders.is_shut(self.link, class(id)) {
            return false;
        }
        let pcu = |id: VehicleId| g.plan.body(id).pcu;
        if class(id).is_two_wheeler() {
            return self.deck.iter().filter(|d| class(**d).is_two_wheeler()).count() < usize::from(service.motorcycle_capacity);
        }
        let used: f32 = self.deck.iter().filter(|d| !class(**d).is_two_wheeler()).map(|d| pcu(*d)).sum();
        // A vehicle larger than the whole deck rides alone: it would wait for ever otherwise.
        used + pcu(id) <= f32::from(service.car_capacity) || (used == 0.0 && service.car_capacity > 0)
    }
}

/// One step of a ferry.
pub(crate) fn run(g: &mut Ground, ferry: &mut Ferry) {
    let LinkKind::Ferry(service) = g.plan.network.link(ferry.link).kind else { return };
    let now = g.now;
    if now >= ferry.leaves_s {
        let deck = std::mem::take(&mut ferry.deck);
        if !deck.is_empty() {
            ferry.sailing.push_back((ferry.leaves_s + f64::from(service.crossing_s), deck));
        }
        ferry.leaves_s += f64::from(service.interval_s.max(1.0));
    }
    while ferry.sailing.front().is_some_and(|(lands_s, _)| *lands_s <= now) {
        if let Some((_, ids)) = ferry.sailing.pop_front() {
            ferry.ashore.extend(ids);
        }
    }
    while let Some(id) = ferry.queue.front().copied() {
        if !ferry.has_room(g, &service, id) {
            break;
        }
        ferry.queue.pop_front();
        ferry.deck.push(id);
    }
    for from in g.plan.network.junction(g.plan.network.link(ferry.link).from).incoming.clone() {
        board(g, ferry, &service, from);
    }
}

/// Lets those who have crossed ashore, one by one. Like every entry it belongs to the beginning of a step: only then do links show the tails of
/// those whose fronts have left them.
pub(crate) fn land(g: &mut Ground, ferry: &mut Ferry) {
    let now = g.now;
    while let Some(id) = ferry.ashore.front().copied() {
        let leg = g.vehicles.side[id.index()].leg as usize;
        match g.plan.route(id).get(leg + 1).copied() {
            None => g.meter.arrives(g.plan, id, ferry.link, now),
            // From boat to boat: the next ferry takes it from here by way of the queue (see `cross`).
            Some(next) if g.plan.is_ferry(next) => break,
            Some(next) => {
                let at = g.plan.body(id).length + 0.2;
                if !enter(g.plan, g.roads[next.index()], id, leg + 1, at) {
                    break;
                }
                g.vehicles.side[id.index()].leg = leg as u32 + 1;
                g.meter.passes(g.plan, id, ferry.link, next);
            }
        }
        ferry.ashore.pop_front();
    }
}

/// Lets those at the landing aboard for whom there is room and a way.
fn board(g: &mut Ground, ferry: &mut Ferry, service: &FerryService, from: LinkId) {
    let length = g.plan.network.link(from).length_m;
    let mut i = 0;
    while let Some(row) = g.roads[from.index()].rows.get(i).copied() {
        if row.s < length - LANDING_M {
            break;
        }
        let leg = g.vehicles.side[row.id.index()].leg as usize;
        let goes_here = row.is(FERRY) && g.plan.route(row.id).get(leg + 1) == Some(&ferry.link);
        let is_first = !g.roads[from.index()].rows[..i].iter().any(|o| overlap(o.left, o.right, row.left, row.right));
        if goes_here && is_first && g.vehicles.side[row.id.index()].course.is_none() && ferry.has_room(g, service, row.id) {
            g.roads[from.index()].rows.remove(i);
            g.vehicles.side[row.id.index()].leg = leg as u32 + 1;
            g.meter.passes(g.plan, row.id, from, ferry.link);
            ferry.deck.push(row.id);
        } else {
            i += 1;
        }
    }
}
