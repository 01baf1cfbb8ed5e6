//! Signals: on or off, and their plans. A given plan makes the groups: movements of one approach that are green in the same phases
//! are one group.

use super::{Applied, CANDIDATES, Log, draft::Draft};
use crate::corrections::{
    model::{Entry, PhaseChange, SignalChange},
    report::Outcome,
};
use crate::index::near_refs;
use sim_core::{
    ids::{ControllerId, JunctionId, LinkId, MovementId},
    network::{ConflictKind, JunctionKind, Phase, RoadNetwork, SignalGroup, SignalPlan, Turn, movements_conflict},
    reference::Ref,
};
use std::collections::{BTreeMap, BTreeSet};

/// Switches signals on or off; plans come once the movements are known.
pub(super) fn switch(draft: &mut Draft, entry: &Entry<SignalChange>, log: &mut Log) -> Applied {
    let what = &entry.what;
    let Some(junction) = log.junction(draft, entry.line, "signal", what.junction.as_str()) else { return false };
    let has_signals = matches!(draft.junction(junction).kind, JunctionKind::Signal(_));
    let wants_plan = what.offset_s.is_some() || !what.phases.is_empty();
    if has_signals != what.remove && !wants_plan {
        return log.left_out(entry.line, "signal", &what.junction, Outcome::WithoutEffect, "the map says so already");
    }
    if !what.remove && draft.movements[junction.index()].is_empty() {
        return log.left_out(
            entry.line,
            "signal",
            &what.junction,
            Outcome::Refused,
            "no movement leads through it that a signal could hold",
        );
    }
    draft.set_signal(junction, !what.remove);
    if !what.remove && !has_signals && what.phases.is_empty() {
        log.note(entry.line, "signal", &what.junction, "signals without a plan: a default one was made");
    }
    true
}

/// A phase as sets of movements.
struct Green {
    movements: BTreeSet<MovementId>,
    green_s: f32,
    yellow_s: f32,
    all_red_s: f32,
}

/// Makes the groups and plans fit again after movements came or went.
pub(super) fn mend(network: &mut RoadNetwork, anew: &BTreeSet<JunctionId>) {
    for i in 0..network.controllers.len() {
        let id = ControllerId::from_index(i);
        let junction = network.controllers[i].junction;
        if anew.contains(&junction) {
            make_default(network, id);
        } else if network.controllers[i].groups.iter().any(|g| g.movements.is_empty()) {
            let greens = greens_of(network, id);
            let (offset_s, assumed) = (network.controllers[i].plan.offset_s(), network.controllers[i].plan_is_assumed);
            if install(network, id, offset_s, &greens, assumed).is_err() {
                make_default(network, id);
            }
        }
    }
    drop_controllers_without_movements(network);
}

/// The phases of a plan that still have a movement.
fn greens_of(network: &RoadNetwork, controller: ControllerId) -> Vec<Green> {
    let c = network.controller(controller);
    let phase = |p: &Phase| Green {
        movements: p.groups.iter().flat_map(|g| c.groups[usize::from(*g)].movements.iter().copied()).collect(),
        green_s: p.green_s,
        yellow_s: p.yellow_s,
        all_red_s: p.all_red_s,
    };
    c.plan.phases().iter().map(phase).filter(|p| !p.movements.is_empty()).collect()
}

