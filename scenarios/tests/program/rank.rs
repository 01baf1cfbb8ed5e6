//! Which junctions first: the ranking, its files, what is refused, and that it goes on after an interruption.

use super::{Town, done, refused};
use std::fs;

const SIGNALS: &str = "name = \"busy\"\nmap = \"town.osm\"\n[time]\nfrom = \"07:00\"\nto = \"07:20\"\nwarm_up = \"5 min\"\n[demand]\nkind = \"synthetic\"\nflow = \"4000 veh/h\"\n";

fn town() -> Town {
    let town = Town::new();
    fs::write(town.path("busy.toml"), SIGNALS).unwrap();
    town
}

fn ranking(town: &Town, out: &str, more: &[&str]) -> serde_json::Value {
    let args = ["rank", &town.arg("busy.toml"), "--seeds", "2", "--held-seeds", "2", "--format", "json", "--out", &town.arg(out)];
    serde_json::from_str(&done(&[&args, more].concat())).unwrap()
}

#[test]
fn junctions_are_ranked_by_what_they_save_and_held_against_others() {
    let town = town();
    let found = ranking(&town, "a", &["--budget", "1", "--tries", "2", "--controller", "actuated"]);
    let candidates = found["candidates"].as_array().unwrap();
    let delays: Vec<f64> = candidates.iter().map(|c| c["delay_h"].as_f64().unwrap()).collect();
    assert!(!delays.is_empty() && delays.is_sorted_by(|a, b| a >= b), "{candidates:?}");
    let steps = found["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1);
    let (base, with) = (found["base_delay_h"].as_f64().unwrap(), steps[0]["delay_h"].as_f64().unwrap());
    assert!((base - with - steps[0]["saved_h"]["mean"].as_f64().unwrap()).abs() < 1e-9, "{found}");
    assert!(base != with, "equipping a junction changes something");
    let whats: Vec<_> = found["held"].as_array().unwrap().iter().map(|h| h["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["ranking", "busiest", "random", "random", "random", "random", "random"]);
    let compared = found["compared"].as_array().unwrap();
    assert!(compared.len() >= 3 && ["greedy", "most_delay", "busiest"].iter().enumerate().all(|(n, what)| compared[n]["what"] == **what));
    let starts: Vec<f64> = compared[..3].iter().map(|c| c["saved_h"]["mean"].as_f64().unwrap()).collect();
    let end = steps[0]["saved_h"]["mean"].as_f64().unwrap();
    assert!(end >= starts[2], "it ends with what the busiest save, or more: {end} {starts:?}");
    assert_eq!(found["held_seeds"], serde_json::json!([3, 4]), "seeds that the search never saw");
    let runs = fs::read_dir(town.path("a/runs")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    let made = |seed: &str| runs.filter(|n| n.contains(seed)).count();
    assert!(made("-seed-4") >= 2, "a base and a set at least");
    assert_eq!(found["held"][0]["ranking_saves_more_h"], serde_json::json!({ "mean": 0.0, "half_width": 0.0 }));
    let csv = fs::read_to_string(town.path("a/rank.csv")).unwrap();
    assert!(csv.starts_with("\u{feff}\"Order\",") && csv.lines().count() == 2, "{csv}");
    assert!(fs::read_to_string(town.path("a/rank.svg")).unwrap().contains("Delay saved by the number of junctions equipped"));
}

/// Goes on with what is there: a run that stands is not made again, also where it is not what a simulation would say.
#[test]
fn an_interrupted_ranking_goes_on_with_what_it_has() {
    let town = town();
    let whole = ranking(&town, "a", &["--budget", "1", "--threads", "1"]);
    fs::rename(town.path("a"), town.path("b.unfinished")).unwrap();
    for name in ["rank.json", "rank.csv", "rank.svg"] {
        fs::remove_file(town.path("b.unfinished").join(name)).unwrap();
    }
    let runs = town.path("b.unfinished/runs");
    let mut names: Vec<_> = fs::read_dir(&runs).unwrap().map(|e| e.unwrap().path()).collect();
    names.sort();
    fs::remove_file(&names[0]).unwrap();
    let kept = fs::metadata(&names[1]).unwrap().modified().unwrap();
    // A remark in the scenario file is another input already: its hash is part of the plan.
    fs::write(town.path("busy.toml"), format!("{SIGNALS}# a remark\n")).unwrap();
    let args = ["rank", &town.arg("busy.toml"), "--seeds", "2", "--held-seeds", "2", "--budget", "1", "--out", &town.arg("b")];
    assert!(refused(5, &args).contains("unfinished runs of another"));
    fs::write(town.path("busy.toml"), SIGNALS).unwrap();
    let again = ranking(&town, "b", &["--budget", "1", "--threads", "2"]);
    assert_eq!((&again["steps"], &again["held"]), (&whole["steps"], &whole["held"]));
    let second = town.path("b/runs").join(names[1].file_name().unwrap());
    assert_eq!(fs::metadata(second).unwrap().modified().unwrap(), kept, "a finished run is not repeated");
    assert!(refused(5, &["rank", &town.arg("busy.toml"), "--out", &town.arg("b")]).contains("already exists"));
}

#[test]
fn a_budget_of_nothing_or_too_much_and_a_wrong_controller_are_refused() {
    let town = town();
    let scenario = town.arg("busy.toml");
    assert!(refused(3, &["rank", &scenario, "--budget", "0"]).contains("a budget of 0 junctions equips nothing"));
    assert!(refused(3, &["rank", &scenario, "--budget", "99"]).contains("the budget is 99 junctions, but only"));
    assert!(
        refused(2, &["rank", &scenario, "--controller", "clever"]).contains("there is no controller `clever`; expected one of webster")
    );
    let actuated = ["rank", &scenario, "--set", "signals.controller=actuated"];
    assert!(refused(3, &actuated).contains("no junction of this scenario can be equipped"), "all are equipped already");
}
