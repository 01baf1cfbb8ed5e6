//! OSM XML. No document type, no entities of its own, bounded sizes: a map file needs none of what makes XML dangerous.

use super::{Member, MemberKind, Node, OsmData, ReadError, Relation, Tags, Way};
use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use sim_core::geometry::LatLon;
use std::io::{self, BufRead, Read};

/// The longest piece of a file that is read at once, bytes: a tag with its attributes, or what stands between two tags. OSM allows 255
/// characters a value.
const LONGEST_PIECE: usize = 1 << 20;

/// A reader that ends early when one piece of the file grows beyond all reason, so that no file makes the program hold more of it.
struct Bounded<R> {
    inner: R,
    /// Bytes that the present piece may still have.
    left: usize,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let from = self.fill_buf()?;
        let n = from.len().min(into.len());
        into[..n].copy_from_slice(&from[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let there = self.inner.fill_buf()?;
        Ok(&there[..there.len().min(self.left)])
    }

    fn consume(&mut self, bytes: usize) {
        self.left -= bytes;
        self.inner.consume(bytes);
    }
}

/// What is being read between a start and an end tag.
enum Open {
    Nothing,
    Node(Node),
    Way(Way),
    Relation(Relation),
}

pub(super) fn read(file: &str, reader: impl BufRead, most_bytes: u64) -> Result<OsmData, ReadError> {
    // One byte more than allowed, so that reaching it can be told from ending there.
    let mut reader = Reader::from_reader(Bounded { inner: reader.take(most_bytes.saturating_add(1)), left: 0 });
    reader.config_mut().check_end_names = true;
    let (mut nodes, mut ways, mut relations) = (Vec::new(), Vec::new(), Vec::new());
    let mut open = Open::Nothing;
    let mut skipping_deleted = false;
    let mut root_seen = false;
    let mut root_closed = false;
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        reader.get_mut().left = LONGEST_PIECE;
        let event = reader.read_event_into(&mut buffer);
        let offset = reader.buffer_position();
        let bad = |problem: String| ReadError::Xml { file: file.to_owned(), offset, problem };
        let bomb = |problem: String| ReadError::Bomb { file: file.to_owned(), offset, problem };
        if offset > most_bytes {
            return Err(bomb(format!("the data unpacks to more than {most_bytes} bytes")));
        }
        if reader.get_ref().left == 0 {
            return Err(bomb(format!("a tag or text of {LONGEST_PIECE} bytes or more")));
        }
        let event = event.map_err(|e| bad(e.to_string()))?;
        match event {
            Event::DocType(_) => return Err(bomb("a document type declaration, which may define entities".into())),
            Event::Start(ref tag) | Event::Empty(ref tag) => {
                let is_empty = matches!(event, Event::Empty(_));
                if !root_seen {
                    if tag.name().into_inner() != "osm" {
                        return Err(bad(format!("the outermost element is <{}>, expected <osm>", tag.name().into_inner())));
                    }
                    root_seen = true;
                    root_closed = is_empty;
                    continue;
                }
                start(&mut open, &mut skipping_deleted, tag).map_err(bad)?;
                if is_empty && matches!(tag.name().into_inner(), "node" | "way" | "relation") {
                    close(&mut open, &mut skipping_deleted, &mut nodes, &mut ways, &mut relations);
                }
            }
            Event::End(ref tag) => match tag.name().into_inner() {
                "node" | "way" | "relation" => close(&mut open, &mut skipping_deleted, &mut nodes, &mut ways, &mut relations),
                "osm" => root_closed = true,
                _ => {}
            },
            Event::Eof if !root_closed => return Err(bad("the file ends inside <osm>: it is cut off".into())),
            Event::Eof => return Ok(OsmData::from_elements(nodes, ways, relations)),
            _ => {}
        }
    }
}

