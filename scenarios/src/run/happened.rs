//! What happened in a run besides driving: gridlocks, ways that were changed, pedestrians, gates, car parks. Nothing is said of what a scenario has not.

use super::conditions::Conditions;
use crate::intervention::travel::Redrawn;
use crate::lang::{Lang, Text, class_name, clock, duration, integer, number, phrase, system_name};
use serde::Serialize;
use sim_core::{
    control::Degraded,
    driving::{SystemTotals, TrackerCount},
    measure::{Event, EventKind},
    network::RoadNetwork,
    parking::{ParkTotals, ParkingTotals},
    reference::Ref,
    simulation::Simulation,
};

/// So many junctions are named for a person; `run.json` has all.
const NAMED: usize = 5;

/// What happened in a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Happened {
    /// What interventions did to the trips before the run; with such.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub demand: Vec<Redrawn>,
    /// Junctions whose vehicles waited for each other in a ring.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gridlocks: Vec<Gridlock>,
    /// How often somebody who was told took another way; with guidance.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rerouted: Option<u64>,
    /// Who crossed the road; with pedestrians.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pedestrians: Option<Walked>,
    /// What each gate served; with gates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<Served>,
    /// What became of those who wished to park; with car parks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parking: Option<ParkingTotals>,
    /// What became of the signals' controllers; where anything did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signals: Option<Signals>,
    /// What became of the trips of each class by what drives them; with automation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub systems: Vec<SystemTotals>,
    /// What journey trackers saw, by class; with trackers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub trackers: Vec<TrackerCount>,
}

/// What became of the signals' controllers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Signals {
    /// Junctions that were not controlled by their own controller all the time, and for how long.
    pub degraded: Vec<Degraded>,
    /// Controllers that failed or wished for something unsafe.
    pub failed: u64,
    /// How often a signal served an ambulance or a fire engine.
    pub preemptions: u64,
}

/// A junction in a gridlock.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gridlock {
    /// Its ref.
    pub junction: Ref,
    /// Since when, seconds after midnight.
    pub since_s: f64,
    /// Until when; `None` if it stood at the end of the run.
    pub until_s: Option<f64>,
}

/// Pedestrians at all crossings together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Walked {
    /// Crossings.
    pub crossings: u64,
    /// Pedestrians who came.
    pub came: u64,
    /// Pedestrians who set out.
    pub crossed: u64,
    /// How long those waited at the kerb, seconds; `None` if there was none.
    pub mean_wait_s: Option<f64>,
}

/// What a gate served.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Served {
    /// Its ref.
    pub gate: Ref,
    /// Vehicles.
    pub vehicles: u64,
}

impl Happened {
    /// What happened up to now in a simulation under these conditions.
    pub fn of(simulation: &Simulation, conditions: &Conditions) -> Self {
        let measured = simulation.measurements();
        Self {
            demand: Vec::new(),
            gridlocks: gridlocks(&measured.events),
            rerouted: conditions.guidance.map(|_| measured.rerouted),
            pedestrians: (!conditions.walkways.is_empty()).then(|| walked(simulation)),
            gates: simulation.served().into_iter().map(|(gate, vehicles)| Served { gate, vehicles }).collect(),
            parking: (!conditions.car_parks.is_empty()).then(|| simulation.parking()),
            signals: signals(simulation.degraded(), &measured.events),
            systems: Some(simulation.system_totals())
                .filter(|all| conditions.automation.is_some() || all.iter().any(|t| t.system.is_some()))
                .unwrap_or_default(),
            trackers: simulation.tracker_counts().iter().filter(|c| c.vehicle_m > 0.0).copied().collect(),
        }
    }

