//! Interventions that a run is built with: a road that the map does not have yet, bus lines and car parks that are added, changed or taken away.
//! They hold from the beginning to the end. A new road goes the way of a correction to the map ([`maps::corrections`]), so movements, priorities and
//! signals at its ends are made as they would be for a road of the map; links that were there keep their numbers.

use super::{
    Problem,
    meaning::{check_keys, needed},
    place::candidates,
};
use crate::scenario::{
    error::{ScenarioError, nearest},
    file::ScenarioFile,
    interventions::{InterventionKind as Kind, InterventionTable, RoadClassName},
    read::Parsed,
};
use maps::{
    corrections::{self, Corrections},
    index::near_refs,
};
use sim_core::network::RoadNetwork;
use std::sync::Arc;

/// Lanes of one direction at most: no road of the province has more than half as many (assumed).
const MOST_LANES: u8 = 8;

/// The ref of a new link by the name of its intervention; the other direction's ends with `:back`.
pub fn ref_of(name: &str) -> String {
    format!("local:{name}")
}

/// What is said of a built thing with a time.
pub(super) fn dated(t: &InterventionTable) -> Problem {
    let key = if t.at.is_some() {
        "at"
    } else if t.until.is_some() {
        "until"
    } else {
        "edit"
    };
    let message =
        format!("a `{}` is there from the beginning of the run to its end, and cannot come while it runs; remove `{key}`", t.kind.name());
    Problem::new(key, message)
}

fn name_of(t: &InterventionTable, n: usize) -> String {
    t.name.clone().unwrap_or_else(|| format!("intervention-{}", n + 1))
}

/// Each built thing of one kind, with its number in the file; keys and times that have no meaning are refused.
fn each<'a>(parsed: &'a Parsed, kinds: &[Kind]) -> Result<Vec<(usize, &'a InterventionTable)>, ScenarioError> {
    let tables = parsed.file.interventions.iter().enumerate().filter(|(_, t)| kinds.contains(&t.kind));
    let checked = tables.map(|(n, t)| {
        check_keys(t).map_err(|p| at(parsed, n, &p))?;
        let is_dated = t.at.is_some() || t.until.is_some() || t.edit;
        if is_dated { Err(at(parsed, n, &dated(t))) } else { Ok((n, t)) }
    });
    checked.collect()
}

fn at(parsed: &Parsed, n: usize, problem: &Problem) -> ScenarioError {
    parsed.error_at(&format!("interventions.{n}.{}", problem.key), problem.message.clone())
}

/// The network with the new links among a scenario's interventions.
///
/// # Errors
/// A junction that is not there, a value out of range, a link that does not fit, at its line.
pub fn network(parsed: &Parsed, network: &Arc<RoadNetwork>) -> Result<Arc<RoadNetwork>, ScenarioError> {
    let mut built = network.clone();
    for (n, table) in each(parsed, &[Kind::NewLink])? {
        built = Arc::new(with_link(table, &name_of(table, n), &built).map_err(|p| at(parsed, n, &p))?);
    }
    Ok(built)
}

fn with_link(t: &InterventionTable, name: &str, network: &RoadNetwork) -> Result<RoadNetwork, Problem> {
    let (from, to) = (needed(t.from.as_deref(), "from", t.kind)?, needed(t.to.as_deref(), "to", t.kind)?);
    for (key, end) in [("from", from), ("to", to)] {
        if !network.junctions.iter().any(|j| j.ref_.as_str() == end) {
            let near = near_refs(end, network.junctions.iter().map(|j| &j.ref_), 3);
            let near = candidates(near.iter().map(ToString::to_string));
            return Err(Problem::new(key, format!("no junction is called `{end}`{near}")));
        }
    }
    if from == to {
        return Err(Problem::new("to", format!("begins and ends at `{from}`, expected two junctions")));
    }
    let class = needed(t.road_class, "road_class", t.kind)?;
    let lanes = needed(t.lane_count, "lane_count", t.kind)?;
    if !(1..=MOST_LANES).contains(&lanes) {
        return Err(Problem::new("lane_count", format!("{lanes} lanes in each direction, expected 1 to {MOST_LANES}")));
    }
    let speed = needed(t.speed, "speed", t.kind)?;
    if !(1.0..=45.0).contains(&speed.base()) {
        return Err(Problem::new("speed", "expected a limit of 4 km/h to 160 km/h"));
    }
    let per_lane_m = t.width.map(|w| w.base() / f64::from(lanes));
    if per_lane_m.is_some_and(|w| !(2.0..=4.5).contains(&w)) {
        let (lowest, highest) = (2.0 * f64::from(lanes), 4.5 * f64::from(lanes));
        return Err(Problem::new("width", format!("expected {lowest} m to {highest} m for {lanes} lanes")));
    }
    if let Some([lat, lon]) = t.via.iter().find(|[lat, lon]| !(lat.abs() <= 90.0 && lon.abs() <= 180.0)) {
        return Err(Problem::new("via", format!("found {lat}, {lon}, expected latitudes within ±90 and longitudes within ±180")));
    }
    let entry = correction(t, &ref_of(name), [from, to], class, lanes, speed.base() * 3.6);
    let whole = |message: String| Problem::new("kind", message);
    let wanted = Corrections::parse("a new link", &entry).map_err(|e| whole(e.to_string()))?;
    let (built, report) = corrections::apply(network.clone(), &wanted).map_err(|e| whole(e.to_string()))?;
    if report.applied == 1 {
        return Ok(built);
    }
    let why = report.remarks.first().map_or_else(String::new, |r| format!(": {}", r.message));
    Err(whole(format!("`{}` cannot be built between `{from}` and `{to}`{why}", ref_of(name))))
}

