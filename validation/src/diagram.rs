//! Cars only, against the model's own closed form: the fundamental diagram of stationary traffic on both branches, and shock waves.
//!
//! The closed form. A car of length `l` in stationary traffic at speed `v` keeps the gap at which the car-following law (IDM+: the smaller of
//! the free and the interaction term) gives no acceleration. The interaction term is zero at `gap = s0 + v·T`, the free term at `v = v0`: so
//! `v = min(v0, (1/k − l − s0) / T)` and the diagram is a triangle with `w = (l + s0) / T` and the capacity `v0 / (l + s0 + v0·T)`.
//!
//! The discrete update changes nothing of this: a follower's law is given the gap before the step (its leader has moved already, and what it
//! moved is taken off), so a stationary state of the law is one of the update at any step. The bound `v·dt + stop_b(v) ≤ gap' + stop_B(v)`
//! with the gap `gap' = gap + v·dt` after the leader's move asks for `gap ≥ stop_b(v) − stop_B(v)`: nothing where the class brakes as hard as
//! the hardest (`b = B`: cars, motorcycles), about `v²/2·(1/b − 1/B)` else (5.4 m for an articulated truck at 50 km/h, which keeps 21 m). The
//! car-following law sets capacity, not the bound, for every shipped class; [`bound_gap_m`] computes it and a check asserts it.

use crate::{
    check::{Check, Measure, Trouble},
    promises::CARS,
    town::{LIMIT_MPS, classes_with, simulation_with, straight, trip},
};
use sim_core::{
    class::{BRAKE_HARDEST_MPS2, ClassParams, ClassTable, VehicleClass},
    ids::LinkId,
    incident::{Effect, Incident},
    kinematics::stop_m,
    simulation::Simulation,
};
use std::sync::Arc;

/// The road, metres.
const ROAD_M: f64 = 3_000.0;
/// The measuring box in space, metres.
const BOX_M: (f64, f64) = (900.0, 1_500.0);
/// Where the slow stretch of the congested branch begins, metres.
const SLOW_FROM_M: f32 = 1_800.0;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check::new("theory-fundamental-diagram", "stationary traffic of cars in Edie's boxes against the model's closed form", |_| {
            fundamental_diagram()
        }),
        Check::new("theory-shock-waves", "speeds of shock waves between stationary states of cars", |_| shock_waves()),
    ]
}

/// The triangle of one class at one limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangle {
    /// Free speed, m/s.
    pub free_mps: f64,
    /// Length and gap of a standing vehicle, metres.
    pub space_m: f64,
    /// Headway, seconds.
    pub headway_s: f64,
}

impl Triangle {
    /// The triangle of a class whose drivers are all alike.
    pub fn of(p: &ClassParams, limit_mps: f32) -> Self {
        Self {
            free_mps: p.desired_speed_mps.min(limit_mps).into(),
            space_m: f64::from(p.length_m) + f64::from(p.gap0_m),
            headway_s: p.headway_s.into(),
        }
    }

    /// Speed at a density in vehicles per metre, m/s.
    pub fn speed_mps(&self, density: f64) -> f64 {
        self.free_mps.min((1.0 / density - self.space_m) / self.headway_s).max(0.0)
    }

    /// Density at a speed on the congested branch, vehicles per metre.
    pub fn dense_at(&self, speed_mps: f64) -> f64 {
        1.0 / (self.space_m + speed_mps * self.headway_s)
    }

    /// Capacity, vehicles per second.
    pub fn capacity_per_s(&self) -> f64 {
        self.free_mps * self.dense_at(self.free_mps)
    }

    /// Speed of a wave against the traffic, m/s.
    pub fn wave_mps(&self) -> f64 {
        self.space_m / self.headway_s
    }
}

/// The least gap at which the bound lets a class follow an equal one at a speed, metres.
pub fn bound_gap_m(p: &ClassParams, speed_mps: f32, step_s: f32) -> f64 {
    f64::from((stop_m(speed_mps, p.brake_max_mps2, step_s) - stop_m(speed_mps, BRAKE_HARDEST_MPS2, step_s)).max(0.0))
}

/// Cars that are all alike.
fn equal_cars() -> Result<ClassTable, Trouble> {
    classes_with(VehicleClass::Car, |p| p.desired_speed_spread = 0.0)
}

