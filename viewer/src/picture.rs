//! A small picture of each example for the start page: its waters and roads, and what it is about as marks. Drawn from the example's own map and
//! files by the program, so nothing of it is kept in a file. Made on a thread of its own, when the start page is first seen.

use crate::{
    load::{self, EXAMPLES, Opened, Wanted},
    polygon::triangles,
};
use maps::sketch::{WaterKind, WaterShape};
use scenarios::run::load::find;
use sim_core::{
    geometry::{LatLon, Point},
    network::{JunctionKind, LinkKind, RoadClass},
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// What a line or area of a picture is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// An area of water: triangles, three corners each.
    Water,
    /// Land in the water: triangles.
    Island,
    /// Water too narrow for an area: a line.
    Canal,
    /// A road of this class: a line.
    Road(RoadClass),
}

/// What a mark says of its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is counted there.
    Count,
    /// There are signals.
    Signal,
    /// The road is closed.
    Closed,
    /// One can park.
    CarPark,
}

/// A small picture: places are shares of its width and height, from the upper left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// In drawing order.
    pub parts: Vec<(Part, Vec<[f32; 2]>)>,
    /// On top.
    pub marks: Vec<(Mark, [f32; 2])>,
}

/// Height of a picture as a share of its width.
pub const ASPECT: f32 = 0.62;
/// Points nearer to each other than this share of the width are one.
const GRAIN: f32 = 0.008;

/// The pictures that are ready, by the example's name. The first call starts the making of them.
pub fn pictures() -> Arc<BTreeMap<&'static str, Picture>> {
    type Pictures = Mutex<Arc<BTreeMap<&'static str, Picture>>>;
    static MADE: OnceLock<Pictures> = OnceLock::new();
    let lock = |made: &'static Pictures| made.lock().unwrap_or_else(PoisonError::into_inner);
    let mut is_first = false;
    let made = MADE.get_or_init(|| {
        is_first = true;
        Mutex::default()
    });
    if is_first {
        let work = move || {
            for (name, _) in EXAMPLES {
                if let Some(picture) = picture_of(name) {
                    let mut pictures = lock(made);
                    Arc::make_mut(&mut pictures).insert(name, picture);
                }
            }
        };
        // Without a thread there are no pictures, only sentences.
        let _ = std::thread::Builder::new().name("pictures".into()).spawn(work);
    }
    lock(made).clone()
}

/// The picture of an example; none where it does not open.
pub fn picture_of(name: &str) -> Option<Picture> {
    let opened = load::open(Wanted::at_once(name)).ok()?;
    let found = find(name.as_ref(), &[]).ok()?;
    let file = &found.scenario.parsed.file;
    let frame = &opened.network.meta.frame;
    let mut marks: Vec<(Mark, Point)> = Vec::new();
    if opened.has_counts {
        marks.extend(opened.counted.iter().map(|p| (Mark::Count, *p)));
    }
    if name.contains("signals") {
        let signals = opened.network.junctions.iter().filter(|j| matches!(j.kind, JunctionKind::Signal(_)));
        marks.extend(signals.map(|j| (Mark::Signal, j.centre)));
    }
    for incident in &file.incidents {
        let at = incident.near.map(|[lat, lon]| frame.project(LatLon { lat, lon }));
        let at = at.or_else(|| incident.link.as_deref().and_then(|link| middle_of(&opened, link)));
        marks.extend(at.map(|p| (Mark::Closed, p)));
    }
    for park in &file.car_parks {
        marks.extend(park.link.as_deref().and_then(|link| middle_of(&opened, link)).map(|p| (Mark::CarPark, p)));
    }
    Some(draw(&opened, &marks))
}

fn middle_of(opened: &Opened, ref_: &str) -> Option<Point> {
    let link = opened.network.links.iter().find(|l| l.ref_.as_str() == ref_)?;
    link.geometry.get(link.geometry.len() / 2).copied()
}

