//! `agtwin map …`: import, inspect, export and compare road maps.

use super::{
    args::{ExportFormat, Format, ImportArgs, MapCommand},
    exit::{Failure, print, say},
    flow::FlowPlan,
};
use crate::{
    results::{folder::write_file, record::json},
    run::map::{ImportWishes, import, open},
};
use maps::{
    compiled::{self, CompiledError},
    diff, export,
    import::{ImportOptions, ImportReport},
    osm::Region,
};
use serde_json::{Value, json};
use sim_core::network::{DrivingSide, LinkKind, PlaceKind, RoadClass, RoadNetwork};
use std::{collections::BTreeMap, fmt::Write as _, fs, io, path::Path};

/// Does a map command.
///
/// # Errors
/// Bad input, or output that could not be written.
pub(super) fn run(command: &MapCommand, format: Format) -> Result<(), Failure> {
    match command {
        MapCommand::Import(args) => import_map(args, format),
        MapCommand::Info { map, signals } => info(map, *signals, format),
        MapCommand::Export { map, to: ExportFormat::Geojson, output } => export_geojson(map, output.as_deref()),
        MapCommand::Diff { a, b } => {
            let wishes = ImportWishes::default();
            let found = diff::diff(&open(a, &wishes)?.network, &open(b, &wishes)?.network);
            match format {
                Format::Text => print(&found.to_string()),
                Format::Json => print(&json(&found)),
            }
        }
    }
}

