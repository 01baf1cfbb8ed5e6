//! The program as its users meet it: started with arguments, judged by what it prints, writes and returns.

#![expect(clippy::unwrap_used, reason = "the panic of a test is its report, in its helpers too")]

mod assign;
mod automation;
mod bad_input;
mod cityflow;
mod compare;
pub(crate) mod conditions;
mod examples;
mod help;
mod interventions;
mod output;
mod places;
mod rank;
mod report;
mod results;
mod signals;
mod sumo;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The program, in English, away from the folder of the tests.
fn agtwin(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_agtwin"));
    command.args(args).env_remove("LC_ALL").env_remove("LC_MESSAGES").env("LANG", "en_US.UTF-8");
    command
}

/// What a call came to.
struct Called {
    code: Option<i32>,
    out: String,
    err: String,
}

fn called(output: Output) -> Called {
    Called { code: output.status.code(), out: String::from_utf8(output.stdout).unwrap(), err: String::from_utf8(output.stderr).unwrap() }
}

/// Calls the program.
fn call(args: &[&str]) -> Called {
    called(agtwin(args).output().unwrap())
}

/// Calls the program and expects it to do its job.
fn done(args: &[&str]) -> String {
    let called = call(args);
    assert_eq!(called.code, Some(0), "agtwin {args:?}: {}", called.err);
    called.out
}

/// A town whose scenario is `plain` with more in it, as it is called in arguments.
fn town_with(plain: &str, more: &str) -> (Town, String) {
    let town = Town::new();
    std::fs::write(town.path("scenario.toml"), format!("{plain}{more}")).unwrap();
    let scenario = town.arg("scenario.toml");
    (town, scenario)
}

/// `run.json` and the text of a checked run of it.
fn checked_run(plain: &str, more: &str, lang: &str) -> (serde_json::Value, String) {
    let (town, scenario) = town_with(plain, more);
    let text = done(&["run", &scenario, "--check", "--lang", lang, "--out", &town.arg("out")]);
    (serde_json::from_slice(&std::fs::read(town.path("out/run.json")).unwrap()).unwrap(), text)
}

/// Why it is refused: checking says the same as running.
fn refusal_of(plain: &str, more: &str) -> String {
    let (town, scenario) = town_with(plain, more);
    let message = refused(3, &["run", &scenario, "--out", &town.arg("out")]);
    assert!(refused(3, &["scenario", "check", &scenario]) == message, "checking says the same as running");
    message
}

/// Calls the program and expects it to refuse: the exit code and what it says.
fn refused(code: i32, args: &[&str]) -> String {
    let called = call(args);
    assert_eq!(called.code, Some(code), "agtwin {args:?}: {}{}", called.out, called.err);
    assert!(called.err.starts_with("error: "), "{}", called.err);
    called.err
}

/// A folder with a copy of the town, removed when dropped.
struct Town(tempfile::TempDir);

impl Town {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/town")).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        Self(folder)
    }

    /// A path in the folder.
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A path in the folder, as an argument.
    fn arg(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    /// Replaces `from` by `to` in a file; both must differ and `from` must be there.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{name} has `{from}`");
        fs::write(self.path(name), text.replacen(from, to, 1)).unwrap();
    }
}
