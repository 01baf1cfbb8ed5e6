//! One run, from a scenario to a result folder: load, make the demand, simulate, evaluate, write.
//!
//! [`load`] finds out what is meant and reads it, [`prepare`] and [`calibrate`] turn demand into trips, [`simulate`] steps, [`session`]
//! does all of it for one seed or several and [`mod@write`] puts the result folder together.

pub mod arterial;
pub mod assign;
pub mod assumption;
pub mod calibrate;
pub mod compare;
pub mod conditions;
pub mod emergency;
mod error;
mod fit_text;
pub mod happened;
pub mod interventions;
pub mod load;
pub mod map;
pub mod observe;
pub mod prepare;
pub mod progress;
mod sensitivity;
pub mod session;
pub mod simulate;
pub(crate) mod workers;
pub mod write;

pub use error::RunError;
