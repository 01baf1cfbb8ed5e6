//! Congestion and the traffic basics of one run: K19, B01 to B10, B13, B14.
//!
//! | id | formula | over |
//! |---|---|---|
//! | K19 | Σ delay | all trips that wished to leave in the window: waiting at the origin included, unfinished trips counted |
//! | B01 | Σ delay ÷ number | the same trips |
//! | B02 | mean of arrival − wished departure | those of them that arrived |
//! | B03 | Σ metres ÷ Σ seconds (space-mean speed, Edie 1963) | all links and classes, from the window's begin to the end of the run |
//! | B04 | number ÷ hours | trips that arrived in the window, whenever they left |
//! | B05 | greatest queue length | links and intervals from then on |
//! | B06 | number where the queue reached the link's start | links × intervals from then on |
//! | B07 | Σ wait for room at the origin, until the end for those that still wait | trips that wished to leave in the window |
//! | B08 | number without arrival at the end of the cool-down | the same |
//! | B09 | Σ stops ÷ number | those of them that entered the road |
//! | B10 | Σ metres | all links and classes, from the window's begin to the end of the run |
//! | B13, B14 | Σ metres ÷ Σ seconds | emergency vehicles, buses on all links from then on |
//!
//! Delay of a trip is [`super::traffic::TripSummary::delay_s`]. The definition follows the plan's list: a control that keeps vehicles
//! out of the network does not look better for it.

use super::{
    traffic::{ClassFlow, Queues, TrafficSummary, TripSummary},
    value::{KpiRow, KpiValue},
};

use sim_core::class::{CLASS_COUNT, VehicleClass};

/// The rows of this family.
pub(super) fn rows(traffic: Option<&TrafficSummary>) -> Vec<KpiRow> {
    let mut rows = trip_rows(traffic);
    rows.extend(flow_rows(traffic));
    rows.extend(queue_rows(traffic.and_then(|t| t.queues.as_ref())));
    rows
}

/// What a row without a run says.
pub(super) fn needs_a_run() -> KpiValue {
    KpiValue::needs("một lần chạy mô phỏng", "a simulation run")
}

fn trip_rows(traffic: Option<&TrafficSummary>) -> Vec<KpiRow> {
    const IDS: [&str; 6] = ["K19", "B01", "B02", "B07", "B08", "B09"];
    let Some((traffic, trips)) = traffic.and_then(|t| Some((t, t.trips.as_ref()?))) else {
        return IDS.into_iter().chain(["B04"]).map(|id| KpiRow::new(id, needs_a_run())).collect();
    };
    let hours = traffic.window.hours();
    let arrived_in_window = trips.iter().filter_map(|t| t.arrived_s).filter(|s| traffic.window.contains(*s)).count();
    let throughput = if hours > 0.0 {
        KpiRow::number("B04", arrived_in_window as f64 / hours)
    } else {
        KpiRow::new("B04", KpiValue::needs("một khoảng thời gian đo", "a measured period"))
    };
    let wished: Vec<&TripSummary> = trips.iter().filter(|t| traffic.window.contains(t.depart_s)).collect();
    if wished.is_empty() {
        let none =
            || KpiValue::needs("ít nhất một chuyến muốn khởi hành trong khoảng đo", "at least one trip that wished to leave in the window");
        return IDS.into_iter().map(|id| KpiRow::new(id, none())).chain([throughput]).collect();
    }
    let sum = |f: &dyn Fn(&TripSummary) -> f64| wished.iter().map(|t| f(t)).sum::<f64>();
    let delay_s = sum(&TripSummary::delay_s);
    let wait_s = sum(&|t| t.wait_s);
    let travel_s: Vec<f64> = wished.iter().filter_map(|t| Some(t.arrived_s? - t.depart_s)).collect();
    let entered: Vec<&&TripSummary> = wished.iter().filter(|t| t.has_entered).collect();
    let nobody = |vi, en| KpiValue::needs(vi, en);
    vec![
        KpiRow::number("K19", delay_s / 3600.0).note("độ tin cậy thời gian đi lại: xem B22", "travel-time reliability: see B22"),
        KpiRow::number("B01", delay_s / wished.len() as f64),
        if travel_s.is_empty() {
            KpiRow::new("B02", nobody("ít nhất một chuyến đã đến nơi", "at least one trip that arrived"))
        } else {
            KpiRow::number("B02", travel_s.iter().sum::<f64>() / travel_s.len() as f64 / 60.0)
        },
        throughput,
        KpiRow::number("B07", wait_s / 3600.0),
        KpiRow::number("B08", wished.iter().filter(|t| t.arrived_s.is_none()).count() as f64),
        if entered.is_empty() {
            KpiRow::new("B09", nobody("ít nhất một chuyến đã vào mạng lưới", "at least one trip that entered the road"))
        } else {
            KpiRow::number("B09", entered.iter().map(|t| f64::from(t.stops)).sum::<f64>() / entered.len() as f64)
        },
    ]
}

fn flow_rows(traffic: Option<&TrafficSummary>) -> Vec<KpiRow> {
    let Some(flows) = traffic.and_then(|t| t.flows.as_ref()) else {
        return ["B03", "B10", "B13", "B14"].into_iter().map(|id| KpiRow::new(id, needs_a_run())).collect();
    };
    let vehicle_m: f64 = flows.iter().map(|f| f.vehicle_m).sum();
    let vehicle_s: f64 = flows.iter().map(|f| f.vehicle_s).sum();
    vec![
        if vehicle_s > 0.0 {
            KpiRow::number("B03", vehicle_m / vehicle_s * 3.6)
        } else {
            KpiRow::new("B03", KpiValue::needs("ít nhất một xe trên đường", "at least one vehicle on the road"))
        },
        KpiRow::number("B10", vehicle_m / 1000.0),
        speed_of("B13", flows, VehicleClass::Emergency, ("ít nhất một xe ưu tiên", "at least one emergency vehicle")),
        speed_of("B14", flows, VehicleClass::Bus, ("ít nhất một xe buýt", "at least one bus")),
    ]
}

fn speed_of(id: &'static str, flows: &[ClassFlow; CLASS_COUNT], class: VehicleClass, (vi, en): (&str, &str)) -> KpiRow {
    let flow = flows[class.index()];
    if flow.vehicle_s > 0.0 { KpiRow::number(id, flow.vehicle_m / flow.vehicle_s * 3.6) } else { KpiRow::new(id, KpiValue::needs(vi, en)) }
}

fn queue_rows(queues: Option<&Queues>) -> Vec<KpiRow> {
    let Some(queues) = queues else {
        return ["B05", "B06"].into_iter().map(|id| KpiRow::new(id, needs_a_run())).collect();
    };
    let mut longest = KpiRow::number("B05", queues.longest_m);
    if let Some(at) = &queues.longest_at {
        longest = longest.note(format!("tại {at}"), format!("at {at}"));
    }
    vec![longest, KpiRow::number("B06", queues.spill_backs as f64)]
}
