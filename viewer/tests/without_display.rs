//! The program on a machine without a screen.

#![allow(clippy::unwrap_used, reason = "a test may unwrap: its panic is the report")]
#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
fn without_a_display_it_says_what_is_missing_and_what_works_without() {
    let run = Command::new(env!("CARGO_BIN_EXE_agtwin-viewer"))
        .args(["--lang", "en"])
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(3), "{said}");
    assert!(said.contains("There is no display") && said.contains("agtwin run"), "{said}");
}
