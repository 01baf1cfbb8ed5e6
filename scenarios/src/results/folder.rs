//! The folder of results: written beside its final place under a hidden name and renamed when everything is in it, so that whatever
//! carries its name is finished.

use super::error::ResultError;
use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

/// The file that makes a folder a result of a run.
pub const RUN_FILE: &str = "run.json";

/// The file that makes a folder a result of several seeds.
pub const SEEDS_FILE: &str = "seeds.json";

/// Hidden name of a folder that is still being written.
pub(super) const PARTIAL: &str = ".agtwin-partial-";

/// Where results will go; nothing is written there yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    folder: PathBuf,
    replace: bool,
}

impl Target {
    /// A folder the user named. With `force`, results in it are replaced when the new ones are complete.
    ///
    /// # Errors
    /// It is taken, or nothing can be written beside it.
    pub fn named(folder: &Path, force: bool) -> Result<Self, ResultError> {
        if folder.exists() && !is_empty_folder(folder) {
            if !force {
                return Err(ResultError::Taken(folder.to_owned()));
            }
            if !holds_results(folder) {
                return Err(ResultError::NotResults(folder.to_owned()));
            }
        }
        Self { folder: folder.to_owned(), replace: force }.writable()
    }

    /// `out/<name>` below `here`, or the first of `<name>-2`, `<name>-3` … that is free.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn default_below(here: &Path, name: &str) -> Result<Self, ResultError> {
        let base = here.join("out");
        let folder = (1..)
            .map(|n| if n == 1 { base.join(name) } else { base.join(format!("{name}-{n}")) })
            .find(|f| !f.exists())
            .expect("one number is free");
        Self { folder, replace: false }.writable()
    }

    /// Learns now rather than after the simulation that nothing can be written there.
    fn writable(self) -> Result<Self, ResultError> {
        let parent = parent_of(&self.folder);
        fs::create_dir_all(&parent).map_err(|e| at(&parent, e))?;
        Partial::folder_in(&parent)?;
        Ok(self)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Begins writing.
    ///
    /// # Errors
    /// Nothing can be written there.
    pub fn begin(&self) -> Result<Writing, ResultError> {
        Ok(Writing { partial: Partial::folder_in(&parent_of(&self.folder))?, target: self.clone() })
    }
}

/// Results being written. Dropped before [`Writing::finish`], it leaves nothing.
#[derive(Debug)]
pub struct Writing {
    partial: Partial,
    target: Target,
}

impl Writing {
    /// Writes one file; `name` may have a folder in it.
    ///
    /// # Errors
    /// What `write` says, or the system.
    pub fn file(&self, name: &str, write: impl FnOnce(&mut BufWriter<File>, &Path) -> Result<(), ResultError>) -> Result<(), ResultError> {
        let path = self.partial.0.join(name);
        let shown = self.target.folder.join(name);
        let fail = |error| ResultError::Io { path: shown.clone(), error };
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(fail)?;
        }
        let mut out = BufWriter::new(File::create(&path).map_err(fail)?);
        write(&mut out, &shown)?;
        // Flushed and synced here, where an error can still be told, not on drop, where it would be lost.
        out.flush().map_err(fail)?;
        out.get_ref().sync_all().map_err(fail)
    }

    /// Writes one file of text.
    ///
    /// # Errors
    /// What the system says.
    pub fn text(&self, name: &str, text: &str) -> Result<(), ResultError> {
        self.file(name, |out, path| out.write_all(text.as_bytes()).map_err(|e| at(path, e)))
    }

    /// Writes one file of bytes.
    ///
    /// # Errors
    /// What the system says.
    pub fn bytes(&self, name: &str, bytes: &[u8]) -> Result<(), ResultError> {
        self.file(name, |out, path| out.write_all(bytes).map_err(|e| at(path, e)))
    }

    /// Gives the folder its name.
    ///
    /// # Errors
    /// Its place was taken meanwhile, or the system says no.
    pub fn finish(self) -> Result<PathBuf, ResultError> {
        let Self { partial, target: Target { folder, replace } } = self;
        let fail = |error| at(&folder, error);
        if folder.exists() && !is_empty_folder(&folder) {
            if !replace {
                return Err(ResultError::Taken(folder));
            }
            let old = Partial::folder_in(&parent_of(&folder))?;
            let aside = old.0.join("old");
            fs::rename(&folder, &aside).map_err(fail)?;
            if let Err(error) = fs::rename(&partial.0, &folder) {
                let _ = fs::rename(&aside, &folder);
                return Err(fail(error));
            }
        } else {
            if folder.exists() {
                fs::remove_dir(&folder).map_err(fail)?;
            }
            fs::rename(&partial.0, &folder).map_err(fail)?;
        }
        Ok(folder)
    }
}

