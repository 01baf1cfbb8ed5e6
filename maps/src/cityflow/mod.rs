//! Files of CityFlow: a `roadnet.json` becomes a road network, a `flow.json` its trips, so that published benchmarks of signal control run
//! on the same roads and demand. The format: <https://cityflow.readthedocs.io/en/latest/roadnet.html>.

mod build;
mod flow;
mod item;
mod lights;
mod net;

#[cfg(test)]
mod tests;

pub use flow::{Flow, VehicleKind, is_flow, read_flow};
pub use item::CityflowError;

use crate::import::{ImportError, ImportOptions, Imported};
use serde_json::Value;
use std::path::Path;

/// Whether these bytes begin like a JSON object that has roads and intersections.
pub fn is_roadnet(bytes: &[u8]) -> bool {
    begins_like_object(bytes) && (holds(bytes, b"\"intersections\"") || holds(bytes, b"\"roads\""))
}

/// Reads a CityFlow network; `source` is what the network and the report call it.
///
/// # Errors
/// The file is no CityFlow network, is damaged, names what is not there, or holds no road; a region was asked for, or traffic that keeps to
/// the left: CityFlow has neither.
pub fn import(bytes: &[u8], source: &str, options: &ImportOptions) -> Result<Imported, ImportError> {
    if options.region.is_some() {
        return Err(CityflowError::new(source, "the file", "is imported whole; leave out the region").into());
    }
    if options.driving_side == sim_core::network::DrivingSide::Left {
        return Err(CityflowError::new(source, "the file", "keeps to the right, as every CityFlow network; leave out the left side").into());
    }
    let net = net::read(source, &parsed(source, bytes)?)?;
    let imported = build::build(&net, options.name.as_deref())?;
    let whole = imported.network.check();
    whole.map_err(|e| CityflowError::new(source, "the file", format!("the network is not whole: {e}")))?;
    Ok(imported)
}

/// The bytes of a file if it is a CityFlow network, `None` if it is something else or cannot be read.
pub(crate) fn bytes_of_roadnet(path: &Path) -> Option<Vec<u8>> {
    use std::io::Read;
    let mut head = Vec::new();
    std::fs::File::open(path).ok()?.take(64).read_to_end(&mut head).ok()?;
    if !begins_like_object(&head) {
        return None;
    }
    std::fs::read(path).ok().filter(|bytes| is_roadnet(bytes))
}

fn begins_like_object(bytes: &[u8]) -> bool {
    bytes.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{')
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|w| w == what)
}

fn parsed(file: &str, bytes: &[u8]) -> Result<Value, CityflowError> {
    serde_json::from_slice(bytes).map_err(|e| {
        let place = format!("line {}, column {}", e.line(), e.column());
        CityflowError::new(file, place, format!("{e}; the file is damaged or cut off: copy or make it again"))
    })
}
