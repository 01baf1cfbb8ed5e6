//! What became of the trips of each class, by what drives them: so that delays of machines and people stand beside each other.

use super::System;
use crate::{
    class::VehicleClass,
    ids::VehicleId,
    measure::{Measurements, TripStatus},
    plan::Plan,
    vehicles::Vehicles,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Trips of one class with one system, up to now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SystemTotals {
    /// The class.
    pub class: VehicleClass,
    /// What drives; `None` for a person.
    pub system: Option<System>,
    /// Trips that came onto the road.
    pub entered: u64,
    /// Those that have arrived.
    pub arrived: u64,
    /// Way driven, metres.
    pub distance_m: f64,
    /// Time lost against a free road driven by a person, waiting at the origin included, seconds.
    pub time_loss_s: f64,
    /// Times a vehicle came to a stand.
    pub stops: u64,
    /// CO₂ out of tailpipes, grams.
    pub co2_g: f64,
    /// Times a system took over or gave back on the way, where it may not drive everywhere.
    pub hand_overs: u64,
    /// Length of the links that were driven by the system from end to end, or to the destination, metres.
    pub by_system_m: f64,
}

/// By class, people first; only where something entered.
pub(crate) fn totals(plan: &Plan, vehicles: &Vehicles, measured: &Measurements) -> Vec<SystemTotals> {
    let mut all: BTreeMap<(VehicleClass, Option<System>), SystemTotals> = BTreeMap::new();
    for (i, record) in measured.trips.iter().enumerate() {
        if record.entered_s.is_none() {
            continue;
        }
        let id = VehicleId::from_index(i);
        let (class, system) = (plan.trips[i].class, plan.fleet.system(id));
        let t = all.entry((class, system)).or_insert(SystemTotals {
            class,
            system,
            entered: 0,
            arrived: 0,
            distance_m: 0.0,
            time_loss_s: 0.0,
            stops: 0,
            co2_g: 0.0,
            hand_overs: 0,
            by_system_m: 0.0,
        });
        let has_arrived = record.status == TripStatus::Arrived;
        t.entered += 1;
        t.arrived += u64::from(has_arrived);
        t.distance_m += record.distance_m;
        t.time_loss_s += record.time_loss_s;
        t.stops += u64::from(record.stops);
        t.co2_g += record.co2_g;
        if system.is_some() {
            let (hand_overs, by_system_m) = driven(plan, id, vehicles.side[i].leg as usize, has_arrived);
            t.hand_overs += hand_overs;
            t.by_system_m += by_system_m;
        }
    }
    all.into_values().collect()
}

/// How often a vehicle on the `leg`-th link of its route has changed hands, and how far its system drove.
fn driven(plan: &Plan, id: VehicleId, leg: usize, has_arrived: bool) -> (u64, f64) {
    let trip = &plan.trips[id.index()];
    let way = &plan.route(id)[..=leg];
    let drives = |l: usize| plan.fleet.system_on(id, way[l]).is_some();
    let hand_overs = (1..way.len()).filter(|l| drives(*l) != drives(l - 1)).count() as u64;
    let length_m = |l: usize| {
        let from_m = if l == 0 { trip.origin.pos_m } else { 0.0 };
        let to_m = match l == leg {
            true if has_arrived => trip.destination.pos_m,
            true => from_m,
            false => plan.network.link(way[l]).length_m,
        };
        f64::from((to_m - from_m).max(0.0))
    };
    (hand_overs, (0..way.len()).filter(|l| drives(*l)).map(length_m).sum())
}
