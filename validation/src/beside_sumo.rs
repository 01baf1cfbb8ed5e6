//! Two real junctions beside SUMO: the same network, demand and signal programs (the RESCO benchmark, Ault & Sharon 2021), an hour from an
//! empty road.
//!
//! Judged is what both should agree on: how many get through, and the time lost by drivers with the same parameters. What our own car loses is
//! shown: it keeps longer gaps and sets off more gently than SUMO's default. SUMO runs beside us where it is installed (`AGTWIN_SUMO` names the
//! program, or `sumo` is on the path); otherwise what it gave is taken from here.

use crate::{
    check::{Check, Context, Measure, Trouble},
    town::classes_with,
};
use maps::{import::ImportOptions, sumo::import};
use scenarios::demand::{
    routing::{Router, RouterSettings},
    sumo::parse_routes,
};
use sim_core::{
    class::{ClassTable, VehicleClass},
    demand::Trip,
    network::RoadNetwork,
    simulation::{SimConfig, Simulation},
};
use std::{env, fs, path::Path, process::Command, sync::Arc};

/// A place and what SUMO gave there.
struct Place {
    name: &'static str,
    /// Begin and end, seconds after midnight.
    from_s: f64,
    until_s: f64,
    recorded: Seen,
}

/// SUMO 1.28.0 with its default models, seed of its own, November 2026.
const PLACES: [Place; 2] = [
    Place {
        name: "cologne1",
        from_s: 25_200.0,
        until_s: 28_800.0,
        recorded: Seen { trips: 2_015.0, arrived: 1_999.0, lost_s: 41.7, wait_s: 3.5 },
    },
    Place {
        name: "ingolstadt1",
        from_s: 57_600.0,
        until_s: 61_200.0,
        recorded: Seen { trips: 1_716.0, arrived: 1_694.0, lost_s: 30.7, wait_s: 2.6 },
    },
];

/// Most that the two may differ in how many arrive.
const ARRIVED: f64 = 0.03;
/// Most that they may differ in time lost by the same driver, as a share of SUMO's (assumed: what calibrations of one junction reach).
const LOST: f64 = 0.3;

/// What came of an hour.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Seen {
    trips: f64,
    arrived: f64,
    /// Seconds lost a trip, waiting at the origin and unfinished trips included.
    lost_s: f64,
    /// Of these waited at the origin.
    wait_s: f64,
}

/// The checks of this file.
pub fn checks() -> Vec<Check> {
    let check = |place: &'static Place| {
        let about = format!("{} of the RESCO benchmark with its own demand and programs, beside SUMO", place.name);
        Check::new(format!("sumo-{}", place.name), about, move |context| beside(place, context))
    };
    PLACES.iter().map(check).collect()
}

fn beside(place: &Place, context: &Context) -> Result<Vec<Measure>, Trouble> {
    let file = |end: &str| context.file(&format!("signals/sumo/{0}/{0}.{end}", place.name));
    let (net, routes) = (file("net.xml")?, file("rou.xml")?);
    let network =
        import(&fs::read(&net).map_err(Trouble::broken)?, place.name, &ImportOptions::default()).map_err(Trouble::broken)?.network;
    let network = Arc::new(network);
    let router = Router::new(&network, &ClassTable::default(), RouterSettings { alternatives: 1, ..RouterSettings::default() });
    let demand = fs::read(&routes).map_err(Trouble::broken)?;
    let drawn = parse_routes(place.name, &demand, &network, &router, 1).map_err(Trouble::broken)?;
    let without_a_way = drawn.unreachable_trips() as f64;
    let theirs = match run_sumo(place, &net, &routes)? {
        Some(seen) => (seen, "SUMO, in this run"),
        None => (place.recorded, "SUMO 1.28.0, as recorded: it is not installed here"),
    };
    let ours = run(place, &network, &drawn.trips, ClassTable::default())?;
    // The vehicle type of both files, and the rest from SUMO's default passenger car.
    let like_theirs = classes_with(VehicleClass::Car, |p| {
        (p.length_m, p.gap0_m, p.headway_s) = (4.3, 1.5, 1.0);
        (p.accel_mps2, p.brake_comfort_mps2) = (2.6, 4.0);
    })?;
    let same = run(place, &network, &drawn.trips, like_theirs)?;
    let (seen, whose) = theirs;
    let trips = seen.trips;
    let about = |what: &str| format!("{what}; {whose}");
    Ok(vec![
        Measure::within("trips of the file without a way", without_a_way, 0.0, 0.0, "every trip has one in SUMO").decimals(0),
        Measure::within("trips that wished to leave", ours.trips, trips, trips, about("the same demand")).decimals(0),
        Measure::near("arrived within the hour, the same driver", same.arrived, seen.arrived, ARRIVED, about("3 %")).decimals(0),
        Measure::near("time lost, the same driver, s/trip", same.lost_s, seen.lost_s, LOST, about(&format!("{:.1}, 30 %", seen.lost_s)))
            .decimals(1),
        Measure::shown("of it waited at the origin, s/trip", same.wait_s).decimals(1),
        Measure::shown("the same in SUMO, s/trip", seen.wait_s).decimals(1),
        Measure::shown("arrived within the hour, our own car", ours.arrived).decimals(0),
        Measure::shown("time lost, our own car, s/trip", ours.lost_s).decimals(1),
    ])
}

