//! A small report written by hand: its page, its table, its layer, and folders that have none.

use super::{files::REPORT_FILE, layers::Track, map::Measure, model::KIND, moves, office, summary, timespace, words::Word, *};
use crate::{
    kpi::{self, Bilingual, KpiInput, TrafficSummary, testing},
    lang::Lang,
    results::record::{InputRecord, MapRecord, TripTotals},
    run::arterial::Arterial,
};
use sim_core::{class::ClassTable, network::RoadClass};
use std::fs;

fn shape(ref_: &str, name: &str, from: [i32; 2], to: [i32; 2]) -> Shape {
    Shape {
        ref_: ref_.into(),
        name: (!name.is_empty()).then(|| name.to_owned()),
        road_number: None,
        towards: None,
        class: RoadClass::Primary,
        lanes: 2,
        length_m: 500.0,
        line: vec![from, to],
    }
}

fn total(link: usize, delay_h: f64) -> LinkTotals {
    LinkTotals { link, vehicles: 120.0, vehicle_km: 60.0, vehicle_h: 3.0, delay_h, queue_m: 42.0, co2_kg: 9.5, conflicts: 0.0 }
}

fn moment(from_s: f64) -> Moment {
    Moment { from_s, until_s: from_s + 900.0, vehicle_km: 100.0, vehicle_h: 4.0, delay_h: 1.5, co2_kg: 20.0, wished: 50.0, arrived: 45.0 }
}

/// An hour with a quarter of an hour of warm-up; three links, one without traffic, one whose name would break a careless page.
fn sample() -> Report {
    let network = testing::network();
    let traffic: TrafficSummary = testing::run();
    let rows = kpi::evaluate(&KpiInput {
        network: &network,
        traffic: Some(&traffic),
        classes: &ClassTable::default(),
        equipment: None,
        has_illustrative_counts: true,
        informed: None,
    });
    let trips = TripTotals { demanded: 4, arrived: 2, on_road: 1, waiting: 1, ..TripTotals::default() };
    let side = Side {
        name: "sáng <b>".into(),
        inputs: vec![InputRecord::of("scenario", "scenario.toml", b"x")],
        assumptions: vec![Bilingual::new("giả định & điều khác", "an assumption & more")],
        told: vec![],
        trips: vec![trips],
        state_hashes: vec!["0123456789abcdef".into()],
        rows: rows.iter().map(Row::of).collect(),
        values: kpi::by_seed(&[rows]),
        tracks: vec![Track(vec![[0, 10], [10, 90]])],
        safety: vec![],
        accidents: None,
        same_demand: true,
        widest_gap: None,
        totals: vec![total(0, 1.0), total(1, 7.25)],
        series: (0..5).map(|i| moment(3600.0 - 900.0 + 900.0 * f64::from(i))).collect(),
    };
    let map = MapRecord {
        name: "thị trấn".into(),
        source: "town.osm".into(),
        attribution: "© OpenStreetMap contributors, ODbL".into(),
        is_sketch: false,
        content_hash: "abc".into(),
        links: 3,
        junctions: 2,
        length_km: 1.5,
    };
    Report {
        schema_version: REPORT_SCHEMA_VERSION,
        kind: KIND.into(),
        version: "0".into(),
        command: "agtwin run scenario.toml --seed 4".into(),
        map,
        signals: 1,
        drives_left: false,
        arterial: Some(Arterial { name: "QL.1 <x>".into(), links: vec![], length_m: 500.0, signals_m: vec![400.0] }),
        from_s: 2700.0,
        measured_from_s: 3600.0,
        cool_down_s: 7200.0,
        until_s: 7200.0,
        seeds: vec![4],
        links: vec![
            shape("a", "Trần Hưng Đạo", [105_430_000, 10_380_000], [105_434_000, 10_380_000]),
            shape("b", "<script>alert(1)</script>", [105_434_000, 10_380_000], [105_438_000, 10_382_000]),
            shape("c", "", [105_438_000, 10_382_000], [105_438_000, 10_386_000]),
        ],
        sides: vec![side],
        precision: None,
    }
}

