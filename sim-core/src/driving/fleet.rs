//! Which trip is driven by what, and where: made once, before the first step.

use super::{
    ACC_GAPS, Automation, CACC_GAPS, CRUISE_GAP0_M, Equipped, FALL_BACK_S, MAY_HAVE, Machine, SpeedAdvice, SpeedAssistance, System,
    Trackers, autonomous,
};
use crate::{
    class::{CLASS_COUNT, ClassTable, VehicleClass},
    demand::{Purpose, Trip},
    draw::{self, Draw},
    ids::{LinkId, VehicleId},
    manner::Manner,
    plan::Body,
};
use std::collections::BTreeMap;

/// Systems of one simulation. Empty if every vehicle is driven by a person.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fleet {
    /// By trip: the entry of `equipped` that drives it, or `NOBODY`.
    entry: Vec<u8>,
    /// By trip: its body where its system drives.
    kind: Vec<u8>,
    /// What drives, and the links on which it does, sorted. Behind the simulation's own entries there is one of each system for orders.
    equipped: Vec<Equipped>,
    /// How many of them are the simulation's own.
    own: usize,
    /// Bodies by entry, class and setting, made when first asked for.
    made: BTreeMap<(usize, VehicleClass, usize), u8>,
    /// Speed advice from signals.
    pub(crate) advice: Option<SpeedAdvice>,
    /// Journey trackers.
    pub(crate) trackers: Option<Trackers>,
    assistance: Vec<SpeedAssistance>,
}

/// Shares by system and class that orders have set.
pub(crate) type Ordered = BTreeMap<(System, VehicleClass), f32>;

const NOBODY: u8 = u8::MAX;

impl Fleet {
    /// Draws who has what; appends the bodies of those who drive otherwise than the drivers of their class to `bodies`.
    pub(crate) fn new(
        automation: &Automation,
        trips: &[Trip],
        keys: &[u64],
        seed: u64,
        classes: &ClassTable,
        bodies: &mut Vec<Body>,
    ) -> Self {
        let entries = |e: &Equipped| Equipped { within: e.within.clone().map(sorted), ..e.clone() };
        let mut fleet = Self {
            equipped: automation.equipped.iter().map(entries).collect(),
            own: automation.equipped.len(),
            advice: automation.advice,
            trackers: automation.trackers,
            assistance: automation.assistance.clone(),
            ..Self::default()
        };
        if fleet.equipped.iter().any(|e| e.share > 0.0) {
            fleet.enroll(trips);
            for (i, trip) in trips.iter().enumerate() {
                fleet.equip(i, trip, keys[i], seed, (classes, bodies), &Ordered::new());
            }
        }
        fleet
    }

    /// Makes room for what drives these trips: people, until it is drawn.
    fn enroll(&mut self, trips: &[Trip]) {
        self.entry = vec![NOBODY; trips.len()];
        self.kind = trips.iter().map(|t| t.class.index() as u8).collect();
    }

    /// Makes ready for orders.
    pub(crate) fn open_to_orders(&mut self, trips: &[Trip]) {
        if self.is_empty() {
            self.enroll(trips);
        }
        if self.equipped.len() == self.own {
            self.equipped.extend(for_orders());
        }
    }

    /// Draws what drives the `i`-th trip, by the shares of the simulation's own entries and those that orders have put in their place.
    pub(crate) fn equip(
        &mut self,
        i: usize,
        trip: &Trip,
        key: u64,
        seed: u64,
        (classes, bodies): (&ClassTable, &mut Vec<Body>),
        ordered: &Ordered,
    ) {
        let mut left = draw::uniform(seed, Draw::Automation, key, 0);
        let found = (0..self.equipped.len()).find(|entry| {
            let share = if trip.purpose == Purpose::Emergency { 0.0 } else { f64::from(self.share(*entry, trip.class, ordered)) };
            let is_it = left < share;
            left -= share;
            is_it
        });
        let (mut by, mut kind) = (NOBODY, trip.class.index() as u8);
        if let Some(entry) = found {
            let e = &self.equipped[entry];
            let setting = setting(e, draw::uniform(seed, Draw::GapSetting, key, 0) as f32);
            by = entry as u8;
            kind = *self.made.entry((entry, trip.class, setting)).or_insert_with(|| {
                bodies.push(body(e, setting, classes, trip.class, &bodies[trip.class.index()]));
                (bodies.len() - 1) as u8
            });
        }
        (self.entry[i], self.kind[i]) = (by, kind);
    }

    /// The share of a class that a system drives, all entries together, without orders.
    fn own_share(&self, system: System, class: VehicleClass) -> f32 {
        self.equipped[..self.own].iter().filter(|e| e.system == system && e.classes.contains(class)).map(|e| e.share).sum()
    }

    /// The share of a class that a system drives of those who set out at present.
    pub(crate) fn system_share(&self, system: System, class: VehicleClass, ordered: &Ordered) -> f32 {
        ordered.get(&(system, class)).copied().unwrap_or_else(|| self.own_share(system, class))
    }

    /// The share of a class that one entry drives. An ordered share is shared out among the own entries of its system as their shares are, so that
    /// it keeps to their places; where there are none it is everywhere.
    fn share(&self, entry: usize, class: VehicleClass, ordered: &Ordered) -> f32 {
        let e = &self.equipped[entry];
        if !e.classes.contains(class) {
            return 0.0;
        }
        let Some(wanted) = ordered.get(&(e.system, class)) else { return e.share };
        let own = self.own_share(e.system, class);
        match (entry < self.own, own > 0.0) {
            (true, true) => e.share / own * wanted,
            (false, false) => *wanted,
            _ => 0.0,
        }
    }

