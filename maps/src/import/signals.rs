//! A controller for every signalised junction: groups of movements, phases of groups that may be green together, and times by Webster.

use super::{
    build::Sources,
    draft::Draft,
    priority::far_turn,
    report::{ImportReport, ReportGroup},
};
use rayon::prelude::*;
use sim_core::{
    geometry::turn_between,
    ids::{ControllerId, JunctionId, LinkId, MovementId},
    network::{
        ConflictKind, JunctionKind, Movement, Phase, RoadClass, RoadNetwork, SignalController, SignalGroup, SignalPlan, Turn, TurnSet,
        movements_conflict, path_length_m,
    },
};
use std::f64::consts::PI;

/// Two approaches oppose each other if their headings differ by half a turn, give or take this, radians.
const OPPOSITE: f64 = 0.75;
/// Shortest green, seconds: a pedestrian's step-off and a platoon of motorcycles (assumed).
const LEAST_GREEN_S: f64 = 10.0;
/// Bounds of an assumed cycle, seconds.
const CYCLE_S: (f64, f64) = (40.0, 120.0);

/// Green of a pedestrian crossing's cycle for vehicles, seconds (assumed).
const CROSSING_GREEN_S: f64 = 45.0;
/// What people on foot have before they must be on their way, seconds, and how fast they then walk, m/s (assumed; 1.2 m/s is what design
/// manuals reckon with).
const WALK_S: f64 = 6.0;
const WALK_MPS: f64 = 1.2;

/// Movements of one approach that get green together.
struct Group {
    link: LinkId,
    movements: Vec<MovementId>,
    /// A turn across oncoming traffic with lanes of its own: it gets green without opposition.
    is_protected: bool,
    heading: f64,
}

/// Gives every junction with signals its controller.
pub(crate) fn add_signals(draft: &Draft, sources: &Sources, network: &mut RoadNetwork, report: &mut ImportReport) {
    let made: Vec<Option<SignalController>> = (0..network.junctions.len())
        .into_par_iter()
        .map(|j| {
            let is_signal = draft.nodes[sources.of_junction[j] as usize].has_signal;
            let id = JunctionId::from_index(j);
            (is_signal && network.junctions[j].kind == JunctionKind::Priority)
                .then(|| default_controller(network, id).or_else(|| crossing_controller(network, id)))
                .flatten()
        })
        .collect();
    for (j, controller) in made.into_iter().enumerate() {
        let Some(controller) = controller else {
            if draft.nodes[sources.of_junction[j] as usize].has_signal {
                report.add(
                    ReportGroup::Noted,
                    "signal at a junction without conflicting movements, or a roundabout: not modelled",
                    &network.junctions[j].ref_,
                );
            }
            continue;
        };
        let id = ControllerId::from_index(network.controllers.len());
        for (g, group) in controller.groups.iter().enumerate() {
            for m in &group.movements {
                network.movements[m.index()].group = Some(g as u16);
            }
        }
        network.junctions[j].kind = JunctionKind::Signal(id);
        let cause = if controller.plan.phases().len() > 1 {
            "signal plan (Webster, flows by class of road)"
        } else {
            "signal plan of a pedestrian crossing (45 s of green, then people cross)"
        };
        report.add(ReportGroup::Assumed, cause, &controller.ref_);
        network.controllers.push(controller);
    }
    report.signalised_junctions = network.controllers.len() as u64;
}

/// The controller that a junction with signals is assumed to have; `None` where fewer than two phases are needed.
pub(crate) fn default_controller(network: &RoadNetwork, junction: JunctionId) -> Option<SignalController> {
    let groups = groups(network, junction);
    if groups.len() < 2 {
        return None;
    }
    let ids: Vec<MovementId> = network.movements_of(junction).collect();
    let first = network.junction(junction).movements.start;
    let n = ids.len();
    let mut kinds = vec![ConflictKind::None; n * n];
    for a in 0..n {
        for b in a + 1..n {
            let kind = movements_conflict(network, ids[a], ids[b]);
            (kinds[a * n + b], kinds[b * n + a]) = (kind, kind);
        }
    }
    let kind = |a: MovementId, b: MovementId| kinds[(a.0 - first) as usize * n + (b.0 - first) as usize];
    let together = |a: &Group, b: &Group| may_share(network, a, b, &kind);
    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.sort_by(|a, b| load(network, &groups[*b]).total_cmp(&load(network, &groups[*a])).then(a.cmp(b)));
    let mut phases: Vec<Vec<usize>> = Vec::new();
    let mut served = vec![false; groups.len()];
    for g in &order {
        if served[*g] {
            continue;
        }
        let mut phase = vec![*g];
        let opposed = |h: &usize| !opposes(&groups[*g], &groups[*h]);
        let mut others: Vec<usize> = order.iter().copied().filter(|h| h != g).collect();
        others.sort_by_key(|h| (served[*h], opposed(h)));
        for h in others {
            if phase.iter().all(|p| together(&groups[*p], &groups[h])) {
                phase.push(h);
            }
        }
        phase.iter().for_each(|p| served[*p] = true);
        phase.sort_unstable();
        phases.push(phase);
    }
    if phases.len() < 2 {
        return None;
    }
    let plan = webster(network, &groups, &phases)?;
    let groups = groups.into_iter().map(|g| SignalGroup { name: name(network, &g), movements: g.movements }).collect();
    Some(SignalController { ref_: network.junction(junction).ref_.clone(), junction, groups, plan, plan_is_assumed: true })
}

