//! Our engine on a network and demand of SUMO's, for a comparison in one run: `peer NET.net.xml ROUTES.rou.xml [STEP_S [UNTIL_S [THREADS]]]`.
//!
//! Prints one line of JSON: vehicle-updates, vehicle-seconds, time on a core and by the clock (reading and routing left out), the memory peak.

use benches::{machine, memory};
use maps::import::{ImportOptions, import_file};
use scenarios::demand::{
    routing::{Router, RouterSettings},
    sumo::parse_routes,
};
use sim_core::{
    class::ClassTable,
    simulation::{SimConfig, Simulation},
};
use std::{error::Error, fs, path::Path, process::ExitCode, sync::Arc, time::Instant};

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("peer: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<String, Box<dyn Error>> {
    let [net, routes, more @ ..] = args else { return Err("expected NET.net.xml ROUTES.rou.xml [STEP_S [UNTIL_S [THREADS]]]".into()) };
    let number = |i: usize, default: f64| more.get(i).map_or(Ok(default), |text| text.parse());
    let (step_s, until_s, threads) = (number(0, 1.0)?, number(1, 60.0)?, number(2, 1.0)?);
    let network = Arc::new(import_file(Path::new(net), &ImportOptions::default())?.network);
    let router = Router::new(&network, &ClassTable::default(), RouterSettings { alternatives: 1, ..Default::default() });
    let drawn = parse_routes(routes, &fs::read(routes)?, &network, &router, 1)?;
    let without_a_way = drawn.unreachable_trips();
    let config = SimConfig {
        seed: 1,
        step_s: step_s as f32,
        start_s: 0.0,
        threads: threads as usize,
        interval_s: 900.0,
        conflicts: false,
        ..SimConfig::default()
    };
    let mut simulation = Simulation::new(network, ClassTable::default(), drawn.trips, vec![], config)?;
    let (begin, cpu_s) = (Instant::now(), machine::core_s().unwrap_or(0.0));
    let mut updates = 0u64;
    while simulation.time_s() < until_s - 1e-9 {
        simulation.step();
        updates += simulation.population().on_road;
    }
    let wall_s = begin.elapsed().as_secs_f64();
    let cpu_s = machine::core_s().map_or(wall_s, |now| now - cpu_s);
    let p = simulation.population();
    let peak_mib = memory::peak_mib().unwrap_or(0.0);
    Ok(format!(
        "{{\"updates\": {updates}, \"vehicle_s\": {}, \"cpu_s\": {cpu_s}, \"wall_s\": {wall_s}, \"peak_mib\": {peak_mib}, \
         \"on_road\": {}, \"waiting\": {}, \"arrived\": {}, \"without_a_way\": {without_a_way}}}",
        updates as f64 * step_s,
        p.on_road,
        p.waiting,
        p.arrived
    ))
}
