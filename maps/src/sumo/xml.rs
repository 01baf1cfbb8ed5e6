//! SUMO's XML files, element by element below the outermost one, with line numbers for every complaint. No document type, no entities of
//! its own, bounded depth and size: none of these files needs what makes XML dangerous.

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};
use std::{borrow::Cow, io::Read, str::FromStr};

/// How deep elements nest: `<additional><tlLogic><phase>` is three; six is beyond all of them.
const DEEPEST: usize = 8;
/// A packed file unpacks to at most this many times its size and 64 MiB; these files pack 10 to 30 times.
const MOST_UNPACKED: u64 = 200;

/// What is wrong with a file of SUMO, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: <{element}>: {problem}", if *.line > 0 { format!(":{}", .line) } else { String::new() })]
pub struct SumoError {
    /// The file.
    pub file: String,
    /// The line, from 1; 0 where it concerns the whole file.
    pub line: u64,
    /// The element, with its id where it has one.
    pub element: String,
    /// What was found, what was expected and what to do.
    pub problem: String,
}

impl SumoError {
    /// An error in `file`.
    pub fn new(file: &str, line: u64, element: &str, problem: impl Into<String>) -> Self {
        Self { file: file.to_owned(), line, element: element.to_owned(), problem: problem.into() }
    }
}

/// An element with all that is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// The line it begins on, from 1.
    pub line: u64,
    /// Its attributes in file order.
    pub attributes: Vec<(String, String)>,
    /// The elements in it.
    pub children: Vec<Element>,
}

impl Element {
    /// The value of an attribute.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// An error about this element.
    pub fn error(&self, file: &str, problem: impl Into<String>) -> SumoError {
        let name = match self.get("id") {
            Some(id) => format!("{} id=\"{id}\"", self.name),
            None => self.name.clone(),
        };
        SumoError::new(file, self.line, &name, problem)
    }

    /// The value of an attribute that must be there.
    ///
    /// # Errors
    /// It is not there.
    pub fn need(&self, file: &str, key: &str) -> Result<&str, SumoError> {
        self.get(key).ok_or_else(|| self.error(file, format!("has no `{key}`, which it needs")))
    }

    /// The value of an attribute as a number or the like, if it is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn number<T: FromStr>(&self, file: &str, key: &str) -> Result<Option<T>, SumoError> {
        let parse = |text: &str| {
            text.trim().parse().map_err(|_| self.error(file, format!("`{key}` is `{text}`, expected a {}", std::any::type_name::<T>())))
        };
        self.get(key).map(parse).transpose()
    }

    /// The value of an attribute as a finite number, if it is there.
    ///
    /// # Errors
    /// It is something else.
    pub fn real(&self, file: &str, key: &str) -> Result<Option<f64>, SumoError> {
        let parse = |text: &str| match text.trim().parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.error(file, format!("`{key}` is `{text}`, expected a number"))),
        };
        self.get(key).map(parse).transpose()
    }
}

/// Unpacks gzip; anything else stays as it is.
///
/// # Errors
/// Damaged data, or data that unpacks to far more than such files do.
pub fn unpacked<'a>(file: &str, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, SumoError> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(bytes));
    }
    let most = (bytes.len() as u64).saturating_mul(MOST_UNPACKED).saturating_add(64 << 20);
    let mut out = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes)
        .take(most + 1)
        .read_to_end(&mut out)
        .map_err(|e| SumoError::new(file, 0, "gzip", format!("cannot be unpacked: {e}; copy or make the file again")))?;
    if out.len() as u64 > most {
        return Err(SumoError::new(file, 0, "gzip", format!("unpacks to more than {most} bytes; refused, because no such file does")));
    }
    Ok(Cow::Owned(out))
}

