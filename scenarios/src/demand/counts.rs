//! Recorded counts: which detector counted how many vehicles of which class between when and when. What is not in the file is unknown,
//! never zero.

use super::{
    detectors::Detector,
    table::{FileError, RowErrors, SHOWN_PROBLEMS, Table, is_ambiguous, number, suggestion},
    time::{Window, clock, day_and_second, parse_time},
};
use chrono::{FixedOffset, NaiveDate};
use sim_core::{
    class::{CLASS_COUNT, VehicleClass},
    reference::Ref,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    path::Path,
};

const COLUMNS: &str = "detector,from,to,class,count[,mean_speed_kmh]";

/// One class at one detector in one interval.
#[derive(Clone, Debug, PartialEq)]
pub struct Count {
    /// The detector.
    pub detector: Ref,
    /// The local day the interval begins on.
    pub day: NaiveDate,
    /// When, seconds after that day's midnight.
    pub window: Window,
    /// Vehicle class.
    pub class: VehicleClass,
    /// Vehicles, 0 and more.
    pub count: f64,
    /// Their mean speed, m/s, where it was measured.
    pub mean_speed_mps: Option<f64>,
    /// The line of the file it stands on.
    pub line: u64,
}

/// What is wrong with a row of a counts file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CountsProblem {
    /// No detector named.
    #[error("names no detector; expected its ref in column `detector`")]
    NoDetector,
    /// A time without zone or no time at all.
    #[error("`{column}` is `{found}`, expected a time with its zone like 2026-03-10T06:30:00+07:00")]
    BadTime {
        /// Which column.
        column: &'static str,
        /// What stood there.
        found: String,
    },
    /// An interval that ends before it begins, or is longer than a day.
    #[error("the interval {from} to {to} lasts {length_s} s, expected more than 0 and at most 86400 s")]
    BadInterval {
        /// As written.
        from: String,
        /// As written.
        to: String,
        /// Its length, seconds.
        length_s: f64,
    },
    /// A class nobody knows.
    #[error("unknown vehicle class `{found}`{}; expected one of: {}", did_you_mean(.near), class_names())]
    BadClass {
        /// What stood there.
        found: String,
        /// The nearest known name.
        near: Option<&'static str>,
    },
    /// Not a number.
    #[error("`{column}` is `{found}`, expected {expected}")]
    BadNumber {
        /// Which column.
        column: &'static str,
        /// What stood there.
        found: String,
        /// What is allowed.
        expected: &'static str,
    },
    /// Could be a thousand or one and a bit.
    #[error("`{column}` is `{found}`: a thousands separator or a decimal? write it without separator, like {}", .found.replace(['.', ','], ""))]
    Ambiguous {
        /// Which column.
        column: &'static str,
        /// What stood there.
        found: String,
    },
    /// Less than no vehicle.
    #[error("counts {count} vehicles, expected 0 or more; leave the row out where nothing was recorded")]
    Negative {
        /// What stood there.
        count: f64,
    },
    /// Two rows claim the same seconds.
    #[error("detector {detector}, {class}: {from} to {to} overlaps line {other}; count every second once")]
    Overlap {
        /// The detector.
        detector: Ref,
        /// The class.
        class: VehicleClass,
        /// Start, clock.
        from: String,
        /// End, clock.
        to: String,
        /// The earlier line.
        other: u64,
    },
    /// Another zone of time than the rows before.
    #[error("is in zone {found}, but line {first_line} is in zone {first}; write all times of a file in one zone")]
    TwoZones {
        /// Zone of this row.
        found: FixedOffset,
        /// Zone of the first row.
        first: FixedOffset,
        /// The first row.
        first_line: u64,
    },
}

fn did_you_mean(name: &Option<&'static str>) -> String {
    name.map_or(String::new(), |n| format!(", did you mean `{n}`?"))
}

fn class_names() -> String {
    VehicleClass::ALL.map(VehicleClass::name).join(", ")
}

/// Why a counts file was refused.
pub type CountsError = FileError<CountsProblem>;

/// The counts of one file. No negative count, no overlapping intervals, one zone of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Counts {
    file: String,
    zone_offset_s: i32,
    rows: Vec<Count>,
}

impl Counts {
    /// Reads a counts file.
    ///
    /// # Errors
    /// The file cannot be read, lacks a column, or has bad rows: all of them are listed.
    pub fn read(path: &Path) -> Result<Self, CountsError> {
        Self::from_table(Table::read(path)?)
    }

