//! The start page: examples, what was opened lately, dialogs; and the progress of what is being opened.

use super::{Ask, Desk, View, Wish};
use crate::{
    load::{EXAMPLES, Wanted},
    text::Text,
};
use bevy_egui::egui;

/// The page, while it is open.
pub fn start(context: &egui::Context, view: &View, desk: &mut Desk) -> Option<Wish> {
    let (mut wish, mut is_open) = (None, desk.start);
    egui::Window::new(view.say(Text::Start))
        .id("start".into())
        .open(&mut is_open)
        .collapsible(false)
        .resizable(false)
        .default_pos([330.0, 80.0])
        .show(context, |ui| {
            ui.set_width(470.0);
            ui.label(view.say(Text::StartHelp));
            ui.separator();
            ui.strong(view.say(Text::Examples));
            for (name, vi, en) in EXAMPLES {
                let is_here = view.opened.as_ref().is_some_and(|o| o.wanted.scenario.as_os_str() == *name);
                ui.horizontal_wrapped(|ui| {
                    if ui.selectable_label(is_here, *name).clicked() {
                        wish = Some(Wish::Open(Wanted::at_once(*name)));
                    }
                    ui.label(view.lang.pick(vi, en));
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

/// What is being opened or done in the background, with a way to cancel it.
pub fn progress(ui: &mut egui::Ui, view: &View) -> Option<Wish> {
    let mut wish = None;
    if let Some(name) = &view.opening {
        ui.label(format!("{} {name} …", view.say(Text::OpeningMap)));
        ui.spinner();
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
        ui.colored_label(egui::Color32::from_rgb(0xd0, 0x20, 0x20), format!("● {} {count}", view.say(Text::Recording)));
    }
    wish
}
