//! The result folder: the same bytes for the same inputs, whole or not there, and traceable.

use super::{Town, agtwin, done};
use std::{collections::BTreeMap, fs, path::Path, process::Stdio, thread, time::Duration};

/// Every file of a folder but `machine.json`, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|e| e.file_name() != "machine.json");
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

fn run(town: &Town, out: &str, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    done(&[&["run", &town.arg("scenario.toml"), "--out", &town.arg(out)], more].concat());
    files(&town.path(out))
}

fn json(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).unwrap()
}

#[test]
fn the_same_inputs_give_the_same_bytes_for_any_number_of_threads_and_in_any_folder() {
    let town = Town::new();
    let first = run(&town, "a", &["--threads", "1"]);
    let names: Vec<_> = first.keys().map(String::as_str).collect();
    let expected = [
        "detectors.parquet",
        "events.jsonl",
        "kpi.csv",
        "kpi.json",
        "links.geojson",
        "links.gpkg",
        "links.parquet",
        "queues.parquet",
        "report.docx",
        "report.html",
        "report.json",
        "report.xlsx",
        "run.json",
        "trips.parquet",
    ];
    assert_eq!(names, expected);
    let elsewhere = Town::new();
    for (what, again) in [
        ("again", run(&town, "b", &["--threads", "1"])),
        ("two threads", run(&town, "c", &["--threads", "2"])),
        ("another folder", run(&elsewhere, "d", &["--threads", "2"])),
    ] {
        for (name, bytes) in &first {
            assert!(again[name] == *bytes, "{what}: {name} differs");
        }
    }
    // A checked run is made anew; one that is not may be the very run the fit ended with.
    let checked = run(&town, "f", &["--check"]);
    assert_eq!(json(&checked["run.json"])["state_hash"], json(&first["run.json"])["state_hash"], "checking changes nothing");
    assert!(checked["trips.parquet"] == first["trips.parquet"] && checked["links.parquet"] == first["links.parquet"]);
    let other = run(&town, "e", &["--seed", "2"]);
    assert_ne!(json(&other["run.json"])["state_hash"], json(&first["run.json"])["state_hash"], "another seed is another run");
}

#[test]
fn every_file_says_its_schema_version_and_what_made_it() {
    let town = Town::new();
    let files = run(&town, "a", &["--check", "--set", "demand.fit.iterations=2"]);
    let record = json(&files["run.json"]);
    assert_eq!((record["schema_version"].as_u64(), record["seed"].as_u64()), (Some(1), Some(1)));
    assert_eq!(record["scenario"]["demand"]["fit"]["iterations"], 2, "the setting of the command line is in it");
    assert_eq!(record["version"], env!("CARGO_PKG_VERSION"));
    let roles: Vec<_> = record["inputs"].as_array().unwrap().iter().map(|i| i["role"].as_str().unwrap().to_owned()).collect();
    assert_eq!(roles, ["scenario", "detectors", "counts", "zones"]);
    for input in record["inputs"].as_array().unwrap() {
        let bytes = fs::read(town.path(input["name"].as_str().unwrap())).unwrap();
        assert_eq!(input["xxh3"], format!("{:032x}", xxhash_rust::xxh3::xxh3_128(&bytes)));
    }
    let t = &record["trips"];
    let n = |key: &str| t[key].as_u64().unwrap();
    assert_eq!(n("demanded"), n("not_yet") + n("waiting") + n("on_road") + n("arrived") + n("removed"), "nothing is lost");
    assert!(n("arrived") > 0);
    assert!(record["check"]["steps"] == record["steps"] && record["steps"].as_u64() >= Some(4800));
    assert!(record["fit"]["prior"]["fitted"]["geh_mean"].is_number(), "{}", record["fit"]);
    assert!(json(&files["kpi.json"])["schema_version"].is_number());
    assert!(String::from_utf8_lossy(&files["events.jsonl"]).starts_with("{\"schema\":\"events\",\"schema_version\":2}\n"));
    let whole = files.values().map(|b| String::from_utf8_lossy(b).into_owned()).collect::<String>();
    assert!(!whole.contains(town.path("").to_str().unwrap()), "no absolute path in a result");
}

