//! What the window wants to know of one vehicle, link, junction, station or detector: gathered on the simulation's thread, for the one thing that is watched.

use crate::{live::LinkLive, station::StationMinute};
use sim_core::{
    class::VehicleClass,
    demand::Purpose,
    detector::Look,
    frame::Light,
    ids::{ControllerId, JunctionId, LinkId, VehicleId},
    measure::TripRecord,
    network::SignalPlan,
    simulation::Simulation,
};

/// How long the lamps of a watched junction are remembered, simulated seconds.
pub const LAMPS_S: f64 = 240.0;

/// What is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Focus {
    /// A vehicle, by id.
    Vehicle(u32),
    /// A link, by index.
    Link(u32),
    /// A junction, by index.
    Junction(u32),
    /// A station, by its position among all of the snapshot.
    Station(u32),
    /// A detector, by index.
    Detector(u32),
}

/// What is known of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Detail {
    /// Of a vehicle and its trip.
    Vehicle(VehicleDetail),
    /// Of a link.
    Link(LinkDetail),
    /// Of a junction.
    Junction(JunctionDetail),
    /// Of a station.
    Station(StationDetail),
    /// Of a detector.
    Detector(DetectorDetail),
}

/// A station minute by minute.
#[derive(Clone, Debug, PartialEq)]
pub struct StationDetail {
    /// Its position among all.
    pub station: u32,
    /// What is known of its minutes.
    pub history: Vec<StationMinute>,
}

/// What a detector tells.
#[derive(Clone, Debug, PartialEq)]
pub struct DetectorDetail {
    /// Its index.
    pub detector: u32,
    /// What it tells now.
    pub look: Look,
    /// What it counted in each minute, an hour: seconds after midnight, vehicles.
    pub counted: Vec<[f64; 2]>,
    /// What was observed there, in the same form, as steps.
    pub observed: Vec<[f64; 2]>,
}

/// A vehicle and its trip.
#[derive(Clone, Debug, PartialEq)]
pub struct VehicleDetail {
    /// Its id.
    pub id: u32,
    /// The trip's name.
    pub ref_: String,
    /// Its class.
    pub class: VehicleClass,
    /// What the trip is for.
    pub purpose: Purpose,
    /// The links it drives, first to last, as it intends now.
    pub route: Vec<u32>,
    /// How the trip stands.
    pub record: TripRecord,
}

/// A link.
#[derive(Clone, Debug, PartialEq)]
pub struct LinkDetail {
    /// Its index.
    pub link: u32,
    /// The middle of each sample (seconds after midnight), its length (hours), and what was measured.
    pub history: Vec<(f64, f64, LinkLive)>,
}

/// A junction.
#[derive(Clone, Debug, PartialEq)]
pub struct JunctionDetail {
    /// Its index.
    pub junction: u32,
    /// Its signal.
    pub signal: Option<SignalDetail>,
    /// Vehicles through it in each sample, an hour: the middle of the sample (seconds after midnight), and how many.
    pub flow: Vec<(f64, f64)>,
}

/// A signal.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalDetail {
    /// Its controller's index.
    pub controller: u32,
    /// What controls it, e.g. `fixed`.
    pub method: &'static str,
    /// The plan it has now.
    pub plan: SignalPlan,
    /// What each group has shown since it is watched: from when (seconds after midnight), and what.
    pub lamps: Vec<Vec<(f64, Light)>>,
}

/// Remembers the lamps of the junction that is watched.
#[derive(Debug, Default)]
pub struct LampBook {
    of: Option<ControllerId>,
    groups: Vec<Vec<(f64, Light)>>,
}

impl LampBook {
    /// Notes what the groups of a controller show now.
    pub fn note(&mut self, simulation: &Simulation, controller: ControllerId) {
        if self.of != Some(controller) {
            let groups = simulation.network().controllers[controller.index()].groups.len();
            *self = Self { of: Some(controller), groups: vec![Vec::new(); groups] };
        }
        let (now, lights) = (simulation.time_s(), simulation.lights());
        let groups = &simulation.network().controllers[controller.index()].groups;
        for (book, group) in self.groups.iter_mut().zip(groups) {
            let Some(light) = group.movements.first().and_then(|m| lights[m.index()]) else { continue };
            if book.last().is_none_or(|(_, last)| *last != light) {
                book.push((now, light));
            }
            while book.len() > 1 && book[1].0 < now - LAMPS_S {
                book.remove(0);
            }
        }
    }

