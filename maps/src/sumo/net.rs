//! What a `.net.xml` says, before any of it becomes a road: edges and their lanes, junctions, connections, signal programs.

use super::{
    access::{lane_access, points},
    xml::{Element, SumoError, each_element},
};
use sim_core::class::ClassSet;
use std::collections::{BTreeMap, BTreeSet};

/// Width of a lane that gives none, metres: SUMO's own default.
const LANE_WIDTH_M: f64 = 3.2;

/// A lane of an edge.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub(super) access: ClassSet,
    pub(super) speed_mps: f64,
    pub(super) length_m: f64,
    pub(super) width_m: f64,
    pub(super) shape: Vec<[f64; 2]>,
}

/// One direction of a road.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    pub(super) id: String,
    pub(super) line: u64,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) kind: Option<String>,
    pub(super) name: Option<String>,
    /// From the kerb to the middle.
    pub(super) lanes: Vec<Lane>,
}

/// A junction.
#[derive(Clone, Debug)]
pub(super) struct Junction {
    pub(super) id: String,
    pub(super) at: [f64; 2],
    /// The lanes that end here, in the order that numbers its connections.
    pub(super) lanes: Vec<String>,
    /// For every connection by number: to which others it yields.
    pub(super) yields: Vec<(usize, BTreeSet<usize>)>,
}

/// A way from one lane into another.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) line: u64,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) from_lane: usize,
    pub(super) to_lane: usize,
    pub(super) via: Option<String>,
    pub(super) dir: String,
    /// The signal that holds it, and its place in the program's states.
    pub(super) signal: Option<(String, usize)>,
}

/// A signal program.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) line: u64,
    pub(super) kind: String,
    pub(super) offset_s: f64,
    /// Duration, seconds, and state of every phase.
    pub(super) phases: Vec<(f64, Vec<u8>)>,
}

/// A whole file.
#[derive(Clone, Debug, Default)]
pub(super) struct Net {
    pub(super) file: String,
    pub(super) is_left_hand: bool,
    pub(super) offset: [f64; 2],
    pub(super) projection: String,
    pub(super) edges: Vec<Edge>,
    /// Who may use the lanes inside junctions.
    pub(super) inner: BTreeMap<String, ClassSet>,
    pub(super) junctions: Vec<Junction>,
    pub(super) connections: Vec<Connection>,
    /// By signal; of several programs the last, which is the one SUMO runs.
    pub(super) programs: BTreeMap<String, Program>,
    pub(super) other_programs: Vec<String>,
    /// Edges and junctions of roundabouts.
    pub(super) rings: (BTreeSet<String>, BTreeSet<String>),
    /// Edges for people on foot and other things that make no road, by what they are.
    pub(super) left_out: Vec<(&'static str, String)>,
    /// Elements and attributes that are not read.
    pub(super) unread: BTreeMap<String, u64>,
}

/// Reads a file that is unpacked already.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Net, SumoError> {
    let mut net = Net { file: file.to_owned(), projection: "!".to_owned(), ..Net::default() };
    each_element(file, bytes, &["net"], |element| net.take(&element))?;
    if net.edges.is_empty() {
        return Err(SumoError::new(file, 0, "net", "holds no edge with a lane; expected at least one road"));
    }
    Ok(net)
}

impl Net {
    fn take(&mut self, e: &Element) -> Result<(), SumoError> {
        let file = self.file.clone();
        match e.name.as_str() {
            "net" => self.is_left_hand = e.get("lefthand") == Some("true"),
            "location" => {
                if let Some([offset]) = e.get("netOffset").map(|_| points(&file, e, "netOffset")).transpose()?.as_deref() {
                    self.offset = *offset;
                }
                self.projection = e.get("projParameter").unwrap_or("!").to_owned();
            }
            "edge" => self.edge(e)?,
            "junction" => self.junction(e)?,
            "connection" => self.connection(e)?,
            "tlLogic" => self.program(e)?,
            "roundabout" => {
                let list = |key: &str| e.get(key).unwrap_or_default().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
                self.rings.0.extend(list("edges"));
                self.rings.1.extend(list("nodes"));
            }
            "type" => {} // what it says stands on the lanes too
            other => *self.unread.entry(format!("<{other}>")).or_default() += 1,
        }
        Ok(())
    }

    fn edge(&mut self, e: &Element) -> Result<(), SumoError> {
        let file = self.file.clone();
        let id = e.need(&file, "id")?.to_owned();
        let lanes: Vec<&Element> = e.children.iter().filter(|c| c.name == "lane").collect();
        for other in e.children.iter().filter(|c| c.name != "lane") {
            *self.unread.entry(format!("<{}> of an edge", other.name)).or_default() += 1;
        }
        match e.get("function").unwrap_or("normal") {
            "internal" => {
                for lane in lanes {
                    self.inner.insert(lane.need(&file, "id")?.to_owned(), lane_access(lane));
                }
                return Ok(());
            }
            "crossing" => self.left_out.push(("crossing for people on foot", id)),
            "walkingarea" => self.left_out.push(("corner where people on foot wait", id)),
            "normal" | "connector" => {
                if lanes.is_empty() {
                    return Err(e.error(&file, "has no lane; expected at least one"));
                }
                let mut read = Vec::new();
                for (i, lane) in lanes.iter().enumerate() {
                    let index = lane.number::<usize>(&file, "index")?;
                    if index != Some(i) {
                        return Err(lane.error(&file, format!("stands in place {i} and has `index` {index:?}, expected them to agree")));
                    }
                    read.push(lane_of(&file, lane)?);
                }
                self.edges.push(Edge {
                    line: e.line,
                    from: e.need(&file, "from")?.to_owned(),
                    to: e.need(&file, "to")?.to_owned(),
                    kind: e.get("type").map(str::to_owned),
                    name: e.get("name").filter(|n| !n.is_empty()).map(str::to_owned),
                    lanes: read,
                    id,
                });
            }
            other => {
                return Err(
                    e.error(&file, format!("`function` is `{other}`, expected normal, internal, connector, crossing or walkingarea"))
                );
            }
        }
        Ok(())
    }

