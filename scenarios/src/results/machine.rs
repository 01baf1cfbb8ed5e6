//! `machine.json`: when and where a run was made and how long it took; the only file of a result that differs between machines.

use chrono::{DateTime, Local};
use serde::Serialize;
use std::{env, fs, thread, time::Duration};

/// When and where a run was made.
#[derive(Clone, Debug, Serialize)]
pub struct MachineRecord {
    schema_version: u32,
    started: String,
    host: Option<String>,
    os: &'static str,
    architecture: &'static str,
    cores: usize,
    threads: usize,
    /// Wall time of each part, seconds.
    load_s: f64,
    demand_s: f64,
    simulate_s: f64,
    /// Simulated time over wall time.
    speed_factor: f64,
}

/// How long the parts of a run took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timing {
    /// Reading the scenario and the map.
    pub load: Duration,
    /// Making the trips, fits included.
    pub demand: Duration,
    /// The simulation.
    pub simulate: Duration,
}

impl MachineRecord {
    /// The record of this machine.
    pub fn new(started: DateTime<Local>, threads: usize, timing: Timing, simulated_s: f64) -> Self {
        Self {
            schema_version: 1,
            started: started.to_rfc3339(),
            host: host(),
            os: env::consts::OS,
            architecture: env::consts::ARCH,
            cores: cores(),
            threads,
            load_s: timing.load.as_secs_f64(),
            demand_s: timing.demand.as_secs_f64(),
            simulate_s: timing.simulate.as_secs_f64(),
            speed_factor: simulated_s / timing.simulate.as_secs_f64().max(1e-9),
        }
    }
}

/// Cores the program may use.
pub fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

fn host() -> Option<String> {
    let from_kernel = || fs::read_to_string("/proc/sys/kernel/hostname").ok();
    let name = env::var("HOSTNAME").or_else(|_| env::var("COMPUTERNAME")).ok().or_else(from_kernel)?;
    Some(name.trim().to_owned()).filter(|n| !n.is_empty())
}