/// Writes one file whole or not at all: beside its place, then renamed.
///
/// # Errors
/// What the system says, e.g. a full disk.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ResultError> {
    if path.exists() && !path.is_file() {
        // A device or a pipe (`/dev/stdout`): nothing to rename.
        return fs::write(path, bytes).map_err(|e| at(path, e));
    }
    let parent = parent_of(path);
    let partial = Partial(Partial::name_in(&parent));
    let write = || {
        let mut file = File::create_new(&partial.0)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&partial.0, path)
    };
    write().map_err(|e| at(path, e))
}

/// A file or folder under a hidden name, removed when dropped unless it was renamed.
#[derive(Debug)]
struct Partial(PathBuf);

impl Partial {
    fn name_in(parent: &Path) -> PathBuf {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        parent.join(format!("{PARTIAL}{}-{number}", std::process::id()))
    }

    fn folder_in(parent: &Path) -> Result<Self, ResultError> {
        loop {
            let name = Self::name_in(parent);
            match fs::create_dir(&name) {
                Ok(()) => return Ok(Self(name)),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {} // Left by a run that was killed: take the next number.
                Err(e) => return Err(at(parent, e)),
            }
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let _ = if self.0.is_dir() { fs::remove_dir_all(&self.0) } else { fs::remove_file(&self.0) };
    }
}

fn at(path: &Path, error: io::Error) -> ResultError {
    ResultError::Io { path: path.to_owned(), error }
}

fn parent_of(path: &Path) -> PathBuf {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned()
}

fn is_empty_folder(path: &Path) -> bool {
    fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none())
}

/// Whether a folder is a result, of one seed or of several.
fn holds_results(folder: &Path) -> bool {
    folder.join(RUN_FILE).is_file() || folder.join(SEEDS_FILE).is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn written(target: &Target, text: &str) -> Result<PathBuf, ResultError> {
        let writing = target.begin()?;
        writing.text(RUN_FILE, text)?;
        writing.finish()
    }

    #[test]
    fn results_appear_whole_under_their_name() {
        let here = tempfile::tempdir().unwrap();
        let target = Target::named(&here.path().join("a/b"), false).unwrap();
        let writing = target.begin().unwrap();
        writing.text(RUN_FILE, "{}").unwrap();
        assert!(!target.folder().exists(), "nothing has the name before it is finished");
        writing.finish().unwrap();
        assert_eq!(names(target.folder()), [RUN_FILE]);
        assert_eq!(names(&here.path().join("a")), ["b"], "nothing else is left");
    }

    #[test]
    fn a_run_that_ends_early_leaves_nothing() {
        let here = tempfile::tempdir().unwrap();
        let target = Target::named(&here.path().join("b"), false).unwrap();
        let writing = target.begin().unwrap();
        writing.text(RUN_FILE, "{}").unwrap();
        drop(writing);
        assert_eq!(names(here.path()), Vec::<String>::new());
    }

    #[test]
    fn results_are_replaced_only_by_force_and_other_folders_never() {
        let here = tempfile::tempdir().unwrap();
        let folder = here.path().join("b");
        written(&Target::named(&folder, false).unwrap(), "old").unwrap();
        assert!(matches!(Target::named(&folder, false), Err(ResultError::Taken(_))));
        written(&Target::named(&folder, true).unwrap(), "new").unwrap();
        assert_eq!(fs::read_to_string(folder.join(RUN_FILE)).unwrap(), "new");
        assert_eq!(names(here.path()), ["b"]);

        let precious = here.path().join("c");
        fs::create_dir(&precious).unwrap();
        fs::write(precious.join("thesis.txt"), "years").unwrap();
        assert!(matches!(Target::named(&precious, true), Err(ResultError::NotResults(_))));
    }

    #[test]
    fn a_folder_taken_while_the_run_was_going_is_left_alone() {
        let here = tempfile::tempdir().unwrap();
        let target = Target::named(&here.path().join("b"), false).unwrap();
        written(&target, "first").unwrap();
        assert!(matches!(written(&target, "second"), Err(ResultError::Taken(_))));
        assert_eq!(fs::read_to_string(target.folder().join(RUN_FILE)).unwrap(), "first");
    }

    #[test]
    fn without_a_name_the_first_free_number_is_taken() {
        let here = tempfile::tempdir().unwrap();
        for name in ["x-seed1", "x-seed1-2", "x-seed1-3"] {
            let target = Target::default_below(here.path(), "x-seed1").unwrap();
            assert_eq!(target.folder(), here.path().join("out").join(name));
            written(&target, "{}").unwrap();
        }
    }

    #[test]
    fn a_file_is_written_whole_or_not_at_all() {
        let here = tempfile::tempdir().unwrap();
        let path = here.path().join("m.map");
        write_file(&path, b"one").unwrap();
        write_file(&path, b"two").unwrap();
        assert_eq!((fs::read(&path).unwrap(), names(here.path())), (b"two".to_vec(), vec!["m.map".to_owned()]));
        assert!(write_file(&here.path().join("no/such/folder"), b"x").is_err());
    }
}
