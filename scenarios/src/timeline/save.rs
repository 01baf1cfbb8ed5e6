//! The branch on screen as a scenario file.

use super::{Timeline, TimelineError};
use crate::{
    run::map::EMBEDDED,
    scenario::{area::Area, file::ScenarioFile, source::Source},
};
use std::{
    fs,
    path::{Path, PathBuf},
};

impl Timeline {
    /// The branch on screen as a scenario whose files lie where those of the first one do. Run headless it comes to the same state.
    pub fn scenario(&self) -> ScenarioFile {
        let branch = &self.branches[self.on_screen];
        let mut file = self.session.found.scenario.parsed.file.clone();
        file.seed = self.seed;
        file.interventions.extend(branch.edits.iter().map(|e| e.table.clone()));
        if branch.from.is_some() {
            file.name = format!("{}-{}", file.name, branch.name);
        }
        file
    }

    /// Writes it as a file, which names the files of the first scenario by their full paths where it lies elsewhere; those that travel with
    /// the program are written beside it.
    ///
    /// # Errors
    /// A file that cannot be written, or another one in its place.
    pub fn save(&self, path: &Path) -> Result<(), TimelineError> {
        let mut file = self.scenario();
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        match &self.session.found.source {
            Source::Embedded(example) => {
                for (name, text) in example.files.iter().filter(|(name, _)| !name.ends_with(".toml") || name.contains('/')) {
                    write_beside(&folder.join(name), text)?;
                }
            }
            Source::Folder(from) => {
                let same = |a: &Path, b: &Path| matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b);
                let from = if from.as_os_str().is_empty() { PathBuf::from(".") } else { from.clone() };
                if !same(&from, folder) {
                    name_fully(&mut file, &fs::canonicalize(&from).unwrap_or(from));
                }
            }
        }
        let text = toml::to_string(&file).map_err(|e| write_error(path, std::io::Error::other(e)))?;
        fs::write(path, text).map_err(|e| write_error(path, e))
    }
}

fn write_error(path: &Path, error: std::io::Error) -> TimelineError {
    TimelineError::Write { path: path.to_owned(), error }
}

fn write_beside(path: &Path, text: &str) -> Result<(), TimelineError> {
    match fs::read(path) {
        Ok(there) if there == text.as_bytes() => Ok(()),
        Ok(_) => Err(TimelineError::InTheWay(path.to_owned())),
        Err(_) => {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(|e| write_error(folder, e))?;
            }
            fs::write(path, text).map_err(|e| write_error(path, e))
        }
    }
}

/// Names every file by its full path.
fn name_fully(file: &mut ScenarioFile, folder: &Path) {
    let full = |name: &mut String| {
        *name = folder.join(&*name).to_string_lossy().into_owned();
    };
    if file.map != EMBEDDED || folder.join(EMBEDDED).exists() {
        full(&mut file.map);
    }
    let demand = &mut file.demand;
    let mut names = vec![&mut demand.counts, &mut demand.detectors, &mut demand.zones, &mut demand.od, &mut demand.trips];
    names.push(&mut file.register);
    if let Some(import) = &mut file.import {
        names.extend([&mut import.region, &mut import.corrections]);
    }
    let areas = file.interventions.iter_mut().flat_map(|t| [t.area.as_mut(), t.origin.as_mut(), t.destination.as_mut()]).flatten();
    names.extend(areas.filter_map(|a| match a {
        Area::Shape(shape) => Some(&mut shape.polygon),
        Area::Named(_) => None,
    }));
    names.into_iter().flatten().for_each(full);
}
