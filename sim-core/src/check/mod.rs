//! The checker: verifies after each step, with geometry of its own, that a run keeps its promises.
//!
//! It reads where each body is (front, lateral position, path) and what class it is, and computes everything else itself: bodies on a link
//! are rectangles in `(s, y)`, bodies in a junction are rows of short turned rectangles along their path. It also follows every
//! vehicle from step to step: way against speed, braking against the class, stop lines against the signal.

mod follow;
mod holders;
mod shape;
mod violation;

pub use violation::{CheckSummary, Violation};

use crate::{
    ferry::Ferry,
    frame::Light,
    geometry::Point,
    halt::Services,
    ids::{JunctionId, LinkId, VehicleId},
    junction::{Course, Crossing, Leg, Place},
    plan::{LONGEST_M, Plan},
    reference::Ref,
    segment::{Road, Row},
    simulation::Simulation,
    strips::STRIP_M,
    vehicles::Vehicles,
};
use follow::{At, Seen};
use holders::before_holders;
use shape::Box2;

/// Overlaps up to this are rounding, metres.
const OVERLAP_M: f64 = 0.01;

/// Verifies a simulation step by step.
#[derive(Debug)]
pub struct Checker {
    summary: CheckSummary,
    total: u64,
    /// What was seen of each vehicle after the last step, if it was on the road.
    before: Vec<Option<Seen>>,
    /// Scratch.
    now: Vec<(VehicleId, Seen)>,
}

/// A body on a link: `(rear, front)` along it, `(low, high)` across it.
struct Flat {
    rear: f64,
    front: f64,
    low: f64,
    high: f64,
    id: VehicleId,
}

impl Checker {
    /// A checker that begins with the present state of `simulation`.
    pub fn new(simulation: &Simulation) -> Self {
        let mut checker = Self {
            summary: CheckSummary::default(),
            total: simulation.population().total(),
            before: vec![None; simulation.trips().len()],
            now: Vec::new(),
        };
        checker.look(simulation);
        for (id, seen) in checker.now.drain(..) {
            checker.before[id.index()] = Some(seen);
        }
        checker
    }

    /// Verifies the step that was just made.
    ///
    /// # Errors
    /// The first promise that was broken.
    pub fn after_step(&mut self, simulation: &Simulation) -> Result<(), Violation> {
        // An order may have added trips.
        self.before.resize(simulation.trips().len(), None);
        self.total = simulation.trips().len() as u64;
        self.look(simulation);
        self.conservation(simulation)?;
        self.motion(simulation)?;
        self.links(simulation)?;
        self.junctions(simulation)?;
        self.summary.steps += 1;
        self.summary.vehicle_steps += simulation.population().on_road;
        self.before.fill(None);
        for (id, seen) in self.now.drain(..) {
            self.before[id.index()] = Some(seen);
        }
        Ok(())
    }

    /// What was seen so far.
    pub fn summary(&self) -> CheckSummary {
        self.summary
    }

    /// Collects every vehicle that is on a link or in a junction.
    fn look(&mut self, simulation: &Simulation) {
        self.now.clear();
        let vehicles = simulation.world.resource::<Vehicles>();
        for (l, road) in simulation.all::<Road>().into_iter().enumerate() {
            for row in &road.rows {
                let front = vehicles.course(row.id).map(|c| c.front);
                let at = At::Link { link: LinkId::from_index(l), s: row.s.into(), front };
                self.now.push((row.id, Seen { at, v: row.v.into(), left: f64::from(row.left) * f64::from(STRIP_M) }));
            }
        }
        for id in crate::ground::on_course(simulation.all::<Crossing>().into_iter(), vehicles) {
            if let Some(course) = vehicles.course(id)
                && let Place::Junction { junction, .. } = course.legs[course.at].place
            {
                let left = course.legs[course.at].end() - course.front;
                let to = course.legs.get(course.at + 1).and_then(Leg::link);
                let at = At::Junction { junction, front: course.front, left, to };
                self.now.push((id, Seen { at, v: course.v.into(), left: 0.0 }));
            }
        }
        self.now.sort_unstable_by_key(|(id, _)| *id);
    }

