//! Signals of a scenario on its map: plans, controllers with the detectors they need, requests for green, faults.

use super::spot;
use crate::{
    demand::trips_flow_pcu,
    run::{RunError, load::Found},
    scenario::{
        check::Scenario,
        error::{ScenarioError, nearest},
        read::Parsed,
        signals::{ControllerName, DetectorErrorsName, FaultName, JunctionTable, Plans, SignalsTable, UNLABELLED},
    },
};
use sim_core::{
    control::{
        Actuated, AdvancedMaxPressure, Control, Controller, CoordinationSettings, CyclicMaxPressure, EfficientMaxPressure, Fault,
        FaultKind, Fixed, GroupSensors, JunctionControl, MaxPressure, Method, Needs, Onnx, Policy, Predictive, PredictiveOracle,
        Preemption, Priority, Rules, Trial, Webster, check_plan, coordinated_plans, equip,
    },
    demand::Trip,
    detector::Detector,
    ids::{ControllerId, DetectorId},
    network::{Phase, RoadNetwork, SignalPlan},
};

/// The controller of a junction that a table names by the junction's ref or its own.
fn controller_of(parsed: &Parsed, network: &RoadNetwork, key: &str, name: &str) -> Result<usize, ScenarioError> {
    let junction_of = |c: &sim_core::network::SignalController| &network.junctions[c.junction.index()].ref_;
    network.controllers.iter().position(|c| c.ref_.as_str() == name || junction_of(c).as_str() == name).ok_or_else(|| {
        let near = nearest(name, network.controllers.iter().map(|c| junction_of(c).as_str()));
        let hint = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        parsed.error_at(key, format!("no signalised junction or controller is called `{name}`{hint}"))
    })
}

/// Puts the scenario's signal plans in the place of the map's.
///
/// # Errors
/// A junction that is not there, a plan that is not safe: at its line of the file.
pub fn set_plans(parsed: &Parsed, network: &mut RoadNetwork) -> Result<(), RunError> {
    for (i, table) in parsed.file.signals.junctions.iter().enumerate() {
        let at = |key: &str, message: String| parsed.error_at(&format!("signals.junctions.{i}.{key}"), message);
        let n = controller_of(parsed, network, &format!("signals.junctions.{i}.junction"), &table.junction)?;
        if table.phases.is_empty() {
            if table.offset.is_some() {
                return Err(at("offset", "`offset` belongs to `phases`, which are missing".into()).into());
            }
            continue;
        }
        let groups = network.controllers[n].groups.len();
        let mut phases = Vec::new();
        for (p, phase) in table.phases.iter().enumerate() {
            if let Some(group) = phase.groups.iter().find(|g| usize::from(**g) >= groups) {
                let message = format!("there is no group {group}; this junction has {groups}, numbered from 0");
                return Err(at(&format!("phases.{p}.groups"), message).into());
            }
            phases.push(Phase {
                groups: phase.groups.clone(),
                green_s: phase.green.base() as f32,
                yellow_s: phase.yellow.base() as f32,
                all_red_s: phase.all_red.base() as f32,
            });
        }
        let offset_s = table.offset.map_or(0.0, |o| o.base()) as f32;
        let plan = SignalPlan::new(offset_s, phases).map_err(|e| at("phases", e.to_string()))?;
        check_plan(network, ControllerId::from_index(n), &plan).map_err(|e| at("phases", e.to_string()))?;
        network.controllers[n].plan = plan;
        network.controllers[n].plan_is_assumed = false;
    }
    Ok(())
}

/// The network with plans made from the flows of the demand, where the scenario asks for them.
///
/// # Errors
/// The demand cannot be drawn.
pub fn time_plans(
    scenario: &Scenario,
    network: &RoadNetwork,
    trips: impl FnOnce() -> Result<Vec<Trip>, RunError>,
) -> Result<Option<RoadNetwork>, RunError> {
    let signals = &scenario.parsed.file.signals;
    if !signals.makes_plans() {
        return Ok(None);
    }
    let flows = trips_flow_pcu(network, &scenario.classes, &trips()?, scenario.window.from_s, scenario.window.to_s);
    let settings = CoordinationSettings {
        cycle_s: signals.cycle.filter(|_| signals.controller == Some(ControllerName::Coordinated)).map(|c| c.base()),
        ..CoordinationSettings::default()
    };
    let mut timed = network.clone();
    for (c, plan) in coordinated_plans(network, &flows, &settings).into_iter().enumerate() {
        let own = own_table(network, signals, c);
        let has_phases = own.is_some_and(|t| !t.phases.is_empty());
        let is_coordinated = name_of(signals, own) == ControllerName::Coordinated || signals.plans == Plans::Coordinated;
        if is_coordinated && !has_phases {
            timed.controllers[c].plan = plan;
        }
    }
    Ok(Some(timed))
}

