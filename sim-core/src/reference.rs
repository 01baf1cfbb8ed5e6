//! A *ref* is the stable name of a place: `osm:w123:n4>n9`, a SUMO id, a name in the embedded map's source. Every file, command
//! and report speaks in refs; after the next map extract a scenario still means the same road, or fails by naming near ones.

use serde::{Deserialize, Serialize};
use std::{borrow::Borrow, fmt};

/// The stable name of a place. Cheap to compare, never empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ref(Box<str>);

impl Ref {
    /// A ref with this name.
    pub fn new(name: impl Into<Box<str>>) -> Self {
        Self(name.into())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Borrow<str> for Ref {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Ref {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Ref {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}
