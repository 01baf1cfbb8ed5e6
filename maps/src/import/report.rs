//! The import report: what was read, dropped, repaired and assumed, counted by cause, with the first few ids of each.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Display};

/// How many ids are kept as examples of a cause.
const EXAMPLES: usize = 5;

/// What happened to the things counted in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportGroup {
    /// Found in the file.
    Read,
    /// Left out of the network.
    Dropped,
    /// Wrong or unclear in the file, and mended.
    Repaired,
    /// Missing in the file, and filled by a default.
    Assumed,
    /// Corrections, and other things a user should look at.
    Noted,
}

impl ReportGroup {
    /// How tables spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Dropped => "dropped",
            Self::Repaired => "repaired",
            Self::Assumed => "assumed",
            Self::Noted => "noted",
        }
    }
}

/// What is counted under one cause.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReportEntry {
    /// How many.
    pub count: u64,
    /// Their length together where they have one, kilometres.
    pub length_km: f64,
    /// The first few ids, each once however often it was counted.
    pub examples: Vec<String>,
}

/// One line of the printed table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ReportRow<'a> {
    /// What happened.
    pub group: ReportGroup,
    /// Why, or what.
    pub cause: &'a str,
    /// How many.
    pub count: u64,
    /// Their length together, kilometres; 0 where they have none.
    pub length_km: f64,
    /// The first few ids.
    pub examples: &'a [String],
}

/// What was read, dropped, repaired and assumed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ImportReport {
    /// The file or files that were read, without folders.
    pub source: String,
    /// Length of all drivable road read, both directions of a two-way road counted, kilometres. Drivable is what the class and access
    /// rules keep.
    pub drivable_km: f64,
    /// Of that, what is in the network, kilometres. What is dropped as unreachable and what disappears into junctions is the rest;
    /// the latter is counted as kept.
    pub kept_km: f64,
    /// Nodes in the file that carry a traffic signal.
    pub signal_nodes: u64,
    /// Junctions with signals in the network.
    pub signalised_junctions: u64,
    entries: BTreeMap<ReportGroup, BTreeMap<String, ReportEntry>>,
}

impl ImportReport {
    /// An empty report about `source`.
    pub fn new(source: &str) -> Self {
        Self { source: source.to_owned(), ..Self::default() }
    }

    /// Counts one thing by its cause.
    pub fn add(&mut self, group: ReportGroup, cause: &str, id: impl Display) {
        self.add_length(group, cause, id, 0.0);
    }

    /// Counts one thing that has a length in metres.
    pub fn add_length(&mut self, group: ReportGroup, cause: &str, id: impl Display, length_m: f64) {
        let causes = self.entries.entry(group).or_default();
        let entry = match causes.get_mut(cause) {
            Some(entry) => entry,
            None => causes.entry(cause.to_owned()).or_default(),
        };
        entry.count += 1;
        entry.length_km += length_m / 1000.0;
        if entry.examples.len() < EXAMPLES {
            let id = id.to_string();
            if !entry.examples.contains(&id) {
                entry.examples.push(id);
            }
        }
    }

    /// Counts many things at once, without examples.
    pub fn add_count(&mut self, group: ReportGroup, cause: &str, count: u64) {
        if count > 0 {
            self.entries.entry(group).or_default().entry(cause.to_owned()).or_default().count += count;
        }
    }

    /// Adds to the length counted under a cause, metres.
    pub(crate) fn add_to_length(&mut self, group: ReportGroup, cause: &str, length_m: f64) {
        self.entries.entry(group).or_default().entry(cause.to_owned()).or_default().length_km += length_m / 1000.0;
    }

    /// How many things are counted under this cause.
    pub fn count(&self, group: ReportGroup, cause: &str) -> u64 {
        self.entry(group, cause).map_or(0, |e| e.count)
    }

    /// What is counted under this cause.
    pub fn entry(&self, group: ReportGroup, cause: &str) -> Option<&ReportEntry> {
        self.entries.get(&group)?.get(cause)
    }

    /// The share of drivable length that is in the network, 0 to 1; 1 where nothing was drivable.
    pub fn survival(&self) -> f64 {
        if self.drivable_km > 0.0 { self.kept_km / self.drivable_km } else { 1.0 }
    }

    /// The lines of the table, by group, most frequent cause first.
    pub fn rows(&self) -> Vec<ReportRow<'_>> {
        let mut rows = Vec::new();
        for (group, causes) in &self.entries {
            let start = rows.len();
            rows.extend(causes.iter().map(|(cause, e)| ReportRow {
                group: *group,
                cause,
                count: e.count,
                length_km: e.length_km,
                examples: &e.examples,
            }));
            rows[start..].sort_by(|a, b| b.count.cmp(&a.count).then(a.cause.cmp(b.cause)));
        }
        rows
    }

    /// Adds everything counted in `other`.
    pub(crate) fn absorb(&mut self, other: Self) {
        for (group, causes) in other.entries {
            for (cause, e) in causes {
                let mine = self.entries.entry(group).or_default().entry(cause).or_default();
                mine.count += e.count;
                mine.length_km += e.length_km;
                let new: Vec<_> = e.examples.into_iter().filter(|id| !mine.examples.contains(id)).collect();
                mine.examples.extend(new);
                mine.examples.truncate(EXAMPLES);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_counted_piece_by_piece_is_named_once() {
        let (mut report, mut other) = (ImportReport::new("a.osm"), ImportReport::new("a.osm"));
        for id in ["w1", "w1", "w1", "w2"] {
            report.add(ReportGroup::Assumed, "built-up", id);
        }
        for id in ["w2", "w3"] {
            other.add(ReportGroup::Assumed, "built-up", id);
        }
        report.absorb(other);
        let entry = report.entry(ReportGroup::Assumed, "built-up").unwrap();
        assert_eq!((entry.count, entry.examples.join(" ").as_str()), (6, "w1 w2 w3"));
    }

    #[test]
    fn counts_by_cause_and_keeps_the_first_five_ids() {
        let mut report = ImportReport::new("a.osm");
        for id in 1..=7 {
            report.add_length(ReportGroup::Dropped, "private road", format_args!("w{id}"), 500.0);
        }
        report.add(ReportGroup::Read, "ways", "w1");
        let rows = report.rows();
        assert_eq!((rows[0].group, rows[1].group), (ReportGroup::Read, ReportGroup::Dropped));
        assert_eq!((rows[1].count, rows[1].length_km), (7, 3.5));
        assert_eq!(rows[1].examples, ["w1", "w2", "w3", "w4", "w5"]);
    }

    #[test]
    fn travels_through_json() {
        let mut report = ImportReport::new("a.osm");
        report.add(ReportGroup::Assumed, "lanes", "w1");
        let text = serde_json::to_string(&report).unwrap();
        assert_eq!(serde_json::from_str::<ImportReport>(&text).unwrap(), report);
    }
}
