//! Sets of signal groups, as bits of one number.

use serde::{Deserialize, Serialize};

/// A set of groups of one controller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupSet(u128);

impl GroupSet {
    /// So many groups a controller can have at most.
    pub const MOST: usize = 128;

    /// The set of these; numbers from [`GroupSet::MOST`] on are left out.
    pub fn of(groups: &[u16]) -> Self {
        let mut set = Self::default();
        groups.iter().for_each(|g| set.insert(usize::from(*g)));
        set
    }

    /// Puts one in.
    pub fn insert(&mut self, group: usize) {
        if group < Self::MOST {
            self.0 |= 1 << group;
        }
    }

    /// Takes one out.
    pub fn remove(&mut self, group: usize) {
        if group < Self::MOST {
            self.0 &= !(1 << group);
        }
    }

    /// Whether it is in.
    pub fn contains(self, group: usize) -> bool {
        group < Self::MOST && self.0 & (1 << group) != 0
    }

    /// Whether the two have one in common.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Those that are not in `other`.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Those of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its members, in order.
    pub fn iter(self) -> impl Iterator<Item = usize> {
        (0..Self::MOST).filter(move |g| self.contains(*g))
    }
}
