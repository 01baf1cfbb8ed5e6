//! Room: a junction is entered only by who can leave it again, however the bodies on the way out stand beside each other.

#![allow(clippy::unwrap_used, reason = "test helpers: a panic is the report")]

mod common;
use common::*;
use sim_core::network::RoadNetwork;
use std::sync::Arc;

/// Two crossings without signals, so near each other that few vehicles stand between them; the names of the ways in and of those out.
fn pair(between_m: f64) -> (Arc<RoadNetwork>, Vec<String>, Vec<String>) {
    let mut town = Town::default();
    let far = between_m + 16.0;
    let (a, b) = (town.node(0.0, 0.0, Kind::Priority, 8.0), town.node(far, 0.0, Kind::Priority, 8.0));
    town.two_way("middle", a, b, 1, 3.25);
    let ends = [
        ("main-w", -200.0, 0.0, a),
        ("main-e", far + 200.0, 0.0, b),
        ("a-n", 0.0, 200.0, a),
        ("a-s", 0.0, -200.0, a),
        ("b-n", far, 200.0, b),
        ("b-s", far, -200.0, b),
    ];
    for (name, x, y, to) in ends {
        let end = town.node(x, y, Kind::End, 0.0);
        town.two_way(name, end, to, 1, 3.25);
    }
    let of = |sign: &str| ends.iter().map(|(name, ..)| format!("{name}{sign}")).collect();
    (town.build(), of(">"), of("<"))
}

/// Ten minutes of far more demand than the crossings can take: in the end everybody has arrived, whatever stood between them.
fn all_arrive(between_m: f64, mix: &Mix, seed: u64) {
    let (network, ins, outs) = pair(between_m);
    let mut trips = demand(&network, &strs(&ins), &strs(&outs), mix, 3_000.0 + 30.0 * seed as f64, 600.0, seed);
    // Nobody goes back where it came from: who turns at an end of the network takes room on a road full of others, and rings of those may stand for ever.
    trips.retain(|trip| trip.route.len() <= 3);
    let mut simulation = simulation(&network, trips, 0.5);
    let seen = run_checked(&mut simulation, 4_000.0);
    assert_eq!(simulation.population().arrived, simulation.trips().len() as u64, "{between_m} m between the crossings, seed {seed}");
    assert_eq!(seen.before_holders, 0, "{between_m} m between the crossings, seed {seed}");
}

#[test]
fn two_crossings_near_each_other_never_lock() {
    // Where they did when room was counted by the share of its strips that a body would have behind others.
    for (between_m, mix, seeds) in [
        (8.0, MOTORCYCLES, [80, 90]),
        (8.0, CITY, [12, 98]),
        (12.0, MOTORCYCLES, [98, 99]),
        (20.0, CITY, [48, 89]),
        (20.0, TRUCKS, [27, 99]),
        (30.0, CITY, [50, 98]),
        (30.0, TRUCKS, [14, 79]),
    ] {
        for seed in seeds {
            all_arrive(between_m, mix, seed);
        }
    }
}

#[test]
fn who_is_put_before_others_leaves_them_the_room_they_were_promised() {
    all_arrive(8.0, MOTORCYCLES, 180);
}

#[test]
fn whoever_fits_between_two_crossings_without_a_gap_need_not_cross_both_at_once() {
    // A bus of 12 m between crossings 12 m apart: when a gap to the line was asked for, it and all behind it waited for ever.
    for seed in [60, 80] {
        all_arrive(12.0, CITY, seed);
    }
}
