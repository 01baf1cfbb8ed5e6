//! What can be wrong in a sketch source, said with file, line, what was found and what was expected.

use std::fmt;

/// Where a statement stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The source file's name, without folders.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A sketch source that cannot be compiled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{at}: {problem}")]
pub struct SketchError {
    /// Where.
    pub at: At,
    /// What.
    pub problem: SketchProblem,
}

/// What is wrong with a statement.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SketchProblem {
    /// A quote that never ends.
    #[error("a quoted text is not closed before the end of the line; add the missing \"")]
    OpenQuote,
    /// A word that begins no statement.
    #[error("unknown statement `{found}`{near}; expected one of: {expected}")]
    UnknownStatement {
        /// The word.
        found: String,
        /// The nearest statement, as text to add.
        near: String,
        /// All statements.
        expected: &'static str,
    },
    /// An indented line that continues nothing.
    #[error("an indented line continues a road, ferry, river, canal or area, but none stands before it")]
    NothingToContinue,
    /// An attribute the statement does not have.
    #[error("`{statement}` has no attribute `{found}`{near}; expected one of: {expected}")]
    UnknownKey {
        /// The statement.
        statement: &'static str,
        /// The attribute.
        found: String,
        /// The nearest attribute, as text to add.
        near: String,
        /// All attributes.
        expected: String,
    },
    /// A value that does not fit its attribute.
    #[error("{key}: found `{found}`, expected {expected}")]
    BadValue {
        /// The attribute.
        key: String,
        /// Its value.
        found: String,
        /// What fits.
        expected: &'static str,
    },
    /// Something that ought to be there.
    #[error("`{statement}` needs {what}")]
    Missing {
        /// The statement.
        statement: &'static str,
        /// What it needs.
        what: &'static str,
    },
    /// A point in metres where no frame is in force.
    #[error("the point `{0}` is in metres, but no `frame` stands before it in this file")]
    NoFrame(String),
    /// A name that nothing has.
    #[error("there is no {kind} `{found}`{near}")]
    UnknownName {
        /// What was looked for: node or road.
        kind: &'static str,
        /// Its name.
        found: String,
        /// The nearest name, as text to add.
        near: String,
    },
    /// Two roads that do not meet.
    #[error("`{a}` and `{b}` do not meet{near}")]
    NoCrossing {
        /// One road.
        a: String,
        /// The other.
        b: String,
        /// Crossings the first one has, as text to add.
        near: String,
    },
    /// Two things with one ref.
    #[error("`{ref_}` is already the name of something at {first}; choose another")]
    Duplicate {
        /// The name.
        ref_: String,
        /// Where it was first used.
        first: At,
    },
    /// A road through open water.
    #[error("`{road}` runs through the water of `{water}` near {place}; draw that stretch as `bridge` or `ferry`, or move it ashore")]
    InWater {
        /// The road.
        road: String,
        /// The river or sea.
        water: String,
        /// Latitude and longitude.
        place: String,
    },
}

/// `, did you mean …?` when one of `candidates` is like `name`, else nothing.
pub(super) fn near<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    let best = candidates.map(|c| (strsim::jaro_winkler(name, c), c)).max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)));
    match best {
        Some((score, c)) if score > 0.8 => format!(", did you mean `{c}`?"),
        _ => String::new(),
    }
}
