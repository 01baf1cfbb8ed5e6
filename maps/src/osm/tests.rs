//! Readers and the region cut, on data written here.

use super::{Member, MemberKind, Node, OsmData, Relation, Tags, Way};
use super::{ReadError, Region, cut, read, read::read_bytes};
use proptest::prelude::*;
use sim_core::geometry::LatLon;
use std::io::Write;

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6" generator="by hand">
  <bounds minlat="10.3" minlon="105.4" maxlat="10.4" maxlon="105.5"/>
  <node id="1" lat="10.38" lon="105.43"/>
  <node id="2" lat="10.381" lon="105.43"><tag k="highway" v="traffic_signals"/></node>
  <node id="3" lat="10.382" lon="105.431"/>
  <node id="4" lat="10.4" lon="105.5" action="delete"/>
  <way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/><tag k="name" v="Trần Hưng Đạo &amp; con"/></way>
  <relation id="9"><member type="way" ref="7" role="from"/><member type="node" ref="2" role="via"/><tag k="type" v="restriction"/></relation>
</osm>
"#;

fn small() -> OsmData {
    let tags = |pairs: &[(&str, &str)]| Tags(pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect());
    let node = |id, lat, lon, t: &[(&str, &str)]| Node { id, place: LatLon { lat, lon }, tags: tags(t) };
    OsmData {
        nodes: vec![node(1, 10.38, 105.43, &[]), node(2, 10.381, 105.43, &[("highway", "traffic_signals")]), node(3, 10.382, 105.431, &[])],
        ways: vec![Way { id: 7, nodes: vec![1, 2, 3], tags: tags(&[("highway", "primary"), ("name", "Trần Hưng Đạo & con")]) }],
        relations: vec![Relation {
            id: 9,
            members: vec![
                Member { kind: MemberKind::Way, id: 7, role: "from".into() },
                Member { kind: MemberKind::Node, id: 2, role: "via".into() },
            ],
            tags: tags(&[("type", "restriction")]),
        }],
    }
}

/// A PBF file with this data: one header, one raw block of dense nodes, one of ways and relations. Just enough of the format
/// (<https://wiki.openstreetmap.org/wiki/PBF_Format>) to test a reader with.
pub(crate) fn encode_pbf(data: &OsmData) -> Vec<u8> {
    let mut file = Vec::new();
    let header = [field_bytes(4, b"OsmSchema-V0.6"), field_bytes(4, b"DenseNodes")].concat();
    put_blob(&mut file, "OSMHeader", &header);
    let mut strings: Vec<String> = vec![String::new()];
    let mut sid = |text: &str| {
        strings.iter().position(|s| s == text).unwrap_or_else(|| {
            strings.push(text.to_owned());
            strings.len() - 1
        }) as u64
    };
    let (mut ids, mut lats, mut lons, mut kvs) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut id, mut lat, mut lon) = (0, 0, 0);
    for node in &data.nodes {
        let (new_lat, new_lon) = ((node.place.lat * 1e7).round() as i64, (node.place.lon * 1e7).round() as i64);
        put_varint(&mut ids, zigzag(node.id - id));
        put_varint(&mut lats, zigzag(new_lat - lat));
        put_varint(&mut lons, zigzag(new_lon - lon));
        (id, lat, lon) = (node.id, new_lat, new_lon);
        for (k, v) in &node.tags.0 {
            put_varint(&mut kvs, sid(k));
            put_varint(&mut kvs, sid(v));
        }
        put_varint(&mut kvs, 0);
    }
    let dense = [field_bytes(1, &ids), field_bytes(8, &lats), field_bytes(9, &lons), field_bytes(10, &kvs)].concat();
    let mut group = field_bytes(2, &dense);
    let mut keys_values = |tags: &Tags| {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for (k, v) in &tags.0 {
            put_varint(&mut keys, sid(k));
            put_varint(&mut values, sid(v));
        }
        [field_bytes(2, &keys), field_bytes(3, &values)].concat()
    };
    let mut others = Vec::new();
    for way in &data.ways {
        let mut refs = Vec::new();
        let mut last = 0;
        for n in &way.nodes {
            put_varint(&mut refs, zigzag(n - last));
            last = *n;
        }
        let body = [field_varint(1, way.id as u64), keys_values(&way.tags), field_bytes(8, &refs)].concat();
        others.extend(field_bytes(3, &body));
    }
    let tag_parts: Vec<Vec<u8>> = data.relations.iter().map(|r| keys_values(&r.tags)).collect();
    for (relation, tags) in data.relations.iter().zip(tag_parts) {
        let (mut roles, mut members, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
        let mut last = 0;
        for m in &relation.members {
            put_varint(&mut roles, sid(&m.role));
            put_varint(&mut members, zigzag(m.id - last));
            last = m.id;
            put_varint(&mut kinds, m.kind as u64);
        }
        let body =
            [field_varint(1, relation.id as u64), tags, field_bytes(8, &roles), field_bytes(9, &members), field_bytes(10, &kinds)].concat();
        others.extend(field_bytes(4, &body));
    }
    let table: Vec<u8> = strings.iter().flat_map(|s| field_bytes(1, s.as_bytes())).collect();
    group = [field_bytes(2, &group), field_bytes(2, &others)].concat();
    put_blob(&mut file, "OSMData", &[field_bytes(1, &table), group].concat());
    file
}

