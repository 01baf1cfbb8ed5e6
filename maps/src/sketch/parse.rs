//! Reads the lines of a sketch source into [`Source`]. The format is described in the book's chapter on the embedded map.

use super::{
    curve,
    error::{At, SketchError, SketchProblem, near},
    grid,
    line::crossing_of,
    source::{NamedNode, PlaceLine, Road, Service, Signal, Source, Title, Vertex, WaterKind, WaterLine},
    text::{Token, tokens},
};
use sim_core::{
    geometry::LatLon,
    network::{PlaceKind, RoadClass},
};
use std::collections::BTreeMap;

const STATEMENTS: &str = "map, frame, node, road, ferry, grid, signal, place, river, canal, sea, island";

/// A statement's tokens after the first word, taken apart as they are asked for.
pub(super) struct Args {
    statement: &'static str,
    words: std::collections::VecDeque<String>,
    texts: std::collections::VecDeque<String>,
    pairs: BTreeMap<String, String>,
}

impl Args {
    fn new(statement: &'static str, tokens: Vec<Token>) -> Self {
        let mut args = Self { statement, words: Default::default(), texts: Default::default(), pairs: Default::default() };
        for token in tokens {
            match token {
                Token::Word(w) => args.words.push_back(w),
                Token::Text(t) => args.texts.push_back(t),
                Token::Pair(k, v) => drop(args.pairs.insert(k, v)),
            }
        }
        args
    }

    fn missing(&self, what: &'static str) -> SketchProblem {
        SketchProblem::Missing { statement: self.statement, what }
    }

    pub(super) fn word(&mut self, what: &'static str) -> Result<String, SketchProblem> {
        self.words.pop_front().ok_or_else(|| self.missing(what))
    }

    /// Takes the bare word `flag` out, if it is there.
    fn flag(&mut self, flag: &str) -> bool {
        let before = self.words.len();
        self.words.retain(|w| w != flag);
        self.words.len() < before
    }

    pub(super) fn text(&mut self, key: &str) -> Option<String> {
        self.pairs.remove(key)
    }

    pub(super) fn number<T: std::str::FromStr + PartialOrd>(
        &mut self,
        key: &str,
        range: std::ops::RangeInclusive<T>,
        expected: &'static str,
    ) -> Result<Option<T>, SketchProblem> {
        let Some(found) = self.pairs.remove(key) else { return Ok(None) };
        match found.parse() {
            Ok(n) if range.contains(&n) => Ok(Some(n)),
            _ => Err(SketchProblem::BadValue { key: key.to_owned(), found, expected }),
        }
    }

    /// After everything known was taken out: whatever is left has no meaning here.
    pub(super) fn end(self, expected: &[&str]) -> Result<(), SketchProblem> {
        let left = self.pairs.into_keys().next().or_else(|| self.words.front().cloned()).or_else(|| self.texts.front().cloned());
        match left {
            None => Ok(()),
            Some(found) => Err(SketchProblem::UnknownKey {
                statement: self.statement,
                near: near(&found, expected.iter().copied()),
                found,
                expected: expected.join(", "),
            }),
        }
    }
}

/// Metres on the ground about a point: `(x,y)` is `x` metres along the bearing and `y` metres to its left.
#[derive(Clone, Copy)]
struct GroundFrame {
    origin: LatLon,
    bearing_rad: f64,
}

impl GroundFrame {
    fn place(self, x: f64, y: f64) -> LatLon {
        let (sin, cos) = (libm::sin(self.bearing_rad), libm::cos(self.bearing_rad));
        let (east, north) = (x * sin - y * cos, x * cos + y * sin);
        sim_core::geometry::Frame { origin: self.origin }.unproject(sim_core::geometry::Point::new(east, north))
    }
}

/// What an indented line would continue.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Nothing,
    Road,
    Water,
}

/// Reads statements of several files into one [`Source`].
pub(super) struct Parser {
    source: Source,
    frame: Option<GroundFrame>,
    open: Open,
    seen: BTreeMap<String, At>,
}

