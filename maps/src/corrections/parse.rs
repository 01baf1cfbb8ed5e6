//! `corrections.toml` to [`Corrections`]: the keys of each table and the range of each value.

use super::{
    Corrections, CorrectionsError,
    document::{Source, Table, Value},
    model::{Entry, Lanes, LinkChange, Merge, NewLink, PhaseChange, SignalChange, SpeedChange, Split, TurnChange},
    quantity::{LENGTH, SPEED, TIME},
};
use sim_core::{
    class::{ClassSet, VehicleClass},
    geometry::LatLon,
    network::{Lane, LaneKind, RoadClass, SpeedLimits, TurnSet},
    reference::Ref,
};
use std::ops::RangeInclusive;
use toml::de::DeTable;

/// Width of a lane of a new link that gives none, metres (assumed: a usual lane of a main street).
const LANE_WIDTH_M: f32 = 3.5;
/// Widths that a network may hold ([`sim_core::network::Link::width_m`]), metres.
const WIDTHS_M: RangeInclusive<f32> = 2.0..=31.9;
/// Most lanes of a link.
const MAX_LANES: usize = 20;
/// Yellow where a phase gives none, seconds (QCVN 41:2024/BGTVT: 3 to 5).
const YELLOW_S: f32 = 3.0;
/// All-red where a phase gives none, seconds (assumed).
const ALL_RED_S: f32 = 2.0;
/// How a new link's ref begins: no import makes such a name.
const NEW_LINK_PREFIX: &str = "local:";

/// How files spell a class of road; those that a new link can have.
pub const ROAD_CLASSES: [(&str, RoadClass); 8] = [
    ("motorway", RoadClass::Motorway),
    ("trunk", RoadClass::Trunk),
    ("primary", RoadClass::Primary),
    ("secondary", RoadClass::Secondary),
    ("tertiary", RoadClass::Tertiary),
    ("unclassified", RoadClass::Unclassified),
    ("residential", RoadClass::Residential),
    ("service", RoadClass::Service),
];
const LANE_KINDS: [(&str, LaneKind); 4] =
    [("general", LaneKind::General), ("mixed", LaneKind::Mixed), ("motorcycle", LaneKind::Motorcycle), ("bus", LaneKind::Bus)];
const TURNS: [(&str, TurnSet); 4] =
    [("left", TurnSet::LEFT), ("through", TurnSet::THROUGH), ("right", TurnSet::RIGHT), ("reverse", TurnSet::U_TURN)];

pub(super) const LINK_KEYS: [&str; 14] = [
    "ref",
    "lanes",
    "width",
    "class",
    "speed",
    "access",
    "name",
    "road_number",
    "is_urban",
    "is_bridge",
    "is_toll",
    "both_directions",
    "remove",
    "note",
];
pub(super) const NEW_LINK_KEYS: [&str; 16] = [
    "ref",
    "from",
    "to",
    "via",
    "class",
    "lanes",
    "width",
    "speed",
    "access",
    "name",
    "road_number",
    "two_way",
    "is_urban",
    "is_bridge",
    "is_toll",
    "note",
];

type Read<T> = Result<T, CorrectionsError>;

