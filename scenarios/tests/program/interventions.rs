//! Interventions from the scenario file to the results, and what is said of those that make no sense.

use super::{checked_run, conditions::PLAIN, refusal_of};

const WORKS: &str = "[[interventions]]\nkind = \"closure\"\nname = \"works\"\nroad = \"QL.91\"\nnear = [10.3827, 105.434]\nat = \"07:05\"\nuntil = \"07:17:30\"\n";

fn refusal(more: &str) -> String {
    refusal_of(PLAIN, more)
}

fn one(kind: &str, keys: &str) -> String {
    format!("[[interventions]]\nkind = \"{kind}\"\n{keys}\n")
}

#[test]
fn a_closure_with_its_times_holds_traffic_up_and_the_response_is_told() {
    let arrived = |r: &serde_json::Value| r["trips"]["arrived"].as_u64().unwrap();
    let (plain, text) = checked_run(PLAIN, "", "en");
    assert!(!text.contains("response ="), "{text}");
    let none = format!("response = \"none\"\n{PLAIN}");
    let (closed, text) = checked_run(&none, WORKS, "en");
    assert!(arrived(&closed) < arrived(&plain) && text.contains("Travellers keep to their ways"), "{text}");
    assert_eq!(closed["scenario"]["interventions"][0]["until"], "07:17:30");
    // Without a word about it ways are chosen anew for a closure, and that is told with its gaps.
    let (anew, text) = checked_run(PLAIN, WORKS, "en");
    assert!(arrived(&anew) > arrived(&closed), "{} {}", arrived(&anew), arrived(&closed));
    assert!(text.contains("response = \"reassigned\"") && text.contains("Iterated assignment"), "{text}");
    assert!(!anew["assignment"].as_array().unwrap().is_empty());
    let (_, vi) = checked_run(&format!("response = \"informed\"\n{PLAIN}"), WORKS, "vi");
    assert!(vi.contains("Chỉ những người được thông tin"), "{vi}");
}

#[test]
fn every_kind_is_carried_out() {
    let all = [
        one("lane_use", "road = \"QL.91\"\nlanes = [0]\nclasses = [\"bus\", \"motorcycle\"]"),
        one("speed_limit", "area = { centre = [10.3827, 105.434], radius = \"400 m\" }\nspeed = \"30 km/h\"\nat = \"07:03\""),
        one("signal", "busiest = 1\ncontroller = \"actuated\"\nat = \"07:04\"\nuntil = \"07:10\""),
        one("demand", "factor = \"150 %\"\nclasses = [\"motorcycle\"]\nat = \"07:02\""),
        one("electric", "share = \"60 %\""),
        one("guidance", "share = \"40 %\"\nat = \"07:06\""),
    ];
    let (run, _) = checked_run(&format!("response = \"none\"\n{PLAIN}"), &all.concat(), "en");
    let (plain, _) = checked_run(PLAIN, "", "en");
    let trips = |r: &serde_json::Value| r["trips"]["demanded"].as_u64().unwrap();
    assert!(trips(&run) > trips(&plain) * 11 / 10, "{} {}", trips(&run), trips(&plain));
}

#[test]
fn what_makes_no_sense_points_at_its_line() {
    for (more, said) in [
        (one("signal", "junction = \"nowhere\"\ncontroller = \"actuated\""), "`nowhere` is no signalised junction"),
        (one("signal", "busiest = 0\ncontroller = \"actuated\""), "the 0 busiest junctions are none"),
        (one("signal", "controller = \"actuated\""), "which signals? give `junction`, `area`, `road` or `busiest`"),
        (one("signal", "busiest = 2"), "needs a `controller`, `phases`, or both"),
        (one("closure", "road = \"QL.19\""), "did you mean `QL91`?"),
        (one("closure", "lanes = [0]"), "a `closure` needs a place"),
        (one("closure", "road = \"QL.91\"\nlanes = [9]"), "has no lane 9"),
        (one("closure", "road = \"QL.91\"\nfactor = \"20 %\""), "`factor` has no meaning for a `closure`"),
        (one("closure", "road = \"QL.91\"\nat = \"06:00\""), "06:00 is before the run begins"),
        (one("closure", "road = \"QL.91\"\nat = \"07:30\""), "not before the end of the run"),
        (one("closure", "road = \"QL.91\"\nat = \"07:10\"\nuntil = \"07:05\""), "ends before it begins"),
        (one("closure", "area = { bbox = \"10.0,105.0,10.1,105.1\" }"), "no such road lies in this area"),
        (one("demand", "factor = \"900 %\""), "expected 0 % to 500 %"),
        (one("undo", "of = \"work\""), "no intervention before it is called `work`"),
        (one("speed_limit", "road = \"QL.91\"\nspeed = \"400 km/h\""), "expected a limit of 4 km/h to 160 km/h"),
        (one("closing", "road = \"QL.91\""), "did you mean `closure`?"),
    ] {
        let message = refusal(&more);
        assert!(message.contains(said) && message.starts_with("error: ") && message.contains("scenario.toml:"), "{more}\n{message}");
    }
}

#[test]
fn two_that_contradict_each_other_are_refused_with_both_lines() {
    let limit = |speed: &str, when: &str| one("speed_limit", &format!("road = \"QL.91\"\nspeed = \"{speed}\"\n{when}"));
    let message = refusal(&format!("{}{}", limit("30 km/h", ""), limit("40 km/h", "")));
    let (first, second) = (PLAIN.lines().count() + 1, PLAIN.lines().count() + 6);
    assert!(
        message.contains(&format!("scenario.toml:{second}:")) && message.contains(&format!("`intervention-1` in line {first}")),
        "{message}"
    );
    assert!(message.contains("the speed limit of the same link, from the same time on"), "{message}");
    let message = refusal(&format!("{}{}", limit("30 km/h", "until = \"07:10\""), limit("40 km/h", "at = \"07:05\"")));
    assert!(message.contains("one while the other lasts"), "{message}");
    let message = refusal(&format!("{WORKS}{}", one("opening", "road = \"QL.91\"\nat = \"07:06\"")));
    assert!(message.contains("contradicts `works`") && message.contains("whether the same lane is closed"), "{message}");
    // One after the other is no contradiction, nor is the same twice.
    let fine = format!("response = \"none\"\n{PLAIN}");
    checked_run(&fine, &format!("{}{}", limit("30 km/h", ""), limit("40 km/h", "at = \"07:05\"")), "en");
    checked_run(&fine, &format!("{}{}", limit("30 km/h", ""), limit("30 km/h", "")), "en");
}
