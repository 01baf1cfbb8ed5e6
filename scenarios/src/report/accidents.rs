//! What a comparison says of serious accidents (K08): both routes with their intervals and the caution, as lines and as a section.

use super::{
    model::Side,
    svg::escaped,
    words::{self, Word},
};
use crate::{
    kpi::{self, Accidents, Change, Phase},
    lang::Lang,
};
use std::fmt::Write;

fn change(change: &Change, lang: Lang) -> (String, String, String) {
    let shown = |v: f64| kpi::signed(lang, v, 1);
    (shown(change.percent), shown(change.interval[0]), shown(change.interval[1]))
}

/// What a look under another assumption was.
fn look_name(what: &str, lang: Lang) -> &str {
    match what {
        "braking" => lang.pick("phanh × 0,8", "brakes × 0.8"),
        "headway" => lang.pick("khoảng cách thời gian × 1,2", "headways × 1.2"),
        "step" => lang.pick("nửa bước thời gian", "half the time step"),
        "serious" => lang.pick("chỉ xung đột nghiêm trọng", "serious conflicts alone"),
        other => other,
    }
}

/// The estimate in sentences, the caution last.
pub fn accident_lines(found: &Accidents, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(conflicts) = &found.conflicts {
        let (percent, low, high) = change(conflicts, lang);
        lines.push(words::accidents_by_conflicts(lang, percent, low, high));
        let looks: Vec<String> =
            found.looks.iter().map(|l| format!("{} {} %", look_name(&l.what, lang), change(&l.change, lang).0)).collect();
        let looks = looks.join("; ");
        lines.push(if found.is_shown { words::looks_agree(lang, looks) } else { words::looks_differ(lang, looks) });
    }
    if let Some(percent) = found.distance_percent.filter(|p| p.abs() >= 1.0 && found.conflicts.is_some()) {
        lines.push(words::distance_changes(lang, kpi::signed(lang, percent, 1)));
    }
    if let Some(speeds) = &found.speeds {
        let (percent, low, high) = change(speeds, lang);
        lines.push(words::accidents_by_speeds(lang, percent, low, high));
    }
    lines.extend(found.row().notes.iter().map(|n| {
        let mut letters = n.get(lang).chars();
        let text: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        format!("{text}.")
    }));
    lines
}

/// The section of a variant; empty where nothing was looked for.
pub(super) fn section(variant: &Side, lang: Lang) -> String {
    let Some(found) = variant.accidents.as_ref().filter(|a| a.conflicts.is_some() || a.speeds.is_some()) else { return String::new() };
    let mut out = format!("<section class=\"accidents\"><h2>{}: {}</h2>\n<ul>", Word::Accidents.get(lang), escaped(&variant.name));
    for line in accident_lines(found, lang) {
        let _ = writeln!(out, "<li>{}</li>", escaped(&line));
    }
    let target = found.row().spec.target(Phase::To2028).map_or("", |t| t.label(lang));
    let chip = super::indicators::chip(found.status(Phase::To2028), lang);
    let _ = writeln!(out, "</ul><p>K08, {} {} {chip}</p></section>", crate::lang::Text::Target2028.get(lang), escaped(target));
    out
}
