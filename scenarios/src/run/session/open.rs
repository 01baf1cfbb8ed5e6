//! How a session is opened: map, register, demand and conditions read in the order in which they need one another.

use super::{RunSettings, Session};
use crate::{
    kpi::Bilingual,
    register::{Equipment, Register},
    results::{machine::Timing, record::MapRecord},
    run::{
        RunError, arterial, assumption,
        calibrate::{Fitted, fit},
        conditions::{Conditions, equip_signals, set_plans, time_plans},
        emergency::Emergency,
        interventions::{built_with, closures, response_of, script_of, site},
        load::{Found, find, open_map},
        prepare::{Ground, Prepared, Reader, make_prior, read_counts, read_demand, read_detectors},
        progress::Progress,
    },
    scenario::{check::Demand, interventions::Response, read::Setting},
};
use sim_core::{demand::Trip, guide::Guidance, network::RoadNetwork};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex},
    time::Instant,
};

/// Whether demand from counts is fitted to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FitWanted {
    Yes,
    No,
}

impl Session {
    /// Finds a scenario, opens its map, reads its files and fits its demand.
    ///
    /// # Errors
    /// Anything about the inputs that makes no sense.
    pub fn open(argument: &Path, settings: &[Setting], run: RunSettings, progress: &dyn Progress) -> Result<Self, RunError> {
        Self::open_with(argument, settings, run, progress, None, FitWanted::Yes)
    }

    /// The same without fitting demand to counts: what is known before counting (inhabitants and distances, with the counted mix of
    /// classes) is taken as it is. Ready in seconds, for a window that wants traffic at once. Other demand is as in [`Session::open`].
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn open_unfitted(argument: &Path, settings: &[Setting], run: RunSettings, progress: &dyn Progress) -> Result<Self, RunError> {
        Self::open_with(argument, settings, run, progress, None, FitWanted::No)
    }

    /// The same for a variant of `base`: asks it for the same demand on the same map, the demand is the base's and is not fitted again.
    ///
    /// # Errors
    /// As [`Session::open`].
    pub fn open_variant(
        argument: &Path,
        settings: &[Setting],
        run: RunSettings,
        progress: &dyn Progress,
        base: &Self,
    ) -> Result<Self, RunError> {
        Self::open_with(argument, settings, run, progress, Some(base), FitWanted::Yes)
    }

