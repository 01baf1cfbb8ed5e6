//! The checker's own geometry: bodies as rectangles, never the engine's strips or corridors.

use crate::geometry::Point;

/// A rectangle that may be turned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Box2 {
    centre: Point,
    /// Unit vector along it.
    along: (f64, f64),
    half_length: f64,
    half_width: f64,
}

impl Box2 {
    /// The piece of a body between `a` and `b` of its middle line.
    pub(super) fn between(a: Point, b: Point, width_m: f64) -> Self {
        let length = a.distance_m(b).max(1e-9);
        Self {
            centre: Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0),
            along: ((b.x - a.x) / length, (b.y - a.y) / length),
            half_length: length / 2.0,
            half_width: width_m / 2.0,
        }
    }

    /// How deep two rectangles overlap (the least over the four separating axes), metres; 0 or less if they do not.
    pub(super) fn depth(&self, other: &Self) -> f64 {
        let (dx, dy) = (other.centre.x - self.centre.x, other.centre.y - self.centre.y);
        let mut least = f64::INFINITY;
        for (ux, uy) in [self.along, (-self.along.1, self.along.0), other.along, (-other.along.1, other.along.0)] {
            let reach =
                |b: &Self| b.half_length * (b.along.0 * ux + b.along.1 * uy).abs() + b.half_width * (b.along.0 * uy - b.along.1 * ux).abs();
            least = least.min(reach(self) + reach(other) - (dx * ux + dy * uy).abs());
            if least <= 0.0 {
                return least;
            }
        }
        least
    }

    /// Radius of a circle around it.
    pub(super) fn radius(&self) -> f64 {
        libm::hypot(self.half_length, self.half_width)
    }

    /// Its centre.
    pub(super) fn centre(&self) -> Point {
        self.centre
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_that_touch_at_a_corner_only_do_not_overlap() {
        let flat = Box2::between(Point::new(0.0, 0.0), Point::new(4.0, 0.0), 2.0);
        let beside = Box2::between(Point::new(0.0, 2.1), Point::new(4.0, 2.1), 2.0);
        let across = Box2::between(Point::new(2.0, 0.5), Point::new(2.0, 6.0), 1.0);
        let turned = Box2::between(Point::new(5.2, 0.0), Point::new(8.0, 2.8), 1.0);
        assert!(flat.depth(&beside) < 0.0);
        assert!((flat.depth(&across) - 0.5).abs() < 1e-9);
        assert!(flat.depth(&turned) <= 0.0);
    }
}
