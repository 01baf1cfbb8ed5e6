//! Puts the signals mapped along the roads where they work: on the junction whose stop line they stand at, or, far from any, on a node
//! of their own, which becomes a signalised pedestrian crossing.

use super::{
    draft::{Draft, DraftNode, MarkKind},
    report::{ImportReport, ReportGroup},
    weld::cut,
};
use sim_core::geometry::{point_along, polyline_length_m};
use std::collections::{BTreeMap, BTreeSet};

/// A signal is at most this far before its junction, metres (assumed; large Vietnamese junctions have 30 m).
const SIGNAL_BEFORE_M: f64 = 45.0;
/// A signal this near before a junction that has signals anyway is a second head of those, metres (assumed).
const SECOND_HEAD_M: f64 = 80.0;
/// A signalised crossing is at most this far from the junction it belongs to.
const CROSSING_BEFORE_M: f64 = 20.0;

const AT_EDGE: &str = "signal where the file ends: its junction is not there";
const BEHIND: &str = "signal behind a junction, facing away: not modelled";

/// The nodes and pieces of road at every node: (edge, end).
type Incidence = Vec<Vec<(u32, u8)>>;

/// What one comes to when following a road.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ahead {
    /// A node where three or more pieces meet, metres on.
    Junction(u32, f64),
    /// The road's end.
    End(f64),
    /// Neither within [`SECOND_HEAD_M`].
    Nothing,
}

/// A signal on its way to a place of its own.
struct Loose {
    edge: u32,
    at_m: f64,
    node: i64,
    /// The junctions before which it stands.
    ahead: Vec<u32>,
}

/// Puts signals found along the roads onto the junctions they belong to, or makes them crossings of their own.
pub(crate) fn place_signals(draft: &mut Draft, report: &mut ImportReport) {
    let at = draft.incidence();
    let is_junction = |n: u32| at[n as usize].len() >= 3;
    let mut signalised: BTreeSet<u32> = BTreeSet::new();
    let mut crossings: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    let mut loose: Vec<Loose> = Vec::new();
    let mut loose_nodes: Vec<(u32, Vec<u32>)> = Vec::new();
    for (i, edge) in draft.edges.iter().enumerate() {
        for mark in &edge.marks {
            let around = [follow(draft, &at, i as u32, 0, mark.at_m), follow(draft, &at, i as u32, 1, edge.length_m - mark.at_m)];
            let is_spoken_to = |end: usize| mark.speaks_to[1 - end] && edge.sides[1 - end].is_some();
            match mark.kind {
                MarkKind::Signal => match belongs_to(around, is_spoken_to) {
                    Place::At(node) => {
                        signalised.insert(node);
                    }
                    Place::Nowhere(why) => report.add(ReportGroup::Noted, why, format_args!("n{}", mark.node)),
                    Place::OfItsOwn(ahead) => loose.push(Loose { edge: i as u32, at_m: mark.at_m, node: mark.node, ahead }),
                },
                MarkKind::CrossingSignal => {
                    // Ends ahead of those it speaks to, with the way there.
                    let nearest = [(0, mark.at_m), (1, edge.length_m - mark.at_m)]
                        .into_iter()
                        .filter(|(end, _)| is_spoken_to(*end) && is_junction(edge.ends[*end]))
                        .min_by(|a, b| a.1.total_cmp(&b.1));
                    if let Some((end, _)) = nearest.filter(|(_, way)| *way <= CROSSING_BEFORE_M) {
                        crossings.entry(edge.ends[end]).or_default().insert(i as u32);
                    }
                }
                MarkKind::Stop | MarkKind::GiveWay => {}
            }
        }
    }
    for n in 0..draft.nodes.len() as u32 {
        if !draft.nodes[n as usize].has_signal || is_junction(n) {
            continue;
        }
        // A signal where only two pieces meet stands before the junction at the end of one of them.
        draft.nodes[n as usize].has_signal = false;
        let name = format!("n{}", draft.nodes[n as usize].id);
        let [a, b] = at[n as usize][..] else {
            report.add(ReportGroup::Noted, AT_EDGE, name);
            continue;
        };
        let around = [a, b].map(|(e, end)| follow(draft, &at, e, 1 - end, draft.edges[e as usize].length_m));
        match belongs_to(around, |i| draft.edges[[a, b][i].0 as usize].leads_away([a, b][i].1 as usize)) {
            Place::At(node) => {
                signalised.insert(node);
            }
            Place::Nowhere(why) => report.add(ReportGroup::Noted, why, name),
            Place::OfItsOwn(ahead) => loose_nodes.push((n, ahead)),
        }
    }
    // Where only the crossings are mapped with signals, two approaches of one junction must have one.
    signalised.extend(crossings.into_iter().filter(|(_, approaches)| approaches.len() >= 2).map(|(n, _)| n));
    for n in &signalised {
        draft.nodes[*n as usize].has_signal = true;
    }
    let has_signal = |n: &u32| draft.nodes[*n as usize].has_signal;
    let stays = |ahead: &[u32]| !ahead.iter().any(has_signal);
    let loose: Vec<Loose> = loose.into_iter().filter(|l| stays(&l.ahead)).collect();
    let loose_nodes: Vec<u32> = loose_nodes.into_iter().filter(|(_, ahead)| stays(ahead)).map(|(n, _)| n).collect();
    for n in loose_nodes {
        draft.nodes[n as usize].has_signal = true;
    }
    put_on_nodes(draft, loose);
}

