//! Which ways are roads, and what the whole way has in common: class, names, structure, ferry service.

use super::{
    access::{MOTOR, access},
    lanes::{Direction, LaneSite, Side, direction, sides},
    numbers::{duration_s, whole},
    report::{ImportReport, ReportGroup},
    speeds::{SpeedTags, speed_tags},
};
use crate::osm::{Tags, Way};
use sim_core::{
    class::{ClassSet, VehicleClass},
    network::{DrivingSide, RoadClass},
};
use std::sync::Arc;

/// What all pieces of a way share, whichever direction they are driven in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Road {
    pub(crate) class: RoadClass,
    pub(crate) is_ramp: bool,
    pub(crate) is_ring: bool,
    pub(crate) is_bridge: bool,
    pub(crate) is_toll: bool,
    pub(crate) layer: i8,
    pub(crate) name: Option<Box<str>>,
    pub(crate) number: Option<Box<str>>,
    /// Only one direction, so the other carriageway, if any, is a way of its own.
    pub(crate) is_one_way: bool,
    /// `dual_carriageway=yes`.
    pub(crate) is_dual: bool,
    /// `priority_road`.
    pub(crate) has_priority: bool,
    pub(crate) speed: SpeedTags,
    pub(crate) ferry: Option<FerryTags>,
}

/// What the tags of a ferry say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct FerryTags {
    pub(crate) duration_s: Option<f64>,
    pub(crate) interval_s: Option<f64>,
    pub(crate) cars: Option<u32>,
    pub(crate) motorcycles: Option<u32>,
}

/// A drivable way.
#[derive(Clone, Debug)]
pub(crate) struct DrivableWay {
    pub(crate) id: i64,
    /// What refs call it: `osm:w<id>` or `twin:ref`.
    pub(crate) ref_: Arc<str>,
    pub(crate) nodes: Vec<i64>,
    pub(crate) road: Arc<Road>,
    /// Forward and backward.
    pub(crate) sides: [Option<Side>; 2],
    /// Signed limits forward and backward, m/s.
    pub(crate) signs: [Option<f32>; 2],
}

/// Class of a `highway` value and whether it is a ramp; `None` where motor vehicles do not belong.
fn class_of(highway: &str) -> Option<(RoadClass, bool)> {
    Some(match highway {
        "motorway" => (RoadClass::Motorway, false),
        "motorway_link" => (RoadClass::Motorway, true),
        "trunk" => (RoadClass::Trunk, false),
        "trunk_link" => (RoadClass::Trunk, true),
        "primary" => (RoadClass::Primary, false),
        "primary_link" => (RoadClass::Primary, true),
        "secondary" => (RoadClass::Secondary, false),
        "secondary_link" => (RoadClass::Secondary, true),
        "tertiary" => (RoadClass::Tertiary, false),
        "tertiary_link" => (RoadClass::Tertiary, true),
        "unclassified" | "road" | "busway" | "bus_guideway" => (RoadClass::Unclassified, false),
        "residential" | "living_street" => (RoadClass::Residential, false),
        "service" => (RoadClass::Service, false),
        _ => return None,
    })
}

/// Ways that carry people on foot or off-road vehicles, but that motorcycles use where a tag says so (many Vietnamese alleys).
fn opened_by_tag(tags: &Tags, highway: &str) -> bool {
    matches!(highway, "path" | "footway" | "pedestrian" | "track" | "cycleway")
        && ["motorcycle", "motor_vehicle", "motorcar", "vehicle"]
            .iter()
            .any(|k| matches!(tags.get(k), Some("yes" | "designated" | "permissive")))
}

/// Who may use a road of this kind when no access tag speaks. Expressways and motor roads are closed to motorcycles and bicycles in
/// Vietnam (Law on Road Traffic Order and Safety 36/2024/QH15, article 25).
fn default_access(tags: &Tags, class: RoadClass, highway: &str) -> ClassSet {
    let two_wheelers = ClassSet::of(&[VehicleClass::Motorcycle, VehicleClass::Bicycle]);
    match highway {
        "busway" | "bus_guideway" => ClassSet::of(&[VehicleClass::Bus, VehicleClass::Emergency]),
        "path" | "footway" | "pedestrian" | "track" | "cycleway" => ClassSet::of(&[VehicleClass::Bicycle]),
        _ if class == RoadClass::Motorway || tags.is("motorroad", "yes") => ClassSet::ALL.without(two_wheelers),
        _ => ClassSet::ALL,
    }
}

/// Why a way is not in the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotDrivable {
    /// No road and no ferry at all: not worth a line in the report.
    NotARoad,
    /// A road that the public cannot drive.
    Because(&'static str),
}

