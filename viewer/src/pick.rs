//! What lies under the cursor: what is drawn over all first (the head of a signal, the symbol of a station, a detector), then a vehicle, then a junction, then a
//! road. Plain geometry.

use crate::{
    detail::Focus,
    load::Opened,
    snapshot::Snapshot,
    ui::{overlay::SECONDS_M_PER_PX, symbols::is_drawn},
};
use sim_core::{geometry::Point, network::JunctionKind};

/// How near the cursor has to be, pixels.
const NEAR_PX: f32 = 8.0;
/// Vehicles are too small to be meant where a pixel is more than this many metres.
const VEHICLE_M_PER_PX: f32 = 3.0;
/// Junctions too.
const JUNCTION_M_PER_PX: f32 = 4.0;

/// The heads of signals, where they are drawn with their seconds, are this large, pixels.
const HEAD_PX: f32 = 10.0;

/// What of the moving picture can be meant.
#[derive(Clone, Copy, Debug)]
pub struct Sees {
    /// Vehicles.
    pub vehicles: bool,
    /// Detectors.
    pub detectors: bool,
}

/// What is meant by a place (metres from the drawing's origin) at a scale.
pub fn pick(opened: &Opened, snapshot: &Snapshot, place: [f32; 2], metres_per_px: f32, sees: Sees) -> Option<Focus> {
    let reach_m = NEAR_PX * metres_per_px;
    if metres_per_px <= SECONDS_M_PER_PX
        && let Some(lamp) = opened.lamps.iter().find(|l| away_m(l.head(), place) <= HEAD_PX * metres_per_px)
    {
        return Some(Focus::Junction(opened.network.movements[lamp.movement].junction.0));
    }
    let symbol_m = HEAD_PX * metres_per_px;
    let drawn = snapshot.stations.iter().enumerate().filter(|(_, s)| is_drawn(&s.mark, metres_per_px));
    if let Some((s, _)) = drawn.map(|(s, now)| (s, away_m(now.mark.at, place))).filter(|(_, m)| *m <= symbol_m).min_by(nearer) {
        return Some(Focus::Station(s as u32));
    }
    if sees.detectors
        && let Some((d, _)) =
            snapshot.watch.sensors.iter().map(|s| (s.detector as usize, away_m(s.at, place))).filter(|(_, m)| *m <= symbol_m).min_by(nearer)
    {
        return Some(Focus::Detector(d as u32));
    }
    if sees.vehicles
        && metres_per_px <= VEHICLE_M_PER_PX
        && let Some(id) = vehicle_near(snapshot, place, reach_m)
    {
        return Some(Focus::Vehicle(id));
    }
    let at = Point::new(f64::from(place[0]) + opened.origin.x, f64::from(place[1]) + opened.origin.y);
    if metres_per_px <= JUNCTION_M_PER_PX {
        // A junction is meant when its middle is near, whatever the zoom, but not the end of a single road.
        let near_m = f64::from(reach_m).max(9.0);
        let hit = opened.index.nearest_junction(at, near_m).filter(|hit| {
            let junction = opened.network.junction(hit.junction);
            junction.kind != JunctionKind::Terminal && (junction.incoming.len() > 2 || matches!(junction.kind, JunctionKind::Signal(_)))
        });
        if let Some(hit) = hit {
            return Some(Focus::Junction(hit.junction.0));
        }
    }
    let links = opened.index.links_within(around(at, f64::from(reach_m).max(12.0)));
    let beside_m = |link: sim_core::ids::LinkId| {
        let l = opened.network.link(link);
        (distance_m(&l.geometry, at) - f64::from(l.width_m) / 2.0).max(0.0)
    };
    let nearest = links.into_iter().map(|l| (beside_m(l), l)).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    nearest.filter(|(d, _)| *d <= f64::from(reach_m)).map(|(_, l)| Focus::Link(l.0))
}

fn nearer(a: &(usize, f32), b: &(usize, f32)) -> std::cmp::Ordering {
    a.1.total_cmp(&b.1)
}

fn away_m(a: [f32; 2], b: [f32; 2]) -> f32 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

fn vehicle_near(snapshot: &Snapshot, place: [f32; 2], reach_m: f32) -> Option<u32> {
    let away_m = |b: &crate::snapshot::Body| {
        // Across and along the body, beyond its edges.
        let (dx, dy) = (place[0] - b.at[0], place[1] - b.at[1]);
        let (c, s) = (b.heading.cos(), b.heading.sin());
        let along = ((dx * c + dy * s).abs() - b.length_m / 2.0).max(0.0);
        let across = ((dy * c - dx * s).abs() - b.width_m / 2.0).max(0.0);
        along.hypot(across)
    };
    let nearest = snapshot.bodies.iter().map(|b| (away_m(b), b.id)).min_by(|a, b| a.0.total_cmp(&b.0))?;
    (nearest.0 <= reach_m.min(6.0)).then_some(nearest.1)
}

fn around(at: Point, reach_m: f64) -> maps::index::Bbox {
    maps::index::Bbox { min: Point::new(at.x - reach_m, at.y - reach_m), max: Point::new(at.x + reach_m, at.y + reach_m) }
}

