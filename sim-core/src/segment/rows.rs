//! The rows of a link, and what it knows of those whose body only reaches into it.

use crate::{ids::VehicleId, incident::Hindrances, junction::Room};
use bevy_ecs::prelude::Component;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;

/// The vehicle holds a grant for the junction at the end of the link: it does not move sideways, and its course bounds it.
pub(crate) const HOLDER: u8 = 1;
/// Its tail is still in the junction behind: it does not move sideways.
pub(crate) const TAIL: u8 = 2;
/// Its route goes on by ferry: the end of the link is the landing.
pub(crate) const FERRY: u8 = 4;
/// Its destination is on this link.
pub(crate) const LAST: u8 = 8;
/// It drives with blue light.
pub(crate) const BLUE: u8 = 16;

/// It would overtake through the opposing half.
pub(crate) const ASKS: u8 = 32;
/// A stretch of the opposing half is lent to it.
pub(crate) const OVER: u8 = 64;
/// One came onto its lane before it: it lets in no other while any must come.
pub(crate) const LETS_IN: u8 = 128;

/// No lane that it must come onto.
pub(crate) const NO_LANE: i16 = i16::MIN;

/// A vehicle whose front is on the link. 64 bytes, so that one line of the cache holds all that its neighbours ask of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Row {
    /// Front, metres from the link's start.
    pub(crate) s: f32,
    /// Speed, m/s.
    pub(crate) v: f32,
    /// Body length, metres.
    pub(crate) length: f32,
    /// First strip it covers.
    pub(crate) left: i16,
    /// One past the last strip it covers.
    pub(crate) right: i16,
    /// Where its first strip should be.
    pub(crate) want: i16,
    /// Where its first strip would be on the lane that it must come onto soon, [`NO_LANE`] if it need not: those behind it there let it in.
    pub(crate) onto: i16,
    /// Index of its class.
    pub(crate) class: u8,
    /// Index of its body: that of its class if a person drives it. Derived from its trip and link.
    #[serde(skip)]
    pub(crate) kind: u8,
    /// [`HOLDER`] and the like.
    pub(crate) flags: u8,
    /// Id of its next movement; `u32::MAX` if there is none to drive (destination here, or a ferry next).
    pub(crate) next: u32,
    /// The strips from which its next movement is made.
    pub(crate) band: (i16, i16),
    /// Sideways way below one strip, carried over, metres.
    pub(crate) rest: f32,
    /// Desired speed here, m/s.
    pub(crate) v0: f32,
    /// Where it must halt next, metres; infinite if nowhere on this link.
    pub(crate) halt: f32,
    /// Where it leaves the road, metres; infinite if not on this link.
    pub(crate) goal: f32,
    /// Front before the last step, metres.
    pub(crate) before: f32,
    /// Acceleration in the last step, m/s².
    pub(crate) accel: f32,
    /// Which vehicle.
    pub(crate) id: VehicleId,
}

impl Row {
    /// One with nothing special about it, for unit tests: a standing car at the kerb of two lanes that drives on and has nowhere to turn.
    #[cfg(test)]
    pub(crate) fn sample() -> Self {
        Self {
            s: 0.0,
            v: 0.0,
            length: 4.6,
            left: 0,
            right: 15,
            want: 0,
            onto: NO_LANE,
            class: crate::class::VehicleClass::Car.index() as u8,
            kind: crate::class::VehicleClass::Car.index() as u8,
            flags: 0,
            next: u32::MAX,
            band: (0, 28),
            rest: 0.0,
            v0: 14.0,
            halt: f32::INFINITY,
            goal: f32::INFINITY,
            before: 0.0,
            accel: 0.0,
            id: VehicleId(0),
        }
    }

    #[inline]
    pub(crate) fn rear(&self) -> f32 {
        self.s - self.length
    }

    #[inline]
    pub(crate) fn set(&mut self, flag: u8, is: bool) {
        self.flags = if is { self.flags | flag } else { self.flags & !flag };
    }

    #[inline]
    pub(crate) fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}

/// The part of a body on this link whose front has left it. It only ever moves on, and never sideways.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shadow {
    pub(crate) id: VehicleId,
    /// Body length, metres.
    pub(crate) length: f32,
    /// Index of its class.
    pub(crate) class: u8,
    pub(crate) rear: f32,
    pub(crate) v: f32,
    /// Its speed after this step if it goes on as in the last, m/s: what one who follows it over a boundary answers to, as on a link to the newest speed.
    pub(crate) soon: f32,
    pub(crate) left: i16,
    pub(crate) right: i16,
    /// As of its [`Row`], if its front is on a further piece of the same road; [`NO_LANE`] of a tail.
    pub(crate) onto: i16,
}

