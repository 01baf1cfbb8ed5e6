//! The bare kernel at the densities that the engine is measured at.

use crate::{
    kernel::{Kernel, Mix},
    page::Row,
    record::Record,
};
use criterion::Criterion;

/// Vehicle-updates a second that the kernel must reach on one core, million: else it is no ceiling to hold the engine against.
const AT_LEAST: f64 = 20.0;
/// The step, seconds.
const STEP_S: f32 = 0.5;
/// Vehicle-updates of one sample: enough that the system's ticks do not show.
const UPDATES: usize = 10_000_000;
/// Steps before the first sample, so that the even spacing of the start has gone.
const SETTLE: usize = 200;

/// All benchmarks of this file.
pub fn bench(criterion: &mut Criterion, record: &mut Record) -> Vec<Row> {
    [(15.0, 20_000), (40.0, 20_000), (40.0, 500_000)].map(|(density, vehicles)| one(criterion, record, density, vehicles)).into()
}

fn one(criterion: &mut Criterion, record: &mut Record, per_lane_km: f32, vehicles: usize) -> Row {
    let mut kernel = Kernel::new(vehicles, Mix { per_lane_km, width_m: 7.0, motorcycles: 0.8 });
    for _ in 0..SETTLE {
        kernel.step(STEP_S);
    }
    let steps = UPDATES.div_ceil(kernel.vehicles());
    let name = format!("kernel/{per_lane_km} per lane-km, {vehicles}");
    record.bench(
        criterion,
        &name,
        || (),
        |()| {
            for _ in 0..steps {
                kernel.step(STEP_S);
            }
        },
    );
    let what = format!("bare kernel, {per_lane_km} vehicles per lane-km, 80 % motorcycles, {vehicles} vehicles");
    let updates = (steps * kernel.vehicles()) as f64 / 1e6;
    let against = format!("mean speed {:.1} m/s; the engine is held against it below", kernel.mean_speed_mps());
    match record.core_s(&name).map(|s| updates / s) {
        Some(speed) => Row::at_least(what, (speed, speed), "million updates per core-second", AT_LEAST, against),
        None => Row::skipped(what, "not asked for"),
    }
}
