//! Detectors: exact without errors, wrong as often as they say with them, and nobody's error depends on anybody else.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{
    class::{ClassTable, VehicleClass},
    demand::Trip,
    detector::{Detector, DetectorErrors, DetectorKind, Reading},
    ids::LinkId,
    network::RoadNetwork,
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;

/// A free road of 1200 m with two lanes, and one trip every three seconds.
fn road(mix: &Mix, count: usize) -> (Arc<RoadNetwork>, Vec<Trip>) {
    let mut town = Town::default();
    let (from, to) = (town.node(0.0, 0.0, Kind::End, 0.0), town.node(1200.0, 0.0, Kind::End, 0.0));
    town.one_way("main", from, to, 2, 3.5);
    let network = town.build();
    let mut dice = Dice::new(4);
    let on = link(&network, "main");
    let trips =
        (0..count).map(|i| trip(&format!("t{i}"), class_of(mix, &mut dice), i as f64 * 3.0, 0.0, 1190.0, [on].as_slice().into())).collect();
    (network, trips)
}

fn detector(name: &str, kind: DetectorKind, errors: DetectorErrors) -> Detector {
    Detector { errors, ..Detector::new(name, kind, LinkId(0), 600.0, 20.0) }
}

fn run(network: &Arc<RoadNetwork>, trips: &[Trip], detectors: Vec<Detector>, seconds: f64) -> Simulation {
    let config = SimConfig { interval_s: 60.0, ..config(0.5) };
    let mut simulation = Simulation::new(network.clone(), ClassTable::default(), trips.to_vec(), detectors, config).unwrap();
    while simulation.time_s() < seconds {
        simulation.step();
    }
    simulation
}

fn counted(readings: &[Reading], detector: usize) -> u32 {
    readings.iter().filter(|r| r.detector.index() == detector).map(|r| r.count).sum()
}

#[test]
fn without_errors_every_vehicle_is_counted_once_by_its_class_and_in_one_lane() {
    let (network, trips) = road(CITY, 300);
    let kinds = [DetectorKind::Loop, DetectorKind::Camera, DetectorKind::Radar];
    let mut detectors: Vec<_> = kinds.iter().map(|k| detector(&k.to_string(), *k, DetectorErrors::NONE)).collect();
    for lane in 0..2 {
        detectors.push(Detector { lanes: Some((lane, lane)), ..detector(&format!("lane{lane}"), kinds[1], DetectorErrors::NONE) });
    }
    let simulation = run(&network, &trips, detectors, 1320.0);
    let readings = &simulation.measurements().readings;
    for d in 0..3 {
        assert_eq!(counted(readings, d), 300);
        for class in VehicleClass::ALL {
            let of_class = readings.iter().filter(|r| r.detector.index() == d && r.class == class).map(|r| r.count).sum::<u32>();
            assert_eq!(of_class as usize, trips.iter().filter(|t| t.class == class).count(), "{class}");
        }
        assert_eq!(simulation.looks()[d].counted, 300);
    }
    let (kerb, inner) = (counted(readings, 3), counted(readings, 4));
    assert!(kerb + inner == 300 && kerb > 20 && inner > 20, "{kerb} and {inner}");
}

#[test]
fn a_share_is_missed_and_one_trip_more_changes_no_others() {
    let (network, mut trips) = road(CITY, 400);
    let errors = DetectorErrors { miss: 0.25, ..DetectorErrors::NONE };
    let detectors = vec![detector("a", DetectorKind::Loop, errors), detector("b", DetectorKind::Loop, errors)];
    let base = run(&network, &trips, detectors.clone(), 1560.0);
    let (a, b) = (counted(&base.measurements().readings, 0), counted(&base.measurements().readings, 1));
    assert!((270..=330).contains(&a) && (270..=330).contains(&b), "{a} and {b} of 400");
    let of = |s: &Simulation, d: usize| -> Vec<_> {
        let readings = s.measurements().readings.iter().filter(|r| r.detector.index() == d && r.to_s < 1500.0);
        readings.map(|r| (r.from_s.to_bits(), r.class, r.count)).collect()
    };
    assert_ne!(of(&base, 0), of(&base, 1), "each detector misses others");
    let mut late = trips[0].clone();
    late.ref_ = "late".into();
    late.depart_s = 1450.0;
    trips.insert(0, late);
    let more = run(&network, &trips, detectors, 1560.0);
    assert_eq!((of(&base, 0), of(&base, 1)), (of(&more, 0), of(&more, 1)));
    let last = |s: &Simulation| s.looks()[0].counted + s.looks()[1].counted;
    assert!(last(&more) >= last(&base));
}

#[test]
fn a_camera_takes_cars_for_what_looks_alike() {
    let (network, trips) = road(CARS, 300);
    let errors = DetectorErrors { class_confusion: 0.3, ..DetectorErrors::NONE };
    let simulation = run(&network, &trips, vec![detector("c", DetectorKind::Camera, errors)], 1320.0);
    let readings = &simulation.measurements().readings;
    let of = |class| readings.iter().filter(|r| r.class == class).map(|r| r.count).sum::<u32>();
    let (cars, taxis, trucks) = (of(VehicleClass::Car), of(VehicleClass::Taxi), of(VehicleClass::LightTruck));
    assert_eq!(cars + taxis + trucks, 300);
    assert!((180..=240).contains(&cars) && taxis > 20 && trucks > 20, "{cars} {taxis} {trucks}");
}