/// A vehicle that holds a grant to come onto this link.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Incoming {
    /// From its front to the link's start, metres.
    pub(crate) distance: f32,
    pub(crate) v: f32,
    pub(crate) left: i16,
    pub(crate) right: i16,
    pub(crate) class: u8,
    /// Room from the start of the link that it and those who will stand behind it need, metres; −∞ if none was asked for.
    pub(crate) need: f32,
    /// Whether it holds a grant beyond this link too, so that nobody may come before it.
    pub(crate) beyond: bool,
    /// Whether it comes over a [joint](crate::joint): those are seen again when they move, as [`Follower`]s.
    pub(crate) joined: bool,
}

/// A vehicle on a piece behind of the same road.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Follower {
    /// From its front to the link's start, metres.
    pub(crate) distance: f32,
    pub(crate) v: f32,
    pub(crate) left: i16,
    pub(crate) right: i16,
    /// So many strips it may move sideways in a step, and less than one more.
    pub(crate) reach: i16,
    pub(crate) class: u8,
    /// Whether it holds a grant for the junction that this road leads to, so that nobody may come before it.
    pub(crate) holds: bool,
}

/// Room on a link that a vehicle on its way to it was promised.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Promise {
    pub(crate) id: VehicleId,
    pub(crate) left: i16,
    pub(crate) right: i16,
    pub(crate) room: Room,
}

/// A link's carriageway. Rows are sorted by front, foremost first; rows that share a strip do not overlap.
#[derive(Component, Clone, Debug, Default)]
pub(crate) struct Road {
    pub(crate) rows: Vec<Row>,
    /// Trips that wait for room here, in (departure, ref) order.
    pub(crate) waiting: VecDeque<VehicleId>,
    /// Incidents. Derived from their times at the start of each step.
    pub(crate) hindrances: Hindrances,
    /// Derived after each step.
    pub(crate) shadows: Vec<Shadow>,
    /// Derived after each step.
    pub(crate) incoming: Vec<Incoming>,
    /// One for each of those on their way to the link, by id. Derived from their courses.
    pub(crate) promised: Vec<Promise>,
    /// Those with their fronts on the pieces ahead of the same road, beyond [joints](crate::joint), nearest first: their tails may reach into this one. Derived before
    /// each move.
    pub(crate) ahead: Vec<Shadow>,
    /// Those on the pieces behind. Derived before each move.
    pub(crate) behind: Vec<Follower>,
}

impl Road {
    /// Puts a row where its front belongs; behind those with the same front.
    pub(crate) fn insert(&mut self, row: Row) {
        let at = self.rows.partition_point(|r| r.s >= row.s);
        self.rows.insert(at, row);
    }

    /// Promises room.
    pub(crate) fn promise(&mut self, promise: Promise) {
        let at = self.promised.partition_point(|p| p.id <= promise.id);
        self.promised.insert(at, promise);
    }

    /// What was promised to `id` is wanted on other strips.
    pub(crate) fn promise_elsewhere(&mut self, id: VehicleId, left: i16, right: i16) {
        for promise in self.promised.iter_mut().filter(|p| p.id == id) {
            (promise.left, promise.right) = (left, right);
        }
    }

    /// What was promised to `id` is used, or no longer wanted.
    pub(crate) fn keep_promise(&mut self, id: VehicleId) {
        if let Some(at) = self.promised.iter().position(|p| p.id == id) {
            self.promised.remove(at);
        }
    }

    pub(crate) fn find(&self, id: VehicleId) -> Option<usize> {
        self.rows.iter().position(|r| r.id == id)
    }
}

/// Restores the order by front after everybody moved: nearly sorted already.
pub(crate) fn sort(rows: &mut [Row]) {
    for i in 1..rows.len() {
        if rows[i - 1].s >= rows[i].s {
            continue;
        }
        let row = rows[i];
        let mut j = i;
        while j > 0 && rows[j - 1].s < row.s {
            rows[j] = rows[j - 1];
            j -= 1;
        }
        rows[j] = row;
    }
}
