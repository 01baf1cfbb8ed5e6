//! Arbitration: who gets which grant in this step, and at which place in the order of right of way.

use super::{
    Course, Leg, Path, Place, Touch, Yield,
    draft::{Draft, Drafts, Foreseen, Found, decide, path_of},
    exit::Exit,
    holder::Holder,
    inside::lets_pass,
    rank::{Gap, can_yield, goes_behind, has_right_of_way_from_the_right, is_too_far_to_tell},
    requests::{Request, is_behind_others, request_at_end, requests},
    revoke::revoke,
    room::{Room, is_shut},
};
use crate::{
    ground::Ground,
    ids::{LinkId, VehicleId},
    measure::{ConflictType, Expected},
    segment::{HOLDER, Promise},
    strips::overlap,
};

/// Whoever has stood before a green light or a free line for so long is an event, seconds.
const LONG_STAND_S: f32 = 300.0;

/// Decides all requests of this step.
pub(crate) fn arbitrate(g: &mut Ground, drafts: &mut Drafts) {
    let requests = requests(g);
    for request in &requests {
        g.crossings[request.junction.index()].changed = false;
    }
    let prepared = drafts.prepare(g, &requests);
    let mut refused = Vec::new();
    for (request, mut draft) in requests.into_iter().zip(prepared) {
        let granted = attempt(g, &request, false, &mut draft);
        refused.extend(draft.map(|draft| (request.id, draft)));
        let side = &mut g.vehicles.side[request.id.index()];
        if granted {
            side.waited = 0.0;
        } else if request.v < 1.0 {
            let before = side.waited;
            side.waited += g.plan.dt;
            if before < LONG_STAND_S && side.waited >= LONG_STAND_S {
                g.meter.stands_long(g.plan, request.link, g.now);
            }
        }
    }
    drafts.keep(refused);
}

/// A holder that the newcomer's corridor touches.
#[derive(Debug)]
pub(super) struct Dispute {
    position: usize,
    id: VehicleId,
    /// Index of its leg.
    leg: usize,
    follows: bool,
    newcomer_first: bool,
    /// What the newcomer owes the holder; or the holder the newcomer, if that goes first.
    owed: Touch,
    /// What the newcomer owes a holder before which it goes if it may, but need not.
    instead: Option<Touch>,
}

/// Gives the grant if it can be given, and uses up the draft. `strict`: only if nobody else disputes any of it.
fn attempt(g: &mut Ground, r: &Request, strict: bool, draft: &mut Option<Box<Draft>>) -> bool {
    if g.plan.joints.is(r.movement) {
        return join(g, r);
    }
    if is_behind_others(g, r) {
        return false;
    }
    let exit = Exit::of(g, r);
    let Some(left) = exit.landing(g, r) else { return false };
    if is_too_far_to_tell(g, r) {
        return false;
    }
    // Who is in the order already (its tail has yet to leave, and its way leads back) keeps its place there: nobody is asked to make room.
    let strict = strict || g.vehicles.course(r.id).is_some_and(|c| c.goes_through(r.junction));
    let is_as_foreseen = !g.crossings[r.junction.index()].changed;
    let Draft { path, found, foreseen, .. } = Draft::of(g, r, left, draft);
    let mut disputes = match foreseen.take().filter(|_| is_as_foreseen).unwrap_or_else(|| decide(g, r, &exit, left, path, found)) {
        Foreseen::Refused => return false,
        Foreseen::Disputes(disputes) => disputes,
    };
    keep_in_order(&mut disputes);
    if (strict && !disputes.is_empty()) || (exit.is_short && disputes.iter().any(|d| d.newcomer_first)) {
        return false;
    }
    let holders = &g.crossings[r.junction.index()].holders;
    let position = disputes.iter().filter(|d| d.newcomer_first).map(|d| d.position).min().unwrap_or(holders.len());
    if disputes.iter().any(|d| !d.newcomer_first && d.position > position) || !exit.leaves_room(g, r, left, position) {
        return false;
    }
    let Some(draft) = draft.take() else { return false };
    let start = commit(g, r, exit.link, *draft, position, disputes);
    note_change(g, r.id);
    let next = g.plan.route(r.id).get(exit.route_leg + 1);
    if exit.is_short && next.is_some_and(|next| !g.plan.is_ferry(*next)) {
        let beyond = request_at_end(g, r.id);
        if !beyond.is_some_and(|next| attempt(g, &next, true, &mut None)) {
            let leg = g.vehicles.course(r.id).and_then(|c| c.legs_in(r.junction).find(|leg| c.legs[*leg].start == start));
            if let Some(leg) = leg {
                revoke(g, r.id, leg);
            }
            return false;
        }
    }
    true
}

