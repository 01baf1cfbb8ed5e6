//! Areas with 5G or fibre: polygons of a GeoJSON file, each feature with a property `technology`.

use super::{
    COVERAGE_FILE,
    problem::Problems,
    rows::{TECHNOLOGIES, Technology},
};
use geojson::{Feature, GeoJson, GeometryValue};
use sim_core::geometry::LatLon;

/// An area under one technology.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    /// What reaches it.
    pub technology: Technology,
    /// Its rings, outer ones and holes alike: inside is what an odd number of them enclose.
    pub rings: Vec<Vec<LatLon>>,
}

impl Zone {
    /// Whether a place is inside.
    pub fn contains(&self, place: LatLon) -> bool {
        let mut is_inside = false;
        for ring in &self.rings {
            for (i, a) in ring.iter().enumerate() {
                let b = &ring[(i + 1) % ring.len()];
                if (a.lat > place.lat) != (b.lat > place.lat) && place.lon < (b.lon - a.lon) * (place.lat - a.lat) / (b.lat - a.lat) + a.lon
                {
                    is_inside = !is_inside;
                }
            }
        }
        is_inside
    }
}

/// Reads the zones; what is wrong is noted by the number of the feature.
pub(super) fn parse(bytes: &[u8], problems: &mut Problems) -> Vec<Zone> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let collection = match GeoJson::from_reader(bytes) {
        Ok(GeoJson::FeatureCollection(collection)) => collection,
        Ok(_) => {
            problems.add(COVERAGE_FILE, 0, "expected a FeatureCollection");
            return Vec::new();
        }
        Err(error) => {
            problems.add(COVERAGE_FILE, 0, format!("not GeoJSON: {error}"));
            return Vec::new();
        }
    };
    let mut zones = Vec::new();
    for (i, feature) in collection.features.iter().enumerate() {
        match zone(feature) {
            Ok(zone) => zones.push(zone),
            Err(what) => problems.add(COVERAGE_FILE, 0, format!("feature {}: {what}", i + 1)),
        }
    }
    zones
}

fn zone(feature: &Feature) -> Result<Zone, String> {
    let technology = feature.property("technology").and_then(|v| v.as_str()).unwrap_or("");
    let Some((_, technology)) = TECHNOLOGIES.iter().find(|(word, _)| *word == technology) else {
        return Err(format!("property `technology` is `{technology}`, expected `5g` or `fibre`"));
    };
    let polygons: Vec<&Vec<Vec<geojson::Position>>> = match feature.geometry.as_ref().map(|g| &g.value) {
        Some(GeometryValue::Polygon { coordinates }) => vec![coordinates],
        Some(GeometryValue::MultiPolygon { coordinates }) => coordinates.iter().collect(),
        _ => return Err("expected a Polygon or MultiPolygon".to_owned()),
    };
    let mut rings = Vec::new();
    for ring in polygons.into_iter().flatten() {
        let points: Vec<LatLon> =
            ring.iter().filter_map(|p| Some(LatLon { lat: *p.as_slice().get(1)?, lon: *p.as_slice().first()? })).collect();
        let is_on_earth = |p: &LatLon| p.lat.abs() <= 90.0 && p.lon.abs() <= 180.0;
        if points.len() < 4 || points.len() < ring.len() || !points.iter().all(is_on_earth) {
            return Err("a ring needs at least four points, longitude before latitude, degrees".to_owned());
        }
        rings.push(points);
    }
    Ok(Zone { technology: *technology, rings })
}
