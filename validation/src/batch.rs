//! A batch of runs that is killed (`kill -9`) at random moments and started again must end with the files of one that was never killed: none
//! lost, none doubled, no byte different.

use crate::check::{Check, Measure, Trouble};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

/// The first argument that makes this program behave as `agtwin` with the arguments that follow, so that there is a process to kill.
pub const AS_AGTWIN: &str = "agtwin";

/// Pairs of runs of the batch: 200 runs.
const PAIRS: usize = 100;
/// Kills of the batch.
const KILLS: usize = 6;
/// What the moments of the kills are drawn from.
const SEED: u64 = 20_260_101;
/// How long one look at the folder is from the next.
const LOOK: Duration = Duration::from_millis(2);

const TOWN: &str = include_str!("../../scenarios/tests/data/town/town.osm");
const BASE: &str = "name = \"open\"\nmap = \"town.osm\"\n[time]\nfrom = \"07:00\"\nto = \"07:06\"\nwarm_up = \"2 min\"\n[demand]\nkind = \"synthetic\"\nflow = \"900 veh/h\"\n";
const CLOSED: &str = "[[incidents]]\nroad = \"QL.91\"\nnear = [10.3827, 105.434]\nfrom = \"07:01\"\nto = \"07:06\"\n";

/// The check of this file.
pub fn checks() -> Vec<Check> {
    vec![Check::new("promise-batch", "200 runs killed (kill -9) at random moments and started again against 200 never killed", |_| {
        let program = std::env::current_exe().map_err(Trouble::broken)?;
        let folder = std::env::temp_dir().join(format!("agtwin-promise-batch-{}", std::process::id()));
        let outcome = killed_against_whole(&program, &folder, PAIRS, KILLS, |_| {});
        let _ = fs::remove_dir_all(&folder);
        outcome
    })]
}

/// The moments of the kills: how many runs have to be finished, and how many milliseconds later, sorted; by a linear congruential generator.
fn moments(kills: usize, runs: usize) -> Vec<(usize, u64)> {
    let mut state = SEED;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below.max(1)
    };
    let mut moments: Vec<(usize, u64)> = (0..kills).map(|_| (draw(runs as u64 * 9 / 10) as usize, draw(60))).collect();
    moments.sort_unstable();
    moments
}

