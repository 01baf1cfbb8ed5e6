//! Where two corridors touch.

use super::{
    Path,
    path::{BLOCK, Circle, Knot},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::Deref;

/// How far `B` may go before its corridor touches what is left of `A`'s.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Touch {
    /// Stretches of `A`'s path, the last one first.
    stretches: Stretches,
    /// Way along `A`'s path from which on nothing touches.
    pub(crate) clear: f32,
}

/// What `B` owes while `A`'s rear is on one stretch of its path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Stretch {
    /// Where it begins, metres along `A`'s path.
    from: f32,
    /// The way along `B`'s path before the first piece that touches any piece of `A`'s from here on. Never falls along `A`.
    limit: f32,
    /// The least of `limit − (end of the piece)` from here on: `A`'s rear at `a` is to `B` a leader whose rear is at `a + lead`, now and
    /// for the rest of `A`'s path.
    lead: f32,
}

/// One stretch or several. Nine of ten that cross touch along one, which then lies where it is read.
#[derive(Clone, Debug)]
enum Stretches {
    One(Stretch),
    Several(Box<[Stretch]>),
}

impl Deref for Stretches {
    type Target = [Stretch];

    #[inline]
    fn deref(&self) -> &[Stretch] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(all) => all,
        }
    }
}

impl PartialEq for Stretches {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Serialize for Stretches {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Stretches {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::deserialize(deserializer).map(Self::from)
    }
}

impl From<Vec<Stretch>> for Stretches {
    fn from(all: Vec<Stretch>) -> Self {
        match *all {
            [one] => Self::One(one),
            _ => Self::Several(all.into()),
        }
    }
}

/// Stretches in the making, from the last one on.
#[derive(Default)]
struct Making {
    /// All but the newest.
    before: Vec<Stretch>,
    newest: Option<Stretch>,
}

impl Making {
    #[inline]
    fn push(&mut self, stretch: Stretch) {
        if let Some(before) = self.newest.replace(stretch) {
            self.before.push(before);
        }
    }

    /// All of them, if there are any.
    fn done(mut self) -> Option<Stretches> {
        let newest = self.newest?;
        if self.before.is_empty() {
            return Some(Stretches::One(newest));
        }
        self.before.push(newest);
        Some(Stretches::Several(self.before.into()))
    }
}

impl Touch {
    /// The way along `B`'s path that is free while `A`'s rear is at `rear` or beyond; `None` if all of it is.
    pub(crate) fn limit_at(&self, rear: f32) -> Option<f32> {
        self.stretch(rear).map(|o| o.limit)
    }

    /// What to add to the place of `A`'s rear to have it as a moving leader on `B`'s path.
    pub(crate) fn lead_at(&self, rear: f32) -> Option<f32> {
        self.stretch(rear).map(|o| o.lead)
    }

    /// Where on `B`'s path the two begin to touch, metres, and what [`Self::lead_at`] says there.
    pub(crate) fn begin(&self) -> (f32, f32) {
        self.stretches.last().map_or((0.0, 0.0), |s| (s.limit, s.lead))
    }

    /// What is left of it when `A`'s rear, on the path `a`, has come to `rear`; `None` if nothing is.
    ///
    /// A touch holds from the rear at which it was sought, and stretches are found from the end of the path backwards: so this is what
    /// would be found anew.
    ///
    /// `coarse`: limits may be told up to so much too short, metres, which saves memory; where the rear is followed as a moving leader that
    /// costs nothing.
    pub(super) fn rest(&self, a: &Path, rear: f32, coarse: f32) -> Option<Self> {
        if rear >= self.clear {
            return None;
        }
        let begin = a.knots[a.piece(rear)].along;
        let mut rest = Making::default();
        let mut longest = 0.0;
        for s in self.stretches.iter() {
            match &mut rest.newest {
                Some(last) if longest - s.limit <= coarse && last.lead == s.lead => (last.from, last.limit) = (s.from, s.limit),
                _ => {
                    longest = s.limit;
                    rest.push(*s);
                }
            }
            if s.from <= begin {
                break;
            }
        }
        if let Some(last) = &mut rest.newest {
            last.from = begin;
        }
        rest.done().map(|stretches| Self { stretches, clear: self.clear })
    }

    /// Whether anything is left of it when `A`'s rear has come to `rear`.
    pub(super) fn is_left(&self, rear: f32) -> bool {
        rear < self.clear
    }

