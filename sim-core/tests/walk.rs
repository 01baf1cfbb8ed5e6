//! Pedestrians: they get across, traffic waits for them, and nobody is driven over.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::{network::RoadNetwork, simulation::Simulation, walk::Walkway};
use std::sync::Arc;

fn walkway(network: &RoadNetwork, name: &str, pos_m: f32, per_hour: f32) -> Walkway {
    Walkway { ref_: format!("crossing of {name}").as_str().into(), link: link(network, name), pos_m, per_hour }
}

/// A road of two lanes with a crossing 250 m along.
fn mid_block(mix: &Mix, per_hour: f64, walkers: f32) -> Simulation {
    let (network, names) = approach(2, 500.0, 500.0, false);
    let trips = demand(&network, &["main1"], &[names.last().unwrap()], mix, per_hour, 900.0, 41);
    let crossing = walkway(&network, "main1", 250.0, walkers);
    simulation(&network, trips, 0.5).with_walkways(vec![crossing]).unwrap()
}

#[test]
fn groups_get_across_a_busy_road_and_nobody_drives_into_them() {
    for mix in [CARS, CITY] {
        let mut simulation = mid_block(mix, 1500.0, 200.0);
        let (mut groups, mut walking_until) = (0, 0.0);
        let mut inside_before: Vec<u32> = Vec::new();
        watch_checked(&mut simulation, 1200.0, |s| {
            let totals = s.walks()[0];
            if totals.groups > groups {
                // They set out at the start of this step: 1 s and 7 m at 1.2 m/s.
                (groups, walking_until) = (totals.groups, s.time_s() - 0.5 + 1.0 + 7.0 / 1.2);
                inside_before.clear();
            }
            let on_it = |x: f64, length: f32| x + f64::from(length) / 2.0 > 250.05 && x - f64::from(length) / 2.0 < 252.95;
            if s.time_s() < walking_until - 1e-6 {
                let inside = s.frame().vehicles.into_iter().find(|v| on_it(v.centre.x, v.length_m));
                assert!(inside.is_none(), "somebody walks at {} s and {inside:?}", s.time_s());
            }
        });
        let totals = simulation.walks()[0];
        assert!((45..90).contains(&totals.came) && totals.crossed + 5 >= totals.came, "{totals:?}");
        assert!(totals.groups > 20 && totals.waited_s / (totals.crossed as f64) < 30.0, "{totals:?}");
        assert_eq!(simulation.population().arrived, simulation.population().total());
    }
}

#[test]
fn traffic_pays_for_those_who_walk() {
    let loss = |walkers: f32| {
        let mut simulation = mid_block(CARS, 900.0, walkers);
        watch_checked(&mut simulation, 1200.0, |_| {});
        let trips = &simulation.measurements().trips;
        trips.iter().map(|t| t.time_loss_s).sum::<f64>() / trips.len() as f64
    };
    let (few, many) = (loss(0.1), loss(400.0));
    assert!(many > few + 4.0, "{few} s a car without pedestrians, {many} s with");
}

/// Right-turners an hour out of a saturated approach with signals, over a crossing of the street they turn into.
fn right_turners(walkers: f32) -> f64 {
    let network = cross(Kind::Signal(30.0), 1);
    // From the south to the east: a right turn.
    let trips = demand(&network, &["side-s>"], &["main-e<"], CARS, 1800.0, 1200.0, 5);
    let crossing = walkway(&network, "main-e<", 3.0, walkers);
    let mut simulation = simulation(&network, trips, 0.5).with_walkways(vec![crossing]).unwrap();
    watch_checked(&mut simulation, 300.0, |_| {});
    let before = simulation.population().arrived;
    watch_checked(&mut simulation, 1200.0, |_| {});
    (simulation.population().arrived - before) as f64 * 4.0
}