/// Panics where a tag is not closed, or closes another.
fn assert_well_formed(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let body = page.split_once("</style>").map_or(page, |(_, after)| after);
    for tag in body.split('<').skip(1).filter_map(|t| t.split_once('>')).map(|(tag, _)| tag) {
        let name = tag.trim_start_matches('/').split([' ', '\n', '/']).next().unwrap_or_default();
        if let Some(closed) = tag.strip_prefix('/') {
            if !["head", "html"].contains(&closed) {
                assert_eq!(open.pop(), Some(closed), "in …{tag}");
            }
        } else if !tag.ends_with('/') && !["br", "meta", "!DOCTYPE"].contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn the_page_is_one_file_without_network_or_script_and_well_formed() {
    for lang in Lang::ALL {
        let page = html::page(&sample(), lang);
        for foreign in ["<script", "<link", "<iframe", "<img", " src=", "url(", "@import", "http:", "https:", " onclick"] {
            assert!(!page.contains(foreign), "{lang:?}: {foreign}");
        }
        assert!(page.split("href=\"").skip(1).all(|h| h.starts_with('#')), "only places of its own");
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "names are text");
        assert!(page.contains("size: A4") && page.contains("<meta charset=\"utf-8\">"));
        assert!(!page.contains("NaN") && !page.contains("inf "), "no number that is none");
        assert_well_formed(&page);
    }
}

#[test]
fn a_page_speaks_one_language() {
    for (lang, other) in [(Lang::Vi, Lang::En), (Lang::En, Lang::Vi)] {
        let page = html::page(&sample(), lang);
        let shown = page.split_once("<body>").unwrap().1;
        for word in Word::SHOWN.iter().filter(|w| w.get(other).len() > 8) {
            assert!(!shown.contains(word.get(other)), "{lang:?}: {}", word.get(other));
        }
        assert!(shown.contains(Word::Summary.get(lang)) && shown.contains(Word::Reproduce.get(lang)));
    }
}

/// By hand: 2460 s of delay over three trips are 820 s a trip; 40 km in 4000 s are 36 km/h; 7.25 of 8.25 veh·h are 88 %.
#[test]
fn the_summary_says_numbers_with_units_and_where_time_is_lost() {
    let page = html::page(&sample(), Lang::En);
    assert!(page.contains("820 <small>s/trip</small>") && page.contains("36 <small>km/h</small>"), "{page}");
    assert!(page.contains("4 trips wished to leave in the whole run: 2 arrived; on the road at the end: 1, waiting at their origin: 1"));
    assert!(page.contains("7.2 veh·h, 88 % of all delay on the road"), "7.25 of 8.25");
    let worst: Vec<usize> = summary::worst(&sample().sides[0]).iter().map(|t| t.link).collect();
    assert_eq!(worst, [1, 0]);
    let vi = html::page(&sample(), Lang::Vi);
    assert!(vi.contains("7,2 xe·giờ, bằng 88 % tổng chậm trễ"));
}

#[test]
fn every_status_is_a_word_and_every_value_has_a_unit() {
    for lang in Lang::ALL {
        let page = html::page(&sample(), lang);
        let table = page.split_once("<table class=\"indicators\">").unwrap().1.split_once("</table>").unwrap().0;
        let rows: Vec<&str> = table.split("<tr><td>").skip(1).collect();
        assert_eq!(rows.len(), kpi::catalogue().len());
        for row in rows {
            let cells: Vec<&str> = row.split("<td").collect();
            assert_eq!(cells.len(), 6, "{row}");
            let (value, unit) = (cells[2], cells[3]);
            assert_eq!(value.contains(">–<"), unit.contains(">–<"), "a number has a unit: {row}");
            for cell in &cells[4..] {
                let chip = cell.split_once("<span class=\"chip").unwrap().1;
                assert!(chip.chars().filter(|c| c.is_alphabetic()).count() > 10, "a word in {chip}");
            }
        }
    }
}

#[test]
fn all_four_maps_draw_both_roads_and_traffic_and_number_the_worst_places() {
    let page = html::page(&sample(), Lang::En);
    let maps: Vec<&str> = page.split("<figure class=\"map\">").skip(1).collect();
    assert_eq!(maps.len(), 4);
    for (map, unit) in maps.iter().zip(["veh·h/km", "km/h", "(m)", "kg/km"]) {
        assert!(map.contains("href=\"#roads0\"") && map.contains("stroke-width") && map.contains(unit), "{map}");
    }
    assert_eq!(maps[0].matches("<circle").count(), 2, "two places have delay");
    assert!(page.contains("id=\"roads0\""));
}

#[test]
fn the_mean_of_runs_is_that_of_each_link_and_interval() {
    let a = Layers { totals: vec![total(0, 1.0), total(2, 3.0)], series: vec![moment(0.0)] };
    let mut b = Layers { totals: vec![total(0, 2.0)], series: vec![moment(0.0)] };
    b.series[0].delay_h = 2.5;
    let mean = Layers::mean(&[&a, &b]);
    let delays: Vec<_> = mean.totals.iter().map(|t| (t.link, t.delay_h)).collect();
    assert_eq!(delays, [(0, 1.5), (2, 1.5)], "nothing drove on link 2 in the other run");
    assert_eq!(mean.series[0].delay_h, 2.0);
}

#[test]
fn the_table_is_for_the_spreadsheet_of_its_language() {
    for (lang, separator, value) in [(Lang::Vi, ';', "0,6833333333333333"), (Lang::En, ',', "0.6833333333333333")] {
        let csv = csv::indicators(&sample(), lang);
        assert!(csv.starts_with('\u{feff}') && csv.contains(value), "{csv}");
        let mut reader = ::csv::ReaderBuilder::new().delimiter(separator as u8).from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert!(rows.len() > kpi::catalogue().len(), "classes have rows of their own");
        assert!(rows.iter().all(|r| r.len() == 12), "the same columns everywhere");
    }
}

#[test]
fn the_layer_is_geojson_with_a_result_on_every_link() {
    let text = geojson::links(&sample());
    let parsed: ::geojson::FeatureCollection = text.parse().unwrap();
    assert_eq!(parsed.features.len(), 2);
    let first = &parsed.features[0];
    assert_eq!(first.property("ref").unwrap(), "a");
    assert_eq!(first.property("speed_kmh").unwrap().as_f64(), Some(20.0));
    assert_eq!(first.property("delay_veh_h").unwrap().as_f64(), Some(1.0));
    assert!(text.contains("[105.430000,10.380000]"), "longitude first");
}

#[test]
fn what_is_written_is_read_and_makes_the_same_page() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join(REPORT_FILE), serde_json::to_string(&sample()).unwrap()).unwrap();
    let report = read(here.path()).unwrap();
    assert_eq!(report, sample());
    write_over(here.path(), &report, Lang::Vi).unwrap();
    let page = || fs::read_to_string(here.path().join("report.html")).unwrap();
    let vi = page();
    write_over(here.path(), &report, Lang::En).unwrap();
    assert_ne!(page(), vi);
    write_over(here.path(), &read(here.path()).unwrap(), Lang::Vi).unwrap();
    assert_eq!(page(), vi);
}

