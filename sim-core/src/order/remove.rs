//! A vehicle that is taken off the road by an order, wherever it is but aboard a ferry.

use super::OrderError;
use crate::{
    control::Lights,
    cross::take_off,
    ferry::Ferry,
    ground::Ground,
    halt::Services,
    ids::VehicleId,
    junction::Crossing,
    measure::{Meter, TripStatus},
    overtake::Overtakes,
    parking::Parks,
    plan::Plan,
    segment::Road,
    simulation::Simulation,
    vehicles::Vehicles,
};
use bevy_ecs::{
    change_detection::Mut,
    prelude::{Query, Res, ResMut},
    system::SystemState,
};

/// Whether a vehicle can be removed.
pub(super) fn check(s: &Simulation, id: VehicleId) -> Result<(), OrderError> {
    let trips = s.trips();
    let Some(trip) = trips.get(id.index()) else {
        return Err(OrderError::NotThere { what: "vehicle", found: id.0, last: trips.len().saturating_sub(1) });
    };
    let problem = match s.measurements().trips[id.index()].status {
        TripStatus::NotYet => "it has not set out yet",
        TripStatus::Arrived => "it has arrived",
        TripStatus::Removed => "it was removed before",
        TripStatus::Waiting => return Ok(()),
        TripStatus::OnRoad if s.all::<Ferry>().iter().any(|f| f.passengers().any(|p| p == id)) => "it is aboard a ferry or queues for one",
        TripStatus::OnRoad => return Ok(()),
    };
    Err(OrderError::Vehicle { trip: trip.ref_.clone(), problem })
}

type Parts<'w, 's> = (
    Query<'w, 's, &'static mut Road>,
    Query<'w, 's, &'static mut Crossing>,
    Res<'w, Plan>,
    Res<'w, Lights>,
    ResMut<'w, Vehicles>,
    ResMut<'w, Meter>,
    ResMut<'w, Services>,
    ResMut<'w, Parks>,
    ResMut<'w, Overtakes>,
);

/// Takes it off the road; it was checked that this can be done.
pub(super) fn remove(s: &mut Simulation, id: VehicleId) {
    let now = s.time_s();
    let mut system = SystemState::<Parts<'_, '_>>::new(&mut s.world);
    let Ok((mut roads, mut crossings, plan, lights, mut vehicles, mut meter, mut services, mut parks, mut overtakes)) =
        system.get_mut(&mut s.world)
    else {
        return;
    };
    let mut g = Ground {
        plan: &plan,
        roads: roads.iter_mut().map(Mut::into_inner).collect(),
        crossings: crossings.iter_mut().map(Mut::into_inner).collect(),
        vehicles: &mut vehicles,
        lights: &lights,
        meter: &mut meter,
        now,
    };
    services.forget(id);
    parks.forget(id);
    overtakes.forget(g.plan, id);
    take_off(&mut g, id);
}
