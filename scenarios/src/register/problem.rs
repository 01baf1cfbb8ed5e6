//! What can be wrong with a register, collected so that an office mends a whole file in one go.

use std::fmt;

/// How many problems are shown in full.
const SHOWN: usize = 20;

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File name within the register's folder.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: u64,
    /// What was found and what was expected.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.what),
            line => write!(f, "{}:{line}: {}", self.file, self.what),
        }
    }
}

/// Why a register was refused.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// A file or folder that cannot be read.
    #[error("register: cannot read `{path}`: {source}")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Cells, files or refs that are wrong.
    #[error("{}", listed(.0))]
    Problems(Vec<Problem>),
}

impl RegisterError {
    /// The problems in the order they were found; none when a file could not be read.
    pub fn problems(&self) -> &[Problem] {
        match self {
            Self::Unreadable { .. } => &[],
            Self::Problems(problems) => problems,
        }
    }
}

fn listed(problems: &[Problem]) -> String {
    let mut text = format!("register: {} problem{}", problems.len(), if problems.len() == 1 { "" } else { "s" });
    for problem in problems.iter().take(SHOWN) {
        text.push_str(&format!("\n  {problem}"));
    }
    if problems.len() > SHOWN {
        text.push_str(&format!("\n  … and {} more", problems.len() - SHOWN));
    }
    text
}

/// The collector.
#[derive(Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    /// Notes a problem.
    pub(super) fn add(&mut self, file: &str, line: u64, what: impl Into<String>) {
        self.0.push(Problem { file: file.to_owned(), line, what: what.into() });
    }

    /// Whether so many were found that looking for near names is no longer worth the time.
    pub(super) fn is_many(&self) -> bool {
        self.0.len() >= SHOWN
    }

    /// `value`, unless anything was noted.
    pub(super) fn into_result<T>(self, value: T) -> Result<T, RegisterError> {
        if self.0.is_empty() { Ok(value) } else { Err(RegisterError::Problems(self.0)) }
    }
}

/// `; did you mean …?` with the up to three names nearest to `name`, or nothing when none is near.
pub(super) fn did_you_mean<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut scored: Vec<(f64, &str)> =
        known.into_iter().map(|k| (strsim::normalized_damerau_levenshtein(name, k), k)).filter(|(score, _)| *score >= 0.6).collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.dedup_by(|a, b| a.1 == b.1);
    let near: Vec<String> = scored.iter().take(3).map(|(_, k)| format!("`{k}`")).collect();
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) }
}
