//! A base and a variant run over the same seeds: the difference of each indicator with its 95 % intervals.
//!
//! The runs of one seed share their random numbers, so that only what the scenarios differ in makes their difference Dᵢ = variantᵢ − baseᵢ:
//! a paired comparison with common random numbers. Mean D̄ ± t₀.₉₇₅,ₙ₋₁ · s_D ÷ √n (Law, Simulation Modeling and Analysis, 5th ed.,
//! sections 10.2.1 and 11.2). Beside it stand the bootstrap interval, and what the interval would be without pairing (Welch).

use super::{
    catalogue::catalogue,
    intervals::{RESAMPLES, bootstrap_95, unpaired_half_width},
    seeds::mean_and_half_width,
    spec::{Bilingual, Group, Kind, KpiSpec, Phase, Rule, Unit},
    value::{KpiRow, KpiValue, Status},
    verdict::Verdict,
};
use crate::lang::{Lang, Text, number};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the layout of the JSON form.
pub const PAIRS_SCHEMA_VERSION: u32 = 2;

/// The indicators that decide whether there are enough seeds: delay, speed, CO₂.
pub const MAIN: [&str; 5] = ["K19", "B01", "B02", "B03", "K14"];

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
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The mean.
    pub mean: f64,
    /// Half of the interval; 0 where all values are equal.
    pub half_width: f64,
}

/// The mean of values with half of its 95 % interval by Student's t.
pub fn interval_of(values: &[f64]) -> Interval {
    let (mean, half_width) = mean_and_half_width(values);
    Interval { mean, half_width: half_width.unwrap_or(0.0) }
}

impl PairedRow {
    fn differences(&self) -> Vec<f64> {
        self.base.iter().zip(&self.variant).map(|(b, v)| v - b).collect()
    }

    /// Mean over the seeds in the base and in the variant.
    pub fn means(&self) -> [f64; 2] {
        [mean(&self.base), mean(&self.variant)]
    }

    /// The mean of variant − base over the seeds.
    pub fn difference(&self) -> Interval {
        interval_of(&self.differences())
    }

    /// Whether the interval of the difference leaves zero out.
    pub fn is_different(&self) -> bool {
        let d = self.difference();
        d.mean.abs() > d.half_width
    }

    /// The bootstrap interval of the difference.
    pub fn bootstrap(&self) -> [f64; 2] {
        bootstrap_95(&self.differences(), self.spec.id, RESAMPLES)
    }

    /// Half of the interval if the runs were not paired.
    pub fn unpaired(&self) -> f64 {
        unpaired_half_width(&self.base, &self.variant)
    }

    /// What the difference shows.
    pub fn verdict(&self) -> Verdict {
        let d = self.difference();
        Verdict::of(self.spec, d.mean, d.half_width, self.base == self.variant)
    }

    /// How the variant stands against the plan, its interval over the seeds considered.
    pub fn status(&self, phase: Phase) -> Status {
        if let Some(Rule::ChangeAtMost(bound)) = self.spec.target(phase).map(|t| t.rule) {
            return self.change_status(bound);
        }
        let (value, half_width) = mean_and_half_width(&self.variant);
        KpiRow::new(self.spec.id, KpiValue::Number { value, half_width, unit: self.spec.unit }).status(phase)
    }

    /// How the change in per cent of the base stands against a bound that it should not exceed.
    fn change_status(&self, bound: f64) -> Status {
        let (base, d) = (mean(&self.base).abs(), self.difference());
        if base == 0.0 || self.base.len() < 2 {
            return Status::NotDecidable;
        }
        let (change, half) = (d.mean / base * 100.0, d.half_width / base * 100.0);
        match (change + half <= bound, change - half <= bound) {
            (true, _) => Status::Met,
            (false, true) => Status::Unclear,
            (false, false) => Status::NotMet,
        }
    }

