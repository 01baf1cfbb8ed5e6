//! The path of a vehicle through a junction, from where it stands across its link's end to where it will stand across the next link's start,
//! tangent to both.
//!
//! A movement has a middle line, a cubic Bézier between the middles of its lanes. Whoever starts beside the middle drives beside it: so two who
//! stand side by side stay side by side through the bend, as far apart as before, and a swarm stays a swarm. Only where the bend is too tight
//! for that, a path is a Bézier of its own.

use super::{DrivingSide, RoadNetwork};
use crate::{
    geometry::{Point, point_along, polyline_length_m, turn_between},
    ids::{LinkId, MovementId},
};
use core::f64::consts::FRAC_PI_2;

/// Where `(s, y)` of a link lies in the world, and the heading there.
///
/// `y_m` is metres from the kerb-side edge of the link to the point.
pub fn world_point(network: &RoadNetwork, link: LinkId, s_m: f64, y_m: f64) -> (Point, f64) {
    let l = network.link(link);
    // Lengths are spherical, geometry is in the plane of the frame: scale so that both ends meet.
    let way = s_m * polyline_length_m(&l.geometry) / f64::from(l.length_m);
    let (at, heading) = point_along(&l.geometry, way);
    let to_the_left = match network.meta.driving_side {
        DrivingSide::Right => y_m - f64::from(l.width_m) / 2.0,
        DrivingSide::Left => f64::from(l.width_m) / 2.0 - y_m,
    };
    (at.ahead(heading + FRAC_PI_2, to_the_left), heading)
}

/// Where all paths of one movement begin and end.
#[derive(Clone, Copy, Debug)]
pub struct PathEnds {
    from: PathEnd,
    to: PathEnd,
    /// Length of a Bézier arm per length of the chord.
    arm: f64,
    /// Angle of the turn, radians, positive to the left.
    pub turn_rad: f64,
    /// The middles of the movement's lanes, metres from the kerb-side edges of its two links.
    middle_m: (f64, f64),
    /// The line between them.
    middle: Bezier,
    /// How far beside it one may drive away from the kerb, and toward it, so that the bend is not too tight, metres.
    across_m: f64,
    kerb_m: f64,
    /// At most so long is any path beside it, metres.
    longest_m: f64,
}

/// Of the smallest radius of the middle line, paths beside it leave so much (assumed: so that their points keep their order).
const LEAST_RADIUS: f64 = 0.3;
/// A middle line shorter than this has no direction of its own, metres.
const SHORT_M: f64 = 0.5;

/// A cubic Bézier.
#[derive(Clone, Copy, Debug)]
struct Bezier([Point; 4]);

impl Bezier {
    /// From `from` to `to`, tangent to the two directions, with arms of `arm` of the chord.
    fn new(from: Point, along: (f64, f64), to: Point, along_to: (f64, f64), arm: f64) -> Self {
        let arm = from.distance_m(to) * arm;
        let b = Point::new(from.x + along.0 * arm, from.y + along.1 * arm);
        let c = Point::new(to.x - along_to.0 * arm, to.y - along_to.1 * arm);
        Self([from, b, c, to])
    }

    fn hull_m(&self) -> f64 {
        self.0.windows(2).map(|pair| pair[0].distance_m(pair[1])).sum()
    }

    fn at(&self, t: f64) -> Point {
        let [a, b, c, d] = self.0;
        let u = 1.0 - t;
        let (wa, wb, wc, wd) = (u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t);
        Point::new(wa * a.x + wb * b.x + wc * c.x + wd * d.x, wa * a.y + wb * b.y + wc * c.y + wd * d.y)
    }

    /// Its first derivative.
    fn velocity(&self, t: f64) -> (f64, f64) {
        let [a, b, c, d] = self.0;
        let u = 1.0 - t;
        let (wa, wb, wc) = (3.0 * u * u, 6.0 * u * t, 3.0 * t * t);
        (wa * (b.x - a.x) + wb * (c.x - b.x) + wc * (d.x - c.x), wa * (b.y - a.y) + wb * (c.y - b.y) + wc * (d.y - c.y))
    }

    /// The smallest radii of its bends to the left and to the right, metres; infinite where there is none. As seen at 33 places.
    fn least_radii_m(&self) -> (f64, f64) {
        const PLACES: u32 = 32;
        let seen = |i: u32| {
            let t = f64::from(i) / f64::from(PLACES);
            let (x, y) = self.velocity(t);
            (self.at(t), libm::atan2(y, x))
        };
        let (mut left, mut right) = (f64::INFINITY, f64::INFINITY);
        let mut before = seen(0);
        for i in 1..=PLACES {
            let here = seen(i);
            let (turn, way) = (turn_between(before.1, here.1), before.0.distance_m(here.0));
            let side = if turn > 0.0 { &mut left } else { &mut right };
            if turn.abs() > 1e-6 {
                *side = side.min(way / turn.abs());
            }
            before = here;
        }
        (left, right)
    }
}

/// One end: a line across the carriageway.
#[derive(Clone, Copy, Debug)]
struct PathEnd {
    /// On the kerb-side edge.
    kerb: Point,
    /// Unit vector in driving direction.
    along: (f64, f64),
    /// Unit vector away from the kerb.
    across: (f64, f64),
}

