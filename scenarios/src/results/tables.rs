//! Measurements as the long tables of a result folder. All refs, never ids; sorted, so that equal runs give equal bytes.

use super::table::{Table, Values};
use sim_core::{
    class::VehicleClass,
    demand::Trip,
    detector::Detector,
    measure::{ConflictPlace, Event, Measurements, TripStatus},
    network::RoadNetwork,
};
use std::fmt::Write;

/// `links.parquet`: interval × link × class, only where something drove.
pub fn links(m: &Measurements, network: &RoadNetwork) -> Table {
    let mut cells = m.links.clone();
    cells.sort_by_key(|c| (c.interval, c.link, c.class));
    let from_s = |interval: u32| m.start_s + f64::from(interval) * m.interval_s;
    Table {
        name: "links",
        schema_version: 2,
        columns: vec![
            ("from_s", Values::F64(cells.iter().map(|c| from_s(c.interval)).collect())),
            ("to_s", Values::F64(cells.iter().map(|c| from_s(c.interval + 1)).collect())),
            ("link", Values::Text(cells.iter().map(|c| network.link(c.link).ref_.to_string()).collect())),
            ("class", Values::Text(cells.iter().map(|c| c.class.name().to_owned()).collect())),
            ("entered", Values::I64(cells.iter().map(|c| i64::from(c.entered)).collect())),
            ("exited", Values::I64(cells.iter().map(|c| i64::from(c.exited)).collect())),
            ("vehicle_m", Values::F64(cells.iter().map(|c| c.vehicle_m).collect())),
            ("vehicle_s", Values::F64(cells.iter().map(|c| c.vehicle_s).collect())),
            ("delay_s", Values::F64(cells.iter().map(|c| c.delay_s).collect())),
            ("co2_g", Values::F64(cells.iter().map(|c| c.co2_g).collect())),
            ("fuel_ml", Values::F64(cells.iter().map(|c| c.fuel_ml()).collect())),
            ("electric_kwh", Values::F64(cells.iter().map(|c| c.electric_kwh).collect())),
        ],
    }
}

/// `queues.parquet`: interval × link, all classes together.
pub fn queues(m: &Measurements, network: &RoadNetwork) -> Table {
    let mut states = m.link_states.clone();
    states.sort_by_key(|s| (s.interval, s.link));
    let from_s = |interval: u32| m.start_s + f64::from(interval) * m.interval_s;
    Table {
        name: "queues",
        schema_version: 1,
        columns: vec![
            ("from_s", Values::F64(states.iter().map(|s| from_s(s.interval)).collect())),
            ("to_s", Values::F64(states.iter().map(|s| from_s(s.interval + 1)).collect())),
            ("link", Values::Text(states.iter().map(|s| network.link(s.link).ref_.to_string()).collect())),
            ("queue_max_m", Values::F32(states.iter().map(|s| s.queue_max_m).collect())),
            ("spilled_back", Values::I32(states.iter().map(|s| i32::from(s.spilled_back)).collect())),
        ],
    }
}

/// `trips.parquet`: one row per trip, in the order of the demand.
///
/// # Panics
/// When there are not as many records as trips.
pub fn trips(m: &Measurements, trips: &[Trip], network: &RoadNetwork) -> Table {
    assert_eq!(m.trips.len(), trips.len(), "one record per trip");
    let link = |i: usize, last: bool| {
        let route = &trips[i].route;
        let link = if last { route.last() } else { route.first() };
        link.map(|l| network.link(*l).ref_.to_string()).unwrap_or_default()
    };
    let rows = 0..trips.len();
    Table {
        name: "trips",
        schema_version: 2,
        columns: vec![
            ("trip", Values::Text(trips.iter().map(|t| t.ref_.to_string()).collect())),
            ("class", Values::Text(trips.iter().map(|t| t.class.name().to_owned()).collect())),
            ("origin", Values::Text(rows.clone().map(|i| link(i, false)).collect())),
            ("destination", Values::Text(rows.map(|i| link(i, true)).collect())),
            ("status", Values::Text(m.trips.iter().map(|r| status(r.status).to_owned()).collect())),
            ("depart_s", Values::F64(m.trips.iter().map(|r| r.depart_s).collect())),
            ("entered_s", Values::OptF64(m.trips.iter().map(|r| r.entered_s).collect())),
            ("arrived_s", Values::OptF64(m.trips.iter().map(|r| r.arrived_s).collect())),
            ("distance_m", Values::F64(m.trips.iter().map(|r| r.distance_m).collect())),
            ("free_flow_s", Values::F64(m.trips.iter().map(|r| r.free_flow_s).collect())),
            ("time_loss_s", Values::F64(m.trips.iter().map(|r| r.time_loss_s).collect())),
            ("origin_wait_s", Values::F64(m.trips.iter().map(|r| r.origin_wait_s).collect())),
            ("stops", Values::I64(m.trips.iter().map(|r| i64::from(r.stops)).collect())),
            ("co2_g", Values::F64(m.trips.iter().map(|r| r.co2_g).collect())),
            ("fuel_ml", Values::F64(m.trips.iter().zip(trips).map(|(r, t)| r.fuel_ml(t.class)).collect())),
            ("electric", Values::I32(m.trips.iter().map(|r| i32::from(r.electric)).collect())),
            ("electric_kwh", Values::F64(m.trips.iter().map(|r| r.electric_kwh).collect())),
        ],
    }
}