    /// Half of the interval as a share of the base; `None` for a base of 0.
    pub fn precision(&self) -> Option<f64> {
        let base = mean(&self.base).abs();
        (base > 0.0).then(|| self.difference().half_width / base)
    }
}

/// The values of every indicator of the traffic that has a number in each run, in the order of the runs.
pub fn by_seed(runs: &[Vec<KpiRow>]) -> BTreeMap<String, Vec<f64>> {
    let Some(first) = runs.first() else { return BTreeMap::new() };
    let values = |id: &str| -> Option<Vec<f64>> { runs.iter().map(|rows| rows.iter().find(|r| r.id() == id)?.value.number()).collect() };
    // What a scenario or the register sets is no result of a run.
    let is_of_traffic =
        |row: &&KpiRow| matches!(row.spec.group(), Group::Traffic | Group::Simulated) && row.spec.kind != Kind::SimulatedInput;
    first.iter().filter(is_of_traffic).filter_map(|row| Some((row.id().to_owned(), values(row.id())?))).collect()
}

/// The indicators that both have, in the order of the catalogue. Both must be of the same seeds in the same order.
pub fn paired(base: &BTreeMap<String, Vec<f64>>, variant: &BTreeMap<String, Vec<f64>>) -> Vec<PairedRow> {
    let row = |spec: &'static KpiSpec| {
        let (base, variant) = (base.get(spec.id)?.clone(), variant.get(spec.id)?.clone());
        (base.len() == variant.len()).then_some(PairedRow { spec, base, variant })
    };
    catalogue().iter().filter_map(row).collect()
}

/// The widest of the main indicators' intervals as a share of its base, and whose it is; `None` where none has one.
pub fn widest(rows: &[PairedRow]) -> Option<(f64, &'static str)> {
    let main = rows.iter().filter(|r| MAIN.contains(&r.spec.id));
    main.filter_map(|r| Some((r.precision()?, r.spec.id))).max_by(|a, b| a.0.total_cmp(&b.0))
}

/// Decimals that fit values of this size.
pub fn decimals(size: f64) -> usize {
    match size.abs() {
        s if s >= 1000.0 => 0,
        s if s >= 100.0 => 1,
        _ => 2,
    }
}

/// A number with its sign, also where it is positive.
pub fn signed(lang: Lang, value: f64, decimals: usize) -> String {
    let text = number(lang, value, decimals);
    if value > 0.0 && text.bytes().any(|b| matches!(b, b'1'..=b'9')) { format!("+{text}") } else { text }
}

