//! Names on the map: towns, main roads and, near by, streets and hospitals. Which of them fit is decided here, without a renderer.

use sim_core::{
    geometry::{Point, point_along},
    network::{PlaceKind, RoadClass, RoadNetwork},
};
use std::collections::BTreeMap;

/// What a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelKind {
    /// A city, town or commune.
    Town,
    /// A road number.
    Road,
    /// A hospital, bus station, border gate.
    Place,
    /// A street.
    Street,
}

/// A name somewhere on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// What it belongs to.
    pub kind: LabelKind,
    /// The name.
    pub text: String,
    /// Metres east and north of the drawing's origin.
    pub at: [f32; 2],
    /// It is shown where a pixel is at most this many metres.
    pub until_m_per_px: f32,
    /// Among labels of a kind the higher goes first.
    pub weight: f32,
}

/// Every name of a network, most important first.
pub fn network_labels(network: &RoadNetwork, origin: Point) -> Vec<Label> {
    let local = |p: Point| [(p.x - origin.x) as f32, (p.y - origin.y) as f32];
    let mut labels: Vec<Label> = network
        .places
        .iter()
        .filter_map(|place| {
            let text = place.name.clone()?;
            let size = place.size.unwrap_or(0) as f32;
            let (kind, until_m_per_px) = match place.kind {
                PlaceKind::Settlement => (LabelKind::Town, if size >= 50_000.0 { 600.0 } else { 250.0 }),
                PlaceKind::BorderGate | PlaceKind::Airport => (LabelKind::Place, 100.0),
                PlaceKind::Hospital | PlaceKind::BusStation | PlaceKind::FerryLanding | PlaceKind::IndustrialPark => {
                    (LabelKind::Place, 6.0)
                }
                PlaceKind::TouristSite | PlaceKind::School | PlaceKind::Market => (LabelKind::Place, 3.0),
                _ => return None,
            };
            Some(Label { kind, text, at: local(place.point), until_m_per_px, weight: size })
        })
        .collect();
    labels.extend(road_labels(network, origin));
    labels.sort_by(|a, b| a.kind.cmp(&b.kind).then(b.weight.total_cmp(&a.weight)).then_with(|| a.text.cmp(&b.text)));
    labels
}

/// One label per road number or street name and tile: in the middle of its longest link there.
fn road_labels(network: &RoadNetwork, origin: Point) -> Vec<Label> {
    /// A road number is repeated about every 12 km, metres.
    const REPEAT_M: f64 = 12_000.0;
    /// Near by, where a pixel is at most [`NEAR_M_PER_PX`], a road number or a street name is repeated about every 2 km, metres.
    const REPEAT_NEAR_M: f64 = 2_000.0;
    const NEAR_M_PER_PX: f32 = 8.0;
    /// What is written, whether near by, and in which tile.
    type Spot<'a> = (LabelKind, &'a str, bool, i64, i64);
    let mut longest: BTreeMap<Spot<'_>, (f32, usize)> = BTreeMap::new();
    for (i, link) in network.links.iter().enumerate() {
        let mut offer = |kind, name, is_near| {
            let tile_m = if is_near { REPEAT_NEAR_M } else { REPEAT_M };
            let at = link.geometry[0];
            let tile = ((at.x / tile_m).floor() as i64, (at.y / tile_m).floor() as i64);
            let best = longest.entry((kind, name, is_near, tile.0, tile.1)).or_insert((0.0, i));
            if link.length_m > best.0 {
                *best = (link.length_m, i);
            }
        };
        if let Some(number) = &link.road_number {
            offer(LabelKind::Road, number.as_str(), false);
            offer(LabelKind::Road, number.as_str(), true);
        }
        if let Some(name) = link.name.as_deref().filter(|n| link.class <= RoadClass::Residential && Some(*n) != link.road_number.as_deref())
        {
            offer(LabelKind::Street, name, true);
        }
    }
    longest
        .into_iter()
        .map(|((kind, name, is_near, _, _), (length_m, i))| {
            let link = &network.links[i];
            let (p, _) = point_along(&link.geometry, f64::from(length_m) / 2.0);
            let until_m_per_px = match (kind, link.class) {
                (LabelKind::Road, _) if is_near => NEAR_M_PER_PX,
                (LabelKind::Road, RoadClass::Motorway | RoadClass::Trunk) => 120.0,
                (LabelKind::Road, _) => 40.0,
                (_, RoadClass::Motorway | RoadClass::Trunk | RoadClass::Primary) => 5.0,
                (_, RoadClass::Secondary | RoadClass::Tertiary) => 3.0,
                _ => 1.5,
            };
            Label { kind, text: name.to_owned(), at: [(p.x - origin.x) as f32, (p.y - origin.y) as f32], until_m_per_px, weight: length_m }
        })
        .collect()
}

/// A rectangle on the screen: left, top, right, bottom.
pub type ScreenRect = [f32; 4];

/// Takes labels in order as long as they overlap none taken before; `place` says where a label would lie, or `None` off the screen.
pub fn fitting(labels: &[Label], metres_per_px: f32, mut place: impl FnMut(&Label) -> Option<ScreenRect>) -> Vec<(&Label, ScreenRect)> {
    const MOST: usize = 120;
    let mut taken: Vec<(&Label, ScreenRect)> = Vec::new();
    for label in labels.iter().filter(|l| metres_per_px <= l.until_m_per_px) {
        if taken.len() == MOST {
            break;
        }
        if let Some(rect) = place(label)
            && !taken.iter().any(|(_, t)| rect[0] < t[2] && t[0] < rect[2] && rect[1] < t[3] && t[1] < rect[3])
        {
            taken.push((label, rect));
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(text: &str, x: f32, until_m_per_px: f32) -> Label {
        Label { kind: LabelKind::Town, text: text.into(), at: [x, 0.0], until_m_per_px, weight: 0.0 }
    }

    #[test]
    fn of_two_names_in_one_place_the_first_stays() {
        let labels =
            [label("Long Xuyên", 0.0, 100.0), label("Mỹ Bình", 5.0, 100.0), label("Châu Đốc", 90.0, 100.0), label("Alley", 300.0, 1.0)];
        let fits = fitting(&labels, 10.0, |l| Some([l.at[0], 0.0, l.at[0] + 40.0, 12.0]));
        assert_eq!(fits.iter().map(|(l, _)| l.text.as_str()).collect::<Vec<_>>(), ["Long Xuyên", "Châu Đốc"]);
    }

    #[test]
    fn a_road_number_is_in_sight_from_near_and_not_a_crowd_from_afar() {
        let network = maps::sketch::embedded().unwrap().network;
        let origin = network.places.iter().find(|p| p.name.as_deref() == Some("Mỹ Long")).map(|p| p.point).unwrap();
        let labels = network_labels(&network, origin);
        let shown = |within_m: f32, m_per_px: f32| {
            let near = |l: &&Label| l.at[0].abs() < within_m && l.at[1].abs() < within_m;
            labels.iter().filter(near).filter(|l| l.text == "QL91" && m_per_px <= l.until_m_per_px).count()
        };
        // The window opens on some 4 km of Long Xuyên, with 4 m a pixel.
        assert!((1..=4).contains(&shown(2_000.0, 4.0)), "{} near by", shown(2_000.0, 4.0));
        assert!(shown(20_000.0, 50.0) <= 9, "{} from afar", shown(20_000.0, 50.0));
    }
}
