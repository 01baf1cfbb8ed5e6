//! What a `flow.json` says: who drives which way when, and in what vehicle.

use super::item::{CityflowError, Item};
use sim_core::{
    class::{BRAKE_HARDEST_MPS2, ClassParams, VehicleClass},
    demand::{LinkPosition, Purpose, Trip},
    ids::LinkId,
    network::RoadNetwork,
    reference::Ref,
};
use std::{collections::BTreeMap, sync::Arc};

/// A flow that names no end goes on for so long at most, seconds: a day.
const LAST_S: f64 = 86_400.0;
/// More vehicles than this in one file is a mistake of its author (an interval of nothing).
const MOST: usize = 10_000_000;
/// CityFlow lets a vehicle enter at the start of its first road; ours are this long behind their front.
const ENTRY_M: f32 = 0.0;

/// A vehicle of the file, in CityFlow's words: lengths in metres, accelerations in m/s², speeds in m/s, times in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct VehicleKind {
    /// `length`.
    pub length_m: f64,
    /// `width`.
    pub width_m: f64,
    /// `maxSpeed`.
    pub max_speed_mps: f64,
    /// `usualPosAcc`: with what it sets off.
    pub accel_mps2: f64,
    /// `usualNegAcc`: with what it brakes as a rule.
    pub brake_mps2: f64,
    /// `maxNegAcc`: with what it can brake.
    pub brake_max_mps2: f64,
    /// `minGap`: to a standing leader.
    pub gap_m: f64,
    /// `headwayTime`: from its leader's rear to its front, over the ground, with nothing added.
    pub headway_s: f64,
}

impl VehicleKind {
    /// The class parameters that make our driver do what CityFlow's does, from `base` for what CityFlow does not know.
    ///
    /// CityFlow keeps a gap of `v · headwayTime`, ours one of `gap + v · headway`; both are the same at the top speed with a headway that
    /// is shorter by `minGap / maxSpeed`. Everybody wishes to drive at `maxSpeed`, nobody in between lanes.
    pub fn class_params(&self, base: &ClassParams) -> ClassParams {
        let brake_max = (self.brake_max_mps2 as f32).clamp(0.1, BRAKE_HARDEST_MPS2);
        ClassParams {
            length_m: self.length_m as f32,
            width_m: self.width_m as f32,
            desired_speed_mps: self.max_speed_mps as f32,
            desired_speed_spread: 0.0,
            headway_s: (self.headway_s - self.gap_m / self.max_speed_mps).max(0.0) as f32,
            gap0_m: self.gap_m as f32,
            accel_mps2: self.accel_mps2 as f32,
            brake_comfort_mps2: (self.brake_mps2 as f32).min(brake_max),
            brake_max_mps2: brake_max,
            brake_wet_mps2: base.brake_wet_mps2.min(brake_max),
            keeps_lane: true,
            pcu: 1.0,
            ..base.clone()
        }
    }
}

/// The trips of a file.
#[derive(Clone, Debug)]
pub struct Flow {
    /// By departure, then by name. All are cars.
    pub trips: Vec<Trip>,
    /// What most of them drive.
    pub kind: VehicleKind,
    /// How many drive something else: they are taken for the same.
    pub others: u64,
    /// Trips whose roads no way through an intersection joins, by name: they are left out.
    pub unreachable: Vec<(Ref, LinkId, LinkId)>,
    /// When the last one leaves, seconds.
    pub last_s: f64,
}

/// Whether these bytes begin like a JSON list and speak of vehicles and routes.
pub fn is_flow(bytes: &[u8]) -> bool {
    bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'[') && super::holds(bytes, b"\"route\"")
}

