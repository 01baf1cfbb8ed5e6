//! OpenStreetMap data as read, before any interpretation: nodes, ways, relations and their tags.
//!
//! The embedded map's source becomes this too, so that one importer serves both.

mod cut;
mod pbf;
mod read;
mod region;
mod xml;

#[cfg(test)]
mod tests;

pub use cut::cut;
pub use read::{ReadError, read};
pub use region::{Region, RegionError};

use sim_core::geometry::LatLon;

/// Tags of an element, in file order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags(pub Vec<(Box<str>, Box<str>)>);

impl Tags {
    /// The value of `key`, if it is set.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| &**k == key).map(|(_, v)| &**v)
    }

    /// Whether `key` has exactly this value.
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.get(key) == Some(value)
    }

    /// Sets `key`, replacing an earlier value.
    pub fn set(&mut self, key: &str, value: &str) {
        match self.0.iter_mut().find(|(k, _)| &**k == key) {
            Some((_, old)) => *old = value.into(),
            None => self.0.push((key.into(), value.into())),
        }
    }
}

/// A node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// OSM id.
    pub id: i64,
    /// Where it is.
    pub place: LatLon,
    /// Its tags. `twin:ref`, which only the embedded map's source sets, names it in refs instead of `n<id>`.
    pub tags: Tags,
}

/// A way.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// OSM id.
    pub id: i64,
    /// Its nodes, in order. Some may be missing from [`OsmData::nodes`] in a cut extract.
    pub nodes: Vec<i64>,
    /// Its tags. `twin:ref`, which only the embedded map's source sets, names it in refs instead of `osm:w<id>`.
    pub tags: Tags,
}

/// What a relation's member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKind {
    /// A node.
    Node,
    /// A way.
    Way,
    /// Another relation.
    Relation,
}

/// A member of a relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// What it is.
    pub kind: MemberKind,
    /// Its OSM id.
    pub id: i64,
    /// Its role, e.g. `via`.
    pub role: Box<str>,
}

/// A relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// OSM id.
    pub id: i64,
    /// Its members, in order.
    pub members: Vec<Member>,
    /// Its tags.
    pub tags: Tags,
}

/// A whole file's worth of OpenStreetMap data.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OsmData {
    /// Nodes, sorted by id, no id twice.
    pub nodes: Vec<Node>,
    /// Ways, sorted by id, no id twice.
    pub ways: Vec<Way>,
    /// Relations, sorted by id, no id twice.
    pub relations: Vec<Relation>,
}

impl OsmData {
    /// Data from elements in any order. Of several elements with one id the last is kept.
    pub fn from_elements(mut nodes: Vec<Node>, mut ways: Vec<Way>, mut relations: Vec<Relation>) -> Self {
        sort_keeping_last(&mut nodes, |n| n.id);
        sort_keeping_last(&mut ways, |w| w.id);
        sort_keeping_last(&mut relations, |r| r.id);
        Self { nodes, ways, relations }
    }

    /// The node with this id.
    pub fn node(&self, id: i64) -> Option<&Node> {
        self.nodes.binary_search_by_key(&id, |n| n.id).ok().map(|i| &self.nodes[i])
    }
}

fn sort_keeping_last<T>(items: &mut Vec<T>, id: impl Fn(&T) -> i64) {
    if items.is_sorted_by(|a, b| id(a) < id(b)) {
        return;
    }
    items.sort_by_key(|item| id(item)); // stable: of equal ids the last read comes last
    items.dedup_by(|later, kept| {
        let same = id(later) == id(kept);
        if same {
            std::mem::swap(later, kept);
        }
        same
    });
}
