//! Links that the map does not have yet.

use super::{Applied, Log, draft::Draft, turns};
use crate::corrections::{
    model::{Entry, NewLink},
    report::Outcome,
};
use core::f64::consts::FRAC_PI_2;
use sim_core::{
    geometry::{LatLon, Point, point_along, polyline_length_m, turn_between},
    ids::{JunctionId, LinkId},
    network::{DrivingSide, JunctionKind, Link, LinkKind, RoadNetwork},
    reference::Ref,
};

/// Stop lines are no further from a junction's centre than this, metres (assumed).
const MAX_SETBACK_M: f64 = 40.0;

pub(super) fn add(draft: &mut Draft, entry: &Entry<NewLink>, log: &mut Log) -> Applied {
    let what = &entry.what;
    let ends = [&what.from, &what.to].map(|r| log.junction(draft, entry.line, "new_link", r.as_str()));
    let [Some(from), Some(to)] = ends else { return false };
    let back_ref = Ref::from(format!("{}:back", what.ref_));
    let taken = |r: &Ref| draft.find_link(r.as_str()).is_some();
    if from == to || taken(&what.ref_) || (what.two_way && taken(&back_ref)) {
        let message = if from == to { "begins and ends at the same junction" } else { "there is a link of this name already" };
        return log.left_out(entry.line, "new_link", &what.ref_, Outcome::Refused, message);
    }
    let frame = draft.network().meta.frame;
    let mut line = vec![draft.junction(from).centre];
    line.extend(what.via.iter().map(|p| frame.project(*p)));
    line.push(draft.junction(to).centre);
    line.dedup_by(|a, b| a.distance_m(*b) < 0.01);
    let whole_m = polyline_length_m(&line);
    let (begin_m, end_m) = (setback_m(draft, from), setback_m(draft, to));
    if line.len() < 2 || whole_m - begin_m - end_m < 1.0 {
        let message = format!("is {whole_m:.1} m long from centre to centre, which leaves nothing between the stop lines");
        return log.left_out(entry.line, "new_link", &what.ref_, Outcome::Refused, message);
    }
    let axis = between(&line, begin_m, whole_m - end_m);
    let there = add_direction(draft, what, what.ref_.clone(), [from, to], axis.clone());
    if what.two_way {
        let reversed = axis.into_iter().rev().collect();
        let back = add_direction(draft, what, back_ref, [to, from], reversed);
        draft.link_mut(there).opposite = Some(back);
        draft.link_mut(back).opposite = Some(there);
        add_movements(draft, back);
    }
    add_movements(draft, there);
    for end in [from, to] {
        if draft.junction(end).kind == JunctionKind::Terminal && has_two_neighbours(draft.network(), end) {
            draft.junction_mut(end).kind = JunctionKind::Priority;
        }
    }
    true
}

fn add_direction(draft: &mut Draft, what: &NewLink, ref_: Ref, [from, to]: [JunctionId; 2], axis: Vec<Point>) -> LinkId {
    let width_m: f32 = what.lanes.iter().map(|l| l.width_m).sum();
    let network = draft.network();
    let sideways_m = if what.two_way { f64::from(width_m) / 2.0 } else { 0.0 };
    let geometry = match network.meta.driving_side {
        DrivingSide::Right => beside(&axis, -sideways_m),
        DrivingSide::Left => beside(&axis, sideways_m),
    };
    let places: Vec<LatLon> = geometry.iter().map(|p| network.meta.frame.unproject(*p)).collect();
    let length_m: f64 = places.windows(2).map(|w| w[0].distance_m(w[1])).sum();
    draft.add_link(Link {
        ref_,
        name: what.name.clone(),
        road_number: what.road_number.clone(),
        from,
        to,
        class: what.class,
        kind: LinkKind::Road,
        geometry,
        length_m: length_m.max(1.0) as f32,
        width_m,
        lanes: what.lanes.clone(),
        limits: what.limits,
        access: what.access,
        opposite: None,
        is_roundabout: false,
        is_bridge: what.is_bridge,
        is_urban: what.is_urban,
        is_toll: what.is_toll,
    })
}

/// How far the stop lines of a junction are from its centre, on average.
fn setback_m(draft: &Draft, junction: JunctionId) -> f64 {
    let j = draft.junction(junction);
    let ends = j.incoming.iter().filter_map(|l| draft.link(*l).geometry.last());
    let starts = j.outgoing.iter().filter_map(|l| draft.link(*l).geometry.first());
    let distances: Vec<f64> = ends.chain(starts).map(|p| p.distance_m(j.centre)).collect();
    let mean = distances.iter().sum::<f64>() / distances.len().max(1) as f64;
    mean.min(MAX_SETBACK_M)
}

/// The part of a line between two ways along it.
fn between(line: &[Point], begin_m: f64, end_m: f64) -> Vec<Point> {
    let mut part = vec![point_along(line, begin_m).0];
    let mut way = 0.0;
    for ends in line.windows(2) {
        way += ends[0].distance_m(ends[1]);
        if way > begin_m + 0.01 && way < end_m - 0.01 {
            part.push(ends[1]);
        }
    }
    part.push(point_along(line, end_m).0);
    part
}

/// A line `left_m` to the left of another, its corners on the bisectors.
fn beside(line: &[Point], left_m: f64) -> Vec<Point> {
    let headings: Vec<f64> = line.windows(2).map(|w| w[0].heading_to(w[1])).collect();
    let corner = |i: usize| {
        let (into, out) = (headings[i.saturating_sub(1)], headings[i.min(headings.len() - 1)]);
        let half = turn_between(into, out) / 2.0;
        // At a sharp corner the bisector would run far out: no more than twice the distance.
        line[i].ahead(into + half + FRAC_PI_2, left_m / libm::cos(half).max(0.5))
    };
    (0..line.len()).map(corner).collect()
}

/// Movements onto a new link and off it, to and from everything at its ends but its own opposite direction.
fn add_movements(draft: &mut Draft, link: LinkId) {
    let new = draft.link(link).clone();
    for other in draft.junction(new.from).incoming.clone() {
        join(draft, other, link);
    }
    for other in draft.junction(new.to).outgoing.clone() {
        join(draft, link, other);
    }
}

fn join(draft: &mut Draft, from: LinkId, to: LinkId) {
    let access = draft.link(from).access.intersection(draft.link(to).access);
    let is_there = draft.movements[draft.link(from).to.index()].iter().any(|m| m.from == from && m.to == to);
    if !access.is_empty() && !is_there && draft.link(from).opposite != Some(to) {
        turns::add(draft, from, to, access);
    }
}

fn has_two_neighbours(network: &RoadNetwork, junction: JunctionId) -> bool {
    let j = network.junction(junction);
    let near = j.incoming.iter().map(|l| network.link(*l).from).chain(j.outgoing.iter().map(|l| network.link(*l).to));
    near.collect::<std::collections::BTreeSet<_>>().len() >= 2
}
