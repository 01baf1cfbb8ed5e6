//! The panels through their accessibility tree: no window, no graphics card.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

mod font;

use bevy_egui::egui;
use egui_kittest::{Harness, kittest::Queryable};
use scenarios::{
    kpi::{self, Bilingual, KpiRow, KpiValue, catalogue},
    lang::Lang,
    scenario::{automation::SystemName, interventions::SensorName, signals::ControllerName},
};
use sim_core::{
    class::VehicleClass,
    demand::Purpose,
    detector::{DetectorKind, Look},
    network::PlaceKind,
};
use std::sync::{Arc, OnceLock};
use viewer::{
    bridge::Stage,
    colour::Theme,
    correct::Correction,
    detail::{Detail, DetectorDetail, Focus, JunctionDetail, SignalDetail, StationDetail},
    layer::Layer,
    load::{self, Opened, Wanted},
    order::{Edit, Order},
    second::{Against, Compared},
    snapshot::{Body, EditMark, Line, Snapshot},
    station::{Mark, StationMinute, StationNow},
    text::Text,
    ui::{
        self, Ask, Desk, View, Wish,
        results::{Finished, FinishedSide},
    },
    watch::{Sensor, Watch},
};

/// A panel, what it sees and everything it asked.
struct Table {
    view: View,
    desk: Desk,
    wishes: Vec<Wish>,
}

type Panel = fn(&mut egui::Ui, &View, &mut Desk) -> Option<Wish>;

fn table(panel: Panel, view: View, size: [f32; 2]) -> Harness<'static, Table> {
    Harness::builder().with_size(egui::Vec2::from(size)).build_ui_state(
        move |ui, table: &mut Table| {
            let Table { view, desk, wishes } = table;
            wishes.extend(panel(ui, view, desk));
        },
        Table { view, desk: Desk::default(), wishes: Vec::new() },
    )
}

fn opened() -> Arc<Opened> {
    static OPENED: OnceLock<Arc<Opened>> = OnceLock::new();
    OPENED.get_or_init(|| Arc::new(load::open(Wanted::at_once("long-xuyen-morning")).unwrap())).clone()
}

fn body(id: u32, class: VehicleClass) -> Body {
    Body {
        id,
        class,
        purpose: Purpose::Personal,
        at: [0.0; 2],
        heading: 0.0,
        length_m: 2.0,
        width_m: 0.8,
        speed_mps: 9.0,
        lost_s: 4.0,
        co2_g_per_km: 0.0,
    }
}

fn morning() -> View {
    let bodies = (0..1_240).map(|i| body(i, if i < 1_234 { VehicleClass::Motorcycle } else { VehicleClass::Bus })).collect();
    let line = Line { from_s: 23_400.0, to_s: 30_600.0, known_until_s: 24_000.0, ..Line::default() };
    let snapshot = Snapshot { number: 1, time_s: 6.5 * 3600.0 + 65.0, bodies, waiting: 12, line: Arc::new(line), ..Snapshot::default() };
    View {
        lang: Lang::Vi,
        opened: Some(opened()),
        snapshot: Arc::new(snapshot),
        stage: Stage::Running,
        is_playing: true,
        ..View::default()
    }
}

/// Presses a button and gives what was asked.
fn press(harness: &mut Harness<'static, Table>, button: &str) -> Vec<Wish> {
    harness.state_mut().wishes.clear();
    harness.get_by_label(button).click();
    harness.run_steps(3);
    std::mem::take(&mut harness.state_mut().wishes)
}

#[test]
fn the_side_shows_the_figures_the_credit_and_that_map_and_demand_are_made_up() {
    let mut harness = table(ui::side::side_panel, morning(), [280.0, 900.0]);
    harness.run_steps(3);
    for text in ["1.240", "12", "long-xuyen-morning"] {
        assert!(harness.query_by_label(text).is_some(), "`{text}` is not on the panel");
    }
    for text in ["Bản đồ phác thảo", "vị trí địa danh © GeoNames, CC BY 4.0", "1.234", "chưa hiệu chỉnh"] {
        assert!(harness.query_by_label_contains(text).is_some(), "`{text}` is not on the panel");
    }
    let wishes = press(&mut harness, "Hiệu chỉnh theo số đếm");
    assert!(matches!(&wishes[..], [Wish::Open(wanted)] if wanted.fitted), "{wishes:?}");
}

