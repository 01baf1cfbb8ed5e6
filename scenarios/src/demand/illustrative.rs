//! Illustrative counts for examples and tests, made when nobody has counted yet: a made-up true demand is simulated, and what its detectors
//! saw is written down with their errors. The truth differs on purpose from what the fit assumes, so that recovering it is a fair task.
//! Nothing here was measured.

use super::{
    book::RouteBook,
    draw_keys::{normal, stream, uniform},
    od::{OdKey, OdTable},
    prior::default_class_shares,
    routing::Router,
    time::{Window, quarter_start_s},
    zones::{Zone, ZoneKind},
};
use chrono::{FixedOffset, NaiveDate, TimeDelta};
use sim_core::{
    class::{CLASS_COUNT, ClassTable, VehicleClass},
    detector::{Detector, Reading},
};
use std::{collections::BTreeMap, io};

/// A made-up true morning demand of about `trips` trips in `window`.
///
/// Against the gravity prior: jobs are not where people live (each zone sends by its own push and draws by its own pull, and nothing
/// balances what it receives), single pairs have ties of their own, distance counts by a power instead of an exponential, the peak is at 07:00 (schools), and the roads out of town carry more cars and trucks.
pub fn truth_demand(router: &Router, zones: &[Zone], window: Window, trips: f64, seed: u64) -> OdTable {
    let mut all = OdTable::over(zones);
    let sends = |z: &Zone| z.population > 0.0 && !z.origins.is_empty();
    let receives = |z: &Zone| z.population > 0.0 && !z.destinations.is_empty();
    let class = VehicleClass::Motorcycle;
    for (from, _) in zones.iter().enumerate().filter(|(_, z)| sends(z)) {
        for (to, _) in zones.iter().enumerate().filter(|(to, z)| *to != from && receives(z)) {
            all.set(OdKey { from: from as u32, to: to as u32, class, quarter: 0 }, 1.0);
        }
    }
    let book = RouteBook::new(router, zones, &all);
    let factor = |purpose: &str, key: &str, spread: f64| libm::exp(spread * normal(&mut stream(seed, purpose, key, 0)));
    // What each pair draws from its origin, and what all pairs of an origin draw together.
    let mut draws: Vec<(OdKey, f64)> = Vec::new();
    let mut of_origin = vec![0.0; zones.len()];
    for (key, _) in all.cells() {
        let (a, b) = (&zones[key.from as usize], &zones[key.to as usize]);
        let Some(time_s) = book.mean_time_s(class, key.from, key.to) else { continue };
        let pair = format!("{}>{}", a.ref_, b.ref_);
        let weight = b.population * factor("pull", b.ref_.as_str(), 0.7) / libm::pow(time_s + 180.0, 2.0) * factor("tie", &pair, 0.4);
        of_origin[key.from as usize] += weight;
        draws.push((key, weight));
    }
    let mut od = OdTable::over(zones);
    for (key, weight) in draws {
        let (a, b) = (&zones[key.from as usize], &zones[key.to as usize]);
        let trips = a.population * factor("push", a.ref_.as_str(), 0.5) * weight / of_origin[key.from as usize];
        let is_outside = a.kind == ZoneKind::Boundary || b.kind == ZoneKind::Boundary;
        for quarter in window.quarters() {
            let hour = (quarter_start_s(quarter) + 450.0) / 3600.0;
            let peak = 0.55 + 0.6 * libm::exp(-(hour - 7.0) * (hour - 7.0) / 0.5);
            for (class, share) in VehicleClass::ALL.into_iter().zip(shares(is_outside)) {
                od.set(OdKey { class, quarter, ..key }, trips * peak * share);
            }
        }
    }
    let total = od.total();
    if total > 0.0 { od.scaled(trips / total) } else { od }
}

fn shares(is_outside: bool) -> [f64; CLASS_COUNT] {
    let mut shares = default_class_shares();
    let larger = if is_outside { 1.7 } else { 0.75 };
    let mut rest = 1.0;
    for class in VehicleClass::ALL {
        if !class.is_two_wheeler() {
            shares[class.index()] *= larger;
            rest -= shares[class.index()];
        }
    }
    let bicycles = if is_outside { 0.01 } else { 0.035 };
    shares[VehicleClass::Bicycle.index()] = bicycles;
    shares[VehicleClass::Motorcycle.index()] = rest - bicycles;
    shares
}

