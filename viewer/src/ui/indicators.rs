//! The indicators of the run as it stands: value, target, status; copied as a table for a spreadsheet.

use super::{Desk, View, Wish};
use crate::{
    draw::Look,
    layer::Layer,
    text::{self, Text},
};
use bevy_egui::egui;
use scenarios::{
    kpi::{KpiRow, Phase, with_interval},
    lang::{Lang, clock, number},
};

/// One line of the table: number, name, value, unit, target, status, note.
pub fn cells(row: &KpiRow, lang: Lang) -> [String; 6] {
    let phase = Phase::To2028;
    let value = row.value.number().map_or_else(|| "–".into(), |v| with_interval(lang, v, row.value.half_width()));
    let target = row.spec.target(phase).map_or_else(String::new, |t| t.label(lang).to_owned());
    [
        row.id().to_owned(),
        row.spec.name(lang).to_owned(),
        value,
        row.spec.unit.label(lang).to_owned(),
        target,
        row.status(phase).label(lang).to_owned(),
    ]
}

/// The table as lines with tabs between the columns, which a spreadsheet takes.
pub fn tsv(rows: &[KpiRow], lang: Lang, only_known: bool) -> String {
    let heads = ["", Text::Indicator.in_lang(lang), Text::Value.in_lang(lang), "", Text::Target.in_lang(lang), Text::Status.in_lang(lang)];
    let mut lines = vec![heads.join("\t")];
    let shown = rows.iter().filter(|r| !only_known || r.value.number().is_some());
    lines.extend(shown.map(|r| cells(r, lang).map(|c| c.replace(['\t', '\n'], " ")).join("\t")));
    lines.join("\n") + "\n"
}

/// The window, while it is open.
pub fn indicators(context: &egui::Context, view: &View, desk: &mut Desk) -> Option<Wish> {
    let (mut wish, mut is_open) = (None, desk.indicators);
    egui::Window::new(view.say(Text::Indicators))
        .id("indicators".into())
        .open(&mut is_open)
        .default_size([960.0, 400.0])
        .default_pos([290.0, 90.0])
        .show(context, |ui| {
            let Some(rows) = view.snapshot.indicators.clone() else {
                ui.horizontal(|ui| {
                    ui.spinner();
                    ui.label(view.say(Text::IndicatorsWait));
                });
                return;
            };
            ui.horizontal(|ui| {
                ui.checkbox(&mut desk.only_known, view.say(Text::OnlyKnown));
                if ui.button(view.say(Text::CopyTable)).clicked() {
                    wish = Some(Wish::Copy(tsv(&rows, view.lang, desk.only_known)));
                }
            });
            let other = view.snapshot.other.as_ref().filter(|o| o.time_s == view.snapshot.time_s).and_then(|o| o.indicators.clone());
            wish = wish.take().or(table(ui, view, &rows, other.as_deref().map(Vec::as_slice), desk.only_known));
        });
    if desk.indicators && !is_open {
        wish = wish.or(Some(Wish::Simulation(crate::order::Order::Indicators(false))));
    }
    desk.indicators = is_open;
    wish
}

/// The table itself, beside that of a base where there is one.
fn table(ui: &mut egui::Ui, view: &View, rows: &[KpiRow], base: Option<&[KpiRow]>, only_known: bool) -> Option<Wish> {
    let mut wish = None;
    egui::ScrollArea::both().auto_shrink(false).show(ui, |ui| {
        egui::Grid::new("rows").num_columns(7).striped(true).spacing([12.0, 4.0]).show(ui, |ui| {
            let of_base = base.map_or_else(String::new, |_| super::compare::names(view)[1].clone());
            let [name, value, course] = [Text::Indicator, Text::Value, Text::Trend].map(|t| view.say(t));
            for head in ["", name, value, course, &of_base, view.say(Text::Target), view.say(Text::Status)] {
                ui.strong(head);
            }
            ui.end_row();
            for row in rows.iter().filter(|r| !only_known || r.value.number().is_some()) {
                let [id, name, value, unit, target, status] = cells(row, view.lang);
                ui.monospace(&id);
                let caveats = row.caveats.iter().map(|c| c.label(view.lang).to_owned());
                let notes: Vec<String> = caveats.chain(row.notes.iter().map(|n| n.get(view.lang).to_owned())).collect();
                let left = egui::Layout::left_to_right(egui::Align::Center);
                let behind = behind(&id);
                let named = |ui: &mut egui::Ui| match behind {
                    Some(_) => ui.add(egui::Button::new(egui::RichText::new(&name).underline()).frame(false).truncate()),
                    None => ui.add(egui::Label::new(&name).truncate()),
                };
                let mut label = ui.allocate_ui_with_layout(egui::vec2(250.0, 18.0), left, named).inner;
                if let Some(layer) = behind {
                    label = label.on_hover_text(text::show_layer(view.lang, view.say(layer.name())));
                    if label.clicked() {
                        wish = Some(Wish::Look(Look { layer, ..view.look }));
                    }
                }
                if !notes.is_empty() {
                    label.on_hover_text(notes.join("\n"));
                }
                ui.label(format!("{value} {unit}"));
                trend(ui, view, &id);
                let of_base = base.and_then(|b| b.iter().find(|r| r.id() == row.id()));
                ui.label(of_base.map_or_else(String::new, |b| cells(b, view.lang)[2].clone()));
                ui.label(target);
                ui.label(status);
                ui.end_row();
            }
        });
    });
    wish
}

