//! The parts of a graph: pieces of road that hang together, whichever way they may be driven.

use super::draft::Draft;
use petgraph::unionfind::UnionFind;
use sim_core::network::RoadClass;
use std::collections::BTreeMap;

/// What one part is made of.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Part {
    /// Length of all its pieces, metres.
    pub(crate) length_m: f64,
    /// Of that, streets: neither service roads nor ferries.
    pub(crate) street_m: f64,
}

impl Part {
    /// Whether anything but service roads and ferries belongs to it.
    pub(crate) fn is_open(self) -> bool {
        self.street_m > 0.0
    }
}

/// The parts of a draft.
pub(crate) struct Parts {
    of_node: Vec<u32>,
    parts: BTreeMap<u32, Part>,
    longest: Option<u32>,
}

impl Parts {
    /// Finds them.
    pub(crate) fn of(draft: &Draft) -> Self {
        let mut sets: UnionFind<u32> = UnionFind::new(draft.nodes.len());
        for (i, node) in draft.nodes.iter().enumerate() {
            sets.union(i as u32, node.junction);
        }
        for edge in &draft.edges {
            sets.union(edge.ends[0], edge.ends[1]);
        }
        let of_node = sets.into_labeling();
        let mut parts: BTreeMap<u32, Part> = BTreeMap::new();
        for edge in &draft.edges {
            let part = parts.entry(of_node[edge.ends[0] as usize]).or_default();
            part.length_m += edge.length_m;
            if !matches!(edge.road.class, RoadClass::Service | RoadClass::Ferry) {
                part.street_m += edge.length_m;
            }
        }
        // Of equally long ones the first.
        let longest = parts.iter().max_by(|a, b| a.1.length_m.total_cmp(&b.1.length_m).then(b.0.cmp(a.0))).map(|(part, _)| *part);
        Self { of_node, parts, longest }
    }

    /// The part a node belongs to, unless that is the longest of all: then it is not detached.
    pub(crate) fn detached(&self, node: u32) -> Option<Part> {
        let part = self.of_node[node as usize];
        (Some(part) != self.longest).then(|| self.parts.get(&part).copied().unwrap_or_default())
    }

    /// Whether two nodes hang together.
    pub(crate) fn are_one(&self, a: u32, b: u32) -> bool {
        self.of_node[a as usize] == self.of_node[b as usize]
    }
}