/// A new link as a table of `corrections.toml`.
fn correction(t: &InterventionTable, ref_: &str, [from, to]: [&str; 2], class: RoadClassName, lanes: u8, speed_kmh: f64) -> String {
    let mut entry = toml::Table::new();
    let mut set = |key: &str, value: toml::Value| drop(entry.insert(key.to_owned(), value));
    set("ref", ref_.into());
    set("from", from.into());
    set("to", to.into());
    set("class", toml::Value::try_from(class).expect("a class is spelt by its name alone"));
    set("lanes", i64::from(lanes).into());
    set("speed", format!("{speed_kmh} km/h").into());
    set("two_way", t.both_ways.into());
    if let Some(width) = t.width {
        set("width", format!("{} m", width.base()).into());
    }
    if let Some(road) = &t.road {
        set("name", road.as_str().into());
    }
    if !t.via.is_empty() {
        set("via", t.via.iter().map(|p| toml::Value::from(p.to_vec())).collect::<Vec<_>>().into());
    }
    if !t.classes.is_empty() {
        set("access", t.classes.iter().map(|c| toml::Value::from(c.0.name())).collect::<Vec<_>>().into());
    }
    let mut top = toml::Table::new();
    top.insert("new_link".to_owned(), toml::Value::Array(vec![entry.into()]));
    top.to_string()
}

/// Where a line or car park of the changed file stands in the one that was written.
struct Written {
    /// The table.
    at: String,
    /// A value of it that an intervention sets, and where.
    value: Option<(&'static str, String)>,
}

impl Written {
    fn list(name: &str, count: usize) -> Vec<Self> {
        (0..count).map(|n| Self { at: format!("{name}.{n}"), value: None }).collect()
    }

