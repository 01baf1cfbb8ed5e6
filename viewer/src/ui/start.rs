//! The start page: examples, what was opened lately, dialogs; and the progress of what is being opened.

use super::{Ask, Desk, View, Wish, ink};
use crate::{
    load::{EXAMPLES, Wanted},
    picture::{ASPECT, Mark, Part, Picture},
    text::{self, Text},
};
use bevy_egui::egui::{self, Color32, Pos2, Rect, Sense, Shape, Stroke, vec2};
use sim_core::network::RoadClass;

/// Width of an example's picture, points.
const PICTURE_PX: f32 = 124.0;
/// Width of what stands beside it.
const SENTENCE_PX: f32 = 190.0;

/// The page, while it is open.
pub fn start(context: &egui::Context, view: &View, desk: &mut Desk) -> Option<Wish> {
    let (mut wish, mut is_open) = (None, desk.start);
    egui::Window::new(view.say(Text::Start))
        .id("start".into())
        .open(&mut is_open)
        .collapsible(false)
        .resizable(false)
        .default_pos([300.0, 50.0])
        .vscroll(true)
        .default_height(560.0)
        .show(context, |ui| {
            ui.set_width(2.0 * (PICTURE_PX + SENTENCE_PX + 6.0) + 14.0);
            ui.label(view.say(Text::StartHelp));
            ui.separator();
            ui.strong(view.say(Text::Examples));
            // Rows of two whose tops are level, however long the sentences are.
            for row in EXAMPLES.chunks(2) {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = 14.0;
                    for (name, sentence) in row {
                        if example(ui, view, name, view.say(*sentence)) {
                            wish = Some(Wish::Open(Wanted::at_once(*name)));
                        }
                    }
                });
            }
            if !desk.recent.is_empty() {
                ui.separator();
                ui.strong(view.say(Text::Recent));
                for path in &desk.recent {
                    if ui.selectable_label(false, path.display().to_string()).clicked() {
                        wish = Some(Wish::Open(Wanted::at_once(path)));
                    }
                }
            }
            ui.separator();
            ui.horizontal(|ui| {
                if ui.button(view.say(Text::OpenFile)).clicked() {
                    wish = Some(Wish::Ask(Ask::File));
                }
                if ui.button(view.say(Text::OpenFolder)).clicked() {
                    wish = Some(Wish::Ask(Ask::Folder));
                }
            });
            ui.weak(view.say(Text::DropHint));
        });
    desk.start = is_open && wish.is_none();
    wish
}

/// An example: its picture, its name, its sentence. Whether it was clicked.
fn example(ui: &mut egui::Ui, view: &View, name: &str, sentence: &str) -> bool {
    let is_here = view.opened.as_ref().is_some_and(|o| o.wanted.scenario.as_os_str() == name);
    let mut is_clicked = false;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let (rect, response) = ui.allocate_exact_size(vec2(PICTURE_PX, PICTURE_PX * ASPECT), Sense::click());
        paint(&ui.painter().with_clip_rect(rect), rect, view, view.pictures.get(name));
        let edge = if response.hovered() || is_here { Color32::from_rgb(0x1f, 0x5f, 0xbf) } else { ui.visuals().weak_text_color() };
        ui.painter().rect_stroke(rect, 2.0, Stroke::new(if response.hovered() { 2.0 } else { 1.0 }, edge), egui::StrokeKind::Inside);
        is_clicked = response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked();
        ui.vertical(|ui| {
            ui.set_width(SENTENCE_PX);
            is_clicked |= ui.selectable_label(is_here, name).clicked();
            ui.add(egui::Label::new(egui::RichText::new(sentence).size(12.0 * text_scale(ui))).wrap());
        });
    });
    is_clicked
}

/// How much larger than normal texts are.
fn text_scale(ui: &egui::Ui) -> f32 {
    egui::TextStyle::Body.resolve(ui.style()).size / 13.5
}

