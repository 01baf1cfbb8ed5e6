//! A link's carriageway: its vehicles as rows sorted by front, and how one step moves them.
//!
//! # Why nothing collides on a link
//! One thread updates the rows front to back: each vehicle sees the new state of everybody ahead and the old state of everybody behind.
//! For every pair that shares a strip, follower `f` (hardest braking `b`) and leader `l`, the step keeps
//! `stop_b(v_f) ≤ gap + stop_B(v_l)`, `B` being the hardest braking of any class ([`crate::kinematics`]). Speeds are bounded so that it stays
//! true; a sideways move, the only other way to make a new pair, is refused if a new follower would have to brake beyond comfort or somebody is
//! beside ([`lateral`]). The front of a vehicle that leaves the link is bounded through its course ([`crate::junction`]); its tail stays here
//! as a [`Shadow`] that others see in its old state. Vehicles on their way to this link are known here as [`Incoming`]: nobody may move
//! sideways into their band unless they could live with it at the most they may do in this step.
//!
//! A link is one segment whatever its length: cutting it would only add boundaries, since its rows are updated in one sweep anyhow. Where the map cuts a road into
//! pieces all the same, [joints](crate::joint) make one road of them.

mod advance;
mod ahead;
mod give_way;
mod lateral;
mod merge;
mod rows;

pub(crate) use advance::move_road;
pub(crate) use lateral::LANE_CHOICE_M;
pub(crate) use merge::SEEN_M;
pub(crate) use rows::{ASKS, BLUE, FERRY, Follower, HOLDER, Incoming, LAST, LETS_IN, NO_LANE, OVER, Promise, Road, Row, Shadow, TAIL};
