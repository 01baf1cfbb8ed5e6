//! What a run says of safety: conflicts (B15, B16) and how fast unimpeded vehicles drive in the middle of links (B17, B18). From these
//! [`super::accidents`] estimates how serious accidents change between a base and a variant (K08); one run alone shows no such change.
//!
//! | id | formula |
//! |---|---|
//! | B15 | conflicts ÷ 1 000 vehicle-km |
//! | B16 | serious conflicts ÷ 1 000 vehicle-km |
//! | B17 | mean speed of unimpeded vehicles in the middle of built-up links, all classes |
//! | B18 | the same outside built-up areas |
//!
//! What a conflict is, `sim_core::measure` says (TTC, DRAC, PET); who is unimpeded, [`crate::run::observe`].

use super::{
    basics::needs_a_run,
    traffic::TrafficSummary,
    value::{KpiRow, KpiValue},
};

/// Conflicts within the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ConflictCount {
    /// All.
    pub all: u64,
    /// The serious among them.
    pub serious: u64,
}

/// The rows of this family.
pub(super) fn rows(traffic: Option<&TrafficSummary>) -> Vec<KpiRow> {
    let mut rows = conflict_rows(traffic);
    for (id, is_urban) in [("B17", true), ("B18", false)] {
        let row = match traffic.and_then(|t| t.mid_block.as_ref()) {
            None => KpiRow::new(id, needs_a_run()),
            Some(cells) => {
                let these = || cells.iter().filter(|c| c.is_urban == is_urban);
                let seen: u64 = these().map(|c| c.seen).sum();
                if seen == 0 {
                    KpiRow::new(id, KpiValue::needs("ít nhất một xe chạy tự do", "at least one unimpeded vehicle"))
                } else {
                    KpiRow::number(id, these().map(|c| c.sum_kmh).sum::<f64>() / seen as f64)
                }
            }
        };
        rows.push(row);
    }
    rows.push(KpiRow::new(
        "K08",
        KpiValue::needs(
            "so sánh với kịch bản gốc: agtwin compare GỐC PHƯƠNG_ÁN --conflicts",
            "a comparison with a base: agtwin compare BASE VARIANT --conflicts",
        ),
    ));
    rows
}

fn conflict_rows(traffic: Option<&TrafficSummary>) -> Vec<KpiRow> {
    let found = traffic.and_then(|t| Some((t.conflicts?, t.flows.as_ref()?)));
    let Some((conflicts, flows)) = found else {
        let needs = || KpiValue::needs("một lần chạy với --conflicts", "a run with --conflicts");
        return ["B15", "B16"].into_iter().map(|id| KpiRow::new(id, needs())).collect();
    };
    let thousand_km = flows.iter().map(|f| f.vehicle_m).sum::<f64>() / 1e6;
    let row = |id, count: u64| {
        if thousand_km > 0.0 {
            KpiRow::number(id, count as f64 / thousand_km)
        } else {
            KpiRow::new(id, KpiValue::needs("ít nhất một xe trên đường", "at least one vehicle on the road"))
        }
    };
    vec![row("B15", conflicts.all), row("B16", conflicts.serious)]
}
