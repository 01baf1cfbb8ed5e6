//! Car parks: places with spaces, an entrance that lets in one vehicle after the other, and drivers who go on searching when all is taken.
//!
//! A trip whose destination is the entrance of a car park ends in it. The driver stops at the entrance; with a space free the barrier takes
//! its time, then the trip has arrived, and the space is taken for the length of the stay. With none free the driver is turned away: the
//! next car park is one of the three nearest not tried yet, by a keyed draw that favours the near ones; when all have been tried, or there is
//! no other, the search begins anew, round the block if need be. Nobody is ever taken out: who can drive nowhere else waits at the entrance.

use crate::{
    class::ClassSet,
    draw::{self, Draw},
    error::SimError,
    guide::Search,
    halt::{Spread, is_at_halt},
    ids::{LinkId, VehicleId},
    network::{LinkKind, RoadNetwork, world_point},
    plan::Plan,
    reference::Ref,
    release::band_on,
    segment::{FERRY, LAST, Road, TAIL},
    vehicles::Vehicles,
};
use bevy_ecs::prelude::Resource;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, sync::Arc};

/// A link with an entrance is at least this long, metres …
const LINK_M: f32 = 25.0;
/// … and the entrance at least this far from its start, metres: whoever waits there stands clear of the junction.
const BEFORE_M: f32 = 20.0;
/// So many of the nearest car parks a driver who was turned away chooses from (assumed).
const NEAREST: usize = 3;
/// A driver without any way on looks for one again after this time, seconds.
const AGAIN_S: f64 = 30.0;
/// Nothing is nearer than this in the weights of a choice, metres.
const LEAST_M: f64 = 50.0;

/// A place with spaces for vehicles.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CarPark {
    /// Stable name.
    pub ref_: Ref,
    /// The link with its entrance.
    pub link: LinkId,
    /// Where the entrance is, metres from the link's start.
    pub pos_m: f32,
    /// Vehicles it holds.
    pub spaces: u32,
    /// Who may park.
    pub classes: ClassSet,
    /// Time the entrance takes for a vehicle, seconds.
    pub entry_s: f32,
    /// Mean length of a stay, seconds.
    pub stay_s: f32,
    /// How stays differ.
    pub spread: Spread,
}

/// All car parks as they stand.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Parks {
    lots: Vec<Lot>,
    /// Those who were turned away and have not parked yet, by id.
    seekers: Vec<Seeker>,
    found: u64,
    searched_s: f64,
}

/// One car park as it stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Lot {
    /// When each of the taken spaces becomes free, seconds after midnight, in order.
    leaves_s: Vec<f64>,
    /// Who is let in at present, and until when.
    entrance: Option<(VehicleId, f64)>,
    entered: u64,
    turned_away: u64,
    most: u32,
    /// Spaces × seconds taken so far.
    taken_s: f64,
}

impl Lot {
    fn taken(&self) -> u32 {
        self.leaves_s.len() as u32 + u32::from(self.entrance.is_some())
    }
}

/// A driver who was turned away.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Seeker {
    id: VehicleId,
    /// When that was for the first time, seconds after midnight.
    since_s: f64,
    /// Where to now.
    park: u32,
    /// Car parks that were full, since all had been tried.
    tried: Vec<u32>,
    /// How often it was turned away.
    turns: u64,
    /// It stands at a full car park and looks for the next one at this time, seconds after midnight.
    looks_s: Option<f64>,
}

/// What became of one car park.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParkTotals {
    /// Its name.
    #[serde(rename = "park")]
    pub ref_: Ref,
    /// Its spaces.
    pub spaces: u32,
    /// Vehicles that parked.
    pub entered: u64,
    /// How often a driver was turned away.
    pub turned_away: u64,
    /// Spaces taken at present.
    pub taken: u32,
    /// The most that were taken at one time.
    pub most: u32,
    /// Spaces taken in the mean since the beginning.
    pub mean_taken: f64,
}

/// What became of all who wished to park.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParkingTotals {
    /// Car parks, in the order in which they were given.
    pub parks: Vec<ParkTotals>,
    /// Drivers who were turned away and parked after all.
    pub found: u64,
    /// How long those searched, seconds, all together.
    pub searched_s: f64,
    /// Drivers who are searching still.
    pub seeking: u64,
}

