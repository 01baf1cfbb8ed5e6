//! What a route file says: vehicle types, routes, and who leaves when. Flows become their single vehicles here.

use super::{
    problem::{RoutesError, RoutesProblem},
    stops::Stop,
};
use crate::demand::{draw_keys::uniform, od::clock_s};
use maps::sumo::{
    class_of,
    xml::{Element, each_element},
};
use sim_core::{class::VehicleClass, reference::Ref};
use std::collections::BTreeMap;

/// What the outermost element of a route file may be.
pub(super) const ROOTS: [&str; 3] = ["routes", "trips", "additional"];
/// More vehicles than this in one flow are taken for a slip of the pen.
const MOST_IN_FLOW: f64 = 1_000_000.0;
/// Until when a flow without end runs, seconds after midnight (SUMO: until the simulation ends).
const END_OF_DAY_S: f64 = 86_400.0;

/// A place on an edge, from its start; what a trip's `departPos` and `arrivalPos` say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Along {
    /// As near to the start as the vehicle is long.
    Start,
    /// The middle.
    Middle,
    /// The end.
    End,
    /// Anywhere, drawn by key.
    Random,
    /// Metres from the start, or from the end where negative.
    Metres(f64),
}

/// Where somebody goes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Course {
    /// Over these edges.
    Edges(Vec<String>),
    /// Over the route of this name, or one of the distribution of this name.
    Named(String),
    /// Over one of these, by weight.
    OneOf(Vec<(f64, Course)>),
    /// From the first edge to the last, over those between them in this order.
    Between(Vec<String>),
}

/// Somebody who wishes to leave.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wish {
    pub(super) line: u64,
    pub(super) element: String,
    pub(super) id: Ref,
    pub(super) kind: String,
    pub(super) depart_s: f64,
    pub(super) course: Course,
    pub(super) origin: Along,
    pub(super) destination: Along,
    pub(super) stops: Vec<Stop>,
}

/// A vehicle type, or several by weight.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// Of this class; `None` for what does not drive on roads.
    Class(Option<VehicleClass>),
    /// One of these types.
    OneOf(Vec<(f64, String)>),
}

/// All of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Read {
    pub(super) kinds: BTreeMap<String, Kind>,
    pub(super) routes: BTreeMap<String, Course>,
    /// Stops of named routes.
    pub(super) route_stops: BTreeMap<String, Vec<Stop>>,
    /// Edge and place of bus stops.
    pub(super) bus_stops: BTreeMap<String, (String, Along)>,
    pub(super) wishes: Vec<Wish>,
    pub(super) problems: Vec<(u64, RoutesProblem)>,
    pub(super) unused: BTreeMap<String, u64>,
}

/// Reads a file that is unpacked already.
pub(super) fn read(file: &str, bytes: &[u8], seed: u64) -> Result<Read, RoutesError> {
    let mut read = Read::default();
    read.kinds.insert("DEFAULT_VEHTYPE".into(), Kind::Class(Some(VehicleClass::Car)));
    read.kinds.insert("DEFAULT_BIKETYPE".into(), Kind::Class(Some(VehicleClass::Bicycle)));
    read.kinds.insert("DEFAULT_TAXITYPE".into(), Kind::Class(Some(VehicleClass::Taxi)));
    each_element(file, bytes, &ROOTS, |e| {
        if ROOTS.contains(&e.name.as_str()) {
            return Ok(());
        }
        if let Err(problem) = read.take(&e, seed) {
            read.problems.push((e.line, problem));
        }
        Ok(())
    })?;
    Ok(read)
}

/// An element as messages name it.
fn named(e: &Element) -> String {
    e.get("id").map_or_else(|| e.name.clone(), |id| format!("{} id=\"{id}\"", e.name))
}

pub(super) fn need<'a>(e: &'a Element, attribute: &'static str) -> Result<&'a str, RoutesProblem> {
    e.get(attribute).ok_or_else(|| RoutesProblem::Missing { element: named(e), attribute })
}