/// The table for a person.
pub fn pairs_table(rows: &[PairedRow], lang: Lang) -> String {
    use unicode_width::UnicodeWidthStr;
    let heads = [Text::Id, Text::Indicator, Text::Base, Text::Variant, Text::Difference, Text::Unit, Text::Verdict];
    let mut cells = vec![heads.map(|t| t.get(lang).to_owned())];
    for row in rows {
        let d = row.difference();
        let [base, variant] = row.means();
        let decimals = decimals(base.abs().max(variant.abs()));
        let shown = |v: f64| number(lang, v, decimals);
        cells.push([
            row.spec.id.to_owned(),
            row.spec.name(lang).to_owned(),
            shown(base),
            shown(variant),
            format!("{} ± {}", signed(lang, d.mean, decimals), shown(d.half_width)),
            row.spec.unit.label(lang).to_owned(),
            row.verdict().label(lang).to_owned(),
        ]);
    }
    let widths: [usize; 7] = std::array::from_fn(|c| cells.iter().map(|r| r[c].width()).max().unwrap_or(0));
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
    bootstrap: [f64; 2],
    unpaired_half_width: f64,
    is_different: bool,
    verdict: Verdict,
    status: [Status; 2],
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
            bootstrap: row.bootstrap(),
            unpaired_half_width: row.unpaired(),
            is_different: row.is_different(),
            verdict: row.verdict(),
            status: Phase::ALL.map(|p| row.status(p)),
            base_by_seed: row.base.clone(),
            variant_by_seed: row.variant.clone(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(delay: f64, speed: f64) -> Vec<KpiRow> {
        vec![
            KpiRow::number("K19", delay),
            KpiRow::number("B03", speed),
            KpiRow::new("K01", KpiValue::needs("a", "b")),
            KpiRow::number("K03", 70.0),
        ]
    }

    fn pairs(base: &[Vec<KpiRow>], variant: &[Vec<KpiRow>]) -> Vec<PairedRow> {
        paired(&by_seed(base), &by_seed(variant))
    }

    /// By hand: differences 5, 6, 7 have mean 6, s = 1, half-width 4.303 ÷ √3 = 2.484, although the runs themselves spread much wider.
    #[test]
    fn the_interval_is_that_of_the_differences_not_of_the_runs() {
        let base = [run(10.0, 30.0), run(50.0, 20.0), run(100.0, 10.0)];
        let variant = [run(15.0, 30.0), run(56.0, 20.0), run(107.0, 10.0)];
        let rows = pairs(&base, &variant);
        let ids: Vec<_> = rows.iter().map(|r| r.spec.id).collect();
        assert_eq!(ids, ["K19", "B03"], "what the register says is no result of a run");
        let d = rows[0].difference();
        assert!((d.mean - 6.0).abs() < 1e-12 && (d.half_width - 4.303 / 3.0_f64.sqrt()).abs() < 1e-9, "{d:?}");
        assert!(rows[0].is_different() && rows[0].verdict() == Verdict::Worse);
        assert!(rows[0].unpaired() > 20.0 * d.half_width, "without pairs the spread of the runs would hide it");
        let [low, high] = rows[0].bootstrap();
        assert!((5.0..6.0).contains(&low) && (6.1..=7.0).contains(&high));
        assert_eq!(rows[1].difference(), Interval { mean: 0.0, half_width: 0.0 });
        assert!(!rows[1].is_different() && rows[1].verdict() == Verdict::Same);
        let (share, id) = widest(&rows).unwrap();
        assert!(id == "K19" && (share - d.half_width / (160.0 / 3.0)).abs() < 1e-12);
    }

    #[test]
    fn a_difference_that_changes_its_sign_is_not_shown() {
        let rows = pairs(&[run(10.0, 30.0), run(10.0, 30.0)], &[run(11.0, 30.0), run(9.5, 30.0)]);
        assert!(!rows[0].is_different());
        assert!(pairs_table(&rows, Lang::En).lines().nth(1).unwrap().ends_with("no difference shown"));
    }

    /// K09 must fall by 5 %: −10 ± 0 % does, −4 ± 0 % does not, −10 ± 13 % shows neither.
    #[test]
    fn a_target_of_change_is_judged_against_the_base() {
        let row = |base: &[f64], variant: &[f64]| PairedRow {
            spec: catalogue().iter().find(|s| s.id == "K09").unwrap(),
            base: base.to_vec(),
            variant: variant.to_vec(),
        };
        let status = |base: &[f64], variant: &[f64]| row(base, variant).status(Phase::To2028);
        assert_eq!(status(&[1000.0, 1000.0], &[900.0, 900.0]), Status::Met);
        assert_eq!(status(&[1000.0, 1000.0], &[960.0, 960.0]), Status::NotMet);
        assert_eq!(status(&[1000.0, 1000.0], &[890.0, 910.0]), Status::Unclear);
        assert_eq!(status(&[1000.0], &[900.0]), Status::NotDecidable, "one pair has no interval");
        assert_eq!(KpiRow::number("K09", 900.0).status(Phase::To2028), Status::NotDecidable, "one run is no change");
    }

    #[test]
    fn an_indicator_without_a_number_in_some_run_is_left_out() {
        let mut broken = run(10.0, 30.0);
        broken[0] = KpiRow::new("K19", KpiValue::needs("chạy", "run"));
        let rows = pairs(&[run(10.0, 30.0)], &[broken]);
        assert_eq!(rows.len(), 1);
    }
}