/// A second place where cars enter, metres: at one place alone fewer come onto a road than it carries, and in steps of 0.5 s the times
/// between them are multiples of it.
const ENTRY_M: f32 = 300.0;

/// A road of one lane with a car every `every_s` from the start, by turns at its begin and `second_m` along, `count` of them.
fn stream(classes: &ClassTable, every_s: f64, count: usize, second_m: f32, step_s: f32) -> Result<Simulation, Trouble> {
    stream_on(ROAD_M, classes, every_s, count, second_m, step_s)
}

fn stream_on(road_m: f64, classes: &ClassTable, every_s: f64, count: usize, second_m: f32, step_s: f32) -> Result<Simulation, Trouble> {
    let network = straight(1, 3.0, road_m)?;
    let route: Arc<[LinkId]> = Arc::from([LinkId(0)]);
    let trips = (0..count)
        .map(|i| {
            let from_m = if i % 2 == 0 { 0.0 } else { second_m };
            trip(format!("{i:06}"), CARS[0].0, i as f64 * every_s, from_m, (road_m - 5.0) as f32, &route)
        })
        .collect();
    simulation_with(&network, classes.clone(), trips, step_s)
}

fn incident(name: &str, from_m: f32, to_m: f32, start_s: f64, end_s: f64, effect: Effect) -> Incident {
    Incident { ref_: name.into(), link: LinkId(0), from_m, to_m, start_s, end_s, classes: sim_core::class::ClassSet::ALL, effect }
}

/// Flow, density and speed in a box of space and time, by Edie: way and time of all vehicles in it, over its area.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Edie {
    way_m: f64,
    time_s: f64,
    area: f64,
}

impl Edie {
    /// Adds what is in the box `from..to` in the present step of a straight road along the x axis.
    pub fn add(&mut self, simulation: &Simulation, from_m: f64, to_m: f64, dt: f64) {
        for vehicle in &simulation.frame().vehicles {
            // What of this step's way was in the box; a vehicle is its middle.
            let moved = f64::from(vehicle.speed_mps) * dt;
            let (begin, end) = (vehicle.centre.x - moved, vehicle.centre.x);
            if moved <= 0.0 {
                self.time_s += if (from_m..to_m).contains(&end) { dt } else { 0.0 };
                continue;
            }
            let inside = (end.min(to_m) - begin.max(from_m)).max(0.0);
            self.way_m += inside;
            self.time_s += dt * inside / moved;
        }
        self.area += (to_m - from_m) * dt;
    }

    /// Vehicles per second.
    pub fn flow(&self) -> f64 {
        self.way_m / self.area
    }

    /// Vehicles per metre.
    pub fn density(&self) -> f64 {
        self.time_s / self.area
    }

    /// Metres per second.
    pub fn speed(&self) -> f64 {
        self.way_m / self.time_s
    }
}

fn stationary(simulation: &mut Simulation, from_s: f64, to_s: f64) -> Edie {
    let dt = f64::from(simulation.config().step_s);
    let mut edie = Edie::default();
    while simulation.time_s() < to_s {
        simulation.step();
        if simulation.time_s() > from_s {
            edie.add(simulation, BOX_M.0, BOX_M.1, dt);
        }
    }
    edie
}

