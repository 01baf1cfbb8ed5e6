//! Turns the statements of a sketch into OpenStreetMap data: nodes where roads meet, ways between changes of a road's kind, tags.

use super::{
    error::{SketchError, SketchProblem, near},
    line::{END_M, Line},
    meet::{Meeting, meetings},
    source::{Road, Signal, Source},
    tags::{place_tags, way_tags},
};
use crate::osm::{Node, OsmData, Tags, Way};
use sim_core::geometry::{Frame, LatLon};
use std::collections::BTreeMap;

/// A vertex this near to a junction on the same road, metres, gives way to the junction.
const VERTEX_NEAR_JUNCTION_M: f64 = 8.0;

/// The OpenStreetMap data of a sketch. Ids count up from 1 in file order.
pub(super) fn osm(source: &Source) -> Result<OsmData, SketchError> {
    let frame = Frame { origin: middle(source) };
    let lines: Vec<Line> = source.roads.iter().map(|r| Line::of(r, &frame)).collect();
    let meetings = meetings(source, &lines, &frame);
    let mut out = Out { data: OsmData::default() };
    for meeting in &meetings {
        let place = match &meeting.node {
            Some(node) => source.nodes[node].place,
            None => frame.unproject(meeting.point),
        };
        out.node(place, Some(&meeting.ref_));
    }
    for signal in &source.signals {
        let m = signalised(source, &meetings, signal)?;
        let tags = &mut out.data.nodes[m].tags;
        if meetings[m].node.is_none() {
            // The statement's own spelling is the junction's name: a street added later does not change it.
            tags.set("twin:ref", &signal.crossing);
        }
        tags.set("highway", "traffic_signals");
        if let Some(name) = &signal.name {
            tags.set("name", name);
        }
    }
    for (r, road) in source.roads.iter().enumerate() {
        out.road(road, &lines[r], stops(road, r, &lines[r], &meetings));
    }
    for place in &source.places {
        let id = out.node(place.place, Some(&place.ref_));
        place_tags(place, &mut out.data.nodes[id as usize - 1].tags);
    }
    Ok(out.data)
}

fn middle(source: &Source) -> LatLon {
    let points = || source.roads.iter().flat_map(|r| &r.points).map(|v| v.place);
    let mid = |of: fn(&LatLon) -> f64| {
        let (low, high) = points().map(|p| of(&p)).fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), x| (l.min(x), h.max(x)));
        (low + high) / 2.0
    };
    if source.roads.is_empty() { LatLon { lat: 0.0, lon: 0.0 } } else { LatLon { lat: mid(|p| p.lat), lon: mid(|p| p.lon) } }
}

/// A node on a road's way: a meeting, or a vertex of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stop {
    Meeting(usize),
    Vertex(usize),
}

/// What a road's way passes, in order: its meetings, and the vertices between that are not beside one. Stubs beyond the first and
/// last crossing are left out.
fn stops(road: &Road, r: usize, line: &Line, meetings: &[Meeting]) -> Vec<(f64, Stop)> {
    let mut met: Vec<(f64, Stop)> = Vec::new();
    for (m, meeting) in meetings.iter().enumerate() {
        met.extend(meeting.passes.iter().filter(|p| p.0 == r).map(|p| (p.1, Stop::Meeting(m))));
    }
    met.sort_by(|a, b| a.0.total_cmp(&b.0));
    let crosses = |s: &&(f64, Stop)| matches!(s.1, Stop::Meeting(m) if meetings[m].passes.iter().any(|p| p.0 != r));
    let first = met.iter().find(crosses).map_or(0.0, |s| if s.0 <= END_M { s.0 } else { 0.0 });
    let length = line.length_m();
    let last = met.iter().rev().find(crosses).map_or(length, |s| if length - s.0 <= END_M { s.0 } else { length });
    let mut all = met.clone();
    for (v, along) in line.along.iter().enumerate() {
        let is_beside = met.iter().any(|s| (s.0 - along).abs() <= VERTEX_NEAR_JUNCTION_M);
        if road.points[v].node.is_none() && !is_beside {
            all.push((*along, Stop::Vertex(v)));
        }
    }
    all.retain(|s| (first..=last).contains(&s.0));
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all.dedup_by(|next, before| next.1 == before.1);
    all
}

