//! What the embedded font can draw.

use bevy_egui::egui;
use viewer::font::install_font;

/// Those of some letters and signs that the font lacks.
pub(crate) fn lacking(letters: impl IntoIterator<Item = char>) -> String {
    let context = egui::Context::default();
    install_font(&context);
    context.run_ui(egui::RawInput::default(), |_| {}).textures_delta.clear();
    context.fonts_mut(|fonts| {
        let font = egui::FontId::proportional(14.0);
        // Where a letter is missing, egui draws its sign for a missing letter, which is also the only thing `has_glyph` cannot tell apart
        // from letters of the same font.
        let mut picture = |c: char| fonts.layout_no_wrap(c.into(), font.clone(), egui::Color32::WHITE).rows[0].glyphs[0].uv_rect;
        let missing = picture('\u{10fffd}');
        letters.into_iter().filter(|c| !c.is_whitespace() && picture(*c) == missing).collect()
    })
}
