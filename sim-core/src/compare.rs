//! Where two runs that should be the same are not: the first step and the vehicle that differ, with both its states.

use crate::{reference::Ref, simulation::Simulation};
use std::fmt;

/// The first difference between two simulations.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// After how many steps.
    pub step: u64,
    /// When, seconds after midnight.
    pub time_s: f64,
    /// The trip of the first vehicle, by id, that is not the same; `None` where every vehicle is and something else is not.
    pub vehicle: Option<Ref>,
    /// What both say of it.
    pub detail: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whom = self.vehicle.as_ref().map_or("no vehicle".to_owned(), ToString::to_string);
        write!(f, "first differ after step {} (at {} s) in {whom}: {}", self.step, self.time_s, self.detail)
    }
}

/// What differs between two simulations at present; `None` if their whole states are the same bits.
pub fn difference(a: &Simulation, b: &Simulation) -> Option<Difference> {
    let (x, y) = (a.state(), b.state());
    if x.hash() == y.hash() {
        return None;
    }
    let found = |vehicle: Option<Ref>, detail: String| Difference { step: a.step_index(), time_s: a.time_s(), vehicle, detail };
    if a.step_index() != b.step_index() {
        return Some(found(None, format!("one has made {} steps, the other {}", a.step_index(), b.step_index())));
    }
    let trips = a.trips();
    if trips.len() != b.trips().len() {
        return Some(found(None, format!("one has {} trips, the other {}", trips.len(), b.trips().len())));
    }
    match x.first_vehicle(&y) {
        Some((id, mine, its)) => Some(found(trips.get(id.index()).map(|t| t.ref_.clone()), format!("{mine} against {its}"))),
        None => Some(found(None, format!("the states differ in {}", x.first_part(&y).unwrap_or("their bits")))),
    }
}

/// Moves both on step by step, for `steps` at most, and stops at the first difference.
pub fn first_difference(a: &mut Simulation, b: &mut Simulation, steps: u64) -> Option<Difference> {
    let before = difference(a, b);
    if before.is_some() {
        return before;
    }
    for _ in 0..steps {
        a.step();
        b.step();
        let now = difference(a, b);
        if now.is_some() {
            return now;
        }
    }
    None
}
