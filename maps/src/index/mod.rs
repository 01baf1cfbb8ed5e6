//! Spatial index: the link or junction nearest to a place, with a filter by heading and vehicle class, and refs that look alike.
//!
//! ```no_run
//! # fn f(network: &sim_core::network::RoadNetwork) -> Option<()> {
//! use maps::index::NetworkIndex;
//! use sim_core::{class::VehicleClass, geometry::LatLon};
//!
//! let index = NetworkIndex::new(network);
//! let detector = LatLon { lat: 10.3821, lon: 105.4389 };
//! // A camera that looks at traffic going north-west.
//! let hit = index.nearest_link(detector, Some(315.0), Some(VehicleClass::Bus), 50.0)?;
//! println!("{} at {:.0} m", network.link(hit.link).ref_, hit.pos_m);
//! # Some(()) }
//! ```

mod near;

pub use near::near_refs;

use rstar::{AABB, PointDistance, RTree, RTreeObject};
use sim_core::{
    class::{ClassSet, VehicleClass},
    geometry::{Frame, LatLon, Point, polyline_length_m},
    ids::{JunctionId, LinkId},
    network::RoadNetwork,
};

/// How far a link's heading may be from the one asked for, degrees. Two directions of a road are 180° apart, arms of a crossing 90°
/// (assumed: half way between them, plus what hand-entered headings are off by).
pub const HEADING_TOLERANCE_DEG: f64 = 60.0;

/// A place, on the Earth or in the network's frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// Degrees.
    Earth(LatLon),
    /// Metres east and north of the network's origin.
    Plane(Point),
}

impl From<LatLon> for Place {
    fn from(place: LatLon) -> Self {
        Self::Earth(place)
    }
}

impl From<Point> for Place {
    fn from(place: Point) -> Self {
        Self::Plane(place)
    }
}

/// A box, its sides along east and north.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bbox {
    /// South-west corner, metres in the network's frame.
    pub min: Point,
    /// North-east corner, metres in the network's frame.
    pub max: Point,
}

/// A link found near a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinkHit {
    /// The link.
    pub link: LinkId,
    /// The point of it that is nearest, metres from its start, 0 to its length.
    pub pos_m: f32,
    /// How far that point is from the place, metres.
    pub distance_m: f64,
}

/// A junction found near a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JunctionHit {
    /// The junction.
    pub junction: JunctionId,
    /// How far its centre is from the place, metres.
    pub distance_m: f64,
}

/// Where the links and junctions of one network are. It holds ids, so it is only good for the network it was made from.
pub struct NetworkIndex {
    frame: Frame,
    pieces: RTree<Piece>,
    junctions: RTree<Spot>,
}

/// A straight piece of a link's centre line.
#[derive(Clone, Copy)]
struct Piece {
    a: [f64; 2],
    b: [f64; 2],
    link: LinkId,
    /// Metres of the link before the piece and of the piece itself, as the link's `length_m` counts them.
    start_m: f32,
    length_m: f32,
    access: ClassSet,
}

impl Piece {
    /// The nearest point's share of the way from `a` to `b`, and the square of its distance.
    fn nearest(&self, p: &[f64; 2]) -> (f64, f64) {
        let (dx, dy) = (self.b[0] - self.a[0], self.b[1] - self.a[1]);
        let square = dx * dx + dy * dy;
        let t = if square > 0.0 { (((p[0] - self.a[0]) * dx + (p[1] - self.a[1]) * dy) / square).clamp(0.0, 1.0) } else { 0.0 };
        let (ex, ey) = (self.a[0] + t * dx - p[0], self.a[1] + t * dy - p[1]);
        (t, ex * ex + ey * ey)
    }

    /// Compass bearing, degrees clockwise from north.
    fn bearing_deg(&self) -> f64 {
        // A heading counts counter-clockwise from east.
        90.0 - Point::new(self.a[0], self.a[1]).heading_to(Point::new(self.b[0], self.b[1])).to_degrees()
    }
}

impl RTreeObject for Piece {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.a, self.b)
    }
}

impl PointDistance for Piece {
    fn distance_2(&self, p: &[f64; 2]) -> f64 {
        self.nearest(p).1
    }
}

#[derive(Clone, Copy)]
struct Spot {
    at: [f64; 2],
    junction: JunctionId,
}

impl RTreeObject for Spot {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        AABB::from_point(self.at)
    }
}

impl PointDistance for Spot {
    fn distance_2(&self, p: &[f64; 2]) -> f64 {
        let (dx, dy) = (self.at[0] - p[0], self.at[1] - p[1]);
        dx * dx + dy * dy
    }
}

