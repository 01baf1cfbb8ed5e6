//! The top bar: what is open, search, layers, windows, export, language.

use super::{Ask, Desk, Export, View, Wish, compare, start};
use crate::{
    bridge::Stage,
    colour::{Colouring, Theme},
    draw::Look,
    film::Kind,
    kept::TEXT_SCALES,
    layer::Layer,
    text::Text,
};
use bevy_egui::egui;
use scenarios::lang::Lang;

/// Width of the button with the layer's name, points.
const LAYERS_PX: f32 = 190.0;

/// The bar.
pub fn top_bar(ui: &mut egui::Ui, view: &View, desk: &mut Desk) -> Option<Wish> {
    let mut wish = None;
    ui.add_space(3.0);
    ui.horizontal(|ui| {
        ui.heading("An Giang Twin");
        ui.separator();
        if ui.button(view.say(Text::Open)).on_hover_text("Ctrl+O").clicked() {
            desk.start = !desk.start;
        }
        wish = wish.take().or(search(ui, view, desk));
        ui.separator();
        wish = wish.take().or(layers(ui, view)).or(colouring(ui, view));
        if ui.selectable_label(desk.indicators, view.say(Text::Indicators)).clicked() {
            desk.indicators = !desk.indicators;
            wish = Some(Wish::Simulation(crate::order::Order::Indicators(desk.indicators)));
        }
        wish = wish.take().or(compare::menu(ui, view));
        wish = wish.take().or(export(ui, view));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            wish = wish.take().or(right(ui, view, desk));
        });
    });
    ui.add_space(2.0);
    wish
}

fn search(ui: &mut egui::Ui, view: &View, desk: &mut Desk) -> Option<Wish> {
    let field = egui::TextEdit::singleline(&mut desk.search).desired_width(150.0).hint_text(format!("🔍 {}", view.say(Text::SearchHint)));
    let typed = ui.add(field).on_hover_text("Ctrl+F");
    if std::mem::take(&mut desk.wants_search) {
        typed.request_focus();
    }
    let directory = view.opened.as_ref().map(|o| &o.directory)?;
    if desk.search.trim().is_empty() {
        return None;
    }
    let found = directory.find(&desk.search, 12);
    let mut chosen = None;
    egui::Popup::from_response(&typed).id(ui.id().with("found")).open(true).show(|ui| {
        ui.set_min_width(240.0);
        if found.is_empty() {
            ui.weak(view.say(Text::NothingFound));
        }
        for named in &found {
            let text = named.kind.map_or_else(|| named.name.clone(), |kind| format!("{} ({})", named.name, place_kind(kind, view.lang)));
            if ui.selectable_label(false, text).clicked() {
                chosen = Some(Wish::GoTo(named.at, named.metres_per_px));
            }
        }
    });
    if typed.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter)) {
        chosen = chosen.or(found.first().map(|n| Wish::GoTo(n.at, n.metres_per_px)));
    }
    if chosen.is_some() || ui.input(|i| i.key_pressed(egui::Key::Escape)) {
        desk.search.clear();
    }
    chosen
}

/// What a kind of place is called.
pub fn place_kind(kind: sim_core::network::PlaceKind, lang: Lang) -> &'static str {
    use sim_core::network::PlaceKind;
    let text = match kind {
        PlaceKind::Settlement => Text::PlaceSettlement,
        PlaceKind::Hospital => Text::PlaceHospital,
        PlaceKind::FireStation => Text::PlaceFireStation,
        PlaceKind::Police => Text::PlacePolice,
        PlaceKind::BusStation => Text::PlaceBusStation,
        PlaceKind::BusStop => Text::PlaceBusStop,
        PlaceKind::CarPark => Text::PlaceCarPark,
        PlaceKind::FerryLanding => Text::PlaceFerryLanding,
        PlaceKind::TollGate => Text::PlaceTollGate,
        PlaceKind::WeighStation => Text::PlaceWeighStation,
        PlaceKind::BorderGate => Text::PlaceBorderGate,
        PlaceKind::Crossing => Text::PlaceCrossing,
        PlaceKind::TouristSite => Text::PlaceTouristSite,
        PlaceKind::School => Text::PlaceSchool,
        PlaceKind::Market => Text::PlaceMarket,
        PlaceKind::IndustrialPark => Text::PlaceIndustrialPark,
        PlaceKind::Airport => Text::PlaceAirport,
    };
    text.in_lang(lang)
}

