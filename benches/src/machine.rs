//! The machine that numbers were measured on, in one line.

use std::{fs, process::Command};

/// Processor, cores, memory, system and compiler, as far as they can be found out.
pub fn describe() -> String {
    let cpu = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "processor unknown".into());
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|t| t.split_whitespace().next()?.parse::<f64>().ok())
        .map_or_else(|| "memory unknown".into(), |kib| format!("{:.0} GiB", kib / 1024.0 / 1024.0));
    let rustc = Command::new("rustc").arg("--version").output().ok().and_then(|o| String::from_utf8(o.stdout).ok());
    let rustc = rustc.map_or_else(|| "rustc unknown".into(), |t| t.trim().to_owned());
    format!("{cpu}, {cores} cores, {memory}, {} {}, {rustc}", std::env::consts::OS, std::env::consts::ARCH)
}

/// Time that all threads of this process have spent on a core so far, seconds; what other programs do meanwhile hardly changes it.
/// `None` where the system does not say.
pub fn core_s() -> Option<f64> {
    let mut ns = 0u64;
    for task in fs::read_dir("/proc/self/task").ok()? {
        // A thread that ends just now has nothing to add.
        let text = fs::read_to_string(task.ok()?.path().join("schedstat")).unwrap_or_default();
        ns += text.split_whitespace().next().and_then(|t| t.parse::<u64>().ok()).unwrap_or_default();
    }
    (ns > 0).then_some(ns as f64 * 1e-9)
}

/// How many processes wanted a core in the last minute, on average; `None` where the system does not say.
pub fn load() -> Option<f64> {
    fs::read_to_string("/proc/loadavg").ok()?.split_whitespace().next()?.parse().ok()
}

/// The load before and after the run, for people. The run itself makes about 1 to 2 of the second number.
pub fn load_words(before: Option<f64>, after: Option<f64>) -> String {
    match (before, after) {
        (Some(before), Some(after)) => format!("load {before:.1} before the run, {after:.1} after it"),
        _ => "load unknown".into(),
    }
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|l| l.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    #[test]
    #[cfg(target_os = "linux")]
    fn core_time_grows_with_work() {
        let (begin, clock) = (super::core_s().unwrap(), std::time::Instant::now());
        let mut x = 1u64;
        while clock.elapsed().as_millis() < 1_000 {
            x = std::hint::black_box(x.wrapping_mul(6_364_136_223_846_793_005));
        }
        let worked = super::core_s().unwrap() - begin;
        // How much of the second a busy machine gave us is not ours to say.
        assert!(worked > 0.02, "worked {worked} s");
    }
}
