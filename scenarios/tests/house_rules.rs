//! The rules of the house that no compiler holds: which crate may lean on which, one ECS, one egui, no C font library, and a top
//! level with nothing in it but what belongs there.

#![expect(clippy::unwrap_used, reason = "the panic of a test is its report, in its helpers too")]

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    process::Command,
    sync::OnceLock,
};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// The tree as it is built on this machine; asked for once, because cargo locks its cache while it answers.
fn metadata() -> &'static Metadata {
    static METADATA: OnceLock<Metadata> = OnceLock::new();
    METADATA.get_or_init(|| {
        let version = Command::new("rustc").arg("-vV").output().unwrap().stdout;
        let version = String::from_utf8(version).unwrap();
        let host = version.lines().find_map(|l| l.strip_prefix("host: ")).unwrap();
        let options = ["--locked", "--filter-platform", host].map(str::to_owned).to_vec();
        MetadataCommand::new().manifest_path(root().join("Cargo.toml")).other_options(options).exec().unwrap()
    })
}

/// The folder of each crate of the house, and the crates it may lean on.
const ARROWS: &[(&str, &[&str])] = &[
    ("sim-core", &[]),
    ("maps", &["sim-core"]),
    ("scenarios", &["sim-core", "maps"]),
    ("viewer", &["sim-core", "maps", "scenarios"]),
    ("validation", &["sim-core", "maps", "scenarios"]),
    ("benches", &["sim-core", "maps", "scenarios"]),
];

/// Crates that need no window.
const HEADLESS: &[&str] = &["sim-core", "maps", "scenarios", "validation", "benches"];

fn folder(package: &Package) -> String {
    package.manifest_path.parent().unwrap().file_name().unwrap().to_owned()
}

fn members(metadata: &Metadata) -> BTreeMap<String, &Package> {
    metadata.workspace_packages().into_iter().map(|p| (folder(p), p)).collect()
}

/// Every package that `from` is built from, itself included: what cargo would compile for it, without what only its tests need.
fn built_from<'a>(metadata: &'a Metadata, from: &Package) -> BTreeSet<&'a PackageId> {
    let nodes: BTreeMap<_, _> = metadata.resolve.as_ref().unwrap().nodes.iter().map(|n| (&n.id, n)).collect();
    let start = nodes.keys().find(|id| ***id == from.id).unwrap();
    let (mut seen, mut open) = (BTreeSet::from([*start]), vec![*start]);
    while let Some(id) = open.pop() {
        for dep in nodes[id].deps.iter().filter(|d| d.dep_kinds.iter().any(|k| k.kind != DependencyKind::Development)) {
            if seen.insert(&dep.pkg) {
                open.push(&dep.pkg);
            }
        }
    }
    seen
}

fn names<'a>(metadata: &'a Metadata, ids: &BTreeSet<&PackageId>) -> BTreeSet<&'a str> {
    metadata.packages.iter().filter(|p| ids.contains(&p.id)).map(|p| p.name.as_str()).collect()
}

#[test]
fn each_crate_leans_only_on_crates_above_it() {
    let metadata = metadata();
    let members = members(metadata);
    let expected: BTreeSet<_> = ARROWS.iter().map(|(f, _)| (*f).to_owned()).collect();
    assert_eq!(members.keys().cloned().collect::<BTreeSet<_>>(), expected, "the crates of the house");
    let folder_of: BTreeMap<_, _> = members.iter().map(|(f, p)| (p.name.as_str(), f.as_str())).collect();
    for (from, allowed) in ARROWS {
        for dep in &members[*from].dependencies {
            if let Some(to) = folder_of.get(dep.name.as_str()) {
                let own_test_door = to == from && dep.kind == DependencyKind::Development;
                assert!(allowed.contains(to) || own_test_door, "`{from}` must not depend on `{to}`");
            }
        }
    }
}