fn status(status: TripStatus) -> &'static str {
    match status {
        TripStatus::NotYet => "not_yet",
        TripStatus::Waiting => "waiting",
        TripStatus::OnRoad => "on_road",
        TripStatus::Arrived => "arrived",
        TripStatus::Removed => "removed",
    }
}

/// `detectors.parquet`: what the simulated detectors reported, by interval and class.
pub fn readings(m: &Measurements, detectors: &[Detector]) -> Table {
    let mut readings = m.readings.clone();
    readings.sort_by(|a, b| a.from_s.total_cmp(&b.from_s).then_with(|| (a.detector, a.class).cmp(&(b.detector, b.class))));
    let class = |c: VehicleClass| c.name().to_owned();
    Table {
        name: "detectors",
        schema_version: 1,
        columns: vec![
            ("detector", Values::Text(readings.iter().map(|r| detectors[r.detector.index()].ref_.to_string()).collect())),
            ("from_s", Values::F64(readings.iter().map(|r| r.from_s).collect())),
            ("to_s", Values::F64(readings.iter().map(|r| r.to_s).collect())),
            ("class", Values::Text(readings.iter().map(|r| class(r.class)).collect())),
            ("count", Values::I64(readings.iter().map(|r| i64::from(r.count)).collect())),
            ("mean_speed_mps", Values::OptF64(readings.iter().map(|r| r.mean_speed_mps.map(f64::from)).collect())),
        ],
    }
}

/// `conflicts.parquet`: interval × place × kind × classes × severity.
pub fn conflicts(m: &Measurements, network: &RoadNetwork) -> Table {
    let cells = &m.conflicts.cells;
    let from_s = |interval: u32| m.start_s + f64::from(interval) * m.interval_s;
    Table {
        name: "conflicts",
        schema_version: 1,
        columns: vec![
            ("from_s", Values::F64(cells.iter().map(|c| from_s(c.interval)).collect())),
            ("to_s", Values::F64(cells.iter().map(|c| from_s(c.interval + 1)).collect())),
            ("place", Values::Text(cells.iter().map(|c| place(c.place, network)).collect())),
            ("kind", Values::Text(cells.iter().map(|c| c.kind.name().to_owned()).collect())),
            ("first_class", Values::Text(cells.iter().map(|c| c.first.name().to_owned()).collect())),
            ("second_class", Values::Text(cells.iter().map(|c| c.second.name().to_owned()).collect())),
            ("severity", Values::Text(cells.iter().map(|c| c.severity.name().to_owned()).collect())),
            ("count", Values::I64(cells.iter().map(|c| i64::from(c.count)).collect())),
        ],
    }
}

/// `conflicts-worst.parquet`: the worst conflicts one by one, worst first.
pub fn worst_conflicts(m: &Measurements, trips: &[Trip], network: &RoadNetwork) -> Table {
    let worst = &m.conflicts.worst;
    let trip = |id: sim_core::ids::VehicleId| trips[id.index()].ref_.to_string();
    Table {
        name: "conflicts-worst",
        schema_version: 1,
        columns: vec![
            ("time_s", Values::F64(worst.iter().map(|c| c.time_s).collect())),
            ("place", Values::Text(worst.iter().map(|c| place(c.place, network)).collect())),
            ("at_m", Values::F32(worst.iter().map(|c| c.at_m).collect())),
            ("kind", Values::Text(worst.iter().map(|c| c.kind.name().to_owned()).collect())),
            ("first", Values::Text(worst.iter().map(|c| trip(c.first)).collect())),
            ("second", Values::Text(worst.iter().map(|c| trip(c.second)).collect())),
            ("first_class", Values::Text(worst.iter().map(|c| c.first_class.name().to_owned()).collect())),
            ("second_class", Values::Text(worst.iter().map(|c| c.second_class.name().to_owned()).collect())),
            ("severity", Values::Text(worst.iter().map(|c| c.severity.name().to_owned()).collect())),
            ("time_to_s", Values::F32(worst.iter().map(|c| c.time_to_s).collect())),
            ("drac_mps2", Values::OptF64(worst.iter().map(|c| c.drac_mps2.map(f64::from)).collect())),
        ],
    }
}

fn place(place: ConflictPlace, network: &RoadNetwork) -> String {
    match place {
        ConflictPlace::Link(link) => network.link(link).ref_.to_string(),
        ConflictPlace::Junction(junction) => network.junction(junction).ref_.to_string(),
    }
}

/// `events.jsonl`: the first line says the version of the layout, then one event a line, in order.
pub fn events(events: &[Event]) -> String {
    let mut text = String::from("{\"schema\":\"events\",\"schema_version\":2}\n");
    for event in events {
        let mut line = serde_json::json!({ "time_s": event.time_s, "kind": event.kind, "ref": event.ref_ });
        if let Some(since_s) = event.since_s {
            line["since_s"] = since_s.into();
        }
        writeln!(text, "{line}").expect("a string takes everything");
    }
    text
}
