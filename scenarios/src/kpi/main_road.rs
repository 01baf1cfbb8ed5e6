//! Which links the plan means by "main roads", and how much of their length something reaches.
//!
//! | set | links | for |
//! |---|---|---|
//! | expressway | class motorway, or number `CT…` | K12, K13, K18 |
//! | ring road | listed as `ring_road` in the register, or named vành đai, tuyến tránh, ring road or bypass | K12, K18 |
//! | national | number `QL…` or `N…`, or class trunk without a number | K02, K13, K18 |
//! | provincial | number `ĐT…`, `DT…` or `TL…`; for K02 only the key ones once the register lists any | K02, K13, K18 |
//! | gateway, tourist, freight | listed in the register | K02; tourist and freight also K13 |
//! | urban street | built-up, class secondary or above | K18 (annex II.1 names đường đô thị) |
//!
//! Ferries are none of them. Shares are by length; each direction of a road counts with its own length.

use crate::register::{Equipment, RoadCategory, numbers_of};
use sim_core::{
    geometry::{Point, polyline_length_m},
    ids::LinkId,
    network::{Link, LinkKind, RoadClass, RoadNetwork},
};

/// Longest piece of a link that is looked at as one point, metres.
const PIECE_M: f64 = 10.0;

/// The main roads of one indicator, in id order.
pub(super) fn main_roads(network: &RoadNetwork, equipment: Option<&Equipment>, id: &str) -> Vec<LinkId> {
    let listed = |category, link| equipment.and_then(|e| e.categories.get(&category)).is_some_and(|links| links.contains(&link));
    let lists_key_roads = equipment.is_some_and(|e| e.categories.contains_key(&RoadCategory::KeyProvincial));
    let is_main = |i: LinkId, link: &Link| {
        let ring = is_ring_road(link) || listed(RoadCategory::RingRoad, i);
        let provincial = is_provincial(link);
        let (tourist, freight) = (listed(RoadCategory::Tourist, i), listed(RoadCategory::Freight, i));
        match id {
            "K02" => {
                let key = if lists_key_roads { listed(RoadCategory::KeyProvincial, i) } else { provincial };
                is_national(link) || key || listed(RoadCategory::Gateway, i) || tourist
            }
            "K12" => is_expressway(link) || ring,
            "K13" => is_national(link) || is_expressway(link) || provincial || tourist || freight,
            _ => is_expressway(link) || ring || is_national(link) || provincial || is_urban_street(link),
        }
    };
    let links = network.links.iter().enumerate().map(|(i, l)| (LinkId::from_index(i), l));
    links.filter(|(i, l)| l.kind == LinkKind::Road && is_main(*i, l)).map(|(i, _)| i).collect()
}

/// Whether a number of the link is one of `prefixes` followed by a sign that `goes_on` accepts.
fn has_number(link: &Link, prefixes: &[&str], goes_on: impl Fn(char) -> bool) -> bool {
    let is_one = |number: &str| {
        let normal = crate::register::normal_number(number);
        prefixes.iter().any(|p| normal.strip_prefix(p).is_some_and(|rest| rest.starts_with(&goes_on)))
    };
    link.road_number.iter().flat_map(|n| numbers_of(n)).any(is_one)
}

fn is_expressway(link: &Link) -> bool {
    link.class == RoadClass::Motorway || has_number(link, &["CT"], |_| true)
}

fn is_national(link: &Link) -> bool {
    has_number(link, &["QL", "N"], |c| c.is_ascii_digit() || c == 'N') || (link.class == RoadClass::Trunk && link.road_number.is_none())
}

fn is_provincial(link: &Link) -> bool {
    has_number(link, &["DT"], |c| c.is_ascii_digit())
}

fn is_ring_road(link: &Link) -> bool {
    let name = link.name.as_deref().unwrap_or("").to_lowercase();
    ["vành đai", "tuyến tránh", "đường tránh", "ring road", "bypass"].iter().any(|word| name.contains(word))
}

fn is_urban_street(link: &Link) -> bool {
    link.is_urban && link.class <= RoadClass::Secondary
}

/// A part of a length.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Share {
    /// Metres that are reached.
    pub(super) reached_m: f64,
    /// All metres.
    pub(super) total_m: f64,
}

impl Share {
    /// Per cent; `None` of nothing.
    pub(super) fn percent(self) -> Option<f64> {
        (self.total_m > 0.0).then(|| self.reached_m / self.total_m * 100.0)
    }
}

/// How much of `links` is reached: whole links by `is_whole`, of the others the pieces whose middle `reaches` says so.
pub(super) fn share(
    network: &RoadNetwork,
    links: &[LinkId],
    is_whole: impl Fn(LinkId) -> bool,
    reaches: impl Fn(LinkId, Point) -> bool,
) -> Share {
    let mut share = Share::default();
    for id in links {
        let link = network.link(*id);
        let length_m = f64::from(link.length_m);
        share.total_m += length_m;
        if is_whole(*id) {
            share.reached_m += length_m;
            continue;
        }
        let (mut drawn_m, mut reached_m) = (0.0, 0.0);
        for leg in link.geometry.windows(2) {
            let leg_m = polyline_length_m(leg);
            let pieces = (leg_m / PIECE_M).ceil().max(1.0) as usize;
            for i in 0..pieces {
                let along = (i as f64 + 0.5) / pieces as f64;
                let middle = Point::new(leg[0].x + (leg[1].x - leg[0].x) * along, leg[0].y + (leg[1].y - leg[0].y) * along);
                if reaches(*id, middle) {
                    reached_m += leg_m / pieces as f64;
                }
            }
            drawn_m += leg_m;
        }
        if drawn_m > 0.0 {
            share.reached_m += reached_m / drawn_m * length_m;
        }
    }
    share
}
