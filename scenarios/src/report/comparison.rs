//! What a comparison adds to the page: verdicts a reader takes in at a glance, paired differences with their intervals, the spread over seeds,
//! and where the difference is on the road.

use super::{
    charts::{LINES, swatch},
    layers::LinkTotals,
    model::{Report, Side},
    summary,
    svg::escaped,
    words::{self, Word},
};
use crate::{
    kpi::{self, PairedRow, Phase, Status, Verdict, with_interval},
    lang::{Lang, Text, number},
    run::assign::told,
};
use std::{collections::BTreeMap, fmt::Write};

/// How many places are named where most changes.
const PLACES: usize = 6;

/// The indicators of two scenarios that ran over the same seeds.
pub fn pairs(base: &Side, variant: &Side) -> Vec<PairedRow> {
    kpi::paired(&base.values, &variant.values)
}

/// The sections of a comparison.
pub(super) fn sections(report: &Report, lang: Lang) -> String {
    let mut out = summary(report, lang);
    for variant in &report.sides[1..] {
        let rows = pairs(&report.sides[0], variant);
        out.push_str(&table(report, variant, &rows, lang));
        out.push_str(&super::accidents::section(variant, lang));
        out.push_str(&super::moves::section(report, variant, lang));
        out.push_str(&places(report, variant, lang));
    }
    out.push_str(&spread(report, lang));
    out
}

fn summary(report: &Report, lang: Lang) -> String {
    let base = &report.sides[0];
    let mut out = format!("<section id=\"summary\"><h2>{}</h2>\n", Word::Summary.get(lang));
    for variant in &report.sides[1..] {
        let rows = pairs(base, variant);
        let _ = writeln!(out, "<h3>{}</h3>\n<div class=\"cards\">", escaped(&words::against(lang, &variant.name, &base.name)));
        for (title, id) in [(Word::MeanDelay, "B01"), (Word::MeanSpeed, "B03"), (Word::LongestQueue, "B05"), (Word::Co2, "K14")] {
            if let Some(row) = rows.iter().find(|r| r.spec.id == id) {
                out.push_str(&card(title, row, lang));
            }
        }
        out.push_str("</div>\n<ul class=\"sentences\">\n");
        for sentence in sentences(&rows, base, variant, lang) {
            let _ = writeln!(out, "<li>{}</li>", escaped(&sentence));
        }
        out.push_str("</ul>\n");
    }
    let _ = writeln!(out, "<p>{} {}</p>", escaped(&words::pairs_of_runs(lang, report.seeds.len())), Text::VerdictAbout.get(lang));
    if let Some(precision) = &report.precision {
        let _ = writeln!(out, "<p>{}</p>", escaped(&precision.told(report.seeds.len(), lang)));
    }
    out.push_str(&summary::cautions(report, lang));
    out.push_str("</section>\n");
    out
}

fn card(title: Word, row: &PairedRow, lang: Lang) -> String {
    let [base, variant] = row.means();
    format!(
        "<div class=\"card\"><div class=\"title\">{}</div><div class=\"value\">{} → {} <small>{}</small></div>{}</div>",
        title.get(lang),
        escaped(&with_interval(lang, base, None)),
        escaped(&with_interval(lang, variant, None)),
        escaped(row.spec.unit.label(lang)),
        chip(row.verdict(), lang)
    )
}

