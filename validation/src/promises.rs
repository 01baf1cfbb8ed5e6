//! What a run promises, verified at every step by the engine's independent checker: nothing overlaps, nobody brakes beyond its limit, jumps,
//! gets lost or passes red; and a road cut into pieces discharges as the uncut one.

use crate::{
    check::{Check, Context, Measure, Trouble},
    osm_files::FILES,
    saturation::saturation_per_h,
    town::{Mix, grid, simulation, wanderers},
    tried::{traffic_between, try_import},
};
use sim_core::{
    check::Checker,
    class::{ClassTable, VehicleClass},
    network::RoadNetwork,
    simulation::{SimConfig, Simulation},
};
use std::{path::Path, process::Command, sync::Arc};

/// 80 % motorcycles.
pub const CITY: Mix<'static> = &[(VehicleClass::Motorcycle, 0.8), (VehicleClass::Car, 0.18), (VehicleClass::Bus, 0.02)];
/// 80 % motorcycles, 10 % articulated trucks.
pub const TRUCKS: Mix<'static> = &[(VehicleClass::Motorcycle, 0.8), (VehicleClass::ArticulatedTruck, 0.1), (VehicleClass::Car, 0.1)];
/// Cars only.
pub const CARS: Mix<'static> = &[(VehicleClass::Car, 1.0)];
/// Motorcycles only.
pub const MOTORCYCLES: Mix<'static> = &[(VehicleClass::Motorcycle, 1.0)];

/// Simulated time on the grids, seconds.
const GRID_S: f64 = 3_600.0;
/// Vehicles on the grids.
const GRID_VEHICLES: usize = 2_000;
/// Links a vehicle of the grids drives over: more than it can in the time.
const GRID_LINKS: usize = 400;
/// Simulated time on maps, seconds: each step is checked in full.
const MAP_S: f64 = 1_800.0;
/// Greens over which the saturation of a cut road is a mean: with fewer, chance alone makes a difference of 1 %.
const PIECES_GREENS: usize = 800;
/// The same where there are trucks, few and long: over 800 greens the same road with three draws of vehicles differed by 2 %.
const PIECES_GREENS_TRUCKS: usize = 2_400;
/// Begin of the time on maps, seconds after midnight.
const MAP_START_S: f64 = 7.0 * 3_600.0;

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    let mut checks = vec![
        Check::new("promise-grid-motorcycles", "10×10 grid, 2 000 vehicles, 80 % motorcycles, 3 600 s, every step checked", |_| {
            on_grid(CITY)
        }),
        Check::new("promise-grid-trucks", "the same with 10 % articulated trucks", |_| on_grid(TRUCKS)),
        Check::new("promise-embedded-map", "the embedded map with moderate traffic, 1 800 s, every step checked", |_| {
            on_map(Arc::new(maps::sketch::embedded().map_err(Trouble::broken)?.network))
        }),
    ];
    for name in ["osm-hanoi-centre", "osm-taipei"] {
        if let Some(file) = FILES.iter().find(|f| f.name == name) {
            let about = format!("{} with moderate traffic, 1 800 s, every step checked", file.about);
            let run = move |c: &Context| on_map(Arc::new(try_import(c, file)?.0));
            checks.push(Check::new(format!("promise-{}", name.trim_start_matches("osm-")), about, run));
        }
    }
    checks.push(Check::new("promise-release-bits", "the tests of `bits` once more, in the release build: the same golden hash", |_| {
        release_bits()
    }));
    checks.push(Check::new("promise-pieces", "a road cut into pieces discharges as the uncut one", |_| pieces()));
    checks
}

/// Runs `simulation` for `seconds` and verifies each step.
///
/// # Errors
/// The first promise that was broken.
pub fn checked(simulation: &mut Simulation, seconds: f64) -> Result<Vec<Measure>, Trouble> {
    let trips = simulation.trips().len() as f64;
    let mut checker = Checker::new(simulation);
    let until = simulation.time_s() + seconds;
    let mut most = 0;
    while simulation.time_s() < until - 1e-6 {
        simulation.step();
        checker.after_step(simulation).map_err(Trouble::broken)?;
        most = most.max(simulation.population().on_road);
    }
    let seen = checker.summary();
    let steps = (seconds / f64::from(simulation.config().step_s)).round();
    let none = "every step is verified; the first broken promise ends the check";
    let total = simulation.population().total() as f64;
    Ok(vec![
        Measure::near("steps in which nothing overlapped and no other promise broke", seen.steps as f64, steps, 0.0, none).decimals(0),
        Measure::within("stop lines crossed on red", seen.crossings_on_red as f64, 0.0, 0.0, none).decimals(0),
        Measure::within("trips accounted for", total, trips, trips, "nothing is ever lost").decimals(0),
        Measure::within("vehicle-steps verified", seen.vehicle_steps as f64, 1.0, f64::INFINITY, "the check has looked").decimals(0),
        Measure::shown("most vehicles on the road at once", most as f64).decimals(0),
        Measure::shown("stop lines of signals crossed", seen.line_crossings as f64).decimals(0),
        Measure::within("smallest clearance between bodies in one band, m", seen.min_clearance_m, -0.01, f64::INFINITY, "no overlap")
            .decimals(4),
        Measure::within("hardest braking, m/s²", seen.hardest_brake_mps2, 0.0, 6.05, "no class brakes harder than 6 m/s²"),
        Measure::within(
            "largest way that no speed explains, m",
            seen.max_displacement_error_m,
            0.0,
            0.01,
            "nobody jumps (rounding of positions)",
        )
        .decimals(4),
    ])
}