fn put_blob(file: &mut Vec<u8>, kind: &str, raw: &[u8]) {
    let blob = field_bytes(1, raw);
    let header = [field_bytes(1, kind.as_bytes()), field_varint(3, blob.len() as u64)].concat();
    file.extend((header.len() as u32).to_be_bytes());
    file.extend(header);
    file.extend(blob);
}

fn put_varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push((n & 0x7f) as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

fn zigzag(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)) as u64
}

fn field_varint(number: u64, value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, number << 3);
    put_varint(&mut out, value);
    out
}

fn field_bytes(number: u64, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    put_varint(&mut out, number << 3 | 2);
    put_varint(&mut out, bytes.len() as u64);
    out.extend(bytes);
    out
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Rounds to the PBF's grid of 100 nanodegrees.
fn rounded(mut data: OsmData) -> OsmData {
    for n in &mut data.nodes {
        n.place = LatLon { lat: (n.place.lat * 1e7).round() / 1e7, lon: (n.place.lon * 1e7).round() / 1e7 };
    }
    data
}

#[test]
fn xml_gzip_and_pbf_give_the_same_data() {
    assert_eq!(read_bytes("a.osm", XML.as_bytes()).unwrap(), small());
    assert_eq!(read_bytes("a.osm.gz", &gzip(XML.as_bytes())).unwrap(), small());
    assert_eq!(rounded(read_bytes("a.osm.pbf", &encode_pbf(&small())).unwrap()), small());
}

#[test]
fn a_file_is_recognised_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.without.a.known.ending");
    std::fs::write(&path, encode_pbf(&small())).unwrap();
    assert_eq!(rounded(read(&path).unwrap()), small());
    assert!(matches!(read(&folder.path().join("missing.osm")), Err(ReadError::Io { .. })));
}

#[test]
fn elements_in_any_order_end_up_sorted_and_the_last_of_an_id_wins() {
    let node = |id, lat| Node { id, place: LatLon { lat, lon: 0.0 }, tags: Tags::default() };
    let data = OsmData::from_elements(vec![node(5, 1.0), node(2, 2.0), node(5, 3.0)], vec![], vec![]);
    assert_eq!(data.nodes, [node(2, 2.0), node(5, 3.0)]);
}

