//! How far links are cut back at junctions: each stop line stands clear of the roads that cross.

use super::draft::Draft;
use rayon::prelude::*;
use sim_core::geometry::{Point, turn_between};
use std::collections::BTreeMap;

/// Beyond this nothing is cut back, metres.
const MOST_M: f64 = 25.0;
/// Between a stop line and the carriageway that crosses (assumed).
const MARGIN_M: f64 = 0.5;
/// The zebra crossing in front of a stop line at signals (assumed).
const ZEBRA_M: f64 = 2.5;
/// What a link keeps of itself, if it is long enough.
const LEFT_OVER_M: f64 = 12.0;

/// A road at a junction as a straight band.
struct Arm {
    edge: u32,
    end: u8,
    at: Point,
    heading: f64,
    /// Cosine and sine of the heading.
    along: [f64; 2],
    length_m: f64,
    half_width_m: f64,
    is_interior: bool,
}

/// What is cut off every edge at its first and last end, metres along it. Interior edges keep zeros.
pub(crate) fn setbacks(draft: &Draft) -> Vec<[f64; 2]> {
    let mut cut = wanted(draft);
    for (cut, edge) in cut.iter_mut().zip(&draft.edges) {
        let together = cut[0] + cut[1];
        let most = edge.length_m - LEFT_OVER_M.min(edge.length_m * 0.6);
        if together > most && together > 0.0 {
            *cut = cut.map(|c| c * most / together);
        }
    }
    cut
}

/// What every stop line would need, however short that leaves the edge.
pub(crate) fn wanted(draft: &Draft) -> Vec<[f64; 2]> {
    let mut arms: BTreeMap<u32, Vec<Arm>> = BTreeMap::new();
    for (i, edge) in draft.edges.iter().enumerate() {
        for end in 0..2u8 {
            let node = &draft.nodes[edge.ends[end as usize] as usize];
            if edge.is_interior && end == 1 {
                continue; // one band for the whole piece
            }
            let heading = edge.heading_from(end as usize);
            arms.entry(node.junction).or_default().push(Arm {
                edge: i as u32,
                end,
                at: node.at,
                heading,
                along: [libm::cos(heading), libm::sin(heading)],
                length_m: edge.length_m.min(30.0),
                half_width_m: edge.width_m() / 2.0,
                is_interior: edge.is_interior,
            });
        }
    }
    let mut cut = vec![[0.0; 2]; draft.edges.len()];
    let arms: Vec<(u32, Vec<Arm>)> = arms.into_iter().collect();
    let found: Vec<Vec<(u32, u8, f64)>> =
        arms.par_iter().with_min_len(64).map(|(junction, arms)| cuts_at(draft, *junction, arms)).collect();
    for (edge, end, m) in found.into_iter().flatten() {
        cut[edge as usize][end as usize] = m;
    }
    cut
}

/// What is cut off at one junction: (edge, end, metres).
fn cuts_at(draft: &Draft, junction: u32, arms: &[Arm]) -> Vec<(u32, u8, f64)> {
    let outer = arms.iter().filter(|a| !a.is_interior).count();
    if outer < 2 {
        return Vec::new(); // a dead end
    }
    let zebra = if draft.nodes[junction as usize].has_signal { ZEBRA_M } else { 0.0 };
    let least = if outer == 2 { 0.5 } else { 1.0 };
    let own = arms.iter().filter(|a| !a.is_interior);
    own.map(|own| (own.edge, own.end, (clear_of(own, arms).max(least) + zebra).min(MOST_M))).collect()
}

/// The least distance from the junction at which a line across `own` touches no other arm.
fn clear_of(own: &Arm, arms: &[Arm]) -> f64 {
    const STEP_M: f64 = 0.5;
    let others: Vec<&Arm> = arms.iter().filter(|a| (a.edge, a.end) != (own.edge, own.end) && !runs_along(own, a)).collect();
    let [cos, sin] = own.along;
    let half = (own.half_width_m - 0.2).max(0.0);
    let mut distance = 0.0;
    while distance < MOST_M {
        let line =
            [-half, 0.0, half].map(|aside| Point::new(own.at.x + cos * distance - sin * aside, own.at.y + sin * distance + cos * aside));
        if !others.iter().any(|a| line.iter().any(|p| is_on(a, *p))) {
            return distance;
        }
        distance += STEP_M;
    }
    // Two roads that part at a small angle never come clear: stop at a short distance.
    MOST_M * 0.4
}

/// Whether `other` runs beside `own` in the same direction: the other carriageway of a dual road, a parallel service road.
fn runs_along(own: &Arm, other: &Arm) -> bool {
    own.at != other.at && turn_between(own.heading, other.heading).abs() < 0.35
}

fn is_on(arm: &Arm, p: Point) -> bool {
    let (dx, dy) = (p.x - arm.at.x, p.y - arm.at.y);
    let [cos, sin] = arm.along;
    let along = dx * cos + dy * sin;
    let aside = (dy * cos - dx * sin).abs();
    (-0.1..=arm.length_m).contains(&along) && aside < arm.half_width_m + MARGIN_M
}