    /// Whether bodies enough are left for systems of orders, in any class.
    pub(crate) fn has_room_for_orders(&self) -> bool {
        let mut all = Automation { equipped: self.equipped.clone(), ..Automation::default() };
        if self.equipped.len() == self.own {
            all.equipped.extend(for_orders());
        }
        bodies_of(&all) <= MOST_BODIES
    }

    /// Adds a trip that repeats another: what drives that one drives it, too.
    pub(crate) fn repeat(&mut self, of: VehicleId) {
        if !self.is_empty() {
            self.entry.push(self.entry[of.index()]);
            self.kind.push(self.kind[of.index()]);
        }
    }

    /// Leaves only the first `count` trips.
    pub(crate) fn truncate(&mut self, count: usize) {
        self.entry.truncate(count);
        self.kind.truncate(count);
    }

    /// What a traveller does who by itself has this `manner`: a machine keeps every rule, also where a person drives it, and who heeds speed
    /// assistance keeps to the limit.
    pub(crate) fn manner(&self, id: VehicleId, trip: &Trip, seed: u64, key: u64, manner: Manner) -> Manner {
        if self.system(id) == Some(System::Autonomous) {
            Manner::default()
        } else if self.assistance.iter().any(|a| a.holds(trip, seed, key)) {
            manner.without(Manner::SPEEDS)
        } else {
            manner
        }
    }

    /// Whether every vehicle is driven by a person.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.entry.is_empty()
    }

    /// What drives this vehicle where it does.
    pub(crate) fn system(&self, id: VehicleId) -> Option<System> {
        Some(self.equipped.get(usize::from(*self.entry.get(id.index())?))?.system)
    }

    /// What drives this vehicle on `link`; `None` for a person.
    pub(crate) fn system_on(&self, id: VehicleId, link: LinkId) -> Option<System> {
        let e = self.equipped.get(usize::from(*self.entry.get(id.index())?))?;
        e.within.as_ref().is_none_or(|w| w.binary_search(&link).is_ok()).then_some(e.system)
    }

    /// The index of the body of this vehicle, of the class with index `class`, on `link`.
    #[inline]
    pub(crate) fn kind_on(&self, id: VehicleId, class: u8, link: LinkId) -> u8 {
        if self.is_empty() || self.system_on(id, link).is_none() { class } else { self.kind[id.index()] }
    }
}

/// What orders give to classes of which the simulation's own entries say nothing.
fn for_orders() -> [Equipped; 3] {
    System::ALL.map(|system| Equipped::new(system, MAY_HAVE, 0.0))
}

fn sorted(mut links: Vec<LinkId>) -> Vec<LinkId> {
    links.sort_unstable();
    links.dedup();
    links
}

/// Which of the gaps a driver chooses, by a uniform draw.
fn setting(e: &Equipped, draw: f32) -> usize {
    let gaps: &[(f32, f32)] = match (e.system, e.headway_s) {
        (System::Acc, None) => &ACC_GAPS,
        (System::Cacc, None) => &CACC_GAPS,
        _ => return 0,
    };
    let mut left = draw;
    let chosen = gaps.iter().position(|(_, share)| {
        left -= share;
        left < 0.0
    });
    chosen.unwrap_or(gaps.len() - 1)
}

/// The body of a vehicle with a system; `by_hand` is that of its class.
fn body(e: &Equipped, setting: usize, classes: &ClassTable, class: VehicleClass, by_hand: &Body) -> Body {
    let cruise = |headway: f32, linked_headway: f32, connects: bool| {
        let machine = Machine { headway, linked_headway, gap0: CRUISE_GAP0_M, connects, longest: e.platoon, link: None };
        let driver = crate::kinematics::Driver { headway: linked_headway, gap0: CRUISE_GAP0_M, ..by_hand.driver };
        Body { driver, machine: Some(machine), ..*by_hand }
    };
    match e.system {
        System::Acc => {
            let headway = e.headway_s.unwrap_or(ACC_GAPS[setting].0);
            cruise(headway, headway, false)
        }
        System::Cacc => {
            let linked = e.headway_s.unwrap_or(CACC_GAPS[setting].0);
            cruise(linked.max(FALL_BACK_S), linked, true)
        }
        System::Autonomous => {
            let mut p = autonomous(classes.get(class));
            p.headway_s = e.headway_s.unwrap_or(p.headway_s);
            Body::of(&p)
        }
    }
}

/// The most bodies that entries can ask for: the index of a body is a byte.
pub(crate) const MOST_BODIES: usize = NOBODY as usize;

/// How many bodies these entries can ask for at most, those of the classes included.
pub(crate) fn bodies_of(automation: &Automation) -> usize {
    let settings = |e: &Equipped| match (e.system, e.headway_s) {
        (System::Acc, None) => ACC_GAPS.len(),
        (System::Cacc, None) => CACC_GAPS.len(),
        _ => 1,
    };
    CLASS_COUNT + automation.equipped.iter().map(|e| settings(e) * e.classes.iter().count()).sum::<usize>()
}
