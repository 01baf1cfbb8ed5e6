//! The numbers as a table and as a page of the book.

use std::fmt::Write;

/// One number.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// The best that came out, with its unit.
    pub measured: String,
    /// The median, in the same unit.
    pub median: String,
    /// What is aimed for; empty where nothing is.
    pub target: String,
    /// Whether it is reached; `None` where nothing is aimed for.
    pub is_reached: Option<bool>,
    /// The baseline in the same run and the ratio to it; empty where there is none.
    pub against: String,
}

impl Row {
    /// A number that should stay below `limit`, as (best, median).
    pub fn below(what: impl Into<String>, value: (f64, f64), unit: &str, limit: f64, against: impl Into<String>) -> Self {
        Self { target: format!("< {limit} {unit}"), is_reached: Some(value.0 < limit), ..Self::shown(what, value, unit, against) }
    }

    /// A number that should reach `least`, as (best, median).
    pub fn at_least(what: impl Into<String>, value: (f64, f64), unit: &str, least: f64, against: impl Into<String>) -> Self {
        Self { target: format!("≥ {least} {unit}"), is_reached: Some(value.0 >= least), ..Self::shown(what, value, unit, against) }
    }

    /// A number without a target, as (best, median).
    pub fn shown(what: impl Into<String>, value: (f64, f64), unit: &str, against: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            measured: format!("{} {unit}", rounded(value.0)),
            median: rounded(value.1),
            target: String::new(),
            is_reached: None,
            against: against.into(),
        }
    }

    /// A benchmark that did not run.
    pub fn skipped(what: impl Into<String>, why: &str) -> Self {
        Self {
            what: what.into(),
            measured: format!("skipped: {why}"),
            median: String::new(),
            target: String::new(),
            is_reached: None,
            against: String::new(),
        }
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
    let mut text = String::from("| what | best | median | target | reached | baseline in the same run |\n|---|---:|---:|---:|---|---|\n");
    for row in rows {
        let reached = match row.is_reached {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        let _ = writeln!(text, "| {} | {} | {} | {} | {reached} | {} |", row.what, row.measured, row.median, row.target, row.against);
    }
    text
}

/// The page of the book.
pub fn page(machine: &str, rows: &[Row]) -> String {
    format!(
        "# Benchmarks\n\n\
         This page is written by `AGTWIN_DATA=FOLDER AGTWIN_BENCH_WRITE=docs/src/benchmarks.md cargo bench -p benches`, started in the \
         project's folder. Each measurement was taken several times: the best is what the machine can do, the median shows how much else \
         it did meanwhile. A target counts as reached by the best. What is said per core-second or on cores is time on a core as the system \
         counts it, the mean of all samples; the speed of the whole morning is in such time too; all else is by the clock. Every number \
         stands beside a baseline of the same run, so that it can be \
         judged on another machine.\n\n\
         Machine: {machine}.\n\n{}",
        table(rows)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missed_target_is_shown_as_missed() {
        let rows = [
            Row::below("import", (3.21, 4.0), "s", 3.0, ""),
            Row::at_least("speed", (75.0, 50.0), "× real time", 60.0, "a tenth of the kernel"),
        ];
        let table = table(&rows);
        assert!(table.contains("| import | 3.21 s | 4.00 | < 3 s | **no** |  |"), "{table}");
        assert!(table.contains("| speed | 75.0 × real time | 50.0 | ≥ 60 × real time | yes | a tenth of the kernel |"), "{table}");
    }
}