    /// The same for a person, a line each.
    pub fn lines(&self, network: &RoadNetwork, lang: Lang) -> Vec<String> {
        let line = |text: Text, what: String| format!("{}: {what}", text.get(lang));
        let count = |n: u64| integer(lang, n);
        let mut lines: Vec<String> = self.demand.iter().map(|d| line(Text::DemandChanged, redrawn_text(d, lang))).collect();
        if !self.gridlocks.is_empty() {
            let mut told: Vec<_> = self.gridlocks.iter().take(NAMED).map(|g| g.text(network, lang)).collect();
            if self.gridlocks.len() > NAMED {
                told.push(phrase::and_more(lang, count((self.gridlocks.len() - NAMED) as u64)));
            }
            lines.push(line(Text::Gridlock, told.join("; ")));
        }
        lines.extend(self.rerouted.map(|n| line(Text::Guidance, phrase::rerouted(lang, count(n)))));
        lines.extend(self.pedestrians.map(|w| {
            let what = match w.mean_wait_s {
                Some(wait_s) => phrase::walked(lang, count(w.crossed), count(w.crossings), duration(lang, wait_s)),
                None => phrase::nobody_walked(lang, count(w.came)),
            };
            line(Text::Pedestrians, what)
        }));
        if !self.gates.is_empty() {
            let all = self.gates.iter().map(|g| g.vehicles).sum();
            lines.push(line(Text::Gates, phrase::served(lang, count(all), count(self.gates.len() as u64))));
        }
        if let Some(parking) = &self.parking {
            let sum = |of: fn(&ParkTotals) -> u64| parking.parks.iter().map(of).sum::<u64>();
            let (entered, away) = (count(sum(|p| p.entered)), count(sum(|p| p.turned_away)));
            let full = parking.parks.iter().filter(|p| p.turned_away > 0).count() as u64;
            lines.push(line(Text::CarParks, phrase::parked(lang, entered, count(parking.parks.len() as u64), count(full), away)));
            if parking.found + parking.seeking > 0 {
                let mean = duration(lang, parking.searched_s / (parking.found as f64).max(1.0));
                lines.push(line(Text::CarParks, phrase::searched(lang, count(parking.found), mean, count(parking.seeking))));
            }
        }
        if let Some(s) = &self.signals {
            if !s.degraded.is_empty() {
                let sum = |of: fn(&Degraded) -> f64| duration(lang, s.degraded.iter().map(of).sum());
                let (actuated, fixed) = (sum(|d| d.actuated_s), sum(|d| d.fixed_s));
                let what = phrase::degraded(lang, count(s.degraded.len() as u64), actuated, fixed, count(s.failed));
                lines.push(line(Text::SignalsDegraded, what));
            }
            if s.preemptions > 0 {
                lines.push(line(Text::SignalsPreempted, phrase::preempted(lang, count(s.preemptions))));
            }
        }
        lines.extend(self.systems.iter().map(|s| line(Text::Driving, system_text(s, lang))));
        lines.extend(self.trackers.iter().filter(|t| t.reports > 0).map(|t| line(Text::Trackers, tracker_text(t, lang))));
        lines
    }
}

fn redrawn_text(d: &Redrawn, lang: Lang) -> String {
    let [concerned, added, left_out, moved] = [d.concerned, d.added, d.left_out, d.moved].map(|n| integer(lang, n));
    match (d.added, d.left_out) {
        (0, 0) => phrase::departures_moved(lang, &d.intervention, moved, concerned),
        (_, 0) => phrase::trips_added(lang, &d.intervention, added, concerned),
        _ => phrase::trips_left_out(lang, &d.intervention, left_out, concerned),
    }
}

fn system_text(s: &SystemTotals, lang: Lang) -> String {
    let who = s.system.map_or(Text::ByHand.get(lang), |system| system_name(lang, system));
    let per_km = |sum: f64, decimals| number(lang, sum / (s.distance_m / 1000.0).max(1e-3), decimals);
    let (class, vehicles) = (class_name(lang, s.class), integer(lang, s.entered));
    let text = phrase::driven(lang, class, who, vehicles, per_km(s.time_loss_s, 0), per_km(s.stops as f64, 2), per_km(s.co2_g, 0));
    if s.hand_overs == 0 {
        text
    } else {
        format!("{text}; {}", phrase::handed_over(lang, integer(lang, s.hand_overs), number(lang, s.by_system_m / 1000.0, 0)))
    }
}

fn tracker_text(t: &TrackerCount, lang: Lang) -> String {
    let rate = number(lang, t.detected_per_1000_km().unwrap_or(0.0), 1);
    let (detected, cases) = (t.speeding.detected + t.lane.detected, t.speeding.tracked_cases + t.lane.tracked_cases);
    let wrong = t.speeding.false_alarms + t.lane.false_alarms;
    let (class, km) = (class_name(lang, t.class), number(lang, t.tracked_m / 1000.0, 0));
    phrase::tracked(lang, class, km, integer(lang, detected), integer(lang, cases), rate, integer(lang, wrong))
}

