//! Tables, lists and draws: nothing is lost, and a trip depends on nothing but its own key.

use super::grid::{close, town};
use crate::demand::{
    FileError, OdKey, OdTable, PriorSettings, Rounding, RouteBook, Router, RouterSettings, SyntheticSettings, Window, Zone, ZoneSettings,
    draw, gravity,
    od::OdProblem,
    synthetic,
    trip_list::{TripsProblem, parse_trips, write_trips},
    zones::{Connector, from_network},
};
use sim_core::{
    class::{ClassTable, VehicleClass},
    network::RoadNetwork,
    reference::Ref,
};
use std::collections::BTreeMap;

const MORNING: Window = Window::new(6.5 * 3600.0, 7.5 * 3600.0);

fn setting(net: &RoadNetwork) -> (Router, Vec<Zone>) {
    let router = Router::new(net, &ClassTable::default(), RouterSettings::default());
    (router, from_network(net, &ZoneSettings::default()))
}

fn key(from: u32, to: u32, class: VehicleClass, quarter: u16) -> OdKey {
    OdKey { from, to, class, quarter }
}

#[test]
fn more_demand_elsewhere_changes_no_trip_and_more_here_keeps_those_there_were() {
    let net = town(5, 300.0);
    let (router, zones) = setting(&net);
    let mut od = OdTable::over(&zones);
    od.set(key(0, 3, VehicleClass::Motorcycle, 26), 12.4);
    od.set(key(1, 2, VehicleClass::Car, 27), 3.3);
    let of = |od: &OdTable| draw(od, &RouteBook::new(&router, &zones, od), 7, Rounding::Stochastic);
    let few = of(&od);
    od.set(key(4, 0, VehicleClass::Motorcycle, 26), 40.0);
    od.set(key(0, 3, VehicleClass::Motorcycle, 26), 22.4);
    let many = of(&od);
    let by_ref: BTreeMap<_, _> = many.trips.iter().map(|t| (t.ref_.clone(), t)).collect();
    assert!(few.trips.len() >= 15 && many.trips.len() >= few.trips.len() + 49);
    for trip in &few.trips {
        assert_eq!(by_ref.get(&trip.ref_), Some(&trip));
    }
    assert!(by_ref.contains_key(&Ref::from("od:ward1>ward4:motorcycle:26:3")));
    let of_cell = few.trips.iter().filter(|t| t.class == VehicleClass::Motorcycle);
    assert!(of_cell.clone().all(|t| (26.0 * 900.0..27.0 * 900.0).contains(&t.depart_s)));
    assert!(of_cell.clone().any(|t| t.route != of_cell.clone().next().unwrap().route), "routes are spread");
}

#[test]
fn nobody_drives_round_the_country_because_of_the_side_of_the_street_they_live_on() {
    // Three kilometres between crossings: whoever sets out the wrong way drives twelve before coming by again.
    let net = town(3, 3_000.0);
    let (router, zones) = setting(&net);
    let mut od = OdTable::over(&zones);
    for (from, to) in [(0, 1), (0, 4), (3, 0), (2, 1)] {
        od.set(key(from, to, VehicleClass::Car, 26), 1.0);
    }
    let book = RouteBook::new(&router, &zones, &od);
    let mut searcher = router.searcher();
    for (from, to) in [(0, 1), (0, 4), (3, 0), (2, 1)] {
        let ways = book.routes(VehicleClass::Car, from, to);
        assert!((ways.iter().map(|w| w.share).sum::<f64>() - 1.0).abs() < 1e-9, "{from} {to}");
        for way in ways {
            let street = |all: &[Connector], at| all.iter().find(|c| c.at == at).unwrap().street;
            let (origins, destinations) = (&zones[from as usize].origins, &zones[to as usize].destinations);
            let (a, b) = (street(origins, way.origin), street(destinations, way.destination));
            let from_either = origins.iter().filter(|c| c.street == a);
            let to_either = |c: &Connector| destinations.iter().filter(|d| d.street == b).map(|d| (c.at, d.at)).collect::<Vec<_>>();
            let best_s = from_either
                .flat_map(to_either)
                .filter_map(|(x, y)| Some(searcher.best(VehicleClass::Car, x, y)?.time_s))
                .fold(f64::INFINITY, f64::min);
            let quickest_s = ways
                .iter()
                .filter(|w| w.origin == way.origin && w.destination == way.destination)
                .map(|w| w.route.time_s)
                .fold(f64::INFINITY, f64::min);
            assert!(quickest_s <= 1.5 * best_s || quickest_s <= best_s + 180.0, "{from} {to}: {quickest_s} s instead of {best_s} s");
        }
    }
}

