//! The check of killed batches on a small one, and that it sees a run that was spoiled, lost or doubled.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

use std::{fs, path::Path};
use validation::{batch::killed_against_whole, check::Measure};

fn measured(meddle: impl Fn(&Path)) -> Vec<Measure> {
    let folder = tempfile::tempdir().unwrap();
    killed_against_whole(Path::new(env!("CARGO_BIN_EXE_validation")), folder.path(), 6, 2, meddle).unwrap()
}

fn failed(measures: &[Measure]) -> Vec<&str> {
    measures.iter().filter(|m| !m.holds()).map(|m| m.what.as_str()).collect()
}

#[test]
fn a_killed_batch_ends_with_the_same_files() {
    let measures = measured(|_| {});
    assert_eq!(failed(&measures), [""; 0], "{measures:?}");
    assert!(measures.iter().any(|m| m.what == "runs, killed and started again" && m.measured == 12.0), "{measures:?}");
}

#[test]
fn a_finished_run_with_other_bytes_is_seen() {
    let measures = measured(|unfinished| {
        for entry in fs::read_dir(unfinished.join("runs")).into_iter().flatten().flatten() {
            let text = fs::read_to_string(entry.path()).unwrap();
            fs::write(entry.path(), format!("{text} ")).unwrap();
        }
    });
    assert!(failed(&measures).contains(&"files that differ in any byte"), "{measures:?}");
}

#[test]
fn a_doubled_run_is_seen() {
    let measures = measured(|unfinished| {
        let runs = unfinished.join("runs");
        if let Some(entry) = fs::read_dir(&runs).into_iter().flatten().flatten().next() {
            fs::copy(entry.path(), runs.join("doubled.json")).unwrap();
        }
    });
    assert_eq!(failed(&measures), ["runs, killed and started again", "files too many"], "{measures:?}");
}
