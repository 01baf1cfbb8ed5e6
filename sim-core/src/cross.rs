//! Phase 5: vehicles change segment, tails clear junctions, ferries load and unload, grants for the next step are given.

use crate::{
    ferry::{self, Ferry},
    ground::Ground,
    halt::{Services, serve},
    ids::{LinkId, VehicleId},
    joint,
    junction::{Drafts, Leg, Place, arbitrate, leave, revoke},
    measure::{Sight, TripStatus},
    overtake::Overtakes,
    parking::{Parks, admit},
    release::row_on,
    segment::{ASKS, HOLDER, LAST, LETS_IN, Row, TAIL},
};

/// Everything that changes hands after a step.
pub(crate) fn cross(
    g: &mut Ground,
    ferries: &mut [&mut Ferry],
    services: &mut Services,
    parks: &mut Parks,
    overtakes: &mut Overtakes,
    drafts: &mut Drafts,
) {
    let end = g.now + f64::from(g.plan.dt);
    let (leaving, asking) = take_from_links(g, end);
    serve(g.plan, &mut g.roads, g.vehicles, services, end);
    if !g.plan.car_parks.is_empty() {
        for (link, id) in admit(g.plan, &g.roads, g.vehicles, parks, end) {
            let road = &mut g.roads[link.index()];
            if let Some(i) = road.find(id) {
                road.rows.remove(i);
                finish(g, id, link, end);
            }
        }
    }
    for row in leaving {
        settle(g, row.id, Some(&row), end);
    }
    // Whoever has ended its course since then is skipped.
    let ids = std::mem::take(&mut g.vehicles.on_course);
    for &id in &ids {
        let Some(course) = g.vehicles.course(id) else { continue };
        let leg = &course.legs[course.at];
        if course.front >= leg.end() && leg.link().is_none() {
            settle(g, id, None, end);
        }
        clear_tail(g, id);
    }
    g.vehicles.on_course = ids;
    for ferry in ferries.iter_mut() {
        ferry::run(g, ferry);
    }
    // From boat to boat where two crossings follow each other.
    for i in 0..ferries.len() {
        while let Some(id) = ferries[i].ashore.front().copied() {
            let leg = g.vehicles.side[id.index()].leg as usize + 1;
            let Some(next) = g.plan.route(id).get(leg).copied().filter(|n| g.plan.is_ferry(*n)) else { break };
            let Some(to) = ferries.iter().position(|f| f.link == next) else { break };
            ferries[i].ashore.pop_front();
            g.vehicles.side[id.index()].leg = leg as u32;
            let from = ferries[i].link;
            g.meter.passes(g.plan, id, from, next);
            ferries[to].queue.push_back(id);
        }
    }
    arbitrate(g, drafts);
    g.publish();
    overtakes.decide(g, &asking, end);
}

/// Takes those who arrived or whose front has left their link out of the rows; brings courses up to date. Returns who left,
/// and who would overtake.
fn take_from_links(g: &mut Ground, end: f64) -> (Vec<Row>, Vec<(LinkId, VehicleId)>) {
    let (mut leaving, mut asking) = (Vec::new(), Vec::new());
    for l in 0..g.roads.len() {
        let link = LinkId::from_index(l);
        if g.roads[l].rows.is_empty() {
            continue;
        }
        let length = g.plan.network.link(link).length_m;
        let mut i = 0;
        while i < g.roads[l].rows.len() {
            let row = g.roads[l].rows[i];
            if row.is(LAST) && row.s >= row.goal {
                g.roads[l].rows.remove(i);
                count_last_step(g, link, &row, row.goal);
                finish(g, row.id, link, end);
                continue;
            }
            if row.is(HOLDER | TAIL)
                && let Some(course) = g.vehicles.course_mut(row.id)
            {
                course.front = course.legs[course.at].start + f64::from(row.s);
                course.moved = row.s - row.before;
                course.v = row.v;
                course.last_accel = row.accel;
                joint::shift(g.plan, &mut g.roads, row.id, course, row.left);
            }
            if row.s >= length && row.is(HOLDER) {
                g.roads[l].rows.remove(i);
                g.meter.watch.sees(g.plan, link, &Sight::of(&row), length);
                leaving.push(row);
                continue;
            }
            if row.is(ASKS) {
                asking.push((link, row.id));
            }
            debug_assert!(row.s < length || row.is(LAST), "vehicle {} left link {l} without a grant", row.id.0);
            i += 1;
        }
    }
    (leaving, asking)
}

fn count_last_step(g: &mut Ground, link: LinkId, row: &Row, until: f32) {
    g.meter.watch.sees(g.plan, link, &Sight::of(row), until);
    g.meter.drives(g.plan, link, &[*row]);
}

