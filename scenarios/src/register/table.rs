//! One CSV table: header checked against the schema, cells reached by column name. Spreadsheet habits are accepted: a byte-order mark,
//! `;` between cells with a decimal comma, CRLF, empty lines, and lines that begin with `#`.

use super::{
    problem::{Problems, did_you_mean},
    schema::{Column, TableKind},
};
use chrono::NaiveDate;

/// A row of a table: its cells in the order of the schema's columns, empty where the file has no such column.
pub(super) struct Row {
    line: u64,
    cells: Vec<String>,
}

/// A table as text.
pub(super) struct Table {
    pub(super) kind: TableKind,
    pub(super) rows: Vec<Row>,
    has_decimal_comma: bool,
}

impl Table {
    /// A table that is not there.
    pub(super) fn empty(kind: TableKind) -> Self {
        Self { kind, rows: Vec::new(), has_decimal_comma: false }
    }

    /// Reads a table; what is wrong with its header or shape is noted.
    pub(super) fn parse(kind: TableKind, bytes: &[u8], problems: &mut Problems) -> Self {
        let mut table = Self::empty(kind);
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let line = bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count() as u64 + 1;
                problems.add(kind.file(), line, "not UTF-8 text; save the table as `CSV UTF-8`");
                return table;
            }
        };
        let header_line = text.lines().find(|l| !l.trim().is_empty() && !l.starts_with('#')).unwrap_or("");
        let separator = [b';', b'\t'].into_iter().find(|s| header_line.contains(char::from(*s))).unwrap_or(b',');
        table.has_decimal_comma = separator != b',';
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .comment(Some(b'#'))
            .trim(csv::Trim::All)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        let mut places: Option<Vec<Option<usize>>> = None;
        for record in reader.records() {
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    problems.add(kind.file(), error.position().map_or(0, csv::Position::line), format!("not a CSV line: {error}"));
                    return table;
                }
            };
            let line = line_at(text, record.position().map_or(0, csv::Position::byte) as usize);
            if record.iter().all(str::is_empty) {
                continue;
            }
            let Some(places) = &places else {
                places = Some(column_places(kind, line, &record, problems));
                continue;
            };
            if record.iter().skip(places.len()).any(|cell| !cell.is_empty()) {
                problems.add(kind.file(), line, format!("{} cells, the header has {}", record.len(), places.len()));
                continue;
            }
            let mut cells = vec![String::new(); kind.columns().len()];
            for (cell, place) in record.iter().zip(places) {
                if let Some(place) = place {
                    cells[*place] = cell.to_owned();
                }
            }
            table.rows.push(Row { line, cells });
        }
        if places.is_none() {
            problems.add(kind.file(), 0, format!("empty; expected the header `{}`", header(kind)));
        }
        table
    }

    /// The row's cells, for reading one by one.
    pub(super) fn cells<'a>(&'a self, row: &'a Row, problems: &'a mut Problems) -> Cells<'a> {
        Cells { table: self, row, problems, is_good: true }
    }
}

/// The line, from 1, of the record that the reader began to look for at byte `from`: behind empty lines and remarks.
fn line_at(text: &str, from: usize) -> u64 {
    let (before, rest) = text.split_at(from.min(text.len()));
    let skipped = rest.split('\n').take_while(|l| l.trim().is_empty() || l.starts_with('#')).count();
    (before.bytes().filter(|b| *b == b'\n').count() + skipped) as u64 + 1
}

fn header(kind: TableKind) -> String {
    kind.columns().iter().map(|c| c.name).collect::<Vec<_>>().join(",")
}

/// For each cell of the header line, the schema column it is.
fn column_places(kind: TableKind, line: u64, record: &csv::StringRecord, problems: &mut Problems) -> Vec<Option<usize>> {
    let columns = kind.columns();
    let places: Vec<Option<usize>> = record.iter().map(|name| columns.iter().position(|c| c.name == name)).collect();
    for (i, name) in record.iter().enumerate() {
        if places[i].is_none() && !name.is_empty() {
            let near = did_you_mean(name, columns.iter().map(|c| c.name));
            problems.add(kind.file(), line, format!("unknown column `{name}`{near}; expected `{}`", header(kind)));
        } else if places[i].is_some() && places[..i].contains(&places[i]) {
            problems.add(kind.file(), line, format!("column `{name}` appears twice"));
        }
    }
    for (i, Column { name, is_required }) in columns.iter().enumerate() {
        if *is_required && !places.contains(&Some(i)) {
            problems.add(kind.file(), line, format!("column `{name}` is missing; expected `{}`", header(kind)));
        }
    }
    places
}

