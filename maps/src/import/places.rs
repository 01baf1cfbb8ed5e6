//! Places beside the road: hospitals, stops, car parks, gates, towns, each with the link it is reached from.

use super::{
    build::node_ref,
    numbers::whole,
    reach::distance_to_segment,
    report::{ImportReport, ReportGroup},
};
use crate::osm::{OsmData, Tags};
use rayon::prelude::*;
use rstar::{AABB, PointDistance, RTree, RTreeObject};
use sim_core::{
    class::VehicleClass,
    geometry::{LatLon, Point},
    ids::LinkId,
    network::{Link, LinkKind, Place, PlaceKind, RoadClass, RoadNetwork},
    reference::Ref,
};
use std::collections::BTreeMap;

/// What the tags of an element make it, if it is a place.
fn kind_of(tags: &Tags) -> Option<PlaceKind> {
    let get = |key: &str| tags.get(key);
    if matches!(get("place"), Some("city" | "town" | "village" | "hamlet" | "suburb" | "quarter")) {
        return Some(PlaceKind::Settlement);
    }
    let by_amenity = match get("amenity") {
        Some("hospital") => Some(PlaceKind::Hospital),
        Some("fire_station") => Some(PlaceKind::FireStation),
        Some("police") => Some(PlaceKind::Police),
        Some("bus_station") => Some(PlaceKind::BusStation),
        Some("parking" | "motorcycle_parking") if !matches!(get("access"), Some("private" | "no")) => Some(PlaceKind::CarPark),
        Some("ferry_terminal") => Some(PlaceKind::FerryLanding),
        Some("weighbridge") => Some(PlaceKind::WeighStation),
        Some("school" | "university" | "college" | "kindergarten") => Some(PlaceKind::School),
        Some("marketplace") => Some(PlaceKind::Market),
        _ => None,
    };
    let by_road = match (get("highway"), get("barrier")) {
        (Some("bus_stop"), _) => Some(PlaceKind::BusStop),
        (Some("crossing"), _) => Some(PlaceKind::Crossing),
        (Some("toll_gantry"), _) | (_, Some("toll_booth")) => Some(PlaceKind::TollGate),
        (Some("weigh_station"), _) => Some(PlaceKind::WeighStation),
        (_, Some("border_control")) => Some(PlaceKind::BorderGate),
        _ => None,
    };
    by_amenity.or(by_road).or_else(|| {
        if get("emergency") == Some("fire_station") || get("building") == Some("fire_station") {
            Some(PlaceKind::FireStation)
        } else if matches!(get("government"), Some("customs" | "border_control")) || get("office") == Some("customs") {
            Some(PlaceKind::BorderGate)
        } else if matches!(get("tourism"), Some("attraction" | "museum" | "theme_park" | "zoo")) {
            Some(PlaceKind::TouristSite)
        } else if get("landuse") == Some("industrial") && get("name").is_some() {
            Some(PlaceKind::IndustrialPark)
        } else if get("aeroway") == Some("aerodrome") {
            Some(PlaceKind::Airport)
        } else {
            None
        }
    })
}

/// How far from a road a place may lie and still be reached from it, metres (assumed).
const fn reach_m(kind: PlaceKind) -> f64 {
    match kind {
        PlaceKind::Settlement | PlaceKind::Airport | PlaceKind::IndustrialPark => 2000.0,
        PlaceKind::Crossing => 15.0,
        PlaceKind::BusStop | PlaceKind::TollGate => 40.0,
        _ => 300.0,
    }
}

fn size_of(kind: PlaceKind, tags: &Tags) -> Option<u32> {
    let keys: &[&str] = match kind {
        PlaceKind::Settlement => &["population"],
        PlaceKind::Hospital => &["beds", "capacity:beds", "capacity"],
        _ => &["capacity"],
    };
    keys.iter().find_map(|k| whole(tags.get(k)?))
}

/// A link as the tree sees it: its bounds, and its line for exact distances.
struct LinkLine<'a> {
    id: LinkId,
    line: &'a [Point],
    bounds: AABB<[f64; 2]>,
}

impl RTreeObject for LinkLine<'_> {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.bounds
    }
}

impl PointDistance for LinkLine<'_> {
    fn distance_2(&self, point: &[f64; 2]) -> f64 {
        let p = Point::new(point[0], point[1]);
        let least = self.line.windows(2).map(|w| distance_to_segment(p, w[0], w[1])).fold(f64::INFINITY, f64::min);
        least * least
    }
}

