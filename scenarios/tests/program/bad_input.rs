//! Input that makes no sense: every message names the place, what was found and what to do, and the exit code is 3.

use super::{Town, done, refused};
use std::fs;

/// What `agtwin run` says about the town's scenario after an edit.
fn scenario(from: &str, to: &str) -> String {
    let town = Town::new();
    town.edit("scenario.toml", from, to);
    let message = refused(3, &["run", &town.arg("scenario.toml"), "--out", &town.arg("out")]);
    assert!(!town.path("out").exists(), "a refused scenario leaves no results");
    message
}

#[test]
fn an_unknown_key_suggests_the_near_one_and_points_at_it() {
    let message = scenario("warm_up", "warmup");
    assert!(message.contains("scenario.toml:7:1: unknown key `warmup`; did you mean `warm_up`?"), "{message}");
    assert!(message.contains("7 | warmup = \"10 min\"\n  | ^^^^^^"), "{message}");
}

#[test]
fn a_wrong_unit_or_none_is_told() {
    assert!(scenario("10 min", "10 km").contains("`10 km` is a length, expected a duration"));
    let message = scenario("\"10 min\"", "600");
    assert!(message.contains("600 is a bare number; a duration carries its unit"), "{message}");
}

#[test]
fn a_file_that_is_not_there_is_named_with_a_near_one() {
    let message = scenario("counts.csv", "count.csv");
    assert!(message.contains("count.csv") && message.contains("did you mean") && message.contains("counts.csv"), "{message}");
    let message = scenario("town.osm", "twon.osm");
    assert!(message.contains("scenario.toml:2:7:") && message.contains("town.osm"), "{message}");
    let town = Town::new();
    assert!(refused(3, &["run", &town.arg("scenaro.toml")]).contains("scenario.toml"));
    assert!(refused(3, &["run", "long-xuyen-mornin"]).contains("did you mean `long-xuyen-morning`?"));
}

#[test]
fn times_and_demand_that_contradict_themselves_are_refused() {
    assert!(scenario("to = \"07:40\"", "to = \"06:40\"").contains("the run ends at 06:40"));
    assert!(scenario("zones.csv\"", "zones.csv\"\nflow = \"5 veh/h\"").contains("`flow` has no meaning for demand of kind `counts`"));
}

#[test]
fn settings_of_the_command_line_are_held_to_the_same_rules() {
    let town = Town::new();
    let run = |set: &str| refused(3, &["run", &town.arg("scenario.toml"), "--out", &town.arg("out"), "--set", set]);
    let message = run("time.form=07:00");
    assert!(message.contains("--set time.form=07:00") && message.contains("did you mean `from`?"), "{message}");
    assert!(run("step=\"3 s\"").contains("expected 0.1 s to 1 s"));
    assert!(run("step=3").contains("bare number"));
}

#[test]
fn counts_that_cannot_be_are_refused_with_their_line() {
    let first = "west-in,2026-03-10T07:00:00+07:00,2026-03-10T07:10:00+07:00,motorcycle,40";
    for (row, expected) in [
        ("west-inn,2026-03-10T07:00:00+07:00,2026-03-10T07:10:00+07:00,motorcycle,40", "did you mean `west-in`"),
        ("west-in,2026-03-10T07:00:00+07:00,2026-03-10T07:10:00+07:00,motorcycle,-40", "-40"),
        ("west-in,2026-03-10T07:05:00+07:00,2026-03-10T07:15:00+07:00,motorcycle,40", "overlap"),
        ("west-in,2026-03-10T07:00:00+08:00,2026-03-10T07:10:00+08:00,motorcycle,40", "zone"),
    ] {
        let town = Town::new();
        town.edit("counts.csv", first, row);
        let (counts, detectors, map) = (town.arg("counts.csv"), town.arg("detectors.csv"), town.arg("town.osm"));
        let called = super::call(&["counts", "check", &counts, "--detectors", &detectors, "--map", &map]);
        let said = format!("{}{}", called.out, called.err);
        assert_eq!(called.code, Some(3), "{row}: {said}");
        assert!(said.contains(expected) && said.contains("counts.csv:"), "{row}: {said}");
    }
}

#[test]
fn good_counts_are_summed_up_as_text_and_json() {
    let town = Town::new();
    let (counts, detectors, map) = (town.arg("counts.csv"), town.arg("detectors.csv"), town.arg("town.osm"));
    let check = ["counts", "check", &counts, "--detectors", &detectors, "--map", &map];
    assert!(done(&check).contains("40 rows"));
    let json: serde_json::Value = serde_json::from_str(&done(&[&check[..], &["--format", "json"]].concat())).unwrap();
    assert_eq!((json["ok"].as_bool(), json["rows"].as_u64()), (Some(true), Some(40)));
    assert_eq!(json["vehicles"]["car"].as_f64(), Some(80.0));
}

