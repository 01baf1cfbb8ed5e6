//! A simulation: a network, trips and detectors, moved on step by step.

use crate::{
    class::ClassTable,
    demand::Trip,
    detector::Detector,
    frame::{Frame, FrameVehicle, Light},
    geometry::polyline_length_m,
    ids::{ControllerId, VehicleId},
    measure::{Measurements, TripRecord, TripStatus},
    network::{RoadNetwork, SignalPlan, world_point},
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

pub use crate::error::SimError;

/// How a simulation runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SimConfig {
    /// Keys every random draw.
    pub seed: u64,
    /// Length of a step, seconds, 0.1 to 1.
    pub step_s: f32,
    /// When it begins, seconds after midnight.
    pub start_s: f64,
    /// Threads it may use; 0 counts as 1. The result does not depend on it.
    pub threads: usize,
    /// Length of a measurement interval, seconds.
    pub interval_s: f64,
}

impl Default for SimConfig {
    fn default() -> Self {
        Self { seed: 1, step_s: 0.5, start_s: 0.0, threads: 1, interval_s: 900.0 }
    }
}

/// Where the trips of a simulation stand. Every trip is in exactly one of these.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// Their time has not come.
    pub not_yet: u64,
    /// They wait at their origin for room.
    pub waiting: u64,
    /// On the road.
    pub on_road: u64,
    /// Arrived.
    pub arrived: u64,
    /// Taken out by a command.
    pub removed: u64,
}

impl Population {
    /// All trips.
    pub fn total(&self) -> u64 {
        self.not_yet + self.waiting + self.on_road + self.arrived + self.removed
    }
}

/// Everything about a simulation that changes: put back with [`Simulation::restore`], it goes on exactly as before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SimState {
    step: u64,
    at: Vec<(u32, f32)>,
    measurements: Measurements,
}

/// A running simulation.
#[derive(Debug)]
pub struct Simulation {
    network: Arc<RoadNetwork>,
    classes: ClassTable,
    trips: Arc<[Trip]>,
    config: SimConfig,
    state: SimState,
}

impl Simulation {
    /// A simulation of `trips` on `network`; `VehicleId(i)` is `trips[i]`.
    ///
    /// # Errors
    /// A setting out of range, a trip whose route cannot be driven, a detector off the network.
    pub fn new(
        network: Arc<RoadNetwork>,
        classes: ClassTable,
        trips: Vec<Trip>,
        detectors: Vec<Detector>,
        config: SimConfig,
    ) -> Result<Self, SimError> {
        crate::input::check(&network, &trips, &detectors, &config)?;
        let records = trips.iter().map(|t| TripRecord { depart_s: t.depart_s, ..Default::default() }).collect();
        let measurements = Measurements { start_s: config.start_s, interval_s: config.interval_s, trips: records, ..Default::default() };
        let state = SimState { step: 0, at: trips.iter().map(|t| (0, t.origin.pos_m)).collect(), measurements };
        Ok(Self { network, classes, trips: trips.into(), config, state })
    }

    /// Moves on by one step.
    pub fn step(&mut self) {
        let (now, dt) = (self.time_s(), self.config.step_s);
        for (i, trip) in self.trips.iter().enumerate() {
            let record = &mut self.state.measurements.trips[i];
            if record.status == TripStatus::NotYet && trip.depart_s < now + f64::from(dt) {
                record.status = TripStatus::OnRoad;
                record.entered_s = Some(now);
            }
            if record.status != TripStatus::OnRoad {
                continue;
            }
            let (leg, pos) = &mut self.state.at[i];
            let link = self.network.link(trip.route[*leg as usize]);
            let way = link.limits.of(trip.class) * dt;
            *pos += way;
            record.distance_m += f64::from(way);
            if *leg as usize + 1 == trip.route.len() {
                if *pos >= trip.destination.pos_m {
                    record.status = TripStatus::Arrived;
                    record.arrived_s = Some(now + f64::from(dt));
                }
            } else if *pos >= link.length_m {
                *leg += 1;
                *pos = 0.0;
            }
        }
        self.state.step += 1;
    }

    /// The present time, seconds after midnight.
    pub fn time_s(&self) -> f64 {
        self.config.start_s + self.state.step as f64 * f64::from(self.config.step_s)
    }

    /// How many steps were made.
    pub fn step_index(&self) -> u64 {
        self.state.step
    }

    /// The network it runs on.
    pub fn network(&self) -> &Arc<RoadNetwork> {
        &self.network
    }

    /// Its trips, by `VehicleId`.
    pub fn trips(&self) -> &[Trip] {
        &self.trips
    }

    /// The class parameters it runs with.
    pub fn classes(&self) -> &ClassTable {
        &self.classes
    }

    /// How it runs.
    pub fn config(&self) -> &SimConfig {
        &self.config
    }

    /// Where its trips stand.
    pub fn population(&self) -> Population {
        let mut p = Population::default();
        for record in &self.state.measurements.trips {
            match record.status {
                TripStatus::NotYet => p.not_yet += 1,
                TripStatus::Waiting => p.waiting += 1,
                TripStatus::OnRoad => p.on_road += 1,
                TripStatus::Arrived => p.arrived += 1,
                TripStatus::Removed => p.removed += 1,
            }
        }
        p
    }

    /// A picture of the present instant.
    pub fn frame(&self) -> Frame {
        let mut vehicles = Vec::new();
        for (i, trip) in self.trips.iter().enumerate() {
            if self.state.measurements.trips[i].status != TripStatus::OnRoad {
                continue;
            }
            let (leg, pos) = self.state.at[i];
            let (id, class) = (trip.route[leg as usize], self.classes.get(trip.class));
            let link = self.network.link(id);
            let scale = polyline_length_m(&link.geometry) / f64::from(link.length_m);
            let (centre, heading) = world_point(&self.network, id, f64::from(pos - class.length_m / 2.0) * scale, f64::from(class.width_m));
            vehicles.push(FrameVehicle {
                id: VehicleId::from_index(i),
                class: trip.class,
                centre,
                heading_rad: heading as f32,
                speed_mps: link.limits.of(trip.class),
                length_m: class.length_m,
                width_m: class.width_m,
            });
        }
        Frame { time_s: self.time_s(), vehicles, lights: self.network.movements.iter().map(|m| m.group.map(|_| Light::Green)).collect() }
    }

    /// What was measured up to now.
    pub fn measurements(&self) -> &Measurements {
        &self.state.measurements
    }

    /// The whole state, as a value.
    pub fn state(&self) -> SimState {
        self.state.clone()
    }

    /// Puts a state back; the simulation goes on exactly as the one it was taken from.
    ///
    /// # Errors
    /// A state of a simulation with other trips or another network.
    pub fn restore(&mut self, state: SimState) -> Result<(), SimError> {
        if state.at.len() != self.trips.len() {
            return Err(SimError::ForeignState { what: "trips", found: state.at.len(), expected: self.trips.len() });
        }
        self.state = state;
        Ok(())
    }

    /// A hash of the whole state.
    pub fn state_hash(&self) -> u64 {
        crate::hash::hash_of(&self.state)
    }

    /// Gives a controller another plan, from now on.
    ///
    /// # Errors
    /// A controller that is not there, a plan that names a group it does not have.
    pub fn set_plan(&mut self, controller: ControllerId, plan: SignalPlan) -> Result<(), SimError> {
        crate::input::check_plan(&self.network, controller, &plan)
    }
}