/// How far a point is from a line.
fn distance_m(line: &[Point], p: Point) -> f64 {
    line.windows(2)
        .map(|pair| {
            let (a, b) = (pair[0], pair[1]);
            let (dx, dy) = (b.x - a.x, b.y - a.y);
            let length_2 = dx * dx + dy * dy;
            let t = if length_2 > 0.0 { (((p.x - a.x) * dx + (p.y - a.y) * dy) / length_2).clamp(0.0, 1.0) } else { 0.0 };
            Point::new(a.x + dx * t, a.y + dy * t).distance_m(p)
        })
        .fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{load, load::Wanted, snapshot::Body};
    use sim_core::{class::VehicleClass, demand::Purpose, network::world_point};

    fn sees(vehicles: bool) -> Sees {
        Sees { vehicles, detectors: false }
    }

    #[test]
    fn a_click_means_the_vehicle_then_the_junction_then_the_road() {
        let opened = load::open(Wanted::at_once("long-xuyen-signals")).unwrap();
        let network = &opened.network;
        let (index, link) = network.links.iter().enumerate().find(|(_, l)| l.length_m > 200.0 && l.name.is_some()).unwrap();
        let (middle, heading) = world_point(network, sim_core::ids::LinkId::from_index(index), 100.0, f64::from(link.width_m) / 2.0);
        let local = |p: Point| [(p.x - opened.origin.x) as f32, (p.y - opened.origin.y) as f32];
        let empty = Snapshot::default();
        assert_eq!(pick(&opened, &empty, local(middle), 0.5, sees(true)), Some(Focus::Link(index as u32)));
        let body = Body {
            id: 7,
            class: VehicleClass::Motorcycle,
            purpose: Purpose::Personal,
            at: local(middle),
            heading: heading as f32,
            length_m: 1.9,
            width_m: 0.75,
            speed_mps: 5.0,
            lost_s: 0.0,
            co2_g_per_km: 0.0,
        };
        let busy = Snapshot { bodies: vec![body], ..Snapshot::default() };
        assert_eq!(pick(&opened, &busy, local(middle), 0.5, sees(true)), Some(Focus::Vehicle(7)));
        assert_eq!(
            pick(&opened, &busy, local(middle), 0.5, sees(false)),
            Some(Focus::Link(index as u32)),
            "hidden vehicles are not clicked"
        );
        let signal = network.junctions.iter().position(|j| matches!(j.kind, JunctionKind::Signal(_))).unwrap();
        let centre = local(network.junctions[signal].centre);
        assert_eq!(pick(&opened, &empty, centre, 0.5, sees(true)), Some(Focus::Junction(signal as u32)));
        assert_eq!(pick(&opened, &empty, [9e6, 9e6], 0.5, sees(true)), None);
    }

    #[test]
    fn the_head_of_a_signal_means_its_junction_though_a_vehicle_stands_there() {
        let opened = load::open(Wanted::at_once("long-xuyen-signals")).unwrap();
        let lamp = opened.lamps[0];
        let body = Body {
            id: 7,
            class: VehicleClass::Motorcycle,
            purpose: Purpose::Personal,
            at: lamp.head(),
            heading: 0.0,
            length_m: 1.9,
            width_m: 0.75,
            speed_mps: 5.0,
            lost_s: 0.0,
            co2_g_per_km: 0.0,
        };
        let busy = Snapshot { bodies: vec![body], ..Snapshot::default() };
        let junction = opened.network.movements[lamp.movement].junction.0;
        assert_eq!(pick(&opened, &busy, lamp.head(), 0.2, sees(true)), Some(Focus::Junction(junction)));
        assert_eq!(pick(&opened, &busy, lamp.head(), 0.6, sees(true)), Some(Focus::Vehicle(7)), "from afar no heads are drawn");
    }

    #[test]
    fn a_symbol_means_its_station_and_a_detector_is_meant_only_where_detectors_are_shown() {
        use crate::{
            station::{Mark, StationNow},
            watch::{Sensor, Watch},
        };
        use sim_core::{detector::DetectorKind, network::PlaceKind};
        let opened = load::open(Wanted::at_once("long-xuyen-signals")).unwrap();
        let station = |kind, x: f32| {
            let mark = Mark { kind: Some(kind), name: None, link: 0, at: [x, 9e5], spaces: None };
            StationNow { mark: mark.into(), inside: 0, waiting: 0, served: 0, leaves_s: None }
        };
        let stations = vec![station(PlaceKind::CarPark, 0.0), station(PlaceKind::BusStop, 20.0)];
        let sensor = Sensor {
            detector: 4,
            ref_: "a".into(),
            link: 0,
            pos_m: 1.0,
            at: [60.0, 9e5],
            kind: DetectorKind::Loop,
            counted: None,
            observed: None,
        };
        let watch = Watch { sensors: vec![sensor], ..Watch::default() };
        let snapshot = Snapshot { stations: stations.into(), watch: watch.into(), ..Snapshot::default() };
        let at = |x: f32, m_per_px: f32, detectors| pick(&opened, &snapshot, [x, 9e5], m_per_px, Sees { vehicles: true, detectors });
        assert_eq!(at(4.0, 1.0, false), Some(Focus::Station(0)));
        assert_eq!(at(14.0, 1.0, false), Some(Focus::Station(1)), "the nearer of two");
        assert_eq!(at(20.0, 4.0, false), Some(Focus::Station(0)), "stops are not drawn from afar");
        assert_eq!((at(58.0, 1.0, false), at(58.0, 1.0, true)), (None, Some(Focus::Detector(4))));
    }
}