/// Whether the holder is before its line, where it could let the newcomer go first, and who would have to give way is the newcomer.
fn is_better(g: &Ground, r: &Request, h: &Holder) -> bool {
    h.course.at < h.leg && !h.same_link && g.plan.network.movement(h.movement).priority.0 < r.priority
}

/// Whether there is a gap for the newcomer among those of better rank; otherwise it has to wait at its line.
pub(super) fn finds_gap(g: &Ground, r: &Request, all: &[Holder], path: &Path, found: &mut Found) -> bool {
    if r.blue {
        return true;
    }
    let mut gap = Gap::NONE_COMES;
    for h in all.iter().filter(|h| is_better(g, r, h)) {
        let Some(touch) = found.owed_by(h, path) else { continue };
        if goes_behind(g, r, path, h, &touch) {
            gap.begins_behind(g, h);
            continue;
        }
        // It may go first only if the other can yield in comfort.
        let Some(back) = found.owes(h, path) else { continue };
        if !can_yield(g, r, path, h, &back) {
            return false;
        }
        gap.ends_before(g, r, path, h, &touch);
    }
    gap.is_enough(g, r)
}

/// Every holder whose corridor the newcomer's touches, with who goes first, if there is a gap.
pub(super) fn disputes(g: &Ground, r: &Request, all: &[Holder], path: &Path, found: &mut Found) -> Vec<Dispute> {
    let mut disputes = Vec::new();
    for h in all {
        let Some(mut touch) = found.owed_by(h, path) else { continue };
        let (mut newcomer_first, mut instead) = (false, None);
        let c = h.course;
        let better = is_better(g, r, h);
        let from_right = || has_right_of_way_from_the_right(g, r, c, h.leg, h.movement);
        let is_asked = better || (c.at < h.leg && !h.same_link && (r.blue || from_right()));
        if is_asked && (!better || r.blue || !goes_behind(g, r, path, h, &touch)) {
            let Some(back) = found.owes(h, path) else { continue };
            if can_yield(g, r, path, h, &back) {
                newcomer_first = true;
                let owed = std::mem::replace(&mut touch, back);
                // Whom it would pass only by courtesy or from the right it may as well go behind.
                instead = (!better || r.blue).then_some(owed);
            }
        } else if let Some(back) = lets_pass(g, r, path, h, &touch, found) {
            newcomer_first = true;
            instead = Some(std::mem::replace(&mut touch, back));
        }
        disputes.push(Dispute { position: h.position, id: h.id, leg: h.leg, follows: h.follows, newcomer_first, owed: touch, instead });
    }
    disputes
}

/// What others ask of the junctions that `id` goes through may be answered otherwise now. (If the grant is taken back at once, these are still all.)
fn note_change(g: &mut Ground, id: VehicleId) {
    for leg in g.vehicles.course(id).map_or(&[][..], |c| &c.legs) {
        if let Place::Junction { junction, .. } = leg.place {
            g.crossings[junction.index()].changed = true;
        }
    }
}

/// What the newcomer owes everybody if it waits inside for all of them.
pub(super) fn behind_all(all: &[Holder], path: &Path, found: &mut Found) -> Vec<Dispute> {
    let owed = |h: &Holder| {
        let owed = found.owed_by(h, path)?;
        Some(Dispute { position: h.position, id: h.id, leg: h.leg, follows: h.follows, newcomer_first: false, owed, instead: None })
    };
    all.iter().filter_map(owed).collect()
}

/// Goes behind those whom it need not go before, if somebody it goes behind comes after them in the order.
fn keep_in_order(disputes: &mut [Dispute]) {
    let Some(last) = disputes.iter().filter(|d| !d.newcomer_first).map(|d| d.position).max() else { return };
    for d in disputes.iter_mut().filter(|d| d.newcomer_first && d.position < last) {
        if let Some(owed) = d.instead.take() {
            (d.newcomer_first, d.owed) = (false, owed);
        }
    }
}

/// Writes the grant down. Returns where on the course its leg in the junction begins.
fn commit(g: &mut Ground, r: &Request, exit: LinkId, draft: Draft, position: usize, disputes: Vec<Dispute>) -> f64 {
    let Draft { left, path, .. } = draft;
    if r.on_link
        && let Some(i) = g.roads[r.link.index()].find(r.id)
    {
        let row = &mut g.roads[r.link.index()].rows[i];
        row.want = row.left;
    }
    begin_course(g, r);
    let start = g.vehicles.course(r.id).map_or(0.0, |c| c.last().end());
    if g.plan.config.conflicts {
        for d in &disputes {
            expect_meeting(g, r, d, start);
        }
    }
    let mut yields = Vec::with_capacity(disputes.len());
    for d in disputes {
        if d.newcomer_first {
            let Some(course) = g.vehicles.course_mut(d.id) else { continue };
            if let Place::Junction { yields, .. } = &mut course.legs[d.leg].place {
                let body = &g.plan.bodies[usize::from(r.class)];
                let (length, width) = (body.length, body.width);
                yields.push(Yield { to: r.id, leg: start, length, width, follows: d.follows, touch: d.owed });
            }
        } else {
            let Some(course) = g.vehicles.course(d.id) else { continue };
            let (leg, length, width) = (course.legs[d.leg].start, course.length, g.plan.bodies[usize::from(course.class)].width);
            yields.push(Yield { to: d.id, leg, length, width, follows: d.follows, touch: d.owed });
        }
    }
    extend_course(g, r, exit, left, path, yields, position);
    start
}