impl Parks {
    pub(crate) fn new(count: usize) -> Self {
        Self { lots: vec![Lot::default(); count], ..Self::default() }
    }

    pub(crate) fn count(&self) -> usize {
        self.lots.len()
    }

    /// A vehicle was taken off the road: it is not let in and searches no more.
    pub(crate) fn forget(&mut self, id: VehicleId) {
        self.seekers.retain(|s| s.id != id);
        for lot in &mut self.lots {
            lot.entrance = lot.entrance.filter(|(inside, _)| *inside != id);
        }
    }

    /// Car parks that somebody drives to instead of the first one.
    pub(crate) fn other_goals(&self) -> impl Iterator<Item = (VehicleId, u32)> + '_ {
        self.seekers.iter().map(|s| (s.id, s.park))
    }

    /// Whether somebody stands in the entrance of the `p`-th one, to be let in.
    pub(crate) fn lets_in(&self, p: usize) -> bool {
        self.lots[p].entrance.is_some()
    }

    pub(crate) fn totals(&self, parks: &[CarPark], passed_s: f64) -> ParkingTotals {
        let of = |(park, lot): (&CarPark, &Lot)| ParkTotals {
            ref_: park.ref_.clone(),
            spaces: park.spaces,
            entered: lot.entered,
            turned_away: lot.turned_away,
            taken: lot.taken(),
            most: lot.most,
            mean_taken: lot.taken_s / passed_s.max(1e-9),
        };
        ParkingTotals {
            parks: parks.iter().zip(&self.lots).map(of).collect(),
            found: self.found,
            searched_s: self.searched_s,
            seeking: self.seekers.len() as u64,
        }
    }
}

impl Plan {
    /// The car park at which a vehicle's trip ends, if the `leg`-th link of its route is the one with the entrance it drives to.
    pub(crate) fn park_on(&self, id: VehicleId, leg: usize) -> Option<&CarPark> {
        let park = *self.park_of.get(id.index())?;
        (leg + 1 == self.route(id).len()).then(|| self.car_parks.get(park as usize)).flatten()
    }

    /// Where the last link of a vehicle's route ends for it, metres from the link's start.
    pub(crate) fn end_m(&self, id: VehicleId) -> f32 {
        match self.park_of.get(id.index()).and_then(|p| self.car_parks.get(*p as usize)) {
            Some(park) => park.pos_m,
            None => self.trips[id.index()].destination.pos_m,
        }
    }

    /// Sends each trip that ends at the entrance of a car park into it.
    pub(crate) fn set_car_parks(&mut self, parks: Vec<CarPark>) {
        let park_of = |t: &crate::demand::Trip| {
            let at = t.destination;
            let is_it = |p: &CarPark| p.link == at.link && p.pos_m == at.pos_m && p.classes.contains(t.class);
            parks.iter().position(is_it).map_or(u32::MAX, |p| p as u32)
        };
        self.park_of = self.trips.iter().map(park_of).collect();
        self.halts.add_links(parks.iter().map(|p| p.link));
        self.car_parks = parks;
    }
}

