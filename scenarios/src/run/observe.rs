//! What is looked at while a simulation runs, beside what the engine measures: speeds of unimpeded vehicles in the middle of links, by
//! road type and class, and where everybody is during a quarter of an hour, for time-space diagrams. Looking changes nothing.

use crate::scenario::check::Window;
use serde::{Deserialize, Serialize};
use sim_core::{
    class::VehicleClass,
    frame::OnLink,
    ids::LinkId,
    network::{RoadClass, RoadNetwork},
    simulation::Simulation,
};
use std::collections::BTreeMap;

/// Seconds between two looks.
const LOOK_EVERY_S: f64 = 10.0;
/// The middle of a link begins and ends so far from its ends, metres (assumed: beyond starting up and slowing down in a town).
const FROM_ENDS_M: f32 = 60.0;
/// Nobody is unimpeded whose next leader is nearer than this in time, seconds (assumed; 5 to 6 s are in common use for free vehicles).
const FREE_S: f32 = 5.0;
/// How long ways are kept, from the beginning of measuring, seconds.
const TRACKED_S: f64 = 900.0;

/// Unimpeded vehicles of one class in the middle of links of one type.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MidBlock {
    /// Class of the road.
    pub road: RoadClass,
    /// Whether it is built-up.
    pub is_urban: bool,
    /// Class of the vehicles.
    pub class: VehicleClass,
    /// How often one was seen.
    pub seen: u64,
    /// Sum of their speeds, km/h.
    pub sum_kmh: f64,
}

/// Somebody on a main road at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sight {
    /// Number of the vehicle.
    pub vehicle: u32,
    /// The link.
    pub link: LinkId,
    /// When, seconds after the first look that was kept.
    pub after_s: f32,
    /// Front, metres from the link's start.
    pub front_m: f32,
}

/// What was seen in a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Observed {
    /// Speeds, by type of road and class.
    pub mid_block: Vec<MidBlock>,
    /// Everybody on main roads (secondary and above) in the first quarter of an hour of measuring, by time.
    pub sights: Vec<Sight>,
    /// When the first of them was, seconds after midnight.
    pub sights_from_s: f64,
}

/// Looks at a simulation.
#[derive(Debug)]
pub struct Observer {
    from_s: f64,
    every: u64,
    cells: BTreeMap<(RoadClass, bool, VehicleClass), (u64, f64)>,
    sights: Vec<Sight>,
}

impl Observer {
    /// One that looks while measuring.
    pub fn new(window: &Window) -> Self {
        let every = libm::round(LOOK_EVERY_S / f64::from(window.step_s)).max(1.0) as u64;
        Self { from_s: window.measured_from_s, every, cells: BTreeMap::new(), sights: Vec::new() }
    }

    /// To be called after every step.
    pub fn after_step(&mut self, simulation: &Simulation) {
        let now = simulation.time_s();
        if now < self.from_s || !simulation.step_index().is_multiple_of(self.every) {
            return;
        }
        let network = simulation.network();
        for one in simulation.on_links() {
            self.look(network, &one, now);
        }
    }

    fn look(&mut self, network: &RoadNetwork, one: &OnLink, now: f64) {
        let link = network.link(one.link);
        if now < self.from_s + TRACKED_S && link.class <= RoadClass::Secondary {
            let after_s = (now - self.from_s) as f32;
            self.sights.push(Sight { vehicle: one.id.0, link: one.link, after_s, front_m: one.front_m });
        }
        if is_unimpeded(link.length_m, one) {
            let cell = self.cells.entry((link.class, link.is_urban, one.class)).or_default();
            cell.0 += 1;
            cell.1 += f64::from(one.speed_mps) * 3.6;
        }
    }

    /// What was seen.
    pub fn finish(self) -> Observed {
        let cell = |((road, is_urban, class), (seen, sum_kmh))| MidBlock { road, is_urban, class, seen, sum_kmh };
        Observed { mid_block: self.cells.into_iter().map(cell).collect(), sights: self.sights, sights_from_s: self.from_s }
    }
}

/// Whether somebody drives as the road alone makes them: in the middle of a link, nobody near ahead.
fn is_unimpeded(length_m: f32, one: &OnLink) -> bool {
    let is_in_the_middle = one.front_m >= FROM_ENDS_M && one.front_m <= length_m - FROM_ENDS_M;
    is_in_the_middle && one.free_m > one.speed_mps * FREE_S && one.free_m > 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::ids::VehicleId;

    #[test]
    fn only_the_middle_of_a_link_and_a_free_way_count() {
        let at = |front_m: f32, speed_mps: f32, free_m: f32| OnLink {
            id: VehicleId(0),
            class: VehicleClass::Car,
            link: LinkId(0),
            front_m,
            speed_mps,
            free_m,
        };
        assert!(is_unimpeded(300.0, &at(100.0, 10.0, f32::INFINITY)));
        assert!(is_unimpeded(300.0, &at(100.0, 10.0, 50.1)) && !is_unimpeded(300.0, &at(100.0, 10.0, 49.9)), "five seconds");
        assert!(!is_unimpeded(300.0, &at(59.0, 10.0, f32::INFINITY)), "it starts up");
        assert!(!is_unimpeded(300.0, &at(241.0, 10.0, f32::INFINITY)), "it slows down");
        assert!(!is_unimpeded(100.0, &at(60.0, 10.0, f32::INFINITY)), "a short link has no middle");
        assert!(!is_unimpeded(300.0, &at(100.0, 0.0, 0.5)), "it stands in a queue");
    }
}
