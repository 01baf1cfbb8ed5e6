//! Places where vehicles queue, against the formulas of the handbooks: a signal under random arrivals, a gate, a yielding stream.

use crate::{
    check::{Check, Measure, Trouble},
    crossing::{ARM_M, Crossing, YELLOW_S, times_s},
    town::{Control, Dice, LIMIT_MPS, Town, classes_with, link, simulation_with, straight, trip},
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
        Check::new("theory-gap-capacity", "capacity of a stream that yields to another, against gap acceptance", |_| gap_capacity()),
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

fn hcm_delay() -> Result<Vec<Measure>, Trouble> {
    const REPLICATIONS: u64 = 60;
    let crossing = Crossing { lane_m: 3.0, limit_mps: LIMIT_MPS, green_s: 40.0, other_green_s: 40.0 };
    let network = Arc::new(crossing.network());
    let route = [LinkId(0), LinkId(1)];
    let cycle_s = crossing.cycle_s();
    // Capacity: what a queue that never ends discharges in 40 cycles.
    let departures: Vec<f64> = (0..3_000).map(|i| f64::from(i) * 1.5).collect();
    let (warm_s, end_s) = (5.0 * cycle_s, 45.0 * cycle_s);
    let times = travel_s(&network, &route, ARM_M - 10.0, &departures, &[], end_s)?;
    let through = departures.iter().zip(&times).filter(|(d, t)| **d + **t > warm_s).count() as f64;
    let capacity = through / (end_s - warm_s) * 3_600.0;
    let free_s = mean(&travel_s(&network, &route, ARM_M - 10.0, &[cycle_s * 10.0 - 62.0, cycle_s * 11.0 - 62.0], &[], cycle_s * 14.0)?);
    let green_share = (f64::from(crossing.green_s + YELLOW_S) - 4.0) / cycle_s;
    let mut measures = vec![
        Measure::shown("capacity measured in saturation, cars/h", capacity).decimals(0),
        Measure::shown("free travel, s", free_s).decimals(1),
    ];
    for (x, share) in [(0.5, 0.10), (0.7, 0.10), (0.85, 0.10), (0.95, 0.10), (1.05, 0.10)] {
        let mut all = Vec::new();
        for seed in 0..REPLICATIONS {
            let departures = Dice::new(100 + seed).poisson(x * capacity / 3_600.0, 900.0);
            all.extend(travel_s(&network, &route, ARM_M - 10.0, &departures, &[], 1_500.0)?);
        }
        let expected = hcm_s(cycle_s, green_share, x, capacity);
        let because = format!("HCM: d1 + d2 = {expected:.1} s with the measured capacity, T 0.25 h, {:.0} %", share * 100.0);
        measures.push(
            Measure::near(format!("x = {x}: mean delay of {} cars, s", all.len()), mean(&all) - free_s, expected, share, because)
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

/// Cars an hour over a crossing that yield to `main_per_h` cars an hour.
fn yielding_per_h(main_per_h: f64) -> Result<f64, Trouble> {
    let mut town = Town::default();
    let centre = town.node(0.0, 0.0, Control::Priority, 6.0);
    let ends = [(-600.0, 0.0), (400.0, 0.0), (0.0, -400.0), (0.0, 400.0)].map(|(x, y)| town.node(x, y, Control::End, 0.0));
    town.one_way("main-in", ends[0], centre, 1, 3.5, true);
    town.one_way("main-out", centre, ends[1], 1, 3.5, true);
    town.one_way("side-in", ends[2], centre, 1, 3.5, false);
    town.one_way("side-out", centre, ends[3], 1, 3.5, false);
    let network = town.build()?;
    let way = |a: &str, b: &str| -> Result<Arc<[LinkId]>, Trouble> { Ok(Arc::from([link(&network, a)?, link(&network, b)?])) };
    let (main, side) = (way("main-in", "main-out")?, way("side-in", "side-out")?);
    let end_s = 6_000.0;
    let mut trips: Vec<_> = if main_per_h > 0.0 {
        let times = Dice::new(5).poisson(main_per_h / 3_600.0, end_s);
        times.iter().enumerate().map(|(i, t)| trip(format!("m{i:06}"), VehicleClass::Car, *t, 0.0, 380.0, &main)).collect()
    } else {
        vec![]
    };
    trips.extend((0..(end_s / 1.8) as usize).map(|i| trip(format!("s{i:06}"), VehicleClass::Car, i as f64 * 1.8, 0.0, 380.0, &side)));
    let mut simulation = simulation_with(&network, equal_cars()?, trips, 0.5)?;
    while simulation.time_s() < end_s {
        simulation.step();
    }
    let out = side[1];
    let over: u32 = simulation.measurements().links.iter().filter(|c| c.link == out && c.interval >= 2).map(|c| c.entered).sum();
    Ok(f64::from(over) / (end_s - 600.0) * 3_600.0)
}

fn gap_capacity() -> Result<Vec<Measure>, Trouble> {
    let alone = yielding_per_h(0.0)?;
    let follow_up_s = 3_600.0 / alone;
    let critical_s = f64::from(ClassTable::default().get(VehicleClass::Car).critical_gap_s);
    let mut measures = vec![
        Measure::shown("follow-up time without a main stream, s", follow_up_s),
        Measure::shown("critical gap of the class, s", critical_s),
    ];
    for main in [200.0, 400.0, 600.0, 800.0, 1_000.0] {
        let q = main / 3_600.0;
        let expected = main * (-q * critical_s).exp() / (1.0 - (-q * follow_up_s).exp());
        let because = format!("HCM gap acceptance (Harders) with these two: {expected:.0}, 15 %");
        let measured = yielding_per_h(main)?;
        measures.push(
            Measure::near(format!("main stream {main:.0} cars/h: capacity of the other, cars/h"), measured, expected, 0.15, because)
                .decimals(0),
        );
        // The critical gap that would give what was measured.
        let fitted = -((measured / main * (1.0 - (-q * follow_up_s).exp())).ln()) / q;
        measures.push(Measure::shown("critical gap that explains it, s", fitted));
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
        let arrivals = Dice::new(1).poisson(0.07, 3_000_000.0);
        let wait = lindley_s(&arrivals, 10.0);
        assert!((wait / 11.667 - 1.0).abs() < 0.02, "M/D/1 at 0.7: {wait}");
    }
}
