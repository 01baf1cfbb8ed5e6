//! State is a value: all that changes in a simulation, taken out as one value and put back exactly.

use crate::{
    control::{Lights, Office, Signal},
    error::SimError,
    ferry::Ferry,
    ground::Ground,
    halt::Services,
    hash::hash_of,
    ids::{ControllerId, JunctionId, LinkId, VehicleId},
    incident::Incidents,
    junction::{Crossing, Drafts},
    measure::Meter,
    order::{Logged, replay},
    overtake::Overtakes,
    parking::Parks,
    plan::Plan,
    segment::{Road, Row},
    simulation::Simulation,
    step::Clock,
    vehicles::{Side, Vehicles},
    walk::Walks,
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

/// Everything about a simulation that changes: put back with [`Simulation::restore`], it goes on exactly as before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SimState {
    parts: Parts,
    /// Orders given up to now.
    log: Vec<Logged>,
}

impl SimState {
    pub(crate) fn take(simulation: &Simulation) -> Self {
        Self { parts: Parts::take(simulation), log: simulation.orders().to_vec() }
    }

    pub(crate) fn put(self, simulation: &mut Simulation) -> Result<(), SimError> {
        let before = simulation.orders().to_vec();
        replay(&mut simulation.world.resource_mut::<Plan>(), self.log);
        let put = self.parts.put(simulation);
        if put.is_err() {
            replay(&mut simulation.world.resource_mut::<Plan>(), before);
        }
        put
    }

    /// A hash of all of it. Where no order was given it is that of the other parts alone.
    pub(crate) fn hash(&self) -> u64 {
        if self.log.is_empty() { hash_of(&self.parts) } else { hash_of(self) }
    }

    /// The step it was taken before.
    pub fn step(&self) -> u64 {
        self.parts.clock.step
    }

    /// The first vehicle, by id, that is not the same in `other`, and what both say of it.
    pub(crate) fn first_vehicle(&self, other: &Self) -> Option<(VehicleId, String, String)> {
        self.parts.first_vehicle(&other.parts)
    }

    /// The first part of the state, other than vehicles, that is not the same in `other`.
    pub(crate) fn first_part(&self, other: &Self) -> Option<&'static str> {
        if self.log == other.log { self.parts.first_part(&other.parts) } else { Some("the orders") }
    }
}

/// All of the state but the log of orders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Parts {
    links: u32,
    junctions: u32,
    clock: Clock,
    /// Links with somebody on them or waiting for them.
    roads: Vec<(LinkId, Vec<Row>, VecDeque<VehicleId>)>,
    /// Junctions with holders of grants.
    crossings: Vec<(JunctionId, Vec<VehicleId>)>,
    signals: Vec<Signal>,
    office: Office,
    incidents: Incidents,
    services: Services,
    walks: Walks,
    parks: Parks,
    overtakes: Overtakes,
    ferries: Vec<Ferry>,
    vehicles: Vehicles,
    /// Routes that are not those the trips began with.
    routes: Vec<(VehicleId, Arc<[LinkId]>)>,
    meter: Meter,
}

impl Parts {
    fn take(simulation: &Simulation) -> Self {
        let (roads, crossings) = (simulation.all::<Road>(), simulation.all::<Crossing>());
        Self {
            links: roads.len() as u32,
            junctions: crossings.len() as u32,
            clock: *simulation.world.resource::<Clock>(),
            roads: roads
                .iter()
                .enumerate()
                .filter(|(_, r)| !r.rows.is_empty() || !r.waiting.is_empty())
                .map(|(i, r)| (LinkId::from_index(i), r.rows.clone(), r.waiting.clone()))
                .collect(),
            crossings: crossings
                .iter()
                .enumerate()
                .filter(|(_, c)| !c.holders.is_empty())
                .map(|(i, c)| (JunctionId::from_index(i), c.holders.clone()))
                .collect(),
            signals: simulation.all::<Signal>().into_iter().cloned().collect(),
            office: simulation.world.resource::<Office>().clone(),
            incidents: simulation.world.resource::<Incidents>().clone(),
            walks: simulation.world.resource::<Walks>().clone(),
            parks: simulation.world.resource::<Parks>().clone(),
            overtakes: simulation.world.resource::<Overtakes>().clone(),
            services: simulation.world.resource::<Services>().clone(),
            ferries: simulation.all::<Ferry>().into_iter().cloned().collect(),
            routes: {
                let plan = simulation.plan();
                let ids = (0..plan.trips.len()).map(VehicleId::from_index);
                let changed = ids.filter(|id| *plan.route(*id) != *plan.trips[id.index()].route);
                changed.map(|id| (id, plan.routes[id.index()].clone())).collect()
            },
            vehicles: simulation.world.resource::<Vehicles>().clone(),
            meter: simulation.world.resource::<Meter>().clone(),
        }
    }

