//! A simulation one can go back and forth in, change by hand, undo and branch: what the window drives, with nothing of a screen in it.
//!
//! The past is never changed. An edit takes effect now and is an intervention like those of a scenario file. Undoing is one more intervention,
//! now. Whoever edits after going back begins a *branch*; the old one stays and can be opened. Going back restores the nearest checkpoint before
//! and simulates again from there, which gives the same bits. The branch on screen is saved as a scenario with its edits as
//! `[[interventions]]`; run headless it comes to the same state hash.
//!
//! ```no_run
//! use scenarios::{
//!     run::{progress::Quiet, session::{RunSettings, Session}},
//!     scenario::interventions::{InterventionKind, InterventionTable},
//!     timeline::{Settings, Timeline},
//! };
//! use std::{path::Path, sync::Arc};
//! let run = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
//! let session = Arc::new(Session::open(Path::new("long-xuyen-morning"), &[], run, &Quiet)?);
//! let mut timeline = Timeline::new(session, 1, 1, Settings::default(), &Quiet)?;
//! timeline.go_to_time(7.0 * 3600.0)?;
//! let link = timeline.simulation().network().links[0].ref_.to_string();
//! let close = InterventionTable { link: Some(link), ..InterventionTable::new(InterventionKind::Closure) };
//! let edit = timeline.edit(close)?; // from now on
//! timeline.go_to_time(7.25 * 3600.0)?;
//! timeline.undo(&edit.name)?; // the link was closed for a quarter of an hour
//! timeline.go_to_time(6.75 * 3600.0)?; // back: the link is open
//! timeline.edit(InterventionTable { factor: Some("120 %".parse()?), ..InterventionTable::new(InterventionKind::Demand) })?;
//! assert_eq!(timeline.branches().len(), 2); // the first one stays
//! timeline.save(Path::new("more-traffic.toml"))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod branch;
mod checkpoint;
mod error;
mod record;
mod save;
mod standing;
#[cfg(test)]
mod tests;

pub use branch::Branch;
pub use error::TimelineError;
pub use record::Entry;

use crate::{
    intervention::{Item, Runner, Script, Site},
    run::{
        RunError,
        interventions::site,
        progress::Progress,
        session::Session,
        simulate::{is_over, most_steps, steps_in},
    },
    scenario::interventions::{InterventionKind, InterventionTable, Moment},
};
use branch::Edit;
use checkpoint::Checkpoint;
use sim_core::simulation::Simulation;
use std::sync::Arc;

/// How a timeline keeps its checkpoints.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Simulated time between two checkpoints, seconds.
    pub every_s: f64,
    /// The most checkpoints of a branch; of more, those nearest to others are dropped.
    pub most: usize,
    /// Whether conflicts are looked for, which costs time and is part of the state: compare it with runs that look for them, too.
    pub conflicts: bool,
}

impl Default for Settings {
    /// Every five minutes, 48 at most (four hours).
    fn default() -> Self {
        Self { every_s: 300.0, most: 48, conflicts: false }
    }
}

/// An edit that was made.
#[derive(Clone, Debug, PartialEq)]
pub struct Edited {
    /// What it is called: to undo it.
    pub name: String,
    /// The step at whose beginning it takes effect.
    pub step: u64,
    /// The branch it belongs to; a new one if the edit was made after going back.
    pub branch: usize,
}

/// A simulation with its past and its branches.
pub struct Timeline {
    session: Arc<Session>,
    seed: u64,
    settings: Settings,
    simulation: Simulation,
    runner: Runner,
    /// The interventions of the scenario itself.
    script: Script,
    branches: Vec<Branch>,
    on_screen: usize,
    edits: usize,
    record: Vec<Entry>,
}

impl std::fmt::Debug for Timeline {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timeline").field("step", &self.step()).field("branches", &self.branches).finish_non_exhaustive()
    }
}

