//! Looks ahead on a link: how fast is safe, and how strongly to accelerate.

use super::rows::{Row, Shadow};
use crate::{
    class::BRAKE_HARDEST_MPS2,
    driving::Leader,
    incident::Block,
    joint::horizon_m,
    kinematics::{Driver, ROUNDING_M, follow_accel, free_accel, safe_speed, safe_speed_old, stop_m, way_speed},
    plan::{Body, LONGEST_M},
    strips::{STRIP_M, bits},
};

/// Past somebody nearer sideways than the clearance one goes on at this speed, m/s (assumed: a brisk walk).
const SQUEEZE_MPS: f32 = 2.0;
/// Who falls back beside somebody, riding nearer than it likes or to let it in, need not be slower than that one by more than this, m/s (assumed).
pub(super) const FALL_BACK_MPS: f32 = 1.0;
/// Two-wheelers filter past wider vehicles by this much faster, m/s (assumed: the same walk).
const FILTER_MPS: f32 = SQUEEZE_MPS;

/// What a look ahead found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ahead {
    /// Acceleration of the car-following law, m/s².
    pub(super) accel: f32,
    /// Highest safe speed after this step, m/s.
    pub(super) bound: f32,
    /// The strips of what limits the acceleration, if that is a body or a closed stretch.
    pub(super) leader: Option<(i16, i16)>,
    /// Somebody is beside where it would move.
    pub(super) blocked: bool,
}

/// What is on a link besides its rows.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Beyond<'a> {
    /// Tails of those who left it.
    pub(super) shadows: &'a [Shadow],
    /// Those on the pieces ahead of the same road, tails that reach into this one included.
    pub(super) ahead: &'a [Shadow],
    /// Closed stretches.
    pub(super) blocks: &'a [Block],
}

/// Lateral clearance at this speed, strips.
pub(super) fn clearance(c: &Body, v: f32) -> i32 {
    (((c.clear0 + c.clear_s * v) / STRIP_M) as i32).min(16)
}

/// The acceleration with which one goes on beside or past somebody nearer sideways than one likes: up to the speed at which the room
/// between the two is clearance enough, but at least at a walk, and no more than a little slower than the other drives.
/// `mine` and `theirs` are strips.
#[inline]
fn squeeze(c: &Body, v: f32, mine: (i32, i32), theirs: (i16, i16), their_v: f32) -> f32 {
    let (lo, hi) = (i32::from(theirs.0), i32::from(theirs.1));
    let between = (lo - mine.1).max(mine.0 - hi).max(0) as f32 * STRIP_M;
    let filters = !c.keeps_lane && hi - lo > mine.1 - mine.0;
    let beside = if filters { their_v + FILTER_MPS } else { their_v - FALL_BACK_MPS };
    let speed = ((between - c.clear0) / c.clear_s).max(SQUEEZE_MPS).max(beside);
    (c.driver.accel * (1.0 - v / speed)).max(-c.comfort)
}

/// What is looked for, and what has been found so far.
struct Eyes<'a> {
    me: &'a Row,
    c: &'a Body,
    driver: Driver,
    dt: f32,
    /// The strip of the lowest bit.
    base: i32,
    /// The strips it would cover.
    at: (i32, i32),
    /// Strips that it is on.
    body: u64,
    /// Strips that it would come over.
    fresh: u64,
    /// Strips on which nobody was met whom it must not touch.
    hard: u64,
    /// Strips on which nobody was met whom it keeps clear of.
    soft: u64,
    found: Ahead,
}

