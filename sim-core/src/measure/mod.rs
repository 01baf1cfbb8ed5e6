//! What a run measured: trips, links by interval and class, detectors, events. The engine writes it, nobody else.

mod conflict;
mod gridlock;
pub(crate) mod meter;
mod record;
mod surrogate;
mod watch;

pub use conflict::*;
pub(crate) use gridlock::look_for_gridlock;
pub(crate) use meter::{Meter, QUEUE_MPS};
pub use record::{Event, EventKind, LinkCell, LinkState, Measurements, TripRecord, TripStatus, WaitingTotals};
pub(crate) use surrogate::Expected;
pub(crate) use watch::{Sight, Watched};
