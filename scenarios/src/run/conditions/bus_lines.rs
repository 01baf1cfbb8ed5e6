//! Bus lines of a scenario: their vehicles, each with its route and its stops. Passengers are in it only as the time they take at a stop.

use super::spot;
use crate::{
    demand::{
        Router, RouterSettings,
        assign::{Costs, LinkTimes, Search},
    },
    scenario::{
        check::Window,
        conditions::{BusLineTable, StopTable},
        error::ScenarioError,
        read::Parsed,
    },
};
use sim_core::{
    class::{ClassTable, VehicleClass},
    demand::{LinkPosition, Purpose, Trip},
    halt::Halt,
    ids::LinkId,
    network::{LinkKind, PlaceKind, RoadNetwork},
    reference::Ref,
};
use std::sync::Arc;

/// A stop needs a link at least this long, metres, so that a bus fits on it …
const LINK_M: f32 = 25.0;
/// … and is at least this far from its start.
const BEFORE_M: f32 = 20.0;

/// The runs of every line that begin within the window, in the order of the file.
pub(super) fn of(parsed: &Parsed, network: &RoadNetwork, classes: &ClassTable, window: &Window) -> Result<Vec<Trip>, ScenarioError> {
    let lines = &parsed.file.bus_lines;
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let router = Router::new(network, classes, RouterSettings::default());
    let times = LinkTimes::free(network, &router);
    let mut search = Search::new(Costs { network, router: &router, times: &times });
    let mut trips = Vec::new();
    for (i, table) in lines.iter().enumerate() {
        if let Some(other) = lines[..i].iter().position(|l| l.name == table.name) {
            let message = format!("line {} has this name already; give each line its own", other + 1);
            return Err(parsed.error_at(&format!("bus_lines.{i}.name"), message));
        }
        let line = Line { parsed, network, key: format!("bus_lines.{i}"), table };
        trips.extend(line.trips(&mut search, window)?);
    }
    Ok(trips)
}

/// A route and the halts on it.
type Course = (Arc<[LinkId]>, Arc<[Halt]>);

struct Line<'a> {
    parsed: &'a Parsed,
    network: &'a RoadNetwork,
    key: String,
    table: &'a BusLineTable,
}

/// Where a line stops, and for how long.
#[derive(Clone, Copy)]
struct Stop {
    at: LinkPosition,
    dwell_s: f32,
    in_bay: bool,
}

