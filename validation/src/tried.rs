//! Tried as a new user would: ten real files are imported and an hour of made-up traffic is run on each.

use crate::{
    check::{Check, Context, Measure, Trouble},
    osm_files::{FILES, OsmFile, PlainReading, plain_reading},
};
use maps::{
    import::{ImportOptions, ImportReport},
    osm::OsmData,
};
use scenarios::{
    demand::{Drawn, Router, RouterSettings, SyntheticSettings, Window, synthetic},
    run::prepare::moderate_flow,
};
use sim_core::{
    check::Checker,
    class::ClassTable,
    measure::TripStatus,
    network::RoadNetwork,
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;

/// The simulated hour.
const HOUR: (f64, f64) = (7.0 * 3600.0, 8.0 * 3600.0);
/// The part of it that the checker looks at, seconds from the beginning.
const CHECKED_S: f64 = 600.0;
/// A trip that wished to leave this long before the end should have arrived, seconds: the longest are 8 km as the crow flies.
const TRAVEL_S: f64 = 1_800.0;

/// One check per file.
pub fn checks() -> Vec<Check> {
    FILES
        .iter()
        .map(|file| Check::new(file.name, format!("{}: import, and an hour of made-up traffic", file.about), |c| try_file(c, file)))
        .collect()
}

fn try_file(context: &Context, file: &OsmFile) -> Result<Vec<Measure>, Trouble> {
    let (network, mut measures) = try_import(context, file)?;
    measures.extend(of_run(network)?);
    Ok(measures)
}

/// Imports a file and measures what came of it.
///
/// # Errors
/// When the file is not there or the import fails.
pub fn try_import(context: &Context, file: &OsmFile) -> Result<(RoadNetwork, Vec<Measure>), Trouble> {
    let path = context.file(file.path)?;
    let data = maps::osm::read(&path).map_err(Trouble::broken)?;
    let plain = plain_reading(&data);
    let (network, report) = import(data, file)?;
    network.check().map_err(Trouble::broken)?;
    let measures = of_import(&network, &report, &plain);
    Ok((network, measures))
}

/// What the import must have done.
fn of_import(network: &RoadNetwork, report: &ImportReport, plain: &PlainReading) -> Vec<Measure> {
    let groups = plain.signal_groups as f64;
    vec![
        Measure::near(
            "drivable road in the report, km",
            report.drivable_km,
            plain.drivable_km,
            0.12,
            "a plain reading of ways and one-way tags",
        )
        .decimals(1),
        Measure::within("share of drivable length kept", report.survival(), 0.95, 1.001, "issue: at least 95 %").decimals(3),
        Measure::within(
            "length of links against kept length",
            network.total_length_m() / 1000.0 / report.kept_km,
            0.70,
            1.05,
            "links end at stop lines, so junctions take some",
        ),
        Measure::within(
            "signalised junctions",
            report.signalised_junctions as f64,
            (groups * 0.6 - 1.0).floor().max(0.0),
            (groups * 1.25 + 1.0).ceil(),
            format!("{} signal nodes on drivable roads form {} groups within 45 m", plain.signal_nodes, plain.signal_groups),
        )
        .decimals(0),
        Measure::near(
            "controllers against signalised junctions reported",
            network.controllers.len() as f64,
            report.signalised_junctions as f64,
            0.0,
            "the report and the network say the same",
        )
        .decimals(0),
    ]
}

/// An hour of moderate traffic.
fn of_run(network: RoadNetwork) -> Result<Vec<Measure>, Trouble> {
    let network = Arc::new(network);
    let classes = ClassTable::default();
    let drawn = traffic(&network, &classes);
    let (lost, wished) = (drawn.unreachable_trips(), drawn.unreachable_trips() + drawn.trips.len() as u64);
    let trips = drawn.trips.len() as u64;
    let config = SimConfig { start_s: HOUR.0, ..SimConfig::default() };
    let mut simulation = Simulation::new(network, classes, drawn.trips, vec![], config).map_err(Trouble::broken)?;
    let mut checker = Checker::new(&simulation);
    while simulation.time_s() < HOUR.1 {
        simulation.step();
        if simulation.time_s() <= HOUR.0 + CHECKED_S {
            checker.after_step(&simulation).map_err(Trouble::broken)?;
        }
    }
    let population = simulation.population();
    let early = simulation.measurements().trips.iter().filter(|t| t.depart_s < HOUR.1 - TRAVEL_S);
    let (mut due, mut arrived) = (0u64, 0u64);
    for trip in early {
        due += 1;
        arrived += u64::from(trip.status == TripStatus::Arrived);
    }
    let share = |part: u64, whole: u64| part as f64 / (whole as f64).max(1.0);
    Ok(vec![
        // In a small extract many one-way streets only lead out over its edge, or only in: from or to there is no way.
        Measure::shown("trips with a way, share of those wished", 1.0 - share(lost, wished)).decimals(3),
        Measure::within("trips in the hour", trips as f64, 1.0, f64::INFINITY, "15 an hour for each km of road, at most 60 000")
            .decimals(0),
        Measure::near("trips accounted for at the end", population.total() as f64, trips as f64, 0.0, "nothing is ever lost").decimals(0),
        Measure::within(
            "vehicle-steps checked",
            checker.summary().vehicle_steps as f64,
            1.0,
            f64::INFINITY,
            "no promise broken in 10 minutes",
        )
        .decimals(0),
        Measure::within("arrived, of trips due half an hour before the end", share(arrived, due), 0.80, 1.0, "traffic flows (assumed)")
            .decimals(3),
    ])
}

fn traffic(network: &RoadNetwork, classes: &ClassTable) -> Drawn {
    traffic_between(network, classes, HOUR)
}

/// Moderate made-up traffic between two times, seconds after midnight: what a run on a map without any demand gets.
pub fn traffic_between(network: &RoadNetwork, classes: &ClassTable, window: (f64, f64)) -> Drawn {
    let router = Router::new(network, classes, RouterSettings::default());
    synthetic(network, &router, &SyntheticSettings::new(moderate_flow(network), Window::new(window.0, window.1), 1))
}

fn import(data: OsmData, file: &OsmFile) -> Result<(RoadNetwork, ImportReport), Trouble> {
    let imported = maps::import::import(data, file.path, &ImportOptions::default()).map_err(Trouble::broken)?;
    Ok((imported.network, imported.report))
}
