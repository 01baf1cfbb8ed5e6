//! What differs between two maps, object by object and field by field, matched by ref. For `agtwin map diff A B`: what did the new
//! extract bring, what did the corrections change.

mod fields;

use serde::Serialize;
use sim_core::{
    ids::{JunctionId, LinkId},
    network::RoadNetwork,
};
use std::{collections::BTreeMap, fmt};

/// One field of an object that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field, as the GeoJSON export names it where it has it.
    pub field: &'static str,
    /// Its value in the first map.
    pub before: String,
    /// Its value in the second map.
    pub after: String,
}

/// An object that both maps have, not the same in both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Its ref; for a movement the refs of its two links with ` > ` between them.
    #[serde(rename = "ref")]
    pub ref_: String,
    /// What differs.
    pub fields: Vec<FieldChange>,
}

/// How the objects of one kind differ. All lists are sorted by ref.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Only in the second map.
    pub added: Vec<String>,
    /// Only in the first map.
    pub removed: Vec<String>,
    /// In both, with another content.
    pub changed: Vec<Changed>,
    /// In both, the same.
    pub unchanged: usize,
}

impl Changes {
    /// Whether nothing was added, removed or changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// What differs between two maps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MapDiff {
    /// Name, source, credits, driving side.
    pub meta: Vec<FieldChange>,
    /// Links.
    pub links: Changes,
    /// Junctions.
    pub junctions: Changes,
    /// Movements between links that both maps have; those of added and removed links go without saying.
    pub movements: Changes,
    /// Signal controllers.
    pub signals: Changes,
    /// Places.
    pub places: Changes,
}

impl MapDiff {
    /// Whether the maps say the same.
    pub fn is_empty(&self) -> bool {
        self.meta.is_empty() && self.kinds().iter().all(|(_, changes)| changes.is_empty())
    }

    /// The changes by kind of object, with the word for it.
    fn kinds(&self) -> [(&'static str, &Changes); 5] {
        [
            ("links", &self.links),
            ("junctions", &self.junctions),
            ("movements", &self.movements),
            ("signals", &self.signals),
            ("places", &self.places),
        ]
    }
}

/// What has to be done to `a` to get `b`. Order of objects does not count, nor do differences that no reader would see: less than
/// half a metre of geometry, less than a centimetre of a length.
pub fn diff(a: &RoadNetwork, b: &RoadNetwork) -> MapDiff {
    let link_ids = |n: &RoadNetwork| by_ref(n.links.iter().map(|l| l.ref_.to_string()));
    let junction_ids = |n: &RoadNetwork| by_ref(n.junctions.iter().map(|j| j.ref_.to_string()));
    let controller_ids = |n: &RoadNetwork| by_ref(n.controllers.iter().map(|c| c.ref_.to_string()));
    let place_ids = |n: &RoadNetwork| by_ref(n.places.iter().map(|p| p.ref_.to_string()));
    let (links_a, links_b) = (link_ids(a), link_ids(b));
    let movement_ids = |n: &RoadNetwork| -> BTreeMap<String, usize> {
        let in_both = |link: LinkId| {
            let ref_ = n.link(link).ref_.as_str();
            links_a.contains_key(ref_) && links_b.contains_key(ref_)
        };
        let kept = n.movements.iter().enumerate().filter(|(_, m)| in_both(m.from) && in_both(m.to));
        kept.map(|(i, m)| (format!("{} > {}", n.link(m.from).ref_, n.link(m.to).ref_), i)).collect()
    };
    MapDiff {
        meta: fields::meta(a, b),
        links: compare(&links_a, &links_b, |i, j| fields::link((a, LinkId::from_index(i)), (b, LinkId::from_index(j)))),
        junctions: compare(&junction_ids(a), &junction_ids(b), |i, j| {
            fields::junction((a, JunctionId::from_index(i)), (b, JunctionId::from_index(j)))
        }),
        movements: compare(&movement_ids(a), &movement_ids(b), |i, j| fields::movement((a, &a.movements[i]), (b, &b.movements[j]))),
        signals: compare(&controller_ids(a), &controller_ids(b), |i, j| fields::signal((a, &a.controllers[i]), (b, &b.controllers[j]))),
        places: compare(&place_ids(a), &place_ids(b), |i, j| fields::place((a, &a.places[i]), (b, &b.places[j]))),
    }
}

fn by_ref(refs: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    refs.enumerate().map(|(i, ref_)| (ref_, i)).collect()
}

fn compare(a: &BTreeMap<String, usize>, b: &BTreeMap<String, usize>, fields: impl Fn(usize, usize) -> Vec<FieldChange>) -> Changes {
    let mut changes = Changes::default();
    for (ref_, i) in a {
        let Some(j) = b.get(ref_) else {
            changes.removed.push(ref_.clone());
            continue;
        };
        let fields = fields(*i, *j);
        if fields.is_empty() {
            changes.unchanged += 1;
        } else {
            changes.changed.push(Changed { ref_: ref_.clone(), fields });
        }
    }
    changes.added.extend(b.keys().filter(|ref_| !a.contains_key(*ref_)).cloned());
    changes
}

impl fmt::Display for MapDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return writeln!(f, "The maps say the same: {} links, {} junctions.", self.links.unchanged, self.junctions.unchanged);
        }
        for change in &self.meta {
            writeln!(f, "{}: {} → {}", change.field, change.before, change.after)?;
        }
        for (kind, changes) in self.kinds().into_iter().filter(|(_, c)| !c.is_empty()) {
            let Changes { added, removed, changed, unchanged } = changes;
            writeln!(f, "{kind}: {} added, {} removed, {} changed, {unchanged} the same", added.len(), removed.len(), changed.len())?;
            added.iter().try_for_each(|ref_| writeln!(f, "  + {ref_}"))?;
            removed.iter().try_for_each(|ref_| writeln!(f, "  - {ref_}"))?;
            for object in changed {
                writeln!(f, "  ~ {}", object.ref_)?;
                object.fields.iter().try_for_each(|c| writeln!(f, "      {}: {} → {}", c.field, c.before, c.after))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
