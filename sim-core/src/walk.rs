//! Pedestrians at crossings: groups that wait at the kerb, walk across one carriageway and hold up traffic meanwhile. A flow, not a crowd.
//!
//! While a group walks, the crossing is a closed stretch ([`crate::incident`]): whoever can stop before it does, and nobody is let out of a
//! junction onto it. A group sets out only when everybody who comes can stop; how hard it expects them to grows with its waiting. At a
//! junction with signals it sets out only while nobody who goes straight on over it has green, so that only turners meet it, of whom it expects
//! firm braking at once.

use crate::{
    class::ClassSet,
    control::Lights,
    draw::{self, Draw},
    error::SimError,
    frame::Light,
    ids::{LinkId, MovementId},
    incident::Block,
    kinematics::stop_m,
    network::{JunctionKind, LinkKind, PlaceKind, RoadNetwork, Turn},
    plan::Plan,
    reference::Ref,
    segment::Road,
};
use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};

/// Walking speed on a crossing, m/s (Highway Capacity Manual 6th ed., chapter 20).
const WALK_MPS: f32 = 1.2;
/// Time to set out, seconds (assumed; with it turners are held up about as the Highway Capacity Manual has it, see `tests/walk.rs`).
const START_S: f32 = 1.0;
/// Length of the stretch along the road that is kept free, metres (QCVN 41:2019: a crossing is 3 m wide at least).
const DEPTH_M: f32 = 3.0;
/// Braking that a group which has just come expects of drivers, m/s² (assumed: in comfort) …
const MILD_MPS2: f32 = 1.5;
/// … and one that has waited for [`LONG_S`], or that walks with the light (assumed) …
const FIRM_MPS2: f32 = 3.5;
/// … seconds (assumed).
const LONG_S: f64 = 20.0;

/// A crossing of one carriageway, and how many walk there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Walkway {
    /// Stable name; it keys the draws of who comes when.
    pub ref_: Ref,
    /// The link that is crossed.
    pub link: LinkId,
    /// Where it begins, metres from the link's start.
    pub pos_m: f32,
    /// Pedestrians an hour, both ways.
    pub per_hour: f32,
}

/// What happened at a crossing up to now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WalkTotals {
    /// Pedestrians who came.
    pub came: u64,
    /// Pedestrians who set out.
    pub crossed: u64,
    /// Groups they formed.
    pub groups: u64,
    /// Time they waited at the kerb, seconds, of those who set out.
    pub waited_s: f64,
}

/// One crossing's present state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Kerb {
    /// How many have come; the number of the next arrival.
    came: u64,
    next_s: f64,
    waiting: u32,
    /// Sum of the times at which those came who wait, seconds.
    came_s: f64,
    first_s: f64,
    walking_until_s: f64,
    totals: WalkTotals,
}

/// All crossings' present states.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Walks {
    kerbs: Vec<Kerb>,
}

impl Walkway {
    /// The network's own crossings with a flow by what is near: 300 an hour beside a market, a school, a bus station or a hospital within
    /// 150 m, 60 an hour elsewhere (assumed; a count at the place is worth more).
    pub fn defaults(network: &RoadNetwork) -> Vec<Self> {
        let busy = |kind| matches!(kind, PlaceKind::Market | PlaceKind::School | PlaceKind::BusStation | PlaceKind::Hospital);
        let attractors: Vec<_> = network.places.iter().filter(|p| busy(p.kind)).map(|p| p.point).collect();
        let mut all: Vec<Self> = Vec::new();
        for place in network.places.iter().filter(|p| p.kind == PlaceKind::Crossing) {
            let Some((link, pos_m)) = place.access else { continue };
            let is_near = attractors.iter().any(|a| a.distance_m(place.point) < 150.0);
            let new = Self { ref_: place.ref_.clone(), link, pos_m, per_hour: if is_near { 300.0 } else { 60.0 } };
            if check_one(network, &new).is_ok() && !all.iter().any(|w| w.ref_ == new.ref_) {
                all.push(new);
            }
        }
        all
    }
}

impl Walks {
    pub(crate) fn new(plan: &Plan) -> Self {
        let kerbs = (0..plan.walkways.len()).map(|w| {
            let next_s = plan.config.start_s + interval_s(plan, w, 0);
            Kerb { next_s, walking_until_s: f64::NEG_INFINITY, ..Default::default() }
        });
        Self { kerbs: kerbs.collect() }
    }

    /// How many crossings it knows of.
    pub(crate) fn count(&self) -> usize {
        self.kerbs.len()
    }

    /// Until when somebody walks on a crossing, seconds after midnight.
    pub(crate) fn walking_until_s(&self, walkway: usize) -> f64 {
        self.kerbs.get(walkway).map_or(f64::NEG_INFINITY, |k| k.walking_until_s)
    }

