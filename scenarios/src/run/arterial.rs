//! The main road of a scenario, for time-space diagrams: the stretch of one name that the demand drives most along.

use serde::{Deserialize, Serialize};
use sim_core::{
    demand::Trip,
    ids::LinkId,
    network::{LinkKind, RoadClass, RoadNetwork},
};
use std::collections::BTreeMap;

/// The stretch is cut beyond this length, metres: longer ones are not readable on A4.
const LONGEST_M: f64 = 4_000.0;
/// A link longer than this is a road across the country: a diagram of it shows no junctions, metres.
const LINK_LONGEST_M: f32 = 1_500.0;
/// Shorter ones show nothing, metres.
const SHORTEST_M: f64 = 300.0;

/// A stretch of a main road in one direction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arterial {
    /// Its number, else its name.
    pub name: String,
    /// Its links in the direction of driving: ref, and metres from the stretch's start to the link's.
    pub links: Vec<(String, f64)>,
    /// Its length, metres.
    pub length_m: f64,
    /// Where signals stand: metres from its start.
    pub signals_m: Vec<f64>,
}

/// The main road that `trips` drive most along; `None` where no road of class secondary and above has a name or number.
pub fn choose(network: &RoadNetwork, trips: &[Trip]) -> Option<Arterial> {
    let mut uses = vec![0u32; network.links.len()];
    for link in trips.iter().flat_map(|t| t.route.iter()) {
        uses[link.index()] += 1;
    }
    let mut roads: BTreeMap<&str, Vec<LinkId>> = BTreeMap::new();
    for (i, link) in network.links.iter().enumerate() {
        let is_of_town = link.class <= RoadClass::Secondary && link.length_m <= LINK_LONGEST_M;
        if is_of_town && link.kind == LinkKind::Road && uses[i] > 0 {
            for name in [link.road_number.as_deref(), link.name.as_deref()].into_iter().flatten() {
                roads.entry(name).or_default().push(LinkId::from_index(i));
            }
        }
    }
    let mut best: Option<(f64, &str, Vec<LinkId>)> = None;
    for (name, links) in roads {
        let chain = chain(network, &links, &uses);
        let score: f64 = chain.iter().map(|l| f64::from(uses[l.index()]) * f64::from(network.link(*l).length_m)).sum();
        let length_m: f64 = chain.iter().map(|l| f64::from(network.link(*l).length_m)).sum();
        if length_m >= SHORTEST_M && best.as_ref().is_none_or(|b| score > b.0) {
            best = Some((score, name, chain));
        }
    }
    best.map(|(_, name, chain)| of_chain(network, name, &chain))
}

/// The stretch through the most used of `links`, grown at both ends by the most used neighbour of the same road.
fn chain(network: &RoadNetwork, links: &[LinkId], uses: &[u32]) -> Vec<LinkId> {
    let most = |a: &&LinkId, b: &&LinkId| uses[a.index()].cmp(&uses[b.index()]).then(b.cmp(a));
    let Some(first) = links.iter().max_by(most) else { return Vec::new() };
    let mut chain = std::collections::VecDeque::from([*first]);
    let mut length_m = f64::from(network.link(*first).length_m);
    loop {
        let (head, tail) = (chain[0], chain[chain.len() - 1]);
        let is_new = |l: &LinkId| !chain.contains(l) && network.link(*l).opposite.is_none_or(|o| !chain.contains(&o));
        let joined = |from: LinkId, to: LinkId| network.movements.iter().any(|m| m.from == from && m.to == to);
        let after = links.iter().filter(|l| network.link(**l).from == network.link(tail).to && is_new(l) && joined(tail, **l)).max_by(most);
        let before =
            links.iter().filter(|l| network.link(**l).to == network.link(head).from && is_new(l) && joined(**l, head)).max_by(most);
        let use_of = |l: Option<&LinkId>| l.map_or(0, |l| uses[l.index()]);
        let (next, is_after) = if use_of(after) >= use_of(before) { (after, true) } else { (before, false) };
        let Some(next) = next.copied() else { break };
        length_m += f64::from(network.link(next).length_m);
        if length_m > LONGEST_M {
            break;
        }
        if is_after { chain.push_back(next) } else { chain.push_front(next) }
    }
    chain.into()
}

fn of_chain(network: &RoadNetwork, name: &str, chain: &[LinkId]) -> Arterial {
    let (mut links, mut signals_m, mut at_m) = (Vec::new(), Vec::new(), 0.0);
    for id in chain {
        let link = network.link(*id);
        links.push((link.ref_.to_string(), at_m));
        at_m += f64::from(link.length_m);
        if network.controllers.iter().any(|c| c.junction == link.to) {
            signals_m.push(at_m);
        }
    }
    Arterial { name: name.to_owned(), links, length_m: at_m, signals_m }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{
        load::find,
        progress::Quiet,
        session::{RunSettings, Session},
    };
    use std::path::Path;

    #[test]
    fn the_main_road_is_joined_up_and_goes_one_way() {
        let found = find(Path::new("long-xuyen-signals"), &[]).unwrap();
        let run = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
        let session = Session::open(Path::new("long-xuyen-signals"), &[], run, &Quiet).unwrap();
        assert_eq!(session.found.scenario.parsed.file.name, found.scenario.parsed.file.name);
        let trips = session.simulation(1, 1).unwrap();
        let road = choose(&session.network, trips.trips()).expect("Long Xuyên has main roads");
        assert!((SHORTEST_M..=LONGEST_M).contains(&road.length_m) && road.links.len() > 2 && !road.signals_m.is_empty(), "{road:?}");
        let id = |ref_: &str| LinkId::from_index(session.network.links.iter().position(|l| l.ref_.as_str() == ref_).unwrap());
        let mut end_m = 0.0;
        for pair in road.links.windows(2) {
            let (a, b) = (session.network.link(id(&pair[0].0)), session.network.link(id(&pair[1].0)));
            assert_eq!(a.to, b.from, "{road:?}");
            end_m += f64::from(a.length_m);
            assert!((pair[1].1 - end_m).abs() < 1e-6);
        }
        let long = session.network.links.iter().map(|l| l.length_m).fold(0.0, f32::max);
        assert!(long > LINK_LONGEST_M && road.links.iter().all(|(r, _)| session.network.links[id(r).index()].length_m <= LINK_LONGEST_M));
        assert_eq!(choose(&session.network, &[]), None, "nobody drives");
    }
}
