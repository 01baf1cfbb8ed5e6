//! Corrections of the map from the window: what a road or junction is really like, written by ref into the `corrections.toml` of the map that
//! is open, which is then read again with it. Apart from edits, which are what-if: a correction holds for every scenario of the map.

use crate::{
    draw::Loaded,
    load::{Opened, Opening, Wanted},
    text,
    ui::Wish,
    wishes::{Asked, Language, TheDesk, TheOpening},
};
use bevy::prelude::*;
use maps::corrections::{self, Corrections, Outcome, ROAD_CLASSES};
use scenarios::results::folder::write_file;
use sim_core::{
    geometry::LatLon,
    ids::MovementId,
    network::{Phase, RoadClass, RoadNetwork, SignalPlan},
};
use std::{fmt::Write as _, fs, path::Path};

/// What the window writes before each of its entries; the last one can be taken back as long as nothing else was written behind it.
const MARK: &str = "# from the window";

/// One correction, with the refs of what it is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Correction {
    /// What a road is like; `None` leaves it.
    Link {
        /// The link.
        link: String,
        /// Also the opposite direction.
        both: bool,
        /// Lanes.
        lanes: Option<u8>,
        /// Usable width of this direction, decimetres.
        width_dm: Option<u32>,
        /// Limit for everybody, km/h.
        speed_kmh: Option<u32>,
    },
    /// The road does not exist.
    Remove {
        /// The link.
        link: String,
        /// Also the opposite direction.
        both: bool,
    },
    /// Who may turn where: everybody or nobody.
    Turn {
        /// From this link.
        from: String,
        /// To this one.
        to: String,
        /// Whether it is allowed.
        allow: bool,
    },
    /// Whether a junction has signals; new ones get a default plan.
    Signal {
        /// The junction.
        junction: String,
        /// Whether there are any.
        has: bool,
    },
    /// The plan of a junction's signals, phase by phase.
    Plan {
        /// The junction.
        junction: String,
        /// Delay of the first phase after midnight, seconds.
        offset_s: f32,
        /// The phases in their order.
        phases: Vec<PhaseEntry>,
    },
    /// Several junctions that are one; it keeps the name of the first.
    Merge {
        /// The junctions.
        junctions: Vec<String>,
    },
    /// Nodes that are no junction together.
    Split {
        /// The nodes, e.g. `osm:n7`.
        nodes: Vec<String>,
    },
    /// A road that the map does not have.
    NewLink {
        /// What it is called: see [`new_ref`].
        link: String,
        /// From this junction.
        from: String,
        /// To this one.
        to: String,
        /// Over these places.
        via: Vec<LatLon>,
        /// Its class.
        class: RoadClass,
        /// Lanes of one direction.
        lanes: u8,
        /// Limit, km/h.
        speed_kmh: u32,
        /// Also back.
        two_way: bool,
    },
}

/// A phase with the refs of what is green in it.
#[derive(Clone, Debug, PartialEq)]
pub struct PhaseEntry {
    /// From which link to which.
    pub movements: Vec<[String; 2]>,
    /// Green, yellow and all-red, seconds.
    pub times_s: [f32; 3],
}

/// A plan of a controller as a correction of the map.
pub fn plan_of(network: &RoadNetwork, controller: u32, plan: &SignalPlan) -> Correction {
    let controller = &network.controllers[controller as usize];
    let ends = |movement: MovementId| {
        let movement = network.movement(movement);
        [movement.from, movement.to].map(|l| network.link(l).ref_.to_string())
    };
    let phase = |phase: &Phase| PhaseEntry {
        movements: phase.groups.iter().flat_map(|g| &controller.groups[usize::from(*g)].movements).map(|m| ends(*m)).collect(),
        times_s: [phase.green_s, phase.yellow_s, phase.all_red_s],
    };
    Correction::Plan {
        junction: network.junction(controller.junction).ref_.to_string(),
        offset_s: plan.offset_s(),
        phases: plan.phases().iter().map(phase).collect(),
    }
}

