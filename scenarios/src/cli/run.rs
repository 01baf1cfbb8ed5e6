//! `agtwin run`: runs a scenario, writes the result folder, prints the indicators.

use super::{
    args::{Format, RunArgs},
    exit::{Failure, print, say},
    report::{file_name, quoted},
};
use crate::{
    kpi::{self, KpiDocument, KpiRow},
    lang::{Lang, Text, clock, credit, integer, number, phrase},
    report::{Finished, mean_rows},
    results::{folder::Target, machine::cores, record::json},
    run::{
        RunError, assign,
        progress::{Bar, Progress},
        session::{RunSettings, SeedRun, Session},
        write,
    },
    scenario::read::Setting,
};
use chrono::Local;
use serde_json::json;
use std::{fmt::Write as _, path::Path};

/// Runs what the arguments say.
///
/// # Errors
/// Bad input, a broken promise, results or table that could not be written.
pub(super) fn run(args: &RunArgs, format: Format, lang: Lang) -> Result<(), Failure> {
    let started = Local::now();
    let settings = settings(args)?;
    let threads = args.threads.map_or_else(cores, usize::from);
    let run = RunSettings { threads, check: args.check, conflicts: args.conflicts, assign: args.assign.unwrap_or(0) };
    let found = crate::run::load::find(&args.scenario, &settings)?;
    let file = &found.scenario.parsed.file;
    let seeds: Vec<u64> = (file.seed..).take(args.seeds.unwrap_or(1) as usize).collect();
    let target = match &args.out {
        Some(folder) => Target::named(folder, args.force)?,
        None => Target::default_below(Path::new(""), &default_name(&file.name, &seeds))?,
    };
    let bar = Bar::default();
    let mut factor = None;
    let result = (|| {
        let session = Session::open(&args.scenario, &settings, run, &bar)?;
        let writing = target.begin()?;
        let (text, document) = if seeds.len() == 1 {
            let one = session.run_seed(seeds[0], run, &bar)?;
            write::seed(&writing, "", &session, &one, threads, started)?;
            write::report(&writing, &session, &[Finished::of(&session, &one)], command(args), lang)?;
            let window = session.found.scenario.window;
            factor = Some((one.simulation.time_s() - window.from_s) / one.timing.simulate.as_secs_f64().max(1e-9));
            let document = json!({
                "schema_version": 1,
                "run": one.record,
                "kpi": KpiDocument::new(&one.rows, session.measured(), &seeds),
            });
            (one_text(&session, &one, lang), document)
        } else {
            let runs = session.run_seeds(&seeds, run, &bar, |one| {
                write::seed(&writing, &format!("{}/", write::seed_folder(one.seed)), &session, &one, 1, started)?;
                Ok(Finished::of(&session, &one))
            })?;
            let hashes: Vec<_> = runs.iter().map(|run| (run.seed, run.state_hash.clone())).collect();
            let rows = mean_rows(&runs);
            write::seeds(&writing, &session, &hashes, &rows)?;
            write::report(&writing, &session, &runs, command(args), lang)?;
            let document = json!({
                "schema_version": 1,
                "runs": hashes.iter().map(|(seed, hash)| json!({ "seed": seed, "state_hash": hash })).collect::<Vec<_>>(),
                "kpi": KpiDocument::new(&rows, session.measured(), &seeds),
            });
            (many_text(&session, &seeds, &rows, lang), document)
        };
        let folder = writing.finish()?;
        Ok::<_, RunError>((text, document, folder))
    })();
    bar.end();
    let (text, mut document, folder) = result?;
    if let Some(factor) = factor {
        // Beside the results, not among them: it differs from run to run.
        say(phrase::speed_factor(lang, integer(lang, factor as u64)));
    }
    match format {
        Format::Text => print(&format!("{text}\n{}: {}\n", Text::ResultsIn.get(lang), folder.display())),
        Format::Json => {
            document["folder"] = folder.display().to_string().into();
            print(&json(&document))
        }
    }
}

/// The command that makes the results again from the scenario's folder: everything that they depend on, nothing of this machine.
fn command(args: &RunArgs) -> String {
    let mut words = vec!["agtwin".to_owned(), "run".to_owned(), quoted(&file_name(&args.scenario))];
    let mut option = |name: &str, value: Option<String>| words.extend(value.map(|v| format!("--{name} {}", quoted(&v))));
    option("seed", args.seed.map(|n| n.to_string()));
    option("seeds", args.seeds.map(|n| n.to_string()));
    option("until", args.until.map(|t| t.to_string()));
    option("assign", args.assign.map(|n| n.to_string()));
    args.settings.iter().for_each(|s| option("set", Some(s.written().to_owned())));
    words.join(" ")
}

