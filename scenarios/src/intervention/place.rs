//! Where an intervention is: links and signal controllers found by ref, by road, in an area, or as the busiest.

use super::{Problem, ground::Ground};
use crate::{
    register::{numbers_of, same_road},
    scenario::{area::Area, error::nearest, interventions::InterventionTable, signals::SignalsTable, source::Source},
};
use maps::index::near_refs;
use sim_core::{
    geometry::{LatLon, Point},
    ids::{ControllerId, LinkId},
    network::{LinkKind, RoadNetwork},
    reference::Ref,
};

/// A road farther than this from the place that is named with it was not meant, metres.
const NEAREST_MOST_M: f64 = 500.0;

/// The map and the hours that interventions are read against.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The network.
    pub network: &'a RoadNetwork,
    /// Where files with polygons are; `None` where none may be named.
    pub source: Option<&'a Source>,
    /// Parameters of controllers.
    pub signals: &'a SignalsTable,
    /// Vehicles of the demand that come to each signal controller, by its number; empty where nobody counted.
    pub loads: &'a [f64],
    /// Zones of the demand, refs and names; empty where it has none.
    pub zones: &'a [(Ref, String)],
    /// When the run begins, seconds after midnight.
    pub start_s: f64,
    /// When it ends.
    pub end_s: f64,
    /// At most so long after it the run goes on, seconds.
    pub cool_down_s: f64,
    /// Length of a step, seconds.
    pub step_s: f64,
}

impl Site<'_> {
    /// The step at whose beginning it is `time_s`, the nearest one.
    pub fn step_at(&self, time_s: f64) -> u64 {
        ((time_s - self.start_s) / self.step_s).round().max(0.0) as u64
    }

    /// When a step begins, seconds after midnight.
    pub fn time_of(&self, step: u64) -> f64 {
        self.start_s + step as f64 * self.step_s
    }
}

