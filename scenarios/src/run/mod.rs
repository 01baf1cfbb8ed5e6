//! One run, from a scenario to a result folder: load, make the demand, simulate, evaluate, write.
//!
//! [`load`] finds out what is meant and reads it, [`prepare`] turns demand into trips, [`simulate`] steps, [`finish`] writes the folder,
//! [`batch`] does it for several seeds.

mod error;
pub mod load;
pub mod map;
pub mod prepare;
pub mod progress;
pub mod simulate;

pub use error::RunError;
