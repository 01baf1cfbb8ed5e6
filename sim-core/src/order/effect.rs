//! What an order changes of the state, once, when it is given.

use super::{Order, remove};
use crate::{
    control::{Office, Signal},
    draw::{self, Draw},
    driving::TrackerBook,
    guide::Guide,
    ids::{ControllerId, VehicleId},
    incident::Incidents,
    measure::{Meter, TripStatus},
    plan::Plan,
    simulation::Simulation,
    vehicles::Vehicles,
};

/// Changes the state; the plan was changed before.
pub(super) fn put_into_state(s: &mut Simulation, order: &Order) {
    let now = s.time_s();
    match order {
        // Delay stays against a free road driven by a person, whatever drives.
        Order::Lanes { .. } | Order::LaneUse { .. } | Order::Limits { .. } | Order::RemoveDetector(_) | Order::Automation { .. } => {}
        Order::Plan { controller, plan } => {
            let (controller, new) = (*controller, plan.clone());
            let (rules, method) = {
                let junction = &s.plan().control.junctions[controller.index()];
                (junction.rules, junction.method.clone())
            };
            with_signal(s, controller, |signal| {
                signal.set_plan(new, &rules);
                // A controller counts the phases of its plan: it begins anew.
                signal.replace(method, &rules);
            });
        }
        Order::Method { controller, method, .. } => {
            let (controller, method) = (*controller, method.clone());
            let rules = s.plan().control.junctions[controller.index()].rules;
            with_signal(s, controller, |signal| signal.replace(method, &rules));
            let (detectors, heard) = (s.plan().detectors.len(), s.plan().control.used.len());
            s.world.resource_mut::<Office>().grow(heard, now);
            s.world.resource_mut::<Meter>().watch.grow(detectors);
        }
        Order::AddIncident(incident) => {
            let mut incidents = s.world.resource_mut::<Incidents>();
            match incidents.all.iter_mut().find(|i| i.ref_ == incident.ref_) {
                Some(over) => *over = incident.clone(),
                None => incidents.all.push(incident.clone()),
            }
        }
        Order::EndIncident(ref_) => {
            s.end_incident(ref_);
        }
        Order::Demand { .. } => tell_of_new_trips(s),
        Order::Electric { shares } => {
            let classes: Vec<_> = shares.iter().map(|(c, _)| *c).collect();
            let draws: Vec<(VehicleId, bool)> = {
                let plan = s.plan();
                let of = |(i, t): (usize, &crate::demand::Trip)| {
                    classes.contains(&t.class).then(|| (VehicleId::from_index(i), is_electric(plan, i)))
                };
                plan.trips.iter().enumerate().filter_map(of).collect()
            };
            let records = &mut s.world.resource_mut::<Meter>().data.trips;
            for (id, electric) in draws {
                let record = &mut records[id.index()];
                if record.status == TripStatus::NotYet {
                    record.electric = electric;
                }
            }
        }
        Order::Trackers { .. } => {
            let trips = s.trips().len();
            let mut meter = s.world.resource_mut::<Meter>();
            if meter.trackers.counts.is_empty() {
                meter.trackers = TrackerBook::new(trips);
            }
        }
        Order::Guidance(guidance) => {
            let fresh = guidance.map(|_| Guide::new(s.plan()).beginning(now));
            let mut meter = s.world.resource_mut::<Meter>();
            // Whoever changes the share goes on with the travel times measured so far.
            meter.guide = if guidance.is_none() { None } else { meter.guide.take().or(fresh) };
        }
        Order::PlaceDetector(_) => {
            let detectors = s.plan().detectors.len();
            s.world.resource_mut::<Meter>().watch.grow(detectors);
        }
        Order::RemoveVehicle(id) => remove::remove(s, *id),
    }
}

fn with_signal(s: &mut Simulation, controller: ControllerId, change: impl FnOnce(&mut Signal)) {
    let mut signals = s.world.query::<&mut Signal>();
    if let Some(mut signal) = signals.iter_mut(&mut s.world).nth(controller.index()) {
        change(&mut signal);
    }
}

/// Whether the `i`-th trip's vehicle drives on a battery.
fn is_electric(plan: &Plan, i: usize) -> bool {
    let share = plan.orders.electric_share(plan, plan.trips[i].class);
    draw::uniform(plan.config.seed, Draw::Electric, plan.keys[i], 0) < f64::from(share)
}

/// Makes room in the state for trips that were added to the plan.
fn tell_of_new_trips(s: &mut Simulation) {
    let known = s.world.resource::<Vehicles>().side.len();
    let records: Vec<_> = {
        let plan = s.plan();
        let record = |i: usize| crate::measure::TripRecord {
            depart_s: plan.trips[i].depart_s,
            free_flow_s: plan.free_flow_s(VehicleId::from_index(i)),
            electric: is_electric(plan, i),
            ..Default::default()
        };
        (known..plan.trips.len()).map(record).collect()
    };
    s.world.resource_mut::<Vehicles>().grow(known + records.len());
    let mut meter = s.world.resource_mut::<Meter>();
    meter.population.not_yet += records.len() as u64;
    meter.data.trips.extend(records);
    let trips = meter.data.trips.len();
    meter.surrogates.grow(trips);
}
