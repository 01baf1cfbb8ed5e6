//! What a `roadnet.json` says, taken over as it stands: intersections with their ways through and lights, roads with their lanes.

use super::item::{CityflowError, Item};
use serde_json::Value;
use sim_core::network::Turn;

/// Coordinates are metres; the Earth is not larger than this.
const FARTHEST_M: f64 = 2.0e7;

/// A network.
#[derive(Debug)]
pub(super) struct Net {
    pub(super) file: String,
    pub(super) intersections: Vec<Intersection>,
    pub(super) roads: Vec<Road>,
}

/// An intersection.
#[derive(Debug)]
pub(super) struct Intersection {
    pub(super) id: String,
    pub(super) at: [f64; 2],
    /// How far from its middle roads end, metres.
    pub(super) width_m: f64,
    /// Where vehicles come from or go to: an end of the network.
    pub(super) is_virtual: bool,
    pub(super) ways: Vec<Way>,
    /// Seconds, and the ways that are open.
    pub(super) phases: Vec<(f64, Vec<usize>)>,
}

/// A way through an intersection: a `roadLink`.
#[derive(Debug)]
pub(super) struct Way {
    pub(super) turn: Turn,
    pub(super) from: String,
    pub(super) to: String,
    /// Lane left and lane reached, counted from the middle of the road as CityFlow does.
    pub(super) lanes: Vec<(usize, usize)>,
}

/// A road: one direction.
#[derive(Debug)]
pub(super) struct Road {
    pub(super) id: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) points: Vec<[f64; 2]>,
    /// Width and limit of each lane, from the middle of the road on.
    pub(super) lanes: Vec<(f64, f64)>,
}

/// Reads a network.
pub(super) fn read(file: &str, value: &Value) -> Result<Net, CityflowError> {
    let root = Item::root(file, value);
    let roads = root.need("roads")?.list()?.into_iter().map(road).collect::<Result<_, _>>()?;
    let intersections = root.need("intersections")?.list()?.into_iter().map(intersection).collect::<Result<_, _>>()?;
    Ok(Net { file: file.to_owned(), intersections, roads })
}

fn point(item: &Item) -> Result<[f64; 2], CityflowError> {
    let coordinate = |key| item.need(key)?.number(-FARTHEST_M, FARTHEST_M);
    Ok([coordinate("x")?, coordinate("y")?])
}

fn road(item: Item) -> Result<Road, CityflowError> {
    let id = item.need("id")?.text()?.to_owned();
    let item = item.called(format!("road `{id}`"));
    let points = item.need("points")?.list()?.iter().map(point).collect::<Result<Vec<_>, _>>()?;
    if points.len() < 2 {
        return Err(item.error(format!("has {} points, expected at least 2", points.len())));
    }
    let lane = |lane: &Item| Ok((lane.need("width")?.number(0.5, 20.0)?, lane.need("maxSpeed")?.number(0.5, 100.0)?));
    let lanes = item.need("lanes")?.list()?.iter().map(lane).collect::<Result<Vec<_>, CityflowError>>()?;
    if lanes.is_empty() || lanes.len() > 20 {
        return Err(item.error(format!("has {} lanes, expected 1 to 20", lanes.len())));
    }
    let end = |key| Ok(item.need(key)?.text()?.to_owned());
    Ok(Road { from: end("startIntersection")?, to: end("endIntersection")?, points, lanes, id })
}

fn intersection(item: Item) -> Result<Intersection, CityflowError> {
    let id = item.need("id")?.text()?.to_owned();
    let item = item.called(format!("intersection `{id}`"));
    let at = point(&item.need("point")?)?;
    let width_m = item.get("width").map_or(Ok(0.0), |w| w.number(0.0, 500.0))?;
    let is_virtual = item.get("virtual").is_some_and(|v| v.is_true());
    let ways = match item.get("roadLinks") {
        Some(list) => list.list()?.iter().map(way).collect::<Result<Vec<_>, _>>()?,
        None => Vec::new(),
    };
    let phases = match item.get("trafficLight").and_then(|l| l.get("lightphases")) {
        Some(list) if !is_virtual => list.list()?.iter().map(|p| phase(p, ways.len())).collect::<Result<Vec<_>, _>>()?,
        _ => Vec::new(),
    };
    Ok(Intersection { id, at, width_m, is_virtual, ways, phases })
}

fn way(item: &Item) -> Result<Way, CityflowError> {
    let kind = item.need("type")?;
    let turn = match kind.text()? {
        "go_straight" => Turn::Through,
        "turn_left" => Turn::Left,
        "turn_right" => Turn::Right,
        "turn_u" => Turn::UTurn,
        other => return Err(kind.error(format!("is `{other}`, expected go_straight, turn_left, turn_right or turn_u"))),
    };
    let (from, to) = (item.need("startRoad")?.text()?.to_owned(), item.need("endRoad")?.text()?.to_owned());
    let pair = |l: &Item| Ok((l.need("startLaneIndex")?.index(20)?, l.need("endLaneIndex")?.index(20)?));
    let lanes = item.need("laneLinks")?.list()?.iter().map(pair).collect::<Result<_, CityflowError>>()?;
    Ok(Way { turn, from, to, lanes })
}

fn phase(item: &Item, ways: usize) -> Result<(f64, Vec<usize>), CityflowError> {
    let open = item.need("availableRoadLinks")?.list()?.iter().map(|n| n.index(ways)).collect::<Result<_, _>>()?;
    Ok((item.need("time")?.number(0.0, 3600.0)?, open))
}
