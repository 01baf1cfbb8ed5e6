//! What signal control costs: a town of 529 signals and 50 000 vehicles on the road under one controller, for so many steps. Instructions are
//! counted from outside, so that no clock decides:
//!
//! `valgrind --tool=cachegrind --cache-sim=no target/release/examples/control_cost advanced_max_pressure 20`
//!
//! and the same with 0 steps, which is what building the town takes.

#[path = "../tests/common/mod.rs"]
mod common;
use common::*;
use sim_core::{
    control::{Control, Controller, JunctionControl, Method, Needs, Rules, equip},
    ids::ControllerId,
    simulation::Simulation,
};

/// Junctions along one side of the town.
const SIDE: usize = 23;
/// Vehicles on the road at the beginning.
const VEHICLES: usize = 50_000;

fn main() {
    let mut args = std::env::args().skip(1);
    let name = args.next().unwrap_or_else(|| "fixed".into());
    let steps: u64 = args.next().and_then(|n| n.parse().ok()).unwrap_or(40);
    let Some(method) = Method::named(&name) else {
        eprintln!("no controller is called {name}; known: {}", Method::NAMES.join(", "));
        std::process::exit(2);
    };
    let (network, ..) = grid_of(SIDE, 200.0, 2, Kind::Signal(27.0));
    let trips = prefilled(&network, VEHICLES, CITY, 16, 1);
    let mut detectors = Vec::new();
    let junctions = (0..network.controllers.len())
        .map(|c| {
            let controller = ControllerId::from_index(c);
            let needs = method.needs();
            let sensors = if needs == Needs::Clock { Vec::new() } else { equip(&network, controller, needs, true, &mut detectors) };
            JunctionControl { controller, method: method.clone(), sensors, rules: Rules::default() }
        })
        .collect();
    let (signals, watched) = (network.controllers.len(), detectors.len());
    let control = Control { junctions, latency_s: 1.0, ..Control::default() };
    let simulation = Simulation::new(network, Default::default(), trips, detectors, config(0.5)).expect("a simulation");
    let mut simulation = simulation.with_control(&control).expect("a control");
    let mut on_road = 0;
    for _ in 0..steps {
        simulation.step();
        on_road += simulation.population().on_road;
    }
    let mean = on_road as f64 / (steps as f64).max(1.0);
    println!("{name}: {signals} signals, {watched} detectors, {steps} steps, {mean:.0} vehicles on the road on average");
}