impl Corrections {
    /// Corrections from the text of a file; `file` is what errors call it.
    ///
    /// ```
    /// let corrections = maps::corrections::Corrections::parse("corrections.toml", r#"
    ///     [[link]]
    ///     ref = "osm:w123:n4>n9"
    ///     lanes = 3
    ///     width = "10.5 m"
    /// "#)?;
    /// assert_eq!(corrections.len(), 1);
    /// # Ok::<(), maps::corrections::CorrectionsError>(())
    /// ```
    ///
    /// # Errors
    /// The first thing that is wrong, with its line and column.
    pub fn parse(file: &str, text: &str) -> Result<Self, CorrectionsError> {
        let source = Source { file, text };
        let document = DeTable::parse(text).map_err(|e| source.error(e.span().unwrap_or(0..0), e.message()))?;
        const KINDS: [&str; 6] = ["merge", "split", "new_link", "link", "turn", "signal"];
        let top = Table::new(&source, "", document.get_ref(), document.span(), &KINDS)?;
        Ok(Self {
            file: file.to_owned(),
            merges: entries(&top, "merge", &["junctions", "name", "note"], merge)?,
            splits: entries(&top, "split", &["nodes", "note"], split)?,
            new_links: entries(&top, "new_link", &NEW_LINK_KEYS, new_link)?,
            links: entries(&top, "link", &LINK_KEYS, link)?,
            turns: entries(&top, "turn", &["from", "to", "ban", "allow", "from_lanes", "to_lanes", "note"], turn)?,
            signals: entries(&top, "signal", &["junction", "remove", "offset", "phase", "note"], signal)?,
        })
    }
}

/// All tables of one name, each with a free `note`.
fn entries<T>(top: &Table<'_>, key: &'static str, known: &'static [&'static str], entry: fn(&Table<'_>) -> Read<T>) -> Read<Vec<Entry<T>>> {
    let Some(list) = top.get(key) else { return Ok(vec![]) };
    if list.is_table() {
        return Err(list.error(format_args!("found one table, expected a list of them: write [[{key}]] instead of [{key}]")));
    }
    let read = |value: Value<'_>| {
        let table = value.table(known)?;
        table.name("note")?;
        Ok(Entry { line: table.line(), what: entry(&table)? })
    };
    list.list()?.into_iter().map(read).collect()
}

fn refs(list: Value<'_>) -> Read<Vec<Ref>> {
    list.list()?.into_iter().map(|v| v.name().map(Ref::from)).collect()
}

fn merge(table: &Table<'_>) -> Read<Merge> {
    let list = table.need("junctions")?;
    let mut junctions = refs(list)?;
    let mut seen = std::collections::BTreeSet::new();
    junctions.retain(|r| seen.insert(r.clone()));
    if junctions.len() < 2 {
        return Err(list.error(format_args!("names {} junction, expected at least two different ones", junctions.len())));
    }
    Ok(Merge { junctions, name: table.name("name")? })
}

fn split(table: &Table<'_>) -> Read<Split> {
    let list = table.need("nodes")?;
    let node = |v: Value<'_>| {
        if v.is_whole() {
            return v.whole(1..=i64::MAX);
        }
        let text = v.name()?;
        let digits = text.strip_prefix("osm:").unwrap_or(text);
        let digits = digits.strip_prefix('n').unwrap_or(digits);
        digits.parse().map_err(|_| v.error(format_args!("found \"{text}\", expected the id of an OSM node, such as \"osm:n123\"")))
    };
    let nodes = list.list()?.into_iter().map(node).collect::<Read<Vec<_>>>()?;
    if nodes.is_empty() {
        return Err(list.error("is empty, expected the nodes to keep apart"));
    }
    Ok(Split { nodes })
}

