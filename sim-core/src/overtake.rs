//! Overtaking through the opposing half of an undivided road, under a grant.
//!
//! A driver held up by somebody slow asks; while everybody stands still between two steps it is looked whether the whole manoeuvre fits: a
//! stretch of the opposing half that nobody is on and nobody will reach before it is over, room to come back ahead of the one who is
//! overtaken even if whoever is before that one stood, no junction, crossing or closed stretch near. If so the stretch is lent: to those who
//! come it is a closed stretch, to the borrower more road, with a line at its end that it does not pass before it is back. So the two
//! directions never share a place, whatever happens. It is given back when the borrower is in its own half again.
//!
//! Places on the two halves are matched by their share of the length: both run from stop line to stop line of one road.

use crate::{
    class::ClassSet,
    ground::Ground,
    ids::{LinkId, VehicleId},
    incident::Block,
    network::{LinkKind, RoadClass, RoadNetwork},
    plan::{Body, Plan},
    segment::{FERRY, HOLDER, OVER, Road, Row, TAIL},
    strips::{STRIP_M, overlap},
};
use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};

/// Nobody overtakes for less than this, m/s (assumed: 9 km/h).
const WORTH_MPS: f32 = 2.5;
/// Only somebody so near is overtaken, front to front, metres (assumed).
const HELD_UP_M: f32 = 60.0;
/// A manoeuvre is planned so much longer than it should take (assumed).
const SPARE: f32 = 1.2;
/// Those who come from the other side are to reach the stretch so much later than it is needed, seconds (assumed): else they would brake.
const SPARE_S: f32 = 5.0;
/// Moving over and back, seconds (assumed).
const ACROSS_S: f32 = 3.0;
/// No overtaking nearer to a stop line than this, metres (assumed).
const NEAR_JUNCTION_M: f32 = 30.0;
/// Room kept to either end of a stretch that is lent, metres (assumed).
const ROOM_M: f32 = 10.0;
/// Two stretches of one road are at least so far apart, metres (assumed).
const APART_M: f32 = 50.0;
/// Who has not begun after so long gives up, seconds (assumed).
const BEGIN_S: f64 = 6.0;
/// Speed of those who are not on the link yet, m/s (assumed: 54 km/h).
const UNKNOWN_MPS: f32 = 15.0;

/// A stretch of the opposing half that is lent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Overtake {
    /// To whom.
    pub(crate) id: VehicleId,
    /// Whom it overtakes.
    pub(crate) slow: VehicleId,
    /// The borrower's own link.
    pub(crate) link: LinkId,
    /// Where it begins, metres along the borrower's link.
    pub(crate) from: f32,
    /// Where the borrower must be back, metres along its link.
    pub(crate) until: f32,
    /// How many strips beyond the middle of the road are lent.
    pub(crate) strips: i16,
    /// Since when, seconds after midnight.
    pub(crate) since_s: f64,
}

/// All stretches that are lent.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Overtakes {
    pub(crate) all: Vec<Overtake>,
    /// Links on which something was given back since they were last looked at.
    #[serde(skip)]
    given_back: Vec<LinkId>,
}

/// Whether the opposing half of a link may be borrowed: one lane each way, no barrier between.
pub(crate) fn is_undivided(network: &RoadNetwork, link: LinkId) -> bool {
    let one = network.link(link);
    let Some(other) = one.opposite.map(|o| network.link(o)) else { return false };
    let fits = |l: &crate::network::Link| {
        matches!(l.kind, LinkKind::Road) && l.lanes.len() == 1 && !l.is_roundabout && l.class != RoadClass::Motorway
    };
    fits(one) && fits(other)
}

impl Overtakes {
    /// Links whose hindrances depend on what is lent, or was until now.
    pub(crate) fn places(&self, plan: &Plan) -> Vec<LinkId> {
        let lent = self.all.iter().filter_map(|o| plan.network.link(o.link).opposite);
        lent.chain(self.given_back.iter().copied()).collect()
    }