#[test]
fn a_truncated_pbf_is_refused_wherever_it_is_cut() {
    let whole = encode_pbf(&small());
    let header_end = 4 + whole[3] as usize + 2 + 2 + 14 + 2 + 10; // length, blob header, blob of two features
    for cut in 1..whole.len() {
        match read_bytes("a.osm.pbf", &whole[..cut]) {
            Err(ReadError::Pbf { .. } | ReadError::NotOsm { .. }) => {}
            Ok(data) if data.nodes.is_empty() && cut == header_end => {} // a file that ends after its header is an empty map
            other => panic!("cut at {cut} of {} (header ends at {header_end}): {other:?}", whole.len()),
        }
    }
    let message = read_bytes("a.osm.pbf", &whole[..whole.len() - 5]).unwrap_err().to_string();
    assert!(message.starts_with("a.osm.pbf: damaged at byte") && message.contains("download it again"), "{message}");
}

#[test]
fn garbage_is_refused_with_what_was_found() {
    let message = read_bytes("a.osm.pbf", b"%PDF-1.7 something else").unwrap_err().to_string();
    assert!(message.contains("%PDF-1.7") && message.contains("expected OpenStreetMap data"), "{message}");
    assert!(read_bytes("a.osm", b"").unwrap_err().to_string().contains("the file is empty"));
    let html = read_bytes("a.osm", b"<html><body>404</body></html>").unwrap_err().to_string();
    assert!(html.contains("outermost element is <html>"), "{html}");
}

#[test]
fn a_history_file_is_refused() {
    let mut file = Vec::new();
    put_blob(&mut file, "OSMHeader", &field_bytes(4, b"HistoricalInformation"));
    assert!(read_bytes("a.osh.pbf", &file).unwrap_err().to_string().contains("HistoricalInformation"));
}

#[test]
fn xml_bombs_are_refused() {
    let laughs =
        r#"<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><osm><node id="1" lat="1" lon="&b;"/></osm>"#;
    let error = read_bytes("a.osm", laughs.as_bytes()).unwrap_err();
    assert!(matches!(error, ReadError::Bomb { .. }) && error.to_string().contains("document type"), "{error}");
    // An entity that nobody declared is no way round it.
    let undeclared = r#"<osm><node id="1" lat="1" lon="&b;"/></osm>"#;
    assert!(matches!(read_bytes("a.osm", undeclared.as_bytes()), Err(ReadError::Xml { .. })));
    // 100 MB of nothing in a file of 100 kB, no piece of it too long by itself.
    let nothing = [b"<bounds/>".to_vec(), vec![b' '; 1_000_000]].concat().repeat(100);
    let packed = gzip(&[b"<osm>".to_vec(), nothing, b"</osm>".to_vec()].concat());
    assert!(packed.len() < 120_000, "{}", packed.len());
    let error = read_bytes("a.osm.gz", &packed).unwrap_err();
    assert!(matches!(error, ReadError::Bomb { .. }) && error.to_string().contains("unpacks to more than"), "{error}");
}