fn layers(ui: &mut egui::Ui, view: &View) -> Option<Wish> {
    let mut wish = None;
    let name = match view.look.layer {
        Layer::Roads => view.say(Text::Layers).to_owned(),
        layer => format!("{}: {}", view.say(Text::Layers), view.say(layer.name())),
    };
    // As wide as the longest name: the buttons beside it stay where they are.
    let button = egui::Button::new(format!("{name} ⏷")).min_size(egui::vec2(LAYERS_PX, 0.0));
    egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
        for layer in Layer::ALL {
            if ui.radio(view.look.layer == layer, view.say(layer.name())).clicked() {
                wish = Some(Wish::Look(Look { layer, ..view.look }));
                ui.close();
            }
        }
        ui.separator();
        let can = view.snapshot.other.is_some() && view.look.layer.has_difference();
        let mut difference = view.look.difference;
        let check = ui.add_enabled(can, egui::Checkbox::new(&mut difference, view.say(Text::ShowDifference)));
        if check.on_hover_text(view.say(Text::DifferenceOf)).on_disabled_hover_text(view.say(Text::DifferenceNeeds)).clicked() {
            wish = Some(Wish::Look(Look { difference, ..view.look }));
        }
        if let Some(opened) = view.opened.as_ref().filter(|o| !o.wanted.conflicts && view.is_running() && o.wanted.crowd.is_none())
            && ui.button(view.say(Text::LookForConflicts)).on_hover_text(view.say(Text::LookForConflictsTip)).clicked()
        {
            wish = Some(Wish::Open(crate::load::Wanted { conflicts: true, ..opened.wanted.clone() }));
            ui.close();
        }
    });
    wish
}

/// What a way of colouring is called.
pub const fn colouring_name(colouring: Colouring) -> Text {
    match colouring {
        Colouring::Class => Text::ByClass,
        Colouring::Speed => Text::BySpeed,
        Colouring::Delay => Text::ByDelay,
        Colouring::Purpose => Text::ByPurpose,
        Colouring::Emission => Text::ByEmission,
    }
}

fn colouring(ui: &mut egui::Ui, view: &View) -> Option<Wish> {
    let mut wish = None;
    ui.menu_button(format!("{} ⏷", view.say(Text::Vehicles)), |ui| {
        ui.weak(view.say(Text::ColourBy));
        for colouring in Colouring::ALL {
            if ui.radio(view.look.colouring == colouring, view.say(colouring_name(colouring))).clicked() {
                wish = Some(Wish::Look(Look { colouring, ..view.look }));
                ui.close();
            }
        }
        ui.separator();
        let mut hides = view.look.hides_vehicles;
        if ui.checkbox(&mut hides, view.say(Text::HideVehicles)).clicked() {
            wish = Some(Wish::Look(Look { hides_vehicles: hides, ..view.look }));
        }
    });
    wish
}

fn export(ui: &mut egui::Ui, view: &View) -> Option<Wish> {
    let mut wish = None;
    ui.menu_button(format!("{} ⏷", view.say(Text::Export)), |ui| {
        let is_recording = view.recorded.is_some();
        let mut item = |ui: &mut egui::Ui, is_on: bool, text: Text, what: Export| {
            if ui.add_enabled(is_on, egui::Button::new(view.say(text)).frame(false)).clicked() {
                wish = Some(Wish::Export(what));
                ui.close();
            }
        };
        item(ui, true, Text::Screenshot, Export::Screenshot);
        if is_recording {
            item(ui, true, Text::StopRecording, Export::Record(Kind::Gif));
        } else {
            item(ui, view.has_ffmpeg, Text::RecordMp4, Export::Record(Kind::Mp4));
            if !view.has_ffmpeg {
                ui.small(view.say(Text::NeedsFfmpeg));
            }
            item(ui, true, Text::RecordGif, Export::Record(Kind::Gif));
            item(ui, true, Text::RecordPng, Export::Record(Kind::Pictures));
        }
        item(ui, view.opened.is_some(), Text::LayerGeoJson, Export::GeoJson);
        item(ui, view.opened.is_some() && view.task.is_none(), Text::HtmlReport, Export::Report);
        ui.separator();
        let can_save = view.is_running() || matches!(view.stage, Stage::Crashed(_));
        if ui.add_enabled(can_save, egui::Button::new(view.say(Text::SaveScenario)).frame(false)).clicked() {
            wish = Some(Wish::Ask(Ask::Save));
            ui.close();
        }
    });
    wish
}

fn right(ui: &mut egui::Ui, view: &View, desk: &mut Desk) -> Option<Wish> {
    let mut wish = None;
    if ui.button("?").on_hover_text(format!("{} (F1)", view.say(Text::Help))).clicked() {
        desk.help = !desk.help;
    }
    if ui.button("ℹ").on_hover_text(view.say(Text::About)).clicked() {
        desk.about = !desk.about;
    }
    for (lang, name, whole) in [(Lang::En, "EN", "English"), (Lang::Vi, "VI", "Tiếng Việt")] {
        if ui.selectable_label(view.lang == lang, name).on_hover_text(whole).clicked() {
            wish = Some(Wish::Language(lang));
        }
    }
    if ui.button("A+").on_hover_text(view.say(Text::Larger)).clicked() {
        desk.text_scale = (desk.text_scale * 1.1).min(TEXT_SCALES[1]);
    }
    if ui.button("A−").on_hover_text(view.say(Text::Smaller)).clicked() {
        desk.text_scale = (desk.text_scale / 1.1).max(TEXT_SCALES[0]);
    }
    let (sign, theme) = if view.look.theme == Theme::Light { ("🌙", Theme::Dark) } else { ("☀", Theme::Light) };
    if ui.button(sign).on_hover_text(view.say(Text::DayNight)).clicked() {
        wish = Some(Wish::Look(Look { theme, ..view.look }));
    }
    wish.or(start::progress(ui, view))
}
