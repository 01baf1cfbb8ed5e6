//! Lanes and widths of a way, direction by direction, from its tags and from defaults where a tag is missing.

use super::{
    numbers::{metres, whole},
    report::{ImportReport, ReportGroup},
};
use crate::osm::Tags;
use sim_core::{
    class::{ClassSet, VehicleClass},
    network::{DrivingSide, Lane, LaneKind, RoadClass, TurnSet},
};

/// The widest carriageway of one direction the engine takes, metres, and its narrowest.
const WIDEST_M: f32 = 31.8;
const NARROWEST_M: f32 = 2.0;

const BUSES: ClassSet = ClassSet::of(&[VehicleClass::Bus, VehicleClass::Minibus, VehicleClass::Taxi, VehicleClass::Emergency]);
const TWO_WHEELERS: ClassSet = ClassSet::of(&[VehicleClass::Motorcycle, VehicleClass::Bicycle]);

/// Which directions a way is open in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Both,
    Forward,
    Backward,
}

/// One direction of a way.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Side {
    /// Lanes from the kerb side.
    pub(crate) lanes: Vec<Lane>,
    /// Who may drive here.
    pub(crate) access: ClassSet,
}

impl Side {
    /// The sum of the lanes' widths, metres.
    pub(crate) fn width_m(&self) -> f32 {
        self.lanes.iter().map(|l| l.width_m).sum()
    }
}

/// The keys that say which way motor vehicles may drive, the most particular first. A private car is the measure; who else may drive
/// against it is said by [`contraflow`].
const ONE_WAY_KEYS: [&str; 4] = ["oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"];

/// The direction of a way for motor vehicles: `oneway` in every spelling, or the same key for motor vehicles alone, else implied by a
/// roundabout or an expressway.
pub(crate) fn direction(id: i64, tags: &Tags, class: RoadClass, report: &mut ImportReport) -> Direction {
    let implied = matches!(tags.get("junction"), Some("roundabout" | "circular")) || class == RoadClass::Motorway;
    for key in ONE_WAY_KEYS {
        match tags.get(key) {
            None => {}
            Some("yes" | "true" | "1") => return Direction::Forward,
            Some("-1" | "reverse") => return Direction::Backward,
            Some("no" | "false" | "0") => return Direction::Both,
            Some(value @ ("reversible" | "alternating")) => {
                report.add(ReportGroup::Assumed, "reversible one-way road taken as two-way", format_args!("w{id} {key}={value}"));
                return Direction::Both;
            }
            Some(value) => {
                report.add(ReportGroup::Dropped, "oneway value not understood", format_args!("w{id} {key}={value}"));
            }
        }
    }
    if implied { Direction::Forward } else { Direction::Both }
}

/// The classes that a one-way street lets through against its direction: those whose own key says `no`, and those whom a one-way key of
/// cars or motor vehicles does not speak of, where the way as a whole is not one-way.
pub(crate) fn contraflow(tags: &Tags) -> ClassSet {
    let mut open = ClassSet::NONE;
    let is_one_way = |key: &str| matches!(tags.get(key), Some("yes" | "true" | "1" | "-1" | "reverse"));
    let motor = is_one_way("oneway:motor_vehicle") || is_one_way("oneway:vehicle") || is_one_way("oneway");
    if tags.is("oneway:motorcycle", "no") || (is_one_way("oneway:motorcar") && !motor && !is_one_way("oneway:motorcycle")) {
        open = open.union(TWO_WHEELERS);
    }
    let bus = tags.is("oneway:bus", "no") || tags.is("oneway:psv", "no");
    if bus || ["busway", "busway:left", "busway:right"].iter().any(|k| tags.is(k, "opposite_lane")) {
        open = open.union(BUSES);
    }
    open
}

