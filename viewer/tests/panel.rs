//! The panel through its accessibility tree: no window, no graphics card.

use bevy_egui::egui;
use egui_kittest::{Harness, kittest::Queryable};
use scenarios::lang::Lang;
use sim_core::class::VehicleClass;
use viewer::{
    bridge::Order,
    font::install_font,
    panel::{PanelState, Wish, panel},
};

/// The panel and everything it asked.
#[derive(Default)]
struct Desk {
    state: PanelState,
    wishes: Vec<Wish>,
}

fn desk(state: PanelState) -> Harness<'static, Desk> {
    Harness::builder()
        .with_size(egui::vec2(320.0, 900.0))
        .build_ui_state(|ui, desk: &mut Desk| desk.wishes.extend(panel(ui, &desk.state)), Desk { state, wishes: Vec::new() })
}

fn morning() -> PanelState {
    let mut state = PanelState {
        lang: Lang::Vi,
        title: "Long Xuyên, buổi sáng".into(),
        is_sketch: true,
        attribution: "GeoNames (CC BY 4.0)".into(),
        time_s: 6.5 * 3600.0 + 65.0,
        waiting: 12,
        is_playing: true,
        ..PanelState::default()
    };
    state.on_road[VehicleClass::Motorcycle.index()] = 1_234;
    state.on_road[VehicleClass::Bus.index()] = 6;
    state
}

#[test]
fn it_shows_the_clock_the_figures_and_that_the_map_is_a_sketch() {
    let mut harness = desk(morning());
    harness.run();
    for text in ["06:31:05", "1.240", "12", "Long Xuyên, buổi sáng"] {
        assert!(harness.query_by_label(text).is_some(), "`{text}` is not on the panel");
    }
    assert!(harness.query_by_label_contains("Bản đồ phác thảo").is_some());
    assert!(harness.query_by_label_contains("vị trí địa danh © GeoNames, CC BY 4.0").is_some(), "the credit, in the language of the panel");
    assert!(harness.query_by_label_contains("1.234").is_some(), "motorcycles are counted apart");
}

#[test]
fn a_surveyed_map_is_not_called_a_sketch() {
    let mut harness = desk(PanelState { is_sketch: false, attribution: "© OpenStreetMap contributors, ODbL".into(), ..morning() });
    harness.run();
    assert!(harness.query_by_label_contains("Bản đồ phác thảo").is_none());
    assert!(harness.query_by_label_contains("© OpenStreetMap contributors").is_some());
}

#[test]
fn its_buttons_ask_what_they_say() {
    let mut harness = desk(morning());
    harness.run();
    for (button, wish) in [
        ("Tạm dừng", Wish::Simulation(Order::Pause)),
        ("20×", Wish::Simulation(Order::Speed(20.0))),
        ("Chạy lại từ đầu", Wish::Simulation(Order::Restart)),
        ("English", Wish::Language(Lang::En)),
    ] {
        harness.state_mut().wishes.clear();
        harness.get_by_label(button).click();
        harness.run();
        assert_eq!(harness.state().wishes, [wish], "after pressing `{button}`");
    }
}

#[test]
fn in_english_everything_is_english() {
    let mut harness = desk(PanelState { lang: Lang::En, is_playing: false, ..morning() });
    harness.run();
    assert!(harness.query_by_label("Play").is_some());
    assert!(harness.query_by_label("1,240").is_some());
    assert!(harness.query_by_label_contains("Sketch map").is_some());
}

#[test]
fn the_font_has_every_vietnamese_letter() {
    let letters = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵđ";
    let everything = format!("{letters}{}0123456789×₫²–…", letters.to_uppercase());
    let context = egui::Context::default();
    install_font(&context);
    context.run_ui(egui::RawInput::default(), |_| {}).textures_delta.clear();
    context.fonts_mut(|fonts| {
        let font = egui::FontId::proportional(14.0);
        for letter in everything.chars() {
            assert!(fonts.has_glyph(&font, letter), "the font lacks `{letter}`");
        }
    });
}
