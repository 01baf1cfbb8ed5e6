//! Routes through the turn-expanded graph: its nodes are links, its edges movements, so turn bans and waits at signals count. Classes that
//! may drive the same ways at the same pace share a graph; each graph has a contraction hierarchy, and a few more under penalties on
//! whole streets, from which alternatives come.

use super::{
    cost::{link_time_s, movement_delay_s, pace_class},
    draw_keys::{hash, uniform},
};
use fast_paths::{FastGraph, InputGraph, PathCalculator};
use rayon::prelude::*;
use sim_core::{
    class::{CLASS_COUNT, ClassTable, VehicleClass},
    demand::LinkPosition,
    ids::LinkId,
    network::RoadNetwork,
};
use std::sync::{Arc, OnceLock};

/// Weight units of the hierarchy in a second.
const UNITS_PER_S: f64 = 10_000.0;

/// How routes are found and chosen between.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RouterSettings {
    /// Routes looked for between two places, 1 and more: the best one and one under each set of street penalties.
    pub alternatives: usize,
    /// The most a penalty multiplies a street's time by (assumed).
    pub penalty_most: f64,
    /// An alternative may take this many times as long as the best route (assumed).
    pub slower_most: f64,
    /// An alternative may share this much of its time with a better one (assumed).
    pub shared_most: f64,
    /// Spread of the logit choice as a share of the best route's time (assumed) …
    pub choice_spread: f64,
    /// … and at least this many seconds (assumed).
    pub choice_spread_least_s: f64,
}

impl Default for RouterSettings {
    fn default() -> Self {
        Self { alternatives: 3, penalty_most: 1.7, slower_most: 1.4, shared_most: 0.8, choice_spread: 0.08, choice_spread_least_s: 20.0 }
    }
}

/// A way from one place to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The links, first to last.
    pub links: Arc<[LinkId]>,
    /// Expected time without traffic from the origin's position to the destination's, seconds.
    pub time_s: f64,
}

/// A route and the share of travellers who take it.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteShare {
    /// The route.
    pub route: Route,
    /// Its share, 0 to 1; the shares of a set sum to 1.
    pub share: f64,
    /// Its path size: 1 where it shares no link with the others, less where it does.
    pub size: f64,
}

/// Shares of routes given by (time in seconds, path size), the quickest first, for drivers whose choice spreads `factor` times as wide as
/// the settings say.
pub(crate) fn choice_shares(routes: &[(f64, f64)], factor: f64, settings: &RouterSettings) -> Vec<f64> {
    let best_s = routes.first().map_or(0.0, |r| r.0);
    let spread_s = factor * (best_s * settings.choice_spread).max(settings.choice_spread_least_s);
    let weights: Vec<f64> = routes.iter().map(|(time_s, size)| size * libm::exp(-(time_s - best_s) / spread_s)).collect();
    let sum: f64 = weights.iter().sum();
    weights.into_iter().map(|w| w / sum).collect()
}

/// Classes that may drive the same ways at the same pace.
struct Group {
    /// Time to drive each link, seconds; infinite where the group may not.
    time_s: Vec<f64>,
    /// `first_edge[l]..first_edge[l + 1]` are the edges that leave link `l`.
    first_edge: Vec<u32>,
    /// The link an edge leads to, and the delay of its movement, seconds.
    edges: Vec<(LinkId, f64)>,
    /// One hierarchy for each set of penalties, made when first needed; the first has none.
    hierarchies: Vec<OnceLock<FastGraph>>,
}

/// Finds routes on one network.
pub struct Router {
    settings: RouterSettings,
    length_m: Vec<f64>,
    street: Vec<u64>,
    groups: Vec<Group>,
    group_of: [u8; CLASS_COUNT],
    /// The group with the most edges: all hierarchies contract their nodes in the order that was found for its graph.
    guide: usize,
}