/// The settings of the command line, the short forms among them.
fn settings(args: &RunArgs) -> Result<Vec<Setting>, Failure> {
    let mut settings = args.settings.clone();
    let seed = args.seed.map(|n| (format!("seed={n}"), format!("--seed {n}")));
    let until = args.until.map(|t| (format!("time.to={t}"), format!("--until {t}")));
    for (text, option) in [seed, until].into_iter().flatten() {
        settings.push(text.parse::<Setting>().map_err(Failure::Usage)?.given_as(option));
    }
    Ok(settings)
}

/// A folder name from a scenario's name.
fn default_name(name: &str, seeds: &[u64]) -> String {
    let safe: String = name.trim().chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    match seeds {
        [one] => format!("{safe}-seed{one}"),
        many => format!("{safe}-{}seeds", many.len()),
    }
}

fn heading(out: &mut String, session: &Session, title: &str, lang: Lang) {
    let (file, window, meta) = (&session.found.scenario.parsed.file, session.found.scenario.window, &session.network.meta);
    let signals = session.network.controllers.len();
    let size = phrase::network_size(
        lang,
        number(lang, session.network.total_length_m() / 1000.0, 1),
        integer(lang, session.network.links.len() as u64),
        integer(lang, session.network.junctions.len() as u64),
        integer(lang, signals as u64),
    );
    let period = phrase::from_until(lang, clock(window.from_s), clock(window.to_s));
    let _ = writeln!(out, "{title}");
    let _ = writeln!(out, "  {}: {} ({size})", Text::Map.get(lang), meta.name);
    let _ = writeln!(out, "  {}: {period}; {}: {}", Text::Period.get(lang), Text::WarmUp.get(lang), file.time.warm_up);
    if window.cool_down_s > 0.0 {
        let _ = writeln!(out, "  {}: {}", Text::CoolDown.get(lang), file.time.cool_down);
    }
    if !meta.attribution.is_empty() {
        let _ = writeln!(out, "  {}: {}", Text::Attribution.get(lang), credit(lang, &meta.attribution));
    }
}

fn one_text(session: &Session, run: &SeedRun, lang: Lang) -> String {
    let mut out = String::new();
    let file = &session.found.scenario.parsed.file;
    heading(&mut out, session, &phrase::results_of(lang, &file.name), lang);
    let t = run.record.trips;
    let count = |n: u64| integer(lang, n);
    let entered = t.on_road + t.arrived + t.removed;
    let _ = writeln!(out, "  {}: {}", Text::Seed.get(lang), run.seed);
    let _ = writeln!(out, "  {}: {}", Text::TripsWished.get(lang), count(entered + t.waiting));
    let population = phrase::population(lang, count(entered), count(t.on_road), count(t.waiting), count(t.arrived), count(t.removed));
    let _ = writeln!(out, "  {}: {population}", Text::Population.get(lang));
    if let Some(check) = run.check {
        let _ = writeln!(out, "  {}", phrase::checked_steps(lang, integer(lang, check.steps)));
    }
    for line in run.record.happened.lines(&session.network, lang) {
        let _ = writeln!(out, "  {line}");
    }
    fit_lines(&mut out, session, lang);
    assumption_lines(&mut out, &run.record.assumptions, lang);
    out.push('\n');
    if !run.record.assignment.is_empty() {
        out.push_str(&assign::table(&run.record.assignment, lang));
        out.push('\n');
    }
    out.push_str(&kpi::table(&run.rows, lang));
    out
}

fn many_text(session: &Session, seeds: &[u64], rows: &[KpiRow], lang: Lang) -> String {
    let mut out = String::new();
    let file = &session.found.scenario.parsed.file;
    heading(&mut out, session, &phrase::results_of_seeds(lang, &file.name, seeds.len()), lang);
    fit_lines(&mut out, session, lang);
    assumption_lines(&mut out, session.assumptions(), lang);
    out.push('\n');
    out.push_str(&kpi::table(rows, lang));
    out
}

fn fit_lines(out: &mut String, session: &Session, lang: Lang) {
    let told = session.fit_text();
    if !told.is_empty() {
        let _ = writeln!(out, "  {}:", Text::Counts.get(lang));
        told.iter().for_each(|line| _ = writeln!(out, "    {}", line.get(lang)));
    }
}

fn assumption_lines(out: &mut String, assumptions: &[kpi::Bilingual], lang: Lang) {
    if !assumptions.is_empty() {
        let _ = writeln!(out, "\n{}", Text::Assumptions.get(lang));
        assumptions.iter().for_each(|a| _ = writeln!(out, "  - {}", a.get(lang)));
    }
}
