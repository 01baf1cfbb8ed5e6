//! `cargo run --release -p validation [-- NAME…]`: runs the checks, prints what each measured, fails when one failed or when one asked for
//! by name did not run.

use clap::Parser;
use std::{path::PathBuf, process::ExitCode, time::Instant};
use validation::{all_checks, batch::AS_AGTWIN, check::Context, page, plan, write};

/// The model against theory and against real files. The folder with the real files is named by AGTWIN_DATA.
#[derive(Parser)]
#[command(name = "validation")]
struct Args {
    /// Checks to run; `osm-*` stands for all whose name begins so. All, when none is named. A named check must run.
    names: Vec<String>,
    /// List the checks and stop.
    #[arg(long)]
    list: bool,
    /// Write the outcomes into a page of the book. What it says of checks that did not run this time stays.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

fn main() -> ExitCode {
    // The check of killed batches starts this program once more, as the one it kills.
    if std::env::args_os().nth(1).is_some_and(|first| first == AS_AGTWIN) {
        return scenarios::cli::main(std::env::args_os().skip(1));
    }
    let args = Args::parse();
    if args.list {
        for check in all_checks() {
            println!("{:<28} {}", check.name, check.about);
        }
        return ExitCode::SUCCESS;
    }
    let chosen = match plan::chosen(all_checks(), &args.names) {
        Ok(chosen) => chosen,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::from(2);
        }
    };
    let context = Context::from_env();
    let mut outcomes = Vec::new();
    for (check, is_named) in chosen {
        let begin = Instant::now();
        let outcome = plan::run(&check, is_named, &context);
        print!("{}", write::lines(&check, &outcome));
        println!("  ({:.1} s)", begin.elapsed().as_secs_f64());
        outcomes.push((check, outcome));
    }
    println!("{}", write::summary(&outcomes));
    if let Some(path) = &args.write
        && let Err(error) = page::refresh(path, &all_checks(), &outcomes)
    {
        eprintln!("{}: {error}", path.display());
        return ExitCode::from(2);
    }
    if outcomes.iter().any(|(_, o)| o.is_failure()) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
