//! What a check is, and what comes out of one.

use std::path::PathBuf;

/// What checks are given.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The folder with outside files, from `AGTWIN_DATA`.
    pub data: Option<PathBuf>,
}

impl Context {
    /// A context from the environment.
    pub fn from_env() -> Self {
        Self { data: std::env::var_os("AGTWIN_DATA").filter(|v| !v.is_empty()).map(PathBuf::from) }
    }

    /// The outside file `relative`, or why it is not there.
    ///
    /// # Errors
    /// [`Trouble::Missing`] with what to do.
    pub fn file(&self, relative: &str) -> Result<PathBuf, Trouble> {
        let Some(folder) = &self.data else {
            return Err(Trouble::Missing("AGTWIN_DATA is not set; it names the folder with the outside files".into()));
        };
        let path = folder.join(relative);
        if path.is_file() { Ok(path) } else { Err(Trouble::Missing(format!("AGTWIN_DATA has no {relative}"))) }
    }
}

/// One number of a check.
#[derive(Clone, Debug, PartialEq)]
pub struct Measure {
    /// What was measured, with its unit.
    pub what: String,
    /// What came out.
    pub measured: f64,
    /// The least it may be.
    pub at_least: f64,
    /// The most it may be.
    pub at_most: f64,
    /// Where the expectation comes from.
    pub because: String,
    /// Decimals to show.
    pub decimals: usize,
}

impl Measure {
    /// A measure that must lie from `at_least` to `at_most`.
    pub fn within(what: impl Into<String>, measured: f64, at_least: f64, at_most: f64, because: impl Into<String>) -> Self {
        Self { what: what.into(), measured, at_least, at_most, because: because.into(), decimals: 2 }
    }

    /// A measure that must be within `share` (0.1 is 10 %) of `expected`.
    pub fn near(what: impl Into<String>, measured: f64, expected: f64, share: f64, because: impl Into<String>) -> Self {
        let slack = expected.abs() * share;
        Self::within(what, measured, expected - slack, expected + slack, because)
    }

    /// A measure that is only reported.
    pub fn shown(what: impl Into<String>, measured: f64) -> Self {
        Self::within(what, measured, f64::NEG_INFINITY, f64::INFINITY, "shown, not judged")
    }

    /// With this many decimals.
    #[must_use]
    pub fn decimals(mut self, decimals: usize) -> Self {
        self.decimals = decimals;
        self
    }

    /// Whether it is within its bounds. What is no number never is.
    pub fn holds(&self) -> bool {
        (self.at_least..=self.at_most).contains(&self.measured)
    }

    /// The bounds for people.
    pub fn expected(&self) -> String {
        let d = self.decimals;
        match (self.at_least.is_finite(), self.at_most.is_finite()) {
            (false, false) => "–".into(),
            (true, false) => format!("≥ {:.d$}", self.at_least),
            (false, true) => format!("≤ {:.d$}", self.at_most),
            (true, true) if self.at_least == self.at_most => format!("{:.d$}", self.at_least),
            (true, true) => format!("{:.d$} to {:.d$}", self.at_least, self.at_most),
        }
    }
}

/// Why a check gave no measures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Something it needs is not here: the check is skipped.
    Missing(String),
    /// Something went wrong: the check has failed.
    Broken(String),
}

impl Trouble {
    /// A failure with the text of `error`.
    pub fn broken(error: impl std::fmt::Display) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<sim_core::network::town::TownError> for Trouble {
    fn from(error: sim_core::network::town::TownError) -> Self {
        Self::broken(error)
    }
}

/// The work of a check.
pub type Run = Box<dyn Fn(&Context) -> Result<Vec<Measure>, Trouble>>;

/// A named check.
pub struct Check {
    /// Its name on the command line: lower case, words joined by `-`.
    pub name: String,
    /// One line about it.
    pub about: String,
    /// The work.
    pub run: Run,
}

impl Check {
    /// A check that runs `run`.
    pub fn new(
        name: impl Into<String>,
        about: impl Into<String>,
        run: impl Fn(&Context) -> Result<Vec<Measure>, Trouble> + 'static,
    ) -> Self {
        Self { name: name.into(), about: about.into(), run: Box::new(run) }
    }
}

/// What became of a check.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It ran, with these measures.
    Ran(Vec<Measure>),
    /// It could not run, and nobody had insisted.
    Skipped(String),
    /// It was asked for by name and could not run.
    Absent(String),
    /// It ran into an error.
    Failed(String),
}

impl Outcome {
    /// Whether everything it measured holds. A skipped check has neither passed nor failed.
    pub fn is_failure(&self) -> bool {
        match self {
            Self::Ran(measures) => measures.is_empty() || measures.iter().any(|m| !m.holds()),
            Self::Skipped(_) => false,
            Self::Absent(_) | Self::Failed(_) => true,
        }
    }
}
