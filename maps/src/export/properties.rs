//! The properties of each layer, as a table in QGIS shows them: flat, in units a reader knows, classes and refs spelt as in every file.

use serde::Serialize;
use sim_core::{
    class::ClassSet,
    ids::{JunctionId, LinkId, MovementId},
    network::{
        JunctionKind, Lane, LaneKind, LinkKind, Place, PlaceKind, RoadClass, RoadNetwork, SignalController, Turn, TurnSet, path_length_m,
    },
};

/// Metres per second to kilometres per hour, to a hundredth.
fn kmh(mps: f32) -> f64 {
    (f64::from(mps) * 360.0).round() / 100.0
}

/// To a centimetre: what a file is good for.
fn rounded(m: f32) -> f64 {
    (f64::from(m) * 100.0).round() / 100.0
}

/// `all`, or the classes with spaces between.
fn classes(set: ClassSet) -> String {
    if set == ClassSet::ALL {
        return "all".into();
    }
    set.iter().map(|c| c.name()).collect::<Vec<_>>().join(" ")
}

#[derive(Serialize)]
pub(super) struct LinkProperties<'a> {
    layer: &'static str,
    #[serde(rename = "ref")]
    ref_: &'a str,
    name: Option<&'a str>,
    road_number: Option<&'a str>,
    class: RoadClass,
    from: &'a str,
    to: &'a str,
    opposite: Option<&'a str>,
    length_m: f64,
    width_m: f64,
    lanes: usize,
    lane_kinds: String,
    lane_widths_m: String,
    lane_turns: String,
    lane_access: String,
    access: String,
    limit_light_kmh: f64,
    limit_heavy_kmh: f64,
    limit_motorcycle_kmh: f64,
    limit_articulated_kmh: f64,
    limit_slow_kmh: f64,
    is_roundabout: bool,
    is_bridge: bool,
    is_urban: bool,
    is_toll: bool,
    ferry_cars: Option<u16>,
    ferry_motorcycles: Option<u16>,
    ferry_interval_s: Option<f32>,
    ferry_crossing_s: Option<f32>,
}

impl<'a> LinkProperties<'a> {
    pub(super) fn of(network: &'a RoadNetwork, id: LinkId) -> Self {
        let link = network.link(id);
        let per_lane = |text: fn(&Lane) -> String| link.lanes.iter().map(text).collect::<Vec<_>>().join("|");
        let ferry = match &link.kind {
            LinkKind::Road => None,
            LinkKind::Ferry(service) => Some(service),
        };
        Self {
            layer: "link",
            ref_: link.ref_.as_str(),
            name: link.name.as_deref(),
            road_number: link.road_number.as_deref(),
            class: link.class,
            from: network.junction(link.from).ref_.as_str(),
            to: network.junction(link.to).ref_.as_str(),
            opposite: link.opposite.map(|o| network.link(o).ref_.as_str()),
            length_m: rounded(link.length_m),
            width_m: rounded(link.width_m),
            lanes: link.lanes.len(),
            lane_kinds: per_lane(|l| lane_kind(l.kind).into()),
            lane_widths_m: per_lane(|l| rounded(l.width_m).to_string()),
            lane_turns: per_lane(|l| turns(l.turns)),
            lane_access: per_lane(|l| classes(l.access)),
            access: classes(link.access),
            limit_light_kmh: kmh(link.limits.light_mps),
            limit_heavy_kmh: kmh(link.limits.heavy_mps),
            limit_motorcycle_kmh: kmh(link.limits.motorcycle_mps),
            limit_articulated_kmh: kmh(link.limits.articulated_mps),
            limit_slow_kmh: kmh(link.limits.slow_mps),
            is_roundabout: link.is_roundabout,
            is_bridge: link.is_bridge,
            is_urban: link.is_urban,
            is_toll: link.is_toll,
            ferry_cars: ferry.map(|f| f.car_capacity),
            ferry_motorcycles: ferry.map(|f| f.motorcycle_capacity),
            ferry_interval_s: ferry.map(|f| f.interval_s),
            ferry_crossing_s: ferry.map(|f| f.crossing_s),
        }
    }
}

/// How files spell a kind of lane.
fn lane_kind(kind: LaneKind) -> &'static str {
    match kind {
        LaneKind::General => "general",
        LaneKind::Mixed => "mixed",
        LaneKind::Motorcycle => "motorcycle",
        LaneKind::Bus => "bus",
    }
}

