//! Merging: who must change lanes is let in by one behind it on the lane that it must come onto, and each lets in one (the zipper of the German StVO,
//! § 7 (4), and of SUMO's co-operative changes, Erdmann 2015); who comes falls in behind the one before it there.
//!
//! It is a courtesy: nobody brakes harder for it than in comfort, who lets somebody in does not stop for it, and the bound knows nothing of it. All that is
//! remembered stands in the rows: [`Row::onto`] of the one who comes, [`LETS_IN`] of the one before which somebody came. Cruise control and two-wheelers let
//! nobody in: the one follows its leader only, the others pass.

use super::{
    ahead::FALL_BACK_MPS,
    rows::{LETS_IN, NO_LANE, Row, Shadow},
};
use crate::{
    kinematics::{Driver, follow_accel},
    plan::{Body, LONGEST_M},
    strips::overlap,
};

/// Drivers look so far ahead for somebody to let in, metres (assumed).
pub(crate) const SEEN_M: f32 = 60.0;
/// Who lets somebody in goes on at this speed at least, m/s (assumed), so that nobody waits for ever for one who does not come.
const CREEP_MPS: f32 = 1.0;

/// One ahead, on the link or on a further piece of the road.
#[derive(Clone, Copy, Debug)]
struct Other {
    s: f32,
    rear: f32,
    v: f32,
    left: i16,
    right: i16,
    onto: i16,
}

impl From<&Row> for Other {
    fn from(r: &Row) -> Self {
        Self { s: r.s, rear: r.rear(), v: r.v, left: r.left, right: r.right, onto: r.onto }
    }
}

impl From<&Shadow> for Other {
    fn from(r: &Shadow) -> Self {
        Self { s: r.rear + r.length, rear: r.rear, v: r.v, left: r.left, right: r.right, onto: r.onto }
    }
}

/// What one does for those who come, and for the one behind which it comes itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Courtesy {
    /// The acceleration for it, m/s²; infinite if there is nobody.
    pub(super) accel: f32,
    /// Whether one came onto its lane before it, and others still must.
    pub(super) lets_in: bool,
}

/// The part of a link on which drivers may see somebody who must change lanes, metres; so that nobody else has to look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Merging {
    from: f32,
    to: f32,
}

impl Merging {
    /// `ahead` are those on the pieces ahead of the same road.
    pub(super) fn among(rows: &[Row], ahead: &[Shadow]) -> Self {
        let mut all = Self { from: f32::INFINITY, to: f32::NEG_INFINITY };
        for o in rows.iter().map(Other::from).chain(ahead.iter().map(Other::from)).filter(|o| o.onto != NO_LANE) {
            all.from = all.from.min(o.s - SEEN_M - LONGEST_M);
            all.to = all.to.max(o.s);
        }
        all
    }

    /// What row `i` does for those ahead who must come onto its lane, and for the one behind which it comes onto another. `is_kept`: whether its grant keeps it
    /// in its strips.
    pub(super) fn courtesy(&self, rows: &[Row], ahead: &[Shadow], i: usize, c: &Body, is_kept: impl FnOnce() -> bool, dt: f32) -> Courtesy {
        let me = &rows[i];
        let mut courtesy = Courtesy { accel: f32::INFINITY, lets_in: false };
        if c.courtesy == 0.0 || c.machine.is_some() || me.s < self.from || me.s > self.to || is_kept() {
            return courtesy;
        }
        let has_let_in = me.is(LETS_IN);
        // Each is looked for once: who leads me, whom I come behind, whom I let in.
        let (mut leads, mut behind, mut comes) = (true, me.onto != NO_LANE, !has_let_in);
        for o in rows[..i].iter().rev().map(Other::from).chain(ahead.iter().map(Other::from)) {
            if o.s - me.s > SEEN_M + LONGEST_M || !(leads || behind || has_let_in) {
                break;
            }
            let before_me = overlap(o.left, o.right, me.left, me.right);
            let into_mine = o.onto != NO_LANE && overlap(o.onto, o.onto + (o.right - o.left), me.left, me.right);
            if behind && overlap(o.left, o.right, me.onto, me.onto + c.strips) {
                behind = false;
                courtesy.accel = courtesy.accel.min(fall_in(me, &o, c, CREEP_MPS.min(o.v), dt));
            }
            if into_mine && (has_let_in || (before_me && leads)) {
                courtesy.lets_in = true;
            } else if into_mine && leads && comes {
                comes = false;
                courtesy.accel = courtesy.accel.min(fall_in(me, &o, c, CREEP_MPS, dt));
            }
            leads &= !before_me; // whoever comes before my leader is let in by it
        }
        courtesy
    }
}