impl Router {
    /// A router for this network. Hierarchies are made when the first route of a class is asked for, or by [`Router::prepare`].
    pub fn new(network: &RoadNetwork, classes: &ClassTable, settings: RouterSettings) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of = [0; CLASS_COUNT];
        let delays: Vec<f64> = network.movements.iter().map(|m| movement_delay_s(network, m)).collect();
        for class in VehicleClass::ALL {
            let group = Group::new(network, class, classes, &delays, settings.alternatives.max(1));
            let same = groups.iter().position(|g| g.time_s == group.time_s && g.edges == group.edges && g.first_edge == group.first_edge);
            group_of[class.index()] = same.unwrap_or(groups.len()) as u8;
            if same.is_none() {
                groups.push(group);
            }
        }
        let street = network.links.iter().map(|l| {
            let opposite = l.opposite.map(|o| &network.link(o).ref_);
            let own = opposite.map_or(&l.ref_, |o| o.min(&l.ref_)).as_str();
            hash(0, "street", l.name.as_deref().or(l.road_number.as_deref()).unwrap_or(own), 0)
        });
        let most = groups.iter().map(|g| g.edges.len()).max();
        let guide = groups.iter().position(|g| Some(g.edges.len()) == most).unwrap_or(0);
        Self {
            settings,
            guide,
            length_m: network.links.iter().map(|l| f64::from(l.length_m)).collect(),
            street: street.collect(),
            groups,
            group_of,
        }
    }

    /// How it finds and chooses.
    pub fn settings(&self) -> &RouterSettings {
        &self.settings
    }

    /// Which classes share routes: those of the same number.
    pub fn group_of(&self, class: VehicleClass) -> usize {
        usize::from(self.group_of[class.index()])
    }

    /// Makes the hierarchies that routes (and alternatives, if asked) of these classes need, in parallel.
    pub fn prepare(&self, classes: impl IntoIterator<Item = VehicleClass>, with_alternatives: bool) {
        let groups: std::collections::BTreeSet<usize> = classes.into_iter().map(|c| self.group_of(c)).collect();
        let variants = if with_alternatives { self.settings.alternatives.max(1) } else { 1 };
        if groups.is_empty() {
            return;
        }
        // First the one whose order of contraction the others reuse: finding an order takes far longer than using one.
        self.hierarchy(self.guide, 0);
        let rest: Vec<(usize, usize)> = groups.iter().flat_map(|g| (0..variants).map(move |v| (*g, v))).collect();
        rest.into_par_iter().for_each(|(g, v)| {
            self.hierarchy(g, v);
        });
    }

    /// Something to ask for routes; one for each thread.
    pub fn searcher(&self) -> Searcher<'_> {
        Searcher { router: self, calculator: PathCalculator::new(self.node_count()) }
    }

    /// Whether `class` may drive on `link`.
    pub fn may_drive(&self, class: VehicleClass, link: LinkId) -> bool {
        self.groups[self.group_of(class)].time_s[link.index()].is_finite()
    }

    /// Whether a way open to `class` leads on from `link`.
    pub(crate) fn has_exit(&self, class: VehicleClass, link: LinkId) -> bool {
        !self.groups[self.group_of(class)].edges_of(link).is_empty()
    }

    /// Ways open to `class` from `link`: the next link and the expected delay of the movement to it, seconds.
    pub(crate) fn exits(&self, class: VehicleClass, link: LinkId) -> &[(LinkId, f64)] {
        self.groups[self.group_of(class)].edges_of(link)
    }

    /// How many groups of classes there are: those of one group drive the same ways at the same pace.
    pub(crate) fn groups(&self) -> usize {
        self.groups.len()
    }

    /// Time of a link without traffic for a group, seconds; infinite where it may not drive.
    pub(crate) fn group_time_s(&self, group: usize, link: LinkId) -> f64 {
        self.groups[group].time_s[link.index()]
    }

    /// Length of a link, metres.
    pub(crate) fn length_m(&self, link: LinkId) -> f64 {
        self.length_m[link.index()]
    }

    /// Expected time of a piece of a link, seconds.
    pub(crate) fn piece_s(&self, class: VehicleClass, link: LinkId, from_m: f64, to_m: f64) -> f64 {
        self.groups[self.group_of(class)].time_s[link.index()] * (to_m - from_m) / self.length_m[link.index()]
    }

    /// Expected delay of going from one link to the next, seconds; `None` where no movement is open to the class.
    pub(crate) fn turn_s(&self, class: VehicleClass, from: LinkId, to: LinkId) -> Option<f64> {
        self.groups[self.group_of(class)].edges_of(from).iter().find(|(l, _)| *l == to).map(|(_, s)| *s)
    }

    /// Two nodes beyond the links keep the graph's size when the last links have no edge.
    fn node_count(&self) -> usize {
        self.length_m.len() + 2
    }

    fn hierarchy(&self, group: usize, variant: usize) -> &FastGraph {
        self.groups[group].hierarchies[variant].get_or_init(|| {
            let graph = &self.groups[group];
            let mut input = InputGraph::new();
            for from in 0..self.length_m.len() {
                for (n, (to, delay_s)) in graph.edges_of(LinkId::from_index(from)).iter().enumerate() {
                    let penalty = match variant {
                        0 => 1.0,
                        v => 1.0 + (self.settings.penalty_most - 1.0) * uniform(v as u64, "penalty", "", self.street[to.index()]),
                    };
                    let weight_s = (delay_s + graph.time_s[to.index()]) * penalty;
                    // A few units more or less, so that no two routes are equally long and the order of contraction decides nothing.
                    let tie = hash(variant as u64, "tie", "", (from as u64) << 8 | n as u64) % 64;
                    input.add_edge(from, to.index(), ((weight_s * UNITS_PER_S) as usize).max(1) + tie as usize);
                }
            }
            input.add_edge(self.length_m.len(), self.length_m.len() + 1, 1);
            input.freeze();
            if (group, variant) == (self.guide, 0) {
                return fast_paths::prepare(&input);
            }
            let order = self.hierarchy(self.guide, 0).get_node_ordering();
            match fast_paths::prepare_with_order(&input, &order) {
                Ok(graph) => graph,
                Err(_) => fast_paths::prepare(&input),
            }
        })
    }
}

