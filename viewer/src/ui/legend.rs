//! The legend: what colours and widths mean, with units.

use super::{View, ink};
use crate::{
    colour::{Colouring, GROWING, MOST_CO2_G_PER_KM, Palette, SLOW_TO_FAST, class_colour, purpose_colour},
    layer::{Layer, SERVICE_SHARES},
    text::{self, Text},
};
use bevy_egui::egui::{self, Sense, pos2, vec2};
use scenarios::lang::{class_name, integer, number};
use sim_core::{class::VehicleClass, demand::Purpose, detector::DetectorKind};

/// The legend of layer and vehicles.
pub fn legend(ui: &mut egui::Ui, view: &View) {
    if view.look.layer != Layer::Roads {
        layer_legend(ui, view);
        ui.separator();
    }
    if !view.look.hides_vehicles {
        vehicles_legend(ui, view);
    }
}

fn layer_legend(ui: &mut egui::Ui, view: &View) {
    let layer = view.look.layer;
    if matches!(layer, Layer::Sensors | Layer::Counts | Layer::Conflicts) {
        return watched_legend(ui, view);
    }
    // As the map is drawn: until both are at the same moment it shows the layer itself.
    let is_level = view.snapshot.other.as_ref().is_some_and(|other| other.time_s == view.snapshot.time_s);
    if view.look.difference && is_level && layer.has_difference() {
        return difference_legend(ui, view);
    }
    let title = match layer {
        Layer::Service => format!("{} ({})", view.say(layer.name()), view.say(Text::LayerOf)),
        _ => format!("{}, {} ({})", view.say(layer.name()), view.say(layer.unit()), view.say(Text::LayerOf)),
    };
    ui.strong(title);
    if view.snapshot.sample.until_s <= 0.0 {
        ui.weak(view.say(Text::LayerWait));
    }
    if layer == Layer::Service {
        let bounds: Vec<f32> = std::iter::once(1.0).chain(SERVICE_SHARES).chain([0.0]).collect();
        for (i, letter) in "ABCDEF".chars().enumerate() {
            let middle = (bounds[i] + bounds[i + 1]) * 50.0;
            let range = format!(
                "{letter}  {} – {} %",
                number(view.lang, f64::from(bounds[i + 1] * 100.0), 0),
                number(view.lang, f64::from(bounds[i] * 100.0), 0)
            );
            swatch(ui, ink(layer.colour(middle)), &range);
        }
        ui.small(view.say(Text::ServiceFrom));
    } else {
        let top = layer.greatest();
        bar(
            ui,
            |share| ink(layer.colour(share * top)),
            &[0.0, 0.25, 0.5, 0.75, 1.0].map(|s| {
                let text = number(view.lang, f64::from(s * top), 0);
                if s == 1.0 { format!("≥ {text}") } else { text }
            }),
        );
    }
    swatch(ui, ink(view.look.theme.no_value()), view.say(Text::NoValue));
    ui.small(view.say(Text::WidthIsFlow));
}

/// The legend of a difference between two that are compared.
fn difference_legend(ui: &mut egui::Ui, view: &View) {
    let layer = view.look.layer;
    ui.strong(format!("{}: {}, {}", view.say(Text::Difference), view.say(layer.name()), view.say(layer.unit())));
    ui.small(view.say(Text::DifferenceOf));
    let top = layer.greatest_difference();
    let texts = [-1.0f32, -0.5, 0.0, 0.5, 1.0].map(|s| {
        let text = number(view.lang, f64::from((s * top).abs()), 0);
        match s {
            -1.0 => format!("≤ −{text}"),
            1.0 => format!("≥ +{text}"),
            s if s < 0.0 => format!("−{text}"),
            s if s > 0.0 => format!("+{text}"),
            _ => text,
        }
    });
    bar(ui, |share| ink(layer.colour_of_difference((share * 2.0 - 1.0) * top)), &texts);
    swatch(ui, ink(view.look.theme.no_value()), view.say(Text::NoValue));
}