    fn conservation(&self, simulation: &Simulation) -> Result<(), Violation> {
        let population = simulation.population();
        let aboard: usize = simulation.all::<Ferry>().iter().map(|f| f.passengers().count()).sum();
        let waiting: usize = simulation.all::<Road>().iter().map(|r| r.waiting.len()).sum();
        let in_bays = simulation.world.resource::<Services>().bays().len();
        let seen = (self.now.len() + aboard + in_bays) as u64;
        let twice = self.now.windows(2).any(|w| w[0].0 == w[1].0);
        if population.total() != self.total || population.on_road != seen || population.waiting != waiting as u64 || twice {
            return Err(Violation::Lost { time_s: simulation.time_s(), expected: self.total, seen, population });
        }
        Ok(())
    }

    /// Way, braking, sideways movement and stop lines.
    fn motion(&mut self, simulation: &Simulation) -> Result<(), Violation> {
        let plan = simulation.plan();
        let dt = f64::from(plan.dt);
        let time_s = simulation.time_s();
        let lights = &simulation.world.resource::<crate::control::Lights>().of;
        let vehicles = simulation.world.resource::<Vehicles>();
        for (id, seen) in &self.now {
            let Some(before) = &self.before[id.index()] else { continue };
            let body = plan.body(*id);
            let trip = &plan.trips[id.index()];
            let place = || place_of(plan, &seen.at);
            let vehicle = || trip.ref_.clone();
            let brake = (before.v - seen.v) / dt;
            self.summary.hardest_brake_mps2 = self.summary.hardest_brake_mps2.max(brake);
            if brake > f64::from(body.brake) + 0.05 {
                let limit_mps2 = body.brake.into();
                return Err(Violation::Braking { time_s, place: place(), vehicle: vehicle(), brake_mps2: brake, limit_mps2 });
            }
            if let Some(moved) = seen.way_since(before) {
                let error = (moved - seen.v * dt).abs();
                self.summary.max_displacement_error_m = self.summary.max_displacement_error_m.max(error);
                if error > 0.01 {
                    let limit_m = seen.v * dt;
                    return Err(Violation::Displaced {
                        time_s,
                        place: place(),
                        vehicle: vehicle(),
                        direction: "lengthwise",
                        moved_m: moved,
                        limit_m,
                    });
                }
            }
            if let (At::Link { link: a, .. }, At::Link { link: b, .. }) = (&before.at, &seen.at)
                && a == b
            {
                let moved_m = (seen.left - before.left).abs();
                // A remainder below one strip is carried over from earlier steps.
                let limit_m = f64::from(body.lateral) * dt + f64::from(STRIP_M);
                if moved_m > limit_m + 1e-6 {
                    return Err(Violation::Displaced {
                        time_s,
                        place: place(),
                        vehicle: vehicle(),
                        direction: "sideways",
                        moved_m,
                        limit_m,
                    });
                }
            }
            let At::Link { link: from, .. } = before.at else { continue };
            if matches!(seen.at, At::Link { link, .. } if link == from) {
                continue;
            }
            // The front has left `from`: by which movement?
            let leg = vehicles.side[id.index()].leg as usize;
            let start = if matches!(seen.at, At::Junction { .. }) { leg } else { leg.saturating_sub(1) };
            let Some(i) = (0..=start).rev().find(|i| plan.route(*id)[*i] == from) else { continue };
            let Some(next) = plan.route(*id).get(i + 1) else { continue };
            if let Some(m) = plan.network.movement_between(from, *next)
                && let Some(light) = lights[m.index()]
            {
                self.summary.line_crossings += 1;
                if light == Light::Red && plan.manner[id.index()].passes_red() {
                    self.summary.declared_on_red += 1;
                } else if light == Light::Red {
                    return Err(Violation::CrossedOnRed { time_s, place: plan.network.link(from).ref_.clone(), vehicle: vehicle() });
                }
            }
        }
        Ok(())
    }

