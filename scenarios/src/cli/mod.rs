//! The command line: arguments in, exit code out.
//!
//! Every command prints through [`exit::print`], so that a full disk is told and a closed pipe ends quietly. Tables speak Vietnamese or
//! English, everything else English.

pub mod args;
mod compare;
mod counts;
pub mod exit;
mod explain;
mod flow;
mod kpi;
pub mod language;
pub mod licences;
mod map;
mod new;
mod rank;
mod report;
mod run;
mod scenario;

use args::{Cli, Command, CountsCommand, KpiCommand, ScenarioCommand};
use clap::{CommandFactory, Parser};
use exit::{Failure, print, say};
use std::{ffi::OsString, process::ExitCode};

/// Does what the arguments say.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    match Cli::try_parse_from(args) {
        Ok(cli) => exit(perform(cli)),
        Err(error) if error.use_stderr() => {
            let _ = error.print();
            ExitCode::from(Failure::Usage(String::new()).code())
        }
        Err(help_or_version) => exit(print(&help_or_version.render().to_string())),
    }
}

fn exit(result: Result<(), Failure>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if let Some(message) = failure.message() {
                say(format_args!("error: {message}"));
            }
            ExitCode::from(failure.code())
        }
    }
}

fn perform(cli: Cli) -> Result<(), Failure> {
    let lang = cli.lang.unwrap_or_else(language::from_environment);
    match cli.command {
        None => print(&Cli::command().render_long_help().to_string()),
        Some(Command::Run(args)) => run::run(&args, cli.format, lang),
        Some(Command::Compare(args)) => compare::run(&args, cli.format, lang),
        Some(Command::Rank(args)) => rank::run(&args, cli.format, lang),
        Some(Command::Explain { id }) => explain::run(&id, cli.format, lang),
        Some(Command::Report(args)) => report::run(&args, lang),
        Some(Command::Map(command)) => map::run(&command, cli.format),
        Some(Command::Kpi(KpiCommand::List)) => kpi::list(cli.format, lang),
        Some(Command::New(args)) => new::new(&args),
        Some(Command::Scenario(ScenarioCommand::Schema)) => print(&crate::scenario::schema::scenario_schema()),
        Some(Command::Scenario(ScenarioCommand::Check { file })) => scenario::check(&file, cli.format),
        Some(Command::Counts(CountsCommand::Check { counts, detectors, map })) => counts::check(&counts, &detectors, &map, cli.format),
        Some(Command::Licences) => licences::print_all(cli.format),
    }
}
