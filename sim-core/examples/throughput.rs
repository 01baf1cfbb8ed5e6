//! How many vehicle-updates a second one core makes: `cargo run --release -p agtwin-sim-core --example throughput`.

#[path = "../tests/common/mod.rs"]
mod common;
use common::*;
use std::time::Instant;

fn main() {
    let (network, names) = approach(3, 3000.0, 3000.0, true);
    let trips = demand(&network, &["main1"], &[names.last().expect("an exit")], TRUCKS, 12_000.0, 1200.0, 1);
    measure("one signalised approach of 3 km, 80 % motorcycles", simulation(&network, trips, 0.5), 1200.0);
    let (network, ins, outs) = grid(10, 2, Kind::Signal(25.0));
    for per_hour in [4_000.0, 12_000.0, 20_000.0] {
        let trips = demand(&network, &strs(&ins), &strs(&outs), CITY, per_hour, 1200.0, 1);
        measure(&format!("10 × 10 grid, {per_hour} trips an hour"), simulation(&network, trips, 0.5), 1500.0);
    }
}

fn measure(name: &str, mut simulation: sim_core::simulation::Simulation, seconds: f64) {
    let (mut updates, mut most) = (0u64, 0);
    let start = Instant::now();
    while simulation.time_s() < seconds {
        simulation.step();
        let on_road = simulation.population().on_road;
        updates += on_road;
        most = most.max(on_road);
    }
    let took = start.elapsed().as_secs_f64();
    println!(
        "{name}: {updates} vehicle-updates in {took:.2} s, {:.2} million a second, up to {most} on the road, {:?}",
        updates as f64 / took / 1e6,
        simulation.population()
    );
}
