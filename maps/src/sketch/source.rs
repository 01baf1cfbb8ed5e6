//! The statements of a sketch source, as values: what [`super::parse`] reads and [`super::compile`] turns into OpenStreetMap data.

use super::error::At;
use sim_core::{
    geometry::LatLon,
    network::{PlaceKind, RoadClass},
};
use std::collections::BTreeMap;

/// Everything the files of a sketch say, points already in latitude and longitude.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Source {
    /// Name and attribution.
    pub(super) title: Option<Title>,
    /// Named points.
    pub(super) nodes: BTreeMap<String, NamedNode>,
    /// Roads and ferries, in file order; the streets of a grid among them.
    pub(super) roads: Vec<Road>,
    /// Signalised crossings.
    pub(super) signals: Vec<Signal>,
    /// Places beside the road.
    pub(super) places: Vec<PlaceLine>,
    /// Rivers, canals, seas, islands.
    pub(super) waters: Vec<WaterLine>,
}

/// The `map` statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Title {
    pub(super) name: String,
    pub(super) attribution: String,
}

/// The `node` statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NamedNode {
    pub(super) at: At,
    pub(super) place: LatLon,
}

/// A point of a line: a named node keeps its name, because roads that share it meet there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Vertex {
    pub(super) place: LatLon,
    pub(super) node: Option<String>,
    /// The bridge (an index into [`Road::bridges`]) that carries the stretch to the next vertex.
    pub(super) bridge_after: Option<usize>,
}

/// How a ferry runs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Service {
    pub(super) cars: u16,
    pub(super) motorcycles: u16,
    pub(super) interval_s: u32,
    pub(super) crossing_s: u32,
}

/// A `road` or `ferry` statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Road {
    pub(super) at: At,
    pub(super) ref_: String,
    pub(super) name: Option<String>,
    pub(super) number: Option<String>,
    pub(super) class: RoadClass,
    pub(super) lanes: Option<u8>,
    pub(super) width_m: Option<f64>,
    pub(super) speed_kmh: Option<u16>,
    pub(super) is_oneway: bool,
    pub(super) is_urban: bool,
    pub(super) is_toll: bool,
    /// Meets other roads at shared named nodes only: an expressway, a ferry.
    pub(super) is_apart: bool,
    /// Drawn as a smooth curve through its points.
    pub(super) is_curved: bool,
    pub(super) service: Option<Service>,
    /// Further OpenStreetMap tags, as written.
    pub(super) tags: Vec<(String, String)>,
    /// Names of its bridges; `None` for a bridge without one.
    pub(super) bridges: Vec<Option<String>>,
    pub(super) points: Vec<Vertex>,
}

/// A `signal` statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Signal {
    pub(super) at: At,
    /// `a*b`, or a named node.
    pub(super) crossing: String,
    pub(super) name: Option<String>,
}

/// A `place` statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlaceLine {
    pub(super) at: At,
    pub(super) kind: PlaceKind,
    pub(super) ref_: String,
    pub(super) name: String,
    pub(super) place: LatLon,
    pub(super) size: Option<u32>,
}

/// What a stretch of water is, or land in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaterKind {
    /// Open sea: an area.
    Sea,
    /// A river or a lake wide enough that no road runs through it: an area.
    River,
    /// A canal or a narrow arm (rạch): a line with a width.
    Canal,
    /// Land within the sea or a river: an area to draw over them.
    Island,
}

/// A `river`, `canal`, `sea` or `island` statement.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct WaterLine {
    pub(super) at: At,
    pub(super) kind: WaterKind,
    pub(super) ref_: String,
    pub(super) name: Option<String>,
    /// Points, each with the width of the water there (metres) for a river or canal.
    pub(super) points: Vec<(LatLon, f64)>,
}
