//! Where two corridors touch.

use super::Path;
use serde::{Deserialize, Serialize};

/// How far `B` may go before its corridor touches what is left of `A`'s.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Touch {
    /// `limit[k]`: the way along `B`'s path before the first piece that touches any piece of `A`'s from the `k`-th on. Never falls with `k`.
    limit: Vec<f32>,
    /// `lead[k]`: the least of `limit[m] − (end of piece m)` over `m ≥ k`: `A`'s rear at `a` is to `B` a leader whose rear is at
    /// `a + lead`, now and for the rest of `A`'s path.
    lead: Vec<f32>,
    /// Way along `A`'s path from which on nothing touches.
    pub(crate) clear: f32,
}

impl Touch {
    /// The way along `B`'s path that is free while `A`'s rear is at `rear` or beyond; `None` if all of it is.
    pub(crate) fn limit_at(&self, a: &Path, rear: f32) -> Option<f32> {
        if rear >= self.clear { None } else { self.limit.get(a.piece(rear)).copied() }
    }

    /// What to add to the place of `A`'s rear to have it as a moving leader on `B`'s path.
    pub(crate) fn lead_at(&self, a: &Path, rear: f32) -> Option<f32> {
        if rear >= self.clear { None } else { self.lead.get(a.piece(rear)).copied() }
    }

    /// From the first piece of `B` that touches each piece of `A` (`usize::MAX` if none does).
    fn new(first: &[usize], a: &Path, b: &Path) -> Self {
        let last = first.iter().rposition(|j| *j != usize::MAX).map_or(0, |m| m + 1);
        let mut limit = vec![0.0; last];
        let mut lead = vec![0.0; last];
        let (mut j_least, mut lead_least) = (usize::MAX, f32::INFINITY);
        for m in (0..last).rev() {
            j_least = j_least.min(first[m]);
            limit[m] = b.along[j_least];
            lead_least = lead_least.min(limit[m] - a.along[m + 1]);
            lead[m] = lead_least;
        }
        Self { limit, lead, clear: a.along[last] }
    }
}

/// Where bodies that follow `a` and `b` with their middles come nearer than `reach` (their half widths and a margin): what `b` owes to
/// `a`, and what `a` owes to `b`. `None` if they never do.
pub(crate) fn touch(a: &Path, b: &Path, reach: f32) -> Option<(Touch, Touch)> {
    let bounds = |c: &[f32]| c.iter().fold((f32::INFINITY, f32::NEG_INFINITY), |(lo, hi), x| (lo.min(*x), hi.max(*x)));
    for (p, q) in [(&a.x, &b.x), (&a.y, &b.y)] {
        let ((p_lo, p_hi), (q_lo, q_hi)) = (bounds(p), bounds(q));
        if p_lo > q_hi + reach || q_lo > p_hi + reach {
            return None;
        }
    }
    let (pieces_a, pieces_b) = (a.x.len() - 1, b.x.len() - 1);
    let mut first_b = vec![usize::MAX; pieces_a];
    let mut first_a = vec![usize::MAX; pieces_b];
    let mut any = false;
    for (m, first_b) in first_b.iter_mut().enumerate() {
        let (ax, ay, bx, by) = (a.x[m], a.y[m], a.x[m + 1], a.y[m + 1]);
        let (mx, my, half) = ((ax + bx) * 0.5, (ay + by) * 0.5, (a.along[m + 1] - a.along[m]) * 0.5);
        for (j, first_a) in first_a.iter_mut().enumerate() {
            let (cx, cy, dx, dy) = (b.x[j], b.y[j], b.x[j + 1], b.y[j + 1]);
            let (ex, ey) = ((cx + dx) * 0.5 - mx, (cy + dy) * 0.5 - my);
            let far = reach + half + (b.along[j + 1] - b.along[j]) * 0.5;
            if ex * ex + ey * ey > far * far || !near((ax, ay), (bx, by), (cx, cy), (dx, dy), reach) {
                continue;
            }
            any = true;
            *first_b = (*first_b).min(j);
            *first_a = (*first_a).min(m);
        }
    }
    any.then(|| (Touch::new(&first_b, a, b), Touch::new(&first_a, b, a)))
}

type P = (f32, f32);

/// Whether the pieces `a–b` and `c–d` come nearer than `reach`. Pieces are shorter than any reach, so crossing ones have an end near enough.
fn near(a: P, b: P, c: P, d: P, reach: f32) -> bool {
    let r2 = reach * reach;
    to_piece2(a, c, d) < r2 || to_piece2(b, c, d) < r2 || to_piece2(c, a, b) < r2 || to_piece2(d, a, b) < r2
}

/// Square of the distance from `p` to the piece `a–b`.
fn to_piece2(p: P, a: P, b: P) -> f32 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (px, py) = (p.0 - a.0, p.1 - a.1);
    let length2 = dx * dx + dy * dy;
    let t = if length2 > 0.0 { ((px * dx + py * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    let (ex, ey) = (px - t * dx, py - t * dy);
    ex * ex + ey * ey
}

#[cfg(test)]
mod tests {
    use super::*;

    fn straight(from: P, to: P) -> Path {
        let length = ((to.0 - from.0).powi(2) + (to.1 - from.1).powi(2)).sqrt();
        let n = (length / 0.6).ceil() as usize;
        let at = |i: usize| i as f32 / n as f32;
        Path {
            x: (0..=n).map(|i| from.0 + (to.0 - from.0) * at(i)).collect(),
            y: (0..=n).map(|i| from.1 + (to.1 - from.1) * at(i)).collect(),
            along: (0..=n).map(|i| length * at(i)).collect(),
            turn_speed: 10.0,
        }
    }

    #[test]
    fn crossing_paths_hold_until_the_rear_has_cleared() {
        let east = straight((-10.0, 0.0), (10.0, 0.0));
        let north = straight((0.0, -10.0), (0.0, 10.0));
        let (owed, _) = touch(&east, &north, 2.0).unwrap();
        let limit = owed.limit_at(&east, 0.0).unwrap();
        assert!((6.8..=8.0).contains(&limit), "stops 2 m to 3.2 m before the other's middle line: {limit}");
        assert!(owed.limit_at(&east, 11.0).is_some() && owed.limit_at(&east, 12.7).is_none(), "clears at {}", owed.clear);
    }

    #[test]
    fn one_behind_the_other_is_a_moving_leader() {
        let path = straight((0.0, 0.0), (30.0, 0.0));
        let (owed, _) = touch(&path, &path, 2.0).unwrap();
        let lead = owed.lead_at(&path, 0.0).unwrap();
        assert!((-3.4..=-2.0).contains(&lead), "{lead}");
        for rear in [0.0f32, 3.3, 12.0, 25.0] {
            assert!(owed.limit_at(&path, rear).unwrap() >= rear + owed.lead_at(&path, rear).unwrap());
        }
    }

    #[test]
    fn paths_side_by_side_never_touch() {
        let (a, b) = (straight((0.0, 0.0), (30.0, 0.0)), straight((0.0, 1.0), (30.0, 1.0)));
        assert!(touch(&a, &b, 0.8).is_none() && touch(&a, &b, 1.1).is_some());
    }
}