fn close(open: &mut Open, skipping_deleted: &mut bool, nodes: &mut Vec<Node>, ways: &mut Vec<Way>, relations: &mut Vec<Relation>) {
    if std::mem::take(skipping_deleted) {
        *open = Open::Nothing;
        return;
    }
    match std::mem::replace(open, Open::Nothing) {
        Open::Nothing => {}
        Open::Node(node) => nodes.push(node),
        Open::Way(way) => ways.push(way),
        Open::Relation(relation) => relations.push(relation),
    }
}

fn start(open: &mut Open, skipping_deleted: &mut bool, tag: &BytesStart<'_>) -> Result<(), String> {
    let name = tag.name().into_inner();
    match (name, &mut *open) {
        ("node" | "way" | "relation", Open::Nothing) => {
            let attributes = Attributes::of(tag)?;
            let id: i64 = attributes.number(name, "id", "?")?;
            *skipping_deleted = attributes.get("visible") == Some("false") || attributes.get("action") == Some("delete");
            *open = match name {
                "node" => {
                    let place = if *skipping_deleted {
                        LatLon { lat: 0.0, lon: 0.0 } // deleted nodes may have no place
                    } else {
                        LatLon { lat: attributes.degrees(id, "lat", 90.0)?, lon: attributes.degrees(id, "lon", 180.0)? }
                    };
                    Open::Node(Node { id, place, tags: Tags::default() })
                }
                "way" => Open::Way(Way { id, nodes: Vec::new(), tags: Tags::default() }),
                _ => Open::Relation(Relation { id, members: Vec::new(), tags: Tags::default() }),
            };
        }
        ("node" | "way" | "relation", _) => return Err(format!("<{name}> inside another element")),
        ("nd", Open::Way(way)) => {
            let id = way.id;
            way.nodes.push(Attributes::of(tag)?.number("nd", "ref", &format!("way {id}"))?);
        }
        ("member", Open::Relation(relation)) => {
            let attributes = Attributes::of(tag)?;
            let kind = match attributes.get("type") {
                Some("node") => MemberKind::Node,
                Some("way") => MemberKind::Way,
                Some("relation") => MemberKind::Relation,
                other => return Err(format!("relation {}: a member of type {other:?}, expected node, way or relation", relation.id)),
            };
            let id = attributes.number("member", "ref", &format!("relation {}", relation.id))?;
            relation.members.push(Member { kind, id, role: attributes.get("role").unwrap_or_default().into() });
        }
        ("tag", Open::Node(Node { tags, .. }) | Open::Way(Way { tags, .. }) | Open::Relation(Relation { tags, .. })) => {
            let attributes = Attributes::of(tag)?;
            match (attributes.get("k"), attributes.get("v")) {
                (Some(k), Some(v)) => tags.0.push((k.into(), v.into())),
                _ => return Err("<tag> without k or v".into()),
            }
        }
        _ => {}
    }
    Ok(())
}

/// The attributes of one tag, unescaped.
struct Attributes<'a>(Vec<(&'a str, std::borrow::Cow<'a, str>)>);

impl<'a> Attributes<'a> {
    fn of(tag: &'a BytesStart<'_>) -> Result<Self, String> {
        tag.attributes()
            .map(|a| {
                let a = a.map_err(|e| e.to_string())?;
                let value = a.normalized_value(XmlVersion::Implicit1_0).map_err(|e| e.to_string())?;
                Ok((a.key.into_inner(), value))
            })
            .collect::<Result<_, String>>()
            .map(Self)
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| *k == key).map(|(_, v)| &**v)
    }

    fn number(&self, element: &str, key: &str, within: &str) -> Result<i64, String> {
        let value = self.get(key).ok_or_else(|| format!("<{element}> in {within} has no {key}"))?;
        value.parse().map_err(|_| format!("<{element}> in {within}: {key} is `{value}`, expected a whole number"))
    }

    fn degrees(&self, id: i64, key: &str, most: f64) -> Result<f64, String> {
        let value = self.get(key).ok_or_else(|| format!("node {id} has no {key}"))?;
        match value.parse::<f64>() {
            Ok(degrees) if degrees.abs() <= most => Ok(degrees),
            _ => Err(format!("node {id}: {key} is `{value}`, expected degrees from -{most} to {most}")),
        }
    }
}
