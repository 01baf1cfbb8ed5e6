//! Controllers of signals from the scenario file to the results: each runs and says what it observes, faults are told, nonsense is refused at
//! its line.

use super::{Town, conditions::PLAIN, done, refusal_of, town_with};
use std::fs;

const NAMES: [&str; 9] = [
    "fixed",
    "coordinated",
    "webster",
    "actuated",
    "max_pressure",
    "cyclic_max_pressure",
    "efficient_max_pressure",
    "advanced_max_pressure",
    "predictive",
];

fn town(more: &str) -> (Town, String) {
    town_with(PLAIN, more)
}

/// `run.json`, `events.jsonl` and the text of a checked run.
fn run(more: &str, set: &[&str]) -> (serde_json::Value, String, String) {
    let (town, scenario) = town(more);
    let out = town.arg("out");
    let mut args = vec!["run", &scenario, "--check", "--lang", "en", "--out", &out];
    set.iter().for_each(|s| args.extend(["--set", s]));
    let text = done(&args);
    let file = |name: &str| fs::read_to_string(town.path(&format!("out/{name}"))).unwrap();
    (serde_json::from_str(&file("run.json")).unwrap(), file("events.jsonl"), text)
}

fn refusal(more: &str) -> String {
    refusal_of(PLAIN, more)
}

#[test]
fn every_controller_can_be_asked_for_and_says_what_it_observes() {
    let mut hashes = std::collections::BTreeSet::new();
    for name in NAMES {
        let (record, _, text) = run("", &[&format!("signals.controller={name}")]);
        let shown = if name == "coordinated" { "fixed" } else { name };
        assert!(text.contains(&format!("controller {shown} at 1 junctions observes ")), "{name}: {text}");
        assert_eq!(text.contains("made from the flows of the demand"), name == "coordinated", "{text}");
        assert!(record["happened"].get("signals").is_none(), "{name}: nothing failed: {}", record["happened"]);
        hashes.insert(record["state_hash"].as_str().unwrap().to_owned());
    }
    assert_eq!(hashes.len(), NAMES.len(), "each makes another run");
}

#[test]
fn an_upper_bound_runs_only_where_the_scenario_says_that_it_is_one_and_is_never_recommended() {
    let (record, _, text) = run("[signals]\ncontroller = \"predictive_oracle\"\nupper_bound = true\n", &[]);
    assert!(text.contains("controller predictive_oracle at 1 junctions observes the truth (upper bound, not to be built)"), "{text}");
    assert_eq!(record["scenario"]["signals"]["upper_bound"], true);
    let shown = refusal("[signals]\ncontroller = \"predictive_oracle\"\n");
    assert!(shown.contains("scenario.toml:11:14: this controller is fed with the truth that no detector tells: an upper bound"), "{shown}");
    let order = "[[interventions]]\nkind = \"signal\"\njunction = \"osm:n22\"\ncontroller = \"predictive_oracle\"\n";
    assert!(refusal(order).contains("write `upper_bound = true` in [signals]"));
    let shown = refusal("[signals]\ncontroller = \"predictive\"\nupper_bound = true\n");
    assert!(shown.contains("no controller of this scenario is an upper bound"), "{shown}");
    let (_town, scenario) = town("");
    let refused = super::refused(2, &["rank", &scenario, "--controller", "predictive_oracle"]);
    assert!(refused.contains("`predictive_oracle` is an upper bound that nobody can build"), "{refused}");
}

#[test]
fn a_network_controls_signals_where_inference_is_built_in_and_is_refused_with_a_reason_elsewhere() {
    let wished = "[signals]\ncontroller = \"onnx\"\n";
    if cfg!(feature = "onnx") {
        let (_, _, text) = run(wished, &[]);
        assert!(text.contains("controller onnx at 1 junctions observes cameras"), "{text}");
        let shown = refusal(&format!("{wished}network = \"scenario.toml\"\n"));
        assert!(shown.contains("controller onnx: the network cannot be read: "), "{shown}");
    } else {
        assert!(refusal(wished).contains("built without ONNX inference; build it with `--features onnx`"));
    }
    assert!(refusal(&format!("{wished}network = \"nowhere.onnx\"\n")).contains("nowhere.onnx"));
    assert!(refusal("[signals]\ncontroller = \"actuated\"\nnetwork = \"scenario.toml\"\n").contains("`network` has no meaning"));
}