impl Eyes<'_> {
    /// Nobody further ahead matters.
    fn are_full(&self) -> bool {
        self.hard | self.soft == 0
    }

    fn mask(&self, (left, right): (i16, i16)) -> u64 {
        bits(self.base, left.into(), right.into())
    }

    /// Drives no more strongly than at `accel`, for whoever is on `theirs`.
    fn answer(&mut self, accel: f32, theirs: (i16, i16)) {
        if accel < self.found.accel {
            (self.found.accel, self.found.leader) = (accel, Some(theirs));
        }
    }

    /// Meets somebody on `theirs` who drives at `v`, its rear `gap` metres ahead; those nearer by their fronts were met before. `bound` is the speed at which one is
    /// safe behind it; `leader` is what one follows, and how far ahead that was when the step began.
    #[inline(always)]
    fn meet(&mut self, theirs: (i16, i16), gap: f32, v: f32, bound: impl FnOnce() -> f32, leader: impl FnOnce() -> (f32, Leader)) {
        let mask = self.mask(theirs);
        if gap < 0.0 {
            self.found.blocked |= mask & self.fresh != 0;
            if mask & self.body == 0 {
                // Beside me, and it stays there: who is behind by a nose gives it room.
                if mask & self.soft != 0 && mask & self.fresh == 0 {
                    self.answer(squeeze(self.c, self.me.v, self.at, theirs, v), theirs);
                }
                return;
            }
        } // touching ahead counts as a gap of 0, it is never skipped
        if mask & self.hard != 0 {
            self.found.bound = self.found.bound.min(bound());
            self.hard &= !mask;
        }
        if mask & self.soft != 0 {
            let (gap, leader) = leader();
            let mut x = match &self.c.machine {
                None => follow_accel(&self.driver, self.me.v, gap, leader.v),
                Some(m) => m.follow(self.me.v, gap, leader, self.dt),
            };
            if mask & (self.body | self.fresh) == 0 {
                x = x.max(squeeze(self.c, self.me.v, self.at, theirs, v)); // only nearer sideways than one likes
            }
            self.answer(x, theirs);
            self.soft &= !mask;
        }
    }

    /// A tail of somebody who left the link is ahead of everybody who shares its strips: it comes last, and in its old state.
    fn meet_tail(&mut self, o: &Shadow) {
        let mask = self.mask((o.left, o.right));
        let gap = o.rear - self.me.s;
        if gap < 0.0 {
            self.found.blocked |= mask & self.fresh != 0;
            if mask & self.body == 0 {
                return;
            }
        }
        if mask & self.hard != 0 {
            self.found.bound = self.found.bound.min(safe_speed_old(gap, o.v, self.c.brake, BRAKE_HARDEST_MPS2, self.dt));
        }
        if mask & self.soft != 0 {
            let x = follow_accel(&self.driver, self.me.v, gap, o.soon);
            let only_near = mask & (self.body | self.fresh) == 0;
            let near = || squeeze(self.c, self.me.v, self.at, (o.left, o.right), o.v);
            self.found.accel = self.found.accel.min(if only_near { x.max(near()) } else { x });
        }
    }

    /// What a closed stretch ahead or beside allows, whoever stands before it. `wide` are the strips to keep clear of.
    fn meet_block(&mut self, o: &Block, wide: u64) {
        let (me, c) = (self.me, self.c);
        let mask = self.mask((o.left, o.right));
        let gap = o.from - me.s;
        if mask == 0 || me.rear() >= o.to || !o.is_for(me.class) {
            return;
        }
        if gap < 0.0 {
            self.found.blocked |= mask & self.fresh != 0;
            return; // inside it, or beside it
        }
        let bound = way_speed((gap - ROUNDING_M).max(0.0), c.brake, self.dt);
        if bound < me.v - c.brake * self.dt {
            return; // it appeared too late to stop before it
        }
        if mask & (self.body | self.fresh) != 0 {
            self.found.bound = self.found.bound.min(bound);
        }
        if mask & wide != 0 {
            let mut x = follow_accel(&self.driver, me.v, gap, 0.0);
            if mask & (self.body | self.fresh) == 0 {
                x = x.max(squeeze(c, me.v, (me.left.into(), me.right.into()), (o.left, o.right), 0.0));
            }
            self.answer(x, (o.left, o.right));
        }
    }

    /// What a line allows at which it must stop.
    fn meet_line(&mut self, line: f32) {
        let gap = line - self.me.s;
        self.found.bound = self.found.bound.min(way_speed((gap - ROUNDING_M).max(0.0), self.c.brake, self.dt));
        let x = follow_accel(&self.driver, self.me.v, gap + self.driver.gap0, 0.0);
        if x < self.found.accel {
            (self.found.accel, self.found.leader) = (x, None);
        }
    }
}

