//! Times of counts: RFC 3339 with a zone in files, a day and seconds after its local midnight in memory.

use chrono::{DateTime, FixedOffset, NaiveDate, Timelike};

/// Length of a quarter-hour, the time step of demand tables, seconds.
pub const QUARTER_S: f64 = 900.0;

/// The quarter-hour of the day that `time_s` (seconds after midnight) falls in: 06:30 is 26.
pub fn quarter_of(time_s: f64) -> u16 {
    (time_s.max(0.0) / QUARTER_S) as u16
}

/// When a quarter-hour of the day begins, seconds after midnight.
pub fn quarter_start_s(quarter: u16) -> f64 {
    f64::from(quarter) * QUARTER_S
}

/// A stretch of the day, seconds after local midnight; `to_s` is later than `from_s` and may lie beyond midnight.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Window {
    /// First second.
    pub from_s: f64,
    /// First second after it.
    pub to_s: f64,
}

impl Window {
    /// From `from_s` to `to_s`.
    pub const fn new(from_s: f64, to_s: f64) -> Self {
        Self { from_s, to_s }
    }

    /// Its length, seconds.
    pub fn length_s(self) -> f64 {
        self.to_s - self.from_s
    }

    /// The seconds both windows share.
    pub fn overlap_s(self, other: Self) -> f64 {
        (self.to_s.min(other.to_s) - self.from_s.max(other.from_s)).max(0.0)
    }

    /// Whether `inner` lies within it, to a millisecond.
    pub fn holds(self, inner: Self) -> bool {
        inner.from_s >= self.from_s - 1e-3 && inner.to_s <= self.to_s + 1e-3
    }

    /// The quarter-hours it touches.
    pub fn quarters(self) -> std::ops::Range<u16> {
        quarter_of(self.from_s)..libm::ceil(self.to_s / QUARTER_S) as u16
    }
}

/// The parts of `within` that none of the `covered` windows holds, in order; parts of a second or less are rounding.
pub(crate) fn uncovered(within: Window, covered: impl Iterator<Item = Window>) -> Vec<Window> {
    let mut covered: Vec<_> = covered.filter(|c| c.overlap_s(within) > 0.0).collect();
    covered.sort_by(|a, b| a.from_s.total_cmp(&b.from_s));
    let (mut open, mut reached_s) = (Vec::new(), within.from_s);
    for window in covered.into_iter().chain([Window::new(within.to_s, within.to_s)]) {
        if window.from_s > reached_s + 1.0 {
            open.push(Window::new(reached_s, window.from_s));
        }
        reached_s = reached_s.max(window.to_s);
    }
    open
}

/// Reads a time with its zone: RFC 3339, also with a space for the `T` and without seconds, as spreadsheets leave it.
pub(crate) fn parse_time(text: &str) -> Option<DateTime<FixedOffset>> {
    let text = text.trim().replacen(' ', "T", 1).replace('Z', "+00:00");
    DateTime::parse_from_rfc3339(&text).ok().or_else(|| DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M%:z").ok())
}

/// The local day of a time and the seconds after its midnight.
pub(crate) fn day_and_second(time: DateTime<FixedOffset>) -> (NaiveDate, f64) {
    let local = time.naive_local();
    (local.date(), f64::from(local.time().num_seconds_from_midnight()) + f64::from(local.time().nanosecond()) * 1e-9)
}

/// `HH:MM` of seconds after midnight; `HH:MM:SS` where seconds are left over.
pub fn clock(time_s: f64) -> String {
    let whole = libm::round(time_s.max(0.0)) as u64;
    let (h, m, s) = (whole / 3600, whole / 60 % 60, whole % 60);
    if s == 0 { format!("{h:02}:{m:02}") } else { format!("{h:02}:{m:02}:{s:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_past_six_is_quarter_26() {
        assert_eq!(quarter_of(6.5 * 3600.0), 26);
        assert_eq!(Window::new(6.5 * 3600.0, 8.5 * 3600.0).quarters(), 26..34);
        assert_eq!(Window::new(6.5 * 3600.0, 6.5 * 3600.0 + 1.0).quarters(), 26..27);
    }

    #[test]
    fn what_no_window_covers_is_found_between_and_around_them() {
        let windows = |list: &[(f64, f64)]| list.iter().map(|(a, b)| Window::new(*a, *b)).collect::<Vec<_>>();
        let open = |covered: &[(f64, f64)]| uncovered(Window::new(100.0, 200.0), windows(covered).into_iter());
        assert_eq!(open(&[]), windows(&[(100.0, 200.0)]));
        assert_eq!(open(&[(150.0, 160.0), (0.0, 110.0), (155.0, 180.0)]), windows(&[(110.0, 150.0), (180.0, 200.0)]));
        assert_eq!(open(&[(0.0, 170.0), (120.0, 130.0), (170.5, 300.0)]), windows(&[]));
        assert_eq!(open(&[(0.0, 50.0), (250.0, 300.0)]), windows(&[(100.0, 200.0)]));
    }

    #[test]
    fn a_time_needs_its_zone() {
        for text in ["2026-03-10T06:30:00+07:00", "2026-03-10 06:30+07:00", "2026-03-10T06:30:00Z"] {
            let (day, second) = day_and_second(parse_time(text).unwrap_or_else(|| panic!("{text}")));
            assert_eq!((day.to_string().as_str(), second), ("2026-03-10", 6.5 * 3600.0));
        }
        assert_eq!(parse_time("2026-03-10T06:30:00"), None);
        assert_eq!(parse_time("06:30"), None);
    }
}
