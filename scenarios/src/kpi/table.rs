//! The terminal table of the indicators, aligned by display width, at most [`WIDTH`] columns wide, in Vietnamese or English.

use super::{
    catalogue::catalogue,
    spec::{Group, Phase},
    value::{Caveat, ClassValue, KpiRow, KpiValue},
};
use crate::lang::{Lang, Text, class_name, number};
use unicode_width::UnicodeWidthStr;

/// The widest a line gets, columns.
pub const WIDTH: usize = 110;

/// A column: heading, width, and whether its cells lean right.
type Column = (Text, usize, bool);

const GAP: &str = "  ";

/// The rows as a table for a person: grouped, long names wrapped, classes under their row, notes and reasons in small lines under the
/// name, what was made up said below.
pub fn table(rows: &[KpiRow], lang: Lang) -> String {
    let columns: [Column; 6] = [
        (Text::Id, 4, false),
        (Text::Indicator, 40, false),
        (Text::Value, 15, true),
        (Text::Unit, 11, false),
        (Text::Target2028, 12, false),
        (Text::Status, 18, false),
    ];
    let mut out = Lines::new(&columns, lang);
    for group in Group::ALL {
        let mut members: Vec<&KpiRow> = rows.iter().filter(|r| r.spec.group() == group).collect();
        members.sort_by_key(|r| place(r.id()));
        if members.is_empty() {
            continue;
        }
        out.heading(group.label(lang));
        for row in members {
            row_lines(&mut out, row, lang);
        }
    }
    let mut text = out.text;
    let mut caveats: Vec<Caveat> = rows.iter().flat_map(|r| r.caveats.iter().copied()).collect();
    caveats.sort_unstable();
    caveats.dedup();
    if !caveats.is_empty() {
        text.push('\n');
    }
    for caveat in caveats {
        for (i, line) in wrap(caveat.label(lang), WIDTH - 2).into_iter().enumerate() {
            text.push_str(&format!("{} {line}\n", if i == 0 { caveat.mark() } else { ' ' }));
        }
    }
    text
}

/// The catalogue as a table: id, name, kind, unit, targets of both phases, paragraph of the plan.
pub fn catalogue_table(lang: Lang) -> String {
    let columns: [Column; 7] = [
        (Text::Id, 4, false),
        (Text::Indicator, 35, false),
        (Text::Kind, 12, false),
        (Text::Unit, 11, false),
        (Text::Target2028, 14, false),
        (Text::Target2035, 14, false),
        (Text::Source, 8, false),
    ];
    let mut out = Lines::new(&columns, lang);
    for group in Group::ALL {
        out.heading(group.label(lang));
        let mut members: Vec<_> = catalogue().iter().filter(|s| s.group() == group).collect();
        members.sort_by_key(|s| place(s.id));
        for spec in members {
            let target = |phase| spec.target(phase).map_or("–", |t| t.label(lang)).to_owned();
            out.row(&[
                spec.id.to_owned(),
                spec.name(lang).to_owned(),
                spec.kind.label(lang).to_owned(),
                spec.unit.label(lang).to_owned(),
                target(Phase::To2028),
                target(Phase::To2035),
                if spec.source.is_empty() { "–".to_owned() } else { spec.source.to_owned() },
            ]);
        }
    }
    out.text
}

/// Where an indicator stands within its group: delay first, emissions last, the others as in the catalogue.
fn place(id: &str) -> u8 {
    match id {
        "K19" => 0,
        "K14" => 2,
        "B11" | "B12" => 3,
        _ => 1,
    }
}

fn row_lines(out: &mut Lines<'_>, row: &KpiRow, lang: Lang) {
    let spec = row.spec;
    let target = spec.target(Phase::To2028).map_or("–", |t| t.label(lang)).to_owned();
    let marks: String = row.caveats.iter().map(|c| c.mark()).collect();
    let unit = if row.value.number().is_some() { spec.unit.label(lang).to_owned() } else { "–".to_owned() };
    let value = match row.value.number() {
        Some(value) => format!("{}{marks}", with_interval(lang, value, row.value.half_width())),
        None => "–".to_owned(),
    };
    out.row(&[
        spec.id.to_owned(),
        spec.name(lang).to_owned(),
        value,
        unit.clone(),
        target,
        row.status(Phase::To2028).label(lang).to_owned(),
    ]);
    if let KpiValue::ByClass { classes, .. } = &row.value {
        for ClassValue { class, value, half_width } in classes {
            let name = format!("– {}", class_name(lang, *class));
            out.row(&[String::new(), name, with_interval(lang, *value, *half_width), unit.clone(), String::new(), String::new()]);
        }
    }
    let reason = match &row.value {
        KpiValue::NotSupplied { what } => Some(format!("{}: {}", Text::Missing.get(lang), what.get(lang))),
        KpiValue::NotYetEvaluated { needs } => Some(crate::lang::phrase::needs(lang, needs.get(lang))),
        KpiValue::NotApplicable { why } => Some(why.get(lang).to_owned()),
        KpiValue::Number { .. } | KpiValue::ByClass { .. } => None,
    };
    let notes = row.notes.iter().chain(row.shortfall.as_ref()).map(|n| n.get(lang).to_owned());
    for note in reason.into_iter().chain(notes) {
        out.note(&note);
    }
}

