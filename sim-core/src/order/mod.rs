//! Orders to a running simulation: values that change the world between two steps.
//!
//! An order takes effect at the beginning of the next step and is written to a log with that step ([`Simulation::orders`]). The log is part of
//! the state: a state that is put back brings its orders with it. An order sets something to a value (which classes a lane is closed to, a
//! limit, a plan, a factor of the demand), so what undoes it is an order again: the same with the value before ([`Applied::inverse`]). The
//! past stands; undoing is one more order, now.
//!
//! ```
//! use sim_core::{class::{ClassSet, ClassTable}, ids::LinkId, network::town, order::Order, simulation::{SimConfig, Simulation}};
//! let network = town::approach(2, 3.5, 500.0, 500.0, false)?;
//! let mut simulation = Simulation::new(network, ClassTable::default(), vec![], vec![], SimConfig::default())?;
//! simulation.step();
//! let closed = simulation.order(Order::Lanes { link: LinkId(0), closed: vec![(0, ClassSet::ALL)] })?;
//! assert_eq!(closed.step, 1);
//! // Undoing opens the lane; both orders stand in the log.
//! simulation.order(closed.inverse.expect("a closure can be undone"))?;
//! assert_eq!(simulation.orders().len(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod close;
mod demand;
mod effect;
mod error;
mod inverse;
mod ledger;
mod remove;

pub use error::OrderError;
pub use ledger::Logged;
pub(crate) use ledger::{Orders, replay};

use crate::{
    class::{ClassSet, VehicleClass},
    control::Method,
    detector::Detector,
    driving::System,
    guide::Guidance,
    ids::{ControllerId, LinkId, VehicleId},
    incident::Incident,
    junction::Drafts,
    network::{SignalPlan, SpeedLimits},
    plan::Plan,
    reference::Ref,
    simulation::Simulation,
};
use serde::{Deserialize, Serialize};

/// A change to a running simulation. Places are dense ids: files name them by ref.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Closes each of these lanes (from the kerb, from 0) to exactly these classes from now on; none opens it. If all lanes are closed to a
    /// class, it waits before the link; else the closed lanes keep 25 m at either end for those who turn in and out. Whoever is inside drives on. A closed
    /// ferry lets nobody aboard.
    Lanes {
        /// The link.
        link: LinkId,
        /// Lanes and to whom they are closed.
        closed: Vec<(u8, ClassSet)>,
    },
    /// Says who may use each of these lanes. Unlike a closure it is paint: at junctions drivers still pass through a lane that is not theirs.
    LaneUse {
        /// The link.
        link: LinkId,
        /// Lanes and who may use them.
        access: Vec<(u8, ClassSet)>,
    },
    /// Speed limits of a link. Whoever is on it keeps to the old ones to its end.
    Limits {
        /// The link.
        link: LinkId,
        /// Its limits.
        limits: SpeedLimits,
    },
    /// A signal plan, from now on; whoever is green still gets yellow and all-red. A plan that is not safe is refused.
    Plan {
        /// Which controller.
        controller: ControllerId,
        /// Its plan.
        plan: SignalPlan,
    },
    /// What controls a junction, with its parameters, beginning anew. It is given the detectors it needs.
    Method {
        /// Which controller.
        controller: ControllerId,
        /// By what.
        method: Method,
        /// Whether the detectors that are put up for it err as usual equipment does.
        with_errors: bool,
    },
    /// An incident. It takes the place of one of the same name that is over.
    AddIncident(Incident),
    /// The end of an incident.
    EndIncident(Ref),
    /// How many times as many trips of each of these classes set out as the demand had at first, 0 to 5, of those not yet due. Which trips
    /// stay away or are made twice is a keyed draw of each; blue light and public transport are left alone.
    Demand {
        /// Classes and their factors.
        factors: Vec<(VehicleClass, f32)>,
    },
    /// Share of each of these classes that drives on a battery, 0 to 1, of the trips not yet due.
    Electric {
        /// Classes and their shares.
        shares: Vec<(VehicleClass, f32)>,
    },
    /// Share of each of these classes that a system drives, 0 to 1, of the trips not yet due. It takes the place of what the simulation's own
    /// entries of that system say, and keeps to their places and gaps where there are any; else the system has the shipped parameters and
    /// drives everywhere. Other systems keep their shares.
    Automation {
        /// What drives.
        system: System,
        /// Classes and their shares.
        shares: Vec<(VehicleClass, f32)>,
    },
    /// Journey trackers of a share of some classes, 0 to 1, from now on; as accurate as those there were, else as shipped.
    Trackers {
        /// Classes with trackers.
        classes: ClassSet,
        /// Which share of them has one.
        share: f32,
    },
    /// Who is told of travel times on the way; nobody if `None`.
    Guidance(Option<Guidance>),
    /// A detector; one that was taken away is put up again if it is the same.
    PlaceDetector(Detector),
    /// Takes a detector away; what it has told stays.
    RemoveDetector(Ref),
    /// Takes a vehicle off the road, or a trip that waits out of its queue. It cannot be undone.
    RemoveVehicle(VehicleId),
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq)]
pub struct Applied {
    /// The step at whose beginning it takes effect.
    pub step: u64,
    /// The order that undoes it; `None` where nothing does.
    pub inverse: Option<Order>,
}

impl Simulation {
    /// Changes the simulation from the next step on.
    ///
    /// # Errors
    /// A place that is not there, a value out of range, a signal plan that is not safe: nothing is changed then.
    pub fn order(&mut self, order: Order) -> Result<Applied, OrderError> {
        check::check(self, &order)?;
        let inverse = inverse::inverse(self, &order);
        let (step, released) = (self.step_index(), self.released());
        let mut plan = self.world.resource_mut::<Plan>();
        ledger::remember_base(&mut plan);
        ledger::put_into_plan(&mut plan, &order, released);
        effect::put_into_state(self, &order);
        // What was found out about waiting requests may no longer be true.
        self.world.insert_resource(Drafts::default());
        let mut plan = self.world.resource_mut::<Plan>();
        plan.orders.log.push(Logged { step, released, order });
        Ok(Applied { step, inverse })
    }

    /// Whether an order would be carried out now.
    ///
    /// # Errors
    /// Why not.
    pub fn accepts(&self, order: &Order) -> Result<(), OrderError> {
        check::check(self, order)
    }

    /// Every order up to now, with the step at whose beginning it took effect.
    pub fn orders(&self) -> &[Logged] {
        &self.plan().orders.log
    }

    /// How many of its trips it was given at first; those behind were added by orders.
    pub fn first_trips(&self) -> usize {
        self.plan().orders.first_trips().unwrap_or(self.trips().len())
    }

    /// The classes that each lane of a link is closed to by orders, from the kerb.
    pub fn closed_lanes(&self, link: LinkId) -> Vec<ClassSet> {
        self.plan().orders.closed_on(link, self.network().link(link).lanes.len())
    }

    /// How many times as many trips of a class set out as the demand had at first.
    pub fn demand_factor(&self, class: VehicleClass) -> f32 {
        self.plan().orders.factor(class)
    }
}
