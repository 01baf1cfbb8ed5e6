//! Incidents, gates, pedestrians, guidance and declared violators from the scenario file to the results.

use super::{checked_run, refusal_of};

pub(crate) const PLAIN: &str = "name = \"plain\"\nmap = \"town.osm\"\n[time]\nfrom = \"07:00\"\nto = \"07:20\"\nwarm_up = \"5 min\"\n[demand]\nkind = \"synthetic\"\nflow = \"1500 veh/h\"\n";
pub(crate) const CLOSED: &str = "[[incidents]]\nroad = \"QL.91\"\nnear = [10.3827, 105.434]\nfrom = \"07:05\"\nto = \"07:20\"\n";

/// [`PLAIN`] until its last minute and no longer, to see who has come through by then.
pub(crate) fn no_longer() -> String {
    PLAIN.replace("warm_up", "cool_down = \"0 s\"\nwarm_up")
}

/// `run.json` and the text of a run.
fn run(more: &str, lang: &str) -> (serde_json::Value, String) {
    checked_run(PLAIN, more, lang)
}

fn refusal(more: &str) -> String {
    refusal_of(PLAIN, more)
}

#[test]
fn a_closed_road_holds_traffic_up_and_guidance_leads_some_around() {
    let arrived = |r: &serde_json::Value| r["trips"]["arrived"].as_u64().unwrap();
    let run = |more: &str, lang| checked_run(&no_longer(), more, lang);
    let (plain, text) = run("", "en");
    assert_eq!(plain["happened"], serde_json::json!({}), "nothing is told of what is not there");
    assert!(!text.contains("Guidance") && !text.contains("Pedestrians") && !text.contains("Gates"), "{text}");
    let (closed, _) = run(CLOSED, "en");
    assert!(arrived(&closed) + 20 < arrived(&plain), "{} {}", arrived(&closed), arrived(&plain));
    let (guided, text) = run(&format!("{CLOSED}[guidance]\nshare = \"80 %\"\n"), "en");
    assert!(arrived(&guided) > arrived(&closed), "{} {}", arrived(&guided), arrived(&closed));
    let times = guided["happened"]["rerouted"].as_u64().unwrap();
    assert!(times > 0 && text.contains(&format!("Guidance: changed their way {times} times")), "{text}");
    assert_eq!(guided["scenario"]["guidance"]["inertia"], "15 %", "run.json has what was not said, too");
}

#[test]
fn a_slow_stretch_and_a_closed_lane_can_be_driven_through() {
    let (slow, _) = run("[[incidents]]\nlink = \"osm:w1:n101>n21\"\nslow = \"8 km/h\"\nfrom = \"07:00\"\nto = \"07:20\"\n", "en");
    let (lane, _) = run(
        "[[incidents]]\nlink = \"osm:w1:n101>n21\"\nposition = \"200 m\"\nlanes = [0]\nfrom = \"07:00\"\nto = \"07:20\"\nclasses = [\"car\", \"taxi\"]\n",
        "en",
    );
    let (plain, _) = run("", "en");
    let hash = |r: &serde_json::Value| r["state_hash"].clone();
    assert!(hash(&slow) != hash(&plain) && hash(&lane) != hash(&plain), "both change the run");
}

#[test]
fn pedestrians_and_gates_are_counted_and_told_in_both_languages() {
    let more = "[pedestrians]\ncrossings = [{ link = \"osm:w1:n101>n21\", position = \"300 m\", flow = \"300 persons/h\" }]\n[[gates]]\nname = \"toll\"\nlink = \"osm:w2:n21>n22\"\nposition = \"100 m\"\nservice = \"4 s\"\nspread = \"exponential\"\n";
    let (record, text) = run(more, "vi");
    let walked = &record["happened"]["pedestrians"];
    let (came, crossed) = (walked["came"].as_u64().unwrap(), walked["crossed"].as_u64().unwrap());
    assert!((60..=140).contains(&came) && crossed <= came && crossed + 20 > came, "300 an hour for 20 minutes: {walked}");
    let served = &record["happened"]["gates"][0];
    assert!(served["gate"] == "toll" && served["vehicles"].as_u64().unwrap() > 5, "{served}");
    assert!(text.contains("Người đi bộ: ") && text.contains("Trạm: "), "{text}");
}

