//! The panels. Each is a function from what there is to see ([`View`]) and what the user is in the middle of ([`Desk`]) to what the user
//! asks ([`Wish`]). None knows the renderer, so a test can press its buttons without a window.

pub mod about;
pub mod absent;
pub mod chart;
pub mod compare;
pub mod control;
pub mod correct;
pub mod edit;
pub mod fleet;
pub mod help;
pub mod indicators;
pub mod legend;
pub mod new_road;
pub mod overlay;
pub mod pick;
pub mod plan;
pub mod results;
pub mod side;
pub mod start;
pub mod station;
pub mod symbols;
pub mod time;
pub mod top;

use crate::{
    bridge::Stage,
    detail::Focus,
    draw::Look,
    film::Kind,
    load::{Opened, Wanted},
    order::Order,
    picture::Picture,
    snapshot::Snapshot,
    text::Text,
};
use bevy_egui::egui;
use scenarios::lang::Lang;
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

/// Width of the side panel, points.
pub const SIDE_PX: f32 = 268.0;
/// Width of the panel about what was clicked, points.
pub const PICK_PX: f32 = 336.0;

/// What there is to see.
#[derive(Clone, Default)]
pub struct View {
    /// The language.
    pub lang: Lang,
    /// How the map looks.
    pub look: Look,
    /// The map that is open.
    pub opened: Option<Arc<Opened>>,
    /// The latest snapshot.
    pub snapshot: Arc<Snapshot>,
    /// How far the simulation's thread is.
    pub stage: Stage,
    /// Why there is no simulation.
    pub trouble: Option<String>,
    /// Whether the simulation plays.
    pub is_playing: bool,
    /// Reached simulated seconds per second.
    pub speed_reached: f64,
    /// What is being opened.
    pub opening: Option<String>,
    /// What was clicked.
    pub selection: Option<Focus>,
    /// Whether the camera follows the vehicle that was clicked.
    pub is_following: bool,
    /// How many pictures were recorded, while recording.
    pub recorded: Option<usize>,
    /// Whether an MP4 can be made here.
    pub has_ffmpeg: bool,
    /// Small pictures of the examples, those that are ready.
    pub pictures: Arc<BTreeMap<&'static str, Picture>>,
    /// What is done in the background, and the part done.
    pub task: Option<(String, Option<f32>)>,
}

impl View {
    /// A text in the language of the window.
    pub fn say(&self, text: Text) -> &'static str {
        text.in_lang(self.lang)
    }

    /// Whether a simulation is there to be driven.
    pub const fn is_running(&self) -> bool {
        matches!(self.stage, Stage::Running | Stage::Jumping(_))
    }
}

/// What the user is in the middle of: windows that are open, texts half typed. Nothing of the simulation.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Wished simulated seconds per second.
    pub speed: f64,
    /// What is typed into the search field.
    pub search: String,
    /// Whether the search field should get the keyboard.
    pub wants_search: bool,
    /// What is typed as a time to go to.
    pub jump: String,
    /// Whether the start page is open.
    pub start: bool,
    /// Whether the help sheet is open.
    pub help: bool,
    /// Whether About is open.
    pub about: bool,
    /// Whether the indicators are open.
    pub indicators: bool,
    /// Whether indicators without a value are left out.
    pub only_known: bool,
    /// Size of texts, 1 is normal.
    pub text_scale: f32,
    /// Bookmarked times, seconds after midnight.
    pub bookmarks: Vec<f64>,
    /// Files opened lately, latest first.
    pub recent: Vec<PathBuf>,
    /// The edit that is being prepared.
    pub edit: edit::Draft,
    /// The correction of the map that is being prepared.
    pub correct: correct::CorrectDraft,
    /// Words about what was done, and until when they are shown, seconds of the window's clock.
    pub message: Option<(String, f64)>,
    /// The result folder that is open.
    pub results: Option<results::Finished>,
    /// What the next scenario that opens is compared with.
    pub against: Option<PathBuf>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            speed: 5.0,
            search: String::new(),
            wants_search: false,
            jump: String::new(),
            start: false,
            help: false,
            about: false,
            indicators: false,
            only_known: true,
            text_scale: 1.0,
            bookmarks: Vec::new(),
            recent: Vec::new(),
            edit: edit::Draft::default(),
            correct: correct::CorrectDraft::default(),
            message: None,
            results: None,
            against: None,
        }
    }
}

