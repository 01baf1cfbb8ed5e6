//! What drives a vehicle, if not a person alone: cruise control, adaptive or connected, and full automation.
//!
//! Which vehicle has what is a keyed draw of its trip, so a share of 0 changes nobody's draws and a larger share only adds vehicles. A system
//! changes what a vehicle wishes, never what is safe: the bound of [`crate::kinematics`] assumes of every leader the hardest braking of any
//! class, so nobody collides, and a CACC gap is never shorter than that bound lets it be (at equal brakes: the way of one step).
//!
//! | system | follows | signals, junctions, lanes |
//! |---|---|---|
//! | none | a person: IDM+ | a person |
//! | [`System::Acc`] | linear control of the gap, string-unstable as what is sold | a person |
//! | [`System::Cacc`] | the same with word from a connected leader, in platoons; else as ACC | a person |
//! | [`System::Autonomous`] | IDM+ with cautious parameters | the machine, cautious; obeys limits exactly |

mod advice;
mod assistance;
mod fleet;
mod machine;
mod platoon;
mod totals;
mod tracker;

pub use advice::SpeedAdvice;
pub use assistance::{AssistanceKind, HEED_SHARE, SpeedAssistance};
pub use totals::SystemTotals;
pub use tracker::{RuleCount, TrackerCount, Trackers};

pub(crate) use advice::advise;
pub(crate) use fleet::{Fleet, Ordered};
pub(crate) use machine::{Leader, Machine};
pub(crate) use platoon::Platoons;
pub(crate) use totals::totals;
pub(crate) use tracker::TrackerBook;

use crate::{
    class::{CLASS_COUNT, ClassParams, ClassSet, VehicleClass},
    ids::LinkId,
};
use serde::{Deserialize, Serialize};

/// What drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum System {
    /// Adaptive cruise control as it is sold.
    Acc,
    /// Cooperative adaptive cruise control: hears from a connected vehicle ahead.
    Cacc,
    /// Fully autonomous.
    Autonomous,
}

impl System {
    /// Every system.
    pub const ALL: [Self; 3] = [Self::Acc, Self::Cacc, Self::Autonomous];

    /// How files spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acc => "acc",
            Self::Cacc => "cacc",
            Self::Autonomous => "autonomous",
        }
    }
}

/// Time gaps of ACC that drivers choose, seconds, and their shares (Nowakowski et al. 2010, as used by Shladover, Su & Lu 2012).
pub const ACC_GAPS: [(f32, f32); 3] = [(1.1, 0.504), (1.6, 0.185), (2.2, 0.311)];
/// The same of CACC behind a connected leader.
pub const CACC_GAPS: [(f32, f32); 4] = [(0.6, 0.57), (0.7, 0.24), (0.9, 0.07), (1.1, 0.12)];
/// Time gap of CACC behind anybody else, seconds: the shortest of ACC.
pub const FALL_BACK_S: f32 = 1.1;
/// So many drive linked at most (10 in Liu et al., Transportation Research C 95, 2018).
pub const PLATOON: u8 = 10;
/// Gap of cruise control at standstill, metres (assumed).
const CRUISE_GAP0_M: f32 = 2.0;

/// Time gap of autonomous vehicles, seconds: what UN Regulation 157 asks of automated lane keeping at 60 km/h.
pub const AUTONOMOUS_HEADWAY_S: f32 = 1.6;
/// Their gap at standstill, metres (the same regulation).
pub const AUTONOMOUS_GAP0_M: f32 = 2.0;
/// Their acceleration is not above this, m/s² (assumed: comfort of standing passengers).
pub const AUTONOMOUS_ACCEL_MPS2: f32 = 1.0;
/// Room they want beside them at standstill, metres (assumed).
pub const AUTONOMOUS_CLEAR0_M: f32 = 0.4;
/// What it grows by, metres for each m/s (assumed: 0.95 m at 40 km/h).
pub const AUTONOMOUS_CLEAR_S: f32 = 0.05;
/// They accept gaps so many times as long as a driver of the class (assumed).
pub const AUTONOMOUS_CRITICAL: f32 = 1.5;

