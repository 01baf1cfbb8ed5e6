//! Small charts for the panel about what was clicked.

use crate::text::density_and_flow;
use bevy_egui::egui::{self, Color32};
use egui_plot::{HoverPosition, Line, Plot, PlotPoint, PlotPoints, Points, VLine};
use scenarios::lang::{Lang, clock, number};

/// Height of a chart, points.
const CHART_PX: f32 = 118.0;
/// Room for numbers of four digits beside a chart, points.
const Y_AXIS_PX: f32 = 40.0;

/// Blue and orange of Okabe and Ito's palette: apart for every colour vision.
pub const BLUE: Color32 = Color32::from_rgb(0x00, 0x72, 0xb2);
/// See [`BLUE`].
pub const ORANGE: Color32 = Color32::from_rgb(0xd5, 0x5e, 0x00);

fn plain<'a>(id: &'a str) -> Plot<'a> {
    Plot::new(id)
        .height(CHART_PX)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .include_y(0.0)
        .y_axis_min_width(Y_AXIS_PX)
        .show_background(true)
}

/// Where the cursor is, or the point of the chart next to it.
const fn place(hover: &HoverPosition<'_>) -> PlotPoint {
    match hover {
        HoverPosition::NearDataPoint { position, .. } | HoverPosition::Elsewhere { position } => *position,
    }
}

/// Values over the time of day (seconds after midnight), with a line for now.
pub fn over_time(ui: &mut egui::Ui, id: &str, name: &str, colour: Color32, points: Vec<[f64; 2]>, now_s: f64) {
    let hours: Vec<[f64; 2]> = points.into_iter().map(|[x, y]| [x / 3600.0, y]).collect();
    plain(id)
        .x_axis_formatter(|mark, _| clock(mark.value * 3600.0))
        .label_formatter(|hover| Some(format!("{}  {:.0}", clock(place(hover).x * 3600.0), place(hover).y)))
        .show(ui, |plot| {
            plot.line(Line::new(name.to_owned(), PlotPoints::from(hours)).color(colour).width(2.0));
            plot.vline(VLine::new("", now_s / 3600.0).color(Color32::GRAY).width(1.0));
        });
}

/// Two or more quantities over the time of day, each with its name in a legend; those without values are left out.
pub fn beside(ui: &mut egui::Ui, id: &str, lines: &[(&str, Color32, &Vec<[f64; 2]>)], now_s: f64) {
    let [from_s, to_s] = lines[0].2.iter().fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], p| [a.min(p[0]), b.max(p[0])]);
    plain(id)
        .legend(egui_plot::Legend::default())
        .x_axis_formatter(|mark, _| clock(mark.value * 3600.0))
        .label_formatter(|hover| Some(format!("{}  {:.0}", clock(place(hover).x * 3600.0), place(hover).y)))
        // What was observed may be of the whole day: only the hours that were simulated are shown.
        .default_x_bounds(from_s / 3600.0 - 0.02, to_s / 3600.0 + 0.02)
        .show(ui, |plot| {
            for (name, colour, points) in lines.iter().filter(|(_, _, points)| !points.is_empty()) {
                let hours: Vec<[f64; 2]> = points.iter().map(|[x, y]| [x / 3600.0, *y]).collect();
                plot.line(Line::new((*name).to_owned(), PlotPoints::from(hours)).color(*colour).width(2.0));
            }
            plot.vline(VLine::new("", now_s / 3600.0).color(Color32::GRAY).width(1.0));
        });
}

/// Dots of one quantity against another; the latest is larger.
pub fn dots(ui: &mut egui::Ui, lang: Lang, id: &str, name: &str, points: &[[f64; 2]]) {
    let told = |at: PlotPoint| density_and_flow(lang, number(lang, at.x, 0), number(lang, at.y, 0));
    plain(id).label_formatter(move |hover| Some(told(place(hover)))).show(ui, |plot| {
        plot.points(Points::new(name.to_owned(), PlotPoints::from(points.to_vec())).color(BLUE).radius(2.5));
        if let Some(last) = points.last() {
            plot.points(Points::new("", PlotPoints::from(vec![*last])).color(ORANGE).radius(5.0));
        }
    });
}
