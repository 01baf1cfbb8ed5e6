//! Two simulations side by side: titles over their halves, and a table of how they differ at this moment.

use super::{Ask, View, Wish};
use crate::{
    load::short_name,
    order::Order,
    second::Against,
    snapshot::Snapshot,
    text::{self, Text},
};
use bevy_egui::egui::{self, Align2, Rect, vec2};
use scenarios::lang::{Lang, integer, number};

/// The most scenarios of a folder that the menu names; there is a dialog for more.
const MOST_SIBLINGS: usize = 16;

/// What is compared at a moment: name, first, second, difference, each as it is written.
pub fn differences(now: &Snapshot, base: &Snapshot, lang: Lang) -> Vec<[String; 4]> {
    let speed = |s: &Snapshot| {
        let sum: f64 = s.bodies.iter().map(|b| f64::from(b.speed_mps)).sum();
        if s.bodies.is_empty() { 0.0 } else { sum / s.bodies.len() as f64 * 3.6 }
    };
    let lost_h = |s: &Snapshot| s.bodies.iter().map(|b| f64::from(b.lost_s)).sum::<f64>() / 3600.0;
    let whole = |text: Text, a: u64, b: u64| {
        let sign = if a > b {
            "+"
        } else if a < b {
            "−"
        } else {
            ""
        };
        [text.in_lang(lang).to_owned(), integer(lang, a), integer(lang, b), format!("{sign}{}", integer(lang, a.abs_diff(b)))]
    };
    let real = |text: Text, unit: &str, a: f64, b: f64| {
        let sign = if a - b > 0.05 {
            "+"
        } else if b - a > 0.05 {
            "−"
        } else {
            ""
        };
        let difference = format!("{sign}{}", number(lang, (a - b).abs(), 1));
        [format!("{}, {unit}", text.in_lang(lang)), number(lang, a, 1), number(lang, b, 1), difference]
    };
    vec![
        whole(Text::OnRoad, now.bodies.len() as u64, base.bodies.len() as u64),
        whole(Text::Waiting, now.waiting, base.waiting),
        whole(Text::Arrived, now.arrived, base.arrived),
        real(Text::MeanSpeed, "km/h", speed(now), speed(base)),
        real(Text::LostTogether, Text::UnitHours.in_lang(lang), lost_h(now), lost_h(base)),
    ]
}

/// What the two sides are called: with and without the changes, or by their scenarios.
pub fn names(view: &View) -> [String; 2] {
    let other = view.snapshot.compared.as_ref().and_then(|c| c.scenario.clone());
    let first = view.opened.as_ref().map(|o| short_name(&o.wanted.scenario));
    match (first, other) {
        (Some(first), Some(other)) => [first, other],
        _ => [Text::CompareEdited, Text::CompareBase].map(|t| view.say(t).to_owned()),
    }
}

/// The button of the top bar: what to compare with, or no longer.
pub fn menu(ui: &mut egui::Ui, view: &View) -> Option<Wish> {
    let mut wish = None;
    let is_compared = view.snapshot.compared.is_some();
    let button = egui::Button::new(format!("{} ⏷", view.say(Text::Compare))).selected(is_compared);
    let (response, _) = egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
        ui.set_min_width(220.0);
        if !view.is_running() {
            ui.weak(view.say(Text::CompareWhenRunning));
            return;
        }
        ui.weak(view.say(Text::CompareWith));
        if ui.button(view.say(Text::CompareBase)).on_hover_text(view.say(Text::CompareTip)).clicked() {
            wish = Some(Wish::Simulation(Order::Compare(Some(Against::Unedited))));
        }
        for path in view.opened.iter().flat_map(|o| &o.siblings).take(MOST_SIBLINGS) {
            if ui.button(short_name(path)).on_hover_text(path.display().to_string()).clicked() {
                wish = Some(Wish::Compare(path.clone()));
            }
        }
        if ui.button(view.say(Text::CompareOther)).clicked() {
            wish = Some(Wish::Ask(Ask::Compare));
        }
        if is_compared {
            ui.separator();
            if ui.button(view.say(Text::StopCompare)).clicked() {
                wish = Some(Wish::Simulation(Order::Compare(None)));
            }
        }
        if wish.is_some() {
            ui.close();
        }
    });
    response.on_hover_text(view.say(Text::CompareWith));
    wish
}

