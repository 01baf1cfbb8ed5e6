//! Equipped fleets, stations and car parks: K04, K07, K15; scales: K20; and what only the province knows: K21.
//!
//! | id | formula | rows of the register |
//! |---|---|---|
//! | K04 | Σ equipped ÷ Σ vehicles | all fleets |
//! | K07 | with cashless payment and free-space forecast ÷ all | public car parks |
//! | K15 | automated, with IoT and digital payment ÷ all | bus stations, rail stations, car parks |
//! | K20 | Σ overloaded ÷ Σ weighed | `weigh-stations.csv` |
//! | K21 | as supplied | `external.csv` |

use super::{
    catalogue::catalogue,
    spec::Kind,
    value::{KpiRow, KpiValue},
};
use crate::register::{Equipment, FacilityKind, StationOrPark};

/// The rows of this family.
pub(super) fn rows(equipment: Option<&Equipment>) -> Vec<KpiRow> {
    let facilities = equipment.and_then(|e| e.stations_parks.as_deref());
    let mut rows = vec![trackers(equipment), car_parks(facilities), stations(facilities), overloaded(equipment)];
    rows.extend(external(equipment));
    rows
}

fn trackers(equipment: Option<&Equipment>) -> KpiRow {
    let Some(fleets) = equipment.and_then(|e| e.trackers.as_ref()) else {
        return KpiRow::new(
            "K04",
            KpiValue::not_supplied(
                "số xe kinh doanh vận tải và số xe có thiết bị (trackers.csv)",
                "commercial fleets and their trackers (trackers.csv)",
            ),
        );
    };
    let vehicles: u64 = fleets.iter().map(|f| u64::from(f.vehicles)).sum();
    let equipped: u64 = fleets.iter().map(|f| u64::from(f.equipped)).sum();
    share("K04", equipped, vehicles, "xe kinh doanh vận tải trong danh mục", "commercial vehicle in the register").note(
        "vi phạm được phát hiện: chưa đánh giá, cần xe có thiết bị giám sát trong bảng [automation] của kịch bản",
        "violations detected: not yet evaluated, needs vehicles with trackers in the scenario's table [automation]",
    )
}

fn car_parks(facilities: Option<&[StationOrPark]>) -> KpiRow {
    let parks = |f: &&StationOrPark| f.kind == FacilityKind::CarPark && f.is_public;
    let Some(rows) = facilities else {
        return KpiRow::new("K07", facilities_missing());
    };
    let all = rows.iter().filter(parks).count();
    let equipped = rows.iter().filter(parks).filter(|f| f.has_digital_payment && f.has_forecast == Some(true)).count();
    share("K07", equipped as u64, all as u64, "bãi đỗ xe công cộng trong danh mục", "public car park in the register")
        .note("sai số dự báo chỗ trống: chưa đánh giá, cần mô hình bãi đỗ", "forecast error: not yet evaluated, needs the parking model")
}

fn stations(facilities: Option<&[StationOrPark]>) -> KpiRow {
    let Some(rows) = facilities else {
        return KpiRow::new("K15", facilities_missing());
    };
    let equipped = rows.iter().filter(|f| f.is_automated && f.has_iot && f.has_digital_payment).count();
    share("K15", equipped as u64, rows.len() as u64, "bến xe, ga tàu, bãi đỗ xe trong danh mục", "station or car park in the register")
}

fn overloaded(equipment: Option<&Equipment>) -> KpiRow {
    let Some(sites) = equipment.and_then(|e| e.weigh_stations.as_ref()) else {
        return KpiRow::new(
            "K20",
            KpiValue::not_supplied(
                "số xe được cân và số xe quá tải tại từng trạm (weigh-stations.csv)",
                "vehicles weighed and overloaded at each site (weigh-stations.csv)",
            ),
        );
    };
    let sum = |of: fn(&crate::register::WeighStation) -> u32| sites.iter().map(|s| u64::from(of(s))).sum::<u64>();
    share("K20", sum(|s| s.overloaded), sum(|s| s.weighed), "xe được cân trong danh mục", "weighed vehicle in the register").note(
        "vượt tải cầu: chưa đánh giá, cần mô hình tải trọng trục",
        "bridge loads exceeded: not yet evaluated, needs the axle-load model",
    )
}

fn facilities_missing() -> KpiValue {
    KpiValue::not_supplied(
        "danh sách bến xe, ga tàu, bãi đỗ xe và thiết bị (stations-parks.csv)",
        "stations, car parks and their equipment (stations-parks.csv)",
    )
}

fn external(equipment: Option<&Equipment>) -> Vec<KpiRow> {
    let rows = catalogue().iter().filter(|s| s.kind == Kind::External);
    rows.map(|s| match equipment.and_then(|e| e.external.iter().find(|x| x.indicator == s.id)) {
        Some(given) => KpiRow::number(s.id, given.value).note(
            format!("theo {}{}", given.source, given.as_of.map_or(String::new(), |d| format!(", ngày {}", d.format("%d/%m/%Y")))),
            format!("according to {}{}", given.source, given.as_of.map_or(String::new(), |d| format!(", {}", d.format("%Y-%m-%d")))),
        ),
        None => KpiRow::new(s.id, KpiValue::not_supplied("số liệu của tỉnh (external.csv)", "the province's figure (external.csv)")),
    })
    .collect()
}

/// A row with `part` of `whole` in per cent, or "not on this list" of nothing.
fn share(id: &str, part: u64, whole: u64, vi: &str, en: &str) -> KpiRow {
    if whole == 0 {
        return KpiRow::new(id, KpiValue::not_applicable(format!("không có {vi}"), format!("no {en}")));
    }
    KpiRow::number(id, part as f64 / whole as f64 * 100.0).note(format!("{part} trên {whole}"), format!("{part} of {whole}"))
}