fn signals(degraded: Vec<Degraded>, events: &[Event]) -> Option<Signals> {
    let count = |these: &[EventKind]| events.iter().filter(|e| these.contains(&e.kind)).count() as u64;
    let failed = count(&[EventKind::ControllerFailed, EventKind::UnsafeWish]);
    let found = Signals { degraded, failed, preemptions: count(&[EventKind::Preemption]) };
    (found != Signals::default()).then_some(found)
}

impl Gridlock {
    fn text(&self, network: &RoadNetwork, lang: Lang) -> String {
        let name = network.junctions.iter().find(|j| j.ref_ == self.junction).and_then(|j| j.name.as_deref());
        let shown = name.map_or_else(|| self.junction.to_string(), |n| format!("{n} ({})", self.junction));
        match self.until_s {
            None => phrase::gridlock_since(lang, shown, clock(self.since_s)),
            Some(until_s) => phrase::gridlock_until(lang, shown, clock(self.since_s), clock(until_s)),
        }
    }
}

fn walked(simulation: &Simulation) -> Walked {
    let walks = simulation.walks();
    let sum = |of: fn(&sim_core::walk::WalkTotals) -> u64| walks.iter().map(of).sum::<u64>();
    let crossed = sum(|w| w.crossed);
    let waited_s: f64 = walks.iter().map(|w| w.waited_s).sum();
    let mean_wait_s = (crossed > 0).then(|| waited_s / crossed as f64);
    Walked { crossings: walks.len() as u64, came: sum(|w| w.came), crossed, mean_wait_s }
}

