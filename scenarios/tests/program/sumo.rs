//! A network and a route file of SUMO, from the files to the results.

use super::{done, refused};
use std::{fs, path::Path};

fn data(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/sumo").join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_scenario_names_a_network_and_a_route_file_of_sumo() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let text = done(&["run", &data("crossing.toml"), "--check", "--lang", "en", "--out", out.to_str().unwrap()]);
    assert!(text.contains("Checked 1,200 steps"), "{text}");
    assert!(text.contains("The route file says things that nothing uses: `length` of <vType> × 1."), "{text}");
    let record: serde_json::Value = serde_json::from_str(&fs::read_to_string(out.join("run.json")).unwrap()).unwrap();
    assert_eq!((&record["trips"]["demanded"], &record["trips"]["arrived"]), (&31.into(), &31.into()), "{}", record["trips"]);
}

#[test]
fn a_network_of_sumo_is_compiled_and_told_about() {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("crossing.agmap");
    let map = map.to_str().unwrap();
    let report = done(&["map", "import", &data("crossing.net.xml"), "-o", map]);
    assert!(report.contains("lane closed to vehicles (a pavement, a track)"), "{report}");
    let signals = done(&["map", "info", map, "--signals"]);
    assert!(signals.contains("cycle 60 s, offset 10 s"), "{signals}");
    let message = refused(3, &["map", "import", &data("crossing.net.xml"), "-o", map, "--bbox", "10,105,11,106"]);
    assert!(message.contains("is imported whole"), "{message}");
    let message = refused(3, &["map", "import", &data("crossing.rou.xml"), "-o", map]);
    assert!(message.contains("expected <osm>"), "{message}");
}
