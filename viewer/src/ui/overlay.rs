//! What is drawn over the map: names, signal seconds, what was clicked and what is hovered, scale bar, north, map buttons.

use super::{View, Wish, absent, ink, symbols};
use crate::{
    camera::{MapCamera, scale_bar},
    colour::Theme,
    detail::{Detail, Focus, by_the_clock},
    labels::{LabelKind, fitting},
    layer::Layer,
    text::Text,
};
use bevy::math::Vec2;
use bevy_egui::egui::{self, Align2, Color32, FontId, Painter, Pos2, Rect, Stroke, pos2, vec2};
use scenarios::lang::number;
use sim_core::{
    frame::Light,
    network::{JunctionKind, RoadNetwork},
};

/// Seconds beside signals are shown where a pixel is at most this many metres.
pub const SECONDS_M_PER_PX: f32 = 0.45;

/// A part of the window with a map in it.
#[derive(Clone, Copy)]
pub struct Pane<'a> {
    /// Where it is.
    pub rect: Rect,
    /// What it looks at.
    pub camera: &'a MapCamera,
    /// What there is to see.
    pub view: &'a View,
}

impl Pane<'_> {
    /// Where a place of the map (metres from the drawing's origin) lies on the screen.
    pub fn at(&self, place: [f32; 2]) -> Pos2 {
        let off = self.camera.to_screen(Vec2::from(place));
        self.rect.center() + vec2(off.x, off.y)
    }

    /// The place of the map under a point of the screen.
    pub fn place(&self, at: Pos2) -> [f32; 2] {
        let off = at - self.rect.center();
        self.camera.to_map(Vec2::new(off.x, off.y)).into()
    }
}

/// Draws all of it for one pane.
pub fn draw(painter: &Painter, pane: &Pane, hover: Option<Focus>) {
    let painter = painter.with_clip_rect(pane.rect);
    absent::draw(&painter, pane);
    highlight(&painter, pane, hover, true);
    highlight(&painter, pane, pane.view.selection, false);
    closed(&painter, pane);
    watched(&painter, pane);
    symbols::draw(&painter, pane);
    seconds(&painter, pane);
    names(&painter, pane);
}

/// The middle of a link on the screen.
pub(super) fn link_line(pane: &Pane, network: &RoadNetwork, origin: sim_core::geometry::Point, link: u32) -> Vec<Pos2> {
    let line = &network.links[link as usize].geometry;
    line.iter().map(|p| pane.at([(p.x - origin.x) as f32, (p.y - origin.y) as f32])).collect()
}

fn highlight(painter: &Painter, pane: &Pane, focus: Option<Focus>, is_hover: bool) {
    let (Some(focus), Some(opened)) = (focus, &pane.view.opened) else { return };
    let network = &opened.network;
    let colour = if is_hover { Color32::from_rgba_unmultiplied(0xff, 0x8c, 0x00, 0x90) } else { Color32::from_rgb(0xff, 0x5a, 0x00) };
    let width_px = |m: f32| (m / pane.camera.metres_per_px).max(3.0);
    match focus {
        Focus::Link(link) => {
            let points = link_line(pane, network, opened.origin, link);
            let width = width_px(network.links[link as usize].width_m);
            if width > 12.0 {
                // From near by the road itself should stay in sight: only its edges.
                for side in [-0.5, 0.5] {
                    painter.add(egui::Shape::line(beside(&points, width * side), Stroke::new(2.5, colour)));
                }
            } else {
                painter.add(egui::Shape::line(points, Stroke::new(width, colour)));
            }
        }
        Focus::Junction(index) => {
            let centre = network.junctions[index as usize].centre;
            let at = pane.at([(centre.x - opened.origin.x) as f32, (centre.y - opened.origin.y) as f32]);
            painter.circle_stroke(at, (18.0 / pane.camera.metres_per_px).max(9.0), Stroke::new(2.5, colour));
        }
        Focus::Station(_) | Focus::Detector(_) => {
            if let Some(at) = place_of(pane.view, focus) {
                painter.circle_stroke(pane.at(at), 13.0, Stroke::new(2.5, colour));
            }
        }
        Focus::Vehicle(id) => {
            if !is_hover
                && let Some(Detail::Vehicle(v)) =
                    pane.view.snapshot.detail.as_deref().filter(|d| matches!(d, Detail::Vehicle(v) if v.id == id))
            {
                let route: Vec<Pos2> = v.route.iter().flat_map(|l| link_line(pane, network, opened.origin, *l)).collect();
                painter.add(egui::Shape::line(route, Stroke::new(3.0, Color32::from_rgba_unmultiplied(0xff, 0x5a, 0x00, 0xa0))));
                if let Some(last) = v.route.last() {
                    let end = link_line(pane, network, opened.origin, *last);
                    if let Some(end) = end.last() {
                        painter.circle(*end, 6.0, Color32::WHITE, Stroke::new(3.0, colour));
                    }
                }
            }
            if let Some(body) = pane.view.snapshot.body(id) {
                painter.circle_stroke(
                    pane.at(body.at),
                    (body.length_m * 0.8 / pane.camera.metres_per_px).max(9.0),
                    Stroke::new(2.5, colour),
                );
            }
        }
    }
}