/// The controller of a pedestrian crossing away from any junction: all vehicles have green together, and red while people cross. `None`
/// where roads meet: there a signal without conflicts is a mistake of the map.
fn crossing_controller(network: &RoadNetwork, junction: JunctionId) -> Option<SignalController> {
    let goes_on = |link: &LinkId| {
        let mut ways = network.movements_from(*link).map(|m| network.movement(m));
        let is_bend = |m: &Movement| {
            m.turn == Turn::Through && network.movements_of(junction).filter(|o| network.movement(*o).to == m.to).count() == 1
        };
        ways.next().is_some_and(is_bend) && ways.next().is_none()
    };
    let incoming = &network.junction(junction).incoming;
    if incoming.is_empty() || !incoming.iter().all(goes_on) {
        return None;
    }
    let groups = groups(network, junction);
    let (yellow, _) = clearance(network, groups.iter());
    let width_m = incoming.iter().map(|l| f64::from(network.link(*l).width_m)).sum::<f64>();
    let phase = Phase {
        groups: (0..groups.len() as u16).collect(),
        green_s: CROSSING_GREEN_S as f32,
        yellow_s: yellow as f32,
        all_red_s: libm::ceil(WALK_S + width_m / WALK_MPS).min(30.0) as f32,
    };
    let plan = SignalPlan::new(0.0, vec![phase]).ok()?;
    let groups = groups.into_iter().map(|g| SignalGroup { name: name(network, &g), movements: g.movements }).collect();
    Some(SignalController { ref_: network.junction(junction).ref_.clone(), junction, groups, plan, plan_is_assumed: true })
}

/// One group per approach; a turn across oncoming traffic with lanes of its own is a group apart.
fn groups(network: &RoadNetwork, junction: JunctionId) -> Vec<Group> {
    let far = far_turn(network);
    let mut groups = Vec::new();
    for link in &network.junction(junction).incoming {
        let g = &network.link(*link).geometry;
        let heading = g[g.len() - 2].heading_to(g[g.len() - 1]);
        let (turning, other): (Vec<_>, Vec<_>) =
            network.movements_from(*link).partition(|m| has_own_lanes(network, network.movement(*m), far));
        for (movements, is_protected) in [(other, false), (turning, true)] {
            if !movements.is_empty() {
                groups.push(Group { link: *link, movements, is_protected, heading });
            }
        }
    }
    groups
}

/// Whether a turn across oncoming traffic (or back) has lanes marked for nothing else, beside other lanes.
fn has_own_lanes(network: &RoadNetwork, m: &Movement, far: Turn) -> bool {
    let lanes = &network.link(m.from).lanes;
    let own = if far == Turn::Left { TurnSet::LEFT } else { TurnSet::RIGHT }.union(TurnSet::U_TURN);
    let range = usize::from(m.from_lanes.start)..usize::from(m.from_lanes.end);
    (m.turn == far || m.turn == Turn::UTurn)
        && range.len() < lanes.len()
        && lanes[range].iter().all(|l| !l.turns.is_unmarked() && l.turns.0 & !own.0 == 0)
}

fn opposes(a: &Group, b: &Group) -> bool {
    (turn_between(a.heading, b.heading).abs() - PI).abs() < OPPOSITE
}

/// Whether two groups may be green together: no conflict, except that from opposing approaches one who turns across yields to the
/// other.
fn may_share(network: &RoadNetwork, a: &Group, b: &Group, kind: &impl Fn(MovementId, MovementId) -> ConflictKind) -> bool {
    let may_yield = opposes(a, b) && !a.is_protected && !b.is_protected;
    let far = far_turn(network);
    let yields = |m: MovementId| matches!(network.movement(m).turn, t if t == far || t == Turn::UTurn);
    a.movements.iter().all(|x| {
        b.movements.iter().all(|y| match kind(*x, *y) {
            ConflictKind::None | ConflictKind::Diverge => true,
            ConflictKind::Merge | ConflictKind::Cross => may_yield && (yields(*x) || yields(*y)),
        })
    })
}

