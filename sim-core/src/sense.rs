//! Phase 3: what the way ahead across segments allows each holder of a grant. Everybody else is seen in the old state and assumed to brake
//! as hard as any class can during this very step, so the answers hold in whatever order `move` updates.

use crate::{
    class::BRAKE_HARDEST_MPS2,
    ids::LinkId,
    joint::horizon_m,
    junction::{Course, Leg, Place, Yield},
    kinematics::{Driver, ROUNDING_M, arrive_accel, follow_accel, free_accel, safe_speed_old, stop_m, time_over, way_speed},
    plan::{Body, LONGEST_M, Plan},
    segment::Road,
    strips::bits,
    vehicles::{Seen, Vehicles},
};

/// Who comes when another is expected to be gone comes so much later, seconds (assumed) …
pub(crate) const SPARE_S: f32 = 0.1;
/// … and could then still stop before the place with this share of its hardest braking (assumed).
pub(crate) const SPARED: f32 = 0.9;
/// Whoever is slower than this may be about to stand, m/s (assumed).
pub(crate) const GOING_MPS: f32 = 1.0;

/// Acceleration and highest safe speed of one holder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sensed {
    pub(crate) accel: f32,
    pub(crate) bound: f32,
    /// Way to where it must stop on its last link, metres; infinite if nowhere.
    pub(crate) stop: f32,
}

impl Sensed {
    fn limit(&mut self, accel: f32, bound: f32) {
        self.accel = self.accel.min(accel);
        self.bound = self.bound.min(bound);
    }
}

/// What the legs beyond the front allow.
///
/// `body`: as it is driven at present. `stop`: where on its last link it must stop, metres; infinite if nowhere.
pub(crate) fn sense(plan: &Plan, roads: &[&Road], vehicles: &Vehicles, c: &Course, body: &Body, wish_mps: f32, stop: f32) -> Sensed {
    let driver = Driver { v0: wish_mps, ..body.driver };
    let mut out = Sensed { accel: free_accel(&driver, c.v), bound: f32::INFINITY, stop: (c.last().start - c.front) as f32 + stop };
    let horizon = horizon_m(c.v);
    // Over joints its row looks itself.
    let mut is_seen = c.legs[c.at].link().is_some();
    for (i, leg) in c.legs.iter().enumerate().skip(c.at) {
        let offset = (leg.start - c.front) as f32;
        if offset > horizon {
            return out;
        }
        match &leg.place {
            Place::Link(link) => {
                if i > c.at {
                    let road = roads[link.index()];
                    blocks_on(plan, road, leg, offset, c, body, &driver, &mut out);
                    if !is_seen {
                        bodies_on(plan, road, leg, offset, c, body, &driver, horizon, &mut out);
                    }
                    slow_to(link_wish(plan, c, *link, wish_mps), offset, c.v, &driver, &mut out);
                }
            }
            Place::Junction { movement, path, yields, .. } => {
                is_seen &= i <= c.at || plan.joints.is(*movement);
                slow_to(path.turn_speed, offset, c.v, &driver, &mut out);
                for y in yields {
                    yield_to(plan, vehicles, y, -offset, c, body, &driver, &mut out);
                }
            }
        }
    }
    if stop.is_finite() {
        let way = out.stop;
        let gap = way + driver.gap0;
        out.limit(follow_accel(&driver, c.v, gap, 0.0), way_speed((way - ROUNDING_M).max(0.0), body.brake, plan.dt));
    }
    out
}

fn link_wish(plan: &Plan, c: &Course, link: LinkId, wish_mps: f32) -> f32 {
    plan.network.link(link).limits.of(crate::class::VehicleClass::ALL[usize::from(c.class)]).min(wish_mps.max(3.0))
}

/// Slows in comfort to `speed`, due `way` ahead.
fn slow_to(speed: f32, way: f32, v: f32, driver: &Driver, out: &mut Sensed) {
    if v > speed {
        let accel = if way > 1.0 { (speed * speed - v * v) / (2.0 * way) } else { free_accel(&Driver { v0: speed, ..*driver }, v) };
        // Not before it is worth braking for.
        if way <= 1.0 || accel < -0.5 * driver.accel {
            out.accel = out.accel.min(accel.max(-3.0));
        }
    } else if way <= 0.0 {
        out.accel = out.accel.min(free_accel(&Driver { v0: speed, ..*driver }, v));
    }
}

/// Closed stretches of a link that the course goes onto.
#[expect(clippy::too_many_arguments, reason = "a hot loop: all it reads is in its signature")]
fn blocks_on(plan: &Plan, road: &Road, leg: &Leg, offset: f32, c: &Course, body: &Body, driver: &Driver, out: &mut Sensed) {
    let base = i32::from(leg.left);
    let open = bits(base, leg.left.into(), leg.right.into());
    for block in &road.hindrances.blocks {
        // A link that is shut from its start gives no more grants: whoever has one drives in.
        let is_seen = block.from > 0.0 && offset + block.from >= 0.0;
        if bits(base, block.left.into(), block.right.into()) & open != 0 && block.is_for(c.class) && is_seen {
            let bound = behind_standing(offset + block.from, body, plan.dt);
            if bound >= c.v - body.brake * plan.dt {
                out.limit(follow_accel(driver, c.v, offset + block.from, 0.0), bound);
            }
        }
    }
}

