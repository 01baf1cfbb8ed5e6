//! Tailpipe CO₂ and fuel, or energy out of the battery, of one vehicle at one moment, from its class, speed and acceleration.
//!
//! | class | model | file |
//! |---|---|---|
//! | car, taxi, minibus, bus, trucks, emergency | HBEFA 3.1 polynomial as published in SUMO, its idle term corrected | `four_wheeler` |
//! | motorcycle | tractive power, calibrated to 72.55 g/km over a cycle like Hanoi's | [`motorcycle`] |
//! | bicycle, electric shuttle | nothing leaves a tailpipe: 0 | here |
//! | whatever drives on a battery | tractive power with regeneration | [`electric`] |
//!
//! Fuel is the carbon of the CO₂ ([`fuel_ml`]), so it is never counted apart. A cold start costs [`start_co2_g`] once a trip
//! (6.96 g for Hanoi's motorcycles, same source as the calibration). What a power station emits for an electric vehicle is not in here.
//! Road gradients are not modelled: the province is flat but for a few hills.
//!
//! [`start_co2_g`]: crate::class::ClassParams::start_co2_g
//!
//! Only `+ − × ÷` and comparisons: the same bits on every machine.

pub mod electric;
mod four_wheeler;
pub mod motorcycle;

use crate::class::VehicleClass;
use four_wheeler::{BUS, CAR, HEAVY, LIGHT_DIESEL};

/// CO₂ of a litre of petrol, milligrams per millilitre: 69.3 kg/GJ × 44.3 MJ/kg (IPCC 2006 Guidelines, vol. 2, tables 1.2 and 1.4) ×
/// 0.74 kg/l (assumed density).
pub const PETROL_CO2_MG_PER_ML: f32 = 2272.0;

/// CO₂ of a litre of diesel, milligrams per millilitre: 74.1 kg/GJ × 43.0 MJ/kg (same source) × 0.84 kg/l (assumed density).
pub const DIESEL_CO2_MG_PER_ML: f32 = 2676.0;

/// What a vehicle burns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fuel {
    /// Petrol.
    Petrol,
    /// Diesel.
    Diesel,
    /// Nothing: pedals or a battery.
    None,
}

/// What vehicles of `class` burn. Assumed from what is usual in Vietnam; the fleet's electric share is not in here.
pub const fn fuel_of(class: VehicleClass) -> Fuel {
    match class {
        VehicleClass::Motorcycle | VehicleClass::Car | VehicleClass::Taxi => Fuel::Petrol,
        VehicleClass::Minibus
        | VehicleClass::Bus
        | VehicleClass::LightTruck
        | VehicleClass::HeavyTruck
        | VehicleClass::ArticulatedTruck
        | VehicleClass::Emergency => Fuel::Diesel,
        VehicleClass::Bicycle | VehicleClass::Shuttle => Fuel::None,
    }
}

/// CO₂ out of the tailpipe, milligrams per second, never negative. `speed_mps` 0 to 60, `accel_mps2` negative when braking.
#[inline]
pub fn co2_mg_per_s(class: VehicleClass, speed_mps: f32, accel_mps2: f32) -> f32 {
    match class {
        VehicleClass::Motorcycle => motorcycle::co2_mg_per_s(speed_mps, accel_mps2),
        VehicleClass::Bicycle | VehicleClass::Shuttle => 0.0,
        VehicleClass::Car | VehicleClass::Taxi => CAR.co2_mg_per_s(speed_mps, accel_mps2),
        VehicleClass::Minibus | VehicleClass::LightTruck | VehicleClass::Emergency => LIGHT_DIESEL.co2_mg_per_s(speed_mps, accel_mps2),
        VehicleClass::Bus => BUS.co2_mg_per_s(speed_mps, accel_mps2),
        VehicleClass::HeavyTruck | VehicleClass::ArticulatedTruck => HEAVY.co2_mg_per_s(speed_mps, accel_mps2),
    }
}

/// Fuel burnt, millilitres per second, never negative: the carbon balance of [`co2_mg_per_s`].
#[inline]
pub fn fuel_ml_per_s(class: VehicleClass, speed_mps: f32, accel_mps2: f32) -> f32 {
    match fuel_of(class) {
        Fuel::Petrol => co2_mg_per_s(class, speed_mps, accel_mps2) / PETROL_CO2_MG_PER_ML,
        Fuel::Diesel => co2_mg_per_s(class, speed_mps, accel_mps2) / DIESEL_CO2_MG_PER_ML,
        Fuel::None => 0.0,
    }
}

