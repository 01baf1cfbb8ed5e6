//! Tables as people save them from spreadsheets: a byte-order mark, `;` or tabs between fields, decimal commas, CRLF, blank lines
//! and `#` comments all survive. Rows keep their line number, so that every complaint can name it.

use std::{fmt, io, path::Path};

/// How many problems of one file an error message shows before it only counts the rest.
pub const SHOWN_PROBLEMS: usize = 20;

/// Why a file of the demand was refused: it could not be opened, is no such table, or holds bad rows (all of them are listed).
#[derive(Debug, thiserror::Error)]
pub enum FileError<P: std::error::Error + 'static> {
    /// The file could not be read.
    #[error("{file}: cannot be read: {source}")]
    Io {
        /// The file as the caller named it.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not a table with the expected columns.
    #[error("{file}:{line}: {problem}")]
    Layout {
        /// The file as the caller named it.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What was found, what was expected and what to do.
        problem: String,
    },
    /// Rows that make no sense.
    #[error(transparent)]
    Rows(#[from] RowErrors<P>),
}

/// Every bad row of a file.
#[derive(Debug)]
pub struct RowErrors<P> {
    /// The file as the caller named it.
    pub file: String,
    /// Line (from 1) and problem, in file order.
    pub problems: Vec<(u64, P)>,
}

impl<P: fmt::Display> fmt::Display for RowErrors<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (line, problem)) in self.problems.iter().take(SHOWN_PROBLEMS).enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{line}: {problem}", self.file)?;
        }
        match self.problems.len() {
            n if n > SHOWN_PROBLEMS => write!(f, "\n{}: and {} more", self.file, n - SHOWN_PROBLEMS),
            _ => Ok(()),
        }
    }
}

impl<P: std::error::Error> std::error::Error for RowErrors<P> {}

/// A row and the line it stands on.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Line in the file, from 1.
    pub(crate) line: u64,
    fields: Vec<String>,
}

impl Row {
    /// The trimmed text in column `column`; empty where the row is short or the column is not there.
    pub(crate) fn text(&self, column: Option<usize>) -> &str {
        column.and_then(|c| self.fields.get(c)).map_or("", |f| f.trim())
    }
}

/// A table: its header in lower case and its rows.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// The file as the caller named it.
    pub(crate) file: String,
    /// The line of the header, from 1.
    pub(crate) header_line: u64,
    header: Vec<String>,
    /// The rows below the header, in file order.
    pub(crate) rows: Vec<Row>,
}

impl Table {
    /// Reads a table from a file.
    pub(crate) fn read<P: std::error::Error + 'static>(path: &Path) -> Result<Self, FileError<P>> {
        let file = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|source| FileError::Io { file: file.clone(), source })?;
        Self::parse(file, &bytes)
    }

    /// Reads a table from the bytes of a file called `file`.
    pub(crate) fn parse<P: std::error::Error + 'static>(file: String, bytes: &[u8]) -> Result<Self, FileError<P>> {
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            return Err(FileError::Layout { file, line: 1, problem: "is UTF-16; save it as “CSV UTF-8”".into() });
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}'),
            Err(error) => {
                let line = 1 + bytes[..error.valid_up_to()].iter().filter(|b| **b == b'\n').count() as u64;
                return Err(FileError::Layout { file, line, problem: "is not UTF-8; save it as “CSV UTF-8”".into() });
            }
        };
        let is_data = |l: &str| !l.trim().is_empty() && !l.trim_start().starts_with('#');
        let Some(first) = text.lines().find(|l| is_data(l)) else {
            return Err(FileError::Layout {
                file,
                line: 1,
                problem: "is empty; expected a header line with the names of the columns".into(),
            });
        };
        let delimiter = [b';', b'\t', b','].into_iter().max_by_key(|d| first.bytes().filter(|b| b == d).count()).unwrap_or(b',');
        // Line by line, so that every row knows its own: a field never holds a line break here.
        let mut rows = Vec::new();
        for (i, line) in text.lines().enumerate().filter(|(_, l)| is_data(l)) {
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .delimiter(delimiter)
                .buffer_capacity(line.len() + 1)
                .from_reader(line.as_bytes());
            let mut record = csv::StringRecord::new();
            let line = i as u64 + 1;
            let found = reader.read_record(&mut record).map_err(|error| FileError::Layout {
                file: file.clone(),
                line,
                problem: format!("cannot be read as a row: {error}"),
            })?;
            if found && record.iter().any(|f| !f.trim().is_empty()) {
                rows.push(Row { line, fields: record.iter().map(str::to_owned).collect() });
            }
        }
        if rows.is_empty() {
            return Err(FileError::Layout { file, line: 1, problem: "holds no row; expected a header line".into() });
        }
        let head = rows.remove(0);
        let header = head.fields.iter().map(|f| f.trim().to_lowercase()).collect();
        Ok(Self { file, header_line: head.line, header, rows })
    }

    /// The position of the column called `name`, if there is one.
    pub(crate) fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|h| h == name)
    }

    /// The position of a column that must be there.
    pub(crate) fn need<P: std::error::Error + 'static>(&self, name: &str, expected: &str) -> Result<Option<usize>, FileError<P>> {
        match self.column(name) {
            Some(column) => Ok(Some(column)),
            None => Err(self.layout(format!(
                "has no column `{name}`; found `{}`, expected `{expected}`{}",
                self.header.join(","),
                suggestion(name, self.header.iter().map(String::as_str)).map_or(String::new(), |s| format!(" (is `{s}` it?)"))
            ))),
        }
    }

    /// An error about the header.
    pub(crate) fn layout<P: std::error::Error + 'static>(&self, problem: String) -> FileError<P> {
        FileError::Layout { file: self.file.clone(), line: self.header_line, problem }
    }
}

