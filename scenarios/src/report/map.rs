//! Maps as pictures inside the page: roads in grey, links with traffic coloured and widened by class of a measure.

use super::{
    layers::{LinkTotals, Shape},
    model::{Report, Side},
    svg::{beside, escaped, path, round_before, round_below, scale_number, thinned},
    words::{self, Word},
};
use crate::lang::Lang;
use sim_core::network::RoadClass;
use std::fmt::Write;

/// Width of a map's own units.
const WIDTH: f64 = 1000.0;
/// Share of the time spent on the road that may lie outside the picture, at each of its four sides: of the map with nearly all of it,
/// and of the one of the centre.
const OUTSIDE: [f64; 2] = [0.005, 0.12];
/// The centre has maps of its own where they show less than this share of the other's width.
const MUCH_SMALLER: f64 = 0.6;
/// How far a direction is drawn from the middle of the road, units.
const ASIDE: f64 = 3.5;
/// Finer bends are not drawn, units.
const BEND: f64 = 1.0;
/// From light (good) to dark (bad), after ColorBrewer's YlOrRd; told apart in grey too.
const COLOURS: [&str; 5] = ["#fecc5c", "#fd8d3c", "#f03b20", "#bd0026", "#67000d"];
/// Width of each class, units.
const WIDTHS: [f64; 5] = [4.0, 5.0, 6.5, 8.0, 10.0];

/// What a map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Vehicle-hours lost per kilometre of road.
    Delay,
    /// Mean speed.
    Speed,
    /// Longest queue.
    Queue,
    /// Kilograms of CO₂ per kilometre of road.
    Co2,
    /// Conflicts per kilometre of road.
    Conflicts,
}

impl Measure {
    /// All, in the order of the page.
    pub(super) const ALL: [Self; 5] = [Self::Delay, Self::Speed, Self::Queue, Self::Co2, Self::Conflicts];

    /// Whether the report has anything to show of it.
    pub(super) fn is_in(self, report: &Report) -> bool {
        self != Self::Conflicts || report.sides.iter().flat_map(|s| &s.totals).any(|t| t.conflicts > 0.0)
    }

    fn title(self) -> Word {
        match self {
            Self::Delay => Word::MapDelay,
            Self::Speed => Word::MapSpeed,
            Self::Queue => Word::MapQueue,
            Self::Co2 => Word::MapCo2,
            Self::Conflicts => Word::MapConflicts,
        }
    }

    fn unit(self, lang: Lang) -> &'static str {
        match self {
            Self::Delay => Word::UnitDelayPerKm.get(lang),
            Self::Speed => "km/h",
            Self::Queue => "m",
            Self::Co2 => "kg/km",
            Self::Conflicts => Word::UnitConflictsPerKm.get(lang),
        }
    }

    fn of(self, total: &LinkTotals, link: &Shape) -> Option<f64> {
        let km = f64::from(link.length_m) / 1000.0;
        match self {
            Self::Delay => (km > 0.0).then(|| total.delay_h / km),
            Self::Speed => total.speed_kmh().filter(|_| link.class != RoadClass::Ferry),
            Self::Queue => Some(total.queue_m),
            Self::Co2 => (km > 0.0).then(|| total.co2_kg / km),
            Self::Conflicts => (km > 0.0).then(|| total.conflicts / km),
        }
    }

    /// The four bounds between the five classes, the same for all sides, so that their maps can be compared.
    fn bounds(self, report: &Report) -> [f64; 4] {
        if self == Self::Speed {
            return [10.0, 20.0, 30.0, 40.0];
        }
        if self == Self::Queue {
            // Three or four cars are no queue to speak of; a block of 200 m is full.
            return [25.0, 50.0, 100.0, 200.0];
        }
        let values = report.sides.iter().flat_map(|s| &s.totals).filter_map(|t| self.of(t, report.links.get(t.link)?));
        let mut values: Vec<f64> = values.filter(|v| *v > 0.0).collect();
        values.sort_by(f64::total_cmp);
        let high = values.get(values.len() * 19 / 20).copied().unwrap_or(1.0);
        // The round number next to it, not the one below: 4.9 is nearer to 5 than to 2.
        let top = round_below(high * 1.5);
        [round_before(top, 3), round_before(top, 2), round_before(top, 1), top]
    }

    /// The class of a value, 0 the best.
    fn class(self, value: f64, bounds: &[f64; 4]) -> usize {
        let above = bounds.iter().filter(|b| value >= **b).count();
        if self == Self::Speed { 4 - above } else { above }
    }
}

/// The part of the map that the pictures show, in their units.
#[derive(Clone, Copy, Debug)]
pub(super) struct View {
    west: f64,
    north: f64,
    /// Units per millionth of a degree, to the east and to the south.
    scale: [f64; 2],
    height: f64,
    aside: f64,
    /// Its place in the list of the page.
    number: usize,
}

