//! The report: beside every result, made again in either language, and what is said of a folder that has none.

use super::{Town, call, done, refused};
use std::fs;

#[test]
fn a_run_leaves_a_page_that_can_be_made_again_in_either_language() {
    let town = Town::new();
    done(&["run", &town.arg("scenario.toml"), "--until", "07:20", "--set", "seed=3", "--out", &town.arg("a"), "--lang", "vi"]);
    let page = || fs::read_to_string(town.path("a/report.html")).unwrap();
    let vi = page();
    assert!(vi.contains("<html lang=\"vi\">") && vi.contains("Tóm tắt") && vi.contains("class=\"map\""));
    assert!(vi.contains("<pre>agtwin run scenario.toml --until 07:20 --set seed=3</pre>"), "how to make it again");
    assert!(!vi.contains(town.path("").to_str().unwrap()), "no place of this machine");
    let said = done(&["report", &town.arg("a"), "--lang", "en"]);
    assert!(said.starts_with("Report written to: ") && page().contains("<html lang=\"en\">"), "{said}");
    done(&["report", &town.arg("a"), "--lang", "vi"]);
    assert!(page() == vi, "the same page as beside the results");
    let layer: geojson::FeatureCollection = fs::read_to_string(town.path("a/links.geojson")).unwrap().parse().unwrap();
    assert!(layer.features.len() > 5);
    assert!(fs::read_to_string(town.path("a/kpi.csv")).unwrap().starts_with("\u{feff}Kịch bản;Mã;"));
}

#[test]
fn several_seeds_have_one_report_of_their_means() {
    let town = Town::new();
    done(&["run", &town.arg("scenario.toml"), "--until", "07:20", "--seeds", "2", "--out", &town.arg("a"), "--lang", "en"]);
    let page = fs::read_to_string(town.path("a/report.html")).unwrap();
    assert!(page.contains("means of 2 runs") && page.contains(" ± "), "intervals over the seeds");
    assert!(!town.path("a/seed-1/report.html").exists());
}

#[test]
fn a_folder_that_is_no_result_is_refused() {
    let town = Town::new();
    assert!(refused(3, &["report", &town.arg("nowhere")]).contains("there is no folder"));
    fs::create_dir(town.path("empty")).unwrap();
    assert!(refused(3, &["report", &town.arg("empty")]).contains("is empty"));
    assert!(refused(3, &["report", &town.arg("")]).contains("is no result folder"));
}

#[test]
fn an_indicator_is_explained_and_a_wrong_id_is_answered_with_the_near_one() {
    assert!(done(&["explain", "K14", "--lang", "vi"]).contains("Công thức: Σ gam CO₂"));
    assert!(done(&["explain", "b03"]).contains("Edie 1963"));
    let wrong = call(&["explain", "K1"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("there is no indicator `K1`"), "{}", wrong.err);
}
