//! Where vehicles halt and are served, as the window shows it: bus stops, gates, car parks, ferry landings; and what they and the detectors told minute
//! by minute. Gathered on the simulation's thread.

use scenarios::demand::counts::Counts;
use sim_core::{
    geometry::Point,
    network::{PlaceKind, RoadNetwork, world_point},
    simulation::Simulation,
    station::{Station, StationKind},
};
use std::{collections::BTreeMap, sync::Arc};

/// A place of the map this near to a station gives it its name, metres.
const NAMED_M: f64 = 120.0;
/// A symbol beside the road stands so far from its edge, metres.
const BESIDE_M: f64 = 3.0;

/// What stays of a station.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What it is; `None` for a gate at which the map has nothing.
    pub kind: Option<PlaceKind>,
    /// Its name.
    pub name: Option<String>,
    /// The link it is on.
    pub link: u32,
    /// Where on the map, metres from the drawing's origin.
    pub at: [f32; 2],
    /// Vehicles a car park holds.
    pub spaces: Option<u32>,
}

/// A station at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct StationNow {
    /// What stays of it.
    pub mark: Arc<Mark>,
    /// Vehicles that are being served.
    pub inside: u32,
    /// Vehicles that stand on the road for it.
    pub waiting: u32,
    /// Vehicles served since the beginning.
    pub served: u64,
    /// When the boat at a landing leaves, seconds after midnight.
    pub leaves_s: Option<f64>,
}

/// What stays of every station.
pub fn marks(stations: &[Station], network: &RoadNetwork, origin: Point) -> Vec<Arc<Mark>> {
    stations.iter().map(|s| Arc::new(mark(s, network, origin))).collect()
}

fn mark(station: &Station, network: &RoadNetwork, origin: Point) -> Mark {
    let (at, _) = world_point(network, station.link, f64::from(station.pos_m), -BESIDE_M);
    let (kinds, kind, name, spaces): (&[PlaceKind], _, _, _) = match &station.kind {
        StationKind::Gate { name } => {
            (&[PlaceKind::TollGate, PlaceKind::BorderGate, PlaceKind::WeighStation], None, Some(name.to_string()), None)
        }
        StationKind::Stop => (&[PlaceKind::BusStop, PlaceKind::BusStation], Some(PlaceKind::BusStop), None, None),
        StationKind::CarPark { name, spaces } => (&[PlaceKind::CarPark], Some(PlaceKind::CarPark), Some(name.to_string()), Some(*spaces)),
        StationKind::Landing { .. } => {
            (&[PlaceKind::FerryLanding], Some(PlaceKind::FerryLanding), network.link(station.link).name.clone(), None)
        }
    };
    let near = network.places.iter().filter(|p| kinds.contains(&p.kind)).map(|p| (p.point.distance_m(at), p));
    let place = near.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(far_m, _)| *far_m <= NAMED_M).map(|(_, p)| p);
    Mark {
        kind: place.map(|p| p.kind).or(kind),
        name: place.and_then(|p| p.name.clone()).or(name),
        link: station.link.0,
        at: [(at.x - origin.x) as f32, (at.y - origin.y) as f32],
        spaces,
    }
}

/// Every station at this moment.
pub fn now(stations: Vec<Station>, marks: &[Arc<Mark>]) -> Vec<StationNow> {
    let told = |(s, mark): (Station, &Arc<Mark>)| StationNow {
        mark: mark.clone(),
        inside: s.inside,
        waiting: s.waiting,
        served: s.served,
        leaves_s: match s.kind {
            StationKind::Landing { leaves_s } => Some(leaves_s),
            _ => None,
        },
    };
    stations.into_iter().zip(marks).map(told).collect()
}

/// What stations and detectors told at the end of a minute.
#[derive(Clone, Debug, Default)]
struct Minute {
    stations: Vec<(u32, u32, u64)>,
    counted: Vec<u64>,
}

/// Keeps what stations and detectors tell at every whole simulated minute.
#[derive(Debug, Default)]
pub struct Minutes(BTreeMap<u64, Minute>);

/// A minute of one station.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StationMinute {
    /// Its end, seconds after midnight.
    pub at_s: f64,
    /// Vehicles that were being served then.
    pub inside: u32,
    /// Vehicles that stood on the road for it then.
    pub waiting: u32,
    /// Vehicles served in it, an hour.
    pub per_hour: f64,
}

impl Minutes {
    /// Notes a minute when it is over and not known.
    pub fn look(&mut self, simulation: &Simulation) {
        let minute = (simulation.time_s() / 60.0 + 1e-6).floor() as u64;
        if self.0.contains_key(&minute) || simulation.time_s() - minute as f64 * 60.0 > 30.0 {
            return;
        }
        let stations = simulation.stations().iter().map(|s| (s.inside, s.waiting, s.served)).collect();
        let counted = simulation.looks().iter().map(|l| l.counted).collect();
        self.0.insert(minute, Minute { stations, counted });
    }

