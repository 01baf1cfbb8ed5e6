//! The numbers as a table and as a page of the book.

use std::fmt::Write;

/// One number.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What came out, with its unit.
    pub measured: String,
    /// What is aimed for; empty where nothing is.
    pub target: String,
    /// Whether it is reached; `None` where nothing is aimed for.
    pub is_reached: Option<bool>,
    /// The baseline in the same run and the ratio to it; empty where there is none.
    pub against: String,
}

impl Row {
    /// A number that should stay below `limit`.
    pub fn below(what: impl Into<String>, value: f64, unit: &str, limit: f64, against: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            measured: format!("{} {unit}", rounded(value)),
            target: format!("< {limit} {unit}"),
            is_reached: Some(value < limit),
            against: against.into(),
        }
    }

    /// A number that should reach `least`.
    pub fn at_least(what: impl Into<String>, value: f64, unit: &str, least: f64, against: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            measured: format!("{} {unit}", rounded(value)),
            target: format!("≥ {least} {unit}"),
            is_reached: Some(value >= least),
            against: against.into(),
        }
    }

    /// A number without a target.
    pub fn shown(what: impl Into<String>, value: f64, unit: &str, against: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            measured: format!("{} {unit}", rounded(value)),
            target: String::new(),
            is_reached: None,
            against: against.into(),
        }
    }

    /// A benchmark that did not run.
    pub fn skipped(what: impl Into<String>, why: &str) -> Self {
        Self { what: what.into(), measured: format!("skipped: {why}"), target: String::new(), is_reached: None, against: String::new() }
    }
}

/// Three significant digits, more for large numbers.
fn rounded(value: f64) -> String {
    let decimals = if value.abs() >= 100.0 {
        0
    } else if value.abs() >= 10.0 {
        1
    } else if value.abs() >= 1.0 {
        2
    } else {
        3
    };
    format!("{value:.decimals$}")
}

/// The table.
pub fn table(rows: &[Row]) -> String {
    let mut text = String::from("| what | measured | target | reached | baseline in the same run |\n|---|---:|---:|---|---|\n");
    for row in rows {
        let reached = match row.is_reached {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        let _ = writeln!(text, "| {} | {} | {} | {reached} | {} |", row.what, row.measured, row.target, row.against);
    }
    text
}

/// The page of the book.
pub fn page(machine: &str, rows: &[Row]) -> String {
    format!(
        "# Benchmarks\n\n\
         This page is written by `AGTWIN_DATA=FOLDER AGTWIN_BENCH_WRITE=docs/src/benchmarks.md cargo bench -p benches`, started in the \
         project's folder. Times are medians of the samples that criterion took. Every number stands beside a baseline of the same run, so \
         that it can be judged on another machine.\n\n\
         Machine: {machine}.\n\n{}",
        table(rows)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_shown_as_missed() {
        let rows = [Row::below("import", 3.21, "s", 3.0, ""), Row::at_least("speed", 75.0, "× real time", 60.0, "a tenth of the kernel")];
        let table = table(&rows);
        assert!(table.contains("| import | 3.21 s | < 3 s | **no** |  |"), "{table}");
        assert!(table.contains("| speed | 75.0 × real time | ≥ 60 × real time | yes | a tenth of the kernel |"), "{table}");
    }
}
