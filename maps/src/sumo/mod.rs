//! Networks of SUMO (Eclipse Simulation of Urban MObility): `.net.xml` becomes a road network, so that both simulators run the same
//! roads, right of way and signals. The format: <https://sumo.dlr.de/docs/Networks/SUMO_Road_Networks.html>.

mod access;
mod build;
mod net;
mod program;
mod projection;
mod rank;
pub mod xml;

#[cfg(test)]
mod tests;

pub use access::class_of;
pub use xml::SumoError;

use crate::import::{ImportError, ImportOptions, Imported};
use sim_core::network::DrivingSide;
use std::path::Path;

/// Whether these bytes begin like a SUMO network: the outermost element is `<net>`. Packed bytes are unpacked first.
pub fn is_net(bytes: &[u8]) -> bool {
    xml::root_of(bytes).is_some_and(|name| name == "net")
}

/// Reads a SUMO network; `source` is what the network and the report call it.
///
/// # Errors
/// The file is no SUMO network, is damaged, names what is not there, or holds no road; a region was asked for, which only OpenStreetMap
/// files can be cut to.
pub fn import(bytes: &[u8], source: &str, options: &ImportOptions) -> Result<Imported, ImportError> {
    if options.region.is_some() {
        return Err(ImportError::RegionOfNet { source_name: source.to_owned() });
    }
    let net = net::read(source, &xml::unpacked(source, bytes)?)?;
    let side = if net.is_left_hand { DrivingSide::Left } else { options.driving_side };
    let imported = build::build(net, source, options.name.as_deref(), side)?;
    imported.network.check().map_err(|e| SumoError::new(source, 0, "net", format!("the network is not whole: {e}")))?;
    Ok(imported)
}

/// The bytes of a file if it is a SUMO network, `None` if it is something else or cannot be read.
pub(crate) fn bytes_of_net(path: &Path) -> Option<Vec<u8>> {
    use std::io::Read;
    const HEAD: u64 = 1 << 18; // a network may begin with a long comment
    let mut head = Vec::new();
    std::fs::File::open(path).ok()?.take(HEAD).read_to_end(&mut head).ok()?;
    if !is_net(&head) {
        return None;
    }
    std::fs::read(path).ok()
}
