//! The result folder of a run, file by file.

use super::session::{SeedRun, Session};
use crate::{
    kpi::{KpiDocument, KpiRow},
    lang::Lang,
    report::{self, Finished, Report, Side},
    results::{
        ResultError,
        folder::{RUN_FILE, SEEDS_FILE, Writing},
        machine::MachineRecord,
        record::json,
        tables,
    },
};
use chrono::{DateTime, Local};
use serde_json::json;

/// Writes the files of one seed below `prefix` (empty, or a folder name and `/`).
///
/// # Errors
/// What the system says, e.g. a full disk.
pub fn seed(
    writing: &Writing,
    prefix: &str,
    session: &Session,
    run: &SeedRun,
    threads: usize,
    started: DateTime<Local>,
) -> Result<(), ResultError> {
    let (measured, network) = (run.simulation.measurements(), &session.network);
    let mut long_tables = vec![
        tables::links(measured, network),
        tables::queues(measured, network),
        tables::trips(measured, run.simulation.trips(), network),
        tables::readings(measured, run.simulation.detectors()),
    ];
    if run.simulation.config().conflicts {
        long_tables.push(tables::conflicts(measured, network));
        long_tables.push(tables::worst_conflicts(measured, run.simulation.trips(), network));
    }
    for table in long_tables {
        writing.file(&format!("{prefix}{}.parquet", table.name), |out, path| table.write(out, path))?;
    }
    writing.text(&format!("{prefix}events.jsonl"), &tables::events(&measured.events))?;
    writing.text(&format!("{prefix}kpi.json"), &json(&KpiDocument::new(&run.rows, session.measured(), &[run.seed])))?;
    writing.text(&format!("{prefix}{RUN_FILE}"), &json(&run.record))?;
    let simulated_s = run.simulation.time_s() - session.found.scenario.window.from_s;
    let machine = MachineRecord::new(started, threads, run.timing, simulated_s);
    writing.text(&format!("{prefix}machine.json"), &json(&machine))
}

/// Writes what stands above the folders of several seeds: their means and where each run is.
///
/// # Errors
/// What the system says, e.g. a full disk.
pub fn seeds(writing: &Writing, session: &Session, seeds: &[(u64, String)], rows: &[KpiRow]) -> Result<(), ResultError> {
    let numbers: Vec<u64> = seeds.iter().map(|(seed, _)| *seed).collect();
    writing.text("kpi.json", &json(&KpiDocument::new(rows, session.measured(), &numbers)))?;
    let runs: Vec<_> = seeds.iter().map(|(seed, hash)| json!({ "seed": seed, "folder": seed_folder(*seed), "state_hash": hash })).collect();
    writing.text(SEEDS_FILE, &json(&json!({ "schema_version": 1, "runs": runs })))
}

/// Writes the report of the runs of a scenario, in the order of their seeds; `command` makes them again.
///
/// # Errors
/// What the system says, e.g. a full disk.
pub fn report(writing: &Writing, session: &Session, runs: &[Finished], command: String, lang: Lang) -> Result<(), ResultError> {
    let side = Side::of(&session.found.scenario.parsed.file.name, runs);
    let seeds = runs.iter().map(|r| r.seed).collect();
    report::write_into(writing, &Report::of(session, command, seeds, vec![side]), lang)
}

/// The folder of one of several seeds.
pub fn seed_folder(seed: u64) -> String {
    format!("seed-{seed}")
}
