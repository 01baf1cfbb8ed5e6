//! What a planner checks first of a comparison, in words: which approaches gained and which lost, and where the traffic went. Every number is
//! of a link that the table of places and `links.geojson` hold too.

use super::{
    layers::LinkTotals,
    model::{Report, Side},
    summary::place,
    svg::escaped,
    words::{self, Word},
};
use crate::{
    kpi::signed,
    lang::{Lang, number},
};
use std::{collections::BTreeMap, fmt::Write};

/// So many places are named in a sentence.
const NAMED: usize = 3;
/// A change of delay below this share of all changes is not named.
const SHARE: f64 = 0.02;
/// A change of traffic below so many vehicles, or below [`SHARE`] of the busiest link, is not named.
const VEHICLES: f64 = 20.0;
/// Trips that differ by more than this share are told.
const OTHER_DEMAND: f64 = 0.01;

/// A link before and after.
type Pair = (LinkTotals, LinkTotals);

fn links(base: &Side, variant: &Side) -> Vec<Pair> {
    let of = |side: &Side| -> BTreeMap<usize, LinkTotals> { side.totals.iter().map(|t| (t.link, *t)).collect() };
    let (base, variant) = (of(base), of(variant));
    let mut all: Vec<usize> = base.keys().chain(variant.keys()).copied().collect();
    all.sort_unstable();
    all.dedup();
    let get = |side: &BTreeMap<usize, LinkTotals>, link| side.get(&link).copied().unwrap_or(LinkTotals { link, ..LinkTotals::default() });
    all.into_iter().map(|link| (get(&base, link), get(&variant, link))).collect()
}

/// The pairs with the largest `of`, one of each street, those above `least`.
fn largest(report: &Report, pairs: &[Pair], least: f64, of: impl Fn(&Pair) -> f64) -> Vec<Pair> {
    let mut sorted: Vec<&Pair> = pairs.iter().filter(|p| of(p) > least).collect();
    sorted.sort_by(|a, b| of(b).total_cmp(&of(a)).then(a.0.link.cmp(&b.0.link)));
    let mut streets: Vec<(Option<&str>, Option<&str>)> = Vec::new();
    let mut found = Vec::new();
    for pair in sorted {
        let Some(link) = report.links.get(pair.0.link) else { continue };
        let street = (link.name.as_deref().or(link.road_number.as_deref()), link.towards.as_deref());
        if street.0.is_some() && streets.contains(&street) {
            continue;
        }
        streets.push(street);
        found.push(*pair);
        if found.len() == NAMED {
            break;
        }
    }
    found
}

/// The sentences of a variant.
pub(super) fn sentences(report: &Report, variant: &Side, lang: Lang) -> Vec<String> {
    let pairs = links(&report.sides[0], variant);
    let change = |p: &Pair| p.1.delay_h - p.0.delay_h;
    let (less, more) = pairs.iter().map(change).fold((0.0, 0.0), |(l, m), c| if c < 0.0 { (l - c, m) } else { (l, m + c) });
    let least = (less + more) * SHARE;
    let mut out = Vec::new();
    if less + more > 0.0 {
        let tell = |p: &Pair| {
            let (before, after) = (number(lang, p.0.delay_h, 1), number(lang, p.1.delay_h, 1));
            words::approach_delay(lang, place(report, &p.0, lang), before, after, number(lang, p.1.vehicles, 0))
        };
        let join = |pairs: Vec<Pair>| pairs.iter().map(tell).collect::<Vec<_>>().join("; ");
        let gained = largest(report, &pairs, least, |p| -change(p));
        let lost = largest(report, &pairs, least, change);
        // That nobody gained or lost is an answer, too.
        let bound = number(lang, least, 2);
        out.push(if gained.is_empty() { words::nobody_gained(lang, &bound) } else { words::gained(lang, join(gained)) });
        out.push(if lost.is_empty() { words::nobody_lost(lang, &bound) } else { words::lost(lang, join(lost)) });
        out.push(words::balance(lang, number(lang, less, 1), number(lang, more, 1), signed(lang, more - less, 1)));
    }
    let wished = |side: &Side| side.trips.iter().map(|t| t.demanded).sum::<u64>() as f64 / side.trips.len().max(1) as f64;
    let (before, after) = (wished(&report.sides[0]), wished(variant));
    if (after - before).abs() > OTHER_DEMAND * before {
        out.push(words::other_demand(lang, number(lang, before, 0), number(lang, after, 0)));
    }
    let busiest = pairs.iter().map(|p| p.0.vehicles.max(p.1.vehicles)).fold(0.0, f64::max);
    let least = (busiest * SHARE).max(VEHICLES);
    let tell =
        |p: &Pair| words::road_vehicles(lang, place(report, &p.0, lang), number(lang, p.0.vehicles, 0), number(lang, p.1.vehicles, 0));
    let join = |pairs: Vec<Pair>| pairs.iter().map(tell).collect::<Vec<_>>().join("; ");
    let from = largest(report, &pairs, least, |p| p.0.vehicles - p.1.vehicles);
    let to = largest(report, &pairs, least, |p| p.1.vehicles - p.0.vehicles);
    if from.is_empty() && to.is_empty() {
        out.push(words::keeps_ways(lang, number(lang, least, 0)));
    }
    if !from.is_empty() {
        out.push(words::left_roads(lang, join(from)));
    }
    if !to.is_empty() {
        out.push(words::went_to(lang, join(to)));
    }
    out
}

/// The section of a variant.
pub(super) fn section(report: &Report, variant: &Side, lang: Lang) -> String {
    let mut out =
        format!("<section class=\"moves\"><h2>{}: {}</h2>\n<ul class=\"sentences\">\n", Word::Moves.get(lang), escaped(&variant.name));
    for sentence in sentences(report, variant, lang) {
        let _ = writeln!(out, "<li>{}</li>", escaped(&sentence));
    }
    out.push_str("</ul></section>\n");
    out
}
