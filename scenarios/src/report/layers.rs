//! What the maps and the curves of a report show: the shape of every link, what happened on it while measuring, and the course of the run.

use crate::{
    kpi::Window,
    run::{arterial::Arterial, observe::Observed},
};
use serde::{Deserialize, Serialize};
use sim_core::{
    measure::{ConflictPlace, Measurements},
    network::{RoadClass, RoadNetwork},
};
use std::collections::BTreeMap;

/// A link as a map draws it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Its ref.
    #[serde(rename = "ref")]
    pub ref_: String,
    /// The street's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The road's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub road_number: Option<String>,
    /// The name of the junction it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub towards: Option<String>,
    /// Its class.
    pub class: RoadClass,
    /// Lanes.
    pub lanes: usize,
    /// Length, metres.
    pub length_m: f32,
    /// Longitude and latitude of each point, millionths of a degree (at most 0.11 m).
    pub line: Vec<[i32; 2]>,
}

/// What happened on a link while measuring, all classes together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LinkTotals {
    /// Which link, a place in the report's list.
    pub link: usize,
    /// Vehicles that came onto it.
    pub vehicles: f64,
    /// Way driven, vehicle-kilometres.
    pub vehicle_km: f64,
    /// Time spent on it, vehicle-hours.
    pub vehicle_h: f64,
    /// Time lost against driving at the travellers' own free speed, vehicle-hours.
    pub delay_h: f64,
    /// The longest queue in any interval, metres.
    pub queue_m: f64,
    /// CO₂, kilograms.
    pub co2_kg: f64,
    /// Conflicts on it, and its part of those in the junction it leads to; 0 where nobody looked for them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub conflicts: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

/// The way of a vehicle along the main road: pairs of seconds after the first look and metres from the road's start.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Track(pub Vec<[u32; 2]>);

/// So many ways are kept at most: more make a diagram black.
const TRACKS: usize = 160;
/// Somebody who was not seen for longer has left the road, seconds.
const LOST_S: f32 = 25.0;

/// The ways along the main road that were seen.
pub(super) fn tracks(observed: &Observed, road: &Arterial, network: &RoadNetwork) -> Vec<Track> {
    let at: BTreeMap<usize, f64> =
        road.links.iter().filter_map(|(name, at_m)| Some((network.links.iter().position(|l| l.ref_.as_str() == name)?, *at_m))).collect();
    let mut seen: BTreeMap<u32, Vec<(f32, f64)>> = BTreeMap::new();
    for sight in &observed.sights {
        if let Some(at_m) = at.get(&sight.link.index()) {
            seen.entry(sight.vehicle).or_default().push((sight.after_s, at_m + f64::from(sight.front_m)));
        }
    }
    let mut ways: Vec<Track> = Vec::new();
    for points in seen.values() {
        for piece in points.chunk_by(|a, b| b.0 - a.0 <= LOST_S && b.1 >= a.1 - 1.0).filter(|p| p.len() > 1) {
            ways.push(Track(piece.iter().map(|p| [p.0.round() as u32, p.1.max(0.0).round() as u32]).collect()));
        }
    }
    let every = ways.len().div_ceil(TRACKS).max(1);
    ways.into_iter().step_by(every).collect()
}

/// An interval of a run, all links together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Its begin, seconds after midnight.
    pub from_s: f64,
    /// Its end.
    pub until_s: f64,
    /// Way driven, vehicle-kilometres.
    pub vehicle_km: f64,
    /// Time spent on the road, vehicle-hours.
    pub vehicle_h: f64,
    /// Time lost, vehicle-hours.
    pub delay_h: f64,
    /// CO₂, kilograms.
    pub co2_kg: f64,
    /// Trips that wished to leave.
    pub wished: f64,
    /// Trips that arrived.
    pub arrived: f64,
}

impl LinkTotals {
    /// Mean speed, kilometres per hour; `None` where nobody drove.
    pub fn speed_kmh(&self) -> Option<f64> {
        (self.vehicle_h > 0.0).then(|| self.vehicle_km / self.vehicle_h)
    }
}

impl Moment {
    /// Mean speed on the network, kilometres per hour.
    pub fn speed_kmh(&self) -> Option<f64> {
        (self.vehicle_h > 0.0).then(|| self.vehicle_km / self.vehicle_h)
    }

    /// An amount of this interval as so much an hour.
    pub fn an_hour(&self, amount: f64) -> Option<f64> {
        (self.hours() > 0.0).then(|| amount / self.hours())
    }

    /// Its length, hours.
    pub fn hours(&self) -> f64 {
        (self.until_s - self.from_s) / 3600.0
    }
}