/// What a new road between two junctions may be called, which nothing in the map is.
pub fn new_ref(network: &RoadNetwork, from: &str, to: &str) -> String {
    let short = |r: &str| r.rsplit(':').next().unwrap_or(r).to_owned();
    let name = format!("local:{}-{}", short(from), short(to));
    let is_free = |name: &String| !network.links.iter().any(|l| l.ref_.as_str() == name);
    let numbered = (2..).map(|n| format!("{name}-{n}"));
    std::iter::once(name.clone()).chain(numbered).find(is_free).expect("there are more numbers than roads")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn list(all: &[String]) -> String {
    all.iter().map(|t| quoted(t)).collect::<Vec<_>>().join(", ")
}

impl Correction {
    /// The entry of the file.
    pub fn entry(&self) -> String {
        let mut text = String::new();
        let mut line = |key: &str, value: String| {
            let _ = writeln!(text, "{key} = {value}");
        };
        let kind = match self {
            Self::Link { link, both, lanes, width_dm, speed_kmh } => {
                line("ref", quoted(link));
                if *both {
                    line("both_directions", "true".into());
                }
                if let Some(lanes) = lanes {
                    line("lanes", lanes.to_string());
                }
                if let Some(dm) = width_dm {
                    line("width", format!("\"{}.{} m\"", dm / 10, dm % 10));
                }
                if let Some(kmh) = speed_kmh {
                    line("speed", format!("\"{kmh} km/h\""));
                }
                "link"
            }
            Self::Remove { link, both } => {
                line("ref", quoted(link));
                if *both {
                    line("both_directions", "true".into());
                }
                line("remove", "true".into());
                "link"
            }
            Self::Turn { from, to, allow } => {
                line("from", quoted(from));
                line("to", quoted(to));
                line(if *allow { "allow" } else { "ban" }, "true".into());
                "turn"
            }
            Self::Signal { junction, has } => {
                line("junction", quoted(junction));
                if !has {
                    line("remove", "true".into());
                }
                "signal"
            }
            Self::Plan { junction, offset_s, phases } => {
                line("junction", quoted(junction));
                line("offset", format!("\"{offset_s:.1} s\""));
                for PhaseEntry { movements, times_s } in phases {
                    let pairs: Vec<String> = movements.iter().map(|pair| format!("[{}]", list(pair))).collect();
                    let _ = write!(text, "[[signal.phase]]\nmovements = [{}]\n", pairs.join(", "));
                    for (key, time_s) in ["green", "yellow", "all_red"].into_iter().zip(times_s) {
                        let _ = writeln!(text, "{key} = \"{time_s:.1} s\"");
                    }
                }
                "signal"
            }
            Self::Merge { junctions } => {
                line("junctions", format!("[{}]", list(junctions)));
                "merge"
            }
            Self::Split { nodes } => {
                line("nodes", format!("[{}]", list(nodes)));
                "split"
            }
            Self::NewLink { link, from, to, via, class, lanes, speed_kmh, two_way } => {
                line("ref", quoted(link));
                line("from", quoted(from));
                line("to", quoted(to));
                if !via.is_empty() {
                    // Six places are a tenth of a metre.
                    let places: Vec<String> = via.iter().map(|p| format!("[{:.6}, {:.6}]", p.lat, p.lon)).collect();
                    line("via", format!("[{}]", places.join(", ")));
                }
                let spelt = ROAD_CLASSES.iter().find(|(_, c)| c == class).map_or("residential", |(name, _)| name);
                line("class", quoted(spelt));
                line("lanes", lanes.to_string());
                line("speed", format!("\"{speed_kmh} km/h\""));
                line("two_way", two_way.to_string());
                "new_link"
            }
        };
        format!("{MARK}\n[[{kind}]]\n{text}")
    }
}

fn old_text(file: &Path) -> Result<String, String> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(e) => Err(format!("{}: {e}", file.display())),
    }
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    write_file(file, text.as_bytes()).map_err(|e| e.to_string())
}

