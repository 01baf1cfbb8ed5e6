//! One step of a simulation. The phases are the model: read this file to know what happens when.

use crate::{
    control::{Lights, Office, Signal},
    cross,
    driving::advise,
    ferry::{self, Ferry},
    ground::Ground,
    guide::guide,
    halt::{Services, leave_bays},
    ids::{LinkId, VehicleId},
    incident::Incidents,
    joint,
    junction::{Course, Crossing, Drafts, Place, drop_grants_at_signals, drop_grants_before_blocks},
    kinematics::free_accel,
    measure::{Meter, look_for_gridlock},
    overtake::Overtakes,
    parking::{Parks, seek},
    plan::{Body, Plan},
    release,
    segment::{Road, move_road},
    sense::{Sensed, sense},
    vehicles::Vehicles,
    walk::Walks,
};
use bevy_ecs::{
    prelude::{IntoScheduleConfigs, Query, Res, ResMut, Resource, Schedule, SystemSet},
    schedule::{LogLevel, ScheduleBuildSettings, SingleThreadedExecutor},
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// The order of a step.
#[derive(SystemSet, Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Phase {
    /// Trips whose time has come enter where there is room.
    Release,
    /// Signals are set; who can stop for one that is no longer green loses its grant.
    Control,
    /// What the way across segments allows each holder of a grant, from the old state.
    Sense,
    /// Every segment moves its vehicles, in parallel.
    Move,
    /// Vehicles change segment; grants for the next step are given.
    Cross,
    /// Everything is counted.
    Measure,
}

/// Where the simulation is in time.
#[derive(Resource, Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Clock {
    pub(crate) step: u64,
    /// How many trips have been released, in the order of departure.
    pub(crate) released: u64,
}

impl Clock {
    pub(crate) fn now_s(&self, plan: &Plan) -> f64 {
        // By the step's decimal value, so that 0.1 s steps fall on whole seconds.
        let dt = (f64::from(plan.config.step_s) * 1e6).round() / 1e6;
        plan.config.start_s + self.step as f64 * dt
    }
}

/// The schedule of a step: six phases, one after the other; two systems that touch the same data in no stated order are an error.
pub(crate) fn schedule() -> Schedule {
    let mut schedule = Schedule::default();
    schedule.set_executor(SingleThreadedExecutor::new());
    schedule.set_build_settings(ScheduleBuildSettings { ambiguity_detection: LogLevel::Error, ..Default::default() });
    schedule.configure_sets((Phase::Release, Phase::Control, Phase::Sense, Phase::Move, Phase::Cross, Phase::Measure).chain());
    schedule.add_systems((
        (hinder, guide_travellers, release_trips).chain().in_set(Phase::Release),
        control.in_set(Phase::Control),
        sense_ahead.in_set(Phase::Sense),
        move_all.in_set(Phase::Move),
        cross_over.in_set(Phase::Cross),
        measure.in_set(Phase::Measure),
    ));
    schedule
}

/// Components as a slice by id: they were spawned in id order into one archetype, which never changes.
macro_rules! by_id {
    ($query:ident) => {
        $query.iter_mut().map(|c| c.into_inner()).collect::<Vec<_>>()
    };
}

macro_rules! ground {
    ($plan:ident, $clock:ident, $lights:expr, $roads:ident, $crossings:ident, $vehicles:ident, $meter:ident) => {
        Ground {
            plan: &$plan,
            roads: by_id!($roads),
            crossings: by_id!($crossings),
            vehicles: &mut $vehicles,
            lights: $lights,
            meter: &mut $meter,
            now: $clock.now_s(&$plan),
        }
    };
}

/// What hinders each link in this step: first of all, since it is no part of a saved state and guidance already asks for it.
fn hinder(plan: Res<Plan>, clock: Res<Clock>, incidents: Res<Incidents>, mut overtakes: ResMut<Overtakes>, mut roads: Query<&mut Road>) {
    let mut roads = by_id!(roads);
    let others: Vec<LinkId> = overtakes.places(&plan).into_iter().chain(plan.orders.places()).collect();
    incidents.hinder(&plan, &mut roads, &others, clock.now_s(&plan));
    plan.orders.hinder(&plan, &mut roads);
    overtakes.hinder(&plan, &mut roads);
}

fn guide_travellers(
    mut plan: ResMut<Plan>,
    clock: Res<Clock>,
    mut roads: Query<&mut Road>,
    vehicles: Res<Vehicles>,
    mut meter: ResMut<Meter>,
    mut parks: ResMut<Parks>,
) {
    if !plan.car_parks.is_empty() {
        let now = clock.now_s(&plan);
        seek(&mut plan, &mut by_id!(roads), &vehicles, &mut parks, now);
    }
    if plan.guidance.is_some() {
        let now = clock.now_s(&plan);
        guide(&mut plan, &mut by_id!(roads), &vehicles.side, &mut meter, now);
    }
}

