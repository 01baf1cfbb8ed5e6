//! How the signals of a simulation are controlled: what it is given, and the same made ready for the step.

use super::{
    ConflictMatrix, Controller, Fault, FaultKind, Fixed, GroupSensors, GroupSet, Method, Needs, Preemption, Priority, Rules,
    calls::callers,
    equip,
    outlook::{Source, sources},
};
use crate::{
    detector::Detector,
    draw,
    error::SimError,
    ids::{ControllerId, DetectorId},
    network::RoadNetwork,
    plan::Plan,
    walk::crossed_movements,
};
use rayon::prelude::*;

/// How one junction is controlled.
#[derive(Clone, Debug, PartialEq)]
pub struct JunctionControl {
    /// Which.
    pub controller: ControllerId,
    /// By what.
    pub method: Method,
    /// What watches each of its groups; see [`super::equip`].
    pub sensors: Vec<GroupSensors>,
    /// What whatever controls it is held to.
    pub rules: Rules,
}

/// How all junctions are controlled. Those that are not listed run their plan by the clock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Control {
    /// One junction each.
    pub junctions: Vec<JunctionControl>,
    /// Rules of the junctions that are not listed.
    pub rules: Rules,
    /// How late controllers hear of what detectors see, seconds, 0 to 30.
    pub latency_s: f32,
    /// What is broken, and when.
    pub faults: Vec<Fault>,
    /// Green for ambulances and fire engines, if there is any.
    pub preemption: Option<Preemption>,
    /// Help for buses, if there is any.
    pub priority: Option<Priority>,
}

/// What a group's detectors are, as positions in the list of used ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watches {
    pub(crate) stop_line: Vec<u32>,
    pub(crate) approach: Vec<u32>,
    pub(crate) entries: Vec<u32>,
    pub(crate) own_entries: Vec<u32>,
    pub(crate) travel_s: f32,
    pub(crate) exits: Vec<(u32, f32, f32)>,
    pub(crate) lanes: f32,
}

impl Watches {
    /// What watches a group; `place` is where a detector stands in the list of used ones.
    pub(super) fn of(s: &GroupSensors, mut place: impl FnMut(&DetectorId) -> u32) -> Self {
        Self {
            stop_line: s.stop_line.iter().map(&mut place).collect(),
            approach: s.approach.iter().map(&mut place).collect(),
            entries: s.entries.iter().map(&mut place).collect(),
            own_entries: s.own_entries.iter().map(&mut place).collect(),
            travel_s: s.travel_s,
            exits: s.exits.iter().map(|(d, share, lanes)| (place(d), *share, *lanes)).collect(),
            lanes: s.lanes,
        }
    }
}

/// One junction, made ready.
#[derive(Clone, Debug)]
pub(crate) struct JunctionPlan {
    pub(crate) matrix: ConflictMatrix,
    pub(crate) rules: Rules,
    /// By group; empty where nothing watches.
    pub(crate) watches: Vec<Watches>,
    /// By group: the crossings its traffic goes straight over, as positions in the list of walkways. Empty where there are none.
    pub(crate) crossings: Vec<Vec<u32>>,
    /// By group: the groups upstream that send vehicles to it. Empty where its controller does not ask for them.
    pub(crate) sources: Vec<Vec<Source>>,
    /// What controls it when nothing is broken, as it begins.
    pub(crate) method: Method,
    /// What its detectors can tell.
    needs: Needs,
    pub(crate) key: u64,
}

/// All of it, made ready.
#[derive(Clone, Debug, Default)]
pub(crate) struct ControlPlan {
    pub(crate) junctions: Vec<JunctionPlan>,
    /// Detectors that any controller uses, and the length of the stretch that each watches.
    pub(crate) used: Vec<DetectorId>,
    pub(crate) length_m: Vec<f32>,
    pub(crate) latency_steps: usize,
    pub(crate) faults: Vec<Fault>,
    pub(crate) preemption: Option<Preemption>,
    pub(crate) priority: Option<Priority>,
    pub(crate) callers: Vec<(crate::ids::VehicleId, bool)>,
}