impl Timeline {
    /// A timeline of one seed at its beginning.
    ///
    /// # Errors
    /// The simulation cannot begin.
    pub fn new(session: Arc<Session>, seed: u64, threads: usize, settings: Settings, progress: &dyn Progress) -> Result<Self, RunError> {
        let (simulation, runner) = session.begin_looking(seed, threads, settings.conflicts, progress)?;
        let script = runner.script().clone();
        let mut first = Branch::new("main".into());
        first.checkpoints.insert(0, Checkpoint::take(&simulation, &runner));
        Ok(Self { session, seed, settings, simulation, runner, script, branches: vec![first], on_screen: 0, edits: 0, record: Vec::new() })
    }

    /// The simulation as it is now: for frames, measurements, routes. Its clock is the timeline's.
    pub fn simulation(&self) -> &Simulation {
        &self.simulation
    }

    /// The scenario it is of.
    pub fn session(&self) -> &Arc<Session> {
        &self.session
    }

    /// The present step.
    pub fn step(&self) -> u64 {
        self.simulation.step_index()
    }

    /// The present time, seconds after midnight.
    pub fn time_s(&self) -> f64 {
        self.simulation.time_s()
    }

    /// How many steps the hours of the scenario have; the run goes on behind them until every trip has ended ([`is_over`]).
    pub fn steps(&self) -> u64 {
        steps_in(&self.session.found.scenario.window)
    }

    /// Whether the end is reached.
    pub fn is_finished(&self) -> bool {
        is_over(&self.simulation, &self.session.found.scenario.window)
    }

    /// How far the branch on screen has been simulated: up to this step one can go forth and back at once.
    pub fn reached(&self) -> u64 {
        self.branches[self.on_screen].reached
    }

    /// Every branch, in the order in which they began.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The number of the branch on screen.
    pub fn branch(&self) -> usize {
        self.on_screen
    }

    /// Goes on by one step; does nothing at the end.
    ///
    /// # Errors
    /// An intervention of the scenario cannot be carried out.
    pub fn advance(&mut self) -> Result<(), TimelineError> {
        if self.is_finished() {
            return Ok(());
        }
        self.simulation.step();
        let step = self.step();
        if !self.is_finished() {
            self.runner.arrive(&mut self.simulation)?;
        }
        let every = (self.settings.every_s / f64::from(self.simulation.config().step_s)).round().max(1.0) as u64;
        let branch = &mut self.branches[self.on_screen];
        branch.reached = branch.reached.max(step);
        if step.is_multiple_of(every) && !branch.checkpoints.contains_key(&step) {
            branch.checkpoints.insert(step, Checkpoint::take(&self.simulation, &self.runner));
            branch.thin(self.settings.most);
        }
        Ok(())
    }

    /// Goes to a step, forth by simulating, back by the nearest checkpoint; at most to the end.
    ///
    /// # Errors
    /// As [`Timeline::advance`]; a damaged checkpoint.
    pub fn go_to(&mut self, step: u64) -> Result<(), TimelineError> {
        let step = step.min(most_steps(&self.session.found.scenario.window));
        let from = self.step();
        if step < from {
            self.restore(self.on_screen, step)?;
        } else if let Some((last, _)) = self.branches[self.on_screen].checkpoints.range(..=step).next_back()
            && *last > from
        {
            self.restore(self.on_screen, step)?;
        }
        while self.step() < step && !self.is_finished() {
            self.advance()?;
        }
        if step < from {
            self.record.push(Entry::WentBack { step: from, to: step });
        }
        Ok(())
    }

    /// The same by the time of day.
    ///
    /// # Errors
    /// As [`Timeline::go_to`].
    pub fn go_to_time(&mut self, time_s: f64) -> Result<(), TimelineError> {
        let step = self.site().step_at(time_s);
        self.go_to(step)
    }

    /// Puts back the nearest checkpoint of a branch at or before a step.
    fn restore(&mut self, branch: usize, step: u64) -> Result<(), TimelineError> {
        let found = self.branches[branch].checkpoints.range(..=step).next_back();
        let (_, checkpoint) = found.ok_or(TimelineError::NoBeginning)?;
        checkpoint.put(&mut self.simulation, &mut self.runner)?;
        self.runner.replace(self.branches[branch].script(&self.script));
        Ok(())
    }

