//! A folder of results that is open: the report's table, the scenarios of a comparison side by side, and how each indicator is spread over the
//! seeds.

use super::{
    Desk, View, Wish,
    indicators::{cells, tsv},
};
use crate::text::{self, Text};
use bevy_egui::egui::{self, Color32, Sense, Stroke, pos2, vec2};
use scenarios::{
    kpi::KpiRow,
    lang::{Lang, number},
    report::{self, Row},
};
use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

/// Colours of the scenarios of a comparison (Okabe and Ito's palette), the base first.
const SIDES: [Color32; 5] = [
    Color32::from_rgb(0x77, 0x77, 0x77),
    Color32::from_rgb(0x00, 0x72, 0xb2),
    Color32::from_rgb(0xd5, 0x5e, 0x00),
    Color32::from_rgb(0x00, 0x9e, 0x73),
    Color32::from_rgb(0xcc, 0x79, 0xa7),
];

/// A finished run or comparison.
#[derive(Clone, Debug)]
pub struct Finished {
    /// The folder.
    pub folder: PathBuf,
    /// Its seeds.
    pub seeds: Vec<u64>,
    /// Its scenarios; of a comparison the base first.
    pub sides: Arc<Vec<FinishedSide>>,
}

/// One scenario of it.
#[derive(Clone, Debug)]
pub struct FinishedSide {
    /// The scenario's name.
    pub name: String,
    /// Its indicators.
    pub rows: Vec<KpiRow>,
    /// The values of each seed, by indicator.
    pub values: BTreeMap<String, Vec<f64>>,
}

impl Finished {
    /// Reads a folder of results.
    ///
    /// # Errors
    /// In words: there is no report in it, or it is damaged.
    pub fn read(folder: &std::path::Path) -> Result<Self, String> {
        let report = report::read(folder).map_err(|e| e.to_string())?;
        if report.sides.is_empty() {
            return Err(format!("{}: no scenario in it", folder.display()));
        }
        let side = |s: report::Side| FinishedSide { rows: s.rows.iter().filter_map(Row::known).collect(), name: s.name, values: s.values };
        Ok(Self { folder: folder.to_owned(), seeds: report.seeds, sides: Arc::new(report.sides.into_iter().map(side).collect()) })
    }
}

/// The table as lines with tabs: an indicator with its values in every scenario.
pub fn table_text(finished: &Finished, lang: Lang, only_known: bool) -> String {
    let Some(first) = finished.sides.first().filter(|_| finished.sides.len() > 1) else {
        return finished.sides.first().map_or_else(String::new, |s| tsv(&s.rows, lang, only_known));
    };
    let names = finished.sides.iter().map(|s| s.name.clone());
    let mut text = [String::new(), Text::Indicator.in_lang(lang).into()].into_iter().chain(names).collect::<Vec<_>>().join("\t") + "\n";
    for row in shown(&first.rows, finished, only_known) {
        let values = finished.sides.iter().map(|s| value_of(s, row.id(), lang));
        text += &([row.id().to_owned(), row.spec.name(lang).to_owned()].into_iter().chain(values).collect::<Vec<_>>().join("\t") + "\n");
    }
    text
}

fn shown<'a>(rows: &'a [KpiRow], finished: &'a Finished, only_known: bool) -> impl Iterator<Item = &'a KpiRow> {
    let has = |s: &FinishedSide, id: &str| s.rows.iter().any(|r| r.id() == id && r.value.number().is_some());
    rows.iter().filter(move |r| !only_known || finished.sides.iter().any(|s| has(s, r.id())))
}

fn value_of(side: &FinishedSide, id: &str, lang: Lang) -> String {
    side.rows.iter().find(|r| r.id() == id).map_or_else(String::new, |r| {
        let [_, _, value, unit, ..] = cells(r, lang);
        format!("{value} {unit}").trim().to_owned()
    })
}