/// The layer of the map behind an indicator; `None` where no map shows it.
pub fn behind(id: &str) -> Option<Layer> {
    Some(match id {
        "K02" | "K12" | "K13" => Layer::Sensors,
        "K08" | "B15" | "B16" => Layer::Conflicts,
        "K14" | "B11" | "B12" => Layer::Emissions,
        "K19" | "B01" | "B02" | "B22" => Layer::Delay,
        "B03" | "B13" | "B14" | "B17" | "B18" => Layer::Speed,
        "B04" | "B10" => Layer::Flow,
        "B05" | "B06" | "B07" | "B09" => Layer::Queue,
        _ => return None,
    })
}

/// How an indicator went since it is told: a line over the simulated time, and whether it rose or fell lately.
fn trend(ui: &mut egui::Ui, view: &View, id: &str) {
    let points: Vec<[f64; 2]> = view.snapshot.trend.get(id).map_or_else(Vec::new, |t| t.to_vec());
    let (rect, response) = ui.allocate_exact_size(egui::vec2(64.0, 16.0), egui::Sense::hover());
    let Some(sign) = direction(&points) else { return };
    let fold = |i: usize| points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), p| (l.min(p[i]), m.max(p[i])));
    let ((from, to), (least, most)) = (fold(0), fold(1));
    let share = |v: f64, l: f64, m: f64| if m > l { ((v - l) / (m - l)) as f32 } else { 0.5 };
    let line = points.iter().map(|p| {
        egui::pos2(rect.left() + 46.0 * share(p[0], from, to), rect.bottom() - 2.0 - (rect.height() - 4.0) * share(p[1], least, most))
    });
    ui.painter().add(egui::Shape::line(line.collect(), egui::Stroke::new(1.5, super::chart::BLUE)));
    let at = egui::pos2(rect.right(), rect.center().y);
    ui.painter().text(at, egui::Align2::RIGHT_CENTER, sign, egui::FontId::proportional(13.0), ui.visuals().text_color());
    let told = [points.first(), points.last()].into_iter().flatten().map(|p| format!("{} {}", clock(p[0]), number(view.lang, p[1], 2)));
    response.on_hover_text(told.collect::<Vec<_>>().join(" → "));
}

/// Whether the last value rose (`↑`), fell (`↓`) or stayed within 1 % of what it was a third of the time before; `None` of fewer than two.
pub fn direction(points: &[[f64; 2]]) -> Option<&'static str> {
    let (last, before) = (points.last()?, points.get((points.len() * 2 / 3).min(points.len().checked_sub(2)?))?);
    let change = last[1] - before[1];
    Some(if change.abs() <= before[1].abs() * 0.01 {
        "→"
    } else if change > 0.0 {
        "↑"
    } else {
        "↓"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_rises_falls_or_stays() {
        let of = |values: &[f64]| direction(&values.iter().enumerate().map(|(i, v)| [i as f64, *v]).collect::<Vec<_>>());
        assert_eq!([of(&[1.0, 2.0, 4.0]), of(&[9.0, 5.0, 2.0]), of(&[100.0, 100.2, 100.4])], [Some("↑"), Some("↓"), Some("→")]);
        assert_eq!([of(&[1.0]), of(&[])], [None, None]);
    }
}