/// Looks ahead from row `i` as if it moved its first strip to `to`; `line` is where it must stop (infinite if nowhere).
#[expect(clippy::too_many_arguments, reason = "a hot loop: all it reads is in its signature")]
pub(super) fn look(rows: &[Row], beyond: &Beyond, i: usize, to: i16, road: i16, line: f32, c: &Body, dt: f32) -> Ahead {
    let me = &rows[i];
    let driver = Driver { v0: me.v0, ..c.driver };
    let horizon = horizon_m(me.v);
    let width = i32::from(c.strips);
    let (now, to, road) = (i32::from(me.left), i32::from(to), i32::from(road));
    let (lo, hi) = (to.min(now), to.max(now) + width);
    let cl = clearance(c, me.v);
    let base = lo - cl;
    let body = bits(base, now, now + width);
    let fresh = bits(base, lo, hi) & !body;
    let soft = bits(base, (to - cl).max(0), (to + width + cl).min(road));
    let found = Ahead { accel: free_accel(&driver, me.v), bound: f32::INFINITY, leader: None, blocked: false };
    let mut eyes = Eyes { me, c, driver, dt, base, at: (to, to + width), body, fresh, hard: body | fresh, soft, found };
    for o in rows[..i].iter().rev() {
        // Fronts are sorted, rears are not: a long vehicle further ahead may hide its tail here.
        if o.s - me.s > horizon + LONGEST_M {
            break;
        }
        let gap = o.rear() - me.s;
        let bound = || safe_speed(gap, stop_m(o.v, BRAKE_HARDEST_MPS2, dt), c.brake, dt);
        eyes.meet((o.left, o.right), gap, o.v, bound, || (gap - o.v * dt, Leader { id: o.id, v: o.v, accel: o.accel }));
        if eyes.are_full() {
            break;
        }
    }
    for o in beyond.shadows {
        eyes.meet_tail(o);
    }
    // Pieces ahead of the same road: as further rows, in their old state.
    for o in beyond.ahead {
        let gap = o.rear - me.s;
        if eyes.are_full() || gap + o.length > horizon + LONGEST_M {
            break;
        }
        let bound = || safe_speed_old(gap, o.v, c.brake, BRAKE_HARDEST_MPS2, dt);
        eyes.meet((o.left, o.right), gap, o.v, bound, || (gap, Leader { id: o.id, v: o.soon, accel: (o.soon - o.v) / dt }));
    }
    for o in beyond.blocks {
        eyes.meet_block(o, soft);
    }
    if line.is_finite() {
        eyes.meet_line(line);
    }
    eyes.found
}

#[cfg(test)]
mod tests {
    use super::super::rows::NO_LANE;
    use super::*;
    use crate::{class::ClassTable, driving::Machine, ids::VehicleId};

    fn body(length: f32) -> Body {
        let p = ClassTable::default();
        let p = p.get(crate::class::VehicleClass::Car);
        Body {
            length,
            width: p.width_m,
            strips: 15,
            driver: Driver { v0: 14.0, accel: 1.4, half_inv_sqrt_ab: 0.3, headway: 1.15, gap0: 1.8 },
            comfort: 2.0,
            brake: 6.0,
            clear0: 0.25,
            clear_s: 0.03,
            lateral: 0.8,
            keeps_lane: true,
            critical_gap: 3.5,
            courtesy: 2.0,
            pcu: 1.0,
            machine: None,
        }
    }

    fn row(s: f32, v: f32, length: f32, left: i16) -> Row {
        Row { s, v, length, left, right: left + 15, want: left, before: s, ..Row::sample() }
    }

    #[test]
    fn a_long_vehicle_whose_front_is_far_does_not_hide_its_tail() {
        // Fronts are sorted, rears are not: beside us a short vehicle is nearer by its front, ahead of us the tail of a long one is nearer.
        let rows = [row(30.0, 0.0, 16.5, 0), row(24.0, 0.0, 1.0, 20), row(10.0, 10.0, 4.6, 0)];
        let seen = look(&rows, &Beyond::default(), 2, 0, 56, f32::INFINITY, &body(4.6), 0.5);
        assert_eq!(seen.leader, Some((0, 15)));
        assert!(seen.bound * 0.5 + stop_m(seen.bound, 6.0, 0.5) <= 3.5 + 1e-3, "{seen:?}");
    }

    #[test]
    fn a_leader_that_touches_counts_as_a_gap_of_nothing() {
        let rows = [row(14.6 - 5e-6, 0.0, 4.6, 0), row(10.0, 3.0, 4.6, 0)];
        let seen = look(&rows, &Beyond::default(), 1, 0, 28, f32::INFINITY, &body(4.6), 0.5);
        assert!(seen.bound <= 1e-6, "it would drive through: {seen:?}");
    }

    #[test]
    fn whoever_is_beside_blocks_a_move_and_nothing_else() {
        let rows = [row(12.0, 5.0, 4.6, 20), row(10.0, 5.0, 4.6, 0)];
        assert!(!look(&rows, &Beyond::default(), 1, 0, 56, f32::INFINITY, &body(4.6), 0.5).blocked);
        assert!(look(&rows, &Beyond::default(), 1, 8, 56, f32::INFINITY, &body(4.6), 0.5).blocked);
        let tail = [Shadow { id: VehicleId(9), length: 4.6, class: 2, rear: 8.0, v: 0.0, soon: 0.0, left: 20, right: 35, onto: NO_LANE }];
        assert!(look(&rows[1..], &Beyond { shadows: &tail, ahead: &[], blocks: &[] }, 0, 8, 56, f32::INFINITY, &body(4.6), 0.5).blocked);
    }