/// Width of a lane by class where no tag says, metres: TCVN 4054:2005 and TCVN 13592:2022 (3.75 expressway, 3.5 main roads, 2.75 to 3.25 minor
/// ones); alleys assumed.
const fn lane_width_m(class: RoadClass) -> f32 {
    match class {
        RoadClass::Motorway => 3.75,
        RoadClass::Trunk | RoadClass::Primary | RoadClass::Secondary | RoadClass::Ferry => 3.5,
        RoadClass::Tertiary => 3.25,
        RoadClass::Unclassified => 3.0,
        RoadClass::Residential => 2.75,
        RoadClass::Service => 2.25,
    }
}

/// Lanes of one direction where no tag says (assumed): two on expressways and on one-way main roads, else one.
fn default_lanes(class: RoadClass, is_ramp: bool, direction: Direction) -> u32 {
    match class {
        _ if is_ramp => 1,
        RoadClass::Motorway => 2,
        RoadClass::Trunk | RoadClass::Primary | RoadClass::Secondary if direction != Direction::Both => 2,
        _ => 1,
    }
}

/// What the lane reader needs to know about a way beside its tags.
pub(crate) struct LaneSite {
    pub(crate) id: i64,
    pub(crate) class: RoadClass,
    pub(crate) is_ramp: bool,
    pub(crate) side: DrivingSide,
    pub(crate) direction: Direction,
}

/// The lanes of both directions. `access` is who may drive forward and backward; nobody means no such direction.
pub(crate) fn sides(site: &LaneSite, tags: &Tags, access: [ClassSet; 2], report: &mut ImportReport) -> [Option<Side>; 2] {
    let contraflow = match site.direction {
        Direction::Both => ClassSet::NONE,
        _ => contraflow(tags),
    };
    let is_main = match site.direction {
        Direction::Both => [true, true],
        Direction::Forward => [true, false],
        Direction::Backward => [false, true],
    };
    let counts = lane_counts(site, tags, report);
    let width_m = lane_width(site, tags, counts, report);
    [0, 1].map(|i| {
        if is_main[i] {
            if access[i].is_empty() {
                return None;
            }
            return Some(side(site, tags, i, counts[i], width_m, access[i], report));
        }
        let open = contraflow.intersection(access[i]);
        if open.intersection(super::access::MOTOR).is_empty() {
            return None;
        }
        let kind = if open.intersection(BUSES).is_empty() { LaneKind::Motorcycle } else { LaneKind::Bus };
        let width_m = if kind == LaneKind::Bus { 3.25 } else { NARROWEST_M };
        report.add(ReportGroup::Assumed, "contraflow lane of one lane", format_args!("w{}", site.id));
        Some(Side { lanes: vec![Lane { width_m, kind, access: open, turns: TurnSet::UNMARKED }], access: open })
    })
}

fn marked_lanes(tags: &Tags, key: &str) -> Option<u32> {
    tags.get(key).map(|v| v.split('|').count() as u32)
}