/// Reads `files`, each a name and its text, in order.
pub(super) fn parse(files: &[(&str, &str)]) -> Result<Source, SketchError> {
    let mut parser = Parser { source: Source::default(), frame: None, open: Open::Nothing, seen: BTreeMap::new() };
    // Named nodes first, so that a road may use one that another file places.
    for is_node_pass in [true, false] {
        for (file, text) in files {
            parser.close();
            parser.frame = None;
            for (i, line) in text.lines().enumerate() {
                let at = At { file: (*file).to_owned(), line: i + 1 };
                let is_node = line.starts_with("node");
                if is_node == is_node_pass || line.starts_with("frame") {
                    parser.line(line, &at).map_err(|problem| SketchError { at, problem })?;
                }
            }
        }
    }
    parser.close();
    parser.ends_are_there()?;
    Ok(parser.source)
}

impl Parser {
    /// Ends the road or water that indented lines could continue; a `curved` road gets its curve.
    fn close(&mut self) {
        if self.open == Open::Road
            && let Some(road) = self.source.roads.last_mut().filter(|r| r.is_curved && r.points.len() > 2)
        {
            let places: Vec<LatLon> = road.points.iter().map(|v| v.place).collect();
            let mut more = curve::between(&places, false).into_iter();
            let mut points = Vec::with_capacity(4 * road.points.len());
            for vertex in std::mem::take(&mut road.points) {
                let on_bridge = vertex.bridge_after.is_some();
                points.push(vertex);
                // A bridge is straight.
                let inserted = more.next().filter(|_| !on_bridge).unwrap_or_default();
                points.extend(inserted.into_iter().map(|place| Vertex { place, node: None, bridge_after: None }));
            }
            road.points = points;
        }
        self.open = Open::Nothing;
    }

    fn line(&mut self, line: &str, at: &At) -> Result<(), SketchProblem> {
        let mut tokens = tokens(line)?;
        if tokens.is_empty() {
            return Ok(());
        }
        if line.starts_with([' ', '\t']) {
            return self.continued(tokens);
        }
        self.close();
        let statement = match tokens.remove(0) {
            Token::Word(w) | Token::Text(w) | Token::Pair(w, _) => w,
        };
        match statement.as_str() {
            "map" => self.title(Args::new("map", tokens)),
            "frame" => self.frame(Args::new("frame", tokens)),
            "node" => self.node(Args::new("node", tokens), at),
            "road" => self.road(Args::new("road", tokens), at),
            "ferry" => self.ferry(Args::new("ferry", tokens), at),
            "grid" => self.grid(Args::new("grid", tokens), at),
            "signal" => self.signal(Args::new("signal", tokens), at),
            "place" => self.place(Args::new("place", tokens), at),
            "river" => self.water(WaterKind::River, Args::new("river", tokens), at),
            "canal" => self.water(WaterKind::Canal, Args::new("canal", tokens), at),
            "sea" => self.water(WaterKind::Sea, Args::new("sea", tokens), at),
            "island" => self.water(WaterKind::Island, Args::new("island", tokens), at),
            _ => Err(SketchProblem::UnknownStatement {
                near: near(&statement, STATEMENTS.split(", ")),
                found: statement,
                expected: STATEMENTS,
            }),
        }
    }

    fn title(&mut self, mut args: Args) -> Result<(), SketchProblem> {
        let name = args.texts.pop_front().ok_or_else(|| args.missing("a name in quotes"))?;
        let attribution = args.text("attribution").ok_or_else(|| args.missing("attribution=\"…\""))?;
        self.source.title = Some(Title { name, attribution });
        args.end(&["attribution"])
    }

    fn frame(&mut self, mut args: Args) -> Result<(), SketchProblem> {
        let origin = self.point(&args.word("an origin: lat,lon")?)?.place;
        let bearing: f64 = args
            .number("bearing", -360.0..=360.0, "degrees clockwise from north")?
            .ok_or_else(|| args.missing("bearing=… (degrees clockwise from north)"))?;
        self.frame = Some(GroundFrame { origin, bearing_rad: bearing.to_radians() });
        args.end(&["bearing"])
    }

    fn node(&mut self, mut args: Args, at: &At) -> Result<(), SketchProblem> {
        let name = args.word("a name")?;
        let place = self.point(&args.word("a point")?)?.place;
        self.claim(&name, at)?;
        self.source.nodes.insert(name, NamedNode { at: at.clone(), place });
        args.end(&[])
    }

