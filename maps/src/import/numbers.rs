//! Reads the numbers people write into tags: lengths, speeds, durations.

/// A length in metres: `3.5`, `3,5 m`, `12'6"`, `0.3 km`.
pub(crate) fn metres(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Some((feet, inches)) = text.split_once('\'') {
        let inches = inches.trim().trim_end_matches('"');
        let inches = if inches.is_empty() { 0.0 } else { decimal(inches)? };
        return Some(decimal(feet)? * 0.3048 + inches * 0.0254);
    }
    let (number, unit) = split_unit(text);
    let number = decimal(number)?;
    match unit {
        "" | "m" => Some(number),
        "km" => Some(number * 1000.0),
        "ft" => Some(number * 0.3048),
        _ => None,
    }
}

/// A speed in m/s: `50`, `50 km/h`, `30 mph`, `5 knots`.
pub(crate) fn speed_mps(text: &str) -> Option<f64> {
    let (number, unit) = split_unit(text.trim());
    let number = decimal(number)?;
    match unit {
        "" | "km/h" | "kmh" | "kph" => Some(number / 3.6),
        "mph" => Some(number * 0.44704),
        "knots" => Some(number * 0.514_444),
        _ => None,
    }
}

/// A duration in seconds: `15` (minutes), `00:15`, `01:30:00`, `PT20M`, `20 min`, `2 h`.
pub(crate) fn duration_s(text: &str) -> Option<f64> {
    let text = text.trim();
    if let Some(iso) = text.strip_prefix("PT") {
        let mut seconds = 0.0;
        let mut rest = iso;
        while !rest.is_empty() {
            let end = rest.find(|c: char| c.is_ascii_alphabetic())?;
            let number = decimal(&rest[..end])?;
            seconds += number * [3600.0, 60.0, 1.0]["HMS".find(&rest[end..=end])?];
            rest = &rest[end + 1..];
        }
        return (seconds > 0.0).then_some(seconds);
    }
    let parts: Vec<&str> = text.split(':').collect();
    match parts[..] {
        [hours, minutes] => Some(decimal(hours)? * 3600.0 + decimal(minutes)? * 60.0),
        [hours, minutes, seconds] => Some(decimal(hours)? * 3600.0 + decimal(minutes)? * 60.0 + decimal(seconds)?),
        _ => {
            let (number, unit) = split_unit(text);
            let number = decimal(number)?;
            match unit {
                "" | "min" | "minutes" | "m" => Some(number * 60.0),
                "h" | "hours" => Some(number * 3600.0),
                "s" | "seconds" => Some(number),
                _ => None,
            }
        }
    }
}

/// A whole number, also in `1 200` and `1200;1300` (the first).
pub(crate) fn whole(text: &str) -> Option<u32> {
    let first = text.split(';').next()?;
    let digits: String = first.chars().filter(|c| !matches!(c, ' ' | '\u{a0}')).collect();
    digits.parse().ok()
}

fn split_unit(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',' || c == '-')).unwrap_or(text.len());
    (&text[..end], text[end..].trim())
}

fn decimal(text: &str) -> Option<f64> {
    text.trim().replace(',', ".").parse::<f64>().ok().filter(|n| n.is_finite() && *n >= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: Option<f64>) -> bool {
        match (found, expected) {
            (Some(a), Some(b)) => (a - b).abs() < 1e-6,
            (None, None) => true,
            _ => false,
        }
    }

    #[test]
    fn lengths_speeds_and_durations_as_people_write_them() {
        for (text, expected) in
            [("3.5", Some(3.5)), ("3,5 m", Some(3.5)), ("10'6\"", Some(3.2004)), ("0.2 km", Some(200.0)), ("wide", None), ("-3", None)]
        {
            assert!(close(metres(text), expected), "{text}");
        }
        for (text, expected) in [("50", Some(50.0 / 3.6)), ("30 mph", Some(13.4112)), ("60km/h", Some(60.0 / 3.6)), ("walk", None)] {
            assert!(close(speed_mps(text), expected), "{text}");
        }
        for (text, expected) in [
            ("15", Some(900.0)),
            ("00:15", Some(900.0)),
            ("01:00:30", Some(3630.0)),
            ("PT1H5M", Some(3900.0)),
            ("PTx", None),
            ("soon", None),
        ] {
            assert!(close(duration_s(text), expected), "{text}");
        }
        assert_eq!((whole("1 200"), whole("30;40"), whole("many")), (Some(1200), Some(30), None));
    }
}
