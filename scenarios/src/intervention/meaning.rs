//! What each kind of intervention changes: from a table to what a simulation is told.

use super::{
    Problem, Site, built,
    place::{controllers, link, links, place_keys},
    travel::{Travel, has_ends, travel},
};
use crate::{
    run::conditions::{TRACKED, method},
    scenario::{
        conditions::Lanes,
        file::{PhaseTable, classes_or},
        interventions::{InterventionKind as Kind, InterventionTable, Moment, SensorName},
        signals::{ControllerName, DetectorErrorsName, UNLABELLED},
    },
};
use sim_core::{
    class::{ClassSet, VehicleClass},
    control::{Controller as _, check_plan},
    detector::{Detector, DetectorErrors, DetectorKind},
    driving::MAY_HAVE,
    guide::Guidance,
    ids::{ControllerId, LinkId},
    incident::{Effect, Incident},
    network::{LinkKind, Phase, RoadNetwork, SignalPlan, SpeedLimits},
    order::Order,
    reference::Ref,
};

/// An incident without an end lasts beyond any run: the clock of a scenario ends at 30:00, seconds.
const NO_END_S: f64 = 108_000.0;
/// A closed stretch is so long when nothing else is said, metres (assumed: a broken-down vehicle with its warning triangle).
const INCIDENT_M: f64 = 20.0;

/// What an intervention does when its time comes.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// Sets values.
    Set(Vec<Order>),
    /// Closes lanes to some classes, or opens them, beside what others have closed.
    Close {
        /// Links and their lanes.
        at: Vec<(LinkId, Vec<u8>)>,
        /// To whom.
        classes: ClassSet,
        /// Opens instead.
        opens: bool,
    },
    /// Changes who travels and when: made on the trips before the run.
    Travel(Box<Travel>),
    /// Takes the vehicle of a trip off the road.
    Remove(Ref),
    /// Undoes the intervention of this name.
    Undo(String),
}

/// The keys that belong to each kind besides those of time and name.
fn keys_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Closure | Kind::Opening => &["link", "both_ways", "road", "near", "area", "lanes", "classes"],
        Kind::LaneUse => &["link", "both_ways", "road", "near", "area", "lanes", "classes"],
        Kind::SpeedLimit => &["link", "both_ways", "road", "near", "area", "classes", "speed"],
        Kind::Signal => &["junction", "junctions", "area", "road", "busiest", "controller", "phases", "offset"],
        Kind::Demand => &["factor", "classes", "area", "origin", "destination"],
        Kind::Departures => &["earlier", "later", "share", "classes", "area", "origin", "destination"],
        Kind::Electric => &["classes", "share"],
        Kind::Automation => &["system", "classes", "share"],
        Kind::Trackers => &["classes", "share"],
        Kind::Guidance => &["share"],
        Kind::Incident => &["link", "lanes", "classes", "speed", "position", "length"],
        Kind::Detector => &["link", "position", "length", "sensor"],
        Kind::RemoveVehicle => &["trip"],
        Kind::Undo => &["of"],
        Kind::NewLink => &["from", "to", "via", "road", "road_class", "lane_count", "width", "speed", "both_ways", "classes"],
        Kind::BusLine => &["line", "headway", "add_line", "removed"],
        Kind::CarPark => &["park", "spaces", "add_park", "removed"],
    }
}

pub(super) fn check_keys(t: &InterventionTable) -> Result<(), Problem> {
    let others = [
        ("of", t.of.is_some()),
        ("lanes", t.lanes.is_some()),
        ("classes", !t.classes.is_empty()),
        ("speed", t.speed.is_some()),
        ("controller", t.controller.is_some()),
        ("phases", !t.phases.is_empty()),
        ("offset", t.offset.is_some()),
        ("factor", t.factor.is_some()),
        ("share", t.share.is_some()),
        ("system", t.system.is_some()),
        ("earlier", t.earlier.is_some()),
        ("later", t.later.is_some()),
        ("origin", t.origin.is_some()),
        ("destination", t.destination.is_some()),
        ("position", t.position.is_some()),
        ("length", t.length.is_some()),
        ("sensor", t.sensor.is_some()),
        ("trip", t.trip.is_some()),
        ("from", t.from.is_some()),
        ("to", t.to.is_some()),
        ("via", !t.via.is_empty()),
        ("road_class", t.road_class.is_some()),
        ("lane_count", t.lane_count.is_some()),
        ("width", t.width.is_some()),
        ("line", t.line.is_some()),
        ("headway", t.headway.is_some()),
        ("add_line", t.add_line.is_some()),
        ("park", t.park.is_some()),
        ("spaces", t.spaces.is_some()),
        ("add_park", t.add_park.is_some()),
        ("removed", t.removed),
    ];
    let allowed = keys_of(t.kind);
    for (key, is_set) in place_keys(t).into_iter().chain(others) {
        if is_set && !allowed.contains(&key) {
            let list = allowed.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
            let message = format!("`{key}` has no meaning for a `{}`, which takes {list}; remove it", t.kind.name());
            return Err(Problem::new(key, message));
        }
    }
    if t.until.is_some() && matches!(t.kind, Kind::Undo | Kind::RemoveVehicle) {
        return Err(Problem::new("until", format!("`until` has no meaning for a `{}`; remove it", t.kind.name())));
    }
    Ok(())
}

