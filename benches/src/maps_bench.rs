//! Maps: import against a plain decoding of the same file, opening a compiled map against reading its bytes, peak memory.

use crate::{memory::peak_of_child, page::Row, record::Record};
use criterion::Criterion;
use maps::{
    compiled,
    import::{ImportOptions, import_file},
};
use osmpbf::{Element, ElementReader};
use std::path::{Path, PathBuf};

/// A real map to import.
struct Subject {
    name: &'static str,
    path: &'static str,
    import_below_s: f64,
}

const SUBJECTS: [Subject; 2] = [
    Subject { name: "Porto", path: "osm/r5_porto.osm.pbf", import_below_s: 3.0 },
    Subject { name: "central Hanoi", path: "osm/hanoi_centre_overpass_2634d298.osm.pbf", import_below_s: 0.3 },
];
/// A compiled map opens faster than this, milliseconds.
const OPEN_BELOW_MS: f64 = 100.0;
/// An import needs less than this, MiB (1 GB).
const PEAK_BELOW_MIB: f64 = 953.0;

fn find(path: &str) -> Result<PathBuf, String> {
    let folder = std::env::var_os("AGTWIN_DATA").filter(|v| !v.is_empty()).ok_or("AGTWIN_DATA is not set")?;
    let path = PathBuf::from(folder).join(path);
    if path.is_file() { Ok(path) } else { Err(format!("there is no {}", path.display())) }
}

/// Imports the map at `path`, as a child process does to have its memory measured.
pub fn child(path: &str) {
    let imported = import_file(Path::new(path), &ImportOptions::default()).unwrap_or_else(|e| panic!("{e}"));
    std::hint::black_box(imported);
}

/// Decodes every element and counts nodes on the way: what an import costs at the very least.
fn decode(path: &Path) -> usize {
    let count = |element: Element| match element {
        Element::Way(way) => way.refs().count(),
        Element::DenseNode(node) => usize::from(node.lat().is_finite()),
        _ => 1,
    };
    let reader = ElementReader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    reader.par_map_reduce(count, || 0, |a, b| a + b).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// All benchmarks of this file.
pub fn bench(criterion: &mut Criterion, record: &mut Record) -> Vec<Row> {
    SUBJECTS.iter().flat_map(|subject| one(criterion, record, subject)).collect()
}

fn one(criterion: &mut Criterion, record: &mut Record, subject: &Subject) -> Vec<Row> {
    let name = subject.name;
    let path = match find(subject.path) {
        Ok(path) => path,
        Err(why) => return vec![Row::skipped(format!("{name}: import, open"), &why)],
    };
    let options = ImportOptions::default();
    let import = || import_file(&path, &options).unwrap_or_else(|e| panic!("{e}"));
    let (decoding, importing, opening, reading) =
        (format!("{name}/decode"), format!("{name}/import"), format!("{name}/open"), format!("{name}/read"));
    record.bench(criterion, &decoding, || (), |()| decode(&path));
    record.bench(criterion, &importing, || (), |()| import());

    let folder = tempfile::tempdir().unwrap_or_else(|e| panic!("no temporary folder: {e}"));
    let map = folder.path().join("map.agtmap");
    let network = import().network;
    compiled::save(&network, &map).unwrap_or_else(|e| panic!("{e}"));
    record.bench(criterion, &reading, || (), |()| std::fs::read(&map).map(|b| b.len()).unwrap_or_default());
    record.bench(criterion, &opening, || (), |()| compiled::open(&map).unwrap_or_else(|e| panic!("{e}")));

    let mut rows = Vec::new();
    if let (Some(decode), Some(import)) = (record.times(&decoding), record.times(&importing)) {
        let ratio = import.fastest_s / decode.fastest_s;
        let core_s = record.core_s(&importing).unwrap_or(import.fastest_s);
        let against = format!(
            "{ratio:.1}× a plain parallel decoding of the file ({:.0} ms); {core_s:.2} s on cores, all threads together",
            decode.fastest_s * 1e3
        );
        let what = format!("{name}: import ({} links)", network.links.len());
        rows.push(Row::below(what, import.map(|s| s), "s", subject.import_below_s, against));
    }
    if let (Some(read), Some(open)) = (record.times(&reading), record.times(&opening)) {
        let bytes = std::fs::metadata(&map).map(|m| m.len()).unwrap_or_default();
        let ratio = open.fastest_s / read.fastest_s;
        let core_ms = record.core_s(&opening).unwrap_or(open.fastest_s) * 1e3;
        let against = format!(
            "{core_ms:.0} ms on cores, all threads together; {ratio:.0}× reading its {:.1} MB ({:.2} ms)",
            bytes as f64 / 1e6,
            read.fastest_s * 1e3
        );
        rows.push(Row::below(format!("{name}: open the compiled map"), open.map(|s| s * 1e3), "ms", OPEN_BELOW_MS, against));
    }
    match peak_of_child(&path.display().to_string()) {
        Ok(peak) => {
            let file = std::fs::metadata(&path).map(|m| m.len()).unwrap_or_default() as f64 / 1e6;
            rows.push(Row::below(
                format!("{name}: peak memory of an import"),
                (peak, peak),
                "MiB",
                PEAK_BELOW_MIB,
                format!("the file has {file:.1} MB"),
            ));
        }
        Err(why) => rows.push(Row::skipped(format!("{name}: peak memory of an import"), &why)),
    }
    rows
}
