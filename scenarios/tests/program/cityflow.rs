//! A network and a flow of CityFlow, from the files to the results.

use super::{done, refused};
use std::{fs, path::Path};

fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cityflow").join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_network_and_a_flow_of_cityflow_become_a_map_and_a_scenario_that_runs() {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("crossing.agmap");
    let import = ["map", "import", &data("roadnet.json"), "--flow", &data("flow.json"), "-o", map.to_str().unwrap()];
    let report = done(&import);
    assert!(report.contains("65 trips; scenario written to") && report.contains("1 without a way, e.g. flow_4_0"), "{report}");
    let scenario = folder.path().join("crossing.toml");
    let text = fs::read_to_string(&scenario).unwrap();
    assert!(text.contains("length = \"5 m\"") && text.contains("hardest_braking = \"4.5 m/s²\""), "{text}");
    let out = folder.path().join("out");
    let text = done(&["run", scenario.to_str().unwrap(), "--check", "--lang", "en", "--out", out.to_str().unwrap()]);
    assert!(text.contains("Checked 7,200 steps"), "{text}");
    let record: serde_json::Value = serde_json::from_str(&fs::read_to_string(out.join("run.json")).unwrap()).unwrap();
    assert_eq!((&record["trips"]["demanded"], &record["trips"]["arrived"]), (&65.into(), &65.into()), "{}", record["trips"]);
    // Once more over the same names; then over a scenario that somebody has changed.
    done(&import);
    fs::write(&scenario, "mine").unwrap();
    assert!(refused(5, &import).contains("holds something else; it is left alone"));
    assert_eq!(fs::read_to_string(&scenario).unwrap(), "mine");
}

#[test]
fn a_flow_of_another_network_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let flow = folder.path().join("flow.json");
    fs::write(&flow, fs::read_to_string(data("flow.json")).unwrap().replace("\"Eout\"", "\"road_1\"")).unwrap();
    let map = folder.path().join("crossing.agmap");
    let message = refused(3, &["map", "import", &data("roadnet.json"), "--flow", flow.to_str().unwrap(), "-o", map.to_str().unwrap()]);
    assert!(message.contains("flow 0, `route`[1]: is `road_1`, which is no road of the network"), "{message}");
    assert!(!map.exists(), "nothing is written when the demand is refused");
}