/// A share of some classes that is driven by a system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Equipped {
    /// What drives.
    pub system: System,
    /// Of which classes; two-wheelers have none of these systems.
    pub classes: ClassSet,
    /// Which share of each class, 0 to 1. The shares of all entries for a class add up to 1 at most.
    pub share: f32,
    /// The links on which it drives; elsewhere a person does. `None`: everywhere.
    pub within: Option<Vec<LinkId>>,
    /// Time gap instead of the shipped ones, seconds, 0.3 to 5; of CACC the one behind a connected leader.
    pub headway_s: Option<f32>,
    /// CACC: so many drive linked at most, 1 to 50.
    pub platoon: u8,
}

impl Equipped {
    /// A share of some classes with the shipped parameters, everywhere.
    pub fn new(system: System, classes: ClassSet, share: f32) -> Self {
        Self { system, classes, share, within: None, headway_s: None, platoon: PLATOON }
    }
}

/// All that drives vehicles besides people.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Automation {
    /// Who has what.
    pub equipped: Vec<Equipped>,
    /// Speed advice from signals; `None` for none.
    pub advice: Option<SpeedAdvice>,
    /// Speed assistance.
    pub assistance: Vec<SpeedAssistance>,
    /// Journey trackers; `None` for none.
    pub trackers: Option<Trackers>,
}

/// A part of [`Automation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// An entry of `equipped`, from 0.
    Equipped(usize),
    /// Speed advice.
    Advice,
    /// An entry of `assistance`, from 0.
    Assistance(usize),
    /// Trackers.
    Trackers,
}

impl Part {
    fn name(self) -> String {
        match self {
            Self::Equipped(n) => format!("entry {n} of what drives"),
            Self::Advice => "speed advice".into(),
            Self::Assistance(n) => format!("entry {n} of speed assistance"),
            Self::Trackers => "trackers".into(),
        }
    }
}

/// Why automation was refused.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{}: {problem}", .part.name())]
pub struct AutomationError {
    /// Which part.
    pub part: Part,
    /// What was found and what was expected.
    pub problem: String,
}

/// Holds every number to its range.
pub(crate) fn check(automation: &Automation, links: usize) -> Result<(), AutomationError> {
    let bodies = fleet::bodies_of(automation);
    if bodies > fleet::MOST_BODIES {
        let problem = format!(
            "{bodies} kinds of vehicles with it and all before, expected {} at most; take fewer entries or classes",
            fleet::MOST_BODIES
        );
        return Err(AutomationError { part: Part::Equipped(automation.equipped.len() - 1), problem });
    }
    let mut shares = [0.0f32; CLASS_COUNT];
    for (entry, e) in automation.equipped.iter().enumerate() {
        let bad = |problem: String| Err(AutomationError { part: Part::Equipped(entry), problem });
        if !(0.0..=1.0).contains(&e.share) {
            return bad(format!("a share of {}, expected 0 to 1", e.share));
        }
        if let Some(class) = e.classes.iter().find(|c| c.is_two_wheeler()) {
            return bad(format!("class {class} rides on two wheels and has none of these systems"));
        }
        if e.classes.is_empty() {
            return bad("no class, expected at least one".into());
        }
        if let Some(s) = e.headway_s
            && !(0.3..=5.0).contains(&s)
        {
            return bad(format!("a time gap of {s} s, expected 0.3 to 5 s"));
        }
        if !(1..=50).contains(&e.platoon) {
            return bad(format!("platoons of {}, expected 1 to 50 vehicles", e.platoon));
        }
        if let Some(link) = e.within.iter().flatten().find(|l| l.index() >= links) {
            return bad(format!("drives on link {}, the network has {links}", link.0));
        }
        for class in e.classes.iter() {
            shares[class.index()] += e.share;
            if shares[class.index()] > 1.0 + 1e-4 {
                return bad(format!(
                    "the shares of class {class} add up to {:.1} %, expected 100 % at most",
                    shares[class.index()] * 100.0
                ));
            }
        }
    }
    let advice = automation.advice.iter().filter_map(|a| Some((Part::Advice, a.problem()?)));
    let trackers = automation.trackers.iter().filter_map(|t| Some((Part::Trackers, t.problem()?)));
    let assistance = automation.assistance.iter().enumerate().filter_map(|(n, a)| Some((Part::Assistance(n), a.problem()?)));
    match advice.chain(assistance).chain(trackers).next() {
        Some((part, problem)) => Err(AutomationError { part, problem }),
        None => Ok(()),
    }
}

