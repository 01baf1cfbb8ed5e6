//! The indicators of the run as it stands: value, target, status; copied as a table for a spreadsheet.

use super::{Desk, View, Wish};
use crate::text::Text;
use bevy_egui::egui;
use scenarios::{
    kpi::{KpiRow, Phase, with_interval},
    lang::Lang,
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
        .default_size([900.0, 400.0])
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
            table(ui, view, &rows, other.as_deref().map(Vec::as_slice), desk.only_known);
        });
    if desk.indicators && !is_open {
        wish = wish.or(Some(Wish::Simulation(crate::order::Order::Indicators(false))));
    }
    desk.indicators = is_open;
    wish
}

/// The table itself, beside that of a base where there is one.
fn table(ui: &mut egui::Ui, view: &View, rows: &[KpiRow], base: Option<&[KpiRow]>, only_known: bool) {
    egui::ScrollArea::both().auto_shrink(false).show(ui, |ui| {
        egui::Grid::new("rows").num_columns(6).striped(true).spacing([12.0, 4.0]).show(ui, |ui| {
            let of_base = base.map_or("", |_| view.say(Text::CompareBase));
            for head in ["", view.say(Text::Indicator), view.say(Text::Value), of_base, view.say(Text::Target), view.say(Text::Status)] {
                ui.strong(head);
            }
            ui.end_row();
            for row in rows.iter().filter(|r| !only_known || r.value.number().is_some()) {
                let [id, name, value, unit, target, status] = cells(row, view.lang);
                ui.monospace(id);
                let caveats = row.caveats.iter().map(|c| c.label(view.lang).to_owned());
                let notes: Vec<String> = caveats.chain(row.notes.iter().map(|n| n.get(view.lang).to_owned())).collect();
                let left = egui::Layout::left_to_right(egui::Align::Center);
                let label =
                    ui.allocate_ui_with_layout(egui::vec2(250.0, 18.0), left, |ui| ui.add(egui::Label::new(&name).truncate())).inner;
                if !notes.is_empty() {
                    label.on_hover_text(notes.join("\n"));
                }
                ui.label(format!("{value} {unit}"));
                let of_base = base.and_then(|b| b.iter().find(|r| r.id() == row.id()));
                ui.label(of_base.map_or_else(String::new, |b| cells(b, view.lang)[2].clone()));
                ui.label(target);
                ui.label(status);
                ui.end_row();
            }
        });
    });
}

/// The indicators of a result folder, while one is open.
pub fn results(context: &egui::Context, view: &View, desk: &mut Desk) -> Option<Wish> {
    let (folder, rows) = desk.results.clone()?;
    let (mut wish, mut is_open) = (None, true);
    let name = folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
    let window = egui::Window::new(format!("{}: {name}", view.say(Text::ResultOf))).id("results".into()).open(&mut is_open);
    window.default_size([640.0, 380.0]).default_pos([320.0, 120.0]).show(context, |ui| {
        ui.horizontal(|ui| {
            ui.checkbox(&mut desk.only_known, view.say(Text::OnlyKnown));
            if ui.button(view.say(Text::CopyTable)).clicked() {
                wish = Some(Wish::Copy(tsv(&rows, view.lang, desk.only_known)));
            }
            ui.label(format!("{}: {}", view.say(Text::OpenReport), folder.join("report.html").display()));
        });
        table(ui, view, &rows, None, desk.only_known);
    });
    if !is_open {
        desk.results = None;
    }
    wish
}
