//! A vehicle's path through a junction as a polyline.

use crate::{geometry::Point, network::PathEnds};
use serde::{Deserialize, Serialize};

/// Distance between the points of a path, metres: short enough that pieces of the narrowest body overlap.
const SPACING_M: f64 = 0.8;
/// Sideways acceleration that drivers accept in a turn, m/s² (assumed: with it a lane of cars turning on 6 to 15 m of radius discharges as
/// Kimber, McDonald & Hounsell 1986, TRRL RR67, measured; the curves at junctions in AASHTO's Green Book are laid out for 2.6 to 3.0).
const TURN_MPS2: f64 = 4.5;

/// A point of a path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Knot {
    /// Metres east of the junction's centre.
    pub(crate) x: f32,
    /// Metres north of it.
    pub(crate) y: f32,
    /// Way from the start, metres.
    pub(crate) along: f32,
}

/// So many pieces of a path are looked at together.
pub(crate) const BLOCK: usize = 4;

/// A few pieces that follow one another, side by side so that they can be compared at once, and a circle around them, metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Block {
    pub(crate) circle: Circle,
    /// Middles of the pieces; infinitely far where there is none any more.
    pub(crate) x: [f32; BLOCK],
    pub(crate) y: [f32; BLOCK],
    /// Half their lengths.
    pub(crate) half: [f32; BLOCK],
}

/// A circle, metres.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Circle {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) radius: f32,
}

/// A polyline of at least two points.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Path {
    pub(crate) knots: Vec<Knot>,
    /// The pieces `0..4`, `4..8`, …
    pub(crate) blocks: Vec<Block>,
    /// Speed at which its sharpest part is comfortable, m/s.
    pub(crate) turn_speed: f32,
}

impl Path {
    /// The path of a body whose middle is `y_in_m` from the kerb at the end of the movement's link and `y_out_m` at the start of the next;
    /// `centre` is the junction's.
    pub(crate) fn new(ends: &PathEnds, centre: Point, y_in_m: f32, y_out_m: f32) -> Self {
        let mut way = 0.0;
        let mut before = None;
        let knots: Vec<Knot> = ends
            .points(y_in_m.into(), y_out_m.into(), SPACING_M)
            .map(|p| {
                way += before.map_or(0.0, |b: Point| b.distance_m(p));
                before = Some(p);
                Knot { x: (p.x - centre.x) as f32, y: (p.y - centre.y) as f32, along: way as f32 }
            })
            .collect();
        let turn = ends.turn_rad.abs();
        // A bend too small to feel (a few degrees) limits nobody.
        let radius = if turn < 0.1 { 500.0 } else { way / turn };
        Self { blocks: blocks(&knots), knots, turn_speed: libm::sqrt(TURN_MPS2 * radius).max(2.5) as f32 }
    }

    /// Whether it bends by less than 11 degrees anywhere (seen at its ends and its middle).
    pub(crate) fn is_straight(&self) -> bool {
        let last = self.knots.len() - 2;
        let way = |i: usize| {
            let (p, q) = (self.knots[i], self.knots[i + 1]);
            let (dx, dy) = (q.x - p.x, q.y - p.y);
            let length = (dx * dx + dy * dy).sqrt().max(1e-6);
            (dx / length, dy / length)
        };
        let (a, b, c) = (way(0), way(last / 2), way(last));
        last >= 2 && a.0 * b.0 + a.1 * b.1 > 0.98 && a.0 * c.0 + a.1 * c.1 > 0.98
    }

    /// Its first and last point.
    pub(crate) fn ends(&self) -> [Knot; 2] {
        [self.knots[0], self.knots[self.knots.len() - 1]]
    }

    /// Its length, metres.
    pub(crate) fn length(&self) -> f32 {
        self.knots.last().map_or(0.0, |k| k.along)
    }

    /// The piece that holds the place `way` metres along; the first or last one beyond the ends.
    pub(crate) fn piece(&self, way: f32) -> usize {
        self.knots.partition_point(|k| k.along <= way).saturating_sub(1).min(self.knots.len().saturating_sub(2))
    }

    /// The world point `way` metres along, and the heading there.
    pub(crate) fn point(&self, way: f32, centre: Point) -> (Point, f64) {
        let i = self.piece(way);
        let at = |i: usize| Point::new(centre.x + f64::from(self.knots[i].x), centre.y + f64::from(self.knots[i].y));
        let (a, b) = (at(i), at(i + 1));
        let heading = a.heading_to(b);
        (a.ahead(heading, f64::from(way - self.knots[i].along)), heading)
    }
}

/// The pieces between these knots, in blocks.
pub(crate) fn blocks(knots: &[Knot]) -> Vec<Block> {
    let pieces = knots.len() - 1;
    (0..pieces)
        .step_by(BLOCK)
        .map(|first| {
            let of = &knots[first..=(first + BLOCK).min(pieces)];
            let (a, b) = (of[0], of[of.len() - 1]);
            let (x, y) = ((a.x + b.x) * 0.5, (a.y + b.y) * 0.5);
            let radius2 = of.iter().map(|k| (k.x - x) * (k.x - x) + (k.y - y) * (k.y - y)).fold(0.0, f32::max);
            let circle = Circle { x, y, radius: radius2.sqrt() + 1e-3 };
            let mut block = Block { circle, x: [f32::INFINITY; BLOCK], y: [f32::INFINITY; BLOCK], half: [0.0; BLOCK] };
            for (k, pair) in of.windows(2).enumerate() {
                block.x[k] = (pair[0].x + pair[1].x) * 0.5;
                block.y[k] = (pair[0].y + pair[1].y) * 0.5;
                block.half[k] = (pair[1].along - pair[0].along) * 0.5;
            }
            block
        })
        .collect()
}