/// The name of the outermost element, as far as it stands in these bytes.
pub fn root_of(bytes: &[u8]) -> Option<String> {
    let mut head = Vec::new();
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        // The end may be missing: what was unpacked before counts.
        let _ = flate2::read::MultiGzDecoder::new(bytes).take(1 << 18).read_to_end(&mut head);
        &head
    } else {
        bytes
    };
    if bytes.iter().find(|b| !b.is_ascii_whitespace() && !matches!(b, 0xef | 0xbb | 0xbf)) != Some(&b'<') {
        return None;
    }
    let mut reader = Reader::from_reader(bytes);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Start(tag) | Event::Empty(tag) => return Some(tag.name().into_inner().to_owned()),
            Event::Eof | Event::DocType(_) => return None,
            _ => {}
        }
    }
}

/// Reads a file whose outermost element is one of `roots` and hands over each element in it, whole; first the outermost one without what
/// is in it.
///
/// # Errors
/// No XML, another outermost element, a cut-off file, a document type, elements nested too deep, and whatever `each` refuses.
pub fn each_element(
    file: &str,
    bytes: &[u8],
    roots: &[&str],
    mut each: impl FnMut(Element) -> Result<(), SumoError>,
) -> Result<(), SumoError> {
    let mut reader = Reader::from_reader(bytes);
    reader.config_mut().check_end_names = true;
    let mut open: Vec<Element> = Vec::new();
    let (mut root_seen, mut root_closed) = (false, false);
    let (mut line, mut counted) = (1u64, 0usize);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let here = line;
        let position = (reader.buffer_position() as usize).min(bytes.len());
        line += bytes[counted..position].iter().filter(|b| **b == b'\n').count() as u64;
        counted = position;
        let bad = |problem: String| SumoError::new(file, line, "xml", problem);
        match event.map_err(|e| bad(format!("{e}; expected well-formed XML, so write the file again")))? {
            Event::DocType(_) => return Err(bad("a document type declaration; refused, because it may define entities".into())),
            Event::Start(tag) => {
                let element = element_of(&tag, here).map_err(bad)?;
                if !root_seen {
                    root_seen = true;
                    check_root(file, &element, roots)?;
                    each(element)?;
                    continue;
                }
                if open.len() >= DEEPEST {
                    return Err(element.error(file, format!("stands {} elements deep, expected at most {DEEPEST}", open.len())));
                }
                open.push(element);
            }
            Event::Empty(tag) => {
                let element = element_of(&tag, here).map_err(bad)?;
                match open.last_mut() {
                    _ if !root_seen => {
                        (root_seen, root_closed) = (true, true);
                        check_root(file, &element, roots)?;
                        each(element)?;
                    }
                    Some(parent) => parent.children.push(element),
                    None => each(element)?,
                }
            }
            Event::End(_) => match (open.pop(), open.last_mut()) {
                (Some(element), Some(parent)) => parent.children.push(element),
                (Some(element), None) => each(element)?,
                (None, _) => root_closed = true,
            },
            Event::Eof if !root_seen => return Err(bad("holds no element; expected a file of SUMO".into())),
            Event::Eof if !root_closed => return Err(bad("the file ends early: it is cut off, so copy or make it again".into())),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn check_root(file: &str, root: &Element, roots: &[&str]) -> Result<(), SumoError> {
    if roots.contains(&root.name.as_str()) {
        return Ok(());
    }
    Err(root.error(file, format!("is the outermost element, expected <{}>", roots.join("> or <"))))
}

fn element_of(tag: &BytesStart<'_>, line: u64) -> Result<Element, String> {
    let attributes = tag
        .attributes()
        .map(|a| {
            let a = a.map_err(|e| e.to_string())?;
            let value = a.normalized_value(XmlVersion::Implicit1_0).map_err(|e| e.to_string())?;
            Ok((a.key.into_inner().to_owned(), value.into_owned()))
        })
        .collect::<Result<_, String>>()?;
    Ok(Element { name: tag.name().into_inner().to_owned(), line, attributes, children: Vec::new() })
}
