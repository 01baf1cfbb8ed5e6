//! Equipped main roads: K02, K12, K13 and K18, shares by length, only from the equipment register.
//!
//! | id | reached is | of which roads |
//! |---|---|---|
//! | K02 | within reach of a connected sensor, or a road listed under surveillance | national, key provincial, gateways, tourist |
//! | K12 | a road listed with maintenance sensors | expressways, ring roads |
//! | K13 | a road listed with sensors and with control or forecast | national, expressway, provincial, tourist, freight |
//! | K18 | under 5G **and** under fibre, by listed road or by area | expressway, ring, national, provincial, urban streets |
//!
//! K02 also names places: it is met only when every border gate and tourist site of the map is within a sensor's reach too.
//! Which links these are: the doc of `main_road`.

use super::{
    main_road::{Share, main_roads, share},
    spec::Bilingual,
    value::{KpiRow, KpiValue},
};
use crate::{
    lang::{Lang, number},
    register::{Coverage, Equipment, Placed, Technology},
};
use sim_core::{
    geometry::Point,
    ids::LinkId,
    network::{Place, PlaceKind, RoadNetwork},
};
use std::collections::BTreeSet;

/// The rows of this family.
pub(super) fn rows(network: &RoadNetwork, equipment: Option<&Equipment>) -> Vec<KpiRow> {
    vec![watched(network, equipment), maintained(network, equipment), managed(network, equipment), connected(network, equipment)]
}

fn watched(network: &RoadNetwork, equipment: Option<&Equipment>) -> KpiRow {
    let supplied = equipment.filter(|e| e.sensors.is_some() || e.surveillance.is_some());
    let Some(equipment) = supplied else {
        return KpiRow::new(
            "K02",
            KpiValue::not_supplied(
                "danh sách camera, cảm biến hoặc tuyến được giám sát (sensors.csv, monitored-routes.csv)",
                "the list of cameras and sensors or of monitored routes (sensors.csv, monitored-routes.csv)",
            ),
        );
    };
    let none = Vec::new();
    let sensors = equipment.sensors.as_ref().unwrap_or(&none);
    let listed = equipment.surveillance.as_ref();
    let reached = |roads: &[LinkId]| {
        share(network, roads, |link| listed.is_some_and(|l| l.contains(&link)), |_, point| is_within_reach(sensors, point))
    };
    let roads = main_roads(network, Some(equipment), "K02");
    let mut row = share_row("K02", reached(&roads), "quốc lộ, đường tỉnh", "national or provincial road");
    let is_named = |p: &&Place| matches!(p.kind, PlaceKind::BorderGate | PlaceKind::TouristSite);
    let sites: Vec<&Place> = network.places.iter().filter(is_named).collect();
    let blind: Vec<&str> =
        sites.iter().filter(|p| !is_within_reach(sensors, p.point)).map(|p| p.name.as_deref().unwrap_or(p.ref_.as_str())).collect();
    if !sites.is_empty() {
        row = row.note(
            format!("cửa khẩu và khu du lịch được giám sát: {} trên {}", sites.len() - blind.len(), sites.len()),
            format!("border gates and tourist sites monitored: {} of {}", sites.len() - blind.len(), sites.len()),
        );
    }
    if !blind.is_empty() {
        row.shortfall =
            Some(Bilingual::new(format!("chưa được giám sát: {}", blind.join(", ")), format!("not monitored: {}", blind.join(", "))));
    }
    row
}

fn is_within_reach(sensors: &[Placed], point: Point) -> bool {
    sensors.iter().any(|s| {
        let (dx, dy) = (s.point.x - point.x, s.point.y - point.y);
        dx * dx + dy * dy <= s.reach_m * s.reach_m
    })
}

fn maintained(network: &RoadNetwork, equipment: Option<&Equipment>) -> KpiRow {
    let links = equipment.and_then(|e| e.maintenance.as_ref());
    let Some(links) = links else {
        return KpiRow::new(
            "K12",
            KpiValue::not_supplied(
                "tuyến có cảm biến phục vụ quản lý, bảo trì (monitored-routes.csv, purpose = maintenance)",
                "routes with sensors for maintenance (monitored-routes.csv, purpose = maintenance)",
            ),
        );
    };
    listed_share("K12", network, equipment, links, "đường cao tốc, đường vành đai", "expressway or ring road")
}

fn managed(network: &RoadNetwork, equipment: Option<&Equipment>) -> KpiRow {
    let Some(links) = equipment.and_then(|e| e.managed.as_ref()) else {
        return KpiRow::new(
            "K13",
            KpiValue::not_supplied(
                "tuyến được quản lý bằng IoT, AI, dữ liệu lớn (managed-routes.csv)",
                "routes managed by IoT, AI and big data (managed-routes.csv)",
            ),
        );
    };
    listed_share("K13", network, equipment, links, "quốc lộ, cao tốc, đường tỉnh", "national, expressway or provincial road")
}

fn listed_share(id: &str, network: &RoadNetwork, equipment: Option<&Equipment>, links: &BTreeSet<LinkId>, vi: &str, en: &str) -> KpiRow {
    let roads = main_roads(network, equipment, id);
    share_row(id, share(network, &roads, |link| links.contains(&link), |_, _| false), vi, en)
}

fn connected(network: &RoadNetwork, equipment: Option<&Equipment>) -> KpiRow {
    let of = |technology| equipment.and_then(|e| e.coverage.get(&technology));
    let (Some(radio), Some(fibre)) = (of(Technology::FiveG), of(Technology::Fibre)) else {
        let (vi, en) = match (of(Technology::FiveG).is_some(), of(Technology::Fibre).is_some()) {
            (true, false) => ("vùng phủ mạng truyền dẫn quang", "the coverage of fibre"),
            (false, true) => ("vùng phủ sóng 5G", "the coverage of 5G"),
            _ => ("vùng phủ sóng 5G và mạng truyền dẫn quang", "the coverage of 5G and fibre"),
        };
        let files = "(coverage.geojson, coverage-roads.csv)";
        return KpiRow::new("K18", KpiValue::not_supplied(format!("{vi} {files}"), format!("{en} {files}")));
    };
    let covers =
        |c: &Coverage, link: LinkId, place| c.links.contains(&link) || c.zones.iter().any(|z: &crate::register::Zone| z.contains(place));
    let roads = main_roads(network, equipment, "K18");
    let is_whole = |link| radio.links.contains(&link) && fibre.links.contains(&link);
    let reached = share(network, &roads, is_whole, |link, point| {
        let place = network.meta.frame.unproject(point);
        covers(radio, link, place) && covers(fibre, link, place)
    });
    share_row("K18", reached, "tuyến giao thông chính", "main route")
}

/// A row with a share, its kilometres noted, or "not on this map" where there is no such road.
fn share_row(id: &str, share: Share, vi: &str, en: &str) -> KpiRow {
    let Some(percent) = share.percent() else {
        return KpiRow::new(id, KpiValue::not_applicable(format!("bản đồ không có {vi}"), format!("no {en} on this map")));
    };
    let km = |lang, metres: f64| number(lang, metres / 1000.0, 1);
    KpiRow::number(id, percent).note(
        format!("{} trên {} km (tính từng chiều)", km(Lang::Vi, share.reached_m), km(Lang::Vi, share.total_m)),
        format!("{} of {} km (each direction counted)", km(Lang::En, share.reached_m), km(Lang::En, share.total_m)),
    )
}