/// Runs a comparison of `pairs` pairs in `folder` once without and once with `kills` kills, and holds the files against each other. `program`
/// is this program; `meddle` gets the unfinished folder after each kill, for tests that spoil it.
///
/// # Errors
/// A process that does not start, a batch that fails, a folder that cannot be read.
pub fn killed_against_whole(
    program: &Path,
    folder: &Path,
    pairs: usize,
    kills: usize,
    meddle: impl Fn(&Path),
) -> Result<Vec<Measure>, Trouble> {
    fs::create_dir_all(folder).map_err(Trouble::broken)?;
    for (name, text) in [("town.osm", TOWN), ("open.toml", BASE), ("closed.toml", &format!("{}{CLOSED}", BASE.replace("open", "closed")))] {
        fs::write(folder.join(name), text).map_err(Trouble::broken)?;
    }
    let runs = 2 * pairs;
    let batch = |out: &str| {
        let mut command = Command::new(program);
        command.args([AS_AGTWIN, "compare", "open.toml", "closed.toml", "--lang", "en", "--seeds", &pairs.to_string(), "--out", out]);
        command.current_dir(folder).stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let unfinished = folder.join("killed.unfinished");
    let (mut killed, mut repeated) = (0usize, 0usize);
    // Bytes and moment of writing of each finished run, as the last kill left them.
    let mut left: BTreeMap<PathBuf, std::time::SystemTime> = BTreeMap::new();
    for (wanted, later_ms) in moments(kills, runs) {
        let mut child = batch("killed").spawn().map_err(Trouble::broken)?;
        let over = loop {
            if child.try_wait().map_err(Trouble::broken)?.is_some() {
                break true;
            }
            if finished(&unfinished)?.len() >= wanted {
                sleep(Duration::from_millis(later_ms));
                break child.try_wait().map_err(Trouble::broken)?.is_some();
            }
            sleep(LOOK);
        };
        if over {
            break;
        }
        child.kill().and_then(|()| child.wait()).map_err(Trouble::broken)?;
        killed += 1;
        let now = finished(&unfinished)?;
        repeated += left.iter().filter(|(path, written)| now.get(*path) != Some(written)).count();
        meddle(&unfinished);
        left = finished(&unfinished)?;
    }
    for out in ["killed", "whole"] {
        let done = batch(out).status().map_err(Trouble::broken)?;
        if !done.success() {
            return Err(Trouble::Broken(format!("the batch `{out}` ended with {done}")));
        }
    }
    let (again, whole) = (files(&folder.join("killed"))?, files(&folder.join("whole"))?);
    let all_of = |folder: &BTreeMap<PathBuf, Vec<u8>>| folder.keys().filter(|p| p.starts_with("runs")).count() as f64;
    let differing = whole.iter().filter(|(name, bytes)| again.get(*name).is_some_and(|b| b != *bytes)).count();
    let lost = whole.keys().filter(|name| !again.contains_key(*name)).count();
    let more = again.keys().filter(|name| !whole.contains_key(*name)).count();
    let runs = runs as f64;
    Ok(vec![
        Measure::within("kills while it ran", killed as f64, 1.0, kills as f64, "moments drawn from a seed").decimals(0),
        Measure::shown("runs finished at the last kill", left.len() as f64).decimals(0),
        Measure::within("runs, never killed", all_of(&whole), runs, runs, "a base and a variant for each seed").decimals(0),
        Measure::within("runs, killed and started again", all_of(&again), runs, runs, "none lost, none doubled").decimals(0),
        Measure::within("finished runs that were repeated or lost after a kill", repeated as f64, 0.0, 0.0, "what is finished is kept")
            .decimals(0),
        Measure::within("files missing", lost as f64, 0.0, 0.0, "none lost").decimals(0),
        Measure::within("files too many", more as f64, 0.0, 0.0, "none doubled").decimals(0),
        Measure::within("files that differ in any byte", differing as f64, 0.0, 0.0, "as one that was never killed").decimals(0),
        Measure::shown("files compared", whole.len() as f64).decimals(0),
    ])
}

/// The finished runs of an unfinished batch with the moment each was written.
fn finished(unfinished: &Path) -> Result<BTreeMap<PathBuf, std::time::SystemTime>, Trouble> {
    let Ok(entries) = fs::read_dir(unfinished.join("runs")) else { return Ok(BTreeMap::new()) };
    let mut found = BTreeMap::new();
    for entry in entries.flatten() {
        // What is being written has a name with a point before it and may be gone by now.
        if !entry.file_name().to_string_lossy().starts_with('.') {
            let written = entry.metadata().and_then(|m| m.modified()).map_err(Trouble::broken)?;
            found.insert(entry.path(), written);
        }
    }
    Ok(found)
}

/// Every file in a folder and in those within, by its path from there.
fn files(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, Trouble> {
    let mut found = BTreeMap::new();
    let mut open = vec![PathBuf::new()];
    while let Some(inner) = open.pop() {
        for entry in fs::read_dir(folder.join(&inner)).map_err(Trouble::broken)? {
            let entry = entry.map_err(Trouble::broken)?;
            let path = inner.join(entry.file_name());
            if entry.path().is_dir() {
                open.push(path);
            } else {
                found.insert(path, fs::read(entry.path()).map_err(Trouble::broken)?);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_moments_are_the_same_every_time_and_lie_within_the_batch() {
        let all = moments(KILLS, 200);
        assert_eq!(all, moments(KILLS, 200));
        assert!(all.len() == KILLS && all.is_sorted() && all.iter().all(|(run, _)| *run < 180), "{all:?}");
        assert!(all[0].0 < 100 && all[KILLS - 1].0 > 60, "all over the batch: {all:?}");
    }
}
