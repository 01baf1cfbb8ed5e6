//! The graph that the passes work on: nodes, and pieces of road between them, each with both its directions. It becomes the road network
//! once junctions are merged and links are cut back to their stop lines.

use super::{lanes::Side, road::Road};
use sim_core::{
    geometry::{Frame, Point},
    network::DrivingSide,
};
use std::sync::Arc;

/// A node where pieces of road end.
#[derive(Clone, Debug)]
pub(crate) struct DraftNode {
    /// OSM id.
    pub(crate) id: i64,
    /// What refs call it: `n<id>` or `twin:ref`.
    pub(crate) ref_: Arc<str>,
    pub(crate) at: Point,
    /// Where the extract or the region ends: roads go on beyond.
    pub(crate) is_edge: bool,
    /// A signal stands here or was found on an approach.
    pub(crate) has_signal: bool,
    /// The node that stands for the junction this one belongs to: itself unless merged.
    pub(crate) junction: u32,
}

/// What a mapped point along a piece of road says to those who pass it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MarkKind {
    /// `highway=traffic_signals`.
    Signal,
    /// A pedestrian crossing with signals.
    CrossingSignal,
    /// `highway=stop`.
    Stop,
    /// `highway=give_way`.
    GiveWay,
}

/// A mapped point along a piece of road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Mark {
    pub(crate) kind: MarkKind,
    /// OSM node.
    pub(crate) node: i64,
    /// Metres from the start of the piece.
    pub(crate) at_m: f64,
    /// Whether it speaks to those driving forward, backward.
    pub(crate) speaks_to: [bool; 2],
}

/// A piece of road between two nodes.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) road: Arc<Road>,
    /// The OSM way; of joined ways the smallest id, which is the oldest, so that splitting a way in the map does not rename the road.
    pub(crate) way: i64,
    /// What refs call that way.
    pub(crate) way_ref: Arc<str>,
    /// First and last node.
    pub(crate) ends: [u32; 2],
    /// The ways at the first and the last node: turn restrictions name them.
    pub(crate) end_ways: [i64; 2],
    /// From the first node to the last.
    pub(crate) points: Vec<Point>,
    /// Length on the sphere, metres.
    pub(crate) length_m: f64,
    /// Forward and backward.
    pub(crate) sides: [Option<Side>; 2],
    /// Signed limits forward and backward, m/s.
    pub(crate) signs: [Option<f32>; 2],
    /// In order from the start.
    pub(crate) marks: Vec<Mark>,
    /// Inside a merged junction: it becomes no link, movements lead over it.
    pub(crate) is_interior: bool,
    /// In a built-up area.
    pub(crate) is_urban: bool,
}

impl Edge {
    /// The same piece described from its other end.
    pub(crate) fn flip(&mut self) {
        self.ends.reverse();
        self.end_ways.reverse();
        self.points.reverse();
        self.sides.reverse();
        self.signs.reverse();
        self.marks.reverse();
        for mark in &mut self.marks {
            mark.at_m = self.length_m - mark.at_m;
            mark.speaks_to.reverse();
        }
    }

    /// Width of both directions together, metres.
    pub(crate) fn width_m(&self) -> f64 {
        self.sides.iter().flatten().map(|s| f64::from(s.width_m())).sum()
    }

    /// Heading away from the node at this end (0 first, 1 last), radians: towards a point a few metres in, so that a crooked last metre
    /// does not decide.
    pub(crate) fn heading_from(&self, end: usize) -> f64 {
        const LOOK_M: f64 = 8.0;
        let mut left = LOOK_M;
        let n = self.points.len();
        let point = |i: usize| if end == 0 { self.points[i] } else { self.points[n - 1 - i] };
        for i in 1..n {
            let piece = point(i - 1).distance_m(point(i));
            if piece >= left || i == n - 1 {
                let share = if piece > 0.0 { (left / piece).min(1.0) } else { 1.0 };
                let (a, b) = (point(i - 1), point(i));
                return point(0).heading_to(Point::new(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share));
            }
            left -= piece;
        }
        0.0
    }

    /// Whether one can drive from the node at end `end` into the piece.
    pub(crate) fn leads_away(&self, end: usize) -> bool {
        self.sides[end].is_some()
    }

    /// Length of its open directions together, metres.
    pub(crate) fn directed_length_m(&self) -> f64 {
        self.length_m * self.sides.iter().flatten().count() as f64
    }
}

/// The graph between the file and the network.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    pub(crate) side: DrivingSide,
    pub(crate) frame: Frame,
    pub(crate) nodes: Vec<DraftNode>,
    pub(crate) edges: Vec<Edge>,
}

impl Draft {
    /// The edges at every node, as (edge, end), in edge order. A loop is listed twice.
    pub(crate) fn incidence(&self) -> Vec<Vec<(u32, u8)>> {
        let mut at = vec![Vec::new(); self.nodes.len()];
        for (i, edge) in self.edges.iter().enumerate() {
            at[edge.ends[0] as usize].push((i as u32, 0));
            at[edge.ends[1] as usize].push((i as u32, 1));
        }
        at
    }

    /// The node at an end of an edge.
    pub(crate) fn node_at(&self, edge: u32, end: u8) -> u32 {
        self.edges[edge as usize].ends[end as usize]
    }

    /// Every invariant between nodes and edges.
    ///
    /// # Errors
    /// Names the first edge or node that breaks one.
    pub(crate) fn check(&self) -> Result<(), String> {
        for node in &self.nodes {
            if self.nodes.get(node.junction as usize).is_none_or(|j| self.nodes[j.junction as usize].id != j.id) {
                return Err(format!("node {} belongs to a junction that is none", node.id));
            }
        }
        for edge in &self.edges {
            let fail = |what: &str| Err(format!("way {}: {what}", edge.way));
            let (Some(first), Some(last)) = (edge.points.first(), edge.points.last()) else {
                return fail("a piece without points");
            };
            for (end, point) in [(0, first), (1, last)] {
                match self.nodes.get(edge.ends[end] as usize) {
                    None => return fail("ends at a node that is not there"),
                    Some(node) if node.at.distance_m(*point) > 0.01 => return fail("does not reach its node"),
                    Some(_) => {}
                }
            }
            if edge.points.len() < 2 || edge.points.iter().any(|p| !p.x.is_finite() || !p.y.is_finite()) {
                return fail("has no usable line");
            }
            if !(edge.length_m.is_finite() && edge.length_m > 0.0) {
                return fail("has no length");
            }
            if edge.sides.iter().all(Option::is_none) {
                return fail("is open in no direction");
            }
            if edge.sides.iter().flatten().any(|s| s.lanes.is_empty() || s.access.is_empty()) {
                return fail("has a direction without lanes or without anybody");
            }
            if edge.is_interior && self.nodes[edge.ends[0] as usize].junction != self.nodes[edge.ends[1] as usize].junction {
                return fail("is inside a junction that its ends do not share");
            }
            if edge.marks.iter().any(|m| !(-0.5..=edge.length_m + 0.5).contains(&m.at_m)) {
                return fail("has a sign beyond its ends");
            }
        }
        Ok(())
    }
}