pub(super) fn needed<T>(value: Option<T>, key: &'static str, kind: Kind) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::new("kind", format!("a `{}` needs the key `{key}`", kind.name())))
}

/// What a table means on the map; `name` is what it is called.
///
/// # Errors
/// A place that is not there, a key that is missing or has no meaning, a value out of range.
pub fn meaning(t: &InterventionTable, name: &str, site: &Site<'_>) -> Result<What, Problem> {
    check_keys(t)?;
    if let (from, Some(until)) = (t.at.map_or(site.start_s, Moment::seconds), t.until)
        && until.seconds() <= from
    {
        return Err(Problem::new("until", "it ends before it begins"));
    }
    let classes = classes_or(&t.classes, ClassSet::ALL);
    let each = |value: f32| classes.iter().map(|c| (c, value)).collect::<Vec<(VehicleClass, f32)>>();
    Ok(match t.kind {
        Kind::Closure | Kind::Opening => {
            let places = lanes_of(t, site)?;
            What::Close { at: places, classes, opens: t.kind == Kind::Opening }
        }
        Kind::LaneUse => {
            needed(t.lanes.as_ref(), "lanes", t.kind)?;
            let places = lanes_of(t, site)?;
            let order =
                |(link, lanes): (LinkId, Vec<u8>)| Order::LaneUse { link, access: lanes.into_iter().map(|n| (n, classes)).collect() };
            What::Set(places.into_iter().map(order).collect())
        }
        Kind::SpeedLimit => {
            let speed = needed(t.speed, "speed", t.kind)?.base() as f32;
            if !(1.0..=45.0).contains(&speed) {
                return Err(Problem::new("speed", "expected a limit of 4 km/h to 160 km/h"));
            }
            let order = |link: LinkId| Order::Limits { link, limits: limits(&site.network.link(link).limits, speed, classes) };
            What::Set(roads(links(t, site)?, site.network)?.into_iter().map(order).collect())
        }
        Kind::Signal => What::Set(signal(t, site)?),
        Kind::Demand => {
            let factor = needed(t.factor, "factor", t.kind)?;
            if !(0.0..=5.0).contains(&factor.base()) {
                return Err(Problem::new("factor", format!("a factor of {factor}, expected 0 % to 500 %")));
            }
            if has_ends(t) {
                return travel(t, site);
            }
            What::Set(vec![Order::Demand { factors: each(factor.base() as f32) }])
        }
        Kind::Departures => travel(t, site)?,
        Kind::Electric => What::Set(vec![Order::Electric { shares: each(share(t)?) }]),
        Kind::Automation => {
            let system = needed(t.system, "system", t.kind)?.system();
            if let Some(class) = t.classes.iter().find(|c| !MAY_HAVE.contains(c.0)) {
                return Err(Problem::new("classes", format!("a {} rides on two wheels: no system drives it; remove it", class.0)));
            }
            let (share, classes) = (share(t)?, classes_or(&t.classes, MAY_HAVE));
            What::Set(vec![Order::Automation { system, shares: classes.iter().map(|c| (c, share)).collect() }])
        }
        Kind::Trackers => What::Set(vec![Order::Trackers { classes: classes_or(&t.classes, TRACKED), share: share(t)? }]),
        Kind::Guidance => {
            let share = share(t)?;
            What::Set(vec![Order::Guidance((share > 0.0).then_some(Guidance { share, ..Guidance::default() }))])
        }
        Kind::Incident => What::Set(vec![Order::AddIncident(incident(t, name, site)?)]),
        Kind::Detector => What::Set(vec![Order::PlaceDetector(detector(t, name, site)?)]),
        Kind::RemoveVehicle => What::Remove(needed(t.trip.as_deref(), "trip", t.kind)?.into()),
        Kind::Undo => What::Undo(needed(t.of.clone(), "of", t.kind)?),
        Kind::NewLink | Kind::BusLine | Kind::CarPark if t.edit || t.at.is_some() || t.until.is_some() => {
            return Err(built::dated(t));
        }
        // They are in the map and the services that the run began with.
        Kind::NewLink => {
            link(site.network, &built::ref_of(name))?;
            What::Set(Vec::new())
        }
        Kind::BusLine | Kind::CarPark => What::Set(Vec::new()),
    })
}

