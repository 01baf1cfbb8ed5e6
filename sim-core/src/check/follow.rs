//! What the checker remembers of a vehicle from one step to the next.

use crate::ids::{JunctionId, LinkId};

/// Where a front is.
#[derive(Clone, Debug)]
pub(super) enum At {
    /// On a link, metres from its start; and along the course, if it has one.
    Link { link: LinkId, s: f64, front: Option<f64> },
    /// In a junction, metres along the course; `left` to the link `to` behind it.
    Junction { junction: JunctionId, front: f64, left: f64, to: Option<LinkId> },
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
    ///
    /// A course lives on while the front is in a junction, so the ways along it compare even where a whole junction or link was passed in
    /// between, or the same junction came again. On a link it may have ended and begun anew.
    pub(super) fn way_since(&self, before: &Self) -> Option<f64> {
        match (&before.at, &self.at) {
            (At::Link { link: a, s: from, .. }, At::Link { link: b, s: to, .. }) if a == b => Some(to - from),
            (At::Link { front: Some(from), .. } | At::Junction { front: from, .. }, At::Junction { front: to, .. }) => Some(to - from),
            (At::Junction { left, to, .. }, At::Link { link, s, .. }) if *to == Some(*link) => Some(left + s),
            // Past a whole link in one step: the way between is not told by the two places.
            _ => None,
        }
    }
}
