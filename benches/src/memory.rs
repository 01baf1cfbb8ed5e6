//! Peak memory of a piece of work, measured in a process of its own.

use std::{
    fs,
    process::{Command, Stdio},
};

/// The variable that tells a child what to do.
pub const CHILD: &str = "AGTWIN_BENCH_CHILD";

/// The peak resident memory of this process so far, MiB; `None` where the system does not say.
pub fn peak_mib() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

/// Runs this very program again with `job` in [`CHILD`] and reads the peak memory that it prints, MiB.
///
/// # Errors
/// What went wrong, in words.
pub fn peak_of_child(job: &str) -> Result<f64, String> {
    let program = std::env::current_exe().map_err(|e| e.to_string())?;
    let output = Command::new(program).env(CHILD, job).stderr(Stdio::inherit()).output().map_err(|e| e.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().rev().find_map(|l| l.strip_prefix("peak MiB ")?.parse().ok()).ok_or_else(|| format!("the child for {job} printed no peak"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_peak_grows_with_what_is_touched() {
        let before = peak_mib().unwrap();
        let block = vec![1u8; 64 << 20];
        let after = peak_mib().unwrap();
        assert!(block.iter().step_by(4096).all(|b| *b == 1));
        assert!(after >= before + 32.0 || before > 64.0, "{before} MiB, then {after} MiB");
    }
}
