//! Draws the embedded An Giang map as an SVG picture on standard output.
//!
//! `cargo run --release -p agtwin-maps --example draw_map > an-giang.svg` draws the whole province; four numbers (south, west, north,
//! east, in degrees) draw a part of it, a fifth is the picture's width in pixels.

use maps::{
    osm::{OsmData, Way},
    sketch::{Sketch, WaterKind, WaterShape, embedded_sketch},
};
use sim_core::geometry::LatLon;
use std::{error::Error, fmt::Write as _, io::Write as _};

/// Plate carrée, true to scale in the middle of the picture.
struct View {
    south: f64,
    west: f64,
    north: f64,
    east: f64,
    width_px: f64,
}

impl View {
    fn px_per_degree(&self) -> f64 {
        self.width_px / (self.east - self.west)
    }

    fn height_px(&self) -> f64 {
        self.y(self.south)
    }

    fn x(&self, lon: f64) -> f64 {
        (lon - self.west) * self.px_per_degree()
    }

    fn y(&self, lat: f64) -> f64 {
        let stretch = 1.0 / ((self.north + self.south) / 2.0).to_radians().cos();
        (self.north - lat) * self.px_per_degree() * stretch
    }

    fn px_per_metre(&self) -> f64 {
        self.y(self.north - 1.0) / 111_195.0
    }

    fn points(&self, points: impl Iterator<Item = LatLon>) -> String {
        points.map(|p| format!("{:.1},{:.1} ", self.x(p.lon), self.y(p.lat))).collect()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let numbers: Vec<f64> = std::env::args().skip(1).map(|a| a.parse()).collect::<Result<_, _>>()?;
    let view = match numbers[..] {
        [] => View { south: 9.4, west: 103.75, north: 11.0, east: 105.75, width_px: 1400.0 },
        [south, west, north, east] => View { south, west, north, east, width_px: 1400.0 },
        [south, west, north, east, width_px] => View { south, west, north, east, width_px },
        _ => return Err("expected no numbers, or: south west north east [width in pixels]".into()),
    };
    std::io::stdout().write_all(picture(&embedded_sketch()?, &view)?.as_bytes())?;
    Ok(())
}

fn picture(sketch: &Sketch, view: &View) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let (width, height) = (view.width_px, view.height_px());
    writeln!(out, r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0} {height:.0}" font-family="sans-serif">"##)?;
    writeln!(out, r##"<rect width="{width:.0}" height="{height:.0}" fill="#f4f1ea"/>"##)?;
    waters(&mut out, sketch, view)?;
    roads(&mut out, &sketch.osm, view)?;
    signs(&mut out, sketch, view)?;
    writeln!(
        out,
        r##"<text x="10" y="{:.0}" font-size="13" fill="#555">{} · {}</text>"##,
        height - 10.0,
        escape(&sketch.name),
        escape(&sketch.attribution)
    )?;
    writeln!(out, "</svg>")?;
    Ok(out)
}

fn waters(out: &mut String, sketch: &Sketch, view: &View) -> std::fmt::Result {
    for water in &sketch.waters {
        match &water.shape {
            WaterShape::Area(points) => {
                let fill = if water.kind == WaterKind::Island { "#f4f1ea" } else { "#a9cfe3" };
                writeln!(out, r##"<polygon points="{}" fill="{fill}"/>"##, view.points(points.iter().copied()))?;
            }
            WaterShape::Line { points, width_m } => {
                let width = (width_m * view.px_per_metre()).max(0.8);
                let points = view.points(points.iter().copied());
                writeln!(out, r##"<polyline points="{points}" fill="none" stroke="#a9cfe3" stroke-width="{width:.1}"/>"##)?;
            }
        }
    }
    Ok(())
}

fn roads(out: &mut String, osm: &OsmData, view: &View) -> std::fmt::Result {
    let zoom = view.px_per_metre();
    let place = |id: &i64| osm.node(*id).map(|n| n.place);
    let mut ways: Vec<(&Way, f64, &str, bool)> = osm.ways.iter().map(|w| style(w)).collect();
    ways.sort_by(|a, b| a.1.total_cmp(&b.1));
    for (way, width, colour, is_ferry) in ways {
        let metres = way.tags.get("width").and_then(|w| w.parse::<f64>().ok()).unwrap_or(7.0);
        let points = view.points(way.nodes.iter().filter_map(place));
        let stroke = width.max(metres * zoom);
        let dash = if is_ferry { r##" stroke-dasharray="6 5""## } else { "" };
        if way.tags.is("bridge", "yes") {
            writeln!(out, r##"<polyline points="{points}" fill="none" stroke="#444" stroke-width="{:.1}"/>"##, stroke + 2.5)?;
        }
        writeln!(
            out,
            r##"<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{stroke:.1}" stroke-linejoin="round"{dash}/>"##
        )?;
    }
    Ok(())
}

fn style(way: &Way) -> (&Way, f64, &'static str, bool) {
    let (width, colour) = match way.tags.get("highway") {
        Some("motorway") => (3.0, "#7a4bb0"),
        Some("trunk") => (2.8, "#c8553d"),
        Some("primary") => (2.2, "#d98f2b"),
        Some("secondary") => (1.8, "#c9ab3a"),
        Some("tertiary") => (1.4, "#9a9a9a"),
        Some(_) => (1.0, "#b9b9b9"),
        None => (1.2, "#3b78a8"),
    };
    (way, width, colour, way.tags.is("route", "ferry"))
}

fn signs(out: &mut String, sketch: &Sketch, view: &View) -> std::fmt::Result {
    for node in sketch.osm.nodes.iter().filter(|n| n.tags.is("highway", "traffic_signals")) {
        writeln!(
            out,
            r##"<circle cx="{:.1}" cy="{:.1}" r="3" fill="#1f8f4d" stroke="#fff"/>"##,
            view.x(node.place.lon),
            view.y(node.place.lat)
        )?;
    }
    let span = view.north - view.south;
    for town in &sketch.towns {
        // Wards only where there is room for their names.
        let is_ward = town.ref_.as_str().starts_with("p-");
        if is_ward && span > 0.4 {
            continue;
        }
        let (x, y) = (view.x(town.place.lon), view.y(town.place.lat));
        writeln!(out, r##"<circle cx="{x:.1}" cy="{y:.1}" r="3.5" fill="#222"/>"##)?;
        // A pale halo first: not every viewer knows `paint-order`.
        for halo in [r##" stroke="#f4f1ea" stroke-width="3""##, ""] {
            let (x, y, name) = (x + 6.0, y - 5.0, escape(&town.name));
            writeln!(out, r##"<text x="{x:.1}" y="{y:.1}" font-size="14" fill="#222"{halo}>{name}</text>"##)?;
        }
    }
    Ok(())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
