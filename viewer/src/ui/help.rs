//! The help sheet: every key and what the mouse does.

use super::{Desk, View};
use crate::text::Text;
use bevy_egui::egui;

/// Every key and what it does. `input.rs` does it.
pub const KEYS: &[(&str, Text)] = &[
    ("Space", Text::KeySpace),
    (".", Text::KeyStep),
    ("] [", Text::KeyFaster),
    ("Home", Text::KeyHome),
    ("F", Text::KeyFit),
    ("Q E", Text::KeyTurn),
    ("N", Text::KeyNorth),
    ("← → ↑ ↓", Text::KeyPan),
    ("+ −", Text::KeyZoom),
    ("L", Text::KeyLayer),
    ("V", Text::KeyVehicle),
    ("Ctrl+F", Text::KeySearch),
    ("Ctrl+O", Text::KeyOpen),
    ("Ctrl+Z", Text::KeyUndo),
    ("F12", Text::KeyShot),
    ("Esc", Text::KeyEscape),
    ("F1", Text::KeyHelp),
];

/// The sheet, while it is open.
pub fn help(context: &egui::Context, view: &View, desk: &mut Desk) {
    let mut is_open = desk.help;
    egui::Window::new(view.say(Text::Help))
        .id("help".into())
        .open(&mut is_open)
        .collapsible(false)
        .resizable(false)
        .default_pos([360.0, 90.0])
        .show(context, |ui| {
            ui.set_width(520.0);
            ui.strong(view.say(Text::HelpMouse));
            ui.label(view.say(Text::MouseDrag));
            ui.label(view.say(Text::MouseClick));
            ui.separator();
            ui.strong(view.say(Text::HelpKeys));
            egui::Grid::new("keys").num_columns(4).spacing([14.0, 4.0]).show(ui, |ui| {
                let half = KEYS.len().div_ceil(2);
                for i in 0..half {
                    for (key, text) in [KEYS.get(i), KEYS.get(i + half)].into_iter().flatten() {
                        // A single dot could be taken for a speck.
                        ui.monospace(if *key == "." { view.say(Text::FullStop) } else { *key });
                        ui.label(view.say(*text));
                    }
                    ui.end_row();
                }
            });
        });
    desk.help = is_open;
}
