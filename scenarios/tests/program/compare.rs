//! Comparisons: what differs and how sure that is, a folder with a report, and runs that are killed half-way.

use super::{
    Town, agtwin,
    conditions::{CLOSED, PLAIN},
    done, refused,
};
use std::{collections::BTreeMap, fs, path::Path, process::Stdio, thread, time::Duration};

/// A town with a plain scenario, the same under another name, and one with a closed road.
fn town() -> Town {
    let town = Town::new();
    fs::write(town.path("plain.toml"), PLAIN).unwrap();
    fs::write(town.path("same.toml"), PLAIN.replace("\"plain\"", "\"same\"")).unwrap();
    fs::write(town.path("closed.toml"), format!("{}{CLOSED}", PLAIN.replace("\"plain\"", "\"closed\""))).unwrap();
    town
}

/// Every file of a folder and the folders in it, by path.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            all.extend(files(&entry.path()).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            all.insert(name, fs::read(entry.path()).unwrap());
        }
    }
    all
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn a_base_against_itself_differs_by_exactly_zero_and_a_closed_road_by_more_than_chance() {
    let town = town();
    let args = [&town.arg("plain.toml"), &town.arg("same.toml"), &town.arg("closed.toml")];
    let out = done(&["compare", args[0], args[1], args[2], "--seeds", "3", "--format", "json", "--out", &town.arg("a")]);
    let compared = json(&out);
    let [same, closed] = compared["variants"].as_array().unwrap().as_slice() else { panic!("{compared}") };
    let rows = same["indicators"].as_array().unwrap();
    assert!(rows.len() >= 8 && same["same_demand"] == true, "{same}");
    for row in rows {
        assert_eq!((row["difference"]["mean"].as_f64(), row["difference"]["half_width"].as_f64()), (Some(0.0), Some(0.0)), "{row}");
        assert_eq!((row["bootstrap"][0].as_f64(), row["bootstrap"][1].as_f64()), (Some(0.0), Some(0.0)), "{row}");
        assert!(row["verdict"] == "same" && row["base_by_seed"] == row["variant_by_seed"], "{row}");
    }
    let delay = closed["indicators"].as_array().unwrap().iter().find(|r| r["id"] == "B01").unwrap();
    let of = |key: &str| delay["difference"][key].as_f64().unwrap();
    assert!(delay["verdict"] == "worse" && of("mean") - of("half_width") > 5.0, "{delay}");
    let page = fs::read_to_string(town.path("a/report.html")).unwrap();
    assert!(page.contains("closed against plain") && page.contains("✘ worse") && page.contains("= the same in every pair"));
    assert!(page.contains("<pre>agtwin compare plain.toml same.toml closed.toml --seeds 3</pre>"));
    done(&["report", &town.arg("a"), "--lang", "vi"]);
    assert!(fs::read_to_string(town.path("a/report.html")).unwrap().contains("closed so với plain"));
}

#[test]
fn tables_speak_vietnamese_and_other_hours_or_a_taken_folder_are_refused() {
    let town = town();
    let base = town.arg("plain.toml");
    let more = ["--seeds", "2", "--lang", "vi", "--until", "07:12", "--out", &town.arg("a")];
    let text = done(&[&["compare", &base, &town.arg("closed.toml")], more.as_slice()].concat());
    assert!(text.contains("So sánh closed với plain, 2 cặp") && text.contains("Chênh lệch") && text.contains("Kết luận"), "{text}");
    assert!(refused(5, &[&["compare", &base, &base], more.as_slice()].concat()).contains("already exists"));
    fs::write(town.path("later.toml"), PLAIN.replace("\"07:20\"", "\"07:25\"")).unwrap();
    assert!(refused(3, &["compare", &base, &town.arg("later.toml"), "--out", &town.arg("b")]).contains("measures other hours"));
}

#[test]
fn a_comparison_on_counts_fits_once() {
    let town = Town::new();
    let scenario = fs::read_to_string(town.path("scenario.toml")).unwrap();
    fs::write(town.path("closed.toml"), format!("{scenario}{CLOSED}")).unwrap();
    let (base, variant, out) = (town.arg("scenario.toml"), town.arg("closed.toml"), town.arg("a"));
    let compared = json(&done(&["compare", &base, &variant, "--seeds", "2", "--format", "json", "--out", &out]));
    let variant = &compared["variants"][0];
    assert!(variant["same_demand"] == true && variant["name"] == "town (2)", "two of one name are told apart: {variant}");
    let wished = variant["indicators"].as_array().unwrap().iter().find(|r| r["id"] == "B08").unwrap();
    assert!(wished["base"].is_number(), "{wished}");
}

