//! How fast is safe: the discrete stopping distance, its exact inverse, and the car-following law.
//!
//! Time goes in steps of `dt`: a vehicle first changes its speed, then moves with the new one. [`stop_m`] is the way it still makes
//! when it brakes by `b·dt` in every step from now on. Two conditions keep a follower (speed `v` after its own update, hardest braking
//! `b`) out of a leader whose rear stands `gap` ahead and who moves with `u` after *its* update, and who may brake with at most `B ≥ b`:
//!
//! - (a) `v·dt ≤ gap`: it does not touch in this step;
//! - (b) `v·dt + stop_b(v) ≤ gap + stop_B(u)`: it can always stop behind where the leader can stop.
//!
//! If (b) holds after a step, then in the next one braking with `b` meets (a) and (b) again, whatever the leader does within `B`
//! (`stop(v) = v'·dt + stop(v')` with `v' = max(0, v − b·dt)`, and (a) follows because `v' > u'` would imply `stop_b(v') ≥ stop_B(u')`).
//! [`safe_speed`] is the largest `v` that meets both.

/// Kept free between what is computed to touch and what touches, metres: swallows the rounding of `f32` positions up to 16 km.
pub const ROUNDING_M: f32 = 2e-3;

/// The whole part of a number that is not negative and small: one instruction on every processor, unlike `floor`.
#[inline]
fn whole(x: f32) -> f32 {
    x as i32 as f32
}

/// Way made from speed `v` until standstill when braking by `brake·dt` in every step and moving with the new speed, metres.
#[inline]
pub fn stop_m(v: f32, brake: f32, dt: f32) -> f32 {
    let q = brake * dt;
    let n = whole(v / q);
    dt * n * (v - q * (n + 1.0) * 0.5)
}

/// The largest `v ≥ 0` with `v·dt ≤ gap` and `v·dt + stop_m(v, brake) ≤ gap + leader_way`, where `leader_way` is the way the
/// leader makes at least until it stands ([`stop_m`] of its speed with the hardest braking of any class; 0 if it stands).
#[inline]
pub fn safe_speed(gap: f32, leader_way: f32, brake: f32, dt: f32) -> f32 {
    let gap = (gap - ROUNDING_M).max(0.0);
    way_speed(gap + leader_way, brake, dt).min(gap / dt)
}

/// The largest `v ≥ 0` with `v·dt + stop_m(v, brake) ≤ way`.
#[inline]
pub fn way_speed(way: f32, brake: f32, dt: f32) -> f32 {
    let q = brake * dt;
    // With n whole braking steps the way is dt·((n + 1)·v − q·n·(n + 1)/2); n is the largest with dt·q·n·(n + 1)/2 ≤ way.
    let n = whole(((1.0 + 8.0 * way / (q * dt)).sqrt() - 1.0) * 0.5);
    ((way / dt + q * n * (n + 1.0) * 0.5) / (n + 1.0)).max(0.0)
}

/// [`safe_speed`] behind a leader of which only the old state is known (gap and speed before this step): it may brake with `hardest`
/// during this very step, so it makes `max(0, u − hardest·dt)·dt` at least.
#[inline]
pub fn safe_speed_old(gap: f32, leader_v: f32, brake: f32, hardest: f32, dt: f32) -> f32 {
    let slowed = (leader_v - hardest * dt).max(0.0);
    let gap = (gap - ROUNDING_M).max(0.0);
    way_speed(gap + stop_m(leader_v, hardest, dt), brake, dt).min((gap + slowed * dt) / dt)
}

/// The time over `way` metres from speed `v`, with acceleration `accel` as long as it is slower than `top`, seconds.
#[inline]
pub fn time_over(way: f32, v: f32, accel: f32, top: f32) -> f32 {
    let way = way.max(0.0);
    let speeding_up_m = (top * top - v * v) / (2.0 * accel);
    if v >= top {
        way / v.max(0.1)
    } else if speeding_up_m >= way {
        ((v * v + 2.0 * accel * way).sqrt() - v) / accel
    } else {
        (top - v) / accel + (way - speeding_up_m) / top
    }
}

/// The even acceleration with which one that is to keep out of a place `way` ahead for another `time` seconds comes as near to it as it
/// may: at its end it could still stop before the place with `brake`. `None` if it has to stand before.
#[inline]
pub fn arrive_accel(way: f32, v: f32, time: f32, brake: f32, dt: f32) -> Option<f32> {
    // (v + w)/2·time + w²/2·brake + w·dt/2 = way, where w is the speed at the end: `w·dt` and [`stop_m`] of it.
    let half = (time + dt) * 0.5;
    let rest = way - v * time * 0.5;
    if rest <= 0.0 || time <= 0.0 {
        return None;
    }
    let w = brake * ((half * half + 2.0 * rest / brake).sqrt() - half);
    Some((w - v) / time)
}

/// What the car-following law needs to know of a driver.
#[derive(Clone, Copy, Debug)]
pub struct Driver {
    /// Desired speed, m/s.
    pub v0: f32,
    /// Acceleration from standstill, m/s².
    pub accel: f32,
    /// `0.5 / √(acceleration · comfortable braking)`, s²/m.
    pub half_inv_sqrt_ab: f32,
    /// Time headway, s.
    pub headway: f32,
    /// Gap to a standing leader, m.
    pub gap0: f32,
}

/// The free term of IDM+ (Schakel, Knoop & van Arem 2012): `a·(1 − (v/v0)⁴)`.
#[inline]
pub fn free_accel(d: &Driver, v: f32) -> f32 {
    let r = v / d.v0;
    let r2 = r * r;
    d.accel * (1.0 - r2 * r2)
}

