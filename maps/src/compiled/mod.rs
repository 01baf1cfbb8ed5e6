//! The compiled map: one binary file with a format version and a content hash, made once by `agtwin map import` and opened in
//! milliseconds ever after.
//!
//! ```text
//! bytes  0..8    the letters AGTWMAP and a zero
//!        8..12   format version, little-endian, as are all numbers
//!       12..16   length of the header
//!       16..24   XXH3-64 of the header
//!       24..     header: postcard of `Header`. In every version it begins with the name of the file the map was made from.
//!        ...     sections, one after the other: slices of the network, postcard, LZ4 where the header says so
//! ```
//!
//! The network is cut into sections of a few thousand objects so that all cores encode, hash and decode. The *content hash* is an
//! XXH3-128 over the hashes of the sections before compression: two files with one content hash hold the same network, bit for bit.

mod error;
mod format;
mod read;
mod write;

pub use error::CompiledError;
pub use format::{CompiledInfo, FORMAT_VERSION};
pub use read::{info, open};
pub use write::save;

use sim_core::network::RoadNetwork;

/// The hash of a network's whole content, 32 hexadecimal digits: what [`CompiledInfo::content_hash`] holds once it is saved.
pub fn content_hash(network: &RoadNetwork) -> String {
    format::content_hash(&format::encode(network))
}

#[cfg(test)]
mod tests;
