//! `agtwin new`: writes an example scenario to a folder.

use super::{
    args::NewArgs,
    exit::{Failure, print},
};
use crate::scenario::{
    error::nearest,
    source::{EXAMPLES, example},
};
use std::{fs, path::Path};

/// Writes the example and says what to do with it.
///
/// # Errors
/// No such example, a folder that is taken, a disk that says no.
pub(super) fn new(args: &NewArgs) -> Result<(), Failure> {
    let Some(example) = example(&args.from) else {
        let hint = nearest(&args.from, EXAMPLES.iter().map(|e| e.name)).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        let list: Vec<_> = EXAMPLES.iter().map(|e| format!("\n  {}: {}", e.name, e.about)).collect();
        return Err(Failure::Usage(format!("there is no example `{}`{hint} Examples:{}", args.from, list.concat())));
    };
    let folder = args.folder.as_path();
    if folder.exists() && !fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none()) {
        return Err(Failure::Output(format!("`{}` already exists and is not an empty folder; give a new name", folder.display())));
    }
    fs::create_dir_all(folder).map_err(|e| cannot_write(folder, &e))?;
    let mut said = String::new();
    for (name, text) in example.files {
        let path = folder.join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|e| cannot_write(parent, &e))?;
        }
        fs::write(&path, text).map_err(|e| cannot_write(&path, &e))?;
        said.push_str(&format!("wrote {}\n", path.display()));
    }
    let scenario = folder.join("scenario.toml");
    said.push_str(&format!("Change what you like, then: agtwin run {}\n", scenario.display()));
    print(&said)
}

fn cannot_write(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Output(format!("`{}` cannot be written: {error}", path.display()))
}