fn bad(e: &Element, attribute: &'static str, expected: &'static str) -> RoutesProblem {
    RoutesProblem::Bad { element: named(e), attribute, found: e.get(attribute).unwrap_or_default().to_owned(), expected }
}

fn real(e: &Element, attribute: &'static str) -> Result<Option<f64>, RoutesProblem> {
    match e.get(attribute).map(|t| t.trim().parse::<f64>()) {
        None => Ok(None),
        Some(Ok(value)) if value.is_finite() => Ok(Some(value)),
        Some(_) => Err(bad(e, attribute, "a number")),
    }
}

/// A time: seconds, or `HH:MM:SS`.
pub(super) fn time_s(e: &Element, attribute: &'static str) -> Result<Option<f64>, RoutesProblem> {
    let Some(text) = e.get(attribute) else { return Ok(None) };
    let seconds = text.trim().parse::<f64>().ok().filter(|s| s.is_finite() && *s >= 0.0);
    seconds.or_else(|| clock_s(text)).map(Some).ok_or_else(|| bad(e, attribute, "seconds after midnight or a clock time like 07:30:00"))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

impl Read {
    fn take(&mut self, e: &Element, seed: u64) -> Result<(), RoutesProblem> {
        match e.name.as_str() {
            "vType" => self.kind(e).map(|_| ()),
            "vTypeDistribution" => {
                let mut list = self.weighted(e, "vTypes")?;
                for child in e.children.iter().filter(|c| c.name == "vType") {
                    list.push((real(child, "probability")?.unwrap_or(1.0), self.kind(child)?));
                }
                self.kinds.insert(need(e, "id")?.to_owned(), Kind::OneOf(positive(e, list)?));
                Ok(())
            }
            "route" => {
                let (course, stops) = (self.route(e)?, self.stops_in(e)?);
                let id = need(e, "id")?.to_owned();
                self.route_stops.insert(id.clone(), stops);
                self.routes.insert(id, course);
                Ok(())
            }
            "busStop" => self.bus_stop(e),
            "routeDistribution" => {
                let course = self.distribution(e)?;
                self.routes.insert(need(e, "id")?.to_owned(), course);
                Ok(())
            }
            "trip" | "vehicle" => self.single(e),
            "flow" => self.flow(e, seed),
            other => {
                self.count(format!("<{other}>"));
                Ok(())
            }
        }
    }

    pub(super) fn count(&mut self, what: String) {
        *self.unused.entry(what).or_default() += 1;
    }

    /// Counts what of an element nothing reads.
    pub(super) fn count_rest(&mut self, e: &Element, attributes: &[&str], children: &[&str]) {
        for (key, _) in e.attributes.iter().filter(|(k, _)| !attributes.contains(&k.as_str())) {
            self.count(format!("`{key}` of <{}>", e.name));
        }
        for child in e.children.iter().filter(|c| !children.contains(&c.name.as_str())) {
            self.count(format!("<{}> in <{}>", child.name, e.name));
        }
    }

    fn kind(&mut self, e: &Element) -> Result<String, RoutesProblem> {
        let id = need(e, "id")?.to_owned();
        self.count_rest(e, &["id", "vClass", "color", "guiShape", "imgFile", "probability"], &[]);
        self.kinds.insert(id.clone(), Kind::Class(class_of(e.get("vClass").unwrap_or("passenger"))));
        Ok(id)
    }

    /// Names with weights, from two attributes of the same length.
    fn weighted(&self, e: &Element, names: &'static str) -> Result<Vec<(f64, String)>, RoutesProblem> {
        let names = words(e.get(names).unwrap_or_default());
        let weights = match e.get("probabilities") {
            None => vec![1.0; names.len()],
            Some(text) => text.split_whitespace().map(|w| w.parse().unwrap_or(f64::NAN)).collect(),
        };
        if weights.len() != names.len() || weights.iter().any(|w| w.is_nan() || *w < 0.0) {
            return Err(bad(e, "probabilities", "one number of at least 0 for each name"));
        }
        Ok(weights.into_iter().zip(names).collect())
    }

    fn route(&mut self, e: &Element) -> Result<Course, RoutesProblem> {
        self.count_rest(e, &["id", "edges", "color", "probability"], &["stop"]);
        let edges = words(need(e, "edges")?);
        if edges.is_empty() { Err(bad(e, "edges", "at least one edge")) } else { Ok(Course::Edges(edges)) }
    }

    fn distribution(&mut self, e: &Element) -> Result<Course, RoutesProblem> {
        let mut list: Vec<(f64, Course)> = self.weighted(e, "routes")?.into_iter().map(|(w, name)| (w, Course::Named(name))).collect();
        for child in e.children.iter().filter(|c| c.name == "route") {
            if child.children.iter().any(|c| c.name == "stop") {
                self.count("<stop> of a route in a distribution".into());
            }
            let course = if child.get("edges").is_some() { self.route(child)? } else { Course::Named(need(child, "refId")?.to_owned()) };
            list.push((real(child, "probability")?.unwrap_or(1.0), course));
        }
        Ok(Course::OneOf(positive(e, list)?))
    }

    fn single(&mut self, e: &Element) -> Result<(), RoutesProblem> {
        let id = need(e, "id")?.to_owned();
        let depart = need(e, "depart")?;
        if matches!(depart, "triggered" | "containerTriggered" | "split" | "begin") {
            self.count(format!("<{}> with depart=\"{depart}\"", e.name));
            return Ok(());
        }
        let depart_s = time_s(e, "depart")?.unwrap_or_default();
        let course = self.course(e)?;
        self.count_rest(e, &READ_OF_WISH, &["route", "routeDistribution", "stop"]);
        self.wish(e, Ref::from(id.as_str()), depart_s, course)
    }

    fn wish(&mut self, e: &Element, id: Ref, depart_s: f64, course: Course) -> Result<(), RoutesProblem> {
        let origin = along(e, "departPos", Along::Start)?;
        let destination = along(e, "arrivalPos", Along::End)?;
        let kind = e.get("type").unwrap_or("DEFAULT_VEHTYPE").to_owned();
        let mut stops = Vec::new();
        for route in e.children.iter().filter(|c| c.name == "route") {
            stops.extend(self.stops_in(route)?);
        }
        stops.extend(self.stops_in(e)?);
        self.wishes.push(Wish { line: e.line, element: named(e), id, kind, depart_s, course, origin, destination, stops });
        Ok(())
    }

    /// Where a vehicle, trip or flow goes.
    fn course(&mut self, e: &Element) -> Result<Course, RoutesProblem> {
        if let Some(child) = e.children.iter().find(|c| c.name == "route") {
            return self.route(child);
        }
        if let Some(child) = e.children.iter().find(|c| c.name == "routeDistribution") {
            return self.distribution(child);
        }
        if let Some(name) = e.get("route") {
            return Ok(Course::Named(name.to_owned()));
        }
        let (from, to) = (need(e, "from")?, need(e, "to")?);
        let via = words(e.get("via").unwrap_or_default());
        Ok(Course::Between(std::iter::once(from.to_owned()).chain(via).chain([to.to_owned()]).collect()))
    }

    fn flow(&mut self, e: &Element, seed: u64) -> Result<(), RoutesProblem> {
        let id = need(e, "id")?.to_owned();
        let begin_s = time_s(e, "begin")?.unwrap_or(0.0);
        let end_s = time_s(e, "end")?.unwrap_or(END_OF_DAY_S);
        if end_s < begin_s {
            return Err(bad(e, "end", "a time not before `begin`"));
        }
        let course = self.course(e)?;
        self.count_rest(e, &READ_OF_WISH, &["route", "routeDistribution", "stop"]);
        for (n, depart_s) in departures(e, &id, begin_s, end_s, seed)?.into_iter().enumerate() {
            self.wish(e, Ref::new(format!("{id}.{n}")), depart_s, course.clone())?;
        }
        Ok(())
    }
}

/// What of a vehicle, trip or flow is read.
const READ_OF_WISH: [&str; 18] = [
    "id",
    "type",
    "depart",
    "from",
    "to",
    "via",
    "route",
    "departPos",
    "arrivalPos",
    "begin",
    "end",
    "number",
    "period",
    "vehsPerHour",
    "perHour",
    "probability",
    "color",
    "line",
];

fn positive<T>(e: &Element, list: Vec<(f64, T)>) -> Result<Vec<(f64, T)>, RoutesProblem> {
    if list.iter().all(|(w, _)| *w >= 0.0) && list.iter().map(|(w, _)| w).sum::<f64>() > 0.0 {
        return Ok(list);
    }
    Err(bad(e, "probabilities", "weights of at least 0 that are not all 0"))
}

pub(super) fn along(e: &Element, attribute: &'static str, default: Along) -> Result<Along, RoutesProblem> {
    Ok(match e.get(attribute) {
        None => default,
        Some("base" | "last" | "stop" | "splitFront") => Along::Start,
        Some("random" | "free" | "random_free") => Along::Random,
        Some("center") => Along::Middle,
        Some("max") => Along::End,
        Some(text) => Along::Metres(
            text.trim()
                .parse()
                .ok()
                .filter(|m: &f64| m.is_finite())
                .ok_or_else(|| bad(e, attribute, "metres, base, random, free, last or max"))?,
        ),
    })
}

/// When the vehicles of a flow leave: evenly, or at random by keyed draws.
fn departures(e: &Element, id: &str, begin_s: f64, end_s: f64, seed: u64) -> Result<Vec<f64>, RoutesProblem> {
    let number = real(e, "number")?;
    if number.is_some_and(|n| !(0.0..=MOST_IN_FLOW).contains(&n)) {
        return Err(bad(e, "number", "0 to 1 000 000"));
    }
    let evenly = |period_s: f64, most: f64| -> Vec<f64> {
        let count = ((end_s - begin_s) / period_s - 1e-9).ceil().clamp(0.0, most.min(MOST_IN_FLOW));
        (0..count as u64).map(|n| begin_s + n as f64 * period_s).collect()
    };
    let most = number.map_or(f64::INFINITY, f64::floor);
    if let Some(chance) = real(e, "probability")? {
        if !(0.0..=1.0).contains(&chance) {
            return Err(bad(e, "probability", "0 to 1: the chance of a vehicle in each second"));
        }
        let seconds = libm::ceil(end_s - begin_s) as u64;
        let hits = (0..seconds).filter(|n| uniform(seed, "sumo flow", id, *n) < chance).map(|n| begin_s + n as f64);
        return Ok(hits.take(most.min(MOST_IN_FLOW) as usize).collect());
    }
    if let Some(rate) = e.get("period").and_then(|p| p.trim().strip_prefix("exp(")?.strip_suffix(')')?.parse::<f64>().ok()) {
        if !(rate > 0.0 && rate.is_finite()) {
            return Err(bad(e, "period", "a number, or exp(RATE) with more than 0 vehicles a second"));
        }
        let (mut at_s, mut all) = (begin_s, Vec::new());
        for n in 0.. {
            at_s -= libm::log(1.0 - uniform(seed, "sumo flow", id, n)) / rate;
            if at_s >= end_s || all.len() as f64 >= most.min(MOST_IN_FLOW) {
                break;
            }
            all.push(at_s);
        }
        return Ok(all);
    }
    let per_hour = match real(e, "vehsPerHour")? {
        Some(v) => Some(v),
        None => real(e, "perHour")?,
    };
    let period_s = match (real(e, "period")?, per_hour, number) {
        (Some(s), _, _) => s,
        (None, Some(v), _) => 3600.0 / v,
        (None, None, Some(0.0)) => return Ok(Vec::new()),
        (None, None, Some(n)) => (end_s - begin_s) / n,
        (None, None, None) => return Err(RoutesProblem::Missing { element: named(e), attribute: "number" }),
    };
    if number.is_some() && period_s == 0.0 {
        return Ok(vec![begin_s; most as usize]);
    }
    if period_s.is_nan() || period_s <= 0.0 {
        return Err(bad(e, "period", "more than 0 s between vehicles"));
    }
    Ok(evenly(period_s, most))
}
