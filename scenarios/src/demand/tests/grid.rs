//! A small town for tests: a grid of streets, two main roads through its middle that lead on beyond the edge, signals where they cross.

use sim_core::{
    class::{ClassSet, VehicleClass},
    geometry::{Frame, LatLon, Point, polyline_length_m, turn_between},
    ids::{ControllerId, JunctionId, LinkId, MovementId},
    network::{
        DrivingSide, Junction, JunctionKind, Lane, LaneKind, Link, LinkKind, Movement, NetworkMeta, Phase, Place, PlaceKind, Priority,
        RoadClass, RoadNetwork, SignalController, SignalGroup, SignalPlan, SpeedLimits, Turn, TurnSet,
    },
    reference::Ref,
};

/// A town of `n` by `n` crossings, `spacing_m` apart, with settlements at its four quarters and its centre.
pub(crate) fn town(n: usize, spacing_m: f64) -> RoadNetwork {
    let mut b = Builder::new();
    let at = |x: usize, y: usize| y * n + x;
    for y in 0..n {
        for x in 0..n {
            b.junction(format!("j{x},{y}"), Point::new(x as f64 * spacing_m, y as f64 * spacing_m));
        }
    }
    let middle = n / 2;
    let class = |i: usize| if i == middle { RoadClass::Secondary } else { RoadClass::Residential };
    for i in 0..n {
        for k in 0..n - 1 {
            b.road(at(k, i), at(k + 1, i), class(i), &format!("Row {i}"));
            b.road(at(i, k), at(i, k + 1), class(i), &format!("Column {i}"));
        }
    }
    let span = (n - 1) as f64 * spacing_m;
    let mid = middle as f64 * spacing_m;
    for (name, point, inner, road) in [
        ("west", Point::new(-spacing_m, mid), at(0, middle), format!("Row {middle}")),
        ("east", Point::new(span + spacing_m, mid), at(n - 1, middle), format!("Row {middle}")),
        ("south", Point::new(mid, -spacing_m), at(middle, 0), format!("Column {middle}")),
        ("north", Point::new(mid, span + spacing_m), at(middle, n - 1), format!("Column {middle}")),
    ] {
        let edge = b.junction(name.into(), point);
        b.road(edge, inner, RoadClass::Secondary, &road);
    }
    let mut network = b.finish(at(middle, middle));
    for (i, (x, y, people)) in
        [(0.15, 0.15, 9_000), (0.85, 0.15, 6_000), (0.15, 0.85, 7_000), (0.85, 0.85, 10_000), (0.55, 0.45, 14_000)].into_iter().enumerate()
    {
        network.places.push(Place {
            ref_: Ref::from(format!("ward{}", i + 1)),
            kind: PlaceKind::Settlement,
            name: Some(format!("Ward {}", i + 1)),
            point: Point::new(x * span, y * span),
            access: None,
            size: Some(people),
        });
    }
    network.check().unwrap();
    network
}

struct Builder {
    network: RoadNetwork,
}

impl Builder {
    fn new() -> Self {
        let frame = Frame { origin: LatLon { lat: 10.38, lon: 105.43 } };
        let meta = NetworkMeta {
            name: "Grid town".into(),
            source: "test".into(),
            attribution: String::new(),
            is_sketch: true,
            driving_side: DrivingSide::Right,
            frame,
        };
        let network = RoadNetwork { meta, junctions: vec![], links: vec![], movements: vec![], controllers: vec![], places: vec![] };
        Self { network }
    }

    fn junction(&mut self, name: String, centre: Point) -> usize {
        self.network.junctions.push(Junction {
            ref_: Ref::from(name),
            name: None,
            centre,
            kind: JunctionKind::Priority,
            incoming: vec![],
            outgoing: vec![],
            movements: 0..0,
        });
        self.network.junctions.len() - 1
    }

