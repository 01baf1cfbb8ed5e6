//! The script that packs the programs: what is in the archive and in the `.deb`, and that the same programs give the same files.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Packs two small programs that stand for the real ones; the files that came of it, by name.
fn packed(into: &Path) -> Vec<PathBuf> {
    let programs = into.join("programs");
    fs::create_dir_all(&programs).unwrap();
    for program in ["agtwin", "agtwin-viewer"] {
        fs::copy("/bin/true", programs.join(program)).unwrap();
    }
    let out = into.join("out");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/package.sh");
    let done =
        Command::new("bash").arg(script).arg(&out).env("PROGRAMS", &programs).env("SOURCE_DATE_EPOCH", "1700000000").output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut files: Vec<PathBuf> = fs::read_dir(&out).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

/// What an archive lists.
fn listed(program: &str, arguments: &[&str], file: &Path) -> String {
    let done = Command::new(program).args(arguments).arg(file).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

#[test]
fn the_packages_hold_programs_papers_icon_and_menu_entry_and_are_the_same_each_time() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [first, second] = folders.each_ref().map(|f| packed(f.path()));
    assert_eq!(first.len(), second.len());
    for (a, b) in first.iter().zip(&second) {
        assert!(a.file_name() == b.file_name() && fs::read(a).unwrap() == fs::read(b).unwrap(), "{} is another each time", a.display());
    }
    let ends = |end: &str| first.iter().find(|f| f.to_string_lossy().ends_with(end));
    let archive = listed("tar", &["-tzf"], ends(".tar.gz").unwrap());
    let papers = ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "LICENCES.txt", "BeVietnamPro-LICENSE.txt"];
    for name in ["agtwin", "agtwin-viewer", "agtwin.svg", "agtwin-viewer.desktop"].iter().chain(&papers) {
        assert!(archive.lines().any(|l| l.ends_with(&format!("/{name}"))), "no {name} in\n{archive}");
    }
    // Where dpkg-deb is missing the script says so and makes no .deb.
    if let Some(deb) = ends(".deb") {
        let held = listed("dpkg-deb", &["-c"], deb);
        for path in ["/usr/bin/agtwin", "/usr/bin/agtwin-viewer", "/usr/share/applications/agtwin-viewer.desktop", "/apps/agtwin.svg"] {
            assert!(held.lines().any(|l| l.ends_with(path)), "no {path} in\n{held}");
        }
    }
}
