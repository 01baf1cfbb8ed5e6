//! Movements: the permitted ways through a junction.

use crate::{
    class::ClassSet,
    ids::{JunctionId, LinkId},
};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Which way a movement turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// To the left.
    Left,
    /// Straight on.
    Through,
    /// To the right.
    Right,
    /// Back.
    UTurn,
}

/// Rank of a movement at a junction without signals, and among movements that are green together. Lower goes first; of equal
/// rank the one coming from the right goes first (Law on Road Traffic Order and Safety 36/2024/QH15, article 22).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Priority(pub u8);

impl Priority {
    /// Main road straight on or right, or the ring of a roundabout.
    pub const MAJOR: Self = Self(0);
    /// Main road turning left across the opposing stream.
    pub const MAJOR_LEFT: Self = Self(1);
    /// Side road straight on or right, or the entry of a roundabout.
    pub const MINOR: Self = Self(2);
    /// Side road turning left, and U-turns.
    pub const MINOR_LEFT: Self = Self(3);
}

/// A permitted way through a junction, from one link to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Movement {
    /// The junction.
    pub junction: JunctionId,
    /// The link it comes from.
    pub from: LinkId,
    /// The link it goes to.
    pub to: LinkId,
    /// Which way it turns.
    pub turn: Turn,
    /// Who may make it.
    pub access: ClassSet,
    /// Lanes of `from` it is made from (indices from the kerb side). Wide vehicles aim for them; nobody is stuck in the wrong one.
    pub from_lanes: Range<u8>,
    /// Lanes of `to` it leads into.
    pub to_lanes: Range<u8>,
    /// Right of way.
    pub priority: Priority,
    /// Its signal group: an index into the controller's groups. `None` where there is no signal or the signal does not hold it (a
    /// slip lane).
    pub group: Option<u16>,
}
