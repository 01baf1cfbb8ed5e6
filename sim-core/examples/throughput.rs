//! How many vehicle-updates a second one core makes: `cargo run --release -p agtwin-sim-core --example throughput [NAME [THREADS [conflicts]]]`.

#[path = "../tests/common/mod.rs"]
mod common;
use common::*;
use sim_core::simulation::{SimConfig, Simulation};
use std::time::Instant;

fn main() {
    let only = std::env::args().nth(1);
    let threads = std::env::args().nth(2).and_then(|n| n.parse().ok());
    let conflicts = std::env::args().nth(3).is_some_and(|word| word == "conflicts");
    let wanted = |name: &str| only.as_deref().is_none_or(|only| name.contains(only));
    if wanted("approach") {
        let (network, names) = approach(3, 3000.0, 3000.0, true);
        let trips = demand(&network, &["main1"], &[names.last().expect("an exit")], TRUCKS, 12_000.0, 1200.0, 1);
        measure("approach: 3 km before a signal, 80 % motorcycles", simulation(&network, trips, 0.5), 0.0, 1200.0);
    }
    if wanted("town") {
        let (network, ins, outs) = grid(10, 2, Kind::Signal(25.0));
        for per_hour in [4_000.0, 12_000.0, 20_000.0] {
            let trips = demand(&network, &strs(&ins), &strs(&outs), CITY, per_hour, 1200.0, 1);
            measure(&format!("town: 10 × 10 grid, {per_hour} trips an hour"), simulation(&network, trips, 0.5), 0.0, 1500.0);
        }
    }
    for (mix_name, mix) in [("moto", CITY), ("cars", CARS)] {
        for (n, per_lane_km, count) in
            [(10usize, 12.0, 2_000usize), (10, 40.0, 5_900), (30, 15.0, 20_000), (30, 40.0, 53_000), (60, 19.0, 100_000)]
        {
            let name = format!("grid-{mix_name}-{n}-{per_lane_km}");
            if !wanted(&name) {
                continue;
            }
            let (network, ..) = grid_of(n, 200.0, 2, Kind::Signal(27.0));
            let trips = prefilled(&network, count, mix, 16, 1);
            for threads in threads.map_or(vec![1, 2], |n| vec![n]) {
                let config = SimConfig { threads, conflicts, ..config(1.0) };
                let simulation = Simulation::new(network.clone(), Default::default(), trips.clone(), vec![], config).expect("a simulation");
                measure(&format!("{name}: {count} prefilled, {threads} threads"), simulation, 12.0, 72.0);
            }
        }
    }
}

/// Runs to `until_s`; counts from `from_s` on.
fn measure(name: &str, mut simulation: Simulation, from_s: f64, until_s: f64) {
    while simulation.time_s() < from_s {
        simulation.step();
    }
    let (mut updates, mut most) = (0u64, 0);
    let (start, cpu) = (Instant::now(), cpu_s());
    while simulation.time_s() < until_s {
        simulation.step();
        let on_road = simulation.population().on_road;
        updates += on_road;
        most = most.max(on_road);
    }
    let took = start.elapsed().as_secs_f64();
    let cpu = if cpu_s() > cpu { cpu_s() - cpu } else { took };
    println!(
        "{name}: {updates} vehicle-updates, {:.2} million a second, {:.2} million a core-second, up to {most} on the road, {:?}",
        updates as f64 / took / 1e6,
        updates as f64 / cpu / 1e6,
        simulation.population()
    );
}

/// Time on a core of all threads up to now, seconds, where the system tells it (Linux); 0 elsewhere.
fn cpu_s() -> f64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let ns = |dir: std::fs::DirEntry| -> Option<f64> {
        std::fs::read_to_string(dir.path().join("schedstat")).ok()?.split(' ').next()?.parse().ok()
    };
    threads.flatten().filter_map(ns).sum::<f64>() * 1e-9
}
