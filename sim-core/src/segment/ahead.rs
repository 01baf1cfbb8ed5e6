//! Looks ahead on a link: how fast is safe, and how strongly to accelerate.

use super::rows::{Row, Shadow};
use crate::{
    class::BRAKE_HARDEST_MPS2,
    kinematics::{Driver, follow_accel, free_accel, safe_speed, safe_speed_old, stop_m, way_speed},
    plan::{Body, LONGEST_M},
    strips::{STRIP_M, bits},
};

/// Past somebody nearer sideways than the clearance one goes on at this speed, m/s (assumed: a brisk walk).
const SQUEEZE_MPS: f32 = 2.0;

/// What a look ahead found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ahead {
    /// Acceleration of the car-following law, m/s².
    pub(super) accel: f32,
    /// Highest safe speed after this step, m/s.
    pub(super) bound: f32,
    /// Row that limits the acceleration; `usize::MAX` if none does.
    pub(super) leader: usize,
    /// Somebody is beside where it would move.
    pub(super) blocked: bool,
}

/// Lateral clearance at this speed, strips.
pub(super) fn clearance(c: &Body, v: f32) -> i32 {
    (((c.clear0 + c.clear_s * v) / STRIP_M) as i32).min(16)
}

/// Looks ahead from row `i` as if it moved its first strip to `to`; `line` is where it must stop (infinite if nowhere).
#[expect(clippy::too_many_arguments, reason = "a hot loop: all it reads is in its signature")]
pub(super) fn look(rows: &[Row], shadows: &[Shadow], i: usize, to: i16, road: i16, line: f32, c: &Body, dt: f32) -> Ahead {
    let me = &rows[i];
    let driver = Driver { v0: me.v0, ..c.driver };
    let horizon = 10.0 + 2.5 * me.v + me.v * me.v * 0.25;
    let width = i32::from(c.strips);
    let (now, to, road) = (i32::from(me.left), i32::from(to), i32::from(road));
    let (lo, hi) = (to.min(now), to.max(now) + width);
    let cl = clearance(c, me.v);
    let base = lo - cl;
    let body = bits(base, now, now + width);
    let fresh = bits(base, lo, hi) & !body;
    let mut hard = body | fresh;
    let mut soft = bits(base, (to - cl).max(0), (to + width + cl).min(road));
    let mut a = Ahead { accel: free_accel(&driver, me.v), bound: f32::INFINITY, leader: usize::MAX, blocked: false };
    let squeeze = c.driver.accel * (1.0 - me.v / SQUEEZE_MPS);
    for j in (0..i).rev() {
        let o = &rows[j];
        let gap = o.rear() - me.s;
        // Fronts are sorted, rears are not: a long vehicle further ahead may hide its tail here.
        if o.s - me.s > horizon + LONGEST_M {
            break;
        }
        let mask = bits(base, o.left.into(), o.right.into());
        if gap < 0.0 {
            if mask & fresh != 0 {
                a.blocked = true;
                return a;
            }
            if mask & body == 0 {
                continue; // beside me, and it stays there
            }
        } // touching ahead counts as a gap of 0, it is never skipped
        if mask & hard != 0 {
            a.bound = a.bound.min(safe_speed(gap, stop_m(o.v, BRAKE_HARDEST_MPS2, dt), c.brake, dt));
            hard &= !mask;
        }
        if mask & soft != 0 {
            let mut x = follow_accel(&driver, me.v, gap - o.v * dt, o.v);
            if mask & (body | fresh) == 0 {
                x = x.max(squeeze); // only nearer sideways than one likes
            }
            if x < a.accel {
                a.accel = x;
                a.leader = j;
            }
            soft &= !mask;
        }
        if hard | soft == 0 {
            break;
        }
    }
    // Tails of those who left the link are ahead of everybody who shares their strips: they come last, and in their old state.
    for o in shadows {
        let mask = bits(base, o.left.into(), o.right.into());
        let gap = o.rear - me.s;
        if gap < 0.0 {
            if mask & fresh != 0 {
                a.blocked = true;
                return a;
            }
            if mask & body == 0 {
                continue;
            }
        }
        if mask & hard != 0 {
            a.bound = a.bound.min(safe_speed_old(gap, o.v, c.brake, BRAKE_HARDEST_MPS2, dt));
        }
        if mask & soft != 0 {
            let x = follow_accel(&driver, me.v, gap, o.v);
            a.accel = a.accel.min(if mask & (body | fresh) == 0 { x.max(squeeze) } else { x });
        }
    }
    if line.is_finite() {
        let gap = line - me.s;
        a.bound = a.bound.min(way_speed((gap - crate::kinematics::ROUNDING_M).max(0.0), c.brake, dt));
        let x = follow_accel(&driver, me.v, gap + driver.gap0, 0.0);
        if x < a.accel {
            a.accel = x;
            a.leader = usize::MAX;
        }
    }
    a
}
