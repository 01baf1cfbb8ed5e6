//! The simulation as the bridge drives it.

use crate::{
    bridge::Engine,
    snapshot::{Body, Snapshot},
};
use sim_core::{
    geometry::Point,
    simulation::{SimState, Simulation},
};

/// A simulation with a beginning to go back to and an end.
pub struct RunningSimulation {
    simulation: Simulation,
    beginning: SimState,
    end_s: f64,
    origin: Point,
}

impl RunningSimulation {
    /// Drives `simulation` until `end_s` (seconds after midnight); bodies are drawn in metres from `origin`.
    pub fn new(simulation: Simulation, end_s: f64, origin: Point) -> Self {
        let beginning = simulation.state();
        Self { simulation, beginning, end_s, origin }
    }
}

impl Engine for RunningSimulation {
    fn step(&mut self) {
        self.simulation.step();
    }

    fn time_s(&self) -> f64 {
        self.simulation.time_s()
    }

    fn is_finished(&self) -> bool {
        self.simulation.time_s() >= self.end_s
    }

    fn snapshot(&self) -> Snapshot {
        let frame = self.simulation.frame();
        let population = self.simulation.population();
        let bodies = frame
            .vehicles
            .iter()
            .map(|v| Body {
                id: v.id.0,
                class: v.class,
                at: [(v.centre.x - self.origin.x) as f32, (v.centre.y - self.origin.y) as f32],
                heading: v.heading_rad,
                length_m: v.length_m,
                width_m: v.width_m,
            })
            .collect();
        Snapshot {
            number: 0,
            time_s: frame.time_s,
            bodies,
            waiting: population.waiting,
            arrived: population.arrived,
            lights: frame.lights,
            finished: self.is_finished(),
        }
    }

    fn restart(&mut self) {
        self.simulation.restore(self.beginning.clone()).expect("a simulation takes back its own state");
    }
}
