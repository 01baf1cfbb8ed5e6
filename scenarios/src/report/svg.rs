//! Small parts of pictures and pages: escaped text, round numbers for scales, thinned lines.

use crate::lang::{Lang, number};

/// Text that is safe inside HTML and SVG, in attributes too.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// The greatest of 1, 2, 5, 10, 20, 50 … (and 0.5, 0.2, 0.1 …) that is not above `value`; 1 for a value that has none.
pub(super) fn round_below(value: f64) -> f64 {
    if !(value.is_finite() && value > 0.0) {
        return 1.0;
    }
    let power = ten_to(libm::floor(libm::log10(value)) as i32);
    let steps = [power * 10.0, power * 5.0, power * 2.0, power];
    steps.into_iter().find(|s| *s <= value * (1.0 + 1e-9)).unwrap_or(power)
}

/// The round number `down` places before `value` in the series 1, 2, 5, 10 …; `value` must be of the series.
pub(super) fn round_before(value: f64, down: usize) -> f64 {
    (0..down).fold(value, |v, _| round_below(v * 0.6))
}

fn ten_to(exponent: i32) -> f64 {
    libm::exp10(f64::from(exponent))
}

/// Round marks from 0 to at least `highest`, four to six of them.
pub(super) fn marks(highest: f64) -> Vec<f64> {
    let highest = if highest.is_finite() && highest > 0.0 { highest } else { 1.0 };
    let mut step = round_below(highest / 3.0);
    while step * 5.0 < highest {
        step *= 2.0;
    }
    let count = libm::ceil(highest / step - 1e-9) as usize;
    (0..=count.max(1)).map(|i| step * i as f64).collect()
}

/// A number of a scale, with as many decimals as it has.
pub(super) fn scale_number(lang: Lang, value: f64) -> String {
    let decimals = (0..6).find(|d| {
        let shifted = value * ten_to(*d);
        (shifted - libm::round(shifted)).abs() < 1e-6 * shifted.abs().max(1.0)
    });
    number(lang, value, decimals.unwrap_or(6) as usize)
}

/// The points of a line that matter at a resolution of `tolerance` (Douglas and Peucker, 1973): first, last, and each that lies farther
/// from the way between its kept neighbours.
pub(super) fn thinned(points: &[[f64; 2]], tolerance: f64) -> Vec<[f64; 2]> {
    let mut keep = vec![false; points.len()];
    let Some(last) = points.len().checked_sub(1) else { return Vec::new() };
    (keep[0], keep[last]) = (true, true);
    let mut open = vec![(0, last)];
    while let Some((a, b)) = open.pop() {
        let farthest = (a + 1..b)
            .map(|i| (i, distance(points[i], points[a], points[b])))
            .fold(None, |best: Option<(usize, f64)>, (i, d)| if best.is_none_or(|(_, most)| d > most) { Some((i, d)) } else { best });
        if let Some((i, d)) = farthest
            && d > tolerance
        {
            keep[i] = true;
            open.push((a, i));
            open.push((i, b));
        }
    }
    points.iter().zip(keep).filter(|(_, k)| *k).map(|(p, _)| *p).collect()
}

/// Distance of `p` from the way between `a` and `b`.
fn distance(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length2 = dx * dx + dy * dy;
    let t = if length2 > 0.0 { (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    libm::hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy)
}

/// A line moved `by` to the right of its direction, y pointing down.
pub(super) fn beside(points: &[[f64; 2]], by: f64) -> Vec<[f64; 2]> {
    (0..points.len())
        .map(|i| {
            let (a, b) = (points[i.saturating_sub(1)], points[(i + 1).min(points.len() - 1)]);
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            let length = libm::hypot(dx, dy).max(1e-9);
            [points[i][0] - dy / length * by, points[i][1] + dx / length * by]
        })
        .collect()
}

/// The path of a line in whole units; empty where it is no longer than a unit.
pub(super) fn path(points: &[[f64; 2]]) -> String {
    use std::fmt::Write;
    let mut out = String::new();
    let mut before: Option<[i64; 2]> = None;
    for p in points {
        let p = [libm::round(p[0]) as i64, libm::round(p[1]) as i64];
        let _ = match before {
            None => write!(out, "M{} {}", p[0], p[1]),
            Some(b) if b == p => continue,
            Some(b) => write!(out, "l{} {}", p[0] - b[0], p[1] - b[1]),
        };
        before = Some(p);
    }
    if out.contains('l') { out } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_break_out_of_the_page() {
        assert_eq!(escaped("a<b> & \"c\" 'd'"), "a&lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
    }

    #[test]
    fn scales_are_round() {
        for (value, below) in [(7.3, 5.0), (0.09, 0.05), (10.0, 10.0), (199.0, 100.0), (2.0, 2.0), (0.0, 1.0)] {
            assert!((round_below(value) - below).abs() < 1e-9 * below, "{value}: {}", round_below(value));
        }
        let down: Vec<f64> = (0..4).map(|n| round_before(5.0, n)).collect();
        for (found, expected) in down.iter().zip([5.0, 2.0, 1.0, 0.5]) {
            assert!((found - expected).abs() < 1e-9, "{down:?}");
        }
        for highest in [0.03, 1.0, 7.0, 24.0, 99.0, 1234.0] {
            let marks = marks(highest);
            assert!((3..=7).contains(&marks.len()) && marks[0] == 0.0 && *marks.last().unwrap() >= highest * 0.999, "{highest}: {marks:?}");
        }
        assert_eq!((scale_number(Lang::Vi, 0.5), scale_number(Lang::En, 2000.0)), ("0,5".to_owned(), "2,000".to_owned()));
    }

    #[test]
    fn thin_lines_keep_their_corners() {
        let line = [[0.0, 0.0], [5.0, 0.1], [10.0, 0.0], [10.0, 10.0]];
        assert_eq!(thinned(&line, 0.5), [[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]);
        assert_eq!(thinned(&line, 0.01).len(), 4);
        assert!(thinned(&[], 1.0).is_empty());
    }

    #[test]
    fn the_right_of_east_is_south() {
        assert_eq!(beside(&[[0.0, 0.0], [10.0, 0.0]], 2.0), [[0.0, 2.0], [10.0, 2.0]]);
        assert_eq!(path(&[[0.2, 0.0], [10.4, 0.0], [10.4, 5.0]]), "M0 0l10 0l0 5");
        assert_eq!(path(&[[0.2, 0.0], [0.4, 0.1]]), "");
    }
}