#[test]
fn a_folder_without_a_report_is_answered_by_what_it_is() {
    let here = tempfile::tempdir().unwrap();
    let said = |make: &dyn Fn(&std::path::Path)| {
        let folder = tempfile::tempdir_in(here.path()).unwrap();
        make(folder.path());
        read(folder.path()).unwrap_err().to_string()
    };
    let write = |name: &'static str, text: String| move |folder: &std::path::Path| fs::write(folder.join(name), &text).unwrap();
    assert!(read(&here.path().join("no")).unwrap_err().to_string().starts_with("there is no folder"));
    assert!(said(&|_| ()).contains("is empty"));
    assert!(said(&write("thesis.txt", "years".into())).contains("is no result folder"));
    assert!(said(&write("run.json", "{}".into())).contains("an earlier version wrote them"));
    assert!(said(&write(REPORT_FILE, "{\"kind\":".into())).contains("is damaged or no report"));
    assert!(said(&write(REPORT_FILE, "{}".into())).contains("its `kind` is null"));
    let mut report = sample();
    report.schema_version = 99;
    assert!(said(&write(REPORT_FILE, serde_json::to_string(&report).unwrap())).contains("schema version 99, expected 1"));
    let mut report = sample();
    report.sides[0].totals[0].link = 7;
    assert!(said(&write(REPORT_FILE, serde_json::to_string(&report).unwrap())).contains("speaks of link 7, but has 3"));
    let mut report = sample();
    report.sides[0].rows[0].id = "K99".into();
    assert!(said(&write(REPORT_FILE, serde_json::to_string(&report).unwrap())).contains("knows no indicator `K99`"));
}

/// A variant with 5, 6 and 7 veh·h more delay over three seeds, the same speed, and all its delay on one link.
fn compared() -> Report {
    let mut report = sample();
    report.seeds = vec![1, 2, 3];
    let values = |k19: [f64; 3]| [("K19", k19), ("B03", [30.0, 20.0, 10.0])].map(|(id, v)| (id.to_owned(), v.to_vec())).into();
    report.sides[0].values = values([10.0, 50.0, 100.0]);
    let mut variant = report.sides[0].clone();
    variant.name = "đóng cầu".into();
    variant.values = values([15.0, 56.0, 107.0]);
    variant.totals = vec![total(0, 9.0), total(2, 0.5)];
    report.sides.push(variant);
    report
}

