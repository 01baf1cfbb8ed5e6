//! How the program ends: exit codes, and standard output that survives a full disk and a reader that went away.

use crate::{
    results::ResultError,
    run::RunError,
    scenario::{error::ScenarioError, source::SourceError},
};
use std::{
    fmt::{self, Display},
    io::{self, Write},
};

/// Why the program ends without having done its job. Each has an exit code of its own.
#[derive(Debug)]
pub enum Failure {
    /// 2: the command line makes no sense.
    Usage(String),
    /// 3: an input is missing, malformed or makes no sense.
    Input(String),
    /// 4: the run broke one of its promises (`--check`).
    Promise(String),
    /// 5: output could not be written.
    Output(String),
    /// 141: whoever read the output went away; what a shell reports for other programs in that case (128 + SIGPIPE).
    Pipe,
}

impl Failure {
    /// The exit code.
    pub fn code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::Input(_) => 3,
            Self::Promise(_) => 4,
            Self::Output(_) => 5,
            Self::Pipe => 141,
        }
    }

    /// What to tell the user; nothing where nobody listens.
    pub fn message(&self) -> Option<&str> {
        match self {
            Self::Usage(m) | Self::Input(m) | Self::Promise(m) | Self::Output(m) => Some(m),
            Self::Pipe => None,
        }
    }

    /// A failure of an input, with its causes.
    pub fn input(error: impl Display) -> Self {
        Self::Input(error.to_string())
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message().unwrap_or_default())
    }
}

impl From<ScenarioError> for Failure {
    fn from(error: ScenarioError) -> Self {
        Self::input(error)
    }
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        Self::input(error)
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Promise(_) => Self::Promise(error.to_string()),
            RunError::Output(error) => error.into(),
            _ => Self::Input(error.to_string()),
        }
    }
}

impl From<ResultError> for Failure {
    fn from(error: ResultError) -> Self {
        Self::Output(error.to_string())
    }
}

/// Writes text to standard output and sees to it that it arrived.
///
/// # Errors
/// [`Failure::Pipe`] when the reader went away, [`Failure::Output`] when the text could not be written.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::Pipe,
        _ => Failure::Output(format!("standard output cannot be written: {error}")),
    })
}

/// Writes a line to standard error; when even that fails there is nobody left to tell.
pub fn say(text: impl Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
