//! Bus lines and car parks from the scenario file to the results.

use super::{checked_run, done, refusal_of};
use std::fs;

const PLAIN: &str = "name = \"plain\"\nmap = \"town.osm\"\n[time]\nfrom = \"07:00\"\nto = \"07:20\"\nwarm_up = \"5 min\"\n[demand]\nkind = \"synthetic\"\nflow = \"600 veh/h\"\nmix = { car = \"60 %\", motorcycle = \"40 %\" }\n";
const LINE: &str = "[[bus_lines]]\nname = \"01\"\nfrom = \"06:50\"\nto = \"09:00\"\nheadway = \"5 min\"\nstops = [\n  { link = \"osm:w1:n101>n21\", position = \"120 m\" },\n  { link = \"osm:w2:n21>n22\", position = \"80 m\", dwell = \"40 s\", bay = true },\n]\n";
const PARK: &str =
    "[[car_parks]]\nname = \"market\"\nlink = \"osm:w2:n21>n22\"\nposition = \"60 m\"\nspaces = 3\nserves = \"2 km\"\nstay = \"8 min\"\n";

fn run(more: &str, lang: &str) -> (serde_json::Value, String) {
    checked_run(PLAIN, more, lang)
}

fn refusal(more: &str) -> String {
    refusal_of(PLAIN, more)
}

#[test]
fn a_bus_line_is_driven_and_its_buses_stand_at_their_stops() {
    let demanded = |r: &serde_json::Value| r["trips"]["demanded"].as_u64().unwrap();
    let (plain, _) = run("", "en");
    let (with, _) = run(LINE, "en");
    // 06:50 and 06:55 are before the run; 07:00, 07:05, 07:10, 07:15.
    assert_eq!(demanded(&with), demanded(&plain) + 4);
    let (slow, _) = run(&LINE.replace("40 s", "10 min"), "en");
    assert_ne!(with["state_hash"], slow["state_hash"], "how long they stand matters");
    let (over, _) = run(&LINE.replace("stops =", "route = [\"osm:w1:n101>n21\", \"osm:w2:n21>n22\"]\nstops ="), "en");
    assert_eq!(over["state_hash"], with["state_hash"], "the quickest way from stop to stop is the route that was named");
}

#[test]
fn who_finds_no_space_searches_and_all_is_told() {
    let (record, text) = run(PARK, "vi");
    let parking = &record["happened"]["parking"];
    let park = &parking["parks"][0];
    let of = |key: &str| park[key].as_u64().unwrap();
    assert!(park["park"] == "market" && of("most") == 3 && of("entered") >= 3 && of("turned_away") > 3, "{parking}");
    assert!(parking["seeking"].as_u64().unwrap() + parking["found"].as_u64().unwrap() > 0, "{parking}");
    assert!(text.contains("Bãi đỗ xe: ") && text.contains("Thời gian đỗ xe là giả định") == PARK.is_empty(), "{text}");
    let (record, text) = run(&PARK.replace("spaces = 3", "spaces = 3000").replace("stay = \"8 min\"\n", ""), "en");
    assert_eq!(record["happened"]["parking"]["parks"][0]["turned_away"], 0);
    assert!(
        text.contains("Car parks: ") && text.contains("drivers turned away 0 times") && text.contains("Stays in car parks are assumed"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_on_the_map_is_refused_at_its_line() {
    for (message, expected) in [
        (refusal(&LINE.replace("n101>n21", "n101>n22")), "no link is called `osm:w1:n101>n22`; did you mean `osm:w1:n101>n21`?"),
        (refusal(&LINE.replace("120 m", "5 m")), "expected 20 to"),
        (refusal(&LINE.replace("headway = \"5 min\"", "headway = \"1 s\"")), "a headway of 1 s, expected 10 s to 24 h"),
        (refusal(&LINE.replace("to = \"09:00\"", "to = \"06:00\"")), "expected an end after it"),
        (refusal(&LINE.replace("name = \"01\"", "name = \"01\"\nclass = \"motorcycle\"")), "a line is not driven by class motorcycle"),
        (
            refusal(&LINE.replace("link = \"osm:w1:n101>n21\", position = \"120 m\"", "place = \"osm:n7\"")),
            "no bus stop of the map is called",
        ),
        (refusal(&LINE.replace("bay = true", "bai = true")), "did you mean `bay`?"),
        (refusal(&format!("{LINE}{LINE}")), "line 1 has this name already"),
        (refusal(&LINE.replace("stops =", "route = [\"osm:w1:n101>n21\"]\nstops =")), "is not on the `route`"),
        (refusal(&PARK.replace("spaces = 3\n", "")), "a car park needs `link`, `position` and `spaces`"),
        (refusal(&PARK.replace("60 m", "6 m")), "expected 20 to"),
        (refusal("[[car_parks]]\nfrom_map = true\n"), "the map has no car park"),
        (refusal(&PARK.replace("2 km", "20 km")), "within 0 m to 5 km"),
    ] {
        assert!(message.contains(expected), "expected {expected}\nin {message}");
    }
}

#[test]
fn the_market_example_has_buses_and_car_parks_that_run_full() {
    let here = tempfile::tempdir().unwrap();
    let (folder, out) = (here.path().join("market"), here.path().join("out"));
    done(&["new", "--from", "long-xuyen-market", folder.to_str().unwrap()]);
    let scenario = folder.join("scenario.toml");
    done(&["run", scenario.to_str().unwrap(), "--until", "07:10", "--out", out.to_str().unwrap()]);
    let record: serde_json::Value = serde_json::from_slice(&fs::read(out.join("run.json")).unwrap()).unwrap();
    let market = &record["happened"]["parking"]["parks"][0];
    assert!(market["park"] == "market" && market["most"] == 5 && market["turned_away"].as_u64().unwrap() > 0, "{market}");
}