    fn stretch(&self, rear: f32) -> Option<&Stretch> {
        if rear >= self.clear {
            return None;
        }
        let at = self.stretches.partition_point(|s| s.from > rear);
        self.stretches.get(at).or(self.stretches.last())
    }
}

/// What `b` owes to `a`, whose rear is at `rear`: where bodies that follow them with their middles come nearer than `reach` (their half
/// widths and a margin). `None` if they never do, or do no more.
///
/// From the last piece of `a` back, the first piece of `b` that touches it is sought, but only before the first found up to then, since
/// only that counts. Circles around a few pieces at a time rule out most of both paths.
pub(crate) fn owed(a: &Path, b: &Path, reach: f32, rear: f32) -> Option<Touch> {
    let from = a.piece(rear);
    let around = Around::of(b);
    let mut stretches = Making::default();
    let mut clear = 0.0;
    let (mut first, mut lead) = (b.knots.len() - 1, f32::INFINITY);
    let mut end = a.knots.len() - 1;
    for (k, block) in a.blocks.iter().enumerate().skip(from / BLOCK).rev() {
        let begin = (k * BLOCK).max(from);
        let circle = Circle { radius: block.circle.radius + reach + 1e-3, ..block.circle };
        let blocks = around.meet(circle, first);
        if blocks == 0 {
            end = begin;
            if let Some(last) = &mut stretches.newest {
                // Nothing before the first: all of this block owes the same.
                last.from = a.knots[begin].along;
            }
            continue;
        }
        for m in (begin..end).rev() {
            let (p, q) = (a.knots[m], a.knots[m + 1]);
            let lane = m % BLOCK;
            let middle = Circle { x: block.x[lane], y: block.y[lane], radius: block.half[lane] };
            if let Some(j) = first_near(p, q, middle, b, blocks, first, reach) {
                if stretches.newest.is_none() {
                    clear = q.along;
                    if rear >= clear {
                        return None;
                    }
                }
                first = j;
            } else if stretches.newest.is_none() {
                continue;
            }
            let limit = b.knots[first].along;
            lead = lead.min(limit - q.along);
            match &mut stretches.newest {
                Some(last) if last.limit == limit && last.lead == lead => last.from = p.along,
                _ => stretches.push(Stretch { from: p.along, limit, lead }),
            }
        }
        end = begin;
    }
    stretches.done().map(|stretches| Touch { stretches, clear })
}

/// A path has at most 256 pieces, so as many blocks as there are bits.
const MOST_BLOCKS: usize = 64;
/// So many groups of circles around blocks.
const GROUPS: usize = MOST_BLOCKS / BLOCK;

/// Which of four circles overlap one, and the squares of the distances of their middles.
#[inline(always)]
fn overlapping(x: &[f32; BLOCK], y: &[f32; BLOCK], radius: &[f32; BLOCK], own: Circle) -> (u32, [f32; BLOCK]) {
    // Written so that compilers make four comparisons of one.
    let mut apart2 = [0.0f32; BLOCK];
    let mut is_near = [false; BLOCK];
    for lane in 0..BLOCK {
        let (dx, dy, far) = (x[lane] - own.x, y[lane] - own.y, radius[lane] + own.radius);
        apart2[lane] = dx * dx + dy * dy;
        is_near[lane] = apart2[lane] <= far * far;
    }
    (is_near.iter().enumerate().map(|(lane, near)| u32::from(*near) << lane).sum(), apart2)
}

/// The circles around the blocks of a path, side by side so that several can be compared at once. Where there is none it is infinitely far.
struct Around {
    x: [[f32; BLOCK]; GROUPS],
    y: [[f32; BLOCK]; GROUPS],
    radius: [[f32; BLOCK]; GROUPS],
}

impl Around {
    #[inline]
    fn of(path: &Path) -> Self {
        let mut all = Self { x: [[f32::INFINITY; BLOCK]; GROUPS], y: [[0.0; BLOCK]; GROUPS], radius: [[0.0; BLOCK]; GROUPS] };
        let groups = all.x.iter_mut().zip(&mut all.y).zip(&mut all.radius);
        for (((x, y), radius), blocks) in groups.zip(path.blocks.chunks(BLOCK)) {
            for (lane, block) in blocks.iter().enumerate() {
                (x[lane], y[lane], radius[lane]) = (block.circle.x, block.circle.y, block.circle.radius);
            }
        }
        all
    }