#[test]
fn a_comparison_says_verdicts_in_words_with_paired_and_unpaired_intervals() {
    for (lang, worse, same) in [(Lang::Vi, "✘ xấu hơn", "= giống hệt nhau"), (Lang::En, "✘ worse", "= the same in every pair")] {
        let page = html::page(&compared(), lang);
        assert_well_formed(&page);
        assert!(!page.contains("NaN") && !page.contains("http"));
        assert_eq!((page.matches(worse).count(), page.matches(same).count() >= 1), (1, true), "{lang:?}");
        assert_eq!(page.matches("<figure class=\"map\">").count(), 8, "each of four measures before and after");
    }
    let page = html::page(&compared(), Lang::En);
    assert!(page.contains("+6.00 ± 2.48"), "t of 2 degrees of freedom over √3");
    assert!(page.contains("without pairing: ± 1"), "the runs themselves spread over a hundred hours");
    assert!(page.contains("Indicators that got worse: 1 (Congestion"));
}

/// Fewer arrive, so less is driven: the page says that lower is not better there.
#[test]
fn trips_left_unfinished_are_not_taken_for_an_improvement() {
    let mut report = compared();
    let note = Word::FewerFinished.get(Lang::En);
    assert!(!html::page(&report, Lang::En).contains(note));
    report.sides[0].values.insert("B08".into(), vec![10.0, 12.0, 11.0]);
    report.sides[1].values.insert("B08".into(), vec![30.0, 33.0, 31.0]);
    assert!(html::page(&report, Lang::En).contains(note));
}

#[test]
fn the_places_are_those_whose_delay_changes_most() {
    let page = html::page(&compared(), Lang::En);
    let table = page.split_once("<section class=\"places\">").unwrap().1.split_once("</section>").unwrap().0;
    let changes: Vec<_> = ["+8.0", "−7.2", "+0.5"].iter().map(|c| table.find(&format!(">{c}<"))).collect();
    assert!(changes.iter().all(Option::is_some) && changes.is_sorted(), "{changes:?} in {table}");
}

#[test]
fn a_precision_that_was_not_reached_is_said() {
    let mut report = compared();
    let record = PrecisionRecord { asked: 0.02, most: 3, widest: Some(0.0466), indicator: Some("K19".into()), reached: false };
    report.precision = Some(record.clone());
    assert!(html::page(&report, Lang::En).contains("±2.00 %, is NOT reached with 3 seeds at most: the widest is ±4.66 % (K19)"));
    report.precision = Some(PrecisionRecord { reached: true, ..record });
    assert!(html::page(&report, Lang::Vi).contains("±2,00 % đã đạt với 3 hạt giống"));
}

/// Three cars in a row are no queue to colour dark: the top class begins where a block is full, whatever the longest queue.
#[test]
fn the_queues_of_a_map_are_classed_by_metres_that_mean_something() {
    let page = html::page(&sample(), Lang::En);
    let legend = page.split("Longest queue in the measured period").nth(2).unwrap().split("</figure>").next().unwrap();
    assert!(legend.contains("below 25") && legend.contains("25–50") && legend.contains("200 and more"), "{legend}");
}

#[test]
fn conflicts_have_a_map_only_where_somebody_looked_for_them() {
    let mut report = sample();
    assert!(!Measure::Conflicts.is_in(&report) && !html::page(&report, Lang::En).contains("near misses) per km of road"));
    report.sides[0].totals[0].conflicts = 6.0;
    assert!(Measure::Conflicts.is_in(&report));
    let page = html::page(&report, Lang::En);
    assert_well_formed(&page);
    assert!(page.contains("Conflicts (near misses) per km of road"));
    assert!(geojson::links(&report).contains("\"conflicts\":6.0"));
}

#[test]
fn the_ways_of_the_main_road_are_drawn_between_its_signals() {
    let page = timespace::section(&sample(), Lang::En);
    assert!(page.contains("Time-space diagrams: QL.1 &lt;x&gt;") && page.matches("stroke=\"#b42318\"").count() == 1, "{page}");
    // 10 and 90 of 500 m, 0 and 10 s of 900 s.
    assert!(page.contains("d=\"M70 380L81 320\""), "{page}");
    let mut report = sample();
    report.sides[0].tracks.clear();
    assert!(timespace::section(&report, Lang::En).is_empty());
}