/// The interaction term of IDM+: `a·(1 − (s*/gap)²)`; the acceleration is the smaller of this and [`free_accel`]. Gap and speeds
/// are of one instant.
#[inline]
pub fn follow_accel(d: &Driver, v: f32, gap: f32, leader_v: f32) -> f32 {
    let star = d.gap0 + (v * d.headway + v * (v - leader_v) * d.half_inv_sqrt_ab).max(0.0);
    let q = star / gap.max(0.1);
    d.accel * (1.0 - q * q)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, step by step.
    fn stop_by_steps(mut v: f64, brake: f64, dt: f64) -> f64 {
        let mut way = 0.0;
        loop {
            v -= brake * dt;
            if v <= 0.0 {
                return way;
            }
            way += v * dt;
        }
    }

    fn step() -> impl Strategy<Value = f32> {
        prop::sample::select(vec![0.1f32, 0.25, 0.3, 0.5, 0.7, 1.0])
    }

    proptest! {
        #[test]
        fn stopping_distance_is_what_braking_step_by_step_gives(v in 0.0f32..40.0, b in 1.0f32..6.0, dt in step()) {
            let expected = stop_by_steps(v.into(), b.into(), dt.into());
            prop_assert!((f64::from(stop_m(v, b, dt)) - expected).abs() < 2e-3 + expected * 1e-5, "{} {expected}", stop_m(v, b, dt));
        }

        #[test]
        fn the_safe_speed_is_safe_and_no_larger_one_is(gap in 0.0f32..200.0, u in 0.0f32..30.0, b in 1.0f32..6.0, dt in step()) {
            let way = stop_m(u, 6.0, dt);
            let v = safe_speed(gap, way, b, dt);
            let slack = 1e-3 + (gap + way) * 2e-6;
            prop_assert!(v * dt <= gap + slack && v * dt + stop_m(v, b, dt) <= gap + way + slack);
            let more = v + (0.02 + 4.0 * slack) / dt;
            prop_assert!(more * dt > gap - ROUNDING_M || more * dt + stop_m(more, b, dt) > gap + way - ROUNDING_M, "{v} is not the largest");
        }

        #[test]
        fn a_follower_never_touches_a_leader_that_brakes_as_it_likes(
            gap0 in 0.0f32..80.0, u0 in 0.0f32..25.0, v0 in 0.0f32..25.0, b in 1.0f32..6.0, dt in step(),
            wishes in prop::collection::vec(-6.0f32..3.0, 60), old_state in any::<bool>(),
        ) {
            let (mut gap, mut u) = (f64::from(gap0), u0);
            let mut v = v0.min(way_speed(gap0 + stop_m(u0, 6.0, dt), b, dt)); // a state in which (b) holds
            for wish in wishes {
                let slower = (u + wish * dt).max(0.0);
                let bound = if old_state { safe_speed_old(gap as f32, u, b, 6.0, dt) } else {
                    safe_speed((gap + f64::from(slower * dt)) as f32, stop_m(slower, 6.0, dt), b, dt) };
                prop_assert!(bound >= v - b * dt - 0.03, "it would have to brake harder than it can: {bound} after {v}");
                v = bound.min(v + 3.0 * dt);
                gap += f64::from(slower * dt) - f64::from(v * dt);
                u = slower;
                prop_assert!(gap >= -1e-3, "overlap of {gap} m");
            }
        }
    }

    proptest! {
        #[test]
        fn whoever_arrives_in_time_is_where_it_should_be(
            way in 1.0f32..120.0, v in 0.0f32..20.0, time in 0.2f32..12.0, b in 1.0f32..6.0, accel in 0.3f32..3.0, top in 1.0f32..20.0,
        ) {
            let dt = 0.01f32;
            if let Some(a) = arrive_accel(way, v, time, b, 0.5) {
                let end = v + a * time;
                let left = way - (v + end) * 0.5 * time;
                prop_assert!(end >= -1e-3 && (left - (end * end / (2.0 * b) + end * 0.25)).abs() < 1e-2 + way * 1e-3, "{end} {left}");
            } else {
                prop_assert!(way <= v * time * 0.5 + 1e-3);
            }
            let (mut s, mut u, mut t) = (0.0f32, v, 0.0f32);
            while s < way && t < 400.0 {
                if u < top { u = (u + accel * dt).min(top); }
                s += u * dt;
                t += dt;
            }
            prop_assert!((t - time_over(way, v, accel, top)).abs() < 0.05 + t * 0.02, "{t} {}", time_over(way, v, accel, top));
        }
    }

    #[test]
    fn one_common_braking_is_not_enough() {
        // A leader that brakes softer than its follower assumes is no danger; one that brakes harder is. u 10, b 3 before v 16, b 7, gap
        // 8.25 m meets (a) and (b) with each its own braking and ends inside the leader; with the hardest of any class assumed it is refused.
        let dt = 0.5;
        let allowed = safe_speed(8.25, stop_m(10.0, 7.0, dt), 7.0, dt);
        assert!(allowed < 16.0, "{allowed}");
    }

    #[test]
    fn the_textbook_inverse_would_break_the_braking_limit() {
        // v²/2b + v·dt/2 is a lower bound of the discrete sum: its inverse allows more than can be stopped.
        let (dt, b, way) = (1.0f32, 6.0f32, 3.1f32);
        let textbook = -b * dt / 2.0 + (b * b * dt * dt / 4.0 + 2.0 * b * way).sqrt();
        let exact = way_speed(way, b, dt);
        assert!(exact * dt + stop_m(exact, b, dt) <= way + 1e-4);
        assert!((textbook - exact).abs() > 1e-2, "{textbook} {exact}");
    }
}
