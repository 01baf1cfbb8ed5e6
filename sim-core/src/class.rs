//! Vehicle classes: the one vocabulary for every file, feed and report, and each class's size and behaviour.

mod data;

pub use data::{CLASS_DATA, ClassDataError, PARAMETERS};

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr, sync::OnceLock};

/// What kind of vehicle. Its [`VehicleClass::name`] is how every file spells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum VehicleClass {
    /// Motorcycle or scooter, 50 cc and more (xe mô tô, xe máy).
    Motorcycle,
    /// Bicycle or e-bike (xe đạp, xe đạp điện).
    Bicycle,
    /// Private car up to 9 seats (ô tô con).
    Car,
    /// Taxi (xe taxi).
    Taxi,
    /// Minibus of 10 to 30 seats (xe khách nhỏ).
    Minibus,
    /// Bus or coach of more than 30 seats (xe buýt, xe khách).
    Bus,
    /// Truck up to 3.5 t (xe tải nhẹ).
    LightTruck,
    /// Rigid truck over 3.5 t (xe tải nặng).
    HeavyTruck,
    /// Articulated container truck (xe đầu kéo công-ten-nơ).
    ArticulatedTruck,
    /// Ambulance, fire engine or police car (xe ưu tiên).
    Emergency,
    /// Autonomous shuttle (xe tự hành).
    Shuttle,
}

/// How many classes there are.
pub const CLASS_COUNT: usize = 11;

impl VehicleClass {
    /// Every class, in the order of its index.
    pub const ALL: [Self; CLASS_COUNT] = [
        Self::Motorcycle,
        Self::Bicycle,
        Self::Car,
        Self::Taxi,
        Self::Minibus,
        Self::Bus,
        Self::LightTruck,
        Self::HeavyTruck,
        Self::ArticulatedTruck,
        Self::Emergency,
        Self::Shuttle,
    ];

    /// The position in [`VehicleClass::ALL`].
    #[inline]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// How every file spells this class.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Motorcycle => "motorcycle",
            Self::Bicycle => "bicycle",
            Self::Car => "car",
            Self::Taxi => "taxi",
            Self::Minibus => "minibus",
            Self::Bus => "bus",
            Self::LightTruck => "light_truck",
            Self::HeavyTruck => "heavy_truck",
            Self::ArticulatedTruck => "articulated_truck",
            Self::Emergency => "emergency",
            Self::Shuttle => "shuttle",
        }
    }

    /// Whether the class rides on two wheels and keeps no lane.
    pub const fn is_two_wheeler(self) -> bool {
        matches!(self, Self::Motorcycle | Self::Bicycle)
    }
}

impl fmt::Display for VehicleClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A class name that is none of [`VehicleClass::ALL`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown vehicle class `{0}`; expected one of: motorcycle, bicycle, car, taxi, minibus, bus, light_truck, heavy_truck, articulated_truck, emergency, shuttle"
)]
pub struct UnknownClass(pub String);

impl FromStr for VehicleClass {
    type Err = UnknownClass;

    fn from_str(name: &str) -> Result<Self, UnknownClass> {
        Self::ALL.into_iter().find(|c| c.name() == name).ok_or_else(|| UnknownClass(name.to_owned()))
    }
}

/// A set of vehicle classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClassSet(u16);

impl ClassSet {
    /// No class.
    pub const NONE: Self = Self(0);
    /// Every class.
    pub const ALL: Self = Self((1 << CLASS_COUNT) - 1);

    /// The set of these classes.
    pub const fn of(classes: &[VehicleClass]) -> Self {
        let mut bits = 0;
        let mut i = 0;
        while i < classes.len() {
            bits |= 1 << classes[i] as u16;
            i += 1;
        }
        Self(bits)
    }

    /// Whether `class` is in the set.
    #[inline]
    pub const fn contains(self, class: VehicleClass) -> bool {
        self.0 & (1 << class as u16) != 0
    }

    /// Whether no class is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The classes of both sets together.
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The classes in both sets.
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The classes of this set that are not in `other`.
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The classes of the set, in index order.
    pub fn iter(self) -> impl Iterator<Item = VehicleClass> {
        VehicleClass::ALL.into_iter().filter(move |c| self.contains(*c))
    }
}