#[test]
fn the_long_tables_can_be_read_and_agree_with_the_record() {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let town = Town::new();
    let record = json(&run(&town, "a", &[])["run.json"]);
    let rows = |name: &str| {
        let reader = SerializedFileReader::new(fs::File::open(town.path("a").join(name)).unwrap()).unwrap();
        let meta = reader.metadata().file_metadata();
        assert!(meta.key_value_metadata().unwrap().iter().any(|kv| kv.key == "agtwin.schema_version"), "{name}");
        assert_eq!(meta.created_by(), Some("An Giang Twin"));
        meta.num_rows()
    };
    assert_eq!(Some(rows("trips.parquet")), record["trips"]["demanded"].as_i64());
    assert!(rows("links.parquet") > 0 && rows("queues.parquet") > 0 && rows("detectors.parquet") > 0);
}

#[test]
fn several_seeds_give_means_and_a_folder_each() {
    let town = Town::new();
    let args = ["run", &town.arg("scenario.toml"), "--until", "07:20", "--seeds", "3", "--out", &town.arg("a")];
    let text = done(&args);
    assert!(text.contains("mean of 3 runs") && text.contains('±'), "{text}");
    let index = json(&fs::read(town.path("a/seeds.json")).unwrap());
    assert_eq!(index["runs"].as_array().unwrap().len(), 3);
    for seed in 1..=3 {
        let record = json(&fs::read(town.path(&format!("a/seed-{seed}/run.json"))).unwrap());
        assert_eq!(record["seed"].as_u64(), Some(seed));
        assert_eq!(index["runs"][seed as usize - 1]["state_hash"], record["state_hash"]);
    }
    let alone = done(&["run", &town.arg("scenario.toml"), "--until", "07:20", "--out", &town.arg("b"), "--format", "json"]);
    let alone: serde_json::Value = serde_json::from_str(&alone).unwrap();
    assert_eq!(alone["run"]["state_hash"], index["runs"][0]["state_hash"], "a seed among others is the same run as alone");
    assert!(alone["kpi"]["indicators"].as_array().unwrap().len() > 20);
}

#[test]
fn tables_speak_both_languages_and_say_what_was_made_up() {
    let town = Town::new();
    let table =
        |lang: &str, out: &str| done(&["run", &town.arg("scenario.toml"), "--until", "07:20", "--out", &town.arg(out), "--lang", lang]);
    let (vi, en) = (table("vi", "a"), table("en", "b"));
    assert!(vi.contains("Giả định") && vi.contains("minh họa") && vi.contains("Kết quả được ghi vào"), "{vi}");
    assert!(en.contains("Assumptions") && en.contains("The counts are illustrative") && en.contains("signal plans are assumed"), "{en}");
    assert!(en.contains("not supplied") && en.contains("not yet evaluated"), "{en}");
}

/// Killed between the first results it writes and the last.
#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing_that_looks_finished() {
    let town = Town::new();
    let args = ["run", &town.arg("scenario.toml"), "--out", &town.arg("out"), "--until", "07:20", "--seeds", "500", "--threads", "1"];
    let mut child = agtwin(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let has_begun = || {
        let folders = fs::read_dir(town.path("")).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir());
        folders.into_iter().any(|f| f.join("seed-1/run.json").exists())
    };
    let waited = std::time::Instant::now();
    while !has_begun() {
        assert!(child.try_wait().unwrap().is_none(), "it is still running");
        assert!(waited.elapsed() < Duration::from_secs(120), "no results after two minutes");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(child.try_wait().unwrap().is_none(), "it is still running");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!town.path("out").exists());
}

