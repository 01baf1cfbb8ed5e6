//! The record of a timeline: what was done and what happened, in one list that can be written and played again.

use super::Timeline;
use crate::scenario::interventions::InterventionTable;
use serde::{Deserialize, Serialize};
use sim_core::measure::Event;

/// Something that was done, or happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// An intervention was made.
    Edited {
        /// The step at whose beginning it took effect.
        step: u64,
        /// The branch.
        branch: String,
        /// What.
        intervention: Box<InterventionTable>,
    },
    /// Somebody went back.
    WentBack {
        /// From this step.
        step: u64,
        /// To this one.
        to: u64,
    },
    /// A branch was begun.
    Branched {
        /// At this step.
        step: u64,
        /// It left this branch.
        from: String,
        /// Its name.
        to: String,
    },
    /// A branch was opened.
    Opened {
        /// At this step.
        step: u64,
        /// Its name.
        branch: String,
    },
    /// Something happened on the road.
    Happened {
        /// During the step before this one.
        step: u64,
        /// What.
        event: Event,
    },
}

impl Timeline {
    /// What was done, in the order in which it was done, on whatever branch.
    pub fn done(&self) -> &[Entry] {
        &self.record
    }

    /// Interventions made and events of the branch on screen up to now, in the order of time: what an instructor's script plays again.
    pub fn record(&self) -> Vec<Entry> {
        let branch = &self.branches[self.on_screen];
        let now = self.step();
        let edits = branch.edits.iter().filter(|e| e.item.step <= now).map(|e| Entry::Edited {
            step: e.item.step,
            branch: branch.name.clone(),
            intervention: Box::new(e.table.clone()),
        });
        let site = self.site();
        let happened = |event: &Event| Entry::Happened { step: site.step_at(event.time_s), event: event.clone() };
        let mut all: Vec<Entry> = edits.chain(self.simulation.measurements().events.iter().map(happened)).collect();
        all.sort_by_key(|e| match e {
            Entry::Happened { step, .. } => (*step, false),
            Entry::Edited { step, .. } | Entry::WentBack { step, .. } | Entry::Branched { step, .. } | Entry::Opened { step, .. } => {
                (*step, true)
            }
        });
        all
    }

    /// The record as text, one entry a line.
    pub fn record_lines(&self) -> String {
        let line = |e: &Entry| serde_json::to_string(e).map_or_else(|_| String::new(), |l| l + "\n");
        self.record().iter().map(line).collect()
    }
}