/// Lets in who stands at an entrance and turns away whom there is no room for: after everybody has moved. Returns who is in now.
pub(crate) fn admit(plan: &Plan, roads: &[&mut Road], vehicles: &Vehicles, parks: &mut Parks, now: f64) -> Vec<(LinkId, VehicleId)> {
    let mut inside = Vec::new();
    for (p, (park, lot)) in plan.car_parks.iter().zip(&mut parks.lots).enumerate() {
        let gone = lot.leaves_s.partition_point(|t| *t <= now + 1e-6);
        lot.leaves_s.drain(..gone);
        if let Some((id, until_s)) = lot.entrance
            && until_s <= now + 1e-6
        {
            lot.entrance = None;
            let leaves_s = now + stay_s(plan, park, id);
            let at = lot.leaves_s.partition_point(|t| *t <= leaves_s);
            lot.leaves_s.insert(at, leaves_s);
            lot.entered += 1;
            inside.push((park.link, id));
            if let Ok(i) = parks.seekers.binary_search_by_key(&id, |s| s.id) {
                parks.searched_s += now - parks.seekers.remove(i).since_s;
                parks.found += 1;
            }
        }
        for row in &roads[park.link.index()].rows {
            let leg = vehicles.side[row.id.index()].leg as usize;
            let is_here = row.halt == park.pos_m && is_at_halt(row) && !row.is(TAIL);
            let wishes_in = plan.park_of[row.id.index()] as usize == p && plan.park_on(row.id, leg).is_some();
            if !is_here || !wishes_in || inside.iter().any(|(_, id)| *id == row.id) || lot.entrance.is_some_and(|(id, _)| id == row.id) {
                continue;
            }
            if lot.taken() < park.spaces {
                if lot.entrance.is_none() {
                    lot.entrance = Some((row.id, now + f64::from(park.entry_s)));
                }
                continue;
            }
            match parks.seekers.binary_search_by_key(&row.id, |s| s.id) {
                Ok(i) => {
                    let seeker = &mut parks.seekers[i];
                    if seeker.looks_s.is_none() {
                        lot.turned_away += 1;
                        (seeker.turns, seeker.looks_s) = (seeker.turns + 1, Some(now));
                    }
                }
                Err(i) => {
                    lot.turned_away += 1;
                    let seeker = Seeker { id: row.id, since_s: now, park: p as u32, tried: Vec::new(), turns: 1, looks_s: Some(now) };
                    parks.seekers.insert(i, seeker);
                }
            }
        }
        lot.most = lot.most.max(lot.taken());
        lot.taken_s += f64::from(lot.taken()) * f64::from(plan.dt);
    }
    inside
}

fn stay_s(plan: &Plan, park: &CarPark, id: VehicleId) -> f64 {
    let mean_s = f64::from(park.stay_s);
    match park.spread {
        Spread::Fixed => mean_s,
        Spread::Exponential => {
            let key = draw::key_of_both(plan.keys[id.index()], draw::key_of(&park.ref_));
            -mean_s * libm::log(1.0 - draw::uniform(plan.config.seed, Draw::ParkingStay, key, 0))
        }
    }
}

/// Between two steps: those who were turned away set out for another car park, or wait where a space has become free.
pub(crate) fn seek(plan: &mut Plan, roads: &mut [&mut Road], vehicles: &Vehicles, parks: &mut Parks, now: f64) {
    let is_due = |s: &Seeker| s.looks_s.is_some_and(|t| t <= now + 1e-6);
    if !parks.seekers.iter().any(is_due) {
        return;
    }
    let slowness = vec![1.0; plan.network.links.len()];
    let closed = BTreeMap::new();
    for seeker in parks.seekers.iter_mut().filter(|s| is_due(s)) {
        let here = seeker.park as usize;
        if parks.lots[here].taken() < plan.car_parks[here].spaces {
            seeker.looks_s = None;
            continue;
        }
        let leg = vehicles.side[seeker.id.index()].leg as usize;
        let found = next_park(plan, &Search { plan, slowness: &slowness, closed: &closed }, seeker);
        match found {
            None => seeker.looks_s = Some(now + AGAIN_S),
            Some((park, way)) => {
                (seeker.park, seeker.looks_s) = (park, None);
                set_out(plan, roads, seeker.id, leg, park, &way);
            }
        }
    }
}