#[test]
fn progress_is_quiet_when_piped() {
    let town = Town::new();
    let output = agtwin(&["run", &town.arg("scenario.toml"), "--until", "07:20", "--out", &town.arg("out")]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.lines().count() <= 1 && !said.contains('\u{1b}') && !said.contains('\r'), "{said:?}");
}

/// A table of results as rows of JSON.
fn rows(file: &Path) -> Vec<serde_json::Value> {
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::Field,
    };
    let value = |field: &Field| match field {
        Field::Null => serde_json::Value::Null,
        Field::Str(text) => text.as_str().into(),
        Field::Long(n) => (*n).into(),
        Field::Float(x) => (*x).into(),
        Field::Double(x) => (*x).into(),
        Field::Bool(b) => (*b).into(),
        other => panic!("no table has a {other:?}"),
    };
    let reader = SerializedFileReader::new(fs::File::open(file).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
    rows.map(|row| row.get_column_iter().map(|(name, field)| (name.clone(), value(field))).collect::<serde_json::Map<_, _>>().into())
        .collect()
}

#[test]
fn every_trip_is_followed_to_its_end_but_not_for_longer_than_asked_for() {
    let town = Town::new();
    let of = |name: &str, cool_down: &str| {
        let files = run(&town, name, &["--until", "07:20", "--set", &format!("time.cool_down={cool_down}")]);
        let (record, rows) = (json(&files["run.json"]), json(&files["kpi.json"]));
        let of =
            |id: &str| rows["indicators"].as_array().unwrap().iter().find(|r| r["id"] == id).unwrap()["value"]["value"].as_f64().unwrap();
        let on_road = record["trips"]["on_road"].as_u64().unwrap();
        (record["steps"].as_u64().unwrap(), on_road, of("B08"), of("K19"), of("B10"), of("B04"))
    };
    let (at_once, minute, whole) = (of("at-once", "0 s"), of("minute", "60 s"), of("whole", "1 h"));
    assert_eq!((at_once.0, minute.0), (2400, 2520), "twenty minutes, and one more");
    assert!(at_once.1 > minute.1 && minute.1 > whole.1 && whole.1 == 0, "{at_once:?} {minute:?} {whole:?}");
    assert!(whole.0 > 2520 && whole.0 < 2400 + 7200, "it ends when the last one has arrived: {whole:?}");
    assert!(at_once.2 > minute.2 && minute.2 > 0.0 && whole.2 == 0.0, "unfinished trips are counted: {at_once:?} {minute:?} {whole:?}");
    assert!(whole.3 > at_once.3 && whole.4 > minute.4 && minute.4 > at_once.4, "delay and way of what comes after: {at_once:?} {whole:?}");
    assert_eq!(at_once.5.to_bits(), whole.5.to_bits(), "arrivals an hour are of the hours asked for");
}

#[test]
fn conflicts_are_looked_for_when_asked_and_change_no_trip() {
    let town = Town::new();
    let plain = run(&town, "plain", &["--until", "07:20"]);
    let watched = run(&town, "watched", &["--until", "07:20", "--conflicts"]);
    let more: Vec<_> = watched.keys().filter(|name| !plain.contains_key(*name)).map(String::as_str).collect();
    assert_eq!(more, ["conflicts-worst.parquet", "conflicts.parquet"]);
    assert!(watched["trips.parquet"] == plain["trips.parquet"], "looking changes nothing");
    let (cells, worst) = (rows(&town.path("watched/conflicts.parquet")), rows(&town.path("watched/conflicts-worst.parquet")));
    let all: u64 = cells.iter().map(|c| c["count"].as_u64().unwrap()).sum();
    assert!(all > 0 && !worst.is_empty() && worst.len() as u64 <= all.min(200), "{all} conflicts, {} of them one by one", worst.len());
    for one in &worst {
        assert!(one["place"].as_str().unwrap().starts_with("osm:") && one["first"] != one["second"], "{one}");
        assert!(one["time_to_s"].as_f64().unwrap() >= 0.0 && (25_200.0..33_600.0).contains(&one["time_s"].as_f64().unwrap()), "{one}");
        let is_its = |c: &&serde_json::Value| ["place", "kind", "severity", "first_class", "second_class"].iter().all(|k| c[*k] == one[*k]);
        assert!(cells.iter().any(|c| is_its(&c)), "counted where it was: {one}");
    }
    let again = run(&town, "again", &["--until", "07:20", "--conflicts", "--threads", "2"]);
    assert!(more.iter().all(|name| again[*name] == watched[*name]), "the same bytes for any number of threads");
}