/// The share of a lane's saturation flow that a group is assumed to bring, by class of its road (assumed; only their ratios matter much).
fn flow_ratio(network: &RoadNetwork, group: &Group) -> f64 {
    let ratio = match network.link(group.link).class {
        RoadClass::Motorway | RoadClass::Trunk => 0.35,
        RoadClass::Primary => 0.30,
        RoadClass::Secondary => 0.25,
        RoadClass::Tertiary => 0.18,
        RoadClass::Unclassified | RoadClass::Residential => 0.10,
        RoadClass::Service | RoadClass::Ferry => 0.06,
    };
    if group.is_protected { ratio * 0.6 } else { ratio }
}

/// What a group is assumed to bring altogether: flow ratio times lanes.
fn load(network: &RoadNetwork, group: &Group) -> f64 {
    flow_ratio(network, group) * network.link(group.link).lanes.len() as f64
}

/// Webster's plan (Traffic Signal Settings, Road Research Technical Paper 39, 1958): cycle `(1.5 L + 5) / (1 - Y)`, greens by flow ratio.
fn webster(network: &RoadNetwork, groups: &[Group], phases: &[Vec<usize>]) -> Option<SignalPlan> {
    let mut served = vec![false; groups.len()];
    let mut ratios = Vec::new();
    let mut times = Vec::new();
    for phase in phases {
        let fresh: Vec<usize> = phase.iter().copied().filter(|g| !served[*g]).collect();
        fresh.iter().for_each(|g| served[*g] = true);
        ratios.push(fresh.iter().map(|g| flow_ratio(network, &groups[*g])).fold(0.06, f64::max));
        times.push(clearance(network, phase.iter().map(|g| &groups[*g])));
    }
    let lost: f64 = times.iter().map(|(yellow, red)| yellow + red).sum();
    let all: f64 = ratios.iter().sum();
    let cycle = ((1.5 * lost + 5.0) / (1.0 - all.min(0.85))).clamp(CYCLE_S.0, CYCLE_S.1.max(lost + LEAST_GREEN_S * phases.len() as f64));
    let phases = phases
        .iter()
        .zip(&ratios)
        .zip(&times)
        .map(|((phase, ratio), (yellow, red))| Phase {
            groups: phase.iter().map(|g| *g as u16).collect(),
            green_s: libm::round((cycle - lost) * ratio / all).max(LEAST_GREEN_S) as f32,
            yellow_s: *yellow as f32,
            all_red_s: *red as f32,
        })
        .collect();
    SignalPlan::new(0.0, phases).ok()
}

/// Yellow and all-red after a phase, seconds, in steps of half a second.
///
/// Yellow: `1 + v / (2 · 3.05)` for the fastest approach (ITE, with 1 s reaction and 3.05 m/s² braking), within the 3 to 5 s of
/// QCVN 41:2024/BGTVT. All-red: what the slowest, a bicycle at 4.7 m/s, still needs to clear the longest path after the yellow,
/// 1 to 5 s.
fn clearance<'a>(network: &RoadNetwork, groups: impl Iterator<Item = &'a Group>) -> (f64, f64) {
    let half = |s: f64| libm::ceil(s * 2.0) / 2.0;
    let (mut speed, mut path) = (0.0f64, 0.0f64);
    for group in groups {
        speed = speed.max(f64::from(network.link(group.link).limits.light_mps));
        for m in group.movements.iter().filter(|m| network.movement(**m).turn != Turn::UTurn) {
            path = path.max(path_length_m(network, *m));
        }
    }
    let yellow = (libm::round((1.0 + speed / (2.0 * 3.05)) * 2.0) / 2.0).clamp(3.0, 5.0);
    let all_red = half((path + 1.75) / 4.7 - yellow).clamp(1.0, 5.0);
    (yellow, all_red)
}

/// The street and an arrow for where its traffic heads.
fn name(network: &RoadNetwork, group: &Group) -> String {
    const ARROWS: [&str; 8] = ["→", "↗", "↑", "↖", "←", "↙", "↓", "↘"];
    let eighth = libm::round(group.heading / (PI / 4.0)) as i64;
    let arrow = ARROWS[eighth.rem_euclid(8) as usize];
    let link = network.link(group.link);
    let street = link.name.as_deref().or(link.road_number.as_deref()).unwrap_or(link.ref_.as_str());
    let turn = match (group.is_protected, far_turn(network)) {
        (false, _) => "",
        (true, Turn::Left) => " ↰",
        (true, _) => " ↱",
    };
    format!("{street} {arrow}{turn}")
}
