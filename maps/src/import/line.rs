//! Lines: cutting a stretch out, moving sideways.

use sim_core::geometry::{Point, polyline_length_m, turn_between};

/// The stretch of a polyline from `from_m` to `to_m` along it, at least two points.
pub(crate) fn stretch(points: &[Point], from_m: f64, to_m: f64) -> Vec<Point> {
    let mut out = Vec::with_capacity(points.len());
    let mut way = 0.0;
    for pair in points.windows(2) {
        let length = pair[0].distance_m(pair[1]);
        let at = |m: f64| {
            let share = ((m - way) / length).clamp(0.0, 1.0);
            Point::new(pair[0].x + (pair[1].x - pair[0].x) * share, pair[0].y + (pair[1].y - pair[0].y) * share)
        };
        if length > 0.0 && way + length > from_m && way < to_m {
            if out.is_empty() {
                out.push(at(from_m));
            }
            out.push(at(to_m));
        }
        way += length;
    }
    if out.len() < 2 {
        return vec![points[0], points[points.len() - 1]];
    }
    without_doubles(out)
}

/// The points without those that lie within a centimetre of the one before; the first and the last stay.
fn without_doubles(points: Vec<Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::with_capacity(points.len());
    let last = points.len() - 1;
    for (i, p) in points.into_iter().enumerate() {
        let is_double = out.last().is_some_and(|q| q.distance_m(p) < 0.01);
        if !is_double {
            out.push(p);
        } else if i == last && out.len() > 1 {
            out.pop();
            out.push(p);
        }
    }
    out
}

/// The polyline moved `by_m` to its right (to its left where negative).
pub(crate) fn moved_right(points: &[Point], by_m: f64) -> Vec<Point> {
    if by_m.abs() < 0.01 || points.len() < 2 {
        return points.to_vec();
    }
    let headings: Vec<f64> = points.windows(2).map(|w| w[0].heading_to(w[1])).collect();
    let out: Vec<Point> = points
        .iter()
        .enumerate()
        .map(|(i, p)| {
            let before = headings[i.saturating_sub(1)];
            let after = headings[i.min(headings.len() - 1)];
            let bend = turn_between(before, after);
            // At a corner the mitre is longer; a hairpin's is cut off at twice the way.
            let way = by_m / libm::cos(bend / 2.0).max(0.5);
            p.ahead(before + bend / 2.0 - core::f64::consts::FRAC_PI_2, way)
        })
        .collect();
    // Inside a bend tighter than the way moved, pieces turn round: leave their points out.
    let mut kept = vec![out[0]];
    for i in 1..out.len() {
        let is_last = i + 1 == out.len();
        let from = kept[kept.len() - 1];
        let forward =
            from.distance_m(out[i]) < 0.01 || turn_between(from.heading_to(out[i]), headings[i - 1]).abs() < core::f64::consts::FRAC_PI_2;
        if forward || is_last {
            kept.push(out[i]);
        }
    }
    let kept = without_doubles(kept);
    if kept.len() < 2 || polyline_length_m(&kept) < 0.5 { vec![out[0], out[out.len() - 1]] } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORNER: [Point; 3] = [Point::new(0.0, 0.0), Point::new(10.0, 0.0), Point::new(10.0, 10.0)];

    #[test]
    fn a_stretch_begins_and_ends_where_asked() {
        let cut = stretch(&CORNER, 4.0, 15.0);
        assert_eq!(cut, [Point::new(4.0, 0.0), Point::new(10.0, 0.0), Point::new(10.0, 5.0)]);
    }

    #[test]
    fn moving_right_keeps_the_distance_on_straights() {
        let right = moved_right(&CORNER, 2.0);
        assert!(right[0].distance_m(Point::new(0.0, -2.0)) < 1e-9);
        assert!(right[1].distance_m(Point::new(12.0, -2.0)) < 1e-9, "{right:?}");
        assert!(right[2].distance_m(Point::new(12.0, 10.0)) < 1e-9);
        let left = moved_right(&CORNER, -2.0);
        assert!(left[1].distance_m(Point::new(8.0, 2.0)) < 1e-9, "{left:?}");
    }

    #[test]
    fn a_hairpin_does_not_fold_over() {
        let pin = [Point::new(0.0, 0.0), Point::new(20.0, 0.0), Point::new(20.0, -1.0), Point::new(0.0, -1.0)];
        let moved = moved_right(&pin, 4.0);
        assert!(polyline_length_m(&moved) < 60.0, "{moved:?}");
    }
}