    fn open_with(
        argument: &Path,
        settings: &[Setting],
        run: RunSettings,
        progress: &dyn Progress,
        base: Option<&Self>,
        fit_wanted: FitWanted,
    ) -> Result<Self, RunError> {
        let began = Instant::now();
        let found = find(argument, settings)?;
        progress.begin("map", 0.0, 0.0);
        let opened = open_map(&found)?;
        let left_out = opened.corrections_left_out();
        let mut network = opened.network;
        let map = MapRecord::of(&network);
        set_plans(&found.scenario.parsed, &mut network)?;
        let network = Arc::new(network);
        let scenario = &found.scenario;
        let mut reader = Reader::new(&found);
        let equipment = read_register(&found, &mut reader, &network)?;
        let (mut conditions, conditions_assumed) = Conditions::of(&found, &network)?;
        let load = began.elapsed();

        let began = Instant::now();
        progress.begin("demand", 0.0, 0.0);
        let ground = Ground::new(&network, &scenario.classes);
        let mut detectors = read_detectors(&scenario.demand, &mut reader, &ground)?;
        let counting = detectors.len();
        conditions.control = equip_signals(&found, &network, &mut detectors)?;
        if let Some(name) = &scenario.parsed.file.signals.network {
            reader.read("network", name)?;
        }
        let conditions = Arc::new(conditions);
        // What makes no sense is told before demand is fitted.
        built_with(&found, &network, &mut detectors.clone(), counting)?;
        let mut assumptions = assumption::of_inputs(&network, &scenario.parsed.file, &scenario.demand);
        assumptions.extend(assumption::corrections_left_out(left_out));
        assumptions.extend(conditions_assumed);
        let mut fitted_run = None;
        let lender = base.filter(|b| b.map == map && asks_for_same_demand(&b.found, &found));
        let mut observed = None;
        let (demand, fitted) = match (&scenario.demand, lender) {
            (_, Some(base)) => {
                observed.clone_from(&base.counts);
                (base.demand.clone(), base.fit.clone())
            }
            (Demand::Counts { zones, fit: table, .. }, None) => {
                let counts = read_counts(&found, &mut reader, &detectors[..counting])?;
                observed = Some(Arc::new(counts.clone()));
                let counted = make_prior(&found, zones, &mut reader, &ground, counts)?;
                if fit_wanted == FitWanted::No {
                    (Arc::new(Prepared::table(counted.prior, &counted.zones, &ground.router)), None)
                } else {
                    let fitted = fit(scenario, table, &counted, &network, &ground, &detectors, &conditions, run.threads, progress)?;
                    let Fitted { demand, report, text, run } = fitted;
                    fitted_run = run;
                    (Arc::new(demand), Some((report, text)))
                }
            }
            (_, None) => (Arc::new(read_demand(&found, &mut reader, &ground)?), None),
        };
        let known = network.clone();
        let draw = || -> Result<Vec<Trip>, RunError> { Ok(demand.draw(&ground, &scenario.window, scenario.parsed.file.seed)?.trips) };
        let timed = time_plans(scenario, &known, draw)?;
        let of_base = base.filter(|b| b.map == map);
        let arterial = match of_base {
            Some(base) => base.arterial.clone(),
            None => arterial::choose(&known, &draw()?).map(Arc::new),
        };
        let emergency = match &scenario.parsed.file.emergency {
            None => None,
            Some(table) => {
                let known_calls = of_base.and_then(|b| b.emergency.as_deref());
                let (all, assumed) = Emergency::new(table, (&known, &ground.router), &scenario.window, &draw()?, known_calls);
                assumptions.extend(assumed);
                // The runs of a fit had no ambulances.
                fitted_run = None;
                Some(Arc::new(all))
            }
        };
        fitted_run = fitted_run.filter(|_| timed.is_none());
        assumptions.extend(assumption::of_signals(&scenario.parsed.file, conditions.control.as_ref()));
        drop(ground);
        let network = timed.map_or(network, Arc::new);
        let (network, conditions) = match built_with(&found, &network, &mut detectors, counting)? {
            Some((network, conditions)) => (network, Arc::new(conditions)),
            None => (network, conditions),
        };
        let draw = || Ok(demand.draw(&Ground::new(&known, &scenario.classes), &scenario.window, scenario.parsed.file.seed)?.trips);
        let zones = demand.zones();
        let script = script_of(&found, &network, &detectors, &conditions, &zones, draw)?;
        let response = response_of(&scenario.parsed.file);
        let closed = closures(&script, &network, &site(&found, &network, &[], &zones));
        let conditions = if script.is_empty() && response != Response::Informed {
            conditions
        } else {
            let told = conditions.guidance.or((response == Response::Informed).then(Guidance::default));
            Arc::new(Conditions { script, guidance: told, ..(*conditions).clone() })
        };
        fitted_run = fitted_run.filter(|_| conditions.script.is_empty());
        assumptions.extend(assumption::response(&scenario.parsed.file, response));
        if equipment.as_ref().is_some_and(|e| e.header.illustrative) {
            let text = crate::lang::Text::IllustrativeRegister;
            assumptions.push(Bilingual::new(text.get(crate::lang::Lang::Vi), text.get(crate::lang::Lang::En)));
        }
        let inputs = reader.inputs;
        let timing = Timing { load, demand: began.elapsed(), ..Timing::default() };
        Ok(Self {
            network,
            known,
            map,
            detectors,
            counting,
            conditions,
            response,
            closed,
            demand,
            counts: observed,
            fit: fitted,
            fitted_run: Mutex::new(fitted_run),
            equipment,
            emergency,
            arterial,
            inputs,
            assumptions,
            timing,
            found,
        })
    }
}

/// Whether two scenarios ask for the same travellers at the same hours, down to the bytes of the files they name.
fn asks_for_same_demand(a: &Found, b: &Found) -> bool {
    let (ours, theirs) = (&a.scenario.parsed.file, &b.scenario.parsed.file);
    let names = [&ours.demand.counts, &ours.demand.detectors, &ours.demand.zones, &ours.demand.od, &ours.demand.trips];
    let is_same_file = |name: &String| match (a.source.read(name), b.source.read(name)) {
        (Ok(a), Ok(b)) => a.bytes == b.bytes,
        _ => false,
    };
    ours.demand == theirs.demand && a.scenario.window == b.scenario.window && names.into_iter().flatten().all(is_same_file)
}

fn read_register(found: &Found, reader: &mut Reader, network: &RoadNetwork) -> Result<Option<Equipment>, RunError> {
    let Some(name) = &found.scenario.parsed.file.register else { return Ok(None) };
    let files: BTreeMap<String, Vec<u8>> = reader
        .read_folder("register", name)?
        .into_iter()
        .filter(|f| [".csv", ".toml", ".geojson"].iter().any(|e| f.name.ends_with(e)))
        .filter_map(|f| Some((f.name.rsplit('/').next()?.to_owned(), f.bytes)))
        .collect();
    let at = |e: &dyn std::fmt::Display| found.scenario.parsed.error_at("register", e.to_string());
    let register = Register::from_files(&files).map_err(|e| at(&e))?;
    Ok(Some(register.on(network).map_err(|e| at(&e))?))
}