    /// Reads counts from the bytes of a file that messages call `file`.
    ///
    /// # Errors
    /// As [`Counts::read`].
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, CountsError> {
        Self::from_table(Table::parse(file.to_owned(), bytes)?)
    }

    fn from_table(table: Table) -> Result<Self, CountsError> {
        let column = |name| table.need::<CountsProblem>(name, COLUMNS);
        let columns = Columns {
            detector: column("detector")?,
            from: column("from")?,
            to: column("to")?,
            class: column("class")?,
            count: column("count")?,
            speed: table.column("mean_speed_kmh"),
        };
        let mut rows = Vec::with_capacity(table.rows.len());
        let mut problems = Vec::new();
        let mut zone: Option<(FixedOffset, u64)> = None;
        for row in &table.rows {
            match columns.count_of(row, &mut zone) {
                Ok(count) => rows.push(count),
                Err(mut bad) => problems.append(&mut bad.drain(..).map(|p| (row.line, p)).collect()),
            }
        }
        problems.extend(overlaps(&mut rows));
        problems.sort_by_key(|(line, _)| *line);
        if !problems.is_empty() {
            return Err(RowErrors { file: table.file, problems }.into());
        }
        Ok(Self { file: table.file, zone_offset_s: zone.map_or(0, |(z, _)| z.local_minus_utc()), rows })
    }

    /// The counts, sorted by detector, class and time.
    pub fn rows(&self) -> &[Count] {
        &self.rows
    }

    /// The zone of time of the file, seconds east of UTC.
    pub fn zone_offset_s(&self) -> i32 {
        self.zone_offset_s
    }

