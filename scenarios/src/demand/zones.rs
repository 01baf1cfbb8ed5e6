//! Zones: where trips begin and end. A zone is a settlement (or a part of a large one), a point of the user's, or a place where a main
//! road crosses the edge of the region. Its connectors are the road positions its trips start from and arrive at.

use sim_core::{
    class::VehicleClass,
    demand::LinkPosition,
    geometry::Point,
    ids::LinkId,
    network::{JunctionKind, LinkKind, PlaceKind, RoadClass, RoadNetwork},
    reference::Ref,
};
use std::collections::BTreeMap;

/// Where trips of a zone enter or leave the road.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Connector {
    /// The place.
    pub at: LinkPosition,
    /// Its share of the zone's trips, relative to the zone's other connectors; more than 0.
    pub weight: f64,
    /// The street: connectors of a zone with the same number are its two directions.
    pub street: usize,
}

/// What a zone stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ZoneKind {
    /// People who live and work there.
    Inside,
    /// Everything beyond the region's edge along one road.
    Boundary,
}

/// A zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// Stable name, used in demand tables and trip refs.
    pub ref_: Ref,
    /// A name for people.
    pub name: String,
    /// What it stands for.
    pub kind: ZoneKind,
    /// Inhabitants; for a boundary point the inhabitants that would make as many trips.
    pub population: f64,
    /// Its centre.
    pub point: Point,
    /// Where its trips begin.
    pub origins: Vec<Connector>,
    /// Where trips to it end.
    pub destinations: Vec<Connector>,
}

/// A circle of the network's plane; what lies outside is beyond the edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Its centre.
    pub centre: Point,
    /// Its radius, metres.
    pub radius_m: f64,
}

impl Region {
    fn holds(&self, point: Point) -> bool {
        self.centre.distance_m(point) <= self.radius_m
    }
}

/// How zones are made.
#[derive(Clone, Debug, PartialEq)]
pub struct ZoneSettings {
    /// Only settlements in here become zones, and roads that cross its edge boundary points; without it the whole network.
    pub region: Option<Region>,
    /// A settlement with more inhabitants is divided into zones of about this many (assumed).
    pub split_population: f64,
    /// Inhabitants per km² of a settlement, for the circle its trips begin in (assumed).
    pub density_per_km2: f64,
    /// Streets a zone is connected to at most; each direction counts as one connector.
    pub streets_most: usize,
    /// Only roads of at least this importance make boundary points.
    pub boundary_least: RoadClass,
}

impl Default for ZoneSettings {
    fn default() -> Self {
        Self { region: None, split_population: 25_000.0, density_per_km2: 4_000.0, streets_most: 6, boundary_least: RoadClass::Tertiary }
    }
}

/// The inhabitants that make as many trips as cross the edge on a road of this class (assumed: with the prior's 0.05 trips a head, a trunk
/// road brings and takes 750 vehicles in the busiest hour).
fn boundary_population(class: RoadClass) -> f64 {
    match class {
        RoadClass::Motorway => 15_000.0,
        RoadClass::Trunk => 15_000.0,
        RoadClass::Primary => 8_000.0,
        RoadClass::Secondary => 4_000.0,
        _ => 1_500.0,
    }
}

/// A place with inhabitants, before it is connected to roads.
#[derive(Clone, Debug, PartialEq)]
pub struct ZonePoint {
    /// Stable name.
    pub ref_: Ref,
    /// A name for people.
    pub name: String,
    /// Inhabitants.
    pub population: f64,
    /// Where.
    pub point: Point,
}

/// Zones from the network itself: its settlements with a known number of inhabitants, and its boundary points.
pub fn from_network(network: &RoadNetwork, settings: &ZoneSettings) -> Vec<Zone> {
    let inside = |p: Point| settings.region.is_none_or(|r| r.holds(p));
    let streets = Street::all(network, &inside);
    let mut points = Vec::new();
    for place in &network.places {
        let Some(population) = place.size.filter(|_| place.kind == PlaceKind::Settlement && inside(place.point)) else { continue };
        let whole = ZonePoint {
            ref_: place.ref_.clone(),
            name: place.name.clone().unwrap_or_else(|| place.ref_.to_string()),
            population: f64::from(population),
            point: place.point,
        };
        let parts = libm::ceil(whole.population / settings.split_population).max(1.0) as usize;
        points.extend(split(whole, parts, &streets, settings));
    }
    from_points(network, &points, settings)
}

