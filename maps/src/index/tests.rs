use super::*;
use crate::testing::{Builder, crossroads, grid};
use proptest::prelude::*;
use sim_core::network::RoadClass;

/// The answer by looking at every piece of every link.
fn nearest_by_looking_everywhere(
    network: &RoadNetwork,
    p: Point,
    heading_deg: Option<f64>,
    class: Option<VehicleClass>,
    max_m: f64,
) -> Option<(LinkId, f64)> {
    let mut best: Option<(LinkId, f64)> = None;
    for (i, link) in network.links.iter().enumerate() {
        if class.is_some_and(|c| !link.access.contains(c)) {
            continue;
        }
        for ends in link.geometry.windows(2) {
            let bearing = 90.0 - ends[0].heading_to(ends[1]).to_degrees();
            if heading_deg.is_some_and(|h| (bearing - h).to_radians().cos() < HEADING_TOLERANCE_DEG.to_radians().cos() - 1e-12) {
                continue;
            }
            let way = ends[0].distance_m(ends[1]);
            let along = ((p.x - ends[0].x) * (ends[1].x - ends[0].x) + (p.y - ends[0].y) * (ends[1].y - ends[0].y)) / way;
            let d = p.distance_m(ends[0].ahead(ends[0].heading_to(ends[1]), along.clamp(0.0, way)));
            if d <= max_m && best.is_none_or(|(_, least)| d < least) {
                best = Some((LinkId::from_index(i), d));
            }
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_agrees_with_looking_everywhere(
        x in -50.0..530.0, y in -50.0..530.0, heading in prop::option::of(-360.0..720.0), truck in any::<bool>(), max_m in 1.0..80.0,
    ) {
        let mut network = grid(5);
        let (p, class) = (Point::new(x, y), truck.then_some(VehicleClass::HeavyTruck));
        for link in network.links.iter_mut().step_by(3) {
            link.access = link.access.without(ClassSet::of(&[VehicleClass::HeavyTruck]));
        }
        let hit = NetworkIndex::new(&network).nearest_link(p, heading, class, max_m);
        let truth = nearest_by_looking_everywhere(&network, p, heading, class, max_m);
        prop_assert_eq!(hit.is_some(), truth.is_some());
        if let (Some(hit), Some((_, least))) = (hit, truth) {
            prop_assert!((hit.distance_m - least).abs() < 1e-6, "{hit:?}, expected {least} m");
            let at = sim_core::geometry::point_along(&network.link(hit.link).geometry, f64::from(hit.pos_m)).0;
            prop_assert!((at.distance_m(p) - hit.distance_m).abs() < 1e-3);
        }
    }

    #[test]
    fn a_box_finds_what_enters_it(x in -50.0..530.0, y in -50.0..530.0, w in 0.0..200.0, h in 0.0..200.0) {
        let network = grid(5);
        let bbox = Bbox { min: Point::new(x, y), max: Point::new(x + w, y + h) };
        let inside = |p: Point| (x..=x + w).contains(&p.x) && (y..=y + h).contains(&p.y);
        let found = NetworkIndex::new(&network).links_within(bbox);
        for (i, link) in network.links.iter().enumerate() {
            let enters = link.geometry.windows(2).any(|e| (0..=1000).any(|t| {
                let t = f64::from(t) / 1000.0;
                inside(Point::new(e[0].x + t * (e[1].x - e[0].x), e[0].y + t * (e[1].y - e[0].y)))
            }));
            // Points 5 cm apart may step over a corner of the box, never the other way round.
            if enters {
                prop_assert!(found.contains(&LinkId::from_index(i)), "{}", link.ref_);
            }
        }
        prop_assert!(found.is_sorted());
    }
}

#[test]
fn each_direction_of_a_road_is_found_by_its_heading() {
    let network = crossroads();
    let index = NetworkIndex::new(&network);
    let east_of_centre = Point::new(100.0, 0.0);
    let named = |heading| network.link(index.nearest_link(east_of_centre, Some(heading), None, 30.0).unwrap().link).ref_.to_string();
    assert_eq!(named(90.0), "osm:w11:osm:n1>osm:n3");
    assert_eq!(named(270.0), "osm:w11:osm:n3>osm:n1");
    assert_eq!(named(-90.0), "osm:w11:osm:n3>osm:n1");
    assert!(index.nearest_link(east_of_centre, Some(0.0), None, 30.0).is_none(), "nothing leads north there");
}

#[test]
fn a_place_on_the_earth_is_the_same_place() {
    let network = crossroads();
    let index = NetworkIndex::new(&network);
    let p = Point::new(-120.0, 3.0);
    let there = index.nearest_link(network.meta.frame.unproject(p), Some(90.0), None, 30.0).unwrap();
    let here = index.nearest_link(p, Some(90.0), None, 30.0).unwrap();
    assert_eq!(here.link, there.link);
    assert!((here.pos_m - there.pos_m).abs() < 0.01);
    assert!((here.pos_m - (200.0 - 120.0 - 8.0)).abs() < 0.01, "{here:?}");
}

#[test]
fn junctions_by_distance() {
    let network = crossroads();
    let index = NetworkIndex::new(&network);
    let hit = index.nearest_junction(Point::new(-170.0, 10.0), 100.0).unwrap();
    assert_eq!(network.junction(hit.junction).ref_.as_str(), "osm:n5");
    assert!(index.nearest_junction(Point::new(-170.0, 10.0), 5.0).is_none());
}

#[test]
fn an_empty_network_has_nothing_near() {
    let network = Builder::new().finish(&[]);
    let index = NetworkIndex::new(&network);
    assert!(index.nearest_link(Point::default(), None, None, 1e9).is_none());
    assert!(index.nearest_junction(Point::default(), 1e9).is_none());
}

#[test]
fn equally_near_means_the_lower_id() {
    let mut b = Builder::new();
    let (west, east) = (b.junction("w", 0.0, 0.0), b.junction("e", 200.0, 0.0));
    let [there, _] = b.two_way("x", west, east, RoadClass::Primary, 1);
    let network = b.finish(&[]);
    let hit = NetworkIndex::new(&network).nearest_link(Point::new(100.0, 0.0), None, None, 10.0).unwrap();
    assert_eq!(hit.link, there);
}