    /// Forgets what came after a time, because things go on otherwise from there.
    pub fn forget_after(&mut self, now_s: f64) {
        self.0.retain(|minute, _| *minute as f64 * 60.0 <= now_s + 1e-6);
    }

    /// The minutes of one station.
    pub fn station(&self, index: usize) -> Vec<StationMinute> {
        let told = |(a, b): ((&u64, &Minute), (&u64, &Minute))| {
            let ((_, _, before), (inside, waiting, served)) = (*a.1.stations.get(index)?, *b.1.stations.get(index)?);
            let hours = (b.0 - a.0) as f64 / 60.0;
            Some(StationMinute { at_s: *b.0 as f64 * 60.0, inside, waiting, per_hour: served.saturating_sub(before) as f64 / hours })
        };
        self.0.iter().zip(self.0.iter().skip(1)).filter_map(told).collect()
    }

    /// What a detector counted in each minute, an hour: the middle of the minute (seconds after midnight), and how many.
    pub fn counted(&self, detector: usize) -> Vec<[f64; 2]> {
        let told = |(a, b): ((&u64, &Minute), (&u64, &Minute))| {
            let (before, now) = (*a.1.counted.get(detector)?, *b.1.counted.get(detector)?);
            Some([(a.0 + b.0) as f64 * 30.0, now.saturating_sub(before) as f64 / ((b.0 - a.0) as f64 / 60.0)])
        };
        self.0.iter().zip(self.0.iter().skip(1)).filter_map(told).collect()
    }
}

/// What was observed at a detector on the day the demand comes from, an hour: a step for each of its intervals (seconds after midnight, vehicles).
pub fn observed(counts: &Counts, detector: &str) -> Vec<[f64; 2]> {
    let mut windows: BTreeMap<(u64, u64), f64> = BTreeMap::new();
    for row in counts.rows().iter().filter(|r| r.detector.as_str() == detector) {
        // Times of day are never negative, so their bits sort as they do.
        *windows.entry((row.window.from_s.to_bits(), row.window.to_s.to_bits())).or_default() += row.count;
    }
    let step = |((from, to), count): ((u64, u64), f64)| {
        let (from_s, to_s) = (f64::from_bits(from), f64::from_bits(to));
        let per_hour = count / ((to_s - from_s) / 3600.0).max(1e-9);
        [[from_s, per_hour], [to_s, per_hour]]
    };
    windows.into_iter().flat_map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(station: (u32, u32, u64), counted: u64) -> Minute {
        Minute { stations: vec![station], counted: vec![counted] }
    }

    #[test]
    fn what_was_served_and_counted_in_a_minute_is_told_an_hour() {
        let mut minutes = Minutes::default();
        for (at, m) in [(400, minute((1, 0, 5), 10)), (401, minute((2, 3, 7), 25)), (403, minute((0, 0, 9), 45))] {
            minutes.0.insert(at, m);
        }
        let told = minutes.station(0);
        assert_eq!(told[0], StationMinute { at_s: 24_060.0, inside: 2, waiting: 3, per_hour: 120.0 });
        assert_eq!((told[1].per_hour, minutes.station(1).len()), (60.0, 0));
        assert_eq!(minutes.counted(0), [[24_030.0, 900.0], [24_120.0, 600.0]], "over two minutes half as many an hour");
        minutes.forget_after(24_100.0);
        assert_eq!(minutes.station(0).len(), 1);
    }

    #[test]
    fn what_was_observed_is_a_step_for_each_interval_with_all_classes() {
        let text = "detector,from,to,class,count\n\
                    a,2026-03-02T07:00:00+07:00,2026-03-02T07:15:00+07:00,car,20\n\
                    a,2026-03-02T07:00:00+07:00,2026-03-02T07:15:00+07:00,motorcycle,80\n\
                    b,2026-03-02T07:00:00+07:00,2026-03-02T07:15:00+07:00,car,9\n\
                    a,2026-03-02T07:15:00+07:00,2026-03-02T07:30:00+07:00,motorcycle,50\n";
        let counts = Counts::parse("counts.csv", text.as_bytes()).unwrap_or_else(|e| panic!("{e}"));
        let seven = 7.0 * 3600.0;
        assert_eq!(observed(&counts, "a"), [[seven, 400.0], [seven + 900.0, 400.0], [seven + 900.0, 200.0], [seven + 1800.0, 200.0]]);
    }
}
