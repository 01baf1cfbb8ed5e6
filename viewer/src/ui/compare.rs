//! Two simulations side by side: titles over their halves, and a table of how they differ at this moment.

use super::{View, Wish};
use crate::{
    order::Order,
    snapshot::Snapshot,
    text::{self, Text},
};
use bevy_egui::egui::{self, Align2, Rect, vec2};
use scenarios::lang::{Lang, integer, number};

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

/// Titles and table, while two are compared.
pub fn compare(context: &egui::Context, view: &View, parts: [Rect; 2]) -> Option<Wish> {
    let base = view.snapshot.other.as_deref()?;
    let mut wish = None;
    for (rect, text) in parts.into_iter().zip([Text::CompareEdited, Text::CompareBase]) {
        egui::Area::new(egui::Id::new(("side", text as u32))).fixed_pos(rect.left_top() + vec2(10.0, 8.0)).pivot(Align2::LEFT_TOP).show(
            context,
            |ui| {
                egui::Frame::popup(ui.style()).show(ui, |ui| ui.strong(view.say(text)));
            },
        );
    }
    egui::Window::new(view.say(Text::Compare))
        .id("compare".into())
        .collapsible(true)
        .resizable(false)
        .default_pos(parts[0].left_bottom() + vec2(12.0, -200.0))
        .show(context, |ui| {
            if (base.time_s - view.snapshot.time_s).abs() > 0.01 {
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
                for head in ["", view.say(Text::CompareEdited), view.say(Text::CompareBase), view.say(Text::Difference)] {
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
                    wish = Some(Wish::Simulation(Order::Compare(false)));
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