    fn site(&self) -> Site<'_> {
        site(&self.session.found, &self.session.network, &[], &[])
    }

    /// Makes an intervention now: its `at`, `name` and `edit` are set here. After going back it begins a branch.
    ///
    /// # Errors
    /// What is wrong with it: nothing is changed then.
    pub fn edit(&mut self, table: InterventionTable) -> Result<Edited, TimelineError> {
        if self.is_finished() {
            return Err(TimelineError::Over);
        }
        if table.kind != InterventionKind::Incident && table.until.is_some() {
            return Err(TimelineError::Until);
        }
        let (step, number) = (self.step(), self.edits + 1);
        let at = Some(Moment::from_seconds(self.site().time_of(step)));
        let name = format!("edit-{number}");
        let table = InterventionTable { name: Some(name.clone()), at, edit: true, ..table };
        let item = Item::of(&table, 0, &self.site())?;
        self.runner.add(&mut self.simulation, item.clone()).map_err(TimelineError::Refused)?;
        self.edits = number;
        if self.reached() > step {
            let fork = self.branches[self.on_screen].fork(self.on_screen, step, format!("branch-{}", self.branches.len()));
            self.branches.push(fork);
            let from = std::mem::replace(&mut self.on_screen, self.branches.len() - 1);
            self.record.push(Entry::Branched {
                step,
                from: self.branches[from].name.clone(),
                to: self.branches[self.on_screen].name.clone(),
            });
        }
        let branch = &mut self.branches[self.on_screen];
        branch.edits.push(Edit { table: table.clone(), item });
        branch.checkpoints.insert(step, Checkpoint::take(&self.simulation, &self.runner));
        branch.thin(self.settings.most);
        self.runner.replace(branch.script(&self.script));
        self.record.push(Entry::Edited { step, branch: branch.name.clone(), intervention: Box::new(table) });
        Ok(Edited { name, step, branch: self.on_screen })
    }

    /// The edits of the branch up to now.
    fn up_to_now(&self) -> Vec<&Edit> {
        let step = self.step();
        self.branches[self.on_screen].edits.iter().filter(|e| e.item.step <= step).collect()
    }

    /// Undoes an edit, or an undoing, now; the past stands.
    ///
    /// # Errors
    /// There is no such edit on this branch, it is undone already, a later edit that holds sets the same, or nothing undoes it.
    pub fn undo(&mut self, name: &str) -> Result<Edited, TimelineError> {
        let of = standing::to_undo(&self.up_to_now(), name)?.to_owned();
        self.edit(InterventionTable { of: Some(of), ..InterventionTable::new(InterventionKind::Undo) })
    }

    /// The edits up to now that stand, the last one first: neither an undoing nor undone.
    pub fn standing(&self) -> Vec<&str> {
        standing::names(&self.up_to_now())
    }

    /// Shows another branch, at the present time or as far as it was simulated.
    ///
    /// # Errors
    /// There is no such branch; as [`Timeline::go_to`].
    pub fn open(&mut self, branch: usize) -> Result<(), TimelineError> {
        let Some(there) = self.branches.get(branch) else { return Err(TimelineError::NoBranch(branch, self.branches.len())) };
        let (step, to) = (self.step().min(there.reached), there.name.clone());
        self.restore(branch, step)?;
        self.on_screen = branch;
        while self.step() < step {
            self.advance()?;
        }
        self.record.push(Entry::Opened { step, branch: to });
        Ok(())
    }

    /// Gives a branch another name.
    ///
    /// # Errors
    /// There is no such branch, or another one of this name.
    pub fn rename(&mut self, branch: usize, name: &str) -> Result<(), TimelineError> {
        if self.branches.iter().enumerate().any(|(i, b)| i != branch && b.name == name) || name.trim().is_empty() {
            return Err(TimelineError::TakenName(name.to_owned()));
        }
        let count = self.branches.len();
        let found = self.branches.get_mut(branch).ok_or(TimelineError::NoBranch(branch, count))?;
        name.clone_into(&mut found.name);
        Ok(())
    }
}
