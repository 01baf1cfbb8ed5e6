//! Where a scenario's files are read from: a folder on disk, or the examples that travel with the program.

use std::{
    fs,
    path::{Path, PathBuf},
    str,
};

/// An example scenario inside the program: its name and its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// Its name on the command line.
    pub name: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// Its files by name; one is `scenario.toml`.
    pub files: &'static [(&'static str, &'static str)],
}

/// The example that runs when nothing else is asked for.
pub const DEFAULT_EXAMPLE: &str = "long-xuyen-morning";

macro_rules! example_files {
    ($name:literal: $($file:literal),+ $(,)?) => {
        &[$(($file, include_str!(concat!("../../data/", $name, "/", $file)))),+]
    };
}

/// Every example.
pub const EXAMPLES: &[Example] = &[
    Example {
        name: DEFAULT_EXAMPLE,
        about: "Long Xuyên on a weekday morning, 06:30 to 08:30, on the embedded sketch map with illustrative counts",
        files: example_files!(
            "long-xuyen-morning": "scenario.toml",
            "detectors.csv",
            "counts.csv",
            "register/register.toml",
            "register/sensors.csv",
            "register/adaptive-signals.csv",
            "register/coverage-roads.csv",
            "register/coverage.geojson",
            "register/trackers.csv",
            "register/stations-parks.csv",
            "register/monitored-routes.csv",
            "register/managed-routes.csv",
            "register/road-categories.csv",
            "register/weigh-stations.csv",
            "register/freight-prices.csv",
            "register/external.csv",
        ),
    },
    Example {
        name: "long-xuyen-bridge",
        about: "Hoàng Diệu bridge in Long Xuyên closed for an hour; open.toml is the base, guided.toml tells half of the travellers",
        files: example_files!("long-xuyen-bridge": "scenario.toml", "open.toml", "guided.toml", "od.csv", "zones.csv"),
    },
    Example {
        name: "long-xuyen-market",
        about: "A bus line and car parks that run full in the centre of Long Xuyên, 06:30 to 08:00, with made-up demand",
        files: example_files!("long-xuyen-market": "scenario.toml", "od.csv", "zones.csv"),
    },
    Example {
        name: "long-xuyen-signals",
        about: "Long Xuyên's signals in a busy hour: coordinated.toml is the well-timed base, the others adapt, fail or give way",
        files: example_files!(
            "long-xuyen-signals": "scenario.toml",
            "coordinated.toml",
            "map-plans.toml",
            "speed-advice.toml",
            "max-pressure.toml",
            "advanced.toml",
            "faults.toml",
            "emergency.toml",
            "buses.toml",
            "od.csv",
            "zones.csv",
        ),
    },
    Example {
        name: "long-xuyen-questions",
        about: "One file for each question of the plan about Long Xuyên: adaptive signals, ambulances, Tết, trucks, electric vehicles, the ferry, the peak",
        files: example_files!(
            "long-xuyen-questions": "scenario.toml",
            "adaptive-ql91.toml",
            "ambulances.toml",
            "ambulances-preemption.toml",
            "tet.toml",
            "tet-bypass.toml",
            "trucks-off.toml",
            "electric-10.toml",
            "electric-80.toml",
            "no-ferry.toml",
            "spread-peak.toml",
            "od.csv",
            "od-tet.csv",
            "zones.csv",
        ),
    },
    Example {
        name: "ct34-av",
        about: "The motorway CT34 with platoons in half of its cars; by-hand.toml is the base, acc.toml and autonomous.toml have other systems",
        files: example_files!("ct34-av": "scenario.toml", "by-hand.toml", "acc.toml", "autonomous.toml", "od.csv"),
    },
    Example {
        name: "binh-long-shuttles",
        about: "Autonomous shuttles in the Bình Long industrial park among the motorcycles of a shift that begins",
        files: example_files!("binh-long-shuttles": "scenario.toml", "od.csv", "zones.csv"),
    },
    Example {
        name: "speed-assistance",
        about: "Coaches and trucks on CT34 that are held to the limit, with trackers; none.toml is the base, advisory.toml only warns",
        files: example_files!("speed-assistance": "scenario.toml", "none.toml", "advisory.toml", "od.csv", "zones.csv"),
    },
];

/// The example called `name`.
pub fn example(name: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|e| e.name == name)
}

impl Example {
    /// The files of it that are scenarios, the main one first.
    pub fn scenarios(&self) -> impl Iterator<Item = &'static str> {
        self.files.iter().map(|(name, _)| *name).filter(|name| name.ends_with(".toml") && !name.contains('/'))
    }
}

/// The example and its file that `EXAMPLE/FILE.toml` means.
pub fn example_file(name: &str) -> Option<(&'static Example, &str)> {
    let (folder, file) = name.split_once('/')?;
    example(folder).filter(|e| e.scenarios().any(|f| f == file)).map(|e| (e, file))
}

/// Where a scenario's files are.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// Inside the program.
    Embedded(&'static Example),
    /// On disk: paths are relative to this folder.
    Folder(PathBuf),
}

