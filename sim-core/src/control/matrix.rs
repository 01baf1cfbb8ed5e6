//! Which signal groups must never be green together, found from the movements, and the check of a plan against it.

use super::GroupSet;
use crate::{
    error::SimError,
    geometry::turn_between,
    ids::{ControllerId, MovementId},
    network::{ConflictKind, DrivingSide, RoadNetwork, SignalPlan, Turn, conflict_path, paths_conflict},
};
use core::f64::consts::PI;

/// Two approaches oppose each other if their headings differ by half a turn, give or take this, radians.
const OPPOSITE: f64 = 0.75;

/// For each group of one controller the groups it conflicts with.
///
/// Two movements conflict if their paths cross or merge and neither may yield: whoever turns across oncoming traffic yields to it, a turn to
/// the near side yields to those whose road it joins, and so does a U-turn. These may have green together, as drivers expect.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ConflictMatrix {
    rows: Vec<GroupSet>,
}

/// A movement of a group with the path it takes.
type Way = (MovementId, Vec<crate::geometry::Point>);

/// The movements of each group with their paths.
fn ways(network: &RoadNetwork, controller: ControllerId) -> Vec<Vec<Way>> {
    let of = |m: &MovementId| (*m, conflict_path(network, *m));
    network.controller(controller).groups.iter().map(|g| g.movements.iter().map(of).collect()).collect()
}

/// Whether two movements dispute room and neither is of the kind that yields.
fn dispute(network: &RoadNetwork, (x, px): &Way, (y, py): &Way) -> bool {
    neither_yields(network, *x, *y, || paths_conflict(network, (*x, px), (*y, py)))
}

impl ConflictMatrix {
    /// That of a controller.
    pub fn of(network: &RoadNetwork, controller: ControllerId) -> Self {
        let ways = ways(network, controller);
        let mut rows = vec![GroupSet::default(); ways.len()];
        for a in 0..ways.len() {
            for b in 0..a {
                if ways[a].iter().any(|x| ways[b].iter().any(|y| dispute(network, x, y))) {
                    rows[a].insert(b);
                    rows[b].insert(a);
                }
            }
        }
        Self { rows }
    }

    /// A matrix from its rows.
    #[cfg(test)]
    pub(crate) fn from_rows(rows: Vec<GroupSet>) -> Self {
        Self { rows }
    }

    /// The groups that conflict with `group`.
    pub fn with(&self, group: usize) -> GroupSet {
        self.rows.get(group).copied().unwrap_or_default()
    }

    /// How many groups it knows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Two groups of the set that conflict.
    pub fn conflict_in(&self, set: GroupSet) -> Option<(usize, usize)> {
        set.iter().find_map(|a| set.iter().find(|b| *b > a && self.with(a).contains(*b)).map(|b| (a, b)))
    }

    /// Lets two groups be green together all the same.
    fn allow(&mut self, a: usize, b: usize) {
        self.rows[a].remove(b);
        self.rows[b].remove(a);
    }

    /// The matrix with what the map's own program, given and not assumed, lets be green together taken out: its authors saw the place. That
    /// one of two yields wherever they meet was checked before ([`crossing_greens`]).
    #[must_use]
    pub fn trusting(mut self, plan: &SignalPlan) -> Self {
        for phase in plan.phases() {
            let set = GroupSet::of(&phase.groups);
            while let Some((a, b)) = self.conflict_in(set) {
                self.allow(a, b);
            }
        }
        self
    }
}