struct Out {
    data: OsmData,
}

impl Out {
    fn node(&mut self, place: LatLon, ref_: Option<&str>) -> i64 {
        let id = self.data.nodes.len() as i64 + 1;
        let mut tags = Tags::default();
        if let Some(ref_) = ref_ {
            tags.set("twin:ref", ref_);
        }
        self.data.nodes.push(Node { id, place, tags });
        id
    }

    /// One way for each stretch of a road that is on the ground or on one bridge.
    fn road(&mut self, road: &Road, line: &Line, stops: Vec<(f64, Stop)>) {
        let bridge_between = |a: f64, b: f64| road.points[line.piece_at((a + b) / 2.0)].bridge_after;
        let mut ways: Vec<(Option<usize>, Vec<i64>)> = Vec::new();
        let ids: Vec<i64> = stops
            .iter()
            .enumerate()
            .map(|(i, (along, stop))| match stop {
                Stop::Meeting(m) => *m as i64 + 1,
                Stop::Vertex(v) => {
                    let before = (i > 0).then(|| bridge_between(stops[i - 1].0, *along));
                    let after = stops.get(i + 1).map(|next| bridge_between(*along, next.0));
                    let ref_ = match (before, after) {
                        (None, _) => Some(format!("{}.start", road.ref_)),
                        (_, None) => Some(format!("{}.end", road.ref_)),
                        (Some(b), Some(a)) if b != a => Some(match a {
                            Some(bridge) => format!("{}.bridge{}", road.ref_, bridge + 1),
                            None => format!("{}.ashore{}", road.ref_, b.map_or(0, |b| b + 1)),
                        }),
                        _ => None,
                    };
                    self.node(road.points[*v].place, ref_.as_deref())
                }
            })
            .collect();
        for (i, w) in stops.windows(2).enumerate() {
            let bridge = bridge_between(w[0].0, w[1].0);
            match ways.last_mut() {
                Some((last, nodes)) if *last == bridge => nodes.push(ids[i + 1]),
                _ => ways.push((bridge, vec![ids[i], ids[i + 1]])),
            }
        }
        for (bridge, nodes) in ways {
            let id = self.data.ways.len() as i64 + 1;
            self.data.ways.push(Way { id, nodes, tags: way_tags(road, bridge) });
        }
    }
}

/// The meeting a `signal` statement names.
fn signalised(source: &Source, meetings: &[Meeting], signal: &Signal) -> Result<usize, SketchError> {
    let fail = |problem| Err(SketchError { at: signal.at.clone(), problem });
    let by_ref: BTreeMap<&str, usize> =
        meetings.iter().enumerate().filter(|(_, m)| m.passes.len() > 1).map(|(i, m)| (m.ref_.as_str(), i)).collect();
    if let Some(m) = by_ref.get(signal.crossing.as_str()) {
        return Ok(*m);
    }
    let Some((a, b)) = signal.crossing.split_once('*') else {
        let near = near(&signal.crossing, by_ref.keys().copied());
        return fail(SketchProblem::UnknownName { kind: "crossing node", found: signal.crossing.clone(), near });
    };
    // Either order, and streets that meet at a named node or a larger crossing.
    let road = |ref_: &str| source.roads.iter().position(|r| r.ref_ == ref_);
    for ref_ in [a, b] {
        if road(ref_).is_none() {
            let near = near(ref_, source.roads.iter().map(|r| r.ref_.as_str()));
            return fail(SketchProblem::UnknownName { kind: "road", found: ref_.to_owned(), near });
        }
    }
    let passes = |m: &Meeting, ref_| m.passes.iter().any(|p| Some(p.0) == road(ref_));
    match meetings.iter().position(|m| passes(m, a) && passes(m, b)) {
        Some(m) => Ok(m),
        None => {
            let of_a: Vec<&str> = meetings.iter().filter(|m| passes(m, a) && m.passes.len() > 1).map(|m| m.ref_.as_str()).collect();
            let near = if of_a.is_empty() { String::new() } else { format!("; `{a}` meets: {}", of_a.join(", ")) };
            fail(SketchProblem::NoCrossing { a: a.to_owned(), b: b.to_owned(), near })
        }
    }
}
