//! The path of a vehicle through a junction: a cubic Bézier from where it stands across its link's end to where it will stand across
//! the next link's start, tangent to both. Vehicles keep their lateral position relative to their path, so a swarm stays a swarm.

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
        Self { from, to, arm: (2.0 / 3.0) * libm::tan(turn / 4.0) / libm::sin(turn / 2.0), turn_rad }
    }

    /// Whether this movement comes from the right of `other`: by 30 degrees at least and 150 at most.
    pub fn comes_from_the_right_of(&self, other: &Self) -> bool {
        let (a, b) = (other.from.along, self.from.along);
        a.0 * b.1 - a.1 * b.0 > 0.5
    }

    /// Points along the path, about `step_m` apart, for a body whose centre line is `y_in_m` from the kerb at the end of the incoming link
    /// and `y_out_m` from it at the start of the outgoing one. At least two points, at most 257.
    pub fn points(&self, y_in_m: f64, y_out_m: f64, step_m: f64) -> impl ExactSizeIterator<Item = Point> {
        let (a, d) = (self.from.at(y_in_m), self.to.at(y_out_m));
        let arm = a.distance_m(d) * self.arm;
        let b = Point::new(a.x + self.from.along.0 * arm, a.y + self.from.along.1 * arm);
        let c = Point::new(d.x - self.to.along.0 * arm, d.y - self.to.along.1 * arm);
        let hull = 2.0 * arm + b.distance_m(c);
        let pieces = libm::ceil((hull / step_m).clamp(1.0, 256.0)) as usize;
        (0..pieces + 1).map(move |i| {
            let t = i as f64 / pieces as f64;
            let u = 1.0 - t;
            let (wa, wb, wc, wd) = (u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t);
            Point::new(wa * a.x + wb * b.x + wc * c.x + wd * d.x, wa * a.y + wb * b.y + wc * c.y + wd * d.y)
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
