//! A base and its variants run over the same seeds with the same random numbers: as many runs at a time as there are threads, each kept as
//! soon as it is finished, so that an interrupted comparison goes on where it stopped.

use super::{
    RunError,
    progress::{Progress, Quiet},
    sensitivity,
    session::{RunSettings, SeedRun, Session},
    workers::each,
};
use crate::{
    kpi::{PAIRS_SCHEMA_VERSION, Phase, pairs_document, widest},
    lang::Lang,
    report::{self, Finished, PrecisionRecord, Report, Side},
    results::{
        ResultError,
        batch::{Batch, COMPARE_FILE, check_free},
        record::json,
    },
    scenario::{interventions::Response, read::Setting},
};
use serde_json::json;
use sim_core::demand::Trip;
use std::path::{Path, PathBuf};

/// Seeds are added so many at a time: each is a pair of runs for every variant.
const SEEDS_ADDED: usize = 2;

/// What to compare, and how.
#[derive(Clone, Debug)]
pub struct Order<'a> {
    /// The base.
    pub base: &'a Path,
    /// The variants, at least one.
    pub variants: &'a [PathBuf],
    /// Settings of all of them.
    pub settings: &'a [Setting],
    /// Pairs of runs, from the base's seed on.
    pub seeds: usize,
    /// Go on until the intervals are narrow enough.
    pub precision: Option<Precision>,
    /// The folder for the results; else `out/compare-…`, the first that is free or was begun with the same plan.
    pub folder: Option<&'a Path>,
    /// Replace a comparison in that folder.
    pub force: bool,
    /// The command that makes the results again.
    pub command: String,
    /// How to run.
    pub run: RunSettings,
}

/// How narrow the intervals must become.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Precision {
    /// Half of the 95 % interval of each main indicator's difference as a share of the base, at most.
    pub share: f64,
    /// Seeds at most.
    pub most: usize,
}

/// Runs what is missing, writes the folder and gives the report with its place.
///
/// # Errors
/// Bad input, measured hours that differ, a run that fails, a folder that is taken or cannot be written.
pub fn compare(order: &Order<'_>, lang: Lang, progress: &dyn Progress) -> Result<(Report, PathBuf), RunError> {
    if let Some(folder) = order.folder {
        check_free(folder, order.force)?;
    }
    let base = Session::open(order.base, order.settings, order.run, progress)?;
    let mut sessions = vec![base];
    for variant in order.variants {
        let variant = Session::open_variant(variant, order.settings, order.run, progress, &sessions[0])?;
        if sessions[0].measured() != variant.measured() {
            let message = "the base measures other hours than the variant; give both the same `from`, `to` and `warm_up`";
            return Err(variant.found.scenario.parsed.error_at("time", message).into());
        }
        sessions.push(variant);
    }
    if sessions.iter().any(|s| s.response() == Response::Reassigned) {
        // What is compared with ways chosen anew must have had the same chance.
        sessions[0].choose_anew();
    }
    let names = names(&sessions);
    let batch = open_batch(order, &plan(&sessions, order), &names)?;
    let first_seed = sessions[0].found.scenario.parsed.file.seed;
    let mut count = order.seeds;
    let (sides, precision) = loop {
        let seeds: Vec<u64> = (first_seed..).take(count).collect();
        progress.begin(&format!("{} runs", seeds.len() * sessions.len()), 0.0, 0.0);
        run_missing(&batch, &sessions, &seeds, order.run)?;
        let mut sides = read_sides(&batch, &sessions, &names, &seeds)?;
        sensitivity::judge(&batch, &sessions, &mut sides, &seeds, order.run)?;
        let Some(asked) = order.precision else { break (sides, None) };
        let widest = sides[1..].iter().filter_map(|v| widest(&report::pairs(&sides[0], v))).max_by(|a, b| a.0.total_cmp(&b.0));
        let reached = widest.is_none_or(|(share, _)| share <= asked.share);
        if reached || count >= asked.most {
            let record = PrecisionRecord {
                asked: asked.share,
                most: asked.most,
                widest: widest.map(|w| w.0),
                indicator: widest.map(|w| w.1.to_owned()),
                reached,
            };
            break (sides, Some(record));
        }
        count = (count + SEEDS_ADDED).min(asked.most);
    };
    let seeds = (first_seed..).take(count).collect();
    let mut report = Report::of(&sessions[0], order.command.clone(), seeds, sides);
    report.precision = precision;
    batch.text(COMPARE_FILE, &json(&document(&report)))?;
    report::write_batch(&batch, &report, lang)?;
    Ok((report, batch.finish()?))
}

/// Names of the scenarios, each its own: a second of the same name is `name (2)`.
fn names(sessions: &[Session]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for session in sessions {
        let plain = &session.found.scenario.parsed.file.name;
        let name = (1..).map(|n| if n == 1 { plain.clone() } else { format!("{plain} ({n})") }).find(|n| !names.contains(n));
        names.push(name.expect("one number is free"));
    }
    names
}

/// What is being computed: everything the runs depend on but their number.
fn plan(sessions: &[Session], order: &Order<'_>) -> String {
    let sides: Vec<_> =
        sessions.iter().map(|s| json!({ "scenario": s.found.scenario.parsed.file, "inputs": s.inputs(), "map": s.map_record() })).collect();
    json(
        &json!({ "schema_version": 1, "version": env!("CARGO_PKG_VERSION"), "assign": order.run.assign, "conflicts": order.run.conflicts, "sides": sides }),
    )
}

