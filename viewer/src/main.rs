//! `agtwin-viewer [SCENARIO]`: the window.

use clap::{Parser, ValueEnum};
use scenarios::{
    cli::language::from_environment,
    lang::Lang,
    scenario::{read::Setting, source::DEFAULT_EXAMPLE},
};
use std::{path::PathBuf, process::ExitCode};
use viewer::{
    app::{Settings, window},
    colour::Theme,
    draw::Look,
    frame_times::VEHICLES,
    kept::{Chosen, chosen_in, folder},
    load::Wanted,
    no_window,
};

/// By day or by night.
#[derive(Clone, Copy, ValueEnum)]
enum Light {
    Light,
    Dark,
}

/// An Giang Twin's window: a map with the traffic moving.
#[derive(Parser)]
#[command(name = "agtwin-viewer", version)]
struct Args {
    /// A scenario file, a folder of results, an example's name (or EXAMPLE/FILE.toml), or a map (compiled or OpenStreetMap) to run with made-up traffic [default: the first example]
    scenario: Option<PathBuf>,
    /// Another scenario on the same map, to run side by side
    #[arg(long, value_name = "SCENARIO")]
    compare: Option<PathBuf>,
    /// Language of the window [default: as last chosen, else from LC_ALL, LC_MESSAGES or LANG]
    #[arg(long, value_enum)]
    lang: Option<Lang>,
    /// Simulated seconds per second to begin with; `inf` for as fast as possible
    #[arg(long, default_value_t = 5.0, value_parser = speed)]
    speed: f64,
    /// Fit the demand to the counts before the first step; takes minutes
    #[arg(long)]
    fit: bool,
    /// Dark on light, or light on dark [default: as last chosen, else light]
    #[arg(long, value_enum)]
    theme: Option<Light>,
    /// Width and height of the window in pixels [default: 1280x800 points]
    #[arg(long, value_parser = size)]
    size: Option<[u32; 2]>,
    /// Pixels a point, 1 to 4 [default: as the system says; on a screen of 4K of which it says nothing, 2]
    #[arg(long, value_parser = scale)]
    scale: Option<f32>,
    /// Instead of a simulation draw so many moving vehicles from three heights, print what a frame costs the processor, and close
    /// [default numbers: 5000,20000,50000,200000]
    #[arg(long, value_name = "VEHICLES", value_delimiter = ',', num_args = 0.., require_equals = true)]
    frame_times: Option<Vec<u32>>,
    /// Seed of every random draw, instead of the scenario's
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Set a value of the scenario, e.g. --set time.to=07:00 (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    settings: Vec<Setting>,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if speed == f64::INFINITY || (0.1..=1000.0).contains(&speed) => Ok(speed),
        _ => Err(format!("`{text}`: expected a number from 0.1 to 1000, or inf")),
    }
}

fn scale(text: &str) -> Result<f32, String> {
    match text.parse::<f32>() {
        Ok(scale) if (1.0..=4.0).contains(&scale) => Ok(scale),
        _ => Err(format!("`{text}`: expected a number from 1 to 4")),
    }
}

fn size(text: &str) -> Result<[u32; 2], String> {
    let sides: Vec<u32> = text.split('x').filter_map(|side| side.parse().ok()).collect();
    match sides[..] {
        [width, height] if (640..=7680).contains(&width) && (480..=4320).contains(&height) => Ok([width, height]),
        _ => Err(format!("`{text}`: expected a width and a height such as 1280x800, from 640x480 to 7680x4320")),
    }
}

fn main() -> ExitCode {
    let args = Args::parse();
    let chosen = folder().map_or(Ok(Chosen::default()), |folder| chosen_in(&folder)).unwrap_or_else(|error| {
        eprintln!("agtwin-viewer: {error}");
        Chosen::default()
    });
    let lang = args.lang.or(chosen.lang).unwrap_or_else(from_environment);
    no_window::tell_in_words(lang);
    let frame_times = args.frame_times.map(|counts| if counts.is_empty() { VEHICLES.to_vec() } else { counts });
    let start_page = args.scenario.is_none() && frame_times.is_none();
    let scenario = args.scenario.unwrap_or_else(|| DEFAULT_EXAMPLE.into());
    let theme = match args.theme {
        Some(Light::Light) => Theme::Light,
        Some(Light::Dark) => Theme::Dark,
        None => chosen.theme,
    };
    let opened = window(Settings {
        wanted: Wanted {
            scenario,
            settings: args.settings,
            seed: args.seed,
            fitted: args.fit,
            conflicts: false,
            crowd: frame_times.as_ref().and_then(|counts| counts.first().copied()),
        },
        against: args.compare,
        lang,
        text_scale: if frame_times.is_some() { 1.0 } else { chosen.text_scale },
        speed: args.speed,
        start_page,
        look: Look { theme, ..Look::default() },
        size: args.size,
        scale: args.scale,
        kept: chosen,
        frame_times,
    });
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