/// Gives a controller these phases: groups are made from them.
fn install(network: &mut RoadNetwork, controller: ControllerId, offset_s: f32, greens: &[Green], assumed: bool) -> Result<(), String> {
    let junction = network.controller(controller).junction;
    let mut groups: BTreeMap<(LinkId, Vec<usize>), Vec<MovementId>> = BTreeMap::new();
    for id in network.movements_of(junction) {
        let phases: Vec<usize> = (0..greens.len()).filter(|p| greens[*p].movements.contains(&id)).collect();
        if !phases.is_empty() {
            groups.entry((network.movement(id).from, phases)).or_default().push(id);
        }
    }
    let phases = greens.iter().enumerate().map(|(p, g)| {
        let has_green = groups.keys().enumerate().filter(|(_, (_, phases))| phases.contains(&p)).map(|(g, _)| g as u16);
        Phase { groups: has_green.collect(), green_s: g.green_s, yellow_s: g.yellow_s, all_red_s: g.all_red_s }
    });
    let plan = SignalPlan::new(offset_s, phases.collect()).map_err(|e| e.to_string())?;
    for id in network.junction(junction).movements.clone() {
        network.movements[id as usize].group = None;
    }
    let mut made = vec![];
    for (g, ((from, _), movements)) in groups.into_iter().enumerate() {
        movements.iter().for_each(|m| network.movements[m.index()].group = Some(g as u16));
        made.push(SignalGroup { name: group_name(network, from, &movements), movements });
    }
    let c = &mut network.controllers[controller.index()];
    (c.groups, c.plan, c.plan_is_assumed) = (made, plan, assumed);
    Ok(())
}

/// The street and arrows, e.g. `Nguyễn Trãi ↑→`.
fn group_name(network: &RoadNetwork, from: LinkId, movements: &[MovementId]) -> String {
    let turns: BTreeSet<Turn> = movements.iter().map(|m| network.movement(*m).turn).collect();
    let arrow = |t: &Turn| match t {
        Turn::Left => '←',
        Turn::Through => '↑',
        Turn::Right => '→',
        Turn::UTurn => '↶',
    };
    let link = network.link(from);
    format!("{} {}", link.name.as_deref().unwrap_or(link.ref_.as_str()), turns.iter().map(arrow).collect::<String>())
}

/// A plan nobody gave: the one the import would have made. Where no two streams conflict (a crossing for pedestrians), one phase for all.
fn make_default(network: &mut RoadNetwork, controller: ControllerId) {
    let junction = network.controller(controller).junction;
    let Some(made) = crate::import::default_controller(network, junction) else {
        let movements: BTreeSet<MovementId> = network.movements_of(junction).collect();
        let green = Green { movements, green_s: 30.0, yellow_s: 3.0, all_red_s: 2.0 };
        if green.movements.is_empty() || install(network, controller, 0.0, &[green], true).is_err() {
            network.controllers[controller.index()].groups.clear();
        }
        return;
    };
    for id in network.movements_of(junction).collect::<Vec<_>>() {
        network.movements[id.index()].group = None;
    }
    for (g, group) in made.groups.iter().enumerate() {
        group.movements.iter().for_each(|m| network.movements[m.index()].group = Some(g as u16));
    }
    let c = &mut network.controllers[controller.index()];
    (c.groups, c.plan, c.plan_is_assumed) = (made.groups, made.plan, true);
}

/// Controllers that hold nothing are no controllers.
fn drop_controllers_without_movements(network: &mut RoadNetwork) {
    let holds = |network: &RoadNetwork, i: usize| !network.controllers[i].groups.is_empty();
    if (0..network.controllers.len()).all(|i| holds(network, i)) {
        return;
    }
    let mut kept = vec![];
    for (i, controller) in network.controllers.clone().into_iter().enumerate() {
        let junction = &mut network.junctions[controller.junction.index()];
        if controller.groups.is_empty() {
            junction.kind = JunctionKind::Priority;
        } else {
            junction.kind = JunctionKind::Signal(ControllerId::from_index(kept.len()));
            debug_assert!(holds(network, i));
            kept.push(controller);
        }
    }
    network.controllers = kept;
}

