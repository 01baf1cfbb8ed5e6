//! The province's indicators: what each is ([`catalogue`]), what a run and an equipment register say of it ([`evaluate`]), over several
//! seeds ([`across_seeds`]), as a table for people ([`table`]) and as a file for programs ([`KpiDocument`]).
//!
//! | family | indicators | from |
//! |---|---|---|
//! | `basics` | K19, B01–B10, B13, B14 | trips, flows and queues of a run |
//! | `emissions` | K14, B11, B12 | flows of a run |
//! | `safety` | B15–B18 | conflicts, speeds of unimpeded vehicles in a run |
//! | `accidents` | K08 | the same of a base and a variant |
//! | `freight` | K09 | trucks in a run, prices in the register |
//! | `emergency` | K10, B19–B21 | calls for help in a run |
//! | `reliability` | B22 | travel times of several runs |
//! | `inputs` | K05, K06 | what a scenario or the register sets |
//! | `reports` | K11, K22 | a year's result folders |
//! | `routes` | K02, K12, K13, K18 | map and register |
//! | `junctions` | K03 | map and register |
//! | `facilities` | K04, K07, K15, K20, K21 | register |
//! | `later` | all others | parts of the twin to come |
//!
//! No number is invented: a row has one only where everything it needs was given; otherwise it says what is missing.

mod accidents;
mod basics;
mod catalogue;
mod document;
mod emergency;
mod emissions;
mod explain;
mod facilities;
mod freight;
mod inputs;
mod intervals;
mod junctions;
mod later;
mod main_road;
mod pairs;
mod reliability;
mod reports;
mod routes;
mod safety;
mod seeds;
mod spec;
mod table;
mod tracked;
mod traffic;
mod value;
mod verdict;

pub use accidents::{Accidents, Change, Look, SafetyFacts};
pub use catalogue::{catalogue, external_ids};
pub use document::{KpiDocument, KpiDocumentRow, SCHEMA_VERSION};
pub use emergency::Response;
pub use explain::{Explanation, explained, explanation};
pub use freight::{FREIGHT, Haulage};
pub use intervals::{RESAMPLES, bootstrap_95, unpaired_half_width};
pub use pairs::{
    Interval, MAIN, PAIRS_SCHEMA_VERSION, PairedRow, by_seed, decimals, interval_of, paired, pairs_document, pairs_table, signed, widest,
};
pub use reliability::{Slots, reliability};
pub use reports::of_year;
pub use safety::ConflictCount;
pub use seeds::{across_seeds, t_95};
pub use spec::{Bilingual, Group, Kind, KpiSpec, Phase, Rule, Target, Unit};
pub use table::{WIDTH as TABLE_WIDTH, catalogue_table, table, with_interval};
pub use tracked::note_detected;
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
    /// Share of the travellers who are told of travel times on their way, 0 to 1; `None` where the scenario has no guidance.
    pub informed: Option<f64>,
}

/// Every indicator of the catalogue, in its order, with a value or the reason why there is none.
pub fn evaluate(input: &KpiInput<'_>) -> Vec<KpiRow> {
    let mut from_run = basics::rows(input.traffic);
    from_run.extend(emissions::rows(input.traffic, input.classes));
    from_run.extend(safety::rows(input.traffic));
    from_run.extend(emergency::rows(input.traffic));
    from_run.push(reliability(&[]));
    let mut from_both = vec![freight::row(input.traffic, input.equipment)];
    let [equipped, informed] = inputs::rows(input.informed, input.equipment);
    let mut from_register = routes::rows(input.network, input.equipment);
    from_register.extend(junctions::rows(input.network, input.equipment));
    let mut from_list = facilities::rows(input.equipment);
    from_list.push(equipped);

    let sketch = input.network.meta.is_sketch.then_some(Caveat::SketchMap);
    let counts = input.has_illustrative_counts.then_some(Caveat::IllustrativeCounts);
    let register = input.equipment.filter(|e| e.header.illustrative).map(|_| Caveat::IllustrativeRegister);
    mark(&mut from_run, [sketch, counts]);
    mark(&mut from_register, [sketch, register]);
    mark(&mut from_list, [register, None]);
    mark(&mut from_both, [sketch, counts]);
    mark(&mut from_both, [register, None]);
    let others = from_list.into_iter().chain([informed]).chain(reports::rows()).chain(later::rows());

    let mut rows: Vec<KpiRow> = from_run.into_iter().chain(from_both).chain(from_register).chain(others).collect();
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
