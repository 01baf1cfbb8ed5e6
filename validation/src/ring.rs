//! Sugiyama's ring: 22 cars on 230 m of closed road (Sugiyama et al., New Journal of Physics 10, 2008). On the real one a jam formed by itself
//! and travelled back at about 20 km/h.
//!
//! What the car-following law says of itself: a wave of `m` lengths around a ring of `n` cars grows with the real part of the `λ` that solves
//! `λ² = λ·(∂a/∂v + ∂a/∂u·e) + ∂a/∂s·(e − 1)`, `e = exp(−2πi·m/n)`, `u` the leader's speed. With the shipped acceleration of 1.4 m/s² the
//! growth on this ring is near zero (0.004 a second) and the engine, which lets a follower answer to its leader's newest speed, shows no jam.
//! With 1.0 m/s² (the city set of the intelligent driver model: Treiber & Kesting, Traffic Flow Dynamics, table 11.2), where theory has waves grow, a jam forms and
//! travels back as the real one did. So this is a test of the law with drivers slower to start than the shipped ones, not of the shipped class. A step of 0.5 s
//! damps waves that grow so slowly: there it is shown, and not judged.

use crate::{
    check::{Check, Measure, Trouble},
    town::{Control, LIMIT_MPS, Road, Town, classes_with, simulation_with, trip},
};
use sim_core::{
    class::{ClassParams, ClassSet, ClassTable, VehicleClass},
    geometry::Point,
    ids::LinkId,
    incident::{Effect, Incident},
};
use std::{f64::consts::TAU, sync::Arc};

/// Length of the ring, metres.
const RING_M: f64 = 230.0;
/// Time watched, seconds.
const WATCHED_S: f64 = 600.0;

/// Growth below this is too near to none to tell from what the steps of the engine add or take, 1/s.
const NEUTRAL_PER_S: f64 = 0.01;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![Check::new("theory-ring", "Sugiyama's ring: cars on 230 m of closed road", |_| ring())]
}

/// A complex number, as far as the dispersion relation needs one.
#[derive(Clone, Copy)]
struct Complex(f64, f64);

impl Complex {
    fn plus(self, o: Self) -> Self {
        Self(self.0 + o.0, self.1 + o.1)
    }

    fn times(self, o: Self) -> Self {
        Self(self.0 * o.0 - self.1 * o.1, self.0 * o.1 + self.1 * o.0)
    }

    /// The root with the real part that is not negative.
    fn root(self) -> Self {
        let size = self.0.hypot(self.1);
        Self(((size + self.0) / 2.0).max(0.0).sqrt(), ((size - self.0) / 2.0).max(0.0).sqrt().copysign(self.1))
    }
}

/// The growth of the fastest growing wave around a ring of `cars` at even gaps and speed, 1/s.
fn growth_per_s(p: &ClassParams, cars: usize, gap: f64, speed: f64) -> f64 {
    let (a, b, t) = (f64::from(p.accel_mps2), f64::from(p.brake_comfort_mps2), f64::from(p.headway_s));
    let approach = speed / (2.0 * (a * b).sqrt());
    let by_gap = 2.0 * a / gap;
    let (by_speed, by_leader) = (-by_gap * (t + approach), by_gap * approach);
    let waves = (1..cars).map(|m| {
        let angle = TAU * m as f64 / cars as f64;
        let e = Complex(angle.cos(), -angle.sin());
        let linear = Complex(by_speed + by_leader * e.0, by_leader * e.1);
        let rest = Complex(4.0 * by_gap * (e.0 - 1.0), 4.0 * by_gap * e.1);
        (linear.0 + linear.times(linear).plus(rest).root().0) / 2.0
    });
    waves.fold(f64::NEG_INFINITY, f64::max)
}

/// What a ring shows in its last two minutes.
struct Seen {
    /// Mean speed, m/s.
    mean: f64,
    /// Standard deviation of speeds, m/s.
    spread: f64,
    /// Share of time below 5 km/h.
    standing: f64,
    /// Speed of the slow part around the ring, m/s; against the traffic it is negative.
    wave: f64,
}