#[test]
fn the_engine_depends_on_no_file_format() {
    let metadata = metadata();
    let engine = members(metadata)["sim-core"];
    let built = built_from(metadata, engine);
    for banned in ["osmpbf", "quick-xml", "csv", "toml", "parquet", "geojson", "clap", "bevy", "winit", "wgpu"] {
        assert!(!names(metadata, &built).contains(banned), "sim-core is built from `{banned}`");
    }
}

#[test]
fn there_is_one_ecs_and_at_most_one_egui() {
    let metadata = metadata();
    let versions =
        |name: &str| metadata.packages.iter().filter(|p| p.name.as_str() == name).map(|p| p.version.to_string()).collect::<Vec<_>>();
    assert_eq!(versions("bevy_ecs").len(), 1, "{:?}", versions("bevy_ecs"));
    assert_eq!(versions("egui").len(), 1, "{:?}", versions("egui"));
    assert_eq!(versions("bevy_egui").len(), 1, "{:?}", versions("bevy_egui"));
}

#[test]
fn headless_crates_take_the_ecs_alone_and_without_its_threads() {
    let metadata = metadata();
    for (name, package) in members(metadata).into_iter().filter(|(f, _)| HEADLESS.contains(&f.as_str())) {
        let built = built_from(metadata, package);
        for banned in ["bevy", "bevy_app", "bevy_render", "bevy_winit", "bevy_egui", "egui", "winit", "wgpu"] {
            assert!(!names(metadata, &built).contains(banned), "`{name}` is built from `{banned}`");
        }
        // The resolved features of a workspace are those of all its crates together, so ask what each crate itself asks for.
        for dep in package.dependencies.iter().filter(|d| d.name == "bevy_ecs") {
            assert!(!dep.uses_default_features, "`{name}` takes bevy_ecs with its default features");
            assert!(!dep.features.iter().any(|f| f == "multi_threaded"), "`{name}` takes bevy_ecs with `multi_threaded`");
        }
    }
}

#[test]
fn there_is_no_c_font_library_in_the_tree() {
    let metadata = metadata();
    let banned = [
        "freetype",
        "freetype-rs",
        "freetype-sys",
        "servo-freetype-sys",
        "fontconfig",
        "fontconfig-sys",
        "servo-fontconfig",
        "servo-fontconfig-sys",
        "yeslogic-fontconfig-sys",
        "font-kit",
        "harfbuzz-sys",
        "pango-sys",
        "cairo-sys-rs",
    ];
    let found: Vec<_> = metadata.packages.iter().filter(|p| banned.contains(&p.name.as_str())).map(|p| p.name.to_string()).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn every_crate_says_the_same_about_itself() {
    let metadata = metadata();
    for (name, package) in members(metadata) {
        assert_eq!(package.rust_version.as_ref().map(ToString::to_string).as_deref(), Some("1.95.0"), "{name}: rust-version");
        assert_eq!(package.edition.as_str(), "2024", "{name}: edition");
        assert_eq!(package.license.as_deref(), Some("MIT OR Apache-2.0"), "{name}: licence");
        assert_eq!(package.publish, Some(vec![]), "{name}: not for a registry");
        let manifest = fs::read_to_string(&package.manifest_path).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name}: takes the lints of the workspace");
    }
    let window: Vec<_> = metadata.workspace_default_packages().iter().map(|p| folder(p)).collect();
    assert_eq!(window, ["scenarios"], "`cargo run` means the main job");
}

#[test]
fn the_top_level_holds_what_belongs_there() {
    let folders = ["sim-core", "maps", "scenarios", "viewer", "validation", "benches", "docs"];
    let files = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "LICENSE-MIT",
        "LICENSE-APACHE",
        "clippy.toml",
        "rustfmt.toml",
        "rust-toolchain.toml",
    ];
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // Where cargo builds and a run writes by default: both are ignored by version control.
        if name.starts_with('.') || name == "target" || name == "out" {
            continue;
        }
        assert!(folders.contains(&name.as_str()) || files.contains(&name.as_str()), "`{name}` does not belong on the top level");
    }
    for name in folders.iter().filter(|f| **f != "docs") {
        assert!(root().join(name).join("Cargo.toml").is_file(), "`{name}` is missing");
    }
}
