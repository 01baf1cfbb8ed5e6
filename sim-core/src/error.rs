//! Why a simulation could not be made or changed.

use crate::reference::Ref;

/// Why a simulation could not be made or changed; each names what was found and what was expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimError {
    /// A step outside 0.1 to 1 s.
    #[error("the step is {0} s, expected 0.1 to 1 s")]
    BadStep(f32),
    /// A measurement interval that is no positive time.
    #[error("the measurement interval is {0} s, expected more than 0")]
    BadInterval(f64),
    /// A trip that cannot be driven.
    #[error("trip {trip}: {problem}")]
    BadTrip {
        /// The trip's ref.
        trip: Ref,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// Two trips with one ref: they would share their random draws.
    #[error("two trips are called {0}; the ref keys a traveller's random draws and must be unique")]
    DuplicateTrip(Ref),
    /// A detector that is not on the network.
    #[error("detector {detector}: {problem}")]
    BadDetector {
        /// The detector's ref.
        detector: Ref,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A controller that is not there.
    #[error("there is no signal controller {0}; the network has {1}")]
    UnknownController(u32, usize),
    /// A plan that does not fit its controller.
    #[error("controller {controller}: {problem}")]
    BadPlan {
        /// The controller's ref.
        controller: Ref,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A control that makes no sense.
    #[error("control of {what}: {problem}")]
    BadControl {
        /// The controller's ref, or which part.
        what: String,
        /// What was found, and what was expected.
        problem: String,
    },
    /// Automation that cannot be.
    #[error(transparent)]
    BadAutomation(#[from] crate::driving::AutomationError),
    /// A gate that cannot be on this network.
    #[error("gate {gate}: {problem}")]
    BadGate {
        /// The gate's ref.
        gate: Ref,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A car park that cannot be on this network.
    #[error("car park {park}: {problem}")]
    BadCarPark {
        /// The car park's ref.
        park: Ref,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A crossing that cannot be on this network.
    #[error("crossing {walkway}: {problem}")]
    BadWalkway {
        /// The crossing's ref.
        walkway: Ref,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A parameter of guidance out of its range.
    #[error("guidance: {what} is {value}, expected a share from 0 to 1, a gain from 0 to 7200 s")]
    BadGuidance {
        /// Which one.
        what: &'static str,
        /// What was found.
        value: f32,
    },
    /// An incident that cannot be on this network.
    #[error("incident {incident}: {problem}")]
    BadIncident {
        /// The incident's ref.
        incident: Ref,
        /// What is wrong, and what was expected.
        problem: String,
    },
    /// A state of another simulation.
    #[error("the state is of another simulation: it has {found} {what}, this one has {expected}")]
    ForeignState {
        /// What differs.
        what: &'static str,
        /// How many the state has.
        found: usize,
        /// How many this simulation has.
        expected: usize,
    },
    /// The thread pool could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
}
