//! Output that cannot be written: a full disk, a closed pipe, a folder that is taken.

use super::{Town, agtwin, call, done, refused};
use std::{fs, process::Stdio};

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = agtwin(&["licences"]).stdout(full()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("standard output cannot be written") && !said.contains("panicked"), "{said}");

    let town = Town::new();
    let message = refused(5, &["map", "export", &town.arg("town.osm"), "--to", "geojson", "-o", "/dev/full"]);
    assert!(message.contains("/dev/full"), "{message}");
}

/// A limit on the size of files stands in for a disk that fills up while the results are written.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_while_results_are_written_leaves_no_results() {
    let town = Town::new();
    // SIGXFSZ is ignored, so that the write fails instead of the program being killed; ulimit counts blocks of 512 or 1024 bytes.
    let script = "trap '' XFSZ; ulimit -f 2; exec \"$0\" run \"$1\" --out \"$2\" --until 07:20";
    let output = std::process::Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_agtwin"), &town.arg("scenario.toml"), &town.arg("out")])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(5), "{said}");
    assert!(said.contains("cannot be written") && !said.contains("panicked"), "{said}");
    assert!(!town.path("out").exists(), "nothing that looks finished");
    let left: Vec<_> = fs::read_dir(town.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|n| !n.to_string_lossy().starts_with(".agtwin")), "nothing is left behind: {left:?}");
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = agtwin(&["licences"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    // The program may have written everything into the pipe's buffer before it was closed.
    assert!(matches!(output.status.code(), Some(0 | 141)), "{:?}", output.status);

    let town = Town::new();
    let (map, script) = (town.arg("town.osm"), "\"$0\" map export \"$1\" --to geojson | head -c 1; exit ${PIPESTATUS[0]}");
    let output = std::process::Command::new("bash").args(["-c", script, env!("CARGO_BIN_EXE_agtwin"), &map]).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(matches!(output.status.code(), Some(0 | 141)), "{:?}", output.status);
}

#[test]
fn a_folder_that_is_taken_is_left_alone() {
    let town = Town::new();
    let (scenario, out) = (town.arg("scenario.toml"), town.arg("out"));
    fs::create_dir(town.path("out")).unwrap();
    fs::write(town.path("out/thesis.txt"), "years").unwrap();
    let run = ["run", &scenario, "--until", "07:20", "--out", &out];
    assert!(refused(5, &run).contains("already exists"));
    assert!(refused(5, &[&run[..], &["--force"]].concat()).contains("no results of a run"));
    assert_eq!(fs::read_to_string(town.path("out/thesis.txt")).unwrap(), "years");

    fs::remove_dir_all(town.path("out")).unwrap();
    done(&run);
    assert!(refused(5, &run).contains("--force"));
    done(&[&run[..], &["--force"]].concat());
    assert_eq!(call(&["run", &scenario, "--out", "/dev/null/out"]).code, Some(5));
}

#[test]
fn without_a_folder_results_go_below_out_and_never_over_others() {
    let town = Town::new();
    for expected in ["out/town-seed1", "out/town-seed1-2"] {
        let output = agtwin(&["run", "scenario.toml", "--until", "07:20"]).current_dir(town.path("")).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.contains(&format!("Results written to: {expected}")), "{said}{}", String::from_utf8(output.stderr).unwrap());
        assert!(town.path(expected).join("run.json").is_file());
    }
}

#[test]
fn maps_reports_and_exports_are_never_written_over_their_inputs() {
    let town = Town::new();
    let (osm, map, counts) = (town.arg("town.osm"), town.arg("town.agmap"), town.arg("counts.csv"));
    let before = (fs::read(&osm).unwrap(), fs::read(&counts).unwrap());
    assert!(refused(5, &["map", "import", &osm, "-o", &osm]).contains("is no compiled map; it is left alone"));
    assert!(refused(5, &["map", "import", &osm, "-o", &counts]).contains("is no compiled map; it is left alone"));
    assert!(refused(5, &["map", "import", &osm, "-o", &map, "--report", &osm]).contains("give the report a name of its own"));
    assert!(refused(5, &["map", "import", &osm, "-o", &map, "--report", &map]).contains("give the report a name of its own"));
    let export = refused(5, &["map", "export", &osm, "--to", "geojson", "-o", &osm]);
    assert!(export.contains("is the map itself"), "{export}");
    assert!((fs::read(&osm).unwrap(), fs::read(&counts).unwrap()) == before, "all as they were");
    assert!(!town.path("town.agmap").exists());
    // A compiled map is replaced, and so is an empty file.
    fs::write(&map, "").unwrap();
    done(&["map", "import", &osm, "-o", &map]);
    done(&["map", "import", &osm, "-o", &map]);
}
