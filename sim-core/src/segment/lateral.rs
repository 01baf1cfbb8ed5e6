//! Sideways: where a driver would like to be, and whether it may move there.
//!
//! The wish is formed about once a second. Two-wheelers look beside their leader's flank; four-wheelers look at the neighbouring lanes,
//! and with growing weight toward the lanes of their next movement. Whether the move is made is decided in every step, strip by strip.

use super::{
    ahead::{Ahead, Beyond, clearance, look},
    give_way::{corridor, within},
    rows::{BLUE, Follower, Incoming, LAST, NO_LANE, Row, Shadow},
};
use crate::{
    class::BRAKE_HARDEST_MPS2,
    ids::LinkId,
    joint::is_kept,
    junction::FARTHEST_GRANT_M,
    kinematics::{safe_speed, stop_m},
    manner::Manner,
    plan::{Body, Plan},
    strips::{bits, overlap},
    vehicles::Vehicles,
};

/// From here on the lanes of the next movement count, metres before the end of the link (assumed).
pub(crate) const LANE_CHOICE_M: f32 = 200.0;
/// The same for two-wheelers, which need less time to cross over (assumed).
const SIDE_CHOICE_M: f32 = 80.0;
/// What a sideways move must bring at least, m/s² (assumed; MOBIL's threshold is 0.1 to 0.2).
const THRESHOLD_MPS2: f32 = 0.15;
/// What leaving a lane that is closed to one's class is worth, m/s² (assumed: more than the dislike of crossing a lane).
const OUT_OF_A_CLOSED_LANE_MPS2: f32 = 1.5;
/// Dislike of moving, m/s² per strip (assumed).
const PER_STRIP_MPS2: f32 = 0.02;

/// Nobody has to brake harder for somebody who moves sideways before it, m/s² (assumed).
const CUT_IN_MPS2: f32 = 2.5;
/// Slower than this counts as a queue to join, m/s (assumed).
const QUEUE_MPS: f32 = 2.0;

/// What one link offers to a look sideways.
pub(super) struct Place<'a> {
    pub(super) plan: &'a Plan,
    pub(super) vehicles: &'a Vehicles,
    pub(super) link: LinkId,
    pub(super) road: i16,
    pub(super) length: f32,
    pub(super) beyond: Beyond<'a>,
    pub(super) incoming: &'a [Incoming],
    pub(super) behind: &'a [Follower],
}

/// Where the first strip of row `i` should be, and that of the lane it must come onto ([`NO_LANE`] if none): toward those of its
/// next movement, or away from one that is shut ahead.
pub(super) fn wish(rows: &[Row], i: usize, keep: &Ahead, line: f32, c: &Body, p: &Place) -> (i16, i16) {
    let me = &rows[i];
    let class = crate::class::VehicleClass::ALL[usize::from(me.class)];
    let to_go = if me.halt.is_finite() {
        me.halt - me.s
    } else if me.goal.is_finite() {
        f32::INFINITY
    } else {
        p.length + p.plan.joints.rest_m(p.link) - me.s
    };
    let mut best = keep.accel + THRESHOLD_MPS2;
    let mut want = me.left;
    let mut consider = |to: i16, bonus: f32| {
        if to == me.left {
            return;
        }
        let a = look(rows, &p.beyond, i, to, p.road, line, c, p.plan.dt);
        let x = a.accel.min(a.bound - me.v) + bonus - PER_STRIP_MPS2 * f32::from((to - me.left).abs());
        if x > best {
            best = x;
            want = to;
        }
    };
    if me.is(BLUE) {
        consider(within(corridor(p.road, p.plan.inner_lane(p.link), c.strips)), 0.5);
    }
    if c.keeps_lane && !me.is(BLUE) {
        let lanes = &p.plan.network.link(p.link).lanes;
        let centre = me.left + c.strips / 2;
        let count = lanes.len() as u8;
        let mut current = count - 1;
        let mut first_strip = [0i16; 24];
        for n in 0..count {
            let (lo, hi) = p.plan.lane_strips(p.link, &(n..n + 1));
            first_strip[usize::from(n)] = (lo + (hi - lo - c.strips) / 2).clamp(0, (p.road - c.strips).max(0));
            if centre < hi && current == count - 1 {
                current = n;
            }
        }
        let at = |n: u8| first_strip[usize::from(n)];
        let in_band = |n: u8| {
            let mid = at(n) + c.strips / 2;
            mid >= me.band.0 && mid < me.band.1
        };
        let any_lane = p.plan.manner[me.id.index()].is(Manner::ANY_LANE);
        let open = |n: u8| any_lane || lanes[usize::from(n)].access.contains(class);
        let toward = if centre < me.band.0 {
            1i8
        } else if centre >= me.band.1 {
            -1
        } else {
            0
        };
        // Who must change joins the queue at its end, and does not drive past it.
        let to_join = if toward == 0 { to_go } else { to_go.min(to_queue(rows, i, p.beyond.ahead)) };
        let weight = (1.0 - to_join / LANE_CHOICE_M).clamp(0.0, 1.0);
        let impatient = keep.accel < 0.5 * c.driver.accel;
        let shut_m = |n: u8| to_block(p, me, p.plan.lane_strips(p.link, &(n..n + 1)));
        let here_m = shut_m(current);
        let out = (1.0 - here_m / LANE_CHOICE_M).clamp(0.0, 1.0);
        let mut must = NO_LANE;
        for side in [-1i8, 1] {
            let Some(n) = current.checked_add_signed(side).filter(|n| *n < count && open(*n)) else { continue };
            if p.plan.config.discipline.own_lanes && toward == 0 && !in_band(n) {
                continue;
            }
            let leaves = out > 0.0 && shut_m(n) > here_m;
            if leaves || (toward == side && weight > 0.0) {
                must = at(n);
            }
            let bonus = if leaves {
                0.3 + 3.0 * out
            } else if toward == side && weight > 0.0 {
                0.3 + 3.0 * weight
            } else if toward == 0 && !in_band(n) && weight > 0.0 {
                -3.0 * weight
            } else if shut_m(n) < here_m.min(LANE_CHOICE_M) {
                -3.0 * (1.0 - shut_m(n) / LANE_CHOICE_M)
            } else if !open(current) {
                OUT_OF_A_CLOSED_LANE_MPS2
            } else if impatient {
                0.0
            } else {
                continue;
            };
            consider(at(n), bonus);
        }
        if want == me.left && (open(current) || count == 1) {
            return (at(current), must); // back to the middle of the lane
        }
        return (want, must);
    }
    let (open_lo, open_hi) = p.plan.used_strips(p.link, me.id);
    let highest = (open_hi - c.strips).max(open_lo);
    let weight = (1.0 - to_go / SIDE_CHOICE_M).clamp(0.0, 1.0);
    if weight > 0.0 && !me.is(BLUE) {
        let to = me.left.clamp(me.band.0, (me.band.1 - c.strips).max(me.band.0)).clamp(open_lo, highest);
        consider(to.clamp(me.left - 16, me.left + 16), 0.3 + 1.5 * weight);
    }
    if me.left < open_lo || me.left > highest {
        consider(me.left.clamp(open_lo, highest), 1.0);
    }
    if keep.accel < 0.5 * c.driver.accel
        && let Some((left, right)) = keep.leader
    {
        let cl = clearance(c, me.v) as i16 + 1;
        for to in [left - c.strips - cl, right + cl] {
            consider(to.clamp(open_lo, highest), 0.0);
        }
    }
    (want, NO_LANE)
}

