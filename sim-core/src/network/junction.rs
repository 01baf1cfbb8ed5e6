//! Junctions: where links meet.

use crate::{
    geometry::Point,
    ids::{ControllerId, LinkId},
    reference::Ref,
};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// How right of way is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JunctionKind {
    /// Priority by signs, road class or the right-hand rule ([`super::Movement::priority`]).
    Priority,
    /// Traffic signals.
    Signal(ControllerId),
    /// A node of a roundabout: entering traffic yields to the ring.
    Roundabout,
    /// The edge of the network or a dead end.
    Terminal,
}

/// A junction. Several nodes of one real junction (dual carriageways, signals on the approaches) are one of these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Junction {
    /// Stable name.
    pub ref_: Ref,
    /// A name for people, from the streets that meet or the map.
    pub name: Option<String>,
    /// Its centre.
    pub centre: Point,
    /// How right of way is decided.
    pub kind: JunctionKind,
    /// Links that end here, in id order.
    pub incoming: Vec<LinkId>,
    /// Links that begin here, in id order.
    pub outgoing: Vec<LinkId>,
    /// The ids of its movements: a range of [`super::RoadNetwork::movements`].
    pub movements: Range<u32>,
}