impl ControlPlan {
    /// Every junction on its plan.
    ///
    /// # Errors
    /// A plan of the map that is not safe.
    pub(crate) fn fixed(network: &RoadNetwork, pool: &rayon::ThreadPool) -> Result<Self, SimError> {
        let make = |n: usize| -> Result<JunctionPlan, SimError> {
            let id = ControllerId::from_index(n);
            let c = network.controller(id);
            let bad = |problem| Err(SimError::BadPlan { controller: c.ref_.clone(), problem });
            if c.groups.len() > GroupSet::MOST {
                return bad(format!("has {} groups, expected at most {}", c.groups.len(), GroupSet::MOST));
            }
            super::check_plan(network, id, &c.plan)?;
            let matrix = ConflictMatrix::of(network, id);
            let matrix = if c.plan_is_assumed { matrix } else { matrix.trusting(&c.plan) };
            Ok(JunctionPlan {
                matrix,
                rules: Rules::default(),
                watches: Vec::new(),
                crossings: Vec::new(),
                sources: Vec::new(),
                method: Method::Fixed(Fixed {}),
                needs: Needs::Clock,
                key: draw::key_of(&c.ref_),
            })
        };
        let junctions = pool.install(|| (0..network.controllers.len()).into_par_iter().map(make).collect::<Result<_, _>>())?;
        Ok(Self { junctions, ..Self::default() })
    }

    /// Whether anything of it needs to know where vehicles are, other than by detectors.
    pub(crate) fn looks_at_roads(&self) -> bool {
        !self.callers.is_empty() || self.junctions.iter().any(|j| j.method.needs() == Needs::Truth)
    }

    /// Takes over a configuration.
    ///
    /// # Errors
    /// A junction or detector that is not there, a parameter out of range.
    pub(crate) fn configure(plan: &mut Plan, control: &Control) -> Result<(), SimError> {
        check(plan, control)?;
        let mut made = std::mem::take(&mut plan.control);
        made.junctions.iter_mut().for_each(|j| j.rules = control.rules);
        let mut used: Vec<DetectorId> = control.junctions.iter().flat_map(|j| &j.sensors).flat_map(GroupSensors::ids).collect();
        used.sort_unstable();
        used.dedup();
        // Every one is in the list it was collected into.
        let place = |d: &DetectorId| used.partition_point(|u| u < d) as u32;
        for j in &control.junctions {
            let junction = &mut made.junctions[j.controller.index()];
            junction.rules = j.rules;
            junction.method = j.method.clone();
            junction.needs = if j.sensors.is_empty() { Needs::Clock } else { j.method.needs() };
            junction.sources = sources_for(&plan.network, j.controller, junction.needs);
            junction.watches = j.sensors.iter().map(|s| Watches::of(s, place)).collect();
        }
        made.length_m = used.iter().map(|d| plan.detectors[d.index()].length_m).collect();
        made.used = used;
        made.latency_steps = libm::roundf(control.latency_s / plan.dt) as usize;
        made.faults.clone_from(&control.faults);
        (made.preemption, made.priority) = (control.preemption, control.priority);
        made.callers = callers(plan, control.preemption.is_some(), control.priority.is_some());
        plan.control = made;
        Ok(())
    }

    /// Gives a junction another controller in the middle of a run, and the detectors that it or what replaces it needs.
    pub(crate) fn change_method(plan: &mut Plan, controller: ControllerId, method: &Method, with_errors: bool) {
        let can_choose = |m: &Method| !matches!(m, Method::Fixed(_));
        let needs = if can_choose(method) { method.needs().max(Needs::StopLine) } else { Needs::Clock };
        plan.control.junctions[controller.index()].method = method.clone();
        if needs <= plan.control.junctions[controller.index()].needs {
            return;
        }
        let mut detectors: Vec<Detector> = plan.detectors.to_vec();
        let sensors = equip(&plan.network, controller, needs, with_errors, &mut detectors);
        let new = detectors.split_off(plan.detectors.len());
        plan.add_detectors(new);
        let control = &mut plan.control;
        // What is heard keeps its place: new ones come behind.
        let mut place = |d: DetectorId| match control.used.iter().position(|u| *u == d) {
            Some(n) => n as u32,
            None => {
                control.used.push(d);
                control.length_m.push(plan.detectors[d.index()].length_m);
                control.used.len() as u32 - 1
            }
        };
        let watches = sensors.iter().map(|s| Watches::of(s, |d| place(*d))).collect();
        let junction = &mut control.junctions[controller.index()];
        (junction.watches, junction.needs) = (watches, needs);
        junction.sources = sources_for(&plan.network, controller, needs);
    }