/// Lanes forward and backward; for a one-way road the count stands in the direction it is open in.
fn lane_counts(site: &LaneSite, tags: &Tags, report: &mut ImportReport) -> [u32; 2] {
    let most = (WIDEST_M / NARROWEST_M) as u32;
    let mut read = |key: &str| -> Option<u32> {
        let text = tags.get(key)?;
        match whole(text) {
            Some(n) if n <= most => Some(n),
            _ => {
                report.add(ReportGroup::Dropped, "lane count that makes no sense", format_args!("w{} {key}={text}", site.id));
                None
            }
        }
    };
    let total = read("lanes").map(|n| n.saturating_sub(whole(tags.get("lanes:both_ways").unwrap_or("0")).unwrap_or(0)));
    let total = total.filter(|n| *n > 0);
    let forward = read("lanes:forward").filter(|n| *n > 0).or_else(|| marked_lanes(tags, "turn:lanes:forward"));
    let backward = read("lanes:backward").filter(|n| *n > 0).or_else(|| marked_lanes(tags, "turn:lanes:backward"));
    let default = default_lanes(site.class, site.is_ramp, site.direction);
    let is_known = total.is_some() || forward.is_some() || backward.is_some() || tags.get("turn:lanes").is_some();
    if !is_known && site.class != RoadClass::Ferry {
        report.add(ReportGroup::Assumed, "lanes by class of road", format_args!("w{}", site.id));
    }
    let counts = match site.direction {
        Direction::Forward | Direction::Backward => {
            let own = if site.direction == Direction::Forward { forward } else { backward };
            let against = if contraflow(tags).is_empty() {
                0
            } else {
                if site.direction == Direction::Forward { backward } else { forward }.unwrap_or(0)
            };
            let n = own.or(total.map(|t| t.saturating_sub(against).max(1))).or_else(|| marked_lanes(tags, "turn:lanes")).unwrap_or(default);
            [n, n]
        }
        Direction::Both => match (total, forward, backward) {
            (_, Some(f), Some(b)) => [f, b],
            (Some(t), Some(f), None) => [f, t.saturating_sub(f).max(1)],
            (Some(t), None, Some(b)) => [t.saturating_sub(b).max(1), b],
            (None, Some(f), None) => [f, default],
            (None, None, Some(b)) => [default, b],
            (Some(t), None, None) => {
                if t % 2 == 1 && t > 1 {
                    report.add(ReportGroup::Assumed, "the odd lane of a two-way road runs forward", format_args!("w{} lanes={t}", site.id));
                }
                [t.div_ceil(2), (t / 2).max(1)]
            }
            (None, None, None) => [default, default],
        },
    };
    counts.map(|n| n.clamp(1, 9))
}

/// Width of one lane: `width` shared out, else by class.
fn lane_width(site: &LaneSite, tags: &Tags, counts: [u32; 2], report: &mut ImportReport) -> f32 {
    let lanes = if site.direction == Direction::Both { counts[0] + counts[1] } else { counts[0] };
    let total = ["width:carriageway", "width", "est_width"].iter().find_map(|key| {
        let text = tags.get(key)?;
        let found = metres(text).filter(|w| (1.0..=100.0).contains(w));
        if found.is_none() {
            report.add(ReportGroup::Dropped, "width that makes no sense", format_args!("w{} {key}={text}", site.id));
        }
        found
    });
    let single_track = site.direction == Direction::Both && tags.is("lanes", "1");
    let width_m = match total {
        Some(total) => total as f32 / lanes as f32,
        None if single_track => NARROWEST_M, // 4 m for both directions together
        None => lane_width_m(site.class),
    };
    if total.is_none() && site.class != RoadClass::Ferry {
        report.add(ReportGroup::Assumed, "lane width by class of road", format_args!("w{}", site.id));
    }
    if width_m < NARROWEST_M {
        report.add(ReportGroup::Repaired, "narrower than 2 m a direction: taken as 2 m", format_args!("w{}", site.id));
    }
    width_m.clamp(NARROWEST_M, 5.5)
}

fn side(site: &LaneSite, tags: &Tags, i: usize, count: u32, width_m: f32, access: ClassSet, report: &mut ImportReport) -> Side {
    let suffix = if i == 0 { ":forward" } else { ":backward" };
    let is_one_way = site.direction != Direction::Both;
    let n = count as usize;
    let width_m = width_m.min(WIDEST_M / count as f32);
    // A list such as `turn:lanes`, from the kerb side; tags list lanes from left to right as seen driving.
    let list = |key: &str| -> Option<Vec<String>> {
        let text = tags.get(&format!("{key}{suffix}")).or_else(|| tags.get(key).filter(|_| is_one_way))?;
        let mut values: Vec<String> = text.split('|').map(|v| v.trim().to_owned()).collect();
        if site.side == DrivingSide::Right {
            values.reverse();
        }
        Some(values)
    };
    let mut lanes = vec![Lane { width_m, kind: LaneKind::General, access, turns: TurnSet::UNMARKED }; n];
    if let Some(turns) = list("turn:lanes") {
        if turns.len() == n {
            for (lane, text) in lanes.iter_mut().zip(&turns) {
                lane.turns = turn_set(text);
            }
        } else {
            let text = format!("w{} {} turns on {n} lanes", site.id, turns.len());
            report.add(ReportGroup::Dropped, "turn:lanes that does not fit the number of lanes", text);
        }
    }
    for (i, kind) in lane_kinds(site, tags, suffix, is_one_way, n, &list).into_iter().enumerate() {
        let open = match kind {
            LaneKind::Bus => access.intersection(BUSES),
            LaneKind::Motorcycle => access.intersection(TWO_WHEELERS),
            LaneKind::General | LaneKind::Mixed => access,
        };
        if !open.is_empty() {
            lanes[i].kind = kind;
            lanes[i].access = open;
        }
    }
    if lanes.iter().all(|l| matches!(l.kind, LaneKind::Bus | LaneKind::Motorcycle) && l.access != access) {
        report.add(
            ReportGroup::Repaired,
            "every lane reserved for a class although others may drive here: reservations dropped",
            format_args!("w{}", site.id),
        );
        lanes.iter_mut().for_each(|l| (l.kind, l.access) = (LaneKind::General, access));
    }
    Side { lanes, access }
}

