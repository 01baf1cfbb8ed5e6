//! Numbers, durations and times of day as each language writes them: Vietnamese groups by dots and has a decimal comma.

use super::Lang;

/// `value` with `decimals` digits after the separator, thousands grouped. A value that is no number is a dash.
///
/// ```
/// use scenarios::lang::{Lang, number};
/// assert_eq!(number(Lang::Vi, 1234567.891, 1), "1.234.567,9");
/// assert_eq!(number(Lang::En, 1234567.891, 1), "1,234,567.9");
/// ```
pub fn number(lang: Lang, value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    let (group, point) = match lang {
        Lang::Vi => ('.', ','),
        Lang::En => (',', '.'),
    };
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    if value < 0.0 && plain.bytes().any(|b| matches!(b, b'1'..=b'9')) {
        text.push('−');
    }
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// A count, thousands grouped.
pub fn integer(lang: Lang, value: u64) -> String {
    number(lang, value as f64, 0)
}

/// A span of time in the two largest units that matter: `1 giờ 5 phút`, `3 min 12 s`.
pub fn duration(lang: Lang, seconds: f64) -> String {
    if !seconds.is_finite() {
        return "–".to_owned();
    }
    let sign = if seconds <= -0.5 { "−" } else { "" };
    let total = seconds.abs().round() as u64;
    let (h, min, s) = (total / 3600, total / 60 % 60, total % 60);
    let (hours, minutes, secs) = match lang {
        Lang::Vi => ("giờ", "phút", "giây"),
        Lang::En => ("h", "min", "s"),
    };
    let text = match (h, min, s) {
        (0, 0, s) => format!("{s} {secs}"),
        (0, min, 0) => format!("{min} {minutes}"),
        (0, min, s) => format!("{min} {minutes} {s} {secs}"),
        (h, 0, _) => format!("{} {hours}", integer(lang, h)),
        (h, min, _) => format!("{} {hours} {min} {minutes}", integer(lang, h)),
    };
    format!("{sign}{text}")
}

/// A time of day, `07:30`, from seconds after midnight; hours go on beyond 24.
pub fn clock(seconds: f64) -> String {
    let minutes = (seconds.max(0.0) / 60.0).floor() as u64;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_language_has_its_own_separators() {
        for (value, decimals, vi, en) in [
            (0.0, 0, "0", "0"),
            (999.5, 1, "999,5", "999.5"),
            (999.96, 1, "1.000,0", "1,000.0"),
            (1000.0, 0, "1.000", "1,000"),
            (-1234.5, 2, "−1.234,50", "−1,234.50"),
            (-0.04, 1, "0,0", "0.0"),
            (100_000.0, 0, "100.000", "100,000"),
            (f64::NAN, 2, "–", "–"),
        ] {
            assert_eq!(number(Lang::Vi, value, decimals), vi, "{value}");
            assert_eq!(number(Lang::En, value, decimals), en, "{value}");
        }
    }

    #[test]
    fn durations_and_times_of_day() {
        assert_eq!(duration(Lang::Vi, 3905.0), "1 giờ 5 phút");
        assert_eq!(duration(Lang::En, 192.4), "3 min 12 s");
        assert_eq!(duration(Lang::Vi, 59.6), "1 phút");
        assert_eq!(duration(Lang::En, 7200.0), "2 h");
        assert_eq!(duration(Lang::En, -75.0), "−1 min 15 s");
        assert_eq!(duration(Lang::Vi, 0.2), "0 giây");
        assert_eq!(clock(23_400.0), "06:30");
        assert_eq!(clock(90_000.0), "25:00");
    }
}
