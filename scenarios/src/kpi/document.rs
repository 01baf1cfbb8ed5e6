//! The file `kpi.json`: the indicators of a run for programs, with a schema version. The same inputs give the same bytes.

use super::{
    spec::{Bilingual, Group, Kind, Phase, Target, Unit},
    traffic::Window,
    value::{Caveat, KpiRow, KpiValue, Status},
};
use serde::Serialize;

/// Version of the file's shape. It grows when a field changes its meaning or goes; a new field keeps it.
pub const SCHEMA_VERSION: u32 = 1;

/// The whole file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KpiDocument {
    /// [`SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Always `agtwin-kpi`.
    pub kind: &'static str,
    /// The measured window, seconds after midnight.
    pub window_s: [f64; 2],
    /// The seeds of the runs that the values are means of, in order.
    pub seeds: Vec<u64>,
    /// The plan the targets come from.
    pub plan: &'static str,
    /// The indicators in the order of the catalogue.
    pub indicators: Vec<KpiDocumentRow>,
}

/// One indicator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KpiDocumentRow {
    /// Its id.
    pub id: &'static str,
    /// Its name.
    pub name: Bilingual,
    /// How it comes about.
    pub kind: Kind,
    /// Where a table shows it.
    pub group: Group,
    /// The unit its value has or would have.
    pub unit: Unit,
    /// The value, or why there is none.
    pub value: KpiValue,
    /// Target and status of each phase.
    pub phases: [PhaseStatus; 2],
    /// Paragraph of the plan.
    pub source: &'static str,
    /// What keeps the target from being met although the number alone would.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortfall: Option<Bilingual>,
    /// What a reader should know.
    pub notes: Vec<Bilingual>,
    /// Which made-up inputs went into the value.
    pub caveats: Vec<Caveat>,
}

/// An indicator against the target of one phase.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseStatus {
    /// Which phase.
    pub phase: Phase,
    /// Its target.
    pub target: Option<Target>,
    /// How the value stands.
    pub status: Status,
}

impl KpiDocument {
    /// The file of these rows.
    pub fn new(rows: &[KpiRow], window: Window, seeds: &[u64]) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            kind: "agtwin-kpi",
            window_s: window.bounds(),
            seeds: seeds.to_vec(),
            plan: "An Giang provincial plan of 2026 carrying out Decision 2692/QĐ-TTg of 2025-12-11",
            indicators: rows.iter().map(KpiDocumentRow::of).collect(),
        }
    }
}

impl KpiDocumentRow {
    fn of(row: &KpiRow) -> Self {
        let spec = row.spec;
        Self {
            id: spec.id,
            name: Bilingual::new(spec.name_vi, spec.name_en),
            kind: spec.kind,
            group: spec.group(),
            unit: spec.unit,
            value: row.value.clone(),
            phases: Phase::ALL.map(|phase| PhaseStatus { phase, target: spec.target(phase).copied(), status: row.status(phase) }),
            source: spec.source,
            shortfall: row.shortfall.clone(),
            notes: row.notes.clone(),
            caveats: row.caveats.clone(),
        }
    }
}
