//! Small hand-made networks for this crate's tests.

use sim_core::{
    class::ClassSet,
    geometry::{Frame, LatLon, Point, point_along, polyline_length_m, turn_between},
    ids::{ControllerId, JunctionId, LinkId, MovementId, PlaceId},
    network::{
        DrivingSide, Junction, JunctionKind, Lane, LaneKind, Link, LinkKind, Movement, NetworkMeta, Phase, Place, PlaceKind, Priority,
        RoadClass, RoadNetwork, SignalController, SignalGroup, SignalPlan, SpeedLimits, Turn, TurnSet,
    },
};

/// Metres between a junction's centre and its stop lines.
const STOP_LINE_M: f64 = 8.0;

/// Puts a network together piece by piece.
pub(crate) struct Builder {
    network: RoadNetwork,
}

impl Builder {
    /// An empty network in Long Xuyên.
    pub(crate) fn new() -> Self {
        let meta = NetworkMeta {
            name: "Test".into(),
            source: "test.osm".into(),
            attribution: "nobody".into(),
            is_sketch: true,
            driving_side: DrivingSide::Right,
            frame: Frame { origin: LatLon { lat: 10.3864, lon: 105.4352 } },
        };
        Self { network: RoadNetwork { meta, junctions: vec![], links: vec![], movements: vec![], controllers: vec![], places: vec![] } }
    }

    /// A junction.
    pub(crate) fn junction(&mut self, name: &str, x: f64, y: f64) -> JunctionId {
        self.network.junctions.push(Junction {
            ref_: name.into(),
            name: None,
            centre: Point::new(x, y),
            kind: JunctionKind::Priority,
            incoming: vec![],
            outgoing: vec![],
            movements: 0..0,
        });
        JunctionId::from_index(self.network.junctions.len() - 1)
    }

    /// One direction of a straight road with `lanes` lanes of 3.5 m.
    pub(crate) fn one_way(&mut self, name: &str, from: JunctionId, to: JunctionId, class: RoadClass, lanes: usize) -> LinkId {
        let (a, b) = (self.network.junction(from).centre, self.network.junction(to).centre);
        let line = [a, b];
        let whole = polyline_length_m(&line);
        let half_width = 3.5 * lanes as f64 / 2.0;
        let right = a.heading_to(b) - core::f64::consts::FRAC_PI_2;
        let at = |way| point_along(&line, way).0.ahead(right, half_width);
        let geometry = vec![at(STOP_LINE_M), at(whole / 2.0), at(whole - STOP_LINE_M)];
        let id = LinkId::from_index(self.network.links.len());
        self.network.links.push(Link {
            ref_: name.into(),
            name: Some("Đường Thử".into()),
            road_number: None,
            from,
            to,
            class,
            kind: LinkKind::Road,
            length_m: polyline_length_m(&geometry) as f32,
            geometry,
            width_m: 3.5 * lanes as f32,
            lanes: vec![Lane { width_m: 3.5, kind: LaneKind::General, access: ClassSet::ALL, turns: TurnSet::UNMARKED }; lanes],
            limits: SpeedLimits::uniform(50.0 / 3.6),
            access: ClassSet::ALL,
            opposite: None,
            is_roundabout: false,
            is_bridge: false,
            is_urban: true,
            is_toll: false,
        });
        self.network.junctions[from.index()].outgoing.push(id);
        self.network.junctions[to.index()].incoming.push(id);
        id
    }

    /// Both directions of an undivided road, named `<name>:<from>><to>`.
    pub(crate) fn two_way(&mut self, name: &str, from: JunctionId, to: JunctionId, class: RoadClass, lanes: usize) -> [LinkId; 2] {
        let (a, b) = (self.network.junction(from).ref_.clone(), self.network.junction(to).ref_.clone());
        let there = self.one_way(&format!("{name}:{a}>{b}"), from, to, class, lanes);
        let back = self.one_way(&format!("{name}:{b}>{a}"), to, from, class, lanes);
        self.network.links[there.index()].opposite = Some(back);
        self.network.links[back.index()].opposite = Some(there);
        [there, back]
    }

    /// A place reached from `link`.
    pub(crate) fn place(&mut self, name: &str, kind: PlaceKind, link: LinkId) -> PlaceId {
        let point = self.network.link(link).geometry[0];
        self.network.places.push(Place {
            ref_: name.into(),
            kind,
            name: Some(name.into()),
            point,
            access: Some((link, 1.0)),
            size: Some(100),
        });
        PlaceId::from_index(self.network.places.len() - 1)
    }