#[test]
fn a_breakdown_is_told_with_a_way_on() {
    let why = "a wheel came off".to_owned();
    let view = View { stage: Stage::Crashed(why.clone()), trouble: Some(why), ..morning() };
    let mut harness = table(ui::side::side_panel, view, [280.0, 900.0]);
    harness.run_steps(3);
    assert!(harness.query_by_label("a wheel came off").is_some());
    assert!(matches!(press(&mut harness, "Về đầu")[..], [Wish::Simulation(Order::Restart)]));
    assert!(matches!(press(&mut harness, "Lưu thành kịch bản…")[..], [Wish::Ask(ui::Ask::Save)]));
}

#[test]
fn the_time_bar_asks_what_its_buttons_say() {
    let mut harness = table(ui::time::time_bar, morning(), [1_280.0, 80.0]);
    harness.run_steps(3);
    assert!(harness.query_by_label("06:31:05").is_some());
    for (button, order) in [("⏸ Tạm dừng", Order::Pause), ("⏮", Order::Restart), ("⏵|", Order::Step)] {
        let wishes = press(&mut harness, button);
        assert!(matches!(&wishes[..], [Wish::Simulation(o)] if *o == order), "`{button}` asked {wishes:?}");
    }
    press(&mut harness, "★");
    assert_eq!(harness.state().desk.bookmarks, [6.5 * 3600.0 + 65.0]);
}

#[test]
fn a_click_on_the_time_line_jumps_there() {
    let mut harness = table(ui::time::time_bar, morning(), [1_280.0, 80.0]);
    harness.run_steps(3);
    // The line runs over the width of the bar, below the buttons: half of it is the middle of the two hours.
    let at = egui::pos2(640.0, 52.0);
    harness.drag_at(at);
    harness.drop_at(at);
    harness.run_steps(3);
    let wishes = &harness.state().wishes;
    let jump = wishes.iter().find_map(|w| if let Wish::Simulation(Order::Jump(to_s)) = w { Some(*to_s) } else { None });
    assert!(jump.is_some_and(|to_s| (to_s - 27_000.0).abs() < 60.0), "{wishes:?}");
}

#[test]
fn while_it_gets_ready_nothing_can_be_driven() {
    let view = View { stage: Stage::Preparing("trips".into(), None), ..morning() };
    let mut harness = table(ui::time::time_bar, view, [1_280.0, 80.0]);
    harness.run_steps(3);
    assert!(press(&mut harness, "⏵|").is_empty());
}

#[test]
fn the_clock_tells_no_time_before_there_is_one() {
    let view = View { stage: Stage::Preparing("trips".into(), None), snapshot: Arc::default(), ..morning() };
    let mut harness = table(ui::time::time_bar, view, [1_280.0, 80.0]);
    harness.run_steps(3);
    assert!(harness.query_by_label("––:––:––").is_some() && harness.query_by_label("00:00:00").is_none());
}

#[test]
fn a_long_name_of_a_layer_moves_no_button() {
    let place = |layer| {
        let mut view = morning();
        view.look.layer = layer;
        let mut harness = table(ui::top::top_bar, view, [1_280.0, 60.0]);
        harness.run_steps(3);
        harness.get_by_label("Chỉ số").rect().left()
    };
    let places: Vec<f32> = Layer::ALL.iter().map(|l| place(*l)).collect();
    assert!(places.iter().all(|p| (p - places[0]).abs() < 0.5), "{places:?}");
}

#[test]
fn a_clicked_road_can_be_closed() {
    let link = opened().network.links.iter().position(|l| l.lanes.len() > 1).unwrap() as u32;
    let view = View { selection: Some(Focus::Link(link)), ..morning() };
    let mut harness = table(ui::pick::pick_panel, view, [340.0, 900.0]);
    harness.run_steps(3);
    let wishes = press(&mut harness, "Đóng đường");
    let expected = Order::Edit(Edit::Close { link, lanes: None });
    assert!(matches!(&wishes[..], [Wish::Simulation(o)] if *o == expected), "{wishes:?}");
    let wishes = press(&mut harness, "Đóng một làn");
    let expected = Order::Edit(Edit::Close { link, lanes: Some(0..1) });
    assert!(matches!(&wishes[..], [Wish::Simulation(o)] if *o == expected), "{wishes:?}");
}

