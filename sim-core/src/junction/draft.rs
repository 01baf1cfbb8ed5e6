//! Drafts of grants: the path a request asks for and where it touches those of the holders, kept from step to step while the request waits, and
//! made beforehand by as many threads as there are.

use super::{
    Path, Touch,
    exit::Exit,
    grants::{Dispute, behind_all, disputes, finds_gap},
    holder::{Holder, holders},
    inside::may_wait_inside,
    path::Knot,
    rank::{gives_way_at_once, is_too_far_to_tell},
    requests::{Request, is_far_behind_others},
};
use crate::{
    ground::Ground,
    ids::{MovementId, VehicleId},
    manner::AGAINST_RED_MPS,
    strips::STRIP_M,
};
use bevy_ecs::prelude::Resource;
use rayon::prelude::*;

/// The drafts of all requests that wait, by vehicle. They hold nothing that could not be found anew: every entry is what the decision
/// would find itself, so nothing depends on which there are.
#[derive(Resource, Debug, Default)]
pub(crate) struct Drafts {
    /// By vehicle, up to the last that ever waited.
    of: Vec<Option<Box<Draft>>>,
    /// Whose there are.
    kept: Vec<VehicleId>,
}

/// The path that is asked for, and what was found out about it.
#[derive(Debug)]
pub(super) struct Draft {
    movement: MovementId,
    against_red: bool,
    /// First strip at the line.
    from: i16,
    /// First strip at the start of the exit.
    pub(super) left: i16,
    pub(super) path: Path,
    pub(super) found: Found,
    /// What the decision would be if nobody else were decided in this step.
    pub(super) foreseen: Option<Foreseen>,
}

/// A decision.
#[derive(Debug)]
pub(super) enum Foreseen {
    /// It has to wait.
    Refused,
    /// Nothing but these speak against it.
    Disputes(Vec<Dispute>),
}

/// Where the path touches those of the holders of the junction.
#[derive(Debug, Default)]
pub(super) struct Found {
    pairs: Vec<Pair>,
    /// Where the next is looked for first: holders come in the same order each time.
    next: usize,
}

/// What is known of the newcomer and one holder.
#[derive(Debug)]
struct Pair {
    id: VehicleId,
    /// The holder's path: where on its course it begins, and its movement and ends, since a grant that was taken back may be followed by
    /// another from the same place.
    path: (f64, MovementId, [Knot; 2]),
    /// What the newcomer owes the holder; `None` if it was not asked yet.
    owed: Option<Option<Touch>>,
    /// What the holder would owe the newcomer, likewise.
    owes: Option<Option<Touch>>,
}

/// Fewer requests than this are not worth waking the other threads for.
const DRAFTS_FROM: usize = 48;

impl Drafts {
    /// Takes out the draft of `id`.
    pub(super) fn take(&mut self, id: VehicleId) -> Option<Box<Draft>> {
        self.of.get_mut(id.index())?.take()
    }

    /// Keeps those of the requests that were refused in this step, and no others.
    pub(super) fn keep(&mut self, refused: Vec<(VehicleId, Box<Draft>)>) {
        for id in self.kept.drain(..) {
            self.of[id.index()] = None;
        }
        for (id, draft) in refused {
            self.kept.push(id);
            if self.of.len() <= id.index() {
                self.of.resize_with(id.index() + 1, || None);
            }
            self.of[id.index()] = Some(draft);
        }
    }

    /// Makes ready what the decisions of this step are likely to ask for, if there is a second thread to do it.
    pub(super) fn prepare(&mut self, g: &Ground, requests: &[Request]) -> Vec<Option<Box<Draft>>> {
        let mut drafts: Vec<_> = requests.iter().map(|r| self.take(r.id)).collect();
        for draft in drafts.iter_mut().flatten() {
            draft.foreseen = None; // of an earlier step
        }
        if g.plan.pool.current_num_threads() >= 2 && requests.len() >= DRAFTS_FROM {
            g.plan.pool.install(|| {
                requests.par_iter().zip(&mut drafts).with_min_len(8).for_each(|(r, draft)| foresee(g, r, draft));
            });
        }
        drafts
    }
}

