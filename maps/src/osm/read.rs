//! Opens a file, finds out by its content whether it is OSM PBF, XML or gzipped XML, and reads it.

use super::{OsmData, pbf, xml};
use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

/// Why a map file was refused.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be opened or read.
    #[error("{file}: {source}; check the path and that the file may be read")]
    Io {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// Neither PBF nor XML.
    #[error(
        "{file}: {found}; expected OpenStreetMap data as .osm.pbf, .osm or .osm.gz (e.g. an extract from download.geofabrik.de), or a network of SUMO (.net.xml)"
    )]
    NotOsm {
        /// The file.
        file: String,
        /// What its first bytes look like.
        found: String,
    },
    /// A PBF file that ends early or is damaged.
    #[error("{file}: damaged at byte {offset} (block {block}): {problem}; expected a complete .osm.pbf file, so download it again")]
    Pbf {
        /// The file.
        file: String,
        /// Where the damaged block begins.
        offset: u64,
        /// Its position in the file, from 0.
        block: usize,
        /// What is wrong.
        problem: String,
    },
    /// XML that is not well-formed or not OSM.
    #[error("{file}: byte {offset}: {problem}; expected well-formed OSM XML, so export or download it again")]
    Xml {
        /// The file.
        file: String,
        /// Where reading stopped.
        offset: u64,
        /// What is wrong.
        problem: String,
    },
    /// XML that tries to blow up: a document type with entities, or a file that unpacks to far more than maps do.
    #[error("{file}: byte {offset}: {problem}; refused, because no map needs this and a hostile file would use it to exhaust memory")]
    Bomb {
        /// The file.
        file: String,
        /// Where it was noticed.
        offset: u64,
        /// What was found.
        problem: String,
    },
}

/// Reads an OpenStreetMap file: `.osm.pbf`, `.osm` or `.osm.gz`, told apart by content.
///
/// # Errors
/// When the file cannot be read, is none of the three, is damaged, or is built to exhaust memory.
pub fn read(path: &Path) -> Result<OsmData, ReadError> {
    let file = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    let io = |source| ReadError::Io { file: path.display().to_string(), source };
    let opened = File::open(path).map_err(io)?;
    let size = opened.metadata().map_err(io)?.len();
    let mut reader = BufReader::with_capacity(1 << 20, opened);
    let head = reader.fill_buf().map_err(io)?;
    let head = head[..head.len().min(64)].to_vec();
    read_by_content(&file, &head, size, reader)
}

/// Reads data already in memory; `file` is what messages call it.
#[cfg(test)]
pub(super) fn read_bytes(file: &str, bytes: &[u8]) -> Result<OsmData, ReadError> {
    read_by_content(file, &bytes[..bytes.len().min(64)], bytes.len() as u64, std::io::Cursor::new(bytes))
}

fn read_by_content(file: &str, head: &[u8], size: u64, reader: impl BufRead + Send) -> Result<OsmData, ReadError> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.starts_with(&[0x1f, 0x8b]) {
        // Map XML packs 10 to 20 times; 200 times and 64 MiB is far beyond any of it.
        let most = size.saturating_mul(200).saturating_add(64 << 20);
        let unpacked = flate2::bufread::MultiGzDecoder::new(reader);
        return xml::read(file, BufReader::with_capacity(1 << 20, unpacked), most);
    }
    if head.windows(9).any(|w| w == b"OSMHeader") {
        return pbf::read(file, reader);
    }
    if text.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'<') {
        return xml::read(file, reader, size);
    }
    let found = if head.is_empty() {
        "the file is empty".to_owned()
    } else {
        format!("begins with {:?}", String::from_utf8_lossy(&head[..head.len().min(12)]))
    };
    Err(ReadError::NotOsm { file: file.to_owned(), found })
}
