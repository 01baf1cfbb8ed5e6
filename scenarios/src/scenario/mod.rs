//! The scenario file: TOML with units and a schema, read with errors that point at their line.
//!
//! [`mod@file`] and [`conditions`] say what may stand in it, [`read`] reads it, [`check`] holds what one key means for another, [`source`] finds the files
//! it names.

pub mod area;
pub mod automation;
pub mod check;
pub mod conditions;
pub mod emergency;
pub mod error;
pub mod file;
pub mod interventions;
pub mod quantity;
pub mod read;
pub mod schema;
pub mod sentence;
pub mod signals;
pub mod source;
