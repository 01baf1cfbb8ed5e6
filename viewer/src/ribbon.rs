//! Road ribbons: centre lines and junction areas turned into triangles. Plain geometry, no renderer.
//!
//! A vertex carries the point on the centre line, the direction to push it in and by how much, so that the shader can keep a road visible
//! at any zoom: it is drawn as wide as it is, but never thinner than its class's least width on the screen.

use crate::colour::{Theme, linear};
use sim_core::{
    geometry::Point,
    network::{Junction, Link, LinkKind, RoadClass, RoadNetwork},
};
use std::collections::BTreeMap;

/// Edge of the square tiles that road meshes are cut into, metres, so that what is off the screen costs nothing.
pub const TILE_M: f64 = 5_000.0;

/// Triangles of some roads.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ribbons {
    /// `x`, `y` on the centre line (metres from the drawing's origin), and half the least width on the screen (pixels).
    pub points: Vec<[f32; 3]>,
    /// Where to push the vertex: direction `x`, `y` (longer than 1 at corners) and half the road's width (metres).
    pub pushes: Vec<[f32; 3]>,
    /// Linear RGBA.
    pub colours: Vec<[f32; 4]>,
    /// Three per triangle.
    pub indices: Vec<u32>,
}

/// The least width of a class of road on the screen, pixels.
pub const fn least_px(class: RoadClass) -> f32 {
    match class {
        RoadClass::Motorway => 2.6,
        RoadClass::Trunk => 2.4,
        RoadClass::Primary => 2.0,
        RoadClass::Secondary => 1.6,
        RoadClass::Tertiary => 1.1,
        RoadClass::Unclassified | RoadClass::Residential => 0.6,
        RoadClass::Service => 0.4,
        RoadClass::Ferry => 1.0,
    }
}

/// Ribbons by tile.
type Tiles = BTreeMap<(i64, i64), Ribbons>;

/// The ribbons of all roads and the areas of all junctions, by tile; within a tile the most important road lies on top. Those of the roads in `lacks`, which are
/// sorted, come second.
pub fn network_ribbons(network: &RoadNetwork, origin: Point, theme: Theme, lacks: &[u32]) -> [Vec<Ribbons>; 2] {
    let (mut tiles, mut own) = (Tiles::new(), Tiles::new());
    let mut order: Vec<(u32, &Link)> = (0u32..).zip(&network.links).collect();
    order.sort_by_key(|(_, l)| std::cmp::Reverse(l.class));
    for (index, link) in &order {
        let tiles = if lacks.binary_search(index).is_ok() { &mut own } else { &mut tiles };
        let middle = link.geometry[link.geometry.len() / 2];
        let width_m = if matches!(link.kind, LinkKind::Ferry(_)) { 3.0 } else { link.width_m };
        tiles.entry(tile_of(middle)).or_default().add_line(
            &link.geometry,
            origin,
            width_m / 2.0,
            least_px(link.class) / 2.0,
            linear(theme.road(link.class)),
        );
    }
    for junction in &network.junctions {
        if let Some((outline, class)) = junction_outline(network, junction) {
            tiles.entry(tile_of(junction.centre)).or_default().add_area(&outline, origin, linear(theme.road(class)));
        }
    }
    [tiles, own].map(|t| t.into_values().collect())
}

/// The tile of a place.
pub(crate) fn tile_of(p: Point) -> (i64, i64) {
    ((p.x / TILE_M).floor() as i64, (p.y / TILE_M).floor() as i64)
}

/// The ribbons that a layer colours: as [`network_ribbons`], but `points` carry the link's index in place of the least width, and the
/// first colour is the side: 1 to the left of the line, -1 to the right.
pub fn layer_ribbons(network: &RoadNetwork, origin: Point) -> Vec<Ribbons> {
    let mut tiles = Tiles::new();
    let mut order: Vec<(usize, &Link)> = network.links.iter().enumerate().filter(|(_, l)| l.kind == LinkKind::Road).collect();
    order.sort_by_key(|(_, l)| std::cmp::Reverse(l.class));
    for (i, link) in order {
        let middle = link.geometry[link.geometry.len() / 2];
        let tile = tiles.entry(tile_of(middle)).or_default();
        let first = tile.points.len();
        // A float counts to 2^24 without gaps.
        tile.add_line(&link.geometry, origin, link.width_m / 2.0, i as f32, [1.0, 0.0, 0.0, 0.0]);
        tile.colours[first..].iter_mut().skip(1).step_by(2).for_each(|c| c[0] = -1.0);
    }
    tiles.into_values().collect()
}

impl Ribbons {
    /// Adds a line of at least two points as a ribbon.
    pub fn add_line(&mut self, line: &[Point], origin: Point, half_width_m: f32, half_least_px: f32, colour: [f32; 4]) {
        let first = self.points.len() as u32;
        for (i, p) in line.iter().enumerate() {
            let before = if i > 0 { line[i - 1].heading_to(*p) } else { p.heading_to(line[1]) };
            let after = if i + 1 < line.len() { p.heading_to(line[i + 1]) } else { before };
            let half_turn = sim_core::geometry::turn_between(before, after) / 2.0;
            let left = before + half_turn + core::f64::consts::FRAC_PI_2;
            // At a corner the outline moves out; a hairpin would move it to infinity, so it is held to twice the width.
            let reach = (1.0 / half_turn.cos().max(0.5)) as f32;
            let push = [left.cos() as f32 * reach, left.sin() as f32 * reach];
            let at = [(p.x - origin.x) as f32, (p.y - origin.y) as f32, half_least_px];
            for side in [1.0, -1.0] {
                self.points.push(at);
                self.pushes.push([push[0] * side, push[1] * side, half_width_m]);
                self.colours.push(colour);
            }
        }
        for i in 0..(line.len() - 1) as u32 {
            let a = first + 2 * i;
            self.indices.extend([a, a + 1, a + 2, a + 1, a + 3, a + 2]);
        }
    }