    /// Both directions of a road.
    fn road(&mut self, a: usize, b: usize, class: RoadClass, name: &str) {
        let first = self.network.links.len();
        for (from, to, opposite) in [(a, b, first + 1), (b, a, first)] {
            let (start, end) = (self.network.junctions[from].centre, self.network.junctions[to].centre);
            let heading = start.heading_to(end);
            // Each direction has its own carriageway to the right of the middle, from stop line to stop line.
            let side = |p: Point| p.ahead(heading - core::f64::consts::FRAC_PI_2, 4.0);
            let geometry = vec![side(start.ahead(heading, 12.0)), side(end.ahead(heading, -12.0))];
            let lanes = if class == RoadClass::Secondary { 2 } else { 1 };
            let lane = Lane { width_m: 3.5, kind: LaneKind::General, access: ClassSet::ALL, turns: TurnSet::UNMARKED };
            let kmh = if class == RoadClass::Secondary { 50.0 } else { 30.0 };
            let id = LinkId::from_index(self.network.links.len());
            self.network.links.push(Link {
                ref_: Ref::from(format!("{}>{}", self.network.junctions[from].ref_, self.network.junctions[to].ref_)),
                name: Some(name.to_owned()),
                road_number: None,
                from: JunctionId::from_index(from),
                to: JunctionId::from_index(to),
                class,
                kind: LinkKind::Road,
                length_m: polyline_length_m(&geometry) as f32,
                geometry,
                width_m: 3.5 * lanes as f32,
                lanes: vec![lane; lanes],
                limits: SpeedLimits::uniform(kmh / 3.6),
                access: ClassSet::ALL,
                opposite: Some(LinkId::from_index(opposite)),
                is_roundabout: false,
                is_bridge: false,
                is_urban: true,
                is_toll: false,
            });
            self.network.junctions[from].outgoing.push(id);
            self.network.junctions[to].incoming.push(id);
        }
    }

    /// Movements everywhere but U-turns, signals at `signalled`.
    fn finish(mut self, signalled: usize) -> RoadNetwork {
        let net = &mut self.network;
        for j in 0..net.junctions.len() {
            let start = net.movements.len() as u32;
            let (incoming, outgoing) = (net.junctions[j].incoming.clone(), net.junctions[j].outgoing.clone());
            for from in &incoming {
                for to in &outgoing {
                    if net.link(*from).opposite == Some(*to) {
                        continue;
                    }
                    let heading = |l: LinkId| net.link(l).geometry[0].heading_to(net.link(l).geometry[1]);
                    let angle = turn_between(heading(*from), heading(*to));
                    let turn = match angle {
                        a if a > 0.6 => Turn::Left,
                        a if a < -0.6 => Turn::Right,
                        _ => Turn::Through,
                    };
                    let is_main = net.link(*from).class == RoadClass::Secondary;
                    let priority = match (is_main, turn) {
                        (true, Turn::Left) => Priority::MAJOR_LEFT,
                        (true, _) => Priority::MAJOR,
                        (false, Turn::Left) => Priority::MINOR_LEFT,
                        (false, _) => Priority::MINOR,
                    };
                    let lanes = |l: LinkId| 0..net.link(l).lanes.len() as u8;
                    let movement = Movement {
                        junction: JunctionId::from_index(j),
                        from: *from,
                        to: *to,
                        turn,
                        access: ClassSet::ALL,
                        from_lanes: lanes(*from),
                        to_lanes: lanes(*to),
                        priority,
                        group: None,
                    };
                    net.movements.push(movement);
                }
            }
            net.junctions[j].movements = start..net.movements.len() as u32;
            if incoming.len() == 1 {
                net.junctions[j].kind = JunctionKind::Terminal;
            }
        }
        self.signal(signalled);
        self.network
    }

    fn signal(&mut self, junction: usize) {
        let net = &mut self.network;
        net.junctions[junction].kind = JunctionKind::Signal(ControllerId(0));
        let mut groups = [Vec::new(), Vec::new()];
        for m in net.junctions[junction].movements.clone() {
            let name = net.link(net.movements[m as usize].from).name.clone().unwrap();
            let group = usize::from(name.starts_with("Column"));
            net.movements[m as usize].group = Some(group as u16);
            groups[group].push(MovementId(m));
        }
        let phase = |g| Phase { groups: vec![g], green_s: 30.0, yellow_s: 3.0, all_red_s: 2.0 };
        let [row, column] = groups;
        net.controllers.push(SignalController {
            ref_: Ref::from("signal"),
            junction: JunctionId::from_index(junction),
            groups: vec![SignalGroup { name: "row".into(), movements: row }, SignalGroup { name: "column".into(), movements: column }],
            plan: SignalPlan::new(0.0, vec![phase(0), phase(1)]).unwrap(),
            plan_is_assumed: false,
        });
    }
}

/// The link called `from>to`.
pub(crate) fn link(network: &RoadNetwork, ref_: &str) -> LinkId {
    LinkId::from_index(network.links.iter().position(|l| l.ref_.as_str() == ref_).unwrap_or_else(|| panic!("no link {ref_}")))
}

/// Closes a link and the movements into and out of it to a class.
pub(crate) fn close(network: &mut RoadNetwork, ref_: &str, class: VehicleClass) {
    let id = link(network, ref_);
    let open = |access: ClassSet| access.without(ClassSet::of(&[class]));
    network.links[id.index()].access = open(network.links[id.index()].access);
    for m in &mut network.movements {
        if m.from == id || m.to == id {
            m.access = open(m.access);
        }
    }
}