#[test]
fn base_and_variant_differ_in_their_signals_and_in_nothing_else() {
    let (town, base) = town("");
    for name in ["actuated", "coordinated"] {
        fs::write(town.path("variant.toml"), format!("{PLAIN}[signals]\ncontroller = \"{name}\"\n")).unwrap();
        let out = done(&["compare", &base, &town.arg("variant.toml"), "--seeds", "2", "--format", "json", "--out", &town.arg(name)]);
        let compared: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(compared["variants"][0]["same_demand"], true);
        let rows = compared["variants"][0]["indicators"].as_array().unwrap();
        let delay = rows.iter().find(|r| r["id"] == "B01").unwrap();
        assert!(!delay["difference"].is_null(), "{delay}");
    }
}

#[test]
fn what_breaks_is_told_in_the_results() {
    let more = "[signals]\ncontroller = \"max_pressure\"\n[[incidents]]\nname = \"digger\"\nfault = \"cut_line\"\nfrom = \"07:05\"\nto = \"07:10\"\n";
    let (record, events, text) = run(more, &[]);
    let degraded = &record["happened"]["signals"]["degraded"][0];
    assert!(degraded["controller"] == "osm:n22" && degraded["actuated_s"] == 300.0 && degraded["fixed_s"] == 0.0, "{degraded}");
    for kind in ["line_cut", "line_back", "actuated_instead", "controller_back"] {
        assert!(events.contains(&format!("\"kind\":\"{kind}\"")), "{kind}: {events}");
    }
    assert!(text.contains("Signals degraded: at 1 junctions, 5 min actuated"), "{text}");
    let (record, events, _) = run("[signals]\ncontroller = \"trial\"\nfails_after = \"2 min\"\n", &[]);
    assert_eq!(record["happened"]["signals"]["failed"], 1);
    assert!(events.contains("\"kind\":\"controller_failed\""), "{events}");
}

#[test]
fn nonsense_about_signals_points_at_its_line() {
    let shown = refusal("[signals]\ncontroller = \"actuatd\"\n");
    assert!(shown.contains("scenario.toml:11:14: unknown value `actuatd`; did you mean `actuated`?"), "{shown}");
    let shown = refusal("[signals]\ncontroler = \"actuated\"\n");
    assert!(shown.contains("unknown key `controler`; did you mean `controller`?"), "{shown}");
    let shown = refusal("[signals]\ncontroller = \"actuated\"\nweight = 2.0\n");
    assert!(shown.contains("scenario.toml:12:10: `weight` has no meaning for the controllers of this scenario"), "{shown}");
    let shown = refusal("[signals]\ncontroller = \"max_pressure\"\ninterval = \"1 s\"\n");
    assert!(shown.contains("the interval between decisions is 1 s, expected 5 to 120 s"), "{shown}");
    let shown = refusal("[signals]\nmax_red = \"5 s\"\n");
    assert!(shown.contains("the longest red is 5 s, expected 30 to 900 s"), "{shown}");
    let shown = refusal("[[signals.junctions]]\njunction = \"osm:n23\"\ncontroller = \"actuated\"\n");
    assert!(shown.contains("no signalised junction or controller is called `osm:n23`; did you mean `osm:n22`?"), "{shown}");
    let shown = refusal("[[signals.junctions]]\njunction = \"osm:n22\"\nphases = [{ groups = [0, 1, 2, 3], green = \"30 s\" }]\n");
    assert!(shown.contains("scenario.toml:12:10: controller osm:n22: phase 0 gives green to the groups 0 ("), "{shown}");
    assert!(shown.contains("whose traffic crosses"), "{shown}");
    let fault = "[[incidents]]\nfault = \"dead_detectors\"\nfrom = \"07:05\"\nto = \"07:10\"\n";
    assert!(refusal(fault).contains("no controller has detectors there"));
    let shown = refusal(&format!("[signals]\ncontroller = \"actuated\"\n{fault}lanes = [0]\n"));
    assert!(shown.contains("`lanes` has no meaning for an incident with a `fault`"), "{shown}");
    let shown = refusal("[[incidents]]\nlink = \"osm:w1:n101>n21\"\njunction = \"osm:n22\"\nfrom = \"07:05\"\nto = \"07:10\"\n");
    assert!(shown.contains("`junction` belongs to an incident with a `fault`"), "{shown}");
}
