//! From what a route file says to trips: types become classes, edges links, and who gives no route gets the quickest.

use super::{
    problem::RoutesProblem,
    read::{Along, Course, Kind, Read, Wish},
    stops::{At, Halting, halts},
};
use crate::demand::{
    draw::{Drawn, Unreachable, purpose_of},
    draw_keys::{pick, uniform},
    routing::{Router, Searcher},
    table::suggestion,
};
use rayon::prelude::*;
use sim_core::{
    class::VehicleClass,
    demand::{LinkPosition, Trip},
    ids::LinkId,
    network::RoadNetwork,
    reference::Ref,
};
use std::{collections::BTreeMap, sync::Arc};

/// How deep types and routes may name each other.
const DEEPEST: usize = 8;

/// Somebody whose type and course are known.
struct Ready {
    id: Ref,
    class: VehicleClass,
    depart_s: f64,
    /// The links named, and whether they are the whole way.
    links: Vec<LinkId>,
    is_route: bool,
    origin: Along,
    destination: Along,
    stops: Vec<Halting>,
}

/// The trips, and what is wrong with the elements they come from.
pub(super) fn draw(read: Read, network: &RoadNetwork, router: &Router, seed: u64) -> (Drawn, Vec<(u64, RoutesProblem)>) {
    let resolver = Resolver {
        link_of: network.links.iter().enumerate().map(|(i, l)| (l.ref_.as_str(), LinkId::from_index(i))).collect(),
        read: &read,
        seed,
    };
    let mut drawn = Drawn { unused: read.unused.clone(), ..Drawn::default() };
    let (mut ready, mut problems) = (Vec::new(), Vec::new());
    let mut seen: BTreeMap<&Ref, u64> = BTreeMap::new();
    for wish in &read.wishes {
        if let Some(other) = seen.insert(&wish.id, wish.line) {
            problems.push((wish.line, RoutesProblem::Duplicate { id: wish.id.clone(), other }));
            continue;
        }
        match resolver.ready(wish) {
            Ok(Some(found)) => ready.push(found),
            Ok(None) => *drawn.unused.entry("vehicle that does not drive on roads".into()).or_default() += 1,
            Err(problem) => problems.push((wish.line, problem)),
        }
    }
    if !problems.is_empty() {
        return (drawn, problems);
    }
    router.prepare(ready.iter().filter(|r| !r.is_route).map(|r| r.class), false);
    let routed: Vec<Result<(Trip, u64), Unreachable>> =
        ready.into_par_iter().map_init(|| router.searcher(), |searcher, r| trip(r, network, router, searcher, seed)).collect();
    for trip in routed {
        match trip {
            Ok((trip, left_out)) => {
                drawn.trips.push(trip);
                if left_out > 0 {
                    *drawn.unused.entry("<stop> that is not on the way ahead, or on an edge shorter than 25 m".into()).or_default() +=
                        left_out;
                }
            }
            Err(lost) => drawn.unreachable.push(lost),
        }
    }
    drawn.sort();
    (drawn, problems)
}

struct Resolver<'a> {
    link_of: BTreeMap<&'a str, LinkId>,
    read: &'a Read,
    seed: u64,
}