fn own_table<'a>(network: &RoadNetwork, signals: &'a SignalsTable, c: usize) -> Option<&'a JunctionTable> {
    let controller = &network.controllers[c];
    let names = [controller.ref_.as_str(), network.junctions[controller.junction.index()].ref_.as_str()];
    signals.junctions.iter().find(|t| names.contains(&t.junction.as_str()))
}

fn name_of(signals: &SignalsTable, own: Option<&JunctionTable>) -> ControllerName {
    own.and_then(|t| t.controller).or(signals.controller).unwrap_or(ControllerName::Fixed)
}

/// Refs of the junctions whose signals have several phases and run by the clock: those that something better can be installed at.
pub fn equippable(parsed: &Parsed, network: &RoadNetwork) -> Vec<String> {
    let signals = &parsed.file.signals;
    let by_the_clock = |c: usize| matches!(method(signals, name_of(signals, own_table(network, signals, c))), Method::Fixed(_));
    let can_choose = |c: &usize| network.controllers[*c].plan.phases().len() > 1 && by_the_clock(*c);
    (0..network.controllers.len())
        .filter(can_choose)
        .map(|c| network.junctions[network.controllers[c].junction.index()].ref_.to_string())
        .collect()
}

/// The controllers of a scenario, and the detectors they need at the end of `detectors`; `None` where every junction runs its plan.
///
/// # Errors
/// A parameter out of range or without a meaning, a junction that is not there: at its line of the file.
pub fn equip_signals(found: &Found, network: &RoadNetwork, detectors: &mut Vec<Detector>) -> Result<Option<Control>, RunError> {
    let parsed = &found.scenario.parsed;
    let signals = &parsed.file.signals;
    let has_faults = parsed.file.incidents.iter().any(|t| t.fault.is_some());
    if signals.is_empty() && !has_faults {
        return Ok(None);
    }
    check_keys(parsed)?;
    let policy = match &signals.network {
        Some(name) => Some(Policy::of(&found.source.read(name)?.bytes)),
        None => None,
    };
    let shipped = Rules::default();
    let rules = Rules {
        min_green_s: signals.min_green.map_or(shipped.min_green_s, |d| d.base() as f32),
        max_red_s: signals.max_red.map_or(shipped.max_red_s, |d| d.base() as f32),
    };
    let with_errors = signals.detector_errors == DetectorErrorsName::Typical;
    let mut junctions = Vec::new();
    for c in 0..network.controllers.len() {
        let name = name_of(signals, own_table(network, signals, c));
        let mut method = method(signals, name);
        if let (Method::Onnx(onnx), Some(policy)) = (&mut method, &policy) {
            onnx.policy = policy.clone();
        }
        if let Some(problem) = method.problem() {
            return Err(parsed.error_at("signals", format!("controller {}: {problem}", method.name())).into());
        }
        let can_choose = network.controllers[c].plan.phases().len() > 1;
        let method = if can_choose { method } else { Method::Fixed(Fixed {}) };
        let controller = ControllerId::from_index(c);
        // Whatever fails is replaced by an actuated controller, which needs the stop lines.
        let needs = if matches!(method, Method::Fixed(_)) { Needs::Clock } else { method.needs().max(Needs::StopLine) };
        let sensors = if needs == Needs::Clock { Vec::new() } else { equip(network, controller, needs, with_errors, detectors) };
        junctions.push(JunctionControl { controller, method, sensors, rules });
    }
    let faults = faults(parsed, network, &junctions, detectors)?;
    let control = Control {
        junctions,
        rules,
        latency_s: signals.latency.base() as f32,
        faults,
        preemption: signals.preemption.as_ref().map(|p| Preemption { range_m: p.range.base() as f32, longest_s: p.longest.base() as f32 }),
        priority: signals.priority.as_ref().map(|p| Priority {
            range_m: p.range.base() as f32,
            extension_s: p.extension.base() as f32,
            rest_s: p.rest.base() as f32,
        }),
    };
    let empty = sim_core::simulation::Simulation::new(
        std::sync::Arc::new(network.clone()),
        sim_core::class::ClassTable::default(),
        Vec::new(),
        detectors.clone(),
        sim_core::simulation::SimConfig::default(),
    )?;
    empty.with_control(&control).map_err(|e| parsed.error_at("signals", e.to_string()))?;
    Ok(Some(control))
}