    /// What `road` and `ferry` have in common.
    fn line_of(&mut self, args: &mut Args, at: &At, class: RoadClass) -> Result<Road, SketchProblem> {
        let ref_ = args.word("a ref")?;
        self.claim(&ref_, at)?;
        let tags: Vec<String> = args.pairs.keys().filter(|k| k.starts_with("tag.")).cloned().collect();
        let tags = tags.into_iter().filter_map(|k| args.pairs.remove(&k).map(|v| (k["tag.".len()..].to_owned(), v))).collect();
        Ok(Road {
            at: at.clone(),
            ref_,
            name: args.texts.pop_front(),
            number: args.text("number"),
            class,
            lanes: args.number("lanes", 1..=12, "1 to 12, both directions together")?,
            width_m: args.number("width", 2.0..=60.0, "metres of carriageway, 2 to 60")?,
            speed_kmh: args.number("speed", 5..=120, "km/h, 5 to 120")?,
            is_oneway: args.flag("oneway"),
            is_urban: args.flag("urban"),
            is_toll: args.flag("toll"),
            is_apart: args.flag("apart"),
            is_curved: args.flag("curved"),
            service: None,
            tags,
            bridges: Vec::new(),
            points: Vec::new(),
        })
    }

    fn road(&mut self, mut args: Args, at: &At) -> Result<(), SketchProblem> {
        let class = road_class(&args.text("class").ok_or_else(|| args.missing("class=…"))?)?;
        let road = self.line_of(&mut args, at, class)?;
        self.add_road(road, args)
    }