fn share(t: &InterventionTable) -> Result<f32, Problem> {
    let share = needed(t.share, "share", t.kind)?;
    if (0.0..=1.0).contains(&share.base()) {
        Ok(share.base() as f32)
    } else {
        Err(Problem::new("share", format!("a share of {share}, expected 0 % to 100 %")))
    }
}

/// Those of the links that are roads; none is a problem.
fn roads(links: Vec<LinkId>, network: &RoadNetwork) -> Result<Vec<LinkId>, Problem> {
    match links.iter().find(|l| !matches!(network.link(**l).kind, LinkKind::Road)) {
        Some(ferry) => Err(Problem::new("link", format!("{} is a ferry; this concerns roads", network.link(*ferry).ref_))),
        None => Ok(links),
    }
}

/// The links of a table, each with the lanes it names.
fn lanes_of(t: &InterventionTable, site: &Site<'_>) -> Result<Vec<(LinkId, Vec<u8>)>, Problem> {
    let of = |link: LinkId| {
        let count = site.network.link(link).lanes.len() as u8;
        let lanes = match &t.lanes {
            None | Some(Lanes::All) => (0..count).collect(),
            Some(Lanes::These(these)) => {
                if let Some(lane) = these.iter().find(|n| **n >= count) {
                    let link = &site.network.link(link).ref_;
                    return Err(Problem::new("lanes", format!("link {link} has no lane {lane}; it has {count}, from 0 at the kerb")));
                }
                let mut lanes = these.clone();
                lanes.sort_unstable();
                lanes.dedup();
                lanes
            }
        };
        if lanes.is_empty() { Err(Problem::new("lanes", "no lane is named; expected \"all\" or e.g. [0]")) } else { Ok((link, lanes)) }
    };
    // A ferry can be closed; all else of lanes belongs to roads.
    let found = links(t, site)?;
    let found = if t.kind == Kind::LaneUse { roads(found, site.network)? } else { found };
    found.into_iter().map(of).collect()
}

/// The limits of a link with another for some classes; classes that share a limit by law get it together.
fn limits(before: &SpeedLimits, speed: f32, classes: ClassSet) -> SpeedLimits {
    use VehicleClass as C;
    let new = SpeedLimits::uniform(speed);
    if classes == ClassSet::ALL {
        return new;
    }
    let any = |of: &[C]| of.iter().any(|c| classes.contains(*c));
    SpeedLimits {
        light_mps: if any(&[C::Car, C::Taxi, C::Minibus, C::LightTruck, C::Emergency, C::Shuttle]) {
            new.light_mps
        } else {
            before.light_mps
        },
        heavy_mps: if any(&[C::Bus, C::HeavyTruck]) { new.heavy_mps } else { before.heavy_mps },
        motorcycle_mps: if any(&[C::Motorcycle]) { new.motorcycle_mps } else { before.motorcycle_mps },
        articulated_mps: if any(&[C::ArticulatedTruck]) { new.articulated_mps } else { before.articulated_mps },
        slow_mps: if any(&[C::Bicycle]) { new.slow_mps } else { before.slow_mps },
    }
}

fn signal(t: &InterventionTable, site: &Site<'_>) -> Result<Vec<Order>, Problem> {
    if t.controller.is_none() && t.phases.is_empty() {
        return Err(Problem::new("kind", "a `signal` needs a `controller`, `phases`, or both"));
    }
    if t.offset.is_some() && t.phases.is_empty() {
        return Err(Problem::new("offset", "`offset` belongs to `phases`, which are missing"));
    }
    if !t.phases.is_empty() && t.junction.is_none() {
        return Err(Problem::new("phases", "`phases` are those of one `junction`: groups differ from junction to junction"));
    }
    let mut orders = Vec::new();
    for id in controllers(t, site)? {
        if !t.phases.is_empty() {
            orders.push(Order::Plan { controller: id, plan: plan(t, site.network, id)? });
        }
        let Some(name) = t.controller else { continue };
        if name == ControllerName::Coordinated {
            let message = "`coordinated` plans are made for the whole network before a run; set `controller` or `plans` in [signals]";
            return Err(Problem::new("controller", message));
        }
        if name.is_upper_bound() && !site.signals.upper_bound {
            return Err(Problem::new("controller", UNLABELLED));
        }
        if name == ControllerName::Onnx && site.signals.network.is_some() {
            return Err(Problem::new("controller", "a `network` is only read for controllers of [signals]; name `onnx` there"));
        }
        let method = method(site.signals, name);
        if let Some(problem) = method.problem() {
            return Err(Problem::new("controller", problem));
        }
        let with_errors = site.signals.detector_errors == DetectorErrorsName::Typical;
        orders.push(Order::Method { controller: id, method, with_errors });
    }
    Ok(orders)
}