/// The drivable way that `way` is, or why it is none. Drivable means: a road class for motor vehicles (or opened to them by a tag), not an
/// area, not a driveway or car-park aisle, open to at least one class of motor vehicle in at least one direction.
pub(crate) fn drivable(way: &Way, side: DrivingSide, keep_service: bool, report: &mut ImportReport) -> Result<DrivableWay, NotDrivable> {
    use NotDrivable::{Because, NotARoad};
    let tags = &way.tags;
    if tags.is("route", "ferry") && tags.get("highway").is_none() {
        return ferry(way).ok_or(Because("ferry that takes no vehicles"));
    }
    let highway = tags.get("highway").ok_or(NotARoad)?;
    let (class, is_ramp) = match class_of(highway) {
        Some(found) => found,
        None if opened_by_tag(tags, highway) => (RoadClass::Service, false),
        None if matches!(highway, "construction" | "proposed" | "planned" | "abandoned" | "razed") => {
            return Err(Because("road not built yet, or no more"));
        }
        None => return Err(NotARoad),
    };
    if tags.is("area", "yes") {
        return Err(Because("area, not a line"));
    }
    if class == RoadClass::Service {
        if !keep_service {
            return Err(Because("service road (left out by option)"));
        }
        if matches!(
            tags.get("service"),
            Some("driveway" | "parking_aisle" | "drive-through" | "emergency_access" | "slipway" | "layby" | "parking")
        ) {
            return Err(Because("driveway or car-park aisle"));
        }
    }
    let default = default_access(tags, class, highway);
    let open = [access(tags, default, ":forward"), access(tags, default, ":backward")];
    if open.iter().all(|o| o.intersection(MOTOR).is_empty()) {
        return Err(Because("closed to motor vehicles"));
    }
    for key in ["maxweight", "maxheight", "maxaxleload", "maxwidth", "maxlength"] {
        if tags.get(key).is_some() {
            report.add(
                ReportGroup::Noted,
                "weight or size limit (not enforced)",
                format_args!("w{} {key}={}", way.id, tags.get(key).unwrap_or_default()),
            );
        }
    }
    if tags.0.iter().any(|(k, _)| k.ends_with(":conditional") && !k.starts_with("maxspeed")) {
        report.add(ReportGroup::Dropped, "conditional access (times are not modelled)", format_args!("w{}", way.id));
    }
    let direction = direction(way.id, tags, class, report);
    let site = LaneSite { id: way.id, class, is_ramp, side, direction };
    let sides = sides(&site, tags, open, report);
    if sides.iter().all(Option::is_none) {
        return Err(Because("closed to motor vehicles"));
    }
    let speed = speed_tags(way.id, tags, report);
    let road = Road {
        class,
        is_ramp,
        is_ring: matches!(tags.get("junction"), Some("roundabout" | "circular")),
        is_bridge: tags.get("bridge").is_some_and(|v| v != "no"),
        is_toll: tags.is("toll", "yes"),
        layer: tags.get("layer").and_then(|l| l.parse().ok()).unwrap_or(0),
        name: tags.get("name").or_else(|| tags.get("name:vi")).map(Into::into),
        number: tags.get("ref").map(Into::into),
        is_one_way: direction != Direction::Both,
        is_dual: tags.is("dual_carriageway", "yes"),
        has_priority: matches!(tags.get("priority_road"), Some("designated" | "yes_unposted" | "yes")),
        speed,
        ferry: None,
    };
    Ok(finish(way, road, sides))
}

fn finish(way: &Way, road: Road, sides: [Option<Side>; 2]) -> DrivableWay {
    let signs = [road.speed.forward, road.speed.backward];
    let ref_ = way.tags.get("twin:ref").map_or_else(|| format!("osm:w{}", way.id).into(), Arc::from);
    DrivableWay { id: way.id, ref_, nodes: way.nodes.clone(), road: Arc::new(road), sides, signs }
}

/// A ferry for vehicles. Without any access tag it is taken to carry vehicles, as the delta's ferries do; whether it is one shows when
/// its ends turn out to lie on roads or not.
fn ferry(way: &Way) -> Option<DrivableWay> {
    let tags = &way.tags;
    let says_foot_only = ["motor_vehicle", "vehicle", "motorcar", "motorcycle", "access"].iter().all(|k| tags.get(k).is_none())
        && (tags.is("foot", "yes") || tags.is("foot", "designated"))
        || tags.is("passenger", "only")
        || tags.is("ferry", "passenger");
    let open = access(tags, ClassSet::ALL, ":forward");
    if says_foot_only || open.intersection(MOTOR).is_empty() {
        return None;
    }
    let mut unused = ImportReport::default();
    let site = LaneSite { id: way.id, class: RoadClass::Ferry, is_ramp: false, side: DrivingSide::Right, direction: Direction::Both };
    let one_way = direction(way.id, tags, RoadClass::Ferry, &mut unused);
    let lanes = sides(&LaneSite { direction: one_way, ..site }, &Tags::default(), [open, open], &mut unused);
    let road = Road {
        class: RoadClass::Ferry,
        is_ramp: false,
        is_ring: false,
        is_bridge: false,
        is_toll: tags.is("toll", "yes") || tags.is("fee", "yes"),
        layer: 0,
        name: tags.get("name").map(Into::into),
        number: tags.get("ref").map(Into::into),
        is_one_way: one_way != Direction::Both,
        is_dual: false,
        has_priority: false,
        speed: SpeedTags::default(),
        ferry: Some(FerryTags {
            duration_s: tags.get("duration").and_then(duration_s),
            interval_s: tags.get("interval").and_then(duration_s),
            cars: ["capacity:motorcar", "capacity:car", "motorcar:capacity"].iter().find_map(|k| whole(tags.get(k)?)),
            motorcycles: ["capacity:motorcycle", "motorcycle:capacity"].iter().find_map(|k| whole(tags.get(k)?)),
        }),
    };
    Some(finish(way, road, lanes))
}
