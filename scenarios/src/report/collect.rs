//! From finished runs to what a report says.

use super::{
    layers::{Layers, Track, shapes, tracks},
    model::{KIND, REPORT_SCHEMA_VERSION, Report, Row, Side},
};
use crate::{
    kpi::{self, Bilingual, KpiRow, SafetyFacts, Slots},
    lang::Lang,
    results::record::{InputRecord, TripTotals},
    run::session::{SeedRun, Session},
};
use serde::{Deserialize, Serialize};
use sim_core::network::DrivingSide;

/// What a report needs to know of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finished {
    /// The seed.
    pub seed: u64,
    /// Hash of the final state.
    pub state_hash: String,
    /// What became of the trips.
    pub trips: TripTotals,
    /// Every file that was read.
    pub inputs: Vec<InputRecord>,
    /// What was assumed or made up.
    pub assumptions: Vec<Bilingual>,
    /// What there was besides indicators.
    pub told: Vec<Bilingual>,
    /// The indicators.
    pub rows: Vec<Row>,
    /// Maps and curves.
    pub layers: Layers,
    /// Ways along the main road.
    #[serde(default)]
    pub tracks: Vec<Track>,
    /// How far from equilibrium its ways are, as a share; where they were chosen anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<f64>,
    /// What it says of safety.
    #[serde(default)]
    pub safety: SafetyFacts,
    /// Travel times by origin, destination and departure.
    #[serde(default)]
    pub slots: Slots,
}

impl Finished {
    /// What a report needs of this run.
    pub fn of(session: &Session, run: &SeedRun) -> Self {
        let record = &run.record;
        let lines = |lang| record.happened.lines(&session.network, lang);
        let happened = lines(Lang::Vi).into_iter().zip(lines(Lang::En)).map(|(vi, en)| Bilingual::new(vi, en));
        Self {
            seed: run.seed,
            state_hash: record.state_hash.clone(),
            trips: record.trips,
            inputs: record.inputs.clone(),
            assumptions: record.assumptions.clone(),
            told: session.fit_text().iter().cloned().chain(happened).collect(),
            rows: run.rows.iter().map(Row::of).collect(),
            layers: Layers::of(run.simulation.measurements(), &session.network, session.measured()),
            tracks: session.arterial().map_or_else(Vec::new, |road| tracks(&run.observed, road, &session.network)),
            gap: record.assignment.last().map(|last| last.gap.relative_gap),
            safety: run.safety.clone(),
            slots: run.slots.clone(),
        }
    }

    /// The indicators that this version knows.
    pub fn known_rows(&self) -> Vec<KpiRow> {
        self.rows.iter().filter_map(Row::known).collect()
    }
}

/// The indicators of several runs: means, and what only several runs show.
pub fn mean_rows(runs: &[Finished]) -> Vec<KpiRow> {
    let mut rows = kpi::across_seeds(runs.iter().map(Finished::known_rows).collect());
    let mut variation = kpi::reliability(&runs.iter().map(|r| &r.slots).collect::<Vec<_>>());
    if let Some(row) = rows.iter_mut().find(|r| r.id() == variation.id()) {
        if variation.value.number().is_some() {
            // What was made up goes into it as into any other value of the traffic.
            variation.caveats = runs.iter().flat_map(|r| &r.rows).find(|r| r.id == "K19").map(|r| r.caveats.clone()).unwrap_or_default();
        }
        *row = variation;
    }
    rows
}

impl Side {
    /// The mean of the runs of a scenario, in the order of their seeds.
    pub fn of(name: &str, runs: &[Finished]) -> Self {
        let layers = Layers::mean(&runs.iter().map(|r| &r.layers).collect::<Vec<_>>());
        let mut assumptions: Vec<Bilingual> = Vec::new();
        for text in runs.iter().flat_map(|r| &r.assumptions) {
            if !assumptions.contains(text) {
                assumptions.push(text.clone());
            }
        }
        // What happened in one run did not happen in the mean.
        let told = runs.first().map(|first| {
            let in_all = |text: &&Bilingual| runs.iter().all(|r| r.told.contains(text));
            first.told.iter().filter(in_all).cloned().collect()
        });
        Self {
            name: name.to_owned(),
            inputs: runs.first().map(|r| r.inputs.clone()).unwrap_or_default(),
            assumptions,
            told: told.unwrap_or_default(),
            trips: runs.iter().map(|r| r.trips).collect(),
            state_hashes: runs.iter().map(|r| r.state_hash.clone()).collect(),
            values: kpi::by_seed(&runs.iter().map(Finished::known_rows).collect::<Vec<_>>()),
            accidents: None,
            same_demand: true,
            widest_gap: runs.iter().filter_map(|r| r.gap).max_by(f64::total_cmp),
            rows: mean_rows(runs).iter().map(Row::of).collect(),
            tracks: runs.first().map(|r| r.tracks.clone()).unwrap_or_default(),
            safety: runs.iter().map(|r| r.safety.clone()).collect(),
            totals: layers.totals,
            series: layers.series,
        }
    }
}

impl Report {
    /// The report of scenarios on the map of `session`; `command` makes the results again.
    pub fn of(session: &Session, command: String, seeds: Vec<u64>, sides: Vec<Side>) -> Self {
        let window = session.found.scenario.window;
        Self {
            schema_version: REPORT_SCHEMA_VERSION,
            kind: KIND.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            command,
            map: session.map_record().clone(),
            signals: session.network.controllers.len(),
            drives_left: session.network.meta.driving_side == DrivingSide::Left,
            from_s: window.from_s,
            measured_from_s: window.measured_from_s,
            until_s: window.to_s,
            cool_down_s: window.cool_down_s,
            seeds,
            arterial: session.arterial().cloned(),
            links: shapes(&session.network),
            sides,
            precision: None,
        }
    }
}