/// Refuses to write over what cannot be had back: anything that is no compiled map where a map goes, an input where a report goes.
fn refuse_to_destroy(args: &ImportArgs) -> Result<(), Failure> {
    let output = args.output.display();
    let is_filled = fs::metadata(&args.output).is_ok_and(|there| there.is_file() && there.len() > 0);
    if is_filled && matches!(compiled::info(&args.output), Err(CompiledError::NotAMap { .. })) {
        return Err(Failure::Output(format!("{output} exists and is no compiled map; it is left alone: choose another name or remove it")));
    }
    let inputs = [Some(&args.file), args.region.as_ref(), args.corrections.as_ref(), Some(&args.output)];
    match &args.report {
        Some(report) if inputs.into_iter().flatten().any(|input| is_same_file(input, report)) => {
            Err(Failure::Output(format!("{} is another file of this command; give the report a name of its own", report.display())))
        }
        _ => Ok(()),
    }
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    a == b || matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

fn import_map(args: &ImportArgs, format: Format) -> Result<(), Failure> {
    refuse_to_destroy(args)?;
    let region = match (&args.bbox, &args.region) {
        (Some(text), _) => Some(Region::parse_box(text).map_err(|e| Failure::Usage(e.to_string()))?),
        (None, Some(file)) => Some(Region::read_geojson(file).map_err(Failure::input)?),
        (None, None) => None,
    };
    let driving_side = if args.left_hand { DrivingSide::Left } else { DrivingSide::Right };
    let options = ImportOptions { name: args.name.clone(), driving_side, region, ..ImportOptions::default() };
    let imported = import(&args.file, &ImportWishes { options, corrections: args.corrections.clone() })?;
    let flow = args.flow.as_ref().map(|file| FlowPlan::read(file, &imported.network, &args.output)).transpose()?;
    // The report first: where the map cannot be written, it says at least what was read.
    let report = json!({ "schema_version": 1, "import": imported.report, "corrections": imported.corrections });
    if let Some(path) = &args.report {
        write_file(path, json(&report).as_bytes())?;
    }
    compiled::save(&imported.network, &args.output).map_err(|e| Failure::Output(e.to_string()))?;
    let told = flow.as_ref().map(FlowPlan::write).transpose()?;
    match format {
        Format::Json => print(&json(&json!({
            "schema_version": 1,
            "report": report,
            "map": summary(&imported.network),
            "output": args.output.display().to_string(),
            "scenario": flow.as_ref().map(|f| f.scenario().display().to_string()),
        }))),
        Format::Text => {
            let mut out = imported.report.as_ref().map(report_text).unwrap_or_default();
            if let Some(corrections) = &imported.corrections {
                let _ = writeln!(out, "\ncorrections\n{corrections}");
            }
            let _ = writeln!(out, "\n{}", summary_text(&imported.network));
            let next = flow.as_ref().map_or(args.output.as_path(), FlowPlan::scenario).display();
            if let Some(told) = told {
                let _ = writeln!(out, "{told}");
            }
            let _ = writeln!(out, "Compiled map written to {}. Next: agtwin run {next}", args.output.display());
            print(&out)
        }
    }
}

/// The import report as a table: what was read, dropped, repaired and assumed, by cause.
fn report_text(report: &ImportReport) -> String {
    let mut out = format!("{}\n", report.source);
    let mut group = None;
    for row in report.rows() {
        if group.replace(row.group) != Some(row.group) {
            let _ = writeln!(out, "{}", row.group.name());
        }
        let length = match row.length_km {
            km if km <= 0.0 => String::new(),
            km if km < 0.95 => format!("{:.0} m", 1000.0 * km),
            km => format!("{km:.1} km"),
        };
        let examples = if row.examples.is_empty() { String::new() } else { format!("  e.g. {}", row.examples.join(", ")) };
        let _ = writeln!(out, "  {:>9} {length:>12}  {}{examples}", row.count, row.cause);
    }
    let _ = writeln!(
        out,
        "{:.1} of {:.1} km of drivable road are in the network ({:.1} %); {} junctions with signals from {} signal nodes",
        report.kept_km,
        report.drivable_km,
        100.0 * report.survival(),
        report.signalised_junctions,
        report.signal_nodes
    );
    out
}

/// What a map holds, for programs.
fn summary(network: &RoadNetwork) -> Value {
    let meta = &network.meta;
    let classes: BTreeMap<String, f64> = length_by_class(network).into_iter().map(|(c, km)| (class_name(c), km)).collect();
    let places: BTreeMap<String, usize> = count_places(network).into_iter().map(|(k, n)| (word(&serde_json::to_value(k)), n)).collect();
    json!({
        "name": meta.name,
        "source": meta.source,
        "attribution": meta.attribution,
        "is_sketch": meta.is_sketch,
        "driving_side": meta.driving_side,
        "origin": meta.frame.origin,
        "content_hash": compiled::content_hash(network),
        "links": network.links.len(),
        "junctions": network.junctions.len(),
        "movements": network.movements.len(),
        "signalised_junctions": network.controllers.len(),
        "assumed_signal_plans": network.controllers.iter().filter(|c| c.plan_is_assumed).count(),
        "ferries": network.links.iter().filter(|l| l.kind != LinkKind::Road).count(),
        "length_km": network.total_length_m() / 1000.0,
        "length_km_by_class": classes,
        "places": places,
    })
}

fn word(value: &Result<Value, serde_json::Error>) -> String {
    value.as_ref().ok().and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn class_name(class: RoadClass) -> String {
    word(&serde_json::to_value(class))
}

fn length_by_class(network: &RoadNetwork) -> BTreeMap<RoadClass, f64> {
    let mut km = BTreeMap::new();
    for link in &network.links {
        *km.entry(link.class).or_insert(0.0) += f64::from(link.length_m) / 1000.0;
    }
    km
}

fn count_places(network: &RoadNetwork) -> BTreeMap<PlaceKind, usize> {
    let mut places = BTreeMap::new();
    for place in &network.places {
        *places.entry(place.kind).or_insert(0) += 1;
    }
    places
}

fn summary_text(network: &RoadNetwork) -> String {
    let meta = &network.meta;
    let mut out = String::new();
    let mut line = |what: &str, value: String| _ = writeln!(out, "{what:<14} {value}");
    line("name", meta.name.clone());
    line("made from", meta.source.clone());
    line("credit", meta.attribution.clone());
    if meta.is_sketch {
        line("note", "a sketch drawn from public facts, not surveyed".into());
    }
    line("content hash", compiled::content_hash(network));
    line("traffic keeps", if meta.driving_side == DrivingSide::Right { "right".into() } else { "left".into() });
    let links = network.links.len();
    line("links", format!("{links}, {:.1} km (each direction counted)", network.total_length_m() / 1000.0));
    for (class, km) in length_by_class(network) {
        line("", format!("{km:>9.1} km {}", class_name(class)));
    }
    let assumed = network.controllers.iter().filter(|c| c.plan_is_assumed).count();
    let signals = format!("{} with signals, {assumed} of their plans assumed", network.controllers.len());
    line("junctions", format!("{}, {signals}", network.junctions.len()));
    line("movements", network.movements.len().to_string());
    for (kind, n) in count_places(network) {
        line("", format!("{n:>6} {}", word(&serde_json::to_value(kind)).replace('_', " ")));
    }
    out.trim_end().to_owned()
}

fn info(map: &Path, signals: bool, format: Format) -> Result<(), Failure> {
    let network = open(map, &ImportWishes::default())?.network;
    match (signals, format) {
        (false, Format::Text) => print(&format!("{}\n", summary_text(&network))),
        (false, Format::Json) => {
            let mut document = summary(&network);
            document["schema_version"] = 1.into();
            print(&json(&document))
        }
        (true, Format::Text) => print(&signals_text(&network)),
        (true, Format::Json) => print(&json(&json!({ "schema_version": 1, "signals": signals_json(&network) }))),
    }
}

fn signals_json(network: &RoadNetwork) -> Vec<Value> {
    let movement = |m: &sim_core::ids::MovementId| {
        let m = network.movement(*m);
        json!({ "from": network.link(m.from).ref_, "to": network.link(m.to).ref_, "turn": m.turn })
    };
    let controllers = network.controllers.iter().map(|c| {
        let junction = network.junction(c.junction);
        json!({
            "controller": c.ref_,
            "junction": junction.ref_,
            "name": junction.name,
            "plan_is_assumed": c.plan_is_assumed,
            "cycle_s": c.plan.cycle_s(),
            "offset_s": c.plan.offset_s(),
            "phases": c.plan.phases(),
            "groups": c.groups.iter().map(|g| json!({
                "name": g.name,
                "movements": g.movements.iter().map(movement).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        })
    });
    controllers.collect()
}

fn signals_text(network: &RoadNetwork) -> String {
    let mut out = String::new();
    for c in &network.controllers {
        let junction = network.junction(c.junction);
        let assumed = if c.plan_is_assumed { ", assumed" } else { "" };
        let _ = writeln!(out, "{}  {}", junction.ref_, junction.name.as_deref().unwrap_or_default());
        let _ = writeln!(out, "  cycle {:.0} s, offset {:.0} s{assumed}", c.plan.cycle_s(), c.plan.offset_s());
        for (i, phase) in c.plan.phases().iter().enumerate() {
            let (green, yellow, red) = (phase.green_s, phase.yellow_s, phase.all_red_s);
            let _ = writeln!(out, "  phase {i}: groups {:?}, green {green:.0} s, yellow {yellow:.0} s, all red {red:.0} s", phase.groups);
        }
        for (i, group) in c.groups.iter().enumerate() {
            let _ = writeln!(out, "  group {i}: {}", group.name);
        }
    }
    out
}

/// Collects what is written and counts it against the disk or the pipe only once.
fn export_geojson(map: &Path, output: Option<&Path>) -> Result<(), Failure> {
    if let Some(path) = output.filter(|path| is_same_file(map, path)) {
        return Err(Failure::Output(format!("{} is the map itself; give the export a name of its own", path.display())));
    }
    let network = open(map, &ImportWishes::default())?.network;
    let mut text = Vec::new();
    export::geojson(&network, &mut text).map_err(|e: io::Error| Failure::Output(e.to_string()))?;
    match output {
        Some(path) => {
            write_file(path, &text)?;
            say(format_args!("{} links written to {}", network.links.len(), path.display()));
            Ok(())
        }
        None => print(&String::from_utf8_lossy(&text)),
    }
}