#[test]
fn what_was_changed_is_listed_and_can_be_undone() {
    let mut view = morning();
    let mark = EditMark {
        time_s: 24_000.0,
        what: Bilingual::new("Đóng Trần Hưng Đạo", "Closed: Trần Hưng Đạo"),
        is_undo: false,
        stands: true,
        name: "edit-1".into(),
    };
    let limit =
        EditMark {
            time_s: 24_060.0, what: Bilingual::new("Tốc độ 30", "Limit 30"), is_undo: false, stands: false, name: "edit-2".into()
        };
    let line =
        Line { edits: Arc::new(vec![mark, limit]), branches: vec!["1".into(), "2".into()], branch: 1, ..(*view.snapshot.line).clone() };
    view.snapshot = Arc::new(Snapshot { line: Arc::new(line), ..(*view.snapshot).clone() });
    let mut harness = table(ui::side::side_panel, view, [280.0, 1_100.0]);
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("06:40 • Đóng Trần Hưng Đạo").is_some());
    assert!(matches!(press(&mut harness, "⟲ Hoàn tác")[..], [Wish::Simulation(Order::Undo)]));
    // A button of its own for the one that stands, none for the one that was taken back.
    let wishes = press(&mut harness, "⟲");
    assert!(matches!(&wishes[..], [Wish::Simulation(Order::UndoEdit(name))] if name == "edit-1"), "{wishes:?}");
    assert!(matches!(press(&mut harness, "1")[..], [Wish::Simulation(Order::Branch(0))]));
}

#[test]
fn the_indicators_are_copied_as_lines_with_tabs() {
    let spec = kpi::catalogue().iter().find(|s| s.id == "B03").unwrap();
    let value = KpiValue::Number { value: 29.87, half_width: None, unit: spec.unit };
    let row = KpiRow { spec, value, shortfall: None, notes: Vec::new(), caveats: Vec::new() };
    let mut view = morning();
    view.snapshot = Arc::new(Snapshot { indicators: Some(Arc::new(vec![row])), ..(*view.snapshot).clone() });
    let panel: Panel = |ui, view, desk| ui::indicators::indicators(ui.ctx(), view, desk);
    let mut harness = table(panel, view, [1_280.0, 720.0]);
    harness.state_mut().desk.indicators = true;
    harness.run_steps(4);
    let wishes = press(&mut harness, "Chép bảng");
    let [Wish::Copy(text)] = &wishes[..] else { panic!("{wishes:?}") };
    let lines: Vec<Vec<&str>> = text.lines().map(|l| l.split('\t').collect()).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|l| l.len() == 6), "{text}");
    assert_eq!((lines[1][0], lines[1][2], lines[1][3]), ("B03", "29,9", "km/h"));
}

/// What a search field holds after these events.
fn typed(events: Vec<egui::Event>) -> String {
    let mut harness = table(ui::top::top_bar, morning(), [1_280.0, 400.0]);
    harness.state_mut().desk.wants_search = true;
    harness.run_steps(3);
    for event in events {
        harness.event(event);
        harness.run_steps(2);
    }
    harness.state().desk.search.clone()
}

#[test]
fn vietnamese_that_is_composed_arrives_whole() {
    use egui::{Event, ImeEvent};
    // Telex under an input method: what is being composed is shown, and what is committed stays.
    let preedit = |text: &str| Event::Ime(ImeEvent::Preedit { text: text.into(), active_range_chars: None });
    let composed = [preedit("d"), preedit("dd"), preedit("đ"), preedit("đuo"), preedit("đươ"), preedit("đường")];
    let committed = [Event::Ime(ImeEvent::Commit("đường".into())), Event::Text(" ".into()), preedit("Trâ"), preedit("Trần")];
    let end = [Event::Ime(ImeEvent::Commit("Trần".into()))];
    assert_eq!(typed([&composed[..], &committed, &end].concat()), "đường Trần");
}