fn watch(classes: &ClassTable, cars: usize, step_s: f32) -> Result<Seen, Trouble> {
    let radius = RING_M / TAU;
    let arc = |from: f64, to: f64| -> Vec<Point> {
        (0..=48).map(|i| Point::new(0.0, 0.0).ahead(from + (to - from) * f64::from(i) / 48.0, radius)).collect()
    };
    let gap = 0.05 / radius;
    let mut town = Town::default();
    let (west, east) = (town.node(-radius, 0.0, Control::Priority, 0.0), town.node(radius, 0.0, Control::Priority, 0.0));
    let half =
        |name: &str, from, to, line| Road { name: name.into(), from, to, lanes: 1, lane_m: 3.0, is_main: true, limit_mps: LIMIT_MPS, line };
    town.road(half("north", east, west, arc(gap, TAU / 2.0 - gap)));
    town.road(half("south", west, east, arc(TAU / 2.0 + gap, TAU - gap)));
    let network = town.build()?;
    // All begin at equal distances. What is closed before the foremost of each half keeps them slow while they enter.
    let mut trips = Vec::new();
    let spacing = RING_M / cars as f64;
    let laps: Vec<LinkId> = (0..400).map(|i| LinkId(i % 2)).collect();
    for i in 0..cars {
        let on_ring = RING_M - 4.0 - spacing * i as f64;
        let (first, at) = if on_ring >= RING_M / 2.0 { (1, on_ring - RING_M / 2.0) } else { (0, on_ring) };
        let route: Arc<[LinkId]> = laps[first..].into();
        trips.push(trip(format!("{i:02}"), VehicleClass::Car, 0.0, at as f32, 100.0, &route));
    }
    let mut simulation = simulation_with(&network, classes.clone(), trips, step_s)?;
    for link in [LinkId(0), LinkId(1)] {
        let length = network.link(link).length_m;
        let incident = Incident {
            ref_: format!("begin {}", link.0).into(),
            link,
            from_m: length - 1.5,
            to_m: length - 0.5,
            start_s: 0.0,
            end_s: 3.0,
            classes: ClassSet::ALL,
            effect: Effect::Closed { lanes: 0..1 },
        };
        simulation.add_incident(incident).map_err(Trouble::broken)?;
    }
    // A small disturbance, so that there is something that may grow.
    let slow = Effect::Slow { speed_mps: 2.0 };
    let touch = Incident {
        ref_: "touch".into(),
        link: LinkId(0),
        from_m: 40.0,
        to_m: 50.0,
        start_s: 60.0,
        end_s: 63.0,
        classes: ClassSet::ALL,
        effect: slow,
    };
    simulation.add_incident(touch).map_err(Trouble::broken)?;
    let (mut n, mut sum, mut squares, mut standing) = (0.0, 0.0, 0.0, 0.0);
    // There may be more than one jam: the slow parts are followed as waves of one, two, three and four lengths around the ring.
    let mut waves = [(0.0f64, f64::NAN, 0.0f64); 4];
    let mut watched_s = -f64::from(step_s);
    while simulation.time_s() < WATCHED_S {
        simulation.step();
        if simulation.time_s() < WATCHED_S - 120.0 {
            continue;
        }
        let frame = simulation.frame();
        let fastest = frame.vehicles.iter().map(|v| f64::from(v.speed_mps)).fold(0.0, f64::max);
        let mut sums = [Point::new(0.0, 0.0); 4];
        for v in &frame.vehicles {
            let speed = f64::from(v.speed_mps);
            (n, sum, squares) = (n + 1.0, sum + speed, squares + speed * speed);
            standing += f64::from(u8::from(speed < 5.0 / 3.6));
            let place = Point::new(0.0, 0.0).heading_to(v.centre);
            for (m, sum) in sums.iter_mut().enumerate() {
                *sum = sum.ahead(place * (m + 1) as f64, fastest - speed);
            }
        }
        for (wave, sum) in waves.iter_mut().zip(sums) {
            let now = Point::new(0.0, 0.0).heading_to(sum);
            if wave.1.is_finite() {
                wave.2 += (now - wave.1 + TAU / 2.0).rem_euclid(TAU) - TAU / 2.0;
            }
            wave.0 += sum.distance_m(Point::new(0.0, 0.0));
            wave.1 = now;
        }
        watched_s += f64::from(step_s);
    }
    if simulation.population().on_road != cars as u64 {
        return Err(Trouble::Broken(format!("{} of {cars} cars are on the ring", simulation.population().on_road)));
    }
    let mean = sum / n;
    let strongest = (0..4).max_by(|a, b| waves[*a].0.total_cmp(&waves[*b].0)).unwrap_or(0);
    let wave = waves[strongest].2 / (strongest + 1) as f64 * radius / watched_s;
    Ok(Seen { mean, spread: (squares / n - mean * mean).max(0.0).sqrt(), standing: standing / n, wave })
}