/// Where a station or a detector is.
fn place_of(view: &View, focus: Focus) -> Option<[f32; 2]> {
    match focus {
        Focus::Station(index) => view.snapshot.stations.get(index as usize).map(|s| s.mark.at),
        Focus::Detector(index) => view.snapshot.watch.sensors.iter().find(|s| s.detector == index).map(|s| s.at),
        _ => None,
    }
}

/// A line moved to its side by so many pixels.
fn beside(points: &[Pos2], by: f32) -> Vec<Pos2> {
    (0..points.len())
        .map(|i| {
            let along = points[(i + 1).min(points.len() - 1)] - points[i.saturating_sub(1)];
            points[i] + along.normalized().rot90() * by
        })
        .collect()
}

/// Crosses where a road is closed by a change that was made.
fn closed(painter: &Painter, pane: &Pane) {
    for mark in &pane.view.snapshot.hindrances {
        let at = pane.at(mark.at);
        if pane.rect.contains(at) {
            let size = 7.0;
            painter.circle_filled(at, size + 3.0, Color32::WHITE);
            let stroke = Stroke::new(3.0, Color32::from_rgb(0xc8, 0x1e, 0x1e));
            painter.circle_stroke(at, size + 3.0, Stroke::new(2.0, Color32::from_rgb(0xc8, 0x1e, 0x1e)));
            painter.line_segment([at - vec2(size * 0.6, size * 0.6), at + vec2(size * 0.6, size * 0.6)], stroke);
            painter.line_segment([at - vec2(-size * 0.6, size * 0.6), at + vec2(-size * 0.6, size * 0.6)], stroke);
        }
    }
}

/// The heads of signals with the seconds that are left, where a plan runs by the clock and so says it.
fn seconds(painter: &Painter, pane: &Pane) {
    let (true, Some(opened)) = (pane.camera.metres_per_px <= SECONDS_M_PER_PX, &pane.view.opened) else { return };
    let network = &opened.network;
    let mut drawn: Vec<(u32, u16, u32)> = Vec::new();
    for lamp in &opened.lamps {
        let place = lamp.head();
        let at = pane.at(place);
        if !pane.rect.expand(20.0).contains(at) {
            continue;
        }
        let Some(light) = pane.view.snapshot.lights.get(lamp.movement).copied().flatten() else { continue };
        let movement = &network.movements[lamp.movement];
        let JunctionKind::Signal(controller) = network.junction(movement.junction).kind else { continue };
        let group = movement.group.unwrap_or_default();
        if drawn.contains(&(controller.0, group, movement.from.0)) {
            continue;
        }
        drawn.push((controller.0, group, movement.from.0));
        let left = pane
            .view
            .snapshot
            .plans
            .get(controller.index())
            .and_then(Option::as_ref)
            .map(|plan| by_the_clock(plan, group, pane.view.snapshot.time_s));
        let colour = match light {
            Light::Green => Color32::from_rgb(0x2b, 0xa8, 0x4a),
            Light::Yellow => Color32::from_rgb(0xf2, 0xb7, 0x05),
            Light::Red => Color32::from_rgb(0xd6, 0x28, 0x28),
        };
        let text = left.filter(|(by_clock, _)| *by_clock == light).map_or_else(String::new, |(_, s)| format!("{:.0}", s.ceil()));
        let radius = if text.is_empty() { 5.0 } else { 9.0 };
        painter.circle(at, radius, Color32::from_rgb(0x15, 0x18, 0x1c), Stroke::new(2.0, colour));
        if text.is_empty() {
            painter.circle_filled(at, 3.0, colour);
        } else {
            painter.text(at, Align2::CENTER_CENTER, text, FontId::proportional(11.0), colour);
        }
    }
}