impl PathEnd {
    fn new(network: &RoadNetwork, link: LinkId, s_m: f64) -> (Self, f64) {
        let (kerb, heading) = world_point(network, link, s_m, 0.0);
        let along = (libm::cos(heading), libm::sin(heading));
        let across = match network.meta.driving_side {
            DrivingSide::Right => (-along.1, along.0),
            DrivingSide::Left => (along.1, -along.0),
        };
        (Self { kerb, along, across }, heading)
    }

    fn at(&self, y_m: f64) -> Point {
        Point::new(self.kerb.x + self.across.0 * y_m, self.kerb.y + self.across.1 * y_m)
    }
}

impl PathEnds {
    /// Those of `movement`.
    pub fn of(network: &RoadNetwork, movement: MovementId) -> Self {
        let m = network.movement(movement);
        let (from, heading_from) = PathEnd::new(network, m.from, f64::from(network.link(m.from).length_m));
        let (to, heading_to) = PathEnd::new(network, m.to, 0.0);
        let turn_rad = turn_between(heading_from, heading_to);
        // A Bézier arm that makes a turn of angle θ the best cubic arc.
        let turn = turn_rad.abs().max(0.05);
        let arm = (2.0 / 3.0) * libm::tan(turn / 4.0) / libm::sin(turn / 2.0);
        let middle_m = (lanes_middle_m(network, m.from, &m.from_lanes), lanes_middle_m(network, m.to, &m.to_lanes));
        let middle = Bezier::new(from.at(middle_m.0), from.along, to.at(middle_m.1), to.along, arm);
        let left_is_across = network.meta.driving_side == DrivingSide::Right;
        // Beside a line without length there is nothing.
        let hull_m = middle.hull_m();
        let (left_m, right_m) = if hull_m < SHORT_M { (0.0, 0.0) } else { middle.least_radii_m() };
        let (across_m, kerb_m) = if left_is_across { (left_m, right_m) } else { (right_m, left_m) };
        let half_m = f64::from(network.link(m.from).width_m.max(network.link(m.to).width_m)) / 2.0;
        // The outermost path has the longest pieces.
        let longest_m = hull_m + turn_rad.abs() * half_m;
        let room = 1.0 - LEAST_RADIUS;
        Self { from, to, arm, turn_rad, middle_m, middle, across_m: room * across_m, kerb_m: room * kerb_m, longest_m }
    }

    /// Whether this movement comes from the right of `other`: by 30 degrees at least and 150 at most.
    pub fn comes_from_the_right_of(&self, other: &Self) -> bool {
        let (a, b) = (other.from.along, self.from.along);
        a.0 * b.1 - a.1 * b.0 > 0.5
    }

    /// Points along the path, about `step_m` apart, for a body whose centre line is `y_in_m` from the kerb at the end of the incoming link
    /// and `y_out_m` from it at the start of the outgoing one. At least two points, at most 257. Paths beside the same middle line have their
    /// points side by side.
    pub fn points(&self, y_in_m: f64, y_out_m: f64, step_m: f64) -> impl ExactSizeIterator<Item = Point> {
        let (before, after) = (y_in_m - self.middle_m.0, y_out_m - self.middle_m.1);
        let is_beside = before.max(after) < self.across_m && before.min(after) > -self.kerb_m;
        let own = (!is_beside).then(|| Bezier::new(self.from.at(y_in_m), self.from.along, self.to.at(y_out_m), self.to.along, self.arm));
        let line = own.unwrap_or(self.middle);
        let longest_m = if is_beside { self.longest_m } else { line.hull_m() };
        let pieces = libm::ceil((longest_m / step_m).clamp(1.0, 256.0)) as usize;
        let side = if self.from.across.1 * self.from.along.0 - self.from.across.0 * self.from.along.1 > 0.0 { 1.0 } else { -1.0 };
        (0..pieces + 1).map(move |i| {
            let t = i as f64 / pieces as f64;
            let at = line.at(t);
            if !is_beside {
                return at;
            }
            let (x, y) = line.velocity(t);
            let aside = side * (before + (after - before) * t * t * (3.0 - 2.0 * t)) / (x * x + y * y).sqrt().max(1e-9);
            Point::new(at.x - y * aside, at.y + x * aside)
        })
    }
}

/// Where the middle of these lanes of a link lies: metres from the kerb-side edge.
pub fn lanes_middle_m(network: &RoadNetwork, link: LinkId, lanes: &std::ops::Range<u8>) -> f64 {
    let width = |n: u8| network.link(link).lanes.iter().take(usize::from(n)).map(|l| f64::from(l.width_m)).sum::<f64>();
    (width(lanes.start) + width(lanes.end)) / 2.0
}

/// The path of `movement` between the middles of its lanes, in steps of about `step_m`.
pub fn middle_path(network: &RoadNetwork, movement: MovementId, step_m: f64) -> Vec<Point> {
    let m = network.movement(movement);
    let (y_in_m, y_out_m) = (lanes_middle_m(network, m.from, &m.from_lanes), lanes_middle_m(network, m.to, &m.to_lanes));
    PathEnds::of(network, movement).points(y_in_m, y_out_m, step_m).collect()
}

/// Length of [`middle_path`], metres.
pub fn path_length_m(network: &RoadNetwork, movement: MovementId) -> f64 {
    polyline_length_m(&middle_path(network, movement, 0.5))
}