pub(super) fn sentences(rows: &[PairedRow], base: &Side, variant: &Side, lang: Lang) -> Vec<String> {
    let named = |verdict: Verdict| -> Vec<&str> { rows.iter().filter(|r| r.verdict() == verdict).map(|r| r.spec.name(lang)).collect() };
    let mut out = Vec::new();
    for (verdict, said) in [
        (Verdict::Better, words::shown_better as fn(Lang, usize, String) -> String),
        (Verdict::Worse, words::shown_worse as fn(Lang, usize, String) -> String),
    ] {
        let names = named(verdict);
        if !names.is_empty() {
            out.push(said(lang, names.len(), names.join("; ")));
        }
    }
    let (not_shown, same) = (named(Verdict::NotShown).len(), named(Verdict::Same).len());
    out.push(words::not_shown(lang, not_shown, same));
    // Whoever has not arrived has driven less: what only counts what was driven looks better for it.
    if rows.iter().any(|r| r.spec.id == "B08" && r.verdict() == Verdict::Worse) {
        out.push(Word::FewerFinished.get(lang).to_owned());
    }
    // Of both sides the one that is farther from rest says how sure the comparison is.
    out.extend([base, variant].into_iter().filter_map(|s| s.widest_gap).max_by(f64::total_cmp).map(|gap| told(gap, lang)));
    if !variant.same_demand {
        out.push(Text::DemandDiffers.get(lang).to_owned());
    }
    out
}

/// A verdict as a mark, a word and a colour.
fn chip(verdict: Verdict, lang: Lang) -> String {
    let (class, mark) = match verdict {
        Verdict::Better => ("good", "✔"),
        Verdict::Worse => ("bad", "✘"),
        Verdict::Differs => ("open", "≠"),
        Verdict::NotShown => ("none", "≈"),
        Verdict::Same => ("none", "="),
    };
    format!("<span class=\"chip {class}\">{mark} {}</span>", escaped(verdict.label(lang)))
}

/// Differences of all indicators, as a table and as intervals in per cent of the base.
fn table(report: &Report, variant: &Side, rows: &[PairedRow], lang: Lang) -> String {
    let title = words::against(lang, &variant.name, &report.sides[0].name);
    let mut out =
        format!("<section class=\"differences\"><h2>{}: {}</h2>\n<table><thead><tr>", Word::Differences.get(lang), escaped(&title));
    let heads = [Text::Id, Text::Indicator, Text::Base, Text::Variant, Text::Difference, Text::Unit, Text::Verdict, Text::Target2028];
    for (i, head) in heads.iter().enumerate() {
        let class = if (2..5).contains(&i) { " class=\"number\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", head.get(lang));
    }
    out.push_str("</tr></thead><tbody>\n");
    for row in rows {
        let d = row.difference();
        let [base, mean] = row.means();
        let decimals = kpi::decimals(base.abs().max(mean.abs()));
        let shown = |v: f64| number(lang, v, decimals);
        let signed = |v: f64| kpi::signed(lang, v, decimals);
        let [low, high] = row.bootstrap();
        let remark = words::other_intervals(lang, signed(low), signed(high), shown(row.unpaired()));
        let target = match row.spec.target(Phase::To2028) {
            // A target in words, such as a reduction: the base stands beside it, and the verdict has said all there is.
            Some(target) if row.status(Phase::To2028) == Status::NotDecidable => escaped(target.label(lang)),
            Some(target) => format!("{}<br>{}", escaped(target.label(lang)), super::indicators::chip(row.status(Phase::To2028), lang)),
            None => "–".to_owned(),
        };
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}<div class=\"remark\">{}</div></td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{} ± {}</td><td>{}</td><td>{}</td><td>{target}</td></tr>",
            row.spec.id,
            escaped(row.spec.name(lang)),
            escaped(&remark),
            shown(base),
            shown(mean),
            signed(d.mean),
            shown(d.half_width),
            escaped(row.spec.unit.label(lang)),
            chip(row.verdict(), lang)
        );
    }
    out.push_str("</tbody></table>\n");
    out.push_str(&intervals(rows, lang));
    out.push_str("</section>\n");
    out
}