fn names(painter: &Painter, pane: &Pane) {
    let Some(opened) = &pane.view.opened else { return };
    let dark = pane.view.look.theme == Theme::Dark;
    let size_of = |kind: LabelKind| match kind {
        LabelKind::Town => 16.0,
        LabelKind::Road => 11.5,
        LabelKind::Place | LabelKind::Street => 12.5,
    };
    let mut galleys = Vec::new();
    let symbols = symbols::places(pane);
    let fits = fitting(&opened.labels, pane.camera.metres_per_px, |label| {
        let mut at = pane.at(label.at);
        if symbols.iter().any(|s| s.distance(at) < symbols::NEAR_PX) {
            // Under the symbol of the same place, not across it.
            at.y += symbols::NEAR_PX;
        }
        if !pane.rect.expand(40.0).contains(at) {
            return None;
        }
        let galley = painter.layout_no_wrap(label.text.clone(), FontId::proportional(size_of(label.kind)), Color32::PLACEHOLDER);
        let half = galley.size() / 2.0;
        galleys.push((label.text.as_ptr(), galley));
        Some([at.x - half.x - 3.0, at.y - half.y - 1.0, at.x + half.x + 3.0, at.y + half.y + 1.0])
    });
    for (label, [left, top, right, bottom]) in fits {
        let Some((_, galley)) = galleys.iter().find(|(text, _)| *text == label.text.as_ptr()) else { continue };
        let at = pos2(left + 3.0, top + 1.0);
        let colour = match (label.kind, dark) {
            (LabelKind::Town, false) => Color32::from_rgb(0x22, 0x22, 0x22),
            (LabelKind::Town, true) => Color32::from_rgb(0xf0, 0xf0, 0xf0),
            (LabelKind::Road, _) => Color32::WHITE,
            (LabelKind::Place, false) => Color32::from_rgb(0x7a, 0x1f, 0x5c),
            (LabelKind::Place, true) => Color32::from_rgb(0xf2, 0x9c, 0xd4),
            (LabelKind::Street, false) => Color32::from_rgb(0x4a, 0x45, 0x3d),
            (LabelKind::Street, true) => Color32::from_rgb(0xc4, 0xc0, 0xb6),
        };
        if label.kind == LabelKind::Road {
            let plate = Rect::from_min_max(pos2(left, top), pos2(right, bottom));
            painter.rect_filled(plate, 3.0, Color32::from_rgb(0xa0, 0x3a, 0x2e));
        } else {
            let land = ink(pane.view.look.theme.land());
            let halo = Color32::from_rgba_unmultiplied(land.r(), land.g(), land.b(), 0xd8);
            for (dx, dy) in [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, -1.0)] {
                painter.galley(at + vec2(dx, dy) * 1.2, galley.clone(), halo);
            }
        }
        painter.galley(at, galley.clone(), colour);
    }
}

