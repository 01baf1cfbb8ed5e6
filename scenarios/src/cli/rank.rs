//! `agtwin rank`: which junctions to equip first.

use super::{
    args::{Format, RankArgs},
    exit::{Failure, print},
    report::{file_name, quoted},
};
use crate::{
    lang::{Lang, Text},
    rank::{Order, rank, table},
    results::{machine::cores, record::json},
    run::{
        progress::{Bar, Progress},
        session::RunSettings,
    },
    scenario::{read::Setting, signals::ControllerName},
};

/// Ranks and prints.
///
/// # Errors
/// Bad input, results or a table that could not be written.
pub(super) fn run(args: &RankArgs, format: Format, lang: Lang) -> Result<(), Failure> {
    let mut settings = args.settings.clone();
    if let Some(until) = args.until {
        let setting: Setting = format!("time.to={until}").parse().map_err(Failure::Usage)?;
        settings.push(setting.given_as(format!("--until {until}")));
    }
    let unknown = |_| {
        let known = "webster, actuated, max_pressure, cyclic_max_pressure, efficient_max_pressure, advanced_max_pressure, predictive";
        Failure::Usage(format!("there is no controller `{}`; expected one of {known}", args.controller))
    };
    let controller: ControllerName = serde_json::from_value(args.controller.clone().into()).map_err(unknown)?;
    if controller.is_upper_bound() {
        let message = format!(
            "`{}` is an upper bound that nobody can build: it is not recommended anywhere; compare it by `agtwin compare`",
            args.controller
        );
        return Err(Failure::Usage(message));
    }
    let order = Order {
        scenario: &args.scenario,
        settings: &settings,
        budget: args.budget as usize,
        seeds: args.seeds as usize,
        held_seeds: args.held_seeds as usize,
        tries: args.tries as usize,
        controller,
        folder: args.out.as_deref(),
        force: args.force,
        command: command(args),
        run: RunSettings { threads: args.threads.map_or_else(cores, usize::from), check: false, conflicts: false, assign: 0 },
    };
    let bar = Bar::default();
    let done = rank(&order, lang, &bar);
    bar.end();
    let (ranking, folder) = done?;
    match format {
        Format::Json => {
            let mut document = serde_json::to_value(&ranking).map_err(Failure::input)?;
            document["folder"] = folder.display().to_string().into();
            print(&json(&document))
        }
        Format::Text => print(&format!("{}\n{}: {}\n", table(&ranking, lang), Text::ResultsIn.get(lang), folder.display())),
    }
}

/// The command that makes the results again from the scenario's folder.
fn command(args: &RankArgs) -> String {
    let mut words = vec!["agtwin rank".to_owned(), quoted(&file_name(&args.scenario))];
    let mut option = |name: &str, value: Option<String>| words.extend(value.map(|v| format!("--{name} {}", quoted(&v))));
    option("budget", Some(args.budget.to_string()));
    option("seeds", Some(args.seeds.to_string()));
    option("held-seeds", Some(args.held_seeds.to_string()));
    option("tries", Some(args.tries.to_string()));
    option("controller", Some(args.controller.clone()));
    option("until", args.until.map(|t| t.to_string()));
    args.settings.iter().for_each(|s| option("set", Some(s.written().to_owned())));
    words.join(" ")
}
