//! What somebody reads who has a minute: four numbers, the sentences that follow from them, and what to beware of.

use super::{
    layers::LinkTotals,
    model::{Report, Side},
    svg::escaped,
    words::{self, Word},
};
use crate::{
    kpi::{Phase, Status, catalogue, with_interval},
    lang::{Lang, integer, number},
    run::assign::told,
};
use sim_core::network::RoadClass;
use std::fmt::Write;

/// How many places are named where most time is lost.
const WORST: usize = 5;

/// The links on which most time is lost, worst first.
pub(super) fn worst(side: &Side) -> Vec<&LinkTotals> {
    let mut links: Vec<&LinkTotals> = side.totals.iter().filter(|t| t.delay_h > 0.0).collect();
    links.sort_by(|a, b| b.delay_h.total_cmp(&a.delay_h).then(a.link.cmp(&b.link)));
    links.truncate(WORST);
    links
}

/// A link as people call it, with the junction it leads to.
pub(super) fn place(report: &Report, total: &LinkTotals, lang: Lang) -> String {
    let Some(link) = report.links.get(total.link) else { return String::new() };
    let mut names: Vec<&str> = [link.name.as_deref(), link.road_number.as_deref()].into_iter().flatten().collect();
    // A provincial road is often named by its number, written another way.
    let letters = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    names.dedup_by(|a, b| letters(a) == letters(b));
    let street = if names.is_empty() { Word::Unnamed.get(lang).to_owned() } else { names.join(", ") };
    match &link.towards {
        Some(junction) => words::towards(lang, street, junction),
        None => street,
    }
}

/// Mean speed on a link; a boat has none of its vehicles.
pub(super) fn link_speed(report: &Report, total: &LinkTotals) -> Option<f64> {
    total.speed_kmh().filter(|_| report.links.get(total.link).is_some_and(|l| l.class != RoadClass::Ferry))
}

/// The section with the summary of one scenario.
pub(super) fn section(report: &Report, lang: Lang) -> String {
    let side = &report.sides[0];
    let mut out = format!("<section id=\"summary\"><h2>{}</h2>\n<div class=\"cards\">", Word::Summary.get(lang));
    for (title, id) in [(Word::MeanDelay, "B01"), (Word::MeanSpeed, "B03"), (Word::LongestQueue, "B05"), (Word::Co2, "K14")] {
        out.push_str(&card(side, title, id, lang));
    }
    out.push_str("</div>\n<ul class=\"sentences\">\n");
    for sentence in sentences(report, side, lang) {
        let _ = writeln!(out, "<li>{}</li>", escaped(&sentence));
    }
    out.push_str("</ul>\n");
    out.push_str(&cautions(report, lang));
    out.push_str("</section>\n");
    out
}

/// What was made up, as a box; empty where nothing was.
pub(super) fn cautions(report: &Report, lang: Lang) -> String {
    let mut caveats: Vec<_> = report.sides.iter().flat_map(Side::caveats).collect();
    caveats.sort_unstable();
    caveats.dedup();
    if caveats.is_empty() {
        return String::new();
    }
    let mut out = format!("<div class=\"caution\"><strong>⚠ {}</strong><ul>", Word::Caution.get(lang));
    for caveat in caveats {
        let _ = write!(out, "<li><sup>{}</sup> {}</li>", caveat.mark(), escaped(caveat.label(lang)));
    }
    out.push_str("</ul></div>\n");
    out
}

fn card(side: &Side, title: Word, id: &str, lang: Lang) -> String {
    let unit = catalogue().iter().find(|s| s.id == id).map_or("", |s| s.unit.label(lang));
    let value = match side.number(id) {
        Some(value) => format!("{} <small>{}</small>", escaped(&with_interval(lang, value, side.half_width(id))), escaped(unit)),
        None => "–".to_owned(),
    };
    format!("<div class=\"card\"><div class=\"title\">{}</div><div class=\"value\">{value}</div></div>", title.get(lang))
}

pub(super) fn sentences(report: &Report, side: &Side, lang: Lang) -> Vec<String> {
    let mut out = vec![travellers(side, lang)];
    if let (Some(total), Some(each)) = (side.number("K19"), side.number("B01")) {
        out.push(words::delay(lang, number(lang, total, usize::from(total < 100.0)), number(lang, each, usize::from(each < 100.0))));
    }
    let all: f64 = side.totals.iter().map(|t| t.delay_h).sum();
    if let Some(first) = worst(side).first() {
        let share = first.delay_h / all * 100.0;
        out.push(words::worst_place(lang, place(report, first, lang), number(lang, first.delay_h, 1), number(lang, share, 0)));
    }
    out.extend(side.widest_gap.map(|gap| told(gap, lang)));
    out.push(plan(side, lang));
    out.push(match report.seeds.as_slice() {
        [one] => words::one_seed(lang, one),
        many => words::over_seeds(lang, many.len()),
    });
    out
}

/// What became of the travellers, the mean of the runs.
pub(super) fn travellers(side: &Side, lang: Lang) -> String {
    let mean = |of: fn(&crate::results::record::TripTotals) -> u64| {
        let sum: u64 = side.trips.iter().map(of).sum();
        integer(lang, libm::round(sum as f64 / side.trips.len().max(1) as f64) as u64)
    };
    words::travellers(lang, mean(|t| t.demanded), mean(|t| t.arrived), mean(|t| t.on_road), mean(|t| t.waiting))
}

/// How the indicators with a target of the first phase stand.
fn plan(side: &Side, lang: Lang) -> String {
    let statuses: Vec<Status> =
        side.known_rows().iter().filter(|r| r.spec.target(Phase::To2028).is_some()).map(|r| r.status(Phase::To2028)).collect();
    let count = |status: Status| statuses.iter().filter(|s| **s == status).count();
    let (met, not_met, unclear) = (count(Status::Met), count(Status::NotMet), count(Status::Unclear));
    words::plan_status(lang, statuses.len(), met, not_met, unclear, statuses.len() - met - not_met - unclear)
}

/// The table of the places where most time is lost.
pub(super) fn worst_table(report: &Report, side: &Side, lang: Lang) -> String {
    let worst = worst(side);
    if worst.is_empty() {
        return format!("<p>{}</p>\n", Word::NoDelay.get(lang));
    }
    let heads = [Word::No, Word::Street, Word::LengthM, Word::VehiclesColumn, Word::DelayColumn, Word::SpeedColumn, Word::QueueColumn];
    let mut out = String::from("<table><thead><tr>");
    for (i, head) in heads.iter().enumerate() {
        let class = if i >= 2 { " class=\"number\"" } else { "" };
        let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", head.get(lang));
    }
    out.push_str("</tr></thead><tbody>\n");
    for (i, total) in worst.into_iter().enumerate() {
        let length_m = report.links.get(total.link).map_or(0.0, |l| f64::from(l.length_m));
        let speed = link_speed(report, total).map_or_else(|| "–".to_owned(), |v| number(lang, v, 1));
        let ref_ = report.links.get(total.link).map_or("", |l| l.ref_.as_str());
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}<div class=\"remark\">{}</div></td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{speed}</td><td class=\"number\">{}</td></tr>",
            i + 1,
            escaped(&place(report, total, lang)),
            escaped(ref_),
            number(lang, length_m, 0),
            number(lang, total.vehicles, 0),
            number(lang, total.delay_h, 1),
            number(lang, total.queue_m, 0)
        );
    }
    out.push_str("</tbody></table>\n");
    out
}