/// The legend of layers about detectors and conflicts.
fn watched_legend(ui: &mut egui::Ui, view: &View) {
    let (layer, watch) = (view.look.layer, &view.snapshot.watch);
    if layer == Layer::Counts {
        ui.strong(format!("{}, {}", view.say(layer.name()), view.say(layer.unit())));
    } else {
        ui.strong(view.say(layer.name()));
    }
    match layer {
        Layer::Sensors => {
            for kind in [DetectorKind::Loop, DetectorKind::Camera, DetectorKind::Radar] {
                let count = watch.sensors.iter().filter(|s| s.kind == kind).count();
                let name = view.say(super::overlay::sensor_name_of(kind));
                swatch(ui, ink(super::overlay::sensor_colour(kind)), &format!("{name}: {}", integer(view.lang, count as u64)));
            }
            let links: std::collections::BTreeSet<u32> = watch.sensors.iter().map(|s| s.link).collect();
            let driven = view.snapshot.sample.links.iter().map(|(l, live)| (links.contains(l), f64::from(live.vehicle_m)));
            let (seen, all) = driven.fold((0.0, 0.0), |(s, a), (is_seen, m)| (s + if is_seen { m } else { 0.0 }, a + m));
            if all > 0.0 {
                ui.label(format!("{}: {} %", view.say(Text::Coverage), number(view.lang, seen / all * 100.0, 1)))
                    .on_hover_text(view.say(Text::CoverageTip));
            }
        }
        Layer::Counts if watch.sensors.iter().all(|s| s.observed.is_none()) => {
            ui.weak(view.say(if view.opened.as_ref().is_some_and(|o| o.has_counts) { Text::CountsWait } else { Text::NoCounts }));
        }
        Layer::Counts => {
            let [from, to] = watch.interval_s.map(scenarios::lang::clock);
            ui.small(text::counts_of(view.lang, from, to));
            let texts = ["≤ −50", "−25", "0", "+25", "≥ +50"].map(str::to_owned);
            bar(ui, |share| ink(layer.colour((share * 2.0 - 1.0) * layer.greatest())), &texts);
        }
        _ if watch.conflicts.is_none() => drop(ui.weak(view.say(Text::ConflictsOff))),
        _ => {
            ui.small(view.say(layer.unit()));
            let top = layer.greatest();
            let texts = [0.0, 0.5, 1.0].map(|s| {
                let text = number(view.lang, f64::from(s * top), 0);
                if s == 1.0 { format!("≥ {text}") } else { text }
            });
            bar(ui, |share| ink(layer.colour(share * top)), &texts);
            ui.small(view.say(Text::ConflictsAre));
        }
    }
}

fn vehicles_legend(ui: &mut egui::Ui, view: &View) {
    ui.strong(format!("{} {}", view.say(Text::ColourBy), view.say(super::top::colouring_name(view.look.colouring))));
    match view.look.colouring {
        Colouring::Class => {
            let counts = view.snapshot.count_by_class();
            for class in VehicleClass::ALL.into_iter().filter(|c| counts[c.index()] > 0) {
                let text = format!("{}: {}", class_name(view.lang, class), integer(view.lang, counts[class.index()] as u64));
                swatch(ui, ink(class_colour(class, view.look.theme)), &text);
            }
        }
        Colouring::Speed => scale(ui, view, SLOW_TO_FAST, 60.0, "km/h"),
        Colouring::Delay => scale(ui, view, GROWING, 300.0, view.say(Text::UnitSeconds)),
        Colouring::Emission => scale(ui, view, GROWING, MOST_CO2_G_PER_KM.into(), view.say(Text::UnitCo2PerKm)),
        Colouring::Purpose => {
            for (purpose, text) in [
                (Purpose::Personal, Text::PurposePersonal),
                (Purpose::Freight, Text::PurposeFreight),
                (Purpose::PublicTransport, Text::PurposePublic),
                (Purpose::Emergency, Text::PurposeEmergency),
            ] {
                swatch(ui, ink(purpose_colour(purpose)), view.say(text));
            }
        }
    }
}

fn scale(ui: &mut egui::Ui, view: &View, palette: Palette, top: f64, unit: &str) {
    let texts = [0.0, 0.5, 1.0].map(|s| {
        let text = number(view.lang, s * top, 0);
        if s == 1.0 { format!("≥ {text} {unit}") } else { text }
    });
    bar(ui, |share| ink(palette.at(share)), &texts);
}

/// A bar of colours with numbers below.
fn bar(ui: &mut egui::Ui, colour: impl Fn(f32) -> egui::Color32, texts: &[String]) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width().min(240.0), 30.0), Sense::hover());
    let strip = egui::Rect::from_min_max(pos2(rect.left() + 2.0, rect.top()), pos2(rect.right() - 18.0, rect.top() + 12.0));
    const PIECES: usize = 48;
    for i in 0..PIECES {
        let x = |k: usize| strip.left() + strip.width() * k as f32 / PIECES as f32;
        let piece = egui::Rect::from_min_max(pos2(x(i), strip.top()), pos2(x(i + 1) + 0.5, strip.bottom()));
        ui.painter().rect_filled(piece, 0.0, colour((i as f32 + 0.5) / PIECES as f32));
    }
    let ink = ui.visuals().text_color();
    for (i, text) in texts.iter().enumerate() {
        let x = strip.left() + strip.width() * i as f32 / (texts.len() - 1) as f32;
        let anchor = match i {
            0 => egui::Align2::LEFT_TOP,
            _ if i + 1 == texts.len() => egui::Align2::CENTER_TOP,
            _ => egui::Align2::CENTER_TOP,
        };
        ui.painter().text(pos2(x, strip.bottom() + 3.0), anchor, text, egui::FontId::proportional(11.0), ink);
    }
}

fn swatch(ui: &mut egui::Ui, colour: egui::Color32, text: &str) {
    ui.horizontal(|ui| {
        let (rect, _) = ui.allocate_exact_size(vec2(14.0, 9.0), Sense::hover());
        ui.painter().rect_filled(rect, 1.0, colour);
        ui.label(text);
    });
}