    fn ferry(&mut self, mut args: Args, at: &At) -> Result<(), SketchProblem> {
        let mut road = self.line_of(&mut args, at, RoadClass::Ferry)?;
        let mut need = |key: &'static str, what| -> Result<u32, SketchProblem> {
            args.number(key, 0..=10_000, "a whole number, 0 to 10 000")?.ok_or_else(|| args.missing(what))
        };
        let small = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
        road.service = Some(Service {
            cars: small(need("cars", "cars=… (cars a boat takes)")?),
            motorcycles: small(need("motorcycles", "motorcycles=… (motorcycles a boat takes beside them)")?),
            interval_s: 60 * need("interval", "interval=… (minutes between departures)")?,
            crossing_s: 60 * need("crossing", "crossing=… (minutes from departure to the other bank)")?,
        });
        self.add_road(road, args)
    }

    fn add_road(&mut self, mut road: Road, mut args: Args) -> Result<(), SketchProblem> {
        for word in std::mem::take(&mut args.words) {
            road.points.push(self.point(&word)?);
        }
        self.source.roads.push(road);
        self.open = Open::Road;
        args.end(&[
            "class",
            "number",
            "lanes",
            "width",
            "speed",
            "oneway",
            "urban",
            "toll",
            "apart",
            "curved",
            "tag.…",
            "cars",
            "motorcycles",
            "interval",
            "crossing",
        ])
    }

    fn grid(&mut self, mut args: Args, at: &At) -> Result<(), SketchProblem> {
        let class = road_class(&args.text("class").unwrap_or_else(|| "residential".to_owned()))?;
        let pattern = self.line_of(&mut args, at, class)?;
        let rows = args.number("rows", 0..=40, "0 to 40 streets")?.unwrap_or(0);
        let columns = args.number("columns", 0..=40, "0 to 40 streets")?.unwrap_or(0);
        let corners: Result<Vec<LatLon>, SketchProblem> =
            std::mem::take(&mut args.words).iter().map(|w| self.point(w).map(|v| v.place)).collect();
        let corners: [LatLon; 4] = corners?.try_into().map_err(|_| args.missing("four corners, in order round the block"))?;
        for street in grid::streets(&pattern, corners, rows, columns) {
            self.claim(&street.ref_, at)?;
            self.source.roads.push(street);
        }
        args.end(&["class", "rows", "columns", "lanes", "width", "speed", "oneway", "urban"])
    }

    fn signal(&mut self, mut args: Args, at: &At) -> Result<(), SketchProblem> {
        let crossing = args.word("a crossing: street*street or a node")?;
        self.source.signals.push(Signal { at: at.clone(), crossing, name: args.texts.pop_front() });
        args.end(&[])
    }

    fn place(&mut self, mut args: Args, at: &At) -> Result<(), SketchProblem> {
        let kind = args.word("a kind")?;
        let kind = place_kind(&kind).ok_or_else(|| SketchProblem::BadValue {
            key: "kind".into(),
            found: kind,
            expected: "settlement, hospital, fire-station, police, bus-station, bus-stop, car-park, ferry-landing, toll-gate, weigh-station, \
                       border-gate, tourist-site, school, market, industrial-park or airport",
        })?;
        let ref_ = args.word("a ref")?;
        self.claim(&ref_, at)?;
        let name = args.texts.pop_front().ok_or_else(|| args.missing("a name in quotes"))?;
        let place = self.point(&args.word("a point")?)?.place;
        let size = args.number("size", 1..=20_000_000, "a whole number: inhabitants, beds or spaces")?;
        self.source.places.push(PlaceLine { at: at.clone(), kind, ref_, name, place, size });
        args.end(&["size"])
    }

    fn water(&mut self, kind: WaterKind, mut args: Args, at: &At) -> Result<(), SketchProblem> {
        let ref_ = args.word("a ref")?;
        self.claim(&ref_, at)?;
        let name = args.texts.pop_front();
        let width: f64 = args.number("width", 1.0..=20_000.0, "metres, 1 to 20 000")?.unwrap_or(30.0);
        let words = std::mem::take(&mut args.words);
        self.source.waters.push(WaterLine { at: at.clone(), kind, ref_, name, points: vec![] });
        for word in &words {
            self.water_point(word, width)?;
        }
        self.open = Open::Water;
        args.end(&["width"])
    }

    /// A point of the last water, `lat,lon` or `lat,lon/width`.
    fn water_point(&mut self, word: &str, width_before: f64) -> Result<(), SketchProblem> {
        let (point, width) = match word.split_once('/') {
            None => (word, width_before),
            Some((point, width)) => (
                point,
                width.parse().ok().filter(|w: &f64| (1.0..=20_000.0).contains(w)).ok_or_else(|| SketchProblem::BadValue {
                    key: "width".into(),
                    found: width.to_owned(),
                    expected: "metres, 1 to 20 000",
                })?,
            ),
        };
        let place = self.point(point)?.place;
        if let Some(water) = self.source.waters.last_mut() {
            water.points.push((place, width));
        }
        Ok(())
    }

    fn continued(&mut self, tokens: Vec<Token>) -> Result<(), SketchProblem> {
        match self.open {
            Open::Nothing => Err(SketchProblem::NothingToContinue),
            Open::Water => {
                for token in tokens {
                    let width = self.source.waters.last().and_then(|w| w.points.last()).map_or(30.0, |p| p.1);
                    let (Token::Word(word) | Token::Text(word) | Token::Pair(word, _)) = token;
                    self.water_point(&word, width)?;
                }
                Ok(())
            }
            Open::Road => {
                let is_bridge = tokens.first() == Some(&Token::Word("bridge".into()));
                let mut name = None;
                let mut points = Vec::new();
                for token in tokens.into_iter().skip(usize::from(is_bridge)) {
                    match token {
                        Token::Text(text) if is_bridge => name = Some(text),
                        Token::Word(word) | Token::Text(word) | Token::Pair(word, _) => points.push(self.point(&word)?),
                    }
                }
                let Some(road) = self.source.roads.last_mut() else { return Err(SketchProblem::NothingToContinue) };
                if is_bridge {
                    if points.len() < 2 {
                        return Err(SketchProblem::Missing { statement: "bridge", what: "at least two points" });
                    }
                    let last = points.len() - 1;
                    points[..last].iter_mut().for_each(|v| v.bridge_after = Some(road.bridges.len()));
                    road.bridges.push(name);
                }
                road.points.extend(points);
                Ok(())
            }
        }
    }

    /// `lat,lon`, `(x,y)` in the frame, a node's name, or `a*b`: where two roads written above meet.
    fn point(&self, word: &str) -> Result<Vertex, SketchProblem> {
        let free = |place| Vertex { place, node: None, bridge_after: None };
        let bad = || SketchProblem::BadValue {
            key: "point".into(),
            found: word.to_owned(),
            expected: "lat,lon or (x,y) in metres without spaces, a node's name, or street*street",
        };
        if let Some(inner) = word.strip_prefix('(') {
            let (x, y) = inner.strip_suffix(')').and_then(two_numbers).ok_or_else(bad)?;
            let frame = self.frame.ok_or_else(|| SketchProblem::NoFrame(word.to_owned()))?;
            return Ok(free(frame.place(x, y)));
        }
        if word.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '+') {
            let (lat, lon) = two_numbers(word).ok_or_else(bad)?;
            if !(-90.0..=90.0).contains(&lat) || !(-180.0..=180.0).contains(&lon) {
                return Err(bad());
            }
            return Ok(free(LatLon { lat, lon }));
        }
        if let Some((a, b)) = word.split_once('*') {
            return crossing_of(self.named_road(a)?, self.named_road(b)?).map(free).ok_or_else(|| SketchProblem::NoCrossing {
                a: a.to_owned(),
                b: b.to_owned(),
                near: String::new(),
            });
        }
        match self.source.nodes.get(word) {
            Some(node) => Ok(Vertex { place: node.place, node: Some(word.to_owned()), bridge_after: None }),
            None => Err(SketchProblem::UnknownName {
                kind: "node",
                found: word.to_owned(),
                near: near(word, self.source.nodes.keys().map(String::as_str)),
            }),
        }
    }

    fn named_road(&self, ref_: &str) -> Result<&Road, SketchProblem> {
        self.source.roads.iter().find(|r| r.ref_ == ref_).ok_or_else(|| SketchProblem::UnknownName {
            kind: "road",
            found: ref_.to_owned(),
            near: near(ref_, self.source.roads.iter().map(|r| r.ref_.as_str())),
        })
    }

    fn claim(&mut self, ref_: &str, at: &At) -> Result<(), SketchProblem> {
        match self.seen.get(ref_) {
            Some(first) => Err(SketchProblem::Duplicate { ref_: ref_.to_owned(), first: first.clone() }),
            None => {
                self.seen.insert(ref_.to_owned(), at.clone());
                Ok(())
            }
        }
    }

    /// Every line has two points, every area three.
    fn ends_are_there(&self) -> Result<(), SketchError> {
        let short = |at: &At, statement, what| Err(SketchError { at: at.clone(), problem: SketchProblem::Missing { statement, what } });
        if let Some(road) = self.source.roads.iter().find(|r| r.points.len() < 2) {
            return short(&road.at, "road", "at least two points");
        }
        for water in &self.source.waters {
            let is_area = matches!(water.kind, WaterKind::Sea | WaterKind::Island);
            if is_area && water.points.len() < 3 {
                return short(&water.at, "sea or island", "at least three points");
            }
            if water.points.len() < 2 {
                return short(&water.at, "river or canal", "at least two points");
            }
        }
        Ok(())
    }
}

