//! What a run measured: trips, links by interval and class, detectors, events. The engine writes it, nobody else.

mod record;

pub use record::{Event, EventKind, LinkCell, LinkState, Measurements, TripRecord, TripStatus, WaitingTotals};
