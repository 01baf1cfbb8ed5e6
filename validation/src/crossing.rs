//! A crossing of two one-way streets with a signal, made by hand: the smallest place where queues and delays have known answers.

use sim_core::{
    class::{ClassSet, ClassTable, VehicleClass},
    demand::{LinkPosition, Purpose, Trip},
    geometry::{Frame, LatLon, Point},
    ids::{ControllerId, JunctionId, LinkId, MovementId},
    measure::{TripRecord, TripStatus},
    network::{
        DrivingSide, Junction, JunctionKind, Lane, LaneKind, Link, LinkKind, Movement, NetworkMeta, Phase, Priority, RoadClass,
        RoadNetwork, SignalController, SignalGroup, SignalPlan, SpeedLimits, Turn, TurnSet,
    },
    reference::Ref,
    simulation::{SimConfig, Simulation},
};
use std::sync::Arc;

/// Length of each of the four links, metres.
pub const ARM_M: f32 = 900.0;
/// Half the width of the crossing, metres.
const SETBACK_M: f64 = 6.0;
/// Yellow of the plan, seconds.
pub const YELLOW_S: f32 = 3.0;
/// All-red of the plan, seconds.
pub const ALL_RED_S: f32 = 2.0;

/// A west–east street (links 0 and 1) across a south–north one (links 2 and 3).
#[derive(Clone, Copy, Debug)]
pub struct Crossing {
    /// Width of the only lane, metres.
    pub lane_m: f32,
    /// Speed limit, m/s.
    pub limit_mps: f32,
    /// Green of the west–east street, seconds.
    pub green_s: f32,
    /// Green of the south–north street, seconds.
    pub other_green_s: f32,
}

impl Crossing {
    /// The cycle, seconds.
    pub fn cycle_s(&self) -> f64 {
        f64::from(self.green_s + self.other_green_s + 2.0 * (YELLOW_S + ALL_RED_S))
    }

    /// The network.
    pub fn network(&self) -> RoadNetwork {
        let far = f64::from(ARM_M) + SETBACK_M;
        let p = Point::new;
        let ends = [p(-far, 0.0), p(far, 0.0), p(0.0, -far), p(0.0, far)];
        let lines = [
            (1, 0, vec![ends[0], p(-SETBACK_M, 0.0)], "west"),
            (0, 2, vec![p(SETBACK_M, 0.0), ends[1]], "east"),
            (3, 0, vec![ends[2], p(0.0, -SETBACK_M)], "south"),
            (0, 4, vec![p(0.0, SETBACK_M), ends[3]], "north"),
        ];
        let links: Vec<Link> = lines.into_iter().map(|(from, to, line, name)| self.link(from, to, line, name)).collect();
        let centres = [p(0.0, 0.0), ends[0], ends[1], ends[2], ends[3]];
        let junctions = centres.into_iter().enumerate().map(|(j, centre)| junction(j, centre, &links)).collect();
        let movement = |from: u32, group: u16| Movement {
            junction: JunctionId(0),
            from: LinkId(from),
            to: LinkId(from + 1),
            turn: Turn::Through,
            access: ClassSet::ALL,
            from_lanes: 0..1,
            to_lanes: 0..1,
            priority: Priority::MAJOR,
            group: Some(group),
        };
        let group = |g: u32| SignalGroup { name: format!("group {g}"), movements: vec![MovementId(g)] };
        RoadNetwork {
            meta: NetworkMeta {
                name: "Crossing".into(),
                source: "made by hand".into(),
                attribution: String::new(),
                is_sketch: false,
                driving_side: DrivingSide::Right,
                frame: Frame { origin: LatLon { lat: 10.386, lon: 105.435 } },
            },
            junctions,
            links,
            movements: vec![movement(0, 0), movement(2, 1)],
            controllers: vec![SignalController {
                ref_: Ref::from("signal"),
                junction: JunctionId(0),
                groups: vec![group(0), group(1)],
                plan: self.plan(),
                plan_is_assumed: false,
            }],
            places: vec![],
        }
    }

    fn plan(&self) -> SignalPlan {
        let phase = |group, green_s| Phase { groups: vec![group], green_s, yellow_s: YELLOW_S, all_red_s: ALL_RED_S };
        SignalPlan::new(0.0, vec![phase(0, self.green_s), phase(1, self.other_green_s)]).expect("greens above 0 s")
    }

    fn link(&self, from: u32, to: u32, geometry: Vec<Point>, name: &str) -> Link {
        Link {
            ref_: Ref::from(name),
            name: None,
            road_number: None,
            from: JunctionId(from),
            to: JunctionId(to),
            class: RoadClass::Primary,
            kind: LinkKind::Road,
            geometry,
            length_m: ARM_M,
            width_m: self.lane_m,
            lanes: vec![Lane { width_m: self.lane_m, kind: LaneKind::General, access: ClassSet::ALL, turns: TurnSet::UNMARKED }],
            limits: SpeedLimits::uniform(self.limit_mps),
            access: ClassSet::ALL,
            opposite: None,
            is_roundabout: false,
            is_bridge: false,
            is_urban: true,
            is_toll: false,
        }
    }

    /// Cars from west to east, one at each time of `departures_s`, run until `end_s`; their records in that order.
    ///
    /// # Errors
    /// What the engine has against it.
    pub fn run_cars(&self, departures_s: &[f64], end_s: f64) -> Result<Vec<TripRecord>, sim_core::simulation::SimError> {
        let trip = |(i, depart_s): (usize, &f64)| Trip {
            ref_: Ref::from(format!("car{i}")),
            class: VehicleClass::Car,
            purpose: Purpose::Personal,
            depart_s: *depart_s,
            origin: LinkPosition { link: LinkId(0), pos_m: 10.0 },
            destination: LinkPosition { link: LinkId(1), pos_m: ARM_M - 10.0 },
            route: Arc::from([LinkId(0), LinkId(1)]),
            halts: Arc::default(),
        };
        let trips = departures_s.iter().enumerate().map(trip).collect();
        let mut simulation = Simulation::new(Arc::new(self.network()), ClassTable::default(), trips, vec![], SimConfig::default())?;
        while simulation.time_s() < end_s {
            simulation.step();
        }
        Ok(simulation.measurements().trips.clone())
    }
}

/// Time from the wished departure to arrival of everybody who arrived, seconds.
pub fn times_s(records: &[TripRecord]) -> Vec<f64> {
    records.iter().filter(|r| r.status == TripStatus::Arrived).filter_map(|r| Some(r.arrived_s? - r.depart_s)).collect()
}

fn junction(j: usize, centre: Point, links: &[Link]) -> Junction {
    let at = |end: fn(&Link) -> JunctionId| (0..links.len()).filter(|l| end(&links[*l]).index() == j).map(LinkId::from_index).collect();
    Junction {
        ref_: Ref::from(format!("j{j}")),
        name: None,
        centre,
        kind: if j == 0 { JunctionKind::Signal(ControllerId(0)) } else { JunctionKind::Terminal },
        incoming: at(|l| l.to),
        outgoing: at(|l| l.from),
        movements: if j == 0 { 0..2 } else { 2..2 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crossing_is_a_valid_network() {
        Crossing { lane_m: 3.5, limit_mps: 13.9, green_s: 40.0, other_green_s: 40.0 }.network().check().unwrap();
    }
}
