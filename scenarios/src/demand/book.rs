//! The route book: for each pair of zones, the ways its trips may take and how likely each is. Routes are searched once, in parallel, and
//! kept in a fixed order; drawing trips and fitting the demand read them from here.

use super::{
    door::worth_turning_s,
    draw_keys::{pick, uniform},
    od::OdTable,
    routing::{Route, RouteShare, Router, RouterSettings, choice_shares},
    zones::{Connector, Zone},
};
use rayon::prelude::*;
use sim_core::{class::VehicleClass, demand::LinkPosition, ids::LinkId};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Pairs of connectors looked at for one pair of zones: enough to spread its trips, few enough to search quickly.
const CONNECTOR_PAIRS: usize = 12;

/// One way between two zones.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneRoute {
    /// Where it begins.
    pub origin: LinkPosition,
    /// Where it ends.
    pub destination: LinkPosition,
    /// The route.
    pub route: Route,
    /// The share of the pair's trips that take it; the shares of a pair sum to 1.
    pub share: f64,
    /// The share of the pair's trips between these two connectors, whatever their route.
    between: f64,
    /// The path size: 1 for a route that shares no link with the others, less for one that does.
    size: f64,
}

/// Routes between zones.
#[derive(Clone, Debug, Default)]
pub struct RouteBook {
    routes: BTreeMap<(usize, u32, u32), Vec<ZoneRoute>>,
    /// The group of each class, by its index.
    group_of: Vec<usize>,
}

impl RouteBook {
    /// Searches the routes that the trips of `od` may take. Which connectors of two zones are joined is drawn by the keys of the zones, so
    /// it does not depend on what else the table holds.
    pub fn new(router: &Router, zones: &[Zone], od: &OdTable) -> Self {
        let group_of: Vec<usize> = VehicleClass::ALL.iter().map(|c| router.group_of(*c)).collect();
        let mut wanted: BTreeMap<(usize, u32, u32), VehicleClass> = BTreeMap::new();
        for (key, _) in od.cells() {
            wanted.entry((group_of[key.class.index()], key.from, key.to)).or_insert(key.class);
        }
        router.prepare(wanted.values().copied().collect::<BTreeSet<_>>(), true);
        let wanted: Vec<_> = wanted.into_iter().collect();
        let found: Vec<Vec<ZoneRoute>> = wanted
            .par_iter()
            .map_init(
                || router.searcher(),
                |searcher, ((_, from, to), class)| {
                    let mut routes = Vec::new();
                    let between = |a: &Connector, b: &Connector| searcher.alternatives(*class, a.at, b.at);
                    for ((a, b), weight, ways) in without_detours(&zones[*from as usize], &zones[*to as usize], between) {
                        for found in ways {
                            let (share, size) = (weight * found.share, found.size);
                            routes.push(ZoneRoute { origin: a.at, destination: b.at, route: found.route, share, between: weight, size });
                        }
                    }
                    let sum: f64 = routes.iter().map(|r| r.share).sum();
                    routes.iter_mut().for_each(|r| (r.share, r.between) = (r.share / sum, r.between / sum));
                    routes
                },
            )
            .collect();
        let mut shared: BTreeSet<Arc<[LinkId]>> = BTreeSet::new();
        let mut routes = BTreeMap::new();
        for ((key, _), mut found) in wanted.into_iter().zip(found) {
            // Trips that drive the same way share one list of links.
            for route in &mut found {
                match shared.get(&route.route.links) {
                    Some(links) => route.route.links = links.clone(),
                    None => _ = shared.insert(route.route.links.clone()),
                }
            }
            routes.insert(key, found);
        }
        Self { routes, group_of }
    }

    /// The ways from zone `from` to zone `to` for `class`; empty where there is none, or where the table the book was made from has no
    /// trip.
    pub fn routes(&self, class: VehicleClass, from: u32, to: u32) -> &[ZoneRoute] {
        self.routes.get(&(self.group_of[class.index()], from, to)).map_or(&[], Vec::as_slice)
    }

