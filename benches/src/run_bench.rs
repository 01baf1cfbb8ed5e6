//! The default scenario on one core: how many times faster than real time, and how a vehicle's step compares with the bare kernel's.

use crate::{kernel::Ring, page::Row, record::Record};
use criterion::Criterion;
use scenarios::{
    run::{
        progress::Quiet,
        session::{RunSettings, Session},
        simulate::steps_in,
    },
    scenario::source::DEFAULT_EXAMPLE,
};
use std::{path::Path, time::Instant};

/// `long-xuyen-morning` runs at least this many times faster than real time on one core.
const SPEED_AT_LEAST: f64 = 60.0;
/// The moment that is looked at closely, seconds after midnight.
const BUSY_S: f64 = 7.25 * 3600.0;
/// Steps of a close look.
const STEPS: u64 = 60;

/// All benchmarks of this file.
pub fn bench(criterion: &mut Criterion, record: &mut Record) -> Vec<Row> {
    let settings = RunSettings { threads: 1, check: false };
    let session = Session::open(Path::new(DEFAULT_EXAMPLE), &[], settings, &Quiet).unwrap_or_else(|e| panic!("{e}"));
    let window = session.found.scenario.window;
    let seed = session.found.scenario.parsed.file.seed;
    let mut simulation = session.simulation(seed, 1).unwrap_or_else(|e| panic!("{e}"));
    let steps = steps_in(&window);
    let (mut vehicle_steps, mut busy) = (0u64, None);
    let begin = Instant::now();
    for _ in 0..steps {
        simulation.step();
        vehicle_steps += simulation.population().on_road;
        if busy.is_none() && simulation.time_s() >= BUSY_S {
            busy = Some((simulation.state(), simulation.population().on_road));
        }
    }
    let took_s = begin.elapsed().as_secs_f64();
    let speed = (window.to_s - window.from_s) / took_s;
    let updates = vehicle_steps as f64 / took_s / 1e6;

    let Some((state, on_road)) = busy else { return vec![Row::skipped(DEFAULT_EXAMPLE, "it ends before a quarter past seven")] };
    let on_road = on_road.max(1);
    record.bench(
        criterion,
        "long-xuyen-morning/busy minute",
        || (),
        |()| {
            simulation.restore(state.clone()).unwrap_or_else(|e| panic!("{e}"));
            for _ in 0..STEPS {
                simulation.step();
            }
        },
    );
    let mut ring = Ring::new(on_road as usize);
    record.bench(
        criterion,
        "kernel/as many cars",
        || (),
        |()| {
            for _ in 0..STEPS {
                ring.step(window.step_s);
            }
        },
    );
    let mut rows = vec![Row::at_least(
        format!("`{DEFAULT_EXAMPLE}` on one core, {steps} steps"),
        speed,
        "× real time",
        SPEED_AT_LEAST,
        format!("{updates:.2} million vehicle-steps a second"),
    )];
    if let (Some(busy_s), Some(kernel_s)) = (record.median_s("long-xuyen-morning/busy minute"), record.median_s("kernel/as many cars")) {
        let per_step = |s: f64| s / (STEPS * on_road) as f64 * 1e9;
        rows.push(Row::shown(
            format!("one vehicle-step at 07:15, {on_road} on the road"),
            per_step(busy_s),
            "ns",
            format!("{:.0}× the bare car-following kernel over as many cars ({:.1} ns)", busy_s / kernel_s, per_step(kernel_s)),
        ));
    }
    rows
}