/// The cells of one row. Each getter notes what is wrong and gives a stand-in; [`Cells::keep`] then drops the row.
pub(super) struct Cells<'a> {
    table: &'a Table,
    row: &'a Row,
    problems: &'a mut Problems,
    is_good: bool,
}

impl Cells<'_> {
    /// The line of the row, from 1.
    pub(super) fn line(&self) -> u64 {
        self.row.line
    }

    /// Notes that the row is wrong.
    pub(super) fn wrong(&mut self, what: impl Into<String>) {
        self.is_good = false;
        self.problems.add(self.table.kind.file(), self.row.line, what);
    }

    /// A cell's text; noted when it is empty and must not be.
    pub(super) fn text(&mut self, column: &str) -> String {
        let columns = self.table.kind.columns();
        let place = columns.iter().position(|c| c.name == column).expect("getters name columns of the schema");
        let cell = self.row.cells[place].clone();
        if cell.is_empty() && columns[place].is_required {
            self.wrong(format!("`{column}` is empty"));
        }
        cell
    }

    /// A cell's text, `None` when empty.
    pub(super) fn optional(&mut self, column: &str) -> Option<String> {
        Some(self.text(column)).filter(|t| !t.is_empty())
    }

    /// A number within `range`; `None` when empty.
    pub(super) fn number(&mut self, column: &str, range: std::ops::RangeInclusive<f64>) -> Option<f64> {
        let text = self.optional(column)?;
        let plain = if self.table.has_decimal_comma { text.replace(',', ".") } else { text.clone() };
        match plain.parse::<f64>() {
            Ok(value) if range.contains(&value) => Some(value),
            _ => {
                self.wrong(format!("`{column}` is `{text}`, expected a number from {} to {}", range.start(), range.end()));
                None
            }
        }
    }

    /// A count of things; `None` when it is empty or wrong.
    pub(super) fn count(&mut self, column: &str) -> Option<u32> {
        let text = self.optional(column)?;
        let count = text.parse().ok();
        if count.is_none() {
            self.wrong(format!("`{column}` is `{text}`, expected a whole number from 0, without separators"));
        }
        count
    }

    /// Yes or no, in Vietnamese or English; `None` when empty.
    pub(super) fn yes(&mut self, column: &str) -> Option<bool> {
        let text = self.optional(column)?;
        match text.to_lowercase().as_str() {
            "yes" | "y" | "có" | "co" | "x" | "1" | "true" => Some(true),
            "no" | "n" | "không" | "khong" | "0" | "false" => Some(false),
            _ => {
                self.wrong(format!("`{column}` is `{text}`, expected `yes` or `no` (`có`, `không`)"));
                None
            }
        }
    }

    /// A day, `2026-09-30` or `30/09/2026`; `None` when empty.
    pub(super) fn date(&mut self, column: &str) -> Option<NaiveDate> {
        let text = self.optional(column)?;
        let date = ["%Y-%m-%d", "%d/%m/%Y"].into_iter().find_map(|f| NaiveDate::parse_from_str(&text, f).ok());
        if date.is_none() {
            self.wrong(format!("`{column}` is `{text}`, expected a day as 2026-09-30 or 30/09/2026"));
        }
        date
    }

    /// One of a few words; the first stands in when it is none of them.
    pub(super) fn one_of<T: Copy>(&mut self, column: &str, words: &[(&str, T)]) -> T {
        let text = self.text(column);
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return *value;
        }
        if !text.is_empty() {
            let near = did_you_mean(&text, words.iter().map(|(w, _)| *w));
            let expected: Vec<_> = words.iter().map(|(w, _)| *w).collect();
            self.wrong(format!("`{column}` is `{text}`{near}; expected one of {}", expected.join(", ")));
        }
        words[0].1
    }

    /// `value`, unless something in the row was wrong.
    pub(super) fn keep<T>(self, value: T) -> Option<T> {
        self.is_good.then_some(value)
    }
}
