//! Whether a result folder is whole: every file there and readable, every indicator in its place, nobody lost.

use serde_json::Value;
use std::{fs, path::Path};

/// The files of a run.
pub const FILES: [&str; 6] = ["run.json", "kpi.json", "links.parquet", "trips.parquet", "events.jsonl", "machine.json"];

/// The indicators of the provincial plan.
pub const INDICATORS: std::ops::RangeInclusive<u32> = 1..=22;

/// What is wrong with the results in `folder` and the table that was printed beside them; empty when nothing is.
pub fn problems(folder: &Path, table: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for file in FILES {
        match fs::metadata(folder.join(file)) {
            Ok(meta) if meta.len() == 0 && file != "events.jsonl" => problems.push(format!("{file} is empty")),
            Ok(_) => {}
            Err(error) => problems.push(format!("{file}: {error}")),
        }
    }
    for file in ["links.parquet", "trips.parquet"] {
        if let Ok(bytes) = fs::read(folder.join(file))
            && !(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"))
        {
            problems.push(format!("{file} does not begin and end as Parquet does"));
        }
    }
    if let Some(run) = json(folder, "run.json", &mut problems) {
        for key in ["schema_version", "seed", "version", "state_hash", "inputs"] {
            if find(&run, key).is_none() {
                problems.push(format!("run.json has no `{key}`"));
            }
        }
        population(&run, &mut problems);
    }
    if let Some(kpi) = json(folder, "kpi.json", &mut problems) {
        let text = kpi.to_string();
        for number in INDICATORS {
            let id = format!("K{number:02}");
            if !text.contains(&format!("\"{id}\"")) {
                problems.push(format!("kpi.json has no row {id}"));
            }
            if !table.contains(&id) {
                problems.push(format!("the printed table has no row {id}"));
            }
        }
    }
    if let Ok(events) = fs::read_to_string(folder.join("events.jsonl")) {
        for (i, line) in events.lines().enumerate() {
            if serde_json::from_str::<Value>(line).is_err() {
                problems.push(format!("events.jsonl line {} is not JSON", i + 1));
                break;
            }
        }
    }
    problems
}

fn json(folder: &Path, file: &str, problems: &mut Vec<String>) -> Option<Value> {
    let text = fs::read_to_string(folder.join(file)).ok()?;
    match serde_json::from_str(&text) {
        Ok(value) => Some(value),
        Err(error) => {
            problems.push(format!("{file}: {error}"));
            None
        }
    }
}

/// The first value under `key`, at any depth.
fn find<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(map) => map.get(key).or_else(|| map.values().find_map(|v| find(v, key))),
        Value::Array(list) => list.iter().find_map(|v| find(v, key)),
        _ => None,
    }
}

/// Trips drawn = not yet due + waiting + on the road + arrived + removed.
fn population(run: &Value, problems: &mut Vec<String>) {
    let trips = &run["trips"];
    let count = |key: &str| trips[key].as_u64();
    let (Some(drawn), Some(not_yet), Some(waiting), Some(on_road), Some(arrived), Some(removed)) =
        (count("demanded"), count("not_yet"), count("waiting"), count("on_road"), count("arrived"), count("removed"))
    else {
        problems.push("run.json: `trips` is not whole (demanded, not_yet, waiting, on_road, arrived, removed)".into());
        return;
    };
    if arrived == 0 {
        problems.push("nobody arrived".into());
    }
    if drawn != not_yet + waiting + on_road + arrived + removed {
        problems.push(format!(
            "{drawn} trips are not {not_yet} not yet due + {waiting} waiting + {on_road} on the road + {arrived} arrived + {removed} removed"
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// A whole result folder, and the table beside it.
    fn whole(name: &str) -> (PathBuf, String) {
        let folder = std::env::temp_dir().join(format!("agtwin-results-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let rows: Vec<String> = INDICATORS.map(|n| format!("{{\"id\": \"K{n:02}\"}}")).collect();
        let trips = r#"{"demanded": 10, "not_yet": 1, "waiting": 1, "on_road": 3, "arrived": 5, "removed": 0}"#;
        let run = format!(r#"{{"schema_version": 1, "seed": 1, "version": "0", "state_hash": "ab", "inputs": [], "trips": {trips}}}"#);
        fs::write(folder.join("run.json"), run).unwrap();
        fs::write(folder.join("kpi.json"), format!("[{}]", rows.join(","))).unwrap();
        fs::write(folder.join("machine.json"), "{}").unwrap();
        fs::write(folder.join("events.jsonl"), "{\"t\": 1}\n").unwrap();
        for file in ["links.parquet", "trips.parquet"] {
            fs::write(folder.join(file), b"PAR1 PAR1").unwrap();
        }
        (folder, INDICATORS.map(|n| format!("K{n:02} … \n")).collect())
    }

    #[test]
    fn a_whole_folder_has_no_problems() {
        let (folder, table) = whole("whole");
        assert_eq!(problems(&folder, &table), Vec::<String>::new());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn whatever_is_missing_or_wrong_is_named() {
        let (folder, table) = whole("broken");
        let one = |problem: &str, table: &str| {
            let found = problems(&folder, table);
            assert!(found.len() == 1 && found[0].contains(problem), "expected one problem with `{problem}`: {found:?}");
        };
        one("no row K19", &table.replace("K19", ""));
        fs::write(folder.join("trips.parquet"), "PAR1 cut").unwrap();
        one("trips.parquet", &table);
        fs::write(folder.join("trips.parquet"), "PAR1 PAR1").unwrap();
        let run = fs::read_to_string(folder.join("run.json")).unwrap();
        fs::write(folder.join("run.json"), run.replace("\"arrived\": 5", "\"arrived\": 4")).unwrap();
        one("10 trips are not", &table);
        fs::write(folder.join("run.json"), &run).unwrap();
        fs::write(folder.join("kpi.json"), "{").unwrap();
        one("kpi.json", &table);
        fs::remove_file(folder.join("kpi.json")).unwrap();
        one("kpi.json", &table);
        fs::remove_dir_all(folder).unwrap();
    }
}