#[test]
fn vietnamese_that_an_input_program_retypes_arrives_whole() {
    use egui::{Event, Key, Modifiers};
    // UniKey takes letters back and sends others: `Trân`, then `f`, becomes `Trần`.
    let letters = |text: &str| text.chars().map(|c| Event::Text(c.into())).collect::<Vec<_>>();
    let back = |pressed| Event::Key { key: Key::Backspace, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE };
    let retyped = [letters("Trân"), vec![back(true), back(false), back(true), back(false)], letters("ần")].concat();
    assert_eq!(typed(retyped), "Trần");
    assert_eq!(typed(vec![Event::Paste("chợ Mỹ Bình".into())]), "chợ Mỹ Bình");
}

#[test]
fn the_start_page_offers_every_example_by_name_or_picture() {
    let start: Panel = |ui, view, desk| ui::start::start(ui.ctx(), view, desk);
    let mut harness = table(start, morning(), [1_280.0, 720.0]);
    harness.state_mut().desk.start = true;
    harness.run_steps(4);
    for (name, sentence) in load::EXAMPLES {
        let rect = harness.get_by_label(name).rect();
        assert!(rect.bottom() < 720.0 && rect.right() < 1_280.0, "`{name}` is off the screen: {rect:?}");
        assert!(harness.query_by_label(sentence.in_lang(Lang::Vi)).is_some(), "`{name}` has no sentence");
    }
    let wishes = press(&mut harness, "long-xuyen-bridge");
    assert!(matches!(&wishes[..], [Wish::Open(wanted)] if wanted.scenario.as_os_str() == "long-xuyen-bridge"), "{wishes:?}");
}

#[test]
fn what_is_being_opened_is_named_and_can_be_cancelled() {
    let view = View { opening: Some("an-giang.osm.pbf".into()), ..morning() };
    let mut harness = table(|ui, view, _| ui::start::progress(ui, view), view, [600.0, 60.0]);
    harness.run_steps(3);
    assert!(harness.query_by_label_contains("an-giang.osm.pbf").is_some());
    assert!(matches!(press(&mut harness, "✖")[..], [Wish::Cancel]));
}

#[test]
fn a_film_that_needs_ffmpeg_is_offered_only_where_it_is() {
    let open = |view: View| {
        let mut harness = table(ui::top::top_bar, view, [1_280.0, 400.0]);
        harness.run_steps(3);
        press(&mut harness, "Xuất ⏷");
        harness
    };
    let mut without = open(morning());
    assert!(without.query_by_label("cần cài thêm chương trình ffmpeg").is_some());
    assert!(press(&mut without, "Ghi hình MP4").is_empty());
    let mut with = open(View { has_ffmpeg: true, ..morning() });
    assert!(matches!(press(&mut with, "Ghi hình MP4")[..], [Wish::Export(ui::Export::Record(viewer::film::Kind::Mp4))]));
}