#[test]
fn seeds_are_added_until_the_intervals_are_narrow_enough_or_enough_were_tried() {
    let town = town();
    let (base, variant) = (town.arg("plain.toml"), town.arg("closed.toml"));
    let compare = |precision: &str, out: &str| {
        let limits = ["--seeds", "2", "--most-seeds", "5", "--until", "07:12", "--format", "json"];
        let args = ["compare", &base, &variant, "--until-precision", precision, "--out", &town.arg(out)];
        json(&done(&[args.as_slice(), &limits].concat()))
    };
    let easy = compare("100000%", "easy");
    assert_eq!((easy["seeds"].as_array().unwrap().len(), easy["precision"]["reached"].as_bool()), (2, Some(true)), "{easy}");
    let hard = compare("0.0001%", "hard");
    assert_eq!((hard["seeds"].as_array().unwrap().len(), hard["precision"]["reached"].as_bool()), (5, Some(false)), "{hard}");
    assert!(hard["precision"]["widest"].as_f64().unwrap() > 1e-6);
    assert!(fs::read_to_string(town.path("hard/report.html")).unwrap().contains("NOT reached with 5 seeds at most"));
    assert!(refused(2, &["compare", &base, &variant, "--until-precision", "2"]).contains("`2` is no precision"));
}

/// Killed with some runs finished and others not, then started again with other threads: the same files as one that was never killed.
#[cfg(unix)]
#[test]
fn a_killed_comparison_goes_on_and_ends_with_the_same_files() {
    let town = town();
    let (base, variant) = (town.arg("plain.toml"), town.arg("closed.toml"));
    let args = |out: &str, threads: &str| -> Vec<String> {
        ["compare", &base, &variant, "--seeds", "8", "--threads", threads, "--out", &town.arg(out)].map(str::to_owned).to_vec()
    };
    let call = |args: &[String]| done(&args.iter().map(String::as_str).collect::<Vec<_>>());
    let killed = args("killed", "1");
    let mut child =
        agtwin(&killed.iter().map(String::as_str).collect::<Vec<_>>()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let finished = || {
        fs::read_dir(town.path("killed.unfinished/runs"))
            .map_or(0, |d| d.flatten().filter(|e| !e.file_name().to_string_lossy().starts_with('.')).count())
    };
    let waited = std::time::Instant::now();
    while finished() < 3 {
        assert!(child.try_wait().unwrap().is_none() && waited.elapsed() < Duration::from_secs(120), "it is still running");
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let before = files(&town.path("killed.unfinished/runs"));
    assert!((3..16).contains(&before.len()) && !town.path("killed").exists(), "{} of 16 runs", before.len());
    let other = ["compare", &base, &base, "--out", &town.arg("killed")];
    assert!(refused(5, &other).contains("unfinished runs of another comparison"));
    let one = before.keys().next().unwrap();
    let written = |folder: &str| fs::metadata(town.path(folder).join("runs").join(one)).unwrap().modified().unwrap();
    let first = written("killed.unfinished");
    call(&args("killed", "2"));
    assert_eq!(written("killed"), first, "a finished run is not repeated");
    call(&args("whole", "1"));
    let (again, whole) = (files(&town.path("killed")), files(&town.path("whole")));
    assert_eq!(again.keys().collect::<Vec<_>>(), whole.keys().collect::<Vec<_>>(), "none lost, none doubled");
    assert_eq!(again.keys().filter(|k| k.starts_with("runs/")).count(), 16);
    for (name, bytes) in &whole {
        assert!(again[name] == *bytes, "{name} differs");
    }
    assert!(!town.path("killed.unfinished").exists());
}

/// With conflicts the page says how serious accidents change, by both routes and with the caution; the base against itself by nothing.
#[test]
fn conflicts_give_an_estimate_of_accidents_with_its_caution() {
    let town = town();
    let args = [&town.arg("plain.toml"), &town.arg("same.toml"), &town.arg("closed.toml")];
    let more = ["--seeds", "2", "--set", "demand.flow=\"5000 veh/h\"", "--conflicts", "--format", "json", "--out", &town.arg("a")];
    let compared = json(&done(&[["compare", args[0], args[1], args[2]].as_slice(), &more].concat()));
    let [same, closed] = compared["variants"].as_array().unwrap().as_slice() else { panic!("{compared}") };
    assert_eq!(same["accidents"]["speeds"]["percent"], 0.0, "{same}");
    assert_eq!(same["accidents"]["conflicts"]["interval"], serde_json::json!([0.0, 0.0]), "{same}");
    let looks = closed["accidents"]["looks"].as_array().unwrap();
    let whats: Vec<_> = looks.iter().map(|l| l["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["serious", "braking", "headway", "step"], "{closed}");
    assert!(looks.iter().any(|l| l["change"] != looks[0]["change"]), "other brakes give other conflicts: {looks:?}");
    let runs = fs::read_dir(town.path("a/runs")).unwrap().count();
    assert_eq!(runs, 3 * 2 * 4, "each pair as it is, and under three other assumptions");
    let page = fs::read_to_string(town.path("a/report.html")).unwrap();
    assert!(
        page.contains("Serious accidents, an estimate (K08)") && page.contains("no forecast of accidents"),
        "both routes with the caution"
    );
}