/// A value with as many decimals as three or so digits need, and its interval with the same.
pub fn with_interval(lang: Lang, value: f64, half_width: Option<f64>) -> String {
    let decimals = match value.abs() {
        v if v >= 100.0 || v == v.round() && v >= 10.0 => 0,
        v if v >= 10.0 => 1,
        v if v == v.round() => 0,
        v if v >= 1.0 => 2,
        _ => 3,
    };
    let decimals = if half_width.is_some() { decimals.max(1) } else { decimals };
    match half_width {
        Some(half) => format!("{} ± {}", number(lang, value, decimals), number(lang, half, decimals)),
        None => number(lang, value, decimals),
    }
}

/// Writes the lines of a table.
struct Lines<'c> {
    columns: &'c [Column],
    text: String,
}

impl<'c> Lines<'c> {
    fn new(columns: &'c [Column], lang: Lang) -> Self {
        let mut lines = Self { columns, text: String::new() };
        let headings: Vec<String> = columns.iter().map(|(t, _, _)| t.get(lang).to_owned()).collect();
        lines.row(&headings);
        let rules: Vec<String> = columns.iter().map(|(_, width, _)| "─".repeat(*width)).collect();
        lines.text.push_str(&rules.join(GAP));
        lines.text.push('\n');
        lines
    }

    fn heading(&mut self, heading: &str) {
        self.text.push_str(&format!("▸ {heading}\n"));
    }

    /// A row; cells too long for their column go on in the next line.
    fn row(&mut self, cells: &[String]) {
        let wrapped: Vec<Vec<String>> = cells.iter().zip(self.columns).map(|(cell, (_, width, _))| wrap(cell, *width)).collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        for i in 0..height {
            let mut line = String::new();
            for (k, ((_, width, leans_right), cell)) in self.columns.iter().zip(&wrapped).enumerate() {
                let text = cell.get(i).map_or("", String::as_str);
                let space = " ".repeat(width.saturating_sub(text.width()));
                if k > 0 {
                    line.push_str(GAP);
                }
                if *leans_right {
                    line.push_str(&space);
                    line.push_str(text);
                } else {
                    line.push_str(text);
                    line.push_str(&space);
                }
            }
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    /// A remark under a row, from the second column to the right edge.
    fn note(&mut self, note: &str) {
        let indent = self.columns[0].1 + GAP.len() + 2;
        for (i, line) in wrap(note, WIDTH - indent).into_iter().enumerate() {
            let bullet = if i == 0 { "· " } else { "  " };
            self.text.push_str(&format!("{}{bullet}{line}\n", " ".repeat(indent - 2)));
        }
    }
}

/// The words of a text in lines of at most `width` columns; a longer word is cut. An empty text is one empty line.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word = word.to_owned();
        loop {
            let last = lines.last_mut().expect("there is always a line");
            let gap = usize::from(!last.is_empty());
            if last.width() + gap + word.width() <= width {
                if gap == 1 {
                    last.push(' ');
                }
                last.push_str(&word);
                break;
            }
            if !last.is_empty() {
                lines.push(String::new());
                continue;
            }
            let cut = cut_at(&word, width);
            last.push_str(&word[..cut]);
            word = word[cut..].to_owned();
            lines.push(String::new());
        }
    }
    lines
}

/// Where to cut a word so that its head fits in `width` columns; at least one character.
fn cut_at(word: &str, width: usize) -> usize {
    let ends = word.char_indices().map(|(i, c)| i + c.len_utf8());
    let fitting = ends.clone().take_while(|end| word[..*end].width() <= width).last();
    fitting.or_else(|| ends.clone().next()).unwrap_or(word.len())
}

#[cfg(test)]
mod tests;