/// A file of a scenario: its name as the scenario gives it, how messages call it, and what is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceFile {
    /// The name in the scenario, with `/` between folders. It goes into results, so it holds no absolute path.
    pub name: String,
    /// What to call it in a message.
    pub shown: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl SourceFile {
    /// The text of the file.
    ///
    /// # Errors
    /// Not UTF-8: says where.
    pub fn text(&self) -> Result<&str, SourceError> {
        str::from_utf8(&self.bytes).map_err(|e| SourceError::NotText {
            file: self.shown.clone(),
            line: self.bytes[..e.valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1,
        })
    }
}

/// Why a file of a scenario could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// It is not there.
    #[error("there is no file `{}`{}", .path.display(), hint(.near.as_deref()))]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
        /// A file with a similar name in the same folder.
        near: Option<String>,
    },
    /// The program carries no such file.
    #[error("the example `{example}` has no file `{name}`; it has: {}", .has.join(", "))]
    NotEmbedded {
        /// The example.
        example: &'static str,
        /// The file.
        name: String,
        /// The files it has.
        has: Vec<&'static str>,
    },
    /// The system says no.
    #[error("`{}` cannot be read: {error}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// It is not UTF-8 text.
    #[error("{file}:{line}: not UTF-8 text; save the file as UTF-8")]
    NotText {
        /// The file.
        file: String,
        /// The line of the first bad byte.
        line: usize,
    },
}

fn hint(near: Option<&str>) -> String {
    near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default()
}

/// Reads a whole file; a missing one is named together with a near one.
///
/// # Errors
/// It is not there or cannot be read.
pub fn read_path(path: &Path) -> Result<Vec<u8>, SourceError> {
    fs::read(path).map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            SourceError::Missing { path: path.to_owned(), near: near_file(path) }
        } else {
            SourceError::Unreadable { path: path.to_owned(), error }
        }
    })
}

/// A file in the folder of `path` whose name is like its name.
pub fn near_file(path: &Path) -> Option<String> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut names: Vec<String> = fs::read_dir(folder).ok()?.filter_map(|e| e.ok()?.file_name().into_string().ok()).collect();
    names.sort();
    super::error::nearest(path.file_name()?.to_str()?, names.iter().map(String::as_str)).map(|n| {
        let near = folder.join(n);
        near.strip_prefix(".").unwrap_or(&near).display().to_string()
    })
}

impl Source {
    /// Reads the file the scenario calls `name`.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn read(&self, name: &str) -> Result<SourceFile, SourceError> {
        let file = |shown, bytes| SourceFile { name: portable(name), shown, bytes };
        match self {
            Self::Embedded(example) => match example.files.iter().find(|(n, _)| *n == name) {
                Some((_, text)) => Ok(file(format!("{}/{name}", example.name), text.as_bytes().to_vec())),
                None => Err(SourceError::NotEmbedded {
                    example: example.name,
                    name: name.to_owned(),
                    has: example.files.iter().map(|(n, _)| *n).collect(),
                }),
            },
            Self::Folder(folder) => {
                let path = folder.join(name);
                Ok(file(path.display().to_string(), read_path(&path)?))
            }
        }
    }

    /// Reads every file directly in the folder the scenario calls `name`, by name; hidden ones are passed over.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn read_folder(&self, name: &str) -> Result<Vec<SourceFile>, SourceError> {
        let mut names: Vec<String> = match self {
            Self::Embedded(example) => {
                let inside = |n: &&str| n.strip_prefix(name).and_then(|n| n.strip_prefix('/')).map(str::to_owned);
                example.files.iter().filter_map(|(n, _)| inside(n)).collect()
            }
            Self::Folder(folder) => {
                let path = folder.join(name);
                let unreadable = |error: std::io::Error| match error.kind() {
                    std::io::ErrorKind::NotFound => SourceError::Missing { near: near_file(&path), path: path.clone() },
                    _ => SourceError::Unreadable { path: path.clone(), error },
                };
                let entries: Result<Vec<_>, _> = fs::read_dir(&path).map_err(unreadable)?.collect();
                let files = entries.map_err(unreadable)?.into_iter().filter(|e| e.path().is_file());
                files.filter_map(|e| e.file_name().into_string().ok()).filter(|n| !n.starts_with('.')).collect()
            }
        };
        names.sort();
        names.iter().map(|n| self.read(&format!("{name}/{n}"))).collect()
    }

    /// Where the file the scenario calls `name` lies on disk; `None` inside the program.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        match self {
            Self::Embedded(_) => None,
            Self::Folder(folder) => Some(folder.join(name)),
        }
    }
}

/// A file name that says the same on every machine: an absolute path keeps only its last part.
pub fn portable(name: &str) -> String {
    let path = Path::new(name);
    if path.is_absolute() {
        path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
    } else {
        name.replace('\\', "/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Files below a folder, as an example names them.
    fn below(folder: &Path, prefix: &str) -> Vec<String> {
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
            if entry.path().is_dir() { names.extend(below(&entry.path(), &format!("{name}/"))) } else { names.push(name) }
        }
        names.sort();
        names
    }

    #[test]
    fn every_file_of_an_example_travels_with_the_program() {
        for example in EXAMPLES {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(example.name);
            let mut embedded: Vec<_> = example.files.iter().map(|(n, _)| (*n).to_owned()).collect();
            embedded.sort();
            assert_eq!(embedded, below(&folder, ""), "{}", example.name);
        }
    }

    #[test]
    fn a_folder_inside_the_program_reads_like_one_on_disk() {
        let embedded = Source::Embedded(&EXAMPLES[0]);
        let disk = Source::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(EXAMPLES[0].name));
        let files = |s: &Source| s.read_folder("register").unwrap().into_iter().map(|f| (f.name, f.bytes)).collect::<Vec<_>>();
        assert!(!files(&embedded).is_empty());
        assert_eq!(files(&embedded), files(&disk));
    }

    #[test]
    fn an_absolute_path_does_not_reach_the_results() {
        assert_eq!(portable("/home/somebody/counts.csv"), "counts.csv");
        assert_eq!(portable("data\\counts.csv"), "data/counts.csv");
    }
}
