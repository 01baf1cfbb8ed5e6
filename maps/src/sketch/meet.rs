//! Where roads meet: crossings on one level, ends that touch another road, shared named nodes; near ones become one.

use super::{
    line::{END_M, Line},
    source::{Road, Source},
};
use sim_core::geometry::{Frame, Point};
use std::collections::BTreeMap;

/// Crossings that follow each other on a road within this many metres are one junction.
const ONE_JUNCTION_M: f64 = 15.0;

/// A place where roads meet, or a named node of a single road.
#[derive(Clone, Debug)]
pub(super) struct Meeting {
    pub(super) point: Point,
    /// The named node it is, if it is one.
    pub(super) node: Option<String>,
    /// Roads that pass and the way along each, metres, in order of road and way.
    pub(super) passes: Vec<(usize, f64)>,
    /// Its stable name: the node's, or `main*side`, with `.2` and so on where the two meet again.
    pub(super) ref_: String,
}

struct Hit {
    point: Point,
    node: Option<String>,
    passes: Vec<(usize, f64)>,
}

/// All meetings of `source`'s roads, drawn as `lines` in the plane of `frame`, in order of the first road they lie on.
pub(super) fn meetings(source: &Source, lines: &[Line], frame: &Frame) -> Vec<Meeting> {
    let mut hits = named(source, lines, frame);
    hits.extend(crossings(&source.roads, lines));
    let ends = ends(&source.roads, lines, &hits);
    hits.extend(ends);
    let mut meetings = merged(&source.roads, hits);
    name(&source.roads, &mut meetings);
    meetings
}

fn named(source: &Source, lines: &[Line], frame: &Frame) -> Vec<Hit> {
    let mut passes: BTreeMap<&str, Vec<(usize, f64)>> = BTreeMap::new();
    for (r, road) in source.roads.iter().enumerate() {
        for (v, vertex) in road.points.iter().enumerate() {
            if let Some(node) = &vertex.node {
                passes.entry(node).or_default().push((r, lines[r].along[v]));
            }
        }
    }
    passes
        .into_iter()
        .map(|(node, passes)| Hit { point: frame.project(source.nodes[node].place), node: Some(node.to_owned()), passes })
        .collect()
}

fn crossings(roads: &[Road], lines: &[Line]) -> Vec<Hit> {
    let mut pieces: Vec<(f64, f64, usize, usize)> = Vec::new();
    for (r, line) in lines.iter().enumerate().filter(|(r, _)| !roads[*r].is_apart && roads[*r].service.is_none()) {
        for (i, w) in line.points.windows(2).enumerate() {
            pieces.push((w[0].x.min(w[1].x), w[0].x.max(w[1].x), r, i));
        }
    }
    pieces.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.2, a.3).cmp(&(b.2, b.3))));
    let mut found = Vec::new();
    for (n, &(_, right, r, i)) in pieces.iter().enumerate() {
        for &(_, _, q, j) in pieces[n + 1..].iter().take_while(|p| p.0 <= right) {
            let is_one_level = roads[r].points[i].bridge_after.is_some() == roads[q].points[j].bridge_after.is_some();
            if r == q || !is_one_level {
                continue;
            }
            if let Some(cross) = lines[r].cross_pieces(i, &lines[q], j) {
                found.push(Hit { point: cross.point, node: None, passes: vec![(r, cross.a.1), (q, cross.b.1)] });
            }
        }
    }
    found
}

/// Ends that lie beside another road without reaching or crossing it.
fn ends(roads: &[Road], lines: &[Line], hits: &[Hit]) -> Vec<Hit> {
    let mut found = Vec::new();
    for (r, line) in lines.iter().enumerate() {
        for way in [0.0, line.length_m()] {
            let meets_already = |h: &Hit| h.passes.len() > 1 && h.passes.iter().any(|(q, along)| *q == r && (along - way).abs() <= END_M);
            if hits.iter().any(meets_already) {
                continue;
            }
            let Some(end) = (if way == 0.0 { line.points.first() } else { line.points.last() }) else { continue };
            let best = (0..roads.len())
                .filter(|q| *q != r && !roads[*q].is_apart && roads[*q].service.is_none())
                .map(|q| (q, lines[q].nearest(*end)))
                .filter(|(q, near)| near.0 <= END_M && roads[*q].points[lines[*q].piece_at(near.1)].bridge_after.is_none())
                .min_by(|a, b| a.1.0.total_cmp(&b.1.0).then(a.0.cmp(&b.0)));
            if let Some((q, (_, along, point))) = best {
                found.push(Hit { point, node: None, passes: vec![(r, way), (q, along)] });
            }
        }
    }
    found
}

