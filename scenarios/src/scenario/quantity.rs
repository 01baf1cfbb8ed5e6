//! Quantities as a person writes them, number and unit together: `"40 km/h"`, `"3.5 m"`, `"500 veh/h"`.
//!
//! A bare number is refused, because nobody can see whether it meant metres or kilometres; so is a unit of another kind.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{borrow::Cow, fmt, marker::PhantomData, str::FromStr};

/// A kind of quantity and the units it may be written in.
pub trait Dimension {
    /// What it is, with its article: `a speed`.
    const WHAT: &'static str;
    /// A short name for the schema.
    const NAME: &'static str;
    /// Units and what one of each is in the base unit, the base unit first.
    const UNITS: &'static [(&'static str, f64)];
    /// A value that reads well in a message.
    const EXAMPLE: &'static str;
}

macro_rules! dimensions {
    ($($(#[$doc:meta])* $kind:ident, $alias:ident: $what:literal, $example:literal, [$($unit:literal = $factor:expr),+];)+) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum $kind {}
            impl Dimension for $kind {
                const WHAT: &'static str = $what;
                const NAME: &'static str = stringify!($alias);
                const UNITS: &'static [(&'static str, f64)] = &[$(($unit, $factor)),+];
                const EXAMPLE: &'static str = $example;
            }
            $(#[$doc])*
            pub type $alias = Quantity<$kind>;
        )+
        /// Which kind of quantity a unit belongs to; to say what a wrong unit is.
        fn kind_of(unit: &str) -> Option<&'static str> {
            $(if $kind::UNITS.iter().any(|(u, _)| *u == unit) { return Some($kind::WHAT); })+
            None
        }
    };
}

dimensions! {
    /// A length; the base unit is the metre.
    LengthUnit, Length: "a length", "3.5 m", ["m" = 1.0, "km" = 1000.0, "cm" = 0.01];
    /// A speed; the base unit is m/s.
    SpeedUnit, Speed: "a speed", "40 km/h", ["m/s" = 1.0, "km/h" = 1.0 / 3.6];
    /// A stretch of time; the base unit is the second.
    DurationUnit, Duration: "a duration", "15 min", ["s" = 1.0, "min" = 60.0, "h" = 3600.0];
    /// An acceleration, or braking as a positive number; the base unit is m/s².
    AccelerationUnit, Acceleration: "an acceleration", "1.4 m/s²", ["m/s²" = 1.0, "m/s2" = 1.0, "m/s^2" = 1.0];
    /// Vehicles in a time; the base unit is vehicles per hour.
    FlowUnit, Flow: "a flow", "500 veh/h", ["veh/h" = 1.0, "veh/min" = 60.0, "veh/day" = 1.0 / 24.0];
    /// A share of a whole; the base is 1, written in per cent.
    ShareUnit, Share: "a share", "80 %", ["%" = 0.01];
    /// Persons in a time; the base unit is persons per hour.
    PersonFlowUnit, PersonFlow: "a flow of persons", "120 persons/h", ["persons/h" = 1.0, "persons/min" = 60.0];
    /// Persons in a vehicle.
    PersonsUnit, Persons: "a number of persons", "1.3 persons", ["persons" = 1.0, "person" = 1.0];
    /// Passenger-car units.
    PcuUnit, Pcu: "a number of passenger-car units", "0.3 PCU", ["PCU" = 1.0, "pcu" = 1.0];
    /// A mass; the base unit is the gram.
    MassUnit, Mass: "a mass", "6.96 g", ["g" = 1.0, "kg" = 1000.0];
}

/// A number with the unit it was written in.
#[derive(Clone, Copy)]
pub struct Quantity<D> {
    value: f64,
    unit: &'static str,
    factor: f64,
    dimension: PhantomData<D>,
}

impl<D: Dimension> Quantity<D> {
    /// The value in the base unit of its kind (SI; flows are vehicles per hour).
    pub fn base(self) -> f64 {
        self.value * self.factor
    }

    /// A quantity of `value` in the base unit.
    pub fn from_base(value: f64) -> Self {
        let (unit, factor) = D::UNITS[0];
        Self { value, unit, factor, dimension: PhantomData }
    }