/// Drivers as no fit assumes them: slower, more unlike each other, with longer headways and larger gaps (made up).
pub fn truth_drivers() -> ClassTable {
    let shipped = ClassTable::default();
    let changed = VehicleClass::ALL.map(|class| {
        let mut p = shipped.get(class).clone();
        p.desired_speed_mps *= 0.93;
        p.desired_speed_spread *= 1.3;
        p.headway_s *= 1.15;
        p.accel_mps2 *= 0.85;
        p.critical_gap_s *= 1.15;
        p
    });
    ClassTable::new(changed).expect("a few per cent away from the shipped parameters is within their ranges")
}

/// Errors of detectors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetectorNoise {
    /// Spread of a detector's own lasting error, as a share of the count.
    pub detector: f64,
    /// Spread of the error of each interval, as a share of the count.
    pub interval: f64,
    /// Share of intervals that were not recorded.
    pub missing: f64,
}

impl Default for DetectorNoise {
    /// Typical of loops and cameras in mixed traffic (assumed).
    fn default() -> Self {
        Self { detector: 0.04, interval: 0.06, missing: 0.01 }
    }
}

/// When and where illustrative counts pretend to be from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CountsFrame {
    /// The day.
    pub day: NaiveDate,
    /// The zone of time.
    pub zone: FixedOffset,
    /// What to write of it, seconds after midnight; whole intervals only.
    pub window: Window,
    /// Length of an interval, seconds.
    pub interval_s: f64,
}

/// Writes a counts file from simulated readings, with the errors of detectors; `title` becomes a comment above the header. A class
/// that passes a detector at any time has a row in each of its intervals, also with 0; intervals that were not recorded have none.
///
/// # Errors
/// When the writer fails.
pub fn illustrative_counts(
    out: &mut dyn io::Write,
    title: &str,
    readings: &[Reading],
    detectors: &[Detector],
    frame: CountsFrame,
    noise: DetectorNoise,
    seed: u64,
) -> io::Result<()> {
    let mut seen: BTreeMap<(usize, VehicleClass), Vec<&Reading>> = BTreeMap::new();
    for r in readings {
        seen.entry((r.detector.index(), r.class)).or_default().push(r);
    }
    for line in title.lines() {
        writeln!(out, "# {line}")?;
    }
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["detector", "from", "to", "class", "count", "mean_speed_kmh"])?;
    let intervals = libm::floor(frame.window.length_s() / frame.interval_s + 1e-9) as u64;
    for ((detector, class), readings) in seen {
        let name = detectors[detector].ref_.as_str();
        let bias = noise.detector * normal(&mut stream(seed, "bias", name, 0));
        for i in 0..intervals {
            let from_s = frame.window.from_s + i as f64 * frame.interval_s;
            let window = Window::new(from_s, from_s + frame.interval_s);
            if uniform(seed, "missing", name, i) < noise.missing {
                continue;
            }
            let (mut count, mut metres) = (0.0, 0.0);
            for r in &readings {
                let n = f64::from(r.count) * window.overlap_s(Window::new(r.from_s, r.to_s)) / (r.to_s - r.from_s);
                count += n;
                metres += n * f64::from(r.mean_speed_mps.unwrap_or(0.0));
            }
            let key = format!("{name}:{class}");
            let error = bias + noise.interval * normal(&mut stream(seed, "error", &key, i));
            let counted = libm::round(count * (1.0 + error).max(0.0));
            let speed = if count > 0.0 && metres > 0.0 { format!("{:.1}", metres / count * 3.6) } else { String::new() };
            csv.write_record([
                name,
                &rfc3339(frame, window.from_s),
                &rfc3339(frame, window.to_s),
                class.name(),
                &format!("{counted}"),
                &speed,
            ])?;
        }
    }
    csv.flush()
}

fn rfc3339(frame: CountsFrame, time_s: f64) -> String {
    let local = frame.day.and_time(chrono::NaiveTime::MIN) + TimeDelta::milliseconds((time_s * 1e3) as i64);
    format!("{}{}", local.format("%Y-%m-%dT%H:%M:%S"), frame.zone)
}
