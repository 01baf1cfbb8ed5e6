//! CO₂ of the traffic in one run: K14's tonnes, B11 and B12.
//!
//! The rates are `sim_core::emission`'s: tailpipe only, the cold starts of motorcycles included, whoever drives on a battery 0. K14's
//! target is a reduction, which one run cannot show: it needs a base year, so the row carries tonnes and its status stays open.
//!
//! | id | formula | classes |
//! |---|---|---|
//! | K14 | Σ g ÷ 10⁶ | all |
//! | B11 | Σ g ÷ Σ vehicle-km | each that drove, and all |
//! | B12 | Σ g ÷ Σ (vehicle-km × occupancy) | those that carry passengers: no trucks, no emergency vehicles |

use super::{
    basics::needs_a_run,
    catalogue::spec,
    traffic::{ClassFlow, TrafficSummary},
    value::{ClassValue, KpiRow, KpiValue},
};
use sim_core::class::{ClassTable, VehicleClass};

/// The rows of this family.
pub(super) fn rows(traffic: Option<&TrafficSummary>, classes: &ClassTable) -> Vec<KpiRow> {
    let Some(flows) = traffic.and_then(|t| t.flows.as_ref()) else {
        return ["K14", "B11", "B12"].into_iter().map(|id| KpiRow::new(id, needs_a_run())).collect();
    };
    let drove: Vec<(VehicleClass, &ClassFlow)> =
        VehicleClass::ALL.into_iter().map(|c| (c, &flows[c.index()])).filter(|(_, f)| f.vehicle_m > 0.0 || f.co2_g > 0.0).collect();
    let carry: Vec<(VehicleClass, &ClassFlow)> = drove.iter().copied().filter(|(c, _)| carries_passengers(*c)).collect();
    vec![
        by_class("K14", &drove, |_, f| (f.co2_g / 1e6, 1.0)).note(
            "mức giảm: chưa đánh giá, cần lần chạy của năm gốc; chỉ tính khí thải ống xả (kể cả khởi động nguội của xe máy) trên bản đồ này trong khoảng đo",
            "reduction: not yet evaluated, needs a base-year run; tailpipe only (motorcycles' cold starts included), on this map, within the window",
        ),
        by_class("B11", &drove, |_, f| (f.co2_g, f.vehicle_m / 1000.0)),
        by_class("B12", &carry, |c, f| (f.co2_g, f.vehicle_m / 1000.0 * f64::from(classes.get(c).occupancy)))
            .note("số người trên xe là giả định", "occupancies are assumed"),
    ]
}

/// Whether a vehicle of this class moves people rather than goods or help.
const fn carries_passengers(class: VehicleClass) -> bool {
    match class {
        VehicleClass::Motorcycle
        | VehicleClass::Bicycle
        | VehicleClass::Car
        | VehicleClass::Taxi
        | VehicleClass::Minibus
        | VehicleClass::Bus
        | VehicleClass::Shuttle => true,
        VehicleClass::LightTruck | VehicleClass::HeavyTruck | VehicleClass::ArticulatedTruck | VehicleClass::Emergency => false,
    }
}

/// A row of amounts over bases, by class and for all; an amount over no base has no value. A base of 1 means the amount itself.
fn by_class(id: &str, flows: &[(VehicleClass, &ClassFlow)], parts: impl Fn(VehicleClass, &ClassFlow) -> (f64, f64)) -> KpiRow {
    let unit = spec(id).unit;
    let parts: Vec<(VehicleClass, f64, f64)> = flows
        .iter()
        .map(|(class, flow)| {
            let (amount, base) = parts(*class, flow);
            (*class, amount, base)
        })
        .filter(|(_, _, base)| *base > 0.0)
        .collect();
    if parts.is_empty() {
        return KpiRow::new(id, KpiValue::needs("ít nhất một xe trên đường", "at least one vehicle on the road"));
    }
    let amount: f64 = parts.iter().map(|p| p.1).sum();
    let is_total = id == "K14";
    let base: f64 = if is_total { 1.0 } else { parts.iter().map(|p| p.2).sum() };
    let classes = parts.iter().map(|(class, amount, base)| ClassValue { class: *class, value: amount / base, half_width: None }).collect();
    KpiRow::new(id, KpiValue::ByClass { value: amount / base, half_width: None, unit, classes })
}
