//! From a command line to a scenario in memory: which scenario is meant, what it says, the map it runs on.

use super::{
    RunError,
    map::{self, EMBEDDED, ImportWishes, OpenedMap},
};
use crate::{
    results::record::InputRecord,
    scenario::{
        check::Scenario,
        error::nearest,
        read::{Parsed, Setting},
        source::{EXAMPLES, Source, SourceError, SourceFile, example, example_file, near_file, read_path},
    },
};
use maps::{import::ImportOptions, osm::Region};
use sim_core::network::DrivingSide;
use std::path::{Path, PathBuf};

/// The file a folder is asked for when it is given as a scenario.
const SCENARIO_FILE: &str = "scenario.toml";

/// Made-up traffic for a map given without a scenario: an hour of the morning peak.
const MAP_ONLY: &str = r#"
description = "Made-up traffic for one hour on a map given without a scenario"

[time]
from = "07:00"
to = "08:00"
warm_up = "10 min"

[demand]
kind = "synthetic"
"#;

/// A scenario that was found, read and checked; nothing it names was opened yet.
#[derive(Clone, Debug)]
pub struct Found {
    /// What it says.
    pub scenario: Scenario,
    /// Where its files are.
    pub source: Source,
    /// The scenario file itself as an input; none for a map given without one.
    pub inputs: Vec<InputRecord>,
}

/// Finds the scenario that a command line means: a file, a folder with a `scenario.toml`, the name of an example, one of its files as
/// `EXAMPLE/FILE.toml`, or a map (then with made-up traffic).
///
/// # Errors
/// Nothing of that name, or a scenario that makes no sense.
pub fn find(argument: &Path, settings: &[Setting]) -> Result<Found, RunError> {
    if argument.is_dir() {
        return from_file(&argument.join(SCENARIO_FILE), settings);
    }
    let name = argument.to_string_lossy();
    if !argument.exists() {
        if let Some(example) = example(&name) {
            let source = Source::Embedded(example);
            let file = source.read(SCENARIO_FILE)?;
            return read(source, &file, settings);
        }
        if let Some((example, file)) = example_file(&name) {
            let source = Source::Embedded(example);
            let file = source.read(file)?;
            return read(source, &file, settings);
        }
        if name != EMBEDDED {
            let files = EXAMPLES.iter().flat_map(|e| e.scenarios().map(move |f| format!("{}/{f}", e.name)));
            let known: Vec<String> = EXAMPLES.iter().map(|e| e.name.to_owned()).chain([EMBEDDED.to_owned()]).chain(files).collect();
            let near = near_file(argument).or_else(|| nearest(&name, known.iter().map(String::as_str)).map(str::to_owned));
            return Err(SourceError::Missing { path: argument.to_owned(), near }.into());
        }
    }
    if argument.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) {
        from_file(argument, settings)
    } else {
        from_map(argument, settings)
    }
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("")).to_owned()
}

fn from_file(path: &Path, settings: &[Setting]) -> Result<Found, RunError> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let file = SourceFile { name, shown: path.display().to_string(), bytes: read_path(path)? };
    read(Source::Folder(folder_of(path)), &file, settings)
}

fn read(source: Source, file: &SourceFile, settings: &[Setting]) -> Result<Found, RunError> {
    let scenario = Scenario::new(Parsed::read(&file.shown, file.text()?, settings)?)?;
    Ok(Found { scenario, source, inputs: vec![InputRecord::of("scenario", &file.name, &file.bytes)] })
}

fn from_map(map: &Path, settings: &[Setting]) -> Result<Found, RunError> {
    let file = map.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let stem = file.split('.').next().filter(|s| !s.is_empty()).unwrap_or(&file);
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let text = format!("name = {}\nmap = {}\n{MAP_ONLY}", quoted(stem), quoted(&file));
    let shown = format!("made-up traffic on {}", map.display());
    let scenario = Scenario::new(Parsed::read(&shown, &text, settings)?)?;
    Ok(Found { scenario, source: Source::Folder(folder_of(map)), inputs: Vec::new() })
}

