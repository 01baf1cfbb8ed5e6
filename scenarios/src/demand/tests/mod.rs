//! Tests of the demand on a small town built in code.

mod counts;
mod draws;
pub(in crate::demand) mod grid;
mod long_xuyen;
mod places;
mod routes;
mod twin;
mod twin_engine;