#[test]
fn detectors_get_wrong_what_their_file_says() {
    let town = Town::new();
    let columns = "detector,kind,ref,pos_m,lanes,miss_percent,false_per_hour,confusion_percent,speed_error_percent\n";
    let at = "osm:w2:n21>n22,100";
    let lines = [
        format!("good,camera,{at},,,,,"),
        format!("kerb,camera,{at},1,,,,"),
        format!("middle,camera,{at},2,,,,"),
        format!("blind,camera,{at},,100,,,"),
        format!("haunted,loop,{at},,100,1800,,"),
        format!("confused,camera,{at},1-2,,,100,"),
        format!("vague,radar,{at},,,,,30"),
    ];
    fs::write(town.path("detectors.csv"), format!("{columns}{}\n", lines.join("\n"))).unwrap();
    let demand = "demand={kind=\"synthetic\",flow=\"5000 veh/h\",detectors=\"detectors.csv\"}";
    run(&town, "a", &["--set", demand]);
    let rows = rows(&town.path("a/detectors.parquet"));
    let of = |name: &str| rows.iter().filter(|r| r["detector"] == name).collect::<Vec<_>>();
    let count = |name: &str| of(name).iter().map(|r| r["count"].as_u64().unwrap()).sum::<u64>();
    let class =
        |name: &str, class: &str| of(name).iter().filter(|r| r["class"] == class).map(|r| r["count"].as_u64().unwrap()).sum::<u64>();
    assert!(count("good") > 50, "{rows:?}");
    assert_eq!(count("kerb") + count("middle"), count("good"), "every vehicle is in one lane");
    assert!(count("kerb") > 0 && count("middle") > 0);
    assert_eq!(count("blind"), 0);
    assert_eq!((count("haunted"), class("haunted", "motorcycle")), (count("haunted"), count("haunted")));
    assert!((900..=1500).contains(&count("haunted")), "1800 an hour for 40 minutes: {}", count("haunted"));
    assert!(of("haunted").iter().all(|r| r["mean_speed_mps"].is_null()), "nobody there, no speed");
    assert_eq!(count("confused"), count("good"));
    assert!(class("good", "car") > 0 && class("confused", "car") != class("good", "car"), "taken for others");
    let speeds = |name: &str| of(name).iter().map(|r| r["mean_speed_mps"].to_string()).collect::<Vec<_>>();
    assert!(count("vague") == count("good") && speeds("vague") != speeds("good"));
}

#[test]
fn hours_without_counts_are_told() {
    let town = Town::new();
    let args = ["run", &town.arg("scenario.toml"), "--until", "08:00", "--out", &town.arg("a"), "--lang"];
    let text = done(&[&args[..], &["en"]].concat());
    assert!(text.contains("No counts 07:40 to 08:00: there the demand has the prior's pattern"), "{text}");
    assert_eq!(json(&fs::read(town.path("a/run.json")).unwrap())["fit"]["uncounted"][0]["from_s"], 27_600.0);
    let text = done(&["run", &town.arg("scenario.toml"), "--out", &town.arg("b")]);
    assert!(!text.contains("No counts"), "{text}");
    assert!(text.contains("held out: 1 detector, mean GEH") && text.contains("fitted: 4 detectors, mean GEH"), "{text}");
}