impl Resolver<'_> {
    fn ready(&self, wish: &Wish) -> Result<Option<Ready>, RoutesProblem> {
        let Some(class) = self.class(wish)? else { return Ok(None) };
        let (edges, is_route) = self.edges(wish, &wish.course, 0)?;
        let mut links = edges.iter().map(|e| self.link(wish, e)).collect::<Result<Vec<_>, _>>()?;
        let stops = self.stops(wish)?;
        // A trip without `via` goes over its stops.
        if !is_route && links.len() == 2 {
            let ends = [links[0], links[1]];
            let between = stops.iter().map(|s| s.link).filter(|l| !ends.contains(l));
            links = std::iter::once(ends[0]).chain(between).chain([ends[1]]).collect();
        }
        Ok(Some(Ready {
            id: wish.id.clone(),
            class,
            depart_s: wish.depart_s,
            links,
            is_route,
            origin: wish.origin,
            destination: wish.destination,
            stops,
        }))
    }

    /// The stops of a vehicle: those of the route it names, then its own.
    fn stops(&self, wish: &Wish) -> Result<Vec<Halting>, RoutesProblem> {
        let of_route = match &wish.course {
            Course::Named(name) => self.read.route_stops.get(name).map_or(&[][..], Vec::as_slice),
            _ => &[],
        };
        let mut found = Vec::new();
        for stop in of_route.iter().chain(&wish.stops) {
            let (edge, along) = match &stop.at {
                At::Edge(edge, along) => (edge, *along),
                At::BusStop(name) => match self.read.bus_stops.get(name) {
                    Some((edge, along)) => (edge, *along),
                    None => return Err(self.unknown(wish, "bus stop", name, self.read.bus_stops.keys().map(String::as_str))),
                },
            };
            found.push(stop.on(self.link(wish, edge)?, along));
        }
        Ok(found)
    }

    fn class(&self, wish: &Wish) -> Result<Option<VehicleClass>, RoutesProblem> {
        let mut name = &wish.kind;
        for deep in 0..DEEPEST {
            match self.read.kinds.get(name) {
                Some(Kind::Class(class)) => return Ok(*class),
                Some(Kind::OneOf(list)) => {
                    let n = pick(list.iter().map(|(w, _)| *w), uniform(self.seed, "sumo type", wish.id.as_str(), deep as u64));
                    name = &list[n].1;
                }
                None => break,
            }
        }
        Err(self.unknown(wish, "vehicle type", name, self.read.kinds.keys().map(String::as_str)))
    }

    /// The edges of a course, and whether they are the whole way.
    fn edges<'a>(&'a self, wish: &Wish, course: &'a Course, deep: usize) -> Result<(&'a [String], bool), RoutesProblem> {
        match course {
            Course::Edges(edges) => Ok((edges, true)),
            Course::Between(edges) => Ok((edges, false)),
            Course::OneOf(list) => {
                let n = pick(list.iter().map(|(w, _)| *w), uniform(self.seed, "sumo route", wish.id.as_str(), deep as u64));
                self.edges(wish, &list[n].1, deep + 1)
            }
            Course::Named(name) => match self.read.routes.get(name).filter(|_| deep < DEEPEST) {
                Some(course) => self.edges(wish, course, deep + 1),
                None => Err(self.unknown(wish, "route", name, self.read.routes.keys().map(String::as_str))),
            },
        }
    }

    fn link(&self, wish: &Wish, edge: &str) -> Result<LinkId, RoutesProblem> {
        match self.link_of.get(edge) {
            Some(link) => Ok(*link),
            None => Err(self.unknown(wish, "edge of the map", edge, self.link_of.keys().copied())),
        }
    }

    fn unknown<'a>(&self, wish: &Wish, what: &'static str, found: &str, known: impl Iterator<Item = &'a str>) -> RoutesProblem {
        let near = suggestion(found, known).map(str::to_owned);
        RoutesProblem::Unknown { element: wish.element.clone(), what, found: found.to_owned(), near }
    }
}

fn position(network: &RoadNetwork, link: LinkId, along: Along, u: f64) -> LinkPosition {
    let length_m = f64::from(network.link(link).length_m);
    let pos_m = match along {
        Along::Start => 0.0,
        Along::Middle => length_m / 2.0,
        Along::End => length_m,
        Along::Random => u * length_m,
        Along::Metres(m) if m < 0.0 => length_m + m,
        Along::Metres(m) => m,
    };
    LinkPosition { link, pos_m: pos_m.clamp(0.0, length_m) as f32 }
}

/// A trip, and how many of its stops it cannot make.
fn trip(r: Ready, network: &RoadNetwork, router: &Router, searcher: &mut Searcher<'_>, seed: u64) -> Result<(Trip, u64), Unreachable> {
    let (first, last) = (r.links[0], r.links[r.links.len() - 1]);
    let mut origin = position(network, first, r.origin, uniform(seed, "sumo departPos", r.id.as_str(), 0));
    let destination = position(network, last, r.destination, uniform(seed, "sumo arrivalPos", r.id.as_str(), 0));
    let route = if r.is_route {
        let may_drive = r.links.iter().all(|l| router.may_drive(r.class, *l));
        let is_joined = r.links.windows(2).all(|w| router.turn_s(r.class, w[0], w[1]).is_some());
        if r.links.len() == 1 {
            origin.pos_m = origin.pos_m.min(destination.pos_m);
        }
        (may_drive && is_joined).then(|| Arc::from(r.links.as_slice()))
    } else {
        way(&r, origin, destination, searcher)
    };
    match route {
        Some(route) => {
            let (halts, left_out) = halts(&r.stops, &route, network);
            let purpose = purpose_of(r.class);
            let trip = Trip { purpose, ref_: r.id, class: r.class, depart_s: r.depart_s, origin, destination, route, halts: halts.into() };
            Ok((trip, left_out))
        }
        None => {
            let name = |l: LinkId| network.link(l).ref_.clone();
            Err(Unreachable { ref_: r.id, class: r.class, from: name(first), to: name(last), trips: 1 })
        }
    }
}

/// The quickest way over the links named, one after the other.
fn way(r: &Ready, origin: LinkPosition, destination: LinkPosition, searcher: &mut Searcher<'_>) -> Option<Arc<[LinkId]>> {
    let mut links: Vec<LinkId> = Vec::new();
    let mut from = origin;
    let stops = r.links.len() - 1;
    for (i, link) in r.links.iter().enumerate().skip(1) {
        let to = if i == stops { destination } else { LinkPosition { link: *link, pos_m: 0.0 } };
        let piece = searcher.best(r.class, from, to)?;
        let again = usize::from(!links.is_empty()); // it begins with the link the last one ended with
        links.extend(piece.links.iter().skip(again));
        from = to;
    }
    Some(links.into())
}
