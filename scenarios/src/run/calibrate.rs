//! Demand from counts: the fit and the simulation take turns.

use super::{
    RunError,
    prepare::{Counted, Ground, Prepared, demand_window},
    progress::Progress,
    simulate::{Setup, simulate},
};
use crate::{
    demand::{
        RouteBook,
        calibrate::{Calibration, CalibrationInputs, CalibrationSettings, SimulatedCounts, calibrate},
        holdout::{Corridor, HoldoutSettings},
    },
    scenario::{check::Scenario, file::FitTable},
};
use serde_json::{Value, json};
use sim_core::{
    detector::Detector,
    measure::{Measurements, TripStatus},
    network::RoadNetwork,
};
use std::{cell::Cell, sync::Arc};

/// A demand that was fitted, and how well.
#[derive(Debug)]
pub struct Fitted {
    /// The demand, for any seed.
    pub demand: Prepared,
    /// The story of the fit for `run.json`.
    pub report: Value,
    /// The same for a person, in lines.
    pub text: String,
    /// Trips of the fitted table that no way serves.
    pub day: String,
}

/// Fits the prior to the counts.
///
/// # Errors
/// No usable counts, or a simulation that fails.
#[expect(clippy::too_many_arguments, reason = "each is another thing, and a struct of them would be built here only")]
pub fn fit(
    scenario: &Scenario,
    table: &FitTable,
    counted: &Counted,
    network: &Arc<RoadNetwork>,
    ground: &Ground,
    detectors: &[Detector],
    threads: usize,
    progress: &dyn Progress,
) -> Result<Fitted, RunError> {
    let window = scenario.window;
    let corridor = match table.corridor.as_str() {
        "auto" => Corridor::Auto,
        "none" => Corridor::None,
        name => Corridor::Named(name.to_owned()),
    };
    let holdout = HoldoutSettings { share: table.hold_out.base(), corridor };
    let settings = CalibrationSettings {
        seed: scenario.parsed.file.seed,
        iterations: table.iterations as usize,
        warm_up_s: window.measured_from_s - window.from_s,
        holdout: Some(holdout).filter(|h| h.share > 0.0 || h.corridor != Corridor::None),
        refit_with_all: table.refit_with_all,
        ..CalibrationSettings::default()
    };
    let inputs = CalibrationInputs {
        network,
        classes: &scenario.classes,
        router: &ground.router,
        zones: &counted.zones,
        detectors,
        counts: &counted.counts,
        window: demand_window(&window),
        prior: &counted.prior,
        settings: &settings,
    };
    let runs = 1 + table.iterations + u32::from(table.refit_with_all);
    let done = Cell::new(0);
    let mut simulated = |trips| -> Result<SimulatedCounts, RunError> {
        done.set(done.get() + 1);
        let part = format!("fit to counts, run {} of {runs}", done.get());
        let setup = Setup {
            network: network.clone(),
            classes: scenario.classes.clone(),
            trips,
            detectors: detectors.to_vec(),
            window,
            seed: settings.seed,
            threads,
        };
        let (simulation, _) = simulate(setup, false, &part, progress)?;
        let measured = simulation.measurements();
        Ok(SimulatedCounts { readings: measured.readings.clone(), slowness: slowness(measured) })
    };
    let calibration = calibrate(&inputs, &mut simulated).map_err(|e| RunError::input(describe(&e)))?;
    let report = report(&calibration);
    let text = text(&calibration);
    let day = calibration.day.to_string();
    progress.begin("routes", 0.0, 0.0);
    let book = RouteBook::new(&ground.router, &counted.zones, &calibration.od);
    Ok(Fitted { demand: Prepared::Table { od: calibration.od, book }, report, text, day })
}

/// An error with its causes.
fn describe(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let shown = inner.to_string();
        if !text.contains(&shown) {
            text.push_str(": ");
            text.push_str(&shown);
        }
        cause = inner.source();
    }
    text
}

/// How many times as long as on free roads the arrived trips took.
fn slowness(measured: &Measurements) -> Option<f64> {
    let arrived = measured.trips.iter().filter(|t| t.status == TripStatus::Arrived);
    let (took, free) = arrived.fold((0.0, 0.0), |(took, free), t| match (t.arrived_s, t.entered_s) {
        (Some(arrived), Some(entered)) => (took + arrived - entered, free + t.free_flow_s),
        _ => (took, free),
    });
    (free > 0.0).then(|| (took / free).max(1.0))
}

fn report(c: &Calibration) -> Value {
    json!({
        "day": c.day.to_string(),
        "prior": c.prior,
        "prior_level": c.prior_level,
        "fits": c.iterations,
        "chosen": c.iterations.get(c.chosen).map(|q| q.label.clone()),
        "held_out": c.held_out,
        "corridor_held_out": c.corridor.as_ref().map(|(name, detectors)| json!({ "road": name, "detectors": detectors })),
        "saturated": c.saturated,
        "classes_fitted_together": c.class_groups,
    })
}

fn text(c: &Calibration) -> String {
    let mut lines = vec![c.prior.to_string()];
    lines.extend(c.iterations.get(c.chosen).map(ToString::to_string));
    lines.join("\n")
}
