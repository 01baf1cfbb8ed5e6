//! Finds what a table of the scenario file names on the map: a link by its ref, a road by its number or name near a place.

use crate::{
    register::{numbers_of, same_road},
    scenario::{error::ScenarioError, read::Parsed},
};
use maps::index::near_refs;
use sim_core::{
    geometry::{LatLon, Point},
    ids::LinkId,
    network::RoadNetwork,
};

/// A road farther than this from the place that is named with it was not meant, metres.
const NEAREST_MOST_M: f64 = 500.0;

/// The link of this ref.
pub(super) fn link_of(parsed: &Parsed, network: &RoadNetwork, key: &str, name: &str) -> Result<LinkId, ScenarioError> {
    let found = network.links.iter().position(|l| l.ref_.as_str() == name);
    found.map(LinkId::from_index).ok_or_else(|| {
        let near = near_refs(name, network.links.iter().map(|l| &l.ref_), 1);
        let hint = near.first().map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        parsed.error_at(key, format!("no link is called `{name}`{hint}"))
    })
}

/// The place of a road that is nearest to a point: a link and metres from its start.
pub(super) fn on_road(
    parsed: &Parsed,
    network: &RoadNetwork,
    key: &str,
    road: &str,
    [lat, lon]: [f64; 2],
) -> Result<(LinkId, f32), ScenarioError> {
    if !(lat.abs() <= 90.0 && lon.abs() <= 180.0) {
        return Err(parsed.error_at(&format!("{key}.near"), "expected a latitude within ±90 and a longitude within ±180"));
    }
    let place = network.meta.frame.project(LatLon { lat, lon });
    let wanted = road.trim().to_lowercase();
    let is_it = |name: Option<&str>, number: Option<&str>| {
        name.is_some_and(|n| n.to_lowercase() == wanted) || number.is_some_and(|n| numbers_of(n).any(|n| same_road(n, road)))
    };
    let mut best: Option<(f64, LinkId, f32)> = None;
    for (i, link) in network.links.iter().enumerate() {
        if is_it(link.name.as_deref(), link.road_number.as_deref()) {
            let (distance_m, along) = nearest(&link.geometry, place);
            if best.is_none_or(|(least, ..)| distance_m < least) {
                best = Some((distance_m, LinkId::from_index(i), along as f32 * link.length_m));
            }
        }
    }
    match best {
        None => {
            let names = network.links.iter().flat_map(|l| l.name.as_deref().into_iter().chain(l.road_number.as_deref()));
            let hint = crate::scenario::error::nearest(road, names).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            Err(parsed.error_at(&format!("{key}.road"), format!("no road has the number or name `{road}`{hint}")))
        }
        Some((distance_m, ..)) if distance_m > NEAREST_MOST_M => {
            let message = format!(
                "`{road}` is {distance_m:.0} m from {lat}, {lon}, expected {NEAREST_MOST_M} m at most; check the place (latitude, longitude)"
            );
            Err(parsed.error_at(&format!("{key}.near"), message))
        }
        Some((_, link, pos_m)) => Ok((link, pos_m)),
    }
}

/// How far `place` is from a line, metres, and where along it the nearest point is, 0 to 1.
fn nearest(line: &[Point], place: Point) -> (f64, f64) {
    let whole: f64 = line.windows(2).map(|e| e[0].distance_m(e[1])).sum();
    let (mut best, mut before) = ((f64::INFINITY, 0.0), 0.0);
    for ends in line.windows(2) {
        let (dx, dy) = (ends[1].x - ends[0].x, ends[1].y - ends[0].y);
        let square = dx * dx + dy * dy;
        let t = if square > 0.0 { ((place.x - ends[0].x) * dx + (place.y - ends[0].y) * dy) / square } else { 0.0 }.clamp(0.0, 1.0);
        let foot = Point { x: ends[0].x + t * dx, y: ends[0].y + t * dy };
        let (distance_m, length_m) = (foot.distance_m(place), ends[0].distance_m(ends[1]));
        if distance_m < best.0 {
            best = (distance_m, (before + t * length_m) / whole.max(1e-9));
        }
        before += length_m;
    }
    best
}