    /// Adds a convex area of at least three points.
    pub fn add_area(&mut self, outline: &[Point], origin: Point, colour: [f32; 4]) {
        let first = self.points.len() as u32;
        let n = outline.len() as f64;
        let centre = Point::new(outline.iter().map(|p| p.x).sum::<f64>() / n, outline.iter().map(|p| p.y).sum::<f64>() / n);
        for p in outline {
            let out = centre.heading_to(*p);
            self.points.push([(p.x - origin.x) as f32, (p.y - origin.y) as f32, 0.0]);
            self.pushes.push([out.cos() as f32, out.sin() as f32, 0.0]);
            self.colours.push(colour);
        }
        for i in 1..outline.len() as u32 - 1 {
            self.indices.extend([first, first + i, first + i + 1]);
        }
    }
}

/// The convex outline of the ends of a junction's links, and the most important class among them; `None` for the end of a single road.
fn junction_outline(network: &RoadNetwork, junction: &Junction) -> Option<(Vec<Point>, RoadClass)> {
    let mut corners = Vec::new();
    let mut class = RoadClass::Ferry;
    let ends = junction.incoming.iter().map(|l| (*l, true)).chain(junction.outgoing.iter().map(|l| (*l, false)));
    for (id, ends_here) in ends {
        let link = network.link(id);
        if matches!(link.kind, LinkKind::Ferry(_)) {
            continue;
        }
        class = class.min(link.class);
        let n = link.geometry.len();
        let (at, inward) = if ends_here { (link.geometry[n - 1], link.geometry[n - 2]) } else { (link.geometry[0], link.geometry[1]) };
        let across = at.heading_to(inward) + core::f64::consts::FRAC_PI_2;
        for side in [1.0, -1.0] {
            corners.push(at.ahead(across, side * f64::from(link.width_m) / 2.0));
        }
    }
    let outline = convex_hull(corners);
    (outline.len() >= 3).then_some((outline, class))
}

/// The convex hull of some points, counter-clockwise (Andrew's monotone chain).
pub fn convex_hull(mut points: Vec<Point>) -> Vec<Point> {
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    points.dedup();
    if points.len() < 3 {
        return points;
    }
    let left_turn = |a: Point, b: Point, c: Point| (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 1e-9;
    let half = |forward: bool| {
        let mut chain: Vec<Point> = Vec::new();
        for i in 0..points.len() {
            let p = points[if forward { i } else { points.len() - 1 - i }];
            while chain.len() >= 2 && !left_turn(chain[chain.len() - 2], chain[chain.len() - 1], p) {
                chain.pop();
            }
            chain.push(p);
        }
        chain.pop();
        chain
    };
    let mut hull = half(true);
    hull.extend(half(false));
    hull
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hull_of_a_square_with_a_point_inside_is_the_square() {
        let hull = convex_hull([(0., 0.), (4., 0.), (2., 2.), (4., 4.), (0., 4.), (2., 0.)].map(|(x, y)| Point::new(x, y)).to_vec());
        assert_eq!(hull, [(0., 0.), (4., 0.), (4., 4.), (0., 4.)].map(|(x, y)| Point::new(x, y)));
    }

    #[test]
    fn a_straight_ribbon_is_pushed_sideways_by_half_its_width() {
        let mut ribbons = Ribbons::default();
        let line = [Point::new(100.0, 50.0), Point::new(110.0, 50.0)];
        ribbons.add_line(&line, Point::new(100.0, 0.0), 3.5, 1.0, [1.0; 4]);
        assert_eq!(ribbons.points, [[0., 50., 1.], [0., 50., 1.], [10., 50., 1.], [10., 50., 1.]]);
        for (push, expected) in ribbons.pushes.iter().zip([1.0, -1.0, 1.0, -1.0]) {
            assert!(push[0].abs() < 1e-6 && (push[1] - expected).abs() < 1e-6 && push[2] == 3.5, "{push:?}");
        }
        assert_eq!(ribbons.indices, [0, 1, 2, 1, 3, 2]);
    }

    #[test]
    fn a_right_angle_is_mitred_and_a_hairpin_is_held() {
        let mut ribbons = Ribbons::default();
        let corner = [Point::new(0.0, 0.0), Point::new(10.0, 0.0), Point::new(10.0, 10.0)];
        ribbons.add_line(&corner, Point::default(), 1.0, 0.0, [1.0; 4]);
        let miter = ribbons.pushes[2];
        assert!((miter[0] + 1.0).abs() < 1e-6 && (miter[1] - 1.0).abs() < 1e-6, "{miter:?}");
        let hairpin = [Point::new(0.0, 0.0), Point::new(10.0, 0.0), Point::new(0.0, 0.1)];
        let mut ribbons = Ribbons::default();
        ribbons.add_line(&hairpin, Point::default(), 1.0, 0.0, [1.0; 4]);
        let reach = ribbons.pushes[2][0].hypot(ribbons.pushes[2][1]);
        assert!(reach <= 2.0 + 1e-6, "{reach}");
    }
}
