//! Travel times that a simulation showed, by link, class and time of day: what an iterated assignment compares routes by.
//!
//! The time of a link is its time without traffic, the junction before it included, times its slowness: how many times as long as on a
//! free road the vehicles of one interval spent on the way they made there. Slowness is kept by group of classes that drive the same ways
//! at the same pace, buses left out; where none of a group drove, that of the other two-wheelers, or of the other four-wheelers, stands for it. A
//! ferry has one slowness for the whole run: who boards at a departure has waited through several intervals. Where nobody drove a link costs its time without traffic and the expected wait of the movement at its end, as for the first routes.

use crate::demand::routing::Router;
use sim_core::{
    class::{ClassSet, VehicleClass},
    ids::LinkId,
    measure::Measurements,
    network::{LinkKind, RoadNetwork, path_length_m},
};

/// A link is never taken to be faster than this share of its time without traffic: drivers differ, the mean of a few may be quick.
const LEAST: f64 = 0.5;
/// … nor slower than this many times it: a queue that stands still would be for ever.
const MOST: f64 = 50.0;

/// Who meets a link that is closed for good would lose so much, seconds (assumed: enough to go round however far it is).
const FOR_GOOD_S: f64 = 7200.0;

/// A link that is closed to some classes for some time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closed {
    /// The link.
    pub link: LinkId,
    /// To whom.
    pub classes: ClassSet,
    /// From when, seconds after midnight.
    pub from_s: f64,
    /// Until when; infinite for good.
    pub until_s: f64,
}

/// Travel times by link, group of classes and interval.
#[derive(Clone, Debug)]
pub struct LinkTimes {
    start_s: f64,
    interval_s: f64,
    intervals: usize,
    links: usize,
    /// By group, interval and link; no number where nobody drove.
    slowness: Vec<f32>,
    /// Time of a link without traffic, seconds, by group and link; infinite where it may not drive.
    free_s: Vec<f64>,
    /// The highest speed at which the crow's way can shrink, m/s, by group.
    fastest_mps: Vec<f64>,
    /// By link.
    closed: Vec<Closed>,
}

/// Which measurements may stand for a class that was not seen itself.
const fn family(class: VehicleClass) -> usize {
    if class.is_two_wheeler() { 0 } else { 1 }
}

impl LinkTimes {
    /// The times that `measured` shows for routes of `router`.
    pub fn of(measured: &Measurements, network: &RoadNetwork, router: &Router) -> Self {
        let intervals = measured.links.iter().map(|c| c.interval as usize + 1).max().unwrap_or(1);
        let (links, groups) = (network.links.len(), router.groups());
        let crossing_m = crossings_m(network);
        let free = |group: usize, link: usize| {
            let free_s = router.group_time_s(group, LinkId::from_index(link));
            match network.links[link].kind {
                LinkKind::Ferry(_) => free_s,
                LinkKind::Road => free_s * (1.0 + crossing_m[link] / f64::from(network.links[link].length_m)),
            }
        };
        let free_s: Vec<f64> = (0..groups * links).map(|i| free(i / links, i % links)).collect();
        let size = intervals * links;
        let (mut spent, mut due) = (vec![0.0; (groups + 2) * size], vec![0.0; (groups + 2) * size]);
        // Buses stand at their stops: their times are nobody else's.
        for cell in measured.links.iter().filter(|c| c.class != VehicleClass::Bus) {
            let (link, group) = (cell.link.index(), router.group_of(cell.class));
            let due_s = match network.links[link].kind {
                LinkKind::Ferry(_) => f64::from(cell.entered) * free_s[group * links + link],
                LinkKind::Road => cell.vehicle_m * router.group_time_s(group, cell.link) / f64::from(network.links[link].length_m),
            };
            let seen = match network.links[link].kind {
                LinkKind::Ferry(_) => 0..intervals,
                LinkKind::Road => cell.interval as usize..cell.interval as usize + 1,
            };
            for set in [group, groups + family(cell.class)] {
                for interval in seen.clone() {
                    let at = set * size + interval * links + link;
                    spent[at] += cell.vehicle_s;
                    due[at] += due_s;
                }
            }
        }
        let ratio = |at: usize| {
            let is_seen = spent[at] > 0.0 && due[at].is_finite();
            is_seen.then(|| (spent[at] / due[at].max(1e-6)).clamp(LEAST, MOST) as f32)
        };
        let mut slowness = vec![f32::NAN; groups * size];
        for class in VehicleClass::ALL {
            let group = router.group_of(class);
            for at in 0..size {
                let own = ratio(group * size + at);
                slowness[group * size + at] = own.or_else(|| ratio((groups + family(class)) * size + at)).unwrap_or(f32::NAN);
            }
        }
        let fastest = |group: usize| {
            let paces = (0..links).map(|l| f64::from(network.links[l].length_m) / router.group_time_s(group, LinkId::from_index(l)));
            paces.fold(1.0, f64::max) / LEAST
        };
        let mut times = Self {
            start_s: measured.start_s,
            interval_s: measured.interval_s,
            intervals,
            links,
            slowness,
            free_s,
            fastest_mps: (0..groups).map(fastest).collect(),
            closed: Vec::new(),
        };
        times.keep_order();
        times
    }