/// While the second is being made ready, how far that is; or why there is none.
fn waiting(context: &egui::Context, view: &View, rect: Rect) -> Option<Wish> {
    let compared = view.snapshot.compared.as_deref()?;
    let mut wish = None;
    egui::Window::new(view.say(Text::Compare))
        .id("compare".into())
        .resizable(false)
        .default_pos(rect.left_bottom() + vec2(12.0, -200.0))
        .show(context, |ui| {
            ui.set_max_width(420.0);
            if let Some(why) = &compared.refused {
                ui.strong(compared.scenario.as_deref().unwrap_or_default());
                ui.colored_label(ui.visuals().error_fg_color, text::refused(view.lang, why.get(view.lang)));
            } else if let Some((part, done)) = &compared.preparing {
                ui.label(text::preparing(view.lang, text::part_name(part, view.lang)));
                match done {
                    Some(done) => drop(ui.add(egui::ProgressBar::new(*done).show_percentage())),
                    None => drop(ui.spinner()),
                }
            }
            if ui.button(view.say(Text::StopCompare)).clicked() {
                wish = Some(Wish::Simulation(Order::Compare(None)));
            }
        });
    wish
}

/// Titles and table, while two are compared.
pub fn compare(context: &egui::Context, view: &View, parts: [Rect; 2]) -> Option<Wish> {
    let Some(base) = view.snapshot.other.as_deref() else { return waiting(context, view, parts[0]) };
    let mut wish = None;
    let names = names(view);
    for (n, (rect, name)) in parts.into_iter().zip(&names).enumerate() {
        egui::Area::new(egui::Id::new(("side", n))).fixed_pos(rect.left_top() + vec2(10.0, 8.0)).pivot(Align2::LEFT_TOP).show(
            context,
            |ui| {
                ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
                egui::Frame::popup(ui.style()).show(ui, |ui| ui.strong(name));
            },
        );
    }
    egui::Window::new(view.say(Text::Compare))
        .id("compare".into())
        .collapsible(true)
        .resizable(false)
        .default_pos(parts[0].left_bottom() + vec2(12.0, -200.0))
        .show(context, |ui| {
            if (base.time_s - view.snapshot.time_s).abs() > 0.01 && !base.finished {
                // The second one comes from the beginning: numbers of two times say nothing.
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label(text::jumping(view.lang, super::time::clock_s(view.snapshot.time_s)));
                    ui.label(format!("({})", super::time::clock_s(base.time_s)));
                });
                return;
            }
            let rows = differences(&view.snapshot, base, view.lang);
            egui::Grid::new("differences").num_columns(4).striped(true).spacing([14.0, 4.0]).show(ui, |ui| {
                for head in ["", &names[0], &names[1], view.say(Text::Difference)] {
                    ui.strong(head);
                }
                ui.end_row();
                for [name, a, b, difference] in &rows {
                    ui.label(name);
                    for value in [a, b, difference] {
                        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| ui.label(value));
                    }
                    ui.end_row();
                }
            });
            ui.horizontal(|ui| {
                if ui.button(view.say(Text::CopyTable)).clicked() {
                    let lines = rows.iter().map(|r| r.join("\t") + "\n");
                    wish = Some(Wish::Copy(lines.collect()));
                }
                if ui.button(view.say(Text::StopCompare)).clicked() {
                    wish = Some(Wish::Simulation(Order::Compare(None)));
                }
            });
        });
    wish
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_has_its_sign() {
        let now = Snapshot { waiting: 12, arrived: 5, ..Snapshot::default() };
        let base = Snapshot { waiting: 10, arrived: 8, ..Snapshot::default() };
        let rows = differences(&now, &base, Lang::En);
        assert_eq!(rows[1][1..], ["12", "10", "+2"]);
        assert_eq!(rows[2][1..], ["5", "8", "−3"]);
        assert_eq!(rows[0][3], "0");
    }
}
