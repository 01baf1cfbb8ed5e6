//! Networks out: GeoJSON (RFC 7946), for QGIS and every other map program.
//!
//! One `FeatureCollection`, one feature a line, written as it goes, so that a province needs no more memory than a street. Every
//! feature has the property `layer` (`link`, `junction`, `movement`, `signal` or `place`) and its ref as `id`.

mod properties;

use properties::{JunctionProperties, LinkProperties, MovementProperties, PlaceProperties, SignalProperties};
use serde::Serialize;
use sim_core::{
    geometry::{LatLon, Point},
    ids::{ControllerId, JunctionId, LinkId, MovementId, PlaceId},
    network::{RoadNetwork, middle_path},
};
use std::io::{self, Write};

/// Metres between the points of a movement's path.
const MOVEMENT_STEP_M: f64 = 2.0;

/// Writes `network` as GeoJSON: longitude before latitude, degrees with seven decimals (a centimetre).
///
/// # Errors
/// What `out` says when it cannot take more.
pub fn geojson(network: &RoadNetwork, out: impl Write) -> io::Result<()> {
    let mut features = Features { out: io::BufWriter::new(out), network, first: true };
    features.begin()?;
    for i in 0..network.links.len() {
        let id = LinkId::from_index(i);
        let properties = LinkProperties::of(network, id);
        features.line(network.link(id).ref_.as_str(), &network.link(id).geometry, &properties)?;
    }
    for i in 0..network.junctions.len() {
        let id = JunctionId::from_index(i);
        let junction = network.junction(id);
        features.point(junction.ref_.as_str(), junction.centre, &JunctionProperties::of(network, id))?;
    }
    for i in 0..network.movements.len() {
        let id = MovementId::from_index(i);
        let properties = MovementProperties::of(network, id);
        let name = format!("{}|{}", properties.from, properties.to);
        features.line(&name, &middle_path(network, id, MOVEMENT_STEP_M), &properties)?;
    }
    for i in 0..network.controllers.len() {
        let controller = network.controller(ControllerId::from_index(i));
        let at = network.junction(controller.junction).centre;
        features.point(&format!("signal|{}", controller.ref_), at, &SignalProperties::of(network, controller))?;
    }
    for i in 0..network.places.len() {
        let place = network.place(PlaceId::from_index(i));
        features.point(&format!("place|{}", place.ref_), place.point, &PlaceProperties::of(network, place))?;
    }
    features.end()
}

/// A feature collection that is being written.
struct Features<'a, W: Write> {
    out: io::BufWriter<W>,
    network: &'a RoadNetwork,
    first: bool,
}

impl<W: Write> Features<'_, W> {
    fn begin(&mut self) -> io::Result<()> {
        let meta = &self.network.meta;
        // Members that RFC 7946 leaves to the writer (section 6.1).
        write!(self.out, "{{\"type\":\"FeatureCollection\",\"name\":")?;
        json(&mut self.out, &meta.name)?;
        write!(self.out, ",\"source\":")?;
        json(&mut self.out, &meta.source)?;
        write!(self.out, ",\"attribution\":")?;
        json(&mut self.out, &meta.attribution)?;
        write!(self.out, ",\"is_sketch\":{},\"features\":[", meta.is_sketch)
    }

    fn end(mut self) -> io::Result<()> {
        self.out.write_all(b"\n]}\n")?;
        self.out.flush()
    }

    fn line(&mut self, id: &str, points: &[Point], properties: &impl Serialize) -> io::Result<()> {
        self.open("LineString")?;
        self.out.write_all(b"[")?;
        for (i, point) in points.iter().enumerate() {
            self.position(*point, i == 0)?;
        }
        self.out.write_all(b"]")?;
        self.close(id, properties)
    }

    fn point(&mut self, id: &str, point: Point, properties: &impl Serialize) -> io::Result<()> {
        self.open("Point")?;
        self.position(point, true)?;
        self.close(id, properties)
    }

    fn open(&mut self, geometry: &str) -> io::Result<()> {
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        write!(self.out, "{{\"type\":\"Feature\",\"geometry\":{{\"type\":\"{geometry}\",\"coordinates\":")
    }

    fn close(&mut self, id: &str, properties: &impl Serialize) -> io::Result<()> {
        self.out.write_all(b"},\"id\":")?;
        json(&mut self.out, id)?;
        self.out.write_all(b",\"properties\":")?;
        json(&mut self.out, properties)?;
        self.out.write_all(b"}")
    }

    fn position(&mut self, point: Point, first: bool) -> io::Result<()> {
        let LatLon { lat, lon } = self.network.meta.frame.unproject(point);
        // RFC 7946 asks for longitudes within ±180 also where the frame reaches across the date line.
        let lon = (lon + 180.0).rem_euclid(360.0) - 180.0;
        let comma = if first { "" } else { "," };
        write!(self.out, "{comma}[{lon:.7},{lat:.7}]")
    }
}

/// Writes a value, with the writer's own error where it has one (a closed pipe stays a closed pipe).
fn json(out: &mut impl Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}

#[cfg(test)]
mod tests;