#[test]
fn what_to_compare_with_is_offered_and_what_came_of_it_told() {
    let mut view = morning();
    view.opened = Some(Arc::new(load::open(Wanted::at_once("long-xuyen-bridge")).unwrap()));
    let mut harness = table(ui::top::top_bar, view.clone(), [1280.0, 600.0]);
    press(&mut harness, "So sánh ⏷");
    assert!(harness.query_by_label("Thôi so sánh").is_none(), "nothing is compared yet");
    let wishes = press(&mut harness, "open");
    assert!(matches!(&wishes[..], [Wish::Compare(path)] if path.ends_with("long-xuyen-bridge/open.toml")), "{wishes:?}");
    press(&mut harness, "So sánh ⏷");
    let wishes = press(&mut harness, "Không thay đổi");
    assert!(matches!(wishes[..], [Wish::Simulation(Order::Compare(Some(Against::Unedited)))]), "{wishes:?}");
    press(&mut harness, "So sánh ⏷");
    assert!(matches!(press(&mut harness, "Kịch bản khác…")[..], [Wish::Ask(Ask::Compare)]));

    let compared = |view: &View, compared: Compared, other: Option<Snapshot>| {
        let snapshot = Snapshot { compared: Some(Arc::new(compared)), other: other.map(Box::new), ..(*view.snapshot).clone() };
        let view = View { snapshot: Arc::new(snapshot), ..view.clone() };
        let halves = [egui::Rect::from_min_size(egui::pos2(0.0, 0.0), egui::vec2(600.0, 500.0)); 2];
        let panel = move |ui: &mut egui::Ui, view: &View, _: &mut Desk| ui::compare::compare(ui.ctx(), view, halves);
        let mut harness = Harness::builder().with_size(egui::vec2(1200.0, 600.0)).build_ui_state(
            move |ui, table: &mut Table| table.wishes.extend(panel(ui, &table.view, &mut table.desk)),
            Table { view, desk: Desk::default(), wishes: Vec::new() },
        );
        harness.run_steps(3);
        harness
    };
    let open = Compared { scenario: Some("open".into()), preparing: None, refused: None };
    let preparing = Compared { preparing: Some(("demand".into(), None)), ..open.clone() };
    let mut harness = compared(&view, preparing, None);
    assert!(harness.query_by_label_contains(&viewer::text::part_name("demand", Lang::Vi)).is_some());
    assert!(matches!(press(&mut harness, "Thôi so sánh")[..], [Wish::Simulation(Order::Compare(None))]));
    let why = Bilingual { vi: "bản đồ khác".into(), en: "another map".into() };
    let harness = compared(&view, Compared { refused: Some(why), ..open.clone() }, None);
    assert!(harness.query_by_label_contains("bản đồ khác").is_some());
    let harness = compared(&view, open, Some((*view.snapshot).clone()));
    assert!(harness.query_all_by_label("open").count() == 2, "over its half and over its column");
    assert!(harness.query_all_by_label("long-xuyen-bridge").count() == 2);
}

#[test]
fn a_street_is_found_without_its_marks() {
    let mut harness = table(ui::top::top_bar, morning(), [1_280.0, 400.0]);
    harness.state_mut().desk.search = "tran hung".into();
    harness.run_steps(4);
    let wishes = press(&mut harness, "Trần Hưng Đạo");
    assert!(matches!(wishes[..], [Wish::GoTo(..)]), "{wishes:?}");
}

#[test]
fn night_and_language_are_a_click_away() {
    let mut harness = table(ui::top::top_bar, morning(), [1_280.0, 60.0]);
    harness.run_steps(3);
    assert!(matches!(&press(&mut harness, "🌙")[..], [Wish::Look(look)] if look.theme == Theme::Dark));
    assert!(matches!(press(&mut harness, "EN")[..], [Wish::Language(Lang::En)]));
}

#[test]
fn in_english_everything_is_english() {
    let english = View { lang: Lang::En, is_playing: false, ..morning() };
    let no_vietnamese = |harness: &Harness<'static, Table>| {
        let other = Text::ALL.iter().map(|t| Lang::ALL.map(|lang| t.in_lang(lang))).filter(|[vi, en]| vi != en);
        let left: Vec<_> = other.filter(|[vi, _]| harness.query_all_by_label(vi).next().is_some()).collect();
        assert!(left.is_empty(), "{left:?}");
    };
    let mut harness = table(ui::top::top_bar, english.clone(), [1_280.0, 400.0]);
    harness.run_steps(3);
    no_vietnamese(&harness);
    let mut harness = table(ui::time::time_bar, english.clone(), [1_280.0, 80.0]);
    harness.run_steps(3);
    no_vietnamese(&harness);
    assert!(harness.query_by_label("▶ Play").is_some());
    let mut harness = table(ui::side::side_panel, english, [280.0, 900.0]);
    harness.run_steps(3);
    no_vietnamese(&harness);
    assert!(harness.query_by_label("1,240").is_some() && harness.query_by_label_contains("Sketch map").is_some());
}

#[test]
fn the_font_has_every_letter_of_every_text_and_name() {
    let letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ";
    let signs = "0123456789×₫²–…▶⏸⏮⏵|★⟲✖✔•●🌙☀ℹ⏷⛶🔍←→↑↓−≥";
    let texts: String = Text::ALL.iter().flat_map(|t| [t.in_lang(Lang::Vi), t.in_lang(Lang::En)]).collect();
    let names: String = opened().labels.iter().map(|l| l.text.as_str()).collect();
    let groups: String = opened().network.controllers.iter().flat_map(|c| &c.groups).map(|g| g.name.as_str()).collect();
    let keys: String = ui::help::KEYS.iter().map(|(key, _)| *key).collect();
    let everything = format!("{letters}{}{signs}{texts}{names}{groups}{keys}", letters.to_uppercase());
    let lacking = font::lacking(everything.chars());
    assert!(lacking.is_empty(), "the font lacks `{lacking}`");
}

