//! From a name to a running simulation, on threads of their own: the map is shown as soon as it is open, the traffic as soon as there is some.

use crate::{
    bridge::Word,
    engine::RunningSimulation,
    labels::{Label, network_labels},
    places::Directory,
    scenery::{Lamp, first_view, lamps},
    text::Text,
};
use maps::{corrections::Outcome, index::NetworkIndex, sketch, sketch::Water};
use scenarios::{
    intervention::built,
    run::{
        RunError,
        load::{find, open_map},
        map::{EMBEDDED, OpenedMap},
        prepare::{Ground, Reader, read_detectors},
        progress::Progress,
        session::{RunSettings, Session},
    },
    scenario::{
        check::Demand,
        read::{Parsed, Setting},
        source::Source,
    },
};
use sim_core::{
    geometry::Point,
    network::{RoadNetwork, world_point},
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

/// What a file of corrections is called.
const CORRECTIONS: &str = "corrections.toml";

/// What to open, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// A scenario file, an example's name, a file of it (`EXAMPLE/FILE.toml`), or a map.
    pub scenario: PathBuf,
    /// Values of the scenario to change.
    pub settings: Vec<Setting>,
    /// Keys every random draw, instead of the scenario's seed.
    pub seed: Option<u64>,
    /// Whether demand is fitted to counts first, which takes as long as several runs.
    pub fitted: bool,
    /// Whether conflicts are looked for, which costs time.
    pub conflicts: bool,
    /// Instead of a simulation a crowd of so many vehicles that only moves, to measure what drawing costs.
    pub crowd: Option<u32>,
}

impl Wanted {
    /// Opens `scenario` as it is, at once.
    pub fn at_once(scenario: impl Into<PathBuf>) -> Self {
        Self { scenario: scenario.into(), settings: Vec::new(), seed: None, fitted: false, conflicts: false, crowd: None }
    }
}

/// What a scenario is called in short: its file, or the folder or example of a `scenario.toml`.
pub fn short_name(scenario: &Path) -> String {
    let name = |part: Option<&std::ffi::OsStr>| part.map(|n| n.to_string_lossy().into_owned());
    let is_main = scenario.file_name().is_some_and(|n| n == "scenario.toml");
    let folder = scenario.parent().filter(|_| is_main).and_then(|f| name(f.file_name()));
    folder.or_else(|| name(scenario.file_stem())).unwrap_or_default()
}

/// A map that is open, with what the window needs of it.
pub struct Opened {
    /// What was asked for.
    pub wanted: Wanted,
    /// The map.
    pub network: Arc<RoadNetwork>,
    /// Finds what is near a place.
    pub index: NetworkIndex,
    /// Other scenarios of the same folder or example, to compare with.
    pub siblings: Vec<PathBuf>,
    /// Waters to draw.
    pub waters: Vec<Water>,
    /// Names on the map.
    pub labels: Vec<Label>,
    /// Names to search.
    pub directory: Directory,
    /// Where lamps are drawn.
    pub lamps: Vec<Lamp>,
    /// Where the map opens: the drawing's origin.
    pub origin: Point,
    /// Metres across the view.
    pub extent_m: f64,
    /// The scenario's or map's name.
    pub title: String,
    /// What the scenario says of itself.
    pub description: String,
    /// When the simulation begins, seconds after midnight.
    pub start_s: f64,
    /// The file of corrections of the map, whether it is there or not.
    pub corrections: PathBuf,
    /// How many of its entries were made in the window.
    pub corrected: usize,
    /// Entries of it that were left out, because they name what is not there or do not fit.
    pub left_out: Vec<String>,
    /// Whether the map is read anew from its source, which alone can keep nodes apart.
    pub is_imported: bool,
    /// Whether its demand comes from counts, so that it could be fitted.
    pub has_counts: bool,
    /// Where it is counted.
    pub counted: Vec<Point>,
}

