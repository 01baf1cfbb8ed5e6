//! One run by the protocol: the files, four phases, a controller, an hour.

use super::track::Tracker;
use crate::check::{Context, Trouble};
use maps::{cityflow, import::ImportOptions};
use sim_core::{
    class::{ClassTable, VehicleClass},
    control::{Control, Controller, Fixed, JunctionControl, Method, Needs, Rules, equip},
    demand::Trip,
    detector::{Detector, DetectorKind},
    ids::ControllerId,
    measure::TripStatus,
    network::{Phase, RoadNetwork, SignalPlan, Turn},
    simulation::{Discipline, SimConfig, Simulation},
};
use std::sync::Arc;

/// The simulated hour, seconds.
const HOUR_S: f64 = 3600.0;
/// The 5 s between two phases. CityFlow's yellow stops whoever can stop; our drivers use yellow as long as they are across in time. With 3 s of
/// yellow and 2 s of red for all, those cross who could not stop, in both.
const YELLOW_S: f32 = 3.0;
const ALL_RED_S: f32 = 2.0;
/// Departures of another seed than 0 are moved by up to so much to either side, seconds: the same travellers on another day (assumed).
const MOVED_S: f64 = 15.0;

/// A benchmark: files below the data folder.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name in checks.
    pub name: &'static str,
    /// What people call it.
    pub about: &'static str,
    /// The network.
    pub roadnet: &'static str,
    /// The demand.
    pub flow: &'static str,
}

/// The three benchmarks.
pub const CASES: [Case; 3] = [
    Case {
        name: "jinan-1",
        about: "Jinan, 3 × 4 junctions, 6 295 vehicles",
        roadnet: "signals/cityflow/jinan_roadnet_3_4.json",
        flow: "signals/cityflow/jinan1_flow.json",
    },
    Case {
        name: "jinan-2",
        about: "Jinan, 3 × 4 junctions, 4 365 vehicles",
        roadnet: "signals/cityflow/jinan_roadnet_3_4.json",
        flow: "signals/cityflow/jinan2_flow.json",
    },
    Case {
        name: "hangzhou-1",
        about: "Hangzhou, 4 × 4 junctions, 2 983 vehicles",
        roadnet: "signals/cityflow/hangzhou_roadnet_4_4.json",
        flow: "signals/cityflow/hangzhou1_flow.json",
    },
];

/// What a controller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Eyes {
    /// All of each approach, at once and without error: what the published controllers see.
    Exact,
    /// Detectors where our controllers put them, with the errors of usual equipment, heard a second late.
    Usual,
}

/// A benchmark that was read.
#[derive(Clone, Debug)]
pub struct Benchmark {
    network: RoadNetwork,
    classes: ClassTable,
    trips: Vec<Trip>,
}

/// What came out of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outcome {
    /// The papers' average travel time, seconds.
    pub travel_s: f64,
    /// From the wish to leave to arriving, or to the end of the hour, over all who wished to leave, seconds.
    pub whole_s: f64,
    /// Who arrived within the hour.
    pub arrived: u64,
    /// Who was on the road at its end.
    pub on_road: u64,
    /// Who still waited to enter.
    pub waiting: u64,
    /// Mean wait to enter, seconds.
    pub entry_wait_s: f64,
    /// Standing vehicles on roads to signals, on average.
    pub standing: f64,
}

impl Benchmark {
    /// Reads the files of a case.
    ///
    /// # Errors
    /// They are not there or are refused.
    pub fn read(context: &Context, case: &Case) -> Result<Self, Trouble> {
        let (roadnet, flow) = (context.file(case.roadnet)?, context.file(case.flow)?);
        let bytes = |path: &std::path::Path| std::fs::read(path).map_err(Trouble::broken);
        let imported = cityflow::import(&bytes(&roadnet)?, case.roadnet, &ImportOptions::default()).map_err(Trouble::broken)?;
        let network = imported.network;
        let flow = cityflow::read_flow(case.flow, &bytes(&flow)?, &network).map_err(Trouble::broken)?;
        if flow.others > 0 || !flow.unreachable.is_empty() {
            let (others, lost) = (flow.others, flow.unreachable.len());
            return Err(Trouble::Broken(format!("{others} vehicles of other kinds and {lost} without a way, expected none")));
        }
        let shipped = ClassTable::default();
        let entries = VehicleClass::ALL.map(|class| match class {
            VehicleClass::Car => flow.kind.class_params(shipped.get(class)),
            _ => shipped.get(class).clone(),
        });
        let classes = ClassTable::new(entries).map_err(Trouble::broken)?;
        Ok(Self { network, classes, trips: flow.trips })
    }

    /// How many vehicles wish to travel.
    pub fn vehicles(&self) -> usize {
        self.trips.len()
    }

