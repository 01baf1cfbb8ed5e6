//! What controllers expect to let pass, handed on to those downstream: a platoon that is about to be released is known before anybody counts it.

use super::equip::share;
use crate::{
    ids::{ControllerId, LinkId, MovementId},
    network::{JunctionKind, LinkKind, RoadNetwork, Turn},
};
use serde::{Deserialize, Serialize};

/// Signals are looked for so far upstream of an approach, as time at the limit, seconds (assumed: beyond it platoons have spread) …
const FARTHEST_S: f32 = 60.0;
/// … and along links on which so large a share of a group's vehicles is expected, or more (assumed).
const LEAST_SHARE: f32 = 0.1;

/// What a controller expects to let pass by the phases that it means to choose. Part of its state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// From when on, seconds after midnight.
    pub from_s: f64,
    /// Vehicles that pass in each second from then on, by group.
    pub passes: Vec<Vec<f32>>,
    /// Vehicles a second that usually pass, by group.
    pub usual: Vec<f32>,
}

/// What signals upstream are expected to send onto the links that a group comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inflow {
    /// Vehicles that enter in each of the coming seconds, as far as the outlooks reach.
    pub by_second: Vec<f32>,
    /// How many do so in a second usually.
    pub usual: f32,
}

/// A group upstream from which vehicles come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Source {
    pub(crate) controller: ControllerId,
    pub(crate) group: u16,
    /// The share of its vehicles that come, by the assumed share of each turn on the way.
    pub(crate) share: f32,
    /// When they enter after they passed its line, at the limit, seconds.
    pub(crate) delay_s: f32,
}

/// By group of `controller`, who sends vehicles onto the links it comes from: signals there or, through junctions without one, farther up.
pub(crate) fn sources(network: &RoadNetwork, controller: ControllerId) -> Vec<Vec<Source>> {
    let of_group = |movements: &[MovementId]| {
        let mut from: Vec<LinkId> = movements.iter().map(|m| network.movement(*m).from).collect();
        from.sort_unstable();
        from.dedup();
        let mut found = Vec::new();
        for link in from {
            add_sources(network, link, 1.0, 0.0, &mut found);
        }
        found
    };
    network.controller(controller).groups.iter().map(|g| of_group(&g.movements)).collect()
}

/// Adds those that send vehicles onto `link`, of whom `onward` go on to the group and are there `delay_s` later.
fn add_sources(network: &RoadNetwork, link: LinkId, onward: f32, delay_s: f32, found: &mut Vec<Source>) {
    let junction = network.link(link).from;
    for m in network.movements_of(junction).map(|m| network.movement(m)).filter(|m| m.to == link && m.turn != Turn::UTurn) {
        let before = network.link(m.from);
        if before.kind != LinkKind::Road {
            continue;
        }
        let signal = if let JunctionKind::Signal(c) = network.junction(junction).kind { m.group.map(|g| (c, g)) } else { None };
        // Whoever shares the signal's group, or the link where there is none, goes the ways it leads by the assumed shares.
        let beside: f32 = match signal {
            Some((c, g)) => network.controller(c).groups[usize::from(g)].movements.iter().map(|m| share(network.movement(*m).turn)).sum(),
            None => network.movements_from(m.from).map(|m| share(network.movement(m).turn)).sum(),
        };
        let share = onward * share(m.turn) / beside;
        if share < LEAST_SHARE {
            continue;
        }
        match signal {
            Some((controller, group)) => found.push(Source { controller, group, share, delay_s }),
            None => {
                let delay_s = delay_s + before.length_m / before.limits.light_mps;
                if delay_s <= FARTHEST_S {
                    add_sources(network, m.from, share, delay_s, found);
                }
            }
        }
    }
}

/// What those upstream of a group tell at `now`; `None` where none of them has an outlook.
pub(crate) fn inflow<'a>(sources: &[Source], outlook_of: impl Fn(ControllerId) -> Option<&'a Outlook>, now: f64) -> Option<Inflow> {
    let told: Vec<(&Source, &Outlook)> = sources.iter().filter_map(|s| Some((s, outlook_of(s.controller)?))).collect();
    // Seconds of its outlook that are over; negative where its vehicles need so long.
    let over_s = |(s, o): &(&Source, &Outlook)| libm::round(now - o.from_s - f64::from(s.delay_s)) as isize;
    let seconds = |from: &(&Source, &Outlook)| (from.1.passes[usize::from(from.0.group)].len() as isize - over_s(from)).max(0) as usize;
    // As far as all of them reach.
    let by_second = vec![0.0; told.iter().map(seconds).min()?];
    let mut sum = Inflow { by_second, usual: 0.0 };
    for from in &told {
        let (source, outlook) = from;
        let (group, over) = (usize::from(source.group), over_s(from));
        sum.usual += source.share * outlook.usual[group];
        for (k, enter) in sum.by_second.iter_mut().enumerate() {
            // Who passed before the outlook began is on the way and was not told: as many as usual.
            let at = usize::try_from(k as isize + over).ok();
            *enter += source.share * at.map_or(outlook.usual[group], |at| outlook.passes[group][at]);
        }
    }
    Some(sum)
}

#[cfg(test)]
mod tests;