/// Bodies on a link that the course goes onto.
#[expect(clippy::too_many_arguments, reason = "a hot loop: all it reads is in its signature")]
fn bodies_on(plan: &Plan, road: &Road, leg: &Leg, offset: f32, c: &Course, body: &Body, driver: &Driver, horizon: f32, out: &mut Sensed) {
    let base = i32::from(leg.left);
    let mut open = bits(base, leg.left.into(), leg.right.into());
    // A leader is answered to with the speed it will have if it goes on as in the last step: on a link its newest speed is known.
    let mut meet = |rear: f32, v: f32, soon_mps: f32| {
        let bound = if rear >= 0.0 {
            safe_speed_old(offset + rear, v, body.brake, BRAKE_HARDEST_MPS2, plan.dt)
        } else {
            // Its tail is still in the junction, where its corridor is dealt with: here the start of the link stands for it, until it
            // has left the junction; or its rear as a moving leader.
            let soon = (rear + (v - BRAKE_HARDEST_MPS2 * plan.dt).max(0.0) * plan.dt).max(0.0);
            behind_standing(offset + soon, body, plan.dt).max(behind_moving(offset + rear, v, body, plan.dt))
        };
        out.limit(follow_accel(driver, c.v, offset + rear.max(0.0), soon_mps), bound);
    };
    for row in road.rows.iter().rev() {
        if offset + row.s > horizon + LONGEST_M {
            break;
        }
        let mask = bits(base, row.left.into(), row.right.into());
        if mask & open != 0 {
            meet(row.rear(), row.v, (row.v + row.accel * plan.dt).max(0.0));
            open &= !mask;
            if open == 0 {
                return;
            }
        }
    }
    for shadow in &road.shadows {
        if bits(base, shadow.left.into(), shadow.right.into()) & open != 0 {
            meet(shadow.rear, shadow.v, shadow.soon);
        }
    }
}

/// A holder before this one in the order: `x` is the way of this one's front from the start of its path (negative before it).
#[expect(clippy::too_many_arguments, reason = "a hot loop: all it reads is in its signature")]
fn yield_to(plan: &Plan, vehicles: &Vehicles, y: &Yield, x: f32, c: &Course, body: &Body, driver: &Driver, out: &mut Sensed) {
    let dt = plan.dt;
    let other = vehicles.seen[y.to.index()];
    let rear = rear_of(y, other);
    let slowed = (other.v - BRAKE_HARDEST_MPS2 * dt).max(0.0);
    let Some(limit) = y.touch.limit_at(rear) else { return };
    let Some(lead) = y.touch.lead_at(rear) else { return };
    // Either certificate is enough: their corridor as a standing leader where it will at least have moved to in this step …
    let Some(limit_soon) = y.touch.limit_at(rear + slowed * dt) else { return };
    // … or their rear as a moving leader.
    let gap = rear + lead - x;
    let bound = behind_standing(limit_soon - x, body, dt).max(behind_moving(gap, other.v, body, dt));
    let mut accel = follow_accel(driver, c.v, limit - x + driver.gap0, 0.0);
    if y.follows {
        // What keeps bodies apart at an angle is not a gap between bumpers.
        let between = (body.width + y.width) * 0.5 + 0.6;
        accel = accel.max(follow_accel(driver, c.v, gap + between, other.soon));
    } else if let Some(time) = gone_in(plan, vehicles, y, other.v, rear)
        && let Some(in_time) = arrive_accel(limit - x, c.v, time, body.brake * SPARED, dt)
    {
        // It will be gone: come when it is, rather than stop for it.
        accel = accel.max(in_time);
    }
    out.limit(accel, bound);
}

/// Where the rear of the one yielded to is, metres from the start of its path.
fn rear_of(y: &Yield, other: Seen) -> f32 {
    (other.front - f64::from(y.length) - y.leg) as f32
}

/// How long until the one yielded to has left the place where the two touch, seconds, if nobody but those before it in the order
/// hinders it; `None` if it waits for somebody of whom that cannot be told.
fn gone_in(plan: &Plan, vehicles: &Vehicles, y: &Yield, v: f32, rear: f32) -> Option<f32> {
    let course = vehicles.course(y.to)?;
    let leg = course.legs.iter().find(|leg| leg.start == y.leg)?;
    let Place::Junction { path, yields, .. } = &leg.place else { return None };
    let accel = plan.bodies[usize::from(course.class)].driver.accel;
    let top = path.turn_speed.min(plan.desired[y.to.index()]);
    let x = (course.front - leg.start) as f32;
    let mut waits = 0.0f32;
    for before in yields {
        let third = vehicles.seen[before.to.index()];
        let Some(limit) = before.touch.limit_at(rear_of(before, third)) else { continue };
        if third.v < GOING_MPS {
            return None;
        }
        if !before.follows {
            waits = waits.max((before.touch.clear - rear_of(before, third)) / third.v - time_over(limit - x, v, accel, top));
        }
    }
    Some(time_over(y.touch.clear - rear, v, accel, top) + waits + SPARE_S)
}

/// Highest safe speed before something that stands `gap` ahead.
fn behind_standing(gap: f32, body: &Body, dt: f32) -> f32 {
    way_speed((gap - ROUNDING_M).max(0.0), body.brake, dt)
}

/// Highest safe speed behind a rear `gap` ahead (negative if this front is past it on a path beside) that moves with `v`.
fn behind_moving(gap: f32, v: f32, body: &Body, dt: f32) -> f32 {
    let slowed = (v - BRAKE_HARDEST_MPS2 * dt).max(0.0);
    let way = gap + stop_m(v, BRAKE_HARDEST_MPS2, dt) - ROUNDING_M;
    way_speed(way.max(0.0), body.brake, dt).min((gap - ROUNDING_M + slowed * dt).max(0.0) / dt)
}