#[test]
fn demand_shares_and_app_users_are_set_from_the_side() {
    let mut harness = table(ui::side::side_panel, morning(), [280.0, 1_300.0]);
    harness.run_steps(3);
    harness.get_by_label("Nhu cầu và đội xe").click();
    harness.run_steps(20);
    let fleet = &mut harness.state_mut().desk.edit.fleet;
    (fleet.demand, fleet.demand_of, fleet.electric, fleet.guided) = (140, Some(VehicleClass::Car), 70, 25);
    (fleet.system, fleet.driven, fleet.tracked) = (SystemName::Cacc, 35, 90);
    harness.run_steps(2);
    let expected = [
        Edit::Demand { classes: vec![VehicleClass::Car], percent: 140 },
        Edit::Electric { classes: vec![VehicleClass::Motorcycle], percent: 70 },
        Edit::Automation { system: SystemName::Cacc, classes: vec![], percent: 35 },
        Edit::Trackers { classes: vec![], percent: 90 },
        Edit::Guidance { percent: 25 },
    ];
    for (n, edit) in expected.into_iter().enumerate() {
        harness.state_mut().wishes.clear();
        harness.get_all_by_label("Đặt").nth(n).unwrap().click();
        harness.run_steps(3);
        let wishes = std::mem::take(&mut harness.state_mut().wishes);
        assert!(matches!(&wishes[..], [Wish::Simulation(Order::Edit(e))] if *e == edit), "{wishes:?}");
    }
}

#[test]
fn every_button_about_the_fleet_stays_in_the_panel_in_both_languages() {
    for lang in Lang::ALL {
        let dressed: Panel = |ui, view, desk| {
            ui::dress(ui.ctx(), &view.look, 1.0);
            ui::side::side_panel(ui, view, desk)
        };
        // What the frame of the panel leaves.
        let width = ui::SIDE_PX - 16.0;
        let mut harness = table(dressed, View { lang, ..morning() }, [width, 1_300.0]);
        harness.run_steps(3);
        press(&mut harness, Text::DemandAndFleet.in_lang(lang));
        harness.run_steps(10);
        let rights: Vec<f32> = harness.query_all_by_label(Text::Set.in_lang(lang)).map(|n| n.rect().right()).collect();
        assert!(rights.len() == 5 && rights.iter().all(|right| *right <= width), "{lang:?}: {rights:?}");
    }
}

#[test]
fn a_detector_is_placed_on_a_clicked_road() {
    let link = opened().network.links.iter().position(|l| l.length_m > 100.0).unwrap() as u32;
    let length_m = opened().network.links[link as usize].length_m;
    let view = View { selection: Some(Focus::Link(link)), ..morning() };
    let mut harness = table(ui::pick::pick_panel, view, [340.0, 900.0]);
    harness.run_steps(3);
    harness.state_mut().desk.edit.detector = (25, SensorName::Radar);
    harness.run_steps(2);
    let wishes = press(&mut harness, "Đặt máy đếm");
    let expected = Edit::Detector { link, pos_m: length_m * 0.25, sensor: SensorName::Radar };
    assert!(matches!(&wishes[..], [Wish::Simulation(Order::Edit(e))] if *e == expected), "{wishes:?}");
}