fn new_link(table: &Table<'_>) -> Read<NewLink> {
    let ref_ = table.need("ref")?;
    let name = ref_.name()?;
    if name.len() == NEW_LINK_PREFIX.len() || !name.starts_with(NEW_LINK_PREFIX) {
        return Err(ref_.error(format_args!("is \"{name}\", expected a new name that begins with \"{NEW_LINK_PREFIX}\"")));
    }
    let access = access(table)?.unwrap_or(ClassSet::ALL);
    let width_m = width(table)?;
    let lanes_key = table.need("lanes")?;
    let lanes = match lanes(lanes_key)? {
        Lanes::Each(lanes) => {
            check_sum(lanes_key, &lanes, width_m)?;
            lanes
        }
        Lanes::Count(n) => {
            let each = width_m.map_or(LANE_WIDTH_M, |m| m / f32::from(n));
            if !WIDTHS_M.contains(&(each * f32::from(n))) {
                return Err(lanes_key.error(format_args!("{n} lanes of {LANE_WIDTH_M} m are too wide, expected 2 to 31.9 m together")));
            }
            vec![Lane { width_m: each, kind: LaneKind::General, access, turns: TurnSet::UNMARKED }; usize::from(n)]
        }
    };
    let via = table.get("via").map(|v| v.list()?.into_iter().map(place).collect::<Read<Vec<_>>>()).transpose()?;
    let speed = match speed(table.need("speed")?)? {
        SpeedChange::Uniform(mps) => SpeedLimits::uniform(mps),
        groups @ SpeedChange::Groups(all) => match all.into_iter().flatten().reduce(f32::max) {
            Some(fastest) => groups.on(SpeedLimits::uniform(fastest)),
            None => return Err(table.error("`speed` is empty, expected at least one limit")),
        },
    };
    Ok(NewLink {
        ref_: name.into(),
        from: table.need("from")?.name()?.into(),
        to: table.need("to")?.name()?.into(),
        via: via.unwrap_or_default(),
        class: table.need("class")?.one_of(&ROAD_CLASSES)?,
        lanes,
        limits: speed,
        access,
        name: table.name("name")?,
        road_number: table.name("road_number")?,
        two_way: table.flag("two_way")?.unwrap_or(false),
        is_urban: table.flag("is_urban")?.unwrap_or(false),
        is_bridge: table.flag("is_bridge")?.unwrap_or(false),
        is_toll: table.flag("is_toll")?.unwrap_or(false),
    })
}

fn place(value: Value<'_>) -> Read<LatLon> {
    let numbers = value.list()?.into_iter().map(|v| v.number()).collect::<Read<Vec<_>>>()?;
    match numbers[..] {
        [lat, lon] if (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon) => Ok(LatLon { lat, lon }),
        _ => Err(value.error(format_args!("found {numbers:?}, expected places as [latitude, longitude] in degrees"))),
    }
}

fn link(table: &Table<'_>) -> Read<LinkChange> {
    let ref_ = table.need("ref")?.name()?.to_owned();
    let lanes_key = table.get("lanes");
    let lanes = lanes_key.map(lanes).transpose()?;
    let width_m = width(table)?;
    if let (Some(key), Some(Lanes::Each(each))) = (lanes_key, &lanes) {
        check_sum(key, each, width_m)?;
    }
    let change = LinkChange {
        ref_: ref_.clone(),
        both_directions: table.flag("both_directions")?.unwrap_or(false),
        remove: table.flag("remove")?.unwrap_or(false),
        lanes,
        width_m,
        class: table.get("class").map(|v| v.one_of(&ROAD_CLASSES)).transpose()?,
        speed: table.get("speed").map(speed).transpose()?,
        access: access(table)?,
        name: table.name("name")?,
        road_number: table.name("road_number")?,
        is_urban: table.flag("is_urban")?,
        is_bridge: table.flag("is_bridge")?,
        is_toll: table.flag("is_toll")?,
    };
    let nothing = LinkChange { ref_, both_directions: change.both_directions, ..LinkChange::default() };
    if change == nothing {
        return Err(table.error("changes nothing: give at least one of lanes, width, class, speed, access, name, road_number, remove …"));
    }
    if change.remove && change != (LinkChange { remove: true, ..nothing }) {
        return Err(table.error("removes the link and changes it too: keep one of both"));
    }
    Ok(change)
}

fn width(table: &Table<'_>) -> Read<Option<f32>> {
    table.get("width").map(|v| v.quantity(&LENGTH, WIDTHS_M, "2 to 31.9 m")).transpose()
}