    /// Forgets everything, because time has jumped.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is remembered of a controller.
    pub fn of(&self, controller: ControllerId) -> Vec<Vec<(f64, Light)>> {
        if self.of == Some(controller) { self.groups.clone() } else { Vec::new() }
    }
}

/// What is known of a vehicle; `None` for one that there is not.
pub fn vehicle(simulation: &Simulation, id: u32) -> Option<Detail> {
    let trip = simulation.trips().get(id as usize)?;
    Some(Detail::Vehicle(VehicleDetail {
        id,
        ref_: trip.ref_.to_string(),
        class: trip.class,
        purpose: trip.purpose,
        route: simulation.route(VehicleId(id)).iter().map(|l: &LinkId| l.0).collect(),
        record: simulation.measurements().trips.get(id as usize)?.clone(),
    }))
}

/// What is known of a junction; `None` for one that there is not. `history` is that of a link.
pub fn junction(
    simulation: &Simulation,
    index: u32,
    lamps: &LampBook,
    history: impl Fn(u32) -> Vec<(f64, f64, LinkLive)>,
) -> Option<Detail> {
    use sim_core::network::JunctionKind;
    let junction = simulation.network().junctions.get(JunctionId(index).index())?;
    let signal = match junction.kind {
        JunctionKind::Signal(controller) => Some(SignalDetail {
            controller: controller.0,
            method: simulation.control_of(controller)?,
            plan: simulation.plan_of(controller)?.clone(),
            lamps: lamps.of(controller),
        }),
        _ => None,
    };
    let mut flow: Vec<(f64, f64)> = Vec::new();
    for link in &junction.incoming {
        for (i, (at_s, hours, live)) in history(link.0).into_iter().enumerate() {
            if i == flow.len() {
                flow.push((at_s, 0.0));
            }
            flow[i].1 += f64::from(live.exited) / hours.max(1e-9);
        }
    }
    Some(Detail::Junction(JunctionDetail { junction: index, signal, flow }))
}

/// How a group's light goes on under a plan that runs by the clock: what it shows at `time_s`, and for how many seconds more.
pub fn by_the_clock(plan: &SignalPlan, group: u16, time_s: f64) -> (Light, f64) {
    let (phase, into_s) = plan.phase_at(time_s);
    let phases = plan.phases();
    let mut light = None;
    let mut left_s = 0.0;
    let mut into = f64::from(into_s);
    // At most two rounds: a group that is green in every phase never changes.
    for step in 0..2 * phases.len() {
        let p = &phases[(phase + step) % phases.len()];
        let next = &phases[(phase + step + 1) % phases.len()];
        let is_in = p.groups.contains(&group);
        // A group that stays green in the next phase has no yellow between.
        let stays = is_in && next.groups.contains(&group);
        let parts = if stays {
            [(Light::Green, p.length_s()), (Light::Green, 0.0), (Light::Green, 0.0)]
        } else if is_in {
            [(Light::Green, p.green_s), (Light::Yellow, p.yellow_s), (Light::Red, p.all_red_s)]
        } else {
            [(Light::Red, p.length_s()), (Light::Red, 0.0), (Light::Red, 0.0)]
        };
        for (shows, length_s) in parts {
            let length = f64::from(length_s);
            if into >= length {
                into -= length;
                continue;
            }
            match light {
                None => light = Some(shows),
                Some(now) if now != shows => return (now, left_s),
                Some(_) => {}
            }
            left_s += length - into;
            into = 0.0;
        }
    }
    (light.unwrap_or_default(), left_s)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim_core::network::Phase;

    #[test]
    fn the_seconds_that_are_left_follow_the_plan() {
        let phase = |groups: &[u16], green_s| Phase { groups: groups.to_vec(), green_s, yellow_s: 3.0, all_red_s: 2.0 };
        let plan = SignalPlan::new(0.0, vec![phase(&[0, 2], 30.0), phase(&[1, 2], 20.0)]).unwrap();
        assert_eq!(by_the_clock(&plan, 0, 10.0), (Light::Green, 20.0));
        assert_eq!(by_the_clock(&plan, 0, 31.0), (Light::Yellow, 2.0));
        assert_eq!(by_the_clock(&plan, 0, 33.5), (Light::Red, 26.5));
        assert_eq!(by_the_clock(&plan, 1, 10.0), (Light::Red, 25.0));
        assert_eq!(by_the_clock(&plan, 2, 32.0).0, Light::Green, "green in both phases: no yellow between");
    }
}
