//! The window's font. egui's own lacks most Vietnamese letters with tone marks.

use bevy_egui::egui;
use std::sync::Arc;

/// Be Vietnam Pro Regular, SIL Open Font License 1.1 (`assets/BeVietnamPro-LICENSE.txt`).
pub const FONT: &[u8] = include_bytes!("../assets/BeVietnamPro-Regular.ttf");

/// Puts [`FONT`] before egui's own fonts.
pub fn install_font(context: &egui::Context) {
    let mut fonts = egui::FontDefinitions::default();
    fonts.font_data.insert("be-vietnam-pro".into(), Arc::new(egui::FontData::from_static(FONT)));
    fonts.families.entry(egui::FontFamily::Proportional).or_default().insert(0, "be-vietnam-pro".into());
    // The arrows in the names of signal groups are only in the monospaced font.
    fonts.families.entry(egui::FontFamily::Proportional).or_default().push("Hack".into());
    fonts.families.entry(egui::FontFamily::Monospace).or_default().push("be-vietnam-pro".into());
    context.set_fonts(fonts);
}
