//! Curves over the period: one picture per quantity, a line per scenario, told apart by dashes and marks as well as by colour.

use super::{
    layers::Moment,
    model::Report,
    svg::{escaped, marks, scale_number},
    words::{self, Word},
};
use crate::lang::{Lang, clock, number};
use std::fmt::Write;

const SIZE: [f64; 2] = [520.0, 230.0];
/// Room for the marks at the left, the top, the right and the bottom.
const ROOM: [f64; 4] = [54.0, 12.0, 26.0, 28.0];
/// Colours of the scenarios, the base first; after ColorBrewer's Dark2, which colour-blind readers tell apart.
pub(super) const LINES: [(&str, &str); 6] =
    [("#1b4f9c", ""), ("#c4501b", "8 4"), ("#1b9e77", "3 3"), ("#7570b3", "10 3 3 3"), ("#a6761d", "5 5"), ("#e7298a", "2 5")];

/// A line of a picture: its name, and a value for each interval that has one.
struct Curve<'r> {
    name: &'r str,
    style: (&'static str, &'static str),
    points: Vec<(f64, f64)>,
}

/// The section with all curves.
pub(super) fn section(report: &Report, lang: Lang) -> String {
    let interval_min = report.sides[0].series.first().map_or(0.0, |m| m.hours() * 60.0);
    let mut out = format!(
        "<section id=\"course\"><h2>{}</h2>\n<p>{} ",
        Word::Course.get(lang),
        words::per_interval(lang, number(lang, interval_min, 0))
    );
    if report.measured_from_s > report.from_s {
        out.push_str(Word::WarmUpShade.get(lang));
    }
    out.push_str("</p>\n<div class=\"pair\">\n");
    let of_sides = |value: fn(&Moment) -> Option<f64>| -> Vec<Curve<'_>> {
        let sides = report.sides.iter().zip(LINES.iter().cycle());
        sides.map(|(side, style)| Curve { name: &side.name, style: *style, points: points(&side.series, value) }).collect()
    };
    out.push_str(&figure(report, Word::CurveSpeed, &of_sides(Moment::speed_kmh), lang));
    out.push_str(&figure(report, Word::CurveDelay, &of_sides(|m| m.an_hour(m.delay_h)), lang));
    let mut trips: Vec<Curve<'_>> = Vec::new();
    let wished = points(&report.sides[0].series, |m| m.an_hour(m.wished));
    trips.push(Curve { name: Word::Wished.get(lang), style: ("#555", "2 4"), points: wished });
    let several = report.sides.len() > 1;
    let names: Vec<String> = report
        .sides
        .iter()
        .map(|s| if several { format!("{}: {}", s.name, Word::ArrivedTrips.get(lang)) } else { Word::ArrivedTrips.get(lang).to_owned() })
        .collect();
    for ((side, style), name) in report.sides.iter().zip(LINES.iter().cycle()).zip(&names) {
        trips.push(Curve { name, style: *style, points: points(&side.series, |m| m.an_hour(m.arrived)) });
    }
    out.push_str(&figure(report, Word::CurveTrips, &trips, lang));
    out.push_str(&figure(report, Word::CurveCo2, &of_sides(|m| m.an_hour(m.co2_kg)), lang));
    out.push_str("</div></section>\n");
    out
}

/// The middle of each interval and its value, where it has one.
fn points(series: &[Moment], value: impl Fn(&Moment) -> Option<f64>) -> Vec<(f64, f64)> {
    series.iter().filter_map(|m| Some((f64::midpoint(m.from_s, m.until_s), value(m)?))).collect()
}

