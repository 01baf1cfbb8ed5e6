//! What became of each correction.

use serde::Serialize;
use sim_core::reference::Ref;
use std::fmt;

/// Why an entry was not applied, or what to know about one that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It names something that is not in this map: the entry was left out.
    Stale,
    /// It does not fit this map: the entry was left out.
    Refused,
    /// The map says so already.
    WithoutEffect,
    /// Applied; something else had to be made up for it.
    Assumed,
}

/// A remark on one entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The line its table begins in.
    pub line: usize,
    /// The kind of table, e.g. `link`.
    pub entry: &'static str,
    /// What happened.
    pub outcome: Outcome,
    /// The ref it is about.
    #[serde(rename = "ref")]
    pub ref_: String,
    /// In words.
    pub message: String,
    /// Refs of this map that may have been meant, best first.
    pub candidates: Vec<Ref>,
}

/// What became of the corrections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CorrectionsReport {
    /// The file.
    pub file: String,
    /// Entries that were applied.
    pub applied: usize,
    /// Remarks, in the order of the file.
    pub remarks: Vec<Remark>,
}

impl CorrectionsReport {
    /// The remarks of one kind.
    pub fn with(&self, outcome: Outcome) -> impl Iterator<Item = &Remark> {
        self.remarks.iter().filter(move |r| r.outcome == outcome)
    }
}

impl fmt::Display for CorrectionsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |outcome| self.with(outcome).count();
        writeln!(
            f,
            "{}: {} applied, {} stale, {} refused, {} without effect",
            self.file,
            self.applied,
            count(Outcome::Stale),
            count(Outcome::Refused),
            count(Outcome::WithoutEffect)
        )?;
        self.remarks.iter().try_for_each(|remark| writeln!(f, "{}:{}", self.file, remark))
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: [[{}]] {}: {}", self.line, self.entry, self.ref_, self.message)?;
        if !self.candidates.is_empty() {
            let names: Vec<_> = self.candidates.iter().map(Ref::as_str).collect();
            write!(f, "; near ones: {}", names.join(", "))?;
        }
        Ok(())
    }
}