fn fundamental_diagram() -> Result<Vec<Measure>, Trouble> {
    let classes = equal_cars()?;
    let form = Triangle::of(classes.get(VehicleClass::Car), LIMIT_MPS);
    let mut measures = vec![
        Measure::shown("closed form: capacity, cars/h", form.capacity_per_s() * 3_600.0).decimals(0),
        Measure::shown("closed form: wave against the traffic, km/h", form.wave_mps() * 3.6),
    ];
    let shipped = ClassTable::default();
    let mut tightest = f64::INFINITY;
    for class in VehicleClass::ALL {
        let p = shipped.get(class);
        for step_s in [0.1, 0.5, 1.0] {
            let speed = p.desired_speed_mps.min(LIMIT_MPS);
            let kept = p.gap0_m + speed * p.headway_s;
            tightest = tightest.min(f64::from(kept) - bound_gap_m(p, speed, step_s));
        }
    }
    measures.push(Measure::within(
        "least by which the law's gap exceeds the bound's, over classes and steps, m",
        tightest,
        0.0,
        f64::INFINITY,
        "the car-following law, not the bound, sets capacity",
    ));
    for step_s in [0.1, 0.5] {
        for share in [0.15, 0.3, 0.45, 0.6, 0.75, 0.9] {
            let every_s = 1.0 / (share * form.capacity_per_s());
            let mut simulation = stream(&classes, every_s, (700.0 / every_s) as usize, ENTRY_M, step_s)?;
            let edie = stationary(&mut simulation, 300.0, 600.0);
            point(&mut measures, &form, &edie, "free", step_s);
        }
        for speed in [1.5f32, 3.0, 4.5, 6.0, 8.0, 10.0] {
            let mut simulation = stream(&classes, 1.3, 2_000, ENTRY_M, step_s)?;
            let slow = Effect::Slow { speed_mps: speed };
            simulation.add_incident(incident("slow", SLOW_FROM_M, ROAD_M as f32, 0.0, 1e9, slow)).map_err(Trouble::broken)?;
            // The tail of the dense traffic has long passed the box when it is measured.
            let edie = stationary(&mut simulation, 1_500.0, 1_800.0);
            point(&mut measures, &form, &edie, "dense", step_s);
        }
    }
    Ok(measures)
}

fn point(measures: &mut Vec<Measure>, form: &Triangle, edie: &Edie, branch: &str, step_s: f32) {
    let expected = edie.density() * form.speed_mps(edie.density());
    let what = format!("{branch}, step {step_s} s, {:.1} cars/km at {:.1} km/h: flow, cars/h", edie.density() * 1e3, edie.speed() * 3.6);
    let because = format!("closed form: {:.0} at this density, 2 %", expected * 3_600.0);
    measures.push(Measure::near(what, edie.flow() * 3_600.0, expected * 3_600.0, 0.02, because).decimals(0));
}

/// Time and place at which each car first does what `when` says (old speed, new speed, place), from west to east.
fn marks(simulation: &mut Simulation, until_s: f64, from_m: f64, when: impl Fn(f64, f64) -> bool) -> Vec<(f64, f64)> {
    let mut last: Vec<f64> = vec![f64::NAN; simulation.trips().len()];
    let mut marked = vec![false; last.len()];
    let mut marks = Vec::new();
    while simulation.time_s() < until_s {
        simulation.step();
        for v in &simulation.frame().vehicles {
            let speed = f64::from(v.speed_mps);
            let i = v.id.index();
            if !marked[i] && v.centre.x > from_m && when(last[i], speed) {
                marked[i] = true;
                marks.push((simulation.time_s(), v.centre.x));
            }
            last[i] = speed;
        }
    }
    marks
}

/// Slope of a straight line through some points, by least squares: metres per second.
fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (mt, mx) = (points.iter().map(|p| p.0).sum::<f64>() / n, points.iter().map(|p| p.1).sum::<f64>() / n);
    let above: f64 = points.iter().map(|p| (p.0 - mt) * (p.1 - mx)).sum();
    let below: f64 = points.iter().map(|p| (p.0 - mt) * (p.0 - mt)).sum();
    above / below
}