#[test]
fn maps_that_are_none_are_refused() {
    let town = Town::new();
    let import = |name: &str| refused(3, &["map", "import", &town.arg(name), "-o", &town.arg("out.map")]);
    fs::write(town.path("garbage.osm.pbf"), [7u8; 4096]).unwrap();
    assert!(import("garbage.osm.pbf").contains("garbage.osm.pbf"));
    fs::write(town.path("empty.osm"), "<?xml version=\"1.0\"?>\n<osm version=\"0.6\"></osm>\n").unwrap();
    assert!(import("empty.osm").contains("empty.osm"));
    assert!(import("twon.osm").contains("did you mean"));
    let elsewhere = refused(3, &["map", "import", &town.arg("town.osm"), "-o", &town.arg("out.map"), "--bbox", "20.0,105.0,20.1,105.1"]);
    assert!(elsewhere.contains("region"), "{elsewhere}");
    refused(2, &["map", "import", &town.arg("town.osm"), "-o", &town.arg("out.map"), "--bbox", "105.0,20.0,105.1,20.1"]);
    assert!(!town.path("out.map").exists(), "nothing was written");
}

#[test]
fn a_damaged_or_older_compiled_map_is_refused_with_the_command_that_rebuilds_it() {
    let town = Town::new();
    let map = town.arg("town.map");
    done(&["map", "import", &town.arg("town.osm"), "-o", &map]);
    let mut bytes = fs::read(town.path("town.map")).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 0xff;
    fs::write(town.path("town.map"), bytes).unwrap();
    assert!(refused(3, &["map", "info", &map]).contains("agtwin map import town.osm"));
}

#[test]
fn a_signal_plan_must_fit_the_junction() {
    let town = Town::new();
    let signals: serde_json::Value =
        serde_json::from_str(&done(&["map", "info", &town.arg("town.osm"), "--signals", "--format", "json"])).unwrap();
    let junction = signals["signals"][0]["junction"].as_str().unwrap();
    let with = |plan: String| {
        let text = fs::read_to_string(town.path("scenario.toml")).unwrap();
        fs::write(town.path("signals.toml"), format!("{text}\n{plan}")).unwrap();
        refused(3, &["run", &town.arg("signals.toml"), "--out", &town.arg("out")])
    };
    let plan = |name: &str, group: u16, yellow: &str| {
        format!(
            "[[signals.junctions]]\njunction = \"{name}\"\nphases = [{{ groups = [{group}], green = \"30 s\", yellow = \"{yellow}\" }}]\n"
        )
    };
    assert!(with(plan(&format!("{junction}x"), 0, "3 s")).contains(&format!("did you mean `{junction}`?")));
    assert!(with(plan(junction, 99, "3 s")).contains("there is no group 99"));
    assert!(with(plan(junction, 0, "1 s")).contains("yellow is 1 s, expected 3 to 10 s"));
}

#[test]
fn both_files_of_counts_are_complained_of_at_once_and_the_map_is_named() {
    let town = Town::new();
    town.edit("counts.csv", "motorcycle", "motorbike");
    let (counts, detectors, map) = (town.arg("counts.csv"), town.arg("detectors.csv"), town.arg("town.osm"));
    let check = ["counts", "check", &counts, "--detectors", &detectors];
    let message = refused(3, &check);
    for expected in ["counts.csv:2: ", "did you mean `motorcycle`?", "detectors.csv:2: ", "on the map `embedded`; --map names another"] {
        assert!(message.contains(expected), "expected {expected}\nin {message}");
    }
    let on_its_map = [&check[..], &["--map", &map]].concat();
    let message = refused(3, &on_its_map);
    assert!(message.contains("counts.csv:2: ") && !message.contains("detectors.csv"), "{message}");
    fs::write(town.path("counts.csv"), "detector,from,to,class,count\n").unwrap();
    assert!(refused(3, &on_its_map).contains("counts.csv: holds no counts"));
}

#[test]
fn messages_repeat_the_option_that_was_given() {
    let town = Town::new();
    let message = refused(3, &["run", &town.arg("scenario.toml"), "--out", &town.arg("out"), "--until", "07:05"]);
    assert!(message.contains("scenario.toml (with --until 07:05):") && !message.contains("--set"), "{message}");
    assert!(message.contains("a warm-up of 10 min leaves nothing to measure between 07:00 and 07:05"), "{message}");
    let message = refused(3, &["compare", &town.arg("scenario.toml"), &town.arg("scenario.toml"), "--until", "07:05"]);
    assert!(message.contains("(with --until 07:05):"), "{message}");
    let message = refused(3, &["run", &town.arg("scenario.toml"), "--out", &town.arg("out"), "--until", "07:12"]);
    assert!(message.contains("no count lies within 07:00 to 07:12 of any day, after 10 min of warm-up"), "{message}");
    let message = refused(3, &["run", &town.arg("counts.csv")]);
    assert!(message.contains("a scenario is a `.toml` file"), "{message}");
}