/// What each lane is for, from the kerb side.
fn lane_kinds(
    site: &LaneSite,
    tags: &Tags,
    suffix: &str,
    is_one_way: bool,
    n: usize,
    list: &impl Fn(&str) -> Option<Vec<String>>,
) -> Vec<LaneKind> {
    let mut kinds = vec![LaneKind::General; n];
    let fitting = |key: &str| list(key).filter(|v| v.len() == n);
    for key in ["bus:lanes", "psv:lanes"] {
        for (i, value) in fitting(key).into_iter().flatten().enumerate() {
            if value == "designated" {
                kinds[i] = LaneKind::Bus;
            }
        }
    }
    let closed_to_cars: Vec<String> =
        ["motorcar:lanes", "motor_vehicle:lanes", "vehicle:lanes", "access:lanes"].iter().find_map(|k| fitting(k)).unwrap_or_default();
    for (i, value) in fitting("motorcycle:lanes").into_iter().flatten().enumerate() {
        if value == "designated" {
            kinds[i] = if closed_to_cars.get(i).is_some_and(|v| v == "no") { LaneKind::Motorcycle } else { LaneKind::Mixed };
        }
    }
    let count = |key: &str| {
        let own = tags.get(&format!("{key}{suffix}")).or_else(|| tags.get(key).filter(|_| is_one_way))?;
        whole(own)
    };
    let kerb = if site.side == DrivingSide::Right { "right" } else { "left" };
    let busway = ["busway", "busway:both", &format!("busway:{kerb}")].iter().any(|k| tags.is(k, "lane"));
    let buses = count("lanes:psv").or_else(|| count("lanes:bus")).unwrap_or(u32::from(busway));
    // Kerb side first: two-wheelers, the mixed lane, then buses.
    let mut next = 0;
    for (kind, number) in [
        (LaneKind::Motorcycle, count("lanes:motorcycle").unwrap_or(0)),
        (LaneKind::Mixed, count("lanes:mixed").unwrap_or(0)),
        (LaneKind::Bus, if kinds.contains(&LaneKind::Bus) { 0 } else { buses }),
    ] {
        for _ in 0..number {
            if next + 1 < n || (n == 1 && kind == LaneKind::Mixed && next == 0) {
                kinds[next] = kind;
                next += 1;
            }
        }
    }
    kinds
}

fn turn_set(text: &str) -> TurnSet {
    text.split(';').fold(TurnSet::UNMARKED, |set, turn| {
        set.union(match turn.trim() {
            "left" | "slight_left" | "sharp_left" => TurnSet::LEFT,
            "right" | "slight_right" | "sharp_right" => TurnSet::RIGHT,
            "through" | "merge_to_left" | "merge_to_right" => TurnSet::THROUGH,
            "reverse" => TurnSet::U_TURN,
            _ => TurnSet::UNMARKED,
        })
    })
}
