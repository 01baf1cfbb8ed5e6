//! How reliable travel times are: B22, over several runs, as a part of K19.
//!
//! Trips are put together by origin, destination and departure slot (the quarter of an hour of the wish). In each run every slot has a mean
//! travel time (of a trip that has not arrived, what it took so far). B22 = Σ wₖ · sₖ ÷ mₖ over the slots that have trips in every run, s and
//! m being standard deviation and mean over the runs and w the number of trips: by how much a traveller's time differs from day to day.
//! Seeds are the days: trips, classes and drivers are drawn anew.

use super::value::{KpiRow, KpiValue};
use serde::{Deserialize, Serialize};
use sim_core::{
    demand::Trip,
    measure::{TripRecord, TripStatus},
};
use std::collections::BTreeMap;
use xxhash_rust::xxh3::xxh3_64;

/// Length of a departure slot, seconds.
const SLOT_S: f64 = 900.0;

/// Travel times of one run by slot: a key of origin, destination and quarter of an hour; trips; their mean time, seconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Slots(pub BTreeMap<u64, (u32, f64)>);

impl Slots {
    /// Those of the trips that wished to leave within `window`, of a run that ended at `end_s`.
    pub fn of(trips: &[Trip], records: &[TripRecord], window: super::Window, end_s: f64) -> Self {
        let mut slots: BTreeMap<u64, (u32, f64)> = BTreeMap::new();
        for (trip, record) in trips.iter().zip(records) {
            if record.status == TripStatus::NotYet || !window.contains(record.depart_s) {
                continue;
            }
            let slot = libm::floor(record.depart_s / SLOT_S) as u64;
            let cell = slots.entry(xxh3_64(format!("{}|{slot}", pair(trip)).as_bytes())).or_default();
            cell.0 += 1;
            cell.1 += record.arrived_s.unwrap_or(end_s) - record.depart_s;
        }
        slots.values_mut().for_each(|(n, sum)| *sum /= f64::from(*n));
        Self(slots)
    }
}

/// Origin and destination: the zones of a table, else the links.
fn pair(trip: &Trip) -> String {
    match trip.ref_.as_str().strip_prefix("od:").and_then(|rest| rest.rsplitn(4, ':').last()) {
        Some(zones) => zones.to_owned(),
        None => format!("{}>{}", trip.origin.link.index(), trip.destination.link.index()),
    }
}

/// The row of several runs.
pub fn reliability(runs: &[&Slots]) -> KpiRow {
    let (mut weights, mut sum) = (0.0, 0.0);
    if let Some((first, others)) = runs.split_first().filter(|(_, others)| !others.is_empty()) {
        for (key, (trips, mean_s)) in &first.0 {
            let Some(cells) = others.iter().map(|r| r.0.get(key).copied()).collect::<Option<Vec<_>>>() else { continue };
            let times: Vec<f64> = cells.iter().map(|c| c.1).chain([*mean_s]).collect();
            let weight: f64 = cells.iter().map(|c| f64::from(c.0)).sum::<f64>() + f64::from(*trips);
            let mean = times.iter().sum::<f64>() / times.len() as f64;
            let variance = times.iter().map(|t| (t - mean) * (t - mean)).sum::<f64>() / (times.len() - 1) as f64;
            if mean > 0.0 {
                weights += weight;
                sum += weight * variance.sqrt() / mean;
            }
        }
    }
    if weights == 0.0 {
        return KpiRow::new("B22", KpiValue::needs("nhiều lần chạy (--seeds)", "several runs (--seeds)"));
    }
    KpiRow::number("B22", sum / weights * 100.0).note(
        format!("qua {} lần chạy, theo cặp điểm đi – đến và khung 15 phút", runs.len()),
        format!("over {} runs, by origin, destination and quarter of an hour", runs.len()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slots(of: &[(u64, u32, f64)]) -> Slots {
        Slots(of.iter().map(|(key, n, s)| (*key, (*n, *s))).collect())
    }

    /// Slot 1: 90 and 110 s, s = 14.142, 14.142 % of 100 s, four trips; slot 2: no difference, four trips: 7.071 %. Slot 3 is of one run only.
    #[test]
    fn it_is_the_spread_of_a_slot_between_runs() {
        let (a, b) = (slots(&[(1, 2, 90.0), (2, 2, 50.0), (3, 9, 5.0)]), slots(&[(1, 2, 110.0), (2, 2, 50.0)]));
        let found = reliability(&[&a, &b]).value.number().unwrap();
        assert!((found - 200.0_f64.sqrt() / 2.0).abs() < 1e-9, "{found}");
        assert_eq!(reliability(&[&a]).value.number(), None, "one run shows no spread");
        assert_eq!(reliability(&[&a, &slots(&[])]).value.number(), None);
    }

    #[test]
    fn zones_make_a_pair_whatever_they_are_called() {
        let trip = |name: &str| Trip {
            ref_: name.into(),
            class: sim_core::class::VehicleClass::Car,
            purpose: Default::default(),
            depart_s: 0.0,
            origin: sim_core::demand::LinkPosition { link: sim_core::ids::LinkId(1), pos_m: 0.0 },
            destination: sim_core::demand::LinkPosition { link: sim_core::ids::LinkId(2), pos_m: 0.0 },
            route: [sim_core::ids::LinkId(1)].into(),
            halts: Default::default(),
        };
        assert_eq!(pair(&trip("od:osm:n1>edge:osm:w2:n3>n4:motorcycle:28:0")), "osm:n1>edge:osm:w2:n3>n4");
        assert_eq!(pair(&trip("synthetic:car:5")), "1>2");
    }
}
