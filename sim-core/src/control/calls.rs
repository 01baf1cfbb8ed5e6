//! Who asks a signal for green from afar: ambulances and fire engines along their route, and buses.
//!
//! Vehicles with the equipment tell their position and next turn to the signals they come to (assumed: satellite positioning and a radio,
//! without error). That is a request like any other: the guard decides when it is safe.

use crate::{
    class::VehicleClass,
    demand::Purpose,
    ids::{ControllerId, VehicleId},
    measure::Meter,
    network::JunctionKind,
    plan::Plan,
    segment::Road,
    vehicles::Vehicles,
};
use serde::{Deserialize, Serialize};

/// Who stands in a queue is reckoned to go on at this speed at least, m/s (assumed).
const SLOWEST_MPS: f32 = 5.0;

/// Green for ambulances and fire engines.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preemption {
    /// From so far before the stop line on, along the route, metres (assumed 300: time for the queue before it to go).
    pub range_m: f32,
    /// One request holds a junction so long at most, seconds (assumed 90).
    pub longest_s: f32,
}

impl Default for Preemption {
    fn default() -> Self {
        Self { range_m: 300.0, longest_s: 90.0 }
    }
}

/// Green a little longer or earlier for buses.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Priority {
    /// From so far before the stop line on, metres (assumed 150).
    pub range_m: f32,
    /// A green is held, or the red cut, by so much at most, seconds (assumed 10; FHWA's guide to transit signal priority has about 10).
    pub extension_s: f32,
    /// A junction helps the next bus so long after the last one, seconds (assumed 60).
    pub rest_s: f32,
}

impl Default for Priority {
    fn default() -> Self {
        Self { range_m: 150.0, extension_s: 10.0, rest_s: 60.0 }
    }
}

/// A request for green.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) controller: ControllerId,
    pub(crate) group: u16,
    pub(crate) distance_m: f32,
    /// When it would be at the stop line if nobody held it up, seconds from now.
    pub(crate) eta_s: f32,
    pub(crate) id: VehicleId,
    pub(crate) is_emergency: bool,
}

/// The trips that ask for green, by id, and whether each has blue light.
pub(super) fn callers(plan: &Plan, preemption: bool, priority: bool) -> Vec<(VehicleId, bool)> {
    let is_bus = |t: &crate::demand::Trip| t.class == VehicleClass::Bus || t.purpose == Purpose::PublicTransport;
    let all = plan.trips.iter().enumerate();
    let kind = |t: &crate::demand::Trip| match t.purpose {
        Purpose::Emergency if preemption => Some(true),
        Purpose::Emergency => None,
        _ if priority && is_bus(t) => Some(false),
        _ => None,
    };
    all.filter_map(|(i, t)| Some((VehicleId::from_index(i), kind(t)?))).collect()
}

/// All requests at present, by controller, the nearest first.
pub(crate) fn calls(plan: &Plan, roads: &[&Road], vehicles: &Vehicles, meter: &Meter) -> Vec<Call> {
    let control = &plan.control;
    let mut all = Vec::new();
    for (id, is_emergency) in control.callers.iter().copied() {
        if meter.data.trips[id.index()].status != crate::measure::TripStatus::OnRoad {
            continue;
        }
        let range_m = if is_emergency { control.preemption.map(|p| p.range_m) } else { control.priority.map(|p| p.range_m) };
        let Some(range_m) = range_m else { continue };
        let route = plan.route(id);
        let leg = vehicles.side[id.index()].leg as usize;
        // The front is on its link, or in the junction after it.
        let road = roads[route[leg].index()];
        let (first, mut distance_m, v) = match road.find(id) {
            Some(row) => (leg, -road.rows[row].s, road.rows[row].v.max(SLOWEST_MPS)),
            None => (leg + 1, 0.0, SLOWEST_MPS),
        };
        for (leg, link) in route.iter().enumerate().take(route.len().saturating_sub(1)).skip(first) {
            distance_m += plan.network.link(*link).length_m;
            if distance_m > range_m {
                break;
            }
            let Some(m) = plan.movement_after(id, leg) else { break };
            let movement = plan.network.movement(m);
            if let (JunctionKind::Signal(controller), Some(group)) = (plan.network.junction(movement.junction).kind, movement.group) {
                all.push(Call { controller, group, distance_m, eta_s: distance_m / v, id, is_emergency });
            }
        }
    }
    all.sort_by(|a, b| a.controller.cmp(&b.controller).then(a.distance_m.total_cmp(&b.distance_m)).then(a.id.cmp(&b.id)));
    all
}