/// A vehicle has reached its destination: it leaves the road, wherever its tail is.
fn finish(g: &mut Ground, id: VehicleId, link: LinkId, end: f64) {
    leave_all(g, id);
    g.meter.arrives(g.plan, id, link, end);
}

/// Ends a course wherever it is.
fn leave_all(g: &mut Ground, id: VehicleId) {
    if let Some(course) = g.vehicles.end_course(id) {
        for leg in &course.legs {
            if let Place::Junction { junction, .. } = leg.place {
                leave(g, junction, id);
            }
        }
    }
}

/// A vehicle is taken off the road, or out of the queue at its origin, between two steps.
pub(crate) fn take_off(g: &mut Ground, id: VehicleId) {
    let waiting = g.meter.data.trips[id.index()].status == TripStatus::Waiting;
    if waiting {
        let link = g.plan.trips[id.index()].origin.link;
        g.roads[link.index()].waiting.retain(|w| *w != id);
        g.meter.removes(id);
        return;
    }
    if let Some((at, legs)) = g.vehicles.course(id).map(|c| (c.at, c.legs.len())) {
        // What it holds beyond the place its front is in is given back; inside a junction it holds the way out of it.
        let inside = g.vehicles.course(id).is_some_and(|c| matches!(c.legs[c.at].place, Place::Junction { .. }));
        if inside && let Some(link) = g.vehicles.course(id).and_then(|c| c.legs.get(at + 1)).and_then(Leg::link) {
            g.roads[link.index()].keep_promise(id);
        }
        let from = if inside { at + 2 } else { at + 1 };
        if from < legs {
            revoke(g, id, from);
        }
    }
    for road in &mut g.roads {
        if let Some(i) = road.find(id) {
            road.rows.remove(i);
            break;
        }
    }
    leave_all(g, id);
    g.meter.surrogates.forget(id, f64::NEG_INFINITY);
    g.meter.removes(id);
    g.publish();
}

/// Moves the front of a course on to the leg it has reached, and onto the rows of a link if it is one. `left_as`: as which it left a link just now.
fn settle(g: &mut Ground, id: VehicleId, left_as: Option<&Row>, end: f64) {
    loop {
        let Some(course) = g.vehicles.course_mut(id) else { return };
        let at = course.at;
        // Nobody stays within a joint: its front is on one of the two pieces.
        let is_joint = matches!(course.legs[at].place, Place::Junction { movement, .. } if g.plan.joints.is(movement));
        if (course.front < course.legs[at].end() && !is_joint) || at + 1 == course.legs.len() {
            return;
        }
        course.at += 1;
        let next = &course.legs[at + 1];
        let Some(link) = next.link() else { continue };
        g.roads[link.index()].keep_promise(id);
        let s = (course.front - next.start) as f32;
        let (left, v, accel) = (next.left, course.v, course.last_accel);
        let (passes, is_last_leg) = (s >= next.length, at + 2 == course.legs.len());
        let side = &mut g.vehicles.side[id.index()];
        let leg = side.leg as usize + 1;
        side.leg = leg as u32;
        let route = g.plan.route(id);
        g.meter.passes(g.plan, id, route[leg - 1], link);
        let mut row = Row { before: s.min(0.0) - 1.0, accel, ..row_on(g.plan, id, leg, s, v, left) };
        row.flags |= TAIL;
        if let Some(left) = left_as.filter(|_| is_joint) {
            (row.want, row.rest, row.onto) = (left.want, left.rest, left.onto);
            row.flags |= left.flags & LETS_IN;
        }
        if row.is(LAST) && s >= row.goal {
            count_last_step(g, link, &row, row.goal);
            finish(g, id, link, end);
            return;
        }
        if passes && !is_last_leg {
            g.meter.watch.sees(g.plan, link, &Sight::of(&row), row.s);
            continue;
        }
        if !is_last_leg {
            row.flags |= HOLDER;
        }
        g.roads[link.index()].insert(row);
        return;
    }
}

/// Gives up the places that the tail has left.
fn clear_tail(g: &mut Ground, id: VehicleId) {
    loop {
        let Some(course) = g.vehicles.course_mut(id) else { return };
        if course.at == 0 || course.rear() < course.legs[0].end() {
            return;
        }
        let gone = course.legs.remove(0);
        course.at -= 1;
        let (at, single, link) = (course.at, course.legs.len() == 1, course.legs[course.at].link());
        if let Place::Junction { junction, .. } = gone.place {
            leave(g, junction, id);
        }
        if at == 0
            && let Some(link) = link
            && let Some(i) = g.roads[link.index()].find(id)
        {
            g.roads[link.index()].rows[i].flags &= !TAIL;
        }
        if single {
            g.vehicles.end_course(id);
            return;
        }
    }
}
