//! The side panel: what is open and how it came about, the figures of the moment, the legend, the changes made.

use super::{Ask, Desk, View, Wish, edit, fleet, legend, row};
use crate::{
    bridge::Stage,
    load::Wanted,
    order::Order,
    text::{self, Text, part_name},
};
use bevy_egui::egui;
use scenarios::lang::{credit, integer, sentence_in};

/// The panel.
pub fn side_panel(ui: &mut egui::Ui, view: &View, desk: &mut Desk) -> Option<Wish> {
    let mut wish = None;
    ui.add_space(6.0);
    egui::Panel::bottom("credit").resizable(false).show_separator_line(true).show(ui, |ui| attribution(ui, view));
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        wish = what_is_open(ui, view);
        ui.separator();
        figures(ui, view);
        ui.separator();
        legend::legend(ui, view);
        ui.separator();
        wish = wish.take().or(edit::edits(ui, view, desk));
        wish = wish.take().or(fleet::fleet(ui, view, desk));
    });
    wish
}

fn what_is_open(ui: &mut egui::Ui, view: &View) -> Option<Wish> {
    let Some(opened) = &view.opened else {
        ui.label(view.say(Text::NoMap));
        return None;
    };
    let mut wish = None;
    ui.strong(&opened.title);
    if !opened.description.is_empty() {
        ui.label(sentence_in(view.lang, &opened.description));
    }
    if opened.network.meta.is_sketch {
        note(ui, view.say(Text::SketchShort)).on_hover_text(view.say(Text::Sketch));
    }
    if opened.has_counts {
        if opened.wanted.fitted {
            ui.weak(view.say(Text::Fitted));
        } else {
            note(ui, view.say(Text::Unfitted));
            if ui.button(view.say(Text::FitNow)).on_hover_text(view.say(Text::FitTip)).clicked() {
                wish = Some(Wish::Open(Wanted { fitted: true, ..opened.wanted.clone() }));
            }
        }
    }
    match &view.stage {
        Stage::Preparing(part, done) if view.trouble.is_none() => {
            ui.horizontal_wrapped(|ui| {
                ui.spinner();
                ui.label(text::preparing(view.lang, part_name(part, view.lang)));
            });
            if let Some(done) = done {
                ui.add(egui::ProgressBar::new(*done).show_percentage());
            }
            if ui.button(view.say(Text::Cancel)).clicked() {
                wish = Some(Wish::Cancel);
            }
        }
        Stage::Crashed(why) => {
            ui.colored_label(ui.visuals().error_fg_color, view.say(Text::Crashed));
            ui.label(why);
            ui.label(view.say(Text::CrashedHelp));
            ui.horizontal(|ui| {
                if ui.button(view.say(Text::Restart)).clicked() {
                    wish = Some(Wish::Simulation(Order::Restart));
                }
                if ui.button(view.say(Text::SaveScenario)).clicked() {
                    wish = Some(Wish::Ask(Ask::Save));
                }
            });
        }
        _ => {
            if let Some(why) = &view.trouble {
                ui.colored_label(ui.visuals().error_fg_color, view.say(Text::Stopped));
                ui.label(why);
            }
        }
    }
    wish
}

fn note(ui: &mut egui::Ui, text: &str) -> egui::Response {
    let (fill, ink) = if ui.visuals().dark_mode {
        (egui::Color32::from_rgb(0x4a, 0x3d, 0x14), egui::Color32::from_rgb(0xff, 0xe3, 0x9c))
    } else {
        (egui::Color32::from_rgb(0xff, 0xf4, 0xd6), egui::Color32::from_rgb(0x6b, 0x4a, 0x00))
    };
    egui::Frame::group(ui.style()).fill(fill).inner_margin(5).show(ui, |ui| ui.colored_label(ink, text)).response
}

fn figures(ui: &mut egui::Ui, view: &View) {
    let snapshot = &view.snapshot;
    ui.strong(view.say(Text::Now));
    let figure = |ui: &mut egui::Ui, text: Text, count: u64| row(ui, view.say(text), integer(view.lang, count));
    figure(ui, Text::OnRoad, snapshot.bodies.len() as u64);
    figure(ui, Text::Waiting, snapshot.waiting);
    figure(ui, Text::Arrived, snapshot.arrived);
}

fn attribution(ui: &mut egui::Ui, view: &View) {
    let Some(opened) = &view.opened else { return };
    let meta = &opened.network.meta;
    // The embedded map's credit is the window's own text, because it is read in both languages.
    let text = if meta.is_sketch { view.say(Text::SketchData) } else { credit(view.lang, &meta.attribution) };
    ui.small(format!("{}: {text}", view.say(Text::Data)));
}