/// Finds the places in the data and the links they are reached from. Crossings and stops away from every kept road are left out.
pub(crate) fn find_places(data: &OsmData, network: &mut RoadNetwork, report: &mut ImportReport) {
    let mut found: Vec<Place> = Vec::new();
    let frame = network.meta.frame;
    let mut add = |ref_: Ref, tags: &Tags, place: LatLon| {
        let Some(kind) = kind_of(tags) else { return };
        let name = tags.get("name").or_else(|| tags.get("name:vi")).map(str::to_owned);
        found.push(Place { ref_, kind, name, point: frame.project(place), access: None, size: size_of(kind, tags) });
    };
    for node in data.nodes.iter().filter(|n| !n.tags.0.is_empty()) {
        let ref_ = node_ref(node.tags.get("twin:ref").unwrap_or(&format!("n{}", node.id)), node.id);
        add(ref_, &node.tags, node.place);
    }
    for way in data.ways.iter().filter(|w| kind_of(&w.tags).is_some()) {
        let ends: Vec<LatLon> = way.nodes.iter().filter_map(|id| data.node(*id)).map(|n| n.place).collect();
        if ends.is_empty() {
            continue;
        }
        let mean = |f: fn(&LatLon) -> f64| ends.iter().map(f).sum::<f64>() / ends.len() as f64;
        let ref_ = way.tags.get("twin:ref").map_or_else(|| Ref::new(format!("osm:w{}", way.id)), Ref::from);
        add(ref_, &way.tags, LatLon { lat: mean(|p| p.lat), lon: mean(|p| p.lon) });
    }
    add_landings(network, &mut found);
    if !found.is_empty() {
        let tree = lines(network);
        let access: Vec<_> = found.par_iter().with_min_len(64).map(|p| nearest(network, &tree, p.point, reach_m(p.kind))).collect();
        found.iter_mut().zip(access).for_each(|(place, access)| place.access = access);
    }
    found.retain(|p| p.access.is_some() || !matches!(p.kind, PlaceKind::Crossing | PlaceKind::BusStop | PlaceKind::TollGate));
    let mut seen: BTreeMap<Ref, u32> = BTreeMap::new();
    for place in &mut found {
        let times = seen.entry(place.ref_.clone()).or_default();
        *times += 1;
        if *times > 1 {
            place.ref_ = Ref::new(format!("{}~{times}", place.ref_));
        }
        if place.access.is_none() {
            report.add(ReportGroup::Noted, "place without a road near it", &place.ref_);
        }
    }
    report.add_count(ReportGroup::Read, "places", found.len() as u64);
    network.places = found;
}

/// The junctions where ferries land are places, too, unless the map has a terminal there.
fn add_landings(network: &RoadNetwork, found: &mut Vec<Place>) {
    for junction in &network.junctions {
        let is_ferry = |l: &LinkId| matches!(network.link(*l).kind, LinkKind::Ferry(_));
        let links = || junction.incoming.iter().chain(&junction.outgoing);
        let lands = links().any(is_ferry) && links().any(|l| !is_ferry(l));
        let is_mapped = found.iter().any(|p| p.kind == PlaceKind::FerryLanding && p.point.distance_m(junction.centre) < 100.0);
        if lands && !is_mapped {
            let name = links().find(|l| is_ferry(l)).and_then(|l| network.link(*l).name.clone());
            found.push(Place {
                ref_: junction.ref_.clone(),
                kind: PlaceKind::FerryLanding,
                name,
                point: junction.centre,
                access: None,
                size: None,
            });
        }
    }
}

fn lines(network: &RoadNetwork) -> RTree<LinkLine<'_>> {
    let is_open = |link: &Link| {
        let open = link.access.contains(VehicleClass::Car) || link.access.contains(VehicleClass::Motorcycle);
        open && link.kind == LinkKind::Road && link.class != RoadClass::Motorway
    };
    let open = network.links.iter().enumerate().filter(|(_, link)| is_open(link));
    let lines = open.map(|(i, link)| {
        let corners: Vec<[f64; 2]> = link.geometry.iter().map(|p| [p.x, p.y]).collect();
        LinkLine { id: LinkId::from_index(i), line: &link.geometry, bounds: AABB::from_points(&corners) }
    });
    RTree::bulk_load(lines.collect())
}

fn nearest(network: &RoadNetwork, tree: &RTree<LinkLine<'_>>, point: Point, reach_m: f64) -> Option<(LinkId, f32)> {
    let found = tree.nearest_neighbor([point.x, point.y])?;
    let (mut along, mut best, mut before) = (0.0, f64::INFINITY, 0.0);
    for pair in found.line.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let length = a.distance_m(b);
        let distance = distance_to_segment(point, a, b);
        if distance < best {
            best = distance;
            let inner = (point.x - a.x) * (b.x - a.x) + (point.y - a.y) * (b.y - a.y);
            along = before + if length > 0.0 { (inner / length).clamp(0.0, length) } else { 0.0 };
        }
        before += length;
    }
    if best > reach_m {
        return None;
    }
    let l = network.link(found.id);
    let along = along / before.max(1e-9) * f64::from(l.length_m);
    Some((found.id, (along as f32).clamp(0.0, l.length_m)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_make_places() {
        type Case<'a> = (&'a [(&'a str, &'a str)], Option<PlaceKind>);
        let cases: [Case<'_>; 14] = [
            (&[("place", "town")], Some(PlaceKind::Settlement)),
            (&[("amenity", "hospital")], Some(PlaceKind::Hospital)),
            (&[("amenity", "fire_station")], Some(PlaceKind::FireStation)),
            (&[("amenity", "bus_station")], Some(PlaceKind::BusStation)),
            (&[("highway", "bus_stop")], Some(PlaceKind::BusStop)),
            (&[("amenity", "parking")], Some(PlaceKind::CarPark)),
            (&[("amenity", "parking"), ("access", "private")], None),
            (&[("amenity", "ferry_terminal")], Some(PlaceKind::FerryLanding)),
            (&[("barrier", "toll_booth")], Some(PlaceKind::TollGate)),
            (&[("barrier", "border_control")], Some(PlaceKind::BorderGate)),
            (&[("amenity", "marketplace")], Some(PlaceKind::Market)),
            (&[("landuse", "industrial"), ("name", "KCN Bình Long")], Some(PlaceKind::IndustrialPark)),
            (&[("aeroway", "aerodrome")], Some(PlaceKind::Airport)),
            (&[("amenity", "bench")], None),
        ];
        for (tags, expected) in cases {
            let tags = Tags(tags.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect());
            assert_eq!(kind_of(&tags), expected, "{tags:?}");
        }
    }
}