fn run(place: &Place, network: &Arc<RoadNetwork>, trips: &[Trip], classes: ClassTable) -> Result<Seen, Trouble> {
    let config = SimConfig { step_s: 0.5, start_s: place.from_s, interval_s: 300.0, ..SimConfig::default() };
    let mut simulation = Simulation::new(network.clone(), classes, trips.to_vec(), vec![], config).map_err(Trouble::broken)?;
    while simulation.time_s() < place.until_s {
        simulation.step();
    }
    let measured = simulation.measurements();
    let wished: Vec<_> = measured.trips.iter().filter(|t| (place.from_s..place.until_s).contains(&t.depart_s)).collect();
    let number = wished.len() as f64;
    let mean = |of: fn(&sim_core::measure::TripRecord) -> f64| wished.iter().map(|t| of(t)).sum::<f64>() / number;
    Ok(Seen {
        trips: number,
        arrived: wished.iter().filter(|t| t.arrived_s.is_some()).count() as f64,
        lost_s: mean(|t| t.time_loss_s),
        wait_s: mean(|t| t.origin_wait_s),
    })
}

/// The program, if there is one.
fn sumo() -> Option<std::path::PathBuf> {
    let named = env::var_os("AGTWIN_SUMO").filter(|v| !v.is_empty()).map(Into::into);
    named.or_else(|| env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join("sumo")).find(|path| path.is_file()))
}

fn run_sumo(place: &Place, net: &Path, routes: &Path) -> Result<Option<Seen>, Trouble> {
    let Some(program) = sumo() else { return Ok(None) };
    let folder = tempfile::tempdir().map_err(Trouble::broken)?;
    let out = folder.path().join("tripinfo.xml");
    let done = Command::new(&program)
        .arg("-n")
        .arg(net)
        .arg("-r")
        .arg(routes)
        .args(["--begin", &place.from_s.to_string(), "--end", &place.until_s.to_string(), "--no-step-log", "--no-warnings"])
        .args(["--tripinfo-output.write-unfinished", "--tripinfo-output.write-undeparted", "--tripinfo-output"])
        .arg(&out)
        .output()
        .map_err(|e| Trouble::Broken(format!("{}: {e}", program.display())))?;
    if !done.status.success() {
        return Err(Trouble::Broken(format!(
            "{} ended with {}: {}",
            program.display(),
            done.status,
            String::from_utf8_lossy(&done.stderr)
        )));
    }
    seen_in(&fs::read_to_string(&out).map_err(Trouble::broken)?).map(Some)
}

/// What a `tripinfo` file says.
fn seen_in(text: &str) -> Result<Seen, Trouble> {
    let (mut trips, mut arrived, mut lost_s, mut wait_s) = (0.0, 0.0, 0.0, 0.0);
    for line in text.lines().filter(|line| line.trim_start().starts_with("<tripinfo ")) {
        let number = |key: &str| {
            let (_, rest) = line.split_once(&format!(" {key}=\""))?;
            rest.split('"').next()?.parse::<f64>().ok()
        };
        let missing = |key: &str| Trouble::Broken(format!("SUMO's trip without {key}: {line}"));
        let wait = number("departDelay").ok_or_else(|| missing("departDelay"))?.max(0.0);
        trips += 1.0;
        arrived += f64::from(u8::from(number("arrival").is_some_and(|at| at >= 0.0)));
        lost_s += number("timeLoss").ok_or_else(|| missing("timeLoss"))?.max(0.0) + wait;
        wait_s += wait;
    }
    if trips == 0.0 {
        return Err(Trouble::Broken("SUMO wrote no trip".into()));
    }
    Ok(Seen { trips, arrived, lost_s: lost_s / trips, wait_s: wait_s / trips })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trip_that_has_not_arrived_or_not_even_left_counts() {
        let text = "<tripinfos>\n    <tripinfo id=\"a\" depart=\"5.00\" departDelay=\"2.00\" arrival=\"60.00\" timeLoss=\"10.00\"/>\n    \
                    <tripinfo id=\"b\" depart=\"9.00\" departDelay=\"0.00\" arrival=\"-1.00\" timeLoss=\"30.00\"/>\n    \
                    <tripinfo id=\"c\" depart=\"-1\" departDelay=\"50.00\" arrival=\"-1\" timeLoss=\"0.00\"/>\n</tripinfos>\n";
        assert_eq!(seen_in(text), Ok(Seen { trips: 3.0, arrived: 1.0, lost_s: 92.0 / 3.0, wait_s: 52.0 / 3.0 }));
    }

    #[test]
    fn a_file_that_does_not_say_it_is_no_answer() {
        assert!(seen_in("<tripinfos/>").is_err());
        assert!(matches!(seen_in("<tripinfo id=\"a\" departDelay=\"0.00\"/>"), Err(Trouble::Broken(why)) if why.contains("timeLoss")));
    }
}
