//! Demand from CityFlow: the trips of a `flow.json`, along the roads it names.

use super::draw::{Drawn, Unreachable};
use maps::cityflow::{CityflowError, read_flow};
use sim_core::{class::VehicleClass, network::RoadNetwork};

pub use maps::cityflow::is_flow;

/// Reads a flow file from the bytes of a file that messages call `file`.
///
/// # Errors
/// The file is no flow file, is damaged, has a value out of range or names a road that is not on the map. A trip whose roads do not join is no
/// error: it is counted and named in the result.
pub fn parse_flow(file: &str, bytes: &[u8], network: &RoadNetwork) -> Result<Drawn, CityflowError> {
    let flow = read_flow(file, bytes, network)?;
    let unreachable = flow.unreachable.into_iter().map(|(ref_, from, to)| Unreachable {
        ref_,
        class: VehicleClass::Car,
        from: network.link(from).ref_.clone(),
        to: network.link(to).ref_.clone(),
        trips: 1,
    });
    let mut drawn = Drawn { trips: flow.trips, unreachable: unreachable.collect(), ..Drawn::default() };
    // Sizes and behaviour are those of the scenario's class table, as for every other demand.
    if flow.others > 0 {
        drawn.unused.insert("vehicles of another kind than most: taken for the same".into(), flow.others);
    }
    Ok(drawn)
}
