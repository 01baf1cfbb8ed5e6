//! Movements: which way on there is from every link, over the inside of merged junctions, under turn restrictions.

use super::{
    build::Sources,
    draft::Draft,
    lane_choice::assign_lanes,
    report::{ImportReport, ReportGroup},
    restrictions::Restrictions,
};
use rayon::prelude::*;
use sim_core::{
    class::ClassSet,
    geometry::turn_between,
    ids::{JunctionId, LinkId},
    network::{Movement, Priority, RoadNetwork, Turn},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    f64::consts::PI,
};

/// Turns up to this are straight on, radians.
const STRAIGHT: f64 = 0.70;
/// Turns beyond this go back, radians.
const BACK: f64 = 2.62;
/// The most pieces inside a junction that one movement leads over.
const DEEPEST: usize = 10;
/// The most steps of one search: a junction that needs more is no junction.
const MOST_STEPS: usize = 4000;

/// A way on from a link, as the search finds it.
struct Found {
    from: LinkId,
    to: LinkId,
    access: ClassSet,
    /// Back into the opposite direction of the same road, without anything inside.
    is_same_road: bool,
}

/// Finds the movements of every junction and puts them into the network.
pub(crate) fn find_movements(
    draft: &Draft,
    sources: &Sources,
    restrictions: &Restrictions,
    network: &mut RoadNetwork,
    report: &mut ImportReport,
) {
    let at = draft.incidence();
    let per_junction: Vec<(Vec<Movement>, ImportReport, BTreeSet<i64>)> = (0..network.junctions.len())
        .into_par_iter()
        .map(|j| {
            let mut notes = ImportReport::default();
            let search = Search { draft, at: &at, sources, restrictions };
            let mut used = BTreeSet::new();
            let movements = search.junction(network, JunctionId::from_index(j), &mut notes, &mut used);
            (movements, notes, used)
        })
        .collect();
    let mut applied = BTreeSet::new();
    network.movements.clear();
    for (junction, (movements, notes, used)) in network.junctions.iter_mut().zip(per_junction) {
        let start = network.movements.len() as u32;
        network.movements.extend(movements);
        junction.movements = start..network.movements.len() as u32;
        report.absorb(notes);
        applied.extend(used);
    }
    let all = restrictions.at_node.values().chain(restrictions.over_way.values()).flatten();
    let ids: BTreeSet<(i64, bool)> = all.map(|r| (r.relation, matches!(r.via, super::restrictions::Via::Ways(_)))).collect();
    for (id, over_way) in ids {
        if applied.contains(&id) {
            report.add(ReportGroup::Read, "turn restriction that forbids a movement", format_args!("r{id}"));
        } else if over_way {
            report.add(
                ReportGroup::Dropped,
                "turn restriction over a way that is not inside one junction, or not drivable",
                format_args!("r{id}"),
            );
        } else {
            report.add(
                ReportGroup::Noted,
                "turn restriction that forbids nothing (its roads are not drivable that way)",
                format_args!("r{id}"),
            );
        }
    }
}

struct Search<'a> {
    draft: &'a Draft,
    at: &'a [Vec<(u32, u8)>],
    sources: &'a Sources,
    restrictions: &'a Restrictions,
}

/// How far a search has come.
struct Trail {
    /// Edges driven, with the end each was left at.
    edges: Vec<(u32, u8)>,
    nodes: Vec<u32>,
    steps: usize,
}

