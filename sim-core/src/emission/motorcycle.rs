//! Motorcycles of 110–125 cc: a line between power at the wheel and CO₂ (vehicle specific power), calibrated to Hanoi.
//!
//! No open emission model has a class for the small four-stroke motorcycles of Vietnam. The one firm number is their mean on the
//! road: 72.55 g CO₂/km running hot in Hanoi (measured activity of 2021–23 in the IVE model; another study of 30 routes in 2023 gives
//! 90.83 g CO₂e/km, so take it as the low end). The model is
//!
//! rate = idle + slope · max(0, P), P = v · (m·r·a + m·g·c_r + ½·ρ·C_dA·v²)
//!
//! and the slope is the one that gives 72.55 g/km over [`CALIBRATION_CYCLE`]. It comes to 0.797 mg/J, that is 9 % of the petrol's
//! energy reaching the road: what a small engine with a belt drive does at part load.

/// What the calibration has to give over [`CALIBRATION_CYCLE`], g/km (Hanoi 2021–23, IVE, running emissions).
pub const HANOI_G_PER_KM: f64 = 72.55;

/// A synthetic speed profile like a ride through Hanoi: time, s, and speed, km/h; straight lines between. Assumed, not recorded:
/// 1.43 km in 250 s, mean 20.5 km/h, 18 % of the time standing, peaks of 25 to 38 km/h, accelerations up to 0.9 m/s².
pub const CALIBRATION_CYCLE: [(f64, f64); 24] = [
    (0.0, 0.0),
    (10.0, 0.0),
    (18.0, 25.0),
    (32.0, 25.0),
    (36.0, 17.0),
    (43.0, 30.0),
    (62.0, 31.0),
    (70.0, 0.0),
    (86.0, 0.0),
    (97.0, 36.0),
    (124.0, 38.0),
    (130.0, 26.0),
    (137.0, 36.0),
    (152.0, 34.0),
    (160.0, 8.0),
    (165.0, 8.0),
    (174.0, 30.0),
    (190.0, 29.0),
    (198.0, 0.0),
    (214.0, 0.0),
    (222.0, 24.0),
    (240.0, 26.0),
    (247.0, 0.0),
    (250.0, 0.0),
];

/// Rate of a standing engine, mg/s: about 0.16 l/h (assumed).
const IDLE_MG_PER_S: f32 = 100.0;
/// CO₂ for work at the wheel, mg/J: the calibrated number.
const SLOPE_MG_PER_J: f32 = 0.796_68;
/// Motorcycle of 108 kg with 1.3 riders of 60 kg, kg (assumed).
const MASS_KG: f32 = 186.0;
/// What turning parts add to the mass when speeding up (assumed).
const ROTATING: f32 = 1.05;
/// Rolling resistance, N: mass × 9.81 m/s² × 0.015 (small tyres, assumed).
const ROLLING_N: f32 = MASS_KG * 9.81 * 0.015;
/// Half the air's density (1.16 kg/m³ at 30 °C) times the drag area (0.6 m² with an upright rider, assumed), kg/m.
const DRAG_KG_PER_M: f32 = 0.5 * 1.16 * 0.6;

/// CO₂, mg/s, at `v` m/s and `a` m/s².
#[inline]
pub fn co2_mg_per_s(v: f32, a: f32) -> f32 {
    let power_w = v * (MASS_KG * ROTATING * a + ROLLING_N + DRAG_KG_PER_M * v * v);
    IDLE_MG_PER_S + SLOPE_MG_PER_J * power_w.max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Grams and kilometres over the cycle, by the midpoint rule in steps of `step_s`.
    fn drive(step_s: f64) -> (f64, f64, f64) {
        let (mut co2_g, mut way_km, mut standing_s) = (0.0, 0.0, 0.0);
        for leg in CALIBRATION_CYCLE.windows(2) {
            let ((from_s, from_kmh), (until_s, until_kmh)) = (leg[0], leg[1]);
            let accel = (until_kmh - from_kmh) / 3.6 / (until_s - from_s);
            let steps = ((until_s - from_s) / step_s).round() as usize;
            for i in 0..steps {
                let speed = from_kmh / 3.6 + accel * (i as f64 + 0.5) * step_s;
                co2_g += f64::from(co2_mg_per_s(speed as f32, accel as f32)) * step_s / 1000.0;
                way_km += speed * step_s / 1000.0;
                standing_s += if speed < 0.1 { step_s } else { 0.0 };
            }
        }
        (co2_g, way_km, standing_s)
    }

    #[test]
    fn the_cycle_gives_hanois_grams_per_kilometre() {
        let (co2_g, way_km, _) = drive(0.01);
        assert!((co2_g / way_km - HANOI_G_PER_KM).abs() < 0.02, "{} g/km", co2_g / way_km);
    }

    #[test]
    fn the_step_of_the_engine_is_fine_enough() {
        let (co2_g, way_km, _) = drive(0.5);
        assert!((co2_g / way_km / HANOI_G_PER_KM - 1.0).abs() < 0.002, "{} g/km", co2_g / way_km);
    }

    #[test]
    fn the_cycle_is_what_its_description_says() {
        let (_, way_km, standing_s) = drive(0.01);
        assert!((way_km - 1.43).abs() < 0.005, "{way_km} km");
        assert!((way_km / 250.0 * 3600.0 - 20.5).abs() < 0.1);
        assert!((standing_s / 250.0 - 0.18).abs() < 0.01, "{standing_s} s");
    }
}