    /// The network with the four phases of the protocol, each `phase_s` long with its yellow.
    fn with_phases(&self, phase_s: f32) -> Result<RoadNetwork, Trouble> {
        let mut network = self.network.clone();
        for c in 0..network.controllers.len() {
            let groups = |turn: Turn, is_east_west: bool| -> Vec<u16> {
                let is_so = |m: &sim_core::ids::MovementId| {
                    let m = network.movement(*m);
                    let g = &network.link(m.from).geometry;
                    let (a, b) = (g[g.len() - 2], g[g.len() - 1]);
                    m.turn == turn && ((b.x - a.x).abs() > (b.y - a.y).abs()) == is_east_west
                };
                let of = &network.controllers[c].groups;
                (0..of.len()).filter(|g| of[*g].movements.iter().any(is_so)).map(|g| g as u16).collect()
            };
            let phase = |turn, is_east_west| Phase {
                groups: groups(turn, is_east_west),
                green_s: phase_s - YELLOW_S - ALL_RED_S,
                yellow_s: YELLOW_S,
                all_red_s: ALL_RED_S,
            };
            let phases = vec![phase(Turn::Through, true), phase(Turn::Through, false), phase(Turn::Left, true), phase(Turn::Left, false)];
            network.controllers[c].plan = SignalPlan::new(0.0, phases).map_err(Trouble::broken)?;
        }
        Ok(network)
    }

    /// The trips of a seed: as in the file for 0, else each moved a little.
    fn trips_of(&self, seed: u64) -> Vec<Trip> {
        let mut trips = self.trips.clone();
        if seed > 0 {
            let mut dice = crate::town::Dice::new(seed);
            for trip in &mut trips {
                trip.depart_s = (trip.depart_s + (2.0 * dice.roll() - 1.0) * MOVED_S).clamp(0.0, HOUR_S - 1.0);
            }
        }
        trips
    }

    /// An hour under `method`, on phases of `phase_s` seconds where the clock rules.
    ///
    /// # Errors
    /// The engine refuses something.
    pub fn run(&self, method: &Method, phase_s: f32, eyes: Eyes, seed: u64) -> Result<Outcome, Trouble> {
        self.run_with(method, phase_s, eyes, seed, |_, _| ())
    }

    /// The same; `each` sees the simulation every second.
    ///
    /// # Errors
    /// The engine refuses something.
    pub fn run_with(
        &self,
        method: &Method,
        phase_s: f32,
        eyes: Eyes,
        seed: u64,
        mut each: impl FnMut(&Simulation, &Tracker),
    ) -> Result<Outcome, Trouble> {
        let network = Arc::new(self.with_phases(phase_s)?);
        let mut detectors: Vec<Detector> = Vec::new();
        let rules = Rules { max_red_s: 900.0, ..Rules::default() };
        let needs = method.needs();
        let mut junctions = Vec::new();
        for c in (0..network.controllers.len()).map(ControllerId::from_index) {
            let sensors = match needs {
                Needs::Clock => Vec::new(),
                needs => equip(&network, c, needs, eyes == Eyes::Usual, &mut detectors),
            };
            junctions.push(JunctionControl { controller: c, method: method.clone(), sensors, rules });
        }
        let has_range = matches!(method, Method::AdvancedMaxPressure(_) | Method::Predictive(_) | Method::PredictiveOracle(_));
        if eyes == Eyes::Exact && !has_range {
            detectors.iter_mut().filter(|d| d.kind == DetectorKind::Camera).for_each(|d| d.length_m = d.pos_m);
        }
        let latency_s = if eyes == Eyes::Exact { 0.0 } else { 1.0 };
        let control = Control { junctions, rules, latency_s, ..Control::default() };
        let discipline = Discipline { own_lanes: true, enters_standing: true };
        let config = SimConfig { seed, start_s: 0.0, discipline, ..SimConfig::default() };
        let trips = self.trips_of(seed);
        let simulation = Simulation::new(network.clone(), self.classes.clone(), trips, detectors, config).map_err(Trouble::broken)?;
        let mut simulation = simulation.with_control(&control).map_err(Trouble::broken)?;
        let mut tracker = Tracker::new(&network, self.trips.len());
        while simulation.time_s() < HOUR_S - 1e-6 {
            let before = simulation.time_s();
            for _ in 0..2 {
                simulation.step();
            }
            let routes = simulation.trips();
            tracker.look(&simulation.frame(), simulation.time_s() - before, |id| &routes[id.index()].route);
            each(&simulation, &tracker);
        }
        Ok(outcome(&simulation, &tracker))
    }
}

fn outcome(simulation: &Simulation, tracker: &Tracker) -> Outcome {
    let records = &simulation.measurements().trips;
    let wished = records.iter().filter(|t| t.status != TripStatus::NotYet);
    let whole: Vec<f64> = wished.clone().map(|t| t.arrived_s.unwrap_or(HOUR_S) - t.depart_s).collect();
    let waits: f64 = wished.clone().map(|t| t.origin_wait_s).sum();
    let population = simulation.population();
    let count = (whole.len() as f64).max(1.0);
    Outcome {
        travel_s: tracker.mean_s(),
        whole_s: whole.iter().sum::<f64>() / count,
        arrived: population.arrived,
        on_road: population.on_road,
        waiting: population.waiting,
        entry_wait_s: waits / count,
        standing: tracker.mean_standing(),
    }
}

/// The plan by the clock.
pub fn fixed() -> Method {
    Method::Fixed(Fixed {})
}
