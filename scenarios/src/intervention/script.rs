//! A script: the interventions of a scenario in the order of time, each with the step at whose beginning it takes effect.

use super::{
    Problem, Runner, Site, What, clash,
    meaning::meaning,
    travel::{self, Fault},
};
use crate::scenario::{
    error::{ScenarioError, nearest},
    interventions::{InterventionKind, InterventionTable},
    read::Parsed,
};
use sim_core::{demand::Trip, network::RoadNetwork, simulation::Simulation};

/// One intervention, found on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// What it is called: its name, or `intervention-N`.
    pub name: String,
    /// The step at whose beginning it takes effect.
    pub step: u64,
    /// The step at whose beginning it is undone, if it is.
    pub until: Option<u64>,
    /// Made while the simulation ran.
    pub edit: bool,
    /// What it does.
    pub what: What,
}

impl Item {
    /// A table on the map, the `n`-th of its file.
    ///
    /// # Errors
    /// A place that is not there, a key that is missing or has no meaning, a value out of range.
    pub fn of(table: &InterventionTable, n: usize, site: &Site<'_>) -> Result<Self, Problem> {
        let name = table.name.clone().unwrap_or_else(|| format!("intervention-{}", n + 1));
        let what = meaning(table, &name, site)?;
        let step = table.at.map_or(0, |at| site.step_at(at.seconds()));
        // An incident knows its own end.
        let ends = table.kind != InterventionKind::Incident;
        let until = table.until.filter(|_| ends).map(|until| site.step_at(until.seconds()));
        Ok(Self { name, step, until, edit: table.edit, what })
    }

    /// Whether it is carried out while the simulation runs; else it was before.
    pub(super) fn is_of_the_run(&self) -> bool {
        !matches!(self.what, What::Travel(_))
    }
}

/// Interventions in the order of their file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Script {
    /// Each of them.
    pub items: Vec<Item>,
}

impl Script {
    /// Those of a scenario on its map.
    ///
    /// # Errors
    /// What makes no sense, at its line of the file; two that contradict each other, with both lines.
    pub fn of(parsed: &Parsed, site: &Site<'_>) -> Result<Self, ScenarioError> {
        let tables = &parsed.file.interventions;
        let mut items: Vec<Item> = Vec::new();
        let made_before = travel::is_made_before(tables);
        for (n, table) in tables.iter().enumerate() {
            let path = |key: &str| if key.is_empty() { format!("interventions.{n}") } else { format!("interventions.{n}.{key}") };
            let at = |key: &str, message: String| parsed.error_at(&path(key), message);
            for (key, moment) in [("at", table.at), ("until", table.until)] {
                if let Some(moment) = moment
                    && moment.seconds() < site.start_s
                {
                    return Err(at(key, format!("{moment} is before the run begins; leave it out for the beginning")));
                }
            }
            // By hand something can be done while the last ones drive home.
            let end_s = site.end_s + if table.edit { site.cool_down_s } else { 0.0 };
            if let Some(moment) = table.at
                && moment.seconds() >= end_s
            {
                return Err(at("at", format!("{moment} is not before the end of the run: nothing would come of it")));
            }
            let mut item = Item::of(table, n, site).map_err(|p| at(p.key, p.message))?;
            if made_before && !table.edit && table.kind == InterventionKind::Demand {
                item.what = travel::travel(table, site).map_err(|p| at(p.key, p.message))?;
            }
            if items.iter().any(|i| i.name == item.name) {
                return Err(at("name", format!("there is an intervention called `{}` already; give it another name", item.name)));
            }
            if let What::Undo(of) = &item.what
                && !items.iter().any(|i| i.name == *of)
            {
                let hint = nearest(of, items.iter().map(|i| i.name.as_str())).map(|n| format!("; did you mean `{n}`?"));
                return Err(at("of", format!("no intervention before it is called `{of}`{}", hint.unwrap_or_default())));
            }
            if let What::Undo(of) = &item.what
                && let Some(n) = items.iter().position(|i| i.name == *of)
                && (tables[n].kind.is_built() || !items[n].is_of_the_run())
            {
                let kind = tables[n].kind.name();
                let message = if tables[n].kind.is_built() {
                    format!("`{of}` is a `{kind}`, which is there to the end of the run; remove it instead of undoing it")
                } else {
                    format!("`{of}` changes the trips before the run; say `until` when it holds instead of undoing it")
                };
                return Err(at("of", message));
            }
            items.push(item);
        }
        if let Some(clash) = clash::first(&items) {
            return Err(contradiction(parsed, &items, clash));
        }
        Ok(Self { items })
    }

    /// Whether anything of it is made on the trips before a run.
    pub fn changes_trips(&self) -> bool {
        !self.items.iter().all(Item::is_of_the_run)
    }

    /// Whether what it makes on trips makes sense on those of its scenario.
    ///
    /// # Errors
    /// One that concerns nobody, two that contradict each other, at their lines.
    pub fn check_on(&self, trips: &[Trip], network: &RoadNetwork, parsed: &Parsed) -> Result<(), ScenarioError> {
        travel::check(trips, self, network).map_err(|fault| match fault {
            Fault::Nobody { item } => {
                let key = ["origin", "destination", "area"].into_iter().find(|k| parsed.has(&format!("interventions.{item}.{k}")));
                let path = format!("interventions.{item}.{}", key.unwrap_or("kind"));
                let message = format!("concerns none of the {} trips of this scenario; check its place, times and classes", trips.len());
                parsed.error_at(&path, message)
            }
            Fault::Clash { first, second, what, when } => contradiction(parsed, &self.items, clash::Clash { first, second, what, when }),
        })
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Carries everything out in the order of time on a simulation that stands still, to learn what the engine refuses; removals are left out,
    /// since nobody drives.
    ///
    /// # Errors
    /// The number of the first that is refused, and why.
    pub fn rehearse(&self, simulation: &mut Simulation) -> Result<(), (usize, String)> {
        Runner::default().rehearse(self, simulation)
    }

    /// The same without what was done while the simulation ran.
    #[must_use]
    pub fn without_edits(&self) -> Self {
        Self { items: self.items.iter().filter(|i| !i.edit).cloned().collect() }
    }
}

fn contradiction(parsed: &Parsed, items: &[Item], clash: clash::Clash) -> ScenarioError {
    let first = parsed.error_at(&format!("interventions.{}", clash.first), String::new());
    let line = first.place.map_or_else(String::new, |p| format!(" in line {}", p.line));
    let message = format!(
        "contradicts `{}`{line}: both set {}, {}; remove one or give them times apart",
        items[clash.first].name, clash.what, clash.when
    );
    parsed.error_at(&format!("interventions.{}", clash.second), message)
}