    /// All movements but U-turns, signals at the junctions `signalised`, checked.
    pub(crate) fn finish(mut self, signalised: &[JunctionId]) -> RoadNetwork {
        let n = &mut self.network;
        for j in 0..n.junctions.len() {
            let id = JunctionId::from_index(j);
            let start = n.movements.len() as u32;
            let controller = signalised.contains(&id).then(|| ControllerId::from_index(n.controllers.len()));
            let mut groups: Vec<SignalGroup> = vec![];
            let best = n.junctions[j].incoming.iter().map(|l| n.link(*l).class).min().unwrap_or(RoadClass::Service);
            for from in n.junctions[j].incoming.clone() {
                let mut movements = vec![];
                for to in n.junctions[j].outgoing.clone() {
                    if n.link(to).to == n.link(from).from {
                        continue;
                    }
                    movements.push(MovementId::from_index(n.movements.len()));
                    let heading = |l: LinkId| n.link(l).geometry[0].heading_to(n.link(l).geometry[2]);
                    let turn = turn_between(heading(from), heading(to));
                    n.movements.push(Movement {
                        junction: id,
                        from,
                        to,
                        turn: if turn > 0.8 {
                            Turn::Left
                        } else if turn < -0.8 {
                            Turn::Right
                        } else {
                            Turn::Through
                        },
                        access: ClassSet::ALL,
                        from_lanes: 0..n.link(from).lanes.len() as u8,
                        to_lanes: 0..n.link(to).lanes.len() as u8,
                        priority: if signalised.contains(&id) || n.link(from).class == best { Priority::MAJOR } else { Priority::MINOR },
                        group: controller.map(|_| groups.len() as u16),
                    });
                }
                if !movements.is_empty() {
                    groups.push(SignalGroup { name: n.link(from).ref_.to_string(), movements });
                }
            }
            n.junctions[j].movements = start..n.movements.len() as u32;
            if n.junctions[j].incoming.len() < 2 {
                n.junctions[j].kind = JunctionKind::Terminal;
            }
            if let Some(controller) = controller {
                n.junctions[j].kind = JunctionKind::Signal(controller);
                let phase = |g: usize| Phase { groups: vec![g as u16], green_s: 20.0, yellow_s: 3.0, all_red_s: 2.0 };
                let plan = SignalPlan::new(0.0, (0..groups.len()).map(phase).collect()).expect("a good plan");
                let ref_ = n.junctions[j].ref_.clone();
                n.controllers.push(SignalController { ref_, junction: id, groups, plan, plan_is_assumed: true });
            }
        }
        self.network.check().expect("a good network");
        self.network
    }
}

/// A crossroads with signals, four arms of 200 m; the west arm goes on to another junction with a lane to the south.
///
/// ```text
///             osm:n2
///               |
/// osm:n6 --- osm:n5 --- osm:n1 --- osm:n3
///               |          |
///            osm:n7     osm:n4
/// ```
/// Here `osm:n1` has the signals, the main road is way 10 west of `osm:n1` and way 11 east of it, the side road 12.
pub(crate) fn crossroads() -> RoadNetwork {
    let mut b = Builder::new();
    let c = b.junction("osm:n1", 0.0, 0.0);
    let north = b.junction("osm:n2", 0.0, 200.0);
    let east = b.junction("osm:n3", 200.0, 0.0);
    let south = b.junction("osm:n4", 0.0, -200.0);
    let west = b.junction("osm:n5", -200.0, 0.0);
    let far = b.junction("osm:n6", -400.0, 0.0);
    let lane = b.junction("osm:n7", -200.0, -100.0);
    b.two_way("osm:w10", far, west, RoadClass::Primary, 2);
    b.two_way("osm:w10", west, c, RoadClass::Primary, 2);
    b.two_way("osm:w11", c, east, RoadClass::Primary, 2);
    let side = b.two_way("osm:w12", north, c, RoadClass::Tertiary, 1);
    b.two_way("osm:w12", c, south, RoadClass::Tertiary, 1);
    b.two_way("osm:w13", west, lane, RoadClass::Residential, 1);
    b.place("osm:n90", PlaceKind::Hospital, side[0]);
    b.finish(&[c])
}

/// A big made-up grid of `side` × `side` junctions for measurements.
pub(crate) fn grid(side: usize) -> RoadNetwork {
    let mut b = Builder::new();
    let at: Vec<Vec<JunctionId>> = (0..side)
        .map(|i| (0..side).map(|j| b.junction(&format!("osm:n{}", 1_000_000 + i * side + j), i as f64 * 120.0, j as f64 * 120.0)).collect())
        .collect();
    for i in 0..side {
        for j in 0..side {
            if i + 1 < side {
                b.two_way(&format!("osm:w{}", 500_000 + j), at[i][j], at[i + 1][j], RoadClass::Secondary, 2);
            }
            if j + 1 < side {
                b.two_way(&format!("osm:w{}", 700_000 + i), at[i][j], at[i][j + 1], RoadClass::Residential, 1);
            }
        }
    }
    b.finish(&[at[side / 2][side / 2]])
}
