//! The simulation itself: step after step until the window ends and every trip that wished to leave in it has ended, verified on the way when asked.

use super::{
    RunError,
    conditions::Conditions,
    observe::{Observed, Observer},
    progress::Progress,
};
use crate::{intervention::Runner, scenario::check::Window};
use sim_core::{
    check::{CheckSummary, Checker},
    class::ClassTable,
    demand::Trip,
    detector::Detector,
    network::RoadNetwork,
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;

/// Simulated seconds between two words about progress.
const TELL_EVERY_S: f64 = 10.0;

/// What a simulation is made from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The network, with the scenario's signal plans.
    pub network: Arc<RoadNetwork>,
    /// The vehicle classes.
    pub classes: ClassTable,
    /// The trips; the runs of bus lines come behind them.
    pub trips: Vec<Trip>,
    /// The detectors.
    pub detectors: Vec<Detector>,
    /// Incidents, gates, bus lines, car parks, pedestrians, guidance.
    pub conditions: Arc<Conditions>,
    /// The hours.
    pub window: Window,
    /// Keys every random draw.
    pub seed: u64,
    /// Threads; the result does not depend on it.
    pub threads: usize,
    /// Whether to look for conflicts.
    pub conflicts: bool,
}

impl Setup {
    /// The simulation at its beginning, with what carries its interventions out; those of the beginning are done.
    ///
    /// # Errors
    /// The engine refuses the setup or an intervention.
    pub fn begin_with_script(self) -> Result<(Simulation, Runner), RunError> {
        let mut runner = Runner::new(self.conditions.script.clone());
        let mut simulation = self.begin()?;
        runner.arrive(&mut simulation)?;
        Ok((simulation, runner))
    }

    /// The simulation at its beginning, before any intervention.
    ///
    /// # Errors
    /// The engine refuses the setup.
    pub fn begin(self) -> Result<Simulation, RunError> {
        let Self { network, classes, mut trips, detectors, conditions, window, seed, threads, conflicts } = self;
        trips.extend(conditions.lines.iter().cloned());
        let config = SimConfig {
            seed,
            step_s: window.step_s,
            start_s: window.from_s,
            threads,
            interval_s: window.interval_s,
            conflicts,
            ..SimConfig::default()
        };
        Ok(conditions.put(Simulation::new(network, classes, trips, detectors, config)?)?)
    }
}

/// How many steps a window has.
pub fn steps_in(window: &Window) -> u64 {
    libm::round((window.to_s - window.from_s) / f64::from(window.step_s)) as u64
}

/// How many steps a run has at most: the window and the cool-down behind it.
pub fn most_steps(window: &Window) -> u64 {
    steps_in(window) + libm::round(window.cool_down_s / f64::from(window.step_s)) as u64
}

/// Whether a run is over: nobody is on the way any more, or the cool-down has passed.
pub fn is_over(simulation: &Simulation, window: &Window) -> bool {
    let step = simulation.step_index();
    let is_empty = || {
        let p = simulation.population();
        p.not_yet + p.waiting + p.on_road == 0
    };
    step >= most_steps(window) || (step >= steps_in(window) && is_empty())
}

/// Runs a setup to its end ([`is_over`]). With `check`, verifies after every step what a run promises.
///
/// # Errors
/// The engine refuses the setup, or a promise is broken.
pub fn simulate(setup: Setup, check: bool, part: &str, progress: &dyn Progress) -> Result<(Simulation, Option<CheckSummary>), RunError> {
    let done = simulate_seen(setup, check, part, progress)?;
    Ok((done.simulation, done.check))
}

/// A simulation after its last step.
#[derive(Debug)]
pub struct Simulated {
    /// The simulation.
    pub simulation: Simulation,
    /// What was verified.
    pub check: Option<CheckSummary>,
    /// What was seen on the way.
    pub observed: Observed,
}

/// The same, with what was seen on the way.
///
/// # Errors
/// As [`simulate`].
pub fn simulate_seen(setup: Setup, check: bool, part: &str, progress: &dyn Progress) -> Result<Simulated, RunError> {
    let window = setup.window;
    let mut observer = Observer::new(&window);
    let (mut simulation, mut runner) = setup.begin_with_script()?;
    let mut checker = check.then(|| Checker::new(&simulation));
    progress.begin(part, window.from_s, window.to_s);
    let tell_every = (TELL_EVERY_S / f64::from(window.step_s)).max(1.0) as u64;
    let mut over = is_over(&simulation, &window);
    while !over {
        simulation.step();
        observer.after_step(&simulation);
        if let Some(checker) = &mut checker {
            checker.after_step(&simulation)?;
        }
        over = is_over(&simulation, &window);
        if !over {
            runner.arrive(&mut simulation)?;
        }
        if simulation.step_index() % tell_every == 1 {
            progress.tick(simulation.time_s(), simulation.population().on_road);
        }
    }
    Ok(Simulated { simulation, check: checker.map(|c| c.summary()), observed: observer.finish() })
}