impl NetworkIndex {
    /// The index of `network`.
    pub fn new(network: &RoadNetwork) -> Self {
        let mut pieces = Vec::with_capacity(network.links.iter().map(|l| l.geometry.len() - 1).sum());
        for (i, link) in network.links.iter().enumerate() {
            // Lengths are spherical, geometry is in the plane: scale so that the end of the line is the end of the link.
            let scale = f64::from(link.length_m) / polyline_length_m(&link.geometry).max(1e-9);
            let mut start = 0.0;
            for ends in link.geometry.windows(2) {
                let length = ends[0].distance_m(ends[1]) * scale;
                pieces.push(Piece {
                    a: [ends[0].x, ends[0].y],
                    b: [ends[1].x, ends[1].y],
                    link: LinkId::from_index(i),
                    start_m: start as f32,
                    length_m: length as f32,
                    access: link.access,
                });
                start += length;
            }
        }
        let spot =
            |(i, j): (usize, &sim_core::network::Junction)| Spot { at: [j.centre.x, j.centre.y], junction: JunctionId::from_index(i) };
        Self {
            frame: network.meta.frame,
            pieces: RTree::bulk_load(pieces),
            junctions: RTree::bulk_load(network.junctions.iter().enumerate().map(spot).collect()),
        }
    }

    fn at(&self, place: Place) -> [f64; 2] {
        let p = match place {
            Place::Earth(p) => self.frame.project(p),
            Place::Plane(p) => p,
        };
        [p.x, p.y]
    }

    /// The link nearest to `place`, at most `max_m` away; of two equally near the one with the lower id.
    ///
    /// With `heading_deg` (compass bearing of travel, clockwise from north) only links that lead that way within
    /// [`HEADING_TOLERANCE_DEG`] there, with `class` only links that it may drive on.
    pub fn nearest_link(
        &self,
        place: impl Into<Place>,
        heading_deg: Option<f64>,
        class: Option<VehicleClass>,
        max_m: f64,
    ) -> Option<LinkHit> {
        let fits = |piece: &Piece| {
            class.is_none_or(|c| piece.access.contains(c))
                && heading_deg.is_none_or(|h| angle_between_deg(piece.bearing_deg(), h) <= HEADING_TOLERANCE_DEG)
        };
        let p = self.at(place.into());
        let mut best: Option<(f64, Piece, f64)> = None;
        for (piece, square) in self.pieces.nearest_neighbor_iter_with_distance_2(p) {
            if square > max_m * max_m || best.as_ref().is_some_and(|(least, ..)| square > *least) {
                break;
            }
            if fits(piece) && best.as_ref().is_none_or(|(_, found, _)| (piece.link, piece.start_m) < (found.link, found.start_m)) {
                best = Some((square, *piece, piece.nearest(&p).0));
            }
        }
        best.map(|(square, piece, t)| LinkHit {
            link: piece.link,
            pos_m: piece.start_m + t as f32 * piece.length_m,
            distance_m: square.sqrt(),
        })
    }

    /// The junction whose centre is nearest to `place`, at most `max_m` away; of two equally near the one with the lower id.
    pub fn nearest_junction(&self, place: impl Into<Place>, max_m: f64) -> Option<JunctionHit> {
        let p = self.at(place.into());
        let mut near = self.junctions.nearest_neighbor_iter_with_distance_2(p);
        let (first, least) = near.next().filter(|(_, square)| *square <= max_m * max_m)?;
        let same = near.take_while(|(_, square)| *square == least).map(|(spot, _)| spot.junction);
        let junction = same.chain([first.junction]).min()?;
        Some(JunctionHit { junction, distance_m: least.sqrt() })
    }

    /// The links whose centre lines enter the box, in id order.
    pub fn links_within(&self, bbox: Bbox) -> Vec<LinkId> {
        let (min, max) = ([bbox.min.x, bbox.min.y], [bbox.max.x, bbox.max.y]);
        let near = self.pieces.locate_in_envelope_intersecting(AABB::from_corners(min, max));
        let mut links: Vec<_> = near.filter(|p| crosses(p.a, p.b, min, max)).map(|p| p.link).collect();
        links.sort_unstable();
        links.dedup();
        links
    }
}

/// Degrees between two bearings, 0 to 180.
fn angle_between_deg(a: f64, b: f64) -> f64 {
    let turn = (a - b).rem_euclid(360.0);
    turn.min(360.0 - turn)
}

/// Whether the piece from `a` to `b` has a point in the box (Liang–Barsky clipping).
fn crosses(a: [f64; 2], b: [f64; 2], min: [f64; 2], max: [f64; 2]) -> bool {
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for axis in 0..2 {
        let d = b[axis] - a[axis];
        if d == 0.0 {
            if a[axis] < min[axis] || a[axis] > max[axis] {
                return false;
            }
            continue;
        }
        let (t, u) = ((min[axis] - a[axis]) / d, (max[axis] - a[axis]) / d);
        enter = enter.max(t.min(u));
        leave = leave.min(t.max(u));
    }
    enter <= leave
}

#[cfg(test)]
mod tests;
