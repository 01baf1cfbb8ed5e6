//! The province's indicators: what each is ([`catalogue`]), what a run and an equipment register say of it ([`evaluate`]), over several
//! seeds ([`across_seeds`]), as a table for people ([`table`]) and as a file for programs ([`KpiDocument`]).
//!
//! | family | indicators | from |
//! |---|---|---|
//! | `basics` | K19, B01–B10 | trips, flows and queues of a run |
//! | `emissions` | K14, B11, B12 | flows of a run |
//! | `routes` | K02, K12, K13, K18 | map and register |
//! | `junctions` | K03 | map and register |
//! | `facilities` | K04, K07, K15, K21 | register |
//! | `later` | all others | parts of the twin to come |
//!
//! No number is invented: a row has one only where everything it needs was given; otherwise it says what is missing.

mod basics;
mod catalogue;
mod document;
mod emissions;
mod explain;
mod facilities;
mod intervals;
mod junctions;
mod later;
mod main_road;
mod pairs;
mod routes;
mod seeds;
mod spec;
mod table;
mod traffic;
mod value;
mod verdict;

pub use catalogue::{catalogue, external_ids};
pub use document::{KpiDocument, KpiDocumentRow, SCHEMA_VERSION};
pub use explain::{Explanation, explained, explanation};
pub use intervals::{RESAMPLES, bootstrap_95, unpaired_half_width};
pub use pairs::{Interval, MAIN, PAIRS_SCHEMA_VERSION, PairedRow, by_seed, decimals, paired, pairs_document, pairs_table, signed, widest};
pub use seeds::{across_seeds, t_95};
pub use spec::{Bilingual, Group, Kind, KpiSpec, Phase, Rule, Target, Unit};
pub use table::{WIDTH as TABLE_WIDTH, catalogue_table, table, with_interval};
pub use traffic::{ClassFlow, Queues, TrafficSummary, TripSummary, Window};
pub use value::{Caveat, ClassValue, KpiRow, KpiValue, Status};
pub use verdict::{Good, Verdict, good};

use crate::register::Equipment;
use sim_core::{class::ClassTable, network::RoadNetwork};

/// Everything an evaluation may use.
#[derive(Clone, Copy, Debug)]
pub struct KpiInput<'a> {
    /// The road network.
    pub network: &'a RoadNetwork,
    /// One run; `None` before any.
    pub traffic: Option<&'a TrafficSummary>,
    /// The parameters of the vehicle classes.
    pub classes: &'a ClassTable,
    /// The equipment register on this network; `None` where none was given.
    pub equipment: Option<&'a Equipment>,
    /// Whether the demand comes from counts that nobody counted.
    pub has_illustrative_counts: bool,
}

/// Every indicator of the catalogue, in its order, with a value or the reason why there is none.
pub fn evaluate(input: &KpiInput<'_>) -> Vec<KpiRow> {
    let mut from_run = basics::rows(input.traffic);
    from_run.extend(emissions::rows(input.traffic, input.classes));
    let mut from_register = routes::rows(input.network, input.equipment);
    from_register.extend(junctions::rows(input.network, input.equipment));
    let mut from_list = facilities::rows(input.equipment);

    let sketch = input.network.meta.is_sketch.then_some(Caveat::SketchMap);
    let counts = input.has_illustrative_counts.then_some(Caveat::IllustrativeCounts);
    let register = input.equipment.filter(|e| e.header.illustrative).map(|_| Caveat::IllustrativeRegister);
    mark(&mut from_run, [sketch, counts]);
    mark(&mut from_register, [sketch, register]);
    mark(&mut from_list, [register, None]);

    let mut rows: Vec<KpiRow> = from_run.into_iter().chain(from_register).chain(from_list).chain(later::rows()).collect();
    let place = |row: &KpiRow| catalogue().iter().position(|s| s.id == row.id());
    rows.sort_by_key(place);
    rows
}

/// Adds the caveats to the rows that have a number.
fn mark(rows: &mut [KpiRow], caveats: [Option<Caveat>; 2]) {
    for row in rows.iter_mut().filter(|r| r.value.number().is_some()) {
        row.caveats.extend(caveats.into_iter().flatten());
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
