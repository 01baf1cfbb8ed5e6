//! Rivers, canals, the sea and islands: kept for drawing, and the check that no road runs through open water.

use super::{
    curve,
    error::{SketchError, SketchProblem},
    source::{Source, WaterKind, WaterLine},
};
use sim_core::{
    geometry::{Frame, LatLon, Point},
    reference::Ref,
};

/// What a stretch of water looks like.
#[derive(Clone, Debug, PartialEq)]
pub enum WaterShape {
    /// Its outline; the last point joins the first.
    Area(Vec<LatLon>),
    /// Its middle and its width, metres.
    Line {
        /// At least two points.
        points: Vec<LatLon>,
        /// Metres.
        width_m: f64,
    },
}

/// A river, canal, sea or island of the sketch, to be drawn in the order given by [`WaterKind`].
#[derive(Clone, Debug, PartialEq)]
pub struct Water {
    /// Stable name.
    pub ref_: Ref,
    /// Its name.
    pub name: Option<String>,
    /// What it is.
    pub kind: WaterKind,
    /// What it looks like.
    pub shape: WaterShape,
}

/// The waters of `source`, in drawing order: sea, rivers, canals, islands.
pub(super) fn waters(source: &Source) -> Vec<Water> {
    let mut waters: Vec<Water> = source.waters.iter().map(water).collect();
    waters.sort_by_key(|w| w.kind);
    waters
}

fn water(line: &WaterLine) -> Water {
    let points = || line.points.iter().map(|p| p.0).collect::<Vec<_>>();
    let shape = match line.kind {
        WaterKind::Sea | WaterKind::Island => WaterShape::Area(curve::outline(&points())),
        WaterKind::River => WaterShape::Area(banks(&line.points)),
        WaterKind::Canal => {
            let width_m = line.points.iter().map(|p| p.1).sum::<f64>() / line.points.len() as f64;
            let points = points();
            let mut more = curve::between(&points, false).into_iter();
            let points = points.iter().flat_map(|p| std::iter::once(*p).chain(more.next().unwrap_or_default())).collect();
            WaterShape::Line { points, width_m }
        }
    };
    Water { ref_: Ref::from(line.ref_.as_str()), name: line.name.clone(), kind: line.kind, shape }
}

/// The outline of a river from its middle and its width at each point: down the left bank, back up the right one, both smooth.
fn banks(middle: &[(LatLon, f64)]) -> Vec<LatLon> {
    let Some(&(origin, _)) = middle.first() else { return Vec::new() };
    let frame = Frame { origin };
    let points: Vec<Point> = middle.iter().map(|p| frame.project(p.0)).collect();
    let bank = |side: f64| -> Vec<LatLon> {
        let corner = |i: usize| {
            let (before, after) = (points[i.saturating_sub(1)], points[(i + 1).min(points.len() - 1)]);
            let heading = before.heading_to(after) + core::f64::consts::FRAC_PI_2;
            frame.unproject(points[i].ahead(heading, side * middle[i].1 / 2.0))
        };
        let corners: Vec<LatLon> = (0..points.len()).map(corner).collect();
        let mut more = curve::between(&corners, false).into_iter();
        corners.iter().flat_map(|p| std::iter::once(*p).chain(more.next().unwrap_or_default())).collect()
    };
    let mut outline = bank(1.0);
    outline.extend(bank(-1.0).into_iter().rev());
    outline
}

/// Roads on the ground that run through a river or the sea, each once with the first wet place. A ferry lives there; a bridge may.
pub(super) fn wet_roads(source: &Source, waters: &[Water]) -> Vec<SketchError> {
    let area = |w: &Water| match &w.shape {
        WaterShape::Area(points) => Some((bounds(points), points.clone())),
        WaterShape::Line { .. } => None,
    };
    type Area = ((LatLon, LatLon), Vec<LatLon>);
    let islands: Vec<Area> = waters.iter().filter(|w| w.kind == WaterKind::Island).filter_map(area).collect();
    let open: Vec<(&Water, Area)> = waters.iter().filter(|w| w.kind != WaterKind::Island).filter_map(|w| area(w).map(|a| (w, a))).collect();
    let mut wet = Vec::new();
    for road in source.roads.iter().filter(|r| r.service.is_none()) {
        let mut found = None;
        'road: for w in road.points.windows(2).filter(|w| w[0].bridge_after.is_none()) {
            let pieces = libm::ceil(w[0].place.distance_m(w[1].place) / 25.0).max(1.0) as usize;
            for i in 0..=pieces {
                let share = i as f64 / pieces as f64;
                let at = LatLon {
                    lat: w[0].place.lat + share * (w[1].place.lat - w[0].place.lat),
                    lon: w[0].place.lon + share * (w[1].place.lon - w[0].place.lon),
                };
                let under = open.iter().find(|(_, a)| is_inside(at, a));
                if let Some((water, _)) = under
                    && !islands.iter().any(|a| is_inside(at, a))
                {
                    found = Some((water.ref_.to_string(), at));
                    break 'road;
                }
            }
        }
        if let Some((water, at)) = found {
            let problem = SketchProblem::InWater { road: road.ref_.clone(), water, place: format!("{:.4},{:.4}", at.lat, at.lon) };
            wet.push(SketchError { at: road.at.clone(), problem });
        }
    }
    wet
}

fn bounds(points: &[LatLon]) -> (LatLon, LatLon) {
    let (mut low, mut high) = (LatLon { lat: 90.0, lon: 180.0 }, LatLon { lat: -90.0, lon: -180.0 });
    for p in points {
        low = LatLon { lat: low.lat.min(p.lat), lon: low.lon.min(p.lon) };
        high = LatLon { lat: high.lat.max(p.lat), lon: high.lon.max(p.lon) };
    }
    (low, high)
}

fn is_inside(p: LatLon, ((low, high), outline): &((LatLon, LatLon), Vec<LatLon>)) -> bool {
    if p.lat < low.lat || p.lat > high.lat || p.lon < low.lon || p.lon > high.lon {
        return false;
    }
    let mut inside = false;
    let mut before = outline[outline.len() - 1];
    for q in outline {
        if (q.lat > p.lat) != (before.lat > p.lat) && p.lon < (before.lon - q.lon) * (p.lat - q.lat) / (before.lat - q.lat) + q.lon {
            inside = !inside;
        }
        before = *q;
    }
    inside
}