fn open_batch(order: &Order<'_>, plan: &str, names: &[String]) -> Result<Batch, ResultError> {
    if let Some(folder) = order.folder {
        return Batch::open(folder, plan, order.force);
    }
    let safe = |name: &str| name.trim().chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect::<String>();
    let name = format!("compare-{}", names.iter().map(|n| safe(n)).collect::<Vec<_>>().join("-"));
    let mut number = 1;
    loop {
        let folder = Path::new("out").join(if number == 1 { name.clone() } else { format!("{name}-{number}") });
        match Batch::open(&folder, plan, false) {
            Err(ResultError::Taken(_) | ResultError::OtherPlan(_)) => number += 1,
            other => return other,
        }
    }
}

/// What a finished run is called; side 0 is the base.
pub(super) fn run_name(side: usize, seed: u64) -> String {
    if side == 0 { format!("base-seed-{seed}") } else { format!("variant-{side}-seed-{seed}") }
}

/// Runs what is not there yet and keeps each run as soon as it is finished.
fn run_missing(batch: &Batch, sessions: &[Session], seeds: &[u64], run: RunSettings) -> Result<(), RunError> {
    let mut jobs: Vec<(u64, Vec<usize>)> = Vec::new();
    for seed in seeds {
        let mut missing = Vec::new();
        for side in 0..sessions.len() {
            if batch.finished(&run_name(side, *seed))?.is_none() {
                missing.push(side);
            }
        }
        if is_assigned(sessions, run) {
            // The ways of the base's travellers are not kept: a seed is run as a whole.
            jobs.extend((!missing.is_empty()).then_some((*seed, missing)));
        } else {
            jobs.extend(missing.into_iter().map(|side| (*seed, vec![side])));
        }
    }
    let one = RunSettings { threads: 1, ..run };
    each(jobs.len(), run.threads, |n| run_job(batch, sessions, jobs[n].0, &jobs[n].1, one))?;
    Ok(())
}

/// Whether the base is brought toward equilibrium.
fn is_assigned(sessions: &[Session], run: RunSettings) -> bool {
    run.assign > 0 || sessions[0].response() == Response::Reassigned
}

/// Runs the sides of a seed. Whoever travels in both takes the ways of the base in the variant: an assignment is of the days before it.
fn run_job(batch: &Batch, sessions: &[Session], seed: u64, sides: &[usize], run: RunSettings) -> Result<(), RunError> {
    let keep = |side: usize, done: &SeedRun| {
        let text = serde_json::to_string(&Finished::of(&sessions[side], done)).expect("plain data");
        batch.keep(&run_name(side, seed), &text)
    };
    let takes_ways = |side: usize| side > 0 && is_assigned(sessions, run) && sessions[side].has_demand_of(&sessions[0]);
    let mut ways: Option<Vec<Trip>> = None;
    let needs_base = sides.iter().any(|side| takes_ways(*side));
    if needs_base || sides.contains(&0) {
        let done = sessions[0].run_seed(seed, run, &Quiet)?;
        ways = needs_base.then(|| sessions[0].demanded(&done.simulation).to_vec());
        if sides.contains(&0) {
            keep(0, &done)?;
        }
    }
    for side in sides.iter().copied().filter(|s| *s > 0) {
        let ways = ways.as_deref().filter(|_| takes_ways(side));
        keep(side, &sessions[side].run_seed_on(seed, ways, run, &Quiet)?)?;
    }
    Ok(())
}

/// The sides as their kept runs tell them, also where they were run just now: what is read again is the same whoever ran it.
fn read_sides(batch: &Batch, sessions: &[Session], names: &[String], seeds: &[u64]) -> Result<Vec<Side>, RunError> {
    let mut sides = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let mut runs: Vec<Finished> = Vec::new();
        for seed in seeds {
            let name = run_name(n, *seed);
            let text =
                batch.finished(&name)?.ok_or_else(|| RunError::Input(format!("the finished run `{name}` was taken away meanwhile")))?;
            let damaged = |e: serde_json::Error| {
                RunError::Input(format!("the finished run `{name}` is damaged: {e}; delete its file and start again"))
            };
            runs.push(serde_json::from_str(&text).map_err(damaged)?);
        }
        let mut side = Side::of(name, &runs);
        side.same_demand = n == 0 || sessions[n].has_demand_of(&sessions[0]);
        sides.push(side);
    }
    Ok(sides)
}

/// A comparison for programs.
pub fn document(report: &Report) -> serde_json::Value {
    let base = &report.sides[0];
    let variants: Vec<_> = report.sides[1..]
        .iter()
        .map(|v| {
            json!({
                "name": v.name,
                "same_demand": v.same_demand,
                "state_hashes": v.state_hashes,
                "assumptions": v.assumptions,
                "indicators": pairs_document(&report::pairs(base, v)),
                "accidents": v.accidents,
                "accidents_status": v.accidents.as_ref().map(|a| Phase::ALL.map(|p| a.status(p))),
            })
        })
        .collect();
    json!({
        "schema_version": PAIRS_SCHEMA_VERSION,
        "base": { "name": base.name, "state_hashes": base.state_hashes, "assumptions": base.assumptions },
        "seeds": report.seeds,
        "precision": report.precision,
        "variants": variants,
    })
}