#[expect(clippy::too_many_arguments, reason = "a system names each thing it touches")]
fn release_trips(
    plan: Res<Plan>,
    mut clock: ResMut<Clock>,
    mut walks: ResMut<Walks>,
    lights: Res<Lights>,
    mut roads: Query<&mut Road>,
    mut crossings: Query<&mut Crossing>,
    mut vehicles: ResMut<Vehicles>,
    mut meter: ResMut<Meter>,
    mut ferries: Query<&mut Ferry>,
    mut services: ResMut<Services>,
) {
    let mut released = clock.released as usize;
    let mut at_ferry: Vec<VehicleId> = Vec::new();
    let mut g = ground!(plan, clock, &lights, roads, crossings, vehicles, meter);
    walks.step(&plan, &mut g.roads, &lights, g.now);
    leave_bays(&plan, &mut g.roads, g.vehicles, &mut services, g.now);
    let mut ferries = by_id!(ferries);
    ferries.iter_mut().for_each(|ferry| ferry::land(&mut g, ferry));
    release::release(&mut g, &mut released, &mut at_ferry);
    for id in at_ferry {
        let link = plan.trips[id.index()].origin.link;
        if let Some(ferry) = ferries.iter_mut().find(|f| f.link == link) {
            ferry.queue.push_back(id);
        }
    }
    clock.released = released as u64;
}

#[expect(clippy::too_many_arguments, reason = "a system names each thing it touches")]
fn control(
    plan: Res<Plan>,
    clock: Res<Clock>,
    incidents: Res<Incidents>,
    overtakes: Res<Overtakes>,
    walks: Res<Walks>,
    mut office: ResMut<Office>,
    mut lights: ResMut<Lights>,
    mut signals: Query<&mut Signal>,
    mut roads: Query<&mut Road>,
    mut crossings: Query<&mut Crossing>,
    mut vehicles: ResMut<Vehicles>,
    mut meter: ResMut<Meter>,
) {
    let now = clock.now_s(&plan);
    let on_links: Vec<&Road> = if plan.control.looks_at_roads() { roads.iter().collect() } else { Vec::new() };
    office.step(&plan, &mut by_id!(signals), &mut lights, &walks, &on_links, &vehicles, &mut meter, now);
    if plan.fleet.advice.is_some() {
        advise(&plan, &mut by_id!(roads), &by_id!(signals), clock.step, now);
    }
    let mut g = ground!(plan, clock, &lights, roads, crossings, vehicles, meter);
    drop_grants_at_signals(&mut g);
    drop_grants_before_blocks(&mut g, incidents.places(&plan).chain(overtakes.places(&plan)).chain(plan.orders.places()));
}

fn sense_ahead(plan: Res<Plan>, mut roads: Query<&mut Road>, mut vehicles: ResMut<Vehicles>) {
    let mut roads = by_id!(roads);
    joint::show(&plan, &mut roads, &vehicles);
    let roads: Vec<&Road> = roads.iter().map(|road| &**road).collect();
    let ids = std::mem::take(&mut vehicles.on_course);
    let look = |id: &VehicleId| -> Option<Sensed> {
        let course = vehicles.course(*id)?;
        let leg = vehicles.side[id.index()].leg as usize;
        let route = plan.route(*id);
        let links_ahead = course.legs[course.at + 1..].iter().filter(|l| l.link().is_some()).count();
        let here = if course.legs[course.at].link().is_some() { leg } else { leg + 1 };
        let link = route[here.min(route.len() - 1)];
        let body = &plan.bodies[usize::from(plan.kind_on(*id, course.class, link))];
        let wish = plan.wish(*id, link);
        let wish = if plan.orders.has_limits { wish.max(eased(body, course)) } else { wish };
        Some(sense(&plan, &roads, &vehicles, course, body, wish, stop_on_last(&plan, *id, course, leg + links_ahead)))
    };
    let sensed: Vec<Option<Sensed>> = if ids.len() < 256 || plan.pool.current_num_threads() == 1 {
        ids.iter().map(look).collect()
    } else {
        plan.pool.install(|| ids.par_iter().with_min_len(64).map(look).collect())
    };
    for (id, sensed) in ids.iter().zip(sensed) {
        if let (Some(course), Some(sensed)) = (vehicles.course_mut(*id), sensed) {
            course.accel = sensed.accel;
            course.bound = sensed.bound;
            course.stop = sensed.stop;
        }
    }
    vehicles.on_course = ids;
}

/// Nobody brakes harder than this for a limit that was lowered, m/s² (assumed: comfortable).
const FOR_A_LIMIT_MPS2: f32 = 2.0;

/// The desired speed at which a holder slows down in comfort: the free term of its acceleration is `a·(1 − (v/v0)⁴)`.
fn eased(body: &Body, course: &Course) -> f32 {
    let share = 1.0 + FOR_A_LIMIT_MPS2 / body.driver.accel;
    course.v / share.sqrt().sqrt()
}

