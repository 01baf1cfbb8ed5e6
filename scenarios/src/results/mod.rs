//! The result folder of a run: JSON for what made it and what came of it, Parquet for the long tables, written beside and renamed.
//!
//! Everything but `machine.json` is the same, byte for byte, for the same inputs and seed: no times, hosts or absolute paths.

pub mod batch;
mod error;
pub mod folder;
pub mod machine;
pub mod record;
pub mod table;
pub mod tables;

pub use error::ResultError;
