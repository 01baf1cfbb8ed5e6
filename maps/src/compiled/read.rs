//! Opening a compiled map. Whatever bytes the file holds, the answer is a network or an error that says what to do: never a panic,
//! never more memory than the file's size explains.

use super::{
    CompiledError, CompiledInfo, FORMAT_VERSION,
    format::{self, Header, MAGIC, MAX_HEADER_LEN, PREFIX_LEN, SectionEntry, SectionKind},
};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use sim_core::network::{Junction, Link, Movement, NetworkMeta, Place, RoadNetwork, SignalController};
use std::{
    borrow::Cow,
    fs::File,
    io::{self, Read},
    path::Path,
};
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// The most LZ4 can expand a byte to (a run of 255 for each byte of length).
const MAX_EXPANSION: usize = 255;

/// Opens the compiled map `path`.
///
/// # Errors
/// The file is not there, no compiled map, of another format version, or damaged. All but the first name the command that rebuilds it.
pub fn open(path: &Path) -> Result<RoadNetwork, CompiledError> {
    let mut file = open_file(path)?;
    let header = read_header(&mut file, path)?;
    let mut body = vec![];
    let expected: u64 = header.sections.iter().map(|s| u64::from(s.stored_len)).sum();
    let left = file.metadata().map_err(|source| read_failed(path, source))?.len();
    body.reserve_exact(expected.min(left) as usize);
    file.take(expected + 1).read_to_end(&mut body).map_err(|source| read_failed(path, source))?;
    let network = decode(&header, &body).map_err(|problem| CompiledError::Damaged {
        path: path.to_owned(),
        problem,
        made_from: Some(header.info.source.clone()),
    })?;
    network.check().map_err(|source| CompiledError::Invalid { path: path.to_owned(), source, made_from: Some(header.info.source) })?;
    Ok(network)
}

/// What the compiled map `path` says of itself. Reads its first bytes only, so that damage further on goes unnoticed.
///
/// # Errors
/// As [`open`].
pub fn info(path: &Path) -> Result<CompiledInfo, CompiledError> {
    Ok(read_header(&mut open_file(path)?, path)?.info)
}

fn open_file(path: &Path) -> Result<File, CompiledError> {
    let file = File::open(path).map_err(|source| read_failed(path, source))?;
    let there = file.metadata().map_err(|source| read_failed(path, source))?;
    if there.is_file() {
        Ok(file)
    } else {
        Err(read_failed(path, io::Error::new(io::ErrorKind::InvalidInput, "it is a folder or a device, not a file")))
    }
}

fn read_failed(path: &Path, source: io::Error) -> CompiledError {
    CompiledError::Read { path: path.to_owned(), source }
}

/// Reads the file up to the end of its header.
fn read_header(file: &mut impl Read, path: &Path) -> Result<Header, CompiledError> {
    let mut prefix = vec![];
    file.take(PREFIX_LEN as u64).read_to_end(&mut prefix).map_err(|source| read_failed(path, source))?;
    let damaged = |problem: String, made_from: Option<String>| CompiledError::Damaged { path: path.to_owned(), problem, made_from };
    if !prefix.starts_with(&MAGIC) {
        return Err(not_a_map(path, &prefix));
    }
    if prefix.len() < PREFIX_LEN {
        return Err(damaged(format!("it ends after {} bytes, its header begins at {PREFIX_LEN}", prefix.len()), None));
    }
    let number = |at: usize| u32::from_le_bytes([prefix[at], prefix[at + 1], prefix[at + 2], prefix[at + 3]]);
    let (version, length) = (number(8), number(12) as usize);
    let hash = u64::from(number(16)) | u64::from(number(20)) << 32;
    if length > MAX_HEADER_LEN {
        return Err(damaged(format!("its header claims {length} bytes, the format allows {MAX_HEADER_LEN}"), None));
    }
    let mut header = vec![];
    file.take(length as u64).read_to_end(&mut header).map_err(|source| read_failed(path, source))?;
    let made_from = postcard::take_from_bytes::<String>(&header).ok().map(|(source, _)| source).filter(|s| is_a_file_name(s));
    if version != FORMAT_VERSION {
        return Err(CompiledError::OtherFormat { path: path.to_owned(), found: version, expected: FORMAT_VERSION, made_from });
    }
    if header.len() < length {
        return Err(damaged(format!("it ends after {} bytes, inside its header", PREFIX_LEN + header.len()), made_from));
    }
    if xxh3_64(&header) != hash {
        return Err(damaged("its header was altered (the checksum differs)".into(), None));
    }
    postcard::from_bytes(&header).map_err(|e| damaged(format!("its header cannot be understood: {e}"), made_from))
}

/// Whether bytes of an unverified header may be shown as the name of a file.
fn is_a_file_name(name: &str) -> bool {
    !name.is_empty() && name.len() < 300 && !name.chars().any(char::is_control)
}