/// The value under the cursor, in words: the layer's of a link, or what a vehicle is.
pub fn hover_text(view: &View, hover: Focus) -> Option<String> {
    let opened = view.opened.as_ref()?;
    match hover {
        Focus::Link(link) => {
            let name = super::pick::link_name(&opened.network, link, view);
            let layer = view.look.layer;
            let value = layer.at(&view.snapshot, link, &opened.network);
            let base = view.snapshot.other.as_deref().filter(|o| layer.has_difference() && o.time_s == view.snapshot.time_s);
            let difference = base.and_then(|b| layer.difference(&view.snapshot, b, link, &opened.network));
            let counted = (layer == Layer::Counts).then(|| counted_there(view, link)).flatten();
            Some(match (layer, value) {
                (Layer::Roads, _) => name,
                (Layer::Sensors | Layer::Counts | Layer::Conflicts, None) => name,
                (_, Some(value)) => {
                    let mut text = format!("{name}\n{}: {}", view.say(layer.name()), layer.told(view.lang, value));
                    if let Some(d) = difference {
                        text += &format!("\n{}: {}", view.say(Text::Difference), layer.told_difference(view.lang, d));
                    }
                    counted.map_or(text.clone(), |c| format!("{text}\n{c}"))
                }
                (_, None) => format!("{name}\n{}", view.say(Text::NoValue)),
            })
        }
        Focus::Vehicle(id) => {
            let body = view.snapshot.body(id)?;
            let speed = number(view.lang, f64::from(body.speed_mps * 3.6), 0);
            Some(format!("{}, {speed} km/h", scenarios::lang::class_name(view.lang, body.class)))
        }
        Focus::Station(index) => {
            let station = view.snapshot.stations.get(index as usize)?;
            let name = station.mark.name.clone().unwrap_or_else(|| super::pick::link_name(&opened.network, station.mark.link, view));
            let facts = super::station::facts(station, view).into_iter().map(|(name, value)| format!("{name}: {value}"));
            Some(
                std::iter::once(format!("{name} ({})", super::station::kind_name(&station.mark, view)))
                    .chain(facts)
                    .collect::<Vec<_>>()
                    .join("\n"),
            )
        }
        Focus::Detector(index) => {
            let sensor = view.snapshot.watch.sensors.iter().find(|s| s.detector == index)?;
            let name = format!("{} ({})", sensor.ref_, view.say(sensor_name_of(sensor.kind)));
            let counted = sensor.observed.and_then(|_| counted_there(view, sensor.link));
            Some(counted.map_or(name.clone(), |counted| format!("{name}\n{counted}")))
        }
        Focus::Junction(index) => {
            let name = opened.network.junctions[index as usize].name.clone();
            Some(name.unwrap_or_else(|| view.say(Text::NamelessJunction).into()))
        }
    }
}

/// What was counted and observed on a link, in words.
fn counted_there(view: &View, link: u32) -> Option<String> {
    let watch = &view.snapshot.watch;
    let pairs = watch.sensors.iter().filter(|s| s.link == link).filter_map(|s| Some((s.counted?, s.observed?)));
    let (counted, observed) = pairs.fold((0, 0.0), |(c, o), (a, b)| (c + a, o + b));
    let [from, to] = watch.interval_s.map(scenarios::lang::clock);
    let observed = number(view.lang, observed, 0);
    Some(format!("{from}–{to}: {counted} {}, {observed} {}", view.say(Text::CountedSim), view.say(Text::CountedReal)))
}

/// Detectors where the layer is about them, and conflicts inside junctions where it is about those.
fn watched(painter: &Painter, pane: &Pane) {
    let (watch, layer) = (&pane.view.snapshot.watch, pane.view.look.layer);
    let ink_of = if pane.view.look.theme == Theme::Dark { Color32::WHITE } else { Color32::BLACK };
    if matches!(layer, Layer::Sensors | Layer::Counts) {
        for sensor in watch.sensors.iter().filter(|s| layer == Layer::Sensors || s.observed.is_some()) {
            let at = pane.at(sensor.at);
            if !pane.rect.contains(at) {
                continue;
            }
            let (r, paint) = (4.5, ink(sensor_colour(sensor.kind)));
            painter.circle(at, r, paint, Stroke::new(1.2, ink_of));
        }
    }
    if layer == Layer::Conflicts
        && let Some(opened) = &pane.view.opened
    {
        for (junction, count) in &watch.in_junctions {
            let centre = opened.network.junctions[*junction as usize].centre;
            let at = pane.at([(centre.x - opened.origin.x) as f32, (centre.y - opened.origin.y) as f32]);
            if pane.rect.contains(at) {
                let radius = (3.0 + (*count as f32).sqrt()).min(22.0);
                painter.circle(at, radius, Color32::from_rgba_unmultiplied(0xb3, 0x58, 0x06, 0xa0), Stroke::new(1.0, ink_of));
                if radius > 9.0 {
                    painter.text(at, Align2::CENTER_CENTER, count.to_string(), FontId::proportional(11.0), Color32::WHITE);
                }
            }
        }
    }
}

