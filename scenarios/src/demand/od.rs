//! The origin–destination table: how many trips of each class leave a zone for another in each quarter-hour.

use super::{
    table::{FileError, RowErrors, Table, is_ambiguous, number, suggestion},
    time::{clock, quarter_of, quarter_start_s},
    zones::Zone,
};
use sim_core::{class::VehicleClass, reference::Ref};
use std::{collections::BTreeMap, io, path::Path};

const COLUMNS: &str = "origin,destination,class,from,trips";

/// A cell of a table. Zones are positions in [`OdTable::zones`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OdKey {
    /// Where from.
    pub from: u32,
    /// Where to.
    pub to: u32,
    /// Vehicle class.
    pub class: VehicleClass,
    /// Quarter-hour of the day: 06:30 is 26.
    pub quarter: u16,
}

/// A demand table. Every value is a finite number above 0; cells that are not there are 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OdTable {
    zones: Vec<Ref>,
    cells: BTreeMap<OdKey, f64>,
}

/// What is wrong with a row of a demand table.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OdProblem {
    /// A zone that is not there.
    #[error("no zone is called `{found}`{}", .near.as_ref().map_or(String::new(), |n| format!("; did you mean `{n}`?")))]
    UnknownZone {
        /// What stood there.
        found: String,
        /// The nearest name.
        near: Option<Ref>,
    },
    /// A class nobody knows.
    #[error("{0}")]
    BadClass(sim_core::class::UnknownClass),
    /// No clock time on a quarter-hour.
    #[error("`from` is `{found}`, expected the start of a quarter-hour like 06:30")]
    BadTime {
        /// What stood there.
        found: String,
    },
    /// No number of trips.
    #[error("`trips` is `{found}`, expected 0 or more, without thousands separator")]
    BadTrips {
        /// What stood there.
        found: String,
    },
    /// One cell twice.
    #[error("this origin, destination, class and quarter-hour stand already on line {other}; add the two up")]
    Duplicate {
        /// The earlier line.
        other: u64,
    },
}

/// Why a demand table was refused.
pub type OdError = FileError<OdProblem>;

impl OdTable {
    /// An empty table over these zones.
    pub fn new(zones: Vec<Ref>) -> Self {
        Self { zones, cells: BTreeMap::new() }
    }

    /// An empty table over these zones.
    pub fn over(zones: &[Zone]) -> Self {
        Self::new(zones.iter().map(|z| z.ref_.clone()).collect())
    }

    /// The zones.
    pub fn zones(&self) -> &[Ref] {
        &self.zones
    }

    /// The trips of a cell.
    pub fn get(&self, key: OdKey) -> f64 {
        self.cells.get(&key).copied().unwrap_or(0.0)
    }

    /// Sets a cell; anything but a finite number above 0 empties it.
    ///
    /// # Panics
    /// When the key's zones are not in the table.
    pub fn set(&mut self, key: OdKey, trips: f64) {
        assert!((key.from as usize) < self.zones.len() && (key.to as usize) < self.zones.len(), "{key:?} is within the table");
        if trips.is_finite() && trips > 0.0 {
            self.cells.insert(key, trips);
        } else {
            self.cells.remove(&key);
        }
    }

