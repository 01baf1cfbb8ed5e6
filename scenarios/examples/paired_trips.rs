//! How long the trips of one class take in a variant, less how long the same trips take in the base: trip by trip, over many seeds, with the mean
//! delay of everybody else beside it. For what few vehicles gain, which a mean over all trips of a run cannot show.
//!
//! `cargo run --release -p agtwin-scenarios --example paired_trips -- BASE.toml VARIANT.toml emergency 20 07:15`

#![expect(clippy::expect_used, reason = "a program for the command line: what goes wrong is its message")]

use scenarios::{
    run::{
        progress::Quiet,
        session::{RunSettings, Session},
    },
    scenario::read::Setting,
};
use sim_core::{class::VehicleClass, measure::TripRecord};
use std::{collections::BTreeMap, path::Path};

/// One run: from departure to arrival by trip of the class, seconds, and the mean time lost by all others, seconds.
fn run(session: &Session, seed: u64, class: VehicleClass) -> (BTreeMap<String, f64>, f64) {
    let settings = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
    let done = session.run_seed(seed, settings, &Quiet).expect("a run");
    let trips = session.demanded(&done.simulation);
    let records: &[TripRecord] = &done.simulation.measurements().trips;
    let (mut took, mut lost, mut others) = (BTreeMap::new(), 0.0, 0.0);
    for (trip, record) in trips.iter().zip(records) {
        if trip.class != class {
            (lost, others) = (lost + record.time_loss_s, others + 1.0);
        } else if let Some(arrived_s) = record.arrived_s {
            took.insert(trip.ref_.to_string(), arrived_s - trip.depart_s);
        }
    }
    (took, lost / others)
}

/// Mean and half of its 95 % interval (normal: there are more than thirty).
fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, 1.96 * (variance / n).sqrt())
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [base, variant, class, seeds, until] = args.as_slice() else {
        eprintln!("usage: paired_trips BASE VARIANT CLASS SEEDS HH:MM");
        std::process::exit(2);
    };
    let class = VehicleClass::ALL.into_iter().find(|c| c.to_string() == *class).expect("the name of a class");
    let seeds: u64 = seeds.parse().expect("a number of seeds");
    let settings: Vec<Setting> = vec![format!("time.to={until}").parse().expect("a time")];
    let how = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
    let base = Session::open(Path::new(base), &settings, how, &Quiet).expect("the base");
    let variant = Session::open_variant(Path::new(variant), &settings, how, &Quiet, &base).expect("the variant");
    let (mut took, mut saved, mut others, mut unfinished) = (Vec::new(), Vec::new(), Vec::new(), [0, 0]);
    for seed in 1..=seeds {
        let ((before, lost_before), (after, lost_after)) = (run(&base, seed, class), run(&variant, seed, class));
        for (name, s) in &before {
            match after.get(name) {
                Some(new) => {
                    took.push(*s);
                    saved.push(new - s);
                }
                None => unfinished[1] += 1,
            }
        }
        unfinished[0] += after.keys().filter(|name| !before.contains_key(*name)).count();
        others.push(lost_after - lost_before);
        let (diff, half) = mean(&saved);
        let (other, other_half) = mean(&others);
        println!(
            "{seed} seeds: {} pairs of {class} trips of {:.1} s: {diff:+.2} ± {half:.2} s; arrived only in the variant {}, only in the base {}; others {other:+.2} ± {other_half:.2} s of delay",
            saved.len(),
            mean(&took).0,
            unfinished[0],
            unfinished[1],
        );
    }
}