fn neither_yields(network: &RoadNetwork, x: MovementId, y: MovementId, kind: impl Fn() -> ConflictKind) -> bool {
    let (far, near) = match network.meta.driving_side {
        DrivingSide::Right => (Turn::Left, Turn::Right),
        DrivingSide::Left => (Turn::Right, Turn::Left),
    };
    let (mx, my) = (network.movement(x), network.movement(y));
    if mx.from == my.from || mx.turn == Turn::UTurn || my.turn == Turn::UTurn {
        return false;
    }
    let heading = |m: MovementId| {
        let g = &network.link(network.movement(m).from).geometry;
        g[g.len() - 2].heading_to(g[g.len() - 1])
    };
    let oppose = (turn_between(heading(x), heading(y)).abs() - PI).abs() < OPPOSITE;
    if oppose && (mx.turn == far || my.turn == far) {
        return false;
    }
    match kind() {
        ConflictKind::Cross => !(mx.to == my.to && (mx.turn == near || my.turn == near)),
        ConflictKind::Merge => mx.turn != near && my.turn != near,
        ConflictKind::None | ConflictKind::Diverge => false,
    }
}

/// Pairs of movements that `plan` lets be green together, that dispute room, and of which neither yields, by its kind or by its rank
/// ([`crate::network::Priority`]). Both of a pair may be of one group. A plan that a map gives may have none: the engine would let whoever
/// comes first go, but no such plan is safe on the street.
pub fn crossing_greens(network: &RoadNetwork, controller: ControllerId, plan: &SignalPlan) -> Vec<(MovementId, MovementId)> {
    let ways = ways(network, controller);
    let together =
        |a: usize, b: usize| a == b || plan.phases().iter().map(|p| GroupSet::of(&p.groups)).any(|set| set.contains(a) && set.contains(b));
    let rank = |(m, _): &Way| network.movement(*m).priority;
    let mut found = Vec::new();
    for a in 0..ways.len() {
        for b in (a..ways.len()).filter(|b| together(a, *b)) {
            for (i, x) in ways[a].iter().enumerate() {
                let others = if a == b { &ways[b][i + 1..] } else { &ways[b][..] };
                found.extend(others.iter().filter(|y| rank(x) == rank(y) && dispute(network, x, y)).map(|y| (x.0, y.0)));
            }
        }
    }
    found
}

/// Checks a plan for a controller: groups that are there, each of them served, and no phase in which two conflict.
///
/// # Errors
/// What is wrong, and what was expected.
pub fn check_plan(network: &RoadNetwork, controller: ControllerId, plan: &SignalPlan) -> Result<(), SimError> {
    let Some(c) = network.controllers.get(controller.index()) else {
        return Err(SimError::UnknownController(controller.0, network.controllers.len()));
    };
    let bad = |problem| Err(SimError::BadPlan { controller: c.ref_.clone(), problem });
    if let Some(g) = plan.phases().iter().flat_map(|p| &p.groups).find(|g| usize::from(**g) >= c.groups.len()) {
        return bad(format!("gives green to group {g}, it has {} groups", c.groups.len()));
    }
    let served = |g: usize| plan.phases().iter().any(|p| p.groups.iter().any(|x| usize::from(*x) == g));
    if let Some(g) = (0..c.groups.len()).find(|g| !served(*g)) {
        return bad(format!("group {g} ({}) never gets green: its traffic would wait for ever", c.groups[g].name));
    }
    let matrix = ConflictMatrix::of(network, controller);
    let matrix = if c.plan_is_assumed { matrix } else { matrix.trusting(&c.plan) };
    for (p, phase) in plan.phases().iter().enumerate() {
        if let Some((a, b)) = matrix.conflict_in(GroupSet::of(&phase.groups)) {
            return bad(format!(
                "phase {p} gives green to the groups {a} ({}) and {b} ({}) together, whose traffic crosses; give them phases of their own",
                c.groups[a].name, c.groups[b].name
            ));
        }
    }
    // A plan that was made up was made without such pairs, group by group.
    let crossing = if c.plan_is_assumed { Vec::new() } else { crossing_greens(network, controller, plan) };
    if let Some((x, y)) = crossing.first() {
        let name = |m: MovementId| {
            let m = network.movement(m);
            format!("{} > {}", network.link(m.from).ref_, network.link(m.to).ref_)
        };
        let (x, y) = (name(*x), name(*y));
        return bad(format!(
            "gives green to {x} and {y} together, which cross, and neither yields; give them phases of their own, or import the map again: an import says who yields"
        ));
    }
    Ok(())
}
