//! `agtwin-viewer [SCENARIO]`: the window.

use clap::Parser;
use scenarios::{
    cli::language::from_environment,
    lang::Lang,
    scenario::{read::Setting, source::DEFAULT_EXAMPLE},
};
use std::{path::PathBuf, process::ExitCode};
use viewer::{
    app::window,
    load::{Wanted, load},
};

/// An Giang Twin's window: a map with the traffic moving.
#[derive(Parser)]
#[command(name = "agtwin-viewer", version)]
struct Args {
    /// A scenario file, an example's name, or a map (compiled or OpenStreetMap) to run with made-up traffic
    #[arg(default_value = DEFAULT_EXAMPLE)]
    scenario: PathBuf,
    /// Language of the window [default: from LC_ALL, LC_MESSAGES or LANG]
    #[arg(long, value_enum)]
    lang: Option<Lang>,
    /// Simulated seconds per second to begin with
    #[arg(long, default_value_t = 5.0, value_parser = speed)]
    speed: f64,
    /// Seed of every random draw, instead of the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Set a value of the scenario, e.g. --set demand.fit.iterations=0 (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<Setting>,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if (0.1..=1000.0).contains(&speed) => Ok(speed),
        _ => Err(format!("`{text}`: expected a number from 0.1 to 1000")),
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let lang = args.lang.unwrap_or_else(from_environment);
    let wanted = Wanted { scenario: args.scenario, settings: args.settings, seed: args.seed, lang, speed: args.speed };
    let opened = load(wanted).map_err(|e| e.to_string()).and_then(|(opening, make)| window(opening, make).map_err(|e| e.to_string()));
    match opened {
        Ok(mut app) => {
            if app.run().is_success() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("agtwin-viewer: {error}");
            ExitCode::from(3)
        }
    }
}
