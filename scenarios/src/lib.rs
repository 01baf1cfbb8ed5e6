//! What-if: scenario files, feeds, demand from counts, runs and their results, the plan's indicators. The `agtwin` program is a thin
//! door to this library.

pub mod cli;
pub mod demand;
pub mod intervention;
pub mod kpi;
pub mod lang;
pub mod rank;
pub mod register;
pub mod report;
pub mod results;
pub mod run;
pub mod scenario;
pub mod timeline;
