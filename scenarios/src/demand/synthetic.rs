//! Demand for a first try on any map: trips between random places, more of them where more lives along the road. It rebuilds nobody's
//! traffic and says so by its trips' names.

use super::{
    draw::{Drawn, Unreachable, purpose_of},
    draw_keys::{pick, uniform},
    prior::default_class_shares,
    routing::Router,
    time::Window,
    zones::frontage,
};
use rayon::prelude::*;
use sim_core::{
    class::{CLASS_COUNT, VehicleClass},
    demand::{LinkPosition, Trip},
    geometry::Point,
    ids::LinkId,
    network::{LinkKind, RoadNetwork},
    reference::Ref,
};
use std::collections::BTreeMap;

/// Destinations tried for a trip that has no way, before it is given up.
const TRIES: u64 = 4;

/// How much synthetic demand, and of what.
#[derive(Clone, Debug, PartialEq)]
pub struct SyntheticSettings {
    /// Trips an hour, all classes together.
    pub per_hour: f64,
    /// When they leave.
    pub window: Window,
    /// Share of each class, by its index.
    pub class_shares: [f64; CLASS_COUNT],
    /// Keys every draw.
    pub seed: u64,
    /// Shortest trip as the crow flies, metres; on maps too small for it, whatever fits.
    pub least_m: f64,
    /// Longest trip as the crow flies, metres.
    pub most_m: f64,
}

impl SyntheticSettings {
    /// `per_hour` trips of An Giang's classes in this window, 0.5 to 8 km long.
    pub fn new(per_hour: f64, window: Window, seed: u64) -> Self {
        Self { per_hour, window, class_shares: default_class_shares(), seed, least_m: 500.0, most_m: 8_000.0 }
    }
}

/// Random trips on any network. Trip `n` is the same however many there are.
pub fn synthetic(network: &RoadNetwork, router: &Router, settings: &SyntheticSettings) -> Drawn {
    let places = Places::new(network, router, settings);
    let trips = libm::round(settings.per_hour * settings.window.length_s() / 3600.0).max(0.0) as u64;
    let classes: Vec<VehicleClass> = (0..trips)
        .map(|n| VehicleClass::ALL[pick(settings.class_shares.iter().copied(), uniform(settings.seed, "class", "synthetic", n))])
        .collect();
    router.prepare(classes.iter().copied(), false);
    let made: Vec<Option<Result<Trip, Unreachable>>> = classes
        .into_par_iter()
        .enumerate()
        .map_init(|| router.searcher(), |searcher, (n, class)| places.trip(searcher, class, n as u64))
        .collect();
    let mut drawn = Drawn::default();
    for trip in made.into_iter().flatten() {
        match trip {
            Ok(trip) => drawn.trips.push(trip),
            Err(lost) => drawn.unreachable.push(lost),
        }
    }
    drawn.sort();
    drawn
}

/// Where trips may begin and end: the links open to each class group and no dead ends, by the running sum of their weights.
struct Places<'a> {
    network: &'a RoadNetwork,
    router: &'a Router,
    settings: &'a SyntheticSettings,
    by_group: BTreeMap<usize, (Vec<LinkId>, Vec<f64>)>,
}

impl<'a> Places<'a> {
    fn new(network: &'a RoadNetwork, router: &'a Router, settings: &'a SyntheticSettings) -> Self {
        let mut by_group = BTreeMap::new();
        for class in VehicleClass::ALL.into_iter().filter(|c| settings.class_shares[c.index()] > 0.0) {
            by_group.entry(router.group_of(class)).or_insert_with(|| {
                let (mut links, mut sums, mut sum) = (Vec::new(), Vec::new(), 0.0);
                for (i, link) in network.links.iter().enumerate() {
                    let id = LinkId::from_index(i);
                    let weight = f64::from(link.length_m) * frontage(link.class);
                    let usable = link.kind == LinkKind::Road && !link.is_roundabout && link.length_m >= 20.0;
                    if usable && weight > 0.0 && router.may_drive(class, id) && router.has_exit(class, id) {
                        sum += weight;
                        links.push(id);
                        sums.push(sum);
                    }
                }
                (links, sums)
            });
        }
        Self { network, router, settings, by_group }
    }

    fn place(&self, class: VehicleClass, purpose: &str, n: u64) -> Option<LinkPosition> {
        let (links, sums) = &self.by_group[&self.router.group_of(class)];
        let sought = uniform(self.settings.seed, purpose, "synthetic", n) * sums.last()?;
        let link = links[sums.partition_point(|s| *s <= sought).min(links.len() - 1)];
        // Between a fifth and four fifths of the link, clear of both junctions.
        let share = 0.2 + 0.6 * uniform(self.settings.seed, "position", purpose, n);
        Some(LinkPosition { link, pos_m: (share * f64::from(self.network.link(link).length_m)) as f32 })
    }

    fn point(&self, at: LinkPosition) -> Point {
        let geometry = &self.network.link(at.link).geometry;
        geometry[geometry.len() / 2]
    }

    /// Trip `n`; `None` where the network has no place for its class.
    fn trip(&self, searcher: &mut super::routing::Searcher<'_>, class: VehicleClass, n: u64) -> Option<Result<Trip, Unreachable>> {
        let seed = self.settings.seed;
        let ref_ = Ref::from(format!("synthetic:{class}:{n}"));
        let origin = self.place(class, "origin", n)?;
        let mut destination = origin;
        for attempt in 0..TRIES {
            destination = self.distant(class, origin, n * TRIES + attempt)?;
            if let Some(route) = searcher.best(class, origin, destination) {
                return Some(Ok(Trip {
                    ref_,
                    class,
                    purpose: purpose_of(class),
                    depart_s: self.settings.window.from_s + self.settings.window.length_s() * uniform(seed, "departure", "synthetic", n),
                    origin,
                    destination,
                    route: route.links,
                    halts: Default::default(),
                }));
            }
        }
        let name = |at: LinkPosition| self.network.link(at.link).ref_.clone();
        Some(Err(Unreachable { ref_, class, from: name(origin), to: name(destination), trips: 1 }))
    }

    /// A place at the wished distance from `origin`, or the best of a few.
    fn distant(&self, class: VehicleClass, origin: LinkPosition, key: u64) -> Option<LinkPosition> {
        let mut best: Option<(f64, LinkPosition)> = None;
        for m in 0..12 {
            let at = self.place(class, "destination", key * 12 + m)?;
            let far_m = self.point(origin).distance_m(self.point(at));
            let off_m = (self.settings.least_m - far_m).max(far_m - self.settings.most_m).max(0.0);
            if best.is_none_or(|(least, _)| off_m < least) {
                best = Some((off_m, at));
            }
            if off_m == 0.0 {
                break;
            }
        }
        best.map(|(_, at)| at)
    }
}
