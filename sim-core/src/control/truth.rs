//! What no detector can tell: where everybody is who comes to a signal, and which of its groups each will use. Only for controllers that are
//! upper bounds.

use super::Lights;
use crate::{
    frame::Light,
    ids::{ControllerId, LinkId, VehicleId},
    measure::meter::QUEUE_MPS,
    network::JunctionKind,
    plan::Plan,
    segment::Road,
    vehicles::Vehicles,
};

/// It is told who comes within so many seconds: the longest horizon of those who ask.
const HORIZON_S: usize = 300;

/// The truth about one group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GroupTruth {
    /// Vehicles below 5 km/h on the links before it that will use it.
    pub queue: f32,
    /// The other vehicles on these links that will.
    pub moving: f32,
    /// Those who drive to it, by the second in which they would be at its line with nobody before them. Whoever stands in a queue elsewhere,
    /// or comes to a signal first that is not green, is not among them: when they will set off is not decided yet.
    pub arrivals: Vec<f32>,
    /// Vehicles that stand at the ends of the links where those on its approaches go next, on average over them.
    pub exit_queue: f32,
    /// The same for each lane of 3.5 m.
    pub exit_queue_per_lane: f32,
}

/// The truth about all groups of the controllers that ask for it, by controller; nothing of the others.
pub(crate) fn truths(plan: &Plan, roads: &[&Road], vehicles: &Vehicles, lights: &Lights, asks: &[bool]) -> Vec<Vec<GroupTruth>> {
    let new = |(c, asks): (usize, &bool)| {
        let groups = if *asks { plan.network.controllers[c].groups.len() } else { 0 };
        vec![GroupTruth { arrivals: vec![0.0; HORIZON_S], ..GroupTruth::default() }; groups]
    };
    let mut all: Vec<Vec<GroupTruth>> = asks.iter().enumerate().map(new).collect();
    let standing: Vec<f32> = roads.iter().map(|r| r.rows.iter().filter(|row| row.v < QUEUE_MPS).count() as f32).collect();
    let mut sees = |id: VehicleId, leg: usize, eta_s: f32, stands: Option<bool>| {
        let next = |c: ControllerId, g: u16, to: LinkId, eta_s: f32, stands: Option<bool>| {
            let Some(truth) = all[c.index()].get_mut(usize::from(g)) else { return };
            if stands != Some(true) {
                truth.arrivals[eta_s as usize] += 1.0;
            }
            let Some(stands) = stands else { return };
            *if stands { &mut truth.queue } else { &mut truth.moving } += 1.0;
            truth.exit_queue += standing[to.index()];
            truth.exit_queue_per_lane += standing[to.index()] / lanes_of(plan, to);
        };
        follow(plan, lights, id, leg, eta_s, stands, next);
    };
    for road in roads {
        for row in &road.rows {
            let link = vehicles.side[row.id.index()].leg as usize;
            let l = plan.network.link(plan.route(row.id)[link]);
            let stands = row.v < QUEUE_MPS;
            sees(row.id, link, (l.length_m - row.s).max(0.0) / row.v0.max(1.0), Some(stands));
        }
    }
    for id in &vehicles.on_course {
        let leg = vehicles.side[id.index()].leg as usize;
        let route = plan.route(*id);
        // Whose front is on a link was seen there; the others are in the junction before the next.
        if roads[route[leg].index()].find(*id).is_none()
            && let Some(link) = route.get(leg + 1)
        {
            sees(*id, leg + 1, plan.network.link(*link).length_m / plan.wish(*id, *link).max(1.0), None);
        }
    }
    for truth in all.iter_mut().flatten() {
        let n = (truth.queue + truth.moving).max(1.0);
        (truth.exit_queue, truth.exit_queue_per_lane) = (truth.exit_queue / n, truth.exit_queue_per_lane / n);
    }
    all
}

fn lanes_of(plan: &Plan, link: LinkId) -> f32 {
    (plan.network.link(link).width_m / 3.5).max(0.5)
}

/// Tells `seen` of each group that `id` comes to from the end of `leg` on: its controller, where it leads, when, and whether it stands
/// before it, if it is on the link there.
fn follow(
    plan: &Plan,
    lights: &Lights,
    id: VehicleId,
    from: usize,
    mut eta_s: f32,
    stands: Option<bool>,
    mut seen: impl FnMut(ControllerId, u16, LinkId, f32, Option<bool>),
) {
    for leg in from.. {
        if eta_s >= HORIZON_S as f32 {
            return;
        }
        let Some(m) = plan.movement_after(id, leg) else { return };
        let movement = plan.network.movement(m);
        if let (JunctionKind::Signal(c), Some(g)) = (plan.network.junction(movement.junction).kind, movement.group) {
            seen(c, g, movement.to, eta_s, if leg == from { stands } else { None });
            if lights.of[m.index()] != Some(Light::Green) {
                return;
            }
        }
        if stands == Some(true) {
            return;
        }
        eta_s += plan.network.link(movement.to).length_m / plan.wish(id, movement.to).max(1.0);
    }
}
