//! What travels with the program: the schema, the example, and that both fit it.

use super::{Town, call, done, refused};
use std::{fs, path::Path};

#[test]
fn the_schema_in_the_guide_is_the_program_s() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/src/scenario.schema.json");
    let now = done(&["scenario", "schema"]);
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == now, "docs/src/scenario.schema.json is stale; refresh it with: agtwin scenario schema > docs/src/scenario.schema.json");
}

#[test]
fn the_schema_knows_every_key_of_the_reference() {
    let schema: serde_json::Value = serde_json::from_str(&done(&["scenario", "schema"])).unwrap();
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/src/scenario-file.md")).unwrap();
    let mut tables = vec![&schema];
    tables.extend(schema["$defs"].as_object().unwrap().values());
    for table in tables {
        for key in table["properties"].as_object().into_iter().flatten().map(|(k, _)| k) {
            assert!(guide.contains(&format!("`{key}`")), "docs/src/scenario-file.md says nothing about `{key}`");
        }
    }
}

#[test]
fn the_example_is_written_out_and_is_a_scenario() {
    let here = tempfile::tempdir().unwrap();
    let folder = here.path().join("mine");
    let out = done(&["new", "--from", "long-xuyen-morning", folder.to_str().unwrap()]);
    assert!(out.contains("agtwin run"), "{out}");
    let scenario = folder.join("scenario.toml");
    let checked = done(&["scenario", "check", scenario.to_str().unwrap()]);
    assert!(checked.contains("fine") && checked.contains("counts.csv"), "{checked}");
    assert!(refused(5, &["new", folder.to_str().unwrap()]).contains("not an empty folder"));
}

#[test]
fn the_example_runs_where_it_was_written() {
    let here = tempfile::tempdir().unwrap();
    let folder = here.path().join("mine");
    done(&["new", folder.to_str().unwrap()]);
    let (scenario, out) = (folder.join("scenario.toml"), here.path().join("out"));
    let short = ["--until", "06:40", "--set", "time.warm_up=\"5 min\"", "--set", "demand={kind=\"synthetic\",flow=\"2000 veh/h\"}"];
    let mut args = vec!["run", scenario.to_str().unwrap(), "--out", out.to_str().unwrap()];
    args.extend(short);
    let text = done(&args);
    assert!(text.contains("K19") && text.contains("sketch"), "{text}");
    assert!(out.join("run.json").is_file());
}

#[test]
fn the_closed_bridge_is_written_out_and_guidance_helps() {
    let here = tempfile::tempdir().unwrap();
    let folder = here.path().join("bridge");
    done(&["new", "--from", "long-xuyen-bridge", folder.to_str().unwrap()]);
    let arrived = |file: &str| {
        let (scenario, out) = (folder.join(file), here.path().join(file.replace(".toml", "")));
        let args = ["run", scenario.to_str().unwrap(), "--out", out.to_str().unwrap(), "--format", "json", "--set", "time.to=07:20"];
        let args = [&args[..], &["--set", "time.cool_down=0 s"]].concat();
        let said: serde_json::Value = serde_json::from_str(&done(&args)).unwrap();
        said["run"]["trips"]["arrived"].as_u64().unwrap()
    };
    let (open, closed, guided) = (arrived("open.toml"), arrived("scenario.toml"), arrived("guided.toml"));
    assert!(closed * 20 < open * 19 && guided > closed, "open {open}, closed {closed}, guided {guided}");
}

