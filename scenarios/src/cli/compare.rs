//! `agtwin compare`: a base and its variants over the same seeds, and what differs.

use super::{
    args::{CompareArgs, Format},
    exit::{Failure, print},
    report::{file_name, quoted},
};
use crate::{
    kpi::pairs_table,
    lang::{Lang, Text, phrase},
    report::{Report, accident_lines, pairs},
    results::{machine::cores, record::json},
    run::{
        compare::{Order, Precision, compare, document},
        progress::{Bar, Progress},
        session::RunSettings,
    },
    scenario::read::Setting,
};

/// Runs all and prints the differences.
///
/// # Errors
/// Bad input, scenarios whose runs cannot be paired, results or a table that could not be written.
pub(super) fn run(args: &CompareArgs, format: Format, lang: Lang) -> Result<(), Failure> {
    let mut settings = args.settings.clone();
    if let Some(until) = args.until {
        let setting: Setting = format!("time.to={until}").parse().map_err(Failure::Usage)?;
        settings.push(setting.given_as(format!("--until {until}")));
    }
    let threads = args.threads.map_or_else(cores, usize::from);
    let (seeds, most) = (args.seeds as usize, args.most_seeds as usize);
    if args.until_precision.is_some() && most < seeds {
        return Err(Failure::Usage(format!("--most-seeds {most} is less than --seeds {seeds}")));
    }
    let order = Order {
        base: &args.base,
        variants: &args.variants,
        settings: &settings,
        seeds,
        precision: args.until_precision.map(|share| Precision { share: share.0, most }),
        folder: args.out.as_deref(),
        force: args.force,
        command: command(args),
        run: RunSettings { threads, check: false, conflicts: args.conflicts, assign: args.assign.unwrap_or(0) },
    };
    let bar = Bar::default();
    let done = compare(&order, lang, &bar);
    bar.end();
    let (report, folder) = done?;
    match format {
        Format::Json => {
            let mut document = document(&report);
            document["folder"] = folder.display().to_string().into();
            print(&json(&document))
        }
        Format::Text => print(&format!("{}\n{}: {}\n", text(&report, lang), Text::ResultsIn.get(lang), folder.display())),
    }
}

/// The command that makes the results again from the scenarios' folder.
fn command(args: &CompareArgs) -> String {
    let mut words = vec!["agtwin compare".to_owned(), quoted(&file_name(&args.base))];
    words.extend(args.variants.iter().map(|v| quoted(&file_name(v))));
    let mut option = |name: &str, value: Option<String>| words.extend(value.map(|v| format!("--{name} {}", quoted(&v))));
    option("seeds", Some(args.seeds.to_string()));
    option("until-precision", args.until_precision.map(|p| p.to_string()));
    option("most-seeds", args.until_precision.map(|_| args.most_seeds.to_string()));
    option("until", args.until.map(|t| t.to_string()));
    option("assign", args.assign.map(|n| n.to_string()));
    if args.conflicts {
        words.push("--conflicts".to_owned());
    }
    let mut option = |name: &str, value: Option<String>| words.extend(value.map(|v| format!("--{name} {}", quoted(&v))));
    args.settings.iter().for_each(|s| option("set", Some(s.written().to_owned())));
    words.join(" ")
}

fn text(report: &Report, lang: Lang) -> String {
    let base = &report.sides[0];
    let mut text = String::new();
    for variant in &report.sides[1..] {
        text.push_str(&phrase::compared(lang, &variant.name, &base.name, report.seeds.len()));
        text.push('\n');
        if !variant.same_demand {
            text.push_str(&format!("{}\n", Text::DemandDiffers.get(lang)));
        }
        text.push_str(&format!("\n{}\n", pairs_table(&pairs(base, variant), lang)));
        if let Some(found) = &variant.accidents {
            text.push_str(&format!("{}\n", found.row().spec.name(lang)));
            accident_lines(found, lang).iter().for_each(|l| text.push_str(&format!("  {l}\n")));
            text.push('\n');
        }
    }
    text.push_str(&format!("{}\n", Text::VerdictAbout.get(lang)));
    if let Some(precision) = &report.precision {
        text.push_str(&format!("{}\n", precision.told(report.seeds.len(), lang)));
    }
    let mut assumptions: Vec<&str> = Vec::new();
    for told in report.sides.iter().flat_map(|s| &s.assumptions).map(|a| a.get(lang)) {
        if !assumptions.contains(&told) {
            assumptions.push(told);
        }
    }
    if !assumptions.is_empty() {
        text.push_str(&format!("\n{}\n", Text::Assumptions.get(lang)));
        assumptions.iter().for_each(|a| text.push_str(&format!("  - {a}\n")));
    }
    text
}
