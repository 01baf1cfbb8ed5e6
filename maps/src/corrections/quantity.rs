//! Quantities with their unit, as corrections spell them: `"3.5 m"`, `"40 km/h"`, `"25 s"`.

/// Units of one kind of quantity, each with what it is worth in SI.
pub(super) struct Units {
    /// What the quantity is, for messages.
    pub(super) what: &'static str,
    /// An example, for messages.
    pub(super) example: &'static str,
    units: &'static [(&'static str, f32)],
}

/// Metres.
pub(super) const LENGTH: Units = Units { what: "a length", example: "\"3.5 m\"", units: &[("m", 1.0), ("cm", 0.01), ("km", 1000.0)] };
/// Metres per second.
pub(super) const SPEED: Units = Units { what: "a speed", example: "\"40 km/h\"", units: &[("km/h", 1.0 / 3.6), ("m/s", 1.0)] };
/// Seconds.
pub(super) const TIME: Units = Units { what: "a time", example: "\"25 s\"", units: &[("s", 1.0), ("min", 60.0)] };

impl Units {
    /// The quantity in SI, or what is wrong with the text.
    pub(super) fn parse(&self, text: &str) -> Result<f32, String> {
        let end = text.find(|c: char| !(c.is_ascii_digit() || "+-.,".contains(c))).unwrap_or(text.len());
        let (number, unit) = (&text[..end], text[end..].trim());
        let expected = || format!("expected {} such as {}", self.what, self.example);
        let number: f32 = number.parse().map_err(|_| {
            let hint = if text.contains(',') { " (decimals follow a point)" } else { "" };
            format!("found \"{text}\", {}{hint}", expected())
        })?;
        let names = || self.units.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        match self.units.iter().find(|(name, _)| *name == unit) {
            Some((_, worth)) => Ok(number * worth),
            None if unit.is_empty() => Err(format!("\"{text}\" has no unit, {}", expected())),
            None => Err(format!("\"{text}\" has the unit `{unit}`, {} in one of: {}", expected(), names())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_carry_their_unit() {
        assert_eq!(LENGTH.parse("3.5 m"), Ok(3.5));
        assert_eq!(LENGTH.parse("350cm"), Ok(3.5));
        assert_eq!(SPEED.parse("36 km/h"), Ok(10.0));
        assert_eq!(TIME.parse("1.5 min"), Ok(90.0));
        assert!(SPEED.parse("40").unwrap_err().contains("has no unit, expected a speed such as \"40 km/h\""));
        assert!(SPEED.parse("40 mph").unwrap_err().contains("in one of: km/h, m/s"));
        assert!(LENGTH.parse("3,5 m").unwrap_err().contains("point"));
        assert!(LENGTH.parse("").is_err() && LENGTH.parse("m").is_err() && LENGTH.parse("1.2.3 m").is_err());
    }
}
