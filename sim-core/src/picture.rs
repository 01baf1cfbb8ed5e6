//! Where the bodies are: for frames, and for the checker's own geometry.

use crate::{
    control::Lights,
    ferry::Ferry,
    frame::{Frame, FrameVehicle, OnLink},
    halt::Services,
    ids::{LinkId, VehicleId},
    junction::{Course, Crossing, Place},
    network::world_point,
    plan::Plan,
    segment::Road,
    simulation::Simulation,
    strips::STRIP_M,
    vehicles::Vehicles,
};

/// A picture of the present instant.
pub(crate) fn frame(simulation: &Simulation) -> Frame {
    let plan = simulation.plan();
    let vehicles = simulation.world.resource::<Vehicles>();
    let mut all = Vec::with_capacity(simulation.population().on_road as usize);
    for (l, road) in simulation.all::<Road>().into_iter().enumerate() {
        for row in &road.rows {
            let centre_s = row.s - row.length * 0.5;
            let (centre, heading) = match vehicles.course(row.id) {
                Some(course) if centre_s < 0.0 => point_on_course(plan, course, course.front - f64::from(course.length) * 0.5),
                _ => on_link(plan, LinkId::from_index(l), centre_s, row.left, row.right),
            };
            all.push(vehicle(plan, row.id, centre, heading, row.v));
        }
    }
    for id in crate::ground::on_course(simulation.all::<Crossing>().into_iter(), vehicles) {
        if let Some(course) = vehicles.course(id)
            && let Place::Junction { .. } = course.legs[course.at].place
        {
            let (centre, heading) = point_on_course(plan, course, course.front - f64::from(course.length) * 0.5);
            all.push(vehicle(plan, id, centre, heading, course.v));
        }
    }
    let now = simulation.time_s();
    for ferry in simulation.all::<Ferry>() {
        let length = plan.network.link(ferry.link).length_m;
        let strips = plan.strips[ferry.link.index()];
        let crossing_s = match plan.network.link(ferry.link).kind {
            crate::network::LinkKind::Ferry(f) => f64::from(f.crossing_s.max(1.0)),
            crate::network::LinkKind::Road => 1.0,
        };
        let mut place = |id: VehicleId, share: f64| {
            let (centre, heading) = on_link(plan, ferry.link, (f64::from(length) * share) as f32, 0, strips);
            all.push(vehicle(plan, id, centre, heading, 0.0));
        };
        ferry.queue.iter().chain(&ferry.deck).for_each(|id| place(*id, 0.0));
        for (lands_s, ids) in &ferry.sailing {
            let share = 1.0 - ((lands_s - now) / crossing_s).clamp(0.0, 1.0);
            ids.iter().for_each(|id| place(*id, share));
        }
        ferry.ashore.iter().for_each(|id| place(*id, 1.0));
    }
    for bay in simulation.world.resource::<Services>().bays() {
        // Beside the kerb, which is the link's edge.
        let body = plan.body(bay.id);
        let (centre, heading) = on_link(plan, bay.link, bay.s - body.length * 0.5, -body.strips, 0);
        all.push(vehicle(plan, bay.id, centre, heading, 0.0));
    }
    all.sort_unstable_by_key(|v| v.id);
    Frame { time_s: now, vehicles: all, lights: simulation.world.resource::<Lights>().of.clone() }
}

/// Everybody on a link, by link and then from the front of the traffic to its rear: for who looks at speeds and ways.
pub(crate) fn on_links(simulation: &Simulation) -> Vec<OnLink> {
    let plan = simulation.plan();
    let mut all = Vec::with_capacity(simulation.population().on_road as usize);
    for (l, road) in simulation.all::<Road>().into_iter().enumerate() {
        let longest = road.rows.iter().fold(0.0f32, |most, row| most.max(row.length));
        for (i, me) in road.rows.iter().enumerate() {
            // Nobody further ahead than the best found, plus the longest body, can have a nearer rear.
            let mut free_m = f32::INFINITY;
            for other in road.rows[..i].iter().rev() {
                if other.s - longest - me.s >= free_m {
                    break;
                }
                if crate::strips::overlap(other.left, other.right, me.left, me.right) {
                    free_m = free_m.min((other.rear() - me.s).max(0.0));
                }
            }
            let class = plan.trips[me.id.index()].class;
            all.push(OnLink { id: me.id, class, link: LinkId::from_index(l), front_m: me.s, speed_mps: me.v, free_m });
        }
    }
    all
}

fn vehicle(plan: &Plan, id: VehicleId, centre: crate::geometry::Point, heading: f64, v: f32) -> FrameVehicle {
    let body = plan.body(id);
    FrameVehicle {
        id,
        class: plan.trips[id.index()].class,
        centre,
        heading_rad: heading as f32,
        speed_mps: v,
        length_m: body.length,
        width_m: body.width,
    }
}

fn on_link(plan: &Plan, link: LinkId, s: f32, left: i16, right: i16) -> (crate::geometry::Point, f64) {
    let y = f64::from((f32::from(left) + f32::from(right)) * 0.5 * STRIP_M);
    world_point(&plan.network, link, s.into(), y)
}

/// The world point of a place along a course.
fn point_on_course(plan: &Plan, course: &Course, way: f64) -> (crate::geometry::Point, f64) {
    let leg = course.legs.iter().rev().find(|l| l.start <= way).unwrap_or(&course.legs[0]);
    let on = (way - leg.start) as f32;
    match &leg.place {
        Place::Link(link) => on_link(plan, *link, on, leg.left, leg.right),
        Place::Junction { junction, path, .. } => path.point(on, plan.network.junction(*junction).centre),
    }
}
