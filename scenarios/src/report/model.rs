//! `report.json`: what a report says, before it is in any language.

use super::{
    layers::{LinkTotals, Moment, Shape, Track},
    words,
};
use crate::{
    kpi::{Accidents, Bilingual, Caveat, KpiRow, KpiValue, SafetyFacts, catalogue},
    lang::{Lang, clock, number},
    results::record::{InputRecord, MapRecord, TripTotals},
    run::arterial::Arterial,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the layout of `report.json`.
pub const REPORT_SCHEMA_VERSION: u32 = 1;

/// What `kind` says in a `report.json`.
pub(super) const KIND: &str = "agtwin-report";

/// Everything a report says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`REPORT_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Always `agtwin-report`.
    pub kind: String,
    /// Version of the program.
    pub version: String,
    /// The command that makes these results again, from the scenario's folder.
    pub command: String,
    /// The map.
    pub map: MapRecord,
    /// Junctions with signals on it.
    pub signals: usize,
    /// Whether traffic keeps to the left on it.
    pub drives_left: bool,
    /// When the simulation began, seconds after midnight.
    pub from_s: f64,
    /// When measuring began: what lies before is warm-up.
    pub measured_from_s: f64,
    /// When the last one could wish to leave.
    pub until_s: f64,
    /// At most so long after it the simulation went on until every trip had ended, seconds.
    #[serde(default)]
    pub cool_down_s: f64,
    /// The seeds, in order.
    pub seeds: Vec<u64>,
    /// The main road that time-space diagrams show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arterial: Option<Arterial>,
    /// Every link of the map.
    pub links: Vec<Shape>,
    /// The scenarios: one, or a base and its variants.
    pub sides: Vec<Side>,
    /// How narrow the intervals of a comparison had to become, where that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<PrecisionRecord>,
}

impl Report {
    /// What was measured, in words: from when to when, after what warm-up, and how long trips were followed.
    pub(super) fn measured(&self, lang: Lang) -> String {
        let minutes = |s: f64| number(lang, s / 60.0, 0);
        let warm_up = minutes(self.measured_from_s - self.from_s);
        let period = words::period(lang, clock(self.measured_from_s), clock(self.until_s), warm_up);
        if self.cool_down_s > 0.0 { words::followed(lang, period, minutes(self.cool_down_s)) } else { period }
    }
}

/// How narrow the intervals of a comparison had to become, and did.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecord {
    /// Half of the interval of each main indicator as a share of the base, at most.
    pub asked: f64,
    /// Seeds at most.
    pub most: usize,
    /// The widest of them.
    pub widest: Option<f64>,
    /// Whose it is.
    pub indicator: Option<String>,
    /// Whether all are narrow enough.
    pub reached: bool,
}

impl PrecisionRecord {
    /// The same for a person.
    pub fn told(&self, seeds: usize, lang: Lang) -> String {
        let percent = |share: f64| number(lang, share * 100.0, 2);
        let (asked, widest) = (percent(self.asked), self.widest.map_or_else(|| "–".to_owned(), percent));
        let whose = self.indicator.as_deref().unwrap_or("–");
        if self.reached {
            words::precision_reached(lang, asked, seeds, widest, whose)
        } else {
            words::precision_missed(lang, asked, self.most, widest, whose)
        }
    }
}

/// What a scenario came to, means over the seeds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Side {
    /// The scenario's name.
    pub name: String,
    /// Every file that was read.
    pub inputs: Vec<InputRecord>,
    /// What was assumed or made up.
    pub assumptions: Vec<Bilingual>,
    /// What there was besides indicators: how well the demand fits the counts, gridlocks, pedestrians. Of one run only.
    pub told: Vec<Bilingual>,
    /// What became of the trips, by seed.
    pub trips: Vec<TripTotals>,
    /// Hashes of the final states, by seed.
    pub state_hashes: Vec<String>,
    /// The indicators.
    pub rows: Vec<Row>,
    /// The values of the indicators of the traffic, by id, in the order of the seeds; those that every run has.
    #[serde(default)]
    pub values: BTreeMap<String, Vec<f64>>,
    /// Ways along the main road in the first quarter of an hour of measuring, of the first seed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tracks: Vec<Track>,
    /// What each run says of safety, in the order of the seeds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub safety: Vec<SafetyFacts>,
    /// How serious accidents change against the base; of a variant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accidents: Option<Accidents>,
    /// Whether its travellers are the base's.
    #[serde(default)]
    pub same_demand: bool,
    /// How far from equilibrium its ways are, as a share, in the run where that is farthest; where they were chosen anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub widest_gap: Option<f64>,
    /// What happened on each link on which anything drove while measuring, by link.
    pub totals: Vec<LinkTotals>,
    /// The course of the run, warm-up included.
    pub series: Vec<Moment>,
}

/// An indicator as a file holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// The value, or why there is none.
    pub value: KpiValue,
    /// What keeps the target from being met although the number alone would.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Bilingual>,
    /// What a reader should know.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Bilingual>,
    /// Which made-up inputs went into it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub caveats: Vec<Caveat>,
}

impl Row {
    /// The row as a file holds it.
    pub fn of(row: &KpiRow) -> Self {
        Self {
            id: row.id().to_owned(),
            value: row.value.clone(),
            shortfall: row.shortfall.clone(),
            notes: row.notes.clone(),
            caveats: row.caveats.clone(),
        }
    }

    /// The row with its place in the catalogue; `None` for an indicator that this version does not know.
    pub fn known(&self) -> Option<KpiRow> {
        let spec = catalogue().iter().find(|s| s.id == self.id)?;
        Some(KpiRow {
            spec,
            value: self.value.clone(),
            shortfall: self.shortfall.clone(),
            notes: self.notes.clone(),
            caveats: self.caveats.clone(),
        })
    }
}

impl Side {
    /// The indicators that this version knows.
    pub fn known_rows(&self) -> Vec<KpiRow> {
        self.rows.iter().filter_map(Row::known).collect()
    }

    /// The number of an indicator.
    pub fn number(&self, id: &str) -> Option<f64> {
        self.rows.iter().find(|r| r.id == id)?.value.number()
    }

    /// Half of the 95 % interval of an indicator over the seeds.
    pub fn half_width(&self, id: &str) -> Option<f64> {
        self.rows.iter().find(|r| r.id == id)?.value.half_width()
    }

    /// The made-up inputs behind any of its numbers, each once.
    pub fn caveats(&self) -> Vec<Caveat> {
        let mut caveats: Vec<Caveat> = self.rows.iter().flat_map(|r| r.caveats.iter().copied()).collect();
        caveats.sort_unstable();
        caveats.dedup();
        caveats
    }
}
