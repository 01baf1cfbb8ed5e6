//! Halts: where vehicles stop on their way and go on after a while. At a gate (toll, border, weigh station) everybody of its classes is served,
//! one after the other in each lane; at a stop of its own (a bus stop) a vehicle stands for its dwell time.
//!
//! At a stop with a bay it leaves the carriageway for that time. Passengers are in it only as the dwell time.
//!
//! A halt is a line to stop at, as the one at a junction is; nobody asks for a grant with a halt before the junction.

use crate::{
    class::ClassSet,
    demand::Trip,
    draw::{self, Draw},
    error::SimError,
    ids::{LinkId, VehicleId},
    network::{LinkKind, RoadNetwork},
    plan::Plan,
    reference::Ref,
    release::{band_on, can_stop_behind, row_on},
    segment::{Road, Row, TAIL},
    strips::overlap,
    vehicles::Vehicles,
};
use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};

/// A vehicle this near to its halt that stands has arrived there, metres.
const AT_M: f32 = 2.5;
/// Slower than this stands, m/s.
const STANDING_MPS: f32 = 0.3;
/// A gate needs a link at least this long, metres: whoever is granted the way to it must fit before the next junction.
const LINK_M: f32 = 25.0;
/// Whoever comes out of a bay keeps at least this way to the next body ahead, metres.
const GAP_M: f32 = 0.5;

/// A stop of one trip.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Halt {
    /// Position in the trip's route of the link it is on.
    pub leg: u32,
    /// Metres from the link's start.
    pub pos_m: f32,
    /// How long it stands there, seconds.
    pub dwell_s: f32,
    /// Whether it leaves the carriageway for a bay meanwhile, and comes back when those behind can let it in.
    #[serde(default)]
    pub in_bay: bool,
}

/// A place on a link where all vehicles of some classes are served, one at a time in each lane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gate {
    /// Stable name.
    pub ref_: Ref,
    /// On which link.
    pub link: LinkId,
    /// Where they stop, metres from the link's start.
    pub pos_m: f32,
    /// Who is served; others drive through.
    pub classes: ClassSet,
    /// Mean time a vehicle is served, seconds.
    pub service_s: f32,
    /// How the time differs between vehicles.
    pub spread: Spread,
}

/// How service times differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spread {
    /// Not at all.
    #[default]
    Fixed,
    /// Exponentially.
    Exponential,
}

/// Those who are being served.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Services {
    now_serving: Vec<Service>,
    /// By gate, in the order of [`Halts`]: how many were served; shorter where the last gates served nobody.
    served: Vec<u64>,
    /// Those who stand in a bay beside the road.
    bays: Vec<InBay>,
}

/// A vehicle in a bay.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct InBay {
    pub(crate) id: VehicleId,
    pub(crate) link: LinkId,
    /// Where its front left the carriageway, metres.
    pub(crate) s: f32,
    /// On which strip.
    left: i16,
    halt_m: f32,
    until_s: f64,
}

impl Services {
    /// Everybody in a bay.
    pub(crate) fn bays(&self) -> &[InBay] {
        &self.bays
    }

    /// A vehicle was taken off the road: nobody serves it any more.
    pub(crate) fn forget(&mut self, id: VehicleId) {
        self.now_serving.retain(|s| s.id != id);
        self.bays.retain(|b| b.id != id);
    }

    /// How many are being served at a place: at its gate, or at a stop there and in its bay.
    pub(crate) fn at(&self, link: LinkId, pos_m: f32, is_gate: bool) -> u32 {
        let in_bay = self.bays.iter().filter(|b| !is_gate && b.link == link && b.halt_m == pos_m).count();
        self.on_road(link, pos_m, is_gate) + in_bay as u32
    }

    /// The same of those who stand on the carriageway meanwhile.
    pub(crate) fn on_road(&self, link: LinkId, pos_m: f32, is_gate: bool) -> u32 {
        self.now_serving.iter().filter(|s| s.link == link && s.pos_m == pos_m && s.lane.is_some() == is_gate).count() as u32
    }