#[test]
fn one_tag_or_text_of_many_megabytes_is_refused_before_it_is_held() {
    let wide = format!(r#"<osm><node id="1" lat="1" lon="1" user="{}"/></osm>"#, "x".repeat(2 << 20));
    let text = format!("<osm>{}</osm>", " ".repeat(2 << 20));
    for xml in [wide, text] {
        let error = read_bytes("a.osm", xml.as_bytes()).unwrap_err();
        // It stopped at the first megabyte: it did not read to the end to find out how long the piece is.
        assert!(matches!(error, ReadError::Bomb { offset, .. } if offset < (1 << 20) + 100), "{error}");
    }
    let long = format!(r#"<osm><node id="1" lat="1" lon="1" user="{}"/></osm>"#, "x".repeat(1_000_000));
    assert_eq!(read_bytes("a.osm", long.as_bytes()).unwrap().nodes.len(), 1, "shorter ones are read");
}

#[test]
fn broken_xml_says_which_element_and_what_was_expected() {
    for (xml, expected) in [
        (r#"<osm><node id="5" lat="abc" lon="1"/></osm>"#, "node 5: lat is `abc`, expected degrees"),
        (r#"<osm><node id="5" lon="1"/></osm>"#, "node 5 has no lat"),
        (r#"<osm><way id="6"><nd ref="x"/></way></osm>"#, "way 6: ref is `x`, expected a whole number"),
        (r#"<osm><relation id="8"><member type="cat" ref="1"/></relation></osm>"#, "relation 8: a member of type"),
        (r#"<osm><node id="5" lat="1" lon="1">"#, "cut off"),
        (r#"<osm><node id="5" lat="1" lon="1"></way></osm>"#, "a.osm: byte"),
    ] {
        let message = read_bytes("a.osm", xml.as_bytes()).unwrap_err().to_string();
        assert!(message.contains(expected), "{xml}\n{message}");
    }
}

#[test]
fn a_cut_keeps_the_first_node_outside() {
    // Nodes 1..=9 at longitudes 1..=9; the region is 3.5 to 6.5.
    let node = |id: i64| Node { id, place: LatLon { lat: 0.0, lon: id as f64 }, tags: Tags::default() };
    let way = |id, nodes: &[i64]| Way { id, nodes: nodes.to_vec(), tags: Tags::default() };
    let data = OsmData {
        nodes: (1..=9).map(node).collect(),
        ways: vec![way(1, &[1, 2, 3, 4, 5, 6, 7, 8, 9]), way(2, &[1, 2]), way(3, &[3, 7]), way(4, &[9, 5, 77])],
        relations: vec![
            Relation { id: 1, members: vec![Member { kind: MemberKind::Way, id: 1, role: "from".into() }], tags: Tags::default() },
            Relation { id: 2, members: vec![Member { kind: MemberKind::Way, id: 2, role: "from".into() }], tags: Tags::default() },
        ],
    };
    let region = Region::parse_box("-1,3.5,1,6.5").unwrap();
    let part = cut(data, &region);
    let nodes_of = |id: i64| part.ways.iter().find(|w| w.id == id).map(|w| w.nodes.clone());
    assert_eq!(nodes_of(1), Some(vec![3, 4, 5, 6, 7]));
    assert_eq!(nodes_of(2), None);
    assert_eq!(nodes_of(3), Some(vec![3, 7]), "it crosses the region without a node inside");
    assert_eq!(nodes_of(4), Some(vec![9, 5, 77]), "a node inside that leads to a missing one stays known");
    assert_eq!(part.nodes.iter().map(|n| n.id).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 9]);
    assert_eq!(part.relations.iter().map(|r| r.id).collect::<Vec<_>>(), [1]);
}

#[test]
fn polygons_come_from_geojson_with_holes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("region.geojson");
    let square = |low: f64, high: f64| format!("[[{low},{low}],[{high},{low}],[{high},{high}],[{low},{high}],[{low},{low}]]");
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{}},"geometry":{{"type":"Polygon","coordinates":[{},{}]}}}}]}}"#,
        square(0.0, 10.0),
        square(4.0, 6.0)
    );
    std::fs::write(&path, text).unwrap();
    let region = Region::read_geojson(&path).unwrap();
    let at = |lat, lon| region.contains(LatLon { lat, lon });
    assert!(at(1.0, 1.0) && !at(5.0, 5.0) && !at(11.0, 1.0));
    std::fs::write(&path, r#"{"type":"Point","coordinates":[1,2]}"#).unwrap();
    assert!(Region::read_geojson(&path).unwrap_err().to_string().contains("holds no polygon"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is done to a file, reading it ends in data or in an error, never in a panic.
    #[test]
    fn damaged_files_never_panic(
        format in 0..3usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..12),
    ) {
        let mut bytes = match format {
            0 => encode_pbf(&small()),
            1 => XML.as_bytes().to_vec(),
            _ => gzip(XML.as_bytes()),
        };
        for (at, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        if let Ok(data) = read_bytes("mutated", &bytes) {
            let imported = crate::import::import(data, "mutated", &crate::import::ImportOptions::default());
            if let Err(crate::import::ImportError::Broken { pass, problem }) = imported {
                prop_assert!(false, "{pass:?}: {problem}");
            }
        }
    }
}