/// Size and behaviour of one class. The shipped values and their sources stand in [`CLASS_DATA`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassParams {
    /// Body length, metres (1.0 to 18).
    pub length_m: f32,
    /// Body width, metres (0.4 to 2.6).
    pub width_m: f32,
    /// Desired speed on a free urban road before any limit, m/s.
    pub desired_speed_mps: f32,
    /// Standard deviation of a driver's own desired speed as a share of it.
    pub desired_speed_spread: f32,
    /// Desired time headway, seconds.
    pub headway_s: f32,
    /// Gap to a standing leader, metres.
    pub gap0_m: f32,
    /// Acceleration from standstill, m/s².
    pub accel_mps2: f32,
    /// Comfortable braking, m/s² (positive).
    pub brake_comfort_mps2: f32,
    /// Hardest braking the class can do, m/s² (positive, at most [`BRAKE_HARDEST_MPS2`]).
    pub brake_max_mps2: f32,
    /// The same on a wet road, m/s².
    pub brake_wet_mps2: f32,
    /// Lateral clearance at standstill, metres each side.
    pub clear0_m: f32,
    /// What the clearance grows by with speed, metres per (m/s).
    pub clear_s: f32,
    /// Fastest sideways movement, m/s.
    pub lateral_mps: f32,
    /// Whether it keeps to lane centres.
    pub keeps_lane: bool,
    /// Gap it accepts in a crossing stream, seconds.
    pub critical_gap_s: f32,
    /// How hard it brakes to let in somebody who must change lanes, as a share of its comfortable braking, 0 (it lets nobody in) to 1.
    #[serde(default)]
    pub lets_in_share: f32,
    /// Persons aboard, the driver included.
    pub occupancy: f32,
    /// Passenger-car units, for display only.
    pub pcu: f32,
    /// Share of this class that passes red lights when there is a gap, 0 to 1. A declared violator: 0 unless a scenario says so.
    #[serde(default)]
    pub runs_red_share: f32,
    /// Share of this class that drives faster than the limit, 0 to 1.
    #[serde(default)]
    pub speeds_share: f32,
    /// By what factor, 1 to 3 (assumed 1.3).
    #[serde(default = "faster")]
    pub speeds_factor: f32,
    /// Share of this class that uses lanes closed to it, 0 to 1.
    #[serde(default)]
    pub any_lane_share: f32,
    /// Share of the class that drives on a battery, 0 to 1; which vehicles, a keyed draw of each trip decides.
    #[serde(default)]
    pub electric_share: f32,
    /// CO₂ that starting a cold engine costs on top of running it, grams; once a trip, none for a battery.
    #[serde(default)]
    pub start_co2_g: f32,
}

/// How much faster than the limit those drive who do.
const fn faster() -> f32 {
    1.3
}

/// The hardest any class brakes, m/s²: every follower assumes it of its leader.
pub const BRAKE_HARDEST_MPS2: f32 = 6.0;

/// The parameters of every class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassTable(Vec<ClassParams>);

/// Why a table of class parameters was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("class {class}: {parameter} is {value}, expected {expected}")]
pub struct ClassTableError {
    /// The class.
    pub class: VehicleClass,
    /// The parameter's field name.
    pub parameter: &'static str,
    /// What was found.
    pub value: f32,
    /// What is allowed.
    pub expected: &'static str,
}

