//! Vehicles that people do not drive alone, from the scenario file to the results; the examples that show them.

use super::{Town, done, refused};
use std::fs;

/// The result of a run as JSON.
fn run(scenario: &str, more: &[&str]) -> serde_json::Value {
    let here = tempfile::tempdir().unwrap();
    let out = here.path().join("out");
    let mut args = vec!["run", scenario, "--out", out.to_str().unwrap(), "--format", "json"];
    args.extend(more);
    let said: serde_json::Value = serde_json::from_str(&done(&args)).unwrap();
    said["run"]["happened"].clone()
}

fn example(name: &str) -> tempfile::TempDir {
    let here = tempfile::tempdir().unwrap();
    done(&["new", "--from", name, here.path().join("mine").to_str().unwrap()]);
    here
}

fn of<'a>(happened: &'a serde_json::Value, list: &str, class: &str, system: Option<&str>) -> &'a serde_json::Value {
    let all = happened[list].as_array().unwrap();
    let is_it = |s: &&serde_json::Value| s["class"] == class && (list != "systems" || s["system"].as_str() == system);
    all.iter().find(is_it).unwrap_or_else(|| panic!("no {class} {system:?} in {all:?}"))
}

#[test]
fn half_of_the_cars_on_the_motorway_have_cooperative_cruise_control() {
    let here = example("ct34-av");
    let file = here.path().join("mine/scenario.toml");
    let short = ["--set", "time.to=06:32", "--set", "time.warm_up=1 min"];
    let happened = run(file.to_str().unwrap(), &short);
    let entered = |system| of(&happened, "systems", "car", system)["entered"].as_f64().unwrap();
    let share = entered(Some("cacc")) / (entered(Some("cacc")) + entered(None));
    assert!((share - 0.5).abs() < 0.15, "{share}");
}

#[test]
fn shuttles_drive_themselves_in_the_park_and_by_hand_outside() {
    let here = example("binh-long-shuttles");
    let short = ["--set", "time.to=07:00", "--set", "time.warm_up=1 min"];
    let happened = run(here.path().join("mine/scenario.toml").to_str().unwrap(), &short);
    let shuttle = of(&happened, "systems", "shuttle", Some("autonomous"));
    let number = |key: &str| shuttle[key].as_f64().unwrap();
    assert!(number("hand_overs") >= 1.0 && number("by_system_m") > 200.0, "{shuttle}");
    assert!(number("by_system_m") < number("distance_m"), "{shuttle}");
}

#[test]
fn trackers_find_fewer_speeders_where_coaches_and_trucks_are_held_to_the_limit() {
    let here = example("speed-assistance");
    let short = ["--set", "time.to=06:35", "--set", "time.warm_up=1 min"];
    let detected = |file: &str| {
        let happened = run(here.path().join("mine").join(file).to_str().unwrap(), &short);
        let cases: u64 = happened["trackers"].as_array().unwrap().iter().map(|t| t["speeding"]["detected"].as_u64().unwrap()).sum();
        cases
    };
    let (none, limiting) = (detected("none.toml"), detected("scenario.toml"));
    assert!(none >= 3 && limiting < none, "{none} without, {limiting} with assistance");
}

#[test]
fn what_makes_no_sense_is_refused_at_its_line() {
    let town = Town::new();
    let scenario = fs::read_to_string(town.path("scenario.toml")).unwrap();
    let told = |more: &str| {
        fs::write(town.path("scenario.toml"), format!("{scenario}\n{more}\n")).unwrap();
        refused(3, &["scenario", "check", &town.arg("scenario.toml")])
    };
    let one = "[[automation.vehicles]]\nsystem = \"acc\"\n";
    let text = told(&format!("{one}share = \"30 %\"\nclasses = [\"motorcycle\"]"));
    assert!(text.contains("class motorcycle rides on two wheels"), "{text}");
    let text = told(&format!("{one}share = \"130 %\""));
    assert!(text.contains("a share of 1.3, expected 0 to 1"), "{text}");
    let text = told(&format!("{one}share = \"30 %\"\nhedway = \"1 s\""));
    assert!(text.contains("unknown key `hedway`"), "{text}");
    let text = told(&format!("{one}share = \"30 %\"\narea = {{ bus_line = \"7\" }}"));
    assert!(text.contains("no line of `bus_lines` is called `7`"), "{text}");
    let text = told(&format!("{one}share = \"30 %\"\narea = {{ circle = {{ centre = [0.0, 0.0], radius = \"1 m\" }} }}"));
    assert!(text.contains("no link of the map lies inside"), "{text}");
    let text = told(&format!("{one}share = \"30 %\"\narea = {{}}"));
    assert!(text.contains("the area says nothing"), "{text}");
    let text = told("[automation.speed_advice]\nshare = \"50 %\"\nrange = \"5 m\"");
    assert!(text.contains("range in metres is 5, expected 20 to 2000"), "{text}");
    let text = told("[automation.trackers]\nshare = \"50 %\"\nevery = \"1 h\"");
    assert!(text.contains("time between reports is 3600, expected 1 to 600"), "{text}");
}
