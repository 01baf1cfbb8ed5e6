//! The arguments of `agtwin`, as types: what stands here is what `--help` prints.

use crate::{lang::Lang, scenario::read::Setting};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// The first line of the help: the main job.
pub const MAIN_JOB: &str = "cargo run --release --locked -- run";

/// Traffic digital twin for An Giang: a map and a counts file in, the provincial plan's indicators out.
#[derive(Debug, Parser)]
#[command(
    name = "agtwin",
    version,
    help_template = "{before-help}{about}\n\n{usage-heading} {usage}\n\n{all-args}{after-help}",
    before_help = "cargo run --release --locked -- run\n    how Long Xuyên's morning traffic does against the province's indicators (from the project's folder;\n    with the program installed: agtwin run)",
    after_help = "Next: `agtwin run city.osm.pbf` runs any OpenStreetMap extract with made-up traffic; `agtwin new --from long-xuyen-morning DIR`\nwrites a scenario to change. Exit codes: 0 done, 2 wrong usage, 3 bad input, 4 a promise of the run was broken (--check),\n5 output could not be written, 141 the reader of the output went away."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Language of tables.
    #[arg(long, global = true, value_enum, help = "Language of tables [default: from LC_ALL, LC_MESSAGES or LANG, else vi]")]
    pub lang: Option<Lang>,
    /// Form of tables.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// Form of tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a scenario (or any map with made-up traffic) and print the plan's indicators
    Run(RunArgs),
    /// Run a base and its variants over the same seeds; what differs, with 95 % intervals, and a report
    Compare(CompareArgs),
    /// Which junctions to equip with adaptive signals first, under a budget; the curve of what is saved
    ///
    /// Without options, on the embedded map, it takes about 20 minutes on 2 idle cores; --until, fewer --seeds and --tries make it shorter. It can be
    /// interrupted and goes on where it stopped.
    Rank(RankArgs),
    /// Make the report of a result folder again, in another language if you like
    Report(ReportArgs),
    /// Import, inspect, compare and export road maps
    #[command(subcommand)]
    Map(MapCommand),
    /// The plan's indicators
    #[command(subcommand)]
    Kpi(KpiCommand),
    /// How an indicator is computed, from what, and after whom
    Explain {
        /// Its id, e.g. K14
        id: String,
    },
    /// Write an example scenario to a new folder
    New(NewArgs),
    /// Check a scenario file, or print its JSON Schema
    #[command(subcommand)]
    Scenario(ScenarioCommand),
    /// Check recorded counts
    #[command(subcommand)]
    Counts(CountsCommand),
    /// Licences of the program, its data and the packages in it
    Licences,
}

/// `agtwin run`.
#[derive(Args, Debug)]
pub struct RunArgs {
    /// A scenario file, an example's name, or a map (compiled or OpenStreetMap) to run with made-up traffic
    #[arg(default_value = crate::scenario::source::DEFAULT_EXAMPLE)]
    pub scenario: PathBuf,
    /// Seed of every random draw, instead of the scenario's
    #[arg(long, value_name = "N", conflicts_with = "seeds")]
    pub seed: Option<u64>,
    /// Run N seeds in parallel, from the scenario's seed on, and print means with 95 % confidence intervals
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub seeds: Option<u32>,
    /// End earlier (or later) than the scenario says, HH:MM
    #[arg(long, value_name = "HH:MM")]
    pub until: Option<crate::scenario::quantity::ClockTime>,
    /// Threads of a simulation, or with --seeds simulations at a time; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Folder for the results; must not exist yet [default: out/SCENARIO-seedN]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the results that stand in the folder given by --out
    #[arg(long, requires = "out")]
    pub force: bool,
    /// Verify at every step what a run promises: nothing lost, no overlap, no red-light run, no jump
    #[arg(long)]
    pub check: bool,
    /// Simulate N + 1 times, letting trips change to quicker ways between two runs, toward user equilibrium; the last run is the result
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=200))]
    pub assign: Option<u32>,
    /// Look for conflicts (near misses): conflicts.parquet and conflicts-worst.parquet
    #[arg(long)]
    pub conflicts: bool,
    /// Set a value of the scenario, e.g. --set demand.fit.iterations=0 (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<Setting>,
}

