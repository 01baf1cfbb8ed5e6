//! Names junctions after the streets that meet there.

use sim_core::network::{RoadClass, RoadNetwork};
use std::collections::BTreeMap;

/// Names every junction where two named streets meet: the two most important, the longer name order-free by class then alphabet.
pub(crate) fn name_junctions(network: &mut RoadNetwork) {
    for j in 0..network.junctions.len() {
        let junction = &network.junctions[j];
        let mut streets: BTreeMap<&str, RoadClass> = BTreeMap::new();
        for l in junction.incoming.iter().chain(&junction.outgoing) {
            let link = network.link(*l);
            if let Some(name) = link.name.as_deref().or(link.road_number.as_deref()) {
                let class = streets.entry(name).or_insert(link.class);
                *class = (*class).min(link.class);
            }
        }
        let mut order: Vec<(&str, RoadClass)> = streets.into_iter().collect();
        order.sort_by_key(|(name, class)| (*class, *name));
        if let [(a, _), (b, _), ..] = order[..] {
            network.junctions[j].name = Some(format!("{a} / {b}"));
        }
    }
}