impl Search<'_> {
    fn junction(&self, network: &RoadNetwork, id: JunctionId, notes: &mut ImportReport, used: &mut BTreeSet<i64>) -> Vec<Movement> {
        let junction = network.junction(id);
        let mut movements = Vec::new();
        let edges_here: BTreeSet<u32> =
            junction.incoming.iter().chain(&junction.outgoing).map(|l| self.sources.of_link[l.index()].0).collect();
        for from in &junction.incoming {
            let (edge, side) = self.sources.of_link[from.index()];
            let end = 1 - side; // driving forward one arrives at the last end, which is end 1
            let mut found: BTreeMap<LinkId, Found> = BTreeMap::new();
            let mut trail = Trail { edges: vec![(edge, end)], nodes: vec![self.draft.node_at(edge, end)], steps: 0 };
            self.walk(*from, network.link(*from).access, &mut trail, &mut found, used);
            let mut found: Vec<Found> = found.into_values().collect();
            let onward = found.iter().any(|f| !f.is_same_road);
            if onward {
                // Turning back on the carriageway is left to dead ends and to openings in a median (assumed).
                found.retain(|f| !f.is_same_road);
            }
            if let (false, Some(back)) = (onward, network.link(*from).opposite)
                && edges_here.len() > 1
                && junction.outgoing.contains(&back)
            {
                notes.add(ReportGroup::Repaired, "no permitted way on: turning back permitted", &network.link(*from).ref_);
                found = vec![Found { from: *from, to: back, access: network.link(*from).access, is_same_road: true }];
            }
            movements.extend(self.movements(network, id, *from, &found, edges_here.len()));
        }
        assign_lanes(network, &mut movements);
        movements.sort_by_key(|m| (m.from, m.to));
        movements
    }

    /// Follows every way on from the end of the trail.
    fn walk(&self, from: LinkId, access: ClassSet, trail: &mut Trail, found: &mut BTreeMap<LinkId, Found>, used: &mut BTreeSet<i64>) {
        let &(last, last_end) = trail.edges.last().expect("a trail begins with an edge");
        let node = self.draft.node_at(last, last_end);
        for &(next, end) in &self.at[node as usize] {
            trail.steps += 1;
            if trail.steps > MOST_STEPS {
                return;
            }
            let edge = &self.draft.edges[next as usize];
            let turns_back = (next, end) == (last, last_end);
            if !edge.leads_away(end as usize) || (turns_back && trail.edges.len() > 1) {
                continue;
            }
            let side_access = edge.sides[end as usize].as_ref().map_or(ClassSet::NONE, |s| s.access);
            let open = access.intersection(side_access);
            let open = open.without(self.banned(trail, node, next, end, used, open));
            if open.is_empty() {
                continue;
            }
            if edge.is_interior {
                let beyond = self.draft.node_at(next, 1 - end);
                if trail.edges.len() <= DEEPEST && !trail.nodes.contains(&beyond) {
                    trail.edges.push((next, 1 - end));
                    trail.nodes.push(beyond);
                    self.walk(from, open, trail, found, used);
                    trail.edges.pop();
                    trail.nodes.pop();
                }
            } else if let Some(to) = self.sources.link_of[next as usize][end as usize] {
                let new = Found { from, to, access: open, is_same_road: turns_back };
                found.entry(to).and_modify(|f| f.access = f.access.union(open)).or_insert(new);
            }
        }
    }

    /// Whom a turn restriction keeps from driving on over `next` at `node`.
    fn banned(&self, trail: &Trail, node: u32, next: u32, end: u8, used: &mut BTreeSet<i64>, open: ClassSet) -> ClassSet {
        let mut banned = ClassSet::NONE;
        let (last, last_end) = trail.edges[trail.edges.len() - 1];
        let from_way = self.draft.edges[last as usize].end_ways[last_end as usize];
        let to_way = self.draft.edges[next as usize].end_ways[end as usize];
        if let Some(here) = self.restrictions.at_node.get(&self.draft.nodes[node as usize].id) {
            let mine = || here.iter().filter(|r| r.from == from_way);
            for r in mine() {
                let hits = if r.is_only {
                    // Several commands from one road together allow each of their targets.
                    to_way != r.to && !mine().any(|o| o.is_only && o.to == to_way)
                } else {
                    // `no_u_turn` names one way twice; a ban onto the same way otherwise means its other part.
                    to_way == r.to && (r.from != r.to || next == last)
                };
                if hits && !open.intersection(r.classes).is_empty() {
                    banned = banned.union(r.classes);
                    used.insert(r.relation);
                }
            }
        }
        if trail.edges.len() > 1
            && let Some(here) = self.restrictions.over_way.get(&from_way)
        {
            let mut driven: Vec<i64> = trail.edges.iter().map(|(e, end)| self.draft.edges[*e as usize].end_ways[*end as usize]).collect();
            driven.dedup();
            for r in here {
                let super::restrictions::Via::Ways(via) = &r.via else { continue };
                let came_so = driven.ends_with(via) && driven[..driven.len() - via.len()].last() == Some(&r.from);
                let hits = if r.is_only { to_way != r.to && to_way != from_way } else { to_way == r.to };
                if came_so && hits {
                    banned = banned.union(r.classes);
                    used.insert(r.relation);
                }
            }
        }
        banned
    }

    fn movements(&self, network: &RoadNetwork, junction: JunctionId, from: LinkId, found: &[Found], roads: usize) -> Vec<Movement> {
        let heading_in = self.heading(from, false);
        let angles: Vec<f64> = found.iter().map(|f| turn_between(heading_in, self.heading(f.to, true))).collect();
        let straightest = (0..found.len())
            .min_by(|a, b| straightness(network, from, found, &angles, *a).total_cmp(&straightness(network, from, found, &angles, *b)));
        found
            .iter()
            .enumerate()
            .map(|(i, f)| {
                let angle = angles[i];
                let same_street = {
                    let (a, b) = (network.link(f.from), network.link(f.to));
                    a.class == b.class && (a.name == b.name || a.road_number.is_some() && a.road_number == b.road_number)
                };
                let side = if angle > 0.0 { Turn::Left } else { Turn::Right };
                let turn = match angle.abs() {
                    _ if f.is_same_road => Turn::UTurn,
                    _ if roads == 2 => Turn::Through, // a bend
                    a if a > BACK && same_street => Turn::UTurn,
                    // Of several ways ahead the straightest is straight on, the others part from it.
                    a if a < STRAIGHT
                        && (straightest == Some(i) || (a - straightest.map_or(0.0, |s| angles[s].abs())).abs() < 0.17 && a < 0.35) =>
                    {
                        Turn::Through
                    }
                    a if a < STRAIGHT => {
                        if straightest.is_some_and(|s| angle > angles[s]) {
                            Turn::Left
                        } else {
                            Turn::Right
                        }
                    }
                    _ => side,
                };
                Movement {
                    junction,
                    from,
                    to: f.to,
                    turn,
                    access: f.access,
                    from_lanes: 0..1,
                    to_lanes: 0..1,
                    priority: Priority::MAJOR,
                    group: None,
                }
            })
            .collect()
    }

    /// Heading of a link where it leaves its first junction, or where it arrives at its last.
    fn heading(&self, link: LinkId, leaving: bool) -> f64 {
        let (edge, side) = self.sources.of_link[link.index()];
        let edge = &self.draft.edges[edge as usize];
        if leaving { edge.heading_from(side as usize) } else { edge.heading_from(1 - side as usize) + PI }
    }
}

/// The less the straighter; the same street wins among nearly equal ones.
fn straightness(network: &RoadNetwork, from: LinkId, found: &[Found], angles: &[f64], i: usize) -> f64 {
    let (a, b) = (network.link(from), network.link(found[i].to));
    let other_street = if a.class == b.class && a.name == b.name { 0.0 } else { 0.25 };
    angles[i].abs() + other_street
}
