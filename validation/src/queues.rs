//! Places where vehicles queue, against the formulas of the handbooks: a signal under random arrivals, a gate.

use crate::{
    check::{Check, Measure, Trouble},
    crossing::{ARM_M, Crossing, times_s},
    town::{Dice, LIMIT_MPS, classes_with, simulation_with, straight, trip},
};
use sim_core::{
    class::{ClassSet, ClassTable, VehicleClass},
    halt::{Gate, Spread},
    ids::LinkId,
    network::RoadNetwork,
};
use std::sync::Arc;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check::new("theory-hcm-delay", "an isolated signal under random arrivals, at five degrees of saturation", |_| hcm_delay()),
        Check::new("theory-gate-queue", "a toll gate with fixed service times under random arrivals: M/D/1", |_| gate_queue()),
    ]
}

fn equal_cars() -> Result<ClassTable, Trouble> {
    classes_with(VehicleClass::Car, |p| p.desired_speed_spread = 0.0)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Travel times of cars over a route, each from its wished departure, run until `end_s`.
fn travel_s(
    network: &Arc<RoadNetwork>,
    route: &[LinkId],
    to_m: f32,
    departures_s: &[f64],
    gates: &[Gate],
    end_s: f64,
) -> Result<Vec<f64>, Trouble> {
    let route: Arc<[LinkId]> = Arc::from(route);
    let trips = departures_s.iter().enumerate().map(|(i, t)| trip(format!("{i:07}"), VehicleClass::Car, *t, 0.0, to_m, &route)).collect();
    let mut simulation = simulation_with(network, equal_cars()?, trips, 0.5)?.with_gates(gates.to_vec()).map_err(Trouble::broken)?;
    while simulation.time_s() < end_s {
        simulation.step();
    }
    Ok(times_s(&simulation.measurements().trips))
}

/// Delay by the Highway Capacity Manual: uniform and incremental (isolated, fixed time: k 0.5, I 1), over a quarter of an hour.
fn hcm_s(cycle_s: f64, green_share: f64, x: f64, capacity_per_h: f64) -> f64 {
    let hours = 0.25;
    let d1 = 0.5 * cycle_s * (1.0 - green_share).powi(2) / (1.0 - x.min(1.0) * green_share);
    let d2 = 900.0 * hours * ((x - 1.0) + ((x - 1.0).powi(2) + 4.0 * x / (capacity_per_h * hours)).sqrt());
    d1 + d2
}

/// How a queue crosses the line of the signal, seconds: the first so long after the beginning of green, the others at this headway, nobody later than the last.
struct Line {
    first_s: f64,
    headway_s: f64,
    last_s: f64,
}

/// Where the stop line of [`Crossing`] is, metres east.
const LINE_M: f64 = -6.0;

/// When each car crosses the line and when it arrives, seconds after it wished to leave; not a number if it does not.
fn crossed_s(network: &Arc<RoadNetwork>, departures_s: &[f64], end_s: f64) -> Result<Vec<(f64, f64)>, Trouble> {
    let route: Arc<[LinkId]> = [LinkId(0), LinkId(1)].into();
    let to_m = ARM_M - 10.0;
    let trips = departures_s.iter().enumerate().map(|(i, t)| trip(format!("{i:07}"), VehicleClass::Car, *t, 0.0, to_m, &route)).collect();
    let mut simulation = simulation_with(network, equal_cars()?, trips, 0.5)?;
    let mut line_s = vec![f64::NAN; departures_s.len()];
    while simulation.time_s() < end_s {
        simulation.step();
        let frame = simulation.frame();
        for v in &frame.vehicles {
            let past_m = v.centre.x + f64::from(v.length_m) * 0.5 - LINE_M;
            if past_m >= 0.0 && line_s[v.id.index()].is_nan() {
                line_s[v.id.index()] = frame.time_s - past_m / f64::from(v.speed_mps).max(0.1);
            }
        }
    }
    let records = &simulation.measurements().trips;
    Ok(departures_s.iter().zip(line_s).zip(records).map(|((d, l), r)| (l - d, r.arrived_s.map_or(f64::NAN, |at| at - d))).collect())
}

/// Mean delay at the line of cars that would be there at these times if there were no signal, seconds: a queue that takes no room.
fn point_queue_s(there_s: &[f64], cycle_s: f64, line: &Line) -> f64 {
    let (mut free_at, mut waited) = (f64::NEG_INFINITY, 0.0);
    for at in there_s {
        let mut leaves = at.max(free_at);
        let in_cycle = leaves.rem_euclid(cycle_s);
        if in_cycle < line.first_s {
            leaves += line.first_s - in_cycle;
        } else if in_cycle > line.last_s {
            leaves += cycle_s - in_cycle + line.first_s;
        }
        waited += leaves - at;
        free_at = leaves + line.headway_s;
    }
    waited / there_s.len() as f64
}

fn hcm_delay() -> Result<Vec<Measure>, Trouble> {
    const REPLICATIONS: u64 = 60;
    const CYCLES: f64 = 40.0;
    let crossing = Crossing { lane_m: 3.0, limit_mps: LIMIT_MPS, green_s: 40.0, other_green_s: 40.0 };
    let network = Arc::new(crossing.network());
    let cycle_s = crossing.cycle_s();
    // Capacity, and how a queue crosses the line: what one that never ends discharges in 40 cycles.
    let departures: Vec<f64> = (0..3_000).map(|i| f64::from(i) * 1.5).collect();
    let (warm_s, end_s) = (5.0 * cycle_s, (5.0 + CYCLES) * cycle_s);
    let times = crossed_s(&network, &departures, end_s)?;
    let mut cycles = vec![Vec::new(); CYCLES as usize];
    for at in departures.iter().zip(&times).map(|(d, (line, _))| d + line - warm_s).filter(|at| *at >= 0.0) {
        if let Some(cycle) = cycles.get_mut((at / cycle_s) as usize) {
            cycle.push(at.rem_euclid(cycle_s));
        }
    }
    let per_cycle = cycles.iter().map(Vec::len).sum::<usize>() as f64 / CYCLES;
    let capacity = per_cycle / cycle_s * 3_600.0;
    let nth = |n: usize| mean(&cycles.iter().filter_map(|c| c.get(n).copied()).collect::<Vec<_>>());
    let headway_s = (nth(15) - nth(5)) / 10.0;
    let first_s = nth(5) - 5.0 * headway_s;
    let line = Line { first_s, headway_s, last_s: first_s + per_cycle * headway_s };
    let alone = crossed_s(&network, &[cycle_s * 10.0 - 52.0, cycle_s * 11.0 - 52.0], cycle_s * 14.0)?;
    let free = (mean(&alone.iter().map(|t| t.0).collect::<Vec<_>>()), mean(&alone.iter().map(|t| t.1).collect::<Vec<_>>()));
    let green_share = per_cycle * headway_s / cycle_s;
    let mut measures = vec![
        Measure::shown("capacity measured in saturation, cars/h", capacity).decimals(0),
        Measure::shown("headway in saturation, s", headway_s),
        Measure::shown("effective green, s", per_cycle * headway_s),
        Measure::shown("free travel, s", free.1).decimals(1),
    ];
    for x in [0.5, 0.7, 0.85, 0.95, 1.05] {
        let per_s = x * capacity / 3_600.0;
        let there = |departures: &[f64]| departures.iter().map(|d| d + free.0).collect::<Vec<f64>>();
        let (mut at_line, mut whole, mut point, mut count) = (0.0, 0.0, 0.0, 0.0);
        for seed in 0..REPLICATIONS {
            // The quarter of an hour begins anywhere in the cycle.
            let begins_s = cycle_s * seed as f64 / REPLICATIONS as f64;
            let departures: Vec<f64> = Dice::new(100 + seed).poisson(per_s, 900.0).iter().map(|t| begins_s + t).collect();
            let times = crossed_s(&network, &departures, 1_800.0)?;
            if times.iter().any(|t| t.1.is_nan()) {
                return Err(Trouble::Broken(format!("x = {x}, seed {seed}: somebody is still on the way after half an hour")));
            }
            at_line += times.iter().map(|t| t.0 - free.0).sum::<f64>();
            whole += times.iter().map(|t| t.1 - free.1).sum::<f64>();
            point += point_queue_s(&there(&departures), cycle_s, &line) * departures.len() as f64;
            count += departures.len() as f64;
        }
        let (at_line, whole, point) = (at_line / count, whole / count, point / count);
        measures.push(Measure::shown(format!("x = {x}: mean delay of {count:.0} cars at the line, s"), at_line).decimals(1));
        measures.push(Measure::shown(format!("x = {x}: the same of a queue that takes no room and brakes nobody, s"), point).decimals(1));
        // What the arrivals' own luck adds, by the recursion over many more of them.
        let many = (0..2_000).map(|seed| {
            let begins_s = cycle_s * seed as f64 / 2_000.0;
            there(&Dice::new(10_000 + seed).poisson(per_s, 900.0).iter().map(|t| begins_s + t).collect::<Vec<_>>())
        });
        let (sum, all) = many
            .filter(|t| !t.is_empty())
            .fold((0.0, 0.0), |(sum, all), t| (sum + point_queue_s(&t, cycle_s, &line) * t.len() as f64, all + t.len() as f64));
        let expected = hcm_s(cycle_s, green_share, x, capacity);
        measures.push(Measure::shown(
            format!("x = {x}: the recursion over 2 000 quarters of an hour, as a share of the manual"),
            sum / all / expected,
        ));
        let because = format!(
            "HCM 2010 eq. 18-20 and 18-45, d1 + d2 = {expected:.1} s with the measured capacity and effective green, T 0.25 h, 10 %"
        );
        let corrected = whole + sum / all - point;
        measures.push(
            Measure::near(format!("x = {x}: mean control delay, corrected for the drawn arrivals, s"), corrected, expected, 0.10, because)
                .decimals(1),
        );
    }
    Ok(measures)
}

/// Mean wait before service in a queue with one server, fixed service time and these arrivals, seconds.
fn lindley_s(arrivals_s: &[f64], service_s: f64) -> f64 {
    let (mut free_at, mut waited) = (f64::NEG_INFINITY, 0.0);
    for at in arrivals_s {
        let begins = at.max(free_at);
        waited += begins - at;
        free_at = begins + service_s;
    }
    waited / arrivals_s.len() as f64
}

fn gate_queue() -> Result<Vec<Measure>, Trouble> {
    const SERVICE_S: f32 = 30.0;
    let network = straight(1, 3.0, 2_000.0)?;
    let route = [LinkId(0)];
    let gate = [Gate {
        ref_: "toll".into(),
        link: LinkId(0),
        pos_m: 1_900.0,
        classes: ClassSet::ALL,
        service_s: SERVICE_S,
        spread: Spread::Fixed,
    }];
    let run = |departures: &[f64], end_s: f64| travel_s(&network, &route, 1_990.0, departures, &gate, end_s);
    // In saturation the gate serves one every so often: service and moving up.
    let departures: Vec<f64> = (0..150).map(|i| f64::from(i) * 20.0).collect();
    let times = run(&departures, 9_000.0)?;
    let left: Vec<f64> = departures.iter().zip(&times).map(|(d, t)| d + t).collect();
    let every_s = (left[140] - left[40]) / 100.0;
    let alone_s = mean(&run(&[0.0, 500.0, 1_000.0], 2_000.0)?);
    let mut measures = vec![
        Measure::shown("effective service time in saturation, s", every_s),
        Measure::shown("travel with nobody before, s", alone_s).decimals(1),
    ];
    for rho in [0.5, 0.7, 0.85] {
        let (mut waits, mut exact, mut count) = (0.0, 0.0, 0.0);
        for seed in 0..4 {
            let end_s = 400_000.0;
            let arrivals = Dice::new(seed).poisson(rho / every_s, end_s);
            let times = run(&arrivals, end_s + 5_000.0)?;
            let n = arrivals.len() as f64;
            waits += times.iter().map(|t| t - alone_s).sum::<f64>();
            exact += lindley_s(&arrivals, every_s) * n;
            count += n;
        }
        let because = format!("queue recursion on the same arrivals: {:.1} s, 3 %", exact / count);
        measures.push(Measure::near(format!("ρ = {rho}: mean wait of {count:.0} cars, s"), waits / count, exact / count, 0.03, because));
        // The arrivals' own luck taken out: what the recursion says of them stands for it.
        let formula = every_s * rho / (2.0 * (1.0 - rho));
        let because = format!("ρ/(2(1 − ρ)) of the service time: {formula:.1} s, 3 %");
        let corrected = waits / count * formula / (exact / count);
        measures.push(Measure::near(
            format!("ρ = {rho}: the same, corrected for the drawn arrivals, s"),
            corrected,
            formula,
            0.03,
            because,
        ));
    }
    Ok(measures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formulas_give_the_handbooks_numbers() {
        // C 90, g 40, capacity 800: the table of the reference.
        for (x, expected) in [(0.5, 20.09), (0.7, 25.22), (0.85, 33.29), (0.95, 45.78), (1.05, 70.74)] {
            let delay = hcm_s(90.0, 40.0 / 90.0, x, 800.0);
            assert!((delay - expected).abs() < 0.02, "{delay} {expected}");
        }
        // One car every 10 s at a signal with 40 s of green in 80: those of the second half of each cycle wait.
        let even: Vec<f64> = (0..80).map(|i| f64::from(i) * 10.0).collect();
        let line = Line { first_s: 0.0, headway_s: 2.0, last_s: 39.0 };
        let delay = point_queue_s(&even, 80.0, &line);
        // They come 40, 30, 20 and 10 s before green and leave at its 0th, 2nd, 4th and 6th second; the next at its 8th, 8 s after it came.
        assert!((delay - (40.0 + 32.0 + 24.0 + 16.0 + 8.0) / 8.0 * (79.0 / 80.0)).abs() < 0.5, "{delay}");
        let arrivals = Dice::new(1).poisson(0.07, 3_000_000.0);
        let wait = lindley_s(&arrivals, 10.0);
        assert!((wait / 11.667 - 1.0).abs() < 0.02, "M/D/1 at 0.7: {wait}");
    }

    #[test]
    fn cars_are_timed_at_the_line_and_where_they_arrive() {
        let crossing = Crossing { lane_m: 3.0, limit_mps: LIMIT_MPS, green_s: 40.0, other_green_s: 40.0 };
        let (network, cycle_s) = (Arc::new(crossing.network()), crossing.cycle_s());
        // At the line when green has lasted 10 s, and when it has been over for 10 s; the third is on its way at the end.
        let way_s = ARM_M / LIMIT_MPS;
        let begins = |in_cycle: f64| 10.0 * cycle_s + in_cycle - f64::from(way_s);
        let departures = [begins(10.0), begins(55.0), begins(cycle_s + 10.0)];
        let times = crossed_s(&network, &departures, 11.0 * cycle_s + 5.0).unwrap();
        assert!((times[0].0 - f64::from(way_s)).abs() < 2.0, "{times:?}");
        let on_s = f64::from((ARM_M - 10.0) / LIMIT_MPS);
        assert!((times[0].1 - times[0].0 - on_s).abs() < 1.5, "{times:?}");
        let green_at = departures[1] + times[1].0 - 11.0 * cycle_s;
        assert!((0.0..5.0).contains(&green_at), "it crosses at the beginning of the next green: {green_at}");
        assert!(times[2].0.is_nan() && times[2].1.is_nan(), "{times:?}");
    }

    #[test]
    fn the_line_is_crossed_between_two_steps() {
        for limit_mps in [9.0f32, 9.7, 10.9, 12.3, 13.1] {
            let crossing = Crossing { lane_m: 3.0, limit_mps, green_s: 40.0, other_green_s: 40.0 };
            let cycle_s = crossing.cycle_s();
            let way_s = f64::from(ARM_M / limit_mps);
            // In the middle of the green, on a whole step.
            let departs_s = (10.0 * cycle_s + 20.0 - way_s).round();
            let times = crossed_s(&Arc::new(crossing.network()), &[departs_s], 12.0 * cycle_s).unwrap();
            // It enters whole, some metres ahead of the begin of the road.
            let late_s = times[0].0 - way_s;
            assert!((-0.5..-0.1).contains(&late_s), "{limit_mps} m/s: {late_s} s later than from the begin of the road");
        }
    }
}