#[test]
fn rounding_and_poisson_keep_the_mean() {
    let net = town(3, 300.0);
    let (router, zones) = setting(&net);
    let mut od = OdTable::over(&zones);
    for quarter in 0..96 {
        od.set(key(0, 3, VehicleClass::Car, quarter), 2.3);
    }
    let book = RouteBook::new(&router, &zones, &od);
    for (rounding, tolerance) in [(Rounding::Stochastic, 0.03), (Rounding::Poisson, 0.08)] {
        let drawn: usize = (0..10).map(|seed| draw(&od, &book, seed, rounding).trips.len()).sum();
        assert!((drawn as f64 / (10.0 * od.total()) - 1.0).abs() < tolerance, "{rounding:?}: {drawn} of {}", 10.0 * od.total());
    }
}

#[test]
fn trips_without_a_way_are_counted_and_named() {
    let mut net = town(3, 300.0);
    close(&mut net, "west>j0,1", VehicleClass::HeavyTruck);
    let (router, zones) = setting(&net);
    let west = zones.iter().position(|z| z.ref_.as_str() == "edge:west").unwrap() as u32;
    let mut od = OdTable::over(&zones);
    od.set(key(west, 0, VehicleClass::HeavyTruck, 26), 5.0);
    od.set(key(west, 0, VehicleClass::Motorcycle, 26), 5.0);
    let drawn = draw(&od, &RouteBook::new(&router, &zones, &od), 1, Rounding::Stochastic);
    assert_eq!((drawn.trips.len(), drawn.unreachable_trips()), (5, 5));
    let message = drawn.unreachable[0].to_string();
    assert_eq!(message, "od:edge:west>ward1:heavy_truck: no way open to heavy_truck leads from edge:west to ward1 (5 trips)");
}

#[test]
fn a_table_survives_its_file() {
    let net = town(3, 300.0);
    let (router, zones) = setting(&net);
    let od = gravity(&router, &zones, MORNING, &PriorSettings::default());
    let mut bytes = Vec::new();
    od.write(&mut bytes).unwrap();
    let back = OdTable::parse("od.csv", &bytes, &zones).unwrap();
    assert!((back.total() - od.total()).abs() < 1e-3 * od.total());
    let mut again = Vec::new();
    back.write(&mut again).unwrap();
    assert_eq!(bytes, again);
    let bad = b"origin,destination,class,from,trips\nward1,wart2,car,06:30,3\nward1,ward2,car,06:31,3\nward1,ward2,car,06:30,-3\nward1,ward2,car,06:45,1\nward1,ward2,car,06:45,1\n";
    let Err(FileError::Rows(rows)) = OdTable::parse("od.csv", bad, &zones) else { panic!() };
    assert_eq!(rows.problems.iter().map(|p| p.0).collect::<Vec<_>>(), [2, 3, 4, 6]);
    assert!(matches!(&rows.problems[0].1, OdProblem::UnknownZone { near: Some(n), .. } if n.as_str() == "ward2"));
}

#[test]
fn the_prior_sends_from_each_zone_what_its_people_make() {
    let net = town(5, 300.0);
    let (router, zones) = setting(&net);
    let settings = PriorSettings { least_per_hour: 0.0, ..Default::default() };
    let busiest = Window::new(7.0 * 3600.0, 8.0 * 3600.0);
    let od = gravity(&router, &zones, busiest, &settings);
    for (z, zone) in zones.iter().enumerate() {
        let sent: f64 = od.cells().filter(|(k, _)| k.from as usize == z).map(|(_, v)| v).sum();
        assert!((sent / (zone.population * settings.trips_per_head_hour) - 1.0).abs() < 0.01, "{}: {sent}", zone.ref_);
    }
    let share = od.total_of(VehicleClass::Motorcycle) / od.total();
    assert!((share - 0.8).abs() < 1e-9);
}

