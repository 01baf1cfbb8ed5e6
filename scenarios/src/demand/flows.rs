//! The flows that a list of trips brings to each movement: what a full survey of turning counts would find.

use sim_core::{class::ClassTable, demand::Trip, network::RoadNetwork};

/// Passenger-car units an hour of each movement, by the trips that leave between two times; each counts on its whole route.
pub fn trips_flow_pcu(network: &RoadNetwork, classes: &ClassTable, trips: &[Trip], from_s: f64, to_s: f64) -> Vec<f64> {
    let mut flows = vec![0.0; network.movements.len()];
    let hours = (to_s - from_s) / 3600.0;
    for trip in trips.iter().filter(|t| t.depart_s >= from_s && t.depart_s < to_s) {
        let pcu = f64::from(classes.get(trip.class).pcu);
        for pair in trip.route.windows(2) {
            if let Some(m) = network.movement_between(pair[0], pair[1]) {
                flows[m.index()] += pcu / hours;
            }
        }
    }
    flows
}