    /// No two rectangles overlap on any link.
    fn links(&mut self, simulation: &Simulation) -> Result<(), Violation> {
        let plan = simulation.plan();
        let vehicles = simulation.world.resource::<Vehicles>();
        let roads = simulation.all::<Road>();
        let width = |id: VehicleId| f64::from(plan.body(id).width);
        let mut tails: Vec<(LinkId, Flat)> = Vec::new();
        for id in crate::ground::on_course(simulation.all::<Crossing>().into_iter(), vehicles) {
            let Some(course) = vehicles.course(id) else { continue };
            for leg in &course.legs[..course.at] {
                if let Some(link) = leg.link() {
                    let low = f64::from(leg.left) * f64::from(STRIP_M);
                    let flat = Flat { rear: course.rear() - leg.start, front: leg.length.into(), low, high: low + width(id), id };
                    tails.push((link, flat));
                }
            }
        }
        // Who is beyond the middle of an undivided road is on the other half too, seen from its far end.
        for (l, road) in roads.iter().enumerate() {
            let link = &plan.network.links[l];
            let Some(other) = link.opposite else { continue };
            let (own_m, width_m) = (f64::from(link.length_m), f64::from(plan.strips[l]) * f64::from(STRIP_M));
            let half = plan.network.link(other);
            let (long_m, edge_m) = (f64::from(half.length_m), f64::from(plan.strips[other.index()]) * f64::from(STRIP_M));
            // A body that is wider than its half has nowhere else to go; two such do not meet on narrow roads in this model.
            let is_beyond = |r: &&Row| r.right > plan.strips[l] && r.right - r.left <= plan.strips[l];
            for r in road.rows.iter().filter(is_beyond) {
                let low = f64::from(r.left) * f64::from(STRIP_M);
                let there = |s: f64| (1.0 - s / own_m) * long_m;
                let (rear, front) = (there(r.s.into()), there(r.rear().into()));
                let flat = Flat { rear, front, low: edge_m + width_m - low - width(r.id), high: edge_m + width_m - low, id: r.id };
                tails.push((other, flat));
                self.summary.beyond_middle += 1;
            }
        }
        tails.sort_by_key(|(link, _)| *link);
        let mut tails = tails.into_iter().peekable();
        let mut bodies: Vec<Flat> = Vec::new();
        for (l, road) in roads.iter().enumerate() {
            self.summary.before_holders += before_holders(plan, vehicles, &roads, LinkId::from_index(l));
            bodies.clear();
            bodies.extend(road.rows.iter().map(|r| {
                let low = f64::from(r.left) * f64::from(STRIP_M);
                // What reaches back beyond the start is in the junction, or beside the road where it entered.
                Flat { rear: f64::from(r.rear()).max(0.0), front: r.s.into(), low, high: low + width(r.id), id: r.id }
            }));
            while let Some((_, flat)) = tails.next_if(|(link, _)| link.index() == l) {
                bodies.push(flat);
            }
            if bodies.len() < 2 {
                continue;
            }
            bodies.sort_by(|a, b| a.rear.total_cmp(&b.rear));
            for (i, a) in bodies.iter().enumerate() {
                let mut looked = 0;
                for b in &bodies[i + 1..] {
                    let sideways = a.high.min(b.high) - a.low.max(b.low);
                    if b.rear >= a.front {
                        // Behind one another: the clearance of the nearest few is kept.
                        looked += 1;
                        if sideways > 1e-6 {
                            self.summary.min_clearance_m = self.summary.min_clearance_m.min(b.rear - a.front);
                            break;
                        }
                        if looked > 12 || b.rear > a.front + f64::from(LONGEST_M) {
                            break;
                        }
                        continue;
                    }
                    let lengthwise = a.front.min(b.front) - b.rear;
                    let depth_m = sideways.min(lengthwise);
                    if depth_m > OVERLAP_M {
                        let describe = |f: &Flat| {
                            let (rear, front, low, high) = (f.rear, f.front, f.low, f.high);
                            format!("s {rear:.3}..{front:.3}, y {low:.3}..{high:.3}")
                        };
                        return Err(Violation::Overlap {
                            time_s: simulation.time_s(),
                            place: plan.network.links[l].ref_.clone(),
                            first: plan.trips[a.id.index()].ref_.clone(),
                            second: plan.trips[b.id.index()].ref_.clone(),
                            depth_m,
                            detail: format!("{} and {}", describe(a), describe(b)),
                        });
                    }
                }
            }
        }
        Ok(())
    }

