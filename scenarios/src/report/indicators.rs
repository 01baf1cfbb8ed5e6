//! The table of indicators: value, unit, target and status of both phases; the status by mark and word, not by colour alone.

use super::{model::Report, svg::escaped, words::Word};
use crate::{
    kpi::{Group, KpiRow, KpiValue, Phase, Status, with_interval},
    lang::{Lang, Text, class_name, phrase},
};
use std::fmt::Write;

/// The section with the table of the first scenario.
pub(super) fn section(report: &Report, lang: Lang) -> String {
    let rows = report.sides[0].known_rows();
    let heads = [Text::Id, Text::Indicator, Text::Value, Text::Unit, Text::Target2028, Text::Target2035];
    let mut out = format!("<section id=\"indicators\"><h2>{}</h2>\n<table class=\"indicators\"><thead><tr>", Word::Indicators.get(lang));
    for (i, head) in heads.iter().enumerate() {
        let class = if i == 2 { " class=\"number\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", head.get(lang));
    }
    out.push_str("</tr></thead>\n");
    for group in Group::ALL {
        let members: Vec<&KpiRow> = rows.iter().filter(|r| r.spec.group() == group).collect();
        if members.is_empty() {
            continue;
        }
        let _ = writeln!(out, "<tbody><tr class=\"group\"><th colspan=\"6\" scope=\"colgroup\">{}</th></tr>", group.label(lang));
        members.iter().for_each(|row| out.push_str(&line(row, lang)));
        out.push_str("</tbody>\n");
    }
    let _ = writeln!(out, "</table>\n<p class=\"small\">{}</p></section>", Word::WhereExplained.get(lang));
    out
}

fn line(row: &KpiRow, lang: Lang) -> String {
    let spec = row.spec;
    let (value, unit) = match row.value.number() {
        Some(value) => (with_interval(lang, value, row.value.half_width()), spec.unit.label(lang)),
        None => ("–".to_owned(), "–"),
    };
    let marks: String = row.caveats.iter().map(|c| c.mark()).collect();
    let mut out = format!(
        "<tr><td>{}</td><td>{}{}</td><td class=\"number\">{}<sup>{marks}</sup></td><td>{}</td>",
        spec.id,
        escaped(spec.name(lang)),
        remarks(row, lang),
        escaped(&value),
        escaped(unit)
    );
    for phase in Phase::ALL {
        let target = spec.target(phase).map_or("", |t| t.label(lang));
        let _ = write!(out, "<td>{}{}{}</td>", escaped(target), if target.is_empty() { "" } else { "<br>" }, chip(row.status(phase), lang));
    }
    out.push_str("</tr>\n");
    out
}

/// What stands in small letters under an indicator's name.
fn remarks(row: &KpiRow, lang: Lang) -> String {
    let mut texts: Vec<String> = Vec::new();
    match &row.value {
        KpiValue::ByClass { classes, .. } if !classes.is_empty() => {
            let shown: Vec<String> =
                classes.iter().map(|c| format!("{} {}", class_name(lang, c.class), with_interval(lang, c.value, c.half_width))).collect();
            texts.push(format!("{} ({}): {}", Word::ByClass.get(lang), row.spec.unit.label(lang), shown.join("; ")));
        }
        KpiValue::NotSupplied { what } => texts.push(format!("{}: {}", Text::Missing.get(lang), what.get(lang))),
        KpiValue::NotYetEvaluated { needs } => texts.push(phrase::needs(lang, needs.get(lang))),
        KpiValue::NotApplicable { why } => texts.push(why.get(lang).to_owned()),
        KpiValue::Number { .. } | KpiValue::ByClass { .. } => {}
    }
    texts.extend(row.notes.iter().chain(row.shortfall.as_ref()).map(|n| n.get(lang).to_owned()));
    texts.iter().map(|t| format!("<div class=\"remark\">{}</div>", escaped(t))).collect()
}

/// A status as a mark, a word and a colour.
pub(super) fn chip(status: Status, lang: Lang) -> String {
    let (class, mark) = match status {
        Status::Met => ("good", "✔"),
        Status::NotMet => ("bad", "✘"),
        Status::Unclear => ("open", "≈"),
        Status::NotDecidable => ("open", "?"),
        Status::NotSupplied | Status::NotYetEvaluated => ("none", "○"),
        Status::NoTarget | Status::NoTargetInPhase | Status::NotApplicable => ("none", "–"),
    };
    format!("<span class=\"chip {class}\">{mark} {}</span>", escaped(status.label(lang)))
}