/// Zones from given points, and the network's boundary points.
pub fn from_points(network: &RoadNetwork, points: &[ZonePoint], settings: &ZoneSettings) -> Vec<Zone> {
    let inside = |p: Point| settings.region.is_none_or(|r| r.holds(p));
    let streets = Street::all(network, &inside);
    // Each street belongs to the nearest zone that reaches it.
    let mut own: Vec<Vec<&Street>> = vec![Vec::new(); points.len()];
    for street in &streets {
        let nearest =
            points.iter().enumerate().min_by(|a, b| a.1.point.distance_m(street.middle).total_cmp(&b.1.point.distance_m(street.middle)));
        if let Some((z, point)) = nearest
            && point.point.distance_m(street.middle) <= reach_of(point.population, settings)
        {
            own[z].push(street);
        }
    }
    let mut zones = Vec::with_capacity(points.len());
    for (point, mut own) in points.iter().zip(own) {
        if own.is_empty() {
            own.extend(streets.iter().min_by(|a, b| point.point.distance_m(a.middle).total_cmp(&point.point.distance_m(b.middle))));
        }
        let connectors = connect(network, point.point, &own, settings.streets_most);
        zones.push(Zone {
            ref_: point.ref_.clone(),
            name: point.name.clone(),
            kind: ZoneKind::Inside,
            population: point.population,
            point: point.point,
            origins: connectors.clone(),
            destinations: connectors,
        });
    }
    zones.extend(boundary(network, settings));
    zones
}

/// How far from a settlement's centre its trips begin where nothing else is set, metres.
pub(crate) fn reach_m(population: f64) -> f64 {
    reach_of(population, &ZoneSettings::default())
}

/// The same with these settings.
fn reach_of(population: f64, settings: &ZoneSettings) -> f64 {
    let area_m2 = population / settings.density_per_km2 * 1e6;
    (1.5 * libm::sqrt(area_m2 / core::f64::consts::PI)).clamp(600.0, 6_000.0)
}

/// A street piece that trips may begin on: one direction or both.
struct Street {
    link: LinkId,
    opposite: Option<LinkId>,
    middle: Point,
    /// Length times how much lives along such a road.
    weight: f64,
}

/// How much lives along a metre of road of this class (assumed).
pub(crate) fn frontage(class: RoadClass) -> f64 {
    match class {
        RoadClass::Motorway | RoadClass::Ferry => 0.0,
        RoadClass::Trunk => 0.15,
        RoadClass::Primary => 0.4,
        RoadClass::Secondary => 0.7,
        RoadClass::Tertiary | RoadClass::Residential => 1.0,
        RoadClass::Unclassified => 0.6,
        RoadClass::Service => 0.3,
    }
}

impl Street {
    fn all(network: &RoadNetwork, inside: &dyn Fn(Point) -> bool) -> Vec<Self> {
        let mut streets = Vec::new();
        for (i, link) in network.links.iter().enumerate() {
            let id = LinkId::from_index(i);
            let usable = link.kind == LinkKind::Road
                && !link.is_roundabout
                && !link.is_bridge
                && link.length_m >= 20.0
                && link.access.contains(VehicleClass::Motorcycle)
                && link.opposite.is_none_or(|o| id < o);
            let middle = link.geometry[link.geometry.len() / 2];
            let weight = f64::from(link.length_m) * frontage(link.class);
            if usable && weight > 0.0 && inside(middle) {
                streets.push(Self { link: id, opposite: link.opposite, middle, weight });
            }
        }
        streets
    }
}

