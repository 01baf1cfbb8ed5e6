//! `<stop>` elements: where a vehicle of a route file stands on its way, and for how long. Which lane a stop names does not matter: ours are
//! made from the kerb-side lane, or in a bay beside it (`parking`).

use super::{
    problem::RoutesProblem,
    read::{Along, Read, along, need, time_s},
};
use maps::sumo::xml::Element;
use sim_core::{
    halt::Halt,
    ids::LinkId,
    network::{LinkKind, RoadNetwork},
};

/// A stop needs a link at least this long, metres, so that a bus fits on it …
const LINK_M: f32 = 25.0;
/// … and is at least this far from its start.
const BEFORE_M: f32 = 20.0;

/// Where a stop is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum At {
    /// At the bus stop of this name.
    BusStop(String),
    /// On an edge, where the front of the vehicle stands.
    Edge(String, Along),
}

/// A stop as the file says it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stop {
    pub(super) at: At,
    dwell_s: f64,
    in_bay: bool,
}

/// A stop on its link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Halting {
    pub(super) link: LinkId,
    along: Along,
    dwell_s: f64,
    in_bay: bool,
}

impl Stop {
    /// The stop on the link that it turned out to be on.
    pub(super) fn on(&self, link: LinkId, along: Along) -> Halting {
        Halting { link, along, dwell_s: self.dwell_s, in_bay: self.in_bay }
    }
}

impl Read {
    /// The place of a `<busStop>`.
    pub(super) fn bus_stop(&mut self, e: &Element) -> Result<(), RoutesProblem> {
        let at = (edge_of(need(e, "lane")?), along(e, "endPos", Along::End)?);
        self.count_rest(e, &["id", "lane", "startPos", "endPos", "name", "color", "friendlyPos"], &[]);
        self.bus_stops.insert(need(e, "id")?.to_owned(), at);
        Ok(())
    }

    /// The stops in an element, in order; those that nothing here can make are counted.
    pub(super) fn stops_in(&mut self, e: &Element) -> Result<Vec<Stop>, RoutesProblem> {
        let mut stops = Vec::new();
        for child in e.children.iter().filter(|c| c.name == "stop") {
            let at = match (child.get("busStop"), child.get("lane"), child.get("edge")) {
                (Some(name), _, _) => At::BusStop(name.to_owned()),
                (None, Some(lane), _) => At::Edge(edge_of(lane), along(child, "endPos", Along::End)?),
                (None, None, Some(edge)) => At::Edge(edge.to_owned(), along(child, "endPos", Along::End)?),
                (None, None, None) => {
                    self.count("<stop> that is neither at a bus stop nor on a lane".into());
                    continue;
                }
            };
            let Some(dwell_s) = time_s(child, "duration")? else {
                self.count("<stop> without `duration`".into());
                continue;
            };
            self.count_rest(child, &["busStop", "lane", "edge", "startPos", "endPos", "duration", "parking", "friendlyPos"], &[]);
            stops.push(Stop { at, dwell_s, in_bay: matches!(child.get("parking"), Some("true" | "1")) });
        }
        Ok(stops)
    }
}

/// The edge of a lane: its name without the number at its end.
fn edge_of(lane: &str) -> String {
    lane.rsplit_once('_').map_or(lane, |(edge, _)| edge).to_owned()
}

/// The stops as halts of a route, in its order, and how many are not on the rest of it or where no bus could stand.
pub(super) fn halts(stops: &[Halting], route: &[LinkId], network: &RoadNetwork) -> (Vec<Halt>, u64) {
    let (mut halts, mut left_out, mut leg, mut after_m) = (Vec::new(), 0, 0, -1.0f32);
    for stop in stops {
        let link = network.link(stop.link);
        let length_m = link.length_m;
        let pos_m = match stop.along {
            Along::Metres(m) if m < 0.0 => length_m + m as f32,
            Along::Metres(m) => m as f32,
            Along::Middle => length_m / 2.0,
            Along::Start | Along::Random | Along::End => length_m,
        }
        .clamp(BEFORE_M.min(length_m), length_m);
        let may_stand = link.kind == LinkKind::Road && length_m >= LINK_M && (0.0..=86_400.0).contains(&stop.dwell_s);
        let is_it = |(i, l): &(usize, &LinkId)| **l == stop.link && (*i > leg || pos_m > after_m);
        match route.iter().enumerate().skip(leg).find(is_it).filter(|_| may_stand) {
            Some((found, _)) => {
                halts.push(Halt { leg: found as u32, pos_m, dwell_s: stop.dwell_s as f32, in_bay: stop.in_bay });
                (leg, after_m) = (found, pos_m);
            }
            None => left_out += 1,
        }
    }
    (halts, left_out)
}
