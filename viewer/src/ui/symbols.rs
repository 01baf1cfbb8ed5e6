//! Symbols of stations on the map: a bus stop, a car park, a gate, a ferry landing, with how many wait there.

use super::overlay::Pane;
use crate::station::{Mark, StationNow};
use bevy_egui::egui::{Align2, Color32, FontId, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use sim_core::network::PlaceKind;

/// Half the side of a symbol, pixels.
const HALF_PX: f32 = 8.0;
/// A name nearer than this to a symbol stands below it, pixels.
pub const NEAR_PX: f32 = 18.0;
const BLUE: Color32 = Color32::from_rgb(0x1f, 0x5f, 0xbf);
const RED: Color32 = Color32::from_rgb(0xc8, 0x1e, 0x1e);

/// Whether a station has a symbol where a pixel is so many metres: stops are many.
pub fn is_drawn(mark: &Mark, metres_per_px: f32) -> bool {
    let until = if mark.kind == Some(PlaceKind::BusStop) { 3.0 } else { 12.0 };
    metres_per_px <= until
}

/// Whether a station has no room for who comes next.
pub fn is_full(station: &StationNow) -> bool {
    station.mark.spaces.is_some_and(|spaces| station.inside >= spaces)
}

fn drawn<'a>(pane: &'a Pane<'a>) -> impl Iterator<Item = (Pos2, &'a StationNow)> {
    let near = pane.view.snapshot.stations.iter().filter(|s| is_drawn(&s.mark, pane.camera.metres_per_px));
    near.map(|s| (pane.at(s.mark.at), s)).filter(|(at, _)| pane.rect.expand(HALF_PX).contains(*at))
}

/// Where they are on the screen.
pub fn places(pane: &Pane) -> Vec<Pos2> {
    drawn(pane).map(|(at, _)| at).collect()
}

/// Draws them for one pane.
pub fn draw(painter: &Painter, pane: &Pane) {
    drawn(pane).for_each(|(at, station)| symbol(painter, at, station));
}

fn symbol(painter: &Painter, at: Pos2, station: &StationNow) {
    let square = Rect::from_center_size(at, vec2(2.0 * HALF_PX, 2.0 * HALF_PX));
    let fill = if is_full(station) { RED } else { BLUE };
    painter.rect(square, 3.0, fill, Stroke::new(1.2, Color32::WHITE), bevy_egui::egui::StrokeKind::Outside);
    let sign = match station.mark.kind {
        Some(PlaceKind::CarPark) => "P",
        Some(PlaceKind::BusStop | PlaceKind::BusStation) => "B",
        Some(PlaceKind::WeighStation) => "kg",
        _ => "",
    };
    let line = Stroke::new(1.8, Color32::WHITE);
    match station.mark.kind {
        Some(PlaceKind::FerryLanding) => {
            let hull = [(-6.0, 1.0), (6.0, 1.0), (4.0, 5.0), (-4.0, 5.0)].map(|(x, y)| at + vec2(x, y));
            painter.add(Shape::convex_polygon(hull.into(), Color32::WHITE, Stroke::NONE));
            painter.line_segment([at + vec2(0.0, 1.0), at + vec2(0.0, -5.0)], line);
            painter.line_segment([at + vec2(0.0, -5.0), at + vec2(4.0, -1.5)], line);
        }
        // A barrier.
        _ if sign.is_empty() => {
            painter.line_segment([at + vec2(-5.0, 5.0), at + vec2(-5.0, -3.0)], line);
            painter.line_segment([at + vec2(-5.0, -2.0), at + vec2(6.0, -2.0)], line);
        }
        _ => drop(painter.text(
            at,
            Align2::CENTER_CENTER,
            sign,
            FontId::proportional(if sign.len() > 1 { 9.5 } else { 12.5 }),
            Color32::WHITE,
        )),
    }
    if station.waiting > 0 {
        let text = painter.layout_no_wrap(station.waiting.to_string(), FontId::proportional(10.5), Color32::WHITE);
        let plate = Rect::from_min_size(pos2(at.x + HALF_PX - 2.0, at.y - HALF_PX - 7.0), text.size() + vec2(6.0, 1.0));
        painter.rect_filled(plate, 5.0, Color32::from_rgb(0xb3, 0x58, 0x06));
        painter.galley(plate.min + vec2(3.0, 0.5), text, Color32::WHITE);
    }
}
