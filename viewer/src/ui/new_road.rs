//! A road that is being drawn: from the junction where it begins over its bends to the junction that is selected, or as far as it goes.

use super::{correct::CorrectDraft, overlay::Pane};
use crate::detail::Focus;
use bevy_egui::egui::{Color32, Painter, Pos2, Shape, Stroke};

const COLOUR: Color32 = Color32::from_rgb(0xff, 0x5a, 0x00);

/// Its corners on the screen; none where no road is drawn.
fn corners(pane: &Pane, draft: &CorrectDraft) -> Vec<Pos2> {
    let (Some(opened), Some(from)) = (&pane.view.opened, draft.new_from) else { return Vec::new() };
    let junction = |index: u32| {
        let centre = opened.network.junctions.get(index as usize)?.centre;
        Some(pane.at([(centre.x - opened.origin.x) as f32, (centre.y - opened.origin.y) as f32]))
    };
    let end = match pane.view.selection {
        Some(Focus::Junction(index)) if index != from => junction(index),
        _ => None,
    };
    let bends = draft.via.iter().map(|p| pane.at(*p));
    junction(from).into_iter().chain(bends).chain(end).collect()
}

/// Draws it for one pane.
pub fn draw(painter: &Painter, pane: &Pane, draft: &CorrectDraft) {
    let line = corners(pane, draft);
    let painter = painter.with_clip_rect(pane.rect);
    for at in &line {
        painter.circle(*at, 4.0, Color32::WHITE, Stroke::new(2.0, COLOUR));
    }
    painter.extend(Shape::dashed_line(&line, Stroke::new(3.0, COLOUR), 8.0, 5.0));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

    use super::*;
    use crate::{
        camera::MapCamera,
        load::{Wanted, open},
        ui::{View, absent},
    };
    use bevy_egui::egui::{Rect, pos2, vec2};
    use std::sync::Arc;

    #[test]
    fn it_leads_over_its_bends_to_the_junction_that_is_selected_and_roads_that_are_lacking_are_dashed() {
        let opened = Arc::new(open(Wanted::at_once("long-xuyen-bridge/open.toml")).unwrap());
        let camera = MapCamera::looking_at([0.0, 0.0], 1_000.0);
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(800.0, 600.0));
        let mut view = View { opened: Some(opened.clone()), selection: Some(Focus::Junction(3)), ..View::default() };
        let mut draft = CorrectDraft { via: vec![[10.0, 20.0], [30.0, 40.0]], ..CorrectDraft::default() };
        let pane = Pane { rect, camera: &camera, view: &view };
        assert!(corners(&pane, &draft).is_empty(), "it begins nowhere");
        draft.new_from = Some(1);
        let at = |j: usize| {
            let centre = opened.network.junctions[j].centre;
            pane.at([(centre.x - opened.origin.x) as f32, (centre.y - opened.origin.y) as f32])
        };
        assert_eq!(corners(&pane, &draft), [at(1), pane.at([10.0, 20.0]), pane.at([30.0, 40.0]), at(3)]);
        assert!(absent::dashes(&pane).is_empty(), "it has every road");
        view.snapshot = Arc::new(crate::snapshot::Snapshot { lacks: Arc::new(vec![0]), ..Default::default() });
        view.selection = Some(Focus::Junction(1));
        let pane = Pane { rect, camera: &camera, view: &view };
        assert_eq!(corners(&pane, &draft).len(), 3, "not back to where it begins");
        assert!(!absent::dashes(&pane).is_empty());
    }
}