/// Writes a correction behind those that a file has, if the map takes it.
///
/// # Errors
/// In words: the map does not take it, it says so already, or the file cannot be written. Nothing is written then.
pub fn add(file: &Path, correction: &Correction, network: &RoadNetwork) -> Result<(), String> {
    let (entry, name) = (correction.entry(), file.display().to_string());
    let alone = Corrections::parse(&name, &entry).map_err(|e| e.to_string())?;
    // Nodes are kept apart while the map is read: only that can tell whether it works.
    if !matches!(correction, Correction::Split { .. }) {
        let (_, report) = corrections::apply(network.clone(), &alone).map_err(|e| e.to_string())?;
        let fails = |o: Outcome| matches!(o, Outcome::Stale | Outcome::Refused | Outcome::WithoutEffect);
        if let Some(remark) = report.remarks.iter().find(|r| fails(r.outcome)) {
            return Err(format!("{}: {}", remark.ref_, remark.message));
        }
    }
    let old = old_text(file)?;
    let gap = if old.is_empty() || old.ends_with("\n\n") { "" } else { "\n" };
    let new = format!("{old}{gap}{entry}");
    Corrections::parse(&name, &new).map_err(|e| e.to_string())?;
    write(file, &new)
}

/// How many corrections at the end of a file were made in the window.
pub fn count(file: &Path) -> usize {
    fs::read_to_string(file).map_or(0, |text| text.matches(MARK).count())
}

/// Takes the last correction that the window wrote out of a file.
///
/// # Errors
/// There is none, or something else was written behind it.
pub fn undo(file: &Path) -> Result<(), String> {
    let text = old_text(file)?;
    let Some(at) = text.rfind(MARK) else { return Err(format!("{}: no correction from the window", file.display())) };
    let last = Corrections::parse(&file.display().to_string(), &text[at..]).map_err(|e| e.to_string())?;
    if last.len() != 1 {
        return Err(format!("{}: something was written behind the last correction from the window; take it out by hand", file.display()));
    }
    let rest = text[..at].trim_end_matches('\n');
    write(file, &if rest.is_empty() { String::new() } else { format!("{rest}\n") })
}

/// The same map with its corrections.
///
/// # Errors
/// The file's path has no place in a setting.
pub fn reopened(opened: &Opened) -> Result<Wanted, String> {
    let mut wanted = opened.wanted.clone();
    let setting = format!("import.corrections={}", quoted(&opened.corrections.display().to_string())).parse()?;
    if !wanted.settings.contains(&setting) {
        wanted.settings.push(setting);
    }
    Ok(wanted)
}

/// Writes corrections and opens the map again.
pub struct CorrectPlugin;

impl Plugin for CorrectPlugin {
    fn build(&self, app: &mut App) {
        app.add_systems(Update, grant_corrections.after(crate::wishes::grant));
    }
}

fn grant_corrections(
    mut asked: MessageReader<Asked>,
    (loaded, language): (Res<Loaded>, Res<Language>),
    (mut desk, mut opening): (ResMut<TheDesk>, ResMut<TheOpening>),
) {
    for Asked(wish) in asked.read() {
        let Some(opened) = &loaded.0 else { continue };
        let done = match wish {
            Wish::Correct(correction) => add(&opened.corrections, correction, &opened.network),
            Wish::UndoCorrection => undo(&opened.corrections),
            _ => continue,
        };
        let again = done.and_then(|()| reopened(opened)).and_then(|w| Opening::start(w).map_err(|e| e.to_string()));
        match again {
            Ok(started) => {
                desk.0.tell(text::written(language.0, opened.corrections.display()));
                opening.0 = Some(started);
            }
            Err(why) => desk.0.tell(text::refused(language.0, why)),
        }
    }
}