    /// Closes what is lent to those who come from the other side.
    pub(crate) fn hinder(&mut self, plan: &Plan, roads: &mut [&mut Road]) {
        self.given_back.clear();
        for o in &self.all {
            if let Some((other, block)) = o.block(plan) {
                roads[other.index()].hindrances.blocks.push(block);
            }
        }
    }

    /// A vehicle was taken off the road: what was lent to it is free again.
    pub(crate) fn forget(&mut self, plan: &Plan, id: VehicleId) {
        let own = self.all.iter().filter(|o| o.id == id);
        self.given_back.extend(own.filter_map(|o| plan.network.link(o.link).opposite));
        self.all.retain(|o| o.id != id);
    }

    /// Takes back what is no longer needed, and lends to those who ask.
    pub(crate) fn decide(&mut self, g: &mut Ground, asking: &[(LinkId, VehicleId)], now: f64) {
        let mut all = std::mem::take(&mut self.all);
        all.retain(|o| {
            let goes_on = o.goes_on(g, now);
            if !goes_on {
                self.given_back.extend(g.plan.network.link(o.link).opposite);
                let road = &mut g.roads[o.link.index()];
                if let Some(i) = road.find(o.id) {
                    road.rows[i].flags &= !OVER;
                }
            }
            goes_on
        });
        self.all = all;
        for (link, id) in asking {
            if let Some(overtake) = self.plan(g, *link, *id, now) {
                let road = &mut g.roads[link.index()];
                if let Some(i) = road.find(*id) {
                    road.rows[i].flags |= OVER;
                    self.all.push(overtake);
                }
            }
        }
    }

    /// The manoeuvre, if it fits.
    fn plan(&self, g: &Ground, link: LinkId, id: VehicleId, now: f64) -> Option<Overtake> {
        let plan = g.plan;
        let road = &g.roads[link.index()];
        let i = road.find(id)?;
        let me = &road.rows[i];
        if me.flags & (HOLDER | TAIL | FERRY | OVER) != 0 || me.halt.is_finite() {
            return None;
        }
        let body = &plan.bodies[usize::from(me.class)];
        let j = (0..i).rev().find(|j| overlap(road.rows[*j].left, road.rows[*j].right, me.left, me.right))?;
        let slow = &road.rows[j];
        let strips = out(slow, body, me.v0) + body.strips - plan.strips[link.index()];
        if strips <= 0 {
            return None;
        }
        let (way, time_s) = pass(me, slow, body)?;
        let o = Overtake { id, slow: slow.id, link, from: me.rear(), until: me.s + way, strips, since_s: now };
        let length = plan.network.link(link).length_m;
        if o.until > (length - NEAR_JUNCTION_M).min(me.goal) || me.rear() < NEAR_JUNCTION_M {
            return None;
        }
        // Whoever is before the slow one may stand: there must be room to come back all the same.
        let back = |r: &Row| overlap(r.left, r.right, slow.left.min(me.left), slow.right.max(me.right));
        let is_free = road.rows[..j].iter().all(|r| !back(r) || r.rear() > o.until + ROOM_M);
        let is_closed = |b: &Block, from: f32, to: f32| b.from < to && b.to > from;
        if !is_free || road.hindrances.blocks.iter().any(|b| is_closed(b, o.from, o.until + ROOM_M)) {
            return None;
        }
        let (other, block) = o.block(plan)?;
        if block.left < 0 || self.all.iter().any(|x| x.meets(&o, plan)) {
            return None;
        }
        let on_link = |l: LinkId| plan.walkways.iter().any(|w| w.link == l);
        let half = &g.roads[other.index()];
        let soon = time_s + SPARE_S;
        let is_clear = half.rows.iter().all(|r| match r.s > block.from {
            true => r.rear() > block.to || !overlap(r.left, r.right, block.left, block.right),
            false => block.from - r.s > soon * r.v.max(r.v0),
        });
        // Somebody not yet seen may come onto the link at its start right now.
        let comes = block.from <= soon * UNKNOWN_MPS;
        let tail = half.shadows.iter().any(|s| s.rear < block.to && overlap(s.left, s.right, block.left, block.right));
        let closed = half.hindrances.blocks.iter().any(|b| is_closed(b, block.from, block.to));
        (is_clear && !comes && !tail && !closed && !on_link(link) && !on_link(other)).then_some(o)
    }
}