impl Opened {
    /// The least and the greatest corner of the map, metres from the drawing's origin.
    pub fn bounds(&self) -> ([f32; 2], [f32; 2]) {
        let corners = self.network.junctions.iter().map(|j| [(j.centre.x - self.origin.x) as f32, (j.centre.y - self.origin.y) as f32]);
        let nowhere = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        let (least, greatest) = corners.fold(nowhere, |(l, g), [x, y]| ([l[0].min(x), l[1].min(y)], [g[0].max(x), g[1].max(y)]));
        if least[0] <= greatest[0] { (least, greatest) } else { ([0.0; 2], [0.0; 2]) }
    }
}

/// Opens the map of what is wanted.
///
/// # Errors
/// A scenario or map that is not there or makes no sense.
pub fn open(wanted: Wanted) -> Result<Opened, RunError> {
    let found = find(&wanted.scenario, &wanted.settings)?;
    let OpenedMap { network, report, corrections: corrected } = open_map(&found)?;
    // With the roads that only the scenario has: those of the map keep their numbers.
    let network = built::network(&found.scenario.parsed, &Arc::new(network))?;
    let fails = |o: Outcome| matches!(o, Outcome::Stale | Outcome::Refused | Outcome::WithoutEffect);
    let remarks = corrected.map_or_else(Vec::new, |c| c.remarks);
    let left_out = remarks.iter().filter(|r| fails(r.outcome)).map(|r| r.to_string()).collect();
    let scenario = &found.scenario;
    let has_counts = matches!(scenario.demand, Demand::Counts { .. });
    let counted: Vec<Point> = if has_counts {
        let ground = Ground::new(&network, &scenario.classes);
        let detectors = read_detectors(&scenario.demand, &mut Reader::new(&found), &ground)?;
        detectors.iter().map(|d| world_point(&network, d.link, f64::from(d.pos_m), 0.0).0).collect()
    } else {
        Vec::new()
    };
    let (origin, extent_m) = look_at(&network, counted.clone(), scenario_circle(&found, &network));
    let is_embedded = scenario.parsed.file.map == EMBEDDED;
    let corrections = corrections_file(&found, &wanted.scenario);
    let waters = if is_embedded { sketch::waters().map_err(RunError::input)? } else { Vec::new() };
    Ok(Opened {
        index: NetworkIndex::new(&network),
        siblings: siblings(&found.source, &wanted.scenario),
        labels: network_labels(&network, origin),
        directory: Directory::new(&network, origin),
        lamps: lamps(&network, origin),
        waters,
        origin,
        extent_m,
        title: scenario.parsed.file.name.clone(),
        description: scenario.parsed.file.description.clone().unwrap_or_default(),
        start_s: scenario.window.from_s,
        has_counts,
        counted,
        left_out,
        is_imported: report.is_some() && !is_embedded,
        corrected: crate::correct::count(&corrections),
        corrections,
        network,
        wanted,
    })
}

/// Other scenarios where this one lies.
fn siblings(source: &Source, scenario: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = match source {
        Source::Embedded(example) => example.scenarios().map(|file| Path::new(example.name).join(file)).collect(),
        Source::Folder(folder) => {
            let is_scenario = |path: &PathBuf| {
                let text = std::fs::read_to_string(path).unwrap_or_default();
                path.extension().is_some_and(|e| e == "toml") && Parsed::read("", &text, &[]).is_ok()
            };
            let entries = std::fs::read_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
            entries.into_iter().flatten().flatten().map(|e| folder.join(e.file_name())).filter(is_scenario).collect()
        }
    };
    let main = scenario.join("scenario.toml");
    all.retain(|path| path != scenario && *path != main);
    all.sort();
    all
}

/// The file of corrections that a scenario names, else `corrections.toml` beside it; of an example in the folder the window was started in.
fn corrections_file(found: &scenarios::run::load::Found, scenario: &Path) -> PathBuf {
    let named = found.scenario.parsed.file.import.as_ref().and_then(|i| i.corrections.as_ref());
    let file = match named {
        Some(name) => found.source.path(name).unwrap_or_else(|| name.into()),
        None if scenario.is_dir() => scenario.join(CORRECTIONS),
        None if scenario.exists() => scenario.with_file_name(CORRECTIONS),
        None => CORRECTIONS.into(),
    };
    std::path::absolute(&file).unwrap_or(file)
}

