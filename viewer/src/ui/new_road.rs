//! A road that is being drawn: from the junction where it begins over its bends to the junction that is selected, or as far as it goes.

use super::{correct::CorrectDraft, overlay::Pane};
use crate::detail::Focus;
use bevy_egui::egui::{Color32, Painter, Pos2, Shape, Stroke};

const COLOUR: Color32 = Color32::from_rgb(0xff, 0x5a, 0x00);

/// Draws it for one pane.
pub fn draw(painter: &Painter, pane: &Pane, draft: &CorrectDraft) {
    let (Some(opened), Some(from)) = (&pane.view.opened, draft.new_from) else { return };
    let junction = |index: u32| {
        let centre = opened.network.junctions.get(index as usize)?.centre;
        Some(pane.at([(centre.x - opened.origin.x) as f32, (centre.y - opened.origin.y) as f32]))
    };
    let end = match pane.view.selection {
        Some(Focus::Junction(index)) if index != from => junction(index),
        _ => None,
    };
    let bends = draft.via.iter().map(|p| pane.at(*p));
    let line: Vec<Pos2> = junction(from).into_iter().chain(bends).chain(end).collect();
    let painter = painter.with_clip_rect(pane.rect);
    for at in &line {
        painter.circle(*at, 4.0, Color32::WHITE, Stroke::new(2.0, COLOUR));
    }
    painter.extend(Shape::dashed_line(&line, Stroke::new(3.0, COLOUR), 8.0, 5.0));
}
