//! Which roads lie in a built-up area: inside a residential, commercial or retail area, in a dense street network, or near the node
//! of a town.

use super::{
    draft::Draft,
    report::{ImportReport, ReportGroup},
};
use crate::osm::OsmData;
use sim_core::{
    geometry::{Point, point_along, polyline_length_m},
    network::RoadClass,
};
use std::collections::BTreeMap;

/// Side of a cell of the grid, metres.
const CELL_M: f64 = 250.0;
/// Minor streets per square kilometre above which an area is built up, kilometres (assumed: a grid of blocks of 250 m has 8).
const DENSE_KM_PER_KM2: f64 = 6.0;

/// An area as a ring, with its bounds.
struct Area {
    ring: Vec<Point>,
    low: Point,
    high: Point,
}

/// Marks the pieces of road in built-up areas.
pub(crate) fn mark_urban(data: &OsmData, draft: &mut Draft, report: &mut ImportReport) {
    let cell = |p: Point| (libm::floor(p.x / CELL_M) as i32, libm::floor(p.y / CELL_M) as i32);
    let areas = areas(data, draft);
    let mut by_cell: BTreeMap<(i32, i32), Vec<usize>> = BTreeMap::new();
    for (i, area) in areas.iter().enumerate() {
        let (low, high) = (cell(area.low), cell(area.high));
        for x in low.0..=high.0 {
            for y in low.1..=high.1 {
                by_cell.entry((x, y)).or_default().push(i);
            }
        }
    }
    let mut streets: BTreeMap<(i32, i32), f64> = BTreeMap::new();
    let middles: Vec<Point> = draft.edges.iter().map(|e| point_along(&e.points, polyline_length_m(&e.points) / 2.0).0).collect();
    for (edge, middle) in draft.edges.iter().zip(&middles) {
        if matches!(edge.road.class, RoadClass::Residential | RoadClass::Unclassified | RoadClass::Service | RoadClass::Tertiary) {
            *streets.entry(cell(*middle)).or_default() += edge.length_m;
        }
    }
    let towns = towns(data, draft);
    let mut assumed = BTreeMap::new();
    for (i, middle) in middles.iter().enumerate() {
        let (x, y) = cell(*middle);
        let inside = by_cell.get(&(x, y)).is_some_and(|here| here.iter().any(|a| is_in(&areas[*a], *middle)));
        let near: f64 = (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (x + dx, y + dy))).filter_map(|c| streets.get(&c)).sum();
        let square_km = 9.0 * CELL_M * CELL_M / 1e6;
        let is_dense = near / 1000.0 / square_km >= DENSE_KM_PER_KM2;
        let in_town = || towns.iter().any(|(at, radius)| at.distance_m(*middle) < *radius);
        let why = if inside {
            None
        } else if is_dense {
            Some("built-up by street density")
        } else if in_town() {
            Some("built-up by the nearness of a town's centre")
        } else {
            Some("outside built-up areas")
        };
        draft.edges[i].is_urban = why != Some("outside built-up areas");
        if let Some(why) = why {
            let entry: &mut (u64, f64) = assumed.entry(why).or_default();
            entry.0 += 1;
            entry.1 += draft.edges[i].length_m;
            if entry.0 <= 5 {
                report.add_length(ReportGroup::Assumed, why, format_args!("w{}", draft.edges[i].way), 0.0);
            }
        }
    }
    for (why, (count, length_m)) in assumed {
        report.add_count(ReportGroup::Assumed, why, count.saturating_sub(5));
        report.add_to_length(ReportGroup::Assumed, why, length_m);
    }
}

fn areas(data: &OsmData, draft: &Draft) -> Vec<Area> {
    let built = |w: &&crate::osm::Way| matches!(w.tags.get("landuse"), Some("residential" | "commercial" | "retail"));
    data.ways
        .iter()
        .filter(built)
        .filter_map(|way| {
            let ring: Vec<Point> = way.nodes.iter().filter_map(|id| data.node(*id)).map(|n| draft.frame.project(n.place)).collect();
            if ring.len() < 3 || way.nodes.first() != way.nodes.last() {
                return None;
            }
            let pick = |f: fn(f64, f64) -> f64| ring.iter().copied().reduce(|a, b| Point::new(f(a.x, b.x), f(a.y, b.y)));
            let (low, high) = (pick(f64::min)?, pick(f64::max)?);
            // An area larger than a province is a mapping error.
            (high.x - low.x < 100_000.0 && high.y - low.y < 100_000.0).then_some(Area { ring, low, high })
        })
        .collect()
}

fn is_in(area: &Area, p: Point) -> bool {
    let ring = &area.ring;
    (0..ring.len())
        .filter(|i| {
            let (a, b) = (ring[*i], ring[(*i + 1) % ring.len()]);
            (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x
        })
        .count()
        % 2
        == 1
}

/// Centres of towns and how far they reach, metres (assumed).
fn towns(data: &OsmData, draft: &Draft) -> Vec<(Point, f64)> {
    data.nodes
        .iter()
        .filter(|n| !n.tags.0.is_empty())
        .filter_map(|n| {
            let radius = match n.tags.get("place")? {
                "city" => 3000.0,
                "town" => 1500.0,
                "suburb" | "quarter" => 800.0,
                "village" => 500.0,
                _ => return None,
            };
            Some((draft.frame.project(n.place), radius))
        })
        .collect()
}
