//! `agtwin compare`: a base and a variant over the same seeds, and what differs.

use super::{
    args::{CompareArgs, Format},
    exit::{Failure, print},
};
use crate::{
    kpi::{PAIRS_SCHEMA_VERSION, pairs_document, pairs_table},
    lang::{Lang, Text, phrase},
    results::{machine::cores, record::json},
    run::{
        compare::compare,
        progress::{Bar, Progress},
        session::RunSettings,
    },
    scenario::read::Setting,
};
use serde_json::json;

/// Runs both and prints the differences.
///
/// # Errors
/// Bad input, scenarios whose runs cannot be paired, a table that could not be written.
pub(super) fn run(args: &CompareArgs, format: Format, lang: Lang) -> Result<(), Failure> {
    let mut settings = args.settings.clone();
    if let Some(until) = args.until {
        let setting: Setting = format!("time.to={until}").parse().map_err(Failure::Usage)?;
        settings.push(setting.given_as(format!("--until {until}")));
    }
    let threads = args.threads.map_or_else(cores, usize::from);
    let run = RunSettings { threads, check: false, conflicts: false, assign: args.assign.unwrap_or(0) };
    let bar = Bar::default();
    let compared = compare(&args.base, &args.variant, &settings, args.seeds as usize, run, &bar);
    bar.end();
    let compared = compared?;
    match format {
        Format::Json => print(&json(&json!({
            "schema_version": PAIRS_SCHEMA_VERSION,
            "base": compared.base,
            "variant": compared.variant,
            "seeds": compared.seeds,
            "same_demand": compared.same_demand,
            "state_hashes": compared.hashes,
            "assumptions": compared.assumptions,
            "indicators": pairs_document(&compared.rows),
        }))),
        Format::Text => {
            let mut text = phrase::compared(lang, &compared.variant, &compared.base, compared.seeds.len());
            text.push('\n');
            if !compared.same_demand {
                text.push_str(Text::DemandDiffers.get(lang));
                text.push('\n');
            }
            text.push('\n');
            text.push_str(&pairs_table(&compared.rows, lang));
            if !compared.assumptions.is_empty() {
                text.push_str(&format!("\n{}\n", Text::Assumptions.get(lang)));
                compared.assumptions.iter().for_each(|a| text.push_str(&format!("  - {}\n", a.get(lang))));
            }
            print(&text)
        }
    }
}
