//! Demand from SUMO: `.rou.xml` and `.trips.xml` files with vehicles, trips, flows, routes and vehicle types
//! (<https://sumo.dlr.de/docs/Definition_of_Vehicles,_Vehicle_Types,_and_Routes.html>). Times are seconds after midnight.

mod draw;
mod problem;
mod read;
mod stops;

#[cfg(test)]
mod tests;

pub use problem::{RoutesError, RoutesProblem};

use super::{draw::Drawn, routing::Router, table::RowErrors};
use maps::sumo::xml;
use sim_core::network::RoadNetwork;

/// Whether these bytes begin like a route file of SUMO: the outermost element is `<routes>`, `<trips>` or `<additional>`.
pub fn is_routes(bytes: &[u8]) -> bool {
    xml::root_of(bytes).is_some_and(|root| read::ROOTS.contains(&root.as_str()))
}

/// Reads a route file from the bytes of a file that messages call `file`, and routes its trips; `seed` keys the draws of random flows,
/// places and distributions.
///
/// # Errors
/// The file is no route file of SUMO, is damaged, or has elements that make no sense: all of these are listed. A trip without a way is no
/// error: it is counted and named in the result, and so is what the file says and nothing uses.
pub fn parse_routes(file: &str, bytes: &[u8], network: &RoadNetwork, router: &Router, seed: u64) -> Result<Drawn, RoutesError> {
    let read = read::read(file, &xml::unpacked(file, bytes)?, seed)?;
    let problems = read.problems.clone();
    let (drawn, more) = draw::draw(read, network, router, seed);
    let mut problems: Vec<(u64, RoutesProblem)> = problems.into_iter().chain(more).collect();
    if problems.is_empty() {
        return Ok(drawn);
    }
    problems.sort_by_key(|(line, _)| *line);
    Err(RowErrors { file: file.to_owned(), problems }.into())
}
