//! The side panel: a plain function from what it shows to what the user asked. It knows nothing of the renderer, so a test can press its
//! buttons without a window.

use crate::{bridge::Order, snapshot::class_colour, text::Text};
use bevy_egui::egui;
use scenarios::lang::{Lang, class_name, clock, integer, number};
use sim_core::class::{CLASS_COUNT, VehicleClass};

/// Size of the clock's digits, points.
pub const CLOCK_PX: f32 = 34.0;

/// What the panel shows.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelState {
    /// The language.
    pub lang: Lang,
    /// The map's or scenario's name.
    pub title: String,
    /// Whom to credit for the data.
    pub attribution: String,
    /// Whether the map is a sketch.
    pub is_sketch: bool,
    /// Seconds after midnight.
    pub time_s: f64,
    /// Vehicles on the road, by class index.
    pub on_road: [usize; CLASS_COUNT],
    /// Trips waiting for room.
    pub waiting: u64,
    /// Trips that arrived.
    pub arrived: u64,
    /// Whether the simulation plays.
    pub is_playing: bool,
    /// Whether its end is reached.
    pub is_finished: bool,
    /// Whether it still gets ready.
    pub is_preparing: bool,
    /// Why there is no simulation.
    pub trouble: Option<String>,
    /// Wished simulated seconds per second.
    pub speed: f64,
    /// Reached simulated seconds per second.
    pub speed_reached: f64,
}

impl Default for PanelState {
    fn default() -> Self {
        Self {
            lang: Lang::Vi,
            title: String::new(),
            attribution: String::new(),
            is_sketch: false,
            time_s: 0.0,
            on_road: [0; CLASS_COUNT],
            waiting: 0,
            arrived: 0,
            is_playing: false,
            is_finished: false,
            is_preparing: false,
            trouble: None,
            speed: 1.0,
            speed_reached: 0.0,
        }
    }
}

/// What the user asked of the panel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish {
    /// Something of the simulation.
    Simulation(Order),
    /// Another language.
    Language(Lang),
}

/// The panel: draws `state`, returns what the user asked this time.
pub fn panel(ui: &mut egui::Ui, state: &PanelState) -> Option<Wish> {
    let say = |text: Text| text.in_lang(state.lang);
    let mut wish = None;
    ui.add_space(6.0);
    ui.horizontal(|ui| {
        ui.heading("An Giang Twin");
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            for (lang, name) in [(Lang::En, "English"), (Lang::Vi, "Tiếng Việt")] {
                if ui.selectable_label(state.lang == lang, name).clicked() {
                    wish = Some(Wish::Language(lang));
                }
            }
        });
    });
    ui.label(&state.title);
    if state.is_sketch {
        egui::Frame::group(ui.style()).fill(egui::Color32::from_rgb(0xff, 0xf4, 0xd6)).show(ui, |ui| {
            ui.colored_label(egui::Color32::from_rgb(0x6b, 0x4a, 0x00), say(Text::Sketch));
            ui.colored_label(egui::Color32::from_rgb(0x6b, 0x4a, 0x00), say(Text::RealMap));
        });
    }
    ui.separator();
    ui.label(say(Text::Clock));
    ui.label(egui::RichText::new(format!("{}:{:02}", clock(state.time_s), state.time_s.max(0.0) as u64 % 60)).size(CLOCK_PX));
    if let Some(order) = controls(ui, state) {
        wish = Some(Wish::Simulation(order));
    }
    ui.separator();
    figures(ui, state);
    ui.with_layout(egui::Layout::bottom_up(egui::Align::Min), |ui| {
        ui.add_space(6.0);
        // The embedded map's credit is the window's own text, because it is read in both languages.
        let credit = if state.is_sketch { say(Text::SketchData) } else { &state.attribution };
        ui.small(format!("{}: {credit}", say(Text::Data)));
        ui.small(say(Text::Help));
        ui.separator();
    });
    wish
}

fn controls(ui: &mut egui::Ui, state: &PanelState) -> Option<Order> {
    let say = |text: Text| text.in_lang(state.lang);
    let mut order = None;
    if let Some(why) = &state.trouble {
        ui.colored_label(egui::Color32::DARK_RED, say(Text::Stopped));
        ui.label(why);
        return None;
    }
    if state.is_preparing {
        ui.horizontal(|ui| {
            ui.spinner();
            ui.label(say(Text::Preparing));
        });
        return None;
    }
    ui.horizontal(|ui| {
        let (name, asked) = if state.is_playing { (Text::Pause, Order::Pause) } else { (Text::Play, Order::Play) };
        if ui.add_enabled(!state.is_finished, egui::Button::new(say(name))).clicked() {
            order = Some(asked);
        }
        if ui.button(say(Text::Restart)).clicked() {
            order = Some(Order::Restart);
        }
    });
    ui.label(say(Text::Speed));
    ui.horizontal(|ui| {
        for speed in [1.0, 5.0, 20.0, 60.0, 300.0] {
            if ui.selectable_label(state.speed == speed, format!("{speed}×")).clicked() {
                order = Some(Order::Speed(speed));
            }
        }
    });
    ui.label(format!("{}: {}×", say(Text::SpeedReached), number(state.lang, state.speed_reached, 1)));
    if state.is_finished {
        ui.label(say(Text::Finished));
    }
    order
}

fn figures(ui: &mut egui::Ui, state: &PanelState) {
    let say = |text: Text| text.in_lang(state.lang);
    let total: usize = state.on_road.iter().sum();
    let row = |ui: &mut egui::Ui, name: &str, count: u64| {
        ui.label(name);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| ui.label(integer(state.lang, count)));
        ui.end_row();
    };
    egui::Grid::new("figures").num_columns(2).min_col_width(110.0).spacing([8.0, 4.0]).show(ui, |ui| {
        row(ui, say(Text::OnRoad), total as u64);
        row(ui, say(Text::Waiting), state.waiting);
        row(ui, say(Text::Arrived), state.arrived);
    });
    ui.separator();
    for class in VehicleClass::ALL {
        let count = state.on_road[class.index()];
        if count > 0 {
            ui.horizontal(|ui| {
                let [r, g, b] = class_colour(class);
                let (swatch, _) = ui.allocate_exact_size(egui::vec2(14.0, 8.0), egui::Sense::hover());
                ui.painter().rect_filled(swatch, 1.0, egui::Color32::from_rgb(r, g, b));
                ui.label(format!("{}: {}", class_name(state.lang, class), integer(state.lang, count as u64)));
            });
        }
    }
}
