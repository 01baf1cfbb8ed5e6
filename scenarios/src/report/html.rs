//! The page: one file that needs no network and no script, on a screen and on A4.

use super::{
    charts, comparison, evidence, indicators,
    map::{Measure, View, figure, roads},
    model::Report,
    summary,
    svg::escaped,
    timespace,
    words::{self, Word},
};
use crate::lang::{Lang, integer, number};
use std::fmt::Write;

/// How the page looks; a part of it, so that it is one file.
pub(super) const STYLE: &str = include_str!("page.css");

/// The page of a report in `lang`.
pub fn page(report: &Report, lang: Lang) -> String {
    let mut out = head(report, lang);
    out.push_str(&title(report, lang));
    out.push_str("<main>\n");
    if report.sides.len() > 1 {
        out.push_str(&comparison::sections(report, lang));
    } else {
        out.push_str(&summary::section(report, lang));
        out.push_str(&places(report, lang));
        out.push_str(&indicators::section(report, lang));
    }
    out.push_str(&maps(report, lang));
    out.push_str(&timespace::section(report, lang));
    out.push_str(&charts::section(report, lang));
    out.push_str(&evidence::sections(report, lang));
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn names(report: &Report) -> String {
    report.sides.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(" · ")
}

fn head(report: &Report, lang: Lang) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"agtwin {}\">\n<title>{}: {}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        lang.code(),
        escaped(&report.version),
        Word::Report.get(lang),
        escaped(&names(report))
    )
}

fn title(report: &Report, lang: Lang) -> String {
    let map = &report.map;
    let size = words::network(lang, number(lang, map.length_km, 0), integer(lang, map.links as u64), integer(lang, report.signals as u64));
    let facts = [
        (Word::Scenario, names(report)),
        (Word::Map, format!("{} ({size})", map.name)),
        (Word::Measured, report.measured(lang)),
        (Word::Runs, integer(lang, report.seeds.len() as u64)),
    ];
    let mut out = format!("<header><p class=\"province\">{}</p><h1>{}</h1>\n<dl>", Word::Province.get(lang), Word::Report.get(lang));
    for (term, fact) in facts {
        let _ = write!(out, "<div><dt>{}</dt><dd>{}</dd></div>", term.get(lang), escaped(&fact));
    }
    out.push_str("</dl></header>\n");
    out
}

fn places(report: &Report, lang: Lang) -> String {
    format!(
        "<section id=\"worst\"><h2>{}</h2>\n<p>{}</p>\n{}</section>\n",
        Word::Worst.get(lang),
        Word::WorstAbout.get(lang),
        summary::worst_table(report, &report.sides[0], lang)
    )
}

fn maps(report: &Report, lang: Lang) -> String {
    let views = View::all(report);
    let mut out = format!(
        "<section id=\"maps\"><h2>{}</h2>\n<p>{} {}.</p>\n{}",
        Word::Maps.get(lang),
        Word::MapsAbout.get(lang),
        Word::NorthUp.get(lang),
        views.iter().map(|view| roads(report, view)).collect::<String>()
    );
    let side = &report.sides[0];
    let (first, view) = (&views[0], &views[views.len() - 1]);
    if views.len() > 1 {
        let map = figure(report, side, Measure::Delay, first, &summary::worst(side), lang);
        let _ = writeln!(out, "<div class=\"overview\">{map}</div>");
    }
    out.push_str("<div class=\"pair\">\n");
    for measure in Measure::ALL.into_iter().filter(|m| m.is_in(report)) {
        for side in &report.sides {
            let worst = if measure == Measure::Delay { summary::worst(side) } else { Vec::new() };
            out.push_str(&figure(report, side, measure, view, &worst, lang));
        }
    }
    out.push_str("</div></section>\n");
    out
}