/// Refuses parameters that no controller of the scenario has.
fn check_keys(parsed: &Parsed) -> Result<(), ScenarioError> {
    use ControllerName as N;
    let signals = &parsed.file.signals;
    let names: Vec<N> =
        std::iter::once(name_of(signals, None)).chain(signals.junctions.iter().map(|t| name_of(signals, Some(t)))).collect();
    let ordered = parsed.file.interventions.iter().filter_map(|t| t.controller);
    let bounds = |n: &N| n.is_upper_bound();
    if !signals.upper_bound
        && let Some(i) = names.iter().position(bounds)
    {
        let key = if i == 0 && signals.controller.is_some_and(N::is_upper_bound) { "signals.controller" } else { "signals.junctions" };
        return Err(parsed.error_at(key, UNLABELLED));
    }
    if signals.upper_bound && !names.iter().copied().chain(ordered).any(N::is_upper_bound) {
        return Err(parsed.error_at("signals.upper_bound", "no controller of this scenario is an upper bound; remove `upper_bound`"));
    }
    let of: [(&str, bool, &[N]); 7] = [
        (
            "interval",
            signals.interval.is_some(),
            &[N::Webster, N::MaxPressure, N::EfficientMaxPressure, N::AdvancedMaxPressure, N::Predictive, N::PredictiveOracle, N::Onnx],
        ),
        ("gap", signals.gap.is_some(), &[N::Actuated]),
        ("max_green", signals.max_green.is_some(), &[N::Actuated]),
        ("cycle", signals.cycle.is_some(), &[N::CyclicMaxPressure, N::Coordinated]),
        ("weight", signals.weight.is_some(), &[N::AdvancedMaxPressure]),
        ("network", signals.network.is_some(), &[N::Onnx]),
        ("fails_after", signals.fails_after.is_some(), &[N::Trial]),
    ];
    for (key, is_set, whose) in of {
        if is_set && !names.iter().any(|n| whose.contains(n)) {
            let message = format!("`{key}` has no meaning for the controllers of this scenario; remove it or choose another controller");
            return Err(parsed.error_at(&format!("signals.{key}"), message));
        }
    }
    Ok(())
}

/// A controller by name, with the scenario's parameters.
pub(crate) fn method(signals: &SignalsTable, name: ControllerName) -> Method {
    let min_green_s = signals.min_green.map(|d| d.base());
    let interval_s = signals.interval.map(|d| d.base());
    match name {
        ControllerName::Fixed | ControllerName::Coordinated => Method::Fixed(Fixed {}),
        ControllerName::Webster => {
            let mut m = Webster::default();
            m.interval_s = interval_s.unwrap_or(m.interval_s);
            m.min_green_s = min_green_s.unwrap_or(m.min_green_s);
            Method::Webster(m)
        }
        ControllerName::Actuated => {
            let mut m = Actuated::default();
            m.min_green_s = min_green_s.unwrap_or(m.min_green_s);
            m.gap_s = signals.gap.map_or(m.gap_s, |d| d.base());
            m.max_green_s = signals.max_green.map(|d| d.base());
            Method::Actuated(m)
        }
        ControllerName::MaxPressure => {
            let mut m = MaxPressure::default();
            m.interval_s = interval_s.unwrap_or(m.interval_s);
            Method::MaxPressure(m)
        }
        ControllerName::CyclicMaxPressure => {
            let mut m = CyclicMaxPressure::default();
            m.cycle_s = signals.cycle.map(|d| d.base());
            m.min_green_s = min_green_s.unwrap_or(m.min_green_s);
            Method::CyclicMaxPressure(m)
        }
        ControllerName::EfficientMaxPressure => {
            let mut m = EfficientMaxPressure::default();
            m.interval_s = interval_s.unwrap_or(m.interval_s);
            Method::EfficientMaxPressure(m)
        }
        ControllerName::AdvancedMaxPressure => {
            let mut m = AdvancedMaxPressure::default();
            m.interval_s = interval_s.unwrap_or(m.interval_s);
            m.weight = signals.weight.map_or(m.weight, |w| w as f32);
            Method::AdvancedMaxPressure(m)
        }
        ControllerName::Predictive => {
            let mut m = Predictive::default();
            m.interval_s = interval_s.unwrap_or(m.interval_s);
            Method::Predictive(m)
        }
        ControllerName::PredictiveOracle => {
            let mut m = PredictiveOracle::default();
            m.of.interval_s = interval_s.unwrap_or(m.of.interval_s);
            Method::PredictiveOracle(m)
        }
        ControllerName::Onnx => {
            let mut m = Onnx::default();
            m.interval_s = interval_s.unwrap_or(m.interval_s);
            Method::Onnx(m)
        }
        ControllerName::Trial => {
            let mut m = Trial::default();
            m.fails_after_s = signals.fails_after.map(|d| d.base()).or(m.fails_after_s);
            Method::Trial(m)
        }
    }
}