fn plan(t: &InterventionTable, network: &RoadNetwork, id: ControllerId) -> Result<SignalPlan, Problem> {
    let groups = network.controller(id).groups.len();
    let phase = |p: &PhaseTable| match p.groups.iter().find(|g| usize::from(**g) >= groups) {
        Some(group) => Err(Problem::new("phases", format!("there is no group {group}; this junction has {groups}, numbered from 0"))),
        None => Ok(Phase {
            groups: p.groups.clone(),
            green_s: p.green.base() as f32,
            yellow_s: p.yellow.base() as f32,
            all_red_s: p.all_red.base() as f32,
        }),
    };
    let phases = t.phases.iter().map(phase).collect::<Result<_, _>>()?;
    let offset_s = t.offset.map_or(0.0, |o| o.base()) as f32;
    let plan = SignalPlan::new(offset_s, phases).map_err(|e| Problem::new("phases", e.to_string()))?;
    check_plan(network, id, &plan).map_err(|e| Problem::new("phases", e.to_string()))?;
    Ok(plan)
}

fn incident(t: &InterventionTable, name: &str, site: &Site<'_>) -> Result<Incident, Problem> {
    let on = link(site.network, needed(t.link.as_deref(), "link", t.kind)?)?;
    let whole_m = f64::from(site.network.link(on).length_m);
    let slow = t.speed.map(|s| s.base() as f32);
    let length_m = t.length.map_or(if slow.is_some() { whole_m } else { INCIDENT_M }, |l| l.base()).min(whole_m);
    let from_m = t.position.map_or((whole_m - length_m) / 2.0, |p| p.base());
    if !(from_m >= 0.0 && length_m > 0.0 && from_m + length_m <= whole_m + 0.5) {
        let message = format!("reaches from {from_m:.0} to {:.0} m, the link is {whole_m:.1} m long", from_m + length_m);
        return Err(Problem::new("position", message));
    }
    let count = site.network.link(on).lanes.len() as u8;
    let effect = match (slow, &t.lanes) {
        (Some(_), Some(_)) => return Err(Problem::new("lanes", "an incident closes `lanes` or slows traffic down (`speed`), not both")),
        (Some(speed_mps), None) => Effect::Slow { speed_mps },
        (None, None | Some(Lanes::All)) => Effect::Closed { lanes: 0..count },
        (None, Some(Lanes::These(these))) => {
            let (first, last) = (these.iter().min().copied(), these.iter().max().copied());
            match (first, last) {
                (Some(first), Some(last)) if last < count && usize::from(last - first) + 1 == these.len() => {
                    Effect::Closed { lanes: first..last + 1 }
                }
                _ => return Err(Problem::new("lanes", format!("expected lanes side by side, of {count} from 0 at the kerb"))),
            }
        }
    };
    Ok(Incident {
        ref_: name.into(),
        link: on,
        from_m: from_m as f32,
        to_m: ((from_m + length_m) as f32).min(site.network.link(on).length_m),
        start_s: t.at.map_or(site.start_s, |m| m.seconds()),
        end_s: t.until.map_or(NO_END_S, |m| m.seconds()),
        classes: classes_or(&t.classes, ClassSet::ALL),
        effect,
    })
}

fn detector(t: &InterventionTable, name: &str, site: &Site<'_>) -> Result<Detector, Problem> {
    let on = link(site.network, needed(t.link.as_deref(), "link", t.kind)?)?;
    let kind = match t.sensor {
        None | Some(SensorName::Camera) => DetectorKind::Camera,
        Some(SensorName::Loop) => DetectorKind::Loop,
        Some(SensorName::Radar) => DetectorKind::Radar,
    };
    let whole_m = site.network.link(on).length_m;
    let pos_m = t.position.map_or(whole_m / 2.0, |p| p.base() as f32);
    if !(0.0..=whole_m).contains(&pos_m) {
        return Err(Problem::new("position", format!("counts at {pos_m} m of a link of {whole_m} m")));
    }
    let length_m = t.length.map_or(0.0, |l| l.base() as f32);
    if !(0.0..=1000.0).contains(&length_m) {
        return Err(Problem::new("length", format!("watches {length_m} m, expected 0 to 1000 m")));
    }
    let errors = match site.signals.detector_errors {
        DetectorErrorsName::Typical => DetectorErrors::typical(kind),
        DetectorErrorsName::None => DetectorErrors::NONE,
    };
    Ok(Detector { errors, ..Detector::new(name, kind, on, pos_m, length_m) })
}
