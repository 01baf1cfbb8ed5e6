//! Writes the measurements while the simulation runs.

use super::{
    Event, EventKind, LinkCell, LinkState, Measurements, TripRecord, TripStatus, gridlock::Gridlocks, surrogate::Surrogates, watch::Watch,
};
use crate::{
    class::{CLASS_COUNT, VehicleClass},
    draw::{self, Draw},
    driving::TrackerBook,
    emission::{co2_mg_per_s, electric::battery_w},
    guide::Guide,
    ids::{LinkId, VehicleId},
    plan::Plan,
    segment::{Road, Row},
    simulation::Population,
};
use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};

/// Slower than this counts as queueing, m/s (5 km/h).
pub(crate) const QUEUE_MPS: f32 = 1.39;
/// Slower than this is a stop, m/s (2 km/h); it ends at twice that.
const STOP_MPS: f32 = 0.56;
/// A wait of this length at the origin is an event, seconds.
const LONG_WAIT_S: f64 = 300.0;
/// A vehicle that stands further than this behind the tail of a queue is not part of it, metres (assumed).
const QUEUE_GAP_M: f32 = 15.0;
const NONE: u32 = u32::MAX;

/// The measurements and what is needed to go on with them.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Meter {
    pub(crate) data: Measurements,
    pub(crate) population: Population,
    interval: u32,
    /// Positions in `data.links` of the current interval, by link and class.
    cells: Vec<u32>,
    /// Positions in `data.link_states`, by link.
    states: Vec<u32>,
    pub(crate) watch: Watch,
    pub(crate) surrogates: Surrogates,
    pub(crate) gridlocks: Gridlocks,
    pub(crate) guide: Option<Guide>,
    pub(crate) trackers: TrackerBook,
}

impl Meter {
    pub(crate) fn new(plan: &Plan) -> Self {
        let trips = plan
            .trips
            .iter()
            .enumerate()
            .map(|(i, t)| TripRecord {
                depart_s: t.depart_s,
                free_flow_s: plan.free_flow_s(VehicleId::from_index(i)),
                electric: draw::uniform(plan.config.seed, Draw::Electric, plan.keys[i], 0)
                    < f64::from(plan.classes.get(t.class).electric_share),
                ..Default::default()
            })
            .collect();
        let links = plan.network.links.len();
        Self {
            data: Measurements { start_s: plan.config.start_s, interval_s: plan.config.interval_s, trips, ..Default::default() },
            population: Population { not_yet: plan.trips.len() as u64, ..Default::default() },
            interval: 0,
            cells: vec![NONE; links * CLASS_COUNT],
            states: vec![NONE; links],
            watch: Watch::new(plan.detectors.len()),
            surrogates: Surrogates::new(plan),
            gridlocks: Gridlocks::default(),
            guide: None,
            trackers: TrackerBook::default(),
        }
    }

    fn cell(&mut self, link: LinkId, class: VehicleClass) -> &mut LinkCell {
        let first = link.index() * CLASS_COUNT;
        cell_of(&mut self.cells[first..first + CLASS_COUNT], &mut self.data.links, self.interval, link, class)
    }

    /// A trip's time has come.
    pub(crate) fn waits(&mut self, id: VehicleId) {
        self.data.trips[id.index()].status = TripStatus::Waiting;
        self.population.not_yet -= 1;
        self.population.waiting += 1;
    }

    /// A trip comes onto the road.
    pub(crate) fn enters(&mut self, plan: &Plan, id: VehicleId, link: LinkId, now: f64) {
        let record = &mut self.data.trips[id.index()];
        record.status = TripStatus::OnRoad;
        record.entered_s = Some(now);
        if record.origin_wait_s > f64::from(plan.dt) * 1.5 {
            self.data.waiting.trips += 1;
        }
        self.population.waiting -= 1;
        self.population.on_road += 1;
        let class = plan.class_of(id);
        let start_co2_g = if record.electric { 0.0 } else { f64::from(plan.classes.get(class).start_co2_g) };
        record.co2_g += start_co2_g;
        let cell = self.cell(link, class);
        cell.entered += 1;
        cell.co2_g += start_co2_g;
    }

    /// A vehicle goes from one link to the next.
    pub(crate) fn passes(&mut self, plan: &Plan, id: VehicleId, from: LinkId, to: LinkId) {
        let class = plan.class_of(id);
        self.cell(from, class).exited += 1;
        self.cell(to, class).entered += 1;
    }