    /// The same routes, chosen between by drivers whose choice spreads `factor` times as wide: 0.5 is sharper, 2 more even.
    pub fn with_spread(&self, factor: f64, settings: &RouterSettings) -> Self {
        let mut book = self.clone();
        for routes in book.routes.values_mut() {
            // Routes between the same two connectors stand together, the quickest first.
            for set in routes.chunk_by_mut(|a, b| a.origin == b.origin && a.destination == b.destination) {
                let times: Vec<(f64, f64)> = set.iter().map(|r| (r.route.time_s, r.size)).collect();
                for (way, share) in set.iter_mut().zip(choice_shares(&times, factor, settings)) {
                    way.share = way.between * share;
                }
            }
        }
        book
    }

    /// Mean time between two zones, seconds.
    pub fn mean_time_s(&self, class: VehicleClass, from: u32, to: u32) -> Option<f64> {
        let routes = self.routes(class, from, to);
        (!routes.is_empty()).then(|| routes.iter().map(|r| r.share * r.route.time_s).sum())
    }
}

/// The connectors of two zones that are joined, how much each pair weighs, and the ways between them. Who would have to drive far round for the
/// direction of a street at home or at the destination turns there instead: the pair stands for the quickest one of the same two streets.
fn without_detours<'a>(
    from: &'a Zone,
    to: &'a Zone,
    mut between: impl FnMut(&Connector, &Connector) -> Vec<RouteShare>,
) -> Vec<((&'a Connector, &'a Connector), f64, Vec<RouteShare>)> {
    let place = |all: &[Connector], one: &Connector| all.iter().position(|c| c == one).unwrap_or_default();
    let mut known: BTreeMap<(usize, usize), Vec<RouteShare>> = BTreeMap::new();
    let mut weights: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    let time_s = |ways: &[RouteShare]| ways.iter().map(|w| w.route.time_s).fold(f64::INFINITY, f64::min);
    for (a, b, weight) in connector_pairs(from, to) {
        let own = (place(&from.origins, a), place(&to.destinations, b));
        let of_street = |all: &[Connector], one: &Connector| (0..all.len()).filter(|i| all[*i].street == one.street).collect::<Vec<_>>();
        let mut best = (f64::INFINITY, own);
        for i in of_street(&from.origins, a) {
            for j in of_street(&to.destinations, b) {
                let ways = known.entry((i, j)).or_insert_with(|| between(&from.origins[i], &to.destinations[j]));
                let time_s = time_s(ways);
                if time_s < best.0 {
                    best = (time_s, (i, j));
                }
            }
        }
        let turns = best.0 < worth_turning_s(time_s(&known[&own]));
        *weights.entry(if turns { best.1 } else { own }).or_default() += weight;
    }
    let pair = |((i, j), weight): ((usize, usize), f64)| {
        ((&from.origins[i], &to.destinations[j]), weight, known.remove(&(i, j)).unwrap_or_default())
    };
    weights.into_iter().map(pair).collect()
}

/// The connectors of two zones that are joined, and how much each pair weighs: all of them where they are few, else a keyed draw that is
/// fair to their weights.
fn connector_pairs<'a>(from: &'a Zone, to: &'a Zone) -> Vec<(&'a Connector, &'a Connector, f64)> {
    let pairs = from.origins.len() * to.destinations.len();
    if pairs <= CONNECTOR_PAIRS {
        return from.origins.iter().flat_map(|a| to.destinations.iter().map(move |b| (a, b, a.weight * b.weight))).collect();
    }
    let key = format!("{}>{}", from.ref_, to.ref_);
    let mut drawn: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for n in 0..CONNECTOR_PAIRS {
        // One draw in each slice of the origins, so that small pairs reach all of them.
        let slice = (n as f64 + uniform(0, "origin", &key, n as u64)) / CONNECTOR_PAIRS as f64;
        let a = pick(from.origins.iter().map(|c| c.weight), slice);
        let b = pick(to.destinations.iter().map(|c| c.weight), uniform(0, "destination", &key, n as u64));
        *drawn.entry((a, b)).or_default() += 1.0;
    }
    drawn.into_iter().map(|((a, b), weight)| (&from.origins[a], &to.destinations[b], weight)).collect()
}