/// The faults among the incidents.
fn faults(
    parsed: &Parsed,
    network: &RoadNetwork,
    junctions: &[JunctionControl],
    detectors: &[Detector],
) -> Result<Vec<Fault>, ScenarioError> {
    let mut all: Vec<Fault> = Vec::new();
    for (i, table) in parsed.file.incidents.iter().enumerate() {
        let Some(fault) = table.fault else { continue };
        let key = |what: &str| format!("incidents.{i}.{what}");
        let of_roads = [
            ("link", table.link.is_some()),
            ("road", table.road.is_some()),
            ("near", table.near.is_some()),
            ("position", table.position.is_some()),
            ("length", table.length.is_some()),
            ("lanes", table.lanes.is_some()),
            ("slow", table.slow.is_some()),
            ("classes", !table.classes.is_empty()),
        ];
        if let Some((what, _)) = of_roads.iter().find(|(_, is_set)| *is_set) {
            return Err(parsed.error_at(&key(what), format!("`{what}` has no meaning for an incident with a `fault`; remove it")));
        }
        let these: Vec<usize> = match &table.junction {
            Some(name) => vec![controller_of(parsed, network, &key("junction"), name)?],
            None => (0..network.controllers.len()).collect(),
        };
        let approach = match &table.approach {
            Some(name) if fault != FaultName::CutLine => Some(spot::link_of(parsed, network, &key("approach"), name)?),
            Some(_) => return Err(parsed.error_at(&key("approach"), "`approach` has no meaning for a cut line; remove it")),
            None => None,
        };
        let own = |s: &GroupSensors| s.stop_line.iter().chain(&s.approach).copied().collect::<Vec<DetectorId>>();
        let mut broken: Vec<DetectorId> = these
            .iter()
            .flat_map(|c| &junctions[*c].sensors)
            .flat_map(own)
            .filter(|d| approach.is_none_or(|l| detectors[d.index()].link == l))
            .collect();
        broken.sort_unstable();
        broken.dedup();
        let kind = match fault {
            FaultName::CutLine => FaultKind::Cut(these.iter().map(|c| ControllerId::from_index(*c)).collect()),
            _ if broken.is_empty() => {
                let message = "no controller has detectors there: choose one that looks, e.g. `actuated`, or another place";
                return Err(parsed.error_at(&key("fault"), message));
            }
            FaultName::DeadDetectors => FaultKind::Dead(broken),
            FaultName::StuckDetectors => FaultKind::Stuck(broken),
        };
        let name = table.name.clone().unwrap_or_else(|| format!("incident-{}", i + 1));
        let (start_s, end_s) = (table.from.seconds(), table.to.seconds());
        if end_s <= start_s {
            return Err(parsed.error_at(&key("to"), "the fault ends before it begins"));
        }
        all.push(Fault { ref_: name.as_str().into(), kind, start_s, end_s });
    }
    Ok(all)
}