/// Reads the trips of a flow file on `network`, which was made from the roads it names; messages call the file `file`.
///
/// # Errors
/// The file is no flow file, is damaged, has a value out of range, or names a road that is not there.
pub fn read_flow(file: &str, bytes: &[u8], network: &RoadNetwork) -> Result<Flow, CityflowError> {
    let value = super::parsed(file, bytes)?;
    let root = Item::root(file, &value);
    let at: BTreeMap<&str, LinkId> = network.links.iter().enumerate().map(|(i, l)| (l.ref_.as_str(), LinkId::from_index(i))).collect();
    let mut kinds: Vec<(VehicleKind, u64)> = Vec::new();
    let mut routes: BTreeMap<Vec<LinkId>, Arc<[LinkId]>> = BTreeMap::new();
    let (mut trips, mut unreachable) = (Vec::new(), Vec::new());
    for (n, item) in root.list()?.into_iter().enumerate() {
        let item = item.called(format!("flow {n}"));
        let kind = kind(&item.need("vehicle")?)?;
        let links = route(&item, &at)?;
        let departures = departures(&item)?;
        let count = departures.len() as u64;
        match kinds.iter_mut().find(|(k, _)| *k == kind) {
            Some((_, known)) => *known += count,
            None => kinds.push((kind, count)),
        }
        if trips.len() + departures.len() > MOST {
            return Err(item.error(format!("makes more than {MOST} vehicles; its `interval` or `endTime` cannot be meant so")));
        }
        if let Some(pair) = links.windows(2).find(|w| network.movement_between(w[0], w[1]).is_none()) {
            unreachable.extend((0..departures.len()).map(|k| (name(n, k), pair[0], pair[1])));
            continue;
        }
        let (first, last) = (links[0], links[links.len() - 1]);
        let route = routes.entry(links.clone()).or_insert_with(|| links.into()).clone();
        trips.extend(departures.into_iter().enumerate().map(|(k, depart_s)| Trip {
            ref_: name(n, k),
            class: VehicleClass::Car,
            purpose: Purpose::Personal,
            depart_s,
            origin: LinkPosition { link: first, pos_m: ENTRY_M },
            destination: LinkPosition { link: last, pos_m: network.link(last).length_m },
            route: route.clone(),
            halts: Arc::new([]),
        }));
    }
    // Of kinds that are as frequent the first in the file counts.
    let Some((kind, of_kind)) = kinds.iter().rev().max_by_key(|(_, count)| *count).copied() else {
        return Err(root.error("holds no flow, expected a list of at least one"));
    };
    let all: u64 = kinds.iter().map(|(_, count)| count).sum();
    trips.sort_by(|a, b| a.depart_s.total_cmp(&b.depart_s).then_with(|| a.ref_.cmp(&b.ref_)));
    let last_s = trips.last().map_or(0.0, |t| t.depart_s);
    Ok(Flow { trips, kind, others: all - of_kind, unreachable, last_s })
}

/// As CityFlow calls the `k`-th vehicle of the `n`-th flow.
fn name(n: usize, k: usize) -> Ref {
    Ref::new(format!("flow_{n}_{k}"))
}

fn kind(item: &Item) -> Result<VehicleKind, CityflowError> {
    let value = |key: &str, least, most| item.need(key)?.number(least, most);
    Ok(VehicleKind {
        length_m: value("length", 1.0, 18.0)?,
        width_m: value("width", 0.4, 2.6)?,
        max_speed_mps: value("maxSpeed", 0.5, 60.0)?,
        accel_mps2: value("usualPosAcc", 0.1, 10.0)?,
        brake_mps2: value("usualNegAcc", 0.1, 20.0)?,
        brake_max_mps2: value("maxNegAcc", 0.1, 20.0)?,
        gap_m: value("minGap", 0.1, 10.0)?,
        headway_s: value("headwayTime", 0.0, 10.0)?,
    })
}

fn route(item: &Item, at: &BTreeMap<&str, LinkId>) -> Result<Vec<LinkId>, CityflowError> {
    let list = item.need("route")?;
    let mut links = Vec::new();
    for road in list.list()? {
        let id = road.text()?;
        let Some(link) = at.get(id) else {
            return Err(road.error(format!("is `{id}`, which is no road of the network; expected the flow that belongs to it")));
        };
        links.push(*link);
    }
    if links.is_empty() {
        return Err(list.error("names no road, expected at least one"));
    }
    Ok(links)
}

/// When its vehicles leave: at `startTime` and every `interval` from then on, up to and with `endTime`; −1 is no end.
fn departures(item: &Item) -> Result<Vec<f64>, CityflowError> {
    let interval_s = item.get("interval").map_or(Ok(1.0), |i| i.number(0.0, LAST_S))?;
    let start_s = item.get("startTime").map_or(Ok(0.0), |i| i.number(0.0, LAST_S))?;
    let end_s = item.get("endTime").map_or(Ok(-1.0), |i| i.number(-1.0, LAST_S))?;
    let end_s = if end_s < 0.0 { LAST_S } else { end_s };
    if end_s > start_s && interval_s < 0.01 {
        return Err(item.error(format!("`interval` is {interval_s}, expected at least 0.01 s in a flow of several vehicles")));
    }
    let count = if end_s > start_s { ((end_s - start_s) / interval_s + 1e-9) as usize + 1 } else { 1 };
    Ok((0..count.min(MOST + 1)).map(|k| start_s + k as f64 * interval_s).collect())
}