/// Gridlocks from events, which tell of each junction's beginning and end.
fn gridlocks(events: &[Event]) -> Vec<Gridlock> {
    let mut all: Vec<Gridlock> = Vec::new();
    for event in events {
        let since_s = event.since_s.unwrap_or(event.time_s);
        match event.kind {
            EventKind::Gridlock => all.push(Gridlock { junction: event.ref_.clone(), since_s, until_s: None }),
            EventKind::GridlockOver => {
                let is_it = |g: &&mut Gridlock| g.junction == event.ref_ && g.since_s == since_s && g.until_s.is_none();
                if let Some(gridlock) = all.iter_mut().find(is_it) {
                    gridlock.until_s = Some(event.time_s);
                }
            }
            _ => {}
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::driving::System;
    use sim_core::{class::VehicleClass, driving::RuleCount};

    fn event(time_s: f64, kind: EventKind, at: &str, since_s: f64) -> Event {
        Event { time_s, kind, ref_: at.into(), since_s: Some(since_s) }
    }

    #[test]
    fn a_gridlock_stands_from_its_beginning_to_its_end_if_it_has_one() {
        let events = [
            event(25_320.0, EventKind::Gridlock, "a", 25_200.0),
            event(25_320.0, EventKind::Gridlock, "b", 25_200.0),
            event(25_500.0, EventKind::GridlockOver, "a", 25_200.0),
            event(27_000.0, EventKind::SpillBack, "c", 27_000.0),
        ];
        let happened = Happened { gridlocks: gridlocks(&events), ..Happened::default() };
        let network = crate::kpi::testing::network();
        let text = |lang| happened.lines(&network, lang);
        assert_eq!(text(Lang::En), ["Gridlock: a from 07:00 to 07:05; b since 07:00"]);
        assert_eq!(text(Lang::Vi), ["Tắc nghẽn hoàn toàn: a từ 07:00 đến 07:05; b từ 07:00"]);
    }

    #[test]
    fn five_gridlocks_are_named_and_the_others_counted() {
        let network = crate::kpi::testing::network();
        let text = |count: usize, lang| {
            let gridlock = |i: usize| Gridlock { junction: format!("j{i}").into(), since_s: 25_200.0, until_s: None };
            Happened { gridlocks: (0..count).map(gridlock).collect(), ..Happened::default() }.lines(&network, lang)
        };
        let five = "j0 since 07:00; j1 since 07:00; j2 since 07:00; j3 since 07:00; j4 since 07:00";
        assert_eq!(text(5, Lang::En), [format!("Gridlock: {five}")]);
        assert_eq!(text(6, Lang::En), [format!("Gridlock: {five}; and 1 more")]);
        assert_eq!(text(1_205, Lang::En), [format!("Gridlock: {five}; and 1,200 more")]);
        assert!(text(7, Lang::Vi)[0].ends_with("j4 từ 07:00; và 2 nơi khác"), "{:?}", text(7, Lang::Vi));
    }

    #[test]
    fn nothing_is_said_where_nothing_was_asked_for() {
        let network = crate::kpi::testing::network();
        assert!(Happened::default().lines(&network, Lang::Vi).is_empty());
        assert_eq!(serde_json::to_string(&Happened::default()).unwrap(), "{}");
    }

    #[test]
    fn what_there_was_is_told_in_both_languages() {
        let redrawn = |name: &str, [concerned, added, left_out, moved]: [u64; 4]| Redrawn {
            intervention: name.into(),
            concerned,
            added,
            left_out,
            moved,
        };
        let happened = Happened {
            demand: vec![redrawn("fair", [1200, 400, 0, 0]), redrawn("home", [90, 0, 30, 0]), redrawn("school", [2000, 0, 0, 700])],
            gridlocks: Vec::new(),
            rerouted: Some(1234),
            pedestrians: Some(Walked { crossings: 2, came: 40, crossed: 38, mean_wait_s: Some(12.4) }),
            gates: vec![Served { gate: "g".into(), vehicles: 60 }, Served { gate: "h".into(), vehicles: 1 }],
            parking: Some(ParkingTotals {
                parks: vec![ParkTotals {
                    ref_: "p".into(),
                    spaces: 40,
                    entered: 70,
                    turned_away: 9,
                    taken: 40,
                    most: 40,
                    mean_taken: 31.5,
                }],
                found: 5,
                searched_s: 400.0,
                seeking: 2,
            }),
            signals: Some(Signals {
                degraded: vec![Degraded { controller: "c".into(), actuated_s: 600.0, fixed_s: 0.0 }],
                failed: 1,
                preemptions: 3,
            }),
            systems: vec![SystemTotals {
                class: VehicleClass::Shuttle,
                system: Some(System::Autonomous),
                entered: 12,
                arrived: 11,
                distance_m: 20_000.0,
                time_loss_s: 600.0,
                stops: 50,
                co2_g: 0.0,
                hand_overs: 6,
                by_system_m: 15_000.0,
            }],
            trackers: vec![TrackerCount {
                class: VehicleClass::Bus,
                vehicle_m: 50_000.0,
                tracked_m: 40_000.0,
                reports: 400,
                speeding: RuleCount { cases: 9, tracked_cases: 8, detected: 6, false_alarms: 1 },
                lane: RuleCount::default(),
            }],
        };
        let network = crate::kpi::testing::network();
        assert_eq!(
            happened.lines(&network, Lang::En),
            [
                "Demand: `fair` adds 400 trips to 1,200",
                "Demand: `home` takes 30 of 90 trips away",
                "Demand: `school` lets 700 of 2,000 trips leave at another time",
                "Guidance: changed their way 1,234 times",
                "Pedestrians: 38 crossed, mean wait 12 s (crossings: 2)",
                "Gates: 61 vehicles served (gates: 2)",
                "Car parks: 70 vehicles parked (car parks: 1, found full: 1), drivers turned away 9 times",
                "Car parks: 5 drivers searched 1 min 20 s in the mean before they parked, 2 search still",
                "Signals degraded: at 1 junctions, 10 min actuated and 0 s fixed instead of their own controller (controllers that failed: 1)",
                "Pre-emption: 3 times",
                "Driving: autonomous shuttle, autonomous: 12 vehicles, 30 s/km lost, 2.50 stops/km, CO₂ 0 g/km; handed over 6 times, 15 km by the machine",
                "Journey trackers: bus, coach: 40 km tracked, 6 of 8 violations detected (150.0 per 1 000 km), 1 false alarms"
            ]
        );
        assert_eq!(happened.lines(&network, Lang::Vi)[5], "Trạm: 61 xe được phục vụ (số trạm: 2)");
    }
}