#[test]
fn a_radar_measures_speeds_with_its_error_and_no_bias() {
    let (network, trips) = road(CARS, 300);
    let errors = DetectorErrors { speed_error: 0.1, ..DetectorErrors::NONE };
    let exact = detector("exact", DetectorKind::Radar, DetectorErrors::NONE);
    let config = SimConfig { interval_s: 1.0, ..config(0.5) };
    let detectors = vec![exact, detector("rough", DetectorKind::Radar, errors)];
    let mut simulation = Simulation::new(network, ClassTable::default(), trips, detectors, config).unwrap();
    while simulation.time_s() < 1320.0 {
        simulation.step();
    }
    // Seconds in which one vehicle passed.
    let readings = &simulation.measurements().readings;
    let of = |d: usize| readings.iter().filter(move |r| r.detector.index() == d && r.count == 1);
    let ratios: Vec<f64> = of(0)
        .zip(of(1))
        .map(|(a, b)| {
            assert_eq!(a.from_s, b.from_s);
            f64::from(b.mean_speed_mps.unwrap() / a.mean_speed_mps.unwrap())
        })
        .collect();
    let n = ratios.len() as f64;
    let mean = ratios.iter().sum::<f64>() / n;
    let sd = (ratios.iter().map(|r| (r - mean) * (r - mean)).sum::<f64>() / n).sqrt();
    assert!(n > 200.0 && (mean - 1.0).abs() < 0.02 && (sd - 0.1).abs() < 0.02, "{n} {mean} {sd}");
}

#[test]
fn false_counts_come_at_their_rate_without_speeds() {
    let (network, _) = road(CARS, 0);
    let errors = DetectorErrors { false_per_hour: 360.0, ..DetectorErrors::NONE };
    let simulation = run(&network, &[], vec![detector("f", DetectorKind::Loop, errors)], 3600.0);
    let count = counted(&simulation.measurements().readings, 0);
    assert!((300..=420).contains(&count), "{count} in an hour");
    assert!(simulation.measurements().readings.iter().all(|r| r.mean_speed_mps.is_none()));
}

#[test]
fn errors_that_a_kind_cannot_make_are_refused() {
    let (network, trips) = road(CARS, 1);
    let refused =
        |d: Detector| Simulation::new(network.clone(), ClassTable::default(), trips.clone(), vec![d], config(0.5)).unwrap_err().to_string();
    let confused = DetectorErrors { class_confusion: 0.1, ..DetectorErrors::NONE };
    assert!(refused(detector("d", DetectorKind::Loop, confused)).contains("its class_confusion is 0.1, expected 0 to 0 for a loop"));
    let lane = Detector { lanes: Some((0, 2)), ..detector("d", DetectorKind::Loop, DetectorErrors::NONE) };
    assert!(refused(lane).contains("watches lanes 0 to 2"));
}

#[test]
fn controllers_see_presence_occupancy_and_a_cameras_queue_but_nobody_who_is_missed() {
    let (network, names) = approach(2, 300.0, 300.0, true);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], CITY, 1500.0, 300.0, 3);
    let length = network.link(LinkId(0)).length_m;
    let at = |name, kind, miss| Detector {
        errors: DetectorErrors { miss, ..DetectorErrors::NONE },
        ..Detector::new(name, kind, LinkId(0), length, if kind == DetectorKind::Loop { 2.0 } else { 60.0 })
    };
    let detectors =
        vec![at("loop", DetectorKind::Loop, 0.0), at("camera", DetectorKind::Camera, 0.0), at("blind", DetectorKind::Camera, 1.0)];
    let mut simulation = run(&network, &trips, detectors, 0.0);
    let (mut longest, mut occupied, mut checked) = (0.0f32, 0.0, 0);
    let (first, begun_s) = (simulation.looks().to_vec(), simulation.time_s());
    while simulation.time_s() < 300.0 {
        simulation.step();
        let looks = simulation.looks();
        let queue = looks[1].queue.unwrap();
        let waiting = simulation.frame().vehicles.iter().filter(|v| v.speed_mps < 1.39 && v.centre.x > f64::from(length) - 60.0).count();
        assert!(queue.vehicles as usize <= waiting + 2 && queue.length_m <= 60.0, "{queue:?}, {waiting} are slow there");
        checked += u32::from(queue.vehicles > 3);
        longest = longest.max(queue.length_m);
        occupied += f64::from(looks[0].occupancy) * 0.5;
        assert!((0.0..=1.0).contains(&looks[0].occupancy) && looks[0].queue.is_none());
        let blind = looks[2];
        assert!(blind.counted == 0 && !blind.present && blind.occupied_s == 0.0 && blind.queue.unwrap().vehicles == 0);
    }
    assert!(checked > 20 && longest > 10.0, "{checked} {longest}");
    let look = simulation.looks()[0];
    let share = look.occupancy_since(&first[0], simulation.time_s() - begun_s);
    assert!((look.occupied_s - occupied).abs() < 1e-3 && (0.2..=0.9).contains(&share), "{look:?} {share}");
    assert!(look.counted_since(&first[0]) > 50);
}