    /// A vehicle has reached its destination.
    pub(crate) fn arrives(&mut self, plan: &Plan, id: VehicleId, link: LinkId, now: f64) {
        let record = &mut self.data.trips[id.index()];
        record.status = TripStatus::Arrived;
        record.arrived_s = Some(now);
        record.time_loss_s = (now - record.depart_s - record.free_flow_s).max(record.origin_wait_s);
        self.population.on_road -= 1;
        self.population.arrived += 1;
        self.cell(link, plan.class_of(id)).exited += 1;
    }

    /// A trip is taken out by an order.
    pub(crate) fn removes(&mut self, id: VehicleId) {
        let record = &mut self.data.trips[id.index()];
        let was_waiting = record.status == TripStatus::Waiting;
        record.status = TripStatus::Removed;
        if was_waiting {
            self.population.waiting -= 1;
        } else {
            self.population.on_road -= 1;
        }
        self.population.removed += 1;
    }

    /// The last step of everybody on `link`.
    pub(crate) fn drives(&mut self, plan: &Plan, link: LinkId, rows: &[Row]) {
        let dt = f64::from(plan.dt);
        let first = link.index() * CLASS_COUNT;
        let slots = &mut self.cells[first..first + CLASS_COUNT];
        for row in rows {
            let class = VehicleClass::ALL[usize::from(row.class)];
            let cell = cell_of(slots, &mut self.data.links, self.interval, link, class);
            // Advice lowers the desired speed of a row; what is lost is lost against the traveller's own.
            let wish = if plan.fleet.advice.is_some() { plan.wish(row.id, link) } else { row.v0 };
            add_step(cell, &mut self.data.trips[row.id.index()], dt, row.v, row.accel, wish);
        }
    }

    /// One vehicle's step on its way through the junction before `link`.
    pub(crate) fn crosses(&mut self, plan: &Plan, id: VehicleId, link: LinkId, class: u8, v: f32, accel: f32) {
        let first = link.index() * CLASS_COUNT;
        let slots = &mut self.cells[first..first + CLASS_COUNT];
        let cell = cell_of(slots, &mut self.data.links, self.interval, link, VehicleClass::ALL[usize::from(class)]);
        add_step(cell, &mut self.data.trips[id.index()], f64::from(plan.dt), v, accel, plan.wish(id, link));
    }

    /// A vehicle's step aboard a ferry; `lost` if the boat is not under way.
    pub(crate) fn sails(&mut self, plan: &Plan, id: VehicleId, link: LinkId, lost: bool) {
        let dt = f64::from(plan.dt);
        let cell = self.cell(link, plan.class_of(id));
        cell.vehicle_s += dt;
        if lost {
            cell.delay_s += dt;
            self.data.trips[id.index()].time_loss_s += dt;
        }
    }

    /// Trips that wait at their origin lose a step.
    pub(crate) fn waits_on(&mut self, plan: &Plan, waiting: impl Iterator<Item = VehicleId>, now: f64) {
        let dt = f64::from(plan.dt);
        for id in waiting {
            let record = &mut self.data.trips[id.index()];
            let before = record.origin_wait_s;
            record.origin_wait_s += dt;
            record.time_loss_s += dt;
            self.data.waiting.waited_s += dt;
            if before < LONG_WAIT_S && record.origin_wait_s >= LONG_WAIT_S {
                let ref_ = plan.trips[id.index()].ref_.clone();
                self.data.events.push(Event { time_s: now, kind: EventKind::LongOriginWait, ref_, since_s: None });
            }
        }
    }

    /// What detectors see of everybody on the roads after the step, the `step`-th.
    pub(crate) fn watches(&mut self, plan: &Plan, roads: &[&Road], step: u64) {
        self.watch.look(plan, roads, step);
    }

    /// The queue on a link after the step.
    pub(crate) fn queue(&mut self, plan: &Plan, link: LinkId, road: &Road, now: f64) {
        let length = plan.network.link(link).length_m;
        let (queued, tail) = standing_queue(road.rows.iter().map(|r| (r.s, r.rear(), r.v)), length);
        if queued == 0 {
            return;
        }
        let slot = &mut self.states[link.index()];
        if *slot == NONE {
            *slot = self.data.link_states.len() as u32;
            self.data.link_states.push(LinkState { interval: self.interval, link, queue_max_m: 0.0, spilled_back: false });
        }
        let state = &mut self.data.link_states[*slot as usize];
        state.queue_max_m = state.queue_max_m.max(length - tail.max(0.0));
        // A queue reaches the start if its last vehicle stands there and the link is long enough for that to be a queue.
        if tail < 3.0 && !state.spilled_back && length > 20.0 && queued >= 3 {
            state.spilled_back = true;
            let ref_ = plan.network.link(link).ref_.clone();
            self.data.events.push(Event { time_s: now, kind: EventKind::SpillBack, ref_, since_s: None });
        }
    }

