//! The list of packages that `agtwin licences` prints holds what cargo builds the program from, and nothing that is gone.

#![expect(clippy::unwrap_used, reason = "the panic of a test is its report, in its helpers too")]

use cargo_metadata::{DependencyKind, MetadataCommand};
use std::{collections::BTreeSet, env, fs, path::Path, process::Command};

fn crate_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn host() -> String {
    let version = String::from_utf8(Command::new("rustc").arg("-vV").output().unwrap().stdout).unwrap();
    version.lines().find_map(|l| l.strip_prefix("host: ")).unwrap().to_owned()
}

/// What the program is built from on one platform, or on any: name, version, licence, home.
fn packages(platform: Option<&str>) -> Vec<[String; 4]> {
    let mut options = vec!["--locked".to_owned()];
    options.extend(platform.iter().flat_map(|p| ["--filter-platform".to_owned(), (*p).to_owned()]));
    let metadata = MetadataCommand::new().manifest_path(crate_root().join("Cargo.toml")).other_options(options).exec().unwrap();
    let resolve = metadata.resolve.as_ref().unwrap();
    let own = metadata.packages.iter().find(|p| p.name.as_str() == "agtwin-scenarios").unwrap();
    let (mut seen, mut open) = (BTreeSet::from([own.id.clone()]), vec![own.id.clone()]);
    while let Some(id) = open.pop() {
        let node = resolve.nodes.iter().find(|n| n.id == id).unwrap();
        for dep in node.deps.iter().filter(|d| d.dep_kinds.iter().any(|k| k.kind == DependencyKind::Normal)) {
            if seen.insert(dep.pkg.clone()) {
                open.push(dep.pkg.clone());
            }
        }
    }
    let foreign = metadata.packages.iter().filter(|p| seen.contains(&p.id) && p.source.is_some());
    let mut rows: Vec<_> = foreign
        .map(|p| {
            let licence = p.license.clone().unwrap_or_else(|| "see its home".into());
            [p.name.to_string(), p.version.to_string(), licence, p.repository.clone().unwrap_or_default()]
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn the_list_of_packages_is_current() {
    let file = crate_root().join("src/cli/packages.txt");
    if env::var_os("AGTWIN_REFRESH").is_some() {
        let lines: Vec<_> = packages(None).iter().map(|row| format!("{}\n", row.join("\t"))).collect();
        fs::write(&file, lines.concat()).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap();
    let kept: BTreeSet<&str> = kept.lines().collect();
    let how = "refresh it with: AGTWIN_REFRESH=1 cargo test -p agtwin-scenarios --test licences";
    for row in packages(Some(&host())) {
        let line = row.join("\t");
        assert!(kept.contains(line.as_str()), "src/cli/packages.txt lacks `{line}`; {how}");
    }
    let lock = fs::read_to_string(crate_root().parent().unwrap().join("Cargo.lock")).unwrap();
    for line in kept {
        let mut fields = line.split('\t');
        let (name, version) = (fields.next().unwrap(), fields.next().unwrap());
        let locked = format!("name = \"{name}\"\nversion = \"{version}\"");
        assert!(lock.contains(&locked), "src/cli/packages.txt has {name} {version}, which is not in Cargo.lock; {how}");
    }
}

#[test]
fn every_licence_goes_with_ours() {
    let allowed = [
        "MIT",
        "MIT-0",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Zlib",
        "Unicode-3.0",
        "Unlicense",
        "0BSD",
        "CC0-1.0",
        "BSL-1.0",
        "MPL-2.0",
    ];
    for [name, version, licence, _] in packages(Some(&host())) {
        let normal = licence.replace('/', " OR ").replace(['(', ')'], "");
        // One of the choices, each part of it, must be a licence we may ship with.
        let fits = normal.split(" OR ").any(|choice| choice.split(" AND ").all(|part| allowed.contains(&part.trim())));
        assert!(fits, "{name} {version}: {licence}");
    }
}

#[test]
fn licences_are_there_for_programs_too() {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_agtwin")).args(["licences", "--format", "json"]).output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = said["packages"].as_array().unwrap();
    assert!(packages.len() > 50 && packages.iter().all(|p| p["licence"].as_str().is_some_and(|l| !l.is_empty())), "{said}");
}
