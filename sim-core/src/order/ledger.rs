//! The log of orders and what follows from it: what stands at present. Only the log is saved; the rest is made from it again.

use super::{Order, demand};
use crate::{
    class::{CLASS_COUNT, ClassSet, VehicleClass},
    control::ControlPlan,
    driving::{Fleet, Ordered, System, Trackers},
    guide::Guidance,
    ids::{LinkId, VehicleId},
    manner::Manner,
    measure::Watched,
    network::RoadNetwork,
    plan::Plan,
};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// An order and when it was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logged {
    /// The step at whose beginning it took effect.
    pub step: u64,
    /// How many trips had been due by then.
    pub(crate) released: u64,
    /// The order.
    pub order: Order,
}

/// The orders of a simulation and what stands by them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders {
    pub(crate) log: Vec<Logged>,
    base: Option<Arc<Base>>,
    /// The classes each lane is closed to; a link stays in here once it was closed.
    pub(super) closed: BTreeMap<LinkId, Vec<ClassSet>>,
    /// Factors of the demand by class; empty before any was ordered.
    pub(super) factors: Vec<f32>,
    /// Of each trip that was added: which of the first trips it repeats, and the how manieth copy it is, from 1.
    pub(super) copies: Vec<(VehicleId, u32)>,
    /// Electric shares by class that differ from the class's own.
    pub(super) electric: BTreeMap<VehicleClass, f32>,
    /// Shares by system and class that differ from the simulation's own.
    pub(crate) automation: Ordered,
    /// Whether any limit was changed.
    pub(crate) has_limits: bool,
}

/// What the orders change of a plan, as it was before the first of them.
#[derive(Debug)]
struct Base {
    network: Arc<RoadNetwork>,
    trips: usize,
    detectors: usize,
    control: ControlPlan,
    guidance: Option<Guidance>,
    fleet: Fleet,
    bodies: usize,
    manner: Vec<Manner>,
}

impl Orders {
    /// How many trips there were before the first order.
    pub(crate) fn first_trips(&self) -> Option<usize> {
        self.base.as_ref().map(|b| b.trips)
    }

    pub(crate) fn closed_on(&self, link: LinkId, lanes: usize) -> Vec<ClassSet> {
        self.closed.get(&link).cloned().unwrap_or_else(|| vec![ClassSet::NONE; lanes])
    }

    /// Whether a whole link is closed to a class.
    pub(crate) fn is_shut(&self, link: LinkId, class: VehicleClass) -> bool {
        self.closed.get(&link).is_some_and(|lanes| lanes.iter().all(|c| c.contains(class)))
    }

    pub(crate) fn factor(&self, class: VehicleClass) -> f32 {
        self.factors.get(class.index()).copied().unwrap_or(1.0)
    }

    /// The share of a class that drives on a battery.
    pub(crate) fn electric_share(&self, plan: &Plan, class: VehicleClass) -> f32 {
        self.electric.get(&class).copied().unwrap_or_else(|| plan.classes.get(class).electric_share)
    }
}

/// The share of a class that a system drives of those who set out at present.
pub(super) fn system_share(plan: &Plan, system: System, class: VehicleClass) -> f32 {
    plan.fleet.system_share(system, class, &plan.orders.automation)
}

/// Keeps what a plan is before its first order.
pub(super) fn remember_base(plan: &mut Plan) {
    if plan.orders.base.is_none() {
        plan.orders.base = Some(Arc::new(Base {
            network: plan.network.clone(),
            trips: plan.trips.len(),
            detectors: plan.detectors.len(),
            control: plan.control.clone(),
            guidance: plan.guidance,
            fleet: plan.fleet.clone(),
            bodies: plan.bodies.len(),
            manner: plan.manner.clone(),
        }));
    }
}