/// The window, while a folder is open.
pub fn results(context: &egui::Context, view: &View, desk: &mut Desk) -> Option<Wish> {
    let finished = desk.results.clone()?;
    let (mut wish, mut is_open) = (None, true);
    let name = finished.folder.file_name().unwrap_or(finished.folder.as_os_str()).to_string_lossy().into_owned();
    let window = egui::Window::new(text::results_of(view.lang, name)).id("results".into()).open(&mut is_open);
    window.default_size([956.0, 460.0]).default_pos([290.0, 80.0]).show(context, |ui| {
        ui.horizontal_wrapped(|ui| {
            ui.checkbox(&mut desk.only_known, view.say(Text::OnlyKnown));
            if ui.button(view.say(Text::CopyTable)).clicked() {
                wish = Some(Wish::Copy(table_text(&finished, view.lang, desk.only_known)));
            }
            ui.label(format!("{}: {}", view.say(Text::OpenReport), finished.folder.join("report.html").display()));
        });
        if finished.sides.len() > 1 || finished.seeds.len() > 1 {
            ui.horizontal_wrapped(|ui| {
                ui.weak(text::seeds(view.lang, finished.seeds.len()));
                for (side, colour) in finished.sides.iter().zip(SIDES.iter().cycle()) {
                    ui.colored_label(*colour, format!("● {}", side.name));
                }
            });
        }
        table(ui, view, &finished, desk.only_known);
    });
    if !is_open {
        desk.results = None;
    }
    wish
}

/// The table itself.
pub fn table(ui: &mut egui::Ui, view: &View, finished: &Finished, only_known: bool) {
    let Some(first) = finished.sides.first() else { return };
    let has_spread = finished.seeds.len() > 1;
    egui::ScrollArea::both().auto_shrink(false).show(ui, |ui| {
        egui::Grid::new("result-rows").striped(true).spacing([12.0, 4.0]).show(ui, |ui| {
            ui.strong("");
            ui.strong(view.say(Text::Indicator));
            for side in finished.sides.iter() {
                ui.strong(if finished.sides.len() > 1 { side.name.as_str() } else { view.say(Text::Value) });
            }
            if has_spread {
                ui.strong(view.say(Text::OverSeeds)).on_hover_text(view.say(Text::OverSeedsTip));
            }
            ui.strong(view.say(Text::Target));
            ui.strong(view.say(Text::Status));
            ui.end_row();
            for row in shown(&first.rows, finished, only_known) {
                let last = finished.sides.last().and_then(|s| s.rows.iter().find(|r| r.id() == row.id())).unwrap_or(row);
                let [id, name, .., target, status] = cells(last, view.lang);
                ui.monospace(&id);
                let left = egui::Layout::left_to_right(egui::Align::Center);
                ui.allocate_ui_with_layout(vec2(250.0, 18.0), left, |ui| ui.add(egui::Label::new(name).truncate()));
                for side in finished.sides.iter() {
                    ui.label(value_of(side, &id, view.lang));
                }
                if has_spread {
                    spread(ui, view.lang, finished, &id);
                }
                ui.label(target);
                ui.label(status);
                ui.end_row();
            }
        });
    });
}

/// A dot for each seed, a line of dots for each scenario, on one scale; a tick at each mean.
fn spread(ui: &mut egui::Ui, lang: Lang, finished: &Finished, id: &str) {
    let lines: Vec<&[f64]> = finished.sides.iter().map(|s| s.values.get(id).map_or(&[][..], Vec::as_slice)).collect();
    let all = lines.iter().flat_map(|l| l.iter().copied());
    let (least, most) = all.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), v| (l.min(v), m.max(v)));
    let height = (9 * lines.len()).max(14) as f32;
    let (rect, response) = ui.allocate_exact_size(vec2(130.0, height), Sense::hover());
    if least > most {
        return;
    }
    let x = |v: f64| rect.left() + 5.0 + (rect.width() - 10.0) * if most > least { ((v - least) / (most - least)) as f32 } else { 0.5 };
    for (n, (line, colour)) in lines.iter().zip(SIDES.iter().cycle()).enumerate() {
        let y = rect.top() + rect.height() * (n as f32 + 0.5) / lines.len() as f32;
        ui.painter().hline(rect.x_range(), y, Stroke::new(0.5, ui.visuals().weak_text_color()));
        for v in *line {
            ui.painter().circle_filled(pos2(x(*v), y), 2.5, colour.gamma_multiply(0.75));
        }
        if !line.is_empty() {
            let mean = line.iter().sum::<f64>() / line.len() as f64;
            ui.painter().vline(x(mean), y - 4.5..=y + 4.5, Stroke::new(2.0, *colour));
        }
    }
    let told = finished.sides.iter().zip(&lines).map(|(side, line)| {
        let values: Vec<String> = line.iter().map(|v| number(lang, *v, 2)).collect();
        format!("{}: {}", side.name, values.join("; "))
    });
    response.on_hover_text(told.collect::<Vec<_>>().join("\n"));
}
