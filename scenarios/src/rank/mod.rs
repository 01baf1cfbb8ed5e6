//! `agtwin rank`: which junctions to equip first when there is money for a few only.
//!
//! 1. One base, run over the seeds: delay and vehicles of every junction's approaches.
//! 2. A surrogate predicts what equipping a junction would save ([`surrogate`]): a regression of what was saved so far on the delay of its
//!    own approaches, before anything was simulated a share of that delay.
//! 3. Greedy search: the few junctions that promise most are simulated, each added to those chosen already, over the same seeds; what was seen
//!    corrects the surrogate, weighed by how far the pairs scatter, and the one that is then believed to save most is chosen.
//! 4. The busiest set is taken unless the pairs show, with 95 % confidence, that the greedy set or that of most delay saves more; what is taken goes
//!    through swaps, each made only where that is shown as well. A ranking that is not shown to be better than the obvious choice is the obvious
//!    choice.
//! 5. The first junctions of the ranking are held against as many busiest ones and against random draws, over seeds that the search never saw:
//!    the search picks the best of many noisy values, so its own seeds flatter it.
//!
//! Every simulation is kept as soon as it is finished, so that an interrupted ranking goes on where it stopped.

mod output;
mod search;
pub mod surrogate;

pub use output::{csv, curve, table};
pub use search::{Order, rank};

use crate::kpi::{Bilingual, Interval};
use serde::{Deserialize, Serialize};

/// Version of the layout of `rank.json`.
pub const RANK_SCHEMA_VERSION: u32 = 1;

/// A junction that can be equipped, and what was measured there in the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Ref of the junction.
    pub junction: String,
    /// Its name, else its ref.
    pub name: String,
    /// Delay on its approaches, vehicle-hours, the mean over the seeds.
    pub delay_h: f64,
    /// Vehicles that came to it.
    pub vehicles: f64,
}

/// A step of the ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// Its place among the candidates.
    pub candidate: usize,
    /// What the surrogate promised, vehicle-hours.
    pub promised_h: f64,
    /// Total delay (K19) with this one and all before it, vehicle-hours.
    pub delay_h: f64,
    /// What is saved against the base, vehicle-hours, pair by pair of runs.
    pub saved_h: Interval,
    /// Places of all that were simulated in this step.
    pub tried: Vec<usize>,
}

/// A whole set that the search held against others, over its own seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// What it is: `greedy`, `most_delay`, `busiest`, `swap`.
    pub what: String,
    /// Places of its junctions.
    pub junctions: Vec<usize>,
    /// What is saved against the base.
    pub saved_h: Interval,
    /// Whether the search went on from it.
    pub is_taken: bool,
}

/// A set of junctions under seeds that the search never saw.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Held {
    /// What it is: `ranking`, `busiest`, `random`.
    pub what: String,
    /// Places of its junctions.
    pub junctions: Vec<usize>,
    /// Total delay, vehicle-hours.
    pub delay_h: f64,
    /// What is saved against the base.
    pub saved_h: Interval,
    /// What the ranking saves more than it, pair by pair; zero for the ranking itself.
    pub ranking_saves_more_h: Interval,
}

/// A ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ranking {
    /// [`RANK_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Always `agtwin-rank`.
    pub kind: String,
    /// Version of the program.
    pub version: String,
    /// The scenario.
    pub scenario: String,
    /// The command that makes it again.
    pub command: String,
    /// What junctions are equipped with.
    pub controller: String,
    /// The seeds of the search.
    pub seeds: Vec<u64>,
    /// The seeds that the search never saw.
    pub held_seeds: Vec<u64>,
    /// Total delay of the base over the search's seeds, vehicle-hours.
    pub base_delay_h: f64,
    /// Every junction that can be equipped, most delay first.
    pub candidates: Vec<Candidate>,
    /// The ranking.
    pub steps: Vec<Step>,
    /// The sets between which the search decided.
    #[serde(default)]
    pub compared: Vec<Compared>,
    /// Against others.
    pub held: Vec<Held>,
    /// Simulations it took.
    pub simulations: usize,
    /// What was assumed or made up.
    pub assumptions: Vec<Bilingual>,
}