/// Makes a plan what it was before its first order, and gives it these orders.
pub(crate) fn replay(plan: &mut Plan, log: Vec<Logged>) {
    if plan.orders.log == log {
        return;
    }
    remember_base(plan);
    let Some(base) = plan.orders.base.clone() else { return };
    if !Arc::ptr_eq(&plan.network, &base.network) {
        plan.network = base.network.clone();
        plan.measure_lanes();
    }
    plan.drop_trips_behind(base.trips);
    if plan.detectors.len() > base.detectors {
        plan.detectors = plan.detectors[..base.detectors].into();
    }
    plan.watched.truncate(base.detectors);
    plan.watched.iter_mut().for_each(Watched::put_up);
    plan.detectors_of = plan.detectors.iter().enumerate().map(|(i, d)| (d.link, i as u32)).collect();
    plan.detectors_of.sort_unstable();
    plan.control = base.control.clone();
    plan.guidance = base.guidance;
    plan.fleet = base.fleet.clone();
    plan.bodies.truncate(base.bodies);
    plan.manner.clone_from(&base.manner);
    plan.orders = Orders { base: Some(base), ..Orders::default() };
    for logged in &log {
        put_into_plan(plan, &logged.order, logged.released);
    }
    plan.orders.log = log;
}

/// What an order changes of what steps do not: called when it is given, and again whenever a state with it is put back.
pub(super) fn put_into_plan(plan: &mut Plan, order: &Order, released: u64) {
    match order {
        Order::Lanes { link, closed } => {
            let lanes = plan.network.link(*link).lanes.len();
            let standing = plan.orders.closed.entry(*link).or_insert_with(|| vec![ClassSet::NONE; lanes]);
            for (lane, classes) in closed {
                standing[usize::from(*lane)] = *classes;
            }
        }
        Order::LaneUse { link, access } => {
            let network = Arc::make_mut(&mut plan.network);
            for (lane, classes) in access {
                network.links[link.index()].lanes[usize::from(*lane)].access = *classes;
            }
            plan.measure_lanes();
        }
        Order::Limits { link, limits } => {
            Arc::make_mut(&mut plan.network).links[link.index()].limits = *limits;
            plan.orders.has_limits = true;
        }
        Order::Method { controller, method, with_errors } => ControlPlan::change_method(plan, *controller, method, *with_errors),
        Order::Demand { factors } => {
            if plan.orders.factors.is_empty() {
                plan.orders.factors = vec![1.0; CLASS_COUNT];
            }
            for (class, factor) in factors {
                plan.orders.factors[class.index()] = *factor;
            }
            demand::add_copies(plan, released as usize);
        }
        Order::Electric { shares } => plan.orders.electric.extend(shares.iter().copied()),
        Order::Automation { system, shares } => {
            plan.orders.automation.extend(shares.iter().map(|(class, share)| ((*system, *class), *share)));
            let classes: Vec<VehicleClass> = shares.iter().map(|(class, _)| *class).collect();
            plan.equip_again(ClassSet::of(&classes), released as usize);
        }
        Order::Trackers { classes, share } => {
            let present = plan.fleet.trackers.unwrap_or_else(|| Trackers::new(*classes, *share));
            plan.fleet.trackers = Some(Trackers { classes: *classes, share: *share, ..present });
        }
        Order::Guidance(guidance) => plan.guidance = *guidance,
        Order::PlaceDetector(detector) => match plan.detectors.iter().position(|d| d.ref_ == detector.ref_) {
            Some(d) => {
                plan.watched[d].put_up();
                plan.detectors_of.push((detector.link, d as u32));
                plan.detectors_of.sort_unstable();
            }
            None => plan.add_detectors(vec![detector.clone()]),
        },
        Order::RemoveDetector(ref_) => {
            if let Some(d) = plan.detectors.iter().position(|d| d.ref_ == *ref_) {
                plan.watched[d].take_away();
                plan.detectors_of.retain(|(_, n)| *n as usize != d);
            }
        }
        Order::Plan { .. } | Order::AddIncident(_) | Order::EndIncident(_) | Order::RemoveVehicle(_) => {}
    }
}