    /// A vehicle has waited very long at the end of `link`.
    pub(crate) fn stands_long(&mut self, plan: &Plan, link: LinkId, now: f64) {
        let ref_ = plan.network.link(link).ref_.clone();
        self.data.events.push(Event { time_s: now, kind: EventKind::LongStand, ref_, since_s: None });
    }

    /// Ends the step that ends at `now`.
    pub(crate) fn end_step(&mut self, plan: &Plan, now: f64) {
        self.data.waiting.most_at_once = self.data.waiting.most_at_once.max(self.population.waiting);
        let interval = plan.config.interval_s;
        if plan.config.conflicts {
            // A step that ends with an interval belongs to it.
            let interval_of = |time_s: f64| ((time_s - plan.config.start_s - 1e-6).max(0.0) / interval) as u32;
            self.surrogates.close(&mut self.data.conflicts, now, interval_of);
        }
        while now + 1e-6 >= plan.config.start_s + f64::from(self.interval + 1) * interval {
            let from_s = plan.config.start_s + f64::from(self.interval) * interval;
            self.watch.end_interval(&mut self.data.readings, from_s, from_s + interval);
            self.interval += 1;
            self.cells.fill(NONE);
            self.states.fill(NONE);
        }
    }
}

/// The cell of a class among those of its link in this interval.
#[inline]
fn cell_of<'a>(slots: &mut [u32], cells: &'a mut Vec<LinkCell>, interval: u32, link: LinkId, class: VehicleClass) -> &'a mut LinkCell {
    let slot = &mut slots[class.index()];
    if *slot == NONE {
        *slot = cells.len() as u32;
        cells.push(LinkCell::new(interval, link, class));
    }
    &mut cells[*slot as usize]
}

/// Adds a step of `dt` seconds at `v` m/s to a cell and to the trip; `wish` is the speed its driver would go at.
#[inline]
fn add_step(cell: &mut LinkCell, record: &mut TripRecord, dt: f64, v: f32, accel: f32, wish: f32) {
    let way = f64::from(v) * dt;
    let lost = f64::from((1.0 - v / wish).max(0.0)) * dt;
    cell.vehicle_m += way;
    cell.vehicle_s += dt;
    cell.delay_s += lost;
    record.distance_m += way;
    record.time_loss_s += lost;
    if record.electric {
        let kwh = f64::from(battery_w(cell.class, v, accel)) * dt / 3.6e6;
        cell.electric_kwh += kwh;
        record.electric_kwh += kwh;
    } else {
        let co2_g = f64::from(co2_mg_per_s(cell.class, v, accel)) * dt * 1e-3;
        cell.co2_g += co2_g;
        record.co2_g += co2_g;
    }
    if v < STOP_MPS {
        record.stops += u32::from(!record.stands);
        record.stands = true;
    } else if v > 2.0 * STOP_MPS {
        record.stands = false;
    }
}

/// The queue that stands before the stop line at `length_m`: how many vehicles, and where its tail is. `rows` are front, rear and speed
/// of the link's vehicles, front first; a vehicle that has just set off in mid-link is no queue.
pub(super) fn standing_queue(rows: impl Iterator<Item = (f32, f32, f32)>, length_m: f32) -> (usize, f32) {
    let (mut queued, mut tail) = (0, length_m);
    for (front, rear, v) in rows {
        if front < tail - QUEUE_GAP_M {
            break;
        }
        if v < QUEUE_MPS {
            queued += 1;
            tail = tail.min(rear);
        }
    }
    (queued, tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_stands_before_the_stop_line_and_has_no_holes() {
        let rows = [(99.0, 94.4, 0.0), (98.0, 96.1, 0.0), (90.0, 85.4, 0.5), (80.0, 75.4, 9.0), (60.0, 55.4, 0.0)];
        assert_eq!(standing_queue(rows.into_iter(), 100.0), (3, 85.4));
    }

    #[test]
    fn somebody_who_sets_off_in_mid_link_is_no_queue() {
        assert_eq!(standing_queue([(40.0, 35.4, 0.0)].into_iter(), 100.0).0, 0);
    }
}
