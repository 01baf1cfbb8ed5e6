//! A folder of many runs that can be interrupted: each finished run is a file of its own, written whole, so that starting again repeats none.
//!
//! While runs are going on the folder is called `<folder>.unfinished`. Its `plan.json` says what is being computed; a folder of another plan is
//! never gone on with. When everything is in it, it gets its name.

use super::{
    error::ResultError,
    folder::{PARTIAL, write_file},
};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The file that says what is being computed.
pub const PLAN_FILE: &str = "plan.json";

/// The file that makes a folder a result of a comparison.
pub const COMPARE_FILE: &str = "compare.json";

/// The file that makes a folder a result of a ranking.
pub const RANK_FILE: &str = "rank.json";

/// A folder of runs that is being filled.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    folder: PathBuf,
    work: PathBuf,
    replace: bool,
}

impl Batch {
    /// The batch of `plan` that will be called `folder`, gone on with where it was begun. With `replace`, a comparison that has the name is
    /// replaced when this one is whole.
    ///
    /// # Errors
    /// The name is taken, the unfinished folder is of another plan, or nothing can be written there.
    pub fn open(folder: &Path, plan: &str, replace: bool) -> Result<Self, ResultError> {
        check_free(folder, replace)?;
        let mut name = folder.as_os_str().to_owned();
        name.push(".unfinished");
        let batch = Self { folder: folder.to_owned(), work: PathBuf::from(name), replace };
        let plan_file = batch.work.join(PLAN_FILE);
        match fs::read(&plan_file) {
            Ok(found) if found == plan.as_bytes() => batch.sweep()?,
            Ok(_) => return Err(ResultError::OtherPlan(batch.work)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                if fs::read_dir(&batch.work).is_ok_and(|entries| entries.flatten().any(|e| !is_partial(&e.path()))) {
                    return Err(ResultError::OtherPlan(batch.work));
                }
                fs::create_dir_all(&batch.work).map_err(|error| ResultError::Io { path: batch.work.clone(), error })?;
                write_file(&plan_file, plan.as_bytes())?;
            }
            Err(error) => return Err(ResultError::Io { path: plan_file, error }),
        }
        Ok(batch)
    }

    /// Takes away what a killed process left half-written.
    fn sweep(&self) -> Result<(), ResultError> {
        for folder in [self.work.clone(), self.work.join("runs")] {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten().filter(|e| is_partial(&e.path())) {
                let path = entry.path();
                fs::remove_file(&path).map_err(|error| ResultError::Io { path, error })?;
            }
        }
        Ok(())
    }

    fn run_file(&self, name: &str) -> PathBuf {
        self.work.join("runs").join(format!("{name}.json"))
    }

    /// A finished run, if it is there.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn finished(&self, name: &str) -> Result<Option<String>, ResultError> {
        let path = self.run_file(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ResultError::Io { path, error }),
        }
    }

    /// Keeps a finished run: written beside its place and renamed, so that it is there whole or not at all.
    ///
    /// # Errors
    /// What the system says, e.g. a full disk.
    pub fn keep(&self, name: &str, text: &str) -> Result<(), ResultError> {
        let runs = self.work.join("runs");
        fs::create_dir_all(&runs).map_err(|error| ResultError::Io { path: runs, error })?;
        write_file(&self.run_file(name), text.as_bytes())
    }

    /// Writes a file of the whole.
    ///
    /// # Errors
    /// What the system says.
    pub fn text(&self, name: &str, text: &str) -> Result<(), ResultError> {
        self.bytes(name, text.as_bytes())
    }

    /// Writes a file of the whole from bytes.
    ///
    /// # Errors
    /// What the system says.
    pub fn bytes(&self, name: &str, bytes: &[u8]) -> Result<(), ResultError> {
        write_file(&self.work.join(name), bytes)
    }

    /// Gives the folder its name.
    ///
    /// # Errors
    /// The name was taken meanwhile, or the system says no.
    pub fn finish(self) -> Result<PathBuf, ResultError> {
        check_free(&self.folder, self.replace)?;
        let fail = |error| ResultError::Io { path: self.folder.clone(), error };
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(fail)?;
        }
        fs::rename(&self.work, &self.folder).map_err(fail)?;
        Ok(self.folder)
    }
}

/// Whether a comparison may have this name.
///
/// # Errors
/// It is taken.
pub fn check_free(folder: &Path, replace: bool) -> Result<(), ResultError> {
    let is_empty = || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if !folder.exists() || is_empty() {
        return Ok(());
    }
    if !replace {
        return Err(ResultError::Taken(folder.to_owned()));
    }
    if folder.join(COMPARE_FILE).is_file() || folder.join(RANK_FILE).is_file() {
        Ok(())
    } else {
        Err(ResultError::NotResults(folder.to_owned()))
    }
}

fn is_partial(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(PARTIAL))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_gone_on_with_and_loses_only_what_was_half_written() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("a");
        let batch = Batch::open(&folder, "plan", false).unwrap();
        batch.keep("base-1", "one").unwrap();
        fs::write(here.path().join("a.unfinished/runs").join(format!("{PARTIAL}99-0")), "ha").unwrap();
        drop(batch);
        assert!(!folder.exists());
        let again = Batch::open(&folder, "plan", false).unwrap();
        assert_eq!(again.finished("base-1").unwrap().as_deref(), Some("one"));
        assert_eq!(again.finished("base-2").unwrap(), None);
        assert_eq!(fs::read_dir(here.path().join("a.unfinished/runs")).unwrap().count(), 1, "half a run is none");
        again.text(COMPARE_FILE, "{}").unwrap();
        assert_eq!(again.finish().unwrap(), folder);
        assert!(folder.join(COMPARE_FILE).is_file() && !here.path().join("a.unfinished").exists());
    }

    #[test]
    fn another_plan_is_never_gone_on_with_and_a_taken_name_never_written_over() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("a");
        Batch::open(&folder, "plan", false).unwrap();
        let message = Batch::open(&folder, "other", false).unwrap_err().to_string();
        assert!(message.contains("a.unfinished") && message.contains("another comparison"), "{message}");
        fs::create_dir(here.path().join("b.unfinished")).unwrap();
        fs::write(here.path().join("b.unfinished/thesis.txt"), "years").unwrap();
        assert!(matches!(Batch::open(&here.path().join("b"), "plan", false), Err(ResultError::OtherPlan(_))));
        fs::create_dir(here.path().join("c")).unwrap();
        fs::write(here.path().join("c/thesis.txt"), "years").unwrap();
        assert!(matches!(Batch::open(&here.path().join("c"), "plan", false), Err(ResultError::Taken(_))));
        assert!(matches!(Batch::open(&here.path().join("c"), "plan", true), Err(ResultError::NotResults(_))));
    }
}
