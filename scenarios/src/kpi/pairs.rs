//! A base and a variant run over the same seeds: the difference of each indicator with its 95 % interval.
//!
//! The runs of one seed share their random numbers, so that only what the scenarios differ in makes their difference Dᵢ = variantᵢ − baseᵢ:
//! a paired comparison with common random numbers. Mean D̄ ± t₀.₉₇₅,ₙ₋₁ · s_D ÷ √n (Law, Simulation Modeling and Analysis, 5th ed.,
//! sections 10.2.1 and 11.2).

use super::{
    seeds::mean_and_half_width,
    spec::{Bilingual, Group, KpiSpec, Unit},
    value::KpiRow,
};
use crate::lang::{Lang, Text, number};
use serde::Serialize;

/// Version of the layout of the JSON form.
pub const PAIRS_SCHEMA_VERSION: u32 = 1;

/// An indicator in a base and a variant.
#[derive(Clone, Debug, PartialEq)]
pub struct PairedRow {
    /// Which.
    pub spec: &'static KpiSpec,
    /// Its values in the base, in the order of the seeds.
    pub base: Vec<f64>,
    /// Its values in the variant.
    pub variant: Vec<f64>,
}

/// A mean with half of its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// Half of the interval; 0 where all values are equal.
    pub half_width: f64,
}

impl PairedRow {
    /// The mean of variant − base over the seeds.
    pub fn difference(&self) -> Interval {
        let differences: Vec<f64> = self.base.iter().zip(&self.variant).map(|(b, v)| v - b).collect();
        let (mean, half_width) = mean_and_half_width(&differences);
        Interval { mean, half_width: half_width.unwrap_or(0.0) }
    }

    /// Whether the interval of the difference leaves zero out.
    pub fn is_different(&self) -> bool {
        let d = self.difference();
        d.mean.abs() > d.half_width
    }
}

/// Every indicator of the traffic that has a number in each run of both, seed by seed. Both must be of the same seeds in the same order.
///
/// # Panics
/// When there are not as many runs of the variant as of the base.
pub fn paired(base: &[Vec<KpiRow>], variant: &[Vec<KpiRow>]) -> Vec<PairedRow> {
    assert_eq!(base.len(), variant.len(), "pairs need both runs of each seed");
    let values = |runs: &[Vec<KpiRow>], id: &str| -> Option<Vec<f64>> {
        runs.iter().map(|rows| rows.iter().find(|r| r.id() == id)?.value.number()).collect()
    };
    let is_of_traffic = |row: &&KpiRow| matches!(row.spec.group(), Group::Traffic | Group::Simulated);
    let Some(first) = base.first() else { return Vec::new() };
    first
        .iter()
        .filter(is_of_traffic)
        .filter_map(|row| Some(PairedRow { spec: row.spec, base: values(base, row.id())?, variant: values(variant, row.id())? }))
        .collect()
}

/// The table for a person; a star stands where the interval leaves zero out.
pub fn pairs_table(rows: &[PairedRow], lang: Lang) -> String {
    use unicode_width::UnicodeWidthStr;
    let heads = [Text::Id, Text::Indicator, Text::Base, Text::Variant, Text::Difference, Text::Unit].map(|t| t.get(lang).to_owned());
    let mut cells = vec![heads];
    for row in rows {
        let d = row.difference();
        let size = mean(&row.base).abs().max(mean(&row.variant).abs());
        let decimals = if size >= 1000.0 {
            0
        } else if size >= 100.0 {
            1
        } else {
            2
        };
        let shown = |v: f64| number(lang, v, decimals);
        let star = if row.is_different() { " *" } else { "  " };
        cells.push([
            row.spec.id.to_owned(),
            row.spec.name(lang).to_owned(),
            shown(mean(&row.base)),
            shown(mean(&row.variant)),
            format!("{}{} ± {}{star}", if d.mean > 0.0 { "+" } else { "" }, shown(d.mean), shown(d.half_width)),
            row.spec.unit.label(lang).to_owned(),
        ]);
    }
    let widths: [usize; 6] = std::array::from_fn(|c| cells.iter().map(|r| r[c].width()).max().unwrap_or(0));
    let mut text = String::new();
    for row in &cells {
        let mut line = String::new();
        for (c, cell) in row.iter().enumerate() {
            let fill = " ".repeat(widths[c] - cell.width());
            let padded = if (2..5).contains(&c) { format!("{fill}{cell}") } else { format!("{cell}{fill}") };
            line.push_str(&padded);
            line.push_str("  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push_str(&format!("\n* {}\n", Text::PairsStar.get(lang)));
    text
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// An indicator of a comparison, for programs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PairedDocumentRow {
    id: &'static str,
    name: Bilingual,
    unit: Unit,
    base: f64,
    variant: f64,
    difference: Interval,
    is_different: bool,
    base_by_seed: Vec<f64>,
    variant_by_seed: Vec<f64>,
}

/// The rows for programs.
pub fn pairs_document(rows: &[PairedRow]) -> Vec<PairedDocumentRow> {
    rows.iter()
        .map(|row| PairedDocumentRow {
            id: row.spec.id,
            name: Bilingual::new(row.spec.name_vi, row.spec.name_en),
            unit: row.spec.unit,
            base: mean(&row.base),
            variant: mean(&row.variant),
            difference: row.difference(),
            is_different: row.is_different(),
            base_by_seed: row.base.clone(),
            variant_by_seed: row.variant.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kpi::KpiValue;

    fn run(delay: f64, speed: f64) -> Vec<KpiRow> {
        vec![
            KpiRow::number("K19", delay),
            KpiRow::number("B03", speed),
            KpiRow::new("K01", KpiValue::needs("a", "b")),
            KpiRow::number("K03", 70.0),
        ]
    }

    /// By hand: differences 5, 6, 7 have mean 6, s = 1, half-width 4.303 ÷ √3 = 2.484, although the runs themselves spread much wider.
    #[test]
    fn the_interval_is_that_of_the_differences_not_of_the_runs() {
        let base = [run(10.0, 30.0), run(50.0, 20.0), run(100.0, 10.0)];
        let variant = [run(15.0, 30.0), run(56.0, 20.0), run(107.0, 10.0)];
        let rows = paired(&base, &variant);
        let ids: Vec<_> = rows.iter().map(|r| r.spec.id).collect();
        assert_eq!(ids, ["K19", "B03"], "what the register says is no result of a run");
        let d = rows[0].difference();
        assert!((d.mean - 6.0).abs() < 1e-12 && (d.half_width - 4.303 / 3.0_f64.sqrt()).abs() < 1e-9, "{d:?}");
        assert!(rows[0].is_different());
        assert_eq!(rows[1].difference(), Interval { mean: 0.0, half_width: 0.0 });
        assert!(!rows[1].is_different());
    }

    #[test]
    fn a_difference_that_changes_its_sign_is_not_shown() {
        let rows = paired(&[run(10.0, 30.0), run(10.0, 30.0)], &[run(11.0, 30.0), run(9.5, 30.0)]);
        assert!(!rows[0].is_different());
        assert!(!pairs_table(&rows, Lang::En).lines().nth(1).unwrap().contains('*'));
    }

    #[test]
    fn an_indicator_without_a_number_in_some_run_is_left_out() {
        let mut broken = run(10.0, 30.0);
        broken[0] = KpiRow::new("K19", KpiValue::needs("chạy", "run"));
        let rows = paired(&[run(10.0, 30.0)], &[broken]);
        assert_eq!(rows.len(), 1);
    }
}