/// Highway Capacity Manual 6th ed., equation 31-73 ff.: with `v` pedestrians an hour, a green of 30 s in a cycle of 70 s and one receiving lane,
/// the pedestrians' flow while they have green is `v·70/30`, the share of the time they occupy the way is that over 2000 up to 1000 an hour
/// and `0.4` and that over 10000 beyond, and turners keep the rest of their saturation flow.
#[test]
fn turners_wait_for_those_who_walk_along_with_green_about_as_the_manual_has_it() {
    let [none, few, many] = [0.1, 200.0, 800.0].map(right_turners);
    let kept = |per_hour: f64| {
        let in_green = per_hour * 70.0 / 30.0;
        1.0 - if in_green <= 1000.0 { in_green / 2000.0 } else { 0.4 + in_green / 10_000.0 }
    };
    println!(
        "right-turners an hour with 0, 200, 800 pedestrians an hour: {none} {few} {many}; manual {:.2} {:.2}",
        kept(200.0),
        kept(800.0)
    );
    assert!((few / none - kept(200.0)).abs() < 0.12, "{:.2} of the turners, the manual says {:.2}", few / none, kept(200.0));
    assert!((many / none - kept(800.0)).abs() < 0.12, "{:.2} of the turners, the manual says {:.2}", many / none, kept(800.0));
}

#[test]
fn nobody_walks_while_those_who_go_straight_on_have_green() {
    let network = cross(Kind::Signal(30.0), 1);
    let trips = demand(&network, &["main-w>"], &["main-e<"], CARS, 600.0, 600.0, 5);
    let crossing = walkway(&network, "main-e<", 3.0, 1000.0);
    let through = network.movement_between(link(&network, "main-w>"), link(&network, "main-e<")).unwrap();
    let mut simulation = simulation(&network, trips, 0.5).with_walkways(vec![crossing]).unwrap();
    let mut groups = 0;
    watch_checked(&mut simulation, 900.0, |s| {
        let now = s.walks()[0].groups;
        if now > groups {
            // The light of the step before decides: green now would have been yellow or red then, never green.
            assert_ne!(s.frame().lights[through.index()], Some(sim_core::frame::Light::Yellow), "at {} s", s.time_s());
        }
        groups = now;
    });
    assert!(groups >= 10, "{groups}");
}

#[test]
fn who_comes_when_depends_on_nobody_else_and_a_saved_state_knows_it() {
    let (mut through, mut restored, mut empty) =
        (mid_block(CITY, 900.0, 300.0), mid_block(CITY, 900.0, 300.0), mid_block(CITY, 4.0, 300.0));
    watch_checked(&mut through, 333.0, |_| {});
    restored.restore(through.state()).unwrap();
    for s in [&mut through, &mut restored, &mut empty] {
        watch_checked(s, 600.0, |_| {});
    }
    assert_eq!(through.state_hash(), restored.state_hash());
    assert_eq!(through.walks()[0].came, empty.walks()[0].came);
    let without = Simulation::new(through.network().clone(), Default::default(), through.trips().to_vec(), vec![], config(0.5));
    let error = without.unwrap().restore(through.state()).unwrap_err().to_string();
    assert!(error.contains("it has 1 crossings of pedestrians, this one has 0"), "{error}");
}

#[test]
fn a_crossing_that_cannot_be_is_refused() {
    let (network, _) = approach(1, 500.0, 500.0, false);
    let network: Arc<RoadNetwork> = network;
    let refused = |crossings: Vec<Walkway>, expected: &str| {
        let error = simulation(&network, vec![], 0.5).with_walkways(crossings).unwrap_err().to_string();
        assert!(error.starts_with("crossing crossing of main1: ") && error.contains(expected), "{error}");
    };
    refused(vec![walkway(&network, "main1", 494.0, 10.0)], "expected a road and 0 to 492 m");
    refused(vec![walkway(&network, "main1", 4.0, -1.0)], "expected 0.1 to 20000");
    refused(vec![walkway(&network, "main1", 4.0, 1.0), walkway(&network, "main1", 9.0, 1.0)], "already");
}