impl View {
    /// Where the traffic of all sides is, and its centre where that is much smaller.
    pub(super) fn all(report: &Report) -> Vec<Self> {
        let mut views = vec![Self::of(report, 0)];
        let centre = Self::of(report, 1);
        if views[0].scale[1] < centre.scale[1] * MUCH_SMALLER {
            views.push(centre);
        }
        views
    }

    fn of(report: &Report, number: usize) -> Self {
        let mut places: Vec<([f64; 2], f64)> = Vec::new();
        for total in report.sides.iter().flat_map(|s| &s.totals) {
            for p in report.links.get(total.link).map(|l| l.line.as_slice()).unwrap_or_default() {
                places.push(([f64::from(p[0]), f64::from(p[1])], total.vehicle_h));
            }
        }
        if places.is_empty() {
            places = report.links.iter().flat_map(|l| &l.line).map(|p| ([f64::from(p[0]), f64::from(p[1])], 1.0)).collect();
        }
        let (west, east) = middle_of(&mut places, 0, OUTSIDE[number]);
        let (south, north) = middle_of(&mut places, 1, OUTSIDE[number]);
        let cos_lat = libm::cos(((south + north) / 2e6).to_radians()).max(0.01);
        // At least a hundred metres, then a twentieth of room on each side.
        let (width, height) = (((east - west) * cos_lat).max(1000.0), (north - south).max(1000.0));
        let (height, width) = (height.max(width * 0.62), width.max(height * 0.8));
        let room = width * 0.05;
        let scale = WIDTH / (width + 2.0 * room);
        Self {
            west: f64::midpoint(west, east) - (width / 2.0 + room) / cos_lat,
            north: f64::midpoint(south, north) + height / 2.0 + room,
            scale: [scale * cos_lat, scale],
            height: (height + 2.0 * room) * scale,
            number,
            aside: if report.drives_left { -ASIDE } else { ASIDE },
        }
    }

    fn point(&self, p: [i32; 2]) -> [f64; 2] {
        [(f64::from(p[0]) - self.west) * self.scale[0], (self.north - f64::from(p[1])) * self.scale[1]]
    }

    /// A link's line, if any of it is in the picture.
    fn line(&self, link: &Shape) -> Option<Vec<[f64; 2]>> {
        let points: Vec<[f64; 2]> = link.line.iter().map(|p| self.point(*p)).collect();
        let reaches = |axis: usize, size: f64| points.iter().any(|p| p[axis] >= 0.0) && points.iter().any(|p| p[axis] <= size);
        (reaches(0, WIDTH) && reaches(1, self.height)).then(|| thinned(&points, BEND))
    }

    /// Metres on the ground per unit.
    fn metres_per_unit(&self) -> f64 {
        // A degree of latitude on a sphere of 6371 km.
        0.111_195 / self.scale[1]
    }
}

/// Between which places all but the outermost traffic is, along an axis.
fn middle_of(places: &mut [([f64; 2], f64)], axis: usize, outside: f64) -> (f64, f64) {
    places.sort_by(|a, b| a.0[axis].total_cmp(&b.0[axis]));
    let all: f64 = places.iter().map(|p| p.1).sum();
    let (mut sum, mut first, mut last) = (0.0, None, 0.0);
    for (place, weight) in places.iter() {
        sum += weight;
        if first.is_none() && sum >= all * outside {
            first = Some(place[axis]);
        }
        if sum - weight <= all * (1.0 - outside) {
            last = place[axis];
        }
    }
    (first.unwrap_or(0.0), last)
}

/// The roads, once for all maps of the page.
pub(super) fn roads(report: &Report, view: &View) -> String {
    let (mut major, mut minor) = (String::new(), String::new());
    for link in &report.links {
        let Some(line) = view.line(link) else { continue };
        let group = if link.class <= RoadClass::Secondary { &mut major } else { &mut minor };
        group.push_str(&path(&line));
    }
    format!(
        "<svg width=\"0\" height=\"0\" class=\"unseen\" aria-hidden=\"true\"><defs><g id=\"roads{}\" fill=\"none\" stroke-linejoin=\"round\">\
         <path d=\"{minor}\" stroke=\"#e1e4e8\" stroke-width=\"3\"/><path d=\"{major}\" stroke=\"#c4c9d0\" stroke-width=\"6\"/></g></defs></svg>\n",
        view.number
    )
}

