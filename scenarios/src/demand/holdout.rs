//! Detectors the fit never sees, so that it can be judged honestly: a keyed choice of single ones and all of one corridor.

use super::draw_keys::hash;
use sim_core::{detector::Detector, network::RoadNetwork};
use std::collections::{BTreeMap, BTreeSet};

/// The corridor to hold out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Corridor {
    /// A busy one with enough detectors, chosen by the seed.
    #[default]
    Auto,
    /// The road of this number (`QL91`) or name.
    Named(String),
    /// None.
    None,
}

/// What to hold out of the fit.
#[derive(Clone, Debug, PartialEq)]
pub struct HoldoutSettings {
    /// Share of the detectors, beside the corridor, 0 to 0.5.
    pub share: f64,
    /// A whole corridor.
    pub corridor: Corridor,
}

impl Default for HoldoutSettings {
    fn default() -> Self {
        Self { share: 0.15, corridor: Corridor::Auto }
    }
}

/// What is held out: positions in the list of detectors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Holdout {
    pub(crate) single: BTreeSet<usize>,
    pub(crate) corridor: BTreeSet<usize>,
    pub(crate) corridor_name: Option<String>,
}

impl Holdout {
    pub(crate) fn holds(&self, detector: usize) -> bool {
        self.single.contains(&detector) || self.corridor.contains(&detector)
    }
}

/// No detector with counts stands on the road that was to be held out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no detector with counts stands on a road called `{name}`, so it cannot be held out of the fit{}; roads with such detectors: {}", hint(.name, .roads), .roads.join(", "))]
pub struct UnknownCorridor {
    /// The road that was asked for.
    pub name: String,
    /// The roads there are.
    pub roads: Vec<String>,
}

fn hint(name: &str, roads: &[String]) -> String {
    crate::scenario::error::nearest(name, roads.iter().map(String::as_str)).map_or_else(String::new, |n| format!("; did you mean `{n}`?"))
}

/// Chooses what to hold out among the detectors that have counts; `volumes` says how many vehicles each counted.
pub(crate) fn choose(
    network: &RoadNetwork,
    detectors: &[Detector],
    volumes: &BTreeMap<usize, f64>,
    seed: u64,
    settings: &HoldoutSettings,
) -> Result<Holdout, UnknownCorridor> {
    let names = |d: usize| {
        let link = network.link(detectors[d].link);
        (link.road_number.as_deref(), link.name.as_deref())
    };
    let mut roads: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for d in volumes.keys() {
        if let Some(road) = names(*d).0.or(names(*d).1) {
            roads.entry(road).or_default().insert(*d);
        }
    }
    let mut chosen = Holdout::default();
    match &settings.corridor {
        Corridor::None => {}
        Corridor::Named(name) => {
            let is_on = |d: &usize| names(*d).0 == Some(name.as_str()) || names(*d).1 == Some(name.as_str());
            chosen.corridor = volumes.keys().copied().filter(is_on).collect();
            if chosen.corridor.is_empty() {
                return Err(UnknownCorridor { name: name.clone(), roads: roads.into_keys().map(str::to_owned).collect() });
            }
            chosen.corridor_name = Some(name.clone());
        }
        Corridor::Auto => {
            if let Some((name, on)) = busy_road(roads, volumes, seed) {
                chosen.corridor = on;
                chosen.corridor_name = Some(name.to_owned());
            }
        }
    }
    let mut rest: Vec<usize> = volumes.keys().copied().filter(|d| !chosen.corridor.contains(d)).collect();
    rest.sort_by_key(|d| hash(seed, "holdout", detectors[*d].ref_.as_str(), 0));
    let share = libm::round(settings.share.clamp(0.0, 0.5) * rest.len() as f64) as usize;
    chosen.single = rest.into_iter().take(share).collect();
    Ok(chosen)
}

/// A road to hold out, drawn by the seed: of at least three detectors, which count at least what the median detector does, as a few
/// vehicles say nothing about a fit. Where there is none, two detectors do, then any volume. More than a third of all detectors would
/// leave too little to fit.
fn busy_road<'a>(
    roads: BTreeMap<&'a str, BTreeSet<usize>>,
    volumes: &BTreeMap<usize, f64>,
    seed: u64,
) -> Option<(&'a str, BTreeSet<usize>)> {
    let mut sorted: Vec<f64> = volumes.values().copied().collect();
    sorted.sort_by(f64::total_cmp);
    let median = sorted.get(sorted.len() / 2).copied().unwrap_or(0.0);
    let mean = |on: &BTreeSet<usize>| on.iter().map(|d| volumes[d]).sum::<f64>() / on.len() as f64;
    [(3, median), (2, median), (2, 0.0)].into_iter().find_map(|(least, volume)| {
        let fits = |on: &BTreeSet<usize>| on.len() >= least && on.len() * 3 <= volumes.len() && mean(on) >= volume;
        let found = roads.iter().filter(|(_, on)| fits(on)).min_by_key(|(name, _)| hash(seed, "corridor", name, 0));
        found.map(|(name, on)| (*name, on.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corridor_is_a_busy_road_with_three_detectors_where_there_is_one() {
        // Nine detectors: a lane with two, a quiet road with three, a busy one with three, and a single.
        let volumes: BTreeMap<usize, f64> = [900.0, 900.0, 20.0, 30.0, 25.0, 400.0, 500.0, 300.0, 700.0].into_iter().enumerate().collect();
        let mut roads = BTreeMap::from([
            ("lane", BTreeSet::from([0, 1])),
            ("quiet", BTreeSet::from([2, 3, 4])),
            ("busy", BTreeSet::from([5, 6, 7])),
            ("single", BTreeSet::from([8])),
        ]);
        for seed in 0..20 {
            assert_eq!(busy_road(roads.clone(), &volumes, seed).map(|(name, _)| name), Some("busy"));
        }
        roads.remove("busy");
        assert_eq!(busy_road(roads.clone(), &volumes, 1).map(|(name, _)| name), Some("lane"), "two busy detectors before three quiet ones");
        roads.remove("lane");
        assert_eq!(busy_road(roads, &volumes, 1).map(|(name, _)| name), Some("quiet"));
    }
}