#[test]
fn a_trip_list_survives_its_file() {
    let net = town(5, 300.0);
    let router = Router::new(&net, &ClassTable::default(), RouterSettings::default());
    let drawn = synthetic(&net, &router, &SyntheticSettings::new(300.0, MORNING, 3));
    let mut bytes = Vec::new();
    write_trips(&mut bytes, &drawn.trips, &net).unwrap();
    let back = parse_trips("trips.csv", &bytes, &net, &router, 3).unwrap();
    assert_eq!(back.trips.len(), drawn.trips.len());
    for (a, b) in drawn.trips.iter().zip(&back.trips) {
        assert!(a.ref_ == b.ref_ && a.origin == b.origin && a.destination == b.destination && (a.depart_s - b.depart_s).abs() < 0.011);
    }
    let bad = "trip,class,depart,from_ref,from_pos_m,to_ref,to_pos_m,purpose\n\
        t1,car,06:30:00,\"j0,0>j1,0\",10,\"j1,0>j2,0\",900,\n\
        t2,car,6h30,\"j0,0>j1,0\",10,\"j1,0>j2,0\",90,\n\
        t3,car,06:30:00,\"j0,0>j9,0\",10,\"j1,0>j2,0\",90,fun\n\
        t4,car,06:30:00,\"j0,0>j1,0\",10,\"j1,0>j2,0\",90,\n\
        t4,car,06:30:00,\"j0,0>j1,0\",10,\"j1,0>j2,0\",90,\n";
    let Err(FileError::Rows(rows)) = parse_trips("trips.csv", bad.as_bytes(), &net, &router, 1) else { panic!() };
    assert_eq!(rows.problems.iter().map(|p| p.0).collect::<Vec<_>>(), [2, 3, 4, 6]);
    assert!(matches!(rows.problems[0].1, TripsProblem::BadPosition { column: "to_pos_m", .. }));
}

#[test]
fn a_listed_trip_without_a_way_is_named_and_the_rest_is_kept() {
    let mut net = town(3, 300.0);
    for into in ["j0,1>j0,0", "j1,0>j0,0"] {
        close(&mut net, into, VehicleClass::Car);
    }
    let router = Router::new(&net, &ClassTable::default(), RouterSettings::default());
    let text = "trip,class,depart,from_ref,from_pos_m,to_ref,to_pos_m\n\
        t1,car,06:30:00,\"j1,1>j1,0\",10,\"j0,0>j0,1\",9\n\
        t2,motorcycle,06:30:00,\"j1,1>j1,0\",10,\"j0,0>j0,1\",9\n";
    let drawn = parse_trips("trips.csv", text.as_bytes(), &net, &router, 1).unwrap();
    assert_eq!((drawn.trips.len(), drawn.unreachable.len()), (1, 1));
    assert_eq!((drawn.unreachable[0].ref_.as_str(), drawn.unreachable[0].to.as_str()), ("t1", "j0,0>j0,1"));
}

#[test]
fn synthetic_trips_are_valid_keyed_and_as_many_as_asked() {
    let net = town(5, 300.0);
    let router = Router::new(&net, &ClassTable::default(), RouterSettings::default());
    let few = synthetic(&net, &router, &SyntheticSettings::new(400.0, MORNING, 9));
    let many = synthetic(&net, &router, &SyntheticSettings::new(800.0, MORNING, 9));
    assert_eq!((few.trips.len() + few.unreachable.len(), many.trips.len() + many.unreachable.len()), (400, 800));
    assert!(few.unreachable.len() < 8, "{:?}", few.unreachable);
    let by_ref: BTreeMap<_, _> = many.trips.iter().map(|t| (t.ref_.clone(), t)).collect();
    for trip in &few.trips {
        assert_eq!(by_ref.get(&trip.ref_), Some(&trip));
        assert!(trip.route.first() == Some(&trip.origin.link) && trip.route.last() == Some(&trip.destination.link));
        assert!(MORNING.from_s <= trip.depart_s && trip.depart_s < MORNING.to_s);
    }
    let motorcycles = many.trips.iter().filter(|t| t.class == VehicleClass::Motorcycle).count();
    assert!((motorcycles as f64 / 800.0 - 0.8).abs() < 0.05, "{motorcycles}");
}
