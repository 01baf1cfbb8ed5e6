//! What a scenario puts on the road besides its trips, found on the map and handed to the engine: incidents, gates, bus lines, car parks,
//! pedestrians, guidance, vehicles that people do not drive alone.
//! Every simulation of a session gets the same, the runs of a fit to counts included.

mod automation;
mod bus_lines;
pub mod car_parks;
mod gates;
mod incidents;
mod signals;
mod spot;
mod walkways;

pub(crate) use automation::TRACKED;
pub(crate) use signals::method;
pub use signals::{equip_signals, equippable, set_plans, time_plans};

use super::{RunError, load::Found};
use crate::{intervention::Script, kpi::Bilingual, scenario::read::Parsed};
use car_parks::Served;
use sim_core::{
    class::ClassTable,
    control::Control,
    demand::Trip,
    driving::Automation,
    guide::Guidance,
    halt::Gate,
    incident::Incident,
    network::RoadNetwork,
    simulation::{SimConfig, SimError, Simulation},
    walk::Walkway,
};
use std::sync::Arc;

/// What there is besides trips.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions {
    /// What closes or slows down roads.
    pub incidents: Vec<Incident>,
    /// Where vehicles are served.
    pub gates: Vec<Gate>,
    /// The runs of bus lines; trips besides those of the demand.
    pub lines: Vec<Trip>,
    /// Car parks and whom they serve.
    pub car_parks: Vec<Served>,
    /// Crossings with pedestrians.
    pub walkways: Vec<Walkway>,
    /// Who is told of travel times; `None` for nobody.
    pub guidance: Option<Guidance>,
    /// What drives vehicles besides people; `None` if people drive all.
    pub automation: Option<Automation>,
    /// How signals are controlled; `None` for the map's plans by the clock.
    pub control: Option<Control>,
    /// What is changed against the base, and when.
    pub script: Script,
}

/// Something of a scenario and the key of the file it came from.
struct Keyed<T> {
    key: String,
    it: T,
}

impl Conditions {
    /// Those of a scenario on its map, and what they take for granted.
    ///
    /// # Errors
    /// A place that is not on the map, a value out of range: at its line of the file.
    pub fn of(found: &Found, network: &Arc<RoadNetwork>) -> Result<(Self, Vec<Bilingual>), RunError> {
        let parsed = &found.scenario.parsed;
        let file = &parsed.file;
        let mut assumed = Vec::new();
        super::emergency::check(parsed, network)?;
        let incidents = incidents::of(parsed, network)?;
        let gates = gates::of(parsed, network, &mut assumed)?;
        let lines = bus_lines::of(parsed, network, &found.scenario.classes, &found.scenario.window)?;
        let car_parks = car_parks::of(parsed, network, &mut assumed)?;
        let walkways = walkways::of(parsed, network, &mut assumed)?;
        let guidance = file.guidance.as_ref().map(|g| Guidance {
            share: g.share.base() as f32,
            inertia: g.inertia.base() as f32,
            least_gain_s: g.least_gain.base() as f32,
        });
        let automation = automation::of(parsed, network, &lines, &mut assumed)?;
        let keyed = All {
            incidents: &incidents,
            gates: &gates,
            car_parks: &car_parks,
            walkways: &walkways,
            guidance,
            automation: automation.as_ref(),
        };
        check(parsed, network, &found.scenario.classes, &keyed)?;
        let strip = |kept: Vec<Keyed<Incident>>| kept.into_iter().map(|k| k.it).collect();
        let conditions = Self {
            incidents: strip(incidents),
            gates: gates.into_iter().map(|k| k.it).collect(),
            lines,
            car_parks: car_parks.into_iter().map(|k| k.it).collect(),
            walkways: walkways.into_iter().map(|k| k.it).collect(),
            guidance,
            automation,
            control: None,
            script: Script::default(),
        };
        Ok((conditions, assumed))
    }

    /// The same without what was done by hand while a simulation ran.
    #[must_use]
    pub fn without_edits(&self) -> Self {
        Self { script: self.script.without_edits(), ..self.clone() }
    }