/// Installs the plan an entry gives.
pub(super) fn set_plan(network: &mut RoadNetwork, entry: &Entry<SignalChange>, log: &mut Log) {
    let what = &entry.what;
    let Some(controller) = network.controllers.iter().position(|c| network.junction(c.junction).ref_ == what.junction) else { return };
    let controller = ControllerId::from_index(controller);
    let offset_s = what.offset_s.unwrap_or_else(|| network.controller(controller).plan.offset_s());
    let result = if what.phases.is_empty() {
        let c = &mut network.controllers[controller.index()];
        SignalPlan::new(offset_s, c.plan.phases().to_vec()).map(|plan| c.plan = plan).map_err(|e| e.to_string())
    } else {
        let mut candidates = vec![];
        let made = greens(network, controller, &what.phases, &mut candidates)
            .and_then(|greens| check_greens(network, controller, &greens).map(|()| greens))
            .and_then(|greens| install(network, controller, offset_s, &greens, false));
        if let Err(message) = made {
            let message = format!("{message}; the plan it had stays");
            log.left_out(entry.line, "signal", &what.junction, Outcome::Refused, message);
            log.report.applied = log.report.applied.saturating_sub(1);
            if let Some(remark) = log.report.remarks.last_mut() {
                remark.candidates = candidates;
            }
        }
        Ok(())
    };
    if let Err(message) = result {
        log.left_out(entry.line, "signal", &what.junction, Outcome::Refused, message);
    }
}

/// The movements that each phase of an entry names.
fn greens(
    network: &RoadNetwork,
    controller: ControllerId,
    phases: &[PhaseChange],
    candidates: &mut Vec<Ref>,
) -> Result<Vec<Green>, String> {
    let junction = network.junction(network.controller(controller).junction);
    let mut find = |ref_: &Ref, links: &[LinkId], role: &str| {
        let found = links.iter().copied().find(|l| network.link(*l).ref_ == *ref_);
        if found.is_none() {
            candidates.extend(near_refs(ref_.as_str(), links.iter().map(|l| &network.link(*l).ref_), CANDIDATES));
        }
        found.ok_or_else(|| format!("no link {ref_} {role} {}", junction.ref_))
    };
    let mut all = vec![];
    for phase in phases {
        let mut movements = BTreeSet::new();
        for approach in &phase.approaches {
            let from = find(approach, &junction.incoming, "ends at")?;
            movements.extend(network.movements_from(from));
        }
        for (from, to) in &phase.movements {
            let (from_id, to_id) = (find(from, &junction.incoming, "ends at")?, find(to, &junction.outgoing, "begins at")?);
            let movement = network.movement_between(from_id, to_id).ok_or_else(|| format!("there is no turn {from} > {to}"))?;
            movements.insert(movement);
        }
        all.push(Green { movements, green_s: phase.green_s, yellow_s: phase.yellow_s, all_red_s: phase.all_red_s });
    }
    Ok(all)
}

/// Everybody gets green at some time, and never two at once that cross without one of them yielding.
fn check_greens(network: &RoadNetwork, controller: ControllerId, greens: &[Green]) -> Result<(), String> {
    let junction = network.controller(controller).junction;
    let name = |m: MovementId| format!("{} > {}", network.link(network.movement(m).from).ref_, network.link(network.movement(m).to).ref_);
    for id in network.movements_of(junction) {
        // What no signal held before, a slip lane, may stay so.
        let must_be_held = network.movement(id).group.is_some();
        if must_be_held && !greens.iter().any(|g| g.movements.contains(&id)) {
            return Err(format!("{} never gets green", name(id)));
        }
    }
    for (p, green) in greens.iter().enumerate() {
        if let Some((a, b)) = first_crossing(network, &green.movements) {
            return Err(format!("phase {} gives green to {} and {} at once, which cross", p + 1, name(a), name(b)));
        }
    }
    Ok(())
}

/// The first two movements that cross without one of them yielding (turning across or back).
fn first_crossing(network: &RoadNetwork, movements: &BTreeSet<MovementId>) -> Option<(MovementId, MovementId)> {
    let across = super::ways::turn_across(network.meta.driving_side);
    let yields = |m: &MovementId| [Turn::UTurn, across].contains(&network.movement(*m).turn);
    let firm: Vec<MovementId> = movements.iter().copied().filter(|m| !yields(m)).collect();
    let pairs = firm.iter().enumerate().flat_map(|(i, a)| firm[i + 1..].iter().map(move |b| (*a, *b)));
    pairs.into_iter().find(|(a, b)| movements_conflict(network, *a, *b) == ConflictKind::Cross)
}