#[test]
fn violators_are_declared_by_class_and_held_to_their_ranges() {
    let (record, _) = run("[classes.motorcycle]\nspeeds_share = \"50 %\"\nspeeds_factor = \"140 %\"\nruns_red_share = \"20 %\"\n", "en");
    let (plain, _) = run("", "en");
    assert_ne!(record["state_hash"], plain["state_hash"]);
    let (fast, _) = run("[classes.motorcycle]\nspeeds_share = \"50 %\"\n", "en");
    assert_ne!(fast["state_hash"], plain["state_hash"], "speeding alone is seen too");
    assert!(record["check"]["declared_on_red"].as_u64().unwrap() > 0 && plain["check"]["declared_on_red"] == 0, "{}", record["check"]);
    let message = refusal("[classes.motorcycle]\nruns_red_share = \"120 %\"\n");
    assert!(message.contains("runs_red_share is 1.2, expected 0 to 1") && message.contains("scenario.toml:11:18"), "{message}");
}

#[test]
fn what_cannot_be_on_the_map_is_refused_at_its_line() {
    let incident = |keys: &str| refusal(&format!("[[incidents]]\n{keys}\nfrom = \"07:05\"\nto = \"07:20\"\n"));
    let gate = |keys: &str| refusal(&format!("[[gates]]\n{keys}\n"));
    for (message, expected) in [
        (
            incident("link = \"osm:w1:n101>n22\""),
            "scenario.toml:11:8: no link is called `osm:w1:n101>n22`; did you mean `osm:w1:n101>n21`?",
        ),
        (incident("road = \"Trần Hưng Đào\"\nnear = [10.38, 105.43]"), "did you mean `Trần Hưng Đạo`?"),
        (incident("road = \"QL91\"\nnear = [10.5, 105.43]"), "scenario.toml:12:8: `QL91` is 13"),
        (incident("road = \"QL91\""), "which part of the road?"),
        (incident("road = \"QL91\"\nlink = \"x\""), "give a `link` or a `road`, not both"),
        (incident("link = \"osm:w1:n101>n21\"\nlanes = [2]"), "there is no lane 2; link osm:w1:n101>n21 has 2"),
        (incident("link = \"osm:w1:n101>n21\"\nlanes = \"some\""), "`some` names no lanes"),
        (incident("link = \"osm:w1:n101>n21\"\nlanes = [0]\nslow = \"20 km/h\""), "not both"),
        (incident("link = \"osm:w1:n101>n21\"\nposition = \"2 km\""), "scenario.toml:12:12: reaches from 2000"),
        (incident("link = \"osm:w1:n101>n21\"\nslow = \"900 km/h\""), "slows traffic to 250 m/s"),
        (incident("link = \"osm:w1:n101>n21\"\nlane = [0]"), "did you mean `lanes`?"),
        (gate("from_map = true"), "the map has no such gate"),
        (gate("link = \"osm:w4:n24>n102\"\nposition = \"5 m\"\nservice = \"5 s\""), "stands at 5 m"),
        (gate("link = \"osm:w4:n24>n102\""), "a gate needs `link`, `position` and `service`"),
        (refusal("[pedestrians]\nfrom_map = true\n"), "no pedestrian crossing"),
        (
            refusal("[pedestrians]\ncrossings = [{ place = \"x\", flow = \"5 veh/h\" }]\n"),
            "`5 veh/h` is a flow, expected a flow of persons",
        ),
        (refusal("[guidance]\nshare = \"130 %\"\n"), "scenario.toml:11:9: guidance: share is 1.3"),
    ] {
        assert!(message.contains(expected), "expected {expected}\nin {message}");
    }
}

/// The town has a hospital or is refused; calls are answered by vehicles that drive through its traffic.
#[test]
fn calls_for_help_are_answered_and_timed() {
    let emergency = "[emergency]\ncalls = 30\ndetect = \"30 s\"\n";
    let refusal = refusal_of(PLAIN, &format!("{emergency}from = [\"fire_station\"]\n"));
    assert!(refusal.contains("the map has no such place beside a road"), "{refusal}");
    assert!(refusal_of(PLAIN, "[emergency]\ncalls = 0\n").contains("0 calls an hour, expected 1 to 600"));
    let (record, text) = run(emergency, "en");
    assert!(record["trips"]["arrived"].as_u64() > Some(0));
    let k10 = text.lines().find(|l| l.starts_with("K10")).expect("a row");
    assert!(k10.contains(" min ") && text.contains("detection 30 s and dispatch 90 s are part of it"), "{text}");
    assert!(text.contains("dispatch in 90 s are assumed"), "{text}");
}
