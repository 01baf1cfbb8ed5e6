//! What stands behind the numbers: assumptions, data with hashes, how to make the results again, whom to credit.

use super::{
    model::Report,
    svg::escaped,
    words::{self, Word},
};
use crate::lang::{Lang, Text, credit};
use std::fmt::Write;

/// The closing sections of the page.
pub(super) fn sections(report: &Report, lang: Lang) -> String {
    let mut out = assumptions(report, lang);
    out.push_str(&checks(report, lang));
    out.push_str(&data(report, lang));
    out.push_str(&reproduce(report, lang));
    out.push_str(&licences(report, lang));
    out
}

fn assumptions(report: &Report, lang: Lang) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for text in report.sides.iter().flat_map(|s| &s.assumptions) {
        if !texts.contains(&text.get(lang)) {
            texts.push(text.get(lang));
        }
    }
    let mut out = format!("<section id=\"assumptions\"><h2>{}</h2>\n", Word::Assumptions.get(lang));
    if texts.is_empty() {
        let _ = write!(out, "<p>{}</p>", Word::NoAssumptions.get(lang));
    } else {
        out.push_str(&list(texts));
    }
    out.push_str("</section>\n");
    out
}

fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let items: String = texts.into_iter().map(|t| format!("<li>{}</li>\n", escaped(t))).collect();
    format!("<ul>\n{items}</ul>\n")
}

fn checks(report: &Report, lang: Lang) -> String {
    if report.sides.iter().all(|s| s.told.is_empty()) {
        return String::new();
    }
    let mut out = format!("<section id=\"checks\"><h2>{}</h2>\n", Word::Checks.get(lang));
    for side in report.sides.iter().filter(|s| !s.told.is_empty()) {
        if report.sides.len() > 1 {
            let _ = writeln!(out, "<h3>{}</h3>", escaped(&side.name));
        }
        out.push_str(&list(side.told.iter().map(|t| t.get(lang))));
    }
    out.push_str("</section>\n");
    out
}

fn data(report: &Report, lang: Lang) -> String {
    let mut out = format!(
        "<section id=\"data\"><h2>{}</h2>\n<table><thead><tr><th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\">{}</th></tr></thead><tbody>\n",
        Word::Data.get(lang),
        Word::Role.get(lang),
        Word::File.get(lang),
        Word::Hash.get(lang)
    );
    let mut row = |role: &str, file: &str, hash: &str| {
        let _ = writeln!(out, "<tr><td>{}</td><td>{}</td><td class=\"hash\">{}</td></tr>", escaped(role), escaped(file), escaped(hash));
    };
    let map = &report.map;
    row(Text::Map.get(lang), &format!("{} ({})", map.name, map.source), &map.content_hash);
    let mut seen: Vec<(&str, &str, &str)> = Vec::new();
    for input in report.sides.iter().flat_map(|s| &s.inputs) {
        let key = (input.role.as_str(), input.name.as_str(), input.xxh3.as_str());
        if !seen.contains(&key) {
            seen.push(key);
            row(words::role(lang, &input.role), &input.name, &input.xxh3);
        }
    }
    out.push_str("</tbody></table></section>\n");
    out
}

fn reproduce(report: &Report, lang: Lang) -> String {
    let seeds: Vec<String> = report.seeds.iter().map(u64::to_string).collect();
    let mut out = format!(
        "<section id=\"reproduce\"><h2>{}</h2>\n<p>{}</p>\n<pre>{}</pre>\n<p>{}: agtwin {}. {}: {}. {}:</p>\n<ul class=\"hashes\">",
        Word::Reproduce.get(lang),
        Word::ReproduceAbout.get(lang),
        escaped(&report.command),
        Word::Version.get(lang),
        escaped(&report.version),
        Word::Seeds.get(lang),
        escaped(&seeds.join(", ")),
        Word::StateHashes.get(lang)
    );
    for side in &report.sides {
        let _ = writeln!(out, "<li>{}: <span class=\"hash\">{}</span></li>", escaped(&side.name), escaped(&side.state_hashes.join(" ")));
    }
    out.push_str("</ul></section>\n");
    out
}

fn licences(report: &Report, lang: Lang) -> String {
    let mut texts = Vec::new();
    if !report.map.attribution.is_empty() {
        texts.push(format!("{}: {}.", Word::LicenceMap.get(lang), credit(lang, &report.map.attribution)));
    }
    texts.push(Word::LicencePlan.get(lang).to_owned());
    texts.push(Word::LicenceProgram.get(lang).to_owned());
    format!("<footer><h2>{}</h2>\n{}</footer>\n", Word::Licences.get(lang), list(texts.iter().map(String::as_str)))
}