impl Desk {
    /// Shows words about what was done for some seconds.
    pub fn tell(&mut self, text: impl Into<String>) {
        self.message = Some((text.into(), 0.0));
    }
}

/// What to write out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Export {
    /// A picture of the window.
    Screenshot,
    /// Begin or end a moving picture.
    Record(Kind),
    /// The roads with what they measured in the last minute.
    GeoJson,
    /// A report of the whole scenario.
    Report,
}

/// Which file dialog to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// For a scenario or a map.
    File,
    /// For a folder of results.
    Folder,
    /// For a scenario to compare with.
    Compare,
    /// Where to save the scenario on the screen.
    Save,
}

/// What the user asks.
#[derive(Clone, Debug)]
pub enum Wish {
    /// Something of the simulation.
    Simulation(Order),
    /// Another language.
    Language(Lang),
    /// Another look of the map.
    Look(Look),
    /// To know more about something, or about nothing.
    Select(Option<Focus>),
    /// A click where nothing is, metres from the drawing's origin: a bend of a road that is being drawn, or nothing is selected any more.
    Land([f32; 2]),
    /// That the camera goes with the vehicle that was clicked, or no longer.
    Follow(bool),
    /// To look at a place: metres from the drawing's origin, metres per pixel.
    GoTo([f32; 2], f32),
    /// To see the whole map.
    Fit,
    /// North up.
    North,
    /// Nearer (positive) or farther, in wheel notches.
    Zoom(f32),
    /// To open something.
    Open(Wanted),
    /// To compare the scenario on the screen with another.
    Compare(PathBuf),
    /// A file dialog.
    Ask(Ask),
    /// To end what is being opened or done in the background.
    Cancel,
    /// To correct the map and open it again.
    Correct(crate::correct::Correction),
    /// To take back the last correction of the map.
    UndoCorrection,
    /// To write something out.
    Export(Export),
    /// Text on the clipboard.
    Copy(String),
}

/// Sets colours, sizes and spacing of all panels.
pub fn dress(context: &egui::Context, look: &Look, text_scale: f32) {
    use crate::colour::Theme;
    context.set_theme(if look.theme == Theme::Dark { egui::Theme::Dark } else { egui::Theme::Light });
    context.all_styles_mut(|style| {
        for (text, size) in [
            (egui::TextStyle::Small, 11.0),
            (egui::TextStyle::Body, 13.5),
            (egui::TextStyle::Button, 13.5),
            (egui::TextStyle::Heading, 17.0),
            (egui::TextStyle::Monospace, 12.5),
        ] {
            let family = if text == egui::TextStyle::Monospace { egui::FontFamily::Monospace } else { egui::FontFamily::Proportional };
            style.text_styles.insert(text, egui::FontId::new(size * text_scale, family));
        }
        style.spacing.item_spacing = egui::vec2(6.0, 5.0);
        style.spacing.button_padding = egui::vec2(7.0, 3.0);
        // A bar that floats over values at the edge would cover their units.
        style.spacing.scroll.floating_allocated_width = 8.0;
    });
}

/// A two-column row: a name on the left, a value on the right edge.
pub fn row(ui: &mut egui::Ui, name: &str, value: impl Into<egui::WidgetText>) {
    ui.horizontal(|ui| {
        ui.label(name);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| ui.label(value));
    });
}

/// A field for a number with a unit, written as in the language of the window; both decimal signs are read.
pub fn number_field<'a, N: egui::emath::Numeric>(value: &'a mut N, decimals: usize, unit: &'static str, lang: Lang) -> egui::DragValue<'a> {
    egui::DragValue::new(value)
        .max_decimals(decimals)
        .suffix(unit)
        .custom_formatter(move |number, _| scenarios::lang::number(lang, number, decimals))
        .custom_parser(|typed| typed.trim().replace(',', ".").parse().ok())
}

/// An sRGB colour for egui.
pub const fn ink([r, g, b]: crate::colour::Rgb) -> egui::Color32 {
    egui::Color32::from_rgb(r, g, b)
}
