//! Where each vehicle is, seen from outside: on a road to a signal, in a junction, or on its last road.

use sim_core::{
    frame::Frame,
    geometry::Point,
    ids::LinkId,
    network::{JunctionKind, RoadNetwork},
};

/// A line across the end of a road: where it is and which way the road leads there.
#[derive(Clone, Copy, Debug)]
struct Line {
    at: Point,
    along: (f64, f64),
}

impl Line {
    fn new(at: Point, from: Point, to: Point) -> Self {
        let length = from.distance_m(to).max(1e-9);
        Self { at, along: ((to.x - from.x) / length, (to.y - from.y) / length) }
    }

    fn is_past(&self, p: Point) -> bool {
        (p.x - self.at.x) * self.along.0 + (p.y - self.at.y) * self.along.1 >= 0.0
    }
}

/// The time every vehicle has spent on roads to signals.
#[derive(Debug)]
pub struct Tracker {
    begins: Vec<Line>,
    ends: Vec<Line>,
    /// By link: whether a signal stands at its end.
    leads_to_signal: Vec<bool>,
    /// By vehicle: the road of its route that it is on, and whether it is in the junction after it.
    pub leg: Vec<(usize, bool)>,
    /// By vehicle, seconds; `None` if it was never seen.
    pub on_roads_s: Vec<Option<f64>>,
    /// Standing vehicles on roads to signals, one sum for all looks.
    standing: f64,
    looks: f64,
}

/// Slower than this is standing, m/s: CityFlow's own bound.
const STANDING_MPS: f32 = 0.1;

impl Tracker {
    /// For so many vehicles.
    pub fn new(network: &RoadNetwork, vehicles: usize) -> Self {
        let g = |i: usize| &network.links[i].geometry;
        let leads = |l: &sim_core::network::Link| matches!(network.junction(l.to).kind, JunctionKind::Signal(_));
        Self {
            begins: (0..network.links.len()).map(|i| Line::new(g(i)[0], g(i)[0], g(i)[1])).collect(),
            ends: (0..network.links.len()).map(|i| Line::new(g(i)[g(i).len() - 1], g(i)[g(i).len() - 2], g(i)[g(i).len() - 1])).collect(),
            leads_to_signal: network.links.iter().map(leads).collect(),
            leg: vec![(0, false); vehicles],
            on_roads_s: vec![None; vehicles],
            standing: 0.0,
            looks: 0.0,
        }
    }

    /// Looks at everybody; the picture stands for the last `elapsed_s` seconds.
    pub fn look<'a>(&mut self, frame: &Frame, elapsed_s: f64, route_of: impl Fn(sim_core::ids::VehicleId) -> &'a [LinkId]) {
        self.looks += 1.0;
        for v in &frame.vehicles {
            let front = v.centre.ahead(f64::from(v.heading_rad), f64::from(v.length_m) / 2.0);
            let route = route_of(v.id);
            let (leg, inside) = &mut self.leg[v.id.index()];
            if !*inside && *leg + 1 < route.len() && self.ends[route[*leg].index()].is_past(front) {
                *inside = true;
            }
            if *inside && self.begins[route[*leg + 1].index()].is_past(front) {
                (*leg, *inside) = (*leg + 1, false);
            }
            if self.leads_to_signal[route[*leg].index()] {
                *self.on_roads_s[v.id.index()].get_or_insert(0.0) += elapsed_s;
                self.standing += f64::from(u8::from(!*inside && v.speed_mps < STANDING_MPS));
            }
        }
    }

    /// Mean time on roads to signals of those who were seen there, seconds.
    pub fn mean_s(&self) -> f64 {
        let seen: Vec<f64> = self.on_roads_s.iter().flatten().copied().collect();
        seen.iter().sum::<f64>() / (seen.len() as f64).max(1.0)
    }

    /// Vehicles that stand on roads to signals, on average over time.
    pub fn mean_standing(&self) -> f64 {
        self.standing / self.looks.max(1.0)
    }
}
