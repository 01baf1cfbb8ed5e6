//! Why an order was refused.

use crate::{class::VehicleClass, error::SimError, reference::Ref};

/// Why an order was refused: nothing was changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OrderError {
    /// A link, controller or vehicle that is not there.
    #[error("there is no {what} {found}; they are numbered 0 to {last}")]
    NotThere {
        /// `link`, `signal controller`, `vehicle`.
        what: &'static str,
        /// Its number.
        found: u32,
        /// The highest there is.
        last: usize,
    },
    /// A lane that the link does not have.
    #[error("link {link} has no lane {lane}; it has {lanes}, counted from 0 at the kerb")]
    NoLane {
        /// The link.
        link: Ref,
        /// The lane.
        lane: u8,
        /// How many it has.
        lanes: usize,
    },
    /// Something of a ferry that only roads have.
    #[error("link {link} is a ferry; {what} belong to roads")]
    Ferry {
        /// The link.
        link: Ref,
        /// What was to be changed.
        what: &'static str,
    },
    /// A value out of its range.
    #[error("{what} is {found}, expected {expected}")]
    BadValue {
        /// Which one.
        what: String,
        /// What was found.
        found: f64,
        /// What is allowed.
        expected: &'static str,
    },
    /// Nothing is named.
    #[error("the order names no {0}")]
    Nothing(&'static str),
    /// A class that none of the systems drives.
    #[error("a {class} rides on two wheels: no cruise control and no machine drives it; name other classes")]
    NoSystem {
        /// The class.
        class: VehicleClass,
    },
    /// The simulation has as many kinds of vehicles as there can be.
    #[error("what drives vehicles here comes in too many kinds already; give the scenario fewer entries of [automation] or fewer classes")]
    TooManySystems,
    /// No incident of this name lasts.
    #[error("no incident called `{0}` lasts or is to come")]
    NoIncident(Ref),
    /// No detector of this name stands.
    #[error("no detector called `{0}` stands on the road")]
    NoDetector(Ref),
    /// A detector that cannot be placed or taken away.
    #[error("detector {detector}: {problem}")]
    Detector {
        /// Its name.
        detector: Ref,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A controller's parameter that makes no sense.
    #[error("controller {controller}: {problem}")]
    Method {
        /// Its ref.
        controller: Ref,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A vehicle that cannot be taken off the road.
    #[error("trip {trip} cannot be removed: {problem}")]
    Vehicle {
        /// The trip.
        trip: Ref,
        /// Why.
        problem: &'static str,
    },
    /// What the engine refuses in a simulation's setup, too.
    #[error(transparent)]
    Refused(#[from] SimError),
}
