//! Stations: the places where vehicles halt to be served, as they stand at an instant. Gates, stops, car parks and ferry landings in one form, for
//! who shows or watches them; nothing here is part of a run's state.

use crate::{
    ferry::Ferry,
    halt::Services,
    ids::{LinkId, VehicleId},
    measure::{QUEUE_MPS, TripStatus},
    parking::{CarPark, Parks},
    reference::Ref,
    segment::{Road, Row},
    simulation::Simulation,
    vehicles::Vehicles,
};
use std::collections::BTreeMap;

/// What is done at a station.
#[derive(Clone, Debug, PartialEq)]
pub enum StationKind {
    /// Everybody of some classes is served, one after the other in each lane.
    Gate {
        /// Its name.
        name: Ref,
    },
    /// Vehicles with a timetable halt for their dwell time.
    Stop,
    /// Vehicles are let in and stay.
    CarPark {
        /// Its name.
        name: Ref,
        /// Vehicles it holds.
        spaces: u32,
    },
    /// Vehicles drive aboard a ferry.
    Landing {
        /// When the boat that lies there leaves, seconds after midnight.
        leaves_s: f64,
    },
}

/// A station at an instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// What is done there.
    pub kind: StationKind,
    /// The link it is on; of a landing the ferry.
    pub link: LinkId,
    /// Where on it, metres from its start.
    pub pos_m: f32,
    /// Vehicles that are being served: at the gate, at the stop or in its bay, in the car park, on the deck of the boat that lies there.
    pub inside: u32,
    /// Vehicles that stand on the road for it.
    pub waiting: u32,
    /// Vehicles that it has served since the beginning: through the gate, from the stop, into the car park, landed on the other shore.
    pub served: u64,
}

/// Every station: gates along the links, then stops, then car parks as they were given, then landings. Their number and order stay the same as long
/// as no order adds any.
pub(crate) fn stations(simulation: &Simulation) -> Vec<Station> {
    let plan = simulation.plan();
    let roads = simulation.all::<Road>();
    let services = simulation.world.resource::<Services>();
    let mut all: Vec<Station> = Vec::new();
    for ((name, served), gate) in services.served(&plan.halts).into_iter().zip(plan.halts.gates()) {
        let inside = services.at(gate.link, gate.pos_m, true);
        let waiting = standing(roads[gate.link.index()], gate.pos_m).saturating_sub(inside);
        all.push(Station { kind: StationKind::Gate { name }, link: gate.link, pos_m: gate.pos_m, inside, waiting, served });
    }
    all.extend(stops(simulation, &roads, services));
    let parks = simulation.world.resource::<Parks>();
    for (p, (totals, park)) in parks.totals(&plan.car_parks, 1.0).parks.into_iter().zip(&plan.car_parks).enumerate() {
        let CarPark { link, pos_m, spaces, .. } = *park;
        let kind = StationKind::CarPark { name: totals.ref_, spaces };
        let waiting = standing(roads[link.index()], pos_m).saturating_sub(u32::from(parks.lets_in(p)));
        all.push(Station { kind, link, pos_m, inside: totals.taken, waiting, served: totals.entered });
    }
    let ferries = simulation.all::<Ferry>();
    let mut landed: BTreeMap<LinkId, u64> = ferries.iter().map(|ferry| (ferry.link, 0)).collect();
    if !landed.is_empty() {
        for cell in &simulation.measurements().links {
            if let Some(count) = landed.get_mut(&cell.link) {
                *count += u64::from(cell.exited);
            }
        }
    }
    all.extend(ferries.into_iter().map(|ferry| landing(simulation, &roads, ferry, landed[&ferry.link])));
    all
}

/// How many stand on a link for a halt at `pos_m`.
fn standing(road: &Road, pos_m: f32) -> u32 {
    let is_waiting = |row: &&Row| row.halt == pos_m && row.v < QUEUE_MPS && row.s <= pos_m + 1.0;
    road.rows.iter().filter(is_waiting).count() as u32
}

/// The places at which trips halt of their own, by link and place.
fn stops(simulation: &Simulation, roads: &[&Road], services: &Services) -> Vec<Station> {
    let plan = simulation.plan();
    let vehicles = simulation.world.resource::<Vehicles>();
    let records = &simulation.measurements().trips;
    // By place; an `f32` that is never negative sorts like its bits.
    let mut served: BTreeMap<(LinkId, u32), u64> = BTreeMap::new();
    for (t, (trip, record)) in plan.trips.iter().zip(records).enumerate().filter(|(_, (trip, _))| !trip.halts.is_empty()) {
        let id = VehicleId::from_index(t);
        let leg = vehicles.side[t].leg;
        for halt in trip.halts.iter() {
            let link = plan.route(id)[halt.leg as usize];
            let has_left = |road: &Road| match road.find(id) {
                Some(i) => road.rows[i].halt > halt.pos_m,
                None => !services.bays().iter().any(|b| b.id == id),
            };
            let is_over = match record.status {
                TripStatus::Arrived => true,
                TripStatus::OnRoad => leg > halt.leg || (leg == halt.leg && has_left(roads[link.index()])),
                _ => false,
            };
            *served.entry((link, halt.pos_m.to_bits())).or_default() += u64::from(is_over);
        }
    }
    let station = |((link, bits), served): ((LinkId, u32), u64)| {
        let pos_m = f32::from_bits(bits);
        let inside = services.at(link, pos_m, false);
        let waiting = standing(roads[link.index()], pos_m).saturating_sub(services.on_road(link, pos_m, false));
        Station { kind: StationKind::Stop, link, pos_m, inside, waiting, served }
    };
    served.into_iter().map(station).collect()
}

/// The landing at which a ferry takes vehicles aboard, which has brought `served` over.
fn landing(simulation: &Simulation, roads: &[&Road], ferry: &Ferry, served: u64) -> Station {
    let plan = simulation.plan();
    let vehicles = simulation.world.resource::<Vehicles>();
    let approaches = &plan.network.junction(plan.network.link(ferry.link).from).incoming;
    let is_for_it = |row: &&Row| {
        let next = plan.route(row.id).get(vehicles.side[row.id.index()].leg as usize + 1);
        row.v < QUEUE_MPS && next == Some(&ferry.link)
    };
    let on_road = approaches.iter().map(|l| roads[l.index()].rows.iter().filter(is_for_it).count()).sum::<usize>();
    Station {
        kind: StationKind::Landing { leaves_s: ferry.leaves_s },
        link: ferry.link,
        pos_m: 0.0,
        inside: ferry.deck.len() as u32,
        waiting: (on_road + ferry.queue.len()) as u32,
        served,
    }
}
