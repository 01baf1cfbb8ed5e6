//! What sensors and surrogates tell of places: where detectors stand, how what they count compares with what was observed there on the day
//! the demand comes from, and where conflicts (near misses) happened.

use scenarios::demand::counts::Counts;
use sim_core::{
    detector::{Detector, DetectorKind},
    ids::DetectorId,
    measure::{ConflictPlace, Measurements},
    simulation::Simulation,
};
use std::collections::BTreeMap;

/// A detector that stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensor {
    /// Its index.
    pub detector: u32,
    /// Its name.
    pub ref_: String,
    /// The link.
    pub link: u32,
    /// Where on it, metres from its start.
    pub pos_m: f32,
    /// Where on the map, metres from the drawing's origin.
    pub at: [f32; 2],
    /// How it senses.
    pub kind: DetectorKind,
    /// Vehicles that it counted in the last whole interval.
    pub counted: Option<u32>,
    /// Vehicles that were observed there in the same time of the day.
    pub observed: Option<f64>,
}

/// What is watched of a whole map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Watch {
    /// Every detector that stands.
    pub sensors: Vec<Sensor>,
    /// The interval that `counted` and `observed` are of, seconds after midnight; 0 to 0 before the first one is over.
    pub interval_s: [f64; 2],
    /// Conflicts on links, by index, since the beginning; `None` where nobody looks for them.
    pub conflicts: Option<Vec<(u32, u32)>>,
    /// Conflicts in junctions, by index, since the beginning.
    pub in_junctions: Vec<(u32, u32)>,
    /// How long conflicts have been looked for, hours.
    pub hours: f64,
}

impl Watch {
    /// How many detectors stand on a link.
    pub fn sensors_on(&self, link: u32) -> usize {
        self.sensors.iter().filter(|s| s.link == link).count()
    }

    /// By how much more is counted on a link than was observed there, percent; `None` where nothing was observed.
    pub fn deviation(&self, link: u32) -> Option<f32> {
        let there = self.sensors.iter().filter(|s| s.link == link);
        let pairs: Vec<(u32, f64)> = there.filter_map(|s| Some((s.counted?, s.observed?))).collect();
        let (counted, observed) = pairs.iter().fold((0.0, 0.0), |(c, o), (a, b)| (c + f64::from(*a), o + b));
        (observed > 0.0).then(|| ((counted - observed) / observed * 100.0) as f32)
    }

    /// Conflicts on a link; `None` where nobody looks for them or there were none.
    pub fn conflicts_on(&self, link: u32) -> Option<u32> {
        let all = self.conflicts.as_ref()?;
        all.binary_search_by_key(&link, |(l, _)| *l).ok().map(|i| all[i].1)
    }
}

/// Looks at a simulation; `place` says where on the map a detector stands, `counts` what was observed.
pub fn watch(simulation: &Simulation, counts: Option<&Counts>, place: impl Fn(&Detector) -> [f32; 2]) -> Watch {
    let measured = simulation.measurements();
    let now = simulation.time_s();
    let last = measured.readings.last().map(|r| [r.from_s, r.to_s]).filter(|w| w[1] <= now + 1e-6);
    let counted = last.map(|_| counted_in_last(measured));
    let observed = last.zip(counts).map(|(window, counts)| observed_in(counts, window));
    let sensor = |(d, detector): (usize, &Detector)| Sensor {
        detector: d as u32,
        ref_: detector.ref_.to_string(),
        link: detector.link.0,
        pos_m: detector.pos_m,
        at: place(detector),
        kind: detector.kind,
        counted: counted.as_ref().map(|c| c.get(&(d as u32)).copied().unwrap_or(0)),
        observed: observed.as_ref().and_then(|o| o.get(detector.ref_.as_str()).copied()),
    };
    let standing = |(d, _): &(usize, &Detector)| simulation.is_standing(DetectorId::from_index(*d));
    let mut on: BTreeMap<u32, u32> = BTreeMap::new();
    let mut inside: BTreeMap<u32, u32> = BTreeMap::new();
    for cell in &measured.conflicts.cells {
        match cell.place {
            ConflictPlace::Link(link) => *on.entry(link.0).or_default() += cell.count,
            ConflictPlace::Junction(junction) => *inside.entry(junction.0).or_default() += cell.count,
        }
    }
    Watch {
        sensors: simulation.detectors().iter().enumerate().filter(standing).map(sensor).collect(),
        interval_s: last.unwrap_or_default(),
        conflicts: simulation.config().conflicts.then(|| on.into_iter().collect()),
        in_junctions: inside.into_iter().collect(),
        hours: (now - measured.start_s) / 3600.0,
    }
}

/// What each detector counted in the last interval.
fn counted_in_last(measured: &Measurements) -> BTreeMap<u32, u32> {
    let mut counted = BTreeMap::new();
    let Some(last) = measured.readings.last() else { return counted };
    for reading in measured.readings.iter().rev().take_while(|r| r.to_s == last.to_s) {
        *counted.entry(reading.detector.0).or_default() += reading.count;
    }
    counted
}

/// What was observed at each detector within a window: a row that reaches beyond it counts by its share.
fn observed_in(counts: &Counts, [from_s, to_s]: [f64; 2]) -> BTreeMap<&str, f64> {
    let mut observed: BTreeMap<&str, f64> = BTreeMap::new();
    for row in counts.rows() {
        let within = (row.window.to_s.min(to_s) - row.window.from_s.max(from_s)).max(0.0);
        let length = row.window.to_s - row.window.from_s;
        if within > 0.0 && length > 0.0 {
            *observed.entry(row.detector.as_str()).or_default() += row.count * within / length;
        }
    }
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_that_reaches_beyond_the_interval_counts_by_its_share() {
        let text = "detector,from,to,class,count\n\
                    a,2026-03-02T07:00:00+07:00,2026-03-02T08:00:00+07:00,car,120\n\
                    a,2026-03-02T07:00:00+07:00,2026-03-02T07:15:00+07:00,motorcycle,90\n";
        let counts = Counts::parse("counts.csv", text.as_bytes()).unwrap();
        let seven = 7.0 * 3600.0;
        assert_eq!(observed_in(&counts, [seven, seven + 900.0]).get("a"), Some(&120.0));
        assert_eq!(observed_in(&counts, [seven + 900.0, seven + 1800.0]).get("a"), Some(&30.0));
        assert!(observed_in(&counts, [0.0, 900.0]).is_empty());
    }

    #[test]
    fn a_deviation_is_of_all_who_were_observed_on_the_link() {
        let sensor = |counted, observed| Sensor {
            detector: 0,
            ref_: "a".into(),
            link: 4,
            pos_m: 1.0,
            at: [0.0; 2],
            kind: DetectorKind::Camera,
            counted,
            observed,
        };
        let watch =
            Watch { sensors: vec![sensor(Some(60), Some(50.0)), sensor(Some(30), Some(50.0)), sensor(Some(9), None)], ..Watch::default() };
        assert_eq!(watch.deviation(4), Some(-10.0));
        assert_eq!((watch.deviation(5), watch.sensors_on(4)), (None, 3));
    }
}