impl Group {
    fn new(network: &RoadNetwork, class: VehicleClass, table: &ClassTable, delays: &[f64], variants: usize) -> Self {
        let time_s: Vec<f64> =
            network.links.iter().map(|l| if l.access.contains(class) { link_time_s(l, class, table) } else { f64::INFINITY }).collect();
        let mut first_edge = vec![0];
        let mut edges = Vec::new();
        for (i, link) in network.links.iter().enumerate() {
            if time_s[i].is_finite() {
                for id in network.movements_of(link.to) {
                    let m = network.movement(id);
                    if m.from.index() == i && m.access.contains(class) && time_s[m.to.index()].is_finite() {
                        edges.push((m.to, delays[id.index()]));
                    }
                }
            }
            first_edge.push(edges.len() as u32);
        }
        debug_assert!(pace_class(pace_class(class)) == pace_class(class), "paces form groups");
        Self { time_s, first_edge, edges, hierarchies: (0..variants).map(|_| OnceLock::new()).collect() }
    }

    fn edges_of(&self, link: LinkId) -> &[(LinkId, f64)] {
        &self.edges[self.first_edge[link.index()] as usize..self.first_edge[link.index() + 1] as usize]
    }
}

/// Finds routes, one after the other, in one thread.
pub struct Searcher<'a> {
    router: &'a Router,
    calculator: PathCalculator,
}

