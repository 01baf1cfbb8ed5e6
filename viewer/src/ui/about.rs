//! About: what this is, and the licences of all that travels with it.

use super::{Desk, View};
use crate::text::Text;
use bevy_egui::egui;

/// The window, while it is open.
pub fn about(context: &egui::Context, view: &View, desk: &mut Desk) {
    let mut is_open = desk.about;
    egui::Window::new(view.say(Text::About)).id("about".into()).open(&mut is_open).collapsible(false).default_pos([340.0, 90.0]).show(
        context,
        |ui| {
            ui.set_width(460.0);
            ui.heading(format!("An Giang Twin {}", env!("CARGO_PKG_VERSION")));
            ui.label(view.say(Text::AboutText));
            ui.separator();
            ui.strong(view.say(Text::Licences));
            egui::ScrollArea::vertical().max_height(260.0).show(ui, |ui| {
                for asset in scenarios::cli::licences::ASSETS {
                    ui.label(format!("{} · {} · {}", asset.what, asset.from, asset.licence));
                }
            });
        },
    );
    desk.about = is_open;
}
