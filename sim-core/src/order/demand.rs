//! More or fewer trips from now on: which of them stay away, and copies of others.
//!
//! Each trip has a keyed draw in [0, 1). At a factor of 0.7 those below 0.7 set out; at 1.3 those below 0.3 do so twice. So a higher factor
//! keeps every trip of a lower one, and nobody else's draws change. A copy leaves a little later than the trip it repeats.

use super::Orders;
use crate::{
    demand::{Purpose, Trip},
    draw::{self, Draw},
    ids::VehicleId,
    plan::Plan,
};

/// A copy leaves so much later at most, seconds (assumed).
const LATER_S: f64 = 300.0;

/// Whether factors leave a trip alone.
fn is_exempt(trip: &Trip) -> bool {
    matches!(trip.purpose, Purpose::PublicTransport | Purpose::Emergency)
}

/// How often one of the first trips sets out at present.
fn times(plan: &Plan, id: VehicleId) -> u32 {
    let trip = &plan.trips[id.index()];
    let factor = f64::from(plan.orders.factor(trip.class));
    if factor == 1.0 || is_exempt(trip) {
        return 1;
    }
    let drawn = draw::uniform(plan.config.seed, Draw::DemandFactor, plan.keys[id.index()], 0);
    factor as u32 + u32::from(drawn < factor.fract())
}

impl Orders {
    /// Whether a trip that is due sets out.
    pub(crate) fn sets_out(&self, plan: &Plan, id: VehicleId) -> bool {
        if self.factors.is_empty() {
            return true;
        }
        let first = plan.trips.len() - self.copies.len();
        let (of, n) = id.index().checked_sub(first).map_or((id, 0), |copy| self.copies[copy]);
        n < times(plan, of)
    }
}

/// Adds the copies that the present factors ask for and that are not there yet, of the trips not yet due.
pub(super) fn add_copies(plan: &mut Plan, released: usize) {
    let first = plan.trips.len() - plan.orders.copies.len();
    let mut made = vec![0u32; first];
    for (of, n) in &plan.orders.copies {
        made[of.index()] = made[of.index()].max(*n);
    }
    let mut due_later: Vec<VehicleId> = plan.by_departure[released..].iter().copied().filter(|id| id.index() < first).collect();
    due_later.sort_unstable();
    let (mut trips, mut copies) = (Vec::new(), Vec::new());
    for id in due_later {
        for n in made[id.index()] + 1..times(plan, id) {
            let of = &plan.trips[id.index()];
            let ref_ = format!("{}+{n}", of.ref_).as_str().into();
            let later = draw::uniform(plan.config.seed, Draw::CopyDeparture, draw::key_of(&ref_), 0);
            trips.push(Trip { ref_, depart_s: of.depart_s + later * LATER_S, ..of.clone() });
            copies.push((id, n));
        }
    }
    plan.add_trips(trips, &copies, released);
    plan.orders.copies.extend(copies);
}