    /// The paths of the changed file with those that were written, the longer ones first.
    fn paths(list: Vec<Self>, name: &str) -> Vec<(String, String)> {
        let each = |(i, w): (usize, Self)| {
            let value = w.value.map(|(key, at)| (format!("{name}.{i}.{key}"), at));
            value.into_iter().chain([(format!("{name}.{i}"), w.at)])
        };
        list.into_iter().enumerate().flat_map(each).collect()
    }
}

/// What the file would say with its lines and car parks changed as its interventions say. Errors about it point at what was written.
///
/// # Errors
/// A line or car park that is not there, nothing or two things to do with it, at its line.
pub fn services(parsed: &Parsed) -> Result<Parsed, ScenarioError> {
    let mut file = parsed.file.clone();
    let mut lines = Written::list("bus_lines", file.bus_lines.len());
    let mut parks = Written::list("car_parks", file.car_parks.len());
    let mut touched: Vec<(Kind, String, usize)> = Vec::new();
    for (n, t) in each(parsed, &[Kind::BusLine, Kind::CarPark])? {
        let changed = if t.kind == Kind::BusLine { line(t, n, &mut file, &mut lines) } else { park(t, n, &mut file, &mut parks) };
        let what = changed.map_err(|p| at(parsed, n, &p))?;
        if let Some((_, _, first)) = touched.iter().find(|(kind, name, _)| *kind == t.kind && *name == what) {
            let line = parsed.error_at(&format!("interventions.{first}"), String::new()).place;
            let line = line.map_or_else(String::new, |p| format!(" in line {}", p.line));
            let message =
                format!("contradicts `{}`{line}: both change `{what}`; remove one", name_of(&parsed.file.interventions[*first], *first));
            return Err(parsed.error_at(&format!("interventions.{n}"), message));
        }
        touched.push((t.kind, what, n));
    }
    let mut moved = Written::paths(lines, "bus_lines");
    moved.extend(Written::paths(parks, "car_parks"));
    Ok(parsed.changed(file, moved))
}

/// Exactly one of the keys of a service must be there.
fn one_of(t: &InterventionTable, keys: [(&'static str, bool); 3]) -> Result<(), Problem> {
    let set: Vec<_> = keys.iter().filter(|(_, set)| *set).collect();
    let list = keys.map(|(key, _)| format!("`{key}`")).join(", ");
    match set[..] {
        [_] => Ok(()),
        [] => Err(Problem::new("kind", format!("a `{}` needs one of {list}", t.kind.name()))),
        [_, (second, _), ..] => Err(Problem::new(second, format!("give one of {list}, not several"))),
    }
}

/// Changes a line; its name.
fn line(t: &InterventionTable, n: usize, file: &mut ScenarioFile, written: &mut Vec<Written>) -> Result<String, Problem> {
    one_of(t, [("headway", t.headway.is_some()), ("add_line", t.add_line.is_some()), ("removed", t.removed)])?;
    if let Some(new) = &t.add_line {
        if t.line.is_some() {
            return Err(Problem::new("line", "an added line is named in `add_line`; remove `line`"));
        }
        if file.bus_lines.iter().any(|l| l.name == new.name) {
            return Err(Problem::new("add_line", format!("there is a line called `{}` already; give it another name", new.name)));
        }
        file.bus_lines.push(new.clone());
        written.push(Written { at: format!("interventions.{n}.add_line"), value: None });
        return Ok(new.name.clone());
    }
    let name = needed(t.line.clone(), "line", t.kind)?;
    let Some(i) = file.bus_lines.iter().position(|l| l.name == name) else {
        let hint = nearest(&name, file.bus_lines.iter().map(|l| l.name.as_str())).map(|n| format!("; did you mean `{n}`?"));
        return Err(Problem::new("line", format!("no bus line is called `{name}`{}", hint.unwrap_or_default())));
    };
    match t.headway {
        Some(headway) if headway.base() >= 10.0 => {
            file.bus_lines[i].headway = headway;
            written[i].value = Some(("headway", format!("interventions.{n}.headway")));
        }
        Some(headway) => return Err(Problem::new("headway", format!("a headway of {headway}, expected 10 s or more"))),
        None => {
            file.bus_lines.remove(i);
            written.remove(i);
        }
    }
    Ok(name)
}

/// Changes a car park; its name.
fn park(t: &InterventionTable, n: usize, file: &mut ScenarioFile, written: &mut Vec<Written>) -> Result<String, Problem> {
    one_of(t, [("spaces", t.spaces.is_some()), ("add_park", t.add_park.is_some()), ("removed", t.removed)])?;
    if let Some(new) = &t.add_park {
        if t.park.is_some() {
            return Err(Problem::new("park", "an added car park is named in `add_park`; remove `park`"));
        }
        let Some(name) = new.name.clone() else { return Err(Problem::new("add_park", "an added car park needs a `name`")) };
        if file.car_parks.iter().any(|p| p.name.as_ref() == Some(&name)) {
            return Err(Problem::new("add_park", format!("there is a car park called `{name}` already; give it another name")));
        }
        file.car_parks.push(new.clone());
        written.push(Written { at: format!("interventions.{n}.add_park"), value: None });
        return Ok(name);
    }
    let name = needed(t.park.clone(), "park", t.kind)?;
    let Some(i) = file.car_parks.iter().position(|p| p.name.as_ref() == Some(&name)) else {
        let hint = nearest(&name, file.car_parks.iter().filter_map(|p| p.name.as_deref())).map(|n| format!("; did you mean `{n}`?"));
        return Err(Problem::new("park", format!("no car park is called `{name}`{}", hint.unwrap_or_default())));
    };
    match t.spaces {
        Some(0) => return Err(Problem::new("spaces", "0 spaces are none; expected 1 or more, or `removed = true`")),
        Some(_) => {
            file.car_parks[i].spaces = t.spaces;
            written[i].value = Some(("spaces", format!("interventions.{n}.spaces")));
        }
        None => {
            file.car_parks.remove(i);
            written.remove(i);
        }
    }
    Ok(name)
}
