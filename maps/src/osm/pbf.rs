//! OSM PBF: blocks are read one after the other and decoded in parallel.

use super::{Member, MemberKind, Node, OsmData, ReadError, Relation, Tags, Way};
use osmpbf::{Blob, BlobDecode, BlobReader, Element, RelMemberType};
use rayon::prelude::*;
use sim_core::geometry::LatLon;
use std::{
    io::{BufRead, Read},
    panic::AssertUnwindSafe,
    sync::atomic::{AtomicU64, Ordering},
};

/// Blocks decoded together: enough for every core, few enough that packed data stays small beside the result.
const BATCH: usize = 64;

/// Features a reader must know to read a file at all; history files would need one element per version.
const KNOWN_FEATURES: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// What one block holds.
#[derive(Default)]
struct Elements {
    nodes: Vec<Node>,
    ways: Vec<Way>,
    relations: Vec<Relation>,
}

/// Counts the bytes taken from `inner`.
struct Counting<'a, R> {
    inner: R,
    taken: &'a AtomicU64,
}

impl<R: Read> Read for Counting<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

pub(super) fn read(file: &str, reader: impl BufRead + Send) -> Result<OsmData, ReadError> {
    let taken = AtomicU64::new(0);
    let position = || taken.load(Ordering::Relaxed);
    let damaged = |offset: u64, block: usize, problem: String| ReadError::Pbf { file: file.to_owned(), offset, block, problem };
    let mut blobs = BlobReader::new(Counting { inner: reader, taken: &taken });
    let mut all = Elements::default();
    let mut batch: Vec<(u64, usize, Blob)> = Vec::with_capacity(BATCH);
    let mut block = 0;
    loop {
        let start = position();
        let next = blobs.next();
        let at_end = next.is_none();
        match next {
            Some(Ok(blob)) => batch.push((start, block, blob)),
            Some(Err(error)) => return Err(damaged(start, block, error.to_string())),
            None if position() != start => {
                return Err(damaged(start, block, format!("{} bytes are left over: the file is cut off", position() - start)));
            }
            None => {}
        }
        block += 1;
        if at_end || batch.len() == BATCH {
            let decoded: Result<Vec<_>, _> =
                batch.par_iter().map(|(offset, block, blob)| decode(blob).map_err(|problem| damaged(*offset, *block, problem))).collect();
            for mut part in decoded? {
                all.nodes.append(&mut part.nodes);
                all.ways.append(&mut part.ways);
                all.relations.append(&mut part.relations);
            }
            batch.clear();
        }
        if at_end {
            return Ok(OsmData::from_elements(all.nodes, all.ways, all.relations));
        }
    }
}

fn decode(blob: &Blob) -> Result<Elements, String> {
    // The decoder panics on some damaged blocks (an unknown member type, sums that overflow): here that is damage like any other.
    let caught = std::panic::catch_unwind(AssertUnwindSafe(|| decode_trusting(blob)));
    caught.unwrap_or_else(|_| Err("numbers in it make no sense".to_owned()))
}

fn decode_trusting(blob: &Blob) -> Result<Elements, String> {
    let mut elements = Elements::default();
    match blob.decode().map_err(|e| format!("{e} (blocks must be raw or zlib; `osmium cat` rewrites others)"))? {
        BlobDecode::OsmHeader(header) => {
            if let Some(unknown) = header.required_features().iter().find(|f| !KNOWN_FEATURES.contains(&f.as_str())) {
                return Err(format!("the file requires the feature {unknown}, which this reader does not know"));
            }
        }
        BlobDecode::OsmData(data) => {
            let mut problem = None;
            data.for_each_element(|element| {
                if let Err(found) = take(&mut elements, element) {
                    problem.get_or_insert(found);
                }
            });
            if let Some(problem) = problem {
                return Err(problem);
            }
        }
        BlobDecode::Unknown(_) => {} // the format allows blocks of other kinds
    }
    Ok(elements)
}

fn take(elements: &mut Elements, element: Element<'_>) -> Result<(), String> {
    match element {
        Element::Node(n) => elements.nodes.push(node(n.id(), n.lat(), n.lon(), tags(n.tags()))?),
        Element::DenseNode(n) => elements.nodes.push(node(n.id(), n.lat(), n.lon(), tags(n.tags()))?),
        Element::Way(w) => elements.ways.push(Way { id: w.id(), nodes: w.refs().collect(), tags: tags(w.tags()) }),
        Element::Relation(r) => {
            let members = r
                .members()
                .map(|m| {
                    let kind = match m.member_type {
                        RelMemberType::Node => MemberKind::Node,
                        RelMemberType::Way => MemberKind::Way,
                        RelMemberType::Relation => MemberKind::Relation,
                    };
                    let role = m.role().map_err(|e| format!("relation {}: {e}", r.id()))?;
                    Ok(Member { kind, id: m.member_id, role: role.into() })
                })
                .collect::<Result<_, String>>()?;
            elements.relations.push(Relation { id: r.id(), members, tags: tags(r.tags()) });
        }
    }
    Ok(())
}

fn node(id: i64, lat: f64, lon: f64, tags: Tags) -> Result<Node, String> {
    if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) {
        Ok(Node { id, place: LatLon { lat, lon }, tags })
    } else {
        Err(format!("node {id} lies at {lat}, {lon}, which is not on the Earth"))
    }
}

fn tags<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Tags {
    Tags(pairs.map(|(k, v)| (k.into(), v.into())).collect())
}
