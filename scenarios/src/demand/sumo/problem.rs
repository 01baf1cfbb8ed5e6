//! What can be wrong with a route file.

use crate::demand::table::RowErrors;
use maps::sumo::SumoError;
use sim_core::reference::Ref;

/// What is wrong with an element of a route file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RoutesProblem {
    /// An attribute that must be there.
    #[error("<{element}> has no `{attribute}`, which it needs")]
    Missing {
        /// The element, with its id.
        element: String,
        /// The attribute.
        attribute: &'static str,
    },
    /// An attribute that is something else than expected.
    #[error("<{element}>: `{attribute}` is `{found}`, expected {expected}")]
    Bad {
        /// The element, with its id.
        element: String,
        /// The attribute.
        attribute: &'static str,
        /// What stood there.
        found: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// Two vehicles with one id.
    #[error("`{id}` stands already on line {other}; give each its own id")]
    Duplicate {
        /// The id.
        id: Ref,
        /// The earlier line.
        other: u64,
    },
    /// Something that is named and not there.
    #[error("<{element}>: no {what} is called `{found}`{}", .near.as_ref().map_or(String::new(), |n| format!("; did you mean `{n}`?")))]
    Unknown {
        /// The element, with its id.
        element: String,
        /// What was looked for: a vehicle type, a route, an edge.
        what: &'static str,
        /// What stood there.
        found: String,
        /// The nearest name.
        near: Option<String>,
    },
}

/// Why a route file was refused.
#[derive(Debug, thiserror::Error)]
pub enum RoutesError {
    /// No XML, or not SUMO's.
    #[error(transparent)]
    Sumo(#[from] SumoError),
    /// Elements that make no sense.
    #[error(transparent)]
    Elements(#[from] RowErrors<RoutesProblem>),
}
