//! Polylines in the plane: where they cross, where a point lies nearest, how far along.

use super::source::Road;
use sim_core::geometry::{Frame, LatLon, Point};

/// A road end this near to another road, metres, is joined to it; a stub this short beyond a crossing is cut off.
pub(super) const END_M: f64 = 40.0;

/// A polyline with the way from its start to each vertex, metres.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) points: Vec<Point>,
    pub(super) along: Vec<f64>,
}

/// Where two polylines cross.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cross {
    pub(super) point: Point,
    /// Piece of the first line, and the way along that line, metres.
    pub(super) a: (usize, f64),
    /// The same for the second.
    pub(super) b: (usize, f64),
}

impl Line {
    pub(super) fn new(points: Vec<Point>) -> Self {
        let mut along = Vec::with_capacity(points.len());
        let mut way = 0.0;
        for (i, p) in points.iter().enumerate() {
            if i > 0 {
                way += points[i - 1].distance_m(*p);
            }
            along.push(way);
        }
        Self { points, along }
    }

    pub(super) fn of(road: &Road, frame: &Frame) -> Self {
        Self::new(road.points.iter().map(|v| frame.project(v.place)).collect())
    }

    pub(super) fn length_m(&self) -> f64 {
        self.along.last().copied().unwrap_or(0.0)
    }

    /// The piece that holds the point `way` metres along.
    pub(super) fn piece_at(&self, way: f64) -> usize {
        self.along.partition_point(|a| *a <= way).saturating_sub(1).min(self.points.len().saturating_sub(2))
    }

    /// The point of the line nearest to `p`: its distance, the way to it, itself.
    pub(super) fn nearest(&self, p: Point) -> (f64, f64, Point) {
        let mut best = (f64::INFINITY, 0.0, p);
        for (i, w) in self.points.windows(2).enumerate() {
            let (dx, dy) = (w[1].x - w[0].x, w[1].y - w[0].y);
            let square = dx * dx + dy * dy;
            let share = if square > 0.0 { (((p.x - w[0].x) * dx + (p.y - w[0].y) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
            let q = Point::new(w[0].x + share * dx, w[0].y + share * dy);
            let distance = q.distance_m(p);
            if distance < best.0 {
                best = (distance, self.along[i] + w[0].distance_m(q), q);
            }
        }
        best
    }

    /// Where piece `i` of this line crosses piece `j` of `other`; parallel pieces do not.
    pub(super) fn cross_pieces(&self, i: usize, other: &Self, j: usize) -> Option<Cross> {
        let (p, q) = (self.points[i], other.points[j]);
        let (r, s) = (sub(self.points[i + 1], p), sub(other.points[j + 1], q));
        let denominator = r.x * s.y - r.y * s.x;
        let size = libm::hypot(r.x, r.y) * libm::hypot(s.x, s.y);
        if denominator.abs() <= 1e-9 * size {
            return None;
        }
        let d = sub(q, p);
        let t = (d.x * s.y - d.y * s.x) / denominator;
        let u = (d.x * r.y - d.y * r.x) / denominator;
        let inside = -1e-9..=1.0 + 1e-9;
        (inside.contains(&t) && inside.contains(&u)).then(|| Cross {
            point: Point::new(p.x + t * r.x, p.y + t * r.y),
            a: (i, self.along[i] + t * libm::hypot(r.x, r.y)),
            b: (j, other.along[j] + u * libm::hypot(s.x, s.y)),
        })
    }
}

fn sub(a: Point, b: Point) -> Point {
    Point::new(a.x - b.x, a.y - b.y)
}

/// Where two roads first meet along `a`: a crossing on one level, else an end of one within [`END_M`] of the other.
pub(super) fn crossing_of(a: &Road, b: &Road) -> Option<LatLon> {
    let frame = Frame { origin: a.points.first()?.place };
    let (la, lb) = (Line::of(a, &frame), Line::of(b, &frame));
    for i in 0..la.points.len().saturating_sub(1) {
        for j in 0..lb.points.len().saturating_sub(1) {
            if a.points[i].bridge_after.is_some() == b.points[j].bridge_after.is_some()
                && let Some(cross) = la.cross_pieces(i, &lb, j)
            {
                return Some(frame.unproject(cross.point));
            }
        }
    }
    let ends = |of: &Line, to: &Line| {
        [of.points.first(), of.points.last()].into_iter().flatten().map(|p| to.nearest(*p)).min_by(|x, y| x.0.total_cmp(&y.0))
    };
    [ends(&la, &lb), ends(&lb, &la)]
        .into_iter()
        .flatten()
        .filter(|hit| hit.0 <= END_M)
        .min_by(|x, y| x.0.total_cmp(&y.0))
        .map(|hit| frame.unproject(hit.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cross_knows_how_far_along_both_it_is() {
        let line = |p: &[(f64, f64)]| Line::new(p.iter().map(|(x, y)| Point::new(*x, *y)).collect());
        let (a, b) = (line(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)]), line(&[(4.0, 6.0), (14.0, 6.0)]));
        assert_eq!(a.cross_pieces(0, &b, 0), None);
        let cross = a.cross_pieces(1, &b, 0).unwrap();
        assert!(cross.point.distance_m(Point::new(10.0, 6.0)) < 1e-9);
        assert!((cross.a.1 - 16.0).abs() < 1e-9 && (cross.b.1 - 6.0).abs() < 1e-9);
        assert_eq!(a.piece_at(9.0), 0);
        assert_eq!(a.piece_at(11.0), 1);
        assert_eq!(a.piece_at(99.0), 1);
        let (distance, way, _) = a.nearest(Point::new(12.0, 3.0));
        assert!((distance - 2.0).abs() < 1e-9 && (way - 13.0).abs() < 1e-9);
    }
}