    /// Notes whose traffic goes over which crossing.
    pub(crate) fn note_crossings(plan: &mut Plan) {
        let mut made = std::mem::take(&mut plan.control);
        for (c, junction) in made.junctions.iter_mut().enumerate() {
            junction.crossings = vec![Vec::new(); plan.network.controllers[c].groups.len()];
        }
        for (w, walkway) in plan.walkways.iter().enumerate() {
            for m in crossed_movements(&plan.network, walkway) {
                let movement = plan.network.movement(m);
                if let (crate::network::JunctionKind::Signal(c), Some(g)) = (plan.network.junction(movement.junction).kind, movement.group)
                {
                    let crossings = &mut made.junctions[c.index()].crossings[usize::from(g)];
                    if !crossings.contains(&(w as u32)) {
                        crossings.push(w as u32);
                    }
                }
            }
        }
        plan.control = made;
    }
}

/// The sources of a junction whose controller has detectors for these needs.
fn sources_for(network: &RoadNetwork, controller: ControllerId, needs: Needs) -> Vec<Vec<Source>> {
    if needs >= Needs::Entries { sources(network, controller) } else { Vec::new() }
}

fn check(plan: &Plan, control: &Control) -> Result<(), SimError> {
    let network = &plan.network;
    let bad = |what: &str, problem: String| Err(SimError::BadControl { what: what.to_owned(), problem });
    if let Some(problem) = control.rules.problem() {
        return bad("every junction", problem);
    }
    if !(0.0..=30.0).contains(&control.latency_s) {
        return bad("every junction", format!("controllers hear of detectors after {} s, expected 0 to 30 s", control.latency_s));
    }
    for (i, j) in control.junctions.iter().enumerate() {
        let Some(c) = network.controllers.get(j.controller.index()) else {
            return Err(SimError::UnknownController(j.controller.0, network.controllers.len()));
        };
        let name = c.ref_.as_str();
        if control.junctions[..i].iter().any(|o| o.controller == j.controller) {
            return bad(name, "is given two controllers, expected one".into());
        }
        if let Some(problem) = j.method.problem().or_else(|| j.rules.problem()) {
            return bad(name, problem);
        }
        if j.method.needs() > Needs::Clock && j.sensors.len() != c.groups.len() {
            return bad(name, format!("has detectors for {} groups, expected one set for each of its {}", j.sensors.len(), c.groups.len()));
        }
        if let Some(d) = j.sensors.iter().flat_map(GroupSensors::ids).find(|d| d.index() >= plan.detectors.len()) {
            return bad(name, format!("listens to detector {}, there are {}", d.0, plan.detectors.len()));
        }
    }
    for fault in &control.faults {
        let name = fault.ref_.as_str();
        if !(fault.start_s.is_finite() && fault.start_s < fault.end_s) {
            return bad(name, format!("lasts from {} to {} s, expected an end after the start", fault.start_s, fault.end_s));
        }
        let is_there = match &fault.kind {
            FaultKind::Dead(ids) | FaultKind::Stuck(ids) => ids.iter().all(|d| d.index() < plan.detectors.len()),
            FaultKind::Cut(ids) => ids.iter().all(|c| c.index() < network.controllers.len()),
        };
        if !is_there {
            return bad(name, "names a detector or junction that is not there".into());
        }
    }
    if let Some(p) = control.preemption
        && !((10.0..=2000.0).contains(&p.range_m) && (10.0..=600.0).contains(&p.longest_s))
    {
        return bad("pre-emption", format!("range {} m, longest {} s; expected 10 to 2000 m, 10 to 600 s", p.range_m, p.longest_s));
    }
    if let Some(p) = control.priority
        && !((10.0..=1000.0).contains(&p.range_m) && (1.0..=60.0).contains(&p.extension_s) && (0.0..=3600.0).contains(&p.rest_s))
    {
        let found = format!("range {} m, extension {} s, rest {} s", p.range_m, p.extension_s, p.rest_s);
        return bad("bus priority", format!("{found}; expected 10 to 1000 m, 1 to 60 s, 0 to 3600 s"));
    }
    Ok(())
}
