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

/// A year's folders in, the annual report out: what there is, which indicators stand where, what is missing, and whether it is in time.
#[test]
fn a_years_results_fill_the_annual_report() {
    let town = Town::new();
    fs::create_dir(town.path("year")).unwrap();
    let nothing = refused(3, &["report", &town.arg("year"), "--year", "2026"]);
    assert!(nothing.contains("is empty"), "{nothing}");
    done(&["run", &town.arg("scenario.toml"), "--until", "07:20", "--set", "seed=3", "--out", &town.arg("year/a")]);
    fs::create_dir(town.path("year/broken")).unwrap();
    fs::write(town.path("year/broken/run.json"), "{}").unwrap();
    let made: serde_json::Value = serde_json::from_str(&fs::read_to_string(town.path("year/a/machine.json")).unwrap()).unwrap();
    let year = &made["started"].as_str().unwrap()[..4];
    let call = |lang: &str, day: &str| {
        done(&["report", &town.arg("year"), "--year", year, "--date", &format!("{year}-{day}"), "--lang", lang]);
        fs::read_to_string(town.path(&format!("year/annual-{year}.html"))).unwrap()
    };
    let page = call("en", "12-15");
    assert!(page.contains(&format!("Annual report of {year}")) && page.contains("1 of 2 result folders have a report"), "{page}");
    assert!(page.contains("an earlier version wrote them"), "the broken folder is named");
    let row = |page: &str, id: &str| page.split(&format!("<td>{id}</td>")).nth(1).unwrap().split("</tr>").next().unwrap().to_owned();
    assert!(row(&page, "K22").contains(">yes<") && row(&page, "K11").contains(">50<"), "{}", row(&page, "K11"));
    assert!(row(&page, "K19").contains("a: town"), "{}", row(&page, "K19"));
    let missing = page.split("what is missing").nth(1).unwrap();
    assert!(missing.contains("<strong>K01</strong>") && !missing.contains("<strong>K19</strong>"), "{missing}");
    assert!(row(&call("vi", "12-16"), "K22").contains(">không<"), "a day late");
    let other = (year.parse::<i32>().unwrap() - 1).to_string();
    assert!(refused(3, &["report", &town.arg("year/a"), "--year", &other]).contains("holds a result of"));
    assert!(refused(2, &["report", &town.arg("year"), "--year", "26"]).contains("26 is no year of the plan"));
    assert!(refused(2, &["report", &town.arg("year"), &town.arg("year/a")]).contains("several folders make an annual report only"));
}
