//! Polygons to triangles by cutting ears: lakes, rivers and islands have some hundred corners, so the plain way is fast enough.

use sim_core::geometry::Point;

/// Triangles that fill a simple polygon (corners in either direction, the last joins the first), as triples of corner positions. A polygon
/// that crosses itself is filled as far as ears can be found.
pub fn triangles(corners: &[Point]) -> Vec<[u32; 3]> {
    let area: f64 = (0..corners.len()).map(|i| cross(Point::default(), corners[i], corners[(i + 1) % corners.len()])).sum();
    let mut left: Vec<usize> = (0..corners.len()).collect();
    if area < 0.0 {
        left.reverse();
    }
    let mut cut = Vec::with_capacity(corners.len());
    while left.len() >= 3 {
        let n = left.len();
        let ear = (0..n).find(|i| is_ear(corners, &left, *i));
        let Some(i) = ear else {
            // Corners on one line, or an outline that crosses itself: drop the flattest and go on.
            let flattest = (0..n).min_by(|a, b| turn(corners, &left, *a).abs().total_cmp(&turn(corners, &left, *b).abs()));
            left.remove(flattest.unwrap_or(0));
            continue;
        };
        cut.push([left[(i + n - 1) % n], left[i], left[(i + 1) % n]].map(|k| k as u32));
        left.remove(i);
    }
    cut
}

/// Twice the area of a triangle, positive counter-clockwise.
fn cross(a: Point, b: Point, c: Point) -> f64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

fn turn(corners: &[Point], left: &[usize], i: usize) -> f64 {
    let n = left.len();
    cross(corners[left[(i + n - 1) % n]], corners[left[i]], corners[left[(i + 1) % n]])
}

fn is_ear(corners: &[Point], left: &[usize], i: usize) -> bool {
    let n = left.len();
    let (before, after) = ((i + n - 1) % n, (i + 1) % n);
    let (a, b, c) = (corners[left[before]], corners[left[i]], corners[left[after]]);
    if cross(a, b, c) <= 0.0 {
        return false;
    }
    !(0..n).any(|k| {
        let p = corners[left[k]];
        k != before
            && k != i
            && k != after
            && p != a
            && p != b
            && p != c
            && cross(a, b, p) >= 0.0
            && cross(b, c, p) >= 0.0
            && cross(c, a, p) >= 0.0
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(corners: &[Point]) -> f64 {
        triangles(corners).iter().map(|t| cross(corners[t[0] as usize], corners[t[1] as usize], corners[t[2] as usize]) / 2.0).sum()
    }

    #[test]
    fn a_river_bend_is_filled_once_and_wholly_in_either_direction() {
        let mut bend: Vec<Point> = [(0., 0.), (10., 0.), (10., 10.), (20., 10.), (20., 14.), (6., 14.), (6., 4.), (0., 4.)]
            .map(|(x, y)| Point::new(x, y))
            .to_vec();
        let area = 10.0 * 4.0 + 4.0 * 6.0 + 14.0 * 4.0;
        assert!((filled(&bend) - area).abs() < 1e-9, "{}", filled(&bend));
        assert_eq!(triangles(&bend).len(), 6);
        bend.reverse();
        assert!((filled(&bend) - area).abs() < 1e-9);
    }

    #[test]
    fn an_outline_that_crosses_itself_ends() {
        let bow = [(0., 0.), (4., 4.), (4., 0.), (0., 4.)].map(|(x, y)| Point::new(x, y));
        assert!(triangles(&bow).len() <= 2);
    }
}
