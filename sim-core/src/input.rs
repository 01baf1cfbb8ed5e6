//! Checks what a simulation is given before it runs, so that the step never meets a route it cannot drive.

use crate::{
    demand::Trip, detector::Detector, error::SimError, halt::check_halts, ids::LinkId, network::RoadNetwork, simulation::SimConfig,
};

/// Checks settings, trips and detectors against the network.
pub(crate) fn check(network: &RoadNetwork, trips: &[Trip], detectors: &[Detector], config: &SimConfig) -> Result<(), SimError> {
    if !(0.0999..=1.0001).contains(&config.step_s) {
        return Err(SimError::BadStep(config.step_s));
    }
    if !(config.interval_s.is_finite() && config.interval_s > 0.0) {
        return Err(SimError::BadInterval(config.interval_s));
    }
    for trip in trips {
        check_trip(network, trip).map_err(|problem| SimError::BadTrip { trip: trip.ref_.clone(), problem })?;
    }
    let mut refs: Vec<_> = trips.iter().map(|t| &t.ref_).collect();
    refs.sort_unstable();
    if let Some(twice) = refs.windows(2).find(|w| w[0] == w[1]) {
        return Err(SimError::DuplicateTrip(twice[0].clone()));
    }
    detectors.iter().try_for_each(|d| check_detector(network, d))
}

/// Checks a detector against the network.
pub(crate) fn check_detector(network: &RoadNetwork, d: &Detector) -> Result<(), SimError> {
    let bad = |problem| Err(SimError::BadDetector { detector: d.ref_.clone(), problem });
    if d.link.index() >= network.links.len() {
        return bad(format!("stands on link {}, the network has {}", d.link.0, network.links.len()));
    }
    let length_m = network.link(d.link).length_m;
    if !(0.0..=length_m).contains(&d.pos_m) {
        return bad(format!("counts at {} m of a link of {length_m} m", d.pos_m));
    }
    if !(0.0..=1000.0).contains(&d.length_m) {
        return bad(format!("watches {} m, expected 0 to 1000 m", d.length_m));
    }
    let lanes = network.link(d.link).lanes.len();
    if let Some((first, last)) = d.lanes
        && (first > last || usize::from(last) >= lanes)
    {
        return bad(format!("watches lanes {first} to {last}, counted from 0; its link has {lanes}"));
    }
    if let Some(problem) = d.errors.problem(d.kind) {
        return bad(problem);
    }
    Ok(())
}

fn check_trip(network: &RoadNetwork, trip: &Trip) -> Result<(), String> {
    if !trip.depart_s.is_finite() {
        return Err(format!("departs at {} s, expected a time", trip.depart_s));
    }
    let (Some(first), Some(last)) = (trip.route.first(), trip.route.last()) else {
        return Err("has an empty route, expected at least one link".into());
    };
    if let Some(link) = trip.route.iter().find(|l| l.index() >= network.links.len()) {
        return Err(format!("drives link {}, the network has {}", link.0, network.links.len()));
    }
    let name = |l: LinkId| &network.link(l).ref_;
    for (what, at, link) in [("origin", trip.origin, *first), ("destination", trip.destination, *last)] {
        if at.link != link {
            return Err(format!("its {what} is not on the {} link of its route", if what == "origin" { "first" } else { "last" }));
        }
        let length_m = network.link(link).length_m;
        if !(0.0..=length_m).contains(&at.pos_m) {
            return Err(format!("its {what} is at {} m of link {}, which is {length_m} m long", at.pos_m, name(link)));
        }
    }
    if trip.route.len() == 1 && trip.destination.pos_m < trip.origin.pos_m {
        return Err(format!("its destination is {} m behind its origin on the same link", trip.origin.pos_m - trip.destination.pos_m));
    }
    for link in trip.route.iter() {
        if !network.link(*link).access.contains(trip.class) {
            return Err(format!("link {} is closed to class {}", name(*link), trip.class));
        }
    }
    for pair in trip.route.windows(2) {
        match network.movement_between(pair[0], pair[1]) {
            None => return Err(format!("no movement leads from link {} to link {}", name(pair[0]), name(pair[1]))),
            Some(m) if !network.movement(m).access.contains(trip.class) => {
                return Err(format!(
                    "the movement from link {} to link {} is closed to class {}",
                    name(pair[0]),
                    name(pair[1]),
                    trip.class
                ));
            }
            Some(_) => {}
        }
    }
    check_halts(network, &trip.route, &trip.halts)
}
