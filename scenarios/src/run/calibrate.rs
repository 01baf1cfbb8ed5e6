//! Demand from counts: the fit and the simulation take turns.

use super::{
    RunError,
    conditions::Conditions,
    fit_text,
    observe::Observed,
    prepare::{Counted, Ground, Prepared, demand_window},
    progress::Progress,
    simulate::{Setup, Simulated, simulate_seen},
};
use crate::{
    demand::{
        calibrate::{Calibration, CalibrationInputs, CalibrationSettings, SimulatedCounts, calibrate},
        holdout::{Corridor, HoldoutSettings},
    },
    kpi::Bilingual,
    scenario::{check::Scenario, file::FitTable},
};
use serde_json::{Value, json};
use sim_core::{
    demand::Trip,
    detector::Detector,
    measure::{Measurements, TripStatus},
    network::RoadNetwork,
    simulation::Simulation,
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// A demand that was fitted, and how well.
#[derive(Debug)]
pub struct Fitted {
    /// The demand, for any seed.
    pub demand: Prepared,
    /// The story of the fit for `run.json`.
    pub report: Value,
    /// The same for a person.
    pub text: Vec<Bilingual>,
    /// The run that the fit was judged by. With the same seed it need not be made again.
    pub run: Option<FittedRun>,
}

/// A simulation after its last step.
#[derive(Debug)]
pub struct FittedRun {
    /// The simulation.
    pub simulation: Simulation,
    /// What was seen on the way.
    pub observed: Observed,
    /// How long it took.
    pub took: Duration,
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
    conditions: &Arc<Conditions>,
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
    let mut done = Vec::new();
    let mut simulated = |trips: Vec<Trip>| -> Result<SimulatedCounts, RunError> {
        let part = format!("fit to counts, run {} of {runs}", done.len() + 1);
        let began = Instant::now();
        let setup = Setup {
            network: network.clone(),
            classes: scenario.classes.clone(),
            trips,
            detectors: detectors.to_vec(),
            conditions: conditions.clone(),
            window,
            seed: settings.seed,
            threads,
            conflicts: false,
        };
        let Simulated { simulation, observed, .. } = simulate_seen(setup, false, &part, progress)?;
        let measured = simulation.measurements();
        let counts = SimulatedCounts { readings: measured.readings.clone(), slowness: slowness(measured) };
        done.push(FittedRun { simulation, observed, took: began.elapsed() });
        Ok(counts)
    };
    let calibration = calibrate(&inputs, &mut simulated).map_err(|e| RunError::input(describe(&e)))?;
    let report = report(&calibration);
    let text = fit_text::lines(&calibration);
    let run = done.into_iter().find(|r| r.simulation.trips().strip_suffix(&conditions.lines[..]) == Some(&calibration.trips[..]));
    Ok(Fitted { demand: Prepared::table_on(calibration.od, calibration.book, &counted.zones), report, text, run })
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
        "chosen": c.iterations.get(c.chosen).map(|q| q.label),
        "judged_by": c.iterations.get(c.honest).map(|q| q.label),
        "held_out_nearer_than_prior": fit_text::verdict(c, |q| q.held_out.as_ref()).map(|v| v.is_better),
        "corridor_nearer_than_prior": fit_text::verdict(c, |q| q.corridor.as_ref()).map(|v| v.is_better),
        "held_out": c.held_out,
        "corridor_held_out": c.corridor.as_ref().map(|(name, detectors)| json!({ "road": name, "detectors": detectors })),
        "saturated": c.saturated,
        "uncounted": c.uncounted,
        "classes_fitted_together": c.class_groups,
    })
}