    /// The days that have counts.
    pub fn days(&self) -> Vec<NaiveDate> {
        self.rows.iter().map(|r| r.day).collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// Only the counts of one day.
    pub fn on(&self, day: NaiveDate) -> Self {
        Self { rows: self.rows.iter().filter(|r| r.day == day).cloned().collect(), ..self.clone() }
    }

    /// The day to rebuild when the caller names none: of several days the one with the median number of vehicles, which is a real day and
    /// no average (as the FHWA Traffic Analysis Toolbox, volume III, 2019, advises).
    pub fn representative_day(&self) -> Option<NaiveDate> {
        let mut totals: BTreeMap<NaiveDate, f64> = BTreeMap::new();
        for row in &self.rows {
            *totals.entry(row.day).or_default() += row.count;
        }
        let mut days: Vec<_> = totals.into_iter().collect();
        days.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
        days.get(days.len().saturating_sub(1) / 2).map(|d| d.0)
    }

    /// Holds the counts against the detectors they name.
    pub fn check(&self, detectors: &[Detector]) -> CountsReport {
        let known: BTreeSet<&str> = detectors.iter().map(|d| d.ref_.as_str()).collect();
        let mut report = CountsReport {
            file: self.file.clone(),
            rows: self.rows.len(),
            days: self.days(),
            zone_offset_s: self.zone_offset_s,
            vehicles: [0.0; CLASS_COUNT],
            window: None,
            unknown: Vec::new(),
            silent: Vec::new(),
            gaps: Vec::new(),
        };
        let mut unknown: BTreeMap<&Ref, (u64, usize)> = BTreeMap::new();
        for row in &self.rows {
            report.vehicles[row.class.index()] += row.count;
            let w = report.window.get_or_insert(row.window);
            *w = Window::new(w.from_s.min(row.window.from_s), w.to_s.max(row.window.to_s));
            if !known.contains(row.detector.as_str()) {
                let entry = unknown.entry(&row.detector).or_insert((row.line, 0));
                *entry = (entry.0.min(row.line), entry.1 + 1);
            }
        }
        report.unknown = unknown
            .into_iter()
            .map(|(detector, (line, rows))| UnknownDetector {
                detector: detector.clone(),
                line,
                rows,
                near: suggestion(detector.as_str(), known.iter().copied()).map(Ref::from),
            })
            .collect();
        report.unknown.sort_by_key(|u| u.line);
        let heard: BTreeSet<&str> = self.rows.iter().map(|r| r.detector.as_str()).collect();
        report.silent = known.iter().filter(|k| !heard.contains(*k)).map(|k| Ref::from(*k)).collect();
        report.gaps = gaps(&self.rows);
        report
    }
}

struct Columns {
    detector: Option<usize>,
    from: Option<usize>,
    to: Option<usize>,
    class: Option<usize>,
    count: Option<usize>,
    speed: Option<usize>,
}

impl Columns {
    fn count_of(&self, row: &super::table::Row, zone: &mut Option<(FixedOffset, u64)>) -> Result<Count, Vec<CountsProblem>> {
        let mut bad = Vec::new();
        let detector = row.text(self.detector);
        if detector.is_empty() {
            bad.push(CountsProblem::NoDetector);
        }
        let mut time = |name, column| {
            let text = row.text(column);
            let parsed = parse_time(text);
            if parsed.is_none() {
                bad.push(CountsProblem::BadTime { column: name, found: text.to_owned() });
            }
            parsed
        };
        let (from, to) = (time("from", self.from), time("to", self.to));
        let class_name = row.text(self.class);
        let class = class_name.to_lowercase().parse::<VehicleClass>();
        if class.is_err() {
            let near = suggestion(class_name, VehicleClass::ALL.into_iter().map(VehicleClass::name));
            bad.push(CountsProblem::BadClass { found: class_name.to_owned(), near });
        }
        let count_text = row.text(self.count);
        let count = match number(count_text) {
            _ if is_ambiguous(count_text) => {
                bad.push(CountsProblem::Ambiguous { column: "count", found: count_text.to_owned() });
                None
            }
            Some(count) if count < 0.0 => {
                bad.push(CountsProblem::Negative { count });
                None
            }
            None => {
                let expected = "a number of vehicles; leave the row out where nothing was recorded";
                bad.push(CountsProblem::BadNumber { column: "count", found: count_text.to_owned(), expected });
                None
            }
            some => some,
        };
        let speed_text = row.text(self.speed);
        let speed = number(speed_text).filter(|v| (0.0..=250.0).contains(v));
        if !speed_text.is_empty() && speed.is_none() {
            let expected = "0 to 250 km/h, or nothing";
            bad.push(CountsProblem::BadNumber { column: "mean_speed_kmh", found: speed_text.to_owned(), expected });
        }
        let mut window = None;
        if let (Some(from), Some(to)) = (from, to) {
            let (first, first_line) = *zone.get_or_insert((*from.offset(), row.line));
            if let Some(found) = [*from.offset(), *to.offset()].into_iter().find(|z| *z != first) {
                bad.push(CountsProblem::TwoZones { found, first, first_line });
            }
            let length_s = (to - from).as_seconds_f64();
            if !(length_s > 0.0 && length_s <= 86_400.0) {
                let (from, to) = (row.text(self.from).to_owned(), row.text(self.to).to_owned());
                bad.push(CountsProblem::BadInterval { from, to, length_s });
            }
            let (day, from_s) = day_and_second(from);
            window = Some((day, Window::new(from_s, from_s + length_s)));
        }
        match (window, class, count) {
            (Some((day, window)), Ok(class), Some(count)) if bad.is_empty() => Ok(Count {
                detector: Ref::from(detector),
                day,
                window,
                class,
                count,
                mean_speed_mps: speed.map(|v| v / 3.6),
                line: row.line,
            }),
            _ => Err(bad),
        }
    }
}

/// Sorts the rows by detector, class and time, and finds those that share seconds with the one before.
fn overlaps(rows: &mut [Count]) -> Vec<(u64, CountsProblem)> {
    rows.sort_by(|a, b| {
        (&a.detector, a.class, a.day)
            .cmp(&(&b.detector, b.class, b.day))
            .then(a.window.from_s.total_cmp(&b.window.from_s))
            .then(a.line.cmp(&b.line))
    });
    let mut problems = Vec::new();
    for pair in rows.windows(2) {
        let (a, b) = (&pair[0], &pair[1]);
        let days_between = (b.day - a.day).num_days() as f64 * 86_400.0;
        if a.detector == b.detector && a.class == b.class && b.window.from_s + days_between < a.window.to_s - 1e-3 {
            let (earlier, later) = if a.line < b.line { (a, b) } else { (b, a) };
            problems.push((
                later.line,
                CountsProblem::Overlap {
                    detector: later.detector.clone(),
                    class: later.class,
                    from: clock(later.window.from_s),
                    to: clock(later.window.to_s),
                    other: earlier.line,
                },
            ));
        }
    }
    problems
}

/// The stretches between the first and the last interval of a detector and day that no row of any class covers.
fn gaps(rows: &[Count]) -> Vec<CountGap> {
    let mut by_detector: BTreeMap<(&Ref, NaiveDate), Vec<Window>> = BTreeMap::new();
    for row in rows {
        by_detector.entry((&row.detector, row.day)).or_default().push(row.window);
    }
    let mut gaps = Vec::new();
    for ((detector, day), mut windows) in by_detector {
        windows.sort_by(|a, b| a.from_s.total_cmp(&b.from_s));
        let mut reached = windows[0].to_s;
        for w in windows {
            if w.from_s > reached + 1e-3 {
                gaps.push(CountGap { detector: detector.clone(), day, window: Window::new(reached, w.from_s) });
            }
            reached = reached.max(w.to_s);
        }
    }
    gaps
}

/// A detector that the counts name and the detector file does not.
#[derive(Clone, Debug, PartialEq)]
pub struct UnknownDetector {
    /// Its ref.
    pub detector: Ref,
    /// The first line that names it.
    pub line: u64,
    /// How many rows do.
    pub rows: usize,
    /// The nearest known name.
    pub near: Option<Ref>,
}

/// A time in which a detector recorded nothing at all, between times in which it did. It is treated as unknown, not as zero.
#[derive(Clone, Debug, PartialEq)]
pub struct CountGap {
    /// The detector.
    pub detector: Ref,
    /// The day.
    pub day: NaiveDate,
    /// When.
    pub window: Window,
}

/// What a counts file holds, and how it fits the detectors.
#[derive(Clone, Debug, PartialEq)]
pub struct CountsReport {
    /// The file as the caller named it.
    pub file: String,
    /// Rows.
    pub rows: usize,
    /// Days with counts.
    pub days: Vec<NaiveDate>,
    /// The zone of time, seconds east of UTC.
    pub zone_offset_s: i32,
    /// First to last second of the day that has counts.
    pub window: Option<Window>,
    /// Vehicles of each class, by [`VehicleClass::index`].
    pub vehicles: [f64; CLASS_COUNT],
    /// Detectors that are not in the detector file: an error.
    pub unknown: Vec<UnknownDetector>,
    /// Detectors without any count.
    pub silent: Vec<Ref>,
    /// Missing intervals: unknown, not zero.
    pub gaps: Vec<CountGap>,
}

impl CountsReport {
    /// Whether every count belongs to a detector.
    pub fn is_ok(&self) -> bool {
        self.unknown.is_empty()
    }
}

impl fmt::Display for CountsReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for u in self.unknown.iter().take(SHOWN_PROBLEMS) {
            let near = u.near.as_ref().map_or(";".to_owned(), |n| format!("; did you mean `{n}`? If not,"));
            writeln!(
                f,
                "{}:{}: unknown detector `{}` ({} rows){near} add it to the detector file or correct it",
                self.file, u.line, u.detector, u.rows
            )?;
        }
        if self.unknown.len() > SHOWN_PROBLEMS {
            writeln!(f, "{}: and {} more unknown detectors", self.file, self.unknown.len() - SHOWN_PROBLEMS)?;
        }
        let days = self.days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        write!(f, "{}: {} rows, {days}", self.file, self.rows)?;
        if let Some(w) = self.window {
            write!(f, ", {} to {}", clock(w.from_s), clock(w.to_s))?;
        }
        for class in VehicleClass::ALL {
            if self.vehicles[class.index()] > 0.0 {
                write!(f, ", {} {class}", self.vehicles[class.index()])?;
            }
        }
        for gap in self.gaps.iter().take(SHOWN_PROBLEMS) {
            let (from, to) = (clock(gap.window.from_s), clock(gap.window.to_s));
            write!(
                f,
                "\n{}: {} recorded nothing on {} from {from} to {to}: taken as unknown, not as zero",
                self.file, gap.detector, gap.day
            )?;
        }
        if self.gaps.len() > SHOWN_PROBLEMS {
            write!(f, "\n{}: and {} more gaps", self.file, self.gaps.len() - SHOWN_PROBLEMS)?;
        }
        for silent in self.silent.iter().take(SHOWN_PROBLEMS) {
            write!(f, "\n{}: no count at detector {silent}", self.file)?;
        }
        Ok(())
    }
}