/// What a kind of sensor is called.
pub const fn sensor_name_of(kind: sim_core::detector::DetectorKind) -> Text {
    use sim_core::detector::DetectorKind;
    match kind {
        DetectorKind::Loop => Text::SensorLoop,
        DetectorKind::Camera => Text::SensorCamera,
        DetectorKind::Radar => Text::SensorRadar,
    }
}

/// The colour of a kind of sensor (Okabe and Ito's palette).
pub const fn sensor_colour(kind: sim_core::detector::DetectorKind) -> crate::colour::Rgb {
    use sim_core::detector::DetectorKind;
    match kind {
        DetectorKind::Loop => [0x00, 0x72, 0xb2],
        DetectorKind::Camera => [0xe6, 0x9f, 0x00],
        DetectorKind::Radar => [0x00, 0x9e, 0x73],
    }
}

/// Scale bar, clock of the other pane, whom to credit: at the lower edge of the map.
pub fn scale(painter: &Painter, pane: &Pane) {
    let (length_m, px) = scale_bar(pane.camera.metres_per_px, 130.0);
    let text = if length_m >= 1000.0 {
        format!("{} km", number(pane.view.lang, f64::from(length_m / 1000.0), 0))
    } else {
        format!("{} m", number(pane.view.lang, f64::from(length_m), 0))
    };
    let colour = if pane.view.look.theme == Theme::Dark { Color32::WHITE } else { Color32::from_rgb(0x22, 0x22, 0x22) };
    let base = pos2(pane.rect.left() + 14.0, pane.rect.bottom() - 12.0);
    let stroke = Stroke::new(2.0, colour);
    painter.line_segment([base, base + vec2(px, 0.0)], stroke);
    for x in [0.0, px] {
        painter.line_segment([base + vec2(x, 0.0), base + vec2(x, -6.0)], stroke);
    }
    painter.text(base + vec2(px / 2.0, -5.0), Align2::CENTER_BOTTOM, text, FontId::proportional(12.0), colour);
}

/// North arrow and map buttons, at the upper right of the map.
pub fn map_buttons(context: &egui::Context, pane: &Pane) -> Option<Wish> {
    let mut wish = None;
    let view = pane.view;
    egui::Area::new("map-buttons".into()).fixed_pos(pane.rect.right_top() + vec2(-44.0, 10.0)).show(context, |ui| {
        ui.vertical(|ui| {
            let (rect, north) = ui.allocate_exact_size(vec2(34.0, 38.0), egui::Sense::click());
            let painter = ui.painter();
            painter.circle(rect.center(), 16.5, ui.visuals().window_fill, Stroke::new(1.0, ui.visuals().weak_text_color()));
            let up = egui::emath::Rot2::from_angle(pane.camera.angle) * vec2(0.0, -1.0);
            let side = up.rot90() * 4.5;
            let centre = rect.center() + up * 1.0;
            painter.add(egui::Shape::convex_polygon(
                vec![centre + up * 13.0, centre + side, centre - side],
                Color32::from_rgb(0xc8, 0x1e, 0x1e),
                Stroke::NONE,
            ));
            painter.text(
                rect.center() - up * 8.0,
                Align2::CENTER_CENTER,
                view.say(Text::NorthLetter),
                FontId::proportional(11.0),
                ui.visuals().text_color(),
            );
            if north.on_hover_text(view.say(Text::North)).clicked() {
                wish = Some(Wish::North);
            }
            let button = |ui: &mut egui::Ui, sign: &str, text: Text| {
                ui.add_sized([34.0, 30.0], egui::Button::new(egui::RichText::new(sign).size(16.0))).on_hover_text(view.say(text)).clicked()
            };
            if button(ui, "+", Text::ZoomIn) {
                wish = Some(Wish::Zoom(2.5));
            }
            if button(ui, "−", Text::ZoomOut) {
                wish = Some(Wish::Zoom(-2.5));
            }
            if button(ui, "⛶", Text::Fit) {
                wish = Some(Wish::Fit);
            }
        });
    });
    wish
}
