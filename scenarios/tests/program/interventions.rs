//! Interventions from the scenario file to the results, and what is said of those that make no sense.

use super::{
    Town, checked_run,
    conditions::{PLAIN, no_longer},
    done, refusal_of,
};
use std::fs;

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
    let by_then = no_longer();
    let (plain, text) = checked_run(&by_then, "", "en");
    assert!(!text.contains("response ="), "{text}");
    let none = format!("response = \"none\"\n{by_then}");
    let (closed, text) = checked_run(&none, WORKS, "en");
    assert!(arrived(&closed) < arrived(&plain) && text.contains("Travellers keep to their ways"), "{text}");
    assert_eq!(closed["scenario"]["interventions"][0]["until"], "07:17:30");
    // Without a word about it ways are chosen anew for a closure, and that is told with its gaps.
    let (anew, text) = checked_run(&by_then, WORKS, "en");
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
        one("automation", "system = \"autonomous\"\nshare = \"40 %\"\nclasses = [\"car\"]\nat = \"07:03\""),
        one("trackers", "share = \"90 %\""),
        one("guidance", "share = \"40 %\"\nat = \"07:06\""),
    ];
    let (run, _) = checked_run(&format!("response = \"none\"\n{PLAIN}"), &all.concat(), "en");
    let (plain, _) = checked_run(PLAIN, "", "en");
    let trips = |r: &serde_json::Value| r["trips"]["demanded"].as_u64().unwrap();
    let systems = run["happened"]["systems"].as_array().unwrap();
    assert!(systems.iter().any(|s| s["system"] == "autonomous" && s["class"] == "car"), "{systems:?}");
    assert!(!run["happened"]["trackers"].as_array().unwrap().is_empty() && plain["happened"]["trackers"].is_null());
    assert!(trips(&run) > trips(&plain) * 11 / 10, "{} {}", trips(&run), trips(&plain));
}