fn lanes(value: Value<'_>) -> Read<Lanes> {
    if !value.is_list() {
        return Ok(Lanes::Count(value.whole(1..=MAX_LANES as i64)? as u8));
    }
    let each = value.list()?.into_iter().map(lane).collect::<Read<Vec<_>>>()?;
    if each.is_empty() || each.len() > MAX_LANES {
        return Err(value.error(format_args!("has {} lanes, expected 1 to {MAX_LANES}", each.len())));
    }
    Ok(Lanes::Each(each))
}

fn lane(value: Value<'_>) -> Read<Lane> {
    let table = value.table(&["width", "kind", "access", "turns"])?;
    let kind = table.get("kind").map(|v| v.one_of(&LANE_KINDS)).transpose()?.unwrap_or_default();
    let lane = Lane {
        width_m: table.need("width")?.quantity(&LENGTH, 0.8..=15.0, "0.8 to 15 m")?,
        kind,
        access: access(&table)?.unwrap_or(match kind {
            LaneKind::General | LaneKind::Mixed => ClassSet::ALL,
            LaneKind::Motorcycle => ClassSet::of(&[VehicleClass::Motorcycle, VehicleClass::Bicycle]),
            LaneKind::Bus => ClassSet::of(&[VehicleClass::Minibus, VehicleClass::Bus, VehicleClass::Emergency, VehicleClass::Shuttle]),
        }),
        turns: match table.get("turns") {
            None => TurnSet::UNMARKED,
            Some(v) => {
                let turns = v.list()?.into_iter().map(|t| t.one_of(&TURNS)).collect::<Read<Vec<_>>>()?;
                turns.into_iter().fold(TurnSet::UNMARKED, TurnSet::union)
            }
        },
    };
    Ok(lane)
}

/// The lanes fill the width.
fn check_sum(key: Value<'_>, lanes: &[Lane], width_m: Option<f32>) -> Read<()> {
    let sum: f32 = lanes.iter().map(|l| l.width_m).sum();
    if !WIDTHS_M.contains(&sum) {
        return Err(key.error(format_args!("are together {sum:.2} m wide, expected 2 to 31.9 m")));
    }
    match width_m {
        Some(width) if (sum - width).abs() > 0.05 => {
            Err(key.error(format_args!("are together {sum:.2} m wide, `width` says {width:.2} m: leave one of both out")))
        }
        _ => Ok(()),
    }
}

fn speed(value: Value<'_>) -> Read<SpeedChange> {
    let one = |v: Value<'_>| v.quantity(&SPEED, 0.5..=50.0, "1.8 to 180 km/h");
    if !value.is_table() {
        return one(value).map(SpeedChange::Uniform);
    }
    const GROUPS: [&str; 5] = ["light", "heavy", "motorcycle", "articulated", "slow"];
    let table = value.table(&GROUPS)?;
    let mut groups = [None; 5];
    for (limit, key) in groups.iter_mut().zip(GROUPS) {
        *limit = table.get(key).map(one).transpose()?;
    }
    Ok(SpeedChange::Groups(groups))
}

fn access(table: &Table<'_>) -> Read<Option<ClassSet>> {
    table.get("access").map(classes).transpose()
}

/// `"all"`, or a list of vehicle classes.
fn classes(value: Value<'_>) -> Read<ClassSet> {
    if !value.is_list() {
        return match value.text()? {
            "all" => Ok(ClassSet::ALL),
            other => Err(value.error(format_args!("found \"{other}\", expected \"all\" or a list of vehicle classes"))),
        };
    }
    let names: Vec<(&str, ClassSet)> = VehicleClass::ALL.iter().map(|c| (c.name(), ClassSet::of(&[*c]))).collect();
    let each = value.list()?.into_iter().map(|v| v.one_of(&names)).collect::<Read<Vec<_>>>()?;
    let set = each.into_iter().fold(ClassSet::NONE, ClassSet::union);
    if set.is_empty() { Err(value.error("is empty, expected at least one vehicle class")) } else { Ok(set) }
}

