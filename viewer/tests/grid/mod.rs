//! A small town for tests: a square grid of two-way streets, straight-on movements only, and trips that cross it.

use sim_core::{
    class::{ClassSet, VehicleClass},
    demand::{LinkPosition, Purpose, Trip},
    geometry::{Frame, LatLon, Point},
    ids::{JunctionId, LinkId},
    network::{
        DrivingSide, Junction, JunctionKind, Lane, LaneKind, Link, LinkKind, Movement, NetworkMeta, Priority, RoadClass, RoadNetwork,
        SpeedLimits, Turn, TurnSet,
    },
    reference::Ref,
};

const BLOCK_M: f64 = 150.0;
const SETBACK_M: f64 = 8.0;

/// A grid of `n` by `n` junctions (at least 3).
pub(crate) fn grid(n: usize) -> RoadNetwork {
    let at = |i: usize, j: usize| Point::new(i as f64 * BLOCK_M, j as f64 * BLOCK_M);
    let mut links = Vec::new();
    for i in 0..n {
        for j in 0..n {
            for (di, dj) in [(1i64, 0i64), (-1, 0), (0, 1), (0, -1)] {
                let (k, l) = (i as i64 + di, j as i64 + dj);
                if (0..n as i64).contains(&k) && (0..n as i64).contains(&l) {
                    links.push(link((i, j), (k as usize, l as usize), n, at));
                }
            }
        }
    }
    let mut junctions: Vec<Junction> = (0..n * n)
        .map(|k| Junction {
            ref_: Ref::from(format!("j{k}")),
            name: None,
            centre: at(k / n, k % n),
            kind: JunctionKind::Priority,
            incoming: (0..links.len()).filter(|l| links[*l].to.index() == k).map(LinkId::from_index).collect(),
            outgoing: (0..links.len()).filter(|l| links[*l].from.index() == k).map(LinkId::from_index).collect(),
            movements: 0..0,
        })
        .collect();
    let mut movements = Vec::new();
    for (k, junction) in junctions.iter_mut().enumerate() {
        let first = movements.len() as u32;
        for from in &junction.incoming {
            for to in &junction.outgoing {
                let heading = |l: &LinkId| links[l.index()].geometry[0].heading_to(links[l.index()].geometry[1]);
                if (heading(from) - heading(to)).abs() < 0.1 {
                    movements.push(Movement {
                        junction: JunctionId::from_index(k),
                        from: *from,
                        to: *to,
                        turn: Turn::Through,
                        access: ClassSet::ALL,
                        from_lanes: 0..1,
                        to_lanes: 0..1,
                        priority: Priority::MAJOR,
                        group: None,
                    });
                }
            }
        }
        junction.movements = first..movements.len() as u32;
    }
    RoadNetwork {
        meta: NetworkMeta {
            name: "Grid".into(),
            source: "test".into(),
            attribution: "nobody".into(),
            is_sketch: false,
            driving_side: DrivingSide::Right,
            frame: Frame { origin: LatLon { lat: 10.38, lon: 105.43 } },
        },
        junctions,
        links,
        movements,
        controllers: Vec::new(),
        places: Vec::new(),
    }
}

fn link(from: (usize, usize), to: (usize, usize), n: usize, at: impl Fn(usize, usize) -> Point) -> Link {
    let (a, b) = (at(from.0, from.1), at(to.0, to.1));
    let heading = a.heading_to(b);
    let beside = |p: Point, ahead: f64| p.ahead(heading, ahead).ahead(heading - core::f64::consts::FRAC_PI_2, 2.0);
    Link {
        ref_: Ref::from(format!("{}.{}>{}.{}", from.0, from.1, to.0, to.1)),
        name: None,
        road_number: None,
        from: JunctionId::from_index(from.0 * n + from.1),
        to: JunctionId::from_index(to.0 * n + to.1),
        class: RoadClass::Residential,
        kind: LinkKind::Road,
        geometry: vec![beside(a, SETBACK_M), beside(b, -SETBACK_M)],
        length_m: (BLOCK_M - 2.0 * SETBACK_M) as f32,
        width_m: 4.0,
        lanes: vec![Lane { width_m: 4.0, kind: LaneKind::General, access: ClassSet::ALL, turns: TurnSet::UNMARKED }],
        limits: SpeedLimits::uniform(11.0),
        access: ClassSet::ALL,
        opposite: None,
        is_roundabout: false,
        is_bridge: false,
        is_urban: true,
        is_toll: false,
    }
}

/// `count` motorcycles, one every 10 s, straight across the grid from west to east.
pub(crate) fn crossing_trips(network: &RoadNetwork, n: usize, count: usize) -> Vec<Trip> {
    let find = |name: &str| LinkId::from_index(network.links.iter().position(|l| l.ref_.as_str() == name).unwrap());
    (0..count)
        .map(|k| {
            let row = 1 + k % (n - 2);
            let route: Vec<LinkId> = (0..n - 1).map(|i| find(&format!("{i}.{row}>{}.{row}", i + 1))).collect();
            Trip {
                ref_: Ref::from(format!("t{k}")),
                class: VehicleClass::Motorcycle,
                purpose: Purpose::Personal,
                depart_s: k as f64 * 10.0,
                origin: LinkPosition { link: route[0], pos_m: 20.0 },
                destination: LinkPosition { link: route[n - 2], pos_m: 60.0 },
                route: route.into(),
                halts: std::sync::Arc::default(),
            }
        })
        .collect()
}
