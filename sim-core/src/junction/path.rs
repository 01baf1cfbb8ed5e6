//! A vehicle's path through a junction as a polyline.

use crate::{
    geometry::{Point, turn_between},
    ids::MovementId,
    network::{RoadNetwork, path_points},
};
use serde::{Deserialize, Serialize};

/// Distance between the points of a path, metres: short enough that pieces of the narrowest body overlap.
const SPACING_M: f64 = 0.6;
/// Sideways acceleration that drivers accept in a turn, m/s² (assumed; design guides use 1.5 to 2.5 for urban turns).
const TURN_MPS2: f64 = 2.0;

/// A polyline, metres relative to the junction's centre.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Path {
    pub(crate) x: Vec<f32>,
    pub(crate) y: Vec<f32>,
    /// Way from the start to each point.
    pub(crate) along: Vec<f32>,
    /// Speed at which its sharpest part is comfortable, m/s.
    pub(crate) turn_speed: f32,
}

impl Path {
    /// The path of a body whose middle is `y_in_m` from the kerb at the end of the movement's link and `y_out_m` at the start of the next.
    pub(crate) fn new(network: &RoadNetwork, movement: MovementId, y_in_m: f32, y_out_m: f32) -> Self {
        let points = path_points(network, movement, y_in_m.into(), y_out_m.into(), SPACING_M);
        let centre = network.junction(network.movement(movement).junction).centre;
        let mut along = Vec::with_capacity(points.len());
        let mut way = 0.0;
        for (i, p) in points.iter().enumerate() {
            if i > 0 {
                way += points[i - 1].distance_m(*p);
            }
            along.push(way as f32);
        }
        let turn = match points.as_slice() {
            [a, b, .., c, d] => turn_between(a.heading_to(*b), c.heading_to(*d)).abs(),
            _ => 0.0,
        };
        // A bend too small to feel (a few degrees) limits nobody.
        let radius = if turn < 0.1 { 500.0 } else { way / turn };
        Self {
            x: points.iter().map(|p| (p.x - centre.x) as f32).collect(),
            y: points.iter().map(|p| (p.y - centre.y) as f32).collect(),
            along,
            turn_speed: libm::sqrt(TURN_MPS2 * radius).max(2.5) as f32,
        }
    }

    /// Whether it bends by less than 11 degrees anywhere (seen at its ends and its middle).
    pub(crate) fn is_straight(&self) -> bool {
        let last = self.x.len() - 2;
        let way = |i: usize| {
            let (dx, dy) = (self.x[i + 1] - self.x[i], self.y[i + 1] - self.y[i]);
            let length = (dx * dx + dy * dy).sqrt().max(1e-6);
            (dx / length, dy / length)
        };
        let (a, b, c) = (way(0), way(last / 2), way(last));
        last >= 2 && a.0 * b.0 + a.1 * b.1 > 0.98 && a.0 * c.0 + a.1 * c.1 > 0.98
    }

    /// Its length, metres.
    pub(crate) fn length(&self) -> f32 {
        self.along.last().copied().unwrap_or(0.0)
    }

    /// The piece that holds the place `way` metres along; the first or last one beyond the ends.
    pub(crate) fn piece(&self, way: f32) -> usize {
        self.along.partition_point(|a| *a <= way).saturating_sub(1).min(self.along.len().saturating_sub(2))
    }

    /// The world point `way` metres along, and the heading there.
    pub(crate) fn point(&self, way: f32, centre: Point) -> (Point, f64) {
        let i = self.piece(way);
        let at = |i: usize| Point::new(centre.x + f64::from(self.x[i]), centre.y + f64::from(self.y[i]));
        let (a, b) = (at(i), at(i + 1));
        let heading = a.heading_to(b);
        (a.ahead(heading, f64::from(way - self.along[i])), heading)
    }
}
