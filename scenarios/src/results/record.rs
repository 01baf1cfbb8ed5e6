//! `run.json`: what made a run, so that every number in the folder can be traced and the run repeated.

use crate::{
    kpi::Bilingual,
    run::{assign::AssignmentRun, happened::Happened},
    scenario::file::ScenarioFile,
};
use serde::{Deserialize, Serialize};
use sim_core::{check::CheckSummary, network::RoadNetwork};

/// Version of the layout of `run.json`.
pub const RUN_SCHEMA_VERSION: u32 = 1;

/// What made a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunRecord {
    /// Version of this layout: [`RUN_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The program, `agtwin`.
    pub program: String,
    /// Its version.
    pub version: String,
    /// The scenario with every setting of the command line applied.
    pub scenario: ScenarioFile,
    /// The seed of this run.
    pub seed: u64,
    /// The map.
    pub map: MapRecord,
    /// Every file that was read, with the hash of its bytes.
    pub inputs: Vec<InputRecord>,
    /// How many trips there were and what became of them.
    pub trips: TripTotals,
    /// The first of the wishes for which no way exists, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unreachable: Vec<String>,
    /// How well the demand reproduces the counts; for demand of kind `counts`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fit: Option<serde_json::Value>,
    /// Every run of an iterated assignment, with `--assign`; the last one is this run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assignment: Vec<AssignmentRun>,
    /// What was verified while it ran, with `--check`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckSummary>,
    /// What there was besides trips and what came of it.
    pub happened: Happened,
    /// What was assumed or made up.
    pub assumptions: Vec<Bilingual>,
    /// Steps simulated.
    pub steps: u64,
    /// XXH3 of the whole state after the last step, hexadecimal.
    pub state_hash: String,
}

/// The map of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapRecord {
    /// Its name.
    pub name: String,
    /// The file it was made from.
    pub source: String,
    /// Whom to credit.
    pub attribution: String,
    /// Whether it is a sketch.
    pub is_sketch: bool,
    /// Hash of the network's content.
    pub content_hash: String,
    /// Links.
    pub links: usize,
    /// Junctions.
    pub junctions: usize,
    /// Length of all links, kilometres.
    pub length_km: f64,
}

impl MapRecord {
    /// What a network says of itself.
    pub fn of(network: &RoadNetwork) -> Self {
        let meta = &network.meta;
        Self {
            name: meta.name.clone(),
            source: meta.source.clone(),
            attribution: meta.attribution.clone(),
            is_sketch: meta.is_sketch,
            content_hash: maps::compiled::content_hash(network),
            links: network.links.len(),
            junctions: network.junctions.len(),
            length_km: network.total_length_m() / 1000.0,
        }
    }
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputRecord {
    /// What it is: `scenario`, `counts`, …
    pub role: String,
    /// Its name as the scenario gives it, never an absolute path.
    pub name: String,
    /// XXH3 (128 bits) of its bytes, hexadecimal.
    pub xxh3: String,
}

impl InputRecord {
    /// The record of a file's bytes.
    pub fn of(role: &str, name: &str, bytes: &[u8]) -> Self {
        Self { role: role.to_owned(), name: name.to_owned(), xxh3: format!("{:032x}", xxhash_rust::xxh3::xxh3_128(bytes)) }
    }
}

/// What became of the trips.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TripTotals {
    /// Trips handed to the simulation.
    pub demanded: u64,
    /// Wishes for which no way exists; not among `demanded`.
    pub unreachable: u64,
    /// Their time had not come at the end.
    pub not_yet: u64,
    /// Waiting for room at their origin at the end.
    pub waiting: u64,
    /// On the road at the end.
    pub on_road: u64,
    /// Arrived.
    pub arrived: u64,
    /// Taken out.
    pub removed: u64,
}

/// A value as indented JSON, ending in a new line.
///
/// # Panics
/// On a value that JSON cannot hold; ours are plain.
pub fn json(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("plain data");
    text.push('\n');
    text
}
