//! Files to road networks: OpenStreetMap readers, clean-up passes, the embedded An Giang map, spatial index.
//!
//! Start at [`import::import`]: a file in, a checked [`sim_core::network::RoadNetwork`] and a report of what was read, dropped, repaired and
//! assumed out. [`sketch::embedded`] does the same for the map that travels with the program.

pub mod cityflow;
pub mod compiled;
pub mod corrections;
pub mod diff;
pub mod export;
pub mod import;
pub mod index;
pub mod osm;
pub mod sketch;
pub mod sumo;
#[cfg(test)]
mod testing;