    fn units() -> String {
        D::UNITS.iter().map(|(u, _)| format!("`{u}`")).collect::<Vec<_>>().join(", ")
    }
}

impl<D: Dimension> PartialEq for Quantity<D> {
    fn eq(&self, other: &Self) -> bool {
        self.value * self.factor == other.value * other.factor
    }
}

impl<D> fmt::Display for Quantity<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit)
    }
}

impl<D> fmt::Debug for Quantity<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is not a quantity.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct QuantityError(String);

impl<D: Dimension> FromStr for Quantity<D> {
    type Err = QuantityError;

    /// ```
    /// use scenarios::scenario::quantity::{Length, Speed};
    /// assert_eq!("36 km/h".parse::<Speed>()?.base(), 10.0);
    /// let error = "40 m".parse::<Speed>().unwrap_err().to_string();
    /// assert!(error.contains("is a length"), "{error}");
    /// # Ok::<(), scenarios::scenario::quantity::QuantityError>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let refuse = |why: String| Err(QuantityError(why));
        let trimmed = text.trim();
        let split = trimmed.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '-' | '+')).unwrap_or(trimmed.len());
        let (number, unit) = (trimmed[..split].trim(), trimmed[split..].trim());
        if number.contains(',') {
            return refuse(format!("`{trimmed}`: write the decimal point as `.`, a comma could mean thousands"));
        }
        let Ok(value) = number.parse::<f64>() else {
            return refuse(format!("`{trimmed}` does not begin with a number; {} looks like `{}`", D::WHAT, D::EXAMPLE));
        };
        if unit.is_empty() {
            return refuse(format!("`{trimmed}` has no unit; {} is written with one of {}, e.g. `{}`", D::WHAT, Self::units(), D::EXAMPLE));
        }
        if let Some(&(unit, factor)) = D::UNITS.iter().find(|(u, _)| *u == unit) {
            return Ok(Self { value, unit, factor, dimension: PhantomData });
        }
        if let Some(other) = kind_of(unit) {
            return refuse(format!("`{trimmed}` is {other}, expected {} in one of {}, e.g. `{}`", D::WHAT, Self::units(), D::EXAMPLE));
        }
        let near = super::error::nearest(unit, D::UNITS.iter().map(|(u, _)| *u));
        let hint = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        refuse(format!(
            "`{unit}` is not a unit of {}, which is written with one of {}{hint}",
            D::WHAT.split_once(' ').map_or(D::WHAT, |w| w.1),
            Self::units()
        ))
    }
}

struct QuantityVisitor<D>(PhantomData<D>);

impl<D: Dimension> de::Visitor<'_> for QuantityVisitor<D> {
    type Value = Quantity<D>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} with its unit in quotes, e.g. \"{}\"", D::WHAT, D::EXAMPLE)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, bare: i64) -> Result<Self::Value, E> {
        Err(bare_number::<D, E>(&bare))
    }

    fn visit_u64<E: de::Error>(self, bare: u64) -> Result<Self::Value, E> {
        Err(bare_number::<D, E>(&bare))
    }

    fn visit_f64<E: de::Error>(self, bare: f64) -> Result<Self::Value, E> {
        Err(bare_number::<D, E>(&bare))
    }
}

fn bare_number<D: Dimension, E: de::Error>(bare: &dyn fmt::Display) -> E {
    let unit = D::UNITS[0].0;
    E::custom(format!("{bare} is a bare number; {} carries its unit in quotes, e.g. \"{bare} {unit}\" or \"{}\"", D::WHAT, D::EXAMPLE))
}

impl<'de, D: Dimension> Deserialize<'de> for Quantity<D> {
    fn deserialize<S: Deserializer<'de>>(deserializer: S) -> Result<Self, S::Error> {
        deserializer.deserialize_any(QuantityVisitor(PhantomData))
    }
}

impl<D> Serialize for Quantity<D> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<D: Dimension> JsonSchema for Quantity<D> {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed(D::NAME)
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let units: Vec<_> = D::UNITS.iter().map(|(u, _)| u.replace('^', "\\^")).collect();
        json_schema!({
            "type": "string",
            "description": format!("{} with its unit, e.g. \"{}\"", D::WHAT, D::EXAMPLE),
            "pattern": format!("^\\s*[-+]?[0-9]*\\.?[0-9]+\\s*({})\\s*$", units.join("|")),
        })
    }
}