/// From a row to the next closed stretch on these strips, metres; infinite if there is none.
fn to_block(p: &Place, me: &Row, (lo, hi): (i16, i16)) -> f32 {
    let ahead = p.beyond.blocks.iter().filter(|b| b.is_for(me.class) && b.from >= me.s && overlap(b.left, b.right, lo, hi));
    ahead.map(|b| b.from - me.s).fold(f32::INFINITY, f32::min)
}

/// From row `i` to the end of the queue on the strips its next movement is made from, metres; infinite if none stands there.
fn to_queue(rows: &[Row], i: usize, ahead: &[Shadow]) -> f32 {
    let me = &rows[i];
    let here = rows[..i].iter().rev().map(|r| (r.rear(), r.v, r.left, r.right));
    let mut near = here.chain(ahead.iter().map(|r| (r.rear, r.v, r.left, r.right))).take_while(|r| r.0 - me.s < LANE_CHOICE_M);
    let stands = |r: &(f32, f32, i16, i16)| r.0 >= me.s && r.1 < QUEUE_MPS && overlap(r.2, r.3, me.band.0, me.band.1);
    near.find(stands).map_or(f32::INFINITY, |r| r.0 - me.s)
}

/// Whether everybody behind could live with row `i`, at speed `v_new`, also covering the strips up to `to`.
pub(super) fn may_shift(rows: &[Row], i: usize, to: i16, v_new: f32, c: &Body, p: &Place) -> bool {
    let me = &rows[i];
    let dt = p.plan.dt;
    let (lo, hi) = (to.min(me.left), to.max(me.left) + c.strips);
    let base = i32::from(lo);
    let mut open = bits(base, lo.into(), hi.into()) & !bits(base, me.left.into(), me.right.into());
    let rear = me.rear();
    let way = stop_m(v_new, BRAKE_HARDEST_MPS2, dt);
    for o in p.incoming.iter().filter(|o| !o.joined) {
        if overlap(o.left, o.right, lo, hi) && !overlap(o.left, o.right, me.left, me.right) {
            let other = &p.plan.bodies[usize::from(o.class)];
            let fastest = o.v + other.driver.accel * dt;
            let gap = o.distance + rear - fastest * dt;
            if o.beyond || rear < o.need || gap < 0.1 || stop_m(fastest, other.comfort, dt) > gap + way {
                return false;
            }
        }
    }
    for o in p.behind {
        if overlap(o.left - o.reach, o.right + o.reach, lo, hi) && !overlap(o.left, o.right, me.left, me.right) {
            let other = &p.plan.bodies[usize::from(o.class)];
            let fastest = o.v + other.driver.accel * dt;
            // Whatever happens to this one in the step, it moves on by so much.
            let slowest = (me.v - BRAKE_HARDEST_MPS2 * dt).max(0.0);
            let gap = o.distance + rear + (slowest - fastest) * dt;
            let can = |way: f32, brake: f32| safe_speed(gap, way, other.brake, dt) >= fastest - brake * dt;
            if o.holds || gap < 0.1 || !can(way, CUT_IN_MPS2.min(other.brake)) || !can(stop_m(slowest, BRAKE_HARDEST_MPS2, dt), other.brake)
            {
                return false;
            }
        }
    }
    // Strips on which a holder of a grant may still come from behind: whoever ends its journey here may be before one.
    let mut held = open;
    for o in &rows[i + 1..] {
        let gap = rear - o.s;
        let is_far = gap > 20.0 + o.v.max(25.0) * 3.0;
        if is_far && gap > FARTHEST_GRANT_M {
            break;
        }
        let covered = bits(base, o.left.into(), o.right.into());
        if covered & held == 0 {
            continue;
        }
        // Who is partly behind already comes no nearer, as those on their way to the link and on the pieces behind do not.
        if !overlap(o.left, o.right, me.left, me.right) {
            let other = &p.plan.bodies[usize::from(o.class)];
            // Nobody comes between a holder of a grant and its junction, however far away: it would wait for the holder, and the holder for it.
            if is_kept(p.plan, p.vehicles, o.flags, o.id) {
                return false;
            }
            let can = || gap >= 0.1 && safe_speed(gap, way, other.brake, dt) >= o.v - CUT_IN_MPS2.min(other.brake) * dt;
            if covered & open != 0 && !is_far && !can() {
                return false;
            }
        }
        open &= !covered;
        if !o.is(LAST) {
            held &= !covered;
            if held == 0 {
                break;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

    use super::*;
    use crate::{
        class::{ClassTable, VehicleClass},
        demand::{LinkPosition, Purpose, Trip},
        network::town::approach,
        segment::HOLDER,
        simulation::{SimConfig, Simulation},
    };

    /// The first link of a road of two lanes, with nobody but its rows.
    fn empty_place(simulation: &Simulation) -> Place<'_> {
        Place {
            plan: simulation.plan(),
            vehicles: simulation.world.resource::<Vehicles>(),
            link: LinkId(0),
            road: 56,
            length: 300.0,
            beyond: Beyond::default(),
            incoming: &[],
            behind: &[],
        }
    }

    #[test]
    fn whoever_is_partly_before_a_follower_may_come_before_it_wholly_and_nobody_else_so_near_may() {
        let network = approach(2, 3.5, 300.0, 300.0, false).unwrap();
        let simulation = Simulation::new(network, ClassTable::default(), vec![], vec![], SimConfig::default()).unwrap();
        let place = empty_place(&simulation);
        let body = &place.plan.bodies[VehicleClass::Car.index()];
        let me = Row { s: 100.0, left: 20, right: 20 + body.strips, ..Row::sample() };
        let follower = |left: i16| Row { s: me.rear() - 0.05, left, right: left + body.strips, ..Row::sample() };
        let may = |left: i16| may_shift(&[me, follower(left)], 0, 14, 0.0, body, &place);
        assert!(may(19 - body.strips + 2), "one strip of it is behind me already");
        assert!(!may(19 - body.strips), "it would come behind me within a hand's breadth");
    }

    #[test]
    fn nobody_comes_before_the_holder_of_a_grant_even_if_somebody_drives_between_whose_journey_ends_there() {
        let network = approach(2, 3.5, 300.0, 300.0, false).unwrap();
        let place = |pos_m: f32| LinkPosition { link: LinkId(0), pos_m };
        let trip = Trip {
            ref_: "somebody".into(),
            class: VehicleClass::Motorcycle,
            purpose: Purpose::Personal,
            depart_s: 0.0,
            origin: place(0.0),
            destination: place(200.0),
            route: [LinkId(0)].into(),
            halts: [].into(),
        };
        let simulation = Simulation::new(network, ClassTable::default(), vec![trip], vec![], SimConfig::default()).unwrap();
        let place = empty_place(&simulation);
        let body = &place.plan.bodies[VehicleClass::Car.index()];
        let me = Row { s: 200.0, left: 30, right: 30 + body.strips, v: 10.0, ..Row::sample() };
        let at = |s: f32, flags: u8| Row { s, left: 20, right: 28, v: 10.0, flags, ..Row::sample() };
        let may = |behind: &[Row]| may_shift(&[&[me], behind].concat(), 0, 22, 10.0, body, &place);
        assert!(may(&[at(150.0, LAST)]));
        assert!(!may(&[at(150.0, HOLDER)]) && !may(&[at(20.0, HOLDER)]));
        assert!(!may(&[at(150.0, LAST), at(120.0, HOLDER)]), "when the first has arrived it would be next before the second");
    }
}
