//! Vehicles on a battery: power at the wheel, divided by the drive's efficiency or, when braking, multiplied by that of regeneration.
//!
//! power out of the battery = P/η_drive for P ≥ 0, P·η_regen for P < 0, plus P₀, with P = v·(m·r·a + m·g·c_r + ½·ρ·C_dA·v²)
//!
//! This is the energy model of SUMO (Kurczveil, López & Schnieder, *Implementation of an energy model and a charging infrastructure in
//! SUMO*, 2014) without slopes and bends. Efficiencies of four-wheelers are its defaults, 0.9 and 0.8; its default masses and areas
//! fit no vehicle of ours, so those are typical of each class (assumed). Below 1.4 m/s friction brakes alone.

use crate::class::VehicleClass;

/// Share of the battery's energy that reaches the road (default of the source).
const DRIVE: f32 = 0.9;
/// Slower than this nothing is put back, m/s: about 5 km/h (assumed).
const REGEN_FROM_MPS: f32 = 1.4;
/// What turning parts add to the mass (assumed).
const ROTATING: f32 = 1.05;
/// Half the air's density at 30 °C, kg/m³.
const HALF_DENSITY: f32 = 0.5 * 1.16;

/// One kind of electric vehicle.
struct Electric {
    /// With what it carries, kg.
    mass_kg: f32,
    /// Drag coefficient × front area, m².
    drag_m2: f32,
    /// Rolling resistance as a share of the weight.
    rolling: f32,
    /// Share of braking energy that comes back.
    regen: f32,
    /// What it takes at rest: lights, computers, air conditioning, W.
    rest_w: f32,
}

/// Scooter of 110 kg with 1.3 riders; a light one puts back little (assumed).
const SCOOTER: Electric = Electric { mass_kg: 188.0, drag_m2: 0.6, rolling: 0.015, regen: 0.3, rest_w: 30.0 };
/// E-bike of 28 kg with 1.1 riders; it puts nothing back (assumed).
const E_BIKE: Electric = Electric { mass_kg: 94.0, drag_m2: 0.6, rolling: 0.010, regen: 0.0, rest_w: 5.0 };
/// Car, cooled (assumed).
const CAR: Electric = Electric { mass_kg: 1800.0, drag_m2: 0.65, rolling: 0.010, regen: 0.8, rest_w: 800.0 };
/// Van of 3 t, cooled (assumed).
const VAN: Electric = Electric { mass_kg: 3000.0, drag_m2: 1.6, rolling: 0.010, regen: 0.8, rest_w: 1000.0 };
/// City bus of 12.7 t with 25 aboard, cooled (assumed).
const BUS: Electric = Electric { mass_kg: 14_500.0, drag_m2: 5.0, rolling: 0.008, regen: 0.8, rest_w: 6000.0 };
/// Rigid truck, half loaded (assumed).
const TRUCK: Electric = Electric { mass_kg: 14_000.0, drag_m2: 5.5, rolling: 0.008, regen: 0.8, rest_w: 500.0 };
/// Container truck, half loaded (assumed).
const ARTICULATED: Electric = Electric { mass_kg: 28_000.0, drag_m2: 6.5, rolling: 0.007, regen: 0.8, rest_w: 500.0 };
/// Autonomous shuttle with six aboard, cooled, with its computers (assumed).
const SHUTTLE: Electric = Electric { mass_kg: 3000.0, drag_m2: 2.4, rolling: 0.012, regen: 0.8, rest_w: 1500.0 };

/// Power out of the battery, W; negative while braking puts more back than is used. `speed_mps` 0 to 60, `accel_mps2` negative when braking.
#[inline]
pub fn battery_w(class: VehicleClass, speed_mps: f32, accel_mps2: f32) -> f32 {
    let e = match class {
        VehicleClass::Motorcycle => &SCOOTER,
        VehicleClass::Bicycle => &E_BIKE,
        VehicleClass::Car | VehicleClass::Taxi => &CAR,
        VehicleClass::Minibus | VehicleClass::LightTruck | VehicleClass::Emergency => &VAN,
        VehicleClass::Bus => &BUS,
        VehicleClass::HeavyTruck => &TRUCK,
        VehicleClass::ArticulatedTruck => &ARTICULATED,
        VehicleClass::Shuttle => &SHUTTLE,
    };
    let force_n = e.mass_kg * (ROTATING * accel_mps2 + 9.81 * e.rolling) + HALF_DENSITY * e.drag_m2 * speed_mps * speed_mps;
    let wheel_w = speed_mps * force_n;
    let drive_w = if wheel_w >= 0.0 {
        wheel_w / DRIVE
    } else if speed_mps > REGEN_FROM_MPS {
        wheel_w * e.regen
    } else {
        0.0
    };
    drive_w + e.rest_w
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kwh_per_100_km(class: VehicleClass, speed_kmh: f32) -> f32 {
        battery_w(class, speed_kmh / 3.6, 0.0) / 1000.0 / speed_kmh * 100.0
    }

    /// Ranges: what makers and tests tell of such vehicles in steady urban driving, rounded outwards.
    #[test]
    fn steady_driving_takes_what_such_vehicles_take() {
        for (class, speed_kmh, range) in [
            (VehicleClass::Motorcycle, 40.0, 1.5..=3.5),
            (VehicleClass::Bicycle, 17.0, 0.4..=1.2),
            (VehicleClass::Car, 50.0, 8.0..=16.0),
            (VehicleClass::Bus, 40.0, 50.0..=120.0),
            (VehicleClass::Shuttle, 25.0, 12.0..=40.0),
        ] {
            let found = kwh_per_100_km(class, speed_kmh);
            assert!(range.contains(&found), "{class} at {speed_kmh} km/h: {found} kWh/100 km, expected {range:?}");
        }
    }

    #[test]
    fn a_car_by_hand() {
        // 1800·9.81·0.01 + 0.58·0.65·100 = 214.28 N at 10 m/s: 2142.8 W at the wheel, /0.9 + 800 = 3180.9 W.
        assert!((battery_w(VehicleClass::Car, 10.0, 0.0) - 3180.9).abs() < 0.5);
        // Braking with 2 m/s²: 214.28 − 3780 = −3565.72 N, ·10 m/s ·0.8 + 800 = −27 725.8 W.
        assert!((battery_w(VehicleClass::Car, 10.0, -2.0) + 27_725.8).abs() < 1.0);
        assert_eq!(battery_w(VehicleClass::Car, 0.0, 0.0), 800.0);
        assert_eq!(battery_w(VehicleClass::Car, 1.0, -2.0), 800.0, "the last metres are braked by friction");
    }

    /// From standstill to 14 m/s and back: what braking puts back is less than what speeding up took, but most of it.
    #[test]
    fn a_stop_costs_less_than_its_kinetic_energy_but_not_nothing() {
        for (class, least, most) in [(VehicleClass::Car, 0.2, 0.6), (VehicleClass::Bus, 0.2, 0.6), (VehicleClass::Bicycle, 1.0, 1.6)] {
            let (mut up_j, mut down_j, dt, a) = (0.0, 0.0, 0.01, 1.4);
            for i in 0..1000 {
                let v = (i as f32 + 0.5) * a * dt;
                up_j += battery_w(class, v, a) * dt;
                down_j += battery_w(class, v, -a) * dt;
            }
            let share = (up_j + down_j) / up_j;
            assert!((least..=most).contains(&share), "{class}: {share} of the energy of speeding up is lost");
        }
    }
}
