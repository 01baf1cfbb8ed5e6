//! Smooth curves through the points of a road or a bank: centripetal Catmull–Rom (Yuksel, Schaefer, Keyser 2011), which neither loops nor
//! leaves its points.

use sim_core::geometry::{Frame, LatLon, Point};

/// Stretches shorter than this, metres, stay straight.
const SHORT_M: f64 = 120.0;
/// Pieces each longer stretch is drawn with.
const PIECES: usize = 4;

/// Points to insert between each point and the next, so that the line bends smoothly; `is_closed` joins the last point to the first.
/// The result has one list for every stretch.
pub(super) fn between(points: &[LatLon], is_closed: bool) -> Vec<Vec<LatLon>> {
    let Some(&origin) = points.first() else { return Vec::new() };
    let frame = Frame { origin };
    let flat: Vec<Point> = points.iter().map(|p| frame.project(*p)).collect();
    let n = flat.len();
    let at = |i: isize| -> Point {
        if is_closed {
            return flat[i.rem_euclid(n as isize) as usize];
        }
        let mirror = |end: Point, inner: Point| Point::new(2.0 * end.x - inner.x, 2.0 * end.y - inner.y);
        match i {
            -1 => mirror(flat[0], flat[1]),
            i if i as usize >= n => mirror(flat[n - 1], flat[n - 2]),
            i => flat[i as usize],
        }
    };
    let stretches = if is_closed { n } else { n.saturating_sub(1) };
    (0..stretches as isize)
        .map(|i| {
            let four = [at(i - 1), at(i), at(i + 1), at(i + 2)];
            if four[1].distance_m(four[2]) < SHORT_M {
                return Vec::new();
            }
            (1..PIECES).map(|k| frame.unproject(point(four, k as f64 / PIECES as f64))).collect()
        })
        .collect()
}

/// A closed outline with the inserted points in it.
pub(super) fn outline(points: &[LatLon]) -> Vec<LatLon> {
    points.iter().zip(between(points, true)).flat_map(|(p, more)| std::iter::once(*p).chain(more)).collect()
}

/// The point a share `t` of the way from the second to the third of four points (Barry and Goldman's pyramid).
fn point([a, b, c, d]: [Point; 4], t: f64) -> Point {
    let knot = |p: Point, q: Point| libm::sqrt(p.distance_m(q)).max(1e-6);
    let (k0, k1) = (0.0, knot(a, b));
    let k2 = k1 + knot(b, c);
    let k3 = k2 + knot(c, d);
    let k = k1 + t * (k2 - k1);
    let mix = |p: Point, q: Point, from: f64, to: f64| {
        let share = (k - from) / (to - from);
        Point::new(p.x + share * (q.x - p.x), p.y + share * (q.y - p.y))
    };
    let (ab, bc, cd) = (mix(a, b, k0, k1), mix(b, c, k1, k2), mix(c, d, k2, k3));
    mix(mix(ab, bc, k0, k2), mix(bc, cd, k1, k3), k1, k2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_stays_straight_and_a_bend_stays_near() {
        let line = |lats: &[f64]| -> Vec<LatLon> {
            lats.iter().enumerate().map(|(i, lat)| LatLon { lat: *lat, lon: 105.0 + 0.01 * i as f64 }).collect()
        };
        let straight = between(&line(&[10.0, 10.0, 10.0]), false);
        assert_eq!(straight.iter().map(Vec::len).collect::<Vec<_>>(), [PIECES - 1; 2]);
        assert!(straight.iter().flatten().all(|p| (p.lat - 10.0).abs() < 1e-9));
        let bend = between(&line(&[10.0, 10.01, 10.0]), false);
        // It leaves the chords, but by no more than a fifth of the bend.
        let rise = bend[0].iter().map(|p| (p.lat - 10.0 - (p.lon - 105.0)).abs()).fold(0.0, f64::max);
        assert!(rise > 1e-5 && rise < 2e-3, "{rise}");
    }
}
