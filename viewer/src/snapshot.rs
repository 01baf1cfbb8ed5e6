//! What the window draws of one moment: immutable, already in the drawing's coordinates. Made on the simulation's thread.

use crate::{detail::Detail, live::Sample, second::Compared, station::StationNow, watch::Watch};
use scenarios::kpi::{Bilingual, KpiRow};
use sim_core::{
    class::{CLASS_COUNT, VehicleClass},
    demand::Purpose,
    frame::Light,
    network::SignalPlan,
};
use std::{collections::BTreeMap, sync::Arc};

/// A vehicle as drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Body {
    /// Its id: the same body in two snapshots.
    pub id: u32,
    /// Its class.
    pub class: VehicleClass,
    /// What its trip is for.
    pub purpose: Purpose,
    /// The middle of the body, metres east and north of the drawing's origin.
    pub at: [f32; 2],
    /// Radians counter-clockwise from east.
    pub heading: f32,
    /// Metres.
    pub length_m: f32,
    /// Metres.
    pub width_m: f32,
    /// Metres per second.
    pub speed_mps: f32,
    /// Time lost so far against driving alone, seconds.
    pub lost_s: f32,
    /// CO2 out of its tailpipe on the way so far, grams a kilometre.
    pub co2_g_per_km: f32,
}

/// One moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Which publication this is, from 1.
    pub number: u64,
    /// Seconds after midnight.
    pub time_s: f64,
    /// Every body on the road, in id order.
    pub bodies: Vec<Body>,
    /// Trips whose time has come but who found no room yet.
    pub waiting: u64,
    /// Trips that have ended at their destination.
    pub arrived: u64,
    /// What each movement's signal shows, by movement id; `None` where no signal holds it.
    pub lights: Vec<Option<Light>>,
    /// The plan of each controller that runs by the clock now, by controller id.
    pub plans: Arc<Vec<Option<SignalPlan>>>,
    /// What hinders traffic now.
    pub hindrances: Vec<Hindrance>,
    /// Links of the map on the screen that this scenario does not have.
    pub lacks: Arc<Vec<u32>>,
    /// Whether the scenario's end is reached.
    pub finished: bool,
    /// What the links measured in the latest sample.
    pub sample: Arc<Sample>,
    /// Where detectors stand, what they counted against what was observed, where conflicts were.
    pub watch: Arc<Watch>,
    /// Bus stops, gates, car parks and landings as they stand.
    pub stations: Arc<Vec<StationNow>>,
    /// What was asked about one vehicle, link, junction, station or detector.
    pub detail: Option<Arc<Detail>>,
    /// The indicators, where they were asked for.
    pub indicators: Option<Arc<Vec<KpiRow>>>,
    /// How each indicator went, by id: seconds after midnight and value.
    pub trend: Arc<BTreeMap<&'static str, Vec<[f64; 2]>>>,
    /// What stands on the time line.
    pub line: Arc<Line>,
    /// What it is compared with, and how far that is.
    pub compared: Option<Arc<Compared>>,
    /// The second simulation of a comparison, at the same time, once it is there.
    pub other: Option<Box<Snapshot>>,
}

/// What is known of time: where it begins and ends, how far it was simulated, which edits were made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// When the scenario begins, seconds after midnight.
    pub from_s: f64,
    /// When it ends.
    pub to_s: f64,
    /// The farthest that was simulated on this branch.
    pub known_until_s: f64,
    /// The edits that hold on this branch: when, and what, in words that the window shows.
    pub edits: Arc<Vec<EditMark>>,
    /// The branches there are, and which one is on the screen.
    pub branches: Vec<String>,
    /// Index in `branches`.
    pub branch: usize,
    /// Why the last order was refused.
    pub refused: Option<String>,
    /// The file that was saved last.
    pub saved: Option<String>,
}

/// Something that hinders traffic at a place: a closure, an accident, a slow stretch.
#[derive(Clone, Debug, PartialEq)]
pub struct Hindrance {
    /// Where: metres from the drawing's origin.
    pub at: [f32; 2],
    /// The link.
    pub link: u32,
}

/// An edit on the time line.
#[derive(Clone, Debug, PartialEq)]
pub struct EditMark {
    /// When it took effect, seconds after midnight.
    pub time_s: f64,
    /// What it did.
    pub what: Bilingual,
    /// Whether it takes another one back.
    pub is_undo: bool,
    /// Whether it holds now and can be taken back.
    pub stands: bool,
    /// What it is called: to take it back.
    pub name: String,
}

impl Snapshot {
    /// How many of each class are on the road, by class index.
    pub fn count_by_class(&self) -> [usize; CLASS_COUNT] {
        let mut count = [0; CLASS_COUNT];
        for body in &self.bodies {
            count[body.class.index()] += 1;
        }
        count
    }

    /// The body with this id.
    pub fn body(&self, id: u32) -> Option<&Body> {
        self.bodies.binary_search_by_key(&id, |b| b.id).ok().map(|i| &self.bodies[i])
    }
}

/// Each body of `now` with the place and heading it had in `before`: the same as now for one that has just entered, or that is more than
/// `jump_m` away (the two moments are too far apart to draw the way between them). Both are in id order.
pub fn poses_before<'a>(before: &'a [Body], now: &'a [Body], jump_m: f32) -> impl Iterator<Item = ([f32; 2], f32)> + 'a {
    let mut old = before.iter().peekable();
    now.iter().map(move |body| {
        while old.peek().is_some_and(|o| o.id < body.id) {
            old.next();
        }
        match old.peek() {
            Some(o) if o.id == body.id && (o.at[0] - body.at[0]).hypot(o.at[1] - body.at[1]) <= jump_m => (o.at, o.heading),
            _ => (body.at, body.heading),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(id: u32, x: f32) -> Body {
        Body {
            id,
            class: VehicleClass::Motorcycle,
            purpose: Purpose::Personal,
            at: [x, 0.0],
            heading: 0.0,
            length_m: 1.9,
            width_m: 0.75,
            speed_mps: 8.0,
            lost_s: 0.0,
            co2_g_per_km: 0.0,
        }
    }

    #[test]
    fn a_body_is_followed_by_its_id_though_others_come_and_go() {
        let before = [body(1, 0.0), body(3, 10.0), body(7, 20.0)];
        let now = [body(3, 14.0), body(5, 50.0), body(7, 400.0)];
        let poses = poses_before(&before, &now, 100.0);
        assert_eq!(poses.map(|p| p.0[0]).collect::<Vec<_>>(), [10.0, 50.0, 400.0]);
    }

    #[test]
    fn a_body_is_found_by_its_id() {
        let snapshot = Snapshot { bodies: vec![body(1, 0.0), body(3, 10.0)], ..Snapshot::default() };
        assert_eq!(snapshot.body(3).map(|b| b.at[0]), Some(10.0));
        assert!(snapshot.body(2).is_none());
    }
}