impl ClassTable {
    /// A table from one entry per class in the order of [`VehicleClass::ALL`].
    ///
    /// # Errors
    /// Names the first parameter outside its range.
    pub fn new(entries: [ClassParams; CLASS_COUNT]) -> Result<Self, ClassTableError> {
        for (class, p) in VehicleClass::ALL.into_iter().zip(&entries) {
            let checks = [
                ("length_m", p.length_m, 1.0..=18.0, "1.0 to 18 m"),
                ("width_m", p.width_m, 0.4..=2.6, "0.4 to 2.6 m"),
                ("desired_speed_mps", p.desired_speed_mps, 0.5..=60.0, "0.5 to 60 m/s"),
                ("desired_speed_spread", p.desired_speed_spread, 0.0..=0.5, "0 to 0.5"),
                ("headway_s", p.headway_s, 0.0..=10.0, "0 to 10 s"),
                ("gap0_m", p.gap0_m, 0.1..=10.0, "0.1 to 10 m"),
                ("accel_mps2", p.accel_mps2, 0.1..=10.0, "0.1 to 10 m/s²"),
                ("brake_comfort_mps2", p.brake_comfort_mps2, 0.1..=BRAKE_HARDEST_MPS2, "0.1 to 6 m/s²"),
                ("brake_max_mps2", p.brake_max_mps2, p.brake_comfort_mps2..=BRAKE_HARDEST_MPS2, "comfortable braking to 6 m/s²"),
                ("brake_wet_mps2", p.brake_wet_mps2, 0.1..=p.brake_max_mps2, "0.1 m/s² to that on a dry road"),
                ("clear0_m", p.clear0_m, 0.0..=2.0, "0 to 2 m"),
                ("clear_s", p.clear_s, 0.0..=0.5, "0 to 0.5 s"),
                ("pcu", p.pcu, 0.05..=20.0, "0.05 to 20"),
                ("lateral_mps", p.lateral_mps, 0.0..=3.0, "0 to 3 m/s"),
                ("critical_gap_s", p.critical_gap_s, 0.1..=20.0, "0.1 to 20 s"),
                ("lets_in_share", p.lets_in_share, 0.0..=1.0, "0 to 1"),
                ("occupancy", p.occupancy, 0.0..=120.0, "0 to 120 persons"),
                ("runs_red_share", p.runs_red_share, 0.0..=1.0, "0 to 1"),
                ("speeds_share", p.speeds_share, 0.0..=1.0, "0 to 1"),
                ("speeds_factor", p.speeds_factor, 1.0..=3.0, "1 to 3"),
                ("any_lane_share", p.any_lane_share, 0.0..=1.0, "0 to 1"),
                ("electric_share", p.electric_share, 0.0..=1.0, "0 to 1"),
                ("start_co2_g", p.start_co2_g, 0.0..=1000.0, "0 to 1000 g"),
            ];
            for (parameter, value, range, expected) in checks {
                if !range.contains(&value) {
                    return Err(ClassTableError { class, parameter, value, expected });
                }
            }
        }
        Ok(Self(entries.into()))
    }

    /// The parameters of `class`.
    #[inline]
    pub fn get(&self, class: VehicleClass) -> &ClassParams {
        &self.0[class.index()]
    }
}

impl ClassTable {
    /// The same on a wet road: nobody brakes harder than that allows.
    #[must_use]
    pub fn wet(&self) -> Self {
        let on_wet = |p: &ClassParams| ClassParams {
            brake_max_mps2: p.brake_wet_mps2,
            brake_comfort_mps2: p.brake_comfort_mps2.min(p.brake_wet_mps2),
            ..p.clone()
        };
        Self(self.0.iter().map(on_wet).collect())
    }
}

impl Default for ClassTable {
    /// The shipped parameters: those of [`CLASS_DATA`].
    fn default() -> Self {
        static SHIPPED: OnceLock<ClassTable> = OnceLock::new();
        let read = || match Self::parse(CLASS_DATA) {
            Ok(table) => table,
            Err(error) => unreachable!("the shipped class table is one: {error}"),
        };
        SHIPPED.get_or_init(read).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_spelt_the_same_in_files_and_in_code() {
        for class in VehicleClass::ALL {
            assert_eq!(class.name().parse(), Ok(class));
            assert_eq!(VehicleClass::ALL[class.index()], class);
        }
        assert_eq!("xe lam".parse::<VehicleClass>(), Err(UnknownClass("xe lam".into())));
    }

    #[test]
    fn a_class_that_brakes_harder_than_anyone_may_is_refused() {
        let mut entries: Vec<_> = VehicleClass::ALL.map(|c| ClassTable::default().get(c).clone()).into();
        entries[VehicleClass::Car.index()].brake_max_mps2 = 9.0;
        let entries: [ClassParams; CLASS_COUNT] = entries.try_into().unwrap();
        let error = ClassTable::new(entries).unwrap_err();
        assert_eq!((error.class, error.parameter), (VehicleClass::Car, "brake_max_mps2"));
    }
}