/// One map with its legend. `worst` are marked by their numbers.
pub(super) fn figure(report: &Report, side: &Side, measure: Measure, view: &View, worst: &[&LinkTotals], lang: Lang) -> String {
    let bounds = measure.bounds(report);
    let mut paths: [String; 5] = Default::default();
    for total in &side.totals {
        let Some(link) = report.links.get(total.link) else { continue };
        let (Some(value), Some(line)) = (measure.of(total, link), view.line(link)) else { continue };
        paths[measure.class(value, &bounds)].push_str(&path(&beside(&line, view.aside)));
    }
    let mut title = measure.title().get(lang).to_owned();
    if view.number > 0 {
        let _ = write!(title, ", {}", Word::MapCentre.get(lang));
    }
    if report.sides.len() > 1 {
        let _ = write!(title, ": {}", side.name);
    }
    let (height, unit) = (view.height, measure.unit(lang));
    let mut out = format!(
        "<figure class=\"map\"><figcaption>{} <span class=\"unit\">({})</span></figcaption>\n<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{}\">\
         <use href=\"#roads{}\"/><g fill=\"none\" stroke-linecap=\"round\" stroke-linejoin=\"round\">",
        escaped(&title),
        escaped(unit),
        escaped(&title),
        view.number
    );
    for (class, d) in paths.iter().enumerate().filter(|(_, d)| !d.is_empty()) {
        let _ = write!(out, "<path d=\"{d}\" stroke=\"{}\" stroke-width=\"{}\"/>", COLOURS[class], WIDTHS[class]);
    }
    out.push_str("</g>");
    for (i, total) in worst.iter().enumerate() {
        let Some(line) = report.links.get(total.link).and_then(|l| view.line(l)) else { continue };
        let Some(middle) = line.get(line.len() / 2) else { continue };
        let at = if line.len() == 2 { [f64::midpoint(line[0][0], line[1][0]), f64::midpoint(line[0][1], line[1][1])] } else { *middle };
        let at =
            beside(&[at, [at[0] + line[line.len() - 1][0] - line[0][0], at[1] + line[line.len() - 1][1] - line[0][1]]], view.aside * 9.0)
                [0];
        if !(0.0..=WIDTH).contains(&at[0]) || !(0.0..=view.height).contains(&at[1]) {
            continue;
        }
        let _ = write!(
            out,
            "<circle cx=\"{:.0}\" cy=\"{:.0}\" r=\"19\" fill=\"#fff\" stroke=\"#1a2b49\" stroke-width=\"3\"/><text x=\"{:.0}\" y=\"{:.0}\" \
             text-anchor=\"middle\" font-size=\"25\" font-weight=\"700\" fill=\"#1a2b49\">{}</text>",
            at[0],
            at[1],
            at[0],
            at[1] + 9.0,
            i + 1
        );
    }
    out.push_str(&scale_bar(view, lang));
    out.push_str("</svg>\n");
    out.push_str(&legend(measure, &bounds, unit, &paths, lang));
    out.push_str("</figure>\n");
    out
}

/// A bar of a round length.
fn scale_bar(view: &View, lang: Lang) -> String {
    let metres = round_below(view.metres_per_unit() * WIDTH * 0.25);
    let units = metres / view.metres_per_unit();
    let text =
        if metres >= 1000.0 { format!("{} km", scale_number(lang, metres / 1000.0)) } else { format!("{} m", scale_number(lang, metres)) };
    let y = view.height - 22.0;
    format!(
        "<path d=\"M20 {:.0}v10h{units:.0}v-10\" fill=\"none\" stroke=\"#333\" stroke-width=\"3\"/><text x=\"28\" y=\"{:.0}\" font-size=\"24\" fill=\"#333\">{text}</text>",
        y - 2.0,
        y - 4.0
    )
}

fn legend(measure: Measure, bounds: &[f64; 4], unit: &str, paths: &[String; 5], lang: Lang) -> String {
    if paths.iter().all(String::is_empty) {
        return format!("<p class=\"legend\">{}</p>\n", Word::NothingOnMap.get(lang));
    }
    let shown = bounds.map(|b| scale_number(lang, b));
    let mut texts = vec![words::below(lang, &shown[0])];
    texts.extend(shown.windows(2).map(|w| format!("{}–{}", w[0], w[1])));
    texts.push(words::from_on(lang, &shown[3]));
    if measure == Measure::Speed {
        texts.reverse();
    }
    let mut out = String::from("<p class=\"legend\">");
    for (class, text) in texts.iter().enumerate() {
        let _ = write!(
            out,
            "<span><svg viewBox=\"0 0 26 12\" width=\"26\" height=\"12\" aria-hidden=\"true\"><path d=\"M1 6h24\" stroke=\"{}\" stroke-width=\"{}\"/></svg> {}</span> ",
            COLOURS[class],
            WIDTHS[class] * 0.8,
            escaped(text)
        );
    }
    let _ = writeln!(out, "<span>{}</span></p>", escaped(unit));
    out
}