    /// Puts them into a simulation before its first step.
    ///
    /// # Errors
    /// The engine refuses one.
    pub fn put(&self, mut simulation: Simulation) -> Result<Simulation, SimError> {
        if !self.gates.is_empty() {
            simulation = simulation.with_gates(self.gates.clone())?;
        }
        if !self.car_parks.is_empty() {
            simulation = simulation.with_car_parks(self.car_parks.iter().map(|s| s.park.clone()).collect())?;
        }
        if !self.walkways.is_empty() {
            simulation = simulation.with_walkways(self.walkways.clone())?;
        }
        if let Some(guidance) = self.guidance {
            simulation = simulation.with_guidance(guidance)?;
        }
        if let Some(control) = &self.control {
            simulation = simulation.with_control(control)?;
        }
        if let Some(automation) = &self.automation {
            simulation = simulation.with_automation(automation)?;
        }
        for incident in &self.incidents {
            simulation.add_incident(incident.clone())?;
        }
        Ok(simulation)
    }
}

/// All that the engine may refuse, with its keys.
#[derive(Clone, Copy)]
struct All<'a> {
    incidents: &'a [Keyed<Incident>],
    gates: &'a [Keyed<Gate>],
    car_parks: &'a [Keyed<Served>],
    walkways: &'a [Keyed<Walkway>],
    guidance: Option<Guidance>,
    automation: Option<&'a Automation>,
}

/// Tries everything on a simulation without trips, so that what the engine refuses is told before anything is fitted, at its line.
fn check(parsed: &Parsed, network: &Arc<RoadNetwork>, classes: &ClassTable, all: &All<'_>) -> Result<(), RunError> {
    let All { incidents, gates, car_parks, walkways, guidance, automation } = *all;
    let is_nothing = incidents.is_empty() && gates.is_empty() && car_parks.is_empty() && walkways.is_empty();
    if is_nothing && guidance.is_none() && automation.is_none() {
        return Ok(());
    }
    let at = |key: &str, e: &SimError| RunError::from(parsed.error_at(key, e.to_string()));
    let key_of = |e: &SimError| match e {
        SimError::BadGate { gate, .. } => gates.iter().find(|k| k.it.ref_ == *gate).map_or("gates", |k| &k.key).to_owned(),
        SimError::BadCarPark { park, .. } => car_parks.iter().find(|k| k.it.park.ref_ == *park).map_or("car_parks", |k| &k.key).to_owned(),
        SimError::BadWalkway { walkway, .. } => {
            walkways.iter().find(|k| k.it.ref_ == *walkway).map_or("pedestrians", |k| &k.key).to_owned()
        }
        SimError::BadGuidance { what, .. } => format!("guidance.{}", what.replace(' ', "_")),
        SimError::BadAutomation(e) => automation::key_of(e.part),
        _ => "incidents".to_owned(),
    };
    let empty = Simulation::new(network.clone(), classes.clone(), Vec::new(), Vec::new(), SimConfig::default())?;
    let all = Conditions {
        incidents: Vec::new(),
        gates: gates.iter().map(|k| k.it.clone()).collect(),
        lines: Vec::new(),
        car_parks: car_parks.iter().map(|k| k.it.clone()).collect(),
        walkways: walkways.iter().map(|k| k.it.clone()).collect(),
        guidance,
        automation: automation.cloned(),
        control: None,
        script: Script::default(),
    };
    let mut simulation = all.put(empty).map_err(|e| at(&key_of(&e), &e))?;
    for Keyed { key, it } in incidents {
        simulation.add_incident(it.clone()).map_err(|e| at(key, &e))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::load::{find, open_map};
    use std::path::Path;

    #[test]
    fn a_closed_road_is_closed_in_both_directions_at_the_same_place() {
        let found = find(Path::new("long-xuyen-bridge"), &[]).unwrap();
        let network = Arc::new(open_map(&found).unwrap().network);
        let (conditions, _) = Conditions::of(&found, &network).unwrap();
        let [there, back] = &conditions.incidents[..] else { panic!("{:?}", conditions.incidents) };
        assert_eq!(network.link(there.link).opposite, Some(back.link));
        let length_m = network.link(there.link).length_m;
        assert!((there.from_m + back.to_m - length_m).abs() < 1.0, "{there:?} {back:?} on {length_m} m");
    }
}