fn figure(report: &Report, title: Word, curves: &[Curve<'_>], lang: Lang) -> String {
    let highest = curves.iter().flat_map(|c| &c.points).map(|p| p.1).fold(0.0, f64::max);
    let marks = marks(highest);
    let top = marks.last().copied().unwrap_or(1.0);
    let span_s = (report.until_s - report.from_s).max(1.0);
    let (right, bottom) = (SIZE[0] - ROOM[2], SIZE[1] - ROOM[3]);
    let x = |time_s: f64| ROOM[0] + (time_s - report.from_s) / span_s * (right - ROOM[0]);
    let y = |value: f64| bottom - value / top * (bottom - ROOM[1]);
    let title = title.get(lang);
    let mut out = format!(
        "<figure class=\"curve\"><figcaption>{}</figcaption>\n<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" font-size=\"13\">",
        escaped(title),
        SIZE[0],
        SIZE[1],
        escaped(title)
    );
    if report.measured_from_s > report.from_s {
        let (from, until) = (x(report.from_s), x(report.measured_from_s));
        let _ = write!(
            out,
            "<rect x=\"{from:.1}\" y=\"{}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"#eceef1\"/>",
            ROOM[1],
            until - from,
            bottom - ROOM[1]
        );
    }
    for mark in &marks {
        let at = y(*mark);
        let _ = write!(
            out,
            "<path d=\"M{} {at:.1}H{right}\" stroke=\"#d7dade\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\" fill=\"#444\">{}</text>",
            ROOM[0],
            ROOM[0] - 6.0,
            at + 4.5,
            scale_number(lang, *mark)
        );
    }
    for time_s in hours(report.from_s, report.until_s) {
        let at = x(time_s);
        let _ = write!(
            out,
            "<path d=\"M{at:.1} {bottom}v5\" stroke=\"#444\"/><text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#444\">{}</text>",
            bottom + 19.0,
            clock(time_s)
        );
    }
    let _ = write!(out, "<path d=\"M{} {bottom}H{right}\" stroke=\"#444\"/>", ROOM[0]);
    for curve in curves {
        let mut d = String::new();
        for (i, (time_s, value)) in curve.points.iter().enumerate() {
            let _ = write!(d, "{}{:.1} {:.1}", if i == 0 { 'M' } else { 'L' }, x(*time_s), y(*value));
        }
        let (colour, dashes) = curve.style;
        let _ = write!(out, "<path d=\"{d}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2.4\" stroke-dasharray=\"{dashes}\"/>");
        for (time_s, value) in &curve.points {
            let _ = write!(out, "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.6\" fill=\"{colour}\"/>", x(*time_s), y(*value));
        }
    }
    out.push_str("</svg>\n");
    if curves.len() > 1 {
        out.push_str("<p class=\"legend\">");
        for curve in curves {
            let _ = write!(out, "<span>{} {}</span> ", swatch(curve.style), escaped(curve.name));
        }
        out.push_str("</p>");
    }
    out.push_str("</figure>\n");
    out
}

/// A piece of a line, for legends.
pub(super) fn swatch((colour, dashes): (&str, &str)) -> String {
    format!(
        "<svg viewBox=\"0 0 30 10\" width=\"30\" height=\"10\" aria-hidden=\"true\"><path d=\"M1 5h28\" stroke=\"{colour}\" stroke-width=\"2.6\" stroke-dasharray=\"{dashes}\"/></svg>"
    )
}

/// Round times of day to mark, at most seven.
fn hours(from_s: f64, until_s: f64) -> Vec<f64> {
    let span = until_s - from_s;
    let steps = [300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0];
    let step = steps.into_iter().find(|s| span / s <= 6.0).unwrap_or(86_400.0);
    let first = libm::ceil(from_s / step - 1e-9) as u64;
    (first..).map(|i| i as f64 * step).take_while(|t| *t <= until_s + 1e-9).take(8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_are_round_and_few() {
        let shown = |from: f64, until: f64| hours(from * 3600.0, until * 3600.0).into_iter().map(clock).collect::<Vec<_>>();
        assert_eq!(shown(6.5, 8.5), ["06:30", "07:00", "07:30", "08:00", "08:30"]);
        assert_eq!(shown(7.0, 7.0 + 40.0 / 60.0), ["07:00", "07:10", "07:20", "07:30", "07:40"]);
        assert!(shown(0.0, 24.0).len() <= 7);
    }
}