impl Line<'_> {
    fn error(&self, key: &str, message: impl Into<String>) -> ScenarioError {
        self.parsed.error_at(&format!("{}.{key}", self.key), message)
    }

    fn trips(&self, search: &mut Search<'_>, window: &Window) -> Result<Vec<Trip>, ScenarioError> {
        let t = self.table;
        let class = t.class.0;
        if class.is_two_wheeler() {
            return Err(self.error("class", format!("a line is not driven by class {class}; expected a bus, minibus, shuttle or the like")));
        }
        let headway_s = t.headway.base();
        if !(10.0..=86_400.0).contains(&headway_s) {
            return Err(self.error("headway", format!("a headway of {}, expected 10 s to 24 h", t.headway)));
        }
        if t.to <= t.from {
            return Err(self.error("to", format!("the line ends at {} and begins at {}; expected an end after it", t.to, t.from)));
        }
        let mut stops = Vec::with_capacity(t.stops.len());
        for (n, stop) in t.stops.iter().enumerate() {
            stops.push(self.stop(n, stop, class)?);
        }
        let (route, halts) = if t.route.is_empty() { self.way_over_stops(search, &stops)? } else { self.way_as_given(search, &stops)? };
        let destination = LinkPosition { link: route[route.len() - 1], pos_m: self.network.link(route[route.len() - 1]).length_m };
        let origin = LinkPosition { link: route[0], pos_m: 0.0 };
        let mut trips = Vec::new();
        for n in 0u32.. {
            let depart_s = t.from.seconds() + f64::from(n) * headway_s;
            if depart_s >= t.to.seconds().min(window.to_s) {
                break;
            }
            if depart_s < window.from_s {
                continue;
            }
            trips.push(Trip {
                ref_: Ref::from(format!("line:{}:{n}", t.name)),
                class,
                purpose: Purpose::PublicTransport,
                depart_s,
                origin,
                destination,
                route: route.clone(),
                halts: halts.clone(),
            });
        }
        Ok(trips)
    }

    fn stop(&self, n: usize, t: &StopTable, class: VehicleClass) -> Result<Stop, ScenarioError> {
        let key = format!("stops.{n}");
        let ((link, pos_m), at) = match (&t.place, &t.link, t.position) {
            (Some(name), None, None) => (self.place(&key, name)?, format!("{key}.place")),
            (None, Some(name), Some(position)) => {
                let link = spot::link_of(self.parsed, self.network, &format!("{}.{key}.link", self.key), name)?;
                ((link, position.base() as f32), format!("{key}.position"))
            }
            _ => return Err(self.error(&key, "a stop needs the `place` of one on the map, or `link` and `position`")),
        };
        let link_data = self.network.link(link);
        if matches!(link_data.kind, LinkKind::Ferry(_)) || link_data.length_m < LINK_M {
            let message = format!("is on link {}, {} m long; expected a road of {LINK_M} m at least", link_data.ref_, link_data.length_m);
            return Err(self.error(&at, message));
        }
        if !link_data.access.contains(class) {
            return Err(self.error(&at, format!("link {} is closed to class {class}", link_data.ref_)));
        }
        // The map puts a stop where its pole stands; a bus must fit on the link behind it.
        let pos_m = if t.place.is_some() { pos_m.clamp(BEFORE_M, link_data.length_m) } else { pos_m };
        if !(BEFORE_M..=link_data.length_m).contains(&pos_m) {
            let message = format!("is at {pos_m} m of link {}; expected {BEFORE_M} to {} m", link_data.ref_, link_data.length_m);
            return Err(self.error(&at, message));
        }
        let dwell = t.dwell.unwrap_or(self.table.dwell);
        if !(0.0..=7200.0).contains(&dwell.base()) {
            return Err(self.error(&format!("{key}.dwell"), format!("stands for {dwell}, expected 0 s to 2 h")));
        }
        Ok(Stop { at: LinkPosition { link, pos_m }, dwell_s: dwell.base() as f32, in_bay: t.bay })
    }

    /// Where the map has the bus stop of this ref.
    fn place(&self, key: &str, name: &str) -> Result<(LinkId, f32), ScenarioError> {
        let stops = || self.network.places.iter().filter(|p| matches!(p.kind, PlaceKind::BusStop | PlaceKind::BusStation));
        let Some(place) = stops().find(|p| p.ref_.as_str() == name) else {
            let near = maps::index::near_refs(name, stops().map(|p| &p.ref_), 1);
            let hint = near.first().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            return Err(self.error(&format!("{key}.place"), format!("no bus stop of the map is called `{name}`{hint}")));
        };
        place
            .access
            .ok_or_else(|| self.error(&format!("{key}.place"), format!("bus stop {name} is beside no road; give `link` and `position`")))
    }

    /// The quickest way from stop to stop.
    fn way_over_stops(&self, search: &mut Search<'_>, stops: &[Stop]) -> Result<Course, ScenarioError> {
        let Some(first) = stops.first() else {
            return Err(self.parsed.error_at(&self.key, "a line needs `stops`, or a `route`, or both"));
        };
        let mut route = vec![first.at.link];
        let mut halts = vec![halt(0, first)];
        for (n, pair) in stops.windows(2).enumerate() {
            let (from, to) = (pair[0].at, pair[1].at);
            if from.link != to.link || to.pos_m <= from.pos_m {
                let way = self.between(search, from, to).ok_or_else(|| self.no_way(&format!("stops.{}", n + 1), from.link, to.link))?;
                route.extend(&way[1..]);
            }
            halts.push(halt(route.len() - 1, &pair[1]));
        }
        Ok((route.into(), halts.into()))
    }

    /// The quickest way over the links of `route`, and the stops along it.
    fn way_as_given(&self, search: &mut Search<'_>, stops: &[Stop]) -> Result<Course, ScenarioError> {
        let mut route: Vec<LinkId> = Vec::new();
        for (n, name) in self.table.route.iter().enumerate() {
            let key = format!("{}.route.{n}", self.key);
            let link = spot::link_of(self.parsed, self.network, &key, name)?;
            match route.last().copied() {
                None => route.push(link),
                Some(before) => {
                    let at = |link| LinkPosition { link, pos_m: 0.0 };
                    let way = if self.network.movement_between(before, link).is_some_and(|m| self.may_take(m)) {
                        vec![before, link]
                    } else {
                        self.between(search, at(before), at(link)).ok_or_else(|| self.no_way("route", before, link))?
                    };
                    route.extend(&way[1..]);
                }
            }
        }
        let (mut halts, mut leg, mut after_m): (Vec<Halt>, usize, f32) = (Vec::new(), 0, -1.0);
        for (n, stop) in stops.iter().enumerate() {
            let is_it = |(i, link): &(usize, &LinkId)| **link == stop.at.link && (*i > leg || stop.at.pos_m > after_m);
            let Some((found, _)) = route.iter().enumerate().skip(leg).find(is_it) else {
                let name = &self.network.link(stop.at.link).ref_;
                let message =
                    format!("link {name} is not on the `route` after the stop before it; expected the stops in the order of the way");
                return Err(self.error(&format!("stops.{n}"), message));
            };
            halts.push(halt(found, stop));
            (leg, after_m) = (found, stop.at.pos_m);
        }
        Ok((route.into(), halts.into()))
    }

    fn may_take(&self, movement: sim_core::ids::MovementId) -> bool {
        self.network.movement(movement).access.contains(self.table.class.0)
    }

    fn between(&self, search: &mut Search<'_>, origin: LinkPosition, destination: LinkPosition) -> Option<Vec<LinkId>> {
        let wish = Trip {
            ref_: Ref::from("line"),
            class: self.table.class.0,
            purpose: Purpose::PublicTransport,
            depart_s: self.table.from.seconds(),
            origin,
            destination,
            route: Arc::default(),
            halts: Arc::default(),
        };
        search.best(&wish)
    }

    fn no_way(&self, key: &str, from: LinkId, to: LinkId) -> ScenarioError {
        let name = |l: LinkId| &self.network.link(l).ref_;
        self.error(key, format!("no way open to class {} leads from link {} to link {}", self.table.class.0, name(from), name(to)))
    }
}

fn halt(leg: usize, stop: &Stop) -> Halt {
    Halt { leg: leg as u32, pos_m: stop.at.pos_m, dwell_s: stop.dwell_s, in_bay: stop.in_bay }
}
