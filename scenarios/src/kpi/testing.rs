//! A small network and a small run for the tests of registers and indicators.

use super::{
    emergency::Response,
    freight::Haulage,
    safety::ConflictCount,
    traffic::{ClassFlow, Queues, TrafficSummary, TripSummary, Window},
};
use crate::run::observe::MidBlock;
use sim_core::{
    class::{CLASS_COUNT, ClassSet, VehicleClass},
    geometry::{Frame, LatLon, Point},
    ids::{ControllerId, JunctionId, LinkId},
    network::{
        DrivingSide, Junction, JunctionKind, Lane, LaneKind, Link, LinkKind, NetworkMeta, Phase, Place, PlaceKind, RoadClass, RoadNetwork,
        SignalController, SignalPlan, SpeedLimits, TurnSet,
    },
    reference::Ref,
};

/// A straight link along y = 0 from `from_m` to `until_m`, ending at junction `to`.
fn link(ref_: &str, number: Option<&str>, class: RoadClass, is_urban: bool, x: (f64, f64), to: u32) -> Link {
    Link {
        ref_: Ref::new(ref_),
        name: None,
        road_number: number.map(str::to_owned),
        from: JunctionId(0),
        to: JunctionId(to),
        class,
        kind: LinkKind::Road,
        geometry: vec![Point::new(x.0, 0.0), Point::new(x.1, 0.0)],
        length_m: (x.1 - x.0) as f32,
        width_m: 7.0,
        lanes: vec![Lane { width_m: 7.0, kind: LaneKind::General, access: ClassSet::ALL, turns: TurnSet::UNMARKED }],
        limits: SpeedLimits::uniform(14.0),
        access: ClassSet::ALL,
        opposite: None,
        is_roundabout: false,
        is_bridge: false,
        is_urban,
        is_toll: false,
    }
}

/// 1 km of QL91 (built-up), 1 km of ĐT.941, 2 km of CT34, 1 km of a street without number; four junctions: a main signal, a second main
/// signal, a signal on the street alone, one without.
pub(crate) fn network() -> RoadNetwork {
    let links = vec![
        link("ql91-a", Some("QL91"), RoadClass::Trunk, true, (0.0, 1000.0), 0),
        link("dt941-a", Some("ĐT.941"), RoadClass::Primary, true, (1000.0, 2000.0), 1),
        link("ct34-a", Some("CT34"), RoadClass::Motorway, false, (2000.0, 4000.0), 3),
        link("hem-1", None, RoadClass::Residential, true, (4000.0, 5000.0), 2),
    ];
    let plan = || SignalPlan::new(0.0, vec![Phase { groups: vec![0], green_s: 30.0, yellow_s: 3.0, all_red_s: 2.0 }]).expect("a good plan");
    let controller = |ref_: &str, junction| SignalController {
        ref_: Ref::new(ref_),
        junction: JunctionId(junction),
        groups: Vec::new(),
        plan: plan(),
        plan_is_assumed: true,
    };
    let junction = |ref_: &str, x, kind, incoming: u32| Junction {
        ref_: Ref::new(ref_),
        name: None,
        centre: Point::new(x, 0.0),
        kind,
        incoming: vec![LinkId(incoming)],
        outgoing: Vec::new(),
        movements: 0..0,
    };
    RoadNetwork {
        meta: NetworkMeta {
            name: "test".to_owned(),
            source: "test".to_owned(),
            attribution: "test".to_owned(),
            is_sketch: false,
            driving_side: DrivingSide::Right,
            frame: Frame { origin: LatLon { lat: 10.0, lon: 105.0 } },
        },
        junctions: vec![
            junction("j-main", 1000.0, JunctionKind::Signal(ControllerId(0)), 0),
            junction("j-second", 2000.0, JunctionKind::Signal(ControllerId(1)), 1),
            junction("j-street", 5000.0, JunctionKind::Signal(ControllerId(2)), 3),
            junction("j-plain", 4000.0, JunctionKind::Priority, 2),
        ],
        links,
        movements: Vec::new(),
        controllers: vec![controller("c-main", 0), controller("c-second", 1), controller("c-street", 2)],
        places: vec![Place {
            ref_: Ref::new("gate"),
            kind: PlaceKind::BorderGate,
            name: Some("Cửa khẩu".to_owned()),
            point: Point::new(0.0, 0.0),
            access: None,
            size: None,
        }],
    }
}

/// A trip that wished to leave at `depart_s`, with 100 s of free-flow time.
pub(crate) fn trip(depart_s: f64, wait_s: f64, arrived_s: Option<f64>, time_loss_s: f64, stops: u32) -> TripSummary {
    TripSummary { depart_s, has_entered: true, arrived_s, free_flow_s: 100.0, time_loss_s, wait_s, stops }
}

/// An hour with three trips (60 s late; half an hour so far and on the way; ten minutes waiting and never in), one before the window
/// that arrives in it, cars and buses on the road, and a queue.
pub(crate) fn run() -> TrafficSummary {
    let mut flows = [ClassFlow::default(); CLASS_COUNT];
    flows[VehicleClass::Car.index()] = ClassFlow { vehicle_m: 30_000.0, vehicle_s: 3000.0, co2_g: 6000.0 };
    flows[VehicleClass::Bus.index()] = ClassFlow { vehicle_m: 10_000.0, vehicle_s: 1000.0, co2_g: 10_000.0 };
    TrafficSummary {
        window: Window { from_s: 3600.0, until_s: 7200.0 },
        trips: Some(vec![
            trip(4000.0, 10.0, Some(4160.0), 60.0, 3),
            trip(5000.0, 0.0, None, 1800.0, 5),
            TripSummary { has_entered: false, ..trip(6600.0, 600.0, None, 600.0, 0) },
            trip(3000.0, 0.0, Some(3700.0), 600.0, 7),
        ]),
        flows: Some(flows),
        queues: Some(Queues { longest_m: 240.0, longest_at: Some("Trần Hưng Đạo".to_owned()), spill_backs: 2 }),
        haulage: Some([
            Haulage::default(),
            Haulage { vehicle_km: 10.0, vehicle_h: 0.5, fuel_l: 3.0, ..Haulage::default() },
            Haulage::default(),
        ]),
        conflicts: Some(ConflictCount { all: 8, serious: 2 }),
        mid_block: Some(vec![
            MidBlock { road: RoadClass::Trunk, is_urban: true, class: VehicleClass::Car, seen: 4, sum_kmh: 180.0 },
            MidBlock { road: RoadClass::Motorway, is_urban: false, class: VehicleClass::Car, seen: 2, sum_kmh: 160.0 },
        ]),
        responses: Some(vec![Response { called_s: 4000.0, detect_s: 60.0, dispatch_s: 90.0, on_scene_s: Some(4420.0) }]),
    }
}