    /// No two bodies overlap in any junction.
    fn junctions(&mut self, simulation: &Simulation) -> Result<(), Violation> {
        let plan = simulation.plan();
        let vehicles = simulation.world.resource::<Vehicles>();
        for (j, crossing) in simulation.all::<Crossing>().into_iter().enumerate() {
            if crossing.holders.len() < 2 {
                continue;
            }
            let bodies: Vec<_> =
                crossing.holders.iter().filter_map(|id| Some((*id, pieces(plan, vehicles, *id, JunctionId::from_index(j))?))).collect();
            for (i, (a, a_pieces)) in bodies.iter().enumerate() {
                for (b, b_pieces) in &bodies[..i] {
                    for p in a_pieces {
                        for q in b_pieces {
                            if p.centre().distance_m(q.centre()) > p.radius() + q.radius() {
                                continue;
                            }
                            let depth_m = p.depth(q);
                            if depth_m > OVERLAP_M {
                                let (pc, qc) = (p.centre(), q.centre());
                                return Err(Violation::Overlap {
                                    time_s: simulation.time_s(),
                                    place: plan.network.junctions[j].ref_.clone(),
                                    first: plan.trips[a.index()].ref_.clone(),
                                    second: plan.trips[b.index()].ref_.clone(),
                                    depth_m,
                                    detail: format!("near ({:.2}, {:.2}) and ({:.2}, {:.2})", pc.x, pc.y, qc.x, qc.y),
                                });
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }
}

/// The part of a body that is in `junction`, as short turned rectangles: of each passage, where it comes back before its tail has left.
fn pieces(plan: &Plan, vehicles: &Vehicles, id: VehicleId, junction: JunctionId) -> Option<Vec<Box2>> {
    let course = vehicles.course(id)?;
    Some(course.legs_in(junction).filter_map(|leg| pieces_of(plan, course, leg, id, junction)).flatten().collect())
}

fn pieces_of(plan: &Plan, course: &Course, leg: usize, id: VehicleId, junction: JunctionId) -> Option<Vec<Box2>> {
    let leg = &course.legs[leg];
    let Place::Junction { path, .. } = &leg.place else { return None };
    let centre = plan.network.junction(junction).centre;
    let (from, to) = ((course.rear() - leg.start).max(0.0), (course.front - leg.start).min(leg.length.into()));
    if from >= to {
        return None;
    }
    let width = f64::from(plan.body(id).width);
    let at = |i: usize| Point::new(centre.x + f64::from(path.knots[i].x), centre.y + f64::from(path.knots[i].y));
    let mut out = Vec::new();
    for i in 0..path.knots.len() - 1 {
        let (lo, hi) = (f64::from(path.knots[i].along), f64::from(path.knots[i + 1].along));
        let (a, b) = (from.max(lo), to.min(hi));
        if a < b {
            let (p, q) = (at(i), at(i + 1));
            let mix = |t: f64| Point::new(p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t);
            out.push(Box2::between(mix((a - lo) / (hi - lo)), mix((b - lo) / (hi - lo)), width));
        }
    }
    Some(out)
}

fn place_of(plan: &Plan, at: &At) -> Ref {
    match at {
        At::Link { link, .. } => plan.network.link(*link).ref_.clone(),
        At::Junction { junction, .. } => plan.network.junction(*junction).ref_.clone(),
    }
}