#[test]
fn a_clicked_stop_car_park_or_detector_tells_its_numbers_and_leads_to_its_road() {
    let mark = |kind, spaces| Mark { kind: Some(kind), name: Some("Chợ Long Xuyên".into()), link: 3, at: [0.0; 2], spaces };
    let station = |kind, spaces, inside| StationNow { mark: mark(kind, spaces).into(), inside, waiting: 7, served: 1_234, leaves_s: None };
    let landing = StationNow { leaves_s: Some(24_300.0), ..station(PlaceKind::FerryLanding, None, 31) };
    let stations = vec![station(PlaceKind::BusStop, None, 2), station(PlaceKind::CarPark, Some(40), 38), landing];
    let sensor = Sensor {
        detector: 9,
        ref_: "cam-9".into(),
        link: 3,
        pos_m: 1.0,
        at: [0.0; 2],
        kind: DetectorKind::Camera,
        counted: Some(410),
        observed: Some(455.0),
    };
    let watch = Watch { sensors: vec![sensor], interval_s: [23_400.0, 24_300.0], ..Watch::default() };
    let look = Look { counted: 612, occupancy: 0.25, ..Look::default() };
    let minute = |n: u32| StationMinute { at_s: 23_460.0 + 60.0 * f64::from(n), inside: n, waiting: 1, per_hour: 60.0 };
    let shown = |focus: Focus| {
        let detail = match focus {
            Focus::Detector(detector) => {
                let counted = vec![[23_430.0, 400.0], [23_490.0, 460.0]];
                Detail::Detector(DetectorDetail { detector, look, counted, observed: vec![[23_400.0, 455.0], [24_300.0, 455.0]] })
            }
            Focus::Station(station) => Detail::Station(StationDetail { station, history: (0..5).map(minute).collect() }),
            _ => panic!("{focus:?}"),
        };
        let mut view = morning();
        let snapshot = Arc::make_mut(&mut view.snapshot);
        (snapshot.stations, snapshot.watch) = (Arc::new(stations.clone()), Arc::new(watch.clone()));
        (snapshot.detail, view.selection) = (Some(Arc::new(detail)), Some(focus));
        let mut harness = table(ui::pick::pick_panel, view, [336.0, 800.0]);
        harness.run_steps(3);
        harness
    };
    for (focus, texts) in [
        (Focus::Station(0), vec!["Chợ Long Xuyên", "trạm xe buýt", "2", "7", "1.234"]),
        (Focus::Station(1), vec!["bãi xe", "38 / 40"]),
        (Focus::Station(2), vec!["bến phà", "31", "06:45"]),
        (Focus::Detector(9), vec!["cam-9", "410", "455", "612", "25 %"]),
    ] {
        let mut harness = shown(focus);
        for text in texts {
            assert!(harness.query_by_label(text).is_some(), "{focus:?} does not tell `{text}`");
        }
        assert!(harness.query_by_label_contains("sau phút đầu tiên").is_none(), "{focus:?} has its charts");
        let wishes = press(&mut harness, "Xem con đường");
        assert!(matches!(wishes[..], [Wish::Select(Some(Focus::Link(3)))]), "{wishes:?}");
    }
}

#[test]
fn the_control_of_a_signal_is_switched_and_not_to_what_it_is() {
    let opened = opened();
    let plan = opened.network.controllers[0].plan.clone();
    let signal = SignalDetail { controller: 0, method: "fixed", plan, lamps: Vec::new() };
    let junction = opened.network.controllers[0].junction.index() as u32;
    let detail = Detail::Junction(JunctionDetail { junction, signal: Some(signal), flow: Vec::new() });
    let mut view = View { selection: Some(Focus::Junction(junction)), ..morning() };
    view.snapshot = Arc::new(Snapshot { detail: Some(Arc::new(detail)), ..(*view.snapshot).clone() });
    let mut harness = table(ui::pick::pick_panel, view, [340.0, 900.0]);
    harness.run_steps(3);
    assert!(press(&mut harness, "Chuyển").is_empty(), "it is by the clock already");
    harness.state_mut().desk.edit.method = Some((0, ControllerName::Predictive));
    harness.run_steps(2);
    let wishes = press(&mut harness, "Chuyển");
    let expected = Edit::Method { controller: 0, method: ControllerName::Predictive };
    assert!(matches!(&wishes[..], [Wish::Simulation(Order::Edit(e))] if *e == expected), "{wishes:?}");
}

/// An indicator with a number.
fn kpi_row(id: &str, value: f64) -> KpiRow {
    let spec = catalogue().iter().find(|s| s.id == id).unwrap();
    let value = KpiValue::Number { value, half_width: None, unit: spec.unit };
    KpiRow { spec, value, shortfall: None, notes: Vec::new(), caveats: Vec::new() }
}