impl Searcher<'_> {
    /// The quickest route, or `None` where there is none open to the class.
    pub fn best(&mut self, class: VehicleClass, from: LinkPosition, to: LinkPosition) -> Option<Route> {
        self.search(class, from, to, 0)
    }

    /// A few good routes and the share of travellers who take each, the quickest first; empty where there is none.
    ///
    /// Shares follow a path-size logit: `share ∝ size · exp(−(time − best) / spread)`, where a route's size falls with what it shares with
    /// the others (Ben-Akiva & Bierlaire 1999).
    pub fn alternatives(&mut self, class: VehicleClass, from: LinkPosition, to: LinkPosition) -> Vec<RouteShare> {
        let Some(best) = self.search(class, from, to, 0) else { return Vec::new() };
        let settings = self.router.settings;
        let mut routes = vec![best];
        for variant in 1..settings.alternatives.max(1) {
            let Some(route) = self.search(class, from, to, variant) else { continue };
            let new = route.time_s <= routes[0].time_s * settings.slower_most
                && routes.iter().all(|r| self.shared(class, &route, r) <= settings.shared_most);
            if new {
                routes.push(route);
            }
        }
        // A penalised search can find a quicker way past the rounding of weights; keep the quickest first.
        routes.sort_by(|a, b| a.time_s.total_cmp(&b.time_s).then_with(|| a.links.cmp(&b.links)));
        self.shares(class, routes)
    }

    fn shares(&self, class: VehicleClass, routes: Vec<Route>) -> Vec<RouteShare> {
        let sized: Vec<(f64, f64)> = routes
            .iter()
            .map(|r| {
                let (mut size, mut time_s) = (0.0, 0.0);
                for link in r.links.iter() {
                    let on = routes.iter().filter(|o| o.links.contains(link)).count();
                    let link_s = self.link_s(class, *link);
                    size += link_s / on as f64;
                    time_s += link_s;
                }
                (r.time_s, size / time_s)
            })
            .collect();
        let shares = choice_shares(&sized, 1.0, &self.router.settings);
        routes.into_iter().zip(sized).zip(shares).map(|((route, (_, size)), share)| RouteShare { route, share, size }).collect()
    }

    /// How much of `route`'s time is spent on links of `other`.
    fn shared(&self, class: VehicleClass, route: &Route, other: &Route) -> f64 {
        let (mut shared_s, mut all_s) = (0.0, 0.0);
        for link in route.links.iter() {
            let link_s = self.link_s(class, *link);
            all_s += link_s;
            if other.links.contains(link) {
                shared_s += link_s;
            }
        }
        shared_s / all_s
    }

    fn link_s(&self, class: VehicleClass, link: LinkId) -> f64 {
        self.router.groups[self.router.group_of(class)].time_s[link.index()]
    }

    fn search(&mut self, class: VehicleClass, from: LinkPosition, to: LinkPosition, variant: usize) -> Option<Route> {
        let router = self.router;
        let group = router.group_of(class);
        let graph = &router.groups[group];
        if !graph.time_s[from.link.index()].is_finite() || !graph.time_s[to.link.index()].is_finite() {
            return None;
        }
        let links: Vec<LinkId> = if from.link == to.link && from.pos_m <= to.pos_m {
            vec![from.link]
        } else if from.link == to.link {
            // Once round the block: leave the link and come back to it.
            let starts: Vec<(usize, usize)> = graph
                .edges_of(from.link)
                .iter()
                .map(|(l, s)| (l.index(), ((s + graph.time_s[l.index()]) * UNITS_PER_S) as usize))
                .collect();
            if starts.is_empty() {
                return None;
            }
            let hierarchy = router.hierarchy(group, variant);
            let path = self.calculator.calc_path_multiple_sources_and_targets(hierarchy, starts, vec![(to.link.index(), 0)])?;
            std::iter::once(from.link).chain(path.get_nodes().iter().map(|n| LinkId::from_index(*n))).collect()
        } else {
            let hierarchy = router.hierarchy(group, variant);
            let path = self.calculator.calc_path(hierarchy, from.link.index(), to.link.index())?;
            path.get_nodes().iter().map(|n| LinkId::from_index(*n)).collect()
        };
        let time_s = router.time_to_s(class, &links, f64::from(from.pos_m), links.len() - 1, f64::from(to.pos_m))?;
        Some(Route { links: links.into(), time_s })
    }
}

impl Router {
    /// Expected time from `from_m` on the first link of a route to `to_m` on its `n`-th, seconds; `None` where two of its links are not
    /// joined by a movement open to the class.
    pub fn time_to_s(&self, class: VehicleClass, links: &[LinkId], from_m: f64, n: usize, to_m: f64) -> Option<f64> {
        let graph = &self.groups[self.group_of(class)];
        if n == 0 {
            return Some(self.piece_s(class, links[0], from_m, to_m));
        }
        let mut time_s = self.piece_s(class, links[0], from_m, self.length_m[links[0].index()]);
        for i in 1..=n {
            time_s += self.turn_s(class, links[i - 1], links[i])?;
            time_s += if i == n { self.piece_s(class, links[i], 0.0, to_m) } else { graph.time_s[links[i].index()] };
        }
        Some(time_s)
    }
}

impl std::fmt::Debug for Router {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Router").field("links", &self.length_m.len()).field("groups", &self.groups.len()).finish_non_exhaustive()
    }
}