/// Link 0 goes from 1 to 9 veh·h and link 1 from 7.25 to none; all 120 vehicles of link 1 drive over link 2 instead.
#[test]
fn who_gained_who_lost_and_where_the_traffic_went_stands_in_words() {
    let said = moves::sentences(&compared(), &compared().sides[1], Lang::En).join("\n");
    assert!(said.contains("gained most: ") && said.contains("(delay 7.2 to 0.0 veh·h, 0 vehicles)"), "{said}");
    assert!(said.contains("lost most: ") && said.contains("(delay 1.0 to 9.0 veh·h, 120 vehicles)"), "{said}");
    assert!(said.contains("Over all links: 7.2 less, 8.5 more, +1.2 veh·h"), "{said}");
    assert!(said.contains("Traffic left: ") && said.contains("(120 to 0 vehicles)"), "{said}");
    assert!(said.contains("It went to: ") && said.contains("(0 to 120 vehicles)"), "{said}");
    let vi = moves::sentences(&compared(), &compared().sides[1], Lang::Vi).join("\n");
    assert!(vi.contains("được lợi nhiều nhất: ") && vi.contains("(chậm trễ từ 7,2 thành 0,0 xe·giờ, 0 lượt xe)"), "{vi}");
    assert!(vi.contains("Xe rời khỏi: ") && vi.contains("(từ 120 thành 0 lượt xe)") && vi.contains("Xe chuyển sang: "), "{vi}");
    // Where nothing gets worse that is said, too.
    let mut only_better = compared();
    only_better.sides[0].totals.retain(|t| t.link == 1);
    only_better.sides[1].totals.clear();
    let better = moves::sentences(&only_better, &only_better.sides[1], Lang::En).join("\n");
    assert!(better.contains("gained most: ") && better.contains("No approach lost more than 0.14 veh·h."), "{better}");
    // More travellers are another reason for more vehicles on a road.
    let mut more = compared();
    assert!(!said.contains("Not as many travel"), "{said}");
    more.sides[1].trips.iter_mut().for_each(|t| t.demanded *= 2);
    assert!(moves::sentences(&more, &more.sides[1], Lang::En).join("\n").contains("Not as many travel: "), "twice as many");
    let same = moves::sentences(&compared(), &compared().sides[0], Lang::En).join("\n");
    assert!(same.contains("Traffic keeps its ways") && !same.contains("gained"), "{same}");
}

#[test]
fn the_page_says_how_far_ways_are_from_rest_and_warns_where_they_are_not() {
    let page = |gaps: [Option<f64>; 2], lang| {
        let mut report = compared();
        report.sides.iter_mut().zip(gaps).for_each(|(side, gap)| side.widest_gap = gap);
        html::page(&report, lang)
    };
    let [none, near, far] = [[None, None], [Some(0.004), Some(0.0071)], [Some(0.021), Some(0.004)]].map(|gaps| page(gaps, Lang::En));
    assert!(!none.contains("relative gap"));
    assert!(near.contains("Ways have come to rest: the relative gap is 0.71 %, below 1 %."), "the larger of both sides");
    assert!(far.contains("NOTE: ways have NOT come to rest, the relative gap is 2.10 %"));
    assert!(page([Some(0.021), None], Lang::Vi).contains("lộ trình CHƯA ổn định, độ hở tương đối còn 2,10 %"));
    let mut single = sample();
    single.sides[0].widest_gap = Some(0.02);
    assert!(html::page(&single, Lang::En).contains("NOT come to rest"), "of a single run, too");
}

/// What spreadsheets, word processors and QGIS open holds the same numbers, and the same report is the same bytes.
#[test]
fn the_offices_own_files_hold_the_reports_numbers() {
    let report = compared();
    let has = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    let sheets = office::tables(&report, Lang::Vi);
    assert_eq!(sheets, office::tables(&report, Lang::Vi));
    assert!(sheets.starts_with(b"PK\x03\x04") && has(&sheets, "<sheet name=\"đóng cầu\" sheetId=\"2\""));
    assert!(has(&sheets, "<v>6</v>") && has(&sheets, "Mã") && !has(&sheets, "sáng <b>"), "the mean difference; names are escaped");
    let text = office::text(&report, Lang::En);
    assert!(has(&text, "It went to: ") && has(&text, "an assumption &amp; more") && has(&text, "Heading2"));
    let layers = office::layers(&report);
    assert!(layers.starts_with(b"SQLite format 3\0") && has(&layers, "CREATE TABLE links_2") && has(&layers, "CREATE TABLE changes_2"));
    assert_eq!(layers, office::layers(&report));
    assert_eq!(&layers[68..72], b"GPKG");
}