/// A number as a spreadsheet writes it. A decimal comma is understood; `1.234` or `1,234` could be a thousand or one and a bit, which
/// the caller decides by [`is_ambiguous`].
pub(crate) fn number(text: &str) -> Option<f64> {
    let mut plain: String = text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    if plain.contains(',') && !plain.contains('.') && plain.matches(',').count() == 1 {
        plain = plain.replace(',', ".");
    }
    plain.parse::<f64>().ok().filter(|v| v.is_finite())
}

/// Whether a number looks grouped by thousands (`1.234`, `12,345`): then nobody can tell what it means.
pub(crate) fn is_ambiguous(text: &str) -> bool {
    let groups: Vec<&str> = text.split(['.', ',']).collect();
    groups.len() > 1
        && groups.iter().all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()))
        && groups[0].len() <= 3
        && groups[0] != "0"
        && groups[1..].iter().all(|g| g.len() == 3)
}

/// The name among `known` that is nearest to `name`, if it is near.
pub(crate) fn suggestion<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|k| (strsim::jaro_winkler(&name.to_lowercase(), &k.to_lowercase()), k))
        .filter(|(near, _)| *near > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)))
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    #[test]
    fn spreadsheet_habits_survive() {
        let text = "\u{feff}# drawn by hand\r\n\r\nDetector ; Count\r\nA;\"12,5\"\r\n;\r\nB;7\r\n";
        let table = Table::parse::<Infallible>("t.csv".into(), text.as_bytes()).unwrap();
        assert_eq!((table.column("detector"), table.column("count")), (Some(0), Some(1)));
        let rows: Vec<_> = table.rows.iter().map(|r| (r.line, r.text(Some(0)).to_owned(), number(r.text(Some(1))))).collect();
        assert_eq!(rows, [(4, "A".to_owned(), Some(12.5)), (6, "B".to_owned(), Some(7.0))]);
    }

    #[test]
    fn a_missing_column_is_named_with_its_near_spelling() {
        let table = Table::parse::<Infallible>("t.csv".into(), b"detektor,count\nA,1\n").unwrap();
        let error = table.need::<Infallible>("detector", "detector,count").unwrap_err().to_string();
        assert!(error.starts_with("t.csv:1: has no column `detector`") && error.contains("is `detektor` it?"), "{error}");
    }

    #[test]
    fn other_encodings_are_refused_with_what_to_do() {
        let error = Table::parse::<Infallible>("t.csv".into(), b"a,b\n\xff\xfe\n").unwrap_err().to_string();
        assert_eq!(error, "t.csv:2: is not UTF-8; save it as “CSV UTF-8”");
    }

    #[test]
    fn thousands_separators_are_ambiguous_and_decimals_are_not() {
        for text in ["1.234", "12,345", "1.234.567"] {
            assert!(is_ambiguous(text), "{text}");
        }
        for text in ["1.2", "12", "0.125", "12,5", "1234.567", "-5"] {
            assert!(!is_ambiguous(text), "{text}");
        }
    }
}
