//! A crowd that only moves: so many vehicles driving to and fro on the roads of a map, to measure what drawing them costs. No traffic.

use crate::{
    bridge::Engine,
    snapshot::{Body, Line, Snapshot},
};
use sim_core::{
    class::VehicleClass,
    demand::Purpose,
    geometry::Point,
    ids::LinkId,
    network::{LinkKind, RoadNetwork, world_point},
};
use std::sync::Arc;

/// How fast they drive, m/s.
const SPEED_MPS: f64 = 9.0;
/// One step, seconds.
const STEP_S: f64 = 0.5;

/// The crowd.
pub struct Crowd {
    network: Arc<RoadNetwork>,
    links: Vec<LinkId>,
    origin: Point,
    count: u32,
    time_s: f64,
}

impl Crowd {
    /// So many vehicles, spread over all roads; drawn in metres from `origin`.
    pub fn new(network: Arc<RoadNetwork>, origin: Point, count: u32) -> Self {
        let roads = network.links.iter().enumerate().filter(|(_, l)| l.kind == LinkKind::Road);
        let links = roads.map(|(i, _)| LinkId::from_index(i)).collect();
        Self { network, links, origin, count, time_s: 0.0 }
    }

    fn body(&self, id: u32) -> Body {
        let link = self.links[id as usize % self.links.len()];
        let l = self.network.link(link);
        let class = if id.is_multiple_of(5) { VehicleClass::Car } else { VehicleClass::Motorcycle };
        let way = (f64::from(id) * 13.7 + self.time_s * SPEED_MPS) % f64::from(l.length_m);
        let y_m = 0.5 + f64::from(id % 7) / 7.0 * f64::from(l.width_m - 1.0);
        let (p, heading) = world_point(&self.network, link, way, y_m);
        Body {
            id,
            class,
            purpose: Purpose::Personal,
            at: [(p.x - self.origin.x) as f32, (p.y - self.origin.y) as f32],
            heading: heading as f32,
            length_m: 1.9,
            width_m: 0.75,
            speed_mps: SPEED_MPS as f32,
            lost_s: 0.0,
            co2_g_per_km: 0.0,
        }
    }
}

impl Engine for Crowd {
    fn step(&mut self) {
        self.time_s += STEP_S;
    }
    fn time_s(&self) -> f64 {
        self.time_s
    }
    fn is_finished(&self) -> bool {
        false
    }
    fn snapshot(&mut self) -> Snapshot {
        let bodies = (0..self.count).map(|id| self.body(id)).collect();
        let line = Line { to_s: 86_400.0, known_until_s: self.time_s, ..Line::default() };
        Snapshot { time_s: self.time_s, bodies, line: Arc::new(line), ..Snapshot::default() }
    }
    fn go_near(&mut self, time_s: f64) {
        self.time_s = self.time_s.min(time_s.max(0.0));
    }
}
