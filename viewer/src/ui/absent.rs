//! Where roads of the map would be that the scenario in a pane does not have: a dashed line on the land.

use super::overlay::{Pane, link_line};
use bevy_egui::egui::{Color32, Painter, Shape, Stroke};

const DASH_PX: f32 = 6.0;

/// Draws them for one pane.
pub fn draw(painter: &Painter, pane: &Pane) {
    painter.extend(dashes(pane));
}

/// Their dashes on the screen.
pub(super) fn dashes(pane: &Pane) -> Vec<Shape> {
    let Some(opened) = &pane.view.opened else { return Vec::new() };
    let line = |link: &u32| link_line(pane, &opened.network, opened.origin, *link);
    let dashed = |link: &u32| Shape::dashed_line(&line(link), Stroke::new(1.5, Color32::GRAY), DASH_PX, DASH_PX);
    pane.view.snapshot.lacks.iter().flat_map(dashed).collect()
}