/// Where on the last link of its course, the `leg`-th of its route, a vehicle must stop, metres; infinite if nowhere.
fn stop_on_last(plan: &Plan, id: VehicleId, course: &Course, leg: usize) -> f32 {
    // On the link itself its row knows better which halts are over.
    let halt = if course.at + 1 < course.legs.len() { plan.next_halt(id, leg, 0.0, false) } else { f32::INFINITY };
    let end = if leg + 1 == plan.route(id).len() { f32::INFINITY } else { course.last().length };
    halt.min(end)
}

fn move_all(plan: Res<Plan>, clock: Res<Clock>, overtakes: Res<Overtakes>, mut roads: Query<&mut Road>, mut vehicles: ResMut<Vehicles>) {
    let mut busy: Vec<(LinkId, &mut Road)> =
        roads.iter_mut().enumerate().filter(|(_, r)| !r.rows.is_empty()).map(|(l, r)| (LinkId::from_index(l), r.into_inner())).collect();
    let (plan, step, table, lent) = (&*plan, clock.step, &*vehicles, &overtakes.all[..]);
    if plan.pool.current_num_threads() == 1 {
        for (link, road) in busy {
            move_road(road, link, plan, table, lent, step);
        }
    } else {
        plan.pool.install(|| {
            busy.par_chunks_mut(16).for_each(|chunk| {
                for (link, road) in chunk {
                    move_road(road, *link, plan, table, lent, step);
                }
            });
        });
    }
    let ids = std::mem::take(&mut vehicles.on_course);
    for &id in &ids {
        let Some(course) = vehicles.course_mut(id) else { continue };
        if let Place::Junction { .. } = course.legs[course.at].place {
            let body = &plan.bodies[usize::from(course.class)];
            let accel = course.accel.min(free_accel(&body.driver, 0.0)).max(-body.brake);
            let v = (course.v + accel * plan.dt).min(course.bound).max(0.0);
            course.last_accel = (v - course.v) / plan.dt;
            course.v = v;
            course.moved = v * plan.dt;
            course.front += f64::from(course.moved);
        }
    }
    vehicles.on_course = ids;
}

#[expect(clippy::too_many_arguments, reason = "a system names each thing it touches")]
fn cross_over(
    plan: Res<Plan>,
    clock: Res<Clock>,
    lights: Res<Lights>,
    mut roads: Query<&mut Road>,
    mut crossings: Query<&mut Crossing>,
    mut vehicles: ResMut<Vehicles>,
    mut meter: ResMut<Meter>,
    mut ferries: Query<&mut Ferry>,
    mut services: ResMut<Services>,
    mut parks: ResMut<Parks>,
    mut overtakes: ResMut<Overtakes>,
    mut drafts: ResMut<Drafts>,
) {
    let mut ferries = by_id!(ferries);
    let mut g = ground!(plan, clock, &lights, roads, crossings, vehicles, meter);
    cross::cross(&mut g, &mut ferries, &mut services, &mut parks, &mut overtakes, &mut drafts);
}

fn measure(
    plan: Res<Plan>,
    mut clock: ResMut<Clock>,
    roads: Query<&Road>,
    vehicles: Res<Vehicles>,
    mut meter: ResMut<Meter>,
    ferries: Query<&Ferry>,
) {
    clock.step += 1;
    let now = clock.now_s(&plan);
    for (l, road) in roads.iter().enumerate() {
        let link = LinkId::from_index(l);
        if !road.waiting.is_empty() {
            meter.waits_on(&plan, road.waiting.iter().copied(), now);
        }
        if road.rows.is_empty() {
            continue;
        }
        if let Some(guide) = &mut meter.guide {
            guide.count(link, &road.rows);
        }
        meter.drives(&plan, link, &road.rows);
        if let Some(trackers) = &plan.fleet.trackers {
            meter.trackers.look(&plan, trackers, link, &road.rows, clock.step);
        }
        meter.queue(&plan, link, road, now);
        if plan.config.conflicts {
            meter.surrogates.along(link, road, now);
        }
    }
    for &id in &vehicles.on_course {
        let Some(course) = vehicles.course(id) else { continue };
        if let Place::Junction { .. } = course.legs[course.at].place
            && let Some(link) = course.legs[course.at + 1].link()
        {
            meter.crosses(&plan, id, link, course.class, course.v, course.last_accel);
        }
    }
    for ferry in &ferries {
        for id in ferry.passengers() {
            let under_way = ferry.sailing.iter().any(|(_, ids)| ids.contains(&id));
            meter.sails(&plan, id, ferry.link, !under_way);
        }
    }
    if plan.config.conflicts {
        meter.surrogates.meet(&plan, &vehicles, now);
    }
    let meter = &mut *meter;
    let (has_detectors, is_gridlock_due) = (!plan.detectors.is_empty(), meter.gridlocks.is_due(now));
    if has_detectors || is_gridlock_due {
        let roads: Vec<&Road> = roads.iter().collect();
        if has_detectors {
            meter.watches(&plan, &roads, clock.step);
        }
        if is_gridlock_due {
            look_for_gridlock(&plan, &roads, &vehicles, &mut meter.gridlocks, &mut meter.data, now);
        }
    }
    meter.end_step(&plan, now);
}