/// Roads, waters and marks around the place where the map opens.
fn draw(opened: &Opened, marks: &[(Mark, Point)]) -> Picture {
    let network = &opened.network;
    let scale = 1.0 / opened.extent_m;
    let place = |p: Point| {
        let (x, y) = ((p.x - opened.origin.x) * scale, (p.y - opened.origin.y) * scale);
        [(0.5 + x) as f32, (0.5 - y / f64::from(ASPECT)) as f32]
    };
    let is_near = |p: &[f32; 2]| (-0.05..=1.05).contains(&p[0]) && (-0.05..=1.05).contains(&p[1]);
    let mut picture = Picture::default();
    for water in &opened.waters {
        let project = |points: &[LatLon]| points.iter().map(|p| place(network.meta.frame.project(*p))).collect::<Vec<_>>();
        match &water.shape {
            WaterShape::Area(outline) => {
                let outline = within(&thinned(&project(outline)));
                let part = if water.kind == WaterKind::Island { Part::Island } else { Part::Water };
                let corners: Vec<Point> = outline.iter().map(|p| Point::new(f64::from(p[0]), f64::from(p[1]))).collect();
                let filled: Vec<[f32; 2]> = triangles(&corners).into_iter().flatten().map(|i| outline[i as usize]).collect();
                if !filled.is_empty() {
                    picture.parts.push((part, filled));
                }
            }
            WaterShape::Line { points, .. } => {
                let line = thinned(&project(points));
                if line.iter().any(is_near) {
                    picture.parts.push((Part::Canal, line));
                }
            }
        }
    }
    let mut roads: Vec<(RoadClass, Vec<[f32; 2]>)> = Vec::new();
    for link in network.links.iter().filter(|l| l.kind == LinkKind::Road) {
        // One line for both directions.
        if link.opposite.is_some_and(|r| network.link(r).ref_ < link.ref_) {
            continue;
        }
        let line = thinned(&link.geometry.iter().map(|p| place(*p)).collect::<Vec<_>>());
        if line.iter().any(is_near) || line.windows(2).any(|w| is_near(&[(w[0][0] + w[1][0]) / 2.0, (w[0][1] + w[1][1]) / 2.0])) {
            roads.push((link.class, line));
        }
    }
    roads.sort_by_key(|(class, _)| std::cmp::Reverse(*class));
    picture.parts.extend(roads.into_iter().map(|(class, line)| (Part::Road(class), line)));
    picture.marks = marks.iter().map(|(mark, p)| (*mark, place(*p))).filter(|(_, p)| is_near(p)).collect();
    picture
}

/// A line without points that are too near to the one before; its ends stay.
fn thinned(line: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut kept: Vec<[f32; 2]> = Vec::new();
    for (i, p) in line.iter().enumerate() {
        let is_far = kept.last().is_none_or(|k| (k[0] - p[0]).abs() + (k[1] - p[1]).abs() >= GRAIN);
        if is_far || i + 1 == line.len() {
            kept.push(*p);
        }
    }
    kept
}

/// The part of an outline inside the picture (Sutherland and Hodgman's clipping, edge by edge).
fn within(outline: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let mut points = outline.to_vec();
    for (axis, bound, sign) in [(0, 0.0, 1.0), (0, 1.0, -1.0), (1, 0.0, 1.0), (1, 1.0, -1.0)] {
        let inside = |p: [f32; 2]| (p[axis] - bound) * sign >= 0.0;
        let before = std::mem::take(&mut points);
        for (i, p) in before.iter().enumerate() {
            let last = before[(i + before.len() - 1) % before.len()];
            if inside(*p) != inside(last) {
                let share = (bound - last[axis]) / (p[axis] - last[axis]);
                points.push([last[0] + (p[0] - last[0]) * share, last[1] + (p[1] - last[1]) * share]);
            }
            if inside(*p) {
                points.push(*p);
            }
        }
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_is_cut_at_the_edges_of_the_picture() {
        let around = within(&[[-1.0, -1.0], [2.0, -1.0], [2.0, 2.0], [-1.0, 2.0]]);
        assert_eq!(around.len(), 4);
        assert!(around.iter().flatten().all(|v| *v == 0.0 || *v == 1.0), "{around:?}");
        assert_eq!(within(&[[0.5, 0.5], [1.5, 0.5], [0.5, 0.9]]).len(), 4, "a corner outside becomes two on the edge");
        assert!(within(&[[2.0, 2.0], [3.0, 2.0], [3.0, 3.0]]).is_empty());
    }

    #[test]
    fn the_closed_bridge_is_marked_and_lies_over_water() {
        let picture = picture_of("long-xuyen-bridge").unwrap();
        let closed: Vec<_> = picture.marks.iter().filter(|(mark, _)| *mark == Mark::Closed).collect();
        assert_eq!(closed.len(), 1);
        assert!(picture.parts.iter().any(|(part, _)| *part == Part::Water), "the river");
        assert!(picture.parts.iter().filter(|(part, _)| matches!(part, Part::Road(_))).count() > 100);
    }

    #[test]
    fn no_two_examples_of_a_town_look_the_same() {
        let pictures: Vec<_> = ["long-xuyen-morning", "long-xuyen-bridge", "long-xuyen-market", "long-xuyen-signals"]
            .iter()
            .map(|name| picture_of(name).unwrap())
            .collect();
        for (i, one) in pictures.iter().enumerate() {
            assert!(pictures[i + 1..].iter().all(|other| other != one), "{i}");
        }
    }
}