    /// Times without traffic.
    pub fn free(network: &RoadNetwork, router: &Router) -> Self {
        Self::of(&Measurements { interval_s: 900.0, ..Measurements::default() }, network, router)
    }

    /// The same with closed links, in the order of links.
    #[must_use]
    pub fn with_closed(self, closed: Vec<Closed>) -> Self {
        Self { closed, ..self }
    }

    /// How long those of a class who come to a link at `at_s` wait until it is open, seconds.
    pub(super) fn closed_s(&self, class: VehicleClass, link: LinkId, at_s: f64) -> f64 {
        if self.closed.is_empty() {
            return 0.0;
        }
        let first = self.closed.partition_point(|c| c.link < link);
        let these = self.closed[first..].iter().take_while(|c| c.link == link);
        let these = these.filter(|c| c.classes.contains(class) && c.from_s <= at_s && at_s < c.until_s);
        these.map(|c| if c.until_s.is_finite() { c.until_s - at_s } else { FOR_GOOD_S }).fold(0.0, f64::max)
    }

    /// Whoever enters a link later does not leave it earlier: no interval takes longer than the next one and the time between them.
    fn keep_order(&mut self) {
        let size = self.intervals * self.links;
        for group in 0..self.slowness.len() / size.max(1) {
            for link in 0..self.links {
                let free_s = self.free_s[group * self.links + link];
                let step = (self.interval_s / free_s.max(1e-3)) as f32;
                for interval in (1..self.intervals).rev() {
                    let at = group * size + interval * self.links + link;
                    let before = at - self.links;
                    // A comparison with what is no number is false: nothing is changed where nobody drove.
                    if self.slowness[before] > self.slowness[at] + step {
                        self.slowness[before] = self.slowness[at] + step;
                    }
                }
            }
        }
    }

    /// The time of a link for those of `group` who enter it at `at_s`, and whether anybody of theirs drove there at that time.
    pub(super) fn link_s(&self, group: usize, link: LinkId, at_s: f64) -> (f64, bool) {
        let free_s = self.free_s[group * self.links + link.index()];
        let last = self.intervals - 1;
        // Measurements of an interval stand for its middle; between two middles times change evenly.
        let place = ((at_s - self.start_s) / self.interval_s - 0.5).clamp(0.0, last as f64);
        let (first, share) = (place as usize, place.fract() as f32);
        let seen = |interval: usize| self.slowness[(group * self.intervals + interval) * self.links + link.index()];
        let (a, b) = (seen(first), seen((first + 1).min(last)));
        let slowness = match (a.is_nan(), b.is_nan()) {
            (false, false) => a + share * (b - a),
            (false, true) if share < 0.5 => a,
            (true, false) if share >= 0.5 => b,
            _ => return (free_s, false),
        };
        (free_s * f64::from(slowness), true)
    }

    /// The least time in which anybody of `group` comes so far as the crow flies, seconds.
    pub(super) fn least_s(&self, group: usize, distance_m: f64) -> f64 {
        distance_m / self.fastest_mps[group]
    }
}

/// Mean length of the ways through the junction before each link, metres.
fn crossings_m(network: &RoadNetwork) -> Vec<f64> {
    let (mut sum, mut count) = (vec![0.0; network.links.len()], vec![0.0f64; network.links.len()]);
    for (i, movement) in network.movements.iter().enumerate() {
        sum[movement.to.index()] += path_length_m(network, sim_core::ids::MovementId::from_index(i));
        count[movement.to.index()] += 1.0;
    }
    sum.iter().zip(&count).map(|(s, n)| s / n.max(1.0)).collect()
}