/// A share given in per cent, `2%`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percent(pub f64);

impl std::str::FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let value = text.strip_suffix('%').and_then(|v| v.trim().parse::<f64>().ok());
        match value {
            Some(value) if value > 0.0 && value.is_finite() => Ok(Self(value / 100.0)),
            _ => Err(format!("`{text}` is no precision, expected per cent above 0, e.g. `2%`")),
        }
    }
}

impl std::fmt::Display for Percent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}%", self.0 * 100.0)
    }
}

/// `agtwin compare`.
#[derive(Args, Debug)]
pub struct CompareArgs {
    /// The base: a scenario file or an example's name
    pub base: PathBuf,
    /// The variants
    #[arg(required = true, num_args = 1.., value_name = "VARIANT")]
    pub variants: Vec<PathBuf>,
    /// Run each with N seeds, from the base's on
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub seeds: u32,
    /// Add seeds, two at a time, until half of the 95 % interval of delay, travel time, speed and CO2 is below P of the base's value
    #[arg(long, value_name = "P%")]
    pub until_precision: Option<Percent>,
    /// Seeds at most with --until-precision
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub most_seeds: u32,
    /// Folder for the results [default: out/compare-BASE-VARIANT]; an interrupted comparison goes on in DIR.unfinished
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the comparison that stands in the folder given by --out
    #[arg(long, requires = "out")]
    pub force: bool,
    /// End both earlier (or later) than the scenarios say, HH:MM
    #[arg(long, value_name = "HH:MM")]
    pub until: Option<crate::scenario::quantity::ClockTime>,
    /// Simulations at a time; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Bring the base toward user equilibrium by N changes of ways; the variant's travellers take the base's ways
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=200))]
    pub assign: Option<u32>,
    /// Look for conflicts (near misses), and again with other brakes, headways and steps: how serious accidents change (K08)
    #[arg(long)]
    pub conflicts: bool,
    /// Set a value of both scenarios (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<Setting>,
}

/// `agtwin rank`.
#[derive(Args, Debug)]
pub struct RankArgs {
    /// A scenario file or an example's name; junctions that run by the clock in it can be equipped
    #[arg(default_value = crate::scenario::source::DEFAULT_EXAMPLE)]
    pub scenario: PathBuf,
    /// How many junctions there is money for, at least 1
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub budget: u32,
    /// What junctions are equipped with
    #[arg(long, value_name = "NAME", default_value = "advanced_max_pressure")]
    pub controller: String,
    /// Pairs of runs in the search, from the scenario's seed on
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub seeds: u32,
    /// Pairs of runs, with other seeds, to hold the ranking against the busiest junctions and random ones; 0 for none
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=1000))]
    pub held_seeds: u32,
    /// Junctions simulated in each step, those that promise most
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub tries: u32,
    /// Folder for the results [default: out/rank-SCENARIO]; an interrupted ranking goes on in DIR.unfinished
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the ranking that stands in the folder given by --out
    #[arg(long, requires = "out")]
    pub force: bool,
    /// End earlier (or later) than the scenario says, HH:MM
    #[arg(long, value_name = "HH:MM")]
    pub until: Option<crate::scenario::quantity::ClockTime>,
    /// Simulations at a time; results do not depend on it [default: all cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Set a value of the scenario (may be repeated)
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub settings: Vec<Setting>,
}

/// `agtwin report`.
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// A result folder, as `agtwin run` and `agtwin compare` write; with --year folders that hold such folders
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Fill the annual report of 15 December from the year's results: annual-YEAR.html in the first folder
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i32>,
    /// The day of the annual report, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DAY", requires = "year")]
    pub date: Option<chrono::NaiveDate>,
}

