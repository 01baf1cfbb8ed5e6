//! From a command line to a window: finds the scenario or map, opens the map at once, and leaves making the trips to the simulation's thread.

use crate::{app::Opening, engine::RunningSimulation, scenery::first_view};
use maps::sketch;
use scenarios::{
    lang::Lang,
    run::{
        RunError,
        load::{find, open_map},
        map::EMBEDDED,
        prepare::{Ground, Reader, read_detectors},
        progress::Quiet,
        session::{RunSettings, Session},
    },
    scenario::read::Setting,
};
use sim_core::{
    geometry::Point,
    network::{RoadNetwork, world_point},
};
use std::{path::PathBuf, sync::Arc};

/// What to open, and how.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// A scenario file, an example's name, or a map.
    pub scenario: PathBuf,
    /// Values of the scenario to change.
    pub settings: Vec<Setting>,
    /// Keys every random draw, instead of the scenario's seed.
    pub seed: Option<u64>,
    /// The language.
    pub lang: Lang,
    /// Simulated seconds per second.
    pub speed: f64,
}

/// Opens the map, and says how the simulation is made ready.
///
/// # Errors
/// A scenario or map that is not there or makes no sense.
pub fn load(wanted: Wanted) -> Result<(Opening, impl FnOnce() -> Result<RunningSimulation, String> + Send + 'static), RunError> {
    let found = find(&wanted.scenario, &wanted.settings)?;
    let network = open_map(&found)?.network;
    let scenario = &found.scenario;
    let detectors = {
        let ground = Ground::new(&network, &scenario.classes);
        read_detectors(&scenario.demand, &mut Reader::new(&found), &ground)?
    };
    let counted = detectors.iter().map(|d| world_point(&network, d.link, f64::from(d.pos_m), 0.0).0).collect();
    let (origin, extent_m) = look_at(&network, counted);
    let is_embedded = scenario.parsed.file.map == EMBEDDED;
    let waters = if is_embedded { sketch::waters().map_err(RunError::input)? } else { Vec::new() };
    let title = scenario.parsed.file.name.clone();
    let start_s = scenario.window.from_s;
    let opening = Opening { network: Arc::new(network), waters, origin, extent_m, title, start_s, lang: wanted.lang, speed: wanted.speed };
    Ok((opening, move || make(&wanted, origin).map_err(|e| e.to_string())))
}

/// The middle of where it is counted, else of the network.
fn look_at(network: &RoadNetwork, counted: Vec<Point>) -> (Point, f64) {
    first_view(if counted.is_empty() { network.junctions.iter().map(|j| j.centre).collect() } else { counted })
}

fn make(wanted: &Wanted, origin: Point) -> Result<RunningSimulation, RunError> {
    // One core is left to the window.
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1).max(1));
    let session =
        Session::open(&wanted.scenario, &wanted.settings, RunSettings { threads, check: false, conflicts: false, assign: 0 }, &Quiet)?;
    let end_s = session.found.scenario.window.to_s;
    let seed = wanted.seed.unwrap_or(session.found.scenario.parsed.file.seed);
    let simulation = session.simulation(seed, threads)?;
    Ok(RunningSimulation::new(simulation, end_s, origin))
}
