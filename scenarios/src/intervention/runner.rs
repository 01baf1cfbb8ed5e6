//! Carries a script out while a simulation runs.

use super::{Item, Script, What};
use crate::run::RunError;
use sim_core::{
    class::ClassSet,
    ids::{LinkId, VehicleId},
    order::Order,
    simulation::Simulation,
};
use std::collections::BTreeMap;

/// What undoes an intervention.
#[derive(Clone, Debug, PartialEq)]
enum Undoing {
    /// These orders, in this order.
    Orders(Vec<Order>),
    /// Opens (or closes again) these lanes to those whom the intervention closed them (or opened them).
    Lanes { lanes: Vec<(LinkId, u8, ClassSet)>, opened: bool },
}

/// What undoes the interventions that were carried out; part of the state of a run with a script.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory(BTreeMap<String, Undoing>);

/// Carries a script out. Call [`Runner::arrive`] once at the beginning and once after each step but the last.
#[derive(Clone, Debug, Default)]
pub struct Runner {
    script: Script,
    /// By name of an intervention that was carried out.
    memory: Memory,
}

impl Runner {
    /// One for a script.
    pub fn new(script: Script) -> Self {
        Self { script, memory: Memory::default() }
    }

    /// The script.
    pub fn script(&self) -> &Script {
        &self.script
    }

    /// Does what is due at the beginning of the coming step: first what ends is undone, then what begins is done, each in the order of the
    /// file.
    ///
    /// # Errors
    /// The engine refuses an order.
    pub fn arrive(&mut self, simulation: &mut Simulation) -> Result<(), RunError> {
        if self.script.is_empty() {
            return Ok(());
        }
        let step = simulation.step_index();
        let ends: Vec<String> =
            self.script.items.iter().filter(|i| i.until == Some(step) && i.is_of_the_run()).map(|i| i.name.clone()).collect();
        for name in ends {
            self.undo(simulation, &name).map_err(|why| refused(&name, &why))?;
        }
        let begins: Vec<Item> = self.script.items.iter().filter(|i| i.step == step && i.is_of_the_run()).cloned().collect();
        for item in begins {
            self.carry_out(simulation, &item).map_err(|why| refused(&item.name, &why))?;
        }
        Ok(())
    }

    /// See [`Script::rehearse`].
    pub(super) fn rehearse(mut self, script: &Script, simulation: &mut Simulation) -> Result<(), (usize, String)> {
        // By step, ends first, then as they stand in the file.
        let mut due: Vec<(u64, bool, usize)> = Vec::new();
        for (n, item) in script.items.iter().enumerate().filter(|(_, i)| i.is_of_the_run() && !matches!(i.what, What::Remove(_))) {
            due.push((item.step, true, n));
            due.extend(item.until.map(|until| (until, false, n)));
        }
        due.sort_unstable();
        for (_, begins, n) in due {
            let item = &script.items[n];
            let done = if begins { self.carry_out(simulation, item) } else { self.undo(simulation, &item.name).map(|_| ()) };
            done.map_err(|why| (n, why))?;
        }
        Ok(())
    }

    /// Adds an intervention that takes effect now and carries it out.
    ///
    /// # Errors
    /// Why the engine refuses it; nothing is changed or added then.
    pub fn add(&mut self, simulation: &mut Simulation, item: Item) -> Result<(), String> {
        self.carry_out(simulation, &item)?;
        self.script.items.push(item);
        Ok(())
    }

    /// What undoes the interventions up to now.
    pub fn memory(&self) -> Memory {
        self.memory.clone()
    }

    /// Goes on from a moment at which the memory was this.
    pub fn recall(&mut self, memory: Memory) {
        self.memory = memory;
    }

    /// Carries on with another script from where the simulation is.
    pub fn replace(&mut self, script: Script) {
        self.script = script;
    }

    fn carry_out(&mut self, s: &mut Simulation, item: &Item) -> Result<(), String> {
        let undoing = match &item.what {
            What::Undo(name) => self.undo(s, name)?,
            What::Remove(trip) => {
                let id = s.trips().iter().position(|t| t.ref_ == *trip).map(VehicleId::from_index);
                let id = id.ok_or_else(|| format!("there is no trip `{trip}` in this run"))?;
                give(s, vec![Order::RemoveVehicle(id)])?
            }
            What::Set(orders) => give(s, orders.clone())?,
            What::Travel(_) => return Err("who travels is known before a run".to_owned()),
            What::Close { at, classes, opens } => {
                let changed = |closed: &[ClassSet], lane: u8| {
                    let standing = closed[usize::from(lane)];
                    if *opens { standing.intersection(*classes) } else { classes.without(standing) }
                };
                let mut lanes = Vec::new();
                let mut orders = Vec::new();
                for (link, these) in at {
                    let closed = s.closed_lanes(*link);
                    lanes.extend(these.iter().map(|n| (*link, *n, changed(&closed, *n))));
                    let set = |n: &u8| {
                        let standing = closed[usize::from(*n)];
                        (*n, if *opens { standing.without(*classes) } else { standing.union(*classes) })
                    };
                    orders.push(Order::Lanes { link: *link, closed: these.iter().map(set).collect() });
                }
                give(s, orders)?;
                Some(Undoing::Lanes { lanes, opened: *opens })
            }
        };
        if let Some(undoing) = undoing {
            self.memory.0.insert(item.name.clone(), undoing);
        }
        Ok(())
    }

    /// Undoes an intervention; what undoes that again.
    fn undo(&mut self, s: &mut Simulation, name: &str) -> Result<Option<Undoing>, String> {
        let Some(undoing) = self.memory.0.get(name).cloned() else {
            return Err(format!("`{name}` was not carried out, or nothing undoes it"));
        };
        match undoing {
            Undoing::Orders(orders) => give(s, orders),
            Undoing::Lanes { lanes, opened } => {
                let mut by_link: BTreeMap<LinkId, Vec<(u8, ClassSet)>> = BTreeMap::new();
                for (link, lane, classes) in lanes.iter().copied() {
                    let standing = s.closed_lanes(link)[usize::from(lane)];
                    let now = if opened { standing.union(classes) } else { standing.without(classes) };
                    by_link.entry(link).or_default().push((lane, now));
                }
                give(s, by_link.into_iter().map(|(link, closed)| Order::Lanes { link, closed }).collect())?;
                Ok(Some(Undoing::Lanes { lanes, opened: !opened }))
            }
        }
    }
}

fn refused(name: &str, why: &str) -> RunError {
    RunError::Input(format!("the intervention `{name}` cannot be carried out: {why}"))
}

/// Gives all orders or none, and says what undoes them.
fn give(s: &mut Simulation, orders: Vec<Order>) -> Result<Option<Undoing>, String> {
    for order in &orders {
        s.accepts(order).map_err(|e| e.to_string())?;
    }
    let mut inverses = Vec::new();
    for order in orders {
        let applied = s.order(order).map_err(|e| e.to_string())?;
        inverses.push(applied.inverse);
    }
    inverses.reverse();
    let all: Option<Vec<Order>> = inverses.into_iter().collect();
    Ok(all.map(Undoing::Orders))
}