fn two_numbers(text: &str) -> Option<(f64, f64)> {
    let (a, b) = text.split_once(',')?;
    let number = |t: &str| t.parse().ok().filter(|n: &f64| n.is_finite());
    Some((number(a)?, number(b)?))
}

fn road_class(name: &str) -> Result<RoadClass, SketchProblem> {
    Ok(match name {
        "motorway" => RoadClass::Motorway,
        "trunk" => RoadClass::Trunk,
        "primary" => RoadClass::Primary,
        "secondary" => RoadClass::Secondary,
        "tertiary" => RoadClass::Tertiary,
        "unclassified" => RoadClass::Unclassified,
        "residential" => RoadClass::Residential,
        "service" => RoadClass::Service,
        _ => {
            return Err(SketchProblem::BadValue {
                key: "class".into(),
                found: name.to_owned(),
                expected: "motorway, trunk, primary, secondary, tertiary, unclassified, residential or service",
            });
        }
    })
}

fn place_kind(name: &str) -> Option<PlaceKind> {
    Some(match name {
        "settlement" => PlaceKind::Settlement,
        "hospital" => PlaceKind::Hospital,
        "fire-station" => PlaceKind::FireStation,
        "police" => PlaceKind::Police,
        "bus-station" => PlaceKind::BusStation,
        "bus-stop" => PlaceKind::BusStop,
        "car-park" => PlaceKind::CarPark,
        "ferry-landing" => PlaceKind::FerryLanding,
        "toll-gate" => PlaceKind::TollGate,
        "weigh-station" => PlaceKind::WeighStation,
        "border-gate" => PlaceKind::BorderGate,
        "tourist-site" => PlaceKind::TouristSite,
        "school" => PlaceKind::School,
        "market" => PlaceKind::Market,
        "industrial-park" => PlaceKind::IndustrialPark,
        "airport" => PlaceKind::Airport,
        _ => return None,
    })
}