/// Divides a large settlement into parts around streets that lie far from each other.
fn split(whole: ZonePoint, parts: usize, streets: &[Street], settings: &ZoneSettings) -> Vec<ZonePoint> {
    let reach_m = reach_of(whole.population, settings);
    let near: Vec<&Street> = streets.iter().filter(|s| s.middle.distance_m(whole.point) <= reach_m).collect();
    if parts < 2 || near.len() < parts {
        return vec![whole];
    }
    let centres = spread(whole.point, &near, parts);
    // A part is as large as the streets nearest to it.
    let mut weights = vec![0.0; centres.len()];
    for street in &near {
        weights[nearest_of(&centres, &near, street.middle)] += street.weight;
    }
    let sum: f64 = weights.iter().sum();
    let part = |(n, c): (usize, &usize)| ZonePoint {
        ref_: Ref::from(format!("{}/{}", whole.ref_, n + 1)),
        name: format!("{} {}", whole.name, n + 1),
        population: whole.population * weights[n] / sum,
        point: near[*c].middle,
    };
    centres.iter().enumerate().map(part).collect()
}

/// Up to `most` of the streets, far from each other: the nearest to `start` first, then each time the one farthest from all chosen.
fn spread(start: Point, streets: &[&Street], most: usize) -> Vec<usize> {
    let mut chosen = Vec::new();
    let mut apart: Vec<f64> = streets.iter().map(|s| -s.middle.distance_m(start)).collect();
    while chosen.len() < most.min(streets.len()) {
        let next = (0..streets.len()).max_by(|a, b| apart[*a].total_cmp(&apart[*b]).then(b.cmp(a)));
        let Some(next) = next.filter(|n| chosen.is_empty() || apart[*n] > 0.0) else { break };
        if chosen.is_empty() {
            apart.fill(f64::INFINITY);
        }
        for (a, s) in apart.iter_mut().zip(streets) {
            *a = a.min(s.middle.distance_m(streets[next].middle));
        }
        chosen.push(next);
    }
    chosen
}

fn nearest_of(chosen: &[usize], streets: &[&Street], point: Point) -> usize {
    let distance = |c: &usize| streets[*c].middle.distance_m(point);
    (0..chosen.len()).min_by(|a, b| distance(&chosen[*a]).total_cmp(&distance(&chosen[*b]))).unwrap_or(0)
}

/// Connectors on a few streets that lie far from each other, weighted by the streets around each, half for each direction.
fn connect(network: &RoadNetwork, centre: Point, own: &[&Street], most: usize) -> Vec<Connector> {
    let chosen = spread(centre, own, most);
    let mut weights = vec![0.0; chosen.len()];
    for street in own {
        weights[nearest_of(&chosen, own, street.middle)] += street.weight;
    }
    let mut connectors = Vec::new();
    for (street, (c, weight)) in chosen.iter().zip(weights).enumerate() {
        let directions: Vec<LinkId> = std::iter::once(own[*c].link).chain(own[*c].opposite).collect();
        for link in &directions {
            let at = LinkPosition { link: *link, pos_m: network.link(*link).length_m / 2.0 };
            connectors.push(Connector { at, weight: weight / directions.len() as f64, street });
        }
    }
    connectors
}