    fn put(self, simulation: &mut Simulation) -> Result<(), SimError> {
        let (trips, network) = (simulation.trips().len(), simulation.network().clone());
        let checks = [
            ("trips", self.vehicles.side.len(), trips),
            ("links", self.links as usize, network.links.len()),
            ("junctions", self.junctions as usize, network.junctions.len()),
            ("signal controllers", self.signals.len(), network.controllers.len()),
            ("detectors of controllers", self.office.count(), simulation.plan().control.used.len()),
            ("crossings of pedestrians", self.walks.count(), simulation.plan().walkways.len()),
            ("car parks", self.parks.count(), simulation.plan().car_parks.len()),
            ("ferries", self.ferries.len(), simulation.all::<Ferry>().len()),
        ];
        for (what, found, expected) in checks {
            if found != expected {
                return Err(SimError::ForeignState { what, found, expected });
            }
        }
        let plan = simulation.plan();
        let mut saved_roads = self.roads;
        for (link, rows, _) in &mut saved_roads {
            rows.iter_mut().for_each(|r| r.kind = plan.kind_on(r.id, r.class, *link));
        }
        let world = &mut simulation.world;
        for mut road in world.query::<&mut Road>().iter_mut(world) {
            *road = Road::default();
        }
        for mut crossing in world.query::<&mut Crossing>().iter_mut(world) {
            crossing.holders.clear();
        }
        let mut lights = Lights::new(&network);
        let mut signals = self.signals.into_iter();
        for (i, mut signal) in world.query::<&mut Signal>().iter_mut(world).enumerate() {
            if let Some(saved) = signals.next() {
                lights.show(&network, ControllerId::from_index(i), &saved);
                *signal = saved;
            }
        }
        let mut ferries = self.ferries.into_iter();
        for mut ferry in world.query::<&mut Ferry>().iter_mut(world) {
            if let Some(saved) = ferries.next() {
                *ferry = saved;
            }
        }
        let mut plan = world.resource_mut::<Plan>();
        plan.routes = plan.trips.iter().map(|t| t.route.clone()).collect();
        for (id, route) in self.routes {
            if let Some(present) = plan.routes.get_mut(id.index()) {
                *present = route;
            }
        }
        let first = std::mem::take(&mut plan.car_parks);
        if !first.is_empty() {
            plan.set_car_parks(first);
            for (id, park) in self.parks.other_goals() {
                plan.park_of[id.index()] = park;
            }
        }
        world.insert_resource(self.parks);
        world.insert_resource(self.overtakes);
        world.insert_resource(self.clock);
        world.insert_resource(self.office);
        world.insert_resource(self.incidents);
        world.insert_resource(self.services);
        world.insert_resource(self.walks);
        world.insert_resource(lights);
        // What was kept belongs to another past.
        world.insert_resource(Drafts::default());
        let (mut vehicles, mut meter) = (self.vehicles, self.meter);
        // One query at a time: roads first, then junctions, then both together to derive what is published.
        let mut saved_roads = saved_roads.into_iter().peekable();
        for (i, mut road) in world.query::<&mut Road>().iter_mut(world).enumerate() {
            if let Some((_, rows, waiting)) = saved_roads.next_if(|(l, ..)| l.index() == i) {
                road.rows = rows;
                road.waiting = waiting;
            }
        }
        let mut saved = self.crossings.into_iter().peekable();
        for (i, mut crossing) in world.query::<&mut Crossing>().iter_mut(world).enumerate() {
            if let Some((_, holders)) = saved.next_if(|(j, _)| j.index() == i) {
                crossing.holders = holders;
            }
        }
        publish(world, &mut vehicles, &mut meter);
        world.insert_resource(vehicles);
        world.insert_resource(meter);
        Ok(())
    }
}