/// Draws a picture; while it is not ready, only the land.
fn paint(painter: &egui::Painter, rect: Rect, view: &View, picture: Option<&Picture>) {
    let theme = view.look.theme;
    painter.rect_filled(rect, 2.0, ink(theme.land()));
    let Some(picture) = picture else { return };
    let at = |p: &[f32; 2]| -> Pos2 { rect.min + vec2(p[0] * rect.width(), p[1] * rect.height()) };
    for (part, points) in &picture.parts {
        let points: Vec<Pos2> = points.iter().map(at).collect();
        match part {
            Part::Water | Part::Island => {
                let colour = ink(if *part == Part::Water { theme.water() } else { theme.land() });
                let mut mesh = egui::Mesh::default();
                points.iter().for_each(|p| mesh.colored_vertex(*p, colour));
                mesh.indices = (0..points.len() as u32).collect();
                painter.add(mesh);
            }
            Part::Canal => drop(painter.add(Shape::line(points, Stroke::new(1.2, ink(theme.water()))))),
            Part::Road(class) => {
                let width = match class {
                    RoadClass::Motorway | RoadClass::Trunk => 2.4,
                    RoadClass::Primary | RoadClass::Secondary => 1.6,
                    _ => 0.8,
                };
                let light = matches!(class, RoadClass::Tertiary | RoadClass::Unclassified | RoadClass::Residential | RoadClass::Service);
                let colour = ink(if light { theme.casing() } else { theme.road(*class) });
                painter.add(Shape::line(points, Stroke::new(width, colour)));
            }
        }
    }
    for (mark, p) in &picture.marks {
        let at = at(p);
        match mark {
            Mark::Count => drop(painter.circle(at, 2.6, Color32::from_rgb(0x1f, 0x5f, 0xbf), Stroke::new(1.0, Color32::WHITE))),
            Mark::Signal => drop(painter.circle(at, 2.6, Color32::from_rgb(0x2b, 0xa8, 0x4a), Stroke::new(1.0, Color32::WHITE))),
            Mark::CarPark => {
                painter.rect_filled(Rect::from_center_size(at, vec2(9.0, 9.0)), 1.5, Color32::from_rgb(0x1f, 0x5f, 0xbf));
                painter.text(at, egui::Align2::CENTER_CENTER, "P", egui::FontId::proportional(8.0), Color32::WHITE);
            }
            Mark::Closed => {
                let red = Color32::from_rgb(0xc8, 0x1e, 0x1e);
                painter.circle(at, 6.0, Color32::WHITE, Stroke::new(2.0, red));
                painter.line_segment([at + vec2(-3.0, -3.0), at + vec2(3.0, 3.0)], Stroke::new(2.0, red));
                painter.line_segment([at + vec2(3.0, -3.0), at + vec2(-3.0, 3.0)], Stroke::new(2.0, red));
            }
        }
    }
}

/// What is being opened or done in the background, with a way to cancel it.
pub fn progress(ui: &mut egui::Ui, view: &View) -> Option<Wish> {
    let mut wish = None;
    if let Some(name) = &view.opening {
        if ui.small_button("✖").on_hover_text(view.say(Text::Cancel)).clicked() {
            wish = Some(Wish::Cancel);
        }
        ui.spinner();
        ui.label(text::opening(view.lang, name));
    }
    if let Some((what, part)) = &view.task {
        if ui.small_button("✖").on_hover_text(view.say(Text::Cancel)).clicked() {
            wish = Some(Wish::Cancel);
        }
        match part {
            Some(part) => drop(ui.add(egui::ProgressBar::new(*part).desired_width(90.0).show_percentage())),
            None => drop(ui.spinner()),
        }
        ui.label(what);
    }
    if let Some(count) = view.recorded {
        ui.colored_label(egui::Color32::from_rgb(0xd0, 0x20, 0x20), format!("● {}", text::recording(view.lang, count)));
    }
    wish
}
