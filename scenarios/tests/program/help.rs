//! What the program says about itself.

use super::{call, done, refused};

#[test]
fn without_arguments_the_help_begins_with_the_main_job() {
    let out = done(&[]);
    assert_eq!(out.lines().next(), Some("cargo run --release --locked -- run"));
    assert!(out.contains("Usage: agtwin"), "{out}");
    assert_eq!(out.lines().next(), done(&["--help"]).lines().next());
}

#[test]
fn the_help_documents_the_exit_codes() {
    let out = done(&["--help"]);
    for code in ["0 done", "2 wrong usage", "3 bad input", "4 a promise", "5 output", "141"] {
        assert!(out.contains(code), "{code}: {out}");
    }
}

#[test]
fn wrong_usage_is_told_apart_from_bad_input() {
    for args in [&["rnu"][..], &["run", "--seed", "x"], &["run", "--seed", "1", "--seeds", "2"], &["run", "--set", "nothing"], &["new"]] {
        let called = call(args);
        assert_eq!(called.code, Some(2), "{args:?}: {}", called.err);
        assert!(called.out.is_empty() && !called.err.is_empty(), "{args:?}");
    }
    assert!(call(&["licenses"]).err.contains("'licences'"), "the near command is suggested");
    assert!(refused(2, &["new", "--from", "long-xuyen-mornin", "x"]).contains("did you mean `long-xuyen-morning`?"));
}

#[test]
fn the_version_is_the_package_s() {
    assert_eq!(done(&["--version"]).trim(), format!("agtwin {}", env!("CARGO_PKG_VERSION")));
}

#[test]
fn indicators_are_listed_in_both_languages_and_as_json() {
    let (vi, en) = (done(&["kpi", "list", "--lang", "vi"]), done(&["kpi", "list", "--lang", "en"]));
    assert!(vi.contains("Chỉ tiêu") && en.contains("Indicator") && vi.contains("K19") && en.contains("K19"), "{vi}{en}");
    let json: serde_json::Value = serde_json::from_str(&done(&["kpi", "list", "--format", "json"])).unwrap();
    assert!(json["indicators"].as_array().unwrap().len() >= 22);
}

#[test]
fn licences_name_the_project_the_data_and_every_package() {
    let out = done(&["licences"]);
    for text in ["MIT or Apache-2.0", "OpenStreetMap contributors", "GeoNames", "serde 1.", "bevy_ecs 0.19"] {
        assert!(out.contains(text), "{text}");
    }
}