/// Goes through the decision as it would be if nobody else were decided in this step.
fn foresee(g: &Ground, r: &Request, draft: &mut Option<Box<Draft>>) {
    if g.plan.joints.is(r.movement) || is_far_behind_others(g, r) {
        return;
    }
    let exit = Exit::of(g, r);
    let Some(left) = exit.landing(g, r) else { return };
    if is_too_far_to_tell(g, r) {
        return;
    }
    let Draft { path, found, foreseen, .. } = Draft::of(g, r, left, draft);
    *foreseen = Some(decide(g, r, &exit, left, path, found));
}

/// The decision as things are now.
pub(super) fn decide(g: &Ground, r: &Request, exit: &Exit, left: i16, path: &Path, found: &mut Found) -> Foreseen {
    let all = holders(g, r, exit.link, (left, left + r.right - r.left), path);
    found.forget(&all);
    if !gives_way_at_once(g, r, &all, path, found) && finds_gap(g, r, &all, path, found) {
        Foreseen::Disputes(disputes(g, r, &all, path, found))
    } else if !exit.is_short && may_wait_inside(g, r, &all, path, found) {
        Foreseen::Disputes(behind_all(&all, path, found))
    } else {
        Foreseen::Refused
    }
}

impl Draft {
    /// The draft of a request that would land at `left`: the one kept if it asks for the same path, else one of which nothing is known but the path.
    pub(super) fn of<'a>(g: &Ground, r: &Request, left: i16, kept: &'a mut Option<Box<Self>>) -> &'a mut Self {
        let is_same = |d: &Self| (d.movement, d.against_red, d.from, d.left) == (r.movement, r.against_red, r.left, left);
        if !kept.as_deref().is_some_and(is_same) {
            *kept = None;
        }
        kept.get_or_insert_with(|| {
            let path = path_of(g, r, left);
            Box::new(Self {
                movement: r.movement,
                against_red: r.against_red,
                from: r.left,
                left,
                path,
                found: Found::default(),
                foreseen: None,
            })
        })
    }
}

impl Found {
    /// Makes room for all holders, and forgets those who are holders no more.
    pub(super) fn forget(&mut self, all: &[Holder]) {
        if self.pairs.is_empty() {
            self.pairs.reserve(all.len());
        } else if self.pairs.len() > 2 * all.len() + 8 {
            self.pairs.retain(|p| all.iter().any(|h| h.id == p.id && h.leg().start == p.path.0));
        }
    }

    fn pair(&mut self, h: &Holder) -> &mut Pair {
        let (id, path) = (h.id, (h.leg().start, h.movement, h.path.ends()));
        let is_it = |p: &Pair| p.id == id && p.path == path;
        let at = if self.pairs.get(self.next).is_some_and(is_it) { Some(self.next) } else { self.pairs.iter().position(is_it) };
        let at = at.unwrap_or_else(|| {
            self.pairs.push(Pair { id, path, owed: None, owes: None });
            self.pairs.len() - 1
        });
        self.next = at + 1;
        &mut self.pairs[at]
    }

    fn newcomer_owes(&mut self, h: &Holder, path: &Path) -> Option<&Touch> {
        self.pair(h).owed.get_or_insert_with(|| h.owed_by(path)).as_ref()
    }

    /// What the newcomer on `path` owes `h`.
    pub(super) fn owed_by(&mut self, h: &Holder, path: &Path) -> Option<Touch> {
        h.rest_of(self.newcomer_owes(h, path)?)
    }

    /// Whether the newcomer on `path` owes `h` anything.
    pub(super) fn owes_anything(&mut self, h: &Holder, path: &Path) -> bool {
        self.newcomer_owes(h, path).is_some_and(|touch| touch.is_left(h.rear()))
    }

    /// What `h`, all of it before its line, would owe the newcomer.
    pub(super) fn owes(&mut self, h: &Holder, path: &Path) -> Option<Touch> {
        self.pair(h).owes.get_or_insert_with(|| h.owes(path)).clone()
    }
}

/// The path it would take to land at `left`.
pub(super) fn path_of(g: &Ground, r: &Request, left: i16) -> Path {
    let width = r.right - r.left;
    let middle = |left: i16| (f32::from(left) + f32::from(width) * 0.5) * STRIP_M;
    let centre = g.plan.network.junction(r.junction).centre;
    let mut path = Path::new(&g.plan.ends[r.movement.index()], centre, middle(r.left), middle(left));
    if r.against_red {
        path.turn_speed = path.turn_speed.min(AGAINST_RED_MPS);
    }
    path
}