    /// Which of the blocks with a piece before `first` overlap the circle.
    #[inline]
    fn meet(&self, own: Circle, first: usize) -> u64 {
        let groups = first.div_ceil(BLOCK * BLOCK);
        let all = self.x.iter().zip(&self.y).zip(&self.radius).take(groups).enumerate();
        all.fold(0, |blocks, (g, ((x, y), radius))| blocks | u64::from(overlapping(x, y, radius, own).0) << (g * BLOCK))
    }
}

/// The first piece of `b` before `first`, in these blocks, that comes nearer to the piece `p–q` than `reach`.
#[inline]
fn first_near(p: Knot, q: Knot, middle: Circle, b: &Path, mut blocks: u64, first: usize, reach: f32) -> Option<usize> {
    let own = Circle { radius: middle.radius + reach + 1e-3, ..middle };
    while blocks != 0 {
        let n = blocks.trailing_zeros() as usize;
        blocks &= blocks - 1;
        let begin = n * BLOCK;
        let Some(block) = b.blocks.get(n).filter(|_| begin < first) else { break };
        let (mut near_by, apart2) = overlapping(&block.x, &block.y, &block.half, own);
        while near_by != 0 {
            let lane = near_by.trailing_zeros() as usize;
            near_by &= near_by - 1;
            let j = begin + lane;
            if j >= first {
                break;
            }
            if let [c, d] = b.knots[j..j + 2]
                && near(p, q, c, d, apart2[lane], reach)
            {
                return Some(j);
            }
        }
    }
    None
}

/// Whether the pieces `a–b` and `c–d`, whose middles are `apart2` apart (squared), come nearer than `reach`. Pieces are shorter than any reach,
/// so of two that cross either the middles or an end of one are near enough.
fn near(a: Knot, b: Knot, c: Knot, d: Knot, apart2: f32, reach: f32) -> bool {
    let r2 = reach * reach;
    if apart2 < r2 {
        return true;
    }
    let between = |p: Knot, q: Knot| (p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y);
    let ends2 = between(a, c).min(between(a, d)).min(between(b, c).min(between(b, d)));
    // No point of a piece is nearer to an end of the other than its own nearer end by more than half its length.
    let half = ((b.along - a.along).max(d.along - c.along)) * 0.5;
    if ends2 < r2 {
        return true;
    }
    ends2 < r2 + half * half && (to_piece2(a, c, d) < r2 || to_piece2(b, c, d) < r2 || to_piece2(c, a, b) < r2 || to_piece2(d, a, b) < r2)
}

/// Square of the distance from `p` to the piece `a–b`.
fn to_piece2(p: Knot, a: Knot, b: Knot) -> f32 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let (px, py) = (p.x - a.x, p.y - a.y);
    let length2 = dx * dx + dy * dy;
    let t = if length2 > 0.0 { ((px * dx + py * dy) / length2).clamp(0.0, 1.0) } else { 0.0 };
    let (ex, ey) = (px - t * dx, py - t * dy);
    ex * ex + ey * ey
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn through(points: &[(f32, f32)]) -> Path {
        let mut along = 0.0;
        let mut before = points[0];
        let knots = points
            .iter()
            .map(|p| {
                along += ((p.0 - before.0).powi(2) + (p.1 - before.1).powi(2)).sqrt();
                before = *p;
                Knot { x: p.0, y: p.1, along }
            })
            .collect::<Vec<_>>();
        Path { blocks: crate::junction::path::blocks(&knots), knots, turn_speed: 10.0 }
    }

    fn straight(from: (f32, f32), to: (f32, f32)) -> Path {
        bent(from, ((from.0 + to.0) * 0.5, (from.1 + to.1) * 0.5), to)
    }

    /// A curve drawn toward `by`.
    fn bent(from: (f32, f32), by: (f32, f32), to: (f32, f32)) -> Path {
        let length = ((to.0 - from.0).powi(2) + (to.1 - from.1).powi(2)).sqrt();
        let n = (length / 0.6).ceil().max(1.0) as usize;
        let at = |i: usize| {
            let t = i as f32 / n as f32;
            let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            (a * from.0 + b * by.0 + c * to.0, a * from.1 + b * by.1 + c * to.1)
        };
        through(&(0..=n).map(at).collect::<Vec<_>>())
    }