fn not_a_map(path: &Path, prefix: &[u8]) -> CompiledError {
    let is_xml = prefix.trim_ascii_start().starts_with(b"<") || prefix.starts_with(b"\xef\xbb\xbf<");
    let is_pbf = prefix.windows(9).any(|w| w == b"OSMHeader");
    let is_gzip = prefix.starts_with(&[0x1f, 0x8b]);
    let found = if prefix.is_empty() {
        "is empty".to_owned()
    } else if is_pbf || is_xml || is_gzip {
        "looks like OpenStreetMap data".to_owned()
    } else {
        format!("begins with {:?}", String::from_utf8_lossy(&prefix[..prefix.len().min(8)]))
    };
    let made_from = (is_pbf || is_xml || is_gzip).then(|| path.display().to_string());
    CompiledError::NotAMap { path: path.to_owned(), found, made_from }
}

/// A decoded section.
enum Decoded {
    Meta(NetworkMeta),
    Junctions(Vec<Junction>),
    Links(Vec<Link>),
    Movements(Vec<Movement>),
    Controllers(Vec<SignalController>),
    Places(Vec<Place>),
}

/// The network in the sections that `header` lists, or what is wrong with them.
fn decode(header: &Header, body: &[u8]) -> Result<RoadNetwork, String> {
    let mut slices = Vec::with_capacity(header.sections.len());
    let mut at = 0usize;
    for entry in &header.sections {
        let end = at + entry.stored_len as usize;
        let slice = body.get(at..end).ok_or_else(|| format!("its sections end after {} bytes, expected at least {end}", body.len()))?;
        slices.push((entry, slice));
        at = end;
    }
    if at != body.len() {
        return Err(format!("something follows its last section, which ends {at} bytes after the header"));
    }
    let decoded: Vec<(u128, Decoded)> =
        slices.into_par_iter().map(|(entry, stored)| decode_section(entry, stored)).collect::<Result<_, _>>()?;
    let hash = format::combine(header.sections.iter().zip(&decoded).map(|(entry, (hash, _))| (entry.kind, *hash)));
    if hash != header.info.content_hash {
        return Err(format!("its content has hash {hash}, its header says {}", header.info.content_hash));
    }
    assemble(header, decoded)
}

fn decode_section(entry: &SectionEntry, stored: &[u8]) -> Result<(u128, Decoded), String> {
    let kind = entry.kind;
    let raw_len = entry.raw_len as usize;
    let raw: Cow<'_, [u8]> = if raw_len == stored.len() {
        stored.into()
    } else if raw_len > stored.len().saturating_mul(MAX_EXPANSION) {
        return Err(format!("a section of {kind:?} claims to hold {raw_len} bytes in {}", stored.len()));
    } else {
        lz4_flex::block::decompress(stored, raw_len).map_err(|e| format!("a section of {kind:?} cannot be unpacked: {e}"))?.into()
    };
    let hash = xxh3_128(&raw);
    let decoded = match kind {
        SectionKind::Meta => Decoded::Meta(from_bytes(kind, &raw)?),
        SectionKind::Junctions => Decoded::Junctions(from_bytes(kind, &raw)?),
        SectionKind::Links => Decoded::Links(from_bytes(kind, &raw)?),
        SectionKind::Movements => Decoded::Movements(from_bytes(kind, &raw)?),
        SectionKind::Controllers => Decoded::Controllers(from_bytes(kind, &raw)?),
        SectionKind::Places => Decoded::Places(from_bytes(kind, &raw)?),
    };
    Ok((hash, decoded))
}

fn from_bytes<T: DeserializeOwned>(kind: SectionKind, raw: &[u8]) -> Result<T, String> {
    match postcard::take_from_bytes(raw) {
        Ok((value, [])) => Ok(value),
        Ok((_, rest)) => Err(format!("a section of {kind:?} has {} bytes too many", rest.len())),
        Err(e) => Err(format!("a section of {kind:?} cannot be understood: {e}")),
    }
}

fn assemble(header: &Header, decoded: Vec<(u128, Decoded)>) -> Result<RoadNetwork, String> {
    let info = &header.info;
    let mut meta = None;
    let (mut junctions, mut links, mut movements, mut controllers, mut places) = (vec![], vec![], vec![], vec![], vec![]);
    for (_, section) in decoded {
        match section {
            Decoded::Meta(x) => meta = Some(x),
            Decoded::Junctions(x) => junctions.push(x),
            Decoded::Links(x) => links.push(x),
            Decoded::Movements(x) => movements.push(x),
            Decoded::Controllers(x) => controllers.push(x),
            Decoded::Places(x) => places.push(x),
        }
    }
    // Of large maps, links take as long to move as all the rest.
    let (links, (junctions, movements, controllers, places)) =
        rayon::join(|| one(links), || (one(junctions), one(movements), one(controllers), one(places)));
    let meta = meta.ok_or("it has no section that says what it is")?;
    let found = [junctions.len(), links.len(), movements.len(), controllers.len(), places.len()];
    let said = [info.junctions, info.links, info.movements, info.controllers, info.places].map(|n| n as usize);
    if found != said {
        return Err(format!("it holds {found:?} junctions, links, movements, controllers and places, its header says {said:?}"));
    }
    Ok(RoadNetwork { meta, junctions, links, movements, controllers, places })
}

/// The objects of all sections of a kind, in order.
fn one<T>(sections: Vec<Vec<T>>) -> Vec<T> {
    let mut all = Vec::with_capacity(sections.iter().map(Vec::len).sum());
    sections.into_iter().for_each(|s| all.extend(s));
    all
}