/// The fuel, millilitres, whose carbon left the tailpipe of a vehicle of `class` as `co2_g` grams of CO₂.
pub fn fuel_ml(class: VehicleClass, co2_g: f64) -> f64 {
    match fuel_of(class) {
        Fuel::Petrol => co2_g * 1e3 / f64::from(PETROL_CO2_MG_PER_ML),
        Fuel::Diesel => co2_g * 1e3 / f64::from(DIESEL_CO2_MG_PER_ML),
        Fuel::None => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BURNING: [VehicleClass; 9] = [
        VehicleClass::Motorcycle,
        VehicleClass::Car,
        VehicleClass::Taxi,
        VehicleClass::Minibus,
        VehicleClass::Bus,
        VehicleClass::LightTruck,
        VehicleClass::HeavyTruck,
        VehicleClass::ArticulatedTruck,
        VehicleClass::Emergency,
    ];

    fn g_per_km(class: VehicleClass, speed_kmh: f32) -> f32 {
        let speed_mps = speed_kmh / 3.6;
        co2_mg_per_s(class, speed_mps, 0.0) / speed_mps
    }

    /// Ranges: motorcycles 110–125 cc 40–100 g/km, petrol cars 120–220, vans 150–260, buses and trucks 600–1300 (IPCC, HBEFA and
    /// EMEP/EEA levels for steady urban driving, rounded outwards).
    #[test]
    fn steady_driving_costs_what_such_vehicles_cost() {
        for (class, range) in [
            (VehicleClass::Motorcycle, 40.0..=100.0),
            (VehicleClass::Car, 120.0..=220.0),
            (VehicleClass::LightTruck, 150.0..=260.0),
            (VehicleClass::Bus, 600.0..=1300.0),
            (VehicleClass::HeavyTruck, 600.0..=1300.0),
        ] {
            for speed_kmh in [30.0, 50.0] {
                let found = g_per_km(class, speed_kmh);
                assert!(range.contains(&found), "{class} at {speed_kmh} km/h: {found} g/km, expected {range:?}");
            }
        }
    }

    /// The grams per kilometre that the book's chapter on indicators prints.
    #[test]
    fn the_books_numbers() {
        for (class, at_30, at_50) in [
            (VehicleClass::Motorcycle, 53.0, 82.0),
            (VehicleClass::Car, 197.0, 168.0),
            (VehicleClass::LightTruck, 216.0, 182.0),
            (VehicleClass::Bus, 1043.0, 956.0),
            (VehicleClass::HeavyTruck, 1114.0, 1018.0),
        ] {
            let found = (g_per_km(class, 30.0).round(), g_per_km(class, 50.0).round());
            assert_eq!(found, (at_30, at_50), "{class}");
        }
    }

    #[test]
    fn never_negative_and_always_a_number() {
        for class in VehicleClass::ALL {
            for v in 0..=160 {
                for a in -24..=16 {
                    let (v, a) = (v as f32 * 0.25, a as f32 * 0.25);
                    let found = co2_mg_per_s(class, v, a);
                    assert!(found.is_finite() && found >= 0.0, "{class} at {v} m/s, {a} m/s²: {found} mg/s");
                    assert!(fuel_ml_per_s(class, v, a) >= 0.0, "{class} at {v} m/s, {a} m/s²");
                }
            }
        }
    }

    #[test]
    fn speeding_up_never_costs_less_than_holding_the_speed() {
        for class in BURNING {
            for v in 0..=100 {
                let v = v as f32 * 0.25;
                assert!(co2_mg_per_s(class, v, 0.5) >= co2_mg_per_s(class, v, 0.0), "{class} at {v} m/s");
            }
        }
    }

    #[test]
    fn idling_is_the_documented_rate() {
        assert_eq!(co2_mg_per_s(VehicleClass::Motorcycle, 0.0, 0.0), 100.0);
        assert_eq!(co2_mg_per_s(VehicleClass::Car, 0.0, 0.0), 600.0);
        assert_eq!(co2_mg_per_s(VehicleClass::LightTruck, 0.0, 0.0), 700.0);
        assert_eq!(co2_mg_per_s(VehicleClass::Bus, 0.0, 0.0), 1800.0);
        assert_eq!(co2_mg_per_s(VehicleClass::HeavyTruck, 0.0, 0.0), 2000.0);
    }

    #[test]
    fn coasting_four_wheelers_burn_nothing() {
        for class in BURNING.into_iter().filter(|c| !c.is_two_wheeler()) {
            assert_eq!(co2_mg_per_s(class, 12.0, -1.0), 0.0, "{class}");
            assert_eq!(fuel_ml_per_s(class, 12.0, -1.0), 0.0, "{class}");
        }
        assert_eq!(co2_mg_per_s(VehicleClass::Car, 2.0, -1.0), 600.0, "the last metres before a stop are idled");
        assert_eq!(co2_mg_per_s(VehicleClass::Motorcycle, 8.0, -1.5), 100.0, "a motorcycle idles while it brakes");
    }

    #[test]
    fn pedals_and_batteries_have_no_tailpipe() {
        for class in [VehicleClass::Bicycle, VehicleClass::Shuttle] {
            assert_eq!(co2_mg_per_s(class, 5.0, 1.0), 0.0);
            assert_eq!(fuel_ml_per_s(class, 5.0, 1.0), 0.0);
        }
    }

    #[test]
    fn fuel_and_co2_keep_the_carbon_balance() {
        let litres_per_100_km = |class| fuel_ml_per_s(class, 50.0 / 3.6, 0.0) / (50.0 / 3.6) * 100.0;
        assert!((5.0..9.0).contains(&litres_per_100_km(VehicleClass::Car)), "{}", litres_per_100_km(VehicleClass::Car));
        assert!((1.5..4.5).contains(&litres_per_100_km(VehicleClass::Motorcycle)), "{}", litres_per_100_km(VehicleClass::Motorcycle));
        assert!((25.0..45.0).contains(&litres_per_100_km(VehicleClass::Bus)), "{}", litres_per_100_km(VehicleClass::Bus));
        let co2 = fuel_ml_per_s(VehicleClass::Bus, 9.0, 0.3) * DIESEL_CO2_MG_PER_ML;
        assert!((co2 / co2_mg_per_s(VehicleClass::Bus, 9.0, 0.3) - 1.0).abs() < 1e-6);
        // By hand: 2272 g of CO₂ are a litre of petrol, 2676 g a litre of diesel.
        assert!((fuel_ml(VehicleClass::Motorcycle, 2272.0) - 1000.0).abs() < 1e-3);
        assert!((fuel_ml(VehicleClass::Bus, 2676.0) - 1000.0).abs() < 1e-3);
        assert_eq!(fuel_ml(VehicleClass::Shuttle, 0.0), 0.0);
    }
}
