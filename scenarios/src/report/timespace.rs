//! Time-space diagrams: the ways of vehicles along the main road in the first quarter of an hour of measuring, one picture a scenario.

use super::{
    model::{Report, Side},
    svg::{escaped, marks, scale_number},
    words::Word,
};
use crate::{
    lang::{Lang, clock},
    run::arterial::Arterial,
};
use std::fmt::Write;

const SIZE: [f64; 2] = [1040.0, 420.0];
/// Room at the left, the top, the right and the bottom.
const ROOM: [f64; 4] = [70.0, 10.0, 20.0, 32.0];
/// Length of the time axis, seconds.
const SPAN_S: f64 = 900.0;

/// The section; empty where no main road was looked at.
pub(super) fn section(report: &Report, lang: Lang) -> String {
    let Some(road) = report.arterial.as_ref().filter(|_| report.sides.iter().any(|s| !s.tracks.is_empty())) else { return String::new() };
    let mut out = format!(
        "<section id=\"timespace\"><h2>{}: {}</h2>\n<p>{}</p>\n",
        Word::TimeSpace.get(lang),
        escaped(&road.name),
        Word::TimeSpaceAbout.get(lang)
    );
    for side in &report.sides {
        out.push_str(&figure(report, road, side, lang));
    }
    out.push_str("</section>\n");
    out
}

fn figure(report: &Report, road: &Arterial, side: &Side, lang: Lang) -> String {
    let (right, bottom) = (SIZE[0] - ROOM[2], SIZE[1] - ROOM[3]);
    let x = |s: f64| ROOM[0] + s.min(SPAN_S) / SPAN_S * (right - ROOM[0]);
    let y = |m: f64| bottom - m.min(road.length_m) / road.length_m.max(1.0) * (bottom - ROOM[1]);
    let title = format!("{} ({})", side.name, Word::Metres.get(lang));
    let mut out = format!(
        "<figure class=\"wide\"><figcaption>{}</figcaption>\n<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" font-size=\"14\">",
        escaped(&title),
        SIZE[0],
        SIZE[1],
        escaped(&title)
    );
    for mark in marks(road.length_m).into_iter().filter(|m| *m <= road.length_m) {
        let _ = write!(
            out,
            "<path d=\"M{} {2:.1}H{right}\" stroke=\"#e3e6ea\"/><text x=\"{1}\" y=\"{3:.1}\" text-anchor=\"end\" fill=\"#444\">{4}</text>",
            ROOM[0],
            ROOM[0] - 6.0,
            y(mark),
            y(mark) + 5.0,
            scale_number(lang, mark)
        );
    }
    for minute in [0.0, 3.0, 6.0, 9.0, 12.0, 15.0] {
        let _ = write!(
            out,
            "<path d=\"M{0:.1} {bottom}v5\" stroke=\"#444\"/><text x=\"{0:.1}\" y=\"{1:.1}\" text-anchor=\"middle\" fill=\"#444\">{2}</text>",
            x(minute * 60.0),
            bottom + 21.0,
            clock(report.measured_from_s + minute * 60.0)
        );
    }
    for at in &road.signals_m {
        let _ =
            write!(out, "<path d=\"M{} {:.1}H{right}\" stroke=\"#b42318\" stroke-width=\"1.6\" stroke-opacity=\"0.7\"/>", ROOM[0], y(*at));
    }
    let mut d = String::new();
    for track in &side.tracks {
        for (i, [s, m]) in track.0.iter().enumerate() {
            let _ = write!(d, "{}{:.0} {:.0}", if i == 0 { 'M' } else { 'L' }, x(f64::from(*s)), y(f64::from(*m)));
        }
    }
    let _ = write!(
        out,
        "<path d=\"{d}\" fill=\"none\" stroke=\"#12305c\" stroke-width=\"1.1\" stroke-opacity=\"0.75\" stroke-linejoin=\"round\"/>"
    );
    let _ = writeln!(out, "<path d=\"M{} {}V{bottom}H{right}\" fill=\"none\" stroke=\"#444\"/></svg></figure>", ROOM[0], ROOM[1]);
    out
}
