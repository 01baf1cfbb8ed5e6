//! The still part of the drawing: roads, waters, signal lamps, and what the window looks at when it opens.

use crate::{
    colour::{Theme, linear},
    polygon::triangles,
    ribbon::{Ribbons, layer_ribbons, network_ribbons},
};
use maps::sketch::{Water, WaterKind, WaterShape};
use sim_core::{
    geometry::{LatLon, Point},
    network::{RoadNetwork, lanes_middle_m, world_point},
};

/// Where a movement's signal is drawn: across its lanes at the stop line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lamp {
    /// Index of the movement.
    pub movement: usize,
    /// Metres from the drawing's origin.
    pub at: [f32; 2],
    /// Heading of the lanes, radians.
    pub heading: f32,
    /// Width of the lanes, metres.
    pub width_m: f32,
}

impl Lamp {
    /// Where the head with the seconds is drawn: a little behind the stop line.
    pub fn head(&self) -> [f32; 2] {
        [self.at[0] + 3.0 * self.heading.cos(), self.at[1] + 3.0 * self.heading.sin()]
    }
}

/// The still part of the drawing.
#[derive(Default)]
pub struct Scenery {
    /// Road ribbons, one set per tile.
    pub roads: Vec<Ribbons>,
    /// Those of roads that the second of two that are compared does not have.
    pub own_roads: Vec<Ribbons>,
    /// What a layer colours, one set per tile.
    pub layer: Vec<Ribbons>,
    /// Waters, in drawing order.
    pub water: Vec<Ribbons>,
}

impl Scenery {
    /// The scenery of a network, in metres from `origin`; what it is compared with lacks the links `lacks`.
    pub fn new(network: &RoadNetwork, waters: &[Water], origin: Point, theme: Theme, lacks: &[u32]) -> Self {
        let water = waters.iter().map(|w| water_ribbons(w, |p| network.meta.frame.project(p), origin, theme)).collect();
        let [roads, own_roads] = network_ribbons(network, origin, theme, lacks);
        Self { roads, own_roads, layer: layer_ribbons(network, origin), water }
    }
}

/// Where the signals of a network are drawn.
pub fn lamps(network: &RoadNetwork, origin: Point) -> Vec<Lamp> {
    network
        .movements
        .iter()
        .enumerate()
        .filter(|(_, m)| m.group.is_some())
        .map(|(movement, m)| {
            let link = network.link(m.from);
            let middle = lanes_middle_m(network, m.from, &m.from_lanes);
            let (p, heading) = world_point(network, m.from, f64::from(link.length_m) - 0.6, middle);
            let lanes = &link.lanes[usize::from(m.from_lanes.start)..usize::from(m.from_lanes.end)];
            let width_m = lanes.iter().map(|l| l.width_m).sum();
            Lamp { movement, at: [(p.x - origin.x) as f32, (p.y - origin.y) as f32], heading: heading as f32, width_m }
        })
        .collect()
}

fn water_ribbons(water: &Water, project: impl Fn(LatLon) -> Point, origin: Point, theme: Theme) -> Ribbons {
    let colour = linear(if water.kind == WaterKind::Island { theme.land() } else { theme.water() });
    let mut ribbons = Ribbons::default();
    match &water.shape {
        WaterShape::Line { points, width_m } => {
            let line: Vec<Point> = points.iter().map(|p| project(*p)).collect();
            if line.len() >= 2 {
                ribbons.add_line(&line, origin, *width_m as f32 / 2.0, 0.5, colour);
            }
        }
        WaterShape::Area(points) => {
            let corners: Vec<Point> = points.iter().map(|p| project(*p)).collect();
            for p in &corners {
                ribbons.points.push([(p.x - origin.x) as f32, (p.y - origin.y) as f32, 0.0]);
                ribbons.pushes.push([0.0; 3]);
                ribbons.colours.push(colour);
            }
            ribbons.indices = triangles(&corners).into_iter().flatten().collect();
        }
    }
    ribbons
}

/// What a window looks at when it opens: the middle of `points` and how wide a view holds most of them, metres.
pub fn first_view(mut points: Vec<Point>) -> (Point, f64) {
    if points.is_empty() {
        return (Point::default(), 1_000.0);
    }
    let mut spread = |of: fn(&Point) -> f64| {
        points.sort_by(|a, b| of(a).total_cmp(&of(b)));
        let at = |share: f64| of(&points[((points.len() - 1) as f64 * share) as usize]);
        (at(0.5), at(0.9) - at(0.1))
    };
    let ((x, width), (y, height)) = (spread(|p| p.x), spread(|p| p.y));
    (Point::new(x, y), (width.max(height) * 1.2).clamp(600.0, 6_000.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::reference::Ref;

    #[test]
    fn the_view_opens_on_the_middle_and_one_far_point_does_not_move_it() {
        let mut points: Vec<Point> = (0..=100).map(|i| Point::new(f64::from(i) * 20.0, 500.0)).collect();
        points.push(Point::new(90_000.0, 90_000.0));
        let (middle, extent_m) = first_view(points);
        assert!((middle.x - 1_000.0).abs() <= 20.0 && middle.y == 500.0, "{middle:?}");
        assert!((1_800.0..=2_100.0).contains(&extent_m), "{extent_m}");
    }

    #[test]
    fn an_island_is_land_and_a_canal_keeps_its_width() {
        let here = |lat, lon| LatLon { lat, lon };
        let water = |kind, shape| Water { ref_: Ref::from("w"), name: None, kind, shape };
        let flat = |p: LatLon| Point::new(p.lon, p.lat);
        let outline = vec![here(0., 0.), here(0., 10.), here(10., 10.), here(10., 0.)];
        let island = water_ribbons(&water(WaterKind::Island, WaterShape::Area(outline)), flat, Point::default(), Theme::Light);
        assert_eq!((island.indices.len(), island.colours[0]), (6, linear(Theme::Light.land())));
        let line = WaterShape::Line { points: vec![here(0., 0.), here(0., 10.)], width_m: 8.0 };
        let canal = water_ribbons(&water(WaterKind::Canal, line), flat, Point::default(), Theme::Light);
        assert_eq!((canal.pushes[0][2], canal.colours[0]), (4.0, linear(Theme::Light.water())));
    }
}