fn on_grid(mix: Mix) -> Result<Vec<Measure>, Trouble> {
    let network = grid(10, 150.0, 2)?;
    let trips = wanderers(&network, GRID_VEHICLES, mix, GRID_LINKS, 7)?;
    let mut simulation = simulation(&network, trips, 0.5)?;
    let mut measures = checked(&mut simulation, GRID_S)?;
    let on_road = simulation.population().on_road as f64;
    measures.push(
        Measure::within(
            "vehicles on the road at the end",
            on_road,
            0.95 * GRID_VEHICLES as f64,
            GRID_VEHICLES as f64,
            "nobody has arrived yet",
        )
        .decimals(0),
    );
    let km: f64 = simulation.measurements().links.iter().map(|c| c.vehicle_m).sum::<f64>() / 1_000.0;
    measures.push(Measure::within("mean speed, km/h", km / (on_road * GRID_S / 3_600.0), 3.0, 50.0, "traffic flows (assumed)").decimals(1));
    Ok(measures)
}

fn on_map(network: Arc<RoadNetwork>) -> Result<Vec<Measure>, Trouble> {
    let classes = ClassTable::default();
    let trips = traffic_between(&network, &classes, (MAP_START_S, MAP_START_S + MAP_S)).trips;
    let config = SimConfig { start_s: MAP_START_S, ..SimConfig::default() };
    let mut simulation = Simulation::new(network, classes, trips, vec![], config).map_err(Trouble::broken)?;
    checked(&mut simulation, MAP_S)
}

/// Runs the engine's tests of equal bits in the release build; `cargo test` runs them in the other one, against the same golden hash.
fn release_bits() -> Result<Vec<Measure>, Trouble> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    if !workspace.join("Cargo.toml").is_file() {
        return Err(Trouble::Missing("the sources this program was built from are no longer where they were".into()));
    }
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["test", "--release", "--locked", "-p", "agtwin-sim-core", "--test", "bits"]).current_dir(workspace);
    let output = cargo.output().map_err(|e| Trouble::Missing(format!("cargo does not start: {e}")))?;
    let told = String::from_utf8_lossy(&output.stdout);
    let passed = told.lines().filter(|line| line.starts_with("test ") && line.ends_with("... ok")).count();
    let failed = told.lines().filter(|line| line.starts_with("test ") && line.ends_with("... FAILED")).count();
    if passed + failed == 0 {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(Trouble::Broken(format!("the tests did not run: {}", error.lines().last().unwrap_or_default())));
    }
    let because = "threads, processes, order of creation and the golden hash of the development build";
    Ok(vec![
        Measure::within("tests passed", passed as f64, 7.0, f64::INFINITY, because).decimals(0),
        Measure::within("tests failed", failed as f64, 0.0, 0.0, because).decimals(0),
    ])
}

fn pieces() -> Result<Vec<Measure>, Trouble> {
    let mut measures = Vec::new();
    for (mix, what, greens) in [
        (CARS, "cars", PIECES_GREENS),
        (CITY, "80 % motorcycles", PIECES_GREENS),
        (TRUCKS, "with articulated trucks", PIECES_GREENS_TRUCKS),
    ] {
        let whole = saturation_per_h(mix, 500.0, 0.5, greens)?;
        measures.push(Measure::shown(format!("{what}: saturation of the uncut road, vehicles/h"), whole).decimals(0));
        for piece_m in [100.0, 30.0] {
            let cut = saturation_per_h(mix, piece_m, 0.5, greens)?;
            let because = format!("issue: within 1 % of the uncut road's {whole:.0}");
            measures.push(Measure::near(format!("{what}: in pieces of {piece_m:.0} m"), cut, whole, 0.01, because).decimals(0));
        }
    }
    Ok(measures)
}
