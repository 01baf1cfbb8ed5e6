//! The quickest way of one trip at travel times that change with the time of day: Dijkstra's search, led by the crow's way to the goal, on
//! the turn-expanded graph. Labels are set once: with times that keep the order of those who enter a link, that finds the quickest way.

use super::times::LinkTimes;
use crate::demand::routing::Router;
use sim_core::{demand::Trip, ids::LinkId, network::RoadNetwork};
use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

/// What comparing routes needs.
#[derive(Clone, Copy, Debug)]
pub struct Costs<'a> {
    /// The network.
    pub network: &'a RoadNetwork,
    /// Knows which ways are open to whom.
    pub router: &'a Router,
    /// Travel times.
    pub times: &'a LinkTimes,
}

/// A moment and the link whose end is reached then; ordered by the least time at which the goal can be reached.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Open {
    goal_s: f64,
    end_s: f64,
    link: LinkId,
    before: LinkId,
    /// Whether its time was measured.
    is_measured: bool,
}

impl Eq for Open {}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        self.goal_s.total_cmp(&other.goal_s).then_with(|| self.link.cmp(&other.link)).then_with(|| self.before.cmp(&other.before))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The wait at the end of a link: nothing more where it was measured with the link's time, else what is expected of the movement.
fn wait_s(expected_s: f64, is_measured: bool) -> f64 {
    if is_measured { 0.0 } else { expected_s }
}

impl Costs<'_> {
    /// How long a trip takes over `route` at these times, seconds; `None` where it is not joined.
    pub fn time_s(&self, trip: &Trip, route: &[LinkId]) -> Option<f64> {
        let group = self.router.group_of(trip.class);
        let (first, last) = (route[0], route.len() - 1);
        let whole_m = |l: LinkId| self.router.length_m(l);
        let (from_m, to_m) = (f64::from(trip.origin.pos_m), f64::from(trip.destination.pos_m));
        let (link_s, mut is_measured) = self.times.link_s(group, first, trip.depart_s);
        let end_m = if last == 0 { to_m } else { whole_m(first) };
        let mut now_s = trip.depart_s + link_s * (end_m - from_m) / whole_m(first);
        for (i, pair) in route.windows(2).enumerate() {
            now_s += wait_s(self.router.turn_s(trip.class, pair[0], pair[1])?, is_measured);
            now_s += self.times.closed_s(trip.class, pair[1], now_s);
            let (link_s, seen) = self.times.link_s(group, pair[1], now_s);
            is_measured = seen;
            now_s += if i + 1 == last { link_s * to_m / whole_m(pair[1]) } else { link_s };
        }
        Some(now_s - trip.depart_s)
    }
}

/// Searches one trip after the other; one for each thread.
#[derive(Debug)]
pub struct Search<'a> {
    costs: Costs<'a>,
    /// By link: the round in which it was reached last, and from which link.
    reached: Vec<(u32, LinkId)>,
    round: u32,
}

impl<'a> Search<'a> {
    /// A search on `costs`.
    pub fn new(costs: Costs<'a>) -> Self {
        Self { costs, reached: vec![(0, LinkId(0)); costs.network.links.len()], round: 0 }
    }

    /// What it compares by.
    pub(super) fn costs(&self) -> Costs<'a> {
        self.costs
    }

    /// The quickest way from a trip's origin to its destination; `None` if there is none or both are on one link.
    pub fn best(&mut self, trip: &Trip) -> Option<Vec<LinkId>> {
        self.best_within(trip, f64::INFINITY)
    }

    /// The same, given up where it would take more than `most_s` seconds.
    pub(super) fn best_within(&mut self, trip: &Trip, most_s: f64) -> Option<Vec<LinkId>> {
        let Costs { router, times, .. } = self.costs;
        let (from, to) = (trip.origin.link, trip.destination.link);
        if from == to && trip.origin.pos_m <= trip.destination.pos_m {
            return None;
        }
        self.round += 1;
        let (link_s, is_measured) = times.link_s(router.group_of(trip.class), from, trip.depart_s);
        let length_m = router.length_m(from);
        let end_s = trip.depart_s + link_s * (length_m - f64::from(trip.origin.pos_m)) / length_m;
        let mut heap = BinaryHeap::new();
        // The first link counts as reached only by coming round the block, not by starting on it.
        self.expand(trip, &Open { goal_s: 0.0, end_s, link: from, before: from, is_measured }, &mut heap);
        while let Some(Reverse(at)) = heap.pop() {
            if at.goal_s > trip.depart_s + most_s {
                return None;
            }
            let reached = &mut self.reached[at.link.index()];
            if reached.0 == self.round {
                continue;
            }
            *reached = (self.round, at.before);
            if at.link == to {
                return Some(self.way(from, to));
            }
            self.expand(trip, &at, &mut heap);
        }
        None
    }

    /// Looks at the links that a link leads to.
    fn expand(&self, trip: &Trip, at: &Open, heap: &mut BinaryHeap<Reverse<Open>>) {
        let Costs { network, router, times } = self.costs;
        let (group, to) = (router.group_of(trip.class), trip.destination.link);
        let goal = network.junction(network.link(to).from).centre;
        for (next, expected_s) in router.exits(trip.class, at.link) {
            if self.reached[next.index()].0 == self.round {
                continue;
            }
            let come_s = at.end_s + wait_s(*expected_s, at.is_measured);
            let begin_s = come_s + times.closed_s(trip.class, *next, come_s);
            let (link_s, is_measured) = times.link_s(group, *next, begin_s);
            let (end_s, left_m) = if *next == to {
                (begin_s + link_s * f64::from(trip.destination.pos_m) / router.length_m(to), 0.0)
            } else {
                (begin_s + link_s, network.junction(network.link(*next).to).centre.distance_m(goal))
            };
            let goal_s = end_s + times.least_s(group, left_m);
            heap.push(Reverse(Open { goal_s, end_s, link: *next, before: at.link, is_measured }));
        }
    }

    /// The links from `from` to `to`, as they were reached in this round.
    fn way(&self, from: LinkId, to: LinkId) -> Vec<LinkId> {
        let mut way = vec![to];
        let mut link = self.reached[to.index()].1;
        while link != from {
            way.push(link);
            link = self.reached[link.index()].1;
        }
        way.push(from);
        way.reverse();
        way
    }
}