/// The acceleration with which a driver falls in behind `o`, as far as its courtesy goes, and never below the speed `slowest`, m/s.
fn fall_in(me: &Row, o: &Other, c: &Body, slowest: f32, dt: f32) -> f32 {
    let gap = o.rear - me.s;
    let wished = if gap > 0.0 {
        follow_accel(&Driver { v0: me.v0, ..c.driver }, me.v, gap - o.v * dt, o.v)
    } else {
        c.driver.accel * (1.0 - me.v / (o.v - FALL_BACK_MPS).max(slowest).max(0.1))
    };
    wished.max(-c.courtesy).max((slowest - me.v).min(0.0) / dt)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::{ClassTable, VehicleClass};

    const DT: f32 = 0.5;
    /// First strips of a car in the middle of the kerb-side lane and of the next.
    const KERB: i16 = 6;
    const NEXT: i16 = 34;

    fn body(class: VehicleClass) -> Body {
        Body::of(ClassTable::default().get(class))
    }

    fn car(s: f32, v: f32, left: i16) -> Row {
        Row { s, v, left, right: left + 15, want: left, before: s, ..Row::sample() }
    }

    /// One on the kerb-side lane that must come onto the next.
    fn comes(s: f32, v: f32) -> Row {
        Row { onto: NEXT, ..car(s, v, KERB) }
    }

    fn last(rows: &[Row], class: VehicleClass, kept: bool) -> Courtesy {
        Merging::among(rows, &[]).courtesy(rows, &[], rows.len() - 1, &body(class), || kept, DT)
    }

    #[test]
    fn who_comes_is_let_in_by_the_one_behind_in_comfort_and_at_a_creep_at_least() {
        let comfort = body(VehicleClass::Car).comfort;
        for ahead in [1.0f32, 5.0, 6.0, 20.0, 40.0] {
            for v in [0.0f32, 0.5, 1.2, 5.0, 14.0] {
                let rows = [comes(100.0 + ahead, 0.0), car(100.0, v, NEXT)];
                let x = last(&rows, VehicleClass::Car, false).accel;
                assert!(x >= -comfort && v + x * DT >= v.min(CREEP_MPS) - 1e-4, "{ahead} m ahead at {v} m/s: {x}");
                assert!(x < f32::INFINITY, "{ahead} m ahead at {v} m/s");
            }
        }
        let rows = [comes(103.0, 8.0), car(100.0, 8.0, NEXT)];
        assert!(last(&rows, VehicleClass::Car, false).accel < -0.1, "it falls back behind the one beside it");
    }

    #[test]
    fn each_lets_in_one() {
        let rows = [comes(118.0, 5.0), car(100.0, 5.0, NEXT)];
        assert!(!last(&rows, VehicleClass::Car, false).lets_in, "nobody has come yet");
        // It comes: half over the line it is before me.
        let half = Row { left: 22, right: 37, ..comes(118.0, 5.0) };
        assert!(last(&[half, rows[1]], VehicleClass::Car, false).lets_in);
        // The next does not come before me too, however near it is; once nobody is to come any more the next place is a new one.
        let served = Row { flags: LETS_IN, ..rows[1] };
        let seen = last(&[car(118.0, 5.0, NEXT), comes(108.0, 5.0), served], VehicleClass::Car, false);
        assert_eq!(seen, Courtesy { accel: f32::INFINITY, lets_in: true });
        assert!(!last(&[car(118.0, 5.0, NEXT), served], VehicleClass::Car, false).lets_in);
        // Of two ahead of me the nearer comes before me; the other one before my leader.
        let two = [comes(130.0, 5.0), car(124.0, 5.0, NEXT), car(100.0, 5.0, NEXT)];
        assert_eq!(last(&two, VehicleClass::Car, false).accel, f32::INFINITY);
    }

    #[test]
    fn who_comes_falls_in_behind_the_one_before_it_there() {
        let rows = [car(110.0, 5.0, NEXT), comes(108.0, 6.0)];
        assert!(last(&rows, VehicleClass::Car, false).accel < -0.1);
        let alone = [car(110.0, 5.0, NEXT), car(108.0, 6.0, KERB)];
        assert_eq!(last(&alone, VehicleClass::Car, false).accel, f32::INFINITY, "who need not come does not");
    }

    #[test]
    fn who_comes_waits_behind_one_that_stands_and_does_not_creep_past() {
        for (v, ahead) in [(0.8, 2.0), (1.0, 4.5), (0.8, 5.5)] {
            let stands = car(100.0 + ahead, 0.0, NEXT);
            let x = last(&[stands, comes(100.0, v)], VehicleClass::Car, false).accel;
            assert!(x < 0.0 && v + x * DT < 0.5 * v, "{ahead} m behind its front, at {v} m/s: {x}");
            // Who lets it in goes on all the same: that one would wait for who waits.
            let lets_in = last(&[comes(100.0 + ahead, 0.0), car(100.0, v, NEXT)], VehicleClass::Car, false).accel;
            assert!(v + lets_in * DT >= v - 1e-4, "{ahead} m behind its front, at {v} m/s: {lets_in}");
        }
    }

    #[test]
    fn those_on_the_next_piece_of_the_road_count_like_those_on_the_link() {
        let shown = |r: &Row| Shadow {
            id: r.id,
            length: r.length,
            class: r.class,
            rear: r.rear(),
            v: r.v,
            soon: r.v,
            left: r.left,
            right: r.right,
            onto: r.onto,
        };
        let (first, second) = (comes(118.0, 3.0), car(112.0, 4.0, KERB));
        for me in [car(100.0, 5.0, NEXT), Row { flags: LETS_IN, ..car(100.0, 5.0, NEXT) }, comes(100.0, 5.0)] {
            let on_link = last(&[first, second, me], VehicleClass::Car, false);
            let ahead = [shown(&second), shown(&first)];
            let over_joint = Merging::among(&[me], &ahead).courtesy(&[me], &ahead, 0, &body(VehicleClass::Car), || false, DT);
            assert_eq!(over_joint, on_link);
        }
        let ahead = [shown(&first)];
        let me = [car(100.0, 5.0, NEXT)];
        let alone = Merging::among(&me, &ahead).courtesy(&me, &ahead, 0, &body(VehicleClass::Car), || false, DT);
        assert!(alone.accel.is_finite(), "who has nobody else on its link lets in one from the next");
    }

    #[test]
    fn two_wheelers_cruise_control_and_holders_of_grants_let_nobody_in() {
        let rows = [comes(110.0, 5.0), car(100.0, 5.0, NEXT)];
        assert!(last(&rows, VehicleClass::Car, false).accel < 0.0);
        assert_eq!(last(&rows, VehicleClass::Motorcycle, false).accel, f32::INFINITY);
        assert_eq!(last(&rows, VehicleClass::Shuttle, false).accel, f32::INFINITY);
        assert_eq!(last(&rows, VehicleClass::Car, true).accel, f32::INFINITY);
    }
}
