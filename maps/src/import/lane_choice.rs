//! Which lanes a movement is made from and leads into: by the markings, else by custom.

use sim_core::{
    geometry::turn_between,
    ids::LinkId,
    network::{DrivingSide, Movement, RoadNetwork, Turn, TurnSet},
};
use std::{collections::BTreeMap, ops::Range};

/// Sets the lanes of all movements of one junction.
pub(crate) fn assign_lanes(network: &RoadNetwork, movements: &mut [Movement]) {
    let mut by_from: BTreeMap<LinkId, Vec<usize>> = BTreeMap::new();
    let mut by_to: BTreeMap<LinkId, Vec<usize>> = BTreeMap::new();
    for (i, m) in movements.iter().enumerate() {
        by_from.entry(m.from).or_default().push(i);
        by_to.entry(m.to).or_default().push(i);
    }
    for (from, ways_on) in &by_from {
        choose_from(network, *from, ways_on, movements);
    }
    for m in movements.iter_mut() {
        m.to_lanes = into_lanes(network, m);
    }
    for (to, arrivals) in &by_to {
        zip_together(network, *to, arrivals, movements);
    }
}

/// The turn towards the kerb: right where traffic keeps right.
fn near_turn(network: &RoadNetwork) -> Turn {
    match network.meta.driving_side {
        DrivingSide::Right => Turn::Right,
        DrivingSide::Left => Turn::Left,
    }
}

fn choose_from(network: &RoadNetwork, from: LinkId, ways_on: &[usize], movements: &mut [Movement]) {
    let lanes = &network.link(from).lanes;
    let n = lanes.len() as u8;
    let near = near_turn(network);
    let has = |turn: Turn, movements: &[Movement]| ways_on.iter().any(|i| movements[*i].turn == turn);
    let has_through = has(Turn::Through, movements);
    let far = if near == Turn::Right { Turn::Left } else { Turn::Right };
    let (has_near, has_far) = (has(near, movements), has(far, movements));
    let is_marked = lanes.iter().any(|l| !l.turns.is_unmarked());
    for i in ways_on {
        let turn = movements[*i].turn;
        let marked = marked_for(network, from, turn, &movements[*i]).filter(|_| is_marked);
        movements[*i].from_lanes = marked.unwrap_or_else(|| match turn {
            Turn::Through => 0..n,
            Turn::UTurn => n - 1..n,
            t if t == near && has_through => 0..1,
            t if t == near && has_far => 0..n.div_ceil(2),
            t if t == near => 0..n,
            _ if has_through => n - 1..n,
            _ if has_near => n / 2..n,
            _ => 0..n,
        });
    }
    share_a_fork(network, from, ways_on, movements);
}

/// The lanes marked for a turn; unmarked lanes beside marked ones lead straight on.
fn marked_for(network: &RoadNetwork, from: LinkId, turn: Turn, movement: &Movement) -> Option<Range<u8>> {
    let wanted = match turn {
        Turn::Left => TurnSet::LEFT,
        Turn::Right => TurnSet::RIGHT,
        Turn::Through => TurnSet::THROUGH,
        Turn::UTurn => TurnSet::U_TURN.union(match network.meta.driving_side {
            DrivingSide::Right => TurnSet::LEFT,
            DrivingSide::Left => TurnSet::RIGHT,
        }),
    };
    let fits = network.link(from).lanes.iter().map(|l| {
        let marked = l.turns.intersects(wanted) || (l.turns.is_unmarked() && turn == Turn::Through);
        marked && !l.access.intersection(movement.access).is_empty()
    });
    let fits: Vec<bool> = fits.collect();
    let first = fits.iter().position(|f| *f)?;
    let last = fits.iter().rposition(|f| *f)?;
    Some(first as u8..last as u8 + 1)
}

/// Where a road forks ahead into roads that together have exactly its lanes, each lane leads into its own.
fn share_a_fork(network: &RoadNetwork, from: LinkId, ways_on: &[usize], movements: &mut [Movement]) {
    let n = network.link(from).lanes.len();
    let is_unmarked = network.link(from).lanes.iter().all(|l| l.turns.is_unmarked());
    let lanes_of = |l: LinkId| network.link(l).lanes.len();
    let ahead: Vec<usize> = ways_on.iter().copied().filter(|i| movements[*i].turn != Turn::UTurn).collect();
    let is_fork = ahead.len() >= 2
        && ahead.len() == ways_on.len()
        && ahead.iter().all(|i| network.link(movements[*i].to).lanes.len() < n && angle(network, &movements[*i]).abs() < 0.9);
    if !is_unmarked || !is_fork || ahead.iter().map(|i| lanes_of(movements[*i].to)).sum::<usize>() != n {
        return;
    }
    let mut order = ahead;
    order.sort_by(|a, b| kerbward(network, &movements[*a]).total_cmp(&kerbward(network, &movements[*b])));
    let mut next = 0u8;
    for i in order {
        let count = lanes_of(movements[i].to) as u8;
        movements[i].from_lanes = next..next + count;
        next += count;
    }
}

fn angle(network: &RoadNetwork, m: &Movement) -> f64 {
    let (a, b) = (&network.link(m.from).geometry, &network.link(m.to).geometry);
    turn_between(a[a.len() - 2].heading_to(a[a.len() - 1]), b[0].heading_to(b[1]))
}

/// The angle of a movement, least for the one nearest the kerb.
fn kerbward(network: &RoadNetwork, m: &Movement) -> f64 {
    match network.meta.driving_side {
        DrivingSide::Right => angle(network, m),
        DrivingSide::Left => -angle(network, m),
    }
}

fn into_lanes(network: &RoadNetwork, m: &Movement) -> Range<u8> {
    let n = network.link(m.from).lanes.len() as u8;
    let out = network.link(m.to).lanes.len() as u8;
    let k = (m.from_lanes.end - m.from_lanes.start).min(out).max(1);
    match m.turn {
        Turn::UTurn => out - 1..out,
        Turn::Through if m.from_lanes == (0..n) => 0..out,
        Turn::Through => {
            let start = m.from_lanes.start.min(out - k);
            start..start + k
        }
        t if t == near_turn(network) => 0..k,
        _ => out - k..out,
    }
}

/// Where roads that together have exactly the lanes of the road they lead into come together ahead, each keeps its own lanes.
fn zip_together(network: &RoadNetwork, to: LinkId, arrivals: &[usize], movements: &mut [Movement]) {
    let out = network.link(to).lanes.len();
    let lanes_of = |l: LinkId| network.link(l).lanes.len();
    let merges =
        arrivals.len() >= 2 && arrivals.iter().all(|i| angle(network, &movements[*i]).abs() < 0.9 && lanes_of(movements[*i].from) < out);
    if !merges || arrivals.iter().map(|i| lanes_of(movements[*i].from)).sum::<usize>() != out {
        return;
    }
    let mut order = arrivals.to_vec();
    // Whoever comes from the kerb side heads away from it, and so turns most towards it.
    order.sort_by(|a, b| kerbward(network, &movements[*a]).total_cmp(&kerbward(network, &movements[*b])));
    let mut next = 0u8;
    for i in order {
        let count = lanes_of(movements[i].from) as u8;
        movements[i].from_lanes = 0..count;
        movements[i].to_lanes = next..next + count;
        next += count;
    }
}
