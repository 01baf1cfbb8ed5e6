//! `agtwin scenario check`: reads a scenario with everything it names, without running it.

use super::{
    args::Format,
    exit::{Failure, print},
};
use crate::{
    results::record::json,
    run::{
        conditions::{Conditions, equip_signals, set_plans},
        interventions::{built_with, script_of},
        load::{find, open_map},
        prepare::{Ground, Reader, read_counts, read_demand, read_detectors},
    },
    scenario::check::Demand,
};
use std::{path::Path, sync::Arc};

/// Checks a scenario file and says what it found.
///
/// # Errors
/// The first thing that would keep it from running.
pub(super) fn check(file: &Path, format: Format) -> Result<(), Failure> {
    let found = find(file, &[])?;
    let mut network = open_map(&found)?.network;
    set_plans(&found.scenario.parsed, &mut network)?;
    let network = Arc::new(network);
    let (conditions, _) = Conditions::of(&found, &network)?;
    let ground = Ground::new(&network, &found.scenario.classes);
    let mut reader = Reader::new(&found);
    let detectors = read_detectors(&found.scenario.demand, &mut reader, &ground)?;
    let mut of_control = detectors.clone();
    equip_signals(&found, &network, &mut of_control)?;
    let (built, conditions) = built_with(&found, &network, &mut of_control, detectors.len())?.unwrap_or((network.clone(), conditions));
    // Which junctions are the busiest, a run knows; a check only whether the rest makes sense.
    script_of(&found, &built, &detectors, &Arc::new(conditions), || Ok(Vec::new()))?;
    let counts = match &found.scenario.demand {
        Demand::Counts { .. } => Some(read_counts(&found, &mut reader, &detectors)?.rows().len()),
        _ => {
            let demand = read_demand(&found, &mut reader, &ground)?;
            demand.draw(&ground, &found.scenario.window, found.scenario.parsed.file.seed)?;
            None
        }
    };
    let name = &found.scenario.parsed.file.name;
    match format {
        Format::Json => print(&json(&serde_json::json!({
            "schema_version": 1, "ok": true, "name": name, "map": network.meta.name, "inputs": reader.inputs,
            "detectors": detectors.len(), "count_rows": counts,
        }))),
        Format::Text => {
            let counted = counts.map(|n| format!(", {n} rows of counts")).unwrap_or_default();
            let files: Vec<_> = reader.inputs.iter().map(|i| format!("  {}: {}\n", i.role, i.name)).collect();
            let files = if files.is_empty() { "no file beside the map".to_owned() } else { format!("files read:\n{}", files.concat()) };
            let made_up = if matches!(found.scenario.demand, Demand::Synthetic { .. }) { ", made-up traffic" } else { "" };
            print(&format!(
                "{}: fine. Scenario `{name}` on map `{}`, {} detectors{counted}{made_up}; {}\n",
                file.display(),
                network.meta.name,
                detectors.len(),
                files.trim_end()
            ))
        }
    }
}