    /// How many each gate has served.
    pub(crate) fn served(&self, halts: &Halts) -> Vec<(Ref, u64)> {
        let count = |i: usize| self.served.get(i).copied().unwrap_or(0);
        halts.gates.iter().enumerate().map(|(i, g)| (g.ref_.clone(), count(i))).collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Service {
    id: VehicleId,
    link: LinkId,
    pos_m: f32,
    /// Of a gate: the lane.
    lane: Option<u8>,
    until_s: f64,
}

/// The places on the links where somebody halts.
#[derive(Debug, Default)]
pub(crate) struct Halts {
    /// By link and place.
    gates: Vec<Gate>,
    /// Links with a gate, or on which a trip halts.
    links: Vec<LinkId>,
}

impl Halts {
    pub(crate) fn new(gates: Vec<Gate>, trips: &[Trip]) -> Self {
        let own = trips.iter().flat_map(|t| t.halts.iter().map(|h| t.route[h.leg as usize]));
        let mut halts = Self { gates, links: own.collect() };
        halts.gates.sort_by(|a, b| a.link.cmp(&b.link).then(a.pos_m.total_cmp(&b.pos_m)));
        halts.links.extend(halts.gates.iter().map(|g| g.link));
        halts.links.sort_unstable();
        halts.links.dedup();
        halts
    }

    /// Somebody halts on these links, too.
    pub(crate) fn add_links(&mut self, links: impl Iterator<Item = LinkId>) {
        self.links.extend(links);
        self.links.sort_unstable();
        self.links.dedup();
    }

    pub(crate) fn gates(&self) -> &[Gate] {
        &self.gates
    }

    fn gates_on(&self, link: LinkId) -> &[Gate] {
        let first = self.gates.partition_point(|g| g.link < link);
        let count = self.gates[first..].partition_point(|g| g.link == link);
        &self.gates[first..first + count]
    }
}

impl Plan {
    /// Where a vehicle on the `leg`-th link of its route must halt next if its front is at `from_m`; infinite if nowhere on this link.
    /// `after`: a halt at `from_m` itself is over.
    pub(crate) fn next_halt(&self, id: VehicleId, leg: usize, from_m: f32, after: bool) -> f32 {
        let trip = &self.trips[id.index()];
        let link = self.route(id)[leg];
        if self.halts.links.is_empty() || self.halts.links.binary_search(&link).is_err() {
            return f32::INFINITY;
        }
        let is_ahead = |pos_m: f32| if after { pos_m > from_m } else { pos_m >= from_m };
        let gate = self.halts.gates_on(link).iter().filter(|g| g.classes.contains(trip.class)).map(|g| g.pos_m).find(|p| is_ahead(*p));
        let own = self.own_halts(id, leg).map(|h| h.pos_m).find(|p| is_ahead(*p));
        let park = self.park_on(id, leg).map(|p| p.pos_m).filter(|p| is_ahead(*p));
        [gate, own, park].into_iter().flatten().fold(f32::INFINITY, f32::min)
    }

    fn own_halts(&self, id: VehicleId, leg: usize) -> impl Iterator<Item = &Halt> {
        self.trips[id.index()].halts.iter().filter(move |h| h.leg as usize == leg)
    }

    /// The strips from which a vehicle must be able to halt at `pos_m`: the kerb-side lane at a stop of its own and before a car park.
    pub(crate) fn halt_band(&self, id: VehicleId, leg: usize, pos_m: f32) -> Option<(i16, i16)> {
        let link = self.route(id)[leg];
        let is_at_kerb = self.own_halts(id, leg).any(|h| h.pos_m == pos_m) || self.park_on(id, leg).is_some_and(|p| p.pos_m == pos_m);
        is_at_kerb.then(|| self.lane_strips(link, &(0..1)))
    }
}

/// Ends the services whose time is over and begins new ones: after everybody has moved.
pub(crate) fn serve(plan: &Plan, roads: &mut [&mut Road], vehicles: &Vehicles, services: &mut Services, now: f64) {
    let served = &mut services.served;
    services.now_serving.retain(|s| {
        if s.until_s > now + 1e-6 {
            return true;
        }
        let gate = plan.halts.gates.iter().position(|g| g.link == s.link && g.pos_m == s.pos_m);
        if let (Some(gate), Some(_)) = (gate, s.lane) {
            served.resize(served.len().max(gate + 1), 0);
            served[gate] += 1;
        }
        let road = &mut roads[s.link.index()];
        if let Some(i) = road.find(s.id) {
            let leg = vehicles.side[s.id.index()].leg as usize;
            let row = &mut road.rows[i];
            row.halt = plan.next_halt(s.id, leg, s.pos_m, true);
            row.band = band_on(plan, s.id, leg, row.halt);
        }
        false
    });
    let mut into_bays = Vec::new();
    for link in &plan.halts.links {
        for row in &roads[link.index()].rows {
            if !is_at_halt(row) || services.now_serving.iter().any(|s| s.id == row.id) {
                continue;
            }
            let leg = vehicles.side[row.id.index()].leg as usize;
            let begin = |lane: Option<u8>, time_s: f64| Service { id: row.id, link: *link, pos_m: row.halt, lane, until_s: now + time_s };
            if let Some(own) = plan.own_halts(row.id, leg).find(|h| h.pos_m == row.halt) {
                if !own.in_bay {
                    services.now_serving.push(begin(None, own.dwell_s.into()));
                } else if !row.is(TAIL) {
                    let until_s = now + f64::from(own.dwell_s);
                    into_bays.push(InBay { id: row.id, link: *link, s: row.s, left: row.left, halt_m: row.halt, until_s });
                }
                continue;
            }
            let Some(gate) = plan.halts.gates_on(*link).iter().find(|g| g.pos_m == row.halt) else { continue };
            let lane = plan.lane_at(*link, (row.left + row.right) / 2);
            let is_taken = |s: &Service| s.link == *link && s.pos_m == row.halt && s.lane == Some(lane);
            if !services.now_serving.iter().any(is_taken) {
                services.now_serving.push(begin(Some(lane), service_s(plan, gate, row.id)));
            }
        }
    }
    for bay in into_bays {
        let road = &mut roads[bay.link.index()];
        if let Some(i) = road.find(bay.id) {
            road.rows.remove(i);
            services.bays.push(bay);
        }
    }
}

/// Whether a vehicle stands where it must halt.
pub(crate) fn is_at_halt(row: &Row) -> bool {
    row.halt - row.s <= AT_M && row.v <= STANDING_MPS
}

/// Lets those whose time in a bay is over back onto the carriageway, from standing, where everybody behind can stop for them.
pub(crate) fn leave_bays(plan: &Plan, roads: &mut [&mut Road], vehicles: &Vehicles, services: &mut Services, now: f64) {
    services.bays.retain(|bay| {
        if bay.until_s > now + 1e-6 {
            return true;
        }
        let leg = vehicles.side[bay.id.index()].leg as usize;
        let mut row = row_on(plan, bay.id, leg, bay.s, 0.0, bay.left);
        row.halt = plan.next_halt(bay.id, leg, bay.halt_m, true);
        row.band = band_on(plan, bay.id, leg, row.halt);
        let road = &mut roads[bay.link.index()];
        let (lo, hi) = (row.left - 1, row.right + 1);
        let ahead = road.rows.iter().filter(|r| r.s >= row.s).map(|r| (r.rear(), r.left, r.right));
        let tails = road.shadows.iter().map(|o| (o.rear, o.left, o.right));
        let mut before = ahead.chain(tails).filter(|(_, l, r)| overlap(*l, *r, lo, hi));
        if before.any(|(rear, ..)| rear - row.s < GAP_M) || !can_stop_behind(plan, road, row.s, row.rear(), 0.0, lo, hi) {
            return true;
        }
        road.insert(row);
        false
    });
}

fn service_s(plan: &Plan, gate: &Gate, id: VehicleId) -> f64 {
    let mean = f64::from(gate.service_s);
    match gate.spread {
        Spread::Fixed => mean,
        Spread::Exponential => {
            let key = plan.keys[id.index()] ^ draw::key_of(&gate.ref_);
            -mean * libm::log(1.0 - draw::uniform(plan.config.seed, Draw::GateService, key, 0))
        }
    }
}

/// Checks gates against the network.
pub(crate) fn check_gates(network: &RoadNetwork, gates: &[Gate]) -> Result<(), SimError> {
    for (i, gate) in gates.iter().enumerate() {
        let bad = |problem| Err(SimError::BadGate { gate: gate.ref_.clone(), problem });
        let Some(link) = network.links.get(gate.link.index()) else {
            return bad(format!("is on link {}, the network has {}", gate.link.0, network.links.len()));
        };
        if matches!(link.kind, LinkKind::Ferry(_)) || link.length_m < LINK_M {
            return bad(format!("is on link {}, {} m long; expected a road of {LINK_M} m at least", link.ref_, link.length_m));
        }
        if !(LINK_M - 5.0..=link.length_m).contains(&gate.pos_m) {
            return bad(format!("stands at {} m of link {}; expected {} to {}", gate.pos_m, link.ref_, LINK_M - 5.0, link.length_m));
        }
        if !(0.0..=7200.0).contains(&gate.service_s) {
            return bad(format!("serves for {} s, expected 0 to 7200", gate.service_s));
        }
        if gates[..i].iter().any(|g| g.ref_ == gate.ref_ || (g.link == gate.link && g.pos_m == gate.pos_m)) {
            return bad("there is one of this name or at this place already".into());
        }
    }
    Ok(())
}

/// Checks a trip's own halts.
pub(crate) fn check_halts(network: &RoadNetwork, route: &[LinkId], halts: &[Halt]) -> Result<(), String> {
    for pair in halts.windows(2) {
        if (pair[0].leg, pair[0].pos_m) >= (pair[1].leg, pair[1].pos_m) {
            return Err(format!("its halts at {} m and {} m are not in the order of its way", pair[0].pos_m, pair[1].pos_m));
        }
    }
    for halt in halts {
        let Some(link) = route.get(halt.leg as usize).map(|l| network.link(*l)) else {
            return Err(format!("halts on link {} of its route, which has {}", halt.leg, route.len()));
        };
        if matches!(link.kind, LinkKind::Ferry(_)) || link.length_m < LINK_M {
            return Err(format!("halts on link {}, {} m long; expected a road of {LINK_M} m at least", link.ref_, link.length_m));
        }
        if !(LINK_M - 5.0..=link.length_m).contains(&halt.pos_m) || !(0.0..=86_400.0).contains(&halt.dwell_s) {
            let (pos_m, dwell_s, from_m) = (halt.pos_m, halt.dwell_s, LINK_M - 5.0);
            return Err(format!("halts at {pos_m} m of link {} for {dwell_s} s; expected {from_m} m to its end, 0 s to a day", link.ref_));
        }
    }
    Ok(())
}