#[test]
fn an_indicator_leads_to_the_layer_behind_it() {
    let row = kpi_row("K19", 12.0);
    let mut view = morning();
    let trend = [("K19", vec![[23_400.0, 4.0], [23_460.0, 12.0]])].into();
    let snapshot = Snapshot { indicators: Some(Arc::new(vec![row])), trend: Arc::new(trend), ..(*view.snapshot).clone() };
    view.snapshot = Arc::new(snapshot);
    let panel: Panel = |ui, view, desk| {
        desk.indicators = true;
        ui::indicators::indicators(ui.ctx(), view, desk)
    };
    let mut harness = table(panel, view, [1_280.0, 700.0]);
    harness.run_steps(4);
    assert!(harness.query_by_label("Diễn biến").is_some());
    harness.state_mut().wishes.clear();
    harness.get_by_label_contains("Ùn tắc: tổng thời gian").click();
    harness.run_steps(3);
    let wishes = &harness.state().wishes;
    assert!(matches!(&wishes[..], [Wish::Look(look)] if look.layer == Layer::Delay), "{wishes:?}");
}

#[test]
fn a_comparison_that_is_over_shows_every_scenario_with_its_spread() {
    let side = |name: &str, delay: [f64; 3]| FinishedSide {
        name: name.into(),
        rows: vec![kpi_row("K19", delay.iter().sum::<f64>() / 3.0), kpi_row("B03", 31.0)],
        values: [("K19".to_owned(), delay.to_vec())].into(),
    };
    let sides = vec![side("base", [100.0, 110.0, 120.0]), side("closed", [200.0, 230.0, 260.0])];
    let finished = Finished { folder: "out/compared".into(), seeds: vec![1, 2, 3], sides: Arc::new(sides) };
    let text = ui::results::table_text(&finished, Lang::En, true);
    assert!(text.starts_with("\tIndicator\tbase\tclosed\n") && text.contains("\t110") && text.contains("\t230"), "{text}");
    let panel: Panel = |ui, view, desk| ui::results::results(ui.ctx(), view, desk);
    let mut harness = table(panel, morning(), [1_280.0, 700.0]);
    harness.state_mut().desk.results = Some(finished);
    harness.run_steps(4);
    for label in ["● base", "● closed", "Phân bố qua các lần chạy", "B03"] {
        assert!(harness.query_by_label(label).is_some(), "`{label}` is not there");
    }
    assert!(harness.query_by_label_contains("230").is_some());
}

#[test]
fn a_lane_that_the_map_lacks_is_written_as_a_correction() {
    let network = &opened().network;
    let link = network.links.iter().position(|l| l.lanes.len() == 2 && l.kind == sim_core::network::LinkKind::Road).unwrap() as u32;
    let view = View { selection: Some(Focus::Link(link)), ..morning() };
    let mut harness = table(ui::pick::pick_panel, view, [340.0, 1_300.0]);
    harness.run_steps(3);
    harness.get_by_label("Sửa bản đồ").click();
    harness.run_steps(20);
    assert!(press(&mut harness, "Ghi").is_empty(), "nothing was changed yet");
    harness.state_mut().desk.correct.lanes = 3;
    harness.run_steps(2);
    let wishes = press(&mut harness, "Ghi");
    let expected = Correction::Link {
        link: network.links[link as usize].ref_.to_string(),
        both: false,
        lanes: Some(3),
        width_dm: None,
        speed_kmh: None,
    };
    assert!(matches!(&wishes[..], [Wish::Correct(c)] if *c == expected), "{wishes:?}");
}

#[test]
fn the_help_sheet_names_every_key_legibly() {
    let sheet: Panel = |ui, view, desk| {
        ui::help::help(ui.ctx(), view, desk);
        None
    };
    for lang in Lang::ALL {
        let mut harness = table(sheet, View { lang, ..morning() }, [1_000.0, 600.0]);
        harness.state_mut().desk.help = true;
        harness.run_steps(4);
        for (key, what) in ui::help::KEYS {
            let key = if *key == "." { Text::FullStop.in_lang(lang) } else { key };
            assert!(key.chars().count() > 1 || key.chars().all(char::is_alphanumeric), "`{key}` is hard to see");
            assert!(harness.query_by_label(key).is_some() && harness.query_by_label(what.in_lang(lang)).is_some(), "`{key}`");
        }
    }
}
