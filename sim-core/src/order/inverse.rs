//! What undoes an order: the same with the value that stands before it.

use super::{Order, ledger};
use crate::{control::Signal, simulation::Simulation};

/// The order that undoes `order`, which was checked; `None` where nothing does.
pub(super) fn inverse(s: &Simulation, order: &Order) -> Option<Order> {
    let plan = s.plan();
    Some(match order {
        Order::Lanes { link, closed } => {
            let standing = s.closed_lanes(*link);
            Order::Lanes { link: *link, closed: closed.iter().map(|(n, _)| (*n, standing[usize::from(*n)])).collect() }
        }
        Order::LaneUse { link, access } => {
            let lanes = &plan.network.link(*link).lanes;
            Order::LaneUse { link: *link, access: access.iter().map(|(n, _)| (*n, lanes[usize::from(*n)].access)).collect() }
        }
        Order::Limits { link, .. } => Order::Limits { link: *link, limits: plan.network.link(*link).limits },
        Order::Plan { controller, .. } => {
            let plan = s.all::<Signal>().get(controller.index())?.plan().clone();
            Order::Plan { controller: *controller, plan }
        }
        Order::Method { controller, with_errors, .. } => {
            let method = plan.control.junctions.get(controller.index())?.method.clone();
            Order::Method { controller: *controller, method, with_errors: *with_errors }
        }
        Order::AddIncident(incident) => Order::EndIncident(incident.ref_.clone()),
        Order::EndIncident(ref_) => Order::AddIncident(s.incidents().iter().find(|i| i.ref_ == *ref_)?.clone()),
        Order::Demand { factors } => Order::Demand { factors: factors.iter().map(|(c, _)| (*c, plan.orders.factor(*c))).collect() },
        Order::Electric { shares } => {
            Order::Electric { shares: shares.iter().map(|(c, _)| (*c, plan.orders.electric_share(plan, *c))).collect() }
        }
        Order::Automation { system, shares } => Order::Automation {
            system: *system,
            shares: shares.iter().map(|(c, _)| (*c, ledger::system_share(plan, *system, *c))).collect(),
        },
        Order::Trackers { classes, .. } => match plan.fleet.trackers {
            Some(before) => Order::Trackers { classes: before.classes, share: before.share },
            None => Order::Trackers { classes: *classes, share: 0.0 },
        },
        Order::Guidance(_) => Order::Guidance(plan.guidance),
        Order::PlaceDetector(detector) => Order::RemoveDetector(detector.ref_.clone()),
        Order::RemoveDetector(ref_) => Order::PlaceDetector(plan.detectors.iter().find(|d| d.ref_ == *ref_)?.clone()),
        Order::RemoveVehicle(_) => return None,
    })
}