#[test]
fn what_makes_no_sense_points_at_its_line() {
    for (more, said) in [
        (one("signal", "junction = \"nowhere\"\ncontroller = \"actuated\""), "`nowhere` is no signalised junction"),
        (one("signal", "busiest = 0\ncontroller = \"actuated\""), "the 0 busiest junctions are none"),
        (one("signal", "controller = \"actuated\""), "which signals? give `junction`, `junctions`, `area`, `road` or `busiest`"),
        (one("signal", "busiest = 2"), "needs a `controller`, `phases`, or both"),
        (one("automation", "share = \"20 %\""), "a `automation` needs the key `system`"),
        (one("automation", "system = \"acc\"\nshare = \"20 %\"\nclasses = [\"motorcycle\"]"), "a motorcycle rides on two wheels"),
        (one("trackers", "share = \"120 %\""), "a share of 120 %, expected 0 % to 100 %"),
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

const BYPASS: &str = "[[interventions]]\nkind = \"new_link\"\nname = \"bypass\"\nfrom = \"osm:n21\"\nto = \"osm:n34\"\nroad_class = \"trunk\"\nlane_count = 2\nspeed = \"80 km/h\"\nboth_ways = true\n";
const LINE: &str = "[[bus_lines]]\nname = \"01\"\nfrom = \"06:50\"\nto = \"09:00\"\nheadway = \"5 min\"\nstops = [{ link = \"osm:w1:n101>n21\", position = \"120 m\" }, { link = \"osm:w2:n21>n22\", position = \"80 m\" }]\n";
const PARK: &str =
    "[[car_parks]]\nname = \"market\"\nlink = \"osm:w2:n21>n22\"\nposition = \"60 m\"\nspaces = 3\nserves = \"2 km\"\nstay = \"8 min\"\n";

#[test]
fn a_new_link_is_driven_by_those_who_have_known_of_it_for_long() {
    let hash = |r: &serde_json::Value| r["state_hash"].clone();
    let (plain, _) = checked_run(PLAIN, "", "en");
    let (built, text) = checked_run(PLAIN, BYPASS, "en");
    assert!(text.contains("response = \"reassigned\"") && !built["assignment"].as_array().unwrap().is_empty(), "{text}");
    assert_eq!(built["map"], plain["map"], "the road belongs to the variant, not to the map");
    assert_eq!(built["trips"]["demanded"], plain["trips"]["demanded"], "the same people travel");
    assert_ne!(hash(&built), hash(&plain));
    // Other interventions may name it: closed to everybody it is of no use to anybody.
    let shut = "[[interventions]]\nkind = \"closure\"\nlink = \"local:bypass\"\nboth_ways = true\n";
    let (closed, _) = checked_run(PLAIN, &format!("{BYPASS}{shut}"), "en");
    assert_ne!(hash(&closed), hash(&built), "somebody had driven on it");
}

#[test]
fn a_variant_with_a_new_link_is_compared_with_its_base() {
    let town = Town::new();
    fs::write(town.path("plain.toml"), PLAIN).unwrap();
    fs::write(town.path("bypass.toml"), format!("{}{BYPASS}", PLAIN.replace("\"plain\"", "\"with-bypass\""))).unwrap();
    let (base, variant, out) = (town.arg("plain.toml"), town.arg("bypass.toml"), town.arg("out"));
    let text = done(&["compare", &base, &variant, "--seeds", "2", "--until", "07:15", "--lang", "en", "--out", &out]);
    assert!(text.contains("with-bypass"), "{text}");
    let report = fs::read_to_string(town.path("out").join("report.html")).unwrap();
    assert!(report.contains("with-bypass") && report.contains("</html>"));
}

#[test]
fn lines_and_car_parks_are_added_changed_and_taken_away() {
    let run = |more: &str| checked_run(PLAIN, more, "en").0;
    let demanded = |r: &serde_json::Value| r["trips"]["demanded"].as_u64().unwrap();
    let (plain, base) = (run(""), run(LINE));
    // 07:00, 07:05, 07:10, 07:15; every 2 min from 06:50 on: 07:00 to 07:18.
    assert_eq!(demanded(&base), demanded(&plain) + 4);
    assert_eq!(demanded(&run(&format!("{LINE}{}", one("bus_line", "line = \"01\"\nheadway = \"2 min\"")))), demanded(&plain) + 10);
    let gone = run(&format!("{LINE}{}", one("bus_line", "line = \"01\"\nremoved = true")));
    assert_eq!(gone["state_hash"], plain["state_hash"]);
    let added = format!("[[interventions]]\nkind = \"bus_line\"\n{}", LINE.replace("[[bus_lines]]", "[interventions.add_line]"));
    assert_eq!(run(&added)["state_hash"], base["state_hash"]);

    let most = |r: &serde_json::Value| r["happened"]["parking"]["parks"][0]["most"].as_u64();
    assert_eq!(most(&run(PARK)), Some(3));
    assert_eq!(most(&run(&format!("{PARK}{}", one("car_park", "park = \"market\"\nspaces = 5")))), Some(5));
    let gone = run(&format!("{PARK}{}", one("car_park", "park = \"market\"\nremoved = true")));
    assert_eq!(gone["state_hash"], plain["state_hash"]);
}

#[test]
fn signals_can_be_named_by_a_list() {
    let hash = |more: &str| checked_run(PLAIN, &one("signal", more), "en").0["state_hash"].clone();
    let listed = hash("junctions = [\"osm:n22\"]\ncontroller = \"actuated\"");
    assert_eq!(listed, hash("junction = \"osm:n22\"\ncontroller = \"actuated\""));
    assert_ne!(listed, hash("junctions = [\"osm:n22\"]\ncontroller = \"fixed\""));
}

#[test]
fn what_cannot_be_built_points_at_its_line_and_suggests() {
    let bypass = |from: &str, to: &str| BYPASS.replace(from, to);
    for (more, line, said) in [
        (bypass("osm:n21", "osm:n211"), 4, "no junction is called `osm:n211`; near it are `osm:n21`"),
        (bypass("osm:n34", "osm:n21"), 5, "begins and ends at `osm:n21`"),
        (bypass("speed =", "at = \"07:05\"\nspeed ="), 8, "is there from the beginning of the run to its end"),
        (bypass("lane_count = 2", "lane_count = 9"), 7, "9 lanes in each direction, expected 1 to 8"),
        (bypass("lane_count = 2\n", ""), 2, "a `new_link` needs the key `lane_count`"),
        (bypass("80 km/h", "300 km/h"), 8, "expected a limit of 4 km/h to 160 km/h"),
        (bypass("trunk", "trunc"), 6, "did you mean `trunk`?"),
        (bypass("both_ways = true", "width = \"1 m\""), 9, "expected 4 m to 9 m for 2 lanes"),
        (format!("{BYPASS}{}", one("undo", "of = \"bypass\"")), 12, "remove it instead of undoing it"),
        (one("bus_line", "line = \"7\"\nremoved = true"), 3, "no bus line is called `7`"),
        (format!("{LINE}{}", one("bus_line", "line = \"02\"\nremoved = true")), 9, "did you mean `01`?"),
        (format!("{LINE}{}", one("bus_line", "line = \"01\"")), 8, "needs one of `headway`, `add_line`, `removed`"),
        (format!("{LINE}{}", one("bus_line", "line = \"01\"\nheadway = \"1 s\"")), 10, "expected 10 s or more"),
        (format!("{LINE}{0}{0}", one("bus_line", "line = \"01\"\nheadway = \"2 min\"")), 11, "both change `01`; remove one"),
        (format!("{PARK}{}", one("car_park", "park = \"marked\"\nspaces = 2")), 10, "did you mean `market`?"),
        (format!("{PARK}{}", one("car_park", "park = \"market\"\nspaces = 0")), 11, "0 spaces are none"),
        (one("signal", "junctions = [\"osm:n22\", \"nowhere\"]\ncontroller = \"actuated\""), 3, "`nowhere` is no signalised junction"),
        (one("signal", "junctions = [\"osm:n22\", \"osm:n22\"]\ncontroller = \"actuated\""), 3, "`osm:n22` is named twice"),
        (one("closure", "junctions = [\"osm:n22\"]"), 3, "`junctions` has no meaning for a `closure`"),
    ] {
        let message = refusal(&more);
        let found = message.split("scenario.toml:").nth(1).and_then(|m| m.split(':').next()?.parse::<usize>().ok());
        let line = line + PLAIN.lines().count();
        assert!(message.contains(said), "{more}\n{message}");
        assert_eq!(found, Some(line), "{more}\n{message}");
    }
}

#[test]
fn what_is_wrong_inside_an_added_or_changed_service_points_at_the_very_value() {
    let add = |table: &str, to: &str| {
        format!("[[interventions]]\nkind = \"{to}\"\n[interventions.add_{}]\n{table}", if to == "bus_line" { "line" } else { "park" })
    };
    let line = "name = \"02\"\nfrom = \"06:50\"\nto = \"09:00\"\nheadway = \"5 min\"\nstops = [\n  { link = \"osm:w1:n101>n21\", position = \"120 m\" },\n  { link = \"osm:w2:n21>n22\", position = \"80 m\" },\n]\n";
    let park = "name = \"north\"\nlink = \"osm:w2:n21>n22\"\nposition = \"60 m\"\nspaces = 3\n";
    let after = one("speed_limit", "road = \"QL.91\"\nspeed = \"30 km/h\"");
    for (more, place, said) in [
        (add(&line.replace("n21>n22", "n21>n222"), "bus_line"), (10, 12), "did you mean `osm:w2:n21>n22`?"),
        (add(&line.replace("80 m", "8 m"), "bus_line"), (10, 41), "expected 20 to"),
        (add(&line.replace("09:00", "06:00"), "bus_line"), (6, 6), "expected an end after it"),
        (add(&line.replace("5 min", "1 s"), "bus_line"), (7, 11), "expected 10 s to 24 h"),
        (add(&park.replace("60 m", "3 m"), "car_park"), (6, 12), "20"),
        (add(&park.replace("n21>n22", "n21>n222"), "car_park"), (5, 8), "did you mean `osm:w2:n21>n22`?"),
        // With a line of the file taken away before it.
        (
            format!("{LINE}{}{}", one("bus_line", "line = \"01\"\nremoved = true"), add(&line.replace("80 m", "8 m"), "bus_line")),
            (20, 41),
            "expected 20 to",
        ),
        (format!("{LINE}{}", one("bus_line", "line = \"01\"\nheadway = \"30 h\"")), (10, 11), "expected 10 s to 24 h"),
    ] {
        let message = refusal(&format!("{more}{after}"));
        let wanted = format!("scenario.toml:{}:{}:", place.0 + PLAIN.lines().count(), place.1);
        assert!(message.contains(said) && message.contains(&wanted), "{wanted} {said}\n{more}\n{message}");
    }
}

/// Demand between the zones of the town, a table of its own.
fn with_table(more: &str) -> (Town, String) {
    let plain = PLAIN.replace("kind = \"synthetic\"\nflow = \"1500 veh/h\"", "kind = \"od\"\nod = \"od.csv\"\nzones = \"zones.csv\"");
    let (town, scenario) = super::town_with(&plain, more);
    let rows = ["w,e", "e,w", "n,s", "s,n", "w,c"].map(|pair| format!("{pair},motorcycle,07:00,100\n{pair},motorcycle,07:15,50\n"));
    fs::write(town.path("od.csv"), format!("origin,destination,class,from,trips\n{}", rows.concat())).unwrap();
    (town, scenario)
}

fn run_with_table(more: &str) -> (serde_json::Value, String) {
    let (town, scenario) = with_table(more);
    let text = done(&["run", &scenario, "--check", "--lang", "en", "--out", &town.arg("out")]);
    (serde_json::from_slice(&fs::read(town.path("out/run.json")).unwrap()).unwrap(), text)
}

#[test]
fn demand_of_a_zone_is_scaled_and_departures_are_moved_before_ways_are_chosen() {
    let demanded = |r: &serde_json::Value| r["trips"]["demanded"].as_u64().unwrap();
    let (base, _) = run_with_table("");
    let (more, text) = run_with_table(&one("demand", "name = \"fair\"\ndestination = \"Centre\"\nfactor = \"200 %\""));
    let did = &more["happened"]["demand"][0];
    let (concerned, added) = (did["concerned"].as_u64().unwrap(), did["added"].as_u64().unwrap());
    assert!((105..=130).contains(&concerned) && added == concerned, "100 of a quarter-hour and a third of 50: {did}");
    assert_eq!(demanded(&more), demanded(&base) + added);
    assert!(
        text.contains(&format!("Demand: `fair` adds {added} trips to {added}")) && text.contains("response = \"reassigned\""),
        "{text}"
    );

    let school =
        one("departures", "name = \"school\"\narea = \"West\"\nat = \"07:08\"\nuntil = \"07:15\"\nshare = \"40 %\"\nearlier = \"8 min\"");
    let (shifted, text) = run_with_table(&school);
    let did = &shifted["happened"]["demand"][0];
    let (concerned, moved) = (did["concerned"].as_u64().unwrap(), did["moved"].as_u64().unwrap());
    assert!((100..=180).contains(&concerned) && (concerned * 3 / 10..=concerned / 2).contains(&moved), "{did}");
    assert_eq!(demanded(&shifted), demanded(&base), "the same trips at other times");
    assert_ne!(shifted["state_hash"], base["state_hash"]);
    assert!(text.contains(&format!("lets {moved} of {concerned} trips leave at another time")), "{text}");
}

#[test]
fn demand_from_counts_is_fitted_to_the_day_that_was_counted_and_then_changed_at_its_place() {
    let counted = include_str!("../data/town/scenario.toml");
    let response = format!("response = \"none\"\n{counted}");
    let run = |more: &str| {
        let (town, scenario) = super::town_with(&response, more);
        assert!(done(&["scenario", "check", &scenario]).contains("town"));
        done(&["run", &scenario, "--out", &town.arg("out")]);
        serde_json::from_slice::<serde_json::Value>(&fs::read(town.path("out/run.json")).unwrap()).unwrap()
    };
    let fair = one("demand", "name = \"fair\"\ndestination = \"Centre\"\nfactor = \"200 %\"");
    let (base, more) = (run(""), run(&fair));
    assert!(base["fit"].is_object() && base["fit"] == more["fit"], "nobody counted the fair");
    let did = &more["happened"]["demand"][0];
    let (concerned, added) = (did["concerned"].as_u64().unwrap(), did["added"].as_u64().unwrap());
    let demanded = |r: &serde_json::Value| r["trips"]["demanded"].as_u64().unwrap();
    assert!(concerned > 20 && concerned < demanded(&base) / 2 && added == concerned, "{did} of {}", demanded(&base));
    assert_eq!(demanded(&more), demanded(&base) + added);
    let message = refusal_of(&response, &fair.replace("Centre", "Center"));
    assert!(message.contains("did you mean `Centre`?"), "{message}");
}

#[test]
fn a_variant_that_only_moves_departures_is_compared_trip_by_trip() {
    let (town, base) = with_table("");
    let plain = fs::read_to_string(&base).unwrap();
    let shift = one("departures", "at = \"07:10\"\nuntil = \"07:15\"\nshare = \"100 %\"\nlater = \"4 min\"");
    fs::write(town.path("later.toml"), format!("{}{shift}", plain.replace("\"plain\"", "\"later\""))).unwrap();
    let args = ["compare", &base, &town.arg("later.toml"), "--seeds", "2", "--format", "json", "--out", &town.arg("out")];
    let said: serde_json::Value = serde_json::from_str(&done(&args)).unwrap();
    // It begins with the ways of the base's travellers, but not at their times.
    assert_ne!(said["base"]["state_hashes"], said["variants"][0]["state_hashes"]);
    assert_eq!(said["variants"][0]["same_demand"], true);
}

#[test]
fn a_town_can_be_named_wherever_an_area_is_asked_for() {
    let hash = |more: &str| checked_run(PLAIN, more, "en").0["state_hash"].clone();
    let limit = |area: &str| one("speed_limit", &format!("area = {area}\nspeed = \"20 km/h\""));
    // 12 000 people at 4 000 a km²: 1.5 times the radius of 3 km².
    let circle = "{ centre = [10.38324, 105.43329], radius = \"1465.8 m\" }";
    assert_eq!(hash(&limit("\"thị trấn thử\"")), hash(&limit(circle)));
    assert_eq!(hash(&limit("[\"Thị trấn Thử\"]")), hash(&limit(circle)));
    for (more, line, said) in [
        (limit("\"Thị trấn Thủ\""), 3, "no town or ward of the map is called `Thị trấn Thủ`; did you mean `Thị trấn Thử`?"),
        (limit("\"Hà Nội\""), 3, "no town or ward of the map is called `Hà Nội`"),
        (limit("3"), 3, "the name of a town or ward"),
        (one("signal", "area = \"Thị trấn\"\ncontroller = \"actuated\""), 3, "did you mean `Thị trấn Thử`?"),
        (one("demand", "factor = \"120 %\"\norigin = \"Chợ\""), 4, "no town or ward of the map is called `Chợ`"),
    ] {
        let message = refusal(&more);
        let wanted = format!("scenario.toml:{}:", line + PLAIN.lines().count());
        assert!(message.contains(said) && message.contains(&wanted), "{more}\n{message}");
    }
}

#[test]
fn the_share_of_the_informed_is_told_only_where_it_is_one_for_the_whole_run() {
    let k06 = |head: &str, more: &str| {
        let (town, scenario) = super::town_with(&format!("{head}{PLAIN}"), more);
        done(&["run", &scenario, "--out", &town.arg("out")]);
        let said: serde_json::Value = serde_json::from_slice(&fs::read(town.path("out/kpi.json")).unwrap()).unwrap();
        let row = said["indicators"].as_array().unwrap().iter().find(|r| r["id"] == "K06").unwrap().clone();
        row["value"]["value"].as_f64()
    };
    let told = one("guidance", "share = \"60 %\"");
    assert_eq!(k06("", ""), None);
    assert_eq!(k06("", "[guidance]\nshare = \"45 %\"\n"), Some(45.0));
    assert_eq!(k06("response = \"informed\"\n", ""), Some(30.0), "the share that is assumed");
    assert_eq!(k06("", &told), Some(60.0));
    assert_eq!(k06("", &format!("[guidance]\nshare = \"45 %\"\n{}", one("guidance", "share = \"60 %\"\nat = \"07:10\""))), None);
}
