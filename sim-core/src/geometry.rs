//! Points, polylines and the local metric frame of a network.

use serde::{Deserialize, Serialize};

/// Mean Earth radius, metres (IUGG 1980).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A place on the Earth, degrees (WGS 84).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatLon {
    /// Latitude, degrees north, −90 to 90.
    pub lat: f64,
    /// Longitude, degrees east, −180 to 180.
    pub lon: f64,
}

impl LatLon {
    /// Great-circle distance, metres (haversine).
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = libm::sin((lat_b - lat_a) / 2.0);
        let half_lon = libm::sin((other.lon - self.lon).to_radians() / 2.0);
        let h = half_lat * half_lat + libm::cos(lat_a) * libm::cos(lat_b) * half_lon * half_lon;
        2.0 * EARTH_RADIUS_M * libm::asin(libm::sqrt(h).min(1.0))
    }
}

/// A point in a network's frame: metres east (`x`) and north (`y`) of its origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Metres east of the origin.
    pub x: f64,
    /// Metres north of the origin.
    pub y: f64,
}

impl Point {
    /// A point at `x` metres east and `y` metres north.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// Distance to `other`, metres.
    pub fn distance_m(self, other: Self) -> f64 {
        let (dx, dy) = (other.x - self.x, other.y - self.y);
        (dx * dx + dy * dy).sqrt()
    }

    /// The point `way` metres from here in direction `heading` (radians, counter-clockwise from east).
    pub fn ahead(self, heading: f64, way: f64) -> Self {
        Self::new(self.x + way * libm::cos(heading), self.y + way * libm::sin(heading))
    }

    /// The heading from here to `other`, radians counter-clockwise from east, in (−π, π].
    pub fn heading_to(self, other: Self) -> f64 {
        libm::atan2(other.y - self.y, other.x - self.x)
    }
}

/// The turn from heading `from` to heading `to`, radians in [−π, π): positive is to the left.
pub fn turn_between(from: f64, to: f64) -> f64 {
    let full = 2.0 * core::f64::consts::PI;
    let turn = libm::fmod(to - from + core::f64::consts::PI, full);
    (if turn < 0.0 { turn + full } else { turn }) - core::f64::consts::PI
}

/// A network's local metric frame: equirectangular about its origin. Distances 100 km from the origin are true within 1 %; lengths
/// of links are taken on the sphere before projection, so they do not inherit that.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// The point that is (0, 0).
    pub origin: LatLon,
}

impl Frame {
    /// Where a place on the Earth lies in this frame.
    pub fn project(&self, place: LatLon) -> Point {
        let cos_lat = libm::cos(self.origin.lat.to_radians());
        Point::new(
            (place.lon - self.origin.lon).to_radians() * EARTH_RADIUS_M * cos_lat,
            (place.lat - self.origin.lat).to_radians() * EARTH_RADIUS_M,
        )
    }

    /// The inverse of [`Frame::project`].
    pub fn unproject(&self, point: Point) -> LatLon {
        let cos_lat = libm::cos(self.origin.lat.to_radians());
        LatLon {
            lat: self.origin.lat + (point.y / EARTH_RADIUS_M).to_degrees(),
            lon: self.origin.lon + (point.x / (EARTH_RADIUS_M * cos_lat)).to_degrees(),
        }
    }
}

/// Length of a polyline, metres.
pub fn polyline_length_m(points: &[Point]) -> f64 {
    points.windows(2).map(|w| w[0].distance_m(w[1])).sum()
}

/// The point `way` metres along a polyline of at least two points, and the heading there (radians). Beyond either end the first or
/// last piece goes straight on.
///
/// # Panics
/// On fewer than two points.
pub fn point_along(points: &[Point], way: f64) -> (Point, f64) {
    let mut left = way;
    let last = points.len() - 2;
    for (i, piece) in points.windows(2).enumerate() {
        let length = piece[0].distance_m(piece[1]);
        if left <= length || i == last {
            let heading = piece[0].heading_to(piece[1]);
            return (piece[0].ahead(heading, left), heading);
        }
        left -= length;
    }
    unreachable!("a polyline has a last piece")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projecting_there_and_back_is_exact_to_a_nanodegree() {
        let frame = Frame { origin: LatLon { lat: 10.3864, lon: 105.4352 } };
        let place = LatLon { lat: 10.0125, lon: 105.0809 };
        let back = frame.unproject(frame.project(place));
        assert!((back.lat - place.lat).abs() < 1e-9 && (back.lon - place.lon).abs() < 1e-9, "{back:?}");
    }

    #[test]
    fn a_left_turn_is_positive_also_across_the_seam() {
        use core::f64::consts::PI;
        assert!((turn_between(0.0, PI / 2.0) - PI / 2.0).abs() < 1e-12);
        assert!((turn_between(PI * 0.9, -PI * 0.9) - 0.2 * PI).abs() < 1e-12);
        assert!((turn_between(-PI * 0.9, PI * 0.9) + 0.2 * PI).abs() < 1e-12);
    }

    #[test]
    fn a_point_along_a_corner() {
        let corner = [Point::new(0.0, 0.0), Point::new(10.0, 0.0), Point::new(10.0, 10.0)];
        let (at, heading) = point_along(&corner, 14.0);
        assert!(at.distance_m(Point::new(10.0, 4.0)) < 1e-9);
        assert!((heading - core::f64::consts::FRAC_PI_2).abs() < 1e-12);
    }
}