/// Boundary points: dead ends of main roads at the edge of the network, and main roads that cross the edge of the region.
fn boundary(network: &RoadNetwork, settings: &ZoneSettings) -> Vec<Zone> {
    let is_main = |class: RoadClass| class <= settings.boundary_least;
    let inside = |p: Point| settings.region.is_none_or(|r| r.holds(p));
    // By the junction outside (or at) the edge: the links that lead in and out there.
    let mut crossings: BTreeMap<u32, (Vec<LinkId>, Vec<LinkId>)> = BTreeMap::new();
    for (i, link) in network.links.iter().enumerate() {
        if !is_main(link.class) || link.kind != LinkKind::Road {
            continue;
        }
        let (from, to) = (network.junction(link.from), network.junction(link.to));
        let is_edge = |j: &sim_core::network::Junction| j.kind == JunctionKind::Terminal || !inside(j.centre);
        if is_edge(from) && inside(to.centre) {
            crossings.entry(link.from.0).or_default().0.push(LinkId::from_index(i));
        }
        if is_edge(to) && inside(from.centre) {
            crossings.entry(link.to.0).or_default().1.push(LinkId::from_index(i));
        }
    }
    let rim = box_of(network);
    let mut zones = Vec::new();
    for (junction, (inward, outward)) in crossings {
        let at = &network.junctions[junction as usize];
        // A dead end has one road; a terminal junction with several streets is a square, not an edge.
        if at.kind == JunctionKind::Terminal && inside(at.centre) && (inward.len() > 1 || outward.len() > 1 || !at_the_rim(at.centre, rim))
        {
            continue;
        }
        let Some(first) = inward.iter().chain(&outward).min_by_key(|l| network.link(**l).class) else { continue };
        let road = network.link(*first);
        let place = |(street, link): (usize, &LinkId), beyond: f64| Connector {
            at: crossing(network, *link, &inside, beyond),
            weight: 1.0,
            street,
        };
        zones.push(Zone {
            ref_: Ref::from(format!("edge:{}", at.ref_)),
            name: road.road_number.clone().or_else(|| road.name.clone()).or_else(|| at.name.clone()).unwrap_or_else(|| at.ref_.to_string()),
            kind: ZoneKind::Boundary,
            population: boundary_population(road.class),
            point: at.centre,
            origins: inward.iter().enumerate().map(|l| place(l, 0.1)).collect(),
            destinations: outward.iter().enumerate().map(|l| place(l, 0.9)).collect(),
        });
    }
    zones
}

/// Where a link crosses the edge of the region: a road may come from a town far away, but only what lies inside is looked at. A link that
/// lies inside as a whole ends at the edge of the map; trips begin and end at this `beyond` share of it.
fn crossing(network: &RoadNetwork, link: LinkId, inside: &dyn Fn(Point) -> bool, beyond: f64) -> LinkPosition {
    let road = network.link(link);
    let drawn_m: f64 = road.geometry.windows(2).map(|p| p[0].distance_m(p[1])).sum();
    let (mut passed_m, mut share) = (0.0, beyond);
    for piece in road.geometry.windows(2) {
        let piece_m = piece[0].distance_m(piece[1]);
        if inside(piece[0]) != inside(piece[1]) {
            let at = |t: f64| Point::new(piece[0].x + t * (piece[1].x - piece[0].x), piece[0].y + t * (piece[1].y - piece[0].y));
            let (mut low, mut high) = (0.0, 1.0);
            while (high - low) * piece_m > 1.0 {
                let middle = (low + high) / 2.0;
                if inside(at(middle)) == inside(piece[0]) { low = middle } else { high = middle }
            }
            share = (passed_m + low * piece_m) / drawn_m;
            break;
        }
        passed_m += piece_m;
    }
    LinkPosition { link, pos_m: (share.clamp(0.02, 0.98) * f64::from(road.length_m)) as f32 }
}

/// The corners of the box around all junctions.
fn box_of(network: &RoadNetwork) -> (Point, Point) {
    let (mut least, mut most) = (Point::new(f64::INFINITY, f64::INFINITY), Point::new(f64::NEG_INFINITY, f64::NEG_INFINITY));
    for j in &network.junctions {
        least = Point::new(least.x.min(j.centre.x), least.y.min(j.centre.y));
        most = Point::new(most.x.max(j.centre.x), most.y.max(j.centre.y));
    }
    (least, most)
}

/// Whether a dead end lies within the outer tenth of the network's box: then its road leads on beyond the map; else it is a cul-de-sac.
fn at_the_rim(point: Point, (least, most): (Point, Point)) -> bool {
    let x = (point.x - least.x) / (most.x - least.x).max(1.0);
    let y = (point.y - least.y) / (most.y - least.y).max(1.0);
    !((0.1..=0.9).contains(&x) && (0.1..=0.9).contains(&y))
}