/// What an autonomous vehicle of a class is like; `p` is that of its drivers. It brakes no harder and accelerates no faster than they can.
pub fn autonomous(p: &ClassParams) -> ClassParams {
    ClassParams {
        desired_speed_spread: 0.0,
        headway_s: p.headway_s.max(AUTONOMOUS_HEADWAY_S),
        gap0_m: p.gap0_m.max(AUTONOMOUS_GAP0_M),
        accel_mps2: p.accel_mps2.min(AUTONOMOUS_ACCEL_MPS2),
        clear0_m: p.clear0_m.max(AUTONOMOUS_CLEAR0_M),
        clear_s: p.clear_s.max(AUTONOMOUS_CLEAR_S),
        critical_gap_s: p.critical_gap_s * AUTONOMOUS_CRITICAL,
        keeps_lane: true,
        ..p.clone()
    }
}

/// The classes that may have a system.
pub const MAY_HAVE: ClassSet = ClassSet::ALL.without(ClassSet::of(&[VehicleClass::Motorcycle, VehicleClass::Bicycle]));

#[cfg(test)]
mod tests {
    use super::*;
    use crate::class::ClassTable;

    #[test]
    fn what_cannot_be_is_refused_with_the_reason() {
        let cars = ClassSet::of(&[VehicleClass::Car]);
        let told = |e: Equipped| {
            check(&Automation { equipped: vec![Equipped::new(System::Acc, cars, 0.6), e], ..Automation::default() }, 3)
                .unwrap_err()
                .to_string()
        };
        let one = Equipped::new(System::Cacc, cars, 0.3);
        assert!(check(&Automation { equipped: vec![one.clone(), one.clone()], ..Automation::default() }, 3).is_ok());
        assert!(told(Equipped { share: 0.5, ..one.clone() }).contains("class car add up to 110.0 %"));
        assert!(told(Equipped { share: 1.5, ..one.clone() }).starts_with("entry 1 of what drives: a share of 1.5"));
        assert!(told(Equipped { classes: ClassSet::ALL, ..one.clone() }).contains("motorcycle rides on two wheels"));
        assert!(told(Equipped { headway_s: Some(9.0), ..one.clone() }).contains("9 s, expected 0.3 to 5 s"));
        assert!(told(Equipped { platoon: 0, ..one.clone() }).contains("platoons of 0"));
        assert!(told(Equipped { within: Some(vec![LinkId(7)]), ..one.clone() }).contains("link 7, the network has 3"));
        assert!(told(Equipped { classes: ClassSet::NONE, ..one }).contains("no class"));
    }

    #[test]
    fn the_gaps_drivers_choose_add_up() {
        let sum = |gaps: &[(f32, f32)]| gaps.iter().map(|g| g.1).sum::<f32>();
        assert!((sum(&ACC_GAPS) - 1.0).abs() < 1e-6 && (sum(&CACC_GAPS) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn an_autonomous_vehicle_is_nowhere_bolder_than_the_drivers_of_its_class() {
        let table = ClassTable::default();
        for class in MAY_HAVE.iter() {
            let (p, a) = (table.get(class), autonomous(table.get(class)));
            assert!(a.headway_s >= p.headway_s && a.gap0_m >= p.gap0_m && a.critical_gap_s > p.critical_gap_s, "{class}");
            assert!(a.accel_mps2 <= p.accel_mps2 && a.brake_max_mps2 == p.brake_max_mps2 && a.lateral_mps <= p.lateral_mps, "{class}");
            assert!(a.clear0_m >= p.clear0_m && a.clear_s >= p.clear_s && a.keeps_lane, "{class}");
        }
    }
}