fn shock_waves() -> Result<Vec<Measure>, Trouble> {
    let classes = equal_cars()?;
    let form = Triangle::of(classes.get(VehicleClass::Car), LIMIT_MPS);
    let mut measures = Vec::new();
    for step_s in [0.1, 0.5] {
        // A slow stretch appears in a free stream: dense traffic at its speed grows back from it.
        for (share, speed) in [(0.7, 3.0f64), (0.6, 2.0), (0.7, 1.5)] {
            let (q1, k1) = (share * form.capacity_per_s(), share * form.capacity_per_s() / form.free_mps);
            let (k2, q2) = (form.dense_at(speed), form.dense_at(speed) * speed);
            let expected = (q2 - q1) / (k2 - k1);
            let mut simulation = stream(&classes, 1.0 / q1, 3_000, 0.0, step_s)?;
            let slow = Effect::Slow { speed_mps: speed as f32 };
            simulation.add_incident(incident("slow", 2_000.0, ROAD_M as f32, 300.0, 1e9, slow)).map_err(Trouble::broken)?;
            // Where each car passes the middle of both speeds, downwards.
            let middle = 0.5 * (form.free_mps + speed);
            let until_s = 300.0 + 1_200.0 / expected.abs();
            let all = marks(&mut simulation, until_s, 600.0, |old, new| old > middle && new <= middle);
            let settled: Vec<_> = all.into_iter().filter(|(t, x)| *t > 340.0 && *x < 1_900.0).collect();
            let because = format!("(q2 − q1)/(k2 − k1) of the closed form, {:.2} m/s, 3 %", expected);
            measures.push(Measure::near(
                format!("step {step_s} s, {:.0} % of capacity into traffic at {:.0} km/h: shock, m/s", share * 100.0, speed * 3.6),
                slope(&settled),
                expected,
                0.03,
                because,
            ));
        }
        // A closure in a free stream.
        let q1 = 0.5 * form.capacity_per_s();
        let k1 = q1 / form.free_mps;
        let expected = -q1 / (1.0 / form.space_m - k1);
        let mut simulation = stream(&classes, 1.0 / q1, 3_000, 0.0, step_s)?;
        let closed = Effect::Closed { lanes: 0..1 };
        simulation.add_incident(incident("closed", 2_500.0, 2_510.0, 300.0, 700.0, closed)).map_err(Trouble::broken)?;
        let middle = 0.5 * form.free_mps;
        let tail = marks(&mut simulation, 700.0, 600.0, |old, new| old > middle && new <= middle);
        let settled: Vec<_> = tail.into_iter().filter(|(t, x)| *t > 340.0 && *x < 2_450.0).collect();
        let because = format!("−q1/(kj − k1) of the closed form, {expected:.2} m/s, 3 %");
        measures.push(Measure::near(format!("step {step_s} s: tail of a standing queue, m/s"), slope(&settled), expected, 0.03, because));
        measures.extend(start_of_queue(&classes, &form, q1, step_s)?);
    }
    Ok(measures)
}

