use super::*;
use crate::testing::{crossroads, grid};
use proptest::prelude::*;
use std::{
    fs,
    io::{self, Write},
    path::PathBuf,
};

fn saved(network: &RoadNetwork) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lx.agmap");
    save(network, &path).unwrap();
    (folder, path)
}

#[test]
fn what_is_saved_is_what_is_opened() {
    let network = grid(40); // several sections of links
    let (_folder, path) = saved(&network);
    assert_eq!(open(&path).unwrap(), network);
    let said = info(&path).unwrap();
    assert_eq!(said.content_hash, content_hash(&network));
    assert_eq!((said.links as usize, said.junctions as usize), (network.links.len(), network.junctions.len()));
    assert_eq!((said.source.as_str(), said.is_sketch), ("test.osm", true));
}

#[test]
fn saving_twice_gives_the_same_bytes() {
    let (_a, a) = saved(&crossroads());
    let (_b, b) = saved(&crossroads());
    assert_eq!(fs::read(a).unwrap(), fs::read(b).unwrap());
}

#[test]
fn the_hash_sees_the_smallest_change() {
    let network = crossroads();
    let mut other = network.clone();
    other.links[3].limits.slow_mps += 1e-6;
    assert_ne!(content_hash(&network), content_hash(&other));
    let mut renamed = network.clone();
    renamed.places[0].name = None;
    assert_ne!(content_hash(&network), content_hash(&renamed));
}

/// Every prefix of the file is refused, and none makes the reader panic.
#[test]
fn a_map_cut_short_anywhere_is_refused() {
    let (folder, path) = saved(&crossroads());
    let whole = fs::read(path).unwrap();
    let cut = folder.path().join("cut.agmap");
    for length in 0..whole.len() {
        fs::write(&cut, &whole[..length]).unwrap();
        let error = open(&cut).expect_err(&format!("{length} of {} bytes", whole.len()));
        match error {
            CompiledError::NotAMap { .. } => assert!(length < 8),
            CompiledError::Damaged { .. } => assert!(length >= 8),
            other => panic!("{length} bytes: {other}"),
        }
    }
}

#[test]
fn a_map_with_something_behind_it_is_refused() {
    let (_folder, path) = saved(&crossroads());
    let mut bytes = fs::read(&path).unwrap();
    bytes.push(0);
    fs::write(&path, bytes).unwrap();
    assert!(matches!(open(&path), Err(CompiledError::Damaged { .. })));
}

#[test]
fn an_older_map_names_the_command_that_rebuilds_it() {
    let (_folder, path) = saved(&crossroads());
    let mut bytes = fs::read(&path).unwrap();
    bytes[8..12].copy_from_slice(&0u32.to_le_bytes());
    fs::write(&path, bytes).unwrap();
    let message = open(&path).unwrap_err().to_string();
    let command = format!("`agtwin map import test.osm -o {}`", path.display());
    assert!(message.contains("has format 0, this program reads format 1") && message.contains(&command), "{message}");
    assert!(matches!(info(&path), Err(CompiledError::OtherFormat { found: 0, expected: FORMAT_VERSION, .. })));
}

#[test]
fn another_kind_of_file_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("hanoi.osm");
    fs::write(&path, "<?xml version='1.0'?><osm/>").unwrap();
    let message = open(&path).unwrap_err().to_string();
    assert!(message.contains("looks like OpenStreetMap data") && message.contains("-o MAP`"), "{message}");
    fs::write(&path, "").unwrap();
    assert!(open(&path).unwrap_err().to_string().contains("is empty"));
    assert!(matches!(open(folder.path()), Err(CompiledError::Read { .. })));
    assert!(matches!(open(&folder.path().join("none")), Err(CompiledError::Read { .. })));
}

#[test]
fn a_network_that_breaks_an_invariant_is_not_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut network = crossroads();
    network.links[0].lanes.clear();
    assert!(matches!(save(&network, &folder.path().join("x")), Err(CompiledError::Invalid { .. })));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// A disk with room for so many bytes.
struct SmallDisk(usize);

impl Write for SmallDisk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0 == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        let taken = bytes.len().min(self.0);
        self.0 -= taken;
        Ok(taken)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error_wherever_it_strikes() {
    let network = crossroads();
    let mut whole = vec![];
    write::write(&network, &mut whole).unwrap();
    for room in 0..whole.len() {
        let error = write::write(&network, &mut SmallDisk(room)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
    }
    write::write(&network, &mut SmallDisk(whole.len())).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn the_device_that_is_always_full() {
    let message = save(&crossroads(), "/dev/full".as_ref()).unwrap_err().to_string();
    assert!(message.contains("the disk is full"), "{message}");
    assert!(!fs::metadata("/dev/full").unwrap().is_file(), "a device is written into, not replaced");
}

#[test]
fn a_failed_save_leaves_the_earlier_map_and_nothing_else() {
    let (folder, path) = saved(&crossroads());
    let before = fs::read(&path).unwrap();
    let mut bad = crossroads();
    bad.links[0].length_m = f32::NAN;
    save(&bad, &path).unwrap_err();
    save(&crossroads(), &folder.path().join("no such folder/x")).unwrap_err();
    save(&crossroads(), folder.path()).unwrap_err();
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// One wrong byte anywhere is noticed, unless it makes no difference: LZ4 can say some things in two ways.
    #[test]
    fn one_altered_byte_never_alters_the_network(at in any::<prop::sample::Index>(), flip in 1u8..) {
        let mut bytes = vec![];
        write::write(&crossroads(), &mut bytes).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= flip;
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        if let Ok(network) = open(file.path()) {
            prop_assert!(network == crossroads(), "byte {at}");
        }
    }

    /// Garbage behind a good prefix and a checksum that fits neither panics nor asks for much memory.
    #[test]
    fn garbage_with_a_good_checksum(header in prop::collection::vec(any::<u8>(), 0..200), body in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = format::MAGIC.to_vec();
        bytes.extend(FORMAT_VERSION.to_le_bytes());
        bytes.extend((header.len() as u32).to_le_bytes());
        bytes.extend(xxhash_rust::xxh3::xxh3_64(&header).to_le_bytes());
        bytes.extend(header);
        bytes.extend(body);
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), bytes).unwrap();
        prop_assert!(open(file.path()).is_err());
    }

    /// A section whose bytes are garbage but whose hash fits, and which claims any length.
    #[test]
    fn garbage_sections(kind in 0usize..6, raw_len in any::<u32>(), body in prop::collection::vec(any::<u8>(), 0..300)) {
        use format::SectionKind as K;
        let kind = [K::Meta, K::Junctions, K::Links, K::Movements, K::Controllers, K::Places][kind];
        let (_folder, path) = saved(&crossroads());
        let mut said = info(&path).unwrap();
        said.content_hash = format::combine([(kind, xxhash_rust::xxh3::xxh3_128(&body))].into_iter());
        for raw_len in [raw_len, body.len() as u32] {
            let entry = format::SectionEntry { kind, raw_len, stored_len: body.len() as u32 };
            let header = postcard::to_stdvec(&format::Header { info: said.clone(), sections: vec![entry] }).unwrap();
            let mut bytes = format::MAGIC.to_vec();
            bytes.extend(FORMAT_VERSION.to_le_bytes());
            bytes.extend((header.len() as u32).to_le_bytes());
            bytes.extend(xxhash_rust::xxh3::xxh3_64(&header).to_le_bytes());
            bytes.extend(header);
            bytes.extend(&body);
            fs::write(&path, bytes).unwrap();
            prop_assert!(open(&path).is_err());
        }
    }
}