impl Parts {
    /// The first vehicle, by id, that is not the same in `other`, and what both say of it.
    fn first_vehicle(&self, other: &Self) -> Option<(VehicleId, String, String)> {
        let rows = |s: &Self| -> BTreeMap<VehicleId, (LinkId, Row)> {
            s.roads.iter().flat_map(|(link, rows, _)| rows.iter().map(|r| (r.id, (*link, *r)))).collect()
        };
        let (mine, its) = (rows(self), rows(other));
        let describe = |row: Option<&(LinkId, Row)>, side: &Side| match row {
            Some((link, row)) => format!("on link {}: {row:?}; {side:?}", link.0),
            None => format!("on no link: {side:?}"),
        };
        let sides = self.vehicles.side.iter().zip(&other.vehicles.side).enumerate();
        sides.map(|(i, both)| (VehicleId::from_index(i), both)).find_map(|(id, (a, b))| {
            let (row_a, row_b) = (mine.get(&id), its.get(&id));
            let is_same = hash_of(&(row_a, a)) == hash_of(&(row_b, b));
            (!is_same).then(|| (id, describe(row_a, a), describe(row_b, b)))
        })
    }

    /// The first part of the state, other than vehicles, that is not the same in `other`.
    fn first_part(&self, other: &Self) -> Option<&'static str> {
        let waiting = |s: &Self| hash_of(&s.roads.iter().map(|(l, _, w)| (*l, w)).collect::<Vec<_>>());
        let parts = [
            ("the clock", hash_of(&self.clock) == hash_of(&other.clock)),
            ("who waits at an origin", waiting(self) == waiting(other)),
            ("who holds grants", hash_of(&self.crossings) == hash_of(&other.crossings)),
            ("the signals", hash_of(&self.signals) == hash_of(&other.signals)),
            ("what controllers heard", hash_of(&self.office) == hash_of(&other.office)),
            ("the incidents", hash_of(&self.incidents) == hash_of(&other.incidents)),
            ("who is served at gates", hash_of(&self.services) == hash_of(&other.services)),
            ("the pedestrians", hash_of(&self.walks) == hash_of(&other.walks)),
            ("the car parks", hash_of(&self.parks) == hash_of(&other.parks)),
            ("who overtakes", hash_of(&self.overtakes) == hash_of(&other.overtakes)),
            ("the routes", hash_of(&self.routes) == hash_of(&other.routes)),
            ("the ferries", hash_of(&self.ferries) == hash_of(&other.ferries)),
            ("what was measured", hash_of(&self.meter) == hash_of(&other.meter)),
        ];
        parts.into_iter().find(|(_, is_same)| !is_same).map(|(what, _)| what)
    }
}

/// Derives what the links show of courses.
fn publish(world: &mut bevy_ecs::world::World, vehicles: &mut Vehicles, meter: &mut Meter) {
    let mut system = bevy_ecs::system::SystemState::<(
        bevy_ecs::system::Query<&mut Road>,
        bevy_ecs::system::Query<&mut Crossing>,
        bevy_ecs::system::Res<Plan>,
        bevy_ecs::system::Res<Lights>,
    )>::new(world);
    if let Ok((mut roads, mut crossings, plan, lights)) = system.get_mut(world) {
        Ground {
            plan: &plan,
            roads: roads.iter_mut().map(bevy_ecs::change_detection::Mut::into_inner).collect(),
            crossings: crossings.iter_mut().map(bevy_ecs::change_detection::Mut::into_inner).collect(),
            vehicles,
            lights: &lights,
            meter,
            now: 0.0,
        }
        .derive();
    }
}