    fn motorcycle(s: f32, v: f32, left: i16) -> Row {
        Row { right: left + 6, ..row(s, v, 1.9, left) }
    }

    fn scooter() -> Body {
        Body { length: 1.9, width: 0.75, strips: 6, keeps_lane: false, comfort: 2.5, clear_s: 0.05, ..body(1.9) }
    }

    #[test]
    fn whether_the_one_abreast_has_moved_already_does_not_matter() {
        let dt = 0.5;
        let before = [motorcycle(10.0, 8.0, 7), motorcycle(10.0, 8.0, 0)];
        let after = [motorcycle(14.0, 8.0, 7), motorcycle(10.0, 8.0, 0)];
        let [a, b] = [before, after].map(|rows| look(&rows, &Beyond::default(), 1, 0, 56, f32::INFINITY, &scooter(), dt).accel);
        assert!((a - b).abs() < 1e-6, "{a} before the other moved, {b} after");
        assert!((-2.5..0.0).contains(&a), "it falls back gently: {a}");
    }

    #[test]
    fn whoever_is_beyond_a_joint_is_met_as_on_the_link() {
        // A truck before, or with its tail beside; in the way, or only nearer sideways than one likes.
        for (s, left) in [(40.0, 0), (20.0, 15), (20.0, 18), (40.0, 18)] {
            let truck = Row { right: left + 20, ..row(s, 3.0, 16.5, left) };
            let (r, l, v) = (truck.rear(), truck.length, truck.v);
            let shadow = Shadow { id: truck.id, length: l, class: truck.class, rear: r, v, soon: v, left, right: left + 20, onto: NO_LANE };
            let acc = Machine { headway: 1.1, linked_headway: 1.1, gap0: 2.0, connects: false, longest: 1, link: None };
            for (mine, machine) in [(0, None), (40, None), (0, Some(acc))] {
                let me = motorcycle(10.0, 6.0, mine);
                let body = Body { machine, ..scooter() };
                let beyond = Beyond { ahead: &[shadow], ..Beyond::default() };
                let seen = |rows: &[Row], beyond: &Beyond, i| look(rows, beyond, i, mine, 56, f32::INFINITY, &body, 0.5);
                // Its newest place on the link, its old one beyond: half a second of its way apart.
                let moved = Row { s: s + v * 0.5, ..truck };
                let (on, over) = (seen(&[moved, me], &Beyond::default(), 1), seen(&[me], &beyond, 0));
                assert_eq!(on.leader, over.leader, "{s} {left} {mine}: {on:?} {over:?}");
                assert!((on.accel - over.accel).abs() < 1e-4, "{s} {left} {mine}: {on:?} {over:?}");
            }
        }
    }

    #[test]
    fn beside_somebody_one_drives_as_the_room_between_allows() {
        let accel = |theirs: i16, v: f32| {
            let rows = [motorcycle(10.2, v, theirs), motorcycle(10.0, v, 0)];
            look(&rows, &Beyond::default(), 1, 0, 56, f32::INFINITY, &scooter(), 0.5).accel
        };
        // 0.25 m and 0.05 s at 6 m/s ask for 0.55 m: four whole strips.
        assert!(accel(10, 6.0) > 0.0, "half a metre is enough");
        assert!(accel(8, 6.0) < 0.0, "a quarter is not");
        assert!(accel(8, 1.0) > 0.0, "but at walking pace it is");
        let wide = [Row { right: 22, ..row(10.2, 4.0, 4.6, 7) }, motorcycle(10.0, 5.0, 0)];
        let passing = look(&wide, &Beyond::default(), 1, 0, 56, f32::INFINITY, &scooter(), 0.5);
        assert!(passing.accel > 0.0 && passing.accel < 0.3, "it filters past the car at up to 6 m/s: {passing:?}");
    }

    #[test]
    fn the_line_is_reached_without_braking_beyond_the_limit_and_never_crossed() {
        for dt in [0.1f32, 0.25, 0.5, 1.0] {
            let mut rows = [row(0.0, 14.0, 4.6, 0)];
            for _ in 0..(60.0 / dt) as usize {
                let seen = look(&rows, &Beyond::default(), 0, 0, 28, 100.0, &body(4.6), dt);
                let me = &mut rows[0];
                let v = (me.v + seen.accel.max(-6.0) * dt).min(seen.bound).max(0.0);
                assert!(me.v - v <= 6.0 * dt + 1e-3);
                me.v = v;
                me.s += v * dt;
            }
            assert!((98.0..=100.0).contains(&rows[0].s) && rows[0].v < 0.1, "at steps of {dt} s it stands at {}", rows[0].s);
        }
    }
}