/// The start of a long standing queue, far from its head.
///
/// On a triangle all states between standing and capacity travel alike, so the start is no shock: it widens as it goes, and cars reach every speed further
/// from where they stood. So it is followed from car to car: where each stood, and when it came to half of the free speed, the middle of what widens. Theory has
/// each car do so a headway `T` after the one before it, which stood `l + s0` ahead, if what leaves the queue is capacity. It is a little less where gaps that opened in
/// speeding up hardly close again, since everybody comes near the desired speed slowly (2 % in steps of 0.1 s): by conservation of cars the start is then as much
/// slower. So both are judged: the flow by capacity, the start by the flow.
fn start_of_queue(classes: &ClassTable, form: &Triangle, q1: f64, step_s: f32) -> Result<[Measure; 2], Trouble> {
    let (opens_s, opens_m) = (1_900.0, 4_000.0);
    let mut simulation = stream_on(4_500.0, classes, 1.0 / q1, 1_500, 0.0, step_s)?;
    let closed = Effect::Closed { lanes: 0..1 };
    simulation.add_incident(incident("closed", opens_m as f32, opens_m as f32 + 10.0, 300.0, opens_s, closed)).map_err(Trouble::broken)?;
    let middle = 0.5 * form.free_mps;
    let cars = simulation.trips().len();
    let (mut stood_m, mut wave) = (vec![f64::NAN; cars], Vec::new());
    let (mut has_left, mut left_s) = (vec![false; cars], Vec::new());
    while simulation.time_s() < opens_s + opens_m / form.wave_mps() {
        simulation.step();
        for v in &simulation.frame().vehicles {
            let (i, speed) = (v.id.index(), f64::from(v.speed_mps));
            if simulation.time_s() > opens_s && v.centre.x > opens_m + 300.0 && !std::mem::replace(&mut has_left[i], true) {
                left_s.push(simulation.time_s());
            }
            if speed < 0.05 {
                stood_m[i] = v.centre.x;
            } else if simulation.time_s() > opens_s && speed > middle && stood_m[i].is_finite() {
                wave.push((simulation.time_s(), std::mem::replace(&mut stood_m[i], f64::NAN)));
            }
        }
    }
    // From the three hundredth car on.
    let far: Vec<_> = wave.into_iter().filter(|(_, x)| *x < opens_m - 300.0 * form.space_m && *x > 700.0).collect();
    let [from, to] = [200, 400].map(|n| left_s.get(n).copied().unwrap_or(f64::NAN));
    let flow = 200.0 / (to - from);
    let what = format!("step {step_s} s: flow out of that queue as a share of capacity, from its 200th to its 400th car");
    let out = Measure::near(what, flow / form.capacity_per_s(), 1.0, 0.03, "capacity of the closed form, 3 %").decimals(3);
    let expected = -flow / (1.0 / form.space_m - flow / form.free_mps) * 3.6;
    let what = format!("step {step_s} s: start of a standing queue, from its 300th to its {}th car, km/h", 300 + far.len());
    let because = format!(
        "−q/(kj − q/v0) with the flow q that left it, {expected:.1}, 3 %; −(l + s0)/T, with q at capacity, is {:.1}",
        -form.wave_mps() * 3.6
    );
    Ok([Measure::near(what, slope(&far) * 3.6, expected, 0.03, because), out])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_triangle_is_consistent() {
        let classes = equal_cars().unwrap();
        let form = Triangle::of(classes.get(VehicleClass::Car), LIMIT_MPS);
        let kc = form.capacity_per_s() / form.free_mps;
        assert!((form.speed_mps(kc) - form.free_mps).abs() < 1e-9);
        assert!((form.speed_mps(1.0 / form.space_m)).abs() < 1e-9);
        // Both branches meet the wave speed: dq/dk on the congested one is −w.
        let (a, b) = (1.5 * kc, 2.0 * kc);
        let slope = (b * form.speed_mps(b) - a * form.speed_mps(a)) / (b - a);
        assert!((slope + form.wave_mps()).abs() < 1e-9, "{slope}");
    }

    #[test]
    fn edie_measures_a_stream_exactly() {
        let classes = equal_cars().unwrap();
        let mut simulation = stream(&classes, 4.0, 200, 0.0, 0.5).unwrap();
        let edie = stationary(&mut simulation, 300.0, 500.0);
        assert!((edie.flow() - 0.25).abs() < 0.0025 && (edie.speed() - 13.889).abs() < 0.1, "{edie:?}");
    }

    #[test]
    fn a_box_counts_the_way_and_the_time_within_it() {
        let classes = equal_cars().unwrap();
        let mut simulation = stream(&classes, 1_000.0, 1, 0.0, 0.5).unwrap();
        let (mut short, mut none) = (Edie::default(), Edie::default());
        while simulation.time_s() < 200.0 {
            simulation.step();
            short.add(&simulation, 1_001.0, 1_003.0, 0.5);
            none.add(&simulation, 5_000.0, 5_100.0, 0.5);
        }
        // One car drives through 2 m, less than the way of a step: once, in 2 m at its speed.
        assert!((short.way_m - 2.0).abs() < 1e-3 && (short.time_s - 2.0 / f64::from(LIMIT_MPS)).abs() < 1e-3, "{short:?}");
        assert!((none.way_m, none.time_s) == (0.0, 0.0) && (none.area - 100.0 * 200.0).abs() < 60.0, "{none:?}");
    }

    #[test]
    fn the_bound_asks_more_of_those_who_brake_less_than_the_hardest() {
        let shipped = ClassTable::default();
        let gap = |class| bound_gap_m(shipped.get(class), LIMIT_MPS, 0.1);
        assert_eq!(gap(VehicleClass::Car), 0.0);
        // v²/2·(1/4.5 − 1/6) = 5.36 m.
        assert!((gap(VehicleClass::ArticulatedTruck) - 5.36).abs() < 0.1, "{}", gap(VehicleClass::ArticulatedTruck));
    }

    #[test]
    fn the_slope_of_a_line_is_found_and_marks_are_set_once() {
        let points: Vec<_> = (0..20).map(|i| (f64::from(i), 7.0 - 4.5 * f64::from(i) + if i % 2 == 0 { 0.1 } else { -0.1 })).collect();
        assert!((slope(&points) + 4.5).abs() < 0.01, "{}", slope(&points));
        let mut simulation = stream(&equal_cars().unwrap(), 20.0, 5, 0.0, 0.5).unwrap();
        let all = marks(&mut simulation, 150.0, 600.0, |_, new| new > 10.0);
        assert_eq!(all.len(), 5);
        assert!(all.iter().all(|(_, x)| (600.0..607.0).contains(x)), "{all:?}");
        assert!((slope(&all)).abs() < 0.1 && all.windows(2).all(|w| (w[1].0 - w[0].0 - 20.0).abs() < 1e-6), "{all:?}");
    }
}
