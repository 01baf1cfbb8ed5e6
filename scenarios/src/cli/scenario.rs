//! `agtwin scenario check`: reads a scenario with everything it names, without running it.

use super::{
    args::Format,
    exit::{Failure, print},
};
use crate::{
    intervention::travel::is_made_before,
    results::record::json,
    run::{
        conditions::{Conditions, equip_signals, set_plans},
        interventions::{built_with, script_of},
        load::{find, open_map},
        prepare::{Ground, Prepared, Reader, make_prior, read_counts, read_demand, read_detectors},
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
    let changes_trips = is_made_before(&found.scenario.parsed.file.interventions);
    let counted = match &found.scenario.demand {
        Demand::Counts { zones, .. } => Some((zones, read_counts(&found, &mut reader, &detectors)?)),
        _ => None,
    };
    let counts = counted.as_ref().map(|(_, counts)| counts.rows().len());
    // Demand from counts is fitted by a run; whom interventions concern is looked up in what is known before counting.
    let demand = match counted {
        Some((zoning, counts)) if changes_trips => {
            let prior = make_prior(&found, zoning, &mut reader, &ground, counts)?;
            Some(Prepared::table(prior.prior, &prior.zones, &ground.router))
        }
        Some(_) => None,
        None => Some(read_demand(&found, &mut reader, &ground)?),
    };
    let drawn = || match &demand {
        Some(demand) => Ok(demand.draw(&ground, &found.scenario.window, found.scenario.parsed.file.seed)?.trips),
        None => Ok(Vec::new()),
    };
    let zones = demand.as_ref().map(Prepared::zones).unwrap_or_default();
    script_of(&found, &built, &detectors, &Arc::new(conditions), &zones, drawn)?;
    if counts.is_none() {
        drawn()?;
    }
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