/// The circle in which trips begin and end, if the scenario names one.
fn scenario_circle(found: &scenarios::run::load::Found, network: &RoadNetwork) -> Option<(Point, f64)> {
    use sim_core::geometry::LatLon;
    let zones = match &found.scenario.demand {
        Demand::Counts { zones, .. } | Demand::Od { zones, .. } => zones,
        _ => return None,
    };
    let circle = zones.region?;
    let [lat, lon] = circle.centre;
    Some((network.meta.frame.project(LatLon { lat, lon }), circle.radius.base()))
}

/// The middle of where it is counted, else of the scenario's circle, else of the network.
fn look_at(network: &RoadNetwork, counted: Vec<Point>, circle: Option<(Point, f64)>) -> (Point, f64) {
    match circle {
        _ if !counted.is_empty() => first_view(counted),
        Some((centre, radius_m)) => (centre, (radius_m * 0.9).clamp(600.0, 6_000.0)),
        None => first_view(network.junctions.iter().map(|j| j.centre).collect()),
    }
}

/// Gets the simulation of what is wanted ready.
///
/// # Errors
/// A scenario that makes no sense, told in words; or nobody wants it any more.
pub fn make(wanted: &Wanted, origin: Point, word: &Word) -> Result<RunningSimulation, String> {
    let teller = Teller { word, part: Mutex::new((String::new(), 0.0, 0.0)) };
    // One core is left to the window.
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get().saturating_sub(1).max(1));
    let run = RunSettings { threads, check: false, conflicts: false, assign: 0 };
    let ready = if wanted.fitted { Session::open } else { Session::open_unfitted };
    let session = ready(&wanted.scenario, &wanted.settings, run, &teller).map_err(|e| e.to_string())?;
    let seed = wanted.seed.unwrap_or(session.found.scenario.parsed.file.seed);
    teller.begin("trips", 0.0, 0.0);
    RunningSimulation::looking(Arc::new(session), (seed, threads, wanted.conflicts), origin, &teller).map_err(|e| e.to_string())
}

/// Tells the window how far the preparation is, and ends it when nobody waits for it any more.
struct Teller<'a> {
    word: &'a Word,
    part: Mutex<(String, f64, f64)>,
}

impl Teller<'_> {
    /// The preparation has no other way out than by unwinding; the thread's own guard takes it up, and nothing is printed.
    fn leave_if_unwanted(&self) {
        if !self.word.is_wanted() {
            std::panic::resume_unwind(Box::new("nobody waits for it any more"));
        }
    }
}

impl Progress for Teller<'_> {
    fn begin(&self, part: &str, from_s: f64, to_s: f64) {
        self.leave_if_unwanted();
        if let Ok(mut now) = self.part.lock() {
            *now = (part.to_owned(), from_s, to_s);
        }
        self.word.tell(part, None);
    }

    fn tick(&self, time_s: f64, _: u64) {
        self.leave_if_unwanted();
        if let Ok(now) = self.part.lock()
            && now.2 > now.1
        {
            self.word.tell(&now.0, Some(((time_s - now.1) / (now.2 - now.1)) as f32));
        }
    }

    fn end(&self) {}
}

/// A map that is being opened on a thread of its own.
pub struct Opening {
    /// What is being opened.
    pub name: String,
    receiver: Mutex<std::sync::mpsc::Receiver<Result<Box<Opened>, String>>>,
}

impl Opening {
    /// Starts opening.
    ///
    /// # Errors
    /// When the system starts no thread.
    pub fn start(wanted: Wanted) -> std::io::Result<Self> {
        let (sender, receiver) = std::sync::mpsc::channel();
        let name = wanted.scenario.display().to_string();
        std::thread::Builder::new().name("open".into()).spawn(move || {
            let opened = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| open(wanted)));
            let told = match opened {
                Ok(Ok(opened)) => Ok(Box::new(opened)),
                Ok(Err(error)) => Err(error.to_string()),
                Err(_) => Err("opening broke down; see the terminal".into()),
            };
            // Nobody listens any more when something else was opened meanwhile.
            let _ = sender.send(told);
        })?;
        Ok(Self { name, receiver: Mutex::new(receiver) })
    }

    /// What came of it, once it is done.
    pub fn done(&self) -> Option<Result<Box<Opened>, String>> {
        self.receiver.lock().unwrap_or_else(std::sync::PoisonError::into_inner).try_recv().ok()
    }
}

