//! Roads of the map that the scenario in a pane does not have: the land shows, and where they would be is dashed.

use super::{
    ink,
    overlay::{Pane, link_line},
};
use bevy_egui::egui::{Color32, Painter, Shape, Stroke};

/// What is painted over stands out by this on each side, pixels: the edge of the road that is drawn.
const EDGE_PX: f32 = 1.5;
const DASH_PX: f32 = 6.0;

/// Paints them over.
pub fn draw(painter: &Painter, pane: &Pane) {
    let Some(opened) = &pane.view.opened else { return };
    let land = ink(pane.view.look.theme.land());
    for link in pane.view.snapshot.lacks.iter() {
        let line = link_line(pane, &opened.network, opened.origin, *link);
        let width = (opened.network.links[*link as usize].width_m / pane.camera.metres_per_px).max(4.0) + 2.0 * EDGE_PX;
        painter.add(Shape::line(line.clone(), Stroke::new(width, land)));
        painter.extend(Shape::dashed_line(&line, Stroke::new(1.5, Color32::GRAY), DASH_PX, DASH_PX));
    }
}
