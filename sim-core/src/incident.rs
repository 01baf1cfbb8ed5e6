//! Incidents: what closes lanes of a road or slows it down, at a place and for a time.
//!
//! A closed stretch is a standing body that nobody drives into: vehicles queue before it, change lanes around it and filter past it as they do
//! with any other body. Whoever can no longer stop before it when it appears drives on through it, and so does whoever is inside.

use crate::{
    class::{ClassSet, VehicleClass},
    error::SimError,
    ids::LinkId,
    network::{LinkKind, RoadNetwork},
    plan::Plan,
    reference::Ref,
    segment::Road,
};
use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Something that hinders traffic on one link for some time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Stable name.
    pub ref_: Ref,
    /// On which link.
    pub link: LinkId,
    /// Where it begins, metres from the link's start.
    pub from_m: f32,
    /// Where it ends, metres from the link's start.
    pub to_m: f32,
    /// When it begins, seconds after midnight.
    pub start_s: f64,
    /// When it is over, seconds after midnight.
    pub end_s: f64,
    /// Whom it hinders: a flooded stretch may stop motorcycles and let trucks pass.
    pub classes: ClassSet,
    /// What it does.
    pub effect: Effect,
}

/// What an incident does to those it hinders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// These lanes are closed (indices from the kerb side): road works, a broken-down vehicle, an accident.
    Closed {
        /// The lanes.
        lanes: Range<u8>,
    },
    /// Nobody drives faster than this, metres per second: water on the road, smoke, an escort.
    Slow {
        /// The speed.
        speed_mps: f32,
    },
}

/// All incidents of a simulation, over, present and to come.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Incidents {
    pub(crate) all: Vec<Incident>,
}

impl Incidents {
    /// The links on which anything may hinder traffic; some more than once.
    pub(crate) fn places<'a>(&'a self, plan: &'a Plan) -> impl Iterator<Item = LinkId> + 'a {
        self.all.iter().map(|i| i.link).chain(plan.walkways.iter().map(|w| w.link))
    }

    /// Sets what hinders each link in the step that begins at `now`.
    /// `others`: links that something else may hinder.
    pub(crate) fn hinder(&self, plan: &Plan, roads: &mut [&mut Road], others: &[LinkId], now: f64) {
        let lasts = |i: &Incident| i.start_s <= now + 1e-3 && now + 1e-3 < i.end_s;
        for link in self.places(plan).chain(others.iter().copied()) {
            roads[link.index()].hindrances = Hindrances::default();
        }
        for incident in self.all.iter().filter(|i| lasts(i)) {
            roads[incident.link.index()].hindrances.add(plan, incident);
        }
    }
}

/// A closed part of a carriageway, as its vehicles see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Block {
    pub(crate) from: f32,
    pub(crate) to: f32,
    pub(crate) left: i16,
    pub(crate) right: i16,
    pub(crate) classes: ClassSet,
}

/// A slow part of a carriageway.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Zone {
    pub(crate) from: f32,
    pub(crate) to: f32,
    pub(crate) speed: f32,
    pub(crate) classes: ClassSet,
}

/// What hinders the traffic of one link at present.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Hindrances {
    pub(crate) blocks: Vec<Block>,
    pub(crate) zones: Vec<Zone>,
}

impl Hindrances {
    /// What is true of `incident` while it lasts.
    pub(crate) fn add(&mut self, plan: &Plan, incident: &Incident) {
        let (from, to, classes) = (incident.from_m, incident.to_m, incident.classes);
        match &incident.effect {
            Effect::Closed { lanes } => {
                let (left, right) = plan.lane_strips(incident.link, lanes);
                self.blocks.push(Block { from, to, left, right, classes });
            }
            Effect::Slow { speed_mps } => self.zones.push(Zone { from, to, speed: *speed_mps, classes }),
        }
    }
}

impl Block {
    pub(crate) fn is_for(&self, class: u8) -> bool {
        self.classes.contains(VehicleClass::ALL[usize::from(class)])
    }
}

/// Checks an incident against the network.
pub(crate) fn check(network: &RoadNetwork, known: &[Incident], new: &Incident) -> Result<(), SimError> {
    let bad = |problem| Err(SimError::BadIncident { incident: new.ref_.clone(), problem });
    let Some(link) = network.links.get(new.link.index()) else {
        return bad(format!("is on link {}, the network has {}", new.link.0, network.links.len()));
    };
    if known.iter().any(|k| k.ref_ == new.ref_) {
        return bad("there is one of this name already; give it another".into());
    }
    if matches!(link.kind, LinkKind::Ferry(_)) {
        return bad(format!("is on ferry {}; a ferry is stopped by its timetable, not by an incident", link.ref_));
    }
    if !(0.0 <= new.from_m && new.from_m < new.to_m && new.to_m <= link.length_m) {
        return bad(format!("reaches from {} to {} m of link {}, which is {} m long", new.from_m, new.to_m, link.ref_, link.length_m));
    }
    if !(new.start_s.is_finite() && new.start_s < new.end_s) {
        return bad(format!("lasts from {} to {} s, expected an end after the start", new.start_s, new.end_s));
    }
    match &new.effect {
        Effect::Closed { lanes } if lanes.start >= lanes.end || usize::from(lanes.end) > link.lanes.len() => {
            bad(format!("closes lanes {} to {} of link {}, which has {}", lanes.start, lanes.end, link.ref_, link.lanes.len()))
        }
        Effect::Slow { speed_mps } if !(0.5..=60.0).contains(speed_mps) => {
            bad(format!("slows traffic to {speed_mps} m/s, expected 0.5 to 60"))
        }
        Effect::Closed { .. } | Effect::Slow { .. } => Ok(()),
    }
}
