//! The twin experiment with the engine itself: the truth is driven by other drivers than the fit's simulation has, on other routes, from
//! another structure of demand, and counted by noisy detectors; queues at signals delay both.

use super::twin::{MORNING, Twin, detectors, od_error};
use crate::demand::{CalibrationSettings, Corridor, HoldoutSettings, RunLabel, SimulatedCounts, truth_drivers};
use sim_core::{
    class::ClassTable,
    demand::Trip,
    detector::Detector,
    error::SimError,
    measure::TripStatus,
    network::RoadNetwork,
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;

/// A run of the morning by the engine: what its detectors counted, and how much slower than on free roads it was.
fn drive(net: &RoadNetwork, classes: &ClassTable, detectors: &[Detector], trips: &[Trip], seed: u64) -> Result<SimulatedCounts, SimError> {
    let config = SimConfig { seed, start_s: MORNING.from_s, interval_s: 900.0, ..SimConfig::default() };
    let mut simulation = Simulation::new(Arc::new(net.clone()), classes.clone(), trips.to_vec(), detectors.to_vec(), config)?;
    while simulation.time_s() < MORNING.to_s {
        simulation.step();
    }
    let measured = simulation.measurements();
    let arrived = measured.trips.iter().filter(|t| t.status == TripStatus::Arrived);
    let (took, free) = arrived.fold((0.0, 0.0), |(took, free), t| match (t.arrived_s, t.entered_s) {
        (Some(arrived), Some(entered)) => (took + arrived - entered, free + t.free_flow_s),
        _ => (took, free),
    });
    Ok(SimulatedCounts { readings: measured.readings.clone(), slowness: (free > 0.0).then(|| (took / free).max(1.0)) })
}

#[test]
fn the_fit_finds_counts_of_the_engine_it_never_saw() {
    let truth = truth_drivers();
    let twin = Twin::make(&|net, _, trips| drive(net, &truth, &detectors(net), trips, 77).unwrap().readings);
    let holdout = HoldoutSettings { share: 0.2, corridor: Corridor::Named("Row 3".into()) };
    let settings = CalibrationSettings { iterations: 2, holdout: Some(holdout), ..Default::default() };
    let found = twin.calibrate_by(&settings, &mut |trips| drive(&twin.net, &twin.classes, &twin.detectors, &trips, 1));
    println!("{}", found.prior);
    found.iterations.iter().for_each(|q| println!("{q}"));
    let (before, after) = (od_error(&twin.prior, &twin.truth), od_error(&found.od, &twin.truth));
    println!("trips: truth {:.0}, prior {:.0}, fit {:.0}", twin.truth.total(), twin.prior.total(), found.od.total());
    println!("error over pairs of zones: prior {before:.2}, fit {after:.2}");

    let fit = &found.iterations[found.honest];
    assert_ne!(fit.label, RunLabel::FitToAll);
    let near = |of: &crate::demand::FitQuality| [&of.fitted, &of.held_out, &of.corridor].map(|q| q.clone().unwrap());
    let ([seen, single, corridor], [seen_0, single_0, corridor_0]) = (near(fit), near(&found.prior));
    assert!(seen.geh_mean < 2.0 && seen.geh_below_5 > 0.9 && seen.geh_mean < 0.5 * seen_0.geh_mean, "{seen} against {seen_0}");
    assert!(single.geh_mean < 0.75 * single_0.geh_mean && single.rmsn < single_0.rmsn, "{single} against {single_0}");
    // The only road across two of the town's edges was held out: see the other twin.
    assert!(corridor.detectors >= 3 && corridor.geh_mean < 1.2 * corridor_0.geh_mean, "{corridor} against {corridor_0}");
    assert!((found.od.total() / twin.truth.total() - 1.0).abs() < 0.2, "{} trips of {}", found.od.total(), twin.truth.total());
    assert!(after < 0.75 * before, "{after} {before}");
}