/// `agtwin map …`.
#[derive(Debug, Subcommand)]
pub enum MapCommand {
    /// Read an OpenStreetMap file (.osm.pbf, .osm, .osm.gz) or a SUMO network (.net.xml) and write a compiled map
    Import(ImportArgs),
    /// What a map holds
    Info {
        /// `embedded`, a compiled map or an OpenStreetMap file
        map: PathBuf,
        /// List the signalised junctions with the groups of movements that a plan names
        #[arg(long)]
        signals: bool,
    },
    /// Write a map for other programs
    Export {
        /// `embedded`, a compiled map or an OpenStreetMap file
        map: PathBuf,
        /// The form to write
        #[arg(long, value_enum)]
        to: ExportFormat,
        /// The file to write [default: standard output]
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// What differs between two maps, by ref
    Diff {
        /// The older map
        a: PathBuf,
        /// The newer map
        b: PathBuf,
    },
}

/// A form of map for other programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// GeoJSON, for QGIS and web maps.
    Geojson,
}

/// `agtwin map import`.
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// The OpenStreetMap file, SUMO network or CityFlow network
    pub file: PathBuf,
    /// The compiled map to write
    #[arg(short, long, value_name = "MAP")]
    pub output: PathBuf,
    /// Only this box: SOUTH,WEST,NORTH,EAST in degrees
    #[arg(long, value_name = "S,W,N,E", allow_hyphen_values = true, conflicts_with = "region")]
    pub bbox: Option<String>,
    /// Only inside the polygon of a GeoJSON file
    #[arg(long, value_name = "GEOJSON")]
    pub region: Option<PathBuf>,
    /// The demand of a CityFlow network: a scenario is written beside the map
    #[arg(long, value_name = "JSON")]
    pub flow: Option<PathBuf>,
    /// Corrections to apply, by ref
    #[arg(long, value_name = "FILE")]
    pub corrections: Option<PathBuf>,
    /// Traffic keeps to the left
    #[arg(long)]
    pub left_hand: bool,
    /// Write the import report as JSON, too
    #[arg(long, value_name = "JSON")]
    pub report: Option<PathBuf>,
    /// A name for people [default: the file's name]
    #[arg(long)]
    pub name: Option<String>,
}

/// `agtwin kpi …`.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum KpiCommand {
    /// Every indicator with its unit, target and where it comes from
    List,
}

/// `agtwin new`.
#[derive(Args, Debug)]
pub struct NewArgs {
    /// The example to copy
    #[arg(long, value_name = "EXAMPLE", default_value = crate::scenario::source::DEFAULT_EXAMPLE)]
    pub from: String,
    /// The folder to write; must not exist yet or be empty
    pub folder: PathBuf,
}

/// `agtwin scenario …`.
#[derive(Debug, Subcommand)]
pub enum ScenarioCommand {
    /// Read a scenario with everything it names and say what is wrong, without running it
    Check {
        /// The scenario file
        file: PathBuf,
    },
    /// Print the JSON Schema of scenario files
    Schema,
}

/// `agtwin counts …`.
#[derive(Debug, Subcommand)]
pub enum CountsCommand {
    /// Read counts and say what is wrong, what is missing and what they add up to
    Check {
        /// The counts
        counts: PathBuf,
        /// The detectors they name
        #[arg(long, value_name = "FILE")]
        detectors: PathBuf,
        /// The map the detectors stand on: `embedded`, a compiled map or an OpenStreetMap file
        #[arg(long, value_name = "MAP", default_value = "embedded")]
        map: PathBuf,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_make_sense_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_begins_with_the_main_job() {
        let help = Cli::command().render_help().to_string();
        assert_eq!(help.lines().next(), Some(MAIN_JOB));
    }
}
