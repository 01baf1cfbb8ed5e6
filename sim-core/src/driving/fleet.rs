//! Which trip is driven by what, and where: made once, before the first step.

use super::{
    ACC_GAPS, Automation, CACC_GAPS, CRUISE_GAP0_M, Equipped, FALL_BACK_S, Machine, SpeedAdvice, SpeedAssistance, System, Trackers,
    autonomous,
};
use crate::{
    class::{CLASS_COUNT, ClassTable, VehicleClass},
    demand::{Purpose, Trip},
    draw::{self, Draw},
    ids::{LinkId, VehicleId},
    manner::Manner,
    plan::Body,
};

/// Systems of one simulation. Empty if every vehicle is driven by a person.
#[derive(Debug, Default)]
pub(crate) struct Fleet {
    /// By trip: the entry of `equipped` that drives it, or `NOBODY`.
    entry: Vec<u8>,
    /// By trip: its body where its system drives.
    kind: Vec<u8>,
    /// By entry.
    systems: Vec<System>,
    /// By entry: the links on which it drives, sorted; `None` for all.
    within: Vec<Option<Vec<LinkId>>>,
    /// Speed advice from signals.
    pub(crate) advice: Option<SpeedAdvice>,
    /// Journey trackers.
    pub(crate) trackers: Option<Trackers>,
    assistance: Vec<SpeedAssistance>,
}

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
        let equipped = &automation.equipped;
        let (advice, trackers, assistance) = (automation.advice, automation.trackers, automation.assistance.clone());
        if equipped.iter().all(|e| e.share == 0.0) {
            return Self { advice, trackers, assistance, ..Self::default() };
        }
        let mut fleet = Self {
            advice,
            trackers,
            assistance,
            entry: vec![NOBODY; trips.len()],
            kind: trips.iter().map(|t| t.class.index() as u8).collect(),
            systems: equipped.iter().map(|e| e.system).collect(),
            within: equipped.iter().map(|e| e.within.clone().map(sorted)).collect(),
        };
        // Bodies by entry, class and setting, made when first asked for.
        let mut made: std::collections::BTreeMap<(usize, VehicleClass, usize), u8> = std::collections::BTreeMap::new();
        for (i, trip) in trips.iter().enumerate() {
            let mut left = draw::uniform(seed, Draw::Automation, keys[i], 0);
            let found = equipped.iter().position(|e| {
                let has = e.classes.contains(trip.class) && trip.purpose != Purpose::Emergency;
                let is_it = has && left < f64::from(e.share);
                left -= if has { f64::from(e.share) } else { 0.0 };
                is_it
            });
            let Some(entry) = found else { continue };
            let setting = setting(&equipped[entry], draw::uniform(seed, Draw::GapSetting, keys[i], 0) as f32);
            let kind = *made.entry((entry, trip.class, setting)).or_insert_with(|| {
                bodies.push(body(&equipped[entry], setting, classes, trip.class, &bodies[trip.class.index()]));
                (bodies.len() - 1) as u8
            });
            (fleet.entry[i], fleet.kind[i]) = (entry as u8, kind);
        }
        fleet
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
        self.systems.get(usize::from(*self.entry.get(id.index())?)).copied()
    }

    /// What drives this vehicle on `link`; `None` for a person.
    pub(crate) fn system_on(&self, id: VehicleId, link: LinkId) -> Option<System> {
        let entry = usize::from(*self.entry.get(id.index())?);
        let within = self.within.get(entry)?;
        within.as_ref().is_none_or(|w| w.binary_search(&link).is_ok()).then(|| self.systems[entry])
    }

    /// The index of the body of this vehicle, of the class with index `class`, on `link`.
    #[inline]
    pub(crate) fn kind_on(&self, id: VehicleId, class: u8, link: LinkId) -> u8 {
        if self.is_empty() || self.system_on(id, link).is_none() { class } else { self.kind[id.index()] }
    }
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
