//! A branch: the edits of one course of things, how far it was simulated, and its checkpoints.

use super::checkpoint::Checkpoint;
use crate::{
    intervention::{Item, Script},
    scenario::interventions::InterventionTable,
};
use std::collections::BTreeMap;

/// An edit: as files say it, and found on the map.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) table: InterventionTable,
    pub(super) item: Item,
}

/// One course of things.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name.
    pub name: String,
    /// The branch it left and at which step; `None` for the first.
    pub from: Option<(usize, u64)>,
    /// The last step it was simulated to.
    pub reached: u64,
    pub(super) edits: Vec<Edit>,
    pub(super) checkpoints: BTreeMap<u64, Checkpoint>,
}

impl Branch {
    pub(super) fn new(name: String) -> Self {
        Self { name, from: None, reached: 0, edits: Vec::new(), checkpoints: BTreeMap::new() }
    }

    /// Its edits, in order: the step of each and the intervention.
    pub fn edits(&self) -> impl Iterator<Item = (u64, &InterventionTable)> {
        self.edits.iter().map(|e| (e.item.step, &e.table))
    }

    /// The steps of its checkpoints.
    pub fn checkpoints(&self) -> impl Iterator<Item = u64> + '_ {
        self.checkpoints.keys().copied()
    }

    /// What its checkpoints take in memory, bytes; those it shares with other branches counted here, too.
    pub fn checkpoint_bytes(&self) -> usize {
        self.checkpoints.values().map(Checkpoint::bytes).sum()
    }

    /// A branch that leaves this one, the `own`-th, at a step.
    pub(super) fn fork(&self, own: usize, step: u64, name: String) -> Self {
        Self {
            name,
            from: Some((own, step)),
            reached: step,
            edits: self.edits.iter().filter(|e| e.item.step <= step).cloned().collect(),
            checkpoints: self.checkpoints.range(..step).map(|(s, c)| (*s, c.clone())).collect(),
        }
    }

    /// The interventions of the scenario and its edits.
    pub(super) fn script(&self, scenario: &Script) -> Script {
        Script { items: scenario.items.iter().cloned().chain(self.edits.iter().map(|e| e.item.clone())).collect() }
    }

    /// Drops checkpoints until `most` are left, each time the one whose neighbours are nearest to each other; never the first or the last.
    pub(super) fn thin(&mut self, most: usize) {
        while self.checkpoints.len() > most.max(2) {
            let steps: Vec<u64> = self.checkpoints.keys().copied().collect();
            let Some(drop) = steps.windows(3).min_by_key(|w| w[2] - w[0]).map(|w| w[1]) else { return };
            self.checkpoints.remove(&drop);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_ends_and_even_gaps() {
        let mut branch = Branch::new("main".into());
        for step in 0..64 {
            branch.checkpoints.insert(step * 10, Checkpoint::default());
            branch.thin(8);
        }
        let steps: Vec<u64> = branch.checkpoints().collect();
        assert_eq!((steps.len(), steps[0], steps[7]), (8, 0, 630));
        assert!(steps.windows(2).all(|w| w[1] - w[0] <= 320), "{steps:?}");
    }
}