impl Overtake {
    /// The link of the other direction, and what is closed there.
    fn block(&self, plan: &Plan) -> Option<(LinkId, Block)> {
        let other = plan.network.link(self.link).opposite?;
        let (own, theirs) = (plan.network.link(self.link).length_m, plan.network.link(other).length_m);
        let there = |s: f32| (1.0 - s / own) * theirs;
        let edge = plan.strips[other.index()];
        let (from, to) = (there(self.until) - ROOM_M, there(self.from) + ROOM_M);
        // A hand's breadth more than the body takes.
        Some((other, Block { from, to, left: edge - self.strips - 2, right: edge, classes: ClassSet::ALL }))
    }

    /// Whether two of them are on one road and near each other.
    fn meets(&self, other: &Self, plan: &Plan) -> bool {
        let (from, until) = match other.block(plan) {
            _ if other.link == self.link => (other.from, other.until),
            Some((link, block)) if link == self.link => (block.from, block.to),
            _ => return false,
        };
        self.from < until + APART_M && from < self.until + APART_M
    }

    fn goes_on(&self, g: &Ground, now: f64) -> bool {
        let road = &g.roads[self.link.index()];
        let Some(i) = road.find(self.id) else { return false };
        let (row, own) = (&road.rows[i], g.plan.strips[self.link.index()]);
        let width = row.right - row.left;
        // In its own half, and either back there or still there.
        let is_back = row.right <= own && row.want + width <= own;
        let never_left = row.right <= own && now - self.since_s > BEGIN_S;
        !((is_back && now - self.since_s > f64::from(ACROSS_S)) || never_left)
    }
}

/// The first strip of a body of this class beside `slow`.
fn out(slow: &Row, body: &Body, v: f32) -> i16 {
    slow.right + ((body.clear0 + body.clear_s * v) / STRIP_M) as i16 + 2
}

/// Room behind which it comes back ahead of `slow`, metres: three, and what that one drives in a second (assumed).
fn landing(slow: &Row) -> f32 {
    3.0 + slow.v
}

/// Way and time of passing `slow` with constant, moderate acceleration up to the desired speed; `None` if it is not worth it.
fn pass(me: &Row, slow: &Row, body: &Body) -> Option<(f32, f32)> {
    if me.v0 - slow.v < WORTH_MPS || slow.s - me.s > HELD_UP_M {
        return None;
    }
    let gain = slow.s - me.s + body.length + landing(slow);
    let accel = 0.6 * body.driver.accel;
    let (begin, end) = ((me.v - slow.v).max(0.0), 0.95 * (me.v0 - slow.v));
    let speeding = ((end - begin) / accel).max(0.0);
    let gained = (begin + end) * 0.5 * speeding;
    let time_s =
        if gained >= gain { ((begin * begin + 2.0 * accel * gain).sqrt() - begin) / accel } else { speeding + (gain - gained) / end }
            + ACROSS_S;
    Some((SPARE * (gain + slow.v * time_s) + ROOM_M, time_s))
}

/// Whether somebody so slow is before row `i` that it would overtake.
pub(crate) fn is_held_up(rows: &[Row], i: usize) -> bool {
    let me = &rows[i];
    let near = rows[..i].iter().rev().take_while(|r| r.s - me.s < HELD_UP_M);
    let mut before = near.filter(|r| overlap(r.left, r.right, me.left, me.right));
    before.next().is_some_and(|r| me.v0 - r.v >= WORTH_MPS)
}

