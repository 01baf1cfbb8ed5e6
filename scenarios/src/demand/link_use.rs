//! How a trip shows at the detectors: which share of a pair's trips passes each, and how long after departure. With it a demand table says
//! what every detector should count in every interval.

use super::{
    book::RouteBook,
    od::OdTable,
    routing::Router,
    time::{QUARTER_S, Window, quarter_start_s},
};
use rayon::prelude::*;
use sim_core::{class::VehicleClass, detector::Detector};
use std::collections::BTreeMap;

/// Passages of one pair at one detector within this many seconds of each other are kept as one.
const LAG_GRAIN_S: f64 = 60.0;

/// A share of a pair's trips that passes a detector some time after departure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Passage {
    /// Position in the list of pairs.
    pub(crate) pair: u32,
    /// Share of the pair's trips.
    pub(crate) share: f64,
    /// Time from departure to the detector without traffic, seconds.
    pub(crate) lag_s: f64,
}

/// Passages by detector, for the pairs of one class.
#[derive(Clone, Debug)]
pub(crate) struct LinkUse {
    /// The pairs of zones, in order.
    pub(crate) pairs: Vec<(u32, u32)>,
    by_detector: Vec<Vec<Passage>>,
}

impl LinkUse {
    /// The link use of the pairs that have trips of any of `classes` in `od`; the classes share routes.
    pub(crate) fn new(router: &Router, book: &RouteBook, od: &OdTable, classes: &[VehicleClass], detectors: &[Detector]) -> Self {
        let mut pairs: Vec<(u32, u32)> = od.cells().filter(|(k, _)| classes.contains(&k.class)).map(|(k, _)| (k.from, k.to)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut on_link: BTreeMap<u32, Vec<(usize, f64)>> = BTreeMap::new();
        for (d, detector) in detectors.iter().enumerate() {
            on_link.entry(detector.link.0).or_default().push((d, f64::from(detector.pos_m)));
        }
        let class = classes[0];
        let found: Vec<BTreeMap<(usize, u32), (f64, f64)>> =
            pairs.par_iter().map(|(from, to)| passages_of(router, book.routes(class, *from, *to), class, &on_link)).collect();
        let mut by_detector = vec![Vec::new(); detectors.len()];
        for (pair, passages) in found.into_iter().enumerate() {
            for ((detector, _), (share, weighted_s)) in passages {
                by_detector[detector].push(Passage { pair: pair as u32, share, lag_s: weighted_s / share });
            }
        }
        Self { pairs, by_detector }
    }

    /// What of each pair and quarter-hour is counted at `detector` in `window`: (pair, position in `quarters`, share of its trips).
    /// Trips leave evenly within their quarter-hour and take `slowness` times as long as without traffic.
    pub(crate) fn row(&self, detector: usize, window: Window, quarters: &[u16], slowness: f64) -> Vec<(u32, usize, f64)> {
        let mut row: Vec<(u32, usize, f64)> = Vec::new();
        for passage in &self.by_detector[detector] {
            let lag_s = passage.lag_s * slowness;
            for (q, quarter) in quarters.iter().enumerate() {
                let start_s = quarter_start_s(*quarter) + lag_s;
                let seen_s = Window::new(start_s, start_s + QUARTER_S).overlap_s(window);
                if seen_s > 0.0 {
                    row.push((passage.pair, q, passage.share * seen_s / QUARTER_S));
                }
            }
        }
        row
    }
}

/// Share and share-weighted lag of the routes that pass each detector, by detector and grain of lag.
fn passages_of(
    router: &Router,
    routes: &[super::book::ZoneRoute],
    class: VehicleClass,
    on_link: &BTreeMap<u32, Vec<(usize, f64)>>,
) -> BTreeMap<(usize, u32), (f64, f64)> {
    let mut passages: BTreeMap<(usize, u32), (f64, f64)> = BTreeMap::new();
    for way in routes {
        let links = &way.route.links;
        let mut reached_s = 0.0; // at the start of the link (for the first: at the trip's origin)
        for (i, link) in links.iter().enumerate() {
            let begin_m = if i == 0 { f64::from(way.origin.pos_m) } else { 0.0 };
            let end_m = if i + 1 == links.len() { f64::from(way.destination.pos_m) } else { router.length_m(*link) };
            for (detector, pos_m) in on_link.get(&link.0).into_iter().flatten() {
                if (begin_m..end_m).contains(pos_m) {
                    let lag_s = reached_s + router.piece_s(class, *link, begin_m, *pos_m);
                    let entry = passages.entry((*detector, (lag_s / LAG_GRAIN_S) as u32)).or_default();
                    entry.0 += way.share;
                    entry.1 += way.share * lag_s;
                }
            }
            reached_s += router.piece_s(class, *link, begin_m, end_m);
            if let Some(next) = links.get(i + 1) {
                reached_s += router.turn_s(class, *link, *next).unwrap_or(0.0);
            }
        }
    }
    passages
}