fn ring() -> Result<Vec<Measure>, Trouble> {
    let mut measures = Vec::new();
    for (accel, cars) in [(1.4, 22usize), (1.4, 12), (1.0, 22)] {
        let classes = classes_with(VehicleClass::Car, |p| p.accel_mps2 = accel)?;
        let car = classes.get(VehicleClass::Car);
        let spacing = RING_M / cars as f64;
        let speed = (spacing - f64::from(car.length_m) - f64::from(car.gap0_m)) / f64::from(car.headway_s);
        let speed = speed.min(LIMIT_MPS.into());
        let growth = growth_per_s(car, cars, spacing - f64::from(car.length_m), speed);
        let about = format!("{cars} cars, acceleration {accel} m/s²");
        measures.push(Measure::shown(format!("{about}: even speed of the closed form, km/h"), speed * 3.6));
        measures.push(Measure::shown(format!("{about}: growth of waves by linear theory, 1/s"), growth).decimals(4));
        for step_s in [0.1, 0.5] {
            let seen = watch(&classes, cars, step_s)?;
            let at = format!("{about}, step {step_s} s");
            measures.push(Measure::shown(format!("{at}: mean speed, km/h"), seen.mean * 3.6));
            measures.push(Measure::shown(format!("{at}: share of time below 5 km/h"), seen.standing));
            let what = format!("{at}: standard deviation of speeds, km/h");
            let spread = seen.spread * 3.6;
            if growth.abs() < NEUTRAL_PER_S || (growth > 0.0 && step_s > 0.1) {
                let wave = format!("{at}: speed of the slowest part around the ring, km/h");
                measures.push(Measure::shown(what, spread));
                measures.push(Measure::shown(wave, seen.wave * 3.6));
            } else if growth > 0.0 {
                measures.push(Measure::within(what, spread, 3.0, f64::INFINITY, "linear theory: waves grow, a jam forms"));
                measures.push(Measure::within(
                    format!("{at}: speed of the jam around the ring, km/h"),
                    seen.wave * 3.6,
                    -24.0,
                    -16.0,
                    "Sugiyama et al. 2008: about 20 km/h against the traffic",
                ));
            } else {
                measures.push(Measure::within(what, spread, 0.0, 1.0, "linear theory: waves die out"));
            }
        }
    }
    Ok(measures)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The even gap and speed of cars on a ring of this length each.
    fn even(p: &ClassParams, spacing: f64) -> (f64, f64) {
        let gap = spacing - f64::from(p.length_m);
        (gap, ((gap - f64::from(p.gap0_m)) / f64::from(p.headway_s)).min(LIMIT_MPS.into()))
    }

    #[test]
    fn long_waves_grow_as_their_expansion_says() {
        // λ² = λ(av + au·e) + as(e − 1) with e = exp(−ik): for small k the real part is −k²·((as/A)² + as·au/A − as/2)/A, A = av + au.
        for accel in [0.6f32, 1.0, 1.4, 3.0] {
            let classes = classes_with(VehicleClass::Car, |p| p.accel_mps2 = accel).unwrap();
            let p = classes.get(VehicleClass::Car);
            let (gap, speed) = even(p, 14.0);
            let (a, b, t) = (f64::from(accel), f64::from(p.brake_comfort_mps2), f64::from(p.headway_s));
            let by_gap = 2.0 * a / gap;
            let by_leader = by_gap * speed / (2.0 * (a * b).sqrt());
            let sum = -by_gap * t;
            let first = by_gap / sum;
            let factor = -(first * first + first * by_leader - by_gap / 2.0) / sum;
            let growth = growth_per_s(p, 1_000, gap, speed);
            if factor < 0.0 {
                let k = TAU / 1_000.0;
                assert!((growth / (factor * k * k) - 1.0).abs() < 0.01, "{accel}: {growth} {}", factor * k * k);
            } else {
                assert!(growth > 0.0, "{accel}: {growth} where long waves grow by {factor}·k²");
            }
        }
    }

    #[test]
    fn the_ring_of_the_experiment_is_near_neutral_as_shipped_and_unstable_with_slower_starts() {
        let growth = |accel, cars: usize| {
            let classes = classes_with(VehicleClass::Car, |p| p.accel_mps2 = accel).unwrap();
            let p = classes.get(VehicleClass::Car);
            let (gap, speed) = even(p, RING_M / cars as f64);
            growth_per_s(p, cars, gap, speed)
        };
        assert!((growth(1.4, 22) - 0.004).abs() < 0.001, "{}", growth(1.4, 22));
        assert!(growth(1.0, 22) > NEUTRAL_PER_S && growth(1.4, 12) < -NEUTRAL_PER_S, "{} {}", growth(1.0, 22), growth(1.4, 12));
    }

    #[test]
    fn a_ring_of_few_cars_runs_round_at_the_limit() {
        let classes = classes_with(VehicleClass::Car, |p| p.desired_speed_spread = 0.0).unwrap();
        let seen = watch(&classes, 4, 0.5).unwrap();
        assert!((seen.mean / f64::from(LIMIT_MPS) - 1.0).abs() < 0.02 && seen.spread < 0.1 && seen.standing == 0.0, "{}", seen.mean);
    }
}