/// Every interval in per cent of the base, about the line of no difference.
fn intervals(rows: &[PairedRow], lang: Lang) -> String {
    let shares: Vec<(&PairedRow, f64, f64)> = rows
        .iter()
        .filter_map(|row| {
            let (base, d) = (row.means()[0].abs(), row.difference());
            (base > 0.0).then(|| (row, d.mean / base * 100.0, d.half_width / base * 100.0))
        })
        .collect();
    let farthest = shares.iter().map(|(_, m, h)| m.abs() + h).fold(0.0, f64::max);
    let reach = farthest.clamp(1.0, 100.0) * 1.05;
    let (row_px, left, width) = (24.0, 60.0, 900.0);
    let height = shares.len() as f64 * row_px + 40.0;
    let x = |share: f64| left + (width - left - 20.0) * (share.clamp(-reach, reach) + reach) / (2.0 * reach);
    let mut out = format!(
        "<figure class=\"wide\"><figcaption>{}</figcaption>\n<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\" font-size=\"14\">",
        Word::IntervalsPicture.get(lang),
        Word::IntervalsPicture.get(lang)
    );
    let bottom = height - 30.0;
    for mark in [-1.0, -0.5, 0.0, 0.5, 1.0].map(|f| f * reach / 1.05) {
        let at = x(mark);
        let stroke = if mark == 0.0 { "#444\" stroke-width=\"1.6" } else { "#d7dade" };
        let text = kpi::signed(lang, mark, usize::from(reach < 10.0));
        let _ = write!(
            out,
            "<path d=\"M{at:.1} 4V{bottom}\" stroke=\"{stroke}\"/><text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\">{text} %</text>",
            bottom + 18.0
        );
    }
    for (i, (row, mean, half)) in shares.iter().enumerate() {
        let y = 16.0 + i as f64 * row_px;
        let colour = match row.verdict() {
            Verdict::Better => "#1a7f37",
            Verdict::Worse => "#b42318",
            Verdict::Differs => "#a86f00",
            Verdict::NotShown | Verdict::Same => "#6b7480",
        };
        let _ = write!(
            out,
            "<text x=\"4\" y=\"{:.1}\" fill=\"#1c2430\">{}</text><path d=\"M{:.1} {y}H{:.1}\" stroke=\"{colour}\" stroke-width=\"3\"/><circle cx=\"{:.1}\" cy=\"{y}\" r=\"5\" fill=\"{colour}\"/>",
            y + 5.0,
            row.spec.id,
            x(mean - half),
            x(mean + half),
            x(*mean)
        );
    }
    out.push_str("</svg>\n");
    if farthest > reach {
        let _ = write!(out, "<p class=\"small\">{}</p>", Word::BeyondTheEdge.get(lang));
    }
    out.push_str("</figure>\n");
    out
}

/// The links whose delay changes most, and what their traffic did.
fn places(report: &Report, variant: &Side, lang: Lang) -> String {
    let of = |side: &Side| -> BTreeMap<usize, LinkTotals> { side.totals.iter().map(|t| (t.link, *t)).collect() };
    let (base, other) = (of(&report.sides[0]), of(variant));
    let mut changes: Vec<(f64, LinkTotals, LinkTotals)> = base
        .keys()
        .chain(other.keys().filter(|k| !base.contains_key(k)))
        .map(|link| {
            let none = LinkTotals { link: *link, ..LinkTotals::default() };
            let (a, b) = (base.get(link).copied().unwrap_or(none), other.get(link).copied().unwrap_or(none));
            (b.delay_h - a.delay_h, a, b)
        })
        .filter(|(change, _, _)| *change != 0.0)
        .collect();
    changes.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then(a.1.link.cmp(&b.1.link)));
    changes.truncate(PLACES);
    if changes.is_empty() {
        return String::new();
    }
    let heads = [Word::Street, Word::DelayBefore, Word::DelayAfter, Word::DelayChange, Word::VehiclesBefore, Word::VehiclesAfter];
    let mut out =
        format!("<section class=\"places\"><h2>{}: {}</h2>\n<table><thead><tr>", Word::WhereItChanges.get(lang), escaped(&variant.name));
    for (i, head) in heads.iter().enumerate() {
        let class = if i > 0 { " class=\"number\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", head.get(lang));
    }
    out.push_str("</tr></thead><tbody>\n");
    for (change, a, b) in changes {
        let ref_ = report.links.get(a.link).map_or("", |l| l.ref_.as_str());
        let _ = write!(out, "<tr><td>{}<div class=\"remark\">{}</div></td>", escaped(&summary::place(report, &a, lang)), escaped(ref_));
        let cells = [
            number(lang, a.delay_h, 1),
            number(lang, b.delay_h, 1),
            kpi::signed(lang, change, 1),
            number(lang, a.vehicles, 0),
            number(lang, b.vehicles, 0),
        ];
        cells.iter().for_each(|cell| _ = write!(out, "<td class=\"number\">{cell}</td>"));
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody></table></section>\n");
    out
}

