//! What the checker remembers of a vehicle from one step to the next.

use crate::ids::{JunctionId, LinkId};

/// Where a front is.
#[derive(Clone, Debug)]
pub(super) enum At {
    /// On a link, metres from its start.
    Link { link: LinkId, s: f64 },
    /// In a junction, metres along a path of this length.
    Junction { junction: JunctionId, x: f64, length: f64 },
}

/// A vehicle after a step.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) at: At,
    /// Speed, m/s.
    pub(super) v: f64,
    /// Kerb-side flank, metres from the kerb (on links).
    pub(super) left: f64,
}

impl Seen {
    /// The way of the front since `before`, where both places tell it.
    pub(super) fn way_since(&self, before: &Self, link_length: impl Fn(LinkId) -> f64) -> Option<f64> {
        match (&before.at, &self.at) {
            (At::Link { link: a, s: from }, At::Link { link: b, s: to }) if a == b => Some(to - from),
            (At::Link { link, s }, At::Junction { x, .. }) => Some(link_length(*link) - s + x),
            (At::Junction { junction: a, x: from, .. }, At::Junction { junction: b, x: to, .. }) if a == b => Some(to - from),
            (At::Junction { x, length, .. }, At::Link { s, .. }) => Some(length - x + s),
            // Past a whole link or junction in one step: the way between is not told by the two places.
            _ => None,
        }
    }
}
