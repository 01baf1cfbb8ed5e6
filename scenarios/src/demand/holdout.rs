//! Detectors the fit never sees, so that it can be judged honestly: a keyed choice of single ones and all of one corridor.

use super::draw_keys::hash;
use sim_core::{detector::Detector, network::RoadNetwork};
use std::collections::{BTreeMap, BTreeSet};

/// The corridor to hold out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Corridor {
    /// One with enough detectors, chosen by the seed.
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

/// Chooses what to hold out among the detectors that have counts.
pub(crate) fn choose(
    network: &RoadNetwork,
    detectors: &[Detector],
    counted: &BTreeSet<usize>,
    seed: u64,
    settings: &HoldoutSettings,
) -> Holdout {
    let names = |d: usize| {
        let link = network.link(detectors[d].link);
        (link.road_number.as_deref(), link.name.as_deref())
    };
    let mut chosen = Holdout::default();
    match &settings.corridor {
        Corridor::None => {}
        Corridor::Named(name) => {
            let is_on = |d: &usize| names(*d).0 == Some(name.as_str()) || names(*d).1 == Some(name.as_str());
            chosen.corridor = counted.iter().copied().filter(is_on).collect();
            chosen.corridor_name = Some(name.clone());
        }
        Corridor::Auto => {
            let mut roads: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
            for d in counted {
                if let Some(road) = names(*d).0.or(names(*d).1) {
                    roads.entry(road).or_default().insert(*d);
                }
            }
            // At least two detectors make a corridor; more than a third of all would leave too little to fit.
            let fits = |on: &BTreeSet<usize>| on.len() >= 2 && on.len() * 3 <= counted.len();
            let road = roads.into_iter().filter(|(_, on)| fits(on)).min_by_key(|(name, _)| hash(seed, "corridor", name, 0));
            if let Some((name, on)) = road {
                chosen.corridor = on;
                chosen.corridor_name = Some(name.to_owned());
            }
        }
    }
    let mut rest: Vec<usize> = counted.difference(&chosen.corridor).copied().collect();
    rest.sort_by_key(|d| hash(seed, "holdout", detectors[*d].ref_.as_str(), 0));
    let share = libm::round(settings.share.clamp(0.0, 0.5) * rest.len() as f64) as usize;
    chosen.single = rest.into_iter().take(share).collect();
    chosen
}