    /// The cells that are not 0, in order of origin, destination, class and quarter-hour.
    pub fn cells(&self) -> impl Iterator<Item = (OdKey, f64)> + '_ {
        self.cells.iter().map(|(k, v)| (*k, *v))
    }

    /// All trips.
    pub fn total(&self) -> f64 {
        self.cells.values().sum()
    }

    /// All trips of a class.
    pub fn total_of(&self, class: VehicleClass) -> f64 {
        self.cells.iter().filter(|(k, _)| k.class == class).map(|(_, v)| v).sum()
    }

    /// The same table with every cell times `factor` (0 and more).
    pub fn scaled(&self, factor: f64) -> Self {
        let mut scaled = Self::new(self.zones.clone());
        for (key, trips) in self.cells() {
            scaled.set(key, trips * factor);
        }
        scaled
    }

    /// Reads a table `origin,destination,class,from,trips`.
    ///
    /// # Errors
    /// The file cannot be read, lacks a column, or has bad rows: all of them are listed.
    pub fn read(path: &Path, zones: &[Zone]) -> Result<Self, OdError> {
        Self::from_table(Table::read(path)?, zones)
    }

    /// Reads a table from the bytes of a file that messages call `file`.
    ///
    /// # Errors
    /// As [`OdTable::read`].
    pub fn parse(file: &str, bytes: &[u8], zones: &[Zone]) -> Result<Self, OdError> {
        Self::from_table(Table::parse(file.to_owned(), bytes)?, zones)
    }

    fn from_table(table: Table, zones: &[Zone]) -> Result<Self, OdError> {
        let column = |name| table.need::<OdProblem>(name, COLUMNS);
        let (origin, destination, class, from, trips) =
            (column("origin")?, column("destination")?, column("class")?, column("from")?, column("trips")?);
        let mut od = Self::over(zones);
        let position: BTreeMap<&str, u32> = zones.iter().enumerate().map(|(i, z)| (z.ref_.as_str(), i as u32)).collect();
        let zone = |found: &str| {
            position.get(found).copied().ok_or_else(|| OdProblem::UnknownZone {
                found: found.to_owned(),
                near: suggestion(found, position.keys().copied()).map(Ref::from),
            })
        };
        let mut seen: BTreeMap<OdKey, u64> = BTreeMap::new();
        let mut problems = Vec::new();
        for row in &table.rows {
            let cell = || -> Result<(OdKey, f64), OdProblem> {
                let key = OdKey {
                    from: zone(row.text(origin))?,
                    to: zone(row.text(destination))?,
                    class: row.text(class).to_lowercase().parse().map_err(OdProblem::BadClass)?,
                    quarter: quarter_from_clock(row.text(from)).ok_or_else(|| OdProblem::BadTime { found: row.text(from).to_owned() })?,
                };
                let text = row.text(trips);
                let value = number(text).filter(|v| *v >= 0.0 && !is_ambiguous(text));
                Ok((key, value.ok_or_else(|| OdProblem::BadTrips { found: text.to_owned() })?))
            };
            match cell() {
                Ok((key, value)) => match seen.insert(key, row.line) {
                    None => od.set(key, value),
                    Some(other) => problems.push((row.line, OdProblem::Duplicate { other })),
                },
                Err(problem) => problems.push((row.line, problem)),
            }
        }
        if problems.is_empty() { Ok(od) } else { Err(RowErrors { file: table.file, problems }.into()) }
    }

    /// Writes the table as CSV.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut csv = csv::Writer::from_writer(out);
        csv.write_record(COLUMNS.split(','))?;
        for (key, trips) in self.cells() {
            csv.write_record([
                self.zones[key.from as usize].as_str(),
                self.zones[key.to as usize].as_str(),
                key.class.name(),
                &clock(quarter_start_s(key.quarter)),
                // Four decimals do not pass for a thousands separator.
                &format!("{trips:.4}"),
            ])?;
        }
        csv.flush()
    }
}

/// Seconds after midnight of a clock time `HH:MM[:SS]`.
pub(crate) fn clock_s(text: &str) -> Option<f64> {
    let mut parts = text.trim().split(':');
    let (h, m): (u32, u32) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let s: f64 = parts.next().map_or(Ok(0.0), str::parse).ok()?;
    (parts.next().is_none() && h <= 47 && m < 60 && (0.0..60.0).contains(&s)).then(|| f64::from(h * 3600 + m * 60) + s)
}

fn quarter_from_clock(text: &str) -> Option<u16> {
    let time_s = clock_s(text)?;
    let quarter = quarter_of(time_s);
    (quarter_start_s(quarter) == time_s).then_some(quarter)
}