/// Over a joint one drives as along a road: nobody is asked, unless the next piece is closed from its start.
fn join(g: &mut Ground, r: &Request) -> bool {
    let exit = g.plan.network.movement(r.movement).to;
    if is_shut(g.roads[exit.index()], (r.left, r.right), r.class) {
        return false;
    }
    begin_course(g, r);
    let last = g.crossings[r.junction.index()].holders.len();
    extend_course(g, r, exit, r.left, path_of(g, r, r.left), Vec::new(), last);
    true
}

/// Whoever has its front on the link gets a course that begins there, if it has none.
fn begin_course(g: &mut Ground, r: &Request) {
    if r.on_link
        && let Some(i) = g.roads[r.link.index()].find(r.id)
    {
        let row = &mut g.roads[r.link.index()].rows[i];
        row.flags |= HOLDER;
        let row = *row;
        let link_length = g.plan.network.link(r.link).length_m;
        let side = &mut g.vehicles.side[r.id.index()];
        let start = side.begins;
        side.course.get_or_insert_with(|| {
            Box::new(Course {
                legs: vec![Leg { start, length: link_length, left: row.left, right: row.right, place: Place::Link(r.link) }],
                at: 0,
                front: start + f64::from(row.s),
                v: row.v,
                last_accel: row.accel,
                moved: row.s - row.before,
                length: row.length,
                class: row.class,
                accel: f32::INFINITY,
                bound: f32::INFINITY,
                stop: f32::INFINITY,
            })
        });
    }
}

/// The course goes on through the junction on `path` and onto the link `exit`, whose strips from `left` on it will cover.
fn extend_course(g: &mut Ground, r: &Request, exit: LinkId, left: i16, path: Path, yields: Vec<Yield>, position: usize) {
    let width = r.right - r.left;
    let Some(course) = g.vehicles.course_mut(r.id) else { return };
    let in_junction = Leg {
        start: course.last().end(),
        length: path.length(),
        left: 0,
        right: 0,
        place: Place::Junction { junction: r.junction, movement: r.movement, path, yields },
    };
    let end = in_junction.end();
    course.legs.push(in_junction);
    let length = g.plan.network.link(exit).length_m;
    course.legs.push(Leg { start: end, length, left, right: left + width, place: Place::Link(exit) });
    let room = Room::of(g.plan, r.class);
    g.roads[exit.index()].promise(Promise { id: r.id, left, right: left + width, room });
    debug_assert!(overlap(left, left + width, 0, g.plan.strips[exit.index()]));
    let holders = &mut g.crossings[r.junction.index()].holders;
    if !holders.contains(&r.id) {
        holders.insert(position, r.id);
    }
}

/// Tells the search for conflicts that two will pass the place where their paths touch, one after the other.
fn expect_meeting(g: &mut Ground, r: &Request, d: &Dispute, start: f64) {
    let Some((course, leg)) = g.vehicles.course(d.id).and_then(|c| Some((c, c.legs.get(d.leg)?))) else { return };
    let Place::Junction { movement, .. } = leg.place else { return };
    let links = |m| (g.plan.network.movement(m).from, g.plan.network.movement(m).to);
    let ((from, to), (other_from, other_to)) = (links(r.movement), links(movement));
    if from == other_from {
        return; // one behind the other all the way
    }
    let kind = if to == other_to { ConflictType::Merging } else { ConflictType::Crossing };
    let (reach, lead) = d.owed.begin();
    // Of two that merge, the first has cleared the place when it would no longer be in the way of the second there.
    let clear = if kind == ConflictType::Merging { reach - lead } else { d.owed.clear };
    let (theirs, rear, v) = (leg.start, course.rear(), course.v);
    let newcomer = (r.id, start, start - f64::from(r.way) - f64::from(g.plan.bodies[usize::from(r.class)].length), r.v);
    let holder = (d.id, theirs, rear, v);
    let (first, second) = if d.newcomer_first { (newcomer, holder) } else { (holder, newcomer) };
    g.meter.surrogates.expect(Expected {
        junction: r.junction,
        kind,
        first: first.0,
        clear: first.1 + f64::from(clear),
        second: second.0,
        reach: second.1 + f64::from(reach),
        rear: first.2,
        v: first.3,
        cleared_s: None,
    });
}