    fn junction(&mut self, e: &Element) -> Result<(), SumoError> {
        let file = self.file.clone();
        if e.get("type") == Some("internal") {
            return Ok(());
        }
        let mut yields = Vec::new();
        for request in e.children.iter().filter(|c| c.name == "request") {
            let index = request.number::<usize>(&file, "index")?.ok_or_else(|| request.error(&file, "has no `index`"))?;
            let response = request.need(&file, "response")?;
            if response.bytes().any(|b| !matches!(b, b'0' | b'1')) {
                return Err(request.error(&file, format!("`response` is `{response}`, expected only 0 and 1")));
            }
            // The last sign speaks of connection 0.
            yields.push((index, response.bytes().rev().enumerate().filter(|(_, b)| *b == b'1').map(|(i, _)| i).collect()));
        }
        let real = |key: &str| e.real(&file, key)?.ok_or_else(|| e.error(&file, format!("has no `{key}`, which it needs")));
        self.junctions.push(Junction {
            id: e.need(&file, "id")?.to_owned(),
            at: [real("x")?, real("y")?],
            lanes: e.get("incLanes").unwrap_or_default().split_whitespace().map(str::to_owned).collect(),
            yields,
        });
        Ok(())
    }

    fn connection(&mut self, e: &Element) -> Result<(), SumoError> {
        let file = self.file.clone();
        let (from, to) = (e.need(&file, "from")?, e.need(&file, "to")?);
        if from.starts_with(':') || to.starts_with(':') {
            return Ok(()); // pieces inside a junction
        }
        let lane = |key: &str| e.number::<usize>(&file, key)?.ok_or_else(|| e.error(&file, format!("has no `{key}`, which it needs")));
        let signal = match e.get("tl") {
            Some(tl) => Some((tl.to_owned(), lane("linkIndex")?)),
            None => None,
        };
        const READ: [&str; 9] = ["from", "to", "fromLane", "toLane", "via", "dir", "state", "tl", "linkIndex"];
        for (key, _) in e.attributes.iter().filter(|(k, _)| !READ.contains(&k.as_str())) {
            *self.unread.entry(format!("`{key}` of a connection")).or_default() += 1;
        }
        self.connections.push(Connection {
            line: e.line,
            from: from.to_owned(),
            to: to.to_owned(),
            from_lane: lane("fromLane")?,
            to_lane: lane("toLane")?,
            via: e.get("via").map(str::to_owned),
            dir: e.get("dir").unwrap_or("s").to_owned(),
            signal,
        });
        Ok(())
    }

    fn program(&mut self, e: &Element) -> Result<(), SumoError> {
        let file = self.file.clone();
        let id = e.need(&file, "id")?.to_owned();
        let mut phases = Vec::new();
        for phase in e.children.iter().filter(|c| c.name == "phase") {
            let duration_s = phase.real(&file, "duration")?.ok_or_else(|| phase.error(&file, "has no `duration`"))?;
            let state = phase.need(&file, "state")?.as_bytes().to_vec();
            if let Some(strange) = state.iter().find(|b| !b"GgyYrRuoOs".contains(b)) {
                return Err(phase.error(&file, format!("`state` holds `{}`, expected G, g, y, r, u, s, o or O", char::from(*strange))));
            }
            if duration_s < 0.0 {
                return Err(phase.error(&file, format!("`duration` is {duration_s}, expected at least 0 s")));
            }
            phases.push((duration_s, state));
        }
        if phases.is_empty() {
            return Err(e.error(&file, "has no phase; expected at least one"));
        }
        let program = Program {
            line: e.line,
            kind: e.get("type").unwrap_or("static").to_owned(),
            offset_s: e.real(&file, "offset")?.unwrap_or(0.0),
            phases,
        };
        if self.programs.insert(id.clone(), program).is_some() {
            self.other_programs.push(id);
        }
        Ok(())
    }
}

fn lane_of(file: &str, e: &Element) -> Result<Lane, SumoError> {
    let positive = |key: &str, value: Option<f64>| match value {
        Some(v) if v > 0.0 => Ok(v),
        Some(v) => Err(e.error(file, format!("`{key}` is {v}, expected more than 0"))),
        None => Err(e.error(file, format!("has no `{key}`, which it needs"))),
    };
    let shape = points(file, e, "shape")?;
    if shape.len() < 2 {
        return Err(e.error(file, format!("`shape` has {} points, expected at least two", shape.len())));
    }
    Ok(Lane {
        access: lane_access(e),
        speed_mps: positive("speed", e.real(file, "speed")?)?,
        length_m: positive("length", e.real(file, "length")?)?,
        width_m: positive("width", Some(e.real(file, "width")?.unwrap_or(LANE_WIDTH_M)))?,
        shape,
    })
}
