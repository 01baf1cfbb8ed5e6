//! The model against closed forms: travel on an empty road, discharge of a queue, delay at a signal.

use crate::{
    check::{Check, Measure, Trouble},
    crossing::{ARM_M, Crossing, YELLOW_S, times_s},
};

/// Lane width, metres: one car wide, so that cars queue in single file.
const LANE_M: f32 = 3.0;
/// 50 km/h.
const LIMIT_MPS: f32 = 50.0 / 3.6;
/// Way of a trip across the crossing, metres: both arms but 10 m at each end, and the crossing itself.
const WAY_M: f64 = 2.0 * ARM_M as f64 - 20.0 + 12.0;
/// What is lost of a green and its yellow by starting and by clearing, seconds (HCM 2010, chapter 18: 2 s and 2 s).
const LOST_S: f64 = 4.0;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    vec![
        Check::new("theory-free-flow", "a car alone on an empty road", |_| free_flow()),
        Check::new("theory-saturation-flow", "a queue of cars discharges through a signal", |_| saturation_flow()),
        Check::new("theory-signal-delay", "delay of evenly spaced cars at a fixed-time signal", |_| signal_delay()),
    ]
}

/// A crossing whose west–east street is green nearly always.
fn open_road() -> Crossing {
    Crossing { lane_m: LANE_M, limit_mps: LIMIT_MPS, green_s: 600.0, other_green_s: 1.0 }
}

/// Mean of some times; no number where there are none.
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Mean time of lone cars that meet green, seconds.
fn free_time_s() -> Result<f64, Trouble> {
    // All depart and pass within the first green of 600 s, each alone on its stretch.
    let departures: Vec<f64> = (0..14).map(|i| f64::from(i) * 30.0).collect();
    let times = times_s(&open_road().run_cars(&departures, 599.0).map_err(Trouble::broken)?);
    if times.len() < departures.len() {
        Err(Trouble::Broken(format!("{} of {} cars arrived", times.len(), departures.len())))
    } else {
        Ok(mean(&times))
    }
}

fn free_flow() -> Result<Vec<Measure>, Trouble> {
    let expected_s = WAY_M / f64::from(LIMIT_MPS);
    Ok(vec![
        Measure::near(
            "mean travel time over 1.8 km at 50 km/h, s",
            free_time_s()?,
            expected_s,
            0.10,
            "length / limit; drivers differ by 10 %, and start from where they enter",
        )
        .decimals(1),
    ])
}

fn saturation_flow() -> Result<Vec<Measure>, Trouble> {
    let crossing = Crossing { lane_m: LANE_M, limit_mps: LIMIT_MPS, green_s: 40.0, other_green_s: 40.0 };
    let (warm_s, end_s) = (10.0 * crossing.cycle_s(), 40.0 * crossing.cycle_s());
    let departures: Vec<f64> = (0..(end_s / 1.8) as usize).map(|i| i as f64 * 1.8).collect();
    let records = crossing.run_cars(&departures, end_s).map_err(Trouble::broken)?;
    let arrived = records.iter().filter_map(|r| r.arrived_s).filter(|t| *t >= warm_s).count() as f64;
    let cycles = (end_s - warm_s) / crossing.cycle_s();
    let effective_s = f64::from(crossing.green_s + YELLOW_S) - LOST_S;
    Ok(vec![
        Measure::within(
            "saturation flow of cars, vehicles/h per lane",
            arrived / cycles / effective_s * 3600.0,
            1_600.0,
            2_200.0,
            "HCM 2010: 1 900 pc/h per lane at the base; 15 % either way",
        )
        .decimals(0),
        Measure::near("cars accounted for", records.len() as f64, departures.len() as f64, 0.0, "nothing is ever lost").decimals(0),
    ])
}

fn signal_delay() -> Result<Vec<Measure>, Trouble> {
    let crossing = Crossing { lane_m: LANE_M, limit_mps: LIMIT_MPS, green_s: 41.0, other_green_s: 39.0 };
    let cycle_s = crossing.cycle_s();
    let effective_s = f64::from(crossing.green_s + YELLOW_S) - LOST_S;
    let free_s = free_time_s()?;
    let mut measures = Vec::new();
    for headway_s in [12.0, 8.0, 6.0f64] {
        // A headway that does not divide the cycle samples every moment of it.
        let headway_s = headway_s + 0.37;
        let departures: Vec<f64> = (0..(40.0 * cycle_s / headway_s) as usize).map(|i| i as f64 * headway_s).collect();
        let records = crossing.run_cars(&departures, 44.0 * cycle_s).map_err(Trouble::broken)?;
        let flow = 3600.0 / headway_s;
        let capacity = 1_900.0 * effective_s / cycle_s;
        let share_green = effective_s / cycle_s;
        let d1_s = 0.5 * cycle_s * (1.0 - share_green).powi(2) / (1.0 - (flow / capacity).min(1.0) * share_green);
        let delay_s = mean(&times_s(&records)) - free_s;
        measures.push(
            Measure::within(
                format!("mean delay at {flow:.0} cars/h (x = {:.2}), s", flow / capacity),
                delay_s,
                d1_s * 0.75,
                d1_s * 1.25 + 4.0,
                format!("HCM uniform delay d1 = {d1_s:.1} s ± 25 %, and up to 4 s for braking and starting"),
            )
            .decimals(1),
        );
    }
    Ok(measures)
}