    /// By definition: every piece against every piece.
    fn owed_by_definition(a: &Path, b: &Path, reach: f32, rear: f32) -> Option<Touch> {
        let from = a.piece(rear);
        let (ka, kb) = (&a.knots[from..], &b.knots);
        let meet = |m: usize, j: usize| {
            let middle = |p: Knot, q: Knot| ((p.x + q.x) * 0.5, (p.y + q.y) * 0.5);
            let ((x, y), (u, v)) = (middle(ka[m - 1], ka[m]), middle(kb[j - 1], kb[j]));
            near(ka[m - 1], ka[m], kb[j - 1], kb[j], (x - u) * (x - u) + (y - v) * (y - v), reach)
        };
        let first: Vec<Option<usize>> = (1..ka.len()).map(|m| (1..kb.len()).find(|j| meet(m, *j)).map(|j| j - 1)).collect();
        let last = first.iter().rposition(Option::is_some)?;
        let limit = |m: usize| first[m..=last].iter().flatten().min().map(|j| kb[*j].along).unwrap();
        let lead = |m: usize| (m..=last).map(|n| limit(n) - ka[n + 1].along).fold(f32::INFINITY, f32::min);
        let clear = ka[last + 1].along;
        if rear >= clear {
            return None;
        }
        let mut stretches: Vec<Stretch> = (0..=last).map(|m| Stretch { from: ka[m].along, limit: limit(m), lead: lead(m) }).collect();
        stretches.dedup_by(|next, before| next.limit == before.limit && next.lead == before.lead);
        stretches.reverse();
        Some(Touch { stretches: stretches.into(), clear })
    }

    fn place() -> impl Strategy<Value = (f32, f32)> {
        (-20.0f32..20.0, -20.0f32..20.0)
    }

    proptest! {
        #[test]
        fn what_is_skipped_could_not_touch(
            a in (place(), place(), place()), b in (place(), place(), place()), reach in 0.7f32..3.0, rear in -5.0f32..30.0,
        ) {
            let (a, b) = (bent(a.0, a.1, a.2), bent(b.0, b.1, b.2));
            prop_assert_eq!(owed(&a, &b, reach, rear), owed_by_definition(&a, &b, reach, rear));
        }
    }

    proptest! {
        #[test]
        fn the_rest_of_a_touch_is_what_is_found_anew(
            a in (place(), place(), place()), b in (place(), place(), place()), reach in 0.7f32..3.0, rear in -5.0f32..20.0, on in 0.0f32..20.0,
            coarse in prop::sample::select(vec![0.0f32, 2.0]),
        ) {
            let (a, b) = (bent(a.0, a.1, a.2), bent(b.0, b.1, b.2));
            let then = rear + on;
            let rest = |t: Option<Touch>, coarse| t.and_then(|t| t.rest(&a, then, coarse));
            let (kept, anew) = (owed(&a, &b, reach, rear), owed(&a, &b, reach, then));
            prop_assert_eq!(rest(kept.clone(), 0.0), anew.clone());
            prop_assert_eq!(rest(kept, coarse), rest(anew, coarse));
        }
    }

    #[test]
    fn crossing_paths_hold_until_the_rear_has_cleared() {
        let east = straight((-10.0, 0.0), (10.0, 0.0));
        let north = straight((0.0, -10.0), (0.0, 10.0));
        let owed = owed(&east, &north, 2.0, -4.0).unwrap();
        let limit = owed.limit_at(0.0).unwrap();
        assert!((6.8..=8.0).contains(&limit), "stops 2 m to 3.2 m before the other's middle line: {limit}");
        assert!(owed.limit_at(11.0).is_some() && owed.limit_at(12.7).is_none(), "clears at {}", owed.clear);
    }

    #[test]
    fn one_behind_the_other_is_a_moving_leader() {
        let path = straight((0.0, 0.0), (30.0, 0.0));
        let owed = owed(&path, &path, 2.0, 0.0).unwrap();
        let lead = owed.lead_at(0.0).unwrap();
        assert!((-3.4..=-2.0).contains(&lead), "{lead}");
        for rear in [0.0f32, 3.3, 12.0, 25.0] {
            assert!(owed.limit_at(rear).unwrap() >= rear + owed.lead_at(rear).unwrap());
        }
    }

    #[test]
    fn paths_side_by_side_never_touch() {
        let (a, b) = (straight((0.0, 0.0), (30.0, 0.0)), straight((0.0, 1.0), (30.0, 1.0)));
        assert!(owed(&a, &b, 0.8, 0.0).is_none() && owed(&a, &b, 1.1, 0.0).is_some());
    }
}
