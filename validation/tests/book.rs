//! The written word holds together: every chapter listed is there, every page there is listed, every relative link leads somewhere.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_path_buf()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The targets of `[text](target)` and `![text](target)` outside code.
fn links(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in markdown.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        }
        if in_block {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect();
        for piece in prose.split("](").skip(1) {
            if let Some((target, _)) = piece.split_once(')') {
                found.push(target.split_whitespace().next().unwrap_or_default().to_owned());
            }
        }
    }
    found
}

fn markdown_under(folder: &Path) -> Vec<PathBuf> {
    let mut pages = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages.extend(markdown_under(&path));
        } else if path.extension().is_some_and(|e| e == "md") {
            pages.push(path);
        }
    }
    pages.sort();
    pages
}

#[test]
fn the_table_of_contents_and_the_pages_agree() {
    let source = root().join("docs/src");
    let listed: BTreeSet<PathBuf> = links(&read(&source.join("SUMMARY.md"))).iter().map(|l| source.join(l)).collect();
    let there: BTreeSet<PathBuf> = markdown_under(&source).into_iter().filter(|p| !p.ends_with("SUMMARY.md")).collect();
    let missing: Vec<_> = listed.difference(&there).collect();
    let unlisted: Vec<_> = there.difference(&listed).collect();
    assert!(missing.is_empty(), "SUMMARY.md lists what is not there: {missing:?}");
    assert!(unlisted.is_empty(), "SUMMARY.md does not list {unlisted:?}");
    assert!(there.len() >= 4);
}

#[test]
fn every_relative_link_leads_somewhere() {
    let root = root();
    let mut pages = markdown_under(&root.join("docs"));
    pages.extend(["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(|p| root.join(p)));
    let mut checked = 0;
    for page in pages {
        for link in links(&read(&page)) {
            if link.contains("://") || link.starts_with('#') || link.starts_with("mailto:") {
                continue;
            }
            let target = page.parent().unwrap().join(link.split('#').next().unwrap());
            assert!(target.exists(), "{}: the link {link} leads nowhere", page.strip_prefix(&root).unwrap().display());
            checked += 1;
        }
    }
    assert!(checked > 10, "only {checked} links were found");
}

#[test]
fn links_in_code_are_no_links() {
    let text = "see [a](x.md) and ![b](y.png \"title\")\n```\n[c](z.md)\n```\n`[d](w.md)`";
    assert_eq!(links(text), ["x.md", "y.png"]);
}