/// Hits that follow each other on a road within [`ONE_JUNCTION_M`] as one; two named nodes stay two.
fn merged(roads: &[Road], hits: Vec<Hit>) -> Vec<Meeting> {
    let mut leader: Vec<usize> = (0..hits.len()).collect();
    let mut node: Vec<Option<&str>> = hits.iter().map(|h| h.node.as_deref()).collect();
    fn find(leader: &[usize], mut i: usize) -> usize {
        while leader[i] != i {
            i = leader[i];
        }
        i
    }
    let mut on_road: Vec<Vec<(f64, usize)>> = vec![Vec::new(); roads.len()];
    for (h, hit) in hits.iter().enumerate() {
        for (r, along) in &hit.passes {
            on_road[*r].push((*along, h));
        }
    }
    for list in &mut on_road {
        list.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        for w in list.windows(2) {
            let (a, b) = (find(&leader, w[0].1), find(&leader, w[1].1));
            if w[1].0 - w[0].0 <= ONE_JUNCTION_M && a != b && !(node[a].is_some() && node[b].is_some()) {
                let (keep, drop) = (a.min(b), a.max(b));
                node[keep] = node[keep].or(node[drop]);
                leader[drop] = keep;
            }
        }
    }
    let importance = |hit: &Hit| {
        let mut classes: Vec<_> = hit.passes.iter().map(|(r, _)| (roads[*r].class, &roads[*r].ref_)).collect();
        classes.sort();
        (hit.node.is_none(), classes)
    };
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for h in 0..hits.len() {
        groups.entry(find(&leader, h)).or_default().push(h);
    }
    let meeting = |group: &Vec<usize>| {
        let best = group.iter().copied().min_by_key(|h| importance(&hits[*h]))?;
        let mut passes: Vec<(usize, f64)> = group.iter().flat_map(|h| hits[*h].passes.iter().copied()).collect();
        passes.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        passes.dedup_by(|next, first| next.0 == first.0 && next.1 - first.1 < 1e-6);
        Some(Meeting { point: hits[best].point, node: hits[best].node.clone(), passes, ref_: String::new() })
    };
    let mut meetings: Vec<Meeting> = groups.values().filter_map(meeting).collect();
    meetings.sort_by(|a, b| a.passes[0].0.cmp(&b.passes[0].0).then(a.passes[0].1.total_cmp(&b.passes[0].1)));
    meetings
}

impl Meeting {
    /// The roads that pass, the most important first.
    pub(super) fn roads_by_importance(&self, roads: &[Road]) -> Vec<usize> {
        let mut list: Vec<usize> = self.passes.iter().map(|p| p.0).collect();
        list.dedup();
        list.sort_by_key(|r| (roads[*r].class, &roads[*r].ref_));
        list
    }
}

fn name(roads: &[Road], meetings: &mut [Meeting]) {
    let mut by_pair: BTreeMap<(usize, usize), Vec<(f64, usize)>> = BTreeMap::new();
    for (m, meeting) in meetings.iter_mut().enumerate() {
        if let Some(node) = &meeting.node {
            meeting.ref_.clone_from(node);
        } else if let [main, side, ..] = meeting.roads_by_importance(roads)[..] {
            let along = meeting.passes.iter().find(|p| p.0 == main).map_or(0.0, |p| p.1);
            by_pair.entry((main, side)).or_default().push((along, m));
        }
    }
    for ((main, side), mut list) in by_pair {
        list.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (n, (_, m)) in list.into_iter().enumerate() {
            let again = if n == 0 { String::new() } else { format!(".{}", n + 1) };
            meetings[m].ref_ = format!("{}*{}{again}", roads[main].ref_, roads[side].ref_);
        }
    }
}