/// The turns of a lane as OpenStreetMap spells them.
fn turns(set: TurnSet) -> String {
    let all = [(TurnSet::LEFT, "left"), (TurnSet::THROUGH, "through"), (TurnSet::RIGHT, "right"), (TurnSet::U_TURN, "reverse")];
    all.into_iter().filter(|(turn, _)| set.intersects(*turn)).map(|(_, name)| name).collect::<Vec<_>>().join(";")
}

#[derive(Serialize)]
pub(super) struct JunctionProperties<'a> {
    layer: &'static str,
    #[serde(rename = "ref")]
    ref_: &'a str,
    name: Option<&'a str>,
    kind: &'static str,
    links_in: usize,
    links_out: usize,
    movements: usize,
}

impl<'a> JunctionProperties<'a> {
    pub(super) fn of(network: &'a RoadNetwork, id: JunctionId) -> Self {
        let junction = network.junction(id);
        Self {
            layer: "junction",
            ref_: junction.ref_.as_str(),
            name: junction.name.as_deref(),
            kind: match junction.kind {
                JunctionKind::Priority => "priority",
                JunctionKind::Signal(_) => "signal",
                JunctionKind::Roundabout => "roundabout",
                JunctionKind::Terminal => "terminal",
            },
            links_in: junction.incoming.len(),
            links_out: junction.outgoing.len(),
            movements: junction.movements.len(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct MovementProperties<'a> {
    layer: &'static str,
    junction: &'a str,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    turn: Turn,
    access: String,
    from_lanes: String,
    to_lanes: String,
    priority: u8,
    group: Option<&'a str>,
    length_m: f64,
}

impl<'a> MovementProperties<'a> {
    pub(super) fn of(network: &'a RoadNetwork, id: MovementId) -> Self {
        let m = network.movement(id);
        let junction = network.junction(m.junction);
        let group = match (junction.kind, m.group) {
            (JunctionKind::Signal(c), Some(g)) => network.controller(c).groups.get(usize::from(g)).map(|g| g.name.as_str()),
            _ => None,
        };
        let lanes = |range: &std::ops::Range<u8>| range.clone().map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        Self {
            layer: "movement",
            junction: junction.ref_.as_str(),
            from: network.link(m.from).ref_.as_str(),
            to: network.link(m.to).ref_.as_str(),
            turn: m.turn,
            access: classes(m.access),
            from_lanes: lanes(&m.from_lanes),
            to_lanes: lanes(&m.to_lanes),
            priority: m.priority.0,
            group,
            length_m: rounded(path_length_m(network, id) as f32),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SignalProperties<'a> {
    layer: &'static str,
    #[serde(rename = "ref")]
    ref_: &'a str,
    junction: &'a str,
    groups: Vec<&'a str>,
    cycle_s: f32,
    offset_s: f32,
    plan: Vec<PhaseProperties<'a>>,
    plan_is_assumed: bool,
}

#[derive(Serialize)]
struct PhaseProperties<'a> {
    groups: Vec<&'a str>,
    green_s: f32,
    yellow_s: f32,
    all_red_s: f32,
}

impl<'a> SignalProperties<'a> {
    pub(super) fn of(network: &'a RoadNetwork, controller: &'a SignalController) -> Self {
        let name = |g: &u16| controller.groups[usize::from(*g)].name.as_str();
        let phase = |p: &sim_core::network::Phase| PhaseProperties {
            groups: p.groups.iter().map(name).collect(),
            green_s: p.green_s,
            yellow_s: p.yellow_s,
            all_red_s: p.all_red_s,
        };
        Self {
            layer: "signal",
            ref_: controller.ref_.as_str(),
            junction: network.junction(controller.junction).ref_.as_str(),
            groups: controller.groups.iter().map(|g| g.name.as_str()).collect(),
            cycle_s: controller.plan.cycle_s(),
            offset_s: controller.plan.offset_s(),
            plan: controller.plan.phases().iter().map(phase).collect(),
            plan_is_assumed: controller.plan_is_assumed,
        }
    }
}

#[derive(Serialize)]
pub(super) struct PlaceProperties<'a> {
    layer: &'static str,
    #[serde(rename = "ref")]
    ref_: &'a str,
    kind: PlaceKind,
    name: Option<&'a str>,
    link: Option<&'a str>,
    link_pos_m: Option<f64>,
    size: Option<u32>,
}

impl<'a> PlaceProperties<'a> {
    pub(super) fn of(network: &'a RoadNetwork, place: &'a Place) -> Self {
        Self {
            layer: "place",
            ref_: place.ref_.as_str(),
            kind: place.kind,
            name: place.name.as_deref(),
            link: place.access.map(|(link, _)| network.link(link).ref_.as_str()),
            link_pos_m: place.access.map(|(_, pos)| rounded(pos)),
            size: place.size,
        }
    }
}
