//! Where roads of the map would be that the scenario in a pane does not have: a dashed line on the land.

use super::overlay::{Pane, link_line};
use bevy_egui::egui::{Color32, Painter, Shape, Stroke};

const DASH_PX: f32 = 6.0;

/// Draws them for one pane.
pub fn draw(painter: &Painter, pane: &Pane) {
    let Some(opened) = &pane.view.opened else { return };
    for link in pane.view.snapshot.lacks.iter() {
        let line = link_line(pane, &opened.network, opened.origin, *link);
        painter.extend(Shape::dashed_line(&line, Stroke::new(1.5, Color32::GRAY), DASH_PX, DASH_PX));
    }
}