/// The example scenarios inside the program, each with a sentence.
pub const EXAMPLES: &[(&str, Text)] = &[
    ("long-xuyen-morning", Text::ExampleLongXuyenMorning),
    ("long-xuyen-bridge", Text::ExampleLongXuyenBridge),
    ("long-xuyen-market", Text::ExampleLongXuyenMarket),
    ("long-xuyen-signals", Text::ExampleLongXuyenSignals),
    ("long-xuyen-questions", Text::ExampleLongXuyenQuestions),
    ("ct34-av", Text::ExampleCt34Av),
    ("binh-long-shuttles", Text::ExampleBinhLongShuttles),
    ("speed-assistance", Text::ExampleSpeedAssistance),
];

/// An example's scenario as a file in a folder, and another beside it (`bridge.toml`) that builds a road between two of its junctions.
///
/// # Panics
/// In a test, where it cannot be done.
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]
pub(crate) fn bridge_beside(folder: &Path) {
    for (name, text) in scenarios::scenario::source::example("long-xuyen-bridge").unwrap().files {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let plain = open(Wanted::at_once(folder.join("open.toml"))).unwrap().network;
    // Two junctions with streets both ways between which there is none yet.
    let ends: Vec<_> = plain.junctions.iter().filter(|j| j.outgoing.len() >= 3).map(|j| &j.ref_).collect();
    let (from, to) = (ends[0], ends[ends.len() - 1]);
    let road = format!(
        "\n[[interventions]]\nkind = \"new_link\"\nname = \"bridge\"\nfrom = \"{from}\"\nto = \"{to}\"\nroad_class = \"trunk\"\nlane_count = 2\nspeed = \"60 km/h\"\nboth_ways = true\n"
    );
    let text = std::fs::read_to_string(folder.join("open.toml")).unwrap() + &road;
    std::fs::write(folder.join("bridge.toml"), text).unwrap();
}

/// The networks of the two.
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]
pub(crate) fn built_bridge() -> (Arc<sim_core::network::RoadNetwork>, Arc<sim_core::network::RoadNetwork>) {
    let folder = tempfile::tempdir().unwrap();
    bridge_beside(folder.path());
    let open_in = |file: &str| open(Wanted::at_once(folder.path().join(file))).unwrap().network;
    (open_in("open.toml"), open_in("bridge.toml"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

    use super::*;
    use scenarios::lang::Lang;

    #[test]
    fn a_road_that_only_the_scenario_has_is_on_the_map() {
        let (plain, built) = built_bridge();
        assert_eq!(built.links.len(), plain.links.len() + 2, "both ways");
        assert!(built.links.iter().any(|l| l.ref_.as_str() == built::ref_of("bridge")));
        let same = built.links.iter().zip(&plain.links).all(|(a, b)| a.ref_ == b.ref_);
        assert!(same, "those of the map keep their numbers");
    }

    #[test]
    fn a_scenario_knows_the_others_beside_it() {
        let names =
            |wanted: &Path| -> Vec<String> { open(Wanted::at_once(wanted)).unwrap().siblings.iter().map(|p| short_name(p)).collect() };
        assert_eq!(names(Path::new("long-xuyen-bridge")), ["guided", "open"]);
        assert_eq!(names(Path::new("long-xuyen-bridge/open.toml")), ["guided", "long-xuyen-bridge"]);
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in scenarios::scenario::source::example("long-xuyen-bridge").unwrap().files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        std::fs::write(folder.path().join("corrections.toml"), "[[links]]\n").unwrap();
        assert_eq!(names(&folder.path().join("open.toml")).len(), 2, "the main one and the other, and no corrections");
        assert_eq!(names(folder.path()), ["guided", "open"]);
    }

    #[test]
    fn every_example_of_the_program_has_a_sentence_in_both_languages() {
        for example in scenarios::scenario::source::EXAMPLES {
            let sentence = EXAMPLES.iter().find(|(name, _)| *name == example.name).map(|(_, text)| *text);
            assert!(sentence.is_some_and(|s| s.in_lang(Lang::Vi) != s.in_lang(Lang::En)), "{}", example.name);
        }
    }
}