    pub(crate) fn totals(&self) -> impl Iterator<Item = WalkTotals> + '_ {
        self.kerbs.iter().map(|k| k.totals)
    }

    /// Who comes and who sets out in the step that begins at `now`; closes the crossings on which somebody walks.
    pub(crate) fn step(&mut self, plan: &Plan, roads: &mut [&mut Road], lights: &Lights, now: f64) {
        for (w, (walkway, kerb)) in plan.walkways.iter().zip(&mut self.kerbs).enumerate() {
            while kerb.next_s <= now {
                if kerb.waiting == 0 {
                    kerb.first_s = kerb.next_s;
                }
                kerb.waiting += 1;
                kerb.came_s += kerb.next_s;
                kerb.came += 1;
                kerb.totals.came += 1;
                kerb.next_s += interval_s(plan, w, kerb.came);
            }
            let road = &mut *roads[walkway.link.index()];
            let way_m = plan.network.link(walkway.link).width_m;
            let takes_s = START_S + way_m / WALK_MPS;
            if kerb.waiting > 0 && now >= kerb.walking_until_s && may_set_out(plan, walkway, road, lights, kerb, now, takes_s) {
                kerb.walking_until_s = now + f64::from(takes_s);
                kerb.totals.crossed += u64::from(kerb.waiting);
                kerb.totals.groups += 1;
                kerb.totals.waited_s += f64::from(kerb.waiting) * now - kerb.came_s;
                (kerb.waiting, kerb.came_s) = (0, 0.0);
            }
            if now < kerb.walking_until_s {
                let (from, to, classes) = (walkway.pos_m, walkway.pos_m + DEPTH_M, ClassSet::ALL);
                let right = plan.strips[walkway.link.index()];
                road.hindrances.blocks.push(Block { from, to, left: 0, right, classes });
            }
        }
    }
}

/// Time between two arrivals: exponential, keyed by the crossing and the arrival's number.
fn interval_s(plan: &Plan, walkway: usize, n: u64) -> f64 {
    let walkway = &plan.walkways[walkway];
    let u = draw::uniform(plan.config.seed, Draw::Pedestrian, draw::key_of(&walkway.ref_), n);
    -libm::log(1.0 - u) * 3600.0 / f64::from(walkway.per_hour)
}

/// Whether everybody who comes can stop, and the signal lets walk.
fn may_set_out(plan: &Plan, walkway: &Walkway, road: &Road, lights: &Lights, kerb: &Kerb, now: f64, takes_s: f32) -> bool {
    let mut crossed = crossed_movements(&plan.network, walkway).peekable();
    // Who walks with the light expects turners to give way at once.
    let has_light = crossed.peek().is_some();
    // Nobody walks while a movement straight on over the crossing has green or yellow, or is about to get green.
    if !crossed.all(|m| lights.of[m.index()] == Some(Light::Red) && !lights.soon[m.index()]) {
        return false;
    }
    let patience = if has_light { 1.0 } else { ((now - kerb.first_s) / LONG_S).clamp(0.0, 1.0) as f32 };
    let brake = MILD_MPS2 + (FIRM_MPS2 - MILD_MPS2) * patience;
    let stops_or_is_far = |way: f32, v: f32| way > v * takes_s || way > stop_m(v, brake, plan.dt) + v * plan.dt;
    let rows =
        road.rows.iter().all(|r| r.rear() > walkway.pos_m + DEPTH_M || (r.s <= walkway.pos_m && stops_or_is_far(walkway.pos_m - r.s, r.v)));
    let shadows = road.shadows.iter().all(|s| s.rear > walkway.pos_m + DEPTH_M);
    rows && shadows && road.incoming.iter().all(|i| stops_or_is_far(i.distance + walkway.pos_m, i.v))
}

/// The movements straight on over the crossing, at the junction of the link's end that is near, if that has signals.
pub(crate) fn crossed_movements(network: &RoadNetwork, walkway: &Walkway) -> impl Iterator<Item = MovementId> {
    let link = network.link(walkway.link);
    let is_near_end = link.length_m - walkway.pos_m < SIGNAL_M;
    let near = if is_near_end { link.to } else { link.from };
    let is_signal = (is_near_end || walkway.pos_m <= SIGNAL_M) && matches!(network.junction(near).kind, JunctionKind::Signal(_));
    let movements = if is_signal { network.junction(near).movements.clone() } else { 0..0 };
    movements.map(MovementId).filter(move |m| {
        let movement = network.movement(*m);
        let over = if is_near_end { movement.from } else { movement.to };
        over == walkway.link && (is_near_end || movement.turn == Turn::Through)
    })
}

/// A crossing within so much of a junction with signals follows them, metres.
const SIGNAL_M: f32 = 20.0;

fn check_one(network: &RoadNetwork, w: &Walkway) -> Result<(), SimError> {
    let bad = |problem| Err(SimError::BadWalkway { walkway: w.ref_.clone(), problem });
    let Some(link) = network.links.get(w.link.index()) else {
        return bad(format!("is on link {}, the network has {}", w.link.0, network.links.len()));
    };
    if matches!(link.kind, LinkKind::Ferry(_)) || !(0.0..=link.length_m - DEPTH_M).contains(&w.pos_m) {
        return bad(format!("begins at {} m of link {}; expected a road and 0 to {} m", w.pos_m, link.ref_, link.length_m - DEPTH_M));
    }
    if !(0.1..=20_000.0).contains(&w.per_hour) {
        return bad(format!("has {} pedestrians an hour, expected 0.1 to 20000", w.per_hour));
    }
    Ok(())
}

/// Checks crossings against the network.
pub(crate) fn check(network: &RoadNetwork, walkways: &[Walkway]) -> Result<(), SimError> {
    for (i, w) in walkways.iter().enumerate() {
        check_one(network, w)?;
        if walkways[..i].iter().any(|o| o.ref_ == w.ref_) {
            return Err(SimError::BadWalkway { walkway: w.ref_.clone(), problem: "there is one of this name already".into() });
        }
    }
    Ok(())
}