/// Shapes of every link of a network.
pub(super) fn shapes(network: &RoadNetwork) -> Vec<Shape> {
    let millionths = |degrees: f64| libm::round(degrees * 1e6) as i32;
    let shape = |link: &sim_core::network::Link| Shape {
        ref_: link.ref_.to_string(),
        name: link.name.clone(),
        road_number: link.road_number.clone(),
        towards: network.junction(link.to).name.clone(),
        class: link.class,
        lanes: link.lanes.len(),
        length_m: link.length_m,
        line: link
            .geometry
            .iter()
            .map(|p| {
                let at = network.meta.frame.unproject(*p);
                // RFC 7946 asks for longitudes within ±180 also where the frame reaches across the date line.
                [millionths((at.lon + 180.0).rem_euclid(360.0) - 180.0), millionths(at.lat)]
            })
            .collect(),
    };
    network.links.iter().map(shape).collect()
}

/// What one run, or the mean of several, shows on maps and curves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Layers {
    /// Links on which anything drove or stood while measuring, in their order.
    pub totals: Vec<LinkTotals>,
    /// Every interval of the run, in order.
    pub series: Vec<Moment>,
}

impl Layers {
    /// The layers of a run. Totals are of all intervals that begin in the measured window or behind it, curves end with it.
    pub fn of(measured: &Measurements, network: &RoadNetwork, window: Window) -> Self {
        let begin_s = |interval: u32| measured.start_s + f64::from(interval) * measured.interval_s;
        let count = libm::ceil((window.until_s - measured.start_s) / measured.interval_s - 1e-9).max(0.0) as usize;
        let mut series: Vec<Moment> = (0..count as u32)
            .map(|i| Moment { from_s: begin_s(i), until_s: begin_s(i + 1).min(window.until_s), ..Moment::default() })
            .collect();
        let mut totals: Vec<LinkTotals> = (0..network.links.len()).map(|link| LinkTotals { link, ..LinkTotals::default() }).collect();
        for cell in &measured.links {
            let (km, h) = (cell.vehicle_m / 1000.0, cell.vehicle_s / 3600.0);
            let (delay_h, co2_kg) = (cell.delay_s / 3600.0, cell.co2_g / 1000.0);
            if let Some(moment) = series.get_mut(cell.interval as usize) {
                moment.vehicle_km += km;
                moment.vehicle_h += h;
                moment.delay_h += delay_h;
                moment.co2_kg += co2_kg;
            }
            if window.covers(begin_s(cell.interval)) {
                let total = &mut totals[cell.link.index()];
                total.vehicles += f64::from(cell.entered);
                total.vehicle_km += km;
                total.vehicle_h += h;
                total.delay_h += delay_h;
                total.co2_kg += co2_kg;
            }
        }
        for state in measured.link_states.iter().filter(|s| window.covers(begin_s(s.interval))) {
            let total = &mut totals[state.link.index()];
            total.queue_m = total.queue_m.max(f64::from(state.queue_max_m));
        }
        for cell in measured.conflicts.cells.iter().filter(|c| window.covers(begin_s(c.interval))) {
            let count = f64::from(cell.count);
            match cell.place {
                ConflictPlace::Link(link) => totals[link.index()].conflicts += count,
                ConflictPlace::Junction(junction) => {
                    let approaches = &network.junction(junction).incoming;
                    approaches.iter().for_each(|l| totals[l.index()].conflicts += count / approaches.len() as f64);
                }
            }
        }
        let at = |time_s: f64| ((time_s - measured.start_s) / measured.interval_s).max(0.0) as usize;
        for trip in &measured.trips {
            if let Some(moment) = series.get_mut(at(trip.depart_s)) {
                moment.wished += 1.0;
            }
            if let Some(moment) = trip.arrived_s.and_then(|s| series.get_mut(at(s))) {
                moment.arrived += 1.0;
            }
        }
        totals.retain(|t| t.vehicle_h > 0.0 || t.vehicles > 0.0 || t.queue_m > 0.0);
        Self { totals, series }
    }

    /// The mean of several runs of the same hours, in their order. A link on which nothing drove in a run counts as nothing there.
    pub fn mean(runs: &[&Self]) -> Self {
        let Some(first) = runs.first() else { return Self::default() };
        let n = runs.len() as f64;
        let mut totals: BTreeMap<usize, LinkTotals> = BTreeMap::new();
        let mut series: Vec<Moment> =
            first.series.iter().map(|m| Moment { from_s: m.from_s, until_s: m.until_s, ..Moment::default() }).collect();
        for run in runs {
            for t in &run.totals {
                let mean = totals.entry(t.link).or_insert(LinkTotals { link: t.link, ..LinkTotals::default() });
                mean.vehicles += t.vehicles / n;
                mean.vehicle_km += t.vehicle_km / n;
                mean.vehicle_h += t.vehicle_h / n;
                mean.delay_h += t.delay_h / n;
                mean.queue_m += t.queue_m / n;
                mean.co2_kg += t.co2_kg / n;
                mean.conflicts += t.conflicts / n;
            }
            for (mean, m) in series.iter_mut().zip(&run.series) {
                mean.vehicle_km += m.vehicle_km / n;
                mean.vehicle_h += m.vehicle_h / n;
                mean.delay_h += m.delay_h / n;
                mean.co2_kg += m.co2_kg / n;
                mean.wished += m.wished / n;
                mean.arrived += m.arrived / n;
            }
        }
        Self { totals: totals.into_values().collect(), series }
    }
}
