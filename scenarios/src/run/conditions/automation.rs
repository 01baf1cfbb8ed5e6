//! Vehicles that people do not drive alone, as the engine takes them: shares, areas found on the map, trackers.

use super::spot::link_of;
use crate::{
    kpi::Bilingual,
    scenario::{
        automation::{AreaTable, DrivenTable},
        error::{ScenarioError, nearest},
        file::classes_or,
        read::Parsed,
    },
};
use maps::osm::Region;
use sim_core::{
    class::{ClassSet, VehicleClass},
    demand::Trip,
    driving::{Automation, Equipped, MAY_HAVE, Part, SpeedAdvice, SpeedAssistance, Trackers},
    geometry::LatLon,
    ids::LinkId,
    network::RoadNetwork,
};

/// Classes that must carry a journey tracker: those of commercial transport.
pub(crate) const TRACKED: ClassSet = ClassSet::of(&[
    VehicleClass::Minibus,
    VehicleClass::Bus,
    VehicleClass::LightTruck,
    VehicleClass::HeavyTruck,
    VehicleClass::ArticulatedTruck,
]);

/// That of the file, and what it takes for granted; `lines` are the runs of its bus lines.
pub(super) fn of(
    parsed: &Parsed,
    network: &RoadNetwork,
    lines: &[Trip],
    assumed: &mut Vec<Bilingual>,
) -> Result<Option<Automation>, ScenarioError> {
    let table = &parsed.file.automation;
    if table.is_empty() {
        return Ok(None);
    }
    let mut equipped = Vec::new();
    for (i, t) in table.vehicles.iter().enumerate() {
        let within = t.area.as_ref().map(|a| area(parsed, network, lines, &format!("automation.vehicles.{i}.area"), a)).transpose()?;
        equipped.push(driven(t, within));
    }
    let advice = table.speed_advice.as_ref().map(|a| SpeedAdvice {
        classes: classes_or(&a.classes, ClassSet::ALL),
        share: a.share.base() as f32,
        range_m: a.range.base() as f32,
        slowest_mps: a.slowest.base() as f32,
    });
    let assistance = table.speed_assistance.iter().map(|a| {
        let shipped = SpeedAssistance::new(a.kind.kind(), classes_or(&a.classes, ClassSet::ALL), a.share.base() as f32);
        SpeedAssistance { heed_share: a.heeded.map_or(shipped.heed_share, |h| h.base() as f32), ..shipped }
    });
    let trackers = table.trackers.as_ref().map(|t| Trackers {
        classes: classes_or(&t.classes, TRACKED),
        share: t.share.base() as f32,
        every_s: t.every.base() as f32,
        speed_error_mps: t.speed_error.base() as f32,
        place_error_m: t.place_error.base() as f32,
        tolerance_mps: t.tolerance.base() as f32,
        lane_reports: t.lane_reports,
    });
    assumed.push(Bilingual::new(
        "Tỷ lệ xe có hệ thống tự động, mức tuân thủ và sai số thiết bị là giả định của kịch bản; tham số của từng hệ thống ghi trong tài liệu.",
        "Shares of equipped vehicles, compliance and errors of devices are assumptions of the scenario; the guide has the parameters of each system.",
    ));
    Ok(Some(Automation { equipped, advice, assistance: assistance.collect(), trackers }))
}

fn driven(t: &DrivenTable, within: Option<Vec<LinkId>>) -> Equipped {
    let shipped = Equipped::new(t.system.system(), classes_or(&t.classes, MAY_HAVE), t.share.base() as f32);
    let platoon = t.platoon.unwrap_or(shipped.platoon);
    Equipped { within, headway_s: t.time_gap.map(|g| g.base() as f32), platoon, ..shipped }
}

/// The links of an area.
fn area(parsed: &Parsed, network: &RoadNetwork, lines: &[Trip], key: &str, t: &AreaTable) -> Result<Vec<LinkId>, ScenarioError> {
    let at = |name: &str, message: String| parsed.error_at(&format!("{key}.{name}"), message);
    if *t == AreaTable::default() {
        return Err(parsed.error_at(key, "the area says nothing; expected `circle`, `bbox`, `polygon`, `links` or `bus_line`"));
    }
    let mut found = Vec::new();
    if let Some(circle) = t.circle {
        let [lat, lon] = circle.centre;
        if !(lat.abs() <= 90.0 && lon.abs() <= 180.0 && circle.radius.base() > 0.0) {
            let message = "expected a centre of latitude (within ±90) and longitude (within ±180) and a radius above 0 m";
            return Err(at("circle", message.into()));
        }
        let centre = network.meta.frame.project(LatLon { lat, lon });
        found.extend(inside(network, |p| network.meta.frame.project(p).distance_m(centre) <= circle.radius.base()));
    }
    if let Some(text) = &t.bbox {
        let region = Region::parse_box(text).map_err(|e| at("bbox", e.to_string()))?;
        found.extend(inside(network, |p| region.contains(p)));
    }
    if !t.polygon.is_empty() {
        if t.polygon.len() < 3 || t.polygon.iter().any(|[lat, lon]| !(lat.abs() <= 90.0 && lon.abs() <= 180.0)) {
            return Err(at(
                "polygon",
                "expected three corners at least, each a latitude (within ±90) and a longitude (within ±180)".into(),
            ));
        }
        let region = Region::Polygon(vec![t.polygon.iter().map(|[lat, lon]| LatLon { lat: *lat, lon: *lon }).collect()]);
        found.extend(inside(network, |p| region.contains(p)));
    }
    for (i, name) in t.links.iter().enumerate() {
        found.push(link_of(parsed, network, &format!("{key}.links.{i}"), name)?);
    }
    if let Some(name) = &t.bus_line {
        let names = || parsed.file.bus_lines.iter().map(|l| l.name.as_str());
        if !names().any(|n| n == name) {
            let hint = nearest(name, names()).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            return Err(at("bus_line", format!("no line of `bus_lines` is called `{name}`{hint}")));
        }
        let prefix = format!("line:{name}:");
        found.extend(lines.iter().filter(|t| t.ref_.as_str().starts_with(&prefix)).flat_map(|t| t.route.iter().copied()));
    }
    if found.is_empty() {
        return Err(parsed.error_at(key, "no link of the map lies inside; look for it with: agtwin map info MAP, or widen it"));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The links whose whole length lies inside.
fn inside(network: &RoadNetwork, is_inside: impl Fn(LatLon) -> bool) -> Vec<LinkId> {
    let frame = &network.meta.frame;
    let all = network.links.iter().enumerate();
    let whole = all.filter(|(_, l)| l.geometry.iter().all(|p| is_inside(frame.unproject(*p))));
    whole.map(|(i, _)| LinkId::from_index(i)).collect()
}

/// The key of the file that a refused part came from.
pub(super) fn key_of(part: Part) -> String {
    match part {
        Part::Equipped(n) => format!("automation.vehicles.{n}"),
        Part::Advice => "automation.speed_advice".into(),
        Part::Assistance(n) => format!("automation.speed_assistance.{n}"),
        Part::Trackers => "automation.trackers".into(),
    }
}
