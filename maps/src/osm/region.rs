//! The region a user asks for: a bounding box or a polygon from a GeoJSON file.

use geojson::{GeoJson, GeometryValue, Position};
use sim_core::geometry::LatLon;
use std::path::Path;

/// A part of the Earth.
#[derive(Clone, Debug, PartialEq)]
pub enum Region {
    /// Between two parallels and two meridians, degrees.
    BoundingBox {
        /// Southern edge.
        south: f64,
        /// Western edge.
        west: f64,
        /// Northern edge.
        north: f64,
        /// Eastern edge.
        east: f64,
    },
    /// Inside an odd number of these rings (so a ring inside another is a hole). The last point of a ring need not repeat the first.
    Polygon(Vec<Vec<LatLon>>),
}

/// Why a region was refused.
#[derive(Debug, thiserror::Error)]
pub enum RegionError {
    /// Not four sensible numbers.
    #[error("bounding box `{text}`: {problem}; expected SOUTH,WEST,NORTH,EAST in degrees, e.g. 10.33,105.38,10.43,105.48")]
    BoundingBox {
        /// What was given.
        text: String,
        /// What is wrong.
        problem: String,
    },
    /// A GeoJSON file without a polygon.
    #[error("{file}: {problem}; expected GeoJSON with at least one Polygon or MultiPolygon")]
    GeoJson {
        /// The file.
        file: String,
        /// What is wrong.
        problem: String,
    },
}

impl Region {
    /// A box from the text `SOUTH,WEST,NORTH,EAST`, degrees.
    ///
    /// ```
    /// # use maps::osm::Region;
    /// let long_xuyen: Region = Region::parse_box("10.33,105.38,10.43,105.48")?;
    /// assert_eq!(long_xuyen, Region::BoundingBox { south: 10.33, west: 105.38, north: 10.43, east: 105.48 });
    /// assert!(Region::parse_box("105.38,10.33,105.48,10.43").unwrap_err().to_string().contains("latitude"));
    /// # Ok::<(), maps::osm::RegionError>(())
    /// ```
    ///
    /// # Errors
    /// When the text is not four numbers in that order.
    pub fn parse_box(text: &str) -> Result<Self, RegionError> {
        let fail = |problem: String| RegionError::BoundingBox { text: text.to_owned(), problem };
        let numbers: Vec<f64> = text
            .split(',')
            .map(|t| t.trim().parse::<f64>().map_err(|_| fail(format!("`{}` is not a number", t.trim()))))
            .collect::<Result<_, _>>()?;
        let [south, west, north, east] = numbers[..] else {
            return Err(fail(format!("{} numbers", numbers.len())));
        };
        if !(-90.0..=90.0).contains(&south) || !(-90.0..=90.0).contains(&north) {
            return Err(fail("a latitude is beyond 90 degrees (is the longitude first?)".into()));
        }
        if !(-180.0..=180.0).contains(&west) || !(-180.0..=180.0).contains(&east) {
            return Err(fail("a longitude is beyond 180 degrees".into()));
        }
        if south >= north || west >= east {
            return Err(fail("it is empty: south must be less than north and west less than east".into()));
        }
        Ok(Self::BoundingBox { south, west, north, east })
    }

    /// Every polygon of a GeoJSON file together.
    ///
    /// # Errors
    /// When the file cannot be read or holds no polygon.
    pub fn read_geojson(path: &Path) -> Result<Self, RegionError> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|e| RegionError::GeoJson { file: file.clone(), problem: e.to_string() })?;
        Self::parse_geojson(&file, &text)
    }

    fn parse_geojson(file: &str, text: &str) -> Result<Self, RegionError> {
        let fail = |problem: String| RegionError::GeoJson { file: file.to_owned(), problem };
        let document: GeoJson = text.parse().map_err(|e: geojson::Error| fail(e.to_string()))?;
        let mut rings = Vec::new();
        match &document {
            GeoJson::Geometry(g) => collect_rings(&g.value, &mut rings),
            GeoJson::Feature(f) => f.geometry.iter().for_each(|g| collect_rings(&g.value, &mut rings)),
            GeoJson::FeatureCollection(c) => {
                c.features.iter().filter_map(|f| f.geometry.as_ref()).for_each(|g| collect_rings(&g.value, &mut rings));
            }
        }
        rings.retain(|r| r.len() >= 3);
        if rings.is_empty() {
            return Err(fail("it holds no polygon".into()));
        }
        Ok(Self::Polygon(rings))
    }

    /// Whether a place lies inside.
    pub fn contains(&self, place: LatLon) -> bool {
        match self {
            Self::BoundingBox { south, west, north, east } => {
                (*south..=*north).contains(&place.lat) && (*west..=*east).contains(&place.lon)
            }
            Self::Polygon(rings) => rings.iter().filter(|r| is_in_ring(place, r)).count() % 2 == 1,
        }
    }

    /// Whether the straight line between two places outside touches the region.
    pub(super) fn is_crossed_by(&self, a: LatLon, b: LatLon) -> bool {
        let crosses = |ring: &[LatLon]| (0..ring.len()).any(|i| segments_cross(a, b, ring[i], ring[(i + 1) % ring.len()]));
        match self {
            Self::BoundingBox { south, west, north, east } => crosses(&[
                LatLon { lat: *south, lon: *west },
                LatLon { lat: *south, lon: *east },
                LatLon { lat: *north, lon: *east },
                LatLon { lat: *north, lon: *west },
            ]),
            Self::Polygon(rings) => rings.iter().any(|r| crosses(r)),
        }
    }
}

fn collect_rings(value: &GeometryValue, rings: &mut Vec<Vec<LatLon>>) {
    let ring =
        |r: &Vec<Position>| r.iter().filter_map(|p| p.as_slice().get(..2).map(|c| LatLon { lat: c[1], lon: c[0] })).collect::<Vec<_>>();
    match value {
        GeometryValue::Polygon { coordinates } => rings.extend(coordinates.iter().map(ring)),
        GeometryValue::MultiPolygon { coordinates } => rings.extend(coordinates.iter().flatten().map(ring)),
        GeometryValue::GeometryCollection { geometries } => geometries.iter().for_each(|g| collect_rings(&g.value, rings)),
        _ => {}
    }
}

/// Whether a place lies inside a closed ring (even-odd rule).
pub(crate) fn is_in_ring(place: LatLon, ring: &[LatLon]) -> bool {
    let mut inside = false;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        if (a.lat > place.lat) != (b.lat > place.lat) && place.lon < (b.lon - a.lon) * (place.lat - a.lat) / (b.lat - a.lat) + a.lon {
            inside = !inside;
        }
    }
    inside
}

fn segments_cross(a: LatLon, b: LatLon, c: LatLon, d: LatLon) -> bool {
    let side = |p: LatLon, q: LatLon, r: LatLon| (q.lon - p.lon) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lon - p.lon);
    (side(a, b, c) > 0.0) != (side(a, b, d) > 0.0) && (side(c, d, a) > 0.0) != (side(c, d, b) > 0.0)
}