/// Where the borrower `i` wants its first strip: beside those it has yet to pass, else back home.
pub(crate) fn path_over(rows: &[Row], i: usize, body: &Body, own: i16, o: &Overtake) -> i16 {
    let me = &rows[i];
    let home = if body.keeps_lane { (own - body.strips) / 2 } else { me.left.min(own - body.strips) }.max(0);
    // Whoever is on the way there, up to the one it overtakes; those ahead of that one it follows.
    let Some(slow) = rows.iter().find(|r| r.id == o.slow).filter(|slow| slow.s + landing(slow) > me.rear()) else { return home };
    // Too late to go on: it falls back behind, and comes home there.
    if slow.s > me.s && (o.until - me.s < 15.0 + 2.0 * me.v || slow.rear() - me.s > HELD_UP_M) {
        return home;
    }
    let near = rows.iter().enumerate().filter(|(n, _)| *n != i).map(|(_, r)| r);
    let in_way = |r: &&Row| r.s <= slow.s && r.s + landing(r) > me.rear() && overlap(r.left - 1, r.right + 1, home, home + body.strips);
    let beside = near.filter(in_way).map(|r| out(r, body, me.v)).max();
    beside.map_or(home, |left| left.clamp(home, own + o.strips - body.strips))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{class::ClassTable, class::VehicleClass, kinematics::Driver};

    fn row(id: u32, s: f32, left: i16) -> Row {
        Row {
            id: VehicleId(id),
            s,
            v: 8.0,
            length: 1.9,
            left,
            right: left + 6,
            want: left,
            before: s,
            class: VehicleClass::Motorcycle.index() as u8,
            kind: 0,
            v0: 11.0,
            ..Row::sample()
        }
    }

    fn rider() -> Body {
        let table = ClassTable::default();
        let p = table.get(VehicleClass::Motorcycle);
        Body {
            length: p.length_m,
            width: p.width_m,
            strips: 6,
            driver: Driver { v0: 11.0, accel: 1.7, half_inv_sqrt_ab: 0.25, headway: 0.65, gap0: 0.5 },
            comfort: 2.5,
            brake: 6.0,
            clear0: 0.25,
            clear_s: 0.05,
            lateral: 0.9,
            keeps_lane: false,
            critical_gap: 1.25,
            courtesy: 0.0,
            pcu: 0.3,
            machine: None,
        }
    }

    /// Where rider 1 wants to be, who overtakes rider 2 and is now on strip 26 of a half of 28, at 100 m.
    fn wish(slow_s: f32, others: &[Row]) -> i16 {
        let mut rows = vec![row(1, 100.0, 26), row(2, slow_s, 16)];
        rows.extend_from_slice(others);
        rows.sort_by(|a, b| b.s.total_cmp(&a.s));
        let i = rows.iter().position(|r| r.id == VehicleId(1)).unwrap_or_default();
        let o = Overtake { id: VehicleId(1), slow: VehicleId(2), link: LinkId(0), from: 80.0, until: 200.0, strips: 10, since_s: 0.0 };
        path_over(&rows, i, &rider(), 28, &o)
    }

    #[test]
    fn it_stays_out_until_it_is_well_past_and_no_longer() {
        assert!(wish(105.0, &[]) > 22 && wish(99.0, &[]) > 22, "beside and behind the slow one it stays out");
        assert_eq!(wish(80.0, &[]), 22, "past it, it comes home");
        assert_eq!(wish(80.0, &[row(3, 97.0, 20)]), 22, "whoever has followed it is none to be passed");
        assert_eq!(wish(80.0, &[row(3, 110.0, 20)]), 22, "nor is who drives ahead of the slow one");
        assert!(wish(105.0, &[row(3, 97.0, 20)]) > 22);
    }

    #[test]
    fn when_it_is_too_late_it_falls_back() {
        let mut rows = vec![row(2, 190.0, 16), row(1, 180.0, 26)];
        let o = Overtake { id: VehicleId(1), slow: VehicleId(2), link: LinkId(0), from: 80.0, until: 200.0, strips: 10, since_s: 0.0 };
        assert_eq!(path_over(&rows, 1, &rider(), 28, &o), 22);
        rows[0].s = 179.0;
        assert!(path_over(&rows, 1, &rider(), 28, &o) > 22, "nearly past, it goes on");
    }
}
