//! What moving goods by road costs in a run: K09, in VND per tonne-kilometre.
//!
//! K09 = Σ over truck classes (hours, but those lost at gates × time + litres × fuel + kWh × electricity + passages of toll gates × toll + hours lost on links with a
//! border gate or weigh station × wait) ÷ Σ (vehicle-km × load). All prices and loads come from one table, `freight-prices.csv` of the
//! register, each with its source or the word "assumed"; without it there is no value. The plan's target is a reduction, so a status needs a
//! base run. Rail and waterways are not in it.

use super::{
    basics::needs_a_run,
    traffic::TrafficSummary,
    value::{KpiRow, KpiValue},
};
use crate::register::{Equipment, FreightItem};
use sim_core::class::VehicleClass;

/// The classes that carry goods.
pub const FREIGHT: [VehicleClass; 3] = [VehicleClass::LightTruck, VehicleClass::HeavyTruck, VehicleClass::ArticulatedTruck];

/// What one truck class did in a run, within the window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Haulage {
    /// Kilometres driven.
    pub vehicle_km: f64,
    /// Hours on the road.
    pub vehicle_h: f64,
    /// Litres of fuel.
    pub fuel_l: f64,
    /// Kilowatt-hours out of batteries.
    pub electric_kwh: f64,
    /// Passages of toll gates.
    pub tolls: f64,
    /// Hours lost on links with a border gate or a weigh station.
    pub gate_wait_h: f64,
}

/// The row of this family.
pub(super) fn row(traffic: Option<&TrafficSummary>, equipment: Option<&Equipment>) -> KpiRow {
    let Some(haulage) = traffic.and_then(|t| t.haulage.as_ref()) else { return KpiRow::new("K09", needs_a_run()) };
    let Some(prices) = equipment.and_then(|e| e.freight_prices.as_ref()) else {
        return KpiRow::new(
            "K09",
            KpiValue::not_supplied(
                "đơn giá vận tải (freight-prices.csv): thời gian, nhiên liệu, phí đường, chờ tại cửa khẩu, tải trọng",
                "prices of haulage (freight-prices.csv): time, fuel, toll, waiting at gates, load",
            ),
        );
    };
    let (mut parts, mut tonne_km) = ([0.0; 4], 0.0);
    for (class, done) in FREIGHT.into_iter().zip(haulage) {
        let of = |item| prices.get(&(item, class)).copied().unwrap_or(0.0);
        parts[0] += (done.vehicle_h - done.gate_wait_h) * of(FreightItem::Time);
        parts[1] += done.fuel_l * of(FreightItem::Fuel) + done.electric_kwh * of(FreightItem::Electricity);
        parts[2] += done.tolls * of(FreightItem::Toll);
        parts[3] += done.gate_wait_h * of(FreightItem::Wait);
        tonne_km += done.vehicle_km * of(FreightItem::Load);
    }
    if tonne_km <= 0.0 {
        return KpiRow::new("K09", KpiValue::needs("ít nhất một xe tải trên đường", "at least one truck on the road"));
    }
    let [time, fuel, toll, wait] = parts.map(|p| p / tonne_km);
    KpiRow::number("K09", time + fuel + toll + wait)
        .note(
            format!("đường bộ: thời gian {time:.0}, nhiên liệu {fuel:.0}, phí đường {toll:.0}, chờ tại cửa khẩu và trạm cân {wait:.0} đồng/tấn·km"),
            format!("by road: time {time:.0}, fuel {fuel:.0}, tolls {toll:.0}, waiting at border gates and weigh stations {wait:.0} VND/t·km"),
        )
        .note(
            "phần đa phương thức: chưa đánh giá, cần mô hình vận tải đường sắt, đường thủy",
            "modal part: not yet evaluated, needs a model of rail and waterways",
        )
}
