//! The interventions of a scenario made ready for its runs: found on the map, rehearsed on an empty simulation, and what travellers do about them.

use super::{
    RunError,
    conditions::{Conditions, equip_signals},
    load::Found,
    simulate::Setup,
};
use crate::{
    demand::assign::Closed,
    intervention::{Script, Site, What, built},
    scenario::{
        check::{Scenario, Window},
        file::ScenarioFile,
        interventions::{InterventionKind as Kind, Response},
    },
};
use sim_core::{
    demand::Trip,
    detector::Detector,
    network::{JunctionKind, RoadNetwork},
    reference::Ref,
};
use std::sync::Arc;

/// The map and hours that interventions of a scenario are read against; `zones` are those of its demand.
pub fn site<'a>(found: &'a Found, network: &'a RoadNetwork, loads: &'a [f64], zones: &'a [(Ref, String)]) -> Site<'a> {
    let window: &Window = &found.scenario.window;
    let dt = (f64::from(window.step_s) * 1e6).round() / 1e6;
    Site {
        network,
        source: Some(&found.source),
        signals: &found.scenario.parsed.file.signals,
        loads,
        zones,
        start_s: window.from_s,
        end_s: window.to_s,
        cool_down_s: window.cool_down_s,
        step_s: dt,
    }
}

/// The network and conditions of a scenario with the new roads, lines and car parks among its interventions; `None` where there are none. The
/// links of `network` keep their numbers, so that trips and detectors on it remain what they were; `detectors` behind the first `counting` are
/// those of controllers and are placed anew.
///
/// # Errors
/// An intervention that makes no sense, at its line.
pub fn built_with(
    found: &Found,
    network: &Arc<RoadNetwork>,
    detectors: &mut Vec<Detector>,
    counting: usize,
) -> Result<Option<(Arc<RoadNetwork>, Conditions)>, RunError> {
    let parsed = &found.scenario.parsed;
    if !parsed.file.interventions.iter().any(|t| t.kind.is_built()) {
        return Ok(None);
    }
    let network = built::network(parsed, network)?;
    let mut changed = found.clone();
    changed.scenario.parsed = built::services(parsed)?;
    let (conditions, _) = Conditions::of(&changed, &network)?;
    detectors.truncate(counting);
    let control = equip_signals(found, &network, detectors)?;
    Ok(Some((network, Conditions { control, ..conditions })))
}

/// The script of a scenario, tried on a simulation without trips so that what the engine refuses is told before anything runs, at its line.
/// `zones` are those of its demand, its `trips` are asked for where the busiest junctions are meant or trips are changed.
///
/// # Errors
/// An intervention that makes no sense or contradicts another one.
pub fn script_of(
    found: &Found,
    network: &Arc<RoadNetwork>,
    detectors: &[Detector],
    conditions: &Arc<Conditions>,
    zones: &[(Ref, String)],
    trips: impl Fn() -> Result<Vec<Trip>, RunError>,
) -> Result<Script, RunError> {
    let Scenario { parsed, window, classes, .. } = &found.scenario;
    let tables = &parsed.file.interventions;
    if tables.is_empty() {
        return Ok(Script::default());
    }
    let loads = if tables.iter().any(|t| t.busiest.is_some()) { loads(network, &trips()?) } else { Vec::new() };
    let script = Script::of(parsed, &site(found, network, &loads, zones))?;
    if script.changes_trips() {
        script.check_on(&trips()?, network, parsed)?;
    }
    let setup = Setup {
        network: network.clone(),
        classes: classes.clone(),
        trips: Vec::new(),
        detectors: detectors.to_vec(),
        conditions: Arc::new(Conditions { lines: Vec::new(), script: Script::default(), ..(**conditions).clone() }),
        window: *window,
        seed: 1,
        threads: 1,
        conflicts: false,
    };
    let mut empty = setup.begin()?;
    script.rehearse(&mut empty).map_err(|(n, why)| parsed.error_at(&format!("interventions.{n}"), why))?;
    Ok(script)
}

/// How many of the trips come to each signal controller.
fn loads(network: &RoadNetwork, trips: &[Trip]) -> Vec<f64> {
    let mut loads = vec![0.0; network.controllers.len()];
    for link in trips.iter().flat_map(|t| t.route.iter().take(t.route.len() - 1)) {
        if let JunctionKind::Signal(c) = network.junction(network.link(*link).to).kind {
            loads[c.index()] += 1.0;
        }
    }
    loads
}

/// What travellers do: what the scenario says, else that ways are chosen anew for closures, new links, demand and departures that hold from the beginning or were
/// announced.
pub fn response_of(file: &ScenarioFile) -> Response {
    let known = |kind: Kind| matches!(kind, Kind::Closure | Kind::Demand | Kind::Departures | Kind::NewLink);
    let is_announced = file.interventions.iter().any(|t| !t.edit && known(t.kind));
    file.response.unwrap_or(if is_announced { Response::Reassigned } else { Response::None })
}

/// What is closed to whom and when, as those know it who choose their ways before they set out.
pub fn closures(script: &Script, network: &RoadNetwork, site: &Site<'_>) -> Vec<Closed> {
    let mut all = Vec::new();
    for item in script.items.iter().filter(|i| !i.edit) {
        let What::Close { at, classes, opens: false } = &item.what else { continue };
        let from_s = site.time_of(item.step);
        for (link, lanes) in at.iter().filter(|(link, lanes)| lanes.len() == network.link(*link).lanes.len()) {
            let opened = script.items.iter().filter(|i| i.step > item.step).filter(|i| match &i.what {
                What::Close { at, opens: true, .. } => at.iter().any(|(l, n)| l == link && n.iter().any(|n| lanes.contains(n))),
                _ => false,
            });
            let until = item.until.into_iter().chain(opened.map(|i| i.step)).min();
            let until_s = until.map_or(f64::INFINITY, |step| site.time_of(step));
            all.push(Closed { link: *link, classes: *classes, from_s, until_s });
        }
    }
    all.sort_by(|a, b| a.link.cmp(&b.link).then(a.from_s.total_cmp(&b.from_s)));
    all
}
