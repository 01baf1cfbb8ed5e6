//! How serious accidents change between a base and its variants (K08), and whether that depends on the model's own assumptions: a few pairs
//! of runs again with weaker brakes, longer headways and a shorter step.

use super::{
    RunError,
    compare::run_name,
    progress::Quiet,
    session::{RunSettings, Session},
    workers::each,
};
use crate::{
    kpi::{Accidents, SafetyFacts},
    report::Side,
    results::batch::Batch,
};
use sim_core::class::{ClassParams, ClassTable, VehicleClass};
use std::collections::BTreeMap;

/// So many of the pairs are run again.
const PAIRS: usize = 3;
/// What is tried, by name: factors on all braking, on the headway, on the step.
const LOOKS: [(&str, [f32; 3]); 3] = [("braking", [0.8, 1.0, 1.0]), ("headway", [1.0, 1.2, 1.0]), ("step", [1.0, 1.0, 0.5])];
/// The engine steps no shorter than this, seconds.
const STEP_LEAST_S: f32 = 0.1;

/// Estimates the change for every variant, running what is missing; without conflicts by speeds alone.
///
/// # Errors
/// A run that fails, or a folder that cannot be written.
pub(super) fn judge(batch: &Batch, sessions: &[Session], sides: &mut [Side], seeds: &[u64], run: RunSettings) -> Result<(), RunError> {
    let seeds = &seeds[..seeds.len().min(PAIRS)];
    let looks: &[_] = if run.conflicts { &LOOKS } else { &[] };
    let mut altered = Vec::new();
    for (what, factors) in looks {
        let of = |session: &Session| -> Result<Session, RunError> {
            let scenario = &session.found.scenario;
            let step_s = (scenario.window.step_s * factors[2]).max(STEP_LEAST_S);
            Ok(session.altered(&classes(&scenario.classes, factors[0], factors[1])?, step_s))
        };
        altered.push((*what, sessions.iter().map(of).collect::<Result<Vec<_>, _>>()?));
    }
    let name = |what: &str, side: usize, seed: u64| format!("{what}-{}", run_name(side, seed));
    let mut jobs = Vec::new();
    for (n, (what, _)) in altered.iter().enumerate() {
        for side in 0..sessions.len() {
            for seed in seeds {
                if batch.finished(&name(what, side, *seed))?.is_none() {
                    jobs.push((n, side, *seed));
                }
            }
        }
    }
    // The ways of an assignment are not made again here: both sides take those chosen on free roads.
    let one = RunSettings { threads: 1, assign: 0, ..run };
    each(jobs.len(), run.threads, |j| -> Result<(), RunError> {
        let (n, side, seed) = jobs[j];
        let (what, sessions) = &altered[n];
        let done = sessions[side].run_seed(seed, one, &Quiet)?;
        let text = serde_json::to_string(&done.safety).expect("plain data");
        Ok(batch.keep(&name(what, side, seed), &text)?)
    })?;
    let read = |what: &str, side: usize| -> Result<Vec<SafetyFacts>, RunError> {
        let one = |seed: &u64| -> Result<SafetyFacts, RunError> {
            let name = name(what, side, *seed);
            let gone = || RunError::Input(format!("the finished run `{name}` was taken away meanwhile"));
            let text = batch.finished(&name)?.ok_or_else(gone)?;
            let damaged = |e| RunError::Input(format!("the finished run `{name}` is damaged: {e}; delete its file and start again"));
            serde_json::from_str(&text).map_err(damaged)
        };
        seeds.iter().map(one).collect()
    };
    for side in 1..sides.len() {
        let mut others = BTreeMap::new();
        for (what, _) in looks {
            others.insert((*what).to_owned(), [read(what, 0)?, read(what, side)?]);
        }
        let found = Accidents::of(&sides[0].safety, &sides[side].safety, &others);
        let driven = |side: &Side| side.values.get("B10").cloned().unwrap_or_default();
        sides[side].accidents = Some(found.at_distances(&driven(&sides[0]), &driven(&sides[side])));
    }
    Ok(())
}

/// The classes with all braking and headways multiplied.
fn classes(table: &ClassTable, braking: f32, headway: f32) -> Result<ClassTable, RunError> {
    let entry = |n: usize| {
        let p = table.get(VehicleClass::ALL[n]);
        ClassParams {
            brake_comfort_mps2: p.brake_comfort_mps2 * braking,
            brake_max_mps2: p.brake_max_mps2 * braking,
            brake_wet_mps2: p.brake_wet_mps2 * braking,
            headway_s: p.headway_s * headway,
            ..p.clone()
        }
    };
    ClassTable::new(std::array::from_fn(entry)).map_err(RunError::input)
}
