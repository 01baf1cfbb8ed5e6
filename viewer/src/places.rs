//! What can be searched: streets, road numbers and places of a map, found by any part of their name, with or without marks.

use crate::fold::fold;
use sim_core::{
    geometry::{Point, point_along},
    network::{PlaceKind, RoadNetwork},
};
use std::collections::BTreeMap;

/// Something that has a name on the map.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Its name.
    pub name: String,
    /// What it is, for a place.
    pub kind: Option<PlaceKind>,
    /// Where to look: metres from the drawing's origin.
    pub at: [f32; 2],
    /// From how near: metres per pixel.
    pub metres_per_px: f32,
    folded: String,
    weight: f32,
}

/// Everything that has a name.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    all: Vec<Named>,
}

impl Directory {
    /// The names of a network; places in metres from `origin`.
    pub fn new(network: &RoadNetwork, origin: Point) -> Self {
        let local = |p: Point| [(p.x - origin.x) as f32, (p.y - origin.y) as f32];
        let mut all: Vec<Named> = network
            .places
            .iter()
            .filter_map(|place| {
                let name = place.name.clone()?;
                let is_town = place.kind == PlaceKind::Settlement;
                let weight = if is_town { 1e7 + place.size.unwrap_or(0) as f32 } else { 1e5 };
                Some(named(name, Some(place.kind), local(place.point), if is_town { 4.0 } else { 0.6 }, weight))
            })
            .collect();
        // A street may have many links: its middle link stands for it, its length says how important it is.
        let mut streets: BTreeMap<&str, (f32, Vec<usize>)> = BTreeMap::new();
        for (i, link) in network.links.iter().enumerate() {
            for name in [link.name.as_deref(), link.road_number.as_deref()].into_iter().flatten() {
                let street = streets.entry(name).or_default();
                street.0 += link.length_m;
                street.1.push(i);
            }
        }
        for (name, (length_m, links)) in streets {
            let link = &network.links[links[links.len() / 2]];
            let (middle, _) = point_along(&link.geometry, f64::from(link.length_m) / 2.0);
            all.push(named(name.to_owned(), None, local(middle), 0.8, length_m));
        }
        Self { all }
    }

    /// What has `wanted` in its name, best first: names that begin with it, then those with a word that does, then the others; the
    /// important ones first.
    pub fn find(&self, wanted: &str, most: usize) -> Vec<&Named> {
        let wanted = fold(wanted.trim());
        if wanted.is_empty() {
            return Vec::new();
        }
        let rank = |named: &Named| {
            if named.folded.starts_with(&wanted) {
                Some(0)
            } else if named.folded.split_whitespace().any(|w| w.starts_with(&wanted)) || named.folded.contains(&format!(" {wanted}")) {
                Some(1)
            } else {
                named.folded.contains(&wanted).then_some(2)
            }
        };
        let mut found: Vec<(u8, &Named)> = self.all.iter().filter_map(|n| rank(n).map(|r| (r, n))).collect();
        found.sort_by(|(r, a), (s, b)| r.cmp(s).then(b.weight.total_cmp(&a.weight)).then_with(|| a.name.cmp(&b.name)));
        found.into_iter().take(most).map(|(_, n)| n).collect()
    }
}

fn named(name: String, kind: Option<PlaceKind>, at: [f32; 2], metres_per_px: f32, weight: f32) -> Named {
    Named { folded: fold(&name), name, kind, at, metres_per_px, weight }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_is_found_without_its_marks_and_by_its_second_word() {
        let network = maps::sketch::embedded().unwrap().network;
        let directory = Directory::new(&network, Point::default());
        let first = |wanted: &str| directory.find(wanted, 5).first().map(|n| n.name.clone());
        assert_eq!(first("tran hung dao"), Some("Trần Hưng Đạo".into()));
        assert_eq!(first("Trần Hưng"), Some("Trần Hưng Đạo".into()));
        assert_eq!(first("hung dao"), Some("Trần Hưng Đạo".into()));
        assert_eq!(first("ql91"), Some("QL91".into()));
        assert!(directory.find("châu đ", 5).iter().any(|n| n.name.starts_with("Châu Đ")));
        assert!(directory.find("   ", 5).is_empty() && directory.find("zzzz", 5).is_empty());
    }
}
