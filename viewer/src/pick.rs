//! What lies under the cursor: the head of a signal first, then a vehicle, then a junction, then a road. Plain geometry.

use crate::{detail::Focus, load::Opened, snapshot::Snapshot, ui::overlay::SECONDS_M_PER_PX};
use sim_core::{geometry::Point, network::JunctionKind};

/// How near the cursor has to be, pixels.
const NEAR_PX: f32 = 8.0;
/// Vehicles are too small to be meant where a pixel is more than this many metres.
const VEHICLE_M_PER_PX: f32 = 3.0;
/// Junctions too.
const JUNCTION_M_PER_PX: f32 = 4.0;

/// The heads of signals, where they are drawn with their seconds, are this large, pixels.
const HEAD_PX: f32 = 10.0;

/// What is meant by a place (metres from the drawing's origin) at a scale.
pub fn pick(opened: &Opened, snapshot: &Snapshot, place: [f32; 2], metres_per_px: f32, sees_vehicles: bool) -> Option<Focus> {
    let reach_m = NEAR_PX * metres_per_px;
    if metres_per_px <= SECONDS_M_PER_PX
        && let Some(lamp) = opened.lamps.iter().find(|l| away_m(l.head(), place) <= HEAD_PX * metres_per_px)
    {
        return Some(Focus::Junction(opened.network.movements[lamp.movement].junction.0));
    }
    if sees_vehicles
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

    #[test]
    fn a_click_means_the_vehicle_then_the_junction_then_the_road() {
        let opened = load::open(Wanted::at_once("long-xuyen-signals")).unwrap();
        let network = &opened.network;
        let (index, link) = network.links.iter().enumerate().find(|(_, l)| l.length_m > 200.0 && l.name.is_some()).unwrap();
        let (middle, heading) = world_point(network, sim_core::ids::LinkId::from_index(index), 100.0, f64::from(link.width_m) / 2.0);
        let local = |p: Point| [(p.x - opened.origin.x) as f32, (p.y - opened.origin.y) as f32];
        let empty = Snapshot::default();
        assert_eq!(pick(&opened, &empty, local(middle), 0.5, true), Some(Focus::Link(index as u32)));
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
        };
        let busy = Snapshot { bodies: vec![body], ..Snapshot::default() };
        assert_eq!(pick(&opened, &busy, local(middle), 0.5, true), Some(Focus::Vehicle(7)));
        assert_eq!(pick(&opened, &busy, local(middle), 0.5, false), Some(Focus::Link(index as u32)), "hidden vehicles are not clicked");
        let signal = network.junctions.iter().position(|j| matches!(j.kind, JunctionKind::Signal(_))).unwrap();
        let centre = local(network.junctions[signal].centre);
        assert_eq!(pick(&opened, &empty, centre, 0.5, true), Some(Focus::Junction(signal as u32)));
        assert_eq!(pick(&opened, &empty, [9e6, 9e6], 0.5, true), None);
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
        };
        let busy = Snapshot { bodies: vec![body], ..Snapshot::default() };
        let junction = opened.network.movements[lamp.movement].junction.0;
        assert_eq!(pick(&opened, &busy, lamp.head(), 0.2, true), Some(Focus::Junction(junction)));
        assert_eq!(pick(&opened, &busy, lamp.head(), 0.6, true), Some(Focus::Vehicle(7)), "from afar no heads are drawn");
    }
}