/// Every run of the main indicators: a column for each scenario, a thin line between the runs of a seed.
fn spread(report: &Report, lang: Lang) -> String {
    let mut out =
        format!("<section id=\"spread\"><h2>{}</h2>\n<p>{}</p>\n<p class=\"legend\">", Word::Spread.get(lang), Word::SpreadAbout.get(lang));
    for (side, style) in report.sides.iter().zip(LINES.iter().cycle()) {
        let _ = write!(out, "<span>{} {}</span> ", swatch((style.0, "")), escaped(&side.name));
    }
    out.push_str("</p><div class=\"pair\">\n");
    for id in ["B01", "B02", "B03", "K14"] {
        let Some(spec) = kpi::catalogue().iter().find(|s| s.id == id) else { continue };
        let columns: Vec<&Vec<f64>> = report.sides.iter().filter_map(|s| s.values.get(id)).collect();
        if columns.len() != report.sides.len() {
            continue;
        }
        let title = format!("{} ({})", spec.name(lang), spec.unit.label(lang));
        out.push_str(&columns_picture(&title, &columns, lang));
    }
    out.push_str("</div></section>\n");
    out
}

fn columns_picture(title: &str, columns: &[&Vec<f64>], lang: Lang) -> String {
    let all = || columns.iter().flat_map(|c| c.iter().copied());
    let (low, high) = (all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max));
    let room = ((high - low) * 0.1).max(high.abs() * 0.01).max(1e-9);
    let (low, high) = (low - room, high + room);
    let x = |column: usize| 90.0 + (column as f64 + 0.5) * 410.0 / columns.len() as f64;
    let y = |value: f64| 170.0 - (value - low) / (high - low) * 155.0;
    let mut out = format!(
        "<figure class=\"curve\"><figcaption>{}</figcaption>\n<svg viewBox=\"0 0 520 180\" role=\"img\" aria-label=\"{}\" font-size=\"13\">",
        escaped(title),
        escaped(title)
    );
    for mark in [0.0, 0.5, 1.0].map(|f| low + (high - low) * f) {
        let at = y(mark);
        let _ = write!(
            out,
            "<path d=\"M78 {at:.1}H510\" stroke=\"#d7dade\"/><text x=\"72\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#444\">{}</text>",
            at + 4.5,
            with_interval(lang, mark, None)
        );
    }
    let runs = columns.iter().map(|c| c.len()).min().unwrap_or(0);
    for run in 0..runs {
        let d: String =
            columns.iter().enumerate().map(|(n, c)| format!("{}{:.1} {:.1}", if n == 0 { 'M' } else { 'L' }, x(n), y(c[run]))).collect();
        let _ = write!(out, "<path d=\"{d}\" fill=\"none\" stroke=\"#b6bcc5\"/>");
    }
    for (n, (column, style)) in columns.iter().zip(LINES.iter().cycle()).enumerate() {
        for value in *column {
            let _ = write!(out, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{}\" fill-opacity=\"0.75\"/>", x(n), y(*value), style.0);
        }
        let mean = column.iter().sum::<f64>() / column.len() as f64;
        let _ = write!(out, "<path d=\"M{:.1} {:.1}h36\" stroke=\"{}\" stroke-width=\"3.5\"/>", x(n) - 18.0, y(mean), style.0);
    }
    out.push_str("</svg></figure>\n");
    out
}
