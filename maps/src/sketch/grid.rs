//! The `grid` statement: a plausible mesh of residential streets inside a block of four corners.

use super::source::{Road, Vertex};
use sim_core::geometry::LatLon;

/// `rows` streets from side `d–a` to side `b–c` and `columns` streets from side `a–b` to side `d–c` of the block `a b c d`, evenly
/// spaced, none on the sides themselves. Their refs are `<grid>.r1` … and `<grid>.c1` …
pub(super) fn streets(pattern: &Road, [a, b, c, d]: [LatLon; 4], rows: u8, columns: u8) -> Vec<Road> {
    let street = |suffix: String, from: LatLon, to: LatLon| Road {
        ref_: format!("{}.{suffix}", pattern.ref_),
        points: [from, to].map(|place| Vertex { place, node: None, bridge_after: None }).to_vec(),
        ..pattern.clone()
    };
    let share = |i: u8, n: u8| f64::from(i) / f64::from(n + 1);
    let row = (1..=rows).map(|i| street(format!("r{i}"), between(a, d, share(i, rows)), between(b, c, share(i, rows))));
    let column = (1..=columns).map(|i| street(format!("c{i}"), between(a, b, share(i, columns)), between(d, c, share(i, columns))));
    row.chain(column).collect()
}

fn between(a: LatLon, b: LatLon, share: f64) -> LatLon {
    LatLon { lat: a.lat + (b.lat - a.lat) * share, lon: a.lon + (b.lon - a.lon) * share }
}
