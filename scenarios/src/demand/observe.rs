//! What the fit holds itself to: the counts of one day within the simulated window, after its warm-up, with the approaches that were
//! saturated. There a count says what got through, not what wished to: it is a lower bound of the demand.

use super::{
    cost::red_s,
    counts::{Count, Counts},
    time::Window,
};
use sim_core::{
    class::{ClassTable, VehicleClass},
    detector::Detector,
    network::RoadNetwork,
    reference::Ref,
};
use std::collections::BTreeMap;

/// Passenger-car units an hour that a metre of carriageway passes: 1 900 motorcycles (Hanoi, J. Transp. Eng. 138(6), 2012) of 0.29 units.
const CAPACITY_PCU_PER_H_M: f64 = 551.0;
/// From this share of its capacity on, an approach counts as saturated (assumed).
const SATURATED_FLOW: f64 = 0.9;
/// Below this share of the limit, the measured mean speed says that the approach was saturated (assumed).
const SATURATED_SPEED: f64 = 0.35;
/// Vehicles an hour below which a low speed says nothing (assumed).
const QUEUE_LEAST_PER_H: f64 = 100.0;

/// A count the fit holds itself to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Observation {
    pub(crate) detector: usize,
    pub(crate) class: VehicleClass,
    pub(crate) window: Window,
    pub(crate) count: f64,
    pub(crate) is_saturated: bool,
}

/// An approach that was saturated: its counts are lower bounds of the demand.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct SaturatedInterval {
    /// The detector.
    pub detector: Ref,
    /// When.
    pub window: Window,
    /// Passenger-car units an hour as a share of the approach's capacity.
    pub load: f64,
    /// Mean speed as a share of the limit, where speeds were measured.
    pub speed: Option<f64>,
}

/// The observations in `window`, and the intervals that were saturated.
pub(crate) fn observe(
    network: &RoadNetwork,
    classes: &ClassTable,
    detectors: &[Detector],
    counts: &Counts,
    window: Window,
) -> (Vec<Observation>, Vec<SaturatedInterval>) {
    let position: BTreeMap<&str, usize> = detectors.iter().enumerate().map(|(i, d)| (d.ref_.as_str(), i)).collect();
    let mut observations: Vec<Observation> = counts
        .rows()
        .iter()
        .filter(|r| window.holds(r.window))
        .filter_map(|r| {
            let detector = *position.get(r.detector.as_str())?;
            Some(Observation { detector, class: r.class, window: r.window, count: r.count, is_saturated: false })
        })
        .collect();
    // Classes of one detector and interval stand together, in milliseconds so that they can be keys.
    let key = |detector: usize, w: Window| (detector, (w.from_s * 1e3) as i64, (w.to_s * 1e3) as i64);
    let mut together: BTreeMap<(usize, i64, i64), Vec<&Count>> = BTreeMap::new();
    for row in counts.rows().iter().filter(|r| window.holds(r.window)) {
        if let Some(detector) = position.get(row.detector.as_str()) {
            together.entry(key(*detector, row.window)).or_default().push(row);
        }
    }
    let mut saturated = BTreeMap::new();
    for (at, rows) in together {
        if let Some(interval) = saturation(network, classes, &detectors[at.0], &rows) {
            saturated.insert(at, interval);
        }
    }
    for o in &mut observations {
        o.is_saturated = saturated.contains_key(&key(o.detector, o.window));
    }
    (observations, saturated.into_values().collect())
}

/// Whether a detector's approach was saturated in an interval, from all classes counted in it.
fn saturation(network: &RoadNetwork, classes: &ClassTable, detector: &Detector, rows: &[&Count]) -> Option<SaturatedInterval> {
    let window = rows[0].window;
    let link = network.link(detector.link);
    let pcu: f64 = rows.iter().map(|r| r.count * f64::from(classes.get(r.class).pcu)).sum();
    let load = pcu * 3600.0 / window.length_s() / (f64::from(link.width_m) * CAPACITY_PCU_PER_H_M * green_share(network, detector));
    let timed: Vec<(f64, f64)> =
        rows.iter().filter_map(|r| Some((r.count, r.mean_speed_mps? / f64::from(link.limits.of(r.class))))).collect();
    let vehicles: f64 = timed.iter().map(|(n, _)| n).sum();
    let speed = (vehicles > 0.0).then(|| timed.iter().map(|(n, v)| n * v).sum::<f64>() / vehicles);
    // A few vehicles that crawl past a detector at a red light are no queue.
    let is_slow = speed.is_some_and(|v| v < SATURATED_SPEED) && vehicles * 3600.0 / window.length_s() >= QUEUE_LEAST_PER_H;
    (load >= SATURATED_FLOW || is_slow).then(|| SaturatedInterval { detector: detector.ref_.clone(), window, load, speed })
}

/// The share of time the detector's approach has green: 1 where no signal holds it.
fn green_share(network: &RoadNetwork, detector: &Detector) -> f64 {
    let shares =
        network.movements_from(detector.link).map(|m| red_s(network, network.movement(m)).map_or(1.0, |(red, cycle)| 1.0 - red / cycle));
    shares.fold(0.0, f64::max).clamp(0.05, 1.0)
}