#[test]
fn each_question_of_the_plan_about_long_xuyen_has_a_file_that_runs() {
    let here = tempfile::tempdir().unwrap();
    let folder = here.path().join("questions");
    done(&["new", "--from", "long-xuyen-questions", folder.to_str().unwrap()]);
    let reassigned = ["tet.toml", "tet-bypass.toml", "trucks-off.toml", "no-ferry.toml", "spread-peak.toml"];
    let run = |file: &str, until: &str| -> serde_json::Value {
        let (scenario, out) = (folder.join(file), here.path().join(file.replace(".toml", "")));
        let (to, out) = (format!("time.to={until}"), out.to_str().unwrap().to_owned());
        let args = ["run", scenario.to_str().unwrap(), "--out", &out, "--format", "json", "--set", &to, "--set", "time.warm_up=\"5 min\""];
        // One change of ways is enough to see that they are chosen anew.
        let anew: &[&str] = if reassigned.contains(&file) { &["--assign", "1"] } else { &[] };
        serde_json::from_str(&done(&[&args[..], anew].concat())).unwrap()
    };
    let demanded = |r: &serde_json::Value| r["run"]["trips"]["demanded"].as_u64().unwrap();
    let today = run("scenario.toml", "06:45");
    let mut grown = Vec::new();
    for file in ["adaptive-ql91.toml", "electric-10.toml", "electric-80.toml"].into_iter().chain(reassigned) {
        // Whose departures move, leaves half an hour after the beginning.
        let until = if file == "spread-peak.toml" { "07:20" } else { "06:45" };
        let done = run(file, until);
        let description = done["run"]["scenario"]["description"].as_str().unwrap();
        assert!(description.split(" / ").count() == 2, "{file}: a sentence in Vietnamese and one in English, not {description}");
        assert_eq!(done["run"]["assignment"].is_array(), reassigned.contains(&file), "{file}");
        if file == "spread-peak.toml" {
            let did = &done["run"]["happened"]["demand"][0];
            let [concerned, moved] = ["concerned", "moved"].map(|k| did[k].as_u64().unwrap());
            assert!(moved * 10 > concerned && moved * 3 < concerned, "a fifth: {did}");
            continue;
        }
        assert_eq!(demanded(&done) > demanded(&today), file.starts_with("tet"), "{file}: {} {}", demanded(&done), demanded(&today));
        grown.extend(file.starts_with("tet").then(|| demanded(&done)));
    }
    assert_eq!(grown[0], grown[1], "the closed bypass is compared with the same traffic");
    let calls = |file: &str| demanded(&run(file, "06:56"));
    assert!(calls("ambulances.toml") == calls("ambulances-preemption.toml"), "the same calls with and without green");
}

#[test]
fn a_map_alone_runs_with_made_up_traffic_and_says_so() {
    let town = Town::new();
    let map = town.arg("town.osm");
    let text = done(&["run", &map, "--until", "07:20", "--out", &town.arg("out"), "--check"]);
    assert!(text.contains("synthetic") && text.contains("K19"), "{text}");
    assert!(text.contains("no vehicle lost"), "{text}");
    let checked = done(&["scenario", "check", &map]);
    assert!(checked.contains("fine.") && checked.trim_end().ends_with("0 detectors, made-up traffic; no file beside the map"), "{checked}");
}

#[test]
fn a_map_is_imported_described_exported_and_compared() {
    let town = Town::new();
    let (osm, map, report) = (town.arg("town.osm"), town.arg("town.map"), town.arg("report.json"));
    let text = done(&["map", "import", &osm, "-o", &map, "--report", &report, "--name", "Thử"]);
    assert!(text.contains("Thử") && text.contains("agtwin run"), "{text}");
    let report: serde_json::Value = serde_json::from_str(&fs::read_to_string(town.path("report.json")).unwrap()).unwrap();
    assert_eq!(report["import"]["signalised_junctions"], 1);

    let info: serde_json::Value = serde_json::from_str(&done(&["map", "info", &map, "--format", "json"])).unwrap();
    assert_eq!((info["signalised_junctions"].as_u64(), info["name"].as_str()), (Some(1), Some("Thử")));
    let signals = done(&["map", "info", &map, "--signals"]);
    assert!(signals.contains("group 0") && signals.contains("assumed"), "{signals}");

    let geojson: serde_json::Value = serde_json::from_str(&done(&["map", "export", &map, "--to", "geojson"])).unwrap();
    assert!(geojson["features"].as_array().unwrap().len() >= info["links"].as_u64().unwrap() as usize);
    done(&["map", "export", &map, "--to", "geojson", "-o", &town.arg("town.geojson")]);
    let file: serde_json::Value = serde_json::from_str(&fs::read_to_string(town.path("town.geojson")).unwrap()).unwrap();
    assert_eq!(file, geojson);

    let same = done(&["map", "diff", &map, &osm]);
    assert!(!same.contains("links:"), "only the name differs: {same}");
    town.edit("town.osm", "v=\"yes\"", "v=\"no\"");
    let diff = call(&["map", "diff", &map, &osm, "--format", "json"]);
    let diff: serde_json::Value = serde_json::from_str(&diff.out).unwrap();
    assert_eq!(diff["links"]["added"].as_array().unwrap().len(), 1, "the one-way street has a way back now: {diff}");
}
