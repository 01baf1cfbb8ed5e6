//! The default scenario on one core: how many times faster than real time, and how a vehicle's step compares with the bare kernel's.

use crate::{
    kernel::{Kernel, Mix},
    machine::core_s,
    page::Row,
    record::{Record, Times},
};
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
/// How often the whole morning is run.
const MORNINGS: usize = 3;
/// Steps of a close look.
const STEPS: u64 = 60;
/// Steps of the bare kernel beside it: enough that the system's ticks do not show.
const KERNEL_STEPS: u64 = 2_000;

/// All benchmarks of this file.
pub fn bench(criterion: &mut Criterion, record: &mut Record) -> Vec<Row> {
    let settings = RunSettings { threads: 1, check: false, conflicts: false, assign: 0 };
    let session = Session::open(Path::new(DEFAULT_EXAMPLE), &[], settings, &Quiet).unwrap_or_else(|e| panic!("{e}"));
    let window = session.found.scenario.window;
    let seed = session.found.scenario.parsed.file.seed;
    let steps = steps_in(&window);
    let (mut vehicle_steps, mut busy, mut mornings_s) = (0u64, None, vec![]);
    let mut simulation = session.simulation(seed, 1).unwrap_or_else(|e| panic!("{e}"));
    for morning in 0..MORNINGS {
        if morning > 0 {
            simulation = session.simulation(seed, 1).unwrap_or_else(|e| panic!("{e}"));
        }
        vehicle_steps = 0;
        let (core_begin, begin) = (core_s(), Instant::now());
        for _ in 0..steps {
            simulation.step();
            vehicle_steps += simulation.population().on_road;
            if busy.is_none() && simulation.time_s() >= BUSY_S {
                busy = Some((simulation.state(), simulation.population().on_road));
            }
        }
        let by_clock_s = begin.elapsed().as_secs_f64();
        mornings_s.push(core_begin.and_then(|c| Some(core_s()? - c)).unwrap_or(by_clock_s));
    }
    let Some(mornings) = Times::of(mornings_s) else { return vec![Row::skipped(DEFAULT_EXAMPLE, "it was not run")] };
    let updates = vehicle_steps as f64 / mornings.fastest_s / 1e6;

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
    let mut kernel = Kernel::new(on_road as usize, Mix { per_lane_km: 15.0, width_m: 7.0, motorcycles: 0.8 });
    record.bench(
        criterion,
        "kernel/as many vehicles",
        || (),
        |()| {
            for _ in 0..KERNEL_STEPS {
                kernel.step(window.step_s);
            }
        },
    );
    let mut rows = vec![Row::at_least(
        format!("`{DEFAULT_EXAMPLE}` on one core, {steps} steps"),
        mornings.map(|s| (window.to_s - window.from_s) / s),
        "× real time",
        SPEED_AT_LEAST,
        format!("{updates:.2} million vehicle-updates per core-second"),
    )];
    if let (Some(busy_s), Some(bare_s)) = (record.core_s("long-xuyen-morning/busy minute"), record.core_s("kernel/as many vehicles")) {
        let engine_ns = busy_s / (STEPS * on_road) as f64 * 1e9;
        let bare_ns = bare_s / (KERNEL_STEPS * kernel.vehicles() as u64) as f64 * 1e9;
        let against = format!("{:.0} % of the bare kernel's speed ({bare_ns:.0} ns) over as many", 100.0 * bare_ns / engine_ns);
        let what = format!("one vehicle-update of the engine at 07:15, {on_road} on the road");
        rows.push(Row::shown(what, (engine_ns, engine_ns), "ns on a core", against));
    }
    rows
}
