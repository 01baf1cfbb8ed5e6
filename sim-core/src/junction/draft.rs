//! Drafts of grants: the costly part of a decision, made beforehand by as many threads as there are.

use super::{
    Path, Touch,
    exit::Exit,
    holder::holders,
    rank::{gives_way_at_once, is_too_far_to_tell},
    requests::{Request, is_far_behind_others},
};
use crate::{ground::Ground, ids::VehicleId, manner::AGAINST_RED_MPS, strips::STRIP_M};
use rayon::prelude::*;

/// What is likely to be asked for when a request is decided, found beforehand by as many threads as there are. Every entry is what the
/// decision would find itself, so nothing depends on which were made.
pub(super) struct Draft {
    /// First strip at the start of the exit.
    pub(super) left: i16,
    pub(super) path: Path,
    pub(super) owed: Owed,
    /// Whether it has to wait for somebody of better rank anyhow.
    pub(super) gives_way: bool,
}

/// By holder and where its leg begins: what the newcomer owes it.
#[derive(Default)]
pub(super) struct Owed(Vec<(VehicleId, f64, Option<Touch>)>);

/// Fewer requests than this are not worth waking the other threads for.
const DRAFTS_FROM: usize = 48;

/// Drafts of the requests of this step, if there is a second thread to make them.
pub(super) fn drafts(g: &Ground, requests: &[Request]) -> Vec<Option<Draft>> {
    if g.plan.pool.current_num_threads() < 2 || requests.len() < DRAFTS_FROM {
        return (0..requests.len()).map(|_| None).collect();
    }
    g.plan.pool.install(|| requests.par_iter().with_min_len(8).map(|r| draft(g, r)).collect())
}

fn draft(g: &Ground, r: &Request) -> Option<Draft> {
    if is_far_behind_others(g, r) {
        return None;
    }
    let exit = Exit::of(g, r);
    let left = exit.landing(g, r)?;
    if is_too_far_to_tell(g, r) {
        return None;
    }
    let mut draft = Draft::empty(g, r, &exit, left);
    if draft.gives_way {
        return Some(draft);
    }
    let path = &draft.path;
    let owed = holders(g, r, exit.link, (left, left + r.right - r.left), path).map(|h| (h.id, h.leg().start, h.owed_by(path))).collect();
    draft.owed = Owed(owed);
    Some(draft)
}

impl Draft {
    /// Nothing but a path, and whether it is of any use.
    pub(super) fn empty(g: &Ground, r: &Request, exit: &Exit, left: i16) -> Self {
        let path = path_of(g, r, left);
        let gives_way = gives_way_at_once(g, r, exit.link, (left, left + r.right - r.left), &path);
        Self { left, path, owed: Owed::default(), gives_way }
    }
}

impl Owed {
    /// What it owes the holder `id` at the leg that begins at `start`; `None` if that was not drafted.
    pub(super) fn take(&mut self, id: VehicleId, start: f64) -> Option<Option<Touch>> {
        self.0.iter_mut().find(|(holder, leg, _)| *holder == id && *leg == start).map(|(.., touch)| touch.take())
    }
}

/// The path it would take to land at `left`.
fn path_of(g: &Ground, r: &Request, left: i16) -> Path {
    let width = r.right - r.left;
    let middle = |left: i16| (f32::from(left) + f32::from(width) * 0.5) * STRIP_M;
    let centre = g.plan.network.junction(r.junction).centre;
    let mut path = Path::new(&g.plan.ends[r.movement.index()], centre, middle(r.left), middle(left));
    if r.against_red {
        path.turn_speed = path.turn_speed.min(AGAINST_RED_MPS);
    }
    path
}