/// The car park a driver tries next, and the way to it from the link of the present one on.
fn next_park(plan: &Plan, search: &Search<'_>, seeker: &mut Seeker) -> Option<(u32, Vec<LinkId>)> {
    let here = &plan.car_parks[seeker.park as usize];
    let class = plan.trips[seeker.id.index()].class;
    let entrance = |p: &CarPark| world_point(&plan.network, p.link, p.pos_m.into(), 0.0).0;
    let mut others: Vec<(f64, u32)> = (0..plan.car_parks.len() as u32)
        .filter(|p| *p != seeker.park && plan.car_parks[*p as usize].classes.contains(class))
        .map(|p| (entrance(here).distance_m(entrance(&plan.car_parks[p as usize])).max(LEAST_M), p))
        .collect();
    others.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    seeker.tried.push(seeker.park);
    if others.iter().all(|(_, p)| seeker.tried.contains(p)) {
        seeker.tried = vec![seeker.park];
    }
    let mut choice: Vec<(f64, u32)> = others.into_iter().filter(|(_, p)| !seeker.tried.contains(p)).take(NEAREST).collect();
    // The one that is drawn comes first, the others stay behind it in case no way leads there.
    let sum: f64 = choice.iter().map(|(far_m, _)| 1.0 / far_m).sum();
    let mut left = sum * draw::uniform(plan.config.seed, Draw::ParkingNext, plan.keys[seeker.id.index()], seeker.turns);
    let drawn = choice.iter().position(|(far_m, _)| {
        left -= 1.0 / far_m;
        left < 0.0
    });
    if let Some(head) = choice.get_mut(..=drawn.unwrap_or(0)) {
        head.rotate_right(1);
    }
    let way_to = |p: u32| -> Option<Vec<LinkId>> {
        let goal = &plan.car_parks[p as usize];
        if goal.link != here.link {
            search.best(here.link, goal.link, class, f32::INFINITY)
        } else if goal.pos_m > here.pos_m {
            Some(vec![here.link])
        } else {
            search.round_the_block(here.link, class)
        }
    };
    let others = choice.into_iter().map(|(_, p)| p);
    others.chain([seeker.park]).find_map(|p| Some((p, way_to(p)?)))
}

/// Puts a vehicle that stands at an entrance on its way to another one.
fn set_out(plan: &mut Plan, roads: &mut [&mut Road], id: VehicleId, leg: usize, park: u32, way: &[LinkId]) {
    let link = way[0];
    plan.routes[id.index()] = plan.route(id)[..leg].iter().chain(way).copied().collect::<Arc<[LinkId]>>();
    plan.park_of[id.index()] = park;
    let road = &mut roads[link.index()];
    let Some(i) = road.find(id) else { return };
    let row = &mut road.rows[i];
    let next = plan.route(id).get(leg + 1).copied();
    let is_ferry = next.is_some_and(|l| plan.is_ferry(l));
    row.flags &= !(FERRY | LAST);
    if is_ferry {
        row.flags |= FERRY;
    } else if next.is_none() {
        row.flags |= LAST;
    }
    row.next = if is_ferry { u32::MAX } else { plan.movement_after(id, leg).map_or(u32::MAX, |m| m.0) };
    row.goal = f32::INFINITY;
    row.halt = plan.next_halt(id, leg, row.halt, true);
    row.band = band_on(plan, id, leg, row.halt);
}

/// Checks car parks against the network.
pub(crate) fn check(network: &RoadNetwork, parks: &[CarPark]) -> Result<(), SimError> {
    for (i, park) in parks.iter().enumerate() {
        let bad = |problem| Err(SimError::BadCarPark { park: park.ref_.clone(), problem });
        let Some(link) = network.links.get(park.link.index()) else {
            return bad(format!("is on link {}, the network has {}", park.link.0, network.links.len()));
        };
        if matches!(link.kind, LinkKind::Ferry(_)) || link.length_m < LINK_M {
            return bad(format!("is on link {}, {} m long; expected a road of {LINK_M} m at least", link.ref_, link.length_m));
        }
        if !(BEFORE_M..=link.length_m).contains(&park.pos_m) {
            return bad(format!("has its entrance at {} m of link {}; expected {BEFORE_M} to {}", park.pos_m, link.ref_, link.length_m));
        }
        for (what, value, most) in [("lets in one every", park.entry_s, 600.0), ("has stays of", park.stay_s, 604_800.0)] {
            if !(0.0..=most).contains(&value) {
                return bad(format!("{what} {value} s, expected 0 to {most}"));
            }
        }
        if parks[..i].iter().any(|p| p.ref_ == park.ref_ || (p.link == park.link && p.pos_m == park.pos_m)) {
            return bad("there is one of this name or at this place already".into());
        }
    }
    Ok(())
}