/// Where a signal belongs.
enum Place {
    /// On this junction.
    At(u32),
    /// On none, and why.
    Nowhere(&'static str),
    /// On a node of its own, unless one of these junctions ahead has signals.
    OfItsOwn(Vec<u32>),
}

/// Where a signal belongs, from what lies around it in both directions and which of them drivers who see it go.
fn belongs_to(around: [Ahead; 2], is_spoken_to: impl Fn(usize) -> bool) -> Place {
    let mut before: Option<(f64, u32)> = None;
    let mut ahead = Vec::new();
    let (mut is_behind, mut is_at_edge) = (false, false);
    for (i, found) in around.into_iter().enumerate() {
        match found {
            Ahead::Junction(node, way) if is_spoken_to(i) => {
                if way <= SIGNAL_BEFORE_M && before.is_none_or(|(nearest, _)| way < nearest) {
                    before = Some((way, node));
                }
                ahead.push(node);
            }
            Ahead::Junction(_, way) => is_behind |= way <= SIGNAL_BEFORE_M,
            Ahead::End(way) => is_at_edge |= way <= SIGNAL_BEFORE_M,
            Ahead::Nothing => {}
        }
    }
    match before {
        Some((_, node)) => Place::At(node),
        None if is_at_edge => Place::Nowhere(AT_EDGE),
        None if is_behind => Place::Nowhere(BEHIND),
        None => Place::OfItsOwn(ahead),
    }
}

/// What lies beyond the end `end` of an edge, which is `way_m` away, following the road where only two pieces meet.
fn follow(draft: &Draft, at: &Incidence, edge: u32, end: u8, way_m: f64) -> Ahead {
    let (mut edge, mut end, mut way_m) = (edge, end, way_m);
    while way_m <= SECOND_HEAD_M {
        let node = draft.node_at(edge, end);
        match at[node as usize][..] {
            [_] => return Ahead::End(way_m),
            [a, b] if !draft.nodes[node as usize].is_edge => {
                let next = if a == (edge, end) { b } else { a };
                (edge, end) = (next.0, 1 - next.1);
                way_m += draft.edges[edge as usize].length_m;
            }
            [_, _] => return Ahead::End(way_m),
            _ => return Ahead::Junction(node, way_m),
        }
    }
    Ahead::Nothing
}

/// Cuts the roads where loose signals stand and gives each a node.
fn put_on_nodes(draft: &mut Draft, loose: Vec<Loose>) {
    let mut by_edge: BTreeMap<u32, Vec<(f64, i64)>> = BTreeMap::new();
    for l in loose {
        by_edge.entry(l.edge).or_default().push((l.at_m, l.node));
    }
    for (e, mut signals) in by_edge {
        signals.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let edge = &draft.edges[e as usize];
        let scale = polyline_length_m(&edge.points) / edge.length_m;
        let mut places = Vec::new();
        for (at_m, id) in signals {
            let node = draft.nodes.len() as u32;
            let at = point_along(&draft.edges[e as usize].points, at_m * scale).0;
            draft.nodes.push(DraftNode { id, ref_: format!("n{id}").into(), at, is_edge: false, has_signal: true, junction: node });
            places.push((at_m * scale, node));
        }
        cut(draft, e as usize, &places);
    }
}