/// A time of day, `HH:MM` or `HH:MM:SS`, up to 30:00 for a run that ends after midnight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockTime(u32);

impl ClockTime {
    /// Seconds after local midnight.
    pub fn seconds(self) -> f64 {
        f64::from(self.0)
    }

    /// The time `seconds` after local midnight; parts of a second are dropped.
    pub fn from_seconds(seconds: f64) -> Self {
        Self(seconds.max(0.0) as u32)
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (h, m, s) = (self.0 / 3600, self.0 / 60 % 60, self.0 % 60);
        if s == 0 { write!(f, "{h:02}:{m:02}") } else { write!(f, "{h:02}:{m:02}:{s:02}") }
    }
}

impl fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ClockTime {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        let refuse = || QuantityError(format!("`{text}` is not a time of day; expected `HH:MM` from 00:00 to 30:00, e.g. `06:30`"));
        let parts: Vec<_> = text.trim().split(':').collect();
        if !(2..=3).contains(&parts.len()) || parts.iter().any(|p| !(1..=2).contains(&p.len()) || !p.bytes().all(|b| b.is_ascii_digit())) {
            return Err(refuse());
        }
        let part = |i: usize| parts.get(i).map_or(Ok(0), |p| p.parse::<u32>().map_err(|_| refuse()));
        let (h, m, s) = (part(0)?, part(1)?, part(2)?);
        let all = h * 3600 + m * 60 + s;
        if m >= 60 || s >= 60 || all > 30 * 3600 { Err(refuse()) } else { Ok(Self(all)) }
    }
}

struct ClockVisitor;

impl de::Visitor<'_> for ClockVisitor {
    type Value = ClockTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time of day in quotes, e.g. \"06:30\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<ClockTime, E> {
        text.parse().map_err(E::custom)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<S: Deserializer<'de>>(deserializer: S) -> Result<Self, S::Error> {
        deserializer.deserialize_any(ClockVisitor)
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for ClockTime {
    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("ClockTime")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "a time of day, HH:MM or HH:MM:SS, up to 30:00",
            "pattern": "^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused<D: Dimension>(text: &str) -> String {
        text.parse::<Quantity<D>>().unwrap_err().to_string()
    }

    #[test]
    fn units_convert_to_the_base_unit() {
        assert_eq!("15 min".parse::<Duration>().unwrap().base(), 900.0);
        assert_eq!("0.5s".parse::<Duration>().unwrap().base(), 0.5);
        assert_eq!("  80 % ".parse::<Share>().unwrap().base(), 0.8);
        assert_eq!("1.2 km".parse::<Length>().unwrap().base(), 1200.0);
        assert_eq!("1.4 m/s2".parse::<Acceleration>().unwrap(), "1.4 m/s²".parse().unwrap());
    }

    #[test]
    fn a_wrong_unit_a_missing_one_and_a_misspelt_one_are_told_apart() {
        assert!(refused::<SpeedUnit>("40 m").contains("is a length, expected a speed"));
        assert!(refused::<SpeedUnit>("40").contains("has no unit"));
        assert!(refused::<SpeedUnit>("40 kmh").contains("did you mean `km/h`"));
        assert!(refused::<LengthUnit>("3,5 m").contains("decimal point"));
        assert!(refused::<LengthUnit>("wide").contains("does not begin with a number"));
    }

    #[test]
    fn a_quantity_is_written_as_it_was_read() {
        for text in ["40 km/h", "0.5 m/s"] {
            assert_eq!(text.parse::<Speed>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn times_of_day() {
        assert_eq!("06:30".parse::<ClockTime>().unwrap().seconds(), 23_400.0);
        assert_eq!("24:15:30".parse::<ClockTime>().unwrap().to_string(), "24:15:30");
        for bad in ["6.30", "06:60", "31:00", "0630", "06:3a", ":30", "-1:30"] {
            assert!(bad.parse::<ClockTime>().is_err(), "{bad}");
        }
    }
}
