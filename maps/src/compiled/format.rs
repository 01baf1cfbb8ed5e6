//! The layout of a compiled map and the canonical encoding that its hash is taken over.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sim_core::{
    geometry::LatLon,
    network::{DrivingSide, Junction, Link, Movement, NetworkMeta, Place, RoadNetwork, SignalController},
};
use xxhash_rust::xxh3::{Xxh3, xxh3_128};

/// What every compiled map begins with.
pub(super) const MAGIC: [u8; 8] = *b"AGTWMAP\0";
/// The version of the format this program writes and reads.
pub const FORMAT_VERSION: u32 = 1;
/// Bytes before the header.
pub(super) const PREFIX_LEN: usize = 24;
/// No header is longer, bytes: what a garbage length may ask for.
pub(super) const MAX_HEADER_LEN: usize = 1 << 20;
/// Objects in one section.
const SECTION_OBJECTS: usize = 4096;

/// What a compiled map says of itself in its first bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompiledInfo {
    /// The file or files the map was made from, without folders. First in every version of the format.
    pub source: String,
    /// A name for people.
    pub name: String,
    /// Whom to credit.
    pub attribution: String,
    /// Whether it was drawn from facts instead of surveyed.
    pub is_sketch: bool,
    /// The side traffic keeps to.
    pub driving_side: DrivingSide,
    /// The origin of its metric frame.
    pub origin: LatLon,
    /// Version of the format.
    pub format_version: u32,
    /// The program that wrote it, e.g. `agtwin 0.1.0`.
    pub made_by: String,
    /// XXH3-128 of the network, 32 hexadecimal digits: see [`super::content_hash`].
    pub content_hash: String,
    /// How many junctions.
    pub junctions: u32,
    /// How many links.
    pub links: u32,
    /// How many movements.
    pub movements: u32,
    /// How many signal controllers.
    pub controllers: u32,
    /// How many places.
    pub places: u32,
    /// Sum of all link lengths, metres.
    pub total_length_m: f64,
}

/// The header: the info and where to find what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) info: CompiledInfo,
    pub(super) sections: Vec<SectionEntry>,
}

/// What the objects of a section are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum SectionKind {
    Meta,
    Junctions,
    Links,
    Movements,
    Controllers,
    Places,
}

/// A section as the header lists it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct SectionEntry {
    pub(super) kind: SectionKind,
    /// Bytes of its encoding.
    pub(super) raw_len: u32,
    /// Bytes in the file: fewer than `raw_len` where LZ4 made it smaller, else the same.
    pub(super) stored_len: u32,
}

/// A section before compression.
pub(super) struct RawSection {
    pub(super) kind: SectionKind,
    pub(super) bytes: Vec<u8>,
}

/// A slice of the network to encode.
enum Slice<'a> {
    Meta(&'a NetworkMeta),
    Junctions(&'a [Junction]),
    Links(&'a [Link]),
    Movements(&'a [Movement]),
    Controllers(&'a [SignalController]),
    Places(&'a [Place]),
}

/// The canonical encoding of a network.
pub(super) fn encode(network: &RoadNetwork) -> Vec<RawSection> {
    let mut slices = vec![Slice::Meta(&network.meta)];
    slices.extend(network.junctions.chunks(SECTION_OBJECTS).map(Slice::Junctions));
    slices.extend(network.links.chunks(SECTION_OBJECTS).map(Slice::Links));
    slices.extend(network.movements.chunks(SECTION_OBJECTS).map(Slice::Movements));
    slices.extend(network.controllers.chunks(SECTION_OBJECTS).map(Slice::Controllers));
    slices.extend(network.places.chunks(SECTION_OBJECTS).map(Slice::Places));
    slices
        .par_iter()
        .map(|slice| match slice {
            Slice::Meta(x) => section(SectionKind::Meta, x),
            Slice::Junctions(x) => section(SectionKind::Junctions, x),
            Slice::Links(x) => section(SectionKind::Links, x),
            Slice::Movements(x) => section(SectionKind::Movements, x),
            Slice::Controllers(x) => section(SectionKind::Controllers, x),
            Slice::Places(x) => section(SectionKind::Places, x),
        })
        .collect()
}

fn section<T: Serialize + ?Sized>(kind: SectionKind, value: &T) -> RawSection {
    let bytes = postcard::to_stdvec(value).expect("encoding into memory fails for no type of the network");
    RawSection { kind, bytes }
}

/// The content hash of an encoded network.
pub(super) fn content_hash(sections: &[RawSection]) -> String {
    let hashes: Vec<u128> = sections.par_iter().map(|s| xxh3_128(&s.bytes)).collect();
    combine(sections.iter().map(|s| s.kind).zip(hashes))
}

/// The content hash from the hashes of the sections, in file order.
pub(super) fn combine(hashes: impl Iterator<Item = (SectionKind, u128)>) -> String {
    let mut all = Xxh3::new();
    for (kind, hash) in hashes {
        all.update(&[kind as u8]);
        all.update(&hash.to_le_bytes());
    }
    format!("{:032x}", all.digest128())
}
