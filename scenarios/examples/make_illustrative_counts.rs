//! Rebuilds the illustrative counts of the default scenario: a made-up true demand, whose structure differs from what the calibration
//! assumes, is simulated on the embedded map, and the noisy readings of the scenario's detectors are written as `counts.csv`.
//! Run it after the map or the detectors changed: `cargo run --release -p agtwin-scenarios --example make_illustrative_counts`.

use chrono::{FixedOffset, NaiveDate};
use maps::index::NetworkIndex;
use scenarios::demand::{
    CountsFrame, DetectorNoise, Region, Rounding, RouteBook, Router, RouterSettings, Window, ZoneSettings, detectors, draw,
    illustrative_counts, truth_demand, truth_drivers, zones,
};
use sim_core::{
    geometry::LatLon,
    simulation::{SimConfig, Simulation},
};
use std::{error::Error, path::Path, sync::Arc};

/// 06:30 to 08:30.
const MORNING: Window = Window::new(6.5 * 3600.0, 8.5 * 3600.0);
/// The truth also fills the roads before the first count.
const WARM_UP_S: f64 = 1800.0;
/// Trips in the morning, warm-up included (assumed).
const TRIPS: f64 = 23_000.0;
/// A circle about Long Xuyên that holds its wards and every detector: trips begin and end in it or at its edge.
const CENTRE: LatLon = LatLon { lat: 10.372, lon: 105.452 };
const RADIUS_M: f64 = 12_500.0;
const SEED: u64 = 2_026;

const TITLE: &str = "Illustrative counts for Long Xuyên, 06:30 to 08:30: NOT MEASURED.
Drawn from a simulated morning with a made-up demand on the embedded sketch map, with the errors of detectors.
Rebuilt by the example make_illustrative_counts; replace this file by your own counts.";

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/long-xuyen-morning");
    let network = maps::sketch::embedded()?.network;
    let detectors = detectors::read(&folder.join("detectors.csv"), &network, &NetworkIndex::new(&network))?;
    let classes = truth_drivers();
    // The true drivers choose among more routes, and less sharply, than the calibration assumes.
    let settings =
        RouterSettings { alternatives: 4, penalty_most: 2.2, choice_spread: 0.2, choice_spread_least_s: 45.0, ..Default::default() };
    let router = Router::new(&network, &classes, settings);
    let region = Region { centre: network.meta.frame.project(CENTRE), radius_m: RADIUS_M };
    // Finer zones than the scenario's.
    let zones = zones::from_network(&network, &ZoneSettings { region: Some(region), split_population: 12_000.0, ..Default::default() });
    let window = Window::new(MORNING.from_s - WARM_UP_S, MORNING.to_s);
    let od = truth_demand(&router, &zones, window, TRIPS, SEED);
    let drawn = draw(&od, &RouteBook::new(&router, &zones, &od), SEED, Rounding::Poisson);
    println!(
        "{} zones, {} detectors, {} trips, {} without a way",
        zones.len(),
        detectors.len(),
        drawn.trips.len(),
        drawn.unreachable_trips()
    );

    let config = SimConfig { seed: SEED, start_s: window.from_s, interval_s: 900.0, ..SimConfig::default() };
    let mut simulation = Simulation::new(Arc::new(network), classes, drawn.trips, detectors.clone(), config)?;
    while simulation.time_s() < window.to_s {
        simulation.step();
    }
    println!("{:?}", simulation.population());

    let day = NaiveDate::from_ymd_opt(2026, 3, 10).ok_or("no such day")?;
    let zone = FixedOffset::east_opt(7 * 3600).ok_or("no such zone")?;
    let frame = CountsFrame { day, zone, window: MORNING, interval_s: 900.0 };
    let mut file = Vec::new();
    illustrative_counts(&mut file, TITLE, &simulation.measurements().readings, &detectors, frame, DetectorNoise::default(), SEED)?;
    std::fs::write(folder.join("counts.csv"), &file)?;
    println!("counts.csv: {} bytes", file.len());
    Ok(())
}
