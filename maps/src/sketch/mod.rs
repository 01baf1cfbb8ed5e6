//! The embedded An Giang map: a readable source of facts, compiled into the same OpenStreetMap data that the importer reads.
//!
//! It is a sketch and says so: towns stand where gazetteers put them, roads are simplified, town streets are the main ones under
//! their real names with a plausible mesh between. The book's chapter on the embedded map describes the source format.

mod compile;
mod curve;
mod error;
mod grid;
mod line;
mod meet;
mod parse;
mod source;
mod tags;
mod text;
mod water;

#[cfg(test)]
mod facts;
#[cfg(test)]
mod tests;

pub use error::{At, SketchError, SketchProblem};
pub use source::WaterKind;
pub use water::{Water, WaterShape};

use crate::{
    import::{ImportError, ImportOptions, Imported, import},
    osm::OsmData,
};
use sim_core::{geometry::LatLon, network::PlaceKind, reference::Ref};

/// The source files of the embedded map, each a name and its text.
pub const EMBEDDED: &[(&str, &str)] = &[
    ("an-giang.twinmap", include_str!("../../data/an-giang.twinmap")),
    ("waters.twinmap", include_str!("../../data/waters.twinmap")),
    ("province.twinmap", include_str!("../../data/province.twinmap")),
    ("long-xuyen.twinmap", include_str!("../../data/long-xuyen.twinmap")),
    ("chau-doc.twinmap", include_str!("../../data/chau-doc.twinmap")),
    ("rach-gia.twinmap", include_str!("../../data/rach-gia.twinmap")),
    ("ha-tien.twinmap", include_str!("../../data/ha-tien.twinmap")),
    ("phu-quoc.twinmap", include_str!("../../data/phu-quoc.twinmap")),
];

/// A city, town or ward of a sketch.
#[derive(Clone, Debug, PartialEq)]
pub struct Town {
    /// Stable name.
    pub ref_: Ref,
    /// Its name.
    pub name: String,
    /// Where it is.
    pub place: LatLon,
    /// Its inhabitants.
    pub population: Option<u32>,
}

/// A compiled sketch.
#[derive(Clone, Debug, PartialEq)]
pub struct Sketch {
    /// Its name for people; it says that it is a sketch.
    pub name: String,
    /// Whom to credit.
    pub attribution: String,
    /// Its roads, ferries, signals and places.
    pub osm: OsmData,
    /// Its waters, in drawing order.
    pub waters: Vec<Water>,
    /// Its cities, towns and wards, in file order.
    pub towns: Vec<Town>,
}

/// Compiles sketch sources, each a file name and its text, in order.
///
/// # Errors
/// The first statement that cannot be understood or kept, with its file and line.
pub fn compile(files: &[(&str, &str)]) -> Result<Sketch, SketchError> {
    let source = parse::parse(files)?;
    let first = At { file: files.first().map_or_else(String::new, |f| f.0.to_owned()), line: 1 };
    let no_title = SketchProblem::Missing { statement: "map", what: "to stand in one of the files" };
    let title = source.title.clone().ok_or(SketchError { at: first, problem: no_title })?;
    let waters = water::waters(&source);
    if let Some(wet) = water::wet_roads(&source, &waters).into_iter().next() {
        return Err(wet);
    }
    let towns = source.places.iter().filter(|p| p.kind == PlaceKind::Settlement);
    let towns =
        towns.map(|p| Town { ref_: Ref::from(p.ref_.as_str()), name: p.name.clone(), place: p.place, population: p.size }).collect();
    Ok(Sketch { name: title.name, attribution: title.attribution, osm: compile::osm(&source)?, waters, towns })
}

/// The embedded An Giang map, compiled.
///
/// # Errors
/// Never for a released program: the sources travel with it and a test compiles them.
pub fn embedded_sketch() -> Result<Sketch, SketchError> {
    compile(EMBEDDED)
}

/// The embedded An Giang map, imported: a checked network that says it is a sketch, and the import report.
///
/// # Errors
/// Never for a released program: the sources travel with it and tests import them.
pub fn embedded() -> Result<Imported, ImportError> {
    let sketch = embedded_sketch()?;
    let options = ImportOptions { name: Some(sketch.name), ..ImportOptions::default() };
    let mut imported = import(sketch.osm, EMBEDDED[0].0, &options)?;
    imported.network.meta.attribution = sketch.attribution;
    imported.network.meta.is_sketch = true;
    Ok(imported)
}

/// The embedded An Giang map as OpenStreetMap data.
///
/// # Errors
/// As [`embedded_sketch`].
pub fn embedded_osm() -> Result<OsmData, SketchError> {
    Ok(embedded_sketch()?.osm)
}

/// The waters of the embedded map, in drawing order.
///
/// # Errors
/// As [`embedded_sketch`].
pub fn waters() -> Result<Vec<Water>, SketchError> {
    Ok(embedded_sketch()?.waters)
}

/// The cities, towns and wards of the embedded map.
///
/// # Errors
/// As [`embedded_sketch`].
pub fn towns() -> Result<Vec<Town>, SketchError> {
    Ok(embedded_sketch()?.towns)
}