/// Which keys for a place a table has.
pub(super) fn place_keys(t: &InterventionTable) -> [(&'static str, bool); 8] {
    [
        ("link", t.link.is_some()),
        ("both_ways", t.both_ways),
        ("road", t.road.is_some()),
        ("near", t.near.is_some()),
        ("junction", t.junction.is_some()),
        ("junctions", !t.junctions.is_empty()),
        ("area", t.area.is_some()),
        ("busiest", t.busiest.is_some()),
    ]
}

/// The links a table names, in order.
pub(super) fn links(t: &InterventionTable, site: &Site<'_>) -> Result<Vec<LinkId>, Problem> {
    for key in ["junction", "junctions", "busiest"] {
        if place_keys(t).iter().any(|(k, set)| *k == key && *set) {
            return Err(Problem::new(key, format!("`{key}` names junctions, expected a place on roads: `link`, `road` or `area`")));
        }
    }
    let mut found = match (&t.link, &t.road, &t.area) {
        (Some(_), Some(_), _) => return Err(Problem::new("road", "give a `link` or a `road`, not both")),
        (Some(_), _, Some(_)) => return Err(Problem::new("area", "`area` belongs to `road` or stands alone; remove it or the `link`")),
        (Some(name), None, None) => {
            let link = link(site.network, name)?;
            let back = site.network.link(link).opposite.filter(|_| t.both_ways);
            std::iter::once(link).chain(back).collect()
        }
        (None, Some(road), None) if t.near.is_some() => near_road(site.network, road, t.near.unwrap_or_default())?,
        (None, Some(road), area) => {
            let on_road = of_road(site.network, road)?;
            match area {
                Some(area) => within(on_road, area, site)?,
                None => on_road,
            }
        }
        (None, None, Some(area)) => {
            let all = (0..site.network.links.len()).map(LinkId::from_index);
            within(all.filter(|l| site.network.link(*l).kind == LinkKind::Road).collect(), area, site)?
        }
        (None, None, None) => {
            return Err(Problem::new("kind", format!("a `{}` needs a place: `link`, `road` or `area`", t.kind.name())));
        }
    };
    if t.both_ways && t.link.is_none() {
        return Err(Problem::new("both_ways", "`both_ways` belongs to `link`; a road has both its directions"));
    }
    if t.near.is_some() && t.road.is_none() {
        return Err(Problem::new("near", "`near` belongs to `road`; say which road"));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The link of this ref.
pub fn link(network: &RoadNetwork, name: &str) -> Result<LinkId, Problem> {
    let found = network.links.iter().position(|l| l.ref_.as_str() == name);
    found.map(LinkId::from_index).ok_or_else(|| {
        let near = near_refs(name, network.links.iter().map(|l| &l.ref_), 3);
        Problem::new("link", format!("no link is called `{name}`{}", candidates(near.iter().map(ToString::to_string))))
    })
}

/// `; near it are …` with some names.
pub(super) fn candidates(names: impl Iterator<Item = String>) -> String {
    let names: Vec<_> = names.map(|n| format!("`{n}`")).collect();
    if names.is_empty() { String::new() } else { format!("; near it are {}", names.join(", ")) }
}

fn is_road(network: &RoadNetwork, link: LinkId, road: &str) -> bool {
    let link = network.link(link);
    let wanted = road.trim().to_lowercase();
    link.name.as_deref().is_some_and(|n| n.to_lowercase() == wanted)
        || link.road_number.as_deref().is_some_and(|n| numbers_of(n).any(|n| same_road(n, road)))
}

fn of_road(network: &RoadNetwork, road: &str) -> Result<Vec<LinkId>, Problem> {
    let all = (0..network.links.len()).map(LinkId::from_index);
    let found: Vec<_> = all.filter(|l| is_road(network, *l, road)).collect();
    if found.is_empty() {
        let names = network.links.iter().flat_map(|l| l.name.as_deref().into_iter().chain(l.road_number.as_deref()));
        let hint = nearest(road, names).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        return Err(Problem::new("road", format!("no road has the number or name `{road}`{hint}")));
    }
    Ok(found)
}

/// Both directions of the piece of a road that is nearest to a place.
fn near_road(network: &RoadNetwork, road: &str, near: [f64; 2]) -> Result<Vec<LinkId>, Problem> {
    let place = point(network, near).ok_or_else(|| Problem::new("near", "expected a latitude within ±90 and a longitude within ±180"))?;
    let distance_m = |l: LinkId| {
        let line = &network.link(l).geometry;
        line.windows(2).map(|e| from_edge_m(place, e[0], e[1])).fold(f64::INFINITY, f64::min)
    };
    let best = of_road(network, road)?.into_iter().map(|l| (distance_m(l), l)).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    match best {
        Some((far_m, link)) if far_m <= NEAREST_MOST_M => Ok(std::iter::once(link).chain(network.link(link).opposite).collect()),
        Some((far_m, _)) => Err(Problem::new(
            "near",
            format!("`{road}` is {far_m:.0} m from {}, {}, expected {NEAREST_MOST_M} m at most; check the place", near[0], near[1]),
        )),
        None => Ok(Vec::new()),
    }
}

fn from_edge_m(place: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let square = dx * dx + dy * dy;
    let t = if square > 0.0 { ((place.x - a.x) * dx + (place.y - a.y) * dy) / square } else { 0.0 }.clamp(0.0, 1.0);
    place.distance_m(Point { x: a.x + t * dx, y: a.y + t * dy })
}

/// A point by its latitude and longitude, if that is one.
pub(super) fn point(network: &RoadNetwork, [lat, lon]: [f64; 2]) -> Option<Point> {
    (lat.abs() <= 90.0 && lon.abs() <= 180.0).then(|| network.meta.frame.project(LatLon { lat, lon }))
}

/// Those links whose middle is in the area.
fn within(links: Vec<LinkId>, area: &Area, site: &Site<'_>) -> Result<Vec<LinkId>, Problem> {
    let ground = Ground::of(area, "area", site)?;
    let middle = |l: &LinkId| {
        let line = &site.network.link(*l).geometry;
        let (a, b) = (line[0], line[line.len() - 1]);
        Point { x: f64::midpoint(a.x, b.x), y: f64::midpoint(a.y, b.y) }
    };
    let found: Vec<_> = links.into_iter().filter(|l| ground.contains(middle(l))).collect();
    if found.is_empty() { Err(Problem::new("area", "no such road lies in this area; check its place and size")) } else { Ok(found) }
}

/// The signal controllers a table names, in order.
pub(super) fn controllers(t: &InterventionTable, site: &Site<'_>) -> Result<Vec<ControllerId>, Problem> {
    let network = site.network;
    for key in ["link", "both_ways", "near"] {
        if place_keys(t).iter().any(|(k, set)| *k == key && *set) {
            return Err(Problem::new(
                key,
                format!("`{key}` has no meaning for signals, expected `junction`, `junctions`, `area`, `road` or `busiest`"),
            ));
        }
    }
    if let Some(name) = &t.junction {
        if let Some((key, _)) = place_keys(t).iter().find(|(k, set)| *set && *k != "junction") {
            return Err(Problem::new(key, "a `junction` is one place; remove the other key, or the junction"));
        }
        return Ok(vec![controller(network, name)?]);
    }
    if !t.junctions.is_empty() {
        if let Some((key, _)) = place_keys(t).iter().find(|(k, set)| *set && *k != "junctions") {
            return Err(Problem::new(key, "`junctions` says where already; remove the other key, or the list"));
        }
        let of = |name: &String| controller(network, name).map_err(|p| Problem::new("junctions", p.message));
        let mut found = t.junctions.iter().map(of).collect::<Result<Vec<_>, _>>()?;
        found.sort_unstable();
        if let Some(twice) = found.windows(2).find(|w| w[0] == w[1]) {
            let junction = &network.junction(network.controller(twice[0]).junction).ref_;
            return Err(Problem::new("junctions", format!("`{junction}` is named twice; remove one")));
        }
        return Ok(found);
    }
    if t.area.is_none() && t.road.is_none() && t.busiest.is_none() {
        return Err(Problem::new("kind", "which signals? give `junction`, `junctions`, `area`, `road` or `busiest`"));
    }
    let mut found: Vec<ControllerId> = (0..network.controllers.len()).map(ControllerId::from_index).collect();
    let junction = |c: &ControllerId| network.controller(*c).junction;
    if let Some(area) = &t.area {
        let ground = Ground::of(area, "area", site)?;
        found.retain(|c| ground.contains(network.junction(junction(c)).centre));
    }
    if let Some(road) = &t.road {
        let on_road = of_road(network, road)?;
        found.retain(|c| network.junction(junction(c)).incoming.iter().any(|l| on_road.binary_search(l).is_ok()));
    }
    if found.is_empty() {
        let key = if t.area.is_some() { "area" } else { "road" };
        return Err(Problem::new(key, "no signalised junction is there; `agtwin map info MAP --signals` lists them"));
    }
    if let Some(most) = t.busiest {
        if most == 0 {
            return Err(Problem::new("busiest", "the 0 busiest junctions are none; expected 1 or more"));
        }
        if site.loads.is_empty() {
            return Err(Problem::new("busiest", "which are the busiest is known before a run only; name the junctions"));
        }
        let load = |c: &ControllerId| site.loads[c.index()];
        found.sort_by(|a, b| load(b).total_cmp(&load(a)).then(a.cmp(b)));
        found.truncate(most as usize);
        found.sort_unstable();
    }
    Ok(found)
}

/// The controller of a junction that is named by its ref or the controller's.
pub fn controller(network: &RoadNetwork, name: &str) -> Result<ControllerId, Problem> {
    let junction_of = |c: &sim_core::network::SignalController| &network.junctions[c.junction.index()].ref_;
    let found = network.controllers.iter().position(|c| c.ref_.as_str() == name || junction_of(c).as_str() == name);
    found.map(ControllerId::from_index).ok_or_else(|| {
        let near = near_refs(name, network.controllers.iter().map(junction_of), 3);
        let has_no_signal = network.junctions.iter().any(|j| j.ref_.as_str() == name);
        let what = if has_no_signal { "is a junction without signals" } else { "is no signalised junction or controller" };
        Problem::new("junction", format!("`{name}` {what}{}", candidates(near.iter().map(ToString::to_string))))
    })
}
