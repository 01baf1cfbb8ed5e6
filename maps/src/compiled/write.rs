//! Writing a compiled map: beside its place, then renamed into it, so that nobody ever meets half a map.

use super::{
    CompiledError, CompiledInfo, FORMAT_VERSION,
    format::{self, Header, MAGIC, MAX_HEADER_LEN, RawSection, SectionEntry},
};
use rayon::prelude::*;
use sim_core::network::RoadNetwork;
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};
use xxhash_rust::xxh3::xxh3_64;

/// Writes `network` as the compiled map `path`. Something that is no ordinary file (a pipe, a device) is written straight into.
///
/// # Errors
/// The network breaks an invariant, or the file cannot be written: then nothing is left behind and an earlier file stays as it was.
pub fn save(network: &RoadNetwork, path: &Path) -> Result<(), CompiledError> {
    network.check().map_err(|source| CompiledError::Invalid {
        path: path.to_owned(),
        source,
        made_from: Some(network.meta.source.clone()),
    })?;
    let failed = |source| CompiledError::Write { path: path.to_owned(), source };
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => Err(failed(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder"))),
        Ok(there) if !there.is_file() => {
            let mut file = fs::OpenOptions::new().write(true).open(path).map_err(failed)?;
            write(network, &mut file).map_err(failed)
        }
        _ => save_beside(network, path).map_err(failed),
    }
}

fn save_beside(network: &RoadNetwork, path: &Path) -> io::Result<()> {
    // A name that points elsewhere keeps pointing there.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let folder = match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut options = tempfile::Builder::new();
    options.prefix(".agtwin-map-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        options.permissions(fs::Permissions::from_mode(0o666)); // as the umask allows, like any file a program makes
    }
    let mut file = options.tempfile_in(folder)?;
    write(network, file.as_file_mut())?;
    file.as_file().sync_all()?; // some file systems only notice here that they are full
    file.persist(&target).map_err(|e| e.error)?;
    Ok(())
}

/// Writes the whole file.
pub(super) fn write(network: &RoadNetwork, out: &mut impl Write) -> io::Result<()> {
    let raw = format::encode(network);
    let content_hash = format::content_hash(&raw);
    let stored: Vec<(SectionEntry, Vec<u8>)> = raw.into_par_iter().map(store).collect::<io::Result<_>>()?;
    let count = |n: usize| u32::try_from(n).map_err(|_| io::Error::other("more than 2^32 objects of one kind"));
    let (sections, bodies): (Vec<_>, Vec<_>) = stored.into_iter().unzip();
    let header = Header {
        info: CompiledInfo {
            source: network.meta.source.clone(),
            name: network.meta.name.clone(),
            attribution: network.meta.attribution.clone(),
            is_sketch: network.meta.is_sketch,
            driving_side: network.meta.driving_side,
            origin: network.meta.frame.origin,
            format_version: FORMAT_VERSION,
            made_by: concat!("agtwin ", env!("CARGO_PKG_VERSION")).to_owned(),
            content_hash,
            junctions: count(network.junctions.len())?,
            links: count(network.links.len())?,
            movements: count(network.movements.len())?,
            controllers: count(network.controllers.len())?,
            places: count(network.places.len())?,
            total_length_m: network.total_length_m(),
        },
        sections,
    };
    let header = postcard::to_stdvec(&header).expect("encoding into memory fails for no type of the header");
    if header.len() > MAX_HEADER_LEN {
        return Err(io::Error::other(format!("the header takes {} bytes, the format allows {MAX_HEADER_LEN}", header.len())));
    }
    out.write_all(&MAGIC)?;
    out.write_all(&FORMAT_VERSION.to_le_bytes())?;
    out.write_all(&(header.len() as u32).to_le_bytes())?;
    out.write_all(&xxh3_64(&header).to_le_bytes())?;
    out.write_all(&header)?;
    for body in bodies {
        out.write_all(&body)?;
    }
    out.flush()
}

/// A section as it goes into the file: compressed where that makes it smaller.
fn store(section: RawSection) -> io::Result<(SectionEntry, Vec<u8>)> {
    let length = |n: usize| u32::try_from(n).map_err(|_| io::Error::other("a section of more than 4 GB"));
    let raw_len = length(section.bytes.len())?;
    let packed = lz4_flex::block::compress(&section.bytes);
    let body = if packed.len() < section.bytes.len() { packed } else { section.bytes };
    Ok((SectionEntry { kind: section.kind, raw_len, stored_len: length(body.len())? }, body))
}
