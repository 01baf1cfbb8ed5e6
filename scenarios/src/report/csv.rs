//! `kpi.csv`: the indicators for a spreadsheet, UTF-8 with a byte-order mark, as the spreadsheet of the language expects it.
//!
//! | language | between cells | decimal mark |
//! |---|---|---|
//! | Vietnamese | `;` | `,` |
//! | English | `,` | `.` |

use super::model::Report;
use crate::{
    kpi::{KpiRow, KpiValue, Phase},
    lang::{Lang, Text, class_name},
};

/// The table of the indicators, a line each, and a line for each class; of several scenarios, one after the other.
pub fn indicators(report: &Report, lang: Lang) -> String {
    let heads = [
        Text::Scenario,
        Text::Id,
        Text::Indicator,
        Text::VehicleClass,
        Text::Value,
        Text::HalfWidth,
        Text::Unit,
        Text::Target2028,
        Text::Status2028,
        Text::Target2035,
        Text::Status2035,
        Text::Source,
    ];
    let mut out = String::from('\u{feff}');
    line(&mut out, heads.map(|h| h.get(lang).to_owned()), lang);
    for side in &report.sides {
        for row in side.known_rows() {
            of_indicator(&mut out, &side.name, &row, lang);
        }
    }
    out
}

fn of_indicator(out: &mut String, scenario: &str, row: &KpiRow, lang: Lang) {
    let spec = row.spec;
    let number = |v: Option<f64>| v.map(|v| decimal(v, lang)).unwrap_or_default();
    let cells = |class: &str, value: Option<f64>, half_width: Option<f64>, with_status: bool| {
        let target = |phase| spec.target(phase).filter(|_| with_status).map_or("", |t| t.label(lang)).to_owned();
        let status = |phase| if with_status { row.status(phase).label(lang).to_owned() } else { String::new() };
        [
            scenario.to_owned(),
            spec.id.to_owned(),
            spec.name(lang).to_owned(),
            class.to_owned(),
            number(value),
            number(half_width),
            spec.unit.label(lang).to_owned(),
            target(Phase::To2028),
            status(Phase::To2028),
            target(Phase::To2035),
            status(Phase::To2035),
            spec.source.to_owned(),
        ]
    };
    line(out, cells(Text::AllClasses.get(lang), row.value.number(), row.value.half_width(), true), lang);
    if let KpiValue::ByClass { classes, .. } = &row.value {
        for c in classes {
            line(out, cells(class_name(lang, c.class), Some(c.value), c.half_width, false), lang);
        }
    }
}

/// A number with every digit that tells it from its neighbours, no grouping.
pub(super) fn decimal(value: f64, lang: Lang) -> String {
    let text = value.to_string();
    match lang {
        Lang::Vi => text.replace('.', ","),
        Lang::En => text,
    }
}

/// A line of cells, ended as spreadsheets (RFC 4180) end it.
pub(super) fn line<const N: usize>(out: &mut String, cells: [String; N], lang: Lang) {
    let separator = match lang {
        Lang::Vi => ';',
        Lang::En => ',',
    };
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            out.push(separator);
        }
        // A text that begins like a formula is one to a spreadsheet; a space before it makes it text. Numbers of ours may begin with a minus.
        let is_formula = cell.starts_with(['=', '+', '@']) || cell.starts_with('-') && !cell[1..].starts_with(|c: char| c.is_ascii_digit());
        let cell = if is_formula { format!(" {cell}") } else { cell.clone() };
        if cell.contains([separator, '"', '\n', '\r']) {
            out.push_str(&format!("\"{}\"", cell.replace('"', "\"\"")));
        } else {
            out.push_str(&cell);
        }
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        let mut out = String::new();
        line(&mut out, ["a,b".into(), "say \"x\"".into(), "=1+1".into(), "-1.5".into(), "-x".into()], Lang::En);
        assert_eq!(out, "\"a,b\",\"say \"\"x\"\"\", =1+1,-1.5, -x\r\n");
    }

    #[test]
    fn each_language_has_its_own_marks() {
        let mut out = String::new();
        line(&mut out, ["a".into(), decimal(1234.5, Lang::Vi)], Lang::Vi);
        line(&mut out, ["a".into(), decimal(1234.5, Lang::En)], Lang::En);
        assert_eq!(out, "a;1234,5\r\na,1234.5\r\n");
    }
}