/// Opens the map of a scenario.
///
/// # Errors
/// It is not there or is no map; the message points at the scenario's line.
pub fn open_map(found: &Found) -> Result<OpenedMap, RunError> {
    let parsed = &found.scenario.parsed;
    let name = &parsed.file.map;
    let wishes = wishes(found)?;
    let path = found.source.path(name).filter(|_| name != EMBEDDED).unwrap_or_else(|| PathBuf::from(name));
    map::open(&path, &wishes).map_err(|e| match e {
        // A map given without a scenario has no line to point at.
        RunError::Source(missing @ SourceError::Missing { .. }) if !found.inputs.is_empty() => {
            parsed.error_at("map", missing.to_string()).into()
        }
        RunError::Input(message) if found.inputs.is_empty() && message.contains("expected OpenStreetMap data") => {
            RunError::Input(format!("{message}; a scenario is a `.toml` file, or a folder with a `{SCENARIO_FILE}`"))
        }
        other => other,
    })
}

/// What the scenario says about the import of its map.
fn wishes(found: &Found) -> Result<ImportWishes, RunError> {
    let parsed = &found.scenario.parsed;
    let Some(table) = &parsed.file.import else { return Ok(ImportWishes::default()) };
    let on_disk = |key: &str, name: &String| {
        let path = found.source.path(name).or_else(|| Some(PathBuf::from(name)).filter(|p| p.is_absolute()));
        path.ok_or_else(|| parsed.error_at(&format!("import.{key}"), "an example inside the program has no such file"))
    };
    let region = match (&table.bbox, &table.region) {
        (Some(_), Some(_)) => return Err(parsed.error_at("import.region", "give a box or a region, not both").into()),
        (Some(text), None) => Some(Region::parse_box(text).map_err(|e| parsed.error_at("import.bbox", e.to_string()))?),
        (None, Some(name)) => {
            let path = on_disk("region", name)?;
            Some(Region::read_geojson(&path).map_err(|e| parsed.error_at("import.region", e.to_string()))?)
        }
        (None, None) => None,
    };
    let corrections = table.corrections.as_ref().map(|name| on_disk("corrections", name)).transpose()?;
    let driving_side = if table.left_hand { DrivingSide::Left } else { DrivingSide::Right };
    Ok(ImportWishes { options: ImportOptions { driving_side, region, ..ImportOptions::default() }, corrections })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn message(argument: &Path) -> String {
        find(argument, &[]).unwrap_err().to_string()
    }

    #[test]
    fn the_example_is_found_by_name_from_anywhere() {
        let found = find(Path::new("long-xuyen-morning"), &[]).unwrap();
        assert_eq!(found.scenario.parsed.file.name, "long-xuyen-morning");
        assert_eq!(found.scenario.window.from_s, 6.5 * 3600.0);
    }

    #[test]
    fn another_file_of_an_example_is_found_by_its_name() {
        let found = find(Path::new("long-xuyen-questions/tet-bypass.toml"), &[]).unwrap();
        assert_eq!(found.scenario.parsed.file.name, "tet-bypass");
        assert_eq!(found.inputs[0].name, "tet-bypass.toml");
        assert!(message(Path::new("long-xuyen-questions/tet-bypas.toml")).contains("did you mean `long-xuyen-questions/tet-bypass.toml`?"));
        assert!(message(Path::new("long-xuyen-questions/od.csv")).contains("there is no file"), "a table is no scenario");
    }

    #[test]
    fn a_name_that_is_nothing_suggests_the_near_one() {
        assert!(message(Path::new("long-xuyen-mornin")).contains("did you mean `long-xuyen-morning`?"));
        let here = tempfile::tempdir().unwrap();
        fs::write(here.path().join("evening.toml"), "").unwrap();
        let shown = message(&here.path().join("evning.toml"));
        assert!(shown.contains("there is no file") && shown.contains("evening.toml"), "{shown}");
    }

    #[test]
    fn a_map_alone_gets_an_hour_of_made_up_traffic() {
        let here = tempfile::tempdir().unwrap();
        let map = here.path().join("can tho.osm.pbf");
        fs::write(&map, "").unwrap();
        let found = find(&map, &["time.to=07:30".parse().unwrap()]).unwrap();
        let file = &found.scenario.parsed.file;
        assert_eq!((file.name.as_str(), file.map.as_str(), file.time.to.seconds()), ("can tho", "can tho.osm.pbf", 27_000.0));
        assert_eq!(found.source, Source::Folder(here.path().to_owned()));
    }
}