fn turn(table: &Table<'_>) -> Read<TurnChange> {
    // `true`, or for whom.
    let whom = |v: Value<'_>| match v.flag() {
        Ok(true) => Ok(ClassSet::ALL),
        Ok(false) => Ok(ClassSet::NONE),
        Err(_) => classes(v),
    };
    let change = TurnChange {
        from: table.need("from")?.name()?.into(),
        to: table.need("to")?.name()?.into(),
        ban: table.get("ban").map(whom).transpose()?.unwrap_or_default(),
        allow: table.get("allow").map(whom).transpose()?.unwrap_or_default(),
        from_lanes: table.get("from_lanes").map(lane_range).transpose()?,
        to_lanes: table.get("to_lanes").map(lane_range).transpose()?,
    };
    if change.ban.is_empty() && change.allow.is_empty() && change.from_lanes.is_none() && change.to_lanes.is_none() {
        return Err(table.error("changes nothing: give at least one of ban, allow, from_lanes, to_lanes"));
    }
    if !change.ban.intersection(change.allow).is_empty() {
        return Err(table.error("bans and allows the same vehicle class"));
    }
    Ok(change)
}

/// Neighbouring lanes, counted from 1 at the kerb, as a half-open range from 0.
fn lane_range(value: Value<'_>) -> Read<std::ops::Range<u8>> {
    let lanes = value.list()?.into_iter().map(|v| v.whole(1..=MAX_LANES as i64)).collect::<Read<Vec<_>>>()?;
    let neighbours = lanes.windows(2).all(|w| w[1] == w[0] + 1);
    match (lanes.first(), lanes.last()) {
        (Some(first), Some(last)) if neighbours => Ok((*first - 1) as u8..*last as u8),
        _ => Err(value.error("expected neighbouring lanes in rising order, 1 is at the kerb: [1, 2]")),
    }
}

fn signal(table: &Table<'_>) -> Read<SignalChange> {
    let change = SignalChange {
        junction: table.need("junction")?.name()?.into(),
        remove: table.flag("remove")?.unwrap_or(false),
        offset_s: table.get("offset").map(|v| v.quantity(&TIME, -600.0..=600.0, "-600 to 600 s")).transpose()?,
        phases: match table.get("phase") {
            None => vec![],
            Some(list) => list.list()?.into_iter().map(phase).collect::<Read<_>>()?,
        },
    };
    if change.remove && (change.offset_s.is_some() || !change.phases.is_empty()) {
        return Err(table.error("removes the signals and gives them a plan too: keep one of both"));
    }
    Ok(change)
}

fn phase(value: Value<'_>) -> Read<PhaseChange> {
    let table = value.table(&["approaches", "movements", "green", "yellow", "all_red"])?;
    let pair = |v: Value<'_>| match &refs(v)?[..] {
        [from, to] => Ok((from.clone(), to.clone())),
        other => Err(v.error(format_args!("names {} links, expected two: [\"from\", \"to\"]", other.len()))),
    };
    let movements = match table.get("movements") {
        None => vec![],
        Some(list) => list.list()?.into_iter().map(pair).collect::<Read<_>>()?,
    };
    let approaches = table.get("approaches").map(refs).transpose()?.unwrap_or_default();
    if movements.is_empty() && approaches.is_empty() {
        return Err(table.error("gives green to nobody: give `approaches` or `movements`"));
    }
    let time = |v: Option<Value<'_>>, range, shown| v.map(|v| v.quantity(&TIME, range, shown)).transpose();
    let phase = PhaseChange {
        approaches,
        movements,
        green_s: table.need("green")?.quantity(&TIME, 1.0..=600.0, "1 to 600 s")?,
        yellow_s: time(table.get("yellow"), 3.0..=10.0, "3 to 10 s")?.unwrap_or(YELLOW_S),
        all_red_s: time(table.get("all_red"), 0.0..=30.0, "0 to 30 s")?.unwrap_or(ALL_RED_S),
    };
    Ok(phase)
}
